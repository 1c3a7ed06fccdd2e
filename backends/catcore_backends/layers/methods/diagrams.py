"""Diagrams: maps between tensor powers applied by contracting, permuting and copying, without any matrix.

A diagram is a set partition π of l output and k input places; ``D_π`` is 1 where indices agree inside each block.  It
sums x over blocks of inputs alone, carries blocks that go through, and copies along blocks of outputs alone, at a
cost of n^k + n^l in place of n^(k+l) (T1.12 g, r).  Equal sums are taken once, and results that are copied in the same
way are added before they are copied.  DeepSets, ``a x + b Σx``, is the case k = l = 1.

A pattern is recognised by comparing every entry with a function of which indices agree; a space that is given by
diagrams says so itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial, prod
from typing import Any

import numpy as np

from catcore_backends.layers.methods.contraction import (
    Contractions,
    Pattern,
    add_on_diagonal,
    blocks_of,
    parent_of,
    renumbered,
)
from catcore_backends.layers.methods.costs import Work, passes
from catcore_backends.layers.methods.method import Channels, Method, Task

MAX_PLACES = 4  # of a pattern that is looked at
SAMPLE = 4096  # entries looked at before all are
MAX_DIAGRAMS = 5000  # of a space that is given by them
SHORT = 64  # sums along an axis as short as this take twice as long a number


@dataclass(frozen=True)
class Strand:
    """What a diagram does: join and sum axes of the input, then carry the kept ones to blocks of the output."""

    inputs: Pattern
    kept: Pattern  # blocks of the input, increasing
    order: Pattern  # the axes of what is left, in the order of the output's blocks
    outputs: Pattern
    reached: Pattern  # blocks of the output, increasing

    @staticmethod
    def of(blocks: Pattern, outputs: int) -> Strand:
        """Read off a set partition, the outputs' places first."""
        above, below = list(dict.fromkeys(blocks[:outputs])), list(dict.fromkeys(blocks[outputs:]))
        through = [b for b in above if b in below]
        kept = sorted(below.index(b) for b in through)
        return Strand(
            renumbered(blocks[outputs:]),
            tuple(kept),
            tuple(kept.index(below.index(b)) for b in through),
            renumbered(blocks[:outputs]),
            tuple(above.index(b) for b in through),
        )


