"""Learners, and gradient descent as a functor (T5.11)."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import R, arrow, atoms, fst, generator, smooth
from catcore.errors import IllTyped, LawViolated, NotComposable
from catcore.laws import Law
from catcore.learning import GradientDescent, Learner, quadratic_descent
from catcore.learning.learners import Rules, learner_of
from catcore.learning.losses import absolute
from catcore.para import ParaMap
from catcore_proofs import prove, verify
from tests.learning.running import value

CURVE = ParaMap(R(), smooth("multiply", R() * R()) >> smooth("tanh", R()))
DESCENT = quadratic_descent()
PLANE = R() * R()


def test_the_worked_composite_of_t5_11():
    """I(p, a) = tanh(p a), p = .7, q = −1.2, a = .9, c = .4, ε = .1."""
    composite, direct = DESCENT(CURVE) >> DESCENT(CURVE), DESCENT(CURVE >> CURVE)
    x = ((-1.2, 0.7), (0.9, 0.4))
    (q, p), a = value(composite.update, x), value(composite.request, x)

    assert [round(v, 9) for v in (p, q, a)] == [0.651808495, -1.163836654, 0.525177182]
    assert np.allclose(value(direct.update, x), (q, p), rtol=1e-12)
    assert np.isclose(value(direct.request, x), a, rtol=1e-12)


def test_gradient_descent_is_a_functor():
    """Identities, composites and products of arbitrary maps, proved from the inverse law, which holds on symbols."""
    report = verify(DESCENT)

    assert report.ok
    assert report["inverse"].evidence == "symbolic"
    assert {v.evidence for v in report if v.law != "inverse"} == {"proved"}
    assert {v.law.split(",")[0] for v in report} == {"inverse", "identities", "composites", "products"}


@pytest.mark.parametrize("law", ["composites, update", "composites, request", "identities, request"])
def test_functoriality_needs_the_inverse(law):
    (found,) = (each for each in DESCENT.laws() if each.name == law)

    assert isinstance(found, Law)
    assert prove(found.lhs, found.rhs).status != "holds"
    assert prove(found.lhs, found.rhs, given=found.given).status == "holds"


def test_learners_that_pass_the_gradient_on_instead_are_no_functor():
    """With ``r = ∇_a E`` as the request the next learner would take a gradient for a label."""
    plain = Rules(DESCENT._slope, lambda ob, a, g: g, lambda ob, w, g: smooth("subtract", ob * ob)(w, g))
    x = ((-1.2, 0.7), (0.9, 0.4))
    composite, direct = learner_of(CURVE, plain) >> learner_of(CURVE, plain), learner_of(CURVE >> CURVE, plain)

    assert not np.allclose(value(composite.update, x), value(direct.update, x))


def test_composition_of_learners_is_associative():
    p, q, s, a, b, c, d = atoms("P Q S A B C D")
    ends = zip("fgh", (p, q, s), (a, b, c), (b, c, d), strict=True)
    f, g, h = (
        Learner(generator(n, w * x, y), generator(f"{n}U", w * (x * y), w), generator(f"{n}r", w * (x * y), x))
        for n, w, x, y in ends
    )
    left, right = (f >> g) >> h, f >> (g >> h)
    turn = arrow((s * (q * p)) * (a * d), ((s * q) * p) * (a * d))(
        lambda x: (((x[0][0], x[0][1][0]), x[0][1][1]), x[1])
    )

    assert left.parameters is s * (q * p)
    assert right.parameters is (s * q) * p
    assert prove(turn >> right.request, left.request).status == "holds"
    other = fst(left.parameters, a * d) >> generator("z", left.parameters, a)
    assert prove(turn >> right.request, other).status == "fails"


def test_tensors_are_updated_entry_by_entry():
    dense = ParaMap(R(2, 3), smooth("matmul", R(2, 3) * R(3)))
    learner, rng = DESCENT(dense), np.random.default_rng(2)
    w, a, b = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2)

    assert np.allclose(value(learner.update, (w, (a, b))), w - 0.1 * np.outer(w @ a - b, a))
    assert np.allclose(value(learner.request, (w, (a, b))), a - w.T @ (w @ a - b))


def test_another_error_with_an_inverse():
    """e = (x − y)² has the derivative 2 (x − y), and y = x − z / 2."""
    scaled = smooth("subtract", PLANE) >> smooth("square", R())
    half = arrow(PLANE, R())(lambda x: smooth("subtract", PLANE)(x[0], smooth("times", R(), "1/2")(x[1])))

    assert verify(GradientDescent(scaled, half)).ok


def sine_of_the_difference():
    return smooth("subtract", PLANE) >> smooth("sin", R())


@pytest.mark.parametrize(
    "error", [absolute(R()).arrow, sine_of_the_difference(), fst(R(), R())], ids=["L1", "sine", "first"]
)
def test_errors_whose_derivative_cannot_be_inverted_are_refused(error):
    with pytest.raises(LawViolated, match="whose derivative in its first argument can be inverted, and that"):
        GradientDescent(error, smooth("subtract", PLANE))


def test_a_wrong_inverse_is_refused():
    with pytest.raises(LawViolated, match="was given as the inverse of the derivative"):
        GradientDescent(DESCENT.error, smooth("add", PLANE))


def test_refusals():
    with pytest.raises(NotComposable, match="the first ends in"):
        DESCENT(CURVE) >> DESCENT(ParaMap(R(2, 3), smooth("matmul", R(2, 3) * R(3))))
    with pytest.raises(IllTyped, match="The update of a learner with"):
        Learner(CURVE.arrow, CURVE.arrow, CURVE.arrow)
