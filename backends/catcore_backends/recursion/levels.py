"""The level engine: folds over any polynomial functor, one array call for each constructor and height (DESIGN §8).

A fold of ``a : F(S) → S`` is the one map with ``in ; fold a = F(fold a) ; a``.  On a forest all nodes of one
constructor and height are independent of each other, so the restriction of ``a`` to that constructor is compiled once
and applied to all of them together; their branches are lower, so their values are known.  Lists, trees and terms, and
the states that a coalgebra leads to, all run here; nothing is written for one type.
"""

from __future__ import annotations

import functools as ft
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from catcore.arrows import Fold
from catcore.datatypes.monomials import Monomial, monomials
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.objects import Bound, Coproduct, Exponential, Mu, Ob, One, Product, R, occurring
from catcore_backends.batches import arrays, mapped, overwritten
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.staging import Ahead, Staged, Stages, staged
from catcore_backends.compiler.values import Both, Known, Types, Value, leaves
from catcore_backends.libraries.conversion import widest_real
from catcore_backends.libraries.cuda.devices import here
from catcore_backends.libraries.jax_programs import at_once
from catcore_backends.recursion.few_shapes import few, laid, written
from catcore_backends.recursion.forests import Forest, Group
from catcore_backends.recursion.nested import filled
from catcore_backends.recursion.shared_folds import SharedFold

#: What an algebra makes of a group, given the values of all nodes below.
Answer = Callable[[Group, Any], Any]
#: On a CPU the nodes of a group are taken so many numbers at a time, which stay in the cache between operations …
ENTRIES = 1 << 16
#: … but never fewer nodes than this, so that starting an operation costs little.
LEAST = 512


