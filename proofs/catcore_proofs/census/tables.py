"""All operation tables that satisfy ground equations, many partial tables at once.

Each operation is a row of cells, each cell has a set of values still possible, and every ground instance of an equation
is evaluated on thousands of partial tables in one array operation.  An instance with two different values ends a
branch; one with a single open cell fills it.  A symmetry that makes the filled beginning of a table smaller ends it
too, so that exactly one table of each isomorphism class survives, with the order of its automorphism group: the
number of labelled tables follows by Lagrange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import Any

import numpy as np

from catcore.categories.finite_sets import host
from catcore.errors import TooLarge
from catcore_proofs.census.compiling import Parts, at_most, enough
from catcore_proofs.census.entries import (
    Flags,
    Ints,
    counted_up,
    counting,
    entries,
    every,
    filled,
    first,
    joined,
    made,
    namespace,
    pieces,
    places,
    rows_of,
    some,
    written,
)
from catcore_proofs.census.sharing import shared_out

#: A term over variables and operations: the number of a variable, or (operation, arguments).
Term = int | tuple[int, tuple[Any, ...]]
#: Partial tables worked on at once, and the entries of one gathered array.
ROWS, ENTRIES = 16_384, 4_000_000
#: The cells that are carried along symmetries at once.
MOVED = 200_000
#: The parts of a step, which are the same in all searches: what differs is given.
_PARTS = Parts()
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
        sources: for each symmetry, where each cell comes from; the identity is among them.
        images: for each symmetry, how values move: the table carried along symmetry g has
            ``images[g, c, table[sources[g, c]]]`` in cell c.
    """

    index: tuple[Ints, ...]
    allowed: Ints
    equations: tuple[Ground, ...]
    sources: Ints
    images: Ints


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
    problem = _placed(problem)
    cells = problem.allowed.shape[0]
    outcome = Outcome()
    stack = [(filled((1, cells + 1), -1), problem.allowed[None, :])]
    while stack:
        values, allowed = stack.pop()
        outcome.partial += values.shape[0]
        if outcome.partial > limit:
            raise TooLarge(f"More than {limit} partial tables were met; ask for smaller sets.")
        values, allowed = _each(partial(_narrowed_down, problem), values, allowed)
        whole = every(values[:, :cells] >= 0, axis=1)
        _record(problem, rows_of(values, whole), outcome, keep)
        stack.extend(_branches(rows_of(values, ~whole), rows_of(allowed, ~whole)))
    return outcome


def _placed(problem: Problem) -> Problem:
    """The problem in the arrays of the library; where operations have no cell, they read the open one at the end."""
    cells = len(problem.allowed)
    return Problem(
        tuple(made(np.where(table < 0, cells, table)) for table in problem.index), made(problem.allowed),
        tuple(Ground(e.lhs, e.rhs, made(e.columns)) for e in problem.equations),
        made(problem.sources), made(problem.images),
    )  # fmt: skip


def _each(step: Callable[[tuple[Ints, ...]], tuple[Ints, ...]], *rows: Ints) -> tuple[Ints, ...]:
    """What a step makes of rows, given as several arrays, of which the workers take some each."""
    return shared_out(
        step, rows, rows[0].shape[0],
        lambda arrays, block: tuple(x[block, ...] for x in arrays),
        lambda found: tuple(map(joined, zip(*found, strict=True))),
    )  # fmt: skip


def _narrowed_down(problem: Problem, rows: tuple[Ints, ...]) -> tuple[Ints, ...]:
    """The rows that can still satisfy all equations, and that no symmetry tried on partial tables makes smaller."""
    values, allowed = _propagate(problem, *rows)
    kept = _minimal(problem, values, PARTIAL)
    return rows_of(values, kept), rows_of(allowed, kept)


