"""Objects, functors and arrows as values: one object for equal terms, printing that reads back (THEORY T1.1, T1.2)."""

from __future__ import annotations

import copy
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import catcore
from catcore import (
    FinSet,
    Functor,
    Id,
    Law,
    Monad,
    NaturalTransformation,
    One,
    R,
    Zero,
    atoms,
    braid,
    case,
    compose,
    curry,
    ev,
    finite_map,
    fold,
    fst,
    functor,
    generator,
    ident,
    inl,
    inr,
    mu,
    nu,
    pair,
    snd,
    tensor,
    unfold,
)
from catcore.errors import IllTyped, NotComposable, NotParallel
from catcore.objects import Atom
from catcore.structures.standard import ActionMonad, continuation, maybe, reader, state
from tests.syntax.strategies import ARROWS, FUNCTORS, OBJECTS, SEVERAL, transformations

A, B, C, X, S = atoms("A B C X S")
NAMESPACE: dict[str, Any] = {name: getattr(catcore, name) for name in dir(catcore)} | {"Functor": Functor}
THREE: Any = 3
TEXT: Any = "F"
OBJECT: Any = A
NAMES: Any = ["A", "B"]
SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def read(text: str) -> Any:
    return eval(text, dict(NAMESPACE))


def balanced(text: str) -> bool:
    """Whether the braces of a LaTeX text match; ``\\{`` and ``\\}`` are letters."""
    depth, letters = 0, text.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
    for letter in letters:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


# ---- interning -----------------------------------------------------------------------------------------------------


def test_equal_expressions_are_one_object():
    f, g = generator("f", A, B), generator("g", B, C)

    assert (1 + A * Id) is (1 + Atom("A") * Id)
    assert (f >> g) is (generator("f", A, B) >> g)
    assert mu(lambda X: 1 + A * X) is mu(lambda other: 1 + A * other)
    assert mu(1 + A * Id) is mu(lambda X: 1 + A * X)
    assert functor(lambda X: 1 + X) is 1 + Id
    assert len({A * B, A * B, B * A}) == 2


def test_composition_is_associative_and_unital_on_the_nose():
    f, g, h = generator("f", A, B), generator("g", B, C), generator("h", C, A)

    assert (f >> g) >> h is f >> (g >> h)
    assert ident(A) >> f is f >> ident(B) is f
    assert ident(A) >> ident(A) is ident(A)
    assert compose(ident(A)) is ident(A)
    assert compose(f, g, h).args == (f, g, h)


def test_different_expressions_are_different():
    assert (A * B) * C is not A * (B * C)
    assert A * B is not B * A
    assert A @ B is not A * B
    assert generator("f", A, B) is not generator("f", A, C)
    assert R(1) is not R()
    assert R(2) * R(3) is not R(5)
    assert FinSet(2) is not FinSet("0", "1")
    assert len({FinSet(0), FinSet(1), One, Zero}) == 4
    assert finite_map(0, 2, []) is not finite_map(0, 3, [])
    assert len({mu(lambda X: 1 + X), nu(lambda X: 1 + X)}) == 2
    assert Functor.variable("T") is not Functor.variable("T", strong=True)


def test_truth_values_are_not_numbers():
    with pytest.raises(IllTyped):
        FinSet(True)
    with pytest.raises(TypeError):
        _ = True + A
    assert R(1).shape == (1,)
    with pytest.raises(IllTyped, match="A shape is made of integers"):
        R(True)


def test_threads_that_build_one_expression_get_one_object():
    def build(number: int) -> Any:
        return [Atom(f"thread{i}") * Atom(f"thread{i + 1}") for i in range(200)]

    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(build, range(8)))

    assert all(len({id(row[i]) for row in rows}) == 1 for i in range(200))


def test_expressions_that_nobody_holds_are_forgotten():
    from catcore.expressions import _TABLE

    gc.collect()
    before = len(_TABLE)
    held = [Atom(f"held{i}") for i in range(100)]
    assert len(_TABLE) >= before + 100
    del held
    gc.collect()
    assert len(_TABLE) <= before + 10


@SLOWLY
@given(ARROWS)
def test_arrows_are_frozen(f):
    for name in ("args", "dom", "cod", "anything"):
        with pytest.raises(AttributeError, match="is frozen"):
            setattr(f, name, A)
        with pytest.raises(AttributeError, match="is frozen"):
            delattr(f, name)


@SLOWLY
@given(ARROWS, OBJECTS, FUNCTORS)
def test_copies_and_pickles_are_the_same_object(f, ob, F):
    for value in (f, ob, F):
        assert copy.copy(value) is value
        assert copy.deepcopy([value])[0] is value
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(value, protocol)) is value


