"""Goals as they are written on a board: names for variables, operations, recursions and types.

The kernel's normal forms have numbered variables and anonymous folds.  Here a variable gets a name after its type
(``a`` for an element of A, ``xs`` for a list, ``f`` for a function), an operation with a name made of symbols stands
between its arguments, and a fold gets the name that the user has for it, or a Greek letter with a legend.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catcore import arrows as ar
from catcore.errors import IllTyped
from catcore.laws import Law
from catcore.objects import Ob
from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Rejected, Type, filled, injections
from catcore_proofs.kernel import Kernel
from catcore_proofs.syntax import bears
from catcore_proofs.translation import Translator, Untranslatable
from catcore_proofs.translation import kind as kind_of

GREEK = "φψχθωρστ"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

#: How sums and products of types are written, and how tightly they bind.
BINARY = {"+": ("+", 1), "*": ("×", 2)}

#: How tightly a piece of text holds together: a binder, an operation between two arguments, anything else.
LOOSE, INFIX, TIGHT = range(3)

Bound = tuple[tuple[str, Type], ...]
Child = tuple[Normal, Type, Bound]


def spelled(text: str) -> str:
    """A text as one types it: without spaces, and with digits on the line."""
    return "".join(text.translate(PLAIN).split())


@dataclass(frozen=True)
class Notation:
    """The names of a statement's operations, recursions and types; ``legend`` explains those that were made up."""

    operations: Mapping[str, str]
    recursions: Mapping[Any, str]
    types: Mapping[Type, str]
    legend: tuple[tuple[str, str], ...] = ()

    def object(self, thing: Ob) -> str:
        """An object as a set."""
        return self.kind(kind_of(thing))

    def kind(self, kind: Type, depth: int = 0, *, level: int = 0) -> str:
        """A type as a set."""
        if (name := self.types.get(kind)) is not None:
            return name
        if isinstance(kind, str):
            return kind
        head, *parts = kind
        match head:
            case "a" | "f":
                return str(parts[0]).strip()
            case "h":
                return "XYZUVW"[(depth - 1 - parts[0]) % 6]
            case "T":
                return f"{parts[0]}({self.kind(parts[1], depth)})"
            case "^":
                text, own = f"{self.kind(parts[0], depth, level=4)}^{self.kind(parts[1], depth, level=4)}", 3
            case "μ" | "ν":
                text, own = f"{head}{'XYZUVW'[depth % 6]}. {self.kind(parts[0], depth + 1)}", 0
            case _:
                sign, own = BINARY[head]
                text = f"{self.kind(parts[0], depth, level=own)} {sign} {self.kind(parts[1], depth, level=own + 1)}"
        return f"({text})" if own < level else text


def notation(law: Law, signature: Mapping[str, Any], names: Mapping[str, Any]) -> Notation:
    """The notation of a law.

    Args:
        law: the law.
        signature: the kernel's names of its generators.
        names: what the user calls an object, a generator, or an arrow that recurses.

    Raises:
        IllTyped: when something without a name of its own is to be named.
    """
    operations, types, recursions = _operations(signature), {}, {}
    for name, thing in names.items():
        if isinstance(thing, Ob):
            types[kind_of(thing)] = name
        elif isinstance(thing, ar.Generator):
            operations[thing.name] = name
        elif isinstance(thing, ar.Arrow) and (found := _recursion(thing)) is not None:
            recursions[found] = name
        else:
            raise IllTyped(
                f"The name {name!r} was given to {thing!r}; a name belongs to an object, to a generator, or to an "
                "arrow that contains a fold or an unfold."
            )
    legend = []
    letters = _unused(GREEK, {*operations.values(), *recursions.values()})
    for arrow in _recursive(law):
        term = _recursion(arrow)
        if term is not None and term not in recursions:
            recursions[term] = next(letters)
            legend.append((recursions[term], str(arrow)))
    return Notation(operations, recursions, types, tuple(legend))


