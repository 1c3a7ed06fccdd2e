"""A statement of the kernel's language, written as on a board.

A certificate comes from a file, so what it proves is read off the terms that the kernel replays, never off a label that
the file carries beside them.

>>> swap = ["<>", ["p2"], ["p1"]]
>>> pair = ["*", ["a", "A"], ["a", "A"]]
>>> equations({"dom": pair, "cod": pair, "lhs": [";", swap, swap], "rhs": ["id"], "given": []})
['⟨π₂, π₁⟩ ; ⟨π₂, π₁⟩ = id : A × A → A × A']
"""

from __future__ import annotations

from typing import Any

from catcore.errors import BadSpecification

ARBITRARY = {"unit": "unit", "join": "mult", "st": "strength"}
WORDS = {
    "id": "id", "!": "!", "p1": "π₁", "p2": "π₂", "i1": "ι₁", "i2": "ι₂", "0": "¡", "dist": "dist", "ev": "ev",
    "in": "in", "out": "out",
}  # fmt: skip
SIGNS = {"*": "×", "+": "+"}
SHOWN = 12  # entries of a table that are written out


def equations(statement: Any) -> list[str]:
    """The hypotheses of a statement, what it takes arbitrary functors to be, and last the equation itself.

    Raises:
        BadSpecification: when it is not a statement of the kernel's language.
    """
    try:
        arbitrary = [f"{name} is a {role} on sets" for name, role in statement.get("functors", {}).items()]
        given = [_equation(each) for each in statement["given"]]
        return [*given, *arbitrary, _equation(statement)]
    except (KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise BadSpecification(
            "A statement of the kernel's language was asked for and something else was found; write certificates with "
            "catcore verify."
        ) from error


def _equation(equation: Any) -> str:
    ends = f"{_type(equation['dom'])} → {_type(equation['cod'])}"
    return f"{_term(equation['lhs'])} = {_term(equation['rhs'])} : {ends}"


def _type(kind: Any, inside: bool = False, bound: tuple[str, ...] = ()) -> str:
    if kind in ("0", "1"):
        return str(kind)
    head, *parts = kind
    if head == "h":
        return str(bound[parts[0]])
    if head == "T":
        return f"{parts[0]}({_type(parts[1], False, bound)})"
    if head in ("μ", "ν"):
        name = f"X{len(bound)}"
        text = f"{head}{name}. {_type(parts[0], False, (name, *bound))}"
        return f"({text})" if inside else text
    if head in ("a", "f"):
        return str(parts[0])
    if head == "^":
        return f"{_type(parts[0], True, bound)}^{_type(parts[1], True, bound)}"
    text = f"{_type(parts[0], True, bound)} {SIGNS[head]} {_type(parts[1], True, bound)}"
    return f"({text})" if inside else text


def _term(term: Any) -> str:
    head, *parts = term
    if head == ";":
        return " ; ".join(map(_term, parts)) or "id"
    if head == "<>":
        return f"⟨{_term(parts[0])}, {_term(parts[1])}⟩"
    if head == "[]":
        return f"[{_term(parts[0])}, {_term(parts[1])}]"
    if head == "cur":
        return f"Λ({_term(parts[1])})"
    if head == "gen":
        return str(parts[0])
    if head == "map":
        return f"{parts[0]}({_term(parts[1])})"
    if head in ("unit", "join", "st"):
        return f"{parts[0]}.{ARBITRARY[head]}"
    if head == "fold":
        return f"⦇{_term(parts[2])}⦈"
    if head == "unfold":
        return f"〖{_term(parts[1])}〗"
    if head == "fin":
        values = " ".join(map(str, parts[2][:SHOWN]))
        return f"[{values}{' …' if len(parts[2]) > SHOWN else ''}]"
    return WORDS[head]
