"""Cells are lax algebras of the free monad: the theorem behind recurrent and recursive networks (THEORY T4.7, T2.7).

An algebra ``(P, a : P × F(S) → S)`` of Para(F) interprets whole programs over F, ``T(S) = μX. F(X) + S``, and this
interpretation is a lax algebra of Para(T) with Δ for its comultiplication; read at single operations it is the cell
again.  So a cell needs no equations, and its weight sharing is the coherence of a lax algebra (CDL §4, App. F–J).

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> A, P, S = atoms("A P S")
>>> cell = ParaMap(P, generator("cell", P * (1 + A * S), S))
>>> lax = extension(1 + A * Id, cell)
>>> print(lax.structure.signature)
μX. 1 + A × X + S → S with parameter P
>>> [law.name for law in lax.laws()]
['unit cell', 'multiplication cell', 'left unity', 'right unity', 'associativity']
"""

from __future__ import annotations

from catcore.arrows import ident
from catcore.datatypes.free import free_monad, operation
from catcore.functors import Functor
from catcore.laws import Law
from catcore.para.combinators import cases
from catcore.para.lax import LaxAlgebra
from catcore.para.maps import ParaMap
from catcore.para.recursion import carrier_of_algebra, fold
from catcore.para.tying import copies


def extension(functor: Functor, cell: ParaMap) -> LaxAlgebra:
    """The lax algebra of the free monad that interprets programs by a cell.

    Raises:
        IllTyped: when the cell is no algebra of the functor.
    """
    state = carrier_of_algebra(functor, cell)
    monad = free_monad(functor)
    return LaxAlgebra(monad, fold(monad(state), cases(cell, ident(state))), copies(cell.params, 2))


def restriction(functor: Functor, algebra: LaxAlgebra) -> ParaMap:
    """The cell that a lax algebra of the free monad is at single operations, ``F(η) ; operation ; a``."""
    state = algebra.carrier
    one = functor(free_monad(functor).unit[state]) >> operation(functor, state)
    return ParaMap((), one) >> algebra.structure


def there_and_back(functor: Functor, cell: ParaMap) -> Law:
    """The law that the restriction of the extension is the cell."""
    return Law("there and back", restriction(functor, extension(functor, cell)).arrow, cell.arrow)
