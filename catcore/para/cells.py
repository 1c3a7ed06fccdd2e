"""Reparametrisations, the 2-cells of Para (THEORY T4.2, T0.3; CDL §3).

A 2-cell ``(P, f) ⇒ (P', f')`` is an arrow ``r : P' → P`` of parameters, opposite to the 2-cell, with

    f' = (r ▶ A) ; f      (f' is f pulled back along r).

Vertical composition ``α >> β`` composes the arrows in the opposite order; horizontal composition ``β @ α`` puts β after
α and has the arrow ``s ⊗ r``; whiskering is ``g @ α`` and ``β @ f``; ``α * β`` is side by side.

>>> from catcore.arrows import generator, pair, ident
>>> from catcore.objects import atoms
>>> from catcore.para.maps import ParaMap
>>> P, A = atoms("P A")
>>> f = ParaMap(P, generator("f", P * A, A))
>>> tied = TwoCell(pair(ident(P), ident(P)), f >> f, P)      # Δ : P → P ⊗ P
>>> print(tied)
⟨id, id⟩ : parameters (P, P) ⇐ P of A → A
>>> print(tied.target.params)
(Atom('P'),)
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, formers
from catcore.errors import IllTyped, NotComposable, NotParallel
from catcore.laws import Law, PointwiseLaw
from catcore.para.actegories import Actegory
from catcore.para.maps import DRAWN, ParaMap, as_parametric, check_reparametrisation, composite, parallel, written


@dataclass(frozen=True)
class TwoCell:
    """A 2-cell between parallel parametric maps, given by the arrow of parameters that points backwards.

    Args:
        r: the arrow ``P' → P``.
        source: the map ``(P, f)``.
        target: the map ``(P', f')``, or only its parameters P', in which case f' is f pulled back along r.
        given: hypotheses under which it is claimed to be a 2-cell.

    Law: ``f' = (r ▶ A) ; f``.

    Raises:
        IllTyped: when r does not go from the parameters of the target to those of the source.
        NotParallel: when source and target are not parallel.
    """

    r: Any
    source: ParaMap
    target: Any
    given: tuple[Law, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.source, ParaMap):
            raise IllTyped(f"A 2-cell starts at a parametric map, and {self.source!r} was given.")
        if not isinstance(self.target, ParaMap):
            object.__setattr__(self, "target", self.source.reparametrised(self.target, self.r))
        check_reparametrisation(self.actegory, self.r, self.target.params, self.source.params)
        _need_parallel(self.source, self.target)

    @property
    def actegory(self) -> Actegory:
        """How the parameters act."""
        return self.source.actegory

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The one equation of a 2-cell."""
        pulled = self.source.reparametrised(self.target.params, self.r)
        return (equation("2-cell", self.target, pulled, self.given),)

    def counts(self, shapes: Mapping[Any, Any] | None = None) -> tuple[int, int]:
        """The number of scalars before and after: of the parameters of the source, and of the target."""
        return self.source.count(shapes), self.target.count(shapes)

    # Composition --------------------------------------------------------------------------------------------------

    def __rshift__(self, other: object) -> TwoCell:
        """Vertical composition: first ``self``; the arrow of parameters is ``other.r ; self.r``.

        Raises:
            NotComposable: when the first does not end where the second starts.
        """
        if not isinstance(other, TwoCell):
            return NotImplemented
        if not same(self.target, other.source):
            raise NotComposable(
                f"A vertical composite of 2-cells was asked for: the first ends at {self.target} and the second starts "
                f"at {other.source}."
            )
        r = self.actegory.category.compose(other.r, self.r)
        return TwoCell(r, self.source, other.target, _joined(self.given, other.given))

    def __matmul__(self, other: object) -> TwoCell:
        """Horizontal composition ``β @ α``, β after α: the arrow of parameters is ``s ⊗ r``."""
        alpha = _as_cell(other, self.actegory)
        if alpha is None:
            return NotImplemented
        ends = (composite(alpha.source, self.source), composite(alpha.target, self.target))
        return TwoCell(_tensor(self, alpha), *ends, _joined(alpha.given, self.given))

    def __mul__(self, other: object) -> TwoCell:
        """Side by side, between the parallel composites."""
        beta = _as_cell(other, self.actegory)
        if beta is None:
            return NotImplemented
        ends = (parallel(self.source, beta.source), parallel(self.target, beta.target))
        return TwoCell(_tensor(self, beta), *ends, _joined(self.given, beta.given))

    def __rmul__(self, other: object) -> TwoCell:
        alpha = _as_cell(other, self.actegory)
        return NotImplemented if alpha is None else alpha * self

    def _repr_html_(self) -> str:
        """The string diagram of the target, the reparametrisation above a dashed line."""
        from catcore.drawing.parametric import para_svg

        drawn = isinstance(self.r, Arrow) and formers(self.target.arrow) <= DRAWN
        return para_svg(self) if drawn else f"<code>{html.escape(str(self)[:2000])}</code>"

    def __str__(self) -> str:
        of = self.actegory
        old, new = of.written(self.source.params), of.written(self.target.params)
        return f"{written(self.r)} : parameters {old} ⇐ {new} of {self.source.dom} → {self.source.cod}"


