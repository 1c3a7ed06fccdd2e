"""Where a program runs on CUDA: on the device of its arrays, and on the stream that the caller has made current there.

CuPy launches what it is asked for on the current device, whatever device the arrays are on.  So the device of a batch
is made current while its program runs; the current stream, of which CuPy has one for each device, stays as it is.
"""

from __future__ import annotations

import contextlib
from typing import Any

from array_api_compat import is_torch_namespace

from catcore.errors import BackendMissing, MixedDevices
from catcore_backends.batches import arrays
from catcore_backends.compiler.operations import is_cupy
from catcore_backends.libraries.cuda.products import Recordable, is_for_recording
from catcore_backends.libraries.failures import together
from catcore_backends.library import Link, Run


def device_named(name: Any) -> Any:
    """CuPy's device for a number, a name such as ``"cuda:1"``, or a device.

    Raises:
        BackendMissing: when there is no such device.
    """
    from cupy.cuda import Device, runtime

    if isinstance(name, Device):
        return name
    kind, colon, text = str(name).rpartition(":")
    number = "0" if not colon and text == "cuda" else text
    count = runtime.getDeviceCount()
    if kind not in ("", "cuda") or isinstance(name, bool) or not number.isdecimal() or int(number) >= count:
        numbers = ", ".join(f"'cuda:{n}'" for n in range(count))
        raise BackendMissing(f"The device {name!r} was asked for, and CuPy has {numbers}. Use one of these.")
    return Device(int(number))


def on_their_device(link: Link, xp: Any) -> Run:
    """The program of a link, run on the device of the batch; it is linked once for each device, with its constants.

    What is recorded in a graph is a program of its own, over :class:`~.products.Recordable`.
    """
    from cupy.cuda import Device

    programs = {(Device().id, False): link(xp)}

    def run(x: Any, batch: int) -> Any:
        with device_of(x) as device:
            key = device.id, is_for_recording()
            if key not in programs:
                programs[key] = link(Recordable(xp) if key[1] else xp)
            return programs[key](x, batch)

    return run


def here(xp: Any) -> Any:
    """What arrays made over a namespace depend on: the namespace, and for CuPy the current device."""
    if not is_cupy(xp):
        return xp
    from cupy.cuda import Device

    return xp, Device().id


def current(xp: Any) -> Any:
    """CuPy's current device; None for other libraries."""
    if not is_cupy(xp):
        return None
    from cupy.cuda import Device

    return Device()


def beside(xp: Any, *arrays: Any) -> contextlib.AbstractContextManager[Any]:
    """A context in which work on arrays of a namespace is done on their device; other libraries see to that themselves.

    Raises:
        MixedDevices: when they are on several, or not on a CUDA device where the namespace is CuPy's.
    """
    if is_torch_namespace(xp):  # it computes with the device meta beside others
        together(arrays)
    found: contextlib.AbstractContextManager[Any] = device_of(arrays) if is_cupy(xp) else _ANYWHERE
    return found


_ANYWHERE = contextlib.nullcontext()


def device_of(x: Any) -> Any:
    """The device that the arrays of a batch are on, the current one where there are no arrays.

    Raises:
        MixedDevices: when they are on several, or not on a CUDA device.
    """
    from cupy.cuda import Device

    found = [device for a in arrays(x) if (device := getattr(a, "device", None)) is not None]
    if not found:
        return Device()
    first = found[0]
    if isinstance(first, Device) and all(device == first for device in found):
        return first
    where = " and ".join(sorted({str(device) for device in found}))
    raise MixedDevices(
        f"A program for CuPy was applied to a batch whose arrays live on {where}. Move them to one CUDA device, as "
        "get_backend('cupy').asarray(x, device=…) does."
    )
