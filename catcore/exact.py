"""Exact numbers: a bounded reader for algebraic numbers, and the fields they live in.

An exact number here is an algebraic number: a rational, a square root, a cosine or sine of a rational multiple of pi,
or what + - * / and small integer powers make of those.  All of them lie in number fields ``Q(a, b, ...)``, where
equality is decidable; with ``GF(p)`` these are the fields over which catcore solves linear systems.

The reader is a recursive-descent parser with limits on length, nesting and size.  Nothing is ever evaluated as Python.

>>> parse_number("(1+sqrt(5))/4")
1/4 + sqrt(5)/4
>>> field_of([parse_number("sqrt(2)/2"), parse_number("1/3")]).name
'Q(sqrt(2))'
>>> parse_number("7/2", field="GF(5)")
1
"""

from __future__ import annotations

import math
import numbers
import re
from fractions import Fraction
from typing import Any

import sympy as sp

from catcore.errors import InexactNumber, NotANumber
from catcore.number_fields import HOW, atoms_of, shown
from catcore.number_fields import RATIONALS as RATIONALS
from catcore.number_fields import Field as Field
from catcore.number_fields import field_of as field_of

MAX_LENGTH = 200  # characters of one number
MAX_NESTING = 12  # parentheses inside parentheses
MAX_BITS = 4096  # an estimate of the size of the number that an expression stands for
MAX_DENOMINATOR = 120  # of q in cos(q*pi)
NEAR, MAX_HINT, MAX_SQUARE = 1e-12, 40, 1000  # of a float to what it is taken for, and what that is made of
_TOKEN = re.compile(r"\s*(\d+|\*\*|sqrt|cos|sin|pi|I|[-+*/^()])")


def read_field(text: str | Field | None) -> Field | None:
    """The field that a name stands for: ``Q``, ``Q(sqrt(2))``, ``GF(5)``, ``C``; None is the smallest that will do.

    ``C`` stands for the algebraic complex numbers: whatever number field the entries need, with ``I`` allowed.
    Raises ``NotANumber`` for any other name.

    >>> read_field("GF(5)").name
    'GF(5)'
    """
    if text is None or isinstance(text, Field):
        return text
    name = str(text).strip()
    if name == "Q":
        return Field(closed=True)
    if name == "C":
        return Field(imaginary=True)
    if prime := re.fullmatch(r"GF\((\d{1,18})\)", name):
        return _prime_field(int(prime[1]))
    if (inside := re.fullmatch(r"Q\((.{1,200})\)", name)) is not None:
        atoms = field_of(parse_number(part, field="C") for part in inside[1].split(",")).generators
        return Field(0, atoms, closed=True, imaginary=any(a.has(sp.I) for a in atoms))
    raise NotANumber(f"Field {shown(name)} was asked for; the fields known are 'Q', 'Q(sqrt(2))', 'GF(5)' and 'C'.")


def _prime_field(p: int) -> Field:
    if not sp.isprime(p):
        raise NotANumber(f"GF({p}) was asked for and {p} is not prime; write a prime field such as GF(5).")
    return Field(p, closed=True)


def exact_number(value: Any, *, field: str | Field | None = None, where: str = "") -> Any:
    """An exact SymPy number from an integer, a fraction, an exact SymPy number or a string.

    ``field`` is the field that it must lie in (None: whatever is needed) and ``where`` a place for the message.
    Raises ``InexactNumber`` for a float, saying how to write it, and ``NotANumber`` for anything else.

    >>> exact_number("1/2"), exact_number(3)
    (1/2, 3)
    """
    K = read_field(field)
    if isinstance(value, str):
        return _Reader(value, K, where).number()
    if isinstance(value, bool):
        raise NotANumber(f"An exact number was asked for and {value} was found{_at(where)}; {HOW}.")
    if isinstance(value, sp.Expr):  # first, because SymPy's numbers call themselves Real
        if value.has(sp.Float):
            raise InexactNumber(_refuse_float(value, where))
        number = value
    elif isinstance(value, numbers.Integral):
        number = sp.Integer(int(value))
    elif isinstance(value, Fraction):
        number = sp.Rational(value.numerator, value.denominator)
    elif isinstance(value, numbers.Complex):
        raise InexactNumber(_refuse_float(value, where))
    else:
        raise NotANumber(f"An exact number was asked for and {shown(value)} was found{_at(where)}; {HOW}.")
    atoms_of(number)
    return _reduced(number, K)


