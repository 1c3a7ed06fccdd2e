"""What a failure inside an array library means: one sentence with the remedy, and its arrays let go.

A library that has no room, or is given arrays of two devices, raises an error of its own.  The error keeps the frames
in which the intermediate arrays live, so they are cleared before the sentence is raised: memory is free again while the
caller still holds the exception.
"""

from __future__ import annotations

import functools as ft
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from catcore.errors import CatError, MixedDevices, OutOfMemory, ShapeMismatch, TooLarge, WrongDtype
from catcore_backends.batches import arrays

#: How the libraries say that there is no room, in the names of their errors or in their words.
_NO_ROOM = (
    "OutOfMemory",
    "Out of memory",
    "RESOURCE_EXHAUSTED",
    "out of memory",
    "can't allocate memory",
    "Unable to allocate",
)
#: How they say that they do not combine two dtypes.
_APART = ("dtype", "scalar type", "promot")
#: How they say that an operation is not there for a dtype.
_NO_OPERATION = (
    "not implemented for '",
    "dtypes are allowed in",
    "not supported for the input types",
    "be promoted with",
    "type promoted",
    "does not accept dtype",
    "Wrong type (",
)
#: How they say that an integer of a program has more bits than those of a batch.
_TOO_LARGE = ("Python int", "an argument to a jitted computation")


def explained(
    error: Exception, x: Any, release: Callable[[], None] | None = None, what: str = "A compiled arrow"
) -> Exception:
    """What to raise for a failure of a program on a batch: a sentence, or the error itself where there is none.

    Where the library failed, the frames of the failure are cleared, so that what the program made is released; where
    it had no room, ``release`` then gives what the library keeps back to the device.
    """
    sentence = _meaning(error, x, what)
    if sentence is None:
        return error
    traceback.clear_frames(error.__traceback__)
    error.__traceback__ = None
    sentence.__suppress_context__ = True
    if release is not None and isinstance(sentence, OutOfMemory):
        release()
    return sentence


def _meaning(error: Exception, x: Any, what: str) -> CatError | None:
    if isinstance(error, CatError):
        return error if isinstance(error, OutOfMemory) else None  # of a part, whose whole has arrays of its own
    causes = (_no_room, _devices, _dtypes, _lacking, _too_large)
    return next((found for cause in causes if (found := cause(error, x, what))), None)


def explaining(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A method whose failures are explained; the object says by ``release`` how its library gives memory back.

    Args:
        what: what fails, as the subject of a sentence.
    """

    def explained_method(method: Callable[..., Any]) -> Callable[..., Any]:
        @ft.wraps(method)
        def run(self: Any, *given: Any, **options: Any) -> Any:
            try:
                return method(self, *given, **options)
            except Exception as error:
                raise explained(error, _values(given), self.release, what)  # noqa: B904 — it knows what is a cause

        return run

    return explained_method


def _values(given: Any) -> Any:
    """What a method was given, with the arrays of dictionaries in place of these."""
    return tuple(tuple(part.values()) if isinstance(part, Mapping) else part for part in given)


def together(x: Any, what: str = "A program") -> None:
    """Refuse arrays that live on several devices, where a library would compute with them all the same.

    Raises:
        MixedDevices: naming the devices.
    """
    found = [a.device for a in arrays(x) if hasattr(a, "device")]
    if any(device != found[0] for device in found) and len(names := sorted({str(device) for device in found})) > 1:
        raise _mixed(names, what)


def settled(answer: Any) -> Any:
    """An answer whose arrays are there.

    JAX computes while Python goes on, and says only to who waits for an array that there was no room for it, or for
    something that it was computed from.  What a ``jax.jit`` or a ``jax.grad`` follows is nothing to wait for.
    """
    for a in arrays(answer):
        if hasattr(a, "block_until_ready"):
            a.block_until_ready()
    return answer


def lacked_room(error: Exception) -> bool:
    """Whether an error of a library says that there was no room for an array."""
    return isinstance(error, MemoryError) or any(words in _said(error) for words in _NO_ROOM)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _no_room(error: Exception, x: Any, what: str) -> CatError | None:
    if not lacked_room(error):
        return None
    sizes = ", ".join(str(tuple(a.shape)) for a in arrays(x) if hasattr(a, "shape"))
    return OutOfMemory(
        f"{what} was applied to a batch{sizes and f' of shape {sizes}'}, and there was no room for what it computes "
        f"({_said(error)[:120]}). Give fewer rows at a time, as backend='dask' does, in smaller blocks where it does, "
        "use a narrower dtype, or raise the limit where one was set."
    )


def _devices(error: Exception, x: Any, what: str) -> CatError | None:
    found = sorted({str(a.device) for a in arrays(x) if getattr(a, "device", None) is not None})
    return _mixed(found, what) if len(found) > 1 else None


def _mixed(found: list[str], what: str) -> CatError:
    return MixedDevices(
        f"{what} was applied to a batch whose arrays live on {' and '.join(found)}. Move them to one device, "
        "as get_backend(name).asarray(x, device=…) does."
    )


def _dtypes(error: Exception, x: Any, what: str) -> CatError | None:
    found = sorted({str(a.dtype) for a in arrays(x) if getattr(a, "dtype", None) is not None})
    if len(found) < 2 or not any(words in str(error) for words in _APART):
        return None
    return WrongDtype(
        f"{what} was applied to a batch of the dtypes {' and '.join(found)}, which its library does not "
        f"combine ({str(error)[:120]}). Convert the arrays to one dtype first, as with xp.astype."
    )


def _lacking(error: Exception, x: Any, what: str) -> CatError | None:
    if not any(words in str(error) for words in _NO_OPERATION):
        return None
    found = _dtypes_of(x)
    return WrongDtype(
        f"{what} was applied to a batch{found and f' of dtype {found}'}, and its library lacks an operation for it "
        f"({str(error)[:120]}). Convert the arrays to real numbers of 32 or 64 bits first, as with xp.astype."
    )


def _too_large(error: Exception, x: Any, what: str) -> CatError | None:
    found = _dtypes_of(x)
    if not isinstance(error, OverflowError) or "int" not in found or not any(w in str(error) for w in _TOO_LARGE):
        return None
    return WrongDtype(
        f"{what} was applied to a batch of dtype {found}, and an integer in the arrow does not fit that "
        f"dtype ({str(error)[:120]}). Convert the arrays first, as to float64 with xp.astype."
    )


def _dtypes_of(x: Any) -> str:
    return " and ".join(sorted({str(a.dtype) for a in arrays(x) if getattr(a, "dtype", None) is not None}))


def too_deep() -> CatError:
    """What to raise for a term that Python's stack or parser does not take."""
    return TooLarge(
        "An arrow was to be compiled whose products, sums or case distinctions are nested hundreds deep, which is more "
        "than Python's stack takes. Write a wide product as one tensor, as R(n, 3), and a wide sum as FinSet(n) * A."
    )


def counted(batch: Any) -> int:
    """A number of rows that was asked for.

    Raises:
        ShapeMismatch: when it is no integer ≥ 0.
    """
    if not hasattr(batch, "__index__") or batch < 0:
        raise ShapeMismatch(
            f"A compiled arrow was asked for batch={batch!r} rows. Give an integer ≥ 0, or leave batch= out where the "
            "domain holds an array."
        )
    return int(batch)
