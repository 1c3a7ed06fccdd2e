"""The memory of a CUDA device: CuPy keeps what was freed in a pool, which can be given a limit and be emptied.

>>> size("1.5 GiB")
1610612736
>>> size("lots")
Traceback (most recent call last):
...
catcore.errors.BadSpecification: A memory limit of 'lots' was asked for. Give a number of bytes above 0, or a text \
such as '4 GiB' or '500 MB'.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from catcore.errors import BadSpecification, NotInterpreted

_UNITS = {"B": 1} | {f"{letter}B": 1000 ** (k + 1) for k, letter in enumerate(("k", "M", "G", "T"))}
_UNITS["KB"] = 1000
_UNITS |= {f"{letter}iB": 1024 ** (k + 1) for k, letter in enumerate(("K", "M", "G", "T"))}
_TEXT = re.compile(r"\s*([0-9]{1,18}(?:\.[0-9]{1,18})?)\s*([kKMGT]?i?B)\s*")


def size(text: int | str) -> int:
    """A number of bytes, or a text such as ``"4 GiB"`` (2³⁰ bytes each) or ``"500 MB"`` (10⁶ bytes each).

    Raises:
        BadSpecification: when it is neither, or not above 0.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        found = text
    else:
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        found = int(float(match[1]) * _UNITS.get(match[2], 0)) if match else 0
    if not 0 < found < 2**63:
        raise BadSpecification(
            f"A memory limit of {text!r} was asked for. Give a number of bytes above 0, or a text such as '4 GiB' or "
            "'500 MB'."
        )
    return found


@contextlib.contextmanager
def limited(limit: int | str, device: Any) -> Iterator[None]:
    """CuPy's pool with a limit on one device, which has its limit of before afterwards, whatever happened.

    Raises:
        BadSpecification: when the limit is no size.
        NotInterpreted: when CuPy takes its memory from elsewhere.
    """
    from cupy import get_default_memory_pool
    from cupy.cuda import get_allocator

    most, pool = size(limit), get_default_memory_pool()
    if get_allocator() != pool.malloc:
        raise NotInterpreted(
            "A limit was set for CuPy's memory pool, and CuPy has been told to take memory from elsewhere. Limit that "
            "allocator, or call cupy.cuda.set_allocator(cupy.get_default_memory_pool().malloc) first."
        )
    with device:
        before = pool.get_limit()
        pool.set_limit(size=most)
    try:
        yield
    finally:
        with device:
            pool.set_limit(size=before)


def separate() -> Any:
    """A pool apart from CuPy's own, with the limit that this has on the current device."""
    from cupy import get_default_memory_pool
    from cupy.cuda import MemoryPool

    found = MemoryPool()
    found.set_limit(size=get_default_memory_pool().get_limit())
    return found


def emptied() -> None:
    """Give back what no array uses any more to the devices."""
    from cupy import get_default_memory_pool

    get_default_memory_pool().free_all_blocks()
