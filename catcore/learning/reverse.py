"""The reverse derivative of a term is a term (THEORY T5.3, T5.4).

``R[f] : A × B' → A'`` sends a point of A and a covector at its image to a covector at the point.  It is computed as one
does by hand, backwards on a generic point and a generic covector: ``R[f ; g](a, c) = R[f](a, R[g](f a, c))``, the
reverse of a copy is a sum and that of a sum a copy, a projection fills the other component with zero, a case
distinction goes back along the branch it took, and each primitive has its own rule.  The result is written in the same
syntax: it prints, it compiles, equations about it are proved, and it has a reverse derivative itself.

>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> print(reverse_derivative(smooth("multiply", R(2) * R(2))))
⟨⟨π₂, π₁ ; π₂⟩ ; multiply, ⟨π₂, π₁ ; π₁⟩ ; multiply⟩
>>> print(reverse_derivative(smooth("sin", R()) >> smooth("exp", R())))
⟨⟨π₂, π₁ ; sin ; exp⟩ ; multiply, π₁ ; cos⟩ ; multiply
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow, case, distribute, generator, needed_arrow, pair
from catcore.categories.smooth import Primitive
from catcore.errors import NotInterpreted
from catcore.learning.covectors import (
    Covector,
    both_of,
    covectors,
    packed,
    parts,
    plus,
    rigid,
    written,
)
from catcore.objects import Coproduct, Product
from catcore.points import at, halves, paired, side

Rule = Callable[[Any, Arrow, Covector], Covector]
RULES: dict[type[Arrow], Rule] = {}


def reverse_derivative(f: Arrow) -> Arrow:
    """The reverse derivative ``R[f] : A × B' → A'`` of a term ``f : A → B``.

    Law: the axioms RD1–RD7 of reverse derivative categories (Cruttwell, Gavranović, Ghani, Wilson and Zanasi, App. A),
    which :class:`~catcore.learning.Smooth` lists; between real tensors ``R[f](x, v) = Df(x)ᵀ v``.  The reverse
    derivative of a generator f is the generator ``R[f]``.

    Raises:
        NotInterpreted: where a part has no reverse derivative: functions out of infinite sets as inputs, ⊗, greatest
            fixed points, arbitrary functors, folds into functions of an infinite set whose branches get other arguments
            than the fold (accumulations).
    """
    covectors(needed_arrow(f).dom)
    point, covector = both_of(f.dom, f.cod)
    return written(backwards(f, point, covector), point, f.dom)


def backwards(f: Arrow, x: Arrow, v: Covector) -> Covector:
    """``R[f](x, v)`` at a point ``x : Z → A`` and a covector of B over Z."""
    return None if v is None or rigid(f.cod) or rigid(f.dom) else _backwards(f, x, v)


@lru_cache(maxsize=4096)
def _backwards(f: Arrow, x: Arrow, v: Covector) -> Covector:
    for former in type(f).__mro__:
        if former in RULES:
            return RULES[former](f, x, v)
    raise NotInterpreted(
        f"The reverse derivative of {f.signature} was asked for, and there is no rule for it. Write the map with "
        "products, sums, smooth primitives and folds."
    )


def rule(*formers: type[Arrow]) -> Callable[[Rule], Rule]:
    """Decorator: the function is the reverse rule of these term formers."""

    def add(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(formers, function))
        return function

    return add


# ---- products ----------------------------------------------------------------------------------------------------


@rule(ar.Identity)
def _identity(f: Arrow, x: Arrow, v: Covector) -> Covector:
    return v


@rule(ar.Composite)
def _composite(f: Arrow, x: Arrow, v: Covector) -> Covector:
    steps = _steps(f.args)
    points = [x]
    for step in steps[:-1]:
        points.append(at(step, points[-1]))
    for step, point in zip(reversed(steps), reversed(points), strict=True):
        v = _chosen(step, point, v) if _is_choice(step) else backwards(step, point, v)
    return v


@rule(ar.Pair)
def _pair(f: Arrow, x: Arrow, v: Covector) -> Covector:
    first, second = parts(v)
    return plus(backwards(f.args[0], x, first), backwards(f.args[1], x, second))


@rule(ar.Fst)
def _fst(f: Arrow, x: Arrow, v: Covector) -> Covector:
    return v, None


@rule(ar.Snd)
def _snd(f: Arrow, x: Arrow, v: Covector) -> Covector:
    return None, v


# ---- sums --------------------------------------------------------------------------------------------------------


@rule(ar.Inl)
def _inl(f: Arrow, x: Arrow, v: Covector) -> Covector:
    return parts(v)[0]


@rule(ar.Inr)
def _inr(f: Arrow, x: Arrow, v: Covector) -> Covector:
    return parts(v)[1]


@rule(ar.Case)
def _case(f: ar.Case, x: Arrow, v: Covector) -> Covector:
    known = side(x)
    if known is not None:
        found = backwards(f.args[known[0]], known[1], v)
        return (None, found) if known[0] else (found, None)
    return _by_cases(
        x,
        v,
        lambda b, w: (backwards(f.args[0], b, w), None),
        lambda c, w: (None, backwards(f.args[1], c, w)),
        f.dom,
    )


@rule(ar.Distribute)
def _distribute(f: Arrow, x: Arrow, v: Covector) -> Covector:
    def left(b: Arrow, w: Covector) -> Covector:
        a, rest = parts(parts(w)[0])
        return a, (rest, None)

    def right(c: Arrow, w: Covector) -> Covector:
        a, rest = parts(parts(w)[1])
        return a, (None, rest)

    return _by_cases(halves(x)[1], v, left, right, f.dom)


def _chosen(step: Arrow, x: Arrow, v: Covector) -> Covector:
    """``δ ; [f, g]`` backwards, as one case distinction: at ``(a, ι₁ b)`` it is ``R[f]((a, b), v)``."""
    f, g = step.args[1].args
    a, choice = halves(x)
    if v is None or rigid(step.cod):
        return None
    return _by_cases(
        choice,
        (v, a),
        lambda b, w: _second_inside(backwards(f, pair(w[1], b), w[0]), left=True),
        lambda c, w: _second_inside(backwards(g, pair(w[1], c), w[0]), left=False),
        step.dom,
    )


def _second_inside(found: Covector, *, left: bool) -> Covector:
    a, b = parts(found)
    return a, (b, None) if left else (None, b)


def _by_cases(
    choice: Arrow, captured: Any, left: Callable[..., Covector], right: Callable[..., Covector], ob: Any
) -> Covector:
    """``⟨captured, choice⟩ ; δ ; [left, right]``, a covector of ``ob``: what is captured was computed before."""
    known = side(choice)
    if known is not None:
        return (left, right)[known[0]](known[1], captured)
    context, unpacked = packed(captured, choice)
    assert isinstance(choice.cod, Coproduct)
    sides = []
    for branch, part in zip((left, right), choice.cod.args, strict=True):
        inside = ar.fst(context.cod, part)
        sides.append((branch(ar.snd(context.cod, part), unpacked(inside)), inside))
    if all(_is_zero(found) for found, _ in sides):
        return None
    terms = [written(found, inside, ob) for found, inside in sides]
    return pair(context, choice) >> distribute(context.cod, *choice.cod.args) >> case(*terms)


def _is_zero(v: Covector) -> bool:
    return v is None or (isinstance(v, tuple) and all(map(_is_zero, v)))


def _steps(factors: tuple[Arrow, ...]) -> list[Arrow]:
    """The factors, where a distribution and the case distinction after it are one step."""
    found: list[Arrow] = []
    for f in factors:
        if found and isinstance(f, ar.Case) and isinstance(found[-1], ar.Distribute):
            found[-1] = found[-1] >> f
        else:
            found.append(f)
    return found


def _is_choice(f: Arrow) -> bool:
    return isinstance(f, ar.Composite) and isinstance(f.args[0], ar.Distribute)


# ---- functors; functions and data have their rules in functions.py and data.py ------------------------------------


@rule(ar.Action)
def _action(f: ar.Action, x: Arrow, v: Covector) -> Covector:
    if f.functor.symbols:
        raise NotInterpreted(
            f"The reverse derivative of {f} was asked for, and {f.functor} is an arbitrary functor. Use a concrete one."
        )
    return backwards(f.expanded(), x, v)


# ---- primitives and generators -----------------------------------------------------------------------------------


@rule(Primitive)
def _primitive(f: Primitive, x: Arrow, v: Covector) -> Covector:
    covector = written(v, x, f.cod)
    if f.operation.derivative is not None:
        return f.operation.derivative(f, x, covector)
    return paired(x, covector) >> f.reversed()


@rule(ar.Generator)
def _generator(f: ar.Generator, x: Arrow, v: Covector) -> Covector:
    if f.name == "+" and f.dom is Product(f.cod, f.cod):
        return v, v
    backward = generator(f"R[{f.name}]", f.dom * covectors(f.cod), covectors(f.dom))
    return paired(x, written(v, x, f.cod)) >> backward
