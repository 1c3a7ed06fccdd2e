"""The library: theorems of categorical deep learning, stated once, proved and certified (THEORY §1, §2, §4 and §5).

A theorem is a name, a source and a structure whose laws are the statement.  ``theorems()`` lists them all,
``certify()`` proves each law and hands every certificate to the kernel; nothing is stored, so nothing can go stale.

>>> from catcore_proofs.library import schemes, theorems
>>> theorems()["maybe"].source
'T1.4'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catcore_proofs.library import (
    actions,
    adjunctions,
    composites,
    data,
    learning,
    machines,
    messages,
    monads,
    parametric,
    programs,
    schemes,
)
from catcore_proofs.library.theorem import Theorem as Theorem
from catcore_proofs.prover import verify
from catcore_proofs.verdicts import Report as Report


def theorems() -> Mapping[str, Theorem]:
    """All theorems by name, in the order of the theory."""
    rooms = (
        monads, actions, adjunctions, composites, data, programs, machines, messages, parametric, schemes, learning,
    )  # fmt: skip
    return {theorem.name: theorem for room in rooms for theorem in room.theorems()}


def certify() -> Iterator[tuple[Theorem, Report]]:
    """Each theorem with the report on its laws; a law that is proved has its certificate."""
    for theorem in theorems().values():
        yield theorem, verify(theorem.structure())
