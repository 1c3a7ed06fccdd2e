"""Options of states, stated on columns of states: which there are, what they cost and which states they leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catcore.errors import IllTyped, ShapeMismatch
from catcore.objects import FinSet, Ob, Product, R
from catcore_backends.recursion.state_rows import Columns, Rows


@dataclass(frozen=True)
class Option:
    """One option of many states.

    Args:
        cost: what it costs, a number or one for each state.
        leaves: the states it leaves, each a tuple of columns or, for states of one column, the column.
        when: at which states it may be taken.
        rows: where states have any number of options, the number of the state that each entry belongs to.
    """

    cost: Any
    leaves: Sequence[Any] = ()
    when: Any = True
    rows: Any = None


@dataclass(frozen=True)
class Rule:
    """The options of states, as a Python function on columns of states.

    Args:
        options: from columns of states to options.
        bounds: for each column one more than its largest entry, or None where it is not known.
    """

    options: Callable[..., Sequence[Option]]
    bounds: tuple[int | None, ...]

    def __post_init__(self) -> None:
        if not callable(self.options) or not self.bounds:
            raise IllTyped(
                f"A recurrence is a function from columns of states to options, with a bound or None for each of at "
                f"least one column, and {self.options!r} with bounds {self.bounds!r} was given."
            )

    @property
    def columns(self) -> Columns:
        """The states as rows."""
        return Columns(object_of(self.bounds))

    def listed(self, rows: Rows) -> Sequence[Option]:
        """The options at some states.

        Raises:
            IllTyped: when the function gives something else.
        """
        options = self.options(*(np.ascontiguousarray(c) for c in rows.T))
        if not isinstance(options, Sequence) or not all(isinstance(o, Option) for o in options):
            raise IllTyped(
                f"The options of {len(rows)} states were asked for, and {type(options).__name__} was found. Return a "
                "list of Option(cost, leaves, when=…)."
            )
        for number, option in enumerate(options):
            self._check(number, option, len(rows))
        return options

    def _check(self, number: int, option: Option, count: int) -> None:
        entries = count if option.rows is None else len(option.rows)
        columns = [x for leaf in option.leaves for x in as_tuple(leaf)]
        wrong = [np.shape(x) for x in (option.cost, option.when, *columns) if np.shape(x) not in ((), (entries,))]
        real = [x for x in columns if np.asarray(x).dtype.kind not in "iub" and np.size(x)]
        lengths = {len(as_tuple(leaf)) for leaf in option.leaves} - {len(self.bounds)}
        if wrong or lengths or real or np.asarray(option.cost).dtype.kind not in "biuf":
            what = (
                f"an array of shape {wrong[0]}"
                if wrong
                else f"a state of {lengths.pop()} columns"
                if lengths
                else f"a column of {np.asarray(real[0]).dtype}"
                if real
                else f"the cost {option.cost!r}"
            )
            raise ShapeMismatch(
                f"Option {number} of {count} states was asked for, and {what} was found in it. Give numbers, or arrays "
                f"of shape ({entries},), and {len(self.bounds)} columns of integers for each state that is left."
            )


@dataclass(frozen=True)
class Edges:
    """Options of some states, one entry for each that may be taken.

    Args:
        row: which state it belongs to.
        number: which of the rule's options it is.
        cost: what it costs.
        leaves: for each place the states there, as rows, and where there is one.
    """

    row: Rows
    number: Rows
    cost: Any
    leaves: list[tuple[Rows, Any]]

    @staticmethod
    def of(rule: Rule, rows: Rows) -> Edges:
        """The options that the rule gives for some states, in the order of the states."""
        columns, options = rule.columns, rule.listed(rows)
        width = max((len(o.leaves) for o in options), default=0)
        found = [_entries(o, i, columns, len(rows), width) for i, o in enumerate(options)]
        if not found:
            nothing = np.zeros(0, np.int64)
            return Edges(nothing, nothing, nothing, [])
        order = np.argsort(np.concatenate([e.row for e in found]), kind="stable")
        sides = [[np.concatenate([e.leaves[p][side] for e in found])[order] for side in (0, 1)] for p in range(width)]
        row, number, cost = (
            np.concatenate([getattr(e, word) for e in found])[order] for word in ("row", "number", "cost")
        )
        return Edges(row, number, cost, [(leaf, live) for leaf, live in sides])


def _entries(option: Option, number: int, columns: Columns, count: int, width: int) -> Edges:
    """The entries of one option that may be taken."""
    given = np.arange(count) if option.rows is None else np.asarray(option.rows, np.int64)
    here = np.flatnonzero(np.broadcast_to(np.asarray(option.when), given.shape))
    leaves: list[tuple[Rows, Any]] = []
    for leaf in option.leaves:
        parts = [np.broadcast_to(np.asarray(x), given.shape)[here] for x in as_tuple(leaf)]
        leaves.append((columns.rows(nested(parts), f"a leaf of option {number}"), np.ones(len(here), np.bool_)))
    for _ in range(width - len(leaves)):
        leaves.append((np.zeros((len(here), len(columns.bounds)), np.int64), np.zeros(len(here), np.bool_)))
    cost = np.broadcast_to(np.asarray(option.cost), given.shape)[here]
    return Edges(given[here], np.full(len(here), number), cost, leaves)


def as_tuple(state: Any) -> tuple[Any, ...]:
    """A state as the tuple of its columns."""
    return state if isinstance(state, tuple) else (state,)


def object_of(bounds: tuple[int | None, ...]) -> Ob:
    """The object of states with columns of the given bounds."""
    obs = [R() if b is None else FinSet(b) for b in bounds]
    ob: Ob = obs[0]
    for other in obs[1:]:
        ob = Product(ob, other)
    return ob


def nested(columns: Sequence[Any]) -> Any:
    """Columns as a batch of states."""
    batch = columns[0]
    for column in columns[1:]:
        batch = (batch, column)
    return batch
