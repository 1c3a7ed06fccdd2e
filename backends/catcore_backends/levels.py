"""The level engine: folds over any polynomial functor, one array call for each constructor and height (DESIGN §8).

A fold of ``a : F(S) → S`` is the one map with ``in ; fold a = F(fold a) ; a``.  On a forest all nodes of one
constructor and height are independent of each other, so the restriction of ``a`` to that constructor is compiled once
and applied to all of them together; their branches are lower, so their values are known.  Lists, trees and terms, and
the states that a coalgebra leads to, all run here; nothing is written for one type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catcore.arrows import Fold
from catcore.datatypes.data import Data
from catcore.datatypes.monomials import monomials
from catcore.errors import ShapeMismatch
from catcore.functors import Functor
from catcore.objects import Bound, Mu
from catcore_backends.forests import Forest, Group, forest


class Levels:
    """A compiled fold: for each constructor of the functor, the algebra on batches of its nodes.

    Args:
        term: the fold.
        shapes: what the atoms are.
        generators: what the generators are.

    Raises:
        NotInterpreted: when the functor is no polynomial, or the algebra has no array meaning.
    """

    def __init__(self, term: Fold, shapes: Mapping[Any, Any], generators: Mapping[str, Any]) -> None:
        from catcore_backends.compiling import Compiled  # compiling needs the rules, and the rule of folds needs this

        fixed, algebra = term.args
        self.fixed: Mu = fixed
        functor = Functor(1, fixed.body)
        self.kinds = monomials(functor)
        self.pieces = [
            Compiled(kind.arrow(functor, term.cod) >> algebra, "auto", shapes, generators) for kind in self.kinds
        ]
        self._linked: dict[Any, list[Callable[[Any, int], Any]]] = {}

    def __call__(self, xp: Any, trees: Forest) -> Any:
        """The values of the fold at the roots of a forest, a batch of elements of the carrier."""
        table = trees.over(xp)
        pieces = self._pieces(xp, table.dtype)
        values: Any = None
        for group in table.groups:
            n = group.stop - group.start
            found = pieces[group.constructor](self._layer(xp, group, values), n)
            values = _put(xp, values, found, group, table.size)
        return _taken(xp, values, table.roots)

    def _pieces(self, xp: Any, dtype: Any) -> list[Callable[[Any, int], Any]]:
        """The compiled algebra over one namespace; reals made from nothing have the dtype of the labels."""
        key = (xp, str(dtype))
        if key not in self._linked:
            self._linked[key] = [piece.linked(xp, dtype) for piece in self.pieces]
        return self._linked[key]

    def _layer(self, xp: Any, group: Group, values: Any) -> Any:
        """The places of one constructor as the nested pair that its piece takes."""
        kind = self.kinds[group.constructor]
        branches, labels = iter(group.branches), iter(group.labels)
        places = [_taken(xp, values, next(branches)) if ob is Bound(0) else next(labels) for ob in kind.places]
        return _nested(places)


def tabled(x: Any, fixed: Mu, where: str) -> Forest:
    """The input at a place of type ``μF`` as a forest; a sequence of elements is tabled first.

    Raises:
        ShapeMismatch: when it is neither.
    """
    if isinstance(x, Forest) and x.fixed is fixed:
        return x
    if isinstance(x, list | tuple) and x and all(isinstance(v, Data) and v.of is fixed for v in x):
        return forest(x)
    found = f"a forest of {x.fixed}" if isinstance(x, Forest) else type(x).__name__
    raise ShapeMismatch(
        f"A compiled arrow takes a forest or a list of elements of {fixed} at {where}, and {found} was given. Make one "
        "with catcore_backends.forest."
    )


def _nested(places: list[Any]) -> Any:
    if not places:
        return ()
    value = places[0]
    for place in places[1:]:
        value = (value, place)
    return value


def _put(xp: Any, values: Any, found: Any, group: Group, size: int) -> Any:
    """The table of values with those of one group written into it; a table is an array for each part of the carrier."""
    if isinstance(found, tuple):
        old = values if values is not None else (None,) * len(found)
        return tuple(_put(xp, table, part, group, size) for table, part in zip(old, found, strict=True))
    if values is None:
        values = xp.empty((size, *found.shape[1:]), dtype=found.dtype, device=getattr(found, "device", None))
    if hasattr(values, "at"):  # JAX arrays are written by making new ones
        return values.at[group.start : group.stop].set(found)
    values[group.start : group.stop, ...] = found
    return values


def _taken(xp: Any, values: Any, index: Any) -> Any:
    """The rows of a table at some nodes."""
    if isinstance(values, tuple):
        return tuple(_taken(xp, part, index) for part in values)
    return values[index, ...] if isinstance(index, slice) else xp.take(values, index, axis=0)
