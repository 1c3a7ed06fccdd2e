"""`catcore tie` on every kind of specification and on everything that is wrong with one; `catcore draw`."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest

from catcore import cyclic, equivariant_maps
from catcore.cli import SPECIFICATION, main
from catcore.equivariance import load

SWAP = """
kind = "group"
relations = ["s s"]
[generators.s]
input  = [[0, 1], [1, 0]]
output = [1, 0]
"""
CAUSAL = """
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
REFLECTIONS = (
    ROTATIONS
    + """
[components.r]
input  = [[1, 0], [0, -1]]
output = [[1, 0], [0, -1]]
"""
)
MOSAIC = """
kind = "group"
[generators.s]
input  = [["-1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]]
output = [["cos(2*pi/3)", "-sqrt(3)/2"], ["sqrt(3)/2", "cos(2*pi/3)"]]
"""
HEXAGON = """
kind = "group"
[generators.s]
input  = [[0, -1], [1, -1]]
output = [[0, -1], [1, -1]]
"""


def named(group: str, tensor_in: int = 1, tensor_out: int = 1) -> str:
    return f'group = "{group}"\n[input]\ntensor = {tensor_in}\n[output]\ntensor = {tensor_out}\n'


def bell(limit: int, points: int) -> int:
    """How many ways there are to partition ``points`` things into at most ``limit`` blocks."""
    ways = {0: 1}
    for _ in range(points):
        ways = {
            k: ways.get(k, 0) * k + ways.get(k - 1, 0) for k in range(min(limit, max(ways) + 1) + 1) if k or k in ways
        }
    return sum(ways.values())


KEYS = {"dim", "shape", "free_parameters", "dense_parameters", "method", "exact", "checked", "multiplied"}


@pytest.mark.parametrize(
    ("spec", "shape", "dim", "pattern"),
    [
        pytest.param(SWAP, [2, 2], 2, [[1, 2], [2, 1]], id="group"),
        pytest.param(CAUSAL, [3, 3], 3, [[1, 0, 0], [2, 1, 0], [3, 2, 1]], id="monoid"),
        pytest.param(ROTATIONS, [2, 2], 2, [[1, 2], [-2, 1]], id="lie"),
        pytest.param(REFLECTIONS, [2, 2], 1, [[1, 0], [0, 1]], id="lie with a component"),
        pytest.param(MOSAIC, [2, 2], 2, [[1, 2], [-2, 1]], id="group over a number field"),
        pytest.param(HEXAGON, [2, 2], 2, None, id="group without a pattern"),
        pytest.param(named("C5"), [5, 5], 5, None, id="C5"),
        pytest.param(named("D4"), [4, 4], 3, [[1, 2, 3, 2], [2, 1, 2, 3], [3, 2, 1, 2], [2, 3, 2, 1]], id="D4"),
        pytest.param(named("A4", 2), [4, 16], None, None, id="A4 with a tensor square"),
        pytest.param(named("S5", 2, 1), [5, 25], bell(5, 3), None, id="S5 with a tensor square"),
        pytest.param(named("S3", 2, 2), [9, 9], bell(3, 4), None, id="S3 between tensor squares"),
        pytest.param(named("S4", 0, 2), [16, 1], bell(4, 2), None, id="S4 bias of a tensor square"),
        pytest.param(named("C3", 2, 0), [1, 9], 3, [[1, 2, 3, 3, 1, 2, 2, 3, 1]], id="C3 pooled"),
    ],
)
def test_every_kind_ties(run, put, spec, shape, dim, pattern):
    put("spec.toml", spec)
    found = run("tie", "spec.toml", "--json")
    said = found.json

    assert (found.status, found.err) == (0, "")
    assert said.keys() >= KEYS
    assert said["shape"] == shape
    assert said["dense_parameters"] == shape[0] * shape[1]
    assert said["free_parameters"] == said["dim"]
    assert (said["exact"], said["checked"]) == (True, True)
    if dim is not None:
        assert said["dim"] == dim
    if pattern is not None:
        assert said["pattern"] == pattern
    assert ("pattern" in said) == (spec is not HEXAGON)


def test_the_specification_in_the_help_ties(run, put):
    for k, text in enumerate(SPECIFICATION.split("\n\n")[1::2]):
        put("spec.toml", text)

        assert run("tie", "spec.toml", "--json").json["dim"] == (2, bell(5, 3))[k]


def test_people_read_the_pattern(run, put):
    put("spec.toml", CAUSAL)
    found = run("tie", "spec.toml")

    assert found.status == 0
    assert found.out.startswith("W is 3 × 3 and has 3 free parameters instead of 9.\n")
    assert found.out.endswith("a · ·\nb a ·\nc b a\n")


