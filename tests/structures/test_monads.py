"""Monads, comonads and their morphisms: the standard ones are proved, mutants refuted (THEORY T1.4, T1.5, T1.7)."""

from __future__ import annotations

import pytest

from catcore import (
    ActionMonad,
    Comonad,
    FinSet,
    Id,
    Law,
    Monad,
    MonadMorphism,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    cyclic,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    pointwise,
    snd,
    terminal,
)
from catcore.arrows import finite_size
from catcore.errors import IllTyped
from catcore.structures.standard import (
    continuation,
    coreader,
    exceptions,
    identity_monad,
    maybe,
    reader,
    state,
    store,
    traced,
    writer,
)
from catcore_proofs import Report, verify

A, E, R, S, X = atoms("A E R S X")
M = Monoid.variable("M")
NAMES = ["naturality of unit", "naturality of mult", "left unit", "right unit", "associativity"]
ZERO_ONE = Monoid.from_table([[0, 0], [0, 1]], unit=1)
LOOP = Monoid.from_table([[0, 1, 2], [1, 2, 1], [2, 2, 1]])
NAND = Monoid.from_table([[1, 1], [1, 0]])


@pytest.mark.parametrize(
    "monad",
    [
        identity_monad(), maybe(), exceptions(E), exceptions(2), reader(R), reader(FinSet(2)), state(S),
        state(One + One), continuation(R), ActionMonad(M), writer(M),
    ],
    ids=lambda m: f"{m.name} {m.functor}",
)  # fmt: skip
def test_every_standard_monad_is_proved(monad):
    """T1.4: five squares each, at arbitrary objects."""
    report = verify(monad)

    assert [v.law for v in report] == NAMES
    assert {(v.status, v.evidence) for v in report} == {("holds", "proved")}, str(report)


@pytest.mark.parametrize(
    "comonad", [coreader(R), coreader(2), store(S), traced(M)], ids=lambda w: f"{w.name} {w.functor}"
)
def test_every_standard_comonad_is_proved(comonad):
    """T1.7: the laws of a monad, turned round."""
    report = verify(comonad)

    assert {(v.status, v.evidence) for v in report} == {("holds", "proved")}, str(report)
    assert len(report) == 5


def broken(report: Report) -> set[str]:
    """The laws that fail; each shows the sets, the element and two different sides."""
    for verdict in report:
        if verdict.status == "fails":
            found = verdict.counterexample
            assert found is not None
            assert found.lhs != found.rhs
            assert verdict.evidence == "exhaustive"
    return {v.law for v in report if v.status == "fails"}


def maybe_with(unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(1 + X))):
    return Monad(1 + Id, unit, mult)


def reader_with(unit=None, mult=None):
    r = FinSet(2)
    return Monad(
        Id**r,
        unit or pointwise(lambda x: lambda _: x),
        mult or pointwise(lambda f: lambda s: f(s)(s)),
    )


def state_with(mult):
    return Monad((S * Id) ** S, pointwise(lambda x: lambda s: (s, x)), pointwise(mult))


def writer_with(unit=None, mult=None, given=M.given):
    m = M
    return Monad(
        m.carrier * Id,
        unit or pointwise(lambda x: (m.unit, x)),
        mult or pointwise(lambda w: (m.mult(w[0], w[1][0]), w[1][1])),
        given,
    )


