"""Steps about elements of sums: facts, absurd equations, sums left as they are, and constructors that are exchanged."""

from __future__ import annotations

import pytest

from catcore_proofs import replay
from tests.proofs.certificates import ATOM, OTHER, SAME, certificate, changed, equation, refused

BIT, V0 = ["+", "1", "1"], ["v", 0]
SIGNATURE = {"f": [ATOM, ATOM], "p": [ATOM, BIT], "q": [ATOM, BIT]}
YES, NO = [";", ["!"], ["i1", "1"]], [";", ["!"], ["i2", "1"]]
ASKED = [";", ["gen", "f"], ["gen", "p"]]
IS_YES, IS_NO = equation(ATOM, BIT, ASKED, YES), equation(ATOM, BIT, ASKED, NO)

# x where p(f(x)) says yes, and f(x) where it says no
CHOICE = [";", ["<>", ["id"], ASKED], ["dist"], ["[]", ["p1"], [";", ["p1"], ["gen", "f"]]]]
FACT = certificate(ATOM, ATOM, CHOICE, ["id"], ["fact", 0, [V0], True, SAME], signature=SIGNATURE, given=[IS_YES])


@pytest.mark.parametrize(
    "proof",
    [
        SAME,
        ["fact", 1, [V0], True, SAME],
        ["fact", -1, [V0], True, SAME],
        ["fact", 0, [], True, SAME],
        ["fact", 0, [["1"]], True, SAME],
        ["fact", 0, [["g", "f", V0]], True, SAME],  # about p(f(f(x)))
        ["fact", 0, [V0], False, SAME],  # the other side is no neutral element
        ["fact", 0, [V0], True, ["fact", 0, [V0], True, SAME]],  # it is known by then
        ["fact", 0, [V0], True],
    ],
    ids=str,
)
def test_a_fact_is_what_an_equation_says_about_a_neutral_element(proof):
    replay(FACT)
    refused(changed(FACT, proof=proof))


def test_a_fact_is_known_in_its_own_branch_only():
    pair = certificate(
        ATOM, ["*", ATOM, ATOM], ["<>", CHOICE, CHOICE], ["<>", ["id"], ["id"]],
        ["parts", ["fact", 0, [V0], True, SAME], ["fact", 0, [V0], True, SAME]], signature=SIGNATURE, given=[IS_YES],
    )  # fmt: skip

    replay(pair)
    refused(changed(pair, proof=["parts", ["fact", 0, [V0], True, SAME], SAME]))


def test_a_fact_of_the_other_case_proves_the_other_equation_only():
    other = {**FACT["statement"], "given": [IS_NO]}

    refused(changed(FACT, statement=other))
    replay(changed(FACT, statement={**other, "rhs": ["gen", "f"]}))


ABSURD = certificate(
    ATOM, ATOM, ["id"], ["gen", "f"], ["fact", 0, [V0], True, ["absurd", 1, [V0]]],
    signature=SIGNATURE, given=[IS_YES, IS_NO],
)  # fmt: skip


@pytest.mark.parametrize(
    "proof",
    [
        ["absurd", 1, [V0]],  # p(f(x)) is neither case yet
        ["fact", 0, [V0], True, ["absurd", 0, [V0]]],  # yes is yes
        ["fact", 0, [V0], True, ["absurd", 2, [V0]]],
        ["fact", 0, [V0], True, ["absurd", 1, [["g", "f", V0]]]],
        ["fact", 0, [V0], True, SAME],
    ],
    ids=str,
)
def test_an_absurd_equation_equates_two_cases(proof):
    replay(ABSURD)
    refused(changed(ABSURD, proof=proof))


def test_a_finite_set_has_different_elements():
    three = ["f", 3]
    value = {k: equation(ATOM, three, [";", ["!"], ["fin", "1", three, [k]]], [";", ["!"], ["fin", "1", three, [0]]])
             for k in (0, 1)}  # fmt: skip
    claim = certificate(ATOM, ATOM, ["id"], ["gen", "f"], ["absurd", 0, [V0]], signature=SIGNATURE, given=[value[1]])

    replay(claim)
    refused(changed(claim, statement={**claim["statement"], "given": [value[0]]}))


