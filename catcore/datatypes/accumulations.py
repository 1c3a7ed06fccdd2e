"""Accumulations: recursion that carries something downwards, and folds that keep all they find (THEORY T2.5).

A fold passes answers up.  An *accumulation* also hands an accumulator down, and each layer says what its branches get
(Bird 1984; Pardo 2003): from ``a : X × F A → A`` and ``τ : X × F Y → F (X × Y)``, natural in Y, comes the one
``h : X × μF → A`` with ``(X × in) ; h = ⟨π₁, τ ; F h⟩ ; a``.  It is a fold into ``A ^ X``.
With the strength for τ all branches get the same, and h is a fold with parameters; on lists it is a fold from the left.

A *scan* keeps what a fold gives at every constructor below (Gibbons 1991).

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> A, B, S = atoms("A B S")
>>> print(scan_left(generator("step", B * A, B)).cod)
μX. 1 + B × X
>>> machine = map_accumulate(generator("step", S * A, S * B))
>>> print(machine.dom, "→", machine.cod)
S × (μX. 1 + A × X) → S × (μX. 1 + B × X)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.arrows import Arrow, curry, ev, fold, fst, ident, in_, inl, inr, pair, snd
from catcore.datatypes.given import function
from catcore.datatypes.schemes import history, latest
from catcore.errors import IllTyped
from catcore.functors import Functor, Id
from catcore.laws import Law
from catcore.objects import Coproduct, Mu, Ob, One, Product
from catcore.structures.lists import LIST, cons, nil, single
from catcore.terms import needed_arrow
from catcore.tracing import trace

#: What a layer hands down: for each object Y an arrow ``X × F Y → F (X × Y)``.
HandDown = Callable[[Ob], Arrow]


def accumulate(fixed: Mu, algebra: Arrow, hand_down: HandDown) -> Arrow:
    """The accumulation ``h : X × μF → A`` of ``algebra : X × F A → A``; law: see :func:`accumulate_law`.

    Args:
        fixed: the data type μF.
        algebra: what a layer gives, from the accumulator and what its branches gave.
        hand_down: what the branches get, natural in Y.

    Raises:
        IllTyped: when one of the two does not have its type.
    """
    given, functor = typed("accumulate", fixed, algebra)
    whole = fold(fixed, curry(opened(functor, given, algebra.cod, hand_down) >> algebra))
    return pair(snd(given, fixed) >> whole, fst(given, fixed)) >> ev(given, algebra.cod)


def accumulate_law(fixed: Mu, algebra: Arrow, hand_down: HandDown) -> Law:
    """``(X × in) ; h = ⟨π₁, τ ; F h⟩ ; a`` for the accumulation h of ``a`` and τ: it is the one map with this
    property."""
    given, functor = typed("accumulate", fixed, algebra)
    h, layer = accumulate(fixed, algebra, hand_down), functor(fixed)
    built = pair(fst(given, layer), snd(given, layer) >> in_(fixed))
    return Law("accumulation", built >> h, _with_layer(functor, given, fixed, hand_down, h) >> algebra)


def scan(fixed: Mu, algebra: Arrow) -> Arrow:
    """The scan ``μF → H``, ``H = μY. A × F Y``, of ``algebra : F A → A``: each constructor with what it folds to.

    Law: ``scan ; latest = fold``, with :func:`~catcore.datatypes.schemes.latest`.

    Raises:
        IllTyped: when the algebra does not have that type.
    """
    if not isinstance(fixed, Mu) or needed_arrow(algebra).dom is not Functor(1, fixed.body)(algebra.cod):
        raise IllTyped(f"scan takes a least fixed point mu(F) and an arrow F(A) → A; it got {fixed} and {algebra}.")
    layer, past = Functor(1, fixed.body), history(fixed, algebra.cod)
    return fold(fixed, pair(layer(latest(past)) >> algebra, ident(layer(past))) >> in_(past))


def typed(scheme: str, fixed: Mu, algebra: Arrow) -> tuple[Ob, Functor]:
    """The accumulator and the functor of an algebra ``X × F A → A``.

    Raises:
        IllTyped: when it is none.
    """
    if not isinstance(fixed, Mu):
        raise IllTyped(f"{scheme} recurses over a least fixed point mu(F), and {fixed} is none.")
    functor, dom = Functor(1, fixed.body), needed_arrow(algebra).dom
    if not isinstance(dom, Product) or dom.right is not functor(algebra.cod):
        raise IllTyped(f"{scheme} takes an arrow P × F(A) → A, F = {functor}; it got {algebra.signature}.")
    return dom.left, functor


def opened(functor: Functor, given: Ob, carrier: Ob, hand_down: HandDown) -> Arrow:
    """What is done before the algebra: a layer of functions takes the accumulator, ``F (A ^ X) × X → X × F A``."""
    functions = carrier**given
    applied = _swapped(given, functions) >> ev(given, carrier)
    return _swapped(functor(functions), given) >> _with_layer(functor, given, functions, hand_down, applied)


def _with_layer(functor: Functor, given: Ob, x: Ob, hand_down: HandDown, f: Arrow) -> Arrow:
    """``⟨π₁, τ ; F f⟩ : P × F X → P × F Y`` for ``f : P × X → Y``."""
    down = needed_arrow(function(hand_down, "What a layer hands down")(x))
    if down.dom is not given * functor(x) or down.cod is not functor(given * x):
        raise IllTyped(
            f"A layer was to hand {given} down, by an arrow {given * functor(x)} → {functor(given * x)}, and "
            f"{down.signature} was given."
        )
    return pair(fst(given, functor(x)), down >> functor(f))


def _swapped(a: Ob, b: Ob) -> Arrow:
    return pair(snd(a, b), fst(a, b))


# ---- lists -----------------------------------------------------------------------------------------------------------


def fold_left(step: Arrow) -> Arrow:
    """The fold from the left ``B × List A → B`` of ``step : B × A → B``: ``(b, [x, y]) ↦ step(step(b, x), y)``.

    Raises:
        IllTyped: when the step does not have that type.
    """
    b, a = _step("fold_left", step)
    algebra = _clauses(b, a, b, lambda s, _: s, lambda s, p: p[1])
    return accumulate(LIST(a), algebra, stepping(step))


def scan_left(step: Arrow) -> Arrow:
    """All that a fold from the left goes through, ``B × List A → List B``: one more than there are items.

    Raises:
        IllTyped: when the step does not have that type.
    """
    b, a = _step("scan_left", step)
    algebra = _clauses(b, a, LIST(b), lambda s, _: single(b)(s), lambda s, p: cons(b)(s, p[1]))
    return accumulate(LIST(a), algebra, stepping(step))


def scan_right(algebra: Arrow) -> Arrow:
    """What a list and its tails fold to, the whole list first: ``List A → List B`` for ``algebra : 1 + A × B → B``.

    Raises:
        IllTyped: when the algebra does not have that type.
    """
    b, dom = needed_arrow(algebra).cod, algebra.dom
    if not isinstance(dom, Coproduct) or dom.left is not One or not isinstance(dom.right, Product):
        raise IllTyped(f"scan_right takes an arrow 1 + A × B → B; it got {algebra.signature}.")
    whole, step = LIST(dom.right.left), (1 + dom.right.left * Id)(b)
    if step is not dom:
        raise IllTyped(f"scan_right takes an arrow 1 + A × B → B; it got {algebra.signature}.")
    so_far = b * LIST(b)  # the newest value, and all values

    def cell(layer: Any) -> Any:
        newest = algebra(layer.case(inl=lambda u: inl(u), inr=lambda p: inr((p[0], p[1][0]))))
        older = layer.case(inl=lambda _: nil(b), inr=lambda p: p[1][1])
        return newest, cons(b)(newest, older)

    layer = (1 + dom.right.left * Id)(so_far)
    return fold(whole, trace(cell, layer, so_far)) >> snd(b, LIST(b))


def map_accumulate(step: Arrow) -> Arrow:
    """Items changed one after the other by ``step : S × A → S × B``, which has a state: ``S × List A → S × List B``.

    It is the run of the Mealy machine with that step, and gives the last state too (T3.2).

    Raises:
        IllTyped: when the step does not have that type.
    """
    dom, cod = needed_arrow(step).dom, step.cod
    if not isinstance(dom, Product) or not isinstance(cod, Product) or dom.left is not cod.left:
        raise IllTyped(f"map_accumulate takes an arrow S × A → S × B; it got {step.signature}.")
    s, a, b = dom.left, dom.right, cod.right

    def cell(state: Any, p: Any) -> Any:
        return p[1][0], cons(b)(step(state, p[0])[1], p[1][1])

    algebra = _clauses(s, a, s * LIST(b), lambda state, _: (state, nil(b)), cell)
    return accumulate(LIST(a), algebra, stepping(step >> fst(s, b)))


def stepping(step: Arrow) -> HandDown:
    """What a list hands down: the accumulator after one more item, ``B × (1 + A × Y) → 1 + A × (B × Y)``.

    Raises:
        IllTyped: when ``step`` is no arrow ``B × A → B``.
    """
    b, a = _step("stepping", step)

    def hand_down(y: Ob) -> Arrow:
        def down(p: Any) -> Any:
            return p[1].case(inl=lambda u: inl(u), inr=lambda q: inr((q[0], (step(p[0], q[0]), q[1]))))

        return trace(down, b * (1 + a * y), 1 + a * (b * y))

    return hand_down


def _step(scheme: str, step: Arrow) -> tuple[Ob, Ob]:
    """The objects B and A of an arrow ``B × A → B``."""
    dom = needed_arrow(step).dom
    if not isinstance(dom, Product) or dom.left is not step.cod:
        raise IllTyped(f"{scheme} takes an arrow B × A → B; it got {step.signature}.")
    return dom.left, dom.right


def _clauses(given: Ob, a: Ob, carrier: Ob, end: Callable[..., Any], cell: Callable[..., Any]) -> Arrow:
    """The algebra ``X × (1 + A × C) → C`` with a clause for the end of a list, and one for an item before a rest."""
    return trace(
        lambda p: p[1].case(inl=lambda u: end(p[0], u), inr=lambda q: cell(p[0], q)), given * (1 + a * carrier), carrier
    )
