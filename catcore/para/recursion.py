"""Folds and unfolds of parametric cells, for any functor: recurrent and recursive networks (THEORY T4.5, T4.6).

A cell ``(P, f : P × F(S) → S)`` is an algebra of Para(F); its unrolling is the parametric map ``(P, μF → S)`` with

    h(p, in u) = f(p, F(h(p, −)) u),

one copy of P for all nodes.  A cell ``(P, f : P × S → F(S))`` is a coalgebra and unfolds to ``(P, S → νF)``.  Weight
sharing happens by itself: the square that makes the unrolling a homomorphism in Para has the parameters ``P ⊗ P`` on
one side and P on the other, and the 2-cell between them, :func:`unrolling`, is Δ.

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms, mu
>>> A, P, S = atoms("A P S")
>>> lists = mu(1 + A * Id)
>>> cell = ParaMap(P, generator("cell", P * (1 + A * S), S))
>>> print(fold(lists, cell).signature)
μX. 1 + A × X → S with parameter P
>>> unrolling(lists, cell).r is copies(P, 2)
True
"""

from __future__ import annotations

from functools import reduce
from typing import Any, overload

from catcore import arrows as ar
from catcore.arrows import Arrow, Composite, Identity, Pair, compose, ident, in_, out, pair
from catcore.datatypes import hylo as plain_hylo
from catcore.datatypes.data import Data, children, postorder
from catcore.datatypes.hylomorphisms import Hylo
from catcore.datatypes.monomials import constructor, unnested
from catcore.datatypes.parametric import parametric_fold, parametric_unfold
from catcore.errors import IllTyped
from catcore.functors import Functor
from catcore.functors import functor as read_functor
from catcore.instances import strength_of
from catcore.objects import Bound, Mu, Nu, Ob, Product
from catcore.para.actegories import CARTESIAN, flat, nest
from catcore.para.cells import TwoCell
from catcore.para.lifts import Lift
from catcore.para.maps import ParaMap, needed
from catcore.para.tying import copies
from catcore.terms import factors
from catcore.tracing import trace


@overload
def fold(fixed: Ob, algebra: Arrow) -> Arrow: ...
@overload
def fold(fixed: Ob, algebra: ParaMap) -> ParaMap: ...
def fold(fixed: Any, algebra: Any) -> Any:
    """The unique homomorphism out of the initial algebra ``mu(F)``: of an arrow ``F(A) → A``, or of a parametric cell.

    A cell ``(P, f : P × F(S) → S)`` folds to ``(P, P × μF → S)``, with one copy of P for all nodes.

    Raises:
        IllTyped: when the algebra does not fit the functor; the sentence shows the layer and what was found.
    """
    if not isinstance(algebra, ParaMap):
        return ar.fold(fixed, algebra)
    carrier_of_algebra(_functor(fixed, Mu, "fold"), algebra)
    if not algebra.params:
        return ParaMap((), ar.fold(fixed, algebra.arrow))
    return _unbundled(parametric_fold(fixed, bundled(algebra).arrow), algebra)


@overload
def unfold(fixed: Ob, coalgebra: Arrow) -> Arrow: ...
@overload
def unfold(fixed: Ob, coalgebra: ParaMap) -> ParaMap: ...
def unfold(fixed: Any, coalgebra: Any) -> Any:
    """The unique homomorphism into the terminal coalgebra ``nu(F)``: of an arrow ``S → F(S)``, or of a parametric cell.

    Raises:
        IllTyped: when the coalgebra does not fit the functor.
    """
    if not isinstance(coalgebra, ParaMap):
        return ar.unfold(fixed, coalgebra)
    carrier_of_coalgebra(_functor(fixed, Nu, "unfold"), coalgebra)
    if not coalgebra.params:
        return ParaMap((), ar.unfold(fixed, coalgebra.arrow))
    return _unbundled(parametric_unfold(fixed, bundled(coalgebra).arrow), coalgebra)


