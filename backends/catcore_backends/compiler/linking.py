"""A straight-line program as a Python function over one array namespace.

Emitting decides everything that does not depend on the array library; linking gives the global names of the source
their meaning in one library, and compiles the source, which stays readable in tracebacks.
"""

from __future__ import annotations

import functools as ft
import itertools as it
import linecache
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from catcore.errors import WrongDtype
from catcore_backends.compiler.answers import Answering, Ruled
from catcore_backends.compiler.direct import Form, direct_source
from catcore_backends.compiler.hoisting import COMMON, fixed, straight
from catcore_backends.compiler.lowering import Lowered, lowered
from catcore_backends.compiler.operations import is_cupy, is_numpy, lasting, operations
from catcore_backends.compiler.partition import partitioned
from catcore_backends.compiler.program import Program
from catcore_backends.compiler.runtime import Runtime
from catcore_backends.elements import places_in
from catcore_backends.libraries.conversion import widest
from catcore_backends.libraries.failures import explained, too_deep

_NUMBER = it.count(1)
#: A program on batches, ``(x, number of rows) ↦ y``.
Run = Callable[[Any, int], Any]


@dataclass(frozen=True)
class Code:
    """An emitted program with its result.

    Args:
        program: the statements.
        result: a Python expression with holes for the operands.
        operands: the names that the result is made of.
        branches: which branch each name is of, where branches may run on their live rows alone.
    """

    program: Program
    result: str
    operands: tuple[str, ...]
    branches: Mapping[str, str | None] | None = None

    @cached_property
    def general(self) -> Lowered:
        """The array operations for any library."""
        return lowered(self.program, self.result, self.operands)

    @cached_property
    def numpy(self) -> Lowered:
        """The array operations for NumPy, which writes arrays over, and takes the live rows of branches."""
        found = None if self.branches is None else partitioned(self.program, self.operands, self.branches)
        if found is not None:
            return lowered(found[0], self.result, found[1], numpy=True)
        return lowered(self.program, self.result, self.operands, numpy=True)

    @cached_property
    def fused(self) -> Lowered:
        """The array operations for CuPy, runs of those entry by entry being one call each."""
        return lowered(self.program, self.result, self.operands, fused=True)

    def source(self, backend: str) -> str:
        """The Python source of ``program(x, batch)`` as a backend runs it."""
        form = {"numpy": "numpy", "dask": "numpy", "cupy": "fused"}.get(backend, "general")
        source: str = getattr(self, form).source
        return source

    @property
    def answers_numbers(self) -> bool:
        """Whether functions of users answer with elements of finite sets, and these are looked at."""
        found = (rest for kind, *rest in self.program.constants.values() if kind == "answers")
        return any(check_bounds and any(places_in(cod)) for _, _, cod, check_bounds in found)

    @property
    def peak(self) -> int:
        """The largest number of names alive at once."""
        return self.general.peak

    def linked(self, xp: Any, dtype: Any = None, *, general: bool = False) -> Run:
        """The source as a Python function ``(x, batch) ↦ y`` over one array namespace.

        Args:
            xp: the namespace.
            dtype: that of reals made from nothing, by default that of the batch.
            general: whether NumPy and CuPy too are to take the operations for any library.
        """
        if general or not is_numpy(xp):
            return link(self.fused if is_cupy(xp) and not general else self.general, xp, dtype)
        if not self.numpy.single:
            return link(self.numpy, xp, dtype)
        return _ByDtype(self, xp, dtype).first


def link(code: Lowered, xp: Any, dtype: Any = None) -> Run:
    """A program as a Python function over one array namespace."""
    return _defined(code, xp, _names(code, xp, dtype))["program"]  # type: ignore[no-any-return]


def _names(code: Lowered, xp: Any, dtype: Any) -> dict[str, Any]:
    """What the global names of a program mean in a library."""
    runtime = Runtime(xp, dtype)
    names = runtime.names() | {"xp": operations(xp), "ndarray": np.ndarray}
    with lasting(xp):
        return names | {name: _constant(xp, runtime.dtype, *value) for name, value in code.program.constants.items()}


def _defined(code: Lowered, xp: Any, names: dict[str, Any]) -> dict[str, Any]:
    """The global names of a program with its functions among them."""
    _run_source(code.functions, names, "program")
    for function in code.apart:
        names[function.name] = function.remembering(names[function.name], xp)
    return names


def _run_source(source: str, names: dict[str, Any], word: str) -> Any:
    """What a source gives a name, in tracebacks with its lines for as long as it lives."""
    filename = f"<catcore arrow {next(_NUMBER)}>"
    try:
        exec(compile(source, filename, "exec"), names)
    except (SyntaxError, MemoryError):  # Python's parser takes some hundred brackets within each other
        raise too_deep() from None
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    weakref.finalize(names[word], linecache.cache.pop, filename, None)
    return names[word]


