"""Whole families of problems in unit equality, settled file by file and reported apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from catcore.errors import BadSpecification
from catcore_proofs.equational import settle
from catcore_proofs.tptp import read_problem

#: The time for each problem, in seconds.
SECONDS = 5.0


def settled(folder: Path) -> dict[str, str]:
    """How many problems of each family (the first three letters of a file's name) are proved and refuted."""
    asked: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.glob("*.p")):
        family = path.name[:3]
        try:
            problem = read_problem(path)
        except BadSpecification:  # not made of unit equations
            continue
        asked[family] += 1
        found[family, settle(problem, seconds=SECONDS).status] += 1
    return {
        f"family {family}": f"{found[family, 'proved']} proved and {found[family, 'refuted']} refuted of {count}"
        for family, count in asked.items()
    }
