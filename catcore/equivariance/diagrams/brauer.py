"""Diagrams of the classical groups: strands that carry a vector, join two of them by a form, or n of them by ε.

A tensor diagram pairs l output and k input places.  A place is *up* where it holds a vector that comes out or a
covector that goes in, and *down* otherwise; an up and a down place are joined by an identity strand, two of one kind
by the bilinear form; an ε vertex joins n places by the determinant.  By the first fundamental theorem of invariants
such diagrams span the maps between tensor powers of O(n), SO(n), SO(p, q), Sp(2m), GL(n) and SL(n), and so of U(n) and
SU(n) (T1.12 q-s; Brauer 1937, Weyl 1939).  They are independent only while there are few places; which to keep is said
in :mod:`~catcore.equivariance.diagrams.schur_weyl`.  Diagrams compose, ``D_π D_σ = n^loops D_{π∘σ}``, up to a sign for
Sp.

>>> cap, cup = TensorDiagram(((0, 1),), 0, 2, Form(3)), TensorDiagram(((0, 1),), 2, 0, Form(3))
>>> cap.compose(cup)
(TensorDiagram((), 0, 0, Form(3)), 3)
"""

from __future__ import annotations

import itertools
import math
import string
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catcore.equivariance.diagrams.counting import Pairs
from catcore.equivariance.linear_algebra import matrices
from catcore.errors import ShapeMismatch, TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Index = NDArray[np.int64]

MAX_EPSILON = 8  # legs of an ε that is written out
MAX_TERMS = 2**22  # nonzero entries of one diagram


