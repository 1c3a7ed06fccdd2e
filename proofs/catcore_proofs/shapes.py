"""Counterexamples among lists, trees, streams and other data: the smallest shapes, with generic labels.

Where an equation speaks of fixed points no finite set of values is all of them.  The equation is evaluated at the
smallest elements, whose labels are generic: two different results are a counterexample, since labels can be chosen
different.  An element of a greatest fixed point is itself generic, and results are compared by their first layers.
Hypotheses are not used here, so equations under hypotheses are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from catcore.arrows import subterms
from catcore.categories.finite_sets import Injected
from catcore.laws import Law
from catcore.objects import Mu, R, occurring
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, filled, flat, injections, packed, same
from catcore_proofs.kernel import Equation, Kernel
from catcore_proofs.specimens import differs
from catcore_proofs.translation import Untranslatable, arbitrary, named_statement
from catcore_proofs.verdicts import Counterexample

#: Constructors in an element, elements looked at, and evaluation steps.
LARGEST, LIMIT, STEPS = 14, 3_000, 4_000_000

#: How many ways to answer questions about the labels of one element are looked at.
ANSWERED = 32

#: How many layers of elements of greatest fixed points are looked at.
OBSERVED = 4

EMPTY: Mapping[str, Any] = MappingProxyType({})

#: The most elements of a finite set whose elements are specimens.
ELEMENTS = 64


def has_data(law: Law) -> bool:
    """Whether a law speaks of elements of a least fixed point, be it on the way from one end to the other."""
    return any(
        occurring(ob, Mu) for side in (law.lhs, law.rhs) for part in subterms(side) for ob in (part.dom, part.cod)
    )


def refute_by_shapes(law: Law, *, limit: int = LIMIT) -> Counterexample | None:
    """The smallest shapes of data at which the two sides of a law differ, or None; ``limit`` shapes are looked at."""
    if law.given or _has_one_vector_only(law):
        return None
    try:
        said, names = named_statement(law)
        if not arbitrary(names):
            return None
        kernel = Kernel(said["signature"], STEPS, said["functors"])
        equation = kernel.equation(said)
        if not all(map(_labelled, equation.kinds)) or not all(_inhabited(cod) for _, cod in kernel.signature.values()):
            return None
        found: list[Counterexample | None] = [None]

        def different(values: list[Value]) -> bool:
            found[0] = _difference(kernel, equation, values)
            return found[0] is not None

        differs(equation.kinds, different, kernel, largest=LARGEST, limit=limit)
        return found[0]
    except (Untranslatable, Rejected, RecursionError):
        return None


def _labelled(kind: Type) -> bool:
    """Whether elements of a type are data with labels that may all be different, whatever sets the atoms are.

    Functions into a set that may be empty, and fixed points with one element, are no labels.
    """
    match kind:
        case (("*" | "+"), left, right):
            return _labelled(left) and _labelled(right)
        case "μ", body:
            return _labelled(body)
        case "ν", ("+", *summands):
            return all(_inhabited(filled(summand, "1")) for summand in summands)
        case "ν", body:
            return any(factor[0] == "a" for factor in flat(body))
        case "^", base, exponent:
            return _inhabited(base) and _inhabited(exponent)
        case "f", size:
            return bool(size <= ELEMENTS)
    return str(kind[0]) != "T"


def _inhabited(kind: Type) -> bool:
    """Whether a type has elements as soon as the atoms have."""
    match kind:
        case "*", left, right:
            return _inhabited(left) and _inhabited(right)
        case "+", left, right:
            return _inhabited(left) or _inhabited(right)
        case "^", base, _:
            return _inhabited(base)
        case "μ" | "ν", body:
            return _inhabited(filled(body, "0"))
        case "f", size:
            return bool(size)
    return str(kind[0]) not in ("0", "T")


def _has_one_vector_only(law: Law) -> bool:
    """Whether a space of dimension 0 occurs, whose labels are all equal."""
    found = (ob for side in (law.lhs, law.rhs) for part in subterms(side) for ob in (part.dom, part.cod))
    return any(0 in space.args for ob in found for space in occurring(ob, R))


def _difference(
    kernel: Kernel, equation: Equation, values: list[Value], answers: Mapping[str, Any] = EMPTY, cases: int = ANSWERED
) -> Counterexample | None:
    """A difference of the two sides at some values, if there is one for some answers of arbitrary maps there.

    What an arbitrary map says at generic labels is its own choice, a different one at different labels.
    """
    try:
        sides = [equation.evaluate(side, values) for side in (0, 1)]
        for depth in range(1, OBSERVED + 1 if "ν" in repr(equation.cod) else 2):
            left, right = (_observed(kernel, side, equation.cod, depth) for side in sides)
            if not same(left, right):
                break
    except Split as split:
        return _answered(kernel, equation, values, answers, split, cases)
    if same(left, right) or not (_canonical(left) and _canonical(right)):
        return None
    elements = [show(kernel.reify(v, k)) for v, k in zip(values, equation.kinds, strict=True)]
    return Counterexample(
        elements[0] if len(elements) == 1 else tuple(elements), show(left), show(right), tables=answers
    )


def _answered(
    kernel: Kernel, equation: Equation, values: list[Value], answers: Mapping[str, Any], split: Split, cases: int
) -> Counterexample | None:
    """A difference under some answer to a question about labels."""
    ways = injections(split.kind)
    if len(ways) > cases or not _canonical(split.neutral):
        return None
    for payload, inject in ways:
        if payload is not None and not _inhabited(payload):
            continue
        with kernel.assuming({}):
            value = inject(("1",) if payload is None else packed(payload, iter(kernel.declare(flat(payload)))))
            kernel.known = {**kernel.known, split.neutral: value}
            more = {**answers, str(show(split.neutral)): show(kernel.reify(value, split.kind))}
            found = _difference(kernel, equation, values, more, cases // len(ways))
        if found is not None:
            return found
    return None


def _observed(kernel: Kernel, value: Value, kind: Type, depth: int) -> Normal:
    """A normal form in which elements of greatest fixed points are what is seen of them in their first layers."""
    if "ν" not in repr(kind):
        return kernel.reify(value, kind)
    match kind:
        case "*", left, right:
            return ("*", _observed(kernel, value[1], left, depth), _observed(kernel, value[2], right, depth))
        case "+", left, right:
            tag, payload = kernel.decide(value)
            return (tag, _observed(kernel, payload, left if tag == "l" else right, depth))
        case "ν", body:
            return ("seen", _observed(kernel, kernel.out(value), filled(body, kind), depth - 1)) if depth else ("seen",)
    return kernel.reify(value, kind)


def _canonical(normal: Normal) -> bool:
    """Whether a normal form is made of constructors, labels and their applications only.

    What is observed of a label of a greatest fixed point is a label again: all of it may be chosen.  But equal elements
    of such types, equal folds of unknown elements, and equal case distinctions inside functions may have different
    normal forms, so a difference between such forms refutes nothing.
    """
    return normal[0] in _CANONICAL and all(_canonical(part) for part in normal[1:] if isinstance(part, tuple))


_CANONICAL = frozenset(("1", "*", "l", "r", "n", "in", "v", "g", "@", "p1", "p2", "λ", "b", "out", "seen"))


def show(normal: Normal) -> Any:
    """A normal form as a Python value for display: labels are numbers, lists are lists."""
    match normal:
        case ("1",):
            return ()
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
            return f"{show(of)}.out"
        case ("g", name, argument):
            return f"{name}({show(argument)})"
        case ("@", function, argument):
            return f"{show(function)}({show(argument)})"
        case (("p1" | "p2") as which, pair):
            return f"{show(pair)}.{which[1]}"
    return "…"


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
