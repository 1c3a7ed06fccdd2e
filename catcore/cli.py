"""The command line: verify structures, settle equations, tie weights, check a certificate, draw a tying, run the demo.

This is where the three packages meet: what things are, why they hold and what they compute.  Each command prints for
people, or with ``--json`` one JSON value for programs.  The exit status is 0 when all is well, 1 when a law fails, is
unknown or a certificate is refused, and 2 for bad input, with one sentence on standard error and nothing half-written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from catcore.errors import BackendMissing, BadSpecification, CatError, NoInstance, UnknownName
from catcore.files import make_folder, need_writable, run_file, unreadable, write

if TYPE_CHECKING:
    from catcore import HomSpace, ParaMap, TwoCell
    from catcore_proofs import Report

HOLDS, BROKEN, BAD_INPUT = 0, 1, 2
SPECIFICATION = """\
SPEC.toml gives two representations, numbers being integers or exact strings such as "1/2" or "-sqrt(2)/2":

  kind = "group"               # or "monoid": nothing is inverted; or "lie": generators are Lie-algebra elements
  relations = ["s s"]          # optional, checked
  [generators.s]
  input  = [[0, 1], [1, 0]]    # a matrix ...
  output = [1, 0]              # ... or an index map: basis vector j goes to basis vector output[j]

or names a group and tensor powers of its defining representation: S n, A n, C n, D n by permutations, and the classical
groups O n, SO n, SO(p,q), Sp n, U n, SU n, GL n, SL n by matrices:

  group = "S5"
  [input]
  tensor = 2
  [output]
  tensor = 1
"""
MAX_CERTIFICATE = 2**28  # bytes
TEXT_SIZE = 24  # rows and columns of a pattern that is printed as text


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show ≠ or μ gets an escape instead of a crash
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
        return int(arguments.run(arguments))
    except CatError as error:
        return _refuse(str(error))
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return HOLDS


def _refuse(sentence: str) -> int:
    print("catcore:", " ".join(sentence.split()), file=sys.stderr)
    return BAD_INPUT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence instead of the usage."""
        self.exit(_refuse(f"{message}; see {self.prog} --help"))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="catcore", description="State a structure, get a proof, the weights that it ties, and code.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text.partition(";")[0], description=text[0].upper() + text[1:] + ".")
        made.add_argument("--json", action="store_true", help="print one JSON value")
        made.set_defaults(run=run)
        return made

    verify = command("verify", _verify, "prove or refute the laws of a file's structures; this runs the Python file")
    verify.add_argument("file", type=Path, metavar="FILE.py", help="a Python file, which is run")
    verify.add_argument("names", nargs="*", metavar="NAME", help="top-level values; by default all that have laws")
    verify.add_argument(
        "--backend", default="", metavar="NAME", help="whose arrays hold the elements of finite sets, such as torch"
    )
    verify.add_argument("--certificates", type=Path, metavar="DIR", help="write each proof to this folder")

    tie = command("tie", _tie, "tie the weights of a linear layer; SPEC.toml names generators or a group")
    tie.epilog, tie.formatter_class = SPECIFICATION, argparse.RawDescriptionHelpFormatter
    tie.add_argument("spec", type=Path, metavar="SPEC.toml", help="the two representations")
    tie.add_argument("-o", "--output", type=Path, metavar="WEIGHTS", help="a .safetensors or .npz file, weights 0")
    tie.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw the tying pattern")

    check = command("check", _check, "replay a certificate in the kernel; nothing in it is run")
    check.add_argument("certificate", type=Path, metavar="CERTIFICATE.json")
    check.add_argument("--rocq", type=Path, metavar="FILE.v", help="write statement and proof for coqc to check")
    check.add_argument("--latex", type=Path, metavar="FILE.tex", help="write the proof as an article")

    prove = command("prove", _prove, "settle a problem of unit equality in TPTP's CNF; nothing in it is run")
    prove.add_argument("problem", type=Path, metavar="FILE.p", help="equations, and the disequation to refute")
    prove.add_argument("--seconds", type=float, default=10.0, metavar="N", help="the last stop (10)")
    prove.add_argument("--certificate", type=Path, metavar="FILE.json", help="write the proof for catcore check")

    draw = command("draw", _draw, "draw a tying pattern or a string diagram; this runs the Python file")
    draw.add_argument("file", type=Path, metavar="FILE.py", help="a Python file, which is run")
    draw.add_argument(
        "name", metavar="NAME", help="a HomSpace, a Representation or a pair of them, a ParaMap or a TwoCell"
    )
    draw.add_argument(
        "-o", "--output", type=Path, metavar="FILE.svg", help="by default it is printed as text; FILE.tex for TikZ"
    )

    demo = command("demo", _demo, "the main job on real images; needs scikit-learn, which the extra 'demo' brings")
    demo.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help="where files are left (out)")
    return parser


