"""All models of an equational theory on finite sets, up to equality and up to isomorphism (THEORY T1.5).

A theory with unit equations is read off its equations between terms; operations may be fixed in advance, so that the
actions *of a given monoid* are models too.  Algebras of List, of finite multisets and of finite sets are the monoids,
the commutative monoids and the semilattices, which need no infinite functor to be counted.

>>> from catcore.theories import monoid
>>> [count_models(monoid, n, up_to_isomorphism=True).up_to_isomorphism for n in (1, 2, 3)]
[1, 2, 7]
"""

from __future__ import annotations

import itertools as it
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from catcore import arrows as ar
from catcore.categories.finite_sets import computed_by, computing
from catcore.errors import IllTyped, ShapeMismatch, TooLarge
from catcore.objects import Ob, One, Product, as_object
from catcore.theories import Equation, Theory
from catcore_proofs.census.entries import Ints
from catcore_proofs.census.findings import Count, Stopwatch
from catcore_proofs.census.tables import Ground, Problem, Term, search, symmetries

#: Bounds on what is asked: ground instances of one equation, symmetries, elements of a sort.
MAX_INSTANCES, MAX_SYMMETRIES, MAX_POINTS = 200_000, 50_000, 62


def count_models(
    theory: Theory,
    *sizes: int,
    up_to_isomorphism: bool = False,
    fixed: Mapping[str, Sequence[int]] | None = None,
    keep: int = 0,
    backend: str = "",
) -> Count:
    """All models of a theory on sets of given sizes.

    Args:
        theory: operations between products of the sorts, with equations.
        sizes: the number of elements of each sort.
        up_to_isomorphism: count the classes as well.
        fixed: tables of operations that are given, arguments in lexicographic order.  Isomorphisms are then the
            permutations of the sorts that no fixed operation mentions.
        keep: how many models to hand back, one of each class, as tables by the names of the operations.
        backend: whose arrays hold the partial tables, such as ``"cupy"``; NumPy's when left out.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        ShapeMismatch: when a size is missing or a fixed table has another length.
        IllTyped: when an operation or an equation is not built from products, operations and variables.
        TooLarge: when there are too many instances or symmetries.
    """
    watch = Stopwatch()
    given = dict(fixed or {})
    reading = Reading(theory, sizes, given)
    with computed_by(backend):
        searched_on = computing()
        outcome = search(reading.problem(), keep=keep)
    models = tuple(reading.model(values) for values in outcome.tables)
    on = ", ".join(f"|{name}| = {n}" for name, n in zip(theory.sorts, sizes, strict=True))
    with_fixed = f" with given {', '.join(given)}" if given else ""
    return Count(
        f"models of the theory '{theory.name}' with {on}{with_fixed}", outcome.labelled,
        outcome.classes if up_to_isomorphism else None, seconds=watch.seconds, structures=models,
        searched=f"{outcome.partial} partial tables, one for each isomorphic family", backend=searched_on,
    )  # fmt: skip


def one_sorted(
    name: str,
    operations: Mapping[str, int],
    equations: Mapping[str, tuple[int, Callable[..., Any], Callable[..., Any]]],
) -> Theory:
    """A theory of one sort: arities of operations, and equations as (number of variables, left side, right side).

    The sides are functions of the operations (a namespace) and the variables.

    >>> band = one_sorted("band", {"mult": 2}, {
    ...     "associativity": (
    ...         3, lambda s, x, y, z: s.mult(s.mult(x, y), z), lambda s, x, y, z: s.mult(x, s.mult(y, z))),
    ...     "idempotence": (1, lambda s, x: s.mult(x, x), lambda s, x: x)})
    >>> count_models(band, 2).count
    4
    """

    def power(x: Ob, n: int) -> Ob:
        total: Any = x if n else One
        for _ in range(n - 1):
            total = total * x
        return as_object(total)

    def variables(t: Any, n: int) -> tuple[Any, ...]:
        found: list[Any] = []
        for _ in range(n - 1):
            t, last = t
            found.append(last)
        return (t, *found[::-1]) if n else ()

    def side(function: Callable[..., Any], s: Any, n: int) -> Callable[[Any], Any]:
        return lambda t: function(s, *variables(t, n))

    def read(s: Any) -> dict[str, Equation]:
        (x,) = s.carriers
        return {law: (power(x, n), side(lhs, s, n), side(rhs, s, n), x) for law, (n, lhs, rhs) in equations.items()}

    return Theory(name, ("X",), lambda x: {op: (power(x, n), x) for op, n in operations.items()}, read)


