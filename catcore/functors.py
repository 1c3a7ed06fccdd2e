"""Functors and natural transformations as values (THEORY T1.2, T1.3, T2.2).

A functor is an object expression with holes.  ``Id``, ``Const(A)`` and arithmetic give the polynomial functors of one
variable, ``1 + A * Id``; :func:`functor` reads a functor of one or several variables off a Python function; a variable
functor, about which nothing is known but functoriality, is ``Functor.variable("T")``.  Law: ``F(id) = id`` and
``F(f >> g) = F(f) >> F(g)``.

>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> F = 1 + A * Id
>>> print(F(B))
1 + A × B
>>> List = functor(lambda X: mu(lambda Y: 1 + X * Y))
>>> print(List(A))
μX. 1 + A × X
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Action, Arrow, Component, case, curry, ev, fst, in_, inl, inr, out, pair, snd
from catcore.errors import IllTyped
from catcore.expressions import Expression, escape
from catcore.objects import (
    Applied,
    Atom,
    Bound,
    Coproduct,
    Exponential,
    Letter,
    Mu,
    Nu,
    Ob,
    Product,
    Tensor,
    abstract,
    as_object,
    instantiate,
    mu,
    occurring,
    substitute,
    unknown,
)

__all__ = ["Const", "Functor", "FunctorSymbol", "Id", "NaturalSymbol", "NaturalTransformation", "functor", "mu"]


class FunctorSymbol(Expression):
    """The name of an arbitrary functor, and whether it is declared strong (THEORY T4.4)."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """The name of the functor."""
        return str(self.args[0])

    @property
    def strong(self) -> bool:
        """Whether the functor may act under a binder."""
        return bool(self.args[1])

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Functor.variable({self.name!r}{', strong=True' if self.strong else ''})"


class MonadSymbol(FunctorSymbol):
    """The name of an arbitrary monad."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Monad.variable({self.name!r}{', strong=True' if self.strong else ''}).functor"


class Functor(Expression):
    """A functor of ``arity`` variables; ``body`` holds ``Bound(i)`` for variable number i.

    ``F(A)`` is the functor on objects, ``F(f)`` on arrows, ``F(G)`` the composite functor.
    """

    __slots__ = ()

    @property
    def arity(self) -> int:
        """The number of variables."""
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def body(self) -> Ob:
        """The object with holes."""
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def symbols(self) -> frozenset[Expression]:
        """The arbitrary functors that this one is built from."""
        return frozenset(part.args[0] for part in occurring(self.body, Applied))

    @staticmethod
    def variable(name: str, *, strong: bool = False) -> Functor:
        """An arbitrary functor, known by its name."""
        return Functor(1, Applied(FunctorSymbol(name, strong), Bound(0)))

    def __call__(self, *args: Any) -> Any:
        """Apply to objects, to arrows, or to functors."""
        if len(args) != self.arity:
            raise IllTyped(f"{self} is a functor of {self.arity} variable(s), and {len(args)} argument(s) were given.")
        if any(isinstance(a, Arrow) for a in args):
            return self._on_arrows(tuple(a if isinstance(a, Arrow) else _identity(a) for a in args))
        if any(isinstance(a, Functor) for a in args):
            if self.arity != 1:
                raise IllTyped(f"{self} has {self.arity} variables; compose it with functor(lambda X: F(G(X), H(X))).")
            # composed at placeholders: a body with its variable loose would be caught by a fixed point around it
            holes = tuple(unknown() for _ in range(args[0].arity))
            return Functor(args[0].arity, abstract(self(args[0](*holes)), holes))
        return instantiate(self.body, tuple(map(as_object, args)))

    def _on_arrows(self, arrows: tuple[Arrow, ...]) -> Arrow:
        if self is Id:
            return arrows[0]
        return Action(self, *arrows)

    def act(self, *arrows: Arrow) -> Arrow:
        """``F(f, …)`` written out by the functor's own shape; an arbitrary functor inside stays an action."""
        holes = tuple(unknown() for _ in arrows)
        return _act(instantiate(self.body, holes), dict(zip(holes, arrows, strict=True)), True)

    def map(self, function: Callable[[Any], Any], element: Any) -> Any:
        """Inside a traced function: apply ``function`` at every place of ``element`` that holds a value.

        The function may use other elements in scope; a functor built from products, sums and powers is strong.
        """
        from catcore.tracing import fmap

        hole = unknown()
        return fmap(instantiate(self.body, (hole,)), hole, function, element)

    def __add__(self, other: object) -> Functor:
        return _combine(Coproduct, self, other)

    def __radd__(self, other: object) -> Functor:
        return _combine(Coproduct, other, self)

    def __mul__(self, other: object) -> Functor:
        return _combine(Product, self, other)

    def __rmul__(self, other: object) -> Functor:
        return _combine(Product, other, self)

    def __matmul__(self, other: object) -> Functor:
        return _combine(Tensor, self, other)

    def __rmatmul__(self, other: object) -> Functor:
        return _combine(Tensor, other, self)

    def __pow__(self, other: object) -> Functor:
        return _combine(Exponential, self, other)

    def __rpow__(self, other: object) -> Functor:
        return _combine(Exponential, other, self)

    def __str__(self) -> str:
        if isinstance(self.body, Applied) and self.body.args[1] is Bound(0):
            return str(self.body.args[0])
        return str(instantiate(self.body, self._letters()))

    def latex(self) -> str:
        """The functor applied to its variable, as LaTeX."""
        if isinstance(self.body, Applied) and self.body.args[1] is Bound(0):
            return escape(str(self.body.args[0]))
        return str(instantiate(self.body, self._letters()).latex())

    def __repr__(self) -> str:
        if self is Id:
            return "Id"
        if isinstance(self.body, Applied) and self.body.args[1] is Bound(0):
            return repr(self.body.args[0])
        names = [f"_{i}" for i in range(self.arity)]
        text = repr(instantiate(self.body, tuple(Letter(n) for n in names)))
        return f"functor(lambda {', '.join(names)}: {text})"

    def _letters(self) -> tuple[Ob, ...]:
        return (Letter("Id"),) if self.arity == 1 else tuple(Letter(f"Id{i + 1}") for i in range(self.arity))


