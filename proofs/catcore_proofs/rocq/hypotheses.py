"""Hypotheses about every set and every map, and their instances.

``forall (A : Set) (f : A -> B), (conditions) -> equation`` is assumed as it is said.  An instance is a lemma: the
hypothesis at some sets and functions, with the proofs of its conditions.  Elements of products are quantified factor by
factor, and functions are equal at their arguments, so the lemma says the same of more elements.  Where the hypothesis
speaks of fixed points or recursion over the sets it quantifies, which Rocq would have to define anew for each, only the
instances that are used are assumed, so that the theorem says more.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.rocq.coinduction import Stated
from catcore_proofs.rocq.expressions import Tree, arguments, factors, paired
from catcore_proofs.rocq.script import Script
from catcore_proofs.schemes import Scheme, put
from catcore_proofs.syntax import Type, flat, freeze, mentions, need, wellformed


class Hypotheses:
    """The hypotheses of one section about every set and map.

    Args:
        script: writes the section.
        schemes: the hypotheses.
    """

    def __init__(self, script: Script, schemes: list[Scheme]) -> None:
        self.script, self.schemes = script, schemes
        self.names: dict[int, str] = {}  # of those that are written as they are said
        self.lines = [line for number, scheme in enumerate(schemes) for line in self._said(number, scheme)]

    def _said(self, number: int, scheme: Scheme) -> Iterator[str]:
        types = {name: ("a", self._unused(name)) for name in scheme.atoms}
        terms = {name: ("gen", self._unused(name)) for name in scheme.arrows}
        ends, equations = scheme.instance(types, terms)
        if any(_recursive(part, (*types.values(), *terms.values())) for part in (tuple(ends.values()), *equations)):
            return
        maps = {terms[name][1]: end for name, end in ends.items()}
        with self._quantified([atom for _, atom in types.values()], maps):
            names, written = self.script.names, [f"({self._claim(equation)})" for equation in equations]
            binders = [f"({names.atoms[atom]} : Set)" for _, atom in types.values()]
            binders += [f"({names.operations[f]} : {names.type(d)} -> {names.type(c)})" for f, (d, c) in maps.items()]
        self.names[number] = f"s{number}"
        quantified = f"forall {' '.join(binders)}, " if binders else ""
        yield f"Hypothesis s{number} : {quantified}{' -> '.join(written)}."

    def _unused(self, name: str) -> str:
        """A name that nothing else in the certificate has."""
        while name in self.script.signature or name in self.script.names.atoms:
            name += "'"
        return name

    @contextmanager
    def _quantified(self, atoms: list[str], maps: dict[str, tuple[Type, Type]]) -> Iterator[None]:
        """Names of sets and maps for a while."""
        names, signatures = self.script.names, (self.script.signature, self.script.expressions.signature)
        names.atoms.update({atom: names.fresh("A") for atom in atoms})
        names.operations.update({f: names.fresh("g") for f in maps})
        for signature in signatures:
            signature.update(maps)
        yield
        for atom in atoms:
            del names.atoms[atom]
        for f in maps:
            del names.operations[f], signatures[0][f], signatures[1][f]

    def _claim(self, equation: Any) -> str:
        return self.script.claim(self.script.stated(equation))

    # ---- instances ------------------------------------------------------------------------------------------------

    def instance(self, lemma: Any) -> list[str]:
        """A lemma that is an instance of a hypothesis, with the proofs of its conditions; rewrites may use it."""
        script, number = self.script, lemma["scheme"]
        need(0 <= number < len(self.schemes), "an instance of no scheme")
        types = {name: wellformed(freeze(kind)) for name, kind in lemma["types"].items()}
        terms = {name: freeze(term) for name, term in lemma["terms"].items()}
        ends, equations = self.schemes[number].instance(types, terms)
        for name, (dom, cod) in ends.items():
            need(script.infer(terms[name], dom) == cod, "a term of an instance has another type than its map")
        *conditions, stated = [script.stated(equation) for equation in equations]
        need(len(conditions) == len(lemma["proofs"]), "an instance has a proof for each of its conditions")
        name = f"lemma{len(script.equations)}"
        lines = [
            line
            for i, (condition, proof) in enumerate(zip(conditions, lemma["proofs"], strict=True))
            for line in script.proved(f"{name}_{i}", condition, proof)
        ]
        if number in self.names:
            lines += self._instantiated(name, number, (types, terms, ends), stated)
        else:
            lines += self._assumed(name, conditions, stated)
        script.equations.append(stated.goal)
        script.rules.append(name)
        return lines

    def _assumed(self, name: str, conditions: list[Stated], stated: Stated) -> list[str]:
        claims = [f"({self.script.claim(equation)})" for equation in (*conditions, stated)]
        proofs = [f"{name}_{i}" for i in range(len(conditions))]
        return [
            f"Hypothesis {name}_given : {' -> '.join(claims)}.",
            f"Definition {name} := {' '.join((f'{name}_given', *proofs))}.",
        ]

    def _instantiated(self, name: str, number: int, choice: Any, stated: Stated) -> list[str]:
        script, scheme, (types, terms, ends) = self.script, self.schemes[number], choice
        lines = [f"Lemma {name} : {script.claim(stated)}.", "Proof."]
        kinds, cod = _places(scheme.equation)
        variables, points = self._named([put(kind, types, {}) for kind in kinds])
        more, further = self._named(arguments(put(cod, types, {}))[0])
        given = [script.names.type(types[atom]) for atom in scheme.atoms]
        given += [self._function(terms[f], ends[f][0]) for f in scheme.arrows]
        used = [point for point, kind in zip(points, kinds, strict=True) if kind != "1"]
        made = f"({' '.join((self.names[number], *given, *('_' for _ in scheme.conditions), *used))})"
        if further:
            z = script.names.fresh("z")
            made = f"(f_equal (fun {z} => {' '.join((z, *further))}) {made})"
        lines += [f"  intros {' '.join((*variables, *more))}."] if variables or more else []
        lines.append(f"  refine {made}.")
        for i, condition in enumerate(scheme.conditions):
            lines += self._condition(f"{name}_{i}", condition, types)
        return [*lines, "Qed."]

    def _function(self, term: Any, dom: Type) -> str:
        x = self.script.names.fresh()
        value = self.script.expressions.term(term, x, dom)[0]
        return f"(fun {x} : {self.script.names.type(dom)} => {self.script.expressions.text(value)})"

    def _named(self, kinds: list[Type]) -> tuple[list[str], list[str]]:
        """Names for the factors of some elements, and the elements; those of the unit need no name."""
        names, elements = list[str](), list[str]()
        for kind in kinds:
            parts: list[Tree] = ["tt" if factor == "1" else self.script.names.fresh() for factor in flat(kind)]
            names += [part for part in parts if part != "tt"]
            elements.append(self.script.expressions.text(paired(kind, parts)))
        return names, elements

    def _condition(self, name: str, condition: Any, types: dict[str, Type]) -> Iterator[str]:
        """The proof of a condition as the hypothesis says it, from the lemma about all factors and arguments."""
        kinds, cod = _places(condition)
        used = list[Tree]()
        yield "  {"
        for kind in kinds:
            if kind != "1":
                used += yield from self._introduced(put(kind, types, {}), "")
        for kind in arguments(put(cod, types, {}))[0]:
            self.script.extensional = True
            used += yield from self._introduced(kind, "apply functional_extensionality. ")
        yield f"    exact ({' '.join((name, *used))})."
        yield "  }"

    def _introduced(self, kind: Type, tactic: str) -> Generator[str, None, list[Tree]]:
        pattern, tree = self.script.pattern(kind)
        yield f"    {tactic}intros {pattern}."
        return [part for part in factors(kind, tree) if part != "tt"]


def _places(equation: Any) -> tuple[list[Type], Type]:
    """The types of the variables of an equation, and the type of its values at them."""
    further, cod = arguments(equation["cod"])
    return [factor for kind in (equation["dom"], *further) for factor in flat(kind)], cod


def _recursive(part: Any, bound: tuple[Any, ...]) -> bool:
    """Whether some fixed point, fold or unfold depends on what is quantified."""
    if not isinstance(part, dict | tuple):
        return False
    if isinstance(part, dict):
        return _recursive(tuple(part.values()), bound)
    if part and part[0] in ("μ", "ν", "fold", "unfold"):
        return any(mentions(tuple(part), name) for name in bound)
    return any(_recursive(inner, bound) for inner in part)