class Diagrams(Method):
    """``W(θ) = Σ φ_π D_π`` with ``φ = C θ``, on the tensor powers of an n-dimensional space."""

    name = "diagrams"

    def __init__(self, n: int, outputs: int, inputs: int, combination: dict[Pattern, Any]) -> None:
        super().__init__()
        self.n, self.outputs, self.inputs, self.combination = n, outputs, inputs, combination
        self.strands = [Strand.of(blocks, outputs) for blocks in combination]
        self.coefficients = np.asarray(list(combination.values()), dtype=np.int64)

    @cached_property
    def transposed(self) -> Diagrams:
        """The same diagrams read from the other side."""
        turned = {b[self.outputs :] + b[: self.outputs]: row for b, row in self.combination.items()}
        return Diagrams(self.n, self.inputs, self.outputs, turned)

    def work(self, channels: Channels) -> Task:
        """Every sum, product and copy; back, those of the turned diagrams, and an inner product a diagram."""
        c_in, c_out = channels
        forward, turned = self._way(c_in, c_out), self.transposed._way(c_out, c_in)
        inner = [self._inner_work(self.n ** len(s.kept), c_in, c_out) for s in self.strands]
        return Task(forward, sum(inner, forward + turned + c_in * self._sums()))

    def _way(self, c_in: int, c_out: int) -> Work:
        total = c_in * self._sums()
        for strand in self.strands:
            total += self._mixing(self.n ** len(strand.kept), c_in, c_out)
        for pattern, reached in {(s.outputs, s.reached) for s in self.strands}:
            size = c_out * self.n ** blocks_of(pattern)
            spread = len(reached) < blocks_of(pattern)
            total += passes(size) + Work(passed=2 * spread * size * SHORT / self.n, call=4)
            if blocks_of(pattern) < self.outputs:
                total += Work(gathered=size)
        return total

    @staticmethod
    def _mixing(size: int, c_in: int, c_out: int) -> Work:
        if c_in * c_out == 1:
            return passes(size, 3) + Work(call=3)
        return Work(moved=2 * c_in * size, small=size * c_in * c_out, rows=c_out, call=5) + passes(c_out * size)

    @staticmethod
    def _inner_work(size: int, c_in: int, c_out: int) -> Work:
        moved = 0 if c_in * c_out == 1 else (c_in + c_out) * size
        return Work(product=size * c_in * c_out, moved=moved, call=6) + passes((c_in + c_out) * size)

    def _sums(self) -> Work:
        """What is summed and joined, each once."""
        total, known = Work(), set[tuple[Pattern, Pattern]]()
        for strand in self.strands:
            kept = strand.kept
            while (strand.inputs, kept) not in known:
                known.add((strand.inputs, kept))
                parent = parent_of(strand.inputs, kept, known)
                if parent is None:
                    total += self._joined(strand.inputs)
                    break
                total += Work(summed=self.n ** len(parent) * (1 + SHORT / self.n), call=2)
                kept = parent
        return total

    def _joined(self, pattern: Pattern) -> Work:
        """Reading a diagonal, after a copy where joined axes are not neighbours."""
        if blocks_of(pattern) == len(pattern):
            return Work()
        copied = 0 if list(pattern) == sorted(pattern) else self.n ** len(pattern)
        return Work(moved=copied, gathered=self.n ** blocks_of(pattern), call=4)

    # Forward ------------------------------------------------------------------------------------------------------

    def prepare(self, xp: Any, theta: Any) -> Any:
        """φ, the coefficient of each diagram for each pair of channels."""
        coefficients = xp.astype(self.place(xp, "coefficients", self.coefficients, theta), theta.dtype)
        return xp.tensordot(coefficients, theta, axes=((1,), (0,)))

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """Contract, mix channels, permute, copy."""
        return self._run(xp, ready, Contractions(xp, x, self.n, self.inputs))

    def _run(self, xp: Any, phi: Any, source: Contractions) -> Any:
        batch, c_out = source.x.shape[0], phi.shape[1]
        y = None
        for pattern in sorted({s.outputs for s in self.strands}, key=blocks_of, reverse=True):
            small = self._together(xp, phi, source, pattern)
            if y is None:
                y = self._begin(xp, small, (batch, c_out), pattern)
                small = None if blocks_of(pattern) == self.outputs else small
            y = y if small is None else add_on_diagonal(xp, y, small, self.n, pattern)
        if y is None:
            y = self._zeros(xp, source.x, (batch, c_out))
        return xp.reshape(y, (batch, c_out, self.n**self.outputs))

    def _begin(self, xp: Any, small: Any, lead: tuple[int, int], pattern: Pattern) -> Any:
        return small if blocks_of(pattern) == self.outputs else self._zeros(xp, small, lead)

    def _zeros(self, xp: Any, like: Any, lead: tuple[int, int]) -> Any:
        return xp.zeros((*lead, *[self.n] * self.outputs), dtype=like.dtype, device=getattr(like, "device", None))

    def _together(self, xp: Any, phi: Any, source: Contractions, pattern: Pattern) -> Any:
        """The sum of all diagrams whose outputs are joined in one way, with one axis a block of outputs."""
        reached: dict[Pattern, list[int]] = {}
        for i, strand in enumerate(self.strands):
            if strand.outputs == pattern:
                reached.setdefault(strand.reached, []).append(i)
        blocks = blocks_of(pattern)
        parts = {axes: self._mixed(xp, phi, source, members, axes, blocks) for axes, members in reached.items()}
        for axes in sorted(parts, key=len):
            above = [other for other in parts if set(axes) < set(other)]
            if above:  # added where that is cheapest: into the smallest part that has all its axes
                target = min(above, key=len)
                parts[target] += parts.pop(axes)  # which was made here
        total: Any = _total(list(parts.values()))
        shape = (source.x.shape[0], phi.shape[1], *[self.n] * blocks)
        return total if total.shape == shape else xp.broadcast_to(total, shape) + xp.zeros_like(total)

    def _mixed(
        self, xp: Any, phi: Any, source: Contractions, members: Sequence[int], axes: Pattern, blocks: int
    ) -> Any:
        """Diagrams that reach the same blocks of outputs: channels mixed, shaped to be copied along the rest."""
        small = [self._carried(xp, source, self.strands[i]) for i in members]
        batch, (c_out, c_in) = source.x.shape[0], phi.shape[1:]
        if c_in == c_out == 1:
            mixed: Any = _total([phi[i, 0, 0] * part for i, part in zip(members, small, strict=True)])
        else:
            size = self.n ** len(axes)
            stacked = xp.concat([xp.reshape(part, (batch, c_in, size)) for part in small], axis=1)
            weights = xp.concat([phi[i, :, :] for i in members], axis=1)
            mixed = xp.matmul(weights, stacked)
        return xp.reshape(mixed, (batch, c_out, *(self.n if b in axes else 1 for b in range(blocks))))

    @staticmethod
    def _carried(xp: Any, source: Contractions, strand: Strand) -> Any:
        small = source.get(strand.inputs, strand.kept)
        if strand.order == tuple(range(len(strand.order))):
            return small
        return xp.permute_dims(small, (0, 1, *(2 + i for i in strand.order)))

    # Reverse ------------------------------------------------------------------------------------------------------

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """The turned diagrams for x̄; for φ̄ the inner product of what ȳ and x contract to, both of them small."""
        source, target = Contractions(xp, x, self.n, self.inputs), Contractions(xp, ybar, self.n, self.outputs)
        xbar = self.transposed._run(xp, xp.permute_dims(ready, (0, 2, 1)), target)
        inner = [self._inner(xp, source, target, strand) for strand in self.strands]
        coefficients = xp.astype(self.place(xp, "coefficients", self.coefficients, x), x.dtype)
        return xp.tensordot(coefficients, xp.stack(inner), axes=((0,), (0,))), xbar

    def _inner(self, xp: Any, source: Contractions, target: Contractions, strand: Strand) -> Any:
        small, out = self._carried(xp, source, strand), target.get(strand.outputs, strand.reached)
        axes = (0, *range(2, small.ndim))
        return xp.tensordot(out, small, axes=(axes, axes))


