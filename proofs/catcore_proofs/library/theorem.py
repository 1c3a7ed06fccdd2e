"""What a theorem of the library is: a name, where it comes from, and the structure whose laws it states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Theorem:
    """A statement: the laws of ``structure()`` hold.

    Args:
        name: what it is called.
        source: the item of the theory, or the book.
        structure: builds the structure, or the list of laws.
    """

    name: str
    source: str
    structure: Callable[[], Any]
