"""Run tasks by their names, all of them by default."""

from __future__ import annotations

import itertools as it
import sys
from collections.abc import Callable, Sequence

from tests.learning.tasks import learnable
from tests.learning.tasks.circuits import bits, one_bit
from tests.learning.tasks.components import LOSSES, OPTIMISERS, grid
from tests.learning.tasks.digits import positions
from tests.learning.tasks.flowers import iris
from tests.learning.tasks.pictures import flattening, weights_of
from tests.learning.tasks.shifts import learned_equivariance
from tests.learning.tasks.structures import formulas, parity, roses
from tests.learning.tasks.xor import xor


def _bits() -> str:
    return f"{one_bit()} of the 4 functions of one bit; irises as four bits, circuit: {bits():.3f}"


def _digits() -> str:
    tied, untied = positions()
    return f"digits at unseen places: {tied:.3f} tied by translations, {untied:.3f} dense"


def _parity() -> str:
    seen, longer = parity()
    return f"parity of lists, folding network: {seen:.3f} of the lists seen, {longer:.3f} of longer ones"


def _formulas() -> str:
    seen, larger = formulas()
    return f"values of formulas, recursive network: {seen:.3f} of those seen, {larger:.3f} of larger ones"


def _roses() -> str:
    seen, deeper = roses()
    return f"values of formulas, network over rose trees: {seen:.3f} of those seen, {deeper:.3f} of deeper ones"


def _grid() -> str:
    found = grid()
    lines = [f"{'loss after, before':18}" + "".join(f"{loss:>20}" for loss in LOSSES)]
    for o in OPTIMISERS:
        cells = [f"{after:9.3f} ({before:.3f})" for before, after in (found[o, loss] for loss in LOSSES)]
        lines.append(f"{o:18}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def _flat() -> str:
    dense, tied, window = weights_of(28)
    lost = flattening(3, 4)
    weights = f"28 × 28 pixels: {dense} weights dense, {tied} with translations, {window} in a window"
    return f"{lost.law}: {lost.status}, {lost.counterexample}\n{weights}"


def _shifts() -> str:
    found = learned_equivariance()
    lines = [f"{'local equivariance error':26}" + "".join(f"{what:>14}" for what in found["moved"])]
    return "\n".join(lines + [f"{k:26}" + "".join(f"{v:14.4f}" for v in row.values()) for k, row in found.items()])


def _learnable() -> str:
    runs = it.product(learnable.TASKS, learnable.SPLITS, range(3))
    rows = [(*run, learnable.learned(run[0], run[1], seed=run[2])) for run in runs]
    lines = [
        f"{name:12} {split} seed {seed}  {found.seen:6.3f}  {found.unseen:6.3f}" for name, split, seed, found in rows
    ]
    return "\n".join(["dense network               seen  unseen", *lines])


TASKS: dict[str, Callable[[], str]] = {
    "iris": lambda: f"irises, dense network: {iris():.3f} of the training samples",
    "bits": _bits,
    "digits": _digits,
    "xor": lambda: f"exclusive or, path of layers: {xor()} of 4",
    "parity": _parity,
    "formulas": _formulas,
    "roses": _roses,
    "grid": _grid,
    "flat": _flat,
    "shifts": _shifts,
    "learnable": _learnable,
}


def main(names: Sequence[str]) -> int:
    """Run the named tasks; exit status 2 for a name that there is not."""
    unknown = [name for name in names if name not in TASKS]
    if unknown:
        print(f"There is no task {unknown[0]!r}; the tasks are {', '.join(TASKS)}.", file=sys.stderr)
        return 2
    for name in names or TASKS:
        print(TASKS[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