@overload
def hylo(functor: Any, algebra: Arrow, coalgebra: Arrow) -> Hylo: ...
@overload
def hylo(functor: Any, algebra: ParaMap | Arrow, coalgebra: ParaMap | Arrow) -> Any: ...
def hylo(functor: Any, algebra: Any, coalgebra: Any) -> Any:
    """The map ``h`` with ``h = c ; F h ; a`` from states to answers, of arrows or of parametric cells.

    The cells ``(P, a)`` and ``(Q, c)`` give a map with the parameters ``P ⊗ Q``; every state sees the same ones.

    Raises:
        IllTyped: when one of the two does not fit the functor.
    """
    if not isinstance(algebra, ParaMap) and not isinstance(coalgebra, ParaMap):
        return plain_hylo(functor, algebra, coalgebra)
    layer, a, c = read_functor(functor), needed(algebra), needed(coalgebra)
    carrier_of_algebra(layer, a), carrier_of_coalgebra(layer, c)
    params, count = a.params + c.params, len(a.params)
    if not params:
        return ParaMap((), plain_hylo(layer, a.arrow, c.arrow))
    acting: Functor = reduce(lambda f, p: p * f, reversed(a.params), layer)  # F with the parameters of the algebra
    return ParaMap(params, plain_hylo(acting, a.arrow, _handing_on(layer, params, count, c.arrow, c.dom)))


def _handing_on(layer: Functor, params: tuple[Any, ...], count: int, coalgebra: Arrow, state: Ob) -> Arrow:
    """A coalgebra that hands all parameters on to the states below, and the first so many to the layer, too."""
    whole, states = CARTESIAN.whole(params), CARTESIAN.act(params, state)

    def handed(x: Any) -> Any:
        given = flat(x[0], len(params) + 1)[:-1]
        below = strength_of(layer, whole, state)(nest(given), x[1])
        again = layer.map(lambda p: nest([*flat(p[0], len(params)), p[1]]), below)
        return nest([*given[:count], again])

    acting: Functor = reduce(lambda f, p: p * f, reversed(params[:count]), layer)
    asked = compose(ident(states), *_dropping(params, count, state), coalgebra)
    return pair(ident(states), asked) >> trace(handed, states * layer(state), acting(states))


def _dropping(params: tuple[Any, ...], count: int, state: Ob) -> tuple[Arrow, ...]:
    """The map to the states with the parameters of the coalgebra, as its factors."""
    states = CARTESIAN.act(params, state)
    kept = CARTESIAN.act(params[count:], state)
    return factors(trace(lambda x: nest(flat(x, len(params) + 1)[count:]), states, kept))


def cells_of(h: Hylo) -> tuple[Functor, ParaMap, ParaMap] | None:
    """The functor and the cells ``(P, a)`` and ``(Q, c)`` of a hylomorphism; None where it is read as none of cells.

    What is found is put together again and compared, so an answer is never wrong.
    """
    match h.coalgebra:
        case Composite(args=(Pair(args=(Identity(), asked)), *_)):
            found = (_read(h, asked, n, k) for n in range(1, _depth(h.dom) + 1) for k in range(n + 1))
            return next((cells for cells in found if cells is not None), None)
    return None


def _read(h: Hylo, asked: Arrow, n: int, k: int) -> tuple[Functor, ParaMap, ParaMap] | None:
    """The same for n parameters, the first k of them those of the algebra."""
    params, state, body = [], h.dom, h.functor.body
    for number in range(n):
        params.append(state.args[0])
        state = state.args[1]
        if number < k:
            if not isinstance(body, Product) or body.left is not params[-1]:
                return None
            body = body.right
    layer, given = Functor(1, body), tuple(params)
    before, steps = _dropping(given, k, state), factors(asked)
    if steps[: len(before)] != before:
        return None
    middle = CARTESIAN.act(given[k:], state)
    coalgebra = compose(ident(middle), *steps[len(before) :])
    if coalgebra.cod is not layer(state) or _handing_on(layer, given, k, coalgebra, state) is not h.coalgebra:
        return None
    return layer, ParaMap(given[:k], h.algebra), ParaMap(given[k:], coalgebra)


def _depth(ob: Ob) -> int:
    """How often an object is a product on the right."""
    return 1 + _depth(ob.right) if isinstance(ob, Product) else 0


