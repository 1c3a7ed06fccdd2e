"""Cells: recurrent and recursive networks beside PyTorch, with the same weights.

``python -m tests.benchmarks.cells`` folds batches of lists with the vanilla, the GRU and the LSTM cell of
``catcore.para.architectures`` and compares with ``nn.RNN``, ``nn.GRU`` and ``nn.LSTM`` (batch 64, length 128, width
256, float32, last state, equal to 1e-5); and it folds 256 random trees of 50 leaves with the recursive network beside a
recursion in PyTorch that calls the cell at each node.  A ratio is that of the shortest times, taken in turn in one run:
ours over PyTorch's for the lists, and PyTorch's over ours for the trees.  Both run on one core with one thread: the
products of a cell are so small that two threads gain little, and lose all where another process wants a core, which is
what ratios would tell otherwise.  PyTorch is the peer where it is installed; without it our times stand alone.  The
tables of lists and trees are made once.  ``--quick`` takes few and small ones, compares the numbers, and judges by bars
that no noise can reach.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from catcore import Id, ParaMap, R, fold, mu
from catcore.datatypes import datatype
from catcore.para import architectures as arch
from catcore_backends import compile_arrow
from catcore_backends.recursion.forests import forest_from_tables, forest_of_lists
from tests.benchmarks import Measure, Row, arguments, finish, milliseconds, one_core, table
from tests.benchmarks.recursion import random_tables

COLUMNS = ("problem", "parameters", "ours ms", "peer ms", "ratio", "bar", "difference", "met")
CLOSE = 1e-5

torch: Any = import_module("torch") if find_spec("torch") else None


@dataclass(frozen=True)
class Sizes:
    """How large the problems are."""

    batch: int = 64
    length: int = 128
    width: int = 256
    trees: int = 256
    repeats: int = 7
    slower: float = 1.5  # the lists: at most so many times PyTorch's time
    faster: float = 20.0  # the trees: at least so many times as fast as the recursion


QUICK = Sizes(8, 16, 32, 16, 3, 50.0, 0.5)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed or numbers differ."""
    options = arguments(__doc__ or "").parse_args(argv)
    sizes = QUICK if options.quick else Sizes()
    with one_core():
        rows = [_list_row(name, sizes) for name in CELLS] + [_tree_row(sizes)]
    print(table(rows, COLUMNS))
    peer = torch.__version__ if torch is not None else "not installed"
    passed = all(row["met"] for row in rows)
    return finish(rows, {"peer": f"PyTorch {peer}", "threads": 1}, options.json, passed=passed)


def _compared(ours: Measure, peer: Measure | None, repeats: int) -> tuple[float, float, float]:
    """The shortest times, taken in turn, and ours over the peer's."""
    mine = theirs = float("inf")
    for _ in range(repeats):
        mine = min(mine, milliseconds(ours))
        theirs = min(theirs, milliseconds(peer)) if peer else float("nan")
    return mine, theirs, mine / theirs


# ---- lists -------------------------------------------------------------------------------------------------------


def _plain(module: Any) -> list[Any]:
    w, u, b, c = (p.detach().numpy() for p in module.parameters())
    return [w, u, b + c]


def _gated(module: Any) -> list[Any]:
    w, u, b, c = (p.detach().numpy() for p in module.parameters())
    h = len(c) // 3
    return [w, u, np.concatenate([(b + c)[: 2 * h], b[2 * h :]]), c[2 * h :]]


#: Name: our step, PyTorch's module, its weights as ours.
CELLS: dict[str, tuple[Callable[[int, int], ParaMap], str, Callable[[Any], list[Any]]]] = {
    "nn.RNN": (arch.rnn_cell, "RNN", _plain),
    "nn.GRU": (lambda i, h: arch.gru_cell(i, h, reset="after"), "GRU", _gated),
    "nn.LSTM": (arch.lstm_cell, "LSTM", _plain),
}


