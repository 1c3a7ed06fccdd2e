"""`catcore verify` proves and refutes what a file defines; `catcore check` believes only the kernel."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

MONADS = """
from catcore import Id, Monad, Monoid, One, case, fst, ident, inl, inr, pair, pointwise, atoms
from catcore.structures.standard import maybe, reader, writer

(S,) = atoms("S")


def run_twice(program):
    def run(start):
        middle, rest = program(start)
        return rest(middle)
    return run


maybe_monad = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
writer_monad = writer(Monoid.variable("M"))
state_monad = Monad((S * Id) ** S, unit=pointwise(lambda x: lambda s: (s, x)), mult=pointwise(run_twice))
reader_monad = reader(S)
broken = Monad(Id * Id, unit=lambda X: pair(ident(X), ident(X)), mult=lambda X: fst(X * X, X * X))
alias = maybe_monad
_private = maybe()
"""
LAWS = ["naturality of unit", "naturality of mult", "left unit", "right unit", "associativity"]


@pytest.fixture
def monads(put):
    return str(put("monads.py", MONADS))


def test_four_monads_are_proved_and_the_broken_one_is_refuted_at_an_element(run, monads):
    found = run("verify", monads, "--json")
    reports = {report["name"]: report for report in found.json["reports"]}

    assert found.status == 1
    assert found.json["ok"] is False
    assert list(reports) == ["maybe_monad", "writer_monad", "state_monad", "reader_monad", "broken"]
    for name in list(reports)[:4]:
        assert [(law["law"], law["evidence"]) for law in reports[name]["laws"]] == [(law, "proved") for law in LAWS]
    (failed,) = [law for law in reports["broken"]["laws"] if law["status"] != "holds"]
    assert (failed["law"], failed["counterexample"]["element"]) == ("right unit", "(0, 1)")
    assert (failed["counterexample"]["lhs"], failed["counterexample"]["rhs"]) == ("(0, 0)", "(0, 1)")


def test_people_read_which_law_breaks_and_where(run, monads):
    found = run("verify", monads)

    assert found.status == 1
    assert found.err == ""
    assert "right unit: fails (exhaustive) at (0, 1) with |X| = 2: (0, 0) ≠ (0, 1)" in found.out
    assert found.out.endswith("4 of 5 hold.\nbroken breaks right unit.\n")


def test_named_values_only(run, monads):
    found = run("verify", monads, "reader_monad", "_private", "--json")

    assert found.status == 0
    assert [report["name"] for report in found.json["reports"]] == ["reader_monad", "_private"]


def test_an_unknown_law_is_said_and_is_not_success(run, put):
    """Smooth primitives are neither computed by generic elements nor maps of finite sets."""
    source = """
