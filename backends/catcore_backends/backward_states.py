"""Recursions over states backwards: what parameters and states hear in a hylomorphism (THEORY T3.4, T5.3).

States are unfolded and answered as in :mod:`~catcore_backends.shared_hylos`, and every node keeps its state.  Then the
levels are walked twice.  From the roots down, the reverse derivative of the algebra hands covectors of answers to the
branches, and tells labels what they should hear.  From the leaves up, the reverse derivative of the coalgebra makes of
what labels and the states below hear what the state hears.  The parameters of both hear a total over all nodes.  As a
state hears something else for each place where it occurs, states that are shared are taken apart first.

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

from collections.abc import Iterator
from typing import Any

from catcore.arrows import Arrow, ident, terminal
from catcore.categories.finite_sets import Injected
from catcore.datatypes.monomials import Monomial, Power, Template
from catcore.functors import Functor
from catcore.learning.covectors import Applied, Covector, covectors, parts, points_of, written
from catcore.learning.data import BackwardHylo
from catcore.learning.reverse import backwards
from catcore.objects import Coproduct, Exponential, Mu, Ob, Product
from catcore.para.actegories import flat, nest
from catcore.points import at
from catcore.tracing import trace
from catcore_backends.backward import Walk, added, at_origins, heard_labels, paired, piece_backwards
from catcore_backends.batches import mapped
from catcore_backends.emitter import Emitter, rule
from catcore_backends.forests import Forest
from catcore_backends.levels import put, taken
from catcore_backends.linking import Code
from catcore_backends.nesting import from_right
from catcore_backends.shared_folds import SharedFold
from catcore_backends.shared_hylos import (
    Recursion,
    expressions,
    flat_value,
    nested_ob,
    nested_value,
    taken_apart,
    unfolding,
)
from catcore_backends.totals import total
from catcore_backends.values import Both, Value


@rule(BackwardHylo)
def _backward_hylo(emitter: Emitter, term: BackwardHylo, value: Both) -> Value:
    h = term.args[0]
    found, given, state = taken_apart(emitter, h, value.left)
    engine = BackwardStates(found, emitter)
    word = emitter.program.constant(("states backwards", term, found.count), ("fold", engine), "f")
    states, covector = emitter.whole(found.states, state), emitter.whole(covectors(h.cod), value.right)
    text, names = expressions(emitter, emitter.narrow(given), states, covector)
    let = emitter.program.let
    result = let(f"{word}({text}, {{}})", *names, emitter.batch, remark="states backwards", pure=False)
    heard = emitter.read(covectors(found.states), "{}[1]", (result,))
    if not found.count:
        return heard
    slopes = [let("{}[0]", result)]
    slopes.append(let("apart({})", slopes[0], pure=False))
    whole, rows = (emitter.read(covectors(found.parameters), "{}", (name,)) for name in slopes)
    emitter.totalled.update(paired(rows, whole))
    return nested_value([*flat_value(rows, found.count), heard])


class BackwardStates(Walk):
    """The compiled reverse derivative of a hylomorphism with respect to its parameters and its states.

    Args:
        of: the hylomorphism with its parameters.
        emitter: that of the program around it, which knows what atoms and generators are.
    """

    def __init__(self, of: Recursion, emitter: Emitter) -> None:
        kept, answers = Functor(1, Product(of.states, of.functor.body)), of.of.cod
        algebra = trace(lambda x: of.algebra(x[0], x[1][1]), of.parameters * kept(answers), answers)
        asked = trace(lambda x: (x[1], of.coalgebra(x[0], x[1])), of.coalgebra.dom, kept(of.states))
        forward = emitter.levels(SharedFold(Mu(kept.body), algebra))

        def inner() -> Emitter:
            return Emitter(emitter.types, emitter.generators)

        down = [
            piece_backwards(algebra, kept, kind, inner(), parameters=True, labels=_labels(kind))
            for kind in forward.kinds
        ]
        super().__init__(forward, down)
        self.unfolding = unfolding(asked, kept, emitter)
        self.up = Walk(forward, [_up(of, kind, inner()) for kind in forward.kinds])

    def __call__(self, xp: Any, given: Any, starts: Any, covector: Any, batch: int) -> tuple[Any, Any]:
        """What the parameters hear, one row for the whole batch, and what the states of the batch hear."""
        trees = self.unfolding(xp, given, starts, batch)
        apart, origin = trees.apart()
        values = at_origins(xp, self.forward.table(xp, given, trees), origin)
        table, heard = apart.over(xp), dict[int, list[Any]]()
        slope: Any = None
        for group, (more, labels), _ in self.walk(xp, given, table, values, covector):
            heard[group.start] = from_right(labels, len(_labels(self.forward.kinds[group.constructor])))
            slope = more if slope is None else added(slope, more)
        return self._upwards(xp, given, table, heard, slope)

    def _upwards(self, xp: Any, given: Any, table: Forest, heard: dict[int, list[Any]], slope: Any) -> tuple[Any, Any]:
        """The same walk from the leaves up: states hear what labels and the states below them do."""
        shared, states = mapped(lambda x: x[0, ...], given), None
        pieces = self.up.linked(xp, table.dtype)
        for group in table.groups:
            kind, labels = self.forward.kinds[group.constructor], iter(heard[group.start])
            below = (taken(xp, states, b) for b in group.branches)
            branches, wanted = iter(below), {*kind.branches, *_labels(kind)}
            found = [next(branches if i in kind.branches else labels) for i in sorted(wanted)]
            n = group.stop - group.start
            more, rows = pieces[group.constructor]((shared, (group.labels[0], nest(found))), n)
            slope = added(slope, more)
            states = put(xp, states, rows, group, table.size)
        return slope, taken(xp, states, table.roots)


def _labels(kind: Monomial) -> list[int]:
    """The places of the labels that hear something, aside from the state."""
    return [i for i in heard_labels(kind) if i]


def _up(of: Recursion, kind: Monomial, emitter: Emitter) -> Code:
    """``(p, (s, covectors at the places of the layer)) ↦ (p', s')`` for one constructor, p' as a total of its nodes."""
    p, s = of.parameters, of.states
    obs = kind.obs(s)
    wanted = sorted({*kind.branches, *_labels(kind)})
    context = p * (s * nested_ob([covectors(obs[i]) for i in wanted]))
    point = trace(lambda x: (x[0], x[1][0]), context, p * s)

    def place(number: int, ob: Ob) -> Arrow:
        return trace(lambda x: flat(x[1][1], len(wanted))[number], context, covectors(ob))

    heard = {i: place(number, obs[i]) for number, i in enumerate(wanted)}
    covector = _at_constructor(
        of.functor.body, kind.template[1], iter([heard.get(i) for i in range(1, len(obs))]), context
    )
    forward = at(of.coalgebra, ident(of.coalgebra.dom))
    slope, back = parts(backwards(forward, point, covector))
    given = emitter.input(context, shared=True)
    first = total(emitter, emitter.run(written(slope, point, p), given))
    second = emitter.whole(covectors(s), emitter.run(written(back, point, s), given))
    return Code(emitter.program, *emitter.expression(Both(first, second)))


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
