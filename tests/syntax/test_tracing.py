"""Tracing ordinary Python functions on generic elements (THEORY T1.1)."""

from __future__ import annotations

import pytest

from catcore import (
    FinSet,
    Functor,
    Id,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    curry,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    pointwise,
    snd,
)
from catcore.errors import CatError, TracingError
from catcore.tracing import trace
from catcore_proofs import prove

A, B, C, S = atoms("A B C S")
M = Monoid.variable("M")
F, G = generator("f", A, B), generator("g", A * B, C)


def same(f, g) -> bool:
    return prove(f, g).status == "holds"


# ---- what can be said ----------------------------------------------------------------------------------------------


def test_tuples_unpack_and_pack():
    swap = trace(lambda p: (p[1], p[0]), A * B, B * A)

    @arrow(A * B, B * A)
    def unpacked(p):
        a, b = p
        return b, a

    assert swap is unpacked is pair(snd(A, B), fst(A, B))


def test_longer_tuples_associate_to_the_left():
    @arrow((A * B) * C, (C * B) * A)
    def turned(t):
        (a, b), c = t
        return c, b, a

    assert same(turned >> trace(lambda t: (t[1], t[0][1], t[0][0]), C * B * A, A * B * C), ident(A * B * C))


def test_case_distinguishes_and_uses_what_is_in_scope():
    @arrow(A * (B + B), A * B)
    def either(p):
        a, x = p
        return a, x.case(inl=lambda b: b, inr=lambda b: b)

    assert same(either, ident(A) * case(ident(B), ident(B)))


def test_injections_take_their_type_from_the_place():
    twist = trace(lambda x: x.case(inl=lambda a: inr(a), inr=lambda b: inl(b)), A + B, B + A)

    assert same(twist, case(inr(B, A), inl(B, A)))
    assert trace(lambda a: inl(inr(a)), A, (B + A) + C) is inr(B, A) >> inl(B + A, C)


def test_functions_become_elements_of_exponentials():
    @arrow(A, (A * B) ** B)
    def partly(a):
        return lambda b: (a, b)

    assert same(partly, curry(ident(A * B)))


def test_elements_of_exponentials_are_called():
    compose2 = trace(lambda p: lambda a: p[1](p[0](a)), B**A * C**B, C**A)
    const = trace(lambda a: lambda _: a, A, A**B)

    assert compose2.cod is C**A
    assert same(const, curry(fst(A, B)))
    assert trace(lambda p: p[0](p[1], p[1]), C ** (A * A) * A, C).cod is C


def test_nested_scopes_weaken_old_elements():
    @arrow(A, ((A * B * C) ** C) ** B)
    def three(a):
        return lambda b: lambda c: (a, b, c)

    assert same(three, curry(curry(ident(A * B * C))))


def test_cases_nest_inside_functions_and_cases():
    @arrow((A + A) * (A + A), A**One)
    def first_of(p):
        x, y = p
        return lambda _: x.case(inl=lambda a: a, inr=lambda a: y.case(inl=lambda b: b, inr=lambda b: a))

    left = inl(A, A) * inl(A, A) >> first_of

    assert same(left, trace(lambda p: lambda _: p[0], A * A, A**One))
    right = inr(A, A) * inl(A, A) >> first_of
    assert same(right, trace(lambda p: lambda _: p[1], A * A, A**One))


def test_a_case_may_be_used_before_its_type_is_known():
    @arrow((A + A) * B, C)
    def used(p):
        x, b = p
        return G(x.case(inl=lambda a: a, inr=lambda a: a), b)

    @arrow(A * B + B * A, B)
    def component(x):
        return x.case(inl=lambda p: (p[0], p[1]), inr=lambda p: (p[1], p[0]))[1]

    assert used.cod is C
    assert same(inr(A * B, B * A) >> component, fst(B, A))


def test_arrows_apply_to_elements_and_to_tuples():
    assert trace(lambda a: F(a), A, B) is F
    assert same(trace(lambda p: G(p[0], p[1]), A * B, C), G)
    assert same(trace(lambda p: G(p), A * B, C), G)


def test_operations_of_a_monoid_apply():
    square = trace(lambda x: M.mult(x, x), M.carrier, M.carrier)
    with_unit = trace(lambda x: M.mult(M.unit, x), M.carrier, M.carrier)

    assert square is pair(ident(M.carrier), ident(M.carrier)) >> M.mult
    assert prove(with_unit, ident(M.carrier), given=M.given).evidence == "proved"


def test_constants_numbers_and_points_stand_for_elements():
    point = generator("a", One, A)

    assert same(trace(lambda _: point, B, A), trace(lambda _: (), B, One) >> point)
    assert same(trace(lambda _: 1, One, FinSet(2)), finite_map(1, 2, [1]))
    assert same(trace(lambda a: F, One, B**A), curry(snd(One, A) >> F))


@pytest.mark.parametrize("shape", [1 + A * Id, Id * Id, (S * Id) ** S, Id**2, (1 + Id) ** FinSet(2) * Id, Id], ids=str)
def test_map_applies_a_function_at_every_place(shape):
    mapped = trace(lambda x: shape.map(lambda a: F(a), x), shape(A), shape(B))

    assert same(mapped, shape(F))


def test_map_may_use_other_elements_in_scope():
    strength = trace(lambda p: (1 + Id).map(lambda x: (p[0], x), p[1]), A * (1 + B), 1 + A * B)

    assert same(ident(A) * inr(One, B) >> strength, inr(One, A * B))