MUTANTS = {
    "an exception instead of the value": (
        lambda: maybe_with(unit=lambda X: terminal(X) >> inl(One, X)), {"left unit", "right unit"}),
    "join forgets": (
        lambda: maybe_with(mult=pointwise(lambda x: x.case(inl=lambda p: inl(()), inr=lambda y: inl(())))),
        {"left unit", "right unit"}),
    "a reader that reads one place twice": (
        lambda: reader_with(mult=pointwise(lambda f: lambda s: f(0)(s))), {"right unit"}),
    "a reader that reads the other place first": (
        lambda: reader_with(mult=pointwise(lambda f: lambda s: f(s)(0))), {"left unit"}),
    "a state that is reset": (
        lambda: state_with(lambda p: lambda s: p(s)[1](s)), {"right unit"}),
    "a state that is never changed": (
        lambda: state_with(lambda p: lambda s: (s, p(s)[1](s)[1])), {"left unit", "right unit"}),
    "a unital table that is not associative": (lambda: ActionMonad(LOOP), {"associativity"}),
    "a log that is dropped": (
        lambda: writer_with(mult=pointwise(lambda w: (w[0], w[1][1]))), {"left unit"}),
    "an earlier log that is dropped": (
        lambda: writer_with(mult=pointwise(lambda w: (w[1][0], w[1][1]))), {"right unit"}),
    "no axioms for the monoid": (
        lambda: writer_with(given=()), {"left unit", "right unit", "associativity"}),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_refuted_with_the_laws_they_break(name):
    """T1.4: most wrong monads pass one unit law and fail the other."""
    monad, expected = MUTANTS[name]
    report = verify(monad())

    assert expected <= broken(report), str(report)
    assert report.status == "fails"


def test_a_monad_may_break_associativity_alone():
    assert broken(verify(ActionMonad(LOOP))) == {"associativity"}


def test_words_multiplied_in_the_other_order_are_a_monad_too():
    """The opposite of a monoid is a monoid."""
    opposite = writer_with(mult=pointwise(lambda w: (M.mult(w[1][0], w[0]), w[1][1])))

    assert {v.evidence for v in verify(opposite)} == {"proved"}


def test_each_of_the_five_laws_is_broken_by_some_mutant():
    def swapped(X):
        return generator("s", X, X)

    twisted_unit = maybe_with(unit=lambda X: swapped(X) >> inr(One, X))
    twisted_mult = maybe_with(mult=lambda X: case(inl(One, X), ident(1 + X)) >> (ident(One) + swapped(X)))
    found = [broken(verify(m)) for m in (twisted_unit, twisted_mult)]
    found += [broken(verify(build())) for build, _ in MUTANTS.values()]

    assert "naturality of unit" in found[0]
    assert "naturality of mult" in found[1]
    assert set().union(*found) == set(NAMES)


def test_the_smallest_counterexample_is_shown():
    """A state that is reset differs from the identity already on two states and one value."""
    monad, _ = MUTANTS["a state that is reset"]
    verdict = verify(monad())["right unit"]

    assert verdict.counterexample is not None
    assert dict(verdict.counterexample.sizes) == {"S": 2, "X": 1}
    assert "|S| = 2" in str(verdict)


# ---- the monad of a monoid -----------------------------------------------------------------------------------------


def test_the_monad_of_a_monoid_is_lawful_exactly_when_its_table_is():
    """T1.5: change any one entry of the table of Z3 and some law fails, for the table and for the monad alike."""
    table = [[(i + j) % 3 for j in range(3)] for i in range(3)]
    assert verify(ActionMonad(Monoid.from_table(table))).ok
    assert verify(Monoid.from_table(table)).ok

    for i in range(3):
        for j in range(3):
            for value in range(3):
                mutated = [[*row] for row in table]
                mutated[i][j] = value
                magma = Monoid.from_table(mutated)
                assert verify(magma).ok == verify(ActionMonad(magma)).ok == (value == table[i][j]), (i, j, value)


@pytest.mark.parametrize("monoid", [cyclic(2), cyclic(3), ZERO_ONE], ids=str)
def test_the_monads_of_small_monoids_are_accepted(monoid):
    assert verify(ActionMonad(monoid)).ok


def test_nand_is_no_monoid_and_its_monad_no_monad():
    """T1.5: refused at ((0, 0), 1), where (0·0)·1 = 0 and 0·(0·1) = 1."""
    found = verify(NAND)["associativity"].counterexample
    assert found is not None
    assert (found.element, found.lhs, found.rhs) == (((0, 0), 1), 0, 1)

    verdict = verify(ActionMonad(NAND))["associativity"]
    assert verdict.status == "fails"
    assert verdict.counterexample is not None
    assert verdict.counterexample.element[:1] == (0,)


def test_there_are_sixteen_elements_to_check_for_two_points_and_two_group_elements():
    """T1.5: associativity of Z2 × − on two points is an equation on 2·2·2·2 elements."""
    monad = ActionMonad(cyclic(2))
    law = Law("associativity", monad(monad.mult[FinSet(2)]) >> monad.mult[FinSet(2)],
              monad.mult[monad(FinSet(2))] >> monad.mult[FinSet(2)])  # fmt: skip

    assert finite_size(law.lhs.dom) == 16
    verdict = verify(law)["associativity"]
    assert (verdict.status, verdict.evidence) == ("holds", "exhaustive")


# ---- morphisms -----------------------------------------------------------------------------------------------------


def test_morphisms_of_monads_respect_unit_and_mult():
    to_reader = MonadMorphism(identity_monad(), reader(R), pointwise(lambda x: lambda _: x))
    reader_to_state = MonadMorphism(reader(S), state(S), pointwise(lambda f: lambda s: (s, f(s))))

    for morphism in (to_reader, reader_to_state):
        assert {v.evidence for v in verify(morphism)} == {"proved"}


def test_what_is_no_morphism_of_monads_is_refuted():
    c = generator("c", One, M.carrier)
    report = verify(MonadMorphism(writer(M), writer(M), pointwise(lambda w: (M.mult(c, w[0]), w[1]))))

    assert report["naturality of morphism"].status == "holds"
    assert broken(report) == {"respects unit", "respects mult"}


def test_components_of_a_wrong_type_are_refused_at_once():
    with pytest.raises(IllTyped, match=r"unit at X must be an arrow X → 1 \+ X, and ι₂ : 1 → X \+ 1 was given"):
        Monad(1 + Id, unit=lambda X: inr(X, One), mult=lambda X: case(inl(One, X), ident(One + X)))
    with pytest.raises(IllTyped, match=r"mult at X must be an arrow 1 \+ \(1 \+ X\) → 1 \+ X"):
        Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: ident(One + X))
    with pytest.raises(IllTyped, match="counit at X must be an arrow"):
        Comonad(A * Id, counit=lambda X: fst(A, X), comult=lambda X: pair(fst(A, X), ident(A * X)))
    with pytest.raises(IllTyped, match="Give a function from objects to arrows, or say it on elements with pointwise"):
        Monad(Id, unit=3, mult=3)


def test_a_law_of_the_wrong_kind_is_not_confused_with_its_mirror_image():
    """T1.4: T(η) and η_T are different maps, already for Maybe."""
    monad = maybe()
    outer, inner = monad.unit[monad(X)], monad(monad.unit[X])

    assert outer is not inner
    assert verify(Law("same", outer, inner))["same"].status == "fails"


@arrow(A * A, A)
def second(p):
    return p[1]


def test_pointwise_and_pointfree_structure_maps_agree():
    point = Monad(
        E + Id, pointwise(lambda x: inr(x)), pointwise(lambda v: v.case(inl=lambda e: inl(e), inr=lambda w: w))
    )
    free = exceptions(E)

    assert verify(MonadMorphism(point, free, lambda X: ident(E + X))).ok
    assert second is snd(A, A)
