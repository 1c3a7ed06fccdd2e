"""Data types that need each other, and folds over several at once (THEORY T2.2, T2.5; Bekić 1984).

Equations ``X = F(X, Y)`` and ``Y = G(X, Y)`` have a least solution, which fixed points of one variable express: first
``Y(X) = μY. G(X, Y)``, then ``X = μX. F(X, Y(X))``.  The solutions unroll into each other on the nose, so an element of
one holds elements of the others.

>>> from catcore.objects import FinSet
>>> Even, Odd = mutual(lambda even, odd: (1 + odd, even))
>>> Even.unrolled() is 1 + Odd, Odd.unrolled() is Even
(True, True)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from catcore.datatypes.data import Data, exchanged, postorder
from catcore.datatypes.given import one_of
from catcore.errors import IllTyped, UnknownName
from catcore.objects import Mu, Ob, Unknown, abstract, as_object, substitute, unknown


def mutual(definition: Callable[..., tuple[object, ...]]) -> tuple[Mu, ...]:
    """The least solution of equations, given as a Python function from all unknowns to all right sides.

    Raises:
        IllTyped: when there are not as many right sides as unknowns.
    """
    if not callable(definition) or not inspect.signature(definition).parameters:
        raise IllTyped(f"Equations are a Python function from unknowns to right sides, and {definition!r} was given.")
    return solved(len(inspect.signature(definition).parameters), definition)


def solved(count: int, definition: Callable[..., tuple[object, ...]]) -> tuple[Mu, ...]:
    """As :func:`mutual`, of a function that takes any number of arguments."""
    holes = tuple(unknown() for _ in range(count))
    bodies = definition(*holes)
    if not isinstance(bodies, tuple) or len(bodies) != len(holes):
        raise IllTyped(
            f"{len(holes)} equations were asked for, one for each unknown, and {bodies!r} was given; return a tuple."
        )
    return tuple(_eliminated([as_object(body) for body in bodies], list(holes)))


def _eliminated(bodies: list[Ob], holes: list[Unknown]) -> list[Mu]:
    last = Mu(abstract(bodies[-1], (holes[-1],)))
    if len(holes) == 1:
        return [last]
    before = _eliminated([substitute(body, {holes[-1]: last}) for body in bodies[:-1]], holes[:-1])
    whole = substitute(last, dict(zip(holes, before, strict=False)))
    assert isinstance(whole, Mu)
    return [*before, whole]


def fold_together(value: Data, algebras: Mapping[Mu, Callable[[Any], Any]]) -> Any:
    """The folds of several data types that call each other, at an element of one of them.

    Args:
        value: the element.
        algebras: for each type a Python function on layers, whose branches hold what they gave.

    Raises:
        UnknownName: when the element holds one of a type without an algebra.
    """
    one_of(value, Data, "An element of a data type")
    one_of(algebras, Mapping, "An algebra for each data type; a dict")
    results: dict[int, Any] = {}
    for node in postorder(value):
        if node.of not in algebras:
            raise UnknownName(
                f"A fold over {', '.join(map(str, algebras))} was asked for, and the element holds one of {node.of}; "
                "give an algebra for that type as well."
            )
        results[id(node)] = algebras[node.of](exchanged(node.layer, lambda d: results[id(d)]))
    return results[id(value)]
