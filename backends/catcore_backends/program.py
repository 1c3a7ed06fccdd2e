"""Straight-line programs: a list of assignments, each name assigned once, every statement an array operation.

Building a program shares equal statements (hash-consing).  Printing it drops what the result does not need, and drops
each name after its last use, so that no array outlives its purpose.

>>> p = Program()
>>> a, b = p.input("x[0]"), p.input("x[1]")
>>> p.let("{} + {}", a, a) == p.let("{} + {}", a, a)
True
>>> print(p.source("{}", (p.let("{} * {}", p.let("{} + {}", a, a), a),)))
def program(x, batch):
    v0 = x[0]
    v2 = v0 + v0
    v3 = v2 * v0
    del v0, v2
    return v3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Statement:
    """``name = template.format(*operands)``, with a remark for the reader."""

    name: str
    template: str
    operands: tuple[str, ...]
    remark: str = ""

    def line(self) -> str:
        """The statement as Python."""
        text = f"{self.name} = {self.template.format(*self.operands)}"
        return f"{text}  # {self.remark}" if self.remark else text


class Program:
    """A straight-line program under construction."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.shared: dict[tuple[str, tuple[str, ...]], str] = {}
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[Any, str] = {}

    def input(self, path: str) -> str:
        """A name for the part of the input at ``path``, a Python expression in ``x``."""
        return self.let(path)

    def let(self, template: str, *operands: str, remark: str = "") -> str:
        """The name of the value of a Python expression; equal expressions get one name."""
        key = (template, operands)
        if key not in self.shared:
            name = f"v{len(self.statements)}"
            self.statements.append(Statement(name, template, operands, _safe(remark)))
            self.shared[key] = name
        return self.shared[key]

    def statement(self, name: str) -> Statement:
        """The statement that a name was given by."""
        return self.statements[int(name[1:])]

    def replace(self, names: Mapping[str, str]) -> None:
        """Let statements read other names, which are known to have the same values."""
        for place, s in enumerate(self.statements):
            operands = tuple(names.get(name, name) for name in s.operands)
            self.statements[place] = Statement(s.name, s.template, operands, s.remark)

    def constant(self, key: Any, value: Any, letter: str = "k") -> str:
        """A global name for a value known when compiling; one name for each key."""
        if key not in self.constant_names:
            name = f"{letter}{len(self.constants)}"
            self.constant_names[key] = name
            self.constants[name] = value
        return self.constant_names[key]

    def needed(self, results: Iterable[str]) -> list[Statement]:
        """The statements that the results depend on, in order."""
        wanted = set(results)
        kept = []
        for statement in reversed(self.statements):
            if statement.name in wanted:
                wanted.update(statement.operands)
                kept.append(statement)
        return kept[::-1]

    def source(self, result: str, operands: tuple[str, ...]) -> str:
        """The Python source of ``program(x, batch)`` returning ``result.format(*operands)``."""
        lines = ["def program(x, batch):"]
        for statement, dead in self._with_deaths(operands):
            lines.append("    " + statement.line())
            if dead:
                lines.append("    del " + ", ".join(dead))
        lines.append(f"    return {result.format(*operands)}")
        return "\n".join(lines) + "\n"

    def peak(self, operands: tuple[str, ...]) -> int:
        """The largest number of names alive at once."""
        alive = peak = 0
        for _, dead in self._with_deaths(operands):
            alive += 1
            peak = max(peak, alive)
            alive -= len(dead)
        return peak

    def _with_deaths(self, results: tuple[str, ...]) -> Iterable[tuple[Statement, list[str]]]:
        kept = self.needed(results)
        last = {name: i for i, statement in enumerate(kept) for name in statement.operands}
        own = {statement.name for statement in kept}
        deaths: dict[int, list[str]] = {}
        for name, i in last.items():
            if name in own and name not in results:
                deaths.setdefault(i, []).append(name)
        return [(statement, deaths.get(i, [])) for i, statement in enumerate(kept)]


def _safe(remark: str) -> str:
    return ascii(remark)[1:-1][:60] if remark else ""
