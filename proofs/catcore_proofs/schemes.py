"""Hypotheses about every set and every map: schemes, of which the kernel makes instances.

A scheme is an equation, possibly under conditions, that is assumed whatever sets stand for some atoms and whatever maps
stand for some generators.  An instance names a type for each atom and a term for each generator; terms of the instance
are checked as any others.  This is part of the kernel: it imports nothing of the prover or catcore.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from catcore_proofs.syntax import Type, freeze, need, wellformed


class Scheme(NamedTuple):
    """An equation under conditions, for every one of some atoms and maps; equations are triples as in a statement."""

    atoms: tuple[str, ...]
    arrows: dict[str, tuple[Type, Type]]
    conditions: tuple[Any, ...]
    equation: Any

    def instance(self, types: Mapping[str, Type], terms: Mapping[str, Any]) -> tuple[dict[str, tuple[Type, Type]], Any]:
        """What the terms have to go between, and the instance: its conditions and its equation."""
        need(set(types) == set(self.atoms), "an instance names a type for each atom of the scheme")
        need(set(terms) == set(self.arrows), "an instance names a term for each map of the scheme")
        ends = {name: (put(dom, types, {}), put(cod, types, {})) for name, (dom, cod) in self.arrows.items()}
        return ends, tuple(
            {part: put(equation[part], types, terms) for part in ("dom", "cod", "lhs", "rhs")}
            for equation in (*self.conditions, self.equation)
        )


def scheme(said: Any) -> Scheme:
    """A scheme as it stands in a certificate."""
    parts = ("dom", "cod", "lhs", "rhs")
    equations = [{part: freeze(e[part]) for part in parts} for e in (*said["conditions"], said)]
    arrows = {str(name): (wellformed(freeze(d)), wellformed(freeze(c))) for name, (d, c) in said["arrows"].items()}
    return Scheme(tuple(map(str, said["atoms"])), arrows, tuple(equations[:-1]), equations[-1])


def put(value: Any, types: Mapping[str, Type], terms: Mapping[str, Any]) -> Any:
    """A type or a term with types for atoms and terms for generators."""
    match value:
        case ("a", str(name)) if name in types:
            return types[name]
        case ("gen", str(name)) if name in terms:
            return terms[name]
        case tuple():
            return tuple(put(part, types, terms) for part in value)
    return value
