"""Training: a step of a network, and a folding recurrent network forwards and backwards, beside PyTorch.

``python -m tests.benchmarks.training`` takes one training step of a 784-256-256-10 network with Adam on a batch of 128
(model, cross-entropy, gradients and optimiser in one compiled program), and the value and gradient of a folding network
``h ↦ tanh(U x + W h + b)`` of width 256 on 64 lists of 128 vectors, by the level engine backwards.  The peers are the
same in eager PyTorch on the CPU: ``nn.Linear``, ``CrossEntropyLoss`` and ``torch.optim.Adam``, and ``nn.RNN``.  Both
start from the same weights, and their losses are compared.  A ratio is the median over repetitions of our time over
PyTorch's, which were taken one after the other, each with one thread.  The forest of lists is made once.
The rows on memory say how far the peak of a process rises that makes the problem and takes a few steps, each library in
a process of its own (:mod:`tests.benchmarks._memory`).
``--quick`` takes small shapes for the times, compares the numbers, and judges times by a bar that no noise can reach.
Where PyTorch is not installed there is nothing to compare with, and our times and peaks stand alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from catcore import Id, One, R, arrow, smooth
from catcore.datatypes.parametric import parametric_fold
from catcore.learning.losses import softmax_cross_entropy
from catcore.learning.optimisers import adam
from catcore.objects import mu
from catcore.para.architectures import feed_forward
from catcore_backends import compile_arrow, gradient
from catcore_backends.batches import arrays, mapped
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.training import initial_weights
from catcore_backends.training.steps import problem
from tests.benchmarks import Row, arguments, finish, milliseconds, table
from tests.benchmarks._memory import can_measure, megabytes

torch: Any = import_module("torch") if find_spec("torch") else None

COLUMNS = ("problem", "peer", "what", "ours", "theirs", "ratio", "bar", "met", "loss apart")
MEMORY = 1.5  # the bar for memory, also of a quick run: it depends on no clock


@dataclass(frozen=True)
class Sizes:
    """The shapes of one run."""

    layers: tuple[int, ...] = (784, 256, 256, 10)
    batch: int = 128
    width: int = 256
    lists: int = 64
    length: int = 128
    repeats: int = 15


SMALL, FULL = Sizes((32, 16, 16, 4), 16, 8, 4, 6, 3), Sizes()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed or a number is wrong."""
    options = arguments(__doc__ or "").parse_args(argv)
    sizes = SMALL if options.quick else FULL
    bars = (50.0, 50.0) if options.quick else (1.5, 2.0)
    with threadpool_limits(1):
        if torch:
            torch.set_num_threads(1)
        rows = [_times(make(sizes), bar, sizes.repeats) for make, bar in zip(CONTESTS, bars, strict=True)]
    rows += [_memory(contest) for contest in CONTESTS if can_measure()]
    print(table(rows, COLUMNS))
    passed = all(row["met"] and row.get("loss apart", 0.0) < 1e-4 for row in rows)
    peer = "PyTorch " + torch.__version__ if torch else "not installed"
    return finish(rows, {"threads": 1, "dtype": "float32", "peer": peer}, options.json, passed=passed)


def _times(contest: Any, bar: float, repeats: int) -> Row:
    """How long a step takes, and how far apart the losses of the first one are."""
    first = contest.ours()
    row: Row = {"problem": contest.name, "what": "ms", "bar": bar}
    if not torch:
        ours = median(milliseconds(contest.ours) for _ in range(repeats))
        return row | {"ours": ours, "met": bool(np.isfinite(first))}
    other = contest.theirs()
    times = [(milliseconds(contest.ours), milliseconds(contest.theirs)) for _ in range(repeats)]
    ours, theirs = (median(t[side] for t in times) for side in (0, 1))
    ratio, apart = median(ours / theirs for ours, theirs in times), abs(first - other) / max(1.0, abs(other))
    return row | _compared(ours, theirs, ratio, bar) | {"loss apart": apart}


def _memory(contest: type[Contest]) -> Row:
    """How much memory a step takes."""
    row: Row = {"problem": contest.named(FULL), "what": "MB", "bar": MEMORY}
    module = __spec__.name
    ours = megabytes(module, contest.__name__, "ours")
    if not torch:
        return row | {"ours": ours, "met": True}
    theirs = megabytes(module, contest.__name__, "theirs")
    return row | _compared(ours, theirs, ours / theirs, MEMORY)


def _compared(ours: float, theirs: float, ratio: float, bar: float) -> Row:
    return {"peer": "PyTorch", "ours": ours, "theirs": theirs, "ratio": ratio, "met": ratio <= bar}


class Contest:
    """A problem that both libraries solve; at which sizes."""

    small, full = SMALL, FULL

    @staticmethod
    def named(sizes: Sizes) -> str:
        """What is done."""
        raise NotImplementedError


