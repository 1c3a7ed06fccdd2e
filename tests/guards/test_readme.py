"""The README's Python runs from top to bottom, and prints what it says it prints."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.guards.source import ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"^ *```python\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
PROMISE = re.compile(r"# → (.*)$")


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Each Python block with the number of the line before it, so that tracebacks point into the README."""
    for match in BLOCK.finditer(text):
        yield text[: match.start(1)].count("\n"), dedent(match[1])


def promised(block: str) -> list[str]:
    """What the comments `# → …` of a block say is printed, line by line."""
    return [match[1].rstrip() for line in block.splitlines() if (match := PROMISE.search(line))]


def run(text: str, name: str) -> None:
    """Run every block in one namespace, and compare what each prints with what it promises."""
    scope: dict[str, object] = {"__name__": "readme"}
    for line, block in blocks(text):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * line + block, name, "exec"), scope)
        assert printed.getvalue().splitlines() == promised(block), f"the block after line {line}"


def test_the_blocks_run_and_print_what_they_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8")

    assert len(list(blocks(text))) == text.count("```python") > 0
    run(text, str(README))


def test_a_broken_promise_is_caught():
    run("```python\nprint(1 + 1)  # → 2\n```\n", "good")
    with pytest.raises(AssertionError, match="after line 1"):
        run("```python\nprint(1 + 1)  # → 3\n```\n", "bad")


def test_links_lead_to_files():
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))

    assert [link for link in links if not Path(ROOT / link).exists()] == []
