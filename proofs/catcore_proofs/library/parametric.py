"""Parametric maps: Para, tying, strengths and lifts, unrolling, the comonoid of a lax algebra (THEORY T4.1–T4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from catcore.arrows import generator, ident, in_, inl, inr, snd
from catcore.categories.finite_sets import Injected
from catcore.datatypes.data import Data
from catcore.equivariance import Monoid
from catcore.functors import Functor, Id
from catcore.laws import Law
from catcore.objects import atoms, mu, nu
from catcore.para import (
    Cocartesian,
    LaxAlgebra,
    Lift,
    Para,
    ParaMap,
    ParaMonad,
    StrongFunctor,
    StrongMonad,
    TwoCell,
    copies,
    extension,
    fold,
    oplax,
    tie,
    unrolled,
    unrolling,
)
from catcore.para.architectures import autoregressive
from catcore.para.free import there_and_back
from catcore.para.lax import arbitrary
from catcore.para.strengths import associator
from catcore.structures import standard
from catcore.structures.lists import LIST, list_monad
from catcore.structures.monads import Monad
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

A, B, C, I, O, P, Q, R, S, X = atoms("A B C I O P Q R S X")

#: The functors of the five networks of the talk, and of two data types.
SHAPES = {
    "folding networks": 1 + A * Id,
    "recursive networks": A + Id * Id,
    "networks on labelled trees": 1 + A * (Id * Id),
    "unfolding networks": O * Id,
    "Mealy machines": (O * Id) ** I,
    "Moore machines": O * Id**I,
    "lists": LIST,
    "lists inside sums": A + LIST * LIST,
    "an arbitrary strong functor": Functor.variable("F", strong=True),
    "an arbitrary strong functor around lists": Functor.variable("F", strong=True)(LIST),
}

FOLDED = {name: SHAPES[name] for name in ("folding networks", "recursive networks", "networks on labelled trees")}
UNFOLDED = {name: SHAPES[name] for name in ("unfolding networks", "Mealy machines", "Moore machines")}


def theorems() -> Iterator[Theorem]:
    """Actegories, Para, tying, strengths, lifts, unrolling, lax algebras."""
    yield Theorem("sets act on themselves", "T4.1", actegory)
    yield Theorem("Para is a 2-category", "T4.2; Gavranović 2024, Prop. 3.22", Para)
    yield Theorem("Para with bracketed parameters is a bicategory", "T4.2", partial(Para, strict=False))
    yield Theorem("Para for coproducts is a 2-category", "T4.1", lambda: Para(Cocartesian()))
    yield Theorem("copies in any order", "T4.3, T4.6 iv", copies_in_any_order)
    for name, shape in SHAPES.items():
        yield Theorem(f"strength for {name}", "T4.4, AS1 and AS2", partial(StrongFunctor, shape))
        yield Theorem(f"lift for {name}", "T4.4; CDL App. E", partial(Lift, shape))
    monads = {
        "exceptions": standard.exceptions(B),
        "state": standard.state(S),
        "writer": standard.writer(Monoid.variable("M")),
        "lists": list_monad(),
        "an arbitrary strong monad": Monad.variable("T", strong=True),
    }
    for name, monad in monads.items():
        yield Theorem(f"strong monad: {name}", "T4.4, AS3 and AS4", partial(StrongMonad, monad))
        yield Theorem(f"2-monad: {name}", "T4.7", partial(ParaMonad, monad))
    for name, shape in FOLDED.items():
        yield Theorem(f"unrolling of {name}", "T4.5, T4.6; CDL App. J", partial(fold_square, shape))
        yield Theorem(
            f"{name} are lax algebras of the free monad", "T4.7, T2.7; CDL §4", partial(free_lax_algebra, shape)
        )
    for name, shape in UNFOLDED.items():
        yield Theorem(f"unrolling of {name}", "T4.5, T4.6; CDL App. J", partial(unfold_square, shape))
    yield Theorem("independent copies tied by Δ", "T4.6 iii", independent_copies)
    yield Theorem("a cache follows its prefix", "T4.8, T3.3", autoregressive.arbitrary)
    yield Theorem(
        "decoding with a cache says the same", "T4.8, T3.3", lambda: autoregressive.arbitrary().same_streams()
    )
    yield Theorem("exceptions with a default", "T4.7", default_handler)
    yield Theorem("parameters of a lax algebra are a comonoid", "T4.7; CDL Thm. G.10", lambda: arbitrary().comonoid)
    yield Theorem("parameters of an oplax algebra are a monoid", "T4.7", lambda: oplax.arbitrary().monoid)


def actegory() -> tuple[Law, ...]:
    """Pentagon and triangle of ``(P × Q) × X ≅ P × (Q × X)`` and ``1 × X ≅ X``."""
    three = ((P * Q) * R) * X
    regroup = trace(lambda t: ((t[0][0][0], (t[0][0][1], t[0][1])), t[1]), three, (P * (Q * R)) * X)
    long = regroup >> associator(P, Q * R, X) >> (ident(P) * associator(Q, R, X))
    short = associator(P * Q, R, X) >> associator(P, Q, R * X)
    triangle = associator(P, 1, X) >> (ident(P) * snd(1, X))
    return (
        Law("pentagon", long, short),
        Law("triangle", triangle, trace(lambda t: (t[0][0], t[1]), (P * 1) * X, P * X)),
    )


def copies_in_any_order() -> tuple[Law, ...]:
    """Three steps with one parameter, copied at once or one copy after the other (coassociativity of Δ)."""
    step = ParaMap(P, generator("step", P * A, A))
    three = step >> step >> step
    at_once = tie(three, [0, 0, 0]).target
    left = tie(tie(three, [0, 0, 1]).target, [0, 0]).target
    right = tie(tie(three, [0, 1, 1]).target, [0, 0]).target
    return Law("the left copy again", at_once.arrow, left.arrow), Law("the right one", at_once.arrow, right.arrow)


def fold_square(shape: Functor) -> TwoCell:
    """The square of a fold of an arbitrary cell, filled by Δ."""
    return unrolling(mu(shape), ParaMap(P, generator("cell", P * shape(S), S)))


def free_lax_algebra(shape: Functor) -> tuple[Law, ...]:
    """An arbitrary cell interprets programs as a lax algebra of the free monad, and is that at single operations."""
    cell = ParaMap(P, generator("cell", P * shape(S), S))
    coherent = [law for law in extension(shape, cell).laws() if isinstance(law, Law)]
    return (*coherent, there_and_back(shape, cell))


def unfold_square(shape: Functor) -> TwoCell:
    """The square of an unfold of an arbitrary cell, filled by Δ."""
    return unrolling(nu(shape), ParaMap(P, generator("cell", P * S, shape(S))))


def independent_copies() -> Law:
    """A list of two items with parameters for each node of their own, tied: the fold of that list."""
    shape = 1 + A * Id
    lists, cell = mu(shape), ParaMap(P, generator("cell", P * shape(S), S))
    nil = Data(lists, Injected("inl", ()))
    value = Data(lists, Injected("inr", ("a", Data(lists, Injected("inr", ("b", nil))))))
    make = in_(lists)

    def both(x: Any) -> Any:
        one = make(inr((x[1], make(inl(())))))
        return make(inr((x[0], one)))

    built = trace(both, A * A, lists)
    tied = tie(unrolled(value, cell), [0, 0, 0]).target
    return Law("tied copies", tied.arrow, (built >> fold(lists, cell)).arrow)


def default_handler() -> LaxAlgebra:
    """``a(p, error) = p`` and ``a(p, ok v) = v``: a lax algebra of exceptions whose parameters are the defaults."""
    handler = trace(lambda x: x[1].case(inl=lambda _: x[0], inr=lambda v: v), A * (B + A), A)
    return LaxAlgebra(standard.exceptions(B), ParaMap(A, handler), copies(A, 2))