def _total(parts: list[Any]) -> Any:
    """The sum of arrays of which the largest, at least, was made for it."""
    total = max(parts, key=lambda part: prod(part.shape[1:]))  # all have the same rows
    rest = [part for part in parts if part is not total]
    fits = all(_fits(part.shape, total.shape) for part in rest)
    for part in rest:
        if fits:
            total += part
        else:
            total = total + part
    return total


def _fits(shape: Any, into: Any) -> bool:
    """Whether an array of a shape can be added to one of another without growing it."""
    return all(a in (1, b) for a, b in zip(shape, into, strict=True))


# ---- where diagrams come from ------------------------------------------------------------------------------------


def of_span(span: Any) -> Diagrams | None:
    """The diagrams of a space that is given by them; None where they are more than set partitions.

    The elements of the span are combinations of set-partition diagrams (``in_diagrams``), or pairings that join places
    by the identity and have no ε.
    """
    if not all(hasattr(span, name) for name in ("inputs", "outputs")) or not 0 < span.count <= MAX_DIAGRAMS:
        return None
    rows: dict[Pattern, Any] = {}
    for k, element in enumerate(span.elements):
        for sign, diagram in getattr(element, "in_diagrams", ((1, element),)):
            blocks = _blocks(diagram)
            if blocks is None:
                return None
            rows.setdefault(blocks, np.zeros(span.count, dtype=np.int64))[k] += sign
    first = span.elements[0]
    n, (outputs, inputs) = getattr(first, "degree", None) or first.n, _arity(span)
    return Diagrams(int(n), outputs, inputs, {p: row for p, row in rows.items() if row.any()})