# ---- printing ------------------------------------------------------------------------------------------------------


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(OBJECTS)
def test_the_repr_of_an_object_reads_back(ob):
    assert read(repr(ob)) is ob


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(FUNCTORS)
def test_the_repr_of_a_functor_reads_back(F):
    assert read(repr(F)) is F


@given(SEVERAL)
def test_the_repr_of_a_functor_of_several_variables_reads_back(F):
    assert read(repr(F)) is F
    assert read(repr(F(*[A] * F.arity))) is F(*[A] * F.arity)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(ARROWS)
def test_the_repr_of_an_arrow_reads_back(f):
    assert read(repr(f)) is f


@SLOWLY
@given(transformations())
def test_the_repr_of_a_transformation_reads_back(alpha):
    again = read(repr(alpha))

    assert again == alpha
    assert hash(again) == hash(alpha)
    assert again[B] is alpha[B]


@pytest.mark.parametrize(
    "monad", [maybe(), state(S), reader(A), continuation(A), ActionMonad(catcore.cyclic(2)), Monad(Id, ident, ident)],
    ids=lambda m: str(m.functor),
)  # fmt: skip
def test_the_repr_of_a_monad_reads_back(monad):
    assert read(repr(monad)) == monad


@SLOWLY
@given(ARROWS, OBJECTS, FUNCTORS)
def test_every_expression_prints_and_its_latex_is_balanced(f, ob, F):
    for value in (f, ob, F):
        assert str(value)
        assert "object at 0x" not in str(value)
        assert balanced(value.latex()), value.latex()
        assert value._repr_latex_() == f"${value.latex()}$"


@SLOWLY
@given(ARROWS)
def test_types_and_terms_have_no_placeholder_left(f):
    assert "?" not in str(f.dom) + str(f.cod)
    assert "Bound" not in str(f.dom) + repr(f)


@pytest.mark.parametrize(
    ("value", "text", "latex"),
    [
        (1 + A * S**A, "1 + A × S^A", r"1 + A \times {S}^{A}"),
        ((A + B) * C, "(A + B) × C", r"(A + B) \times C"),
        (A + (B + C), "A + (B + C)", "A + (B + C)"),
        (A @ B, "A ⊗ B", r"A \otimes B"),
        (A ** (B + 1), "A^(B + 1)", r"{A}^{B + 1}"),
        ((A**B) ** C, "(A^B)^C", r"{({A}^{B})}^{C}"),
        (mu(lambda Y: 1 + A * Y), "μX. 1 + A × X", r"\mu X.\, 1 + A \times X"),
        (mu(lambda Y: 1 + X * Y), "μY. 1 + X × Y", r"\mu Y.\, 1 + X \times Y"),
        (nu(lambda Y: A * Y) * B, "(νX. A × X) × B", r"(\nu X.\, A \times X) \times B"),
        (FinSet("e", "s"), "{e, s}", r"\{e, s\}"),
        (FinSet(3), "3", r"\mathbf{3}"),
        (R(2, 3), "ℝ[2×3]", r"\mathbb{R}^{2 \times 3}"),
        (Atom("x_1"), "x_1", r"x\_1"),
        (1 + A * Id, "1 + A × Id", r"1 + A \times Id"),
        (Functor.variable("T_1"), "T_1", r"T\_1"),
        (Functor.variable("T_1")(A), "T_1(A)", r"T\_1(A)"),
        (pair(ident(A), generator("f", A, B)) >> snd(A, B), "⟨id, f⟩ ; π₂",
         r"\langle \mathrm{id}, f \rangle \mathbin{;} \pi_2"),
        (pair(generator("a^b", A, A), generator("{}", A, A)), "⟨a^b, {}⟩", r"\langle a\hat{}b, \{\} \rangle"),
        (case(inl(A, B), inr(A, B)), "[ι₁, ι₂]", r"[\iota_1, \iota_2]"),
        (curry(ev(A, B)), "Λ(ev)", r"\Lambda(\mathrm{ev})"),
        ((generator("f", A, B) >> generator("g", B, C)) @ ident(A), "(f ; g) ⊗ id",
         r"(f \mathbin{;} g) \otimes \mathrm{id}"),
        (Functor.variable("T")(generator("f", A, B)), "T(f)", "T(f)"),
        ((1 + Id)(generator("f", A, B)), "(1 + Id)(f)", "(1 + Id)(f)"),
        (NaturalTransformation.variable("t_0", Id, Id)[A], "t_0[A]", r"t\_0_{A}"),
        (finite_map(2, 3, [2, 0]), "[2 0]", r"[2\;0]"),
    ],
    ids=str,
)  # fmt: skip
def test_expressions_print_as_on_a_board(value, text, latex):
    assert str(value) == text
    assert value.latex() == latex


