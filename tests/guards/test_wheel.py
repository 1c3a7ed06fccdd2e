"""A wheel built from the source distribution holds the three packages and works from another folder."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.guards.source import PACKAGES, ROOT, package_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """The source distribution, and the wheel that `build` makes out of it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(dist) -> zipfile.ZipFile:
    (path,) = dist.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel):
    top = {name.partition("/")[0] for name in wheel.namelist()}

    assert {name for name in top if not name.endswith(".dist-info")} == {package.name for package in PACKAGES}


def test_no_module_is_left_out(wheel):
    expected = {
        path.relative_to(package.parent).as_posix()
        for package in PACKAGES
        for path in package_files()
        if path.is_relative_to(package)
    } | {f"{package.name}/py.typed" for package in PACKAGES}

    assert expected - set(wheel.namelist()) == set()


def test_the_source_distribution_can_be_tested(dist):
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    wanted = {"LICENSE", "Makefile", "CITATION.cff", "tests/features.toml", "tests/conftest.py", ".ci/run"}
    assert wanted - names == set()


def test_the_wheel_imports_from_another_folder(wheel, tmp_path):
    wheel.extractall(tmp_path / "site")
    code = "import catcore as a, catcore_proofs as b, catcore_backends as c\n"
    code += "print(*(x.__file__ for x in (a, b, c)))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert all(Path(name).is_relative_to(tmp_path / "site") for name in run.stdout.split())
