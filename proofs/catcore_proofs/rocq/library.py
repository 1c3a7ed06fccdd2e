"""Whole files: the definitions that every export needs, then one section for each certificate.

All sets are Rocq sets, so nothing depends on universes; pairs are records with their η-rule, which is why computation
sees as much in Rocq as it does in catcore's kernel.  Many certificates go into one file, because starting ``coqc``
takes longer than most proofs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from catcore.files import write
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.names import finite_sets
from catcore_proofs.rocq.script import Script
from catcore_proofs.rocq.section import section
from catcore_proofs.syntax import Rejected, Split

_DEPTH = 20_000


def export(certificate: Any) -> str:
    """The Rocq file of one certificate.

    Raises:
        Unexportable: when it is no certificate, or something in it cannot be written out; the message says what.
    """
    return library([certificate])


def library(certificates: Iterable[Any]) -> str:
    """The Rocq file of many certificates, one theorem each; raises as :func:`export` does."""
    sections, scripts = list[str](), list[Script]()
    for number, certificate in enumerate(certificates):
        with _sentences():
            lines, script = section(certificate, number)
        sections.append("\n".join(lines))
        scripts.append(script)
    sizes = {size for script in scripts for size in script.names.finite}
    return "\n".join([*_head(scripts), *finite_sets(sizes), "", "\n\n".join(sections), ""])


def _head(scripts: list[Script]) -> Iterator[str]:
    """The definitions that some proofs need."""
    greatest = any(script.names.terminal for script in scripts)
    if greatest or any(script.extensional for script in scripts):
        yield "From Coq Require Import FunctionalExtensionality."
    yield _rocq("preamble.v")
    if greatest:
        yield _rocq("greatest.v")
        yield "Import Greatest."


def _rocq(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def write_library(certificates: Iterable[Any], path: str | Path) -> None:
    """Write :func:`library` to a file, which appears whole or not at all."""
    write(Path(path), library(certificates))


@contextmanager
def _sentences() -> Iterator[None]:
    """Deep certificates need deep recursion; whatever is wrong with one is said in a sentence."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    except Rejected as error:
        raise Unexportable(f"The certificate has no Rocq file: {error}.") from error
    except Split:
        raise Unexportable("The certificate has no Rocq file: the proof lacks a case distinction.") from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Unexportable(f"The certificate has no Rocq file: it is malformed ({type(error).__name__}).") from error
    except RecursionError:
        raise Unexportable("The certificate has no Rocq file: it is nested too deeply.") from None
    finally:
        sys.setrecursionlimit(before)
