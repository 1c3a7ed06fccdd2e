"""The level engine backwards: what parameters and labels hear in a fold (THEORY T4.6, T5.3).

The values of all nodes are computed level by level as in the fold.  Then the levels are walked from the roots down: the
nodes of one constructor and height hand their covectors to the reverse derivative of the algebra, all at once; it adds
to the gradient of the parameters, as a total over these nodes, or gives the covectors of the labels, node by node, and
it adds to the covectors of the branches, which are lower.  The covectors of all labels are a forest of the same shape.
A node's own value is a residual in the sense of optics: what the derivative can say in terms of it, as that of ``tanh``
can, is not computed again.
"""

from __future__ import annotations

import functools as ft
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any

from catcore.arrows import Arrow, In, ident
from catcore.datatypes.monomials import Monomial
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import covectors, parts, written
from catcore.learning.data import BackwardData, DataSum
from catcore.learning.folds import BackwardFold
from catcore.learning.reverse import backwards
from catcore.objects import One, Product
from catcore.points import at
from catcore.tracing import trace
from catcore_backends.batches import mapped
from catcore_backends.compiler.emitter import Emitter, rule
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.rules import built_outside
from catcore_backends.compiler.totals import total
from catcore_backends.compiler.values import Both, Leaf, Point, Tagged, Value
from catcore_backends.libraries.conversion import moved
from catcore_backends.libraries.cuda.devices import here
from catcore_backends.libraries.jax_programs import at_once
from catcore_backends.nesting import from_left, from_right, to_right
from catcore_backends.recursion.few_shapes import few, filled_up, joined, laid, rounded
from catcore_backends.recursion.forests import Forest, Group
from catcore_backends.recursion.levels import Levels, _layer_of, real_in, taken
from catcore_backends.recursion.nested import heard as heard_inside
from catcore_backends.recursion.nested import numbered, sum_of_forests, zero_forest
from catcore_backends.recursion.row_sums import added_at, scattered
from catcore_backends.recursion.shared_folds import SharedBackward, with_shared_folds

Backward = BackwardFold | BackwardData | SharedBackward
#: A group of nodes, and what is heard there, by each branch, and in the data of each place that branches stand in.
Heard = tuple[Group, Any, list[Any], list[Any]]
#: What is heard at a group, by its branches and in data, and the table of covectors, for parameters and both tables.
Step = Callable[..., tuple[Any, list[Any], list[Any], Any]]


@rule(BackwardFold)
def _backward_fold(emitter: Emitter, term: Backward, value: Both) -> Value:
    result = _walked(emitter, term, value, BackwardLevels)
    rows = emitter.program.let("apart({})", result, pure=False)
    whole, apart = (emitter.read(term.cod, "{}", (name,)) for name in (result, rows))
    emitter.totalled.update(paired(apart, whole))
    return apart


@rule(BackwardData)
def _backward_data(emitter: Emitter, term: Backward, value: Both) -> Value:
    return Leaf(_walked(emitter, term, value, DataLevels))


@rule(SharedBackward)
def _shared_backward(emitter: Emitter, term: SharedBackward, value: Both) -> Value:
    return (_backward_data if term.args[2] else _backward_fold)(emitter, term, value)


@rule(DataSum)
def _data_sum(emitter: Emitter, term: DataSum, value: Both) -> Value:
    assert isinstance(value.left, Leaf)
    assert isinstance(value.right, Leaf)
    word = emitter.program.constant(("sum of data", term), ("call", sum_of_forests), "g")
    return Leaf(emitter.program.let(f"{word}({{}}, {{}})", value.left.name, value.right.name, remark="+", pure=False))


@rule(In)
def _zero(emitter: Emitter, term: In, value: Value) -> Value:
    """Zero, the covector of data of which nothing is heard; other elements are built outside of programs."""
    (back,) = term.args
    match value:
        case Tagged(False, Point(), None) if back.body.left is One:
            word = emitter.program.constant(("zero", back), ("call", ft.partial(zero_forest, back)), "g")
            return Leaf(emitter.program.let(f"{word}({{}})", emitter.batch, remark="0", pure=False))
    return built_outside(term)


