"""Normal forms as Rocq expressions, and what a normal form needs for two expressions to be seen equal.

Where a normal form contains no case distinction under a binder, computation alone shows that an expression equals it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore_proofs.rocq.expressions import Expressions, Tree, first, second
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.syntax import Normal, Type, filled, injections

#: The bound variables of a normal form, innermost first: their trees and their types.
Bound = tuple[tuple[Tree, Type], ...]


class Writer:
    """Writes normal forms over the variables of a context.

    Args:
        expressions: the names of the section.
        context: the types of the variables, which grow and shrink with the proof.
    """

    def __init__(self, expressions: Expressions, context: Callable[[], list[Type]]) -> None:
        self.expressions, self._context = expressions, context
        self.names = expressions.names
        self.trees: list[Tree] = []
        self.holes: dict[int, tuple[str, Type]] = {}

    def text(self, normal: Normal, kind: Type, bound: Bound = ()) -> str:
        """A normal form of a type as text."""
        return self.expressions.text(self.tree(normal, kind, bound))

    def tree(self, normal: Normal, kind: Type, bound: Bound = ()) -> Tree:
        """A normal form of a type as an element."""
        match normal[0]:
            case "1":
                return "tt"
            case "n":
                return self.names.element(kind[1], normal[1])
            case "*":
                return ("pair", self.tree(normal[1], kind[1], bound), self.tree(normal[2], kind[2], bound))
            case "l":
                return self.expressions.inl(kind, self.tree(normal[1], kind[1], bound))
            case "r":
                return self.expressions.inr(kind, self.tree(normal[1], kind[2], bound))
            case "in":
                layer = self.text(normal[1], filled(kind[1], kind), bound)
                return f"(in{self.names.least(kind)} {layer})"
            case "η":
                return f"({self.names.functors[kind[1]]}_unit {self.text(normal[1], kind[2], bound)})"
            case "bind" | "map":
                return self._bound(normal, kind, bound)
            case "λ":
                return ("fun", kind[2], lambda y: self.tree(normal[1], kind[1], ((y, kind[2]), *bound)))
            case "case" | "switch":
                return self._case(normal, kind, bound)
        return self.neutral(normal, bound)[0]

    def _bound(self, normal: Normal, kind: Type, bound: Bound) -> Tree:
        """An element of an arbitrary functor bound to a body; a body that gives it back is not written."""
        if plainly_bound(normal):
            return self.neutral(normal[1], bound)[0]
        element, source = self.neutral(normal[1], bound)
        inner = kind if normal[0] == "bind" else kind[2]
        write = self.expressions.bind if normal[0] == "bind" else self.expressions.along
        return write(kind[1], element, source[2], lambda y: self.tree(normal[2], inner, ((y, source[2]), *bound)))

    def _case(self, normal: Normal, kind: Type, bound: Bound) -> str:
        scrutinee, over = self.neutral(normal[1], bound)
        ways = []
        for i, ((payload, _), branch) in enumerate(zip(injections(over), normal[2:], strict=True)):
            if payload is None:
                ways.append(f"{self.names.element(over[1], i)} => {self.text(branch, kind, bound)}")
            else:
                y = self.names.fresh("y")
                body = self.text(branch, kind, ((y, payload), *bound))
                ways.append(f"{('inl', 'inr')[i]} {y} => {body}")
        text = self.expressions.text(scrutinee)
        return f"(match {text} return {self.names.type(kind)} with {' | '.join(ways)} end)"

    def neutral(self, normal: Normal, bound: Bound = ()) -> tuple[Tree, Type]:
        """A neutral element and its type."""
        match normal:
            case ("v", index):
                return self.trees[index], self._context()[index]
            case ("b", index):
                return bound[index]
            case ("hole", number):
                return self.holes[number]
            case ("p1", pair):
                tree, kind = self.neutral(pair, bound)
                return first(tree), kind[1]
            case ("p2", pair):
                tree, kind = self.neutral(pair, bound)
                return second(tree), kind[2]
            case ("@", function, argument):
                tree, kind = self.neutral(function, bound)
                return f"({self.expressions.text(tree)} {self.text(argument, kind[2], bound)})", kind[1]
            case ("fold", term, argument):
                return f"({self.expressions.fold(term)} {self.text(argument, term[1], bound)})", term[2]
            case ("g", name, argument):
                dom, cod = self.expressions.signature[name]
                return f"({self.names.operations[name]} {self.text(argument, dom, bound)})", cod
            case ("unfold", term, argument):
                return f"({self.expressions.unfold(term)} {self.text(argument, term[3], bound)})", term[1]
            case ("out", element):
                tree, kind = self.neutral(element, bound)
                return self.expressions.out(kind, tree), filled(kind[1], kind)
        raise Unexportable("A normal form is malformed.")


def replace(normal: Any, parts: dict[Normal, Normal]) -> Any:
    """A normal form with parts exchanged; neither they nor what comes instead mention bound variables."""
    if not isinstance(normal, tuple):
        return normal
    if normal in parts:
        return parts[normal]
    return tuple(replace(part, parts) for part in normal)


def occurs(normal: Any, part: Normal) -> bool:
    """Whether a part occurs in a normal form."""
    return normal == part or (isinstance(normal, tuple) and any(occurs(inner, part) for inner in normal))


def hollow(one: Normal, other: Normal) -> Normal:
    """The form that two normal forms share, with a hole where they differ inside, as ``inside`` compares them."""
    if one[0] in ("bind", "map"):
        return (one[0], hollow(one[1], other[1]), one[2])
    if one[0] in ("p1", "p2", "out"):
        return (one[0], hollow(one[1], other[1]))
    if one[0] == "@" and one[2] == other[2]:
        return ("@", hollow(one[1], other[1]), one[2])
    return (*one[:-1], ("hole", 0))


def plainly_bound(normal: Normal) -> bool:
    """Whether a neutral element of a functor is bound, or mapped over, by what gives it back."""
    return (normal[0], normal[2:]) in (("bind", (("η", ("b", 0)),)), ("map", (("b", 0),)))


def clean(normal: Any, units: bool, pairs: bool, binders: bool) -> bool:
    """Whether computation shows an expression equal to a normal form without looking into it.

    Args:
        normal: the normal form, or a part of it.
        units: whether its element of the unit may stand for an operation's value there.
        pairs: whether something is known of a component of a pair that may not be written as a pair.
        binders: whether equations are used that Rocq does not use under a binder.
    """
    if not isinstance(normal, tuple) or not normal:
        return True
    if normal[0] in ("case", "switch") or (units and normal == ("1",)) or (pairs and normal[0] == "*"):
        return False
    if normal[0] in ("bind", "map") or (binders and normal[0] == "λ"):
        return False
    return all(clean(part, units, pairs, binders) for part in normal)