def _record(problem: Problem, values: Ints, outcome: Outcome, keep: int) -> None:
    if not values.shape[0]:
        return
    values, fixed = _each(partial(_smallest, problem), values)
    outcome.classes += values.shape[0]
    outcome.labelled += int(namespace().sum(problem.sources.shape[0] // fixed))
    if keep > len(outcome.tables):
        outcome.tables.extend(host(values)[: keep - len(outcome.tables), :-1])


def _smallest(problem: Problem, rows: tuple[Ints, ...]) -> tuple[Ints, ...]:
    """The whole tables that no symmetry makes smaller, and how many symmetries fix each."""
    order = problem.sources.shape[0]
    values = rows_of(rows[0], _minimal(problem, rows[0], order))
    fixed = filled((values.shape[0],), 0)
    for some_ in _together(problem, values.shape[0], order) if values.shape[0] else ():
        (more,) = _PARTS("fixed", _how_many_fix, (values,), whole=_taken(problem, some_))
        fixed = fixed + more
    return values, fixed


def _how_many_fix(rows: tuple[Ints], sources: Ints, images: Ints) -> tuple[Ints]:
    """How many symmetries leave each table as it is."""
    xp, (values,) = namespace(), rows
    same = every(_moved(values, sources, images) == values[:, None, :-1], axis=2)
    return (xp.sum(xp.astype(same, xp.int64), axis=1),)


def _together(problem: Problem, rows: int, count: int) -> Iterator[slice]:
    """The first so many symmetries, as many at once as keep arrays small."""
    return pieces(count, max(1, MOVED // max(1, enough(rows) * problem.sources.shape[1])))


def _taken(problem: Problem, some_: slice) -> tuple[Ints, Ints]:
    """Some symmetries."""
    return problem.sources[some_, ...], problem.images[some_, ...]


def _moved(values: Ints, sources: Ints, images: Ints) -> Ints:
    """The tables carried along symmetries: one array of rows, symmetries and cells."""
    xp, (cells, width) = namespace(), images.shape[1:]
    found = xp.reshape(xp.take(values, xp.reshape(sources, (-1,)), axis=1), (values.shape[0], *sources.shape))
    # an open cell holds −1, which stands for the last column: −1 again
    return entries(images, counting(images.shape[0])[:, None], counting(cells), xp.where(found < 0, width - 1, found))


def _minimal(problem: Problem, values: Ints, count: int) -> Flags:
    """Which rows no symmetry makes lexicographically smaller, as far as they are filled."""
    alive, begin = counting(values.shape[0]), 0
    count = min(count, problem.sources.shape[0]) if values.shape[1] > 1 else 0
    while begin < count and alive.shape[0]:
        some_ = next(_together(problem, alive.shape[0], count - begin))  # more at once, the fewer rows are left
        tried = _taken(problem, slice(begin, begin + some_.stop))
        (smaller,) = _PARTS("smaller", _some_smaller, (rows_of(values, alive),), whole=tried)
        alive, begin = rows_of(alive, ~smaller), begin + some_.stop
    return written(filled((values.shape[0],), False, "bool"), (alive,), True)


def _some_smaller(rows: tuple[Ints], sources: Ints, images: Ints) -> tuple[Flags]:
    """Which tables are made smaller by a symmetry: at the first cell that differs, or none if one is open before."""
    own = rows[0][:, :-1]
    moved = _moved(rows[0], sources, images)
    at = first((moved != own[:, None, :]) | (own < 0)[:, None, :], axis=2)
    row = counting(at.shape[0])[:, None]
    a, b = entries(moved, row, counting(at.shape[1]), at), entries(own, row, at)
    return (some((a >= 0) & (a < b), axis=1),)


def _branches(values: Ints, allowed: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Each row with its first open cell filled in each possible way, in pieces of bounded size."""
    if not values.shape[0]:
        return
    cell = first(values[:, :-1] < 0, axis=1)
    options = entries(allowed, counting(values.shape[0]), cell)
    width = int(namespace().max(options)).bit_length()
    rows, chosen = places(((options[:, None] >> counting(width)) & 1) != 0)
    for part in pieces(rows.shape[0], ROWS):
        r, v = rows[part], chosen[part]
        here = counting(r.shape[0]), rows_of(cell, r)
        yield rows_of(values, r), written(rows_of(allowed, r), here, 1 << v)


def _propagate(problem: Problem, values: Ints, allowed: Ints) -> tuple[Ints, Ints]:
    """Draw the consequences of all equations until nothing changes; rows with a contradiction go."""
    line = counting(values.shape[0])
    done = [(line[:0, ...], values[:0, ...], allowed[:0, ...])]
    values, allowed, alive, _ = _settled(values, allowed)
    line = rows_of(line, alive)
    while values.shape[0]:
        alive = filled((values.shape[0],), True, "bool")
        for equation in problem.equations:
            step = at_most(max(1, ENTRIES // max(1, equation.columns.shape[1])))
            sides, given = (equation.lhs, equation.rhs), (equation.columns, *problem.index)
            parts = [
                _PARTS(sides, partial(_apply, *sides), (values[p, ...], allowed[p, ...]), whole=given)
                for p in pieces(alive.shape[0], step)
            ]
            alive = alive & joined([right for right, _ in parts])
            allowed = joined([narrowed for _, narrowed in parts])
        line = rows_of(line, alive)
        values, allowed, alive, changed = _settled(rows_of(values, alive), rows_of(allowed, alive))
        line = rows_of(line, alive)
        done.append((rows_of(line, ~changed), rows_of(values, ~changed), rows_of(allowed, ~changed)))
        line, values, allowed = rows_of(line, changed), rows_of(values, changed), rows_of(allowed, changed)
    line, values, allowed = (joined(parts) for parts in zip(*done, strict=True))
    order = namespace().argsort(line)  # some rows need more rounds than others
    return rows_of(values, order), rows_of(allowed, order)


def _settled(values: Ints, allowed: Ints) -> tuple[Ints, Ints, Flags, Flags]:
    """Fill the cells with one possible value, drop the rows that have a cell with none; who lived on, who changed."""
    alive = every(allowed != 0, axis=1)
    values, allowed = rows_of(values, alive), rows_of(allowed, alive)
    if not values.shape[0]:
        return values, allowed, alive, alive[:0]
    values, changed = _PARTS("filled", _filled_in, (values, allowed))
    return values, allowed, alive, changed


def _filled_in(rows: tuple[Ints, Ints]) -> tuple[Ints, Flags]:
    """Open cells with one possible value have it; the rows that have such a cell."""
    xp, (values, allowed) = namespace(), rows
    single = ((allowed & (allowed - 1)) == 0) & (values[:, :-1] < 0)
    at = places(single)
    power = xp.log2(xp.astype(entries(allowed, *at), xp.float64))
    return written(values, at, xp.astype(xp.round(power), xp.int64)), some(single, axis=1)


def _apply(lhs: Term, rhs: Term, rows: tuple[Ints, Ints], columns: Ints, *index: Ints) -> tuple[Flags, Ints]:
    """The rows that can still satisfy one equation, and what it leaves allowed."""
    values, allowed = rows
    (a, cell_a), (b, cell_b) = (_evaluate(index, side, columns, values) for side in (lhs, rhs))
    alive = ~some((a >= 0) & (b >= 0) & (a != b), axis=1)
    for known, open_, cell in ((a, b, cell_b), (b, a, cell_a)):
        if cell is not None:
            at = places((known >= 0) & (open_ < 0) & (cell < allowed.shape[1]))
            allowed = _narrowed(allowed, (at[0], entries(cell, *at)), entries(known, *at))
    return alive, allowed


def _narrowed(allowed: Ints, cells: tuple[Ints, Ints], values: Ints) -> Ints:
    """What is allowed when cells of rows must have values; nothing in cells that must have two."""
    wanted = 1 << values
    if namespace() is np:
        np.bitwise_and.at(allowed.reshape(-1), cells[0] * allowed.shape[1] + cells[1], wanted)
        return allowed
    bits = written(filled(allowed.shape, -1), cells, wanted)  # one of those that a cell must have, any
    apart = entries(bits, *cells) != wanted
    bits = written(bits, tuple(rows_of(x, apart) for x in cells), 0)
    return allowed & bits


def _evaluate(index: Sequence[Ints], term: Term, columns: Ints, values: Ints) -> tuple[Ints, Ints | None]:
    """The value of a term at all instances in all rows, −1 where it is open, and the cell that it was read from."""
    xp, shape = namespace(), (values.shape[0], columns.shape[1])
    if isinstance(term, int):
        return xp.broadcast_to(columns[term, ...], shape), None
    operation, args = term
    if not args:
        cell = xp.broadcast_to(index[operation], shape)
    else:
        found = [_evaluate(index, t, columns, values)[0] for t in args]
        unknown = reduce(or_, [f < 0 for f in found])
        cell = xp.where(unknown, values.shape[1] - 1, entries(index[operation], *map(counted_up, found)))
    return entries(values, counting(shape[0])[:, None], cell), cell


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
