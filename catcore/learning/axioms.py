"""Reverse derivative categories: their operations, and the seven axioms (THEORY T5.3).

A cartesian left-additive category has finite products and sums ``f + g`` of parallel arrows with
``h ; (f + g) = h ; f + h ; g``.  A reverse derivative sends ``f : A → B`` to ``R[f] : A × B → A`` such that

1. ``R[f + g] = R[f] + R[g]`` and ``R[0] = 0``,
2. ``R[f](a, b + c) = R[f](a, b) + R[f](a, c)`` and ``R[f](a, 0) = 0``,
3. ``R[id] = π₂``, ``R[π₁]((a, b), a') = (a', 0)`` and ``R[π₂]((a, b), b') = (0, b')``,
4. ``R[⟨f, g⟩](a, (b, c)) = R[f](a, b) + R[g](a, c)`` and ``R[!] = 0``,
5. ``R[f ; g](a, c) = R[f](a, R[g](f a, c))``, the chain rule,
6. ``π₂ R[R[R[f]]](((a, b), 0), (0, c)) = R[f](a, c)``: R[f] is linear in its covector, and
7. ``D[D[f]]((a, b), (c, d)) = D[D[f]]((a, c), (b, d))`` with ``D[f](a, v) = π₂ R[R[f]]((a, 0), v)``: mixed second
   derivatives are symmetric

(Cruttwell, Gavranović, Ghani, Wilson and Zanasi, "Categorical Foundations of Gradient-Based Learning", App. A).
Learning needs the first five: they say that ``f ↦ (f, R[f])`` is a functor to lenses.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from catcore.categories.category import _Shown
from catcore.laws import Law, PointwiseLaw
from catcore.learning.cartesian import CartesianCategory

Side = Callable[[Any], Any]


class ReverseDerivativeCategory(CartesianCategory):
    """A category with products, sums of parallel arrows, and a reverse derivative."""

    has = frozenset({"category", "cartesian", "left-additive"})

    @abstractmethod
    def zero(self, a: Any, b: Any) -> Any:
        """The zero arrow ``A → B``."""

    @abstractmethod
    def plus(self, f: Any, g: Any) -> Any:
        """The sum of two parallel arrows."""

    @abstractmethod
    def reverse(self, f: Any) -> Any:
        """The reverse derivative ``R[f] : A × B → A``."""

    @abstractmethod
    def examples(self) -> Sequence[tuple[str, Sequence[Any]]]:
        """Arrows on which the laws are checked, with the kind of evidence that this gives."""

    def covectors(self, a: Any) -> Any:
        """The object A' of covectors of A; A itself where nothing else is said."""
        return a

    def no_covector(self, a: Any, b: Any) -> Any:
        """The zero covector of B as an arrow ``A → B'``."""
        return self.zero(a, self.covectors(b))

    def forward(self, f: Any) -> Any:
        """The forward derivative ``D[f] : A × A'' → B''``, ``D[f](a, v) = π₂ R[R[f]]((a, 0), v)``."""
        a, b = self.dom(f), self.cod(f)
        tangents, changes = (self.covectors(self.covectors(ob)) for ob in (a, b))
        place, v = self.first(a, tangents), self.second(a, tangents)
        at = self.pair(self.pair(place, self.no_covector(self.product(a, tangents), b)), v)
        return self.compose(self.compose(at, self.reverse(self.reverse(f))), self.second(tangents, changes))

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The axioms RD1 to RD7 on the examples."""
        found: list[Law | PointwiseLaw] = []
        for evidence, arrows in self.examples():
            found += self.axioms(arrows, evidence)
        return tuple(found)

    def axioms(self, arrows: Sequence[Any], evidence: str) -> list[PointwiseLaw]:
        """The axioms on given arrows, their parallel pairs and their composable pairs."""
        parallel = [(f, g) for f in arrows for g in arrows if self._ends(f) == self._ends(g)]
        forks = [(f, g) for f in arrows for g in arrows if self.same_object(self.dom(f), self.dom(g))]
        chains = [(f, g) for f in arrows for g in arrows if self.same_object(self.cod(f), self.dom(g))]
        objects = [(self.dom(f), self.cod(f)) for f in arrows]
        table: list[tuple[str, Sequence[Any], Side, Side]] = [
            ("RD1, sums", parallel, lambda p: self.reverse(self.plus(*p)), self._sum_of_reverses),
            ("RD1, zero", objects, lambda p: self.reverse(self.zero(*p)), self._zero_back),
            ("RD2, sums", arrows, self._of_a_sum, self._sum_of_values),
            ("RD2, zero", arrows, self._at_zero, lambda f: self.zero(self.dom(f), self.dom(f))),
            ("RD3, identity", objects, lambda p: self.reverse(self.identity(p[0])), lambda p: self.second(p[0], p[0])),
            ("RD3, first projection", objects, lambda p: self.reverse(self.first(*p)), self._filled_right),
            ("RD3, second projection", objects, lambda p: self.reverse(self.second(*p)), self._filled_left),
            ("RD4, pairs", forks, lambda p: self.reverse(self.pair(*p)), self._of_parts),
            ("RD4, terminal", objects, lambda p: self.reverse(self.zero(p[0], self.point())), self._zero_point),
            ("RD5, chain rule", chains, lambda p: self.reverse(self.compose(*p)), self._chained),
            ("RD6, linear in the covector", arrows, self._third, self.reverse),
            ("RD7, symmetry", arrows, self._second_order, self._exchanged),
        ]
        return [self._law(name, points, lhs, rhs, evidence) for name, points, lhs, rhs in table]

    def _law(self, name: str, points: Sequence[Any], lhs: Side, rhs: Side, evidence: str) -> PointwiseLaw:
        return PointwiseLaw(
            f"{name} ({evidence})", points, lambda p: _Shown(self, lhs(p)), lambda p: _Shown(self, rhs(p)), evidence
        )

    def _ends(self, f: Any) -> tuple[Any, Any]:
        return self.dom(f), self.cod(f)

    def _sum_of_reverses(self, p: Any) -> Any:
        return self.plus(self.reverse(p[0]), self.reverse(p[1]))

    def _zero_back(self, p: Any) -> Any:
        return self.zero(self.product(*p), p[0])

    def _zero_point(self, p: Any) -> Any:
        return self.zero(self.product(p[0], self.point()), p[0])

    def _covectors(self, f: Any) -> tuple[Any, Any, Any]:
        """``A × (B × B)`` by its three projections."""
        a, b = self._ends(f)
        pairs = self.product(b, b)
        both = self.second(a, pairs)
        return self.first(a, pairs), self.compose(both, self.first(b, b)), self.compose(both, self.second(b, b))

    def _of_a_sum(self, f: Any) -> Any:
        place, v, w = self._covectors(f)
        return self.compose(self.pair(place, self.plus(v, w)), self.reverse(f))

    def _sum_of_values(self, f: Any) -> Any:
        place, v, w = self._covectors(f)
        back = self.reverse(f)
        return self.plus(self.compose(self.pair(place, v), back), self.compose(self.pair(place, w), back))

    def _at_zero(self, f: Any) -> Any:
        a, b = self._ends(f)
        return self.compose(self.pair(self.identity(a), self.zero(a, b)), self.reverse(f))

    def _filled_right(self, p: Any) -> Any:
        whole = self.product(self.product(*p), p[0])
        return self.pair(self.second(self.product(*p), p[0]), self.zero(whole, p[1]))

    def _filled_left(self, p: Any) -> Any:
        whole = self.product(self.product(*p), p[1])
        return self.pair(self.zero(whole, p[0]), self.second(self.product(*p), p[1]))

    def _of_parts(self, p: Any) -> Any:
        a, (b, c) = self.dom(p[0]), (self.cod(p[0]), self.cod(p[1]))
        place, both = self.first(a, self.product(b, c)), self.second(a, self.product(b, c))
        v, w = self.compose(both, self.first(b, c)), self.compose(both, self.second(b, c))
        left = self.compose(self.pair(place, v), self.reverse(p[0]))
        return self.plus(left, self.compose(self.pair(place, w), self.reverse(p[1])))

    def _chained(self, p: Any) -> Any:
        f, g = p
        a, c = self.dom(f), self.cod(g)
        place, v = self.first(a, c), self.second(a, c)
        inner = self.compose(self.pair(self.compose(place, f), v), self.reverse(g))
        return self.compose(self.pair(place, inner), self.reverse(f))

    def _third(self, f: Any) -> Any:
        a, b = self._ends(f)
        ab = self.product(a, b)
        place, c = self.first(a, b), self.second(a, b)
        # the linearisation of R[f] at (a, 0) in the direction (0, c)
        at = self.pair(
            self.pair(self.pair(place, self.zero(ab, b)), self.zero(ab, a)),
            self.pair(self.zero(ab, a), c),
        )
        third = self.reverse(self.reverse(self.reverse(f)))
        return self.compose(self.compose(at, third), self.second(ab, a))

    def _second_order(self, f: Any) -> Any:
        return self.forward(self.forward(f))

    def _exchanged(self, f: Any) -> Any:
        a = self.dom(f)
        aa = self.product(a, a)
        left, right = self.first(aa, aa), self.second(aa, aa)
        one, two = self.first(a, a), self.second(a, a)
        corners = [self.compose(side, part) for side in (left, right) for part in (one, two)]
        turn = self.pair(self.pair(corners[0], corners[2]), self.pair(corners[1], corners[3]))
        return self.compose(turn, self._second_order(f))
