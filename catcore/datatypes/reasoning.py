"""Which kinds of reasoning a term uses: the functor and the structure map of each recursion in it (FEATURES 89).

An architecture is specified by a choice of functor and of an algebra or a coalgebra.  A fold reasons by induction, over
what has been built; an unfold by coinduction, about what goes on; a coalgebra-to-algebra morphism makes a plan, and
executes it.  What is listed determines the recursion, and nothing else about it is left open.

>>> from catcore.arrows import generator, unfold
>>> from catcore.datatypes.parametric import parametric_fold
>>> from catcore.functors import Id
>>> from catcore.objects import atoms, mu, nu
>>> A, P, S = atoms("A P S")
>>> print(specification(parametric_fold(mu(1 + A * Id), generator("cell", P * (1 + A * S), S))))
P × (μX. 1 + A × X) → S
  induction over 1 + A × Id, by cell : P × (1 + A × S) → S
>>> print(specification(unfold(nu(A * Id), generator("step", S, A * S))))
S → νX. A × X
  coinduction over A × Id, by step : S → A × S
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, Fold, Unfold, is_out
from catcore.datatypes.hylomorphisms import Hylo
from catcore.datatypes.parametric import shared_algebra
from catcore.errors import IllTyped
from catcore.functors import Functor

INDUCTION, COINDUCTION, PLANNING = "induction", "coinduction", "planning and execution"


@dataclass(frozen=True)
class Recursion:
    """One recursion of a term.

    Args:
        kind: the kind of reasoning: ``"induction"``, ``"coinduction"`` or ``"planning and execution"``.
        functor: what one layer looks like.
        structure: the algebra, the coalgebra, or the coalgebra and the algebra; of a fold with parameters the algebra
            that takes them.
        term: the recursion itself.
    """

    kind: str
    functor: Functor
    structure: tuple[Arrow, ...]
    term: Arrow

    def __str__(self) -> str:
        return f"{self.kind} over {self.functor}, by {' and '.join(f.signature for f in self.structure)}"


@dataclass(frozen=True)
class Specification:
    """What a term computes, and the recursions in it, the outermost first."""

    arrow: Arrow
    recursions: tuple[Recursion, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of reasoning that occur, each once."""
        return tuple(dict.fromkeys(r.kind for r in self.recursions))

    def __str__(self) -> str:
        lines = [f"  {recursion}" for recursion in self.recursions] or ["  no recursion"]
        return "\n".join([f"{self.arrow.dom} → {self.arrow.cod}", *lines])


def specification(f: Any) -> Specification:
    """The recursions of an arrow, or of a parametric map, with their functors and structure maps.

    Raises:
        IllTyped: when it is neither.
    """
    arrow = f if isinstance(f, Arrow) else getattr(f, "arrow", None)
    if not isinstance(arrow, Arrow):
        raise IllTyped(f"The specification of an arrow or of a parametric map was asked for, and {f!r} was given.")
    return Specification(arrow, tuple(dict.fromkeys(_recursions(arrow))))


def _recursions(arrow: Arrow) -> Iterator[Recursion]:
    todo, seen = [arrow], set[Arrow]()
    while todo:
        term = todo.pop()
        if term in seen:
            continue
        seen.add(term)
        below = [arg for arg in reversed(term.args) if isinstance(arg, Arrow)]
        match term:
            case Fold() if not is_out(term):
                algebra = shared_algebra(term)  # what hands the parameters on is no reasoning of its own
                yield Recursion(INDUCTION, _layer(term), (algebra or term.args[1],), term)
                below = below if algebra is None else [algebra]
            case Unfold():
                yield Recursion(COINDUCTION, _layer(term), (term.args[1],), term)
            case Hylo():
                yield Recursion(PLANNING, term.functor, (term.coalgebra, term.algebra), term)
        todo += below


def _layer(recursion: Arrow) -> Functor:
    return Functor(1, recursion.args[0].body)
