"""Make each notebook from its source: ``python -m tests.notebooks.build`` runs every ``notebooks/*.py``.

The source is Python in the percent format; the notebook beside it is the same cells with what they print.  Nothing of
the machine goes in: no execution counts, times or paths, and cells are numbered instead of named at random, so that
building twice gives the same file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def sources() -> list[Path]:
    """The sources of all notebooks."""
    return sorted(NOTEBOOKS.glob("*.py"))


def read_source(path: Path) -> Any:
    """The cells of a source, without outputs."""
    notebook = nbformat.from_dict(jupytext.read(path, fmt="py:percent"))
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for k, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"cell-{k}", {}
    return notebook


def execute(notebook: Any, folder: Path) -> Any:
    """Run every cell in ``folder``; a cell that raises is an error."""
    # how a kernel cuts what is printed into messages is a matter of its clock, so the pieces are joined
    NotebookClient(
        notebook, timeout=120, coalesce_streams=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                output.pop("execution_count", None)
                if output.output_type == "execute_result":
                    output.execution_count = None
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return notebook


def build(path: Path) -> str:
    """The text of the notebook of a source."""
    return str(nbformat.writes(execute(read_source(path), NOTEBOOKS))) + "\n"


if __name__ == "__main__":
    for source in sources():
        source.with_suffix(".ipynb").write_text(build(source), encoding="utf-8")
        print(source.with_suffix(".ipynb").relative_to(NOTEBOOKS.parent))
