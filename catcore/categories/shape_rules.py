"""The shape rules of the smooth primitives: which domains they take, and the codomain (THEORY T5.4)."""

from __future__ import annotations

import math
from typing import Any

from catcore.errors import IllTyped
from catcore.objects import Ob, Product, R


def same_shape(dom: Ob) -> Ob:
    """The shape rule of a primitive that acts entry by entry: ``R(s) → R(s)``."""
    return tensor(dom, "An entrywise primitive")


def tensor(dom: Ob, what: str) -> R:
    """The domain, once it is known to be a tensor; ``what`` says who asks."""
    if not isinstance(dom, R):
        raise IllTyped(f"{what} leaves real tensors R(…), and {dom} was given. Give its domain as R(n), R(m, n), ….")
    return dom


def _two(dom: Ob, what: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(dom, Product) and isinstance(dom.left, R) and isinstance(dom.right, R):
        return dom.left.shape, dom.right.shape
    raise IllTyped(f"{what} leaves a product R(…) * R(…), and {dom} was given. Give the domain as a product.")


def two_of_one_shape(dom: Ob) -> Ob:
    """``R(s) * R(s) → R(s)``."""
    left, right = _two(dom, "An entrywise primitive of two arguments")
    if left != right:
        raise IllTyped(
            f"Two tensors are combined entry by entry, and their shapes {left} and {right} differ. Reshape one."
        )
    return R(*left)


def scale(dom: Ob) -> Ob:
    """``R() * R(s) → R(s)``."""
    left, right = _two(dom, "scale")
    if left:
        raise IllTyped(f"scale leaves R() * R(…), and {dom} was given. Use multiply for tensors of one shape.")
    return R(*right)


def matmul(dom: Ob) -> Ob:
    """``R(m, n) * R(n) → R(m)`` and ``R(m, n) * R(n, k) → R(m, k)``."""
    left, right = _two(dom, "matmul")
    if len(left) != 2 or len(right) not in (1, 2) or left[1] != right[0]:
        raise IllTyped(
            f"matmul leaves R(m, n) * R(n) or R(m, n) * R(n, k), and {dom} was given. Reshape or transpose first."
        )
    return R(left[0], *right[1:])


def reshape(dom: Ob, shape: tuple[int, ...]) -> Ob:
    """``R(s) → R(shape)`` with as many entries."""
    old = tensor(dom, "reshape").shape
    target = R(*shape)
    if math.prod(old) != math.prod(shape):
        raise IllTyped(
            f"reshape from {old} to {shape} was asked for: {math.prod(old)} entries are not {math.prod(shape)}."
        )
    return target


def permute_dims(dom: Ob, axes: tuple[int, ...]) -> Ob:
    """``R(s) → R(…)``, the extents in another order."""
    shape = tensor(dom, "permute_dims").shape
    if sorted(axes) != list(range(len(shape))):
        raise IllTyped(f"permute_dims of {dom} takes each of the axes 0 … {len(shape) - 1} once, and {axes} was given.")
    return R(*(shape[a] for a in axes))


def sum_(dom: Ob, axis: int | None = None) -> Ob:
    """``R(s) → R(…)`` without an axis, or ``R(s) → R()``."""
    shape = tensor(dom, "sum").shape
    if axis is None:
        return R()
    _check_axis("sum", axis, shape)
    return R(*shape[:axis], *shape[axis + 1 :])


def concat(dom: Ob, axis: int = 0) -> Ob:
    """``R(s) * R(t) → R(…)``, the extents of one axis added."""
    left, right = _two(dom, "concat")
    _check_axis("concat", axis, left)
    if (left[:axis], left[axis + 1 :]) != (right[:axis], right[axis + 1 :]):
        raise IllTyped(f"concat along axis {axis} needs equal extents elsewhere, and {left} and {right} were given.")
    return R(*left[:axis], left[axis] + right[axis], *left[axis + 1 :])


def numbered(dom: Ob, number: Any) -> Ob:
    """``R(s) → R(s)`` for a primitive with a number as its parameter."""
    if isinstance(number, tuple) or number is None:
        raise IllTyped(f"times and shift take a number, and {number!r} was given, as in smooth('times', R(3), '1/2').")
    return tensor(dom, "An entrywise primitive")


def along_last(dom: Ob) -> Ob:
    """``R(s, n) → R(s, n)``."""
    without_last(dom)
    return dom


def without_last(dom: Ob) -> Ob:
    """``R(s, n) → R(s)``."""
    shape = tensor(dom, "softmax").shape
    if not shape or not shape[-1]:
        raise IllTyped(f"softmax and logsumexp act along the last axis, and {dom} has none with entries.")
    return R(*shape[:-1])


def repeat(dom: Ob, axis: int, count: int) -> Ob:
    """``R(s) → R(…)`` with a new axis of the given extent."""
    shape = tensor(dom, "repeat").shape
    if type(axis) is not int or not 0 <= axis <= len(shape) or type(count) is not int or count < 0:
        raise IllTyped(
            f"repeat({axis!r}, {count!r}) of {dom} was asked for: the new axis has a place 0 … {len(shape)} and an "
            "extent ≥ 0."
        )
    return R(*shape[:axis], count, *shape[axis:])


def fill(dom: Ob, shape: tuple[int, ...]) -> Ob:
    """``R() → R(shape)``."""
    if tensor(dom, "fill").shape:
        raise IllTyped(f"fill leaves R(), one number, and {dom} was given. Use repeat to add one axis.")
    return R(*shape)


def narrow(dom: Ob, axis: int, start: int, stop: int) -> Ob:
    """``R(s) → R(…)``: the places start … stop − 1 of an axis."""
    shape = tensor(dom, "narrow").shape
    _check_axis("narrow", axis, shape)
    if type(start) is not int or type(stop) is not int or not 0 <= start <= stop <= shape[axis]:
        raise IllTyped(f"narrow of {dom} to {start!r} … {stop!r} was asked for, and axis {axis} has {shape[axis]}.")
    return R(*shape[:axis], stop - start, *shape[axis + 1 :])


def _check_axis(word: str, axis: int, shape: tuple[int, ...]) -> None:
    if type(axis) is not int or not 0 <= axis < len(shape):
        raise IllTyped(
            f"{word} along axis {axis!r} was asked for, and the shape {shape} has axes 0 … {len(shape) - 1}."
        )
