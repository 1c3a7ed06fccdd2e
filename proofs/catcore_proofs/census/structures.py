"""All monads, comonads, distributive laws, morphisms and algebras on given polynomial functors, counted exactly.

Each kind of structure is a list of unknown transformations with the pasting equations that they satisfy (THEORY T1.4,
T1.6, T1.7, T1.10).  The search is exhaustive; classes up to isomorphism are the orbits of the natural automorphisms of
the functor, which carry a structure to an isomorphic one.  Partial solutions are rows of NumPy's
arrays, or of those of another ``backend``, such as ``"cupy"``.

>>> from catcore import Id
>>> count_monads(1 + Id).count, count_monads(1 + Id * Id).count
(1, 0)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from catcore.categories.finite_sets import checked, computed_by, computing
from catcore.functors import Functor
from catcore.structures.algebras import Algebra
from catcore.structures.distributive import DistributiveLaw
from catcore.structures.monads import Comonad, Monad, MonadMorphism
from catcore_proofs.census.containers import (
    Container,
    Word,
    constant,
    generic,
    number,
    numbered,
    shapes,
    size_on,
)
from catcore_proofs.census.findings import Count, Stopwatch
from catcore_proofs.census.isomorphism import (
    Found,
    Symmetry,
    at_places,
    classes,
    generators_of_automorphisms,
    of_functor,
    structure_automorphisms,
)
from catcore_proofs.census.pasting import Pasting, Step, Symbol
from catcore_proofs.census.solving import PastingSearch
from catcore_proofs.census.theories import count_models
from catcore_proofs.census.transformations import Transformation, as_word, composite, transformations
from catcore_proofs.free_models import FreeModels


def count_transformations(
    source: Any, target: Any, *, listed: bool = False, up_to_isomorphism: bool = False, backend: str = ""
) -> Count:
    """All natural transformations between polynomial functors: ``Π_s |G(a_s)|`` of them, by Yoneda (T1.3).

    Two transformations are isomorphic when natural automorphisms of the source and of the target carry one to the
    other.

    Args:
        source: a functor, or a tuple of functors standing for their composite, outermost first.
        target: likewise.
        listed: keep them, as :class:`Transformation` values.
        up_to_isomorphism: count the classes as well, and keep one of each.
        backend: looked up, as by the other counts, and not used: the formula needs no arrays.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        TooLarge: when they are to be listed or classified and there are too many.
    """
    checked(backend)
    watch = Stopwatch()
    f, g = as_word(source), as_word(target)
    total = math.prod(size_on(g, generic(s, len(f))[1]) for s in shapes(f))
    found = tuple(transformations(f, g)) if listed or up_to_isomorphism else ()
    orbits = classes([{"α": x} for x in found], _of_ends(f, g)) if up_to_isomorphism else None
    return Count(
        f"natural transformations {composite(f)} → {composite(g)}", total,
        None if orbits is None else len(orbits), seconds=watch.seconds,
        structures=found if orbits is None else tuple(found[o[0]] for o in orbits),
        searched="one element of the target for each shape of the source",
    )  # fmt: skip


def _of_ends(source: Word, target: Word) -> Iterator[Symmetry]:
    """Generating automorphisms of the source and of the target of a transformation."""
    for _, back in generators_of_automorphisms(source):
        yield {"α": (back, Transformation.identity(target))}
    for forward, _ in generators_of_automorphisms(target):
        yield {"α": (Transformation.identity(source), forward)}


def count_monads(
    functor: Functor | Container, *, up_to_isomorphism: bool = False, limit: int = 1_000_000, backend: str = ""
) -> Count:
    """All monad structures ``(η, μ)`` on a polynomial functor; ``structures`` are pairs of transformations.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        TooLarge: when there are more than ``limit``.
    """
    t = Container.of(functor)
    unit, mult = Symbol("unit", (), (t,)), Symbol("mult", (t, t), (t,))
    return _census(
        f"monad structures on {t}",
        [unit, mult],
        {},
        monad_equations(t),
        _of_functor(t, up_to_isomorphism),
        limit=limit,
        backend=backend,
    )


def count_comonads(
    functor: Functor | Container, *, up_to_isomorphism: bool = False, limit: int = 1_000_000, backend: str = ""
) -> Count:
    """All comonad structures ``(ε, δ)`` on a polynomial functor.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
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
    symmetries = _of_functor(w, up_to_isomorphism)
    return _census(
        f"comonad structures on {w}", [counit, comult], {}, equations, symmetries, limit=limit, backend=backend
    )


