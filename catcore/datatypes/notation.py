"""How elements of fixed points are written and read: constructors applied to arguments, and lists in brackets.

``Node(Leaf(2), Leaf(5))`` is written by :func:`written` and read back by :func:`read`; a list is ``[3, 1, 4]``.  Labels
are numbers, quoted texts, ``()``, pairs, and names of elements of a finite set.  Both work with a stack of their own,
so that deep trees neither overflow when printed nor when read, and nothing that is read is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from catcore.categories.finite_sets import Graph, Injected, shown
from catcore.datatypes.data import Data
from catcore.datatypes.shapes import chosen, is_list, summands, unpacked
from catcore.errors import BadSpecification

if TYPE_CHECKING:
    from catcore.datatypes.datatype import Datatype

Names = Sequence[str]


def default_names(count: int) -> tuple[str, ...]:
    """The names of constructors that nobody named."""
    return tuple(f"c{i}" for i in range(count))


def written(value: Data, names: Names | None = None) -> str:
    """An element as text; ``names`` are those of the constructors of its own type."""
    named = {value.of: tuple(names)} if names else {}
    texts: list[str] = []
    todo: list[Any] = [value]
    while todo:
        piece = todo.pop()
        if isinstance(piece, str):
            texts.append(piece)
        elif isinstance(piece, Data) and is_list(piece.of.body):
            todo += reversed([_Label("["), *_separated(_items(piece)), _Label("]")])
        elif isinstance(piece, Data):
            todo += reversed(list(_applied(piece, named)))
        else:
            todo += reversed(list(_label(piece)))
    return "".join(texts)


class _Label(str):
    """A text that is written as it is."""

    __slots__ = ()


def _items(node: Data) -> Iterator[Any]:
    while node.layer.side == "inr":
        item, node = node.layer.value
        yield _quoted(item)


def _quoted(item: Any) -> Any:
    return _Label(repr(item)) if isinstance(item, str) else item


def _separated(items: Iterable[Any]) -> Iterator[Any]:
    for number, item in enumerate(items):
        if number:
            yield _Label(", ")
        yield item


def _applied(node: Data, named: dict[Any, tuple[str, ...]]) -> Iterator[Any]:
    kinds = summands(node.of.body)
    number, payload = chosen(node.of.body, node.layer)
    yield _Label(named.get(node.of, default_names(len(kinds)))[number])
    arguments = unpacked(kinds[number].payload, payload)
    if arguments:
        yield _Label("(")
        yield from _separated(map(_quoted, arguments))
        yield _Label(")")


def _label(piece: Any) -> Iterator[Any]:
    match piece:
        case ():
            yield _Label("()")
        case tuple():
            yield from (_Label("("), *_separated(piece), _Label(")"))
        case Injected():
            yield from (_Label(f"{piece.side}("), piece.value, _Label(")"))
        case Graph():
            yield _Label("{")
            for number, (at, image) in enumerate(piece.pairs):
                yield _Label(f"{', ' if number else ''}{shown(at)} ↦ ")
                yield image
            yield _Label("}")
        case _:
            yield _Label(str(piece))


# ---- reading ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?: (?P<number> -?\d+ (?: \.\d+ (?:e-?\d+)? | /\d+ )? )
          | (?P<name> [^\W\d]\w* )
          | (?P<quoted> '[^']*' | "[^"]*" )
          | (?P<mark> [()\[\],] ) )""",
    re.VERBOSE,
)

MAX_TEXT = 50_000_000


def read(text: str, of: Datatype) -> Any:
    """The element of a data type that a text stands for.

    Raises:
        BadSpecification: naming the character at which the text cannot be read.
        IllTyped: when a constructor is given arguments of the wrong type.
    """
    if len(text) > MAX_TEXT:
        raise BadSpecification(
            f"An element of {of} was to be read from {len(text)} characters; at most {MAX_TEXT} are."
        )
    reader = _Reader(text, of)
    for match in _tokens(text):
        reader.take(match)
    return reader.result()


def _tokens(text: str) -> Iterator[re.Match[str]]:
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadSpecification(
                f"An element was to be read, and {text[place : place + 10]!r} at character {place} is no constructor, "
                "number, quoted text or bracket. Write it as it prints, such as Node(Leaf(2), Leaf(5))."
            )
        place = match.end()
        yield match


class _Reader:
    """Open brackets as frames: the constructor in front, and the values read so far."""

    def __init__(self, text: str, of: Datatype) -> None:
        self.text, self.of = text, of
        self.frames: list[tuple[str, list[Any]]] = [("", [])]
        self.pending: str | None = None  # a name whose bracket may follow
        self.wanted = True  # whether a value may stand next

    def take(self, match: re.Match[str]) -> None:
        """One token."""
        kind, token = match.lastgroup, match[match.lastgroup or 0]
        if kind == "mark" and token == "(" and self.pending is not None:
            self.frames.append((self.pending, []))
            self.pending, self.wanted = None, True
            return
        self._settle()
        if kind == "mark" and token in ")],":
            self._mark(token, match.start())
        elif not self.wanted:
            self._refuse(match.start(), "a comma or a closing bracket was expected")
        elif kind == "mark":
            self.frames.append((token, []))
        elif kind == "name":
            self.pending, self.wanted = token, False
        else:
            self._put(_number(token) if kind == "number" else token[1:-1])

    def result(self) -> Any:
        """What was read, once the text is over."""
        self._settle()
        if len(self.frames) != 1 or len(self.frames[0][1]) != 1:
            self._refuse(len(self.text), "the text ends in the middle of an element")
        return self.frames[0][1][0]

    def _settle(self) -> None:
        if self.pending is not None:
            name, self.pending = self.pending, None
            self._put(self.of.apply(name, ()) if name in self.of.names else name)

    def _put(self, value: Any) -> None:
        self.frames[-1][1].append(value)
        self.wanted = False

    def _mark(self, token: str, place: int) -> None:
        head, values = self.frames[-1]
        if token == ",":
            if self.wanted or len(self.frames) == 1:
                self._refuse(place, "a value was expected")
            self.wanted = True
            return
        if (token == "]") != (head == "[") or len(self.frames) == 1 or (self.wanted and values):
            self._refuse(place, f"{token!r} closes nothing")
        self.frames.pop()
        self._put(self._closed(head, values))

    def _closed(self, head: str, values: list[Any]) -> Any:
        match head:
            case "[":
                return self.of.list_of(values)
            case "(":
                return tuple(values)
            case "inl" | "inr" if len(values) == 1:
                return Injected(head, values[0])
        return self.of.apply(head, tuple(values))

    def _refuse(self, place: int, why: str) -> None:
        raise BadSpecification(
            f"An element of {self.of} was to be read, and at character {place}, before "
            f"{self.text[place : place + 10]!r}, {why}."
        )


def _number(token: str) -> int | float | Fraction:
    if "/" in token:
        return Fraction(token)
    return float(token) if "." in token else int(token)
