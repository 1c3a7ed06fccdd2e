"""Refutation: the smallest finite sets on which an equation fails.

Atoms become finite sets and generators become tables, smallest sets first; tables that break a hypothesis are left out.
The first element at which the two sides differ is the counterexample, so no smaller sets have one.  When everything
small has been tried, larger sets are sampled with a fixed seed.
"""

from __future__ import annotations

import itertools as it
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catcore import arrows as ar
from catcore.categories.finite_sets import MAX_ELEMENTS, FiniteModel, Graph, computing
from catcore.datatypes.hylomorphisms import Hylo
from catcore.errors import IllTyped, NotInterpreted, TooLarge
from catcore.laws import Law
from catcore.objects import Ob
from catcore_proofs.algebraic import Budget, Reading, grouped, reading
from catcore_proofs.algebraic import models as read_models
from catcore_proofs.candidates import Candidates
from catcore_proofs.satisfaction import first_differences, sides, sizes_to_test
from catcore_proofs.verdicts import Counterexample

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
        self.law, self.atoms, self.generators = law, atoms, generators
        # a model of a large law costs more, so that the number of term formers evaluated is bounded
        size = sum(map(ar.formers, sides(law))) + RECURSION * sum(isinstance(part, Hylo) for part in law.parts())
        self.cost = 1 + size // 50
        self.left = (models - 1) // self.cost  # how many candidates may still be tried
        self.looked = self.reached = 0
        self.candidates = Candidates(law, generators, elements)

    @property
    def thorough(self) -> bool:
        """Whether nothing smaller was left out."""
        return self.candidates.thorough

    def enumerate(self) -> Counterexample | None:
        for total in range(TOTAL_SIZE + 1):
            for sizes in _compositions(total, len(self.atoms)):
                visit = self.candidates.over(dict(zip(self.atoms, sizes, strict=True)), self.left)
                in_time = visit.before < self.left
                self.looked += int(in_time.sum())
                if visit.found is not None and in_time[-1]:
                    return counterexample(self.law, *visit.found)
                self.left -= visit.met
                if self.left < 0:
                    return None
            self.reached = total
            if not self.atoms:
                return None
        return None

    def construct(self, read: Reading, budget: Budget) -> Counterexample | None:
        """Counterexamples of an algebraic law, or of one under algebraic hypotheses, from where trying tables ended."""
        for total in range(self.reached, LARGEST + 1):
            for sizes in _compositions(total, len(self.atoms)):
                looked, found = self.candidates.among(read_models(read, sizes, budget))
                self.looked += looked
                if found is not None:
                    return counterexample(self.law, *found)
                if budget.steps < 0:
                    self.candidates.thorough = False
                    return None
            self.reached = total
        return None

    def beyond(self, read: Reading) -> Counterexample | None:
        """Counterexamples among groups that are constructed."""
        self.candidates.thorough = False
        found = next(filter(None, (self.candidates.among([model])[1] for model in grouped(read))), None)
        return None if found is None else counterexample(self.law, *found)

    def sample(self, samples: int) -> Counterexample | None:
        """Random tables over larger sets, with a fixed seed; a few first, since most laws that fail fail often."""
        models = self._sampled(-(-samples // self.cost))
        for size in (SAMPLES // 10, samples):
            block = list(it.islice(models, size))
            looked, found = self.candidates.anywhere(block)
            self.looked += looked
            if found is not None:
                return counterexample(self.law, *found)
        return None

    def _sampled(self, samples: int) -> Iterator[FiniteModel]:
        rng = random.Random(0)
        for _ in range(samples):
            model = FiniteModel({a: rng.randint(1, 4) for a in self.atoms})
            try:
                for g in self.generators:
                    n, m = model.size(g.dom), model.size(g.cod)
                    if n > 10_000 or (m == 0 and n > 0):
                        raise TooLarge("a table too large to sample")
                    model = model.extended({g: tuple(rng.randrange(m) for _ in range(n))})
            except TooLarge:
                continue
            yield model


def difference(law: Law, model: FiniteModel) -> Counterexample | None:
    """The first element at which the two sides differ in a model, if there is one.

    Raises:
        TooLarge: when the common domain has too many elements to look at.
    """
    number = int(first_differences(law, model))
    return counterexample(law, model, number) if number < model.size(law.lhs.dom) else None


def counterexample(law: Law, model: FiniteModel, number: int) -> Counterexample:
    """An element at which the two sides differ in a model, as it is shown."""
    x = model.namespace.asarray([number], dtype=model.namespace.int64)
    dom, cod = law.lhs.dom, law.lhs.cod
    lhs, rhs = (model.show(cod, int(model.apply(side, x)[0])) for side in (law.lhs, law.rhs))
    graphs: dict[str, Any] = {}
    for g, table in model.tables.items():
        pairs = [(model.show(g.dom, i), model.show(g.cod, int(v))) for i, v in enumerate(table)]
        name = str(g) if sum(str(g) == str(other) for other in model.tables) == 1 else g.signature
        graphs[name] = Graph(tuple(pairs)) if len(pairs) != 1 else pairs[0][1]
    return Counterexample(model.show(dom, number), lhs, rhs, {str(a): n for a, n in model.sizes.items()}, graphs)


def _compositions(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """All ways to write ``total`` as an ordered sum of ``count`` sizes, in lexicographic order."""
    if count == 0:
        if total == 0:
            yield ()
        return
    for cuts in it.combinations_with_replacement(range(total + 1), count - 1):
        bounds = (0, *cuts, total)
        yield tuple(b - a for a, b in it.pairwise(bounds))
