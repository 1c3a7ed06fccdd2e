"""Automata as representations of free monoids: letters act on states, and what commutes with them maps one machine to
another (T2.1).

A deterministic automaton gives a monoid of self-maps, its transition monoid; a weighted one gives a matrix to each
letter, with a vector to start from and a functional to read with.  A matrix W with ``W A_σ = B_σ W``,
``W init = init'`` and ``out = out' W`` is a homomorphism of linear automata; both then give every word the same weight.

>>> parity = LinearAutomaton({"a": [[0, 1], [1, 0]]}, [1, 0], [0, 1])
>>> parity.weight("a a a"), parity.weight("a a")
(1, 0)
>>> transition_monoid({"reset": [0, 0, 0], "next": [1, 2, 0]}).order
6
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from catcore.equivariance.groups.monoid import Monoid, free_monoid
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.representation import Representation
from catcore.errors import NotARepresentation, ShapeMismatch


def transition_monoid(table: Mapping[str, Sequence[int]]) -> Monoid:
    """The monoid that the letters of a deterministic automaton generate; ``table[letter][state]`` is the next state.

    Its ``defining`` representation moves distributions of states forward.  Words act with their last letter first.
    Raises ``ShapeMismatch`` for a table with missing states.
    """
    states = len(next(iter(table.values()))) if table else 0
    return Monoid.transformations(states, table)


@dataclass(frozen=True, init=False)
class LinearAutomaton:
    """A weighted automaton over exact numbers: a matrix for each letter, an initial vector, a final functional.

    The weight of a word ``a b ... z`` is ``out A_a A_b ... A_z init``, so the last letter is read first.  Raises
    ``ShapeMismatch`` where sizes differ.
    """

    letters: Representation
    initial: tuple[Any, ...]
    final: tuple[Any, ...]

    def __init__(
        self, letters: Mapping[str, Any] | Representation, initial: Sequence[Any], final: Sequence[Any]
    ) -> None:
        rho = letters if isinstance(letters, Representation) else Representation(free_monoid(*letters), letters)
        for what, vector in (("initial", initial), ("final", final)):
            if len(vector) != rho.degree:
                raise ShapeMismatch(f"The {what} vector has {len(vector)} entries and there are {rho.degree} states.")
            (row,) = matrices.read_rows([list(vector)], f"the {what} vector", None)
            object.__setattr__(self, what, tuple(row))
        object.__setattr__(self, "letters", rho)

    @cached_property
    def _start(self) -> Any:
        return sp.Matrix(self.initial)

    @cached_property
    def _end(self) -> Any:
        return sp.Matrix([self.final])

    def weight(self, word: str) -> Any:
        """The weight of a word, exact."""
        return sp.expand((self._end * self.letters.of(word) * self._start)[0, 0])

    def homomorphism(self, other: LinearAutomaton) -> Any:
        """A matrix W with ``W A_σ = B_σ W``, ``W init = init'`` and ``out = out' W``, or None if there is none.

        Raises ``NotARepresentation`` for another alphabet.
        """
        from catcore.equivariance.strategies.solver import equivariant_maps

        if self.letters.monoid != other.letters.monoid:
            raise NotARepresentation(
                f"A homomorphism of automata over one alphabet was asked for and {self.letters.monoid} and "
                f"{other.letters.monoid} were found."
            )
        space = equivariant_maps(self.letters, other.letters)
        theta = sp.symbols(f"t0:{space.dim}")
        W = sum((t * b for t, b in zip(theta, space.basis, strict=True)), sp.zeros(*space.shape))
        equations = [*(W * self._start - other._start), *(other._end * W - self._end)]
        if not theta:
            return W if not any(sp.expand(e) for e in equations) else None
        found = sp.linsolve([sp.expand(e) for e in equations], *theta)
        for solution in found:
            chosen = {t: x.subs(dict.fromkeys(theta, 0)) for t, x in zip(theta, solution, strict=True)}
            return sp.ImmutableMatrix(W.subs(chosen))
        return None
