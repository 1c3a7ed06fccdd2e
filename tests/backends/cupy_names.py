"""The names that array code uses, beside those that CuPy has, without a device (what a program calls must be there).

``uses`` reads every ``xp.name(…)`` in the sources, array rules and emitters alike.  ``KNOWN`` is what
``array_api_compat.cupy`` offers, each name with its signature where Python can tell it.  ``KNOWN_DEVICE`` is the same
for the part of CuPy itself that speaks of devices, streams, memory, kernels and graphs, whose stand-in the tests run;
the signatures of what is written in Cython are read off its documentation.  Both are written by

    python -m tests.backends.cupy_names

in an environment where CuPy can be imported, which needs no device.
"""

from __future__ import annotations

import ast
import functools as ft
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
KNOWN = Path(__file__).with_name("cupy_names.txt")
KNOWN_DEVICE = Path(__file__).with_name("cupy_device_names.txt")
#: What code for a CUDA device uses of CuPy, as classes with their methods and as functions.
DEVICE = (
    *(f"cuda.Device{name}" for name in ("", ".id")),
    *(f"cuda.Stream{name}" for name in ("", ".begin_capture", ".end_capture", ".is_capturing", ".record")),
    *(f"cuda.Stream.{name}" for name in ("synchronize", "wait_event")),
    *(f"cuda.MemoryPool{name}" for name in ("", ".malloc", ".get_limit", ".set_limit", ".free_all_blocks")),
    *("cuda.MemoryPool.used_bytes", "cuda.Graph.launch", "cuda.get_current_stream", "cuda.get_allocator"),
    *("cuda.using_allocator", "get_default_memory_pool", "ElementwiseKernel", "cuda.runtime.getDeviceCount"),
    *("cuda.runtime.getDevice", "cuda.runtime.getDeviceProperties", "cuda.runtime.deviceSynchronize"),
    *("cuda.runtime.CUDARuntimeError", "ndarray.copy", "ndarray.device", "ndarray.get"),
)
#: The extensions of the array-API standard that array code may use.
EXTENSIONS = ("fft", "linalg")


class Use(NamedTuple):
    """A name that array code reads, and how it is called where it is."""

    name: str
    where: str
    positional: int | None = None
    keywords: tuple[str, ...] = ()


def uses(text: str, where: str) -> Iterator[Use]:
    """Every name of the namespace ``xp`` that a source reads; a call comes with its arguments."""
    tree = ast.parse(text)
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        name = _name(node)
        if name is None or name in EXTENSIONS or name.startswith("__"):
            continue
        call, place = calls.get(id(node)), f"{where}:{getattr(node, 'lineno', 0)}"
        if call is None or any(isinstance(a, ast.Starred) for a in call.args):
            yield Use(name, place)
        else:
            yield Use(name, place, len(call.args), tuple(k.arg for k in call.keywords if k.arg))


def _name(node: ast.AST) -> str | None:
    """``fft.rfftn`` for ``xp.fft.rfftn``."""
    match node:
        case ast.Attribute(value=ast.Name(id="xp"), attr=name):
            return name
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="xp"), attr=extension), attr=name):
            return f"{extension}.{name}" if extension in EXTENSIONS else extension
    return None


def all_uses() -> list[Use]:
    """The uses in the whole project."""
    files = [p for room in ("catcore", "backends", "proofs") for p in sorted((ROOT / room).rglob("*.py"))]
    return [use for path in files for use in uses(path.read_text("utf-8"), str(path.relative_to(ROOT)))]


def device_imports() -> set[str]:
    """What the sources import from CuPy itself."""
    files = [p for room in ("catcore", "backends", "proofs") for p in sorted((ROOT / room).rglob("*.py"))]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    found = [node for node in nodes if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cupy")]
    prefixes = [((node.module or "") + ".").removeprefix("cupy.") for node in found]
    return {prefix + name.name for prefix, node in zip(prefixes, found, strict=True) for name in node.names}


def offered(xp: ModuleType) -> dict[str, str]:
    """The public names of a namespace with their signatures; the empty string where Python cannot tell it."""
    rooms = [("", xp), *((f"{extension}.", getattr(xp, extension)) for extension in EXTENSIONS)]
    return {
        prefix + name: _signature(getattr(room, name))
        for prefix, room in rooms
        for name in sorted(dir(room))
        if not name.startswith("_") and not isinstance(getattr(room, name), ModuleType)
    }


def _signature(value: Any) -> str:
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    plain = [
        p.replace(annotation=p.empty, default=p.default if p.default is p.empty else None)
        for p in found.parameters.values()
    ]
    return str(inspect.Signature(plain))


def device_signature(name: str, room: Any) -> str:
    """The signature of what CuPy, or a stand-in for it, offers under a name with dots; "" where there is none.

    Raises:
        AttributeError: when it does not offer the name.
    """
    value = ft.reduce(getattr, name.split("."), room)
    if not callable(value) or (isinstance(value, type) and issubclass(value, Exception)):
        return ""
    try:
        parameters = [p for p in inspect.signature(value).parameters.values() if p.kind is not p.VAR_KEYWORD]
    except (TypeError, ValueError):
        parameters = _documented((value.__doc__ or "").partition("\n")[0])
    return "(" + ", ".join(f"{p.name}={p.default}" if p.default is not p.empty else p.name for p in parameters) + ")"


def _documented(line: str) -> list[inspect.Parameter]:
    """The parameters of ``MemoryPool.set_limit(self, size_t size=None) -> int``, as Cython writes signatures."""
    texts = [text.strip() for text in line.partition("(")[2].rpartition(")")[0].split(",") if text.strip()]
    pairs = [text.partition("=") for text in texts if not text.startswith("*")]
    return [
        inspect.Parameter(
            left.split()[-1], inspect.Parameter.POSITIONAL_OR_KEYWORD, default=eval(value) if equals else inspect._empty
        )
        for left, equals, value in pairs
    ]


def known(path: Path = KNOWN) -> dict[str, str]:
    """The names that are kept here, with their signatures."""
    lines = (line.partition(" ") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {name: signature for name, _, signature in lines}


def refusal(use: Use, names: dict[str, str]) -> str | None:
    """Why a namespace cannot serve a use, in one sentence; None when it can."""
    if use.name not in names:
        return f"{use.where} uses xp.{use.name}, which the namespace does not have."
    signature = names[use.name]
    if use.positional is None or not signature:
        return None
    function = eval(f"lambda {signature[1:-1]}: None")  # a signature of our own file, as a function to bind to
    try:
        inspect.signature(function).bind(*range(use.positional), **dict.fromkeys(use.keywords))
    except TypeError as error:
        return f"{use.where} calls xp.{use.name} as xp.{use.name}{signature} cannot be called: {error}."
    return None


def main() -> None:
    """Write what the installed CuPy offers."""
    import array_api_compat.cupy as xp
    import cupy

    rows = [f"{name} {signature}".rstrip() for name, signature in offered(xp).items()]
    KNOWN.write_text("\n".join([f"# array_api_compat.cupy over CuPy {cupy.__version__}", *rows]) + "\n", "utf-8")
    rows = [f"{name} {device_signature(name, cupy)}".rstrip() for name in DEVICE]
    KNOWN_DEVICE.write_text("\n".join([f"# CuPy {cupy.__version__}", *rows]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
