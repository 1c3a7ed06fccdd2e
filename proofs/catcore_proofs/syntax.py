"""Types and normal forms of the kernel's language: what needs no evaluation.

Types are ``"0"``, ``"1"``, ``["a", name]`` for an arbitrary set, ``["f", n]``, ``["*", A, B]``, ``["+", A, B]``,
``["^", B, A]``, the fixed points ``["μ", F]`` and ``["ν", F]``, in whose bodies ``["h", i]`` is the variable bound i
fixed points further out, and ``["T", name, A]`` for an arbitrary functor or monad applied to a type.  Normal forms are
nested tuples headed by ``1 * l r n in η bind map λ case switch`` and, for neutral elements, by
``v b p1 p2 @ g fold out unfold``; a bound variable ``["b", i]`` counts binders from the inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

Type = Any
Normal = tuple[Any, ...]
Value = tuple[Any, ...]

UNIT: Value = ("1",)

#: The largest finite set whose elements are told apart one by one, and the deepest nesting of a neutral element.
CASES, DEPTH = 10_000, 5_000


class Rejected(Exception):
    """The certificate does not prove its statement."""


class Split(Exception):
    """Evaluation needs to know which case a neutral element of a sum is in."""

    def __init__(self, neutral: Normal, kind: Type) -> None:
        super().__init__("a case distinction is needed")
        self.neutral, self.kind = neutral, kind


class Recursor(tuple[Any, ...]):
    """The term of a fold or an unfold: closed, so nothing is put into it, and large, so its hash is kept."""

    def __hash__(self) -> int:
        found: int | None = self.__dict__.get("hash")
        if found is None:
            found = self.__dict__["hash"] = super().__hash__()
        return found

    def __eq__(self, other: object) -> bool:
        return self is other or (hash(self) == hash(other) and super().__eq__(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __reduce__(self) -> Any:
        return Recursor, (tuple(self),)


@lru_cache(maxsize=4096)
def recursor(term: tuple[Any, ...]) -> Recursor:
    """The one copy of the term of a fold or an unfold."""
    return Recursor(term)


def freeze(value: Any) -> Any:
    """Lists as tuples, all the way down; terms of folds and unfolds are shared."""
    if isinstance(value, Recursor) or not isinstance(value, list | tuple):
        return value
    found = tuple(freeze(v) for v in value)
    return recursor(found) if len(found) == 4 and found[0] in ("fold", "unfold") else found


def need(condition: bool, message: str) -> None:
    """Reject unless a condition holds."""
    if not condition:
        raise Rejected(message)


def injections(kind: Type) -> list[tuple[Type | None, Callable[[Value], Value]]]:
    """The ways to be an element of a sum, a finite set or the empty set: type of the payload, and injection."""
    match kind[0]:
        case "0":
            return []
        case "f":
            need(kind[1] <= CASES, f"a finite set of {str(kind[1])[:20]} elements is too large for a case distinction")
            return [(None, lambda _, i=i: ("n", i)) for i in range(kind[1])]  # type: ignore[misc]
        case "+":
            return [(kind[1], lambda v: ("l", v)), (kind[2], lambda v: ("r", v))]
    raise Rejected("a case distinction on an element of something that is no sum")


def flat(kind: Type) -> tuple[Type, ...]:
    """The factors of a product type, left to right; a generic element has one variable for each."""
    return (*flat(kind[1]), *flat(kind[2])) if kind[0] == "*" else (kind,)


def packed(kind: Type, values: Iterator[Value]) -> Value:
    """The element of a product type with the given factors."""
    return ("*", packed(kind[1], values), packed(kind[2], values)) if kind[0] == "*" else next(values)


def wellformed(kind: Type, signs: tuple[bool, ...] = ()) -> Type:
    """A type, if it is one; ``signs`` says for each bound variable whether it may stand here.

    Below an exponential's exponent it may not, not even on the left of the left: such functors need not have fixed
    points among sets, and a fold would have to turn functions round.
    """
    match kind:
        case "0" | "1" | ("a", str()):
            return kind
        case ("f", int(n)) if n >= 0:
            return kind
        case ("h", int(i)) if 0 <= i < len(signs) and signs[i]:
            return kind
        case (("*" | "+"), left, right):
            wellformed(left, signs), wellformed(right, signs)
            return kind
        case ("^", base, exponent):
            wellformed(base, signs), wellformed(exponent, tuple(False for _ in signs))
            return kind
        case (("μ" | "ν"), body):
            wellformed(body, (True, *signs))
            return kind
        case ("T", str(), argument):
            # an arbitrary functor need not have a fixed point, so no bound variable may stand inside
            wellformed(argument, tuple(False for _ in signs))
            return kind
    raise Rejected(f"{str(kind)[:80]} is no type")


@lru_cache(maxsize=4096)
def filled(body: Type, kind: Type, depth: int = 0) -> Type:
    """The body of a fixed point with a closed type for its variable: one layer over that type."""
    if isinstance(body, str) or body[0] in ("a", "f"):
        return body
    if body[0] == "h":
        return kind if body[1] == depth else body
    inner = depth + (body[0] in ("μ", "ν"))
    return (body[0], *(filled(part, kind, inner) for part in body[1:]))


#: What stands for a bound variable: a term, and the types that it goes between.
Image = tuple[Any, Type, Type]


@lru_cache(maxsize=4096)
def acting(body: Type, images: tuple[Image, ...]) -> Any:
    """The term of the functor with a given body on terms, one for each bound variable, innermost first.

    On a fixed point inside it is the fold, or the unfold, that maps what is there; it is written as
    :meth:`catcore.functors.Functor.act` writes it, so that both are one fold.
    """
    if not any(bears(body, i) for i in range(len(images))):
        return ("id",)
    ends = tuple(closed(body, tuple(image[which] for image in images)) for which in (1, 2))
    match body:
        case ("h", index):
            return images[index][0]
        case ("*", left, right):
            return ("<>", then(("p1",), acting(left, images)), then(("p2",), acting(right, images)))
        case ("+", left, right):
            _, one, other = ends[1]
            return ("[]", then(acting(left, images), ("i1", other)), then(acting(right, images), ("i2", one)))
        case ("^", base, exponent):
            return ("cur", exponent, then(("<>", ("p1",), ("p2",)), ("ev",), acting(base, images)))
        case ("T", name, argument):
            return ("map", name, acting(argument, images))
        case ("μ", inner):
            layer = acting(inner, ((("id",), ends[1], ends[1]), *images))
            return recursor(("fold", *ends, then(layer, ("in", ends[1]))))
        case ("ν", inner):
            layer = acting(inner, ((("id",), ends[0], ends[0]), *images))
            return recursor(("unfold", ends[1], then(("out", ends[0]), layer), ends[0]))
    raise Rejected("a map over what is no functor")


def closed(body: Type, kinds: tuple[Type, ...]) -> Type:
    """A body with closed types for its variables, innermost first."""
    for i, kind in enumerate(kinds):
        body = filled(body, kind, i)
    return body


def then(*terms: Any) -> Any:
    """The composite of some terms, in one row."""
    row = [part for term in terms for part in (term[1:] if term[0] == ";" else (term,)) if part != ("id",)]
    return row[0] if len(row) == 1 else (";", *row) if row else ("id",)


@lru_cache(maxsize=4096)
def bears(body: Type, depth: int = 0) -> bool:
    """Whether the variable bound ``depth`` fixed points further out occurs."""
    if isinstance(body, str) or body[0] in ("a", "f"):
        return False
    if body[0] == "h":
        return bool(body[1] == depth)
    return any(bears(part, depth + (body[0] in ("μ", "ν"))) for part in body[1:])


def size(kind: Type) -> int:
    """The number of elements of a finite type."""
    match kind[0]:
        case "0" | "1":
            return int(kind)
        case "f":
            return int(kind[1])
        case "*":
            return size(kind[1]) * size(kind[2])
        case "+":
            return size(kind[1]) + size(kind[2])
    raise Rejected("a table needs finite types")


def member(kind: Type, number: int) -> Value:
    """Element ``number`` of a finite type."""
    match kind[0]:
        case "1":
            return UNIT
        case "f":
            return ("n", number)
        case "*":
            quotient, remainder = divmod(number, size(kind[2]))
            return ("*", member(kind[1], quotient), member(kind[2], remainder))
    left = size(kind[1])
    return ("l", member(kind[1], number)) if number < left else ("r", member(kind[2], number - left))


def same(left: Normal, right: Normal) -> bool:
    """Whether two normal forms are equal; without recursion, since they may be deep."""
    todo, seen = [(left, right)], set[tuple[int, int]]()
    while todo:
        a, b = todo.pop()
        if a is b or (id(a), id(b)) in seen:
            continue
        if type(a) is not type(b) or (isinstance(a, tuple) and len(a) != len(b)):
            return False
        if isinstance(a, tuple):
            seen.add((id(a), id(b)))  # both stay alive inside the two normal forms
            todo += zip(a, b, strict=True)
        elif a != b:
            return False
    return True


def mentions(normal: Any, variable: Normal) -> bool:
    """Whether a variable occurs in a normal form."""
    if isinstance(normal, Recursor):
        return False
    return normal == variable or (isinstance(normal, tuple) and any(mentions(part, variable) for part in normal))


def close(normal: Any, variable: Normal, depth: int) -> Any:
    """``normal`` with a variable turned into the bound variable of a binder ``depth`` levels up."""
    if normal == variable:
        return ("b", depth)
    if not isinstance(normal, tuple) or not normal or isinstance(normal, Recursor):
        return normal
    if normal[0] == "λ":
        return ("λ", close(normal[1], variable, depth + 1))
    if normal[0] in ("bind", "map") and len(normal) == 3:
        return (normal[0], close(normal[1], variable, depth), close(normal[2], variable, depth + 1))
    if normal[0] == "case":  # each branch binds its payload
        return ("case", close(normal[1], variable, depth), *(close(b, variable, depth + 1) for b in normal[2:]))
    return tuple(close(part, variable, depth) for part in normal)
