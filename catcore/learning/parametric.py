"""Parametric lenses: networks that know how to learn (THEORY T5.1, T5.4).

``Para(Lens(C))`` has the lenses ``(P × A, P' × A') → (B, B')`` as maps ``(A, A') → (B, B')`` with parameters (P, P').
The reverse derivative lifts to a functor ``Para(C) → Para(Lens(C))``: differentiating a network layer by layer is
differentiating the whole.  Optimisers are arrows of parameters, along which such a map is reparametrised.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> P, Q, A, B, C = atoms("P Q A B C")
>>> f, g = ParaMap(P, generator("f", P * A, B)), ParaMap(Q, generator("g", Q * B, C))
>>> print(parametric_lens(f >> g).signature)
A/A → C/C with parameters (Q/Q, P/P)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from catcore.arrows import Arrow, generator, ident
from catcore.errors import IllTyped
from catcore.laws import Law, PointwiseLaw
from catcore.learning.cartesian import Terms
from catcore.learning.covectors import covectors
from catcore.learning.lenses import Lens, LensMap, Port, equal_lenses
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Ob, Product, atoms
from catcore.para.actegories import Actegory, Params, flat, nest
from catcore.para.maps import ParaMap, needed
from catcore.tracing import trace


@dataclass(frozen=True)
class LensAction(Actegory):
    """The action of lenses over a category on themselves by ×; parameters cannot be copied, only reparametrised.

    Args:
        category: the category of lenses.
    """

    category: Lens = field(default_factory=Lens)

    def params(self, given: Any) -> Params:
        """Ports; an object stands for the port with its covectors."""
        found = tuple(given) if isinstance(given, tuple | list) else (given,)
        return tuple(self._port(p) for p in found)

    def _port(self, p: Any) -> Port:
        if isinstance(p, Port):
            return p
        if isinstance(p, Ob):
            return Port(p, covectors(p))
        if isinstance(p, int) and not isinstance(self.category.base, Terms):
            return Port(p, p)
        raise IllTyped(f"The parameters of a parametric lens are pairs of objects, Port(P, P'), and {p!r} was given.")

    def whole(self, params: Params) -> Port:
        """``p × (q × …)``, forwards and backwards."""
        return self.act(params[:-1], params[-1]) if params else self.category.unit()

    def act(self, params: Params, a: Port) -> Port:
        """``p × (q × (… × A))``."""
        return reduce(lambda acted, p: self.category.product(p, acted), reversed(params), a)

    def rest(self, params: Params, acted: Port) -> Port:
        """What is left of a nested product after the parameters."""
        base = self.category.base
        for p in params:
            ends = zip((acted.forward, acted.backward), (p.forward, p.backward), strict=True)
            acted = Port(*(base.remainder(whole, part) for whole, part in ends))
        return acted

    def under(self, params: Params, f: LensMap) -> LensMap:
        """``p ⊗ f``, once for each parameter."""
        return reduce(lambda acted, p: self.category.identity(p) @ acted, reversed(params), f)

    def along(self, r: LensMap, dom: Params, cod: Params, a: Port) -> LensMap:
        """``r ⊗ A``, bracketed as the action is."""
        moved = self._regrouped(dom, a)
        back = self._regrouped(cod, a, inverse=True)
        return moved >> (r @ self.category.identity(a)) >> back

    def tensor(self, s: LensMap, r: LensMap, ends: tuple[Params, Params, Params, Params]) -> LensMap:
        """``s ⊗ r``, bracketed as parameters are."""
        before, after, inner, outer = ends
        if not (before and after and inner and outer):
            return self._without_units(s, r, ends)
        moved = self._regrouped(before, self.whole(inner))
        back = self._regrouped(after, self.whole(outer), inverse=True)
        return moved >> (s @ r) >> back

    def _without_units(self, s: LensMap, r: LensMap, ends: tuple[Params, Params, Params, Params]) -> LensMap:
        before, after, inner, outer = ends
        if not before and not after:
            return r
        if not inner and not outer:
            return s
        raise IllTyped("A tensor of reparametrisations where one begins or ends without parameters is not offered.")

    def _regrouped(self, params: Params, a: Port, *, inverse: bool = False) -> LensMap:
        """The adapter ``p × (q × (… × A)) → (p × (q × …)) × A``, or back."""
        if len(params) == 1:
            return self.category.identity(self.category.product(params[0], a))
        base = self.category.base
        forth, back = (_regroup(base, [getattr(p, side) for p in params], getattr(a, side)) for side in _SIDES)
        return self.category.moved(*((forth[1], back[0]) if inverse else (forth[0], back[1])))

    def product(self, f: LensMap, g: LensMap, sides: tuple[tuple[Params, Any], tuple[Params, Any]]) -> LensMap:
        """``(p, p', (x, x')) ↦ (f(p, x), g(p', x'))``, both ways."""
        (p, a), (q, b) = sides
        base = self.category.base
        whole = (self.act(p + q, self.category.product(a, b)), self.category.product(f.dom, g.dom))
        if not isinstance(base, Terms):
            raise IllTyped(f"The parallel composite of parametric lenses is offered over terms, and not over {base}.")
        forth = trace(_parted(len(p), len(q)), whole[0].forward, whole[1].forward)
        back = trace(_joined(len(p), len(q)), whole[1].backward, whole[0].backward)
        return self.category.moved(forth, back) >> (f @ g)

    def __str__(self) -> str:
        return f"the action of {self.category} on itself"


_SIDES = ("forward", "backward")


def _regroup(base: Any, params: list[Any], a: Any) -> tuple[Any, Any]:
    """``p × (q × (… × A)) ≅ (p × (q × …)) × A``, there and back."""
    if not params:
        one = base.point()
        to_point = Lens(base).discarded(a)
        return base.pair(to_point, base.identity(a)), base.second(one, a)
    if len(params) == 1:
        whole = base.product(params[0], a)
        return base.identity(whole), base.identity(whole)
    p = params[0]
    forth, back = _regroup(base, params[1:], a)
    rest = _left_of(base, params[1:])
    inner = base.product(rest, a)
    step = base.beside(base.identity(p), forth)
    there = base.pair(
        base.pair(base.first(p, inner), base.compose(base.second(p, inner), base.first(rest, a))),
        base.compose(base.second(p, inner), base.second(rest, a)),
    )
    pr = base.product(p, rest)
    again = base.pair(
        base.compose(base.first(pr, a), base.first(p, rest)),
        base.pair(base.compose(base.first(pr, a), base.second(p, rest)), base.second(pr, a)),
    )
    return base.compose(step, there), base.compose(again, base.beside(base.identity(p), back))


def _left_of(base: Any, params: list[Any]) -> Any:
    return reduce(lambda acted, p: base.product(p, acted), reversed(params[:-1]), params[-1])


def _parted(p: int, q: int) -> Callable[[Any], Any]:
    def parted(x: Any) -> Any:
        parts = flat(x, p + q + 1)
        return nest([*parts[:p], parts[-1][0]]), nest([*parts[p:-1], parts[-1][1]])

    return parted


def _joined(p: int, q: int) -> Callable[[Any], Any]:
    def joined(x: Any) -> Any:
        left, right = flat(x[0], p + 1), flat(x[1], q + 1)
        return nest([*left[:p], *right[:q], (left[-1], right[-1])])

    return joined


LENSES = LensAction()


def parametric_lens(f: Any, derivative: Callable[[Arrow], Arrow] = reverse_derivative) -> ParaMap:
    """The image of a parametric map under ``Para(R) : Para(C) → Para(Lens(C))``: ``(P, f) ↦ ((P, P'), (f, R[f]))``.

    Raises:
        IllTyped: when ``f`` is neither an arrow nor a parametric map.
    """
    one = needed(f)
    return ParaMap(one.params, LensMap(one.arrow, derivative(one.arrow)), LENSES)


@dataclass(frozen=True)
class ParaReverse:
    """The functor ``Para(R)``; its laws are the parametric chain rule (THEORY T5.4).

    Args:
        derivative: the reverse derivative of terms.
    """

    derivative: Callable[[Arrow], Arrow] = reverse_derivative

    def __call__(self, f: Any) -> ParaMap:
        """The parametric lens of a parametric map."""
        return parametric_lens(f, self.derivative)

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """Composites and identities: differentiate and compose, or compose and differentiate."""
        p, q, a, b, c = atoms("P Q A B C")
        f, g = ParaMap(p, generator("f", Product(p, a), b)), ParaMap(q, generator("g", Product(q, b), c))
        one = ParaMap((), ident(a))
        return (
            *equal_lenses("parametric chain rule", self(f >> g).arrow, (self(f) >> self(g)).arrow),
            *equal_lenses("identities", self(one).arrow, Lens().identity(Port(a, a))),
        )

    def __str__(self) -> str:
        return "Para(R) : Para(C) → Para(Lens(C))"
