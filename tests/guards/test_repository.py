"""The repository stands alone: no machine's paths, no registry's host, no endless files, nothing extra."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from tests.guards.source import FILES, FOLDERS, ROOT, all_files, package_files, where

MACHINE_PATH = re.compile(r"(?<![\w.~}/)-])/(?:home|root|work|Users|opt|mnt|workspace)/\w")
REGISTRY_HOST = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|anaconda|registry\.npm\w*|deb\.debian|proxy\.golang)\.(?:org|com|io)\b"
)
LONG = 500  # nine files in ten are shorter …
TOO_LONG = 800  # … and none reaches this


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Every line of the repository in which `pattern` occurs."""
    found = []
    for path in all_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{where(path)}:{n}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return found


def test_no_file_names_a_path_of_some_machine():
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_registry():
    assert lines_with(REGISTRY_HOST) == []


@pytest.mark.parametrize(
    ("pattern", "folder_or_host", "rest"),
    [
        (MACHINE_PATH, "/home", "/someone"),
        (MACHINE_PATH, "'/opt", "/wheels'"),
        (REGISTRY_HOST, "https://pypi", ".org"),
    ],
)
def test_the_wording_checks_can_fail(pattern, folder_or_host, rest):
    assert pattern.search(folder_or_host + rest)
    assert not pattern.search(f"docs{folder_or_host}")


def test_files_of_the_packages_are_short():
    lengths = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in package_files()}
    long = {path: n for path, n in lengths.items() if n >= LONG}

    assert len(long) <= len(lengths) / 10, long
    assert max(lengths.values()) < TOO_LONG, long


def test_the_top_holds_what_it_should():
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    top = {line.partition("/")[0] for line in listing.stdout.splitlines()}

    assert top <= {*FILES, *FOLDERS}
    assert [name for name in FILES if not (ROOT / name).is_file()] == []


def test_citation_names_the_talk_and_the_paper():
    """Rows 1 and 2 of the feature table: provenance."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    wanted = ["An Algebraic Theory of Architectures", "SYCO 12", "2024-04-16", "2402.15332"]
    wanted += ["Gavranović", "Lessard", "Dudzik", "von Glehn", "Araújo", "Veličković"]

    assert [words for words in wanted if words not in citation] == []
    assert "Categorical Deep Learning" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_versions_agree():
    import catcore

    assert f"version: {catcore.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_entry_points_lead_somewhere():
    """Every script, backend and prover named in the packaging can be imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    targets = [*project["scripts"].values()]
    targets += [target for group in project["entry-points"].values() for target in group.values()]
    for target in targets:
        module, _, name = target.partition(":")
        found = __import__(module, fromlist=[name])
        assert not name or hasattr(found, name), target
