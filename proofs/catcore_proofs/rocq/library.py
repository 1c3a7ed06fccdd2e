"""Whole files: the definitions that every export needs, then one section for each certificate.

All sets are Rocq sets, so nothing depends on universes; pairs are records with their η-rule, which is why computation
sees as much in Rocq as it does in catcore's kernel.  Many certificates go into one file, because starting ``coqc``
takes longer than most proofs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from catcore.drawing.statements import equations
from catcore.errors import BadSpecification
from catcore.files import write
from catcore_proofs.kernel import Equation
from catcore_proofs.rocq.coinduction import Stated
from catcore_proofs.rocq.expressions import Tree
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.names import Names, comment, finite_sets, functor, identifier
from catcore_proofs.rocq.script import Script
from catcore_proofs.syntax import Rejected, Split, close, freeze

_DEPTH = 20_000


def export(certificate: Any) -> str:
    """The Rocq file of one certificate.

    Raises:
        Unexportable: when it is no certificate, or something in it cannot be written out; the message says what.
    """
    return library([certificate])


def library(certificates: Iterable[Any]) -> str:
    """The Rocq file of many certificates, one theorem each; raises as :func:`export` does."""
    sections, scripts = list[str](), list[Script]()
    for number, certificate in enumerate(certificates):
        with _sentences():
            lines, script = _section(certificate, number)
        sections.append("\n".join(lines))
        scripts.append(script)
    sizes = {size for script in scripts for size in script.names.finite}
    return "\n".join([*_head(scripts), *finite_sets(sizes), "", "\n\n".join(sections), ""])


def _head(scripts: list[Script]) -> Iterator[str]:
    """The definitions that some proofs need."""
    greatest = any(script.names.terminal for script in scripts)
    if greatest or any(script.extensional for script in scripts):
        yield "From Coq Require Import FunctionalExtensionality."
    yield _rocq("preamble.v")
    if greatest:
        yield _rocq("greatest.v")
        yield "Import Greatest."


def _rocq(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def write_library(certificates: Iterable[Any], path: str | Path) -> None:
    """Write :func:`library` to a file, which appears whole or not at all."""
    write(Path(path), library(certificates))


@contextmanager
def _sentences() -> Iterator[None]:
    """Deep certificates need deep recursion; whatever is wrong with one is said in a sentence."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    except Rejected as error:
        raise Unexportable(f"The certificate has no Rocq file: {error}.") from error
    except Split:
        raise Unexportable("The certificate has no Rocq file: the proof lacks a case distinction.") from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Unexportable(f"The certificate has no Rocq file: it is malformed ({type(error).__name__}).") from error
    except RecursionError:
        raise Unexportable("The certificate has no Rocq file: it is nested too deeply.") from None
    finally:
        sys.setrecursionlimit(before)


def _section(certificate: Any, number: int) -> tuple[list[str], Script]:
    """The section of one certificate, and the script that wrote it."""
    statement = certificate["statement"]
    if statement.get("schemes"):
        raise Unexportable("The certificate has no Rocq file: hypotheses about every map or set are not written yet.")
    names = Names(statement["signature"], statement.get("functors"))
    script = Script(statement["signature"], names)
    hypotheses = []
    for i, hypothesis in enumerate(statement["given"]):
        stated = script.stated(hypothesis)
        script.equations.append(stated.goal)
        script.rules.append(f"h{i}")
        hypotheses.append(f"Hypothesis h{i} : {script.claim(stated)}.")
    stated = script.stated(statement)
    lemmas: list[str] = []
    for lemma in certificate["lemmas"]:
        lemmas += _lemma(script, lemma)
    title = identifier(f"theorem{number}_", 0, str(statement.get("name", ""))).replace("_0", "", 1)
    theorem = [
        f"Theorem {title} : {script.claim(stated)}.",
        "Proof.",
        *script.theorem(stated, certificate["proof"]),
        "Qed.",
    ]
    operations = [
        f"Variable {names.operations[name]} : {names.type(dom)} -> {names.type(cod)}. {comment(name)}"
        for name, (dom, cod) in script.signature.items()
    ]
    fixed = names.definitions()
    atoms = [f"Variable {short} : Set. {comment(name)}" for name, short in names.atoms.items()]
    opening = [comment(statement.get("name", "")), *map(comment, _said(statement))]
    opening += [f"Module Certificate{number}.", "Section Statement."]
    functors = [line for name, short in names.functors.items() for line in functor(short, names.roles[name])]
    body = [
        *atoms,
        *functors,
        *fixed,
        *operations,
        *script.expressions.definitions(),
        *hypotheses,
        *lemmas,
        *theorem,
    ]
    return [*opening, *body, "End Statement.", f"End Certificate{number}."], script


def _said(statement: Any) -> list[str]:
    try:
        return equations(statement)[-1:]
    except BadSpecification:
        return []


def _lemma(script: Script, lemma: Any) -> list[str]:
    """A lemma between normal forms with its proof; afterwards rewrites may use it."""
    kinds, cod = freeze(lemma["variables"]), freeze(lemma["cod"])
    sides = freeze(lemma["lhs"]), freeze(lemma["rhs"])
    script.context.clear()
    script.declare(kinds)
    for side in sides:
        script.check(side, cod)

    def written(parts: list[Tree]) -> tuple[str, str]:
        script.writer.trees[:] = parts
        return script.writer.text(sides[0], cod), script.writer.text(sides[1], cod)

    stated = Stated(_equation(script, kinds, cod, sides), written)
    name = f"lemma{len(script.equations)}"
    lines = [f"Lemma {name} : {script.claim(stated)}.", "Proof.", *script.theorem(stated, lemma["proof"]), "Qed."]
    script.equations.append(stated.goal)
    script.rules.append(name)
    return lines


def _equation(script: Script, kinds: Any, cod: Any, sides: Any) -> Equation:
    bodies = []
    for body in sides:
        for i in range(len(kinds)):
            body = close(body, ("v", i), i)
        bodies.append(body)
    return Equation(kinds, cod, lambda side, values: script.revalue(bodies[side], tuple(values)))
