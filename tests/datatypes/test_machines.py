"""Finite machines as coalgebras: runs, conversions, bisimulations, minimisation (T3.1–T3.3)."""

from __future__ import annotations

import contextlib
import itertools as it
import random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore import Homomorphism, finite_map
from catcore.datatypes import Bisimulation, Difference, Mealy, Moore, automaton, compare, mealy, minimal, moore, streams
from catcore.datatypes.automata.machines import Machine
from catcore.errors import BadSpecification, IllTyped, UnknownName
from catcore_proofs import verify

BITS = [(a, b) for a in (0, 1) for b in (0, 1)]


def add(carry, ab):
    total = carry + sum(ab)
    return total % 2, total // 2


ADDER = mealy(range(2), BITS, add)
MOD4 = moore(range(4), [0, 1], lambda s, x: (s + x) % 4, lambda s: s % 2)


@st.composite
def machines(draw: Any) -> Moore:
    n = draw(st.integers(1, 7))
    states = st.integers(0, n - 1)
    rows = draw(st.lists(st.tuples(states, states), min_size=n, max_size=n))
    seen = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    return Moore(("a", "b"), tuple(range(n)), tuple(seen), tuple(rows))


def behaviour(machine: Machine, state: Any, length: int) -> list[Any]:
    """What a state shows on all words up to a length; n states need words of at most n − 1 letters (T3.3)."""
    words = (w for k in range(length + 1) for w in it.product(machine.inputs, repeat=k))
    return [machine.observations[machine.number(machine.after(state, w))] for w in words]


def test_the_serial_adder_adds_t3_2():
    bits = [(1, 0), (1, 1), (0, 1), (1, 0), (0, 0)]  # 11 + 6, least digit first

    assert ADDER.run(0, bits) == [1, 0, 0, 0, 1]
    digits: list[Any] = ADDER.run(0, bits)
    assert sum(b << i for i, b in enumerate(digits)) == 17


def test_a_redundant_bit_is_merged_away_t3_3():
    wide = mealy(
        it.product((0, 1), (0, 1)), BITS, lambda s, ab: (add(s[0], ab)[0], (add(s[0], ab)[1], add(s[0], ab)[0]))
    )
    quotient = minimal(wide)

    assert quotient.classes == (((0, 0), (0, 1)), ((1, 0), (1, 1)))
    assert verify(quotient).ok


def test_the_counter_modulo_4_has_two_classes_t3_3():
    assert minimal(MOD4).classes == ((0, 2), (1, 3))
    assert verify(minimal(MOD4))["homomorphism"].evidence == "exhaustive"


@pytest.mark.parametrize("machine", [ADDER, MOD4, streams(range(4), lambda s: (s % 2, (s + 1) % 4))])
def test_the_quotient_map_is_a_homomorphism_of_coalgebras(machine):
    quotient = minimal(machine)
    square = Homomorphism(machine.coalgebra, quotient.image.coalgebra, quotient.map)

    assert verify(square).ok


def test_a_wrong_quotient_map_is_no_homomorphism():
    image = minimal(MOD4).image
    wrong = Homomorphism(MOD4.coalgebra, image.coalgebra, finite_map(4, 2, [0, 0, 1, 1]))

    assert verify(wrong).status == "fails"


@given(machines())
def test_minimisation_merges_what_behaves_alike(machine):
    quotient = minimal(machine)
    n = len(machine)
    alike = [behaviour(machine, s, n - 1) for s in machine.states]

    assert verify(quotient).ok
    for s, t in it.combinations(range(n), 2):
        assert (quotient.labels[s] == quotient.labels[t]) == (alike[s] == alike[t])
    assert minimal(quotient.image).labels == tuple(range(len(quotient.classes)))


@given(machines(), machines())
def test_comparing_two_states_agrees_with_all_short_words(left, right):
    bound = len(left) + len(right) - 1
    found = compare(left, 0, right, 0)
    same = behaviour(left, 0, bound) == behaviour(right, 0, bound)

    assert bool(found) == same
    if isinstance(found, Bisimulation):
        assert verify(found).ok
        assert len(found.pairs) <= len(left) + len(right)
    else:
        assert left.run(0, found.word) == found.left
        assert left.run(0, found.word)[-1] != right.run(0, found.word)[-1]
        shorter = len(found.word) - 1
        assert behaviour(left, 0, shorter) == behaviour(right, 0, shorter) if found.word else True