# verify -----------------------------------------------------------------------------------------------------------


def _verify(arguments: argparse.Namespace) -> int:
    from catcore_proofs import verify

    scope = run_file(arguments.file, quiet=arguments.json)
    chosen = {name: _top_level(scope, name, arguments.file) for name in arguments.names} or _lawful(scope)
    if not chosen:
        raise UnknownName(
            f"Structures to verify were asked for and {arguments.file} has no top-level value with laws(); assign one, "
            "such as a Monad, to a name."
        )
    reports = {}
    for name, value in chosen.items():
        try:
            reports[name] = verify(value, backend=arguments.backend)
        except BackendMissing:
            raise
        except CatError as error:
            raise BadSpecification(f"{name} in {arguments.file} cannot be verified: {error}") from error
    written = _write_certificates(reports, arguments.certificates) if arguments.certificates else {}
    ok = all(report.ok for report in reports.values())
    if arguments.json:
        _print_json({"file": str(arguments.file), "ok": ok, "reports": list(_as_json(reports, written))})
    else:
        _print_reports(reports)
        if written:
            print(f"{len(written)} certificates are in {arguments.certificates}.")
    return HOLDS if ok else BROKEN


def _lawful(scope: dict[str, Any]) -> dict[str, Any]:
    """The public top-level values that list laws, in definition order, without what was imported."""
    from catcore.laws import Law, Lawful, PointwiseLaw

    found: dict[str, Any] = {}
    for name, value in scope.items():
        lawful = isinstance(value, Law | PointwiseLaw | Lawful) and not isinstance(value, type)
        known = _is_imported(name, value) or any(value is other for other in found.values())
        if lawful and not known and not name.startswith("_"):
            found[name] = value
    return found


def _is_imported(name: str, value: Any) -> bool:
    rooms = ("catcore", "catcore_proofs", "catcore_backends")
    modules = [m for key, m in list(sys.modules.items()) if key.partition(".")[0] in rooms]
    return any(getattr(module, name, None) is value for module in modules)


