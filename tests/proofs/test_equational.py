"""Unit equality: problems read, proved with certificates, refuted by models or complete systems, and never wrongly."""

from __future__ import annotations

import copy
import itertools as it
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.errors import BadSpecification
from catcore_proofs.completion.bank import Bank, Overgrown, Resolution, match, unify
from catcore_proofs.completion.fingerprints import Shapes
from catcore_proofs.completion.matchers import compiled_rewrite
from catcore_proofs.completion.orders import covers
from catcore_proofs.completion.runs import definitions
from catcore_proofs.equational import settle
from catcore_proofs.evaluation import Rejected
from catcore_proofs.kernel import replay
from catcore_proofs.tptp import Clause, Problem, is_variable, read_problem, write_problem

OWN = Path(__file__).parents[1] / "benchmarks" / "problems"
INDEX = json.loads((OWN / "index.json").read_text())
MEANING = {"proved": "Unsatisfiable", "refuted": "Satisfiable"}


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["name"])
def test_the_problems_of_the_project_are_settled(entry) -> None:
    answer = settle(read_problem(OWN / f"{entry['name']}.p"), seconds=10)

    assert MEANING[answer.status] == entry["status"]
    if answer.certificate is not None:
        replay(json.loads(json.dumps(answer.certificate)))


def test_a_proof_without_one_of_its_lemmas_is_refused() -> None:
    answer = settle(read_problem(OWN / "group_exponent_two.p"), seconds=10)
    assert answer.certificate is not None
    for position in range(len(answer.certificate["lemmas"])):
        found = copy.deepcopy(answer.certificate)
        del found["lemmas"][position]
        with pytest.raises(Rejected):
            replay(found)


def test_a_lemma_that_says_something_else_is_refused() -> None:
    answer = settle(read_problem(OWN / "group_inverse_of_product.p"), seconds=10)
    assert answer.certificate is not None
    for position, lemma in enumerate(answer.certificate["lemmas"]):
        found = copy.deepcopy(answer.certificate)
        found["lemmas"][position] = {**lemma, "rhs": ("g", "e", ("1",))}
        if found["lemmas"][position] != lemma:
            with pytest.raises(Rejected):
                replay(found)


def text(tmp_path, content: str) -> Path:
    path = tmp_path / "problem.p"
    path.write_text(content)
    return path


def test_a_problem_is_read_and_written_again(tmp_path) -> None:
    path = text(
        tmp_path, "% a comment\ncnf(a,axiom,( f(X,c) = X )). /* more */ cnf(g,negated_conjecture, p(c) != c, file(x))."
    )
    problem = read_problem(path)
    path.write_text(write_problem(problem))

    assert [c.positive for c in problem.clauses] == [True, False]
    assert problem.arities == {"f": 2, "c": 0, "p": 1}
    assert read_problem(path) == problem


def test_an_atom_is_read_as_an_equation_with_true(tmp_path) -> None:
    (clause,) = read_problem(text(tmp_path, "cnf(a,axiom, ~ p(X) ).")).clauses

    assert clause == Clause("a", "axiom", ("p", ("X",)), ("$true",), False)


def test_includes_stay_in_the_folder(tmp_path) -> None:
    (tmp_path / "axioms.ax").write_text("cnf(a,axiom, f(X) = X ).")
    path = text(tmp_path, "include('axioms.ax').\ncnf(g,negated_conjecture, f(c) != c ).")
    assert settle(read_problem(path), seconds=5).status == "proved"

    path.write_text("include('../secret.p').")
    with pytest.raises(BadSpecification, match="lies outside"):
        read_problem(path)
    path.write_text("include('problem.p').")
    with pytest.raises(BadSpecification, match="circle"):
        read_problem(path)


BAD = {
    "no clauses": ("% nothing", "holds no clauses"),
    "a disjunction": ("cnf(a,axiom, p(X) | q(X) ).", r"line 1: .* '\|' was found"),
    "another language": ("fof(a,axiom, ![X]: p(X) ).", "'fof' was found"),
    "a character of no token": ("cnf(a,axiom, f(X) = \N{SNOWMAN} ).", "the character"),
    "an end too early": ("cnf(a,axiom, f(X) = ", "the end of the file"),
    "two arities": ("cnf(a,axiom, f(X) = f(X,X) ).", "one number of arguments"),
    "deep nesting": ("cnf(a,axiom, " + "f(" * 900 + "c" + ")" * 900 + " = c ).", "nested more than"),
}


@pytest.mark.parametrize(("content", "sentence"), BAD.values(), ids=BAD)
def test_bad_problems_get_a_sentence(tmp_path, content, sentence) -> None:
    with pytest.raises(BadSpecification, match=sentence):
        read_problem(text(tmp_path, content))


