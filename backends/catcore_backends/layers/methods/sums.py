"""Sums over classes: entries that share a parameter hand their gradients to it.

Every entry has a class, counted from 1, or 0 for an entry that is left out; the sum of each class is the transpose of
reading every entry off its class.  Each library has its own quickest way:

* NumPy puts few entries in order and adds runs of one class; many, which no cache holds, it adds at their places.
* PyTorch, on a processor, adds at places, and has NumPy put few entries in order where nothing is recorded.
* Any other library, and devices where adding at places is not repeatable, gathers and sums alone, which differentiates
  everywhere (:mod:`catcore.categories.class_sums`).

Long classes are added in pieces, so that rounding grows with the length of a piece and not with that of a class.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from catcore.categories.class_sums import class_stages, class_sums
from catcore_backends.layers.methods.method import is_numpy, is_torch, placed, seen_by_numpy

IN_ORDER = 2**18  # entries that are put in order: a megabyte in single precision
PIECE = 4096  # entries of one class that are added one after the other


class ClassSums:
    """``(m, …) → (count, …)``: the sum of the entries of each class.

    Args:
        classes: the class of each of m entries, from 1 to ``count``; 0 for none.
        count: how many classes there are.
    """

    def __init__(self, classes: Any, count: int) -> None:
        self.classes, self.count = np.asarray(classes).reshape(-1), count
        self._placed: dict[Any, Any] = {}

    def __call__(self, xp: Any, entries: Any) -> Any:
        """The sums, in the dtype of the entries."""
        if self._nothing:
            return _zeros(xp, self.count, entries)
        if is_numpy(xp) and (entries.ndim > 1 or len(self.classes) <= IN_ORDER):
            return self._in_order(entries)
        if is_torch(xp) and len(self.classes) <= IN_ORDER and (host := seen_by_numpy(entries)) is not None:
            return xp.asarray(self._in_order(host))
        if is_numpy(xp) or (is_torch(xp) and entries.device.type == "cpu"):
            return self._at_places(xp, entries)
        return self._by_gathers(xp, entries)

    @cached_property
    def _nothing(self) -> bool:
        return not self.classes.any()

    @cached_property
    def _members(self) -> tuple[Any, Any]:
        """The entries class by class, and how many each class has."""
        sizes = np.bincount(self.classes, minlength=self.count + 1)
        return np.argsort(self.classes, kind="stable")[sizes[0] :], sizes[1:]

    # ---- in order ------------------------------------------------------------------------------------------------

    def _in_order(self, entries: Any) -> Any:
        order, sizes = self._members
        runs = np.add.reduceat(entries.take(order, axis=0, mode="wrap"), self._starts, axis=0, dtype=entries.dtype)
        if len(runs) == self.count:
            return runs
        found = _zeros(np, self.count, entries)
        found[sizes > 0] = runs
        return found

    @cached_property
    def _starts(self) -> Any:
        """Where each class that has members starts in their order."""
        sizes = self._members[1]
        return (np.cumsum(sizes) - sizes)[sizes > 0]

    # ---- at places -----------------------------------------------------------------------------------------------

    def _at_places(self, xp: Any, entries: Any) -> Any:
        pieces, of = (placed(self._placed, xp, f"pieces {i}", index, entries) for i, index in enumerate(self._pieces))
        found = _added(_zeros(xp, of.shape[0] + 1, entries), pieces, entries)[:-1]
        return found if of.shape[0] == self.count else _added(_zeros(xp, self.count, entries), of, found)

    @cached_property
    def _pieces(self) -> tuple[Any, Any]:
        """The piece of each entry and the class of each piece; a last piece takes what has no class."""
        order, sizes = self._members
        count = np.maximum(-(-sizes // PIECE), 1)
        rank = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        piece = np.full(len(self.classes), int(count.sum()), dtype=np.int64)
        # neighbours are in different pieces, so that no addition waits for the one before
        piece[order] = np.repeat(np.cumsum(count) - count, sizes) + rank % np.repeat(count, sizes)
        return piece, np.repeat(np.arange(self.count), count)

    # ---- by gathers ----------------------------------------------------------------------------------------------

    @cached_property
    def _stages(self) -> tuple[Any, ...]:
        return class_stages(self.classes, self.count)

    def _by_gathers(self, xp: Any, entries: Any) -> Any:
        def beside(number: int, index: Any) -> Any:
            return placed(self._placed, xp, f"stage {number}", index, entries)

        return class_sums(xp, entries, self._stages, placed=beside)


def _zeros(xp: Any, count: int, like: Any) -> Any:
    return xp.zeros((count, *like.shape[1:]), dtype=like.dtype, device=getattr(like, "device", None))


def _added(sums: Any, places: Any, entries: Any) -> Any:
    """The sums with every entry added at its place."""
    if isinstance(sums, np.ndarray):
        np.add.at(sums, places, entries)
        return sums
    return (sums.scatter_add if entries.ndim == 1 else sums.index_add)(0, places, entries)
