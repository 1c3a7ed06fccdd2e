"""Exact numbers: what is read, what is refused and how, and the fields that numbers make."""

from __future__ import annotations

import contextlib
import math
import re
import time
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore.errors import CatError, InexactNumber, NotANumber, TooLarge
from catcore.exact import Field, exact_number, field_of, parse_number, read_field


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1/2", sp.Rational(1, 2)),
        ("-sqrt(2)/2", -sp.sqrt(2) / 2),
        ("(1+sqrt(5))/4", (1 + sp.sqrt(5)) / 4),
        ("1/(1/10^30)", sp.Integer(10) ** 30),
        ("cos(2*pi/7)", sp.cos(2 * sp.pi / 7)),
        ("sin(-pi/3)", -sp.sqrt(3) / 2),
        ("cos(1/4*pi)", sp.sqrt(2) / 2),
        ("2^10 - 3*4", sp.Integer(1012)),
        ("-2**2", sp.Integer(-4)),
        ("2^(-1)", sp.Rational(1, 2)),
        ("sqrt(sqrt(5)/8 + 5/8)", sp.sin(2 * sp.pi / 5)),
        (" 7 ", sp.Integer(7)),
    ],
)
def test_numbers_are_read(text: str, number: sp.Expr) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "where 'a number' is missing"),
        ("x", "cannot be read from 'x' on"),
        ("__import__('os').system('true')", "cannot be read from"),
        ("1/0", "which divides by zero"),
        ("1/(sqrt(2)-sqrt(2))", "which divides by zero"),
        ("1/(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6)))", "which divides by zero"),
        ("I", "say field = 'C' to allow I"),
        ("sqrt(-2)", "root of a negative number"),
        ("pi/2", "pi stands outside cos and sin"),
        ("cos(1)", "need a rational multiple of pi"),
        ("cos(pi/0)", "must lie between 1 and 120"),
        ("cos(pi/1000)", "must lie between 1 and 120"),
        ("1 2", "'2' is left over"),
        ("2^1/2^", "exponent|missing"),
        ("2^x", "cannot be read"),
        ("2^99999", "exponent is not a small integer"),
        ("((9^64)^64)^64", "more than 4096 bits"),
        ("9^9999", "more than 4096 bits"),
        ("1" * 201, "a text of 201 characters"),
        ("(" * 20 + "1" + ")" * 20, "nests more than 12 deep"),
        ("-" * 40 + "1", "nests more than 12 deep"),
        ("sqrt(" * 30 + "2", "nests more than 12 deep"),
    ],
)
def test_texts_that_are_no_numbers_are_refused_quickly_in_a_sentence(text: str, sentence: str) -> None:
    start = time.perf_counter()

    with pytest.raises(NotANumber, match=sentence) as refusal:
        parse_number(text, where="row 0")
    assert "at row 0" in str(refusal.value)
    assert time.perf_counter() - start < 2


HINTS: list[tuple[object, str]] = [
    (0.5, "1/2"),
    ("0.25", "1/4"),
    (sp.Float(0.75), "3/4"),
    ("-1.5e1", "-15"),
    (-(0.5**0.5), "-sqrt(2)/2"),
    (math.sqrt(3), "sqrt(3)"),
    (math.cos(2 * math.pi / 7), "cos(2*pi/7)"),
    (-math.sin(math.pi / 11), "-cos(9*pi/22)"),
    (math.pi, "355/113"),
    (1e300, "1"),
    (math.nan, "1/2"),
]


@pytest.mark.parametrize(("value", "hint"), HINTS)
def test_floats_are_refused_saying_how_to_write_them(value: object, hint: str) -> None:
    """Fractions, roots and cosines are told from their digits."""
    with pytest.raises(InexactNumber, match=f"write it exactly, for example '{re.escape(hint)}"):
        exact_number(value)


