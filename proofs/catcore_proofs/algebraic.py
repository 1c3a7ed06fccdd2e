"""Laws between operations: refuted by finite models that a search constructs, not by trying all tables.

A law is algebraic when its normal forms are made of generators between products of atoms: monoids, groups, actions,
lenses, all that a theory says.  Hypotheses become clauses over as many sorts as there are atoms, the law becomes a
disequation at new constants, and a model is a counterexample.  What the search finds is evaluated again, as tables on
finite sets, before it is believed.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from catcore import arrows as ar
from catcore.categories.finite_sets import FiniteModel
from catcore.laws import Law
from catcore.objects import Ob
from catcore_proofs.completion.bank import Bank, Overgrown, Term
from catcore_proofs.completion.models import Clause, Model, ModelSearch, Signature, manageable
from catcore_proofs.equational import complete_run
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, flat
from catcore_proofs.kernel import Equation, Kernel
from catcore_proofs.patterns import points
from catcore_proofs.translation import Untranslatable, arbitrary, named_statement, usable
from catcore_proofs.verdicts import Counterexample

#: A symbol: a generator, and the way to one component of its value.
Symbol = tuple[str, tuple[str, ...]]


#: How many equations completion makes active when it looks for a complete system, and how long it may take at most.
SELECTIONS, SECONDS = 300, 10.0


class NotAlgebraic(Exception):
    """A normal form is made of more than generators between products of atoms."""


@dataclass(frozen=True)
class Part:
    """A component of an equation, in one case of its variables.

    Args:
        sides: the two sides as normal forms.
        kinds: the types of their variables.
        point: the variables of the equation, in terms of these.
    """

    sides: tuple[Normal, Normal]
    kinds: tuple[Type, ...]
    point: tuple[Normal, ...]


@dataclass(frozen=True)
class Hypothesis:
    """What a hypothesis says: a clause for each of its parts; none where it is not algebraic."""

    parts: tuple[Part, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A law as clauses.

    Args:
        law: the law.
        atoms: its sorts.
        generators: its generators by the kernel's names.
        symbols: the operations, before the constants.
        signature: their sorts, and those of the constants.
        given: what each hypothesis says, in order.
        goals: the negations of the law, one for each component at which its sides may part; none when it is not
            algebraic.
        exact: whether all hypotheses were read.
        statement: the law as a statement of the kernel.
        aims: the components of the law, one for each goal.
        sides: the normal forms of both sides at plain variables, where there is no other case and all is algebraic.
    """

    law: Law
    atoms: tuple[Ob, ...]
    generators: dict[str, ar.Arrow]
    symbols: tuple[Symbol, ...]
    signature: Signature
    given: tuple[Hypothesis, ...]
    goals: tuple[Clause, ...]
    exact: bool
    statement: dict[str, Any]
    aims: tuple[Part, ...]
    sides: tuple[Normal, Normal] | None

    @property
    def hypotheses(self) -> tuple[Clause, ...]:
        """What the hypotheses say, as far as they are algebraic."""
        return tuple(clause for each in self.given for clause in each.clauses)

    def problems(self) -> list[tuple[Clause, ...]]:
        """What a counterexample satisfies, one list of clauses for each way to be one."""
        return [(*self.hypotheses, goal) for goal in self.goals] or [self.hypotheses]

    def interpreted(self, model: Model) -> FiniteModel:
        """A model as sets and tables."""
        sizes = dict(zip(self.atoms, model.sizes, strict=True))
        plain = FiniteModel(sizes)
        tables = {g: self._table(name, g, model, plain) for name, g in self.generators.items()}
        return FiniteModel(sizes, tables)

    def _table(self, name: str, generator: ar.Arrow, model: Model, plain: FiniteModel) -> tuple[int, ...]:
        columns = [
            (model.tables[number], model.sizes[self.signature.results[number]])
            for number, (of, _) in enumerate(self.symbols)
            if of == name
        ]
        found = []
        for row in range(plain.size(generator.dom)):
            place = 0
            for table, size in columns:
                place = place * size + table[row]
            found.append(place)
        return tuple(found)


