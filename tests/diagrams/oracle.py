"""Brute force over interchanges, to compare with: everything here is slow and obvious."""

from __future__ import annotations

import random
from collections.abc import Iterator

from catcore.diagrams import Box, Diagram, Path, Wire, adjunction_theory, equal, identity

X = Wire("x")
NOTHING = Path()
SCALARS = (Box("s", NOTHING, NOTHING), Box("t", NOTHING, NOTHING))
ENDS = (Box("u", NOTHING, X), Box("e", X, NOTHING), Box("cup", X @ X, NOTHING), Box("cap", NOTHING, X @ X))
BOXES = (*SCALARS, *ENDS, Box("f", X, X), Box("m", X @ X, X), Box("d", X, X @ X))


def random_diagram(
    rng: random.Random, width: int, layers: int, boxes: tuple[Box, ...] = BOXES, wire: Wire = X
) -> Diagram:
    """A diagram with boxes put anywhere on copies of one wire."""
    found: list[tuple[Box, int]] = []
    here = width
    for _ in range(layers):
        choices = [(box, at) for box in boxes for at in range(here - len(box.dom) + 1)]
        if not choices:
            break
        box, at = rng.choice(choices)
        found.append((box, at))
        here += len(box.cod) - len(box.dom)
    return Diagram(wire**width, *found)


def interchange_class(diagram: Diagram, limit: int = 3000) -> set[Diagram] | None:
    """Every diagram that interchanges lead to, or nothing when there are too many."""
    seen, todo = {diagram}, [diagram]
    for one in todo:
        for other in one.interchanges():
            if other not in seen:
                seen.add(other)
                todo.append(other)
        if len(seen) > limit:
            return None
    return seen


def literal_occurrences(drawings: set[Diagram], patterns: set[Diagram], hole: Box) -> Iterator[Diagram]:
    """Every diagram in which the hole stands where some drawing shows some pattern, layer by layer."""
    for drawing in drawings:
        words = list(drawing.slices())
        for pattern in patterns:
            yield from _shown(drawing, words, pattern, hole)


def _shown(drawing: Diagram, words: list[Path], pattern: Diagram, hole: Box) -> Iterator[Diagram]:
    count, width = len(pattern), len(pattern.dom)
    for start in range(len(drawing) - count + 1):
        part = drawing.layers[start : start + count]
        for at in range(len(words[start]) - width + 1):
            shifted = tuple((box, offset + at) for box, offset in pattern.layers)
            if shifted == part and words[start].slice(at, at + width) is pattern.dom:
                yield Diagram(drawing.dom, *drawing.layers[:start], (hole, at), *drawing.layers[start + count :])


def distinct(diagrams: Iterator[Diagram]) -> list[Diagram]:
    """One diagram of each class up to interchange."""
    found: list[Diagram] = []
    for diagram in diagrams:
        if not any(equal(diagram, other) for other in found):
            found.append(diagram)
    return found


def random_coloured(rng: random.Random, layers: int) -> Diagram:
    """A diagram over an adjunction, with a scalar of each colour."""
    theory = adjunction_theory()
    f, g = theory.wires
    scalars = (Box("c", Path(f.source), Path(f.source)), Box("d", Path(g.source), Path(g.source)))
    diagram = identity(rng.choice([Path(f.source), Path(g.source), f, g @ f]))
    for _ in range(layers):
        word = diagram.cod
        choices = [
            (box, at)
            for box in (*theory.boxes, *scalars)
            for at in range(len(word) - len(box.dom) + 1)
            if word.slice(at, at + len(box.dom)) is box.dom
        ]
        diagram = Diagram(diagram.dom, *diagram.layers, rng.choice(choices))
    return diagram
