"""The `tie` specification: every kind is read, and every bad input is refused in a sentence of its own."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from catcore.equivariance import HomSpace, equivariant_maps, read_specification, summary
from catcore.equivariance.spaces.specification import from_mapping, to_mapping
from catcore.errors import (
    BadSpecification,
    CatError,
    InexactNumber,
    NotANumber,
    NotARepresentation,
    ShapeMismatch,
    TooLarge,
    UnknownName,
)

SWAP = """
kind = "group"
relations = ["s s"]
[generators.s]
input  = [[0, 1], [1, 0]]
output = [1, 0]
"""
SHIFT = """
kind = "monoid"
[generators.s]
input  = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
output = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
"""
ROTATIONS = """
kind = "lie"
[generators.J]
input  = [[0, -1], [1, 0]]
output = [[0, -1], [1, 0]]
"""
REFLECTION = """
[components.r]
input  = [[1, 0], [0, -1]]
output = [[1, 0], [0, -1]]
"""
EIGHTH = """
kind = "group"
relations = ["s^8"]
field = "Q(sqrt(2))"
[generators.s]
input  = [["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]]
output = [["sqrt(2)/2", "-sqrt(2)/2"], ["sqrt(2)/2", "sqrt(2)/2"]]
"""
HEPTAGON = """
kind = "group"
[generators.s]
input  = [["cos(2*pi/7)", "-sin(2*pi/7)"], ["sin(2*pi/7)", "cos(2*pi/7)"]]
output = [1, 2, 3, 4, 5, 6, 0]
"""
FINITE = """
kind = "group"
field = "GF(5)"
[generators.s]
input  = [[2]]
output = [1, 2, 3, 0]
"""
MAPS = """
kind = "monoid"
[generators.m]
input  = [0, 0, 2]
output = [0, 0, 2]
"""


def tied(text: str) -> HomSpace:
    return equivariant_maps(*read_specification(text))


@pytest.mark.parametrize(
    ("text", "dim", "method"),
    [
        (SWAP, 2, "orbits"),
        (SHIFT, 3, "null space over Q"),
        (ROTATIONS, 2, "diagrams of SO(2)"),
        (ROTATIONS + REFLECTION, 1, "diagrams of O(2)"),
        (EIGHTH, 2, "null space over Q(sqrt(2))"),
        (HEPTAGON, 2, "null space over Q(cos(pi/14))"),
        (FINITE, 1, "orbits with phases of order 4"),
        (MAPS, 5, "null space over Q"),
    ],
)
def test_every_explicit_kind_is_tied(text: str, dim: int, method: str) -> None:
    W = tied(text)

    assert (W.dim, W.method, W.checked) == (dim, method, True)
    again = equivariant_maps(*from_mapping(to_mapping(W)))
    assert (again.dim, again.pattern, again.method) == (W.dim, W.pattern, W.method)


@pytest.mark.parametrize(
    ("group", "k", "m", "dim", "method"),
    [
        ("S5", 2, 1, 5, "set-partition diagrams"),
        ("S5", 2, 2, 15, "set-partition diagrams"),
        ("A4", 1, 1, 2, "set-partition diagrams"),
        ("A4", 2, 1, 6, "orbits"),
        ("C6", 1, 1, 6, "orbits"),
        ("D4", 1, 1, 3, "orbits"),
        ("S1", 1, 1, 1, "set-partition diagrams"),
        ("S3", 2, 2, 14, "set-partition diagrams"),
        ("S1000000", 2, 2, 15, "set-partition diagrams"),
        ("SO3", 2, 1, 1, "diagrams of SO(3)"),
        ("SO(1,3)", 3, 3, 25, "diagrams of SO(1,3)"),
        ("O(2)", 2, 2, 3, "diagrams of O(2)"),
        ("SU 3", 3, 3, 6, "diagrams of SU(3)"),
        ("Sp4", 3, 3, 14, "diagrams of Sp(4)"),
        ("U2", 2, 1, 0, "diagrams of U(2)"),
    ],
)
def test_named_groups_with_tensor_powers(group: str, k: int, m: int, dim: int, method: str) -> None:
    W = tied(f'group = "{group}"\n[input]\ntensor = {k}\n[output]\ntensor = {m}')

    assert (W.dim, W.method, W.checked) == (dim, method, True)


def test_a_named_group_is_asked_for_over_a_field_that_it_has() -> None:
    """Set-partition diagrams are a basis over any field; the classical groups are known in characteristic 0."""
    assert tied('group = "S4"\nfield = "GF(3)"\n[input]\ntensor = 2').dim == 5
    with pytest.raises(BadSpecification, match=r"SO\(3\) over GF\(3\) was asked for"):
        tied('group = "SO3"\nfield = "GF(3)"')
    with pytest.raises(NotANumber, match="Field 'foo'"):
        tied('group = "S4"\nfield = "foo"')


def test_a_huge_request_is_refused_before_it_is_begun() -> None:
    start = time.process_time()
    with pytest.raises(TooLarge, match="68719476736 labels would start them"):
        _ = tied('group = "C4096"\n[input]\ntensor = 2\n[output]\ntensor = 2').dim
    assert time.process_time() - start < 8


def test_summary_says_what_the_command_line_prints() -> None:
    assert summary(tied(SWAP)) == {
        "dim": 2,
        "shape": [2, 2],
        "free_parameters": 2,
        "dense_parameters": 4,
        "method": "orbits",
        "exact": True,
        "checked": True,
        "multiplied": True,
        "pattern": [[1, 2], [2, 1]],
    }
    assert "pattern" not in summary(tied('group = "S11"\n[input]\ntensor = 2\n[output]\ntensor = 2'))
    assert "pattern" not in summary(tied(HEPTAGON))


def test_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "swap.toml"
    path.write_text(SWAP, encoding="utf-8")

    assert read_specification(path) == read_specification(str(path)) == read_specification(SWAP)


def line(matrix: str, output: str = "[1, 0]", head: str = 'kind = "group"') -> str:
    return f"{head}\n[generators.s]\ninput = {matrix}\noutput = {output}"


REFUSED: dict[str, tuple[str, type[CatError], str]] = {
    "ragged": (line("[[0, 1], [1]]"), ShapeMismatch, "generator s and its rows have lengths 2, 1"),
    "not square": (
        line("[[0, 1]]"),
        ShapeMismatch,
        "A square matrix was asked for at generator s and a 1×2 one was found",
    ),
    "out of range": (line("[0, 2]"), ShapeMismatch, "entry 1 is 2 at generator s, which is out of range"),
    "negative": (line("[0, -1]"), ShapeMismatch, "entry 1 is -1 at generator s, which is out of range"),
    "broken relation": (SWAP.replace("[1, 0]\n", "[0, 0]\n"), NotARepresentation, "generator s is no permutation"),
    "broken word": (
        SWAP.replace('"s s"', '"s s s"'),
        NotARepresentation,
        r"the relation s\^3 = 1 is broken: its left side is",
    ),
    "names differ": (
        'kind = "group"\n[generators.s]\ninput = [1, 0]\n[generators.t]\noutput = [1, 0]',
        BadSpecification,
        "The same generators were asked for on both sides and input names s and output names t",
    ),
    "one side": (
        'kind = "group"\n[generators.s]\ninput = [1, 0]',
        BadSpecification,
        "input names s and output names nothing",
    ),
    "unknown group": ('group = "E8"', UnknownName, "the groups known by name are S n, A n, C n and D n"),
    "sporadic group": ('group = "M11"', UnknownName, "the groups known by name are S n, A n, C n and D n"),
    "not TOML": ("kind = = 3", BadSpecification, "the text is not TOML"),
    "float": (
        line("[[0.5, 1], [1, 0]]"),
        InexactNumber,
        "the float 0.5 was found at generator s, row 0, column 0; write it exactly",
    ),
    "float text": (line('[["0.5", 1], [1, 0]]'), InexactNumber, "write it exactly, for example '1/2'"),
    "float map": (line("[0.0, 1]"), ShapeMismatch, "2 entries, 1 of them integers"),
    "no number": (line("[[\"__import__('os')\", 1], [1, 0]]"), NotANumber, "which cannot be read"),
    "long": (line(f'[["{"1" * 5000}", 1], [1, 0]]'), NotANumber, "a text of 5000 characters was found"),
    "nested": (line(f'[["{"(" * 90 + "1" + ")" * 90}", 1], [1, 0]]'), NotANumber, "nests more than 12 deep"),
    "truth": (line("[[true, 1], [1, 0]]"), NotANumber, "True was found at generator s, row 0, column 0"),
    "truth in a map": (line("[true, 0]"), ShapeMismatch, "2 entries, 1 of them integers"),
    "singular": (line("[[1, 1], [1, 1]]", "[[1]]"), NotARepresentation, "generator s is singular"),
    "kind": ('kind = "ring"', BadSpecification, "'ring' was found; write kind = 'group', 'monoid' or 'lie'"),
    "no kind": (
        "[generators.s]\ninput = [0]\noutput = [0]",
        BadSpecification,
        "A kind was asked for and None was found",
    ),
    "unknown key": ('kind = "group"\ncolour = 3', BadSpecification, "The key 'colour' was found"),
    "unknown key inside": (
        line("[0]", "[0]") + "\nextra = 1",
        BadSpecification,
        "The key 'extra' was found in .generators.s.",
    ),
    "no generators": ('kind = "group"', BadSpecification, "Generators were asked for and none were found"),
    "generators no table": (
        'kind = "group"\ngenerators = 3',
        BadSpecification,
        "Tables .generators.NAME. were asked for",
    ),
    "a word as matrix": (line('"abc"'), BadSpecification, "write a matrix or an index map"),
    "empty": (line("[]"), BadSpecification, "write a matrix or an index map"),
    "mixed": (line("[[0, 1], 1]"), BadSpecification, "mixes rows and numbers"),
    "deep": (line("[[[0]]]"), CatError, "was found"),
    "relation letter": (SWAP.replace('"s s"', '"s t"'), UnknownName, "'t' in 's t' is no generator"),
    "relation list": (SWAP.replace('["s s"]', '"s s"'), BadSpecification, "write a list of words"),
    "field": (SWAP.replace("[generators.s]", 'field = "R"\n[generators.s]'), NotANumber, "the fields known are"),
    "field type": (
        SWAP.replace("[generators.s]", "field = 3\n[generators.s]"),
        BadSpecification,
        "write a string such as field",
    ),
    "outside the field": (EIGHTH.replace("Q(sqrt(2))", "Q"), NotANumber, "a number of Q was asked for"),
    "components": (SWAP + REFLECTION, BadSpecification, "they go with kind = 'lie'"),
    "lie map": (
        ROTATIONS.replace("output = [[0, -1], [1, 0]]", "output = [1, 0]"),
        BadSpecification,
        "a Lie-algebra element is a matrix",
    ),
    "lie relation": (
        ROTATIONS.replace('"lie"', '"lie"\nrelations = ["J J"]'),
        BadSpecification,
        "may use its components only",
    ),
    "two sources": (
        SWAP.replace("relations", 'group = "S2"\nrelations'),
        BadSpecification,
        "a named group brings its own",
    ),
    "tensor": ('group = "S3"\n[input]\ntensor = 1.5', BadSpecification, "write an integer from 0 to 24"),
    "tensor table": ('group = "S3"\ninput = 2', BadSpecification, "A table .input. with tensor = k"),
    "stray input": (
        SWAP.replace("relations", "input = 1\nrelations"),
        BadSpecification,
        "goes with a line such as group",
    ),
    "group type": ("group = 3", BadSpecification, "write group = 'S5'"),
    "bad name": (
        SWAP.replace("generators.s", 'generators."s t"').replace('["s s"]', "[]"),
        BadSpecification,
        "names are letters",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_specifications_have_their_own_sentence(name: str) -> None:
    text, kind, sentence = REFUSED[name]
    start = time.perf_counter()

    with pytest.raises(kind, match=sentence) as refusal:
        read_specification(text)
    assert len(str(refusal.value)) < 600
    assert "\n" not in str(refusal.value)
    assert time.perf_counter() - start < 2


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadSpecification, match=r"cannot be read: No such file or directory; check the name"):
        read_specification(tmp_path / "missing.toml")
    with pytest.raises(BadSpecification, match="cannot be read: Is a directory"):
        read_specification(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSpecification, match="is not UTF-8 text"):
        read_specification(tmp_path / "bytes.toml")
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(17 * 2**20)
    with pytest.raises(BadSpecification, match=r"large\.toml has 17825792 bytes and at most"):
        read_specification(tmp_path / "large.toml")
    with pytest.raises(BadSpecification, match=r"nests too deep|not TOML"):
        read_specification("a = " + "[" * 100_000)


def test_a_thousand_by_thousand_index_map_is_read_quickly() -> None:
    images = [*range(1, 4096), 0]
    start = time.perf_counter()
    W = tied(f'kind = "group"\nrelations = ["s^4096"]\n[generators.s]\ninput = {images}\noutput = {images}')

    assert W.dim == 4096
    assert time.perf_counter() - start < 3