def test_missing_and_unreadable_files_get_a_sentence(tmp_path) -> None:
    with pytest.raises(BadSpecification, match="cannot be read"):
        read_problem(tmp_path / "missing.p")
    (tmp_path / "binary.p").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSpecification, match="UTF-8"):
        read_problem(tmp_path / "binary.p")


def test_an_equation_that_makes_all_elements_equal() -> None:
    problem = Problem()
    problem.add(Clause("collapse", "axiom", ("f", ("X",)), ("Y",), True), "here")
    problem.add(Clause("goal", "negated_conjecture", ("a",), ("b",), False), "here")

    assert settle(problem, seconds=5).status == "proved"


TERMS: st.SearchStrategy[Any] = st.deferred(
    lambda: st.one_of(
        st.sampled_from([("X",), ("Y",), ("c",), ("d",)]),
        st.tuples(st.just("s"), TERMS),
        st.tuples(st.just("f"), TERMS, TERMS),
    )
)
EQUATIONS = st.lists(st.tuples(TERMS, TERMS), min_size=1, max_size=3)


def ground(t):
    return ("c",) if is_variable(t) else (t[0], *map(ground, t[1:]))


@settings(max_examples=60)
@given(EQUATIONS, st.tuples(TERMS, TERMS))
def test_random_problems_are_never_settled_both_ways(equations, goal) -> None:
    """A proof is replayed by the kernel; a model satisfies all clauses, so no proof can exist beside it."""
    problem = Problem()
    for i, (lhs, rhs) in enumerate(equations):
        problem.add(Clause(f"a{i}", "axiom", lhs, rhs, True), "here")
    problem.add(Clause("goal", "negated_conjecture", ground(goal[0]), ground(goal[1]), False), "here")
    answer = settle(problem, seconds=0.5)
    if answer.status == "proved":
        assert answer.certificate is not None
        assert two_element_models(problem) == []
    elif answer.evidence == "complete system":
        assert not joined(equations, ground(goal[0]), ground(goal[1]))


def joined(equations, lhs, rhs) -> bool:
    """Whether instances of the equations at small ground terms join two terms, by congruence closure."""
    pool = {("c",), ("d",), lhs, rhs}
    terms = pool | {("s", t) for t in pool} | {("f", t, u) for t in pool for u in pool}
    terms |= {t for side in (lhs, rhs) for t in parts(side)}
    pairs = [
        tuple(at(side, dict(zip("XY", point, strict=True))) for side in sides)
        for sides in equations
        for point in it.product(pool, repeat=2)
    ]
    classes: dict = {}

    def find(t):
        while t in classes and classes[t] != t:
            t = classes[t]
        return t

    universe = terms | {t for pair in pairs for side in pair for t in parts(side)}
    for left, right in pairs:
        classes[find(left)] = find(right)
    for _ in range(4):  # congruence, as far as a few rounds take it
        seen: dict = {}
        for t in universe:
            key = (t[0], *map(find, t[1:]))
            other = seen.setdefault(key, t)
            classes[find(t)] = find(other)
    return find(lhs) == find(rhs)


def parts(t):
    return {t}.union(*map(parts, t[1:]))


def at(t, point):
    return point[t[0]] if is_variable(t) else (t[0], *(at(a, point) for a in t[1:]))


def test_goals_with_variables_are_worked_on_first() -> None:
    """A fixed point combinator of the combinators L, W and Q: ``Y f = f (Y f)`` for some Y (Wos and McCune 1988)."""

    def applied(*parts):
        first, *rest = ((p,) if isinstance(p, str) else p for p in parts)
        return first if not rest else applied(("a", first, rest[0]), *rest[1:])

    problem = Problem()
    laws = {
        "l": (applied("l", "X", "Y"), applied("X", applied("Y", "Y"))),
        "w": (applied("w", "X", "Y"), applied("X", "Y", "Y")),
        "q": (applied("q", "X", "Y", "Z"), applied("Y", applied("X", "Z"))),
    }
    for name, (lhs, rhs) in laws.items():
        problem.add(Clause(name, "axiom", lhs, rhs, True), "here")
    f = ("f", ("Y",))
    problem.add(Clause("goal", "negated_conjecture", applied("Y", f), applied(f, applied("Y", f)), False), "here")

    assert settle(problem, seconds=60).status == "proved"


