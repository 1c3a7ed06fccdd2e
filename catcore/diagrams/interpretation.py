"""What diagrams stand for: natural transformations between functors, and matrices.

In the 2-category of categories, here with the one 0-cell Set, a wire is a functor and a box a natural transformation;
the word ``G F`` is ``G ∘ F``, vertical composition is componentwise, horizontal composition is Godement's product, and
the layer ``G α F`` has the component ``G(α_{F X})`` at ``X``.  In vector spaces a wire is a dimension, a box a matrix
and ``⊗`` the Kronecker product.  Both are 2-functors, so equal diagrams have equal values, and an equation between
diagrams that fails in one interpretation does not follow from equations that hold in it.

>>> from catcore.diagrams.theories import monad_theory
>>> from catcore.structures.standard import maybe
>>> T, M = monad_theory(), maybe()
>>> model = Interpretation({T["T"]: M.functor}, {T["η"]: M.unit, T["μ"]: M.mult}, T.rules)
>>> print(model((T["η"] @ T["T"]) >> T["μ"]))
η T ; μ : 1 + Id → 1 + Id
>>> [law.name for law in model.laws()][-3:]
['left unit', 'right unit', 'associativity']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import sympy as sp

from catcore.arrows import Arrow, ident
from catcore.categories.vector_spaces import FVect
from catcore.diagrams.cells import Box, Diagram, Swap, as_diagram
from catcore.diagrams.rewriting import Rule
from catcore.diagrams.wires import Path, Wire, as_path
from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch
from catcore.functors import Functor, Id, NaturalTransformation
from catcore.laws import Law, fresh_atoms, naturality
from catcore.objects import Ob


@dataclass(frozen=True)
class Interpretation:
    """Wires as endofunctors of sets and boxes as natural transformations; its laws say that it is a 2-functor.

    Args:
        wires: a functor of one variable for each wire.
        boxes: a natural transformation for each box, between the composites of its wires.
        rules: equations that the interpretation is claimed to satisfy.

    Raises:
        IllTyped: when a transformation does not go between the composites it should.
        NotInterpreted: when a wire of a box has no functor.
    """

    wires: Mapping[Wire, Functor]
    boxes: Mapping[Box, NaturalTransformation]
    rules: tuple[Rule, ...] = ()
    given: tuple[Law, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        for box, transformation in self.boxes.items():
            ends = self.functor(box.dom), self.functor(box.cod)
            if (transformation.source, transformation.target) != ends:
                raise IllTyped(
                    f"The box {box} : {box.dom} → {box.cod} stands for a transformation {ends[0]} → {ends[1]}, and "
                    f"{transformation} was given."
                )

    def functor(self, word: Wire | Path) -> Functor:
        """The composite functor of a word; the identity functor for the empty one."""
        result: Functor = Id
        for wire in reversed(as_path(word).wires):
            result = _meaning(self.wires, wire, "functor", "wires")(result)
        return result

    def __call__(self, f: Any) -> NaturalTransformation:
        """The natural transformation of a diagram.

        Raises:
            NotInterpreted: when a wire or box has no meaning.
        """
        diagram = as_diagram(f)
        layers = [self._layer(*parts) for parts in _layers(diagram)]

        def component(at: Ob) -> Arrow:
            start: Arrow = ident(self.functor(diagram.dom)(at))
            return reduce(lambda arrow, layer: arrow >> layer(at), layers, start)

        return NaturalTransformation(self.functor(diagram.dom), self.functor(diagram.cod), component, str(diagram))

    def _layer(self, left: Path, box: Box, right: Path) -> Any:
        outer, inner = self.functor(left), self.functor(right)
        transformation = _meaning(self.boxes, box, "natural transformation", "boxes")
        return lambda at: outer(transformation[inner(at)])

    def law(self, name: str, f: Any, g: Any) -> Law:
        """The equation between the components of two parallel diagrams at an arbitrary object.

        Raises:
            NotParallel: when the diagrams are not parallel.
        """
        rule = Rule(name, f, g)
        first, second = self(rule.lhs), self(rule.rhs)
        (x,) = fresh_atoms(1, first.source, first.target)
        return Law(name, first[x], second[x]).under(self.given)

    def laws(self) -> tuple[Law, ...]:
        """Naturality of every box, interchange of every two that compose, and the equations."""
        natural = [naturality(self(box)).under(self.given) for box in self.boxes]
        interchange = [interchange_rule(a, b) for a in self.boxes for b in self.boxes if a.dom.source is b.dom.target]
        rules: Iterable[Rule] = (*interchange, *self.rules)
        return (*natural, *(self.law(rule.name, rule.lhs, rule.rhs) for rule in rules))

    def __str__(self) -> str:
        return f"interpretation of {', '.join(map(str, self.boxes))}"


def interchange_rule(a: Any, b: Any) -> Rule:
    """``(a ⊗ 1) ; (1 ⊗ b) = (1 ⊗ b) ; (a ⊗ 1)``, from which the interchange law follows."""
    f, g = as_diagram(a), as_diagram(b)
    return Rule(f"interchange of {f} and {g}", f @ g, (f.dom @ g) >> (f @ g.cod))


def matrix(
    f: Any, dimensions: Mapping[Wire, int], matrices: Mapping[Box, Any], category: FVect | None = None
) -> sp.ImmutableMatrix:
    """The matrix of a diagram: a box of the size given by its wires for each box, crossings exchange factors.

    Args:
        f: the diagram.
        dimensions: what the wires stand for.
        matrices: what the boxes stand for; rows are indexed by outputs.
        category: over which numbers; by default exact numbers.

    Raises:
        NotInterpreted: when a wire has no dimension or a box no matrix.
        ShapeMismatch: when a matrix does not fit its box.
    """
    diagram, space = as_diagram(f), category or FVect()
    result = space.identity(_dimension(diagram.dom, dimensions))
    for left, box, right in _layers(diagram):
        sides = [space.identity(_dimension(word, dimensions)) for word in (left, right)]
        layer = sp.kronecker_product(sides[0], _block(box, dimensions, matrices, space), sides[1])
        result = space.compose(result, sp.ImmutableMatrix(layer))
    return result


def _block(box: Box, dimensions: Mapping[Wire, int], matrices: Mapping[Box, Any], space: FVect) -> sp.ImmutableMatrix:
    if isinstance(box, Swap):
        n, m = (_dimension(wire, dimensions) for wire in box.dom.wires)
        return sp.ImmutableMatrix(n * m, n * m, lambda i, j: int(j == (i % n) * m + i // n))
    found = space.arrow(_meaning(matrices, box, "matrix", "matrices"))
    shape = (_dimension(box.cod, dimensions), _dimension(box.dom, dimensions))
    if found.shape != shape:
        raise ShapeMismatch(
            f"The box {box} : {box.dom} → {box.cod} needs a matrix of shape {shape}, rows for outputs, and one of "
            f"shape {tuple(found.shape)} was given."
        )
    return found


def _dimension(word: Wire | Path, dimensions: Mapping[Wire, int]) -> int:
    result = 1
    for wire in as_path(word).wires:
        result *= _meaning(dimensions, wire, "dimension", "dimensions")
    return result


def _layers(diagram: Diagram) -> Iterable[tuple[Path, Box, Path]]:
    for word, (box, offset) in zip(diagram.slices(), diagram.layers, strict=False):
        yield word.slice(0, offset), box, word.slice(offset + len(box.dom), len(word))


def _meaning(table: Mapping[Any, Any], key: Any, what: str, where: str) -> Any:
    if key not in table:
        raise NotInterpreted(f"{key} has no {what} in this interpretation; give {where}={{{key}: …}}.")
    return table[key]
