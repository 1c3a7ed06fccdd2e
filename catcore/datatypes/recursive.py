"""Recursive coalgebras: each state with its rank, which shows that recursion from it ends (THEORY T3.4).

A coalgebra ``c : S → F S`` is recursive when every algebra has exactly one coalgebra-to-algebra morphism out of it
(Taylor 1999; Capretta, Uustalu and Vene 2006).  It is when its states can be ranked so that every state leads to lower
ones only.  On finitely many states that is so exactly when no state leads back to itself.

>>> from catcore.arrows import finite_map
>>> from catcore.functors import Id
>>> from catcore.objects import FinSet, One
>>> down = finite_map(FinSet(3), 1 + FinSet(3), [0, 1, 2])   # 0 ends, and n leads to n − 1
>>> ranks(1 + Id, down)
{0: 0, 1: 1, 2: 2}
>>> ranks(1 + Id, finite_map(FinSet(2), 1 + FinSet(2), [2, 1]))
Traceback (most recent call last):
...
catcore.errors.NotRecursive: A recursion over states was asked for, and the coalgebra is not recursive: 0 → 1 → 0 \
leads back to itself. Add what decreases to the state, such as the number of steps left.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from catcore.arrows import Arrow
from catcore.categories.finite_sets import listed
from catcore.datatypes.given import function, items
from catcore.datatypes.hylomorphisms import memoised, states
from catcore.errors import IllTyped
from catcore.functors import functor as read_functor


def ranks(
    functor: Any, coalgebra: Arrow | Callable[[Any], Any], starts: Iterable[Hashable] | None = None
) -> dict[Any, int]:
    """The rank of each state reached: 0 where no states are left, else one more than that of the highest below it.

    Args:
        functor: the functor F.
        coalgebra: an arrow ``S → F S`` between finite sets, or a Python function from states to layers.
        starts: the states to begin with; for an arrow all states where left out.

    Raises:
        NotRecursive: when a state leads back to itself, with the states on the way.
        IllTyped: when the arrow is no coalgebra of F, or its states cannot be listed and none are given.
    """
    layer = read_functor(functor)
    step, first = _step(layer, coalgebra), _starts(coalgebra, starts)
    above = object()  # one state that leads to all the given ones

    def ask(state: Any) -> tuple[list[Any], list[Any]]:
        below = list(first) if state is above else list(states(layer.body, step(state)))
        return below, below

    found = memoised(above, ask, lambda below, known: 1 + max((known[s] for s in below), default=-1))
    del found[above]
    return found


def _step(layer: Any, coalgebra: Any) -> Callable[[Any], Any]:
    if not isinstance(coalgebra, Arrow):
        return function(coalgebra, "A coalgebra that is no arrow")
    from catcore.categories.python_values import PythonValues

    if coalgebra.cod is not layer(coalgebra.dom):
        raise IllTyped(f"A coalgebra S → F(S) with F = {layer} was to be ranked, and {coalgebra.signature} was given.")
    return lambda state: PythonValues().apply(coalgebra, state)


def _starts(coalgebra: Any, starts: Iterable[Hashable] | None) -> tuple[Any, ...]:
    if starts is not None:
        return items(starts, "The states to begin with")
    known = listed(coalgebra.dom) if isinstance(coalgebra, Arrow) else None
    if known is None:
        raise IllTyped(f"The states of {coalgebra} cannot be listed, so say where to begin: starts=[…].")
    return tuple(known)
