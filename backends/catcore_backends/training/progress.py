"""A line on the terminal that says how far training is."""

from __future__ import annotations

import sys
from typing import TextIO

WIDTH = 24


class Progress:
    """One line, rewritten; silent where standard error is no terminal.

    Args:
        epochs: how many there are.
        steps: how many steps an epoch has.
        show: whether to show it; by default on a terminal only.
        stream: where to.
    """

    def __init__(self, epochs: int, steps: int, show: bool | None = None, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.show = self.stream.isatty() if show is None else show
        self.epochs, self.steps = epochs, steps

    def step(self, epoch: int, step: int, loss: float) -> None:
        """Say where the run is."""
        if self.show and (step == self.steps or step % max(1, self.steps // 50) == 0):
            done = WIDTH * step // self.steps
            bar = "█" * done + "·" * (WIDTH - done)
            self.stream.write(f"\repoch {epoch}/{self.epochs} {bar} {step}/{self.steps}  loss {loss:.4g} ")
            self.stream.flush()

    def close(self) -> None:
        """Leave the line."""
        if self.show:
            self.stream.write("\n")
            self.stream.flush()
