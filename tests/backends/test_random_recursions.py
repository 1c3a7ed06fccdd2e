"""Random folds and hylomorphisms on every library, beside a plain recursive evaluator (T2.2, T3.4, T5.3).

Functors are random sums of products of labels and branches, carriers random products of tensors and finite sets, and
algebras and coalgebras random terms.  The standard knows trees as nested tuples and calls itself; of the engine it
shares nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest

from catcore import FinSet, Id, R, fold, ident
from catcore.arrows import Arrow, case, distribute, ev, finite_map, fst, pair, snd, terminal
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import datatype, hylo
from catcore.objects import Coproduct, Exponential, Ob, One, Product
from catcore.para import ParaMap, bundled
from catcore.para import fold as parametric_fold
from catcore_backends import compile_arrow, gradient
from catcore_backends.recursion.forests import forest
from tests.backends.reference import evaluate

LEAVES = (R(), R(2), FinSet(3))
STATES = FinSet(5)
PAIR = FinSet(2)
SEEDS = range(4)
#: Found by trying many: a carrier of three tensors, whose covectors are nested pairs, without labels of reals.
GRADIENTS = (*range(3), 117)


class Draw:
    """Random terms between given objects."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def of(self, options: Any) -> Any:
        """One of several."""
        return options[self.rng.integers(len(options))]

    # ---- shapes --------------------------------------------------------------------------------------------------

    def functor(self, *branches: Any) -> list[list[Any]]:
        """The parts of each summand; the first has no branches, and some other has."""
        leaves = [self.of(LEAVES) for _ in range(self.rng.integers(1, 3))]
        more = [
            [self.of((*LEAVES, *branches)) for _ in range(self.rng.integers(1, 4))] for _ in range(self.rng.integers(3))
        ]
        return [leaves, *more, [self.of(LEAVES), *(self.of(branches) for _ in range(self.rng.integers(1, 3)))]]

    def carrier(self) -> Ob:
        """A product that begins with a number."""
        return reduce(Product, [R(), *(self.of(LEAVES) for _ in range(self.rng.integers(0, 3)))])

    # ---- terms ---------------------------------------------------------------------------------------------------

    def into(self, sources: list[Arrow], target: Any) -> Arrow:
        """A term into an object that reads arrows out of one domain into tensors and finite sets."""
        match target:
            case Product():
                return pair(self.into(sources, target.left), self.into(sources, target.right))
            case FinSet():
                return self.finite(sources, target)
        read = [self.real(self.of(sources), target) for _ in range(3)] + [self.real(s, target) for s in sources]
        return reduce(lambda f, g: pair(f, g) >> smooth(self.of(("add", "subtract", "multiply")), g.cod * g.cod), read)

    def finite(self, sources: list[Arrow], target: FinSet) -> Arrow:
        """An element looked up in a table of two that are read, or a constant where none is."""
        found = [s for s in sources if isinstance(s.cod, FinSet)]
        if not found:
            return terminal(sources[0].dom) >> finite_map(One, target, [int(self.rng.integers(target.size))])
        first, second = self.of(found), self.of(found)
        read, size = pair(first, second), first.cod.size * second.cod.size
        return read >> finite_map(read.cod, target, self.rng.integers(target.size, size=size).tolist())

    def real(self, source: Arrow, target: R) -> Arrow:
        """A tensor read off another, or chosen by an element of a finite set, and kept in bounds."""
        if isinstance(source.cod, FinSet):
            sides = finite_map(source.cod, One + One, self.rng.integers(2, size=source.cod.size).tolist())
            values = [constant(np.round(self.rng.normal(size=target.shape), 2).tolist()) for _ in range(2)]
            return source >> sides >> case(*values)
        if source.cod is not target:
            source = source >> (smooth("sum", source.cod) if target is R() else smooth("fill", R(), target.shape))
        return source >> smooth(self.of(("tanh", "sin", "sigmoid")), target)

    def cases(self, summands: list[Ob], target: Ob, *, given: Ob = One) -> Arrow:
        """``P × (A + (B + …)) → C``, every side a random term."""
        first, rest = summands[0], summands[1:]
        here = self.into(leaves(ident(given * first)), target)
        if not rest:
            return here
        return distribute(given, first, joined(rest, Coproduct)) >> case(here, self.cases(rest, target, given=given))

    def coalgebra(self, functor: list[list[Any]]) -> Arrow:
        """``ℝ × {0 … 4} → F(ℝ × {0 … 4})``, where the number of a state falls; at 0 there are no branches."""
        state = R() * STATES
        choice = [0, *self.rng.integers(len(functor), size=STATES.size - 1).tolist()]
        layers = [joined([state if part is Id else part for part in parts], Product) for parts in functor]
        return pair(ident(state), snd(R(), STATES) >> finite_map(STATES, sums(len(functor)), choice)) >> self.sides(
            functor, layers
        )

    def sides(self, functor: list[list[Any]], layers: list[Ob]) -> Arrow:
        """``S × (1 + …) → F(S)``, the layer of the summand that was chosen."""
        state = R() * STATES
        here = fst(state, One) >> self.layer(functor[0])
        if len(functor) == 1:
            return here
        return distribute(state, One, sums(len(functor) - 1)) >> (here + self.sides(functor[1:], layers[1:]))

    def layer(self, parts: list[Any]) -> Arrow:
        """``S → A × (B × …)``: random labels, and states of lower numbers."""
        state = R() * STATES
        sources = leaves(ident(state))
        made = []
        for part in parts:
            if part is Id:
                lower = [int(self.rng.integers(max(n, 1))) for n in range(STATES.size)]
                made.append(pair(self.into(sources, R()), snd(R(), STATES) >> finite_map(STATES, STATES, lower)))
            else:
                made.append(self.into(sources, part))
        return reduce(lambda g, f: pair(f, g), made[::-1])

    # ---- numbers -------------------------------------------------------------------------------------------------

    def element(self, ob: Any) -> Any:
        """A random element of a label."""
        if isinstance(ob, Product):
            return self.element(ob.left), self.element(ob.right)
        return int(self.rng.integers(ob.size)) if isinstance(ob, FinSet) else self.rng.normal(size=ob.shape)

    def tree(self, functor: list[list[Any]], depth: int) -> tuple[int, list[Any]]:
        """A node: the number of its summand, and its parts."""
        number = int(self.rng.integers(len(functor))) if depth else 0

        def part(ob: Any) -> Any:
            if ob is Id:
                return self.tree(functor, depth - 1)
            return [self.tree(functor, depth - 1) for _ in range(2)] if ob is POWER else self.element(ob)

        return number, [part(ob) for ob in functor[number]]


