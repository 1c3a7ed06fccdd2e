"""Claims about all structures of a kind, settled by looking at all of them.

"This functor is a monad", "these monads distribute", "the law is unique", "this monad is commutative", "every model
satisfies this equation": each is a finite question on small enough sets, and a finding says how many candidates there
were and shows the first that breaks the claim.  All take ``backend=`` as the counts do, and raise ``BackendMissing``
when the backend, its library or its device is not here.

>>> from catcore import Id
>>> print(admits_monad(1 + Id * Id))
1 + Id × Id is the functor of a monad: fails (exhaustive), 0 structures
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from catcore.categories.finite_sets import checked, computed_by, computing
from catcore.functors import Functor
from catcore.structures.monads import Monad
from catcore.theories import Equation, Theory
from catcore_proofs.census.containers import Container
from catcore_proofs.census.findings import Count, Finding
from catcore_proofs.census.structures import (
    count_comonads,
    count_distributive_laws,
    count_monad_morphisms,
    count_monads,
)
from catcore_proofs.census.theories import count_models
from catcore_proofs.census.transformations import Transformation

_ALL = 10**6


def admits_monad(functor: Functor | Container, *, backend: str = "") -> Finding:
    """Whether some unit and multiplication make a polynomial functor a monad."""
    return _exists(f"{Container.of(functor)} is the functor of a monad", count_monads(functor, backend=backend))


def admits_comonad(functor: Functor | Container, *, backend: str = "") -> Finding:
    """Whether some counit and comultiplication make a polynomial functor a comonad."""
    return _exists(f"{Container.of(functor)} is the functor of a comonad", count_comonads(functor, backend=backend))


def admits_distributive_law(inner: Monad, outer: Monad, *, backend: str = "") -> Finding:
    """Whether the monad ``inner`` distributes over the monad ``outer``."""
    claim = f"the monad {inner.functor} distributes over the monad {outer.functor}"
    return _exists(claim, count_distributive_laws(inner, outer, backend=backend))


def admits_monad_morphism(source: Monad, target: Monad, *, backend: str = "") -> Finding:
    """Whether there is a morphism of monads."""
    claim = f"there is a morphism from the monad {source.functor} to the monad {target.functor}"
    return _exists(claim, count_monad_morphisms(source, target, backend=backend))


def distributive_law_is_unique(inner: Monad, outer: Monad, *, backend: str = "") -> Finding:
    """Whether there is exactly one distributive law of ``inner`` over ``outer``."""
    return _unique(
        f"there is exactly one distributive law of the monad {inner.functor} over the monad {outer.functor}",
        count_distributive_laws(inner, outer, backend=backend),
    )


def monad_structure_is_unique(functor: Functor | Container, *, backend: str = "") -> Finding:
    """Whether there is exactly one monad structure on a polynomial functor."""
    claim = f"there is exactly one monad structure on {Container.of(functor)}"
    return _unique(claim, count_monads(functor, backend=backend))


def _exists(claim: str, found: Count) -> Finding:
    reason = f"{found.count} structure{'' if found.count == 1 else 's'}"
    status = "holds" if found.count else "fails"
    return Finding(claim, status, reason=reason, searched=found.searched, backend=found.backend)


def _unique(claim: str, found: Count) -> Finding:
    reason = f"there {'is' if found.count == 1 else 'are'} {found.count}"
    witness = found.structures[:2] if found.count > 1 else None
    status = "holds" if found.count == 1 else "fails"
    return Finding(claim, status, "exhaustive", reason, found.searched, witness, found.backend)


def is_commutative(monad: Monad, *, backend: str = "") -> Finding:
    """Whether two programs of a monad on a polynomial functor can be run in either order.

    Law: binding ``x`` then ``y`` and pairing the results is binding ``y`` then ``x`` and pairing, at all shapes.  The
    multiplication is followed on elements one by one: no arrays are made, and a ``backend`` is only looked up.
    """
    checked(backend)
    t = Container.of(monad.functor)
    mult = Transformation.of(monad.mult, (t, t), (t,))
    claim, looked = f"the monad {t} is commutative", 0
    for s, r in it.product(range(len(t.arities)), repeat=2):
        looked += 1
        rows, columns = range(t.arities[s]), range(t.arities[r])
        first = mult((s, tuple((r, tuple(i * len(columns) + j for j in columns)) for i in rows)))
        second = mult((r, tuple((s, tuple(i * len(columns) + j for i in rows)) for j in columns)))
        if first != second:
            reason = f"at shapes {s} and {r} one order gives {first}, the other {second}"
            return Finding(claim, "fails", reason=reason, searched=f"{looked} pairs of shapes", witness=(s, r))
    return Finding(claim, "holds", reason="all pairs of shapes agree", searched=f"{looked} pairs of shapes")


def unit_is_mono(monad: Monad, points: int = 2, *, backend: str = "") -> Finding:
    """Whether the unit of a monad on a polynomial functor is injective on a set of so many points.

    It is read off one shape: no arrays are made, and a ``backend`` is only looked up.
    """
    checked(backend)
    t = Container.of(monad.functor)
    shape, labels = Transformation.of(monad.unit, (), (t,)).values[None]
    holds = points < 2 or bool(labels)
    reason = f"the unit picks shape {shape}, which has {len(labels)} positions"
    return Finding(
        f"the unit of the monad {t} is injective on {points} points",
        "holds" if holds else "fails",
        "exhaustive",
        reason,
    )


def with_equation(theory: Theory, name: str, equation: Callable[[Any], Equation]) -> Theory:
    """A theory with one more equation, a function of the carriers and operations."""
    return replace(
        theory,
        name=f"{theory.name} with {name}",
        equations=lambda s: {**theory.equations(s), name: equation(s)},
    )


def every_model_satisfies(
    theory: Theory, name: str, equation: Callable[[Any], Equation], sizes: Iterable[int | Sequence[int]], *,
    backend: str = "",
) -> Finding:  # fmt: skip
    """Whether an equation holds in all models of a theory on sets of the given sizes, in that order.

    The first size with a model that breaks it gives the counterexample, so ascending sizes give a smallest one.
    """
    with computed_by(backend):
        return _satisfied(theory, name, equation, sizes)


def _satisfied(
    theory: Theory, name: str, equation: Callable[[Any], Equation], sizes: Iterable[int | Sequence[int]]
) -> Finding:
    narrower = with_equation(theory, name, equation)
    looked = []
    for size in sizes:
        shape = (size,) if isinstance(size, int) else tuple(size)
        everything = count_models(theory, *shape, keep=_ALL)
        fewer = count_models(narrower, *shape, keep=_ALL)
        looked.append(f"{everything.count} on {'×'.join(map(str, shape))}")
        if fewer.count != everything.count:
            witness = next(m for m in everything.structures if m not in fewer.structures)
            reason = (
                f"{everything.count - fewer.count} of {everything.count} models on {shape} break it, such as {witness}"
            )
            return _models_finding(theory, name, "fails", reason, looked, witness)
    return _models_finding(theory, name, "holds", "on the sizes that were searched", looked, None)


def _models_finding(theory: Theory, name: str, status: str, reason: str, looked: list[str], witness: Any) -> Finding:
    claim = f"every model of the theory '{theory.name}' satisfies {name}"
    return Finding(claim, status, "exhaustive", reason, "models: " + ", ".join(looked), witness, computing())
