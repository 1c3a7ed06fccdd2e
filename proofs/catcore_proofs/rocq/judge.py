"""The outside judge: Rocq compiles the exported file, and its independent checker lists the axioms.

``coqc`` reads the definitions, the statement and the proof; ``coqchk`` replays what was compiled and names every axiom
that anything rests on.  A certificate is accepted when both agree and function extensionality is the only axiom.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catcore.files import make_folder, write
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.library import library

#: The axioms that an export may rest on.
ALLOWED = frozenset({"Coq.Logic.FunctionalExtensionality.functional_extensionality_dep"})
SOUND = ("type-in-type", "unsafe (co)fixpoints", "positivity is assumed")


@dataclass(frozen=True)
class Judgement:
    """What Rocq says.

    Args:
        status: ``'accepted'``, ``'refused'`` or ``'unavailable'``.
        reason: one sentence; for a refusal, what was wrong.
        axioms: what ``coqchk`` lists.
        seconds: how long both programs took.
    """

    status: str
    reason: str
    axioms: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether Rocq accepts every theorem."""
        return self.status == "accepted"


def judge(certificate: Any, folder: str | Path, *, seconds: float = 60.0) -> Judgement:
    """Write one certificate as a Rocq file and let Rocq decide.

    Args:
        certificate: what :func:`catcore_proofs.kernel.replay` takes.
        folder: where the file and what is compiled from it are left.
        seconds: how long each of the two programs may take.
    """
    return judge_library([certificate], folder, seconds=seconds)


def judge_library(certificates: Iterable[Any], folder: str | Path, *, seconds: float = 60.0) -> Judgement:
    """As :func:`judge`, for many certificates in one file; they are accepted or refused together."""
    try:
        text = library(certificates)
    except Unexportable as error:
        return Judgement("refused", str(error))
    make_folder(Path(folder))
    path = Path(folder) / "Certificates.v"
    write(path, text)
    return judge_file(path, seconds=seconds)


def judge_file(path: Path, *, seconds: float = 60.0) -> Judgement:
    """Compile and check a Rocq file; its name must be an identifier."""
    missing = [name for name in ("coqc", "coqchk") if shutil.which(name) is None]
    if missing:
        return Judgement("unavailable", f"{' and '.join(missing)} cannot be found; Debian's package coq has them.")
    start = time.perf_counter()
    status, said = _run(["coqc", "-q", path.name], path.parent, seconds)
    if status == 0:
        status, said = _run(["coqchk", "-silent", "-o", path.stem], path.parent, seconds)
        found = _summary(said) if status == 0 else Judgement("refused", f"coqchk refuses it: {_first(said)}")
    else:
        found = Judgement("refused", f"coqc refuses it: {_first(said)}")
    return Judgement(found.status, found.reason, found.axioms, time.perf_counter() - start)


def _run(command: list[str], folder: Path, seconds: float) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return -1, f"it was not finished after {seconds:g} seconds"
    except OSError as error:
        return -1, f"it cannot be run ({error.strerror})"
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def _first(said: str) -> str:
    return " ".join(said.split())[:400] or "it says nothing"


def _summary(said: str) -> Judgement:
    """The judgement on what ``coqchk`` lists, one paragraph for each kind of assumption."""
    parts = {}
    for paragraph in re.split(r"^\* ", said, flags=re.MULTILINE)[1:]:
        title, _, rest = paragraph.partition(":")
        parts[title.strip()] = tuple(line.strip() for line in rest.splitlines() if line.strip() not in ("", "<none>"))
    axioms = parts.get("Axioms")
    if axioms is None or not all(any(kind in title for title in parts) for kind in SOUND):
        return Judgement("refused", "coqchk lists no axioms, so nothing is known of them.")
    others = [
        f"{title}: {' '.join(rest)}" for title, rest in parts.items() if rest and title not in ("Axioms", "Theory")
    ]
    if others:
        return Judgement("refused", f"The checker is told to assume something: {others[0]}.", axioms)
    if not set(axioms) <= ALLOWED:
        return Judgement("refused", f"The proof rests on other axioms: {', '.join(set(axioms) - ALLOWED)}.", axioms)
    return Judgement("accepted", "Rocq accepts every theorem.", axioms)
