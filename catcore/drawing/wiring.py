"""The wiring of a cartesian term: which boxes it has, and which wires join them (Joyal–Street 1991; THEORY T4.2).

The term is run on wires instead of elements.  A projection picks wires, a pairing uses them twice, and anything else is
a box; equal boxes on equal wires are one.  A product is the tuple of its wires, so copying, dropping and reordering are
no boxes.  Two terms that differ by the laws of products alone have the same wiring.

>>> from catcore.arrows import generator, ident, pair
>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> f = generator("f", A, B)
>>> w = wiring(pair(f, ident(A)) >> generator("g", B * A, B))
>>> [(box.label, box.inputs, box.outputs) for box in w.boxes]
[('f', (0,), (1,)), ('g', (1, 0), (2,))]
>>> w.outputs
(2,)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow
from catcore.objects import Ob, One, Product

#: How long a label may be before it is cut.
LABEL = 18


@dataclass(frozen=True)
class WiredBox:
    """A box: its term, and the wires that enter and leave it."""

    term: Arrow
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    @property
    def label(self) -> str:
        """The term as text, cut when it is long."""
        text = str(self.term)
        return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


@dataclass(frozen=True)
class Wiring:
    """The wires of a term, by number: their objects, those at the two ends, and the boxes in order."""

    objects: tuple[Ob, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    boxes: tuple[WiredBox, ...]

    def term(self) -> Arrow:
        """A term with this wiring, between flat products of the wires: what the picture says."""
        from catcore.tracing import trace

        def run(x: Any) -> Any:
            known = dict(zip(self.inputs, _components(x, len(self.inputs)), strict=True))
            for box in self.boxes:
                value = box.term(_shaped(box.term.dom, iter([known[w] for w in box.inputs])))
                known |= dict(zip(box.outputs, _leaves_of(value, box.term.cod), strict=True))
            return _nested([known[w] for w in self.outputs])

        return trace(run, *(_product([self.objects[w] for w in ends]) for ends in (self.inputs, self.outputs)))


def wiring(term: Arrow) -> Wiring:
    """The wiring of a term; a former that is not made of products becomes one box."""
    return _Reader().read(term)


class _Reader:
    def __init__(self) -> None:
        self.objects: list[Ob] = []
        self.boxes: list[WiredBox] = []
        self.known: dict[tuple[Arrow, tuple[int, ...]], tuple[int, ...]] = {}

    def read(self, term: Arrow) -> Wiring:
        given = self.fresh(term.dom)
        result = self.run(term, given)
        inputs, outputs = tuple(_flat(given)), tuple(_flat(result))
        return Wiring(tuple(self.objects), inputs, outputs, tuple(self.boxes))

    def fresh(self, ob: Ob) -> Any:
        if isinstance(ob, Product):
            return self.fresh(ob.left), self.fresh(ob.right)
        if ob is One:
            return ()
        self.objects.append(ob)
        return len(self.objects) - 1

    def run(self, term: Arrow, value: Any) -> Any:
        match term:
            case ar.Identity():
                return value
            case ar.Composite():
                for factor in term.args:
                    value = self.run(factor, value)
                return value
            case ar.Pair():
                return self.run(term.args[0], value), self.run(term.args[1], value)
            case ar.Fst() | ar.Snd():
                return value[int(isinstance(term, ar.Snd))]
            case ar.Terminal():
                return ()
        return self.box(term, value)

    def box(self, term: Arrow, value: Any) -> Any:
        wires = tuple(_flat(value))
        shape = self.known.get((term, wires))
        if shape is None:
            before = len(self.objects)
            self.fresh(term.cod)
            shape = self.known[term, wires] = tuple(range(before, len(self.objects)))
            self.boxes.append(WiredBox(term, wires, shape))
        return _shaped(term.cod, iter(shape))


def _flat(value: Any) -> Iterator[int]:
    if isinstance(value, tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _shaped(ob: Ob, wires: Iterator[Any]) -> Any:
    """Wires, or elements, as the nested tuple that an element of the object is."""
    if isinstance(ob, Product):
        return _shaped(ob.left, wires), _shaped(ob.right, wires)
    return () if ob is One else next(wires)


def _leaves_of(value: Any, ob: Ob) -> list[Any]:
    if isinstance(ob, Product):
        return [*_leaves_of(value[0], ob.left), *_leaves_of(value[1], ob.right)]
    return [] if ob is One else [value]


def _components(x: Any, count: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(count - 1):
        found.append(x[0])
        x = x[1]
    return [*found, x] if count else []


def _nested(parts: list[Any]) -> Any:
    return (parts[0], _nested(parts[1:])) if len(parts) > 1 else parts[0] if parts else ()


def _product(obs: list[Ob]) -> Ob:
    return obs[0] * _product(obs[1:]) if len(obs) > 1 else obs[0] if obs else One
