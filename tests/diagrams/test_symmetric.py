"""Symmetric monoidal equality and rewriting, against graph isomorphism and exact matrices."""

from __future__ import annotations

import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.categories import FVect
from catcore.diagrams import (
    Box,
    Diagram,
    Swap,
    Wire,
    braid,
    equal,
    frobenius_theory,
    hopf_theory,
    identity,
    prove_equal,
    replay,
    rewrites,
    symmetric_equal,
)
from catcore.diagrams.interpretation import matrix
from catcore.diagrams.rewriting import Proof
from catcore.diagrams.symmetric import Network, symmetric_occurrences
from catcore.diagrams.theorems import antipode_reverses_copies, antipode_reverses_products, frobenius_spiders
from catcore.errors import CertificateRejected, NotInterpreted, ShapeMismatch
from tests.diagrams.oracle import BOXES, NOTHING, SCALARS, X, random_diagram

SEEDS = st.integers(0, 10**9)
CROSSED = (*BOXES, Swap(X, X), Swap(X, X), Swap(X, X))


def graph(diagram: Diagram) -> nx.DiGraph:
    """The network as a directed graph; ports become nodes, and so do the ends of the boundary."""
    network = Network(diagram)
    found = nx.DiGraph()
    for node, box in enumerate(network.boxes):
        found.add_node(node, label=str(box))
    for side, wires in (("top", network.top), ("bottom", network.bottom)):
        for port in range(len(wires)):
            found.add_node((side, port), label=f"{side} {port}")
    for wire, ((source, i), (target, j)) in enumerate(zip(network.source, network.target, strict=True)):
        found.add_node(("wire", wire), label="wire")
        found.add_edge(source if source >= 0 else ("top", i), ("wire", wire), port=i)
        found.add_edge(("wire", wire), target if target >= 0 else ("bottom", j), port=j)
    return found


def isomorphic(f: Diagram, g: Diagram) -> bool:
    return nx.is_isomorphic(
        graph(f), graph(g), lambda a, b: a["label"] == b["label"], lambda a, b: a["port"] == b["port"]
    )


@given(SEEDS)
def test_equality_is_isomorphism_over_the_boundary(seed):
    rng = random.Random(seed)
    boxes = tuple(rng.choice(CROSSED) for _ in range(3))
    width = rng.choice([0, 1, 2, 3])
    first = random_diagram(rng, width, 5, boxes)
    for _ in range(15):
        other = random_diagram(rng, width, 5, boxes)
        if other.cod is first.cod:
            assert symmetric_equal(first, other) == isomorphic(first, other)


@given(SEEDS)
def test_planar_equality_implies_symmetric_equality(seed):
    rng = random.Random(seed)
    first = random_diagram(rng, rng.choice([0, 1, 2]), 5, CROSSED)
    for other in first.interchanges():
        assert equal(first, other)
        assert symmetric_equal(first, other)


def test_scalars_pass_through_wires_only_where_there_is_a_symmetry():
    s = SCALARS[0]

    assert symmetric_equal(s @ X, X @ s)
    assert not equal(s @ X, X @ s)
    assert not symmetric_equal(SCALARS[0] @ X, SCALARS[1] @ X)


def test_crossings_satisfy_their_equations():
    x, y, z = (Wire(name) for name in "xyz")
    f = Box("f", x @ y, z)

    assert symmetric_equal(braid(x, y) >> braid(y, x), identity(x @ y))
    assert symmetric_equal((f @ x) >> braid(z, x), braid(x @ y, x) >> (x @ f))
    assert symmetric_equal(
        (braid(x, y) @ z) >> (y @ braid(x, z)) >> (braid(y, z) @ x),
        (x @ braid(y, z)) >> (braid(x, z) @ y) >> (z @ braid(x, y)),
    )
    assert not symmetric_equal(braid(x, x), identity(x @ x))


NUMBERS = {
    "s": [[2]],
    "t": [[3]],
    "u": [[1], [2]],
    "e": [[1, 3]],
    "cup": [[1, 0, 2, 1]],
    "cap": [[1], [1], [0], [2]],
    "f": [[1, 1], [0, 2]],
    "m": [[1, 0, 2, 0], [0, 1, 1, 3]],
    "d": [[1, 0], [2, 1], [0, 1], [1, 1]],
}
MATRICES = {box: NUMBERS[box.name] for box in BOXES}


