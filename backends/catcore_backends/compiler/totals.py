"""Totals over a batch: the gradient of what all rows share (THEORY T5.4).

A parameter that stands for all rows is copied, and the reverse of a copy is a sum: its covector is the total of those
of the rows.  The total is never formed row by row where that can be helped: the total of outer products ``v xᵀ`` is one
product of matrices, the total of a sum is the sum of totals, and what is one row for all is multiplied by their number.
"""

from __future__ import annotations

from dataclasses import replace

from catcore.categories import array_rules
from catcore.categories.smooth import TABLE
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.program import Applied, Statement
from catcore_backends.compiler.values import Both, Leaf, Point, Value


def total(emitter: Emitter, value: Value) -> Value:
    """The value summed over the rows of the batch, as one row for all."""
    match value:
        case Leaf():
            return Leaf(_total(emitter, value), shared=True)
        case Both():
            return Both(total(emitter, value.left), total(emitter, value.right))
    return value if isinstance(value, Point) else Point()


def _total(emitter: Emitter, leaf: Leaf) -> str:
    program = emitter.program
    single = leaf.name if leaf.shared else emitter.single.get(leaf.name)
    if single is not None:
        return program.let("{} * {}", single, emitter.batch)
    if leaf.name in emitter.totalled:
        return emitter.totalled[leaf.name]
    made = program.statement(leaf.name)
    match made.applied:
        case Applied("add", single=(_, _)):
            first, second = (_total(emitter, Leaf(name)) for name in made.operands)
            return program.let("{} + {}", first, second)
        case Applied(name, single=(_,)) if _is_linear(name):
            inside = replace(made, applied=replace(made.applied, single=(True,)))
            return program.again(inside, _total(emitter, Leaf(made.operands[0])))
        case Applied("matmul", rule=array_rules.matmul):
            column, row = (program.statement(name) for name in made.operands)
            if _is_column(column) and _is_reshape(row):
                return program.let("outer_total({}, {})", *column.operands, *row.operands, remark="matmul")
    return program.let("total({})", leaf.name)


def _is_linear(name: str) -> bool:
    """Whether a primitive is linear and has no constants: then totals pass through it."""
    row = TABLE.get(name)
    return row is not None and row.linear and row.constants is None


def _is_reshape(made: Statement) -> bool:
    return made.applied is not None and made.applied.name == "reshape"


def _is_column(made: Statement) -> bool:
    """Whether a name is a vector made into a matrix of one column."""
    return made.applied is not None and made.applied.name == "reshape" and bool(made.applied.parameters[0][-1] == 1)