def _walked(emitter: Emitter, term: Backward, value: Both, make: type[BackwardLevels]) -> str:
    """The name of what walking the levels of a fold backwards gives."""
    assert isinstance(value.left, Both)
    single = emitter.narrow(value.left.left)
    if single is None:
        raise NotInterpreted(
            f"The gradient of a fold over {term.dom.args[0].args[1]} was asked for, and its parameters differ from row "
            "to row. Compile it with shared=True, and give one element of the parameters for the whole batch."
        )
    of = term.args[0]
    forward = emitter.program.constant(("fold", of), ("fold", emitter.levels(of)), "f")
    levels = make(term, emitter.program.constants[forward][1], emitter)
    word = emitter.program.constant(("backwards", term), ("fold", levels), "f")
    covector = emitter.whole(covectors(term.carrier), value.right)
    parts_of = [emitter.expression(v) for v in (single, value.left.right, covector)]
    text = ", ".join(text for text, _ in parts_of)
    names = [name for _, found in parts_of for name in found]
    return emitter.program.let(f"{word}({text})", *names, remark="fold backwards", pure=False)


def paired(rows: Value, whole: Value) -> dict[str, str]:
    """The names of the parts of one value by those of another."""
    match rows, whole:
        case Leaf(), Leaf():
            return {rows.name: whole.name}
        case Both(), Both():
            return paired(rows.left, whole.left) | paired(rows.right, whole.right)
    return {}


class Walk:
    """Walks the levels of a fold from the roots down.

    Args:
        forward: the compiled fold.
        codes: for each constructor the reverse derivative of the algebra: what is heard, and what branches hear.
    """

    def __init__(self, forward: Levels, codes: list[Code]) -> None:
        self.forward, self.pieces = forward, codes
        self._linked: dict[Any, list[Callable[[Any, int], Any]]] = {}
        self._compiled: dict[Any, list[Callable[..., Any]]] = {}

    def walk(self, xp: Any, parameters: Any, table: Forest, values: Any, covector: Any) -> Iterator[Heard]:
        """What is heard at each group, from the roots down: there, and in the data that its branches stand in."""
        given = mapped(lambda x: x[0, ...], parameters)
        whole = few(xp, table, given, values, covector)
        size = rounded(table.size) if whole else table.size
        flowing = mapped(lambda x: scattered(xp, x, table.roots, size), covector)
        dtype = real_in(xp, (table, given, flowing))
        step = self._by_shapes(xp, dtype) if whole else self._by_slices(xp, dtype)
        for group in reversed(table.groups):
            heard, below, within, flowing = step(group, given, values, flowing)
            yield group, heard, below, within

    def _by_slices(self, xp: Any, dtype: Any) -> Step:
        """The step at a group, whose own rows of the tables are a slice."""
        pieces = self.linked(xp, dtype)

        def step(group: Group, *tables: Any) -> Any:
            return self._told(xp, pieces[group.constructor], group, slice(group.start, group.stop), *tables)

        return step

    def _by_shapes(self, xp: Any, dtype: Any) -> Step:
        """The same where a constructor is one program that JAX compiles for each shape of its groups."""
        key = (here(xp), str(dtype))
        if key not in self._compiled:
            self._compiled[key] = [self._whole(xp, c, piece) for c, piece in enumerate(self.linked(xp, dtype))]
        pieces = self._compiled[key]

        def step(group: Group, *tables: Any) -> Any:
            n = group.stop - group.start
            return pieces[group.constructor](n, group.start, group.branches, group.labels, *tables)

        return step

    def _whole(self, xp: Any, c: int, piece: Callable[[Any, int], Any]) -> Callable[..., Any]:
        """The step at n nodes of a constructor, compiled for n and not for the first; it consumes the last table."""

        def run(n: int, start: Any, branches: Any, labels: Any, *tables: Any) -> Any:
            return self._told(xp, piece, Group(c, 0, n, branches, labels), start + xp.arange(n), *tables)

        return at_once(run, static=(0,), donated=(6,))

    def _told(
        self, xp: Any, piece: Callable[[Any, int], Any], group: Group, own: Any, given: Any, values: Any, flowing: Any
    ) -> tuple[Any, list[Any], list[Any], Any]:
        """What is heard at a group, by its branches and in data, and the table of covectors with those of branches."""
        layer = self.forward.layer(xp, group, values)
        around = layer, (taken(xp, values, own), taken(xp, flowing, own))
        heard, (below, inside) = piece((given, around), group.stop - group.start)
        within = from_right(inside, len(self.forward.kinds[group.constructor].nested))
        for branch, rows in self._below(group, below, within):
            flowing = _both(ft.partial(added_at, xp, index=branch), flowing, rows)
        return heard, from_right(below, len(group.branches)), within, flowing

    def linked(self, xp: Any, dtype: Any) -> list[Callable[[Any, int], Any]]:
        """The pieces over one array namespace, one for each constructor."""
        key = (here(xp), str(dtype))
        if key not in self._linked:
            self._linked[key] = [piece.linked(xp, dtype) for piece in self.pieces]
        return self._linked[key]

    def _below(self, group: Group, below: Any, within: list[Any]) -> Iterator[tuple[Any, Any]]:
        """The branches of a group of nodes, also those that stand in data, and what each of them hears."""
        yield from zip(group.branches, from_right(below, len(group.branches)), strict=True)
        fixed, kind = self.forward.fixed, self.forward.kinds[group.constructor]
        for i, covector in zip(kind.nested, within, strict=True):
            yield from heard_inside(kind.obs(fixed)[i], group.labels[kind.labels.index(i)], covector, fixed)