@settings(max_examples=10)
@given(SEEDS)
def test_occurrences_redraw_the_same_arrow(seed):
    """An occurrence put back gives the same network and the same matrix over 𝔽₅."""
    rng = random.Random(seed)
    diagram = random_diagram(rng, rng.choice([0, 1, 2]), 5, CROSSED)
    pattern = random_diagram(rng, rng.choice([0, 1, 2]), 2, CROSSED)
    space = FVect(5)
    value = matrix(diagram, {X: 2}, MATRICES, space)
    for _, context in symmetric_occurrences(diagram, pattern):
        again = context.fill(pattern)
        assert symmetric_equal(again, diagram)
        if max(map(len, again.slices())) <= 4:
            assert matrix(again, {X: 2}, MATRICES, space) == value


def test_an_occurrence_must_be_convex():
    """d ; (f ⊗ 1) ; m holds d and m with a path through f outside: together they are no part of it."""
    f, m, d = BOXES[6:]
    diagram = Diagram(X, (d, 0), (f, 0), (m, 0))
    apart = (d @ X @ X) >> (X @ braid(X, X) @ X) >> (X @ X @ m)

    assert list(symmetric_occurrences(diagram, d @ m)) == []
    assert len(list(symmetric_occurrences(d @ m, d @ m))) == 1
    assert symmetric_equal(apart, (d @ X @ X) >> (X @ braid(X, X) @ X) >> (X @ X @ m))
    pattern = Diagram(X @ X, (d, 0), (m, 1))  # the second output of d enters m, whose other input comes from outside
    assert list(symmetric_occurrences(diagram, pattern)) == []


def test_patterns_in_several_parts_and_bare_wires_occur():
    f, m = BOXES[6], BOXES[7]
    diagram = f @ f

    assert len(list(symmetric_occurrences(diagram, f @ f))) == 2
    assert len(list(symmetric_occurrences(diagram, f @ X))) == 4  # the wires above and below the other box
    assert len(list(symmetric_occurrences(identity(X @ X), identity(X @ X)))) == 2
    assert len(list(symmetric_occurrences(identity(X @ X) >> m, identity(NOTHING)))) == 1


def hopf_matrices() -> dict[Box, list[list[int]]]:
    """Sweedler's Hopf algebra, neither commutative nor cocommutative, with S² ≠ 1: basis 1, g, x, gx.

    g² = 1, x² = 0, xg = −gx, δ(g) = g⊗g, δ(x) = x⊗1 + g⊗x, S(g) = g, S(x) = −gx.
    """
    h = hopf_theory()
    product = {(1, 1): (0, 1), (1, 2): (3, 1), (1, 3): (2, 1), (2, 1): (3, -1), (3, 1): (2, -1)}
    product |= {(0, i): (i, 1) for i in range(4)} | {(i, 0): (i, 1) for i in range(4)}
    mult = [[0] * 16 for _ in range(4)]
    for (a, b), (c, sign) in product.items():
        mult[c][4 * a + b] = sign
    copies = {0: [(0, 0)], 1: [(1, 1)], 2: [(2, 0), (1, 2)], 3: [(3, 1), (0, 3)]}
    copy = [[int((a, b) in copies[c]) for c in range(4)] for a in range(4) for b in range(4)]
    antipode = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, -1, 0]]
    values = {"μ": mult, "η": [[1], [0], [0], [0]], "δ": copy, "ε": [[1, 1, 0, 0]], "S": antipode}
    return {h[name]: value for name, value in values.items()}


