"""Equality of planar diagrams up to interchange, and a normal form (Delpeuch–Vicary 2022).

*Equality* is exact.  A diagram becomes a word of integers that does not depend on how its layers are ordered: the part
connected to the boundary is numbered by a traversal from there, which takes linear time; a closed component is
traversed from each of its rarest boxes, the smallest word wins, and the words of the components in each region are
sorted, which is quadratic.  A closed component never leaves its region, and two in one region commute.

*The normal form* moves left boxes up: no layer is followed by a layer on its left.  On a part connected to the
boundary, and on each closed component by itself, these moves end, and in one diagram only; closed components are then
put where their region begins.  The number of moves can grow with the cube of the size, as it does for spirals.

>>> from catcore.diagrams import Box, Path, Wire
>>> x, unit = Wire("x"), Path()
>>> a, b = Box("a", unit, unit), Box("b", unit, unit)
>>> equal(a >> b, b @ a)                    # Eckmann–Hilton
True
>>> f, g = Box("f", x, x), Box("g", x, x)
>>> print(normal_form((x @ g) >> (f @ x)))
f x ; x g
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from catcore.diagrams.cells import Box, Diagram, Layer, as_diagram
from catcore.diagrams.planar import Component, Place, Plane, Ports, Size, components, own_offsets
from catcore.diagrams.wires import Path
from catcore.errors import NotParallel


def equal(f: Any, g: Any) -> bool:
    """Whether two parallel diagrams are the same 2-cell of the free strict 2-category; always decided.

    Raises:
        NotParallel: when the diagrams differ in domain or codomain.
    """
    first, second = parallel(f, g)
    words = Words()
    return first is second or words.of(first) == words.of(second)


def normal_form(f: Any) -> Diagram:
    """The diagram equal to ``f`` in which left boxes come first; equal diagrams have the same one."""
    diagram = as_diagram(f)
    sizes = sizes_of(diagram)
    plane = Plane(len(diagram.dom), sizes)
    parts = components(plane)
    offsets = own_offsets(sizes, parts, len(diagram.dom))
    blocks = []
    for part in parts:
        ordered = _exchanged_to_normal([(node, *sizes[node][:2], offsets[node]) for node in part.nodes])
        blocks.append((part, [(node, offset) for node, _, _, offset in ordered]))
    return assemble(diagram.dom, diagram.boxes, plane, blocks)


def parallel(f: Any, g: Any) -> tuple[Diagram, Diagram]:
    """Both as diagrams; raises ``NotParallel`` when they differ in domain or codomain."""
    first, second = as_diagram(f), as_diagram(g)
    if first.dom is not second.dom or first.cod is not second.cod:
        raise NotParallel(
            f"Two 2-cells were to be compared that are not parallel: {first.signature} and {second.signature}. Both "
            "must have the same domain and codomain."
        )
    return first, second


def sizes_of(diagram: Diagram) -> list[Size]:
    """Inputs, outputs and offset of every layer."""
    return [(len(box.dom), len(box.cod), offset) for box, offset in diagram.layers]


class Words:
    """Numbers for diagrams: two diagrams get one number when they are equal up to interchange.

    Numbers are given in the order of asking and mean nothing outside their ``Words``.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def of(self, diagram: Diagram) -> int:
        """The number of a diagram."""
        plane = Plane(len(diagram.dom), sizes_of(diagram))
        boxes = diagram.boxes
        parts = components(plane)
        inside: list[dict[int, list[int]]] = [{} for _ in parts]  # the numbers in each region of each component
        for place in range(len(parts) - 1, 0, -1):
            part = parts[place]
            number = self._closed(plane, boxes, part, inside[place])
            inside[part.parent].setdefault(part.outside, []).append(number)
        word = port_word(plane, plane.component(-1), self._label(boxes))
        nested = self._nested(plane, plane.component(-1), inside[0])
        return self.number((diagram.dom, diagram.cod, word, nested))

    def number(self, key: Hashable) -> int:
        """The number of anything."""
        return self._numbers.setdefault(key, len(self._numbers))

    def _label(self, boxes: Sequence[Box]) -> Callable[[int], int]:
        return lambda node: self.number(boxes[node])

    def _closed(self, plane: Plane, boxes: Sequence[Box], part: Component, inside: dict[int, list[int]]) -> int:
        word, order = least_word(plane, part.nodes, self._label(boxes))
        return self.number((word, self._nested(plane, order, inside)))

    @staticmethod
    def _nested(plane: Plane, order: list[int], inside: dict[int, list[int]]) -> Hashable:
        """What lies in the regions of a component, each named by the first of its corners."""
        left = dict(inside)
        found = []
        for position, node in enumerate(order):
            if not left:
                break
            for corner, region in enumerate(plane.around(node)):
                if region in left:
                    found.append((position, corner, tuple(sorted(left.pop(region)))))
        return tuple(found)


