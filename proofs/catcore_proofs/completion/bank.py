"""Interned first-order terms.

A term is a symbol applied to terms; a variable is a symbol with a negative number.  Every term exists once in its bank,
so equality is identity, and what was computed for a term (its weight, its variables, its normal form) is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from catcore.errors import TooLarge

Substitution = dict[int, "Term"]

#: How often a variable occurs in a term is kept in one number, in fields of so many bits, the highest of them free.
FIELD = 16

#: The most symbols in one term, with repetitions: terms with shared parts can be of exponential size.
MOST = (1 << (FIELD - 1)) - 1


class Overgrown(TooLarge):
    """A term with more than ``MOST`` symbols was about to be made."""

    def __init__(self) -> None:
        super().__init__(
            f"A term of more than {MOST} symbols was asked for in a search by completion; give equations with "
            "smaller sides."
        )


class Term:
    """A first-order term; build it with :meth:`Bank.term` or :meth:`Bank.variable`."""

    __slots__ = (
        "args",
        "cost",
        "epoch",
        "head",
        "normal",
        "number",
        "shape",
        "size",
        "step",
        "top",
        "variables",
        "weight",
    )

    head: int
    args: tuple[Term, ...]
    weight: int
    size: int
    cost: int
    #: How often each variable occurs, in fields of ``FIELD`` bits; variable number i has field i − 1.
    variables: int
    number: int
    #: The heads of the first layers: two of them, and three as a number; None and 0 until they are asked for.
    top: tuple[int, ...] | None
    shape: int
    #: The normal form at the time ``epoch``, and the rewrite at the root that was made first: rule and result.
    normal: Term
    epoch: int
    step: tuple[Any, Term] | None

    @property
    def counts(self) -> dict[int, int]:
        """How often each variable occurs, by its negative number."""
        packed, found, head = self.variables, {}, 0
        while packed:
            head -= 1
            if packed & MOST:
                found[head] = packed & MOST
            packed >>= FIELD
        return found

    def __repr__(self) -> str:
        if self.head < 0:
            return f"X{-self.head}"
        return f"{self.head}({', '.join(map(repr, self.args))})" if self.args else str(self.head)


class Bank:
    """All terms over a signature.

    Args:
        weights: the weight of each symbol, for the order of Knuth and Bendix; variables weigh ``unit``.
        unit: the weight of a variable.
        costs: what each symbol adds to the cost of a term, by which equations are chosen; 1 where nothing is said.
        variable_cost: what a variable adds.
    """

    def __init__(
        self, weights: list[int], unit: int = 1, *, costs: Sequence[int] | None = None, variable_cost: int = 1
    ) -> None:
        self.weights, self.unit = weights, unit
        self.costs, self.variable_cost = list(costs or [1] * len(weights)), variable_cost
        self.least: Term | None = None  # the smallest constant, where there is one
        self.table: dict[tuple[int, tuple[Term, ...]], Term] = {}

    def declare(self, count: int) -> None:
        """Further constants, numbered after the symbols so far, of weight and cost 1."""
        self.weights, self.costs = [*self.weights, *[1] * count], [*self.costs, *[1] * count]

    def variable(self, index: int) -> Term:
        """Variable number ``index``, from 1 on."""
        return self.term(-index, ())

    def term(self, head: int, args: tuple[Term, ...] = ()) -> Term:
        """The one term with this head and these arguments.

        Raises:
            Overgrown: when it has more than ``MOST`` symbols.
        """
        return self.table.get((head, args)) or self.new(head, args)

    def new(self, head: int, args: tuple[Term, ...]) -> Term:
        """A term that is not in the table yet; see :meth:`term`."""
        t = Term()
        if head < 0:
            weight, size, cost, variables = self.unit, 1, self.variable_cost, 1 << (FIELD * (-1 - head))
        else:
            weight, size, cost, variables = self.weights[head], 1, self.costs[head], 0
            for a in args:
                weight += a.weight
                size += a.size
                cost += a.cost
                variables += a.variables
            if size > MOST:
                raise Overgrown
        t.head, t.args, t.weight, t.size, t.cost, t.variables = head, args, weight, size, cost, variables
        t.epoch, t.number, t.shape, t.top, t.normal, t.step = -1, len(self.table), 0, None, t, None
        self.table[head, args] = t
        return t

    def instance(self, t: Term, values: Substitution) -> Term:
        """``t`` with its variables replaced by what matching found; the values are left as they are."""
        if t.head < 0:
            return values.get(t.head, t)
        if not t.variables:
            return t
        args = tuple([self.instance(a, values) for a in t.args])
        return self.table.get((t.head, args)) or self.new(t.head, args)

    def replace_all(self, t: Term, old: Term, new: Term) -> Term:
        """``t`` with every occurrence of ``old`` replaced, innermost first, those that arise on the way included."""
        if t is old:
            return new
        if t.size <= old.size:
            return t
        replaced = self.term(t.head, tuple([self.replace_all(a, old, new) for a in t.args]))
        return new if replaced is old else replaced

    def renamed(self, terms: tuple[Term, ...], start: int = 1) -> tuple[Term, ...]:
        """The terms with their variables numbered from ``start`` in order of appearance."""
        resolution = Resolution(self, {}, start)
        return tuple([resolution.of(t) for t in terms])


class Resolution:
    """Terms under a triangular substitution, with the variables that remain numbered in order of appearance.

    Args:
        bank: where the terms live.
        values: the substitution; values of values are looked up as well.
        start: the number of the first variable.
    """

    def __init__(self, bank: Bank, values: Substitution, start: int = 1) -> None:
        self.bank, self.values, self.next = bank, values, start
        self.known: Substitution = {}

    def of(self, t: Term) -> Term:
        """A term under the substitution.

        Raises:
            Overgrown: when it has too many symbols.
        """
        head = t.head
        if head < 0:
            return self.known.get(head) or self._value(head)
        if not t.variables:
            return t
        known, value = self.known.get, self._value
        # variables and constant parts are looked up here, for speed
        args = tuple(
            [known(a.head) or value(a.head) if a.head < 0 else self.of(a) if a.variables else a for a in t.args]
        )
        return self.bank.table.get((head, args)) or self.bank.new(head, args)

    def of_replaced(self, t: Term, path: tuple[int, ...], new: Term) -> Term:
        """A term under the substitution, but with ``new`` at a position."""
        if not path:
            return new
        args = [self.of_replaced(a, path[1:], new) if i == path[0] else self.of(a) for i, a in enumerate(t.args)]
        return self.bank.term(t.head, tuple(args))

    def _value(self, head: int) -> Term:
        value = self.values.get(head)
        if value is None:
            found = self.bank.variable(self.next)
            self.next += 1
        else:
            found = self.of(value)
        self.known[head] = found
        return found


def subterms(t: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    """The subterms that are no variables, each with its position, outermost first."""
    if t.head < 0:
        return
    yield path, t
    for i, a in enumerate(t.args):
        yield from subterms(a, (*path, i))


def match(pattern: Term, t: Term, values: Substitution) -> bool:
    """Whether ``pattern`` becomes ``t`` under an extension of ``values``, which is extended."""
    head = pattern.head
    if head < 0:
        known = values.get(head)
        if known is None:
            values[head] = t
            return True
        return known is t
    if head != t.head:
        return False
    if not pattern.variables:
        return pattern is t
    return all(match(p, a, values) for p, a in zip(pattern.args, t.args, strict=True))


def unify(a: Term, b: Term) -> Substitution | None:
    """The most general unifier as a triangular substitution; the variables of the two terms must differ."""
    values: Substitution = {}
    bound = 0  # the fields of the variables that have a value
    stack = [(a, b)]
    while stack:
        s, t = stack.pop()
        while s.head < 0 and s.head in values:
            s = values[s.head]
        while t.head < 0 and t.head in values:
            t = values[t.head]
        if s is t:
            continue
        if s.head >= 0:
            if s.head == t.head:
                stack.extend(zip(s.args, t.args, strict=True))
                continue
            s, t = t, s
            if s.head >= 0:
                return None
        own = MOST << (FIELD * (-1 - s.head))
        if t.variables & own or (t.variables & bound and _occurs(own, t, values)):
            return None
        values[s.head] = t
        bound |= own
    return values


def _occurs(own: int, t: Term, values: Substitution) -> bool:
    """Whether the variable of a field occurs in a term under a substitution; every value is looked into once."""
    stack, seen = [t], set[int]()
    while stack:
        u = stack.pop()
        if u.variables & own:
            return True
        for v in values:
            if v not in seen and u.variables >> (FIELD * (-1 - v)) & MOST:
                seen.add(v)
                stack.append(values[v])
    return False