def parse_number(text: str | int, *, field: str | Field | None = None, where: str = "") -> Any:
    """Read one exact number; see :func:`exact_number`.  The text is parsed, never evaluated.

    >>> parse_number("cos(pi/3)"), parse_number("-sqrt(8)/2")
    (1/2, -sqrt(2))
    >>> parse_number("__import__('os')")
    Traceback (most recent call last):
    ...
    catcore.errors.NotANumber: An exact number was asked for and "__import__('os')" was found, which cannot be read \
from "__import__('os')" on; write an integer or an exact string such as '1/2', '-sqrt(2)/2' or 'cos(2*pi/7)'.
    """
    return exact_number(text, field=field, where=where)


def _reduced(number: Any, field: Field | None) -> Any:
    """The number itself once the field is known to hold it; its residue in a finite field."""
    if field is None or not field.closed:
        return number
    element = field.element(number)
    return sp.Integer(int(element)) if field.characteristic else number


def _refuse_float(value: Any, where: str) -> str:
    try:
        hint = repr(_written(float(value), Fraction(str(value))))
    except (TypeError, ValueError, OverflowError):
        hint = "'1/2'"
    return (
        f"An exact number was asked for and the float {shown(value)} was found{_at(where)}; write it "
        f"exactly, for example {hint}."
    )


def _written(x: float, decimal: Fraction) -> str:
    """What a float may stand for: a small fraction, a root over a small number, a cosine; else the nearest fraction."""
    sign, size, fraction = "-" if x < 0 else "", abs(x), decimal.limit_denominator(1000)
    if abs(float(fraction) - x) < NEAR:
        return str(fraction)
    for n in range(1, MAX_HINT):
        square = round((size * n) ** 2)
        if square <= MAX_SQUARE and abs(math.sqrt(square) / n - size) < NEAR:
            return f"{sign}sqrt({square})" + (f"/{n}" if n > 1 else "")
        part = round(math.acos(min(size, 1.0)) * n / math.pi)
        if abs(math.cos(math.pi * part / n) - size) < NEAR:
            return f"{sign}cos({part}*pi/{n})"
    return str(fraction)


def _vanishes(value: Any) -> bool:
    """Whether an irrational expression is zero: a quick numerical look, then the exact answer in its field."""
    if value.is_Rational or abs(sp.N(value, 30)) > sp.Float("1e-20"):
        return False
    return not field_of([value]).element(value)


def _at(where: str) -> str:
    return f" at {where}" if where else ""


