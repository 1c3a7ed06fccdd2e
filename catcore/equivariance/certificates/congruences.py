"""A dimension from what it is modulo several primes, by the Chinese remainder theorem.

A mean over matrices, or over an algebra that is read off them, is computed modulo a prime.  It tells a dimension only
where the primes together exceed the largest possible one, ``dim ρ_in · dim ρ_out``.  What is read off at a prime may be
smaller than it is in characteristic 0: a generator may vanish there, or a bracket.  So where it matters further primes
are asked for, ``spare``; and all have to see the same: the same ``shape``, and residues of one number in the range.
For finite groups what is spared proves the table of products (:mod:`~catcore.equivariance.certificates.closures`).  For
an algebra it grows with the entries and proves nothing: the algebra may be larger than what the primes see of it.

>>> from catcore.exact import Field
>>> dimension(Field(), 10**12, lambda place: Seen(987654321012 % place.F.p))
Dimension(dim=987654321012, primes=(8388593, 8388587), shape=None)
>>> dimension(Field(), 10, lambda place: Seen(place.F.p % 7), spare=2**22) is None    # they disagree
True
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from catcore.equivariance.linear_algebra.reduction import Place, places, size
from catcore.errors import TooLarge

if TYPE_CHECKING:
    from catcore.equivariance.representations.representation import Representation

ONE_MORE = 2**22  # a factor in the product of the primes that takes one more of them
MAX_PRIMES, MAX_MISSES = 64, 6


class Seen(NamedTuple):
    """What is found at a prime: the residue of the dimension, and what has to be the same at all of them."""

    residue: int
    shape: Hashable = None
    spare: int = 1  # by how much the product of the primes has to exceed the largest, as is seen here


class Dimension(NamedTuple):
    """A number, the primes that tell it, and the shape that all of them saw."""

    dim: int
    primes: tuple[int, ...]
    shape: Any = None


def dimension(field: Any, largest: int, at: Callable[[Place], Seen | None], *, spare: int = 1) -> Dimension | None:
    """The number from 0 to ``largest`` with these residues; None where primes disagree, or too few say anything.

    Args:
        at: what is found at a prime; None, or a ``ZeroDivisionError``, where it says nothing.
        spare: by how much the product of the primes has to exceed ``largest``.

    Raises:
        TooLarge: where more than 64 primes would be needed.
    """
    _need_few(largest, spare)
    total, modulus, misses = 0, 1, 0
    shapes: set[Hashable] = set()
    primes: list[int] = []
    for place in places(field):
        try:
            seen = at(place)
        except ZeroDivisionError:
            seen = None
        if seen is None:
            misses += 1
            if misses >= MAX_MISSES:
                return None
            continue
        p = place.F.p
        total += modulus * ((seen.residue - total) * pow(modulus, -1, p) % p)
        modulus *= p
        primes.append(p)
        shapes.add(seen.shape)
        if len(shapes) > 1:
            return None
        spare = max(spare, seen.spare)
        _need_few(largest, spare)
        if modulus > largest * spare:
            return Dimension(total, tuple(primes), seen.shape) if total <= largest else None
    return None


def _need_few(largest: int, spare: int) -> None:
    if largest * spare >= 2 ** (22 * MAX_PRIMES):
        raise TooLarge(
            f"A dimension of up to 2^{largest.bit_length()} was to be counted modulo primes below 2^23 that multiply "
            f"to 2^{spare.bit_length()} times as much, and at most {MAX_PRIMES} of them are taken; use the solver, or "
            "smaller powers."
        )


def spare(found: Iterable[Representation]) -> int:
    """A factor for what is read off these representations: the square of the largest entry, and a prime more."""
    entries = (x for rho in found for name in rho.monoid.generators for x in rho.exact(name).to_dok().values())
    return ONE_MORE * max(1, *size(entries)) ** 2


def listed(primes: Sequence[int]) -> str:
    """The primes in words: two by name, and more by their number."""
    first, *more = map(str, primes)
    return first if not more else f"{first} and {more[0] if len(more) == 1 else f'{len(more)} more primes'}"


__all__ = ["Dimension", "Seen", "dimension", "listed", "spare"]
