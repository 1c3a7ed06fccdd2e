"""Staging: what a cell computes from labels and parameters alone is moved out of the recursion (DESIGN: running).

The algebra of a fold, restricted to one constructor, is a program of the parameters, the labels and the values at the
branches.  A statement that no value at a branch leads to can be run before these values are known, so it need not wait
for its level: it is run once for the nodes of many levels together.  For a recurrent network this turns the products of
the inputs of all steps into one product of matrices.

>>> from catcore_backends.compiler.linking import Code
>>> program = Program()
>>> program.count_rows("batch")
>>> label, branch = program.door("x[1][0]"), program.door("x[1][1]")
>>> result = program.let("g1({}, {})", program.let("g0({})", label), branch)
>>> split = staged(Code(program, "{}", (result,)), {branch}, {label})
>>> print(split.before.source("numpy"), split.after.source("numpy"), split.tall)
def program(x, batch):
    v1 = x[1][0]
    v2 = g0(v1)
    return (v2,)
 def program(x, batch):
    v1 = x[1][1]
    v2 = x[2][0]
    v3 = g1(v2, v1)
    return v3
 (True,)
"""

from __future__ import annotations

import copy
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catcore_backends.compiler.hoisting import is_asking
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.program import WHOLE, Program, Statement
from catcore_backends.recursion.forests import Forest, Group

#: A linked program, and one in two stages.
Run = Callable[[Any, int], Any]
Stages = tuple[Run | None, Run]

#: How many nodes are computed ahead of their levels together.
AHEAD = 1 << 10

#: Statements that look at what they read, and compute nothing.
_LOOKING = re.compile(r"tag\(|index\(|kind\(|place\(|None$|\{\}\[")
#: Statements whose rows depend on one another, or that take and give something else than arrays.
_STAYING = re.compile(r"f\d+\(|t\d+\(|first\(|only|total\(|outer_total\(|apart\(|kind\(|place\(")


@dataclass(frozen=True)
class Staged:
    """A program in two stages.

    Args:
        before: ``(p, places) ↦ values`` without the values at the branches; None where there is nothing to move.
        after: ``(p, places, values) ↦ result``.
        tall: for each of the values whether it has a row for each node, or is one row for all of them.
    """

    before: Code | None
    after: Code
    tall: tuple[bool, ...]

    def linked(self, xp: Any, dtype: Any) -> Stages:
        """Both as Python functions over one array namespace."""
        before = None if self.before is None else self.before.linked(xp, dtype)
        return before, self.after.linked(xp, dtype)


def staged(code: Code, waiting: Iterable[str], tall: Iterable[str]) -> Staged:
    """A program whose input is ``(p, places)``, split.

    Args:
        code: the program.
        waiting: the names of what is known late.
        tall: the names of what there is for each node.
    """
    kept = code.program.needed(code.operands)
    tall = [*tall]
    late_doors = _behind(code.program.statements, waiting) - _behind(code.program.statements, tall)
    reading, early = _early(kept, late_doors, code.program.doors)
    late = [s for s in kept if s.name not in early]
    wanted = {name for s in late for name in s.operands} | set(code.operands)
    moved = [s.name for s in kept if s.name in early - reading and s.name in wanted]
    if not moved:
        return Staged(None, Code(_fed(code.program, ()), code.result, code.operands), ())
    known = {*tall, code.program.batch}
    for s in kept:
        if not is_asking(s) and not known.isdisjoint(s.operands):
            known.add(s.name)
    before = Code(code.program, f"({''.join('{}, ' for _ in moved).rstrip(' ')})", tuple(moved))
    after = Code(_fed(code.program, moved), code.result, code.operands)
    return Staged(before, after, tuple(name in known for name in moved))


def _behind(statements: Sequence[Statement], names: Iterable[str]) -> set[str]:
    """The names, and those that they are made from, up to where the whole input is taken apart."""
    found = set(names)
    for s in reversed(statements):
        if s.name in found:
            found.update(s.operands)
    return found - {s.name for s in statements if s.template == WHOLE}


def _early(statements: Sequence[Statement], waiting: set[str], doors: set[str]) -> tuple[set[str], set[str]]:
    """The statements that only read what is known early, and all that can be run then."""
    reading: set[str] = set()
    early: set[str] = set()
    for s in statements:
        if s.name in waiting or not early.issuperset(s.operands):
            continue
        reads = reading.issuperset(s.operands) and (s.name in doors or _LOOKING.match(s.template))
        if reads or not _STAYING.match(s.template):
            early.add(s.name)
        if reads:
            reading.add(s.name)
    return reading, early


def _fed(program: Program, names: Sequence[str]) -> Program:
    """The program with some values given instead of computed."""
    place = {name: i for i, name in enumerate(names)}
    found = copy.copy(program)
    found.statements = [_given(s, place) for s in program.statements]
    found.doors = program.doors | place.keys()
    found.reals = [*program.reals, *(s.name for s in program.statements if s.name in place and s.applied)]
    return found


def _given(s: Statement, place: dict[str, int]) -> Statement:
    if s.name in place:
        return Statement(s.name, f"x[2][{place[s.name]}]", ())
    return replace(s, template="x") if s.template == WHOLE else s


class Ahead:
    """The values of one constructor that are known before its levels, computed for stretches of them.

    Args:
        run: the linked program, ``(labels of some nodes, their number) ↦ values``.
        tall: for each of the values whether it has a row for each node.
        groups: the groups of the constructor, lowest first.
    """

    def __init__(self, run: Run, tall: tuple[bool, ...], groups: Any) -> None:
        self.run, self.tall, self.coming = run, tall, deque[Group](groups)
        self.values: tuple[Any, ...] = ()
        self.start = self.stop = 0

    def take(self, xp: Any) -> tuple[Any, ...]:
        """The values for the next group."""
        if self.start == self.stop:
            self._compute(xp)
        group = self.coming.popleft()
        rows = slice(self.start, self.start + group.stop - group.start)
        self.start = rows.stop
        return tuple(x[rows, ...] if tall else x for x, tall in zip(self.values, self.tall, strict=True))

    def _compute(self, xp: Any) -> None:
        found: list[Group] = []
        self.start = self.stop = 0
        for group in self.coming:
            if found and self.stop + group.stop - group.start > AHEAD:
                break
            found.append(group)
            self.stop += group.stop - group.start
        self.values = ()
        self.values = self.run(_joined(xp, [group.labels for group in found]), self.stop)


def _joined(xp: Any, batches: Sequence[Any]) -> Any:
    """Batches one after the other; what is no array is left out."""
    first = batches[0]
    if isinstance(first, tuple):
        return tuple(_joined(xp, [batch[i] for batch in batches]) for i in range(len(first)))
    if isinstance(first, Forest):
        return None
    return first if len(batches) == 1 else xp.concat(batches, axis=0)