def test_other_values() -> None:
    assert exact_number(Fraction(1, 3)) == sp.Rational(1, 3)
    assert exact_number(sp.sqrt(2)) == sp.sqrt(2)
    for value in (None, sp.Symbol("x"), sp.pi, sp.exp(1), [1], sp.sqrt(sp.pi)):
        with pytest.raises(NotANumber):
            exact_number(value)
    with pytest.raises(InexactNumber):
        exact_number(1j)
    with pytest.raises(InexactNumber):
        exact_number(float("nan"))


def test_finite_fields() -> None:
    assert parse_number("7/2", field="GF(5)") == 1
    assert parse_number(-1, field="GF(5)") == 4
    with pytest.raises(NotANumber, match="divides by zero"):
        parse_number("1/5", field="GF(5)")
    with pytest.raises(NotANumber, match=r"holds only 0, ..., 4"):
        parse_number("sqrt(2)", field="GF(5)")


@pytest.mark.parametrize("name", ["GF(6)", "GF(0)", "R", "Q()", "Q(x)", "GF(99999999999999999999)"])
def test_unknown_fields_are_refused(name: str) -> None:
    with pytest.raises(CatError):
        read_field(name)


def test_named_fields_do_not_grow() -> None:
    assert parse_number("sqrt(8)", field="Q(sqrt(2))") == 2 * sp.sqrt(2)
    with pytest.raises(NotANumber, match=r"sqrt\(3\) was found where a number of Q\(sqrt\(2\)\)"):
        parse_number("sqrt(3)", field="Q(sqrt(2))")
    with pytest.raises(NotANumber, match="a number of Q was asked for"):
        parse_number("sqrt(3)", field="Q")
    assert parse_number("I*sqrt(2)", field="C") == sp.I * sp.sqrt(2)


def test_huge_fields_are_refused_before_they_are_built() -> None:
    start = time.perf_counter()
    field = field_of(parse_number(f"sqrt({p})") for p in (2, 3, 5, 7, 11, 13))

    with pytest.raises(TooLarge, match="degree above"):
        _ = field.domain
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("n", [7, 9, 11, 13, 14, 18, 21, 28, 35])
def test_cosines_and_sines_of_one_denominator_share_a_field(n: int) -> None:
    """Every cos and sin of k*pi/n is a Chebyshev polynomial in one cosine, and its element has the right value."""
    angles = [sp.pi * k / n for k in (1, 2, 3, 5, n - 1, n + 1)]
    values = [f(x) for x in angles for f in ((sp.cos,) if n > 20 else (sp.cos, sp.sin))]
    field = field_of(values)

    assert len([g for g in field.generators if isinstance(g, (sp.cos, sp.sin))]) == 1
    for value in values:
        assert abs(sp.N(field.expression(field.element(value)) - value, 30)) < 1e-25


def test_joins() -> None:
    two, three = (field_of([parse_number(t)]) for t in ("sqrt(2)", "sqrt(3)"))

    assert two.join(three).name == "Q(sqrt(2), sqrt(3))"
    assert Field().join(two) == two
    assert Field().join(read_field("GF(5)") or two).characteristic == 5
    with pytest.raises(NotANumber, match="no field holds both"):
        two.join(read_field("GF(5)") or two)


NUMBERS = ["1", "2/3", "sqrt(2)", "cos(2*pi/7)", "sin(2*pi/7)", "sqrt(3)"]


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.sampled_from(NUMBERS)), max_size=3))
def test_reading_agrees_with_sympy_and_survives_the_field(steps: list[tuple[str, str]]) -> None:
    """Law: number -> field -> number is the identity of value, and what is printed is read back as the same element."""
    text = "1/2" + "".join(f" {op} {number}" for op, number in steps if number != "sqrt(3)")
    number = parse_number(text)
    field = field_of([number])
    back = field.expression(field.element(number))

    assert abs(sp.N(number - sp.sympify(text), 30)) < 1e-25
    assert abs(sp.N(back - number, 30)) < 1e-25
    assert field.element(parse_number(str(back))) == field.element(number)


@given(st.text(alphabet="0123456789+-*/^()sqrtcoinpI .", max_size=30))
def test_no_text_can_do_anything_but_be_read_or_refused(text: str) -> None:
    with contextlib.suppress(CatError):
        assert parse_number(text).is_number
