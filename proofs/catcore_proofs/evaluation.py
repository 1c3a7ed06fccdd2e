"""The trusted evaluator: normalisation by evaluation for the kernel's language.

Terms are those of :mod:`catcore_proofs.typing`; types and normal forms are those of :mod:`catcore_proofs.syntax`.  A
term is evaluated on a generic element: β and η for functions, products and the unit are computation, and so are a fold
of a constructor and a layer of an unfold.  An element of a sum that is neither a left nor a right injection yet asks
for a case distinction by raising :class:`Split`.  Nothing here is imported from the prover or from catcore.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.syntax import DEPTH, UNIT, Image, acting, bears, close, member, mentions, size
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
from catcore_proofs.typing import Typing


class Evaluator(Typing):
    """An evaluator for one signature.

    Args:
        signature: as for :class:`catcore_proofs.typing.Typing`.
        steps: how many evaluation steps may be taken before giving up; verdicts repeat because steps are counted.
        functors: as for :class:`catcore_proofs.typing.Typing`.
    """

    def __init__(
        self, signature: dict[str, Any], steps: int = 5_000_000, functors: dict[str, str] | None = None
    ) -> None:
        super().__init__(signature, functors)
        self.known: dict[Normal, Value] = {}
        self.steps, self.locals = steps, 0
        self.instead: dict[tuple[Type, Normal], Normal] = {}  # what stands for constructors, by type, in normal forms
        self.unsplit = False  # whether a neutral element of a sum may stand in a normal form as it is
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

    # ---- the values of terms --------------------------------------------------------------------------------------

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
