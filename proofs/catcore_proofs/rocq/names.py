"""Names and types: what the sets and the operations of a certificate are called in Rocq.

A certificate comes from a file, and its names may be anything.  Identifiers are therefore made here: a fixed letter, a
number, and those letters and digits of the original name that cannot do harm.  The original names appear in comments
only, and no comment can be closed from within.
"""

from __future__ import annotations

import itertools as it
import re
from typing import Any

from catcore_proofs.rocq.fixed_points import FixedPoints, Unexportable
from catcore_proofs.syntax import Type

#: The largest finite set that is written out as a list of elements.
ELEMENTS = 1_000
SHOWN = 300  # characters of a comment


def comment(text: object) -> str:
    """Any text as a Rocq comment on one line: it can neither end the comment nor open another or a string."""
    kept = str(text)
    kept = kept if len(kept) <= SHOWN else f"{kept[:SHOWN]} …"
    kept = "".join(c if c.isprintable() and c != '"' else "?" for c in kept)
    return f"(* {kept.replace('(*', '( *').replace('*)', '* )')} *)"


def identifier(letter: str, number: int, name: str) -> str:
    """A letter and a number, followed by what is harmless in a name."""
    kept = re.sub(r"[^0-9A-Za-z]+", "_", name[:40]).strip("_")[:24]
    return f"{letter}{number}_{kept}" if kept else f"{letter}{number}"


class Names(FixedPoints):
    """The Rocq names of the atoms, operations and finite sets of one section, and fresh names for elements."""

    def __init__(self, signature: dict[str, Any], functors: dict[str, str] | None = None) -> None:
        super().__init__()
        self.roles = dict(functors or {})
        self.functors = {name: identifier("T", i, name) for i, name in enumerate(self.roles)}
        self.atoms: dict[str, str] = {}
        self.finite: set[int] = set()
        self.operations = {name: identifier("g", i, name) for i, name in enumerate(signature)}
        self._fresh = it.count()

    def fresh(self, letter: str = "x") -> str:
        """A name that was not used before in this section."""
        return f"{letter}{next(self._fresh)}"

    def type(self, kind: Type) -> str:
        """A type of the kernel as a set of Rocq."""
        match kind[0]:
            case "0":
                return "Empty_set"
            case "1":
                return "unit"
            case "a":
                return self.atoms.setdefault(kind[1], identifier("A", len(self.atoms), kind[1]))
            case "f":
                return self.finite_set(kind[1])
            case "*":
                return f"({self.type(kind[1])} × {self.type(kind[2])})"
            case "+":
                return f"({self.type(kind[1])} + {self.type(kind[2])})"
            case "T":
                return f"({self.functors[kind[1]]} {self.type(kind[2])})"
            case "μ":
                return f"mu{self.least(kind)}"
            case "^":
                return f"({self.type(kind[2])} -> {self.type(kind[1])})"
            case _:
                return f"nu{self.greatest(kind)}"

    def finite_set(self, size: int) -> str:
        """The name of the set of ``size`` elements."""
        if size > ELEMENTS:
            raise Unexportable(f"A finite set of {size} elements is not written out; at most {ELEMENTS} are.")
        self.finite.add(size)
        return f"fin{size}"

    def element(self, size: int, number: int) -> str:
        """The name of an element of a finite set."""
        return f"{self.finite_set(size)}_{number}"


def finite_sets(sizes: set[int]) -> list[str]:
    """The definitions of some finite sets."""
    return [
        f"Inductive fin{n} : Set :={''.join(f' | fin{n}_{i}' for i in range(n))}." for n in sorted(sizes)
    ]  # fmt: skip


def functor(name: str, role: str) -> list[str]:
    """An arbitrary functor or monad on sets, as variables and hypotheses; a monad has its unit and its binding."""
    arrow = f"A -> {'B' if role == 'functor' else f'{name} B'}"
    bind = f"{name}_{'map' if role == 'functor' else 'bind'}"
    opening = [f"Variable {name} : Set -> Set."]
    if role == "monad":
        opening.append(f"Variable {name}_unit : forall {{A : Set}}, A -> {name} A.")
    opening.append(f"Variable {bind} : forall {{A B : Set}}, {name} A -> ({arrow}) -> {name} B.")
    if role == "monad":
        law = f"{bind} ({name}_unit a) f = f a"
        opening.append(f"Hypothesis {name}_left : forall (A B : Set) (a : A) (f : {arrow}), {law}.")
    plain, after = ("a", "g (f a)") if role == "functor" else (f"{name}_unit a", f"{bind} (f a) g")
    onward = arrow.replace("A -> ", "B -> ", 1)[:-1] + "C"
    twice = f"{bind} ({bind} m f) g = {bind} m (fun a => {after})"
    return [
        *opening,
        f"Hypothesis {name}_right : forall (A : Set) (m : {name} A), {bind} m (fun a => {plain}) = m.",
        f"Hypothesis {name}_twice : forall (A B C : Set) (m : {name} A) (f : {arrow}) (g : {onward}), {twice}.",
        *_bodies(name, bind, arrow, plain),
    ]


def _bodies(name: str, bind: str, arrow: str, plain: str) -> list[str]:
    """One element bound to two bodies, where a body that gives the element back may be left out."""
    end = "f_equal. apply functional_extensionality. exact H. Qed."
    alike, both = arrow[:-1] + "A", f"(A : Set) (m n : {name} A)"
    lemmas = {
        f"bodies (A B : Set) (m n : {name} A) (f g : {arrow})": ("f a = g a", f"{bind} m f = {bind} n g", ""),
        f"body_right {both} (g : {alike})": (
            f"{plain} = g a", f"m = {bind} n g", f"refine (eq_trans (eq_sym ({name}_right _ _)) _). "),
        f"body_left {both} (f : {alike})": (
            f"f a = {plain}", f"{bind} m f = n", f"refine (eq_trans _ ({name}_right _ _)). "),
    }  # fmt: skip
    found = [
        f"Lemma {name}_{title} : m = n -> (forall a, {bodies}) -> {claim}. Proof. intros [] H. {first}{end}"
        for title, (bodies, claim, first) in lemmas.items()
    ]
    claim = f"m = n -> (forall a : A, {plain} = {plain}) -> m = n"
    return [*found, f"Lemma {name}_no_body {both} : {claim}. Proof. intros H _. exact H. Qed."]
