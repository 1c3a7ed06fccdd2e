"""Lenses, optics and parametric lenses: their laws, their numbers and what they refuse (T5.1, T5.2, T5.4)."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from catcore import Lens, LensMap, One, R, arrow, atoms, fst, generator, ident, reverse_derivative, smooth, snd
from catcore.arrows import Generator
from catcore.categories.python_values import PythonValues
from catcore.errors import IllTyped, MissingDoctrine, NotComposable
from catcore.learning import (
    LENSES,
    Optic,
    ParaReverse,
    Port,
    ReverseFunctor,
    adapter,
    nested_left,
    nested_right,
    of_lens,
    parametric_lens,
)
from catcore.learning.lenses import generic_lenses
from catcore.para import ParaMap
from catcore_backends import compile_arrow
from catcore_proofs import prove, verify

A, B, C, D, P, Q, S = atoms("A B C D P Q S")


@pytest.mark.parametrize("structure", [Lens(), ReverseFunctor(), ParaReverse()], ids=str)
def test_the_laws_are_proved(structure):
    report = verify(structure)

    assert report.ok
    assert {v.evidence for v in report} == {"proved"}


def test_a_wrong_reverse_derivative_is_no_functor():
    """It goes back through single maps as it should, and through composites not at all."""
    lazy = ReverseFunctor(lambda f: reverse_derivative(f) if isinstance(f, Generator) else fst(f.dom, f.cod))
    report = verify(lazy)

    assert report["composites, put"].status == "fails"
    assert report["composites, put"].counterexample is not None


@pytest.mark.usefixtures("everywhere")
def test_the_two_layer_network_of_t5_1_returns_both_gradients():
    linear = ParaMap(R(), smooth("multiply", R() * R()))
    network = parametric_lens(linear) >> parametric_lens(linear)
    w2, w1, x, back = (np.asarray([n]) for n in (2.0, 3.0, 5.0, 1.0))
    found = compile_arrow(network.arrow.put)(((w2, (w1, x)), back))

    assert network.params == (Port(R(), R()),) * 2
    assert (found[0].item(), found[1][0].item(), found[1][1].item()) == (15.0, 10.0, 6.0)


def test_a_costate_is_any_arrow_and_a_state_is_a_point():
    lenses = Lens()
    costate = lenses.costate(generator("α", A, B))

    assert (costate.dom, costate.cod) == (Port(A, B), Port(One, One))
    assert prove(costate.put, fst(A, One) >> generator("α", A, B)).status == "holds"
    assert lenses.state(generator("a", One, A), B).dom == Port(One, One)


def test_lenses_are_not_cartesian():
    """Two different lenses (A, A') → (1, 1): one for each arrow A → A'."""
    lenses = Lens()
    one, other = (lenses.costate(generator(name, A, B)) for name in "αβ")

    assert prove(one.put, other.put).status == "fails"
    assert "cartesian" not in lenses.has
    with pytest.raises(MissingDoctrine, match="which is a term of the cartesian doctrine"):
        lenses.require(fst(A, B))


def counting(n):
    """n lenses with random numbers, and how often each forward map was called."""
    rng, calls = np.random.default_rng(n), [0] * n
    lenses = []
    functions: dict[Any, Any] = {}
    for i, w in enumerate(rng.normal(size=n)):
        get, put = generator(f"f{i}", A, A), generator(f"f{i}*", A * A, A)
        lenses.append(LensMap(get, put))

        def forward(x, i=i, w=w):
            calls[i] += 1
            return np.tanh(w * x)

        def backward(p, w=w):
            return p[1] * w * (1 - np.tanh(w * p[0]) ** 2)

        functions[get], functions[put] = forward, backward
    return lenses, PythonValues(functions), calls


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_forward_calls_of_lenses_and_optics(n):
    """n − 1 calls nested to the right, n (n − 1) / 2 to the left, n for an optic, which also gives the value (T5.2)."""
    lenses, values, calls = counting(n)

    def run(term):
        calls[:] = [0] * n
        return values.apply(term, (0.7, 1.0)), sum(calls)

    right, left = run(nested_right(lenses).put), run(nested_left(lenses).put)
    optics = [of_lens(f) for f in lenses]
    optic = optics[0]
    for o in optics[1:]:
        optic = optic >> o
    (value, back), count = run(optic.evaluation)

    assert (right[1], left[1], count) == (n - 1, n * (n - 1) // 2, n)
    assert np.isclose(right[0], left[0], rtol=1e-15)
    assert np.isclose(right[0], back, rtol=1e-15)
    assert np.isclose(value, values.apply(nested_left(lenses).get, 0.7), rtol=1e-15)


def test_a_composite_of_optics_is_the_composite_of_lenses():
    f, g, h = generic_lenses()
    optic = of_lens(f) >> (of_lens(g) >> of_lens(h))

    assert prove(optic.put, (f >> g >> h).put).status == "holds"
    assert prove(optic.get, (f >> g >> h).get).status == "holds"
    assert prove(optic.evaluation, (of_lens(f) >> of_lens(g) >> of_lens(h)).evaluation).status == "holds"
    assert (
        prove(optic.put, snd(A, optic.cod.backward) >> generator("z", optic.cod.backward, optic.dom.backward)).status
        != "holds"
    )


def test_sliding_along_the_residual_changes_nothing():
    m, n = atoms("M N")
    forth, back, r = generator("l", A, m * B), generator("r", n * C, D), generator("s", m, n)
    first = Optic(n, forth >> (r * ident(B)), back)
    second = Optic(m, forth, (r * ident(C)) >> back)

    assert prove(first.put, second.put).status == "holds"
    assert prove(first.evaluation, second.evaluation).status == "holds"


def test_adapters_have_no_residual():
    found = adapter(generator("u", A, B), generator("v", C, D))

    assert found.residual is One
    assert (found.dom, found.cod) == (Port(A, D), Port(B, C))


def test_lawful_lenses_carry_a_certificate():
    part = LensMap(fst(A, S), arrow((A * S) * A, A * S)(lambda x: (x[1], x[0][1])))
    careless = LensMap(fst(A, A), arrow((A * A) * A, A * A)(lambda x: (x[1], x[1])))

    assert {v.evidence for v in verify(part)} == {"proved"}
    report = verify(careless)
    assert [v.law for v in report if v.status == "fails"] == ["GetPut"]
    assert report["GetPut"].counterexample is not None


@pytest.mark.usefixtures("everywhere")
def test_the_parametric_chain_rule_on_random_networks():
    """Differentiate then compose, or compose then differentiate: equal to 1e-12 (T5.4)."""
    rng = np.random.default_rng(1)

    def layer(m, n):
        return ParaMap(R(m, n), smooth("matmul", R(m, n) * R(n)) >> smooth("tanh", R(m)))

    f, g, h = layer(4, 3), layer(2, 4), layer(3, 2)
    whole = parametric_lens(f >> g >> h).arrow.put
    parts = (parametric_lens(f) >> parametric_lens(g) >> parametric_lens(h)).arrow.put
    weights = [rng.normal(size=(5, *s)) for s in ((3, 2), (2, 4), (4, 3), (3,))]
    x = (weights[0], (weights[1], (weights[2], weights[3])))
    v = rng.normal(size=(5, 3))
    first, second = compile_arrow(whole)((x, v)), compile_arrow(parts)((x, v))

    def flat(y):
        return [a for part in y for a in flat(part)] if isinstance(y, tuple) else [y]

    assert all(np.allclose(a, b, rtol=1e-12, atol=1e-12) for a, b in zip(flat(first), flat(second), strict=True))


def test_a_composite_of_parametric_lenses_is_associative_and_reparametrised():
    maps = [ParaMap(p, generator(n, p * a, b)) for n, p, a, b in (("f", P, A, B), ("g", Q, B, C), ("h", S, C, D))]
    f, g, h = map(parametric_lens, maps)
    tie = LensMap(generator("r", P, Q * P), generator("r*", P * (Q * P), P))

    assert prove(((f >> g) >> h).arrow.put, (f >> (g >> h)).arrow.put).status == "holds"
    assert (f >> g).reparametrised(Port(P, P), tie).params == (Port(P, P),)
    assert (f * g).params == f.params + g.params
    assert f.actegory == LENSES


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: LensMap(generator("f", A, B), generator("p", B * B, A)), IllTyped, "puts from A × B'"),
        (lambda: LensMap(3, 4), IllTyped, "made of two arrows of Set, a get and a put, and 3 was given"),
        (lambda: generic_lenses()[0] >> generic_lenses()[2], NotComposable, "the first ends in B/B' and the second"),
        (lambda: generic_lenses()[0].laws(), IllTyped, "A lens of another type views no part"),
        (lambda: Optic(C, generator("f", A, B), generator("g", C * B, A)), IllTyped, "The forward part ends in M × B"),
        (lambda: of_lens(generic_lenses()[0]) >> of_lens(generic_lenses()[0]), NotComposable, "composite of optics"),
        (lambda: Lens(cast(Any, 3)), IllTyped, "Lenses are made over a category with products, and 3 was given"),
        (lambda: parametric_lens(3), IllTyped, "A parametric map is needed here, and 3 was given"),
        (lambda: ParaMap(3, generic_lenses()[0], LENSES), IllTyped, "are pairs of objects"),
    ],
)
def test_refusals(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()
