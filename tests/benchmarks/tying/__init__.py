"""Weight tying beside its peers: the same homomorphism spaces, each solver in a process of its own.

``python -m tests.benchmarks.tying`` runs every row for catcore and for each peer and reference that is installed
(``make bench-peers`` installs them), and prints time, memory and dimension.  A peer that is absent is scored against
``recorded.toml`` and marked so.

==================================  ==============================================================
:mod:`~tests.benchmarks.tying.rows`      the problems, stated once as index maps and integer matrices
:mod:`~tests.benchmarks.tying.solvers`   one module a solver: reads a problem, prints seconds and dimension
:mod:`~tests.benchmarks.tying.running`   a fresh interpreter for each, with limits on time and memory
:mod:`~tests.benchmarks.tying.scoring`   the bars
:mod:`~tests.benchmarks.tying.install`   peers at fixed versions in environments of their own
==================================  ==============================================================
"""
