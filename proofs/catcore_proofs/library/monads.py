"""Monads, comonads, their transformers, and their Kleisli and Eilenberg–Moore categories (THEORY T1.4, T1.7, T1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from catcore.categories import EilenbergMoore, Kleisli
from catcore.equivariance import Monoid
from catcore.objects import atoms
from catcore.structures import standard, transformers
from catcore.structures.monads import Monad
from catcore_proofs.library.theorem import Theorem

S, E, R = atoms("S E R")


def monads() -> dict[str, Callable[[], Monad]]:
    """The monads of T1.4 on arbitrary parameters."""
    return {
        "identity": standard.identity_monad,
        "maybe": standard.maybe,
        "exceptions": lambda: standard.exceptions(E),
        "reader": lambda: standard.reader(R),
        "state": lambda: standard.state(S),
        "continuation": lambda: standard.continuation(R),
        "writer": lambda: standard.writer(Monoid.variable("M")),
    }


def theorems() -> Iterator[Theorem]:
    """Each monad is one, and so are its Kleisli and Eilenberg–Moore categories; comonads; transformers."""
    for name, monad in monads().items():
        yield Theorem(name, "T1.4", monad)
        yield Theorem(f"Kleisli category of {name}", "T1.9", partial(_of, Kleisli, monad))
        yield Theorem(f"algebras of {name}", "T1.9", partial(_of, EilenbergMoore, monad))
    yield Theorem("coreader", "T1.7", lambda: standard.coreader(R))
    yield Theorem("store", "T1.7", lambda: standard.store(S))
    yield Theorem("traced", "T1.7", lambda: standard.traced(Monoid.variable("M")))
    yield from _transformers()


def _of(construction: Callable[[Monad], Any], monad: Callable[[], Monad]) -> Any:
    return construction(monad())


def _transformers() -> Iterator[Theorem]:
    def base() -> Monad:
        return Monad.variable("T", strong=True)

    source = "Winitzki, The Science of Functional Programming, monad constructions"
    yield Theorem("state over a monad", source, lambda: transformers.state_transformer(S, base()))
    yield Theorem("reader over a monad", source, lambda: transformers.reader_transformer(R, base()))
    yield Theorem("writer over a monad", source, lambda: transformers.writer_transformer(Monoid.variable("M"), base()))
    yield Theorem("exceptions over a monad", source, lambda: transformers.exception_transformer(E, base()))
    yield Theorem("product of monads", source, lambda: transformers.product_monad(base(), Monad.variable("U")))
