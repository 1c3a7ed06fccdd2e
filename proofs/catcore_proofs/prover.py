"""``verify``, ``prove`` and ``refute``: settle laws, and say how.

An equation between maps of given finite sets is evaluated on all elements.  For any other equation a proof is
searched; if the kernel accepts the certificate, the law is proved.  If there is no proof, small finite sets are
searched for the smallest counterexample.  What neither settles is ``unknown``, with what was tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from catcore.arrows import Arrow, doctrines, formers
from catcore.categories.finite_sets import MAX_ELEMENTS, FiniteModel, computed_by, computing
from catcore.datatypes.hylomorphisms import planned
from catcore.errors import CatError, IllTyped, NotInterpreted, TooLarge
from catcore.laws import Law, Lawful, PointwiseLaw
from catcore.objects import Nu
from catcore_proofs import algebraic_proofs, whiskering
from catcore_proofs.algebraic import in_free_model
from catcore_proofs.evaluation import Rejected
from catcore_proofs.instantiation import refute_by_instances, variables
from catcore_proofs.kernel import replay
from catcore_proofs.quantifiers import ROUNDS, Instances, schemes
from catcore_proofs.refutation import Refutation, difference, refute_law
from catcore_proofs.satisfaction import satisfied
from catcore_proofs.search import DEPTH, Unsettled, certificate
from catcore_proofs.shapes import has_data, mentions, refute_by_shapes
from catcore_proofs.translation import FORMERS, Untranslatable, statement
from catcore_proofs.verdicts import Counterexample, Report, Verdict

#: How many shapes of data, and how many finite models, are looked at before lemmas are searched for.
FIRST_LOOK, FIRST_MODELS = 200, 1_500

#: How many hypotheses are completed together with instances of others.
COMPLETED = 8


def verify(structure: Lawful | Law | PointwiseLaw | Iterable[Law | PointwiseLaw], *, backend: str = "") -> Report:
    """Settle every law of a structure: one verdict a law.

    Args:
        structure: anything with ``laws()`` (a monad, an algebra, a monoid, a category, …), or laws themselves.
        backend: whose arrays hold the elements of finite sets, such as ``"cupy"``; NumPy's when left out.

    Raises:
        IllTyped: when there are no laws to be found.
        BackendMissing: when the backend, its library or its device is not here.

    >>> from catcore import Id, Monad, One, case, ident, inl, inr
    >>> maybe = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
    >>> print(verify(maybe))
    monad 1 + Id: holds
      naturality of unit: holds (proved)
      naturality of mult: holds (proved)
      left unit: holds (proved)
      right unit: holds (proved)
      associativity: holds (proved)
    """
    with computed_by(backend):
        return Report(_subject(structure), tuple(_settle(law) for law in _laws(structure)))


def prove(
    lhs: Arrow | Law | PointwiseLaw, rhs: Arrow | None = None, *, given: Iterable[Law | Verdict] = (),
    name: str = "equation", backend: str = "",
) -> Verdict:  # fmt: skip
    """Settle one equation ``lhs = rhs`` under hypotheses; the verdict holds the certificate or the counterexample.

    A law among the ``given`` is a hypothesis of the statement.  A verdict that has a certificate is a lemma: its proof
    becomes part of the proof, so that nothing more is assumed.  A pointwise law is checked at all its points.  Finite
    sets are computed with in NumPy's arrays, or in those of another ``backend``, such as ``"cupy"``.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        NotParallel: when the two sides differ in domain or codomain.
        MoveRefused: when a verdict has no certificate, or rests on what the statement does not have.
    """
    with computed_by(backend):
        if isinstance(lhs, PointwiseLaw):
            return _settle(lhs)
        known = tuple(given)
        law = stated(lhs, rhs, given=[each for each in known if isinstance(each, Law)], name=name)
        lemmas = [each for each in known if not isinstance(each, Law)]
        found = _from_lemmas(law, lemmas) if lemmas else None
        return _settle(law) if found is None else verdict_on(law, "holds", "proved", certificate=found)


def _from_lemmas(law: Law, verdicts: Iterable[Verdict]) -> dict[str, Any] | None:
    """A certificate that uses proved equations, with their proofs in it; none when they do not help."""
    from catcore_proofs.goals.lemmas import certified, strangers, taken_over  # goals are built on this module

    try:
        said, lemmas = statement(law), list[dict[str, Any]]()
        for verdict in verdicts:
            name, proof, _ = certified(verdict, law)
            if strangers(said["signature"], proof["statement"]["signature"]):
                continue  # it helps only where there are maps of which the law does not speak
            said, more = taken_over(proof, said, len(lemmas), name)
            lemmas += [dict(lemma.body) for lemma in more]
        found = certificate(dict(said), known=lemmas)
        replay(found)
    except (Unsettled, Untranslatable, Rejected):
        return None
    return found


def refute(
    lhs: Arrow | Law, rhs: Arrow | None = None, *, given: Iterable[Law] = (), name: str = "equation", backend: str = ""
) -> Counterexample | None:
    """The smallest counterexample of ``lhs = rhs`` that the search finds, or None; None is no proof.

    Finite sets are computed with in NumPy's arrays, or in those of another ``backend``, such as ``"cupy"``.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        NotParallel: when the two sides differ in domain or codomain.
    """
    with computed_by(backend):
        return _refutation(stated(lhs, rhs, given=given, name=name)).counterexample


def stated(lhs: Arrow | Law, rhs: Arrow | None = None, *, given: Iterable[Law] = (), name: str = "equation") -> Law:
    """The law that an equation under hypotheses is, be it given as one or by its two sides.

    Raises:
        IllTyped: when there is one arrow only.
        NotParallel: when the two sides differ in domain or codomain.
    """
    if isinstance(lhs, Law):
        return planned(lhs.under(given))
    if rhs is None:
        raise IllTyped("An equation has two sides: give both arrows, or one Law.")
    return planned(Law(name, lhs, rhs, tuple(given)))


def _laws(structure: Any) -> tuple[Law | PointwiseLaw, ...]:
    if isinstance(structure, Law | PointwiseLaw):
        return (structure,)
    if isinstance(structure, Lawful) and not isinstance(structure, type):
        return tuple(structure.laws())
    if isinstance(structure, list | tuple) and all(isinstance(law, Law | PointwiseLaw) for law in structure):
        return tuple(structure)
    raise IllTyped(
        f"verify was given {structure!r}, which lists no laws; give a structure with a method laws(), or laws."
    )


def _subject(structure: Any) -> str:
    if isinstance(structure, Law | PointwiseLaw):
        return structure.name
    text = str(structure)
    return text if len(text) <= 60 and "\n" not in text else type(structure).__name__


def _settle(law: Law | PointwiseLaw) -> Verdict:
    if isinstance(law, PointwiseLaw):
        return _pointwise(law)
    try:
        return _equation(planned(law))
    except RecursionError:
        return Verdict(law.name, "unknown", "", reason="the equation is nested too deeply to be looked at")


def _equation(law: Law) -> Verdict:
    if (size := formers(law.lhs) + formers(law.rhs)) > FORMERS:
        reason = f"the equation has {size} term formers, written out without sharing; at most {FORMERS} are looked at"
        return Verdict(law.name, "unknown", "", reason=reason)
    verdict = _closed(law)
    if verdict is not None:
        return verdict
    proof, reason = _proof(law, lemmas=False, complete=False)
    if proof is None:
        # a look at the smallest data and models spares the search for lemmas of what is false
        early = _first_look(law)
        if early.counterexample is not None:
            return _failing(law, early)
        proof = _by_instances(law) or algebraic_proofs.certificate(law)
    if proof is None:
        proof, reason = _proof(law, complete=not algebraic_proofs.covers(law))
    if proof is not None:
        return verdict_on(law, "holds", "proved", certificate=proof)
    try:
        found = _refutation(law)
    except CatError as error:
        found = Refutation(None, False, str(error))
    if found.counterexample is not None:
        return _failing(law, found)
    free = None if variables(law) else in_free_model(law)
    if free is not None:
        return verdict_on(law, "fails", "symbolic", counterexample=free)
    reason = "; ".join(filter(None, (reason, found.tried)))
    return verdict_on(law, "unknown", "", reason=reason, backend=found.backend)


def _failing(law: Law, found: Refutation) -> Verdict:
    return verdict_on(law, "fails", found.evidence, counterexample=found.counterexample, backend=found.backend)


def _first_look(law: Law) -> Refutation:
    """A counterexample among the smallest data, or the smallest models of the hypotheses."""
    if variables(law):
        return Refutation(None, False, "")
    if has_data(law):
        return refute_by_shapes(law, limit=FIRST_LOOK)
    return refute_law(law, models=FIRST_MODELS, samples=0) if law.given else Refutation(None, False, "")


def _refutation(law: Law) -> Refutation:
    """A counterexample at small instances of what is arbitrary, among small data, or among finite sets."""
    if variables(law):
        return refute_by_instances(law, lambda hypothesis: _proof(hypothesis, lemmas=False)[0] is not None)
    if has_data(law):
        return refute_by_shapes(law)
    among_sets = refute_law(law)
    if among_sets.counterexample is not None:
        return among_sets
    # sums have few generic elements, where finite sets are too large; smaller sets may have been left out
    found = refute_by_shapes(law)
    backend = among_sets.backend if found.counterexample is None else ""
    return replace(found, smallest=found.smallest and mentions(law, Nu), tried=among_sets.tried, backend=backend)


def verdict_on(law: Law, status: str, evidence: str, **more: Any) -> Verdict:
    """A verdict on a law, with its statement and the doctrines that it uses."""
    used = tuple(sorted(doctrines(law.lhs) | doctrines(law.rhs)))
    return Verdict(law.name, status, evidence, str(law), doctrines=used, **more)


def _closed(law: Law) -> Verdict | None:
    """The verdict on an equation between maps of given finite sets, by evaluating all elements."""
    atoms, generators = law.symbols()
    if atoms or generators:
        return None
    model = FiniteModel()
    try:
        if model.size(law.lhs.dom) > MAX_ELEMENTS:
            return None
        if not all(satisfied(h, model) for h in law.given):
            reason = "a hypothesis fails, so there is nothing to check"
            return verdict_on(law, "holds", "exhaustive", reason=reason, backend=computing())
        found = difference(law, model)
    except (NotInterpreted, TooLarge):
        return None
    return verdict_on(law, "fails" if found else "holds", "exhaustive", counterexample=found, backend=computing())


def _proof(law: Law, *, lemmas: bool = True, complete: bool = True) -> tuple[dict[str, Any] | None, str]:
    """A certificate that the kernel has replayed, or the reason why there is none."""
    try:
        found = certificate(statement(law), depth=DEPTH if lemmas else 0, complete=complete)
        replay(found)
    except (Unsettled, Untranslatable) as error:
        return _whiskered(law, str(error)) if variables(law) and not (lemmas or complete) else (None, str(error))
    except Rejected as error:  # the search and the kernel disagree: nothing is claimed
        return None, f"the kernel refused the certificate: {error}"
    return found, ""


def _by_instances(law: Law) -> dict[str, Any] | None:
    """A certificate that uses instances of hypotheses about every map or set, where there are such hypotheses."""
    if not schemes(law):
        return None
    instances = Instances(law)
    for _ in range(ROUNDS):
        if not instances.more():
            break
        found, _ = _proof(instances.expanded(), lemmas=False, complete=False)
        if found is not None:
            return _accepted(instances, found)
    law = instances.expanded()
    found = _proof(law, complete=len(law.given) <= COMPLETED)[0] if instances.known else None
    return None if found is None else _accepted(instances, found)


def _accepted(instances: Instances, found: dict[str, Any]) -> dict[str, Any] | None:
    """The certificate with its instances, if the kernel accepts it."""
    try:
        complete = instances.certificate(found)
        replay(complete)
    except (Untranslatable, Rejected):
        return None
    return complete


def _whiskered(law: Law, reason: str) -> tuple[dict[str, Any] | None, str]:
    """A certificate of a law of arbitrary functors and transformations; ``reason`` says what failed before."""
    try:
        found = whiskering.certificate(law)
        replay(found)
    except (whiskering.NoDiagram, Rejected) as error:
        return None, f"{reason}; {error}"
    return found, ""


def _pointwise(law: PointwiseLaw) -> Verdict:
    try:
        return _at_every_point(law)
    except TooLarge as error:
        return Verdict(law.name, "unknown", "", reason=str(error))


def _at_every_point(law: PointwiseLaw) -> Verdict:
    for point in law.points:
        lhs, rhs = law.lhs(point), law.rhs(point)
        if not _same(lhs, rhs):
            return Verdict(law.name, "fails", law.evidence, counterexample=Counterexample(point, lhs, rhs))
    if not len(law.points):
        return Verdict(law.name, "holds", law.evidence, reason="the range is empty")
    return Verdict(law.name, "holds", law.evidence)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    return bool(a == b)
