"""Actions of vector spaces on themselves: by ⊕, which learning needs, and by ⊗, which has no diagonal (THEORY T4.1).

Objects are dimensions and arrows exact matrices, so both actions are strict.  Parameters that are concatenated to the
input act by ⊕ with unit 0; on ⊗ a copy of a parameter is an assumption, a comonoid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import sympy as sp

from catcore.categories.category import Category
from catcore.categories.vector_spaces import FVect
from catcore.errors import IllTyped
from catcore.para.actegories import Actegory, Params


@dataclass(frozen=True)
class _OnMatrices(Actegory):
    category: Category = field(default_factory=FVect)

    def params(self, given: Any) -> Params:
        """Dimensions."""
        found = tuple(given) if isinstance(given, tuple | list) else (given,)
        wrong = next((n for n in found if type(n) is not int or n < 0), None)
        if wrong is not None:
            raise IllTyped(f"Parameters of {self} are dimensions n ≥ 0, and {wrong!r} was given.")
        return found


@dataclass(frozen=True)
class DirectSums(_OnMatrices):
    """The action of vector spaces on themselves by ⊕, whose unit is the space 0: what gradients need (T4.1).

    >>> DirectSums().under((1,), sp.ImmutableMatrix([[2]]))
    Matrix([
    [1, 0],
    [0, 2]])
    """

    def whole(self, params: Params) -> int:
        """The sum of the dimensions."""
        return sum(params)

    def act(self, params: Params, a: int) -> int:
        """The sum of all dimensions."""
        return sum(params) + a

    def rest(self, params: Params, acted: int) -> int:
        """What the parameters leave of a dimension."""
        if acted < sum(params):
            raise IllTyped(
                f"A matrix out of {sum(params)} + n dimensions is needed for the parameters {self.written(params)}, "
                f"and one out of {acted} was given."
            )
        return acted - sum(params)

    def under(self, params: Params, f: Any) -> Any:
        """The identity beside ``f``."""
        return _beside(_one(sum(params)), f)

    def along(self, r: Any, dom: Params, cod: Params, a: int) -> Any:
        """``r`` beside the identity."""
        return _beside(r, _one(a))

    def tensor(self, s: Any, r: Any, ends: tuple[Params, Params, Params, Params]) -> Any:
        """``s ⊕ r``."""
        return _beside(s, r)

    def shuffle(self, params: Params, pattern: Sequence[int]) -> Any:
        """Copies and projections of summands."""
        blocks = [[_one(p) if j == i else sp.zeros(params[i], p) for j, p in enumerate(params)] for i in pattern]
        rows = [sp.Matrix.hstack(sp.zeros(params[i], 0), *row) for i, row in zip(pattern, blocks, strict=True)]
        return sp.ImmutableMatrix(sp.Matrix.vstack(sp.zeros(0, sum(params)), *rows))

    def product(self, f: Any, g: Any, sides: tuple[tuple[Params, Any], tuple[Params, Any]]) -> Any:
        """``f ⊕ g`` after the interchanger that puts each parameter beside its own input."""
        (p, a), (q, b) = sides
        order = self.shuffle((sum(p), sum(q), a, b), (0, 2, 1, 3))
        return self.category.compose(order, _beside(f, g))

    def __str__(self) -> str:
        return f"the action of {self.category} on itself by ⊕"


@dataclass(frozen=True)
class BracketedSums(DirectSums):
    """The same action with one space of parameters: ``Q ⊗ P`` is ``Q ⊕ P``.

    A space is its dimension here, and dimensions add associatively, so the associator and the unitors are identity
    matrices; which they must be is not assumed but checked against the arrows of products that they stand for.
    """

    def params(self, given: Any) -> Params:
        """One dimension."""
        return (sum(super().params(given)),)

    def joined(self, q: Params, p: Params) -> Params:
        """``Q ⊕ P``."""
        return (q[0] + p[0],)

    def associator(self, r: int, q: int, p: int) -> Any:
        """``(R ⊕ Q) ⊕ P → R ⊕ (Q ⊕ P)``."""
        return _one(r + q + p)

    def left_unitor(self, p: int) -> Any:
        """``0 ⊕ P → P``."""
        return _one(p)

    def right_unitor(self, p: int) -> Any:
        """``P ⊕ 0 → P``."""
        return _one(p)

    def exchange(self, p: int, q: int, r: int, s: int) -> Any:
        """``(P ⊕ Q) ⊕ (R ⊕ S) → (P ⊕ R) ⊕ (Q ⊕ S)``."""
        return self.shuffle((p, q, r, s), (0, 2, 1, 3))

    def __str__(self) -> str:
        return f"{super().__str__()}, with bracketed parameters"


@dataclass(frozen=True)
class Kronecker(_OnMatrices):
    """The action of vector spaces on themselves by ⊗, whose unit is the space of dimension 1; there is no diagonal."""

    def whole(self, params: Params) -> int:
        """The product of the dimensions."""
        return reduce(lambda n, m: n * m, params, 1)

    def act(self, params: Params, a: int) -> int:
        """The product of all dimensions."""
        return self.whole(params) * a

    def rest(self, params: Params, acted: int) -> int:
        """The quotient of a dimension by those of the parameters."""
        size = self.whole(params)
        if not size or acted % size:
            raise IllTyped(
                f"A matrix out of {size} · n dimensions is needed for the parameters {self.written(params)}, and one "
                f"out of {acted} was given."
            )
        return acted // size

    def under(self, params: Params, f: Any) -> Any:
        """``id ⊗ f``."""
        return _kronecker(_one(self.whole(params)), f)

    def along(self, r: Any, dom: Params, cod: Params, a: int) -> Any:
        """``r ⊗ id``."""
        return _kronecker(r, _one(a))

    def tensor(self, s: Any, r: Any, ends: tuple[Params, Params, Params, Params]) -> Any:
        """``s ⊗ r``."""
        return _kronecker(s, r)

    def __str__(self) -> str:
        return f"the action of {self.category} on itself by ⊗"


def _one(n: int) -> Any:
    return sp.ImmutableMatrix(sp.eye(n))


def _beside(f: Any, g: Any) -> Any:
    return sp.ImmutableMatrix(sp.diag(f, g))


def _kronecker(f: Any, g: Any) -> Any:
    return sp.ImmutableMatrix(sp.kronecker_product(sp.Matrix(f), sp.Matrix(g)))