@lru_cache(maxsize=16)
def reading(law: Law) -> Reading | None:
    """A law as clauses, or None where its generators do not go between products of atoms; read once."""
    plain = replace(law, given=tuple(h for h in usable(law.given) if not h.every))
    if plain.symbols() != law.symbols():
        return None
    try:
        said, names = named_statement(plain)
        if not arbitrary(names):
            return None
        kernel = Kernel(said["signature"], functors=said["functors"])
        reader = _Reader(law, said, kernel, {name: g for g, name in names.items()})
        hypotheses = [reader.optional(kernel.equation(given)) for given in said["given"]]
        goals = reader.negated(kernel.equation(said))
    except (Untranslatable, Rejected, NotAlgebraic, Overgrown, RecursionError):
        return None
    exact = len(hypotheses) == len(law.given) and None not in hypotheses
    found = reader.reading([each or Hypothesis() for each in hypotheses], goals, exact=exact)
    return found if found.hypotheses or found.goals else None


class _Reader:
    def __init__(self, law: Law, said: dict[str, Any], kernel: Kernel, generators: dict[str, ar.Arrow]) -> None:
        self.law, self.said, self.kernel, self.generators = law, said, kernel, generators
        self.atoms = law.symbols()[0]
        self.sorts = {("a", str(atom)): number for number, atom in enumerate(self.atoms)}
        self.symbols: dict[Symbol, int] = {}
        self.arguments: list[tuple[int, ...]] = []
        self.results: list[int] = []
        self.constants: list[int] = []
        self.aims: tuple[Part, ...] = ()
        self.cases: list[tuple[Normal, Normal]] = []
        for name in generators:
            dom, cod = kernel.signature[name]
            for path, kind in _components(cod):
                self.symbols[name, path] = len(self.symbols)
                self.arguments.append(tuple(map(self.sort, self.factors(dom))))
                self.results.append(self.sort(kind))
        self.bank = Bank([1] * len(self.symbols))

    def sort(self, kind: Type) -> int:
        """The number of an atom."""
        if kind not in self.sorts:
            raise NotAlgebraic
        return self.sorts[kind]

    @staticmethod
    def factors(kind: Type) -> tuple[Type, ...]:
        """The factors of a product, without points."""
        return tuple(k for k in flat(kind) if k != "1")

    def reading(self, given: Sequence[Hypothesis], goals: Sequence[Clause], *, exact: bool) -> Reading:
        """All that was read."""
        arguments = (*self.arguments, *(() for _ in self.constants))
        signature = Signature(arguments, (*self.results, *self.constants))
        symbols = tuple(self.symbols)
        return Reading(
            self.law, self.atoms, self.generators, symbols, signature, tuple(given), tuple(goals), exact, self.said,
            self.aims, self.cases[0] if goals and len(self.cases) == 1 else None,
        )  # fmt: skip

    def optional(self, equation: Equation) -> Hypothesis | None:
        """The clauses of a hypothesis; nothing where it is not algebraic, and is tested later."""
        try:
            parts = tuple(self.parts(equation))
            return Hypothesis(parts, tuple(self.clause(part.sides, part.kinds) for part in parts))
        except NotAlgebraic:
            return None

    def negated(self, equation: Equation) -> list[Clause]:
        """A disequation at constants for each pair of sides that may part."""
        before = len(self.constants)
        try:
            self.cases = []
            self.aims = tuple(self.parts(equation))
            return [self.disequation(part.sides, part.kinds) for part in self.aims]
        except NotAlgebraic:
            del self.constants[before:]
            return []

    def parts(self, equation: Equation) -> Iterator[Part]:
        """The components of an equation in each case of its variables."""
        kernel = self.kernel
        for point, kinds in points(equation.kinds):
            kernel.context, kernel.known = list(kinds), {}
            try:
                left, right = kernel.instance(equation, point)
            except Split:
                raise NotAlgebraic from None
            self.cases.append((left, right))
            yield from (Part(pair, kinds, point) for pair in _aligned(left, right))

    def clause(self, sides: tuple[Normal, Normal], kinds: tuple[Type, ...]) -> Clause:
        """Two sides, equal at all values of their variables."""
        variables = {-1 - i: self.sort(kind) for i, kind in enumerate(kinds)}
        lhs, rhs = (self.term(side, lambda i: self.bank.variable(i + 1)) for side in sides)
        return Clause(lhs, rhs, True, variables)

    def disequation(self, sides: tuple[Normal, Normal], kinds: tuple[Type, ...]) -> Clause:
        """Two sides that differ at new constants."""
        first = len(self.results) + len(self.constants)
        self.constants += map(self.sort, kinds)
        self.bank.declare(len(kinds))
        lhs, rhs = (self.term(side, lambda i: self.bank.term(first + i)) for side in sides)
        return Clause(lhs, rhs, False)

    def term(self, normal: Normal, variable: Any) -> Term:
        """A normal form over products of atoms as a term."""
        path: tuple[str, ...] = ()
        while normal[0] in ("p1", "p2"):
            path, normal = (normal[0], *path), normal[1]
        match normal:
            case ("v", i) if not path:
                found: Term = variable(i)
                return found
            case ("g", name, argument) if (name, path) in self.symbols:
                arguments = tuple(self.term(a, variable) for a in _flattened(argument))
                return self.bank.term(self.symbols[name, path], arguments)
        raise NotAlgebraic


