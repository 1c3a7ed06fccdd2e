"""How many samples a task takes beside those of its parts: the hypotheses H1 to H4 (THEORY T7.2).

A learner makes an answering function of samples.  Once the parts of a task are learned, the whole takes a constant
number of further samples (H1), as many as the hardest part (H2), as many as all parts together (H3), or more (H4).
How the whole is composed says which, for a learner that memorises what it saw:

* the composite ``f ; g`` of two tables has the questions of f (H2),
* the sum ``[f, g] : A + B → C`` has those of both (H3),
* the product ``f × g : A × B → C × D`` has all pairs of them (H4),

while a learner that composes the tables it has, with their entries tied and frozen, needs no further sample (H1).

Thomm and others report that language models that know all parts learn such wholes as H4 says, and prove that gradient
descent on feed-forward networks that memorise can be exponentially inefficient in samples.  Both are claims of the
literature; they are cited here and not reproduced (FEATURES 130).

>>> f = {str(n): str((7 * n + 3) % 40) for n in range(40)}
>>> g = {str(n): str((9 * n) % 40) for n in range(40)}
>>> whole = [Sample(q, g[f[q]]) for q in f]
>>> needed = samples_needed(memorising, whole), samples_needed(composed(f.get, g.get), whole)
>>> needed, [hypothesis(n, {"f": 38, "g": 38}) for n in needed]
((38, 0), ['H2', 'H1'])
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

from catcore.errors import BadSpecification
from catcore.reasoning.task import Sample, size

#: Numbers of samples are at most this.
MAX_SAMPLES = 10**12

Answering = Callable[[str], str | None]
Learner = Callable[[Sequence[Sample]], Answering]


def memorising(samples: Sequence[Sample]) -> Answering:
    """The learner that answers what it has seen, and nothing else."""
    return {sample.question: sample.answer for sample in _listed(samples)}.get


def composed(*parts: Answering) -> Learner:
    """The learner that composes what it knows already, and looks at no further sample."""

    def answer(question: str) -> str | None:
        said: str | None = question
        for part in parts:
            said = None if said is None else part(said)
        return said

    return lambda samples: answer


def accuracy(answer: Answering, samples: Iterable[Sample]) -> float:
    """The part of the samples that are answered exactly; 1 where there is none.

    Raises:
        BadSpecification: when something else than samples is given.
    """
    right = [answer(sample.question) == sample.answer for sample in _listed(samples)]
    return sum(right) / len(right) if right else 1.0


def samples_needed(
    learner: Learner,
    samples: Sequence[Sample],
    *,
    exam: Sequence[Sample] | None = None,
    reach: float = 0.95,
    seed: int = 0,
) -> int | None:
    """The fewest samples from which a learner passes an exam, and ``None`` when all together do not suffice.

    The samples are put into a random order and shown from its beginning.  More samples are taken to do no harm, so that
    the number can be found by halving.

    Args:
        learner: what makes an answering function.
        samples: what it may be shown.
        exam: the samples that it is asked, by default all of them.
        reach: the part that it has to answer exactly, above 0 and at most 1.
        seed: of the order.

    Raises:
        BadSpecification: when ``reach`` is no such part, or something else than samples is given.
    """
    if not isinstance(reach, int | float) or not 0 < reach <= 1:
        raise BadSpecification(f"An exam is passed by a part above 0 and at most 1, and reach={reach!r:.60} was given.")
    order, asked = _listed(samples), samples if exam is None else _listed(exam)
    Random(seed).shuffle(order)

    def passed(count: int) -> bool:
        return accuracy(learner(order[:count]), asked) >= reach

    few, many = 0, len(order)
    if not passed(many):
        return None
    while few < many:
        middle = (few + many) // 2
        few, many = (few, middle) if passed(middle) else (middle + 1, many)
    return many


def hypothesis(whole: int | None, parts: Mapping[str, int | None], *, constant: int = 10) -> str:
    """Which of H1 to H4 describes the samples that a whole needs beside those of its parts.

    ``constant`` is what still counts as a constant number.  A whole that is not learned at all is H4; a part that is
    not learned bounds nothing.

    Raises:
        BadSpecification: when there are no parts, or a number of samples is no such number.
    """
    for count in (whole, *_of(parts)):
        size(0 if count is None else count, "number of samples", largest=MAX_SAMPLES)
    size(constant, "constant number of samples", largest=MAX_SAMPLES)
    if not parts:
        raise BadSpecification("The samples of a whole are compared with those of its parts, and no part was given.")
    counts = [math.inf if count is None else count for count in parts.values()]
    bounds = {"H1": constant, "H2": max(counts), "H3": sum(counts)}
    return next((name for name, bound in bounds.items() if whole is not None and whole <= bound), "H4")


def _of(parts: object) -> Iterable[object]:
    if not isinstance(parts, Mapping):
        raise BadSpecification(f"Parts are given as numbers of samples by their names, and {parts!r:.60} was given.")
    return parts.values()


def _listed(samples: Any) -> list[Sample]:
    """Samples as a list."""
    found = list(samples) if isinstance(samples, Iterable) else [samples]
    if all(isinstance(sample, Sample) for sample in found):
        return found
    raise BadSpecification(
        f"A row of samples was asked for, and {samples!r:.60} was given. Give Sample(QUESTION, ANSWER)."
    )


__all__ = ["Answering", "Learner", "accuracy", "composed", "hypothesis", "memorising", "samples_needed"]
