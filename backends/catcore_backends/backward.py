"""The level engine backwards: the gradient of a fold with respect to its parameters (THEORY T4.6, T5.3).

The values of all nodes are computed level by level as in the fold.  Then the levels are walked from the roots down: the
nodes of one constructor and height hand their covectors to the reverse derivative of the algebra, all at once; it adds
to the gradient of the parameters, as a total over these nodes, and to the covectors of the branches, which are lower.
A node's own value is a residual in the sense of optics: what the derivative can say in terms of it, as that of ``tanh``
can, is not computed again.
"""

from __future__ import annotations

import functools as ft
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from catcore.arrows import Arrow, ident
from catcore.datatypes.monomials import Monomial
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import Covector, covectors, parts, written
from catcore.learning.folds import BackwardFold, parametric_algebra
from catcore.learning.reverse import backwards
from catcore.objects import Bound, Product
from catcore.points import at
from catcore.tracing import trace
from catcore_backends.batches import mapped, picked
from catcore_backends.emitter import Emitter, rule
from catcore_backends.forests import Forest, Group
from catcore_backends.levels import Levels, _layer_of
from catcore_backends.linking import Code
from catcore_backends.totals import total
from catcore_backends.values import Both, Leaf, Point, Value


@rule(BackwardFold)
def _backward_fold(emitter: Emitter, term: BackwardFold, value: Both) -> Value:
    assert isinstance(value.left, Both)
    single = emitter.narrow(value.left.left)
    if single is None:
        raise NotInterpreted(
            f"The gradient of a fold over {term.dom.args[0].args[1]} was asked for, and its parameters differ from row "
            "to row. Compile it with shared=True, and give one element of the parameters for the whole batch."
        )
    of = term.args[0]
    forward = emitter.program.constant(("fold", of), ("fold", emitter.levels(of)), "f")
    levels = BackwardLevels(term, emitter.program.constants[forward][1], emitter)
    word = emitter.program.constant(("backward fold", term), ("fold", levels), "f")
    parts_of = [emitter.expression(v) for v in (single, value.left.right, value.right)]
    text = ", ".join(text for text, _ in parts_of)
    names = [name for _, found in parts_of for name in found]
    result = emitter.program.let(f"{word}({text})", *names, remark="fold backwards", pure=False)
    rows = emitter.program.let("apart({})", result, pure=False)
    whole, apart = (emitter.read(term.cod, "{}", (name,)) for name in (result, rows))
    emitter.totalled.update(_paired(apart, whole))
    return apart


def _paired(rows: Value, whole: Value) -> dict[str, str]:
    """The names of the parts of one value by those of another."""
    match rows, whole:
        case Leaf(), Leaf():
            return {rows.name: whole.name}
        case Both(), Both():
            return _paired(rows.left, whole.left) | _paired(rows.right, whole.right)
    return {}


class BackwardLevels:
    """The compiled reverse derivative of a fold with parameters.

    Args:
        term: the reverse derivative of the fold.
        forward: the compiled fold, which keeps its table of values for the way back.
        of: the emitter of the program around it, which knows what atoms and generators are.
    """

    def __init__(self, term: BackwardFold, forward: Levels, of: Emitter) -> None:
        fold = term.args[0]
        self.forward = forward
        forward.keeps = True
        algebra, functor = parametric_algebra(fold), Functor(1, fold.args[0].body)
        self.pieces = [_piece(algebra, functor, kind, Emitter(of.types, of.generators)) for kind in forward.kinds]
        self._linked: dict[Any, list[Callable[[Any, int], Any]]] = {}

    def __call__(self, xp: Any, parameters: Any, trees: Forest, covector: Any) -> Any:
        """The gradient of the parameters, one row for the whole batch, for covectors of the values at the roots."""
        values = self.forward.kept(parameters, trees)
        if values is None:
            values = self.forward.table(xp, parameters, trees)
        table = trees.over(xp)
        given = mapped(lambda x: x[0, ...], parameters)
        flowing = mapped(lambda x: _scattered(xp, x, table.roots, table.size), covector)
        pieces = self._pieces(xp, table.dtype or _dtype(flowing))
        gradient: Any = None
        for group in reversed(table.groups):
            n = group.stop - group.start
            here = picked(flowing, slice(group.start, group.stop))
            layer = self.forward.layer(xp, group, values)
            own = picked(values, slice(group.start, group.stop))
            found, below = pieces[group.constructor]((given, (layer, (own, here))), n)
            gradient = found if gradient is None else _added(gradient, found)
            flowing = self._handed_on(xp, flowing, group, below)
        return gradient

    def _pieces(self, xp: Any, dtype: Any) -> list[Callable[[Any, int], Any]]:
        key = (xp, str(dtype))
        if key not in self._linked:
            self._linked[key] = [piece.linked(xp, dtype) for piece in self.pieces]
        return self._linked[key]

    def _handed_on(self, xp: Any, flowing: Any, group: Group, below: Any) -> Any:
        """The covectors of all nodes after one group has handed its own on to its branches."""
        for place, branch in enumerate(group.branches):
            rows = below[0] if place < len(group.branches) - 1 else below
            below = below[1] if place < len(group.branches) - 1 else below
            flowing = _both(ft.partial(_put_at, xp, branch), flowing, rows)
        return flowing


