"""The meaning of a term on one sample at a time: the standard against which batched code is measured.

An element of `A + B` is `(0, a)` or `(1, b)` here; there are no dead payloads, because there is no batch.  A function
is a Python function; in a batch one out of a finite set is the table of its values.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from catcore import arrows
from catcore.arrows import Arrow, finite_size
from catcore.categories.smooth import Primitive
from catcore.objects import Coproduct, Exponential, FinSet, Ob, One, Product, R, Zero

PRIMITIVES: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "log": np.log,
    "negative": np.negative,
    "square": np.square,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "add": lambda x: x[0] + x[1],
    "subtract": lambda x: x[0] - x[1],
    "multiply": lambda x: x[0] * x[1],
    "fill": lambda x, shape: np.full(shape, x),
    "matmul": lambda x: x[0] @ x[1],
    "sum": lambda x, axis=None: np.sum(x, axis=axis),
    "reshape": lambda x, shape: np.reshape(x, shape),
    "constant": lambda x, shape, *entries: np.reshape([float(Fraction(e)) for e in entries], shape),
}


def evaluate(term: Arrow, x: Any) -> Any:
    """What the term gives on one element."""
    match term:
        case arrows.Identity():
            return x
        case arrows.Composite():
            for factor in term.args:
                x = evaluate(factor, x)
            return x
        case arrows.Terminal():
            return ()
        case arrows.Pair():
            return evaluate(term.args[0], x), evaluate(term.args[1], x)
        case arrows.Fst() | arrows.Snd():
            return x[isinstance(term, arrows.Snd)]
        case arrows.Inl() | arrows.Inr():
            return int(isinstance(term, arrows.Inr)), x
        case arrows.Case():
            return evaluate(term.args[x[0]], x[1])
        case arrows.Distribute():
            return x[1][0], (x[0], x[1][1])
        case arrows.Curry():
            return lambda y: evaluate(term.args[0], (x, y))
        case arrows.Ev():
            return x[0](x[1])
        case arrows.FiniteMap():
            return element(term.cod, term.args[2][number(term.dom, x)])
        case arrows.Action():
            return evaluate(term.expanded(), x)
        case Primitive():
            return PRIMITIVES[term.name](x, *term.parameters)
    raise NotImplementedError(term)


def number(ob: Ob, x: Any) -> int:
    """The number of an element in lexicographic order."""
    match ob:
        case FinSet():
            return int(x)
        case Product():
            return number(ob.left, x[0]) * finite_size(ob.right) + number(ob.right, x[1])
        case Coproduct():
            return number(ob.right, x[1]) + finite_size(ob.left) if x[0] else number(ob.left, x[1])
    return 0


def element(ob: Ob, n: int) -> Any:
    """The element of that number."""
    match ob:
        case FinSet():
            return n
        case Product():
            size = finite_size(ob.right)
            return element(ob.left, n // size), element(ob.right, n % size)
        case Coproduct():
            size = finite_size(ob.left)
            return (1, element(ob.right, n - size)) if n >= size else (0, element(ob.left, n))
    return ()


def sample(ob: Ob, rng: np.random.Generator) -> Any:
    """A random element."""
    match ob:
        case R():
            return rng.normal(size=ob.shape)
        case FinSet():
            return int(rng.integers(ob.size))
        case Product():
            return sample(ob.left, rng), sample(ob.right, rng)
        case Coproduct():
            side = int(rng.integers(2)) if ob.left is not Zero and ob.right is not Zero else int(ob.left is Zero)
            return side, sample((ob.left, ob.right)[side], rng)
        case Exponential():
            return [sample(ob.base, rng) for _ in range(finite_size(ob.exponent))].__getitem__
    assert ob is One
    return ()


def gather(ob: Ob, samples: list[Any]) -> Any:
    """Samples as one batch; None stands for a dead payload, which holds NaN or a number out of range."""
    match ob:
        case R():
            dead = np.full(ob.shape, np.nan)
            return np.asarray([dead if s is None else s for s in samples], dtype=float).reshape(-1, *ob.shape)
        case FinSet():
            return np.asarray([10**6 if s is None else s for s in samples], dtype=np.int64)
        case Product():
            parts = [[None if s is None else s[i] for s in samples] for i in (0, 1)]
            return gather(ob.left, parts[0]), gather(ob.right, parts[1])
        case Coproduct():
            tags = np.asarray([0 if s is None else s[0] for s in samples], dtype=np.int64)
            left, right = ([s[1] if s is not None and s[0] == i else None for s in samples] for i in (0, 1))
            return tags, gather(ob.left, left), gather(ob.right, right)
        case Exponential():
            values = ([None if s is None else s(i) for s in samples] for i in range(finite_size(ob.exponent)))
            return reduce(lambda table, column: (table, column), [gather(ob.base, column) for column in values])
    return ()


def row(ob: Ob, batch: Any, i: int) -> Any:
    """One sample of a batch."""
    match ob:
        case R() | FinSet():
            return batch[i]
        case Product():
            return row(ob.left, batch[0], i), row(ob.right, batch[1], i)
        case Coproduct():
            side = int(batch[0][i])
            return side, row((ob.left, ob.right)[side], batch[1 + side], i)
        case Exponential():
            table = row(reduce(Product, [ob.base] * finite_size(ob.exponent)), batch, i)
            return lambda place: from_left(table, finite_size(ob.exponent))[place]
    return ()


def from_left(table: Any, count: int) -> list[Any]:
    """The entries of a table, whose pairs are nested on the left."""
    return [*from_left(table[0], count - 1), table[1]] if count > 1 else [table]


def agree(ob: Ob, found: Any, wanted: Any) -> bool:
    """Whether two elements are equal, reals up to rounding."""
    match ob:
        case R():
            return found.shape == ob.shape and bool(np.allclose(found, wanted, rtol=1e-11, atol=1e-11))
        case FinSet():
            return int(found) == int(wanted)
        case Product():
            return agree(ob.left, found[0], wanted[0]) and agree(ob.right, found[1], wanted[1])
        case Coproduct():
            side = found[0]
            return side == wanted[0] and agree((ob.left, ob.right)[side], found[1], wanted[1])
        case Exponential():
            return all(agree(ob.base, found(i), wanted(i)) for i in range(finite_size(ob.exponent)))
    return bool(found == wanted == ())
