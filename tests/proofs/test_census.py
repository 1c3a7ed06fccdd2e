"""Counts of structures: listed numbers, brute force on small sizes, and changed questions (T1.4–T1.10)."""

from __future__ import annotations

import itertools as it

import numpy as np
import pytest

from catcore import Algebra, DistributiveLaw, FinSet, Id, Law, Monad, atoms, cyclic
from catcore.categories.finite_sets import FiniteModel
from catcore.errors import IllTyped, ShapeMismatch, TooLarge
from catcore.functors import Const, Functor
from catcore.structures.distributive import DistributiveLaw as Beck
from catcore.structures.standard import exceptions, maybe, reader, writer
from catcore.theories import commutative_monoid, group, monoid, semigroup, semilattice
from catcore_proofs import verify
from catcore_proofs.census import (
    Container,
    Transformation,
    admits_monad,
    as_algebra,
    as_comonad,
    as_distributive_law,
    as_monad,
    as_monad_morphism,
    automorphisms,
    count_algebras,
    count_automorphisms,
    count_categories,
    count_comonads,
    count_distributive_laws,
    count_models,
    count_monad_morphisms,
    count_monads,
    count_transformations,
    transformations,
)
from tests.benchmarks.census import QUICK, Question, claims, questions

X = Id
PROBES = 2


def holds(law: Law) -> bool:
    """Evaluate both sides on all elements over the two-point set: enough for transformations of polynomial functors."""
    model = FiniteModel(dict.fromkeys(law.symbols()[0], PROBES))
    elements = model.elements(law.lhs.dom)
    return bool(np.all(model.apply(law.lhs, elements) == model.apply(law.rhs, elements)))


def equations(structure: Monad | DistributiveLaw | Algebra) -> list[Law]:
    return [law for law in structure.laws() if not law.name.startswith("naturality")]


@pytest.mark.parametrize("question", questions(), ids=lambda q: f"{q.id}: {q.text}")
def test_the_quick_sizes_of_every_listed_row(question: Question):
    for listed, (when, ask) in zip(question.listed, question.cases, strict=True):
        if when == QUICK:
            found = ask()
            assert (found.up_to_isomorphism if question.classes else found.count) == listed, found.statement
            assert found.evidence == "exhaustive"


@pytest.mark.parametrize("claim", claims(), ids=lambda c: c[0])
def test_claims_are_settled_by_looking_at_everything(claim):
    _, expected, ask = claim
    found = ask()

    assert found.status == expected
    assert found.evidence == "exhaustive"
    assert found.searched or found.reason


@pytest.mark.parametrize("functor", [1 + X, X**2, 2 * X, Const(2), X], ids=str)
def test_monads_are_the_families_that_satisfy_the_laws_one_by_one(functor: Functor):
    t = Container.of(functor)
    pairs = it.product(transformations((), (t,)), transformations((t, t), (t,)))
    lawful = [
        {"unit": unit, "mult": mult}
        for unit, mult in pairs
        if all(map(holds, equations(Monad(functor, unit.natural(), mult.natural()))))
    ]
    found = count_monads(functor)

    assert found.count == len(lawful)
    assert all(f in lawful for f in found.structures)


def test_distributive_laws_are_the_transformations_that_satisfy_beck_one_by_one():
    action, two = writer(cyclic(2)), exceptions(FinSet(2))
    t, s = Container.of(action.functor), Container.of(two.functor)
    lawful = [x for x in transformations((t, s), (s, t)) if all(map(holds, equations(Beck(action, two, x.natural()))))]

    assert {f["law"] for f in count_distributive_laws(action, two).structures} == set(lawful)
    assert len(lawful) == 2


def naive_tables(n: int, *, unit: bool) -> tuple[int, int]:
    """Associative tables on n points, with a unit where asked, and their classes."""
    found = set()
    for cells in it.product(range(n), repeat=n * n):
        t = np.asarray(cells).reshape(n, n)
        if (t[t] == t[:, t]).all() and (
            not unit or any((t[e] == range(n)).all() and (t[:, e] == range(n)).all() for e in range(n))
        ):
            found.add(cells)
    classes = {min(_relabelled(c, n, p) for p in it.permutations(range(n))) for c in found}
    return len(found), len(classes)


