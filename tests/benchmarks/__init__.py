"""Benchmarks: each module prints a table (ours, peer, ratio, bar), takes --quick and --json, exits 1 below a bar."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def arguments(description: str, **positional: str) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    for name, text in positional.items():
        parser.add_argument(name, nargs="?", type=Path, help=text)
    parser.add_argument("--quick", action="store_true", help="a few seconds, on what the repository holds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here")
    return parser


def table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """Rows as text, one line each, columns aligned."""
    cells = [list(columns), *([_text(row.get(c)) for c in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in cells)


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def finish(rows: Sequence[Row], summary: Row, path: Path | None, *, passed: bool) -> int:
    """Write the rows if asked, print the summary, and return the exit status."""
    if path is not None:
        path.write_text(json.dumps({"rows": list(rows), "summary": summary, "passed": passed}, indent=1) + "\n")
    print("; ".join(f"{name}: {_text(value)}" for name, value in summary.items()))
    print("every bar is met" if passed else "a bar is missed")
    return 0 if passed else 1


Measure = Callable[[], Any]


def milliseconds(run: Measure) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def shortest(run: Measure, repeats: int) -> float:
    """The shortest of several runs, in milliseconds."""
    return min(milliseconds(run) for _ in range(repeats))


@contextmanager
def one_core() -> Iterator[None]:
    """Everything on one core and with one thread, where the system and the libraries can say so.

    Two threads that share a small product wait for each other by spinning.  Where another process has taken the core of
    one of them, the other spins until the system gives it back, which takes longer than the product, in every library
    alike; and JAX has threads that its flags do not reach.
    """
    from threadpoolctl import threadpool_limits

    torch: Any = sys.modules.get("torch")
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
    threads = torch.get_num_threads() if torch else 1
    try:
        if cores:
            os.sched_setaffinity(0, {min(cores)})
        if torch:
            torch.set_num_threads(1)
        with threadpool_limits(1):
            yield
    finally:
        if cores:
            os.sched_setaffinity(0, cores)
        if torch:
            torch.set_num_threads(threads)
