"""``backend=`` has one meaning wherever a question is asked: whose arrays are searched.

A question that arrays answer names the backend whose arrays they were; one that is answered without arrays looks the
backend up all the same, so that a wrong name is an error everywhere.
"""

from __future__ import annotations

import inspect
import weakref
from typing import Any

import numpy as np
import pytest

import catcore_proofs
from catcore import FinSet, Id, Law, Monoid, One, atoms, finite_map, generator, ident, plugins
from catcore.categories.finite_sets import computed_by, computed_in, computing, namespace
from catcore.cli import main
from catcore.errors import BackendMissing, OutOfMemory, TooLarge
from catcore.laws import PointwiseLaw
from catcore.structures.standard import exceptions, maybe
from catcore.theories import group, monoid
from catcore_proofs import census, prove, refute, verify
from tests.backends import cupy_stand_in
from tests.backends.host_kernels import COMPILER
from tests.benchmarks.census import commutativity

(A,) = atoms("A")
f, g = generator("f", A, A), generator("g", A, A)
MAYBE = maybe()
CYCLE = finite_map(FinSet(3), FinSet(3), (1, 2, 0))

#: Every question of the census, with whether arrays answer it.
QUESTIONS: dict[str, tuple[bool, Any]] = {
    "count_transformations": (False, lambda b: census.count_transformations(Id * Id, Id, backend=b)),
    "count_monads": (True, lambda b: census.count_monads(1 + Id, backend=b)),
    "count_comonads": (True, lambda b: census.count_comonads(Id * Id, backend=b)),
    "count_distributive_laws": (True, lambda b: census.count_distributive_laws(MAYBE, MAYBE, backend=b)),
    "count_monad_morphisms": (True, lambda b: census.count_monad_morphisms(MAYBE, MAYBE, backend=b)),
    "count_algebras": (True, lambda b: census.count_algebras(MAYBE, 2, backend=b)),
    "count_models": (True, lambda b: census.count_models(monoid, 2, backend=b)),
    "count_categories": (True, lambda b: census.count_categories(2, backend=b)),
    "count_elements": (False, lambda b: census.count_elements(Monoid.presentation("a", ["a a = 1"]), backend=b)),
    "count_automorphisms": (False, lambda b: census.count_automorphisms(census.Container.of(Id * Id), backend=b)),
    "complete_system": (False, lambda b: census.complete_system(group, backend=b)),
    "admits_monad": (True, lambda b: census.admits_monad(1 + Id * Id, backend=b)),
    "admits_comonad": (True, lambda b: census.admits_comonad(Id * Id, backend=b)),
    "admits_distributive_law": (True, lambda b: census.admits_distributive_law(MAYBE, MAYBE, backend=b)),
    "admits_monad_morphism": (True, lambda b: census.admits_monad_morphism(MAYBE, MAYBE, backend=b)),
    "distributive_law_is_unique": (True, lambda b: census.distributive_law_is_unique(MAYBE, MAYBE, backend=b)),
    "monad_structure_is_unique": (True, lambda b: census.monad_structure_is_unique(1 + Id, backend=b)),
    "is_commutative": (False, lambda b: census.is_commutative(MAYBE, backend=b)),
    "unit_is_mono": (False, lambda b: census.unit_is_mono(MAYBE, backend=b)),
    "every_model_satisfies": (
        True, lambda b: census.every_model_satisfies(monoid, "commutativity", commutativity, range(3), backend=b)
    ),
}  # fmt: skip


#: Those that are asked on JAX, too, which compiles their parts.
COMPILED = ("count_algebras", "count_models", "every_model_satisfies")


