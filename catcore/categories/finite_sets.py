"""The interpretation of terms in finite sets: elements are numbers, arrows act on arrays of numbers.

The elements of an object are numbered lexicographically: ``(a, b)`` of ``A × B`` is ``a·|B| + b``; ``A + B`` lists
``A`` first; a function ``A → B`` is the number whose digits in base ``|B|`` are its values, the value at 0 first.  A
model gives each atom a size and each generator a table.  An arrow is then applied to many elements at once, over any
array namespace: no Python loop runs over elements.  The interpretation decides equations over given sets, and finds the
smallest place where they fail.  ``with computed_by("torch"):`` moves all of it to the arrays of another backend, and
:func:`computing` says which one it is.
"""

from __future__ import annotations

import itertools as it
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from catcore import arrows as ar
from catcore import objects as ob
from catcore import plugins
from catcore.errors import CatError, NotInterpreted, OutOfMemory, TooLarge, WrongDtype

#: Above this many elements an object is not enumerated.
MAX_ELEMENTS = 5_000_000
_MAX_CODE = 2**62
#: Functions of more arguments are not looked at, however few there are.
_MAX_ARGUMENTS = 10_000
#: The backend of models that name no namespace, with its array namespace; NumPy where this is None.
_CHOSEN: ContextVar[tuple[str, Any] | None] = ContextVar("arrays of finite sets", default=None)


@contextmanager
def computed_by(backend: str) -> Iterator[None]:
    """Within the ``with`` statement, finite sets are computed with in the arrays of a backend; ``""`` changes nothing.

    ``"auto"``, which follows the arrays that it is given, is NumPy here: terms are given, and no arrays.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        WrongDtype: when its integers have fewer than 64 bits, so that large numbers of elements would wrap round.
        OutOfMemory: when something inside finds no room; the arrays made inside are let go.
    """
    if isinstance(backend, str) and not backend:
        with _room(computing(), lambda error: isinstance(error, MemoryError), lambda: None):
            yield
        return
    offered = plugins.backend(backend)
    xp = offered.namespace()
    if not str(xp.arange(1).dtype).endswith("64"):
        raise WrongDtype(
            f"The elements of finite sets are 64-bit integers, and the backend {backend!r} makes shorter ones here. "
            "With JAX, set jax.config.update('jax_enable_x64', True), or JAX_ENABLE_X64=1 in the environment."
        )
    with _room(backend, offered.lacked_room, offered.release), computed_in(backend, xp):
        yield


@contextmanager
def _room(name: str, lacked: Callable[[Exception], bool], release: Callable[[], None]) -> Iterator[None]:
    """Where a library finds no room, say so in a sentence; what was made on the way there is let go first."""
    try:
        yield
    except Exception as error:
        if isinstance(error, CatError) or not lacked(error):
            raise
        text = f"{type(error).__name__}: {error}"[:120]
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
        release()
        raise OutOfMemory(
            f"Finite sets were computed with on the backend {name!r}, and there was no room for the arrays ({text}). "
            "Ask about smaller sets, use a device with more memory, or raise the limit where one was set."
        ) from None


@contextmanager
def computed_in(name: str, xp: Any) -> Iterator[None]:
    """As :func:`computed_by`, in a namespace that is at hand, under the name of its library."""
    token = _CHOSEN.set((name, xp))
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def checked(backend: str) -> None:
    """Refuse a backend that :func:`computed_by` refuses: for questions that take one and are answered without arrays.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        WrongDtype: when its integers have fewer than 64 bits.
    """
    with computed_by(backend):
        pass


def computing() -> str:
    """The name of the backend that finite sets are computed by."""
    chosen = _CHOSEN.get()
    return "numpy" if chosen is None or chosen[0] == "auto" else chosen[0]


def shown_on(backend: str) -> str:
    """``", on torch"`` and the like: on whose arrays was computed; nothing where these are NumPy's, as was asked."""
    return "" if backend in ("", "numpy") else f", on {backend}"


def namespace() -> Any:
    """The array namespace of :func:`computed_by`, or NumPy's."""
    if (chosen := _CHOSEN.get()) is not None:
        return chosen[1]
    import numpy

    return numpy


