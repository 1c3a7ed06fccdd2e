"""What generators of a model mean, as text: a run goes on from a checkpoint only where they mean the same.

A term or a name of a primitive stands for itself.  A function is told by its code: the instructions, the constants,
the names, the defaults, and in the same way the values that it closes over and the globals that its code names.  What a
library defines, and what has no code that can be read, is told by its qualified name alone, so that a change of what it
does under that name is not seen.

>>> scaled = [lambda x, a=a: a * x for a in (1.0, 2.0)]
>>> meanings({"g": scaled[0]}) == meanings({"g": scaled[1]})
False
"""

from __future__ import annotations

import functools
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import catcore
import catcore_backends
from catcore.arrows import Arrow
from catcore_backends.training import checkpoints


def meanings(generators: Mapping[str, Any] | None) -> str | None:
    """A digest of what generators mean; None where there are none."""
    if not generators:
        return None
    seen: dict[int, tuple[int, Any]] = {}
    parts = (part for name in sorted(generators) for part in (name, *_told(generators[name], seen)))
    return checkpoints.digest(*parts)


def _told(x: Any, seen: dict[int, tuple[int, Any]]) -> Iterator[Any]:
    """Text and arrays that tell a value from others; ``seen`` numbers what was told before, and keeps it alive."""
    if id(x) in seen:
        yield ("again", seen[id(x)][0])
        return
    if isinstance(x, FunctionType | list | dict) or hasattr(x, "__dict__"):
        seen[id(x)] = len(seen), x
    yield type(x).__qualname__
    for part in _parts(x):
        if isinstance(part, _Leaf):
            yield part.value
        else:
            yield from _told(part, seen)
    yield "end"


class _Leaf:
    """What is told as it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _parts(x: Any) -> Iterator[Any]:
    match x:
        case FunctionType() if not _of_library(x.__code__.co_filename):
            yield from (x.__code__, x.__defaults__, x.__kwdefaults__)
            yield from (_content(cell) for cell in x.__closure__ or ())
            yield from (x.__globals__[name] for name in _names(x.__code__) if name in x.__globals__)
        case CodeType():
            yield _Leaf((x.co_code.hex(), x.co_names, x.co_varnames, x.co_freevars))
            yield from x.co_consts
        case MethodType():
            yield from (x.__func__, x.__self__)
        case functools.partial():
            yield from (x.func, x.args, x.keywords)
        case tuple() | list():
            yield from x
        case set() | frozenset():
            yield _Leaf(sorted(map(repr, x)))
        case dict():
            for key, value in x.items():
                yield _Leaf(repr(key))
                yield value
        case str() | bytes() | int() | float() | complex() | None | Arrow() | slice() | range():
            yield _Leaf(x)
        case _:
            yield _named(x)
            yield from _insides(x)


def _insides(x: Any) -> Iterator[Any]:
    """What an object is made of: its attributes, and the methods of its class where no library defines it."""
    of = x if isinstance(x, type) else type(x)
    own = not _of_library(getattr(sys.modules.get(of.__module__), "__file__", None), of.__module__)
    if hasattr(x, "__wrapped__"):
        yield x.__wrapped__
    if own:
        yield from (method for _, method in sorted(vars(of).items()) if isinstance(method, FunctionType))
    fields = getattr(x, "__dict__", None)
    if isinstance(fields, dict) and not isinstance(x, ModuleType | FunctionType) and (own or callable(x)):
        yield fields


def _of_library(file: str | None, module: str = "") -> bool:
    """Whether a file is one of an installed library, of Python, or of the engine."""
    engine = (str(Path(*package.__path__)) for package in (catcore, catcore_backends))
    roots = (*(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")), *engine)
    return module in sys.builtin_module_names or (file or "").startswith(roots)


def _named(x: Any) -> _Leaf:
    """An array or a scalar as its entries, another thing by its qualified name or that of its type."""
    import numpy as np

    if not isinstance(x, ModuleType | type) and all(hasattr(x, part) for part in ("shape", "dtype")):
        try:
            array = np.asarray(x.detach().cpu() if hasattr(x, "detach") else x)
        except (TypeError, ValueError, RuntimeError):
            array = np.asarray(None)
        if not array.dtype.hasobject:  # whose bytes are addresses
            return _Leaf(array)
    of = x if hasattr(x, "__qualname__") else getattr(x, "__name__", type(x))
    return _Leaf(f"{getattr(of, '__module__', '')}.{getattr(of, '__qualname__', of)}")


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a variable that has no value yet
        return None


def _names(code: CodeType) -> tuple[str, ...]:
    """The global names that code and the code within it may use."""
    within = (name for x in code.co_consts if isinstance(x, CodeType) for name in _names(x))
    return tuple(dict.fromkeys((*code.co_names, *within)))
