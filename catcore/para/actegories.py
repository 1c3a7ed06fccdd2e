"""Actegories: a monoidal category of parameters acting on a category (THEORY T4.1; CDL App. E).

Parameters ``P`` act on an object ``A``; the result is written ``P ▶ A``.  Here parameters are *flat tuples* of objects,
so their tensor is concatenation and their unit the empty tuple, and they act one after the other:

    () ▶ A = A,      (Q ⊗ P) ▶ A = Q ▶ (P ▶ A)      (both are equalities, so pentagon and triangle are identities)

With ``P = (p, q, …)`` and the product of sets this is ``p × (q × (… × A))``.  Every monoidal category acts on itself:
:data:`CARTESIAN` by ×, :data:`COCARTESIAN` by +, and matrices by ⊕ and ⊗ (:mod:`~catcore.para.linear_actions`).

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> P, Q, A, B = atoms("P Q A B")
>>> print(CARTESIAN.act((Q, P), A))
Q × (P × A)
>>> print(CARTESIAN.under((Q,), generator("f", A, B)).signature)
⟨π₁, π₂ ; f⟩ : Q × A → Q × B
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, ClassVar

from catcore.arrows import Arrow, case, compose, fst, ident, initial, inl, inr, snd
from catcore.categories.category import Category
from catcore.categories.sets import Sets
from catcore.errors import IllTyped
from catcore.objects import Coproduct, Ob, One, Product, Zero, as_object
from catcore.tracing import trace

#: Parameters: a flat tuple of objects of the acting category.
Params = tuple[Any, ...]


class Actegory(ABC):
    """A strict action of flat tuples of objects on a category."""

    #: The category that is acted on; its arrows, and its arrows between parameters, are those of Para.
    category: Category

    @abstractmethod
    def params(self, given: Any) -> Params:
        """A parameter object, or a tuple of them, as a flat tuple; raises ``IllTyped`` for anything else."""

    @abstractmethod
    def whole(self, params: Params) -> Any:
        """The tuple as one object: where arrows between parameters start and end."""

    @abstractmethod
    def act(self, params: Params, a: Any) -> Any:
        """``P ▶ A``."""

    @abstractmethod
    def rest(self, params: Params, acted: Any) -> Any:
        """The ``A`` with ``P ▶ A = acted``; raises ``IllTyped`` when there is none."""

    @abstractmethod
    def under(self, params: Params, f: Any) -> Any:
        """``P ▶ f : P ▶ A → P ▶ B``."""

    def joined(self, q: Params, p: Params) -> Params:
        """``Q ⊗ P``."""
        return q + p

    def chained(self, q: Params, p: Params, f: Any) -> Any:
        """``(Q ⊗ P) ▶ A → Q ▶ (P ▶ A) → Q ▶ B`` for ``f : P ▶ A → B``; the first of the two is an equality here."""
        return self.under(q, f)

    def plain(self, f: Any) -> Any:
        """``I ▶ A → A → B`` for an arrow ``f : A → B``; the first of the two is an equality here."""
        return f

    @abstractmethod
    def along(self, r: Any, dom: Params, cod: Params, a: Any) -> Any:
        """``r ▶ A : P' ▶ A → P ▶ A`` for ``r : P' → P``, where ``dom`` is P' and ``cod`` is P."""

    @abstractmethod
    def tensor(self, s: Any, r: Any, ends: tuple[Params, Params, Params, Params]) -> Any:
        """``s ⊗ r : Q' ⊗ P' → Q ⊗ P``, where ``ends`` are Q', Q, P' and P."""

    def shuffle(self, params: Params, pattern: Sequence[int]) -> Any:
        """The arrow of parameters whose part number i is a copy of part ``pattern[i]``; needs comonoids (T4.3).

        Raises:
            IllTyped: where parameters cannot be copied or moved.
        """
        raise IllTyped(
            f"Copies or a new order of parameters {self.written(params)} were asked for, and {self} has no diagonal: a "
            "comonoid on the parameters is an assumption there. Reparametrise along an arrow of your own."
        )

    def product(self, f: Any, g: Any, sides: tuple[tuple[Params, Any], tuple[Params, Any]]) -> Any:
        """The arrow of the parallel composite, ``(P ⊗ P') ▶ (A ⊗ A') → B ⊗ B'``; ``sides`` are (P, A) and (P', A')."""
        raise IllTyped(f"The parallel composite of {f} and {g} was asked for, and {self} does not offer it.")

    def written(self, params: Params) -> str:
        """Parameters as text."""
        return f"({', '.join(map(str, params))})" if len(params) != 1 else str(params[0])


