"""Spirals: the worst case for interchange, brought to normal form, compared, and drawn again.

``python -m tests.benchmarks.spirals`` winds paths of up to 50 turns, 102 boxes, and times the normal form up to
interchange, its equality with the spiral, and a drawing made from the plane graph alone.  Timings are the best of
several runs, each on a diagram that is computed afresh.

The bar is 50 ms for the normal form at 12 turns, 26 boxes, on a machine on which the calibration takes 10 ms: a plain
loop of 200 000 integer additions, timed in the same run.  The bar moves in proportion, so that a slow or busy machine
does not decide.  The peer is DisCoPy, where it is installed; its time is the time of one run, and sizes stop where it
would take minutes.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from math import log

from catcore.diagrams import Box, Diagram, Path, equal, normal_form, spiral
from catcore.diagrams.cells import exchanged
from catcore.diagrams.normal import assemble, sizes_of
from catcore.diagrams.planar import Plane, components
from catcore.diagrams.upward import draw
from tests.benchmarks import Row, arguments, finish, shortest, table

TURNS = (2, 4, 8, 12, 16, 25, 35, 50)
QUICK = (2, 4, 8, 12, 25, 50)
JUDGED, BAR_MS, REFERENCE_MS = 12, 50.0, 10.0
PEER_UP_TO = {True: 4, False: 8}  # turns; the peer takes a quarter of a minute at 12
COLUMNS = ("turns", "boxes", "moves", "normal form ms", "equality ms", "redrawing ms", "peer ms", "ratio", "bar ms")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; exit status 1 when a bar is missed or an answer is wrong."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--peer-turns", type=int, metavar="N", help="up to which size the peer runs")
    options = parser.parse_args(argv)
    repeats = 3 if options.quick else 9
    calibration = shortest(_loop, repeats)
    bar = BAR_MS * calibration / REFERENCE_MS
    up_to = PEER_UP_TO[options.quick] if options.peer_turns is None else options.peer_turns
    rows = [_row(turns, repeats, up_to) for turns in (QUICK if options.quick else TURNS)]
    judged = next(row for row in rows if row["turns"] == JUDGED)
    judged["bar ms"] = bar
    print(table(rows, COLUMNS))
    summary, right = _summary(rows, calibration)
    return finish(rows, summary, options.json, passed=right and judged["normal form ms"] <= bar)


def _loop() -> int:
    total = 0
    for number in range(200_000):
        total += number
    return total


def _row(turns: int, repeats: int, peer_up_to: int) -> Row:
    diagram = spiral(turns)
    normal = normal_form(diagram)
    mutant = Diagram(diagram.dom, (Box("other unit", Path(), diagram.boxes[0].cod), 0), *diagram.layers[1:])
    right = equal(diagram, normal) and not equal(mutant, normal) and equal(redrawn(diagram), normal)
    ours = shortest(lambda: normal_form(diagram), repeats)
    peer = peer_milliseconds(turns) if turns <= peer_up_to else None
    return {
        "turns": turns, "boxes": len(diagram), "moves": moves(diagram), "normal form ms": ours,
        "equality ms": shortest(lambda: equal(diagram, mutant), repeats),
        "redrawing ms": shortest(lambda: redrawn(diagram), repeats),
        "peer ms": peer, "ratio": None if peer is None else peer / ours, "right": right,
    }  # fmt: skip


def moves(diagram: Diagram) -> int:
    """How many interchanges lead to the normal form, when each time the first possible one is made."""
    layers, here, count = list(diagram.layers), 0, 0
    while here + 1 < len(layers):
        swapped = exchanged(layers[here], layers[here + 1], "left")
        if swapped is None:
            here += 1
        else:
            layers[here : here + 2] = swapped
            here, count = max(here - 1, 0), count + 1
    return count


def redrawn(diagram: Diagram) -> Diagram:
    """The spiral forgotten down to its plane graph and drawn again."""
    plane = Plane(len(diagram.dom), sizes_of(diagram))
    blocks = []
    for part in components(plane):
        block = draw(plane, part.nodes, framed=part.parent < 0)
        assert block is not None
        blocks.append((part, block))
    return assemble(diagram.dom, diagram.boxes, plane, blocks)


def peer_milliseconds(turns: int) -> float | None:
    """The time of DisCoPy's normal form of the same spiral; nothing where it is not installed."""
    if importlib.util.find_spec("discopy") is None:
        return None
    monoidal = importlib.import_module("discopy.monoidal")
    x, nothing = monoidal.Ty("x"), monoidal.Ty()
    ends = {"unit": (nothing, x), "counit": (x, nothing), "cap": (nothing, x @ x), "cup": (x @ x, nothing)}
    boxes = {name: monoidal.Box(name, dom, cod) for name, (dom, cod) in ends.items()}
    diagram, width = monoidal.Id(nothing), 0
    for box, offset in spiral(turns).layers:
        one = boxes[box.name]
        diagram = diagram >> monoidal.Id(x**offset) @ one @ monoidal.Id(x ** (width - offset - len(box.dom)))
        width += len(box.cod) - len(box.dom)
    return shortest(diagram.normal_form, 1)


def _summary(rows: Sequence[Row], calibration: float) -> tuple[Row, bool]:
    first, last = (next(row for row in rows if row["turns"] == turns) for turns in (JUDGED, max(TURNS)))
    growth = log(last["boxes"] / first["boxes"])
    summary: Row = {"calibration ms": calibration, "wrong": sum(not row["right"] for row in rows)}
    for what in ("normal form", "equality", "redrawing"):
        exponent = log(last[f"{what} ms"] / first[f"{what} ms"]) / growth
        summary[f"{what} grows like boxes to the"] = exponent
    summary["discopy"] = "beside" if importlib.util.find_spec("discopy") else "not installed"
    return summary, summary["wrong"] == 0


if __name__ == "__main__":
    sys.exit(main())