def test_every_question_takes_a_backend() -> None:
    functions = {name: getattr(census, name) for name in census.__all__ if inspect.isfunction(getattr(census, name))}
    asked = {name for name, ask in functions.items() if "backend" in inspect.signature(ask).parameters}
    words = ("count_", "admits_", "is_", "every_", "complete_", "distributive_law_is", "monad_structure_is", "unit_is")

    assert asked == set(QUESTIONS) == {name for name in functions if name.startswith(words)}
    for door in ("prove", "refute", "verify"):
        assert "backend" in inspect.signature(getattr(catcore_proofs, door)).parameters


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("wrong", ["fortran", np.zeros(2), 3, None], ids=["unknown", "array", "number", "None"])
def test_a_wrong_backend_is_refused_by_every_question(name, wrong) -> None:
    with pytest.raises(BackendMissing, match=r"was asked for and the backends installed are .*numpy"):
        QUESTIONS[name][1](wrong)


@pytest.mark.parametrize("wrong", ["fortran", np.zeros(2), 3, None], ids=["unknown", "array", "number", "None"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda b: verify(MAYBE, backend=b),
        lambda b: prove(f, g, backend=b),
        lambda b: prove(PointwiseLaw("nothing", (), lambda x: x, lambda x: x), backend=b),
        lambda b: refute(f, g, backend=b),
    ],
    ids=["verify", "prove", "prove a pointwise law", "refute"],
)
def test_a_wrong_backend_is_refused_by_the_prover(ask, wrong) -> None:
    with pytest.raises(BackendMissing, match=r"was asked for and the backends installed are .*numpy"):
        ask(wrong)


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_says_whose_arrays_were_searched(name, library) -> None:
    by_arrays, ask = QUESTIONS[name]
    if library.name == "jax" and by_arrays and name not in COMPILED:
        pytest.skip("compiling takes seconds, and the same parts are compiled for other questions")
    with library.reading():
        found, here = ask(library.backend), ask("")
    if isinstance(found, int):
        assert found == here
        return
    used = library.backend

    assert found == here
    assert found.backend.startswith(used) if by_arrays else not found.backend
    assert (f"(exhaustive, on {used}" in str(found)) == (by_arrays and used != "numpy")
    assert "numpy" not in str(here)


def test_a_verdict_says_whose_arrays_it_rests_on(library) -> None:
    used = library.backend
    word = "" if used == "numpy" else f", on {used}"
    cycle = prove(CYCLE >> CYCLE >> CYCLE, ident(FinSet(3)), backend=library.backend)
    apart = prove(f >> g, g >> f, backend=library.backend)
    proved = prove(f, f, backend=library.backend)

    assert str(cycle) == f"equation: holds (exhaustive{word})"
    assert str(apart).startswith(f"equation: fails (exhaustive{word}) at 0 with |A| = 2")
    assert [v.backend for v in (cycle, apart, proved)] == [used, used, ""]
    assert cycle.to_json()["backend"] == used
    assert "backend" not in proved.to_json()


def test_an_open_verdict_says_where_was_searched() -> None:
    pytest.importorskip("torch", reason="the extra torch is not installed")
    # only infinite sets have an injection from A + 1 to A, so that finite ones neither prove nor refute
    infinite = Law("injection", generator("i", A + One, A) >> generator("r", A, A + One), ident(A + One))
    found = prove(f, g, given=[infinite], backend="torch")

    assert str(found).startswith("equation: unknown, on torch: ")
    assert found.backend == "torch"


def test_auto_is_numpy_where_terms_are_given() -> None:
    with computed_by("auto"):
        assert computing() == "numpy"
        assert type(namespace().arange(1)) is np.ndarray
    assert census.count_monads(1 + Id, backend="auto").backend == "numpy"


