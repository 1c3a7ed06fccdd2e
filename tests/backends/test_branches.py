"""Random terms with nested case distinctions beside an evaluation row by row, with junk wherever a payload is dead."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from catcore.arrows import (
    Arrow,
    case,
    compose,
    curry,
    distribute,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
)
from catcore.categories.smooth import constant_matrix, smooth
from catcore.objects import Coproduct, FinSet, Ob, Product, R
from catcore_backends import compile_arrow, gradient
from catcore_backends.batches import arrays, mapped
from catcore_backends.compiler.branches import Branches
from tests.backends.reference import PRIMITIVES, evaluate

V = R(2)
#: Functions that fail somewhere, or whose derivative does, and functions that do not.
PARTIAL = {"sqrt": np.sqrt, "reciprocal": lambda x: 1 / x, "exp": np.exp, "log": np.log}
TOTAL = ("tanh", "sin", "square", "sigmoid")
SUMS: tuple[Ob, ...] = (V + V, (V + V) + V, V + (V + V), V * V + V)
#: What stands in dead rows.
JUNK = (np.nan, np.inf, -np.inf, -1.0, 0.0, 1e300, 800.0)


class Terms:
    """Random terms out of an environment ``((V × B₁) × …) × Bₙ``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def vector(self, env: Ob, depth: int) -> Arrow:
        """A term into V."""
        options = (
            ["place"] if depth <= 0 else ["partial", "total", "both", "cases", "cases", "cases", "computed", "let"]
        )
        match self.random.choice(options):
            case "partial":
                return self.vector(env, depth - 1) >> smooth(self.random.choice([*PARTIAL]), V)
            case "total":
                return self.vector(env, depth - 1) >> smooth(self.random.choice(TOTAL), V)
            case "both":
                sides = self.vector(env, depth - 2), self.vector(env, depth - 2)
                return pair(*sides) >> smooth(self.random.choice(("add", "multiply")), V * V)
            case "let":
                return self.bound(env, self.vector(env, depth - 2), depth - 1)
            case "cases" | "computed" as kind:
                scrutinee = self.choice(env, depth - 2) if kind == "computed" else self.place(env, Coproduct)
                if scrutinee is not None:
                    return self.cases(env, scrutinee, lambda inner: self.vector(inner, depth - 1))
        return self.place(env, R) or fst(env, env)

    def bound(self, env: Ob, value: Arrow, depth: int) -> Arrow:
        """A value that is computed once and read in several places."""
        return pair(ident(env), value) >> self.vector(env * value.cod, depth)

    def choice(self, env: Ob, depth: int) -> Arrow | None:
        """A term into V + V."""
        scrutinee = self.place(env, Coproduct)
        sides = [inl(V, V), inr(V, V)]
        if depth <= 0 or scrutinee is None:
            return None
        return self.cases(env, scrutinee, lambda inner: self.vector(inner, depth) >> self.random.choice(sides))

    def cases(self, env: Ob, scrutinee: Arrow, branch) -> Arrow:
        """A case distinction whose branches see the environment and the payload."""
        a, b = scrutinee.cod.args
        return compose(
            ident(env), pair(ident(env), scrutinee), distribute(env, a, b), case(branch(env * a), branch(env * b))
        )

    def place(self, env: Ob, kind: type) -> Arrow | None:
        """A projection onto a place of the environment of some kind."""
        found = [f for f in _places(env) if isinstance(f.cod, kind)]
        return self.random.choice(found) if found else None


def _places(env: Ob):
    yield ident(env)
    if isinstance(env, Product):
        yield from (fst(env.left, env.right) >> f for f in _places(env.left))
        yield from (snd(env.left, env.right) >> f for f in _places(env.right))


def _element(draw: random.Random, ob: Ob):
    match ob:
        case Product():
            return _element(draw, ob.left), _element(draw, ob.right)
        case Coproduct():
            side = draw.randrange(2)
            return side, _element(draw, (ob.left, ob.right)[side])
    return np.asarray([draw.uniform(0.2, 1.5) for _ in range(2)])


