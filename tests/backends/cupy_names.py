"""The names that array code uses, beside those that CuPy has, without a device (what a program calls must be there).

``uses`` reads every ``xp.name(…)`` in the sources, array rules and emitters alike.  ``KNOWN`` is what
``array_api_compat.cupy`` offers, each name with its signature where Python can tell it; it is written by

    python -m tests.backends.cupy_names

in an environment where CuPy can be imported, which needs no device.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
KNOWN = Path(__file__).with_name("cupy_names.txt")
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


def known() -> dict[str, str]:
    """The names that are kept here, with their signatures."""
    lines = (line.partition(" ") for line in KNOWN.read_text("utf-8").splitlines() if not line.startswith("#"))
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


if __name__ == "__main__":
    main()
