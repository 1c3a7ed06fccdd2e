"""From θ to entries of the tied matrix and back, for any table of entries.

Where the space is a tying pattern, an entry is ±θ_k or 0 and is read off (0, θ, −θ) by one gather; the way back sums
the entries of each class (:mod:`~catcore_backends.layers.methods.sums`).  With channels, the whole matrix is a pattern
of its own, of as many parameters as θ has numbers.  Otherwise entries are contracted with the exact basis, rounded
once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from catcore.errors import IllTyped
from catcore_backends.layers.methods.costs import Work
from catcore_backends.layers.methods.method import is_numpy, is_torch, placed
from catcore_backends.layers.methods.sums import ClassSums

Sizes = tuple[int, int, int, int]


class Entries(ABC):
    """A table of m entries of W(θ): ``(dim, c_out, c_in) → (m, c_out, c_in)``, linear in θ."""

    count: int

    @abstractmethod
    def read(self, xp: Any, theta: Any) -> Any:
        """The entries."""

    @abstractmethod
    def collect(self, xp: Any, entries: Any) -> Any:
        """The transposed map, from entries to parameters."""

    @abstractmethod
    def work(self, entries: int) -> Work:
        """To write so many entries, and to sum their gradient."""

    @abstractmethod
    def matrix(self, xp: Any, theta: Any, sizes: Sizes) -> Any:
        """All entries as one matrix (c_out·n_out, c_in·n_in); ``sizes`` are these four."""

    @abstractmethod
    def collect_matrix(self, xp: Any, matrix: Any, sizes: Sizes) -> Any:
        """The transposed map, from such a matrix to parameters."""


class TiedEntries(Entries):
    """Entries of a tying pattern: ``labels[i] = ±k`` stands for ±θ_k, counted from 1, and 0 for 0."""

    def __init__(self, labels: Any, dim: int) -> None:
        self.labels = np.asarray(labels).reshape(-1)
        self.dim, self.count = dim, len(self.labels)
        self._zero = bool((self.labels == 0).any()) or dim == 0
        self._minus = bool((self.labels < 0).any())
        self._placed: dict[Any, Any] = {}
        self._wide: dict[Sizes, TiedEntries] = {}

    @cached_property
    def _classes(self) -> Any:
        """Where each entry is found in (0, θ, −θ)."""
        labels = self.labels.astype(np.int64)
        return np.where(labels < 0, self.dim - labels, labels) if self._minus else labels

    @cached_property
    def _index(self) -> Any:
        return self._classes if self._zero else self._classes - 1

    def read(self, xp: Any, theta: Any) -> Any:
        """The entries, by one gather."""
        parts = [theta]
        if self._zero:
            parts.insert(0, xp.zeros((1, *theta.shape[1:]), dtype=theta.dtype, device=getattr(theta, "device", None)))
        if self._minus:
            parts.append(-theta)
        table = xp.concat(parts, axis=0) if len(parts) > 1 else theta
        if is_numpy(xp):
            return table.take(self._index, axis=0, mode="wrap")  # which spares a look at every index
        index = placed(self._placed, xp, "index", self._index, theta)
        if is_torch(xp):
            return table.index_select(0, index)  # likewise
        return xp.take(table, index, axis=0)

    @cached_property
    def _sums(self) -> ClassSums:
        return ClassSums(self._classes, 2 * self.dim if self._minus else self.dim)

    def collect(self, xp: Any, entries: Any) -> Any:
        """The sum over each class of entries, with their signs."""
        sums = self._sums(xp, entries)
        return sums[: self.dim, ...] - sums[self.dim :, ...] if self._minus else sums

    def work(self, entries: int) -> Work:
        """One gather, one sum."""
        return Work(tied=entries, call=8)

    def matrix(self, xp: Any, theta: Any, sizes: Sizes) -> Any:
        """The entries of a wider pattern, again by one gather."""
        c_out, n_out, c_in, n_in = sizes
        return xp.reshape(self._widened(sizes).read(xp, xp.reshape(theta, (-1,))), (c_out * n_out, c_in * n_in))

    def collect_matrix(self, xp: Any, matrix: Any, sizes: Sizes) -> Any:
        """The sums over the classes of the wider pattern."""
        found = self._widened(sizes).collect(xp, xp.reshape(matrix, (-1,)))
        return xp.reshape(found, (self.dim, sizes[0], sizes[2]))

    def _widened(self, sizes: Sizes) -> TiedEntries:
        """The pattern of the whole matrix, with one parameter for each number of θ."""
        if sizes[0] == sizes[2] == 1:
            return self
        if sizes not in self._wide:
            c_out, n_out, c_in, n_in = sizes
            labels = self.labels.reshape(1, n_out, 1, n_in).astype(np.int64)
            channel = 1 + np.arange(c_out)[:, None, None, None] * c_in + np.arange(c_in)[:, None]
            wide = np.sign(labels) * ((np.abs(labels) - 1) * (c_out * c_in) + channel)
            self._wide[sizes] = TiedEntries(wide, self.dim * c_out * c_in)
        return self._wide[sizes]


class SpannedEntries(Entries):
    """Entries contracted from an array of basis entries; ``basis(dtype)`` has shape (dim, m)."""

    def __init__(self, basis: Callable[[str], Any], dim: int, count: int) -> None:
        self._make, self.dim, self.count = basis, dim, count
        self._hosts: dict[str, Any] = {}
        self._placed: dict[Any, Any] = {}

    def _basis(self, xp: Any, like: Any) -> Any:
        if not xp.isdtype(like.dtype, ("real floating", "complex floating")):
            raise IllTyped(
                f"theta of dtype {like.dtype} was given, and the basis of this space is no 0/±1 pattern, so W would "
                "not be made of integers. Use floating point numbers."
            )
        return placed(self._placed, xp, f"basis {like.dtype}", self._rounded(str(like.dtype).rpartition(".")[2]), like)

    def _rounded(self, dtype: str) -> Any:
        """The basis in some precision, each entry rounded once."""
        if dtype not in self._hosts:
            widest = "complex128" if dtype.startswith("complex") else "float64"
            self._hosts[dtype] = self._make(widest).astype(dtype)
        return self._hosts[dtype]

    def read(self, xp: Any, theta: Any) -> Any:
        """The entries, as a product with the basis."""
        return xp.reshape(self._spread(xp, theta).T, (self.count, *theta.shape[1:]))

    def _spread(self, xp: Any, theta: Any) -> Any:
        """The entries of each pair of channels, (c_out·c_in, m)."""
        return xp.matmul(xp.reshape(theta, (theta.shape[0], theta.shape[1] * theta.shape[2])).T, self._basis(xp, theta))

    def collect(self, xp: Any, entries: Any) -> Any:
        """The inner product of the entries with each basis matrix."""
        channels = entries.shape[1:]
        return self._inner(xp, xp.reshape(entries, (self.count, channels[0] * channels[1])), channels)

    def _inner(self, xp: Any, entries: Any, channels: tuple[int, ...]) -> Any:
        basis = self._basis(xp, entries)
        return xp.reshape(xp.matmul(basis, entries), (basis.shape[0], *channels))

    def work(self, entries: int) -> Work:
        """Two products with the basis, which is read from memory; eight numbers of it take as long as one gather."""
        return Work(tied=entries * max(1.0, self.dim / 8), call=8)

    def matrix(self, xp: Any, theta: Any, sizes: Sizes) -> Any:
        """The entries put in the order of the matrix."""
        c_out, n_out, c_in, n_in = sizes
        entries = xp.reshape(self._spread(xp, theta), (c_out, c_in, n_out, n_in))
        return xp.reshape(xp.permute_dims(entries, (0, 2, 1, 3)), (c_out * n_out, c_in * n_in))

    def collect_matrix(self, xp: Any, matrix: Any, sizes: Sizes) -> Any:
        """The entries of the matrix in the order of places."""
        c_out, _, c_in, _ = sizes
        entries = xp.reshape(xp.permute_dims(xp.reshape(matrix, sizes), (0, 2, 1, 3)), (c_out * c_in, self.count))
        return self._inner(xp, entries.T, (c_out, c_in))
