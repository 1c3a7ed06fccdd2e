"""Para(C): the 2-category of parametric maps, and its bicategory of bracketed parameters (THEORY T4.2, 0.6).

``Para(C)`` has the objects of C, parametric maps as arrows and reparametrisations as 2-cells.  Parameters are flat
tuples, so it is a 2-category: composition is associative and unital on the nose.  ``Para(C, strict=False)`` keeps one
object of parameters, so that a composite has ``Q × P`` and three layers have ``(R × Q) × P`` or ``R × (Q × P)``.
These are different objects; the two composites are related by the associator, an invertible 2-cell, and what holds are
the pentagon and the triangle.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> from catcore.para.maps import ParaMap
>>> P, Q, R, A, B, C, D = atoms("P Q R A B C D")
>>> f, g, h = (ParaMap(p, generator(n, p * a, b)) for n, p, a, b in (("f", P, A, B), ("g", Q, B, C), ("h", R, C, D)))
>>> strict, loose = Para(), Para(strict=False)
>>> strict.compose(strict.compose(f, g), h).params == strict.compose(f, strict.compose(g, h)).params
True
>>> left, right = loose.compose(loose.compose(f, g), h), loose.compose(f, loose.compose(g, h))
>>> print(left.whole, "and", right.whole)
R × (Q × P) and R × Q × P
>>> loose.equal(left, right), loose.associator(f, g, h).source == left
(False, True)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from catcore.arrows import Arrow, compose, fst, generator, ident, snd
from catcore.categories.category import Category
from catcore.categories.sets import FiniteSets, Sets
from catcore.categories.vector_spaces import FVect
from catcore.errors import IllTyped
from catcore.laws import Law, PointwiseLaw
from catcore.objects import atoms
from catcore.para.actegories import Actegory, Bracketed, Cartesian, Cocartesian
from catcore.para.cells import TwoCell, equation, identity_cell, same
from catcore.para.linear_actions import BracketedSums, DirectSums, Kronecker
from catcore.para.maps import ParaMap, composite, embedded, identity, parallel
from catcore.tracing import trace

Laws = tuple[Law | PointwiseLaw, ...]


@dataclass(frozen=True)
class Para(Category):
    """The 2-category of parametric maps over a category, or over an actegory.

    Args:
        base: a category, which acts on itself (sets and finite sets by ×, vector spaces by ⊕), or an actegory.
            By default sets, in whose terms the smooth primitives are, too.
        strict: whether parameters are flat tuples; otherwise they are single objects, and composition is associative
            up to the 2-cells :meth:`associator`.

    Raises:
        IllTyped: when ``base`` is neither, or ``strict=False`` is asked for where parameters act neither by × nor
            by ⊕.
    """

    base: Any = None
    strict: bool = True

    def __post_init__(self) -> None:
        base = _actegory(self.base)
        if not self.strict:
            base = _bracketed(base)
        object.__setattr__(self, "base", base)
        object.__setattr__(self, "strict", not isinstance(base, _BRACKETED))

    @property
    def actegory(self) -> Actegory:
        """How the parameters act."""
        return self.base  # type: ignore[no-any-return]

    def map(self, params: Any, arrow: Any) -> ParaMap:
        """The parametric map ``(P, f)`` of this Para; see :class:`~catcore.para.maps.ParaMap`."""
        return self._one(ParaMap(params, arrow, self._flat))

    def embedded(self, f: Any) -> ParaMap:
        """An arrow of the base as a parametric map ``(I, f)``: the inclusion of C into Para(C)."""
        return embedded(f, self.actegory)

    def identity(self, a: Any) -> ParaMap:
        """The identity: parameters I."""
        return identity(a, self.actegory)

    def dom(self, f: ParaMap) -> Any:
        """Where it starts."""
        return f.dom

    def cod(self, f: ParaMap) -> Any:
        """Where it ends."""
        return f.cod

    def _composite(self, f: ParaMap, g: ParaMap) -> ParaMap:
        return composite(self._one(f), self._one(g))

    def _equal(self, f: ParaMap, g: ParaMap) -> bool:
        return same(self._one(f), self._one(g))

    def same_object(self, a: Any, b: Any) -> bool:
        """Whether two objects are equal in the base."""
        return self.actegory.category.same_object(a, b)

    def tensor(self, f: ParaMap, g: ParaMap) -> ParaMap:
        """Side by side."""
        return parallel(self._one(f), self._one(g))

    @property
    def _flat(self) -> Actegory:
        """The action of flat tuples of parameters on the same category."""
        of = self.actegory
        if isinstance(of, BracketedSums):
            return DirectSums(of.category)
        return Cartesian(of.category, of.allowed) if isinstance(of, Bracketed) else of

    def _one(self, f: ParaMap) -> ParaMap:
        """With ``strict=False``, the map with its parameters bracketed as one object."""
        if self.strict or f.actegory != self._flat:
            return f
        category = self.actegory.category
        moved = f.actegory.along(category.identity(f.whole), (f.whole,), f.params, f.dom)
        return ParaMap(f.whole, category.compose(moved, f.arrow), self.actegory)

    # The structure of the bicategory ------------------------------------------------------------------------------

    def associator(self, f: ParaMap, g: ParaMap, h: ParaMap) -> TwoCell:
        """The invertible 2-cell ``(f ; g) ; h ⇒ f ; (g ; h)``; the identity when parameters are strict."""
        f, g, h = map(self._one, (f, g, h))
        ends = (f >> g) >> h, f >> (g >> h)
        if self.strict:
            return TwoCell(self.actegory.category.identity(ends[0].whole), *ends)
        return TwoCell(self.base.associator(h.whole, g.whole, f.whole), *ends)

    def left_unitor(self, f: ParaMap) -> TwoCell:
        """The invertible 2-cell ``f ⇒ id ; f``, which drops the parameters of the identity."""
        return self._unitor(f, self.compose(self.identity(f.dom), f), "right_unitor")

    def right_unitor(self, f: ParaMap) -> TwoCell:
        """The invertible 2-cell ``f ⇒ f ; id``."""
        return self._unitor(f, self.compose(f, self.identity(f.cod)), "left_unitor")

    def _unitor(self, f: ParaMap, longer: ParaMap, name: str) -> TwoCell:
        whole = f.whole
        dropping = self.actegory.category.identity(whole) if self.strict else getattr(self.base, name)(whole)
        return TwoCell(dropping, self._one(f), longer)

    def interchanger(self, f: ParaMap, g: ParaMap, h: ParaMap, k: ParaMap) -> TwoCell:
        """The invertible 2-cell ``(f ; h) * (g ; k) ⇒ (f * g) ; (h * k)``, which moves the middle parameters past each
        other (Gavranović 3.36)."""
        f, g, h, k = map(self._one, (f, g, h, k))
        ends = ((f >> h) * (g >> k), (f * g) >> (h * k))
        if not self.strict:
            return TwoCell(self.base.exchange(h.whole, k.whole, f.whole, g.whole), *ends)
        blocks = (h.params, k.params, f.params, g.params)
        starts = [sum(map(len, blocks[:i])) for i in range(4)]
        pattern = [starts[i] + j for i in (0, 2, 1, 3) for j in range(len(blocks[i]))]
        return TwoCell(self.actegory.shuffle(ends[1].params, pattern), *ends)

    # Laws ---------------------------------------------------------------------------------------------------------

    def laws(self) -> Laws:
        """The laws of a 2-category, or those of a bicategory, at arbitrary maps and reparametrisations.

        Those of finite sets are stated in sets, of which they are a full subcategory.  Those of vector spaces with ⊕,
        which is their product, are stated for products, which the forgetful functor to sets keeps; that block matrices
        are what products say is checked on matrices of symbols.  Those of vector spaces with ⊗ have no such terms: they
        are checked at fixed small dimensions, for all entries, which is evidence and no proof for all dimensions.
        """
        if isinstance(self.actegory.category, FiniteSets):
            return replace(self, base=replace(self.base, category=Sets(), allowed=None)).laws()
        if isinstance(self.actegory, DirectSums):
            return (*Para(strict=self.strict).laws(), *self._block_laws(self.actegory.category))
        return tuple(self._strict_laws() if self.strict else self._loose_laws())

    def _strict_laws(self) -> Iterator[Law | PointwiseLaw]:
        f, g, h = self._maps()
        yield equation("left identity", self.compose(self.identity(f.dom), f), f)
        yield equation("right identity", self.compose(f, self.identity(f.cod)), f)
        yield equation("associativity", self.compose(self.compose(f, g), h), self.compose(f, self.compose(g, h)))
        yield from self._cell_laws()

    def _cell_laws(self) -> Iterator[Law | PointwiseLaw]:
        """Both compositions give 2-cells, and interchange (T4.2)."""
        f, g, _ = self._maps()
        (r, r2), (s, s2) = self._moves(f, "r"), self._moves(g, "s")
        alpha, beta = self._pulled(f, r), self._pulled(g, s)
        alpha2, beta2 = self._pulled(alpha.target, r2), self._pulled(beta.target, s2)
        yield _is_cell("vertical composite", alpha >> alpha2)
        yield _is_cell("horizontal composite", beta @ alpha)
        yield _is_cell("whiskering on the left", g @ alpha)
        yield _is_cell("whiskering on the right", beta @ f)
        yield self._between("interchange", (beta @ alpha) >> (beta2 @ alpha2), (beta >> beta2) @ (alpha >> alpha2))
        if not isinstance(self.actegory, Cocartesian | Kronecker):
            yield _is_cell("interchanger of the parallel composition", self.interchanger(f, f, g, g))
        yield self._between("identities", identity_cell(g) @ identity_cell(f), identity_cell(composite(f, g)))

    def _block_laws(self, category: Any) -> Iterator[Law | PointwiseLaw]:
        """Composites, pullbacks and tensors of matrices of symbols are what their terms stand for."""
        made, said = _operations(self), _operations(products := Para(strict=self.strict))
        sizes: dict[Any, int] = {}
        matrices: dict[Any, Any] = {}
        for blocks, f in zip(self._maps(), products._maps(), strict=True):
            sizes |= {f.whole: blocks.whole, f.dom: blocks.dom, f.cod: blocks.cod}
            matrices[f.arrow] = blocks.arrow
        for name, blocks, f in zip("rs", self._maps(), products._maps(), strict=False):
            for one, r in zip(self._moves(blocks, name), products._moves(f, name), strict=True):
                sizes[r.dom], matrices[r] = category.dom(one), one
        model = replace(category, dimensions=sizes, matrices=matrices)
        for name, found in made.items():
            expected = ParaMap(found.params, model.interpret(said[name].arrow), found.actegory)
            yield equation(f"{name}, as products say", found, expected)

    def _between(self, name: str, first: TwoCell, second: TwoCell) -> Law | PointwiseLaw:
        """The law that two 2-cells have the same arrow of parameters."""
        return equation(name, ParaMap((), first.r, self._flat), ParaMap((), second.r, self._flat))

    def _loose_laws(self) -> Iterator[Law | PointwiseLaw]:
        f, g, h = self._maps()
        associator = self.associator(f, g, h)
        yield _is_cell("associator", associator)
        yield _is_cell("left unitor", self.left_unitor(f))
        yield _is_cell("right unitor", self.right_unitor(f))
        p, q, r = f.whole, g.whole, h.whole
        back = trace(lambda x: ((x[0], x[1][0]), x[1][1]), r * (q * p), (r * q) * p)
        yield Law("associator, there and back", associator.r >> back, ident(associator.r.dom))
        yield Law("associator, back and there", back >> associator.r, ident(back.dom))
        yield self._naturality()
        yield from self._unitors()
        yield self._pentagon()
        yield self._triangle()
        yield from self._cell_laws()

    def _naturality(self) -> Law:
        """``((t ⊗ s) ⊗ r)`` and the associator, in either order."""
        maps = self._maps()
        moves = [self._moves(f, name)[0] for f, name in zip(maps, "rst", strict=True)]
        r, s, t = moves
        before = self.associator(*(self._pulled(f, m).target for f, m in zip(maps, moves, strict=True))).r
        after = self.associator(*maps).r
        return Law("associator is natural", before >> (t * (s * r)), ((t * s) * r) >> after)

    def _unitors(self) -> Iterator[Law | PointwiseLaw]:
        """A reparametrisation and the unitors, in either order."""
        f = self._maps()[0]
        alpha = self._pulled(f, self._moves(f, "r")[0])
        left, right = self.identity(f.dom), self.identity(f.cod)
        yield self._between(
            "left unitor is natural", alpha >> self.left_unitor(alpha.target), self.left_unitor(f) >> (alpha @ left)
        )
        yield self._between(
            "right unitor is natural", alpha >> self.right_unitor(alpha.target), self.right_unitor(f) >> (right @ alpha)
        )

    def _pentagon(self) -> Law:
        """``((n m) q) p → n (m (q p))`` in two ways."""
        f, g, h = self._maps()
        _, x, y = atoms("Z V W")
        k = ParaMap(x, generator("k", x * h.cod, y), self.actegory)
        inner, last = self.associator(f, g, h).r, self.associator(g, h, k).r
        long = compose(last * ident(f.whole), self.associator(f, self.compose(g, h), k).r, ident(k.whole) * inner)
        short = compose(self.associator(f, g, self.compose(h, k)).r, self.associator(self.compose(f, g), h, k).r)
        return Law("pentagon", long, short)

    def _triangle(self) -> Law:
        """``(q 1) p → q p`` in two ways."""
        f, g, _ = self._maps()
        middle = self.associator(f, self.identity(f.cod), g).r
        left = fst(g.whole, 1) * ident(f.whole)
        return Law("triangle", middle >> (ident(g.whole) * snd(1, f.whole)), left)

    def _maps(self) -> tuple[ParaMap, ParaMap, ParaMap]:
        """Three arbitrary composable maps."""
        return self._generic("f g h".split(), "P Q R".split(), "A B C D".split())  # type: ignore[return-value]

    def _generic(self, names: list[str], params: list[str], objects: list[str]) -> tuple[ParaMap, ...]:
        of = self.actegory
        if isinstance(of, Cartesian | Cocartesian):
            p, a = atoms(" ".join(params)), atoms(" ".join(objects))
            arrows = [generator(n, of.act((p[i],), a[i]), a[i + 1]) for i, n in enumerate(names)]
            return tuple(ParaMap(p[i], f, of) for i, f in enumerate(arrows))
        sizes, dims = (2, 1, 2), (1, 2, 1, 2)
        return tuple(
            ParaMap(sizes[i], _letters(n, dims[i + 1], of.act((sizes[i],), dims[i])), of) for i, n in enumerate(names)
        )

    def _moves(self, f: ParaMap, name: str) -> tuple[Any, Any]:
        """Two arbitrary reparametrisations ``P'' → P' → P``."""
        if isinstance(f.arrow, Arrow):
            new = atoms(f"{f.whole}1 {f.whole}2")
            return generator(name, new[0], f.whole), generator(f"{name}1", new[1], new[0])
        return _letters(name, f.whole, 1), _letters(f"{name}1", 1, 2)

    def _pulled(self, f: ParaMap, r: Any) -> TwoCell:
        return TwoCell(r, f, self.actegory.category.dom(r))

    def __str__(self) -> str:
        category = self.actegory.category
        plain = self._flat == _actegory(category)
        inside = str(category) if plain else str(self._flat)
        return f"Para({inside})" if self.strict else f"Para({inside}) with bracketed parameters"


