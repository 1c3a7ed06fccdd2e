"""A parametric map explains itself: its type, its parameters and what they cost, its boxes, and what is shared.

What it says is read off the term (FEATURES 55–61): a parameter that several boxes use is a tying class, and a part
without parameters says so.

>>> from catcore.arrows import generator
>>> from catcore.objects import R
>>> from catcore.para.maps import ParaMap
>>> from catcore.para.tying import tie
>>> cell = ParaMap(R(2, 2), generator("cell", R(2, 2) * R(2), R(2)))
>>> print(explain(tie(cell >> cell, [0, 0])))
ℝ[2] → ℝ[2] with parameter ℝ[2×2]
parameters, first layer first: 4 numbers, 16 B as float32
  θ1 : ℝ[2×2]  4 numbers, used by 2 boxes: cell, cell
boxes, in order:
  cell : θ1, ℝ[2] → ℝ[2]
  cell : θ1, ℝ[2] → ℝ[2]
tied: 8 numbers before, 4 after
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catcore.arrows import (
    Arrow,
    Case,
    Composite,
    Distribute,
    Ev,
    Fold,
    Fst,
    Identity,
    Inl,
    Inr,
    Pair,
    Snd,
    Terminal,
    Unfold,
    ident,
    subterms,
)
from catcore.datatypes.hylomorphisms import Hylo
from catcore.datatypes.parametric import shared_algebra, shared_coalgebra
from catcore.drawing.wiring import WiredBox, Wiring, wiring
from catcore.errors import IllTyped
from catcore.objects import Coproduct, Ob, One, Product
from catcore.para.cells import TwoCell
from catcore.para.combinators import branches
from catcore.para.counting import scalars, storage, storage_text
from catcore.para.maps import ParaMap
from catcore.para.observation import machine

_MOVING = Identity | Composite | Pair | Fst | Snd | Terminal | Inl | Inr | Case | Distribute
#: How many boxes are listed.
SHOWN = 40


def explain(value: ParaMap | TwoCell, *, dtype: str = "float32", shapes: Mapping[Any, Any] | None = None) -> str:
    """What a parametric map is made of; of a 2-cell, what its target is made of and what tying it saved.

    Args:
        value: the map, or the 2-cell.
        dtype: the type of numbers that storage is counted in.
        shapes: what atoms are; where a size is not known, it is not said.

    Raises:
        IllTyped: for anything else.
        UnknownName: for an unknown type of numbers.
    """
    storage(0, dtype)  # an unknown type of numbers is refused, also where sizes are not known
    f = value.target if isinstance(value, TwoCell) else value
    if not isinstance(f, ParaMap):
        raise IllTyped(f"An explanation of a parametric map or a 2-cell was asked for, and {value!r} was given.")
    return "\n".join([*_lines(f, dtype, shapes), *_saved(value, shapes)])


@dataclass(frozen=True)
class _Part:
    """A stretch of boxes with its title, and the parameter that each of some wires is a part of."""

    title: str
    wires: Wiring
    owner: Mapping[int, int]
    opened: frozenset[WiredBox] = frozenset()

    def users(self, number: int) -> list[str]:
        """The boxes that use a parameter, aside from those whose insides are parts of their own."""
        using = [b for b in self.wires.boxes if number in {self.owner.get(w) for w in b.inputs}]
        return [b.label for b in using if b not in self.opened and not _moves(b.term)]


def _lines(f: ParaMap, dtype: str, shapes: Mapping[Any, Any] | None) -> Iterator[str]:
    yield f.signature
    size = _said(lambda: f": {_numbers(f.count(shapes))}, {storage_text(f.storage(dtype, shapes))} as {dtype}")
    yield f"parameters, first layer first{size}" if f.params else "no parameters"
    parts = _parts(f)
    for k, number in enumerate(reversed(range(len(f.params)))):
        count = _said(lambda p=f.params[number]: f"  {_numbers(scalars(p, shapes))}")
        names = [name for part in parts for name in part.users(number)]
        what = f"used by {len(names)} box{'es' * (len(names) > 1)}: {', '.join(names[:6])}" if names else "not used"
        yield f"  θ{k + 1} : {f.params[number]}{count}, {what}{', …' if len(names) > 6 else ''}"
    for part in parts:
        yield f"{part.title}, in order:"
        yield from _boxes(f, part)


def _parts(f: ParaMap) -> list[_Part]:
    """The stretches of boxes that a map is made of: its branches or its step, and what its recursions are made of."""
    try:
        step = machine(f)
    except IllTyped:
        step = None
    if step is not None and step.kind != "stream":
        return _branched(f"at each step, from the state and {step.given}", step.step, _owners(f))
    return _branched("boxes", f, _owners(f))


def _branched(title: str, f: ParaMap, owner: Mapping[int, int]) -> list[_Part]:
    """The boxes of each branch of a map, and what their recursions are made of."""
    cases = (f,) if _opaque(f) else branches(f)
    found = []
    for case in cases:
        wires = wiring(case.arrow)
        where = title if len(cases) == 1 else _within(title, f"on {case.dom}")
        inner = {box: opened for box in wires.boxes if (opened := _opened(where, box, wires, owner))}
        found.append(_Part(where, wires, owner, frozenset(inner)))
        found += (part for parts in inner.values() for part in parts)
    return found


def _opaque(f: ParaMap) -> bool:
    """Whether a map out of a sum takes it as a whole somewhere, so that its branches are not known."""
    if not isinstance(f.dom, Coproduct):
        return False
    wires = wiring(f.arrow)
    sums = {wires.inputs[-1]}
    for box in wires.boxes:
        if not sums.isdisjoint(box.inputs):
            if isinstance(box.term, Distribute):
                sums.update(box.outputs)
            elif not isinstance(box.term, Case):
                return True
    return False


def _within(title: str, where: str) -> str:
    return where if title == "boxes" else f"{title}, {where}"


# ---- recursions and cases ----------------------------------------------------------------------------------------


def _opened(title: str, box: WiredBox, wires: Wiring, owner: Mapping[int, int]) -> list[_Part]:
    """What a box is made of when it is a recursion or a case distinction; nothing for other boxes.

    In a recursion parameters are the same everywhere.
    """
    given = [owner.get(w) for w in box.inputs]
    match box.term:
        case Case(args=sides) if not _moves(box.term):
            return _cases(title, box, wires, owner, sides)
        case Ev():
            made = next((b.term for b in wires.boxes if box.inputs[0] in b.outputs), None)
            algebra = shared_algebra(made) if isinstance(made, Fold) else None
            if made is not None and algebra is not None:
                return _inside(f"at each node of {made.dom}", algebra, 1, given[1:])
        case Fold(args=(fixed, algebra)):
            if shared_algebra(box.term) is None:
                return _inside(f"at each node of {fixed}", algebra, 0, given)
        case Unfold(args=(fixed, coalgebra)):
            cell = shared_coalgebra(box.term)
            return _unfolded(fixed, cell or coalgebra, int(cell is not None), given)
        case Hylo():
            return _asked_and_answered(box.term, given)
    return []


def _cases(title: str, box: WiredBox, wires: Wiring, owner: Mapping[int, int], sides: Sequence[Arrow]) -> list[_Part]:
    """The branches of a case distinction that compute something, with what is handed to both by a distribution."""
    handed = _handed(box, wires)
    given = [owner.get(w) for w in handed.inputs[:-1]] if handed else []
    found = []
    for side, choice in zip(sides, _choices(box, wires), strict=True):
        inside = _inside(_within(title, f"case {choice}"), side, 0, given, same="")
        found += [part for part in inside if any(not _moves(b.term) for b in part.wires.boxes)]
    return found


def _handed(box: WiredBox, wires: Wiring) -> WiredBox | None:
    """The distribution that hands something to all branches of a case distinction, where there is one."""
    return next((b for b in wires.boxes if isinstance(b.term, Distribute) and b.outputs == box.inputs), None)


def _choices(box: WiredBox, wires: Wiring) -> list[Ob]:
    """What a case distinction distinguishes, without what is handed to all branches."""
    handed = _handed(box, wires)
    return [side.dom.args[1] if handed else side.dom for side in box.term.args]


def _inside(
    title: str, arrow: Arrow, count: int, given: Sequence[int | None], *, same: str = ", with the same parameters"
) -> list[_Part]:
    """The parts of an arrow whose first so many factors are parameters; ``given`` are the owners of its first wires."""
    owner = {wire: number for wire, number in enumerate(given) if number is not None}
    return _branched(f"{title}{same}" if owner else title, ParaMap(_factors(arrow.dom, count), arrow), owner)


def _factors(ob: Ob, count: int) -> tuple[Ob, ...]:
    """The first so many factors of a right-nested product."""
    return (ob.args[0], *_factors(ob.args[1], count - 1)) if count else ()


def _unfolded(fixed: Ob, cell: Arrow, count: int, given: Sequence[int | None]) -> list[_Part]:
    coalgebra = ParaMap(_factors(cell.dom, count), cell)
    try:
        step = machine(coalgebra)
    except IllTyped:
        return _inside(f"at each layer of {fixed}, from the state", cell, count, given)
    read = "" if step.given is One else f" and {step.given}"
    return _inside(f"at each step, from the state{read}", step.step.arrow, count, given)


def _asked_and_answered(h: Hylo, given: Sequence[int | None]) -> list[_Part]:
    """The coalgebra of a hylomorphism, and its algebra; parameters of this are labels that the coalgebra hands on."""
    asked = wiring(h.coalgebra)
    handed = [given[w] if w in asked.inputs else None for w in asked.outputs]
    layer, wire, count = h.coalgebra.cod, 0, 0
    while isinstance(layer, Product) and (width := len(wiring(ident(layer.left)).inputs)):
        if None in handed[wire : wire + width]:
            break
        layer, wire, count = layer.right, wire + width, count + 1
    states = _inside("at each state", h.coalgebra, 0, given)
    return states + _inside("at each layer of answers", h.algebra, count, handed[:wire])


# ---- boxes -------------------------------------------------------------------------------------------------------


def _boxes(f: ParaMap, part: _Part) -> Iterator[str]:
    wires, owner = part.wires, part.owner

    def ends(box: WiredBox) -> str:
        handed = _handed(box, wires) if isinstance(box.term, Case) else None
        inputs = (handed or box).inputs
        words = [f"θ{len(f.params) - owner[w]}" if w in owner else str(wires.objects[w]) for w in inputs]
        return f"{', '.join(words) or '1'} → {', '.join(str(wires.objects[w]) for w in box.outputs) or '1'}"

    shown = [box for box in wires.boxes if not _moves(box.term)]
    for box in shown[:SHOWN]:
        yield f"  {_label(box, wires)} : {ends(box)}"
    if len(shown) > SHOWN:
        yield f"  … {len(shown) - SHOWN} more"


def _label(box: WiredBox, wires: Wiring) -> str:
    """The name of a box; a case distinction is called by what it distinguishes, as its branches are shown apart."""
    return f"case {' | '.join(map(str, _choices(box, wires)))}" if isinstance(box.term, Case) else box.label


@lru_cache(maxsize=4096)
def _moves(term: Arrow) -> bool:
    """Whether a term only says which branch is taken and where its parts go."""
    return isinstance(term, Case | Distribute | Inl | Inr) and all(isinstance(part, _MOVING) for part in subterms(term))


def _owners(f: ParaMap) -> dict[int, int]:
    """The number of the parameter that each of the first wires is a part of."""
    found: dict[int, int] = {}
    for number, p in enumerate(f.params):
        for _ in wiring(f.actegory.category.identity(p)).inputs:
            found[len(found)] = number
    return found


def _saved(value: ParaMap | TwoCell, shapes: Mapping[Any, Any] | None) -> Iterator[str]:
    if isinstance(value, TwoCell):
        text = _said(lambda: f"tied: {_numbers(value.counts(shapes)[0])} before, {value.counts(shapes)[1]} after")
        if text:
            yield text


def _numbers(count: int) -> str:
    return f"{count} number{'s' * (count != 1)}"


def _said(text: Any) -> str:
    """A text about sizes, or nothing where a size is not known."""
    try:
        return str(text())
    except IllTyped:
        return ""
