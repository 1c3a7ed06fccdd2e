"""Hypotheses about every set and every map: which instances of them a proof may use.

"g commutes with every f : X → X", "g is mono", "there is at most one h with in ; h = F h ; a" are equations, possibly
under conditions, for every choice of some maps and sets (:attr:`catcore.laws.Law.every`).  The maps that can be put for
them are read off the goal and the hypotheses: every part of a term, every run of a composite, and identities.  A map is
put only where its type fits; the types decide what the sets are.  Conditions of an instance are proved first, from what
is known by then, so that facts lead to facts.  The certificate names the instances, and the kernel makes them anew
(:mod:`catcore_proofs.schemes`).
"""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catcore.arrows import Arrow, Composite, Generator, compose, formers, ident, subterms
from catcore.errors import CatError
from catcore.instances import Instance
from catcore.laws import Law
from catcore.objects import Atom, Ob, children, occurring
from catcore_proofs.goals.holes import numbers, renumbered
from catcore_proofs.search import Unsettled, certificate
from catcore_proofs.syntax import freeze
from catcore_proofs.translation import Untranslatable, statement, usable, with_schemes

#: How many maps may be put for others, how many instances of a scheme are looked at, and how many are used at once.
MAPS, INSTANCES, USED = 60, 400, 12

#: How often facts may lead to facts, and how many evaluation steps the proof of a condition may take.
ROUNDS, STEPS = 3, 300_000

#: What stands for the sets and maps that a scheme quantifies.
Choice = Mapping[Atom | Generator, Any]


@dataclass(frozen=True)
class Known:
    """An instance of a scheme whose conditions were proved, with the certificates of these."""

    scheme: int
    choice: Choice
    law: Law
    proofs: tuple[dict[str, Any], ...]


def schemes(law: Law) -> tuple[Law, ...]:
    """The hypotheses of a law about every map or set, with conditions that quantify nothing themselves."""
    return tuple(h for h in law.given if h.every and not any(c.every or c.given for c in h.given))


