"""Totals over a batch: the gradient of what all rows share (THEORY T5.4).

A parameter that stands for all rows is copied, and the reverse of a copy is a sum: its covector is the total of those
of the rows.  The total is never formed row by row where that can be helped: the total of outer products ``v xᵀ`` is one
product of matrices, the total of a sum is the sum of totals, and what is one row for all is multiplied by their number.
"""

from __future__ import annotations

import functools as ft
from dataclasses import dataclass
from typing import Any

from catcore.categories import array_rules
from catcore.categories.smooth import TABLE
from catcore_backends.emitter import Emitter
from catcore_backends.values import Both, Leaf, Point, Value


def total(emitter: Emitter, value: Value) -> Value:
    """The value summed over the rows of the batch, as one row for all."""
    match value:
        case Leaf():
            return Leaf(_total(emitter, value), shared=True)
        case Both():
            return Both(total(emitter, value.left), total(emitter, value.right))
    return value if isinstance(value, Point) else Point()


def _total(emitter: Emitter, leaf: Leaf) -> str:
    let = emitter.program.let
    single = leaf.name if leaf.shared else emitter.single.get(leaf.name)
    if single is not None:
        return let("{} * {}", single, emitter.batch)
    if leaf.name in emitter.totalled:
        return emitter.totalled[leaf.name]
    made = _made_by(emitter, leaf.name)
    if made.rule is TABLE["add"].rule and len(made.operands) == 2:
        first, second = (_total(emitter, Leaf(name)) for name in made.operands)
        return let("{} + {}", first, second)
    if made.rule in _linear() and len(made.operands) == 1:
        return let(made.template, _total(emitter, Leaf(made.operands[0])))
    if made.rule is array_rules.matmul and len(made.operands) == 2:
        column, row = (_made_by(emitter, name) for name in made.operands)
        if _is_column(column) and row.rule is array_rules.reshape:
            return let("outer_total({}, {})", *column.operands, *row.operands, remark="matmul")
    return let("total({})", leaf.name)


@dataclass(frozen=True)
class Made:
    """How a name was computed: by which array rule with which parameters, and from which names."""

    rule: Any
    parameters: Any
    template: str
    operands: tuple[str, ...]


def _made_by(emitter: Emitter, name: str) -> Made:
    statement = emitter.program.statement(name)
    word = statement.template.partition("(")[0]
    kind, *rest = emitter.program.constants.get(word, ("none",))
    rule, parameters = rest if kind == "rule" else (None, None)
    return Made(rule, parameters, statement.template, statement.operands)


def _is_column(made: Made) -> bool:
    """Whether a name is a vector made into a matrix of one column."""
    return made.rule is array_rules.reshape and made.parameters[0][-1] == 1


@ft.cache
def _linear() -> frozenset[Any]:
    """The rules of the linear primitives of one argument that have no constants: totals pass through them."""
    names = ("negative", "times", "reshape", "permute_dims", "sum", "repeat", "fill", "narrow")
    return frozenset(TABLE[name].rule for name in names)
