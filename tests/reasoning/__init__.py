"""Tasks of structured reasoning (THEORY §7)."""

from __future__ import annotations

from typing import Any


def odd(value: Any) -> Any:
    """A value of another type than is asked for."""
    return value
