"""The interpretation of terms in Python values: one element at a time, on sets of any size.

The point is ``()``, a pair is a tuple, an element of a sum is :class:`~catcore.categories.finite_sets.Injected`, a
function is a Python function, an element of a least fixed point is a :class:`~catcore.datatypes.data.Data` around one
layer, and an element of a greatest fixed point is an :class:`Unfolding`, whose layers are computed when asked for.
Atoms may stand for any Python values, and generators for any Python functions.  Folds run without recursion and fold
each distinct branch once.  Equations are checked on samples, and the verdict says so (THEORY 0.5, T1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow, is_out
from catcore.categories.finite_sets import FiniteModel, Graph, Injected, listed
from catcore.datatypes.data import Data, fold_data, mapped, stored
from catcore.datatypes.hylomorphisms import Hylo, answers
from catcore.errors import IllTyped, NotInterpreted
from catcore.laws import Law, PointwiseLaw
from catcore.objects import Coproduct, Exponential, Nu, Ob, Product, Tensor, occurring

POINT = ()


@dataclass(frozen=True)
class Unfolding:
    """An element of a greatest fixed point: a state, and the function that gives the layer of a state."""

    layer: Callable[[Any], Any]
    state: Any

    def out(self) -> Any:
        """The first layer."""
        return self.layer(self.state)


def observed(of: Ob, x: Any, depth: int) -> Any:
    """What can be seen of an element in so many steps: greatest fixed points are unfolded, and end in ``...``.

    Elements that look alike to some depth may differ further down, so equal observations are samples, and only a
    bisimulation proves that two elements behave alike (THEORY T3.2, T3.3).  Functions out of finite sets become their
    graphs.
    """
    match of:
        case Nu():
            return observed(of.unrolled(), x.out(), depth - 1) if depth > 0 else ...
        case Product() | Tensor():
            return observed(of.left, x[0], depth), observed(of.right, x[1], depth)
        case Coproduct():
            return Injected(x.side, observed(of.left if x.side == "inl" else of.right, x.value, depth))
        case Exponential() if (arguments := listed(of.exponent)) is not None:
            return Graph(tuple((a, observed(of.base, x(a), depth)) for a in arguments))
    return x


@dataclass(frozen=True, eq=False)
class Closure:
    """A function that a term gives: the term, and the value that it has of what is not its argument."""

    values: PythonValues
    body: Arrow
    at: Any

    def __call__(self, y: Any) -> Any:
        """The function at an argument."""
        return self.values.apply(self.body, (self.at, y))


@dataclass(frozen=True)
class _Beside:
    """What is to be done beside something: the other component of a pair."""

    arrow: Arrow
    at: Any


@dataclass(frozen=True)
class _After:
    """The first component of a pair, once the second is there."""

    first: Any


@dataclass(frozen=True)
class PythonValues:
    """An interpretation of terms as Python functions.

    Args:
        functions: what each generator does to a value.
    """

    functions: Mapping[Arrow, Callable[[Any], Any]] = field(default_factory=dict, hash=False)

    def apply(self, f: Arrow, x: Any) -> Any:
        """The value of a term at a value.

        Raises:
            NotInterpreted: for generators without a function and for arbitrary functors.
            IllTyped: when the value is no element of the domain.
        """
        todo: list[Any] = [
            f
        ]  # what is still to be done to the value, so that functions of functions need no deep stack
        while todo:
            match f := todo.pop():
                case ar.Composite():
                    todo += reversed(f.args)
                case ar.Pair():
                    todo += (_Beside(f.args[1], x), f.args[0])
                case ar.Tensor():
                    first, second = _pair(f, x)
                    todo += (_Beside(f.args[1], second), f.args[0])
                    x = first
                case _Beside():
                    todo += (_After(x), f.arrow)
                    x = f.at
                case _After():
                    x = f.first, x
                case ar.Case():
                    if not isinstance(x, Injected):
                        raise _wrong(f, x)
                    todo.append(f.args[x.side == "inr"])
                    x = x.value
                case ar.Ev() if isinstance(_pair(f, x)[0], Closure) and x[0].values is self:
                    todo.append(x[0].body)
                    x = x[0].at, x[1]
                case ar.Action() if not f.functor.symbols:
                    todo.append(_expanded(f))
                case _:
                    x = self._step(f, x)
        return x

    def _step(self, f: Arrow, x: Any) -> Any:
        """The value of a term that is not made of others that have to be evaluated before or after."""
        match f:
            case ar.Identity():
                return x
            case ar.Terminal():
                return POINT
            case ar.Fst() | ar.Snd():
                return _pair(f, x)[int(isinstance(f, ar.Snd))]
            case ar.Braid():
                return x[1], x[0]
            case ar.Inl() | ar.Inr():
                return Injected(f.constructor, x)
            case ar.Distribute():
                return Injected(x[1].side, (x[0], x[1].value))
            case ar.Curry():
                return Closure(self, f.args[0], x)
            case ar.Ev():
                return x[0](x[1])
            case ar.In():
                return Data(f.args[0], stored(f.dom, x))
            case ar.Fold() if not isinstance(x, Data):
                raise _wrong(f, x)
            case ar.Fold() if is_out(f):
                return x.layer
            case ar.Fold():
                return fold_data(x, lambda layer: self.apply(f.args[1], layer), f.cod)
            case Hylo():
                return answers(f, lambda a: self.apply(f.algebra, a), lambda s: self.apply(f.coalgebra, s), x)[x]
            case ar.Out():
                return x.out()
            case ar.Unfold():
                return self._unfolding(f, x)
            case ar.FiniteMap():
                return self._table(f, x)
            case _ if f in self.functions:
                return self.functions[f](x)
            case _ if hasattr(f, "expanded"):  # a former that is short for a term of others
                return self.apply(f.expanded(), x)
        raise NotInterpreted(f"{f.signature} has no Python function here; give functions={{{f}: …}}.")

    def _unfolding(self, f: Arrow, x: Any) -> Unfolding:
        fixed, coalgebra = f.args
        body = fixed.body

        def layer(state: Any) -> Any:
            below = self.apply(coalgebra, state)
            return mapped(body, lambda s: Unfolding(layer, s), below, (fixed,))

        return Unfolding(layer, x)

    def _table(self, f: Arrow, x: Any) -> Any:
        model = FiniteModel()
        values = [model.show(f.dom, i) for i in range(model.size(f.dom))]
        return model.show(f.cod, f.args[2][values.index(x)])

    def sampled(self, law: Law, points: Iterable[Any], *, depth: int = 10) -> PointwiseLaw:
        """The law checked at the given elements of its domain; streams and the like are compared to a depth.

        Raises:
            NotInterpreted: when the two sides are functions out of infinite sets, which cannot be compared.
        """
        functions: set[Any] = occurring(law.lhs.cod, Exponential)
        if any(listed(f.exponent) is None for f in functions):
            raise NotInterpreted(f"Both sides of {law.name!r} are functions; apply them to arguments before comparing.")
        chosen: Sequence[Any] = tuple(points)

        def seen(f: Arrow) -> Callable[[Any], Any]:
            return lambda x: observed(f.cod, self.apply(f, x), depth)

        return PointwiseLaw(law.name, chosen, seen(law.lhs), seen(law.rhs))


_expanded = lru_cache(maxsize=1024)(ar.Action.expanded)  # the action of a functor is looked at at every layer


def _pair(f: Arrow, x: Any) -> Any:
    if not isinstance(x, tuple) or len(x) != 2:
        raise _wrong(f, x)
    return x


def _wrong(f: Arrow, x: Any) -> IllTyped:
    return IllTyped(f"The value of {f} was asked for at an element of {f.dom}, and {x!r:.80} was given.")
