"""The main job on real images: state an action, have it verified, tie the weights, run the layer, compare exactly.

The images are scikit-learn's 1797 digits of 8×8 pixels.  Translations of the torus are a group, and its layer is
circular convolution; shifts that fill with zeros are only a monoid, and its layer is causal convolution (T1.12, T2.1).
All numbers are integers, so that "shift, then map" and "map, then shift" are compared without a tolerance.  The shifts
that images are moved by are written with slices, independently of the representations that the weights were tied with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from catcore import Action, Group, HomSpace, Monoid, Representation, equivariant_maps
from catcore.drawing import tying_svg
from catcore.equivariance import save
from catcore.errors import BackendMissing
from catcore.files import write

SIDE, PIXELS, CHANNELS = 8, 64, 4
MIDDLE = 36  # a pixel near the middle, where there is ink
Move = tuple[int, int]  # rows down, columns to the right


def run(verify: Callable[[Any], Any], folder: Path) -> tuple[list[str], dict[str, Any]]:
    """Do it all and leave weights and pictures in ``folder``; returns the lines to print, and the facts for programs.

    Raises:
        BackendMissing: when scikit-learn, which brings the images, is not installed.
    """
    start = time.perf_counter()
    images = digits()
    count = len(images)
    head = f"{count} handwritten digits of {SIDE} × {SIDE} pixels; all numbers are integers, so equal means equal"
    parts = [
        _layer(verify, images, "circular", *translations(), roll),
        _layer(verify, images, "causal", *zero_filling(), fill),
        _refuted(verify),
    ]
    files = _leave(folder, parts[:2])
    seconds = time.perf_counter() - start
    facts: dict[str, Any] = {"ok": all(part["ok"] for part in parts), "images": count, "seconds": round(seconds, 2)}
    facts |= {
        part["name"]: {k: v for k, v in part.items() if k not in ("name", "told", "space", "theta")} for part in parts
    }
    facts["files"] = [str(path) for path in files]
    lines = [head, *(line for part in parts for line in ["", *part["told"]]), ""]
    lines.append(f"Left in {folder}: {', '.join(path.name for path in files)}")
    lines.append(f"All of this took {seconds:.1f} s." if facts["ok"] else "Something that should hold does not.")
    return lines, facts


def digits() -> Any:
    """The images as integers, of shape (1797, 1, 64)."""
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise BackendMissing(
            "The demo runs on scikit-learn's images of digits, and scikit-learn is not installed; install it with "
            "pip install 'catcore[demo]'."
        ) from error
    return load_digits().data.astype(np.int64).reshape(-1, 1, PIXELS)


# The three actions ------------------------------------------------------------------------------------------------


def translations() -> tuple[str, Action, Representation]:
    """The group of translations of the torus, acting on pixels."""
    torus = Group.presentation("down right", [f"down^{SIDE}", f"right^{SIDE}", "down right = right down"])
    action = Action(torus, PIXELS, _moves(lambda i: (i + 1) % SIDE))
    return "A group: translations of the torus", action, action.linearise()


def zero_filling() -> tuple[str, Action, Representation]:
    """The monoid of shifts that fill with zeros: on the pixels and one point outside, and on images."""
    steps = [f"{s}^{SIDE} = {s}^{SIDE + 1}" for s in ("down", "right")]
    shifts = Monoid.presentation("down right", [*steps, "down right = right down"])
    outside = {"down": [*range(SIDE, PIXELS), *[PIXELS] * SIDE, PIXELS]}
    outside["right"] = [p + 1 if p % SIDE < SIDE - 1 else PIXELS for p in range(PIXELS)] + [PIXELS]
    shift, one = np.eye(SIDE, k=-1, dtype=int), np.eye(SIDE, dtype=int)
    on_images = Representation(shifts, {"down": np.kron(shift, one).tolist(), "right": np.kron(one, shift).tolist()})
    return "A monoid, no group: shifts that fill with zeros", Action(shifts, PIXELS + 1, outside), on_images


def _moves(step: Callable[[int], int]) -> dict[str, list[int]]:
    places = [divmod(p, SIDE) for p in range(PIXELS)]
    return {"down": [SIDE * step(r) + c for r, c in places], "right": [SIDE * r + step(c) for r, c in places]}


def roll(images: Any, move: Move) -> Any:
    """The images moved round the torus."""
    square = images.reshape(*images.shape[:-1], SIDE, SIDE)
    return np.roll(square, move, axis=(-2, -1)).reshape(images.shape)


def fill(images: Any, move: Move) -> Any:
    """The images moved down and to the right, zeros coming in."""
    square = images.reshape(*images.shape[:-1], SIDE, SIDE)
    moved, (down, right) = np.zeros_like(square), move
    moved[..., down:, right:] = square[..., : SIDE - down, : SIDE - right]
    return moved.reshape(images.shape)


# What is done with them -------------------------------------------------------------------------------------------


def _layer(
    verify: Callable[[Any], Any],
    images: Any,
    kind: str,
    title: str,
    action: Action,
    rho: Representation,
    shift: Callable[[Any, Move], Any],
) -> dict[str, Any]:
    """Verify, tie, run and compare; the facts, and what is told of them."""
    clock = _Clock()
    report = verify(action)
    proof = clock.lap()
    space = equivariant_maps(rho, rho)
    tied = (space.dim, space.dense_parameters, space.checked)
    solving = clock.lap()
    layer = space.layer(backend="numpy", channels=(1, CHANNELS))
    theta = np.random.default_rng(12).integers(-3, 4, size=layer.parameters_shape)
    matrix = layer.matrix(theta)
    mapped = layer.apply(matrix, images)
    running = clock.lap()
    wrong, compared = _differences(layer, matrix, images, mapped, shift)
    comparing = clock.lap()
    loose = matrix.copy()
    loose[0, MIDDLE, 0, MIDDLE] += 1  # one entry leaves its class
    control, _ = _differences(layer, loose, images, layer.apply(loose, images), shift)
    laws = ", ".join(f"{v.law} {v.status}" for v in report)
    evidence = "/".join(sorted({v.evidence for v in report}))
    told = [
        title,
        _line("acts", f"{len(action.monoid.elements)} of them on {action.points} points: {laws} ({evidence})", proof),
        _line("ties", f"{tied[0]} free parameters instead of {tied[1]}: {kind} convolution ({space.method})", solving),
        _line("runs", f"{len(images)} images, 1 → {CHANNELS} channels of {PIXELS} pixels", running),
        _line(
            "commutes",
            f"shift, then map = map, then shift: {wrong} of {compared:,} numbers differ, over 64 shifts",
            comparing,
        ),
        _line("control", f"with one entry untied {control:,} of them differ"),
    ]
    ok = report.ok and space.checked and wrong == 0 and control > 0
    found = {"laws": report.status, "evidence": evidence, "dim": tied[0], "dense_parameters": tied[1]}
    found |= {"compared": compared, "different": wrong, "different_untied": control}
    return {"name": kind, "ok": ok, "told": told, "space": space, "theta": theta, **found}


def _differences(
    layer: Any, matrix: Any, images: Any, mapped: Any, shift: Callable[[Any, Move], Any]
) -> tuple[int, int]:
    """How many numbers differ between shift-then-map and map-then-shift, over all shifts, and how many there are."""
    wrong = compared = 0
    for move in ((r, c) for r in range(SIDE) for c in range(SIDE)):
        first, then = layer.apply(matrix, shift(images, move)), shift(mapped, move)
        wrong += int(np.count_nonzero(first != then))
        compared += first.size
    return wrong, compared


def _refuted(verify: Callable[[Any], Any]) -> dict[str, Any]:
    """Shifts that stop at the edge are claimed to be an action of the torus group, and are not."""
    clock = _Clock()
    torus = translations()[1].monoid
    verdict = next(v for v in verify(Action(torus, PIXELS, _moves(lambda i: min(i + 1, SIDE - 1)))) if not v.ok)
    g, (h, pixel) = verdict.counterexample.element
    said = _example(torus, g, h, pixel, verdict.counterexample.lhs, verdict.counterexample.rhs)
    told = [
        "A broken action: shifts that stop at the edge, claimed for the same group",
        _line(
            "refuted",
            f"{verdict.law} {verdict.status} ({verdict.evidence}) at the first element where its sides part:",
            clock.lap(),
        ),
        f"            {said}",
    ]
    return {"name": "broken", "ok": verdict.status == "fails", "told": told, "law": verdict.law, "counterexample": said}


def _example(monoid: Monoid, g: int, h: int, pixel: int, *sides: int) -> str:
    """The counterexample in words of the generators and places of pixels."""
    first, second = (" ".join(x if k == 1 else f"{x}^{k}" for x, k in monoid.word_of(m)) for m in (g, h))
    here, one, other = (f"pixel {divmod(p, SIDE)}" for p in (pixel, *sides))
    left, right = f"{first} ▶ ({second} ▶ {here})", f"({first} · {second}) ▶ {here}"
    return f"{left} = {one}, but {right} = {other}"


class _Clock:
    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        last, self.last = self.last, time.perf_counter()
        return self.last - last


def _line(label: str, text: str, seconds: float | None = None) -> str:
    return f"  {label:<9} {text}" if seconds is None else f"  {label:<9} {text:<88} {seconds:5.2f} s"


def _leave(folder: Path, parts: list[dict[str, Any]]) -> list[Path]:
    """The weights and the picture of each layer on disk."""
    files = []
    for part in parts:
        space: HomSpace = part["space"]
        files.append(save(space, folder / f"{part['name']}.safetensors", part["theta"].astype(np.float32)))
        files.append(folder / f"{part['name']}.svg")
        write(files[-1], tying_svg(space, block=SIDE))
    return files
