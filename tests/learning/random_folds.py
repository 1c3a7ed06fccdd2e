"""Random data types, random cells over them with shared parameters, and random trees: what gradients are tested on."""

from __future__ import annotations

import itertools as it
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
from catcore.functors import Functor, functor
from catcore.objects import Bound, Coproduct, Exponential, FinSet, Mu, Ob, Product, instantiate, mu, parts
from catcore.structures.lists import LIST
from catcore_backends.recursion.forests import Forest

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
#: Branches stand in other data.
NESTED = {
    "rose trees": functor(lambda x: LABEL * LIST(x)),
    "trees of branches": functor(lambda x: LABEL + mu(lambda y: x + LABEL * (y * y))),
    "lists of choices": functor(lambda x: 1 + LABEL * LIST(x + R())),
    "lists of lists": functor(lambda x: LABEL * LIST(LIST(x))),
    "branches and lists of them": functor(lambda x: 1 + x * (R() * LIST(LABEL * x))),
    "powers in lists": functor(lambda x: R() * LIST(x ** FinSet(2))),
    "two kinds of lists": functor(lambda x: FinSet(2) + (LIST(x) + LABEL * LIST(x))),
    "a place without labels": functor(lambda x: FinSet(2) * LIST(x)),
    "layers in layers": functor(lambda x: LABEL + mu(lambda y: LABEL * x + mu(lambda z: 1 + (y * x) * z))),
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
def cases(draw: Any, functors: dict[str, Any] = FUNCTORS) -> Case:
    """A data type, a cell over it, and a few trees."""
    fixed: Mu = mu(functors[draw(st.sampled_from(sorted(functors)))])
    joined = draw(st.lists(st.sampled_from([ADD, TIMES]), min_size=8, max_size=8))
    bent = draw(st.sampled_from(["tanh", "sin", "sigmoid", "softplus"]))
    cell = arrow(WEIGHTS * Functor(1, fixed.body)(STATE), STATE)(_cell(fixed.body, joined, smooth(bent, STATE)))
    energy = parametric_fold(fixed, cell) >> smooth("square", STATE) >> smooth("sum", STATE)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = (rng.normal(size=(3, 3)), (rng.normal(size=(3, 2)), rng.normal(size=3)))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
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
                case R() if ob is STATE:
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
                case Mu():
                    inner = instantiate(ob, (STATE,))
                    assert isinstance(inner, Mu)
                    layer_of = Functor(1, inner.body)(STATE)
                    inside = arrow(WEIGHTS * layer_of, STATE)(_cell(inner.body, joined[::-1], bend))
                    return parametric_fold(inner, inside)((w, (u, b)), value)
            return b

        return bend(place(body, layer))

    return cell


def _point(i: int) -> Any:
    from catcore import One, finite_map

    return finite_map(One, FinSet(2), [i])(())


def tree(fixed: Mu, rng: Any, depth: int, around: tuple[Mu, ...] = ()) -> Data:
    """A random tree of about that depth, also in elements of types around it."""
    kinds, around = monomials(Functor(1, fixed.body)), (*around, fixed)
    below = [sum(not parts({ob}).isdisjoint(around) for ob in kind.obs(fixed)) for kind in kinds]
    fitting = [kind for kind, n in zip(kinds, below, strict=True) if depth > 1 or n == min(below)]
    kind = fitting[int(rng.integers(len(fitting)))]
    return Data(fixed, kind.layer([label(ob, rng, depth - 1, around) for ob in kind.obs(fixed)]))


def label(ob: Ob, rng: Any, depth: int = 1, around: tuple[Mu, ...] = ()) -> Any:
    """A random label."""
    match ob:
        case Mu():
            return tree(ob, rng, depth, around)
        case Exponential():
            return Graph(tuple((i, label(ob.base, rng, depth, around)) for i in range(2)))
        case R():
            return rng.normal(size=ob.shape)
        case FinSet():
            return int(rng.integers(ob.size))
        case Product():
            return label(ob.left, rng, depth, around), label(ob.right, rng, depth, around)
        case Coproduct():
            side = int(rng.integers(2))
            return Injected(("inl", "inr")[side], label((ob.left, ob.right)[side], rng, depth, around))
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
    for ob, x in zip(kind.obs(tree_of.of), kind.values(tree_of.layer), strict=True):
        yield from _there(ob, x)


def _there(ob: Ob, x: Any) -> Iterator[bool]:
    match ob:
        case R():
            yield x is not None
        case Mu() if x is not None:
            yield from there(x)
        case Exponential():
            for i in range(2):
                yield from _there(ob.base, None if x is None else dict(x.pairs)[i])
        case Product():
            for part, y in zip(ob.args, (None, None) if x is None else x, strict=True):
                yield from _there(part, y)
        case Coproduct():
            for part, side in zip(ob.args, ("inl", "inr"), strict=True):
                yield from _there(part, x.value if x is not None and x.side == side else None)


def from_root(heard: Forest, node: int, around: dict[Mu, Forest] | None = None) -> list[Any]:
    """The covectors of one tree of a forest, as :func:`reals` lists the labels of the tree."""
    outer = {**(around or {}), heard.fixed: heard}
    group = next(g for g in heard.groups if g.start <= node < g.stop)
    row, kind = node - group.start, heard.kinds[group.constructor]
    labels, branches = iter(group.labels), iter(group.branches)
    found: list[Any] = []
    for i, ob in enumerate(kind.obs(heard.fixed)):
        if i in kind.branches:
            branch = next(branches)
            below = branch.start + row if isinstance(branch, slice) else int(branch[row])
            found += from_root(heard, below, outer)
        else:
            found += _at_row(ob, next(labels), row, outer)
    return found


def _at_row(ob: Ob, label: Any, row: int, around: dict[Mu, Forest]) -> list[Any]:
    """The covectors in one row of a label; numbers stand for elements of types around."""
    match ob:
        case Mu() if ob in around:
            outer = dict(it.takewhile(lambda pair: pair[0] is not ob, around.items()))
            return from_root(around[ob], int(label[row]), outer)
        case Mu():
            return from_root(label, int(label.roots[row]), around)
        case Product():
            return [a for part, x in zip(ob.args, label, strict=True) for a in _at_row(part, x, row, around)]
        case Exponential():
            return [a for x in label for a in _at_row(ob.base, x, row, around)]
        case R():
            return [label[row]]
    return []


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
