"""Folds, unfolds and hylomorphisms of parametric cells: Δ in the 2-cell, and the numbers of T4.5 and T4.6."""

from __future__ import annotations

import pickle
import tracemalloc
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from catcore import (
    FinSet,
    Id,
    ParaMap,
    R,
    atoms,
    fold,
    functor,
    generator,
    hylo,
    ident,
    in_,
    inl,
    inr,
    mu,
    nu,
    parametric,
    smooth,
    unfold,
)
from catcore.arrows import Fold, curry, snd, subterms
from catcore.arrows import fold as arrow_fold
from catcore.categories import PythonValues
from catcore.categories.finite_sets import Injected
from catcore.categories.smooth import Primitive, constant
from catcore.datatypes import datatype
from catcore.datatypes.parametric import parametric_fold, shared_algebra
from catcore.drawing.wiring import wiring
from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch
from catcore.laws import Law
from catcore.para import CARTESIAN, Cocartesian, Lift, cases, copies, tie, unrolled, unrolling
from catcore.para import architectures as arch
from catcore.para.architectures.elements import apply, on, plus
from catcore.structures.lists import LIST
from catcore.tracing import trace
from catcore_backends import compile_arrow
from catcore_backends.recursion.forests import forest_of_lists
from catcore_proofs import prove, verify

A, B, I, O, P, Q, S, T = atoms("A B I O P Q S T")
Lists, Trees = datatype(1 + R() * Id, "Nil", "Cons"), datatype(R() + Id * Id, "Leaf", "Node")
ALGEBRAS = [1 + A * Id, A + Id * Id, 1 + A * Id * Id, A + B * Id ** FinSet(2)]
COALGEBRAS = [O * Id, (O * Id) ** I, O * Id**I, 1 + O * Id]


def algebra(shape, params, name="cell"):
    given = CARTESIAN.params(params)
    return ParaMap(given, generator(name, CARTESIAN.act(given, shape(S)), S))


def coalgebra(shape, params, name="cell"):
    given = CARTESIAN.params(params)
    return ParaMap(given, generator(name, CARTESIAN.act(given, S), shape(S)))


# ---- the 2-cell --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [P, (Q, P), ()], ids=["one", "two", "none"])
@pytest.mark.parametrize("shape", ALGEBRAS, ids=str)
def test_t4_6_the_2_cell_of_a_fold_is_the_diagonal(shape, params):
    cell = algebra(shape, params)
    square = unrolling(mu(shape), cell)
    assert square.r is copies(params, 2)
    assert (square.source.params, square.target.params) == (cell.params * 2, cell.params)
    verdict = verify(square)["2-cell"]
    assert verdict.evidence == "proved"
    assert verdict.certificate


@pytest.mark.parametrize("params", [P, (Q, P)], ids=["one", "two"])
@pytest.mark.parametrize("shape", COALGEBRAS, ids=str)
def test_t4_6_the_2_cell_of_an_unfold_is_the_diagonal(shape, params):
    square = unrolling(nu(shape), coalgebra(shape, params))
    assert square.r is copies(params, 2)
    assert verify(square)["2-cell"].evidence == "proved"


def test_a_mutated_2_cell_of_the_unrolling_is_not_proved():
    cell = algebra(1 + A * Id, P)
    square = unrolling(mu(1 + A * Id), cell)
    r = generator("r", P, P)
    wrong = replace(square, r=copies(P, 2) >> (r * ident(P)))
    assert verify(wrong).status != "holds"
    swapped = unrolling(mu(1 + A * Id), ParaMap((P, P), generator("cell", P * (P * (1 + A * S)), S)))
    crossed = CARTESIAN.shuffle((P, P), (1, 0, 0, 1))
    assert verify(replace(swapped, r=crossed)).status != "holds"


def test_t4_6_i_the_evaluator_equation():
    """``f(p, in u) = cell(p, F(f(p, −)) u)``, with p twice on the right."""
    shape = A + Id * Id
    cell = algebra(shape, P)
    h = fold(mu(shape), cell)

    def right(x):
        p, u = x
        return cell.arrow(p, shape.map(lambda branch: h.arrow(p, branch), u))

    left = trace(lambda x: h.arrow(x[0], in_(mu(shape))(x[1])), P * shape(mu(shape)), S)
    assert prove(left, trace(right, P * shape(mu(shape)), S)).evidence == "proved"


