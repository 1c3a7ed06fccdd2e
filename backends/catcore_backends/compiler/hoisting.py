"""What a program need not compute anew at every call is moved into functions of its own, which remember.

``constants`` depends on constants and on the dtype and device of the batch: it is run once for each of these.  Where a
program is for one dtype, as those for NumPy are, its results are global names of the program.
``parameters`` checks the parameters of a parametric map and looks at them in other ways (transposed, with further
axes); it gives views only, so what is written to a parameter is seen, and remembers the last parameters that it saw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from catcore_backends.compiler.operations import as_key, is_cupy, is_numpy, lasting
from catcore_backends.compiler.program import Program, Statement, read, written
from catcore_backends.libraries.admission import is_native

#: The dtype and the device that all reals of a batch have: a global name of a program for one dtype.
COMMON = "common"
#: How templates begin that ask arrays what they are, not what is in them.
_ASKING = ("kind({}", "device_of({})", "{}.dtype", "device({})")


def is_asking(statement: Statement) -> bool:
    """Whether a statement asks arrays for their dtype or device."""
    return statement.template.startswith(_ASKING)


@dataclass(frozen=True)
class Apart:
    """A function that the program calls.

    Args:
        name: its name.
        arguments: the names of its arguments.
        statements: what it computes.
        results: the names that it returns.
    """

    name: str
    arguments: tuple[str, ...]
    statements: list[Statement]
    results: tuple[str, ...]

    @property
    def source(self) -> str:
        """The Python source."""
        result = ", ".join("{}" for _ in self.results)
        return written(f"{self.name}({', '.join(self.arguments)})", self.statements, result, self.results)

    def remembering(self, function: Callable[..., Any], xp: Any) -> Callable[..., Any]:
        """The function once it is compiled, which remembers its results where arrays of the library outlive a call."""
        if self.name == "parameters":
            return _last(function) if is_numpy(xp) else function
        if xp.__name__.startswith("jax") or "dask" in xp.__name__:
            return function  # under a trace they belong to it, and its compiler folds them
        return _each(function, xp)


def _last(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, which remembers the last argument if nothing in it can be exchanged."""
    known: tuple[Any, Any] = (object(), None)  # no argument is this one

    def parameters(p: Any) -> Any:
        nonlocal known
        last, found = known
        if p is last:
            return found
        found = function(p)
        if fixed(p):
            known = p, found
        return found

    return parameters


def fixed(p: Any) -> bool:
    """Whether no part of nested tuples can be exchanged, as those of lists can, and none is read as a copy."""
    todo = [p]
    while todo:
        part = todo.pop()
        if isinstance(part, list) or not is_native(getattr(part, "dtype", None)):
            return False
        if type(part) is tuple:
            todo += part
    return True


def _each(function: Callable[..., Any], xp: Any) -> Callable[..., Any]:
    """The function, which remembers its results for all arguments."""
    known: dict[Any, Any] = {}
    key = as_key if is_cupy(xp) else tuple

    def constants(*kinds: Any) -> Any:
        found = known.get(key(kinds))
        if found is None:
            with lasting(xp):
                found = function(*kinds)
            known[key(kinds)] = found = straight(found) if is_numpy(xp) else found
        return found

    return constants


def straight(found: Any) -> Any:
    """Constants with the entries of turned matrices in the order in which they are read."""
    if isinstance(found, tuple):
        return tuple(map(straight, found))
    turned = getattr(found, "ndim", 0) == 2 and found.flags.f_contiguous
    return found.copy(order="C") if turned else found


# ---- constants ---------------------------------------------------------------------------------------------------


def constants_apart(
    statements: list[Statement], program: Program, results: tuple[str, ...], *, lasting: bool
) -> tuple[list[Statement], Apart | None]:
    """The statements with those of constants only taken out; a call of ``constants`` stands for them.

    There is no call where they depend on nothing of the batch and ``lasting`` says that names may be global.
    """
    asking = {s.name for s in statements if is_asking(s) and program.doors.issuperset(s.operands)}
    still: set[str] = set()
    for s in statements:
        known = s.name and s.pure and s.name not in program.doors and s.name not in asking
        if known and all(name in still or name in asking or name == COMMON for name in s.operands):
            still.add(s.name)
    plain = {s.name: s.template for s in statements if not s.operands and s.template in program.constants}
    rest = [_with_constants(s, plain) for s in statements if s.name not in still]
    wanted = _wanted(rest, still, results)
    if not wanted:
        return rest, None
    moved = read([s for s in statements if s.name in still], wanted)
    roots = tuple(dict.fromkeys(n for s in moved for n in s.operands if n in asking))
    if lasting and not roots:
        return rest, Apart("constants", (), moved, wanted)
    asked = [s for s in rest if s.name in roots]
    doors = {name for s in asked for name in s.operands}
    others = [s for s in rest if s.name not in roots]
    last = max((i + 1 for i, s in enumerate(others) if s.name in doors), default=0)
    call = Statement(", ".join(wanted), f"constants({', '.join('{}' for _ in roots)})", roots)
    return [*others[:last], *asked, call, *others[last:]], Apart("constants", roots, moved, wanted)


def _with_constants(statement: Statement, plain: dict[str, str]) -> Statement:
    """The statement reading constants by their own names."""
    if plain.keys().isdisjoint(statement.operands):
        return statement
    return replace(statement, operands=tuple(plain.get(name, name) for name in statement.operands))


def _wanted(rest: list[Statement], moved: set[str], results: tuple[str, ...]) -> tuple[str, ...]:
    """The names of moved statements that the others read, or that are results."""
    names = (name for operands in (*(s.operands for s in rest), results) for name in operands)
    return tuple(dict.fromkeys(name for name in names if name in moved))


# ---- parameters --------------------------------------------------------------------------------------------------


def parameters_apart(
    statements: list[Statement], program: Program, results: tuple[str, ...]
) -> tuple[list[Statement], Apart | None]:
    """The statements with those taken out that check parameters and look at them; ``parameters`` stands for them."""
    given = set(program.given)
    for s in statements:
        if s.operands and _is_view(s.template) and all(name in given for name in s.operands):
            given.add(s.name)
    place = next((i for i, s in enumerate(statements) if s.name in given), None)
    if place is None:
        return statements, None
    rest = [s for s in statements if s.name not in given]
    whole = statements[place].operands[0]
    moved = [
        replace(s, template=s.template.replace("{}[0]", "p"), operands=()) if s.operands == (whole,) else s
        for s in statements
        if s.name in given
    ]
    wanted = _wanted(rest, given, results)
    if not wanted:
        return statements, None
    call = Statement(", ".join(wanted), "parameters({}[0])", (whole,))
    after = next(i for i, s in enumerate(rest) if s.name == whole) + 1
    return [*rest[:after], call, *rest[after:]], Apart("parameters", ("p",), moved, wanted)


def _is_view(template: str) -> bool:
    """Whether an operation gives a view on NumPy, whatever the array."""
    return template == "{}.T" or template.startswith(("{}[", "xp.permute_dims(", "xp.matrix_transpose("))
