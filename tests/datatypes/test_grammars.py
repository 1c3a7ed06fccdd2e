"""Grammar functors: what a decoder unfolds is well formed, whatever it does (FEATURES 62); mutual data types."""

from __future__ import annotations

import ast
import json
import math
import random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import atoms
from catcore.datatypes import Grammar, datatype, fold_together, grammar, mutual
from catcore.datatypes.grammars import Production
from catcore.errors import BadSpecification, IllTyped, ShapeMismatch, TooLarge, UnknownName

N, A = atoms("N A")

JSON = grammar(
    {
        "Value": ["Object", "Array", '"s"', "0", "-1.5", "true", "null"],
        "Object": ["{ }", "{ Members }"],
        "Members": ["Pair", "Pair , Members"],
        "Pair": ['"k" : Value'],
        "Array": ["[ ]", "[ Elements ]"],
        "Elements": ["Value", "Value , Elements"],
    }
)
SUMS = grammar(
    {
        "Sum": ["Sum + Product", "Product"],
        "Product": ["Product * Atom", "Atom"],
        "Atom": ["( Sum )", "x", "1", "- Atom"],
    }
)
scores = st.floats(-20, 20) | st.just(-math.inf)


def sampled(of: Grammar, start: str, logits: list[float], seed: int, height: int = 9) -> Any:
    def step(depth: int, production: Production) -> list[int]:
        return [depth + 1] * len(production.arguments)

    def rotated(depth: int) -> list[float]:
        return logits[depth % len(logits) :] + logits[: depth % len(logits)]

    return of.sample(start, 0, scores=rotated, step=step, height=height, random=random.Random(seed))


@given(st.lists(st.floats(-20, 20), min_size=16, max_size=16), st.integers(0, 10**6))
def test_every_sample_of_any_scores_parses(logits, seed):
    tree = sampled(JSON, "Value", logits, seed)

    json.loads(JSON.text(tree))
    assert tree.height <= 9


@given(st.lists(st.floats(-20, 20), min_size=8, max_size=8), st.integers(0, 10**6))
def test_another_grammar_and_another_judge(logits, seed):
    assert len(SUMS.productions) == 8
    tree = sampled(SUMS, "Sum", logits, seed)
    parsed = ast.parse(SUMS.text(tree), mode="eval")

    assert {type(node) for node in ast.walk(parsed)} <= {
        ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Mult, ast.USub, ast.Name, ast.Load, ast.Constant,
    }  # fmt: skip


@given(st.lists(st.floats(-3, 3), min_size=8, max_size=8), st.integers(0, 10**6))
def test_a_derivation_is_folded_as_the_language_means_it(logits, seed):
    tree = sampled(SUMS, "Sum", logits, seed, height=7)

    def clause(production: Production, *values: int) -> int:
        match production.symbols:
            case (_, "+", _):
                return values[0] + values[1]
            case (_, "*", _):
                return values[0] * values[1]
            case ("-", _):
                return -values[0]
            case ("x",):
                return 3
            case ("1",):
                return 1
        return values[0]

    assert SUMS.fold(tree, clause) == eval(SUMS.text(tree), {"__builtins__": {}}, {"x": 3})


def test_a_decoder_that_leaves_the_grammar_is_refused():
    atom = SUMS.of_sort["Atom"][1]
    with pytest.raises(
        IllTyped, match=r"into a Sum, and it gave Atom → x with 0 state\(s\). It may choose from Sum → Sum"
    ):
        SUMS.emit("Sum", 0, lambda sort, state, options: (atom, ()))
    with pytest.raises(IllTyped, match=r"with 1 state\(s\)"):
        SUMS.emit("Sum", 0, lambda sort, state, options: (options[0], (0,)))
    with pytest.raises(IllTyped, match="it gave 7"):
        SUMS.emit("Sum", 0, lambda sort, state, options: 7)  # type: ignore[arg-type, return-value]


def test_a_decoder_that_never_ends_is_stopped_or_bounded():
    def greedy(sort: str, state: int, options: tuple[Production, ...]) -> tuple[Production, list[int]]:
        return options[0], [state] * len(options[0].arguments)

    with pytest.raises(TooLarge, match="is not done; bound it with height="):
        SUMS.emit("Sum", 0, greedy)
    bounded = SUMS.emit("Sum", 0, greedy, height=5)
    assert bounded.height == 5
    ast.parse(SUMS.text(bounded), mode="eval")