class Step(Contest):
    """One training step of a network of dense layers."""

    @staticmethod
    def named(sizes: Sizes) -> str:
        """What is done."""
        return f"step of {'-'.join(map(str, sizes.layers))}, batch {sizes.batch}, Adam"

    def __init__(self, sizes: Sizes) -> None:
        self.name = self.named(sizes)
        model = feed_forward(*sizes.layers)
        of = problem(model, softmax_cross_entropy, lambda p: adam(p, step=1e-3), -1)
        self.step = of.compiled(sizes.batch, "numpy", "float32", None)
        rng = np.random.default_rng(0)
        self.x = rng.normal(size=(sizes.batch, sizes.layers[0])).astype(np.float32)
        self.places = rng.integers(sizes.layers[-1], size=sizes.batch)
        self.y = np.eye(sizes.layers[-1], dtype=np.float32)[self.places]
        weights = mapped(lambda w: w[None].astype(np.float32), initial_weights(model.whole))
        start = mapped(lambda s: s.astype(np.float32), compile_arrow(of.optimiser.start, dtype="float64")((), batch=1))
        self.state = (start, weights)
        self.peer: Any = _Peer(weights, self.x, self.places) if torch else None

    def ours(self) -> float:
        """One step; the loss of the batch."""
        loss, self.state = self.step((self.x, self.y), self.state)
        return float(loss[0])

    def theirs(self) -> float:
        """One step of PyTorch."""
        return float(self.peer.step())


class _Peer:
    """The same network in PyTorch, from the same weights."""

    def __init__(self, weights: Any, x: Any, places: Any) -> None:
        layers: list[Any] = []
        parameters = list(arrays(weights))  # later layers first, of each the bias before the matrix
        for w, b in zip(parameters[::-2], parameters[-2::-2], strict=True):
            linear = torch.nn.Linear(w.shape[2], w.shape[1])
            linear.weight.data, linear.bias.data = torch.tensor(w[0]), torch.tensor(b[0])
            layers += [linear, torch.nn.ReLU()]
        self.network = torch.nn.Sequential(*layers[:-1])
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-3)
        self.loss = torch.nn.CrossEntropyLoss()
        self.x, self.y = torch.tensor(x), torch.tensor(places)

    def step(self) -> float:
        """Forwards, backwards and one step of Adam."""
        self.optimiser.zero_grad()
        loss = self.loss(self.network(self.x), self.y)
        loss.backward()
        self.optimiser.step()
        return float(loss.item())


class Recurrent(Contest):
    """The value and the gradient of a folding recurrent network over a batch of lists."""

    @staticmethod
    def named(sizes: Sizes) -> str:
        """What is done."""
        return f"folding network of width {sizes.width}, {sizes.lists} lists of {sizes.length}"

    def __init__(self, sizes: Sizes) -> None:
        n = sizes.width
        self.name = self.named(sizes)
        lists, cell, weights = mu(1 + R(n) * Id), _cell(n), R(n, n) * (R(n, n) * R(n))
        energy = smooth("square", R(n)) >> smooth("sum", R(n))
        self.run = gradient(parametric_fold(lists, cell) >> energy)
        self.weights = mapped(lambda w: w.astype(np.float32), initial_weights(weights))
        items = np.random.default_rng(0).normal(size=(sizes.lists, sizes.length, n)).astype(np.float32)
        self.lists = forest_of_lists(lists, items)
        if torch:
            self._peer(items)

    def _peer(self, items: Any) -> None:
        n = items.shape[2]
        self.network = torch.nn.RNN(n, n, batch_first=True)
        u, (w, b) = self.weights
        state: Any = self.network.state_dict()
        given = {"weight_ih_l0": u, "weight_hh_l0": w, "bias_ih_l0": b, "bias_hh_l0": np.zeros_like(b)}
        self.network.load_state_dict({name: torch.tensor(given[name]) for name in state})
        self.items = torch.tensor(items[:, ::-1].copy())  # a fold starts from the end of a list

    def ours(self) -> float:
        """Forwards and backwards."""
        values, _ = self.run((self.weights, self.lists))
        return float(values.sum())

    def theirs(self) -> float:
        """Forwards and backwards in PyTorch."""
        self.network.zero_grad()
        _, last = self.network(self.items)
        total = (last**2).sum()
        total.backward()
        return float(total.item())


def _cell(n: int) -> Any:
    """``nil ↦ 0``, ``cons(x, h) ↦ tanh(U x + W h + b)``."""
    from catcore.categories.smooth import constant

    state = R(n)
    weights = R(n, n) * (R(n, n) * state)
    add, product, tanh = smooth("add", state * state), smooth("matmul", R(n, n) * state), smooth("tanh", state)
    zero = arrow(One, state)(lambda _: smooth("fill", R(), (n,))(constant(0)(())))

    def cell(x: Any) -> Any:
        (u, (w, b)), layer = (x[0][0], (x[0][1][0], x[0][1][1])), x[1]
        return layer.case(
            inl=lambda point: zero(point),
            inr=lambda c: tanh(add(add(product(u, c[0]), product(w, c[1])), b)),
        )

    return arrow(weights * (One + state * state), state)(cell)


CONTESTS = (Step, Recurrent)

if __name__ == "__main__":
    sys.exit(main())