@pytest.mark.parametrize("size", [0, 1, 3])
def test_t4_6_iii_independent_parameters_tied_by_iterated_copies(size):
    labelled = datatype(1 + A * Id, "Nil", "Cons")
    cell = algebra(1 + A * Id, P)
    free = unrolled(labelled.list_of(range(size)), cell)
    assert free.params == (P,) * (size + 1)
    assert sum(box.label == "cell" for box in wiring(free.arrow).boxes) == size + 1  # one call a constructor

    def build(x):
        rest = in_(labelled.fixed)(inl(()))
        parts = [x[0], *([x[1][0], x[1][1]] if size == 3 else [])] if size > 1 else [x] * size
        for a in reversed(parts):
            rest = in_(labelled.fixed)(inr((a, rest)))
        return rest

    whole = ParaMap((), trace(build, free.dom, labelled.fixed)) >> fold(labelled.fixed, cell)
    verdict = prove(tie(free, [0] * (size + 1)).target.arrow, whole.arrow)
    assert verdict.evidence == "proved"


def test_the_free_unrolling_of_a_tree_has_a_parameter_a_node():
    labelled = datatype(A + Id * Id, "Leaf", "Node")
    cell = algebra(A + Id * Id, (Q, P))
    free = unrolled(labelled.read("Node(Node(Leaf(1), Leaf(2)), Leaf(3))"), cell)
    assert free.params == (Q, P) * 5
    assert free.dom is A * (A * A)


# ---- numbers -----------------------------------------------------------------------------------------------------


def number(name, *values):
    return on(name, *values)


@parametric((R(), R(), R()), R() * R(), R())
def step(wx, wh, b, x):
    return on("tanh", plus(on("multiply", wx, x[0]), on("multiply", wh, x[1]), b))


@pytest.mark.usefixtures("everywhere")
def test_t4_5_the_folding_network():
    rnn = fold(Lists.fixed, arch.folding(step, 0.1))
    run = compile_arrow(rnn)
    found = run(tuple(map(np.array, (0.5, -0.3, 0.2))), [Lists.list_of([1.0, -2.0, 0.5]), Lists.list_of([])])
    assert np.allclose(found, [0.7247783109, 0.1], atol=1e-10)
    learned = compile_arrow(fold(Lists.fixed, arch.folding(step, "learned")))
    weights = tuple(map(np.array, (0.1, 0.5, -0.3, 0.2)))
    assert np.allclose(learned(weights, [Lists.list_of([1.0, -2.0, 0.5])]), [0.7247783109], atol=1e-10)


@pytest.mark.usefixtures("everywhere")
def test_t4_3_the_tied_network_is_the_untied_one_at_equal_parameters():
    free = unrolled(Lists.list_of([1.0, -2.0, 0.5]), arch.folding(step, 0.1))
    labels = (np.array([1.0]), (np.array([-2.0]), np.array([0.5])))
    weights = tuple(map(np.array, (0.5, -0.3, 0.2)))
    assert np.allclose(compile_arrow(free)(weights * 4, labels), [0.7247783109], atol=1e-10)


@parametric((R(), R(), R()), R() * R(), R())
def joined(wl, wr, b, x):
    return on("tanh", plus(on("multiply", wl, x[0]), on("multiply", wr, x[1]), b))


@pytest.mark.usefixtures("everywhere")
def test_t4_5_the_recursive_network():
    cell = cases(ParaMap(R(), smooth("multiply", R() * R())), joined)
    tree = Trees.read("Node(Node(Leaf(2.0), Leaf(5.0)), Node(Leaf(7.0), Node(Leaf(1.0), Leaf(3.0))))")
    found = compile_arrow(fold(Trees.fixed, cell))(tuple(map(np.array, (0.1, 0.7, -0.4, 0.05))), [tree])
    assert np.allclose(found, [-0.1529844141], atol=1e-10)


@parametric((R(), R(), R()), R(), R() * R())
def decoder(w, b, v, s):
    return on("multiply", v, s), on("tanh", plus(on("multiply", w, s), b))


def test_t4_5_the_unfolding_network():
    stream = unfold(nu(R() * Id), decoder)
    outputs = _observed(stream, (1.5, 0.1, 2.0), 0.3, 5)
    assert np.allclose(outputs, [0.6, 1.0010404224, 1.3829538109, 1.6269485866, 1.7336730026], atol=1e-9)