def _piece(algebra: Arrow, functor: Functor, kind: Monomial, emitter: Emitter) -> Code:
    """``(p, (places, (y, v))) ↦ (p', branches')`` for one constructor with values y, p' as a total over its nodes."""
    dom = algebra.dom
    assert isinstance(dom, Product)
    p, carrier = dom.left, algebra.cod
    places = _layer_of(kind, carrier)
    made = kind.arrow(functor, carrier)
    step = trace(lambda x: algebra(x[0], made(x[1])), p * places, carrier)
    context = p * (places * (carrier * covectors(carrier)))
    point = trace(lambda x: (x[0], x[1][0]), context, p * places)
    covector = trace(lambda x: x[1][1][1], context, covectors(carrier))
    forward = at(step, ident(step.dom))
    found, rest = parts(backwards(forward, point, covector))
    branches = [b for b, ob in zip(_unnested(rest, len(kind.places)), kind.places, strict=True) if ob is Bound(0)]
    given = emitter.input(context, shared=True)
    gradient = total(emitter, emitter.run(written(found, point, p), given))
    rows = [emitter.whole(covectors(carrier), emitter.run(written(b, point, carrier), given)) for b in branches]
    _known(emitter, emitter.run(at(forward, point), given), emitter.run(_own(context), given))
    nested: Value = reduce(lambda value, row: Both(row, value), reversed(rows[:-1]), rows[-1]) if rows else Point()
    return Code(emitter.program, *emitter.expression(Both(gradient, nested)))


def _own(context: Product) -> Arrow:
    """The value of a node, out of the context of its piece."""
    carrier = context.args[1].args[1].args[0]
    return trace(lambda x: x[1][1][0], context, carrier)


def _known(emitter: Emitter, computed: Value, given: Value) -> None:
    """Let the program read the value that is given where it would compute it."""
    emitter.program.replace(_paired(computed, given))


def _unnested(covector: Covector, count: int) -> list[Covector]:
    """The parts of a covector of a left-nested product."""
    found: list[Covector] = []
    for _ in range(count - 1):
        covector, last = parts(covector)
        found.append(last)
    return [covector, *reversed(found)] if count else []


# ---- tables of covectors -----------------------------------------------------------------------------------------


def _both(function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(_both(function, a, b) for a, b in zip(x, y, strict=True))
    return function(x, y)


def _added(x: Any, y: Any) -> Any:
    return _both(lambda a, b: a + b, x, y)


def _scattered(xp: Any, rows: Any, index: Any, size: int) -> Any:
    """A table of zeros with rows added at some nodes."""
    table = xp.zeros((size, *rows.shape[1:]), dtype=rows.dtype, device=getattr(rows, "device", None))
    return _put(xp, table, rows, index)


def _put_at(xp: Any, index: Any, table: Any, rows: Any) -> Any:
    return _put(xp, table, rows, index)


def _put(xp: Any, table: Any, rows: Any, index: Any) -> Any:
    """The table with rows added at nodes, some of which may be the same."""
    if hasattr(table, "at"):  # JAX arrays are written by making new ones
        return table.at[index].add(rows)
    if isinstance(index, slice):
        table[index, ...] += rows
    elif isinstance(table, np.ndarray):
        np.add.at(table, index, rows)
    else:
        table.index_add_(0, index, rows)
    return table


def _dtype(batch: Any) -> Any:
    return batch[0].dtype if isinstance(batch, tuple) and batch else getattr(batch, "dtype", None)
