"""Wrong values, ill-founded recursion, coalgebras that are not total, lawless semirings: one sentence each."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any, cast

import pytest

from catcore import FinSet, Id, Law, atoms, case, finite_map, fold, fst, generator, hylo, ident, mu
from catcore.categories import PythonValues
from catcore.datatypes import (
    Bisimulation,
    Choice,
    Moore,
    Problem,
    Quotient,
    Span,
    WeightedAutomaton,
    apo,
    automaton,
    compare,
    datatype,
    fold_together,
    free_monad,
    fuse,
    grammar,
    initial_chain,
    integral_transform,
    lawful,
    mealy,
    minimal,
    moore,
    mutual,
    para,
    ranks,
    streams,
    witnessed,
)  # fmt: skip
from catcore.datatypes.asynchrony import lazy, settle
from catcore.datatypes.semirings import MIN_PLUS
from catcore.drawing import tree_svg
from catcore.errors import BadSpecification, CatError, IllTyped, LawViolated, NotANumber, NotRecursive, UnknownName
from catcore_proofs import verify
from tests.datatypes.examples import LIST, TREE, Lists, N, Nat, Trees
from tests.datatypes.test_machines import MOD4

A, B = atoms("A B")
WRONG = cast(Any, 7)
word = grammar({"Word": ["a Word", "b"]})


LINE, POINT = WeightedAutomaton([1], {"a": [[2]]}, [1]), Span(1, (0,), (0,), (0,), 1)


def spend(cost):
    return Problem(lambda n: [Choice(cost, (n - 1,))] if n else [Choice(0)]).solve(1, MIN_PLUS)


def nat_fold():
    return fold(Nat.fixed, case(generator("z", 1, N), generator("s", N, N)))


def counting_down(given):
    c, a = generator("c", N, 1 + N), generator("a", 1 + N, N)
    return PythonValues({c: lambda n: given, a: lambda x: 0}).apply(hylo(1 + Id, a, c), 3)


def sampled(score):
    return word.sample("Word", 0, scores=lambda s: [score, 0.0], step=lambda s, p: [s] * len(p.arguments), height=4,
                       random=random.Random(0))  # fmt: skip


REFUSED: dict[str, tuple[Any, type[CatError], str]] = {
    "fold of a number": (lambda: PythonValues().apply(nat_fold(), 3), IllTyped, "at an element of μX. 1 . X, and 3"),
    "half of a number": (lambda: PythonValues().apply(fst(A, B), 3), IllTyped, "at an element of A × B, and 3"),
    "case of a pair": (lambda: PythonValues().apply(case(ident(A), ident(A)), (1, 2)), IllTyped, "at an element of A"),
    "a clause that is none": (lambda: Trees.fold(Leaf=WRONG, Node=max), IllTyped, "for Leaf is a Python"),
    "items of a number": (lambda: Lists.list_of(WRONG), IllTyped, "and 7 was given"),
    "items of a tree": (lambda: Lists.to_list(TREE), IllTyped, "An element of μX. 1"),
    "a number shown": (lambda: Trees.show(WRONG), IllTyped, "and 7 was given"),
    "another element shown": (lambda: Trees.show(LIST), IllTyped, "and an element of μX. 1"),
    "a number drawn": (lambda: tree_svg(WRONG), IllTyped, "and 7 was given"),
    "a chain of a text": (lambda: initial_chain(cast(Any, "x"), 3), IllTyped, "A functor is read off"),
    "no equations": (lambda: mutual(WRONG), IllTyped, "Equations are a Python function"),
    "equations without unknowns": (lambda: mutual(lambda: ()), IllTyped, "Equations are a Python function"),
    "labels nested deeply": (
        lambda: Lists.read("[" + "(" * 5000 + "1" + ",1)" * 5000 + "]"), BadSpecification, "nested too deeply",
    ),
    "a coalgebra with another value": (lambda: counting_down(2), IllTyped, "give an element of 1 . N at the state 3"),
    "a loop": (lambda: Problem(lambda n: [Choice(0, (n,))]).solve(1, MIN_PLUS), NotRecursive, "1 → 1 leads back"),
    "choices that are not there": (
        lambda: Problem(lambda s: cast(Any, {})[s]).solve(0, MIN_PLUS), IllTyped, "there are none: KeyError",
    ),
    "one subproblem without a tuple": (lambda: Choice(1, WRONG), IllTyped, "leaves a tuple of subproblems"),
    "a problem that is none": (lambda: Problem(WRONG), IllTyped, "a function from states to choices"),
    "a semiring that is none": (lambda: Problem(lambda s: []).solve(0, WRONG), IllTyped, "solved in a semiring"),
    "a semiring without sums": (
        lambda: lawful(replace(MIN_PLUS, add=lambda x, y: 1 // 0)), LawViolated, "cannot be looked at for",
    ),
    "a semiring of means": (
        lambda: lawful(replace(MIN_PLUS, add=lambda x, y: (x + y) / 2)), LawViolated, "'⊕ is associative' fails",
    ),
    "a state without hash": (lambda: moore(cast(Any, [[1]]), "a", lambda s, x: s, abs), IllTyped, "has no hash"),
    "an output without hash": (lambda: moore([1], "a", lambda s, x: s, lambda s: cast(Any, [s])), IllTyped, "no hash"),
    "a step that is not there": (
        lambda: moore(range(3), "a", lambda s, x: {0: 1}[s], abs), UnknownName, "not defined there: KeyError",
    ),
    "a step without output": (lambda: mealy(range(3), "a", lambda s, x: s), IllTyped, "an output and a next state"),
    "a stream without output": (lambda: streams(range(3), lambda s: cast(Any, s)), IllTyped, "an output and a next"),
    "states of no machine": (lambda: compare(MOD4, 0, WRONG, 0), IllTyped, "is no machine"),
    "no pairs": (lambda: Bisimulation(MOD4, MOD4, cast(Any, ((0,),))), IllTyped, "relates pairs of states"),
    "classes of some states": (lambda: Quotient(MOD4, (0, 1)), IllTyped, "a number for each"),
    "classes with a gap": (lambda: Quotient(MOD4, (0, 2, 0, 2)), IllTyped, "all of 0, 1, … in use"),
    "fusion with a number": (lambda: fuse(WRONG, nat_fold()), IllTyped, "An arrow is needed here"),
    "fusion under a text": (
        lambda: fuse(generator("h", N, A), nat_fold(), given=cast(Any, ["law"])), IllTyped, "are laws, and 'law'",
    ),
    "a cost that is a text": (
        lambda: spend("x"), IllTyped, r"The state 1 was to be answered .* 0 ⊗ 'x' was asked for in min-plus",
    ),
    "no cost": (lambda: spend(None), IllTyped, "0 ⊗ None was asked for in min-plus"),
    "a cost without order": (lambda: spend(1j), IllTyped, "inf ⊕ 1j was asked for in min-plus"),
    "a cost without hash": (
        lambda: Problem(lambda n: [Choice([1])]).best(0, MIN_PLUS), IllTyped, r"the cost \[1\] with the label None",
    ),
    "a cost that is no number": (lambda: spend(math.nan), NotANumber, "The cost of a choice"),
    "no number of best solutions": (
        lambda: Problem(lambda n: [Choice(0)]).best(0, MIN_PLUS, count=WRONG.bit_length), BadSpecification, "at least",
    ),
    "a word that is a number": (lambda: MOD4.run(0, WRONG), IllTyped, "The letters of a word are given one after"),
    "a word to be accepted": (lambda: MOD4.accepts(0, WRONG), IllTyped, "The letters of a word"),
    "a word of a Mealy machine": (lambda: mealy([1], "a", lambda s, x: (s, s)).run(1, WRONG), IllTyped, "letters of a"),
    "a word that is weighed": (lambda: LINE.weight(WRONG), IllTyped, "The letters of a word"),
    "a letter without hash": (lambda: MOD4.run(0, cast(Any, [[0]])), UnknownName, r"no input \[0\]"),
    "a named state without hash": (lambda: MOD4.run(cast(Any, [0]), [0]), UnknownName, r"no state \[0\]"),
    "a number of states": (lambda: moore(WRONG, "a", max, abs), IllTyped, "The states of a machine are given one"),
    "a number for a step": (lambda: moore([1], "a", WRONG, abs), IllTyped, "The step of a machine is a Python"),
    "a number for outputs": (lambda: moore([1], "a", lambda s, x: s, WRONG), IllTyped, "The output of a Moore machine"),
    "a number of accepting states": (
        lambda: automaton([1], "a", lambda s, x: s, WRONG), IllTyped, "The accepting states of a machine",
    ),
    "no machine to minimise": (lambda: minimal(WRONG), IllTyped, "A machine is minimised; one was expected, and 7"),
    "a negative number of outputs": (
        lambda: streams([0], lambda s: (0, 0)).take(0, -1), IllTyped, "is one of 0, 1, 2, …, and -1 was given",
    ),
    "weights that are a number": (lambda: WeightedAutomaton(WRONG, {}, []), IllTyped, "The initial weights are given"),
    "letters that are a list": (lambda: WeightedAutomaton([], WRONG, []), IllTyped, "a matrix for each letter"),
    "another automaton that is none": (lambda: LINE.difference(WRONG), IllTyped, "Two weighted automata are compared"),
    "a grammar that is none": (lambda: grammar(WRONG), IllTyped, "A grammar has words for each nonterminal"),
    "words that are a number": (lambda: grammar({"S": WRONG}), IllTyped, "The words of a nonterminal"),
    "a symbol that is a number": (lambda: grammar({"S": [[WRONG]]}), IllTyped, "A symbol of a grammar"),
    "a chain of a text of steps": (lambda: initial_chain(1 + Id, cast(Any, "x")), IllTyped, "steps of a chain"),
    "a hylomorphism of numbers": (lambda: hylo(1 + Id, WRONG, WRONG), IllTyped, "An arrow is needed here"),
    "a paramorphism of a number": (lambda: para(Nat.fixed, WRONG), IllTyped, "An arrow is needed here"),
    "an apomorphism to data": (lambda: apo(cast(Any, Nat.fixed), generator("c", N, N)), IllTyped, "greatest fixed"),
    "a free monad of a number": (lambda: free_monad(WRONG), IllTyped, "A functor is read off"),
    "operations that are numbers": (lambda: replace(MIN_PLUS, add=WRONG), IllTyped, "add of the semiring min-plus is"),
    "laws of no semiring": (lambda: lawful(WRONG), IllTyped, "Laws of a semiring are looked at"),
    "witnesses in no semiring": (lambda: witnessed(WRONG), IllTyped, "Witnesses are added to a semiring"),
    "a span that is none": (lambda: integral_transform(WRONG, MIN_PLUS, [1]), IllTyped, "A span was expected"),
    "a span to texts": (lambda: Span(1, cast(Any, "a"), (0,), (0,), 1), IllTyped, "The map i of a span goes"),
    "a span over no semiring": (lambda: integral_transform(POINT, WRONG, [1]), IllTyped, "in a semiring; one was"),
    "a transform of texts": (lambda: integral_transform(POINT, MIN_PLUS, ["x"]), IllTyped, "0 ⊗ 'x' was asked for"),
    "edges that are a number": (
        lambda: settle(WRONG, MIN_PLUS, lazy(MIN_PLUS), start={}, seed=0), IllTyped, "The edges are given one after",
    ),
    "an edge without weight": (
        lambda: settle([cast(Any, (0, 1))], MIN_PLUS, lazy(MIN_PLUS), start={}, seed=0), IllTyped, "An edge .source",
    ),
    "messages in no semiring": (lambda: lazy(WRONG), IllTyped, "A cocycle over a semiring; one was expected"),
    "a number folded together": (lambda: fold_together(WRONG, {}), IllTyped, "An element of a data type was expected"),
    "a tree of a number": (lambda: Trees.from_networkx(WRONG), IllTyped, "A graph of networkx was expected"),
    "a machine of a number": (lambda: Moore.from_networkx(WRONG), IllTyped, "A graph of networkx was expected"),
    "weights of a number": (lambda: WeightedAutomaton.from_networkx(WRONG), IllTyped, "A graph of networkx"),
    "outputs changed by a number": (lambda: MOD4.relabelled(WRONG), IllTyped, "A change of outputs is a Python"),
    "a product with a number": (lambda: MOD4.product(WRONG), IllTyped, "A machine beside this one was expected"),
    "a composite with a number": (
        lambda: mealy([1], "a", lambda s, x: (s, s)).then(WRONG), IllTyped, "A Mealy machine that reads the outputs",
    ),
    "a decoder that is a number": (lambda: word.emit("Word", 0, WRONG), IllTyped, "A decoder is a Python function"),
    "a height that is a text": (
        lambda: word.emit("Word", 0, lambda *_: WRONG, height=cast(Any, "x")), IllTyped, "The height of a derivation",
    ),
    "ranks of a number": (lambda: ranks(1 + Id, WRONG, [0]), IllTyped, "is a Python function"),
    "ranks of unknown states": (lambda: ranks(1 + Id, generator("c", N, 1 + N)), IllTyped, "cannot be listed, so say"),
    "ranks of no coalgebra": (lambda: ranks(1 + Id, generator("c", N, N), [0]), IllTyped, "was to be ranked, and c"),
    "ranks in a circle": (
        lambda: ranks(Id, finite_map(FinSet(2), FinSet(2), [1, 0])), NotRecursive, "0 → 1 → 0 leads back to itself",
    ),
    "a transform of a number": (lambda: integral_transform(POINT, MIN_PLUS, WRONG), IllTyped, "A value for each input"),
    "scores that are not numbers": (lambda: sampled(math.nan), NotANumber, "numbers or −∞"),
    "scores without bound": (lambda: sampled(math.inf), NotANumber, "numbers or −∞"),
}  # fmt: skip


@pytest.mark.parametrize(("attempt", "error", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_sentence_says_what_is_wrong(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_scores_that_forbid_everything_forbid_nothing():
    assert word.text(sampled(-math.inf)) == "b"
    tree = word.sample(
        "Word", 0, scores=lambda s: [-math.inf] * 2, step=lambda s, p: [s] * len(p.arguments), height=3,
        random=random.Random(1),
    )  # fmt: skip
    assert word.text(tree).endswith("b")


def test_machines_without_states_or_inputs():
    empty = moore([], "ab", lambda s, x: s, abs)

    assert minimal(empty).classes == ()
    assert empty.coalgebra.carrier is empty.coalgebra.structure.dom
    assert minimal(moore(range(5), [], lambda s, x: s, lambda s: s % 2)).classes == ((0, 2, 4), (1, 3))
    assert verify(Bisimulation(MOD4, MOD4, ())).ok


def test_constructors_may_have_any_name():
    for names in (("inl", "inr"), ("True", "None"), ("class", "def"), ("Blätter", "Knoten")):
        kind = datatype(N + Id * Id, *names)
        tree = kind.from_nested((names[1], (names[0], 1), (names[0], 2)))
        assert kind.read(kind.show(tree)) == tree


def test_types_without_elements_have_no_constructors_that_apply():
    (loop,) = datatype(Id, "Loop").constructors
    for attempt in (lambda: loop(), lambda: loop(3), lambda: datatype(mu(Id), "Loop").read("Loop(Loop)")):
        with pytest.raises(IllTyped):
            attempt()


def test_laws_that_are_hypotheses_are_looked_at():
    law = Law("h", generator("h", N, A), generator("k", N, A))
    assert not fuse(generator("h", N, A), nat_fold(), given=[law])
