"""One certificate as a section: its sets, operations and hypotheses, its lemmas, and the theorem with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catcore.drawing.statements import equations
from catcore.errors import BadSpecification
from catcore_proofs.rocq.hypotheses import Hypotheses
from catcore_proofs.rocq.names import Names, comment, functor, identifier
from catcore_proofs.rocq.script import Script
from catcore_proofs.schemes import scheme
from catcore_proofs.syntax import freeze


def section(certificate: Any, number: int) -> tuple[list[str], Script]:
    """The section of a certificate, and the script that wrote it."""
    statement = certificate["statement"]
    names = Names(statement["signature"], statement.get("functors"))
    script = Script(statement["signature"], names)
    assumed = list(_given(script, statement))
    every = Hypotheses(script, list(map(scheme, statement.get("schemes", ()))))
    stated, lemmas = script.stated(statement), list[str]()
    for lemma in certificate["lemmas"]:
        lemmas += every.instance(lemma) if "scheme" in lemma else _lemma(script, lemma)
    title = identifier(f"theorem{number}_", 0, str(statement.get("name", ""))).replace("_0", "", 1)
    theorem = script.proved(title, stated, certificate["proof"], word="Theorem")
    body = [*_setting(script), *assumed, *every.lines, *lemmas, *theorem]
    opening = [comment(statement.get("name", "")), *map(comment, _said(statement))]
    opening += [f"Module Certificate{number}.", "Section Statement."]
    return [*opening, *body, "End Statement.", f"End Certificate{number}."], script


def _given(script: Script, statement: Any) -> Iterator[str]:
    """The hypotheses, which rewrites may use."""
    for i, hypothesis in enumerate(statement["given"]):
        stated = script.stated(hypothesis)
        script.equations.append(stated.goal)
        script.rules.append(f"h{i}")
        yield f"Hypothesis h{i} : {script.claim(stated)}."


def _setting(script: Script) -> list[str]:
    """The sets, functors and operations, and the recursive functions that were met."""
    names = script.names
    operations = [
        f"Variable {names.operations[name]} : {names.type(dom)} -> {names.type(cod)}. {comment(name)}"
        for name, (dom, cod) in script.signature.items()
    ]
    fixed = names.definitions()
    atoms = [f"Variable {short} : Set. {comment(name)}" for name, short in names.atoms.items()]
    functors = [line for name, short in names.functors.items() for line in functor(short, names.roles[name])]
    return [*atoms, *functors, *fixed, *operations, *script.expressions.definitions()]


def _said(statement: Any) -> list[str]:
    try:
        return equations(statement)[-1:]
    except BadSpecification:
        return []


def _lemma(script: Script, lemma: Any) -> list[str]:
    """A lemma between normal forms with its proof; afterwards rewrites may use it."""
    stated = script.stated_between(*(freeze(lemma[part]) for part in ("variables", "cod", "lhs", "rhs")))
    name = f"lemma{len(script.equations)}"
    lines = script.proved(name, stated, lemma["proof"])
    script.equations.append(stated.goal)
    script.rules.append(name)
    return lines
