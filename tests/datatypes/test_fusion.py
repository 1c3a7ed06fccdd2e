"""Fusion: b is found and proved, or two layers show that there is none (T2.4, T3.4)."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from catcore import (
    Algebra,
    FinSet,
    Id,
    Law,
    R,
    arrow,
    atoms,
    case,
    finite_map,
    fold,
    fst,
    functor,
    generator,
    hylo,
    ident,
    inl,
    inr,
    mu,
    nu,
    pair,
    snd,
    unfold,
)
from catcore.arrows import curry
from catcore.categories.smooth import constant, smooth
from catcore.datatypes import Fusion, NoFusion, banana_split, datatype, fuse, minimal, moore, para, polynomial
from catcore.datatypes.fusion.factoring import Kept, Pairwise, Through, extension
from catcore.datatypes.fusion.polynomials import polynomial_extension, values
from catcore.errors import IllTyped, NotInterpreted
from catcore.structures.lists import LIST, append, nil, single
from catcore_proofs import prove, replay
from tests.datatypes.examples import run

A, B, C, N = atoms("A B C N")
L = LIST(A)
F, G = generator("f", A, B), generator("g", B, C)
TREES = functor(lambda x: mu(lambda y: x + y * y))
STREAM = functor(lambda x: nu(lambda y: x * y))
LENGTH = {x: fold(LIST(x), case(generator("zero", 1, N), snd(x, N) >> generator("succ", N, N))) for x in (A, B)}

UNIT, TIMES = generator("unit", 1, A), generator("times", A * A, A)
UNIT_B, TIMES_B = generator("unit'", 1, B), generator("times'", B * B, B)
HOMOMORPHISM = (Law("unit", UNIT >> F, UNIT_B), Law("times", TIMES >> F, (F * F) >> TIMES_B))

NUMBERS = mu(1 + R() * Id)
TOTAL = fold(NUMBERS, case(constant(0), polynomial(R() * R(), R(), lambda a, x: a + x)))
PRODUCT = fold(NUMBERS, case(constant(1), polynomial(R() * R(), R(), lambda a, x: a * x)))
a, x, y = sp.symbols("a x y")


def clause(found: Fusion) -> sp.Expr:
    """The clause of the second constructor as a polynomial."""
    return values(inr(1, R() * R()) >> found.structure, (a, x))


def assert_certain(found: Fusion | NoFusion) -> Fusion:
    assert isinstance(found, Fusion), str(found)
    assert found.evidence == "proved"
    assert len(found.certificates) == 2
    for certificate in found.certificates:
        replay(certificate)
    return found


PROVED = {
    "length after map": (LENGTH[B], LIST(F), (), LENGTH[A]),
    "map after map": (LIST(G), LIST(F), (), LIST(F >> G)),
    "trees": (TREES(G), TREES(F), (), TREES(F >> G)),
    "identity": (ident(A), fold(L, case(UNIT, TIMES)), (), fold(L, case(UNIT, TIMES))),
    "homomorphism of monoids": (
        F, fold(L, case(UNIT, TIMES)), HOMOMORPHISM, fold(L, case(UNIT_B, (F * ident(B)) >> TIMES_B)),
    ),
    "only the constructor": (F, fold(mu(Id), ident(A)), (), fold(mu(Id), ident(B))),
}  # fmt: skip


@pytest.mark.parametrize(("h", "recursion", "laws", "expected"), PROVED.values(), ids=PROVED)
def test_two_passes_become_one_with_a_proof_t2_4(h, recursion, laws, expected):
    found = assert_certain(fuse(h, recursion, given=laws))

    assert prove(found.after, expected, given=laws).status == "holds"
    assert prove(found.before, found.after, given=laws).status == "holds"


def test_twice_a_sum_t2_4():
    found = fuse(polynomial(R(), R(), lambda x: 2 * x), TOTAL)

    assert isinstance(found, Fusion)
    assert clause(found) == 2 * a + x
    assert found.evidence == "symbolic"
    numbers = datatype(NUMBERS, "Nil", "Cons").list_of([3, 1, 4, 1, 5])
    assert values(found.before, numbers) == values(found.after, numbers) == 28


def test_the_square_of_a_sum_is_refused_with_two_layers_t2_4():
    found = fuse(polynomial(R(), R(), lambda x: x**2), TOTAL)

    assert not found
    assert isinstance(found, NoFusion)
    assert found.pair is not None
    (left, right), results = found.pair.elements, found.pair.values
    assert left.value[0] == right.value[0]
    assert left.value[1] == -right.value[1]
    assert results == ((left.value[0] + left.value[1]) ** 2, (right.value[0] + right.value[1]) ** 2)
    assert results[0] != results[1]
    assert "inr (1, 1) and inr (1, -1) both go to inr (1, 1)" in str(found)


def test_the_square_of_a_product_fuses():
    found = fuse(smooth("square", R()), PRODUCT)

    assert isinstance(found, Fusion)
    assert clause(found) == a**2 * x


@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3))
def test_affine_maps_fuse_with_affine_folds(m, n, p, q):
    """h(x) = m x + n after (a, x) ↦ p a + q x: there is b unless m = 0 and q m = 0 leaves nothing to know."""
    affine = fold(NUMBERS, case(constant(1), polynomial(R() * R(), R(), lambda a, x: p * a + q * x)))
    found = fuse(polynomial(R(), R(), lambda x: m * x + n), affine)

    assert isinstance(found, Fusion)
    assert sp.expand(clause(found).subs(x, m * x + n) - (m * (p * a + q * x) + n)) == 0


def test_without_the_homomorphism_there_is_no_fusion():
    found = fuse(F, fold(L, case(UNIT, TIMES)))

    assert isinstance(found, NoFusion)
    assert found.pair is not None
    assert found.pair.values[0] != found.pair.values[1]


def test_maps_of_finite_sets_by_their_tables():
    numerals = mu(1 + Id)
    turning = fold(numerals, case(finite_map(1, 4, [1]), finite_map(4, 4, [1, 2, 3, 0])))
    found = fuse(finite_map(4, 2, [0, 1, 0, 1]), turning)
    wrong = fuse(finite_map(4, 2, [0, 0, 1, 1]), turning)

    assert isinstance(found, Fusion)
    assert found.evidence == "exhaustive"
    assert found.after is fold(numerals, finite_map(1 + FinSet(2), 2, [1, 1, 0]))
    assert isinstance(wrong, NoFusion)
    assert wrong.pair is not None
    assert [p.value for p in wrong.pair.elements] == [0, 1]


def test_a_section_gives_the_algebra():
    s = generator("s", B, A)
    laws = (Law("section", s >> F, ident(B)), Law("kernel", (F >> s) * (F >> s) >> TIMES >> F, TIMES >> F))
    trees = fold(mu(B + Id * Id), case(s, TIMES))
    found = fuse(F, trees, given=laws, section=s)

    assert isinstance(found, Fusion)
    assert found.premise.evidence == "proved"


def test_a_lemma_is_used_to_fuse():
    lists, join, succ = L, append(A), generator("succ", N, N)
    step = arrow(1 + A * lists, lists)(
        lambda t: t.case(inl=lambda _: nil(A), inr=lambda p: join(p[1], single(A)(p[0])))
    )
    lemma = Law(
        "length of snoc",
        arrow(A * lists, N)(lambda p: LENGTH[A](join(p[1], single(A)(p[0])))),
        arrow(A * lists, N)(lambda p: succ(LENGTH[A](p[1]))),
    )
    found = fuse(LENGTH[A], fold(lists, step), given=[lemma])

    assert isinstance(found, Fusion)
    assert prove(found.after, LENGTH[A]).evidence == "proved"


def test_functions_into_the_carrier_are_branches_too():
    wide = mu(lambda X: 1 + X ** FinSet(2))
    both = arrow(A ** FinSet(2), A)(lambda k: TIMES(k(finite_map(1, 2, [0])(())), k(finite_map(1, 2, [1])(()))))

    assert_certain(fuse(F, fold(wide, case(UNIT, both)), given=HOMOMORPHISM))


def test_branches_inside_a_further_data_type():
    rose = mu(lambda X: N * mu(lambda Y: 1 + X * Y))
    inner = mu(lambda Y: 1 + A * Y)
    found = fuse(F, fold(rose, snd(N, inner) >> fold(inner, case(UNIT, TIMES))), given=HOMOMORPHISM)

    assert isinstance(found, NoFusion)  # it needs fusion inside, which is not tried
    assert found.pair is None


def test_banana_split_with_its_proof_t2_4():
    first, second = generator("a", 1 + A * B, B), generator("b", 1 + A * C, C)
    found = banana_split(pair(fold(L, first), fold(L, second)))

    assert isinstance(found, Fusion)
    assert found.evidence == "proved"
    replay(found.premise.certificate)


def test_one_pass_after_banana_split():
    first, second = generator("a", 1 + A * B, B), generator("b", 1 + A * C, C)
    found = assert_certain(fuse(pair(fold(L, first), fold(L, second)), LIST(generator("e", N, A))))

    values_of = {"a": lambda t: 0 if t.side == "inl" else t.value[0] + t.value[1], "e": lambda n: n * n}
    values_of["b"] = lambda t: 1 if t.side == "inl" else t.value[0] * t.value[1]
    numbers = datatype(LIST(N), "Nil", "Cons").list_of([1, 2, 3])
    assert run(found.before, numbers, **values_of) == run(found.after, numbers, **values_of) == (14, 36)


def test_paramorphisms_fuse():
    tails = para(L, case(UNIT, snd(A, L * A) >> snd(L, A) >> generator("s", A, A)))
    law = Law("s", generator("s", A, A) >> F, F >> generator("t", B, B))
    found = assert_certain(fuse(F, tails, given=[law]))

    expected = para(L, case(UNIT >> F, snd(A, L * B) >> snd(L, B) >> generator("t", B, B)))
    assert prove(found.after, expected).evidence == "proved"


def test_hylomorphisms_fuse_where_the_coalgebra_is_recursive_t3_4():
    layer = N + Id * Id
    plan = generator("split", C, layer(C))
    found = fuse(F, hylo(layer, case(generator("n", N, A), TIMES), plan), given=HOMOMORPHISM)

    assert isinstance(found, Fusion)
    assert found.premise.evidence == "proved"
    assert found.evidence == "proved"
    assert found.condition == "the coalgebra is recursive"  # nothing is claimed of other ones
    assert "(proved, where the coalgebra is recursive)" in str(found)
    assert [hypothesis.name for hypothesis in found.law.given][-1] == "split is recursive"


def test_hylomorphisms_fuse_before_t3_4():
    layer = N + Id * Id
    split, other = generator("split", B, layer(B)), generator("split'", A, layer(A))
    answer = generator("answer", layer(C), C)
    found = assert_certain(fuse(F, hylo(layer, answer, split), given=[Law("states", F >> split, other >> layer(F))]))

    assert prove(found.structure, other).evidence == "proved"
    assert found.condition == "both coalgebras are recursive"
    assert not fuse(F, hylo(layer, answer, split))


def test_unfolds_fuse_before():
    observe, step = generator("observe", B, N), generator("step", B, B)
    law = Law("step", F >> step, generator("step'", A, A) >> F)
    found = assert_certain(fuse(F, unfold(STREAM(N), pair(observe, step)), given=[law]))
    stuck = fuse(F, unfold(STREAM(N), pair(observe, step)))

    assert found.after is unfold(STREAM(N), pair(F >> observe, generator("step'", A, A)))
    assert not stuck
    assert "none was found" in str(stuck)


def test_the_law_rewrites_a_larger_term():
    found = fuse(LENGTH[B], LIST(F))
    assert isinstance(found, Fusion)
    larger = found.before >> generator("print", N, C)

    assert larger.rewrite(found.law) is found.after >> generator("print", N, C)


STEP, STEP_B = generator("step", A, A), generator("step'", B, B)
MOVE, MOVE_D = generator("move", C, C), generator("move'", N, N)
H = generator("h", C, N)
STEPS = (Law("step", STEP >> F, F >> STEP_B), Law("move", MOVE >> H, H >> MOVE_D))


def test_carriers_that_are_products_and_sums():
    first, second = generator("first", 1, A), generator("second", 1, C)
    both = fold(mu(1 + Id), case(pair(first, second), STEP * MOVE))
    one = fold(mu(1 + Id), case(first >> inl(A, C), STEP + MOVE))

    assert_certain(fuse(F * H, both, given=STEPS))
    found = assert_certain(fuse(F + H, one, given=STEPS))
    assert prove(found.after, fold(mu(1 + Id), case(first >> F >> inl(B, N), STEP_B + MOVE_D))).evidence == "proved"
    assert prove(assert_certain(fuse(fst(A, C), both)).after, fold(mu(1 + Id), case(first, STEP))).evidence == "proved"


def test_what_is_projected_away_may_be_needed():
    mixed = arrow(A * C, A * C)(lambda p: (generator("mix", A * C, A)((p[0], p[1])), p[1]))
    found = fuse(fst(A, C), fold(mu(1 + Id), case(generator("start", 1, A * C), mixed)))

    assert isinstance(found, NoFusion)
    assert found.pair is not None
    (x, y) = (element.value for element in found.pair.elements)
    assert x[0] == y[0]
    assert x[1] != y[1]


def test_functions_are_compared_at_their_arguments():
    at = generator("at", 1, C)
    here = arrow(B**C, B)(lambda k: k(at(())))
    start = generator("start", C, B)
    layer = 1 + B**C
    same = arrow(layer, B**C)(lambda x: x.case(inl=lambda _: lambda c: start(c), inr=lambda k: lambda c: STEP_B(k(c))))
    moved = arrow(layer, B**C)(lambda x: x.case(inl=lambda _: lambda c: start(c), inr=lambda k: lambda c: k(MOVE(c))))

    found = assert_certain(fuse(here, fold(mu(1 + Id), same)))
    assert prove(found.after, fold(mu(1 + Id), case(at >> start, STEP_B))).evidence == "proved"
    wrong = fuse(here, fold(mu(1 + Id), moved))
    assert isinstance(wrong, NoFusion)
    assert wrong.pair is not None
    # the identity forgets nothing, also where results are functions
    kept = fuse(ident(B**C), fold(mu(1 + Id), moved))
    assert kept


def test_an_algebra_stands_for_its_fold():
    assert fuse(F, Algebra(1 + A * Id, case(UNIT, TIMES)), given=HOMOMORPHISM)


def test_an_arrow_is_moved_along_another():
    h = generator("h", A, B)
    through = Pairwise(Through(h), Kept(C))

    assert extension(pair(snd(A, C), fst(A, C) >> h), through) is pair(snd(B, C), fst(B, C))
    assert extension(snd(A, C), through) is snd(B, C)
    assert extension(fst(A, C), through) is None
    assert extension(fst(A, C) >> generator("k", A, B), through) is None


def test_polynomials_in_others():
    both = polynomial(R() * R(), R() * R(), lambda x, y: (x + y, x * y))
    power_sum = polynomial(R() * R(), R(), lambda x, y: x**3 + y**3)
    found = polynomial_extension(both, power_sum)

    assert found is not None
    assert values(found, (a, x)) == a**3 - 3 * a * x  # Newton's identity
    assert polynomial_extension(both, fst(R(), R())) is None
    with pytest.raises(NotInterpreted, match="Polynomials go between products"):
        polynomial_extension(ident(A), ident(A))


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: fuse(G, fold(L, case(UNIT, TIMES))), "An arrow after a recursion with carrier A"),
        (lambda: fuse(F, TIMES), "is none of them. Give fold"),
        (lambda: fuse(F, unfold(STREAM(N), generator("c", A, N * A))), "An arrow before a recursion with carrier A"),
        (lambda: banana_split(pair(LENGTH[A], ident(L))), "is none"),
        (lambda: banana_split(LENGTH[A]), "A pair of two folds"),
        (lambda: polynomial(R(), R(), sp.sin), "is none"),
        (lambda: polynomial(R(), R(), lambda x: sp.sqrt(2) * x), "rational coefficients"),
        (lambda: polynomial(A, R(), lambda: 1), "A product of ℝ was asked for"),
    ],
)
def test_refusals_say_what_was_found(attempt, sentence):
    with pytest.raises(IllTyped, match=sentence):
        attempt()


SHOW, NEXT, NEXT_A = generator("show", B, N), generator("next", B * C, B), generator("next'", A * C, A)
CELL, CELL_A = generator("cell", B * C, N), generator("cell'", A * C, N)
NEXT_LAW = Law("next", (F * ident(C)) >> NEXT, NEXT_A >> F)


def test_behaviours_of_moore_machines_fuse_with_homomorphisms_t3_3():
    machines = nu(N * Id**C)
    found = assert_certain(fuse(F, unfold(machines, pair(SHOW, curry(NEXT))), given=[NEXT_LAW]))

    assert found.after is unfold(machines, pair(F >> SHOW, curry(NEXT_A)))
    assert not fuse(F, unfold(machines, pair(SHOW, curry(NEXT))))


def test_behaviours_of_mealy_machines_fuse_with_homomorphisms_t3_3():
    machines = nu((N * Id) ** C)
    found = assert_certain(fuse(F, unfold(machines, curry(pair(CELL, NEXT))), given=[NEXT_LAW]))

    assert prove(found.structure, curry(pair((F * ident(C)) >> CELL, NEXT_A))).evidence == "proved"
    assert not fuse(F, unfold(machines, curry(pair(CELL, NEXT))))


def test_behaviours_of_finite_machines_end_with_a_verdict_t3_3():
    counter = moore(range(4), [0, 1], lambda s, x: (s + x) % 4, lambda s: s % 2)
    classes = minimal(counter)
    behaviours = nu(counter.functor)
    whole, small = (unfold(behaviours, m.coalgebra.structure) for m in (counter, classes.image))

    assert prove(classes.map >> small, whole).status != "fails"
    assert prove(finite_map(FinSet(4), FinSet(2), [0, 0, 1, 1]) >> small, whole).status != "holds"
