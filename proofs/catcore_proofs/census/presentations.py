"""Finitely presented monoids and complete systems of theories: elements and rules, counted (THEORY T1.5).

The elements of a presented monoid are the irreducible words of a confluent system of word rewriting.  The axioms of a
theory become a complete system when Knuth–Bendix completion ends: then two terms are equal exactly when their normal
forms are.

>>> from catcore import Monoid
>>> count_elements(Monoid.presentation("a b", ["a a = 1", "b b b = 1", "(a b)^2 = 1"])).count
6
>>> from catcore.theories import group
>>> complete_system(group).count
10
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from catcore.categories.finite_sets import checked
from catcore.equivariance.groups.monoid import Monoid
from catcore.errors import IllTyped, TooLarge
from catcore.theories import Theory
from catcore_proofs.census.findings import Count, Stopwatch
from catcore_proofs.census.theories import Reading
from catcore_proofs.completion.bank import Bank, Term
from catcore_proofs.completion.orders import KnuthBendix, LexicographicPath
from catcore_proofs.completion.saturation import Saturation


def count_elements(monoid: Monoid, *, backend: str = "") -> Count:
    """The number of elements of a finite monoid, also of one that is given by a presentation.

    Words are rewritten, and no arrays are made: a ``backend`` is only looked up, as by the other counts.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        TooLarge: when there are infinitely many, or the completion of the presentation does not end in bounds.
    """
    checked(backend)
    watch = Stopwatch()
    order = monoid.order
    if not isinstance(order, int):
        how = "infinitely many" if order is not None else "not found to be finitely many, within bounds"
        raise TooLarge(f"The elements of {monoid} were to be counted, and they are {how}.")
    return Count(f"elements of the monoid {monoid}", order, seconds=watch.seconds, searched="all irreducible words")


def complete_system(theory: Theory, *, order: str = "kbo", seconds: float = 10.0, backend: str = "") -> Count:
    """The rules of a complete rewriting system for a theory with one sort; ``structures`` are the rules as text.

    Args:
        theory: operations and equations between terms in them.
        order: ``'kbo'``, where the last unary operation weighs nothing and comes on top, or ``'lpo'``; operations are
            ranked by arity otherwise, unary ones highest, constants lowest.
        seconds: the last stop.
        backend: looked up, as by the counts, and not used: terms are rewritten.

    Raises:
        BackendMissing: when the backend, its library or its device is not here.
        IllTyped: when the theory has several sorts, or the order is unknown.
        TooLarge: when completion does not end in time, or leaves equations that cannot be directed.
    """
    checked(backend)
    if len(theory.sorts) != 1 or order not in ("kbo", "lpo"):
        raise IllTyped("A complete system is asked for a theory of one sort, with the order 'kbo' or 'lpo'.")
    watch = Stopwatch()
    run, names = _completed(theory, order, seconds)
    rules = tuple(f"{_show(r.lhs, names)} → {_show(r.rhs, names)}" for r in run.active)
    return Count(
        f"rules of a complete system for the theory '{theory.name}' ({order})", len(rules), evidence="exhaustive",
        seconds=watch.seconds, structures=rules, searched="all critical pairs of the rules are joined",
    )  # fmt: skip


def _completed(theory: Theory, order: str, seconds: float) -> tuple[Saturation, list[str]]:
    reading = Reading(theory, (1,), {})
    arities = [len(a) for a in reading.arguments]
    # two constants that no axiom mentions: their equation is what the complete system will refuse
    names, top = [*reading.names, "$1", "$2"], max((i for i, n in enumerate(arities) if n == 1), default=-1)
    rank = [(0, i) if n == 0 else (1, i) if n > 1 else (2, i) for i, n in enumerate([*arities, 0, 0])]
    precedence = [sorted(rank).index(r) for r in rank]
    bank = Bank([0 if order == "kbo" and i == top else 1 for i in range(len(names))])
    bank.least = bank.term(min((i for i, n in enumerate([*arities, 0]) if n == 0), key=lambda i: precedence[i]))
    ordering = KnuthBendix(precedence) if order == "kbo" else LexicographicPath(precedence)
    run = Saturation(bank, ordering, deadline=time.perf_counter() + seconds)
    for i, (lhs, rhs) in enumerate(reading.equations()):
        run.add(_term(bank, lhs), _term(bank, rhs), ("axiom", i))
    status = run.run(bank.term(len(arities)), bank.term(len(arities) + 1))
    if status != "refuted" or not run.complete or not all(rule.directed for rule in run.active):
        raise TooLarge(
            f"Completion of the theory '{theory.name}' did not end in directed rules within {seconds} s; "
            "give it more time or the other order."
        )
    return run, names


def _term(bank: Bank, t: Any) -> Term:
    return bank.variable(t + 1) if isinstance(t, int) else bank.term(t[0], tuple(_term(bank, a) for a in t[1]))


def _show(t: Term, names: Sequence[str]) -> str:
    if t.head < 0:
        return "xyzuvw"[-t.head - 1] if -t.head <= 6 else f"x{-t.head}"
    return names[t.head] + (f"({', '.join(_show(a, names) for a in t.args)})" if t.args else "")
