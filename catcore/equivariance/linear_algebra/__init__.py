"""Exact linear algebra below the solvers: sparse matrices over a field, residues modulo primes, and lifting."""
