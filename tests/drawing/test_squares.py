"""The two squares of the talk, as values and as text: algebras and homomorphisms (FEATURES 97, T1.6)."""

from __future__ import annotations

from typing import Any, cast

import pytest

from catcore import Algebra, Coalgebra, FinSet, Homomorphism, Id, Monoid, atoms, cyclic, finite_map, generator, ident
from catcore.drawing.squares import Square
from catcore.errors import IllTyped, NotComposable
from catcore.structures.standard import ActionMonad
from catcore_proofs import verify

A, B, L, X = atoms("A B L X")


def action(images):
    """The action of Z₂ on a finite set that its generator has."""
    n = len(images)
    monad = ActionMonad(cyclic(2))
    return Algebra(monad, finite_map(monad.functor(FinSet(n)), FinSet(n), [*range(n), *images]))


def test_the_square_of_a_homomorphism_is_drawn():
    a, b = (Algebra(1 + L * Id, generator(name, 1 + L * carrier, carrier)) for name, carrier in (("a", A), ("b", B)))
    square = Square.of_homomorphism(Homomorphism(a, b, generator("f", A, B)))

    assert str(square).splitlines() == [
        "1 + L × A ──(1 + L × Id)(f)──→ 1 + L × B",
        "    │                              │",
        "    │ a                            │ b",
        "    ↓                              ↓",
        "    A     ─────────f─────────→     B",
    ]
    assert not verify(square).ok  # nothing says that f is one


def test_equivariant_maps_are_squares_that_commute():
    swap, fixed = action([1, 0]), action([0, 1])
    good, bad = (Square.of_homomorphism(Homomorphism(s, t, ident(FinSet(2)))) for s, t in ((swap, swap), (swap, fixed)))

    assert verify(good).ok
    assert not verify(bad).ok
    assert good.paths == (good.laws()[0].lhs, good.laws()[0].rhs)


def test_the_square_of_an_action_commutes_and_that_of_another_map_does_not():
    assert verify(Square.of_algebra(action([1, 0]))).ok
    assert not verify(Square.of_algebra(action([0, 0]))).ok
    monad = ActionMonad(Monoid.variable("M"))
    assert "M.mult" in str(Square.of_algebra(Algebra(monad, generator("a", monad.functor(X), X))))


def test_the_square_of_coalgebras_goes_the_other_way():
    c, d = (Coalgebra(L * Id, generator(name, carrier, L * carrier)) for name, carrier in (("c", A), ("d", B)))
    square = Square.of_homomorphism(Homomorphism(c, d, generator("f", A, B)))

    assert (square.top, square.left) == (generator("f", A, B), c.structure)


def test_what_is_no_square_is_refused():
    f, g = generator("f", A, B), generator("g", B, A)
    with pytest.raises(NotComposable, match="in the upper right one B and A were found"):
        Square(top=f, left=f, right=f, bottom=g)
    with pytest.raises(IllTyped, match="The square of a homomorphism was asked for, and 7"):
        Square.of_homomorphism(cast(Any, 7))
    with pytest.raises(IllTyped, match="an algebra of a monad was asked for"):
        Square.of_algebra(Algebra(1 + L * Id, generator("a", 1 + L * A, A)))
