"""Verdicts and reports: what was found about a law, and how (THEORY 0.5).

A verdict never says more than was done.  ``proved`` means that the kernel replayed a certificate; ``exhaustive`` that
all elements were evaluated, or all that is smaller than a counterexample; ``symbolic``, ``sampled`` and ``numeric`` are
what they say, and a counterexample with generic labels is symbolic where something smaller was left out.  A law that
fails comes with a counterexample: the sets, the element, and what both sides give there.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catcore.categories.finite_sets import shown, shown_on
from catcore.errors import CatError, UnknownName
from catcore.files import write


@dataclass(frozen=True)
class Counterexample:
    """A place where two sides differ.

    Args:
        element: the element of the common domain.
        lhs: what the left side gives there.
        rhs: what the right side gives there.
        sizes: the sizes of the atoms.
        tables: the arrows chosen for the generators, as functions.
        instances: the functors, monads and transformations that arbitrary ones stand for, in words.
    """

    element: Any
    lhs: Any
    rhs: Any
    sizes: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    instances: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> tuple[int, ...]:
        """The component at which the two sides part; empty when they differ as a whole."""
        path: list[int] = []
        a, b = self.lhs, self.rhs
        while isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
            position = next((i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y), None)
            if position is None:
                break
            path.append(position)
            a, b = a[position], b[position]
        return tuple(path)

    def __str__(self) -> str:
        setting = [f"{name} = {instance}" for name, instance in self.instances.items()]
        setting += [f"|{name}| = {size}" for name, size in self.sizes.items()]
        setting += [f"{name} = {shown(table)}" for name, table in self.tables.items()]
        at = f" with {', '.join(setting)}" if setting else ""
        part = f", parting at component {'.'.join(map(str, self.where))}" if self.where else ""
        return f"at {shown(self.element)}{at}: {shown(self.lhs)} ≠ {shown(self.rhs)}{part}"


@dataclass(frozen=True)
class Verdict:
    """What was found about one law.

    Args:
        law: the name of the law.
        status: ``'holds'``, ``'fails'`` or ``'unknown'``.
        evidence: ``'proved'``, ``'exhaustive'``, ``'symbolic'``, ``'sampled'`` or ``'numeric'``; empty when unknown.
        statement: the equation, as text.
        certificate: what the kernel replayed, for a proof.
        counterexample: for a law that fails.
        reason: what was tried, for an unknown.
        doctrines: the doctrines that the two sides use; 'proved' is meant in Set.
        backend: whose arrays held the elements of finite sets; empty where the verdict rests on none.
    """

    law: str
    status: str
    evidence: str
    statement: str = ""
    certificate: dict[str, Any] | None = field(default=None, repr=False)
    counterexample: Counterexample | None = None
    reason: str = ""
    doctrines: tuple[str, ...] = ()
    backend: str = field(default="", compare=False)

    @property
    def ok(self) -> bool:
        """Whether the law holds."""
        return self.status == "holds"

    def __str__(self) -> str:
        how = f" ({self.evidence}{shown_on(self.backend)})" if self.evidence else shown_on(self.backend)
        tail = f" {self.counterexample}" if self.counterexample else f": {self.reason}" if self.reason else ""
        return f"{self.law}: {self.status}{how}{tail}"

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON values; certificates are written by :meth:`save`."""
        found: dict[str, Any] = {"law": self.law, "status": self.status, "evidence": self.evidence}
        found["statement"] = self.statement
        if self.counterexample is not None:
            c = self.counterexample
            found["counterexample"] = {
                "element": shown(c.element), "lhs": shown(c.lhs), "rhs": shown(c.rhs), "sizes": dict(c.sizes),
                "tables": {name: shown(t) for name, t in c.tables.items()}, "where": list(c.where),
                **({"instances": dict(c.instances)} if c.instances else {}),
            }  # fmt: skip
        if self.reason:
            found["reason"] = self.reason
        if self.backend:
            found["backend"] = self.backend
        return found

    def save(self, path: str | Path) -> None:
        """Write the certificate as JSON; the file appears whole or not at all.

        Raises:
            CatError: when there is no certificate.
            Unwritable: when the file cannot be written.
        """
        if self.certificate is None:
            raise CatError(f"The law {self.law!r} {self.status} without a certificate; only a proved law has one.")
        write_json(Path(path), self.certificate)


def write_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all; raises ``Unwritable``."""
    write(path, json.dumps(value, ensure_ascii=False))


@dataclass(frozen=True)
class Report:
    """One verdict for each law of a structure; ``report["associativity"]`` is the verdict on a law."""

    subject: str
    verdicts: tuple[Verdict, ...]

    @property
    def ok(self) -> bool:
        """Whether every law holds."""
        return all(v.ok for v in self.verdicts)

    @property
    def status(self) -> str:
        """``'fails'`` when some law fails, else ``'unknown'`` when some law is unknown, else ``'holds'``."""
        found = {v.status for v in self.verdicts}
        return next((s for s in ("fails", "unknown") if s in found), "holds")

    def __getitem__(self, law: str) -> Verdict:
        for verdict in self.verdicts:
            if verdict.law == law:
                return verdict
        raise UnknownName(f"No law {law!r} in this report; its laws are {', '.join(v.law for v in self.verdicts)}.")

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __str__(self) -> str:
        return "\n".join([f"{self.subject}: {self.status}", *(f"  {v}" for v in self.verdicts)])

    def _repr_html_(self) -> str:
        marks = {"holds": "✓", "fails": "✗", "unknown": "?"}
        rows = "".join(
            f"<tr><td>{marks[v.status]}</td><td>{html.escape(v.law)}</td><td>{html.escape(v.evidence)}</td>"
            f"<td>{html.escape(str(v.counterexample or v.reason or v.statement))}</td></tr>"
            for v in self.verdicts
        )
        return f"<table><caption>{html.escape(self.subject)}: {self.status}</caption>{rows}</table>"

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {"subject": self.subject, "status": self.status, "laws": [v.to_json() for v in self.verdicts]}
