"""The compiler: a term becomes straight-line array code (DESIGN: running).

A term is run once on symbolic elements (``emitter``, ``rules``, ``values``), which leaves a program of array operations
(``program``); the program is simplified, fused, hoisted and lowered, and linked to the namespace of one library.
"""
