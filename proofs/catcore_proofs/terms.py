"""First-order reading of normal forms: positions, matching, unification and a simplification order.

A normal form is a nested tuple headed by its former; variables are ``("v", i)``.  For rewriting it is read as a
first-order term: a generator applied to a tuple counts as one symbol applied to the components.  The order is that of
Knuth and Bendix: the weight first, then the head symbol, then the arguments from left to right; a unary operation such
as the inverse of a group has weight 0 and the highest precedence, without which completion of groups does not end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore_proofs.evaluation import Normal, Recursor

Substitution = dict[int, Normal]


def parts(term: Normal) -> tuple[Normal, ...]:
    """The normal forms directly inside a normal form; the algebra of a fold is part of its name."""
    if term[0] in ("fold", "unfold"):
        return (term[2],)
    return tuple(part for part in term[1:] if isinstance(part, tuple) and part)


def subterms(term: Normal) -> Iterator[Normal]:
    """All normal forms inside a normal form, innermost first, without repetition of order."""
    for part in parts(term):
        yield from subterms(part)
    yield term


def each(function: Callable[[Normal], Normal], term: Normal) -> Normal:
    """A normal form with a function applied to the normal forms directly inside it."""
    return tuple(
        function(part) if isinstance(part, tuple) and part and type(part) is not Recursor else part for part in term
    )


def replace_all(term: Normal, old: Normal, new: Normal) -> Normal:
    """``term`` with every occurrence of ``old`` replaced."""
    if term == old:
        return new
    replaced = each(lambda part: replace_all(part, old, new), term)
    return new if replaced == old else replaced  # as the kernel does, innermost first


def variables(term: Normal) -> Counter[int]:
    """How often each variable occurs."""
    if term[0] == "v":
        return Counter({term[1]: 1})
    total: Counter[int] = Counter()
    for part in parts(term):
        total += variables(part)
    return total


def substitute(term: Normal, values: Substitution) -> Normal:
    """``term`` with variables replaced; those without a value stay."""
    if term[0] == "v":
        return values.get(term[1], term)
    return each(lambda part: substitute(part, values), term)


def frozen(term: Normal) -> Normal:
    """``term`` with its variables as constants ``("c", i)``, so that only a pattern has variables."""
    if term[0] == "v":
        return ("c", term[1])
    return each(frozen, term)


def thawed(term: Normal) -> Normal:
    """The opposite of :func:`frozen`."""
    if term[0] == "c":
        return ("v", term[1])
    return each(thawed, term)


def shift(term: Normal, by: int) -> Normal:
    """``term`` with its variables renumbered."""
    if term[0] == "v":
        return ("v", term[1] + by)
    return each(lambda part: shift(part, by), term)


def match(pattern: Normal, term: Normal, values: Substitution) -> Substitution | None:
    """The values of the pattern's variables that make it equal to ``term``, extending ``values``."""
    if pattern[0] == "v":
        known = values.get(pattern[1])
        if known is None:
            return {**values, pattern[1]: term} if closed(term) else None
        return values if known == term else None
    if len(pattern) != len(term):
        return None
    for p, t in zip(pattern, term, strict=True):
        if isinstance(p, tuple) and type(p) is not Recursor:
            found = match(p, t, values) if isinstance(t, tuple) else None
            if found is None:
                return None
            values = found
        elif p != t:
            return None
    return values


def unify(a: Normal, b: Normal, values: Substitution) -> Substitution | None:
    """The most general values that make two terms equal, as a triangular substitution."""
    a, b = _walk(a, values), _walk(b, values)
    if a == b:
        return values
    if a[0] == "v" or b[0] == "v":
        variable, term = (a, b) if a[0] == "v" else (b, a)
        return None if _occurs(variable[1], term, values) else {**values, variable[1]: term}
    if len(a) != len(b):
        return None
    for p, q in zip(a, b, strict=True):
        if isinstance(p, tuple) and isinstance(q, tuple) and type(p) is not Recursor:
            found = unify(p, q, values)
            if found is None:
                return None
            values = found
        elif p != q:
            return None
    return values


def resolve(term: Normal, values: Substitution) -> Normal:
    """``term`` under a triangular substitution."""
    term = _walk(term, values)
    if term[0] == "v":
        return term
    return each(lambda part: resolve(part, values), term)


def _walk(term: Normal, values: Substitution) -> Normal:
    while term[0] == "v" and term[1] in values:
        term = values[term[1]]
    return term


def _occurs(variable: int, term: Normal, values: Substitution) -> bool:
    term = _walk(term, values)
    return term == ("v", variable) or any(_occurs(variable, part, values) for part in parts(term) if term[0] != "v")


def closed(term: Normal, depth: int = 0) -> bool:
    """Whether no bound variable of a surrounding binder occurs."""
    if term[0] == "b":
        return bool(term[1] < depth)
    if term[0] in ("bind", "map"):
        return closed(term[1], depth) and closed(term[2], depth + 1)
    if term[0] == "case":
        return closed(term[1], depth) and all(closed(part, depth + 1) for part in term[2:])
    return all(closed(part, depth + (term[0] == "λ")) for part in parts(term))


def applies_variable(term: Normal) -> bool:
    """Whether a variable of function type is applied to something."""
    return (term[0] == "@" and term[1][0] == "v") or any(map(applies_variable, parts(term)))


@dataclass(frozen=True)
class Order:
    """A Knuth–Bendix order on normal forms; ``top`` names the unary operation of weight 0, if there is one."""

    top: str | None = None

    def greater(self, s: Normal, t: Normal) -> bool:
        """Whether ``s`` is greater than ``t`` for all values of the variables."""
        if variables(t) - variables(s):
            return False
        ws, wt = self.weight(s), self.weight(t)
        return ws > wt or (ws == wt and self._later(s, t))

    def weight(self, term: Normal) -> int:
        """The number of symbols and variables, without the top symbol, pairs and points."""
        own = 0 if term[0] in ("*", "1") or (term[0] == "g" and term[1] == self.top) else 1
        return own + sum(map(self.weight, parts(term)))

    def _later(self, s: Normal, t: Normal) -> bool:
        if s == t or s[0] == "v":
            return False
        if t[0] == "v":  # equal weight and t's variable inside s: s is the top symbol over the variable
            return True
        if self._head(s) != self._head(t):
            return self._head(s) > self._head(t)
        for a, b in zip(parts(s), parts(t), strict=True):
            if a != b:
                return self._later(a, b) if self.weight(a) == self.weight(b) else self.weight(a) > self.weight(b)
        return False

    def total(self, s: Normal, t: Normal) -> bool:
        """Whether ``s`` is greater than ``t`` when their variables are constants, in order of their numbers."""
        ws, wt = self.weight(s), self.weight(t)
        return ws > wt or (ws == wt and self._rank(s) > self._rank(t))

    def _rank(self, term: Normal) -> tuple[Any, ...]:
        own = term[1] if term[0] in ("v", "c", "n", "b") else 0
        return (self._head(term), own, *map(self._rank, parts(term)))

    def _head(self, term: Normal) -> tuple[int, int, str]:
        if term[0] in ("fold", "unfold"):
            return (1, 1, repr(term[1]))
        if term[0] != "g":
            return (0, 0, term[0])
        return (1 + (term[1] == self.top), _arity(term[2]), term[1])


def _arity(argument: Normal) -> int:
    if argument[0] == "*":
        return _arity(argument[1]) + _arity(argument[2])
    return int(argument[0] != "1")