@dataclass(frozen=True)
class Form:
    """A bilinear form on F^n with one entry ±1 a row: signature (n - minus, minus), or symplectic.

    The symplectic one is ``[[0, 1], [-1, 0]]`` in blocks of n/2; the others are diagonal, the plus signs first.
    """

    n: int
    minus: int = 0
    symplectic: bool = False

    @property
    def symmetry(self) -> int:
        """``gᵀ = symmetry · g``, and also ``g² = symmetry``."""
        return -1 if self.symplectic else 1

    @property
    def trivial(self) -> bool:
        """Whether the form is the identity matrix."""
        return not self.minus and not self.symplectic

    def partner(self) -> Index:
        """The column of the entry of each row."""
        import numpy as np

        shift = self.n // 2 if self.symplectic else 0
        return (np.arange(self.n) + shift) % self.n

    def signs(self) -> Index:
        """The entry of each row."""
        import numpy as np

        return np.where(np.arange(self.n) < self.n - (self.n // 2 if self.symplectic else self.minus), 1, -1)

    def lowered(self, array: Any, axis: int) -> Any:
        """The form applied to one axis of an array, counted from the end."""
        import numpy as np

        if self.trivial:
            return array
        return _along(self.signs(), axis) * np.take(array, self.partner(), axis=axis)

    def __repr__(self) -> str:
        extra = f", {self.minus}" if self.minus else ""
        return f"Form({self.n}{extra}{', symplectic=True' if self.symplectic else ''})"


def _along(vector: Any, axis: int) -> Any:
    """A vector shaped to multiply along one axis, counted from the end."""
    return vector.reshape(-1, *[1] * (-axis - 1))


@dataclass(frozen=True, repr=False)
class TensorDiagram:
    """Paired places (outputs ``0 .. l-1`` first, then inputs) and, in ``vertices``, the places that each ε joins.

    ``duals`` are the places that hold covectors.
    """

    pairs: Pairs
    outputs: int
    inputs: int
    form: Form
    vertices: tuple[tuple[int, ...], ...] = ()
    duals: frozenset[int] = frozenset()

    @property
    def n(self) -> int:
        """The dimension of the space whose tensor powers the diagram maps."""
        return self.form.n

    def up(self, place: int) -> bool:
        """Whether a place holds a vector that comes out, or a covector that goes in."""
        return (place < self.outputs) != (place in self.duals)

    def straight(self, a: int, b: int) -> bool:
        """Whether two paired places are joined by the identity and not by the form."""
        return self.up(a) != self.up(b)

    # Composing ----------------------------------------------------------------------------------------------------

    def compose(self, other: TensorDiagram) -> tuple[TensorDiagram, int]:
        """``(π∘σ, factor)`` with ``D_π D_σ = factor · D_{π∘σ}`` and factor ``±n^loops``; σ acts first.

        Raises ``ShapeMismatch`` where the places between them or the forms differ, or where there is an ε.
        """
        between = {p - self.outputs for p in self.duals if p >= self.outputs}
        if (
            (self.inputs, self.form) != (other.outputs, other.form)
            or between != {p for p in other.duals if p < other.outputs}
            or self.vertices
            or other.vertices
        ):
            raise ShapeMismatch(
                f"{self} after {other} was asked for; diagrams compose when the places between them and their forms "
                "agree and they have no ε."
            )
        strands = _Strands(self, other)
        pairs, factor = [], 1
        for start in strands.ends:
            if start not in strands.seen:
                stop, sign = strands.follow(start)
                pairs.append((strands.ends.index(start), strands.ends.index(stop)))
                factor *= sign
        for start in strands.middle:
            if start not in strands.seen:
                factor *= strands.follow(start)[1] * self.n
        duals = {p for p in self.duals if p < self.outputs}
        duals |= {p - other.outputs + self.outputs for p in other.duals if p >= other.outputs}
        product = TensorDiagram(tuple(sorted(pairs)), self.outputs, other.inputs, self.form, duals=frozenset(duals))
        return product, factor

    # Writing out --------------------------------------------------------------------------------------------------

    def terms(self) -> tuple[Index, Index, Index]:
        """Row, column and value of every nonzero entry; raises ``TooLarge`` where there would be too many."""
        import numpy as np

        n, places = self.n, self.outputs + self.inputs
        choices = [n] * len(self.pairs) + [math.factorial(n)] * len(self.vertices)
        if (self.vertices and n > MAX_EPSILON) or math.prod(choices) > MAX_TERMS:
            raise TooLarge(
                f"The matrix of a diagram was asked for, with {math.prod(choices)} nonzero entries where at most "
                f"{MAX_TERMS} are written out; apply(x) acts without forming it."
            )
        grid = np.indices(choices).reshape(len(choices), -1) if choices else np.zeros((0, 1), np.int64)
        index, value = np.zeros((places, grid.shape[1]), np.int64), np.ones(grid.shape[1], np.int64)
        for (a, b), i in zip(self.pairs, grid[: len(self.pairs)], strict=True):
            straight = self.straight(a, b)
            index[a], index[b] = i, i if straight else self.form.partner()[i]
            value *= 1 if straight else self.form.signs()[i]
        for legs, i in zip(self.vertices, grid[len(self.pairs) :], strict=True):
            orders, parities = _permutations(n)
            value *= parities[i]
            for place, leg in enumerate(legs):
                index[leg] = orders[i, place]
                value *= 1 if self.up(leg) else self.form.signs()[index[leg]]
        weights = n ** np.arange(places, dtype=np.int64)
        row = weights[: self.outputs][::-1] @ index[: self.outputs]
        return row, weights[: self.inputs][::-1] @ index[self.outputs :], value

    def matrix(self, over: Any) -> Any:
        """The exact sparse matrix over a field."""
        import numpy as np

        one = over.domain.one
        unit = {1: one, -1: -one}
        rows, columns, values = map(np.ndarray.tolist, self.terms())
        # no two terms share a place: the indices at all places tell the terms apart
        entries = {(i, j): unit[x] for i, j, x in zip(rows, columns, values, strict=True)}
        return matrices.sparse(entries, (self.n**self.outputs, self.n**self.inputs), over)

    # Acting -------------------------------------------------------------------------------------------------------

    def apply(self, x: Any) -> NDArray[Any]:
        """``D x`` for x of shape ``(..., n^inputs)``: contract, permute, copy; the matrix is never formed.

        Raises ``ShapeMismatch`` for another last axis, ``TooLarge`` for an ε of more than 8 legs.
        """
        import numpy as np

        n, array = self.n, np.asarray(x)
        lead = array.shape[:-1]
        if array.shape[-1:] != (n**self.inputs,):
            raise ShapeMismatch(f"An array (..., {n}^{self.inputs}) was asked for and shape {array.shape} was found.")
        if self.vertices and n > MAX_EPSILON:
            raise TooLarge(f"An ε with {n} legs was to be applied; at most {MAX_EPSILON} legs are written out.")
        tensor = array.reshape(*lead, *[n] * self.inputs)
        letters = list(string.ascii_letters[: self.outputs + self.inputs])
        for a, b in self.pairs:
            letters[b] = letters[a]
            if b >= self.outputs and not self.straight(a, b):
                tensor = self.form.lowered(tensor, b - self.outputs - self.inputs)
        small, kept = self._contracted(tensor, letters)
        return np.reshape(self._copied(small, kept, letters), (*lead, n**self.outputs))

    def _contracted(self, tensor: Any, letters: list[str]) -> tuple[Any, str]:
        """What the strands through the diagram and the ε vertices carry to the outputs, and the names of those axes."""
        import numpy as np

        operands, inside = [tensor], [f"...{''.join(letters[self.outputs :])}"]
        for legs in self.vertices:
            vertex = _epsilon(self.n)
            for place, leg in enumerate(legs):
                if not self.up(leg):
                    vertex = vertex * _along(self.form.signs(), place - self.n)
            operands.append(vertex)
            inside.append("".join(letters[leg] for leg in legs))
        carried = set("".join(inside))
        kept = "".join(c for c in letters[: self.outputs] if c in carried)
        return np.einsum(f"{','.join(inside)}->...{kept}", *operands, optimize=len(operands) > 2), kept

    def _copied(self, small: Any, kept: str, letters: list[str]) -> Any:
        """The contraction copied along the pairs of outputs, which are then joined by the form."""
        import numpy as np

        joined = [(a, b) for a, b in self.pairs if b < self.outputs]
        result = np.zeros((*small.shape[: small.ndim - len(kept)], *[self.n] * self.outputs), dtype=small.dtype)
        free = "".join(letters[a] for a, _ in joined)
        where = np.einsum(f"...{''.join(letters[: self.outputs])}->...{kept}{free}", result)
        where[...] = small.reshape(*small.shape, *[1] * len(joined))
        for a, b in joined:
            if not self.straight(a, b) and not self.form.trivial:
                result = result * _along(self.form.signs(), a - self.outputs)
                result = np.take(result, self.form.partner(), axis=b - self.outputs)
        return result

    def __repr__(self) -> str:
        extra = f", {self.vertices}" if self.vertices else ""
        extra += f", duals={set(self.duals)}" if self.duals else ""
        return f"TensorDiagram({self.pairs}, {self.outputs}, {self.inputs}, {self.form}{extra})"


class _Strands:
    """The strands of a composite: places (0, p) of the upper diagram and (1, p) of the lower, glued in the middle."""

    def __init__(self, upper: TensorDiagram, lower: TensorDiagram) -> None:
        self.symmetry, self.seen = upper.form.symmetry, set[tuple[int, int]]()
        self.across: dict[tuple[int, int], tuple[tuple[int, int], int, int]] = {}
        for side, diagram in enumerate((upper, lower)):
            for a, b in diagram.pairs:
                forms = 0 if diagram.straight(a, b) else 1
                self.across[side, a] = ((side, b), forms, 1)
                self.across[side, b] = ((side, a), forms, self.symmetry if forms else 1)
        l = upper.outputs
        self.glued = {(0, l + i): (1, i) for i in range(upper.inputs)}
        self.glued |= {b: a for a, b in self.glued.items()}
        self.middle = [(0, l + i) for i in range(upper.inputs)]
        self.ends = [(0, p) for p in range(l)] + [(1, lower.outputs + p) for p in range(lower.inputs)]

    def follow(self, start: tuple[int, int]) -> tuple[tuple[int, int], int]:
        """Where the strand from ``start`` ends (``start`` itself for a loop), and the sign it picks up."""
        place, sign, forms = start, 1, 0
        while True:
            self.seen.add(place)
            place, more, turn = self.across[place]
            self.seen.add(place)
            forms, sign = forms + more, sign * turn
            if place not in self.glued or self.glued[place] == start:
                return place, sign * self.symmetry ** (forms // 2)
            place = self.glued[place]


@lru_cache(maxsize=8)
def _permutations(n: int) -> tuple[Any, Any]:
    import numpy as np

    orders = list(itertools.permutations(range(n)))
    return np.array(orders, np.int64).reshape(-1, n), np.array([matrices.parity(o) for o in orders], np.int64)


@lru_cache(maxsize=8)
def _epsilon(n: int) -> Any:
    """The Levi-Civita array."""
    import numpy as np

    array: NDArray[np.int64] = np.zeros((n,) * n, np.int64)
    orders, signs = _permutations(n)
    array[tuple(orders.T)] = signs
    array.flags.writeable = False
    return array