def test_many_nested_binders_have_a_name_each():
    deep: Any = A
    for _ in range(100):
        deep = mu(catcore.Const(1 + deep))
    nested = functor(lambda Z: Z)
    for _ in range(3):
        nested = functor(lambda Z, nested=nested: mu(lambda Y: Z + nested(Y)))

    assert str(deep).count("μ") == 100
    assert read(repr(nested(A))) is nested(A)


def test_the_letters_of_binders_avoid_the_atoms():
    letters = [Atom(n) for n in "XYZWUV"]
    ob = mu(lambda Q: letters[0] + letters[1] * Q)

    assert str(ob) == "μZ. X + Y × Z"
    crowded = mu(lambda Q: letters[0] + letters[1] + letters[2] + letters[3] + letters[4] + letters[5] + Q)
    assert str(crowded).startswith("μX1. ")


# ---- deep terms ----------------------------------------------------------------------------------------------------


def test_long_composites_are_values_like_any_other():
    f = generator("f", A, A)
    long = compose(*[f] * 10_000)

    assert long is compose(compose(*[f] * 5_000), compose(*[f] * 5_000))
    assert str(long).count("f") == 10_000
    assert pickle.loads(pickle.dumps(long)) is long
    assert read(repr(compose(*[f] * 3_000))) is compose(*[f] * 3_000)
    assert catcore.doctrines(long) == {"category"}
    assert balanced(long.latex())


def test_deeply_nested_terms_print_and_pickle():
    f = generator("f", A, A)
    pairs, cases, products = f, ident(A), A
    for _ in range(300):
        pairs, cases, products = pair(f, pairs), case(ident(A), cases), A * products

    for term in (pairs, cases):
        assert str(term).count(",") == 300
        assert repr(term).count("(") >= 300
        assert pickle.loads(pickle.dumps(term)) is term
        assert balanced(term.latex())
    assert pairs.cod is products
    assert catcore.doctrines(pairs) == {"cartesian", "category"}


# ---- what is refused -----------------------------------------------------------------------------------------------


def test_a_wrong_composite_names_both_ends():
    f, g = generator("f", A, B), generator("g", C, A)

    with pytest.raises(NotComposable) as error:
        _ = f >> g
    said = str(error.value)
    assert "Cannot compose f : A → B with g : C → A" in said
    assert "the first ends in B and the second starts in C" in said
    assert said.endswith("Put an arrow B → C between them.")
    with pytest.raises(NotComposable, match="Cannot compose f : A → B with f : A → B"):
        compose(f, f)
    with pytest.raises(NotComposable, match=r"Cannot compose id : A → A with id : B → B"):
        _ = ident(A) >> ident(B)
    with pytest.raises(TypeError):
        _ = f >> THREE


def test_arrows_that_are_not_parallel_are_refused_with_the_remedy():
    f, g = generator("f", A, B), generator("g", C, B)

    with pytest.raises(NotParallel,
                       match=r"⟨f, g⟩ was asked for with f : A → B and g : C → B: both must leave the same "
                                          r"object, and A is not C\. For a map on pairs write f \* g\."):  # fmt: skip
        pair(f, g)
    with pytest.raises(NotParallel,
                       match=r"\[f, g\] was asked for .* both must reach the same object, and B is not A\. "
                                          r"For a map on sums write f \+ g\."):  # fmt: skip
        case(f, ident(A))
    with pytest.raises(
        NotParallel, match=r"The law 'x' equates two arrows that are not parallel: f : A → B and g : C → B"
    ):
        Law("x", f, g)


LIST = mu(lambda X: 1 + A * X)
STREAM = nu(lambda X: A * X)


