"""Fixed points as sets of Rocq: inductive sets, and terminal coalgebras.

A least fixed point is an inductive set with one constructor; those that mention each other, as rose trees and lists of
rose trees do, are defined together.  A greatest fixed point is any terminal coalgebra: a set that is a variable, and a
hypothesis that says of which functor it is the terminal coalgebra.  Both become definitions when they are first met.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from catcore.errors import CatError
from catcore_proofs.syntax import Type, bears, filled


class Unexportable(CatError):
    """The certificate has no Rocq file; the message says what stands in the way."""


class FixedPoints:
    """The fixed points of one section, and their definitions."""

    def __init__(self) -> None:
        self.fixed: dict[Type, int] = {}  # numbered
        self.terminal = False  # whether a terminal coalgebra was met
        self._sets: list[str] = []  # definitions, each after what it needs
        self._any: list[Type] = []  # greatest fixed points that are any coalgebra
        self._waiting: list[str] = []  # those that need a fixed point which is being written
        self._unfinished: dict[Type, int] = {}  # the outermost fixed point that is being written and that one needs
        self._needs: list[int] = []  # the same, for those that are being written, outermost first

    def type(self, kind: Type) -> str:
        """A type of the kernel as a set of Rocq."""
        raise NotImplementedError

    def least(self, kind: Type) -> int:
        """The number of a least fixed point."""
        if kind in self._unfinished:
            self._needs[-1] = min(self._needs[-1], self._unfinished[kind])
        elif kind not in self.fixed:
            n, start, depth = self._number(kind), len(self._waiting), len(self._needs)
            self._unfinished[kind] = depth
            with self._writing():
                layer = self.type(filled(kind[1], kind))
                self._unfinished[kind] = self._needs[-1]
            self._waiting.append(f"mu{n} : Set := in{n} : {layer} -> mu{n}")
            if self._unfinished[kind] == depth:
                self._sets.append(f"Inductive {' with '.join(self._waiting[start:])}.")
                del self._waiting[start:]
                self._unfinished = {k: needed for k, needed in self._unfinished.items() if needed < depth}
        return self.fixed[kind]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Note what is needed of the fixed points that are being written."""
        self._needs.append(len(self._needs))
        yield
        needed = self._needs.pop()
        if self._needs:
            self._needs[-1] = min(self._needs[-1], needed)

    def greatest(self, kind: Type) -> int:
        """The number of a greatest fixed point.

        Where its variable stands below another fixed point it is any coalgebra: nothing more is used of it.
        """
        if kind not in self.fixed:
            n, depth = self._number(kind), len(self._needs)
            self._sets.append(f"Variable nu{n} : Set.")
            if not polynomial(kind[1]):
                self._any.append(kind)
                return n
            with self._writing():
                shape, self.terminal = self.shape(kind[1]), True
                if self._needs[-1] < depth:
                    raise Unexportable(
                        "A greatest fixed point of a functor that a least one defines is not written out."
                    )
            self._sets.append(f"Variable final{n} : terminal {shape} nu{n}. (* there is one: exists_terminal *)")
        return self.fixed[kind]

    def out(self, kind: Type) -> str:
        """The function that takes the layer of an element of a greatest fixed point."""
        n = self.greatest(kind)
        return f"out final{n}" if polynomial(kind[1]) else f"out{n}"

    def definitions(self) -> list[str]:
        """All fixed points, in order."""
        layers = [
            f"Variable out{self.fixed[kind]} : nu{self.fixed[kind]} -> {self.type(filled(kind[1], kind))}."
            for kind in self._any
        ]
        return [*self._sets, *layers]

    def define(self, *lines: str) -> None:
        """Add definitions that speak of the fixed points met so far."""
        self._sets += lines

    def _number(self, kind: Type) -> int:
        return self.fixed.setdefault(kind, len(self.fixed))

    def shape(self, body: Type) -> str:
        """The functor with a given body."""
        if not bears(body):
            return f"(always {self.type(body)})"
        match body[0]:
            case "h":
                return "here"
            case "^":
                return f"(power {self.type(body[2])} {self.shape(body[1])})"
        return f"({'times' if body[0] == '*' else 'plus'} {self.shape(body[1])} {self.shape(body[2])})"


def polynomial(body: Type) -> bool:
    """Whether the variable of a functor's body stands below no other fixed point."""
    if not bears(body) or body[0] == "h":
        return True
    return body[0] in ("*", "+", "^") and all(map(polynomial, body[1:]))


def inductive(body: Type, depth: int = 0) -> bool:
    """Whether the variable of a functor's body stands below least fixed points of polynomial functors only."""
    if not bears(body, depth) or body[0] == "h":
        return True
    if body[0] == "μ":
        return polynomial(body[1]) and inductive(body[1], depth + 1)
    return body[0] in ("*", "+", "^") and all(inductive(part, depth) for part in body[1:])