from catcore import Law, R, smooth
claim = Law("equal", smooth("tanh", R(3)), smooth("negative", R(3)))
"""
    put("open.py", source)
    found = run("verify", "open.py")

    assert found.status == 1
    assert "claim leaves open equal." in found.out


def test_what_the_file_prints_does_not_spoil_the_json(run, put):
    put("loud.py", MONADS + "\nprint('loud')\n")
    found = run("verify", "loud.py", "maybe_monad", "--json")

    assert found.json["ok"] is True
    assert found.err == "loud\n"


def test_a_file_may_import_its_neighbour(run, put):
    put("neighbour_of_claims.py", "from catcore.structures.standard import maybe\nmonad = maybe()\n")
    put("claims.py", "from neighbour_of_claims import monad as mine\n")

    assert run("verify", "claims.py").status == 0


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", r"Running file\.py raised ZeroDivisionError in line 1: division by zero; .*"),
        ("x = 1\ndef f(:", r"Running file\.py raised SyntaxError in line 2: invalid syntax; .*"),
        ("import sys; sys.exit(3)", r"Running file\.py raised SystemExit in line 1: 3; .*"),
        ("raise ValueError('one\\ntwo')", r"Running file\.py raised ValueError in line 1: one two; .*"),
        ("import no_such_module_here", r"Running file\.py raised ModuleNotFoundError in line 1: No module named .*"),
        ("from catcore import *\nfst(1, 2) >> fst(3, 4)", r"Running file\.py raised NotComposable in line 2: .*"),
        ("from catcore import *\nx = 3", r"Structures to verify were asked for and file\.py has no .* laws\(\); .*"),
        ("def f(): return f()\nf()", r"Running file\.py raised RecursionError in line 1: .*"),
        ("a = '\\0", r"Running file\.py raised SyntaxError in line 1: .*"),
    ],
)
def test_bad_files_get_a_sentence(run, put, source, sentence):
    put("file.py", source)
    said = run("verify", "file.py").refused()

    assert re.fullmatch(sentence, said), said


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["verify", "nowhere.py"], "nowhere.py was asked for and cannot be read: No such file or directory; check"),
        (["verify", "."], ". was asked for and cannot be read: Is a directory; check the name."),
        (["verify", "monads.py", "nothing"], "nothing was asked for and monads.py defines no such name; its values"),
        (["verify", "monads.py", "S"], "S in monads.py cannot be verified: verify was given"),
        (["verify"], "the following arguments are required: FILE.py, NAME; see catcore verify --help"),
        (["conquer"], "argument COMMAND: invalid choice: 'conquer'"),
        ([], "the following arguments are required: COMMAND; see catcore --help"),
        (["verify", "monads.py", "--certificates", "monads.py/x"], "The folder monads.py/x cannot be made"),
        (["check", "nowhere.json"], "nowhere.json was asked for and cannot be read: No such file or directory; check"),
        (["check", "monads.py"], "A certificate was asked for and monads.py is not JSON ("),
        (["draw", "monads.py", "broken"], "A picture of broken was asked for and it is a value of type Monad; what"),
    ],
)
def test_bad_arguments_get_a_sentence(run, monads, argv, sentence):
    assert run(*argv).refused().startswith(sentence)


# Certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(run, monads, tmp_path):
    """The certificate of the writer monad's associativity, in a file."""
    assert run("verify", monads, "writer_monad", "--certificates", "proofs").status == 0
    return tmp_path / "proofs" / "writer_monad.associativity.json"


def test_every_proof_is_written_and_every_certificate_checks(run, monads, files):
    found = run("verify", monads, "--certificates", "proofs", "--json")
    named = {law["certificate"] for report in found.json["reports"] for law in report["laws"] if "certificate" in law}

    assert len(named) == 24
    assert named | {"monads.py"} == {name for name in files() if "__pycache__" not in name}
    for name in named:
        assert run("check", name).status == 0


def test_the_statement_that_was_proved_is_printed_with_its_hypotheses(run, certificate):
    found = run("check", str(certificate))

    assert found.status == 0
    *given, proved = found.out.splitlines()
    assert len(given) == 3
    assert "given   ⟨! ; M.unit, id⟩ ; M.mult = id : M → M" in given
    assert proved.startswith("proved  ")
    assert proved.endswith(" : M × (M × (M × X)) → M × X")
    assert run("check", str(certificate), "--json").json["proved"] is True


def test_a_mutated_certificate_is_refused_with_the_kernels_reason(run, certificate):
    changed = json.loads(certificate.read_text(encoding="utf-8"))
    changed["statement"]["rhs"] = [";", ["p2"], ["p2"]]
    certificate.write_text(json.dumps(changed), encoding="utf-8")
    found = run("check", str(certificate))

    assert found.status == 1
    assert found.out == "refused: the two sides have different normal forms\n"
    as_json = run("check", str(certificate), "--json")
    assert (as_json.status, as_json.json["proved"]) == (1, False)


def test_a_proof_without_its_hypotheses_is_refused(run, certificate):
    changed = json.loads(certificate.read_text(encoding="utf-8"))
    changed["statement"]["given"] = []
    certificate.write_text(json.dumps(changed), encoding="utf-8")

    assert run("check", str(certificate)).out.startswith("refused: ")


