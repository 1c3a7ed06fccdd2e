"""Tensor powers of S_n: set-partition diagrams, whose number does not grow with n and which need no matrices.

``Hom_{S_n}((F^n)^{⊗k}, (F^n)^{⊗l})`` has one *orbit* for each set partition of the l output and k input places into at
most n blocks: the 0/1 matrix with entry 1 where two indices agree exactly when their places share a block (T1.12 g).
The *diagram* D_π asks only that indices agree within blocks.  Diagrams compose, ``D_π D_σ = n^loops D_{π∘σ}``, and act
on arrays by contracting, permuting and copying axes; they are independent only for n ≥ k + l, orbits always are.

>>> cup = PartitionDiagram((0, 0), 2, 0)
>>> PartitionDiagram((0, 0), 0, 2).compose(cup)
(PartitionDiagram(blocks=(), outputs=0, inputs=0), 1)
>>> PartitionSpan(10**6, 2, 2).count
15
"""

from __future__ import annotations

import functools
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.equivariance.diagrams import counting
from catcore.equivariance.spaces.spans import MAX_LISTED, Span
from catcore.equivariance.strategies.orbits import MAX_ENTRIES, Pattern
from catcore.errors import ShapeMismatch, TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation


@dataclass(frozen=True)
class PartitionDiagram:
    """The diagram D_π of a set partition: place p lies in block ``blocks[p]``, the outputs' places first.

    Blocks are numbered as they first appear.  For every n it is the matrix of shape ``(n^outputs, n^inputs)`` with
    entry 1 where indices agree inside each block and 0 elsewhere.  Source: Jones 1994, Martin 1994; T1.12 g.
    """

    blocks: tuple[int, ...]
    outputs: int
    inputs: int

    def compose(self, other: PartitionDiagram) -> tuple[PartitionDiagram, int]:
        """``(π∘σ, loops)`` with ``D_π D_σ = n^loops D_{π∘σ}``, σ first.

        Raises ``ShapeMismatch`` where the outputs of σ are not as many as the inputs of π.
        """
        if self.inputs != other.outputs:
            raise ShapeMismatch(
                f"A diagram with {self.inputs} inputs was to be composed with one of {other.outputs} outputs; "
                "make them equal."
            )
        count = max(self.blocks, default=-1) + 1
        root = list(range(count + max(other.blocks, default=-1) + 1))
        for mine, theirs in zip(self.blocks[self.outputs :], other.blocks[: other.outputs], strict=True):
            old, new = root[count + theirs], root[mine]
            root = [new if r == old else r for r in root]
        ends = [root[b] for b in self.blocks[: self.outputs]] + [root[count + b] for b in other.blocks[other.outputs :]]
        return PartitionDiagram(_renumbered(ends), self.outputs, other.inputs), len(set(root) - set(ends))

    def apply(self, x: Any, n: int) -> NDArray[Any]:
        """``D_π x`` for x of shape ``(..., n^inputs)``; no matrix is formed."""
        return _applied([(1, self)], x, n, self.inputs, self.outputs)


def _renumbered(blocks: Sequence[int]) -> tuple[int, ...]:
    names: dict[int, int] = {}
    return tuple(names.setdefault(b, len(names)) for b in blocks)


def _applied(terms: Sequence[tuple[Any, PartitionDiagram]], x: Any, n: int, inputs: int, outputs: int) -> NDArray[Any]:
    """A combination of diagrams applied to x: what is contracted is contracted once, and copied into one result."""
    import numpy as np

    array = np.asarray(x)
    if not array.ndim or array.shape[-1] != n**inputs:
        raise ShapeMismatch(f"An array (..., {n}^{inputs}) was asked for and shape {array.shape} was found.")
    lead = array.shape[:-1]
    tensor = array.reshape(*lead, *[n] * inputs)
    kind = np.result_type(array, *(np.asarray(value) for value, _ in terms)) if terms else array.dtype
    result = np.zeros((*lead, *[n] * outputs), dtype=kind)
    contracted: dict[str, Any] = {}
    for value, diagram in terms:
        take, place, copies = _einsums(diagram)
        if take not in contracted:
            contracted[take] = np.einsum(take, tensor)
        where = np.einsum(place, result)  # a view of the diagonals that the diagram writes to
        where += value * contracted[take].reshape(*contracted[take].shape, *[1] * copies)
    return result.reshape(*lead, n**outputs)


