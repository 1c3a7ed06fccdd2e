"""Drawing a plane graph of boxes as layers again, so that every wire runs downwards.

Not every order of the boxes that respects the wires can be drawn: in a spiral, a box must be put inside before the
turn around it is finished.  The method is that of upward planarity (Bertolazzi, Di Battista, Liotta, Mannino 1994):
a box without inputs has a large angle above it, one without outputs a large angle below; each face with large angles
is cut by auxiliary wires until there are none, and from then on every order that respects all wires can be drawn, each
box replacing neighbouring wires by neighbouring wires.  A graph has such a drawing exactly when it has no directed
cycle and every inner face has two more small than large angles.

The input is one component: a graph of ports whose cyclic orders (inputs from the left, outputs from the right) say how
it lies in the plane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catcore.diagrams.planar import Ports

#: Kinds of switch: a corner where a face turns back, at a node above (source) or below (sink) it.
_SOURCE, _SINK = 0, 1


@dataclass(slots=True)
class _Switch:
    """A corner of a face between two wires that both leave, or both enter, a node."""

    node: int
    kind: int
    large: bool
    #: The wire after which, in clockwise order around the node, an auxiliary wire goes.
    after: int


def draw(graph: Ports, nodes: list[int], *, framed: bool) -> list[tuple[int, int]] | None:
    """Layers (node, offset) that draw a component, or nothing where there is no upward drawing.

    Args:
        graph: the ports; wires of other components are left alone.
        nodes: the component's nodes, without the frame.
        framed: whether it is the part that touches the frame.
    """
    if len(nodes) == 1 and not framed and not graph.ins[nodes[0]] and not graph.outs[nodes[0]]:
        return [(nodes[0], 0)]
    drawing = _Drawing(graph, nodes, framed)
    return drawing.layers() if drawing.saturate() else None


class _Drawing:
    """One component with auxiliary wires; ``top`` and ``bottom`` are nodes, above and below everything."""

    def __init__(self, graph: Ports, nodes: list[int], framed: bool) -> None:
        self.framed = framed
        self.nodes = nodes
        self.top, self.bottom = -1, -2
        self.ins = {node: list(graph.ins[node]) for node in nodes} | {self.top: []}
        self.outs = {node: list(graph.outs[node]) for node in nodes} | {self.bottom: []}
        self.source = {wire: graph.source[wire][0] for node in nodes for wire in graph.ins[node]}
        self.target = {wire: graph.target[wire][0] for node in nodes for wire in graph.outs[node]}
        self.fresh = self.real = len(graph.source)
        self.outs[self.top], self.ins[self.bottom] = [], []
        if framed:
            left, right = self._wire(), self._wire()
            self.outs[self.top] = [left, *graph.top, right]
            self.ins[self.bottom] = [left, *graph.bottom, right]
            self.source |= dict.fromkeys(graph.bottom, self.top) | {left: self.top, right: self.top}
            self.source |= {wire: graph.source[wire][0] for wire in graph.bottom}
            self.target |= {wire: graph.target[wire][0] for wire in graph.top} | {left: self.bottom, right: self.bottom}
            self.target |= dict.fromkeys(graph.bottom, self.bottom)
        self.ends = [*nodes, *([self.top, self.bottom] if framed else [])]

    def _wire(self) -> int:
        self.fresh += 1
        return self.fresh - 1

    def saturate(self) -> bool:
        """Cut every face until no inner one has a large angle; false where the angles do not add up."""
        outer = 0
        for face in self._faces():
            surplus = sum(1 if switch.large else -1 for switch in face)
            if surplus not in (2, -2):
                return False
            outer += surplus == 2
            rest = _cut(face, self._join)
            if surplus == 2 and not self.framed:
                self._hang(rest)
        return outer == 1

    def _faces(self) -> list[list[_Switch]]:
        """The switches of every face, in the order of a walk with the face on the left."""
        after = self._clockwise()
        faces, seen = [], set[int]()
        for start in after:
            switches, half = [], start
            while half not in seen:
                seen.add(half)
                switch = self._switch(half, after[half])
                if switch is not None:
                    switches.append(switch)
                half = after[half] ^ 1
            if switches:
                faces.append(switches)
        return faces

    def _clockwise(self) -> dict[int, int]:
        """The next half-wire around its node; ``2 w`` leaves the source of wire w and ``2 w + 1`` enters its target."""
        after: dict[int, int] = {}
        for node in self.ends:
            around = [2 * w + 1 for w in self.ins[node]] + [2 * w for w in reversed(self.outs[node])]
            after.update(zip(around, around[1:] + around[:1], strict=True))
        return after

    def _switch(self, half: int, following: int) -> _Switch | None:
        if half & 1 != following & 1:
            return None
        wire = half >> 1
        if half & 1:
            node = self.target[wire]
            return _Switch(node, _SINK, not self.outs[node] and wire == self.ins[node][-1], wire)
        node = self.source[wire]
        return _Switch(node, _SOURCE, not self.ins[node] and wire == self.outs[node][0], wire)

    def _join(self, corner: _Switch, end: _Switch) -> None:
        """An auxiliary wire through a face, between a large angle and a small one of the same kind."""
        wire = self._wire()
        upper, lower = (end.node, corner.node) if corner.kind == _SOURCE else (corner.node, end.node)
        self.source[wire], self.target[wire] = upper, lower
        if corner.kind == _SOURCE:
            self.ins[lower] = [wire]
            self.outs[upper].insert(self.outs[upper].index(end.after), wire)
        else:
            self.outs[upper] = [wire]
            self.ins[lower].insert(self.ins[lower].index(end.after) + 1, wire)
        end.after = wire

    def _hang(self, face: list[_Switch]) -> None:
        """Hang a closed component between top and bottom; the large angles of its outer face are in two arcs."""
        first = next(i for i, s in enumerate(face) if s.large and s.kind == _SOURCE and face[i - 1].kind == _SINK
                     and face[i - 1].large)  # fmt: skip
        for switch in face[first:] + face[:first]:
            if not switch.large:
                continue
            wire = self._wire()
            if switch.kind == _SOURCE:
                self.source[wire], self.target[wire] = self.top, switch.node
                self.ins[switch.node] = [wire]
                self.outs[self.top].append(wire)
            else:
                self.source[wire], self.target[wire] = switch.node, self.bottom
                self.outs[switch.node] = [wire]
                self.ins[self.bottom].insert(0, wire)

    def layers(self) -> list[tuple[int, int]] | None:
        """The nodes in an order that respects all wires, each with the number of wires on its left."""
        scan = list(self.outs[self.top])
        missing = {node: len(self.ins[node]) for node in self.nodes}
        ready = self._arrived(scan, missing)
        found: list[tuple[int, int]] = []
        while ready:
            node = ready.pop()
            at = scan.index(self.ins[node][0])
            stop = at + len(self.ins[node])
            if scan[at:stop] != self.ins[node]:
                return None
            found.append((node, sum(wire < self.real for wire in scan[:at])))
            scan[at:stop] = self.outs[node]
            ready += self._arrived(self.outs[node], missing)
        return found if len(found) == len(self.nodes) and scan == self.ins[self.bottom] else None

    def _arrived(self, wires: list[int], missing: dict[int, int]) -> list[int]:
        ready = []
        for wire in reversed(wires):
            node = self.target[wire]
            if node != self.bottom:
                missing[node] -= 1
                if not missing[node]:
                    ready.append(node)
        return ready


def _cut(face: list[_Switch], join: Callable[[_Switch, _Switch], None]) -> list[_Switch]:
    """Cut a face wherever a large angle is followed by two small ones; what remains is the rest of the face."""
    quiet = 0
    while len(face) > 2 and quiet <= len(face):
        corner, between, end = face[:3]
        if corner.large and not between.large and not end.large:
            join(corner, end)
            face = [*face[-2:], end, *face[3:-2]] if len(face) > 4 else [end, *face[3:]]
            quiet = 0
        else:
            face = [*face[1:], corner]
            quiet += 1
    return face
