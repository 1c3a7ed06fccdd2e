"""Devices, streams and memory: the control flow on a stand-in for the device, and the same words on other libraries."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from catcore.arrows import generator, terminal
from catcore.categories.smooth import constant, smooth
from catcore.errors import BackendMissing, BadSpecification, MixedDevices, NotInterpreted, OutOfMemory
from catcore.objects import R
from catcore_backends import compile_arrow, get_backend
from catcore_backends.layers.orbits import orbit_labels
from tests.backends import cupy_stand_in as cupy

V = R(2)
ADD = smooth("add", V * V)


@pytest.fixture
def machine():
    with cupy.installed(devices=2) as found:
        yield found


def test_a_program_runs_on_the_device_of_its_arrays_and_on_the_current_stream(machine):
    run = compile_arrow(ADD >> smooth("tanh", V), "cupy")
    stream = cupy.Stream()
    with cupy.Device(1), stream:
        x = cupy.put([[1.0, 2.0]], 1)
        machine.log.clear()
        found = run((x, x))
    elsewhere = run((x, x))  # the current device is 0 again

    assert found.device == elsewhere.device == cupy.Device(1)
    assert machine.device == 0
    np.testing.assert_allclose(found.get(), np.tanh([[2.0, 4.0]]))
    launches = machine.words("launch")
    half = len(launches) // 2
    assert {event[2:] for event in launches[:half]} == {(1, stream.number)}
    assert {event[2:] for event in launches[half:]} == {(1, 0)}


def test_constants_are_made_on_each_device(machine):
    run = compile_arrow(terminal(V) >> constant([1, 2]) >> smooth("tanh", V), "cupy")
    with cupy.Device(1):
        there = run(cupy.put([[0.0, 0.0]]))
    here = run(cupy.put([[0.0, 0.0]]))

    assert (here.device.id, there.device.id) == (0, 1)
    assert here.get().tolist() == there.get().tolist() == [np.tanh([1.0, 2.0]).tolist()]


def test_arrays_on_two_devices_are_refused_before_anything_is_launched(machine):
    run = compile_arrow(ADD, "cupy")
    x, y = cupy.put([[1.0, 2.0]], 0), cupy.put([[1.0, 2.0]], 1)
    machine.log.clear()
    with pytest.raises(MixedDevices, match=r"live on <CUDA Device 0> and <CUDA Device 1>\. Move them to one"):
        run((x, y))

    assert machine.words("launch") == []


def test_index_maps_on_two_devices_are_refused(machine):
    with pytest.raises(MixedDevices, match=r"search for orbits .* live on <CUDA Device 0> and <CUDA Device 1>\. Move"):
        orbit_labels([cupy.put([1, 0], 0), cupy.put([1, 0], 1)], backend="cupy")


def test_arrays_of_the_host_are_refused(machine):
    with pytest.raises(MixedDevices, match=r"live on cpu\. Move them to one CUDA device"):
        compile_arrow(ADD, "cupy")((np.ones((1, 2)), np.ones((1, 2))))


@pytest.mark.parametrize("name", [1, "cuda:1"])
def test_a_program_may_be_for_one_device(machine, name):
    run = compile_arrow(terminal(V) >> constant([1, 2]), "cupy", device=name)
    x = cupy.put([[1.0, 2.0]], 1)

    assert run(x).device.id == 1
    assert pickle.loads(pickle.dumps(run)).options == run.options
    with pytest.raises(MixedDevices, match=r"for the device <CUDA Device 1> .* arrays on <CUDA Device 0>.*Move them"):
        run(cupy.put([[1.0, 2.0]], 0))


@pytest.mark.parametrize("name", [2, -1, "cuda:7", "cpu", True, "cuda:x", ""])
def test_a_device_that_is_not_there_is_refused(machine, name):
    with pytest.raises(BackendMissing, match=r"was asked for, and CuPy has 'cuda:0', 'cuda:1'\. Use one"):
        compile_arrow(ADD, "cupy", device=name)


# ---- memory ------------------------------------------------------------------------------------------------------


def test_a_limit_is_set_and_restored_even_after_an_exception(machine):
    pool = cupy.get_default_memory_pool()
    pool.set_limit(size=10**6)
    with get_backend("cupy").memory_limit("4 KiB"):
        assert pool.get_limit() == 4096
        with pytest.raises(KeyError), get_backend("cupy").memory_limit(100):
            raise KeyError
        assert pool.get_limit() == 4096
    assert pool.get_limit() == 10**6


def test_a_limit_is_one_of_a_device(machine):
    pool = cupy.get_default_memory_pool()
    with get_backend("cupy").memory_limit("1 MB", device=1):
        assert pool.limits == {1: 10**6}
        with cupy.Device(1):
            assert pool.get_limit() == 10**6
    assert pool.limits == {1: 0}


@pytest.mark.parametrize("size", ["lots", "0 B", 0, -5, True, "4 GiBs", "1e3 GB", None, 2.5, "iB", "3 iB", 2**63])
def test_a_limit_must_be_a_size(machine, size):
    with (
        pytest.raises(BadSpecification, match="Give a number of bytes above 0"),
        get_backend("cupy").memory_limit(size),
    ):
        pass
    assert machine.words("limit") == []


def test_no_limit_where_memory_comes_from_elsewhere(machine):
    with (
        cupy.using_allocator(cupy.MemoryPool().malloc),
        pytest.raises(NotInterpreted, match="memory from elsewhere"),
        get_backend("cupy").memory_limit("1 GiB"),
    ):
        pass


def test_without_room_there_is_one_sentence_and_nothing_stays_in_the_pool(machine):
    big = generator("big", V, V)
    run = compile_arrow(ADD >> big, "cupy", generators={"big": lambda x: cupy.xp.zeros((10**6, 2))[:1]})
    x = cupy.put([[1.0, 2.0]])
    used = cupy.get_default_memory_pool().used_bytes()
    with (
        get_backend("cupy").memory_limit("1 MiB"),
        pytest.raises(
            OutOfMemory, match=r"no room.*16000000 bytes.*limit set to.*fewer rows.*raise the limit"
        ) as caught,
    ):
        run((x, x))

    assert caught.value.__cause__ is None
    assert machine.words("freed") == [("freed", 16)], "the sum that was computed first has to be given back"
    assert cupy.get_default_memory_pool().used_bytes() == used
    assert run((x, x)).shape == (1, 2), "after the limit there is room again"


# ---- other libraries ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("backend", "device"), [("numpy", "cpu"), ("torch", "cpu"), ("jax", "cpu"), ("jax", "cpu:0")])
def test_devices_of_other_libraries(backend, device):
    pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
    run = compile_arrow(terminal(V) >> constant([1, 2]), backend, device=device)

    assert run(get_backend(backend).asarray([[1.0, 2.0]], "float32")).tolist() == [[1.0, 2.0]]
    with pytest.raises(BackendMissing, match="device 'nowhere"):
        compile_arrow(ADD, backend, device="nowhere:1")


def test_array_api_strict_is_a_backend_with_devices_of_its_own():
    strict = get_backend("array_api_strict")
    x = strict.asarray([[1.0, 2.0]], device="device1")

    assert strict is get_backend("array-api-strict")
    assert compile_arrow(terminal(V) >> constant([1, 2]), strict.name, device="device1")(x).device == x.device
    with pytest.raises(BackendMissing, match=r"'cpu' was asked for, and array-api-strict has .*'device1'.*Use one"):
        strict.device("cpu")
    with pytest.raises(MixedDevices, match=r"live on .*CPU_DEVICE.* and .*device1"):
        compile_arrow(ADD, strict.name)((x, strict.asarray([[1.0, 2.0]])))


def test_only_cupy_has_a_limit_and_auto_no_device():
    with pytest.raises(NotInterpreted, match=r"'numpy', and only 'cupy' has one\. Limit the process"):
        get_backend("numpy").memory_limit("1 GiB")
    with pytest.raises(BackendMissing, match="follows the arrays given"):
        compile_arrow(ADD, "auto", device="cpu")
