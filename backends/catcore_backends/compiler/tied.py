"""Tied layers inside terms: ``W(θ) x`` in the form that the structure of W allows (THEORY T4.3, T1.12).

A term says ``⟨θ ; combine, x⟩ ; matmul``: the matrix ``W(θ) = Σ θ_k B_k`` is formed and applied.  Where θ is one for
all rows, the compiler does not form it unless that is cheapest: it asks the methods of the layers for the cheapest way,
by the same fixed model of costs, and writes its array operations into the program.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from catcore_backends.compiler.symbolic import Array, Namespace, Unwritten
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.methods import choose, costs
from catcore_backends.layers.methods.choosing import Candidates


def applied(writer: Namespace, space: Any, theta: Array, x: Array, *, numpy: bool) -> Array:
    """``W(θ) x`` for one θ of shape (dim,) and a batch of vectors x, or of matrices, which are so many columns.

    Args:
        writer: the namespace that writes the program.
        space: the space of equivariant maps.
        theta: the parameters.
        x: the batch, of shape (rows, n_in) or (rows, n_in, columns).
        numpy: whether the program is for NumPy, whose ``take`` accepts a table of places.
    """
    if x.ndim == 2:
        return _to_vectors(writer, space, theta, x, numpy=numpy)
    rows, n_in, columns = x.shape
    vectors = writer.reshape(writer.permute_dims(x, (0, 2, 1)), (rows * columns, n_in))
    y = _to_vectors(writer, space, theta, vectors, numpy=numpy)
    return writer.permute_dims(writer.reshape(y, (rows, columns, space.shape[0])), (0, 2, 1))


def _to_vectors(writer: Namespace, space: Any, theta: Array, x: Array, *, numpy: bool) -> Array:
    method = choose(Candidates(space), (1, 1), costs.PRICES["numpy"]).method
    if method.name == "dense" and space.labels is not None and (np.asarray(space.labels) > 0).all():
        return writer.matmul(x, _gathered(writer, np.asarray(space.labels, dtype=np.int64).T - 1, theta, numpy=numpy))
    if method.floating and writer.common is None:  # what the dtype is, the program sees when it runs
        return _called(writer, space, theta, x)
    try:
        y: Array = method.apply(writer, method.prepare(writer, theta[:, None, None]), x[:, None, :])
    except Unwritten:  # a method may look at sizes that are not known while compiling
        return _called(writer, space, theta, x)
    writer.floating = writer.floating or method.floating
    return y[:, 0, :]


def _called(writer: Namespace, space: Any, theta: Array, x: Array) -> Array:
    """The same as one call of the layer, which decides when the program runs."""
    word = writer.program.constant(("tied", space), ("rule", _Chosen(space), (), "combine >> matmul"), "g")
    return writer.written(f"{word}(({{}}, {{}}))", (theta, x), (x.shape[0], space.shape[0]), real=False)


class _Chosen:
    """``W(θ) x`` by the layer that the space has, which takes another way for integers, and keeps its constants."""

    def __init__(self, space: Any) -> None:
        self.space = space

    @cached_property
    def layer(self) -> Layer:
        """The layer."""
        return Layer(self.space)

    def __call__(self, xp: Any, given: Any) -> Any:
        theta, x = given
        return self.layer(theta[:, None, None], x[:, None, :])[:, 0, :]


def _gathered(xp: Namespace, places: Any, theta: Array, *, numpy: bool) -> Array:
    """The transposed matrix, by one gather."""
    if numpy:
        return xp.take(theta, xp.asarray(np.ascontiguousarray(places)), axis=0)
    flat = xp.take(theta, xp.asarray(np.ascontiguousarray(places.reshape(-1))), axis=0)
    return xp.reshape(flat, places.shape)
