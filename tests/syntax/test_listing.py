"""Terms with shared parts are written at an element, each value once."""

from __future__ import annotations

import pytest

from catcore import One, R, arrow, atoms, case, curry, ev, generator, ident, pair, reverse_derivative, smooth, terminal
from catcore.arrows import compose, formers
from catcore.categories.smooth import constant
from catcore.listing import listing
from catcore.para.architectures import feed_forward

A, B = atoms("A B")
F = generator("f", A * B, B)
SPLIT = arrow(R() * (R() + R()), R())(
    lambda x: x[1].case(inl=lambda a: smooth("multiply", R() * R())(x[0], a), inr=lambda b: smooth("square", R())(x[0]))
)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (ident(One), "() ↦ ()"),
        (F, "(a, b) ↦ f(a, b)"),
        (curry(F), "a ↦ (b ↦ f(a, b))"),
        (pair(curry(F), generator("b", A, B)) >> ev(B, B), "a ↦ f(a, b(a))"),
        (case(generator("g", A, B), ident(B)), "a ↦ [a is ι₁ b ↦ g(b) | ι₂ c ↦ c]"),
        (pair(terminal(A) >> constant(2), ident(A)), "a ↦ (2, a)"),
        (SPLIT, "(a, b) ↦ [b is ι₁ c ↦ multiply(a, c) | ι₂ d ↦ square(a)]"),
        (ev(A, B), "(a, b) ↦ a(b)"),
        (generator("p", A, A * B) >> F, "a ↦ f(p(a))"),
    ],
)
def test_terms_at_an_element(term, text):
    assert listing(term) == text


def test_the_reverse_derivative_of_a_network_names_what_it_needs_twice():
    """The activation forwards is one value, and so is what flows back into both weights of a layer."""
    lines = str(reverse_derivative(feed_forward(3, 4, 2).arrow)).splitlines()

    assert lines[0].startswith("((a, (b, (c, (d, e)))), f) ↦ (f, (matmul(")
    assert lines[1:] == [
        "  where t1 = add(c, matmul(d, e))",
        "        t2 = multiply(matmul(permute_dims[1×0](b), f), step(t1))",
    ]


def test_values_under_a_bound_name_are_defined_there():
    twice = smooth("tanh", R()) >> pair(ident(R()), ident(R())) >> smooth("multiply", R() * R())

    assert listing(case(twice, ident(R()))) == "a ↦ [a is ι₁ b ↦ multiply(t1, t1) where t1 = tanh(b) | ι₂ c ↦ c]"


def test_exponentially_large_terms_are_written_in_the_size_of_their_graph():
    double = pair(ident(R()), smooth("sin", R())) >> smooth("add", R() * R())
    back = reverse_derivative(compose(*[double] * 300))

    assert formers(back) > 10_000
    assert len(str(back)) < 40_000
    assert str(back).count("sin(") == 299  # the last one is needed by its cosine only


def test_small_terms_are_written_as_on_a_board():
    assert str(pair(ident(A), ident(A))) == "⟨id, id⟩"
