"""Layers: the time of every kind over the dense product of the same shape, forward and in training.

``python -m tests.benchmarks.layers`` builds each layer, checks it against the dense product, and times both in turn on
batches of 1024 in single precision, NumPy against NumPy and PyTorch against PyTorch, each with its own default number
of threads.  The dense side is given its matrix for nothing.  *forward* keeps the parameters, as in use; *training* has
new parameters every time and also takes both derivatives, against three dense products.  Repetitions of both take
turns, and which goes first takes turns too; a ratio is that of the shortest times, since whatever else a machine does
only ever adds.  Where a bar is missed both are looked at for longer.  ``--quick`` takes small sizes, compares the
numbers, and judges only what no noise can change.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from catcore.equivariance import Group, Representation, cyclic, dihedral, equivariant_maps, symmetric
from catcore_backends import Layer
from catcore_backends.layers.methods.choosing import Candidates
from tests.benchmarks import Row, arguments, finish, milliseconds, shortest, table

COLUMNS = ("layer", "shape", "library", "method", "what", "ours ms", "dense ms", "ratio", "bar", "met")
BATCH = 1024
USUAL = 1.05
#: Repetitions of a row, as far as they fit into so many seconds, and how much longer a row is looked at that misses.
REPETITIONS = 40
PATIENCE = 0.6
LONGER = 30


class Written:
    """A tying pattern written down, for kinds that no group is behind."""

    def __init__(self, labels: Any) -> None:
        self.labels = np.asarray(labels, dtype=np.int32)
        self.shape, self.dim = self.labels.shape, int(np.abs(self.labels).max())

    def basis_array(self, dtype: Any) -> Any:
        """Never needed: there is a pattern."""
        raise NotImplementedError


class Powers(Written):
    """The maps between tensor powers of S_n, found in a moment: the labels of which indices agree."""

    def __init__(self, n: int, k: int, l: int) -> None:
        index = [np.arange(n).reshape(-1, *[1] * (k + l - 1 - p)) for p in range(k + l)]
        code: Any = np.zeros((n,) * (k + l), dtype=np.int32)
        for a in range(k + l):
            for b in range(a):
                code = 2 * code + (index[a] == index[b])
        _, labels = np.unique(code.reshape(-1), return_inverse=True)
        super().__init__(1 + labels.reshape(n**l, n**k))


class Rotated:
    """A space without a pattern: a circulant one seen in another basis."""

    def __init__(self, n: int) -> None:
        turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(n, n)))
        shifts = [np.roll(np.eye(n), k, axis=0) for k in range(0, n, max(1, n // 16))]
        self.arrays = np.stack([turn @ shift @ turn.T for shift in shifts])
        self.labels, self.shape, self.dim = None, (n, n), len(shifts)

    def basis_array(self, dtype: Any) -> Any:
        """The basis, dense."""
        return self.arrays.astype(dtype)


@dataclass(frozen=True)
class Kind:
    """One kind of layer: how its space is made, at a usual and at a quick size, and the bar of its forward pass."""

    name: str
    make: Callable[[int], Any]
    size: int
    quick: int
    bar: float = USUAL
    channels: tuple[int, int] = (1, 1)


def _shift(n: int) -> Any:
    v = cyclic(n).defining
    return equivariant_maps(v, v)


def _torus(n: int) -> Any:
    v = (cyclic(n) * cyclic(n)).defining
    return equivariant_maps(v, v)


def _mirror(n: int) -> Any:
    v = dihedral(n).defining
    return equivariant_maps(v, v)


def _square(n: int) -> Any:
    """Translations, quarter turns and reflections of an n×n torus (p4m)."""
    i, j = (x.reshape(-1) for x in np.indices((n, n)))
    moves = {"a": ((i + 1) % n) * n + j, "b": i * n + (j + 1) % n, "r": j * n + (-i) % n, "m": i * n + (-j) % n}
    v = Group.permutations({name: move.tolist() for name, move in moves.items()}).defining
    return equivariant_maps(v, v)


def _strided(n: int) -> Any:
    """Translations of n points by two, and of n/2 points by one (T1.12 u)."""
    group = cyclic(n // 2)
    points = Representation.permutation(group, {"s": [(i + 2) % n for i in range(n)]})
    return equivariant_maps(points, group.defining)


def _causal(n: int) -> Any:
    """The zero-filling shift (T2.1), its pattern written down: the lower triangular Toeplitz matrices."""
    difference = np.arange(n)[:, None] - np.arange(n)[None, :]
    return Written(np.where(difference >= 0, difference + 1, 0))


def _local(n: int) -> Any:
    """A 3×3 kernel on an n×n torus: a translation layer in which far weights are 0."""
    i, j = np.indices((n, n)).reshape(2, -1)
    di, dj = ((x[:, None] - x[None, :] + 1) % n for x in (i, j))
    return Written(np.where((di < 3) & (dj < 3), 1 + 3 * di + dj, 0))


def _weights(n: int) -> Any:
    """Scaling with 16 different weights (T1.12 t): one block of free entries a weight."""
    weight = np.arange(n) % 16
    same = weight[:, None] == weight[None, :]
    return Written(np.where(same, np.cumsum(same).reshape(n, n), 0))


def _tied_at_random(n: int) -> Any:
    """A pattern with no structure at all."""
    return Written(np.random.default_rng(0).integers(1, n, size=(n, n)))


KINDS = (
    Kind("DeepSets", lambda n: Powers(n, 1, 1), 4096, 1024, 0.1),
    Kind("S_n, 2→2", lambda n: Powers(n, 2, 2), 64, 24, 0.25),
    Kind("circulant", _shift, 4096, 1024, 0.25),
    Kind("DeepSets, small", lambda n: Powers(n, 1, 1), 256, 64),
    Kind("S_n, 2→2, small", lambda n: Powers(n, 2, 2), 16, 8),
    Kind("S_n, 2→1", lambda n: Powers(n, 2, 1), 64, 24),
    Kind("S_n, 1→2", lambda n: Powers(n, 1, 2), 64, 24),
    Kind("S_n, 3→1", lambda n: Powers(n, 3, 1), 16, 8),
    Kind("circulant, small", _shift, 256, 64),
    Kind("circulant, length prime", _shift, 1021, 127),
    Kind("torus n×n", _torus, 48, 16),
    Kind("torus with turns and mirrors", _square, 48, 12),
    Kind("mirror-symmetric circulant", _mirror, 1024, 128),
    Kind("strided", _strided, 2048, 256),
    Kind("causal", _causal, 1024, 128),
    Kind("3×3 kernel on a torus", _local, 48, 16),
    Kind("scaling weights", _weights, 1024, 128),
    Kind("pattern without structure", _tied_at_random, 768, 96),
    Kind("space without pattern", Rotated, 512, 64),
    Kind("DeepSets, 16→16 channels", lambda n: Powers(n, 1, 1), 128, 16, channels=(16, 16)),
    Kind("circulant, 16→16 channels", _shift, 128, 16, channels=(16, 16)),
    Kind("S_n, 2→2, 8→8 channels", lambda n: Powers(n, 2, 2), 16, 4, channels=(8, 8)),
    Kind("3×3 kernel, 8→8 channels", _local, 16, 8, channels=(8, 8)),
)


@dataclass(frozen=True)
class Library:
    """An array library, and its dense product."""

    name: str
    array: Callable[[Any], Any]

    @staticmethod
    def here() -> list[Library]:
        """NumPy, and PyTorch where it is installed."""
        found = [Library("numpy", lambda x: x)]
        if importlib.util.find_spec("torch"):
            import torch

            found.append(Library("torch", torch.from_numpy))
        return found


class Trial:
    """A layer and the dense product of its shape, on the same numbers."""

    def __init__(self, kind: Kind, library: Library, space: Any) -> None:
        self.layer = Layer(space, channels=kind.channels, backend=library.name)
        c_in, c_out = kind.channels
        n_out, n_in = space.shape
        rng = np.random.default_rng(1)

        def random(*shape: int) -> Any:
            return library.array(rng.normal(size=shape).astype(np.float32))

        self.theta = random(*self.layer.parameters_shape)
        self.thetas = [random(*self.layer.parameters_shape) for _ in range(4)]
        self.x, self.ybar = random(BATCH, c_in, n_in), random(BATCH, c_out, n_out)
        self.flat = self.x.reshape(BATCH, c_in * n_in)
        self.out = self.ybar.reshape(BATCH, c_out * n_out)
        self.steps = 0

    @cached_property
    def matrix(self) -> Any:
        """The dense matrix."""
        W = self.layer.matrix(self.theta)
        return W.reshape(self.out.shape[1], self.flat.shape[1])

    def forward(self) -> Any:
        """Our layer, its parameters unchanged."""
        return self.layer(self.theta, self.x)

    def dense(self) -> Any:
        """The product with a matrix that is there already."""
        return self.flat @ self.matrix.T

    def training(self) -> Any:
        """One step: parameters that were not seen last time, forward, both derivatives."""
        self.steps += 1
        theta = self.thetas[self.steps % len(self.thetas)]
        return self.layer(theta, self.x), self.layer.vjp(theta, self.x, self.ybar)

    def dense_training(self) -> Any:
        """Three products with a matrix that is there already."""
        return self.flat @ self.matrix.T, self.out.T @ self.flat, self.out @ self.matrix

    def right(self) -> bool:
        """Whether forward and both derivatives agree with the dense ones, in single precision."""
        y, expected = np.asarray(self.forward()).reshape(BATCH, -1), np.asarray(self.dense())
        theta_bar, x_bar = (np.asarray(a) for a in self.layer.vjp(self.theta, self.x, self.ybar))
        x_expected = np.asarray(self.out @ self.matrix).reshape(BATCH, -1)
        plain = Candidates(self.layer.space).dense
        host = np.asarray(self.out.T @ self.flat)
        n_out, n_in = self.layer.space.shape
        c_in, c_out = self.layer.channels
        entries = host.reshape(c_out, n_out, c_in, n_in).transpose(1, 3, 0, 2).reshape(n_out * n_in, c_out, c_in)
        import array_api_compat.numpy as xp

        collected = plain.entries.collect(xp, entries)  # type: ignore[attr-defined]
        return _close(y, expected) and _close(x_bar.reshape(BATCH, -1), x_expected) and _close(theta_bar, collected)


def _close(found: Any, expected: Any) -> bool:
    scale = float(np.abs(expected).max(initial=1e-30))
    return bool(np.abs(found - expected).max(initial=0.0) <= 2e-4 * scale)


def compared(
    ours: Callable[[], Any], peer: Callable[[], Any], bar: float | None, *, quick: bool
) -> tuple[float, float, float]:
    """The shortest times of both, and their ratio; each is warmed up first."""
    found: dict[Callable[[], Any], list[float]] = {ours: [], peer: []}
    ours(), peer()

    def look(repetitions: int, seconds: float) -> float:
        end = time.perf_counter() + seconds
        for number in range(repetitions):
            for measure in (ours, peer) if number % 2 else (peer, ours):
                found[measure].append(milliseconds(measure))
            if number >= 4 and time.perf_counter() > end:
                break
        return min(found[ours]) / min(found[peer])

    ratio = look(3, PATIENCE) if quick else look(REPETITIONS, PATIENCE)
    for _ in range(LONGER):
        if quick or bar is None or ratio <= bar:
            break
        ratio = look(REPETITIONS, PATIENCE)
    return min(found[ours]), min(found[peer]), ratio


def measured(kind: Kind, library: Library, space: Any, *, quick: bool) -> list[Row]:
    """Two rows: forward and training."""
    trial = Trial(kind, library, space)
    right, rows = trial.right(), []
    for what, ours, peer in (
        ("forward", trial.forward, trial.dense),
        ("training", trial.training, trial.dense_training),
    ):
        bar = _bar(kind, what, trial.layer.method, quick=quick)
        mine, theirs, ratio = compared(ours, peer, bar, quick=quick)
        met = right and (bar is None or ratio <= bar)
        shape = f"{trial.flat.shape[1]}→{trial.out.shape[1]}"
        rows.append({
            "layer": kind.name, "shape": shape, "library": library.name, "method": trial.layer.method, "what": what,
            "ours ms": mine, "dense ms": theirs, "ratio": ratio, "bar": bar, "right": right,
            "met": "yes" if met else "no" if right else "wrong",
        })  # fmt: skip
    return rows


def unformed(n: int) -> Row:
    """S_n, 2→2 where the matrix has n⁴ entries: the layer against the span's own rule, which forms no matrix either."""
    square = symmetric(n).defining.tensor(2)
    space = equivariant_maps(square, square)
    layer = space.layer(backend="numpy")
    rng = np.random.default_rng(1)
    theta = rng.normal(size=layer.parameters_shape).astype(np.float32)
    x = rng.normal(size=(2, 1, n * n)).astype(np.float32)
    right = _close(layer(theta, x)[:, 0], space.apply(theta[:, 0, 0], x[:, 0]))
    return {
        "layer": "S_n, 2→2, never formed, batch 2", "shape": f"{n * n}→{n * n}", "library": "numpy",
        "method": layer.method, "what": "forward", "ours ms": shortest(lambda: layer(theta, x), 3),
        "right": right, "met": "yes" if right else "wrong",
    }  # fmt: skip


