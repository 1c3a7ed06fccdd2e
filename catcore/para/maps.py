"""Parametric maps, the 1-cells of Para (THEORY T4.2; CDL §3, Gavranović Def. 3.14).

A parametric map ``A → B`` is a pair ``(P, f)`` of parameters and an arrow ``f : P ▶ A → B``.  Maps are composed by
chaining: the composite of ``(P, f) : A → B`` and ``(Q, g) : B → C`` has the parameters ``Q ⊗ P``, the later layer
first, and the arrow ``(Q ▶ f) ; g``.  Parameters are a flat tuple, so composition is strictly associative and unital on
parameters, and by a proof on arrows; an arrow without parameters is a parametric map with the empty tuple.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> P, Q, A, B, C = atoms("P Q A B C")
>>> f = ParaMap(P, generator("f", P * A, B))
>>> g = ParaMap(Q, generator("g", Q * B, C))
>>> print(f >> g)
⟨π₁, π₂ ; f⟩ ; g : A → C with parameters (Q, P)
>>> (f >> g).params_in_layer_order() == (P, Q)
True

A map may also be said on elements, parameters first:

>>> @parametric((Q, P), A, A * P)
... def keep(q, p, x):
...     return (x, p)
>>> print(keep.params, keep.dom, keep.cod)
(Atom('Q'), Atom('P')) A A × P
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore.arrows import Arrow, formers
from catcore.errors import IllTyped, NotComposable, NotParallel
from catcore.para.actegories import CARTESIAN, Actegory, Params, flat
from catcore.para.counting import scalars, storage
from catcore.tracing import trace

if TYPE_CHECKING:
    from catcore.para.cells import TwoCell

#: How many formers a term may have whose diagram a notebook shows unasked.
DRAWN = 1_000


@dataclass(frozen=True)
class ParaMap:
    """A parametric map ``(P, f) : A → B`` with ``f : P ▶ A → B``.

    Args:
        params: the parameters, one object or a tuple of them.
        arrow: the arrow ``P × A → B``, for a tuple ``p × (q × (… × A)) → B``.
        actegory: how parameters act; by default by the product of sets.

    Raises:
        IllTyped: when the arrow does not leave the parameters times something.
    """

    params: Any
    arrow: Any
    actegory: Actegory = CARTESIAN

    def __post_init__(self) -> None:
        if isinstance(self.arrow, ParaMap):
            raise IllTyped(f"ParaMap takes the arrow of a parametric map, and {self.arrow} is one already.")
        object.__setattr__(self, "params", self.actegory.params(self.params))
        _need_arrow(self.arrow, self.actegory)
        self.actegory.rest(self.params, self.actegory.category.dom(self.arrow))

    @property
    def dom(self) -> Any:
        """Where it starts, parameters left out."""
        return self.actegory.rest(self.params, self.actegory.category.dom(self.arrow))

    @property
    def cod(self) -> Any:
        """Where it ends."""
        return self.actegory.category.cod(self.arrow)

    @property
    def whole(self) -> Any:
        """Its parameters as one object, where 2-cells start and end."""
        return self.actegory.whole(self.params)

    def params_in_layer_order(self) -> Params:
        """The parameters of the first layer first; :func:`layer_order` is the 2-cell between the two views (T0.2)."""
        return tuple(reversed(self.params))

    # Composition --------------------------------------------------------------------------------------------------

    def __rshift__(self, other: object) -> ParaMap:
        """The composite, first ``self``: parameters ``Q ⊗ P``."""
        g = as_parametric(other, self.actegory)
        return NotImplemented if g is None else composite(self, g)

    def __rrshift__(self, other: object) -> ParaMap:
        f = as_parametric(other, self.actegory)
        return NotImplemented if f is None else composite(f, self)

    def __mul__(self, other: object) -> Any:
        """The parallel composite ``A × A' → B × B'`` with parameters ``P ⊗ P'`` (Gavranović 3.33)."""
        g = as_parametric(other, self.actegory)
        return NotImplemented if g is None else parallel(self, g)

    def __rmul__(self, other: object) -> ParaMap:
        f = as_parametric(other, self.actegory)
        return NotImplemented if f is None else parallel(f, self)

    def __matmul__(self, other: object) -> TwoCell:
        """Whiskering ``g @ α``: this map after both sides of a 2-cell."""
        from catcore.para.cells import TwoCell, identity_cell

        return identity_cell(self) @ other if isinstance(other, TwoCell) else NotImplemented

    def reparametrised(self, params: Any, r: Any) -> ParaMap:
        """The map pulled back along ``r : P' → P``, that is ``(r ▶ A) ; f`` with the parameters P' (T0.3).

        Raises:
            IllTyped: when r does not go from ``params`` to the parameters of this map.
        """
        new = self.actegory.params(params)
        check_reparametrisation(self.actegory, r, new, self.params)
        moved = self.actegory.along(r, new, self.params, self.dom)
        return ParaMap(new, self.actegory.category.compose(moved, self.arrow), self.actegory)

    def count(self, shapes: Mapping[Any, Any] | None = None) -> int:
        """The number of scalars among its parameters; ``shapes`` says what atoms are.

        Raises:
            IllTyped: when a parameter has no fixed size.
        """
        return sum(scalars(p, shapes) for p in self.params)

    def storage(self, dtype: str = "float32", shapes: Mapping[Any, Any] | None = None) -> int:
        """The bytes that its parameters take; raises ``UnknownName`` for an unknown type of numbers."""
        return storage(self.count(shapes), dtype)

    def _repr_html_(self) -> str:
        """The string diagram, parameters from above."""
        from catcore.drawing.parametric import para_svg

        drawn = isinstance(self.arrow, Arrow) and formers(self.arrow) <= DRAWN
        return para_svg(self) if drawn else f"<code>{html.escape(str(self)[:2000])}</code>"

    def __str__(self) -> str:
        return f"{written(self.arrow)} : {self.signature}"

    @property
    def signature(self) -> str:
        """The type alone: ``A → B with parameters P``."""
        return f"{self.dom} → {self.cod} with {described(self)}"