def _observed(stream, params, state, count):
    """The first outputs of a stream, one step after the other, on Python numbers."""
    values = _numbers(stream.arrow)
    x = state
    for p in reversed(params):
        x = (p, x)
    tail, outputs = values.apply(stream.arrow, x), []
    for _ in range(count):
        o, tail = tail.out()
        outputs.append(float(np.squeeze(o)))
    return outputs


def _numbers(arrow):
    """Python values with the smooth primitives of a term on numbers."""
    return PythonValues({f: partial(_entry, f) for f in subterms(arrow) if isinstance(f, Primitive)})


def _entry(f, x):
    return f.operation.rule(np, _batched(x), *f.parameters)[0]


def _batched(x):
    return tuple(map(_batched, x)) if isinstance(x, tuple) else np.asarray([x])


@parametric((R(), R(), R(), R()), R() * R(), R() * R())
def transducer(wi, ws, b, v, x):
    s, i = x
    new = on("tanh", plus(on("multiply", wi, i), on("multiply", ws, s), b))
    return on("multiply", v, new), new


def test_t4_5_the_full_network_is_a_mealy_machine():
    machine = unfold(nu((R() * Id) ** R()), arch.mealy(transducer))
    values = _numbers(machine.arrow)
    state, outputs = values.apply(machine.arrow, (0.8, (0.5, (-0.1, (3.0, 0.0))))), []
    for i in (1.0, 0.0, 1.0):
        o, state = state.out()(i)
        outputs.append(float(o))
    assert np.allclose(outputs, [1.8131033134, 0.5984196701, 1.9916684877], atol=1e-9)


def test_t4_5_a_moore_machine_says_one_more():
    scale = smooth("multiply", R() * R())

    @parametric((R(), R(), R()), R() * R(), R())
    def advance(wi, ws, b, x):
        return on("tanh", plus(on("multiply", wi, x[1]), on("multiply", ws, x[0]), b))

    machine = unfold(nu(R() * Id ** R()), arch.moore(ParaMap(R(), scale), advance))
    values = _numbers(machine.arrow)
    state, outputs = values.apply(machine.arrow, (3.0, (0.8, (0.5, (-0.1, 0.0))))), []
    for i in (1.0, 0.0, 1.0, 0.0):
        o, follow = state.out()
        outputs.append(float(np.squeeze(o)))
        state = follow(i)
    assert np.allclose(outputs, [0, 1.8131033134, 0.5984196701, 1.9916684877], atol=1e-9)


def test_t3_4_a_hylomorphism_of_parametric_cells():
    """Plan and execute with weights: fib(n) = w · (fib(n − 1) + fib(n − 2)), each cell with its own parameters."""
    shape = R() + Id * Id
    calls = []

    def plan(x):
        q, n = x
        calls.append(n)
        return Injected("inl", n) if n < q else Injected("inr", (n - 1, n - 2))

    def execute(x):
        p, layer = x
        return layer.value if layer.side == "inl" else p * sum(layer.value)

    a = ParaMap(P, generator("execute", P * shape(R()), R()))
    c = ParaMap(Q, generator("plan", Q * T, shape(T)))
    h = hylo(shape, a, c)
    assert (h.params, h.dom, h.cod) == ((P, Q), T, R())
    values = PythonValues({a.arrow: execute, c.arrow: plan})
    assert values.apply(h.arrow, (1, (2, 10))) == 55
    assert len(calls) == 11  # every state is asked once
    assert values.apply(h.arrow, (2, (2, 4))) == 2 * (2 * (2 * 1 + 1) + 2)


# ---- arrays ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("everywhere")
def test_a_list_of_length_n_calls_the_cell_n_plus_1_times_with_one_copy_of_the_parameters():
    calls = []

    def called(x):
        weight, layer = x
        calls.append(weight.shape)
        return np.ones((layer[0].shape[0], 2)) if isinstance(layer, tuple) else np.ones((1, 2))

    cell = ParaMap(P, generator("cell", P * (1 + A * S), S))
    run = compile_arrow(
        fold(mu(1 + A * Id), cell), shapes={"P": (3, 3), "A": (2,), "S": (2,)}, generators={"cell": called}
    )
    run(np.zeros((3, 3)), forest_of_lists(mu(1 + A * Id), np.zeros((1, 7, 2))))
    assert len(calls) == 8


