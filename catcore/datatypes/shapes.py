"""The summands of a polynomial functor: one constructor for each, with its arguments in order.

``F = F₀ + F₁ + …`` has the constructors ``Fᵢ(μF) → μF``, and the factors of ``Fᵢ = B × C × …`` are the arguments; how
sums and products are bracketed is kept in the paths.  Sizes of the chains ``0 → F0 → F²0 → …`` and
``1 ← F1 ← F²1 ← …`` count the elements of bounded height, and the behaviours seen in so many steps (T2.3, T3.2).

>>> from catcore.functors import Id
>>> from catcore.objects import FinSet
>>> initial_chain(1 + FinSet(2) * Id, 6)
[0, 1, 3, 7, 15, 31]
>>> terminal_chain((FinSet(2) * Id) ** FinSet(2), 4)
[1, 4, 64, 16384]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore.categories.finite_sets import Injected
from catcore.datatypes.given import count
from catcore.errors import IllTyped, NotInterpreted, TooLarge
from catcore.functors import Functor
from catcore.functors import functor as read_functor
from catcore.objects import Bound, Coproduct, Exponential, FinSet, Mu, Nu, Ob, One, Product, R, Tensor, Zero

MAX_BITS = 1_000_000  # digits of a number of elements


@dataclass(frozen=True)
class Summand:
    """One summand of an object: the injections that lead to it, outermost first, and the object itself."""

    path: tuple[str, ...]
    payload: Ob

    @cached_property
    def factors(self) -> tuple[Ob, ...]:
        """The factors of the payload, left to right; none for the point."""
        return () if self.payload is One else _factors(self.payload)

    def inject(self, arguments: tuple[Any, ...]) -> Any:
        """The element of the whole sum with the given values of the factors."""
        value = packed(self.payload, arguments)
        for side in reversed(self.path):
            value = Injected(side, value)
        return value


def summands(ob: Ob, path: tuple[str, ...] = ()) -> tuple[Summand, ...]:
    """The summands of an object, left to right."""
    if isinstance(ob, Coproduct):
        return summands(ob.left, (*path, "inl")) + summands(ob.right, (*path, "inr"))
    return (Summand(path, ob),)


def _factors(ob: Ob) -> tuple[Ob, ...]:
    return _factors(ob.left) + _factors(ob.right) if isinstance(ob, Product) else (ob,)


def packed(ob: Ob, arguments: tuple[Any, ...]) -> Any:
    """The element of a product with the given factors; the point for none."""
    if ob is One:
        return ()
    if not isinstance(ob, Product):
        return arguments[0]
    split = len(_factors(ob.left))
    return packed_factor(ob.left, arguments[:split]), packed_factor(ob.right, arguments[split:])


def packed_factor(ob: Ob, arguments: tuple[Any, ...]) -> Any:
    """As :func:`packed`, where the point is a factor like any other."""
    return packed(ob, arguments) if isinstance(ob, Product) else arguments[0]


def unpacked(ob: Ob, value: Any) -> tuple[Any, ...]:
    """The factors of an element of a product, left to right."""
    if ob is One:
        return ()
    return _unpacked(ob, value)


def _unpacked(ob: Ob, value: Any) -> tuple[Any, ...]:
    return _unpacked(ob.left, value[0]) + _unpacked(ob.right, value[1]) if isinstance(ob, Product) else (value,)


def chosen(ob: Ob, value: Any) -> tuple[int, Any]:
    """Which summand of an object an element lies in, and its payload there."""
    number = 0
    while isinstance(ob, Coproduct):
        if value.side == "inr":
            number += len(summands(ob.left))
        ob, value = (ob.left if value.side == "inl" else ob.right), value.value
    return number, value


def varies(body: Ob, depth: int = 0) -> bool:
    """Whether the variable ``depth`` binders further out occurs in a body."""
    if isinstance(body, Bound):
        return bool(body.args[0] == depth)
    below = depth + isinstance(body, Mu | Nu)
    return any(varies(part, below) for part in body.args if isinstance(part, Ob))


def is_list(body: Ob) -> bool:
    """Whether the body of a fixed point is ``1 + A × X``, up to the order of the factors' names."""
    return (
        isinstance(body, Coproduct)
        and body.left is One
        and isinstance(body.right, Product)
        and body.right.right is Bound(0)
        and not isinstance(body.right.left, Bound)
    )


# ---- counting --------------------------------------------------------------------------------------------------------


def initial_chain(functor: Functor, steps: int, sizes: Mapping[Ob, int] | None = None) -> list[int]:
    """The numbers of elements of ``0, F0, F²0, …``, ``steps`` of them: those of ``μF`` with height below 0, 1, 2, …

    Args:
        functor: a functor of one variable, built from +, ×, powers by finite sets, finite sets and atoms.
        steps: how many numbers.
        sizes: the number of elements of each atom.

    Raises:
        NotInterpreted: for an object without a number of elements.
        TooLarge: when a number has more than a million binary digits.
    """
    return _chain(functor, 0, steps, dict(sizes or {}))


def terminal_chain(functor: Functor, steps: int, sizes: Mapping[Ob, int] | None = None) -> list[int]:
    """The numbers of elements of ``1, F1, F²1, …``: behaviours told apart in 0, 1, 2, … steps; else as above."""
    return _chain(functor, 1, steps, dict(sizes or {}))


def _chain(functor: Functor, start: int, steps: int, sizes: dict[Ob, int]) -> list[int]:
    functor = read_functor(functor)
    if functor.arity != 1:
        raise IllTyped(f"A chain needs a functor of one variable, and {functor} has {functor.arity}.")
    count(steps, "The number of steps of a chain")
    found = [start]
    while len(found) < steps:
        found.append(cardinality(functor.body, sizes | {Bound(0): found[-1]}))
    return found[:steps]


def cardinality(ob: Ob, sizes: Mapping[Ob, int]) -> int:
    """The exact number of elements of a finite object, however large.

    >>> cardinality(FinSet(2) ** FinSet(100), {}) == 2**100
    True
    """
    match ob:
        case _ if ob in sizes:
            return sizes[ob]
        case Product() | Tensor():
            return cardinality(ob.left, sizes) * cardinality(ob.right, sizes)
        case Coproduct():
            return cardinality(ob.left, sizes) + cardinality(ob.right, sizes)
        case Exponential():
            base, exponent = cardinality(ob.base, sizes), cardinality(ob.exponent, sizes)
            if base > 1 and exponent * base.bit_length() > MAX_BITS:
                raise TooLarge(
                    f"The number of elements of {ob} has more than {MAX_BITS} binary digits; take fewer steps."
                )
            return int(base**exponent)
        case FinSet():
            return ob.size
    if ob is One or ob is Zero:
        return int(ob is One)
    what = "is not finite" if isinstance(ob, R) else f"has no size; give sizes={{{ob}: n}}"
    raise NotInterpreted(f"The number of elements of {ob} was asked for, and it {what}.")
