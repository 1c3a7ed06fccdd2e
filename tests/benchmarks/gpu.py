"""The GPU: compiled programs on CuPy beside CuPy by hand, beside the dense product, and beside NumPy on the host.

``python -m tests.benchmarks.gpu --json FILE`` runs where a CUDA device answers: a network forwards, a chain of
elementwise operations, a small network as a CUDA graph, a tying pattern by connected components, three tied layers, a
fold over trees, a training step of Adam, and a law of finite sets with four million elements.  *by hand* is the same
computation written in CuPy, *one by one* our program without fused runs, *without graph* the same launches one after
the other, *dense* the product with the dense matrix, and *host* the same compiled term on NumPy.  A ratio is the
median over repetitions of our time over the peer's; both wait for the device.  Files of real runs, with device,
versions and date, belong in ``tests/benchmarks/results``.

Where no device answers, the same code is rehearsed on NumPy, or on what stands for a device, with small shapes: the
numbers are compared, no time is kept, and nothing is said about a GPU.  ``--quick`` takes small shapes on the device,
too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any

import numpy as np

from catcore import FinSet, finite_map, fold, fst, ident, pair, smooth, snd
from catcore.equivariance import cyclic, equivariant_maps, symmetric
from catcore.errors import BackendMissing
from catcore.learning.losses import softmax_cross_entropy
from catcore.learning.optimisers import adam
from catcore.objects import R
from catcore.para.architectures import feed_forward
from catcore_backends import compile_arrow, get_backend
from catcore_backends.batches import arrays, mapped
from catcore_backends.compiler.linking import link
from catcore_backends.training import initial_weights
from catcore_backends.training.steps import problem
from catcore_proofs import prove
from tests.benchmarks import Measure, Row, arguments, finish, table
from tests.benchmarks.recursion import Problem as Forests
from tests.benchmarks.recursion import Trees

COLUMNS = ("problem", "peer", "ours ms", "peer ms", "ratio", "bar", "met", "apart")
#: Against CuPy by hand, against the dense product where there is structure, and against NumPy on the host.
BY_HAND, STRUCTURE, HOST = 1.05, 0.25, 1.0
#: Against our own program launched operation by operation, and against the same launches without a graph.
FUSED, GRAPH = 0.25, 0.75
#: How far numbers in single precision may lie apart, relative to the largest.
TOLERANCE = 2e-4
#: The names of what answers as a device and is none: `tests.backends.emulated_cuda` and `tests.backends.cupy_stand_in`.
NO_DEVICE = ("an emulated device", "a stand-in for a device")


@dataclass(frozen=True)
class Device:
    """Where the programs run: a CUDA device through CuPy, or NumPy in a rehearsal."""

    backend: str
    name: str
    xp: Any

    @staticmethod
    def here() -> Device:
        """The current CUDA device, or NumPy where none answers."""
        try:
            xp = get_backend("cupy").namespace()
        except BackendMissing:
            return Device("numpy", "", get_backend("numpy").namespace())
        from cupy.cuda import runtime

        return Device("cupy", runtime.getDeviceProperties(runtime.getDevice())["name"].decode(), xp)

    @property
    def measured(self) -> bool:
        """Whether a time taken here says anything."""
        return bool(self.name) and self.name not in NO_DEVICE

    def wait(self) -> None:
        """Return when all that was asked of the device is done."""
        if self.name:
            from cupy.cuda import runtime

            runtime.deviceSynchronize()

    def put(self, x: Any) -> Any:
        """A nested batch of host arrays, on the device."""
        return mapped(self.xp.asarray, x)

    def host(self, x: Any) -> list[Any]:
        """The arrays of a nested batch, on the host."""
        return [np.asarray(a.get() if hasattr(a, "get") else a) for a in arrays(x)]


@dataclass(frozen=True)
class Contest:
    """One computation, done by us and by peers, each peer with its bar."""

    name: str
    ours: Measure
    peers: dict[str, tuple[Measure, float]]


def forward(device: Device, *, small: bool) -> Contest:
    """A network of dense layers on a batch."""
    widths, batch = ((8, 6, 6, 3), 4) if small else ((784, 1024, 1024, 10), 4096)
    rng, model = np.random.default_rng(0), feed_forward(*widths)
    weights = tuple(w.astype(np.float32) for w in arrays(initial_weights(model.whole)))
    x = rng.normal(size=(batch, widths[0])).astype(np.float32)
    here, there = compile_arrow(model, device.backend), compile_arrow(model, "numpy")
    given, there_given = (device.put(weights), device.put(x)), (weights, x)
    xp, parameters = device.xp, given[0]
    layers = list(zip(parameters[::-2], parameters[-2::-2], strict=True))

    def by_hand() -> Any:
        y = given[1]
        for k, (w, b) in enumerate(layers):
            y = y @ w.T + b
            y = y if k == len(layers) - 1 else xp.where(y > 0, y, 0)
        return y

    name = f"forward {'-'.join(map(str, widths))}, batch {batch}"
    peers = {"by hand": (by_hand, BY_HAND), "host": (lambda: there(there_given), HOST)}
    return Contest(name, lambda: here(given), peers)


def chain(device: Device, *, small: bool) -> Contest:
    """Twelve rounds of ``x ↦ tanh(x + sin x)``, one kernel where the library is CuPy."""
    n, batch = (4, 3) if small else (1024, 4096)
    step = pair(ident(R(n)), smooth("sin", R(n))) >> smooth("add", R(n) * R(n)) >> smooth("tanh", R(n))
    term = step
    for _ in range(11):
        term = term >> step
    x = np.random.default_rng(0).normal(size=(batch, n)).astype(np.float32)
    here, there, given, xp = compile_arrow(term, device.backend), compile_arrow(term), device.put(x), device.xp
    fused, single = link(here.code.fused, xp), link(here.code.general, xp)

    def by_hand() -> Any:
        y = given
        for _ in range(12):
            y = xp.tanh(y + xp.sin(y))
        return y

    peers = {
        "by hand": (by_hand, FUSED),
        "one by one": (lambda: single(given, batch), FUSED),
        "host": (lambda: there(x), HOST),
    }
    return Contest(f"36 elementwise operations, {batch} × {n}", lambda: fused(given, batch), peers)


def graph(device: Device, *, small: bool) -> Contest:
    """A deep network of small layers, which is launches and little else, as one CUDA graph; a rehearsal has none."""
    widths, batch = (8,) * (4 if small else 33), 16
    model = feed_forward(*widths)
    weights = tuple(w.astype(np.float32) for w in arrays(initial_weights(model.whole)))
    x = np.random.default_rng(0).normal(size=(batch, widths[0])).astype(np.float32)
    run, given = compile_arrow(model, device.backend), (device.put(weights), device.put(x))
    captured = run.captured(*given) if device.name else run
    peers = {"without graph": (lambda: run(*given), GRAPH)}
    return Contest(f"{len(widths) - 1} layers of width 8, batch {batch}", lambda: captured(*given), peers)


def pattern(device: Device, *, small: bool) -> Contest:
    """The tying pattern of circulant matrices by connected components."""
    turns = cyclic(16 if small else 2048).defining
    space = equivariant_maps(turns, turns)
    peers = {"host": (lambda: space.labels_on("numpy"), HOST)}
    return Contest(f"pattern of {turns.degree**2} entries", lambda: space.labels_on(device.backend), peers)


def layer(device: Device, name: str, space: Any, *, small: bool) -> Contest:
    """A tied layer and the dense product of its shape."""
    made, host = space.layer(backend=device.backend), space.layer(backend="numpy")
    rng = np.random.default_rng(0)
    theta = rng.normal(size=made.parameters_shape).astype(np.float32)
    x = rng.normal(size=(4 if small else 1024, 1, space.shape[1])).astype(np.float32)
    given, matrix = (device.put(theta), device.put(x)), device.put(host.matrix(theta).reshape(space.shape))
    peers: dict[str, tuple[Measure, float]] = {
        "dense": (lambda: (given[1][:, 0] @ matrix.T)[:, None], STRUCTURE),
        "host": (lambda: host(theta, x), HOST),
    }
    return Contest(f"{name}, {space.shape[1]}→{space.shape[0]}", lambda: made(*given), peers)


def folds(device: Device, *, small: bool) -> Contest:
    """The fold of random trees, level by level."""
    trees = Forests(20 if small else 10_000)
    forest, run = trees.forest.over(device.xp), compile_arrow(fold(Trees.fixed, trees.algebra()), device.backend)
    return Contest(f"fold of {trees.count} trees", lambda: run(forest), {"host": (trees.by_engine, HOST)})


def training(device: Device, *, small: bool) -> Contest:
    """A step of Adam, forwards and backwards, from the same state each time."""
    widths, batch = ((8, 6, 3), 4) if small else ((784, 1024, 1024, 10), 1024)
    model, rng = feed_forward(*widths), np.random.default_rng(0)
    of = problem(model, softmax_cross_entropy, lambda p: adam(p, step=1e-3), -1)
    sample = (
        rng.normal(size=(batch, widths[0])).astype(np.float32),
        np.eye(widths[-1], dtype=np.float32)[rng.integers(widths[-1], size=batch)],
    )
    start = compile_arrow(of.optimiser.start, dtype="float64")((), batch=1)
    state = mapped(lambda s: s.astype(np.float32), (start, mapped(lambda w: w[None], initial_weights(model.whole))))
    here, there = (of.compiled(batch, b, "float32", None) for b in (device.backend, "numpy"))
    given = (device.put(sample), device.put(state))
    name = f"step of Adam, {'-'.join(map(str, widths))}, batch {batch}"
    return Contest(name, lambda: here(*given), {"host": (lambda: there(sample, state), HOST)})


def law(device: Device, *, small: bool) -> Contest:
    """Exhaustive evaluation: currying and evaluating a table of a product of finite sets."""
    n = 20 if small else 2000
    a, b = FinSet(n), FinSet(5)
    table = finite_map(a * a, b, tuple((3 * i + i // n) % 5 for i in range(n * n)))
    turned = finite_map(b, b, (1, 2, 3, 4, 0))
    back = finite_map(b, b, (4, 0, 1, 2, 3))
    swapped = pair(snd(a, a), fst(a, a))
    lhs = swapped >> swapped >> table >> turned >> back

    def verdict(backend: str) -> Measure:
        return lambda: np.asarray([float(prove(lhs, table, backend=backend).evidence == "exhaustive")])

    return Contest(f"a law at {n * n} elements", verdict(device.backend), {"host": (verdict("numpy"), HOST)})


def contests(device: Device, *, small: bool) -> Iterator[Contest]:
    """All of them, each made when it is its turn, so that the memory of the one before is free again."""
    square = symmetric(5 if small else 64).defining.tensor(2)
    points, turns = symmetric(16 if small else 4096).defining, cyclic(16 if small else 4096).defining
    yield forward(device, small=small)
    yield chain(device, small=small)
    yield graph(device, small=small)
    yield pattern(device, small=small)
    yield layer(device, "DeepSets", equivariant_maps(points, points), small=small)
    yield layer(device, "S_n, 2→2", equivariant_maps(square, square), small=small)
    yield layer(device, "circulant", equivariant_maps(turns, turns), small=small)
    yield folds(device, small=small)
    yield training(device, small=small)
    yield law(device, small=small)


def rows(device: Device, contest: Contest, *, small: bool) -> Iterator[Row]:
    """One row for each peer."""
    for peer, (theirs, bar) in contest.peers.items():
        apart = _apart(device, contest.ours(), theirs())
        row: Row = {"problem": contest.name, "peer": peer, "apart": apart, "right": apart <= TOLERANCE}
        if device.name:
            pairs = [(_timed(device, contest.ours), _timed(device, theirs)) for _ in range(3 if small else 21)]
            row |= _times(pairs, None if small else bar) if device.measured else {}
        row["met"] = row["right"] and (row.get("bar") is None or row["ratio"] <= row["bar"])
        yield row


def _times(pairs: Sequence[tuple[float, float]], bar: float | None) -> Row:
    ours, theirs = (median(times) for times in zip(*pairs, strict=True))
    return {"ours ms": ours, "peer ms": theirs, "ratio": median(a / b for a, b in pairs), "bar": bar}


def _apart(device: Device, found: Any, expected: Any) -> float:
    pairs = zip(device.host(found), device.host(expected), strict=True)
    return max(float(np.abs(a - b).max(initial=0) / max(1.0, np.abs(b).max(initial=0))) for a, b in pairs)


def _timed(device: Device, run: Measure) -> float:
    device.wait()
    start = time.perf_counter()
    run()
    device.wait()
    return 1000 * (time.perf_counter() - start)


def _versions() -> dict[str, str]:
    found = {}
    for package in ("numpy", "cupy-cuda12x", "cupy-cuda13x", "array-api-compat"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run what there is a device for; exit status 1 when a bar is missed or a number is wrong."""
    options, device = arguments(__doc__ or "").parse_args(argv), Device.here()
    small = options.quick or not device.measured
    found = [row for contest in contests(device, small=small) for row in rows(device, contest, small=small)]
    print(table(found, COLUMNS))
    if not device.measured:
        print(f"no GPU answers: the programs were rehearsed on {device.name or 'NumPy'}, and nothing was measured")
    summary: Row = {"device": device.name or "none", "date": date.today().isoformat(), **_versions()}
    summary |= {"wrong": sum(not row["right"] for row in found)}
    return finish(found, summary, options.json, passed=all(row["met"] for row in found))


if __name__ == "__main__":
    sys.exit(main())
