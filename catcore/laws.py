"""Laws: equations between parallel arrows, under hypotheses (THEORY 0.5).

A law says that two terms with the same domain and codomain are equal, for every choice of the atoms and generators in
them that satisfies the hypotheses ``given``.  Structures list their laws once, in a method ``laws()``; provers,
exhaustive checks, property tests and notebooks all read that list.  Where a structure is not made of terms, say a
category whose arrows are matrices, a :class:`PointwiseLaw` states the equation between two Python functions over an
explicit range, and says what checking that range amounts to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from catcore.arrows import Action, Arrow, Component, Generator, generator, needed_arrow, subterms
from catcore.errors import IllTyped, NotParallel
from catcore.objects import Atom, Ob, atoms, occurring, parts

#: The kinds of evidence, strongest first (THEORY 0.5).
EVIDENCE = ("proved", "exhaustive", "symbolic", "sampled", "numeric")


@dataclass(frozen=True)
class Law:
    """The equation ``lhs = rhs`` between two parallel arrows, whenever the laws in ``given`` hold.

    Args:
        name: what it is called.
        lhs: one side.
        rhs: the other side.
        given: hypotheses; of a hypothesis, its conditions.
        every: for a hypothesis, the atoms and generators whatever stands for which it is assumed; by the others it
            means the sets and maps that the law speaks of.  The triangles of an arbitrary adjunction are assumed for
            every object; that g is mono is ``f ; g = h ; g ⇒ f = h`` for every Z and all f, h : Z → X.

    Raises:
        NotParallel: when the two sides differ in domain or codomain.
        IllTyped: when ``every`` holds something else than atoms and generators.
    """

    name: str
    lhs: Arrow
    rhs: Arrow
    given: tuple[Law, ...] = ()
    every: tuple[Atom | Arrow, ...] = ()

    def __post_init__(self) -> None:
        needed_arrow(self.lhs), needed_arrow(self.rhs)
        for each in self.every:
            if not isinstance(each, Atom | Generator):
                raise IllTyped(f"A law holds for every atom or generator, and {each!r} was given; name sets and maps.")
        if self.lhs.dom is not self.rhs.dom or self.lhs.cod is not self.rhs.cod:
            raise NotParallel(
                f"The law {self.name!r} equates two arrows that are not parallel: {self.lhs.signature} and "
                f"{self.rhs.signature}. Both sides must have the same domain and codomain."
            )

    def __str__(self) -> str:
        hypotheses = "; ".join(f"{h.name}{h.quantified()}" for h in self.given)
        return f"{self.lhs} = {self.rhs} : {self.lhs.dom} → {self.lhs.cod}" + (
            f"  given {hypotheses}" if hypotheses else ""
        )

    def _repr_latex_(self) -> str:
        return f"${self.lhs.latex()} = {self.rhs.latex()}$"

    def under(self, given: Iterable[Law]) -> Law:
        """The same equation with further hypotheses."""
        return replace(self, given=self.given + tuple(h for h in given if h not in self.given))

    def forall(self, *every: Atom | Arrow) -> Law:
        """The same law as a hypothesis about every set and map that may stand for the given ones.

        >>> from catcore import atoms, generator
        >>> X, Y = atoms("X Y")
        >>> f, g = generator("f", X, X), generator("g", X, X)
        >>> print(Law("g is central", f >> g, g >> f).forall(f).quantified())
         for every f : X → X
        """
        return replace(self, every=(*self.every, *every))

    def quantified(self) -> str:
        """In words, what the law is assumed for every one of."""
        every = ", ".join(str(e) if isinstance(e, Atom) else e.signature for e in self.every)
        return f" for every {every}" if every else ""

    def parts(self) -> tuple[Arrow, ...]:
        """The terms that the law and its hypotheses are made of."""
        own = dict.fromkeys((*subterms(self.lhs), *subterms(self.rhs)))
        return tuple(own | dict.fromkeys(part for hypothesis in self.given for part in hypothesis.parts()))

    def symbols(self) -> tuple[tuple[Atom, ...], tuple[Arrow, ...]]:
        """The atoms and the generators of the law and its hypotheses, without what these quantify, by name."""
        found_atoms, found_arrows = self._free()
        by_name = sorted(found_arrows, key=lambda t: (str(t), repr(t)))
        return tuple(sorted((a for a in found_atoms if isinstance(a, Atom)), key=str)), tuple(by_name)

    def _free(self) -> tuple[set[Ob], set[Arrow]]:
        found_atoms: set[Ob] = set()
        found_arrows: set[Arrow] = set()
        for term in (self.lhs, self.rhs):
            found_arrows |= {t for t in subterms(term) if isinstance(t, Generator | Component)}
            found_atoms |= _objects(term)
        for hypothesis in self.given:
            more_atoms, more_arrows = hypothesis._free()
            for each in hypothesis.every:
                more_atoms |= _objects(each) if isinstance(each, Arrow) else set()
            found_atoms |= {a for a in more_atoms if a not in hypothesis.every}
            found_arrows |= {t for t in more_arrows if t not in hypothesis.every}
        return found_atoms, found_arrows


def _objects(term: Arrow) -> set[Ob]:
    found: set[Ob] = set()
    for t in subterms(term):
        found |= {t.dom, t.cod} | ({t.functor.body} if isinstance(t, Action) else set())
    return {ob for ob in parts(found) if isinstance(ob, Atom)}


@dataclass(frozen=True)
class PointwiseLaw:
    """An equation ``lhs(p) = rhs(p)`` between Python functions, for every point ``p`` of an explicit range.

    Args:
        name: what the law is called.
        points: the range; a finite sequence.
        lhs: one side.
        rhs: the other side.
        evidence: what a complete check of the range amounts to: ``'exhaustive'`` when the range is everything,
            ``'symbolic'`` when a point stands for all its values, ``'sampled'`` otherwise.
    """

    name: str
    points: Sequence[Any]
    lhs: Callable[[Any], Any]
    rhs: Callable[[Any], Any]
    evidence: str = "sampled"


@runtime_checkable
class Lawful(Protocol):
    """Anything that lists its own laws."""

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The laws that make it what it claims to be."""
        ...


