"""What programs for NumPy say in a shorter way: some primitives, and the doors of the input.

A program for NumPy is for reals of one floating point dtype and knows it, so numbers can be arrays made before, and
arrays can be written over.  What starts an operation counts where arrays are small: a door that an array fits is an
expression, and only what does not fit is looked at by a function, which says why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
#: The value of relu at −0 is −0 here and 0 elsewhere, which are equal; only a reciprocal tells them apart.
NUMPY_FORMS: dict[str, Callable[..., Any]] = {
    "relu": lambda writer, x: writer.clip(x, writer.number(0), writer.number(math.inf)),
    "sigmoid": _sigmoid,
    "softplus": _softplus,
}


@dataclass(frozen=True)
class Door:
    """A door that lets through at once what fits.

    Args:
        part: the part of the input that it is about, ``x`` or an expression with a hole.
        refusal: the call that says what does not fit, with holes for the part and for the number of rows.
        extents: the shape of an element; None for a pair or a triple.
        size: how many parts a pair or a triple has.
        counted: whether the number of rows is known from an array before.
    """

    part: str
    refusal: str
    extents: tuple[int, ...] | None
    size: int = 0
    counted: bool = False

    @property
    def template(self) -> str:
        """The part if it fits, as an expression."""
        x = "x" if self.part == "x" else "{0}"
        if self.extents is None:
            fits = f"tuple and len({x}) == {self.size}"
        elif self.counted:
            fits = f"ndarray and {x}.shape == ({{1}}, {', '.join(map(str, self.extents))})"
        elif len(self.extents) > 1:
            fits = f"ndarray and {x}.shape[1:] == {self.extents}"
        else:
            rows = [f"{x}.ndim == {1 + len(self.extents)}", *(f"{x}.shape[1] == {n}" for n in self.extents)]
            fits = f"ndarray and {' and '.join(rows)}"
        return f"{x} if type({x}) is {fits} else {self.refusal}"

    def tests(self, x: str, name: str, rows: str, known: str, leave: str) -> list[str]:
        """The statements that name the part ``x`` and its number of ``rows``, or leave where it does not fit."""
        if self.extents is None:
            return [f"if type({x}) is not tuple or len({x}) != {self.size}: {leave}", f"{name} = {x}"]
        ends = [f"n{i}" for i in range(len(self.extents))]
        wrong = [f"{end} != {n}" for end, n in zip(ends, self.extents, strict=True)]
        wrong += [f"{rows} != {known}"] if self.counted else []
        taken = ["try:", f"    {', '.join([rows, *ends])}{'' if ends else ','} = {x}.shape"]
        taken += ["except ValueError:", f"    {(ends or [rows])[0]} = None"]  # to leave when no error is under way
        tests = [f"if {' or '.join(wrong or [f'{rows} is None'])}: {leave}"]
        return [f"if type({x}) is not ndarray: {leave}", *taken, *tests, f"{name} = {x}"]


def quick_door(template: str, shape: tuple[int, ...] | None) -> Door | None:
    """A call of ``leaf`` or ``parts`` as a door that lets through at once what fits; None where it has no such form.

    Args:
        template: the call.
        shape: that of an element of a leaf, where it is known.
    """
    found = _DOOR.fullmatch(template)
    if found is None or (found[1] == "leaf" and shape is None):
        return None
    word, part, rest = found.groups()
    refusal = f"{word}({'x' if part == 'x' else '{0}'}, {rest.replace('{}', '{1}')})"
    if word == "parts":
        return Door(part, refusal, None, size=int(rest[0]))
    return Door(part, refusal, shape, counted="{}" in rest)


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


__all__ = ["NUMPY_FORMS", "Door", "of_one_dtype", "quick_door"]
