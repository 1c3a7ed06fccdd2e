"""All challenges: importing the modules that state them fills the table."""

from __future__ import annotations

from importlib import import_module

from tests.benchmarks.challenges.rows import CHALLENGES, Challenge

MODULES = (
    "monads",
    "list_monads",
    "nonempty",
    "exotic",
    "coinductive",
    "transformers",
    "equational",
    "typed",
    "counts",
    "refutations",
    "para",
    "twocells",
)


def load() -> dict[str, Challenge]:
    """The challenges by their names, in order."""
    for name in MODULES:
        import_module(f"tests.benchmarks.challenges.{name}")
    ordered = sorted(CHALLENGES.items())
    CHALLENGES.clear()
    CHALLENGES.update(ordered)
    return CHALLENGES