@dataclass(frozen=True)
class _OnTerms(Actegory):
    """What the actions on terms have in common: a right-nested product or coproduct.

    Args:
        category: the category that is acted on.
        allowed: the objects that may be parameters, all when left out.  With none of them Para is the category itself;
            with P alone the natural numbers act, n by Pⁿ.
    """

    category: Category = field(default_factory=Sets)
    allowed: tuple[Ob, ...] | None = None

    former: ClassVar[type[Ob]]
    unit: ClassVar[Ob]

    def params(self, given: Any) -> Params:
        """Objects, where 1 and 2 may be written for ``One`` and ``FinSet(2)``."""
        found = tuple(map(as_object, given if isinstance(given, tuple | list) else (given,)))
        wrong = next((p for p in found if not self._allows(p)), None)
        if wrong is not None:
            known = ", ".join(map(str, self.allowed or ())) or "no parameters"
            raise IllTyped(f"The parameter {wrong} was given, and {self} allows {known} only.")
        return found

    def _allows(self, p: Ob) -> bool:
        return self.allowed is None or p in self.allowed

    def whole(self, params: Params) -> Ob:
        """``p × (q × …)``; the unit for no parameters."""
        return self.act(params[:-1], params[-1]) if params else self.unit

    def act(self, params: Params, a: Ob) -> Ob:
        """``p × (q × (… × A))``."""
        return reduce(lambda acted, p: self.former(p, acted), reversed(params), a)

    def rest(self, params: Params, acted: Ob) -> Ob:
        """What is left of a nested product after the parameters."""
        found = acted
        for p in params:
            if not isinstance(found, self.former) or found.args[0] is not p:
                shape = f"{self.written(params)} {_SIGN[self.former]} A"
                raise IllTyped(
                    f"An arrow out of {shape} is needed for the parameters {self.written(params)}, and one out of "
                    f"{acted} was given: {p} was expected first, and {found} was found."
                )
            found = found.args[1]
        return found


_SIGN: dict[type[Ob], str] = {Product: "×", Coproduct: "+"}


@dataclass(frozen=True)
class Cartesian(_OnTerms):
    """The action of a cartesian category on itself by ×; parameters can be copied, dropped and moved."""

    former = Product
    unit = One

    def under(self, params: Params, f: Arrow) -> Arrow:
        """``p × f``, once for each parameter."""
        return reduce(lambda acted, p: ident(p) * acted, reversed(params), f)

    def along(self, r: Arrow, dom: Params, cod: Params, a: Ob) -> Arrow:
        """``(p', x) ↦ (r p', x)``."""

        def moved(x: Any) -> Any:
            *given, last = flat(x, len(dom) + 1)
            return nest([*flat(r(nest(given)), len(cod)), last])

        return trace(moved, self.act(dom, a), self.act(cod, a))

    def tensor(self, s: Arrow, r: Arrow, ends: tuple[Params, Params, Params, Params]) -> Arrow:
        """``(q', p') ↦ (s q', r p')``."""
        before, after, inner, outer = ends

        def both(x: Any) -> Any:
            parts = flat(x, len(before) + len(inner))
            first, second = s(nest(parts[: len(before)])), r(nest(parts[len(before) :]))
            return nest([*flat(first, len(after)), *flat(second, len(outer))])

        return trace(both, self.whole(before + inner), self.whole(after + outer))

    def shuffle(self, params: Params, pattern: Sequence[int]) -> Arrow:
        """Copies and projections."""

        def chosen(x: Any) -> Any:
            parts = flat(x, len(params))
            return nest([parts[i] for i in pattern])

        return trace(chosen, self.whole(params), self.whole(tuple(params[i] for i in pattern)))

    def product(self, f: Arrow, g: Arrow, sides: tuple[tuple[Params, Any], tuple[Params, Any]]) -> Arrow:
        """``(p, p', (x, x')) ↦ (f(p, x), g(p', x'))``: the interchanger moves the second parameters past x."""
        (p, a), (q, b) = sides

        def both(x: Any) -> Any:
            parts = flat(x, len(p) + len(q) + 1)
            left, right = parts[-1]
            return f(nest([*parts[: len(p)], left])), g(nest([*parts[len(p) : -1], right]))

        return trace(both, self.act(p + q, a * b), f.cod * g.cod)

    def __str__(self) -> str:
        return f"the action of {self.category} on itself by ×"


