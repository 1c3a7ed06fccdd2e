"""Large terms as they are read best: at an element, with a name for each value that is used twice.

A term with shared parts, such as the reverse derivative of a network, is small as a graph and huge as a tree.  Here it
is run on names instead: projections and pairs vanish, a value that occurs twice gets a name, and so does one that would
make a line too long.

>>> from catcore.arrows import ident, pair
>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> square = pair(smooth("tanh", R()), smooth("tanh", R())) >> smooth("multiply", R() * R())
>>> print(listing(square * smooth("times", R(), 2)))
(a, b) ↦ (multiply(t1, t1), times[2](b))
  where t1 = tanh(a)
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from typing import Any

from catcore.objects import Coproduct, Ob, One, Product
from catcore.terms import (
    Arrow,
    Case,
    Composite,
    Curry,
    Distribute,
    Ev,
    Fst,
    Identity,
    Inl,
    Inr,
    Pair,
    Snd,
    Terminal,
)

#: A value with a longer text gets a name of its own.
WIDTH = 60


class _Value:
    """A value in the program: how it is made, from which values, and which bound names it depends on."""

    __slots__ = ("bound", "data", "kind", "parts")

    def __init__(self, kind: str, data: Any, parts: tuple[_Value, ...], bound: frozenset[int]) -> None:
        self.kind, self.data, self.parts, self.bound = kind, data, parts, bound


class _Program:
    """Runs a term on names; equal values are one object."""

    def __init__(self) -> None:
        self.values: dict[Any, _Value] = {}
        self.memo: dict[tuple[Arrow, int], _Value] = {}
        self.binders = it.count(1)
        self.letters = (a + n for n in it.chain([""], map(str, it.count(1))) for a in "abcdefghijklmnopqrsuvwxyz")

    def value(self, kind: str, data: Any, *parts: _Value, without: int = 0) -> _Value:
        key = (kind, data, *map(id, parts))
        if key not in self.values:
            bound = frozenset[int]().union(*(p.bound for p in parts)) - {without}
            self.values[key] = _Value(kind, data, parts, bound)
        return self.values[key]

    def pattern(self, ob: Ob, binder: int = 0) -> _Value:
        """The generic element of an object: a name for each factor."""
        if isinstance(ob, Product):
            return self.value("pair", None, self.pattern(ob.left, binder), self.pattern(ob.right, binder))
        if ob is One:
            return self.value("name", "()")
        name = next(self.letters)
        self.values[("name", name)] = found = _Value("name", name, (), frozenset({binder} if binder else ()))
        return found

    def run_whole(self, f: Arrow, x: _Value) -> _Value:
        """The value of a term; its parts first, so that Python's stack suffices."""
        from catcore.arrows import sorted_by_parts

        for part in sorted_by_parts(f):
            if part.dom is f.dom:
                self.run(part, x)
        return self.run(f, x)

    def run(self, f: Arrow, x: _Value) -> _Value:
        key = (f, id(x))
        if key not in self.memo:
            self.memo[key] = self._rule(f, x)
        return self.memo[key]

    def _rule(self, f: Arrow, x: _Value) -> _Value:
        match f:
            case Identity():
                return x
            case Composite():
                for g in f.args:
                    x = self.run(g, x)
                return x
            case Pair():
                return self.value("pair", None, self.run(f.args[0], x), self.run(f.args[1], x))
            case Fst() | Snd():
                return self.half(x, int(isinstance(f, Snd)))
            case Terminal():
                return self.value("name", "()")
            case Inl() | Inr():
                return self.value(type(f).__name__, None, x)
            case Case():
                return self._case(f, x)
            case Distribute() if isinstance(f.dom, Product) and isinstance(f.dom.right, Coproduct):
                return self.value("distribute", None, self.half(x, 0), self.half(x, 1))
            case Curry():
                return self.value("curry", f, x)
            case Ev() if (function := self.half(x, 0)).kind == "curry":
                return self.run(function.data.args[0], self.value("pair", None, function.parts[0], self.half(x, 1)))
            case Ev():
                return self.value("apply", None, self.half(x, 0), self.half(x, 1))
        return self.value("call", f, x)

    def half(self, x: _Value, side: int) -> _Value:
        return x.parts[side] if x.kind == "pair" else self.value("half", side + 1, x)

    def _case(self, f: Case, x: _Value) -> _Value:
        if x.kind in ("Inl", "Inr"):
            return self.run(f.args[x.kind == "Inr"], x.parts[0])
        context, choice = x.parts if x.kind == "distribute" else (None, x)
        if choice.kind in ("Inl", "Inr"):
            given = choice.parts[0] if context is None else self.value("pair", None, context, choice.parts[0])
            return self.run(f.args[choice.kind == "Inr"], given)
        sides = [self._side(g, context) for g in f.args]
        return self.value("case", None, choice, *sides)

    def _side(self, f: Arrow, context: _Value | None) -> _Value:
        binder = next(self.binders)
        ob = f.dom
        if context is None:
            element = self.pattern(ob, binder)
            return self.value("bind", binder, element, self.run(f, element), without=binder)
        assert isinstance(ob, Product)
        element = self.pattern(ob.right, binder)
        body = self.run(f, self.value("pair", None, context, element))
        return self.value("bind", binder, element, body, without=binder)

    def function(self, curried: _Value) -> _Value:
        """A function that is not applied, with a name for its argument."""
        key = ("function", id(curried))
        if key not in self.values:
            binder, body = next(self.binders), curried.data.args[0]
            element = self.pattern(body.dom.right, binder)
            found = self.run(body, self.value("pair", None, curried.parts[0], element))
            self.values[key] = self.value("bind", binder, element, found, without=binder)
        return self.values[key]

    def parts(self, x: _Value) -> tuple[_Value, ...]:
        return (self.function(x),) if x.kind == "curry" else x.parts