def port_word(graph: Ports, order: list[int], label: Callable[[int], int]) -> tuple[int, ...]:
    """A graph of ports as a word: each node's label, then where its inputs come from.

    ``order`` is a traversal, which the first node and the graph determine; nodes are named by their place in it.
    """
    place = {node: number for number, node in enumerate(order)}
    word = []
    for node in order:
        if node >= 0:
            word.append(label(node))
        for wire in graph.ins[node] if node >= 0 else graph.bottom:
            source, port = graph.source[wire]
            word += (place[source], port)
    return tuple(word)


def least_word(graph: Ports, nodes: list[int], label: Callable[[int], int]) -> tuple[tuple[int, ...], list[int]]:
    """The smallest word of a closed component over traversals from each of its rarest boxes, and that traversal."""
    labels = [label(node) for node in nodes]
    counts = {one: labels.count(one) for one in set(labels)}
    rarest = min(counts, key=lambda one: (counts[one], one))
    orders = [graph.component(node) for node, one in zip(nodes, labels, strict=True) if one == rarest]
    return min((port_word(graph, order, label), order) for order in orders)


def _exchanged_to_normal(layers: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Exchange neighbours while the lower box stands on the left of the upper one; layers are (name, in, out, at)."""
    here = 0
    while here + 1 < len(layers):
        name, inputs, outputs, offset = layers[here]
        below, wanted, made, at = layers[here + 1]
        if at + wanted <= offset:
            layers[here] = (below, wanted, made, at)
            layers[here + 1] = (name, inputs, outputs, offset - wanted + made)
            here = max(here - 1, 0)
        else:
            here += 1
    return layers


def assemble(dom: Path, boxes: Sequence[Box], plane: Plane, blocks: list[tuple[Component, list[Place]]]) -> Diagram:
    """The diagram whose components are drawn as ``blocks`` of (node, offset), each put where its region begins.

    Components in one region are sorted, and every block holds what is nested in its component.
    """
    inner: list[dict[Place, list[list[Layer]]]] = [{} for _ in blocks]
    places: list[dict[int, Place]] = []
    for part, block in blocks:
        width = len(dom) if part.parent < 0 else 0
        places.append(_region_places(plane, part, block, boxes, width))
    finished: list[Layer] = []
    for number in range(len(blocks) - 1, -1, -1):
        part, block = blocks[number]
        finished = _filled([(boxes[node], offset) for node, offset in block], inner[number])
        if part.parent >= 0:
            at = places[part.parent][part.outside]
            inner[part.parent].setdefault(at, []).append(finished)
    return Diagram(dom, *finished)


def _region_places(
    plane: Plane, part: Component, block: Sequence[Place], boxes: Sequence[Box], width: int
) -> dict[int, Place]:
    """Where the regions of the whole plane begin in the drawing of one component."""
    drawn = Plane(width, [(len(boxes[node].dom), len(boxes[node].cod), offset) for node, offset in block])
    first = drawn.first_places()
    found: dict[int, Place] = {}
    if part.parent < 0:
        found.update(zip(plane.around(-1), (first[region] for region in drawn.around(-1)), strict=True))
    for layer, (node, _) in enumerate(block):
        found.update(zip(plane.around(node), (first[region] for region in drawn.around(layer)), strict=True))
    return found


def _filled(layers: list[Layer], inner: dict[Place, list[list[Layer]]]) -> list[Layer]:
    """The layers with closed blocks put in at given places."""
    result: list[Layer] = []
    at = sorted(inner)
    for number in range(len(layers) + 1):
        for place in (place for place in at if place[0] == number):
            blocks = inner[place]
            for block in sorted(blocks, key=_sort_key) if len(blocks) > 1 else blocks:
                result += [(box, offset + place[1]) for box, offset in block]
        result += layers[number : number + 1]
    return result


def _sort_key(block: list[Layer]) -> list[tuple[str, int]]:
    return [(repr(box), offset) for box, offset in block]