def _arity(span: Any) -> tuple[int, int]:
    """How many places there are on each side, which a span may also name one by one."""
    return tuple(x if isinstance(x, int) else len(x) for x in (span.outputs, span.inputs))  # type: ignore[return-value]


def _blocks(diagram: Any) -> Pattern | None:
    if hasattr(diagram, "blocks"):
        return renumbered(diagram.blocks)
    by_form = not diagram.form.trivial and not all(diagram.straight(a, b) for a, b in diagram.pairs)
    if diagram.vertices or by_form:
        return None
    places: dict[int, int] = {p: i for i, pair in enumerate(diagram.pairs) for p in pair}
    return renumbered(places[p] for p in range(len(places)))


def recognise(labels: Any, dim: int) -> Diagrams | None:
    """The diagrams of a pattern whose entries depend only on which indices agree; None for any other pattern."""
    return next(filter(None, (_read(labels, dim, n, l, k) for n, l, k in _powers(*labels.shape))), None)


def _powers(n_out: int, n_in: int) -> Iterator[tuple[int, int, int]]:
    """Every (n, l, k) with n^l rows and n^k columns, the largest n first."""
    orders = [(l, k) for l, k in itertools.product(range(MAX_PLACES + 1), repeat=2) if 2 <= l + k <= MAX_PLACES]
    for l, k in sorted(orders, key=sum):
        n = round((n_out * n_in) ** (1 / (l + k)))
        if n > 1 and n**l == n_out and n**k == n_in:
            yield n, l, k


def _read(labels: Any, dim: int, n: int, outputs: int, inputs: int) -> Diagrams | None:
    places = outputs + inputs
    flat = labels.reshape(-1)
    partitions = [p for p in _growth(places) if blocks_of(p) <= n]
    weights = n ** np.arange(places)[::-1]
    value = {p: int(flat[int(np.dot(weights, p))]) for p in partitions}
    codes = np.zeros(2 ** len(_pairs(places)), dtype=labels.dtype)
    for p in partitions:
        codes[sum(1 << e for e, (a, b) in enumerate(_pairs(places)) if p[a] == p[b])] = value[p]
    sample = np.random.default_rng(0).integers(0, len(flat), SAMPLE)
    digits = sample[:, None] // weights % n
    if not np.array_equal(codes[_agreement(list(digits.T))], flat[sample]):
        return None
    grid = [np.arange(n).reshape(-1, *[1] * (places - 1 - p)) for p in range(places)]
    if not np.array_equal(codes[_agreement(grid)].reshape(-1), flat):
        return None
    return Diagrams(n, outputs, inputs, _inverted(value, dim))


def _pairs(places: int) -> list[tuple[int, int]]:
    return list(itertools.combinations(range(places), 2))


def _agreement(indices: Sequence[Any]) -> Any:
    """For index arrays that broadcast together, which pairs of them agree, as the bits of a number."""
    total: Any = np.zeros((1,) * indices[0].ndim, dtype=np.int32)
    for e, (a, b) in enumerate(_pairs(len(indices))):
        total = total + ((indices[a] == indices[b]).astype(np.int32) << e)
    return np.broadcast_to(total, np.broadcast_shapes(*(i.shape for i in indices)))


def _growth(places: int) -> Iterator[Pattern]:
    """The set partitions of so many places."""
    return (p for p in itertools.product(range(max(places, 1)), repeat=places) if renumbered(p) == p)


def _inverted(value: dict[Pattern, int], dim: int) -> dict[Pattern, Any]:
    """Orbits written by diagrams: Möbius inversion over coarser set partitions, zero rows left out."""
    rows: dict[Pattern, Any] = {}
    for p, label in value.items():
        if label:
            for merge in _growth(blocks_of(p)):
                sign = prod((-1) ** (merge.count(b) - 1) * factorial(merge.count(b) - 1) for b in set(merge))
                row = rows.setdefault(renumbered(merge[b] for b in p), np.zeros(dim, dtype=np.int64))
                row[abs(label) - 1] += sign if label > 0 else -sign
    return {p: row for p, row in rows.items() if row.any()}