def test_p57_the_antipode_reverses_products_and_copies():
    """Proved from the axioms, replayed, and seen in Sweedler's four-dimensional algebra, where the axioms hold too."""
    theory, values = hopf_theory(), hopf_matrices()
    x = theory["x"]
    theorems = [antipode_reverses_products(), antipode_reverses_copies()]

    assert all(theorem.check() for theorem in theorems)
    for rule in (*theory.rules, *(theorem.statement for theorem in theorems)):
        assert matrix(rule.lhs, {x: 4}, values) == matrix(rule.rhs, {x: 4}, values), rule.name
    mu, s = theory["μ"], theory["S"]
    homomorphism = (s @ s) >> mu  # the mutant: S(ab) = S(a) S(b)
    assert matrix(mu >> s, {x: 4}, values) != matrix(homomorphism, {x: 4}, values)
    assert prove_equal(mu >> s, homomorphism, theory.rules, steps=15, symmetric=True) is None


def test_a_lemma_from_stronger_axioms_is_refused():
    theorem = antipode_reverses_products()
    weaker = theorem.presentation.only("associativity")
    forged = type(theorem)(theorem.statement, weaker, theorem.proof, theorem.lemmas, symmetric=True)

    with pytest.raises(CertificateRejected, match="which is proved from"):
        forged.check()


def test_p57_spiders_fuse():
    theorems = frobenius_spiders()

    assert all(theorem.check() for theorem in theorems)
    theory = frobenius_theory(special=True, commutative=True)
    copying = {"μ": [[1, 0, 0, 0], [0, 0, 0, 1]], "η": [[1], [1]], "ε": [[1, 1]]}  # the basis that is copied
    copying["δ"] = [list(row) for row in zip(*copying["μ"], strict=True)]
    values = {theory[name]: value for name, value in copying.items()}
    for rule in (*theory.rules, *(theorem.statement for theorem in theorems)):
        assert matrix(rule.lhs, {theory["x"]: 2}, values) == matrix(rule.rhs, {theory["x"]: 2}, values)


def test_the_square_is_not_proved_without_special():
    """Without δ ; μ = id the square has a loop that the product has not: false in 𝔽[Z₂] with its Frobenius form."""
    theory = frobenius_theory(special=False, commutative=True)
    (square,) = [theorem for theorem in frobenius_spiders() if theorem.statement.name == "square"]
    group = {"μ": [[1, 0, 0, 1], [0, 1, 1, 0]], "η": [[1], [0]], "ε": [[1, 0]]}
    group["δ"] = [list(row) for row in zip(*group["μ"], strict=True)]
    values = {theory[name]: value for name, value in group.items()}

    for rule in theory.rules:
        assert matrix(rule.lhs, {X: 2}, values) == matrix(rule.rhs, {X: 2}, values)
    statement = square.statement
    assert matrix(statement.lhs, {X: 2}, values) != matrix(statement.rhs, {X: 2}, values)
    assert prove_equal(statement.lhs, statement.rhs, theory.rules, steps=15, symmetric=True) is None


@settings(max_examples=10)
@given(SEEDS)
def test_rewriting_is_sound_in_matrices(seed):
    """Every use of a Frobenius equation leaves the matrix in 𝔽[Z₂] as it was."""
    rng = random.Random(seed)
    theory = frobenius_theory(commutative=True)
    group = {"μ": [[1, 0, 0, 1], [0, 1, 1, 0]], "η": [[1], [0]], "ε": [[1, 0]]}
    group["δ"] = [list(row) for row in zip(*group["μ"], strict=True)]
    values = {theory[name]: value for name, value in group.items()}
    diagram = random_diagram(rng, 2, 4, (*theory.boxes, Swap(X, X)))
    value = matrix(diagram, {X: 2}, values)
    for rule in rng.sample(theory.rules, 3):
        for _, step, result in rewrites(diagram, rule, symmetric=True):
            assert replay(Proof(diagram, result, (step,)), theory.rules, symmetric=True)
            if max(map(len, result.slices())) <= 5:
                assert matrix(result, {X: 2}, values) == value


def test_matrices_are_refused_with_a_sentence():
    with pytest.raises(NotInterpreted, match="x has no dimension"):
        matrix(identity(X), {}, {})
    with pytest.raises(NotInterpreted, match="f has no matrix"):
        matrix(BOXES[6], {X: 2}, {})
    with pytest.raises(ShapeMismatch, match=r"needs a matrix of shape \(2, 2\)"):
        matrix(BOXES[6], {X: 2}, {BOXES[6]: [[1]]})
