"""Rewrites at the root of a term as Python functions, made from the two sides of a rule."""

from __future__ import annotations

import itertools as it
from collections.abc import Callable
from typing import Any

from catcore_proofs.completion.bank import Bank, Term

Rewrite = Callable[[Term], "Term | None"]


def compiled_rewrite(lhs: Term, rhs: Term, bank: Bank) -> Rewrite:
    """A Python function that rewrites an instance of ``lhs``, whose head is already known, to that of ``rhs``."""
    lines: list[str] = ["def rewrite(t):"]
    names: dict[int, str] = {}
    constants: dict[str, Any] = {"table": bank.table.get, "new": bank.new}
    pending: list[tuple[str, Term]] = [("t", lhs)]
    fresh = it.count()
    while pending:
        name, pattern = pending.pop(0)
        arguments = [f"a{next(fresh)}" for _ in pattern.args]
        if arguments:
            lines.append(f" {', '.join(arguments)}{',' if len(arguments) == 1 else ''} = {name}.args")
        for argument, part in zip(arguments, pattern.args, strict=True):
            if part.head < 0:
                if part.head in names:
                    lines.append(f" if {argument} is not {names[part.head]}: return None")
                else:
                    names[part.head] = argument
            elif not part.variables:
                constant = f"c{len(constants)}"
                constants[constant] = part
                lines.append(f" if {argument} is not {constant}: return None")
            else:
                lines.append(f" if {argument}.head != {part.head}: return None")
                pending.append((argument, part))
    lines.append(f" return {_built(rhs, names, constants, bank.least, lines)}")
    exec("\n".join(lines), constants)  # the source is made of numbers and of names chosen here
    rewrite: Rewrite = constants["rewrite"]
    return rewrite


def _built(t: Term, names: dict[int, str], constants: dict[str, Any], least: Term | None, lines: list[str]) -> str:
    """The name of a term, after lines that make its parts one by one: nested calls would be too deep for Python."""
    made: dict[Term, str] = {}
    todo = [t]
    while todo:
        part = todo[-1]
        missing = [a for a in part.args if a not in made] if part.variables and part.head >= 0 else []
        if missing:
            todo += missing
            continue
        todo.pop()
        if part in made:
            continue
        if part.head in names:
            made[part] = names[part.head]
        elif not part.variables or part.head < 0:
            made[part] = f"c{len(constants)}"
            # a variable that the left side does not determine stands for the smallest element
            constants[made[part]] = part if part.head >= 0 or least is None else least
        else:
            made[part] = name = f"k{len(made)}"
            args = "".join(f"{made[a]}, " for a in part.args)
            lines += [f" {name} = {part.head}, ({args})", f" {name} = table({name}) or new(*{name})"]
    return made[t]
