"""One module a solver: ``python -m tests.benchmarks.tying.solvers.with_NAME`` reads a problem and prints what it found.

A solver imports its library and solves a tiny problem before the clock starts, so that neither imports nor the first
use of a library count.  It then builds the tensor powers from the base representation and a basis of the homomorphisms,
which do.  Each runs where its peer is installed, so nothing here imports catcore but :mod:`.with_catcore`.
"""
