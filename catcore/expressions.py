"""Interned, immutable expressions: the common ground of objects and arrows.

An expression is a constructor applied to arguments.  Building the same expression twice gives the same Python object,
so equality is identity, hashing is free, and sharing inside large terms costs nothing.  ``repr`` writes the Python that
rebuilds the expression, ``str`` writes it as on a board, and LaTeX is offered to notebooks.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any, ClassVar, Self
from weakref import WeakValueDictionary

_TABLE: WeakValueDictionary[tuple[Any, ...], Expression] = WeakValueDictionary()
_LOCK = RLock()  # two threads that build one expression get one object


class Expression:
    """A constructor applied to ``args``; equal expressions are the same object."""

    __slots__ = ("__weakref__", "args")
    constructor: ClassVar[str] = ""
    args: tuple[Any, ...]

    def __new__(cls, *args: Any) -> Self:
        """Return the one expression with these arguments, building it when it is new."""
        key = (cls, *[arg if isinstance(arg, Expression) else _tag(arg) for arg in args])  # composites may be long
        found = _TABLE.get(key)
        if found is None:
            with _LOCK:
                found = _TABLE.get(key)
                if found is None:
                    found = object.__new__(cls)
                    object.__setattr__(found, "args", args)
                    found._build()
                    _TABLE[key] = found
        return found  # type: ignore[return-value]

    def _build(self) -> None:
        """Check the arguments and compute what is derived from them; overridden where there is something."""

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be set; build a new one instead.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be deleted.")

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (type(self), self.args)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __repr__(self) -> str:
        # without recursion into parts that are written the same way, because terms may be deep
        texts: list[str] = []
        todo = self._pieces()[::-1]
        while todo:
            part = todo.pop()
            if isinstance(part, _Text):
                texts.append(part)
            elif type(part).__repr__ is Expression.__repr__:  # type: ignore[comparison-overlap]
                todo += reversed(part._pieces())
            else:
                texts.append(repr(part))
        return "".join(texts)

    def _pieces(self) -> list[Any]:
        """What ``repr`` writes, in order: texts, and parts of which it writes the ``repr``."""
        return [_Text(f"{self.constructor or type(self).__name__}("), *_separated(self.args, ", "), _Text(")")]

    def latex(self) -> str:
        """The expression as LaTeX, without dollar signs."""
        return rf"\mathrm{{{escape(str(self))}}}"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


class _Text(str):
    """A text that is written as it is."""

    __slots__ = ()


def _separated(parts: tuple[Any, ...], by: str) -> list[Any]:
    return [piece for part in parts for piece in (_Text(by), part)][1:]


def _tag(arg: Any) -> Any:
    # 1 == True == 1.0 in Python; as arguments of an expression they are different things.
    return (type(arg), arg) if isinstance(arg, bool | int | float) else arg


def escape(text: str) -> str:
    """``text`` with the characters that LaTeX treats specially written out."""
    special = {"\\": r"\backslash ", "_": r"\_", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "{": r"\{", "}": r"\}"}
    special |= {"^": r"\hat{}", "~": r"\tilde{}"}
    return "".join(special.get(ch, ch) for ch in text)
