"""Factoring an arrow through another by moving that one along it (used by fusion, THEORY T2.4).

Given ``f : X → Y`` and ``k : X → X'``, is there ``b : X' → Y`` with ``k ; b = f``?  The arrow ``k`` is moved through
the factors of ``f``, one after another: projections, pairings and case distinctions let it through and become smaller,
until what is left of it is swallowed where ``f`` applies the same arrow.  What has been passed is ``b``.  Dually,
``d ; k = f`` is solved from the end of ``f``.  An answer is right whenever there is one, since moving along is
naturality; where there is none nothing is said.

>>> from catcore.arrows import fst, generator, ident, pair, snd
>>> from catcore.objects import atoms
>>> A, B, C = atoms("A B C")
>>> h, g = generator("h", A, B), generator("g", B * C, C)
>>> through = Pairwise(Through(h), Kept(C))
>>> print(extension(pair(fst(A, C) >> h, snd(A, C)) >> g, through))
⟨π₁, π₂⟩ ; g
>>> extension(fst(A, C), through) is None
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catcore import arrows as ar
from catcore.arrows import Arrow, compose, curry, distribute, ev, fst, ident, inl, inr, pair, snd, terminal
from catcore.datatypes.shapes import varies
from catcore.errors import MissingDoctrine
from catcore.objects import Bound, Coproduct, Exponential, Ob, Product, instantiate
from catcore.terms import factors

Normaliser = Callable[[Arrow], Arrow]


class Stuck(Exception):
    """What is to be moved cannot pass a factor."""


@dataclass(frozen=True)
class Kept:
    """The identity of an object."""

    of: Ob

    @property
    def ends(self) -> tuple[Ob, Ob]:
        """Domain and codomain."""
        return self.of, self.of


@dataclass(frozen=True)
class Through:
    """An arrow that passes nothing, and is swallowed where it is applied."""

    by: Arrow

    @property
    def ends(self) -> tuple[Ob, Ob]:
        """Domain and codomain."""
        return self.by.dom, self.by.cod


@dataclass(frozen=True)
class Pairwise:
    """A product of two."""

    left: Moved
    right: Moved

    @property
    def ends(self) -> tuple[Ob, Ob]:
        """Domain and codomain."""
        (a, c), (b, d) = self.left.ends, self.right.ends
        return a * b, c * d


@dataclass(frozen=True)
class Either:
    """A sum of two."""

    left: Moved
    right: Moved

    @property
    def ends(self) -> tuple[Ob, Ob]:
        """Domain and codomain."""
        (a, c), (b, d) = self.left.ends, self.right.ends
        return a + b, c + d


@dataclass(frozen=True)
class Power:
    """Composition after functions out of an object."""

    base: Moved
    exponent: Ob

    @property
    def ends(self) -> tuple[Ob, Ob]:
        """Domain and codomain."""
        a, b = self.base.ends
        return a**self.exponent, b**self.exponent


Moved = Kept | Through | Pairwise | Either | Power


def lifted(body: Ob, h: Arrow, action: Arrow, normal: Normaliser) -> Moved:
    """The functor with a body on ``h``; ``action`` is the same as one arrow, and fixed points are moved as a whole."""
    if h is ident(h.dom) or not varies(body):
        return Kept(instantiate(body, (h.dom,)))
    match body:
        case Bound():
            return _refined(normal(h))
        case Product():
            return Pairwise(lifted(body.left, h, action, normal), lifted(body.right, h, action, normal))
        case Coproduct():
            return Either(lifted(body.left, h, action, normal), lifted(body.right, h, action, normal))
        case Exponential() if not varies(body.exponent):
            return Power(lifted(body.base, h, action, normal), instantiate(body.exponent, (h.dom,)))
    return Through(normal(action))


def _refined(by: Arrow) -> Moved:
    """An arrow that keeps the summands of a sum, as a sum of two."""
    if isinstance(by, ar.Case) and isinstance(by.dom, Coproduct) and isinstance(by.cod, Coproduct):
        ends = inl(by.cod.left, by.cod.right), inr(by.cod.left, by.cod.right)
        runs = [factors(side) for side in by.args]
        if all(run[-1:] == (end,) for run, end in zip(runs, ends, strict=True)):
            sides = (compose(ident(side.dom), *run[:-1]) for side, run in zip(by.args, runs, strict=True))
            left, right = (_refined(side) if factors(side) else Kept(side.dom) for side in sides)
            return Either(left, right)
    return Through(by)


# ---- from the start --------------------------------------------------------------------------------------------------


def extension(f: Arrow, k: Moved) -> Arrow | None:
    """An arrow b with ``k ; b = f``, or None where none is found."""
    try:
        passed, rest = _along(f, k)
    except Stuck:
        return None
    return passed if isinstance(rest, Kept) else None


def _along(f: Arrow, k: Moved) -> tuple[Arrow, Moved]:
    """``f'`` and ``k'`` with ``f ; k' = k ; f'``."""
    passed: Arrow = ident(k.ends[1])
    todo = list(factors(f))
    while todo and not isinstance(k, Kept):
        swallowed = _swallowed(todo, k) if isinstance(k, Through) else None
        if swallowed is not None:
            count, projection = swallowed
            passed, k, todo = passed >> projection, Kept(projection.cod), todo[count:]
        else:
            step, k = _past(todo.pop(0), k)
            passed = passed >> step
    if isinstance(k, Kept):
        return compose(passed, *todo), Kept(todo[-1].cod if todo else passed.cod)
    return passed, k


def _swallowed(todo: list[Arrow], k: Through) -> tuple[int, Arrow] | None:
    """How many factors apply the arrow, or a component of it, and the projection to that component."""
    for projection, run in _components(k.by, ident(k.by.cod)):
        if run and tuple(todo[: len(run)]) == run:
            return len(run), projection
    return None


def _components(by: Arrow, before: Arrow) -> list[tuple[Arrow, tuple[Arrow, ...]]]:
    found = [(before, factors(by))]
    if isinstance(by, ar.Pair):
        f, g = by.args
        found += _components(f, before >> fst(f.cod, g.cod)) + _components(g, before >> snd(f.cod, g.cod))
    return found


def _past(part: Arrow, k: Moved) -> tuple[Arrow, Moved]:
    """One factor, and what is to be moved on the other side of it."""
    cod = k.ends[1]
    match part, k:
        case ar.Terminal(), _:
            return terminal(cod), Kept(part.cod)
        case ar.Pair(), _:
            (f, one), (g, other) = (_along(side, k) for side in part.args)
            return pair(f, g), _both(one, other)
        case ar.Fst(), Pairwise(left, right):
            return fst(left.ends[1], right.ends[1]), left
        case ar.Snd(), Pairwise(left, right):
            return snd(left.ends[1], right.ends[1]), right
        case ar.Inl(), _:
            return inl(cod, part.args[1]), Either(k, Kept(part.args[1]))
        case ar.Inr(), _:
            return inr(part.args[0], cod), Either(Kept(part.args[0]), k)
        case ar.Case(), Either(left, right):
            (f, one), (g, other) = _along(part.args[0], left), _along(part.args[1], right)
            if one != other:
                raise Stuck
            return ar.case(f, g), one
        case ar.Distribute(), Pairwise(first, second):
            return _distributed(part, first, second)
        case ar.Curry(), _:
            return _under(part, k)
        case ar.Ev(), Pairwise(Power(base, exponent), Kept()):
            return ev(exponent, base.ends[1]), base
    raise Stuck


def _both(left: Moved, right: Moved) -> Moved:
    if isinstance(left, Kept) and isinstance(right, Kept):
        return Kept(left.of * right.of)
    return Pairwise(left, right)


def _distributed(part: Arrow, first: Moved, second: Moved) -> tuple[Arrow, Moved]:
    _, b, c = part.args
    match second:
        case Kept():
            left, right = Kept(b), Kept(c)
        case Either():
            left, right = second.left, second.right  # type: ignore[assignment]
        case _:
            raise Stuck
    return distribute(first.ends[1], left.ends[1], right.ends[1]), Either(_both(first, left), _both(first, right))


def _under(part: Arrow, k: Moved) -> tuple[Arrow, Moved]:
    """A function with ``k`` before it: moved along the body, which has one more argument."""
    (body,) = part.args
    argument = body.dom.right
    inner, rest = _along(body, Pairwise(k, Kept(argument)))
    return curry(inner), Kept(part.cod) if isinstance(rest, Kept) else Power(rest, argument)


# ---- from the end ----------------------------------------------------------------------------------------------------


def lifting(f: Arrow, k: Moved, normal: Normaliser) -> Arrow | None:
    """An arrow d with ``d ; k = f``, or None where none is found."""
    try:
        return _before(f, k, normal)
    except (Stuck, MissingDoctrine):
        return None


def _before(f: Arrow, k: Moved, normal: Normaliser) -> Arrow:
    if isinstance(k, Kept):
        return f
    run = factors(f)
    if isinstance(k, Through):
        end = factors(k.by)
        if end and run[-len(end) :] == end:
            return compose(ident(f.dom), *run[: -len(end)])
    start, last = compose(ident(f.dom), *run[:-1]), run[-1] if run else ident(f.dom)
    match last, k:
        case ar.Case(), _:
            return start >> ar.case(*(_before(side, k, normal) for side in last.args))
        case ar.Inl(), Either(left, right):
            return compose(_before(start, left, normal), inl(left.ends[0], right.ends[0]))
        case ar.Inr(), Either(left, right):
            return compose(_before(start, right, normal), inr(left.ends[0], right.ends[0]))
        case ar.Curry(), Power(base, _):
            return start >> curry(_before(last.args[0], base, normal))
        case ar.Pair(), Pairwise(left, right):
            return start >> pair(_before(last.args[0], left, normal), _before(last.args[1], right, normal))
        case _, Pairwise(left, right):
            one, other = fst(left.ends[1], right.ends[1]), snd(left.ends[1], right.ends[1])
            return pair(_before(normal(f >> one), left, normal), _before(normal(f >> other), right, normal))
    raise Stuck