def _bar(kind: Kind, what: str, method: str, *, quick: bool) -> float | None:
    """Forward is judged everywhere; training where there is structure, since a dense product of new parameters has to
    write its matrix out and add its gradient up besides."""
    if quick:
        return 1.0 if kind.bar == 0.1 else None
    return kind.bar if what == "forward" else None if method == "dense" else USUAL


def main(argv: Sequence[str] | None = None) -> int:
    """The table, and 1 where a bar is missed or a number is wrong."""
    parser = arguments(__doc__.partition("\n")[0])
    parser.add_argument("--only", metavar="WORD", help="the kinds whose name holds this word")
    chosen = parser.parse_args(argv)
    rows: list[Row] = []
    for kind in KINDS:
        if chosen.only is None or chosen.only in kind.name:
            space = kind.make(kind.quick if chosen.quick else kind.size)
            for library in Library.here():
                rows += measured(kind, library, space, quick=chosen.quick)
    if chosen.only is None:
        rows.append(unformed(100 if chosen.quick else 2000))
    print(table(rows, COLUMNS))
    return finish(rows, _summary(rows), chosen.json, passed=all(row["met"] == "yes" for row in rows))


def _summary(rows: Sequence[Row]) -> Row:
    judged = [row for row in rows if row.get("ratio") is not None]
    return {
        "rows": len(rows), "wrong": sum(not row["right"] for row in rows),
        "missed": sum(row["met"] == "no" for row in rows),
        "worst forward": max(row["ratio"] for row in judged if row["what"] == "forward"),
        "worst training": max(row["ratio"] for row in judged if row["what"] == "training"),
        "torch": "beside" if importlib.util.find_spec("torch") else "not installed",
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
