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
from catcore_proofs.census.containers import Element, Word, generic, graft, key, leaves, shapes

#: What a cell may still be: for each shape of the target (as a key), the allowed labels of each place as bits.
Domain = dict[Any, tuple[int, ...]]
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


class _Open:
    """An open value with the elements that its labels stand for."""

    __slots__ = ("cell", "values")

    def __init__(self, cell: int, values: list[Element]) -> None:
        self.cell, self.values = cell, values


class _Place:
    """A label that is still open, in a value whose shape is known, with the elements that the labels stand for."""

    __slots__ = ("cell", "place", "values")

    def __init__(self, cell: int, place: int, values: list[Element]) -> None:
        self.cell, self.place, self.values = cell, place, values

    def __getitem__(self, index: int) -> Element:
        raise _Blocked  # its shape is not known


class _Blocked(Exception):
    """A value is needed to go on."""


class _Conflict(Exception):
    """An equation cannot hold any more."""


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


class PastingSearch:
    """All values for the unknown transformations that satisfy the equations.

    Args:
        unknown: the transformations looked for.
        known: given transformations with their values.
        equations: what must hold.
    """

    def __init__(self, unknown: Sequence[Symbol], known: Mapping[Symbol, Values], equations: Sequence[Pasting]) -> None:
        self.unknown = tuple(unknown)
        self.symbols = {s.name: s for s in (*unknown, *known)}
        self.cells: dict[tuple[str, Any], int] = {}
        self.value: list[Element | None] = []
        self.domain: list[Domain] = []
        self.templates: list[dict[Any, Element]] = []
        self.levels: list[int] = []
        self._candidates = 1
        for symbol in unknown:
            self._open_cells(symbol)
        for symbol, values in known.items():
            for k, value in values.items():
                self._cell(symbol, k, value, {}, {})
        self.instances = [
            (self._side(start, e.lhs), self._side(start, e.rhs))
            for e in equations
            for start in (generic(s, len(e.source))[0] for s in shapes(e.source))
        ]
        self.on_value: list[set[int]] = [set() for _ in self.value]
        self.on_change: list[set[int]] = [set() for _ in self.value]
        self.trail: list[tuple[int, Domain, Element | None]] = []
        self.due: list[int] = []
        self.waiting: set[int] = set()
        self.nodes = 0
        self.partial = False
        self.labelwise = len(self.instances) <= LABELWISE

    @property
    def candidates(self) -> int:
        """How many families of values there were before any equation was used."""
        return self._candidates

    def _cell(self, symbol: Symbol, k: Any, value: Element | None, domain: Domain, templates: dict[Any, Any]) -> None:
        self.cells[symbol.name, k] = len(self.value)
        self.value.append(value)
        self.domain.append(domain)
        self.templates.append(templates)
        self.levels.append(len(symbol.target))

    def _open_cells(self, symbol: Symbol) -> None:
        out = len(symbol.target)
        targets = [generic(t, out) for t in shapes(symbol.target)]
        templates = {key(t, out): t for t, _ in targets}
        for shape in shapes(symbol.source):
            positions = generic(shape, len(symbol.source))[1]
            everything = (1 << positions) - 1
            domain = {key(t, out): (everything,) * n for t, n in targets if positions or not n}
            self._cell(symbol, key(shape, len(symbol.source)), None, domain, templates)
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
        return _Open(cell, rest) if value is None else graft(value, self.levels[cell], rest)

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
            return _Open(cell, leaves(element, levels))
        (self.on_change if self.labelwise else self.on_value)[cell].add(number)
        if not self.labelwise or len(self.domain[cell]) != 1:
            raise _Blocked
        return self._partial(cell, leaves(element, levels))

    def _partial(self, cell: int, below: list[Element]) -> Element:
        """A value of which the shape is known and some labels are not."""
        self.partial = True
        ((shape, masks),) = self.domain[cell].items()
        places = [
            _Place(cell, i, below) if mask & (mask - 1) else below[mask.bit_length() - 1]
            for i, mask in enumerate(masks)
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
        except _Blocked:
            return
        self._match(a, b, number)

    def _match(self, a: Element, b: Element, number: int) -> None:
        if isinstance(a, _Open):
            if isinstance(b, _Open):
                self._both(a, b, number)
            else:
                self._against(a, b, number)
        elif isinstance(b, _Open):
            self._against(b, a, number)
        elif isinstance(a, _Place):
            self._place(a, b, number)
        elif isinstance(b, _Place):
            self._place(b, a, number)
        elif isinstance(a, int) or isinstance(b, int):
            if a != b:
                raise _Conflict
        elif a[0] != b[0]:
            raise _Conflict
        else:
            for x, y in zip(a[1], b[1], strict=True):
                self._match(x, y, number)

    def _place(self, a: _Place, other: Element, number: int) -> None:
        """An open label that must stand for what is on the other side."""
        if self.partial and any(map(_has_open, a.values)):
            return  # woken by whatever is open in there
        if isinstance(other, _Place):
            if any(map(_has_open, other.values)):
                return
            pairs = _groups(a.values, other.values)
            mine, theirs = self._mask(a), self._mask(other)
            same = (a.cell, a.place) == (other.cell, other.place)
            x, y = _agree(mine, theirs, pairs, same)
            self._restrict_place(a, x)
            self._restrict_place(other, y)
        elif not _has_open(other):
            self._restrict_place(a, _bits(v == other for v in a.values))

    def _mask(self, a: _Place) -> int:
        (masks,) = self.domain[a.cell].values()
        return masks[a.place]

    def _restrict_place(self, a: _Place, mask: int) -> None:
        ((shape, masks),) = self.domain[a.cell].items()
        self._restrict(a.cell, {shape: (*masks[: a.place], mask, *masks[a.place + 1 :])})

    def _against(self, a: _Open, known: Element, number: int) -> None:
        """An open value that must equal a known element: each place keeps the labels that stand for what is there."""
        cell, depth = a.cell, self.levels[a.cell]
        self.on_change[cell].add(number)
        if _has_open(known) or (self.partial and any(map(_has_open, a.values))):
            self._watch_all(known, number)
            return
        shape = key(known, depth)
        places = self.domain[cell].get(shape)
        if places is None:
            raise _Conflict
        wanted = leaves(known, depth)
        masks = []
        for mask, target in zip(places, wanted, strict=True):
            masks.append(mask & _bits(v == target for v in a.values))
        self._restrict(cell, {shape: tuple(masks)})

    def _both(self, a: _Open, b: _Open, number: int) -> None:
        """Two open values that must agree: at each place of each shape, labels that stand for the same element."""
        self.on_change[a.cell].add(number)
        self.on_change[b.cell].add(number)
        if self.partial and any(map(_has_open, (*a.values, *b.values))):
            return
        pairs = _groups(a.values, b.values)
        same = a.cell == b.cell
        first, second = self.domain[a.cell], self.domain[b.cell]
        new_a: Domain = {}
        new_b: Domain = {}
        for shape, places in first.items():
            if shape not in second:
                continue
            agreed = [_agree(x, y, pairs, same) for x, y in zip(places, second[shape], strict=True)]
            if all(x and y for x, y in agreed):
                new_a[shape] = tuple(x for x, _ in agreed)
                new_b[shape] = tuple(y for _, y in agreed)
        self._restrict(a.cell, new_a)
        if not same:
            self._restrict(b.cell, new_b)

    def _watch_all(self, element: Element, number: int) -> None:
        if isinstance(element, _Open | _Place):
            self.on_change[element.cell].add(number)
        elif not isinstance(element, int):
            for child in element[1]:
                self._watch_all(child, number)

    # ---- propagation -----------------------------------------------------------------------------------------------

    def _restrict(self, cell: int, allowed: Domain) -> None:
        old = self.domain[cell]
        new: Domain = {}
        for shape, masks in allowed.items():
            if shape in old:
                both = tuple([x & y for x, y in zip(masks, old[shape], strict=True)])
                if all(both):
                    new[shape] = both
        if not new:
            raise _Conflict
        if new == old and self.value[cell] is not None:
            return
        changed = new != old
        value = self._single(cell, new)
        if not changed and value is None:
            return
        self.trail.append((cell, old, self.value[cell]))
        self.domain[cell], self.value[cell] = new, value
        wake = self.on_change[cell] | self.on_value[cell] if value is not None else self.on_change[cell]
        for number in wake:
            if number not in self.waiting:
                self.waiting.add(number)
                self.due.append(number)

    def _single(self, cell: int, domain: Domain) -> Element | None:
        if len(domain) != 1:
            return None
        ((shape, masks),) = domain.items()
        if any(mask & (mask - 1) for mask in masks):
            return None
        labels = [mask.bit_length() - 1 for mask in masks]
        return graft(self.templates[cell][shape], self.levels[cell], labels)

    def _propagate(self) -> None:
        while self.due:
            number = self.due.pop()
            self.waiting.discard(number)
            self._check(number)

    def _undo(self, mark: int) -> None:
        while len(self.trail) > mark:
            cell, domain, value = self.trail.pop()
            self.domain[cell], self.value[cell] = domain, value
        self.due.clear()
        self.waiting.clear()

    # ---- the tree --------------------------------------------------------------------------------------------------

    def solutions(self, *, limit: int = 1_000_000) -> Iterator[dict[str, Values]]:
        """All solutions, each as the values of the unknown transformations.

        Raises:
            TooLarge: when there are more than ``limit``.
        """
        try:
            for cell, domain in enumerate(self.domain):
                if self.value[cell] is None:
                    self._restrict(cell, domain)
            for number in range(len(self.instances)):
                self._check(number)
            self._propagate()
        except _Conflict:
            return
        found = 0
        for _ in self._leaves():
            found += 1
            if found > limit:
                raise TooLarge(f"There are more than {limit} solutions; raise the limit, or ask a smaller question.")
            yield self._solution()

    def _leaves(self) -> Iterator[None]:
        choices = self._choices()
        if choices is None:
            yield
            return
        stack = [(len(self.trail), choices)]
        while stack:
            mark, remaining = stack[-1]
            self._undo(mark)
            choice = next(remaining, None)
            if choice is None:
                stack.pop()
                continue
            self.nodes += 1
            try:
                self._restrict(*choice)
                self._propagate()
            except _Conflict:
                continue
            choices = self._choices()
            if choices is None:
                yield
            else:
                stack.append((len(self.trail), choices))

    def _choices(self) -> Iterator[tuple[int, Domain]] | None:
        """How to split the open cell with the fewest values: by its shape, then by the label of its first open place."""
        best, fewest = -1, 0
        for cell, value in enumerate(self.value):
            if value is None:
                count = _size(self.domain[cell])
                if best < 0 or count < fewest:
                    best, fewest = cell, count
        return None if best < 0 else iter([(best, part) for part in _split(self.domain[best])])

    def _solution(self) -> dict[str, Values]:
        found: dict[str, dict[Any, Element]] = {s.name: {} for s in self.unknown}
        for (name, k), cell in self.cells.items():
            if name in found:
                found[name][k] = self.value[cell]
        return dict(found)


def _bits(flags: Any) -> int:
    return sum(1 << i for i, flag in enumerate(flags) if flag)


def _groups(first: list[Element], second: list[Element]) -> tuple[tuple[int, int], ...]:
    """For each element, the labels that stand for it on either side, as bits."""
    groups: dict[Element, tuple[int, int]] = {}
    for label, value in enumerate(first):
        left, right = groups.get(value, (0, 0))
        groups[value] = (left | 1 << label, right)
    for label, value in enumerate(second):
        left, right = groups.get(value, (0, 0))
        groups[value] = (left, right | 1 << label)
    return tuple(groups.values())


def _agree(x: int, y: int, pairs: tuple[tuple[int, int], ...], same: bool) -> tuple[int, int]:
    left = right = 0
    for p, q in pairs:
        if same:  # one label must stand for the same element on both sides
            left |= x & p & q
            right = left
        elif x & p and y & q:
            left |= x & p
            right |= y & q
    return left, right


def _has_open(element: Element) -> bool:
    if isinstance(element, int):
        return False
    return isinstance(element, _Open | _Place) or any(map(_has_open, element[1]))


def _size(domain: Domain) -> int:
    total = 0
    for masks in domain.values():
        product = 1
        for mask in masks:
            product *= mask.bit_count()
        total += product
    return total


def _split(domain: Domain) -> Iterator[Domain]:
    if len(domain) > 1:
        yield from ({shape: masks} for shape, masks in domain.items())
        return
    ((shape, masks),) = domain.items()
    place = next(i for i, mask in enumerate(masks) if mask & (mask - 1))
    for label in range(masks[place].bit_length()):
        if masks[place] >> label & 1:
            yield {shape: (*masks[:place], 1 << label, *masks[place + 1 :])}