def test_a_false_label_on_a_certificate_is_not_repeated(run, certificate):
    changed = json.loads(certificate.read_text(encoding="utf-8"))
    changed["statement"]["text"] = changed["statement"]["name"] = "0 = 1"
    certificate.write_text(json.dumps(changed), encoding="utf-8")

    assert "0 = 1" not in run("check", str(certificate)).out


def test_a_proof_is_written_for_rocq_and_as_latex(run, certificate, tmp_path):
    found = run("check", str(certificate), "--rocq", "Writer.v", "--latex", "writer.tex")

    assert found.status == 0
    assert found.out.endswith("Wrote Writer.v.\nWrote writer.tex.\n")
    assert "Theorem theorem0_associativity : forall (x" in (tmp_path / "Writer.v").read_text(encoding="utf-8")
    assert "\\begin{theorem}[{associativity}]" in (tmp_path / "writer.tex").read_text(encoding="utf-8")
    as_json = run("check", str(certificate), "--rocq", "Writer.v", "--json").json
    assert (as_json["proved"], as_json["rocq"]) == (True, "Writer.v")
    assert "latex" not in as_json


def test_a_refused_certificate_is_not_retold(run, certificate, files):
    changed = json.loads(certificate.read_text(encoding="utf-8"))
    changed["statement"]["rhs"] = [";", ["p2"], ["p2"]]
    certificate.write_text(json.dumps(changed), encoding="utf-8")

    assert run("check", str(certificate), "--rocq", "Writer.v", "--latex", "writer.tex").status == 1
    assert not {"Writer.v", "writer.tex"} & files()


@pytest.mark.parametrize(
    ("option", "name", "sentence"),
    [
        ("--rocq", "writer.txt", "A file named 'writer.txt' was asked for; its name ends in .v."),
        ("--rocq", "two-words.v", "A Rocq file named 'two-words.v' was asked for; coqc wants a letter and then"),
        ("--latex", "writer.v", "A file named 'writer.v' was asked for; its name ends in .tex."),
        ("--latex", "nowhere/writer.tex", "nowhere/writer.tex cannot be written; choose a name in a folder that"),
    ],
)
def test_bad_places_for_a_retold_proof_get_a_sentence(run, certificate, option, name, sentence):
    assert run("check", str(certificate), option, name).refused().startswith(sentence)


@pytest.mark.parametrize("text", ["[]", "{}", "null", "3", '{"statement": 1}', '"x"'])
def test_json_that_is_no_certificate_is_refused(run, put, text):
    put("c.json", text)
    found = run("check", "c.json")

    assert found.status == 1
    assert found.out.startswith("refused: the certificate is malformed")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ud83d"])
def test_text_that_is_no_json_is_bad_input(run, tmp_path, text):
    (tmp_path / "c.json").write_bytes(text.encode("utf-8", "surrogatepass"))

    assert run("check", "c.json").refused().startswith("A certificate was asked for and c.json")


# As a program -----------------------------------------------------------------------------------------------------


def test_the_program_prints_one_sentence_and_exits_with_2(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "catcore.cli", "tie", "nowhere.toml"],
        cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("catcore: The specification nowhere.toml was asked for and cannot be read")
    assert done.stderr.count("\n") == 1


def test_help_says_that_verify_runs_the_file_and_loads_no_array_library():
    code = "import sys; from catcore.cli import main\ntry: main(['verify', '--help'])\nexcept SystemExit: pass\n"
    code += "print(*{name.partition('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'sklearn'})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "a Python file, which is run" in done.stdout
    assert done.stdout.endswith("\n\n")


def test_a_terminal_without_the_signs_gets_escapes(tmp_path):
    (tmp_path / "monads.py").write_text(MONADS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "catcore.cli", "verify", "monads.py", "broken"],
        cwd=tmp_path, capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )  # fmt: skip

    assert done.returncode == 1
    assert b"(0, 0) \\u2260 (0, 1)" in done.stdout
