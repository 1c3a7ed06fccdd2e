"""Recursion schemes: folds of enriched carriers, and unfolds of enriched states (THEORY T2.5; Meertens 1992).

Each scheme is a term made of one fold or unfold, derived from the functor's own action and written for no type in
particular.  So it runs wherever folds run, and its laws are proved like theirs.

===========  ==================================  =====================================================
scheme       takes                               the clause at a layer may use
===========  ==================================  =====================================================
``fold``     ``F A → A``                         what the branches gave
``para``     ``F(μF × A) → A``                   that, and the branches themselves
``zygo``     ``F B → B`` and ``F(B × A) → A``    that, and what another fold gave
``mutu``     ``F(A × B) → A, B``                 what two folds that need each other gave
``histo``    ``F(H) → A``, ``H = μY. A × F Y``   all that was given anywhere below
``unfold``   ``S → F S``                         the states of the branches
``apo``      ``S → F(νF + S)``                   states, or branches that are ready
===========  ==================================  =====================================================

>>> from catcore.arrows import doctrines, generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> (N,) = atoms("N")
>>> Nat = mu(1 + Id)
>>> factorial = para(Nat, generator("clause", 1 + Nat * N, N))
>>> print(factorial.dom, "→", factorial.cod)
μX. 1 + X → N
"""

from __future__ import annotations

from catcore.arrows import Arrow, case, compose, fold, fst, ident, in_, inl, inr, out, pair, snd, unfold
from catcore.errors import IllTyped
from catcore.functors import Functor
from catcore.objects import Mu, Nu, Ob, Product, mu
from catcore.terms import needed_arrow


def para(fixed: Mu, algebra: Arrow) -> Arrow:
    """The paramorphism of ``algebra : F(μF × A) → A``: the arrow ``h : μF → A`` with ``in ; h = F⟨id, h⟩ ; algebra``.

    Raises:
        IllTyped: when the algebra does not have that type.
    """
    carrier, layer = needed_arrow(algebra).cod, _layer(fixed)
    _need("para", algebra, layer(fixed * carrier), carrier)
    copy = layer(fst(fixed, carrier)) >> in_(fixed)
    return fold(fixed, pair(copy, algebra)) >> snd(fixed, carrier)


def zygo(fixed: Mu, helper: Arrow, algebra: Arrow) -> Arrow:
    """The zygomorphism of ``algebra : F(B × A) → A`` with the fold of ``helper : F B → B`` beside it.

    Law: ``in ; h = F⟨fold helper, h⟩ ; algebra``.

    Raises:
        IllTyped: when one of the two does not have its type.
    """
    side, carrier, layer = needed_arrow(helper).cod, needed_arrow(algebra).cod, _layer(fixed)
    _need("zygo", helper, layer(side), side)
    _need("zygo", algebra, layer(side * carrier), carrier)
    return fold(fixed, pair(layer(fst(side, carrier)) >> helper, algebra)) >> snd(side, carrier)


def mutu(fixed: Mu, first: Arrow, second: Arrow) -> Arrow:
    """Two functions that call each other, ``μF → A × B``, from ``F(A × B) → A`` and ``F(A × B) → B`` (Fokkinga 1989).

    Raises:
        IllTyped: when one of the two does not have its type.
    """
    both = needed_arrow(first).cod * needed_arrow(second).cod
    _need("mutu", first, _layer(fixed)(both), first.cod)
    _need("mutu", second, _layer(fixed)(both), second.cod)
    return fold(fixed, pair(first, second))


def history(fixed: Mu, carrier: Ob) -> Mu:
    """``H = μY. A × F Y``: a value, and the layer below it with the values and layers further down."""
    layer = _layer(fixed)
    return mu(lambda y: carrier * layer(y))


def histo(fixed: Mu, algebra: Arrow) -> Arrow:
    """The histomorphism of ``algebra : F(H) → A`` with ``H`` the :func:`history` of A (Uustalu and Vene 1999).

    The histories that occur are finite, so H is the least fixed point; the cofree comonad is the greatest one.

    Raises:
        IllTyped: when the algebra does not have that type.
    """
    carrier = needed_arrow(algebra).cod
    past = history(fixed, carrier)
    _need("histo", algebra, _layer(fixed)(past), carrier)
    remember = pair(algebra, ident(algebra.dom)) >> in_(past)
    return fold(fixed, remember) >> latest(past)


def latest(past: Mu) -> Arrow:
    """The newest value of a history, ``H → A``."""
    whole = past.unrolled()
    assert isinstance(whole, Product)
    return out(past) >> fst(whole.left, whole.right)


def earlier(past: Mu) -> Arrow:
    """The layer below the newest value of a history, ``H → F(H)``."""
    whole = past.unrolled()
    assert isinstance(whole, Product)
    return out(past) >> snd(whole.left, whole.right)


def apo(fixed: Nu, coalgebra: Arrow) -> Arrow:
    """The apomorphism of ``coalgebra : S → F(νF + S)``: ready branches stop the unfolding.

    Law: ``h ; out = coalgebra ; F[id, h]``.

    Raises:
        IllTyped: when the coalgebra does not have that type.
    """
    states = needed_arrow(coalgebra).dom
    if not isinstance(fixed, Nu):
        raise IllTyped(f"apo unfolds to a greatest fixed point nu(F), and {fixed} is none.")
    layer = Functor(1, fixed.body)
    _need("apo", coalgebra, states, layer(fixed + states))
    ready = out(fixed) >> layer(inl(fixed, states))
    return compose(inr(fixed, states), unfold(fixed, case(ready, coalgebra)))


def _layer(fixed: Mu) -> Functor:
    if not isinstance(fixed, Mu):
        raise IllTyped(f"This scheme recurses over a least fixed point mu(F), and {fixed} is none.")
    return Functor(1, fixed.body)


def _need(scheme: str, given: Arrow, dom: Ob, cod: Ob) -> None:
    needed_arrow(given)
    if given.dom is not dom or given.cod is not cod:
        raise IllTyped(f"{scheme} takes an arrow {dom} → {cod} here, and {given.signature} was given.")
