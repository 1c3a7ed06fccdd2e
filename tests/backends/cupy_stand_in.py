"""A stand-in for CuPy's device API, so that what is written for a GPU runs where there is none.

``installed(devices=2)`` puts modules ``cupy``, ``cupy.cuda`` and ``array_api_compat.cupy`` in place whose arrays live
in main memory, and yields a :class:`Machine` that records what it is asked for.  It keeps the rules that the code has
to obey and that a GPU enforces in worse ways: an operation reads arrays of the current device only; what is launched
while a stream is captured is not computed until the graph is launched; a captured stream may not be read from the host;
the memory of a graph must not be given back; a pool hands out no more than its limit.  The source of an elementwise
kernel is compiled by the C++ compiler and run.

What it offers is what ``cupy_device_names.txt`` says that CuPy has, with the same signatures; a test compares them.
"""

from __future__ import annotations

import contextlib
import itertools as it
import sys
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

import array_api_compat
import array_api_compat.numpy as real
import numpy as np
from array_api_compat.numpy import fft, linalg

from tests.backends.host_kernels import compiled


class OutOfMemoryError(MemoryError):
    """As CuPy's, which says how much was wanted."""


class CUDARuntimeError(RuntimeError):
    """As CuPy's."""


@dataclass
class Machine:
    """What the stand-in was asked for.

    Args:
        count: the number of devices.
        log: the events in order, each a word and what it was about.
    """

    count: int
    log: list[tuple[Any, ...]] = field(default_factory=list)
    device: int = 0
    streams: dict[int, Any] = field(default_factory=dict)
    allocators: list[Any] = field(default_factory=list)
    capturing: Any = None
    modules: Any = None

    def words(self, *kinds: str) -> list[tuple[Any, ...]]:
        """The events of some kinds."""
        return [event for event in self.log if event[0] in kinds]


_MACHINES: list[Machine] = []
_NAMESPACE, _TO_DEVICE = array_api_compat.array_namespace, array_api_compat.to_device


def machine() -> Machine:
    """The machine that is in place."""
    return _MACHINES[-1]


class Device:
    """A device, current inside ``with``."""

    def __init__(self, device: Any = None) -> None:
        self._id = machine().device if device is None else device.id if isinstance(device, Device) else device
        self._before: list[int] = []
        if not 0 <= self.id < machine().count:
            raise CUDARuntimeError("cudaErrorInvalidDevice: invalid device ordinal")

    @property
    def id(self) -> int:
        """Its number."""
        return int(self._id)

    def __enter__(self) -> Device:
        self._before.append(machine().device)
        machine().device = self.id
        return self

    def __exit__(self, *_: object) -> None:
        machine().device = self._before.pop()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Device) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<CUDA Device {self.id}>"


# ---- memory ------------------------------------------------------------------------------------------------------


class MemoryPool:
    """A pool: it keeps what is freed, one limit for each device."""

    def __init__(self, allocator: Any = None) -> None:
        self.limits: dict[int, int] = {}
        self.used: dict[int, int] = {}
        self.kept: dict[int, int] = {}
        self.graphs: list[Any] = []

    def malloc(self, size: int) -> Block:
        """A block on the current device."""
        here, limit = machine().device, self.get_limit()
        if limit and self.used.get(here, 0) + size > limit:
            raise OutOfMemoryError(f"Out of memory allocating {size} bytes (limit set to: {limit} bytes).")
        if self.kept.get(here, 0) < size and machine().capturing:
            machine().log.append(("malloc while capturing", size))
        self.kept[here] = max(0, self.kept.get(here, 0) - size)
        self.used[here] = self.used.get(here, 0) + size
        return Block(self, here, size)

    def get_limit(self) -> int:
        """The limit of the current device, 0 for none."""
        return self.limits.get(machine().device, 0)

    def set_limit(self, size: Any = None, fraction: Any = None) -> None:
        """Set the limit of the current device."""
        machine().log.append(("limit", machine().device, size))
        self.limits[machine().device] = size

    def free_all_blocks(self, stream: Any = None) -> None:
        """Give back what is not used."""
        machine().log.append(("freed", sum(self.kept.values())))
        self.kept.clear()
        for graph in self.graphs:
            graph.broken = True

    def used_bytes(self) -> int:
        """What arrays use."""
        return sum(self.used.values())


