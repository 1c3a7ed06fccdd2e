"""One command run in this process: its exit status, what it printed, and what it said on standard error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catcore.cli import main


class Ran(NamedTuple):
    """What came of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refused(self) -> str:
        """The one sentence of a refusal: status 2, nothing printed, a single line, no traceback."""
        assert (self.status, self.out) == (2, "")
        assert self.err.startswith("catcore: ")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return self.err.removeprefix("catcore: ").rstrip("\n")


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*argv: str) -> Ran:
        try:
            status = main(argv)
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Ran(status, *capsys.readouterr())

    return call


@pytest.fixture
def files(tmp_path) -> Callable[[], set[str]]:
    """The names of the files in the folder, hidden ones too."""
    return lambda: {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.fixture
def put(tmp_path) -> Callable[[str, str], Path]:
    """Write a file into the folder."""

    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write
