"""Arrows between real numbers that are polynomials, and factoring one through others (used by fusion, T2.4).

Sums, products, squares, multiples and constants of numbers are polynomials.  Whether f is a polynomial in given ones
``k₁, …, kₙ`` is membership in the subalgebra that they generate, which a Gröbner basis of ``yᵢ − kᵢ`` decides (Shannon
and Sweedler 1988): the normal form of f is written in the y's alone exactly when it is.

>>> square = polynomial(R(), R(), lambda x: x**2)
>>> quartic = polynomial(R(), R(), lambda x: x**4 + 3 * x**2)
>>> b = polynomial_extension(square, quartic)
>>> values(b, sp.Symbol("y"))
y**2 + 3*y
>>> polynomial_extension(square, polynomial(R(), R(), lambda x: x**3)) is None
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from catcore.arrows import Arrow, case, fst, ident, inl, inr, pair, snd, subterms, terminal
from catcore.categories.finite_sets import Injected
from catcore.errors import CatError, IllTyped, NotInterpreted
from catcore.laws import Law, PointwiseLaw
from catcore.objects import Coproduct, Ob, One, Product, R

MAX_DEGREE, MAX_VARIABLES = 8, 8


def polynomial(dom: Ob, cod: Ob, function: Callable[..., Any]) -> Arrow:
    """The arrow of smooth primitives that a Python function on symbols describes, one argument for each number.

    Args:
        dom: a product of ``R()``, or the point.
        cod: the same.
        function: takes the numbers of the domain, and gives a polynomial, or nested pairs of polynomials.

    Raises:
        IllTyped: when an object is of another kind, or the result is no polynomial with exact coefficients.

    >>> polynomial(R() * R(), R(), lambda a, x: 2 * a + x).cod
    R()
    """
    projections = list(_numbers(dom, ident(dom)))
    symbols = [sp.Symbol(f"x{i}") for i in range(len(projections))]
    return _arrow(function(*symbols), dom, cod, dict(zip(symbols, projections, strict=True)))


def values(f: Arrow, x: Any) -> Any:
    """The value of an arrow of polynomials at numbers or symbols, expanded.

    Raises:
        NotInterpreted: where something else occurs in it.
    """
    from catcore.categories.python_values import PythonValues

    rules = {t: rule for t in subterms(f) if (rule := arithmetic(t)) is not None}
    return _expanded(PythonValues(rules).apply(f, x))


def arithmetic(f: Arrow) -> Callable[[Any], Any] | None:
    """The Python function of a primitive on exact numbers or symbols; None for any other arrow."""
    from catcore.categories.smooth import Primitive

    if not isinstance(f, Primitive) or not (_is_scalar(f.dom) and _is_scalar(f.cod)):
        return None
    if f.name == "constant":
        value = _exact(f.parameters[1])
        return None if value is None else lambda _: value
    rules: dict[str, Callable[[Any], Any]] = {
        "add": lambda x: x[0] + x[1],
        "multiply": lambda x: x[0] * x[1],
        "scale": lambda x: x[0] * x[1],
        "negative": lambda x: -x,
        "square": lambda x: x * x,
    }
    return rules.get(f.name)


def polynomial_extension(through: Arrow, wanted: Arrow) -> Arrow | None:
    """An arrow b of polynomials with ``through ; b = wanted``; None where there is none.

    Both arrows leave one object, a sum of products of ``R()``, and ``through`` keeps its summands.

    Raises:
        NotInterpreted: where something else than polynomials occurs.
    """
    if isinstance(through.dom, Coproduct) and isinstance(through.cod, Coproduct):
        parts = []
        for inject, end, back in (
            (inl(through.dom.left, through.dom.right), through.cod.left, "inl"),
            (inr(through.dom.left, through.dom.right), through.cod.right, "inr"),
        ):
            found = _summand(inject, end, back, through, wanted)
            if found is None:
                return None
            parts.append(found)
        return case(*parts)
    return _product(lambda x: values(through, x), through.cod, wanted)


def _summand(inject: Arrow, end: Ob, side: str, through: Arrow, wanted: Arrow) -> Arrow | None:
    return _nested(lambda x: _payload(values(inject >> through, x), side), inject.dom, end, inject >> wanted)


def _nested(through: Callable[[Any], Any], dom: Ob, cod: Ob, wanted: Arrow) -> Arrow | None:
    """As :func:`polynomial_extension`, one arrow being a function on elements."""
    if not (isinstance(dom, Coproduct) and isinstance(cod, Coproduct)):
        return _product(through, cod, wanted)
    left = _nested(
        lambda x: _payload(through(Injected("inl", x)), "inl"), dom.left, cod.left, inl(dom.left, dom.right) >> wanted
    )
    right = left and _nested(
        lambda x: _payload(through(Injected("inr", x)), "inr"), dom.right, cod.right, inr(dom.left, dom.right) >> wanted
    )
    return case(left, right) if left and right else None


def _payload(x: Any, side: str) -> Any:
    if not isinstance(x, Injected) or x.side != side:
        raise NotInterpreted("An arrow that keeps the summands of a sum was asked for, and this one exchanges them.")
    return x.value


def _product(through: Callable[[Any], Any], cod: Ob, wanted: Arrow) -> Arrow | None:
    """The case of a product of numbers."""
    if not (_is_scalar(wanted.dom) and _is_scalar(cod) and _is_scalar(wanted.cod)):
        raise NotInterpreted(f"Polynomials go between products of ℝ, and {wanted.dom} → {wanted.cod} is asked for.")
    generic, symbols = _generic(wanted.dom, "x")
    tags = [sp.Symbol(f"y{i}") for i in range(len(list(_numbers(cod, ident(cod)))))]
    images, results = _flat(through(generic)), values(wanted, generic)
    if len(symbols) + len(tags) > 2 * MAX_VARIABLES or _degree(images, symbols) > MAX_DEGREE:
        raise NotInterpreted(f"Only polynomials of degree {MAX_DEGREE} in {MAX_VARIABLES} numbers are factored.")
    if symbols:
        basis = sp.groebner([y - k for y, k in zip(tags, images, strict=True)], *symbols, *tags, order="lex")
        results = _each(results, lambda f: basis.reduce(f)[1])
    if symbols and any(sp.sympify(f).has(*symbols) for f in _flat(results)):
        return None
    return _arrow(results, cod, wanted.cod, dict(zip(tags, _numbers(cod, ident(cod)), strict=True)))


def polynomial_law(law: Law) -> PointwiseLaw | None:
    """A law between arrows of polynomials as an identity of polynomials, one for each summand; None for other laws."""
    try:
        points = list(_elements(law.lhs.dom, "x"))
        if all(arithmetic(t) is None for side in (law.lhs, law.rhs) for t in subterms(side)):
            return None
        for point in points:
            values(law.lhs, point), values(law.rhs, point)
    except CatError:
        return None
    return PointwiseLaw(law.name, points, lambda x: values(law.lhs, x), lambda x: values(law.rhs, x), "symbolic")


# ---- shapes ----------------------------------------------------------------------------------------------------------


def _is_scalar(of: Ob) -> bool:
    return of is R() or of is One or (isinstance(of, Product) and _is_scalar(of.left) and _is_scalar(of.right))


def _numbers(of: Ob, before: Arrow) -> Iterator[Arrow]:
    """The projections to the numbers in a product."""
    if isinstance(of, Product):
        yield from _numbers(of.left, before >> fst(of.left, of.right))
        yield from _numbers(of.right, before >> snd(of.left, of.right))
    elif of is R():
        yield before
    elif of is not One:
        raise IllTyped(f"A product of ℝ was asked for, for polynomials between numbers, and {of} was found in it.")


def _generic(of: Ob, name: str) -> tuple[Any, list[sp.Symbol]]:
    """The generic element of a product of numbers, and its symbols."""
    symbols = [sp.Symbol(f"{name}{i}") for i in range(len(list(_numbers(of, ident(of)))))]
    rest = iter(symbols)

    def made(part: Ob) -> Any:
        if isinstance(part, Product):
            return made(part.left), made(part.right)
        return next(rest) if part is R() else ()

    return made(of), symbols


def _elements(of: Ob, name: str) -> Iterator[Any]:
    """The generic element of each summand."""
    if isinstance(of, Coproduct):
        yield from (Injected("inl", x) for x in _elements(of.left, name))
        yield from (Injected("inr", x) for x in _elements(of.right, name))
    else:
        yield _generic(of, name)[0]


def _flat(value: Any) -> list[Any]:
    return [x for part in value for x in _flat(part)] if isinstance(value, tuple) else [value]


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    return tuple(_each(part, change) for part in value) if isinstance(value, tuple) else change(value)


def _expanded(value: Any) -> Any:
    if isinstance(value, Injected):
        return Injected(value.side, _expanded(value.value))
    return _each(value, sp.expand)


def _degree(images: list[Any], symbols: list[sp.Symbol]) -> int:
    return max((int(sp.Poly(k, *symbols).total_degree()) for k in images), default=0) if symbols else 0


# ---- polynomials as arrows -------------------------------------------------------------------------------------------


def _arrow(value: Any, dom: Ob, cod: Ob, at: dict[sp.Symbol, Arrow]) -> Arrow:
    if isinstance(cod, Product) and isinstance(value, tuple) and len(value) == 2:
        return pair(_arrow(value[0], dom, cod.left, at), _arrow(value[1], dom, cod.right, at))
    if cod is One:
        return terminal(dom)
    if cod is not R() or isinstance(value, tuple):
        raise IllTyped(f"A polynomial into {cod} was asked for, and {value} was given.")
    return _sum(value, dom, at)


def _sum(value: Any, dom: Ob, at: dict[sp.Symbol, Arrow]) -> Arrow:
    symbols = list(at)
    try:
        terms = sp.Poly(value, *symbols).terms() if symbols else [((), sp.sympify(value))]
    except sp.PolynomialError:
        raise IllTyped(f"A polynomial in {', '.join(map(str, symbols))} was asked for, and {value} is none.") from None
    summands = [
        _term(c, [s for s, k in zip(symbols, powers, strict=True) for _ in range(k)], dom, at) for powers, c in terms
    ]
    return _joined("add", summands)


def _term(coefficient: Any, symbols: list[sp.Symbol], dom: Ob, at: dict[sp.Symbol, Arrow]) -> Arrow:
    if not coefficient.is_Rational:
        raise IllTyped(f"A polynomial with rational coefficients was asked for, and {coefficient} is one of them.")
    scale = [] if coefficient == 1 and symbols else [_constant(coefficient, dom)]
    return _joined("multiply", [*scale, *(at[s] for s in symbols)])


def _constant(value: Any, dom: Ob) -> Arrow:
    from catcore.categories.smooth import constant

    point = constant(int(value) if value.is_Integer else str(value))
    return point if dom is One else terminal(dom) >> point


def _joined(name: str, parts: list[Arrow]) -> Arrow:
    from catcore.categories.smooth import smooth

    found = parts[0]
    for part in parts[1:]:
        found = pair(found, part) >> smooth(name, R() * R())
    return found


def _exact(value: Any) -> Any:
    """A rational entry of a constant; None for floats and irrational numbers."""
    if isinstance(value, float):
        return None
    found = sp.Rational(value) if isinstance(value, int) or set(str(value)) <= set("0123456789/-") else None
    return found
