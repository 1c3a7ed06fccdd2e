"""States as rows of 64-bit numbers, and how one that was met before is recognised (THEORY T3.4).

A state in a product or sum of finite sets, integer tensors and real tensors is one row; a real number is kept by the
bits that it has in float64, so that equal rows are equal states and no number is rounded on the way.  States whose
bounds are known are recognised by a table with a place for each, others by sorted runs of hashes.  A hash that two
states share costs sharing, and nothing else: rows are compared.

>>> from catcore.objects import FinSet, R
>>> columns = Columns(FinSet(3) * R(2)).fitting((np.asarray([2]), np.asarray([[0.5, -1.0]])))
>>> row = columns.rows((np.asarray([2]), np.asarray([[0.5, -1.0]])), "the start")[0]
>>> columns.shown(row)
'(2, 0.5, -1.0)'
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.errors import NotInterpreted, ShapeMismatch
from catcore.objects import Coproduct, FinSet, Ob, One, Product, R
from catcore_backends.libraries.conversion import on_host

Rows = NDArray[np.int64]

#: States whose bounds allow at most so many are recognised by a table.
MAX_TABLE = 100_000_000
_LARGEST = 2**63 - 1  # of 64-bit integers


class Turned(ShapeMismatch):
    """Entries of states need another dtype of reals than before, those of array number ``leaf``."""

    def __init__(self, leaf: int, before: Any, dtype: Any, ob: Ob) -> None:
        kept = "integers" if before is None else f"reals of dtype {before}"
        super().__init__(
            f"States in {ob} are kept as {kept}, and numbers that need {dtype} were given. Convert them, or give the "
            f"first states in {dtype}."
        )
        self.leaf, self.dtype = leaf, dtype


@dataclass(frozen=True)
class Block:
    """The entries of one array in a row.

    Args:
        shape: the shape of one element.
        bound: how many values an entry has, None where it is any number.
        dtype: the dtype of reals, None for integers.
    """

    shape: tuple[int, ...]
    bound: int | None
    dtype: Any = None

    @property
    def width(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)

    def read(self, array: Any, live: Any, ob: Ob, leaf: int) -> Rows:
        """An array as entries of rows, the dead ones 0."""
        found = on_host(array)
        flat = found.reshape(len(found), self.width)
        if found.size:
            wanted = self._wanted(found, flat if live is None else flat[live], ob)
            if str(wanted) != str(self.dtype):  # to NumPy, None is float64
                raise Turned(leaf, self.dtype, wanted, ob)
        if self.dtype is None:
            entries = flat.astype(np.int64, copy=False)
        else:
            entries = np.ascontiguousarray(flat, np.float64).view(np.int64)
        return entries if live is None else np.where(live[:, None], entries, 0)

    def _wanted(self, found: Any, alive: Any, ob: Ob) -> Any:
        """The dtype of reals that holds what was found beside what was there before; None for integers."""
        kind = found.dtype.kind
        if kind not in "iubf" or (kind == "f" and (self.bound is not None or found.dtype.itemsize > 8)):
            raise _no_numbers(found, ob)
        if kind == "f":
            return found.dtype if self.dtype is None else np.result_type(found.dtype, self.dtype)
        least, most = (int(alive.min()), int(alive.max())) if alive.size else (0, 0)
        if self.dtype is None:
            if most > _LARGEST:
                raise _too_large(most, f"integers up to {_LARGEST}", ob)
            return None
        fitting = [t for t in (self.dtype, np.dtype(np.float64)) if max(-least, most) <= _exact(t)]
        if not fitting:
            raise _too_large(max(-least, most), "reals beside which integers are kept up to 2⁵³", ob)
        return fitting[0]

    def array(self, rows: Rows) -> Any:
        """Entries of rows as the array that they are."""
        flat = np.ascontiguousarray(rows)
        if self.dtype is not None:
            flat = flat.view(np.float64).astype(self.dtype, copy=False)
        return flat.reshape(len(rows), *self.shape)


class Columns:
    """States as rows of numbers.

    Args:
        ob: the object of states.
        blocks: the arrays that a state is made of; by default reals are integers.
    """

    def __init__(self, ob: Ob, blocks: tuple[Block, ...] | None = None) -> None:
        self.ob = ob
        self.blocks = tuple(_blocks(ob)) if blocks is None else blocks
        self.bounds = [block.bound for block in self.blocks for _ in range(block.width)]

    @property
    def size(self) -> int | None:
        """How many rows there are, where all entries are bounded."""
        known = [b for b in self.bounds if b is not None]
        return math.prod(known) if len(known) == len(self.bounds) else None

    def turned(self, leaf: int, dtype: Any) -> Columns:
        """The same with real entries in one array."""
        changed = replace(self.blocks[leaf], dtype=dtype)
        return Columns(self.ob, (*self.blocks[:leaf], changed, *self.blocks[leaf + 1 :]))

    def fitting(self, batch: Any) -> Columns:
        """The same with real entries where a batch of states has reals, of a dtype that holds them."""
        try:
            self.rows(batch, "the start")
        except Turned as turned:
            return self.turned(turned.leaf, turned.dtype).fitting(batch)
        return self

    def rows(self, batch: Any, where: str, count: int = 1) -> Rows:
        """A batch of states as rows, the dead entries 0; ``count`` is how many, read only where no array says it.

        Raises:
            ShapeMismatch: when it is no batch of states.
        """
        try:
            found = [self.blocks[i].read(x, live, ob, i) for i, (ob, x, live) in enumerate(_read(self.ob, batch, None))]
            rows: Rows = np.concatenate(found, axis=1) if found else np.zeros((count, 0), np.int64)
        except ShapeMismatch:
            raise
        except (TypeError, ValueError, IndexError):
            raise ShapeMismatch(
                f"A batch of states in {self.ob} was expected at {where}, and {_kind(batch)} was found. Give arrays "
                "of numbers, one row a state, grouped as the object is."
            ) from None
        self._check(rows, where)
        return rows

    def _check(self, rows: Rows, where: str) -> None:
        for i, bound in enumerate(self.bounds):
            wrong = np.flatnonzero((rows[:, i] < 0) | (rows[:, i] >= bound)).tolist() if bound is not None else []
            if wrong:
                raise ShapeMismatch(
                    f"States in {self.ob} were expected at {where}, and entry {i} of {self.shown(rows[wrong[0]])} is "
                    f"none of the {bound} numbers 0, 1, … below it. A coalgebra must stay inside its set of states."
                )

    def batch(self, rows: Rows) -> Any:
        """Rows as the batch of states that they are."""
        return _batch(self.ob, iter(self._arrays(rows)), len(rows))

    def _arrays(self, rows: Rows) -> list[Any]:
        """The arrays that states are made of."""
        cuts = [0, *it.accumulate(block.width for block in self.blocks)]
        return [b.array(rows[:, i:j]) for b, (i, j) in zip(self.blocks, it.pairwise(cuts), strict=True)]

    def shown(self, row: Any) -> str:
        """One state as it is printed."""
        entries = [str(x) for array in self._arrays(row[None]) for x in array.reshape(-1).tolist()]
        shown = entries if len(entries) <= 8 else [*entries[:7], "…"]
        return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"


# ---- recognising states ------------------------------------------------------------------------------------------


def recognised(columns: Columns) -> _Table | _Runs:
    """What gives states their numbers, in the order in which they are met."""
    return _Table(columns) if (columns.size or MAX_TABLE) < MAX_TABLE else _Runs(len(columns.bounds))


class _Table:
    """Numbers of states by a table with a place for each possible state."""

    def __init__(self, columns: Columns) -> None:
        self.bounds = [b for b in columns.bounds if b is not None]
        self.places = np.full(columns.size or 1, -1, np.int64)
        self.count = 0

    def numbers(self, rows: Rows) -> tuple[Rows, Rows]:
        """The numbers of some states, and those that are new, once each."""
        codes = np.zeros(len(rows), np.int64)
        for column, bound in zip(rows.T, self.bounds, strict=True):
            codes = codes * bound + column
        new = codes[self.places[codes] < 0]
        self.places[new] = np.arange(len(new))  # one of the equal ones wins
        new = new[self.places[new] == np.arange(len(new))]
        self.places[new] = self.count + np.arange(len(new))
        self.count += len(new)
        return self.places[codes], _decoded(new, self.bounds)


def _decoded(codes: Rows, bounds: list[int]) -> Rows:
    columns = []
    for bound in reversed(bounds):
        codes, column = np.divmod(codes, bound)
        columns.append(column)
    return np.stack(columns[::-1], axis=1) if columns else np.zeros((len(codes), 0), np.int64)


class _Runs:
    """Numbers of states by sorted runs, whose lengths double: a new state is moved a logarithmic number of times."""

    def __init__(self, width: int) -> None:
        self.runs: list[tuple[Any, Rows]] = []
        self.rows: Rows = np.zeros((0, width), np.int64)  # with room for more
        self.count = 0

    def numbers(self, rows: Rows) -> tuple[Rows, Rows]:
        """The numbers of some states, and those that are new, once each."""
        keys = _hashes(rows)
        order = np.argsort(keys, kind="stable")
        first = np.ones(len(rows), np.bool_)
        first[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1) | (np.diff(keys[order]) != 0)
        back = np.empty(len(rows), np.int64)
        back[order] = np.cumsum(first) - 1
        one = order[first]  # of each of the equal ones
        found = self._known(keys[one], rows[one])
        new = np.flatnonzero(found < 0)
        new = new[np.argsort(one[new])]  # in the order in which they came
        found[new] = self.count + np.arange(len(new))
        fresh = rows[one[new]]
        self._remember(keys[one[new]], found[new], fresh)
        return found[back], fresh

    def _known(self, keys: Any, rows: Rows) -> Rows:
        """The numbers of states met in earlier rounds, and −1 for others."""
        found = np.full(len(keys), -1, np.int64)
        for run, numbers in self.runs:
            at = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            alike = np.flatnonzero(run[at] == keys)
            known = numbers[at[alike]]
            same = (self.rows[known] == rows[alike]).all(axis=1)
            found[alike[same]] = known[same]
        return found

    def _remember(self, keys: Any, numbers: Rows, rows: Rows) -> None:
        if self.count + len(rows) > len(self.rows):
            larger = np.empty((2 * (self.count + len(rows)), rows.shape[1]), np.int64)
            larger[: self.count] = self.rows[: self.count]
            self.rows = larger
        self.rows[self.count : self.count + len(rows)] = rows
        self.count += len(rows)
        while self.runs and len(self.runs[-1][0]) <= 2 * len(keys):
            more, others = self.runs.pop()
            keys, numbers = np.concatenate([more, keys]), np.concatenate([others, numbers])
        if len(keys):
            order = np.argsort(keys, kind="stable")
            self.runs.append((keys[order], numbers[order]))


def _hashes(rows: Rows) -> Any:
    """A 64-bit number for each row; rows of one entry are their own."""
    if rows.shape[1] == 1:
        return rows[:, 0]
    odd = np.uint64(0x9E3779B97F4A7C15)
    mixed = np.ascontiguousarray(rows).view(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * odd
    factors = odd * np.arange(1, 2 * rows.shape[1], 2, dtype=np.uint64)
    total = ((mixed ^ (mixed >> np.uint64(29))) * factors).sum(axis=1, dtype=np.uint64)
    return (total ^ (total >> np.uint64(32))).view(np.int64)


# ---- batches and rows --------------------------------------------------------------------------------------------


def _blocks(ob: Ob) -> Iterator[Block]:
    match ob:
        case Product():
            yield from _blocks(ob.left)
            yield from _blocks(ob.right)
        case Coproduct():
            yield Block((), 2)
            yield from _blocks(ob.left)
            yield from _blocks(ob.right)
        case FinSet():
            yield Block((), ob.size)
        case R():
            yield Block(ob.shape, None)
        case _ if ob is not One:
            raise NotInterpreted(
                f"States in {ob} were to be unfolded on arrays, and they must be integers or reals: make S of "
                "FinSet(n), R(…), 1, products and sums, and say by shapes= what atoms are."
            )


def _read(ob: Ob, batch: Any, live: Any) -> Iterator[tuple[Ob, Any, Any]]:
    """The arrays in a batch with their objects, and the rows where they are live."""
    match ob:
        case Product():
            left, right = batch
            yield from _read(ob.left, left, live)
            yield from _read(ob.right, right, live)
        case Coproduct():
            tag, left, right = batch
            flags = on_host(tag) != 0
            alive = np.ones(len(flags), np.bool_) if live is None else live
            yield FinSet(2), flags, alive
            yield from _read(ob.left, left, alive & ~flags)
            yield from _read(ob.right, right, alive & flags)
        case FinSet() | R():
            yield ob, batch, live


def _batch(ob: Ob, found: Iterator[Any], count: int) -> Any:
    match ob:
        case Product():
            return _batch(ob.left, found, count), _batch(ob.right, found, count)
        case Coproduct():
            return next(found), _batch(ob.left, found, count), _batch(ob.right, found, count)
        case R() | FinSet():
            return next(found)
    return ()


def _kind(batch: Any) -> str:
    if isinstance(batch, tuple | list):
        return f"a group of {len(batch)}"
    shape = getattr(batch, "shape", None)
    return type(batch).__name__ if shape is None else f"an array of shape {tuple(shape)}"


def _exact(dtype: Any) -> int:
    """The largest n such that a dtype of reals has all integers up to n."""
    return 1 << (int(np.finfo(dtype).nmant) + 1)


def _too_large(number: int, kept: str, ob: Ob) -> ShapeMismatch:
    return ShapeMismatch(
        f"States in {ob} are kept as {kept}, and {number} was given, which would be rounded or wrap round. Number "
        "states by smaller integers, or give it in two parts."
    )


def _no_numbers(array: Any, ob: Ob) -> ShapeMismatch:
    wanted = "integers" if isinstance(ob, FinSet) else "numbers"
    return ShapeMismatch(
        f"States are rows of {wanted}, and an array of {array.dtype} was given for {ob}. Convert it to "
        f"{'an integer' if isinstance(ob, FinSet) else 'a real'} dtype."
    )
