"""The types of terms and of normal forms: what is ill-typed is rejected before anything is computed.

Terms are lists headed by ``id ; ! <> p1 p2 i1 i2 0 [] dist cur ev gen fin in fold out unfold map st unit join``, see
:meth:`Typing.infer`; types and normal forms are those of :mod:`catcore_proofs.syntax`.  Part of the trusted base.
"""

from __future__ import annotations

from typing import Any

from catcore_proofs.syntax import Normal, Recursor, Rejected, Type, filled, freeze, injections, need, size, wellformed


class Typing:
    """The types over one signature, in a context of variables.

    Args:
        signature: the type of each generator, ``{name: [dom, cod]}``.
        functors: for each arbitrary functor on sets whether it is a ``"functor"`` or a ``"monad"``.
    """

    def __init__(self, signature: dict[str, Any], functors: dict[str, str] | None = None) -> None:
        self.functors = dict(functors or {})
        need(set(self.functors.values()) <= {"functor", "monad"}, "an arbitrary functor is a functor or a monad")
        self.signature = {name: (wellformed(freeze(d)), wellformed(freeze(c))) for name, (d, c) in signature.items()}
        self.context: list[Type] = []
        self._codomains: dict[Recursor, Type] = {}

    # ---- terms ---------------------------------------------------------------------------------------------------

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

    # ---- normal forms --------------------------------------------------------------------------------------------

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
