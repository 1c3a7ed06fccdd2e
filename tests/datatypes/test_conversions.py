"""Elements as nested Python values, as texts and as networkx graphs, for any data type (T2.3)."""

from __future__ import annotations

import contextlib
import math
from typing import Any, cast

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import FinSet, Id, functor, generator, mu, nu, unfold
from catcore.categories import PythonValues
from catcore.categories.finite_sets import Graph, Injected
from catcore.datatypes import datatype, mutual, smallest
from catcore.datatypes.enumeration import take
from catcore.errors import BadSpecification, IllTyped, NotInterpreted, UnknownName
from tests.datatypes.examples import TREE, Binary, Bits, Lists, N, Nat, Rose, Trees, again

Tree, Forest = mutual(lambda tree, forest: (N * forest, 1 + tree * forest))
Even, Odd, Third = mutual(lambda x, y, z: (1 + y * z, x + N, z * y + x))
LIST = functor(lambda X: mu(lambda Y: 1 + X * Y))
KINDS = {
    "lists": Lists,
    "trees": Trees,
    "numerals": Nat,
    "binary numerals": Binary,
    "bits": Bits,
    "rose trees": Rose,
    "named forests": datatype(Tree, "Tree"),
    "three that need each other": datatype(Even, "Stop", "Go"),
    "functions into branches": datatype(1 + N * Id ** FinSet(2), "Leaf", "Fork"),
    "functions of labels": datatype(FinSet("red", "blue") ** FinSet(2) + Id, "Leaf", "Wrap"),
    "lists of pairs with branches": datatype(lambda X: N * LIST(N * X), "Edges"),
    "sums inside products": datatype(lambda X: N * (1 + X) * (X + N), "Odd"),
    "lists of lists of branches": datatype(lambda X: 1 + LIST(LIST(X)), "Dot", "Grid"),
    "two lists of branches": datatype(lambda X: LIST(X) * LIST(X), "Both"),
    "lists of lists": datatype(LIST(LIST(N)), "Nil", "Cons"),
    "lists of trees": datatype(LIST(Trees.fixed), "Nil", "Cons"),
    "only names": datatype(FinSet("a", "b") + Id, "Stop", "On"),
}
BESIDE = {"named forests": (datatype(Forest, "None_", "More"),), "lists of trees": (Trees,)}


@pytest.mark.parametrize("name", KINDS)
def test_every_element_comes_back_from_each_form(name):
    kind, beside = KINDS[name], BESIDE.get(name, ())
    elements = take(smallest(kind.fixed), 120)

    assert len(set(elements)) == len(elements) > 50
    for x in elements:
        assert kind.from_nested(kind.nested(x, beside=beside), beside=beside) == x
        assert kind.read(kind.show(x, beside=beside), beside=beside) == x
        graph = kind.to_networkx(x, beside=beside)
        assert kind.from_networkx(graph, beside=beside) == x
        assert networkx.is_directed_acyclic_graph(graph)
        assert again(x) == x
    assert len({kind.show(x) for x in elements}) == len(elements)


def test_rose_trees_are_lists_in_tuples_and_branches_in_graphs():
    given: Any = ("Rose", 1, [("Rose", 2, []), ("Rose", 3, [("Rose", 4, [])])])
    tree = Rose.from_nested(given)
    graph = Rose.to_networkx(tree)

    assert Rose.nested(tree) == given
    assert Rose.show(tree) == "Rose(1, [Rose(2, []), Rose(3, [Rose(4, [])])])"
    assert graph.number_of_nodes() == 4
    assert graph.nodes[0]["labels"] == (1,)


def test_any_rooted_tree_is_a_rose_tree():
    graph = networkx.DiGraph([("a", "b"), ("a", "c"), ("c", "d")])
    graph.nodes["d"]["label"] = "leaf"

    assert Rose.nested(Rose.from_networkx(graph)) == (
        "Rose", "a", [("Rose", "b", []), ("Rose", "c", [("Rose", "leaf", [])])],
    )  # fmt: skip
    whole = Rose.from_networkx(networkx.balanced_tree(2, 4, create_using=networkx.DiGraph))
    assert Rose.fold(Rose=lambda n, below: 1 + sum(datatype(below.of).to_list(below)))(whole) == 31


def test_constructors_follow_from_the_number_of_branches():
    graph = networkx.DiGraph([(0, 1), (0, 2)])
    networkx.set_node_attributes(graph, {1: 5, 2: 7}, "label")

    assert Trees.show(Trees.from_networkx(graph)) == "Node(Leaf(5), Leaf(7))"


def test_shared_branches_stay_shared():
    leaf, node = Trees.constructors
    tree = leaf(1)
    for _ in range(60):
        tree = node(tree, tree)

    assert Trees.from_nested(Trees.nested(tree)) == tree
    graph = Trees.to_networkx(tree)
    assert graph.number_of_nodes() == 61
    assert Trees.from_networkx(graph) == tree


def test_deep_elements_need_no_deep_stack():
    zero, successor = Nat.constructors
    number = zero()
    for _ in range(10_000):
        number = successor(number)
    chain = Rose.from_nested(("Rose", 0, []))
    for i in range(1_500):
        chain = Rose.from_nested(("Rose", i, [chain]))

    assert Nat.from_nested(Nat.nested(number)) == number
    assert Nat.from_networkx(Nat.to_networkx(number)) == number
    assert Rose.from_nested(Rose.nested(chain)) == chain
    assert Rose.read(Rose.show(chain)) == chain
    assert len(Lists.to_list(Lists.read(str(list(range(20_000)))))) == 20_000


