"""Refutation: the smallest finite sets on which an equation fails.

Atoms become finite sets and generators become tables, smallest sets first; tables that break a hypothesis are left out.
The first element at which the two sides differ is the counterexample, so no smaller sets have one.  When everything
small has been tried, larger sets are sampled with a fixed seed.
"""

from __future__ import annotations

import itertools as it
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod
from typing import Any

from catcore import arrows as ar
from catcore.categories.finite_sets import MAX_ELEMENTS, FiniteModel, Graph, computing, tables
from catcore.datatypes.hylomorphisms import Hylo, rounds, says_recursive
from catcore.errors import IllTyped, NotInterpreted, TooLarge
from catcore.laws import Law
from catcore.objects import Ob, children, parts
from catcore_proofs.algebraic import Budget, Reading, grouped, reading
from catcore_proofs.algebraic import models as read_models
from catcore_proofs.verdicts import Counterexample

#: The largest domain or codomain of a generator whose tables are enumerated.
ENUMERATED = 10_000

#: How many models are looked at before the search gives up, and the largest total size of the atoms.
MODELS, TOTAL_SIZE, SAMPLES = 20_000, 6, 200

#: For algebraic laws: the largest total size, and how many ground instances the search for tables looks at for each
#: model that may be tried without it.
LARGEST, STEPS = 10, 60

#: How many term formers a recursion over states counts for.
RECURSION = 50


@dataclass
class Refutation:
    """The outcome of a search: a counterexample, and whether everything smaller was excluded on the way.

    Where it was not, the counterexample is one that was sampled, or one with generic labels: ``otherwise`` says which.
    ``backend`` says whose arrays held the elements of finite sets, where these were looked at.
    """

    counterexample: Counterexample | None
    smallest: bool
    tried: str
    otherwise: str = "sampled"
    backend: str = ""

    @property
    def evidence(self) -> str:
        """The kind of evidence that the counterexample is."""
        return "exhaustive" if self.smallest else self.otherwise


