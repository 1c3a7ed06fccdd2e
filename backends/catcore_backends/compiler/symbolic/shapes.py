"""Shapes that are known while compiling, except for the number of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Unwritten(Exception):
    """A rule does what cannot be written down as operations on arrays of known shapes."""


@dataclass(frozen=True)
class Extent:
    """A number of rows that is known only when the program runs: a Python expression of the program."""

    template: str
    operands: tuple[str, ...] = ()

    def __mul__(self, other: Any) -> Extent:
        if other == 1:
            return self
        if not isinstance(other, int):
            raise Unwritten("a product of two numbers of rows")
        return Extent(f"{self.template} * {other}", self.operands)

    __rmul__ = __mul__

    def __index__(self) -> int:
        raise Unwritten("a number of rows is not known while compiling")

    def __lt__(self, other: Any) -> bool:
        raise Unwritten("which of two numbers of rows is smaller is not known while compiling")

    __gt__ = __le__ = __ge__ = __lt__

    def __bool__(self) -> bool:
        raise Unwritten("whether there are rows is not known while compiling")


Size = int | Extent


@dataclass(frozen=True)
class Dtype:
    """The dtype of an array of the program, or one by its name."""

    template: str
    operands: tuple[str, ...] = ()


def broadcast(a: Sequence[Size], b: Sequence[Size]) -> tuple[Size, ...]:
    """The shape of what is combined entry by entry."""
    n = max(len(a), len(b))
    a, b = (1,) * (n - len(a)) + tuple(a), (1,) * (n - len(b)) + tuple(b)
    return tuple(_wider(x, y) for x, y in zip(a, b, strict=True))


def _wider(a: Size, b: Size) -> Size:
    if a == b or (isinstance(b, int) and b == 1):
        return a
    if isinstance(a, int) and a == 1:
        return b
    raise Unwritten(f"extents {a} and {b}")


def completed(old: Sequence[Size], new: tuple[Size, ...]) -> tuple[Size, ...]:
    """The new shape with a −1 in it computed."""
    if -1 not in [n for n in new if isinstance(n, int)]:
        return new
    place = next(i for i, n in enumerate(new) if n == -1)
    unknown = [n for n in old if isinstance(n, Extent)]
    kept = [n for n in new if isinstance(n, Extent)]
    if unknown != kept:
        raise Unwritten("a reshape of rows")
    known = math.prod(n for i, n in enumerate(new) if isinstance(n, int) and i != place)
    total = math.prod(n for n in old if isinstance(n, int))
    return (*new[:place], total // known if known else 0, *new[place + 1 :])


def indexed(shape: Sequence[Size], index: tuple[Any, ...]) -> tuple[list[Size], str]:
    """The shape of a part of an array, and the index as text."""
    taken = sum(1 for i in index if i is not None and i is not Ellipsis)
    if not any(part is Ellipsis for part in index):
        index = (*index, Ellipsis)
    found: list[Size] = []
    texts: list[str] = []
    rest = list(shape)
    for part in index:
        if part is None:
            found.append(1)
            texts.append("None")
        elif part is Ellipsis:
            count = len(shape) - taken
            found += rest[:count]
            del rest[:count]
            texts += ["..."] if count or len(index) == 1 else []
        elif isinstance(part, int):
            rest.pop(0)
            texts.append(str(part))
        elif isinstance(part, slice):
            size = rest.pop(0)
            found.append(_sliced(size, part))
            bounds = (part.start, part.stop) if part.step is None else (part.start, part.stop, part.step)
            texts.append(":".join("" if n is None else str(n) for n in bounds))
        else:
            raise Unwritten("an index that is an array")
    return found, ", ".join(texts)


def _sliced(size: Size, part: slice) -> Size:
    if part == slice(None):
        return size
    if not isinstance(size, int):
        raise Unwritten("some of the rows")
    return len(range(*part.indices(size)))