class _Reader:
    """sum := product (('+'|'-') product)*; product := power (('*'|'/') power)*; power := ['-'] atom ['^' integer]."""

    def __init__(self, text: str, field: Field | None, where: str) -> None:
        self.text, self.field, self.where = text, field, where
        self.depth = self.place = 0
        if re.fullmatch(r"\s*[-+]?\d{0,30}\.\d{0,30}(e[-+]?\d{1,2})?\s*", text) and any(map(str.isdigit, text)):
            raise InexactNumber(_refuse_float(text, where))
        if len(text) > MAX_LENGTH:
            raise NotANumber(
                f"An exact number was asked for and a text of {len(text)} characters was found{_at(where)}; "
                f"at most {MAX_LENGTH} are read, write the number shorter."
            )
        self.tokens = self._split(text)

    def number(self) -> Any:
        value, _ = self._sum()
        if self.place != len(self.tokens):
            raise self._refuse(f"which is not one number: {self._peek()!r} is left over")
        return _reduced(value, self.field)

    def _split(self, text: str) -> list[str]:
        tokens, place = [], 0
        text = text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise self._refuse(f"which cannot be read from {shown(text[place:])} on")
            tokens.append("^" if match[1] == "**" else match[1])
            place = match.end()
        return tokens

    def _refuse(self, why: str) -> NotANumber:
        return NotANumber(
            f"An exact number was asked for and {shown(self.text)} was found{_at(self.where)}, {why}; {HOW}."
        )

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            raise self._refuse(
                f"where {expected or 'a number'!r} is missing after {' '.join(self.tokens[: self.place])!r}"
            )
        self.place += 1
        return token

    def _bounded(self, value: Any, bits: int) -> tuple[Any, int]:
        if bits > MAX_BITS:
            raise self._refuse(f"which stands for a number of more than {MAX_BITS} bits")
        return value, bits

    def _sum(self) -> tuple[Any, int]:
        value, bits = self._product()
        while self._peek() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            other, more = self._product()
            value, bits = self._bounded(value + sign * other, bits + more)
        return value, bits

    def _product(self) -> tuple[Any, int]:
        value, bits = self._power()
        while self._peek() in ("*", "/"):
            operation = self._take()
            other, more = self._power()
            if operation == "/":
                other = self._inverse(other)
            value, bits = self._bounded(value * other, bits + more)
        return value, bits

    def _inverse(self, value: Any) -> Any:
        p = self.field.characteristic if self.field else 0
        if value.is_zero or (p and value.is_Rational and value.p % p == 0) or _vanishes(value):
            raise self._refuse("which divides by zero")
        return 1 / value

    def _power(self) -> tuple[Any, int]:
        if self._peek() in ("-", "+"):
            sign = -1 if self._take() == "-" else 1
            self._deeper()
            value, bits = self._power()
            self.depth -= 1
            return sign * value, bits
        value, bits = self._atom()
        if self._peek() == "^":
            self._take()
            exponent = self._exponent()
            self._bounded(value, bits * max(1, abs(exponent)))
            value = (self._inverse(value) if exponent < 0 else value) ** abs(exponent)
            return value, bits * max(1, abs(exponent))
        return value, bits

    def _exponent(self) -> int:
        bracket = self._peek() == "("
        if bracket:
            self._take()
        sign = -1 if self._peek() == "-" and self._take() else 1
        digits = self._take()
        if bracket:
            self._take(")")
        if not digits.isdigit() or len(digits) > 4:
            raise self._refuse("whose exponent is not a small integer")
        return sign * int(digits)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self._refuse(f"which nests more than {MAX_NESTING} deep")

    def _bracket(self) -> tuple[Any, int]:
        self._take("(")
        self._deeper()
        value = self._sum()
        self.depth -= 1
        self._take(")")
        return value

    def _atom(self) -> tuple[Any, int]:
        token = self._peek()
        if token == "(":
            return self._bracket()
        self._take()
        if token.isdigit():
            return self._bounded(sp.Integer(int(token)), 4 * len(token))
        if token == "sqrt":
            return self._root()
        if token in ("cos", "sin"):
            return self._trigonometric(token)
        if token == "I":
            return self._imaginary()
        why = "where pi stands outside cos and sin" if token == "pi" else f"where {token!r} stands in place of a number"
        raise self._refuse(why)

    def _imaginary(self) -> tuple[Any, int]:
        if self.field is None or not self.field.imaginary:
            raise self._refuse("which is not real; say field = 'C' to allow I")
        return sp.I, 1

    def _root(self) -> tuple[Any, int]:
        value, bits = self._bracket()
        real = self.field is None or not self.field.imaginary
        if real and (sp.im(value) != 0 or sp.N(value, 30) < 0):
            raise self._refuse("which takes the root of a negative number; say field = 'C' to allow it")
        return self._bounded(sp.sqrt(value), bits + 1)

    def _trigonometric(self, name: str) -> tuple[Any, int]:
        """cos or sin of a sum of rational multiples of pi, such as 2*pi/7, pi*(1/3) or 0."""
        self._take("(")
        start = self.place
        while self._peek() not in (")", ""):
            self.place += 1
        turn = self._multiple_of_pi(self.tokens[start : self.place])
        self._take(")")
        function = sp.cos if name == "cos" else sp.sin
        return function(turn * sp.pi), 2 * MAX_DENOMINATOR.bit_length()

    def _multiple_of_pi(self, tokens: list[str]) -> Any:
        """The rational q when the tokens read +-a*pi/b (a and b optional integers) or 0."""
        match = re.fullmatch(r"(-?)(?:(\d+)\*?)?pi(?:/(\d+))?|(-?)(\d+)/(\d+)\*pi|(-?)pi\*(\d+)/(\d+)", "".join(tokens))
        if tokens == ["0"]:
            return sp.Integer(0)
        if match is None:
            raise self._refuse("where cos and sin need a rational multiple of pi such as 2*pi/7")
        sign, top, bottom = next(
            g for g in (match.group(1, 2, 3), match.group(4, 5, 6), match.group(7, 8, 9)) if g[0] is not None
        )
        turn = sp.Rational(int(top or 1), int(bottom or 1)) if int(bottom or 1) else None
        if turn is None or turn.q > MAX_DENOMINATOR:
            raise self._refuse(f"where the denominator beside pi must lie between 1 and {MAX_DENOMINATOR}")
        return -turn if sign else turn