def test_a_space_without_a_pattern_is_printed_as_a_matrix(run, put):
    put("spec.toml", HEXAGON)

    assert "a" in run("tie", "spec.toml").out.splitlines()[2]


@pytest.mark.parametrize("ending", ["safetensors", "npz"])
def test_weights_and_picture_are_written_and_read_back(run, put, files, ending):
    put("spec.toml", named("C5"))
    found = run("tie", "spec.toml", "-o", f"w.{ending}", "--picture", "w.svg")

    assert found.status == 0
    assert files() == {"spec.toml", f"w.{ending}", "w.svg"}
    tied = load(f"w.{ending}")
    assert (tied.theta.shape, tied.space.dim) == ((5,), 5)
    assert tied.space.pattern == equivariant_maps(cyclic(5).defining, cyclic(5).defining).pattern
    ElementTree.parse("w.svg")


# Bad input --------------------------------------------------------------------------------------------------------


def generators(left: str, right: str | None = None, head: str = 'kind = "group"') -> str:
    return f"{head}\n[generators.s]\ninput = {left}\noutput = {right or left}\n"


DEEP = "(" * 5000 + "1" + ")" * 5000
BAD = {
    "ragged": (generators("[[0, 1], [1]]"), "its rows have lengths 2, 1; make them equal."),
    "not square": (generators("[[0, 1, 0], [1, 0, 0]]"), "a 2×3 one was found"),
    "out of range": (generators("[1, 2]"), "entry 1 is 2 at"),
    "negative index": (generators("[1, -1]"), "is -1 at"),
    "broken relation": (
        generators("[[1, 1], [0, 1]]", head='kind = "group"\nrelations = ["s s"]'),
        "the relation s^2 = 1 is broken",
    ),
    "broken relation of index maps": (
        generators("[1, 2, 0]", head='kind = "group"\nrelations = ["s s"]'),
        "the relation s^2 = 1 is broken",
    ),
    "no inverse": (generators("[0, 0]"), ""),
    "other names": (
        'kind = "group"\n[generators.s]\ninput = [1, 0]\n[generators.t]\noutput = [1, 0]\n',
        "input names s and output names t",
    ),
    "unknown group": (named("Monster"), "The group 'Monster' was asked for; the groups known by name are"),
    "group too large": (named("A300"), "The group 'A300' was asked for"),
    "tensor order": (named("S5", 99), "write an integer from 0 to 24"),
    "tensor too large": (named("S100", 4, 4), "stay lazy, and dim counts it"),
    "no TOML": ("kind = ", "the text is not TOML"),
    "no kind": ("[generators.s]\ninput = [1, 0]\noutput = [1, 0]", "write kind = 'group', 'monoid' or 'lie'"),
    "no generators": ('kind = "group"', "Generators were asked for and none were found"),
    "unknown key": ('kind = "group"\ncolour = 3', "The key 'colour' was found"),
    "float": (generators("[[0.5, 0], [0, 2]]"), "1/2"),
    "root as a float": (generators("[[1.4142135623730951]]"), "write it exactly, for example 'sqrt(2)'"),
    "root as the text of a float": (generators('[["-0.8660254037844386"]]'), "for example '-sqrt(3)/2'"),
    "cosine as a float": (generators("[[0.6234898018587336]]"), "for example 'cos(2*pi/7)'"),
    "infinite": (generators("[[inf]]"), "the float inf was found at generator s"),
    "another field": (
        generators('[["sqrt(3)"]]', "[[1]]", 'kind = "group"\nfield = "Q(sqrt(2))"'),
        "sqrt(3) was found where a number of Q(sqrt(2)) was asked for; name a larger field",
    ),
    "not in the finite field": (
        generators('[["1/5"]]', "[[1]]", 'kind = "monoid"\nfield = "GF(5)"'),
        "which divides by zero",
    ),
    "a root in a finite field": (
        generators('[["sqrt(2)"]]', "[[1]]", 'kind = "monoid"\nfield = "GF(5)"'),
        "sqrt(2)",
    ),
    "no field": (generators("[[1]]", head='kind = "group"\nfield = "GF(4)"'), "4 is not prime; write a prime field"),
    "imaginary": (generators('[["I"]]'), "say field = 'C' to allow I"),
    "field too large": (
        generators('[["cos(pi/7)", "sin(pi/11)"], ["sqrt(5)", "cos(pi/13)"]]'),
        "may generate a field of degree above 24",
    ),
    "classical group over a finite field": ('field = "GF(3)"\n' + named("SO3"), "are known in characteristic 0"),
    "broken relation of the outputs": (
        generators("[1, 2, 0]", "[1, 0, 2]", 'kind = "group"\nrelations = ["s^3"]'),
        "the relation s^3 = 1 is broken: its left side is [1, 0, 2] and its right side is [0, 1, 2]",
    ),
    "labels too many": (
        generators(str([*range(1, 20_000), 0])),
        "A tying pattern of 400000000 labels was asked for, 1600000000 bytes and above 268435456 labels",
    ),
    "classes too many": (named("C4096", 2, 2), "68719476736 labels would start them, above 268435456"),
    "diagrams too many": (named("SO2", 24, 24), ""),
    "points too many": (named("S1000000000"), "S n, A n, C n and D n with n from 1 to 16777216"),
    "dimensions too many": (named("SO(200,100)"), "at most 256 dimensions are known by name"),
    "no symplectic form": (named("Sp5"), "a symplectic form needs an even dimension, such as Sp(6)"),
    "no number": (generators('[["__import__(1)"]]'), ""),
    "no number either": (generators('[["one"]]'), ""),
    "attribute": (generators('[["(1).__class__"]]'), ""),
    "tower": (generators('[["9**9**9**9"]]'), ""),
    "long": (generators(f'[["{"1+" * 50_000}1"]]'), ""),
    "nested": (generators(f'[["{DEEP}"]]'), ""),
    "nested but short": (generators('[["' + "(" * 90 + "1" + ")" * 90 + '"]]'), ""),
    "many signs": (generators('[["' + "-" * 190 + '1"]]'), ""),
    "many digits": (generators(f'[["{"9" * 10_000}"]]'), ""),
    "nested TOML": ("x = " + "[" * 5000, ""),
    "division by zero": (generators('[["1/0"]]'), ""),
    "true": (generators("[[true]]"), ""),
    "empty matrix": (generators("[]"), ""),
    "empty rows": (generators("[[]]"), ""),
    "mixed": (generators("[[0, 1], 1]"), "mixes rows and numbers"),
    "not UTF-8": ("\udcff", "is not UTF-8 text"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_specifications_get_their_sentence_and_leave_nothing(run, tmp_path, files, name):
    text, sentence = BAD[name]
    (tmp_path / "spec.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    said = run("tie", "spec.toml", "-o", "w.npz", "--picture", "w.svg").refused()

    assert sentence in said
    assert said.endswith((".", ")", "'"))
    assert len(said) < 600
    assert files() == {"spec.toml"}


def test_every_sentence_is_its_own(run, tmp_path):
    """No two of the mistakes that people make get the same words."""
    distinct = ["ragged", "not square", "out of range", "broken relation", "other names", "unknown group", "no TOML"]
    distinct += ["float", "no number", "long", "nested"]
    said = set()
    for name in distinct:
        (tmp_path / "spec.toml").write_text(BAD[name][0])
        said.add(run("tie", "spec.toml").refused())

    assert len(said) == len(distinct)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["nowhere.toml"], "The specification nowhere.toml was asked for and cannot be read: No such file"),
        (["spec.toml", "-o", "no/w.npz"], "no/w.npz cannot be written; choose a name in a folder that exists"),
        (["spec.toml", "--picture", "no/w.svg"], "no/w.svg cannot be written; choose a name in a folder that exists"),
        (["spec.toml", "-o", "w.npz", "--picture", "no/w.svg"], "no/w.svg cannot be written; choose"),
        (["spec.toml", "-o", "w.pickle"], "A file named 'w.pickle' was asked for; its name ends in .safetensors or"),
        (["spec.toml", "--picture", "w.png"], "A file named 'w.png' was asked for; its name ends in .svg."),
        (["spec.toml", "-o", "folder.npz"], "folder.npz cannot be written"),
    ],
)
def test_bad_places_get_a_sentence_and_nothing_is_left(run, put, tmp_path, files, argv, sentence):
    put("spec.toml", SWAP)
    (tmp_path / "folder.npz").mkdir()

    assert run("tie", *argv).refused().startswith(sentence)
    assert files() == {"spec.toml"}