def test_the_unit_of_a_monad_may_be_a_bind():
    """Where different heads do not exclude each other, nothing is absurd."""
    monad = ["T", "T", ATOM]
    given = equation(ATOM, monad, ["unit", "T"], ["gen", "t"])
    signature = {**SIGNATURE, "t": [ATOM, monad]}
    claim = certificate(ATOM, ATOM, ["id"], ["gen", "f"], ["absurd", 0, [V0]], signature=signature, given=[given])
    claim["statement"]["functors"] = {"T": "monad"}

    refused(claim, "absurd equation is one between elements of a sum")


REWRITE = ["rewrite", 0, 0, [V0], True, SAME]
UNSPLIT = certificate(
    ATOM, BIT, ["gen", "p"], ["gen", "q"], ["unsplit", REWRITE], signature=SIGNATURE,
    given=[equation(ATOM, BIT, ["gen", "p"], ["gen", "q"])],
)  # fmt: skip


@pytest.mark.parametrize("proof", [REWRITE, SAME, ["unsplit", SAME], ["unsplit"]], ids=str)
def test_elements_of_sums_may_be_compared_as_they_are(proof):
    replay(UNSPLIT)
    refused(changed(UNSPLIT, proof=proof))
    refused(changed(UNSPLIT, statement={**UNSPLIT["statement"], "given": []}))


# ---- constructors --------------------------------------------------------------------------------------------------


def nil(of):
    """The empty list of any type."""
    return [";", ["!"], ["i1", ["*", of, LISTS[str(of)]]], ["in", LISTS[str(of)]]]


LISTS = {str(of): ["μ", ["+", "1", ["*", of, ["h", 0]]]] for of in (ATOM, OTHER)}
OF_ATOMS, OF_OTHERS = LISTS[str(ATOM)], LISTS[str(OTHER)]
EMPTY = equation(ATOM, OF_ATOMS, nil(ATOM), ["gen", "h"])
CONSTRUCTOR = certificate(
    ATOM, ["*", OF_ATOMS, OF_OTHERS], ["<>", nil(ATOM), nil(OTHER)], ["<>", ["gen", "h"], nil(OTHER)], REWRITE,
    signature={"h": [ATOM, OF_ATOMS], "k": [ATOM, OF_OTHERS]}, given=[EMPTY],
)  # fmt: skip


def test_a_constructor_is_exchanged_where_it_has_its_type():
    """The empty lists of two types look alike."""
    replay(CONSTRUCTOR)
    for proof in (SAME, ["rewrite", 1, 0, [V0], True, SAME], ["rewrite", 0, 0, [V0], True, REWRITE, SAME]):
        refused(changed(CONSTRUCTOR, proof=proof))
    wrong = {**CONSTRUCTOR["statement"], "rhs": ["<>", nil(ATOM), ["gen", "k"]]}
    refused(changed(CONSTRUCTOR, statement=wrong))


def test_an_equation_of_constructors_says_nothing_about_another_type():
    """in(l) = in(r(l)) in one type is no such equation in another one."""

    def constant(kind, *injections):
        return [";", ["!"], *injections, ["in", kind]]

    def both(rest):
        kind = ["μ", ["+", "1", ["+", "1", rest]]]
        sides = constant(kind, ["i1", ["+", "1", rest]]), constant(kind, ["i1", rest], ["i2", "1"])
        return kind, sides

    (one, sides), (two, other) = both("1"), both(ATOM)
    claim = certificate(ATOM, one, sides[0], sides[1], REWRITE, given=[equation(ATOM, one, sides[0], sides[1])])

    replay(claim)
    refused(changed(claim, statement={**claim["statement"], "cod": two, "lhs": other[0], "rhs": other[1]}))
