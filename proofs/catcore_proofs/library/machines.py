"""Behaviour: what machines do for ever, homomorphisms that keep it, and bisimulations (THEORY T3.2, T3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from catcore.arrows import Arrow, curry, fst, generator, ident, out, pair, snd, unfold
from catcore.functors import Id
from catcore.laws import Law
from catcore.objects import Nu, Ob, atoms, nu
from catcore.tracing import trace
from catcore_proofs.library.theorem import Theorem

INPUTS, OUTPUTS, R, S, T = atoms("I O R S T")
STREAMS, MOORE, MEALY = nu(OUTPUTS * Id), nu(OUTPUTS * Id**INPUTS), nu((OUTPUTS * Id) ** INPUTS)


def theorems() -> Iterator[Theorem]:
    """The equations of behaviour, and what follows from its uniqueness."""
    yield Theorem("behaviour of stream systems", "T3.2; CDL H.5", stream_systems)
    yield Theorem("behaviour of Moore machines", "T3.2", moore_machines)
    yield Theorem("behaviour of Mealy machines", "T3.2; CDL 2.15", mealy_machines)
    yield Theorem("homomorphisms keep behaviour", "T3.3", homomorphisms)
    yield Theorem("bisimilar states behave alike", "T3.3", bisimulations)


def shown(s: Ob) -> Arrow:
    """What a state shows."""
    return generator(f"output of {s}", s, OUTPUTS)


def stepped(s: Ob) -> Arrow:
    """Where an input leads."""
    return generator(f"step of {s}", s * INPUTS, s)


def behaviour(s: Ob) -> Arrow:
    """What a state of a Moore machine does for ever, ``S → ν(O × X^I)``."""
    return unfold(MOORE, pair(shown(s), curry(stepped(s))))


def respects(h: Arrow) -> tuple[Law, Law]:
    """That a map of states is a homomorphism of Moore machines."""
    s, t = h.dom, h.cod
    return (
        Law("same output", h >> shown(t), shown(s)),
        Law("same steps", (h * ident(INPUTS)) >> stepped(t), stepped(s) >> h),
    )


def stream_systems() -> tuple[Law, ...]:
    """``o(x) = output(u x)`` and ``u(n x) = next(u x)``, for one u only."""
    head, tail = out(STREAMS) >> fst(OUTPUTS, STREAMS), out(STREAMS) >> snd(OUTPUTS, STREAMS)
    follow = generator("next", S, S)

    def equations(u: Arrow) -> tuple[Law, Law]:
        return Law("output", u >> head, shown(S)), Law("next", u >> tail, follow >> u)

    found, h = unfold(STREAMS, pair(shown(S), follow)), generator("h", S, STREAMS)
    return *equations(found), Law("uniqueness", h, found, equations(h))


def moore_machines() -> tuple[Law, ...]:
    """Output now, step on input, for one map only."""

    def equations(u: Arrow) -> tuple[Law, Law]:
        return (
            Law("output", u >> out(MOORE) >> fst(OUTPUTS, MOORE**INPUTS), shown(S)),
            Law("step", (u * ident(INPUTS)) >> _after(MOORE), stepped(S) >> u),
        )

    h = generator("h", S, MOORE)
    return *equations(behaviour(S)), Law("uniqueness", h, behaviour(S), equations(h))


def _after(fixed: Nu) -> Arrow:
    """What a behaviour becomes by an input."""
    return trace(lambda p: out(fixed)(p[0])[1](p[1]), fixed * INPUTS, fixed)


def mealy_machines() -> tuple[Law, ...]:
    """An input gives an output and the behaviour of the next state, for one map only."""
    cell = generator("cell", S * INPUTS, OUTPUTS * S)
    answer = trace(lambda p: out(MEALY)(p[0])(p[1]), MEALY * INPUTS, OUTPUTS * MEALY)

    def equation(u: Arrow) -> Law:
        return Law("answer", (u * ident(INPUTS)) >> answer, cell >> (ident(OUTPUTS) * u))

    u, h = unfold(MEALY, curry(cell)), generator("h", S, MEALY)
    return equation(u), Law("uniqueness", h, u, (equation(h),))


def homomorphisms() -> tuple[Law, ...]:
    """``h ; behaviour = behaviour`` for a homomorphism h: the dual of the uniqueness of folds."""
    h = generator("h", S, T)
    one, two = (generator(f"cell of {s}", s * INPUTS, OUTPUTS * s) for s in (S, T))
    alike = Law("same answers", (h * ident(INPUTS)) >> two, one >> (ident(OUTPUTS) * h))
    return (
        Law("behaviour", h >> behaviour(T), behaviour(S), respects(h)),
        Law("behaviour of Mealy machines", h >> unfold(MEALY, curry(two)), unfold(MEALY, curry(one)), (alike,)),
    )


def bisimulations() -> tuple[Law, ...]:
    """A relation that is a machine, with homomorphisms to both sides, relates states that behave alike.

    Both sides do what the relation does, which is one thing.
    """
    p, q = generator("p", R, S), generator("q", R, T)
    return (
        Law("on the left", p >> behaviour(S), behaviour(R), respects(p)),
        Law("on the right", q >> behaviour(T), behaviour(R), respects(q)),
    )
