"""Straight-line programs: a list of assignments, each name assigned once, every statement an array operation.

Building a program shares equal statements (hash-consing).  Printing it drops what the result does not need, and drops
each name after its last use, so that no array outlives its purpose.

>>> p = Program()
>>> a, b = p.door("x[0]"), p.door("x[1]")
>>> p.let("{} + {}", a, a) == p.let("{} + {}", a, a)
True
>>> print(p.source("{}", (p.let("{} * {}", p.let("{} + {}", a, a), a),)))
def program(x, batch):
    v0 = x[0]
    v2 = v0 + v0
    v3 = v2 * v0
    return v3
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catcore.objects import Ob


#: How a program takes its input apart where it is a pair.
WHOLE = "parts(x, 2, 'x')"
#: How many brackets stand within each other in what a program returns.
DEEPEST = 30


@dataclass(frozen=True)
class Applied:
    """The primitive whose value a statement gives; its operands come first among those of the statement.

    Args:
        name: its name in the table of primitives.
        rule: its array rule, ``(xp, x, *parameters, *constants)``; the constants are the other operands.
        parameters: what the rule is given besides arrays.
        dom: the domain, a product of tensors.
        single: for each array of the argument whether it is one row that stands for all.
    """

    name: str
    rule: Any
    parameters: tuple[Any, ...]
    dom: Ob
    single: tuple[bool, ...]


@dataclass(frozen=True)
class Statement:
    """``name = template.format(*operands)``, with a remark for the reader.

    Args:
        name: the name that is assigned.
        template: a Python expression with holes for the operands.
        operands: the names that it reads.
        remark: a word for the reader.
        applied: the primitive that it is the value of, where it is one.
        pure: whether equal statements give equal values, so that one of nothing but constants is computed once.
        own: whether it makes an array that is written over later, so that equal statements make one each.
    """

    name: str
    template: str
    operands: tuple[str, ...]
    remark: str = ""
    applied: Applied | None = None
    pure: bool = True
    own: bool = False

    def line(self) -> str:
        """The statement as Python."""
        text = self.template.format(*self.operands)
        text = f"{self.name} = {text}" if self.name else text
        return f"{text}  # {self.remark}" if self.remark else text


class Program:
    """A straight-line program under construction."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.shared: dict[tuple[str, tuple[str, ...]], str] = {}
        self.constants: dict[str, Any] = {}
        self.constant_names: dict[Any, str] = {}
        self.doors: set[str] = set()  # the names that read the input
        self.batch = ""  # the name of the number of rows
        self.rows: dict[str, str] = {}  # of names with some rows of the batch only, the name of their places
        self.given: set[str] = set()  # the names that read parameters, which are for all rows
        self.reals: list[str] = []  # those of arrays of reals
        self.shapes: dict[str, tuple[int, ...]] = {}  # what is known of the shapes of their elements

    def door(self, template: str, *operands: str) -> str:
        """A name for a part of the input: a Python expression in ``x`` or ``batch``."""
        name = self.let(template, *operands)
        self.doors.add(name)
        return name

    def count_rows(self, template: str, *operands: str) -> None:
        """Say how the number of rows is found, unless that is known."""
        self.batch = self.batch or self.door(template, *operands)

    def let(
        self,
        template: str,
        *operands: str,
        remark: str = "",
        applied: Applied | None = None,
        pure: bool = True,
        own: bool = False,
    ) -> str:
        """The name of the value of a Python expression; equal expressions get one name, unless each is its own."""
        key = (template, operands)
        if not own and key in self.shared:
            return self.shared[key]
        name = f"v{len(self.statements)}"
        self.statements.append(Statement(name, template, operands, _safe(remark), applied, pure, own))
        if not own:
            self.shared[key] = name
        return name

    def check(self, template: str, *operands: str) -> None:
        """A statement that names nothing and is always kept."""
        self.statements.append(Statement("", template, operands))

    def again(self, statement: Statement, *operands: str) -> str:
        """The name of the value of the same expression of other operands."""
        s = statement
        return self.let(s.template, *operands, remark=s.remark, applied=s.applied, pure=s.pure, own=s.own)

    def statement(self, name: str) -> Statement:
        """The statement that a name was given by."""
        return self.statements[int(name[1:])]

    def replace(self, names: Mapping[str, str]) -> None:
        """Let statements read other names, which are known to have the same values."""
        for place, s in enumerate(self.statements):
            self.statements[place] = replace(s, operands=tuple(names.get(name, name) for name in s.operands))

    def constant(self, key: Any, value: Any, letter: str = "k") -> str:
        """A global name for a value known when compiling; one name for each key."""
        if key not in self.constant_names:
            name = f"{letter}{len(self.constants)}"
            self.constant_names[key] = name
            self.constants[name] = value
        return self.constant_names[key]

    def needed(self, results: Iterable[str]) -> list[Statement]:
        """The statements that the results depend on, in order."""
        return read(self.statements, results)

    def source(self, result: str, operands: tuple[str, ...]) -> str:
        """The Python source of ``program(x, batch)`` returning ``result.format(*operands)``."""
        return written("program(x, batch)", self.needed(operands), result, operands, self.doors)


