"""Dimensions for the classical groups by Weyl's character formula, without any solver.

The character of the defining space is a Laurent polynomial in the eigenvalues of a maximal torus, and the trivial
representation occurs in χ as often as the constant term of ``χ · Π_{α>0} (1 - x^α)`` says (Weyl 1925; Fulton and
Harris, *Representation Theory*, §24).  A linear map commutes with a real form exactly when it commutes with the complex
group, so SO(p, q) counts as SO(p+q).  O(n) averages over its two components: on the other one the eigenvalues are
-1 times those of SO(n) for odd n, and 1, -1 and those of Sp(n-2) for even n.

>>> from catcore.equivariance.families.classical import O, SO
>>> [multiplicity(SO(3), SO(3).defining.tensor(k)) for k in (2, 3, 4, 6, 8)]
[1, 1, 3, 15, 91]
>>> multiplicity(O(4), O(4).defining.tensor(4)), multiplicity(O(4), O(4).defining.tensor(3))
(3, 0)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from catcore.equivariance.certificates.characters import Arithmetic, character, leaves
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.representations.representation import Representation
from catcore.errors import NoInstance, TooLarge

Exponents = tuple[int, ...]
MAX_TERMS = 100_000


@dataclass(frozen=True)
class Laurent:
    """A Laurent polynomial with integer coefficients, by its exponents."""

    terms: dict[Exponents, int]

    def __add__(self, other: Laurent) -> Laurent:
        terms = dict(self.terms)
        for e, c in other.terms.items():
            terms[e] = terms.get(e, 0) + c
        return Laurent({e: c for e, c in terms.items() if c})

    def __mul__(self, other: Laurent) -> Laurent:
        terms: dict[Exponents, int] = {}
        for e, c in self.terms.items():
            for f, d in other.terms.items():
                place = tuple([a + b for a, b in zip(e, f, strict=True)])
                terms[place] = terms.get(place, 0) + c * d
        if len(terms) > MAX_TERMS:
            raise TooLarge(f"A character with more than {MAX_TERMS} weights was asked for; take smaller powers.")
        return Laurent({e: c for e, c in terms.items() if c})

    def times(self, c: int, p: int) -> Laurent:
        """Times an integer, modulo p."""
        return Laurent({e: r for e, d in self.terms.items() if (r := c * d % p)})

    def over(self, k: int) -> Laurent:
        """Divided by an integer that divides every coefficient."""
        return Laurent({e: c // k for e, c in self.terms.items()})


@dataclass(frozen=True)
class Component:
    """One component of a group: the traces of powers there, and the positive roots of its measure."""

    rank: int
    trace: Callable[[int], Laurent]
    roots: tuple[Exponents, ...]
    special: bool = False  # exponents count up to multiples of (1, ..., 1)

    def mean(self, rho: Representation) -> int:
        """The integral of the character over this component."""
        values = Arithmetic(lambda c: Laurent({(0,) * self.rank: c} if c else {}), lambda x, k: x.over(k))
        integrand = character(rho, lambda _, j: self.trace(j), values)
        for root in self.roots:
            integrand = integrand * Laurent({(0,) * self.rank: 1, root: -1})
        return sum(c for e, c in integrand.terms.items() if self.constant(e))

    def constant(self, e: Exponents) -> bool:
        """Whether a weight is that of the trivial representation."""
        return len(set(e)) <= 1 if self.special else not any(e)


def multiplicity(group: ClassicalGroup, rho: Representation) -> int:
    """How often the trivial representation occurs in one made from the defining one, over the complex numbers.

    Raises ``NoInstance`` for a representation with other leaves, ``TooLarge`` for a character of too many weights.
    """
    if any(leaf != group.defining for leaf in leaves(rho)):
        raise NoInstance(f"The weights of {rho} were asked for and it is not made from {group!r}.defining.")
    means = [component.mean(rho) for component in components(group)]
    return sum(means) // len(means)


def _unit(rank: int, *signed: tuple[int, int]) -> Exponents:
    """The exponent vector with some entries: (place, value)."""
    found = [0] * rank
    for place, value in signed:
        found[place] += value
    return tuple(found)


def _pairs(rank: int) -> Iterator[Exponents]:
    """The roots e_i ± e_j, i < j."""
    for i in range(rank):
        for j in range(i + 1, rank):
            yield from (_unit(rank, (i, 1), (j, -1)), _unit(rank, (i, 1), (j, 1)))


def _paired(rank: int, constant: Callable[[int], int], sign: int = 1) -> Callable[[int], Laurent]:
    """Traces of powers with eigenvalues ``sign · x_i^±1`` and others that sum to a constant."""

    def trace(j: int) -> Laurent:
        found = Laurent({(0,) * rank: constant(j)} if constant(j) else {})
        for i in range(rank):
            for value in (j, -j):
                found = found + Laurent({_unit(rank, (i, value)): sign ** abs(j)})
        return found

    return trace


def components(group: ClassicalGroup) -> Sequence[Component]:
    """The components of a classical group, all of the same size."""
    n = group.n
    if group.linear:
        roots = tuple(_unit(n, (i, 1), (j, -1)) for i in range(n) for j in range(i + 1, n))
        return [Component(n, _vector(n), roots, special=group.special)]
    rank = n // 2
    if group.family == "Sp":
        return [Component(rank, _paired(rank, lambda _: 0), _symplectic(rank))]
    short = tuple(_unit(rank, (i, 1)) for i in range(rank)) if n % 2 else ()
    rotations = Component(rank, _paired(rank, lambda _: n % 2), (*_pairs(rank), *short))
    if group.family == "SO":
        return [rotations]
    if n % 2:
        return [rotations, Component(rank, _paired(rank, lambda j: (-1) ** abs(j), -1), rotations.roots)]
    return [rotations, Component(rank - 1, _paired(rank - 1, lambda j: 1 + (-1) ** abs(j)), _symplectic(rank - 1))]


def _symplectic(rank: int) -> tuple[Exponents, ...]:
    return (*_pairs(rank), *(_unit(rank, (i, 2)) for i in range(rank)))


def _vector(n: int) -> Callable[[int], Laurent]:
    """Traces of powers with eigenvalues x_1, ..., x_n."""

    def trace(j: int) -> Laurent:
        return Laurent({_unit(n, (i, j)): 1 for i in range(n)})

    return trace
