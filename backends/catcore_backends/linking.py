"""A straight-line program as a Python function over one array namespace.

Emitting decides everything that does not depend on the array library; linking gives the global names of the source
their meaning in one library, and compiles the source, which stays readable in tracebacks.
"""

from __future__ import annotations

import functools as ft
import itertools as it
import linecache
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore_backends.program import Program
from catcore_backends.runtime import Runtime

_NUMBER = it.count(1)


@dataclass(frozen=True)
class Code:
    """An emitted program with its result.

    Args:
        program: the statements.
        result: a Python expression with holes for the operands.
        operands: the names that the result is made of.
    """

    program: Program
    result: str
    operands: tuple[str, ...]

    @cached_property
    def source(self) -> str:
        """The Python source of ``program(x, batch)``."""
        return self.program.source(self.result, self.operands)

    @property
    def peak(self) -> int:
        """The largest number of names alive at once."""
        return self.program.peak(self.operands)

    def linked(self, xp: Any, dtype: Any = None) -> Callable[[Any, int], Any]:
        """The source as a Python function ``(x, batch) ↦ y`` over one array namespace.

        ``dtype`` is that of reals made from nothing, by default that of the batch.
        """
        runtime = Runtime(xp, dtype)
        names = runtime.names()
        names |= {name: _constant(xp, runtime.dtype, *value) for name, value in self.program.constants.items()}
        filename = f"<catcore arrow {next(_NUMBER)}>"
        exec(compile(self.source, filename, "exec"), names)
        linecache.cache[filename] = (len(self.source), None, self.source.splitlines(keepends=True), filename)
        program: Callable[[Any, int], Any] = names["program"]
        weakref.finalize(program, linecache.cache.pop, filename, None)
        return program


def _constant(xp: Any, dtype: Any, kind: str, *value: Any) -> Any:
    """What a global name of the program stands for, over one namespace."""
    match kind:
        case "call":
            return value[0]
        case "fold":
            return ft.partial(value[0], xp)
        case "rule":
            rule, parameters = value
            return ft.partial(_with_parameters, rule, xp, parameters) if parameters else ft.partial(rule, xp)
        case "index":
            return xp.asarray(value[0], dtype=xp.int64)
        case "tag":
            return xp.asarray(value[0], dtype=xp.int64) != 0
    if _integral(value[0]):
        return xp.asarray(value[0], dtype=xp.int64 if dtype is None else dtype)
    return xp.asarray(value[0], dtype=xp.float64 if dtype is None or xp.isdtype(dtype, "integral") else dtype)


def _with_parameters(rule: Callable[..., Any], xp: Any, parameters: tuple[Any, ...], x: Any) -> Any:
    return rule(xp, x, *parameters)


def _integral(entries: Any) -> bool:
    return all(map(_integral, entries)) if isinstance(entries, list) else isinstance(entries, int)