def _operations(para: Para) -> dict[str, ParaMap]:
    """What Para makes of arbitrary maps and reparametrisations, each as a map."""
    f, g, h = para._maps()
    alpha, beta = (para._pulled(m, para._moves(m, name)[0]) for name, m in zip("rs", (f, g), strict=True))
    plain = para._flat
    structure = {"associator": para.associator(f, g, h).r, "left unitor": para.left_unitor(f).r,
                 "right unitor": para.right_unitor(f).r}  # fmt: skip
    return {
        **({} if para.strict else {name: ParaMap((), r, plain) for name, r in structure.items()}),
        "composition": f >> g,
        "parallel composition": f * g,
        "reparametrisation": alpha.target,
        "horizontal composition of 2-cells": ParaMap((), (beta @ alpha).r, plain),
        "interchanger": ParaMap((), para.interchanger(f, f, g, g).r, plain),
    }


_BRACKETED = Bracketed, BracketedSums


def _bracketed(base: Actegory) -> Actegory:
    """The same action with one object of parameters."""
    match base:
        case Bracketed() | BracketedSums():
            return base
        case Cartesian():
            return Bracketed(base.category, base.allowed)
        case DirectSums():
            return BracketedSums(base.category)
    raise IllTyped(f"Para with bracketed parameters is offered where they act by × or ⊕, and {base} is neither.")


def _actegory(base: Any) -> Actegory:
    match base:
        case None:
            return Cartesian()
        case Actegory():
            return base
        case FVect():
            return DirectSums(base)
        case Category() if {"cartesian"} <= base.has:
            return Cartesian(base)
    raise IllTyped(
        f"Para is made over a category with products or an actegory, and {base!r} was given. Use Sets(), FiniteSets(), "
        "FVect() or an action such as Cocartesian()."
    )


def _letters(name: str, rows: int, columns: int) -> Any:
    import sympy as sp

    return sp.ImmutableMatrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i}{j}"))


def _is_cell(name: str, cell: TwoCell) -> Law | PointwiseLaw:
    (law,) = cell.laws()
    return replace(law, name=f"{name} is a 2-cell")