def _relabelled(cells: tuple[int, ...], n: int, p: tuple[int, ...]) -> tuple[int, ...]:
    image = [0] * (n * n)
    for i, j in it.product(range(n), repeat=2):
        image[p[i] * n + p[j]] = p[cells[i * n + j]]
    return tuple(image)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_monoids_and_semigroups_agree_with_all_tables_tried(n: int):
    for theory, unit in ((monoid, True), (semigroup, False)):
        found = count_models(theory, n, up_to_isomorphism=True)
        assert (found.count, found.up_to_isomorphism) == naive_tables(n, unit=unit)


def naive_categories(n: int) -> int:
    """Classes of partial operations on n arrows that are the composition of a category."""
    classes = set()
    for cells in it.product(range(-1, n), repeat=n * n):
        t = [cells[i * n : (i + 1) * n] for i in range(n)]
        if _is_category(t, n):
            classes.add(min(_moved(t, n, p) for p in it.permutations(range(n))))
    return len(classes)


def _is_category(t: list[tuple[int, ...]], n: int) -> bool:
    arrows = range(n)
    ones = [e for e in arrows if t[e][e] == e and all(t[e][x] in (-1, x) and t[x][e] in (-1, x) for x in arrows)]
    sources = [[e for e in ones if t[e][f] >= 0] for f in arrows]
    targets = [[e for e in ones if t[f][e] >= 0] for f in arrows]
    if any(len(s) != 1 for s in sources + targets):
        return False
    for f, g in it.product(arrows, repeat=2):
        if (t[f][g] >= 0) != (targets[f] == sources[g]):
            return False
        if t[f][g] >= 0 and (sources[t[f][g]], targets[t[f][g]]) != (sources[f], targets[g]):
            return False
    return all(
        t[t[f][g]][h] == t[f][t[g][h]] for f, g, h in it.product(arrows, repeat=3) if t[f][g] >= 0 and t[g][h] >= 0
    )


def _moved(t: list[tuple[int, ...]], n: int, p: tuple[int, ...]) -> tuple[int, ...]:
    image = [-1] * (n * n)
    for i, j in it.product(range(n), repeat=2):
        image[p[i] * n + p[j]] = p[t[i][j]] if t[i][j] >= 0 else -1
    return tuple(image)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_categories_agree_with_all_partial_operations_tried(n: int):
    assert count_categories(n).up_to_isomorphism == naive_categories(n)


def test_labelled_categories_with_one_object_are_monoid_tables():
    for n in range(1, 6):
        assert count_categories(n, objects=1).count == count_models(monoid, n).count


def test_monoids_are_counted_three_ways():
    """Monad structures on n X, comonad structures on X^n, and monoid tables are the same thing (C01, C18)."""
    for n in (1, 2, 3):
        tables = count_models(monoid, n, up_to_isomorphism=True)
        monads = count_monads(n * X, up_to_isomorphism=True)
        comonads = count_comonads(X**n, up_to_isomorphism=True)
        assert tables.count == monads.count == comonads.count
        assert tables.up_to_isomorphism == monads.up_to_isomorphism == comonads.up_to_isomorphism


def test_a_changed_question_has_another_answer():
    counts = {str(f): count_monads(f).count for f in (1 + X, 1 + 2 * X, X + X**2, 1 + X**2)}
    assert counts == {"1 + Id": 1, "1 + 2 × Id": 6, "Id + Id^2": 15, "1 + Id^2": 0}
    assert count_models(commutative_monoid, 4).count < count_models(monoid, 4).count < count_models(semigroup, 4).count
    assert count_models(group, 4, up_to_isomorphism=True).up_to_isomorphism == 2
    assert count_models(semilattice, 4).count != count_models(commutative_monoid, 4).count


def test_found_structures_verify_as_terms():
    for f in count_monads(X + X**2, up_to_isomorphism=True).structures:
        assert verify(as_monad(f)).ok
    for f in count_comonads(X**2).structures:
        assert verify(as_comonad(f)).ok
    w2 = writer(cyclic(2))
    for f in count_distributive_laws(w2, exceptions(FinSet(2))).structures:
        assert verify(as_distributive_law(f, w2, exceptions(FinSet(2)))).ok
    for f in count_monad_morphisms(maybe(), exceptions(FinSet(2))).structures:
        assert verify(as_monad_morphism(f, maybe(), exceptions(FinSet(2)))).ok
    for f in count_algebras(w2, 3).structures:
        assert verify(as_algebra(f, w2)).ok


def test_a_structure_with_one_value_changed_is_refuted():
    (found,) = count_monads(1 + X).structures
    mult = found["mult"]
    broken = Transformation(mult.source, mult.target, dict.fromkeys(mult.values, (0, ())))

    assert not verify(as_monad({"unit": found["unit"], "mult": broken})).ok


