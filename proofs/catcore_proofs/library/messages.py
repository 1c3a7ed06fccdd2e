"""Messages: sums of a semiring over lists of them, and cocycles of what states emit (THEORY T3.5, T3.6)."""

from __future__ import annotations

from collections.abc import Iterator

from catcore import theories
from catcore.arrows import Arrow, fold, generator
from catcore.laws import Law
from catcore.objects import atoms
from catcore.structures.lists import LIST, append
from catcore.theories import Model
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

M, S, A = atoms("M S A")


def theorems() -> Iterator[Theorem]:
    """Aggregation in a semiring, its naturality, and cocycles as actions."""
    yield Theorem("sums of messages", "T3.5; Dudzik and Veličković 2022", sums_of_messages)
    yield Theorem("one program in two semirings", "T3.5", change_of_semiring)
    yield Theorem("cocycles are actions that emit", "T3.6; Dudzik et al. 2023", cocycles)


def total(k: Model) -> Arrow:
    """The sum of a list of messages."""
    r = k.carrier
    return fold(LIST(r), trace(lambda x: x.case(inl=lambda u: k.zero(u), inr=lambda p: k.add(*p)), 1 + r * r, r))


def sums_of_messages() -> tuple[Law, ...]:
    """Messages may be added in parts, and what respects sums passes them: so answers of subproblems are shared."""
    k = theories.semiring.variable("K")
    r = k.carrier
    factor = generator("c·", r, r)  # multiplication by an element respects sums, since it distributes and 0 absorbs
    respects = (Law("0", k.zero >> factor, k.zero), Law("+", k.add >> factor, (factor * factor) >> k.add))
    return (
        Law("in parts", append(r) >> total(k), (total(k) * total(k)) >> k.add).under(k.given),
        Law("a common factor", LIST(factor) >> total(k), total(k) >> factor, respects),
    )


def change_of_semiring() -> tuple[Law, ...]:
    """A homomorphism of semirings may be applied before messages are multiplied and added, or after."""
    k, l = theories.semiring.variable("K"), theories.semiring.variable("L")
    h = generator("h", k.carrier, l.carrier)
    respects = (
        Law("0", k.zero >> h, l.zero),
        Law("+", k.add >> h, (h * h) >> l.add),
        Law("×", k.mult >> h, (h * h) >> l.mult),
    )
    return (Law("messages", LIST(k.mult) >> total(k) >> h, LIST((h * h) >> l.mult) >> total(l), respects),)


def cocycles() -> tuple[Law, ...]:
    """``m • (s, a) = (m • s, δ(m, s) · a)`` is an action of M on S × A when δ is a 1-cocycle."""
    acts, gathered = theories.action.variable("M", "S"), theories.monoid.variable("A")
    emit = generator("δ", M * S, A)
    emitting = theories.action.model(
        M, S * A, unit=acts.unit, mult=acts.mult,
        act=trace(lambda p: (acts.act(p[0], p[1][0]), gathered.mult(emit(p[0], p[1][0]), p[1][1])), M * (S * A), S * A),
    )  # fmt: skip
    cocycle = (
        Law("unit", trace(lambda s: emit(acts.unit, s), S, A), trace(lambda s: gathered.unit, S, A)),
        Law(
            "composition",
            trace(lambda t: emit(acts.mult(t[0][0], t[0][1]), t[1]), M * M * S, A),
            trace(lambda t: gathered.mult(emit(t[0][0], acts.act(t[0][1], t[1])), emit(t[0][1], t[1])), M * M * S, A),
        ),
    )
    known = (*acts.given, *gathered.given, *cocycle)
    return tuple(law.under(known) for law in emitting.laws() if "acts as" in law.name)