def _components(kind: Type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
    if kind == "1":
        return
    if kind[0] == "*":
        yield from _components(kind[1], (*path, "p1"))
        yield from _components(kind[2], (*path, "p2"))
    else:
        yield path, kind


def _flattened(argument: Normal) -> Iterator[Normal]:
    if argument[0] == "*":
        yield from _flattened(argument[1])
        yield from _flattened(argument[2])
    elif argument[0] != "1":
        yield argument


def _aligned(left: Normal, right: Normal) -> Iterator[tuple[Normal, Normal]]:
    """The neutral parts of two normal forms of one type, where both have the same constructors."""
    if left[0] == right[0] and left[0] in ("*", "l", "r"):
        for a, b in zip(left[1:], right[1:], strict=True):
            yield from _aligned(a, b)
    elif left != right or neutral(left):
        if not (neutral(left) and neutral(right)):
            raise NotAlgebraic
        yield left, right


def neutral(normal: Normal) -> bool:
    """Whether a normal form is a variable, an application, or a component of one."""
    return normal[0] in ("g", "v", "p1", "p2")


# ---- the search ------------------------------------------------------------------------------------------------------


@dataclass
class Budget:
    """How many ground instances may still be looked at, and how many complete models may still be tested."""

    steps: float
    models: int


def models(read: Reading, sizes: Sequence[int], budget: Budget) -> Iterator[FiniteModel]:
    """Models over sets of the given sizes that may be counterexamples; ``budget`` is used up on the way."""
    for clauses in read.problems():
        if not manageable(read.signature, clauses, sizes):
            budget.steps = -1
            return
        whole = not (read.goals and read.exact)
        search = ModelSearch(read.signature, clauses, sizes, steps=budget.steps, whole=whole)
        for model in it.islice(search.solutions(), budget.models):
            budget.models -= 1
            yield read.interpreted(model)
        budget.steps = search.steps
        if search.stopped or budget.models <= 0:
            budget.steps = -1
            return


def grouped(read: Reading) -> Iterator[FiniteModel]:
    """Groups of more elements than a search reaches, as models of a law over one sort that is all algebraic."""
    from catcore_proofs.completion.groups import group_model

    if read.exact and read.hypotheses and len(read.atoms) == 1:
        for goal in read.goals:
            found = group_model(read.signature, (*read.hypotheses, goal))
            if found is not None:
                yield read.interpreted(found)


def separated(read: Reading) -> Counterexample | None:
    """Two different normal forms of both sides under a complete system of rules that the hypotheses have.

    The generic elements of the free model of the hypotheses are then a counterexample, be it finite or not.
    """
    if not (read.exact and read.hypotheses and len(read.atoms) == 1):
        return None
    for goal in read.goals:
        names = [*(f"{name}{''.join(path)}" for name, path in read.symbols), *_constants(read)]
        found = complete_run(read.signature, read.hypotheses, goal, names, selections=SELECTIONS, seconds=SECONDS)
        if found is not None:
            (lhs, rhs), rules = found
            used = [name for name in _constants(read) if name in f"{lhs} {rhs}"]
            return Counterexample(", ".join(used) or (), lhs, rhs, tables={"the complete system": "; ".join(rules)})
    return None


def in_free_model(law: Law) -> Counterexample | None:
    """A counterexample in the free model of the hypotheses, where they have a complete system."""
    read = reading(law) if law.given else None
    return None if read is None else separated(read)


def _constants(read: Reading) -> list[str]:
    return [f"x{i}" for i in range(len(read.signature.results) - len(read.symbols))]
