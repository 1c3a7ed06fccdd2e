"""Recursions over states that share parameters: a hylomorphism of parametric cells on arrays (THEORY T3.4, T4.5).

The hylomorphism of ``(P, a : P × F A → A)`` and ``(P, c : P × S → F S)`` is one whose states are ``P × S``: every state
hands its parameters on.  On arrays the parameters are one row for all, so they are kept out of the states, and out of
the labels where the algebra finds them.  Which parts of a state are parameters is not looked up but seen: the coalgebra
is run once on a symbolic state, and what comes out at the branches as it went in is handed on.

>>> from catcore.arrows import generator
>>> from catcore.functors import Id
>>> from catcore.objects import R
>>> from catcore.para import ParaMap, hylo
>>> from catcore_backends.compiler.compiling import compile_arrow
>>> F, N = 1 + Id, R()  # x ↦ q · x while x is above 1, and what is below is p · (…)
>>> ask = ParaMap(N, generator("ask", N * N, F(N)))
>>> answer = ParaMap(N, generator("answer", N * F(N), N))
>>> import numpy as np
>>> def asked(x):
...     q, state = x
...     return state > 1, (), q * state
>>> def answered(x):
...     p, (tag, _, below) = x
...     return np.where(tag, p * below, 1.0)
>>> run = compile_arrow(hylo(F, answer, ask), generators={"ask": asked, "answer": answered})
>>> run((np.asarray(10.0), np.asarray(0.5)), np.asarray([0.5, 3.0])).tolist()
[1.0, 100.0]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from catcore import arrows
from catcore.arrows import Arrow, finite_map, finite_size, inl, inr, sorted_by_parts
from catcore.datatypes.hylomorphisms import Hylo
from catcore.datatypes.monomials import holds_branch, monomials
from catcore.errors import NotInterpreted
from catcore.functors import Functor
from catcore.learning.data import BackwardHylo
from catcore.objects import Bound, Coproduct, Exponential, Mu, Ob, One, Product
from catcore.para.actegories import flat, nest
from catcore.para.recursion import cells_of
from catcore.tracing import trace
from catcore_backends.compiler.emitter import Emitter, rule
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.values import Both, Leaf, Point, Tagged, Value
from catcore_backends.nesting import from_right, to_right
from catcore_backends.recursion.shared_folds import SharedFold
from catcore_backends.recursion.states import Unfolding

#: A place in an object: at each step the number of the part.
Path = tuple[int, ...]


@dataclass(frozen=True)
class Recursion:
    """A hylomorphism whose states are ``p₁ × (p₂ × … × S)``, read as one with shared parameters ``P = (p₁, p₂, …)``.

    Args:
        of: the hylomorphism.
        count: the number of parameters.
        labels: places of the functor with labels that are parameters, and where in P these are.
    """

    of: Hylo
    count: int
    labels: tuple[tuple[Path, Path], ...]

    @cached_property
    def parameters(self) -> Ob:
        """The object P, right-nested."""
        return nested_ob(_parts(self.of.dom, self.count)[:-1])

    @cached_property
    def states(self) -> Ob:
        """The object S."""
        return _parts(self.of.dom, self.count)[-1]

    @cached_property
    def functor(self) -> Functor:
        """The functor G whose layers leave out the labels that are parameters."""
        return Functor(1, _without(self.of.functor.body, dict(self.labels), ()) or One)

    @cached_property
    def coalgebra(self) -> Arrow:
        """The coalgebra ``P × S → G S``."""
        body, known, n = self.of.functor.body, dict(self.labels), self.count

        def asked(x: Any) -> Any:
            layer = self.of.coalgebra(nest([*flat(x[0], n), x[1]]))
            return _left_out(body, layer, known, (), lambda state: flat(state, n + 1)[-1])

        return trace(asked, self.parameters * self.states, self.functor(self.states))

    @cached_property
    def algebra(self) -> Arrow:
        """The algebra ``P × G A → A``."""
        body, known = self.of.functor.body, dict(self.labels)

        def answered(x: Any) -> Any:
            return self.of.algebra(_put_back(body, x[0], x[1], known, ()))

        return trace(answered, self.parameters * self.functor(self.of.cod), self.of.cod)

    @cached_property
    def fold(self) -> Arrow:
        """The fold of the states, out of ``P × μG`` where there are parameters."""
        fixed = Mu(self.functor.body)
        return SharedFold(fixed, self.algebra) if self.count else arrows.fold(fixed, self.of.algebra)


def unfolding(coalgebra: Arrow, functor: Functor, emitter: Emitter) -> Unfolding:
    """A coalgebra ``P × S → F S`` compiled, with one row of parameters for all states."""
    assert isinstance(coalgebra.dom, Product)
    inner = Emitter(emitter.types, emitter.generators, precise=emitter.precise)
    value = inner.run(coalgebra, inner.input(coalgebra.dom, shared=True))
    code = Code(inner.program, *inner.expression(inner.whole(coalgebra.cod, value)))
    return Unfolding(code, emitter.concrete(coalgebra.dom.right), functor)


def recursion(term: Hylo, shared: int, emitter: Emitter) -> Recursion:
    """A hylomorphism with as many of the first parts of its states for parameters as are handed on unchanged.

    Args:
        term: the hylomorphism.
        shared: how many of the first parts of a state are the same for the whole batch.
        emitter: it knows what atoms and generators are.
    """
    while shared:
        found = Recursion(term, shared, ())
        inner = Emitter(emitter.types, emitter.generators, precise=emitter.precise)
        given = inner.input(found.parameters * found.states, shared=True)
        assert isinstance(given, Both)
        state = nested_value([*flat_value(given.left, shared), given.right])
        layer = inner.run(term.coalgebra, state)
        seen = _Seen(inner, [_origin(inner, v) for v in flat_value(given.left, shared)])
        kept, labels = seen.read(term.functor.body, layer, shared)
        if kept == shared:
            return Recursion(term, shared, labels)
        shared = kept
    return Recursion(term, 0, ())


class _Seen:
    """Where parameters are found in what a coalgebra gives."""

    def __init__(self, emitter: Emitter, parameters: list[Value]) -> None:
        self.emitter, self.parameters = emitter, parameters
        whole = nested_value(parameters)
        self.places: dict[Value, Path] = {
            value: path for path, value in _subvalues(whole, ()) if not isinstance(value, Point)
        }

    def read(self, body: Ob, layer: Value, count: int) -> tuple[int, tuple[tuple[Path, Path], ...]]:
        """How many parameters are handed on at all branches, and which labels are parameters."""
        labels: list[tuple[Path, Path]] = []
        for path, ob, value in self._places(body, layer, ()):
            found = _origin(self.emitter, value)
            if ob is Bound(0):
                handed = flat_value(found, count + 1)[:-1]
                alike = (a == b for a, b in zip(handed, self.parameters, strict=False))
                count = next((i for i, same in enumerate(alike) if not same), count)
            else:
                labels.append((path, self.places[found]))
        return count, tuple(labels)

    def _places(self, body: Ob, layer: Value | None, path: Path) -> Iterator[tuple[Path, Ob, Value]]:
        """The branches, and the labels that are parameters; those of constructors that make nothing are left out."""
        if layer is None:
            return
        if not holds_branch(body) and _origin(self.emitter, layer) in self.places:
            yield path, body, layer
            return
        match body, layer:
            case Bound(), _:
                yield path, body, layer
            case Product(), Both():
                yield from self._places(body.left, layer.left, (*path, 0))
                yield from self._places(body.right, layer.right, (*path, 1))
            case Coproduct(), Tagged():
                yield from self._places(body.left, layer.left, (*path, 0))
                yield from self._places(body.right, layer.right, (*path, 1))
            case Exponential(), _ if holds_branch(body):
                for i in range(finite_size(body.exponent)):
                    at = self.emitter.run(finite_map(One, body.exponent, [i]), Point())
                    found = self._places(body.base, self.emitter.call(layer, at, body), (*path, 0))
                    yield from (place for place in found if place[1] is Bound(0))


def _origin(emitter: Emitter, value: Value) -> Value:
    """A value by where it comes from: rows that repeat one row, or leave dead rows out, are that row."""
    match value:
        case Leaf(name):
            return Leaf(_first(emitter, name))
        case Both():
            return Both(_origin(emitter, value.left), _origin(emitter, value.right))
        case Tagged(str() as tag, left, right):
            sides = (side and _origin(emitter, side) for side in (left, right))
            return Tagged(_first(emitter, tag), *sides)
    return value


def _first(emitter: Emitter, name: str) -> str:
    while True:
        made = emitter.program.statement(name)
        word = made.template.partition("(")[0]
        if word not in _REPEATING:
            return name
        name = made.operands[_REPEATING[word]]


#: Operations that give rows of one of their operands, with its number.
_REPEATING = {"rows": 0, "only_one": 1, "only": 2, "only_index": 2}


@rule(Hylo)
def _hylo(emitter: Emitter, term: Hylo, value: Value) -> Value:
    """Unfold the states into a forest and fold it; a carrier of functions is answered when it is applied."""
    found, given, state = taken_apart(emitter, term, value)
    trees = unfolded(emitter, found, given, state)
    return emitter.run(found.fold, Both(given, trees) if found.count else trees)


def unfolded(emitter: Emitter, of: Recursion, given: Value, state: Value) -> Leaf:
    """The forest of the states that a batch leads to; all that is said of the batch reads the same one."""
    return _trees(emitter, (of.of, of.count), unfolding(of.coalgebra, of.functor, emitter), given, state)


def _answered(emitter: Emitter, key: Any, made: Unfolding, algebra: Arrow, given: Value, state: Value) -> Value:
    """States unfolded and folded by an algebra ``P × F A → A``."""
    trees = _trees(emitter, key, made, given, state)
    return emitter.run(SharedFold(Mu(made.functor.body), algebra), Both(given, trees))


def _trees(emitter: Emitter, key: Any, made: Unfolding, given: Value, state: Value) -> Leaf:
    """The forest of the states that a batch of them leads to."""
    word = emitter.program.constant(("unfold", key), ("fold", made), "u")
    text, names = expressions(emitter, emitter.narrow(given), emitter.whole(made.states, state))
    return Leaf(emitter.program.let(f"{word}({text}, {{}})", *names, emitter.batch, remark="states", pure=False))


class SharedHylo(Arrow):
    """The hylomorphism ``P × S → A`` of cells ``a : P × F A → A`` and ``c : P × S → F S``; ``args`` are F, a and c.

    A hylomorphism is written so where its states stand inside data, which hands parameters on as no array does.
    """

    __slots__ = ()
    constructor = "shared_hylo"
    doctrine = "inductive"

    def _build(self) -> None:
        _, algebra, coalgebra = self.args
        self._type(coalgebra.dom, algebra.cod)

    @property
    def name(self) -> str:
        """How it is written."""
        return f"hylo({self.args[1]}, {self.args[2]})"


def with_shared_hylos(term: Arrow) -> Arrow:
    """The term with the hylomorphisms of parametric cells replaced whose states stand inside data.

    Raises:
        NotInterpreted: when their gradient is asked for.
    """
    parts = list(sorted_by_parts(term))
    backward = next((p for p in parts if isinstance(p, BackwardHylo) and in_data(p.args[0].functor)), None)
    if backward is not None:
        raise NotInterpreted(
            f"The gradient of a recursion over {backward.args[0].functor} was asked for, whose branches stand inside "
            "data, such as lists. Give the functor its branches as places of its own, as 1 + A × X × X has, or fold "
            "data that is there, whose gradients are known."
        )
    if not any(isinstance(part, Hylo) and in_data(part.functor) for part in parts):
        return term
    known: dict[Arrow, Arrow] = {}
    for part in parts:
        shared = _shared(part) if isinstance(part, Hylo) and in_data(part.functor) else None
        args = tuple(known.get(arg, arg) if isinstance(arg, Arrow) else arg for arg in part.args)
        known[part] = shared or (part if args == part.args else type(part)(*args))
    return known[term]


def _shared(h: Hylo) -> Arrow | None:
    """A hylomorphism of parametric cells with all parameters together."""
    found = cells_of(h)
    if found is None:
        return None
    layer, a, c = found
    k, n, state = len(a.params), len(a.params + c.params), c.dom
    whole = nested_ob([*a.params, *c.params])
    algebra = trace(lambda x: a.arrow(nest([*flat(x[0], n)[:k], x[1]])), whole * layer(a.cod), a.cod)
    coalgebra = trace(lambda x: c.arrow(nest([*flat(x[0], n)[k:], x[1]])), whole * state, layer(state))
    together = trace(lambda x: (nest(flat(x, n + 1)[:n]), flat(x, n + 1)[n]), h.dom, whole * state)
    return together >> SharedHylo(layer, with_shared_hylos(algebra), with_shared_hylos(coalgebra))


@rule(SharedHylo)
def _shared_hylo(emitter: Emitter, term: SharedHylo, value: Both) -> Value:
    functor, algebra, coalgebra = term.args
    if emitter.narrow(value.left) is None:
        raise NotInterpreted(
            f"Array code for a recursion over {functor} was asked for, and its parameters differ from row to row. "
            "Compile the arrow with shared=True, and give one element of the parameters for the whole batch."
        )
    made = unfolding(coalgebra, functor, emitter)
    return _answered(emitter, term, made, algebra, value.left, value.right)


def taken_apart(emitter: Emitter, term: Hylo, value: Value) -> tuple[Recursion, Value, Value]:
    """A hylomorphism at a batch of states: how it is read, its parameters, and what is left of the states."""
    if in_data(term.functor):
        return Recursion(term, 0, ()), Point(), value
    shared, rest = 0, value
    while isinstance(rest, Both) and emitter.narrow(rest.left) and not emitter.narrow(rest.right):
        rest, shared = rest.right, shared + 1
    found = recursion(term, shared, emitter)
    *given, state = flat_value(value, found.count + 1)
    return found, nested_value(given), state


def in_data(functor: Functor) -> bool:
    """Whether some branches of a functor stand inside data, such as lists."""
    return any(kind.nested for kind in monomials(functor))


def expressions(emitter: Emitter, *values: Value | None) -> tuple[str, list[str]]:
    """Whole values as Python expressions one after the other, with their operands."""
    found = [emitter.expression(value or Point()) for value in values]
    return ", ".join(text for text, _ in found), [name for _, names in found for name in names]


# ---- layers with and without the labels that are parameters ------------------------------------------------------


def _without(body: Ob, known: dict[Path, Path], path: Path) -> Ob | None:
    """The body of a functor without some labels; None where nothing is left."""
    if path in known:
        return None
    if not isinstance(body, Product | Coproduct) or not any(p[: len(path)] == path for p in known):
        return body
    left, right = (_without(part, known, (*path, i)) for i, part in enumerate((body.left, body.right)))
    if isinstance(body, Coproduct):
        return Coproduct(left or One, right or One)
    return Product(left, right) if left and right else left or right


def _left_out(body: Ob, layer: Any, known: dict[Path, Path], path: Path, state: Any) -> Any:
    """A layer without some labels, and with less at its branches; None where nothing is left."""
    if path in known:
        return None
    match body:
        case Bound():
            return state(layer)
        case Product() if holds_branch(body) or any(p[: len(path)] == path for p in known):
            left, right = (
                _left_out(part, layer[i], known, (*path, i), state) for i, part in enumerate((body.left, body.right))
            )
            return (left, right) if left is not None and right is not None else right if left is None else left
        case Coproduct() if holds_branch(body) or any(p[: len(path)] == path for p in known):
            return layer.case(
                inl=lambda x: inl(_or_point(_left_out(body.left, x, known, (*path, 0), state))),
                inr=lambda x: inr(_or_point(_left_out(body.right, x, known, (*path, 1), state))),
            )
        case Exponential() if holds_branch(body):
            return lambda i: _left_out(body.base, layer(i), known, (*path, 0), state)
    return layer


def _or_point(x: Any) -> Any:
    return () if x is None else x


def _put_back(body: Ob, parameters: Any, layer: Any, known: dict[Path, Path], path: Path) -> Any:
    """A layer with the labels that were left out."""
    if path in known:
        return reduce(lambda x, i: x[i], known[path], parameters)
    below = any(p[: len(path)] == path for p in known)
    match body:
        case Product() if below:
            kept = [_without(part, known, (*path, i)) for i, part in enumerate((body.left, body.right))]
            values = iter((layer[0], layer[1]) if all(kept) else (layer,))
            left, right = (next(values) if ob else None for ob in kept)
            return (
                _put_back(body.left, parameters, left, known, (*path, 0)),
                _put_back(body.right, parameters, right, known, (*path, 1)),
            )
        case Coproduct() if below:
            return layer.case(
                inl=lambda x: inl(_put_back(body.left, parameters, x, known, (*path, 0))),
                inr=lambda x: inr(_put_back(body.right, parameters, x, known, (*path, 1))),
            )
    return layer


# ---- right-nested products ---------------------------------------------------------------------------------------


def _parts(ob: Ob, count: int) -> list[Ob]:
    """The first so many factors of a right-nested product, and the rest."""
    return from_right(ob, count + 1, lambda product: product.args)


def nested_ob(parts: list[Ob]) -> Ob:
    """The right-nested product of some objects."""
    return to_right(parts, lambda left, right: left * right, One)


def flat_value(value: Value, count: int) -> list[Value]:
    """The factors of an element of a right-nested product of so many objects."""
    return from_right(value, count, lambda pair: (pair.left, pair.right))


def nested_value(parts: list[Value]) -> Value:
    """Elements as one of the right-nested product."""
    return to_right(parts, Both, Point())


def _subvalues(value: Value, path: Path) -> Iterator[tuple[Path, Value]]:
    """The parts of an element of a product, with their places."""
    yield path, value
    if isinstance(value, Both):
        yield from _subvalues(value.left, (*path, 0))
        yield from _subvalues(value.right, (*path, 1))
