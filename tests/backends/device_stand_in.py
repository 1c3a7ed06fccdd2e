"""The devices, streams, graphs and memory of the stand-in for CuPy, which live in main memory.

They keep the rules that a GPU enforces: what is launched while a stream is captured is not computed until the graph is
launched; a captured stream may not be waited for; the memory of a graph must not be given back; a pool hands out no
more than its limit.  The arrays are in ``cupy_stand_in.py``.
"""

from __future__ import annotations

import contextlib
import itertools as it
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


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
    pool: Any = None

    def words(self, *kinds: str) -> list[tuple[Any, ...]]:
        """The events of some kinds."""
        return [event for event in self.log if event[0] in kinds]


#: The machines in place, the last one on top.
MACHINES: list[Machine] = []


def machine() -> Machine:
    """The machine that is in place."""
    return MACHINES[-1]


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

    __hash__ = None  # type: ignore[assignment]  # as CuPy's, which are equal by their numbers and no keys

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
    found: MemoryPool = machine().pool
    return found


def get_device_count() -> int:
    """The number of devices."""
    return machine().count
