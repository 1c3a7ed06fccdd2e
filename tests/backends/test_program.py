"""What the emitted source looks like: shared, dropped after use, safe, and picklable."""

from __future__ import annotations

import pickle
import re
import traceback

import numpy as np
import pytest

from catcore.arrows import Arrow, case, curry, ev, fst, generator, ident, inl, inr, pair, snd, terminal
from catcore.categories.smooth import smooth
from catcore.objects import R, atoms
from catcore_backends import compile_arrow

V = R(2)
TANH, ADD = smooth("tanh", V), smooth("add", V * V)
(A,) = atoms("A")


def statements(run):
    return [line.strip() for line in run.source.splitlines()]


def test_equal_subterms_are_computed_once():
    run = compile_arrow(pair(TANH >> smooth("sin", V), TANH >> smooth("cos", V)) >> ADD)

    assert run.source.count("# tanh") == 1


def test_sharing_keeps_a_doubling_term_linear():
    term: Arrow = TANH
    for _ in range(200):
        term = term >> pair(ident(V), ident(V)) >> ADD

    assert len(statements(compile_arrow(term))) < 500


def test_a_term_that_would_fill_the_world_as_a_tree_compiles():
    """Nested pairs and case distinctions share their halves: 2⁸⁰ leaves as a tree."""
    term: Arrow = TANH
    for _ in range(60):
        term = pair(term, term) >> ADD
    for _ in range(20):
        term = inl(V, V) >> case(term, term)
    run = pickle.loads(pickle.dumps(compile_arrow(case(term, TANH))))

    assert len(statements(run)) < 500


def test_a_chain_holds_two_arrays_at_a_time():
    run = compile_arrow(TANH >> TANH >> smooth("sin", V) >> TANH, "auto")
    names = [re.findall(r"\bv\d+", line) for line in statements(run) if line.startswith("del")]

    assert run.peak == 2
    assert all(len(dead) == 1 for dead in names)
    assert len(names) == 2  # of three intermediate results the last is dropped by returning


def test_what_the_result_does_not_need_is_not_computed():
    run = compile_arrow(pair(TANH, smooth("exp", V)) >> fst(V, V))

    assert "exp" not in run.source


def test_known_tags_and_applied_functions_leave_no_trace():
    sums = compile_arrow(inr(V, V) >> case(smooth("exp", V), TANH))
    functions = compile_arrow(pair(curry(ADD), ident(V)) >> ev(V, V))

    assert "pick" not in sums.source
    assert "exp" not in sums.source
    assert len(statements(functions)) == 5  # def, leaf, dtype, add, return


def test_structural_branches_are_not_masked():
    assert "only" not in compile_arrow(case(inr(V, V), inl(V, V)), "torch").source
    assert "only" in compile_arrow(case(TANH, ident(V)), "torch").source


def test_user_text_never_becomes_code():
    name = "__import__('os'); x\u2028y" if "x\u2028y".isprintable() else "__import__('os'); {0} % # λ"
    f = generator(name, V, V)
    run = compile_arrow(f, generators={name: lambda x: x})

    assert run(np.ones((1, 2))).tolist() == [[1.0, 1.0]]
    assert all(line.isascii() for line in statements(run))
    assert [line for line in statements(run) if "import" in line.partition("#")[0]] == []


def test_a_compiled_arrow_pickles_as_its_term():
    run = compile_arrow(generator("f", A, V) >> TANH, shapes={"A": (2,)}, generators={"f": np.negative})
    copy = pickle.loads(pickle.dumps(run))
    x = np.asarray([[1.0, -2.0]])

    assert copy.arrow is run.arrow
    assert copy.source == run.source
    assert copy(x).tolist() == run(x).tolist()


def test_tracebacks_show_the_emitted_line():
    run = compile_arrow(generator("f", V, V), generators={"f": lambda x: x.no_such_attribute})
    with pytest.raises(AttributeError) as caught:
        run(np.ones((1, 2)))

    assert "= g0(v0)" in "".join(traceback.format_tb(caught.value.__traceback__))


def test_repr_says_how_it_was_made():
    assert repr(compile_arrow(terminal(V) >> ident(terminal(V).cod))) == "compile_arrow(terminal(R(2)))"
    assert "shapes={'A': (2,)}" in repr(compile_arrow(snd(V, A), shapes={"A": (2,)}))


def test_branches_run_on_their_live_rows_alone_in_numpy():
    source = compile_arrow(case(TANH, smooth("exp", V))).source

    assert "only" not in source
    assert source.count(".take(") == 2
    assert source.count("joined(") == 1