class Levels:
    """A compiled fold: for each constructor of the functor, the algebra on batches of its nodes.

    A fold into ``A ^ P`` is compiled as the function of P and a forest that it is: the algebra hands the parameters it
    is given to all branches, so the nodes of all trees share one copy of them.

    Args:
        term: the fold.
        types: what the atoms are.
        generators: what the generators are.

    Raises:
        NotInterpreted: when the functor is no polynomial, the algebra has no array meaning, or it hands other
            parameters to the branches.
    """

    def __init__(self, term: Fold | SharedFold, types: Types, generators: Mapping[str, Any]) -> None:
        self.fixed: Mu = term.args[0]
        self.carrier = term.cod
        self.parametric = isinstance(types.resolve(term.cod), Exponential) and types.tabled(term.cod) is None
        self.kinds = monomials(Functor(1, self.fixed.body))
        if self.parametric and any(kind.nested for kind in self.kinds):
            raise NotInterpreted(
                f"Array code for a fold of {self.fixed} into functions was asked for, and its branches stand in data, "
                "such as lists. Write it as mutual data types, or fold into something else than functions."
            )
        self.parametric |= isinstance(term, SharedFold)
        self.pieces = [_piece(term, kind, Emitter(types, generators)) for kind in self.kinds]
        self.rows = max(LEAST, ENTRIES // max(_entries(types, term.cod), 1))
        self._linked: dict[Any, list[Stages]] = {}
        self._compiled: dict[Any, list[Callable[..., Any]]] = {}
        self.keeps = False  # whether the table of values is kept for the way back
        self._last: tuple[list[Any], Any] | None = None

    def __call__(self, xp: Any, *arguments: Any) -> Any:
        """The values of the fold at the roots of a forest, a batch of elements of the carrier.

        The arguments are the forest, after one row of parameters where the fold takes them.
        """
        values = self.table(xp, *arguments)
        if self.keeps:
            self._last = [*arrays(arguments)], values
        return taken(xp, values, laid(xp, arguments[-1], *arguments[:-1])[0].roots)

    def kept(self, *arguments: Any) -> Any:
        """The table of the last fold, given out once, if it was that of these very arrays; None otherwise."""
        last, self._last = self._last, None
        found = [*arrays(arguments)]
        if last is None or len(found) != len(last[0]):
            return None
        return last[1] if all(a is b for a, b in zip(found, last[0], strict=True)) else None

    def table(self, xp: Any, *arguments: Any) -> Any:
        """The values of the fold at all nodes of a forest, a table for each part of the carrier."""
        trees = arguments[-1]
        given = mapped(lambda x: x[0, ...], arguments[0] if len(arguments) > 1 else ())
        table, size = laid(xp, trees, given)
        dtype = real_in(xp, (table, given))
        groups = table.cut(_at_most(self.rows)).groups if _in_cache(xp) else table.groups
        whole = few(xp, table, given)
        answer = self._by_shapes(xp, dtype, given) if whole else self._staged(xp, dtype, given, groups)
        values: Any = None
        for group in groups:
            values = put(xp, values, answer(group, values), group, size)
        return values

    def _staged(self, xp: Any, dtype: Any, given: Any, groups: Sequence[Group]) -> Answer:
        """The algebra on groups, in this order; what does not wait for the values below is computed before."""
        pieces = self._pieces(xp, dtype)
        ahead = [self._ahead(c, before, given, groups) for c, (before, _) in enumerate(pieces)]

        def answer(group: Group, values: Any) -> Any:
            c, layer = group.constructor, self.layer(xp, group, values)
            early = ahead[c]
            return pieces[c][1]((given, layer, early.take(xp) if early else ()), group.stop - group.start)

        return answer

    def _by_shapes(self, xp: Any, dtype: Any, given: Any) -> Answer:
        """The algebra on groups, where a constructor is one program that JAX compiles for each of their shapes."""
        key = (here(xp), str(dtype))
        if key not in self._compiled:
            pieces = enumerate(self._pieces(xp, dtype))
            self._compiled[key] = [at_once(ft.partial(self._whole, xp, c, piece), static=(4,)) for c, piece in pieces]
        compiled = self._compiled[key]

        def answer(group: Group, values: Any) -> Any:
            return compiled[group.constructor](given, values, group.branches, group.labels, group.stop - group.start)

        return answer

    def _whole(
        self, xp: Any, c: int, piece: Stages, given: Any, values: Any, branches: Any, labels: Any, n: int
    ) -> Any:
        """The values of n nodes of a constructor, from those of all nodes below."""
        before, after = piece
        early = () if before is None else before((given, _nested(self._placed(c, labels))), n)
        return after((given, self.layer(xp, Group(c, 0, n, branches, labels), values), early), n)

    def _ahead(self, c: int, before: Callable[[Any, int], Any] | None, given: Any, groups: Iterable[Group]) -> Any:
        """What a constructor computes before its levels, or None."""
        if before is None:
            return None

        def run(labels: Any, n: int) -> Any:
            return before((given, _nested(self._placed(c, labels))), n)

        return Ahead(run, self.pieces[c].tall, (g for g in groups if g.constructor == c))

    def _placed(self, c: int, labels: Any) -> list[Any]:
        """The labels of a constructor at their places."""
        rest = iter(labels)
        return [None if ob is Bound(0) else next(rest) for ob in self.kinds[c].places]

    def _pieces(self, xp: Any, dtype: Any) -> list[Stages]:
        """The compiled algebra over one namespace; reals made from nothing have the dtype of the labels."""
        key = (here(xp), str(dtype))
        if key not in self._linked:
            self._linked[key] = [piece.linked(xp, dtype) for piece in self.pieces]
        return self._linked[key]

    def layer(self, xp: Any, group: Group, values: Any) -> Any:
        """The places of one constructor as the nested pair that its piece takes."""
        kind = self.kinds[group.constructor]
        branches, labels = iter(group.branches), iter(group.labels)
        places = [taken(xp, values, next(branches)) if ob is Bound(0) else next(labels) for ob in kind.places]
        for i in kind.nested:
            places[i] = filled(xp, kind.obs(self.fixed)[i], places[i], values, self.fixed, self.carrier)
        return _nested(places)


@ft.cache
def _at_most(rows: int) -> Callable[[int], Iterator[tuple[int, int]]]:
    """What cuts a number of nodes into stretches of no more than so many."""
    return lambda n: ((start, min(start + rows, n)) for start in range(0, n, rows))


def _in_cache(xp: Any) -> bool:
    """Whether operations run one after the other over arrays in memory, as NumPy's do."""
    return xp.__name__ in ("numpy", "array_api_compat.numpy")


def _entries(types: Types, ob: Ob) -> int:
    """How many numbers an element of the carrier has, as far as its shape is known."""
    match types.resolve(ob):
        case Product(args=(left, right)) | Coproduct(args=(left, right)):
            return _entries(types, left) + _entries(types, right)
        case Exponential(args=(base, *_)):
            return _entries(types, base)
        case R(shape=shape):
            return math.prod(shape)
    return 1


def _piece(term: Fold | SharedFold, kind: Monomial, emitter: Emitter) -> Staged:
    """The algebra restricted to one constructor: from the parameters and the product of its places to the carrier."""
    fixed, algebra = term.args
    functor, carrier = Functor(1, fixed.body), emitter.types.resolve(term.cod)
    made = kind.arrow(functor, term.cod)
    emitter.program.count_rows("batch")
    if isinstance(term, SharedFold):
        values: Ob = term.cod
        given = _entered(emitter, algebra.dom.left, _layer_of(kind, values))
        value = emitter.run(algebra, Both(given.left, emitter.run(made, given.right)))
    elif isinstance(carrier, Exponential) and emitter.types.tabled(carrier) is None:
        values = carrier.base
        given = _entered(emitter, carrier.exponent, _layer_of(kind, values))
        function = emitter.run(made >> algebra, _handed(kind, given.left, given.right))
        value = emitter.call(function, given.left, carrier)
    else:
        values = term.cod
        given = _entered(emitter, One, _layer_of(kind, values))
        value = emitter.run(made >> algebra, given.right)
    code = Code(emitter.program, *emitter.expression(emitter.whole(values, value)))
    waiting, labels = _names(kind, given.right)
    return staged(code, waiting, labels)


def _entered(emitter: Emitter, parameters: Ob, layer: Ob) -> Both:
    """The generic parameters and layer."""
    given = emitter.input(parameters * layer, shared=True)
    emitter.look_at_first()
    assert isinstance(given, Both)
    return given


def _names(kind: Monomial, layer: Value) -> tuple[set[str], set[str]]:
    """The names of the arrays that stand at the branches of a constructor, or hold data, and of those of its labels."""
    waiting: set[str] = set()
    labels: set[str] = set()
    for i, (ob, value) in enumerate(zip(kind.places, _places(kind, layer), strict=True)):
        late = ob is Bound(0) or i in kind.nested or occurring(ob, Mu)
        (waiting if late else labels).update(leaves(value))
    return waiting, labels


def _layer_of(kind: Monomial, carrier: Ob) -> Ob:
    """The product of the places of a constructor, with the carrier at its branches."""
    return reduce(Product, kind.obs(carrier)) if kind.places else One


def _handed(kind: Monomial, parameters: Value, layer: Value) -> Value:
    """The places of a constructor with functions at the branches, known at the parameters that all of them get."""
    places = _places(kind, layer)
    functions = [Known(parameters, x) if ob is Bound(0) else x for ob, x in zip(kind.places, places, strict=True)]
    return reduce(Both, functions) if functions else layer


def _places(kind: Monomial, layer: Value) -> list[Value]:
    """The values at the places of a constructor."""
    places: list[Value] = []
    for _ in kind.places[1:]:
        assert isinstance(layer, Both)
        places.append(layer.right)
        layer = layer.left
    return [layer, *reversed(places)] if kind.places else []


def real_in(xp: Any, batch: Any) -> Any:
    """The widest dtype of reals in a batch, the labels of its forests included; None when there are none."""
    found = (getattr(x.over(xp) if isinstance(x, Forest) else x, "dtype", None) for x in arrays(batch))
    return widest_real(xp, (dtype for dtype in found if dtype is not None))


def _nested(places: list[Any]) -> Any:
    if not places:
        return ()
    value = places[0]
    for place in places[1:]:
        value = (value, place)
    return value


def put(xp: Any, values: Any, found: Any, group: Group, size: int) -> Any:
    """The table of values with those of one group written into it; a table is an array for each part of the carrier."""
    if isinstance(found, tuple):
        old = values if values is not None else (None,) * len(found)
        return tuple(put(xp, table, part, group, size) for table, part in zip(old, found, strict=True))
    if values is None:
        values = xp.empty((size, *found.shape[1:]), dtype=found.dtype, device=getattr(found, "device", None))
    elif found.dtype != values.dtype:  # integers at the leaves, say, and reals above
        values = xp.astype(values, xp.result_type(values, found), copy=False)
    if few(xp, values, found):
        return written(values, found, slice(group.start, group.stop))
    return overwritten(values, slice(group.start, group.stop), found)


def taken(xp: Any, values: Any, index: Any) -> Any:
    """The rows of a table at some nodes."""
    if isinstance(index, slice):
        return mapped(lambda x: x[index, ...], values)
    return mapped(lambda x: xp.take(x, index, axis=0), values)
