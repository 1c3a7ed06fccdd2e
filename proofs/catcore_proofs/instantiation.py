"""Refutation of laws about arbitrary functors, monads and natural transformations, by small concrete ones.

The variables of a law get small functors and monads, and every natural transformation between them, smallest first.
What is left is a law about given functors, which finite sets or small data refute; the counterexample names the
instance.  A hypothesis that is assumed for every object counts only where it has been proved of the instance.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import prod

from catcore.arrows import Action, Component, Strength, subterms
from catcore.errors import CatError
from catcore.expressions import Expression
from catcore.functors import FunctorSymbol, MonadSymbol, NaturalSymbol, UnitSymbol
from catcore.instances import Instance
from catcore.laws import Law
from catcore.objects import Applied, occurring
from catcore_proofs.exemplars import INFINITE, Exemplar, functors, monads
from catcore_proofs.refutation import Refutation, refute_law
from catcore_proofs.shapes import has_data, refute_by_shapes

#: How many instances of a law are looked at, how many natural transformations are put for one variable, how many
#: finite models and shapes of data each instance gets.
INSTANCES, TRANSFORMATIONS, MODELS, SHAPES = 100, 64, 60, 200

#: The largest domain, in elements, of an instance that is looked at.
ELEMENTS = 3_000

#: Where several functors are arbitrary, how many elements they may have over two points, all together as a product.
COMPOSITE = 24


def variables(law: Law) -> tuple[Expression, ...]:
    """The arbitrary functors, monads and transformations in a law and its hypotheses, functors first."""
    found: set[Expression] = set()
    for equation in (law, *law.given):
        for term in (*subterms(equation.lhs), *subterms(equation.rhs)):
            found |= {ob.args[0] for end in (term.dom, term.cod) for ob in occurring(end, Applied)}
            match term:
                case Action():
                    found |= term.functor.symbols
                case Strength():
                    found.add(term.args[0])
                case Component() if not isinstance(term.args[0], UnitSymbol):
                    found.add(term.args[0])
                    found |= term.args[0].source.symbols | term.args[0].target.symbols
    return tuple(sorted(found, key=lambda s: (isinstance(s, NaturalSymbol), str(s), repr(s))))


def refute_by_instances(law: Law, proved: Callable[[Law], bool]) -> Refutation:
    """A counterexample of a law at small instances of its variables; ``proved`` decides hypotheses on all objects."""
    looked, backend = 0, ""
    for chosen in it.islice(instances(variables(law)), INSTANCES):
        looked += 1
        try:
            found = _refuted(Instance({s: exemplar.value for s, exemplar in chosen.items()}).law(law), proved)
        except CatError:  # an instance without a strength, or too large to be looked at
            continue
        backend = backend or found.backend
        if found.counterexample is not None:
            names = {str(s): exemplar.name for s, exemplar in chosen.items()}
            shown = replace(found.counterexample, instances=names)
            return Refutation(shown, False, "", backend=found.backend)
    tried = f"{looked} instances of the arbitrary functors and transformations were tried"
    return Refutation(None, False, tried, backend=backend)


def _refuted(law: Law, proved: Callable[[Law], bool]) -> Refutation:
    """A counterexample of an instance in which what is assumed everywhere has been proved."""
    everywhere = [h for h in law.given if h.every]
    rest = replace(law, given=tuple(h for h in law.given if not h.every))
    if has_data(law):
        found = refute_by_shapes(rest, limit=SHAPES)
    else:
        found = refute_law(rest, models=MODELS, samples=0, elements=ELEMENTS)
    if found.counterexample is None or all(map(proved, everywhere)):
        return found
    return replace(found, counterexample=None)


def instances(symbols: Sequence[Expression]) -> Iterator[dict[Expression, Exemplar]]:
    """Values for variables, those of the smallest total size first."""
    bases = [s for s in symbols if isinstance(s, FunctorSymbol)]
    naturals = [s for s in symbols if isinstance(s, NaturalSymbol)]
    choices = it.product(*(monads() if isinstance(s, MonadSymbol) else functors() for s in bases))
    small = (c for c in choices if len(c) == 1 or prod(min(exemplar.size, 6) for exemplar in c) <= COMPOSITE)
    for values in sorted(small, key=lambda chosen: sum(exemplar.size for exemplar in chosen)):
        yield from _with_transformations(dict(zip(bases, values, strict=True)), naturals)


def _with_transformations(
    chosen: dict[Expression, Exemplar], naturals: Sequence[NaturalSymbol]
) -> Iterator[dict[Expression, Exemplar]]:
    """The chosen functors with all natural transformations between them, where these can be listed."""
    if not naturals:
        yield chosen
        return
    if any(exemplar.size == INFINITE for exemplar in chosen.values()):
        return
    try:
        options = [list(_transformations(chosen, symbol)) for symbol in naturals]
    except CatError:
        return
    for values in it.islice(it.product(*options), INSTANCES):
        yield {**chosen, **dict(zip(naturals, values, strict=True))}


def _transformations(chosen: dict[Expression, Exemplar], symbol: NaturalSymbol) -> Iterator[Exemplar]:
    from catcore_proofs.census import transformations

    at = Instance({s: exemplar.value for s, exemplar in chosen.items()})
    source, target = at.functor(symbol.source), at.functor(symbol.target)
    for found in it.islice(transformations(source, target), TRANSFORMATIONS):
        natural = replace(found.natural(str(symbol)), source=source, target=target)
        yield Exemplar(str(found), natural, 0)