def _print_reports(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        print(f"{name}: {report}\n")
    held = sum(report.ok for report in reports.values())
    print(f"{held} of {len(reports)} hold.")
    for name, report in reports.items():
        for status, verb in (("fails", "breaks"), ("unknown", "leaves open")):
            laws = [verdict.law for verdict in report if verdict.status == status]
            if laws:
                print(f"{name} {verb} {', '.join(laws)}.")


def _as_json(reports: dict[str, Report], written: dict[tuple[str, int], Path]) -> Iterator[dict[str, Any]]:
    for name, report in reports.items():
        found = report.to_json()
        for i, law in enumerate(found["laws"]):
            if (name, i) in written:
                law["certificate"] = str(written[name, i])
        yield {"name": name, **found}


def _write_certificates(reports: dict[str, Report], folder: Path) -> dict[tuple[str, int], Path]:
    """One file for each proved law, ``NAME.law.json``."""
    make_folder(folder)
    written: dict[tuple[str, int], Path] = {}
    for name, report in reports.items():
        for i, verdict in enumerate(report):
            if verdict.certificate is not None:
                stem = f"{name}.{re.sub(r'[^0-9A-Za-z]+', '-', verdict.law).strip('-')}"
                taken = {path.name for path in written.values()}
                path = folder / (f"{stem}.json" if f"{stem}.json" not in taken else f"{stem}.{i}.json")
                verdict.save(path)
                written[name, i] = path
    return written


# check ------------------------------------------------------------------------------------------------------------


def _check(arguments: argparse.Namespace) -> int:
    from catcore.drawing.statements import equations
    from catcore_proofs import replay
    from catcore_proofs.evaluation import Rejected

    for path, endings in ((arguments.rocq, (".v",)), (arguments.latex, (".tex",))):
        need_writable(path, endings)
    if arguments.rocq and not re.fullmatch(r"[A-Za-z][0-9A-Za-z_]*\.v", arguments.rocq.name):
        raise BadSpecification(
            f"A Rocq file named {arguments.rocq.name!r} was asked for; coqc wants a letter and then letters, "
            "digits or _."
        )
    certificate = _read_json(arguments.certificate)
    try:
        replay(certificate)
    except Rejected as error:
        if arguments.json:
            _print_json({"certificate": str(arguments.certificate), "proved": False, "reason": str(error)})
        else:
            print(f"refused: {error}")
        return BROKEN
    *given, statement = equations(certificate["statement"])
    written = _retell(certificate, arguments)
    if arguments.json:
        found = {"certificate": str(arguments.certificate), "proved": True, "statement": statement, "given": given}
        _print_json({**found, **written})
    else:
        print("\n".join([*(f"given   {hypothesis}" for hypothesis in given), f"proved  {statement}"]))
        print("".join(f"Wrote {path}.\n" for path in written.values()), end="")
    return HOLDS


# prove ------------------------------------------------------------------------------------------------------------


def _prove(arguments: argparse.Namespace) -> int:
    from catcore_proofs.equational import settle
    from catcore_proofs.tptp import read_problem

    if not 0 < arguments.seconds <= 86_400:
        raise BadSpecification(
            f"A proof in {arguments.seconds} seconds was asked for; give a number of seconds above 0."
        )
    need_writable(arguments.certificate, (".json",))
    answer = settle(read_problem(arguments.problem), seconds=arguments.seconds)
    written = answer.certificate is not None and arguments.certificate is not None
    if written:
        write(arguments.certificate, json.dumps(answer.certificate))
    if arguments.json:
        found = {"problem": str(arguments.problem), **answer.to_json()}
        _print_json({**found, "certificate": str(arguments.certificate)} if written else found)
    else:
        print(answer)
        print(f"Wrote {arguments.certificate}.\n" if written else "", end="")
    return HOLDS if answer.status == "proved" else BROKEN


def _retell(certificate: Any, arguments: argparse.Namespace) -> dict[str, str]:
    """Write a proved certificate for Rocq and as LaTeX where asked for; both texts come before either file."""
    from catcore_proofs.latex import latex
    from catcore_proofs.rocq import export

    makers = {"rocq": (arguments.rocq, export), "latex": (arguments.latex, latex)}
    texts = {form: (path, make(certificate)) for form, (path, make) in makers.items() if path}
    for path, text in texts.values():
        write(path, text)
    return {form: str(path) for form, (path, _) in texts.items()}


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_CERTIFICATE:
            raise BadSpecification(f"{path} has more than {MAX_CERTIFICATE} bytes; no certificate is that long.")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise unreadable(path, error) from None
    except RecursionError:
        raise BadSpecification(f"A certificate was asked for and {path} nests too deeply to be one.") from None
    except ValueError as error:
        raise BadSpecification(
            f"A certificate was asked for and {path} is not JSON ({error}); catcore verify --certificates writes them."
        ) from None


# tie and draw -----------------------------------------------------------------------------------------------------


def _tie(arguments: argparse.Namespace) -> int:
    from catcore.drawing import tying_svg
    from catcore.equivariance import equivariant_maps, read_specification, save, summary

    for path, endings in ((arguments.output, (".safetensors", ".npz")), (arguments.picture, (".svg",))):
        need_writable(path, endings)
    space = equivariant_maps(*read_specification(arguments.spec))
    found = summary(space)
    picture = tying_svg(space) if arguments.picture else ""
    if arguments.output:
        save(space, arguments.output)
    if arguments.picture:
        write(arguments.picture, picture)
    if arguments.json:
        _print_json(found)
    else:
        _print_tie(arguments, space, found)
    return HOLDS if found["checked"] else BROKEN


def _print_tie(arguments: argparse.Namespace, space: HomSpace, found: dict[str, Any]) -> None:
    from catcore.drawing import tying_text

    rows, columns = space.shape
    print(f"W is {rows} × {columns} and has {space.dim} free parameters instead of {space.dense_parameters}.")
    print(f"Found by {space.method}, exact; {_was_checked(found)}.")
    if max(rows, columns) <= TEXT_SIZE:
        print(tying_text(space) if space.labels is not None else str(space).partition("\n")[2])
    for path in (arguments.output, arguments.picture):
        if path:
            print(f"Wrote {path}.")


def _was_checked(found: dict[str, Any]) -> str:
    """What was done to see that the basis commutes with the generators."""
    if not found["checked"]:
        return "W ρ_in = ρ_out W, which the result BREAKS"
    if found["multiplied"]:
        return "W ρ_in = ρ_out W checked for every generator"
    return (
        "every generator was checked to preserve what the basis is made of, such as a form, from which "
        "W ρ_in = ρ_out W follows; it was not multiplied out"
    )


def _draw(arguments: argparse.Namespace) -> int:
    from catcore.drawing import tying_svg, tying_text
    from catcore.para import ParaMap, TwoCell

    need_writable(arguments.output, (".svg", ".tex"))
    scope = run_file(arguments.file, quiet=arguments.json)
    value = _top_level(scope, arguments.name, arguments.file)
    if isinstance(value, ParaMap | TwoCell):
        return _draw_map(arguments, value)
    need_writable(arguments.output, (".svg",))
    space = _space(arguments.name, value)
    text = tying_text(space) if max(space.shape) <= TEXT_SIZE or not arguments.output else ""
    if arguments.output:
        write(arguments.output, tying_svg(space))
    if arguments.json:
        from catcore.equivariance import summary

        _print_json({"name": arguments.name, **summary(space), "picture": str(arguments.output or "") or None})
    else:
        print("\n".join(filter(None, (text, f"Wrote {arguments.output}." if arguments.output else ""))))
    return HOLDS


def _draw_map(arguments: argparse.Namespace, value: ParaMap | TwoCell) -> int:
    """The string diagram of a parametric map or of a 2-cell, as SVG or TikZ; as text, what it is made of."""
    from catcore.drawing import para_svg, para_tikz
    from catcore.para import TwoCell, explain

    output, text = arguments.output, explain(value)
    if output:
        write(output, para_tikz(value) if output.suffix == ".tex" else para_svg(value))
    if arguments.json:
        f = value.target if isinstance(value, TwoCell) else value
        ends = {"dom": str(f.dom), "cod": str(f.cod), "parameters": [str(p) for p in f.params]}
        _print_json({"name": arguments.name, **ends, "picture": str(output or "") or None})
    else:
        print("\n".join(filter(None, (text, f"Wrote {output}." if output else ""))))
    return HOLDS


def _space(name: str, value: Any) -> HomSpace:
    """The space of homomorphisms that a value stands for."""
    from catcore import HomSpace, Representation, equivariant_maps

    if isinstance(value, HomSpace):
        return value
    pair = (value, value) if isinstance(value, Representation) else value
    if isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(rho, Representation) for rho in pair):
        return equivariant_maps(*pair)
    raise NoInstance(
        f"A picture of {name} was asked for and it is a value of type {type(value).__name__}; what can be drawn is a "
        "HomSpace, a Representation, a pair of Representations, a ParaMap or a TwoCell."
    )


# demo -------------------------------------------------------------------------------------------------------------


def _demo(arguments: argparse.Namespace) -> int:
    from catcore_backends.demo import run
    from catcore_proofs import verify

    make_folder(arguments.out)
    lines, facts = run(verify, arguments.out)
    if arguments.json:
        _print_json(facts)
    else:
        print("\n".join(lines))
    return HOLDS if facts["ok"] else BROKEN


def _top_level(scope: dict[str, Any], name: str, path: Path) -> Any:
    if name not in scope:
        found = ", ".join(_lawful(scope)) or "none"
        raise UnknownName(f"{name} was asked for and {path} defines no such name; its values with laws are: {found}.")
    return scope[name]


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
