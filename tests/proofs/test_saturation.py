"""The saturation loop: limits never settle anything, nothing is lost, and a complete system is looked at afresh.

Each criterion by which a run leaves equations out, made wrong, leaves a system that is seen to be incomplete.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore_proofs.completion import bank, overlaps, redundancy, saturation
from catcore_proofs.completion.confluence import Confluence, Undecided
from catcore_proofs.completion.overlaps import CriticalPairs, peak
from catcore_proofs.completion.redundancy import Redundancy
from catcore_proofs.completion.runs import Run
from catcore_proofs.completion.saturation import Saturation
from catcore_proofs.completion.strategies import STRATEGIES, Strategy
from catcore_proofs.equational import deep_recursion
from catcore_proofs.kernel import replay
from catcore_proofs.tptp import Clause, Problem, Written, read_problem

STRATEGY = {strategy.name: strategy for strategy in STRATEGIES}
each_strategy = pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)


def problem(tmp_path: Any, *clauses: str) -> Problem:
    """Equations, the last one the goal, which is denied."""
    roles = [*["axiom"] * (len(clauses) - 1), "negated_conjecture"]
    lines = [f"cnf(c{i},{role},{text})." for i, (role, text) in enumerate(zip(roles, clauses, strict=True))]
    path = tmp_path / "problem.p"
    path.write_text("\n".join(lines))
    return read_problem(path)


def status(asked: Problem, strategy: Strategy, *, steps: int = 2_000, memory: int = 10**6) -> tuple[str, Run]:
    run = Run(asked, strategy)
    return run.status(steps=steps, memory=memory, deadline=inf), run


# ---- limits ----------------------------------------------------------------------------------------------------------


@each_strategy
def test_a_limit_in_the_middle_of_overlaps_refutes_nothing(tmp_path, strategy):
    """Most overlaps of these rules say nothing new, so nothing waits while the one that matters is still to come."""
    many = [f"f(a{i},X) = b" for i in range(20)]
    asked = problem(tmp_path, *many, "f(k,g(Y,m)) = e", "f(X,g(m,Y)) = b", "b != e")
    found = [status(asked, strategy, steps=steps)[0] for steps in (0, 1, 15, 16, 17, 32, 1_000)]

    assert "refuted" not in found
    assert found[-1] == "proved"


TERMS: st.SearchStrategy[Written] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([("X",), ("Y",), ("c",), ("d",)]),
        st.tuples(st.just("s"), TERMS),
        st.tuples(st.just("f"), TERMS, TERMS),
    )
)
FX, FY = ("f", ("X",), ("Y",)), ("f", ("Y",), ("X",))
LAWS = [(FX, FY), (("f", FX, ("Z",)), ("f", ("X",), ("f", ("Y",), ("Z",)))), (("f", ("X",), ("X",)), ("X",))]


def limited(run: Run, kind: str, limit: int) -> str:
    """Go on with one limit; what is proved is replayed."""
    limits: dict[str, Any] = {"steps": 150, "memory": 5_000, "deadline": time.perf_counter() + 2}
    run.completion.most = 10**9
    if kind == "most":
        run.completion.most = limit
    else:
        limits[kind] = limit
    found = run.status(**limits)
    if found == "proved":
        replay(run.certificate())
    return found


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LAWS), st.tuples(TERMS, TERMS)), min_size=1, max_size=4),
    st.tuples(TERMS, TERMS),
    st.sampled_from(["steps", "memory", "most", "deadline"]),
    st.integers(0, 60),
)
def test_no_limit_and_no_strategy_settles_a_problem_otherwise(equations, goal, kind, limit):
    asked = Problem()
    for i, (lhs, rhs) in enumerate(equations):
        asked.add(Clause(f"a{i}", "axiom", lhs, rhs, True), "here")
    asked.add(Clause("goal", "negated_conjecture", goal[0], goal[1], False), "here")
    found = set()
    with deep_recursion():
        for strategy in STRATEGIES:
            run = Run(asked, strategy)
            answers = {limited(run, kind, limit), limited(run, "steps", 150)}
            found |= answers
            if "refuted" in answers:
                assert not run.completion.waiting
                assert confluent(run)

    assert not {"proved", "refuted"} <= found


# ---- complete systems ------------------------------------------------------------------------------------------------


def looked(run: Run, rules: Any = None) -> Confluence:
    completion = run.completion
    return Confluence(completion.bank, completion.order, completion.active if rules is None else rules, inf)


def confluent(run: Run, rules: Any = None) -> bool:
    return looked(run, rules).holds(run.axioms)


GROUP = ("m(e,X) = X", "m(i(X),X) = e", "m(m(X,Y),Z) = m(X,m(Y,Z))", "a != e")
COMMUTATIVE = ("m(m(X,Y),Z) = m(X,m(Y,Z))", "m(X,Y) = m(Y,X)", "m(a,b) != a")
OVERLAPPING = ("f(X,Y) = s(f(d,d))", "d = f(Z,Z)", "c != d")


@pytest.mark.parametrize(
    "clauses", [GROUP, COMMUTATIVE, OVERLAPPING], ids=["groups", "commutative semigroups", "one value"]
)
def test_a_complete_system_without_any_one_of_its_rules_is_refused(tmp_path, clauses):
    """Ten rules for groups (Knuth and Bendix 1970); associativity and commutativity need three."""
    found, run = status(problem(tmp_path, *clauses), STRATEGIES[0])
    rules = run.completion.active

    assert found == "refuted"
    assert len(rules) == {GROUP: 10, COMMUTATIVE: 3}.get(clauses, len(rules))
    assert confluent(run)
    for rule in rules:
        assert not confluent(run, [other for other in rules if other is not rule])


def test_overlaps_are_joined_and_not_only_axioms(tmp_path):
    """``s(s(x)) = t(x)`` holds, and ``s(t(x)) = t(s(x))`` follows from it and is not there."""
    found, run = status(problem(tmp_path, "s(s(X)) = t(X)", "c != d"), STRATEGIES[5])
    (wanted,) = [rule for rule in run.completion.active if rule.lhs.size == rule.rhs.size]
    others = [rule for rule in run.completion.active if rule is not wanted]
    aside = looked(run, others)

    assert found == "refuted"
    assert all(aside.joined(*axiom) for axiom in run.axioms)
    assert not confluent(run, others)


def test_a_look_that_takes_too_long_decides_nothing(tmp_path):
    _, run = status(problem(tmp_path, *GROUP), STRATEGIES[0])
    hurried = Confluence(run.bank, run.completion.order, run.completion.active, -inf)

    with pytest.raises(Undecided):
        hurried.holds(run.axioms)


@each_strategy
def test_a_rule_is_kept_where_only_its_smaller_side_is_rewritten(tmp_path, strategy):
    """``f(f(c,c),X) = f(d,Z)`` joins the two sides of what ``f(d,X) → f(c,d)`` makes of it, so it has to stay."""
    asked = problem(tmp_path, "f(d,c) = f(Y,d)", "f(f(c,c),X) = f(d,Z)", "f(f(c,c),d) != d")
    found, run = status(asked, strategy)

    assert found == "refuted"
    assert confluent(run)


DIVISIONS = (
    "d(d(A, d(d(B, d(C, A)), d(C, e))), d(e, e)) = B", "m(A, B) = d(d(B, A), e)", "i(A) = d(A, e)",
    "e = d(A, i(A))", "m(m(a, b), c) != m(a, m(b, c))",
)  # fmt: skip


@pytest.mark.parametrize("strategy", STRATEGIES[:3], ids=lambda strategy: strategy.name)
def test_what_a_rule_says_is_not_lost_when_others_simplify_it(tmp_path, strategy):
    """Commutative groups by one axiom for double division (Neumann 1981): it is simplified early, and goes on."""
    found, run = status(problem(tmp_path, *DIVISIONS), strategy, steps=5_000)

    assert found == "proved"
    replay(run.certificate())


# ---- wrong criteria --------------------------------------------------------------------------------------------------


def orphans_are_lost(patch: Any) -> None:
    """An equation whose parents were retired is dropped, and when it is found again as well."""
    real = Saturation.process

    def process(self: Saturation, left: Any, right: Any, origin: Any) -> bool:
        found = real(self, left, right, origin)
        if origin[0] == "overlap":
            self.seen.setdefault((left, right), False)
        return found

    patch.setattr(Saturation, "process", process)


def simplified_rules_are_lost(patch: Any) -> None:
    def retire(self: Saturation, rule: Any, flip: int, result: Any, rewrite: Any) -> None:
        if result is not None:
            rule.retired = True
            self.waiting.add(result, result, ("rule",))

    patch.setattr(Saturation, "_retire", retire)


def smaller_sides_retire(patch: Any) -> None:
    patch.setattr(Saturation, "_below", lambda self, sides: False)


def permutations_are_never_kept(patch: Any) -> None:
    """The rule ``x(yz) = y(xz)`` is thought to be superfluous."""
    real = Redundancy.permuted

    def permuted(self: Redundancy, s: Any, t: Any) -> bool:
        self.kept.clear()
        return real(self, s, t)

    patch.setattr(Redundancy, "permuted", permuted)


def commutative_symbols_are_associative(patch: Any) -> None:
    """A law of a symbol, of either kind, counts as both."""
    patch.setattr(Redundancy, "add", _add_any_law)


def _add_any_law(self: Redundancy, rule: Any) -> None:
    if redundancy._law(rule.lhs, rule.rhs):
        self.symbols.add(rule.lhs.head)


def one_side_is_an_instance(patch: Any) -> None:
    """An equation counts as an instance of another one when one of its sides is."""
    patch.setattr(redundancy, "match", lambda s, t, values: bool(values) or bank.match(s, t, values))


def peaks_that_rewrite_inside_are_composite(patch: Any) -> None:
    """The part that is rewritten anyway counts as one below it."""
    real = CriticalPairs.of

    def of(self: CriticalPairs, origin: Any, values: Any) -> Any:
        whole, _, _ = peak(origin, self.bank)
        inside = origin[2] and any(self.forms.of(part) is not part for part in whole.args)
        return None if inside else real(self, origin, values)

    patch.setattr(CriticalPairs, "of", of)


def new_variables_agree(patch: Any) -> None:
    """A rule with a variable on one side only is not overlapped with itself."""
    patch.setattr(overlaps, "_closed", lambda rule, flip: True)


def rules_meet_at_the_top_only(patch: Any) -> None:
    patch.setattr(overlaps, "subterms", lambda t: [((), t)] if t.head >= 0 else [])


def what_is_too_large_is_forgotten(patch: Any) -> None:
    patch.setattr(saturation, "LARGEST", 4)
    patch.setattr(Saturation, "complete", property(lambda self: True, lambda self, value: None), raising=False)


AC = ("f(f(X,Y),Z) = f(X,f(Y,Z))", "f(X,Y) = f(Y,X)", "f(d,f(c,c)) != d")
KBO, NEAR, PATH = STRATEGIES[0].name, STRATEGIES[1].name, STRATEGIES[5].name
UNFOLDING, FREQUENT = STRATEGIES[4].name, STRATEGIES[6].name
MONOID_LIKE = (
    "f(f(X,Y),Z) = f(X,f(Y,Z))", "f(c,X) = X", "f(d,s(X)) = f(s(d),f(d,c))", "d = f(s(c),c)",
    "f(s(d),d) != f(s(d),c)",
)  # fmt: skip
#: A wrong criterion, a strategy, a problem, and its answer.
WRONG: list[tuple[Callable[[Any], None], str, tuple[str, ...], str]] = [
    (orphans_are_lost, NEAR, MONOID_LIKE, "refuted"),
    (simplified_rules_are_lost, FREQUENT, ("d = g(c)", "c = g(c)", "d != g(d)"), "proved"),
    (simplified_rules_are_lost, KBO, DIVISIONS, "proved"),
    (smaller_sides_retire, PATH, ("f(f(X,Y),Z) = f(X,f(Y,Z))", "f(c,X) = X", "f(X,c) = h(c,f(d,Y))",
                                  "h(h(c,d),s(c)) != f(f(c,d),c)"), "proved"),
    (smaller_sides_retire, STRATEGIES[3].name, OVERLAPPING, "refuted"),
    (permutations_are_never_kept, KBO, AC, "refuted"),
    (commutative_symbols_are_associative, KBO, AC, "refuted"),
    (one_side_is_an_instance, NEAR, ("f(X,Y) = f(Y,X)", "f(c,X) = X", "f(d,Z) = Z", "d != c"), "proved"),
    (one_side_is_an_instance, KBO, ("g(g(d)) = g(Z)", "g(c) != d"), "refuted"),
    (peaks_that_rewrite_inside_are_composite, NEAR, ("c = f(Z,f(c,X))", "f(c,X) != X"), "proved"),
    (peaks_that_rewrite_inside_are_composite, PATH, ("d = s(s(X))", "d != c"), "refuted"),
    (new_variables_agree, PATH, ("g(Y) = s(s(X))", "g(c) != c"), "refuted"),
    (rules_meet_at_the_top_only, KBO, ("g(h(Y,X)) = g(Z)", "X != g(X)"), "proved"),
    (rules_meet_at_the_top_only, PATH, ("d = s(s(X))", "d != c"), "refuted"),
    (what_is_too_large_is_forgotten, UNFOLDING, ("X = h(h(d,Z),f(X,c))", "f(f(d,c),Y) = c", "d = h(Y,Y)", "c != d"),
     "proved"),
    (what_is_too_large_is_forgotten, STRATEGIES[2].name, ("f(f(Y,c),X) = f(Z,Z)", "c != d"), "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "strategy", "clauses", "answer"), WRONG, ids=lambda part: getattr(part, "__name__", None)
)
def test_a_wrong_criterion_leaves_a_system_that_is_refused(monkeypatch, tmp_path, wrong, strategy, clauses, answer):
    asked = problem(tmp_path, *clauses)
    assert status(asked, STRATEGY[strategy], steps=5_000)[0] == answer
    wrong(monkeypatch)
    found, run = status(asked, STRATEGY[strategy], steps=5_000)

    assert found == "unknown"
    assert not run.completion.waiting
    assert not confluent(run)


def test_without_the_look_wrong_criteria_would_refute_what_holds(monkeypatch, tmp_path):
    monkeypatch.setattr(Saturation, "_separated", lambda self: True)
    for wrong, strategy, clauses, answer in WRONG:
        if answer == "proved":
            with monkeypatch.context() as patch:
                wrong(patch)
                assert status(problem(tmp_path, *clauses), STRATEGY[strategy], steps=5_000)[0] == "refuted"
