"""Reading the repository's own files, for the guards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "catcore", ROOT / "backends" / "catcore_backends", ROOT / "proofs" / "catcore_proofs")
FOLDERS = ("catcore", "backends", "proofs", "tests", "notebooks", ".ci")
FILES = (
    "README.md",
    "pyproject.toml",
    "Makefile",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
    ".gitignore",
)
CACHES = {"__pycache__", ".ipynb_checkpoints", ".hypothesis"}


def python_files(folder: Path) -> list[Path]:
    """The Python files below `folder`, in a fixed order."""
    return sorted(path for path in folder.rglob("*.py") if not CACHES & set(path.parts))


def package_files() -> list[Path]:
    """The Python files of the three packages."""
    return [path for package in PACKAGES for path in python_files(package)]


def all_files() -> list[Path]:
    """Every text file that belongs to the repository."""
    below = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    kept = [path for path in below if not CACHES & set(path.parts) and path.suffix not in {".pyc", ".png"}]
    return kept + [ROOT / name for name in FILES]


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names that a module's import statements mention, wherever they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def where(path: Path) -> str:
    """A path as the repository names it."""
    return path.relative_to(ROOT).as_posix()
