"""The two sides of an equation as functions of elements.

A term of the kernel is an arrow; here it is written as what it does to an element.  Elements are trees: a text, a pair
of trees, or a function that has not been written down yet, so that ``⟨f, g⟩ ; π₁`` at ``x`` reads ``f x``.  What is
long and used twice is named by ``let``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore_proofs.rocq.fixed_points import Unexportable, inductive, polynomial
from catcore_proofs.rocq.names import Names
from catcore_proofs.syntax import Type, Value, acting, bears, closed, filled, freeze, member, size

#: A function: its name, its term, and the types that it goes between.
Function = tuple[str, Any, Type, Type]

#: An element: a text, ``("pair", left, right)`` or ``("fun", type of the argument, body)``.
Tree = Any
LONG = 60


def paired(kind: Type, parts: list[Tree]) -> Tree:
    """The element of a product type with the given factors, taken from the front of the list."""
    if kind[0] != "*":
        return parts.pop(0)
    left = paired(kind[1], parts)
    return ("pair", left, paired(kind[2], parts))


def factors(kind: Type, tree: Tree) -> list[Tree]:
    """The factors of an element of a product type, the opposite of :func:`paired`."""
    return [*factors(kind[1], first(tree)), *factors(kind[2], second(tree))] if kind[0] == "*" else [tree]


def arguments(cod: Type) -> tuple[list[Type], Type]:
    """What an element of a type can be applied to, one after the other, and the type of its value then."""
    kinds = []
    while cod[0] == "^":
        kinds.append(cod[2])
        cod = cod[1]
    return kinds, cod


def first(tree: Tree) -> Tree:
    """The left part of a pair."""
    return tree[1] if isinstance(tree, tuple) and tree[0] == "pair" else f"(first {tree})"


def second(tree: Tree) -> Tree:
    """The right part of a pair."""
    return tree[2] if isinstance(tree, tuple) and tree[0] == "pair" else f"(second {tree})"


def _inside(term: Any) -> list[Any]:
    """The folds in a term, outermost first, that map nothing by themselves: those through another fixed point."""
    if not isinstance(term, tuple):
        return []
    if term and term[0] == "fold" and inductive(term[1][1]) and not polynomial(term[1][1]):
        return [term]
    return [found for part in term for found in _inside(part)]


class Expressions:
    """Writes terms as expressions, with the names of one section."""

    def __init__(self, names: Names, signature: dict[str, Any]) -> None:
        self.names = names
        self.signature = {name: (freeze(d), freeze(c)) for name, (d, c) in signature.items()}
        self.folds: dict[Any, str] = {}
        self.unfolds: dict[Any, str] = {}
        self._recursive: list[str] = []  # the folds that are carried out where they meet a constructor
        self._definitions: list[str] = []
        self._waiting: list[str] = []  # folds that need one which is being written
        self._unfinished: dict[Any, int] = {}  # the outermost fold that is being written and that one needs
        self._needs: list[int] = []  # the same, for those that are being written, outermost first

    def text(self, tree: Tree) -> str:
        """An element as text; everything but names is in brackets."""
        if isinstance(tree, str):
            return tree
        if tree[0] == "pair":
            return f"⟨{self.text(tree[1])}, {self.text(tree[2])}⟩"
        y = self.names.fresh("y")
        return f"(fun {y} : {self.names.type(tree[1])} => {self.text(tree[2](y))})"

    def inl(self, kind: Type, payload: Tree) -> str:
        """A left injection into a sum."""
        return self._injection("inl", kind, payload)

    def inr(self, kind: Type, payload: Tree) -> str:
        """A right injection into a sum."""
        return self._injection("inr", kind, payload)

    def _injection(self, word: str, kind: Type, payload: Tree) -> str:
        left, right = (self.names.type(kind[i]) for i in (1, 2))
        return f"(@{word} {left} {right} {self.text(payload)})"

    def apply(self, function: Tree, argument: Tree) -> Tree:
        """A function at an argument."""
        if isinstance(function, tuple) and self._small(argument):
            return function[2](argument)
        return f"({self.text(function)} {self.text(argument)})"

    def _small(self, tree: Tree) -> bool:
        if isinstance(tree, str):
            return len(tree) <= LONG
        return tree[0] == "pair" and self._small(tree[1]) and self._small(tree[2])

    def shared(self, tree: Tree, use: Callable[[Tree], Tree]) -> Tree:
        """What ``use`` makes of an element, which it may repeat."""
        if self._small(tree):
            return use(tree)
        if isinstance(tree, tuple) and tree[0] == "pair":
            return self.shared(tree[1], lambda a: self.shared(tree[2], lambda b: use(("pair", a, b))))
        y = self.names.fresh("y")
        return f"(let {y} := {self.text(tree)} in {self.text(use(y))})"

    def term(self, term: Any, x: Tree, dom: Type) -> tuple[Tree, Type]:
        """A well-typed term at an element: the value and its type."""
        head, *args = term
        match head:
            case "id":
                return x, dom
            case ";":
                for part in args:
                    x, dom = self.term(part, x, dom)
                return x, dom
            case "!":
                return "tt", "1"
            case "<>":
                kinds = [self.cod(g, dom) for g in args]
                value = self.shared(x, lambda y: ("pair", *(self.term(g, y, dom)[0] for g in args)))
                return value, ("*", *kinds)
            case "p1":
                return first(x), dom[1]
            case "p2":
                return second(x), dom[2]
            case "i1":
                return self.inl(("+", dom, args[0]), x), ("+", dom, args[0])
            case "i2":
                return self.inr(("+", args[0], dom), x), ("+", args[0], dom)
            case "0":
                return f"(match {self.text(x)} return {self.names.type(args[0])} with end)", args[0]
            case "[]":
                return self._case(args, x, dom)
            case "dist":
                return self._distribute(x, dom), self.cod(term, dom)
            case "cur":
                return self._curried(args, x, dom)
            case "ev":
                return self.apply(first(x), second(x)), dom[1][1]
            case "gen":
                return f"({self.names.operations[args[0]]} {self.text(x)})", self.signature[args[0]][1]
            case "in":
                return f"(in{self.names.least(args[0])} {self.text(x)})", args[0]
            case "out":
                return self.out(args[0], x), filled(args[0][1], args[0])
            case "map":
                return self.along(args[0], x, dom[2], lambda y: self.term(args[1], y, dom[2])[0]), self.cod(term, dom)
            case "st":
                value = self.shared(
                    x, lambda p: self.along(args[0], second(p), dom[2][2], lambda y: ("pair", first(p), y))
                )
                return value, self.cod(term, dom)
            case "unit":
                return f"({self.names.functors[args[0]]}_unit {self.text(x)})", ("T", args[0], dom)
            case "join":
                return self.bind(args[0], x, dom[2], lambda y: y), dom[2]
            case "fold":
                return f"({self.fold(term)} {self.text(x)})", args[1]
            case "unfold":
                return f"({self.unfold(term)} {self.text(x)})", args[0]
        return self._table(args[2], x, args[0], args[1]), args[1]

    def out(self, kind: Type, x: Tree) -> str:
        """The layer of an element of a fixed point."""
        if kind[0] == "ν":
            return f"({self.names.out(kind)} {self.text(x)})"
        y = self.names.fresh("y")
        return f"(match {self.text(x)} with in{self.names.least(kind)} {y} => {y} end)"

    def _case(self, args: Any, x: Tree, dom: Type) -> tuple[Tree, Type]:
        branches = []
        for word, part, kind in zip(("inl", "inr"), args, dom[1:], strict=True):
            y = self.names.fresh("y")
            branches.append(f"{word} {y} => {self.text(self.term(part, y, kind)[0])}")
        return f"(match {self.text(x)} with {' | '.join(branches)} end)", self.cod(args[0], dom[1])

    def _distribute(self, x: Tree, dom: Type) -> Tree:
        kind = self.cod(("dist",), dom)

        def use(tree: Tree) -> Tree:
            y = self.names.fresh("y")
            left, right = (f(kind, ("pair", first(tree), y)) for f in (self.inl, self.inr))
            return f"(match {self.text(second(tree))} with inl {y} => {left} | inr {y} => {right} end)"

        return self.shared(x, use)

    def _curried(self, args: Any, x: Tree, dom: Type) -> tuple[Tree, Type]:
        argument, body = args
        pairs = ("*", dom, argument)

        def use(tree: Tree) -> Tree:
            return ("fun", argument, lambda y: self.term(body, ("pair", tree, y), pairs)[0])

        return self.shared(x, use), ("^", self.cod(body, pairs), argument)

    def _table(self, values: Any, x: Tree, source: Type, target: Type) -> str:
        """A finite map, as nested case distinctions on the element's position."""

        def entry(number: int) -> str:
            return self.member(target, member(target, values[number]))

        cod = self.names.type(target)
        return self.text(self.shared(x, lambda y: self._chosen(source, y, 0, 1, (cod, entry))))

    def _chosen(self, kind: Type, x: Tree, start: int, step: int, use: tuple[str, Callable[[int], str]]) -> str:
        """What ``use`` (a type and a function) makes of ``start`` plus ``step`` times the position of an element."""
        match kind[0]:
            case "1":
                return use[1](start)
            case "f":
                ways = [f"{self.names.element(kind[1], i)} => {use[1](start + step * i)}" for i in range(kind[1])]
            case "*":
                inner = size(kind[2])

                def rest(number: int) -> str:
                    return self._chosen(kind[2], second(x), number, step, use)

                return self._chosen(kind[1], first(x), start, step * inner, (use[0], rest))
            case "+":
                y, left = self.names.fresh("y"), size(kind[1])
                after = self._chosen(kind[2], y, start + step * left, step, use)
                ways = [f"inl {y} => {self._chosen(kind[1], y, start, step, use)}", f"inr {y} => {after}"]
            case _:
                ways = []
        return f"(match {self.text(x)} return {use[0]} with {' | '.join(ways)} end)"

    def member(self, kind: Type, value: Value) -> str:
        """An element of a finite type."""
        match kind[0]:
            case "1":
                return "tt"
            case "f":
                return self.names.element(kind[1], value[1])
            case "*":
                return f"⟨{self.member(kind[1], value[1])}, {self.member(kind[2], value[2])}⟩"
        inject, part = (self.inl, kind[1]) if value[0] == "l" else (self.inr, kind[2])
        return inject(kind, self.member(part, value[1]))

    def cod(self, term: Any, dom: Type) -> Type:
        """The codomain of a well-typed term."""
        head, *args = term
        match head:
            case "id":
                return dom
            case ";":
                for part in args:
                    dom = self.cod(part, dom)
                return dom
            case "!":
                return "1"
            case "<>":
                return ("*", *(self.cod(g, dom) for g in args))
            case "p1" | "p2":
                return dom[1 if head == "p1" else 2]
            case "i1":
                return ("+", dom, args[0])
            case "i2":
                return ("+", args[0], dom)
            case "0":
                return args[0]
            case "[]":
                return self.cod(args[0], dom[1])
            case "dist":
                return ("+", ("*", dom[1], dom[2][1]), ("*", dom[1], dom[2][2]))
            case "cur":
                return ("^", self.cod(args[1], ("*", dom, args[0])), args[0])
            case "ev":
                return dom[1][1]
            case "gen":
                return self.signature[args[0]][1]
            case "in" | "unfold":
                return args[0]
            case "out":
                return filled(args[0][1], args[0])
            case "map":
                return ("T", args[0], self.cod(args[1], dom[2]))
            case "st":
                return ("T", args[0], ("*", dom[1], dom[2][2]))
            case "unit":
                return ("T", args[0], dom)
            case "join":
                return dom[2]
        return args[1]

    def bind(self, functor: str, element: Tree, kind: Type, body: Callable[[Tree], Tree]) -> str:
        """An element of an arbitrary monad bound to a body over elements of a type."""
        return f"({self.names.functors[functor]}_bind {self.text(element)} {self.text(('fun', kind, body))})"

    def along(self, functor: str, element: Tree, kind: Type, body: Callable[[Tree], Tree]) -> str:
        """The action of an arbitrary functor, or of a monad, on a function."""
        name = self.names.functors[functor]
        if self.names.roles[functor] == "monad":
            return self.bind(functor, element, kind, lambda y: f"({name}_unit {self.text(body(y))})")
        return f"({name}_map {self.text(element)} {self.text(('fun', kind, body))})"

    def fold(self, term: Any) -> str:
        """The name of a fold; it becomes a recursive function when it is met for the first time.

        A fold through a greatest fixed point or an arbitrary functor is never carried out, so it may be any function.
        """
        _, kind, cod, algebra = term
        if not inductive(kind[1]):
            return self._any_function(term)
        for inner in _inside(algebra):  # a map over what another fold makes is defined together with that one
            self.fold(inner)

        def value(name: str, layer: str) -> Tree:
            return self.term(algebra, self._mapped(kind[1], layer, ((name, term, kind, cod),)), filled(kind[1], cod))[0]

        return self._recursion(term, value)

    def _any_function(self, term: Any) -> str:
        if term not in self.folds:
            self.folds[term] = self.names.fresh("fold")
            target = self.names.type(term[2])
            self._definitions.append(f"Variable {self.folds[term]} : mu{self.names.least(term[1])} -> {target}.")
        return self.folds[term]

    def _recursion(self, term: Any, value: Callable[[str, str], Tree]) -> str:
        """The name of a fold that has a value at ``in layer``; those that need each other are defined together."""
        self._needed(term)
        if term not in self.folds:
            depth, start = len(self._needs), len(self._waiting)
            name = self.folds[term] = self.names.fresh("fold")
            number, x, layer = self.names.least(term[1]), self.names.fresh(), self.names.fresh("y")
            self._recursive.append(name)
            self._unfinished[term] = depth
            self._needs.append(depth)
            body = self.text(value(name, layer))
            needed = self._unfinished[term] = self._needs.pop()
            types = f"({x} : mu{number}) {{struct {x}}} : {self.names.type(term[2])}"
            self._waiting.append(f"{name} {types} := match {x} with in{number} {layer} => {body} end")
            if needed == depth:
                self._definitions.append(f"Fixpoint {' with '.join(self._waiting[start:])}.")
                del self._waiting[start:]
                self._unfinished = {t: least for t, least in self._unfinished.items() if least < depth}
            else:
                self._needs[-1] = min(self._needs[-1], needed)
        return self.folds[term]

    def _needed(self, term: Any) -> None:
        """Note that what is being written needs a fold, which may be being written itself."""
        if term in self._unfinished:
            self._needs[-1] = min(self._needs[-1], self._unfinished[term])

    def unfold(self, term: Any) -> str:
        """The name of an unfold, which is defined, with its layer, when it is met for the first time."""
        if term not in self.unfolds:
            _, kind, coalgebra, seed = term
            name, x, number = self.names.fresh("unfold"), self.names.fresh(), self.names.greatest(kind)
            source, target = self.names.type(seed), self.names.type(kind)
            if polynomial(kind[1]):
                layer, final = self.term(coalgebra, x, seed)[0], f"final{number}"
                said = (
                    f"out {final} ({name} {x}) = {self.text(self._mapped(kind[1], layer, ((name, term, seed, kind),)))}"
                )
                self._definitions += [
                    f"Definition {name} : {source} -> {target} := unfold {final} (fun {x} => {self.text(layer)}).",
                    f"Lemma {name}_layer ({x} : {source}) : {said}. Proof. exact (out_unfold {final} _ _). Qed.",
                ]
            else:
                self._definitions.append(f"Variable {name} : {source} -> {target}.")
            self.unfolds[term] = name
        return self.unfolds[term]

    def definitions(self) -> list[str]:
        """The folds and unfolds that were met, and how to compute: folds of constructors are carried out."""
        unfold = f"Ltac calculate := cbn beta iota zeta delta [first second {' '.join(self._recursive)}]."
        return [*self._definitions, unfold] if self._recursive else self._definitions

    def _mapped(self, body: Type, x: Tree, functions: tuple[Function, ...]) -> Tree:
        """The functor with a given body on functions, one for each bound variable, innermost first, at an element."""
        if not any(bears(body, i) for i in range(len(functions))):
            return x
        match body[0]:
            case "h":
                name, term, *_ = functions[body[1]]
                self._needed(term)
                return f"({name} {self.text(x)})"
            case "*":
                parts = zip(body[1:], (first(x), second(x)), strict=True)
                return ("pair", *(self._mapped(part, y, functions) for part, y in parts))
            case "+":
                ways, kind = [], closed(body, tuple(f[3] for f in functions))
                for word, inject, part in zip(("inl", "inr"), (self.inl, self.inr), body[1:], strict=True):
                    y = self.names.fresh("y")
                    ways.append(f"{word} {y} => {inject(kind, self._mapped(part, y, functions))}")
                return f"(match {self.text(x)} with {' | '.join(ways)} end)"
            case "^":
                return ("fun", body[2], lambda y: self._mapped(body[1], self.apply(x, y), functions))
            case "μ":
                return f"({self._map(body, functions)} {self.text(x)})"
        raise Unexportable("A fixed point depends on the variable of another fixed point.")

    def _map(self, body: Type, functions: tuple[Function, ...]) -> str:
        """The name of the fold that maps what is in a least fixed point."""
        term = acting(body, tuple(f[1:] for f in functions))
        _, source, target, _ = term

        def value(name: str, layer: str) -> Tree:
            mapped = self._mapped(body[1], layer, ((name, term, source, target), *functions))
            return f"(in{self.names.least(target)} {self.text(mapped)})"

        return self._recursion(term, value)

    def sides(self, statement: Any, parts: list[Tree]) -> tuple[str, str]:
        """The two sides of an equation between terms, on the factors of its arguments, as the kernel takes them."""
        dom, cod = freeze(statement["dom"]), freeze(statement["cod"])
        parts, kinds = [*parts], arguments(cod)[0]
        point, *further = [paired(kind, parts) for kind in (dom, *kinds)]

        def side(term: Any) -> str:
            value = self.term(term, point, dom)[0]
            for argument in further:
                value = self.apply(value, argument)
            return self.text(value)

        return side(freeze(statement["lhs"])), side(freeze(statement["rhs"]))

    def forall(self, variables: Any) -> str:
        """The quantifier over some variables; those of the unit are left out."""
        binders = "".join(f" ({x} : {self.names.type(kind)})" for x, kind in variables if kind != "1")
        return f"forall{binders}, " if binders else ""
