"""0-cells, wires and words of wires: what string diagrams are drawn on (THEORY T4.2).

A wire ``F : C → D`` separates the region ``D`` on its left from the region ``C`` on its right, so that words of wires
read as composites do on a board: ``G @ F`` is ``G F``, first ``F``.

>>> C, D = ZeroCell("C"), ZeroCell("D")
>>> print(Wire("G", D, C) @ Wire("F", C, D))
G F
"""

from __future__ import annotations

from typing import Any

from catcore.errors import IllTyped, NotComposable
from catcore.expressions import Expression


def check_name(what: str, names: tuple[Any, ...], rest: bool) -> None:
    """Refuse a name that is no short printable text, or when the rest is wrong."""
    good = [isinstance(name, str) and name != "" and name.isprintable() and len(name) <= 80 for name in names]
    if good != [True] or not rest:
        raise IllTyped(f"{what} is given by a short printable name and 0-cells or words, and {names!r} was given.")


class ZeroCell(Expression):
    """A 0-cell, known by its name: a region of the plane."""

    __slots__ = ()

    def _build(self) -> None:
        check_name("A 0-cell", self.args[:1], len(self.args) == 1)

    @property
    def name(self) -> str:
        """The name of the 0-cell."""
        return str(self.args[0])

    def __str__(self) -> str:
        return self.name


#: The one 0-cell of a monoidal category, where wires are objects and boxes are arrows.
POINT = ZeroCell("•")


#: The one 0-cell of a monoidal category, where wires are objects and boxes are arrows.
POINT = ZeroCell("•")


class Wire(Expression):
    """A generating 1-cell ``name : source → target``; without 0-cells, an object of a monoidal category.

    Raises:
        IllTyped: when the name is no short text or the ends are no 0-cells.
    """

    __slots__ = ()

    def __new__(cls, name: str, source: ZeroCell = POINT, target: ZeroCell = POINT) -> Wire:
        """Return the one wire with this name and these ends."""
        return super().__new__(cls, name, source, target)

    def _build(self) -> None:
        check_name("A wire", self.args[:1], all(isinstance(end, ZeroCell) for end in self.args[1:]))

    @property
    def name(self) -> str:
        """The name of the wire."""
        return str(self.args[0])

    @property
    def source(self) -> ZeroCell:
        """The region on the right."""
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def target(self) -> ZeroCell:
        """The region on the left."""
        return self.args[2]  # type: ignore[no-any-return]

    def __matmul__(self, other: object) -> Any:
        return as_path(self) @ other

    def __pow__(self, count: int) -> Path:
        """The word of ``count`` copies."""
        return as_path(self) ** count

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        ends = "" if self.args[1:] == (POINT, POINT) else f", {self.source!r}, {self.target!r}"
        return f"Wire({self.name!r}{ends})"


class Path(Expression):
    """A 1-cell: ``Path(C, G, F)`` is the word ``G F`` that starts in the 0-cell ``C``; ``Path(C)`` is the identity.

    Raises:
        NotComposable: when two neighbours do not meet.
    """

    __slots__ = ()

    def __new__(cls, source: ZeroCell = POINT, *wires: Wire) -> Path:
        """Return the one word with these wires."""
        return super().__new__(cls, source, *wires)

    def _build(self) -> None:
        if not isinstance(self.args[0], ZeroCell) or not all(isinstance(w, Wire) for w in self.args[1:]):
            raise IllTyped(f"A word is a 0-cell followed by wires, and Path{self.args!r} was asked for.")
        end = self.source
        for wire in reversed(self.wires):
            if wire.source is not end:
                raise NotComposable(
                    f"In the word {self} the wire {wire} starts in {wire.source}, and what stands on its right ends in "
                    f"{end}; in G @ F the source of G must be the target of F."
                )
            end = wire.target

    @property
    def source(self) -> ZeroCell:
        """The region right of all wires."""
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def target(self) -> ZeroCell:
        """The region left of all wires."""
        return self.wires[0].target if self.wires else self.source

    @property
    def wires(self) -> tuple[Wire, ...]:
        """The wires, from left to right."""
        return self.args[1:]

    def __len__(self) -> int:
        return len(self.args) - 1

    def __bool__(self) -> bool:
        return True

    def __matmul__(self, other: object) -> Any:
        if not isinstance(other, Wire | Path):
            return NotImplemented
        right = as_path(other)
        if self.source is not right.target:
            raise NotComposable(
                f"The word {self} starts in {self.source} and {right} ends in {right.target}, so they cannot stand "
                "side by side; in G @ F the source of G must be the target of F."
            )
        return Path(right.source, *self.wires, *right.wires)

    def __pow__(self, count: int) -> Path:
        """The word repeated ``count`` times, for a 1-cell from a 0-cell to itself."""
        if type(count) is not int or count < 0:
            raise IllTyped(f"A power of the word {self} takes a number n ≥ 0, and {count!r} was given.")
        return Path(self.source, *(self.wires * count))

    def slice(self, start: int, stop: int) -> Path:
        """The wires number ``start`` to ``stop - 1``, as a word."""
        source = self.wires[stop].target if stop < len(self) else self.source
        return Path(source, *self.wires[start:stop])

    def __str__(self) -> str:
        return " ".join(wire.name for wire in self.wires) or f"1_{self.source}"


def as_path(value: object) -> Path:
    """A wire or a word as a word; raises ``IllTyped`` for anything else."""
    if isinstance(value, Path):
        return value
    if isinstance(value, Wire):
        return Path(value.source, value)
    raise IllTyped(f"A wire or a word of wires is needed, and {value!r} was given; use Wire(…), Path(…), F @ G.")