def unrolling(fixed: Mu | Nu, cell: ParaMap) -> TwoCell:
    """The 2-cell that makes an unrolling a homomorphism in Para: its arrow of parameters is Δ (CDL J.1; T4.6).

    For a fold h of an algebra a it goes ``a ∘ F(h) ⇒ h ∘ in``, for an unfold h of a coalgebra c it goes
    ``F(h) ∘ c ⇒ out ∘ h``; the left sides have the parameters ``P ⊗ P``, the right sides P.  ``verify`` proves it.
    """
    lifted = Lift(Functor(1, fixed.body))
    if isinstance(fixed, Mu):
        h = fold(fixed, cell)
        return TwoCell(copies(cell.params, 2), lifted(h) >> cell, in_(fixed) >> h)
    u = unfold(fixed, cell)
    return TwoCell(copies(cell.params, 2), cell >> lifted(u), u >> out(fixed))


def unrolled(value: Data, cell: ParaMap) -> ParaMap:
    """The free unrolling over one tree: a copy of the parameters for each of its nodes (T4.6 iii).

    The map goes from the labels of the tree, all of them as inputs, to the state at its root.  The first parameters
    belong to the root; every branch follows its node.

    Raises:
        IllTyped: when the cell is no algebra of the tree's functor.
    """
    layer = Functor(1, value.of.body)
    state = carrier_of_algebra(layer, cell)
    kinds = unnested(layer)
    order = list(reversed(postorder(value)))
    which = {id(node): constructor(kinds, node.layer) for node in order}
    labels = [kinds[which[id(n)]].places[i] for n in order for i in kinds[which[id(n)]].labels]
    params = cell.params * len(order)

    def run(x: Any) -> Any:
        *given, last = flat(x, len(params) + 1)
        own = {id(n): given[k * len(cell.params) :][: len(cell.params)] for k, n in enumerate(order)}
        read = iter(flat(last, len(labels)))
        marks = {id(n): [next(read) for _ in kinds[which[id(n)]].labels] for n in order}
        done: dict[int, Any] = {}
        for node in reversed(order):
            kind, below, mine = kinds[which[id(node)]], iter(children(node.layer)), iter(marks[id(node)])
            places = [done[id(next(below))] if ob is Bound(0) else next(mine) for ob in kind.places]
            filled = kind.arrow(layer, state)(_left_nested(places))
            done[id(node)] = cell.arrow(nest([*own[id(node)], filled]))
        return done[id(value)]

    return ParaMap(params, trace(run, CARTESIAN.act(params, CARTESIAN.whole(tuple(labels))), state))


def bundled(f: ParaMap) -> ParaMap:
    """The same map with its parameters as one object."""
    return f.reparametrised((f.whole,), ident(f.whole)) if len(f.params) != 1 else f


def _unbundled(h: Arrow, cell: ParaMap) -> ParaMap:
    """An arrow out of all parameters of a cell as one object, with the parameters of the cell."""
    found = ParaMap((cell.whole,), h)
    return found.reparametrised(cell.params, ident(cell.whole)) if len(cell.params) != 1 else found


def carrier_of_algebra(functor: Functor, cell: ParaMap) -> Ob:
    """The states of a parametric algebra ``P × F(S) → S``; raises ``IllTyped`` when the cell is none."""
    state = cell.cod
    if cell.dom is not functor(state):
        raise IllTyped(
            f"A cell that is an algebra of F = {functor} with states {state} goes {functor(state)} → {state}, and "
            f"{cell.signature} was given: one layer is {functor(state)}, and {cell.dom} was found."
        )
    return state  # type: ignore[no-any-return]


def carrier_of_coalgebra(functor: Functor, cell: ParaMap) -> Ob:
    """The states of a parametric coalgebra ``P × S → F(S)``; raises ``IllTyped`` when the cell is none."""
    state = cell.dom
    if cell.cod is not functor(state):
        raise IllTyped(
            f"A cell that is a coalgebra of F = {functor} with states {state} goes {state} → {functor(state)}, and "
            f"{cell.signature} was given: one layer is {functor(state)}, and {cell.cod} was found."
        )
    return state  # type: ignore[no-any-return]


def _functor(fixed: Any, kind: type[Mu | Nu], word: str) -> Functor:
    if not isinstance(fixed, kind):
        found = "least fixed point mu(F)" if kind is Mu else "greatest fixed point nu(F)"
        raise IllTyped(f"{word} of a parametric cell needs a {found}, and {fixed} is none.")
    return Functor(1, fixed.body)


def _left_nested(parts: list[Any]) -> Any:
    return reduce(lambda a, b: (a, b), parts) if parts else ()
