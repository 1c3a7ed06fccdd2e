"""Random data types, random cells over them with shared parameters, and random trees: what gradients are tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from hypothesis import strategies as st

from catcore import Id, R, arrow, smooth
from catcore.arrows import Arrow
from catcore.categories.finite_sets import Graph, Injected
from catcore.categories.python_values import PythonValues
from catcore.datatypes import Data
from catcore.datatypes.monomials import constructor, monomials
from catcore.datatypes.parametric import parametric_fold
from catcore.functors import Functor
from catcore.objects import Bound, Coproduct, Exponential, FinSet, Mu, Ob, Product, mu
from catcore_backends.forests import Forest
from tests.learning.running import flat

LABEL, STATE = R(2), R(3)
#: W for what stands below, U for labels, b for all: one copy each.
WEIGHTS: Any = R(3, 3) * (R(3, 2) * STATE)
ADD, TIMES = (smooth(name, STATE * STATE) for name in ("add", "multiply"))

FUNCTORS = {
    "lists": 1 + LABEL * Id,
    "binary trees": LABEL + Id * Id,
    "labelled trees": 1 + LABEL * (Id * Id),
    "three constructors": LABEL + (LABEL * Id + Id * (Id * Id)),
    "powers": LABEL + LABEL * Id ** FinSet(2),
    "choices for labels": (LABEL + R()) * (1 + Id),
    "pairs for labels": (LABEL * FinSet(2)) * (1 + Id * Id),
}


@dataclass(frozen=True, repr=False)
class Case:
    """A fold ``P × μF → ℝ`` and trees to run it on."""

    fixed: Mu
    energy: Arrow
    weights: Any
    trees: list[Data]

    def __repr__(self) -> str:
        return f"{self.fixed}: {self.energy}, {self.trees}"


@st.composite
def cases(draw: Any) -> Case:
    """A data type, a cell over it, and a few trees."""
    fixed: Mu = mu(FUNCTORS[draw(st.sampled_from(sorted(FUNCTORS)))])
    joined = draw(st.lists(st.sampled_from([ADD, TIMES]), min_size=8, max_size=8))
    bent = draw(st.sampled_from(["tanh", "sin", "sigmoid", "softplus"]))
    cell = arrow(WEIGHTS * Functor(1, fixed.body)(STATE), STATE)(_cell(fixed.body, joined, smooth(bent, STATE)))
    energy = parametric_fold(fixed, cell) >> smooth("square", STATE) >> smooth("sum", STATE)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = (rng.normal(size=(3, 3)), (rng.normal(size=(3, 2)), rng.normal(size=3)))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    return Case(fixed, energy, weights, [tree(fixed, rng, size) for size in sizes])


def _cell(body: Ob, joined: list[Any], bend: Any) -> Any:
    """All places of a layer, each made a state by the weights, joined and bent."""

    def cell(x: Any) -> Any:
        (w, (u, b)), layer = x

        def place(ob: Ob, value: Any) -> Any:
            """The state of what stands at a place, after all case distinctions in it."""
            match ob:
                case Bound():
                    return smooth("matmul", R(3, 3) * STATE)(w, value)
                case R() if ob.args:
                    return smooth("matmul", R(3, 2) * LABEL)(u, value)
                case R():
                    return smooth("scale", R() * STATE)(value, b)
                case Product():
                    return joined[0](place(ob.left, value[0]), place(ob.right, value[1]))
                case Coproduct():
                    return value.case(
                        inl=lambda a: joined[1](place(ob.left, a), b), inr=lambda c: joined[2](place(ob.right, c), b)
                    )
                case Exponential():
                    return joined[3](place(ob.base, value(_point(0))), place(ob.base, value(_point(1))))
            return b

        return bend(place(body, layer))

    return cell


def _point(i: int) -> Any:
    from catcore import One, finite_map

    return finite_map(One, FinSet(2), [i])(())


def tree(fixed: Mu, rng: Any, depth: int) -> Data:
    """A random tree of at most that depth."""
    kinds = monomials(Functor(1, fixed.body))
    fitting = [k for k in kinds if depth > 1 or not k.branches]
    kind = fitting[int(rng.integers(len(fitting)))]
    places = [tree(fixed, rng, depth - 1) if ob is Bound(0) else label(ob, rng) for ob in kind.places]
    return Data(fixed, kind.layer(places))


def label(ob: Ob, rng: Any) -> Any:
    """A random label."""
    match ob:
        case R():
            return rng.normal(size=ob.shape)
        case FinSet():
            return int(rng.integers(ob.size))
        case Product():
            return label(ob.left, rng), label(ob.right, rng)
        case Coproduct():
            side = int(rng.integers(2))
            return Injected(("inl", "inr")[side], label((ob.left, ob.right)[side], rng))
    return ()


def reals(layer: Any) -> Iterator[Any]:
    """All arrays in a tree or in a covector of one, from the root down, left to right."""
    match layer:
        case Data():
            yield from reals(layer.layer)
        case Injected():
            yield from reals(layer.value)
        case Graph():
            for _, value in layer.pairs:
                yield from reals(value)
        case tuple():
            for part in layer:
                yield from reals(part)
        case _ if not isinstance(layer, int):
            yield layer


def there(tree_of: Data) -> Iterator[bool]:
    """For each array in a covector of a tree, whether the tree has that label: a choice has one of two."""
    kinds = monomials(Functor(1, tree_of.of.body))
    kind = kinds[constructor(kinds, tree_of.layer)]
    for ob, x in zip(kind.places, kind.values(tree_of.layer), strict=True):
        yield from there(x) if isinstance(x, Data) else _there(ob, x)


def _there(ob: Ob, x: Any) -> Iterator[bool]:
    match ob:
        case R():
            yield x is not None
        case Product():
            for part, y in zip(ob.args, (None, None) if x is None else x, strict=True):
                yield from _there(part, y)
        case Coproduct():
            for part, side in zip(ob.args, ("inl", "inr"), strict=True):
                yield from _there(part, x.value if x is not None and x.side == side else None)


def from_root(heard: Forest, node: int) -> list[Any]:
    """The covectors of one tree of a forest, as :func:`reals` lists the labels of the tree."""
    group = next(g for g in heard.groups if g.start <= node < g.stop)
    row, kind = node - group.start, heard.kinds[group.constructor]
    labels, branches = iter(group.labels), iter(group.branches)
    found: list[Any] = []
    for place in range(len(kind.places)):
        if place in kind.branches:
            branch = next(branches)
            below = branch.start + row if isinstance(branch, slice) else int(branch[row])
            found += from_root(heard, below)
        else:
            found += [a[row] for a in flat(next(labels)) if not isinstance(a, tuple)]
    return found


def refilled(layer: Any, arrays: Iterator[Any]) -> Any:
    """The tree with other arrays."""
    match layer:
        case Data():
            return Data(layer.of, refilled(layer.layer, arrays))
        case Injected():
            return Injected(layer.side, refilled(layer.value, arrays))
        case Graph():
            return Graph(tuple((a, refilled(value, arrays)) for a, value in layer.pairs))
        case tuple():
            return tuple(refilled(part, arrays) for part in layer)
        case int():
            return layer
    return next(arrays)


class Over(dict[Any, Any]):
    """What primitives do to one element over an array namespace, for :class:`PythonValues`."""

    def __init__(self, xp: Any) -> None:
        super().__init__()
        self.xp = xp

    def __contains__(self, f: object) -> bool:
        return hasattr(f, "operation")

    def __getitem__(self, f: Any) -> Any:
        def one(x: Any) -> Any:
            constants = f.constants()
            given = f.parameters if constants is None else tuple(self.xp.asarray(c, dtype=float) for c in constants)
            return _moved(f.operation.rule(self.xp, _moved(x, None), *given), 0)

        return one


def _moved(x: Any, index: Any) -> Any:
    return tuple(_moved(part, index) for part in x) if isinstance(x, tuple) else x[index]


def value(case: Case, xp: Any, weights: Any, labels: list[Any]) -> Any:
    """The sum of the energies of the trees, each computed node by node."""
    rest, interpreted = iter(labels), PythonValues(Over(xp))
    return reduce(
        lambda a, b: a + b, [interpreted.apply(case.energy, (weights, refilled(t, rest))) for t in case.trees]
    )