def count_distributive_laws(
    inner: Monad, outer: Monad, *, up_to_isomorphism: bool = False, limit: int = 1_000_000, backend: str = ""
) -> Count:
    """All distributive laws ``T S → S T`` of the monad ``inner`` (T) over the monad ``outer`` (S).

    Two laws are isomorphic when an automorphism of the monad T and one of the monad S carry one to the other.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
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
    symmetries = _of_monads("law", (inner, 0, 1), (outer, 1, 0)) if up_to_isomorphism else None
    return _census(statement, [law], {**known, **more}, equations, symmetries, limit=limit, backend=backend)


def count_monad_morphisms(
    source: Monad, target: Monad, *, up_to_isomorphism: bool = False, limit: int = 1_000_000, backend: str = ""
) -> Count:
    """All morphisms of monads ``S → T``.

    Two morphisms are isomorphic when automorphisms of the monads S and T carry one to the other.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
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
    symmetries = _of_monads("morphism", (source, 0, -1), (target, -1, 0)) if up_to_isomorphism else None
    return _census(statement, [theta], {**known, **more}, equations, symmetries, limit=limit, backend=backend)


def count_algebras(
    monad: Any, points: int, *, up_to_isomorphism: bool = False, limit: int = 1_000_000, backend: str = ""
) -> Count:
    """All Eilenberg–Moore algebras of a monad on a set of so many points.

    Isomorphisms are the permutations of the points.

    Args:
        monad: a monad on a polynomial functor, or the monad of free models of a theory, whose algebras are its models.
        points: the number of points.
        up_to_isomorphism: count the classes as well.
        limit: how many there may be, for a polynomial functor.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        TooLarge: when there are more than ``limit``.
    """
    if isinstance(monad, FreeModels):
        models = count_models(monad.theory, points, up_to_isomorphism=up_to_isomorphism, backend=backend)
        return replace(models, statement=f"algebras of the monad '{monad}' on {points} points, as {models.statement}")
    (t, known), k = _given(monad, ""), constant(points)
    structure = Symbol("structure", (t, k), (k,))
    a = Step("structure")
    equations = [
        Pasting("unit", (k,), (Step("unit"), a), ()),
        Pasting("associativity", (t, t, k), (Step("structure", 1), a), (Step("mult"), a)),
    ]
    statement = f"algebras of the monad {t} on {points} points"
    return _census(
        statement, [structure], known, equations, _of_functor(k, up_to_isomorphism), limit=limit, backend=backend
    )


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
    symmetries: Callable[[Found], Iterable[Symmetry]] | None,
    *,
    limit: int,
    backend: str,
) -> Count:
    """Search for all structures; classes are counted where their symmetries are given."""
    watch = Stopwatch()
    with computed_by(backend):
        searched_on = computing()
        search = PastingSearch(unknown, known, equations)
        values = list(search.solutions(limit=limit))
    found = [{s.name: Transformation(s.source, s.target, each[s.name]) for s in unknown} for each in values]
    orbits = None if symmetries is None else classes(found, symmetries(found[0]) if found else ())
    return Count(
        statement, len(found), None if orbits is None else len(orbits), seconds=watch.seconds,
        structures=tuple(found if orbits is None else [found[o[0]] for o in orbits]),
        searched=f"{search.candidates} families of transformations, by {search.nodes} choices", backend=searched_on,
    )  # fmt: skip


def _of_functor(container: Container, asked: bool) -> Callable[[Found], Iterable[Symmetry]] | None:
    return (lambda found: of_functor(found, container)) if asked else None


def _of_monads(
    name: str, first: tuple[Monad, int, int], second: tuple[Monad, int, int]
) -> Callable[[Found], Iterable[Symmetry]]:
    """Automorphisms of two monads, each given with its place in the source and in the target, −1 for none."""

    def symmetries(found: Found) -> Iterator[Symmetry]:
        x = found[name]
        for monad, source, target in (first, second):
            t, known = _given(monad, "")
            structure = {s.name: Transformation(s.source, s.target, values) for s, values in known.items()}
            for forward, back in structure_automorphisms(structure, t):
                before = at_places(x.source, [back if i == source else None for i in range(len(x.source))])
                after = at_places(x.target, [forward if i == target else None for i in range(len(x.target))])
                yield {name: (before, after)}

    return symmetries


__all__ = [
    "as_algebra", "as_comonad", "as_distributive_law", "as_monad", "as_monad_morphism", "count_algebras",
    "count_comonads", "count_distributive_laws", "count_monad_morphisms", "count_monads", "count_transformations",
    "table",
]  # fmt: skip
