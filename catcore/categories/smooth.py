"""The signature of smooth and linear primitives: one table that users can extend (THEORY T5.4).

A primitive such as ``tanh : R(3) → R(3)`` is a generator of the syntax with three rules.  Its *shape rule* gives the
codomain, its *array rule* the numbers, and its *reverse rule* the reverse derivative ``R[f] : A × B' → A'`` of
``f : A → B``, which sends a point and a covector at its image to a covector at the point.  Array rules are written
once, against an array-API namespace ``xp``, and act on batches: an element of ``R(*shape)`` is an array
``(batch, *shape)``, one of ``A * B`` a pair, and the point of ``1`` is ``()``.

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
from numbers import Integral
from typing import Any

from catcore.arrows import Arrow
from catcore.categories import array_rules
from catcore.errors import IllTyped, NotANumber, ShapeMismatch, UnknownName
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
        reverse: the reverse derivative ``(xp, x, v, *parameters) → x'`` on batches, where there is one.
        constants: ``(dom, *parameters) → nested lists``; where given, both rules receive these as arrays instead of
            the parameters.
        linear: whether the array rule is linear.
    """

    name: str
    codomain: Callable[..., Ob]
    rule: Rule
    reverse: Rule | None = None
    constants: Callable[..., tuple[Any, ...]] | None = None
    linear: bool = False


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
    ``sqrt negative square``                  the same
    ``add multiply``                          ``R(s) * R(s) → R(s)``
    ``scale``                                 ``R() * R(s) → R(s)``
    ``matmul``                                ``R(m, n) * R(n) → R(m)`` and ``R(m, n) * R(n, k) → R(m, k)``
    ``reshape``, a shape                      ``R(s) → R(shape)``, row by row
    ``permute_dims``, axes                    ``R(s) → R(…)``: axis i of the result is axis ``axes[i]``
    ``sum``, an axis or nothing               ``R(s) → R(…)`` without that axis, or ``R()``
    ``concat``, an axis                       ``R(s) * R(t) → R(…)``, the extents of that axis added
    ========================================  ================================================

    Raises:
        UnknownName: when the table has no such name.
        IllTyped: when the shape rule does not take the domain.

    >>> smooth("matmul", R(2, 3) * R(3)).cod
    R(2)
    """
    return Primitive(name, as_object(dom), *(tuple(p) if isinstance(p, list) else p for p in parameters))


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


def _number(entry: Any) -> int | float:
    return float(exact_number(entry)) if isinstance(entry, str) else entry


# ---- shape rules -------------------------------------------------------------------------------------------------


def same_shape(dom: Ob) -> Ob:
    """The shape rule of a primitive that acts entry by entry: ``R(s) → R(s)``."""
    return _tensor(dom, "An entrywise primitive")


def _tensor(dom: Ob, what: str) -> R:
    if not isinstance(dom, R):
        raise IllTyped(f"{what} leaves real tensors R(…), and {dom} was given. Give its domain as R(n), R(m, n), ….")
    return dom


def _two(dom: Ob, what: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(dom, Product) and isinstance(dom.left, R) and isinstance(dom.right, R):
        return dom.left.shape, dom.right.shape
    raise IllTyped(f"{what} leaves a product R(…) * R(…), and {dom} was given. Give the domain as a product.")


def _binary(dom: Ob) -> Ob:
    left, right = _two(dom, "An entrywise primitive of two arguments")
    if left != right:
        raise IllTyped(
            f"Two tensors are combined entry by entry, and their shapes {left} and {right} differ. Reshape one."
        )
    return R(*left)


def _scale(dom: Ob) -> Ob:
    left, right = _two(dom, "scale")
    if left:
        raise IllTyped(f"scale leaves R() * R(…), and {dom} was given. Use multiply for tensors of one shape.")
    return R(*right)


def _matmul(dom: Ob) -> Ob:
    left, right = _two(dom, "matmul")
    if len(left) != 2 or len(right) not in (1, 2) or left[1] != right[0]:
        raise IllTyped(
            f"matmul leaves R(m, n) * R(n) or R(m, n) * R(n, k), and {dom} was given. Reshape or transpose first."
        )
    return R(left[0], *right[1:])


def _reshape(dom: Ob, shape: tuple[int, ...]) -> Ob:
    old = _tensor(dom, "reshape").shape
    target = R(*shape)
    if math.prod(old) != math.prod(shape):
        raise IllTyped(
            f"reshape from {old} to {shape} was asked for: {math.prod(old)} entries are not {math.prod(shape)}."
        )
    return target


def _permute(dom: Ob, axes: tuple[int, ...]) -> Ob:
    shape = _tensor(dom, "permute_dims").shape
    if sorted(axes) != list(range(len(shape))):
        raise IllTyped(f"permute_dims of {dom} takes each of the axes 0 … {len(shape) - 1} once, and {axes} was given.")
    return R(*(shape[a] for a in axes))


def _sum(dom: Ob, axis: int | None = None) -> Ob:
    shape = _tensor(dom, "sum").shape
    if axis is None:
        return R()
    _check_axis("sum", axis, shape)
    return R(*shape[:axis], *shape[axis + 1 :])


def _concat(dom: Ob, axis: int = 0) -> Ob:
    left, right = _two(dom, "concat")
    _check_axis("concat", axis, left)
    if (left[:axis], left[axis + 1 :]) != (right[:axis], right[axis + 1 :]):
        raise IllTyped(f"concat along axis {axis} needs equal extents elsewhere, and {left} and {right} were given.")
    return R(*left[:axis], left[axis] + right[axis], *left[axis + 1 :])


def _check_axis(word: str, axis: int, shape: tuple[int, ...]) -> None:
    if type(axis) is not int or not 0 <= axis < len(shape):
        raise IllTyped(
            f"{word} along axis {axis!r} was asked for, and the shape {shape} has axes 0 … {len(shape) - 1}."
        )


# ---- the table -------------------------------------------------------------------------------------------------


def _matrix_constant(dom: Ob, m: int, *entries: Any) -> tuple[Any, ...]:
    n = dom.args[0]
    numbers = [_number(e) for e in entries]
    return ([numbers[i * n : (i + 1) * n] for i in range(m)],)


def _matrix_codomain(dom: Ob, m: int, *entries: Any) -> Ob:
    return R(m)


def _point_constant(dom: Ob, shape: tuple[int, ...], *entries: Any) -> tuple[Any, ...]:
    return (_nested(shape, iter([_number(e) for e in entries])),)


def _entrywise(name: str, rule: Rule, reverse: Rule, *, linear: bool = False) -> None:
    register(Operation(name, same_shape, rule, reverse, linear=linear))


_entrywise("tanh", lambda xp, x: xp.tanh(x), lambda xp, x, v: v * (1 - xp.tanh(x) ** 2))
_entrywise("relu", array_rules.relu, lambda xp, x, v: xp.where(x > 0, v, xp.zeros_like(v)))
_entrywise("exp", lambda xp, x: xp.exp(x), lambda xp, x, v: v * xp.exp(x))
_entrywise("log", lambda xp, x: xp.log(x), lambda xp, x, v: v / x)
_entrywise("sigmoid", array_rules.sigmoid, array_rules.reverse_sigmoid)
_entrywise("sin", lambda xp, x: xp.sin(x), lambda xp, x, v: v * xp.cos(x))
_entrywise("cos", lambda xp, x: xp.cos(x), lambda xp, x, v: -v * xp.sin(x))
_entrywise("sqrt", lambda xp, x: xp.sqrt(x), lambda xp, x, v: v / (2 * xp.sqrt(x)))
_entrywise("negative", lambda xp, x: -x, lambda xp, x, v: -v, linear=True)
_entrywise("square", lambda xp, x: x * x, lambda xp, x, v: 2 * x * v)
register(Operation("add", _binary, lambda xp, x: x[0] + x[1], lambda xp, x, v: (v, v), linear=True))
register(Operation("multiply", _binary, lambda xp, x: x[0] * x[1], lambda xp, x, v: (v * x[1], v * x[0])))
register(Operation("scale", _scale, array_rules.scale, array_rules.reverse_scale))
register(Operation("matmul", _matmul, array_rules.matmul, array_rules.reverse_matmul))
register(Operation("reshape", _reshape, array_rules.reshape, lambda xp, x, v, s: xp.reshape(v, x.shape), linear=True))
register(Operation("permute_dims", _permute, array_rules.permute_dims, array_rules.reverse_permute_dims, linear=True))
register(Operation("sum", _sum, array_rules.sum_, array_rules.reverse_sum, linear=True))
register(
    Operation(
        "concat", _concat, lambda xp, x, axis=0: xp.concat(x, axis=axis + 1), array_rules.reverse_concat, linear=True
    )
)
register(
    Operation(
        "matrix", _matrix_codomain, array_rules.matrix, lambda xp, x, v, a: xp.matmul(v, a), _matrix_constant, True
    )
)
register(
    Operation(
        "constant",
        lambda dom, shape, *_: R(*shape),
        lambda xp, x, k: k[None, ...],
        lambda xp, x, v, k: (),
        _point_constant,
    )
)
