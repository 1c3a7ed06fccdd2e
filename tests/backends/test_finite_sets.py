"""Finite sets on every array library: the same numbers, the same verdicts, the same smallest counterexamples."""

from __future__ import annotations

import numpy as np
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
from catcore.categories.finite_sets import FiniteModel, computed_by, host
from catcore.errors import BackendMissing, WrongDtype
from catcore.theories import group, monoid
from catcore_proofs import prove, refute, verify
from catcore_proofs.census import (
    count_algebras,
    count_categories,
    count_comonads,
    count_distributive_laws,
    count_models,
    count_monad_morphisms,
    count_monads,
    entries,
)

A, B = atoms("A B")
f, g = generator("f", A, B), generator("g", A * B, B)
MODEL = FiniteModel({A: 3, B: 2}, {f: (1, 0, 1), g: (0, 1, 1, 0, 1, 1)})
MAYBE = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
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


@pytest.fixture
def library(library):
    """Each library; a search needs shapes that depend on data, which the standard leaves to a library."""
    with library.reading():
        yield library


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
    assert str(verify(MAYBE, backend=library.backend)) == str(verify(MAYBE))


def test_refute_takes_a_backend(library) -> None:
    here, there = refute(CYCLE >> CYCLE, CYCLE, backend=library.backend), refute(CYCLE >> CYCLE, CYCLE)

    assert here is not None
    assert str(here) == str(there)
    assert refute(CYCLE, CYCLE, backend=library.backend) is None


def test_a_law_that_fails_only_at_the_end_is_refuted(library) -> None:
    """Mutants: one entry of a table is wrong, the last; and only the last of 70 tables breaks the law."""
    mutant = finite_map(FinSet(5), FinSet(5), (1, 2, 3, 4, 1))
    broken = prove(CYCLE, mutant, backend=library.backend)
    last, point = finite_map(FinSet(70), FinSet(2), [0] * 69 + [1]), generator("point", One, FinSet(70))
    found = refute(point >> last, finite_map(One, FinSet(2), [0]), backend=library.backend)

    assert str(broken.counterexample) == "at 4: 0 ≠ 1"
    assert str(found).endswith("point = 69: 1 ≠ 0")


def test_a_wrong_table_has_no_models(library) -> None:
    """The cyclic group of order 3 is one monoid; with one product changed, its last, none is left."""
    cyclic = [0, 1, 2, 1, 2, 0, 2, 0, 1]
    right = count_models(monoid, 3, fixed={"mult": cyclic}, backend=library.backend)
    mutant = count_models(monoid, 3, fixed={"mult": [*cyclic[:-1], 0]}, backend=library.backend)

    assert (right.count, mutant.count) == (1, 0)


def test_shorter_integers_are_refused() -> None:
    jax = pytest.importorskip("jax")
    with jax.enable_x64(False), pytest.raises(WrongDtype, match="jax_enable_x64"), computed_by("jax"):
        pass


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(BackendMissing, match="'fortran' was asked for"):
        prove(f, f, backend="fortran")


CENSUS = {
    "monads": lambda backend: count_monads(Id + Id**2, up_to_isomorphism=True, backend=backend),
    "a functor that is no monad": lambda backend: count_monads(1 + Id * Id, backend=backend),
    "comonads": lambda backend: count_comonads(Id * Id + Id, backend=backend),
    "distributive laws": lambda backend: count_distributive_laws(MAYBE, MAYBE, backend=backend),
    "algebras": lambda backend: count_algebras(MAYBE, 3, up_to_isomorphism=True, backend=backend),
    "morphisms": lambda backend: count_monad_morphisms(MAYBE, MAYBE, backend=backend),
    "models": lambda backend: count_models(group, 4, up_to_isomorphism=True, keep=9, backend=backend),
    "models with a unit fixed": lambda backend: count_models(monoid, 3, fixed={"unit": [1]}, backend=backend),
    "empty models": lambda backend: count_models(monoid, 0, backend=backend),
    "categories": lambda backend: count_categories(4, backend=backend),
}


#: Those that are counted on JAX, too, which compiles the parts of a search.
COMPILED = ("monads", "algebras", "models", "models with a unit fixed", "empty models")


@pytest.mark.parametrize("name", CENSUS)
def test_a_census_counts_the_same_structures(name, library) -> None:
    if library.name == "jax" and name not in COMPILED:
        pytest.skip("compiling takes seconds, and the same parts are compiled for other structures")
    found = CENSUS[name](library.backend)
    expected = CENSUS[name]("")

    assert (found, found.structures) == (expected, expected.structures)


def test_a_search_stays_in_the_arrays_of_the_library(library) -> None:
    with computed_by(library.backend):
        flags = entries.made(np.asarray([[False, True], [True, True]]))
        assert type(entries.places(flags)[0]) is type(flags)
        assert host(entries.written(flags, entries.places(flags), False)).tolist() == [[False] * 2] * 2
        assert type(flags) is (np.ndarray if library.name in ("jax", "dask") else type(library.xp.asarray([1])))


def test_writing_by_looking_up_is_writing_at_places() -> None:
    rng = np.random.default_rng(0)
    for shape, count in (((5,), 3), ((4, 3), 3), ((2, 3, 4), 2), ((3, 0), 0)):
        for depth in range(1, len(shape) + 1):
            x = rng.integers(9, size=shape)
            at = tuple(rng.permutation(n)[:count] for n in shape[:depth])
            for value in (7, rng.integers(9, size=(count, *shape[depth:]))):
                wanted = x.copy()
                wanted[at] = value
                assert (entries._looked_up(np, x, at, value) == wanted).all()