def _operations(signature: Mapping[str, Any]) -> dict[str, str]:
    """The names of the operations; those of the only monoid there is are written as one writes a product."""
    names = {name: name for name in signature}
    for last, written in (("mult", "·"), ("unit", "e")):
        found = [name for name in signature if name.rpartition(".")[2] == last and name != last]
        if len(found) == 1 and written not in names:
            names[found[0]] = written
    return names


def _recursive(law: Law) -> Iterator[ar.Arrow]:
    """The folds and unfolds of a law and its hypotheses, those in actions of functors included."""
    todo = [side for equation in (law, *law.given) for side in (equation.lhs, equation.rhs)]
    for side in todo:
        for term in ar.subterms(side):
            if isinstance(term, ar.Action):
                todo.append(term.expanded()) if term.expanded() is not term else None
            if isinstance(term, ar.Fold | ar.Unfold | ar.Action):
                yield term


def _recursion(arrow: ar.Arrow) -> Any:
    """The kernel's term for the first fold or unfold in an arrow; None when there is none."""
    try:
        todo = [Translator().term(arrow)]
    except Untranslatable:
        return None
    while todo:
        term = todo.pop()
        if isinstance(term, tuple) and term:
            if term[0] in ("fold", "unfold") and len(term) == 4:
                return term
            todo += reversed(term)
    return None


def _unused(letters: Iterable[str], taken: set[str]) -> Iterator[str]:
    for number in it.count():
        for letter in letters:
            name = letter + (str(number).translate(SUBSCRIPTS) if number else "")
            if name not in taken:
                yield name