@pytest.mark.parametrize("goal", [(("f", ("c",)), ("f", ("d",))), (("m", ("c",), ("d",)), ("f", ("d",)))])
def test_a_variable_on_one_side_only_may_be_anything(goal) -> None:
    """``m(X, Y) = f(Z)`` makes both operations constant: the rule overlaps with itself at the root."""
    problem = Problem()
    problem.add(Clause("a", "axiom", ("m", ("X",), ("Y",)), ("f", ("Z",)), True), "here")
    problem.add(Clause("goal", "negated_conjecture", goal[0], goal[1], False), "here")
    answer = settle(problem, seconds=2)

    assert answer.status == "proved"
    assert answer.certificate is not None


def two_element_models(problem):
    """All ways to read the symbols on two points that satisfy every clause, by brute force."""
    names = sorted(problem.arities)
    spaces = [list(it.product((0, 1), repeat=2 ** problem.arities[n])) for n in names]
    found = []
    for tables in it.product(*spaces):
        reading = dict(zip(names, tables, strict=True))
        if all(holds(clause, reading) for clause in problem.clauses):
            found.append(reading)
    return found


def holds(clause, reading):
    variables = sorted(names(clause.lhs) | names(clause.rhs))
    for point in it.product((0, 1), repeat=len(variables)):
        at = dict(zip(variables, point, strict=True))
        if (value(clause.lhs, reading, at) == value(clause.rhs, reading, at)) != clause.positive:
            return False
    return True


def names(t):
    return {t[0]} if is_variable(t) else set().union(*map(names, t[1:]))


def value(t, reading, at):
    if is_variable(t):
        return at[t[0]]
    place = 0
    for a in t[1:]:
        place = 2 * place + value(a, reading, at)
    return reading[t[0]][place]


def test_rules_with_deep_right_sides_are_compiled():
    """Python's parser nests two hundred brackets, and completion makes deeper terms."""
    bank = Bank([1, 1])
    x = bank.variable(1)
    deep = x
    for _ in range(3000):
        deep = bank.term(1, (deep,))
    rewrite = compiled_rewrite(bank.term(0, (x,)), deep, bank)

    result = rewrite(bank.term(0, (bank.term(0, (x,)),)))

    assert result is not None
    assert result.size == 3002


def test_terms_of_exponential_size_are_refused():
    """Shared parts make a term of 2^k symbols from k rewrites; it is refused, and a run goes on without it."""
    bank = Bank([1])
    names = [bank.variable(i) for i in range(1, 102)]
    doubled = {x.head: bank.term(0, (y, y)) for x, y in it.pairwise(names)}

    assert Resolution(bank, dict(list(doubled.items())[:3])).of(names[0]).size == 15
    with pytest.raises(Overgrown):
        Resolution(bank, doubled).of(names[0])


def test_occurrences_of_variables_are_counted_in_one_number():
    bank = Bank([1, 1])
    x, y, z = (bank.variable(i) for i in (1, 2, 40))
    one, two = bank.term(0, (bank.term(0, (x, y)), x)), bank.term(0, (x, bank.term(0, (z, x))))

    assert one.counts == {-1: 2, -2: 1}
    assert two.counts == {-1: 2, -40: 1}
    assert covers(one, bank.term(0, (y, x)))
    assert not covers(one, two)
    assert not covers(bank.term(0, (y, x)), one)
    assert covers(two, x)
    assert not covers(bank.term(1), z)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
def test_fingerprints_never_hide_a_match_or_a_unifier(parts):
    bank = Bank([1] * 4)
    made = [bank.variable(1), bank.variable(2), bank.term(2), bank.term(3)]
    for head, i, j in parts:
        made.append(bank.term(head % 2, (made[i % len(made)], made[j % len(made)])))
    shapes = Shapes()
    for s, t in it.product(made, repeat=2):
        apart = bank.renamed((t,), 10)[0]
        if s.head == t.head >= 0 and match(s, t, {}):
            assert shapes.matching(shapes.of(s), shapes.of(t))
        if s.head == t.head >= 0 and unify(s, apart) is not None:
            assert shapes.unifiable(shapes.of(s), shapes.of(apart))


def test_definitions_come_after_those_that_they_use(tmp_path):
    problem = read_problem(
        text(
            tmp_path,
            "cnf(a, axiom, u = f(v, v)). cnf(b, axiom, v = g(c)). cnf(c, axiom, h(X, Y) = f(Y, X)). "
            "cnf(d, axiom, g(X) = f(X, X)). cnf(e, axiom, p(X) = q(X)). cnf(f, axiom, q(X) = g(p(X))).",
        )
    )

    assert list(definitions(problem).items()) == [("v", ["g", "c"]), ("h", ["f"]), ("u", ["f", "v", "v"])]
