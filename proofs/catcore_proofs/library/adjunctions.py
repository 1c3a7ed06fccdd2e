"""Adjunctions and what they induce, given ones and arbitrary ones, and the free monoid (THEORY T1.8)."""

from __future__ import annotations

from collections.abc import Iterator

from catcore.arrows import Arrow, fold, generator
from catcore.equivariance import Monoid
from catcore.laws import Law
from catcore.objects import atoms
from catcore.structures import standard
from catcore.structures.adjunctions import Adjunction
from catcore.structures.lists import LIST, append, nil, single
from catcore.structures.monads import Comonad
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

A, S = atoms("A S")


def theorems() -> Iterator[Theorem]:
    """``S × − ⊣ (−)^S`` with State and Store, every adjunction with its monad and comonad, the free monoid."""
    yield Theorem("product and exponential", "T1.8", lambda: standard.product_exponential(S))
    yield Theorem("state from its adjunction", "T1.8", lambda: standard.product_exponential(S).monad())
    yield Theorem("store from its adjunction", "T1.8", lambda: standard.product_exponential(S).comonad())
    yield Theorem("monad of an arbitrary adjunction", "T1.8", lambda: Adjunction.variable("F", "U").monad())
    yield Theorem("comonad of an arbitrary adjunction", "T1.8", lambda: Adjunction.variable("F", "U").comonad())
    yield Theorem("an arbitrary comonad", "T1.7", lambda: Comonad.variable("W"))
    yield Theorem("lists are the free monoid", "T1.8", free_monoid)


def free_monoid() -> tuple[Law, ...]:
    """A map ``f : A → M`` into a monoid extends to lists in one way: ``[a, b, …] ↦ f(a) f(b) …``.

    A map that respects the unit, and the products with a list of one element on the left, is that extension.
    """
    monoid = Monoid.variable("M")
    m, lists = monoid.carrier, LIST(A)
    f, h = generator("f", A, m), generator("h", lists, m)
    step = trace(
        lambda t: t.case(inl=lambda _: monoid.unit(()), inr=lambda p: monoid.mult(f(p[0]), p[1])), 1 + A * m, m
    )
    extension: Arrow = fold(lists, step)
    product = Law(
        "h respects products",
        trace(lambda p: h(append(A)(single(A)(p[0]), p[1])), A * lists, m),
        trace(lambda p: monoid.mult(h(single(A)(p[0])), h(p[1])), A * lists, m),
    )
    respects = (Law("h respects the unit", nil(A) >> h, monoid.unit), Law("h extends f", single(A) >> h, f), product)
    return (
        Law("extension", single(A) >> extension, f, monoid.given),
        Law("respects the unit", nil(A) >> extension, monoid.unit, monoid.given),
        Law("respects products", append(A) >> extension, (extension * extension) >> monoid.mult, monoid.given),
        Law("unique", h, extension, respects),
    )
