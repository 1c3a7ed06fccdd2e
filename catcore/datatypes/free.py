"""Free monads and cofree comonads: programs over a signature, and the trees of what may be observed (THEORY T2.7).

The free monad of ``F`` at ``Z`` is ``μX. F X + Z``: operations of ``F`` with variables of ``Z`` at the leaves; the unit
is a variable, the multiplication substitutes.  Algebras of the functor F are the Eilenberg–Moore algebras of its free
monad (CDL B.8): ``a ↦ â`` interprets whole programs, ``â ↦ a`` single operations, and both ways round is the identity.
The cofree comonad is ``νX. F X × Z``.

>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> A, Z = atoms("A Z")
>>> print(free_monad(1 + A * Id)(Z))
μX. 1 + A × X + Z
"""

from __future__ import annotations

from catcore.arrows import Arrow, case, compose, fold, fst, ident, in_, inl, inr, out, pair, snd, unfold
from catcore.functors import Functor, functor
from catcore.objects import Ob, mu, nu
from catcore.structures.algebras import Algebra
from catcore.structures.monads import Comonad, Monad


def free_monad(layer: Functor) -> Monad:
    """The free monad ``Z ↦ μX. F X + Z`` of a functor F (CDL B.18, with the least fixed point)."""
    layer = functor(layer)
    terms = _terms(layer)
    return Monad(
        terms,
        unit=lambda z: inr(layer(terms(z)), z) >> in_(terms(z)),
        mult=lambda z: fold(terms(terms(z)), case(operation(layer, z), ident(terms(z)))),
        name=f"free monad of {layer}",
    )


def cofree_comonad(layer: Functor) -> Comonad:
    """The cofree comonad ``Z ↦ νX. F X × Z`` of a functor F (CDL B.18, with the greatest fixed point)."""
    layer = functor(layer)
    trees: Functor = functor(lambda z: nu(lambda x: layer(x) * z))

    def label(z: Ob) -> Arrow:
        return compose(out(trees(z)), snd(layer(trees(z)), z))

    def below(z: Ob) -> Arrow:
        return compose(out(trees(z)), fst(layer(trees(z)), z))

    return Comonad(
        trees,
        counit=label,
        comult=lambda z: unfold(trees(trees(z)), pair(below(z), ident(trees(z)))),
        name=f"cofree comonad of {layer}",
    )


def _terms(layer: Functor) -> Functor:
    terms: Functor = functor(lambda z: mu(lambda x: layer(x) + z))
    return terms


def operation(layer: Functor, variables: Ob) -> Arrow:
    """One operation in front of programs, ``F(T Z) → T Z``."""
    terms = _terms(layer)(variables)
    return compose(inl(layer(terms), variables), in_(terms))


def interpretation(algebra: Algebra, value: Arrow) -> Arrow:
    """The interpretation ``T Z → A`` of programs in an F-algebra on A, given what the variables ``Z → A`` are."""
    return fold(_terms(algebra.functor)(value.dom), case(algebra.structure, value))


def extension(algebra: Algebra) -> Algebra:
    """The algebra ``â = ⦇[a, id]⦈ : T A → A`` of the free monad that an algebra ``a : F A → A`` gives."""
    return Algebra(free_monad(algebra.functor), interpretation(algebra, ident(algebra.carrier)))


def restriction(layer: Functor, algebra: Algebra) -> Algebra:
    """The algebra ``a = F η ; operation ; â`` of the functor that an algebra of its free monad gives."""
    carrier = algebra.carrier
    return Algebra(layer, layer(free_monad(layer).unit[carrier]) >> operation(layer, carrier) >> algebra.structure)
