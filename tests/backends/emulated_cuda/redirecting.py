"""The CUDA runtime is linked into one module of CuPy, so that no library of ours could take its place.

Instead the first bytes of each of its functions are written over, in memory, by a jump to ours.  The wheel on disk
stays as it is.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from pathlib import Path

from tests.backends.emulated_cuda.building import run
from tests.backends.emulated_cuda.requirements import Unsuitable

#: How many functions of the runtime are ours, at least: fewer are found where the module is not as it was.
LEAST = 50
_READ, _WRITE, _EXECUTE = 1, 2, 4


def redirect(module: Path, library: ctypes.CDLL) -> None:
    """Send the runtime inside a module to a library, as far as the library has its functions."""
    start = _loaded_at(module)
    places = re.findall(r"^(\w+) [tT] (cuda\w+)$", run(["nm", module]), re.MULTILINE)
    ours = [(int(place, 16), name) for place, name in places if hasattr(library, name)]
    if len(ours) < LEAST:
        raise Unsuitable(f"{module.name} should hold {LEAST} functions of the CUDA runtime or more; found {len(ours)}")
    for place, name in ours:
        target = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        assert target is not None
        _write(start + place, _jump(target))


def _loaded_at(module: Path) -> int:
    """The address at which a module lies; it is loaded by this."""
    path = str(module.resolve())
    ctypes.CDLL(path)
    lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    return min(int(line.partition("-")[0], 16) for line in lines if line.endswith(path))


def _jump(target: int) -> bytes:
    """``mov rax, target; jmp rax``."""
    return b"\x48\xb8" + target.to_bytes(8, "little") + b"\xff\xe0"


def _write(place: int, code: bytes) -> None:
    """Write over code, on the page where it lies and the next, in case it reaches there."""
    page = place - place % mmap.PAGESIZE
    _protect(page, _READ | _WRITE | _EXECUTE)
    ctypes.memmove(place, code, len(code))
    _protect(page, _READ | _EXECUTE)


def _protect(page: int, rights: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(2 * mmap.PAGESIZE), rights):
        raise Unsuitable(
            f"code in memory may not be written over here (error {ctypes.get_errno()}), as the emulation must"
        )
