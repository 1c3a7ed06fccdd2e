"""Parsing: from a text to the derivation that it has in a grammar, for every context-free grammar (Earley 1970).

A chart says at each place of the text which productions may be under way there: a *state* is a production, how many of
its symbols are done, and where it began.  States are predicted, moved over terminals and moved over completed
nonterminals; each remembers how it came about, so a derivation is read off without searching.  A production is only
completed where something may follow, so deterministic grammars, lists to the right among them, take linear time.

>>> from catcore.datatypes import grammar
>>> sums = grammar({"Sum": ["Sum + Term", "Term"], "Term": ["( Sum )", "x", "1"]})
>>> sums.text(sums.parse("x + (1+x)", "Sum"))
'x + ( 1 + x )'
>>> sums.parse("x + * 1", "Sum")
Traceback (most recent call last):
...
catcore.errors.BadSpecification: A text of the nonterminal Sum was to be read, and at line 1, column 5 '* 1' was \
found, where one of '(', '1', 'x' may stand. Mend the text there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from catcore.errors import BadSpecification, TooLarge

if TYPE_CHECKING:
    from catcore.datatypes.grammars import Production

#: A nonterminal, and where the word that it derives begins and ends.
Span = tuple[str, int, int]
T = TypeVar("T")

#: So many states are looked at, and then the text is given up.
MAX_STATES = 1_000_000
#: What stands for the end of the text among terminals.
END = "the end of the text"


class State(NamedTuple):
    """A production that is under way: its number, how many of its symbols are done, and where it began."""

    number: int
    done: int
    start: int

    @property
    def moved(self) -> State:
        """The same with one more symbol done."""
        return State(self.number, self.done + 1, self.start)


class Way(NamedTuple):
    """How a state came about: from which one, where that was, and by which completed nonterminal if not a terminal."""

    before: State
    place: int
    sort: str | None


@dataclass(frozen=True)
class Parser:
    """What is known of a grammar before any text is read.

    Args:
        of_sort: the productions of each nonterminal, numbered through.
    """

    of_sort: Mapping[str, tuple[Production, ...]]

    @cached_property
    def productions(self) -> tuple[Production, ...]:
        """All productions by their numbers."""
        return tuple(p for productions in self.of_sort.values() for p in productions)

    def next(self, state: State) -> str | None:
        """The symbol that comes next; None when all are done."""
        symbols = self.productions[state.number].symbols
        return symbols[state.done] if state.done < len(symbols) else None

    @cached_property
    def nullable(self) -> frozenset[str]:
        """The nonterminals that may derive the empty word."""
        found: set[str] = set()
        while True:
            more = {
                sort
                for sort, productions in self.of_sort.items()
                if sort not in found and any(all(s in found for s in p.symbols) for p in productions)
            }
            if not more:
                return frozenset(found)
            found |= more

    def _begins(self, symbols: Sequence[str], first: Mapping[str, set[str]]) -> Iterator[str]:
        """The terminals, and nonterminals' first terminals, with which a word of symbols may begin."""
        for symbol in symbols:
            if symbol not in self.of_sort:
                yield symbol
                return
            yield from first[symbol]
            if symbol not in self.nullable:
                return

    @cached_property
    def first(self) -> Mapping[str, set[str]]:
        """For each nonterminal the terminals with which its words may begin."""
        found: dict[str, set[str]] = {sort: set() for sort in self.of_sort}
        grown = True
        while grown:
            grown = False
            for sort, productions in self.of_sort.items():
                more = {t for p in productions for t in self._begins(p.symbols, found)} - found[sort]
                found[sort] |= more
                grown |= bool(more)
        return found

    @cached_property
    def follow(self) -> Mapping[str, set[str]]:
        """For each nonterminal the terminals that may follow it; the end may follow each."""
        found: dict[str, set[str]] = {sort: {END} for sort in self.of_sort}
        grown = True
        while grown:
            grown = False
            places = ((s, k, p) for p in self.productions for k, s in enumerate(p.symbols))
            for sort, k, p in places:
                if sort in found:
                    rest = p.symbols[k + 1 :]
                    more = set(self._begins(rest, self.first))
                    if all(s in self.nullable for s in rest):
                        more |= found[p.sort]
                    grown |= not more <= found[sort]
                    found[sort] |= more
        return found

    def derivation(self, text: str, sort: str, *, spaces: bool, ambiguous: bool) -> list[tuple[Production, list[int]]]:
        """The productions of a derivation, the root first, each with the places of those of its nonterminals."""
        chart = _Chart(self, text, spaces=spaces)
        chart.fill(sort)
        return _Reader(chart, ambiguous=ambiguous).read(sort)