def identity_cell(f: ParaMap) -> TwoCell:
    """The identity 2-cell of a parametric map."""
    return TwoCell(f.actegory.category.identity(f.whole), f, f)


def layer_order(f: ParaMap) -> TwoCell:
    """The 2-cell to the same map with the parameters of the first layer first: the reversal (T0.2)."""
    new = f.params_in_layer_order()
    return TwoCell(f.actegory.shuffle(new, range(len(new) - 1, -1, -1)), f, new)


def same(f: ParaMap, g: ParaMap) -> bool:
    """Whether two parametric maps are equal as written: parameters, and the arrow in its category."""
    return f.actegory == g.actegory and f.params == g.params and f.actegory.category.equal(f.arrow, g.arrow)


def equation(name: str, f: ParaMap, g: ParaMap, given: tuple[Law, ...] = ()) -> Law | PointwiseLaw:
    """The law that two parametric maps with the same parameters are equal: their arrows are.

    Raises:
        NotParallel: when their parameters, domains or codomains differ.
    """
    _need_parallel(f, g)
    if f.params != g.params:
        raise NotParallel(
            f"The law {name!r} equates parametric maps with {f.actegory.written(f.params)} and "
            f"{g.actegory.written(g.params)} for parameters, which are different objects even where they are "
            "isomorphic. State it up to a 2-cell."
        )
    if isinstance(f.arrow, Arrow):
        return Law(name, f.arrow, g.arrow, given)
    equal = f.actegory.category.equal(f.arrow, g.arrow)
    return PointwiseLaw(name, [f.params], lambda _: f.arrow, lambda _: f.arrow if equal else g.arrow, "symbolic")


def _need_parallel(f: ParaMap, g: ParaMap) -> None:
    category = f.actegory.category
    if f.actegory != g.actegory or not (category.same_object(f.dom, g.dom) and category.same_object(f.cod, g.cod)):
        raise NotParallel(
            f"Two parallel parametric maps are needed, and {f.signature} and {g.signature} were given: both must have "
            "the same domain and codomain."
        )


def _as_cell(value: object, actegory: Actegory) -> TwoCell | None:
    if isinstance(value, TwoCell):
        return value
    found = as_parametric(value, actegory)
    return None if found is None else identity_cell(found)


def _tensor(beta: TwoCell, alpha: TwoCell) -> Any:
    ends = (beta.target.params, beta.source.params, alpha.target.params, alpha.source.params)
    return beta.actegory.tensor(beta.r, alpha.r, ends)


def _joined(first: tuple[Law, ...], second: tuple[Law, ...]) -> tuple[Law, ...]:
    return first + tuple(law for law in second if law not in first)
