"""Counts against brute force: every family of transformations tried one by one, and orbits closed one by one."""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from catcore import Comonad, DistributiveLaw, FinSet, Id, Law, Monad, cyclic
from catcore.categories.finite_sets import FiniteModel
from catcore.errors import TooLarge
from catcore.functors import Const, Functor
from catcore.structures.monads import MonadMorphism
from catcore.structures.standard import exceptions, maybe, reader, writer
from catcore_proofs.census import (
    Container,
    Transformation,
    as_algebra,
    automorphisms,
    count_algebras,
    count_comonads,
    count_distributive_laws,
    count_monad_morphisms,
    count_monads,
    count_transformations,
    transformations,
)

X = Id
Z2 = cyclic(2)
Family = dict[str, Transformation]


def holds(law: Law) -> bool:
    """Both sides agree over the two-point set: enough for transformations of polynomial functors."""
    model = FiniteModel(dict.fromkeys(law.symbols()[0], 2))
    elements = model.elements(law.lhs.dom)
    return bool(np.all(model.apply(law.lhs, elements) == model.apply(law.rhs, elements)))


def lawful(structure: Monad | Comonad | DistributiveLaw | MonadMorphism) -> bool:
    return all(holds(law) for law in structure.laws() if not law.name.startswith("naturality"))


def orbits(found: list[Family], moves: Iterable[Callable[[Family], Family]]) -> int:
    """How many orbits there are, each family moved by every symmetry."""
    key = {tuple(x for _, x in sorted(f.items())): i for i, f in enumerate(found)}
    moves = list(moves)
    seen: set[int] = set()
    count = 0
    for i, f in enumerate(found):
        if i not in seen:
            count += 1
            seen |= {key[tuple(x for _, x in sorted(move(f).items()))] for move in moves}
    return count


def whiskered(word: tuple[Container, ...], place: int, x: Transformation) -> Transformation:
    """An automorphism at one place of a composite, by its action on generic elements."""

    def walk(element: object, level: int) -> object:
        if level == len(word):
            return element
        inner = (element[0], tuple(walk(c, level + 1) for c in element[1]))  # type: ignore[index]
        return x(inner) if level == place else inner

    identity = Transformation.identity(word)
    return Transformation(word, word, {k: walk(v, 0) for k, v in identity.values.items()})


def carried(x: Transformation, forward: Transformation, back: Transformation) -> Transformation:
    """A transformation between powers of one functor, carried along an automorphism of the functor."""
    for place in range(len(x.source)):
        x = whiskered(x.source, place, back) >> x
    for place in range(len(x.target)):
        x = x >> whiskered(x.target, place, forward)
    return x


@pytest.mark.parametrize("functor", [X, 2 * X, X**2, X + Const(2), Const(0), Const(1)], ids=str)
def test_monads_up_to_isomorphism(functor: Functor):
    t = Container.of(functor)
    families = [
        {"unit": unit, "mult": mult}
        for unit, mult in it.product(transformations((), (t,)), transformations((t, t), (t,)))
        if lawful(Monad(functor, unit.natural(), mult.natural()))
    ]
    moves = [lambda f, a=a, b=b: {name: carried(x, a, b) for name, x in f.items()} for a, b in automorphisms(t)]
    found = count_monads(functor, up_to_isomorphism=True)

    assert (found.count, found.up_to_isomorphism) == (len(families), orbits(families, moves))
    assert all(f in families for f in found.structures)


@pytest.mark.parametrize("functor", [X, 2 * X, X**2, X + X**2, 1 + X, Const(2), Const(0), X * (X + 1)], ids=str)
def test_comonads_up_to_isomorphism(functor: Functor):
    w = Container.of(functor)
    families = [
        {"counit": counit, "comult": comult}
        for counit, comult in it.product(transformations((w,), ()), transformations((w,), (w, w)))
        if lawful(Comonad(functor, counit.natural(), comult.natural()))
    ]
    moves = [lambda f, a=a, b=b: {name: carried(x, a, b) for name, x in f.items()} for a, b in automorphisms(w)]
    found = count_comonads(functor, up_to_isomorphism=True)

    assert (found.count, found.up_to_isomorphism) == (len(families), orbits(families, moves))


def kept(monad: Monad) -> list[tuple[Transformation, Transformation]]:
    """The automorphisms of a monad."""
    t = Container.of(monad.functor)
    unit, mult = Transformation.of(monad.unit, (), (t,)), Transformation.of(monad.mult, (t, t), (t,))
    return [(a, b) for a, b in automorphisms(t) if carried(unit, a, b) == unit and carried(mult, a, b) == mult]


