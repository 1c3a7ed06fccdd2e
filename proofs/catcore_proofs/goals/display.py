"""How goals are shown: as plain text, and as HTML in notebooks.

A subgoal is written as on a board: the elements with their sets, what is known of them, what may be assumed, and the
two sides that are still to be shown equal.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

#: How many subgoals are shown, and how many characters of an expression.
SHOWN, LENGTH = 12, 600


def cut(text: str) -> str:
    """A text of bounded length."""
    return text if len(text) <= LENGTH else f"{text[:LENGTH]} … ({len(text)} characters)"


@dataclass(frozen=True)
class Subgoal:
    """An equation that remains to be shown.

    Args:
        variables: the generic elements with their types.
        facts: the cases that are known.
        hypotheses: what the induction allows to use, with its name.
        lhs: the left side.
        rhs: the right side.
        waiting: the element of a sum on which evaluation waits, if it does.
        layers: whether the sides are layers to be compared in a coinduction.
    """

    variables: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    hypotheses: tuple[tuple[str, str], ...]
    lhs: str
    rhs: str
    waiting: str = ""
    layers: bool = False

    def lines(self) -> Iterator[tuple[str, str]]:
        """What is given, each line with a title."""
        if self.variables:
            groups: dict[str, list[str]] = {}
            for name, kind in self.variables:
                groups.setdefault(kind, []).append(name)
            yield "let", ",  ".join(f"{', '.join(names)} ∈ {kind}" for kind, names in groups.items())
        for fact in self.facts:
            yield "case", fact
        yield from self.hypotheses
        if self.waiting:
            yield "next", f"distinguish the cases of {self.waiting}"
        if self.layers:
            yield "next", "compare the layers"

    def __str__(self) -> str:
        given = [f"  {title}: {text}" for title, text in self.lines()]
        return "\n".join([*given, f"  ⊢ {cut(self.lhs)}", f"  = {cut(self.rhs)}"])


@dataclass(frozen=True)
class Board:
    """Everything that is shown of a goal."""

    title: str
    rules: tuple[tuple[str, str], ...]
    legend: tuple[tuple[str, str], ...]
    subgoals: tuple[Subgoal, ...]
    focus: int

    def __str__(self) -> str:
        lines = [self.heading]
        lines += [f"  {name}: {text}" for name, text in self.rules]
        lines += [f"  where {name} = {text}" for name, text in self.legend]
        for number, subgoal in self._ordered():
            lines += ["", self._label(number), str(subgoal)]
        return "\n".join([*lines, *["", self._hidden] * bool(self._hidden)])

    @property
    def heading(self) -> str:
        """The name of the statement, and how much of it remains."""
        count = len(self.subgoals)
        return f"{self.title}   ({'nothing remains' if not count else f'{count} to show'})"

    def _ordered(self) -> Iterator[tuple[int, Subgoal]]:
        numbered = list(enumerate(self.subgoals))
        yield from (numbered[self.focus :] + numbered[: self.focus])[:SHOWN]

    @property
    def _hidden(self) -> str:
        more = len(self.subgoals) - SHOWN
        return f"and {more} more" if more > 0 else ""

    def _label(self, number: int) -> str:
        return f"{'▸' if number == self.focus else ' '} subgoal {number + 1} of {len(self.subgoals)}"

    def to_html(self) -> str:
        """The board as HTML, without scripts or styles from elsewhere."""
        rules = "".join(_row(name, text) for name, text in self.rules)
        legend = "".join(_row(f"where {name}", text) for name, text in self.legend)
        tables = f"<table>{rules}{legend}</table>" if rules or legend else ""
        mark = "" if self.subgoals else " ✓"
        cards = "".join(self._card(number, subgoal) for number, subgoal in self._ordered())
        return f"<div><p><b>{html.escape(self.heading)}</b>{mark}</p>{tables}{cards}{self._hidden}</div>"

    def _card(self, number: int, subgoal: Subgoal) -> str:
        edge = "3px solid #4c72b0" if number == self.focus else "3px solid #ccc"
        rows = "".join(_row(title, text) for title, text in subgoal.lines())
        sides = _row("show", cut(subgoal.lhs)) + _row("=", cut(subgoal.rhs))
        return (
            f'<div style="border-left:{edge};padding-left:0.8em;margin:0.6em 0"><div>{self._label(number)}</div>'
            f"<table>{rows}{sides}</table></div>"
        )


def _row(title: str, text: str) -> str:
    style = "text-align:left;padding:1px 0.8em 1px 0"
    title_cell = f'<td style="{style};color:#777;white-space:nowrap;vertical-align:top">{html.escape(title)}</td>'
    return f'<tr>{title_cell}<td style="{style};font-family:monospace">{html.escape(text)}</td></tr>'
