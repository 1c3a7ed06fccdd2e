"""Conjectures about answers: what an observation of a compound element comes to in simpler observations.

Proofs about lists ask whether ``xs ++ ys`` is empty, or whether all elements of ``concat xss`` pass a test.  Such a
question is a neutral element of a finite type.  Before a proof distinguishes its answers, small specimens are looked
at: often the answer is settled by what is known already, or it is a function of the answers to simpler questions about
the variables.  That is a conjecture, to be proved by induction; the answers are then no longer free.
"""

from __future__ import annotations

import itertools as it
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, NamedTuple

from catcore_proofs import terms
from catcore_proofs.evaluation import Evaluator, Normal, Recursor, Rejected, Split, Type, Value
from catcore_proofs.generalisation import Conjecture, abstracted, numbered
from catcore_proofs.specimens import tuples
from catcore_proofs.syntax import UNIT

#: How many specimens are looked at, how large they are, and of how many simpler questions an answer may be made.
SPECIMENS, LARGEST, QUESTIONS = 300, 8, 4

#: By how many cases, one after another, one of several elements of a sum is selected.
SELECTED = 2

#: How many evaluation steps may be taken at specimens.
STEPS = 10_000_000

#: How many questions about the labels of a specimen are answered.
ANSWERED = 40


class Fact(NamedTuple):
    """The answer to a question: a neutral element of a finite type, the type, and the value."""

    question: Normal
    kind: Type
    answer: Value


@lru_cache(maxsize=1024)
def answers(kind: Type) -> tuple[Value, ...]:
    """The elements of a type made of points by sums; none for other types."""
    match kind[0]:
        case "1":
            return (UNIT,)
        case "f" if kind[1] <= 8:
            return tuple(("n", i) for i in range(kind[1]))
        case "+":
            left, right = answers(kind[1]), answers(kind[2])
            return (*(("l", a) for a in left), *(("r", a) for a in right)) if left and right else ()
    return ()


def answer(evaluator: Evaluator, value: Value) -> Value | None:
    """An element of a finite type as far as it is known by now; none when it is not known in full."""
    value = evaluator.newest(value)
    match value[0]:
        case "1" | "n":
            return value
        case "l" | "r":
            inner = answer(evaluator, value[1])
            return None if inner is None else (value[0], inner)
    return None


@lru_cache(maxsize=4096)
def measure(question: Normal) -> tuple[int, int, str]:
    """The order of questions: answers are made of those to smaller ones."""
    own = [part for part in terms.subterms(question) if part[0] not in ("*", "1")]
    return len(own), sum(_size(part[1]) for part in own if part[0] == "fold"), repr(question)


@lru_cache(maxsize=4096)
def _size(term: Any) -> int:
    return 1 + sum(map(_size, term)) if isinstance(term, tuple) else 1


