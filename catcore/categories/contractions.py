"""Multilinear contractions as pairwise products (THEORY T5.4; opt_einsum: Smith and Gray 2018).

``einsum`` sums a product of tensors over indices, ``y_ik = Σ_j a_ij b_jk``.  It is not in the array API, but every
contraction of two tensors is a product of matrices between permutations and reshapes, which is; in which order more
than two are contracted is chosen by opt_einsum for the shapes, once, while a term is compiled.

>>> import numpy as np
>>> a, b, x = np.ones((1, 2, 3)), np.ones((1, 3, 4)), np.ones((1, 4))
>>> einsum(np, ((a, b), x), "ij,jk,k->i").tolist()
[[12.0, 12.0]]
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from catcore.arrows import Arrow, pair
from catcore.errors import IllTyped
from catcore.objects import Ob, Product, R
from catcore.points import halves

#: An index of a contraction: a letter, or any other name.
Indices = tuple[Any, ...]
#: The index of the rows of a batch.
ROWS = "rows"
#: How many rows a batch is taken to have where the order of a contraction depends on it.
USUAL_ROWS = 64


def parsed(subscripts: Any) -> tuple[list[Indices], Indices]:
    """The indices of each tensor and of the result, of a text such as ``"ij,jk->ik"``.

    Raises:
        IllTyped: when the text is of another form.
    """
    left, arrow, right = subscripts.partition("->") if isinstance(subscripts, str) else ("", "", "")
    inputs = [tuple(part) for part in left.split(",")]
    letters = [letter for part in (*inputs, tuple(right)) for letter in part]
    repeated = any(len(set(part)) < len(part) for part in (*inputs, tuple(right)))
    if not arrow or repeated or not all(x.isascii() and x.isalpha() for x in letters) or not set(right) <= set(left):
        raise IllTyped(
            f"einsum takes subscripts such as 'ij,jk->ik', and {subscripts!r} was given: letters with commas between "
            "tensors, none twice in one tensor, and after the arrow only such as stand before it."
        )
    return inputs, tuple(right)


def tensors(ob: Ob) -> list[R]:
    """The tensors of a product, left to right.

    Raises:
        IllTyped: when the object is no product of real tensors.
    """
    match ob:
        case R():
            return [ob]
        case Product():
            return tensors(ob.left) + tensors(ob.right)
    raise IllTyped(f"einsum leaves a product of real tensors R(…), and {ob} was found in its domain.")


def codomain(dom: Ob, subscripts: Any) -> Ob:
    """The shape rule of ``einsum``."""
    (inputs, output), parts = parsed(subscripts), tensors(dom)
    extents: dict[str, int] = {}
    fits = len(inputs) == len(parts) and all(len(i) == len(p.shape) for i, p in zip(inputs, parts, strict=True))
    pairs = ((x, n) for i, p in zip(inputs, parts, strict=False) for x, n in zip(i, p.shape, strict=False))
    if not fits or any(extents.setdefault(x, n) != n for x, n in pairs):
        shapes = ", ".join(str(p.shape) for p in parts)
        raise IllTyped(
            f"einsum with the subscripts {subscripts!r} was asked for tensors of shapes {shapes}: each tensor has one "
            "letter for each axis, and a letter has one extent."
        )
    return R(*(extents[x] for x in output))


def einsum(xp: Any, x: Any, subscripts: str) -> Any:
    """The array rule: batches of tensors, the first axis of each counting the rows."""
    inputs, output = parsed(subscripts)
    rows = [(ROWS, *indices) for indices in inputs]
    return contracted(xp, list(zip(_leaves(x), rows, strict=True)), (ROWS, *output))


def _leaves(x: Any) -> Iterator[Any]:
    if isinstance(x, tuple):
        for part in x:
            yield from _leaves(part)
    else:
        yield x


# ---- the reverse derivative --------------------------------------------------------------------------------------


def reverse(f: Any, x: Arrow, v: Arrow) -> Any:
    """For each tensor the contraction of the covector with all others; what was summed alone is repeated."""
    inputs, output = parsed(f.parameters[0])
    points = _points(x, f.dom)
    found = iter([_slope(f, points, inputs, output, place, v) for place in range(len(inputs))])
    return _nested(f.dom, found)


def _points(x: Arrow, ob: Ob) -> list[Arrow]:
    if not isinstance(ob, Product):
        return [x]
    left, right = halves(x)
    return _points(left, ob.left) + _points(right, ob.right)


def _slope(f: Any, points: list[Arrow], inputs: list[Indices], output: Indices, place: int, v: Arrow) -> Arrow:
    from catcore.categories.reverse_rules import apply, both

    others = [i for i in range(len(inputs)) if i != place]
    known = set(output).union(*(inputs[i] for i in others))
    kept = [letter for letter in inputs[place] if letter in known]
    texts = ",".join("".join(inputs[i]) for i in others)
    subscripts = f"{''.join(output)}{',' if others else ''}{texts}->{''.join(kept)}"
    slope = v
    for i in others[:-1]:
        slope = pair(slope, points[i])
    slope = both("einsum", slope, points[others[-1]], subscripts) if others else apply("einsum", v, subscripts)
    for axis, letter in enumerate(inputs[place]):
        if letter not in known:
            slope = apply("repeat", slope, axis, tensors(f.dom)[place].shape[axis])
    return slope


def _nested(ob: Ob, found: Iterator[Arrow]) -> Any:
    if isinstance(ob, Product):
        left = _nested(ob.left, found)
        return left, _nested(ob.right, found)
    return next(found)


# ---- pairwise ----------------------------------------------------------------------------------------------------


def contracted(xp: Any, operands: Sequence[tuple[Any, Indices]], output: Indices) -> Any:
    """The sum of a product of arrays over all indices that are not in the result.

    Args:
        xp: an array namespace.
        operands: the arrays, each with an index for each axis.
        output: the indices of the result.
    """
    todo = [_summed(xp, array, indices, _needed(operands, i, output)) for i, (array, indices) in enumerate(operands)]
    for chosen in order(todo, output):
        pieces = [todo.pop(i) for i in sorted(chosen, reverse=True)]
        kept = set(output).union(*(indices for _, indices in todo))
        todo.append(pieces[0] if len(pieces) == 1 else _product(xp, pieces[1], pieces[0], kept))
    array, indices = todo[0]
    array, indices = _summed(xp, array, indices, set(output))
    return _permuted(xp, array, indices, output)


def _needed(operands: Sequence[tuple[Any, Indices]], place: int, output: Indices) -> set[Any]:
    """The indices of one operand that another one or the result has too."""
    return set(output).union(*(indices for i, (_, indices) in enumerate(operands) if i != place))


def order(operands: Sequence[tuple[Any, Indices]], output: Indices) -> list[tuple[int, ...]]:
    """Which operands are contracted one after the other; the result of each goes to the end of the list."""
    if len(operands) < 3:
        return [tuple(range(len(operands)))]
    import opt_einsum

    names: dict[Any, str] = {}
    for _, indices in operands:
        for index in indices:
            names.setdefault(index, opt_einsum.get_symbol(len(names)))
    texts = ["".join(names[i] for i in indices) for _, indices in operands]
    shapes = [tuple(n if isinstance(n, int) else USUAL_ROWS for n in array.shape) for array, _ in operands]
    subscripts = f"{','.join(texts)}->{''.join(names[i] for i in output)}"
    path, _ = opt_einsum.contract_path(subscripts, *_widened(texts, shapes), shapes=True, optimize="auto")
    return [tuple(step) for step in path]


def _widened(texts: list[str], shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The shapes with one extent for each index: a row that stands for all has extent 1 where others have more."""
    largest: dict[str, int] = {}
    for text, shape in zip(texts, shapes, strict=True):
        for index, n in zip(text, shape, strict=True):
            largest[index] = max(largest.get(index, 0), n)
    return [tuple(largest[index] for index in text) for text in texts]


