"""Making arrays of a library from numbers and from arrays of other libraries, without a copy where memory allows.

Two libraries that both speak DLPack look at the same memory: a NumPy array given to PyTorch is not copied, and writing
to one is seen by the other.  Where memory cannot be shared, as between devices or dtypes, one copy is made.

>>> import numpy as np
>>> from catcore_backends import get_backend
>>> x = np.zeros(3)
>>> y = get_backend("numpy").asarray(x, copy=False)
>>> y[0] = 1.0
>>> x.tolist()
[1.0, 0.0, 0.0]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from catcore.errors import BackendMissing, CatError, NotInterpreted, ShapeMismatch, WrongDtype

#: Of NumPy's dtypes those of objects, texts, records and times, by their characters.
NO_NUMBERS = "OSUVMmT"


def make(xp: Any, values: Any, dtype: str | None = None, device: Any = None, copy: bool | None = None) -> Any:
    """Values as an array of the namespace; see :meth:`catcore_backends.Backend.asarray`."""
    wanted = dtype_named(xp, dtype)
    if (refusal := misread(values)) is not None:
        raise WrongDtype(f"An array of {library_of(xp)} was asked for, and {refusal.found} was given. {refusal.remedy}")
    try:
        found = _imported(xp, values) if wanted is None and device is None and copy is not True else None
        if found is None:
            options = {} if device is None else {"device": device}
            found = xp.asarray(_plain(xp, values), dtype=wanted, copy=copy, **options)
    except CatError:
        raise
    except (AssertionError, RuntimeError, NotImplementedError) as error:
        if device is not None:
            raise _no_device(xp, device, error) from None
        if "dtype" not in str(error):
            raise
        raise WrongDtype(_no_numbers(xp, values, error)) from error
    except (ValueError, BufferError) as error:
        if device is not None and "device" in str(error):
            raise _no_device(xp, device, error) from None
        if copy is False:
            raise ShapeMismatch(
                f"An array of {library_of(xp)} that shares memory with {type(values).__name__} was asked for, and that "
                f"needs a copy ({error}). Leave copy= out."
            ) from error
        raise ShapeMismatch(_no_numbers(xp, values, error)) from error
    except (TypeError, OverflowError) as error:
        raise WrongDtype(_no_numbers(xp, values, error)) from error
    if getattr(found.dtype, "char", "?") in NO_NUMBERS:
        raise WrongDtype(_no_numbers(xp, values, f"its dtype is {found.dtype}"))
    return found


def _no_numbers(xp: Any, values: Any, error: object) -> str:
    return (
        f"An array of {library_of(xp)} was asked for, and {type(values).__name__} was given, of which it makes none "
        f"({str(error)[:120]}). Give numbers, or lists of numbers that are equally long."
    )


def _no_device(xp: Any, device: Any, error: Exception) -> BackendMissing:
    return BackendMissing(
        f"An array on the device {device!r} was asked for, and {library_of(xp)} has none there ({error}). "
        "Leave device= out, or name a device that the library lists."
    )


def dtype_named(xp: Any, name: str | None) -> Any:
    """The dtype of that name in a namespace; None for None.

    Raises:
        WrongDtype: when the namespace has no dtype of that name, or as JAX is set makes a narrower one.
    """
    if name is None:
        return None
    known = ("float32", "float64", "complex64", "complex128", "int8", "int16", "int32", "int64", "bool", "uint8")
    more = ("float16", "bfloat16", "uint16", "uint32", "uint64")
    if name not in (*known, *more) or not hasattr(xp, name):
        here = ", ".join(n for n in known if hasattr(xp, n))
        raise WrongDtype(f"The dtype {name!r} was asked for, and {library_of(xp)} has {here}. Give one of these names.")
    if (here := widest(xp, name)) != getattr(xp, name):
        raise WrongDtype(
            f"The dtype {name!r} was asked for, and {library_of(xp)} has {here} for it. JAX has 64-bit numbers "
            'after jax.config.update("jax_enable_x64", True); or ask for a narrower dtype.'
        )
    return getattr(xp, name)


def widest(xp: Any, name: str) -> Any:
    """The dtype of that name, or what JAX has in its place while it is set to 32 bits."""
    if library_of(xp) == "jax":
        import jax

        return jax.dtypes.canonicalize_dtype(name)
    return getattr(xp, name)


def widest_real(xp: Any, dtypes: Iterable[Any]) -> Any:
    """The dtype that reals of several dtypes have together, as the array API promotes them; None without reals."""
    found = dict.fromkeys(d for d in dtypes if xp.isdtype(d, ("real floating", "complex floating")))
    return xp.result_type(*found) if len(found) > 1 else next(iter(found), None)


def _imported(xp: Any, values: Any) -> Any:
    """An array of another library through DLPack; None where it is no array, or the libraries cannot share it."""
    if not hasattr(values, "__dlpack__") or not hasattr(xp, "from_dlpack"):
        return None
    try:
        found = xp.from_dlpack(values)
    except (BufferError, TypeError, ValueError, RuntimeError):
        return None
    return found if str(found.dtype).rpartition(".")[2] == str(values.dtype).rpartition(".")[2] else None


def _plain(xp: Any, values: Any) -> Any:
    """What ``xp.asarray`` takes: foreign arrays become NumPy's."""
    foreign = hasattr(values, "__array__") and not type(values).__module__.startswith(("numpy", library_of(xp)))
    return on_host(values) if foreign else values


