"""Commuting squares: two paths from one corner to the opposite one, drawn as text (FEATURES 97; THEORY T1.6).

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> from catcore.structures.algebras import Algebra, Homomorphism
>>> A, B, L = atoms("A B L")
>>> a, b = (Algebra(1 + L * Id, generator(name, 1 + L * X, X)) for name, X in (("a", A), ("b", B)))
>>> print(Square.of_homomorphism(Homomorphism(a, b, generator("f", A, B))))
1 + L × A ──(1 + L × Id)(f)──→ 1 + L × B
    │                              │
    │ a                            │ b
    ↓                              ↓
    A     ─────────f─────────→     B
"""

from __future__ import annotations

from dataclasses import dataclass

from catcore.arrows import Arrow
from catcore.errors import IllTyped, NotComposable
from catcore.functors import Functor
from catcore.laws import Law
from catcore.structures.algebras import Algebra, Homomorphism
from catcore.terms import needed_arrow


@dataclass(frozen=True, kw_only=True)
class Square:
    """Four arrows around a square; it commutes when ``left ; bottom = top ; right``.

    Args:
        top: from the upper left corner to the right.
        left: from the upper left corner down.
        right: from the upper right corner down.
        bottom: from the lower left corner to the right.
        given: hypotheses under which it is to commute.

    Raises:
        NotComposable: when two arrows do not meet in a corner.
    """

    top: Arrow
    left: Arrow
    right: Arrow
    bottom: Arrow
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        for side in (self.top, self.left, self.right, self.bottom):
            needed_arrow(side)
        for corner, one, other in (
            ("upper left", self.top.dom, self.left.dom),
            ("upper right", self.top.cod, self.right.dom),
            ("lower left", self.left.cod, self.bottom.dom),
            ("lower right", self.right.cod, self.bottom.cod),
        ):
            if one is not other:
                raise NotComposable(
                    f"The arrows of a square meet in its corners, and in the {corner} one {one} and {other} were found."
                )

    @classmethod
    def of_homomorphism(cls, h: Homomorphism) -> Square:
        """The square of a homomorphism of algebras, or of coalgebras.

        Raises:
            IllTyped: when it is none.
        """
        if not isinstance(h, Homomorphism):
            raise IllTyped(f"The square of a homomorphism was asked for, and {h!r} was given.")
        (law,), moved = h.laws(), h.source.functor(h.map)
        source, target = h.source.structure, h.target.structure
        if isinstance(h.source, Algebra):
            return cls(top=moved, left=source, right=target, bottom=h.map, given=law.given)
        return cls(top=h.map, left=source, right=target, bottom=moved, given=law.given)

    @classmethod
    def of_algebra(cls, algebra: Algebra) -> Square:
        """The square of an algebra of a monad: the multiplication of the monad, or the structure map twice.

        Raises:
            IllTyped: when it is an algebra of a mere functor, which has no laws.
        """
        if not isinstance(algebra, Algebra) or isinstance(algebra.of, Functor):
            raise IllTyped(f"The square of an algebra of a monad was asked for, and {algebra!r} is none.")
        monad, a = algebra.of, algebra.structure
        return cls(top=algebra.functor(a), left=monad.mult[algebra.carrier], right=a, bottom=a, given=monad.given)

    @property
    def paths(self) -> tuple[Arrow, Arrow]:
        """The two composites, down first and right first."""
        return self.left >> self.bottom, self.top >> self.right

    def laws(self) -> tuple[Law, ...]:
        """That it commutes."""
        return (Law("square", *self.paths, self.given),)

    def __str__(self) -> str:
        corners = [str(ob) for ob in (self.top.dom, self.top.cod, self.bottom.dom, self.bottom.cod)]
        first, second = (max(map(len, column)) for column in (corners[::2], corners[1::2]))
        middle = max(len(str(self.top)), len(str(self.bottom)), len(str(self.left)) - first // 2) + 4
        where = first // 2, first + middle + 3 + second // 2

        def across(left: str, label: str, right: str) -> str:
            return f"{left:^{first}} {label:─^{middle}}→ {right:^{second}}".rstrip()

        def down(one: str, other: str) -> str:
            return f"{'':{where[0]}}{one:{where[1] - where[0]}}{other}"

        return "\n".join([
            across(corners[0], str(self.top), corners[1]),
            down("│", "│"), down(f"│ {self.left}", f"│ {self.right}"), down("↓", "↓"),
            across(corners[2], str(self.bottom), corners[3]),
        ])  # fmt: skip
