"""From θ to entries of the tied matrix and back, for any table of entries.

Where the space is a tying pattern, an entry is ±θ_k or 0 and is read off θ by one gather.  The way back adds up the
entries of each class.  It does so with gathers and sums only, so that it runs and differentiates on every array
library: each class is cut into pieces of equal length, the pieces are summed, and the sums are treated likewise until
one number a class is left.  Otherwise entries are contracted with the exact basis, rounded once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from catcore.errors import IllTyped
from catcore_backends.methods.method import placed


class Entries(ABC):
    """A table of m entries of W(θ): ``(dim, c_out, c_in) → (m, c_out, c_in)``, linear in θ."""

    count: int

    @abstractmethod
    def read(self, xp: Any, theta: Any) -> Any:
        """The entries."""

    @abstractmethod
    def collect(self, xp: Any, entries: Any) -> Any:
        """The transposed map, from entries to parameters."""


class TiedEntries(Entries):
    """Entries of a tying pattern: ``labels[i] = ±k`` stands for ±θ_k, counted from 1, and 0 for 0."""

    def __init__(self, labels: Any, dim: int) -> None:
        self.labels = np.asarray(labels).reshape(-1)
        self.dim, self.count = dim, len(self.labels)
        self._zero = bool((self.labels == 0).any()) or dim == 0
        self._minus = bool((self.labels < 0).any())
        self._placed: dict[Any, Any] = {}

    @cached_property
    def _index(self) -> Any:
        """Where each entry is found in (0, θ, −θ)."""
        labels = self.labels.astype(np.int64)
        index = np.where(labels < 0, self.dim - labels, labels) if self._minus else labels
        return index if self._zero else index - 1

    def read(self, xp: Any, theta: Any) -> Any:
        """The entries, by one gather."""
        parts = [theta]
        if self._zero:
            parts.insert(0, xp.zeros((1, *theta.shape[1:]), dtype=theta.dtype, device=getattr(theta, "device", None)))
        if self._minus:
            parts.append(-theta)
        table = xp.concat(parts, axis=0) if len(parts) > 1 else theta
        return xp.take(table, placed(self._placed, xp, "index", self._index, theta), axis=0)

    @cached_property
    def _stages(self) -> tuple[Any, ...]:
        return tuple(_stages(np.abs(self.labels), self.dim))

    def collect(self, xp: Any, entries: Any) -> Any:
        """The sum over each class of entries, with their signs."""
        if self._minus:
            signs = placed(self._placed, xp, "signs", np.sign(self.labels).astype(np.int8)[:, None, None], entries)
            entries = entries * xp.astype(signs, entries.dtype)
        for number, stage in enumerate(self._stages):
            nothing = xp.zeros((1, *entries.shape[1:]), dtype=entries.dtype, device=getattr(entries, "device", None))
            if stage.max(initial=0) == entries.shape[0]:
                entries = xp.concat([entries, nothing], axis=0)
            index = placed(self._placed, xp, f"stage {number}", stage.reshape(-1), entries)
            pieces = xp.reshape(xp.take(entries, index, axis=0), (*stage.shape, *entries.shape[1:]))
            entries = xp.sum(pieces, axis=1, dtype=entries.dtype)
        return entries


def _stages(classes: Any, dim: int) -> Any:
    """Index tables (pieces, length) whose rows are summed one stage after the other; the index beyond the end is 0."""
    order = np.argsort(classes, kind="stable")
    order = order[np.searchsorted(classes[order], 1) :]
    sizes = np.bincount(classes[order], minlength=dim + 1)[1:]
    end = len(classes)
    while True:
        length = max(2, -(-int(sizes.sum()) // max(dim, 1)))
        if sizes.max(initial=0) <= 2 * length:
            length = max(1, int(sizes.max(initial=0)))
        pieces = np.maximum(-(-sizes // length), 1)
        yield _cut(order, sizes, pieces, length, end)
        if pieces.max(initial=1) == 1:
            return
        order, sizes, end = np.arange(int(pieces.sum())), pieces, int(pieces.sum())


def _cut(order: Any, sizes: Any, pieces: Any, length: int, end: int) -> Any:
    """The members of each class, in order, cut into pieces of one length and filled up with ``end``."""
    first = np.concatenate([[0], np.cumsum(pieces)[:-1]]) * length
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    table = np.full(int(pieces.sum()) * length, end, dtype=np.int64)
    table[np.repeat(first - start, sizes) + np.arange(int(sizes.sum()))] = order
    return table.reshape(-1, length)


class SpannedEntries(Entries):
    """Entries contracted from an array of basis entries; ``basis(dtype)`` has shape (dim, m)."""

    def __init__(self, basis: Callable[[str], Any], count: int) -> None:
        self._make, self.count = basis, count
        self._placed: dict[Any, Any] = {}

    def _basis(self, xp: Any, like: Any) -> Any:
        if not xp.isdtype(like.dtype, ("real floating", "complex floating")):
            raise IllTyped(
                f"theta of dtype {like.dtype} was given, and the basis of this space is no 0/±1 pattern, so W would "
                "not be made of integers. Use floating point numbers."
            )
        widest = "complex128" if xp.isdtype(like.dtype, "complex floating") else "float64"
        if (widest, "host") not in self._placed:
            self._placed[widest, "host"] = self._make(widest)
        host = self._placed[widest, "host"].astype(str(like.dtype).rpartition(".")[2])
        return placed(self._placed, xp, f"basis {like.dtype}", host, like)

    def read(self, xp: Any, theta: Any) -> Any:
        """The entries, as a product with the basis."""
        flat = xp.reshape(theta, (theta.shape[0], theta.shape[1] * theta.shape[2]))
        return xp.reshape(xp.matmul(self._basis(xp, theta).T, flat), (self.count, *theta.shape[1:]))

    def collect(self, xp: Any, entries: Any) -> Any:
        """The inner product of the entries with each basis matrix."""
        flat = xp.reshape(entries, (self.count, entries.shape[1] * entries.shape[2]))
        basis = self._basis(xp, entries)
        return xp.reshape(xp.matmul(basis, flat), (basis.shape[0], *entries.shape[1:]))
