"""Free monads, cofree comonads and handlers (T2.7, T2.8)."""

from __future__ import annotations

import itertools as it

import pytest

from catcore import Algebra, Homomorphism, Id, Law, Monad, arrow, atoms, case, fold, generator, ident, inl, inr
from catcore.categories import PythonValues
from catcore.datatypes import datatype
from catcore.datatypes.free import cofree_comonad, extension, free_monad, interpretation, operation, restriction
from catcore.datatypes.handlers import addressed_memory, logging_handler, memory, state_handler, state_laws
from catcore.objects import Mu
from catcore_proofs import verify

A, S, X, Y, Z = atoms("A S X Y Z")
SIGNATURES = {"lists": 1 + A * Id, "trees": A + Id * Id, "two kinds": Id * Id + A * Id}


def arbitrary(layer, carrier=X, name="a") -> Algebra:
    return Algebra(layer, generator(name, layer(carrier), carrier))


@pytest.mark.parametrize("name", SIGNATURES)
def test_free_monads_are_monads_t2_7(name):
    assert all(v.evidence == "proved" for v in verify(free_monad(SIGNATURES[name])))


@pytest.mark.parametrize("name", ["lists", "trees"])
def test_cofree_comonads_are_comonads_t2_7(name):
    assert all(v.evidence == "proved" for v in verify(cofree_comonad(SIGNATURES[name])))


def test_a_substitution_that_swaps_branches_is_no_monad():
    layer = SIGNATURES["trees"]
    good = free_monad(layer)

    def swapped(z):
        turn = arrow(layer(good(z)), layer(good(z)))(lambda e: e.case(inl=inl, inr=lambda p: inr((p[1], p[0]))))
        return fold(good(good(z)), case(turn >> operation(layer, z), ident(good(z))))

    assert verify(Monad(good.functor, good.unit, swapped)).status == "fails"


@pytest.mark.parametrize("name", SIGNATURES)
def test_algebras_of_the_functor_are_those_of_its_free_monad_t2_7(name):
    layer = SIGNATURES[name]
    algebra = arbitrary(layer)
    whole = extension(algebra)

    assert all(v.evidence == "proved" for v in verify(whole))
    back = restriction(layer, whole).structure
    assert verify(Law("there and back", back, algebra.structure)).ok


@pytest.mark.parametrize("name", ["lists", "trees"])
def test_homomorphisms_are_the_same_t2_7(name):
    layer = SIGNATURES[name]
    a, b, f = arbitrary(layer), arbitrary(layer, Y, "b"), generator("f", X, Y)
    respects = Law("homomorphism", a.structure >> f, layer(f) >> b.structure)

    assert verify(Homomorphism(extension(a), extension(b), f, (respects,))).ok


def test_a_map_that_is_no_homomorphism_stays_none_t2_7():
    layer = SIGNATURES["lists"]
    a, b, f = arbitrary(layer), arbitrary(layer, Y, "b"), generator("f", X, Y)

    assert not verify(Homomorphism(extension(a), extension(b), f)).ok


def test_associativity_on_all_87_terms_t2_7():
    """F = 1 + {0,1} × −, carrier {0,1,2}: the algebra of terms of terms, of depth at most one over two."""
    layer = 1 + A * Id
    algebra = {None: 2} | {(a, x): (a + 2 * x + 1) % 3 for a in (0, 1) for x in range(3)}
    structure = generator("a", layer(X), X)
    python = PythonValues({structure: lambda e: algebra[None if e.side == "inl" else e.value]})
    extended, monad = extension(Algebra(layer, structure)), free_monad(layer)
    inner = terms_over(monad(X), range(3), 3)
    outer = terms_over(monad(monad(X)), inner, 2)

    assert (len(inner), len(outer)) == (28, 87)
    for term in outer:
        assert python.apply(monad(extended.structure) >> extended.structure, term) == python.apply(
            monad.mult[X] >> extended.structure, term
        )


def terms_over(of: Mu, variables, height: int) -> list:
    nil, cons, variable = datatype(of).constructors
    found: list = []
    for _ in range(height):
        found = [nil(), *(cons(a, t) for a, t in it.product((0, 1), found)), *map(variable, variables)]
    return found


def test_the_state_handler_satisfies_the_laws_of_state_t2_8():
    assert all(v.evidence == "proved" for v in verify(list(state_laws(S, Z, state_handler(S, Z)))))


def test_a_handler_that_logs_breaks_put_after_put_t2_8():
    found = verify(list(state_laws(S, Z, logging_handler(S, Z))))

    assert {v.law for v in found if v.status == "fails"} == {"put put", "get put"}
    assert found["put put"].counterexample is not None


def test_a_program_runs_on_values():
    """``get; put (s + 1); return s`` counts."""
    programs = datatype(free_monad(memory(S))(Z), "Put", "Get", "Return")
    put, get, result = programs.constructors
    numbers = range(3)
    count = get(lambda s: put((s + 1) % 3, result(s)))
    algebra, value = state_handler(S, Z)

    run = PythonValues().apply(interpretation(algebra, value), count)
    assert [run(s) for s in numbers] == [(s, (s + 1) % 3) for s in numbers]


def test_addressed_memory_is_a_signature():
    assert str(addressed_memory(A, S)) == "A × S × Id + A × Id^S"


def test_an_interpretation_is_unique():
    layer = SIGNATURES["trees"]
    algebra, value = arbitrary(layer), generator("v", Z, X)
    terms = free_monad(layer)(Z)
    h = generator("h", terms, X)
    given = (
        Law("operations", operation(layer, Z) >> h, layer(h) >> algebra.structure),
        Law("variables", free_monad(layer).unit[Z] >> h, value),
    )
    unique = Law("unique", h, interpretation(algebra, value))
    assert verify(unique.under(given)).ok
    assert not verify(unique.under(given[:1])).ok
