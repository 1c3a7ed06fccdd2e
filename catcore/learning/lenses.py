"""Lenses: a map together with a map that goes back (THEORY T5.1).

An object of ``Lens(C)`` is a pair of objects, A for what flows forwards and A' for what flows back.  A lens
``(A, A') → (B, B')`` has a *get* ``f : A → B`` and a *put* ``f* : A × B' → A'``; the composite of ``(f, f*)`` and
``(g, g*)`` gets by ``f ; g`` and puts by ``(a, c') ↦ f*(a, g*(f a, c'))``.  Lenses are monoidal by ×, and not
cartesian: a lens ``(A, A') → (1, 1)`` is any map ``A → A'``, so there is no unique one.  A reverse derivative is a
functor ``C → Lens(C)``, ``f ↦ (f, R[f])``: that this is a functor is the chain rule.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> A, B, C = atoms("A B C")
>>> f = LensMap(generator("f", A, B), generator("f*", A * B, A))
>>> g = LensMap(generator("g", B, C), generator("g*", B * C, B))
>>> print(f >> g)
get f ; g, put ⟨π₁, ⟨π₁ ; f, π₂⟩ ; g*⟩ ; f* : A/A → C/C
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from catcore.arrows import Arrow, generator
from catcore.categories.category import Category
from catcore.categories.sets import Sets
from catcore.errors import IllTyped, NotComposable
from catcore.laws import Law, PointwiseLaw
from catcore.learning.cartesian import CartesianCategory, Terms
from catcore.learning.reverse import reverse_derivative
from catcore.objects import atoms

TERMS = Terms()
Laws = tuple[Law | PointwiseLaw, ...]


@dataclass(frozen=True)
class Port:
    """An object of a category of lenses: what flows forwards, and what flows back."""

    forward: Any
    backward: Any

    def __str__(self) -> str:
        return f"{self.forward}/{self.backward}"


@dataclass(frozen=True)
class LensMap:
    """A lens ``(A, A') → (B, B')``.

    Args:
        get: the arrow ``A → B``.
        put: the arrow ``A × B' → A'``.
        base: the category that both are in, with products; by default terms.

    Raises:
        IllTyped: when the put does not leave ``A × B'``.
    """

    get: Any
    put: Any
    base: CartesianCategory = TERMS

    def __post_init__(self) -> None:
        for what in (self.get, self.put):
            if isinstance(what, LensMap) or (isinstance(self.base, Terms) and not isinstance(what, Arrow)):
                raise IllTyped(f"A lens is made of two arrows of {self.base}, a get and a put, and {what!r} was given.")
        try:
            self.base.remainder(self.base.dom(self.put), self.base.dom(self.get))
        except IllTyped:
            raise IllTyped(
                f"A lens with the get {self._shown(self.get)} puts from {self.base.dom(self.get)} × B', and the put "
                f"{self._shown(self.put)} was given. The point comes first, then what flows back."
            ) from None

    def _shown(self, f: Any) -> str:
        return f"{f} : {self.base.dom(f)} → {self.base.cod(f)}"

    @property
    def dom(self) -> Port:
        """``(A, A')``."""
        return Port(self.base.dom(self.get), self.base.cod(self.put))

    @property
    def cod(self) -> Port:
        """``(B, B')``."""
        back = self.base.remainder(self.base.dom(self.put), self.base.dom(self.get))
        return Port(self.base.cod(self.get), back)

    def __rshift__(self, other: object) -> LensMap:
        """The composite, first ``self``."""
        return Lens(self.base).compose(self, other) if isinstance(other, LensMap) else NotImplemented

    def __matmul__(self, other: object) -> LensMap:
        """The monoidal product, side by side."""
        return Lens(self.base).tensor(self, other) if isinstance(other, LensMap) else NotImplemented

    def laws(self) -> Laws:
        """The certificate of a *lawful* lens, which views a part B of A: PutGet, GetPut and PutPut.

        Lenses of learning are seldom lawful, and need not be.

        Raises:
            IllTyped: when what flows back is of another type than what flows forwards.
        """
        (a, b), base = (self.dom.forward, self.cod.forward), self.base
        if (a, b) != (self.dom.backward, self.cod.backward):
            raise IllTyped(
                f"The laws of a lawful lens speak of (A, A) → (B, B), and {self.dom} → {self.cod} was found. A lens of "
                "another type views no part; it needs no laws."
            )
        first, second = base.first(a, b), base.second(a, b)
        twice = base.product(base.product(a, b), b)
        old, new = base.first(base.product(a, b), b), base.second(base.product(a, b), b)
        again = base.pair(base.compose(old, self.put), new)
        once = base.pair(base.compose(old, first), new)
        assert twice == base.dom(again)
        looked = base.pair(base.identity(a), self.get)
        return (
            law_of("PutGet", base.compose(self.put, self.get), second, base),
            law_of("GetPut", base.compose(looked, self.put), base.identity(a), base),
            law_of("PutPut", base.compose(again, self.put), base.compose(once, self.put), base),
        )

    def __str__(self) -> str:
        return f"get {self.get}, put {self.put} : {self.dom} → {self.cod}"


def law_of(name: str, lhs: Any, rhs: Any, base: Category) -> Law | PointwiseLaw:
    """The equation of two arrows of a category: a law of terms, or one decided by the category's equality."""
    if isinstance(lhs, Arrow) and isinstance(rhs, Arrow):
        return Law(name, lhs, rhs)
    return PointwiseLaw(name, [(lhs, rhs)], lambda p: base.equal(*p), lambda _: True, "symbolic")


@dataclass(frozen=True)
class Lens(Category):
    """The category of lenses over a category with products.

    Args:
        base: the category, by default terms.
    """

    base: CartesianCategory = field(default_factory=Terms)

    has = frozenset({"category", "monoidal"})

    def __post_init__(self) -> None:
        given: Any = self.base
        if given == Sets():
            object.__setattr__(self, "base", Terms())
        elif not isinstance(given, CartesianCategory):
            raise IllTyped(
                f"Lenses are made over a category with products, and {self.base!r} was given. Use Sets(), Smooth() or "
                "PolyZ2(), or a CartesianCategory of your own."
            )

    def arrow(self, get: Any, put: Any) -> LensMap:
        """The lens with this get and put."""
        return LensMap(get, put, self.base)

    def identity(self, a: Port) -> LensMap:
        """``(id, π₂)``."""
        return self.arrow(self.base.identity(a.forward), self.base.second(a.forward, a.backward))

    def dom(self, f: LensMap) -> Port:
        """Where it starts."""
        return f.dom

    def cod(self, f: LensMap) -> Port:
        """Where it ends."""
        return f.cod

    def compose(self, f: LensMap, g: LensMap) -> LensMap:
        """``f ; g``, first ``f``.

        Raises:
            NotComposable: when ``f`` does not end where ``g`` starts, forwards and backwards.
        """
        if not self.same_object(f.cod, g.dom):
            raise NotComposable(
                f"A composite of lenses was asked for: the first ends in {f.cod} and the second starts in {g.dom}, "
                "where the second half of each is what flows back. Put a lens between them."
            )
        return self._composite(f, g)

    def _composite(self, f: LensMap, g: LensMap) -> LensMap:
        c, a, back = self.base, f.dom.forward, g.cod.backward
        point, last = c.first(a, back), c.second(a, back)
        inner = c.compose(c.pair(c.compose(point, f.get), last), g.put)
        return self.arrow(c.compose(f.get, g.get), c.compose(c.pair(point, inner), f.put))

    def _equal(self, f: LensMap, g: LensMap) -> bool:
        return self.base.equal(f.get, g.get) and self.base.equal(f.put, g.put)

    def unit(self) -> Port:
        """The unit ``(1, 1)`` of the monoidal product."""
        return Port(self.base.point(), self.base.point())

    def product(self, a: Port, b: Port) -> Port:
        """The monoidal product of objects."""
        return Port(self.base.product(a.forward, b.forward), self.base.product(a.backward, b.backward))

    def tensor(self, f: LensMap, g: LensMap) -> LensMap:
        """Side by side: ``((a, b), (c', d')) ↦ (f*(a, c'), g*(b, d'))``."""
        c = self.base
        turned = c.middle(f.dom.forward, g.dom.forward, f.cod.backward, g.cod.backward)
        return self.arrow(c.beside(f.get, g.get), c.compose(turned, c.beside(f.put, g.put)))

    def moved(self, forth: Any, back: Any) -> LensMap:
        """The adapter that sends the point along one arrow and what flows back along another."""
        a, b_back = self.base.dom(forth), self.base.dom(back)
        return self.arrow(forth, self.base.compose(self.base.second(a, b_back), back))

    def state(self, point: Any, back: Any) -> LensMap:
        """A lens ``(1, 1) → (A, A')``: a point of A; what flows back from ``back = A'`` is discarded."""
        return self.arrow(point, self.base.first(self.base.point(), back))

    def costate(self, f: Any) -> LensMap:
        """The lens ``(A, A') → (1, 1)`` of an arrow ``A → A'``: what comes back depends on what went in."""
        a, one = self.base.dom(f), self.base.point()
        nothing = self.discarded(a)
        return self.arrow(nothing, self.base.compose(self.base.first(a, one), f))

    def discarded(self, a: Any) -> Any:
        """The arrow ``A → 1`` of the base."""
        if isinstance(self.base, Terms):
            from catcore.arrows import terminal

            return terminal(a)
        return self.base.zero(a, self.base.point())  # type: ignore[attr-defined]

    def reverse(self, f: Any) -> LensMap:
        """The image ``(f, R[f])`` of an arrow under the functor ``R : C → Lens(C)``; needs a reverse derivative."""
        derivative = getattr(self.base, "reverse", reverse_derivative)
        return self.arrow(f, derivative(f))

    def laws(self) -> Laws:
        """The laws of a category and of the monoidal product, at arbitrary lenses of terms."""
        return tuple(self._category_laws()) + tuple(self._monoidal_laws())

    def _category_laws(self) -> Iterator[Law | PointwiseLaw]:
        f, g, h = generic_lenses()
        yield from equal_lenses("left identity", self._terms.identity(f.dom) >> f, f)
        yield from equal_lenses("right identity", f >> self._terms.identity(f.cod), f)
        yield from equal_lenses("associativity", (f >> g) >> h, f >> (g >> h))

    def _monoidal_laws(self) -> Iterator[Law | PointwiseLaw]:
        f, g, _ = generic_lenses()
        h, k = generic_lenses("h k", "X Y Z")
        ids = self._terms.identity(f.dom) @ self._terms.identity(h.dom)
        yield from equal_lenses("interchange", (f >> g) @ (h >> k), (f @ h) >> (g @ k))
        yield from equal_lenses("tensor of identities", ids, self._terms.identity(self._terms.product(f.dom, h.dom)))

    @property
    def _terms(self) -> Lens:
        return self if isinstance(self.base, Terms) else Lens()

    def __str__(self) -> str:
        return f"Lens({self.base})"


def generic_lenses(names: str = "f g h", objects: str = "A B C D") -> tuple[LensMap, ...]:
    """Arbitrary composable lenses."""
    of = [Port(*atoms(f"{name} {name}'")) for name in objects.split()]
    ends = zip(names.split(), of, of[1:], strict=False)
    return tuple(
        LensMap(generator(name, a.forward, b.forward), generator(f"{name}*", a.forward * b.backward, a.backward))
        for name, a, b in ends
    )


def equal_lenses(name: str, f: LensMap, g: LensMap) -> Iterator[Law | PointwiseLaw]:
    """The two equations that say that lenses are equal."""
    yield law_of(f"{name}, get", f.get, g.get, f.base)
    yield law_of(f"{name}, put", f.put, g.put, f.base)


@dataclass(frozen=True)
class ReverseFunctor:
    """The functor ``R : C → Lens(C)``, ``f ↦ (f, R[f])``; its laws are RD3 and RD5 (THEORY T5.4).

    Args:
        derivative: the reverse derivative of terms.
    """

    derivative: Any = reverse_derivative

    def __call__(self, f: Arrow) -> LensMap:
        """The lens of a term."""
        return LensMap(f, self.derivative(f))

    def laws(self) -> Laws:
        """Identities, composites and products of arbitrary arrows."""
        a, b, c, x, y = atoms("A B C X Y")
        f, g, h = generator("f", a, b), generator("g", b, c), generator("h", x, y)
        lenses, identity = Lens(), TERMS.identity(a)
        return (
            *equal_lenses("identities", self(identity), lenses.identity(Port(a, a))),
            *equal_lenses("composites", self(f >> g), self(f) >> self(g)),
            *equal_lenses("products", self(f * h), self(f) @ self(h)),
        )

    def __str__(self) -> str:
        return "R : C → Lens(C)"