def functor(definition: Callable[..., object]) -> Functor:
    """The functor of one or several variables that a Python function on objects describes.

    Parameters with a default are no variables.

    >>> print(functor(lambda X, Y: 1 + X * Y))
    1 + Id1 × Id2
    """
    if isinstance(definition, Functor):
        return definition
    if not callable(definition):
        raise IllTyped(f"A functor is read off a Python function on objects, and {definition!r} was given.")
    parameters = inspect.signature(definition).parameters.values()
    holes = tuple(unknown() for p in parameters if p.default is p.empty)
    return Functor(len(holes), abstract(as_object(definition(*holes)), holes))


Id = Functor(1, Bound(0))


def Const(a: object) -> Functor:
    """The constant functor with value ``a``."""
    return Functor(1, as_object(a))


def _combine(former: type[Ob], left: object, right: object) -> Functor:
    arity = max(part.arity for part in (left, right) if isinstance(part, Functor))
    return Functor(arity, former(_body(left), _body(right)))


def _body(value: object) -> Ob:
    return value.body if isinstance(value, Functor) else as_object(value)


def _identity(a: object) -> Arrow:
    from catcore.arrows import ident

    return ident(a)


def _act(shape: Ob, arrows: Mapping[Ob, Arrow], forward: bool) -> Arrow:
    """The arrow ``shape[doms] → shape[cods]``, or back again where ``forward`` is false and the place is negative."""
    if not any(hole in arrows for hole in occurring(shape, type(unknown()))):
        return _identity(shape)
    match shape:
        case Product():
            f, g = _act(shape.left, arrows, forward), _act(shape.right, arrows, forward)
            return pair(fst(f.dom, g.dom) >> f, snd(f.dom, g.dom) >> g)
        case Coproduct():
            f, g = _act(shape.left, arrows, forward), _act(shape.right, arrows, forward)
            return case(f >> inl(f.cod, g.cod), g >> inr(f.cod, g.cod))
        case Tensor():
            return _act(shape.left, arrows, forward) @ _act(shape.right, arrows, forward)
        case Exponential():
            return _act_exponential(shape, arrows, forward)
        case Applied():
            return Action(Functor(1, Applied(shape.args[0], Bound(0))), _act(shape.args[1], arrows, forward))
        case Mu() | Nu():
            return _act_fixed_point(shape, arrows, forward)
    if not forward:
        raise IllTyped(f"{shape} stands on the left of an exponential, so the expression is no functor of it.")
    return arrows[shape]


def _act_exponential(shape: Exponential, arrows: Mapping[Ob, Arrow], forward: bool) -> Arrow:
    # h ↦ before ; h ; after.  The exponent is a negative place: there the arrows act backwards.
    after = _act(shape.base, arrows, forward)
    before = _act(shape.exponent, arrows, not forward)
    functions = after.dom**before.cod
    argument = pair(fst(functions, before.dom), snd(functions, before.dom) >> before)
    return curry(argument >> ev(before.cod, after.dom) >> after)


