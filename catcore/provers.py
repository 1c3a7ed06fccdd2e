"""Provers: whoever proves equations, found through the entry-point group ``catcore.provers``.

catcore states laws and proves none.  A prover is an object, such as a module, with ``prove(law)``, which gives a
verdict, and ``normal(f)``, the normal form of an arrow.  Any installed package may offer one.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

from catcore.errors import ProverMissing, UnknownName
from catcore.plugins import offered

#: The group of entry points, and the prover that comes with catcore.
GROUP, DEFAULT = "catcore.provers", "catcore_proofs"


class Prover(Protocol):
    """What a package offers in the group."""

    def prove(self, law: Any) -> Any:
        """The verdict on a law."""
        ...

    def normal(self, f: Any) -> Any:
        """The normal form of an arrow."""
        ...


@cache
def prover(name: str = DEFAULT) -> Prover:
    """The prover of a name.

    Raises:
        ProverMissing: when no package offers any.
        UnknownName: when none has that name.
    """
    known = offered(GROUP)
    if not known:
        raise ProverMissing(
            f"A prover was asked for, and no installed package offers one in the group {GROUP!r}; install catcore "
            "again, which brings catcore_proofs."
        )
    if name not in known:
        raise UnknownName(f"The prover {name!r} was asked for; installed are {', '.join(sorted(known))}.")
    found: Prover = known[name].load()
    return found