def test_a_picture_of_no_pattern_is_refused_before_weights_are_written(run, put, files):
    put("spec.toml", HEXAGON)

    assert "print its matrix() instead." in run("tie", "spec.toml", "-o", "w.npz", "--picture", "w.svg").refused()
    assert files() == {"spec.toml"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_left_alone(run, put, tmp_path):
    put("spec.toml", SWAP)
    (tmp_path / "locked").mkdir(mode=stat.S_IRUSR | stat.S_IXUSR)

    assert "cannot be written" in run("tie", "spec.toml", "-o", "locked/w.npz").refused()


def test_a_disk_that_fills_up_leaves_the_old_file(run, put, files, monkeypatch, tmp_path):
    put("spec.toml", SWAP)
    put("w.svg", "old")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catcore.files.os.fdopen", full)
    said = run("tie", "spec.toml", "--picture", "w.svg").refused()

    assert "No space left on device" in said
    assert files() == {"spec.toml", "w.svg"}
    assert (tmp_path / "w.svg").read_text() == "old"


# draw -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def spaces(put):
    text = "from catcore import cyclic, equivariant_maps\nrho = cyclic(3).defining\nboth = (rho, rho.tensor(2))\n"
    return str(put("spaces.py", text + "W = equivariant_maps(rho, rho)\nn = 3\nbig = cyclic(70).defining\n"))


@pytest.mark.parametrize("name", ["W", "rho"])
def test_a_space_and_a_representation_are_drawn_as_text(run, spaces, name):
    assert run("draw", spaces, name).out == "a b c\nc a b\nb c a\n"


@pytest.mark.parametrize("name", ["W", "rho", "both", "big"])
def test_pictures_are_svg(run, spaces, name):
    found = run("draw", spaces, name, "-o", "picture.svg", "--json")

    assert found.status == 0
    assert found.json["picture"] == "picture.svg"
    assert ElementTree.parse("picture.svg").getroot().tag.endswith("svg")


@pytest.fixture
def maps(put):
    text = "from catcore import ParaMap, atoms, generator\nfrom catcore.para import tie\nP, A = atoms('P A')\n"
    return str(put("maps.py", text + "f = ParaMap(P, generator('f', P * A, A))\ntied = tie(f >> f, [0, 0])\n"))


@pytest.mark.parametrize(("name", "count"), [("f", 1), ("tied", 2)])
def test_parametric_maps_and_2_cells_are_drawn(run, maps, name, count):
    found = run("draw", maps, name, "-o", "map.svg", "--json")
    assert found.status == 0
    assert found.json == {"name": name, "dom": "A", "cod": "A", "parameters": ["P"], "picture": "map.svg"}
    boxes = ElementTree.parse("map.svg").getroot().iter("{http://www.w3.org/2000/svg}rect")
    assert len(list(boxes)) == count
    assert run("draw", maps, name, "-o", "map.tex").status == 0
    assert Path("map.tex").read_text(encoding="utf-8").startswith(r"\begin{tikzpicture}")
    assert "parameter P" in run("draw", maps, name).out


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["n"], "A picture of n was asked for and it is a value of type int; what can be drawn is a HomSpace, a Repr"),
        (["m"], "m was asked for and spaces.py defines no such name"),
        (["W", "-o", "no/w.svg"], "no/w.svg cannot be written"),
        (["W", "-o", "w.pdf"], "A file named 'w.pdf' was asked for; its name ends in .svg or .tex."),
    ],
)
def test_what_cannot_be_drawn_is_said(run, spaces, files, argv, sentence):
    assert run("draw", "spaces.py", *argv).refused().startswith(sentence)
    assert files() == {"spaces.py"}


