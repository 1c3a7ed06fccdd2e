"""Batches partitioned by tag: each branch of a program runs on its live rows alone, where shapes may be dynamic.

A program that was emitted masks dead rows, which any library can.  Where arrays may have as many rows as happen to be
live, as in NumPy, it is rewritten: what a branch reads is taken at the live rows, what it computes has only
these, and a choice puts the rows of both sides where they belong.  So no row is computed twice, and none that is dead.

Flags and the results of choices have a row for each row of the batch; whatever a branch computes is in its own rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from catcore_backends.compiler.hoisting import is_asking
from catcore_backends.compiler.program import Program, Statement

#: Statements on flags, which are for all rows.
_FLAGS = ("~{}", "{} & {}", "{} | {}")
#: Statements that give one row, or no array.
_SINGLE = ("total(", "outer_total(", "only_one(", "apart(")


def partitioned(
    program: Program, operands: tuple[str, ...], safe: Mapping[str, str | None]
) -> tuple[Program, tuple[str, ...]] | None:
    """The program with its branches on live rows alone, and the names of its results; None where it has to stay.

    Args:
        program: the program, which masks dead rows.
        operands: the names of its results.
        safe: the branch that each name is of, by the name of its flags.
    """
    needed = program.needed((*operands, program.batch))
    if not any(s.template.startswith("only") for s in needed):
        return None
    if any(not s.pure and safe.get(s.name) is not None for s in needed):
        return None  # functions of users and recursions see the whole batch
    writing = _Partition(program, needed, operands, safe)
    for statement in needed:
        writing.add(statement)
    results = tuple(writing.full(name) for name in operands)
    return writing.new, results


class _Partition:
    """Writes a program anew, statement by statement."""

    def __init__(
        self, old: Program, needed: list[Statement], operands: tuple[str, ...], safe: Mapping[str, str | None]
    ) -> None:
        self.old, self.safe = old, safe
        flags = (live for live in safe.values() if live is not None)  # which may be asked for although none is needed
        reading = old.needed((*(s.name for s in needed if s.name), *flags))
        self.uses = Counter([name for s in reading for name in s.operands] + list(operands))
        self.new = Program()
        self.new.constants, self.new.constant_names = dict(old.constants), dict(old.constant_names)
        self.names: dict[str, str] = {}
        self.rows: set[str] = set()  # the old names of what has a row for each row of something
        self.of: dict[str, str] = {}  # by old names, the flags of the rows that an array has; not where it has all
        self.chosen: set[str] = set()  # the old names of choices that are arrays of their own

    def add(self, s: Statement) -> None:
        """Write one statement."""
        rows = self._has_rows(s)
        if rows:
            self.rows.add(s.name)
        if s.template.startswith(("only(", "only_index(")):
            live, _, name = s.operands
            self._remember(s, self.at(name, live), live)
        elif s.template.startswith("first("):
            return
        elif s.template.startswith("pick("):
            self._pick(s)
        elif rows and s.name not in self.old.doors and s.template not in _FLAGS and (inside := self._branch(s)):
            self._remember(s, self.new.again(s, *(self.at(name, inside) for name in s.operands)), inside)
        else:
            self._whole(s)

    def _has_rows(self, s: Statement) -> bool:
        if s.name in self.old.doors:
            return s.name not in self.old.given and s.name != self.old.batch
        if is_asking(s) or s.template.startswith(_SINGLE):
            return False
        return any(name in self.rows or name == self.old.batch for name in s.operands)

    def _branch(self, s: Statement) -> str | None:
        """The flags of the branch that a statement is of, if something that it reads has its rows."""
        live = self.safe.get(s.name)
        return live if live is not None and any(name in self.rows for name in s.operands) else None

    def _whole(self, s: Statement) -> None:
        """A statement that is for all rows, or for none in particular."""
        old, new = self.old, self.new
        operands = tuple(self.full(name) for name in s.operands)
        if not s.name:
            new.check(s.template, *operands)
            return
        name = new.again(s, *operands)
        for mine, other in ((new.doors, old.doors), (new.given, old.given)):
            if s.name in other:
                mine.add(name)
        if s.name in old.reals:
            new.reals.append(name)
        if s.name in old.shapes:
            new.shapes[name] = old.shapes[s.name]
        if s.name == old.batch:
            new.batch = name
        self.names[s.name] = name

    def _pick(self, s: Statement) -> None:
        """A choice: the rows of both sides where they belong, into an array that one side is already if need be."""
        tag, left, right = s.operands
        around = self.safe.get(s.name)
        sides = [(left, self._side(tag, around, side=False)), (right, self._side(tag, around, side=True))]
        if all(name in self.rows and name not in self.of and name not in self.chosen for name, _ in sides):
            self._whole(s)
            return
        self.chosen.add(s.name)
        for (inner, _), (other, flags) in (sides, sides[::-1]):
            if inner in self.chosen and self.uses[inner] == 1:
                text = "into({}, {}, {})"
                found = self.new.let(text, self.names[inner], self._places(flags), self._part(other, flags))
                self.names[s.name] = found
                return
        parts = [part for name, flags in sides for part in (self._places(flags), self._part(name, flags))]
        word = "joined" if around is None else "joined_within"
        own = self.uses[s.name] == 1  # then its one reader may write it over
        self.names[s.name] = self.new.let(f"{word}({{}}, {{}}, {{}}, {{}}, {{}})", self.new.batch, *parts, own=own)

    def _side(self, tag: str, around: str | None, *, side: bool) -> str:
        """The new name of the flags of one side of a choice."""
        flags = self.full(tag) if side else self.new.let("~{}", self.full(tag))
        return flags if around is None else self.new.let("{} & {}", self.full(around), flags)

    def _part(self, name: str, flags: str) -> str:
        """The new name of an array at the rows where flags are true."""
        if name not in self.rows or (name in self.of and self._flags(self.of[name]) == flags):
            return self.names.get(name, name)
        return self._taken(self.full(name), flags)

    def at(self, name: str, live: str) -> str:
        """The new name of an array in the rows of a branch; what has no rows stays."""
        if name == self.old.batch:
            return self.new.let("{}.shape[0]", self._places(self._flags(live)))
        if name not in self.rows or self.of.get(name) == live:
            return self.names.get(name, name)
        return self._taken(self.full(name), self._flags(live))

    def full(self, name: str) -> str:
        """The new name of an array with a row for each row of the batch; dead ones are 1, or 0 for numbers and tags."""
        if name not in self.of:
            return self.names.get(name, name)
        places = self._places(self._flags(self.of[name]))
        return self.new.let("spread({}, {}, {})", self.new.batch, places, self.names[name])

    def _taken(self, name: str, flags: str) -> str:
        found = self.new.let("{}.take({}, 0)", name, self._places(flags))
        self.new.rows[found] = self._places(flags)
        return found

    def _flags(self, live: str) -> str:
        """The new name of the flags of a branch, which nothing else may have needed."""
        if live not in self.names:
            s = self.old.statement(live)
            for name in s.operands:
                self._flags(name)
            self._whole(s)
        return self.names[live]

    def _places(self, flags: str) -> str:
        return self.new.let("{}.nonzero()[0]", flags)

    def _remember(self, s: Statement, name: str, live: str) -> None:
        self.names[s.name], self.of[s.name] = name, live
        self.new.rows[name] = self._places(self._flags(live))


__all__ = ["partitioned"]