def _sorted(program: _Program, root: _Value) -> Iterator[_Value]:
    """All values that are needed, each after its parts."""
    todo, done = [(root, False)], set[int]()
    while todo:
        x, visited = todo.pop()
        if id(x) in done:
            continue
        if visited:
            done.add(id(x))
            yield x
        else:
            todo.append((x, True))
            todo += [(p, False) for p in reversed(program.parts(x))]


class _Writer:
    """Texts of values, and the definitions of those that have a name."""

    def __init__(self, program: _Program, root: _Value) -> None:
        self.program, self.root = program, root
        self.texts: dict[int, str] = {}
        self.defined: dict[int, list[str]] = {}  # by the innermost binder that a definition stands under
        self.count = it.count(1)
        order = list(_sorted(program, root))
        self.uses: dict[int, int] = {}
        for x in order:
            for part in program.parts(x):
                self.uses[id(part)] = self.uses.get(id(part), 0) + 1
        for x in order:
            self.texts[id(x)] = self._named(x, self._text(x))

    def _named(self, x: _Value, text: str) -> str:
        if x is self.root or x.kind not in ("call", "case", "apply"):
            return text
        if len(text) <= WIDTH and (self.uses[id(x)] < 2 or not _is_work(x)):
            return text
        name = f"t{next(self.count)}"
        self.defined.setdefault(max(x.bound, default=0), []).append(f"{name} = {text}")
        return name

    def _text(self, x: _Value) -> str:
        parts = [self.texts[id(p)] for p in self.program.parts(x)]
        match x.kind:
            case "name":
                return str(x.data)
            case "pair" | "distribute":
                return f"({parts[0]}, {parts[1]})"
            case "half":
                return f"{parts[0]}.{x.data}"
            case "Inl" | "Inr":
                return f"{'ι₁' if x.kind == 'Inl' else 'ι₂'} {parts[0]}"
            case "case":
                return f"[{parts[0]} is ι₁ {parts[1]} | ι₂ {parts[2]}]"
            case "bind":
                inside = self.defined.pop(x.data, [])
                return f"{parts[0]} ↦ {parts[1]}" + (f" where {', '.join(inside)}" if inside else "")
            case "curry":
                return f"({parts[0]})"
            case "apply":
                return f"{parts[0]}({parts[1]})"
        argument = parts[0] if parts[0].startswith("(") and x.parts[0].kind == "pair" else f"({parts[0]})"
        return _label(x.data) + ("" if argument == "(())" else argument)

    def lines(self) -> list[str]:
        return self.defined.get(0, [])


def _is_work(x: _Value) -> bool:
    """Whether a value takes more than a name to write."""
    return x.kind != "call" or x.parts[0].data != "()"


def _label(f: Arrow) -> str:
    """A former that is not taken apart, with the numbers it has besides its domain."""
    from catcore.printing import tree

    parameters: tuple[Any, ...] = getattr(f, "parameters", ())
    name = getattr(f, "name", None)
    if name == "constant" and len(parameters) == 2:
        return str(parameters[1])
    if isinstance(name, str) and isinstance(parameters, tuple) and 0 < len(parameters) <= 3:
        return f"{name}[{', '.join(map(_short, parameters))}]"
    return tree(f, latex=False)


def _short(parameter: Any) -> str:
    text = "×".join(map(str, parameter)) if isinstance(parameter, tuple) else str(parameter)
    return text if len(text) <= 24 else text[:23] + "…"


def listing(f: Arrow) -> str:
    """The value of a term at a generic element, with the definitions of all values that have a name below it."""
    program = _Program()
    x = program.pattern(f.dom)
    writer = _Writer(program, program.run_whole(f, x))
    head = f"{_Writer(program, x).texts[id(x)]} ↦ {writer.texts[id(writer.root)]}"
    lines = writer.lines()
    return head if not lines else head + "\n  where " + "\n        ".join(lines)
