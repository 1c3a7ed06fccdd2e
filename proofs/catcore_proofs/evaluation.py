"""The trusted evaluator: normalisation by evaluation for the kernel's language.

Terms are lists headed by ``id ; ! <> p1 p2 i1 i2 0 [] dist cur ev gen fin in fold out unfold``, see
:meth:`Evaluator.infer`; types and normal forms are those of :mod:`catcore_proofs.syntax`.  A term is evaluated on a
generic element: β and η for functions, products and the unit are computation, and so are a fold of a constructor and a
layer of an unfold.  An element of a sum that is neither a left nor a right injection yet asks for a case distinction by
raising :class:`Split`.  Nothing here is imported from the prover or from catcore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.syntax import DEPTH, UNIT, Image, acting, bears, close, freeze, member, mentions, size
from catcore_proofs.syntax import Normal as Normal
from catcore_proofs.syntax import Recursor as Recursor
from catcore_proofs.syntax import Rejected as Rejected
from catcore_proofs.syntax import Split as Split
from catcore_proofs.syntax import Type as Type
from catcore_proofs.syntax import Value as Value
from catcore_proofs.syntax import filled as filled
from catcore_proofs.syntax import flat as flat
from catcore_proofs.syntax import injections as injections
from catcore_proofs.syntax import need as need
from catcore_proofs.syntax import packed as packed
from catcore_proofs.syntax import same as same
from catcore_proofs.syntax import wellformed as wellformed


class Evaluator:
    """An evaluator for one signature.

    Args:
        signature: the type of each generator, ``{name: [dom, cod]}``.
        steps: how many evaluation steps may be taken before giving up; verdicts repeat because steps are counted.
        functors: for each arbitrary functor on sets whether it is a ``"functor"`` or a ``"monad"``.
    """

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        self.functors = dict(functors or {})
        need(set(self.functors.values()) <= {"functor", "monad"}, "an arbitrary functor is a functor or a monad")
        self.signature = {name: (wellformed(freeze(d)), wellformed(freeze(c))) for name, (d, c) in signature.items()}
        self.context: list[Type] = []
        self.known: dict[Normal, Value] = {}
        self.steps, self.locals = steps, 0
        self.instead: dict[tuple[Type, Normal], Normal] = {}  # what stands for constructors, by type, in normal forms
        self.unsplit = False  # whether a neutral element of a sum may stand in a normal form as it is
        self._codomains: dict[Recursor, Type] = {}
        self._measured: dict[int, tuple[Any, int, int]] = {}

    def tick(self, steps: int = 1) -> None:
        """Count steps."""
        self.steps -= steps
        need(self.steps >= 0, "the step limit is reached")

    @contextmanager
    def sparing(self, steps: int) -> Iterator[None]:
        """Take so many steps at most for a while."""
        spared = max(self.steps - steps, 0)
        self.steps -= spared
        try:
            yield
        finally:
            self.steps += spared

    def measure(self, normal: Any) -> tuple[int, int]:
        """The number of parts and the depth of a normal form, counting shared parts as often as they occur."""
        if not isinstance(normal, tuple):
            return 1, 0
        known = self._measured.get(id(normal))
        if known is None:
            parts = [self.measure(part) for part in normal if isinstance(part, tuple)]
            leaves = len(normal) - len(parts)
            # the normal form is kept beside its measure, so that no other one can have its id
            size, depth = leaves + sum(n for n, _ in parts), max((d for _, d in parts), default=0)
            known = self._measured[id(normal)] = normal, 1 + size, 1 + depth
        return known[1:]

    @contextmanager
    def assuming(self, facts: dict[Normal, Value]) -> Iterator[None]:
        """Use further facts about neutral elements for a while."""
        saved, depth = self.known, len(self.context)
        self.known = {**saved, **facts}
        try:
            yield
        finally:
            self.known = saved
            del self.context[depth:]

    # ---- terms: types and values ---------------------------------------------------------------------------------

    def infer(self, term: Any, dom: Type) -> Type:
        """The codomain of a term on ``dom``; an ill-typed term is rejected."""
        head, *args = term
        match head, args:
            case "id", []:
                return dom
            case ";", _:
                for part in args:
                    dom = self.infer(part, dom)
                return dom
            case "!", []:
                return "1"
            case "<>", [f, g]:
                return ("*", self.infer(f, dom), self.infer(g, dom))
            case (("p1" | "p2"), []) if dom[0] == "*":
                return dom[1 if head == "p1" else 2]
            case "i1", [other]:
                return ("+", dom, wellformed(other))
            case "i2", [other]:
                return ("+", wellformed(other), dom)
            case "0", [cod] if dom == "0":
                return wellformed(cod)
            case "[]", [f, g] if dom[0] == "+":
                left, right = self.infer(f, dom[1]), self.infer(g, dom[2])
                need(left == right, "the branches of a case distinction differ in type")
                return left
            case "dist", [] if dom[0] == "*" and dom[2][0] == "+":
                return ("+", ("*", dom[1], dom[2][1]), ("*", dom[1], dom[2][2]))
            case "cur", [argument, f]:
                return ("^", self.infer(f, ("*", dom, wellformed(argument))), argument)
            case "ev", [] if dom[0] == "*" and dom[1][0] == "^" and dom[1][2] == dom[2]:
                return dom[1][1]
            case "in", [("μ", body) as fixed] if dom == filled(body, wellformed(fixed)):
                return fixed
            case "fold", [("μ", body) as fixed, cod, algebra] if dom == wellformed(fixed):
                need(
                    self.infer(algebra, filled(body, wellformed(cod))) == cod,
                    "a fold over something that is no algebra",
                )
                return cod
            case "out", [("ν" | "μ", body) as fixed] if dom == wellformed(fixed):
                return filled(body, fixed)
            case "unfold", [("ν", body) as fixed, coalgebra, seed] if seed == dom:
                layer = filled(body, dom)
                need(self.infer(coalgebra, dom) == layer, "an unfold of something that is no coalgebra")
                return wellformed(fixed)
            case "map", [name, f] if dom[0] == "T" and dom[1] == name and name in self.functors:
                return ("T", name, self.infer(f, dom[2]))
            case "st", [name] if dom[0] == "*" and dom[2][0] == "T" and dom[2][1] == name and name in self.functors:
                return ("T", name, ("*", dom[1], dom[2][2]))
            case "unit", [name] if self.functors.get(name) == "monad":
                return ("T", name, dom)
            case "join", [name] if self.functors.get(name) == "monad" and dom[:2] == ("T", name) == dom[2][:2]:
                return dom[2]
            case "gen", [name] if self.signature.get(name, (None,))[0] == dom:
                return self.signature[name][1]
            case "fin", [source, target, values] if source == dom:
                need(len(values) == size(source) and wellformed(target) == target, "a table has the wrong length")
                need(all(type(v) is int and 0 <= v < size(target) for v in values), "a table has a wrong value")
                return target
        raise Rejected(f"the term {head!r} does not apply to elements of {dom!r}")

    def codomain(self, term: Any, dom: Type) -> Type:
        """The codomain of the term of a fold or an unfold, inferred once."""
        if not isinstance(term, Recursor):
            return self.infer(term, dom)
        if term not in self._codomains:
            self._codomains[term] = self.infer(term, dom)
        return self._codomains[term]

    def apply(self, term: Any, x: Value) -> Value:
        """The value of a well-typed term at a value."""
        self.tick()
        match term[0]:
            case "id":
                return x
            case ";":
                for part in term[1:]:
                    x = self.apply(part, x)
                return x
            case "!":
                return UNIT
            case "<>":
                return ("*", self.apply(term[1], x), self.apply(term[2], x))
            case "p1":
                return x[1]  # type: ignore[no-any-return]
            case "p2":
                return x[2]  # type: ignore[no-any-return]
            case "i1":
                return ("l", x)
            case "i2":
                return ("r", x)
            case "0":
                raise Split(x[1], "0")
            case "[]":
                tag, payload = self.decide(x)
                return self.apply(term[1 if tag == "l" else 2], payload)
            case "dist":
                tag, payload = self.decide(x[2])
                return (tag, ("*", x[1], payload))
            case "cur":
                return ("λ", lambda y: self.apply(term[2], ("*", x, y)))
            case "ev":
                return x[1][1](x[2])  # type: ignore[no-any-return]
            case "gen":
                dom, cod = self.signature[term[1]]
                return self.reflect(("g", term[1], self.reify(x, dom)), cod)
            case "in":
                return ("in", x)
            case "fold":
                return self.fold(term, x)
            case "out":
                return self.out(x)
            case "unfold":
                return ("unfold", term, x)
            case "map":
                return self.along(lambda y: self.apply(term[2], y), x)
            case "st":
                return self.along(lambda y: ("*", x[1], y), x[2])
            case "unit":
                return ("η", x)
            case "join":
                return self.bind(x, lambda y: y)
            case _:
                return member(term[2], term[3][self.number(term[1], x)])

    def fold(self, term: Any, x: Value) -> Value:
        """A fold: the algebra after folding the layer below; of an unknown element it is neutral."""
        x = self.newest(x)
        if x[0] != "in":
            return self.reflect(("fold", term, x[1]), term[2])
        layer = self.mapped(term[1][1], (lambda y: self.fold(term, y),), x[1], ((term, term[1], term[2]),))
        return self.apply(term[3], layer)

    def out(self, x: Value) -> Value:
        """The first layer of an element of a fixed point."""
        x = self.newest(x)
        if x[0] == "in":
            return x[1]  # type: ignore[no-any-return]
        if x[0] != "unfold":
            return self.reflect(("out", x[1]), filled(x[2][1], x[2]))
        _, term, seed = x
        image = term, term[3], term[1]
        return self.mapped(term[1][1], (lambda y: ("unfold", term, y),), self.apply(term[2], seed), (image,))

    def mapped(
        self, body: Type, functions: tuple[Callable[[Value], Value], ...], x: Value, images: tuple[Image, ...] = ()
    ) -> Value:
        """The functor with a given body on functions, one for each bound variable, innermost first.

        Inside of a further fixed point it maps by the terms of the functions.
        """
        self.tick()
        if not any(bears(body, i) for i in range(len(functions))):
            return x
        match body:
            case ("h", index):
                return functions[index](x)  # type: ignore[no-any-return]
            case ("*", left, right):
                return ("*", *(self.mapped(b, functions, y, images) for b, y in zip((left, right), x[1:], strict=True)))
            case ("+", left, right):
                tag, payload = self.decide(x)
                return (tag, self.mapped(left if tag == "l" else right, functions, payload, images))
            case ("^", base, _):
                return ("λ", lambda y: self.mapped(base, functions, x[1](y), images))
            case ("T", _, argument):
                return self.along(lambda y: self.mapped(argument, functions, y, images), x)
            case (("μ" | "ν"), _) if images:
                return self.apply(acting(body, images), x)
        raise Rejected("a map over a fixed point inside a fixed point")

    def along(self, function: Callable[[Value], Value], x: Value) -> Value:
        """The action of an arbitrary functor on a function; for a monad, binding followed by the unit."""
        if x[0] == "↦":
            return ("↦", x[1], x[2], lambda y: function(x[3](y)))
        return self.bind(x, lambda y: ("η", function(y)))

    def bind(self, x: Value, function: Callable[[Value], Value]) -> Value:
        """Kleisli extension: the unit is neutral and binding associates, by computation."""
        self.tick()
        if x[0] == "η":
            return function(x[1])
        return ("⇐", x[1], x[2], lambda y: self.bind(x[3](y), function))

    def newest(self, x: Value) -> Value:
        """What is known by now of an element."""
        while x[0] == "?" and (fact := self.known.get(x[1])) is not None:
            self.tick()
            x = fact
        return x

    def decide(self, x: Value) -> Value:
        """A value of a sum as an injection; a stuck one asks for a split."""
        x = self.newest(x)  # the element may be older than what is known of it
        if x[0] == "?":
            raise Split(x[1], x[2])
        return x

    def number(self, kind: Type, x: Value) -> int:
        """The position of a value in the enumeration of its finite type."""
        match kind[0]:
            case "1":
                return 0
            case "f":
                return self.decide(x)[1]  # type: ignore[no-any-return]
            case "*":
                return self.number(kind[1], x[1]) * size(kind[2]) + self.number(kind[2], x[2])
            case "+":
                tag, payload = self.decide(x)
                return self.number(kind[1], payload) if tag == "l" else size(kind[1]) + self.number(kind[2], payload)
        raise Split(x[1], "0")

    # ---- normalisation by evaluation -------------------------------------------------------------------------------

    def reflect(self, neutral: Normal, kind: Type) -> Value:
        """The value of a neutral element, η-expanded; what is known of it by splits and rewrites is used."""
        match kind[0]:
            case "1":
                return UNIT
            case "*":
                return ("*", self.reflect(("p1", neutral), kind[1]), self.reflect(("p2", neutral), kind[2]))
            case "^":
                return ("λ", lambda y: self.reflect(("@", neutral, self.reify(y, kind[2])), kind[1]))
        parts, depth = self.measure(neutral)
        need(depth <= DEPTH, "a normal form is nested too deeply")
        self.tick(1 + parts // 50)  # looking a neutral up, comparing it and closing it cost as much as it has parts
        fact = self.known.get(neutral)
        if fact is None and kind[0] == "T":
            # an unknown element of T(A) is bound, or mapped over, by what gives it back
            monad = self.functors.get(kind[1]) == "monad"
            return ("⇐", neutral, kind[2], lambda y: ("η", y)) if monad else ("↦", neutral, kind[2], lambda y: y)
        return fact or ("?", neutral, kind)

    def reify(self, x: Value, kind: Type) -> Normal:
        """The normal form of a value."""
        self.tick()
        match kind[0]:
            case "1":
                return UNIT
            case "*":
                return ("*", self.reify(x[1], kind[1]), self.reify(x[2], kind[2]))
            case "^":
                return ("λ", self._under(kind[2], lambda y: self._body(x, y, kind[1])))
            case "+" | "f" if self.unsplit and (x := self.newest(x))[0] == "?":
                return x[1]  # type: ignore[no-any-return]
            case "+":
                tag, payload = self.decide(x)
                return (tag, self.reify(payload, kind[1 if tag == "l" else 2]))
            case "f":
                return self.decide(x)
            case "0":
                raise Split(x[1], "0")
            case "T" if x[0] == "η":
                return ("η", self.reify(x[1], kind[2]))
            case "T" if x[0] == "⇐":
                return ("bind", x[1], self._under(x[2], lambda y: self.reify(x[3](y), kind)))
            case "T":
                return ("map", x[1], self._under(x[2], lambda y: self.reify(x[3](y), kind[2])))
            case "μ" if (x := self.newest(x))[0] == "in":
                found = ("in", self.reify(x[1], filled(kind[1], kind)))
                return self.instead.get((kind, found), found) if self.instead else found
            case "ν" if (x := self.newest(x))[0] == "unfold":
                whole = ("unfold", x[1], self.reify(x[2], self.seed(x[1])))
                return self.instead.get((kind, whole), whole) if self.instead else whole
        return x[1]  # type: ignore[no-any-return]

    @staticmethod
    def seed(term: Any) -> Type:
        """What an unfold starts from, as a type."""
        return term[3]

    def _body(self, x: Value, y: Value, kind: Type) -> Normal:
        return self.reify(x[1](y), kind)

    def _under(self, kind: Type, body: Callable[[Value], Normal]) -> Normal:
        """The normal form of a body with one bound variable; splits that mention the variable stay inside."""
        self.locals -= 1
        variable = ("v", self.locals)
        value = self.reflect(variable, kind)
        return close(self._cases(variable, lambda: body(value)), variable, 0)  # type: ignore[no-any-return]

    def _cases(self, variable: Normal, body: Callable[[], Normal]) -> Normal:
        try:
            return body()
        except Split as split:
            neutral, kind = split.neutral, split.kind
            if not mentions(neutral, variable):
                raise
        branches = [self._case(neutral, payload, inject, variable, body) for payload, inject in injections(kind)]
        return ("switch" if kind[0] == "f" else "case", neutral, *branches)

    def _case(self, neutral: Normal, payload: Type, inject: Any, variable: Normal, body: Any) -> Normal:
        def inner(value: Value) -> Normal:
            with self.assuming({neutral: inject(value)}):
                return self._cases(variable, body)

        return inner(UNIT) if payload is None else self._under(payload, inner)

    def revalue(self, normal: Normal, bound: tuple[Value, ...] = ()) -> Value:
        """The value of a normal form under what is known now; ``bound`` are the values of bound variables."""
        match normal:
            case ("*", a, b):
                return ("*", self.revalue(a, bound), self.revalue(b, bound))
            case ("1",) | ("n", _):
                return normal
            case (("l" | "r") as tag, payload):
                return (tag, self.revalue(payload, bound))
            case ("λ", body):
                return ("λ", lambda y: self.revalue(body, (y, *bound)))
            case ("case", neutral, *branches):
                tag, payload = self.decide(self.revalue(neutral, bound))
                return self.revalue(branches[0 if tag == "l" else 1], (payload, *bound))
            case ("switch", neutral, *branches):
                return self.revalue(branches[self.decide(self.revalue(neutral, bound))[1]], bound)
            case ("b", index):
                return bound[index]
            case ("v", index):
                return self.reflect(normal, self.context[index])
            case ("p1", pair):
                return self.revalue(pair, bound)[1]  # type: ignore[no-any-return]
            case ("p2", pair):
                return self.revalue(pair, bound)[2]  # type: ignore[no-any-return]
            case ("@", function, argument):
                return self.revalue(function, bound)[1](self.revalue(argument, bound))  # type: ignore[no-any-return]
            case ("g", name, argument):
                return self.apply(("gen", name), self.revalue(argument, bound))
            case ("in", layer):
                return ("in", self.revalue(layer, bound))
            case (("fold" | "unfold"), term, argument):
                return self.apply(term, self.revalue(argument, bound))
            case ("out", element):
                return self.out(self.revalue(element, bound))
            case ("η", a):
                return ("η", self.revalue(a, bound))
            case ("bind", element, body):
                return self.bind(self.revalue(element, bound), lambda y: self.revalue(body, (y, *bound)))
            case ("map", element, body):
                return self.along(lambda y: self.revalue(body, (y, *bound)), self.revalue(element, bound))
        raise Rejected(f"{normal[0]!r} heads no normal form")

    def check(self, normal: Any, kind: Type, bound: tuple[Type, ...] = ()) -> None:
        """Reject what is no normal form of the given type in the present context."""
        need(isinstance(normal, tuple) and len(normal) > 0, "a normal form is missing")
        match normal, kind:
            case ("1",), "1":
                return
            case ("*", a, b), ("*", left, right):
                self.check(a, left, bound)
                self.check(b, right, bound)
            case ("l", a), ("+", left, _):
                self.check(a, left, bound)
            case ("r", a), ("+", _, right):
                self.check(a, right, bound)
            case ("n", i), ("f", n):
                need(type(i) is int and 0 <= i < n, "an element of a finite set is out of range")
            case ("λ", body), ("^", base, exponent):
                self.check(body, base, (exponent, *bound))
            case ("in", layer), ("μ", body):
                self.check(layer, filled(body, kind), bound)
            case ("η", a), ("T", name, argument) if self.functors.get(name) == "monad":
                self.check(a, argument, bound)
            case (("bind" | "map") as head, element, body), ("T", name, argument):
                known = self.synthesise(element, bound)
                need(known[:2] == ("T", name), "a bind of something that is no element of the functor")
                need(head == "map" or self.functors.get(name) == "monad", "a bind for a functor that is no monad")
                self.check(body, kind if head == "bind" else argument, (known[2], *bound))
            case (("case" | "switch") as head, neutral, *branches), _:
                ways = injections(self.synthesise(neutral, bound))
                need(len(ways) == len(branches), "a case distinction has the wrong number of branches")
                for (payload, _inject), branch in zip(ways, branches, strict=True):
                    need((payload is None) == (head == "switch"), "a case distinction of the wrong kind")
                    self.check(branch, kind, bound if payload is None else (payload, *bound))
            case _:
                need(self.synthesise(normal, bound) == kind, "a normal form does not have the type of its place")

    def synthesise(self, neutral: Normal, bound: tuple[Type, ...] = ()) -> Type:
        """The type of a neutral element."""
        match neutral:
            case ("v", int(index)) if 0 <= index < len(self.context):
                return self.context[index]
            case ("b", int(index)) if 0 <= index < len(bound):
                return bound[index]
            case (("p1" | "p2") as which, pair):
                kind = self.synthesise(pair, bound)
                need(kind[0] == "*", "a projection of something that is no pair")
                return kind[1 if which == "p1" else 2]
            case ("@", function, argument):
                kind = self.synthesise(function, bound)
                need(kind[0] == "^", "an application of something that is no function")
                self.check(argument, kind[2], bound)
                return kind[1]
            case ("g", name, argument) if name in self.signature:
                dom, cod = self.signature[name]
                self.check(argument, dom, bound)
                return cod
            case (("fold" | "unfold") as head, (name, *rest) as term, argument) if name == head and len(rest) == 3:
                dom = rest[0] if head == "fold" else wellformed(rest[2])
                self.check(argument, dom, bound)
                return self.codomain(term, dom)
            case ("out", element):
                kind = self.synthesise(element, bound)
                need(kind[0] in ("ν", "μ"), "a layer of something that is no element of a fixed point")
                return filled(kind[1], kind)
        raise Rejected("a neutral element is malformed")
