"""Axes of tensors summed, joined and spread: what a diagram does to an array (T1.12 g).

Arrays here are ``(B, c, n, …, n)``.  A *pattern* is a set partition of the last axes, written as the block of each axis
with blocks numbered as they appear: (0, 1, 0) joins the first axis with the third.
"""

from __future__ import annotations

from typing import Any

from catcore_backends.layers.methods.method import is_jax

Pattern = tuple[int, ...]


def renumbered(names: Any) -> Pattern:
    """The pattern of a sequence of names: blocks numbered as they first appear."""
    seen: dict[Any, int] = {}
    return tuple(seen.setdefault(name, len(seen)) for name in names)


def blocks_of(pattern: Pattern) -> int:
    """How many blocks a pattern has."""
    return max(pattern, default=-1) + 1


class Contractions:
    """An array, and what is left of it when some axes are joined and others summed; each is computed once."""

    def __init__(self, xp: Any, x: Any, n: int, axes: int) -> None:
        self.xp, self.n = xp, n
        self.x = xp.reshape(x, (*x.shape[:2], *[n] * axes))
        self._known: dict[tuple[Pattern, Pattern], Any] = {}

    def get(self, pattern: Pattern, kept: Pattern) -> Any:
        """Axes joined by the pattern, then summed over all its blocks but those in ``kept`` (increasing)."""
        key = (pattern, kept)
        if key not in self._known:
            self._known[key] = self._compute(pattern, kept)
        return self._known[key]

    def _compute(self, pattern: Pattern, kept: Pattern) -> Any:
        parent = parent_of(pattern, kept, self._known)
        if parent is None:
            return diagonal(self.xp, self.x, self.n, pattern)
        whole = self.get(pattern, parent)
        gone = next(i for i, block in enumerate(parent) if block not in kept)
        return self.xp.sum(whole, axis=2 + gone, dtype=whole.dtype)


def parent_of(pattern: Pattern, kept: Pattern, known: Any) -> Pattern | None:
    """What to sum one axis of to get there, preferring what is known; None where nothing is to be summed."""
    missing = [b for b in range(blocks_of(pattern)) if b not in kept]
    parents = [tuple(sorted((*kept, b))) for b in missing]
    return next((p for p in parents if (pattern, p) in known), parents[-1] if parents else None)


def diagonal(xp: Any, x: Any, n: int, pattern: Pattern) -> Any:
    """The entries of x where joined axes agree, with one axis a block."""
    if blocks_of(pattern) == len(pattern):
        return x
    grouped = xp.permute_dims(x, (0, 1, *(2 + i for i in _grouping(pattern))))
    return xp.reshape(grouped, (*x.shape[:2], *_extents(n, pattern)))[_steps(n, pattern)]


def add_on_diagonal(xp: Any, y: Any, small: Any, n: int, pattern: Pattern) -> Any:
    """``y`` with ``small`` added where joined axes agree; y, which is of our own making, may be written to."""
    if list(pattern) == sorted(pattern):
        spread = xp.reshape(y, (*y.shape[:2], *_extents(n, pattern)))
        return xp.reshape(_add_at(xp, spread, _steps(n, pattern), small), y.shape)
    order = _grouping(pattern)
    spread = xp.zeros((*y.shape[:2], *_extents(n, pattern)), dtype=y.dtype, device=getattr(y, "device", None))
    spread = xp.reshape(_add_at(xp, spread, _steps(n, pattern), small), y.shape)
    return y + xp.permute_dims(spread, (0, 1, *(2 + order.index(i) for i in range(len(order)))))


def _add_at(xp: Any, y: Any, where: Any, small: Any) -> Any:
    if is_jax(xp):
        return y.at[where].add(small)
    y[where] = y[where] + small
    return y


def _grouping(pattern: Pattern) -> list[int]:
    """The axes sorted by their blocks."""
    return sorted(range(len(pattern)), key=lambda i: (pattern[i], i))


def _extents(n: int, pattern: Pattern) -> list[int]:
    return [n ** pattern.count(b) for b in range(blocks_of(pattern))]


def _steps(n: int, pattern: Pattern) -> tuple[slice, ...]:
    """Slices that pick from each group of joined axes the n places where all agree."""
    steps = [sum(n**e for e in range(pattern.count(b))) for b in range(blocks_of(pattern))]
    return (slice(None), slice(None), *(slice(None, None, step) for step in steps))