@dataclass(frozen=True)
class Direct:
    """A program as a method of a compiled arrow.

    Args:
        call: the method.
        names: its global names.
        count: how many values its parameters give.
    """

    call: Callable[..., Any]
    names: dict[str, Any]
    count: int

    def keep(self, given: Any, whole: Any) -> None:
        """Have at hand what parameters give while the same ones are given, if nothing in them can be exchanged."""
        if fixed(whole):
            found = self.names["parameters"](whole)
            self.names["seen"] = (given, *(found if self.count > 1 else (found,)))


class _ByDtype:
    """A program for NumPy, of which there is a copy for each dtype, with its constants as global names.

    The function that is given out, ``first``, serves the first dtype that it sees and hands other batches on, so that
    none has to look up what it needs.
    """

    def __init__(self, code: Code, xp: Any, dtype: Any) -> None:
        self.code, self.xp, self.dtype = code, xp, dtype
        unmet = {"dtype": None, COMMON: object()}  # no batch has these; None is what several dtypes have in common
        self.names = _names(code.numpy, xp, dtype) | {"other": self.other} | unmet
        self.copies: dict[Any, Run] = {}
        self.lock = Lock()
        self.waiting = _defined(code.numpy, xp, dict(self.names))
        self.first: Run = self.waiting["program"]
        self.first.direct = self.direct

    def direct(self, form: Form, again: Callable[..., Any], missing: Any) -> Direct | None:
        """The program for the first dtype as a method; None where it has no such form.

        Args:
            form: how it is called.
            again: the ordinary call.
            missing: what stands for an argument that is not given.
        """
        source = direct_source(self.code.numpy, form)
        if source is None:
            return None
        parameters = next((f for f in self.code.numpy.apart if f.name == "parameters"), None)
        count = len(parameters.results) if parameters else 0
        self.waiting |= {
            "again": again,
            "missing": missing,
            "explained": explained,
            "seen": (missing, *[None] * count),
        }
        return Direct(_run_source(source, self.waiting, "__call__"), self.waiting, count)

    def other(self, x: Any, batch: int, common: Any) -> Any:
        """The result on a batch of another dtype than that of the program which was called; None for several."""
        if common is None:
            return self.general(x, batch)
        with self.lock:
            program = self.copies.get(common) or self._copied(common)
        return program(x, batch)

    @cached_property
    def general(self) -> Run:
        """The program for batches of any dtypes."""
        return link(self.code.general, self.xp, self.dtype)

    def _copied(self, common: Any) -> Run:
        names = self.waiting if not self.copies else _defined(self.code.numpy, self.xp, dict(self.names))
        names.update(self._lasting(common))
        names[COMMON], names["dtype"] = common, common[0]  # last, for whoever runs the program meanwhile
        self.copies[common] = program = names["program"]
        return program  # type: ignore[no-any-return]

    def _lasting(self, common: Any) -> dict[str, Any]:
        """The global names that are computed once for a dtype."""
        made = self.code.numpy.lasting
        if made is None:
            return {}
        names = self.names | {COMMON: common, "dtype": common[0]}
        exec(made.source, names)
        found = straight(names["constants"]())
        return dict(zip(made.results, found if len(made.results) > 1 else (found,), strict=True))


def _constant(xp: Any, dtype: Any, kind: str, *value: Any) -> Any:
    """What a global name of the program stands for, over one namespace."""
    match kind:
        case "call":
            return value[0]
        case "answers":
            return Answering(xp, *value)
        case "fold":
            return ft.partial(value[0], xp)
        case "rule":
            return Ruled(xp, *value)
        case "values":
            return xp.asarray(value[0])
        case "index":
            return xp.asarray(value[0], dtype=widest(xp, "int64"))
        case "tag":
            return xp.asarray(value[0], dtype=widest(xp, "int64")) != 0
    if _integral(value[0]):
        return _held(xp, value[0], widest(xp, "int64") if dtype is None else dtype)
    real = widest(xp, "float64") if dtype is None or xp.isdtype(dtype, "integral") else dtype
    return _held(xp, value[0], real)


def _held(xp: Any, entries: Any, dtype: Any) -> Any:
    """The entries of a constant as an array.

    Raises:
        WrongDtype: when one of them is too large for the dtype.
    """
    try:
        return xp.asarray(entries, dtype=dtype)
    except (OverflowError, RuntimeError) as error:
        raise WrongDtype(
            f"An arrow with constants was to be compiled for {dtype}, and one of them does not fit ({error}). "
            "Scale it, or give another dtype=."
        ) from None


def _integral(entries: Any) -> bool:
    """Whether entries are integers that 64 bits hold."""
    if isinstance(entries, list):
        return all(map(_integral, entries))
    return isinstance(entries, int) and -(2**63) <= entries < 2**63
