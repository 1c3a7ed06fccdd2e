"""Tied weights on disk: a round trip through each format, and everything that must be noticed on the way back."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from catcore.equivariance import Representation, cyclic, dihedral, equivariant_maps, free_monoid, load, save
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.errors import BadSpecification, ShapeMismatch, Unwritable

SWAP = cyclic(2).defining
SHIFT = Representation(free_monoid("m"), {"m": [[0, 0, 0], [1, 0, 0], [0, 1, 0]]})
D5 = dihedral(5)
PLANE = Representation(
    D5, {"r": [["cos(2*pi/5)", "-sin(2*pi/5)"], ["sin(2*pi/5)", "cos(2*pi/5)"]], "s": [[1, 0], [0, -1]]}
)
O2 = Representation.lie({"J": [[0, -1], [1, 0]]}, {"r": [[1, 0], [0, -1]]})
ROOT = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")
IMAGINARY = Representation(cyclic(4), {"s": [["I"]]}, field="C")
SPACES = {
    "pattern": equivariant_maps(SWAP, SWAP),
    "monoid": equivariant_maps(SHIFT, SHIFT),
    "algebraic": equivariant_maps(D5.defining, PLANE),
    "lie": equivariant_maps(O2.tensor(2), O2.tensor(2)),
    "finite field": equivariant_maps(cyclic(4).defining, ROOT),
    "complex": equivariant_maps(cyclic(4).defining, IMAGINARY),
    "zero": equivariant_maps(O2, O2.alt(2)),
}


@pytest.mark.parametrize("ending", [".safetensors", ".npz"])
@pytest.mark.parametrize("name", SPACES)
def test_what_is_saved_is_loaded(name: str, ending: str, tmp_path: Path) -> None:
    W = SPACES[name]
    theta = np.random.default_rng(0).normal(size=(W.dim, 3, 2))
    path = save(W, tmp_path / f"weights{ending}", theta, bias=np.ones((W.bias.dim, 3)))

    back = load(path)
    assert np.array_equal(back.theta, theta)
    assert back.bias is not None
    assert back.bias.shape == (W.bias.dim, 3)
    assert (back.space.dim, back.space.shape, back.space.field.name) == (W.dim, W.shape, W.field.name)
    assert [b.tolist() for b in back.space.basis] == [b.tolist() for b in W.basis]
    assert back.space.checked
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_only_free_parameters_and_the_tie_are_stored(tmp_path: Path) -> None:
    torus = (cyclic(8) * cyclic(8)).defining
    path = save(equivariant_maps(torus, torus), tmp_path / "torus.safetensors")

    with safe_open(path, framework="numpy") as file:
        assert file.get_tensor("theta").shape == (64,)
        assert file.get_tensor("labels").dtype == np.int8
        assert json.loads(file.metadata()["catcore"])["dim"] == 64
    assert path.stat().st_size < 20_000
    assert load(path).space.independent_dimension() == 64


def test_parameters_of_another_shape_are_refused(tmp_path: Path) -> None:
    W = SPACES["pattern"]
    for theta in (np.zeros(3), np.zeros((2, 2)), np.zeros((1, 2, 2)), np.zeros(2, dtype=complex), ["a", "b"]):
        with pytest.raises(ShapeMismatch):
            save(W, tmp_path / "w.npz", theta)
    with pytest.raises(BadSpecification, match=r"name it \.safetensors or \.npz"):
        save(W, tmp_path / "w.pickle")
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unwritable, match="cannot be written: No such file or directory"):
        save(SPACES["pattern"], tmp_path / "nowhere" / "w.npz")
    target = tmp_path / "w.npz"
    target.mkdir()
    with pytest.raises(Unwritable, match="cannot be written"):
        save(SPACES["pattern"], target)
    assert [p.name for p in tmp_path.iterdir()] == ["w.npz"]

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    old = save(SPACES["pattern"], tmp_path / "old.npz", [1.0, 2.0])
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(Unwritable, match="No space left on device"):
        save(SPACES["pattern"], old, [3.0, 4.0])
    monkeypatch.undo()
    assert load(old).theta.tolist() == [1.0, 2.0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["old.npz", "w.npz"]


def parts(W: HomSpace, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with safe_open(save(W, folder / "right.safetensors"), framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["catcore"])  # noqa: SIM118


def altered(W: HomSpace, folder: Path, change: Any) -> Path:
    tensors, metadata = parts(W, folder)
    change(tensors, metadata)
    path = folder / "altered.safetensors"
    save_file(tensors, path, {"catcore": json.dumps(metadata)})
    return path


def set_label(tensors: dict[str, Any], _: dict[str, Any]) -> None:
    tensors["labels"][0, 0] = 2


def merge_labels(tensors: dict[str, Any], _: dict[str, Any]) -> None:
    tensors["labels"][:] = 1


def cut_theta(tensors: dict[str, Any], _: dict[str, Any]) -> None:
    tensors["theta"] = tensors["theta"][:1]


def cut_labels(tensors: dict[str, Any], _: dict[str, Any]) -> None:
    tensors["labels"] = tensors["labels"][:1]


def other_generator(_: dict[str, Any], metadata: dict[str, Any]) -> None:
    metadata["specification"]["generators"]["s"]["input"] = [0, 1]


def other_shape(_: dict[str, Any], metadata: dict[str, Any]) -> None:
    metadata["shape"] = [3, 2]


def no_theta(tensors: dict[str, Any], _: dict[str, Any]) -> None:
    del tensors["theta"]


def bad_spec(_: dict[str, Any], metadata: dict[str, Any]) -> None:
    metadata["specification"] = {"kind": "ring"}


def no_spec(_: dict[str, Any], metadata: dict[str, Any]) -> None:
    metadata["specification"] = [1]


def other_format(_: dict[str, Any], metadata: dict[str, Any]) -> None:
    metadata["format"] = "else"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_label, "breaks the equation"),
        (merge_labels, "is not the pattern that the generators force"),
        (cut_theta, "theta with first axis 2 was asked for"),
        (cut_labels, "Labels of shape"),
        (other_generator, "breaks the equation|is not the pattern"),
        (other_shape, r"says shape \[3, 2\]"),
        (no_theta, "does not hold together"),
        (bad_spec, "'ring' was found"),
        (no_spec, "does not hold together|was found in a specification"),
        (other_format, "says nothing of the format"),
    ],
)
def test_changed_files_are_noticed(change: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadSpecification, match=sentence):
        load(altered(SPACES["pattern"], tmp_path, change))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ([0, 0, 0, "1/3"], "breaks the equation"),
        ([9, 0, 0, "1"], "outside"),
        ([0, 0, 0, "spam"], "does not hold together"),
        ([0, 0], "does not"),
    ],
)
def test_changed_bases_are_noticed(entry: list[Any], sentence: str, tmp_path: Path) -> None:
    def change(_: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["basis"][0] = entry

    with pytest.raises(BadSpecification, match=sentence):
        load(altered(SPACES["algebraic"], tmp_path, change))


def test_another_basis_of_the_same_space_is_kept_and_a_dependent_one_refused(tmp_path: Path) -> None:
    def doubled(_: dict[str, Any], metadata: dict[str, Any]) -> None:
        metadata["basis"] = [[k, i, j, f"2*{x}"] for k, i, j, x in metadata["basis"]]

    def repeated(_: dict[str, Any], metadata: dict[str, Any]) -> None:
        first = [entry for entry in metadata["basis"] if entry[0] == 0]
        metadata["basis"] = [[k, i, j, x] for k in range(3) for _, i, j, x in first]

    W = SPACES["lie"]
    assert load(altered(W, tmp_path, doubled)).space.basis[0] == 2 * W.basis[0]
    with pytest.raises(BadSpecification, match="not independent"):
        load(altered(W, tmp_path, repeated))


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    for ending in (".npz", ".safetensors"):
        path = tmp_path / f"w{ending}"
        with pytest.raises(BadSpecification, match="cannot be read"):
            load(path)
        for content in (b"", b"junk" * 9, b"\xff" * 100, b"PK\x03\x04" + b"0" * 40):
            path.write_bytes(content)
            with pytest.raises(BadSpecification):
                load(path)


def test_pickles_inside_npz_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    with path.open("wb") as file:
        np.savez(file, theta=np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(BadSpecification, match="An npz file was asked for"):
        load(path)


def test_truncated_npz_is_refused(tmp_path: Path) -> None:
    path = save(SPACES["pattern"], tmp_path / "w.npz")
    whole = path.read_bytes()
    for size in (10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:size])
        with pytest.raises(BadSpecification):
            load(path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("note.txt", "hello")
    path.write_bytes(buffer.getvalue())
    with pytest.raises(BadSpecification):
        load(path)
