"""Putting parametric maps together: by cases, side by side on one input, and with an argument left open (THEORY T4.5).

Each of these takes the parameters of both maps, the first map's first; where they should share some, :func:`tie` says
so.  ``P × (X + Y)`` is ``P × X + P × Y``, so a cell given by one map for each constructor is one map.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> A, P, Q, S, T = atoms("A P Q S T")
>>> start = ParaMap((), generator("start", 1, S))
>>> step = ParaMap(P, generator("step", P * (A * S), S))
>>> print(cases(start, step).signature)
1 + A × S → S with parameter P
>>> print(fork(ParaMap(P, generator("f", P * S, A)), ParaMap(Q, generator("g", Q * S, T))).signature)
S → A × T with parameters (P, Q)
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import curry, inl, inr
from catcore.errors import IllTyped, NotParallel
from catcore.objects import Coproduct, Product
from catcore.para.actegories import CARTESIAN, flat, nest
from catcore.para.maps import ParaMap, needed
from catcore.points import at
from catcore.tracing import trace


def cases(*maps: Any) -> ParaMap:
    """``[f, g, …] : X + Y + … → Z`` for maps ``X → Z``, ``Y → Z``, …; the sum is bracketed as ``A + B + C`` is.

    Raises:
        NotParallel: when they do not end in one object.
    """
    found = [needed(f) for f in maps]
    whole = found[0]
    for f in found[1:]:
        whole = _either(whole, f)
    return whole


def _either(f: ParaMap, g: ParaMap) -> ParaMap:
    if f.cod is not g.cod:
        raise NotParallel(
            f"A case distinction between {f.signature} and {g.signature} was asked for: both must reach the same "
            f"object, and {f.cod} is not {g.cod}."
        )
    params, count = f.params + g.params, len(f.params)

    def run(x: Any) -> Any:
        *given, choice = flat(x, len(params) + 1)
        return choice.case(
            inl=lambda a: f.arrow(nest([*given[:count], a])), inr=lambda b: g.arrow(nest([*given[count:], b]))
        )

    return ParaMap(params, trace(run, CARTESIAN.act(params, f.dom + g.dom), f.cod))


def branches(given: Any) -> tuple[ParaMap, ...]:
    """The maps out of the summands of a sum, the inverse of :func:`cases`; each has all the parameters."""
    f = needed(given)
    if not isinstance(f.dom, Coproduct):
        return (f,)
    found: list[ParaMap] = []
    for former, summand in ((inl, f.dom.left), (inr, f.dom.right)):

        def injected(x: Any, former: Any = former) -> Any:
            *params, last = flat(x, len(f.params) + 1)
            return nest([*params, former(last)])

        source = CARTESIAN.act(f.params, summand)
        point = trace(injected, source, CARTESIAN.act(f.params, f.dom))
        found += branches(ParaMap(f.params, at(f.arrow, point)))
    return tuple(found)


def fork(first: Any, second: Any) -> ParaMap:
    """``⟨f, g⟩ : X → Y × Z`` for maps ``X → Y`` and ``X → Z``, the input copied.

    Raises:
        NotParallel: when they do not leave one object.
    """
    f, g = needed(first), needed(second)
    if f.dom is not g.dom:
        raise NotParallel(
            f"A pairing of {f.signature} and {g.signature} was asked for: both must leave the same object, and {f.dom} "
            f"is not {g.dom}. For a map on pairs write f * g."
        )
    params, count = f.params + g.params, len(f.params)

    def run(x: Any) -> Any:
        *given, last = flat(x, len(params) + 1)
        return f.arrow(nest([*given[:count], last])), g.arrow(nest([*given[count:], last]))

    return ParaMap(params, trace(run, CARTESIAN.act(params, f.dom), f.cod * g.cod))


def curried(given: Any) -> ParaMap:
    """The map ``X → Z^Y`` of a map ``X × Y → Z``: the second argument waits, as the input of a machine does.

    Raises:
        IllTyped: when the map does not leave a product.
    """
    f = needed(given)
    if not isinstance(f.dom, Product):
        raise IllTyped(f"curried needs a parametric map out of a product X × Y, and {f.signature} was given.")
    x, y = f.dom.left, f.dom.right

    def open_(t: Any) -> Any:
        *params, first = flat(t[0], len(f.params) + 1)
        return f.arrow(nest([*params, (first, t[1])]))

    return ParaMap(f.params, curry(trace(open_, CARTESIAN.act(f.params, x) * y, f.cod)))
