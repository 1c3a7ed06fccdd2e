"""Diagrams in symmetric monoidal categories: equality, occurrences, and drawing with crossings.

Read with the crossings ``Swap`` as the symmetry, only the network of a diagram matters: which port each wire joins to
which.  Two diagrams are equal in the free symmetric monoidal category exactly when their networks are isomorphic by an
isomorphism that fixes the boundary (Joyal–Street 1991).  What is connected to the boundary is numbered by one
traversal; closed parts are traversed from each of their rarest boxes, and sorted, because scalars commute.

An occurrence of a pattern is an injective match of its boxes and wires that is convex: no path leaves it and comes
back.  That is double-pushout rewriting of acyclic networks whose wires have one end each way, which is sound and
complete for symmetric monoidal theories (Bonchi, Gadducci, Kissinger, Sobociński, Zanasi 2022).

>>> from catcore.diagrams import Box, Wire, braid, identity
>>> x = Wire("x")
>>> f, g = Box("f", x, x), Box("g", x, x)
>>> symmetric_equal((f @ g) >> braid(x, x), braid(x, x) >> (g @ f))
True
>>> symmetric_equal(braid(x, x), identity(x @ x))
False
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catcore.diagrams.cells import Box, Diagram, Layer, Swap
from catcore.diagrams.matching import Context, around, match_from
from catcore.diagrams.normal import Words, least_word, parallel, port_word
from catcore.diagrams.planar import Ports
from catcore.diagrams.wires import Wire


def symmetric_equal(f: Any, g: Any) -> bool:
    """Whether two parallel diagrams are the same arrow of the free symmetric monoidal category; always decided.

    Raises:
        NotParallel: when the diagrams differ in domain or codomain.
    """
    first, second = parallel(f, g)
    words = SymmetricWords()
    return first is second or words.of(first) == words.of(second)


def boxes_in(diagram: Diagram) -> int:
    """How many boxes a diagram has, not counting crossings."""
    return sum(not isinstance(box, Swap) for box in diagram.boxes)


class Network(Ports):
    """The boxes of a diagram and the wires between them; crossings are gone."""

    __slots__ = ("boxes", "dom", "types")

    def __init__(self, diagram: Diagram) -> None:
        kept = [box for box in diagram.boxes if not isinstance(box, Swap)]
        super().__init__(len(kept), len(diagram.dom))
        self.boxes: tuple[Box, ...] = tuple(kept)
        self.dom = diagram.dom
        self.types: list[Wire] = list(diagram.dom.wires)
        wires, node = list(self.top), 0
        for box, offset in diagram.layers:
            stop = offset + len(box.dom)
            if isinstance(box, Swap):
                wires[offset:stop] = wires[offset:stop][::-1]
                continue
            self.enter(node, wires[offset:stop])
            wires[offset:stop] = self.leave(node, len(box.cod))
            self.types += box.cod.wires
            node += 1
        self.finish(wires)

    def bare(self) -> list[int]:
        """The wires from the domain to the codomain that meet no box."""
        return [wire for wire in self.top if self.target[wire][0] < 0]

    def parts(self) -> list[list[int]]:
        """The nodes of each part that hangs together without the frame."""
        seen: set[int] = set()
        found = []
        for start in range(len(self.ins)):
            if start in seen:
                continue
            part = [start]
            seen.add(start)
            for node in part:
                for other in self.neighbours(node):
                    if other >= 0 and other not in seen:
                        seen.add(other)
                        part.append(other)
            found.append(part)
        return found


class SymmetricWords(Words):
    """Numbers for diagrams: two diagrams get one number when their networks are isomorphic over the boundary."""

    def of(self, diagram: Diagram) -> int:
        """The number of a diagram."""
        network = Network(diagram)

        def label(node: int) -> int:
            return self.number(network.boxes[node])

        framed = network.component(-1)
        seen, closed = set(framed), []
        for node in range(len(network.ins)):
            if node not in seen:
                part = network.component(node)
                seen.update(part)
                closed.append(self.number(least_word(network, part, label)[0]))
        word = port_word(network, framed, label)
        return self.number((diagram.dom, diagram.cod, word, tuple(sorted(closed))))


def symmetric_occurrences(diagram: Diagram, pattern: Diagram) -> Iterator[tuple[tuple[int, ...], Context]]:
    """Every convex occurrence of a pattern, with its context drawn with crossings.

    An occurrence is named by the boxes on which the pattern's boxes fall, counted without crossings, and then by the
    wires on which its bare wires fall.
    """
    network, small = Network(diagram), Network(pattern)
    hole = _hole_box(diagram, pattern)
    for image in _images(network, small):
        for wires in _wire_choices(network, small, image):
            drawn = _drawn(network, small, image, wires, hole)
            if drawn is not None:
                yield (*image, *wires), around(drawn, hole)


def _hole_box(diagram: Diagram, pattern: Diagram) -> Box:
    name = "□"
    while any(box.name == name for box in diagram.boxes):
        name += "□"
    return Box(name, pattern.dom, pattern.cod)


def _images(network: Network, small: Network) -> Iterator[list[int]]:
    """The injective matches of the pattern's boxes, part after part."""
    choices = []
    for part in small.parts():
        starts = range(len(network.ins))
        found = (match_from(network, network.boxes, small, small.boxes, start, part[0]) for start in starts)
        choices.append([image for image in found if image is not None])
    todo: list[tuple[int, list[int]]] = [(0, [-1] * len(small.ins))]
    while todo:
        number, image = todo.pop()
        if number == len(choices):
            yield image
            continue
        taken = {node for node in image if node >= 0}
        for choice in reversed(choices[number]):
            if not any(node in taken for node in choice):
                todo.append((number + 1, [max(pair) for pair in zip(image, choice, strict=True)]))