def _act_fixed_point(shape: Mu | Nu, arrows: Mapping[Ob, Arrow], forward: bool) -> Arrow:
    source = substitute(shape, {hole: f.dom for hole, f in arrows.items()})
    target = substitute(shape, {hole: f.cod for hole, f in arrows.items()})
    if not forward:
        source, target = target, source
    if isinstance(shape, Mu):
        layer = _act(instantiate(shape.body, (target,)), arrows, forward)
        from catcore.arrows import fold

        return fold(source, layer >> in_(target))
    layer = _act(instantiate(shape.body, (source,)), arrows, forward)
    from catcore.arrows import unfold

    return unfold(target, out(source) >> layer)


class NaturalSymbol(Expression):
    """The name of an arbitrary natural transformation between two functors."""

    __slots__ = ()

    @property
    def source(self) -> Functor:
        """The functor it starts from."""
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def target(self) -> Functor:
        """The functor it goes to."""
        return self.args[2]  # type: ignore[no-any-return]

    def __str__(self) -> str:
        return str(self.args[0])

    def __repr__(self) -> str:
        return "NaturalTransformation.variable({!r}, {!r}, {!r})".format(*self.args)


class UnitSymbol(NaturalSymbol):
    """The unit ``η : Id → T`` of an arbitrary monad; ``args`` hold its symbol."""

    __slots__ = ()

    @property
    def source(self) -> Functor:
        """The identity functor."""
        return Id

    @property
    def target(self) -> Functor:
        """The functor of the monad."""
        return Functor(1, Applied(self.args[0], Bound(0)))

    def __str__(self) -> str:
        return f"{self.args[0]}.unit"

    def __repr__(self) -> str:
        return f"{self.args[0]!r}".removesuffix(".functor") + ".unit"


class MultSymbol(UnitSymbol):
    """The multiplication ``μ : T T → T`` of an arbitrary monad; ``args`` hold its symbol."""

    __slots__ = ()

    @property
    def source(self) -> Functor:
        """The functor of the monad, twice."""
        return self.target(self.target)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        return f"{self.args[0]}.mult"

    def __repr__(self) -> str:
        return f"{self.args[0]!r}".removesuffix(".functor") + ".mult"


@dataclass(frozen=True, eq=False)
class NaturalTransformation:
    """A family of arrows ``α_A : F(A) → G(A)``, one for each object.

    Law: ``F(f) >> α_B = α_A >> G(f)`` for every ``f : A → B`` (CDL Def. 1.5, THEORY T1.3).

    Args:
        source: the functor F.
        target: the functor G.
        component: the arrow at an object, as a Python function from objects to arrows, or ``pointwise(...)``.
        name: how it is called in messages.
    """

    source: Functor
    target: Functor
    component: Any
    name: str = "α"

    def __getitem__(self, at: object) -> Arrow:
        """The component at an object.

        Raises:
            IllTyped: when the component is not an arrow ``F(A) → G(A)``.
        """
        from catcore.tracing import component

        a = as_object(at)
        return component(self.component, a, self.source(a), self.target(a), f"{self.name} at {a}")

    def __call__(self, at: object) -> Arrow:
        """The component at an object, as ``alpha[at]``."""
        return self[at]

    def __repr__(self) -> str:
        body = repr(self[Atom("•")]).replace("Atom('•')", "_X")
        return f"NaturalTransformation({self.source!r}, {self.target!r}, lambda _X: {body}, {self.name!r})"

    def __str__(self) -> str:
        return f"{self.name} : {self.source} → {self.target}"

    def __eq__(self, other: object) -> bool:
        # Families are compared at an arbitrary object, where they are terms.
        if not isinstance(other, NaturalTransformation):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.source, self.target))  # a component lives only as long as somebody holds it

    def _key(self) -> tuple[Functor, Functor, Arrow]:
        return self.source, self.target, self[Atom("•")]

    @staticmethod
    def variable(name: str, source: Functor, target: Functor) -> NaturalTransformation:
        """An arbitrary natural transformation, known by its name."""
        symbol = NaturalSymbol(name, source, target)
        return NaturalTransformation(source, target, lambda a: Component(symbol, a), name)

    def laws(self) -> tuple[Any, ...]:
        """The naturality square at an arbitrary arrow."""
        from catcore.laws import naturality

        return (naturality(self),)
