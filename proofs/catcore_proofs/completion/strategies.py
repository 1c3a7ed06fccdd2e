"""Ways to run completion: the order of terms, and which of the waiting equations comes next.

No one way is best.  Group-like problems like the order of Knuth and Bendix with a weightless inverse, distributive ones
the path order; where a goal is far from the axioms, equations in the goal's symbols are worth more.  The weights follow
what has served the prover E well (Schulz, *E – a brainiac theorem prover*, 2002; conjecture-relative symbol weights).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.orders import KnuthBendix, LexicographicPath
from catcore_proofs.completion.saturation import Saturation
from catcore_proofs.completion.waiting import Score

#: What a variable, and a symbol that the goal does not have, costs, where a symbol of the goal costs 1.
STRANGE = 10


def lightest(s: Term, t: Term) -> float:
    """The number of symbols of an equation."""
    return s.size + t.size


def lightest_side(s: Term, t: Term) -> float:
    """The number of symbols of the larger side, mostly."""
    return 4 * max(s.size, t.size) + min(s.size, t.size)


def nearest(s: Term, t: Term) -> float:
    """The cost of both sides, the larger one counted more: few variables, and symbols of the goal."""
    return 1.5 * max(s.cost, t.cost) + min(s.cost, t.cost)


@dataclass(frozen=True)
class Symbols:
    """The symbols of a problem, by number.

    Args:
        arities: the number of arguments of each symbol.
        uses: how often the axioms have it.
        goal: the symbols of the goal.
        asked: the symbols that only equations from a goal with variables have.
        definitions: symbols that an axiom defines, each with the symbols of what it stands for, those used first.
    """

    arities: Sequence[int]
    uses: Sequence[int]
    goal: Collection[int] = ()
    asked: Collection[int] = ()
    definitions: Mapping[int, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """How often a score decides in each round.

    What comes from a goal with variables counts half, or it is first, or last, where ``goals`` is said.
    """

    turns: int
    score: Score
    goals: bool | None = None

    def among(self, asked: Collection[int]) -> Score:
        """The score where equations with the symbols ``asked`` come from the goal."""
        score, goals = self.score, self.goals
        if not asked:
            return score
        if goals is None:
            return lambda s, t: score(s, t) / (2 if s.head in asked or t.head in asked else 1)
        return lambda s, t: score(s, t) + (0 if (s.head in asked or t.head in asked) is goals else 1e6)


@dataclass(frozen=True)
class Strategy:
    """A way to run completion.

    Args:
        name: what it is called.
        path: whether terms are compared by the lexicographic path order, not by that of Knuth and Bendix.
        frequent: whether the symbols that are used most come highest, and no symbol is weightless.
        unfolding: whether defined symbols are replaced by what they stand for, and not the other way round.
        turns: how the next equation is chosen.
        oldest: how often in each round it is the oldest one.
    """

    name: str
    path: bool = False
    frequent: bool = False
    unfolding: bool = False
    turns: tuple[Turn, ...] = (Turn(4, lightest),)
    oldest: int = 1

    def started(self, symbols: Symbols) -> Saturation:
        """A run without axioms yet."""
        ordered = self._ordered(symbols)
        precedence = sorted(range(len(ordered)), key=ordered.__getitem__)
        costs = [1 if n in symbols.goal else STRANGE for n in range(len(ordered))]
        bank = Bank(self._weights(symbols, ordered[-1]), costs=costs, variable_cost=STRANGE)
        order = LexicographicPath(precedence) if self.path else KnuthBendix(precedence)
        constants = [bank.term(n) for n, arity in enumerate(symbols.arities) if arity == 0]
        bank.least = min(constants, key=lambda t: (t.weight, precedence[t.head]), default=None)
        scores = [(turn.turns, turn.among(symbols.asked)) for turn in self.turns]
        return Saturation(bank, order, deadline=0.0, scores=scores, oldest=self.oldest)

    def _ordered(self, symbols: Symbols) -> list[int]:
        """The symbols by precedence, the highest last."""
        arities, uses = symbols.arities, symbols.uses
        if self.frequent:
            ordered = sorted(range(len(arities)), key=lambda n: (arities[n] > 0, uses[n], arities[n], n))
        else:
            ordered = sorted(range(len(arities)), key=lambda n: (arities[n] if arities[n] != 1 else 3, -uses[n], n))
        defined = symbols.definitions if self.unfolding and self.path else {}
        return [n for n in ordered if n not in defined] + list(defined)

    def _weights(self, symbols: Symbols, top: int) -> list[int]:
        """The weights of the symbols: 0 for a unary one of highest rank, which in groups has to be weightless."""
        weightless = not self.path and not self.frequent and symbols.arities[top] == 1
        weights = [0 if weightless and n == top else 1 for n in range(len(symbols.arities))]
        if self.unfolding and not self.path:
            for symbol, parts in symbols.definitions.items():
                if weights[symbol]:
                    weights[symbol] = 1 + sum(weights[part] for part in parts)
        return weights


_SIDES = (Turn(10, lightest_side, True), Turn(10, lightest_side, False), Turn(4, lightest))
_NEAR = (Turn(1, nearest, True), Turn(4, nearest), Turn(1, nearest, False), Turn(4, lightest, True))

STRATEGIES = (
    Strategy("Knuth–Bendix order, lightest equation"),
    Strategy("Knuth–Bendix order, nearest to the goal", turns=_NEAR),
    Strategy("Knuth–Bendix order that unfolds, lightest side", unfolding=True, turns=_SIDES),
    Strategy("path order that unfolds, nearest to the goal", path=True, unfolding=True, turns=_NEAR),
    Strategy("path order that unfolds, lightest side", path=True, unfolding=True, turns=_SIDES),
    Strategy("path order, frequent symbols highest", path=True, frequent=True, turns=(Turn(9, lightest_side),)),
    Strategy("Knuth–Bendix order, frequent symbols highest", frequent=True, turns=_NEAR),
)
