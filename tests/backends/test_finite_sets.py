"""Finite sets on every array library: the same numbers, the same verdicts, the same smallest counterexamples."""

from __future__ import annotations

import pytest

from catcore import (
    FinSet,
    Id,
    Monad,
    One,
    atoms,
    case,
    ev,
    finite_map,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.arrows import Arrow, curry, distribute
from catcore.categories.finite_sets import FiniteModel, computed_by
from catcore.errors import BackendMissing, WrongDtype
from catcore_proofs import prove, verify

A, B = atoms("A B")
f, g = generator("f", A, B), generator("g", A * B, B)
MODEL = FiniteModel({A: 3, B: 2}, {f: (1, 0, 1), g: (0, 1, 1, 0, 1, 1)})
CYCLE = finite_map(FinSet(5), FinSet(5), (1, 2, 3, 4, 0))

TERMS: dict[str, Arrow] = {
    "pairing": pair(snd(A, B), fst(A, B)),
    "cases": case(f >> inr(A, B), ident(B) >> inr(A, B)),
    "one empty case": case(inl(A, B), inr(A, B)),
    "distribution": distribute(A, B, A),
    "currying": curry(g),
    "evaluation": pair(fst(A, B) >> curry(g), snd(A, B)) >> ev(B, B),
    "a table under a binder": curry(pair(snd(A, B), snd(A, B)) >> fst(B, B)),
    "finite sets": CYCLE >> CYCLE,
}


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_elements_have_the_same_images(library, term: Arrow) -> None:
    model = FiniteModel(MODEL.sizes, MODEL.tables, library.xp)
    found = model.apply(term, model.elements(term.dom))

    assert library.numpy(found).tolist() == MODEL.apply(term, MODEL.elements(term.dom)).tolist()


def test_a_wrong_monad_has_the_same_counterexample(library) -> None:
    bits = FinSet(2)
    wrong = Monad(  # the writer monad of (bits, 0, second), where 0 is no right unit
        bits * Id,
        unit=lambda X: pair(terminal(X) >> finite_map(One, bits, (0,)), ident(X)),
        mult=lambda X: snd(bits, bits * X),
    )
    for law in wrong.laws():
        here, there = prove(law, backend=library.backend), prove(law)
        assert (here.status, here.counterexample) == (there.status, there.counterexample)
    assert verify(wrong, backend=library.backend).status == "fails"


def test_exhaustive_verdicts_agree(library) -> None:
    backend = library.backend
    assert prove(CYCLE >> CYCLE >> CYCLE >> CYCLE >> CYCLE, ident(FinSet(5)), backend=backend).evidence == "exhaustive"
    broken = prove(CYCLE >> CYCLE, ident(FinSet(5)), backend=backend)

    assert str(broken.counterexample) == str(prove(CYCLE >> CYCLE, ident(FinSet(5))).counterexample)


def test_verify_takes_a_backend(library) -> None:
    maybe = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))

    assert str(verify(maybe, backend=library.backend)) == str(verify(maybe))


def test_shorter_integers_are_refused() -> None:
    jax = pytest.importorskip("jax")
    with jax.enable_x64(False), pytest.raises(WrongDtype, match="jax_enable_x64"), computed_by("jax"):
        pass


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(BackendMissing, match="'fortran' was asked for"):
        prove(f, f, backend="fortran")