def _batch(draw: random.Random, ob: Ob, rows: list):
    """Elements as a batch; None stands for a dead row."""
    match ob:
        case Product():
            return tuple(_batch(draw, part, [x and x[i] for x in rows]) for i, part in enumerate((ob.left, ob.right)))
        case Coproduct():
            tags = np.asarray([draw.randrange(2) if x is None else x[0] for x in rows])
            sides = ([x[1] if x is not None and x[0] == side else None for x in rows] for side in range(2))
            return tags, *(_batch(draw, part, side) for part, side in zip((ob.left, ob.right), sides, strict=True))
    return np.asarray([[draw.choice(JUNK)] * 2 if x is None else x for x in rows]).reshape(len(rows), 2)


@dataclass
class Sample:
    """A term ``V × A → ℝ``, its values and their slopes by V row by row, and its rows as a batch of V and one of A."""

    term: Arrow
    values: np.ndarray
    slopes: np.ndarray
    batch: tuple


def sample(seed: int, *, count: int = 5, shared: bool = False) -> Sample:
    """Live rows on which a random term and its slope are of moderate size; where ``shared``, one V for all rows."""
    terms: Any = Terms(seed)
    env = V * (terms.random.choice(SUMS) * terms.random.choice(SUMS))
    term = terms.vector(env, 6) >> smooth("sum", V)
    draw = terms.random
    kept: Any = []
    found: Any = []
    rows = [_element(draw, env) for _ in range(4 * count)]
    for x in [(rows[0][0], x[1]) for x in rows] if shared else rows:
        with np.errstate(all="ignore"):
            answer = _with_slope(term, x)
        if np.abs(answer).max() < 1e3 and len(kept) < count:
            kept.append(x)
            found.append(answer)
    found = np.asarray(found).reshape(len(kept), 3)
    return Sample(term, found[:, 0], found[:, 1:], _batch(draw, env, kept))


def _with_slope(term: Arrow, x) -> np.ndarray:
    """The value at one element and, by differences, its derivative by the first vector; ∞ where there is none."""
    offsets = [np.zeros(2), *np.eye(2) * 1e-5, *np.eye(2) * -1e-5]
    here, a, b, c, d = (evaluate(term, (x[0] + offset, x[1])) for offset in offsets)
    found = np.asarray([here, (a - c) / 2e-5, (b - d) / 2e-5])
    return np.where(np.isfinite(found), found, np.inf)


@pytest.fixture(autouse=True)
def partial(monkeypatch):
    for name, rule in PARTIAL.items():
        monkeypatch.setitem(PRIMITIVES, name, rule)


SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_values_are_those_of_each_row_by_itself(seed, library):
    sampled = sample(seed)
    with np.errstate(all="raise", under="ignore"):
        found = library.numpy(compile_arrow(sampled.term, "auto")(library.batch(sampled.batch)))
    assert np.allclose(found, sampled.values, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_are_the_sum_of_those_of_each_row(seed, library):
    sampled = sample(seed, shared=True)
    p, rest = sampled.batch
    if not len(p):
        pytest.skip("no row is of moderate size")
    with np.errstate(all="raise", under="ignore"):
        given = library.array(p[0]), library.batch(rest)
        values, slope = gradient(sampled.term, "auto")(given)
    assert np.allclose(library.numpy(values), sampled.values, rtol=1e-9, atol=1e-9)
    assert np.allclose(library.numpy(slope), sampled.slopes.sum(axis=0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_torch_derives_is_free_of_dead_rows(seed):
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    sampled = sample(seed)
    given = mapped(lambda x: torch.tensor(x, requires_grad=x.dtype.kind == "f"), sampled.batch)
    compile_arrow(sampled.term, "torch")(given).sum().backward()
    assert np.allclose(_heard(given[0]), sampled.slopes, rtol=1e-4, atol=1e-4)
    assert all(np.isfinite(_heard(x)).all() for x in arrays(given) if x.requires_grad)


def _heard(x):
    return np.zeros(x.shape) if x.grad is None else x.grad.numpy()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_jax_derives_is_free_of_dead_rows(seed):
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    sampled = sample(seed)
    with jax.enable_x64(True):
        reals, rest = [x for x in arrays(sampled.batch) if x.dtype.kind == "f"], sampled.batch

        def total(reals):
            left = iter(reals)
            return compile_arrow(sampled.term, "auto")(
                mapped(lambda x: next(left) if x.dtype.kind == "f" else jax.numpy.asarray(x), rest)
            ).sum()

        found = jax.jit(jax.grad(total))([jax.numpy.asarray(x) for x in reals])
    assert np.allclose(found[0], sampled.slopes, rtol=1e-4, atol=1e-4)
    assert all(np.isfinite(x).all() for x in found)


@pytest.mark.filterwarnings("ignore")
def test_the_tests_of_dead_rows_can_fail(monkeypatch):
    monkeypatch.setattr(Branches, "only", lambda branches, word, name: name)
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    wrong = 0
    for seed in SEEDS:
        sampled = sample(seed)
        given = mapped(lambda x: torch.tensor(x, requires_grad=x.dtype.kind == "f"), sampled.batch)
        compile_arrow(sampled.term, "torch")(given).sum().backward()
        wrong += not all(np.isfinite(_heard(x)).all() for x in arrays(given) if x.requires_grad)
    assert wrong > 2


@pytest.mark.parametrize("arms", [20, 40])
def test_masks_are_as_many_as_arms(arms):
    term: Arrow = smooth("exp", V)
    for k in range(1, arms):
        term = case(smooth("times", V, float(k)) >> smooth("sqrt", V), term)
    source = compile_arrow(term, "torch").source

    assert source.count(" only(") == source.count(" first(") == arms
    assert source.count(" & ") <= 2 * arms


def test_a_tag_that_is_known_is_not_asked_again():
    twice = compose(
        pair(ident(V + V), ident(V + V)),
        distribute(V + V, V, V),
        case(fst(V + V, V) >> case(ident(V), smooth("log", V)), snd(V + V, V)),
    )
    assert "log" not in compile_arrow(twice, "torch").source


@pytest.mark.parametrize("dtype", [None, "float64"])
def test_constants_in_branches_are_as_good_as_elsewhere(dtype, library):
    matrix = constant_matrix([[1.0, 2.0], [0.0, 1.0]])
    run = compile_arrow(case(matrix, smooth("log", V) >> matrix), library.backend, dtype=dtype)
    x = np.asarray([1, 0]), np.asarray([[-1.0, 0.0], [3.0, 4.0]]), np.ones((2, 2))

    assert np.allclose(library.numpy(run(library.batch(x))), [[0.0, 0.0], [11.0, 4.0]])


def test_equal_choices_that_are_written_over_are_arrays_of_their_own():
    """The generator masks what it is given and the identity does not, so the program knows two choices, which agree."""

    def chosen(low: Arrow, f: str) -> Arrow:
        bound = case(low, smooth("tanh", V)) * ident(V + V)
        return compose(bound, distribute(V, V, V), case(fst(V, V), snd(V, V) >> smooth(f, V)))

    run = compile_arrow(pair(chosen(generator("f", V, V), "sin"), chosen(ident(V), "cos")), generators={"f": ident(V)})
    tags, other = np.asarray([0, 1, 0, 1]), np.asarray([0, 0, 1, 1])
    x, y, z = np.arange(8.0).reshape(4, 2), np.ones((4, 2)), np.full((4, 2), 2.0)
    found = run(((tags, x, y), (other, y, z)))

    wanted = np.where(tags[:, None], np.tanh(y), x)
    for values, f in zip(found, (np.sin, np.cos), strict=True):
        assert np.allclose(values, np.where(other[:, None], f(z), wanted))


def test_functions_in_a_payload_are_tabled_where_it_is_live(library):
    low, high = FinSet(2), FinSet(3)
    function = curry(fst(low, low) >> finite_map(low, high, [2, 1]))
    run = compile_arrow(function + ident(V), library.backend)
    tags = np.asarray([1, 0, 0])

    found = library.numpy(run(library.batch((tags, np.asarray([7, 0, 1]), np.ones((3, 2))))))
    assert [values[1:].tolist() for values in found[1]] == [[2, 1], [2, 1]]