class Instances:
    """The instances of the schemes of a law, found in rounds.

    Args:
        law: what is to be proved.
    """

    def __init__(self, law: Law) -> None:
        self.schemes = schemes(law)
        self.law = replace(law, given=tuple(usable(law.given)))
        self.known: list[Known] = []
        self.met: set[tuple[Arrow, Arrow]] = {(h.lhs, h.rhs) for h in self.law.given}

    def expanded(self) -> Law:
        """The law with all known instances among its hypotheses."""
        return self.law.under(known.law for known in self.known)

    def more(self) -> bool:
        """Look for instances whose conditions can be proved by now; whether there are new ones."""
        before = len(self.known)
        maps = pool(self.expanded(), self.schemes)
        for number, scheme in enumerate(self.schemes):
            for choice in it.islice(choices(scheme, maps), INSTANCES):
                if len(self.known) - before >= USED:
                    break
                self._meet(number, scheme, choice)
        return len(self.known) > before

    def _meet(self, number: int, scheme: Law, choice: Choice) -> None:
        try:
            found = Instance(choice).law(replace(scheme, every=()))
        except CatError:
            return
        ends = found.lhs, found.rhs
        if found.lhs is found.rhs or ends in self.met or ends[::-1] in self.met:
            return
        if not found.given:
            self.met.add(ends)
        given = self.expanded().given
        if self._proved(Law(scheme.name, *ends, given)) is not None:  # nothing new
            return
        proofs: list[dict[str, Any]] = []
        for condition in found.given:
            proof = self._proved(replace(condition, given=given))
            if proof is None:
                return
            proofs.append(proof)
        self.met.add(ends)
        name = f"{scheme.name}, instance {len(self.known) + 1}"
        self.known.append(Known(number, choice, Law(name, *ends), tuple(proofs)))

    @staticmethod
    def _proved(condition: Law) -> dict[str, Any] | None:
        try:
            found = certificate(statement(condition), depth=0, steps=STEPS, complete=False)
        except (Unsettled, Untranslatable):
            return None
        return None if found["lemmas"] else found

    def certificate(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """The certificate of the law, from one of the law with the known instances among its hypotheses.

        Instances that nothing rests on are left out.
        """
        start, proofs = len(self.law.given), [freeze(found["proof"])]
        proofs += [freeze(lemma["proof"]) for lemma in found["lemmas"]]
        used = self._needed(proofs, start)
        places = {start + old: start + new for new, old in enumerate(used)}
        dropped = len(self.known) - len(used)

        def number(old: int) -> int:
            return places.get(old, old if old < start else old - dropped)

        kept = [self.known[i] for i in used]
        law = self.law.under(known.law for known in kept)
        said, written = with_schemes(law, self.schemes, [(known.scheme, known.choice) for known in kept])
        for lemma, known in zip(written, kept, strict=True):
            lemma["proofs"] = [renumbered(freeze(proof["proof"]), number) for proof in known.proofs]
        lemmas = [{**lemma, "proof": renumbered(freeze(lemma["proof"]), number)} for lemma in found["lemmas"]]
        proof = renumbered(proofs[0], number)
        return {**found, "statement": said, "lemmas": [*written, *lemmas], "proof": proof}

    def _needed(self, proofs: Sequence[Any], start: int) -> list[int]:
        """The numbers of the instances that some proofs rest on, also through conditions of others."""
        found: set[int] = set()
        todo = list(proofs)
        while todo:
            for which in {n - start for n in numbers(todo.pop())} & set(range(len(self.known))) - found:
                found.add(which)
                todo += [freeze(proof["proof"]) for proof in self.known[which].proofs]
        return sorted(found)


# ---- what may be put for what ----------------------------------------------------------------------------------------


def pool(law: Law, every: Sequence[Law]) -> list[Arrow]:
    """The maps that occur in a law, small ones first: parts of terms, runs of composites, identities."""
    free = set(law.symbols()[1]) | {g for s in every for g in Law("", law.lhs, law.rhs, (s,)).symbols()[1]}
    found: dict[Arrow, None] = {}
    for side in (law.lhs, law.rhs):
        found |= dict.fromkeys((side, *_runs(side)))
    for hypothesis in (*law.given, *every):
        for side in (hypothesis.lhs, hypothesis.rhs, *(s for c in hypothesis.given for s in (c.lhs, c.rhs))):
            found |= dict.fromkeys((side, *_runs(side)))
    plain = [f for f in found if all(g in free for g in subterms(f) if isinstance(g, Generator))]
    ends = dict.fromkeys(end for f in plain for end in (f.dom, f.cod))
    fixed = {a for end in ends for a in occurring(end, Atom)} & set(law.symbols()[0])
    maps = dict.fromkeys((*plain, *map(ident, ends)))
    closed = [f for f in maps if all(occurring(end, Atom) <= fixed for end in (f.dom, f.cod))]
    return sorted(closed, key=lambda f: (formers(f), str(f)))[:MAPS]


def _runs(f: Arrow) -> Iterator[Arrow]:
    """The parts of a term, and the runs of its composites."""
    for part in subterms(f):
        yield part
        if isinstance(part, Composite):
            count = len(part.args)
            for begin, end in it.combinations(range(count + 1), 2):
                if 1 < end - begin < count:
                    yield compose(*part.args[begin:end])


def choices(scheme: Law, maps: Sequence[Arrow]) -> Iterator[Choice]:
    """What may be put for the sets and maps of a scheme, small maps first, where the types fit."""
    arrows = [each for each in scheme.every if isinstance(each, Generator)]
    atoms = [each for each in scheme.every if isinstance(each, Atom)]
    fixed = _fixed(scheme)
    sets = list(dict.fromkeys(end for f in maps for end in (f.dom, f.cod)))

    def extend(number: int, chosen: dict[Any, Any], size: int) -> Iterator[tuple[int, Choice]]:
        if number < len(arrows):
            for f in maps:
                more = _fitting(arrows[number], f, chosen, atoms)
                if more is not None and all(more.get(atom, atom) is atom for atom in fixed):
                    yield from extend(number + 1, {**more, arrows[number]: f}, size + formers(f))
            return
        rest = [atom for atom in atoms if atom not in chosen]
        for values in it.product(*([atom] if atom in fixed else sets for atom in rest)):
            yield size, {**chosen, **dict(zip(rest, values, strict=True))}

    found = list(it.islice(extend(0, {}, 0), 20 * INSTANCES))
    yield from (choice for _, choice in sorted(found, key=lambda sized: sized[0]))


def _fixed(scheme: Law) -> set[Ob]:
    """The atoms in the types of maps that a scheme does not quantify: these maps are there at the atoms alone."""
    free = (g for g in Law("", scheme.lhs, scheme.rhs, scheme.given).symbols()[1] if g not in scheme.every)
    return {a for g in free if isinstance(g, Generator) for end in (g.dom, g.cod) for a in occurring(end, Atom)}


def _fitting(arrow: Generator, f: Arrow, chosen: Mapping[Any, Any], atoms: Sequence[Atom]) -> dict[Any, Any] | None:
    """The choice with the sets for which a map can be put for another one, where there are such sets."""
    more = dict(chosen)
    fits = _match(arrow.dom, f.dom, more, atoms) and _match(arrow.cod, f.cod, more, atoms)
    return more if fits else None


def _match(pattern: Ob, ob: Ob, chosen: dict[Any, Any], atoms: Sequence[Atom]) -> bool:
    if isinstance(pattern, Atom) and pattern in atoms:
        return chosen.setdefault(pattern, ob) is ob
    if pattern is ob:
        return True
    inside, parts = children(pattern), children(ob)
    if type(pattern) is not type(ob) or not inside or len(inside) != len(parts):
        return False
    if [a for a in pattern.args if not isinstance(a, Ob)] != [a for a in ob.args if not isinstance(a, Ob)]:
        return False
    return all(_match(a, b, chosen, atoms) for a, b in zip(inside, parts, strict=True))