def read(statements: list[Statement], results: Iterable[str]) -> list[Statement]:
    """The statements that the results depend on, in order, and those that name nothing."""
    wanted = set(results)
    kept = []
    for statement in reversed(statements):
        if not statement.name or not wanted.isdisjoint(statement.name.split(", ")):
            wanted.update(statement.operands)
            kept.append(statement)
    return kept[::-1]


def written(
    head: str, statements: list[Statement], result: str, operands: tuple[str, ...], lent: Collection[str] = ()
) -> str:
    """The Python source of a function of some statements that returns ``result.format(*operands)``.

    The names in ``lent`` are never dropped: their arrays belong to the caller.  Nor is anything right before the end.
    """
    return indented(f"def {head}:", [*steps(statements, operands, lent), *returned(result, operands)])


def steps(statements: list[Statement], operands: tuple[str, ...], lent: Collection[str] = ()) -> list[str]:
    """The lines of statements, with those that drop names after their last use."""
    lines = []
    for statement, dead in with_deaths(statements, operands):
        lines.append(statement.line())
        dropped = [name for name in dead if name not in lent]
        if dropped and statement is not statements[-1]:
            lines.append("del " + ", ".join(dropped))
    return lines


def returned(result: str, operands: tuple[str, ...]) -> list[str]:
    """The lines that return ``result.format(*operands)``."""
    *parts, whole = shallow(result.format(*operands))
    return [*parts, f"return {whole}"]


def indented(head: str, lines: Iterable[str]) -> str:
    """A block of lines under its head."""
    return "\n    ".join([head, *lines]) + "\n"


def shallow(text: str) -> list[str]:
    """Statements that name the inner groups of nested brackets, and what the text is in their names.

    Python's parser takes some hundred brackets within each other, and a product may have more factors.

    >>> shallow("((a, b), c)")
    ['((a, b), c)']
    >>> [len(part) for part in shallow("(" * 50 + "a" + ", b)" * 50)]
    [159, 105]
    """
    parts: list[str] = []
    depths, starts, found = [0], [], ""
    for letter in text:
        found += letter
        if letter == "(":
            starts.append(len(found) - 1)
            depths.append(0)
        elif letter == ")":
            start, depth = starts.pop(), depths.pop() + 1
            if depth == DEEPEST:
                parts.append(f"part{len(parts)} = {found[start:]}")
                found, depth = found[:start] + f"part{len(parts) - 1}", 0
            depths[-1] = max(depths[-1], depth)
    return [*parts, found]


def with_deaths(statements: list[Statement], results: tuple[str, ...]) -> list[tuple[Statement, list[str]]]:
    """Each statement with the names that nothing reads after it."""
    last = {name: i for i, statement in enumerate(statements) for name in statement.operands}
    own = {statement.name for statement in statements}
    deaths: dict[int, list[str]] = {}
    for name, i in last.items():
        if name in own and name not in results:
            deaths.setdefault(i, []).append(name)
    return [(statement, deaths.get(i, [])) for i, statement in enumerate(statements)]


def _safe(remark: str) -> str:
    return ascii(remark)[1:-1][:60] if remark else ""
