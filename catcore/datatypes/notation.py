"""How elements of fixed points are written and read: constructors applied to arguments, and lists in brackets.

``Node(Leaf(2), Leaf(5))`` is written by :func:`written` and read back by :func:`parsed`; a list is ``[3, 1, 4]``.
Labels are numbers, quoted texts, ``()``, pairs, functions ``{0 ↦ 1}`` and names of elements of a finite set.  Both work
with a stack of their own, so that deep trees neither overflow when printed nor when read, and nothing that is read is
ever run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from catcore.categories.finite_sets import Graph, Injected
from catcore.datatypes.data import Data
from catcore.datatypes.shapes import chosen, is_list, summands, unpacked
from catcore.errors import BadSpecification, UnknownName

Names = Sequence[str]


def default_names(count: int) -> tuple[str, ...]:
    """The names of constructors that nobody named."""
    return tuple(f"c{i}" for i in range(count))


def written(value: Data, names: Mapping[Any, Names] | None = None) -> str:
    """An element as text; ``names`` are those of the constructors of some types."""
    named = names or {}
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


def _applied(node: Data, named: Mapping[Any, Names]) -> Iterator[Any]:
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
            yield from (_Label("("), *_separated(map(_quoted, piece)), _Label(")"))
        case Injected():
            yield from (_Label(f"{piece.side}("), _quoted(piece.value), _Label(")"))
        case Graph():
            yield _Label("{")
            for number, (at, image) in enumerate(piece.pairs):
                yield _Label(", " if number else "")
                yield _quoted(at)
                yield _Label(" ↦ ")
                yield _quoted(image)
            yield _Label("}")
        case Fraction():
            yield _Label(f"{piece.numerator}/{piece.denominator}")
        case _:
            yield _Label(str(piece))


# ---- reading ---------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?: (?P<number> -?\d+ (?: /0*[1-9]\d* | (?: \.\d+ )? (?: e[-+]?\d+ )? ) )
          | (?P<name> [^\W\d]\w* )
          | (?P<quoted> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
          | (?P<mark> [()\[\]{},↦] ) )""",
    re.VERBOSE,
)

MAX_TEXT = 50_000_000
_VALUES = {"True": True, "False": False, "None": None}
_CLOSING = {"[": "]", "{": "}"}


class Application(tuple[Any, ...]):
    """A name with what it is applied to, as it was read; a name alone is applied to nothing."""

    __slots__ = ()


def parsed(text: str, of: object) -> Any:
    """What a text says, as nested :class:`Application`, tuples, lists and labels; no types are looked at.

    Raises:
        BadSpecification: naming the character at which the text cannot be read.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        found = f"{len(text)} characters" if isinstance(text, str) else repr(text)[:80]
        raise BadSpecification(f"An element of {of} was to be read from a text of at most {MAX_TEXT}, not {found}.")
    reader = _Reader(text, of)
    for match in _tokens(text):
        reader.take(match)
    return reader.result()


def plain(value: Any) -> Any:
    """A label as it was read, where a name stands for itself.

    Raises:
        UnknownName: when something is applied in it.
    """
    match value:
        case Application():
            if len(value) > 1:
                raise UnknownName(
                    f"{value[0]!r} is no constructor here, and it is applied to {len(value) - 1} value(s)."
                )
            return _VALUES.get(value[0], value[0])
        case tuple():
            return tuple(map(plain, value))
        case list():
            return list(map(plain, value))
        case Injected():
            return Injected(value.side, plain(value.value))
        case Graph():
            return Graph(tuple((at, plain(image)) for at, image in value.pairs))
    return value


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

    def __init__(self, text: str, of: object) -> None:
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
        if kind == "mark" and token in ")]},↦":
            self._mark(token, match.start())
        elif not self.wanted:
            self._refuse(match.start(), "a comma or a closing bracket was expected")
        elif kind == "mark":
            self.frames.append((token, []))
        elif kind == "name":
            self.pending, self.wanted = token, False
        else:
            try:
                self._put(_number(token) if kind == "number" else ast.literal_eval(token))
            except (ValueError, SyntaxError):
                self._refuse(match.start(), "a number is too long, or a quoted text is none")

    def result(self) -> Any:
        """What was read, once the text is over."""
        self._settle()
        if len(self.frames) != 1 or len(self.frames[0][1]) != 1:
            self._refuse(len(self.text), "the text ends in the middle of an element")
        return self.frames[0][1][0]

    def _settle(self) -> None:
        if self.pending is not None:
            name, self.pending = self.pending, None
            self._put(Application((name,)))

    def _put(self, value: Any) -> None:
        self.frames[-1][1].append(value)
        self.wanted = False

    def _mark(self, token: str, place: int) -> None:
        head, values = self.frames[-1]
        if token in ",↦":
            between = "↦" if head == "{" and len(values) % 2 else ","
            if self.wanted or len(self.frames) == 1 or token != between:
                self._refuse(place, "a value was expected" if self.wanted else f"{token!r} has no place there")
            self.wanted = True
            return
        odd = head == "{" and len(values) % 2
        if token != _CLOSING.get(head, ")") or len(self.frames) == 1 or (self.wanted and values) or odd:
            self._refuse(place, f"{token!r} closes nothing")
        self.frames.pop()
        self._put(_closed(head, values))

    def _refuse(self, place: int, why: str) -> None:
        raise BadSpecification(
            f"An element of {self.of} was to be read, and at character {place}, before "
            f"{self.text[place : place + 10]!r}, {why}."
        )


def _closed(head: str, values: list[Any]) -> Any:
    match head:
        case "[":
            return values
        case "(":
            return tuple(values)
        case "{":
            return Graph(tuple((plain(at), image) for at, image in zip(values[::2], values[1::2], strict=True)))
        case "inl" | "inr" if len(values) == 1:
            return Injected(head, values[0])
    return Application((head, *values))


def _number(token: str) -> int | float | Fraction:
    if "/" in token:
        return Fraction(token)
    return int(token) if set(token) <= set("-0123456789") else float(token)
