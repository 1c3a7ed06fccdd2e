"""Laws made of arbitrary functors and natural transformations, proved as 2-cells and certified as functions.

A composite of whiskered components ``F(α_{G X})`` is a string diagram: functors are wires, transformations are boxes,
and an object is a wire from the one-point category, so that naturality, also at an arbitrary ``f : X → Y``, is
interchange.  A proof is found among diagrams (:mod:`catcore.diagrams.rewriting`).  The certificate forgets how it was
found: every whiskered component is a function between sets, the instances of naturality, of the equations of arbitrary
monads and of the hypotheses that the proof uses are equations between such functions, and the kernel replays each step.

>>> from catcore.laws import Law
>>> from catcore.structures.adjunctions import Adjunction
>>> snake = Adjunction.variable("F", "U").monad().laws()[2]
>>> [len(certificate(snake)["statement"]["given"]), snake.name]
[1, 'left unit']
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Action, Arrow, Component, Composite, Identity
from catcore.diagrams.cells import Box, Diagram, Layer, exchanged
from catcore.diagrams.rewriting import Rule, prove_equal
from catcore.diagrams.theories import monad_rules
from catcore.diagrams.wires import Path, Wire, ZeroCell
from catcore.errors import CatError
from catcore.expressions import Expression
from catcore.functors import Functor, FunctorSymbol, MonadSymbol, MultSymbol, NaturalSymbol, UnitSymbol
from catcore.laws import Law
from catcore.objects import Applied, Bound, Ob

#: How many diagrams are looked at, by how many boxes one may be larger than the ends, and how many moves are certified.
DIAGRAMS, GROWTH, MOVES = 400, 2, 4_000

SETS, POINT = ZeroCell("sets"), ZeroCell("point")


class NoDiagram(Exception):
    """The law is not made of arbitrary functors and transformations alone, or no proof was found; says which."""


@dataclass(frozen=True)
class Claim:
    """A law as two diagrams, with the rules that its hypotheses and its arbitrary monads give."""

    lhs: Diagram
    rhs: Diagram
    rules: tuple[Rule, ...]


def certificate(law: Law) -> dict[str, Any]:
    """A certificate of a law between arbitrary functors, for :func:`catcore_proofs.kernel.replay`.

    Raises:
        NoDiagram: when the law is made of other things, or no proof is found among ``DIAGRAMS`` diagrams.
    """
    claim = read(law)
    try:
        proof = prove_equal(claim.lhs, claim.rhs, claim.rules, steps=DIAGRAMS, growth=GROWTH)
    except CatError as error:
        raise NoDiagram(f"2-cells: {error}") from None
    if proof is None:
        raise NoDiagram(f"2-cells: no proof among {DIAGRAMS} diagrams")
    return _Writer(law, claim).certificate(proof)


# ---- from terms to diagrams ------------------------------------------------------------------------------------------


def read(law: Law) -> Claim:
    """A law as diagrams.

    Raises:
        NoDiagram: when it is not made of arbitrary functors, transformations and maps.
    """
    reader = _Reader()
    lhs, rhs = reader.diagram(law.lhs), reader.diagram(law.rhs)
    rules = [rule for number, h in enumerate(law.given) if (rule := reader.rule(h, number)) is not None]
    for symbol in sorted(reader.monads, key=str):
        wire, unit, mult = reader.wire(symbol), reader.box(UnitSymbol(symbol)), reader.box(MultSymbol(symbol))
        rules += monad_rules(wire, unit, mult, f"{symbol} ")
    return Claim(lhs, rhs, tuple(rules))


class _Reader:
    def __init__(self) -> None:
        self.wires: dict[Expression, Wire] = {}
        self.boxes: dict[Any, Box] = {}
        self.monads: set[MonadSymbol] = set()

    def wire(self, symbol: Expression) -> Wire:
        """The wire of an arbitrary functor, or of an object."""
        if isinstance(symbol, MonadSymbol):
            self.monads.add(symbol)
        source = SETS if isinstance(symbol, FunctorSymbol) else POINT
        if symbol not in self.wires:
            self.wires[symbol] = Wire(self._name(symbol, self.wires.values()), source, SETS)
        return self.wires[symbol]

    @staticmethod
    def _name(thing: Any, taken: Any) -> str:
        names = {other.name for other in taken}
        return next(n for n in _candidates(str(thing)[:60]) if n not in names)

    def word(self, ob: Ob) -> Path:
        """An object as a word: functors, then the object that they are applied to."""
        wires = []
        while isinstance(ob, Applied):
            wires.append(self.wire(ob.args[0]))
            ob = ob.args[1]
        return Path(POINT, *wires, self.wire(ob))

    def functors(self, functor: Functor) -> Path:
        """A composite of arbitrary functors as a word."""
        wires, body = [], functor.body
        while isinstance(body, Applied):
            wires.append(self.wire(body.args[0]))
            body = body.args[1]
        if body is not Bound(0):
            raise NoDiagram(f"2-cells: {functor} is no composite of arbitrary functors")
        return Path(SETS, *wires)

    def box(self, symbol: NaturalSymbol) -> Box:
        """The box of an arbitrary transformation."""
        if symbol not in self.boxes:
            ends = self.functors(symbol.source), self.functors(symbol.target)
            self.boxes[symbol] = Box(self._name(symbol, self.boxes.values()), *ends)
        return self.boxes[symbol]

    def map(self, f: Arrow) -> Box:
        """The box of any other arrow."""
        if f not in self.boxes:
            self.boxes[f] = Box(self._name(f, self.boxes.values()), self.word(f.dom), self.word(f.cod))
        return self.boxes[f]

    def diagram(self, f: Arrow) -> Diagram:
        """An arrow as a diagram."""
        return Diagram(self.word(f.dom), *self.layers(f, 0))

    def layers(self, f: Arrow, offset: int) -> Iterator[Layer]:
        """The boxes of an arrow, and how many functors are around each."""
        match f:
            case Identity():
                return
            case Composite():
                for part in f.args:
                    yield from self.layers(part, offset)
            case Action() if f.functor.arity == 1 and isinstance(f.functor.body, Applied):
                yield from self.layers(f.args[1], offset + len(self.functors(f.functor)))
            case Component():
                yield self.box(f.args[0]), offset
            case _:
                yield self.map(f), offset

    def rule(self, law: Law, number: int) -> Rule | None:
        """A hypothesis as a rule; without the object where it is assumed for every one.

        One about every map is none: there may be no such map.
        """
        if law.given or any(isinstance(each, Arrow) for each in law.every):
            return None
        try:
            lhs, rhs = self.diagram(law.lhs), self.diagram(law.rhs)
        except NoDiagram:
            return None
        base = self._base(law.lhs.dom)
        if base in law.every and not any(box.dom.source is POINT for box in (*lhs.boxes, *rhs.boxes)):
            lhs, rhs = (Diagram(side.dom.slice(0, len(side.dom) - 1), *side.layers) for side in (lhs, rhs))
        return Rule(f"{law.name} ({number})", lhs, rhs)

    @staticmethod
    def _base(ob: Ob) -> Ob:
        while isinstance(ob, Applied):
            ob = ob.args[1]
        return ob


# ---- from diagrams to functions --------------------------------------------------------------------------------------


class _Writer:
    """Writes a proof as a certificate: layers are functions, steps are rewrites of one composite."""

    def __init__(self, law: Law, claim: Claim) -> None:
        self.law, self.claim = law, claim
        self.signature: dict[str, Any] = {}
        self.names: dict[Any, str] = {}  # of words and of layers; different ones have different names
        self.given: list[dict[str, Any]] = []
        self.numbers: dict[Any, int] = {}
        self.steps: list[Any] = []

    def certificate(self, proof: Any) -> dict[str, Any]:
        """The whole certificate."""
        here = proof.start
        rules = {rule.name: rule for rule in self.claim.rules}
        for step in proof.steps:
            old, new = rules[step.rule].sides(backwards=step.backwards)
            before, after = step.context.fill(old), step.context.fill(new)
            self._exchange(here, before)
            start = len(step.context.above)
            self._rewrite(before, after, start, len(old), len(new))
            here = after
        self._exchange(here, proof.end)
        tree: Any = ("same",)
        for move in reversed(self.steps):
            tree = ("rewrite", 0, *move, tree)
        statement = {
            **self._equation(proof.start.dom, proof.start.layers, proof.end.layers),
            "functors": {}, "signature": self.signature, "given": self.given, "name": self.law.name,
            "text": str(self.law),
        }  # fmt: skip
        return {"format": "catcore-certificate-1", "statement": statement, "lemmas": [], "proof": tree}

    def _exchange(self, start: Diagram, end: Diagram) -> None:
        """Naturality squares from one diagram to an equal one, by way of the order where left boxes come first."""
        forth, back = _sorted(start), _sorted(end)
        if forth[-1] is not back[-1]:
            raise NoDiagram("2-cells: a proof moves a closed part of a diagram, which is not certified")
        for one, other in it.pairwise((*forth, *back[-2::-1])):
            place = next(i for i, (a, b) in enumerate(zip(one.layers, other.layers, strict=True)) if a != b)
            self._rewrite(one, other, place, 2, 2)

    def _rewrite(self, before: Diagram, after: Diagram, start: int, old: int, new: int) -> None:
        """Use the equation between two runs of layers behind the same beginning."""
        if len(self.steps) >= MOVES:
            raise NoDiagram(f"2-cells: the proof needs more than {MOVES} moves")
        words = list(before.slices())
        sides = before.layers[start : start + old], after.layers[start : start + new]
        key, forward = (words[start], *sides), True
        if key not in self.numbers and (words[start], *sides[::-1]) in self.numbers:
            key, forward = (words[start], *sides[::-1]), False
        if key not in self.numbers:
            self.numbers[key] = len(self.given)
            self.given.append(self._equation(*key))
        point = self._normal(before.dom, before.layers[:start])
        self.steps.append((self.numbers[key], (point,), forward))

    def _equation(self, dom: Path, lhs: Any, rhs: Any) -> dict[str, Any]:
        first, second = Diagram(dom, *lhs), Diagram(dom, *rhs)
        one, other = ((";", *(("gen", g) for g in self._functions(side))) for side in (first, second))
        return {"dom": self._set(dom), "cod": self._set(first.cod), "lhs": one, "rhs": other}

    def _functions(self, diagram: Diagram) -> list[str]:
        """The layers of a diagram as functions between sets."""
        found = []
        for (box, offset), (before, after) in zip(diagram.layers, it.pairwise(diagram.slices()), strict=True):
            inside = before.wires[offset + len(box.dom) :]
            text = box.name + (f"[{_applied(inside)}]" if inside else "")
            for wire in reversed(before.wires[:offset]):
                text = f"{wire.name}({text})"
            name = self._name((before, box, offset), text)
            self.signature[name] = (self._set(before), self._set(after))
            found.append(name)
        return found

    def _set(self, word: Path) -> Any:
        return ("a", self._name(word, _applied(word.wires)))

    def _name(self, thing: Any, text: str) -> str:
        if thing not in self.names:
            taken = set(self.names.values())
            self.names[thing] = next(n for n in _candidates(text) if n not in taken)
        return self.names[thing]

    def _normal(self, dom: Path, layers: Any) -> Any:
        value: Any = ("v", 0)
        for name in self._functions(Diagram(dom, *layers)):
            value = ("g", name, value)
        return value


def _candidates(text: str) -> Iterator[str]:
    """Names that begin with a text, the text itself first."""
    return it.chain([text], (f"{text}#{i}" for i in it.count(1)))


def _applied(wires: Any) -> str:
    text = wires[-1].name
    for wire in reversed(wires[:-1]):
        text = f"{wire.name}({text})"
    return str(text)


def _sorted(diagram: Diagram) -> list[Diagram]:
    """The diagrams on the way to the one where no box stands on the left of the box above it."""
    found, here = [diagram], 0
    layers = list(diagram.layers)
    while here + 1 < len(layers):
        swapped = exchanged(layers[here], layers[here + 1], "left")
        if swapped is None:
            here += 1
            continue
        layers[here : here + 2] = swapped
        found.append(Diagram(diagram.dom, *layers))
        here = max(here - 1, 0)
        if len(found) > MOVES:
            raise NoDiagram(f"2-cells: more than {MOVES} interchanges")
    return found
