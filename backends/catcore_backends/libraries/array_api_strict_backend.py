"""array-api-strict: NumPy's numbers with nothing but what the array-API standard promises.  For conformance tests.

Its devices, such as ``"CPU_DEVICE"`` and ``"device1"``, are all in main memory and kept apart.  The library has no
current device, so an arrow that takes no array gives its constants on the first.
"""

from __future__ import annotations

from typing import Any

from catcore.errors import BackendMissing
from catcore_backends.backend import Backend


class StrictBackend(Backend):
    """The arrays of array-api-strict."""

    def device(self, name: Any) -> Any:
        """The device of a name such as ``"device1"``."""
        strict = self.namespace()
        if isinstance(name, strict.Device):
            return name
        try:
            return strict.Device(name)
        except ValueError as error:
            here = ", ".join(map(str, strict.__array_namespace_info__().devices()))
            raise BackendMissing(
                f"The device {name!r} was asked for, and array-api-strict has {here}. Use one of these."
            ) from error


backend = StrictBackend(
    "array-api-strict", "array_api_strict", "Install it with: pip install array-api-strict, or 'catcore[test]'"
)
