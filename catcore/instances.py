"""Instances: concrete functors, monads and transformations put for arbitrary ones (THEORY T1.2–T1.4).

A law about ``Monad.variable("T")`` is a law about every monad.  An :class:`Instance` says which functor, monad or
natural transformation each name stands for, and translates objects, functors, arrows and laws.  It is a homomorphism
of the syntax: composites go to composites, ``T(f)`` to the action of the functor that T stands for, ``T.unit`` to its
unit, and the strength of T to the strength that every functor built from products, sums, powers and fixed points has.

>>> from catcore.structures.monads import Monad
>>> from catcore.structures.standard import maybe
>>> T = Monad.variable("T")
>>> print(Instance({T.functor: maybe()}).law(T.laws()[2]))
ι₂ ; [ι₁, id] = id : 1 + X → 1 + X
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from catcore.arrows import (
    Action,
    Arrow,
    Component,
    Composite,
    Generator,
    Strength,
    compose,
    curry,
    fold,
    ident,
    in_,
    inl,
    inr,
    out,
    strength,
    unfold,
)
from catcore.errors import IllTyped
from catcore.expressions import Expression
from catcore.functors import Functor, FunctorSymbol, MultSymbol, NaturalSymbol, NaturalTransformation, UnitSymbol
from catcore.laws import Law
from catcore.objects import (
    Applied,
    Atom,
    Bound,
    Coproduct,
    Exponential,
    Mu,
    Nu,
    Ob,
    Product,
    abstract,
    children,
    instantiate,
    occurring,
    rebuild,
    substitute,
    unknown,
)
from catcore.tracing import fmap, trace


@dataclass(frozen=True)
class Instance:
    """What arbitrary functors, transformations, sets and maps stand for; those not named stay arbitrary.

    Args:
        meanings: for each variable functor or transformation what it stands for: a functor, a monad, or a natural
            transformation between the instances of its ends; for atoms and generators, objects and arrows between the
            instances of their ends.

    Raises:
        IllTyped: when a variable is none, or what it stands for is of another kind.
    """

    meanings: Mapping[Any, Any]

    def __post_init__(self) -> None:
        found = {symbol_of(key): value for key, value in self.meanings.items()}
        object.__setattr__(self, "meanings", found)
        for symbol, value in found.items():
            if isinstance(symbol, FunctorSymbol):
                _functor(value)
            elif isinstance(symbol, Atom) and isinstance(value, Ob):
                continue
            elif isinstance(symbol, Generator) and isinstance(value, Arrow):
                self._parallel(symbol, value)
            elif isinstance(symbol, NaturalSymbol) and isinstance(value, NaturalTransformation):
                self._check(symbol, value)
            else:
                raise IllTyped(f"{symbol} is of another kind than what was put for it, {value!r}.")

    def _parallel(self, symbol: Generator, value: Arrow) -> None:
        dom, cod = self.object(symbol.dom), self.object(symbol.cod)
        if value.dom is not dom or value.cod is not cod:
            raise IllTyped(f"{symbol} goes from {dom} to {cod} here, and {value.signature} was put for it.")

    def _check(self, symbol: NaturalSymbol, value: NaturalTransformation) -> None:
        ends = self.functor(symbol.source), self.functor(symbol.target)
        if (value.source, value.target) != ends:
            raise IllTyped(
                f"{symbol} goes from {symbol.source} to {symbol.target}, here from {ends[0]} to {ends[1]}, and a "
                f"transformation from {value.source} to {value.target} was put for it."
            )

    def object(self, ob: Ob) -> Ob:
        """The instance of an object."""
        if isinstance(ob, Applied) and ob.args[0] in self.meanings:
            return instantiate(_functor(self.meanings[ob.args[0]]).body, (self.object(ob.args[1]),))
        if isinstance(ob, Atom):
            return self.meanings.get(ob, ob)  # type: ignore[no-any-return]
        parts = children(ob)
        if not parts:
            return ob
        if isinstance(ob, Mu) or hasattr(ob, "body"):  # below a binder, at a placeholder
            hole = unknown()
            return type(ob)(abstract(self.object(instantiate(ob.body, (hole,))), (hole,)))
        return rebuild(ob, tuple(map(self.object, parts)))

    def functor(self, functor: Functor) -> Functor:
        """The instance of a functor."""
        holes = tuple(unknown() for _ in range(functor.arity))
        return Functor(functor.arity, abstract(self.object(instantiate(functor.body, holes)), holes))

    def arrow(self, f: Arrow) -> Arrow:
        """The instance of an arrow."""
        match f:
            case Generator() if f in self.meanings:
                return self.meanings[f]  # type: ignore[no-any-return]
            case Composite():
                return compose(ident(self.object(f.dom)), *map(self.arrow, f.args))
            case Action():
                return self.functor(f.functor)(*map(self.arrow, f.args[1:]))  # type: ignore[no-any-return]
            case Component():
                return self._component(f.args[0], self.object(f.args[1]))
            case Strength() if f.args[0] in self.meanings:
                return strength_of(_functor(self.meanings[f.args[0]]), *map(self.object, f.args[1:]))
        return type(f)(*map(self._argument, f.args))

    def _argument(self, value: Any) -> Any:
        if isinstance(value, Arrow):
            return self.arrow(value)
        if isinstance(value, Functor):
            return self.functor(value)
        return self.object(value) if isinstance(value, Ob) else value

    def _component(self, symbol: NaturalSymbol, at: Ob) -> Arrow:
        if isinstance(symbol, UnitSymbol):
            monad = self.meanings.get(symbol.args[0])
            if monad is None:
                return Component(symbol, at)
            family = monad.mult if isinstance(symbol, MultSymbol) else monad.unit
            return family[at]  # type: ignore[no-any-return]
        meaning = self.meanings.get(symbol)
        if meaning is not None:
            return meaning[at]  # type: ignore[no-any-return]
        return Component(NaturalSymbol(str(symbol), *map(self.functor, (symbol.source, symbol.target))), at)

    def law(self, law: Law) -> Law:
        """The instance of a law and of its hypotheses; what these quantify is left alone in them."""
        given = tuple(Instance(self._without(h.every)).law(h) for h in law.given)
        every = tuple(map(self._argument, law.every))
        return replace(law, lhs=self.arrow(law.lhs), rhs=self.arrow(law.rhs), given=given, every=every)

    def _without(self, names: tuple[Any, ...]) -> dict[Any, Any]:
        return {symbol: value for symbol, value in self.meanings.items() if symbol not in names}


def symbol_of(variable: Any) -> Expression:
    """The symbol of a variable functor, monad or natural transformation.

    Raises:
        IllTyped: when it is no variable.
    """
    match variable:
        case FunctorSymbol() | NaturalSymbol() | Atom() | Generator():
            return variable
        case Functor() if isinstance(variable.body, Applied):
            return variable.body.args[0]  # type: ignore[no-any-return]
        case NaturalTransformation() if isinstance(term := variable[unknown()], Component):
            return term.args[0]  # type: ignore[no-any-return]
    if isinstance(getattr(variable, "functor", None), Functor):
        return symbol_of(variable.functor)
    raise IllTyped(f"An instance says what a variable functor or transformation stands for, and {variable!r} is none.")


def _functor(meaning: Any) -> Functor:
    found = meaning if isinstance(meaning, Functor) else getattr(meaning, "functor", None)
    if not isinstance(found, Functor) or found.arity != 1:
        raise IllTyped(f"A variable functor stands for a functor of one variable or a monad, and {meaning!r} was put.")
    return found


def strength_of(functor: Functor, a: Ob, b: Ob) -> Arrow:
    """The strength ``A × F B → F (A × B)`` of a functor made of products, sums, powers and fixed points.

    It is made part by part, and only the A is handed on: ``σ(p, (u, v)) = (σ(p, u), σ(p, v))``, and so for the others.

    Raises:
        TracingError: when the functor is made of something else.
    """
    if isinstance(functor.body, Mu):
        return _strength_of_data(functor, a, b)
    if isinstance(functor.body, Nu):
        return _strength_of_codata(functor, a, b)
    hole = unknown()
    shape = functor(hole)
    return trace(lambda p: _strong(shape, hole, p[0], p[1], (a, b)), a * functor(b), functor(a * b))


def _strong(shape: Ob, hole: Ob, p: Any, t: Any, ends: tuple[Ob, Ob]) -> Any:
    """The strength of one part of a functor, at an element of it."""
    if hole not in occurring(shape, type(hole)):
        return t
    match shape:
        case Product():
            return _strong(shape.left, hole, p, t[0], ends), _strong(shape.right, hole, p, t[1], ends)
        case Coproduct():
            return t.case(
                inl=lambda x: inl(_strong(shape.left, hole, p, x, ends)),
                inr=lambda x: inr(_strong(shape.right, hole, p, x, ends)),
            )
        case Exponential() if hole not in occurring(shape.exponent, type(hole)):
            return lambda i: _strong(shape.base, hole, p, t(i), ends)
        case Mu() | Nu():
            return strength_of(Functor(1, abstract(shape, (hole,))), *ends)(p, t)
        case Applied(args=(symbol, inner)) if symbol.strong:
            inside = Functor(1, abstract(inner, (hole,)))
            outer = strength(symbol, ends[0], inside(ends[1]))
            return Functor(1, Applied(symbol, Bound(0)))(strength_of(inside, *ends))(outer(p, t))
    return fmap(shape, hole, lambda x: (p, x), t)


def _strength_of_data(functor: Functor, a: Ob, b: Ob) -> Arrow:
    """The strength of a least fixed point: a fold into functions of A, which hands its argument to all branches."""
    target, hole, inner = functor(a * b), unknown(), unknown()
    layer = instantiate(functor(hole).body, (inner,))

    below, above = (substitute(layer, {hole: b, inner: end}) for end in (target**a, target))
    branches = Functor(1, abstract(substitute(layer, {hole: b}), (inner,)))
    labels = Functor(1, abstract(substitute(layer, {inner: target}), (hole,)))
    handed = strength_of(branches, a, target**a) >> branches(trace(lambda p: p[1](p[0]), a * target**a, target))
    runs = trace(lambda p: (p[1], handed(p[1], p[0])), below * a, a * above)
    algebra = curry(runs >> strength_of(labels, a, b) >> in_(target))
    return trace(lambda p: fold(functor(b), algebra)(p[1])(p[0]), a * functor(b), target)


def _strength_of_codata(functor: Functor, a: Ob, b: Ob) -> Arrow:
    """The strength of a greatest fixed point: an unfold whose states carry the element of A along."""
    given, target, hole, inner = functor(b), functor(a * b), unknown(), unknown()
    layer = instantiate(functor(hole).body, (inner,))
    branches = Functor(1, abstract(substitute(layer, {hole: b}), (inner,)))
    labels = Functor(1, abstract(substitute(layer, {inner: a * given}), (hole,)))
    opened = trace(lambda p: (p[0], (p[0], out(given)(p[1]))), a * given, a * (a * branches(given)))
    handed = trace(lambda p: (p[0], strength_of(branches, a, given)(p[1])), opened.cod, a * branches(a * given))
    return unfold(target, opened >> handed >> strength_of(labels, a, b))
