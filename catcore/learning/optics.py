"""Optics: what a map must remember for its way back, kept as a residual (THEORY T5.2).

An optic ``(A, A') → (B, B')`` has a residual M, a forward part ``A → M × B`` and a backward part ``M × B' → A'``.  A
lens is the optic that remembers the whole point, and in a cartesian category every optic gives a lens.  Composition
tells them apart: the put of a composite of lenses runs the forward maps again, once for each level of nesting, so n
layers cost n − 1 forward calls when composed from the right and n (n − 1) / 2 from the left; an optic runs each forward
part once and keeps what it needs.  Both compute the same values, so any nesting may be replaced by any other.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> f = LensMap(generator("f", A, B), generator("f*", A * B, A))
>>> print(of_lens(f).forward)
⟨id, f⟩
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from catcore.errors import IllTyped, NotComposable
from catcore.learning.cartesian import CartesianCategory
from catcore.learning.lenses import TERMS, LensMap, Port


@dataclass(frozen=True)
class Optic:
    """An optic ``(A, A') → (B, B')`` with residual M.

    Args:
        residual: the object M.
        forward: the arrow ``A → M × B``.
        backward: the arrow ``M × B' → A'``.
        base: the category with products.

    Raises:
        IllTyped: when the two parts do not have the residual in common.
    """

    residual: Any
    forward: Any
    backward: Any
    base: CartesianCategory = TERMS

    def __post_init__(self) -> None:
        for which, whole in (("forward part ends", self.forward_end), ("backward part starts", self.backward_start)):
            try:
                self.base.remainder(whole, self.residual)
            except IllTyped:
                raise IllTyped(
                    f"The {which} in M × B with the residual M = {self.residual}, and {whole} was found. Give both "
                    "parts with the residual first."
                ) from None

    @property
    def forward_end(self) -> Any:
        """``M × B``."""
        return self.base.cod(self.forward)

    @property
    def backward_start(self) -> Any:
        """``M × B'``."""
        return self.base.dom(self.backward)

    @property
    def dom(self) -> Port:
        """``(A, A')``."""
        return Port(self.base.dom(self.forward), self.base.cod(self.backward))

    @property
    def cod(self) -> Port:
        """``(B, B')``."""
        ends = (self.base.remainder(whole, self.residual) for whole in (self.forward_end, self.backward_start))
        return Port(*ends)

    def __rshift__(self, other: object) -> Optic:
        """The composite, first ``self``; residuals are collected, ``M × N``.

        Raises:
            NotComposable: when the first does not end where the second starts.
        """
        if not isinstance(other, Optic):
            return NotImplemented
        if self.cod != other.dom:
            raise NotComposable(
                f"A composite of optics was asked for: the first ends in {self.cod} and the second starts in "
                f"{other.dom}."
            )
        return _composite(self, other)

    @property
    def get(self) -> Any:
        """The get of its lens."""
        m, b = self.residual, self.cod.forward
        return self.base.compose(self.forward, self.base.second(m, b))

    @property
    def put(self) -> Any:
        """The put of its lens, ``(a, b') ↦ backward(π₁ forward(a), b')``."""
        c, m = self.base, self.residual
        a, b, back = self.dom.forward, self.cod.forward, self.cod.backward
        kept = c.compose(c.compose(c.first(a, back), self.forward), c.first(m, b))
        return c.compose(c.pair(kept, c.second(a, back)), self.backward)

    def lens(self) -> LensMap:
        """The lens that it gives."""
        return LensMap(self.get, self.put, self.base)

    @property
    def evaluation(self) -> Any:
        """``A × B' → B × A'`` for ``A`` and a covector: forwards once, then backwards with what was kept."""
        c, (m, b, back) = self.base, (self.residual, self.cod.forward, self.cod.backward)
        ran = c.beside(self.forward, c.identity(back))
        kept, last = c.first(c.product(m, b), back), c.second(c.product(m, b), back)
        value, residual = c.compose(kept, c.second(m, b)), c.compose(kept, c.first(m, b))
        return c.compose(ran, c.pair(value, c.compose(c.pair(residual, last), self.backward)))

    def __str__(self) -> str:
        return f"optic {self.dom} → {self.cod} with residual {self.residual}"


def _composite(f: Optic, g: Optic) -> Optic:
    c, m, n = f.base, f.residual, g.residual
    b, d, back = f.cod.forward, g.cod.forward, g.cod.backward
    nd, mn = c.product(n, d), c.product(m, n)
    once = c.compose(f.forward, c.beside(c.identity(m), g.forward))
    mnd = c.product(m, nd)
    inner = c.second(m, nd)
    kept = c.pair(c.first(m, nd), c.compose(inner, c.first(n, d)))
    forward = c.compose(once, c.pair(kept, c.compose(inner, c.second(n, d))))
    residuals, last = c.first(mn, back), c.second(mn, back)
    back_g = c.compose(c.pair(c.compose(residuals, c.second(m, n)), last), g.backward)
    backward = c.compose(c.pair(c.compose(residuals, c.first(m, n)), back_g), f.backward)
    assert (b, mnd) == (g.dom.forward, c.cod(once))
    return Optic(mn, forward, backward, c)


def of_lens(f: LensMap) -> Optic:
    """The optic of a lens: its residual is the whole point."""
    c, a = f.base, f.dom.forward
    return Optic(a, c.pair(c.identity(a), f.get), f.put, c)


def adapter(forth: Any, back: Any, base: CartesianCategory = TERMS) -> Optic:
    """The optic without residual that sends points along one arrow and what flows back along another."""
    one, a, b = base.point(), base.dom(forth), base.dom(back)
    into = base.pair(_to_point(base, a), forth)
    return Optic(one, into, base.compose(base.second(one, b), back), base)


def _to_point(base: CartesianCategory, a: Any) -> Any:
    from catcore.learning.lenses import Lens

    return Lens(base).discarded(a)


def nested_right(lenses: list[LensMap]) -> LensMap:
    """``f ; (g ; (h ; …))``: each forward map but the last runs once more."""
    return reduce(lambda rest, f: f >> rest, reversed(lenses[:-1]), lenses[-1])


def nested_left(lenses: list[LensMap]) -> LensMap:
    """``((f ; g) ; h) ; …``: the put runs the prefix again at every level."""
    return reduce(lambda first, f: first >> f, lenses)
