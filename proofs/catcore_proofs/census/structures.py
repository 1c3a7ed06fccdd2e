"""All monads, comonads, distributive laws, morphisms and algebras on given polynomial functors, counted exactly.

Each kind of structure is a list of unknown transformations with the pasting equations that they satisfy (THEORY T1.4,
T1.6, T1.7, T1.10).  The search is exhaustive; classes up to isomorphism are the orbits of the natural automorphisms of
the functor, which carry a structure to an isomorphic one.

>>> from catcore import Id
>>> count_monads(1 + Id).count, count_monads(1 + Id * Id).count
(1, 0)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catcore.errors import TooLarge
from catcore.functors import Functor
from catcore.structures.algebras import Algebra
from catcore.structures.distributive import DistributiveLaw
from catcore.structures.monads import Comonad, Monad, MonadMorphism
from catcore_proofs.census.containers import Container, Word, constant, number, numbered
from catcore_proofs.census.findings import Count, Stopwatch
from catcore_proofs.census.pasting import Pasting, PastingSearch, Step, Symbol
from catcore_proofs.census.theories import count_models
from catcore_proofs.census.transformations import (
    Transformation,
    automorphisms,
    count_automorphisms,
    generators_of_automorphisms,
)
from catcore_proofs.free_models import FreeModels

#: A found structure: its transformations by name.
Found = Mapping[str, Transformation]
MAX_AUTOMORPHISMS = 50_000


def count_monads(functor: Functor | Container, *, up_to_isomorphism: bool = False, limit: int = 1_000_000) -> Count:
    """All monad structures ``(η, μ)`` on a polynomial functor; ``structures`` are pairs of transformations.

    Raises:
        TooLarge: when there are more than ``limit``.
    """
    t = Container.of(functor)
    unit, mult = Symbol("unit", (), (t,)), Symbol("mult", (t, t), (t,))
    return _census(
        f"monad structures on {t}", [unit, mult], {}, monad_equations(t), [t], up_to_isomorphism, limit=limit
    )


def count_comonads(functor: Functor | Container, *, up_to_isomorphism: bool = False, limit: int = 1_000_000) -> Count:
    """All comonad structures ``(ε, δ)`` on a polynomial functor.

    Raises:
        TooLarge: when there are more than ``limit``.
    """
    w = Container.of(functor)
    counit, comult = Symbol("counit", (w,), ()), Symbol("comult", (w,), (w, w))
    e, d = "counit", "comult"
    equations = [
        Pasting("left counit", (w,), (Step(d), Step(e)), ()),
        Pasting("right counit", (w,), (Step(d), Step(e, 1)), ()),
        Pasting("coassociativity", (w,), (Step(d), Step(d, 1)), (Step(d), Step(d))),
    ]
    return _census(f"comonad structures on {w}", [counit, comult], {}, equations, [w], up_to_isomorphism, limit=limit)


def count_distributive_laws(inner: Monad, outer: Monad, *, limit: int = 1_000_000) -> Count:
    """All distributive laws ``T S → S T`` of the monad ``inner`` (T) over the monad ``outer`` (S).

    Raises:
        TooLarge: when there are more than ``limit``.
    """
    (t, known), (s, more) = _given(inner, "inner "), _given(outer, "outer ")
    law = Symbol("law", (t, s), (s, t))
    eta, mu, unit, mult = "inner unit", "inner mult", "outer unit", "outer mult"
    equations = [
        Pasting("inner unit", (s,), (Step(eta), Step("law")), (Step(eta, 1),)),
        Pasting("outer unit", (t,), (Step(unit, 1), Step("law")), (Step(unit),)),
        Pasting("inner mult", (t, t, s), (Step("law", 1), Step("law"), Step(mu, 1)), (Step(mu), Step("law"))),
        Pasting("outer mult", (t, s, s), (Step("law"), Step("law", 1), Step(mult)), (Step(mult, 1), Step("law"))),
    ]
    statement = f"distributive laws of the monad {t} over the monad {s}"
    return _census(statement, [law], {**known, **more}, equations, [], False, limit=limit)


def count_monad_morphisms(source: Monad, target: Monad, *, limit: int = 1_000_000) -> Count:
    """All morphisms of monads ``S → T``.

    Raises:
        TooLarge: when there are more than ``limit``.
    """
    (s, known), (t, more) = _given(source, "source "), _given(target, "target ")
    theta = Symbol("morphism", (s,), (t,))
    equations = [
        Pasting("respects unit", (), (Step("source unit"), Step("morphism")), (Step("target unit"),)),
        Pasting(
            "respects mult", (s, s), (Step("morphism"), Step("morphism", 1), Step("target mult")),
            (Step("source mult"), Step("morphism")),
        ),
    ]  # fmt: skip
    statement = f"morphisms from the monad {s} to the monad {t}"
    return _census(statement, [theta], {**known, **more}, equations, [], False, limit=limit)


def count_algebras(monad: Any, points: int, *, up_to_isomorphism: bool = False, limit: int = 1_000_000) -> Count:
    """All Eilenberg–Moore algebras of a monad on a set of so many points.

    Isomorphisms are the permutations of the points.

    Args:
        monad: a monad on a polynomial functor, or the monad of free models of a theory, whose algebras are its models.
        points: the number of points.
        up_to_isomorphism: count the classes as well.
        limit: how many there may be, for a polynomial functor.

    Raises:
        TooLarge: when there are more than ``limit``.
    """
    if isinstance(monad, FreeModels):
        models = count_models(monad.theory, points, up_to_isomorphism=up_to_isomorphism)
        return replace(models, statement=f"algebras of the monad '{monad}' on {points} points, as {models.statement}")
    (t, known), k = _given(monad, ""), constant(points)
    structure = Symbol("structure", (t, k), (k,))
    a = Step("structure")
    equations = [
        Pasting("unit", (k,), (Step("unit"), a), ()),
        Pasting("associativity", (t, t, k), (Step("structure", 1), a), (Step("mult"), a)),
    ]
    statement = f"algebras of the monad {t} on {points} points"
    return _census(statement, [structure], known, equations, [k], up_to_isomorphism, limit=limit)


def monad_equations(t: Container) -> list[Pasting]:
    """The three equations of a monad on a container, with symbols ``unit`` and ``mult``."""
    eta, mu = "unit", "mult"
    return [
        Pasting("left unit", (t,), (Step(eta), Step(mu)), ()),
        Pasting("right unit", (t,), (Step(eta, 1), Step(mu)), ()),
        Pasting("associativity", (t, t, t), (Step(mu, 1), Step(mu)), (Step(mu), Step(mu))),
    ]


# ---- from and to terms ---------------------------------------------------------------------------------------------


def _given(monad: Monad, prefix: str) -> tuple[Container, dict[Symbol, Mapping[Any, Any]]]:
    t = Container.of(monad.functor)
    unit = Transformation.of(monad.unit, (), (t,))
    mult = Transformation.of(monad.mult, (t, t), (t,))
    return t, {
        Symbol(prefix + "unit", (), (t,)): unit.values,
        Symbol(prefix + "mult", (t, t), (t,)): mult.values,
    }


def as_monad(found: Found) -> Monad:
    """A found monad structure as a monad made of terms, whose laws can be verified."""
    (t,) = found["unit"].target
    return Monad(t.functor, found["unit"].natural("unit"), found["mult"].natural("mult"))


def as_comonad(found: Found) -> Comonad:
    """A found comonad structure as a comonad made of terms."""
    (w,) = found["counit"].source
    return Comonad(w.functor, found["counit"].natural("counit"), found["comult"].natural("comult"))


def as_distributive_law(found: Found, inner: Monad, outer: Monad) -> DistributiveLaw:
    """A found distributive law as terms."""
    return DistributiveLaw(inner, outer, found["law"].natural("law"))


def as_monad_morphism(found: Found, source: Monad, target: Monad) -> MonadMorphism:
    """A found morphism of monads as terms."""
    return MonadMorphism(source, target, found["morphism"].natural("morphism"))


def as_algebra(found: Found, monad: Monad) -> Algebra:
    """A found algebra as a term, on the finite set with as many points."""
    from catcore.arrows import finite_map
    from catcore.objects import FinSet

    structure = found["structure"]
    t, k = structure.source
    points = len(k.arities)
    images = [structure(numbered((t, k), i, 0))[0] for i in range(t.size(points))]
    return Algebra(monad, finite_map(monad.functor(FinSet(points)), FinSet(points), images))


def table(found: Transformation) -> list[int]:
    """A transformation between constant composites, an algebra structure say, as a table of numbers."""
    total = 0
    for container in reversed(found.source):
        total = container.size(total)
    return [number(found.target, found(numbered(found.source, i, 0)), 0) for i in range(total)]


# ---- the census ----------------------------------------------------------------------------------------------------


def _census(
    statement: str,
    unknown: Sequence[Symbol],
    known: Mapping[Symbol, Mapping[Any, Any]],
    equations: Sequence[Pasting],
    moving: Sequence[Container],
    classes: bool,
    *,
    limit: int,
) -> Count:
    watch = Stopwatch()
    search = PastingSearch(unknown, known, equations)
    found = [
        {s.name: Transformation(s.source, s.target, values[s.name]) for s in unknown}
        for values in search.solutions(limit=limit)
    ]
    orbits = _orbits(found, moving) if classes else None
    return Count(
        statement, len(found), None if orbits is None else len(orbits), seconds=watch.seconds,
        structures=tuple(found if orbits is None else [found[o[0]] for o in orbits]),
        searched=f"{search.candidates} families of transformations, by {search.nodes} choices",
    )  # fmt: skip


def _orbits(found: Sequence[Found], moving: Sequence[Container]) -> list[list[int]]:
    """The classes of structures that automorphisms of the functors carry into each other."""
    place = {_frozen(f): i for i, f in enumerate(found)}
    parent = list(range(len(found)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for container in moving:
        for forward, back in generators_of_automorphisms(container):
            for i, f in enumerate(found):
                j = place[_frozen({name: transport(x, container, forward, back) for name, x in f.items()})]
                a, b = sorted((root(i), root(j)))
                parent[b] = a
    classes: dict[int, list[int]] = {}
    for i in range(len(found)):
        classes.setdefault(root(i), []).append(i)
    return list(classes.values())


def _frozen(found: Found) -> tuple[Any, ...]:
    return tuple(tuple(x.values[k] for k in sorted(x.values, key=repr)) for _, x in sorted(found.items()))


def transport(x: Transformation, container: Container, forward: Transformation, back: Transformation) -> Transformation:
    """A transformation carried along an automorphism of one of the functors that it is made of."""
    return _everywhere(x.source, container, back) >> x >> _everywhere(x.target, container, forward)


def _everywhere(word: Word, container: Container, automorphism: Transformation) -> Transformation:
    """An automorphism at every place of a composite where its functor stands."""
    identity = Transformation.identity(word)

    def walk(element: Any, rest: Word) -> Any:
        if not rest:
            return element
        inner = (element[0], tuple([walk(c, rest[1:]) for c in element[1]]))
        return automorphism(inner) if rest[0] == container else inner

    return Transformation(word, word, {k: walk(v, word) for k, v in identity.values.items()})


def monad_automorphisms(found: Found) -> Iterable[Transformation]:
    """The natural automorphisms of the functor that keep a found monad structure.

    Raises:
        TooLarge: when the functor has more than ``MAX_AUTOMORPHISMS`` automorphisms.
    """
    (t,) = found["unit"].target
    if count_automorphisms(t) > MAX_AUTOMORPHISMS:
        raise TooLarge(f"{t} has {count_automorphisms(t)} automorphisms, more than {MAX_AUTOMORPHISMS}.")
    for forward, back in automorphisms(t):
        if all(transport(x, t, forward, back) == x for x in found.values()):
            yield forward


__all__ = [
    "as_algebra", "as_comonad", "as_distributive_law", "as_monad", "as_monad_morphism", "count_algebras",
    "count_comonads", "count_distributive_laws", "count_monad_morphisms", "count_monads", "monad_automorphisms",
    "table", "transport",
]  # fmt: skip
