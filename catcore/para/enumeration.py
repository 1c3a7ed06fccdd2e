"""Lax algebras on finite sets, enumerated and counted (THEORY T4.7).

The equations of the two 2-cells alone allow more pairs ``(a, Δ)`` than lax algebras: coherence is what forces Δ to be
the diagonal, and a lax algebra to be a family of algebras indexed by the parameters.

>>> from catcore.objects import FinSet
>>> from catcore.structures.standard import maybe
>>> count(maybe(), FinSet(2), FinSet(2))                          # lax algebras, and pairs that only evaluate
(4, 34)
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from math import prod

from catcore.arrows import Arrow, finite_map, snd
from catcore.categories.sets import FiniteSets
from catcore.objects import Ob, as_object, finite_size
from catcore.para.lax import LaxAlgebra
from catcore.para.lifts import ParaMonad
from catcore.para.maps import ParaMap
from catcore.structures.monads import Monad


def candidates(monad: Monad, carrier: object, params: object) -> Iterator[tuple[ParaMap, tuple[list[int], ...]]]:
    """The structure maps with ``a(p, η x) = x``, each with the numbers of the pairs ``(p₁, p₂)`` that Δ p may be.

    All maps ``P × T A → A`` between finite sets are looked at; Δ is free at each p on its own.
    """
    sets, strong = FiniteSets(), ParaMonad(monad)
    a, p = as_object(carrier), as_object(params)
    for table in sets.hom(p * monad.functor(a), a):
        f = ParaMap(p, table)
        if sets.equal((strong.unit(a) >> f).arrow, snd(p, a)):
            nested = _rows(sets.interpret((strong(f) >> f).arrow), p * p)
            joined = _rows(sets.interpret((strong.mult(a) >> f).arrow), p)
            yield f, tuple([i for i, row in enumerate(nested) if row == wanted] for wanted in joined)


def lax_algebras(monad: Monad, carrier: object, params: object) -> Iterator[LaxAlgebra]:
    """All lax algebras of ``Para(T)`` on finite sets: the candidates whose Δ is a comonoid."""
    p = as_object(params)
    for f, choices in candidates(monad, carrier, params):
        for values in it.product(*choices):
            found = LaxAlgebra(monad, f, finite_map(p, p * p, values))
            if all(FiniteSets().equal(law.lhs, law.rhs) for law in found.coherence()):
                yield found


def count(monad: Monad, carrier: object, params: object) -> tuple[int, int]:
    """The numbers of lax algebras, and of pairs ``(a, Δ)`` that satisfy the equations of the 2-cells alone (T4.7)."""
    pairs = sum(prod(map(len, choices)) for _, choices in candidates(monad, carrier, params))
    return sum(1 for _ in lax_algebras(monad, carrier, params)), pairs


def _rows(table: Arrow, heads: Ob) -> list[tuple[int, ...]]:
    """A table cut into one row for each element of the first factors."""
    values, n = table.args[2], finite_size(heads)
    width = len(values) // n if n else 0
    return [tuple(values[i * width : (i + 1) * width]) for i in range(n)]
