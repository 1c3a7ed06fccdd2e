"""Smooth terms in numbers, one element at a time: exactly, on symbols, or in floating point (THEORY T5.3).

An element of ``R(*shape)`` is an array of that shape; pairs, injections and functions are Python values as in
:class:`~catcore.categories.python_values.PythonValues`.  On symbols a term made of sums and products becomes a
polynomial, so an equation between two such terms is decided; the array rules of the table are the same ones that run on
arrays.

>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> x = symbols_of(R(2), "x")
>>> exactly(smooth("multiply", R(2) * R(2)), (x, x)).tolist()
[x0**2, x1**2]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from catcore.arrows import Arrow, subterms
from catcore.categories.python_values import PythonValues
from catcore.categories.smooth import Primitive, number
from catcore.errors import NotInterpreted
from catcore.exact import exact_number
from catcore.objects import Ob, One, Product, R

#: The primitives that are polynomials of their arguments.
POLYNOMIAL = frozenset(
    "add subtract multiply negative times shift square scale matmul reshape permute_dims sum repeat fill concat narrow "
    "matrix constant".split()
)
#: Further primitives that have an expression on symbols.
ANALYTIC = frozenset("tanh exp log sin cos sqrt reciprocal divide".split())


def is_polynomial(f: Arrow) -> bool:
    """Whether all smooth primitives in a term are polynomials, so that equations between such terms are decided."""
    return all(t.name in POLYNOMIAL for t in subterms(f) if isinstance(t, Primitive))


def exactly(f: Arrow, x: Any) -> Any:
    """The value of a term on arrays of exact numbers or symbols.

    Raises:
        NotInterpreted: for a primitive without an expression, such as ``relu``.
    """
    return PythonValues(_Rules(_exact)).apply(f, x)


def numerically(f: Arrow, x: Any) -> Any:
    """The value of a term on arrays of floating point numbers."""
    return PythonValues(_Rules(_floating)).apply(f, x)


class _Rules(Mapping[Arrow, Callable[[Any], Any]]):
    """What each primitive does, as the mapping from generators to functions that an interpretation takes."""

    def __init__(self, rule: Callable[[Primitive, Any], Any]) -> None:
        self.rule = rule

    def __getitem__(self, f: Arrow) -> Callable[[Any], Any]:
        if not isinstance(f, Primitive):
            raise KeyError(f)
        return lambda x: self.rule(f, x)

    def __iter__(self) -> Iterator[Arrow]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _batched(x: Any) -> Any:
    return tuple(map(_batched, x)) if isinstance(x, tuple) else x[None, ...]


def _single(y: Any) -> Any:
    return tuple(map(_single, y)) if isinstance(y, tuple) else y[0, ...]


def _floating(f: Primitive, x: Any) -> Any:
    xp: Any = import_module("array_api_compat.numpy")
    constants = f.constants()
    given = f.parameters if constants is None else tuple(xp.asarray(c, dtype=xp.float64) for c in constants)
    return _single(f.operation.rule(xp, _batched(x), *given))


def _exact(f: Primitive, x: Any) -> Any:
    if f.name not in POLYNOMIAL | ANALYTIC:
        raise NotInterpreted(f"{f.signature} was to be evaluated on symbols, and it has no expression there.")
    if f.name in ("times", "shift"):
        return _moved(x, f.name, f.parameters[0])
    given = f.parameters if f.operation.constants is None else (_exact_constant(f),)
    return _single(f.operation.rule(_Symbols(), _batched(x), *given))


def _moved(x: Any, name: str, parameter: Any) -> Any:
    import numpy as np

    c = exact_number(parameter) if isinstance(parameter, str) else parameter
    return np.asarray(x * c if name == "times" else x + c, dtype=object)


def _exact_constant(f: Primitive) -> Any:
    import numpy as np

    shape = (f.args[2], *f.dom.args) if f.name == "matrix" else f.args[2]
    entries = np.empty(len(f.args) - 3, dtype=object)
    entries[:] = [exact_number(e) if isinstance(e, str) else e for e in f.args[3:]]
    return entries.reshape(shape)


class _Symbols:
    """An array namespace over arrays of expressions: NumPy's, with SymPy's functions entry by entry."""

    def __getattr__(self, name: str) -> Any:
        import numpy as np
        import sympy as sp

        if name in ANALYTIC:
            return lambda x: np.frompyfunc(getattr(sp, name), 1, 1)(x)
        return getattr(np, name)


def symbols_of(ob: Ob, name: str) -> Any:
    """The generic element of a product of real tensors: a symbol for each entry.

    Raises:
        NotInterpreted: for other objects.
    """
    import numpy as np
    import sympy as sp

    def letter(position: int) -> Any:
        return sp.Symbol(f"{name}{position}", real=True)

    return _filled(ob, letter, np.empty, object)


def sampled_at(ob: Ob, seed: int) -> Any:
    """A random element of a product of real tensors, entries between ½ and 3⁄2."""
    import numpy as np

    rng = np.random.default_rng(seed)
    return _filled(ob, lambda _: rng.uniform(0.5, 1.5), np.empty, float)


def _filled(ob: Ob, entry: Callable[[int], Any], empty: Callable[..., Any], dtype: Any) -> Any:
    count = iter(range(10**9))

    def fill(part: Ob) -> Any:
        match part:
            case R():
                values = empty(part.shape, dtype=dtype)
                for place in range(values.size):
                    values.flat[place] = entry(next(count))
                return values
            case Product():
                return fill(part.left), fill(part.right)
            case _ if part is One:
                return ()
        raise NotInterpreted(f"Equations of smooth maps are checked between products of real tensors, and not {ob}.")

    return fill(ob)


def entries(x: Any) -> list[Any]:
    """All entries of an element, left to right."""
    return [e for part in x for e in entries(part)] if isinstance(x, tuple) else list(x.flat)


__all__ = ["entries", "exactly", "is_polynomial", "number", "numerically", "sampled_at", "symbols_of"]
