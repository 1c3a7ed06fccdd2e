"""The reverse derivative of data: their labels hear what they should have been (THEORY T2.2, T5.3).

A covector of an element of ``μF`` is a tree of the same shape with covectors for labels, or zero, also for a whole
branch: ``(μX. F X)' = μX. 1 + F' X``, where F' has the covectors of the labels of F; data around branches, such as the
list of a rose tree, is treated the same way.  Constructors pass covectors on to
what they hold, two covectors of one tree are added label by label, and a fold tells every label what it should hear:
the part for labels of the reverse derivative of its algebra at each node.  A coalgebra-to-algebra morphism is walked
the same way, and its states hear.

>>> from catcore.arrows import case, fold
>>> from catcore.categories.smooth import constant, smooth
>>> from catcore.functors import Id
>>> from catcore.objects import R, mu
>>> lists = mu(1 + R() * Id)
>>> total = fold(lists, case(constant(0), smooth("add", R() * R())))
>>> print(reverse_derivative(total).cod)
μX. 1 + (1 + ℝ × X)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow, Fold, fst, ident, in_, inr, is_out, out, pair, snd, terminal
from catcore.datatypes.hylomorphisms import Hylo, hylo
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import Applied, Covector, covectors, nothing, plus, points_of, written
from catcore.learning.folds import folded_backwards, hands_on, needs_shared, parametric_algebra
from catcore.learning.layers import handed, joined, layer_of, split, sum_of_data, with_answers
from catcore.learning.reverse import reverse_derivative, rule
from catcore.objects import Coproduct, Exponential, Mu, Ob, One, Product
from catcore.points import at
from catcore.tracing import trace


class DataSum(Arrow):
    """The sum ``D × D → D`` of two covectors of one tree, which is its argument: label by label, zero being zero."""

    __slots__ = ()
    constructor = "data_sum"
    doctrine = "inductive"

    def _build(self) -> None:
        (back,) = self.args
        self._type(back * back, back)

    name = "+"

    def expanded(self) -> Arrow:
        """The same map as a fold into functions."""
        return sum_of_data(self.args[0])


class BackwardData(Arrow):
    """What labels hear in a fold ``μF → A``, ``(P × μF) × A' → (μF)'``.

    The arguments are the fold, and whether it goes into functions ``A ^ P`` of shared parameters; otherwise P is 1.
    """

    __slots__ = ()
    constructor = "backward_data"
    doctrine = "inductive"

    def _build(self) -> None:
        of, parametric = self.args
        p = of.cod.exponent if parametric else One
        self._type(Product(Product(p, of.dom), covectors(self.carrier)), covectors(of.dom))

    @property
    def carrier(self) -> Ob:
        """The object A."""
        of, parametric = self.args
        found: Ob = of.cod.base if parametric else of.cod
        return found

    @property
    def step(self) -> Arrow:
        """The algebra ``P × F A → A``."""
        return parametric_algebra(self.args[0]) if self.args[1] else _plain_algebra(self.args[0])

    @property
    def name(self) -> str:
        """How it is written."""
        return f"R[{self.args[0]}]"

    def expanded(self) -> Arrow:
        """The same map as a fold into functions, with the other term formers."""
        return _expanded(self)


class BackwardHylo(Arrow):
    """The reverse derivative ``S × A' → S'`` of a coalgebra-to-algebra morphism ``S → A``, which is its argument."""

    __slots__ = ()
    constructor = "backward_hylo"
    doctrine = "inductive"

    def _build(self) -> None:
        (h,) = self.args
        self._type(Product(h.dom, covectors(h.cod)), covectors(h.dom))

    @property
    def name(self) -> str:
        """How it is written."""
        return f"R[{self.args[0]}]"

    def expanded(self) -> Arrow:
        """The same map as a hylomorphism into functions, whose layers keep their state."""
        return _expanded_hylo(self.args[0])


@rule(ar.In)
def _in(f: ar.In, x: Arrow, v: Covector) -> Covector:
    return written(v, x, f.cod) >> _opened(f.args[0])


@rule(ar.Fold)
def _fold(f: Fold, x: Arrow, v: Covector) -> Covector:
    if isinstance(v, Applied) and not _tabled(f):
        needs_shared(f)
        found: Covector = None
        for argument, value in v.values:
            assert isinstance(f.cod, Exponential)
            given = pair(pair(argument, x), written(value, x, f.cod.base))
            found = plus(found, given >> BackwardData(f, True))
        return found
    if is_out(f):
        return pair(x >> f, written(v, x, f.cod)) >> _closed(f.dom)
    return pair(pair(terminal(x.dom), x), written(v, x, f.cod)) >> BackwardData(f, False)


def _tabled(f: Fold) -> bool:
    """Whether a fold into functions is one into tables, whose branches are asked at other arguments than its own."""
    assert isinstance(f.cod, Exponential)
    return points_of(f.cod.exponent) is not None and not hands_on(f)


@rule(Hylo)
def _hylo(f: Hylo, x: Arrow, v: Covector) -> Covector:
    return pair(x, written(v, x, f.cod)) >> BackwardHylo(f)


@rule(BackwardData, BackwardHylo)
def _again(f: Arrow, x: Arrow, v: Covector) -> Covector:
    raise NotInterpreted(
        f"A second derivative through {f.signature} was asked for, in a direction of labels or states: tangents of "
        "data are data of another type than its covectors. Go in directions of parameters, or take differences of "
        "gradients."
    )


@rule(DataSum)
def _sum(f: DataSum, x: Arrow, v: Covector) -> Covector:
    return v, v


# ---- layers ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _opened(fixed: Mu) -> Arrow:
    """``(μF)' → (F μF)'``: what the places of a layer hear."""
    back = covectors(fixed)
    assert isinstance(back, Mu)
    place = covectors(fixed.unrolled())
    zero = nothing(ident(One), fixed.unrolled())
    layer = back.unrolled()
    assert isinstance(layer, Coproduct)

    def opened(v: Any) -> Any:
        return out(back)(v).case(inl=lambda _: zero(()), inr=lambda u: split(fixed.body, u, fixed))

    return trace(opened, back, place)


@lru_cache(maxsize=256)
def _closed(fixed: Mu) -> Arrow:
    """``F μF × (F μF)' → (μF)'``: the covector of a tree from the covectors of its layer."""
    back = covectors(fixed)
    layer = fixed.unrolled()
    branch, body = layer_of(fixed)

    def closed(x: Any) -> Any:
        return in_(back)(inr(joined(body, branch, {}, x[0], x[1])))

    return trace(closed, layer * covectors(layer), back)


# ---- folds and hylomorphisms -------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _plain_algebra(of: Fold) -> Arrow:
    """The algebra of a fold as one with parameters of which there is one only."""
    algebra: Arrow = of.args[1]
    whole = snd(One, algebra.dom) >> algebra
    return at(whole, ident(whole.dom))


@lru_cache(maxsize=256)
def _expanded(term: BackwardData) -> Arrow:
    of, back = term.args[0], term.cod
    fixed = of.args[0]
    branch, body = layer_of(fixed)
    branches = {branch: with_answers(term.carrier, fixed)}

    def wanted(known: Any, found: Any) -> Any:
        return in_(back)(inr(joined(body, branch, branches, known, found[1])))

    return folded_backwards(of, term.step, back, wanted)


@lru_cache(maxsize=256)
def _expanded_hylo(h: Hylo) -> Arrow:
    states, answers = h.dom, h.cod
    back_s, back_a = covectors(states), covectors(answers)
    both, functor = answers * back_s**back_a, h.functor
    kept = Functor(1, Product(states, functor.body))
    back_step, back_ask = reverse_derivative(h.algebra), reverse_derivative(h.coalgebra)
    forget = functor(fst(answers, back_s**back_a))
    branch, body = layer_of(Mu(functor.body))
    branches = {branch: with_answers(answers, states)}

    def algebra(x: Any) -> Any:
        state, layer = x
        values = forget(layer)

        def backwards(v: Any) -> Any:
            heard = back_step(values, v)
            return back_ask(state, handed(body, branches, layer, heard))

        return h.algebra(values), backwards

    asked = pair(ident(states), h.coalgebra)
    whole = hylo(kept, trace(algebra, kept(both), both), asked)
    return trace(lambda x: whole(x[0])[1](x[1]), states * back_a, back_s)
