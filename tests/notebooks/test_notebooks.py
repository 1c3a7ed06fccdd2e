"""Every notebook runs from top to bottom, is what its source says, and shows what running it gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tests.notebooks.build import NOTEBOOKS, execute, read_source, sources

NAMES = [path.stem for path in sources()]


def committed(name: str) -> Any:
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def said(notebook: Any) -> list[Any]:
    """The text and the data that the cells show."""
    return [(o.get("text"), o.get("data")) for cell in notebook.cells for o in cell.get("outputs", [])]


def test_there_is_a_notebook_and_each_has_a_source():
    assert "01_actions_are_algebras" in NAMES
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_pair_is_in_step(name):
    def cells(notebook):
        return [(cell.cell_type, cell.source) for cell in notebook.cells]

    assert cells(committed(name)) == cells(read_source(NOTEBOOKS / f"{name}.py"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_machine_is_in_it(name):
    notebook = committed(name)
    nbformat.validate(notebook)

    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert all(cell.get("execution_count") is None and cell.metadata == {} for cell in notebook.cells)
    assert not re.search(r"0x[0-9a-f]{8}|site-packages", (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_shows_what_is_committed(name, tmp_path):
    notebook = committed(name)
    before = said(notebook)
    execute(notebook, tmp_path)

    assert said(notebook) == before


@pytest.mark.slow
def test_a_cell_that_raises_is_noticed(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])

    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        execute(notebook, tmp_path)


def test_cells_are_short_and_alternate_with_words():
    """One idea a cell, and the why before the what."""
    for name in NAMES:
        cells = committed(name).cells
        assert cells[0].cell_type == "markdown"
        assert max(len(cell.source.splitlines()) for cell in cells if cell.cell_type == "code") <= 20
        kinds = "".join(cell.cell_type[0] for cell in cells)
        assert "ccc" not in kinds, Path(name)
