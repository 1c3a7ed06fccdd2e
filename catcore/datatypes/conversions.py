"""Elements of data types as nested Python values, and back (THEORY T2.3).

What an element becomes is read off its type.  An element of a data type whose constructors have names is a tuple, the
name first; a list is a Python list; every other label stays what it is.  Nothing here recurses over an element, and
shared branches stay shared both ways.

>>> from catcore.datatypes import datatype
>>> from catcore.objects import atoms, mu
>>> (A,) = atoms("A")
>>> Rose = datatype(lambda X: A * mu(lambda Y: 1 + X * Y), "Rose")
>>> tree = Rose.from_nested(("Rose", 1, [("Rose", 2, []), ("Rose", 3, [])]))
>>> Rose.nested(tree)
('Rose', 1, [('Rose', 2, []), ('Rose', 3, [])])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catcore.categories.finite_sets import Graph, Injected, listed, shown
from catcore.datatypes.data import Data, exchanged, postorder
from catcore.datatypes.notation import default_names
from catcore.datatypes.shapes import Summand, chosen, is_list, summands, unpacked
from catcore.errors import IllTyped, UnknownName
from catcore.objects import Coproduct, Exponential, Mu, Ob, Product, Tensor, occurring

Element = Callable[[Ob, Any, str], Any]


@dataclass(frozen=True)
class Place:
    """Where a branch will stand, once it is there."""

    key: Any


@dataclass(frozen=True)
class _Rest:
    """A Python list from one of its items on."""

    items: Any
    start: int


@dataclass(frozen=True)
class Conversion:
    """How the elements of some data types are written in Python.

    Args:
        names: for each type with named constructors their names, left to right.
        element: checks a label, and gives it as it is kept in data.
    """

    names: Mapping[Mu, tuple[str, ...]]
    element: Element

    def kinds(self, of: Mu) -> tuple[Summand, ...]:
        """The summands of one layer of a type."""
        return layer_kinds(of)

    def name(self, of: Mu, number: int) -> str:
        """The name of a constructor."""
        return self.names[of][number] if of in self.names else default_names(number + 1)[number]

    def is_plain_list(self, of: Ob) -> bool:
        """Whether elements of a type are Python lists."""
        return isinstance(of, Mu) and of not in self.names and is_list(of.body)

    def is_branch(self, of: Ob) -> bool:
        """Whether elements of a type are built by constructors with names."""
        return isinstance(of, Mu) and not self.is_plain_list(of)

    # To Python ------------------------------------------------------------------------------------------------------

    def nested(self, value: Data) -> Any:
        """An element as nested tuples and lists."""
        found: dict[int, Any] = {}

        def flat(branch: Data) -> Any:
            part = found[id(branch)]
            return part.items() if isinstance(part, _Chain) else part

        for node in postorder(value):
            if not self.is_plain_list(node.of):
                number, payload = chosen(node.of.body, exchanged(node.layer, flat))
                found[id(node)] = self.name(node.of, number), *unpacked(self.kinds(node.of)[number].payload, payload)
            elif node.layer.side == "inl":
                found[id(node)] = _Chain(None, None)
            else:
                item, rest = node.layer.value
                found[id(node)] = _Chain(exchanged(item, flat), found[id(rest)])
        return flat(value)

    # From Python ----------------------------------------------------------------------------------------------------

    def from_nested(self, of: Mu, given: Any) -> Data:
        """The element of a type that nested tuples and lists stand for.

        Raises:
            UnknownName: for a name that is no constructor.
            IllTyped: for arguments that do not fit, and for a list that contains itself.
        """
        done: dict[Any, Data] = {}
        layers: dict[Any, Any] = {}
        todo: list[tuple[Mu, Any, bool]] = [(of, given, False)]
        while todo:
            kind, part, visited = todo.pop()
            key = _key(kind, part)
            if visited:
                done[key] = Data(kind, exchanged(layers.pop(key), lambda place: done[place.key], Place))
            elif key not in done:
                if key in layers:
                    raise IllTyped(f"An element of {of} was to be read, and what was given contains itself.")
                if isinstance(part, Data):
                    done[key] = self.element(kind, part, f"a part of an element of {of}")
                    continue
                below: list[tuple[Mu, Any, bool]] = []
                layers[key] = self._layer(kind, part, below)
                todo += [(kind, part, True), *reversed(below)]
        return done[_key(of, given)]

    def _layer(self, of: Mu, given: Any, below: list[tuple[Mu, Any, bool]]) -> Any:
        if self.is_plain_list(of) or (isinstance(given, list | _Rest) and is_list(of.body)):
            return self._cell(of, given, below)
        if isinstance(given, Injected):  # how a constructor named inl or inr is read
            given = (given.side, given.value)
        if not isinstance(given, tuple) or not given or not isinstance(given[0], str):
            raise IllTyped(
                f"An element of {of} was to be read, a tuple with the name of a constructor first, and "
                f"{shown(given)[:80]} was given."
            )
        names = [self.name(of, i) for i in range(len(self.kinds(of)))]
        if given[0] not in names:
            raise UnknownName(f"{given[0]!r} is no constructor of {of}; they are {', '.join(names)}.")
        kind = self.kinds(of)[names.index(given[0])]
        if len(given) - 1 != len(kind.factors):
            raise IllTyped(
                f"The constructor {given[0]} of {of} takes {len(kind.factors)} argument(s), and {len(given) - 1} were "
                "given."
            )
        where = f"an argument of {given[0]}"
        return kind.inject(tuple(self._part(f, x, where, below) for f, x in zip(kind.factors, given[1:], strict=True)))

    def _cell(self, of: Mu, given: Any, below: list[tuple[Mu, Any, bool]]) -> Any:
        rest = given if isinstance(given, _Rest) else _Rest(given, 0)
        if not isinstance(rest.items, list | tuple):
            raise IllTyped(f"A Python list was asked for as an element of {of}, and {shown(given)[:80]} was given.")
        if rest.start == len(rest.items):
            return Injected("inl", ())
        item, tail = self.kinds(of)[1].payload.args
        first = self._part(item, rest.items[rest.start], "an item of a list", below)
        return Injected("inr", (first, self._part(tail, _Rest(rest.items, rest.start + 1), "", below)))

    def _part(self, ob: Ob, given: Any, where: str, below: list[tuple[Mu, Any, bool]]) -> Any:
        """A part of a layer, with places for the branches in it."""
        if not _holds_data(ob):
            return self.element(ob, given, where)
        match ob:
            case Mu():
                below.append((ob, given, False))
                return Place(_key(ob, given))
            case Product() | Tensor() if isinstance(given, tuple) and len(given) == 2:
                return tuple(self._part(f, x, where, below) for f, x in zip(ob.args, given, strict=True))
            case Coproduct() if isinstance(given, Injected):
                side = ob.left if given.side == "inl" else ob.right
                return Injected(given.side, self._part(side, given.value, where, below))
            case Exponential() if (arguments := listed(ob.exponent)) is not None:
                images = _images(ob, given, arguments, where)
                return Graph(tuple((a, self._part(ob.base, x, where, below)) for a, x in images))
        return self.element(ob, given, where)


class _Chain:
    """A list that is being built: an item in front of a chain, or nothing."""

    __slots__ = ("item", "rest")

    def __init__(self, item: Any, rest: _Chain | None) -> None:
        self.item, self.rest = item, rest

    def items(self) -> list[Any]:
        """All items."""
        found, chain = [], self
        while chain.rest is not None:
            found.append(chain.item)
            chain = chain.rest
        return found


@lru_cache(maxsize=4096)
def layer_kinds(of: Mu) -> tuple[Summand, ...]:
    """The summands of one layer of a type, remembered: they are asked for at each node."""
    return summands(of.unrolled())


@lru_cache(maxsize=4096)
def _holds_data(ob: Ob) -> bool:
    return bool(occurring(ob, Mu))


def _key(of: Mu, part: Any) -> Any:
    return (of, id(part.items), part.start) if isinstance(part, _Rest) else (of, id(part), 0)


def _images(ob: Exponential, given: Any, arguments: list[Any], where: str) -> list[tuple[Any, Any]]:
    images = [given(a) for a in arguments] if callable(given) else list(given)
    if len(images) != len(arguments):
        raise IllTyped(
            f"A function out of {ob.exponent} was asked for as {where}, and {len(images)} values were given."
        )
    return list(zip(arguments, images, strict=True))
