"""What functions and array rules of users answer with: arrays of the library and of the device that they are given."""

from __future__ import annotations

import numpy as np
import pytest

from catcore.arrows import case, fold, generator, terminal
from catcore.categories.smooth import TABLE, Operation, constant, register, same_shape, smooth
from catcore.errors import MixedDevices, WrongDtype
from catcore.functors import Id
from catcore.objects import One, R, mu
from catcore_backends import compile_arrow, get_backend
from catcore_backends.batches import arrays
from catcore_backends.recursion.forests import forest_of_lists
from tests.backends import cupy_stand_in as cupy
from tests.backends.host_kernels import COMPILER

V, LISTS = R(2), mu(1 + R() * Id)
F, POINT, STEP = generator("f", V, V), generator("f", One, V), generator("f", R() * R(), R())
FOLD = fold(LISTS, case(constant(1.0), STEP))


def foreign(library, shape):
    """Numbers of a library that the given one does not take for its own."""
    values = np.ones(tuple(map(int, shape)))
    if library.backend in ("numpy", "dask", "auto"):
        return pytest.importorskip("torch").asarray(values)
    return pytest.importorskip("dask.array").from_array(values) if library.name == "jax" else values


def computed(y):
    """The answer, once it is computed, which Dask does later."""
    return [a.compute() if hasattr(a, "compute") else a for a in arrays(y)]


@pytest.mark.parametrize("program", [F, F >> smooth("tanh", V), terminal(V) >> POINT, FOLD])
def test_a_generator_answers_with_arrays_of_the_library_that_it_is_given(library, program):
    def answer(x):
        return foreign(library, next((a.shape for a in arrays(x)), (1, 2)))

    given = forest_of_lists(LISTS, np.ones((2, 3))) if program is FOLD else library.array([[1.0, 2.0], [3.0, 4.0]])
    run = compile_arrow(program, library.backend, generators={"f": answer})
    with pytest.raises(WrongDtype, match=r"generator f : .* with an array of \w+, and one of .* came\. Compute with"):
        computed(run(given))


def test_numbers_of_numpy_are_jax_s_too():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    run = compile_arrow(F, "jax", generators={"f": lambda x: np.ones(x.shape, np.float32)})

    assert isinstance(run(np.ones((2, 2), np.float32)), jax.Array)


def test_the_array_rule_of_a_primitive_answers_with_arrays_of_its_library(library):
    name = f"answers elsewhere than {library.name}"
    if name not in TABLE:
        register(Operation(name, same_shape, lambda xp, x: foreign(library, x.shape)))
    run = compile_arrow(smooth(name, V), library.backend)
    with pytest.raises(
        WrongDtype, match=r"rule of the primitive 'answers elsewhere.* came\. Compute with the functions"
    ):
        computed(run(library.array([[1.0, 2.0], [3.0, 4.0]])))


@pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")
def test_an_answer_is_on_the_device_of_what_is_given():
    with cupy.installed(devices=2):
        elsewhere = cupy.put([[1.0, 2.0]], 1)
        run = compile_arrow(F, "cupy", generators={"f": lambda x: elsewhere})
        point = compile_arrow(terminal(V) >> POINT, "cupy", generators={"f": lambda x: elsewhere})
        assert run(elsewhere).device.id == point(elsewhere).device.id == 1
        for program in (run, point):
            with pytest.raises(MixedDevices, match=r"arrays on the device <CUDA Device 0>, and one on <CUDA Device 1>"):
                program(get_backend("cupy").asarray(np.ones((1, 2))))
