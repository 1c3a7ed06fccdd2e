"""Proved equations as lemmas of another proof.

A certificate proves one statement from its own hypotheses and lemmas.  As a lemma of another goal it is taken over with
all that it rests on; its hypotheses must be hypotheses of that goal, and operations of one name must have one type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catcore.errors import MoveRefused
from catcore.laws import Law
from catcore_proofs.evaluation import Rejected, Split, filled, flat
from catcore_proofs.goals.holes import needed, renumbered
from catcore_proofs.kernel import Kernel, replay
from catcore_proofs.prover import prove
from catcore_proofs.search import Unsettled, certificate
from catcore_proofs.syntax import freeze
from catcore_proofs.translation import Untranslatable, statement
from catcore_proofs.verdicts import Verdict


@dataclass(frozen=True)
class Lemma:
    """A lemma of a proof: its name, and what the kernel takes; ``body["proof"]`` proves it."""

    name: str
    body: Mapping[str, Any] = field(hash=False)


def taken_over(certificate: Any, said: Mapping[str, Any], count: int, name: str) -> tuple[dict[str, Any], list[Lemma]]:
    """A statement in which a certified equation can be used, and the lemmas that the certificate adds to ``count``.

    Raises:
        MoveRefused: when the certificate rests on what the statement does not have.
    """
    own = freeze_all(certificate["statement"])
    if own.get("schemes"):
        raise MoveRefused(
            f"The lemma {name!r} rests on a hypothesis about every map, and a lemma rests on equations only; state the "
            "goal with the law and that hypothesis."
        )
    places = [_hypothesis(hypothesis, said, name) for hypothesis in own["given"]]
    joined = {
        **said,
        "signature": _maps(said["signature"], own["signature"], name),
        "functors": _joined(said["functors"], own.get("functors") or {}, name),
    }
    given, start = len(said["given"]), len(own["given"])

    def number(old: int) -> int:
        return places[old] if old < start else given + count + old - start

    lemmas = [*map(freeze_all, certificate["lemmas"]), _as_lemma(own, certificate["proof"], name)]
    titles = [f"{name}, lemma {i + 1}" for i in range(len(lemmas) - 1)] + [name]
    return joined, [
        Lemma(title, {**body, "proof": renumbered(freeze(body["proof"]), number)})
        for title, body in zip(titles, lemmas, strict=True)
    ]


def title(known: Any) -> str:
    """What a law, a verdict, a goal or a certificate is called."""
    match known:
        case Law():
            return known.name
        case Verdict():
            return known.law
        case Mapping():
            return str(known["statement"]["name"])
    return str(getattr(getattr(known, "law", None), "name", known))


def certified(known: Any, goal: Law) -> tuple[str, Any, str]:
    """A proved equation: its name, its certificate, and the Python that says it.

    Raises:
        MoveRefused: when it is not proved.
    """
    match known:
        case Law():
            return known.name, _searched(known.under(goal.given)), repr(known)
        case Verdict():
            return known.law, _certificate(known), repr(known.certificate)
        case {"statement": {"name": str(name)}}:
            return name, _replayed(known), repr(known)
    if hasattr(known, "certificate") and hasattr(known, "expression"):
        return title(known), known.certificate(), known.expression
    raise MoveRefused(f"A lemma is a law, a verdict, a finished goal or a certificate, and {known!r} was given.")


def _searched(law: Law) -> Any:
    try:
        return _replayed(certificate(statement(law)))
    except (Unsettled, Untranslatable):
        raise MoveRefused(f"A lemma has to be proved, and this one is not: {prove(law)}.") from None


def _certificate(verdict: Verdict) -> Any:
    if verdict.certificate is None:
        raise MoveRefused(f"A lemma needs a certificate, and this verdict has none: {verdict}. Give a proved law.")
    return _replayed(verdict.certificate)


def _replayed(found: Any) -> Any:
    """A certificate that the kernel accepts, whoever wrote it."""
    try:
        replay(found)
    except Rejected as error:
        raise MoveRefused(f"A lemma has to be proved, and the kernel refuses its certificate: {error}.") from None
    return found


def freeze_all(value: Any) -> Any:
    """JSON values with lists as tuples, as the kernel reads them."""
    return {k: freeze_all(v) for k, v in value.items()} if isinstance(value, dict) else freeze(value)


def _joined(ours: Mapping[str, Any], theirs: Mapping[str, Any], name: str) -> dict[str, Any]:
    for each in ours.keys() & theirs.keys():
        if freeze(ours[each]) != freeze(theirs[each]):
            raise MoveRefused(
                f"The lemma {name!r} speaks of another {each!r} than the goal: the types differ. Rename one of the two."
            )
    return {**ours, **theirs}


def _maps(ours: Mapping[str, Any], theirs: Mapping[str, Any], name: str) -> dict[str, Any]:
    if unheard := strangers(ours, theirs):
        raise MoveRefused(
            f"{name!r} speaks of a map {unheard[0]!r} that the goal does not have, and there may be no map of its "
            "type; state the goal with it, or leave it out."
        )
    return _joined(ours, theirs, name)


def strangers(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The maps of another signature that there may not be: where there is none, a proof about one says nothing."""
    new = {name: map(freeze, theirs[name]) for name in sorted(theirs.keys() - ours.keys())}
    return [name for name, (dom, cod) in new.items() if not inhabited(cod, flat(dom))]


