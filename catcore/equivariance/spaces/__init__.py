"""Spaces of homomorphisms as values: bases and patterns, files that hold them, and what symmetries a matrix has."""
