"""Adjunctions and what they induce (THEORY T1.8)."""

from __future__ import annotations

from collections.abc import Iterator

from catcore.objects import atoms
from catcore.structures import standard
from catcore_proofs.library.theorem import Theorem

(S,) = atoms("S")


def theorems() -> Iterator[Theorem]:
    """``S × − ⊣ (−)^S``, the State monad and the Store comonad that it induces."""
    yield Theorem("product and exponential", "T1.8", lambda: standard.product_exponential(S))
    yield Theorem("state from its adjunction", "T1.8", lambda: standard.product_exponential(S).monad())
    yield Theorem("store from its adjunction", "T1.8", lambda: standard.product_exponential(S).comonad())