@dataclass(frozen=True)
class FiniteModel:
    """Sizes for atoms and tables for generators.

    Args:
        sizes: the number of elements of each atom.
        tables: for each generator, the number of the image of each element of its domain.
        xp: the array namespace to compute in; that of :func:`computed_by`, or NumPy, when left out.
    """

    sizes: Mapping[ob.Ob, int] = field(default_factory=dict)
    tables: Mapping[ar.Arrow, Any] = field(default_factory=dict)
    xp: Any = None

    @property
    def namespace(self) -> Any:
        """The array namespace; without one of its own a model computes where it is asked."""
        return self.xp or namespace()

    def size(self, thing: ob.Ob) -> int:
        """The number of elements of an object.

        Raises:
            NotInterpreted: for an atom without a size, and for objects that are not finite sets.
            TooLarge: when the elements cannot be numbered with 62 bits, or are functions of very many arguments.
        """
        match thing:
            case ob.Product() | ob.Tensor():
                count = self.size(thing.left) * self.size(thing.right)
            case ob.Coproduct():
                count = self.size(thing.left) + self.size(thing.right)
            case ob.Exponential():
                base, exponent = self.size(thing.base), self.size(thing.exponent)
                if exponent > (62 if base > 1 else _MAX_ARGUMENTS):
                    raise TooLarge(
                        f"{thing} has {base}^{exponent} elements here, too many to number or too long to write down; "
                        "use smaller sets."
                    )
                count = base**exponent
            case ob.FinSet():
                count = thing.size
            case ob.ZeroObject() | ob.OneObject():
                count = int(thing is ob.One)
            case _ if thing in self.sizes:
                count = self.sizes[thing]
            case _:
                raise NotInterpreted(
                    f"{thing} has no size in this finite model; give sizes={{{thing}: n}} for its atoms."
                )
        if count > _MAX_CODE:
            raise TooLarge(f"{thing} has {count} elements here, too many to number; use smaller sets.")
        return count

    def elements(self, thing: ob.Ob) -> Any:
        """All elements of an object, as an array of numbers.

        Raises:
            TooLarge: above ``MAX_ELEMENTS``.
        """
        count = self.size(thing)
        if count > MAX_ELEMENTS:
            raise TooLarge(
                f"{thing} has {count} elements here, more than {MAX_ELEMENTS}; use smaller sets or a sample."
            )
        return self.namespace.arange(count, dtype=self.namespace.int64)

    def apply(self, f: ar.Arrow, x: Any) -> Any:
        """The images of an array of elements of ``f.dom``.

        Raises:
            NotInterpreted: for generators without a table and for fixed points.
        """
        xp, size = self.namespace, self.size
        match f:
            case ar.Identity():
                return x
            case ar.Composite():
                for part in f.args:
                    x = self.apply(part, x)
                return x
            case ar.Terminal():
                return xp.zeros_like(x)
            case ar.Pair():
                size(f.cod)  # refuses pairs that cannot be numbered
                return self.apply(f.args[0], x) * size(f.args[1].cod) + self.apply(f.args[1], x)
            case ar.Fst():
                return x // size(f.args[1])
            case ar.Snd():
                return x % size(f.args[1])
            case ar.Inl() | ar.Initial():
                return x
            case ar.Inr():
                return x + size(f.args[0])
            case ar.Case():
                return self._case(f, x)
            case ar.Distribute():
                return self._distribute(f, x)
            case ar.Curry():
                return self._curry(f, x)
            case ar.Ev():
                return self._evaluate(f, x)
            case ar.FiniteMap():
                return self._look_up(f.args[2], x)
            case ar.Tensor():
                g, h = f.args
                return self.apply(g, x // size(h.dom)) * size(h.cod) + self.apply(h, x % size(h.dom))
            case ar.Braid():
                return (x % size(f.args[1])) * size(f.args[0]) + x // size(f.args[1])
            case ar.Action() if not f.functor.symbols:
                return self.apply(f.expanded(), x)
            case _ if f in self.tables:
                return self._look_up(self.tables[f], x)
            case _ if f.constructor == "hylo":
                from catcore.datatypes.hylomorphisms import table

                return self._look_up(table(f, self), x)  # type: ignore[arg-type]
        raise NotInterpreted(f"{f.signature} has no table in this finite model; give tables={{{f}: […]}}.")

    def extended(self, tables: Mapping[ar.Arrow, Any]) -> FiniteModel:
        """The model in which some generators have the given tables."""
        return replace(self, tables={**self.tables, **tables})

    def _look_up(self, table: Any, x: Any) -> Any:
        """The entries of a table at an array of numbers of any shape."""
        xp = self.namespace
        return xp.reshape(xp.take(xp.asarray(table, dtype=x.dtype), xp.reshape(x, (-1,))), x.shape)

    def _case(self, f: ar.Arrow, x: Any) -> Any:
        xp, (g, h) = self.namespace, f.args
        n, m = self.size(g.dom), self.size(h.dom)
        if n == 0 or m == 0:
            return self.apply(h if n == 0 else g, x)
        left = x < n
        # each branch is applied to elements of its own summand only: the others are replaced by its first one
        return xp.where(left, self.apply(g, xp.where(left, x, 0)), self.apply(h, xp.where(left, 0, x - n)))

    def _distribute(self, f: ar.Arrow, x: Any) -> Any:
        a, b, c = map(self.size, f.args)
        if b + c == 0:
            return x
        first, second = x // (b + c), x % (b + c)
        return self.namespace.where(second < b, first * b + second, a * b + first * c + second - b)

    def _curry(self, f: ar.Arrow, x: Any) -> Any:
        xp, (g,) = self.namespace, f.args
        n, base = self.size(g.dom.right), self.size(g.cod)
        self.size(f.cod)  # refuses functions that cannot be numbered
        if base < 2:
            return xp.zeros_like(x)  # the only function
        values = self.apply(g, x[..., None] * n + xp.arange(n, dtype=x.dtype))
        digits = xp.asarray([base ** (n - 1 - i) for i in range(n)], dtype=x.dtype)
        return xp.sum(values * digits, axis=-1)

    def _evaluate(self, f: ar.Arrow, x: Any) -> Any:
        n, base = map(self.size, f.args)
        self.size(f.dom)  # refuses functions that cannot be numbered
        if n == 0 or base < 2:
            return self.namespace.zeros_like(x)  # there is one value, or no argument
        return (x // n) // self._look_up([base ** (n - 1 - i) for i in range(n)], x % n) % base

    def show(self, thing: ob.Ob, number: int) -> Any:
        """Element ``number`` of an object as a Python value made of tuples, :class:`Injected` and :class:`Graph`."""
        match thing:
            case ob.Product() | ob.Tensor():
                m = self.size(thing.right)
                return self.show(thing.left, number // m), self.show(thing.right, number % m)
            case ob.Coproduct():
                n = self.size(thing.left)
                if number < n:
                    return Injected("inl", self.show(thing.left, number))
                return Injected("inr", self.show(thing.right, number - n))
            case ob.Exponential():
                n, base = self.size(thing.exponent), self.size(thing.base)
                digits = [number // base ** (n - 1 - i) % base for i in range(n)]
                return Graph(
                    tuple((self.show(thing.exponent, i), self.show(thing.base, d)) for i, d in enumerate(digits))
                )
            case ob.FinSet():
                return number if isinstance(thing.args[0], int) else thing.labels[number]
            case ob.OneObject():
                return ()
        return number


@dataclass(frozen=True)
class FiniteModels(FiniteModel):
    """Models on the same sets, many at once: the first axis of elements is that of the models.

    It has length 1 where the elements are the same in all models, so that what no table touches is computed once.

    Args:
        sizes: the number of elements of each atom.
        tables: the tables that all of the models share.
        xp: as for :class:`FiniteModel`.
        varying: for each other generator, one table a model, as the rows of an array.
    """

    varying: Mapping[ar.Arrow, Any] = field(default_factory=dict)

    def elements(self, thing: ob.Ob) -> Any:
        """All elements of an object, as an array of numbers with one row for all models.

        Raises:
            TooLarge: above ``MAX_ELEMENTS``.
        """
        return super().elements(thing)[None, :]

    def extended(self, tables: Mapping[ar.Arrow, Any]) -> FiniteModels:
        """The models in which some generators have the given tables, the same ones in all."""
        varying = {g: table for g, table in self.varying.items() if g not in tables}
        return replace(self, tables={**self.tables, **tables}, varying=varying)

    def apply(self, f: ar.Arrow, x: Any) -> Any:
        """The images of elements of ``f.dom``, model by model.

        Raises:
            NotInterpreted: for generators without a table, for fixed points and for recursions.
        """
        if f.constructor == "hylo":
            raise NotInterpreted(f"{f} is recursive, and is followed in one model at a time; use FiniteModel.")
        if f not in self.varying:
            return super().apply(f, x)
        xp, tables = self.namespace, self.varying[f]
        count, length = tables.shape
        starts = xp.reshape(xp.arange(count, dtype=x.dtype) * length, (-1, *(1 for _ in x.shape[1:])))
        return self._look_up(xp.reshape(tables, (-1,)), x + starts)


@dataclass(frozen=True)
class Injected:
    """An element of a sum."""

    side: str
    value: Any

    def __str__(self) -> str:
        return f"{self.side} {shown(self.value)}"

    __repr__ = __str__


@dataclass(frozen=True)
class Graph:
    """A function between finite sets, by its graph."""

    pairs: tuple[tuple[Any, Any], ...]

    def __call__(self, argument: Any) -> Any:
        """The value at an argument."""
        for at, value in self.pairs:
            if at == argument:
                return value
        raise NotInterpreted(f"{shown(argument)} is no argument of the function {self}.")

    def __str__(self) -> str:
        return "{" + ", ".join(f"{shown(a)} ↦ {shown(b)}" for a, b in self.pairs) + "}"

    __repr__ = __str__


def shown(value: Any) -> str:
    """A displayed element as text; the point of the one-point set is ``•``."""
    if isinstance(value, tuple) and not value:
        return "•"
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    return str(value)


def tables(generator: ar.Arrow, model: FiniteModel) -> Iterator[tuple[int, ...]]:
    """All tables that a generator can have over the sizes of a model, in lexicographic order."""
    return it.product(range(model.size(generator.cod)), repeat=model.size(generator.dom))


def host(values: Any) -> Any:
    """An array of any library as one of NumPy; what lies on a device is copied from there."""
    import numpy

    if hasattr(values, "get"):  # CuPy's
        return values.get()
    return numpy.asarray(values.cpu() if hasattr(values, "cpu") else values)


def listed(thing: ob.Ob) -> list[Any] | None:
    """The elements of a finite set of known size, as Python values; None for any other object."""
    model = FiniteModel()
    try:
        return [model.show(thing, i) for i in range(model.size(thing))]
    except NotInterpreted:
        return None
