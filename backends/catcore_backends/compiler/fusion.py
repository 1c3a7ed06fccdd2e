"""Runs of operations entry by entry, each replaced by one call, for libraries that pay for every launch.

A run is a set of statements of a straight-line program whose results have one shape and that read each other; what it
reads from outside is broadcast.  Only what is read outside of it is given back, so the arrays in between are never
made.  A run grows along the program until a statement outside reads from it, and stands where its last member stood:
then all that it reads is there, and nothing has read it yet.  So the order of the program stays as it was.

On its own a run is the Python function that does what the statements did; where there is a compiler for its
:attr:`~Run.operation`, which is C, it is one loop over the entries (:mod:`catcore_backends.libraries.cuda.kernels`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catcore_backends.compiler.c_expressions import Kind, in_c
from catcore_backends.compiler.hoisting import Apart
from catcore_backends.compiler.operations import is_cupy
from catcore_backends.compiler.program import Statement
from catcore_backends.compiler.symbolic import Fact

#: How many arrays a run may read and give back; a launch takes a bounded number of bytes of arguments.
MOST_ARRAYS = 24
#: How many operations a run may have; a compiler takes longer than in proportion to them.
MOST_OPERATIONS = 128


@dataclass(frozen=True)
class Run(Apart):
    """A run of operations as a function of its own.

    Args:
        kinds: for each argument and for each result whether its entries are reals or truth values.
        operation: what it does at one entry, in C, where ``T`` is the type of the reals.
    """

    kinds: tuple[tuple[Kind, ...], tuple[Kind, ...]] = ((), ())
    operation: str = ""

    def remembering(self, function: Callable[..., Any], xp: Any) -> Callable[..., Any]:
        """One kernel where the library is CuPy, and the function itself elsewhere."""
        if not is_cupy(xp):
            return function
        from catcore_backends.libraries.cuda.kernels import launched

        return launched(self, function)


@dataclass
class _Growing:
    """A run that later statements may still join."""

    members: list[Statement]
    open: bool = True

    def reads(self) -> list[str]:
        """The names that it reads from outside."""
        own = {s.name for s in self.members}
        return list(dict.fromkeys(name for s in self.members for name in s.operands if name not in own))


def with_runs(
    statements: list[Statement], facts: Mapping[str, Fact], results: Iterable[str]
) -> tuple[list[Statement], list[Run]]:
    """The statements of a program with every run of two or more replaced by a call, and the runs."""
    kinds, texts = _entrywise(statements, facts)
    runs = _grown(statements, facts, texts)
    wanted = _read_outside(statements, runs, results)
    made: list[Run] = []
    for growing in {id(run): run for run in runs.values()}.values():
        for part, read in _cut(growing, wanted):
            found = _finished(f"run{len(made)}", part, read, kinds, texts)
            if found is not None:
                made.append(found)
    return _called(statements, made), made


def _entrywise(statements: list[Statement], facts: Mapping[str, Fact]) -> tuple[dict[str, Kind], dict[str, str]]:
    """What is known of the entries of names, and the C of the statements that act entry by entry."""
    kinds: dict[str, Kind] = {name: "T" for name, fact in facts.items() if fact.array.real}
    texts: dict[str, str] = {}
    for s in statements:
        found = in_c(s.template.format(*s.operands), kinds) if s.name in facts and s.pure and s.operands else None
        if found is not None and found[1] != "number":
            texts[s.name], kinds[s.name] = found
    return kinds, texts


def _grown(statements: list[Statement], facts: Mapping[str, Fact], texts: Mapping[str, str]) -> dict[str, _Growing]:
    """The run of each statement that acts entry by entry."""
    runs: dict[str, _Growing] = {}
    for s in statements:
        read = [runs[name] for name in s.operands if name in runs]
        own = None
        if s.name in texts:
            shape = facts[s.name].array.shape
            fitting = [run for run in read if run.open and facts[run.members[0].name].array.shape == shape]
            own = _joined(runs, fitting, s)
            runs[s.name] = own
        for run in read:
            run.open = run.open and run is own
    return runs


def _joined(runs: dict[str, _Growing], fitting: list[_Growing], statement: Statement) -> _Growing:
    """The runs that a statement reads as one, with the statement; a run of its own where that would be too large."""
    members = list({s.name: s for run in fitting for s in run.members}.values())
    members.sort(key=lambda s: int(s.name[1:]))
    whole = _Growing([*members, statement])
    if len(members) >= MOST_OPERATIONS or len(whole.reads()) >= MOST_ARRAYS:
        return _Growing([statement])
    for s in members:
        runs[s.name] = whole
    return whole


def _read_outside(statements: list[Statement], runs: Mapping[str, _Growing], results: Iterable[str]) -> set[str]:
    """The names that the program returns, or that a statement reads which is not in their run."""
    found = set(results)
    for s in statements:
        own = runs.get(s.name)
        found.update(name for name in s.operands if name not in runs or runs[name] is not own)
    return found


def _cut(run: _Growing, wanted: set[str]) -> Iterator[tuple[_Growing, set[str]]]:
    """A run in parts with no more arrays than a launch takes, each with the names that are read outside of it."""
    results = [s for s in run.members if s.name in wanted]
    if len(run.members) < 2 or len(run.reads()) + len(results) <= MOST_ARRAYS:
        yield run, wanted
        return
    middle = len(run.members) // 2
    first, second = _Growing(run.members[:middle]), _Growing(run.members[middle:])
    yield from _cut(first, wanted | set(second.reads()))
    yield from _cut(second, wanted)


def _finished(
    name: str, run: _Growing, wanted: set[str], kinds: Mapping[str, Kind], texts: Mapping[str, str]
) -> Run | None:
    """A run as a function; None where it would be no shorter, or reads no reals."""
    given = tuple(run.reads())
    results = tuple(s.name for s in run.members if s.name in wanted)
    if len(run.members) < 2 or "T" not in [kinds[n] for n in given]:
        return None
    lines = [
        f"{s.name} = {texts[s.name]};" if s.name in results else f"{kinds[s.name]} {s.name} = {texts[s.name]};"
        for s in run.members
    ]
    both = tuple(kinds[n] for n in given), tuple(kinds[n] for n in results)
    return Run(name, given, run.members, results, both, "\n".join(lines))


def _called(statements: list[Statement], runs: list[Run]) -> list[Statement]:
    """The program with a call of each run in the place of its last member."""
    last = {run.statements[-1].name: run for run in runs}
    inside = {s.name for run in runs for s in run.statements}
    kept = []
    for s in statements:
        if s.name in last:
            run = last[s.name]
            holes = ", ".join("{}" for _ in run.arguments)
            kept.append(Statement(", ".join(run.results), f"{run.name}({holes})", run.arguments, _words(run)))
        elif s.name not in inside:
            kept.append(s)
    return kept


def _words(run: Run) -> str:
    return " ".join(dict.fromkeys(s.remark for s in run.statements if s.remark))[:60]
