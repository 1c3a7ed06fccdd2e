"""Chains of linear maps as one contraction, whose order is chosen for the shapes (Smith and Gray 2018).

Products of matrices, constant matrices, ``einsum`` and permutations of axes are multilinear: a tree of them whose inner
values nothing else reads is one sum over indices of a product of tensors, by the associativity of products and the
linearity of sums.  The tensors at the leaves are contracted pair by pair in the order that opt_einsum finds; two
constants that meet are contracted first where that makes them no larger, since constants are computed once.
"""

from __future__ import annotations

import itertools as it
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from catcore.categories.contractions import ROWS, Indices, contracted, parsed, tensors
from catcore.objects import Ob, Product, R
from catcore_backends.compiler.program import Program, Statement
from catcore_backends.compiler.symbolic import Array, Namespace

MULTILINEAR = frozenset(("matmul", "matrix", "einsum", "permute_dims"))


@dataclass(frozen=True)
class Leaf:
    """A tensor of a contraction: its name in the program, its object, and whether it is one row for all.

    ``constant`` tensors are no part of the batch at all.
    """

    name: str
    ob: R | None
    single: bool
    indices: Indices
    constant: bool = False


class Chains:
    """The multilinear trees of a program.

    Args:
        program: the program, in primitives.
        needed: its statements.
        results: the names that it returns.
    """

    def __init__(self, program: Program, needed: list[Statement], results: tuple[str, ...]) -> None:
        self.program = program
        self.uses = Counter(name for s in needed for name in s.operands) + Counter(results)
        readers = {name: s for s in needed for name in s.operands}
        self.inner = {
            s.name for s in needed if _is_linear(s) and self.uses[s.name] == 1 and _is_linear(readers.get(s.name))
        }
        self._fresh = it.count()

    def leaves(self, statement: Statement) -> tuple[list[Leaf], Indices] | None:
        """The tensors that a statement contracts and the indices of its value; None unless there are at least three."""
        if not _is_linear(statement) or statement.name in self.inner:
            return None
        rank = _rank(statement)
        output = tuple(next(self._fresh) for _ in range(rank))
        found = list(self._opened(statement, output))
        return (found, output) if len(found) > 2 else None

    def _opened(self, statement: Statement, output: Indices) -> Iterator[Leaf]:
        """The leaves under a multilinear statement whose value has these indices."""
        applied = statement.applied
        assert applied is not None
        inputs, extra = self._inputs(statement, output)
        obs = tensors(applied.dom)
        for name, ob, single, indices in zip(statement.operands, obs, applied.single, inputs, strict=False):
            yield from self._under(name, ob, indices, single=single)
        for name in statement.operands[len(obs) :]:
            yield Leaf(name, None, True, extra, constant=True)

    def _under(self, name: str, ob: R, indices: Indices, *, single: bool) -> Iterator[Leaf]:
        made = self.program.statement(name) if name.startswith("v") else None
        if made is not None and made.template == "rows({}, {})":
            yield from self._under(made.operands[0], ob, indices, single=True)
        elif made is not None and made.name in self.inner:
            yield from self._opened(made, indices)
        else:
            yield Leaf(name, ob, single, indices)

    def _inputs(self, statement: Statement, output: Indices) -> tuple[list[Indices], Indices]:
        """The indices of the operands, and those of a constant matrix."""
        applied = statement.applied
        assert applied is not None
        match applied.name:
            case "matmul":
                j = next(self._fresh)
                return [(output[0], j), (j, *output[1:])], ()
            case "matrix":
                j = next(self._fresh)
                return [(j,)], (output[0], j)
            case "permute_dims":
                places = applied.parameters[0]
                return [tuple(output[places.index(axis)] for axis in range(len(places)))], ()
        inputs, letters = parsed(applied.parameters[0])
        names: dict[Any, Any] = dict(zip(letters, output, strict=True))
        return [tuple(names.setdefault(x, next(self._fresh)) for x in part) for part in inputs], ()


def _is_linear(statement: Statement | None) -> bool:
    return statement is not None and statement.applied is not None and statement.applied.name in MULTILINEAR


def _rank(statement: Statement) -> int:
    applied = statement.applied
    assert applied is not None
    match applied.name:
        case "matmul":
            assert isinstance(applied.dom, Product)
            return len(_tensor(applied.dom.right).shape)
        case "matrix":
            return 1
        case "permute_dims":
            return len(_tensor(applied.dom).shape)
    return len(parsed(applied.parameters[0])[1])


def _tensor(ob: Ob) -> R:
    assert isinstance(ob, R)
    return ob


def chained(xp: Namespace, leaves: list[Leaf], output: Indices, array: Callable[[Leaf], Array]) -> Array:
    """The value of a contraction; ``array`` gives the array of a leaf, without an axis for rows where it is single."""
    operands = [(array(leaf), (*(() if leaf.single else (ROWS,)), *leaf.indices)) for leaf in leaves]
    fixed = [leaf.constant for leaf in leaves]
    operands = _joined(xp, operands, fixed, output)
    rows = (ROWS,) if any(ROWS in indices for _, indices in operands) else ()
    value: Array = contracted(xp, operands, (*rows, *output))
    return value if rows else value[None, ...]


def _joined(xp: Namespace, operands: list[Any], fixed: list[bool], output: Indices) -> list[Any]:
    """The operands with constants that meet contracted, while that makes them no larger."""
    while True:
        pair = next((p for p in it.combinations(range(len(operands)), 2) if _worth(operands, fixed, p, output)), None)
        if pair is None:
            return operands
        first, second = (operands[i] for i in pair)
        others = [o for i, o in enumerate(operands) if i not in pair]
        kept = set(output).union(*(indices for _, indices in others))
        indices = tuple(dict.fromkeys(i for i in (*first[1], *second[1]) if i in kept))
        operands = [*others, (contracted(xp, [first, second], indices), indices)]
        fixed = [*(f for i, f in enumerate(fixed) if i not in pair), True]


def _worth(operands: list[Any], fixed: list[bool], pair: tuple[int, int], output: Indices) -> bool:
    if not all(fixed[i] for i in pair):
        return False
    (a, left), (b, right) = (operands[i] for i in pair)
    sizes = dict(zip(left, a.shape, strict=True)) | dict(zip(right, b.shape, strict=True))
    others = set(output).union(*(indices for i, (_, indices) in enumerate(operands) if i not in pair))
    joined = prod(n for i, n in sizes.items() if i in others)
    return bool(set(left) & set(right)) and joined <= prod(a.shape) + prod(b.shape)
