"""The Kleisli category of a monad (THEORY T1.9).

Objects are those of sets, an arrow from ``A`` to ``B`` is a function ``A → T B``, and ``f ; g`` is ``f`` followed by
the extension ``T(g) ; μ`` of ``g``.  Its laws as a category are the laws of the monad.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catcore.arrows import Arrow, generator
from catcore.categories.category import Category
from catcore.categories.sets import FiniteSets
from catcore.errors import IllTyped
from catcore.laws import Law, fresh_atoms
from catcore.objects import Ob, as_object
from catcore.structures.algebras import Homomorphism, free_algebra
from catcore.structures.monads import Monad


@dataclass(frozen=True)
class KleisliArrow:
    """An arrow ``A → B`` of a Kleisli category: a function ``A → T B`` and the object ``B``."""

    function: Arrow
    onto: Ob

    def __str__(self) -> str:
        return f"{self.function} : {self.function.dom} ⇝ {self.onto}"


@dataclass(frozen=True)
class Kleisli(Category):
    """The Kleisli category of a monad."""

    monad: Monad

    def arrow(self, function: Arrow, onto: object) -> KleisliArrow:
        """The Kleisli arrow of a function ``A → T B``, where ``onto`` is ``B``.

        Raises:
            IllTyped: when the function does not end in ``T B``.
        """
        b = as_object(onto)
        if function.cod is not self.monad(b):
            raise IllTyped(
                f"A Kleisli arrow into {b} is a function into {self.monad(b)}, and {function.signature} was given."
            )
        return KleisliArrow(function, b)

    def identity(self, a: object) -> KleisliArrow:
        """The unit of the monad."""
        ob = as_object(a)
        return KleisliArrow(self.monad.unit[ob], ob)

    def dom(self, f: KleisliArrow) -> Ob:
        """The domain of the function."""
        return f.function.dom

    def cod(self, f: KleisliArrow) -> Ob:
        """The object that the arrow goes to."""
        return f.onto

    def _composite(self, f: KleisliArrow, g: KleisliArrow) -> KleisliArrow:
        return KleisliArrow(f.function >> self.monad.extend(g.function, g.onto), g.onto)

    def lift(self, f: Arrow) -> KleisliArrow:
        """A function ``A → B`` as the Kleisli arrow ``f ; η``."""
        return KleisliArrow(f >> self.monad.unit[f.cod], f.cod)

    def comparison(self, f: KleisliArrow) -> Homomorphism:
        """The homomorphism of free algebras ``T A → T B`` that the arrow extends to: full and faithful."""
        source, target = free_algebra(self.monad, f.function.dom), free_algebra(self.monad, f.onto)
        return Homomorphism(source, target, self.monad.extend(f.function, f.onto))

    def hom(self, a: object, b: object) -> Iterator[KleisliArrow]:
        """All arrows between two finite sets."""
        onto = as_object(b)
        for f in FiniteSets().hom(a, self.monad(onto)):
            yield KleisliArrow(f, onto)

    def laws(self) -> tuple[Law, ...]:
        """The laws of a category at arbitrary Kleisli arrows."""
        t = self.monad.functor
        atoms = fresh_atoms(4, t, *(ob for law in self.monad.given for ob in (law.lhs.dom, law.lhs.cod)))
        f, g, h = (KleisliArrow(generator(n, a, t(b)), b) for n, a, b in zip("fgh", atoms, atoms[1:], strict=False))
        sides = {
            "left identity": (self.compose(self.identity(f.function.dom), f), f),
            "right identity": (self.compose(f, self.identity(f.onto)), f),
            "associativity": (self.compose(self.compose(f, g), h), self.compose(f, self.compose(g, h))),
        }
        return tuple(Law(name, lhs.function, rhs.function, self.monad.given) for name, (lhs, rhs) in sides.items())

    def __str__(self) -> str:
        return f"Kleisli category of {self.monad}"
