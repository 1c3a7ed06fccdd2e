"""Compiled terms beside hand-written NumPy and ``jax.jit``: chains, feed-forward networks and tied layers.

``python -m tests.benchmarks.compile`` compiles each term for NumPy, checks it against the same function written by hand
in NumPy, and times both in turn, in single precision and on one core.  *large* shapes are ruled by matrix
products and by memory, *tiny* ones by what starting an operation costs.  The hand-written side is what one would write
knowing the structure: views of the weights, one product a layer, sums for Deep Sets, results written over.  Attention,
sums with cases and gradients run beside them without a bar.  Where JAX is installed, the
hand-written function under ``jax.jit`` runs beside the programs that matrix products dominate.  A ratio
is that of the shortest times, which were taken one after the other.  The last row compiles terms of 50 nodes.
``--quick`` takes small shapes and a bar that no noise can reach.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from operator import rshift
from typing import Any

import numpy as np

from catcore import R, smooth
from catcore.arrows import Arrow, ident, pair, terminal
from catcore.categories.smooth import constant, constant_matrix
from catcore.equivariance import cyclic, symmetric
from catcore.para.architectures import activation, bias, convolution, linear
from catcore_backends import compile_arrow
from tests.benchmarks import Row, arguments, finish, milliseconds, one_core, table
from tests.benchmarks import _programs_by_hand as further

COLUMNS = ("program", "shape", "peer", "ours µs", "peer µs", "ratio", "bar", "met", "apart")
#: Compiled over hand-written, and over ``jax.jit`` where matrix products dominate.
BAR, JAX_BAR = 1.05, 1.2
#: Milliseconds that compiling 50 nodes may take.
COMPILING = 50.0


@dataclass(frozen=True)
class Sizes:
    """How large programs are, and for how many seconds each is timed."""

    batch: int
    width: int
    depth: int
    points: int
    name: str


LARGE = Sizes(256, 256, 24, 256, "large")
TINY = Sizes(4, 8, 24, 8, "tiny")
QUICK = Sizes(16, 16, 6, 12, "quick")


@dataclass(frozen=True)
class Trial:
    """A program in our words, by hand over an array namespace, and what both are applied to.

    Args:
        name: what it computes.
        ours: the compiled program.
        by_hand: the function by hand; its first argument is the namespace.
        arguments: what both are applied to.
        products: whether matrix products dominate.
        bar: whether it is a chain, a feed-forward network or a tied layer, for which the bar is.
        portable: whether the function by hand runs on JAX, too.
    """

    name: str
    ours: Callable[..., Any]
    by_hand: Callable[..., Any]
    arguments: tuple[Any, ...]
    products: bool = False
    bar: bool = True
    portable: bool = True

    def hand(self) -> Any:
        """The hand-written function in NumPy."""
        return self.by_hand(np, *self.arguments)

    def run(self) -> Any:
        """The compiled program."""
        return self.ours(*self.arguments)


def trials(sizes: Sizes) -> list[Trial]:
    """The programs at one size."""
    return [
        *(build(sizes) for build in (chain, entrywise, network, fixed, circulant, deep_sets)),
        *_further(sizes),
    ]


def _further(sizes: Sizes) -> list[Trial]:
    """Those whose hand-written side is for NumPy alone."""
    batch, width, points = sizes.batch, sizes.width, min(sizes.points, 12)
    ties = [further.pairs_of_points(batch, points)]
    if sizes is LARGE:
        ties.append(further.by_fourier(64, 1024))
    barred = [further.residual(batch, width, sizes.depth), further.columns_first(batch, width), *ties]
    others = [
        further.attention(min(batch, 16), min(width // 2, 64), min(width // 2, 64)),
        further.two_cases(batch, width),
        further.slopes(batch, width),
    ]
    return [
        Trial(name, ours, partial(_on_numpy, by_hand), given, bar=bar, portable=False)
        for bar, group in ((True, barred), (False, others))
        for name, ours, by_hand, given in group
    ]


def _on_numpy(by_hand: Callable[..., Any], xp: Any, *given: Any) -> Any:
    return by_hand(*given)


def _numbers(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


def chain(sizes: Sizes) -> Trial:
    """``tanh(W₂₄ … tanh(W₁ x))`` with the matrices as parameters."""
    n = sizes.width
    model = reduce(rshift, [linear(n, n) >> activation("tanh", n) for _ in range(sizes.depth)])
    weights = tuple(_numbers(n, n) / np.float32(n) ** 0.5 for _ in range(sizes.depth))

    def by_hand(xp: Any, weights: Any, x: Any) -> Any:
        for w in reversed(weights):
            x = xp.tanh(x @ w.T)
        return x

    return Trial("chain of layers", compile_arrow(model), by_hand, (weights, _numbers(sizes.batch, n)), True)


def entrywise(sizes: Sizes) -> Trial:
    """A chain of functions entry by entry."""
    shape, third = R(sizes.width), sizes.depth // 3
    steps = [smooth("sin", shape), smooth("times", shape, 2), smooth("square", shape)] * third

    def by_hand(xp: Any, x: Any) -> Any:
        for _ in range(third):
            x = xp.sin(x) * 2
            x = x * x
        return x

    return Trial(
        "chain entry by entry", compile_arrow(reduce(rshift, steps)), by_hand, (_numbers(sizes.batch, sizes.width),)
    )


def network(sizes: Sizes) -> Trial:
    """A network of dense layers with biases and ``relu``, its weights as parameters."""
    widths = (2 * sizes.width, sizes.width, sizes.width, max(2, sizes.width // 16))
    layers = [linear(a, b) >> bias(b) for a, b in pairwise(widths)]
    model = layers[0] >> activation("relu", widths[1]) >> layers[1] >> activation("relu", widths[2]) >> layers[2]
    weights = tuple(_numbers(*p.shape) / np.float32(max(p.shape)) ** 0.5 for p in model.params)

    def by_hand(xp: Any, weights: Any, x: Any) -> Any:
        b3, w3, b2, w2, b1, w1 = weights
        x = xp.maximum(x @ w1.T + b1, 0)
        x = xp.maximum(x @ w2.T + b2, 0)
        return x @ w3.T + b3

    return Trial("network", compile_arrow(model), by_hand, (weights, _numbers(sizes.batch, widths[0])), True)


def fixed(sizes: Sizes) -> Trial:
    """The same layers with weights that are constants of the term; the hand-written side transposed them before."""
    n = min(sizes.width, 64)
    matrices, offsets = [_numbers(n, n) / np.float32(n) for _ in range(4)], [_numbers(n) for _ in range(4)]

    def layer(w: Any, b: Any) -> Arrow:
        offset = terminal(R(n)) >> constant(b)
        return constant_matrix(w) >> pair(ident(R(n)), offset) >> smooth("add", R(n) * R(n)) >> smooth("tanh", R(n))

    term = reduce(rshift, [layer(w, b) for w, b in zip(matrices, offsets, strict=True)])
    turned = [np.ascontiguousarray(w.T) for w in matrices]

    def by_hand(xp: Any, x: Any) -> Any:
        for w, b in zip(turned, offsets, strict=True):
            x = xp.tanh(x @ w + b)
        return x

    return Trial("network, weights known", compile_arrow(term), by_hand, (_numbers(sizes.batch, n),))


def circulant(sizes: Sizes) -> Trial:
    """A circular convolution: the tied matrix read off θ by one gather, and one product."""
    n = sizes.points
    model = convolution(cyclic(n).defining)
    index = _labels(n)

    def by_hand(xp: Any, theta: Any, x: Any) -> Any:
        return x @ theta[index].T

    return Trial("tied: circulant", compile_arrow(model), by_hand, (_numbers(n), _numbers(sizes.batch, n)))


def _labels(n: int) -> Any:
    from catcore.equivariance import equivariant_maps

    v = cyclic(n).defining
    return np.asarray(equivariant_maps(v, v).labels) - 1


def deep_sets(sizes: Sizes) -> Trial:
    """The layer of Deep Sets: ``θ₀ x + θ₁ (the sum of the others)``."""
    from catcore.equivariance import equivariant_maps

    n = sizes.points
    v = symmetric(n).defining
    own = int(np.asarray(equivariant_maps(v, v).labels)[0, 0]) - 1

    def by_hand(xp: Any, theta: Any, x: Any) -> Any:
        return (theta[own] - theta[1 - own]) * x + theta[1 - own] * x.sum(axis=1, keepdims=True)

    return Trial("tied: Deep Sets", compile_arrow(convolution(v)), by_hand, (_numbers(2), _numbers(sizes.batch, n)))


# ---- measuring ---------------------------------------------------------------------------------------------------


def compared(ours: Callable[[], Any], peer: Callable[[], Any], seconds: float) -> tuple[float, float]:
    """The shortest times of both in microseconds, taken in turn in blocks of about a millisecond."""
    ours(), peer()
    count = max(1, int(1e-3 / max(_seconds(ours, 3), 1e-7)))
    stop = time.perf_counter() + seconds
    best = [float("inf"), float("inf")]
    while time.perf_counter() < stop:
        for i, run in enumerate((ours, peer)):
            best[i] = min(best[i], _seconds(run, count))
    return 1e6 * best[0], 1e6 * best[1]


def _seconds(run: Callable[[], Any], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        run()
    return (time.perf_counter() - start) / count


def measured(trial: Trial, sizes: Sizes, seconds: float, bars: tuple[float, float]) -> list[Row]:
    """The rows of a program: against NumPy, and against JAX where it is here."""
    apart = max(map(_apart, _parts(trial.run()), _parts(trial.hand())))
    rows = [_row(trial, sizes, "NumPy by hand", trial.hand, seconds, bars[0] if trial.bar else None, apart)]
    if jax is not None and trial.portable:
        rows.append(_row(trial, sizes, "jax.jit", _jitted(trial), seconds, bars[1] if trial.products else None, apart))
    return rows


def _parts(found: Any) -> list[Any]:
    return [part for whole in found for part in _parts(whole)] if isinstance(found, tuple) else [np.asarray(found)]


def _apart(found: Any, expected: Any) -> float:
    return float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max()))


def _row(
    trial: Trial, sizes: Sizes, peer: str, run: Callable[[], Any], seconds: float, bar: float | None, apart: float
) -> Row:
    mine, other = compared(trial.run, run, seconds)
    ratio = mine / other
    met = apart < 1e-4 and (bar is None or ratio <= bar)
    return {
        "program": trial.name, "shape": sizes.name, "peer": peer, "ours µs": mine, "peer µs": other, "ratio": ratio,
        "bar": bar, "met": "yes" if met else "no", "apart": apart,
    }  # fmt: skip


def _jitted(trial: Trial) -> Callable[[], Any]:
    jnp = import_module("jax.numpy")
    compiled = jax.jit(lambda *given: trial.by_hand(jnp, *given))
    given = jax.tree.map(jnp.asarray, trial.arguments)
    return lambda: compiled(*given).block_until_ready()


def compiling(repeats: int) -> Row:
    """How long compiling takes: terms of 50 nodes that were never seen before, the shortest of a few."""
    best = min(milliseconds(partial(compile_arrow, _fifty(turn))) for turn in range(repeats))
    return {
        "program": "compiling 50 nodes, ms", "shape": "–", "peer": "–", "ours µs": 1000 * best, "ratio": best,
        "bar": COMPILING, "met": "yes" if best <= COMPILING else "no",
    }  # fmt: skip


def _fifty(turn: int) -> Arrow:
    """50 primitives on pairs, sums and functions of their own width."""
    shape = R(3 + turn)
    term: Arrow = ident(shape)
    for k in range(25):
        step = smooth(("tanh", "sin", "relu", "sigmoid", "square")[k % 5], shape)
        term = term >> pair(step, ident(shape)) >> smooth("add", shape * shape)
    return term


def _jax() -> Any:
    """JAX with one thread, or None where it is not installed."""
    if find_spec("jax") is None:
        return None
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return import_module("jax")


jax = _jax()


def main(argv: Sequence[str] | None = None) -> int:
    """The table, and 1 where a bar is missed or a number is wrong."""
    parser = arguments(__doc__.partition("\n")[0])
    parser.add_argument("--only", metavar="WORD", help="the programs whose name holds this word")
    chosen = parser.parse_args(argv)
    rows: list[Row] = []
    with one_core():
        for sizes in (QUICK,) if chosen.quick else (TINY, LARGE):
            bars = (20.0, 20.0) if chosen.quick else (BAR, JAX_BAR)
            for trial in trials(sizes):
                if chosen.only is None or chosen.only in trial.name:
                    rows += measured(trial, sizes, 0.05 if chosen.quick else 2.0, bars)
        rows.append(compiling(3 if chosen.quick else 10))
    print(table(rows, COLUMNS))
    by_hand = [row["ratio"] for row in rows if row["peer"] == "NumPy by hand" and row["bar"] is not None]
    summary = {
        "rows": len(rows), "worst over NumPy": max(by_hand, default=None),
        "missed": sum(row["met"] == "no" for row in rows), "dtype": "float32", "threads": 1,
        "JAX": jax.__version__ if jax else "not installed",
    }  # fmt: skip
    return finish(rows, summary, chosen.json, passed=all(row["met"] == "yes" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
