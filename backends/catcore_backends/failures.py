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


def guarded(program: Callable[[Any, int], Any], x: Any, batch: int) -> Any:
    """``program(x, batch)``, with failures of the library as sentences.

    Raises:
        OutOfMemory: when there is no room; what the program made is released.
        MixedDevices: when the arrays of the batch live on several devices.
    """
    try:
        return program(x, batch)
    except CatError:
        raise
    except Exception as error:
        sentence = _no_room(error, x) or _devices(x)
        if sentence is None:
            raise
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
    raise sentence


def _no_room(error: Exception, x: Any) -> CatError | None:
    text = f"{type(error).__name__}: {error}"
    if not isinstance(error, MemoryError) and not any(words in text for words in _NO_ROOM):
        return None
    sizes = ", ".join(str(tuple(a.shape)) for a in arrays(x) if hasattr(a, "shape")) or "no arrays"
    return OutOfMemory(
        f"A compiled arrow was applied to a batch of shape {sizes}, and there was no room for what it computes "
        f"({text[:120]}). Give fewer rows at a time, compile with backend='dask', or use a narrower dtype."
    )


def _devices(x: Any) -> CatError | None:
    found = sorted({str(a.device) for a in arrays(x) if getattr(a, "device", None) is not None})
    if len(found) < 2:
        return None
    return MixedDevices(
        f"A compiled arrow was applied to a batch whose arrays live on {' and '.join(found)}. Move them to one device, "
        "as get_backend(name).asarray(x, device=…) does."
    )
