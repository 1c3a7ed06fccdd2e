"""What an evaluation needed beyond computation.

The kernel looks up which case a neutral element is in, distinguishes cases under binders, and knows that the unit has
one element.  Rocq has to be told each of these, so they are noted while the kernel computes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from catcore_proofs.kernel import Kernel
from catcore_proofs.rocq.normal_forms import clean
from catcore_proofs.syntax import Normal, Type, Value


@dataclass(frozen=True)
class Effort:
    """What an evaluation needed beyond computation.

    Args:
        facts: the neutral elements whose case was looked up.
        cases: whether a case was distinguished under a binder.
        units: whether some operation has a value in the unit.
        functors: whether the laws of an arbitrary functor or monad were used.
        layers: the unfolds whose layers were taken.
    """

    facts: tuple[Normal, ...] = ()
    cases: bool = False
    units: bool = False
    functors: bool = False
    layers: tuple[Any, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether there is nothing that is only seen by going along a normal form."""
        return not (self.cases or self.units or self.pairs or self.functors or self.layers)

    @property
    def pairs(self) -> bool:
        """Whether the case of a component of a pair was looked up."""
        return any(fact[0] in ("p1", "p2") for fact in self.facts)

    def settles(self, normal: Normal) -> bool:
        """Whether computation and rewriting show an expression equal to a normal form."""
        return clean(normal, self.units, self.pairs, self.functors or bool(self.layers))

    def __bool__(self) -> bool:
        return bool(self.facts) or not self.plain

    def __or__(self, other: Effort) -> Effort:
        facts, layers = (
            tuple(dict.fromkeys(a + b)) for a, b in ((self.facts, other.facts), (self.layers, other.layers))
        )
        flags = (self.cases or other.cases, self.units or other.units, self.functors or other.functors)
        return Effort(facts, *flags, layers)

    def known(self, facts: tuple[Normal, ...]) -> Effort:
        """The same with other facts."""
        return replace(self, facts=facts)


class Observed(Kernel):
    """A kernel that remembers what its evaluations needed."""

    def __init__(self, signature: dict[str, Any], steps: int, functors: dict[str, str] | None = None) -> None:
        super().__init__(signature, steps, functors)
        self._facts: dict[Normal, None] = {}
        self._layers: dict[Any, None] = {}
        self._cased = self._units = self._functors = False

    def observe(self, run: Callable[[], Any]) -> tuple[Any, Effort]:
        """What a computation gives, and what it needed."""
        self._facts, self._layers, self._cased, self._units, self._functors = {}, {}, False, False, False
        found = run()
        return found, Effort(tuple(self._facts), self._cased, self._units, self._functors, tuple(self._layers))

    def reflect(self, neutral: Normal, kind: Type) -> Value:
        """As the kernel does, with a note."""
        if kind[0] == "1" and _root(neutral)[0] != "v":
            self._units = True
        elif kind[0] not in ("1", "*", "^") and neutral in self.known:
            self._facts[neutral] = None
        return super().reflect(neutral, kind)

    def bind(self, x: Value, function: Callable[[Value], Value]) -> Value:
        """As the kernel does, with a note."""
        self._functors = True
        return super().bind(x, function)

    def along(self, function: Callable[[Value], Value], x: Value) -> Value:
        """As the kernel does, with a note."""
        self._functors = True
        return super().along(function, x)

    def out(self, x: Value) -> Value:
        """As the kernel does, with a note."""
        if (y := self.newest(x))[0] == "unfold":
            self._layers[y[1]] = None
        return super().out(y)

    def newest(self, x: Value) -> Value:
        """As the kernel does, with a note."""
        y = x
        while y[0] == "?" and y[1] in self.known:
            self._facts[y[1]] = None
            y = self.known[y[1]]
        return super().newest(x)

    def _cases(self, variable: Normal, body: Callable[[], Normal]) -> Normal:
        found = super()._cases(variable, body)
        self._cased = self._cased or found[0] in ("case", "switch")
        return found


def _root(neutral: Normal) -> Normal:
    while neutral[0] in ("p1", "p2"):
        neutral = neutral[1]
    return neutral
