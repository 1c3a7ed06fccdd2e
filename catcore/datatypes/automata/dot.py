"""Directed graphs in the DOT language of Graphviz, written and read (the part of it that says nodes and edges).

A file from elsewhere is only read: nothing in it is run, and its length is bounded.  Values such as the names of states
stand in attributes as Python writes numbers, texts and tuples, so that they come back as they were.

>>> nodes, edges, _ = parsed('digraph { a [label="start"]; a -> b -> a [label=go]; }')
>>> nodes, edges
({'a': {'label': 'start'}, 'b': {}}, [('a', 'b', {'label': 'go'}), ('b', 'a', {'label': 'go'})])
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NoReturn

from catcore.errors import BadSpecification

MAX_TEXT = 20_000_000
Attributes = dict[str, str]
Edges = list[tuple[str, str, Attributes]]

_TOKEN = re.compile(
    r"""\s+ | //[^\n]* | \#[^\n]* | /\*.*?\*/
      | (?P<quoted> "(?:[^"\\]|\\.)*" )
      | (?P<name> -?(?:\.\d+|\d+(?:\.\d*)?) | [^\W\d]\w* )
      | (?P<mark> -> | -- | [{}\[\];,=:] )""",
    re.VERBOSE | re.DOTALL,
)


def quoted(text: str) -> str:
    """A text as a quoted name of the DOT language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(value: Any) -> str:
    """A value as a quoted name from which :func:`read` makes it again."""
    return quoted(repr(value))


def read(text: str) -> Any:
    """The value that a text stands for, where it is a number, a text, a tuple or the like; or else the text itself."""
    try:
        return ast.literal_eval(text) if len(text) <= 10_000 else text
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text


def parsed(text: str) -> tuple[dict[str, Attributes], Edges, Attributes]:
    """The nodes and the edges of a directed graph, each with its attributes, and those of the graph.

    Raises:
        BadSpecification: for anything else than one digraph without subgraphs, with the line at which it is found.
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise BadSpecification(f"A digraph in DOT of at most {MAX_TEXT} characters was asked for.")
    return _Parser(text).graph()


class _Parser:
    """Reads statements one after another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = 0
        self.nodes: dict[str, Attributes] = {}
        self.edges: Edges = []
        self.defaults: dict[str, Attributes] = {"node": {}, "edge": {}, "graph": {}}

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        place = 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            if match is None:
                self._refuse(place, f"{self.text[place : place + 10]!r} is no name and no mark")
            if match.lastgroup:
                said = match[match.lastgroup]
                name = re.sub(r"\\(.)", r"\1", said[1:-1]) if match.lastgroup == "quoted" else said
                yield match.lastgroup, name, place
            place = match.end()

    def graph(self) -> tuple[dict[str, Attributes], Edges, Attributes]:
        """The whole file."""
        if self._peek() == ("name", "strict"):
            self._next()
        self._expect("name", "digraph")
        if self._peek() != ("mark", "{"):
            self._next()
        self._expect("mark", "{")
        while self._peek() != ("mark", "}"):
            self._statement()
        self._expect("mark", "}")
        if self.at < len(self.tokens):
            self._refuse(self.tokens[self.at][2], "the graph has ended")
        return self.nodes, self.edges, self.defaults["graph"]

    def _statement(self) -> None:
        if self._peek() == ("mark", ";"):
            self._next()
            return
        kind, name = self._name()
        if kind == "name" and name in self.defaults and self._peek() == ("mark", "["):
            self.defaults[name] |= self._attributes()
        elif kind == "name" and name == "subgraph":
            self._refuse(self._place(), "subgraphs are not read")
        elif self._peek() == ("mark", "="):
            self._next()
            self._name()
        else:
            self._chain(name)

    def _chain(self, first: str) -> None:
        way = [first]
        while self._peek() == ("mark", "->"):
            self._next()
            way.append(self._name()[1])
        attributes = self._attributes() if self._peek() == ("mark", "[") else {}
        for name in way:
            self.nodes.setdefault(name, dict(self.defaults["node"]))
        if len(way) == 1:
            self.nodes[first] |= attributes
        for a, b in pairwise(way):
            self.edges.append((a, b, self.defaults["edge"] | attributes))

    def _attributes(self) -> Attributes:
        found: Attributes = {}
        while self._peek() == ("mark", "["):
            self._next()
            while self._peek() != ("mark", "]"):
                name = self._name()[1]
                self._expect("mark", "=")
                found[name] = self._name()[1]
                if self._peek() in (("mark", ","), ("mark", ";")):
                    self._next()
            self._next()
        return found

    def _name(self) -> tuple[str, str]:
        kind, name = self._peek()
        if kind == "mark":
            self._refuse(self._place(), f"a name was expected, and {name!r} was found")
        self._next()
        return kind, name

    def _peek(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            self._refuse(len(self.text), "the text ends within the graph")
        return self.tokens[self.at][:2]

    def _next(self) -> None:
        self.at += 1

    def _place(self) -> int:
        return self.tokens[self.at][2]

    def _expect(self, kind: str, said: str) -> None:
        if self._peek() != (kind, said):
            self._refuse(self._place(), f"{said!r} was expected, and {self._peek()[1]!r} was found")
        self._next()

    def _refuse(self, place: int, why: str) -> NoReturn:
        line = self.text.count("\n", 0, place) + 1
        raise BadSpecification(f"A digraph in DOT was to be read, and in line {line} {why}.")
