"""Equations between pasted 2-cells of polynomial functors, and the search for all cells that satisfy them.

A natural transformation between composites of containers is a *value* for each shape of its source: an element of the
target whose labels are the positions of that shape.  Monads, comonads, distributive laws, their morphisms and algebras
are all unknown transformations with equations between whiskered composites, and an equation holds exactly when it
holds on the generic element of each shape of its source.  The search keeps, for each open value and each shape that it
may still have, the set of positions still possible at each place.  An equation of which one side is known cuts these
sets down exactly; so does one both sides of which end with an open value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.errors import TooLarge
from catcore_proofs.census.cells import Blocked, Cells, Conflict, Domain, Open, Place, agree, bits, groups, has_open
from catcore_proofs.census.containers import Element, Word, generic, graft, key, leaves, shapes

#: Up to so many instances, steps go on from values of known shape with open labels: fewer choices, each more costly.
LABELWISE = 100


@dataclass(frozen=True)
class Symbol:
    """A transformation ``source → target`` between composites, known by name."""

    name: str
    source: Word
    target: Word


@dataclass(frozen=True)
class Step:
    """A transformation whiskered with the first ``depth`` functors of the composite that it acts on."""

    symbol: str
    depth: int = 0


@dataclass(frozen=True)
class Pasting:
    """An equation between two vertical composites of whiskered transformations out of one composite functor."""

    name: str
    source: Word
    lhs: tuple[Step, ...]
    rhs: tuple[Step, ...]


#: A transformation as its values, by the key of each shape of the source.
Values = Mapping[Any, Element]


@dataclass
class _Side:
    """One side of an equation at a generic element: the cells that its first step reads, and what it then gives.

    ``after`` remembers, for the values of those cells, the element after the first step; where one unwhiskered step
    remains, the cell that it reads and what its labels stand for.
    """

    start: Element
    steps: tuple[Step, ...]
    first: tuple[int, ...]
    after: dict[tuple[Element | None, ...], Any]


def apply(values: Values, symbol: Symbol, depth: int, element: Element) -> Element:
    """A known transformation, whiskered, on an element."""
    if depth:
        return (element[0], tuple([apply(values, symbol, depth - 1, c) for c in element[1]]))
    levels = len(symbol.source)
    return graft(values[key(element, levels)], len(symbol.target), leaves(element, levels))


class PastingSearch(Cells):
    """All values for the unknown transformations that satisfy the equations.

    Args:
        unknown: the transformations looked for.
        known: given transformations with their values.
        equations: what must hold.
    """

    def __init__(self, unknown: Sequence[Symbol], known: Mapping[Symbol, Values], equations: Sequence[Pasting]) -> None:
        super().__init__()
        self.unknown = tuple(unknown)
        self.symbols = {s.name: s for s in (*unknown, *known)}
        self.cells: dict[tuple[str, Any], int] = {}
        self._candidates = 1
        for symbol in unknown:
            self._open_cells(symbol)
        for symbol, values in known.items():
            for k, value in values.items():
                self.cells[symbol.name, k] = self.add_cell(len(symbol.target), value, {}, {})
        self.instances = [
            (self._side(start, e.lhs), self._side(start, e.rhs))
            for e in equations
            for start in (generic(s, len(e.source))[0] for s in shapes(e.source))
        ]
        self.nodes = 0
        self.partial = False
        self.labelwise = len(self.instances) <= LABELWISE

    @property
    def candidates(self) -> int:
        """How many families of values there were before any equation was used."""
        return self._candidates

    def _open_cells(self, symbol: Symbol) -> None:
        out = len(symbol.target)
        targets = [generic(t, out) for t in shapes(symbol.target)]
        templates = {key(t, out): t for t, _ in targets}
        for shape in shapes(symbol.source):
            positions = generic(shape, len(symbol.source))[1]
            everything = (1 << positions) - 1
            domain = {key(t, out): (everything,) * n for t, n in targets if positions or not n}
            self.cells[symbol.name, key(shape, len(symbol.source))] = self.add_cell(out, None, domain, templates)
            self._candidates *= sum(positions ** len(places) for places in domain.values())

    # ---- evaluation ------------------------------------------------------------------------------------------------

    def _side(self, start: Element, steps: tuple[Step, ...]) -> _Side:
        first = self._read(self.symbols[steps[0].symbol], steps[0].depth, start) if len(steps) > 1 else []
        return _Side(start, steps, tuple(dict.fromkeys(first)), {})

    def _read(self, symbol: Symbol, depth: int, element: Element) -> list[int]:
        """The cells that a whiskered transformation reads at an element."""
        if depth:
            return [cell for c in element[1] for cell in self._read(symbol, depth - 1, c)]
        return [self.cells[symbol.name, key(element, len(symbol.source))]]

    def _evaluate(self, side: _Side, number: int) -> Element:
        """The element that a side gives, with open values where its last step reads open cells."""
        steps = side.steps
        if len(steps) < 2:
            return (
                self._step(self.symbols[steps[0].symbol], steps[0].depth, side.start, True, number)
                if steps
                else (side.start)
            )
        values = tuple([self.value[cell] for cell in side.first])
        if None in values:
            return self._run(side.start, steps, number)
        found = side.after.get(values)
        if found is None:
            found = side.after[values] = self._after(side, number)
        cell, rest = found
        if cell < 0:
            return self._run(rest, steps[1:], number)
        value = self.value[cell]
        return Open(cell, rest) if value is None else graft(value, self.levels[cell], rest)

    def _after(self, side: _Side, number: int) -> tuple[int, Any]:
        element = self._step(self.symbols[side.steps[0].symbol], side.steps[0].depth, side.start, False, number)
        last = side.steps[1]
        if len(side.steps) > 2 or last.depth:
            return -1, element
        levels = len(self.symbols[last.symbol].source)
        return self.cells[last.symbol, key(element, levels)], leaves(element, levels)

    def _run(self, element: Element, steps: tuple[Step, ...], number: int) -> Element:
        for position, step in enumerate(steps):
            element = self._step(self.symbols[step.symbol], step.depth, element, position == len(steps) - 1, number)
        return element

    def _step(self, symbol: Symbol, depth: int, element: Element, last: bool, number: int) -> Element:
        if depth:
            return (element[0], tuple([self._step(symbol, depth - 1, c, last, number) for c in element[1]]))
        levels = len(symbol.source)
        cell = self.cells[symbol.name, key(element, levels)]
        value = self.value[cell]
        if value is not None:
            return graft(value, self.levels[cell], leaves(element, levels))
        if last:
            return Open(cell, leaves(element, levels))
        (self.on_change if self.labelwise else self.on_value)[cell].add(number)
        if not self.labelwise or len(self.domain[cell]) != 1:
            raise Blocked
        return self._partial(cell, leaves(element, levels))

    def _partial(self, cell: int, below: list[Element]) -> Element:
        """A value of which the shape is known and some labels are not."""
        self.partial = True
        ((shape, masks),) = self.domain[cell].items()
        places = [
            Place(cell, i, below) if mask & (mask - 1) else below[mask.bit_length() - 1] for i, mask in enumerate(masks)
        ]
        return graft(self.templates[cell][shape], self.levels[cell], places)

    def _check(self, number: int) -> None:
        lhs, rhs = self.instances[number]
        for side in (lhs, rhs):
            for cell in side.first:
                if self.value[cell] is None and not (self.labelwise and len(self.domain[cell]) == 1):
                    (self.on_change if self.labelwise else self.on_value)[cell].add(number)
                    return
        self.partial = False
        try:
            a, b = self._evaluate(lhs, number), self._evaluate(rhs, number)
        except Blocked:
            return
        self._match(a, b, number)

    def _match(self, a: Element, b: Element, number: int) -> None:
        if isinstance(a, Open):
            if isinstance(b, Open):
                self._both(a, b, number)
            else:
                self._against(a, b, number)
        elif isinstance(b, Open):
            self._against(b, a, number)
        elif isinstance(a, Place):
            self._place(a, b, number)
        elif isinstance(b, Place):
            self._place(b, a, number)
        elif isinstance(a, int) or isinstance(b, int):
            if a != b:
                raise Conflict
        elif a[0] != b[0]:
            raise Conflict
        else:
            for x, y in zip(a[1], b[1], strict=True):
                self._match(x, y, number)

    def _place(self, a: Place, other: Element, number: int) -> None:
        """An open label that must stand for what is on the other side."""
        if self.partial and any(map(has_open, a.values)):
            return  # woken by whatever is open in there
        if isinstance(other, Place):
            if any(map(has_open, other.values)):
                return
            pairs = groups(a.values, other.values)
            mine, theirs = self._mask(a), self._mask(other)
            same = (a.cell, a.place) == (other.cell, other.place)
            x, y = agree(mine, theirs, pairs, same)
            self._restrict_place(a, x)
            self._restrict_place(other, y)
        elif not has_open(other):
            self._restrict_place(a, bits(v == other for v in a.values))

    def _mask(self, a: Place) -> int:
        (masks,) = self.domain[a.cell].values()
        return masks[a.place]

    def _restrict_place(self, a: Place, mask: int) -> None:
        ((shape, masks),) = self.domain[a.cell].items()
        self.restrict(a.cell, {shape: (*masks[: a.place], mask, *masks[a.place + 1 :])})

    def _against(self, a: Open, known: Element, number: int) -> None:
        """An open value that must equal a known element: each place keeps the labels that stand for what is there."""
        cell, depth = a.cell, self.levels[a.cell]
        self.on_change[cell].add(number)
        if has_open(known) or (self.partial and any(map(has_open, a.values))):
            self._watch_all(known, number)
            return
        shape = key(known, depth)
        places = self.domain[cell].get(shape)
        if places is None:
            raise Conflict
        wanted = leaves(known, depth)
        masks = []
        for mask, target in zip(places, wanted, strict=True):
            masks.append(mask & bits(v == target for v in a.values))
        self.restrict(cell, {shape: tuple(masks)})

    def _both(self, a: Open, b: Open, number: int) -> None:
        """Two open values that must agree: at each place of each shape, labels that stand for the same element."""
        self.on_change[a.cell].add(number)
        self.on_change[b.cell].add(number)
        if self.partial and any(map(has_open, (*a.values, *b.values))):
            return
        pairs = groups(a.values, b.values)
        same = a.cell == b.cell
        first, second = self.domain[a.cell], self.domain[b.cell]
        new_a: Domain = {}
        new_b: Domain = {}
        for shape, places in first.items():
            if shape not in second:
                continue
            agreed = [agree(x, y, pairs, same) for x, y in zip(places, second[shape], strict=True)]
            if all(x and y for x, y in agreed):
                new_a[shape] = tuple(x for x, _ in agreed)
                new_b[shape] = tuple(y for _, y in agreed)
        self.restrict(a.cell, new_a)
        if not same:
            self.restrict(b.cell, new_b)

    def _watch_all(self, element: Element, number: int) -> None:
        if isinstance(element, Open | Place):
            self.on_change[element.cell].add(number)
        elif not isinstance(element, int):
            for child in element[1]:
                self._watch_all(child, number)

    # ---- propagation -----------------------------------------------------------------------------------------------

    def _propagate(self) -> None:
        while self.due:
            number = self.due.pop()
            self.waiting.discard(number)
            self._check(number)

    # ---- the tree --------------------------------------------------------------------------------------------------

    def solutions(self, *, limit: int = 1_000_000) -> Iterator[dict[str, Values]]:
        """All solutions, each as the values of the unknown transformations.

        Raises:
            TooLarge: when there are more than ``limit``.
        """
        try:
            for cell, domain in enumerate(self.domain):
                if self.value[cell] is None:
                    self.restrict(cell, domain)
            for number in range(len(self.instances)):
                self._check(number)
            self._propagate()
        except Conflict:
            return
        for found, _ in enumerate(self._leaves(), 1):
            if found > limit:
                raise TooLarge(f"There are more than {limit} solutions; raise the limit, or ask a smaller question.")
            yield self._solution()

    def _leaves(self) -> Iterator[None]:
        choices = self.choices()
        if choices is None:
            yield
            return
        stack = [(len(self.trail), choices)]
        while stack:
            mark, remaining = stack[-1]
            self.undo(mark)
            choice = next(remaining, None)
            if choice is None:
                stack.pop()
                continue
            self.nodes += 1
            try:
                self.restrict(*choice)
                self._propagate()
            except Conflict:
                continue
            choices = self.choices()
            if choices is None:
                yield
            else:
                stack.append((len(self.trail), choices))

    def _solution(self) -> dict[str, Values]:
        found: dict[str, dict[Any, Element]] = {s.name: {} for s in self.unknown}
        for (name, k), cell in self.cells.items():
            if name in found:
                found[name][k] = self.value[cell]
        return dict(found)
