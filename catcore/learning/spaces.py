"""Products of real tensors as vector spaces: operations leaf by leaf, on generic elements (THEORY T5.7).

Parameters of a network are a product of tensors, and optimisers treat them as one vector.

>>> from catcore.objects import R
>>> from catcore.tracing import trace
>>> P = R(2) * R()
>>> print(trace(lambda x: leafwise(P, lambda v: op("times", v, 2), x), P, P))
⟨π₁ ; times, π₂ ; times⟩
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.arrows import Arrow, pair, terminal
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped
from catcore.objects import Ob, One, Product, R


def op(name: str, *arguments: Any) -> Any:
    """A smooth primitive applied to generic elements; the last arguments may be its parameters."""
    elements = [a for a in arguments if hasattr(a, "type") or hasattr(a, "infer")]
    ob = elements[0].infer().type if len(elements) == 1 else elements[0].infer().type * elements[1].infer().type
    return smooth(name, ob, *arguments[len(elements) :])(*elements)


def leafwise(ob: Ob, function: Callable[..., Any], *elements: Any) -> Any:
    """A function of tensors applied to the corresponding leaves of elements of a product.

    Raises:
        IllTyped: when the object is made of something else than real tensors, × and 1.
    """
    match ob:
        case R():
            return function(*elements)
        case Product():
            left, right = (tuple(x[i] for x in elements) for i in (0, 1))
            return leafwise(ob.left, function, *left), leafwise(ob.right, function, *right)
        case _ if ob is One:
            return ()
    raise IllTyped(f"Parameters are products of real tensors here, and {ob} was given. Use R(…), * and One.")


def space(ob: Any) -> Ob:
    """An object that is a product of real tensors.

    Raises:
        IllTyped: when it is something else.
    """
    if not isinstance(ob, Ob):
        raise IllTyped(f"A product of real tensors is needed here, and {ob!r:.60} was given. Use R(…), * and One.")
    leafwise(ob, lambda: ())
    return ob


def zeros_of(ob: Ob) -> Arrow:
    """The zero of a product of tensors, an arrow out of 1."""
    return filled(ob, 0)


def filled(ob: Ob, number: Any) -> Arrow:
    """The element of a product of tensors with one number everywhere, an arrow out of 1.

    Raises:
        IllTyped: when the object is made of something else than real tensors, × and 1.
    """
    match ob:
        case R():
            return constant(number) >> smooth("fill", R(), ob.shape) if ob.shape else constant(number)
        case Product():
            return pair(filled(ob.left, number), filled(ob.right, number))
        case _ if ob is One:
            return terminal(One)
    raise IllTyped(f"A number fills products of real tensors, and {ob} was given. Use R(…), * and One.")


def total(ob: Ob, terms: Any) -> Any:
    """The sum of the leaves of an element whose leaves are numbers; None for none."""
    if isinstance(ob, Product):
        left, right = total(ob.left, terms[0]), total(ob.right, terms[1])
        return right if left is None else left if right is None else op("add", left, right)
    return terms if isinstance(ob, R) else None
