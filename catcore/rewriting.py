"""Rewriting arrows: one side of a law, where it stands in a term, is replaced by the other side.

A term is read up to associativity of composition: a composite is the list of its factors, and the left side of a law
may be any run of them.  A path says where: ``(1, 0)`` is part 0 of part 1 of the term, and where it leads to a factor
of a composite, the left side starts at that factor.  A law about arbitrary arrows is used at all of them by naming
those that stand for anything:

>>> from catcore.arrows import fst, generator, ident, pair
>>> from catcore.laws import Law
>>> from catcore.objects import atoms
>>> A, B, C, X = atoms("A B C X")
>>> f, g, h = generator("f", A, B), generator("g", A, C), generator("h", B, B)
>>> p, q = generator("p", X, B), generator("q", X, C)
>>> beta = Law("first of a pair", pair(p, q) >> fst(B, C), p)
>>> print((pair(f, g) >> fst(B, C) >> h).rewrite(beta, forall=[p, q, X]))
f ; h
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore.errors import IllTyped, MoveRefused
from catcore.expressions import Expression
from catcore.laws import Law
from catcore.objects import Atom
from catcore.provers import DEFAULT, prover
from catcore.terms import Arrow, Composite, Generator, compose, factors

#: What the symbols of a rule stand for.
Values = dict[Expression, Expression]


@dataclass(frozen=True)
class Rewrite:
    """One rewrite of an arrow: before, after, the instance of the rule, and the path at which it was used."""

    before: Arrow
    after: Arrow
    rule: Law
    at: tuple[int, ...]

    @property
    def law(self) -> Law:
        """The equation of both arrows, under the rule and its conditions."""
        return Law(f"rewriting by {self.rule.name}", self.before, self.after, (self.rule, *self.rule.given))

    def proof(self, *, prover_name: str = DEFAULT) -> Any:
        """The verdict of a prover on :attr:`law`.

        Raises:
            ProverMissing: when no prover is installed.
        """
        return prover(prover_name).prove(self.law)

    def __str__(self) -> str:
        return f"{self.before} = {self.after}   by {self.rule.name} at {self.at}"


def rewrites(
    f: Arrow, rule: Law, *, at: Iterable[int] | None = None, backwards: bool = False, forall: Iterable[Expression] = ()
) -> Iterator[Rewrite]:
    """The rewrites of an arrow by a rule, outermost first and from left to right.

    Args:
        f: the arrow.
        rule: the law, used from left to right.
        at: the path; None for everywhere.
        backwards: use the rule from right to left.
        forall: the generators and atoms of the rule that stand for anything.

    Raises:
        IllTyped: when the rule is no law, or something else than generators and atoms is to stand for anything.
        MoveRefused: when the path leads nowhere, or the rule cannot be used in this direction.
    """
    symbols = _symbols(rule, forall)
    lhs, rhs = (rule.rhs, rule.lhs) if backwards else (rule.lhs, rule.rhs)
    if not factors(lhs):
        raise MoveRefused(
            f"The rule {rule.name!r} would replace an identity, which is everywhere; use it the other way round, or "
            "write the other side in by composing."
        )
    for path in _paths(f) if at is None else [_checked(f, at)]:
        for after, values in _at(f, path, lhs, rhs, symbols):
            _determined(rule, rhs, symbols - values.keys())
            used = Law(rule.name, _filled(rule.lhs, values), _filled(rule.rhs, values), rule.given)
            yield Rewrite(f, after, used, path)


def rewrite(
    f: Arrow, rule: Law, *, at: Iterable[int] | None = None, backwards: bool = False, forall: Iterable[Expression] = ()
) -> Arrow:
    """The arrow after the first of :func:`rewrites`.

    Raises:
        MoveRefused: when there is none.
    """
    for found in rewrites(f, rule, at=at, backwards=backwards, forall=forall):
        return found.after
    side = rule.rhs if backwards else rule.lhs
    raise MoveRefused(
        f"The rule {rule.name!r} was to be used {'anywhere' if at is None else f'at {tuple(at)}'} in {f}, and nothing "
        f"there is an instance of {side}. Name what stands for anything in forall=, or choose another place."
    )


def _determined(rule: Law, rhs: Arrow, left_open: frozenset[Expression]) -> None:
    for symbol in left_open:
        if _mentions(rhs, symbol):
            raise MoveRefused(
                f"The rule {rule.name!r} does not determine what {symbol} stands for on its other side; use an "
                "instance of the rule."
            )


def _mentions(term: Any, symbol: Expression) -> bool:
    if isinstance(term, Expression):
        return term is symbol or any(_mentions(arg, symbol) for arg in term.args)
    return isinstance(term, tuple) and any(_mentions(part, symbol) for part in term)


def _symbols(rule: Law, forall: Iterable[Expression]) -> frozenset[Expression]:
    if not isinstance(rule, Law):
        raise IllTyped(f"A rewrite needs a rule, a Law, and {rule!r} was given.")
    symbols = frozenset(forall)
    for symbol in symbols:
        if not isinstance(symbol, Generator | Atom):
            raise IllTyped(
                f"Only generators and atoms stand for anything in a rule, and {symbol} was named in forall=."
            )
    return symbols


# ---- places ----------------------------------------------------------------------------------------------------------


def _parts(f: Arrow) -> list[tuple[int, Arrow]]:
    """The arrows directly inside a term, each with the position of its argument."""
    return [(i, arg) for i, arg in enumerate(f.args) if isinstance(arg, Arrow)]


def _paths(f: Arrow) -> Iterator[tuple[int, ...]]:
    yield ()
    for number, (_, part) in enumerate(_parts(f)):
        for path in _paths(part):
            if path or not isinstance(f, Composite):
                yield (number, *path)
            elif number:  # a run of factors that starts at this one; the first is the composite's own path
                yield (number,)


def _checked(f: Arrow, at: Iterable[int]) -> tuple[int, ...]:
    path, inside = tuple(at), f
    for depth, number in enumerate(path):
        parts = _parts(inside)
        if not isinstance(number, int) or not 0 <= number < len(parts):
            raise MoveRefused(
                f"The path {path} was asked for in {f}, and at {path[:depth]} stands {inside}, which has {len(parts)} "
                "parts, numbered from 0."
            )
        inside = parts[number][1]
    return path


def _at(
    f: Arrow, path: tuple[int, ...], lhs: Arrow, rhs: Arrow, symbols: frozenset[Expression]
) -> Iterator[tuple[Arrow, Values]]:
    """The arrows that a rewrite at a path gives, each with what the symbols stand for."""
    if isinstance(f, Composite) and len(path) <= 1:
        yield from _run(f, path[0] if path else 0, lhs, rhs, symbols)
    if not path:
        if not isinstance(f, Composite):
            for values in _match(lhs, f, {}, symbols):
                yield _filled(rhs, values), values
        return
    position, part = _parts(f)[path[0]]
    if isinstance(f, Composite) and len(path) == 1:
        return
    for after, values in _at(part, path[1:], lhs, rhs, symbols):
        args = [*f.args[:position], after, *f.args[position + 1 :]]
        yield compose(*args) if isinstance(f, Composite) else type(f)(*args), values


def _run(
    f: Composite, start: int, lhs: Arrow, rhs: Arrow, symbols: frozenset[Expression]
) -> Iterator[tuple[Arrow, Values]]:
    """Rewrites of a run of factors that starts at a given one."""
    for values, used in _sequences(factors(lhs), f.args[start:], {}, symbols):
        end = start + used
        new = _filled(rhs, values)
        if new.dom is f.args[start].dom and new.cod is f.args[end - 1].cod:
            yield compose(*f.args[:start], new, *f.args[end:]), values


# ---- matching --------------------------------------------------------------------------------------------------------


def _match(pattern: Any, term: Any, values: Values, symbols: frozenset[Expression]) -> Iterator[Values]:
    """What the symbols stand for, when a term is an instance of a pattern."""
    if isinstance(pattern, Expression) and pattern in symbols:
        yield from _bind(pattern, term, values, symbols)
    elif isinstance(pattern, Arrow) and isinstance(term, Arrow) and isinstance(pattern, Composite):
        found = factors(term)
        yield from (v for v, used in _sequences(pattern.args, found, values, symbols) if used == len(found))
    elif isinstance(pattern, Expression):
        if type(pattern) is type(term) and len(pattern.args) == len(term.args):
            yield from _all(pattern.args, term.args, values, symbols)
    elif isinstance(pattern, tuple) and isinstance(term, tuple) and len(pattern) == len(term):
        yield from _all(pattern, term, values, symbols)
    elif type(pattern) is type(term) and pattern == term:
        yield values


def _all(patterns: Any, terms: Any, values: Values, symbols: frozenset[Expression]) -> Iterator[Values]:
    if not patterns:
        yield values
        return
    for found in _match(patterns[0], terms[0], values, symbols):
        yield from _all(patterns[1:], terms[1:], found, symbols)


def _bind(symbol: Expression, term: Any, values: Values, symbols: frozenset[Expression]) -> Iterator[Values]:
    """A symbol that stands for a term, whose ends must be instances of the symbol's ends."""
    if symbol in values:
        if values[symbol] is term:
            yield values
    elif isinstance(symbol, Arrow) and isinstance(term, Arrow):
        for found in _all((symbol.dom, symbol.cod), (term.dom, term.cod), values, symbols):
            yield {**found, symbol: term}
    elif not isinstance(symbol, Arrow) and isinstance(term, Expression) and not isinstance(term, Arrow):
        yield {**values, symbol: term}


def _sequences(
    patterns: tuple[Arrow, ...], terms: tuple[Arrow, ...], values: Values, symbols: frozenset[Expression]
) -> Iterator[tuple[Values, int]]:
    """Matches of a run of patterns with the first terms, each with the number of terms that it takes."""
    if not patterns:
        yield values, 0
        return
    lengths = range(1, len(terms) + 1) if patterns[0] in symbols else range(1, min(len(terms), 1) + 1)
    for length in lengths:
        for found in _match(patterns[0], compose(*terms[:length]), values, symbols):
            for rest, used in _sequences(patterns[1:], terms[length:], found, symbols):
                yield rest, length + used


def _filled(term: Any, values: Values) -> Any:
    """A term with symbols replaced by what they stand for."""
    if not values or not isinstance(term, Expression | tuple):
        return term
    if isinstance(term, tuple):
        return tuple(_filled(part, values) for part in term)
    if term in values:
        return values[term]
    args = tuple(_filled(arg, values) for arg in term.args)
    if all(new is old for new, old in zip(args, term.args, strict=True)):
        return term
    return compose(*args) if isinstance(term, Composite) else type(term)(*args)