labels = (
    st.integers()
    | st.text(max_size=5)
    | st.booleans()
    | st.none()
    | st.fractions()
    | st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.lists(labels | st.tuples(labels, labels), max_size=4))
def test_labels_of_every_kind_are_read_back(items):
    value = Lists.list_of(items)
    read = Lists.read(Lists.show(value))

    assert read == value
    assert [type(x) for x in Lists.to_list(read)] == [type(x) for x in items]


@given(st.text(max_size=30))
def test_no_text_is_run_or_crashes(text):
    with contextlib.suppress(BadSpecification, UnknownName, IllTyped):
        assert Trees.read(Trees.show(Trees.read(text))) == Trees.read(text)


def test_elements_may_stand_for_themselves():
    assert Trees.from_nested(("Node", TREE, ("Leaf", 1))) == Trees.constructors[1](TREE, Trees.constructors[0](1))


def test_states_inside_a_further_fixed_point_are_unfolded():
    rose = nu(lambda X: N * LIST(X))
    count = generator("count", N, N * LIST(N))
    lists = datatype(LIST(N), "Nil", "Cons")
    tree = PythonValues({count: lambda n: (n, lists.list_of(range(n)))}).apply(unfold(rose, count), 3)
    label, below = tree.out()
    branches = datatype(below.of).to_list(below)

    assert label == 3
    assert below.of is LIST(rose)
    assert [branch.out()[0] for branch in branches] == [0, 1, 2]
    assert [b.out()[0] for b in datatype(below.of).to_list(branches[2].out()[1])] == [0, 1]


def loop() -> Any:
    given: list[Any] = []
    given.append(("Rose", 1, given))
    return ("Rose", 0, given)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: Rose.from_nested(loop()), IllTyped, "contains itself"),
        (lambda: Rose.from_nested(("Rose", 1, 2)), IllTyped, "A Python list was asked for"),
        (lambda: Rose.from_nested(("Rose", 1)), IllTyped, "takes 2 argument"),
        (lambda: Rose.from_nested(("Thorn", 1, [])), UnknownName, "'Thorn' is no constructor"),
        (lambda: Rose.from_nested(7), IllTyped, "a tuple with the name of a constructor first"),
        (lambda: Trees.from_nested(("Node", ("Leaf", 1), 2)), IllTyped, "and 2 was given"),
        (
            lambda: KINDS["functions into branches"].from_nested(("Fork", 1, [("Leaf",)])),
            IllTyped,
            "1 values were given",
        ),
        (lambda: Lists.read("{1 ↦ 2"), BadSpecification, "ends in the middle"),
        (lambda: Lists.read("{1, 2}"), BadSpecification, "',' has no place there"),
        (lambda: Lists.read("[Succ(1)]"), UnknownName, "'Succ' is no constructor here"),
        (lambda: Lists.read(cast(Any, 7)), BadSpecification, "not 7"),
        (lambda: Trees.from_networkx(networkx.Graph([(0, 1)])), IllTyped, "A directed graph with one root"),
        (lambda: Trees.from_networkx(networkx.DiGraph([(0, 2), (1, 2)])), IllTyped, "it has 2 roots"),
        (lambda: Trees.from_networkx(networkx.DiGraph([(3, 0), (0, 1), (1, 0)])), IllTyped, "has a cycle"),
        (
            lambda: Trees.from_networkx(networkx.DiGraph([(0, 1)])),
            IllTyped,
            "has 1 branches, which fits 0 constructors",
        ),
        (lambda: Bits.from_networkx(networkx.path_graph(4, networkx.DiGraph)), IllTyped, "An element of 2"),
        (lambda: Trees.from_networkx(networkx.DiGraph()), IllTyped, "it has 0 roots"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_a_graph_with_a_wrong_constructor_is_refused():
    graph = Trees.to_networkx(TREE)
    graph.nodes[0]["constructor"] = "Leaf"
    with pytest.raises(IllTyped, match="with 1 label"):
        Trees.from_networkx(graph)
    graph.nodes[0].update(labels=(1,))
    with pytest.raises(IllTyped, match=r"2 branch\(es\) more than the constructor Leaf"):
        Trees.from_networkx(graph)
    graph.nodes[0]["constructor"] = "Twig"
    with pytest.raises(UnknownName, match="has the constructor 'Twig'"):
        Trees.from_networkx(graph)


def test_the_smallest_elements_come_first():
    assert take(smallest(mu(Id)), 5) == []
    assert take(smallest(N * N, {N: 2}), 9) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [x(1) for x in take(smallest(FinSet(2) ** FinSet(2)), 4)] == [0, 1, 0, 1]
    assert len(take(smallest(1 + FinSet(2) * Bits.fixed), 100)) == 100
    assert Injected("inl", ()) in take(smallest(1 + N), 3)
    assert Graph(((0, 1),)) in take(smallest(N ** FinSet(1)), 3)
    with pytest.raises(NotInterpreted, match="its functions are too many"):
        take(smallest(N ** FinSet(100)), 1)
    assert math.isfinite(sum(x.size for x in take(smallest(Trees.fixed), 200)))
