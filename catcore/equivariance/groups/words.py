"""Words in generators, and relations between words.

A word is a finite product of generators, kept as runs ``(name, exponent)`` so that ``c^1000`` costs one run and its
value takes ten squarings.  A relation is a pair of words.  In a group exponents may be negative.

>>> read_relation("s s s = 1", ("s",))
((('s', 3),), ())
>>> show_word(read_word("(r s)^2 r^-1", ("r", "s"), inverses=True))
'r s r s r^-1'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from catcore.errors import BadSpecification, TooLarge, UnknownName

Word = tuple[tuple[str, int], ...]
Relation = tuple[Word, Word]
Letters = tuple[int, ...]
T = TypeVar("T")

MAX_TEXT = 10_000
MAX_RUNS = 20_000
MAX_EXPONENT = 10**6
MAX_DEPTH = 12

_TOKEN = re.compile(r"\s*([^\W\d]\w*'*|\^\s*-?\d{1,9}|[()*]|\d+)")


def word(*runs: tuple[str, int] | str) -> Word:
    """The word with these runs; a bare name is the run of exponent 1.  Neighbouring runs of one letter merge."""
    merged: list[tuple[str, int]] = []
    for run in runs:
        name, exponent = (run, 1) if isinstance(run, str) else run
        if merged and merged[-1][0] == name:
            exponent += merged.pop()[1]
        if exponent:
            merged.append((name, exponent))
    return tuple(merged)


def power(base: Word, exponent: int) -> Word:
    """``base`` times itself ``exponent`` times; a negative exponent inverts.  Raises ``TooLarge`` past the bounds."""
    if len(base) == 1:
        return word((base[0][0], base[0][1] * exponent))
    if len(base) * abs(exponent) > MAX_RUNS:
        raise TooLarge(
            f"A power of {show_word(base)} has more than {MAX_RUNS} runs of letters; write it as shorter words."
        )
    step = base if exponent >= 0 else tuple((name, -k) for name, k in reversed(base))
    return word(*(step * abs(exponent)))


def show_word(letters: Word) -> str:
    """The word as on a board; the empty word is 1."""
    return " ".join(name if k == 1 else f"{name}^{k}" for name, k in letters) or "1"


def show_relation(relation: Relation) -> str:
    """The relation as on a board."""
    return f"{show_word(relation[0])} = {show_word(relation[1])}"


def rename(letters: Word, names: Mapping[str, str]) -> Word:
    """The word with its letters renamed."""
    return tuple((names.get(name, name), k) for name, k in letters)


def value(
    letters: Word,
    images: Mapping[str, T],
    multiply: Callable[[T, T], T],
    one: T,
    invert: Callable[[T], T] | None = None,
) -> T:
    """The product of the letters' images, powers by repeated squaring."""
    result = one
    for name, exponent in letters:
        base = images[name]
        if exponent < 0:
            if invert is None:
                raise UnknownName(
                    f"{show_word(letters)} inverts {name}, and a monoid need not have inverses; use a Group."
                )
            base = invert(base)
        result = multiply(result, _repeat(base, abs(exponent), multiply))
    return result


def _repeat(base: T, exponent: int, multiply: Callable[[T, T], T]) -> T:
    """base ** exponent for a positive exponent."""
    result: T | None = None
    while exponent:
        if exponent & 1:
            result = base if result is None else multiply(result, base)
        exponent >>= 1
        if exponent:
            base = multiply(base, base)
    assert result is not None  # runs have nonzero exponents
    return result


def read_relation(text: str, generators: Sequence[str], *, inverses: bool = False) -> Relation:
    """Read ``"a b = b a"``; without ``=`` the right-hand side is the unit.  Raises ``BadSpecification``."""
    sides = text.split("=")
    if len(sides) > 2:
        raise BadSpecification(f"Relation {text[:60]!r} has more than one '='; write two words such as 'a b = b a'.")
    left = read_word(sides[0], generators, inverses=inverses)
    right = read_word(sides[1], generators, inverses=inverses) if len(sides) == 2 else ()
    return left, right


def read_word(text: str, generators: Sequence[str], *, inverses: bool = False) -> Word:
    """Read a word such as ``"r s r^2"`` or ``"(r s)^3"``; ``1`` is the empty word.

    Raises ``BadSpecification`` for a text that is no word and ``UnknownName`` for a letter that is no generator.
    """
    if len(text) > MAX_TEXT:
        raise BadSpecification(
            f"A word of {len(text)} characters was found; at most {MAX_TEXT} are read, use powers such as s^64."
        )
    reader = _WordReader(text, generators, inverses)
    letters = reader.product(0)
    if reader.place < len(reader.tokens):
        raise reader.refuse(f"{reader.tokens[reader.place]!r} is left over")
    return letters


class _WordReader:
    """product := (factor [^ integer])*; factor := generator | '1' | '(' product ')'."""

    def __init__(self, text: str, generators: Sequence[str], inverses: bool) -> None:
        self.text, self.generators, self.inverses, self.place = text, generators, inverses, 0
        self.tokens: list[str] = []
        start, end = 0, len(text.rstrip())
        while start < end:
            match = _TOKEN.match(text, start)
            if match is None:
                raise self.refuse(f"it cannot be read from {text[start : start + 20]!r} on")
            self.tokens.append(match[1])
            start = match.end()

    def refuse(self, why: str) -> BadSpecification:
        return BadSpecification(
            f"A word in {', '.join(self.generators) or 'no generators'} was asked for and "
            f"{self.text[:60]!r} was found: "
            f"{why}; write letters with spaces and powers such as 'r s r^2'."
        )

    def product(self, depth: int) -> Word:
        if depth > MAX_DEPTH:
            raise self.refuse(f"it nests more than {MAX_DEPTH} deep")
        letters: Word = ()
        while self.place < len(self.tokens) and self.tokens[self.place] != ")":
            token = self.tokens[self.place]
            self.place += 1
            if token != "*":
                letters = word(*letters, *power(self._factor(token, depth), self._exponent()))
        return letters

    def _factor(self, token: str, depth: int) -> Word:
        if token == "(":
            inner = self.product(depth + 1)
            if self.place >= len(self.tokens):
                raise self.refuse("a bracket is never closed")
            self.place += 1
            return inner
        if token in self.generators:
            return ((token, 1),)
        if token in ("1", "e"):
            return ()
        if token[0].isdigit() or token[0] == "^":
            raise self.refuse(f"{token!r} stands in place of a letter")
        raise UnknownName(
            f"{token!r} in {self.text[:60]!r} is no generator; the generators are {', '.join(self.generators)}."
        )

    def _exponent(self) -> int:
        if self.place >= len(self.tokens) or self.tokens[self.place][0] != "^":
            return 1
        exponent = int(self.tokens[self.place][1:])
        self.place += 1
        if exponent < 0 and not self.inverses:
            raise self.refuse("a monoid has no inverses, so its powers are not negative")
        if abs(exponent) > MAX_EXPONENT:
            raise self.refuse(f"its power is larger than {MAX_EXPONENT}")
        return exponent


def spell(letters: Word, index: Mapping[tuple[str, int], int]) -> Letters:
    """The word letter by letter, as numbers; ``index`` numbers the letters ``(name, 1)`` and inverses ``(name,
    -1)``."""
    if sum(abs(k) for _, k in letters) > MAX_TEXT:
        raise TooLarge(f"The word {show_word(letters)[:60]} is too long to complete a presentation with.")
    return tuple(index[name, 1 if k > 0 else -1] for name, k in letters for _ in range(abs(k)))
