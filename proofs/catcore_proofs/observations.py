"""Conjectures about answers: what an observation of a compound element comes to in simpler observations.

Proofs about lists ask whether ``xs ++ ys`` is empty, or whether all elements of ``concat xss`` pass a test.  Such a
question is a neutral element of a finite type.  Before a proof distinguishes its answers, small specimens are looked
at: often the answer is settled by what is known already, or it is a function of the answers to simpler questions about
the variables.  That is a conjecture, to be proved by induction; the answers are then no longer free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from catcore_proofs import terms
from catcore_proofs.columns import answers, measure
from catcore_proofs.evaluation import Evaluator, Normal, Recursor, Type, Value
from catcore_proofs.generalisation import Conjecture, abstracted
from catcore_proofs.selections import Selections
from catcore_proofs.syntax import UNIT

#: Of how many simpler questions an answer may be made.
QUESTIONS = 4


class Fact(NamedTuple):
    """The answer to a question: a neutral element of a finite type, the type, and the value."""

    question: Normal
    kind: Type
    answer: Value


class Observations(Selections):
    """The questions that are asked about elements of inductive types, and their answers at specimens."""

    def __init__(self, kernel: Evaluator, *, free: bool = True) -> None:
        super().__init__(kernel, free=free)
        self._questions: dict[Type, dict[Normal, Type]] = {}

    # ---- the questions -------------------------------------------------------------------------------------------

    def read(self, term: Any) -> None:
        """Note the questions that the folds in a term of the kernel ask."""
        if not isinstance(term, tuple):
            return
        if isinstance(term, Recursor) and term[0] == "fold":
            self.functions[term] = None
            for question, kind in _projections(("fold", term, ("v", 0)), term[2]):
                self._asked(term[1], question, kind)
        for part in term:
            self.read(part)

    def ask(self, question: Normal, kind: Type, context: Sequence[Type]) -> None:
        """Note a question about one variable."""
        names = list(terms.variables(question))
        known = len(names) == 1 and names[0] < len(context)  # the argument of a function being compared has no place
        if known and context[names[0]][0] == "μ":
            general = terms.substitute(question, {names[0]: ("v", 0)})
            self._asked(context[names[0]], general, kind)

    def _asked(self, of: Type, question: Normal, kind: Type) -> None:
        for known in ([self._questions] if answers(kind) else []) + ([self.options] if kind[0] == "+" else []):
            known.setdefault(of, {})[question] = kind

    # ---- conjectures ---------------------------------------------------------------------------------------------

    def explanations(
        self, question: Normal, kind: Type, facts: Iterable[Fact], context: Sequence[Type]
    ) -> Iterator[Conjecture]:
        """Conjectures that say what the answer to a question is, the most general ones first."""
        if question[0] == "v" or (kind[0] != "+" and not answers(kind)):
            return
        if any(i >= len(context) for i in terms.variables(question)):
            return  # the argument of a function that is being compared has no place
        facts = [fact for fact in facts if fact.question != question]
        for pattern, known, kinds in abstracted(question, facts, context, self.kernel):
            found = self._explained(pattern, kind, known, kinds) if answers(kind) else []
            yield from found or self.selected(pattern, kind, kinds)

    def _explained(self, question: Normal, kind: Type, facts: list[Fact], kinds: tuple[Type, ...]) -> list[Conjecture]:
        """What the specimens say about a question about variables of the given types, the shortest answer first."""
        found: list[tuple[int, Conjecture]] = []
        for known in ([], facts) if facts else ([],):
            table = self._rows(question, kind, known, kinds)
            if table is None:
                continue
            rows, target = table
            chosen = self._chosen(list(self._simpler(question, known, kinds, rows)), rows, target, kinds)
            if chosen is not None:
                columns = {q: self.column(q, kinds, k) for q, k in chosen}
                needed = self._needed(known, columns.values(), kinds, target)
                tree = _tree(self._holding(needed, kinds, target), dict(chosen), columns, target)
                conjecture = conditional(kinds, kind, (question, tree), needed, answers(kind)[0])
                found.append((len(needed) + len(chosen), conjecture))
        return [conjecture for _, conjecture in sorted(found, key=lambda f: f[0])]

    def _chosen(self, simpler: list[Any], rows: list[int], target: list[Value | None], kinds: Any) -> list[Any] | None:
        """Few questions whose answers settle the target in some rows, the simplest that do; none if there are none."""
        columns = [self.column(q, kinds, k) for q, k in simpler]
        if _function(rows, columns, target) is None:
            return None
        kept = list(range(len(simpler)))
        for i in reversed(range(len(simpler))):
            fewer = [j for j in kept if j != i]
            if _function(rows, [columns[j] for j in fewer], target) is not None:
                kept = fewer
        return [simpler[j] for j in kept] if len(kept) <= QUESTIONS else None

    def contradictions(self, facts: list[Fact], context: Sequence[Type]) -> Iterator[Conjecture]:
        """Conjectures that the facts cannot all hold, as what one of them would have to be instead."""
        for question, kind, wrong in reversed(facts):
            others = [fact for fact in facts if fact.question != question]
            for pattern, known, kinds in abstracted(question, others, context, self.kernel):
                table = self._rows(pattern, kind, known, kinds)
                if table is None or not known:
                    continue
                rows, target = table
                found = {target[r] for r in rows}
                if len(found) == 1 and wrong not in found:
                    needed = self._needed(known, (), kinds, target)
                    yield conditional(kinds, kind, (pattern, target[rows[0]]), needed, answers(kind)[0])

    def conditions(self, conjecture: Conjecture, facts: list[Fact]) -> list[Fact] | None:
        """The fewest of the facts under which a conjecture holds at all specimens; none when it fails under all."""
        kinds = conjecture.kinds
        one, two = (self.column(side, kinds, conjecture.cod) for side in (conjecture.lhs, conjecture.rhs))
        equal = [None if a is None or b is None else ("n", int(a == b)) for a, b in zip(one, two, strict=True)]
        rows = self._holding(facts, kinds, equal)
        if not rows or any(equal[r] != ("n", 1) for r in rows):
            return None
        return self._needed(facts, (), kinds, equal)

    # ---- specimens -----------------------------------------------------------------------------------------------

    def _rows(self, question: Normal, kind: Type, facts: list[Fact], kinds: tuple[Type, ...]) -> Any:
        if not any(k[0] == "μ" for k in kinds):
            return None
        target = self.column(question, kinds, kind)
        rows = self._holding(facts, kinds, target)
        return (rows, target) if rows else None

    def _holding(self, facts: list[Fact], kinds: tuple[Type, ...], target: list[Value | None]) -> list[int]:
        """The specimens at which all facts hold and the question has an answer."""
        columns = [(self.column(q, kinds, kind), a) for q, kind, a in facts]
        return [r for r, t in enumerate(target) if t is not None and all(column[r] == a for column, a in columns)]

    def _needed(
        self, facts: list[Fact], columns: Any, kinds: tuple[Type, ...], target: list[Value | None]
    ) -> list[Fact]:
        """The fewest of the facts with which the columns still settle the target, the largest left out first."""
        needed = sorted(facts, key=lambda fact: measure(fact[0]))
        for fact in reversed(tuple(needed)):
            fewer = [f for f in needed if f is not fact]
            if _function(self._holding(fewer, kinds, target), columns, target) is not None:
                needed = fewer
        return needed

    def _simpler(self, question: Normal, facts: list[Fact], kinds: tuple[Type, ...], rows: list[int]) -> Iterator[Any]:
        known, own = {fact.question for fact in facts}, measure(question)
        found = [
            (terms.substitute(q, {0: ("v", i)}), k)
            for i, kind in enumerate(kinds)
            for q, k in self._questions.get(kind, {}).items()
        ]
        for q, k in sorted(found, key=lambda f: measure(f[0])):
            if q not in known and measure(q) < own:
                column = self.column(q, kinds, k)
                if None not in (values := {column[r] for r in rows}) and len(values) > 1:
                    yield q, k


def _projections(question: Normal, kind: Type) -> Iterator[tuple[Normal, Type]]:
    """The components of a value that are elements of sums, or else answers."""
    if kind[0] == "*":
        for i in (1, 2):
            yield from _projections((f"p{i}", question), kind[i])
    elif kind[0] == "+" or (kind != "1" and answers(kind)):
        yield question, kind


def _function(rows: list[int], columns: Any, target: list[Value | None]) -> dict[tuple[Value, ...], Value] | None:
    """The target as a function of the columns in some rows, if it is one."""
    table: dict[tuple[Any, ...], Any] = {}
    for r in rows:
        if table.setdefault(tuple(column[r] for column in columns), target[r]) != target[r]:
            return None
    return table


def _tree(rows: list[int], questions: dict[Normal, Type], columns: dict[Normal, Any], target: list[Any]) -> Normal:
    """The target as a tree of questions, the most telling ones first; no more is asked than the rows ask for."""
    if len({target[r] for r in rows}) == 1:
        return target[rows[0]]  # type: ignore[no-any-return]

    def parts(question: Normal) -> dict[Value, list[int]]:
        found: dict[Value, list[int]] = {}
        for r in rows:
            found.setdefault(columns[question][r], []).append(r)
        return found

    def open_rows(question: Normal) -> tuple[int, Any]:
        mixed = [part for part in parts(question).values() if len({target[r] for r in part}) > 1]
        return sum(map(len, mixed)), measure(question)

    best = min((q for q in questions if len(parts(q)) > 1), key=open_rows)
    rest = {q: k for q, k in questions.items() if q != best}
    branches = {a: _tree(part, rest, columns, target) for a, part in parts(best).items()}
    default = next(iter(branches.values()))
    if len(set(branches.values())) == 1:
        return default
    return distinguished(best, questions[best], lambda a: branches.get(a, default))


def conditional(kinds: Any, cod: Type, sides: tuple[Normal, Normal], facts: list[Fact], other: Normal) -> Conjecture:
    """The conjecture that two elements are equal wherever the facts hold; elsewhere both are ``other``."""
    one, two = sides
    for q, kind, a in sorted(facts, key=lambda fact: measure(fact[0]), reverse=True):
        one, two = (distinguished(q, kind, lambda b, e=e, a=a: e if b == a else other) for e in (one, two))  # type: ignore[misc]
    return Conjecture(tuple(kinds), cod, one, two)


def distinguished(question: Normal, kind: Type, leaf: Callable[[Value], Normal]) -> Normal:
    """The normal form that distinguishes the answers to a question."""

    def branch(part: Type, inject: str) -> Normal:
        if part == "1":
            return leaf((inject, UNIT))
        return distinguished(("b", 0), part, lambda a: leaf((inject, a)))

    if kind[0] == "f":
        return ("switch", question, *(leaf(a) for a in answers(kind)))
    return ("case", question, branch(kind[1], "l"), branch(kind[2], "r"))
