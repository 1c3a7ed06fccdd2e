"""Induction through nested data types: equations about trees and about their lists of branches, proved together.

A tree ``μX. A × List(X)`` has a list of trees for its branches, so that an equation about trees needs another one about
lists of trees, and that one the first.  What an induction on a tree gets stuck at says what the other one is; both are
then proved by one induction, each used for parts of what it is proved for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from catcore_proofs.branches import Unsettled
from catcore_proofs.evaluation import Type
from catcore_proofs.generalisation import Conjecture
from catcore_proofs.goals.holes import renumbered
from catcore_proofs.kernel import Equation
from catcore_proofs.plans import Plans
from catcore_proofs.syntax import bears

#: How many equations may be proved together, and how often more are looked for.
TOGETHER, ATTEMPTS = 4, 8

#: An equation, the variable of the induction on it, and how it is stated where it is no goal.
Member = tuple[Equation, int, Conjecture | None]


class Mutual(Plans):
    """A search that knows inductions on several equations."""

    def mutual(
        self,
        goal: Equation,
        candidates: Callable[[Unsettled], Iterator[Conjecture]],
        lemma: Callable[[list[Unsettled]], bool],
    ) -> Any:
        """A proof of an equation together with others, or none.

        Args:
            goal: what is to be proved.
            candidates: the conjectures that an attempt leads to which got stuck.
            lemma: proves a lemma of its own that such attempts lead to; whether there was one.
        """
        for which, kind in enumerate(goal.kinds):
            if kind[0] == "μ" and nests(kind[1]):
                found = self._extended([(goal, which, None)], candidates, lemma, [ATTEMPTS])
                if found is not None:
                    return found
        return None

    def _extended(self, group: list[Member], candidates: Any, lemma: Any, attempts: list[int]) -> Any:
        """The proof of some equations together, or with more of them."""
        while attempts[0]:
            attempts[0] -= 1
            proofs, stuck = self._together(group)
            if not stuck:
                return self._written(group, proofs)
            for member in self._companions(group, stuck, candidates) if len(group) < TOGETHER else ():
                found = self._extended([*group, member], candidates, lemma, attempts)
                if found is not None:
                    return found
            if not lemma(stuck):
                return None
        return None

    def _together(self, group: list[Member]) -> tuple[list[Any], list[Unsettled]]:
        """The proofs of all equations of a group, or where they get stuck."""
        proofs, stuck = list[Any](), list[Unsettled]()
        self.depth = 0
        with self.kernel.mutually([(equation, which) for equation, which, _ in group]):
            for equation, which, _ in group:
                sides = self.open(equation)
                try:
                    with self.kernel.opening(("v", which), inducted=True):
                        proofs.append(self.attempt(sides, equation.cod))
                except Unsettled as error:
                    stuck.append(error)
        return proofs, stuck

    def _companions(self, group: list[Member], stuck: list[Unsettled], candidates: Any) -> Iterator[Member]:
        """The conjectures about data that holds the data of the first equation, which would help others."""
        known = {conjecture.key for _, _, conjecture in group if conjecture is not None}
        goal, which, _ = group[0]
        for error in stuck:
            for conjecture in candidates(error):
                for on, kind in enumerate(conjecture.kinds):
                    if conjecture.key not in known and kind[0] == "μ" and holds(kind, goal.kinds[which]):
                        known.add(conjecture.key)
                        yield self.equation(conjecture), on, conjecture

    def _written(self, group: list[Member], proofs: list[Any]) -> Any:
        own = len(self.kernel.equations)
        first, *rest = (renumbered(proof, lambda n: own - 1 - n if n > own else n) for proof in proofs)
        others = [(c.kinds, c.cod, c.lhs, c.rhs, on) for _, on, c in group if c is not None]
        together = tuple((*other, proof) for other, proof in zip(others, rest, strict=True))
        return ("mutual", group[0][1], first, together)


def nests(body: Type, depth: int = 0) -> bool:
    """Whether a fixed point depends on the variable of the one around it."""
    if isinstance(body, str) or body[0] in ("a", "f", "h"):
        return False
    if body[0] in ("μ", "ν"):
        return bears(body, depth) or nests(body[1], depth + 1)
    return any(nests(part, depth) for part in body[1:] if isinstance(part, str | tuple))


def holds(kind: Type, part: Type) -> bool:
    """Whether elements of a type may have elements of another one inside."""
    return kind != part and _occurs(kind, part)


def _occurs(kind: Type, part: Type) -> bool:
    return kind == part or (isinstance(kind, tuple) and any(_occurs(inner, part) for inner in kind[1:]))