def test_without_room_a_question_is_one_sentence_and_memory_is_free() -> None:
    class Full:
        """A library that has no room at its third array."""

        int64, made = np.int64, list[Any]()

        def __getattr__(self, name: str) -> Any:
            return getattr(np, name)

        def arange(self, *args: Any, **options: Any) -> Any:
            if len(self.made) > 2:
                raise MemoryError("Unable to allocate 8.00 EiB")
            found = np.arange(*args, **options)
            self.made.append(weakref.ref(found))
            return found

    sentence = r"no room for the arrays \(MemoryError: Unable.*smaller sets"
    with pytest.raises(OutOfMemory, match=sentence) as caught, computed_by(""), computed_in("full", Full()):
        refute(f >> f >> f, f, given=[Law("h", f >> f >> f >> f >> f, f >> f)])

    assert len(Full.made) == 3
    assert not any(made() is not None for made in Full.made), "the exception, still held, keeps arrays"
    assert caught.value.__cause__ is None
    assert computing() == "numpy"


#: How each library says that there is no room.
NO_ROOM = {
    "torch": "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 64 bytes.",
    "jax": "RESOURCE_EXHAUSTED: Out of memory allocating 64 bytes.",
    "cupy": "cupy.cuda.memory.OutOfMemoryError: out of memory allocating 64 bytes",
}


def test_a_named_backend_without_room_gives_it_back(library, monkeypatch) -> None:
    """A library fails at its third array: one sentence, what it kept is released, and nothing holds the arrays."""
    offered, made, released = plugins.backend(library.backend), list[Any](), list[bool]()
    xp = library.xp

    class Full:
        def __getattr__(self, name: str) -> Any:
            return getattr(xp, name)

        def arange(self, *args: Any, **options: Any) -> Any:
            if len(made) > 2:
                raise RuntimeError(NO_ROOM[library.backend]) if library.backend in NO_ROOM else MemoryError("Unable")
            found = xp.arange(*args, **options)
            made.append(weakref.ref(found))
            return found

    monkeypatch.setattr(offered, "namespace", lambda *arrays: Full() if not made else xp)
    monkeypatch.setattr(offered, "release", lambda: released.append(True))
    sentence = rf"on the backend '{library.backend}', and there was no room for the arrays \(.*smaller sets"
    with pytest.raises(OutOfMemory, match=sentence) as caught:
        refute(f >> f, f, backend=library.backend)

    assert released == [True]
    assert not any(array() is not None for array in made), "the exception, still held, keeps arrays"
    assert caught.value.__cause__ is None


@pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")
def test_what_is_read_off_a_device_does_not_grow_with_what_is_found() -> None:
    """Morphisms from the monad of two exceptions to that of k are the maps from 2 to k, found in equally many steps."""

    def asked(k: int) -> tuple[int, int]:
        with cupy_stand_in.installed() as machine:
            found = census.count_monad_morphisms(exceptions(FinSet(2)), exceptions(FinSet(k)), backend="cupy")
            return found.count, len(machine.words("read on the host"))

    few, many = asked(2), asked(5)

    assert (few[0], many[0]) == (4, 25)
    assert few[1] == many[1]


def test_other_failures_inside_a_question_keep_their_names() -> None:
    with pytest.raises(KeyError, match="mine"), computed_by("auto"):
        raise KeyError("mine")
    with pytest.raises(TooLarge), computed_by("auto"):  # a MemoryError too, and a sentence already
        raise TooLarge("a sentence")


SOURCE = """
from catcore import FinSet, Id, Monad, One, finite_map, ident, pair, snd, terminal

bits = FinSet(2)
wrong = Monad(
    bits * Id,
    unit=lambda X: pair(terminal(X) >> finite_map(One, bits, (0,)), ident(X)),
    mult=lambda X: snd(bits, bits * X),
)
"""


def test_the_command_line_takes_a_backend(tmp_path, capsys) -> None:
    pytest.importorskip("torch", reason="the extra torch is not installed")
    path = tmp_path / "laws.py"
    path.write_text(SOURCE)

    assert main(["verify", str(path), "--backend", "torch"]) == 1
    on_torch = capsys.readouterr().out
    assert main(["verify", str(path)]) == 1
    assert on_torch.replace(", on torch", "") == capsys.readouterr().out != on_torch
    assert main(["verify", str(path), "--backend", "fortran"]) == 2
    assert "'fortran' was asked for" in capsys.readouterr().err
