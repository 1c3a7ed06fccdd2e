"""The rooms and their one direction: `catcore` costs SymPy, and imports neither proofs nor array code."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.guards.source import PACKAGES, ROOT, imported, parse, python_files, where

HEAVY = {"numpy", "scipy", "flint", "cupy", "torch", "jax", "dask", "networkx", "sklearn", "opt_einsum"}
OTHER_ROOMS = {"catcore_backends", "catcore_proofs"}
COMPOSITION_ROOT = ROOT / "catcore" / "cli.py"


def loaded_by(statement: str) -> set[str]:
    """The top-level modules in memory after `statement` ran in a fresh interpreter."""
    code = f"{statement}; import sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_catcore_loads_no_array_library():
    """What SymPy brings along by itself (FLINT, where python-flint is installed) is SymPy's cost, not ours."""
    loaded = loaded_by("import catcore") - loaded_by("import sympy")

    assert loaded & (HEAVY | OTHER_ROOMS) == set()
    assert "catcore" in loaded


def test_the_purity_check_can_fail():
    assert "numpy" in loaded_by("import catcore, numpy") - loaded_by("import sympy")


def test_importing_the_prover_loads_no_backend():
    assert loaded_by("import catcore_proofs") & {"catcore_backends", "cupy", "torch", "jax", "dask"} == set()


def test_importing_the_backends_loads_no_accelerator_and_no_prover():
    assert loaded_by("import catcore_backends") & {"catcore_proofs", "cupy", "torch", "jax", "dask"} == set()


def crossings(tree: ast.AST, forbidden: set[str]) -> set[str]:
    """The forbidden packages that a module imports anywhere, even inside a function."""
    return {name.partition(".")[0] for name in imported(tree)} & forbidden


def test_catcore_never_imports_the_other_rooms():
    files = [path for path in python_files(ROOT / "catcore") if path != COMPOSITION_ROOT]

    assert {where(path): found for path in files if (found := crossings(parse(path), OTHER_ROOMS))} == {}


def test_proofs_and_backends_do_not_import_each_other():
    _, backends, proofs = PACKAGES
    wrong = [where(path) for path in python_files(backends) if crossings(parse(path), {"catcore_proofs"})]
    wrong += [where(path) for path in python_files(proofs) if crossings(parse(path), {"catcore_backends"})]

    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        "import catcore_proofs",
        "from catcore_backends.x import y",
        "def f():\n    import catcore_proofs.kernel as k",
    ],
)
def test_the_crossing_check_can_fail(line):
    assert crossings(ast.parse(line), OTHER_ROOMS)


def trusted(start: str) -> dict[str, set[str]]:
    """The modules of `catcore_proofs` that `start` imports, directly or not, each with all that it imports."""
    waiting, seen = [start], {}
    while waiting:
        module = waiting.pop()
        if module not in seen:
            path = ROOT / "proofs" / (module.replace(".", "/") + ".py")
            path = path if path.exists() else path.with_suffix("") / "__init__.py"
            seen[module] = set(imported(parse(path)))
            waiting += [name for name in seen[module] if name.startswith("catcore_proofs.")]
    return seen


def test_the_kernel_imports_nothing_of_what_it_judges():
    """A proof is replayed by six modules on the standard library: no prover, no `catcore`, no SymPy."""
    modules = trusted("catcore_proofs.kernel")
    outside = {name.partition(".")[0] for names in modules.values() for name in names} - {"catcore_proofs"}

    kernel = ("kernel", "comparison", "descent", "equations", "evaluation", "schemes", "syntax", "typing")
    assert modules.keys() == {f"catcore_proofs.{name}" for name in kernel}
    assert outside - sys.stdlib_module_names == set()


def test_the_kernel_check_sees_what_the_prover_imports():
    modules = trusted("catcore_proofs.prover")

    assert "catcore_proofs.kernel" in modules
    assert any(name.partition(".")[0] == "catcore" for names in modules.values() for name in names)