PAIRS = [
    (maybe(), maybe()), (writer(Z2), exceptions(FinSet(2))), (writer(Z2), writer(Z2)), (maybe(), reader(FinSet(2))),
    (exceptions(FinSet(2)), maybe()), (writer(cyclic(3)), exceptions(FinSet(3))),
]  # fmt: skip


@pytest.mark.parametrize(("inner", "outer"), PAIRS, ids=lambda m: str(m.functor))
def test_distributive_laws_up_to_isomorphism(inner: Monad, outer: Monad):
    t, s = Container.of(inner.functor), Container.of(outer.functor)
    found = count_distributive_laws(inner, outer, up_to_isomorphism=True)
    everything = count_distributive_laws(inner, outer)
    moves = [
        lambda f, a=a, b=b, c=c, d=d: {
            "law": whiskered((t, s), 0, b) >> (whiskered((t, s), 1, d) >> f["law"])
            >> (whiskered((s, t), 0, c) >> whiskered((s, t), 1, a))
        }
        for (a, b), (c, d) in it.product(kept(inner), kept(outer))
    ]  # fmt: skip
    assert found.count == everything.count
    assert found.up_to_isomorphism == orbits(list(map(dict, everything.structures)), moves)


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=lambda m: str(m.functor))
def test_morphisms_of_monads(source: Monad, target: Monad):
    s, t = Container.of(source.functor), Container.of(target.functor)
    families = [
        {"morphism": x} for x in transformations((s,), (t,)) if lawful(MonadMorphism(source, target, x.natural()))
    ]
    moves = [
        lambda f, b=b, c=c: {"morphism": b >> f["morphism"] >> c}
        for (_, b), (c, _) in it.product(kept(source), kept(target))
    ]
    found = count_monad_morphisms(source, target, up_to_isomorphism=True)

    assert (found.count, found.up_to_isomorphism) == (len(families), orbits(families, moves))


@pytest.mark.parametrize(
    ("source", "target"), [(X**2, X**2), (2 * X, 1 + X**2), ((X**2, 2 * X), X), (X**3, (X**2, 1 + X))], ids=str
)
def test_transformations_up_to_isomorphism(source: object, target: object):
    """Burnside: the mean number of transformations that a pair of automorphisms fixes."""
    found = count_transformations(source, target, up_to_isomorphism=True)
    everything = list(transformations(source, target))
    f, g = (Container(sizes(everything[0], end)) for end in ("source", "target"))
    flat = list(transformations(f, g))
    pairs = list(it.product(automorphisms(f), automorphisms(g)))
    fixed = sum(b >> x >> c == x for (_, b), (c, _) in pairs for x in flat)

    assert found.count == len(everything) == len(flat)
    assert found.up_to_isomorphism == fixed // len(pairs)
    assert found.count > found.up_to_isomorphism == len(found.structures)


def sizes(x: Transformation, end: str) -> tuple[int, ...]:
    """The number of positions of each shape of a composite."""
    from catcore_proofs.census.containers import generic, shapes

    word = getattr(x, end)
    return tuple(generic(s, len(word))[1] for s in shapes(word))


@pytest.mark.parametrize(
    ("monad", "points"),
    [(maybe(), 2), (maybe(), 3), (reader(FinSet(2)), 2), (writer(Z2), 3), (exceptions(FinSet(2)), 2)],
)
def test_algebras_are_the_maps_that_satisfy_both_equations(monad: Monad, points: int):
    t = Container.of(monad.functor)
    found = count_algebras(monad, points)
    tables = {tuple(as_algebra(f, monad).structure.args[2]) for f in found.structures}
    lawful_tables = {
        images
        for images in it.product(range(points), repeat=t.size(points))
        if all(map(holds, as_algebra_of(monad, points, images)))
    }
    assert tables == lawful_tables
    assert found.count == len(tables)


def as_algebra_of(monad: Monad, points: int, images: tuple[int, ...]) -> list[Law]:
    from catcore import Algebra
    from catcore.arrows import finite_map

    carrier = FinSet(points)
    return list(Algebra(monad, finite_map(monad.functor(carrier), carrier, list(images))).laws())


def test_more_than_the_limit_is_refused_and_says_so():
    with pytest.raises(TooLarge, match="more than 100 solutions"):
        count_algebras(writer(Z2), 8, limit=100)
    with pytest.raises(TooLarge, match="more than 100000"):
        list(transformations(3 * X**2, 20 * X**5))
