"""The table of laws by which terms are simplified, each read from left to right (THEORY T1.1, T2.3, T2.4).

A rule has a *law*, a function that states the equation for given arrows, and a *finder*, which says of what arrows a
piece of a term is the left side.  The law at arbitrary arrows, ``rule.examples``, is what a prover certifies; the law
at the arrows that were found is what the simplifier uses, after checking that its left side is the piece.  So a wrong
finder changes nothing, and a wrong law is found by proving the table.

>>> for rule in RULES[:4]:
...     print(rule.examples()[0])
⟨f, g⟩ ; π₁ = f : A → B
⟨f, g⟩ ; π₂ = g : A → C
⟨h ; π₁, h ; π₂⟩ = h : A → B × C
f ; ! = ! : A → 1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catcore import arrows as ar
from catcore.arrows import (
    Arrow,
    case,
    compose,
    curry,
    distribute,
    ev,
    fold,
    fst,
    generator,
    ident,
    in_,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.functors import Functor, functor
from catcore.laws import Law
from catcore.objects import Applied, Exponential, Mu, Ob, abstract, atoms, instantiate, mu, occurring, unknown
from catcore.terms import Action, factors

Found = tuple[Any, ...] | None


@dataclass(frozen=True)
class Rule:
    """A law that is used from left to right.

    Args:
        name: what it is called.
        law: the two sides, for given arrows.
        formers: the classes of the factors of the left side; ``Arrow`` for any.
        find: from the factors of a piece of a term to the arrows of which it is the left side, or None.
        generic: arbitrary arrows at which the law is certified, one tuple for each example.
    """

    name: str
    law: Callable[..., tuple[Arrow, Arrow]]
    formers: tuple[type[Arrow], ...]
    find: Callable[..., Found]
    generic: Sequence[tuple[Any, ...]]

    def examples(self) -> list[Law]:
        """The law at arbitrary arrows."""
        return [Law(self.name, *self.law(*given)) for given in self.generic]

    def applied(self, piece: tuple[Arrow, ...]) -> Arrow | None:
        """The right side of the law, where the factors of a piece of a term are its left side."""
        found = self.find(*piece)
        if found is None:
            return None
        left, right = self.law(*found)
        return right if factors(left) == piece else None


_A, _B, _C, _D, _Z = atoms("A B C D Z")
_F, _G, _H = generator("f", _A, _B), generator("g", _A, _C), generator("h", _A, _B * _C)
_LEFT, _RIGHT, _AFTER = generator("f", _A, _C), generator("g", _B, _C), generator("h", _C, _D)
_LISTS = functor(lambda X: mu(lambda Y: 1 + X * Y))
_TREES = functor(lambda X: mu(lambda Y: X + Y * Y))
_NODES = functor(lambda X, Y: mu(lambda T: X + Y * T * T))


def _start(f: Arrow, count: int) -> Arrow:
    """The composite of the first factors of an arrow."""
    return compose(ident(f.dom), *factors(f)[:count])


# ---- products ----------------------------------------------------------------------------------------------------


def _surjective(f: Arrow, g: Arrow) -> Found:
    one, other = factors(f), factors(g)
    ends = one[-1:] + other[-1:]
    if one[:-1] != other[:-1] or [type(e) for e in ends] != [ar.Fst, ar.Snd]:
        return None
    return (_start(f, len(one) - 1),)


PRODUCTS = (
    Rule(
        "first of a pair",
        lambda f, g: (pair(f, g) >> fst(f.cod, g.cod), f),
        (ar.Pair, ar.Fst),
        lambda p, _: p.args,
        [(_F, _G)],
    ),
    Rule(
        "second of a pair",
        lambda f, g: (pair(f, g) >> snd(f.cod, g.cod), g),
        (ar.Pair, ar.Snd),
        lambda p, _: p.args,
        [(_F, _G)],
    ),
    Rule(
        "a pair of components",
        lambda h: (pair(h >> fst(*h.cod.args), h >> snd(*h.cod.args)), h),
        (ar.Pair,),
        lambda p: _surjective(*p.args),
        [(_H,)],
    ),
    Rule(
        "one map into the point",
        lambda f: (f >> terminal(f.cod), terminal(f.dom)),
        (Arrow, ar.Terminal),
        lambda f, _: (f,),
        [(_F,)],
    ),
)

# ---- sums --------------------------------------------------------------------------------------------------------


def _common_end(f: Arrow, g: Arrow) -> Found:
    """The longest common end of both branches, out of an object whose elements can be picked row by row."""
    one, other = factors(f), factors(g)
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] is other[-1 - count]:
        count += 1
    while count and occurring(one[len(one) - count].dom, Mu):
        count -= 1
    if not count:
        return None
    return _start(f, len(one) - count), _start(g, len(other) - count), compose(*one[len(one) - count :])


def _injected(p: Arrow, _: Arrow) -> Found:
    b = p.args[1]
    if not factors(b) or not isinstance(factors(b)[-1], ar.Inl | ar.Inr):
        return None
    return p.args[0], _start(b, len(factors(b)) - 1), factors(b)[-1]


def _distributed(a: Arrow, b: Arrow, injection: Arrow) -> tuple[Arrow, Arrow]:
    left, right = injection.args
    sides = a.cod * left, a.cod * right
    return pair(a, b >> injection) >> distribute(a.cod, left, right), pair(a, b) >> type(injection)(*sides)


SUMS = (
    Rule(
        "the left case",
        lambda f, g: (inl(f.dom, g.dom) >> case(f, g), f),
        (ar.Inl, ar.Case),
        lambda _, c: c.args,
        [(_LEFT, _RIGHT)],
    ),
    Rule(
        "the right case",
        lambda f, g: (inr(f.dom, g.dom) >> case(f, g), g),
        (ar.Inr, ar.Case),
        lambda _, c: c.args,
        [(_LEFT, _RIGHT)],
    ),
    Rule(
        "what follows every case",
        lambda f, g, h: (case(f >> h, g >> h), case(f, g) >> h),
        (ar.Case,),
        lambda c: _common_end(*c.args),
        [(_LEFT, _RIGHT, _AFTER)],
    ),
    Rule(
        "a case that changes nothing",
        lambda a, b: (case(inl(a, b), inr(a, b)), ident(a + b)),
        (ar.Case,),
        lambda c: c.cod.args if c.dom is c.cod else None,
        [(_A, _B)],
    ),
    Rule(
        "distribution over a known side",
        _distributed,
        (ar.Pair, ar.Distribute),
        _injected,
        [
            (generator("a", _Z, _A), generator("b", _Z, _B), inl(_B, _C)),
            (generator("a", _Z, _A), generator("c", _Z, _C), inr(_B, _C)),
        ],
    ),
)

# ---- functions ---------------------------------------------------------------------------------------------------


def _applied(p: Arrow, _: Arrow) -> Found:
    function = factors(p.args[0])
    if not function or not isinstance(function[-1], ar.Curry):
        return None
    return function[-1].args[0], _start(p.args[0], len(function) - 1), p.args[1]


FUNCTIONS = (
    Rule(
        "a function applied",
        lambda f, c, a: (pair(c >> curry(f), a) >> ev(f.dom.args[1], f.cod), pair(c, a) >> f),
        (ar.Pair, ar.Ev),
        _applied,
        [(generator("f", _A * _B, _C), generator("c", _Z, _A), generator("a", _Z, _B))],
    ),
)

# ---- functors and folds ------------------------------------------------------------------------------------------


def _layer(of: Functor, carrier: Ob) -> Functor:
    """For ``T(A) = μX. F(A, X)`` the functor ``F(–, S)`` at a carrier S."""
    holes = tuple(unknown() for _ in range(of.arity))
    opened = instantiate(of.body, holes)
    return Functor(of.arity, abstract(instantiate(opened.args[0], (carrier,)), holes))


def _mapped(of: Functor, fs: tuple[Arrow, ...], algebra: Arrow) -> tuple[Arrow, Arrow]:
    mapped = of(*fs)
    once = _layer(of, algebra.cod)(*fs) >> algebra
    return mapped >> fold(mapped.cod, algebra), fold(mapped.dom, once)


def _is_flat(fixed: Ob) -> bool:
    """Whether a data type is built from products and sums, with no data type inside."""
    return isinstance(fixed, Mu) and not occurring(fixed.args[0], Mu) and not occurring(fixed, Applied)


def _map_and_fold(m: Arrow, f: Arrow) -> Found:
    if not isinstance(m, Action) or not _is_flat(m.functor.body) or ar.is_out(f):
        return None
    return m.functor, m.args[1:], f.args[1]


def _functorial(of: Functor, fs: tuple[Arrow, ...], gs: tuple[Arrow, ...]) -> tuple[Arrow, Arrow]:
    return of(*fs) >> of(*gs), of(*(f >> g for f, g in zip(fs, gs, strict=True)))


def _same_functor(m: Arrow, n: Arrow) -> Found:
    if not isinstance(m, Action) or not isinstance(n, Action) or m.functor is not n.functor:
        return None
    return m.functor, m.args[1:], n.args[1:]


def _constructed(fixed: Mu, algebra: Arrow) -> tuple[Arrow, Arrow]:
    return in_(fixed) >> fold(fixed, algebra), Functor(1, fixed.body).act(fold(fixed, algebra)) >> algebra


def _after_constructors(p: Arrow, q: Arrow) -> Found:
    """Whether the components of a pair were constructed, so that folds after it can melt with them."""
    made = any(isinstance(f, ar.In) for side in p.args for f in factors(side)[-1:])
    folded = any(isinstance(f, ar.Fold) for side in q.args for f in factors(side)[-1:])
    return (p, *q.args) if made and folded else None


def _both(before: Arrow, fixed: Mu, a: Arrow, b: Arrow) -> tuple[Arrow, Arrow]:
    f, s, t = Functor(1, fixed.body), a.cod, b.cod
    once = pair(f(fst(s, t)) >> a, f(snd(s, t)) >> b)
    return pair(before >> fold(fixed, a), before >> fold(fixed, b)), before >> fold(fixed, once)


def _two_folds(p: Arrow) -> Found:
    one, other = (factors(side) for side in p.args)
    ends: Any = one[-1:] + other[-1:]
    if (
        not one
        or not other
        or one[:-1] != other[:-1]
        or not all(isinstance(f, ar.Fold) and not ar.is_out(f) for f in ends)
    ):
        return None
    first, second = ends
    if first.args[0] is not second.args[0] or first is second or occurring(p.cod, Exponential):
        return None
    if not _is_flat(first.args[0]):
        return None
    return _start(p.args[0], len(one) - 1), first.args[0], first.args[1], second.args[1]


def _algebra(name: str, carrier: Ob, fixed: Ob) -> Arrow:
    """An arbitrary algebra on a carrier, of the layers of a data type."""
    return generator(name, instantiate(fixed.args[0], (carrier,)), carrier)


RECURSION = (
    Rule(
        "fold after map",
        _mapped,
        (Action, ar.Fold),
        _map_and_fold,
        [
            *((of, (_F,), _algebra("b", _D, of(_B))) for of in (_LISTS, _TREES)),
            (_NODES, (_F, generator("g", _C, _D)), _algebra("b", _Z, _NODES(_B, _D))),
        ],
    ),
    Rule(
        "map after map",
        _functorial,
        (Action, Action),
        _same_functor,
        [(of, (_F,), (generator("g", _B, _C),)) for of in (Functor.variable("T"), _LISTS, _TREES)],
    ),
    Rule(
        "fold of what was constructed",
        _constructed,
        (ar.In, ar.Fold),
        lambda _, f: f.args if _is_flat(f.args[0]) and not ar.is_out(f) else None,
        [(of(_A), _algebra("a", _D, of(_A))) for of in (_LISTS, _TREES)],
    ),
    Rule(
        "a pair of constructed data",
        lambda h, f, g: (h >> pair(f, g), pair(h >> f, h >> g)),
        (ar.Pair, ar.Pair),
        _after_constructors,
        [
            (
                pair(generator("a", _Z, _A), generator("l", _Z, _LISTS(_A).unrolled()) >> in_(_LISTS(_A))),
                fst(_A, _LISTS(_A)),
                snd(_A, _LISTS(_A)) >> fold(_LISTS(_A), _algebra("b", _D, _LISTS(_A))),
            )
        ],
    ),
    Rule(
        "two folds in one pass",
        _both,
        (ar.Pair,),
        _two_folds,
        [
            (generator("t", _Z, of(_A)), of(_A), _algebra("a", _C, of(_A)), _algebra("b", _D, of(_A)))
            for of in (_LISTS, _TREES)
        ],
    ),
)

#: All rules, in the order in which they are tried.
RULES: tuple[Rule, ...] = (*PRODUCTS, *SUMS, *FUNCTIONS, *RECURSION)
