"""The plan of a dynamic programming problem: its states, their answers, and a best solution (THEORY T3.4).

Each state is a box with its answer below it.  A choice is an arrow to the subproblems that it leaves, which parts at
what is written there or at a dot.  The choices of one best solution are drawn bold, which is what executing the plan
takes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from catcore.categories.finite_sets import shown
from catcore.datatypes.optimisation import Choice, Problem
from catcore.datatypes.semirings import Semiring
from catcore.drawing.colours import INK, palette
from catcore.drawing.layouts import layers, routed
from catcore.drawing.strokes import SIZE, Point, box, circle, flow, text, text_width
from catcore.drawing.svg import Markup, picture
from catcore.errors import TooLarge

LARGEST = 150  # states and choices in one picture
HEIGHT, LEVEL, MARGIN, UNIT, DOT = 26.0, 84.0, 22.0, 14.0, 4.0


def plan_svg(
    problem: Problem,
    start: Hashable,
    semiring: Semiring,
    *,
    say: Callable[[Choice], str] | None = None,
    title: str | None = None,
) -> str:
    """The states reached from one, their choices, and a best solution, as SVG.

    Args:
        problem: the choices of each state.
        start: the state to begin with.
        semiring: in which the states are answered; a solution is marked where ⊕ chooses, as in min-plus.
        say: what is written at a choice; by default its label, or else its cost.
        title: what the picture says to those who cannot see it.

    Raises:
        TooLarge: for more than 150 states and choices.
        NotRecursive: when a state leads back to itself.
    """
    sheet = _Sheet(problem, start, semiring, say or _said)
    return sheet.picture(title or f"the plan from {shown(start)} in {semiring}")


def _said(choice: Choice) -> str:
    return shown(choice.label) if choice.label is not None else "" if choice.cost in (0, None) else shown(choice.cost)


class _Sheet:
    """Boxes for states and dots for choices, with the arrows between them."""

    def __init__(self, problem: Problem, start: Hashable, semiring: Semiring, say: Callable[[Choice], str]) -> None:
        self.semiring, self.say = semiring, say
        self.answers = problem.answers(start, semiring)
        if len(self.answers) > LARGEST:
            raise TooLarge(f"A picture of {len(self.answers)} states was asked for; at most {LARGEST} are drawn.")
        self.choices = {state: list(problem.choices(state)) for state in self.answers}
        self.marked = self._solution(start)
        self.names: list[Any] = []  # states, and pairs of a state and the number of a choice
        self.below: list[list[int]] = []
        self.bold: dict[tuple[int, int], bool] = {}
        self._connect(start)
        self.points = self._points()

    def _solution(self, start: Hashable) -> set[tuple[Any, int]]:
        """The choices of one best solution, each with its state."""
        found: set[tuple[Any, int]] = set()
        todo = [start]
        while todo:
            state = todo.pop()
            for k, choice in enumerate(self.choices[state]):
                weight = self.semiring.lift(choice.cost, choice.label)
                worth = self.semiring.product([weight, *(self.answers[s] for s in choice.leaves)])
                if (state, k) not in found and self.semiring.same(worth, self.answers[state]):
                    found.add((state, k))
                    todo += choice.leaves
                    break
        return found

    def _connect(self, start: Hashable) -> None:
        number: dict[Any, int] = {}

        def node(name: Any) -> int:
            if name not in number:
                number[name] = len(self.names)
                self.names.append(name)
                self.below.append([])
            return number[name]

        def edge(a: int, b: int, bold: bool) -> None:
            if b not in self.below[a]:
                self.below[a].append(b)
            self.bold[a, b] = bold or self.bold.get((a, b), False)

        node(("state", start))
        for state, choices in self._ordered(start):
            for k, choice in enumerate(choices):
                here, bold = node(("state", state)), (state, k) in self.marked
                if choice.leaves and (len(choice.leaves) > 1 or self.say(choice)):
                    parting = node(("choice", (state, k)))
                    edge(here, parting, bold)
                    here = parting
                for s in choice.leaves:
                    edge(here, node(("state", s)), bold)
        if len(self.names) > LARGEST:
            raise TooLarge(
                f"A picture of {len(self.names)} states and choices was asked for; at most {LARGEST} are drawn."
            )

    def _ordered(self, start: Hashable) -> Iterator[tuple[Any, list[Choice]]]:
        """The states in the order in which they are reached."""
        seen, queue = {start}, [start]
        for state in queue:
            yield state, self.choices[state]
            fresh = [s for c in self.choices[state] for s in c.leaves if s not in seen]
            seen.update(fresh)
            queue += dict.fromkeys(fresh)

    def _points(self) -> list[Point]:
        layer = layers(self.below)
        self.widths = [self._width(i) for i in range(len(self.names))]
        across, routes = routed(self.below, layer, [w / UNIT + 1 for w in self.widths])
        heights = self._heights(layer)

        def point(x: float, y: int) -> Point:
            return MARGIN + UNIT * x, MARGIN + HEIGHT / 2 + heights[y]

        self.routes = {edge: [point(x, y) for x, y in way] for edge, way in routes.items()}
        return [point(x, y) for x, y in zip(across, layer, strict=True)]

    def _heights(self, layer: list[int]) -> list[float]:
        """How far down each layer is; dots need less room than boxes."""
        boxes = {y for y, name in zip(layer, self.names, strict=True) if name[0] == "state"}
        found = [0.0]
        for y in range(max(layer)):
            found.append(
                found[-1] + (LEVEL if y in boxes and y + 1 in boxes else LEVEL * (0.72 if y in boxes else 0.5))
            )
        return found

    def _label(self, i: int) -> str:
        """What is written at a choice."""
        state, k = self.names[i][1]
        return self.say(self.choices[state][k])

    def _width(self, i: int) -> float:
        kind, name = self.names[i]
        return text_width(_brief(name)) + 18 if kind == "state" else max(2 * DOT, text_width(self._label(i)) * 0.8)

    def _ends(self, i: int) -> tuple[float, float]:
        """How far above and below its middle lines may come to a node."""
        if self.names[i][0] == "state":
            return HEIGHT / 2 + 1, HEIGHT / 2 + 18
        return (SIZE / 2 + 1, SIZE / 2 + 1) if self._label(i) else (DOT, DOT)

    def picture(self, title: str) -> str:
        """The whole sheet."""
        pieces = [self._arrow(a, b) for a, targets in enumerate(self.below) for b in targets]
        pieces += [piece for i in range(len(self.names)) for piece in self._node(i)]
        right = max(x + w / 2 for (x, _), w in zip(self.points, self.widths, strict=True))
        right = max([right, *(x + 10 for way in self.routes.values() for x, _ in way)])
        bottom = max(y for _, y in self.points)
        return picture(right + MARGIN, bottom + HEIGHT / 2 + 18 + MARGIN, title, *pieces)

    def _arrow(self, a: int, b: int) -> Markup:
        (x, y), (x_, y_) = self.points[a], self.points[b]
        way = [(x, y + self._ends(a)[1]), *self.routes.get((a, b), []), (x_, y_ - self._ends(b)[0])]
        bold = self.bold[a, b]
        colour, width = (_BOLD, 3.0) if bold else (INK, 1.3)
        return flow(way, head=self.names[b][0] == "state", colour=colour, width=width)

    def _node(self, i: int) -> Iterator[Markup]:
        kind, name = self.names[i]
        at = self.points[i]
        if kind == "choice":
            colour = _BOLD if name in self.marked else INK
            said = self._label(i)
            yield text(at, said, size=SIZE - 2, colour=colour) if said else circle(at, DOT, fill=colour, stroke="none")
            return
        reached = any(state == name for state, _ in self.marked)
        yield box(at, self.widths[i], HEIGHT, _brief(name), _BOLD if reached else _CALM)
        yield text((at[0], at[1] + HEIGHT / 2 + 9), _brief(self.answers[name]), size=SIZE - 2)


_CALM, _BOLD = palette(2)


def _brief(value: Any) -> str:
    said = shown(value)
    return said if len(said) <= 18 else f"{said[:17]}…"
