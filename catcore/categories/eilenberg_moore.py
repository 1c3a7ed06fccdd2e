"""The Eilenberg–Moore category of a monad (THEORY T1.9; CDL Def. 2.3, 2.5).

Objects are the algebras of the monad and arrows are their homomorphisms.  That identities are homomorphisms and that
homomorphisms compose is what makes it a category; the equations then hold because they hold in sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catcore.arrows import generator, ident
from catcore.categories.category import Category
from catcore.categories.sets import FiniteSets
from catcore.laws import Law, fresh_atoms
from catcore.structures.algebras import Algebra, Homomorphism, free_algebra
from catcore.structures.monads import Monad


@dataclass(frozen=True)
class EilenbergMoore(Category):
    """The category of algebras of a monad."""

    monad: Monad

    def identity(self, a: Algebra) -> Homomorphism:
        """The identity of the carrier."""
        return Homomorphism(a, a, ident(a.carrier))

    def dom(self, f: Homomorphism) -> Algebra:
        """The source algebra."""
        return f.source  # type: ignore[return-value]

    def cod(self, f: Homomorphism) -> Algebra:
        """The target algebra."""
        return f.target  # type: ignore[return-value]

    def _composite(self, f: Homomorphism, g: Homomorphism) -> Homomorphism:
        return f >> g

    def _equal(self, f: Homomorphism, g: Homomorphism) -> bool:
        return f.map is g.map

    def free(self, generators: object) -> Algebra:
        """The free algebra on an object."""
        return free_algebra(self.monad, generators)

    def algebras(self, carrier: object) -> Iterator[Algebra]:
        """All algebras of the monad on a finite set, found by trying all maps (THEORY T1.6)."""
        sets = FiniteSets()
        for structure in sets.hom(self.monad(carrier), carrier):
            found = Algebra(self.monad, structure)
            if all(sets.equal(law.lhs, law.rhs) for law in found.laws()):
                yield found

    def hom(self, a: Algebra, b: Algebra) -> Iterator[Homomorphism]:
        """All homomorphisms between two algebras on finite sets."""
        sets = FiniteSets()
        for f in sets.hom(a.carrier, b.carrier):
            found = Homomorphism(a, b, f)
            if all(sets.equal(law.lhs, law.rhs) for law in found.laws()):
                yield found

    def laws(self) -> tuple[Law, ...]:
        """Identities and composites of homomorphisms are homomorphisms; composition is that of sets."""
        t = self.monad.functor
        x, y, z = fresh_atoms(3, t, *(ob for law in self.monad.given for ob in (law.lhs.dom, law.lhs.cod)))
        one, two, three = (Algebra(self.monad, generator(n, t(c), c)) for n, c in zip("abc", (x, y, z), strict=True))
        f = Homomorphism(one, two, generator("f", x, y))
        g = Homomorphism(two, three, generator("g", y, z))
        hypotheses = (replace(f.laws()[0], name="f is one"), replace(g.laws()[0], name="g is one"))
        identity = self.identity(one).laws()[0]
        composite = replace(f >> g, given=hypotheses).laws()[0]
        return (
            replace(identity, name="identities are homomorphisms"),
            replace(composite, name="composites are homomorphisms"),
            Law("left identity", ident(x) >> f.map, f.map),
            Law("right identity", f.map >> ident(y), f.map),
        )

    def __str__(self) -> str:
        return f"algebras of {self.monad}"
