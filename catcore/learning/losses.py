"""Losses and learning rates (THEORY T5.5, T5.6).

A loss is a parametric map from predictions to loss values whose parameter is the label, ``e : Y × Y → L``, label first;
its lens sends a covector α of L back to both.  A learning rate turns the value of the loss into a covector: it is a
lens ``(L, L') → (1, 1)``, that is an arrow ``α : L → L'``, and need not be linear, so it is not the reverse derivative
of anything.  With a constant rate the value of the loss never influences a step.

========================  ==================================  =======================================================
loss                      ``e(t, y)``                         covectors of (t, y) at α
========================  ==================================  =======================================================
``quadratic``             ``½ Σ (y − t)²``                    ``α (t − y)``, ``α (y − t)``
``softmax_cross_entropy``  ``(Σ t) lse(y) − t · y``           ``−α log softmax y``, ``α ((Σ t) softmax y − t)``
``dot_product``           ``t · y``                           ``α y``, ``α t``
``absolute``              ``Σ |y − t|``                       ``−α sign(y − t)``, ``α sign(y − t)``
``boolean``               ``t + y`` over Z₂, bit by bit       ``α``, ``α``
========================  ==================================  =======================================================

Cruttwell and others print the covectors of the quadratic loss in the other order, and a cross-entropy whose gradient is
``(Σ t) softmax y``; the table is what their own examples use (THEORY §8).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.arrows import Arrow, ident, terminal
from catcore.categories.smooth import smooth
from catcore.errors import IllTyped
from catcore.learning.lenses import Lens, LensMap
from catcore.learning.parametric import LensAction
from catcore.learning.polynomials import PolyZ2, polynomial_map
from catcore.learning.spaces import filled, leafwise, op, space, total
from catcore.objects import Ob, R, occurring
from catcore.para.maps import ParaMap
from catcore.tracing import trace


def quadratic(y: Ob) -> ParaMap:
    """``½ Σ (y − t)²``, half the squared error."""
    return _summed(y, lambda t, p: op("times", op("sum", op("square", op("subtract", p, t))), "1/2"))


def dot_product(y: Ob) -> ParaMap:
    """``t · y``; ascending it makes predictions look like the label, which is deep dreaming."""
    return _summed(y, lambda t, p: op("sum", op("multiply", t, p)))


def absolute(y: Ob) -> ParaMap:
    """``Σ |y − t|``; its derivative takes two values only."""
    return _summed(y, lambda t, p: op("sum", op("abs", op("subtract", p, t))))


def softmax_cross_entropy(y: Ob) -> ParaMap:
    """``(Σ t) lse(y) − t · y = −Σ t log softmax y`` of logits y, summed over all rows of the label."""

    def entropy(t: Any, p: Any) -> Any:
        rows = op("sum", t, len(t.type.shape) - 1)
        return op("subtract", op("sum", op("multiply", rows, op("logsumexp", p))), op("sum", op("multiply", t, p)))

    if not isinstance(y, R) or not y.shape:
        raise IllTyped(f"softmax_cross_entropy is a loss of vectors R(n) or of rows of them, and {y} was given.")
    return _summed(y, entropy)


def _summed(y: Ob, loss: Callable[[Any, Any], Any]) -> ParaMap:
    """The loss that adds up the losses of the leaves."""

    def value(x: Any) -> Any:
        return total(y, leafwise(y, loss, x[0], x[1]))

    if not occurring(space(y), R):
        raise IllTyped(f"A loss compares real tensors, and {y} has none. Use R(…) and *.")
    return ParaMap(y, trace(value, y * y, R()))


def mean(loss: ParaMap, count: int) -> ParaMap:
    """The loss divided by a number, such as the number of samples in it.

    Raises:
        IllTyped: for no samples.
    """
    if count < 1:
        raise IllTyped(f"The mean over {count} samples was asked for; there is at least one.")
    return ParaMap(loss.params, loss.arrow >> smooth("times", R(), f"1/{count}"), loss.actegory)


def boolean(bits: int) -> ParaMap:
    """The lens of ``t + y`` over Z₂, with the label as its parameter.

    Raises:
        IllTyped: for something else than a number of bits.
    """
    category = PolyZ2()
    if type(bits) is not int or bits < 0:
        raise IllTyped(f"boolean is a loss of so many bits, and {bits!r:.60} was given. Give a number from 0 on.")
    xor = polynomial_map(2 * bits, lambda *x: tuple(x[i] + x[bits + i] for i in range(bits)))
    return ParaMap(bits, Lens(category).reverse(xor), LensAction(Lens(category)))


# ---- learning rates ----------------------------------------------------------------------------------------------


def constant_rate(number: Any, ob: Ob | None = None) -> LensMap:
    """The rate ``l ↦ number``: negative to descend with an optimiser that adds, positive with one that subtracts."""
    loss = R() if ob is None else ob
    return Lens().costate(terminal(loss) >> filled(loss, number))


def proportional_rate(number: Any, ob: Ob | None = None) -> LensMap:
    """The rate ``l ↦ number · l``, under which large losses make large steps."""
    loss = R() if ob is None else ob
    return Lens().costate(trace(lambda x: leafwise(loss, lambda v: op("times", v, number), x), loss, loss))


def identity_rate(bits: int) -> LensMap:
    """The rate of Boolean circuits: the bits of the loss say themselves what is wrong."""
    category = PolyZ2()
    return Lens(category).costate(category.identity(bits))


def rate(alpha: Arrow) -> LensMap:
    """The learning rate of any arrow ``α : L → L'``."""
    return Lens().costate(alpha if isinstance(alpha, Arrow) else ident(R()))
