"""Layers in which features act on each other: message passing along a graph that is data, and attention (T1.14).

Both mix points by weights that move with the points, so both commute with every relabelling.  A graph on n nodes is
an element A of V ⊗ V for the n-point representation V: a relabelling P sends (A, X) to (P A Pᵀ, P X), and
``(P A Pᵀ)(P X) = P (A X)`` because ``Pᵀ P = 1``.  Positions added to X, or a mask, break the law.

>>> from catcore.equivariance import symmetric
>>> points = symmetric(4).defining
>>> print(MessagePassing(points, (2, 3)).failure(), MessagePassing(points, (2, 3)).parameters)
None {'message': (3, 2), 'self': (3, 2)}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from catcore.equivariance.networks import commuting
from catcore.equivariance.networks.features import Features
from catcore.equivariance.networks.layers import NetworkLayer, Verdict
from catcore.equivariance.representations.representation import Representation

Channels = tuple[int, int]


class MessagePassing(NetworkLayer):
    """``(A, X) ↦ (A, A X M + X U)``: each node adds up what its neighbours send (T1.14; Kipf and Welling 2017).

    The graph goes along unchanged, so that layers compose.  Lawful for every orthogonal ρ, permutations among them.
    """

    def __init__(self, rho: Representation, channels: Channels) -> None:
        Features.of(rho).of_numbers("Message passing")
        self.rho, self.channels = rho, channels
        graph = rho @ rho
        self.source, self.target = (Features(((graph, 1), (rho, m))) for m in channels)

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """M and U, each of shape (c_out, c_in)."""
        shape = self.channels[::-1]
        return {"message": shape, "self": shape}

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """The contraction of A with X needs ``ρ(g)ᵀ ρ(g) = 1``; the rest is linear in X, a number for each channel."""
        for g in commuting.motions(self.rho):
            yield f"generator {g.name}", commuting.orthogonal(g)

    def __str__(self) -> str:
        return f"message passing on {self.rho}"


class Attention(NetworkLayer):
    """``X ↦ softmax(X Q (X K)ᵀ) X V``: self-attention without positions, over the points of X (T1.14.4).

    Lawful where every generator permutes the points.  Elsewhere the law is refuted with Q = K = V = 1.
    """

    def __init__(self, rho: Representation, channels: Channels, *, width: int) -> None:
        Features.of(rho).of_numbers("Attention")
        self.rho, self.channels, self.width = rho, channels, width
        self.source, self.target = (Features(((rho, m),)) for m in channels)

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Q and K of shape (width, c_in), V of shape (c_out, c_in)."""
        c_in, c_out = self.channels
        return {"query": (self.width, c_in), "key": (self.width, c_in), "value": (c_out, c_in)}

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Each generator: does it permute the points?"""
        for g in commuting.motions(self.rho):
            yield f"generator {g.name}", self._permutes(g)

    def _permutes(self, g: commuting.Motion) -> Verdict:
        if g.permutes:
            return True
        matrix, name = g.matrix, g.name
        if g.infinitesimal:
            return not any(matrix) or commuting.first_failure(_attend, matrix, name, infinitesimal=True)
        if all(sorted(line) == [0] * (matrix.rows - 1) + [1] for line in (*matrix.tolist(), *matrix.T.tolist())):
            return True
        return commuting.first_failure(_attend, matrix, name)

    def __str__(self) -> str:
        return f"attention on {self.rho}"


def _attend(x: tuple[Any, ...]) -> tuple[Any, ...]:
    """Attention with one channel and Q = K = V = 1, exactly."""
    rows = [[sp.exp(a * b) for b in x] for a in x]
    return tuple(sum(w * b for w, b in zip(row, x, strict=True)) / sum(row) for row in rows)
