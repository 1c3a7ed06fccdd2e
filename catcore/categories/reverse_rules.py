"""The reverse derivatives of the smooth primitives, as terms over the same table (THEORY T5.4).

The rule of a primitive ``f : A → B`` takes f, a point ``x : Z → A`` and a covector ``v : Z → B'``, both arrows, and
gives the covector ``R[f](x, v) = vᵀ Df(x) : Z → A'``: an arrow, a pair of results where A is a product, or None where
it is zero.  A linear f has its transpose here, so copy and sum, ``repeat`` and ``sum``, ``fill`` and the total,
``concat`` and ``narrow`` belong together.
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import Arrow, pair, terminal
from catcore.objects import R
from catcore.points import halves

Covector = Any


def apply(name: str, x: Arrow, *parameters: Any) -> Arrow:
    """The primitive of that name after ``x``."""
    from catcore.categories.smooth import smooth  # the table is made of these rules

    return x >> smooth(name, x.cod, *parameters)


def both(name: str, x: Arrow, y: Arrow, *parameters: Any) -> Arrow:
    """The primitive of that name, of two arguments, after ``⟨x, y⟩``."""
    return apply(name, pair(x, y), *parameters)


def zeros(x: Arrow, ob: R) -> Arrow:
    """The zero tensor, out of the domain of ``x``."""
    from catcore.categories.smooth import constant

    zero = terminal(x.dom) >> constant(0)
    return apply("fill", zero, ob.shape) if ob.shape else zero


def zero(f: Any, x: Arrow, v: Arrow) -> Covector:
    """The reverse derivative of what does not vary."""
    return None


# ---- entry by entry ----------------------------------------------------------------------------------------------


def tanh(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v (1 − tanh² x)``."""
    return both("multiply", v, apply("shift", apply("negative", apply("square", x >> f)), 1))


def relu(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` where x is above 0."""
    return both("multiply", v, apply("step", x))


def exp(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v exp x``."""
    return both("multiply", v, x >> f)


def log(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v / x``."""
    return both("divide", v, x)


def sigmoid(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v σ(x) (1 − σ(x))``."""
    y = x >> f
    return both("multiply", both("multiply", v, y), apply("shift", apply("negative", y), 1))


def sin(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v cos x``."""
    return both("multiply", v, apply("cos", x))


def cos(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``−v sin x``."""
    return apply("negative", both("multiply", v, apply("sin", x)))


def sqrt(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v / (2 √x)``."""
    return both("divide", v, apply("times", x >> f, 2))


def square(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``2 v x``."""
    return apply("times", both("multiply", v, x), 2)


def reciprocal(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``−v / x²``."""
    return apply("negative", both("multiply", v, apply("square", x >> f)))


def abs_(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` times the sign of x."""
    return both("multiply", v, apply("sign", x))


def softplus(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v σ(x)``."""
    return both("multiply", v, apply("sigmoid", x))


def negative(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``−v``."""
    return apply("negative", v)


def times(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``c v``."""
    return v >> f


def shift(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v``."""
    return v


# ---- two arguments -----------------------------------------------------------------------------------------------


def add(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(v, v)``: the reverse of a sum is a copy."""
    return v, v


def subtract(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(v, −v)``."""
    return v, apply("negative", v)


def multiply(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(v b, v a)``."""
    a, b = halves(x)
    return both("multiply", v, b), both("multiply", v, a)


def divide(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(v / b, −(v / b) (a / b))``."""
    first = both("divide", v, halves(x)[1])
    return first, apply("negative", both("multiply", first, x >> f))


def maximum(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` at the larger entry; at the second one where they are equal."""
    first = both("multiply", v, apply("step", apply("subtract", x)))
    return first, both("subtract", v, first)


def scale(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(⟨v, t⟩, s v)`` at a number s and a tensor t."""
    number, tensor = halves(x)
    return apply("sum", both("multiply", v, tensor)), both("scale", number, v)


def matmul(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``(v bᵀ, aᵀ v)``."""
    a, b = halves(x)
    back = both("matmul", _transposed(a), v)
    assert isinstance(v.cod, R)
    assert isinstance(b.cod, R)
    if len(b.cod.shape) == 2:
        return both("matmul", v, _transposed(b)), back
    column, row = apply("reshape", v, (*v.cod.shape, 1)), apply("reshape", b, (1, *b.cod.shape))
    return both("matmul", column, row), back


def _transposed(x: Arrow) -> Arrow:
    return apply("permute_dims", x, (1, 0))


def matrix(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``Aᵀ v``."""
    m, n, entries = f.args[2], f.dom.args[0], f.args[3:]
    return v >> type(f)("matrix", R(m), n, *(entries[i * n + j] for j in range(n) for i in range(m)))


# ---- along axes --------------------------------------------------------------------------------------------------


def softmax(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``y (v − ⟨v, y⟩)`` with ``y = softmax x``."""
    y, axis, count = x >> f, len(f.dom.shape) - 1, f.dom.shape[-1]
    weighted = both("multiply", v, y)
    mean = apply("repeat", apply("sum", weighted, axis), axis, count)
    return both("subtract", weighted, both("multiply", y, mean))


def logsumexp(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v softmax x``."""
    axis, count = len(f.dom.shape) - 1, f.dom.shape[-1]
    return both("multiply", apply("repeat", v, axis, count), apply("softmax", x))


def reshape(f: Any, x: Arrow, v: Arrow) -> Covector:
    """The entries in the old shape."""
    return apply("reshape", v, f.dom.shape)


def permute_dims(f: Any, x: Arrow, v: Arrow) -> Covector:
    """The axes put back."""
    axes = f.args[2]
    return apply("permute_dims", v, tuple(axes.index(i) for i in range(len(axes))))


def sum_(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` repeated along the axes that were summed: sum and copy are transposes of each other."""
    axis, shape = (*f.parameters, None)[0], f.dom.shape
    if axis is None:
        return apply("fill", v, shape) if shape else v
    return apply("repeat", v, axis, shape[axis])


def repeat(f: Any, x: Arrow, v: Arrow) -> Covector:
    """The sum along the axis that was repeated."""
    return apply("sum", v, f.parameters[0])


def fill(f: Any, x: Arrow, v: Arrow) -> Covector:
    """The total."""
    return apply("sum", v)


def concat(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` cut in two."""
    axis = (*f.parameters, 0)[0]
    cut, end = f.dom.left.shape[axis], f.cod.shape[axis]
    return apply("narrow", v, axis, 0, cut), apply("narrow", v, axis, cut, end)


def narrow(f: Any, x: Arrow, v: Arrow) -> Covector:
    """``v`` with zeros around it."""
    axis, start, stop = f.parameters
    shape = f.dom.shape

    def gap(extent: int) -> R:
        return R(*shape[:axis], extent, *shape[axis + 1 :])

    if start:
        v = both("concat", zeros(v, gap(start)), v, axis)
    if stop < shape[axis]:
        v = both("concat", v, zeros(v, gap(shape[axis] - stop)), axis)
    return v
