"""Recursions over states backwards: what parameters and states hear in a hylomorphism (THEORY T3.4, T5.3).

States are unfolded and answered once, by :mod:`~catcore_backends.recursion.shared_hylos`, and every node knows its
state.  Then the levels are walked twice.  From the roots down, the reverse derivative of the algebra hands covectors of
answers to the branches, and tells labels what they should hear; where a state is met several times, its covectors are
added.  From the leaves up, the reverse derivative of the coalgebra makes of what labels and the states below hear what
the state hears.  The parameters of both hear a total over all nodes.

What a state hears differs from place to place where it occurs, and is linear in the covector of its answer there.  So
states that are shared are taken apart only if they then are few; otherwise the walk up carries the linear map itself,
one row for each number in an answer, so that the work grows with the distinct states and not with the places.

>>> import numpy as np
>>> from catcore.arrows import case, finite_map, ident, inl, inr
>>> from catcore.categories.smooth import smooth
>>> from catcore.functors import Id
>>> from catcore.objects import FinSet, One, R
>>> from catcore.para import ParaMap, hylo
>>> from catcore_backends.gradients import gradient
>>> N, F, steps = R(), R() + Id, FinSet(9)
>>> down = finite_map(steps, One + steps, list(range(9)))
>>> def powers(x):  # (w, (n, x)) ↦ (n − 1, w x), and x at 0
...     w, (n, state) = x
...     return down(n).case(inl=lambda _: inl(state), inr=lambda m: inr((m, smooth("multiply", N * N)((w, state)))))
>>> ask = ParaMap(N, trace(powers, N * (steps * N), F(steps * N)))
>>> h = hylo(F, ParaMap((), case(ident(N), ident(N))), ask)  # wⁿ x
>>> values, slope = gradient(h.arrow)((np.asarray(2.0), (np.asarray([3, 2]), np.asarray([1.0, 5.0]))))
>>> values.tolist(), slope.tolist()  # 3 w² + 5 · 2 w
([8.0, 20.0], 32.0)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from catcore.arrows import Arrow, ident, terminal
from catcore.categories.finite_sets import Injected
from catcore.datatypes.monomials import Monomial, Power, Template
from catcore.learning.covectors import Applied, Covector, covectors, parts, points_of, written
from catcore.learning.data import BackwardHylo
from catcore.learning.reverse import backwards
from catcore.objects import Coproduct, Exponential, Ob, One, Product
from catcore.para.actegories import flat, nest
from catcore.points import at
from catcore.tracing import trace
from catcore_backends.batches import arrays, mapped
from catcore_backends.compiler.emitter import Emitter, rule
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.totals import total
from catcore_backends.compiler.values import Both, Value, leaves
from catcore_backends.nesting import from_right
from catcore_backends.recursion.backward import Walk, added, at_origins, heard_labels, paired, piece_backwards
from catcore_backends.recursion.few_shapes import few, filled_up, laid
from catcore_backends.recursion.forests import Forest, Group
from catcore_backends.recursion.levels import Levels, put, real_in, taken
from catcore_backends.recursion.occurrences import occurrences
from catcore_backends.recursion.shared_hylos import (
    Recursion,
    expressions,
    flat_value,
    nested_ob,
    nested_value,
    taken_apart,
    unfolded,
)


@rule(BackwardHylo)
def _backward_hylo(emitter: Emitter, term: BackwardHylo, value: Both) -> Value:
    found, given, state = taken_apart(emitter, term.args[0], value.left)
    trees = unfolded(emitter, found, given, state)
    engine = BackwardStates(found, _forward(emitter, found), emitter)
    word = emitter.program.constant(("states backwards", term, found.count), ("fold", engine), "f")
    text, names = expressions(emitter, emitter.narrow(given), emitter.whole(covectors(found.of.cod), value.right))
    let = emitter.program.let
    result = let(f"{word}({{}}, {text})", trees.name, *names, remark="states backwards", pure=False)
    heard = emitter.read(covectors(found.states), "{}.states", (result,))
    if not found.count:
        return heard
    slopes = [let("{}.parameters", result)]
    slopes.append(let("apart({})", slopes[0], pure=False))
    whole, rows = (emitter.read(covectors(found.parameters), "{}", (name,)) for name in slopes)
    emitter.totalled.update(paired(rows, whole))
    return nested_value([*flat_value(rows, found.count), heard])


def _forward(emitter: Emitter, of: Recursion) -> Levels:
    """The compiled fold of the states, the one that gives the answers; it keeps its table for the way back."""
    word = emitter.program.constant_names.get(("fold", of.fold))
    if word is None:
        word = emitter.program.constant(("fold", of.fold), ("fold", emitter.levels(of.fold)), "f")
    levels: Levels = emitter.program.constants[word][1]
    levels.keeps = True
    return levels


class BackwardStates(Walk):
    """The compiled reverse derivative of a hylomorphism with respect to its parameters and its states.

    Args:
        of: the hylomorphism with its parameters.
        forward: its compiled fold.
        emitter: that of the program around it, which knows what atoms and generators are.
    """

    def __init__(self, of: Recursion, forward: Levels, emitter: Emitter) -> None:
        def inner() -> Emitter:
            return Emitter(emitter.types, emitter.generators)

        def down(kind: Monomial) -> Code:
            return piece_backwards(of.algebra, of.functor, kind, inner(), parameters=True, labels=heard_labels(kind))

        super().__init__(forward, [down(kind) for kind in forward.kinds])
        ups = [_up(of, kind, inner()) for kind in forward.kinds]
        self.of, self.up = of, Walk(forward, [code for code, _ in ups])
        self.asks = any(asks for _, asks in ups)  # whether the parameters hear something of the coalgebra

    def __call__(self, xp: Any, trees: Forest, *arguments: Any) -> Heard:
        """What is heard for covectors of the answers, which come after the parameters, where there are any."""
        return Heard(self, xp, trees, arguments[0] if self.of.count else (), arguments[-1])


class Heard:
    """What parameters and states hear, each computed when it is asked for.

    Args:
        by: the compiled reverse derivative.
        xp: the array namespace.
        trees: the forest of the states.
        given: the parameters, one row that all states see.
        covector: what the answers of the batch should hear.
    """

    def __init__(self, by: BackwardStates, xp: Any, trees: Forest, given: Any, covector: Any) -> None:
        self.by, self.xp, self.trees, self.given, self.covector = by, xp, trees, given, covector
        forward, arguments = by.forward, (given, trees) if by.of.count else (trees,)
        values = forward.kept(*arguments)
        self.values = forward.table(xp, *arguments) if values is None else values
        self.shared = mapped(lambda x: x[0, ...], given)
        assert trees.states is not None
        states = trees.states()
        self.own = mapped(xp.asarray, filled_up(states) if few(xp, given, covector) else states)

    @cached_property
    def parameters(self) -> Any:
        """What the parameters hear, one row for the whole batch."""
        return added(self._down.slope, self._up[0]) if self.by.asks else self._down.slope

    @property
    def states(self) -> Any:
        """What the states of the batch hear."""
        return self._up[1]

    @cached_property
    def _down(self) -> Down:
        """The way down, each state met once."""
        return self._walked(self.trees, self.values)

    def _walked(self, trees: Forest, values: Any) -> Down:
        table, rows = laid(self.xp, trees, self.given, self.covector)
        walk = list(self.by.walk(self.xp, self.given, table, values, self.covector))
        labels: dict[int, list[Any]] = {}
        for group, (_, heard), *_ in walk:
            labels[group.start] = from_right(heard, len(heard_labels(self.by.forward.kinds[group.constructor])))
        below = {group.start: branches for group, _, branches, _ in walk}
        return Down(table, rows, reduce(added, (slope for _, (slope, _), *_ in walk)), labels, below)

    @cached_property
    def _up(self) -> tuple[Any, Any]:
        """What parameters hear of the coalgebra, and what the states of the batch hear."""
        if not _numbers_in(covectors(self.by.of.states)):
            return self._upwards(self._down, self.own)
        places, rows = occurrences(self.trees), self.trees.size * self._width
        nested = any(kind.nested for kind in self.by.forward.kinds)
        if not nested and places > max(rows, self.trees.size + self.trees.shape[0]):
            from catcore_backends.recursion.linear_states import by_linear_maps  # which reads what is here

            return by_linear_maps(self, self._down, self._width, places)
        apart, origin = self.trees.apart()
        if origin is None:
            return self._upwards(self._down, self.own)
        values, own = (at_origins(self.xp, x, origin) for x in (self.values, self.own))
        return self._upwards(self._walked(apart, values), own)

    @property
    def _width(self) -> int:
        """The number of numbers in the covector of an answer."""
        return sum(math.prod(x.shape[1:]) for x in arrays(self.covector))

    def _upwards(self, down: Down, own: Any) -> tuple[Any, Any]:
        """The walk from the leaves up where every place of a state is a node: states hear what is above them."""
        xp, states, slope = self.xp, None, None
        for group in down.table.groups:
            branches = [taken(xp, states, b) for b in group.branches]
            more, rows = self.asked(group, self.at(own, group), down.labels[group.start], branches)
            slope = more if slope is None else added(slope, more)
            states = put(xp, states, rows, group, down.rows)
        return slope, taken(xp, states, down.table.roots)

    def at(self, table: Any, group: Group) -> Any:
        """The rows of a table for a group of nodes."""
        return mapped(lambda x: x[group.start : group.stop, ...], table)

    def asked(self, group: Group, own: Any, labels: list[Any], branches: list[Any]) -> tuple[Any, Any]:
        """The reverse derivative of the coalgebra at some states: what parameters hear in all, and each state."""
        kind = self.by.forward.kinds[group.constructor]
        heard = dict(zip(heard_labels(kind), labels, strict=True)) | dict(zip(kind.branches, branches, strict=True))
        dtype = real_in(self.xp, (self.trees, self.given, self.own, self.covector))
        piece = self.by.up.linked(self.xp, dtype)[group.constructor]
        rows = next((x.shape[0] for x in arrays((own, labels, branches))), group.stop - group.start)
        found: tuple[Any, Any] = piece((self.shared, (own, nest([heard[i] for i in sorted(heard)]))), rows)
        return found


@dataclass(frozen=True)
class Down:
    """What the way down has found.

    Args:
        table: the nodes.
        rows: how many rows a table of theirs has.
        slope: what the parameters hear of the algebra.
        labels: for each group, what its labels hear, a row for each node.
        below: for each group, what each branch hears.
    """

    table: Forest
    rows: int
    slope: Any
    labels: dict[int, list[Any]]
    below: dict[int, list[Any]]


def _numbers_in(ob: Ob) -> bool:
    """Whether covectors of an object hold numbers."""
    return ob is not One and (not isinstance(ob, Product) or _numbers_in(ob.left) or _numbers_in(ob.right))


def _up(of: Recursion, kind: Monomial, emitter: Emitter) -> tuple[Code, bool]:
    """``(p, (s, covectors at the places of the layer)) ↦ (p', s')`` for one constructor, p' as a total of its nodes.

    Beside it stands whether p' depends on these covectors; where it does not, it is zero, being linear in them.
    """
    p, s = of.parameters, of.states
    obs = kind.obs(s)
    wanted = sorted({*kind.branches, *heard_labels(kind)})
    context = p * (s * nested_ob([covectors(obs[i]) for i in wanted]))
    point = trace(lambda x: (x[0], x[1][0]), context, p * s)

    def place(number: int, ob: Ob) -> Arrow:
        return trace(lambda x: flat(x[1][1], len(wanted))[number], context, covectors(ob))

    heard = {i: place(number, obs[i]) for number, i in enumerate(wanted)}
    covector = _at_constructor(of.functor.body, kind.template, iter([heard.get(i) for i in range(len(obs))]), context)
    forward = at(of.coalgebra, ident(of.coalgebra.dom))
    slope, back = parts(backwards(forward, point, covector))
    given = emitter.input(context, shared=True)
    emitter.look_at_first()
    first = total(emitter, emitter.run(written(slope, point, p), given))
    second = emitter.whole(covectors(s), emitter.run(written(back, point, s), given))
    assert isinstance(given, Both)
    assert isinstance(given.right, Both)
    read = {s.name for s in emitter.program.needed(leaves(first))}
    return Code(emitter.program, *emitter.expression(Both(first, second))), not read.isdisjoint(
        leaves(given.right.right)
    )


def _at_constructor(body: Ob, template: Template, heard: Iterator[Arrow | None], context: Ob) -> Covector:
    """The covector of a layer over a context, zero but at the places of one constructor."""
    match template:
        case Ob():
            return next(heard)
        case Injected():
            assert isinstance(body, Coproduct)
            right = template.side == "inr"
            inside = _at_constructor(body.right if right else body.left, template.value, heard, context)
            return (None, inside) if right else (inside, None)
        case Power():
            assert isinstance(body, Exponential)
            points = (terminal(context) >> point for point in points_of(body.exponent) or ())
            values = (_at_constructor(body.base, part, heard, context) for part in template.values)
            return Applied(tuple(zip(points, values, strict=True)))
        case ():
            return None
    assert isinstance(body, Product)
    first, second = zip((body.left, body.right), template, strict=True)
    return _at_constructor(*first, heard, context), _at_constructor(*second, heard, context)
