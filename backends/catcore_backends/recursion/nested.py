"""Branches that stand inside other data: reading and writing what is at their places (THEORY T2.2).

In the table of a rose tree a node has a list, a forest of its own, in which numbers of nodes stand for the branches.
Putting something else in their places gives the list of values that an algebra takes, or the same list over other
numbers; and what the places of such a list hear goes to the nodes whose numbers stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

from catcore.categories.finite_sets import listed
from catcore.learning.covectors import covectors, rigid
from catcore.objects import Coproduct, Exponential, Mu, Ob, One, Product, R, parts, substitute
from catcore_backends.batches import harmless, mapped
from catcore_backends.libraries.conversion import on_host
from catcore_backends.recursion.forests import Forest, Group

#: Which rows of a batch are there; None when all are.
Live = Any


def filled(xp: Any, ob: Ob, batch: Any, values: Any, fixed: Mu, carrier: Ob) -> Any:
    """Data with numbers of nodes in it, as data with the values of these nodes instead.

    Args:
        xp: the array namespace.
        ob: the object, with ``fixed`` where numbers stand.
        batch: the batch of its elements.
        values: the table of values of the nodes.
        fixed: the type of the nodes.
        carrier: the type of their values.
    """

    def value(numbers: Any, live: Live) -> Any:
        if values is None:  # nothing is below the lowest nodes, and no row counts
            return mapped(xp.asarray, harmless(carrier, len(numbers)))
        return mapped(lambda x: xp.take(x, numbers, axis=0), values)

    return replaced(ob, batch, fixed, carrier, value)


def replaced(ob: Ob, batch: Any, fixed: Mu, by: Ob, function: Callable[[Any, Live], Any], live: Live = None) -> Any:
    """Data with something else in the places of numbers of nodes, made of these numbers and of which of them count."""
    return _replaced(ob, batch, fixed, by, function, live, ())


def _replaced(
    ob: Ob, batch: Any, fixed: Mu, by: Ob, function: Callable[[Any, Live], Any], live: Live, around: tuple[Ob, ...]
) -> Any:
    if ob is fixed:
        return function(batch, live)
    if ob in around or fixed not in parts({ob}):
        return batch

    def inside(part: Ob, x: Any, rows: Live = live) -> Any:
        return _replaced(part, x, fixed, by, function, rows, around)

    match ob:
        case Product():
            return inside(ob.left, batch[0]), inside(ob.right, batch[1])
        case Coproduct():
            tag, left, right = batch
            rows = on_host(tag) != 0
            return tag, inside(ob.left, left, _both(live, ~rows)), inside(ob.right, right, _both(live, rows))
        case Exponential():
            return inside(table_of(ob), batch)
    groups = []
    for g, rows in zip(batch.groups, _live_nodes(batch, live), strict=True):
        kind = batch.kinds[g.constructor]
        obs = [kind.obs(ob)[i] for i in kind.labels]
        labels = tuple(
            _replaced(part, x, fixed, by, function, rows, (*around, ob)) for part, x in zip(obs, g.labels, strict=True)
        )
        groups.append(Group(g.constructor, g.start, g.stop, g.branches, labels))
    of = substitute(ob, {fixed: by})
    assert isinstance(of, Mu)
    return Forest(of, tuple(groups), batch.roots, batch.size, batch.levels)


def heard(ob: Ob, batch: Any, covector: Any, fixed: Mu, around: tuple[Ob, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """Numbers of nodes in data, and beside them what is heard there.

    Args:
        ob: the object, with ``fixed`` where numbers stand.
        batch: the batch of its elements.
        covector: a covector of each element with values for numbers, data taken apart; the point for zero.
        fixed: the type of the nodes.
        around: types of data around, whose nodes have numbers, too.
    """
    if ob is fixed:
        yield batch, covector
    elif ob not in around and fixed in parts({ob}) and not _is_zero(covector):
        for part, x, v in _parts(ob, batch, covector, fixed):
            yield from heard(part, x, v, fixed, (*around, ob) if isinstance(ob, Mu) else around)


def _parts(ob: Ob, batch: Any, covector: Any, fixed: Mu) -> Iterator[tuple[Ob, Any, Any]]:
    """The parts of an object that vary, of its batch and of a covector."""
    match ob:
        case Product():
            yield from zip(ob.args, batch, covector, strict=True)
        case Coproduct():
            yield from zip(ob.args, batch[1:], covector, strict=True)
        case Exponential():
            yield table_of(ob), batch, covector
        case Mu():
            for _, labels in layers(ob, batch, covector, fixed):
                yield from labels


def layers(ob: Mu, batch: Forest, covector: Forest, fixed: Mu) -> Iterator[tuple[Group, list[tuple[Ob, Any, Any]]]]:
    """Each group of a covector of data, and for each label there its object, the labels themselves and the covector."""
    marked = [h for h in covector.groups if h.constructor]  # the first constructor is zero
    if not marked:
        return
    for g, h in zip(batch.apart()[0].groups, marked, strict=True):
        kind = batch.kinds[g.constructor]
        obs = [(kind.obs(ob)[i], x) for i, x in zip(kind.labels, g.labels, strict=True)]
        varying = [(part, x) for part, x in obs if not rigid(substitute(part, {fixed: R()}))]
        yield h, [(part, x, v) for (part, x), v in zip(varying, h.labels, strict=True)]


def numbered(ob: Ob, batch: Any, covector: Any, fixed: Mu, around: tuple[Ob, ...] = ()) -> Any:
    """A covector as :func:`heard` takes it, with the numbers of nodes for covectors of their values."""
    if ob is fixed:
        return batch
    if ob in around or fixed not in parts({ob}):
        return covector
    if not isinstance(ob, Mu):
        found = tuple(numbered(part, x, v, fixed, around) for part, x, v in _parts(ob, batch, covector, fixed))
        return found if isinstance(ob, Product | Coproduct) else found[0]
    if _is_zero(covector):
        back = covectors(ob)
        assert isinstance(back, Mu)
        return zero_forest(back, len(batch.roots))
    groups = []
    for h, labels in layers(ob, batch, covector, fixed):
        here = tuple(numbered(part, x, v, fixed, (*around, ob)) for part, x, v in labels)
        groups.append(Group(h.constructor, h.start, h.stop, h.branches, here))
    back = covectors(ob)
    assert isinstance(back, Mu)
    return Forest(back, tuple(groups), covector.roots, covector.size, covector.levels) if groups else covector


def zero_forest(back: Mu, count: int) -> Forest:
    """So many covectors of data, all zero."""
    return Forest(back, (Group(0, 0, 1, (), ()),), np.zeros(count, np.int64), 1, 1)


def sum_of_forests(x: Forest, y: Forest, around: tuple[Ob, ...] = ()) -> Forest:
    """The sum of two covectors of one batch of data, label by label; numbers of nodes around stay."""
    if not any(g.constructor for g in x.groups):
        return y
    if not any(h.constructor for h in y.groups):
        return x
    inside, groups = (*around, x.fixed), []
    for g, h in zip(x.groups, y.groups, strict=True):
        kind = x.kinds[g.constructor]
        obs = [kind.obs(x.fixed)[i] for i in kind.labels]
        labels = tuple(_added(ob, a, b, inside) for ob, a, b in zip(obs, g.labels, h.labels, strict=True))
        groups.append(Group(g.constructor, g.start, g.stop, g.branches, labels))
    return Forest(x.fixed, tuple(groups), x.roots, x.size, x.levels)


def _added(ob: Ob, a: Any, b: Any, around: tuple[Ob, ...]) -> Any:
    if ob in around:
        return a
    if isinstance(a, Forest):
        return sum_of_forests(a, b, around)
    if isinstance(a, tuple):
        of = ob.args if isinstance(ob, Product) else table_of(ob).args if isinstance(ob, Exponential) else ()
        return tuple(_added(part, v, w, around) for part, v, w in zip(of, a, b, strict=True))
    return a + b


def _is_zero(covector: Any) -> bool:
    """Whether nothing is heard, which is known before the numbers are."""
    return isinstance(covector, tuple) and not covector


def table_of(ob: Exponential) -> Ob:
    """The product of the values of a function out of a finite set, left-nested, as batches have it."""
    count = len(listed(ob.exponent) or ())
    return reduce(Product, [ob.base] * count) if count else One


def _both(live: Live, rows: Any) -> Any:
    return rows if live is None else live & rows


def _live_nodes(of: Forest, live: Live) -> list[Any]:
    """For each group, which of its nodes are in a tree that counts."""
    if live is None:
        return [None] * len(of.groups)
    alive = np.zeros(of.size, bool)
    alive[on_host(of.roots)[live]] = True
    found = []
    for g in reversed(of.groups):
        rows = alive[g.start : g.stop]
        found.append(rows.copy())
        for branch in g.branches:
            numbers = np.arange(branch.start, branch.stop) if isinstance(branch, slice) else on_host(branch)
            alive[numbers[rows]] = True
    return found[::-1]
