"""The interpretation of terms in Python values: one element at a time, on sets of any size.

The point is ``()``, a pair is a tuple, an element of a sum is :class:`~catcore.categories.finite_sets.Injected`, a
function is a Python function, and an element of a least fixed point is a :class:`Node` around one layer.  Atoms may
stand for any Python values, and generators for any Python functions.  Equations are checked on samples, and the verdict
says so (THEORY 0.5, T1.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow
from catcore.categories.finite_sets import FiniteModel, Injected, shown
from catcore.errors import NotInterpreted
from catcore.laws import Law, PointwiseLaw
from catcore.objects import Exponential, occurring

POINT = ()


@dataclass(frozen=True)
class Node:
    """An element of a least fixed point: a constructor applied to one layer."""

    layer: Any

    def __str__(self) -> str:
        return f"in({shown(self.layer)})"


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
            NotInterpreted: for generators without a function and for greatest fixed points.
        """
        match f:
            case ar.Identity():
                return x
            case ar.Composite():
                for part in f.args:
                    x = self.apply(part, x)
                return x
            case ar.Terminal():
                return POINT
            case ar.Pair() | ar.Tensor():
                first, second = (x, x) if isinstance(f, ar.Pair) else x
                return self.apply(f.args[0], first), self.apply(f.args[1], second)
            case ar.Fst() | ar.Snd():
                return x[int(isinstance(f, ar.Snd))]
            case ar.Braid():
                return x[1], x[0]
            case ar.Inl() | ar.Inr():
                return Injected(f.constructor, x)
            case ar.Case():
                return self.apply(f.args[x.side == "inr"], x.value)
            case ar.Distribute():
                return Injected(x[1].side, (x[0], x[1].value))
            case ar.Curry():
                return lambda y: self.apply(f.args[0], (x, y))
            case ar.Ev():
                return x[0](x[1])
            case ar.In():
                return Node(x)
            case ar.Fold():
                return self._fold(f, x)
            case ar.Action() if not f.functor.symbols:
                return self.apply(f.expanded(), x)
            case ar.FiniteMap():
                return self._table(f, x)
            case _ if f in self.functions:
                return self.functions[f](x)
        raise NotInterpreted(f"{f.signature} has no Python function here; give functions={{{f}: …}}.")

    def _fold(self, f: Arrow, x: Node) -> Any:
        from catcore.functors import Functor

        fixed, algebra = f.args
        return self.apply(Functor(1, fixed.body).act(f) >> algebra, x.layer)

    def _table(self, f: Arrow, x: Any) -> Any:
        model = FiniteModel()
        values = [model.show(f.dom, i) for i in range(model.size(f.dom))]
        return model.show(f.cod, f.args[2][values.index(x)])

    def sampled(self, law: Law, points: Iterable[Any]) -> PointwiseLaw:
        """The law checked at the given elements of its domain.

        Raises:
            NotInterpreted: when the two sides are functions, which cannot be compared.
        """
        if occurring(law.lhs.cod, Exponential):
            raise NotInterpreted(f"Both sides of {law.name!r} are functions; apply them to arguments before comparing.")
        chosen: Sequence[Any] = tuple(points)
        return PointwiseLaw(law.name, chosen, lambda x: self.apply(law.lhs, x), lambda x: self.apply(law.rhs, x))


def from_list(values: Iterable[Any]) -> Node:
    """A Python list as an element of ``mu(1 + A × X)``."""
    node = Node(Injected("inl", POINT))
    for value in reversed(list(values)):
        node = Node(Injected("inr", (value, node)))
    return node


def to_list(node: Node) -> list[Any]:
    """The Python list of an element of ``mu(1 + A × X)``."""
    found = []
    while node.layer.side == "inr":
        value, node = node.layer.value
        found.append(value)
    return found
