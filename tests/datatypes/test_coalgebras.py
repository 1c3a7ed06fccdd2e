"""Data types and their duals as such: Lambek, case distinction, the equations of unfolds (T2.2, T2.3, T3.1, T3.2)."""

from __future__ import annotations

import pytest

from catcore import (
    FinSet,
    Functor,
    Id,
    Law,
    One,
    arrow,
    atoms,
    case,
    fold,
    fst,
    functor,
    generator,
    ident,
    in_,
    inl,
    inr,
    mu,
    nu,
    out,
    pair,
    snd,
    unfold,
)  # fmt: skip
from catcore.categories import PythonValues, observed
from catcore.datatypes import initial_chain, smallest, terminal_chain
from catcore_proofs import prove, verify

A, B, N, S, T = atoms("A B N S T")
BIT = FinSet(2)
DATA = {"lists": 1 + A * Id, "numerals": 1 + Id, "trees": A + Id * Id, "labelled trees": 1 + A * (Id * Id)}
MACHINES: dict[str, Functor] = {
    "streams": A * Id,
    "streams that may end": 1 + A * Id,
    "Moore": A * Id**BIT,
    "Mealy": (A * Id) ** BIT,
    "trees without end": A + Id * Id,
}


@pytest.mark.parametrize("layer", DATA.values(), ids=DATA)
def test_lambek_both_ways_t2_3(layer):
    fixed = mu(layer)

    assert prove(out(fixed) >> in_(fixed), ident(fixed)).evidence == "proved"
    assert prove(in_(fixed) >> out(fixed), ident(layer(fixed))).evidence == "proved"


@pytest.mark.parametrize("layer", DATA.values(), ids=DATA)
def test_taking_apart_and_building_anew_changes_nothing(layer):
    fixed = mu(layer)

    assert prove(fold(fixed, in_(fixed)), ident(fixed)).evidence == "proved"


def test_a_fold_of_a_tree_distinguishes_its_cases():
    trees = mu(A + Id * Id)
    leaf, node = generator("leaf", A, B), generator("node", B * B, B)
    h = fold(trees, case(leaf, node))
    at_leaf, at_node = inl(A, trees * trees) >> in_(trees), inr(A, trees * trees) >> in_(trees)
    swapped = pair(snd(trees, trees) >> h, fst(trees, trees) >> h) >> node

    assert prove(at_leaf >> h, leaf).evidence == "proved"
    assert prove(at_node >> h, (h * h) >> node).evidence == "proved"
    assert prove(at_node >> h, swapped).status == "fails"


def test_branching_distinguishes_a_boolean():
    truth = One + One

    @arrow(truth * (A * A), A)
    def choose(x):
        return x[0].case(inl=lambda _: x[1][0], inr=lambda _: x[1][1])

    same = arrow(truth * A, A)(lambda x: choose((x[0], (x[1], x[1]))))
    assert prove(same, snd(truth, A)).evidence == "proved"
    assert prove(choose, arrow(truth * (A * A), A)(lambda x: x[1][0])).status == "fails"
    # 2 × X is X + X: a branch for each of the two
    apart = arrow(truth * A, A + A)(lambda x: x[0].case(inl=lambda _: inl(x[1]), inr=lambda _: inr(x[1])))
    together = arrow(A + A, truth * A)(lambda y: y.case(inl=lambda a: (inl(()), a), inr=lambda a: (inr(()), a)))
    assert prove(apart >> together, ident(truth * A)).evidence == "proved"
    assert prove(together >> apart, ident(A + A)).evidence == "proved"


@pytest.mark.parametrize("layer", MACHINES.values(), ids=MACHINES)
def test_an_unfold_satisfies_its_equation_t3_2(layer):
    fixed, c = nu(layer), generator("c", S, layer(S))
    behaviour = unfold(fixed, c)

    assert prove(behaviour >> out(fixed), c >> layer(behaviour)).evidence == "proved"


def test_homomorphic_coalgebras_behave_alike_t3_3():
    layer = MACHINES["streams"]
    c, d, h = generator("c", S, layer(S)), generator("d", T, layer(T)), generator("h", S, T)
    square = Law("h is a homomorphism", h >> d, c >> layer(h))
    fixed = nu(layer)

    assert prove(h >> unfold(fixed, d), unfold(fixed, c), given=[square]).evidence == "proved"
    assert prove(h >> unfold(fixed, d), unfold(fixed, c)).status != "holds"


def test_head_and_tail_of_a_stream_t3_2():
    streams = nu(A * Id)
    o, n = generator("o", S, A), generator("n", S, S)
    u = unfold(streams, pair(o, n))
    head, tail = out(streams) >> fst(A, streams), out(streams) >> snd(A, streams)

    assert prove(u >> head, o).evidence == "proved"
    assert prove(u >> tail, n >> u).evidence == "proved"
    assert prove(u >> tail, u).status != "holds"


def test_types_without_a_way_to_begin_have_no_elements():
    for layer in (Id, A * Id, Id * Id, functor(lambda X: X * mu(lambda Y: 1 + A * Y))):
        assert list(smallest(mu(layer), weight=8)) == []
    assert initial_chain(Id, 5) == [0] * 5
    assert terminal_chain(Id, 5) == [1] * 5


def test_streams_that_agree_for_a_while_are_samples_only_t3_2():
    streams = nu(N * Id)
    zeros, late = generator("zeros", N, N * N), generator("late", N, N * N)
    python = PythonValues({zeros: lambda n: (0, n + 1), late: lambda n: (int(n == 20), n + 1)})
    law = Law("alike", unfold(streams, zeros), unfold(streams, late))

    alike, apart = verify(python.sampled(law, [0], depth=20)), verify(python.sampled(law, [0], depth=21))
    assert (alike.status, alike["alike"].evidence) == ("holds", "sampled")
    assert apart.status == "fails"


def test_what_is_seen_of_a_machine_in_two_steps_t3_2():
    mealy = nu((N * Id) ** BIT)
    add = generator("add", N, (N * N) ** BIT)
    behaviour = PythonValues({add: lambda s: lambda x: ((s + x) % 2, s & x)}).apply(unfold(mealy, add), 1)

    seen = observed(mealy, behaviour, 2)
    assert seen(1)[0] == 0
    assert seen(1)[1](0) == (1, ...)
    assert seen(0)[1](1) == (1, ...)


def test_streams_that_may_end_take_what_is_there():
    possibly = nu(1 + N * Id)
    count = generator("count", N, 1 + N * N)
    python = PythonValues({count: lambda n: python_layer(n)})
    state, seen = python.apply(unfold(possibly, count), 3), []
    while (layer := state.out()).side == "inr":
        head, state = layer.value
        seen.append(head)

    assert seen == [3, 2, 1]


def python_layer(n):
    from catcore.categories.finite_sets import Injected

    return Injected("inr", (n, n - 1)) if n else Injected("inl", ())


@pytest.mark.parametrize("layer", MACHINES.values(), ids=MACHINES)
def test_coinduction_under_functions_ends_with_a_verdict(layer):
    """Where the successors are a function the prover may not find the proof, but it says so."""
    c, d, h = generator("c", S, layer(S)), generator("d", T, layer(T)), generator("h", S, T)
    square = Law("h is a homomorphism", h >> d, c >> layer(h))

    assert prove(h >> unfold(nu(layer), d), unfold(nu(layer), c), given=[square]).status in ("holds", "unknown")
