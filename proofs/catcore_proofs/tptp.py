"""Unit equality problems in TPTP's CNF, read and written.

A problem is a list of clauses ``cnf(name, role, (s = t)).`` with one literal each; the negated conjecture is a
disequation.  The reader is bounded in length and nesting, runs nothing, and follows ``include`` only inside the folder
of the file.  An atom ``p(x)`` that is no equation is read as ``p(x) = $true``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catcore.errors import BadSpecification

#: A term as it is written: a name and its arguments; a variable's name starts with a capital letter.
Written = tuple[Any, ...]

MAX_BYTES, MAX_NESTING, MAX_FILES = 10_000_000, 400, 20
_TOKEN = re.compile(
    r"\s+|%[^\n]*|/\*.*?\*/|(?P<token>'(?:[^'\\]|\\.)*'|\$?[A-Za-z0-9_]+|!=|[(),.=~|&\[\]:!?])", re.DOTALL
)


@dataclass(frozen=True)
class Clause:
    """One literal: two sides, equal or different."""

    name: str
    role: str
    lhs: Written
    rhs: Written
    positive: bool


@dataclass
class Problem:
    """Equations, and disequations that are to be shown impossible.

    ``arities`` lists the symbols in order of appearance.
    """

    clauses: list[Clause] = field(default_factory=list)
    arities: dict[str, int] = field(default_factory=dict)

    @property
    def equations(self) -> list[Clause]:
        """The positive clauses."""
        return [c for c in self.clauses if c.positive]

    @property
    def goals(self) -> list[Clause]:
        """The negative clauses."""
        return [c for c in self.clauses if not c.positive]

    def add(self, clause: Clause, where: str) -> None:
        """Add a clause and note its symbols; a symbol has one number of arguments."""
        for side in (clause.lhs, clause.rhs):
            for name, count in _symbols(side):
                if self.arities.setdefault(name, count) != count:
                    raise BadSpecification(
                        f"{where} uses {name} with {count} arguments in the clause {clause.name}, and with "
                        f"{self.arities[name]} before; a symbol has one number of arguments."
                    )
        self.clauses.append(clause)


def _symbols(t: Written) -> Iterator[tuple[str, int]]:
    stack = [t]
    while stack:
        u = stack.pop()
        if not is_variable(u):
            yield u[0], len(u) - 1
        stack.extend(u[1:])


def is_variable(t: Written) -> bool:
    """Whether a written term is a variable."""
    return len(t) == 1 and (t[0][0].isupper() or t[0][0] == "_")


def read_problem(path: str | Path) -> Problem:
    """The problem in a file.

    Raises:
        BadSpecification: one sentence for a file that is missing, too large, or no unit equality problem.
    """
    problem, file = Problem(), Path(path)
    _read_into(problem, file, file.resolve().parent, [])
    if not problem.clauses:
        raise BadSpecification(f"{path} holds no clauses; give a TPTP problem made of cnf(name, role, (s = t)).")
    return problem


def _read_into(problem: Problem, path: Path, root: Path, seen: list[Path]) -> None:
    place = path.resolve()
    if not place.is_relative_to(root):
        raise BadSpecification(
            f"An include of {path} was asked for, which lies outside of {root}; copy it beside the problem."
        )
    if place in seen or len(seen) >= MAX_FILES:
        raise BadSpecification(
            f"{path} is included twice or after {MAX_FILES} other files; includes may not run in a circle."
        )
    seen.append(place)
    try:
        with place.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise BadSpecification(f"{path} cannot be read ({error.strerror}); give the path of a TPTP problem.") from None
    except UnicodeDecodeError:
        raise BadSpecification(f"{path} is no text in UTF-8; give a TPTP problem.") from None
    if len(data) > MAX_BYTES:
        raise BadSpecification(f"{path} is larger than {MAX_BYTES} bytes; give a smaller problem.")
    _Reader(text, str(path)).read(problem, lambda name: _read_into(problem, place.parent / name, root, seen))


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self.where, self.at = where, 0
        self.tokens: list[tuple[str, int]] = list(self._split(text))

    def _split(self, text: str) -> Iterator[tuple[str, int]]:
        place, line = 0, 1
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise self._refusal(f"the character {text[place]!r}", line)
            if found["token"]:
                yield found["token"], line
            line += found[0].count("\n")
            place = found.end()

    def _refusal(self, found: str, line: int | None = None) -> BadSpecification:
        if line is None:
            line = self.tokens[min(self.at, len(self.tokens) - 1)][1] if self.tokens else 1
        return BadSpecification(
            f"{self.where}, line {line}: a clause of unit equality, cnf(name, role, (s = t)), was expected and {found} "
            "was found; only unit clauses with = and != are read."
        )

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if not token or (expected and token not in expected):
            raise self._refusal(repr(token) if token else "the end of the file")
        self.at += 1
        return token

    def read(self, problem: Problem, include: Any) -> None:
        while self.at < len(self.tokens):
            kind = self.take("cnf", "include")
            self.take("(")
            if kind == "include":
                include(self.take().strip("'"))
            else:
                problem.add(self._clause(), self.where)
            self.take(")")
            self.take(".")

    def _clause(self) -> Clause:
        name = self.take()
        self.take(",")
        role = self.take()
        self.take(",")
        depth = 0
        while self.peek() == "(":
            self.take()
            depth += 1
        negated = self.peek() == "~"
        if negated:
            self.take()
        lhs = self._term(0)
        positive, rhs = not negated, ("$true",)
        if self.peek() in ("=", "!="):
            positive = (self.take() == "=") != negated
            rhs = self._term(0)
        for _ in range(depth):
            self.take(")")
        while self.peek() == ",":  # annotations: a source and useful information
            self._skip()
        return Clause(name, role, lhs, rhs, positive)

    def _skip(self) -> None:
        depth = 0
        while self.peek() and not (depth == 0 and self.peek() == ")"):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self.take(), 0)

    def _term(self, depth: int) -> Written:
        if depth > MAX_NESTING:
            raise self._refusal(f"a term nested more than {MAX_NESTING} deep")
        name = self.take()
        if not (name[0].isalnum() or name[0] in "_$'"):
            self.at -= 1
            raise self._refusal(repr(name))
        if self.peek() != "(":
            return (name,)
        self.take()
        args = [self._term(depth + 1)]
        while self.peek() == ",":
            self.take()
            args.append(self._term(depth + 1))
        self.take(")")
        return (name, *args)


def write_problem(problem: Problem) -> str:
    """The problem as TPTP text."""
    lines = []
    for clause in problem.clauses:
        relation = "=" if clause.positive else "!="
        lines.append(f"cnf({clause.name},{clause.role},\n    {show(clause.lhs)} {relation} {show(clause.rhs)} ).")
    return "\n".join(lines) + "\n"


def show(t: Written) -> str:
    """A written term as text."""
    return f"{t[0]}({','.join(map(show, t[1:]))})" if len(t) > 1 else str(t[0])
