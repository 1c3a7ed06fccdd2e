"""What programs for NumPy say in a shorter way: some primitives, and the doors of the input.

A program for NumPy is for reals of one floating point dtype and knows it, so numbers can be arrays made before, and
arrays can be written over.  What starts an operation counts where arrays are small: a door that an array fits is an
expression, and only what does not fit is looked at by a function, which says why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from catcore_backends.compiler.hoisting import COMMON

_DOOR = re.compile(r"(leaf|parts)\((.*?), (.*)\)")


def _sigmoid(writer: Any, x: Any) -> Any:
    """``eˣ / (1 + eˣ)``, which is 1 in all digits from some x on; so far eˣ is finite."""
    e = _exp_below(writer, x)
    return e / (e + 1)


def _softplus(writer: Any, x: Any) -> Any:
    """``log (1 + eˣ)``, which is x in all digits from some x on and greater before."""
    return writer.maximum(x, writer.log1p(_exp_below(writer, x)))


def _exp_below(writer: Any, x: Any) -> Any:
    """The exponential of what is cut off where ``1 + e⁻ˣ`` is 1."""
    end = writer.written("xp.asarray(-1.25 * xp.log(xp.finfo({}).eps))", [x.dtype], (), dtype=x.dtype, real=True)
    return writer.exp(writer.clip(x, writer.number(-math.inf), end))


#: What NumPy says in fewer operations than the array API, or in faster ones, for reals of one floating point dtype.
NUMPY_FORMS: dict[str, Callable[..., Any]] = {
    "relu": lambda writer, x: writer.clip(x, writer.number(0), writer.number(math.inf)),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
}


def quick_door(template: str, shape: tuple[int, ...] | None) -> tuple[str, str] | None:
    """A door as the part of the input that it is about and an expression for that part; None where it has no such.

    Args:
        template: the door, a call of ``leaf`` or ``parts``.
        shape: that of an element of a leaf, where it is known.
    """
    found = _DOOR.fullmatch(template)
    if found is None or (found[1] == "leaf" and shape is None):
        return None
    word, part, rest = found.groups()
    x = "x" if part == "x" else "{0}"
    rest = rest.replace("{}", "{1}")
    fits = f"tuple and len({x}) == {rest[0]}" if shape is None else f"ndarray and {_has_shape(x, shape, rest)}"
    return part, f"{x} if type({x}) is {fits} else {word}({x}, {rest})"


def _has_shape(x: str, shape: tuple[int, ...], rest: str) -> str:
    """Whether an array is a batch of elements of a shape, with as many rows as others if that number is known."""
    if "{1}" in rest:
        return f"{x}.shape == ({{1}}, {', '.join(map(str, shape))})"
    if len(shape) > 1:
        return f"{x}.shape[1:] == {shape}"
    return " and ".join([f"{x}.ndim == {1 + len(shape)}", *(f"{x}.shape[1] == {n}" for n in shape)])


def of_one_dtype(rows: Sequence[str], given: str | None) -> tuple[str, tuple[str, ...]]:
    """The statement that leaves a batch to another program unless all its reals have the dtype of this one.

    Args:
        rows: the names of the reals of the batch.
        given: the name of the dtype that the reals of the parameters have in common.
    """
    holes = ", ".join("{}" for _ in rows)
    tests = " or ".join([*([f"{{}} is not {COMMON}"] if given else []), *("{}.dtype is not dtype" for _ in rows)])
    found = f"alike({'{}' if given else None}, {holes})" if rows else "{}"
    found = f"{{}} and {found}" if rows and given else found
    first = (given,) if given else ()
    again = (given, given, *rows) if given and rows else (*first, *rows)
    return f"if {tests}: return other(x, batch, {found})", (*first, *rows, *again)


__all__ = ["NUMPY_FORMS", "of_one_dtype", "quick_door"]