def refute_law(law: Law, *, models: int = MODELS, samples: int = SAMPLES, elements: int = MAX_ELEMENTS) -> Refutation:
    """Look for the smallest counterexample of a law among finite sets; domains of more ``elements`` are left out.

    Returns what was found; ``tried`` says in words how far the search went.
    """
    atoms, generators = law.symbols()
    if any(not isinstance(g, ar.Generator) for g in generators):
        return Refutation(None, False, "arbitrary natural transformations are no tables")
    if any(sizes_to_test(hypothesis) is None for hypothesis in law.given):
        return Refutation(None, False, "a hypothesis about every object cannot be checked on finite sets")
    read = reading(law) if generators else None
    search = _Search(law, atoms, generators, models if read is None else 1 + models // 20, elements)
    try:
        found = search.enumerate()
        if found is None and read is not None:
            found = search.construct(read, Budget(models * STEPS, models // 20))
        if found is not None:
            return Refutation(found, search.thorough, "", backend=computing())
        found = search.beyond(read) if read is not None else None
        if found is None and (generators or atoms):
            found = search.sample(samples)
    except (NotInterpreted, IllTyped) as error:
        return Refutation(None, False, f"no finite sets to try: {error}")
    tried = f"{search.looked} finite models were tried, sets of up to {search.reached} elements in all"
    return Refutation(found, False, tried, backend=computing())


class _Search:
    def __init__(
        self, law: Law, atoms: Sequence[Ob], generators: Sequence[ar.Arrow], models: int, elements: int
    ) -> None:
        self.law, self.atoms, self.generators, self.elements = law, atoms, generators, elements
        # a model of a large law costs more, so that the number of term formers evaluated is bounded
        size = sum(map(ar.formers, _sides(law))) + RECURSION * sum(isinstance(part, Hylo) for part in law.parts())
        self.cost, self.budget = 1 + size // 50, models
        self.looked = self.reached = 0
        self.thorough = True  # whether nothing smaller was left out
        # a hypothesis is tested as soon as the tables it mentions are chosen
        self.due: dict[int, list[Law]] = {}
        for hypothesis in law.given:
            mentioned = set(hypothesis.symbols()[1]) - set(hypothesis.every)
            last = max((generators.index(g) for g in mentioned), default=-1)
            self.due.setdefault(last, []).append(hypothesis)

    def enumerate(self) -> Counterexample | None:
        for total in range(TOTAL_SIZE + 1):
            for sizes in _compositions(total, len(self.atoms)):
                model = FiniteModel(dict(zip(self.atoms, sizes, strict=True)))
                for chosen in self._tables(model, 0):
                    found = self.test(chosen)
                    if found is not None:
                        return found
                if self.budget <= 0:
                    return None
            self.reached = total
            if not self.atoms:
                return None
        return None

    def _tables(self, model: FiniteModel, position: int) -> Iterator[FiniteModel]:
        """The models over given sizes that satisfy the hypotheses, one generator after the other."""
        self.budget -= self.cost
        if self.budget <= 0 or not all(self._holds(h, model) for h in self.due.get(position - 1, ())):
            return
        if position == len(self.generators):
            self.looked += 1
            yield model
            return
        generator = self.generators[position]
        try:
            if max(model.size(generator.dom), model.size(generator.cod)) > ENUMERATED:
                raise TooLarge("tables too large to enumerate")
            choices = tables(generator, model)
        except TooLarge:
            self.thorough = False
            return
        for table in choices:
            yield from self._tables(_with(model, generator, table), position + 1)
            if self.budget <= 0:
                return

    def construct(self, read: Reading, budget: Budget) -> Counterexample | None:
        """Counterexamples of an algebraic law, or of one under algebraic hypotheses, from where trying tables ended."""
        for total in range(self.reached, LARGEST + 1):
            for sizes in _compositions(total, len(self.atoms)):
                for model in read_models(read, sizes, budget):
                    self.looked += 1
                    if all(self._holds(h, model) for h in self.law.given) and (found := self.test(model)) is not None:
                        return found
                if budget.steps < 0:
                    self.thorough = False
                    return None
            self.reached = total
        return None

    def beyond(self, read: Reading) -> Counterexample | None:
        """Counterexamples among groups that are constructed."""
        self.thorough = False
        for model in grouped(read):
            if all(self._holds(h, model) for h in self.law.given) and (found := self.test(model)) is not None:
                return found
        return None

    def sample(self, samples: int) -> Counterexample | None:
        """Random tables over larger sets, with a fixed seed."""
        rng = random.Random(0)
        for _ in range(-(-samples // self.cost)):
            model = FiniteModel({a: rng.randint(1, 4) for a in self.atoms})
            try:
                for g in self.generators:
                    n, m = model.size(g.dom), model.size(g.cod)
                    if n > 10_000 or (m == 0 and n > 0):
                        raise TooLarge("a table too large to sample")
                    model = _with(model, g, tuple(rng.randrange(m) for _ in range(n)))
            except TooLarge:
                continue
            if all(self._holds(h, model) for h in self.law.given):
                self.looked += 1
                found = self.test(model)
                if found is not None:
                    return found
        return None

    def _holds(self, law: Law, model: FiniteModel) -> bool:
        try:
            return satisfied(law, model)
        except TooLarge:
            self.thorough = False
            return False

    def test(self, model: FiniteModel) -> Counterexample | None:
        try:
            if model.size(self.law.lhs.dom) > self.elements:
                raise TooLarge("more elements than are looked at")
            number = _difference(self.law, model)
        except TooLarge:
            self.thorough = False
            return None
        return None if number is None else _counterexample(self.law, model, number)


def difference(law: Law, model: FiniteModel) -> Counterexample | None:
    """The first element at which the two sides differ in a model, if there is one.

    Raises:
        TooLarge: when the common domain has too many elements to look at.
    """
    number = _difference(law, model)
    return None if number is None else _counterexample(law, model, number)


def satisfied(law: Law, model: FiniteModel) -> bool:
    """Whether a law is true in a model: one of its hypotheses is not, or both sides are equal.

    What the law quantifies is tried in all ways, over sets that are large enough (:func:`sizes_to_test`).

    Raises:
        TooLarge: when some domain has too many elements to look at, or there are too many maps to try.
    """
    if law.every:
        return _satisfied_everywhere(law, model)
    if says_recursive(law):
        tables = {g: model.tables[g] for g in law.symbols()[1] if g in model.tables}
        return _recursive(law.lhs, tuple(model.sizes.items()), tuple(tables.items()), model.xp)
    return not all(satisfied(h, model) for h in law.given) or _difference(law, model) is None


@lru_cache(maxsize=4096)
def _recursive(h: Hylo, sizes: tuple[tuple[Ob, int], ...], tables: tuple[tuple[ar.Arrow, Any], ...], xp: Any) -> bool:
    """Whether the coalgebra of a hylomorphism is recursive on finite sets."""
    return rounds(h, FiniteModel(dict(sizes), dict(tables), xp)) is not None


def _satisfied_everywhere(law: Law, model: FiniteModel) -> bool:
    sizes = sizes_to_test(law)
    if sizes is None:
        raise TooLarge(f"The law {law.name!r} is about every set, and no finite set is enough to check it.")
    model = replace(model, sizes={**model.sizes, **sizes})
    maps = [g for g in law.every if isinstance(g, ar.Generator)]
    if prod(model.size(g.cod) ** min(model.size(g.dom), 62) for g in maps) > ENUMERATED:
        raise TooLarge(f"The law {law.name!r} is about more than {ENUMERATED} maps here; take smaller sets.")
    plain = replace(law, every=())
    return all(
        satisfied(plain, replace(model, tables={**model.tables, **dict(zip(maps, chosen, strict=True))}))
        for chosen in it.product(*(tables(g, model) for g in maps))
    )


def sizes_to_test(law: Law) -> dict[Ob, int] | None:
    """Sizes of the sets that a law quantifies at which it holds only if it holds for all sets; None if none are known.

    Where all equations are between maps out of Z that begin with quantified maps, they hold pointwise: one point is
    enough.  Where all are between maps into Z that end with quantified maps, two points are: a map to them tells any
    two elements of Z apart.
    """
    found: dict[Ob, int] = {}
    for each in law.every:
        if not isinstance(each, Ob):
            continue
        sides = [side for equation in (law, *law.given) for side in (equation.lhs, equation.rhs)]
        if any(c.every or c.given for c in law.given):
            return None
        if all(_only(each, side, law, 0) for side in sides):
            found[each] = 1
        elif all(_only(each, side, law, -1) for side in sides):
            found[each] = 2
        else:
            return None
    return found


def _only(z: Ob, side: ar.Arrow, law: Law, place: int) -> bool:
    """Whether a set stands in a composite only as the start of its first map, or the end of its last one (−1)."""
    parts_ = list(side.args) if isinstance(side, ar.Composite) else [side]
    end = parts_.pop(place)
    outer, inner = (end.dom, end.cod) if place == 0 else (end.cod, end.dom)
    others = {ob for part in parts_ for t in ar.subterms(part) for ob in (t.dom, t.cod)} | {inner}
    return end in law.every and outer is z and z not in parts(others)


def _difference(law: Law, model: FiniteModel) -> int | None:
    for side in (law.lhs, law.rhs):
        _numberable(side, model)
    x = model.elements(law.lhs.dom)
    if x.shape[0] == 0:
        return None
    wrong = model.apply(law.lhs, x) != model.apply(law.rhs, x)
    xp, count = model.namespace, x.shape[0]
    found = int(xp.min(xp.where(wrong, x, count)))  # one number is read, be the arrays on a device or planned
    return found if found < count else None


def _numberable(f: ar.Arrow, model: FiniteModel) -> None:
    """Refuse where some intermediate object has more elements than 62 bits can number: arithmetic would wrap round."""
    for thing in _largest_types(f):
        model.size(thing)


@lru_cache(maxsize=256)
def _largest_types(f: ar.Arrow) -> frozenset[Ob]:
    """The ends of all parts of a term, without those that are part of others: sizes are counted from the parts."""
    found: set[Ob] = set()
    for part in ar.subterms(f):
        found |= {part.dom, part.cod}
        if isinstance(part, ar.Action) and not part.functor.symbols:
            found |= _largest_types(part.expanded())
    return frozenset(found - parts(inner for thing in found for inner in children(thing)))


def _counterexample(law: Law, model: FiniteModel, number: int) -> Counterexample:
    x = model.namespace.asarray([number], dtype=model.namespace.int64)
    dom, cod = law.lhs.dom, law.lhs.cod
    lhs, rhs = (model.show(cod, int(model.apply(side, x)[0])) for side in (law.lhs, law.rhs))
    graphs: dict[str, Any] = {}
    for g, table in model.tables.items():
        pairs = [(model.show(g.dom, i), model.show(g.cod, int(v))) for i, v in enumerate(table)]
        name = str(g) if sum(str(g) == str(other) for other in model.tables) == 1 else g.signature
        graphs[name] = Graph(tuple(pairs)) if len(pairs) != 1 else pairs[0][1]
    return Counterexample(model.show(dom, number), lhs, rhs, {str(a): n for a, n in model.sizes.items()}, graphs)


def _with(model: FiniteModel, generator: ar.Arrow, table: tuple[int, ...]) -> FiniteModel:
    return replace(model, tables={**model.tables, generator: table})


def _sides(law: Law) -> Iterator[ar.Arrow]:
    yield from (law.lhs, law.rhs)
    for hypothesis in law.given:
        yield from _sides(hypothesis)


def _compositions(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """All ways to write ``total`` as an ordered sum of ``count`` sizes, in lexicographic order."""
    if count == 0:
        if total == 0:
            yield ()
        return
    for cuts in it.combinations_with_replacement(range(total + 1), count - 1):
        bounds = (0, *cuts, total)
        yield tuple(b - a for a, b in it.pairwise(bounds))
