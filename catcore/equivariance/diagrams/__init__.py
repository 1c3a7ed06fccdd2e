"""Bases by diagrams: set partitions for S_n, strands, forms and ε for the classical groups, and which to keep."""
