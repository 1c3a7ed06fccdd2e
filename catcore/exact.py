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

import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from catcore.errors import InexactNumber, NotANumber, TooLarge

MAX_LENGTH = 200  # characters of one number
MAX_NESTING = 12  # parentheses inside parentheses
MAX_BITS = 4096  # an estimate of the size of the number that an expression stands for
MAX_DENOMINATOR = 120  # of q in cos(q*pi)
MAX_DEGREE = 24  # of a number field (a primitive element of degree 32 takes half a minute to find)

_TOKEN = re.compile(r"\s*(\d+|\*\*|sqrt|cos|sin|pi|I|[-+*/^()])")
_HOW = "write an integer or an exact string such as '1/2', '-sqrt(2)/2' or 'cos(2*pi/7)'"


@dataclass(frozen=True)
class Field:
    """A field of exact numbers: ``Q(generators)`` in characteristic 0, ``GF(p)`` in characteristic p.

    ``closed`` says that the user named the field, so that numbers outside it are refused; otherwise two fields join to
    the smallest one holding both.  ``imaginary`` allows the imaginary unit ``I`` to be written.
    """

    characteristic: int = 0
    generators: tuple[Any, ...] = ()
    closed: bool = False
    imaginary: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        return Field, (
            self.characteristic,
            self.generators,
            self.closed,
            self.imaginary,
        )  # SymPy's domains do not pickle

    @property
    def name(self) -> str:
        """The field as on a board: ``Q``, ``Q(sqrt(2))``, ``GF(5)``."""
        if self.characteristic:
            return f"GF({self.characteristic})"
        return "Q" + (f"({', '.join(map(str, self.generators))})" if self.generators else "")

    @cached_property
    def domain(self) -> Any:
        """The SymPy domain that computes in this field."""
        if self.characteristic:
            return sp.FF(self.characteristic, symmetric=False)
        return _number_field(self.generators) if self.generators else sp.QQ

    def element(self, number: Any) -> Any:
        """The element of :attr:`domain` that an exact SymPy number stands for; raises ``NotANumber`` outside the
        field."""
        number = sp.sympify(number)
        if number.is_Rational:
            return self._rational(number)
        if self.characteristic:
            raise NotANumber(
                f"{number} was asked for in {self.name}, which holds only 0, ..., {self.characteristic - 1}."
            )
        return self._algebraic(number)

    def _rational(self, number: Any) -> Any:
        if self.characteristic and number.q % self.characteristic == 0:
            raise NotANumber(f"{number} has no meaning in {self.name}: its denominator is zero there.")
        K = self.domain
        return (
            K(int(number.p)) / K(int(number.q))
            if self.characteristic
            else K.convert(sp.QQ(int(number.p), int(number.q)))
        )

    def _algebraic(self, number: Any) -> Any:
        if number.is_Rational:
            return self._rational(number)
        if number.is_Add:
            return sum((self._algebraic(a) for a in number.args), self.domain.zero)
        if number.is_Mul:
            product = self.domain.one
            for factor in number.args:
                product = product * self._algebraic(factor)
            return product
        if number.is_Pow and number.exp.is_Integer:
            return self._algebraic(number.base) ** int(number.exp)
        return _atom_in_field(number, self.generators)

    def expression(self, element: Any) -> Any:
        """The SymPy number that an element of :attr:`domain` stands for."""
        return _expression(self, element) if self.generators else self.domain.to_sympy(element)

    def join(self, other: Field) -> Field:
        """The smallest field holding both; a field that the user named does not grow.

        Raises ``NotANumber`` when the characteristics differ or a named field would have to grow.
        """
        if self == other:
            return self
        for mine, theirs in ((self, other), (other, self)):
            if mine == RATIONALS and theirs.characteristic:
                return (
                    theirs  # rationals that nobody placed are read modulo p; a vanishing denominator is refused there
                )
        if self.characteristic != other.characteristic:
            raise NotANumber(f"Numbers of {self.name} and of {other.name} were combined; no field holds both.")
        for mine, theirs in ((self, other), (other, self)):
            if mine.closed:
                for number in theirs.generators:
                    mine.element(number)
                return mine
        atoms = _generators({*self.generators, *other.generators})
        return Field(0, atoms, imaginary=self.imaginary or other.imaginary)


RATIONALS = Field()


@lru_cache(maxsize=4096)
def _expression(field: Field, element: Any) -> Any:
    """Expanded, with powers of cosines and sines written as cosines and sines of multiples."""
    from sympy.simplify.fu import TR8

    value = sp.expand(field.domain.to_sympy(element))
    for _ in range(field.domain.mod.degree() if value.has(sp.cos, sp.sin) else 0):
        value = sp.expand(TR8(value))
    return value


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
    raise NotANumber(f"Field {_shown(name)} was asked for; the fields known are 'Q', 'Q(sqrt(2))', 'GF(5)' and 'C'.")


def _prime_field(p: int) -> Field:
    if not sp.isprime(p):
        raise NotANumber(f"GF({p}) was asked for and {p} is not prime; write a prime field such as GF(5).")
    return Field(p, closed=True)


def field_of(numbers_: Iterable[Any]) -> Field:
    """The number field generated by the irrational atoms of some exact SymPy numbers.

    Raises ``NotANumber`` for an expression that is no algebraic number, ``TooLarge`` for a field of huge degree.
    """
    atoms = {atom for number in numbers_ for atom in _atoms(number)}
    return Field(0, _generators(atoms), imaginary=sp.I in atoms)


