"""Number fields and finite fields: where exact numbers live, and where equality is decidable.

A field is named by the irrational atoms that generate it over the rationals: square roots, cosines of rational angles,
the imaginary unit.  Elements live in a SymPy domain; an expression becomes an element and back without loss.

>>> import sympy as sp
>>> field_of([sp.sqrt(2) / 2, sp.Rational(1, 3)]).name
'Q(sqrt(2))'
>>> field_of([sp.cos(2 * sp.pi / 7), sp.cos(4 * sp.pi / 7)]).name
'Q(cos(2*pi/7))'
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy as sp

from catcore.errors import NotANumber, TooLarge

MAX_ROOTS = 6  # square roots that products are looked for among; more of them are beyond the degree below
MAX_DEGREE = 24  # of a number field (a primitive element of degree 32 takes half a minute to find)
HOW = "write an integer or an exact string such as '1/2', '-sqrt(2)/2' or 'cos(2*pi/7)'"


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


def field_of(numbers_: Iterable[Any]) -> Field:
    """The number field generated by the irrational atoms of some exact SymPy numbers.

    Raises ``NotANumber`` for an expression that is no algebraic number, ``TooLarge`` for a field of huge degree.
    """
    atoms = {atom for number in numbers_ for atom in atoms_of(number)}
    return Field(0, _generators(atoms), imaginary=sp.I in atoms)


def _generators(atoms: Iterable[Any]) -> tuple[Any, ...]:
    """Fewer atoms that generate the same field, in a fixed order.

    All cosines of the rational angles of one order generate one normal field, and that field holds those of orders
    dividing it; so ``cos(2*pi/n)`` stands for all of them.  Square roots of rationals are kept while they are
    independent modulo squares, and of ``sqrt(a ± b*sqrt(d))`` one is kept where their product lies in ``Q(sqrt(d))``.
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
    independent: list[Any] = []
    for atom in sorted(kept, key=sp.default_sort_key):
        if _as_product(atom, independent) is None:
            independent.append(atom)
    return tuple(independent)


def _as_product(atom: Any, others: Iterable[Any]) -> tuple[Any, tuple[tuple[Any, int], ...]] | None:
    """A square root as a rational times powers of other atoms; None where it is none, or that is not seen.

    >>> _as_product(sp.sqrt(15), [sp.sqrt(6), sp.sqrt(10)])
    (1/2, ((sqrt(6), 1), (sqrt(10), 1)))
    >>> _as_product(sp.sqrt(2 - sp.sqrt(2)), [sp.sqrt(2), sp.sqrt(2 + sp.sqrt(2))])
    (1, ((sqrt(2), 1), (sqrt(sqrt(2) + 2), -1)))
    """
    roots = [x for x in others if _is_square_root(x)]
    if not _is_square_root(atom):
        return None
    if not atom.base.is_Rational:
        return _by_conjugate(atom, roots)
    plain = [x for x in roots if x.base.is_Rational][:MAX_ROOTS]
    for size in range(len(plain) + 1):
        for chosen in itertools.combinations(plain, size):
            product = sp.prod([x.base for x in chosen])
            if (factor := sp.sqrt(atom.base * product)).is_Rational:
                return factor / product, tuple((x, 1) for x in chosen)
    return None


def _by_conjugate(atom: Any, roots: Sequence[Any]) -> tuple[Any, tuple[tuple[Any, int], ...]] | None:
    """``sqrt(a + b*sqrt(d))`` as ``sqrt(a² - b² d)`` over its conjugate, where that root is rational or in sqrt(d)."""
    inner = [x for x in atom.base.atoms(sp.Pow) if _is_square_root(x) and x.base.is_Rational]
    if len(inner) != 1 or not (conjugate := sp.sqrt(atom.base.subs(inner[0], -inner[0]))).is_Pow:
        return None
    norm = sp.sqrt(sp.expand(conjugate.base * atom.base))
    for power, root in enumerate((sp.Integer(1), inner[0])):
        factor = norm / root
        if conjugate in roots and factor.is_Rational and (not power or root in roots):
            return factor, ((root, 1), (conjugate, -1)) if power else ((conjugate, -1),)
    return None


def _is_square_root(atom: Any) -> bool:
    return bool(atom.is_Pow and atom.exp == sp.Rational(1, 2))


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
def atoms_of(number: Any) -> frozenset[Any]:
    """The irrational atoms of an exact number; raises ``NotANumber`` for an expression that is no algebraic number."""
    if number.is_Rational:
        return frozenset()
    if number.is_Add or number.is_Mul or (number.is_Pow and number.exp.is_Integer):
        parts = number.args[:1] if number.is_Pow else number.args
        return frozenset().union(*map(atoms_of, parts))
    trigonometric = isinstance(number, (sp.cos, sp.sin)) and (number.args[0] / sp.pi).is_Rational
    root = number.is_Pow and number.exp.is_Rational and not any(_outside(a) for a in sp.preorder_traversal(number.base))
    if number is sp.I or trigonometric or root:
        return frozenset([number])
    raise NotANumber(f"An exact algebraic number was asked for and {shown(number)} was found; {HOW}.")


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
    atoms_of(atom)
    if isinstance(atom, (sp.cos, sp.sin)) and atom not in generators:
        for g in generators:
            if (
                isinstance(g, sp.cos)
                and (m := _order(_turn(g))) % _order(_turn(atom)) == 0
                and g == sp.cos(2 * sp.pi / m)
            ):
                return _cosine_in(_turn(atom), m, _atom_in_field(g, generators), _number_field(generators))
    if atom not in generators and (product := _as_product(atom, generators)) is not None:
        K = _number_field(generators)
        value = K.from_sympy(product[0])
        for factor, power in product[1]:
            value = value * K.from_sympy(factor) ** power
        return value
    try:
        return _number_field(generators).from_sympy(atom) if generators else sp.QQ.from_sympy(atom)
    except sp.CoercionFailed:
        raise NotANumber(
            f"{atom} was found where a number of {Field(0, generators).name} was asked for; "
            "name a larger field, or leave the field out and the smallest one is found."
        ) from None


def shown(value: Any) -> str:
    """A value as a message quotes it: short, and texts in quotation marks."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return text if isinstance(value, float) else repr(text)