def naturality(transformation: Any, f: Arrow | None = None) -> Law:
    """The naturality square of a transformation at ``f``, by default at an arbitrary arrow ``f : X → Y``."""
    arrow = f if f is not None else generator("f", *fresh_atoms(2, transformation.source, transformation.target))
    source, target = transformation.source, transformation.target
    return Law(
        f"naturality of {transformation.name}",
        source(arrow) >> transformation[arrow.cod],
        transformation[arrow.dom] >> target(arrow),
    )


def mono(g: Arrow, name: str = "") -> Law:
    """The hypothesis that an arrow is mono: ``f ; g = h ; g ⇒ f = h`` for every Z and all f, h : Z → X."""
    (z,) = fresh_atoms(1, *_objects(g))
    f, h = generator("f", z, g.dom), generator("h", z, g.dom)
    return Law(name or f"{g} is mono", f, h, (Law("after it, equal", f >> g, h >> g),), (z, f, h))


def epi(g: Arrow, name: str = "") -> Law:
    """The hypothesis that an arrow is epi: ``g ; f = g ; h ⇒ f = h`` for every Z and all f, h : Y → Z."""
    (z,) = fresh_atoms(1, *_objects(g))
    f, h = generator("f", g.cod, z), generator("h", g.cod, z)
    return Law(name or f"{g} is epi", f, h, (Law("before it, equal", g >> f, g >> h),), (z, f, h))


def assumed(laws: Iterable[Law], *every: Atom | Arrow) -> tuple[Law, ...]:
    """Laws as hypotheses that hold whatever the given atoms stand for."""
    return tuple(replace(law, name=f"{law.name}, assumed", given=(), every=every) for law in laws)


def fresh_atoms(count: int, *avoid: Any) -> tuple[Atom, ...]:
    """Atoms X, Y, Z, … that do not occur in the given functors or objects."""
    taken = {a for thing in avoid for a in occurring(getattr(thing, "body", thing), Atom)}
    names = [*"XYZWUV", *(f"X{i}" for i in range(1, 50))]
    return tuple([a for a in atoms(" ".join(names)) if a not in taken][:count])