@dataclass(frozen=True)
class Bracketed(Cartesian):
    """The same action with one object of parameters, so that it is not strict: ``Q ⊗ P`` is ``Q × P``.

    ``(Q × P) × A`` and ``Q × (P × A)`` are different objects, and so are ``1 × A`` and A; what goes from one to the
    other is part of composition.  Several parameters are bracketed to the right.
    """

    def params(self, given: Any) -> Params:
        """One object."""
        return (self.whole(super().params(given)),)

    def _allows(self, p: Ob) -> bool:
        inside = isinstance(p, Product) and all(map(self._allows, (p.left, p.right)))
        return super()._allows(p) or inside or p is One

    def joined(self, q: Params, p: Params) -> Params:
        """``Q × P``."""
        return (q[0] * p[0],)

    def chained(self, q: Params, p: Params, f: Arrow) -> Arrow:
        """The associator, and then ``Q × f``."""
        dom = self.rest(p, f.dom)
        return trace(lambda x: (x[0][0], f(x[0][1], x[1])), (q[0] * p[0]) * dom, q[0] * f.cod)

    def plain(self, f: Arrow) -> Arrow:
        """The projection off 1, and then f."""
        return snd(One, f.dom) >> f

    def product(self, f: Arrow, g: Arrow, sides: tuple[tuple[Params, Any], tuple[Params, Any]]) -> Arrow:
        """``((p, p'), (x, x')) ↦ (f(p, x), g(p', x'))``."""
        ((p,), a), ((q,), b) = sides
        return trace(lambda x: (f(x[0][0], x[1][0]), g(x[0][1], x[1][1])), (p * q) * (a * b), f.cod * g.cod)

    def associator(self, r: Ob, q: Ob, p: Ob) -> Arrow:
        """``(R × Q) × P → R × (Q × P)``."""
        return trace(lambda x: (x[0][0], (x[0][1], x[1])), (r * q) * p, r * (q * p))

    def left_unitor(self, p: Ob) -> Arrow:
        """``1 × P → P``."""
        return snd(One, p)

    def right_unitor(self, p: Ob) -> Arrow:
        """``P × 1 → P``."""
        return fst(p, One)

    def exchange(self, p: Ob, q: Ob, r: Ob, s: Ob) -> Arrow:
        """``(P × Q) × (R × S) → (P × R) × (Q × S)``."""
        return trace(lambda x: ((x[0][0], x[1][0]), (x[0][1], x[1][1])), (p * q) * (r * s), (p * r) * (q * s))

    def __str__(self) -> str:
        return f"{super().__str__()}, with bracketed parameters"


def flat(x: Any, count: int) -> list[Any]:
    """The ``count`` components of an element of a right-nested product; none for the point."""
    if not count:
        return []
    found = []
    for _ in range(count - 1):
        found.append(x[0])
        x = x[1]
    return [*found, x]


def nest(parts: Sequence[Any]) -> Any:
    """Components as an element of the right-nested product; the point for none."""
    if not parts:
        return ()
    return reduce(lambda value, part: (part, value), reversed(parts[:-1]), parts[-1])


@dataclass(frozen=True)
class Cocartesian(_OnTerms):
    """The action of a cocartesian category on itself by +: a counit ``P → 0`` leaves no parameters to a lax algebra."""

    former = Coproduct
    unit = Zero

    def under(self, params: Params, f: Arrow) -> Arrow:
        """``p + f``, once for each parameter."""
        return reduce(lambda acted, p: ident(p) + acted, reversed(params), f)

    def along(self, r: Arrow, dom: Params, cod: Params, a: Ob) -> Arrow:
        """``[r, id]``, bracketed as the action is."""
        ends = (dom, cod, (), (a,))
        into = (*cod, a)
        return self._copaired((*dom, a), len(dom), r >> self._part(cod, into, 0), _injection(into, len(cod)), ends)

    def tensor(self, s: Arrow, r: Arrow, ends: tuple[Params, Params, Params, Params]) -> Arrow:
        """``s + r``, bracketed as the action is."""
        before, after, inner, outer = ends
        into = after + outer
        left, right = s >> self._part(after, into, 0), r >> self._part(outer, into, len(after))
        return self._copaired(before + inner, len(before), left, right, ends)

    def _part(self, some: Params, into: Params, start: int) -> Arrow:
        """The inclusion of a stretch of summands."""
        found = [_injection(into, start + i) for i in range(len(some))]
        return _cased(found, self.whole(into))

    def _copaired(self, of: Params, cut: int, left: Arrow, right: Arrow, ends: Any) -> Arrow:
        """``[left, right]`` out of summands of which the first ``cut`` belong to the left side."""
        first, second = of[:cut], of[cut:]
        arms = [_injection(first, i) >> left for i in range(cut)]
        return _cased([*arms, *(_injection(second, i) >> right for i in range(len(second)))], left.cod)

    def __str__(self) -> str:
        return f"the action of {self.category} on itself by +"


def _injection(summands: Params, number: int) -> Arrow:
    """The inclusion of one summand into a right-nested sum."""
    steps: list[Arrow] = []
    for i in range(number, -1, -1):
        tail = summands[i + 1 :]
        if i < len(summands) - 1:
            whole = COCARTESIAN.whole(tail)
            steps.append(inl(summands[i], whole) if i == number else inr(summands[i], whole))
    return compose(ident(summands[number]), *steps)


def _cased(arms: Sequence[Arrow], cod: Ob) -> Arrow:
    if not arms:
        return initial(cod)
    return reduce(lambda rest, arm: case(arm, rest), reversed(arms[:-1]), arms[-1])


CARTESIAN = Cartesian()
COCARTESIAN = Cocartesian()