def _wire_choices(network: Network, small: Network, image: list[int]) -> Iterator[tuple[int, ...]]:
    """Different wires, away from the matched boxes, for the bare wires of the pattern."""
    matched = set(image)
    free = [
        wire
        for wire in range(len(network.source))
        if network.source[wire][0] not in matched and network.target[wire][0] not in matched
    ]
    bare = small.bare()
    todo: list[tuple[int, ...]] = [()]
    while todo:
        chosen = todo.pop()
        if len(chosen) == len(bare):
            yield chosen
            continue
        wanted = small.types[bare[len(chosen)]]
        todo += [(*chosen, w) for w in reversed(free) if w not in chosen and network.types[w] is wanted]


class _Opened(Ports):
    """A network in which an occurrence has become one more node."""

    def __init__(self, network: Network, small: Network, image: list[int], wires: tuple[int, ...]) -> None:
        self.ins, self.outs = [*map(list, network.ins), []], [*map(list, network.outs), []]
        self.source, self.target = list(network.source), list(network.target)
        self.top, self.bottom = list(network.top), list(network.bottom)
        self.types = list(network.types)
        hole = len(self.ins) - 1
        bare = dict(zip(small.bare(), wires, strict=True))
        after = {wire: self._split(whole) for wire, whole in bare.items()}
        ins = [bare[w] if w in bare else network.ins[image[small.target[w][0]]][small.target[w][1]] for w in small.top]
        outs = [
            after[w] if w in bare else network.outs[image[small.source[w][0]]][small.source[w][1]] for w in small.bottom
        ]
        for node in image:
            self.ins[node], self.outs[node] = [], []
        self.enter(hole, ins)
        self.outs[hole] = outs
        for port, wire in enumerate(outs):
            self.source[wire] = (hole, port)

    def _split(self, wire: int) -> int:
        rest = self.begin(-1, 0)
        self.types.append(self.types[wire])
        end, port = self.target[rest] = self.target[wire]
        (self.bottom if end < 0 else self.ins[end])[port] = rest
        return rest


def _drawn(network: Network, small: Network, image: list[int], wires: tuple[int, ...], hole: Box) -> Diagram | None:
    """The diagram with a hole for the occurrence; nothing where a path leaves the occurrence and comes back."""
    opened = _Opened(network, small, image, wires)
    boxes = (*network.boxes, hole)
    left = [node for node in range(len(boxes)) if node not in set(image)]
    missing = {node: len(opened.ins[node]) for node in left}
    scan, layers = list(opened.top), list[Layer]()
    ready = [node for node in reversed(left) if not missing[node]]
    for wire in reversed(scan):
        _arrive(opened.target[wire][0], missing, ready)
    while ready:
        node = ready.pop()
        at = _gather(scan, opened.ins[node], opened.types, layers)
        layers.append((boxes[node], at))
        scan[at : at + len(opened.ins[node])] = opened.outs[node]
        for wire in reversed(opened.outs[node]):
            _arrive(opened.target[wire][0], missing, ready)
    if any(missing.values()):
        return None
    _gather(scan, opened.bottom, opened.types, layers)
    return Diagram(network.dom, *layers)


def _arrive(node: int, missing: dict[int, int], ready: list[int]) -> None:
    if node >= 0:
        missing[node] -= 1
        if not missing[node]:
            ready.append(node)


def _gather(scan: list[int], wanted: list[int], types: list[Wire], layers: list[Layer]) -> int:
    """Cross wires until the wanted ones stand in order side by side; where they begin."""
    if not wanted:
        return len(scan)
    base = min(map(scan.index, wanted))
    for number, wire in enumerate(wanted):
        for here in range(scan.index(wire), base + number, -1):
            layers.append((Swap(types[scan[here - 1]], types[wire]), here - 1))
            scan[here - 1], scan[here] = wire, scan[here - 1]
    return base
