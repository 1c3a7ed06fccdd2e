"""The reverse derivative of a term: against JAX on random terms, by hand on small ones, and what it refuses (T5.3)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import (
    Functor,
    One,
    R,
    arrow,
    atoms,
    case,
    curry,
    ev,
    fst,
    generator,
    ident,
    inl,
    pair,
    reverse_derivative,
    smooth,
    snd,
    terminal,
)
from catcore.arrows import compose, subterms, tensor
from catcore.categories.smooth import TABLE, Operation, Primitive, constant, constant_matrix, register, same_shape
from catcore.errors import IllTyped, NotInterpreted
from catcore.learning.covectors import covectors
from catcore.objects import FinSet, Product
from catcore_backends import compile_arrow
from catcore_proofs import prove
from tests.backends.reference import gather, sample
from tests.backends.strategies import objects, terms
from tests.learning.covectors import alive, covector, flat, integral, reals, refilled

A, B, C = atoms("A B C")
V = R(2)


def by_jax(f, x, v):
    """The covectors at the real arrays of ``x``, by JAX in float64."""
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    if not reals(f.dom, x):
        return []
    with jax.enable_x64(True):
        x = jax.tree.map(jax.numpy.asarray, x)
        run, inputs = compile_arrow(f, "auto"), reals(f.dom, x)
        values = run(x, batch=3)
        live = alive(f.cod, values, v, np.ones(3, bool))

        def outputs(arrays):
            return reals(f.cod, run(refilled(f.dom, x, list(arrays)), batch=3))

        _, pullback = jax.vjp(outputs, inputs)
        return [np.asarray(a) for a in pullback([jax.numpy.asarray(a) for a in flat(live)])[0]]


@given(st.data())
def test_gradients_of_random_terms_agree_with_jax(data):
    f = data.draw(objects.flatmap(terms))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    x = integral(f.dom, gather(f.dom, [sample(f.dom, rng) for _ in range(3)]))
    v = covector(f.cod, 3, rng)
    found = alive(f.dom, x, compile_arrow(reverse_derivative(f))((x, v), batch=3), np.ones(3, bool))

    for ours, theirs in zip(flat(found), by_jax(f, x, v), strict=True):
        assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@given(st.data())
def test_second_derivatives_of_random_terms_agree_with_jax(data):
    f = reverse_derivative(data.draw(st.sampled_from([V, V * V, V + R(), R()]).flatmap(lambda ob: terms(ob, 2))))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    x = integral(f.dom, gather(f.dom, [sample(f.dom, rng) for _ in range(3)]))
    v = covector(f.cod, 3, rng)
    found = alive(f.dom, x, compile_arrow(reverse_derivative(f))((x, v), batch=3), np.ones(3, bool))

    for ours, theirs in zip(flat(found), by_jax(f, x, v), strict=True):
        assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@arrow(R() * R(), R() * R() * R())
def example(x):
    """The map of T5.3, ``(x₁³ + 2 x₁ x₂, x₂, sin x₁)``."""
    add, times = smooth("add", R() * R()), smooth("multiply", R() * R())
    cube = times(x[0], smooth("square", R())(x[0]))
    return add(cube, smooth("times", R(), 2)(times(x[0], x[1]))), x[1], smooth("sin", R())(x[0])


@pytest.mark.usefixtures("everywhere")
def test_the_worked_example_of_t5_3():
    a, b, v1, v2, v3 = 0.7, -1.3, 0.2, 0.5, -2.0
    numbers = [np.asarray([n]) for n in (a, b, v1, v2, v3)]
    x, v = (numbers[0], numbers[1]), ((numbers[2], numbers[3]), numbers[4])
    found = compile_arrow(reverse_derivative(example))((x, v))

    assert np.allclose(found[0], (3 * a**2 + 2 * b) * v1 + np.cos(a) * v3, rtol=1e-14)
    assert np.allclose(found[1], 2 * a * v1 + v2, rtol=1e-14)


def test_copy_and_sum_are_reverse_to_each_other():
    copy, plus = pair(ident(V), ident(V)), smooth("add", V * V)

    assert prove(reverse_derivative(copy), snd(V, V * V) >> plus).status == "holds"
    assert prove(reverse_derivative(plus), snd(V * V, V) >> copy).status == "holds"


def test_the_chain_rule_of_arbitrary_arrows_is_proved():
    f, g = generator("f", A, B), generator("g", B, C)
    backward = pair(fst(A, C), (f * ident(C)) >> generator("R[g]", B * C, B)) >> generator("R[f]", A * B, A)

    assert prove(reverse_derivative(f >> g), backward).status == "holds"
    forgetful = pair(fst(A, C), snd(A, C) >> generator("h", C, B)) >> backward.args[-1]
    assert prove(reverse_derivative(f >> g), forgetful).status == "fails"


def test_nothing_is_computed_twice():
    layers = [smooth("matmul", R(4, 4) * R(4)), smooth("tanh", R(4))]
    weights = [generator(f"W{i}", One, R(4, 4)) for i in range(3)]
    f = ident(R(4))
    for w in weights:
        f = f >> pair(terminal(R(4)) >> w, ident(R(4))) >> layers[0] >> layers[1]
    run = compile_arrow(reverse_derivative(f), generators={f"W{i}": constant(np.eye(4).tolist()) for i in range(3)})

    assert run.source.count("# tanh") == 3
    assert run.source.count("# matmul") == 6


@pytest.mark.usefixtures("everywhere")
def test_a_case_distinction_goes_back_along_its_branch():
    f = case(smooth("sin", R()), smooth("sum", V))
    tags, a, b = np.asarray([0, 1]), np.asarray([0.3, np.nan]), np.asarray([[np.nan, np.nan], [1.0, 2.0]])
    left, right = compile_arrow(reverse_derivative(f))(((tags, a, b), np.asarray([2.0, 5.0])))

    assert np.allclose(left, [2 * np.cos(0.3), 0.0])
    assert np.allclose(right, [[0.0, 0.0], [5.0, 5.0]])


def test_a_known_injection_needs_no_case_distinction():
    f = inl(V, R()) >> case(smooth("tanh", V), generator("g", R(), V))

    assert reverse_derivative(f) is reverse_derivative(smooth("tanh", V))


def test_functions_are_applied_where_they_are_known():
    f = pair(curry(smooth("multiply", V * V)), ident(V)) >> ev(V, V)

    assert reverse_derivative(f) is reverse_derivative(pair(ident(V), ident(V)) >> smooth("multiply", V * V))


def test_covectors_of_objects():
    assert covectors(R(2) * FinSet(3) + One) is (R(2) * One) * One
    assert covectors(A * (B + R())) is A * (B * R())
    with pytest.raises(NotInterpreted, match="Covectors of ℝ\\^A were asked for"):
        covectors(R() ** A)


def test_users_give_the_derivative_of_their_primitives_as_terms_or_as_array_rules():
    def by_term(f, x, v):
        square = smooth("times", V, 3)
        return pair(v, x >> smooth("square", V) >> square) >> smooth("multiply", V * V)

    register(Operation("cube by term", same_shape, lambda xp, x: x**3, derivative=by_term))
    register(Operation("cube by array", same_shape, lambda xp, x: x**3, lambda xp, x, v: 3 * x**2 * v))
    register(Operation("cube", same_shape, lambda xp, x: x**3))
    try:
        term, array = (reverse_derivative(smooth(f"cube by {how}", V)) for how in ("term", "array"))
        x = (np.asarray([[1.0, 2.0]]), np.asarray([[1.0, -1.0]]))
        assert compile_arrow(term)(x).tolist() == compile_arrow(array)(x).tolist() == [[3.0, -12.0]]
        assert str(array) == "R[cube by array]"
        assert isinstance(array, Primitive)
        reverse_derivative(term)
        with pytest.raises(NotInterpreted, match=r"'R\[cube by array\]' was asked for, and its row"):
            reverse_derivative(array)
        with pytest.raises(NotInterpreted, match=r"'cube' was asked for, and its row .* has none"):
            reverse_derivative(smooth("cube", V))
    finally:
        for name in ("cube by term", "cube by array", "cube"):
            del TABLE[name]


@pytest.mark.parametrize(
    ("f", "sentence"),
    [
        (tensor(smooth("tanh", V), ident(V)), "Covectors of"),
        (pair(generator("which", V, V**V), ident(V)) >> ev(V, V), "does not say which function it is"),
        (ev(V, V), "Covectors of"),
        (Functor.variable("T")(generator("f", V, V)), "Covectors of"),
        (fst(V**A, V), "Covectors of"),
    ],
)
def test_what_has_no_reverse_derivative_is_refused_in_a_sentence(f, sentence):
    with pytest.raises(NotInterpreted, match=sentence):
        reverse_derivative(f)


def test_only_arrows_have_a_reverse_derivative():
    with pytest.raises(IllTyped, match="An arrow is needed here, and 3 was given"):
        reverse_derivative(3)  # type: ignore[arg-type]


def test_the_parts_of_a_reverse_derivative_are_terms():
    back = reverse_derivative(constant_matrix([[1, 2, 3], [4, 5, 6]]))

    assert back is snd(R(3), R(2)) >> constant_matrix([[1, 4], [2, 5], [3, 6]])
    assert {type(t) for t in subterms(back)} <= {Primitive, type(back), type(snd(A, B))}
    assert isinstance(back.dom, Product)


@pytest.mark.parametrize("layers", [300, 1000])
def test_deep_terms_are_differentiated_and_compiled(layers):
    plain = smooth("sin", R())
    residual = pair(ident(R()), plain) >> smooth("add", R() * R())
    for layer in (plain, residual) if layers < 1000 else (plain,):
        f = compose(*[layer] * layers)
        found = compile_arrow(reverse_derivative(f))((np.asarray([0.5]), np.asarray([1.0])))
        x, slope = 0.5, 1.0
        for _ in range(layers):
            slope *= np.cos(x) + (layer is residual)
            x = np.sin(x) + x * (layer is residual)

        assert np.isclose(found.item(), slope, rtol=1e-9)
