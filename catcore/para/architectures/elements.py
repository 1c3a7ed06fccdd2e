"""Smooth primitives on generic elements, their shapes read off the elements: formulas read as they are written."""

from __future__ import annotations

from typing import Any

from catcore.categories.smooth import smooth
from catcore.objects import Ob


def on(name: str, *values: Any, at: tuple[Any, ...] = ()) -> Any:
    """The primitive ``name`` applied to one element or two; ``at`` holds its parameters."""
    first = shape_of(values[0])
    dom = first if len(values) == 1 else first * shape_of(values[1])
    return smooth(name, dom, *at)(*values)


def shape_of(value: Any) -> Ob:
    """The object that an element belongs to."""
    found: Ob = value.infer().type
    return found


def plus(*values: Any) -> Any:
    """The sum of elements of one shape."""
    total = values[0]
    for value in values[1:]:
        total = on("add", total, value)
    return total


def apply(matrix: Any, x: Any) -> Any:
    """``W x``."""
    return on("matmul", matrix, x)


def slices(x: Any, count: int, *, axis: int = 0) -> list[Any]:
    """An axis cut into so many equal stretches."""
    extent = shape_of(x).args[axis] // count
    return [on("narrow", x, at=(axis, k * extent, (k + 1) * extent)) for k in range(count)]