class Observations:
    """The questions that are asked about elements of inductive types, and their answers at specimens.

    Args:
        kernel: the evaluator.
        free: whether questions about labels may be answered at random: no hypothesis rules answers out.
    """

    def __init__(self, kernel: Evaluator, *, free: bool = True) -> None:
        self.kernel, self.free = kernel, free
        self.functions: dict[Recursor, None] = {}  # the folds that were met, in order
        self._questions: dict[Type, dict[Normal, Type]] = {}
        self._options: dict[Type, dict[Normal, Type]] = {}  # elements of sums that are no answers: they hold data
        self._specimens: dict[tuple[Type, ...], list[tuple[Value, ...]]] = {}
        self.steps = STEPS
        self._answers: dict[tuple[Any, int], dict[Normal, Value]] = {}  # by specimen
        self._columns: dict[Any, list[Value | None]] = {}

    # ---- the questions -------------------------------------------------------------------------------------------

    def read(self, term: Any) -> None:
        """Note the questions that the folds in a term of the kernel ask."""
        if not isinstance(term, tuple):
            return
        if isinstance(term, Recursor) and term[0] == "fold":
            self.functions[term] = None
            for question, kind in _projections(("fold", term, ("v", 0)), term[2]):
                found = self._questions if answers(kind) else self._options
                found.setdefault(term[1], {})[question] = kind
        for part in term:
            self.read(part)

    def ask(self, question: Normal, kind: Type, context: Sequence[Type]) -> None:
        """Note a question about one variable."""
        names = list(terms.variables(question))
        known = len(names) == 1 and names[0] < len(context)  # the argument of a function being compared has no place
        if known and context[names[0]][0] == "μ":
            general = terms.substitute(question, {names[0]: ("v", 0)})
            self._questions.setdefault(context[names[0]], {})[general] = kind

    # ---- conjectures ---------------------------------------------------------------------------------------------

    def explanations(
        self, question: Normal, kind: Type, facts: Iterable[Fact], context: Sequence[Type]
    ) -> Iterator[Conjecture]:
        """Conjectures that say what the answer to a question is, the most general ones first."""
        if question[0] == "v":
            return
        if not answers(kind):
            for pattern, _, kinds in abstracted(question, (), context, self.kernel) if kind[0] == "+" else ():
                yield from self._selected(pattern, kind, kinds)
            return
        facts = [fact for fact in facts if fact.question != question]
        for pattern, known, kinds in abstracted(question, facts, context, self.kernel):
            yield from self._explained(pattern, kind, known, kinds)

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
                columns = {q: self._column(q, kinds, k) for q, k in chosen}
                needed = self._needed(known, columns.values(), kinds, target)
                tree = _tree(self._holding(needed, kinds, target), dict(chosen), columns, target)
                conjecture = conditional(kinds, kind, (question, tree), needed, answers(kind)[0])
                found.append((len(needed) + len(chosen), conjecture))
        return [conjecture for _, conjecture in sorted(found, key=lambda f: f[0])]

    def _selected(self, question: Normal, kind: Type, kinds: tuple[Type, ...]) -> Iterator[Conjecture]:
        """The conjecture that an element of a sum is one of simpler ones, selected by the case that some are in."""
        if not any(k[0] == "μ" for k in kinds):
            return
        target, own = self._column(question, kinds, kind), measure(question)
        rows = [r for r, value in enumerate(target) if value is not None]
        simpler = {
            terms.substitute(q, {0: ("v", i)}): k
            for i, of in enumerate(kinds)
            for q, k in (*self._options.get(of, {}).items(), *self._questions.get(of, {}).items())
        }
        columns = {q: self._column(q, kinds, k) for q, k in simpler.items() if k[0] == "+" and measure(q) < own}
        columns = {q: column for q, column in columns.items() if all(column[r] is not None for r in rows)}
        leaves = [q for q in columns if simpler[q] == kind]
        found = _selection(rows, columns, leaves, target) if rows else None
        if found is not None:
            yield Conjecture(kinds, kind, question, found)

    def _chosen(self, simpler: list[Any], rows: list[int], target: list[Value | None], kinds: Any) -> list[Any] | None:
        """Few questions whose answers settle the target in some rows, the simplest that do; none if there are none."""
        columns = [self._column(q, kinds, k) for q, k in simpler]
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
        one, two = (self._column(side, kinds, conjecture.cod) for side in (conjecture.lhs, conjecture.rhs))
        equal = [None if a is None or b is None else ("n", int(a == b)) for a, b in zip(one, two, strict=True)]
        rows = self._holding(facts, kinds, equal)
        if not rows or any(equal[r] != ("n", 1) for r in rows):
            return None
        return self._needed(facts, (), kinds, equal)

    # ---- specimens -----------------------------------------------------------------------------------------------

    def _rows(self, question: Normal, kind: Type, facts: list[Fact], kinds: tuple[Type, ...]) -> Any:
        if not any(k[0] == "μ" for k in kinds):
            return None
        target = self._column(question, kinds, kind)
        rows = self._holding(facts, kinds, target)
        return (rows, target) if rows else None

    def _holding(self, facts: list[Fact], kinds: tuple[Type, ...], target: list[Value | None]) -> list[int]:
        """The specimens at which all facts hold and the question has an answer."""
        columns = [(self._column(q, kinds, kind), a) for q, kind, a in facts]
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
                column = self._column(q, kinds, k)
                if None not in (values := {column[r] for r in rows}) and len(values) > 1:
                    yield q, k

    def column(self, term: Normal, kinds: tuple[Type, ...], cod: Type, stride: int) -> list[Value | None]:
        """The values of a normal form at some specimens, spread over all sizes."""
        return self._column(term, kinds, cod, stride)

    def _column(self, question: Normal, kinds: tuple[Type, ...], cod: Type, stride: int = 1) -> list[Value | None]:
        """The values of a normal form at the specimens, where they are known."""
        key = (kinds, question, stride)
        if key not in self._columns:
            body, elements = numbered(question, len(kinds)), self.elements(kinds)[::stride]
            with self._apart():
                self._columns[key] = [
                    self.settled((kinds, row * stride), lambda values=values: self._at(body, values, cod))  # type: ignore[misc]
                    for row, values in enumerate(elements)
                ]
        return self._columns[key]

    def computed(
        self, compute: Sequence[Callable[[], Value]], kinds: tuple[Type, ...], cod: Type, stride: int
    ) -> tuple[tuple[Normal, ...], list[Value]] | None:
        """Values at some specimens, with their normal forms; none where they cannot be computed."""
        normals, values = list[Normal](), list[Value]()
        with self._apart():
            for row, each in enumerate(compute):
                found = self.settled((kinds, row * stride), partial(self._valued, each, cod))
                if found is None:
                    return None
                values.append(found[0])
                normals.append(found[1])
        return tuple(normals), values

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Count steps apart: what is looked at is no part of a proof."""
        saved, self.kernel.steps = self.kernel.steps, self.steps
        try:
            yield
        finally:
            self.steps, self.kernel.steps = self.kernel.steps, saved

    def _at(self, body: Normal, values: tuple[Value, ...], cod: Type) -> Value:
        return self.kernel.reify(self.kernel.revalue(body, values), cod)

    def _valued(self, compute: Callable[[], Value], cod: Type) -> tuple[Value, Normal]:
        value = compute()
        return value, self.kernel.reify(value, cod)

    def settled(self, row: tuple[Any, int], compute: Callable[[], Any]) -> Any:
        """What is computed at a specimen, where questions about labels are answered at random, once and for all."""
        known = self._answers.setdefault(row, {})
        for _ in range(ANSWERED):
            try:
                with self.kernel.assuming(known):
                    return compute()
            except Split as split:
                options = answers(split.kind)
                if not options or not self.free:
                    return None
                chance = zlib.crc32(repr((row[1], split.neutral)).encode())
                known[split.neutral] = options[chance % len(options)]
            except Rejected:
                return None
        return None

    def elements(self, kinds: tuple[Type, ...]) -> list[tuple[Value, ...]]:
        """The specimens of several types, the smallest first."""
        if kinds not in self._specimens:
            kernel, found = self.kernel, list[tuple[Value, ...]]()
            for chosen in it.islice(it.chain.from_iterable(tuples(kinds, s) for s in range(LARGEST)), SPECIMENS):
                saved, kernel.context = kernel.context, []
                try:
                    found.append(tuple(make(kernel) for make in chosen))
                finally:
                    kernel.context = saved
            self._specimens[kinds] = found
        return self._specimens[kinds]


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


def _selection(
    rows: list[int], columns: dict[Normal, Any], leaves: Sequence[Normal], target: list[Any], depth: int = SELECTED
) -> Normal | None:
    """One of some elements of a sum, selected by the cases of others, that has the values of the target."""
    for leaf in leaves:
        if all(columns[leaf][r] == target[r] for r in rows):
            return leaf
    if len({target[r] for r in rows}) == 1 and terms.closed(target[rows[0]]) and not terms.variables(target[rows[0]]):
        return target[rows[0]]  # type: ignore[no-any-return]
    for question, column in columns.items() if depth else ():
        parts = [[r for r in rows if column[r][0] == tag] for tag in ("l", "r")]
        if all(parts):
            branches = [_selection(part, columns, leaves, target, depth - 1) for part in parts]
            if None not in branches:
                payloads = (("l", ("b", 0)), ("r", ("b", 0)))
                return ("case", question, *(p if b == question else b for b, p in zip(branches, payloads, strict=True)))
    return None


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