def test_the_parameters_are_held_once():
    n, length, batch = 256, 400, 8
    lists = datatype(1 + R(n) * Id, "Nil", "Cons")
    run = compile_arrow(fold(lists.fixed, arch.folding(arch.rnn_cell(n, n))))
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(size=p.shape) / n for p in run.map.params)
    table = forest_of_lists(lists.fixed, rng.normal(size=(batch, length, n)))
    run(weights, table)
    tracemalloc.start()
    run(weights, table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    states, one_copy = (length + 1) * batch * n * 8, n * n * 8
    assert peak < 3 * states + one_copy  # a copy for each step would be 400 of them


@pytest.mark.usefixtures("everywhere")
def test_every_cell_runs_in_batch_and_agrees_with_single_trees():
    vectors = datatype(R(3) + Id * Id, "Leaf", "Node")
    cell = arch.tree_cell(3, 4)
    rng = np.random.default_rng(1)
    u, w, v, b = weights = tuple(rng.normal(size=p.shape) for p in cell.params)
    leaf, node = vectors.constructors
    x, y, z = (leaf(rng.normal(size=3)) for _ in range(3))
    batch = [node(node(x, y), z), x, node(z, node(y, node(x, x)))]
    alone = vectors.fold(Leaf=lambda a: u @ a, Node=lambda l, r: np.tanh(w @ l + v @ r + b))
    found = compile_arrow(fold(vectors.fixed, cell))(weights, batch)
    assert np.allclose(found, [alone(t) for t in batch])


@pytest.mark.usefixtures("everywhere")
def test_a_functor_of_ones_own_in_three_lines():
    """Ternary trees with labels at the nodes; nothing in the library knows them."""
    shape = R(2) + R(2) * (Id * (Id * Id))
    ternary = datatype(shape, "Tip", "Fork")

    @parametric((R(3, 2), R(3, 9)), R(2) * (R(3) * (R(3) * R(3))), R(3))
    def node(u, w, x):
        a, (first, (second, third)) = x
        below = on("concat", first, on("concat", second, third))
        return on("tanh", plus(apply(u, a), apply(w, below)))

    cell = cases(arch.linear(2, 3), node)
    network = fold(ternary.fixed, cell)
    rng = np.random.default_rng(2)
    t, u, w = weights = tuple(rng.normal(size=p.shape) for p in cell.params)
    tip, fork = ternary.constructors
    a, b, c = (rng.normal(size=2) for _ in range(3))
    tree = fork(a, tip(b), fork(c, tip(a), tip(a), tip(b)), tip(c))
    alone = ternary.fold(Tip=lambda x: t @ x, Fork=lambda x, l, m, r: np.tanh(u @ x + w @ np.concatenate([l, m, r])))
    assert np.allclose(compile_arrow(network)(weights, [tree])[0], alone(tree))
    assert verify(unrolling(ternary.fixed, cell))["2-cell"].evidence == "proved"


ROSE = functor(lambda x: R(2) * LIST(x))
STATE = R(3)
NOTHING = constant([0.0, 0.0, 0.0])


@parametric((), 1 + STATE * STATE, STATE)
def added(t):
    return t.case(inl=lambda _: NOTHING(()), inr=lambda c: plus(c[0], c[1]))


@parametric(R(3, 3), 1 + STATE * STATE, STATE)
def read_in_order(v, t):
    return t.case(inl=lambda _: NOTHING(()), inr=lambda c: on("tanh", plus(c[0], apply(v, c[1]))))


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("children", [added, read_in_order], ids=["sum", "network"])
def test_rose_trees_in_three_lines(children):
    """Nodes with lists of branches, which a sum or a network inside the cell reads; one copy of the weights."""
    inside = fold(LIST(STATE), children)

    @parametric((R(3, 2), R(3, 3)), R(2) * LIST(STATE), STATE)
    def cell(u, w, x):
        below = inside.arrow(w, x[1]) if inside.params else apply(w, inside.arrow(x[1]))
        return on("tanh", plus(apply(u, x[0]), below))

    rose = datatype(ROSE, "Rose")
    run = compile_arrow(fold(rose.fixed, cell) >> arch.linear(3, 2))
    rng = np.random.default_rng(5)
    m, u, w = weights = tuple(rng.normal(size=p.shape) for p in run.map.params)

    def grown(depth):
        branches = [grown(depth - 1) for _ in range(rng.integers(0, 4))] if depth else []
        return ("Rose", rng.normal(size=2), branches)

    def below(branches):
        if children is added:
            return w @ sum(branches, np.zeros(3))
        return np.tanh(branches[0] + w @ below(branches[1:])) if branches else np.zeros(3)

    def alone(tree):
        return np.tanh(u @ tree[1] + below([alone(b) for b in tree[2]]))

    trees = [grown(3) for _ in range(6)]
    found = run(weights, [rose.from_nested(t) for t in trees])
    assert np.allclose(found, [m @ alone(t) for t in trees])


def test_t4_6_rose_trees_share_their_parameters_by_the_diagonal():
    shape = functor(lambda x: A * LIST(x))
    square = unrolling(mu(shape), algebra(shape, P))
    assert square.r is copies(P, 2)
    assert verify(square)["2-cell"].evidence == "proved"


def test_an_algebra_is_read_off_the_fold_that_it_made():
    cell = generator("cell", P * ROSE(S), S)
    whole = parametric_fold(mu(ROSE), cell)
    (term,) = (part for part in subterms(whole) if isinstance(part, Fold) and part.cod is S**P)
    assert shared_algebra(term) is cell
    other = arrow_fold(
        mu(ROSE), curry(snd(ROSE(S**P), P) >> generator("f", P, S))
    )  # into functions, and no parametric fold
    assert isinstance(other, Fold)
    assert shared_algebra(other) is None


def test_compiled_maps_print_pickle_and_serve_every_library():
    layer = arch.dense(2, 3, "tanh")
    run = compile_arrow(layer, "auto")
    b, w = np.ones(3), np.arange(6.0).reshape(3, 2)
    x = np.array([[1.0, 2.0], [3.0, -4.0]])
    expected = np.tanh(x @ w.T + b)
    assert np.allclose(run((b, w), x), expected)
    assert np.allclose(run(((b, w), x)), expected)
    assert np.allclose(pickle.loads(pickle.dumps(run))((b, w), x), expected)
    assert "ParaMap" in repr(run)
    plain = compile_arrow(ParaMap((), smooth("tanh", R(2))))
    assert np.allclose(plain(x), np.tanh(x))


# ---- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: fold(mu(1 + A * Id), algebra(A + Id * Id, P)),
            IllTyped,
            r"one layer is 1 \+ A × S, and A \+ S × S was found",
        ),
        (
            lambda: fold(mu(1 + A * Id), ParaMap(P, generator("f", P * (1 + A * S), T))),
            IllTyped,
            r"with states T goes 1 \+ A × T → T, and 1 \+ A × S → T with parameter P was given",
        ),
        (lambda: fold(nu(O * Id), algebra(O * Id, P)), IllTyped, "needs a least fixed point"),
        (lambda: unfold(mu(O * Id), coalgebra(O * Id, P)), IllTyped, "needs a greatest fixed point"),
        (
            lambda: unfold(nu(O * Id), coalgebra(1 + O * Id, P)),
            IllTyped,
            r"coalgebra of F = O × Id with states S goes S → O × S, and S → 1 \+ O × S",
        ),
        (lambda: hylo(O * Id, algebra(O * Id, P), algebra(O * Id, P)), IllTyped, "is a coalgebra of F"),
        (lambda: compile_arrow(arch.dense(2, 3))(np.ones((2, 2))), ShapeMismatch, r"run\(params, x\)"),
        (
            lambda: compile_arrow(arch.dense(2, 3))((np.ones(3),), np.ones((2, 2))),
            ShapeMismatch,
            "takes a tuple of 2 of them, and 1 was given",
        ),
        (
            lambda: compile_arrow(ParaMap(R(2), ident(R(2) + R(2)), Cocartesian())),
            NotInterpreted,
            r"act by the action of Set on itself by \+",
        ),
    ],
)
def test_bad_input_gets_one_sentence_with_both_types(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_arrows_fold_as_before():
    plain = generator("a", 1 + A * S, S)
    assert fold(mu(1 + A * Id), plain).dom is mu(1 + A * Id)
    law = Law("no parameters", fold(mu(1 + A * Id), ParaMap((), plain)).arrow, fold(mu(1 + A * Id), plain))
    assert law.lhs is law.rhs
    lifted = Lift(1 + A * Id)(fold(mu(1 + A * Id), algebra(1 + A * Id, P)))
    assert lifted.params == (P,)
