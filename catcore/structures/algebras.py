"""Algebras, coalgebras and their homomorphisms (THEORY T1.6, T2.2, T3.1; CDL Def. 2.3, 2.5, 2.8).

An algebra of a functor ``F`` is an arrow ``a : F A → A``, with no equations.  An algebra of a monad satisfies
``η_A ; a = id`` and ``T(a) ; a = μ_A ; a`` besides.  A homomorphism ``f`` from ``(A, a)`` to ``(B, b)`` satisfies
``a ; f = F(f) ; b``.  Coalgebras turn the arrows round.  For the monad ``M × −`` of a monoid the algebras are the
actions of the monoid, and the homomorphisms are the equivariant maps (CDL Ex. 2.4, 2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, ident, needed_arrow
from catcore.errors import IllTyped, NotParallel
from catcore.functors import Functor
from catcore.laws import Law
from catcore.objects import Ob, as_object
from catcore.structures.monads import Comonad, Monad
from catcore.tracing import Pointwise, trace


def _functor(of: Functor | Monad | Comonad) -> Functor:
    return of if isinstance(of, Functor) else of.functor


def _structure(given: Any, carrier: object | None, layer: Functor, *, algebra: bool) -> tuple[Ob, Arrow]:
    """The carrier and the structure map, traced if it was said on elements."""
    if carrier is None and not isinstance(given, Arrow):
        raise IllTyped("A structure map given on elements needs its carrier: write carrier=A.")
    ob = as_object(carrier) if carrier is not None else (given.cod if algebra else given.dom)
    ends = (layer(ob), ob) if algebra else (ob, layer(ob))
    arrow = trace(given.function, *ends) if isinstance(given, Pointwise) else needed_arrow(given)
    if (arrow.dom, arrow.cod) != ends:
        word = "an algebra" if algebra else "a coalgebra"
        raise IllTyped(
            f"A structure map of {word} of {layer} on {ob} goes from {ends[0]} to {ends[1]}, and {arrow.signature} "
            "was given."
        )
    return ob, arrow


@dataclass(frozen=True)
class Algebra:
    """An algebra of a functor, or a claimed Eilenberg–Moore algebra of a monad.

    Args:
        of: the functor or monad.
        structure: the arrow ``T A → A``, or its action on elements wrapped in ``pointwise``.
        carrier: the object ``A``; read off an arrow when left out.
        given: hypotheses under which it is claimed to be one.
    """

    of: Functor | Monad
    structure: Any
    carrier: Any = None
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        carrier, structure = _structure(self.structure, self.carrier, _functor(self.of), algebra=True)
        object.__setattr__(self, "carrier", carrier)
        object.__setattr__(self, "structure", structure)

    @property
    def functor(self) -> Functor:
        """The functor, also of a monad."""
        return _functor(self.of)

    def __str__(self) -> str:
        return f"algebra of {self.of} on {self.carrier}"

    def laws(self) -> tuple[Law, ...]:
        """The two equations for a monad; none for a mere functor."""
        if not isinstance(self.of, Monad):
            return ()
        t, a, x = self.of, self.structure, self.carrier
        laws = (
            Law("unit", t.unit[x] >> a, ident(x)),
            Law("associativity", t(a) >> a, t.mult[x] >> a),
        )
        return tuple(law.under(t.given + self.given) for law in laws)


@dataclass(frozen=True)
class Coalgebra:
    """A coalgebra of a functor, or a claimed coalgebra of a comonad; arguments as for :class:`Algebra`."""

    of: Functor | Comonad
    structure: Any
    carrier: Any = None
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        carrier, structure = _structure(self.structure, self.carrier, _functor(self.of), algebra=False)
        object.__setattr__(self, "carrier", carrier)
        object.__setattr__(self, "structure", structure)

    @property
    def functor(self) -> Functor:
        """The functor, also of a comonad."""
        return _functor(self.of)

    def __str__(self) -> str:
        return f"coalgebra of {self.of} on {self.carrier}"

    def laws(self) -> tuple[Law, ...]:
        """The two equations for a comonad; none for a mere functor."""
        if not isinstance(self.of, Comonad):
            return ()
        w, c, x = self.of, self.structure, self.carrier
        laws = (
            Law("counit", c >> w.counit[x], ident(x)),
            Law("coassociativity", c >> w(c), c >> w.comult[x]),
        )
        return tuple(law.under(w.given + self.given) for law in laws)


@dataclass(frozen=True)
class Homomorphism:
    """A claimed homomorphism of algebras, or of coalgebras, of one functor or monad.

    Law: ``a ; f = F(f) ; b`` for algebras, ``f ; d = c ; F(f)`` for coalgebras.

    Raises:
        NotParallel: when source and target are not algebras, or coalgebras, of the same functor.
        IllTyped: when the map does not go from carrier to carrier.
    """

    source: Algebra | Coalgebra
    target: Algebra | Coalgebra
    map: Any
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        source, target = self.source, self.target
        if type(source) is not type(target) or source.functor is not target.functor:
            raise NotParallel(
                f"A homomorphism goes between two algebras, or two coalgebras, of one functor; source and target are "
                f"{type(source).__name__} of {source.functor} and {type(target).__name__} of {target.functor}."
            )
        ends = (source.carrier, target.carrier)
        arrow = trace(self.map.function, *ends) if isinstance(self.map, Pointwise) else needed_arrow(self.map)
        if (arrow.dom, arrow.cod) != ends:
            raise IllTyped(f"A homomorphism from {ends[0]} to {ends[1]} is needed, and {arrow.signature} was given.")
        object.__setattr__(self, "map", arrow)

    def laws(self) -> tuple[Law, ...]:
        """The one square of a homomorphism."""
        f, s, t = self.map, self.source.structure, self.target.structure
        functor = self.source.functor
        if isinstance(self.source, Algebra):
            law = Law("homomorphism", s >> f, functor(f) >> t)
        else:
            law = Law("homomorphism", f >> t, s >> functor(f))
        monad = self.source.of
        inherited = monad.given if not isinstance(monad, Functor) else ()
        return (law.under(inherited + self.given),)

    def __str__(self) -> str:
        return f"homomorphism {self.source.carrier} → {self.target.carrier} of {self.source.functor}"

    def __rshift__(self, other: Homomorphism) -> Homomorphism:
        """Composition of homomorphisms."""
        if other.source != self.target:
            raise NotParallel("Two homomorphisms compose when the first ends at the algebra where the second starts.")
        return Homomorphism(self.source, other.target, self.map >> other.map, self.given + other.given)


def free_algebra(monad: Monad, generators: object) -> Algebra:
    """The free algebra ``(T X, μ_X)`` on an object (THEORY T1.6)."""
    return Algebra(monad, monad.mult[as_object(generators)])
