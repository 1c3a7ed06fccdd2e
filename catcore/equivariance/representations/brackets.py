"""Brackets that nobody stated: whether images of a classical group's generators represent its Lie algebra.

The Lie algebra is known by the defining matrices.  Brackets with the generators make a basis of it, and every further
bracket is a combination of that basis; if the same combinations hold between the images, the images represent the
algebra, since by Jacobi's identity a linear map that respects brackets with generators respects all.  An element of a
further component conjugates generators to combinations of the basis, and so must its image.

>>> from catcore.equivariance import SO
>>> from catcore.equivariance.representations.representation import LieRepresentation
>>> LieRepresentation(SO(3), {"J1": [[1]], "J2": [[2]]})
Traceback (most recent call last):
...
catcore.errors.NotARepresentation: A representation of SO(3) was asked for and [J1, [J2, J1]] = J2 is broken: its left \
side is [[0]] and its right side is [[2]]; change the generators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra import matrices
from catcore.errors import NotARepresentation
from catcore.exact import RATIONALS

if TYPE_CHECKING:
    from catcore.equivariance.families.classical import ClassicalGroup
    from catcore.equivariance.representations.representation import Representation

MAX_DIMENSION = 80  # of a Lie algebra whose brackets are all formed
SHOWN = 120  # characters of a matrix

Vector = dict[Any, Any]
Pair = tuple[Any, Any]  # a matrix of the defining representation, and its image


def check_brackets(rho: Representation) -> str:
    """Every bracket with a generator, and every conjugate under a component; raises ``NotARepresentation``.

    Returns the kind of evidence: 'exhaustive', or 'sampled' for a Lie algebra that is too large for that.
    """
    group: ClassicalGroup = rho.monoid  # type: ignore[assignment]  # asked of classical groups alone
    made = {x: (group.defining.exact(x), rho.exact(x)) for x in group.generators}
    generators = {x: made[x] for x in group.infinitesimal}
    algebra = _Algebra(rho)
    for x, pair in generators.items():
        algebra.settle(x, pair)
    if not algebra.close(generators):
        return "sampled"
    for r in group.components:
        for x, pair in generators.items():
            a, b = (s * element * s.inv() for s, element in zip(made[r], pair, strict=True))
            algebra.settle(f"{r} {x} {r}^-1", (a, b))
    return "exhaustive"


@dataclass
class _Algebra:
    """Brackets that are a basis, each with its image and its name."""

    rho: Representation
    span: Span = field(default_factory=lambda: Span())
    pairs: list[Pair] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def settle(self, name: str, pair: Pair) -> None:
        """Take a pair into the basis, or look whether its image is the combination that its element is."""
        element, image = pair
        combination = self.span.combination(element.to_dok())
        if combination is None:
            self.pairs.append(pair)
            self.names.append(name)
        elif (image - (claimed := self._image(combination))).to_dok():
            self._refuse(f"{name} = {self._shown(combination)}", image, claimed)

    def close(self, generators: Mapping[str, Pair]) -> bool:
        """Bracket until nothing new comes; whether it ended before the basis was too large."""
        k = 0
        while k < len(self.pairs) <= MAX_DIMENSION:
            for x, (a, b) in generators.items():
                element, image = self.pairs[k]
                bracket = a * element - element * a, b * image - image * b
                self.settle(f"[{x}, {self.names[k]}]", bracket)
            k += 1
        return k == len(self.pairs)

    def _image(self, combination: Vector) -> Any:
        field = self.rho.field
        total = matrices.sparse({}, (self.rho.degree, self.rho.degree), field)
        for k, x in combination.items():
            total = total + self.pairs[k][1] * field.element(RATIONALS.expression(x))
        return total

    def _shown(self, combination: Vector) -> str:
        signs = {1: "", -1: "-"}
        text = " + ".join(signs.get(x, f"{x} ") + self.names[k] for k, x in sorted(combination.items()))
        return text.replace("+ -", "- ") or "0"

    def _refuse(self, relation: str, left: Any, right: Any) -> None:
        texts = [str(matrices.to_sympy(side, self.rho.field).tolist()) for side in (left, right)]
        shown = [text if len(text) <= SHOWN else text[: SHOWN - 3] + "..." for text in texts]
        raise NotARepresentation(
            f"A representation of {self.rho.monoid} was asked for and {relation} is broken: its left side is "
            f"{shown[0]} and its right side is {shown[1]}; change the generators."
        )


@dataclass
class Span:
    """Vectors by their nonzero entries, in echelon form: by its leading place each row, and what combination it is."""

    rows: dict[Any, tuple[Vector, Vector]] = field(default_factory=dict)

    def combination(self, vector: Mapping[Any, Any]) -> Vector | None:
        """The coefficients of a vector in those taken before; None where it is independent, and is then taken."""
        rest, used = dict(vector), Vector()
        while rest:
            place = min(rest)
            factor = rest[place]
            if place not in self.rows:
                taken = {k: -x / factor for k, x in used.items()} | {len(self.rows): 1 / factor}
                self.rows[place] = {u: x / factor for u, x in rest.items()}, taken
                return None
            row, made_of = self.rows[place]
            _add(rest, row, -factor)
            _add(used, made_of, factor)
        return used


def _add(vector: Vector, other: Vector, factor: Any) -> None:
    """Add a multiple, and drop what vanishes."""
    for k, x in other.items():
        if value := vector.get(k, 0) + factor * x:
            vector[k] = value
        else:
            vector.pop(k, None)


__all__ = ["Span", "check_brackets"]
