"""The names users type are there, and every public name says what it is."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

import pytest

from tests.guards.source import package_files, parse, where

CATCORE = """
    atoms One Zero FinSet R Id Const functor mu nu
    arrow ident generator pair fst snd inl inr case curry ev finite_map smooth
    Functor NaturalTransformation Monad Comonad Adjunction DistributiveLaw
    Algebra Coalgebra Homomorphism fold unfold Theory Law
    Monoid Group cyclic dihedral symmetric free_monoid ActionMonad
    Representation equivariant_maps
""".split()
PROOFS = ["verify", "prove", "refute", "replay", "normal", "Goal", "Report", "Verdict", "Counterexample"]
BACKENDS = ["compile_arrow"]
VALUES = {"One", "Zero", "Id", "Const"}  # objects and functors, documented by their class


@pytest.mark.parametrize(
    ("package", "name"),
    [("catcore", name) for name in CATCORE]
    + [("catcore_proofs", name) for name in PROOFS]
    + [("catcore_backends", name) for name in BACKENDS],
)
def test_public_name_exists_with_a_docstring(package, name):
    value = getattr(importlib.import_module(package), name)

    assert (type(value) if name in VALUES else value).__doc__


def undocumented(tree: ast.Module) -> Iterator[str]:
    """The public modules, classes, functions and methods without a docstring."""
    if not ast.get_docstring(tree):
        yield "the module"
    yield from _undocumented(tree, "")


def _undocumented(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for node in parent.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not _is_overload(node):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(node, f"{prefix}{node.name}.")


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"overload", "override", "setter"})


def test_every_public_name_has_a_docstring():
    found = {where(path): list(undocumented(parse(path))) for path in package_files()}

    assert {path: names for path, names in found.items() if names} == {}


def test_the_docstring_check_can_fail():
    source = '"""Said."""\nclass A:\n    """Said."""\n    def f(self): ...\n    def _g(self): ...\ndef h(): ...\n'

    assert list(undocumented(ast.parse(source))) == ["A.f", "h"]
    assert list(undocumented(ast.parse("x = 1"))) == ["the module"]
