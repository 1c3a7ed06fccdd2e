"""All operation tables that satisfy ground equations, many partial tables at once.

Each operation is a row of cells, each cell has a set of values still possible, and every ground instance of an equation
is evaluated on thousands of partial tables in one array operation.  An instance with two different values ends a
branch; one with a single open cell fills it.  A symmetry that makes the filled beginning of a table smaller ends it
too, so that exactly one table of each isomorphism class survives, with the order of its automorphism group: the
number of labelled tables follows by Lagrange.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catcore.errors import TooLarge

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
#: A term over variables and operations: the number of a variable, or (operation, arguments).
Term = int | tuple[int, tuple[Any, ...]]
#: Partial tables worked on at once, and the entries of one gathered array.
ROWS, ENTRIES = 16_384, 4_000_000
#: Symmetries tried on partial tables; complete ones meet the whole group.
PARTIAL = 40


@dataclass(frozen=True)
class Ground:
    """An equation with its instances: one column of elements for each variable."""

    lhs: Term
    rhs: Term
    columns: Ints


@dataclass(frozen=True)
class Problem:
    """Cells to fill, and what must hold.

    Args:
        index: for each operation, the cell of each tuple of arguments.
        allowed: for each cell, the values it may have, as bits.
        equations: the ground equations.
        symmetries: for each symmetry, where each cell comes from and how its values move: the table carried along
            symmetry g has ``images[g, c, table[sources[g, c]]]`` in cell c.  The identity is among them.
        sources: see ``symmetries``.
    """

    index: tuple[Ints, ...]
    allowed: Bits
    equations: tuple[Ground, ...]
    sources: Ints
    images: Ints
    first: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass
class Outcome:
    """What a search found: the number of tables, the classes, and the size of the search."""

    labelled: int = 0
    classes: int = 0
    partial: int = 0
    tables: list[Ints] = field(default_factory=list)


def search(problem: Problem, *, keep: int = 0, limit: int = 50_000_000) -> Outcome:
    """Fill the cells in all ways up to symmetry.

    Args:
        problem: what to fill.
        keep: how many of the tables are handed back, one of each class.
        limit: how many partial tables are looked at.

    Raises:
        TooLarge: when the limit is passed.
    """
    cells = len(problem.allowed)
    outcome = Outcome()
    start = np.full((1, cells + 1), -1, np.int64)
    stack = [(start, problem.allowed[None, :].copy())]
    while stack:
        values, allowed = stack.pop()
        outcome.partial += len(values)
        if outcome.partial > limit:
            raise TooLarge(f"More than {limit} partial tables were met; ask for smaller sets.")
        values, allowed = _propagate(problem, values, allowed)
        keep_rows = _minimal(problem, values, PARTIAL)
        values, allowed = values[keep_rows], allowed[keep_rows]
        whole = (values[:, :cells] >= 0).all(axis=1)
        _record(problem, values[whole], outcome, keep)
        stack.extend(_branches(values[~whole], allowed[~whole]))
    return outcome


def _record(problem: Problem, values: Ints, outcome: Outcome, keep: int) -> None:
    values = values[_minimal(problem, values, len(problem.sources))]
    if not len(values):
        return
    fixed = np.zeros(len(values), np.int64)
    for g in range(len(problem.sources)):
        fixed += (_moved(problem, values, g) == values[:, :-1]).all(axis=1)
    outcome.classes += len(values)
    outcome.labelled += int((len(problem.sources) // fixed).sum())
    outcome.tables.extend(values[: max(0, keep - len(outcome.tables)), :-1])


def _moved(problem: Problem, values: Ints, g: int) -> Ints:
    cells = values.shape[1] - 1
    # an open cell holds −1, which picks the last column: −1 again
    moved: Ints = problem.images[g][np.arange(cells), values[:, problem.sources[g]]]
    return moved


def _minimal(problem: Problem, values: Ints, count: int) -> NDArray[np.bool_]:
    """Which rows no symmetry makes lexicographically smaller, as far as they are filled."""
    alive = np.arange(len(values))
    for g in range(min(count, len(problem.sources))):
        if not len(alive) or values.shape[1] == 1:
            break
        rows = values[alive]
        moved, own = _moved(problem, rows, g), rows[:, :-1]
        differs = (moved != own) | (own < 0)
        at = differs.argmax(axis=1)
        line = np.arange(len(rows))
        a, b = moved[line, at], own[line, at]
        alive = alive[~((a >= 0) & (a < b))]
    keep = np.zeros(len(values), bool)
    keep[alive] = True
    return keep


def _branches(values: Ints, allowed: Bits) -> Iterator[tuple[Ints, Bits]]:
    """Each row with its first open cell filled in each possible way, in pieces of bounded size."""
    if not len(values):
        return
    cell = (values[:, :-1] < 0).argmax(axis=1)
    line = np.arange(len(values))
    options = allowed[line, cell]
    width = int(options.max()).bit_length()
    rows, chosen = np.nonzero(options[:, None] >> np.arange(width, dtype=np.uint64) & np.uint64(1))
    for begin in range(0, len(rows), ROWS):
        r, v = rows[begin : begin + ROWS], chosen[begin : begin + ROWS]
        new_values, new_allowed = values[r], allowed[r]
        new_allowed[np.arange(len(r)), cell[r]] = np.uint64(1) << v.astype(np.uint64)
        yield new_values, new_allowed


def _propagate(problem: Problem, values: Ints, allowed: Bits) -> tuple[Ints, Bits]:
    """Draw the consequences of all equations until nothing changes; rows with a contradiction go."""
    done_values, done_allowed = [values[:0]], [allowed[:0]]
    values, allowed = _settled(values, allowed)[:2]
    while len(values):
        alive = np.ones(len(values), bool)
        for equation in problem.equations:
            step = max(1, ENTRIES // max(1, equation.columns.shape[1]))
            for begin in range(0, len(values), step):
                part = slice(begin, begin + step)
                alive[part] &= _apply(problem, equation, values[part], allowed[part])
        values, allowed, changed = _settled(values[alive], allowed[alive])
        done_values.append(values[~changed])
        done_allowed.append(allowed[~changed])
        values, allowed = values[changed], allowed[changed]
    return np.concatenate(done_values), np.concatenate(done_allowed)


def _settled(values: Ints, allowed: Bits) -> tuple[Ints, Bits, NDArray[np.bool_]]:
    """Fill the cells with one possible value, drop the rows that have a cell with none."""
    alive = (allowed != 0).all(axis=1)
    values, allowed = values[alive].copy(), allowed[alive]
    single = ((allowed & (allowed - np.uint64(1))) == 0) & (values[:, :-1] < 0)
    rows, cells = np.nonzero(single)
    values[rows, cells] = np.log2(allowed[rows, cells].astype(np.float64)).astype(np.int64)
    return values, allowed, single.any(axis=1)


def _apply(problem: Problem, equation: Ground, values: Ints, allowed: Bits) -> NDArray[np.bool_]:
    """Narrow ``allowed`` in place by one equation; the rows that can still satisfy it are handed back."""
    a, cell_a = _evaluate(problem, equation.lhs, equation.columns, values)
    b, cell_b = _evaluate(problem, equation.rhs, equation.columns, values)
    alive: NDArray[np.bool_] = ~((a >= 0) & (b >= 0) & (a != b)).any(axis=1)
    for known, open_, cell in ((a, b, cell_b), (b, a, cell_a)):
        if cell is not None:
            rows, places = np.nonzero((known >= 0) & (open_ < 0) & (cell < values.shape[1] - 1))
            flat = rows * allowed.shape[1] + cell[rows, places]
            bits = np.uint64(1) << known[rows, places].astype(np.uint64)
            np.bitwise_and.at(allowed.reshape(-1), flat, bits)
    return alive


def _evaluate(problem: Problem, term: Term, columns: Ints, values: Ints) -> tuple[Ints, Ints | None]:
    """The value of a term at all instances in all rows, −1 where it is open, and the cell that it was read from."""
    if isinstance(term, int):
        return np.broadcast_to(columns[term], (len(values), columns.shape[1])), None
    operation, args = term
    index = problem.index[operation]
    if not args:
        cell = np.broadcast_to(index, (len(values), columns.shape[1]))
    else:
        found = [_evaluate(problem, t, columns, values)[0] for t in args]
        unknown = np.logical_or.reduce([f < 0 for f in found])
        cell = np.where(unknown, values.shape[1] - 1, index[tuple(found)])
    return np.take_along_axis(values, cell, axis=1), cell


def symmetries(
    index: Sequence[Ints], arguments: Sequence[Sequence[int]], results: Sequence[int], moves: Sequence[Sequence[Ints]]
) -> tuple[Ints, Ints]:
    """How permutations of the elements act on cells: ``sources`` and ``images`` of a :class:`Problem`.

    Args:
        index: for each operation, the cell of each tuple of arguments; −1 where there is none.
        arguments: for each operation, the sorts of its arguments.
        results: for each operation, the sort of its value.
        moves: for each symmetry, a permutation of the elements of each sort.
    """
    cells = 1 + max((int(i.max()) for i in index if i.size), default=-1)
    width = max((len(p) for p in moves[0]), default=0)
    sources = np.zeros((len(moves), cells), np.int64)
    images = np.full((len(moves), cells, width + 1), -1, np.int64)
    for g, permutations in enumerate(moves):
        for table, sorts, result in zip(index, arguments, results, strict=True):
            used = table >= 0
            moved = table[np.ix_(*(permutations[s] for s in sorts))] if sorts else table
            # the product of moved arguments holds the moved value
            sources[g, moved[used]] = table[used]
            images[g, moved[used], : len(permutations[result])] = permutations[result]
    return sources, images