def test_main_returns_the_status(capsys):
    assert main(["check", "nowhere.json"]) == 2
    capsys.readouterr()


def test_a_rule_that_is_not_multiplied_out_is_said_to_be_checked_by_its_form(run, put):
    put("large.toml", named("SO(3)", 12, 12))
    put("small.toml", named("SO(3)", 2, 2))

    assert run("tie", "large.toml", "--json").json["multiplied"] is False
    assert run("tie", "small.toml", "--json").json["multiplied"] is True
    large = run("tie", "large.toml").out
    assert "checked to preserve what the basis is made of, such as a form" in large
    assert "it was not multiplied out" in large
    assert "checked for every generator" in run("tie", "small.toml").out


@pytest.mark.parametrize("option", [("-o", "w.npz"), ("--picture", "w.svg")], ids=lambda o: o[0])
def test_what_is_too_large_to_write_has_a_remedy(run, put, option):
    put("large.toml", named("SO(3)", 12, 12))
    found = run("tie", "large.toml", *option)

    assert found.status == 2
    assert "catcore tie without -o and --picture" in found.err


def test_the_help_names_the_groups(run):
    said = run("tie", "--help").out
    assert all(f"{name} n" in said for name in ("S", "A", "C", "D", "O", "SO", "Sp", "U", "SU", "GL", "SL"))
