"""Where a program stands while it is emitted: in which branch of which case distinctions, and what rows are live there.

The rows that a branch concerns are where a conjunction of tags holds.  The conjunction is formed once for each branch,
from that of the branch around it, and values are masked where an operation reads them, not where the branch begins: a
value that is only moved about, or handed on to a branch within, costs nothing, so the masks of n nested cases are O(n).

Each name has the branch that its dead rows are safe for.  What is computed from masked rows has safe rows, so it is not
masked again; what is computed from nothing but constants is safe everywhere.  No operation is exempt: a payload may
hold NaN where it is dead, products of finite numbers overflow, and ∞ · 0 spoils a gradient also where nothing fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from catcore_backends.compiler.hoisting import is_asking
from catcore_backends.compiler.program import Program


class Branches:
    """The branch under way, and which branches the dead rows of names are safe for.

    A branch is known by the name of the flags of its live rows; None is the program outside of all branches.

    Args:
        program: the program that is emitted.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.here: str | None = None
        self.decided: dict[str, bool] = {}  # the tags that lead to the branch under way, and its side of each
        self._free: set[str] = set()  # names of what is made of constants, safe everywhere
        self._safe: dict[str, str | None] = {}  # the branch that the dead rows of a name are safe for
        self._seen = 0  # how many statements were looked at

    @property
    def safe(self) -> dict[str, str | None]:
        """The branch that the dead rows of each name are safe for; not of those that are so everywhere."""
        self._look()
        return {name: branch for name, branch in self._safe.items() if name not in self._free}

    @contextmanager
    def within(self, tag: str, *, side: bool) -> Iterator[None]:
        """A context in which the branch is under way that concerns the rows where a tag is true, or false."""
        outer = self.here, self.decided
        self.here, self.decided = self._live(tag, side=side), {**self.decided, tag: side}
        try:
            yield
        finally:
            self.here, self.decided = outer

    def only(self, word: str, name: str) -> str:
        """The name of an array whose dead rows the branch under way can read: overwritten by a live one if need be."""
        live = self.here
        if live is None or self.holds(name):
            return name
        first = () if word == "only_one" else (self.program.let("first({})", live),)
        masked = self.program.let(f"{word}({', '.join('{}' for _ in (live, *first, name))})", live, *first, name)
        self._safe[masked] = live
        return masked

    def pick(self, tag: str, left: str, right: str) -> str:
        """The name of what is ``right`` in the rows where ``tag`` is true and ``left`` elsewhere."""
        name = self.program.let("pick({}, {}, {})", tag, left, right)
        self._look()
        free = self._free.intersection((left, right))
        if free.issuperset((left, right)):
            self._free.add(name)
        elif all(self._outside(tag, part, side=side) for part, side in ((left, False), (right, True))):
            self._safe[name] = self.here
        else:
            self._safe[name] = None if free else self._common((left, right))
        return name

    def _outside(self, tag: str, name: str, *, side: bool) -> bool:
        """Whether the rows of a side of a choice are safe in the branch under way, as far as they are chosen."""
        return self.holds(name) or self._safe[name] == self._live(tag, side=side)

    def holds(self, name: str) -> bool:
        """Whether the dead rows of an array are safe in the branch under way."""
        self._look()
        return name in self._free or self._safe[name] == self.here

    def _live(self, tag: str, *, side: bool) -> str:
        """The rows of the branch under way in which a tag is true, or false."""
        flags = tag if side else self.program.let("~{}", tag)
        return flags if self.here is None else self.program.let("{} & {}", self.here, flags)

    def _look(self) -> None:
        """Say of new statements which branch they are safe for."""
        free, program = self._free, self.program
        free.update(program.constants)
        for s in program.statements[self._seen :]:
            constant = s.name not in program.doors and free.issuperset(s.operands)
            if constant or s.name == program.batch or is_asking(s):
                free.add(s.name)
            elif s.name and s.name not in self._safe:
                self._safe[s.name] = self._common(s.operands)
        self._seen = len(program.statements)

    def _common(self, names: tuple[str, ...]) -> str | None:
        """The branch that all of some names are safe for, as far as there is one."""
        found = {self._safe[name] for name in names if name not in self._free}
        return found.pop() if len(found) == 1 else None


__all__ = ["Branches"]
