"""Certificates written by hand, for attacks on the kernel."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from catcore_proofs import replay
from catcore_proofs.evaluation import Rejected
from tests.proofs.models import as_json

ATOM, OTHER = ["a", "A"], ["a", "B"]
SAME: Any = ["same"]


def certificate(dom, cod, lhs, rhs, proof, *, signature=None, given=(), lemmas=()) -> Any:
    """A certificate written by hand, as it stands in a file."""
    statement = {"dom": dom, "cod": cod, "lhs": lhs, "rhs": rhs, "signature": signature or {}, "given": list(given)}
    return as_json({"statement": statement, "lemmas": list(lemmas), "proof": proof})


def equation(dom, cod, lhs, rhs) -> Any:
    return {"dom": dom, "cod": cod, "lhs": lhs, "rhs": rhs}


def refused(cert: Any, why: str = ".") -> None:
    with pytest.raises(Rejected, match=why):
        replay(cert)


def changed(cert: Any, **changes: Any) -> Any:
    new = copy.deepcopy(cert)
    new.update(changes)
    return new


AB, TWO = ["*", ATOM, OTHER], ["f", 2]
SIGNATURE = {"f": [ATOM, ATOM], "g": [OTHER, ATOM]}
BIT = ["+", "1", "1"]
NOT = ["[]", ["i2", "1"], ["i1", "1"]]
TWICE = certificate(BIT, BIT, [";", NOT, NOT], ["id"], ["split", ["v", 0], [SAME, SAME]])
IDEMPOTENT = equation(ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"]], ["gen", "f"])
V0 = ["v", 0]
FV = ["g", "f", V0]
REWRITE = certificate(
    ATOM, ATOM, [";", ["gen", "f"], ["gen", "f"], ["gen", "f"]], ["gen", "f"],
    ["rewrite", 0, 0, [FV], True, ["rewrite", 0, 0, [V0], True, SAME]],
    signature=SIGNATURE, given=[IDEMPOTENT],
)  # fmt: skip
