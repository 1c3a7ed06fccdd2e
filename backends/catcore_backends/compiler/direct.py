"""How a compiled arrow is called where starting single operations counts: by its program itself.

A program for NumPy is a function that is given a batch and looks whether it fits.  Here it is written once more as
``__call__`` of a class of its own for one compiled arrow, so that a call enters no other Python function: each door is
a test that leaves to the ordinary call, which refuses or takes another dtype, and what the parameters of a map give is
at hand as long as they are the same as before.
"""

from __future__ import annotations

from dataclasses import dataclass

from catcore_backends.compiler.lowering import Lowered
from catcore_backends.compiler.program import Statement, indented, returned, steps

_ROWS = "{}.shape[0]"
_PARAMETERS = "parameters({}[0])"


@dataclass(frozen=True)
class Form:
    """How the function of one compiled arrow is called.

    Args:
        head: its name and arguments.
        leave: the statement that leaves to the ordinary call.
        given: what it is given, as an expression.
    """

    head: str
    leave: str
    given: str = "x"


ARROW = Form("__call__(self, x=(), *, batch=1)", "return again(self, x, batch=batch)")
#: A map without parameters.
PLAIN = Form("__call__(self, x=missing, /, *more, batch=1)", "return again(self, x, *more, batch=batch)")
#: One with parameters.
MAP = Form(
    "__call__(self, p=missing, x=missing, /, *more, batch=1)", "return again(self, p, x, *more, batch=batch)", "(p, x)"
)


def direct_source(code: Lowered, form: Form) -> str | None:
    """The Python source of the function; None where the program is for several dtypes or reads its input otherwise."""
    apart = any(s.template == _PARAMETERS for s in code.statements)
    if not code.single or (form is MAP) != apart:  # parameters within a pair are for the ordinary call to know again
        return None
    direct = _Direct(code, form)
    return direct.source() if direct.tests_first else None


class _Direct:
    """Sorts the statements of a program into tests of the input, which are written anew, and the work."""

    def __init__(self, code: Lowered, form: Form) -> None:
        self.code, self.form = code, form
        whole = (s.operands[0] for s in code.statements if s.template == _PARAMETERS)
        self.whole = next(whole, None) if form is MAP else None
        self.rows = {s.operands[0]: s.name for s in code.statements if s.template == _ROWS}
        found = [(s, self._test(s)) for s in code.statements]
        self.work = [s for s, lines in found if lines is None]
        self.tests = [f"if {'more or ' * ('*more' in form.head)}batch != 1: {form.leave}"]
        self.tests += [line for _, lines in found for line in lines or ()]
        self.tests_first = [s for s, lines in found if lines is not None] == code.statements[: -len(self.work) or None]

    def source(self) -> str:
        """The function: tests, and then the work with its failures explained."""
        work = self.work
        lines = [*steps(work, self.code.operands, self.code.program.doors)]
        lines += returned(self.code.result, self.code.operands)
        made = dict.fromkeys(name for s in work for name in s.name.split(", ") if name)
        clear = [f"{' = '.join(made)} = None"] if made else []
        failed = ["except Exception as error:", *_deeper([*clear, f"raise explained(error, {self.form.given})"])]
        return indented(f"def {self.form.head}:", [*self.tests, "try:", *_deeper(lines), *failed])

    def _test(self, s: Statement) -> list[str] | None:
        """The lines of a statement that looks at the input; None for one that computes."""
        leave = self.form.leave
        if s.name in self.code.quick:
            return self._door(s)
        if s.template == _PARAMETERS:
            return [f"known, {s.name} = seen", f"if known is not p: {leave}"]
        if s.template.startswith("if "):
            condition = s.line().partition(": return ")[0]
            return [f"{condition}: {leave}"]
        if s.template == _ROWS and s.operands[0] in self.code.quick:
            return []
        if s.operands == (self.whole,) and s.template == "{}[1]":
            return [f"{s.name} = x"]
        return [s.line()] if s.name in self.code.program.doors and s.template in ("{}[0]", "{}[1]") else None

    def _door(self, s: Statement) -> list[str]:
        if s.name == self.whole:
            return []
        door = self.code.quick[s.name]
        x, known = ("x", s.operands) if door.part == "x" else (s.operands[0], s.operands[1:])
        rows = self.rows.get(s.name, "extent")  # not the name of a function of programs
        return door.tests(x, s.name, rows, "".join(known), self.form.leave)


def _deeper(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