def moved(xp: Any, x: Any) -> Any:
    """An array in another namespace, as numbers of rows too.

    Dask names an array by its entries, and where these are the same takes it for its own array of where blocks start
    (dask issue 6709): the rows of a table at ``[0]`` would be as many as the table has.  So integers get another name.
    """
    from array_api_compat import is_dask_array

    found = xp.asarray(x)
    if not is_dask_array(found) or found.dtype.kind not in "iu" or not found.name.startswith("array-"):
        return found
    return import_module("dask.array").map_blocks(_same, found, dtype=found.dtype, meta=found._meta)


def _same(x: Any) -> Any:
    return x


def on_host(x: Any) -> Any:
    """Numbers, or an array of any library and device, as an array of NumPy.

    CuPy hands arrays over by ``get`` alone, and PyTorch those of a device by ``cpu``; both wait for the device.
    array-api-strict hands over those of its first device.

    Raises:
        WrongDtype: when it would be read as another one, or PyTorch follows it for a gradient, or it has no numbers
            that NumPy has.
        ShapeMismatch: when it is made of lists that are not equally long.
        TypeError: when JAX follows it, while it compiles.
    """
    import numpy
    from array_api_compat import is_cupy_array, is_torch_array

    if (refusal := misread(x) or _unread(x)) is not None:
        raise WrongDtype(f"Numbers in main memory were asked for, and {refusal.found} was given. {refusal.remedy}")

    if is_cupy_array(x):
        return x.get()
    if type(x).__module__.startswith("array_api_strict"):
        return numpy.asarray(x.to_device(type(x.device)("CPU_DEVICE")))
    try:
        return numpy.asarray(x.cpu() if is_torch_array(x) else x)
    except ValueError as error:
        raise ShapeMismatch(
            f"Numbers in main memory were asked for, and {type(x).__name__} was given, of which NumPy makes no array "
            f"({str(error)[:120]}). Give numbers, or lists of numbers that are equally long."
        ) from error


def _unread(x: Any) -> Refusal | None:
    """Why PyTorch does not hand a tensor over, where it does not."""
    import numpy
    from array_api_compat import is_torch_array

    if not is_torch_array(x):
        return None
    if x.device.type == "meta":
        return Refusal("a tensor on the device meta", "It holds no numbers: make it on another device.")
    if x.is_quantized:
        return Refusal(f"a tensor of dtype {x.dtype}", "Take x.dequantize().")
    if not hasattr(numpy, str(x.dtype).rpartition(".")[2]):
        return Refusal(f"a tensor of dtype {x.dtype}, which NumPy lacks", "Convert it first, as x.float() does.")
    return Refusal("a tensor that a gradient follows", "Take x.detach().") if x.requires_grad else None


def computes_with(xp: Any, x: Any) -> bool:
    """Whether a namespace takes an array for one of its own; JAX and Dask take NumPy's too."""
    from array_api_compat import array_namespace

    try:
        found = library_of(array_namespace(x))
    except TypeError:  # no array of a library that is known
        return False
    return found == library_of(xp) or (found == "numpy" and library_of(xp) in ("jax", "dask"))


class Followed(NotInterpreted):
    """Numbers were to be looked at that nobody knows, since a library follows their array."""


@dataclass(frozen=True)
class Refusal:
    """Why an array is none that a library computes with.

    Args:
        found: what it is.
        remedy: what to do, as a sentence.
    """

    found: str
    remedy: str


def misread(x: Any) -> Refusal | None:
    """Why an array would be read as another one, where it would: what is missing in it, or left out, would count."""
    import numpy
    from array_api_compat import is_torch_array

    if isinstance(x, numpy.ma.MaskedArray) or isinstance(getattr(x, "_meta", None), numpy.ma.MaskedArray):
        return Refusal("a masked array", "Fill its missing entries first, as x.filled(0) does.")
    dense = next((f"x.{name}()" for name in ("toarray", "todense") if hasattr(x, name)), None)
    if dense is not None:
        kind = type(x)
        return Refusal(f"a sparse {kind.__qualname__} of {kind.__module__}", f"Make it dense first, as {dense} does.")
    if is_torch_array(x) and not strided(x):
        return Refusal(f"a tensor of layout {x.layout}", "Make it dense first, as x.to_dense() does.")
    return None


def strided(x: Any) -> bool:
    """Whether a tensor of PyTorch is an array in memory: neither sparse nor nested."""
    import torch

    return x.layout is torch.strided and not x.is_nested


def library_of(xp: Any) -> str:
    """The name of the library behind a namespace."""
    name = xp.__name__.removeprefix("array_api_compat.")
    return str(name.partition(".")[0])
