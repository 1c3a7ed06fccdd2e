"""Tracing: run a Python function on generic elements and read off its term.

A generic element of ``A`` in context ``Γ`` is nothing but an arrow ``Γ → A``.  A traced function receives the generic
element of its domain, the identity; pairs, projections, application, case distinction and ``lambda`` build further
elements, and the element returned at the end is the wanted arrow.  ``case`` and ``lambda`` extend the context by one
variable; older elements are weakened by a projection when they are used inside.

>>> from catcore.objects import Applied, Bound, atoms
>>> (A,) = atoms("A")
>>> @arrow(A + A * A, A)
... def first(x):
...     return x.case(inl=lambda a: a, inr=lambda p: p[0])
>>> print(first.dom, "→", first.cod)
A + A × A → A

A Python ``if`` on a generic element has no answer and raises :class:`~catcore.errors.TracingError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

from catcore.arrows import (
    Arrow,
    Inl,
    Inr,
    Pair,
    case,
    compose,
    curry,
    distribute,
    ev,
    factors,
    finite_map,
    fst,
    ident,
    pair,
    snd,
    strength,
    terminal,
)
from catcore.errors import IllTyped, TracingError
from catcore.objects import (
    Applied,
    Bound,
    Coproduct,
    Exponential,
    FinSet,
    Mu,
    Ob,
    One,
    Product,
    abstract,
    as_object,
    occurring,
)


@dataclass(frozen=True, eq=False)
class _Scope:
    """A context: the types of the variables in scope, the newest one last, as one product object."""

    context: Ob
    parent: _Scope | None = None

    def weaken(self, element: Element) -> Arrow:
        """The element as an arrow out of this context."""
        path: list[Arrow] = []
        scope: _Scope | None = self
        while scope is not None and scope is not element.scope:
            if scope.parent is None:
                _refuse(
                    "A generic element was used outside the function or branch that introduced it.",
                    "Return it, and use the returned value.",
                )
            path.append(fst(scope.parent.context, _newest(scope)))
            scope = scope.parent
        return compose(ident(self.context), *path, element.term)


_CURRENT: ContextVar[_Scope | None] = ContextVar("catcore_scope", default=None)


def _newest(scope: _Scope) -> Ob:
    return scope.context.right if isinstance(scope.context, Product) else scope.context


@contextmanager
def _inside(scope: _Scope) -> Iterator[_Scope]:
    token = _CURRENT.set(scope)
    try:
        yield scope
    finally:
        _CURRENT.reset(token)


def _scope() -> _Scope:
    scope = _CURRENT.get()
    if scope is None:
        _refuse(
            "A generic element was used while no function is being traced.", "Use it inside the traced function only."
        )
    return scope


def _refuse(found: str, remedy: str) -> NoReturn:
    raise TracingError(f"While tracing a function: {found} {remedy}")


class _Generic:
    """What elements, injections and undecided cases have in common."""

    def infer(self) -> Element:
        """The value as an element of a known type."""
        raise NotImplementedError

    def elaborate(self, ob: Ob) -> Arrow:
        """The value as an arrow from the current context to ``ob``."""
        raise NotImplementedError

    def __bool__(self) -> bool:
        _refuse(
            "a generic element has no truth value, so `if`, `and`, `or` and `not` cannot ask it.",
            "Use x.case(inl=…, inr=…).",
        )

    def __eq__(self, other: object) -> bool:
        _refuse("two generic elements were compared, which has no answer.", "Compare arrows with prove, or use x.case.")

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = object.__hash__

    def __getitem__(self, index: int) -> Element:
        """Component 0 or 1 of a pair."""
        element = self.infer()
        if not isinstance(element.type, Product):
            _refuse(
                f"component {index} of an element of {element.type} was asked for, which is no product.",
                "Only pairs have components.",
            )
        if index not in (0, 1):
            _refuse(
                f"component {index} of a pair was asked for.",
                "Pairs have components 0 and 1; A * B * C is (A * B) * C.",
            )
        former = (fst, snd)[index]
        term = element.term
        last = factors(term)[-1] if factors(term) else None
        if isinstance(last, Pair):  # β for products keeps the terms readable
            return Element(compose(ident(term.dom), *factors(term)[:-1], last.args[index]), element.scope)
        return Element(term >> former(element.type.left, element.type.right), element.scope)

    def __iter__(self) -> Iterator[Element]:
        return iter((self[0], self[1]))

    def __len__(self) -> int:
        return 2

    def __call__(self, *values: Any) -> Element:
        """Apply an element of a function object ``B ** A`` to a value of ``A``."""
        function = self.infer()
        if not isinstance(function.type, Exponential):
            _refuse(
                f"an element of {function.type} was called like a function.", "Only elements of B ** A can be called."
            )
        scope, space = _scope(), function.type
        argument = elaborate(values[0] if len(values) == 1 else values, space.exponent)
        return Element(pair(scope.weaken(function), argument) >> ev(space.exponent, space.base), scope)

    def case(self, *, inl: Callable[[Any], Any], inr: Callable[[Any], Any]) -> _Choice:
        """Case distinction on an element of ``A + B``: ``inl`` gets an element of A, ``inr`` one of B."""
        element = self.infer()
        if not isinstance(element.type, Coproduct):
            _refuse(
                f"a case distinction on an element of {element.type} was asked for, which is no sum.",
                "Only A + B has cases.",
            )
        return _Choice(element, inl, inr)


@dataclass(frozen=True, eq=False, repr=False)
class Element(_Generic):
    """A generic element: an arrow from the context of its scope."""

    term: Arrow
    scope: _Scope

    @property
    def type(self) -> Ob:
        """The object it is an element of."""
        return self.term.cod

    def infer(self) -> Element:
        """The element itself."""
        return self

    def elaborate(self, ob: Ob) -> Arrow:
        """The element as an arrow from the current context."""
        if self.type is not ob:
            _refuse(
                f"an element of {ob} is needed, and one of {self.type} was given.", "Check the order of the arguments."
            )
        return _scope().weaken(self)

    def __repr__(self) -> str:
        return f"<generic element of {self.type}>"


@dataclass(frozen=True, eq=False)
class Injection(_Generic):
    """``inl(value)`` or ``inr(value)``, whose sum type is read off the place where it is used."""

    former: type[Arrow]
    value: Any

    def infer(self) -> Element:
        """Refused: an injection alone does not say into which sum."""
        _refuse(
            f"{self.former.constructor}(value) was used where its type is not known.",
            "Return it, or pass it to an arrow with a typed domain.",
        )

    def elaborate(self, ob: Ob) -> Arrow:
        """The injected value as an arrow into the sum ``ob``."""
        if not isinstance(ob, Coproduct):
            _refuse(
                f"an element of {ob} is needed, and {self.former.constructor}(…) was given.",
                "Injections reach sums only.",
            )
        part = ob.left if self.former is Inl else ob.right
        return elaborate(self.value, part) >> self.former(ob.left, ob.right)


@dataclass(frozen=True, eq=False)
class _Choice(_Generic):
    """A case distinction whose result type is read off the place where it is used, or off its branches."""

    scrutinee: Element
    inl: Callable[[Any], Any]
    inr: Callable[[Any], Any]

    def infer(self) -> Element:
        """The case distinction at the type that one of its branches shows."""
        for branch, part in self._branches():
            with _extended(part) as variable:
                ob = _type_of(branch(variable))
            if ob is not None:
                return Element(self.elaborate(ob), _scope())
        _refuse(
            "neither branch of a case distinction shows its type.",
            "Return the case, or pass it to an arrow with a typed domain.",
        )

    def elaborate(self, ob: Ob) -> Arrow:
        """``⟨id, x⟩ ; δ ; [inl branch, inr branch]``."""
        scope = _scope()
        terms = []
        for branch, part in self._branches():
            with _extended(part) as variable:
                terms.append(elaborate(branch(variable), ob))
        scrutinee = pair(ident(scope.context), scope.weaken(self.scrutinee))
        sum_type = self.scrutinee.type
        assert isinstance(sum_type, Coproduct)
        return scrutinee >> distribute(scope.context, sum_type.left, sum_type.right) >> case(*terms)

    def _branches(self) -> tuple[tuple[Callable[[Any], Any], Ob], ...]:
        sum_type = self.scrutinee.type
        assert isinstance(sum_type, Coproduct)
        return (self.inl, sum_type.left), (self.inr, sum_type.right)


@contextmanager
def _extended(ob: Ob) -> Iterator[Element]:
    scope = _scope()
    with _inside(_Scope(scope.context * ob, scope)) as inner:
        yield Element(snd(scope.context, ob), inner)


def _type_of(value: Any) -> Ob | None:
    match value:
        case Element():
            return value.type
        case _Choice():
            return value.infer().type
        case ():
            return One
        case tuple():
            parts = [_type_of(v) for v in value]
            return None if None in parts else _product(parts)
    return None


def _product(parts: list[Any]) -> Ob:
    ob: Ob = parts[0]
    for part in parts[1:]:
        ob = ob * part
    return ob


def elaborate(value: Any, ob: Ob) -> Arrow:
    """A Python value met while tracing, as an arrow from the current context to ``ob``.

    Elements stand for themselves, tuples for pairs, ``()`` for the point, Python functions for elements of a function
    object, integers for elements of a finite set, and arrows out of ``One`` for constants.
    """
    scope = _scope()
    match value:
        case _Generic():
            return value.elaborate(ob)
        case () if ob is One:
            return terminal(scope.context)
        case tuple() if isinstance(ob, Product) and len(value) >= 2:
            first = value[0] if len(value) == 2 else value[:-1]
            return pair(elaborate(first, ob.left), elaborate(value[-1], ob.right))
        case Arrow() if value.dom is One and value.cod is ob:
            return terminal(scope.context) >> value
        case Arrow() if isinstance(ob, Exponential) and (value.dom, value.cod) == (ob.exponent, ob.base):
            return curry(snd(scope.context, value.dom) >> value)
        case int() if isinstance(ob, FinSet) and 0 <= value < ob.size:
            return terminal(scope.context) >> finite_map(One, ob, [value])
    if callable(value) and isinstance(ob, Exponential):
        with _extended(ob.exponent) as variable:
            return curry(elaborate(value(variable), ob.base))
    _refuse(
        f"an element of {ob} is needed, and {value!r} was given.",
        "Give elements, tuples, functions, inl(…) or inr(…) that match the type.",
    )


def fmap(shape: Ob, hole: Ob, function: Callable[[Any], Any], element: Any, *, forward: bool = True) -> Any:
    """``function`` applied at every place of ``element`` where ``shape`` has the hole; see ``Functor.map``.

    Left of an exponential the places are met backwards, and only places that are met forwards again can be mapped.
    """
    if hole not in occurring(shape, type(hole)):
        return element
    match shape:
        case Product():
            left, right = element
            return (
                fmap(shape.left, hole, function, left, forward=forward),
                fmap(shape.right, hole, function, right, forward=forward),
            )
        case Coproduct():
            return element.case(
                inl=lambda a: Injection(Inl, fmap(shape.left, hole, function, a, forward=forward)),
                inr=lambda b: Injection(Inr, fmap(shape.right, hole, function, b, forward=forward)),
            )
        case Exponential():
            base, exponent = shape.base, shape.exponent
            return lambda s: fmap(
                base, hole, function, element(fmap(exponent, hole, function, s, forward=not forward)), forward=forward
            )
        case Applied() if shape.args[0].strong and forward:
            return _along(shape, hole, function, element.infer())
        case Mu() if forward:
            return _along_data(shape, hole, function, element.infer())
    if shape is hole and forward:
        return function(element)
    _refuse(
        f"a map over {shape} under a binder was asked for.",
        "Only products, sums and powers can be mapped over elementwise.",
    )


def _along(shape: Applied, hole: Ob, function: Callable[[Any], Any], element: Element) -> Element:
    """An arbitrary strong functor on a function with parameters: its strength, then the functor on the body."""
    from catcore.functors import Functor

    scope, symbol, inner = _scope(), shape.args[0], element.type.args[1]
    with _extended(inner) as variable:
        body = fmap(shape.args[1], hole, function, variable)
        ob = _type_of(body)
        if ob is None:
            _refuse("a function to map over does not show the type of its value.", "Return elements or pairs of them.")
        arrow = elaborate(body, ob)
    argument = pair(ident(scope.context), scope.weaken(element)) >> strength(symbol, scope.context, inner)
    return Element(argument >> Functor(1, Applied(symbol, Bound(0)))(arrow), scope)


def _along_data(shape: Mu, hole: Ob, function: Callable[[Any], Any], element: Element) -> Element:
    """A function with parameters at every label of an element of a fixed point: its strength, then its action."""
    from catcore.functors import Functor
    from catcore.instances import strength_of

    inner = _at_hole(shape, hole, element.type)
    if inner is None:
        _refuse(f"a map over {shape} was asked for, and an element of {element.type} was given.", "Check the types.")
    scope, functor = _scope(), Functor(1, abstract(shape, (hole,)))
    with _extended(inner) as variable:
        body = function(variable)
        ob = _type_of(body)
        if ob is None:
            _refuse("a function to map over does not show the type of its value.", "Return elements or pairs of them.")
        arrow = elaborate(body, ob)
    argument = pair(ident(scope.context), scope.weaken(element)) >> strength_of(functor, scope.context, inner)
    return Element(argument >> functor(arrow), scope)


def _at_hole(shape: Ob, hole: Ob, ob: Ob) -> Ob | None:
    """What stands in an object where its shape has the hole; None where the two do not fit."""
    if shape is hole:
        return ob
    if type(shape) is not type(ob) or len(shape.args) != len(ob.args):
        return None
    pairs = ((a, b) for a, b in zip(shape.args, ob.args, strict=True) if isinstance(a, Ob) and isinstance(b, Ob))
    return next((found for found in (_at_hole(a, hole, b) for a, b in pairs) if found is not None), None)


def apply(f: Arrow, values: tuple[Any, ...]) -> Element:
    """``f`` applied to the value of its domain, several values standing for a tuple."""
    argument = elaborate(values[0] if len(values) == 1 else values, f.dom)
    return Element(argument >> f, _scope())


def trace(function: Callable[[Any], Any], dom: object, cod: object) -> Arrow:
    """The arrow ``dom → cod`` that a Python function of one generic element computes.

    Raises:
        TracingError: when the function does something that a generic element cannot answer.
    """
    a, b = as_object(dom), as_object(cod)
    with _inside(_Scope(a)) as scope:
        return elaborate(function(Element(ident(a), scope)), b)


def arrow(dom: object, cod: object) -> Callable[[Callable[[Any], Any]], Arrow]:
    """Decorator: trace a Python function of one generic element of ``dom`` into an arrow ``dom → cod``.

    >>> from catcore.objects import atoms
    >>> A, B = atoms("A B")
    >>> @arrow(A * B, B * A)
    ... def swap(p):
    ...     a, b = p
    ...     return b, a
    >>> print(swap)
    ⟨π₂, π₁⟩
    """
    return lambda function: trace(function, dom, cod)


@dataclass(frozen=True)
class Pointwise:
    """A structure map given on elements; it is traced at the type that it must have."""

    function: Callable[[Any], Any]


def pointwise(function: Callable[[Any], Any]) -> Pointwise:
    """Say a structure map on elements: ``Monad((S * Id) ** S, unit=pointwise(lambda x: lambda s: (s, x)), …)``."""
    return Pointwise(function)


def component(given: Any, at: Ob, dom: Ob, cod: Ob, what: str) -> Arrow:
    """A component of a natural family: from a function on objects, from :func:`pointwise`, or from an arrow.

    Raises:
        IllTyped: when what comes out is not an arrow ``dom → cod``.
    """
    if isinstance(given, Pointwise):
        return trace(given.function, dom, cod)
    value = given(at) if callable(given) and not isinstance(given, Arrow) else given
    if not isinstance(value, Arrow):
        raise IllTyped(
            f"{what} must be an arrow {dom} → {cod}, and {value!r} was given. Give a function from objects to arrows, "
            "or say it on elements with pointwise(lambda x: …)."
        )
    if value.dom is not dom or value.cod is not cod:
        raise IllTyped(f"{what} must be an arrow {dom} → {cod}, and {value.signature} was given.")
    return value


__all__ = [
    "Element",
    "Injection",
    "Inl",
    "Inr",
    "Pointwise",
    "apply",
    "arrow",
    "component",
    "elaborate",
    "pointwise",
    "trace",
]
