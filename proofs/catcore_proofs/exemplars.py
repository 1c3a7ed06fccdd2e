"""Small functors and monads that stand for arbitrary ones when a law about all of them is refuted.

They come smallest first, measured by the number of elements of ``T(2)``: a law about every monad that fails for Maybe
is refuted by Maybe.  The writer monads are those of *all* monoids of up to three elements, found by the census.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from catcore.arrows import ident, terminal
from catcore.equivariance import Monoid
from catcore.functors import Const, Id
from catcore.objects import FinSet, One
from catcore.structures import standard
from catcore.structures.lists import LIST, list_monad
from catcore.structures.monads import Monad
from catcore.theories import monoid

#: The size of an infinite set, for the order only.
INFINITE = 10**6


@dataclass(frozen=True)
class Exemplar:
    """A functor or a monad with a name, and the number of elements over two points."""

    name: str
    value: Any
    size: int


@cache
def monads() -> tuple[Exemplar, ...]:
    """Small monads, smallest first."""
    two = FinSet(2)
    found = [
        Exemplar("the terminal monad 1", Monad(Const(One), terminal, lambda x: ident(One)), 1),
        Exemplar("the identity monad", standard.identity_monad(), 2),
        Exemplar("Maybe, 1 + X", standard.maybe(), 3),
        Exemplar("exceptions, 2 + X", standard.exceptions(two), 4),
        Exemplar("Reader, X^2", standard.reader(two), 4),
        *(Exemplar(name, standard.writer(m), 2 * m.order) for name, m in monoids()),
        Exemplar("State, (2 × X)^2", standard.state(two), 16),
        Exemplar("continuations, 2^(2^X)", standard.continuation(two), 16),
        Exemplar("List", list_monad(), INFINITE),
    ]
    return tuple(sorted(found, key=lambda exemplar: exemplar.size))


@cache
def functors() -> tuple[Exemplar, ...]:
    """Small functors, smallest first."""
    shapes = {0: Const(0), 1: Const(1), 2: Id, 3: 1 + Id, 4: Id * Id, 5: 1 + Id * Id, 6: Id + Id * Id}
    more = (Exemplar("2 × X", FinSet(2) * Id, 4), Exemplar("List", LIST, INFINITE))
    found = (*(Exemplar(str(f).replace("Id", "X"), f, n) for n, f in shapes.items()), *more)
    return tuple(sorted(found, key=lambda exemplar: exemplar.size))


def monoids() -> Iterator[tuple[str, Monoid]]:
    """The writer monads' monoids: those of two or three elements up to isomorphism."""
    from catcore_proofs.census import count_models

    for order in (2, 3):
        for found in count_models(monoid, order, keep=100).structures:
            table = found["mult"]
            name = f"Writer of the monoid with the table {table} and the unit {found['unit']}"
            yield name, Monoid.from_table(table, unit=found["unit"])