def test_a_wrong_bisimulation_is_refused_with_the_pair_that_breaks_it():
    good = compare(MOD4, 0, MOD4, 2)
    assert isinstance(good, Bisimulation)
    seen: Any = verify(Bisimulation(MOD4, MOD4, ((0, 2), (1, 2))))["same observations"].counterexample
    below: Any = verify(Bisimulation(MOD4, MOD4, ((0, 2),)))["related successors"].counterexample

    assert (seen.element, below.element) == ((1, 2), (0, 2))
    assert verify(good).ok


def test_mealy_machines_are_told_apart_by_an_input():
    other = mealy(range(2), BITS, lambda carry, ab: add(1 - carry if ab == (1, 1) else carry, ab))
    found = compare(ADDER, 0, other, 0)

    assert isinstance(found, Difference)
    assert found.word == ((1, 1),)
    assert (found.left, found.right) == ([0], [1])


@given(st.lists(st.sampled_from(BITS)))
def test_mealy_and_moore_machines_convert_both_ways_t3_2(word):
    as_moore = ADDER.to_moore()
    run = as_moore.run((0, None), word)

    assert len(run) == len(word) + 1
    assert run[1:] == ADDER.run(0, word) == as_moore.to_mealy().run((0, None), word)


def test_streams_are_machines_that_read_nothing():
    blink = streams("ab", lambda s: (s, "b" if s == "a" else "a"))

    assert blink.take("a", 5) == ["a", "b", "a", "b", "a"]
    assert minimal(streams(range(6), lambda s: (s % 2, (s + 1) % 6))).classes == ((0, 2, 4), (1, 3, 5))


def test_products_run_side_by_side():
    even = automaton("eo", "xy", lambda s, c: ("o" if s == "e" else "e") if c == "x" else s, "e")
    ends = automaton("ny", "xy", lambda s, c: "y" if c == "y" else "n", "y")
    both = even.product(ends).relabelled(lambda seen: seen == (True, True))

    words = ["".join(w) for n in range(6) for w in it.product("xy", repeat=n)]
    assert [w for w in words if both.accepts(("e", "n"), w)] == [
        w for w in words if w.count("x") % 2 == 0 and w.endswith("y")
    ]


@given(st.lists(st.sampled_from(BITS), max_size=8))
def test_mealy_machines_run_side_by_side_and_one_after_another(word):
    negate = mealy("s", [0, 1], lambda s, x: (1 - x, s))
    delay = mealy([0, 1], [0, 1], lambda s, x: (s, x))

    both = ADDER.product(ADDER).run((0, 1), word)
    assert both == list(zip(ADDER.run(0, word), ADDER.run(1, word), strict=True))
    digits: Any = ADDER.run(0, word)
    assert ADDER.then(negate).run((0, "s"), word) == [1 - x for x in digits]
    assert ADDER.then(delay).run((0, 0), word) == [0, *ADDER.run(0, word)][: len(word)]
    assert compare(negate.then(negate), ("s", "s"), mealy("e", [0, 1], lambda s, x: (x, s)), "e")
    with pytest.raises(UnknownName, match="has no input 1"):
        ADDER.then(mealy("s", [0], lambda s, x: (x, s)))


def test_streams_side_by_side_are_streams():
    up = streams(range(4), lambda s: (s, (s + 1) % 4))

    assert up.product(up).take((0, 1), 3) == [(0, 1), (1, 2), (2, 3)]
    with pytest.raises(IllTyped, match="of one kind"):
        up.product(cast(Any, MOD4))