@pytest.mark.parametrize(
    ("build", "clause"),
    [
        (lambda: ident("A"), "An object is needed, and 'A' was given. Use atoms"),
        (lambda: generator("f", A, 1.5), "An object is needed, and 1.5 was given"),
        (lambda: generator("", A, B), "A generator is named by a short printable string, and '' was given"),
        (lambda: generator("a\nb", A, B), "A generator is named by a short printable string"),
        (lambda: generator("f" * 81, A, B), "A generator is named by a short printable string"),
        (lambda: Atom(3), "An atom is named by a short printable string, and 3 was given"),
        (lambda: atoms(NAMES), 'atoms takes the names in one text, atoms("A B"), and [\'A\', \'B\'] was given'),
        (lambda: fst(A, -1), "An object is needed, and -1 was given"),
        (lambda: pair(THREE, ident(A)), "An arrow is needed here, and 3 was given. Build one with generator"),
        (lambda: case(ident(A), TEXT), "An arrow is needed here, and 'F' was given"),
        (lambda: curry(OBJECT), "An arrow is needed here, and Atom('A') was given"),
        (lambda: curry(ident(A)), "curry needs an arrow out of a product A × B, and id : A → A leaves A"),
        (lambda: tensor(ident(A), OBJECT), "An arrow is needed here"),
        (lambda: compose(ident(A), OBJECT), "An arrow is needed here"),
        (lambda: inl(A, B, C), "inl takes two objects, inl(A, B), or one value inside a traced function; 3 were given"),
        (lambda: braid(A, None), "An object is needed, and None was given"),
        (lambda: finite_map(2, 2, [0]), "finite_map from 2 needs 2 values, one an element, and 1 were given"),
        (lambda: finite_map(2, 2, [0, 2]), "finite_map into 2 takes values 0 … 1, and 2 was given"),
        (lambda: finite_map(2, 2, [0, -1]), "finite_map into 2 takes values 0 … 1, and -1 was given"),
        (lambda: finite_map(2, 2, [0.5, 1]), "finite_map from 2 to 2 takes a list of integers"),
        (lambda: finite_map(2, 2, ["0", "1"]), "finite_map from 2 to 2 takes a list of integers"),
        (lambda: finite_map(2, 2, 7),
         "finite_map from 2 to 2 takes a list of integers, the numbers of the images, and 7"),
        (lambda: finite_map(A, 2, [0]), "A is not a finite set of known size"),
        (lambda: FinSet(-1), "FinSet takes a size n ≥ 0 or the names of its elements, and (-1,) was given"),
        (lambda: FinSet(), "FinSet takes a size n ≥ 0"),
        (lambda: FinSet("a", 2), "FinSet takes a size n ≥ 0"),
        (lambda: FinSet("a", "a"), "The elements of FinSet('a', 'a') must have different names"),
        (lambda: R(-1), "A shape is made of integers ≥ 0, and R(-1,) was asked for"),
        (lambda: R("n"), "A shape is made of integers ≥ 0"),
        (lambda: mu(THREE), "mu and nu take a functor, or a Python function on objects, and 3 was given"),
        (lambda: mu(lambda X: "X"), "An object is needed, and 'X' was given"),
        (lambda: mu(lambda X: A**X),
         "A fixed point of A^X was asked for, but its variable stands on the left of an exponential"),
        (lambda: nu(lambda X: X**X), "so it is no functor. Use the variable in positive places only"),
        (lambda: functor(TEXT), "A functor is read off a Python function on objects, and 'F' was given"),
        (lambda: functor(lambda X, Y: X + Y)(A), "is a functor of 2 variable(s), and 1 argument(s) were given"),
        (lambda: functor(lambda X, Y: X + Y)(Id, Id),
         "has 2 variables; compose it with functor(lambda X: F(G(X), H(X)))"),
        (lambda: (1 + Id)("A"), "An object is needed, and 'A' was given"),
        (lambda: fold(A, ident(A)), "fold leaves a least fixed point mu(F), and A is none"),
        (lambda: fold(LIST, ident(A)), "one layer is 1 + A × A, and A was found. Give a structure map on 1 + A × A"),
        (lambda: fold(LIST, THREE), "An arrow is needed here"),
        (lambda: unfold(LIST, ident(A)), "unfold reaches a greatest fixed point nu(F), and μX. 1 + A × X is none"),
        (lambda: unfold(STREAM, ident(B)), "with the carrier B one layer is A × B, and B was found"),
        (lambda: catcore.in_(STREAM), "in_ belongs to a least fixed point mu(F), and νX. A × X is none"),
        (lambda: catcore.out(A), "out belongs to a greatest fixed point nu(F), and A is none"),
        (lambda: Law("x", THREE, ident(A)), "An arrow is needed here, and 3 was given"),
        (lambda: NaturalTransformation(Id, Id, lambda X: ident(B), "t")[A],
         "t at A must be an arrow A → A, and id : B → B was given"),
        (lambda: NaturalTransformation(Id, Id, 3, "t")[A],
         "t at A must be an arrow A → A, and 3 was given. Give a function"),
        (lambda: functor(lambda X: A**X).act(generator("f", A, B)), "so the expression is no functor of it"),
    ],
)  # fmt: skip
def test_ill_typed_terms_are_refused_with_a_sentence(build, clause):
    with pytest.raises(IllTyped) as error:
        build()

    assert clause in str(error.value)
    assert str(error.value).endswith(".")


def test_operators_leave_other_values_to_python():
    for wrong in (lambda: A + "B", lambda: "B" * A, lambda: A @ 1.5, lambda: A**None, lambda: ident(A) + A):
        with pytest.raises(TypeError):
            wrong()


def test_numbers_stand_for_finite_sets():
    assert 0 + A is Zero + A
    assert A * 1 is A * One
    assert 2 * A is FinSet(2) * A
    assert A**3 is A ** FinSet(3)
    assert 2**A is FinSet(2) ** A
