"""Texts become derivations, for every context-free grammar, and errors name their place (FEATURES 62)."""

from __future__ import annotations

import itertools as it
from functools import partial
from random import Random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.datatypes import grammar
from catcore.errors import BadSpecification, IllTyped, TooLarge, UnknownName

ARITHMETIC = grammar({"Sum": ["Sum + Term", "Term"], "Term": ["Term * Atom", "Atom"], "Atom": ["( Sum )", "x", "1"]})
LISTS = grammar({"List": ["item List", ""]})

symbols = st.sampled_from(["A", "B", "a", "b"])
words = st.lists(st.lists(symbols, max_size=3), min_size=1, max_size=3)


@given(st.integers(0, 2**32 - 1))
def test_what_a_decoder_emits_is_parsed_again(seed):
    tree = ARITHMETIC.sample(
        "Sum", 0, scores=lambda s: [0.4, 0.6, 0.3, 0.7, 0.5, 0.3, 0.3], step=lambda s, p: [s] * len(p.arguments),
        height=9, random=Random(seed),
    )  # fmt: skip

    assert ARITHMETIC.parse(ARITHMETIC.text(tree), "Sum") == tree
    assert ARITHMETIC.parse(ARITHMETIC.text(tree, between=""), "Sum", spaces=False) == tree


def derivations(rules, sort, length):
    """How often each word up to a length is derived, by trees up to a height above which none is new, or twice."""
    found: dict[str, dict[str, int]] = {s: {} for s in rules}
    for _ in range(3 * length + 6):
        found = {s: _one_higher(rules, s, found, length) for s in rules}
    return found[sort]


def _one_higher(rules, sort, found, length):
    counts: dict[str, int] = {}
    for word in dict.fromkeys(map(tuple, rules[sort])):
        so_far = {"": 1}
        for symbol in word:
            so_far = _joined(so_far, found.get(symbol, {symbol: 1}), length)
        for text, count in so_far.items():
            counts[text] = min(counts.get(text, 0) + count, 2)
    return counts


def _joined(left, right, length):
    joined: dict[str, int] = {}
    for (a, m), (b, n) in it.product(left.items(), right.items()):
        if len(a + b) <= length:
            joined[a + b] = min(joined.get(a + b, 0) + m * n, 2)
    return joined


@given(words, words)
def test_a_text_parses_exactly_when_it_is_derived_and_once_when_in_one_way(first, second):
    rules = {"A": [list(w) for w in dict.fromkeys(map(tuple, first))],
             "B": [list(w) for w in dict.fromkeys(map(tuple, second))]}  # fmt: skip
    try:
        language = grammar(rules)
    except BadSpecification:  # some nonterminal has no word
        return
    known, parsed = derivations(rules, "A", 4), partial(language.parse, sort="A", spaces=False, ambiguous=True)
    for text in map("".join, it.chain.from_iterable(it.product("ab", repeat=n) for n in range(5))):
        if text not in known:
            with pytest.raises(BadSpecification, match="Mend the text there"):
                language.parse(text, "A", spaces=False, ambiguous=True)
            continue
        assert language.text(parsed(text), between="", sort="A") == text
        if known[text] == 1:
            assert language.parse(text, "A", spaces=False) == parsed(text)
        else:
            with pytest.raises(BadSpecification, match="in more than one way"):
                language.parse(text, "A", spaces=False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x + * 1", r"at line 1, column 5 '\* 1' was found, where one of '\(', '1', 'x' may stand"),
        ("(x", r"column 3 the end of the text was found, where one of '\)', '\*', '\+' may"),
        ("x)", r"column 2 '\)' was found, where one of '\*', '\+', the end of the text may"),
        ("x\n+ (1 *\n z)", r"at line 3, column 2 'z\)' was found"),
        ("", "column 1 the end of the text"),
    ],
)
def test_an_error_says_where_the_text_breaks_off_and_what_may_stand_there(text, sentence):
    with pytest.raises(BadSpecification, match=sentence):
        ARITHMETIC.parse(text, "Sum")


def test_a_derivation_means_what_the_text_says():
    meaning = {"+": lambda a, b: a + b, "*": lambda a, b: a * b}

    def value(production, *values):
        word = [s for s in production.symbols if s not in ARITHMETIC.rules]
        return meaning[word[0]](*values) if word and word[0] in meaning else values[0] if values else {"x": 5}.get(
            word[0], 1
        )  # fmt: skip

    assert ARITHMETIC.fold(ARITHMETIC.parse("1 + x * (1 + x)", "Sum"), value) == 31


def test_long_texts_need_no_deep_stack_and_few_states():
    assert LISTS.parse("item " * 10_000, "List").size == 10_001
    assert ARITHMETIC.parse(" + ".join(["(x*1)"] * 1000), "Sum").size == 8000


def test_cycles_of_the_grammar_are_ambiguous_and_do_not_loop():
    cyclic = grammar({"A": ["A", "B", "a", ""], "B": ["A A", "b"]})

    assert cyclic.text(cyclic.parse("a b", "A", ambiguous=True)) == "a b"
    assert cyclic.text(cyclic.parse("", "A", ambiguous=True)) == ""
    with pytest.raises(BadSpecification, match="'a' is a A in more than one way"):
        cyclic.parse("a", "A")


def test_what_cannot_be_parsed_is_refused(monkeypatch):
    with pytest.raises(IllTyped, match="A text to be parsed was expected, and 7"):
        LISTS.parse(cast(Any, 7), "List")
    with pytest.raises(UnknownName, match="no nonterminal 'Tree'"):
        LISTS.parse("item", "Tree")
    monkeypatch.setattr("catcore.datatypes.parsing.MAX_STATES", 50)
    with pytest.raises(TooLarge, match="more than 50 states"):
        LISTS.parse("item " * 100, "List")