def test_what_cannot_be_reached_is_left_out():
    machine = moore(range(6), "a", lambda s, _: s // 2, lambda s: s)

    assert machine.reachable(5).states == (0, 1, 2, 5)
    assert machine.reachable(5).run(5, "aaa") == machine.run(5, "aaa") == [5, 2, 1, 0]


def test_machines_become_graphs_and_come_back():
    blink = streams("ab", lambda s: (s, "b" if s == "a" else "a"))
    odd = automaton(["ε", "a/b"], ["x, y", '"'], lambda s, c: "ε" if c == '"' else s, ["a/b"])
    for machine in (MOD4, ADDER, blink, odd):
        assert type(machine).from_networkx(machine.to_networkx()) == machine
        assert type(machine).from_dot(machine.dot()) == machine
    assert 's0 -> s1 [label="1"' in MOD4.dot()
    assert '[label="(1, 1) / 0"' in ADDER.dot()
    assert r"\"" in moore(['"'], "a", lambda s, _: s, lambda s: 0).dot()


@given(machines())
def test_every_machine_comes_back_from_dot(machine):
    assert Moore.from_dot(machine.dot()) == machine


def test_digraphs_from_elsewhere_are_machines():
    text = """
    strict digraph parity { // an automaton
      rankdir = LR; node [shape=circle]
      even [shape=doublecircle]; odd
      even -> odd [label="1"]; odd -> even [label="1"];
      even -> even [label="0, 2"]  /* stays */ odd -> odd [label="0,2"]
    }"""
    machine = Moore.from_dot(text)

    assert machine.states == ("even", "odd")
    assert machine.inputs == (1, 0, 2)
    assert machine.accepts("even", [1, 0, 1])
    assert not machine.accepts("even", [1, 2])
    delay = Mealy.from_dot(
        'digraph { a -> a [label="0/x"]; a -> b [label="1/x"]; b -> a [label="0/y"]; b -> b [label="1/y"] }'
    )
    assert delay.run("a", [1, 0, 0]) == ["x", "y", "x"]


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("graph { a -- b }", BadSpecification, "'digraph' was expected"),
        ("digraph { a -> }", BadSpecification, "a name was expected"),
        ("digraph {\n a [label=]", BadSpecification, "in line 2 a name was expected"),
        ("digraph { a", BadSpecification, "ends within the graph"),
        ("digraph { subgraph x { a } }", BadSpecification, "subgraphs are not read"),
        ("digraph { } }", BadSpecification, "the graph has ended"),
        ("digraph { a ? b }", BadSpecification, "is no name"),
        ('digraph { a -> b [label="1"] }', IllTyped, "State 'b' needs exactly one edge"),
        ('digraph { a -> a [label="1"]; a -> a [label="1"] }', IllTyped, "State 'a' needs exactly one edge"),
        ('digraph { a [label="x"]; b [label="x"] }', IllTyped, "two nodes of the digraph share one"),
        (7, BadSpecification, "A digraph in DOT"),
    ],
)
def test_digraphs_that_are_no_machines_are_refused(text, error, sentence):
    with pytest.raises(error, match=sentence):
        Moore.from_dot(text)


def test_nothing_in_a_digraph_is_run():
    text = 'digraph { a [state="__import__(\'os\').getcwd()", observation="[1]"]; a -> a [inputs="(1,)"] }'

    assert Moore.from_dot(text).states == ("__import__('os').getcwd()",)


@given(st.text(alphabet='{}[]->;=,"\\ab1 /*#\n', max_size=40))
def test_no_text_crashes_the_reader(text):
    with contextlib.suppress(BadSpecification, IllTyped):
        Moore.from_dot("digraph {" + text)


def test_copies_of_a_large_machine_are_merged():
    rng = random.Random(1)
    n = 50_000
    rows = tuple((rng.randrange(n), (s + 1) % n) for s in range(n))
    machine = Moore(("a", "b"), tuple(range(n)), tuple(s % 2 for s in range(n)), rows)
    doubled = Moore(
        ("a", "b"),
        tuple(range(2 * n)),
        machine.observations * 2,
        tuple((a + n * (s % 2), b + n * ((s + 1) % 2)) for s, (a, b) in enumerate(rows * 2)),
    )
    quotient = minimal(doubled)

    assert len(quotient.classes) == len(minimal(machine).classes)
    assert verify(quotient).ok


def test_a_line_of_states_takes_few_steps():
    # n rounds for Moore's algorithm, which looks at every state in each
    n = 100_000
    line = Moore(("a",), tuple(range(n)), (1, *([0] * (n - 1))), tuple((max(s - 1, 0),) for s in range(n)))

    assert len(minimal(line).classes) == n


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: moore(range(2), "a", lambda s, _: s + 1, abs), UnknownName, "leads from 1 to 2"),
        (lambda: MOD4.run(7, []), UnknownName, "no state 7"),
        (lambda: MOD4.run(0, [2]), UnknownName, "no input 2"),
        (lambda: MOD4.product(moore([0], "z", lambda s, _: s, abs)), IllTyped, "that read one alphabet"),
        (lambda: compare(MOD4, 0, ADDER, 0), IllTyped, "of one kind and read the same inputs"),
        (lambda: Moore(("a",), (0,), (0,), ((1,),)), IllTyped, "A machine is total"),
        (lambda: Moore(("a",), (0, 0), (0, 0), ((0,), (0,))), IllTyped, "different names"),
        (lambda: Mealy(("a",), (0,), (), ((0,),)), IllTyped, "needs 1 observations"),
    ],
)
def test_refusals_say_what_was_found(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_a_graph_that_is_not_total_is_refused():
    graph = MOD4.to_networkx()
    graph.remove_edge(0, 1)

    with pytest.raises(IllTyped, match="State 0 needs exactly one edge"):
        Moore.from_networkx(graph)