class Writer:
    """Writes normal forms in the present context of a kernel."""

    def __init__(self, kernel: Kernel, notation: Notation, names: tuple[str, ...] = ()) -> None:
        self.kernel, self.notation = kernel, notation
        self.names: list[str] = list(names)
        self._name_variables()

    def _name_variables(self) -> None:
        context = self.kernel.context
        parents = {
            number: fact[1]
            for fact, value in self.kernel.known.items()
            if fact[0] == "v"
            for number in _numbers_in(value)
            if number > fact[1]
        }
        for i in range(len(self.names), len(context)):
            like = parents.get(i)
            while like is not None and context[like] != context[i]:
                like = parents.get(like)
            self.names.append("∗" if context[i] == "1" else self._fresh(context[i], self.names, like))

    def _fresh(self, kind: Type, used: Iterable[str], like: int | None = None) -> str:
        taken = {*used, *self.notation.operations.values(), *self.notation.recursions.values(), *self.kernel.functors}
        stems = (self.names[like].rstrip("₀₁₂₃₄₅₆₇₈₉"),) if like is not None else _stems(kind)
        return next(_unused(stems, taken))

    def text(self, normal: Normal, kind: Type, bound: Bound = ()) -> str:
        """A normal form of a type as an expression."""
        return self._written(normal, kind, bound)[0]

    def inside(self, normal: Normal, kind: Type, bound: Bound = ()) -> list[Child]:
        """The normal forms directly inside a normal form, with their types and the variables bound around them."""
        match normal:
            case ("*", a, b):
                return [(a, kind[1], bound), (b, kind[2], bound)]
            case (("l" | "r") as side, a):
                return [(a, kind[1 if side == "l" else 2], bound)]
            case ("in", layer):
                return [(layer, filled(kind[1], kind), bound)]
            case ("η", a):
                return [(a, kind[2], bound)]
            case ("λ", body):
                return [(body, kind[1], self._bind(kind[2], bound))]
            case (("bind" | "map") as head, element, body):
                of = self._kind(element, bound)
                return [(element, of, bound), (body, kind if head == "bind" else kind[2], self._bind(of[2], bound))]
            case (("case" | "switch"), neutral, *branches):
                of = self._kind(neutral, bound)
                payloads = [payload for payload, _ in injections(of)]
                ways = [bound if p is None else self._bind(p, bound) for p in payloads]
                return [(neutral, of, bound), *((b, kind, way) for b, way in zip(branches, ways, strict=True))]
            case (("p1" | "p2" | "out"), part):
                return [(part, self._kind(part, bound), bound)]
            case ("@", function, argument):
                of = self._kind(function, bound)
                return [(function, of, bound), (argument, of[2], bound)]
            case ("g", name, argument):
                return [(argument, self.kernel.signature[name][0], bound)]
            case ("fold", term, argument):
                return [(argument, term[1], bound)]
            case ("unfold", term, argument):
                return [(argument, term[3], bound)]
        return []

    def _kind(self, neutral: Normal, bound: Bound) -> Type:
        return self.kernel.synthesise(neutral, tuple(kind for _, kind in bound))

    def _bind(self, kind: Type, bound: Bound) -> Bound:
        return ((self._fresh(kind, [*self.names, *(name for name, _ in bound)]), kind), *bound)

    def _written(self, normal: Normal, kind: Type, bound: Bound) -> tuple[str, int]:
        """The text of a normal form, and how tightly it holds together; every part is written once."""
        shorter = _contracted(normal)
        if shorter is not None:
            return self._written(shorter, kind, bound)
        parts = self.inside(normal, kind, bound)
        match normal[0]:
            case "v":
                return self.names[normal[1]], TIGHT
            case "b":
                return bound[normal[1]][0], TIGHT
            case "1":
                return "∗", TIGHT
            case "n":
                return str(normal[1]), TIGHT
            case "*":
                return f"({', '.join(self.text(*part) for part in parts)})", TIGHT
            case "l" | "r":
                name = "ι₁" if normal[0] == "l" else "ι₂"
                return (name if normal[1] == ("1",) else name + self._argument(parts[0])), TIGHT
            case "in":
                return self._constructed(normal[1], kind, bound)
            case "η":
                return f"{kind[1]}.unit({self.text(*parts[0])})", TIGHT
            case "λ":
                return f"{_binder(parts[0])} ↦ {self.text(*parts[0])}", LOOSE
            case "bind" | "map":
                return self._bound(normal, kind, parts)
            case "case" | "switch":
                return self._cases(parts)
            case "p1" | "p2":
                return f"{self._held(parts[0])}.{normal[0][1]}", TIGHT
            case "out":
                return f"out({self.text(*parts[0])})", TIGHT
            case "@":
                return self._applied(parts)
            case "g":
                return self._operation(self.notation.operations.get(normal[1], normal[1]), parts[0])
            case "fold" | "unfold":
                return self.notation.recursions.get(normal[1], normal[0]) + self._argument(parts[0]), TIGHT
        raise Rejected(f"{normal[0]!r} heads no normal form")

    def _held(self, part: Child, level: int = TIGHT) -> str:
        """The text of a part, in brackets when it would fall apart."""
        text, own = self._written(*part)
        return text if own >= level else f"({text})"

    def _argument(self, part: Child) -> str:
        text = self.text(*part)
        return text if part[0][0] == "*" and text.startswith("(") else f"({text})"

    def _operation(self, name: str, argument: Child) -> tuple[str, int]:
        """An operation before its arguments, or between them when its name is made of symbols."""
        if argument[0] == ("1",):
            return name, TIGHT
        if _symbolic(name) and argument[0][0] == "*":
            one, other = map(self._held, self.inside(*argument))
            return f"{one} {name} {other}", INFIX
        return name + self._argument(argument), TIGHT

    def _applied(self, parts: list[Child]) -> tuple[str, int]:
        function, argument = parts
        if function[0][0] == "fold" and _symbolic(name := self.notation.recursions.get(function[0][1], "")):
            return f"{self._held(self.inside(*function)[0])} {name} {self._held(argument)}", INFIX
        return self._held(function) + self._argument(argument), TIGHT

    def _bound(self, normal: Normal, kind: Type, parts: list[Child]) -> tuple[str, int]:
        """An element of a functor or monad with what is done to what it holds."""
        maps = normal[0] == "map" or normal[2][0] == "η"
        image = self.inside(*parts[1])[0] if maps and normal[0] == "bind" else parts[1]
        if maps and (_contracted(image[0]) or image[0]) == ("b", 0):
            return self._written(*parts[0])
        if maps:
            return f"{kind[1]}({_binder(parts[1])} ↦ {self.text(*image)})({self.text(*parts[0])})", TIGHT
        return f"{self._held(parts[0])} >>= {_binder(parts[1])} ↦ {self.text(*parts[1])}", LOOSE

    def _cases(self, parts: list[Child]) -> tuple[str, int]:
        (subject, kind, bound), *branches = parts
        shown = []
        for number, branch in enumerate(branches):
            if kind[0] == "+":
                name = "" if kind[1 + number] == "1" else f"({_binder(branch)})"
                shown.append(f"ι{'₁₂'[number]}{name} ⇒ {self._held(branch, INFIX)}")
            else:
                shown.append(f"{number} ⇒ {self._held(branch, INFIX)}")
        return f"case {self.text(subject, kind, bound)} of {' | '.join(shown)}", LOOSE

    def _constructed(self, layer: Normal, kind: Type, bound: Bound) -> tuple[str, int]:
        """A constructor: lists and numerals are written as such."""
        whole = filled(kind[1], kind)
        if _numerals(kind) and layer[0] in "lr":
            return self._numeral(layer, kind, bound)
        if _lists(kind) and layer[0] == "l":
            return "[]", TIGHT
        if _lists(kind) and layer[0] == "r" and layer[1][0] == "*":
            head, tail = layer[1][1:]
            rest = self._written(tail, kind, bound)
            chained = tail[0] == "in" or rest[1] == TIGHT
            return f"{self._held((head, whole[2][1], bound))} :: {rest[0] if chained else f'({rest[0]})'}", INFIX
        return "in" + self._argument((layer, whole, bound)), TIGHT

    def _numeral(self, layer: Normal, kind: Type, bound: Bound) -> tuple[str, int]:
        count, below = 0, ("in", layer)
        while below[0] == "in" and below[1][0] == "r":
            count, below = count + 1, below[1][1]
        if below == ("in", ("l", ("1",))):
            return str(count), TIGHT
        return f"{self._held((below, kind, bound))} + {count}", INFIX


