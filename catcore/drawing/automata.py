"""Finite machines as state diagrams (THEORY T3.2).

States stand in layers by their distance from the start.  A Moore machine shows its output under the name of a state, an
automaton has two circles around a state that accepts, and a Mealy machine writes ``input / output`` at its arrows.
States with one colour are in one class, where a quotient is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from catcore.categories.finite_sets import shown
from catcore.datatypes.automata.machines import Label, Machine, Mealy
from catcore.datatypes.automata.minimisation import Quotient
from catcore.drawing.colours import palette, text_on
from catcore.drawing.layouts import layered, layers
from catcore.drawing.strokes import SIZE, Point, arrow, circle, lines_of, loop, text, text_width
from catcore.drawing.svg import Markup, element, number, picture
from catcore.errors import TooLarge

LARGEST = 60  # states in one picture
RADIUS, STEP, MARGIN = 24.0, 120.0, 14.0


def automaton_svg(
    machine: Machine, start: Label | None = None, *, quotient: Quotient | None = None, title: str | None = None
) -> str:
    """A machine as SVG.

    Args:
        machine: a Moore or Mealy machine, an automaton or a stream system.
        start: the state in which it begins, which gets an arrow.
        quotient: colours the states by their classes.
        title: what the picture says to those who cannot see it.

    Raises:
        TooLarge: for more than 60 states.
        UnknownName: when there is no such start.
    """
    if len(machine) > LARGEST:
        raise TooLarge(
            f"A picture of a machine with {len(machine)} states was asked for; at most {LARGEST} are drawn. Draw its "
            "minimal quotient or the part that a state reaches."
        )
    sheet = _Sheet(machine, machine.number(start) if start is not None else 0)
    labels = quotient.labels if quotient is not None else (0,) * len(machine)
    colours = palette(max(labels, default=0) + 1)
    pieces = [piece for s, t, said in sheet.steps for piece in sheet.arrow(s, t, said)]
    if start is not None:
        pieces.append(sheet.entry())
    pieces += [sheet.state(s, colours[labels[s]]) for s in range(len(machine))]
    return sheet.picture(title or f"{type(machine).__name__} machine with {len(machine)} states", pieces)


class _Sheet:
    """Where the states stand, and how far the drawing reaches."""

    def __init__(self, machine: Machine, first: int) -> None:
        self.machine, self.first = machine, first
        self.steps = list(self._steps())
        self.pairs = {(s, t) for s, t, _ in self.steps}
        self.radius = max([RADIUS, *(text_width(_short(name)) / 2 + 8 for name in machine.states)])
        self.reach: list[Point] = []  # corners of everything that is drawn
        order = [first, *(s for s in range(len(machine)) if s != first)] if len(machine) else []
        place = {s: i for i, s in enumerate(order)}
        below = [[place[t] for t in dict.fromkeys(machine.successors[s])] for s in order]
        layer = layers(below, shortest=True)
        forward = [[t for t in targets if layer[t] > layer[s]] for s, targets in enumerate(below)]
        across = layered(forward, layer, [1.0] * len(order))
        loops = any(s == t for s, t in self.pairs)
        apart = self.radius + (self.radius + 12 if loops else 16)
        step = 2 * self.radius + STEP - 2 * RADIUS + self._longest()
        self.layer = {s: layer[place[s]] for s in order}
        self.places = {s: (step * layer[place[s]], apart * across[place[s]]) for s in order}
        for at in self.places.values():
            self._reaches(at, self.radius, self.radius)

    def _longest(self) -> float:
        """By how much the labels between states are longer than there is room for."""
        labels = [text_width(line) for s, t, said in self.steps if s != t for line in lines_of(said)]
        return max(0.0, max(labels, default=0.0) - 40)

    def _steps(self) -> Iterator[tuple[int, int, str]]:
        """The arrows: from a state to a state, with what is read on the way."""
        for s, row in enumerate(self.machine.successors):
            for t in dict.fromkeys(row):
                yield s, t, ", ".join(self._read(s, i) for i, to in enumerate(row) if to == t)

    def _read(self, s: int, i: int) -> str:
        letter = self.machine.inputs[i]
        said = "" if letter == () else _short(letter)
        if isinstance(self.machine, Mealy):
            observed: Any = self.machine.observations[s]
            return f"{said} / {_short(observed[i])}"
        return said

    def _reaches(self, at: Point, width: float, height: float) -> None:
        self.reach += [(at[0] - width, at[1] - height), (at[0] + width, at[1] + height)]

    def picture(self, title: str, pieces: list[Markup]) -> str:
        """All pieces, moved to where everything shows."""
        left, top = (min((p[k] for p in self.reach), default=0.0) - MARGIN for k in (0, 1))
        width, height = (max((p[k] for p in self.reach), default=0.0) + MARGIN for k in (0, 1))
        moved = element("g", *pieces, transform=f"translate({number(-left)} {number(-top)})")
        return picture(width - left, height - top, title, moved)

    def state(self, s: int, colour: str) -> Markup:
        """A state: its circle, its name, and what a Moore machine shows."""
        at, name, seen = self.places[s], _short(self.machine.states[s]), self.machine.observations[s]
        ink = text_on(colour)
        pieces: list[Markup] = [circle(at, self.radius, fill=colour, stroke="none")]
        if isinstance(self.machine, Mealy) or isinstance(seen, bool):
            pieces.append(text(at, name, colour=ink))
            if seen is True:
                pieces.append(circle(at, self.radius - 4, stroke=ink, width=1.4))
        else:
            pieces.append(text((at[0], at[1] - 7), name, colour=ink))
            pieces.append(text((at[0], at[1] + 10), _short(seen), colour=ink, size=SIZE - 3))
        return Markup("".join(pieces))

    def entry(self) -> Markup:
        """The arrow into the state in which the machine begins."""
        x, y = self.places[self.first]
        self._reaches((x - self.radius - 26, y), 0, 0)
        return arrow((x - self.radius - 26, y), (x - self.radius - 1, y))[0]

    def arrow(self, s: int, t: int, said: str) -> Iterator[Markup]:
        """An arrow and its label."""
        if s == t:
            drawn, at = loop(self.places[s], self.radius)
            yield drawn
            yield from self._label((at[0], at[1] + self.radius * 0.15), said, -1.0)
            return
        far = abs(self.layer[s] - self.layer[t])
        bend = 14.0 * ((t, s) in self.pairs or far != 1) + 26.0 * max(far - 1, 0)
        drawn, at = self._between(self.places[s], self.places[t], bend)
        yield drawn
        yield from self._label(at, said, math.copysign(1.0, at[1] - (self.places[s][1] + self.places[t][1]) / 2))

    def _label(self, at: Point, said: str, way: float) -> Iterator[Markup]:
        """A label in lines, which grow away from its arrow."""
        lines = lines_of(said)
        for k, line in enumerate(lines if way > 0 else reversed(lines)):
            place = at[0], at[1] + way * k * (SIZE + 1)
            self._reaches(place, text_width(line) / 2 * 0.85, SIZE / 2)
            yield text(place, line, size=SIZE - 2)

    def _between(self, a: Point, b: Point, bend: float) -> tuple[Markup, Point]:
        """An arrow from the rim of one circle to that of another."""
        dx, dy = b[0] - a[0], b[1] - a[1]
        turn = math.atan2(2 * bend, math.hypot(dx, dy) / 2)
        start, end = math.atan2(dy, dx) - turn, math.atan2(dy, dx) + math.pi + turn
        rim = self.radius + 1
        return arrow(
            (a[0] + rim * math.cos(start), a[1] + rim * math.sin(start)),
            (b[0] + rim * math.cos(end), b[1] + rim * math.sin(end)),
            bend=bend,
        )


def _short(label: Label) -> str:
    said = "".join(map(str, label)) if isinstance(label, tuple) and label and _digits(label) else shown(label)
    return said if len(said) <= 14 else f"{said[:13]}…"


def _digits(label: tuple[Any, ...]) -> bool:
    return all(isinstance(x, int | str) and len(str(x)) == 1 for x in label)
