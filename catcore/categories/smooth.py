"""The signature of smooth and linear primitives: one table that users can extend (THEORY T5.4).

A primitive such as ``tanh : R(3) → R(3)`` is a generator of the syntax with three rules.  Its *shape rule* gives the
codomain, its *array rule* the numbers, and its *reverse rule* the reverse derivative ``R[f] : A × B' → A'`` of
``f : A → B``, which sends a point and a covector at its image to a covector at the point: a term over the same table,
so that second derivatives exist.  Array rules are written once, against an array-API namespace ``xp``, and act on
batches: an element of ``R(*shape)`` is an array ``(batch, *shape)``, one of ``A * B`` a pair, and the point of ``1`` is
``()``.

>>> f = constant_matrix([[1, "1/2"], [0, 1]]) >> smooth("tanh", R(2))
>>> print(f.dom, "→", f.cod)
ℝ[2] → ℝ[2]
>>> constant_matrix([[1, "1/2"]])
constant_matrix([[1, '1/2']])
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral
from typing import Any

from catcore.arrows import Arrow
from catcore.categories import array_rules, contractions, reverse_rules, shape_rules
from catcore.categories.shape_rules import same_shape as same_shape
from catcore.errors import CatError, IllTyped, NotANumber, NotInterpreted, ShapeMismatch, UnknownName, WrongDtype
from catcore.exact import exact_number
from catcore.objects import Ob, One, Product, R, as_object

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Operation:
    """One row of the table of primitives.

    Args:
        name: how users call it, ``smooth(name, dom, *parameters)``.
        codomain: the shape rule ``(dom, *parameters) → cod``; it raises ``IllTyped`` for a domain it does not take.
        rule: the array rule ``(xp, x, *parameters) → y`` on batches.
        reverse: the reverse derivative on batches, ``(xp, x, v, *parameters) → x'``, for a row without ``derivative``.
        constants: ``(dom, *parameters) → nested lists``; where given, both array rules receive these as arrays instead
            of the parameters.
        linear: whether the array rule is linear.
        derivative: the reverse derivative as a term: ``(f, x, v) → x'`` for the primitive f, a point ``x : Z → A`` and
            a covector ``v : Z → B'``, both arrows; the result is an arrow ``Z → A'``, a pair of results for a product,
            or None for zero.
        shared: for two arguments, the array rule ``(xp, (a, x), *parameters) → y`` where ``a`` is a batch of one row
            that stands for all; by default the row is repeated.
    """

    name: str
    codomain: Callable[..., Ob]
    rule: Rule
    reverse: Rule | None = None
    constants: Callable[..., tuple[Any, ...]] | None = None
    linear: bool = False
    derivative: Callable[[Any, Arrow, Arrow], Any] | None = None
    shared: Rule | None = None


TABLE: dict[str, Operation] = {}


def register(operation: Operation) -> Operation:
    """Add a row to the table of primitives and return it.

    Raises:
        IllTyped: when the name is no short printable string, or stands for another operation already.

    >>> softplus = register(Operation("softplus_doctest", same_shape, lambda xp, x: xp.log1p(xp.exp(x))))
    >>> smooth("softplus_doctest", R(4)).cod
    R(4)
    """
    name = operation.name
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= 80:
        raise IllTyped(f"A primitive is named by a short printable string, and {name!r} was given.")
    if TABLE.setdefault(name, operation) is not operation:
        raise IllTyped(f"A primitive named {name!r} was to be registered, and the table has one. Use another name.")
    return operation


def _reversed_row(row: Operation) -> Operation:
    """The row of the reverse derivative of a row that has an array rule for it."""
    build, reverse = row.constants, row.reverse
    assert reverse is not None
    return Operation(
        f"R[{row.name}]",
        lambda dom, *parameters: dom.left,
        lambda xp, x, *parameters: reverse(xp, x[0], x[1], *parameters),
        constants=None if build is None else lambda dom, *parameters: build(dom.left, *parameters),
    )


class Primitive(Arrow):
    """A smooth primitive; ``args`` are the name of its row, its domain and its parameters."""

    __slots__ = ()
    constructor = "smooth"
    doctrine = "left-additive"

    def _build(self) -> None:
        _, dom, *parameters = self.args
        self._type(dom, self.operation.codomain(dom, *parameters))

    @property
    def name(self) -> str:
        """The name of the primitive."""
        return str(self.args[0])

    @property
    def parameters(self) -> tuple[Any, ...]:
        """What the shape rule was given besides the domain."""
        return tuple(self.args[2:])

    @property
    def operation(self) -> Operation:
        """The row of the table.

        Raises:
            UnknownName: when the table has no such row.
        """
        if self.args[0] not in TABLE and self.args[0][:2] == "R[" and self.args[0][2:-1] in TABLE:
            return _reversed_row(TABLE[self.args[0][2:-1]])
        if self.args[0] not in TABLE:
            raise UnknownName(
                f"The smooth primitive {self.args[0]!r} was asked for, and the table has {', '.join(sorted(TABLE))}. "
                "Add it with catcore.categories.smooth.register(Operation(…))."
            )
        return TABLE[self.args[0]]

    def constants(self) -> tuple[Any, ...] | None:
        """The nested lists that the rules receive as arrays, or None where they receive the parameters."""
        build = self.operation.constants
        return None if build is None else build(self.args[1], *self.parameters)

    def reversed(self) -> Primitive:
        """The reverse derivative of a row with an array rule for it, as a primitive ``A × B' → A'``.

        Raises:
            NotInterpreted: when the row has none.
        """
        if self.operation.reverse is None:
            raise NotInterpreted(
                f"The reverse derivative of the primitive {self.name!r} was asked for, and its row of the table has "
                "none. Register it with derivative= or reverse=."
            )
        return Primitive(f"R[{self.name}]", Product(self.dom, self.cod), *self.parameters)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        rows = {"matrix": "constant_matrix", "constant": "constant"}
        if self.name not in rows:
            return super().__repr__()
        shape = (self.args[2], *self.args[1].shape) if self.name == "matrix" else self.args[2]
        entries = iter(self.args[3:])
        return f"{rows[self.name]}({_nested(shape, entries)!r})"


def smooth(name: str, dom: object, *parameters: Any) -> Primitive:
    """The primitive ``name`` out of ``dom``; its parameters follow.

    ========================================  ================================================
    ``tanh relu exp log sigmoid sin cos``     ``R(s) → R(s)``, entry by entry
    ``sqrt negative square reciprocal``       the same
    ``abs sign step softplus``                the same; ``step`` is 1 above 0 and 0 elsewhere
    ``times``, a number; ``shift``, a number  ``R(s) → R(s)``: the multiple and the translate by a number
    ``softmax``, ``logsumexp``                ``R(s, n) → R(s, n)`` and ``R(s, n) → R(s)``, along the last axis
    ``masked``                                ``R(m, n) → R(m, n)``: −10⁹ above the diagonal, for softmax
    ``add subtract multiply divide maximum``  ``R(s) * R(s) → R(s)``
    ``scale``                                 ``R() * R(s) → R(s)``
    ``matmul``                                ``R(m, n) * R(n) → R(m)`` and ``R(m, n) * R(n, k) → R(m, k)``
    ``reshape``, a shape                      ``R(s) → R(shape)``, row by row
    ``permute_dims``, axes                    ``R(s) → R(…)``: axis i of the result is axis ``axes[i]``
    ``sum``, an axis or nothing               ``R(s) → R(…)`` without that axis, or ``R()``
    ``repeat``, an axis, a count              ``R(s) → R(…)`` with a new axis, along which entries are equal
    ``fill``, a shape                         ``R() → R(shape)``, one number everywhere
    ``concat``, an axis                       ``R(s) * R(t) → R(…)``, the extents of that axis added
    ``narrow``, an axis, start, stop          ``R(s) → R(…)``: a stretch of that axis
    ``einsum``, subscripts                    ``R(s) * R(t) * … → R(…)``: ``"ij,jk->ik"``, contracted pair by pair
    ========================================  ================================================

    Raises:
        UnknownName: when the table has no such name.
        IllTyped: when the shape rule does not take the domain.

    >>> smooth("matmul", R(2, 3) * R(3)).cod
    R(2)
    """
    given = tuple(map(_parameter, parameters))
    try:
        return Primitive(name, as_object(dom), *given)
    except CatError:
        raise
    except TypeError:  # the shape rule takes another number of parameters
        raise IllTyped(
            f"The primitive {name!r} out of {dom} was given the parameters {given}, and its shape rule takes others. "
            "The table in the documentation of smooth lists them."
        ) from None


def _parameter(value: Any) -> Any:
    """A parameter as it is kept in a term: lists as tuples, exact numbers as integers or text."""
    if isinstance(value, tuple | list):
        return tuple(value)
    if value is None or (isinstance(value, str) and "->" in value):  # subscripts of a contraction
        return value
    return _entry(value, "smooth")


def constant_matrix(rows: Any) -> Primitive:
    """The linear map ``x ↦ A x : R(n) → R(m)`` of an m × n matrix with exact or floating point entries.

    Exact entries are integers, fractions, SymPy numbers or strings such as ``"sqrt(2)/2"``.

    Raises:
        ShapeMismatch: when the rows are ragged or there is no entry.
        NotANumber: for an entry that is no finite number.
    """
    shape, entries = _flatten(_plain(rows), "constant_matrix")
    if len(shape) != 2:
        raise ShapeMismatch(f"constant_matrix takes a list of rows, and an array of shape {shape} was given.")
    return Primitive("matrix", R(shape[1]), shape[0], *entries)


def constant(values: Any) -> Primitive:
    """The point ``1 → R(*shape)`` with the given nested entries, as for :func:`constant_matrix`.

    >>> constant([1, "1/2"]).cod
    R(2)
    """
    shape, entries = _flatten(_plain(values), "constant")
    return Primitive("constant", One, shape, *entries)


# ---- entries -----------------------------------------------------------------------------------------------------


def _plain(values: Any) -> Any:
    return values.tolist() if hasattr(values, "tolist") else values


def _flatten(values: Any, word: str) -> tuple[tuple[int, ...], list[int | float | str]]:
    """The shape and the entries of nested lists, first row first."""
    if not isinstance(values, list | tuple):
        return (), [_entry(values, word)]
    parts = [_flatten(_plain(v), word) for v in values]
    shapes = {shape for shape, _ in parts}
    if len(shapes) != 1:
        found = " and ".join(map(str, sorted(shapes))) or "nothing"
        raise ShapeMismatch(f"{word} needs rows of one length, and rows of shapes {found} were given. Fill the gaps.")
    return (len(parts), *shapes.pop()), [entry for _, entries in parts for entry in entries]


def _entry(value: Any, word: str) -> int | float | str:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotANumber(f"{word} takes finite numbers, and {value!r} was given. Replace it by a number.")
        return float(value) + 0.0  # −0.0 and 0.0 are one expression
    if isinstance(value, Integral):
        return int(value)
    number = exact_number(value, where=f"in {word}")
    return int(number) if number.is_Integer else str(number)


def _nested(shape: tuple[int, ...], entries: Iterator[Any]) -> Any:
    if not shape:
        return next(entries)
    return [_nested(shape[1:], entries) for _ in range(shape[0])]


_INT64 = 2**63


@lru_cache(maxsize=1024)
def number(entry: Any) -> int | float:
    """The number that an entry of a constant, or a parameter, stands for.

    Integers that 64 bits do not hold are floating point numbers, as libraries have no others for them.

    Raises:
        WrongDtype: when it is larger than floating point numbers are.
    """
    if isinstance(entry, int) and -_INT64 <= entry < _INT64:
        return entry
    try:
        return float(exact_number(entry) if isinstance(entry, str) else entry)
    except OverflowError:
        raise WrongDtype(
            "An arrow with constants was to be computed, and one of them does not fit: it has more than 308 digits, "
            "where floating point numbers end. Scale it."
        ) from None


# ---- the table ---------------------------------------------------------------------------------------------------


def _matrix_constant(dom: Ob, m: int, *entries: Any) -> tuple[Any, ...]:
    n = dom.args[0]
    numbers = [number(e) for e in entries]
    return ([numbers[i * n : (i + 1) * n] for i in range(m)],)


def _matrix_codomain(dom: Ob, m: int, *entries: Any) -> Ob:
    return R(m)


def _point_constant(dom: Ob, shape: tuple[int, ...], *entries: Any) -> tuple[Any, ...]:
    return (_nested(shape, iter([number(e) for e in entries])),)


def _row(name: str, codomain: Callable[..., Ob], rule: Rule, derivative: Any, *, linear: bool = False) -> None:
    register(Operation(name, codomain, rule, linear=linear, derivative=derivative))


_ENTRYWISE: dict[str, tuple[Rule, Any]] = {
    "tanh": (lambda xp, x: xp.tanh(x), reverse_rules.tanh),
    "relu": (array_rules.relu, reverse_rules.relu),
    "exp": (lambda xp, x: xp.exp(x), reverse_rules.exp),
    "log": (lambda xp, x: xp.log(x), reverse_rules.log),
    "sigmoid": (array_rules.sigmoid, reverse_rules.sigmoid),
    "sin": (lambda xp, x: xp.sin(x), reverse_rules.sin),
    "cos": (lambda xp, x: xp.cos(x), reverse_rules.cos),
    "sqrt": (lambda xp, x: xp.sqrt(x), reverse_rules.sqrt),
    "square": (lambda xp, x: x * x, reverse_rules.square),
    "reciprocal": (lambda xp, x: 1 / x, reverse_rules.reciprocal),
    "abs": (lambda xp, x: xp.abs(x), reverse_rules.abs_),
    "sign": (lambda xp, x: xp.sign(x), reverse_rules.zero),
    "step": (array_rules.step, reverse_rules.zero),
    "softplus": (array_rules.softplus, reverse_rules.softplus),
}
for _name, (_rule, _derivative) in _ENTRYWISE.items():
    _row(_name, same_shape, _rule, _derivative)
_row("negative", same_shape, lambda xp, x: -x, reverse_rules.negative, linear=True)
_row("times", shape_rules.numbered, lambda xp, x, c: x * number(c), reverse_rules.times, linear=True)
_row("shift", shape_rules.numbered, lambda xp, x, c: x + number(c), reverse_rules.shift)
_row("add", shape_rules.two_of_one_shape, lambda xp, x: x[0] + x[1], reverse_rules.add, linear=True)
_row("subtract", shape_rules.two_of_one_shape, lambda xp, x: x[0] - x[1], reverse_rules.subtract, linear=True)
_row("multiply", shape_rules.two_of_one_shape, lambda xp, x: x[0] * x[1], reverse_rules.multiply)
_row("divide", shape_rules.two_of_one_shape, lambda xp, x: x[0] / x[1], reverse_rules.divide)
_row("maximum", shape_rules.two_of_one_shape, array_rules.maximum, reverse_rules.maximum)
_row("scale", shape_rules.scale, array_rules.scale, reverse_rules.scale)
register(
    Operation(
        "matmul",
        shape_rules.matmul,
        array_rules.matmul,
        derivative=reverse_rules.matmul,
        shared=array_rules.shared_matmul,
    )
)
_row("softmax", shape_rules.along_last, array_rules.softmax, reverse_rules.softmax)
_row("logsumexp", shape_rules.without_last, array_rules.logsumexp, reverse_rules.logsumexp)
_row("reshape", shape_rules.reshape, array_rules.reshape, reverse_rules.reshape, linear=True)
_row("permute_dims", shape_rules.permute_dims, array_rules.permute_dims, reverse_rules.permute_dims, linear=True)
_row("sum", shape_rules.sum_, array_rules.sum_, reverse_rules.sum_, linear=True)
_row("repeat", shape_rules.repeat, array_rules.repeat, reverse_rules.repeat, linear=True)
_row("fill", shape_rules.fill, array_rules.fill, reverse_rules.fill, linear=True)
_row("concat", shape_rules.concat, array_rules.concat, reverse_rules.concat, linear=True)
_row("narrow", shape_rules.narrow, array_rules.narrow, reverse_rules.narrow, linear=True)
_row("einsum", contractions.codomain, contractions.einsum, contractions.reverse)
# the exponential of a masked score is 0 in every floating point type, so what is masked counts for nothing
register(
    Operation(
        *("masked", same_shape, lambda xp, x: array_rules.lower(xp, x, -1e9)),
        reverse=lambda xp, x, v: array_rules.lower(xp, v, 0),
    )
)
register(
    Operation(
        *("matrix", _matrix_codomain, array_rules.matrix, None, _matrix_constant, True),
        derivative=reverse_rules.matrix,
    )
)
register(
    Operation(
        *("constant", lambda dom, shape, *_: R(*shape), lambda xp, x, k: k[None, ...], None, _point_constant),
        derivative=reverse_rules.zero,
    )
)
