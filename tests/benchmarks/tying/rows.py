"""The rows of the table: each group or monoid by its generators, with a dimension that is known without a solver.

Counts come from partitions of sets (Bell), matchings (Brauer), orbits of pairs (Burnside) and invariant theory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.tying.problems import Problem

Map = list[int]
Matrix = list[list[int]]


# Index maps -----------------------------------------------------------------------------------------------------------


def symmetric_maps(n: int) -> dict[str, Map]:
    """A transposition and the n-cycle."""
    return {"s": [1, 0, *range(2, n)], "c": [*range(1, n), 0]}


def grid_map(n: int, rule: str) -> Map:
    """Where pixel (i, j) of a torus of n × n pixels goes."""
    rules = {
        "right": lambda i, j: (i, j + 1),
        "down": lambda i, j: (i + 1, j),
        "turn": lambda i, j: (j, -i),
        "mirror": lambda i, j: (i, -j),
    }
    moved = (rules[rule](i, j) for i in range(n) for j in range(n))
    return [i % n * n + j % n for i, j in moved]


def regular_dihedral(n: int) -> dict[str, Map]:
    """D_n on itself from the left; element ``r^i s^e`` is number ``2i + e``."""
    return {
        "r": [2 * ((i + 1) % n) + e for i in range(n) for e in range(2)],
        "s": [2 * (-i % n) + 1 - e for i in range(n) for e in range(2)],
    }


#: The face turns of Rubik's cube as cycles of its 48 stickers, numbered from 1 face by face: up 1 to 8, left, front,
#: right, back, down 41 to 48; within a face row by row, without the centre.
FACE_TURNS = {
    "U": [(1, 3, 8, 6), (2, 5, 7, 4), (9, 33, 25, 17), (10, 34, 26, 18), (11, 35, 27, 19)],
    "L": [(9, 11, 16, 14), (10, 13, 15, 12), (1, 17, 41, 40), (4, 20, 44, 37), (6, 22, 46, 35)],
    "F": [(17, 19, 24, 22), (18, 21, 23, 20), (6, 25, 43, 16), (7, 28, 42, 13), (8, 30, 41, 11)],
    "R": [(25, 27, 32, 30), (26, 29, 31, 28), (3, 38, 43, 19), (5, 36, 45, 21), (8, 33, 48, 24)],
    "B": [(33, 35, 40, 38), (34, 37, 39, 36), (3, 9, 46, 32), (2, 12, 47, 29), (1, 14, 48, 27)],
    "D": [(41, 43, 48, 46), (42, 45, 47, 44), (14, 22, 30, 38), (15, 23, 31, 39), (16, 24, 32, 40)],
}


def cube_maps() -> dict[str, Map]:
    """The face turns as index maps on 48 points."""
    return {name: from_cycles(48, cycles) for name, cycles in FACE_TURNS.items()}


def from_cycles(points: int, cycles: Iterable[Sequence[int]]) -> Map:
    """The index map of a product of disjoint cycles, whose points are numbered from 1."""
    images = list(range(points))
    for cycle in cycles:
        for a, b in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            images[a - 1] = b - 1
    return images


def transformation_maps(n: int) -> dict[str, Map]:
    """Generators of all self-maps of n points: of S_n, and one that merges two points."""
    return {**symmetric_maps(n), "m": [0, 0, *range(2, n)]}


def register_maps(bits: int) -> dict[str, Map]:
    """The automaton of a register: rotate its bits by one place, or clear the lowest."""
    size = 2**bits
    return {"r": [(x << 1) % size | x >> (bits - 1) for x in range(size)], "c": [x & ~1 for x in range(size)]}


# Matrices -------------------------------------------------------------------------------------------------------------


def unit_matrix(n: int, *entries: tuple[int, int, int]) -> Matrix:
    """The n × n matrix with these entries ``(row, column, value)`` and zeros elsewhere."""
    rows = [[0] * n for _ in range(n)]
    for i, j, value in entries:
        rows[i][j] = value
    return rows


def rotations(n: int) -> dict[str, Matrix]:
    """Infinitesimal rotations of neighbouring axes, which generate so(n)."""
    return {f"l{i}": unit_matrix(n, (i, i + 1, -1), (i + 1, i, 1)) for i in range(n - 1)}


def lorentz() -> dict[str, Matrix]:
    """One boost and two rotations, which generate so(1,3)."""
    boost = unit_matrix(4, (0, 1, 1), (1, 0, 1))
    return {"k": boost, "l1": unit_matrix(4, (1, 2, -1), (2, 1, 1)), "l2": unit_matrix(4, (2, 3, -1), (3, 2, 1))}


def special_linear(n: int) -> dict[str, Matrix]:
    """Elementary matrices next to the diagonal: they generate sl(n), the complexification of su(n)."""
    up = {f"e{i}": unit_matrix(n, (i, i + 1, 1)) for i in range(n - 1)}
    return up | {f"f{i}": unit_matrix(n, (i + 1, i, 1)) for i in range(n - 1)}


def symplectic4() -> dict[str, Matrix]:
    """Root vectors of the two simple roots of sp(4) and their negatives, for the form that pairs 0, 1 with 2, 3."""
    return {
        "e1": unit_matrix(4, (0, 1, 1), (3, 2, -1)),
        "f1": unit_matrix(4, (1, 0, 1), (2, 3, -1)),
        "e2": unit_matrix(4, (1, 3, 1)),
        "f2": unit_matrix(4, (3, 1, 1)),
    }


# The rows -------------------------------------------------------------------------------------------------------------


def _symmetric(n: int, k: int, l: int, dim: int, asked: str = "basis") -> Problem:
    why = "partitions of a set, Bell(k + l) where n is large (T1.12 g)"
    suffix = ", layer" if asked == "layer" else ""
    return Problem(f"S{n}, {k}→{l}{suffix}", dim, why, "group", symmetric_maps(n), (k, l), f"S{n}", asked=asked)


def _grid(title: str, n: int, rules: Sequence[str], dim: int, why: str, *, lazily: bool = False) -> Problem:
    asked, suffix = ("basis", ", lazily") if lazily else ("labels", "")
    maps = {rule: grid_map(n, rule) for rule in rules}
    return Problem(f"{title} {n}×{n}{suffix}", dim, why, "group", maps, name=f"{title} {n}", asked=asked)


def _torus(n: int, *, lazily: bool = False) -> Problem:
    return _grid("translations", n, ("right", "down"), n * n, "one filter entry a pixel (T1.12 c)", lazily=lazily)


def _p4m(n: int, *, lazily: bool = False) -> Problem:
    half = n // 2 + 1
    why = "offsets up to signs and exchange: triangle numbers"
    return _grid("p4m", n, ("right", "down", "turn", "mirror"), half * (half + 1) // 2, why, lazily=lazily)


def _regular(n: int) -> list[Problem]:
    why = "the order of the group (T1.12 p)"
    cycle = {"s": [*range(1, n), 0]}
    return [
        Problem(f"C{n} regular", n, why, "group", cycle, name=f"C{n}"),
        Problem(f"D{n} regular", 2 * n, why, "group", regular_dihedral(n)),
    ]


def _rotation(k: int, dim: int) -> Problem:
    return Problem(
        f"SO(3), {k}→{k}", dim, "Motzkin sums: Riordan numbers (T1.12 q)", "lie", rotations(3), (k, k), "SO3"
    )


def _reflection(k: int, dim: int) -> Problem:
    mirror = {"p": [[-1, 0, 0], [0, -1, 0], [0, 0, -1]]}
    return Problem(
        f"O(3), {k}→{k}", dim, "Riordan numbers of even index (T1.12 r)", "lie", rotations(3), (k, k), "O3", mirror
    )


def _lorentz(k: int, dim: int) -> Problem:
    why = "characters of sl(2) × sl(2): squares of Catalan numbers"
    return Problem(f"SO(1,3), {k}→{k}", dim, why, "lie", lorentz(), (k, k), "SO(1,3)")


def _cube(k: int, l: int, dim: int) -> Problem:
    return Problem(f"Rubik's cube, {k}→{l}", dim, "orbits of tuples of stickers", "group", cube_maps(), (k, l))


def _shift(n: int) -> Problem:
    rows = unit_matrix(n, *((i + 1, i, 1) for i in range(n - 1)))
    return Problem(f"nilpotent shift of R^{n}", n, "polynomials in one Jordan block (T2.1)", "monoid", {"s": rows})


def _transformations(n: int, k: int, dim: int) -> Problem:
    why = "maps of index sets: tuples pull back along [k] → [k]"
    return Problem(f"T{n}, {k}→{k}", dim, why, "monoid", transformation_maps(n), (k, k))


def _register(bits: int, dim: int) -> Problem:
    why = "binary necklaces: clearing splits each bit, so W is diagonal there, and constant under rotation"
    return Problem(f"automaton on {2**bits} states", dim, why, "monoid", register_maps(bits))


def full() -> list[Problem]:
    """Every row of the table."""
    return [
        _symmetric(50, 1, 1, 2), _symmetric(10, 2, 2, 15), _symmetric(50, 2, 2, 15), _symmetric(20, 3, 3, 203),
        _torus(64), _torus(64, lazily=True), _p4m(64), _p4m(64, lazily=True), *_regular(64),
        _rotation(3, 15), _rotation(4, 91), _rotation(5, 603), _reflection(4, 91), _lorentz(3, 25), _lorentz(4, 196),
        Problem("SU(3), 3→3", 6, "permutations of three factors", "lie", special_linear(3), (3, 3), "SU3",
                complexified=True),
        Problem("Sp(4), 3→3", 14, "15 matchings and one relation", "lie", symplectic4(), (3, 3), "Sp4",
                complexified=True),
        _cube(1, 1, 9), _cube(2, 1, 51), _shift(64), _transformations(10, 2, 4), _register(8, 36),
        _symmetric(10**6, 2, 2, 15), _symmetric(2000, 2, 2, 15, "layer"),
    ]  # fmt: skip


def quick() -> list[Problem]:
    """A few small rows of each kind."""
    return [
        _symmetric(5, 2, 2, 15), _torus(8), _p4m(8), *_regular(6), _rotation(2, 3), _reflection(2, 3), _lorentz(2, 4),
        _cube(1, 1, 9), _shift(8), _transformations(4, 1, 1), _register(4, 6),
    ]  # fmt: skip