def test_a_pointwise_structure_map_is_traced_at_its_type():
    from catcore import Monad

    monad = Monad((S * Id) ** S, pointwise(lambda x: lambda s: (s, x)), pointwise(lambda p: lambda s: p(s)[1](p(s)[0])))

    assert monad.unit[A].cod is (S * A) ** S


# ---- what is refused -----------------------------------------------------------------------------------------------


def refused(function, dom, cod, clause) -> None:
    with pytest.raises(TracingError) as error:
        trace(function, dom, cod)
    assert str(error.value).startswith("While tracing a function: ")
    assert clause in str(error.value)
    assert str(error.value).endswith(".")


BOTH = A + A


@pytest.mark.parametrize(
    ("function", "dom", "cod", "clause"),
    [
        (lambda x: 0 if x else 1, BOTH, FinSet(2),
         "a generic element has no truth value, so `if`, `and`, `or` and `not`"),
        (lambda x: not x, BOTH, BOTH, "Use x.case(inl=…, inr=…)"),
        (lambda x: 0 if x == 0 else 1, BOTH, FinSet(2), "two generic elements were compared, which has no answer"),
        (lambda x: 0 if x != 0 else 1, BOTH, FinSet(2), "two generic elements were compared"),
        (lambda p: p[0] if p[0] in (p[1],) else p[1], A * A * A, A, "two generic elements were compared"),
        (lambda x: x[0], A, A, "component 0 of an element of A was asked for, which is no product"),
        (lambda x: x[2], A * A, A, "component 2 of a pair was asked for. Pairs have components 0 and 1"),
        (lambda x: x[-1], A * A, A, "component -1 of a pair was asked for"),
        (lambda x: x(x), A, A, "an element of A was called like a function. Only elements of B ** A can be called"),
        (lambda x: x.case(inl=lambda a: a, inr=lambda a: a), A, A,
         "a case distinction on an element of A was asked for"),
        (lambda x: (x, x), A, A,
         "an element of A is needed, and (<generic element of A>, <generic element of A>) was given"),
        (lambda x: x, A, B, "an element of B is needed, and one of A was given. Check the order of the arguments"),
        (lambda x: None, A, B, "an element of B is needed, and None was given"),
        (lambda x: 3, A, FinSet(3), "an element of 3 is needed, and 3 was given"),
        (lambda x: lambda y: y, A, A, "an element of A is needed, and <function"),
        (lambda x: inl(x), A, A * A, "an element of A × A is needed, and inl(…) was given. Injections reach sums only"),
        (lambda x: inl(x)[0], A, A, "inl(value) was used where its type is not known"),
        (lambda x: F(inl(x)), A, B, "Injections reach sums only"),
        (lambda x: G(x), A, C, "an element of A × B is needed, and one of A was given"),
        (lambda x: x.case(inl=lambda a: inl(a), inr=lambda a: inr(a))[0], BOTH, A,
         "neither branch of a case distinction"),
        (lambda x: Functor.variable("T").map(lambda a: a, x), Functor.variable("T")(A), Functor.variable("T")(A),
         "under a binder was asked for"),
        (lambda x: generator("h", One, B), A, A, "an element of A is needed"),
    ],
)  # fmt: skip
def test_what_a_generic_element_cannot_answer_is_refused(function, dom, cod, clause):
    refused(function, dom, cod, clause)


def test_elements_may_not_leave_the_branch_that_introduced_them():
    kept = []

    def keep(value):
        kept.append(value)
        return value

    clause = "A generic element was used outside the function or branch that introduced it. Return it"

    def leaking(x):
        one = F(x.case(inl=keep, inr=lambda a: a))
        return one, F(kept[0])

    refused(leaking, BOTH, B * B, clause)
    kept.clear()

    def between(x):
        return x.case(inl=keep, inr=lambda a: kept[0])

    refused(between, BOTH, A, clause)
    kept.clear()
    refused(lambda x: (lambda b: keep(b), lambda b: kept[0]), A, A**A * A**A, clause)


def test_elements_of_another_function_are_refused():
    stolen = []

    def steal(a):
        stolen.append(a)
        return a

    trace(steal, A, A)

    refused(lambda a: stolen[0], A, A, "A generic element was used outside the function")
    with pytest.raises(TracingError, match="while no function is being traced"):
        F(stolen[0])
    with pytest.raises(TracingError, match="while no function is being traced"):
        F(3)


def test_functions_traced_inside_one_another_do_not_mix():
    def outer(a):
        inner = trace(lambda b: b, B, B)
        assert inner is ident(B)
        return a

    assert trace(outer, A, A) is ident(A)
    refused(lambda a: trace(lambda b: a, B, A), A, A, "outside the function or branch")


def test_an_error_inside_a_function_leaves_no_trace():
    with pytest.raises(ZeroDivisionError):
        trace(lambda a: 1 // 0, A, A)
    with pytest.raises(TracingError, match="while no function is being traced"):
        F(3)
    assert trace(lambda a: a, A, A) is ident(A)


def test_elements_hash_by_identity_and_print_their_type():
    seen = []

    def look(p):
        seen.extend([{p: 1}[p], repr(p)])
        return p

    trace(look, A * B, A * B)

    assert seen == [1, "<generic element of A × B>"]


def test_every_refusal_is_an_error_of_this_library():
    assert issubclass(TracingError, CatError)
    assert issubclass(TracingError, TypeError)