class BackwardLevels(Walk):
    """The compiled reverse derivative of a fold with respect to its parameters.

    Args:
        term: the reverse derivative of the fold.
        forward: the compiled fold, which keeps its table of values for the way back.
        of: the emitter of the program around it, which knows what atoms and generators are.
    """

    def __init__(self, term: Any, forward: Levels, of: Emitter) -> None:
        fold = term.args[0]
        self.term = term
        forward.keeps = True
        step, functor = term.step, Functor(1, fold.args[0].body)
        super().__init__(
            forward, [self._piece(step, functor, k, Emitter(of.types, of.generators)) for k in forward.kinds]
        )

    def _piece(self, step: Arrow, functor: Functor, kind: Monomial, emitter: Emitter) -> Code:
        return piece_backwards(step, functor, kind, emitter, parameters=True)

    def __call__(self, xp: Any, parameters: Any, trees: Forest, covector: Any) -> Any:
        """The gradient of the parameters, one row for the whole batch, for covectors of the values at the roots."""
        values = self._values(xp, parameters, trees)
        table, _ = laid(xp, trees.labels_apart(), parameters, covector)
        found = self.walk(xp, parameters, table, values, covector)
        return reduce(added, (heard for _, heard, *_ in found))  # one group at a time, so that two are alive at most

    def _values(self, xp: Any, parameters: Any, trees: Forest) -> Any:
        """The values of all nodes, which the fold may have kept."""
        given = (parameters, trees) if self.forward.parametric else (trees,)
        values = self.forward.kept(*given)
        return self.forward.table(xp, *given) if values is None else values


class DataLevels(BackwardLevels):
    """The compiled reverse derivative of a fold with respect to its labels."""

    def _piece(self, step: Arrow, functor: Functor, kind: Monomial, emitter: Emitter) -> Code:
        return piece_backwards(step, functor, kind, emitter, labels=heard_labels(kind))

    def __call__(self, xp: Any, parameters: Any, trees: Forest, covector: Any) -> Forest:
        """The forest of the covectors of all labels, each tree for itself, for covectors of the values at the roots."""
        apart, origin = trees.apart()
        values = at_origins(xp, self._values(xp, parameters, trees), origin)
        table, _ = laid(xp, apart, parameters, covector)
        found: deque[tuple[int, Any]] = deque()  # the first node of each group, and what its labels hear, lowest first
        for group, heard, _, within in self.walk(xp, parameters, table, values, covector):
            kind = self.forward.kinds[group.constructor]
            known = dict(zip(heard_labels(kind), from_right(heard, len(heard_labels(kind))), strict=True))
            known |= {i: self._around(kind, i, group, v) for i, v in zip(kind.nested, within, strict=True)}
            found.appendleft((group.start, tuple(known[i] for i in kind.labels if i in known)))
        whole, groups = apart.over(xp), []
        for g in whole.groups:
            parts = []
            while found and found[0][0] < g.stop:
                parts.append(found.popleft()[1])
            groups.append(Group(g.constructor + 1, g.start, g.stop, g.branches, joined(xp, parts)))
        return Forest(self.term.cod, tuple(groups), whole.roots, apart.size, apart.levels)

    def _around(self, kind: Monomial, place: int, group: Group, covector: Any) -> Any:
        """What is heard in data, with the numbers of nodes in the places of branches."""
        ob, label = kind.obs(self.forward.fixed)[place], group.labels[kind.labels.index(place)]
        return numbered(ob, label, covector, self.forward.fixed)


