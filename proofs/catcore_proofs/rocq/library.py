"""Whole files: the definitions that every export needs, then one section for each certificate.

All sets are Rocq sets, so nothing depends on universes; pairs are records with their η-rule, which is why computation
sees as much in Rocq as it does in catcore's kernel.  Many certificates go into one file, because starting ``coqc``
takes longer than most proofs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catcore.drawing.statements import equations
from catcore.errors import BadSpecification
from catcore.files import write
from catcore_proofs.kernel import Equation
from catcore_proofs.rocq.names import Names, Unexportable, comment, finite_sets, functor, identifier
from catcore_proofs.rocq.script import Script
from catcore_proofs.syntax import Rejected, Split, close, freeze

_DEPTH = 20_000

PREAMBLE = """\
Set Warnings "-notation-overridden".
From Coq Require Import ssreflect.

Set Primitive Projections.
Record product (A B : Set) : Set := both { first : A; second : B }.
Unset Primitive Projections.
Arguments both {A B} _ _.
Arguments first {A B} _.
Arguments second {A B} _.
Notation "A × B" := (product A B) (at level 40, left associativity).
Notation "⟨ a , b ⟩" := (both a b).

Lemma unit_unique (u v : unit) : u = v.
Proof. destruct u, v. reflexivity. Qed.
Lemma both_equal {A B : Set} (p q : A × B) : first p = first q -> second p = second q -> p = q.
Proof. destruct p, q; simpl. intros [] []. reflexivity. Qed.
Lemma inl_equal {A B : Set} {a b : A} : @inl A B a = @inl A B b -> a = b.
Proof. intros H. injection H. exact (fun h => h). Qed.
Lemma inr_equal {A B : Set} {a b : B} : @inr A B a = @inr A B b -> a = b.
Proof. intros H. injection H. exact (fun h => h). Qed.
Lemma apply_equal {A B : Set} {f g : A -> B} {a b : A} : f = g -> a = b -> f a = g b.
Proof. intros [] []. reflexivity. Qed.
Lemma through_left {A : Set} (n : A) {a b : A} : a = n -> n = b -> a = b.
Proof. intros [] []. reflexivity. Qed.
Lemma through_right {A : Set} (n : A) {a b : A} : b = n -> a = n -> a = b.
Proof. intros [] []. reflexivity. Qed.

Ltac calculate := lazy beta iota zeta delta [first second].
Ltac units := repeat match goal with |- context [?u] =>
  lazymatch type of u with unit => lazymatch u with tt => fail | _ => rewrite (unit_unique u tt) end end end.
"""
EXTENSIONALITY = "From Coq Require Import FunctionalExtensionality.\n"


def export(certificate: Any) -> str:
    """The Rocq file of one certificate.

    Raises:
        Unexportable: when it is no certificate, or something in it cannot be written out; the message says what.
    """
    return library([certificate])


def library(certificates: Iterable[Any]) -> str:
    """The Rocq file of many certificates, one theorem each; raises as :func:`export` does."""
    sizes: set[int] = set()
    sections, extensional = [], False
    for number, certificate in enumerate(certificates):
        with _sentences():
            lines, needs = _section(certificate, number, sizes)
        sections.append("\n".join(lines))
        extensional = extensional or needs
    head = (EXTENSIONALITY if extensional else "") + PREAMBLE
    return "\n".join([head, *finite_sets(sizes), "", "\n\n".join(sections), ""])


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


def _section(certificate: Any, number: int, sizes: set[int]) -> tuple[list[str], bool]:
    """The section of one certificate, and whether it uses function extensionality."""
    statement = certificate["statement"]
    if statement.get("schemes"):
        raise Unexportable("The certificate has no Rocq file: hypotheses about every map or set are not written yet.")
    names = Names(statement["signature"], statement.get("functors"))
    script = Script(statement["signature"], names)
    hypotheses = []
    for i, hypothesis in enumerate(statement["given"]):
        script.equations.append(script.equation(hypothesis))
        script.rules.append(f"h{i}")
        hypotheses.append(f"Hypothesis h{i} : {script.expressions.equation(hypothesis)}.")
    goal = script.equation(statement)
    lemmas: list[str] = []
    for lemma in certificate["lemmas"]:
        lemmas += _lemma(script, lemma)
    title = identifier(f"theorem{number}_", 0, str(statement.get("name", ""))).replace("_0", "", 1)
    theorem = [
        f"Theorem {title} : {script.expressions.equation(statement)}.",
        "Proof.",
        *script.theorem(goal, certificate["proof"]),
        "Qed.",
    ]
    operations = [
        f"Variable {names.operations[name]} : {names.type(dom)} -> {names.type(cod)}. {comment(name)}"
        for name, (dom, cod) in script.signature.items()
    ]
    atoms = [f"Variable {short} : Set. {comment(name)}" for name, short in names.atoms.items()]
    sizes |= names.finite
    opening = [comment(statement.get("name", "")), *map(comment, _said(statement))]
    opening += [f"Module Certificate{number}.", "Section Statement."]
    functors = [line for name, short in names.functors.items() for line in functor(short, names.roles[name])]
    body = [
        *atoms,
        *functors,
        *names.sets,
        *operations,
        *script.expressions.definitions(),
        *hypotheses,
        *lemmas,
        *theorem,
    ]
    return [*opening, *body, "End Statement.", f"End Certificate{number}."], script.extensional


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
    variables = ["tt" if kind == "1" else script.names.fresh() for kind in kinds]
    script.writer.trees[:] = variables
    left, right = (script.writer.text(side, cod) for side in sides)
    name = f"lemma{len(script.equations)}"
    quantified = script.expressions.forall(zip(variables, kinds, strict=True))
    found = _equation(script, kinds, cod, sides)
    lines = [f"Lemma {name} : {quantified}{left} = {right}.", "Proof."]
    lines += [*script.theorem(found, lemma["proof"]), "Qed."]
    script.equations.append(found)
    script.rules.append(name)
    return lines


def _equation(script: Script, kinds: Any, cod: Any, sides: Any) -> Equation:
    bodies = []
    for body in sides:
        for i in range(len(kinds)):
            body = close(body, ("v", i), i)
        bodies.append(body)
    return Equation(kinds, cod, lambda side, values: script.revalue(bodies[side], tuple(values)))
