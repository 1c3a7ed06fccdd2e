"""The rules of a run of completion: equations used from the greater side to the smaller one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore_proofs.completion.bank import Term


@dataclass(eq=False)
class Rule:
    """An active equation, used from left to right; ``directed`` when the left side is always greater.

    ``origin`` is ``("axiom", number)``, ``("rule", rule, sides, rewrite)`` for a simplified rule, or ``("overlap",
    outer rule, path, inner rule, sides)``; ``steps`` are the rewrites that brought the two sides of the origin to this
    form.  The sides ``apart`` have other variables; ``retired`` is a rule whose left side others rewrite.
    """

    number: int
    lhs: Term
    rhs: Term
    directed: bool
    origin: tuple[Any, ...]
    steps: tuple[Any, ...]
    flipped: bool
    apart: tuple[Term, ...]
    retired: bool = False

    def sides(self) -> list[tuple[Term, Term]]:
        """What is replaced, and by what; both ways where no order directs the equation."""
        return self._usable((self.lhs, self.rhs))

    def sides_apart(self) -> list[tuple[Term, ...]]:
        """The same as :meth:`sides`, in other variables."""
        return self._usable(self.apart)

    def _usable(self, pair: tuple[Any, ...]) -> list[Any]:
        # a variable alone is never replaced
        return [pair] if self.directed else [p for p in (pair, pair[::-1]) if p[0].head >= 0]
