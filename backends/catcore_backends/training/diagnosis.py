"""Where infinity or NaN came from: the step is run again, statement by statement."""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import array_namespace

from catcore_backends.batches import arrays
from catcore_backends.compiler.compiling import Compiled
from catcore_backends.libraries.conversion import on_host
from catcore_backends.training.row_by_row import RowByRow


def is_finite(batch: Any) -> bool:
    """Whether all reals of a batch are finite, by their sums."""
    return bool(np.isfinite(float(_total(batch))))


def outcome(xp: Any, loss: Any, state: Any) -> tuple[float, bool]:
    """A loss, and whether it and all reals of a state are finite; they are read once, since a read waits for a GPU."""
    found, total = on_host(xp.stack([loss, xp.astype(_total(state) + loss, loss.dtype)])).tolist()
    return found, bool(np.isfinite(total))


def _total(batch: Any) -> Any:
    """The sum of all reals of a batch, which is finite only if each of them is."""
    return sum(array_namespace(x).sum(x) for x in arrays(batch) if "float" in str(x.dtype))


def culprit(program: Compiled | RowByRow, xp: Any, x: Any) -> str:
    """The first statement of a program whose value is not finite, in words; the input if that is not."""
    if not is_finite(x):
        return "the data or the weights that went in"
    names = dict(program.code.linked(xp, program.dtype, general=True).__globals__) | {"x": x, "batch": 1}
    for statement in program.code.general.statements:
        exec(statement.line(), names)
        values = tuple(names[name] for name in statement.name.split(", "))
        if not is_finite(_reals(values)):
            return f"the term {statement.remark or 'there'}, in the statement {statement.line().partition('  #')[0]}"
    return "nothing that a second run shows"


def _reals(value: Any) -> tuple[Any, ...]:
    return tuple(a for a in arrays(value) if "float" in str(getattr(a, "dtype", "")))