POWER = Id**PAIR


def joined(obs: list[Any], how: Any) -> Any:
    """A sum or a product of objects or functors, grouped to the right."""
    if len(obs) == 1:
        return obs[0]
    rest = joined(obs[1:], how)
    return obs[0] + rest if how is Coproduct else obs[0] * rest


def sums(count: int) -> Ob:
    """``1 + (1 + …)``."""
    return joined([One] * count, Coproduct)


def leaves(f: Arrow) -> list[Arrow]:
    """The tensors and elements of finite sets that an arrow gives."""
    match f.cod:
        case Product():
            left, right = f.cod.left, f.cod.right
            return leaves(f >> fst(left, right)) + leaves(f >> snd(left, right))
        case Exponential():
            places = (terminal(f.dom) >> finite_map(One, PAIR, [i]) for i in range(2))
            return [leaf for at in places for leaf in leaves(pair(f, at) >> ev(PAIR, f.cod.base))]
    return [] if f.cod is One else [f]


def body(functor: list[list[Any]]) -> Any:
    """The functor of parts."""
    return joined([joined(parts, Product) for parts in functor], Coproduct)


def carried(functor: list[list[Any]], carrier: Ob) -> list[Ob]:
    """The summands of F(C)."""
    replaced = {id(Id): carrier, id(POWER): carrier**PAIR}
    return [joined([replaced.get(id(part), part) for part in parts], Product) for parts in functor]


def tagged(number: int, count: int, x: Any) -> Any:
    """An element of a summand as one of the sum."""
    return (1, tagged(number - 1, count - 1, x)) if number else x if count == 1 else (0, x)


def folded(functor: list[list[Any]], algebra: Callable[[Any], Any], tree: tuple[int, list[Any]]) -> Any:
    """The fold of a tree, by recursion."""
    number, parts = tree
    found: list[Any] = []
    for ob, part in zip(functor[number], parts, strict=True):
        if ob is POWER:
            found.append([folded(functor, algebra, t) for t in part].__getitem__)
        else:
            found.append(folded(functor, algebra, part) if ob is Id else part)
    return algebra(tagged(number, len(functor), reduce(lambda y, x: (x, y), found[::-1])))


