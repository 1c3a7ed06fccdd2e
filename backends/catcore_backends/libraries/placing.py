"""Programs for one device of a library: ``compile_arrow(f, backend, device=…)``.

The device is looked up when compiling, so that a missing one is refused there.  Arrays that a program makes from
nothing are put on it, and a batch that is elsewhere is refused rather than moved behind the caller's back.
"""

from __future__ import annotations

from typing import Any

from catcore.errors import MixedDevices
from catcore_backends.batches import arrays
from catcore_backends.library import Library, Link, Run


def placed(backend: Library, device: Any, link: Link, *, shared: bool) -> Run:
    """What runs a compiled arrow on a device of its library.

    Raises:
        BackendMissing: when the library has no such device.
    """
    found = backend.device(device)
    here = getattr(backend.asarray([0.0], device=found), "device", None)
    with backend.on(found):
        program = backend.executable(link, shared=shared)

    def run(x: Any, batch: int) -> Any:
        others = {str(a.device) for a in arrays(x) if getattr(a, "device", here) != here}
        if others:
            raise MixedDevices(
                f"An arrow compiled for the device {here} was applied to a batch with arrays on "
                f"{' and '.join(sorted(others))}. Move them there first, as get_backend({backend.name!r}).asarray(x, "
                f"device={device!r}) does, or compile without device=."
            )
        with backend.on(found):
            return program(x, batch)

    return run
