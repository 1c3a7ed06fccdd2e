"""A stand-in for CuPy's device API, so that what is written for a GPU runs where there is none.

``installed(devices=2)`` puts modules ``cupy``, ``cupy.cuda`` and ``array_api_compat.cupy`` in place whose arrays live
in main memory, and yields a :class:`Machine` that records what it is asked for.  It keeps the rules that the code has
to obey and that a GPU enforces in worse ways: an operation reads arrays of the current device only, though views are
taken anywhere; an array of the device becomes one of NumPy by ``get`` alone, and NumPy's arrays are no operands; what
lies at places out of range is some other entry and no error; a captured stream may not be read from the host, and no
product of matrices is recorded.  The rules of streams, graphs and memory are those of ``device_stand_in.py``.  The
source of an elementwise kernel is compiled by the C++ compiler and run.

What it offers is what ``cupy_device_names.txt`` and ``cupy_names.txt`` say that CuPy has, with the same signatures as
far as they are kept there; tests compare them.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import array_api_compat.numpy as real
import numpy as np
from array_api_compat.numpy import fft, linalg

from tests.backends.cupy_names import known
from tests.backends.device_stand_in import (
    MACHINES,
    CUDARuntimeError,
    Device,
    Event,
    Graph,
    Machine,
    MemoryPool,
    Stream,
    get_allocator,
    get_current_stream,
    get_default_memory_pool,
    get_device_count,
    machine,
    using_allocator,
)
from tests.backends.host_kernels import compiled

#: What CuPy says when it is asked to hand an array over without being told to.
IMPLICIT = (
    "Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct a NumPy array explicitly."
)
#: Functions that CuPy leaves to cuBLAS, of which it records no call.
PRODUCTS = ("matmul", "dot", "tensordot", "vecdot")
#: Functions that take arrays of the host.
FROM_HOST = ("asarray", "array", "getitem", "take")


class ndarray:
    """An array of a device: its entries, and the memory that it looks at."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, entries: Any, block: Any, device: Device) -> None:
        self._entries, self._block, self._device = entries, block, device

    @property
    def device(self) -> Any:
        """The device."""
        return self._device

    def get(self, stream: Any = None, order: str = "C", out: Any = None, blocking: bool = True) -> Any:
        """The numbers, on the host."""
        if machine().capturing:
            raise RuntimeError("cudaErrorStreamCaptureUnsupported: a captured stream cannot be read")
        machine().log.append(("read on the host",))
        return np.array(self._entries)

    def copy(self, order: Any = "C") -> Any:
        """Another array with the same entries."""
        return _launched("copy", np.array, (self,), {"copy": True})

    def astype(self, dtype: Any, order: Any = "K", casting: Any = None, subok: Any = None, copy: bool = True) -> Any:
        """The entries in another dtype."""
        return _launched("astype", lambda x: x.astype(dtype, copy=copy), (self,), {})

    def __array__(self, dtype: Any = None, *, copy: Any = None) -> Any:
        raise TypeError(IMPLICIT)

    def __dlpack__(self, **_: Any) -> Any:
        raise BufferError("a library that reads main memory was given memory of a device")

    def __dlpack_device__(self) -> tuple[int, int]:
        return 2, self._device.id

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
        return _launched(ufunc.__name__, getattr(ufunc, method), inputs, options | ({"out": out[0]} if out else {}))

    def __getitem__(self, index: Any) -> Any:
        _checked("getitem", index)
        where = _whole(_round(_plain(index), self._entries.shape))
        return _launched("getitem", lambda x: x[where], (self,), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write entries; arrays of the host are taken at places that an array says, as CuPy does, and nowhere else."""
        parts = index if isinstance(index, tuple) else (index,)
        scattered = any(isinstance(part, ndarray | np.ndarray | list) for part in parts)
        _checked("getitem", (index, *([value] if scattered else [])))
        _checked("setitem", (self, *([] if scattered else [value])))
        machine().log.append(("launch", "setitem", machine().device, get_current_stream().number))
        place, where, found = self._entries, _plain(index), _plain(value)

        def step() -> None:
            place[where] = found

        _later(step) if machine().capturing else step()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __reduce__(self) -> Any:
        return put, (self.get(),)

    def __repr__(self) -> str:
        return repr(self.get())


def _read(name: str) -> property:
    """What is known without looking at the entries."""
    return property(lambda x: getattr(x._entries, name))


def _viewed(name: str) -> property:
    """Another array of the same entries."""
    return property(lambda x: _launched(name, lambda entries: getattr(entries, name), (x,), {}))


def _on_host(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A conversion that reads the numbers."""
    return lambda x: convert(x.get())


def _method(name: str) -> Callable[..., Any]:
    """A method that computes what NumPy's does."""

    def computed(entries: Any, *rest: Any, **more: Any) -> Any:
        return getattr(entries, name)(*rest, **more)

    def call(x: Any, *given: Any, **options: Any) -> Any:
        return _launched(name, computed, (x, *given), options)

    return call


def _operator(function: Any, *, swapped: bool = False, inplace: bool = False) -> Callable[..., Any]:
    """An operator of Python."""

    def call(*given: Any) -> Any:
        options = {"out": given[0]} if inplace else {}
        return _launched(function.__name__, function, given[::-1] if swapped else given, options)

    return call


_BINARY = {
    **{name: getattr(np, name) for name in ("add", "matmul")},
    **{"sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide, "floordiv": np.floor_divide},
    **{"mod": np.remainder, "pow": np.power, "and": np.bitwise_and, "or": np.bitwise_or, "xor": np.bitwise_xor},
    **{"lshift": np.left_shift, "rshift": np.right_shift},
}
_COMPARED = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}
_UNARY = {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}
for _name, _function in _BINARY.items():
    setattr(ndarray, f"__{_name}__", _operator(_function))
    setattr(ndarray, f"__r{_name}__", _operator(_function, swapped=True))
    setattr(ndarray, f"__i{_name}__", _operator(_function, inplace=True))
for _name, _function in {**_COMPARED, **_UNARY}.items():
    setattr(ndarray, f"__{_name}__", _operator(_function))
for _name in ("dtype", "shape", "ndim", "size", "nbytes", "itemsize", "strides", "flags"):
    setattr(ndarray, _name, _read(_name))
for _name in ("T", "real", "imag"):
    setattr(ndarray, _name, _viewed(_name))
for _name in (
    *("all", "any", "argmax", "argmin", "argsort", "clip", "conj", "cumsum", "cumprod", "diagonal", "dot", "max"),
    *("mean", "min", "nonzero", "prod", "ravel", "repeat", "reshape", "squeeze", "std", "sum", "swapaxes", "take"),
    *("trace", "transpose", "var", "view"),
):
    setattr(ndarray, _name, _method(_name))
for _name, _convert in {"bool": bool, "int": int, "float": float, "complex": complex}.items():  # it is no index
    setattr(ndarray, f"__{_name}__", _on_host(_convert))
for _name in ("tolist", "item"):
    setattr(ndarray, _name, _on_host(getattr(np.ndarray, _name)))
ndarray.__module__ = "cupy"


# ---- operations --------------------------------------------------------------------------------------------------


def put(x: Any, device: int | None = None) -> Any:
    """Numbers as a new array of a device, by default the current one."""
    with Device(device):
        return _owned(np.array(x))


def _owned(x: Any) -> Any:
    """A new array with memory of the current pool."""
    return ndarray(x, get_allocator()(x.nbytes), Device())


def _checked(word: str, given: Any) -> None:
    _refuse_hosts(word, given)
    _refuse_elsewhere(word, given)


def _refuse_hosts(word: str, given: Any) -> None:
    for a in _leaves(given):
        if isinstance(a, np.ndarray) and word not in FROM_HOST:
            raise TypeError(f"Unsupported type {type(a)}")
        if isinstance(a, np.ndarray):
            machine().log.append(("moved to the device",))


def _refuse_elsewhere(word: str, given: Any) -> None:
    for a in _leaves(given):
        if isinstance(a, ndarray) and a._device.id != machine().device:
            raise ValueError(f"{word}: array on {a._device}, and the current device is {machine().device}")


def _leaves(x: Any) -> Iterator[Any]:
    if isinstance(x, tuple | list):
        for part in x:
            yield from _leaves(part)
    else:
        yield x


def _plain(x: Any) -> Any:
    if isinstance(x, tuple | list):
        return type(x)(map(_plain, x))
    return x._entries if isinstance(x, ndarray) else x


def _whole(index: Any) -> Any:
    """An index that gives an array, also where it names a single entry."""
    parts = index if isinstance(index, tuple) else (index,)
    return parts if any(part is Ellipsis for part in parts) else (*parts, ...)


def _round(index: Any, shape: tuple[int, ...]) -> Any:
    """An array of integers as an index goes round the ends, where NumPy would refuse it."""
    if not isinstance(index, np.ndarray | list) or np.asarray(index).dtype.kind not in "iu":
        return index
    return np.asarray(index) % max(shape[0], 1)


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
    _refuse_hosts(word, given)
    machine().log.append(("launch", word, machine().device, get_current_stream().number))
    target = options.pop("out", None)
    plain, plain_options = _plain(tuple(given)), {key: _plain(value) for key, value in options.items()}
    if target is not None:
        _refuse_elsewhere(word, (*given, target))
        return _written(target, function, plain, plain_options)
    found = function(*plain, **plain_options)
    sources = [a for a in _leaves(given) if isinstance(a, ndarray)]
    if isinstance(found, np.ndarray | np.generic):
        source: Any = next((a for a in sources if np.shares_memory(a._entries, found)), None)
        if source is not None:  # a view is nothing to compute, whatever device is current
            return ndarray(np.asarray(found), source._block, source._device)
    _refuse_elsewhere(word, given)
    if machine().capturing and word in PRODUCTS and found.dtype.kind in "fc" and found.size > 1:
        raise NotImplementedError("calling cuBLAS API during stream capture is currently unsupported")
    if isinstance(found, tuple):
        made = _several(function, plain, plain_options, found)
        return type(found)(*made) if hasattr(found, "_fields") else made
    if not isinstance(found, np.ndarray | np.generic):
        return found
    (made,) = _several(lambda *a, **o: (function(*a, **o),), plain, plain_options, (found,))
    return made


def _written(target: Any, function: Any, plain: Any, options: Any) -> Any:
    """Write what a function gives to an array that is there."""

    def step() -> None:
        np.copyto(target._entries, function(*plain, **options), casting="same_kind")

    _later(step) if machine().capturing else step()
    return target


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


#: The dtypes of which CuPy adds entries at places that may be the same.
ADDED_AT = ("int32", "float16", "float32", "float64", "uint32", "uint64")


def _add_at(a: Any, indices: Any, b: Any = None) -> None:
    """``add.at``."""
    if a.dtype.name not in ADDED_AT:
        raise TypeError(f"scatter_add only supports {', '.join(ADDED_AT)}, as data type")
    _checked("getitem", (a, indices, b))
    place, where, found = _plain(a), _plain(indices), _plain(b)

    def step() -> None:
        np.add.at(place, where, found)

    _later(step) if machine().capturing else step()


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
        """Run it on arrays that broadcast, all of one dtype, numbers or truth values; the output may be given."""
        if len(given) > len(self._run.inputs):
            return self._filled(given[-1], given[:-1])
        found = _launched(self.name, lambda *arrays: tuple(self._run(arrays)), given, {})
        return found if self._tuple or len(found) > 1 else found[0]

    def _filled(self, target: Any, given: tuple[Any, ...]) -> Any:
        return _launched(self.name, lambda *arrays: self._run((*arrays, target._entries))[0], given, {"out": target})


# ---- the modules -------------------------------------------------------------------------------------------------


def _asarray(x: Any, /, *, dtype: Any = None, device: Any = None, copy: Any = None) -> Any:
    with Device(device):
        if isinstance(x, ndarray) and x._device == Device() and not copy and dtype in (None, x._entries.dtype):
            return x
        if copy is False:
            raise ValueError("Unable to avoid copy while creating an array as requested")
        if not isinstance(x, ndarray):
            machine().log.append(("moved to the device",))
        if isinstance(x, list | tuple) and len({isinstance(a, ndarray) for a in _leaves(x)}) > 1:
            raise TypeError(IMPLICIT)
        found = np.array(_plain(x), dtype=dtype)
        if found.dtype.char not in "?bBhHiIlLqQefdFD":
            raise ValueError(f"Unsupported dtype {found.dtype}")
        return _owned(found)


def _take(x: Any, indices: Any, /, *, axis: Any = None, **options: Any) -> Any:
    """As NumPy's, but that indices go round the ends."""
    return np.take(x, indices, axis=axis, mode="wrap", **options)


def _astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    return _asarray(x.astype(dtype, copy=copy), device=device)


def _from_dlpack(x: Any, /, *, device: Any = None, copy: Any = None) -> Any:
    if not isinstance(x, ndarray):
        raise TypeError(
            "CPU arrays cannot be directly imported to CuPy. Use `cupy.array(numpy.from_dlpack(input))` instead."
        )
    return x


def _wrapped(name: str, function: Any) -> Any:
    """A function of the namespace; it makes arrays on the current device, whatever ``device=`` says, as CuPy's does."""

    def call(*given: Any, device: Any = None, **options: Any) -> Any:
        return _launched(name, function, given, options)

    return call


def _asked(function: Any) -> Any:
    """A function of dtypes and shapes, which computes nothing."""
    return lambda *given, **options: function(*_plain(given), **options)


def _room(prefix: str, extension: Any) -> Any:
    """An extension of the namespace, such as ``fft``."""
    names = [n for n in dir(extension) if prefix + n in known() and callable(getattr(extension, n))]
    return SimpleNamespace(**{name: _wrapped(name, getattr(extension, name)) for name in names})


def _made() -> ModuleType:
    """The namespace ``array_api_compat.cupy``."""
    xp = ModuleType("array_api_compat.cupy")
    for name in sorted({*dir(real)} & {*known()}):
        value = getattr(real, name)
        if name in ("isdtype", "result_type", "can_cast", "finfo", "iinfo", "broadcast_shapes"):
            value = _asked(value)
        elif callable(value) and not isinstance(value, type):
            value = _wrapped(name, value)
        setattr(xp, name, value)
    vars(xp).update(take=_wrapped("take", _take))
    vars(xp).update(asarray=_asarray, astype=_astype, from_dlpack=_from_dlpack, ndarray=ndarray)
    vars(xp).update(fft=_room("fft.", fft), linalg=_room("linalg.", linalg))
    vars(xp)["add"].at = _add_at
    return xp


#: The namespace, one for all machines: what libraries remember about a class stays true.
xp = _made()


@contextlib.contextmanager
def installed(devices: int = 1) -> Iterator[Machine]:
    """The stand-in in the place of CuPy."""
    found = Machine(devices, pool=MemoryPool())
    MACHINES.append(found)
    runtime = SimpleNamespace(
        getDeviceCount=get_device_count,
        getDevice=lambda: machine().device,
        getDeviceProperties=lambda device: {"name": b"a stand-in for a device"},
        deviceSynchronize=lambda: machine().log.append(("synchronize",)),
        CUDARuntimeError=CUDARuntimeError,
    )
    cuda, cupy = ModuleType("cupy.cuda"), ModuleType("cupy")
    offered = (Device, MemoryPool, Stream, Graph, Event, get_current_stream, get_allocator, using_allocator)
    vars(cuda).update({value.__name__: value for value in offered}, runtime=runtime)
    vars(cupy).update(cuda=cuda, get_default_memory_pool=get_default_memory_pool, ElementwiseKernel=ElementwiseKernel)
    vars(cupy).update(ndarray=ndarray, asarray=_asarray)
    modules = {"cupy": cupy, "cupy.cuda": cuda, "array_api_compat.cupy": xp}
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield found
    finally:
        MACHINES.pop()
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


__all__ = ["CUDARuntimeError", "Device", "ElementwiseKernel", "Machine", "MemoryPool", "Stream"]
__all__ += ["get_default_memory_pool", "installed", "machine", "ndarray", "put", "using_allocator", "xp"]
