"""Counterexamples among lists, trees, streams and other data: the smallest shapes, with generic labels.

Where an equation speaks of fixed points no finite set of values is all of them.  The equation is evaluated at the
smallest elements, whose labels are generic: elements of the sets of terms of :mod:`catcore_proofs.term_model`.  Two
results that are seen to differ are a counterexample, in that model; what was left out on the way to it is noted.
Hypotheses are not used here, so equations under hypotheses are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from catcore.arrows import subterms
from catcore.categories.finite_sets import Injected, shown
from catcore.laws import Law
from catcore.objects import Mu, Ob, R, occurring
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, same
from catcore_proofs.kernel import Equation
from catcore_proofs.refutation import Refutation
from catcore_proofs.specimens import complete, differs
from catcore_proofs.term_model import LAYERS, SEEN, TermModel
from catcore_proofs.translation import Untranslatable, arbitrary, named_statement
from catcore_proofs.verdicts import Counterexample

#: Constructors in an element, elements looked at, and evaluation steps.
LARGEST, LIMIT, STEPS = 14, 3_000, 4_000_000

#: How many ways to answer questions about the labels of one element are looked at.
ANSWERED = 32

EMPTY: Mapping[str, Any] = MappingProxyType({})

#: How many values of a function are shown.
IMAGES = 3


def has_data(law: Law) -> bool:
    """Whether a law speaks of elements of a least fixed point, be it on the way from one end to the other."""
    return mentions(law, Mu)


def mentions(law: Law, kind: type[Ob]) -> bool:
    """Whether a law speaks of objects of a kind, be it inside of others."""
    return any(
        occurring(ob, kind) for side in (law.lhs, law.rhs) for part in subterms(side) for ob in (part.dom, part.cod)
    )


def refute_by_shapes(law: Law, *, limit: int = LIMIT) -> Refutation:
    """Look for the smallest shapes of data at which the two sides of a law differ; ``limit`` shapes are looked at.

    It is the smallest one when all elements with fewer constructors were looked at, and nothing of them was left out:
    no answers of arbitrary maps, no arguments of functions, no layers of elements of greatest fixed points.
    """
    if law.given or _has_one_vector_only(law):
        return Refutation(
            None, False, "no shapes of data were tried, because of a hypothesis or a space with one vector"
        )
    try:
        said, names = named_statement(law)
        if not arbitrary(names):
            return Refutation(None, False, "no shapes of data were tried, because of a map that is not arbitrary")
        return _among_shapes(said, limit)
    except (Untranslatable, Rejected, RecursionError) as error:
        return Refutation(None, False, f"the search among shapes of data ended early: {error}")


def _among_shapes(said: dict[str, Any], limit: int) -> Refutation:
    model = TermModel(said["signature"], STEPS, said["functors"])
    equation = model.equation(said)
    found: Counterexample | None = None
    whole = True

    def different(values: list[Value]) -> bool:
        nonlocal found, whole
        whole = model.complete
        found = _difference(model, equation, values)
        return found is not None

    size = differs(equation.kinds, different, model, largest=LARGEST, limit=limit)
    if size is None:
        return Refutation(None, False, f"the smallest shapes of data were tried, {limit} at most, with generic labels")
    return Refutation(found, whole and complete(equation.kinds, size - 1), "", otherwise="symbolic")


def _has_one_vector_only(law: Law) -> bool:
    """Whether a space of dimension 0 occurs, whose labels are all equal."""
    found = (ob for side in (law.lhs, law.rhs) for part in subterms(side) for ob in (part.dom, part.cod))
    return any(0 in space.args for ob in found for space in occurring(ob, R))


def _difference(
    model: TermModel, equation: Equation, values: list[Value], answers: Mapping[str, Any] = EMPTY,
    cases: int = ANSWERED,
) -> Counterexample | None:  # fmt: skip
    """A difference of the two sides at some values, if there is one for some answers of arbitrary maps there."""
    try:
        sides = [equation.evaluate(side, values) for side in (0, 1)]
        for layers in range(1, LAYERS + 1 if "ν" in repr(equation.cod) else 2):
            left, right = (model.seen(side, equation.cod, layers) for side in sides)
            if not same(left, right):
                return Counterexample(_elements(model, equation, values), show(left), show(right), tables=answers)
    except Split as split:
        return _answered(model, equation, values, answers, split, cases)
    return None


def _answered(
    model: TermModel, equation: Equation, values: list[Value], answers: Mapping[str, Any], split: Split, cases: int
) -> Counterexample | None:
    """A difference under some answer to a question."""
    possible = model.answers(split.kind)
    ways = possible[:cases]
    model.complete = model.complete and len(ways) == len(possible)
    for make in ways:
        with model.assuming({}):
            value = make(model)
            model.known = {**model.known, split.neutral: value}
            more = {**answers, str(show(split.neutral)): show(_shown(model, value, split.kind))}
            found = _difference(model, equation, values, more, cases // len(ways))
        if found is not None:
            return found
    return None


def _elements(model: TermModel, equation: Equation, values: list[Value]) -> Any:
    """The values of the variables, for display."""
    elements = [show(_shown(model, v, k)) for v, k in zip(values, equation.kinds, strict=True)]
    return elements[0] if len(elements) == 1 else tuple(elements)


def _shown(model: TermModel, value: Value, kind: Type) -> Normal:
    """What is seen of an element, where what has not been asked is left open."""
    with model.leaving_sums():
        return model.seen(value, kind, LAYERS)


class Text(str):
    """What is shown without quotation marks, inside of a list as well."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def show(normal: Normal) -> Any:
    """A normal form as a Python value for display: labels are numbers, lists are lists."""
    match normal:
        case ("1",):
            return ()
        case ("v", number) if number >= SEEN:
            return Text(f"x{number - SEEN}")
        case ("*", a, b):
            return show(a), show(b)
        case (("l" | "r") as tag, payload):
            return Injected("inl" if tag == "l" else "inr", show(payload))
        case (("n" | "v"), number):
            return number
        case ("in", layer):
            return _data(layer)
        case ("seen", _):
            return _layers(normal)
        case ("out", of):
            return Text(f"{show(of)}.out")
        case ("g", name, argument):
            return Text(f"{name}({shown(show(argument))})")
        case ("@", function, argument):
            return Text(f"{show(function)}({shown(show(argument))})")
        case (("p1" | "p2") as which, pair):
            return Text(f"{show(pair)}.{which[1]}")
        case ("λ", *images):
            known = [shown(show(image)) for image in images[:IMAGES]]
            return Text(f"(x ↦ {' | '.join(known + ['…'] * (len(images) > IMAGES))})" if known else "{}")
    return Text("…")


def _layers(normal: Normal) -> Any:
    """What is seen of an element of a greatest fixed point; what looks like a list is shown as one."""
    items: list[Any] = []
    while normal[0] == "seen" and len(normal) == 2 and normal[1][0] == "*":
        items.append(show(normal[1][1]))
        normal = normal[1][2]
    return [*items, show(normal)] if items else ("out", show(normal[1]))


def _data(layer: Normal) -> Any:
    """A constructor's layer; what looks like a list is shown as one."""
    items: list[Any] = []
    while layer[0] == "r" and layer[1][0] == "*" and layer[1][2][0] == "in":
        items.append(show(layer[1][1]))
        layer = layer[1][2][1]
    if layer == ("l", ("1",)):
        return items
    if layer[0] == "l" and items and not isinstance(layer[1], str):
        return [*items, show(layer[1])]
    return ("in", *items, show(layer))
