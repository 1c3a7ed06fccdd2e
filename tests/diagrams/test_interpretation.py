"""Diagrams as natural transformations: a 2-functor, proved law by law, and mutated equations refuted."""

from __future__ import annotations

import pytest

from catcore import Arrow, Id, NaturalTransformation, atoms, fst, ident, snd
from catcore.diagrams import Box, Path, Rule, Wire, adjunction_theory, equal, identity, monad_theory
from catcore.diagrams.interpretation import Interpretation, interchange_rule
from catcore.errors import IllTyped, NotInterpreted
from catcore.functors import Functor
from catcore.laws import naturality
from catcore.objects import Ob
from catcore.structures.standard import maybe, product_exponential, reader, state
from catcore_proofs import prove, verify

A, S, X = atoms("A S X")
T = monad_theory()


def model(monad, *extra: Rule) -> Interpretation:
    return Interpretation({T["T"]: monad.functor}, {T["η"]: monad.unit, T["μ"]: monad.mult}, (*T.rules, *extra))


def test_a_monad_is_an_interpretation_of_the_monad_diagrams():
    report = verify(model(maybe()))

    assert report.ok
    assert {verdict.evidence for verdict in report} == {"proved"}
    assert "interchange of η and μ" in {law.name for law in model(maybe()).laws()}


def test_a_mutated_equation_is_refuted():
    t, mu = identity(T["T"]), T["μ"]
    mutant = Rule("the outer layer is the inner one", mu @ t, t @ mu)
    report = verify(model(maybe(), mutant))

    assert report["the outer layer is the inner one"].status == "fails"
    assert report["associativity"].status == "holds"


def test_interchange_is_naturality_at_a_component():
    """For arbitrary α : F → G and β : H → K the two sides of interchange are the naturality square of α at β_X."""
    f, g, h, k = (Functor.variable(name) for name in "FGHK")
    wires = {Wire(name): functor for name, functor in zip("FGHK", (f, g, h, k), strict=True)}
    a, b = Box("α", Wire("F"), Wire("G")), Box("β", Wire("H"), Wire("K"))
    alpha, beta = NaturalTransformation.variable("α", f, g), NaturalTransformation.variable("β", h, k)
    rule = interchange_rule(a, b)
    law = Interpretation(wires, {a: alpha, b: beta}).law(rule.name, rule.lhs, rule.rhs)
    square = naturality(alpha, beta[X])

    assert equal(rule.lhs, rule.rhs)
    assert {law.lhs, law.rhs} == {square.lhs, square.rhs}
    assert prove(law).status != "fails"


@pytest.mark.parametrize("monad", [maybe(), reader(S), state(S)], ids=lambda monad: monad.name)
def test_interchange_holds_in_sets(monad):
    two = model(monad)
    laws = [law for law in two.laws() if law.name.startswith("interchange")]

    assert len(laws) == 4
    assert {(verdict.status, verdict.evidence) for verdict in verify(laws)} == {("holds", "proved")}


def test_the_adjunction_of_products_and_functions():
    """The triangles hold for S × − ⊣ (−)^S, and G ε F is the multiplication of the state monad."""
    a = adjunction_theory()
    adjunction = product_exponential(S)
    two = Interpretation(
        {a["F"]: adjunction.left, a["G"]: adjunction.right},
        {a["η"]: adjunction.unit, a["ε"]: adjunction.counit},
        a.rules,
    )

    assert verify(two).ok
    join = two(a["G"] @ a["ε"] @ a["F"])
    assert prove(join[A], state(S).mult[A]).status == "holds"


def test_horizontal_composition_is_godements_product():
    monad = maybe()
    two = model(monad)
    eta, mu = monad.unit, monad.mult
    side_by_side = two(T["μ"] @ T["η"])  # T T → T T

    godement = mu[A] >> monad(eta[A])
    assert prove(side_by_side[A], godement).status == "holds"
    assert two(identity(T["T"] @ T["T"]))[A] == ident(monad(monad(A)))
    assert two.functor(Path()) is Id


def test_ill_typed_and_missing_meanings_are_refused():
    monad = maybe()
    with pytest.raises(IllTyped, match="The box η : 1_• → T stands for a transformation Id → 1 \\+ Id"):
        Interpretation({T["T"]: monad.functor}, {T["η"]: monad.mult})
    with pytest.raises(NotInterpreted, match="T has no functor"):
        Interpretation({}, {T["η"]: monad.unit})
    with pytest.raises(NotInterpreted, match="μ has no natural transformation"):
        Interpretation({T["T"]: monad.functor}, {T["η"]: monad.unit})(T["μ"])


def test_a_family_that_is_not_natural_breaks_its_law():
    """Taking the first of a pair is natural; taking the first at one object and the second at others is not."""

    def component(a: Ob) -> Arrow:
        return snd(a, a) if a == X else fst(a, a)

    pick = Box("pick", Wire("P"), Path())
    families = (lambda a: fst(a, a)), component
    natural, broken = (
        Interpretation({Wire("P"): Id * Id}, {pick: NaturalTransformation(Id * Id, Id, family, "pick")})
        for family in families
    )

    assert verify(natural).ok
    assert not verify(broken).ok