def _einsums(diagram: PartitionDiagram) -> tuple[str, str, int]:
    """How to contract the input, where in the output the result goes, and along how many axes it is copied."""
    above, below = diagram.blocks[: diagram.outputs], diagram.blocks[diagram.outputs :]
    names = {b: string.ascii_letters[i] for i, b in enumerate(dict.fromkeys(below + above))}
    through = "".join(names[b] for b in dict.fromkeys(below) if b in above)
    copied = "".join(names[b] for b in dict.fromkeys(above) if b not in below)
    take = f"...{''.join(names[b] for b in below)}->...{through}"
    return take, f"...{''.join(names[b] for b in above)}->...{through}{copied}", len(copied)


@dataclass(frozen=True)
class Orbit:
    """A basis element of S_n's maps: 1 where two indices agree exactly when their places share a block."""

    diagram: PartitionDiagram
    degree: int

    @cached_property
    def in_diagrams(self) -> tuple[tuple[int, PartitionDiagram], ...]:
        """The orbit as a combination of diagrams, by Möbius inversion over the coarser partitions."""
        d = self.diagram
        return tuple(
            (sign, PartitionDiagram(blocks, d.outputs, d.inputs)) for blocks, sign in counting.coarsenings(d.blocks)
        )

    def apply(self, x: Any) -> NDArray[Any]:
        """The map applied to arrays ``(..., n^k)``, giving ``(..., n^l)``; no matrix is formed."""
        return _applied(self.in_diagrams, x, self.degree, self.diagram.inputs, self.diagram.outputs)

    def __str__(self) -> str:
        return f"orbit {self.diagram.blocks}"


