"""Automata as monoids: what the letters of a deterministic automaton do to its states (T2.1).

Weighted automata, which are representations of free monoids with two vectors, are in
:mod:`catcore.datatypes.automata.weighted`.

>>> transition_monoid({"reset": [0, 0, 0], "next": [1, 2, 0]}).order
6
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catcore.equivariance.groups.monoid import Monoid


def transition_monoid(table: Mapping[str, Sequence[int]]) -> Monoid:
    """The monoid that the letters of a deterministic automaton generate; ``table[letter][state]`` is the next state.

    Its ``defining`` representation moves distributions of states forward.  Words act with their last letter first.
    Raises ``ShapeMismatch`` for a table with missing states.
    """
    states = len(next(iter(table.values()))) if table else 0
    return Monoid.transformations(states, table)
