"""A term simplified by the laws of the table, each shared part once.

Parts are simplified before what they are part of, and remembered, so a term that would fill the world as a tree takes
time in its size as a graph.  A composite is read from left to right: where the last factors so far are the left side of
a law, the right side takes their place.  Never is a case distinction copied: the laws only ever join.

>>> from catcore.arrows import fold, generator
>>> from catcore.objects import atoms, mu
>>> from catcore.functors import functor
>>> A, B, N = atoms("A B N")
>>> lists = functor(lambda X: mu(lambda Y: 1 + X * Y))
>>> print(simplified(lists(generator("f", A, B)) >> fold(lists(B), generator("sum", 1 + B * N, N))))
⦇(1 + Id × N)(f) ; sum⦈
"""

from __future__ import annotations

from catcore.arrows import Arrow, Composite, Identity, compose, ident, sorted_by_parts
from catcore.terms import factors
from catcore_backends.compiler.simplification.laws import RULES, Rule

#: How often laws are used on one term; what is left then is right as it stands.
STEPS = 10_000


def simplified(term: Arrow, rules: tuple[Rule, ...] = RULES) -> Arrow:
    """The term after the laws have been used wherever they apply, with the same domain and codomain."""
    return _Simplifier(rules).run(term)


class _Simplifier:
    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.known: dict[Arrow, Arrow] = {}
        self.steps = 0
        self.rules = rules
        self.of: dict[tuple[type[Arrow], ...], list[Rule]] = {}  # those for factors of some types, found once

    def run(self, term: Arrow) -> Arrow:
        """The simplified term; its parts are simplified first."""
        for part in sorted_by_parts(term) if term not in self.known else ():
            if part not in self.known:
                self.known[part] = self._whole(part)
        return self.known[term]

    def _whole(self, term: Arrow) -> Arrow:
        """A term whose parts are known."""
        if isinstance(term, Composite):
            return self._joined(term, [f for part in term.args for f in factors(self.known[part])])
        args = tuple(self.known.get(arg, arg) if isinstance(arg, Arrow) else arg for arg in term.args)
        built = term if all(new is old for new, old in zip(args, term.args, strict=True)) else type(term)(*args)
        return self._joined(built, [] if isinstance(built, Identity) else [built])

    def _joined(self, term: Arrow, given: list[Arrow]) -> Arrow:
        """The composite of factors, with the laws used along it; the term itself where it is that."""
        waiting = given[::-1]
        done: list[Arrow] = []
        while waiting:
            done.append(waiting.pop())
            found, taken = self._found(done[-1]), 1
            if found is None and len(done) > 1:
                found, taken = self._found(done[-2], done[-1]), 2
            if found is not None:
                del done[len(done) - taken :]
                waiting += reversed(factors(found))
        return term if tuple(done) == factors(term) else compose(ident(term.dom), *done)

    def _found(self, *piece: Arrow) -> Arrow | None:
        """What the first law that applies makes of a piece."""
        kinds = tuple(map(type, piece))
        rules = self.of.get(kinds)
        if rules is None:
            self.of[kinds] = rules = [rule for rule in self.rules if _is_for(rule, kinds)]
        return next(filter(None, (self._used(rule, piece) for rule in rules)), None) if rules else None

    def _used(self, rule: Rule, piece: tuple[Arrow, ...]) -> Arrow | None:
        """What a law makes of a piece, simplified."""
        found = rule.applied(piece) if self.steps < STEPS else None
        if found is None:
            return None
        self.steps += 1
        return self.run(found)


def _is_for(rule: Rule, kinds: tuple[type[Arrow], ...]) -> bool:
    """Whether the left side of a law may be made of factors of these types."""
    return len(rule.formers) == len(kinds) and all(map(issubclass, kinds, rule.formers))