def at_origins(xp: Any, values: Any, origin: Any) -> Any:
    """The values at the nodes of trees that were taken apart: those at the nodes that these were."""
    if origin is None:
        return values
    places = moved(xp, filled_up(origin) if few(xp, values) else origin)
    return mapped(lambda x: xp.take(x, places, axis=0), values)


def heard_labels(kind: Monomial) -> list[int]:
    """The places of the labels of a constructor that have covectors and hold no branches."""
    return [i for i in kind.labels if i not in kind.nested and covectors(kind.places[i]) is not One]


def piece_backwards(
    algebra: Arrow,
    functor: Functor,
    kind: Monomial,
    emitter: Emitter,
    *,
    parameters: bool = False,
    labels: list[int] | None = None,
) -> Code:
    """``(p, (places, (y, v))) ↦ (heard, (branches', data'))`` for one constructor with values y.

    What is heard is p' as a total over the nodes where ``parameters``, and what ``labels`` hear, a row for each node.
    """
    dom = algebra.dom
    assert isinstance(dom, Product)
    p, carrier = dom.left, algebra.cod
    places = _layer_of(kind, carrier)
    made = kind.arrow(functor, carrier)
    step = trace(lambda x: algebra(x[0], made(x[1])), p * places, carrier)
    context = p * (places * (carrier * covectors(carrier)))
    point = trace(lambda x: (x[0], x[1][0]), context, p * places)
    covector = trace(lambda x: x[1][1][1], context, covectors(carrier))
    forward = at(step, ident(step.dom))
    found, rest = parts(backwards(forward, point, covector))
    heard = from_left(rest, len(kind.places), parts)
    given = emitter.input(context, shared=True)

    def run(term: Arrow) -> Value:
        return emitter.run(with_shared_folds(term), given)

    def rows(wanted: Iterable[int]) -> Value:
        obs = kind.obs(carrier)
        values = [run(written(heard[i], point, obs[i])) for i in wanted]
        whole = [emitter.whole(covectors(obs[i]), value) for i, value in zip(wanted, values, strict=True)]
        return to_right(whole, Both, Point())

    def inside(wanted: Iterable[int]) -> Value:
        """The same where branches stand in data; a point where all that they hear is zero."""
        found = [Point() if heard[i] is None else rows([i]) for i in wanted]
        return to_right(found, Both, Point())

    slopes = [total(emitter, run(written(found, point, p)))] if parameters else []
    first = reduce(Both, [*slopes, *([] if labels is None else [rows(labels)])])
    below, within = rows(kind.branches), inside(kind.nested)
    _known(emitter, run(at(forward, point)), emitter.run(_own(context), given))
    return Code(emitter.program, *emitter.expression(Both(first, Both(below, within))))


def _own(context: Product) -> Arrow:
    """The value of a node, out of the context of its piece."""
    carrier = context.args[1].args[1].args[0]
    return trace(lambda x: x[1][1][0], context, carrier)


def _known(emitter: Emitter, computed: Value, given: Value) -> None:
    """Let the program read the value that is given where it would compute it."""
    program = emitter.program
    program.replace({name: by for name, by in paired(computed, given).items() if name not in program.doors})


# ---- tables of covectors -----------------------------------------------------------------------------------------


def _both(function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    if isinstance(x, tuple):
        return tuple(_both(function, a, b) for a, b in zip(x, y, strict=True))
    return function(x, y)


def added(x: Any, y: Any) -> Any:
    """The sum of two covectors."""
    return _both(lambda a, b: a + b, x, y)
