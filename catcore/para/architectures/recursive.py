"""Recursive neural networks: algebras of Para(A + (−)²) and of Para(1 + A × (−)²) (THEORY T4.5; CDL I.2; Socher 2011).

A functor of one's own gives a cell in the same way: one map for each constructor, put together by
:func:`~catcore.para.combinators.cases`.

>>> print(tree_cell(3, 5).signature, tree_cell(3, 5).count())
ℝ[3] + ℝ[5] × ℝ[5] → ℝ[5] with parameters (ℝ[5×3], ℝ[5×5], ℝ[5×5], ℝ[5]) 70
"""

from __future__ import annotations

from typing import Any

from catcore.objects import R
from catcore.para.architectures.elements import apply, on, plus
from catcore.para.architectures.layers import linear
from catcore.para.architectures.recurrent import zeros
from catcore.para.combinators import cases
from catcore.para.maps import ParaMap, parametric


def tree_cell(label: int, state: int, sigma: str = "tanh") -> ParaMap:
    """Leaf-labelled trees: ``a ↦ U a`` and ``(l, r) ↦ σ(W l + V r + b)``."""
    h = state

    @parametric((R(h, h), R(h, h), R(h)), R(h) * R(h), R(h))
    def node(w: Any, v: Any, b: Any, x: Any) -> Any:
        return on(sigma, plus(apply(w, x[0]), apply(v, x[1]), b))

    return cases(linear(label, h), node)


def labelled_tree_cell(label: int, state: int, sigma: str = "tanh") -> ParaMap:
    """Node-labelled trees: the empty tree gives 0, and ``(a, (l, r)) ↦ σ(U a + W l + V r + b)``."""
    h = state

    @parametric((R(h, label), R(h, h), R(h, h), R(h)), R(label) * (R(h) * R(h)), R(h))
    def node(u: Any, w: Any, v: Any, b: Any, x: Any) -> Any:
        a, (left, right) = x
        return on(sigma, plus(apply(u, a), apply(w, left), apply(v, right), b))

    return cases(ParaMap((), zeros(R(h))), node)
