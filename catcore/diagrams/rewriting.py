"""Rewriting 2-cells by named equations, and proofs as lists of steps that anyone can replay.

A :class:`Rule` is an equation between parallel diagrams.  A :class:`Step` uses it at one place: a context, and the
direction.  A :class:`Proof` is a chain of steps; :func:`replay` checks it with nothing but the two compositions and
normal forms up to interchange, so it does not depend on how the steps were found.  :func:`prove_equal` looks for a
proof from both ends at once, smallest diagrams first, and gives up after a number of diagrams.

>>> from catcore.diagrams.theories import monad_theory
>>> from catcore.diagrams.cells import identity
>>> T = monad_theory()
>>> unit, mult, t = T["η"], T["μ"], T["T"]
>>> proof = prove_equal((unit @ unit @ t) >> (mult @ t) >> mult, unit @ t >> mult >> identity(t), T.rules)
>>> [str(step) for step in proof.steps]
['left unit at (1, 0)']
>>> replay(proof, T.rules)
True
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.diagrams.cells import Diagram, as_diagram
from catcore.diagrams.matching import Context, occurrences
from catcore.diagrams.normal import Words, normal_form, parallel
from catcore.diagrams.symmetric import SymmetricWords, boxes_in, symmetric_equal, symmetric_occurrences
from catcore.errors import CertificateRejected, IllTyped, NoInstance, NotComposable, UnknownName


@dataclass(frozen=True)
class Rule:
    """A named equation ``lhs = rhs`` between parallel 2-cells; the sides may be boxes or words as well.

    Raises:
        NotParallel: when the sides differ in domain or codomain.
    """

    name: str
    lhs: Any
    rhs: Any

    def __post_init__(self) -> None:
        lhs, rhs = parallel(self.lhs, self.rhs)
        object.__setattr__(self, "lhs", lhs)
        object.__setattr__(self, "rhs", rhs)

    def sides(self, *, backwards: bool = False) -> tuple[Diagram, Diagram]:
        """What is replaced and by what."""
        return (self.rhs, self.lhs) if backwards else (self.lhs, self.rhs)

    def __str__(self) -> str:
        return f"{self.name}: {self.lhs} = {self.rhs}"


@dataclass(frozen=True)
class Step:
    """One use of a rule: ``context[lhs]`` up to interchange becomes ``context[rhs]``."""

    rule: str
    context: Context
    backwards: bool = False

    @property
    def position(self) -> tuple[int, int]:
        """Where the replaced part stands in the redrawn diagram: layers above it, and wires on its left."""
        return len(self.context.above), len(self.context.left)

    def reversed(self) -> Step:
        """The step that undoes this one."""
        return Step(self.rule, self.context, not self.backwards)

    def __str__(self) -> str:
        return f"{self.rule}{' backwards' if self.backwards else ''} at {self.position}"


@dataclass(frozen=True)
class Proof:
    """A chain of steps from one diagram to another one; equalities up to interchange are left unsaid."""

    start: Diagram
    end: Diagram
    steps: tuple[Step, ...]

    def __rshift__(self, other: Proof) -> Proof:
        """The two chains in a row, where the second starts where the first ends."""
        if other.start is not self.end:
            raise CertificateRejected(
                f"Two proofs were to be joined, and the first ends with {self.end} while the second starts with "
                f"{other.start}."
            )
        return Proof(self.start, other.end, self.steps + other.steps)

    def __str__(self) -> str:
        lines = [f"{self.start}", *(f"  = by {step}" for step in self.steps), f"{self.end}"]
        return "\n".join(lines)


def rewrites(
    f: Any, rule: Rule, *, backwards: bool = False, symmetric: bool = False
) -> Iterator[tuple[Any, Step, Diagram]]:
    """Every use of a rule in a diagram: the name of the place, the step, and the diagram after it.

    Args:
        f: the diagram.
        rule: the equation.
        backwards: whether its right side is replaced by its left side.
        symmetric: whether crossings are the symmetry of a symmetric monoidal category.

    Raises:
        NoInstance: when the replaced side of a planar rule is neither connected nor a wire nor empty.
    """
    pattern, replacement = rule.sides(backwards=backwards)
    found = symmetric_occurrences if symmetric else occurrences
    for place, context in found(as_diagram(f), pattern):
        yield place, Step(rule.name, context, backwards), context.fill(replacement)


def rewrite(
    f: Any, rule: Rule, *, at: Any = None, backwards: bool = False, symmetric: bool = False
) -> tuple[Step, Diagram]:
    """One use of a rule: the first one, or the one at the place ``at`` as :func:`rewrites` names it.

    Raises:
        UnknownName: when the rule does not apply there; the message lists where it does.
    """
    places = []
    for place, step, result in rewrites(f, rule, backwards=backwards, symmetric=symmetric):
        if at is None or place == at:
            return step, result
        places.append(place)
    raise UnknownName(
        f"The rule {rule} was to be used {f'at {at} ' if at is not None else ''}in {as_diagram(f)}, and it applies "
        f"{'at ' + ', '.join(map(str, places)) if places else 'nowhere'}."
    )


def simplify(f: Any, rules: Sequence[Rule], *, steps: int = 1000, symmetric: bool = False) -> Proof:
    """Use the rules from left to right while one applies, at most ``steps`` times; the first rule goes first."""
    start = diagram = as_diagram(f)
    trace: list[Step] = []
    while len(trace) < steps:
        found = next(((s, d) for rule in rules for _, s, d in rewrites(diagram, rule, symmetric=symmetric)), None)
        if found is None:
            break
        trace.append(found[0])
        diagram = found[1]
    return Proof(start, diagram, tuple(trace))


def prove_equal(
    f: Any, g: Any, rules: Sequence[Rule], *, steps: int = 2000, growth: int = 2, symmetric: bool = False
) -> Proof | None:
    """A chain of steps from ``f`` to ``g``, or nothing when none was found; a search, not a decision.

    Args:
        f: one diagram.
        g: a parallel one.
        rules: the equations, used in both directions where the replaced side allows it.
        steps: how many diagrams are looked at before giving up.
        growth: by how many boxes a diagram on the way may be larger than the larger end.
        symmetric: whether crossings are the symmetry of a symmetric monoidal category.

    Raises:
        NotParallel: when the diagrams differ in domain or codomain.
    """
    words = SymmetricWords() if symmetric else Words()
    return search(parallel(f, g), lambda d: _neighbours(d, rules, symmetric), words.of, steps, growth)


def _neighbours(diagram: Diagram, rules: Sequence[Rule], symmetric: bool) -> Iterator[tuple[Step, Diagram]]:
    for rule in rules:
        for backwards in (False, True):
            try:
                found = rewrites(diagram, rule, backwards=backwards, symmetric=symmetric)
                yield from ((step, result) for _, step, result in found)
            except NoInstance:  # a disconnected side cannot be searched for; the other direction still can
                continue


def _same_normal_form(f: Diagram, g: Diagram) -> bool:
    return normal_form(f) is normal_form(g)


Neighbours = Callable[[Diagram], Iterator[tuple[Step, Diagram]]]


def search(
    ends: tuple[Diagram, Diagram], neighbours: Neighbours, key: Callable[[Diagram], Hashable], steps: int, growth: int
) -> Proof | None:
    """A proof found from both ends at once, the smallest and nearest diagrams first."""
    keys = [key(end) for end in ends]
    reached: list[dict[Hashable, tuple[Hashable, Step] | None]] = [{keys[0]: None}, {keys[1]: None}]
    if keys[0] == keys[1]:
        return Proof(*ends, ())
    largest = max(map(boxes_in, ends)) + growth
    heap = [(boxes_in(end), side, 0, side, keys[side], end) for side, end in enumerate(ends)]
    made = 2
    for _ in range(steps):
        if not heap:
            break
        _, _, depth, side, here, diagram = heapq.heappop(heap)
        for step, result in neighbours(diagram):
            size = boxes_in(result)
            if size > largest:
                continue
            there = key(result)
            if there in reached[side]:
                continue
            reached[side][there] = (here, step)
            if there in reached[1 - side]:
                return Proof(*ends, _chain(reached, there))
            made += 1
            heapq.heappush(heap, (size + depth + 1, made, depth + 1, side, there, result))
    return None


def _chain(reached: list[dict[Hashable, tuple[Hashable, Step] | None]], middle: Hashable) -> tuple[Step, ...]:
    halves: list[list[Step]] = []
    for side in (0, 1):
        trace, here = [], middle
        while (link := reached[side][here]) is not None:
            here, step = link
            trace.append(step)
        halves.append(trace)
    return (*reversed(halves[0]), *(step.reversed() for step in halves[1]))


def replay(proof: Proof, rules: Sequence[Rule], *, symmetric: bool = False) -> bool:
    """Check a proof step by step.

    Args:
        proof: the chain.
        rules: the equations it may use.
        symmetric: whether crossings are the symmetry; diagrams are then compared as networks, otherwise by their
            normal forms up to interchange.

    Raises:
        CertificateRejected: naming the first step that does not follow.
    """
    alike = symmetric_equal if symmetric else _same_normal_form
    known = {rule.name: rule for rule in rules}
    here = proof.start
    for number, step in enumerate(proof.steps):
        if step.rule not in known:
            raise CertificateRejected(f"Step {number} uses the rule {step.rule!r}, which is not among the given ones.")
        old, new = known[step.rule].sides(backwards=step.backwards)
        try:
            before, after = step.context.fill(old), step.context.fill(new)
        except (NotComposable, IllTyped) as reason:
            raise CertificateRejected(f"Step {number}, {step}, is ill-typed: {reason}") from None
        if before.dom is not here.dom or before.cod is not here.cod or not alike(here, before):
            raise CertificateRejected(
                f"Step {number}, {step}, starts from {before}, and the diagram before it is {here}; they differ."
            )
        here = after
    if here.cod is not proof.end.cod or here.dom is not proof.end.dom or not alike(here, proof.end):
        raise CertificateRejected(f"The proof ends with {here}, and {proof.end} was to be reached.")
    return True