def _contracted(normal: Normal) -> Normal | None:
    """What a pair of projections or the function that applies a function is short for; None for anything else."""
    match normal:
        case ("*", ("p1", one), ("p2", other)) if one == other:
            return one  # type: ignore[no-any-return]
        case ("*", one, other) if (both := (_contracted(one) or one, _contracted(other) or other)) != (one, other):
            return _contracted(("*", *both))
        case ("λ", ("@", function, ("b", 0))) if function[0] in ("v", "g", "p1", "p2") and terms.closed(function):
            return function  # type: ignore[no-any-return]
    return None


def _binder(part: Child) -> str:
    """The name of the variable bound around a part."""
    return part[2][0][0]


def _symbolic(name: str) -> bool:
    return bool(name) and not any(c.isalnum() or c in "_()[]. " for c in name)


def _lists(kind: Type) -> bool:
    match kind:
        case ("μ", ("+", "1", ("*", label, ("h", 0)))):
            return not bears(label)
    return False


def _numerals(kind: Type) -> bool:
    return bool(kind == ("μ", ("+", "1", ("h", 0))))


def _stems(kind: Type) -> tuple[str, ...]:
    """Letters for the elements of a type."""
    match kind[0]:
        case "a":
            first = kind[1][:1].lower()
            return (first if first.isalpha() else "x",)
        case "μ" if _lists(kind):
            return ("xs", "ys", "zs")
        case "μ" if _numerals(kind):
            return ("n", "m", "k")
        case "^":
            return ("f", "g", "h", "k")
        case "μ" | "T":
            return ("t", "u", "w")
        case "ν":
            return ("s", "t", "r")
    return ("x", "y", "z")


def _numbers_in(value: Any) -> Iterator[int]:
    """The variables in a value, as far as they are visible without evaluating functions."""
    if isinstance(value, tuple):
        if len(value) == 2 and value[0] == "v" and isinstance(value[1], int):
            yield value[1]
        for part in value:
            yield from _numbers_in(part)
