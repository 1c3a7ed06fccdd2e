"""Machines from Python functions: states, inputs, and what a step does (THEORY T3.2).

A step is asked once for each state and input, so the machine is a table afterwards.  It has to be total: a step that
leaves the states, or is not defined somewhere, is refused.

>>> toggle = automaton(["off", "on"], ["press"], lambda s, _: "on" if s == "off" else "off", ["on"])
>>> toggle.accepts("off", ["press"] * 3)
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from catcore.datatypes.automata.machines import Label, Mealy, Moore, Streams, recognised, some
from catcore.datatypes.given import function
from catcore.errors import IllTyped, UnknownName


def moore(
    states: Iterable[Label],
    inputs: Iterable[Label],
    step: Callable[[Any, Any], Label],
    output: Callable[[Any], Label],
) -> Moore:
    """The Moore machine with the given step ``(state, input) ↦ state`` and output of each state.

    Raises:
        UnknownName: when a step leaves the states; the coalgebra would not be total.
    """
    names, letters = recognised("states", states), recognised("inputs", inputs)
    rows = _rows(names, letters, step)
    function(output, "The output of a Moore machine")
    return Moore(letters, names, tuple(output(s) for s in names), rows)


def mealy(states: Iterable[Label], inputs: Iterable[Label], step: Callable[[Any, Any], tuple[Label, Label]]) -> Mealy:
    """The Mealy machine with the given step ``(state, input) ↦ (output, state)``; raises as :func:`moore`."""
    names, letters = recognised("states", states), recognised("inputs", inputs)
    table = {(s, x): _pair(f"({s!r}, {x!r})", _asked(step, s, x)) for s in names for x in letters}
    rows = _rows(names, letters, lambda s, x: table[s, x][1])
    return Mealy(letters, names, tuple(tuple(table[s, x][0] for x in letters) for s in names), rows)


def automaton(
    states: Iterable[Label], letters: Iterable[Label], step: Callable[[Any, Any], Label], accepting: Iterable[Label]
) -> Moore:
    """The deterministic automaton, a Moore machine whose outputs are True and False; raises as :func:`moore`."""
    final = set(recognised("accepting states", accepting))
    return moore(states, letters, step, lambda s: s in final)


def streams(states: Iterable[Label], step: Callable[[Any], tuple[Label, Label]]) -> Streams:
    """The stream system with the given step ``state ↦ (output, state)``; raises as :func:`moore`."""
    names = recognised("states", states)
    table = {s: _pair(repr(s), _asked(step, s)) for s in names}
    rows = _rows(names, ((),), lambda s, _: table[s][1])
    return Streams(((),), names, tuple(table[s][0] for s in names), rows)


def _asked(step: Callable[..., Any], *at: Label) -> Any:
    """What a step gives; a step that is not defined there is refused."""
    function(step, "The step of a machine")
    try:
        return step(*at)
    except LookupError as error:
        raise UnknownName(
            f"The step of a machine was asked for at {', '.join(map(repr, at))}, and it is not defined there: "
            f"{error!r}. A machine is total: add a state for failure."
        ) from error


def _pair(where: str, given: Any) -> tuple[Label, Label]:
    if not isinstance(given, tuple) or len(given) != 2:
        raise IllTyped(f"A step at {where} gives an output and a next state, and {given!r} was given.")
    return given


def _rows(
    names: tuple[Label, ...], letters: tuple[Label, ...], step: Callable[[Any, Any], Label]
) -> tuple[tuple[int, ...], ...]:
    number = {s: i for i, s in enumerate(names)}
    rows = []
    for s in names:
        targets = [_asked(step, s, x) for x in letters]
        for x, t in zip(letters, targets, strict=True):
            if t not in number:
                raise UnknownName(
                    f"A machine on the states {some(names)} was asked for, and input {x!r} leads from {s!r} to {t!r}, "
                    "which is none of them. Add it, or lead somewhere else."
                )
        rows.append(tuple(number[t] for t in targets))
    return tuple(rows)