def _summed(xp: Any, array: Any, indices: Indices, needed: set[Any]) -> tuple[Any, Indices]:
    """An array summed over the indices that nothing else needs."""
    alone = tuple(axis for axis, index in enumerate(indices) if index not in needed)
    if not alone:
        return array, indices
    return xp.sum(array, axis=alone, dtype=array.dtype), tuple(i for i in indices if i in needed)


def _permuted(xp: Any, array: Any, indices: Indices, wanted: Indices) -> Any:
    return array if indices == wanted else xp.permute_dims(array, tuple(indices.index(i) for i in wanted))


def _product(xp: Any, a: tuple[Any, Indices], b: tuple[Any, Indices], kept: set[Any]) -> tuple[Any, Indices]:
    """Two arrays contracted over what they share and nothing else needs: one product of matrices."""
    if ROWS in b[1] and ROWS not in a[1]:
        a, b = b, a  # the rows come first in the result
    (x, left), (y, right) = a, b
    both = tuple(i for i in left if i in right and i in kept)
    inner = tuple(i for i in left if i in right and i not in kept)
    one, other = tuple(i for i in left if i not in right), tuple(i for i in right if i not in left)
    if not inner:
        x = _permuted(xp, x, left, (*both, *one))[(..., *(None,) * len(other))]
        y = _permuted(xp, y, right, (*both, *other))[(*(slice(None),) * len(both), *(None,) * len(one), ...)]
        return x * y, (*both, *one, *other)
    x, y = _permuted(xp, x, left, (*both, *one, *inner)), _permuted(xp, y, right, (*both, *inner, *other))
    sizes = _extents(((x, (*both, *one, *inner)), (y, (*both, *inner, *other))))
    flat_x = xp.reshape(x, (*x.shape[: len(both)], _count(sizes, one), _count(sizes, inner)))
    flat_y = xp.reshape(y, (*y.shape[: len(both)], _count(sizes, inner), _count(sizes, other)))
    z = xp.matmul(flat_x, flat_y)
    shape = (*z.shape[: len(both)], *(sizes[i] for i in one), *(sizes[i] for i in other))
    return xp.reshape(z, shape), (*both, *one, *other)


def _extents(arrays: Sequence[tuple[Any, Indices]]) -> dict[Any, Any]:
    return {i: n for array, indices in arrays for i, n in zip(indices, array.shape, strict=True)}


def _count(sizes: dict[Any, Any], indices: Indices) -> Any:
    """The number of places that some indices have together."""
    known = math.prod(sizes[i] for i in indices if isinstance(sizes[i], int))
    for i in indices:
        if not isinstance(sizes[i], int):
            known = sizes[i] * known
    return known
