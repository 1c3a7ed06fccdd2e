"""Further programs for the benchmark of compiled terms: shared subterms, attention, sums, gradients and more ties.

Each has a term and a function of NumPy as somebody writes it who knows the structure and wants it fast: numbers made
before, results written over what is used up, views instead of copies, a Fourier transform for a circular convolution.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from catcore import R, case, smooth
from catcore.arrows import Arrow, fst, ident, pair, snd
from catcore.equivariance import cyclic, equivariant_maps, symmetric
from catcore.para.architectures import convolution, feed_forward
from catcore_backends import compile_arrow, gradient

#: Name, our function, the one by hand, what both are applied to.
Pair = tuple[str, Callable[..., Any], Callable[..., Any], tuple[Any, ...]]


def numbers(*shape: int, dtype: str = "float32", seed: int = 0) -> Any:
    """Random numbers of a shape."""
    return np.random.default_rng(sum(shape) + seed).normal(size=shape).astype(dtype)


def residual(batch: int, width: int, depth: int) -> Pair:
    """``x + tanh(x / 2)``, again and again."""
    v = R(width)
    step = pair(ident(v), smooth("times", v, 0.5) >> smooth("tanh", v)) >> smooth("add", v * v)
    term: Arrow = ident(v)
    for _ in range(depth):
        term = term >> step
    half = np.asarray(0.5, np.float32)

    def by_hand(x: Any) -> Any:
        y = np.multiply(x, half)
        np.tanh(y, y)
        y, x = np.add(x, y, y), np.empty_like(x)
        for _ in range(depth - 1):
            np.multiply(y, half, x)
            np.tanh(x, x)
            np.add(y, x, y)
        return y

    return "residual steps", compile_arrow(term), by_hand, (numbers(batch, width),)


def attention(batch: int, tokens: int, width: int) -> Pair:
    """``softmax(q kᵀ / √d) v``."""
    m = R(tokens, width)
    q, k, v = fst(m * m, m) >> fst(m, m), fst(m * m, m) >> snd(m, m), snd(m * m, m)
    scaled = q >> smooth("times", m, width**-0.5)
    scores = pair(scaled, k >> smooth("permute_dims", m, (1, 0))) >> smooth("matmul", m * R(width, tokens))
    term = pair(scores >> smooth("softmax", scores.cod), v) >> smooth("matmul", scores.cod * m)
    scale = np.asarray(width**-0.5, np.float32)

    def by_hand(x: Any) -> Any:
        (q, k), v = x
        s = np.multiply(q, scale) @ k.transpose(0, 2, 1)
        np.subtract(s, np.maximum.reduce(s, axis=2, keepdims=True), s)
        np.exp(s, s)
        np.divide(s, np.add.reduce(s, axis=2, keepdims=True), s)
        return s @ v

    given = (
        (numbers(batch, tokens, width), numbers(batch, tokens, width, seed=1)),
        numbers(batch, tokens, width, seed=2),
    )
    return "attention", compile_arrow(term), by_hand, (given,)


def columns_first(batch: int, width: int) -> Pair:
    """A network in double precision whose weights are kept column by column."""
    model = feed_forward(width, width, width, width)
    weights = tuple(np.asfortranarray(numbers(*p.shape, dtype="float64") / width**0.5) for p in model.params)
    zero = np.zeros(())

    def by_hand(weights: Any, x: Any) -> Any:
        b3, w3, b2, w2, b1, w1 = weights
        for w, b in ((w1, b1), (w2, b2)):
            x = x @ w.T
            np.add(x, b, x)
            np.maximum(x, zero, out=x)
        x = x @ w3.T
        return np.add(x, b3, x)

    return (
        "network, float64, Fortran order",
        compile_arrow(model),
        by_hand,
        (weights, numbers(batch, width, dtype="float64")),
    )


def by_fourier(batch: int, points: int) -> Pair:
    """A circular convolution by Fourier transforms."""
    v = cyclic(points).defining
    first = np.asarray(equivariant_maps(v, v).labels)[:, 0] - 1

    def by_hand(theta: Any, x: Any) -> Any:
        return np.fft.irfft(np.fft.rfft(x, axis=1) * np.fft.rfft(theta[first]), n=points, axis=1)

    return (
        "tied: circulant by Fourier",
        compile_arrow(convolution(v)),
        by_hand,
        (numbers(points), numbers(batch, points)),
    )


def pairs_of_points(batch: int, points: int) -> Pair:
    """The layer of second order for sets: 15 parameters, read into the tied matrix by one gather."""
    v = symmetric(points).defining.tensor(2)
    places = np.ascontiguousarray(np.asarray(equivariant_maps(v, v).labels).T) - 1

    def by_hand(theta: Any, x: Any) -> Any:
        return x @ theta.take(places)

    return "tied: pairs of points", compile_arrow(convolution(v)), by_hand, (numbers(15), numbers(batch, points**2))


def two_cases(batch: int, width: int) -> Pair:
    """Two branches, each for half of the rows."""
    v = R(width)
    term = case(smooth("tanh", v) >> smooth("times", v, 2), smooth("sin", v) >> smooth("square", v))
    two = np.asarray(2, np.float32)

    def by_hand(x: Any) -> Any:
        tags, left, right = x
        a, b = np.tanh(left), np.sin(right)
        return np.where(tags[:, None] != 0, np.multiply(b, b, b), np.multiply(a, two, a))

    return (
        "two cases",
        compile_arrow(term),
        by_hand,
        ((np.arange(batch) % 2, numbers(batch, width), numbers(batch, width)),),
    )


def slopes(batch: int, width: int) -> Pair:
    """The value ``Σ tanh(W x)²`` and its gradient for the weights."""
    matrix, v = R(width, width), R(width)
    term = smooth("matmul", matrix * v) >> smooth("tanh", v) >> smooth("square", v) >> smooth("sum", v)
    two, one = np.asarray(2, np.float32), np.asarray(1, np.float32)

    def by_hand(given: Any) -> Any:
        w, x = given
        y = x @ w.T
        np.tanh(y, y)
        s = np.multiply(y, y)
        value = np.add.reduce(s, axis=1)
        np.subtract(one, s, s)
        np.multiply(y, two, y)
        np.multiply(y, s, y)
        return value, y.T @ x

    return (
        "value and gradient",
        gradient(term),
        by_hand,
        ((numbers(width, width) / np.float32(width), numbers(batch, width)),),
    )


__all__ = ["attention", "by_fourier", "columns_first", "pairs_of_points", "residual", "slopes", "two_cases"]
