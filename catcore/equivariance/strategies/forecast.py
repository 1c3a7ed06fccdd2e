"""Elimination or spinning: a race in steps, decided by the multiplications that each is foreseen to take.

The two are complementary: elimination wins where generators are sparse or monomial, and dies of fill-in on so(3) 4→4;
spinning wins where few vectors generate, and drags many unknowns along where it needs many.  What is cheap to find out
comes first:

1. terms are counted; where equations are long, or few have one or two terms, nothing is eliminated;
2. equations of one and two terms are solved as connected components, and leave a core of c unknowns and r equations,
   which take c² min(c, r) multiplications; a core too large for that is eliminated row by row as long as it stays
   sparse, and spun if it does not;
3. where those are many, the generating vectors are found too: u unknown numbers in their images make n·m·u numbers in
   the images of a basis, and n·m·u·(n + u) multiplications.  The smaller number wins.

Both are deterministic counts, so that the same system is always solved in the same way.

>>> str(Forecast(2_400_000_000, 600_000_000)), Forecast(2_400_000_000, 600_000_000).eliminate
('2.4e+09 multiplications foreseen by elimination and 6.0e+08 by spinning', False)
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra import reduction
from catcore.equivariance.linear_algebra.short_equations import MAX_CORE
from catcore.errors import TooLarge

if TYPE_CHECKING:
    from catcore.equivariance.linear_algebra.short_equations import Core
    from catcore.equivariance.strategies.system import System

QUICK = 10**8  # multiplications that are begun without a look at the other way
MAX_TERMS, FEW_TERMS = 2**22, 4  # of all equations, and on average of one, that are put together as a sparse system
MAX_SIDE = 3000  # rows or columns of W that is spun
PRIMES = 20  # looked at for one that divides no denominator


@dataclass(frozen=True)
class Forecast:
    """The multiplications modulo a prime that the core of a system takes, and those of spinning; None: not known."""

    elimination: int
    spinning: int | None

    @property
    def eliminate(self) -> bool:
        """Whether elimination is to be preferred."""
        return self.spinning is None or self.elimination <= self.spinning

    def __str__(self) -> str:
        known = f"{self.elimination:.1e} multiplications foreseen by elimination"
        return known if self.spinning is None else f"{known} and {self.spinning:.1e} by spinning"


def foresee(core: Core, system: System) -> Forecast:
    """What is foreseen of a system that left this core; spinning is looked at where that is not quick."""
    dense = core.count <= MAX_CORE  # a larger core is given up as soon as it fills in
    return Forecast(core.work, _spinning(system) if dense and core.work > QUICK else None)


def _spinning(system: System) -> int | None:
    if max(system.inputs.shape[0], system.outputs.shape[0]) > MAX_SIDE:
        return None
    for place in itertools.islice(reduction.places(system.over), PRIMES):
        try:
            return sum(plan.work for plan in system.plans(place))
        except ZeroDivisionError:
            continue  # the prime divides a denominator
        except TooLarge:
            return None
    return None


def is_sparse(pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Whether equations have a few terms on average, and at least half as many as unknowns have one or two."""
    import numpy as np

    unknowns = pairs[0][0].shape[0] * pairs[0][1].shape[0]
    terms = sum(a.nnz * b.shape[0] + b.nnz * a.shape[0] for a, b in pairs)
    short = 0
    for a, b in pairs:
        columns = np.bincount(np.diff(a.tocsc().indptr), minlength=3)
        rows = np.bincount(np.diff(b.indptr), minlength=3)
        short += int(columns[:3] @ np.cumsum(rows[:3])[::-1] - columns[0] * rows[0])
    return bool(terms <= min(MAX_TERMS, FEW_TERMS * unknowns * len(pairs)) and 2 * short >= unknowns > 0)


__all__ = ["Forecast", "foresee", "is_sparse"]