def unfolded(functor: list[list[Any]], algebra: Callable[[Any], Any], coalgebra: Arrow, state: Any) -> Any:
    """The hylomorphism at a state, by recursion."""
    layer, number = evaluate(coalgebra, state), 0
    while number < len(functor) - 1 and layer[0] == 1:
        layer, number = layer[1], number + 1
    layer = layer[1] if number < len(functor) - 1 else layer
    found = []
    for i, ob in enumerate(functor[number]):
        part, layer = layer if i < len(functor[number]) - 1 else (layer, None)
        found.append(unfolded(functor, algebra, coalgebra, part) if ob is Id else part)
    return algebra(tagged(number, len(functor), reduce(lambda y, x: (x, y), found[::-1])))


def built(kind: Any, functor: list[list[Any]], tree: tuple[int, list[Any]]) -> Any:
    """A tree as an element of the data type."""
    number, parts = tree
    given = []
    for ob, part in zip(functor[number], parts, strict=True):
        if ob is POWER:
            given.append([built(kind, functor, t) for t in part])
        else:
            given.append(built(kind, functor, part) if ob is Id else part)
    return kind.constructors[number](*given)


def same(found: Any, expected: list[Any], *, rtol: float = 1e-10) -> None:
    """Whether a batch is made of these elements."""
    if isinstance(found, tuple):
        for i, part in enumerate(found):
            same(part, [e[i] for e in expected], rtol=rtol)
        return
    np.testing.assert_allclose(found, np.asarray(expected), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_folds(seed, library):
    draw = Draw(seed)
    functor, carrier = draw.functor(Id, Id, POWER), draw.carrier()
    algebra = pair(terminal(body(functor)(carrier)), ident(body(functor)(carrier))) >> draw.cases(
        carried(functor, carrier), carrier
    )
    kind = datatype(body(functor))
    trees = [draw.tree(functor, depth) for depth in (0, 1, 2, 4, 5)]
    run = compile_arrow(fold(kind.fixed, algebra), "auto")
    found = library.numpy(run(forest([built(kind, functor, t) for t in trees]).over(library.xp)))
    same(found, [folded(functor, lambda x: evaluate(algebra, x), t) for t in trees])


#: Found by trying many: the values are made of constants alone, and take the dtype of the states.
@pytest.mark.parametrize("seed", [*SEEDS, 24])
def test_random_hylomorphisms(seed, library):
    draw = Draw(seed)
    functor, carrier = draw.functor(Id), draw.carrier()
    whole = body(functor)(carrier)
    algebra = pair(terminal(whole), ident(whole)) >> draw.cases(carried(functor, carrier), carrier)
    coalgebra = draw.coalgebra(functor)
    states = [(draw.rng.normal(), int(draw.rng.integers(STATES.size))) for _ in range(7)]
    run = compile_arrow(hylo(body(functor), algebra, coalgebra), "auto")

    found = library.numpy(run(library.batch((np.asarray([s[0] for s in states]), np.asarray([s[1] for s in states])))))
    same(found, [unfolded(functor, lambda x: evaluate(algebra, x), coalgebra, s) for s in states])


@pytest.mark.parametrize("seed", GRADIENTS)
def test_random_folds_have_gradients(seed, library):
    draw = Draw(seed)
    functor, carrier, given = draw.functor(Id, Id, POWER), draw.carrier(), R(2)
    cell = draw.cases(carried(functor, carrier), carrier, given=given)
    kind = datatype(body(functor))
    trees = [draw.tree(functor, depth) for depth in (0, 1, 3, 4)]
    whole = bundled(parametric_fold(kind.fixed, ParaMap(given, cell)) >> ParaMap((), leaves(ident(carrier))[0]))
    weights = draw.rng.normal(size=2)

    def values(w):
        found = [folded(functor, lambda x: evaluate(cell, (w, x)), t) for t in trees]
        while isinstance(found[0], tuple):
            found = [f[0] for f in found]
        return np.asarray(found)

    slope = np.asarray([(values(weights + h).sum() - values(weights - h).sum()) / 2e-6 for h in np.eye(2) * 1e-6])
    batch = forest([built(kind, functor, t) for t in trees]).over(library.xp)
    found = gradient(whole.arrow, library.backend)((library.array(weights), batch))
    same(library.numpy(found[0]), list(values(weights)))
    same(library.numpy(found[1]), list(slope), rtol=1e-6)