def _generators(atoms: Iterable[Any]) -> tuple[Any, ...]:
    """Fewer atoms that generate the same field, in a fixed order.

    All cosines of the rational angles of one order generate one normal field, and that field holds those of orders
    dividing it; so ``cos(2*pi/n)`` stands for all of them.
    """
    found = set()
    for atom in atoms:
        order = _order(_turn(atom)) if isinstance(atom, (sp.cos, sp.sin)) else 0
        standard = sp.cos(2 * sp.pi / order) if order else atom
        found.add(standard if not order or isinstance(standard, (sp.cos, sp.sin)) else atom)
    orders = {atom: _order(_turn(atom)) for atom in found if isinstance(atom, (sp.cos, sp.sin))}
    kept = [
        a for a in found if a not in orders or not any(m % orders[a] == 0 and m > orders[a] for m in orders.values())
    ]
    return tuple(sorted(kept, key=sp.default_sort_key))


def _turn(atom: Any) -> Any:
    """The rational r with ``atom = cos(2*pi*r)``."""
    turn = atom.args[0] / sp.pi / 2
    return turn if isinstance(atom, sp.cos) else sp.Rational(1, 4) - turn


def _order(turn: Any) -> int:
    """The order of the angle up to sign of the cosine: ``cos(pi - x) = -cos(x)`` makes n and 2n alike for odd n."""
    return int(turn.q // 2 if turn.q % 4 == 2 else turn.q)


def _cosine_in(turn: Any, order: int, cosine: Any, field: Any) -> Any:
    """cos(2*pi*turn) from the element for cos(2*pi/order), by Chebyshev's polynomial."""
    sign = field.one
    if turn.q % 4 == 2 and order % turn.q:
        turn, sign = sp.Rational(1, 2) - turn, -sign
    before, value = cosine, field.one  # T_{-1} = T_1 and T_0
    for _ in range(int(turn * order) % order):
        before, value = value, 2 * cosine * value - before
    return sign * value


@lru_cache(maxsize=4096)
def _atoms(number: Any) -> frozenset[Any]:
    if number.is_Rational:
        return frozenset()
    if number.is_Add or number.is_Mul or (number.is_Pow and number.exp.is_Integer):
        parts = number.args[:1] if number.is_Pow else number.args
        return frozenset().union(*map(_atoms, parts))
    trigonometric = isinstance(number, (sp.cos, sp.sin)) and (number.args[0] / sp.pi).is_Rational
    root = number.is_Pow and number.exp.is_Rational and not any(_outside(a) for a in sp.preorder_traversal(number.base))
    if number is sp.I or trigonometric or root:
        return frozenset([number])
    raise NotANumber(f"An exact algebraic number was asked for and {_shown(number)} was found; {_HOW}.")


def _outside(part: Any) -> bool:
    return bool(part.is_Symbol or part.is_Float or part in (sp.pi, sp.E))


@lru_cache(maxsize=256)
def _number_field(generators: tuple[Any, ...]) -> Any:
    if _degree_bound(generators) > MAX_DEGREE:
        raise TooLarge(
            f"The numbers {', '.join(map(str, generators))} may generate a field of degree above {MAX_DEGREE}; "
            "use fewer different roots and cosines, or a finite field such as field = 'GF(10007)'."
        )
    return sp.QQ.algebraic_field(*generators)


def _degree_bound(generators: tuple[Any, ...]) -> int:
    bound = 1
    for atom in generators:
        if isinstance(atom, (sp.cos, sp.sin)):
            bound *= max(1, int(sp.totient(_turn(atom).q)) // 2)
        else:
            bound *= 2 if atom is sp.I else int(atom.exp.q) ** (1 + sp.count_ops(atom.base) // 4)
    return bound


@lru_cache(maxsize=4096)
def _atom_in_field(atom: Any, generators: tuple[Any, ...]) -> Any:
    _atoms(atom)
    if isinstance(atom, (sp.cos, sp.sin)) and atom not in generators:
        for g in generators:
            if (
                isinstance(g, sp.cos)
                and (m := _order(_turn(g))) % _order(_turn(atom)) == 0
                and g == sp.cos(2 * sp.pi / m)
            ):
                return _cosine_in(_turn(atom), m, _atom_in_field(g, generators), _number_field(generators))
    try:
        return _number_field(generators).from_sympy(atom) if generators else sp.QQ.from_sympy(atom)
    except sp.CoercionFailed:
        raise NotANumber(
            f"{atom} was found where a number of {Field(0, generators).name} was asked for; "
            "name a larger field, or leave the field out and the smallest one is found."
        ) from None


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
        raise NotANumber(f"An exact number was asked for and {value} was found{_at(where)}; {_HOW}.")
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
        raise NotANumber(f"An exact number was asked for and {_shown(value)} was found{_at(where)}; {_HOW}.")
    _atoms(number)
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
        hint = repr(str(Fraction(str(value)).limit_denominator(1000)))
    except (TypeError, ValueError, OverflowError):
        hint = "'1/2'"
    return (
        f"An exact number was asked for and the float {_shown(value)} was found{_at(where)}; write it "
        f"exactly, for example {hint}."
    )


def _vanishes(value: Any) -> bool:
    """Whether an irrational expression is zero: a quick numerical look, then the exact answer in its field."""
    if value.is_Rational or abs(sp.N(value, 30)) > sp.Float("1e-20"):
        return False
    return not field_of([value]).element(value)


def _at(where: str) -> str:
    return f" at {where}" if where else ""


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if isinstance(value, float) else repr(text)


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
                raise self._refuse(f"which cannot be read from {_shown(text[place:])} on")
            tokens.append("^" if match[1] == "**" else match[1])
            place = match.end()
        return tokens

    def _refuse(self, why: str) -> NotANumber:
        return NotANumber(
            f"An exact number was asked for and {_shown(self.text)} was found{_at(self.where)}, {why}; {_HOW}."
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
