"""Batches as arrows: many samples through one copy of the parameters (THEORY T5.8, T4.6).

A smooth map ``f : P × A → B`` has a batched form ``P × Aⁿ → Bⁿ`` with ``(p, (a₁ … aₙ)) ↦ (f(p, a₁) … f(p, aₙ))``, where
``R(s)ⁿ = R(n, *s)``.  It is a term over the same table, in which a matrix applied to n vectors is one product of
matrices; its reverse derivative adds up the gradients of the samples, again as one product, because parameters that are
copied backwards are summed.

>>> from catcore.categories.smooth import smooth
>>> dense = smooth("matmul", R(4, 3) * R(3)) >> smooth("tanh", R(4))
>>> print(batched(dense, 5, shared=1).signature)
⟨π₂, π₁ ; permute_dims⟩ ; matmul ; tanh : ℝ[4×3] × ℝ[5×3] → ℝ[5×4]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from catcore import arrows as ar
from catcore.arrows import Arrow, ident, pair, terminal
from catcore.categories.reverse_rules import apply, both
from catcore.categories.smooth import Operation, Primitive, register
from catcore.errors import IllTyped, NotInterpreted
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Ob, One, Product, R
from catcore.para.maps import ParaMap
from catcore.points import at, halves


@dataclass(frozen=True)
class Row:
    """A tensor out of the context: one for each sample along its first axis, or one for all."""

    arrow: Arrow
    many: bool


@dataclass(frozen=True)
class Function:
    """A function known by its term, and what it has captured."""

    body: Arrow
    captured: Any


Rule = Callable[[Primitive, Any, int], Row]
RULES: dict[str, Rule] = {}


def many(ob: Ob, n: int) -> Ob:
    """``Aⁿ``: every tensor with a first axis for the samples.

    Raises:
        NotInterpreted: for objects that are no products of tensors.
    """
    match ob:
        case R():
            return R(n, *ob.shape)
        case Product():
            return Product(many(ob.left, n), many(ob.right, n))
        case _ if ob is One:
            return One
    raise NotInterpreted(f"A batch of {ob} as one tensor was asked for; only products of real tensors have one.")


def batched(f: Arrow, n: int, *, shared: int = 0) -> Arrow:
    """The arrow on n samples at once; the first ``shared`` factors of the domain, nested to the right, are for all.

    Raises:
        NotInterpreted: for a term that treats samples differently, such as a case distinction.
    """
    if type(n) is not int or n < 1:
        raise IllTyped(f"A batch of {n!r} samples was asked for; give a number from 1 on.")
    dom = _batched_domain(f.dom, n, shared)
    found = _run(f, _entered(ident(dom), f.dom, shared), n)
    return _written(found, f.cod, n, dom)


def batched_map(f: ParaMap, n: int) -> ParaMap:
    """The parametric map on n samples, with the same parameters."""
    return ParaMap(f.params, batched(f.arrow, n, shared=len(f.params)), f.actegory)


def batched_loss(loss: ParaMap, n: int) -> ParaMap:
    """The mean of a loss over n pairs of a label and a prediction."""
    each = batched(loss.arrow, n)
    total = each >> Primitive("sum", R(n)) >> Primitive("times", R(), f"1/{n}" if n > 1 else 1)
    return ParaMap(many(loss.whole, n), total, loss.actegory)


def _batched_domain(ob: Ob, n: int, shared: int) -> Ob:
    if not shared:
        return many(ob, n)
    if not isinstance(ob, Product):
        raise IllTyped(f"A batch that shares {shared} factors of {ob} was asked for, which is no such product.")
    return Product(ob.left, _batched_domain(ob.right, n, shared - 1))


def _entered(x: Arrow, ob: Ob, shared: int) -> Any:
    if not shared:
        return _parted(x, ob, True)
    assert isinstance(ob, Product)
    left, right = halves(x)
    return _parted(left, ob.left, False), _entered(right, ob.right, shared - 1)


def _parted(x: Arrow, ob: Ob, is_many: bool) -> Any:
    """The tensors of an element of a product."""
    if isinstance(ob, Product):
        left, right = halves(x)
        return _parted(left, ob.left, is_many), _parted(right, ob.right, is_many)
    return Row(x, is_many) if isinstance(ob, R) else ()


def _written(value: Any, ob: Ob, n: int, dom: Ob) -> Arrow:
    if isinstance(ob, Product):
        return pair(_written(value[0], ob.left, n, dom), _written(value[1], ob.right, n, dom))
    return lifted(value, n) if isinstance(value, Row) else terminal(dom)


def lifted(x: Row, n: int) -> Arrow:
    """The tensor with an axis for the samples."""
    return x.arrow if x.many else apply("repeat", x.arrow, 0, n)


# ---- terms -------------------------------------------------------------------------------------------------------


def _run(f: Arrow, x: Any, n: int) -> Any:
    match f:
        case ar.Identity():
            return x
        case ar.Composite():
            return reduce(lambda value, g: _run(g, value, n), f.args, x)
        case ar.Pair():
            return _run(f.args[0], x, n), _run(f.args[1], x, n)
        case ar.Fst() | ar.Snd():
            return x[int(isinstance(f, ar.Snd))]
        case ar.Terminal():
            return _Context(_some(x)) if _some(x) is not None else ()
        case ar.Curry():
            return Function(f.args[0], x)
        case ar.Ev() if isinstance(x[0], Function):
            return _run(x[0].body, (x[0].captured, x[1]), n)
        case ar.Action() if not f.functor.symbols:
            return _run(f.expanded(), x, n)
        case Primitive():
            return _primitive(f, x, n)
    raise NotInterpreted(
        f"A batch of {f.signature} as one arrow was asked for: samples may go different ways there, or it is no smooth "
        "map. Run it row by row."
    )


@dataclass(frozen=True)
class _Context:
    """The point, remembered with an arrow out of the context so that constants have a domain."""

    arrow: Arrow | None


def _some(x: Any) -> Arrow | None:
    """Any arrow out of the context."""
    match x:
        case Row() | _Context():
            return x.arrow
        case Function():
            return _some(x.captured)
        case tuple():
            return next((a for a in map(_some, x) if a is not None), None)
    return None


def _primitive(f: Primitive, x: Any, n: int) -> Row:
    if f.name == "constant":
        context = _some(x)
        return Row(terminal(context.dom if context is not None else One) >> f, False)
    rows = x if isinstance(x, tuple) else (x,)
    if not any(row.many for row in rows):
        return Row((pair(x[0].arrow, x[1].arrow) if isinstance(x, tuple) else x.arrow) >> f, False)
    if f.name not in RULES:
        return Row(_lifted(x, n) >> Primitive("each", many(f.dom, n), f), True)
    return RULES[f.name](f, x, n)


def _lifted(x: Any, n: int) -> Arrow:
    """All arguments of a primitive with an axis for the samples."""
    return pair(_lifted(x[0], n), _lifted(x[1], n)) if isinstance(x, tuple) else lifted(x, n)


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Decorator: the function is the batch rule of these primitives."""

    def add(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return add


# ---- primitives: at least one argument has a row for each sample -------------------------------------------------


@rule(*"tanh relu exp log sigmoid sin cos sqrt square reciprocal abs sign step softplus negative times shift".split())
@rule("softmax", "logsumexp")
def _same(f: Primitive, x: Any, n: int) -> Row:
    return Row(apply(f.name, x.arrow, *f.parameters), True)


@rule("add", "subtract", "multiply", "divide", "maximum")
def _entrywise(f: Primitive, x: Any, n: int) -> Row:
    return Row(both(f.name, lifted(x[0], n), lifted(x[1], n)), True)


@rule("scale")
def _scale(f: Primitive, x: Any, n: int) -> Row:
    number, tensor = x
    if not number.many:
        return Row(both("scale", number.arrow, tensor.arrow), True)
    return Row(both("multiply", _spread(number.arrow, f.cod.args), lifted(tensor, n)), True)


def _spread(x: Arrow, shape: tuple[int, ...]) -> Arrow:
    """Numbers, one a sample, repeated along the axes of a shape."""
    for axis, extent in enumerate(shape):
        x = apply("repeat", x, axis + 1, extent)
    return x


@rule("fill")
def _fill(f: Primitive, x: Any, n: int) -> Row:
    return Row(_spread(x.arrow, f.cod.args), True)


@rule("matmul")
def _matmul(f: Primitive, x: Any, n: int) -> Row:
    a, b = x
    (m, k), right = (ob.args for ob in f.dom.args)
    vector = len(right) == 1
    if a.many:
        return Row(_each_product(lifted(a, n), lifted(b, n), (m, k), vector), True)
    turned = apply("permute_dims", a.arrow, (1, 0))
    if vector:
        return Row(both("matmul", b.arrow, turned), True)
    j = right[1]
    columns = apply("reshape", apply("permute_dims", b.arrow, (0, 2, 1)), (n * j, k))
    product = apply("reshape", both("matmul", columns, turned), (n, j, m))
    return Row(apply("permute_dims", product, (0, 2, 1)), True)


def _each_product(a: Arrow, b: Arrow, shape: tuple[int, int], vector: bool) -> Arrow:
    """A product of matrices for each sample, as a sum of products of entries."""
    m, _ = shape
    if vector:
        return apply("sum", both("multiply", a, apply("repeat", b, 1, m)), 2)
    assert isinstance(b.cod, R)
    wide = apply("repeat", a, 3, b.cod.shape[2])
    return apply("sum", both("multiply", wide, apply("repeat", b, 1, m)), 2)


@rule("matrix")
def _matrix(f: Primitive, x: Any, n: int) -> Row:
    m, k, entries = f.args[2], f.dom.args[0], f.args[3:]
    columns = Primitive("constant", One, (k, m), *(entries[i * k + j] for j in range(k) for i in range(m)))
    return Row(both("matmul", x.arrow, terminal(x.arrow.dom) >> columns), True)


@rule("reshape")
def _reshape(f: Primitive, x: Any, n: int) -> Row:
    return Row(apply("reshape", x.arrow, (n, *f.cod.args)), True)


@rule("permute_dims")
def _permute(f: Primitive, x: Any, n: int) -> Row:
    return Row(apply("permute_dims", x.arrow, (0, *(a + 1 for a in f.parameters[0]))), True)


@rule("sum")
def _sum(f: Primitive, x: Any, n: int) -> Row:
    axis = (*f.parameters, None)[0]
    if axis is not None:
        return Row(apply("sum", x.arrow, axis + 1), True)
    if not f.dom.args:
        return x  # type: ignore[no-any-return]
    size = math.prod(f.dom.args)
    return Row(apply("sum", apply("reshape", x.arrow, (n, size)), 1), True)


@rule("repeat", "narrow")
def _along(f: Primitive, x: Any, n: int) -> Row:
    axis, *rest = f.parameters
    return Row(apply(f.name, x.arrow, axis + 1, *rest), True)


@rule("concat")
def _concat(f: Primitive, x: Any, n: int) -> Row:
    axis = (*f.parameters, 0)[0]
    return Row(both("concat", lifted(x[0], n), lifted(x[1], n), axis + 1), True)


# ---- primitives without a rule: the array rule on all rows of all batches at once --------------------------------


def _rows(ob: Ob) -> int:
    """The first extent of the first tensor of a product."""
    while isinstance(ob, Product):
        ob = ob.left
    return int(ob.args[0])


def _each_codomain(dom: Ob, f: Primitive) -> Ob:
    if many(f.dom, _rows(dom)) is not dom:
        raise IllTyped(f"each of {f.signature} leaves so many copies of {f.dom}, and {dom} was given.")
    return many(f.cod, _rows(dom))


def _each(xp: Any, x: Any, f: Primitive) -> Any:
    """The array rule of a primitive, with the samples of the batched form among the rows of the batch."""

    def merged(a: Any) -> Any:
        return tuple(map(merged, a)) if isinstance(a, tuple) else xp.reshape(a, (-1, *a.shape[2:]))

    constants = f.constants()
    given = f.parameters if constants is None else tuple(xp.asarray(c) for c in constants)
    found = f.operation.rule(xp, merged(x), *given)
    first = x
    while isinstance(first, tuple):
        first = first[0]
    return xp.reshape(found, (*first.shape[:2], *found.shape[1:]))


def _each_backwards(e: Primitive, x: Arrow, v: Arrow) -> Arrow:
    """The reverse derivative of the primitive on every sample."""
    f = e.parameters[0]
    return at(batched(reverse_derivative(f), _rows(e.dom)), pair(x, v))


register(Operation("each", _each_codomain, _each, derivative=_each_backwards))
