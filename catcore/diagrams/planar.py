"""The plane graph of a string diagram: wires, components, regions, and which component lies in which region.

A diagram is swept once from top to bottom.  Its boxes are the nodes of a graph whose wires join an output port to an
input port; the boundary is one more node, the frame.  The gaps between neighbouring wires grow together into regions of
the plane.  A component that does not touch the frame lies in one region of the component around it, so that components
form a tree under the frame.  Two diagrams are equal in the free strict 2-category exactly when these data are
isomorphic (planar isotopy of progressive and of recumbent diagrams; Joyal–Street 1991, Delpeuch–Vicary 2022).

Corners are where a node touches a region: number 0 on its left, 1 on its right, then between its inputs, then between
its outputs.  Corners of the frame are the gaps of the domain, then those of the codomain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Inputs, outputs and offset of a layer.
Size = tuple[int, int, int]
Place = tuple[int, int]


class Ports:
    """A graph of nodes with ordered inputs and outputs, and of a frame with a domain and a codomain.

    ``source[w]`` and ``target[w]`` are the node and the port at the ends of wire ``w``; the frame is node ``-1``.
    """

    __slots__ = ("bottom", "ins", "outs", "source", "target", "top")

    def __init__(self, nodes: int, width: int) -> None:
        self.ins: list[list[int]] = [[] for _ in range(nodes)]
        self.outs: list[list[int]] = [[] for _ in range(nodes)]
        self.source: list[Place] = []
        self.target: list[Place] = []
        self.top = [self.begin(-1, port) for port in range(width)]
        self.bottom: list[int] = []

    def begin(self, node: int, port: int) -> int:
        """A new wire that leaves a port."""
        self.source.append((node, port))
        self.target.append((-1, -1))
        return len(self.source) - 1

    def enter(self, node: int, wires: list[int]) -> None:
        """Let the wires end at the inputs of a node."""
        self.ins[node] = wires
        for port, wire in enumerate(wires):
            self.target[wire] = (node, port)

    def leave(self, node: int, count: int) -> list[int]:
        """The wires that leave a node."""
        self.outs[node] = [self.begin(node, port) for port in range(count)]
        return self.outs[node]

    def finish(self, wires: list[int]) -> None:
        """Let the wires end at the codomain."""
        self.bottom = wires
        for port, wire in enumerate(wires):
            self.target[wire] = (-1, port)

    def neighbours(self, node: int) -> list[int]:
        """The nodes at the other ends of a node's wires, inputs first; ``-1`` is the frame."""
        if node < 0:
            return [self.target[w][0] for w in self.top] + [self.source[w][0] for w in self.bottom]
        return [self.source[w][0] for w in self.ins[node]] + [self.target[w][0] for w in self.outs[node]]

    def component(self, start: int) -> list[int]:
        """The nodes connected to a node, in the order of a traversal that depends on nothing but the ports."""
        order, seen = [start], {start}
        for node in order:
            for other in self.neighbours(node):
                if other not in seen:
                    seen.add(other)
                    order.append(other)
        return order


class Plane(Ports):
    """The plane graph of layers given by their sizes, with its regions."""

    __slots__ = ("_parent", "births", "corners", "frame")

    def __init__(self, width: int, layers: Sequence[Size]) -> None:
        super().__init__(len(layers), width)
        self.births: list[Place] = [(0, place) for place in range(width + 1)]
        self._parent = list(range(width + 1))
        self.corners: list[list[int]] = []
        self.frame = list(range(width + 1))
        wires, gaps = list(self.top), list(range(width + 1))
        for node, layer in enumerate(layers):
            self._pass(node, layer, wires, gaps)
        self.finish(wires)
        self.frame += gaps

    def _pass(self, node: int, layer: Size, wires: list[int], gaps: list[int]) -> None:
        inputs, outputs, offset = layer
        stop = offset + inputs
        self.enter(node, wires[offset:stop])
        wires[offset:stop] = self.leave(node, outputs)
        left, right = gaps[offset], gaps[stop]
        fresh = [self._gap(node + 1, offset + place) for place in range(1, outputs)]
        self.corners.append([left, right, *gaps[offset + 1 : stop], *fresh])
        if not outputs and inputs:
            self._parent[self.region(right)] = self.region(left)
        gaps[offset : stop + 1] = [left, *fresh, right] if outputs else [left]

    def _gap(self, layer: int, place: int) -> int:
        self.births.append((layer, place))
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def region(self, gap: int) -> int:
        """The region that a gap has grown into."""
        parent = self._parent
        while parent[gap] != gap:
            parent[gap] = parent[parent[gap]]
            gap = parent[gap]
        return gap

    def around(self, node: int) -> list[int]:
        """The regions at the corners of a node, ``-1`` for the frame."""
        return [self.region(gap) for gap in (self.frame if node < 0 else self.corners[node])]

    def first_places(self) -> dict[int, Place]:
        """Where each region is met first: how many layers are above, and how many wires on the left."""
        places: dict[int, Place] = {}
        for gap, place in enumerate(self.births):
            region = self.region(gap)
            places[region] = min(place, places.get(region, place))
        return places


@dataclass(slots=True)
class Component:
    """A connected part of a plane graph, and where it lies."""

    #: Its nodes in the order of their layers; the part that touches the frame leaves the frame out.
    nodes: list[int]
    #: The component around it, and the region of the plane graph that both touch; ``-1`` for the framed part.
    parent: int
    outside: int


def components(plane: Plane) -> list[Component]:
    """The framed part, then all closed components, each after the one around it."""
    owner = [-1] * len(plane.ins)
    members = [sorted(node for node in plane.component(-1) if node >= 0)]
    for node in members[0]:
        owner[node] = 0
    for node in range(len(owner)):
        if owner[node] < 0:
            part = sorted(plane.component(node))
            for other in part:
                owner[other] = len(members)
            members.append(part)
    return _nested(plane, members, owner)


def _nested(plane: Plane, members: list[list[int]], owner: list[int]) -> list[Component]:
    touching: dict[int, set[int]] = {}
    for node in range(len(owner)):
        for region in plane.around(node):
            touching.setdefault(region, set()).add(owner[node])
    found = [Component(members[0], -1, -1)]
    number = {0: 0}  # of the members in the order of discovery
    order, regions = [0], set[int]()
    for part in order:
        around = set(plane.around(-1)) if part == 0 else set[int]()
        around.update(region for node in members[part] for region in plane.around(node))
        for region in sorted(around - regions):
            regions.add(region)
            for inner in sorted(touching.get(region, set()) - number.keys()):
                number[inner] = len(found)
                order.append(inner)
                found.append(Component(members[inner], number[part], region))
    return found


def own_offsets(layers: Sequence[Size], parts: Sequence[Component], width: int) -> list[int]:
    """The offset of every layer when all other components than its own are taken away."""
    owner = {node: number for number, part in enumerate(parts) for node in part.nodes}
    scan = [0] * width  # the component of each wire; the framed part is number 0
    offsets = []
    for node, (inputs, outputs, offset) in enumerate(layers):
        offsets.append(scan[:offset].count(owner[node]))
        scan[offset : offset + inputs] = [owner[node]] * outputs
    return offsets
