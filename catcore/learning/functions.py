"""The reverse derivative of functions and of their application (THEORY T5.3).

A function hears at which arguments it was applied and which covectors its values got: ``R[ev]((f, a), v)`` is the
covector v of f at a, and, for the argument, what f makes of v there.  That is known where f is known: as ``Λ(h)``, as
one of two functions by a case distinction, or as a fold into functions.  A function that is an input is a table, and
its arguments, elements of a finite set, do not vary.

>>> from catcore.arrows import ev
>>> from catcore.learning.reverse import reverse_derivative
>>> from catcore.objects import FinSet, R
>>> print(reverse_derivative(ev(FinSet(2), R())).cod)
ℝ^2 × 1
"""

from __future__ import annotations

from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow, in_, pair
from catcore.datatypes.hylomorphisms import Hylo, hylo
from catcore.errors import NotInterpreted
from catcore.learning.covectors import Applied, Covector, parts, plus, rigid, values_of, written
from catcore.learning.folds import BackwardFold, needs_shared
from catcore.learning.reverse import _by_cases, backwards, rule
from catcore.objects import Exponential, Mu
from catcore.points import at, halves


@rule(ar.Curry)
def _curry(f: ar.Curry, x: Arrow, v: Covector) -> Covector:
    found: Covector = None
    for argument, value in values_of(v).values:
        found = plus(found, parts(backwards(f.args[0], pair(x, argument), value))[0])
    return found


@rule(ar.Ev)
def _ev(f: Arrow, x: Arrow, v: Covector) -> Covector:
    function, argument = halves(x)
    return Applied(((argument, v),)), into_argument(function, argument, v)


def into_argument(function: Arrow, argument: Arrow, v: Covector) -> Covector:
    """What the argument of a function should hear for a covector v of its value.

    Raises:
        NotInterpreted: for a function of which nothing is known.
    """
    if v is None or rigid(argument.cod):
        return None
    *before, last = ar.factors(function) or (function,)
    point = ar.compose(ar.ident(function.dom), *before)
    match last:
        case ar.Curry():
            return parts(backwards(last.args[0], pair(point, argument), v))[1]
        case ar.Fold():
            return _into_parameters(last, point, argument, v)
        case Hylo():
            plan, fixed = hylo(last.functor, in_(Mu(last.functor.body)), last.coalgebra), Mu(last.functor.body)
            return _into_parameters(ar.Fold(fixed, last.algebra), point >> plan, argument, v)
        case ar.Case():
            return _into_branches(last, before, point, argument, v)
    raise NotInterpreted(
        f"The reverse derivative of a function applied to {argument.cod} was asked for, and {last.signature} does not "
        "say which function it is. Build it with curry in the term, choose it by a case distinction, or fold into it."
    )


def _into_parameters(of: ar.Fold, data: Arrow, argument: Arrow, v: Covector) -> Covector:
    """``R[h]((p, t), v)`` for the fold h into functions of p, at the data t."""
    needs_shared(of)
    assert isinstance(of.cod, Exponential)
    return pair(pair(argument, data), written(v, argument, of.cod.base)) >> BackwardFold(of)


def _into_branches(f: ar.Case, before: list[Arrow], point: Arrow, argument: Arrow, v: Covector) -> Covector:
    """The same for a function that is chosen by a case distinction."""
    context: Any = None
    choice = point
    if before and isinstance(before[-1], ar.Distribute):
        context, choice = halves(ar.compose(ar.ident(point.dom), *before[:-1]))

    def branch(g: Arrow) -> Any:
        def found(b: Arrow, given: Any) -> Covector:
            (a, w), kept = given
            return into_argument(at(g, b if kept is None else pair(kept, b)), a, w)

        return found

    return _by_cases(choice, ((argument, v), context), branch(f.args[0]), branch(f.args[1]), argument.cod)
