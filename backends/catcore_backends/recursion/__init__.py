"""The level engine: folds, unfolds and hylomorphisms on arrays, and the same backwards (THEORY T3, T4).

A batch of data, or of the states that a coalgebra leads to, is a table of nodes sorted by height (``forests``,
``states``); an algebra is applied to all nodes of one height and constructor at once (``levels``), and its reverse
derivative walks the levels backwards (``backward``, ``backward_states``).
"""