def written(arrow: Any) -> str:
    """An arrow as text; three dots for one that is nested too deeply, as the term of a network of many layers is."""
    try:
        return str(arrow)
    except RecursionError:
        return "…"


def described(f: ParaMap) -> str:
    """The parameters of a map in words."""
    match len(f.params):
        case 0:
            return "no parameters"
        case 1:
            return f"parameter {f.params[0]}"
    return f"parameters {f.actegory.written(f.params)}"


def parametric(params: Any, dom: object, cod: object) -> Callable[[Callable[..., Any]], ParaMap]:
    """Decorator: the parametric map ``A → B`` that a Python function computes on elements, parameters first.

    Raises:
        TracingError: when the function does something that a generic element cannot answer.
    """

    def read(function: Callable[..., Any]) -> ParaMap:
        given = CARTESIAN.params(params)
        _need_places(function, len(given) + 1)
        source = CARTESIAN.act(given, CARTESIAN.params(dom)[0])
        return ParaMap(given, trace(lambda x: function(*flat(x, len(given) + 1)), source, cod))

    return read


def _need_places(function: Callable[..., Any], count: int) -> None:
    try:
        inspect.signature(function).bind(*[None] * count)
    except (TypeError, ValueError):
        raise IllTyped(
            f"A parametric map with {count - 1} parameters is read off a Python function of {count} arguments, the "
            f"parameters and then the input, and {function!r} does not take so many."
        ) from None


def as_parametric(value: object, actegory: Actegory = CARTESIAN) -> ParaMap | None:
    """A parametric map as itself, an arrow as one without parameters, nothing for anything else."""
    if isinstance(value, ParaMap):
        return value
    try:
        actegory.category.dom(value)
    except (AttributeError, TypeError):
        return None
    return embedded(value, actegory)


def embedded(f: Any, actegory: Actegory = CARTESIAN) -> ParaMap:
    """An arrow as a parametric map whose parameters are the unit."""
    return ParaMap((), actegory.plain(f), actegory)


def needed(value: object) -> ParaMap:
    """``value`` as a parametric map; raises ``IllTyped`` when it is neither one nor an arrow."""
    found = value if isinstance(value, ParaMap) else ParaMap((), value) if isinstance(value, Arrow) else None
    if found is None:
        raise IllTyped(f"A parametric map is needed here, and {value!r} was given. Build one with ParaMap(P, f).")
    return found


def identity(a: Any, actegory: Actegory = CARTESIAN) -> ParaMap:
    """The identity, which has no parameters."""
    return embedded(actegory.category.identity(actegory.params(a)[0]), actegory)


def composite(f: ParaMap, g: ParaMap) -> ParaMap:
    """``(Q, g) ∘ (P, f) = (Q ⊗ P, (Q ▶ f) ; g)``.

    Raises:
        NotComposable: when f does not end where g starts; the sentence shows both.
        NotParallel: when the two have parameters of different kinds.
    """
    of = _shared(f, g)
    if not of.category.same_object(f.cod, g.dom):
        raise NotComposable(
            f"A composite of parametric maps {f.signature} and {g.signature} was asked for: the first ends in {f.cod} "
            f"and the second starts in {g.dom}. Put a map {f.cod} → {g.dom} between them."
        )
    arrow = of.category.compose(of.chained(g.params, f.params, f.arrow), g.arrow)
    return ParaMap(of.joined(g.params, f.params), arrow, of)


def parallel(f: ParaMap, g: ParaMap) -> ParaMap:
    """``f`` and ``g`` side by side, with the parameters of both."""
    of = _shared(f, g)
    arrow = of.product(f.arrow, g.arrow, ((f.params, f.dom), (g.params, g.dom)))
    return ParaMap(of.joined(f.params, g.params), arrow, of)


def _shared(f: ParaMap, g: ParaMap) -> Actegory:
    if f.actegory != g.actegory:
        raise NotParallel(
            f"Parametric maps are composed within one Para, and the parameters of these act by {f.actegory} and by "
            f"{g.actegory}."
        )
    return f.actegory


def check_reparametrisation(actegory: Actegory, r: Any, new: Params, old: Params) -> None:
    """Refuse an arrow that does not go from the new parameters to the old ones; 2-cells point backwards (T0.3)."""
    category = actegory.category
    _need_arrow(r, actegory)
    wanted, found = (actegory.whole(new), actegory.whole(old)), (category.dom(r), category.cod(r))
    if all(map(category.same_object, wanted, found)):
        return
    turned = all(map(category.same_object, wanted, found[::-1]))
    remedy = (
        "It is the wrong way round: a 2-cell pulls back, from the new parameters to the old ones."
        if turned
        else f"Give an arrow {wanted[0]} → {wanted[1]}."
    )
    raise IllTyped(
        f"A reparametrisation from {actegory.written(new)} to {actegory.written(old)} is an arrow {wanted[0]} → "
        f"{wanted[1]}, and an arrow {found[0]} → {found[1]} was given. {remedy}"
    )


def _need_arrow(value: object, actegory: Actegory) -> None:
    try:
        actegory.category.dom(value)
    except (AttributeError, TypeError):
        raise IllTyped(f"An arrow of {actegory.category} is needed here, and {value!r} was given.") from None
