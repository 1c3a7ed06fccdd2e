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

from collections.abc import Iterator, Mapping
from typing import Any

from catcore.arrows import Arrow, Fold, ident, subterms
from catcore.datatypes.parametric import shared_algebra
from catcore.drawing.wiring import WiredBox, Wiring, wiring
from catcore.errors import IllTyped
from catcore.para.cells import TwoCell
from catcore.para.combinators import branches
from catcore.para.counting import scalars, storage, storage_text
from catcore.para.maps import ParaMap
from catcore.para.observation import machine

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


def _lines(f: ParaMap, dtype: str, shapes: Mapping[Any, Any] | None) -> Iterator[str]:
    yield f.signature
    size = _said(lambda: f": {f.count(shapes)} numbers, {storage_text(f.storage(dtype, shapes))} as {dtype}")
    yield f"parameters, first layer first{size}" if f.params else "no parameters"
    parts = _parts(f)
    owner = _owners(f)
    for k, number in enumerate(reversed(range(len(f.params)))):
        count = _said(lambda p=f.params[number]: f"  {scalars(p, shapes)} numbers")
        names = [box.label for _, wires in parts for box in wires.boxes if number in {owner.get(w) for w in box.inputs}]
        names = [name for name in names if name != "ev"] or names  # where functions of parameters are applied
        what = f"used by {len(names)} box{'es' * (len(names) > 1)}: {', '.join(names[:6])}" if names else "not used"
        yield f"  θ{k + 1} : {f.params[number]}{count}, {what}{', …' if len(names) > 6 else ''}"
    for title, wires in parts:
        yield f"{title}, in order:"
        yield from _boxes(f, wires, owner)


def _parts(f: ParaMap) -> list[tuple[str, Wiring]]:
    """The stretches of boxes that a map is made of: its branches, its step, and the cells of its folds."""
    try:
        step = machine(f)
    except IllTyped:
        step = None
    if step is not None and step.kind != "stream":
        return _branched(f"at each step, from the state and {step.given}", step.step)
    found = _branched("boxes", f)
    for term in subterms(f.arrow) if isinstance(f.arrow, Arrow) else ():
        algebra = shared_algebra(term) if isinstance(term, Fold) else None
        if algebra is not None and f.params and algebra.dom.args[0] is f.whole:
            cell = ParaMap((f.whole,), algebra).reparametrised(f.params, ident(f.whole))
            found += _branched(f"at each node of {term.dom}, with the same parameters", cell)
    return found


def _branched(title: str, f: ParaMap) -> list[tuple[str, Wiring]]:
    """The boxes of each branch of a map."""
    cases = branches(f)
    if len(cases) == 1:
        return [(title, wiring(f.arrow))]
    where = "" if title == "boxes" else f"{title}, "
    return [(f"{where}on {case.dom}", wiring(case.arrow)) for case in cases]


def _boxes(f: ParaMap, wires: Wiring, owner: dict[int, int]) -> Iterator[str]:
    def ends(box: WiredBox) -> str:
        words = [f"θ{len(f.params) - owner[w]}" if w in owner else str(wires.objects[w]) for w in box.inputs]
        return f"{', '.join(words) or '1'} → {', '.join(str(wires.objects[w]) for w in box.outputs) or '1'}"

    for box in wires.boxes[:SHOWN]:
        yield f"  {box.label} : {ends(box)}"
    if len(wires.boxes) > SHOWN:
        yield f"  … {len(wires.boxes) - SHOWN} more"


def _owners(f: ParaMap) -> dict[int, int]:
    """The number of the parameter that each of the first wires is a part of."""
    found: dict[int, int] = {}
    for number, p in enumerate(f.params):
        for _ in wiring(f.actegory.category.identity(p)).inputs:
            found[len(found)] = number
    return found


def _saved(value: ParaMap | TwoCell, shapes: Mapping[Any, Any] | None) -> Iterator[str]:
    if isinstance(value, TwoCell):
        text = _said(lambda: "tied: {} numbers before, {} after".format(*value.counts(shapes)))
        if text:
            yield text


def _said(text: Any) -> str:
    """A text about sizes, or nothing where a size is not known."""
    try:
        return str(text())
    except IllTyped:
        return ""