def inhabited(kind: Any, known: tuple[Any, ...] = ()) -> bool:
    """Whether a type clearly has an element wherever the ``known`` ones have some."""
    if kind in known or "0" in known or ("f", 0) in known:
        return True
    match kind[0]:
        case "*":
            return inhabited(kind[1], known) and inhabited(kind[2], known)
        case "+":
            return inhabited(kind[1], known) or inhabited(kind[2], known)
        case "^":
            return inhabited(kind[1], (*known, *flat(kind[2])))
        case "μ":
            return inhabited(filled(kind[1], "0"), known)
        case "ν":
            return inhabited(filled(kind[1], "1"), known)
    return bool(kind == "1" or (kind[0] == "f" and kind[1] > 0))


def _hypothesis(hypothesis: Any, said: Mapping[str, Any], name: str) -> int:
    parts = ("dom", "cod", "lhs", "rhs")
    for i, known in enumerate(said["given"]):
        if all(freeze(known[part]) == freeze(hypothesis[part]) for part in parts):
            return i
    raise MoveRefused(f"The lemma {name!r} rests on a hypothesis that the goal does not have; state the goal with it.")


def _as_lemma(said: Mapping[str, Any], proof: Any, name: str) -> dict[str, Any]:
    """A statement about generic elements as an equation between normal forms."""
    kernel = Kernel(said["signature"], functors=said.get("functors"))
    equation = kernel.equation(said)
    kernel.context = list(equation.kinds)
    values = [kernel.reflect(("v", i), k) for i, k in enumerate(equation.kinds)]
    try:
        lhs, rhs = (kernel.reify(equation.evaluate(side, values), equation.cod) for side in (0, 1))
    except Split:
        raise MoveRefused(
            f"The lemma {name!r} is about an element of a sum, so that its sides have no normal form; state one lemma "
            "for each case."
        ) from None
    return {"variables": equation.kinds, "cod": equation.cod, "lhs": lhs, "rhs": rhs, "proof": proof}


def middle_equation(law: Law, middle: Any, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A statement that knows the generators of a third arrow, and the equation of the left side with that arrow.

    Raises:
        NotParallel: when the arrow has another type.
        MoveRefused: when it cannot be said to the kernel.
    """
    try:
        own = statement(Law("the arrow in the middle", law.lhs, middle))
    except Untranslatable as error:
        raise MoveRefused(f"A step via {middle} cannot be made: {error}.") from None
    maps = _maps(said["signature"], own["signature"], own["name"])
    joined = {"signature": maps, "functors": _joined(said["functors"], own["functors"], own["name"])}
    return {**said, **joined}, own


def pruned(proof: Any, lemmas: tuple[Lemma, ...], given: int, keep: int = 0) -> tuple[Any, tuple[Lemma, ...]]:
    """A proof without the lemmas that nothing rests on; the first ``keep`` stay."""
    kept = sorted({*range(keep), *needed(proof, tuple(lemma.body["proof"] for lemma in lemmas), given)})
    for which in range(keep):
        kept = sorted({*kept, *needed(lemmas[which].body["proof"], tuple(m.body["proof"] for m in lemmas), given)})
    places = {given + old: given + new for new, old in enumerate(kept)}

    def number(old: int) -> int:
        return places.get(old, old)

    return renumbered(proof, number), tuple(
        Lemma(lemmas[i].name, {**lemmas[i].body, "proof": renumbered(freeze(lemmas[i].body["proof"]), number)})
        for i in kept
    )
