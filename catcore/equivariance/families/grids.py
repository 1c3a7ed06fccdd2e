"""Grids: translations of a torus, with quarter turns and reflections; the wallpaper groups p1, p4 and p4m, made finite.

The points of an n_1 × ... × n_d torus are numbered row by row.  ``torus(h, w).defining`` is what two-dimensional
convolution commutes with (T1.12 c), ``p4(n).defining`` and ``p4m(n).defining`` add the quarter turn about pixel (0, 0)
and the reflection that negates the second coordinate; the maps from pixels to functions on ``p4(n)`` are those of group
convolution (Cohen and Welling, *Group equivariant convolutional networks*, 2016).

>>> torus(3, 3).order, p4(5).order, p4m(5).order
(9, 100, 200)
"""

from __future__ import annotations

import math
from collections.abc import Callable

from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.group import Group
from catcore.errors import ShapeMismatch

Point = tuple[int, int]
AXES = "xyzuvw"


def torus(*sizes: int) -> Group:
    """The translations ``Z_{n_1} × ... × Z_{n_d}`` of a periodic grid, with generators x, y, z, u, v, w.

    Raises ``ShapeMismatch`` unless there are one to six sizes of at least 1.
    """
    if not 1 <= len(sizes) <= len(AXES) or min(sizes) < 1:
        raise ShapeMismatch(
            f"A torus of sizes {sizes} was asked for; give one to {len(AXES)} sizes, each of at least 1."
        )
    names = tuple(AXES[: len(sizes)])
    maps = tuple(_translation(sizes, axis) for axis in range(len(sizes)))
    relations: list[words.Relation] = [(words.word((x, n)), ()) for x, n in zip(names, sizes, strict=True)]
    relations += [(words.word(x, y), words.word(y, x)) for i, x in enumerate(names) for y in names[i + 1 :]]
    return Group(
        "×".join(f"Z{n}" for n in sizes),
        names,
        tuple(relations),
        models.Maps(math.prod(sizes), tuple(zip(names, maps, strict=True))),
        f"torus({', '.join(map(str, sizes))})",
        maps,
        math.prod(sizes),
    )


def _translation(sizes: tuple[int, ...], axis: int) -> tuple[int, ...]:
    """One step along an axis."""
    n, inner = sizes[axis], math.prod(sizes[axis + 1 :])
    block = n * inner
    return tuple(p - p % block + (p % block + inner) % block for p in range(math.prod(sizes)))


def p4(n: int) -> Group:
    """Translations x, y and the quarter turn r of an n×n torus: order 4n² for n > 2."""
    return _wallpaper("p4", n, {"r": lambda p: (-p[1], p[0])}, ["r^4", "r x r^-1 = y", "r y r^-1 = x^-1"], 4)


def p4m(n: int) -> Group:
    """The same with the reflection m that negates the second coordinate: order 8n² for n > 2."""
    turn = {"r": lambda p: (-p[1], p[0]), "m": lambda p: (p[0], -p[1])}
    relations = ["r^4", "r x r^-1 = y", "r y r^-1 = x^-1", "m^2", "m x m = x", "m y m = y^-1", "m r m = r^-1"]
    return _wallpaper("p4m", n, turn, relations, 8)


def _wallpaper(
    family: str, n: int, fixing: dict[str, Callable[[Point], Point]], relations: list[str], index: int
) -> Group:
    """Translations of an n×n torus, and maps that fix pixel (0, 0)."""
    translations = torus(n, n)
    maps = dict(zip("xy", translations.defining_maps or (), strict=True))
    for name, move in fixing.items():
        images = (move(divmod(p, n)) for p in range(n * n))
        maps[name] = tuple(i % n * n + j % n for i, j in images)
    names = tuple(maps)
    read = translations.relations + tuple(words.read_relation(r, names, inverses=True) for r in relations)
    faithful = n > 2  # on smaller tori different motions move the pixels alike, and the order is counted
    return Group(
        f"{family} on {n}×{n}",
        names,
        read if faithful else (),
        models.Maps(n * n, tuple(maps.items())),
        f"{family}({n})",
        tuple(maps.values()),
        index * n * n if faithful else None,
    )
