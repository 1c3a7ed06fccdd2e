"""Occurrences of a diagram inside another one, up to interchange.

A connected pattern with boxes occurs where its boxes and the wires between them are found again, port by port, with
nothing in the regions that it encloses, and where the diagram stays drawable when the occurrence shrinks to one box:
that is convexity, since a path that leaves and comes back would become a cycle.  A single wire occurs on every wire,
and the empty diagram in every region of its 0-cell, which is how an equation ``f = id`` is used from right to left.
The diagram around a shrunk occurrence is drawn again in layers, so that an occurrence is a true decomposition

    diagram  =  above >> (left @ pattern @ right) >> below      up to interchange.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catcore.diagrams.cells import Box, Diagram, as_diagram
from catcore.diagrams.normal import assemble, sizes_of
from catcore.diagrams.planar import Place, Plane, Ports, components
from catcore.diagrams.upward import draw
from catcore.diagrams.wires import Path, ZeroCell
from catcore.errors import NoInstance


@dataclass(frozen=True, slots=True)
class Context:
    """A diagram with a hole: ``above >> (left @ · @ right) >> below``."""

    above: Diagram
    left: Path
    right: Path
    below: Diagram

    def fill(self, diagram: Diagram) -> Diagram:
        """The diagram with the hole filled; raises ``NotComposable`` when it does not fit."""
        return self.above >> (as_diagram(self.left) @ diagram @ self.right) >> self.below


def occurrences(diagram: Diagram, pattern: Diagram) -> Iterator[tuple[Place | tuple[int, ...], Context]]:
    """Every occurrence of a pattern, with its context.

    An occurrence of boxes is named by the layers they are in; that of a wire or of nothing by the number of layers
    above and the number of wires on its left, where the wire or the region begins.

    Raises:
        NoInstance: when the pattern is not connected and not a single wire or empty.
    """
    plane = Plane(len(diagram.dom), sizes_of(diagram))
    if pattern.layers:
        yield from _of_boxes(diagram, plane, pattern)
    elif len(pattern.dom) <= 1:
        places = _wires(diagram, plane, pattern) if len(pattern.dom) else _regions(diagram, plane, pattern.dom.source)
        for name, shrunk in places:
            context = _context(diagram, shrunk, pattern)
            if context is not None:
                yield name, context
    else:
        raise _disconnected(pattern)


def _disconnected(pattern: Diagram) -> NoInstance:
    return NoInstance(
        f"Occurrences of {pattern.signature} were asked for, which has several parts; a planar pattern is one "
        "connected diagram, one wire, or empty. Use the equation in the other direction, or symmetric rewriting."
    )


def _of_boxes(diagram: Diagram, plane: Plane, pattern: Diagram) -> Iterator[tuple[tuple[int, ...], Context]]:
    small = Plane(len(pattern.dom), sizes_of(pattern))
    if not _connected(small):
        raise _disconnected(pattern)
    for start in range(len(diagram)):
        found = match_from(plane, diagram.boxes, small, pattern.boxes, start)
        if found is None or not _encloses_nothing(plane, small, found):
            continue
        context = _context(diagram, _shrunk(plane, small, found), pattern)
        if context is not None:
            yield tuple(found), context


def _connected(small: Ports) -> bool:
    """Whether the boxes hang together without the frame, and no wire passes them by."""
    seen, todo = {0}, [0]
    for node in todo:
        for other in small.neighbours(node):
            if other >= 0 and other not in seen:
                seen.add(other)
                todo.append(other)
    return len(seen) == len(small.ins) and all(small.target[wire][0] >= 0 for wire in small.top)


def match_from(
    graph: Ports, boxes: tuple[Box, ...], small: Ports, pattern: tuple[Box, ...], start: int, first: int = 0
) -> list[int] | None:
    """The nodes onto which the part of a pattern around its node ``first`` falls when that falls onto ``start``.

    Nodes of other parts are ``-1`` in the answer.
    """
    image = [-1] * len(pattern)
    image[first], todo = start, [first]
    for node in todo:
        found = image[node]
        if graph_box(boxes, found) is not pattern[node]:
            return None
        pairs = [(small.source[w], graph.source[v]) for w, v in zip(small.ins[node], graph.ins[found], strict=True)] + [
            (small.target[w], graph.target[v]) for w, v in zip(small.outs[node], graph.outs[found], strict=True)
        ]
        for (other, port), (seen, at) in pairs:
            if other < 0:
                continue
            if seen < 0 or port != at or image[other] not in (-1, seen):
                return None
            if image[other] < 0:
                image[other] = seen
                todo.append(other)
    kept = [node for node in image if node >= 0]
    return image if len(set(kept)) == len(kept) else None


def graph_box(boxes: tuple[Box, ...], node: int) -> Box | None:
    """The box of a node; nothing for a node that was taken away."""
    return boxes[node] if 0 <= node < len(boxes) else None


def _encloses_nothing(plane: Plane, small: Plane, image: list[int]) -> bool:
    outer = set(small.around(-1))
    inner = {
        region
        for node, found in enumerate(image)
        for part, region in zip(small.around(node), plane.around(found), strict=True)
        if part not in outer
    }
    others = set(range(len(plane.ins))) - set(image)
    return not any(region in inner for node in others for region in plane.around(node))


class _Shrunk(Plane):
    """A plane graph in which an occurrence has become one node, the last one."""

    def __init__(self, plane: Plane) -> None:
        self.ins, self.outs = [*map(list, plane.ins), []], [*map(list, plane.outs), []]
        self.source, self.target = list(plane.source), list(plane.target)
        self.top, self.bottom = list(plane.top), list(plane.bottom)
        self.births, self._parent = plane.births, plane._parent
        self.corners, self.frame = [*plane.corners, []], plane.frame

    def set_hole(self, ins: list[int], outs: list[int], corners: list[int]) -> None:
        """Give the last node its wires and regions."""
        hole = len(self.ins) - 1
        self.enter(hole, ins)
        self.outs[hole], self.corners[hole] = outs, corners
        for port, wire in enumerate(outs):
            self.source[wire] = (hole, port)


def _shrunk(plane: Plane, small: Plane, image: list[int]) -> _Shrunk:
    shrunk = _Shrunk(plane)
    region = {
        part: whole
        for node, found in enumerate(image)
        for part, whole in zip(small.around(node), plane.around(found), strict=True)
    }
    for node in image:
        shrunk.ins[node], shrunk.outs[node], shrunk.corners[node] = [], [], []
    ends = [small.target[wire] for wire in small.top], [small.source[wire] for wire in small.bottom]
    ins = [plane.ins[image[node]][port] for node, port in ends[0]]
    outs = [plane.outs[image[node]][port] for node, port in ends[1]]
    frame = [region[part] for part in small.around(-1)]
    width = len(ins) + 1
    left, right = frame[0], frame[width - 1]
    shrunk.set_hole(ins, outs, [left, right, *frame[1 : width - 1], *frame[width + 1 : -1]])
    return shrunk


def _wires(diagram: Diagram, plane: Plane, pattern: Diagram) -> Iterator[tuple[Place, _Shrunk]]:
    (wanted,) = pattern.dom.wires
    for wire, (node, port) in enumerate(plane.source):
        word = diagram.dom if node < 0 else diagram.boxes[node].cod
        if word.wires[port] is wanted:
            place = (0, port) if node < 0 else (node + 1, diagram.layers[node][1] + port)
            yield place, _split(plane, wire)


def _split(plane: Plane, wire: int) -> _Shrunk:
    """The plane with a new node on a wire."""
    shrunk = _Shrunk(plane)
    node, port = plane.source[wire]
    if node < 0:
        beside = [plane.region(gap) for gap in plane.frame[port : port + 2]]
    else:
        left, right, *between = plane.around(node)
        across = [left, *between[len(between) + 1 - len(plane.outs[node]) :], right]
        beside = across[port : port + 2]
    end, at = plane.target[wire]
    rest = shrunk.begin(len(shrunk.ins) - 1, 0)
    shrunk.target[rest] = (end, at)
    (shrunk.bottom if end < 0 else shrunk.ins[end])[at] = rest
    shrunk.set_hole([wire], [rest], beside)
    return shrunk


def _regions(diagram: Diagram, plane: Plane, cell: ZeroCell) -> Iterator[tuple[Place, _Shrunk]]:
    words = list(diagram.slices())
    for region, (layer, at) in sorted(plane.first_places().items(), key=lambda item: item[1]):
        word = words[layer]
        if (word.wires[at - 1].source if at else word.target) is cell:
            shrunk = _Shrunk(plane)
            shrunk.set_hole([], [], [region, region])
            yield (layer, at), shrunk


def _context(diagram: Diagram, shrunk: _Shrunk, pattern: Diagram) -> Context | None:
    """What is around the last node, drawn in layers; nothing where that has no upward drawing."""
    name = "□"
    while any(box.name == name for box in diagram.boxes):
        name += "□"
    hole = Box(name, pattern.dom, pattern.cod)
    blocks = []
    for part in components(shrunk):
        block = draw(shrunk, part.nodes, framed=part.parent < 0)
        if block is None:
            return None
        blocks.append((part, block))
    drawn = assemble(diagram.dom, (*diagram.boxes, hole), shrunk, blocks)
    return around(drawn, hole)


def around(drawn: Diagram, hole: Box) -> Context:
    """The context of a box that occurs once."""
    at = drawn.boxes.index(hole)
    offset = drawn.layers[at][1]
    above = Diagram(drawn.dom, *drawn.layers[:at])
    stop = offset + len(hole.dom)
    left, right = above.cod.slice(0, offset), above.cod.slice(stop, len(above.cod))
    below = Diagram(left @ hole.cod @ right, *drawn.layers[at + 1 :])
    return Context(above, left, right, below)
