"""Structures on categories: monads, comonads, adjunctions, distributive laws, algebras and coalgebras."""