class Block:
    """Memory that an array holds; it goes back to the pool with the last array that looks at it."""

    def __init__(self, pool: MemoryPool, device: int, size: int) -> None:
        self.pool = pool
        weakref.finalize(self, _freed, pool, device, size)


def _freed(pool: MemoryPool, device: int, size: int) -> None:
    pool.used[device] -= size
    pool.kept[device] = pool.kept.get(device, 0) + size


# ---- streams and graphs ------------------------------------------------------------------------------------------


class Event:
    """A point in the work of a stream."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream


class Stream:
    """A stream, current on its device inside ``with``."""

    _numbers = it.count(1)

    def __init__(
        self, null: bool = False, non_blocking: bool = False, ptds: bool = False, priority: Any = None
    ) -> None:
        self.number = 0 if null else next(self._numbers)
        self._before: list[tuple[int, Any]] = []
        self._steps: list[Callable[[], None]] | None = None
        self._pools: list[Any] = []

    def __enter__(self) -> Stream:
        here = machine().device
        self._before.append((here, machine().streams.get(here)))
        machine().streams[here] = self
        return self

    def __exit__(self, *_: object) -> None:
        here, before = self._before.pop()
        machine().streams[here] = before

    def begin_capture(self, mode: Any = None) -> None:
        """Record from now on instead of computing."""
        machine().log.append(("begin", self.number))
        machine().capturing, self._steps, self._pools = self, [], []

    def end_capture(self) -> Graph:
        """The graph of what was recorded."""
        machine().log.append(("end", self.number))
        steps, self._steps, machine().capturing = self._steps, None, None
        if steps is None:
            raise CUDARuntimeError("cudaErrorIllegalState: the stream is not captured")
        return Graph(steps, self._pools)

    def is_capturing(self) -> bool:
        """Whether it is captured."""
        return self._steps is not None

    def record(self, event: Any = None) -> Event:
        """The point reached so far."""
        machine().log.append(("record", self.number))
        return Event(self)

    def wait_event(self, event: Event) -> None:
        """Go on after the event."""
        machine().log.append(("wait", self.number, event.stream.number))

    def synchronize(self) -> None:
        """Wait for its work."""
        if machine().capturing is self:
            raise CUDARuntimeError("cudaErrorStreamCaptureUnsupported: operation not permitted when capturing")
        machine().log.append(("synchronize", self.number))


class Graph:
    """What was launched on a captured stream."""

    def __init__(self, steps: list[Callable[[], None]], pools: list[Any]) -> None:
        self.steps, self.broken = steps, False
        for pool in pools:
            pool.graphs.append(self)

    def launch(self, stream: Any = None) -> None:
        """Compute it again, in the same memory."""
        assert not self.broken, "the memory of a graph was given back"
        machine().log.append(("replay", get_current_stream().number if stream is None else stream.number))
        for step in self.steps:
            step()


def get_current_stream(device_id: int = -1) -> Stream:
    """The current stream of a device."""
    here = machine().device if device_id == -1 else device_id
    if machine().streams.get(here) is None:
        machine().streams[here] = Stream(null=True)
    found: Stream = machine().streams[here]
    return found


# ---- arrays and operations ---------------------------------------------------------------------------------------


class ndarray(np.ndarray[Any, Any]):
    """An array of a device."""

    _block: Any = None
    _device: Any = None

    def __array_finalize__(self, made_from: Any) -> None:
        self._block = getattr(made_from, "_block", None)
        self._device = getattr(made_from, "_device", None)

    @property
    def device(self) -> Any:
        """The device."""
        return self._device

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
        return _launched(ufunc.__name__, getattr(ufunc, method), inputs, options | ({"out": out[0]} if out else {}))

    def __setitem__(self, index: Any, value: Any) -> None:
        place = np.ndarray.__getitem__(np.asarray(self), index)

        def step() -> None:
            np.copyto(place, np.asarray(value))

        _checked("setitem", (self, value))
        machine().log.append(("launch", "setitem", machine().device, get_current_stream().number))
        _later(step) if machine().capturing else step()

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        whole = index if isinstance(index, tuple) else (index,)
        return super().__getitem__((*whole, ...)) if isinstance(found, np.generic) else found

    def copy(self, order: Any = "C") -> Any:
        """Another array with the same entries."""
        return _launched("copy", np.array, (self,), {"copy": True})

    def get(self, stream: Any = None, order: str = "C", out: Any = None, blocking: bool = True) -> Any:
        """The numbers, on the host."""
        if machine().capturing:
            raise RuntimeError("cudaErrorStreamCaptureUnsupported: a captured stream cannot be read")
        machine().log.append(("read on the host",))
        return np.array(self)

    def __bool__(self) -> bool:
        return bool(self.get())

    def __int__(self) -> int:
        return int(self.get())

    def __float__(self) -> float:
        return float(self.get())

    def tolist(self) -> Any:
        """The numbers, on the host."""
        return self.get().tolist()


def put(x: Any, device: int | None = None) -> Any:
    """Numbers as a new array of a device, by default the current one."""
    with Device(device):
        return _owned(np.array(x))


def _owned(x: Any) -> Any:
    """A new array with memory of the current pool."""
    found = x.view(ndarray)
    found._block, found._device = get_allocator()(x.nbytes), Device()
    return found


def _checked(word: str, given: Any) -> None:
    for a in _leaves(given):
        if isinstance(a, ndarray) and a._device is not None and a._device.id != machine().device:
            raise ValueError(f"{word}: array on {a._device}, and the current device is {machine().device}")
        if type(a) is np.ndarray and a.ndim and word != "asarray":
            raise TypeError(f"Unsupported type {type(a)}")


def _leaves(x: Any) -> Iterator[Any]:
    if isinstance(x, tuple | list):
        for part in x:
            yield from _leaves(part)
    else:
        yield x


def _plain(x: Any) -> Any:
    if isinstance(x, tuple | list):
        return type(x)(map(_plain, x))
    return x.view(np.ndarray) if isinstance(x, ndarray) else x


def _later(step: Callable[[], None]) -> None:
    stream: Any = machine().capturing
    assert get_current_stream() is stream, "launched on another stream than the one that is captured"
    steps: Any = stream._steps
    steps.append(step)
    pool = getattr(get_allocator(), "__self__", None)
    if pool not in stream._pools:
        stream._pools.append(pool)


def _launched(word: str, function: Any, given: Any, options: dict[str, Any]) -> Any:
    """Do what a library function does, on the current device and stream, now or when the graph is launched."""
    _checked(word, given)
    machine().log.append(("launch", word, machine().device, get_current_stream().number))
    target = options.pop("out", None)
    plain, plain_options = _plain(tuple(given)), {key: _plain(value) for key, value in options.items()}
    found = function(*plain, **plain_options)
    if target is not None:
        np.copyto(_plain(target), found)
        return target
    if isinstance(found, tuple):
        return _several(function, plain, plain_options, found)
    if not isinstance(found, np.ndarray | np.generic):
        return found
    sources = [a for a in _leaves(given) if isinstance(a, ndarray)]
    source: Any = next((a for a in sources if np.shares_memory(a, found)), None)
    if source is not None:  # a view is nothing to compute
        view: Any = np.asarray(found).view(ndarray)
        view._block, view._device = source._block, source._device
        return view
    (made,) = _several(lambda *a, **o: (function(*a, **o),), plain, plain_options, (found,))
    return made


def _several(function: Any, plain: Any, options: Any, found: tuple[Any, ...]) -> Any:
    """New arrays with what a function gave; in a captured stream they hold nothing until the graph is launched."""
    made = tuple(_owned(np.array(part)) for part in found)
    if machine().capturing:
        bare = _plain(made)

        def step() -> None:
            for place, value in zip(bare, function(*plain, **options), strict=True):
                np.copyto(place, value)

        for place in bare:
            place.fill(-77 if place.dtype.kind == "f" else 0)
        _later(step)
    return made


class ElementwiseKernel:
    """A kernel whose source the C++ compiler of the host compiles."""

    def __init__(
        self,
        in_params: str,
        out_params: str,
        operation: str,
        name: str = "kernel",
        reduce_dims: bool = True,
        preamble: str = "",
        no_return: bool = False,
        return_tuple: bool = False,
        **kwargs: Any,
    ) -> None:
        self._run = compiled(in_params, out_params, operation, preamble)
        self.name, self._tuple = name, return_tuple

    def __call__(self, *given: Any) -> Any:
        """Run it on arrays that broadcast, all of one floating dtype or truth values."""
        found = _launched(self.name, lambda *arrays: tuple(self._run(arrays)), given, {})
        return found if self._tuple or len(found) > 1 else found[0]


def get_allocator() -> Any:
    """What hands out memory."""
    found = machine().allocators
    return found[-1] if found else get_default_memory_pool().malloc


@contextlib.contextmanager
def using_allocator(allocator: Any = None) -> Iterator[None]:
    """Take memory from elsewhere inside."""
    machine().allocators.append(allocator)
    try:
        yield
    finally:
        machine().allocators.pop()


def get_default_memory_pool() -> MemoryPool:
    """The pool of the machine."""
    found: MemoryPool = machine().modules.pool
    return found


def get_device_count() -> int:
    """The number of devices."""
    return machine().count


def _asarray(x: Any, dtype: Any = None, *, device: Any = None, copy: Any = None) -> Any:
    with Device(device):
        if isinstance(x, ndarray) and x._device == Device() and not copy and dtype in (None, x.dtype):
            return x
        found = np.array(_plain(x), dtype=dtype)
        return _owned(found)


def _wrapped(name: str, function: Any) -> Any:
    def call(*given: Any, device: Any = None, **options: Any) -> Any:
        with Device(device):
            return _launched(name, function, given, options)

    return call


def _room(extension: Any) -> Any:
    """An extension of the namespace, such as ``fft``."""
    names = [name for name in dir(extension) if not name.startswith("_") and callable(getattr(extension, name))]
    return SimpleNamespace(**{name: _wrapped(name, getattr(extension, name)) for name in names})


def _following(xp: Any) -> Any:
    """``array_namespace``, which would take the stand-in's arrays for NumPy's."""

    def array_namespace(*given: Any, **options: Any) -> Any:
        kinds = {isinstance(a, ndarray) for a in given if hasattr(a, "dtype")}
        if kinds == {True, False}:
            raise TypeError("Multiple namespaces for array inputs")
        return xp if kinds == {True} else _NAMESPACE(*given, **options)

    return array_namespace


def _to_device(x: Any, device: Any, /, *, stream: Any = None) -> Any:
    """``to_device``, which would do the same."""
    if not isinstance(x, ndarray):
        return _TO_DEVICE(x, device, stream=stream)
    if x._device == device:
        return x
    with device:
        return _owned(np.array(_plain(x)))


@contextlib.contextmanager
def installed(devices: int = 1) -> Iterator[Machine]:
    """The stand-in in the place of CuPy."""
    found = Machine(devices)
    _MACHINES.append(found)
    runtime = SimpleNamespace(
        getDeviceCount=get_device_count,
        getDevice=lambda: machine().device,
        getDeviceProperties=lambda device: {"name": b"a stand-in for a device"},
        deviceSynchronize=lambda: machine().log.append(("synchronize",)),
        CUDARuntimeError=CUDARuntimeError,
    )
    cuda, cupy, xp = ModuleType("cupy.cuda"), ModuleType("cupy"), ModuleType("array_api_compat.cupy")
    found.modules = SimpleNamespace(pool=MemoryPool(), xp=xp)
    offered = (Device, MemoryPool, Stream, Graph, Event, get_current_stream, get_allocator, using_allocator)
    vars(cuda).update({value.__name__: value for value in offered}, runtime=runtime)
    vars(cupy).update(cuda=cuda, get_default_memory_pool=get_default_memory_pool, ElementwiseKernel=ElementwiseKernel)
    vars(cupy).update(ndarray=ndarray)
    for name in dir(real):
        value = getattr(real, name)
        if not name.startswith("_"):
            plain = isinstance(value, type | ModuleType) or not callable(value) or name in ("isdtype", "result_type")
            setattr(xp, name, value if plain else _wrapped(name, value))
    vars(xp).update(asarray=_asarray, fft=_room(fft), linalg=_room(linalg))
    modules = {"cupy": cupy, "cupy.cuda": cuda, "array_api_compat.cupy": xp}
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    helpers = {"array_namespace": _following(xp), "to_device": _to_device}
    try:
        with mock.patch.multiple(array_api_compat, **helpers):
            yield found
    finally:
        _MACHINES.pop()
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