class Reading:
    """A theory over given sizes as cells and ground equations.

    Args:
        theory: what is read.
        sizes: the number of elements of each sort.
        fixed: the tables of operations that are given.

    Raises:
        ShapeMismatch: when the sizes do not fit.
        IllTyped: when something else than products, operations and variables occurs.
    """

    def __init__(self, theory: Theory, sizes: Sequence[int], fixed: Mapping[str, Sequence[int]]) -> None:
        if len(sizes) != len(theory.sorts) or any(not 0 <= n <= MAX_POINTS for n in sizes):
            raise ShapeMismatch(
                f"A model of the theory '{theory.name}' has the sorts {', '.join(theory.sorts)}; give one size up "
                f"to {MAX_POINTS} for each, and not {list(sizes)}."
            )
        self.sizes, self.fixed = tuple(sizes), fixed
        model = theory.variable(*(f"{name}{i}" for i, name in enumerate(theory.sorts)))
        self.sort = {ob: i for i, ob in enumerate(model.carriers)}
        self.names = list(model.operations)
        self.numbers = {arrow: i for i, arrow in enumerate(model.operations.values())}
        self.arguments = [self._sorts(arrow.dom) for arrow in model.operations.values()]
        self.results = [self._one_sort(arrow.cod) for arrow in model.operations.values()]
        self.laws = model.laws()
        self.index = self._cells()

    def _sorts(self, thing: Ob) -> tuple[int, ...]:
        if thing is One:
            return ()
        if isinstance(thing, Product):
            return self._sorts(thing.left) + self._sorts(thing.right)
        return (self._one_sort(thing),)

    def _one_sort(self, thing: Ob) -> int:
        if thing not in self.sort:
            raise IllTyped(f"Operations go from products of the sorts to a sort, and {thing} was found.")
        return self.sort[thing]

    def _cells(self) -> tuple[Ints, ...]:
        """Cells numbered so that those with small arguments come first: relabelling then shows early."""
        places = [
            (max(args, default=-1), op, args)
            for op, sorts in enumerate(self.arguments)
            for args in it.product(*(range(self.sizes[s]) for s in sorts))
        ]
        if len(places) > MAX_INSTANCES:
            raise TooLarge(f"{len(places)} cells are to be filled, more than {MAX_INSTANCES}; ask for smaller sets.")
        index = [np.zeros([self.sizes[s] for s in sorts], np.int64) for sorts in self.arguments]
        for cell, (_, op, args) in enumerate(sorted(places)):
            index[op][args] = cell
        return tuple(index)

    def problem(self) -> Problem:
        """Cells, equations and symmetries for the search."""
        allowed = np.zeros(sum(i.size for i in self.index), np.int64)
        for op, table in enumerate(self.index):
            cells = table.reshape(-1)
            allowed[cells] = (1 << self.sizes[self.results[op]]) - 1
            given = self.fixed.get(self.names[op])
            if given is not None:
                self._checked(op, given)
                allowed[cells] = 1 << np.asarray(given, np.int64)
        sources, images = symmetries(self.index, self.arguments, self.results, self._moves())
        equations = tuple(self._ground(law) for law in self.laws)
        return Problem(self.index, allowed, equations, sources, images)

    def _checked(self, op: int, given: Sequence[int]) -> None:
        size, count = self.index[op].size, self.sizes[self.results[op]]
        if len(given) != size or not all(0 <= v < count for v in given):
            raise ShapeMismatch(
                f"The given operation {self.names[op]} needs {size} values below {count}, and {list(given)} was given."
            )

    def _moves(self) -> list[list[Ints]]:
        held = set()
        for op, name in enumerate(self.names):
            if name in self.fixed:
                held |= {*self.arguments[op], self.results[op]}
        order = math.prod(math.factorial(n) for s, n in enumerate(self.sizes) if s not in held)
        if order > MAX_SYMMETRIES:
            raise TooLarge(f"{order} relabellings are to be compared, more than {MAX_SYMMETRIES}; take smaller sets.")
        choices = [
            [np.arange(n)] if s in held else [np.asarray(p, np.int64) for p in by_support(n)]
            for s, n in enumerate(self.sizes)
        ]
        return [list(m) for m in it.product(*choices)]

    def _ground(self, law: Any) -> Ground:
        sorts = self._sorts(law.lhs.dom)
        count = math.prod(self.sizes[s] for s in sorts)
        if count > MAX_INSTANCES:
            raise TooLarge(f"The equation {law.name} has more than {MAX_INSTANCES} instances; ask for smaller sets.")
        lhs, rhs = self._sides(law)
        columns = np.asarray(list(it.product(*(range(self.sizes[s]) for s in sorts))), np.int64)
        return Ground(lhs, rhs, columns.reshape(count, len(sorts)).T.copy())

    def equations(self) -> list[tuple[Term, Term]]:
        """The equations of the theory as pairs of terms."""
        return [self._sides(law) for law in self.laws]

    def _sides(self, law: Any) -> tuple[Term, Term]:
        value = _generic(law.lhs.dom, it.count())
        return _single(self._term(law.lhs, value)), _single(self._term(law.rhs, value))

    def _term(self, f: ar.Arrow, value: Any) -> Any:
        """The arrow on a tuple of terms."""
        match f:
            case ar.Identity():
                return value
            case ar.Composite():
                for part in f.args:
                    value = self._term(part, value)
                return value
            case ar.Terminal():
                return ()
            case ar.Pair():
                return [self._term(f.args[0], value), self._term(f.args[1], value)]
            case ar.Fst() | ar.Snd():
                return value[isinstance(f, ar.Snd)]
            case _ if f in self.numbers:
                return self.numbers[f], tuple(_flat(value))
        raise IllTyped(
            f"An equation uses {f.signature}; only operations, pairs and projections are counted on finite sets."
        )

    def model(self, values: Ints) -> dict[str, Any]:
        """The tables of the operations, as nested lists; a constant is a number."""
        return {name: values[table].tolist() for name, table in zip(self.names, self.index, strict=True)}


def by_support(count: int) -> Iterator[tuple[int, ...]]:
    """All permutations, those that move the fewest elements first."""
    everything = it.permutations(range(count))
    return iter(sorted(everything, key=lambda p: (sum(i != x for i, x in enumerate(p)), p)))


def _single(value: Any) -> Term:
    (term,) = _flat(value)
    return term


def _generic(thing: Ob, variables: Iterator[int]) -> Any:
    if thing is One:
        return ()
    if isinstance(thing, Product):
        return [_generic(thing.left, variables), _generic(thing.right, variables)]
    return next(variables)


def _flat(value: Any) -> Iterator[Term]:
    if value == ():
        return
    if isinstance(value, list):
        for part in value:
            yield from _flat(part)
    else:
        yield value
