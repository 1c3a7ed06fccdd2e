"""What a failure inside an array library means: one sentence with the remedy, and its arrays let go.

A library that has no room, or is given arrays of two devices, raises an error of its own.  The error keeps the frames
in which the intermediate arrays live, so they are cleared before the sentence is raised: memory is free again while the
caller still holds the exception.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from catcore.errors import CatError, MixedDevices, OutOfMemory
from catcore_backends.batches import arrays

#: How the libraries say that there is no room, in the names of their errors or in their words.
_NO_ROOM = ("OutOfMemory", "RESOURCE_EXHAUSTED", "out of memory", "can't allocate memory", "Unable to allocate")


def explained(error: Exception, x: Any, release: Callable[[], None] | None = None) -> Exception:
    """What to raise for a failure of a program on a batch: a sentence, or the error itself where there is none.

    Where the library failed, the frames of the failure are cleared, so that what the program made is released; where
    it had no room, ``release`` then gives what the library keeps back to the device.
    """
    sentence = None if isinstance(error, CatError) else _no_room(error, x) or _devices(x)
    if sentence is None:
        return error
    traceback.clear_frames(error.__traceback__)
    error.__traceback__ = None
    sentence.__suppress_context__ = True
    if release is not None and isinstance(sentence, OutOfMemory):
        release()
    return sentence


def _no_room(error: Exception, x: Any) -> CatError | None:
    text = f"{type(error).__name__}: {error}"
    if not isinstance(error, MemoryError) and not any(words in text for words in _NO_ROOM):
        return None
    sizes = ", ".join(str(tuple(a.shape)) for a in arrays(x) if hasattr(a, "shape")) or "no arrays"
    return OutOfMemory(
        f"A compiled arrow was applied to a batch of shape {sizes}, and there was no room for what it computes "
        f"({text[:120]}). Give fewer rows at a time, compile with backend='dask', use a narrower dtype, or raise the "
        "limit where one was set."
    )


def _devices(x: Any) -> CatError | None:
    found = sorted({str(a.device) for a in arrays(x) if getattr(a, "device", None) is not None})
    if len(found) < 2:
        return None
    return MixedDevices(
        f"A compiled arrow was applied to a batch whose arrays live on {' and '.join(found)}. Move them to one device, "
        "as get_backend(name).asarray(x, device=…) does."
    )
