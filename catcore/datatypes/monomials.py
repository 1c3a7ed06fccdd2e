"""Polynomial normal form: a layer as a choice of a monomial and the values at its places (THEORY T2.2).

Products distribute over sums, and a power by a finite set is a product, so ``F(X) = Σ_c L_c × X^{n_c}``: each layer has
a *constructor* c, labels, and n_c branches.  A :class:`Monomial` knows the places of one constructor in the order in
which they stand, and how to take a layer apart and put one together, also as an arrow.  Elements of fixed points are
tabled by it, one array call for each constructor and height.

>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> [(str(m), m.branches) for m in monomials(A * (1 + Id) + Id ** 2 * B)]
[('A', ()), ('A × X', (1,)), ('X × X × B', (0, 1))]
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from typing import Any

from catcore.arrows import Arrow, finite_map, finite_size, initial, inl, inr, snd
from catcore.categories.finite_sets import Graph, Injected, listed
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.objects import Bound, Coproduct, Exponential, FinSet, Mu, Nu, Ob, One, Product, Tensor, instantiate
from catcore.tracing import trace

#: A layer with objects at its places: ``()`` is the point, and there are pairs, ``Injected`` and :class:`Power`.
Template = Any

#: How many constructors a functor may have once products are distributed over sums.
MAX_MONOMIALS = 1000


@dataclass(frozen=True)
class Monomial:
    """One constructor of a functor of one variable.

    Args:
        places: the objects at the places, left to right; ``Bound(0)`` marks a branch, and inside a data type it stands
            for the branches that this holds.
        template: how the places make up a layer.
    """

    places: tuple[Ob, ...]
    template: Template

    @cached_property
    def branches(self) -> tuple[int, ...]:
        """The numbers of the places that hold branches."""
        return tuple(i for i, ob in enumerate(self.places) if ob is Bound(0))

    @cached_property
    def nested(self) -> tuple[int, ...]:
        """The numbers of the places that hold data with branches in it, such as the list of a rose tree."""
        return tuple(i for i, ob in enumerate(self.places) if ob is not Bound(0) and holds_branch(ob))

    def obs(self, carrier: Ob) -> list[Ob]:
        """The objects at the places, with the carrier for branches."""
        return [instantiate(ob, (carrier,)) for ob in self.places]

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """The numbers of the places that hold labels, or data with branches in it."""
        return tuple(i for i, ob in enumerate(self.places) if ob is not Bound(0))

    def values(self, layer: Any) -> list[Any]:
        """The values at the places of a layer that this constructor made."""
        found: list[Any] = []
        _collect(self.template, layer, found)
        return found

    def layer(self, values: Iterable[Any]) -> Any:
        """The layer with the given values at its places."""
        return _built(self.template, iter(values))

    def arrow(self, functor: Functor, carrier: Ob) -> Arrow:
        """The constructor as an arrow to ``F(carrier)`` from the product of its places, with carriers for branches."""
        obs = self.obs(carrier)
        return trace(lambda x: _traced(self.template, _factors(x, len(obs))), _product(obs), functor(carrier))

    def __str__(self) -> str:
        return " × ".join("X" if ob is Bound(0) else str(ob) for ob in self.places) or "1"


def monomials(functor: Functor) -> tuple[Monomial, ...]:
    """The constructors of a functor of one variable, left to right.

    Raises:
        NotInterpreted: for a functor that is no polynomial with finite powers, or has too many constructors.
    """
    return tuple(Monomial(tuple(_places(template)), template) for template in _templates(functor.body))


def unnested(functor: Functor) -> tuple[Monomial, ...]:
    """The constructors of a functor none of whose branches stand inside other data.

    Raises:
        NotInterpreted: for a functor with nested data types, or without constructors.
    """
    found = monomials(functor)
    if any(kind.nested for kind in found):
        raise NotInterpreted(
            f"Branches that stand at places of a constructor were asked for, and those of {functor} stand inside other "
            "data, such as lists. Make a forest of its elements with catcore_backends.recursion.forests.forest and "
            "fold it."
        )
    return found


def constructor(found: tuple[Monomial, ...], layer: Any) -> int:
    """The number of the constructor that made a layer."""
    return next(c for c, m in enumerate(found) if _fits(m.template, layer))


@dataclass(frozen=True)
class Power:
    """A function out of a finite set, by the templates of its values."""

    arguments: tuple[Any, ...]
    values: tuple[Template, ...]


def _templates(ob: Ob) -> list[Template]:
    if ob is One:
        return [()]
    if ob is Bound(0) or isinstance(ob, Mu) or not holds_branch(ob):
        return [ob]
    found: list[Template]
    match ob:
        case Product() | Tensor():
            found = list(it.product(_templates(ob.left), _templates(ob.right)))
        case Coproduct():
            left = [Injected("inl", t) for t in _templates(ob.left)]
            found = [*left, *(Injected("inr", t) for t in _templates(ob.right))]
        case Exponential() if (arguments := listed(ob.exponent)) is not None:
            values = it.islice(it.product(_templates(ob.base), repeat=len(arguments)), MAX_MONOMIALS + 1)
            found = [Power(tuple(arguments), v) for v in values]
        case _:
            raise NotInterpreted(
                f"The constructors of a functor were asked for, and {ob} is no sum, product or finite power of its "
                "variable, and no data type over it. Write a power with a finite exponent."
            )
    if len(found) > MAX_MONOMIALS:
        raise NotInterpreted(f"{ob} has more than {MAX_MONOMIALS} constructors once products are distributed.")
    return found


def holds_branch(ob: Ob, depth: int = 0) -> bool:
    """Whether the variable ``depth`` binders further out occurs."""
    if isinstance(ob, Bound):
        return bool(ob.args[0] == depth)
    return any(holds_branch(part, depth + isinstance(ob, Mu | Nu)) for part in ob.args if isinstance(part, Ob))


def _places(template: Template) -> Iterator[Ob]:
    """The objects at the places, left to right."""
    match template:
        case Ob():
            yield template
        case Injected():
            yield from _places(template.value)
        case Power():
            for part in template.values:
                yield from _places(part)
        case _:
            for part in template:
                yield from _places(part)


def _collect(template: Template, layer: Any, found: list[Any]) -> None:
    match template:
        case Ob():
            found.append(layer)
        case Injected():
            _collect(template.value, layer.value, found)
        case Power():
            for part, (_, value) in zip(template.values, layer.pairs, strict=True):
                _collect(part, value, found)
        case _:
            for part, value in zip(template, layer, strict=True):
                _collect(part, value, found)


def _fits(template: Template, layer: Any) -> bool:
    match template:
        case Ob():
            return True
        case Injected():
            return bool(template.side == layer.side) and _fits(template.value, layer.value)
        case Power():
            return all(_fits(part, value) for part, (_, value) in zip(template.values, layer.pairs, strict=True))
    return all(_fits(part, value) for part, value in zip(template, layer, strict=True))


def _built(template: Template, values: Iterator[Any]) -> Any:
    match template:
        case Ob():
            return next(values)
        case Injected():
            return Injected(template.side, _built(template.value, values))
        case Power():
            return Graph(
                tuple((a, _built(t, values)) for a, t in zip(template.arguments, template.values, strict=True))
            )
    return tuple(_built(part, values) for part in template)


def _traced(template: Template, values: Iterator[Any]) -> Any:
    """The same inside a traced function."""
    match template:
        case Ob():
            return next(values)
        case Injected():
            return (inl if template.side == "inl" else inr)(_traced(template.value, values))
        case Power():
            images = [_traced(part, values) for part in template.values]
            return lambda at: _chosen(at, images)
    return tuple(_traced(part, values) for part in template)


def _chosen(at: Any, images: list[Any]) -> Any:
    """The image of a generic element of a finite set, by cases."""
    if len(images) == 1:
        return images[0]
    n = finite_size(at.infer().type)
    first = finite_map(at.infer().type, Coproduct(One, FinSet(n - 1)), [0, *range(1, n)])
    return first(at).case(inl=lambda _: images[0], inr=lambda rest: _chosen(rest, images[1:]))


@lru_cache(maxsize=256)
def of_table(base: Ob, exponent: Ob) -> Arrow:
    """The value of a function out of a finite set, ``(B × … × B) × E → B``, from all its values, left-nested."""
    count = finite_size(exponent)
    values = _product([base] * count)
    if not count:
        return snd(values, exponent) >> initial(base)
    return trace(lambda x: _chosen(x[1], list(_factors(x[0], count))), values * exponent, base)


def _product(obs: list[Ob]) -> Ob:
    return reduce(Product, obs) if obs else One


def _factors(element: Any, count: int) -> Iterator[Any]:
    """The factors of a generic element of a left-nested product of so many objects."""
    found = []
    for _ in range(count - 1):
        found.append(element[1])
        element = element[0]
    return iter([element, *reversed(found)] if count else [])