@dataclass(frozen=True)
class PartitionSpan(Span):
    """The orbits of S_n on pairs of an l-tuple and a k-tuple of points, in the order in which they first appear.

    ``even`` leaves those whose blocks are all of even size: a basis for the signed permutations of B_n.
    """

    degree: int
    inputs: int
    outputs: int
    even: bool = False

    @property
    def count(self) -> int:
        """The number of set partitions of k + l places into at most n blocks: Bell(k + l) when n ≥ k + l."""
        counted = counting.even_partitions if self.even else counting.partitions_in_blocks
        return counted(self.inputs + self.outputs, self.degree)

    @property
    def counted_by(self) -> str:
        """Stirling numbers."""
        kind = " of even size" if self.even else ""
        return f"set partitions of {self.inputs + self.outputs} places into at most {self.degree} blocks{kind}"

    @cached_property
    def elements(self) -> tuple[Orbit, ...]:
        """The orbits; raises ``TooLarge`` when there are too many to list."""
        if self.count > MAX_LISTED:
            raise TooLarge(f"A list of {self.count} set partitions was asked for, above {MAX_LISTED}; dim counts them.")
        listed = counting.even_strings if self.even else counting.growth_strings
        strings = listed(self.inputs + self.outputs, self.degree)
        return tuple(Orbit(PartitionDiagram(s, self.outputs, self.inputs), self.degree) for s in strings)

    @property
    def leads(self) -> list[tuple[int, int]]:
        """The row and the column where each orbit first appears: the growth string, read as two numbers in base n."""
        n, l = self.degree, self.outputs
        return [(_digits(o.diagram.blocks[:l], n), _digits(o.diagram.blocks[l:], n)) for o in self.elements]

    def materialise(self, field: Any) -> Pattern:
        """The tying pattern, as labels; raises ``TooLarge`` above 2²⁸ of them."""
        labels = partition_labels(self.degree, self.outputs, self.inputs)
        return Pattern(self._of_even_blocks(labels) if self.even else labels, self.count)

    def _of_even_blocks(self, labels: NDArray[np.int32]) -> NDArray[np.int32]:
        """The labels of the orbits with blocks of even size, numbered anew, and 0 elsewhere."""
        import numpy as np

        places = self.inputs + self.outputs
        kept = dict(zip(counting.even_strings(places, self.degree), range(1, self.count + 1), strict=True))
        new = [kept.get(s, 0) for s in counting.growth_strings(places, self.degree)]
        found: NDArray[np.int32] = np.array([0, *new], np.int32)[labels]
        return found

    def in_diagrams(self, theta: Sequence[Any]) -> list[tuple[Any, PartitionDiagram]]:
        """``Σ θ_k orbit_k`` as a combination of diagrams, like terms collected."""
        if len(theta) != self.count:
            raise ShapeMismatch(f"{self.count} parameters were asked for and {len(theta)} were given, one an orbit.")
        total: dict[PartitionDiagram, Any] = {}
        for value, orbit in zip(theta, self.elements, strict=True):
            for sign, diagram in orbit.in_diagrams:
                total[diagram] = total.get(diagram, 0) + sign * value
        return [(value, diagram) for diagram, value in total.items()]

    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``(Σ θ_k orbit_k) x`` on arrays ``(..., n^k)``, each diagram once; no matrix is formed."""
        return _applied(self.in_diagrams(theta), x, self.degree, self.inputs, self.outputs)

    def lawful(self, rho_in: Representation, rho_out: Representation) -> bool:
        """Whether every generator permutes the n points, or their axes up to sign: equality of indices is preserved
        both ways, and signs of an index that appears an even number of times cancel."""
        import numpy as np

        if self.even:
            moved = [rho_in.monoid.signed(name) for name in rho_in.monoid.generators]  # type: ignore[union-attr]
            axes = np.arange(self.degree)
            return all(np.array_equal(np.sort(f), axes) and (signs**2 == 1).all() for f, signs in moved)

        points: Any = rho_in.monoid.defining  # type: ignore[union-attr]
        one = np.arange(self.degree)
        return all(np.array_equal(np.sort(points.index_map(name)), one) for name in points.monoid.generators)


def _digits(digits: Sequence[int], base: int) -> int:
    return functools.reduce(lambda number, digit: number * base + digit, digits, 0)


def partition_labels(n: int, outputs: int, inputs: int) -> NDArray[np.int32]:
    """The labels 1, 2, ... of the orbits of S_n on index tuples, of shape ``(n^outputs, n^inputs)``.

    Grown place by place: a new index is either that of an earlier place, on a diagonal, or opens a block.
    """
    import numpy as np

    points = outputs + inputs
    if n**points > MAX_ENTRIES:
        raise TooLarge(
            f"A {n}^{outputs}×{n}^{inputs} tying pattern was asked for: {4 * n**points} bytes, above {MAX_ENTRIES} "
            "labels; apply(theta, x) and elements stay lazy, and dim counts it."
        )
    labels, prefixes = np.zeros(1, np.int32), [()]
    for t in range(points):
        longer = list(counting.growth_strings(t + 1, n))
        place = {s: i for i, s in enumerate(longer)}
        fresh = np.array([place.get((*s, max(s, default=-1) + 1), 0) for s in prefixes], np.int32)
        table = np.empty((len(labels), n), np.int32)
        table[:] = fresh[labels][:, None]
        rows = np.arange(len(labels))
        for earlier in range(t):
            joined = np.array([place[*s, s[earlier]] for s in prefixes], np.int32)
            table[rows, rows // n ** (t - 1 - earlier) % n] = joined[labels]
        labels, prefixes = table.reshape(-1), longer  # type: ignore[assignment]
    labels += np.int32(1)
    return labels.reshape(n**outputs, n**inputs)
