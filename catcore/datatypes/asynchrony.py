"""Asynchronous message passing: 1-cocycles of a monoid of messages, and runs under random schedules (THEORY T3.6).

A monoid M of messages acts on states S, and ``δ : M × S → A`` says what a message makes a state emit, in a monoid A.
It is a *1-cocycle* when ``δ(e, s) = e`` and ``δ(n·m, s) = δ(n, m•s) · δ(m, s)``: two messages emit the same whether
they come at once or one after the other (Dudzik, von Glehn, Pascanu and Veličković 2023).

>>> from catcore.datatypes.semirings import MIN_PLUS
>>> lazy(MIN_PLUS).emit(3, 5), lazy(MIN_PLUS).emit(7, 5), eager(MIN_PLUS).emit(7, 5)
(3, inf, 5)
"""

from __future__ import annotations

import itertools as it
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.datatypes.given import items, one_of, triple
from catcore.datatypes.semirings import Semiring
from catcore.errors import NotRecursive, UnknownName
from catcore.laws import PointwiseLaw

Operation = Callable[[Any, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Cocycle:
    """What messages do to states and make them emit.

    Args:
        name: what it is called.
        join: the monoid of messages, the later message first.
        silence: its unit.
        act: the action ``m • s``.
        emit: the map δ, of a message and a state.
        gather: the monoid of what is emitted, the later first.
        nothing: its unit.
        messages: messages at which the laws are checked.
        states: states at which they are.
        evidence: what checking them amounts to: ``'exhaustive'`` when these are all.
    """

    name: str
    join: Operation
    silence: Any
    act: Operation
    emit: Operation
    gather: Operation
    nothing: Any
    messages: tuple[Any, ...]
    states: tuple[Any, ...]
    evidence: str = "sampled"

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The two laws of an action and the two of a 1-cocycle."""
        both = tuple(it.product(self.messages, self.messages, self.states))
        act, join, emit, evidence = self.act, self.join, self.emit, self.evidence
        return (
            PointwiseLaw("e acts as the identity", self.states, lambda s: act(self.silence, s), lambda s: s, evidence),
            PointwiseLaw(
                "products act in turn",
                both,
                lambda p: act(join(*p[:2]), p[2]),
                lambda p: act(p[0], act(*p[1:])),
                evidence,
            ),
            PointwiseLaw("unit", self.states, lambda s: emit(self.silence, s), lambda s: self.nothing, evidence),
            PointwiseLaw(
                "composition",
                both,
                lambda p: emit(join(*p[:2]), p[2]),
                lambda p: self.gather(emit(p[0], act(*p[1:])), emit(*p[1:])),
                evidence,
            ),
        )


def eager(semiring: Semiring) -> Cocycle:
    """``M = A = S = (R, ⊕)``, and a state emits what it has become, changed or not; the unit law fails."""
    return _of(semiring, "eager", semiring.add)


def lazy(semiring: Semiring) -> Cocycle:
    """The same, but a state that the message does not change emits 0; a cocycle when ⊕ chooses, as min does."""

    def emit(m: Any, s: Any) -> Any:
        new = semiring.add(m, s)
        return semiring.zero if semiring.same(new, s) else new

    return _of(semiring, "lazy", emit)


def relayed(semiring: Semiring) -> Cocycle:
    """The same, but a state passes on the message itself: a cocycle for every ⊕."""
    return _of(semiring, "relayed", lambda m, s: m)


def _of(semiring: Semiring, name: str, emit: Operation) -> Cocycle:
    one_of(semiring, Semiring, "A cocycle over a semiring; one")
    plus, zero, samples = semiring.add, semiring.zero, semiring.samples
    return Cocycle(
        name=f"{name} in {semiring}",
        join=plus,
        silence=zero,
        act=plus,
        emit=emit,
        gather=plus,
        nothing=zero,
        messages=samples,
        states=samples,
        evidence=semiring.evidence,
    )


def settle(
    edges: Sequence[tuple[Any, Any, Any]],
    semiring: Semiring,
    cocycle: Cocycle,
    *,
    start: Mapping[Any, Any],
    seed: int,
    limit: int = 100_000,
) -> dict[Any, Any]:
    """The states of the nodes when no message is left, messages being delivered in a random order.

    A delivery acts on the node's state, and what that emits goes along each edge ``(source, target, weight)`` out of
    it, multiplied by the weight; where nothing is emitted nothing is sent.

    Args:
        edges: the edges with their weights.
        semiring: whose ⊗ multiplies what is sent.
        cocycle: what messages do.
        start: the first messages, one for each node that gets one.
        seed: which order.
        limit: how many deliveries at most.

    Raises:
        UnknownName: when a first message goes to a node without edges.
        NotRecursive: when the limit is reached with messages left.
    """
    one_of(semiring, Semiring, "Messages are multiplied in a semiring; one")
    one_of(cocycle, Cocycle, "What messages do, a cocycle,")
    one_of(start, Mapping, "A first message for each node that gets one; a dict")
    edges = [triple(edge, "An edge (source, target, weight)") for edge in items(edges, "The edges")]
    out: dict[Any, list[tuple[Any, Any]]] = {node: [] for u, v, _ in edges for node in (u, v)}
    for u, v, weight in edges:
        out[u].append((v, weight))
    for node in start:
        if node not in out:
            raise UnknownName(f"A first message was sent to {node!r}, and the nodes are {', '.join(map(repr, out))}.")
    states = dict.fromkeys(out, cocycle.silence)
    waiting, order = list(start.items()), random.Random(seed)
    for _ in range(limit):
        if not waiting:
            return states
        node, message = waiting.pop(order.randrange(len(waiting)))
        emitted = cocycle.emit(message, states[node])
        states[node] = cocycle.act(message, states[node])
        if emitted != cocycle.nothing:
            waiting += [(target, semiring.mul(emitted, weight)) for target, weight in out[node]]
    raise NotRecursive(
        f"Messages were to be delivered until none is left, and after {limit} deliveries {len(waiting)} are waiting. "
        "A cycle may go on improving; take fewer edges, or a larger limit."
    )