def _list_row(name: str, sizes: Sizes) -> Row:
    step_of, kind, weights_of = CELLS[name]
    n = sizes.width
    step, lists = step_of(n, n), mu(1 + R(n) * Id)
    run = compile_arrow(fold(lists, arch.folding(step)))
    x = np.random.default_rng(0).normal(size=(sizes.batch, sizes.length, n)).astype(np.float32)
    # a fold begins at the end of a list and PyTorch at its head
    forest = forest_of_lists(lists, np.ascontiguousarray(x[:, ::-1]))
    module, weights = _module(kind, n, step, weights_of)
    peer = None if module is None else lambda: _last(module, x)
    given = tuple(weights)

    def ours() -> Any:
        return run(given, forest)

    difference = 0.0 if peer is None else float(np.abs(_state(ours()) - peer()).max())
    mine, theirs, ratio = _compared(ours, peer, sizes.repeats)
    return {
        "problem": f"{name}, {sizes.batch} lists of {sizes.length}", "parameters": step.count(), "ours ms": mine,
        "peer ms": theirs, "ratio": ratio, "bar": sizes.slower, "difference": difference,
        "met": peer is None or (ratio <= sizes.slower and difference <= CLOSE),
    }  # fmt: skip


def _module(kind: str, n: int, step: ParaMap, weights_of: Callable[[Any], list[Any]]) -> tuple[Any, list[Any]]:
    if torch is None:
        rng = np.random.default_rng(1)
        return None, [(rng.normal(size=p.shape) / n).astype(np.float32) for p in step.params]
    torch.manual_seed(0)
    module = getattr(torch.nn, kind)(n, n, batch_first=True)
    return module, weights_of(module)


def _last(module: Any, x: Any) -> Any:
    with torch.no_grad():
        state = module(torch.from_numpy(x))[1]
    return (state[0] if isinstance(state, tuple) else state)[0].numpy()


def _state(found: Any) -> Any:
    return found[0] if isinstance(found, tuple) else found


# ---- trees -------------------------------------------------------------------------------------------------------


def _tree_row(sizes: Sizes) -> Row:
    tables, n = random_tables(sizes.trees), 8
    trees = datatype(R(n) + Id * Id, "Leaf", "Node")
    cell = arch.tree_cell(n, n)
    run = compile_arrow(fold(trees.fixed, cell))
    names = np.repeat([0, 1], [len(tables.leaves), len(tables.left)])
    leaves = tables.leaves.astype(np.float32)
    forest = forest_from_tables(trees.fixed, names, [[], [tables.left, tables.right]], [[leaves], []], tables.roots)
    rng = np.random.default_rng(2)
    weights = tuple((rng.normal(size=p.shape) / 3).astype(np.float32) for p in cell.params)

    def ours() -> Any:
        return run(weights, forest)

    peer = None if torch is None else _recursion(tables, leaves, weights)
    difference = 0.0 if peer is None else float(np.abs(ours() - peer()).max())
    mine, theirs, ratio = _compared(ours, peer, sizes.repeats)
    return {
        "problem": f"recursive network, {sizes.trees} trees of 50 leaves", "parameters": cell.count(), "ours ms": mine,
        "peer ms": theirs, "ratio": 1 / ratio, "bar": sizes.faster, "difference": difference,
        "met": peer is None or (1 / ratio >= sizes.faster and difference <= CLOSE),
    }  # fmt: skip


def _recursion(tables: Any, leaves: Any, weights: Any) -> Measure:
    """The network as one writes it in PyTorch: a function that calls itself at both branches."""
    u, w, v, b = map(torch.from_numpy, weights)
    labels = torch.from_numpy(leaves)
    left, right, count = tables.left.tolist(), tables.right.tolist(), len(leaves)

    def value(node: int) -> Any:
        if node < count:
            return u @ labels[node]
        return torch.tanh(w @ value(left[node - count]) + v @ value(right[node - count]) + b)

    def run() -> Any:
        with torch.no_grad():
            return torch.stack([value(root) for root in tables.roots.tolist()]).numpy()

    return run


if __name__ == "__main__":
    sys.exit(main())
