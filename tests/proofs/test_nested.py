"""Laws of data with data inside: trees with lists of branches, by induction on several equations (T2.3, T2.4)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catcore import Id, Law, One, atoms, case, curry, ev, fold, functor, generator, ident, in_, inl, inr, mu, snd
from catcore.structures.lists import LIST
from catcore_proofs import prove, replay
from catcore_proofs.latex import latex
from catcore_proofs.library.data import reverse
from tests.proofs.certificates import ATOM, OTHER, SAME, certificate, equation, refused

A, B, C, D, E = atoms("A B C D E")
ROSE = functor(lambda a: mu(lambda x: a * LIST(x)))
ROSES, ROSES_B = ROSE(A), ROSE(B)
F, G = generator("f", A, B), generator("g", B, C)
SHAPES = {
    "lists": functor(lambda x: E * LIST(x)),
    "lists of lists": functor(lambda x: E * LIST(LIST(x))),
    "trees": functor(lambda x: One + E * mu(lambda y: x + y * y)),
    "lists of functions": functor(lambda x: E * LIST(x**C)),
    "two kinds": functor(lambda x: E + LIST(x) * LIST(E * x)),
}


def mirror(of: Any) -> Any:
    """The tree with the branches of every node in the opposite order."""
    trees = ROSE(of)
    return fold(trees, (ident(of) * reverse(trees)) >> in_(trees))


def size(of: Any) -> Any:
    """The number of nodes, as a numeral."""
    numerals = mu(1 + Id)
    zero, successor = inl(One, numerals) >> in_(numerals), inr(One, numerals) >> in_(numerals)
    add = fold(numerals, case(curry(snd(One, numerals)), curry(ev(numerals, numerals) >> successor)))
    total = fold(LIST(numerals), case(zero, (add * ident(numerals)) >> ev(numerals, numerals)))
    return fold(ROSE(of), snd(of, LIST(numerals)) >> total >> successor)


LAWS = {
    "map of the identity": (ROSE(ident(A)), ident(ROSES)),
    "map of a composite": (ROSE(F >> G), ROSE(F) >> ROSE(G)),
    "fold of the constructor": (fold(ROSES, in_(ROSES)), ident(ROSES)),
    "mirrored twice": (mirror(A) >> mirror(A), ident(ROSES)),
    "mirror is natural": (mirror(A) >> ROSE(F), ROSE(F) >> mirror(B)),
    "size of a map": (ROSE(F) >> size(B), size(A)),
}


@pytest.mark.parametrize(("lhs", "rhs"), LAWS.values(), ids=LAWS)
def test_laws_of_trees_with_lists_of_branches(lhs, rhs):
    verdict = prove(lhs, rhs)

    assert verdict.evidence == "proved"
    found = json.loads(json.dumps(verdict.certificate))
    replay(found)
    assert found["proof"][0] == "mutual"


@pytest.mark.parametrize("layer", SHAPES.values(), ids=SHAPES)
def test_fusion_and_uniqueness_of_folds(layer):
    data = mu(layer)
    a, b, h = generator("a", layer(A), A), generator("b", layer(B), B), generator("h", A, B)
    k = generator("k", data, A)
    premise, clause = Law("h", a >> h, layer(h) >> b), Law("k", in_(data) >> k, layer(k) >> a)

    assert prove(in_(data) >> fold(data, a), layer(fold(data, a)) >> a).evidence == "proved"
    assert prove(fold(data, a) >> h, fold(data, b), given=[premise]).evidence == "proved"
    assert prove(k, fold(data, a), given=[clause]).evidence == "proved"
    assert prove(fold(data, a) >> h, fold(data, b)).status != "holds"
    assert prove(k, fold(data, a)).status != "holds"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (mirror(A), ident(ROSES)),
        (ROSE(generator("e", A, A)), ident(ROSES)),
        (mirror(A) >> ROSE(F), ROSE(F)),
    ],
)  # fmt: skip
def test_false_laws_are_refuted(lhs, rhs):
    verdict = prove(lhs, rhs)

    assert verdict.status == "fails"
    assert verdict.counterexample is not None


def test_the_proof_can_be_read():
    assert "By one induction on this equation and 1 more" in latex(prove(*LAWS["map of the identity"]).certificate)


# ---- the kernel ------------------------------------------------------------------------------------------------------

TREE: Any = ["μ", ["*", ATOM, ["μ", ["+", "1", ["*", ["h", 1], ["h", 0]]]]]]
BRANCHES: Any = ["μ", ["+", "1", ["*", TREE, ["h", 0]]]]
V: Any = [["v", i] for i in range(6)]
SIGNATURE = {"u": [TREE, OTHER], "w": [TREE, OTHER], "p": [BRANCHES, OTHER], "q": [BRANCHES, OTHER]}


def after(*terms: Any) -> Any:
    return [";", *terms]


NIL, CONS = after(["!"], ["i1", ["*", TREE, BRANCHES]], ["in", BRANCHES]), after(["i2", "1"], ["in", BRANCHES])
PAIR = ["*", TREE, BRANCHES]
BRANCH = ["*", ATOM, BRANCHES]


def of_trees(name: str, by: str) -> Any:
    """What a map gives at a tree is what another one gives at its branches."""
    return equation(BRANCH, OTHER, after(["in", TREE], ["gen", name]), after(["p2"], ["gen", by]))


def of_lists(name: str, by: str) -> Any:
    """What a map gives at a list that is not empty is what another one gives at its head."""
    return equation(PAIR, OTHER, after(CONS, ["gen", name]), after(["p1"], ["gen", by]))


EMPTY = equation("1", OTHER, after(NIL, ["gen", "p"]), after(NIL, ["gen", "q"]))
GIVEN = [of_trees("u", "p"), of_trees("w", "q"), of_lists("p", "u"), of_lists("q", "w"), EMPTY]


def both(number: int, point: Any, other: int, end: Any) -> Any:
    return ["rewrite", 0, number, point, True, ["rewrite", 1, other, point, True, end]]


def use(number: int, *point: Any) -> Any:
    return ["rewrite", 0, number, list(point), True, SAME]


def companion(cons: Any, on: int = 0) -> Any:
    sides = ["g", "p", V[0]], ["g", "q", V[0]]
    nil = ["rewrite", 0, 4, [["1"]], True, SAME]
    return [[BRANCHES], OTHER, *sides, on, ["split", V[1], [nil, both(2, [V[2], V[3]], 3, cons)]]]


def together(first: Any, cons: Any, on: int = 0, given: Any = GIVEN) -> Any:
    proof = ["mutual", 0, both(0, [V[1], V[2]], 1, first), [companion(cons, on)]]
    return certificate(TREE, OTHER, ["gen", "u"], ["gen", "w"], proof, signature=SIGNATURE, given=given)


BRANCHES_ARE_PARTS, HEAD_IS_A_PART = use(-2, V[2]), use(5, V[2])


def test_two_equations_are_proved_by_one_induction():
    replay(together(BRANCHES_ARE_PARTS, HEAD_IS_A_PART))


@pytest.mark.parametrize(
    ("first", "cons", "on"),
    [
        (SAME, HEAD_IS_A_PART, 0),
        (BRANCHES_ARE_PARTS, SAME, 0),
        (use(5, V[0]), HEAD_IS_A_PART, 0),  # the tree itself
        (use(-2, ["in", ["r", ["*", V[0], V[2]]]]), HEAD_IS_A_PART, 0),  # a list that the tree is in
        (BRANCHES_ARE_PARTS, use(-2, V[0]), 0),  # the list itself
        (BRANCHES_ARE_PARTS, use(5, ["in", ["*", ["v", 4], V[3]]]), 0),
        (use(-1, V[2]), HEAD_IS_A_PART, 0),
        (use(-3, V[2]), HEAD_IS_A_PART, 0),
        (use(7, V[2]), HEAD_IS_A_PART, 0),
        (BRANCHES_ARE_PARTS, HEAD_IS_A_PART, 1),
        (BRANCHES_ARE_PARTS, HEAD_IS_A_PART, -1),
        (BRANCHES_ARE_PARTS, HEAD_IS_A_PART, "0"),
    ],
    ids=str,
)
def test_what_is_no_part_is_refused(first, cons, on):
    refused(together(first, cons, on))


def test_every_proof_is_needed():
    good = together(BRANCHES_ARE_PARTS, HEAD_IS_A_PART)
    step = good["proof"]
    for proof in (["mutual", *step[1:3], []], ["mutual", *step[1:3]], ["mutual", *step[1:3], [step[3][0][:-1]]],
                  ["induct", *step[1:3]]):  # fmt: skip
        refused({**good, "proof": proof})
    without_end = [each for each in GIVEN if each is not EMPTY]
    refused(together(BRANCHES_ARE_PARTS, HEAD_IS_A_PART, given=without_end))


def test_a_circle_through_a_larger_element_is_refused():
    """``u(t) = p([t])`` and ``p([t, …]) = u(t)``, and so for w and q: no equation between u and w follows."""
    single = after(["<>", ["id"], NIL], CONS)
    given = [
        equation(TREE, OTHER, ["gen", "u"], after(single, ["gen", "p"])),
        equation(TREE, OTHER, ["gen", "w"], after(single, ["gen", "q"])),
        *GIVEN[2:],
    ]
    nil = ["in", ["l", ["1"]]]
    at_single = use(-2, ["in", ["r", ["*", V[0], nil]]])
    proof = ["mutual", 0, both(0, [V[0]], 1, at_single), [companion(HEAD_IS_A_PART)]]
    ends = TREE, OTHER, ["gen", "u"], ["gen", "w"]
    refused(certificate(*ends, proof, signature=SIGNATURE, given=given), "not smaller")


def test_names_of_companions_mean_nothing_outside():
    for proof in (use(-2, V[0]), ["induct", 0, use(-2, V[2])]):
        refused(certificate(TREE, OTHER, ["gen", "u"], ["gen", "w"], proof, signature=SIGNATURE, given=GIVEN))