@dataclass
class _Chart:
    """The states at each place of a text.

    Args:
        parser: the grammar.
        text: the text.
        spaces: whether spaces between terminals are skipped.
    """

    parser: Parser
    text: str
    spaces: bool
    states: dict[int, dict[State, list[Way]]] = field(default_factory=dict)
    waiting: dict[tuple[int, str], dict[State, None]] = field(default_factory=dict)
    completed: dict[Span, list[State]] = field(default_factory=dict)
    todo: list[State] = field(default_factory=list)  # at the place that is being closed
    here: int = -1
    count: int = 0

    def __post_init__(self) -> None:
        self.begin = self._skipped(0)
        self._followed: dict[tuple[int, str], bool] = {}

    def fill(self, sort: str) -> None:
        """Find all states; raises ``BadSpecification`` at the place where no further terminal fits."""
        self._predict(self.begin, sort)
        place = last = self.begin
        while place <= len(self.text):
            if place in self.states:
                last = place
                self._close(place)
            place += 1
        if (sort, self.begin, len(self.text)) not in self.completed:
            raise BadSpecification(self._refusal(sort, last))

    def _close(self, place: int, *, lenient: bool = False) -> None:
        """Predict and complete at a place until nothing new comes about, and move over the terminals there."""
        self.here, self.todo = place, list(self.states[place])
        while self.todo:
            state = self.todo.pop()
            symbol = self.parser.next(state)
            if symbol is None:
                sort = self.parser.productions[state.number].sort
                if lenient or self._may_follow(place, sort):
                    self._complete(place, state, sort)
            elif symbol in self.parser.of_sort:
                self._await(place, state, symbol)
            elif (end := self._scanned(place, symbol)) is not None:
                self._add(end, state.moved, Way(state, place, None))

    def _add(self, place: int, state: State, way: Way | None) -> None:
        here = self.states.setdefault(place, {})
        if state not in here:
            self.count += 1
            if self.count > MAX_STATES:
                raise TooLarge(
                    f"A text of {len(self.text)} characters was to be parsed, and more than {MAX_STATES} states of the "
                    "parser were needed. Give a shorter text, or a grammar with fewer derivations."
                )
            here[state] = []
            if place == self.here:
                self.todo.append(state)
        if way is not None and len(here[state]) < 2 and way not in here[state]:
            here[state].append(way)

    def _predict(self, place: int, sort: str) -> None:
        for production in self.parser.of_sort[sort]:
            self._add(place, State(production.number, 0, place), None)

    def _await(self, place: int, state: State, sort: str) -> None:
        waiting = self.waiting.setdefault((place, sort), {})
        if not waiting:
            self._predict(place, sort)
        waiting[state] = None
        if (sort, place, place) in self.completed:  # an empty word that was found before
            self._add(place, state.moved, Way(state, place, sort))

    def _complete(self, place: int, state: State, sort: str) -> None:
        found = self.completed.setdefault((sort, state.start, place), [])
        if state not in found:
            found.append(state)
        for above in list(self.waiting.get((state.start, sort), ())):
            self._add(place, above.moved, Way(above, state.start, sort))

    def _may_follow(self, place: int, sort: str) -> bool:
        """Whether something that may follow a nonterminal stands at a place."""
        if (place, sort) not in self._followed:
            found = place == len(self.text) or any(
                self.text.startswith(t, place) for t in self.parser.follow[sort] if t is not END
            )
            self._followed[place, sort] = found
        return self._followed[place, sort]

    def _scanned(self, place: int, terminal: str) -> int | None:
        return self._skipped(place + len(terminal)) if self.text.startswith(terminal, place) else None

    def _skipped(self, place: int) -> int:
        while self.spaces and place < len(self.text) and self.text[place].isspace():
            place += 1
        return place

    def _refusal(self, sort: str, place: int) -> str:
        self._close(place, lenient=True)
        symbols = {self.parser.next(state) for state in self.states[place]}
        wanted = sorted(repr(s) for s in symbols if s is not None and s not in self.parser.of_sort)
        if (sort, self.begin, place) in self.completed:
            wanted.append(END)
        line, column = self.text.count("\n", 0, place) + 1, place - (self.text.rfind("\n", 0, place) + 1) + 1
        rest = repr(self.text[place : place + 20]) if place < len(self.text) else END
        what = f"one of {', '.join(wanted)} may" if len(wanted) > 1 else f"only {''.join(wanted)} may"
        return (
            f"A text of the nonterminal {sort} was to be read, and at line {line}, column {column} {rest} was found, "
            f"where {what} stand. Mend the text there."
        )


@dataclass(frozen=True)
class _Reader:
    """Derivations read off a chart.

    Args:
        chart: the chart.
        ambiguous: whether one of several derivations will do.
    """

    chart: _Chart
    ambiguous: bool

    def read(self, sort: str) -> list[tuple[Production, list[int]]]:
        """The productions of a derivation of the whole text, the root first."""
        nodes: list[tuple[Production, list[int]]] = []
        whole = (sort, self.chart.begin, len(self.chart.text))
        holes: list[tuple[Span, tuple[int, int] | None]] = [(whole, None)]
        while holes:
            span, parent = holes.pop()
            state = self._only(self.chart.completed[span], span)
            below = self._spans(state, span)
            if parent is not None:
                nodes[parent[0]][1][parent[1]] = len(nodes)
            holes += [(part, (len(nodes), k)) for k, part in enumerate(below)]
            nodes.append((self.chart.parser.productions[state.number], [0] * len(below)))
        return nodes

    def _spans(self, state: State, span: Span) -> list[Span]:
        """The nonterminals of a production that is done, each with the stretch of the text that it derives."""
        found, place = [], span[2]
        while state.done:
            way = self._only(self.chart.states[place][state], span)
            if way.sort is not None:
                found.append((way.sort, way.place, place))
            state, place = way.before, way.place
        return found[::-1]

    def _only(self, found: Sequence[T], span: Span) -> T:
        sort, start, end = span
        if len(found) > 1 and not self.ambiguous:
            words = self.chart.text[start:end].strip()
            raise BadSpecification(
                f"The derivation of a text was asked for, and {words[:60]!r} is a {sort} in more than one way. Make "
                "the grammar say which, or say ambiguous=True for any of them."
            )
        return found[0]
