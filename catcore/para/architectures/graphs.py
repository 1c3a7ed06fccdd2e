"""Networks on graphs and complexes: convolution, message passing, simplicial layers (THEORY T1.14, T1.16, T3.5, T4.8).

A graph convolution is a parametric map in the category of maps that see an adjacency matrix: composition copies the
matrix, which is a context, and tensors the weights, which are parameters.  :func:`carried` hands the context on.

>>> network = carried(graph_convolution(4, 3, 8, "relu")) >> graph_convolution(4, 8, 2)
>>> print(network.signature, network.count())
ℝ[4×3] × ℝ[4×4] → ℝ[4×2] with parameters (ℝ[8×2], ℝ[2], ℝ[3×8], ℝ[8]) 50
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catcore.arrows import snd
from catcore.categories.smooth import constant
from catcore.errors import IllTyped, ShapeMismatch
from catcore.objects import Product, R
from catcore.para.architectures.elements import on, plus
from catcore.para.combinators import fork
from catcore.para.maps import ParaMap, needed, parametric


def graph_convolution(nodes: int, n: int, m: int, sigma: str | None = None) -> ParaMap:
    """``(X, A) ↦ σ(A X W + b)`` with n features before and m after (Kipf and Welling 2017), n m + m parameters."""

    @parametric((R(n, m), R(m)), R(nodes, n) * R(nodes, nodes), R(nodes, m))
    def layer(w: Any, b: Any, x: Any) -> Any:
        features, graph = x
        sent = on("matmul", graph, on("matmul", features, w))
        return _activated(sigma, plus(sent, on("repeat", b, at=(0, nodes))))

    return layer


def carried(layer: ParaMap) -> ParaMap:
    """The layer ``X × A → Y`` with its context beside the result, ``X × A → Y × A``, so that layers compose.

    Raises:
        IllTyped: when the layer does not leave a product.
    """
    layer = needed(layer)
    if not isinstance(layer.dom, Product):
        raise IllTyped(f"A layer with a context leaves a product X × A, and {layer.signature} was given.")
    return fork(layer, ParaMap((), snd(layer.dom.left, layer.dom.right)))


def message_passing(edges: Sequence[tuple[int, int]], nodes: int, n: int, m: int, sigma: str = "relu") -> ParaMap:
    """One round on a graph: ``x_v' = σ(Σ_{u→v} ψ(x_u, x_v) + x_v W)`` with the message ``ψ = σ(x_u M + x_v N)``.

    Sources and targets of the edges are the legs of a polynomial span (T3.5): pull back, transform, push forward.

    Raises:
        ShapeMismatch: when an edge leads to no node, or there are none.
    """
    if not isinstance(edges, Sequence) or any(not isinstance(edge, Sequence) or len(edge) != 2 for edge in edges):
        raise ShapeMismatch(f"Edges are pairs (source, target), and {edges!r} was given. Give a list of pairs.")
    if not edges or any(not 0 <= end < nodes for edge in edges for end in edge):
        raise ShapeMismatch(f"The edges join nodes 0 … {nodes - 1}, at least two of them, and {list(edges)} was given.")
    tails, heads = ([[int(v == edge[k]) for v in range(nodes)] for edge in edges] for k in (0, 1))
    collected = [list(row) for row in zip(*heads, strict=True)]

    @parametric((R(n, m), R(n, m), R(n, m)), R(nodes, n), R(nodes, m))
    def layer(sent: Any, seen: Any, own: Any, x: Any) -> Any:
        pulled = [on("matmul", _fixed(rows), x) for rows in (tails, heads)]
        messages = on(sigma, plus(on("matmul", pulled[0], sent), on("matmul", pulled[1], seen)))
        return on(sigma, plus(on("matmul", _fixed(collected), messages), on("matmul", x, own)))

    return layer


def simplicial_layer(lower: Any, upper: Any, channels: tuple[int, int], sigma: str = "tanh") -> ParaMap:
    """A layer on the k-chains of a complex with its neighbours below and above (T1.16; Bodnar et al. 2021).

    ``X_k' = σ(B_kᵀ X_{k−1} W₁ + B_kᵀ B_k X_k W₂ + B_{k+1} B_{k+1}ᵀ X_k W₃ + B_{k+1} X_{k+1} W₄ + X_k W₅)``; σ should be
    odd, so that the layer does not see how simplices are oriented.

    Args:
        lower: the boundary matrix ``B_k``, one row for each (k−1)-simplex.
        upper: the boundary matrix ``B_{k+1}``, one row for each k-simplex.
        channels: how many features a simplex has before and after.
        sigma: the activation.

    Raises:
        ShapeMismatch: when the two matrices do not meet at the k-simplices.
    """
    down, up = _rows(lower), _rows(upper)
    below, here, above = len(down), len(up), len(up[0]) if up else 0
    if any(len(row) != here for row in down):
        raise ShapeMismatch(
            f"B_k has one column and B_(k+1) one row for each k-simplex, and {len(down[0])} and {here} were found."
        )
    n, m = channels
    chains = R(below, n) * (R(here, n) * R(above, n))

    @parametric((R(n, m),) * 5, chains, R(here, m))
    def layer(w1: Any, w2: Any, w3: Any, w4: Any, w5: Any, x: Any) -> Any:
        parts, (own, over) = x
        back = [list(column) for column in zip(*down, strict=True)]
        forth = [list(column) for column in zip(*up, strict=True)]
        lowered = on("matmul", _fixed(back), on("matmul", _fixed(down), own))
        lifted = on("matmul", _fixed(up), on("matmul", _fixed(forth), own))
        sums = ((on("matmul", _fixed(back), parts), w1), (lowered, w2), (lifted, w3))
        more = ((on("matmul", _fixed(up), over), w4), (own, w5))
        return on(sigma, plus(*(on("matmul", y, w) for y, w in (*sums, *more))))

    return layer


def _rows(matrix: Any) -> list[list[int]]:
    try:
        return [list(row) for row in (matrix.tolist() if hasattr(matrix, "tolist") else matrix)]
    except TypeError:
        raise ShapeMismatch(f"A boundary matrix is needed here, and {matrix!r} was given. Give its rows.") from None


def _fixed(rows: list[list[int]]) -> Any:
    """A fixed matrix as an element, in any scope."""
    from catcore.tracing import apply

    return apply(constant(rows), ((),))


def _activated(sigma: str | None, x: Any) -> Any:
    return on(sigma, x) if sigma else x