FUNCTORS = [1 + X, X ** FinSet(2), 2 * X, FinSet(3) * X + X * X, (1 + X) ** FinSet(2), Const(2) ** FinSet(2) + X]


@pytest.mark.parametrize("functor", FUNCTORS, ids=str)
def test_transformations_are_written_as_terms_and_read_back(functor: Functor):
    f, g = (Container.of(functor),), (Container.of(1 + X),)
    for x in it.islice(transformations(f, g), 30):
        assert Transformation.of(x.natural(), f, g) == x
    for x in it.islice(transformations(g, f), 30):
        assert Transformation.of(x.natural(), g, f) == x


@pytest.mark.parametrize("functor", FUNCTORS, ids=str)
def test_there_are_as_many_transformations_as_are_listed(functor: Functor):
    found = count_transformations(functor, 1 + X, listed=True)
    assert found.count == len(found.structures) == len(set(found.structures))


def test_elements_are_numbered_as_terms_number_them():
    (a,) = atoms("A")
    for functor in FUNCTORS:
        assert Container.of(functor).size(3) == FiniteModel({a: 3}).size(functor(a))


def test_automorphisms_are_counted_and_invert():
    t = Container.of(2 * X + X**2)
    listed = list(automorphisms(t))

    assert len(listed) == count_automorphisms(t) == 4
    for forward, back in listed:
        assert forward >> back == Transformation.identity((t,))


def test_classes_of_algebras_are_orbits():
    """Involutions on 4 points have cycle types 1+1+1+1, 2+1+1 and 2+2 (C10)."""
    found = count_algebras(writer(cyclic(2)), 4, up_to_isomorphism=True)
    assert (found.count, found.up_to_isomorphism) == (10, 3)


def test_actions_of_a_given_monoid_are_models_with_given_operations():
    from catcore.theories import action

    z2 = {"unit": [0], "mult": [0, 1, 1, 0]}
    found = count_models(action, 2, 4, fixed=z2, up_to_isomorphism=True)

    assert (found.count, found.up_to_isomorphism) == (10, 3)
    assert found.statement == "models of the theory 'action' with |M| = 2, |X| = 4 with given unit, mult"


def test_kept_models_are_models():
    from catcore import Monoid

    for m in count_models(monoid, 3, keep=100).structures:
        assert verify(Monoid.from_table(m["mult"], unit=m["unit"])).ok


def test_counts_say_what_was_counted():
    found = count_monads(1 + 2 * X, up_to_isomorphism=True)

    assert str(found) == "monad structures on 1 + 2 × Id: 6, 3 up to isomorphism (exhaustive)"
    assert found.seconds > 0
    assert "243" in found.searched
    assert found.to_json()["count"] == 6
    assert str(admits_monad(1 + X**2)) == "1 + Id^2 is the functor of a monad: fails (exhaustive), 0 structures"


def test_what_is_no_container_is_refused_with_a_sentence():
    (a,) = atoms("A")
    for wrong in (a * X, FinSet(2) ** X, Functor.variable("T")):
        with pytest.raises(IllTyped, match="not a finite set"):
            Container.of(wrong)
    with pytest.raises(IllTyped, match="functor of one variable"):
        Container.of(3)  # type: ignore[arg-type]
    with pytest.raises(ShapeMismatch, match="size"):
        count_models(monoid, 2, 3)
    with pytest.raises(ShapeMismatch, match="needs 4 values"):
        count_models(monoid, 2, fixed={"mult": [0]})
    with pytest.raises(TooLarge, match="more than 2"):
        count_monads(3 * X, limit=2)
    with pytest.raises(TooLarge, match="morphisms"):
        count_categories(30)


def test_the_reader_over_two_reads_of_itself_commutes():
    from catcore_proofs.census import is_commutative

    assert is_commutative(reader(FinSet(3))).ok
    assert not is_commutative(writer(left_zeros_with_unit())).ok


def left_zeros_with_unit():
    from catcore import Monoid

    return Monoid.from_table([[0, 1, 2], [1, 1, 1], [2, 2, 2]])


@pytest.mark.slow
def test_the_monads_on_pairs_and_triples():
    """A blog reported that an exhaustive search found none; there are 114 (P12)."""
    found = count_monads(X**2 + X**3, up_to_isomorphism=True)
    assert (found.count, found.up_to_isomorphism) == (114, 11)
