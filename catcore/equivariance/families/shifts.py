"""Shifts, coarsenings and dilations of signals: actions of monoids that no group extends (T1.17, T2.1).

Signals live on points 0, ..., n-1.  A shift that fills with zeros is nilpotent and commutes with causal convolutions
only; averaging over blocks is idempotent; reading every k-th sample forgets the others.  Dilations and translations
together obey ``d s^k = s d``: they are the scale-translation monoid on a lattice (Worrall and Welling, *Deep
scale-spaces*, 2019).

>>> from catcore.equivariance.strategies.solver import equivariant_maps
>>> causal, averages = causal_shift(4), coarsening(4, 2)
>>> equivariant_maps(causal, causal).dim, equivariant_maps(averages, averages).dim
(4, 8)
"""

from __future__ import annotations

from catcore.equivariance.groups.group import cyclic
from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism
from catcore.equivariance.groups.monoid import Monoid, free_monoid
from catcore.equivariance.representations.representation import Representation
from catcore.errors import ShapeMismatch


def causal_shift(n: int) -> Representation:
    """The shift ``(s x)(i) = x(i-1)`` that fills with zero; what commutes is lower-triangular Toeplitz (T2.1)."""
    _need(n >= 1, f"A shift of {n} points", "n is at least 1")
    return Representation(free_monoid("s"), {"s": [[int(i == j + 1) for j in range(n)] for i in range(n)]})


def coarsening(n: int, block: int) -> Representation:
    """The idempotent that replaces each sample by the mean of its block of neighbours (T2.1)."""
    _need(block >= 1 and n >= 1 and n % block == 0, f"Blocks of {block} among {n} points", "block divides n")
    mean = f"1/{block}"
    rows = [[mean if i // block == j // block else 0 for j in range(n)] for i in range(n)]
    return Representation(Monoid.presentation("m", ["m m = m"]), {"m": rows})


def strided(n: int, stride: int) -> tuple[Representation, Representation]:
    """The two sides of a convolution with a stride: Z_n on n points through ``s ↦ s^stride``, and Z_(n/stride) on its
    points (T1.12 u).

    Both represent Z_(n/stride), so ``equivariant_maps(*strided(4, 2))`` is the space with ``W T_4² = T_2 W``.
    """
    _need(stride >= 1 and n >= 1 and n % stride == 0, f"A stride of {stride} on {n} points", "the stride divides n")
    coarse = cyclic(n // stride)
    return cyclic(n).defining.restrict(MonoidHomomorphism(coarse, cyclic(n), {"s": f"s^{stride}"})), coarse.defining


def dilations(n: int, factor: int = 2) -> Representation:
    """Translations ``(s x)(i) = x(i-1)`` and dilations ``(d x)(i) = x(factor·i)`` of signals on Z_n.

    They satisfy ``s^n = 1`` and ``d s^factor = s d``; d inverts exactly when the factor is prime to n.
    """
    _need(n >= 1 and factor >= 1, f"A dilation by {factor} of {n} points", "both are at least 1")
    monoid = Monoid.presentation("s d", [f"s^{n} = 1", f"d s^{factor} = s d"])
    step = [[int(j == (i - 1) % n) for j in range(n)] for i in range(n)]
    dilate = [[int(j == factor * i % n) for j in range(n)] for i in range(n)]
    return Representation(monoid, {"s": step, "d": dilate})


def _need(holds: bool, asked: str, rule: str) -> None:
    if not holds:
        raise ShapeMismatch(f"{asked} were asked for; {rule}.")
