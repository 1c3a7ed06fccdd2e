"""Exact solvers answer what was drawn, and brute force agrees with both (THEORY T7.1, T7.2; FEATURES 128, 131)."""

from __future__ import annotations

import itertools as it

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catcore.reasoning.traversals as traversals
from catcore.errors import BadSpecification, CatError, NotRecursive
from catcore.reasoning import Sample, Task, accuracy
from catcore.reasoning.arithmetic import PRODUCT, SUM, TIMES_DIGIT, digits, multiply, multiplying, numeral, scaling
from catcore.reasoning.numerals import SUCCESSOR, applied, carries, counting, number, read, shortcut, successor
from catcore.reasoning.numerals import numeral as binary
from catcore.reasoning.pointers import MULTICOUNT, NEIGHBOURS, WALK, copying, neighbouring, walk, walking
from catcore.reasoning.sums import HIGHEST, TRACE, highest_sum, summing
from catcore.reasoning.traversals import INORDER, ORDERS, PREORDER, TREES, stepping, steps, traversal, traversing
from tests.reasoning import odd

TASKS = [
    *(NEIGHBOURS, *NEIGHBOURS.parts, MULTICOUNT, *MULTICOUNT.parts, HIGHEST, TRACE, PRODUCT, SUM, TIMES_DIGIT),
    *(SUCCESSOR, *map(traversing, ORDERS), *map(stepping, ORDERS)),
    *(walking(range(1, 3), range(5)), neighbouring(range(1, 2)), summing(range(2)), multiplying(1), counting(range(1))),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_solvers_answer_what_was_drawn(task):
    samples = task.samples(40, seed=3)

    assert [(s, said) for s in samples if (said := task.solve(s.question)) != s.answer] == []
    assert task.samples(40, seed=3) == samples
    assert len({s.question for s in samples}) > 1


def test_a_wrong_solver_is_seen():
    """The right neighbour of the word before, a solver that follows the decoys, and one that forgets to turn around."""
    off_by_one = NEIGHBOURS.samples(20)
    assert accuracy(lambda q: " ".join(q.split()[1::2]), off_by_one) == 0
    assert accuracy(NEIGHBOURS.parts[3].solve, NEIGHBOURS.samples(20)) == 0
    assert accuracy(MULTICOUNT.parts[1].solve, MULTICOUNT.samples(20)) == 0
    assert accuracy(INORDER.solve, PREORDER.samples(50)) < 1
    assert accuracy(stepping("inorder").solve, stepping("preorder").samples(50)) < 1


@pytest.mark.parametrize("order", ORDERS)
def test_a_step_is_that_of_the_state_that_is_shown(order):
    """Samples come from the reduction of the fold, answers from rewriting the text; neither knows the other."""
    task = stepping(order)
    for tree in (sample.question for sample in traversing(order).samples(20)):
        states = steps(tree, ORDERS[order])
        assert [task.solve(state) for state in states[:-1]] == states[1:]
    assert task.solve("N(7, [1, 2], [3])") != task.solve("N(7, [3], [1, 2])")


def test_a_wrong_reduction_is_seen(monkeypatch):
    """Were the rightmost constructor taken, or a clause of another order used, the solver would say something else."""
    assert accuracy(stepping("preorder").solve, _drawn_by(lambda a, left, right: [*left, *right, a], monkeypatch)) < 1
    assert accuracy(stepping("preorder").solve, _drawn_by(lambda a, left, right: [a, *right, *left], monkeypatch)) < 1


def _drawn_by(clause, monkeypatch):
    """Samples of a step of preorder whose reduction has another clause at nodes."""
    right = traversals.steps
    monkeypatch.setattr(traversals, "steps", lambda tree, _: right(tree, clause))
    samples = stepping("preorder").samples(60)
    monkeypatch.setattr(traversals, "steps", right)
    return samples


def test_t7_2_the_sizes_of_the_paper():
    for sample in NEIGHBOURS.samples(30):
        assert 40 <= len(sample.question.split()) <= 50
        assert 11 <= len(sample.answer.split()) <= 21
    assert all(10 <= len(s.question.split(" | ")[0].split()) <= 20 for s in MULTICOUNT.samples(30))
    assert all(len(number) == 6 for s in PRODUCT.samples(30) for number in s.question.split("*"))


def test_neighbours_carry_decoys():
    """Half of the neighbours of visited words are doubles of words, which differ in the digit alone."""
    sample = NEIGHBOURS.samples(1)[0]
    words = sample.question.split()
    doubles = [b for a, b in zip(words[::2], words[1::2], strict=True) if a[:2] + a[3:] == b[:2] + b[3:]]

    assert 0 < len(doubles) < len(words) // 2
    assert set(doubles).isdisjoint(words[::2])


@given(st.lists(st.integers(-50, 50), max_size=9))
def test_t7_2_the_highest_sum_by_trying_all(numbers):
    """T7.2: 3 + 5 + 7 = 15 of 3, 2, 5, 10, 7."""
    sets = it.product((0, 1), repeat=len(numbers))
    apart = (s for s in sets if not any(a and b for a, b in it.pairwise(s)))

    assert highest_sum(tuple(numbers)) == max(sum(it.compress(numbers, s)) for s in apart)
    assert highest_sum((3, 2, 5, 10, 7)) == 15


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_products_of_machines(a, b):
    assert numeral(multiply(digits(str(a)), digits(str(b)))) == str(a * b)


def test_the_whole_is_composed_of_learned_parts_with_no_further_sample():
    """Tables of the two sub-tasks on small numbers give all products; a wrong table gives wrong ones."""
    table = {(d, a): [d * a % 10, d * a // 10] for d in range(10) for a in range(10)}
    times = lambda d, row: table[d, row[0]]  # noqa: E731
    samples = multiplying(1).samples(50)

    def answered(question):
        a, b = question.split("*")
        return numeral(multiply(digits(a), digits(b), scaler=times))

    assert accuracy(answered, samples) == 1
    table.update({(d, a): [0, 0] for d, a in table if d > 4})
    assert accuracy(answered, samples) < 1


def test_t7_1_the_successor_and_its_shortcuts():
    """T7.1, T2.6: exact below 2000, and a shortcut of depth d exact at d carries or fewer and wrong beyond."""
    assert SUCCESSOR.solve("I I O H") == "O O I H"
    assert SUCCESSOR.solve("I I H") == "O O O H"
    assert all(number(applied(successor, binary(n))) == n + 1 for n in range(1, 2000))
    for depth in range(5):
        term = shortcut(depth)
        assert all((number(applied(term, binary(n))) == n + 1) == (carries(binary(n)) <= depth) for n in range(1, 200))


def test_depths_of_recursion_are_drawn_alike():
    depths = [carries(read(sample.question)) for sample in counting(range(3, 6)).samples(300)]

    assert set(depths) == {3, 4, 5}
    assert min(map(depths.count, (3, 4, 5))) > 60


def test_t7_1_traversals():
    """T7.1: preorder 1 2 3 and inorder 2 1 3, in small steps too."""
    tree = "N(1, N(2, L, L), N(3, L, L))"

    assert PREORDER.solve(tree) == "1 2 3"
    assert INORDER.solve(tree) == "2 1 3"
    assert all(steps(tree, c)[-1] == str(traversal(c)(TREES.read(tree))) for c in ORDERS.values())
    assert len(steps(tree, ORDERS["inorder"])) == 1 + 7  # as many steps as constructors


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: walking(range(1)), "number of words has to be at least 1, and 0"),
        (lambda: walking(range(500, 501)).samples(1), "676 pairs of letters"),
        (lambda: WALK.solve(""), "an empty one"),
        (lambda: walk(0, ["aa1bb", "aa2cc"]), "begin differently"),
        (lambda: walk(0, ["aa1bb", "bb2aa"]), "leads back to itself"),
        (lambda: MULTICOUNT.solve("aabb bbcc"), "ends in '| START'"),
        (lambda: MULTICOUNT.solve("aabb bbcc | ddee"), "ends in '| START'"),
        (lambda: HIGHEST.solve("1 two"), "row of whole numbers"),
        (lambda: PRODUCT.solve("12+13"), r"reads NUMBER\*NUMBER"),
        (lambda: multiplying(0), "number of digits"),
        (lambda: read("I O"), "ends in H"),
        (lambda: binary(0), "whole number from 1 on, and 0"),
        (lambda: binary(odd(2.5)), "whole number from 1 on, and 2.5"),
        (lambda: read(odd(3)), "A numeral is a text, and 3"),
        (lambda: shortcut(odd("2")), "depth of a shortcut is a whole number, and '2'"),
        (lambda: shortcut(10**6), "depth of a shortcut has to be at most"),
        (lambda: counting(range(0)), "which is empty"),
        (lambda: counting(digits=[0]), "number of digits has to be at least 1"),
        (lambda: counting(odd(3)), "drawn from a range or a list, and 3"),
        (lambda: walking(range(3, 3)), "which is empty"),
        (lambda: walking(hops=range(-1, 3)), "number of steps has to be at least 0"),
        (lambda: copying([]), "which is empty"),
        (lambda: copying(odd([2.5])), "number of words is a whole number, and 2.5"),
        (lambda: neighbouring(odd(4)), "a range or a list"),
        (lambda: NEIGHBOURS.solve("ab3cd"), "'ab3cd' at the end has none"),
        (lambda: NEIGHBOURS.solve(odd(None)), "A question of PEN is a text, and None"),
        (lambda: walk(5, ["aa1bb"]), "place to start from has to be at most 0"),
        (lambda: walk(0, odd([1, 2])), "A word is a text, and 1"),
        (lambda: walk(0, []), "place to start from has to be at most -1"),
        (lambda: summing(range(5, 5)), "which is empty"),
        (lambda: summing(below=0), "bound of the numbers"),
        (lambda: summing(range(10**6, 10**6 + 1)), "at most 500"),
        (lambda: multiplying(odd(2.0)), "number of digits is a whole number, and 2.0"),
        (lambda: multiplying(10**5), "at most 1000"),
        (lambda: digits("12a"), "digits 0 to 9, and '12a'"),
        (lambda: scaling(12), "digit has to be at most 9"),
        (lambda: WALK.samples(-1), "number of samples has to be at least 0"),
        (lambda: WALK.samples(odd("3")), "number of samples is a whole number"),
        (lambda: traversing(odd(["preorder"])), "order of a traversal is a text"),
        (lambda: traversing("preorder", nodes=range(0)), "which is empty"),
        (lambda: stepping("inorder", nodes=[-1]), "number of nodes has to be at least 0"),
        (lambda: stepping("inorder", nodes=[10**5]), "number of nodes has to be at most"),
        (lambda: steps(odd(3), ORDERS["inorder"]), "tree to traverse is a text"),
        (lambda: stepping("inorder").solve("[1, 2]"), r"One step was to be made of '\[1, 2\]'"),
        (lambda: stepping("inorder").solve("N(1, L, L) | 0 | L"), "One step was to be made"),
        (lambda: stepping("inorder").solve("N(1, [], [2"), "One step was to be made"),
        (lambda: stepping("inorder").solve(""), "One step was to be made"),
        (lambda: stepping("inorder").solve(odd(3)), "A question of a step of inorder is a text"),
        (lambda: shortcut(-1), "depth of a shortcut"),
        (lambda: traversing("sideways"), "preorder"),
        (lambda: PREORDER.solve("N(1, L"), "character"),
    ],
)
def test_refusals_say_what_was_found(attempt, sentence):
    with pytest.raises((BadSpecification, CatError, NotRecursive), match=sentence):
        attempt()


def test_copies():
    assert copying().solve("a b c") == "a b c"
    assert copying(back=True).solve("a b c") == "c b a"
    assert str(Task("t", lambda _: Sample("", ""), str)) == "t"
    assert str(Sample("a", "b")) == "a ↦ b"
