"""Files that are read, run and written: a failure is one sentence, and leaves nothing half-written."""

from __future__ import annotations

import contextlib
import os
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

from catcore.errors import BadSpecification, Unwritable


def run_file(path: Path, *, quiet: bool) -> dict[str, Any]:
    """The top-level names of a Python file that is run here; with ``quiet`` what it prints goes to standard error."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise unreadable(path, error) from None
    before = list(sys.path)
    sys.path.insert(0, str(path.resolve().parent))
    try:
        with contextlib.redirect_stdout(sys.stderr) if quiet else contextlib.nullcontext():
            return runpy.run_path(str(path), run_name=path.stem)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit: whatever the file does, the answer is one sentence
        raise BadSpecification(
            f"Running {path} raised {_said(error, path)}; run it with python to see more."
        ) from error
    finally:
        sys.path[:] = before


def _said(error: BaseException, path: Path) -> str:
    """The exception and the last line of the file that it passed."""
    lines = [error.lineno] if isinstance(error, SyntaxError) else []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    where = f" in line {lines[-1]}" if lines and lines[-1] else ""
    return f"{type(error).__name__}{where}" + (f": {message.rstrip('.')[:400]}" if message else "")


def unreadable(path: Path, error: OSError) -> BadSpecification:
    """The error that says so."""
    return BadSpecification(f"{path} was asked for and cannot be read: {error.strerror or error}; check the name.")


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; raises ``Unwritable``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"The folder {folder} cannot be made: {error.strerror}; choose another place.") from None


def need_writable(path: Path | None, endings: tuple[str, ...]) -> None:
    """Refuse a bad place before any work is done."""
    if path is None:
        return
    if path.suffix not in endings:
        raise BadSpecification(f"A file named {path.name!r} was asked for; its name ends in {' or '.join(endings)}.")
    if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise Unwritable(f"{path} cannot be written; choose a name in a folder that exists and is writable.")


def write(path: Path, content: str | bytes) -> None:
    """Write beside the target and rename, so that a failure leaves nothing half-written.

    Raises:
        Unwritable: when the file cannot be written; what was there stays.
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode())
        temporary.chmod(0o644)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise Unwritable(
            f"{path} cannot be written: {error.strerror}; choose a name in a folder that exists and is writable."
        ) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