def test_a_long_derivation_needs_no_deep_stack():
    right = grammar({"Word": ["a Word", ""]})
    tree = right.emit("Word", 5000, lambda _, n, options: (options[0], [n - 1]) if n else (options[1], []))

    assert tree.height == 5001
    assert right.text(tree, between="") == "a" * 5000
    assert right.fold(tree, lambda production, *below: 1 + sum(below)) == 5001


def test_the_functor_of_a_grammar():
    assert str(SUMS.functors["Sum"]) == "Id1 × Id2 + Id2"
    assert str(SUMS.functors["Atom"]) == "Id1 + 1 + 1 + Id3"
    kinds = [SUMS.datatypes[sort].fixed for sort in SUMS.rules]
    for sort, functor in SUMS.functors.items():  # the data types are a fixed point of the functors, on the nose
        assert functor(*kinds) is SUMS.datatypes[sort].fixed.unrolled()


def test_derivations_are_data():
    tree = SUMS.emit("Sum", 0, lambda sort, n, options: (options[-2 if sort == "Atom" else -1], [0] * (sort != "Atom")))
    Sum = SUMS.datatypes["Sum"]

    assert Sum.show(tree) == "Sum_1(c1(c2))"
    assert SUMS.text(tree) == "1"
    assert str(SUMS.production(tree)) == "Sum → Product"


def test_nonterminals_with_equal_data_types_are_told_apart_by_their_place():
    pairs = grammar({"Pair": ["Left Right"], "Left": ["a"], "Right": ["b"]})
    tree = pairs.parse("a b", "Pair")
    left, right = tree.layer

    assert pairs.text(tree) == "a b"
    assert pairs.fold(tree, lambda production, *below: [production.sort, *below]) == ["Pair", ["Left"], ["Right"]]
    assert left == right
    assert (pairs.text(left, sort="Left"), pairs.text(left, sort="Right")) == ("a", "b")
    with pytest.raises(IllTyped, match="is that of the nonterminals Left, Right; say which with sort="):
        pairs.text(left)
    with pytest.raises(IllTyped, match="A derivation of Left was asked for"):
        pairs.text(tree, sort="Left")


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: grammar({}), BadSpecification, "has no word of finite length"),
        (lambda: grammar({"A": ["a A"]}), BadSpecification, "A has no word of finite length"),
        (lambda: grammar({"A": ["B", "a"], "B": ["A B"]}), BadSpecification, "asked for, and B has no word"),
        (lambda: grammar({"A": []}), BadSpecification, "has no word"),
        (lambda: grammar({"": ["a"]}), BadSpecification, "named by texts"),
        (lambda: SUMS.emit("Word", 0, cast(Any, None)), UnknownName, "has no nonterminal 'Word'"),
        (lambda: sampled(SUMS, "Sum", [0.0] * 8, 0, height=2), BadSpecification, "the lowest has height 3"),
        (lambda: sampled(SUMS, "Sum", [0.0] * 3, 0), ShapeMismatch, "A score for each of the 8 productions"),
        (
            lambda: SUMS.text(datatype(lambda X: 1 + X).constructors[0]()),
            IllTyped,
            "A derivation of Sum, Product, Atom",
        ),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_mutual_data_types_unroll_into_each_other():
    for n in (1, 2, 3, 4):

        def equations(*unknowns, n=n):
            return tuple(1 + A * unknowns[(i + 1) % n] + unknowns[(i * i) % n] for i in range(n))

        from catcore.datatypes.mutual import solved

        kinds = solved(n, equations)
        for i, kind in enumerate(kinds):
            assert kind.unrolled() is 1 + A * kinds[(i + 1) % n] + kinds[(i * i) % n]


def test_mutual_folds_of_values():
    Tree, Forest = mutual(lambda tree, forest: (N * forest, 1 + tree * forest))
    (node,) = datatype(Tree, "Node").constructors
    nil, cons = datatype(Forest, "Nil", "Cons").constructors
    tree = node(1, cons(node(2, nil()), cons(node(3, nil()), nil())))

    total = fold_together(
        tree, {Tree: lambda layer: layer[0] + layer[1], Forest: lambda layer: sum(layer.value) if layer.value else 0}
    )
    assert total == 6
    with pytest.raises(UnknownName, match="give an algebra for that type as well"):
        fold_together(tree, {Tree: lambda layer: 0})
    with pytest.raises(IllTyped, match="2 equations were asked for"):
        mutual(lambda x, y: (1 + x,))
