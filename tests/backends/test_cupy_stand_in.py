"""The stand-in for CuPy refuses what CuPy refuses, and what has to be read on the host is read there on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from catcore import arrow
from catcore.arrows import case, fold, ident, terminal
from catcore.categories.smooth import constant, smooth
from catcore.datatypes.semirings import MIN_PLUS
from catcore.functors import Id, functor
from catcore.objects import FinSet, Mu, R, mu
from catcore_backends import compile_arrow, get_backend
from catcore_backends.gradients import gradient
from catcore_backends.libraries.conversion import on_host
from catcore_backends.recurrences import Option, Recurrence
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.recursion.states import forest_of_states
from tests.backends import cupy_stand_in as cupy
from tests.backends.host_kernels import COMPILER

N, F = R(), functor(lambda x: R() + x * x)
add, multiply = smooth("add", N * N), smooth("multiply", N * N)
LISTS = mu(1 + N * Id)
SUM = fold(LISTS, case(constant(1.0), add >> smooth("shift", N, 1)))
pytestmark = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed, which the stand-in needs")


@pytest.fixture
def machine():
    with cupy.installed(devices=2) as found:
        yield found


# ---- what CuPy refuses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("convert", [np.asarray, np.array, np.linalg.norm])
def test_arrays_do_not_become_arrays_of_numpy_by_themselves(machine, convert):
    with pytest.raises(TypeError, match=r"Implicit conversion to a NumPy array is not allowed\. Please use `"):
        convert(cupy.put([1.0, 2.0]))


@pytest.mark.parametrize(
    "mixed",
    [
        lambda x: x + np.ones(2),
        lambda x: np.ones(2) * x,
        lambda x: cupy.xp.concat([x, np.ones(2)]),
        lambda x: x.__setitem__(slice(0, 2), np.ones(2)),
        lambda x: x.__iadd__(np.asarray(1.0)),
    ],
)
def test_arrays_of_numpy_are_no_operands(machine, mixed):
    with pytest.raises(TypeError, match=r"Unsupported type <class 'numpy\.ndarray'>"):
        mixed(cupy.put([1.0, 2.0]))


def test_numbers_and_indices_of_numpy_are(machine):
    x = cupy.put([1.0, 2.0])

    assert (np.float64(2) * x + 1).get().tolist() == [3.0, 5.0]
    assert x[np.asarray([1, 0])].get().tolist() == [2.0, 1.0]
    x[np.asarray([1])] = np.asarray([7.0])
    assert x.tolist() == [1.0, 7.0]


def test_arrays_of_the_host_do_not_come_through_dlpack(machine):
    with pytest.raises(TypeError, match="CPU arrays cannot be directly imported"):
        cupy.xp.from_dlpack(np.ones(2))
    with pytest.raises(BufferError):
        np.from_dlpack(cupy.put([1.0]))
    assert get_backend("cupy").asarray(np.ones(2)).get().tolist() == [1.0, 1.0]
    assert get_backend("numpy").asarray(cupy.put([1.0, 2.0])).tolist() == [1.0, 2.0]


def test_new_arrays_lie_on_the_current_device_whatever_is_asked(machine):
    assert cupy.xp.zeros(2, device=cupy.Device(1)).device.id == 0
    assert cupy.xp.asarray([0.0], device=cupy.Device(1)).device.id == 1


def test_views_are_taken_on_any_device_and_operations_on_the_current_one(machine):
    x = cupy.put([[1.0, 2.0, 3.0]], 1)

    assert x[0, ...].device == x.T.device == x.reshape(3).device == cupy.Device(1)
    for operation in (lambda: x + 1, lambda: x[cupy.put([0])], lambda: cupy.xp.sum(x)):
        with pytest.raises(ValueError, match="and the current device is 0"):
            operation()


def test_places_out_of_range_are_no_error(machine):
    """So what has to be in range is looked at by us."""
    x, places = cupy.put([1.0, 2.0, 3.0]), cupy.put([4, -1])

    assert x[places].tolist() == cupy.xp.take(x, places, axis=0).tolist() == [2.0, 3.0]


def test_devices_are_no_keys_and_integers_no_indices_of_python(machine):
    with pytest.raises(TypeError, match="unhashable"):
        hash(cupy.Device(0))
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        range(cupy.put(2))


@pytest.mark.parametrize("values", [["a"], [object()], np.ones(1, np.longdouble), np.zeros(1, "M8[s]")])
def test_dtypes_that_a_device_has_not_are_refused(machine, values):
    with pytest.raises(ValueError, match="Unsupported dtype"):
        cupy.xp.asarray(values)


def test_lists_hold_arrays_of_the_device_or_numbers(machine):
    one = cupy.put(1.0)

    assert cupy.xp.asarray([one, one]).tolist() == [1.0, 1.0]
    with pytest.raises(TypeError, match="Implicit conversion"):
        cupy.xp.asarray([one, 1.0])


def test_integers_of_64_bits_cannot_be_added_at_places(machine):
    table = cupy.put(np.zeros(2))
    cupy.xp.add.at(table, cupy.put([0, 0]), cupy.put([1.0, 2.0]))
    assert table.tolist() == [3.0, 0.0]
    with pytest.raises(TypeError, match="scatter_add only supports"):
        cupy.xp.add.at(cupy.put([0, 0]), cupy.put([0, 0]), cupy.put([1, 2]))


# ---- what is read on the host ------------------------------------------------------------------------------------


def test_arrays_of_every_library_come_to_the_host(machine, library_arrays):
    for x in (cupy.put([1.0, 2.0]), [1.0, 2.0], *library_arrays):
        found = on_host(x)
        assert type(found) is np.ndarray
        assert found.tolist() == [1.0, 2.0]


@pytest.fixture
def library_arrays():
    names = [name for name in ("torch", "jax", "dask") if pytest.importorskip(name)]
    return [get_backend(name).asarray(np.asarray([1.0, 2.0], np.float32)) for name in names]


@pytest.mark.parametrize("device", [0, 1])
def test_states_are_told_apart_on_the_host(machine, device):
    def split(n):
        below = cupy.xp.maximum(n - 1, 0), cupy.xp.maximum(n - 2, 0)
        return n >= 2, cupy.xp.astype(n, cupy.xp.float64), below

    fibonacci = fold(Mu(F.body), case(ident(N), add))
    with cupy.Device(device):
        trees = forest_of_states(lambda n: split(cupy.put(n)), cupy.put([30, 10]), FinSet(31), F)
        found = compile_arrow(fibonacci, "cupy")(trees)

    assert found.device.id == device
    assert found.get().tolist() == [832040, 55]


def test_a_fold_runs_on_each_device_with_arrays_of_its_own(machine):
    trees = forest_of_lists(LISTS, cupy.put([[1.0, 2.0]]))
    run = compile_arrow(SUM, "cupy")
    here = run(trees)
    with cupy.Device(1):
        there = run(trees)

    assert (here.device.id, there.device.id) == (0, 1)
    assert here.get().tolist() == there.get().tolist() == [6.0]


def test_programs_that_follow_arrays_run_on_their_device(machine):
    run = compile_arrow(terminal(R(2)) >> constant([1, 2]), "auto")

    assert [run(cupy.put([[0.0, 0.0]], d)).device.id for d in (0, 1)] == [0, 1]


def test_gradients_are_computed_on_the_device_of_the_arrays(machine):
    loss = arrow(N * N, N)(lambda x: multiply((x[0], add((x[1], x[0])))))
    run = gradient(loss, "cupy")
    for device in (0, 1):
        values, slope = run((cupy.put(2.0, device), cupy.put([1.0, 3.0], device)))
        assert (values.device.id, slope.device.id) == (device, device)
        assert (values.tolist(), slope.tolist()) == ([6.0, 10.0], 12.0)


def test_starts_of_a_recurrence_are_read_on_the_host(machine):
    sums = Recurrence(lambda i: [Option(0, when=i == 0), Option(i, [i - 1], when=i > 0)], bounds=(5,))

    assert sums.solve((cupy.put([0, 3]),), MIN_PLUS, backend="cupy").get().tolist() == [0, 6]
