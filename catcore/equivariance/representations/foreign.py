"""Representations of e3nn and escnn, read into exact ones.

Both libraries hold floating-point matrices.  Here every entry is recognised as an algebraic number; what was recognised
is then checked exactly, by the relations of a finite group, or by the brackets of the rotations' Lie algebra.  A number
that is not recognised is refused, so no entry is ever rounded silently.  Infinitesimal generators are derivatives at 0
of ``t ↦ ρ(exp t X)``, a trigonometric polynomial whose degree L is known, and so the sum
``Σ_j (-1)^{j+1} f(t_j) / (2 sin(t_j / 2))`` over the 2L+1 equal steps of a turn, without any error but rounding.

>>> class Vector:  # what is asked of an e3nn.o3.Irreps
...     lmax = dim = 1
...     def D_from_angles(self, alpha, beta, gamma, k):
...         return [[(-1.0) ** int(k)]]
>>> rho = from_e3nn(Vector())
>>> str(rho.monoid), rho.matrix("J1"), rho.matrix("r")
('O(3)', Matrix([[0]]), Matrix([[-1]]))
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sympy as sp

from catcore.equivariance.groups.group import Group
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.representations.representation import LieRepresentation, Representation
from catcore.errors import InexactNumber, NotARepresentation, TooLarge

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-9
MAX_ELEMENTS = 500
MAX_FREQUENCY = 64
MAX_COSINES = 4  # independent ones in a combination
RADICALS = ((2,), (3,), (5,), (6,), (7,), (10,), (15,), (21,), (2, 3, 6), (2, 5, 10), (3, 5, 15), (2, 7, 14))


def from_e3nn(irreps: Any) -> LieRepresentation:
    """A sum of irreducibles of O(3) as e3nn writes it, such as ``e3nn.o3.Irreps("2x0e + 1o")``, in e3nn's basis.

    The group is ``O(3)`` with its own names, ``J1`` turning x to y and ``J2`` turning y to z, so that
    ``equivariant_maps(O(3).defining, from_e3nn("1x1o"))`` is asked between the two.  A string needs e3nn installed;
    otherwise the value is used as it is.  Raises ``InexactNumber`` for entries that are not recognised, ``TooLarge``
    where they need a number field of too large a degree.
    """
    import numpy as np

    from catcore.equivariance.families.classical import O

    if isinstance(irreps, str):
        irreps = _e3nn_irreps(irreps)

    def turn(alpha: float, beta: float, k: int = 0) -> NDArray[Any]:
        return np.asarray(irreps.D_from_angles(number(alpha), number(beta), number(0.0), number(k)), dtype=float)

    with _double_precision() as number:
        X = _derivative(lambda t: turn(0.0, t), irreps.lmax)
        Y = _derivative(lambda t: turn(t, 0.0), irreps.lmax)
        r = turn(0.0, math.pi, 1)
    return _rotations(O(3), X @ Y - Y @ X, X, r)


def _e3nn_irreps(text: str) -> Any:
    from catcore.errors import BackendMissing

    try:
        from e3nn.o3 import Irreps
    except ImportError as missing:
        raise BackendMissing(
            f"The e3nn irreps {text[:60]!r} were asked for and e3nn is not installed: pip install e3nn."
        ) from missing
    return Irreps(text)


@contextmanager
def _double_precision() -> Iterator[Callable[[float], Any]]:
    """How numbers are written for e3nn: as tensors where PyTorch is installed, whose default e3nn computes in."""
    try:
        import torch
    except ImportError:
        yield float
        return
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield torch.tensor
    finally:
        torch.set_default_dtype(before)


def from_escnn(representation: Any) -> Representation:
    """A representation of escnn in its own basis: of a finite group, or of SO(2), O(2), SO(3) or O(3).

    A finite group becomes the group of permutations of its elements that ``group.generators`` make, named ``g0``,
    ``g1``, ...; two representations of one group of escnn therefore are of one group here.  Rotations become the
    classical group of the name.  Raises ``InexactNumber`` for entries that are not recognised,
    ``NotARepresentation`` for what is none or of another group, ``TooLarge`` for a large finite group.
    """
    group = representation.group
    if group.order() > 0:
        return _of_finite(representation, group)
    frequency = max((abs(int(x)) for irrep in representation.irreps for x in irrep[-1:]), default=0)
    readers = {"SO(2)": _of_plane, "O(2)": _of_plane, "SO(3)": _of_space, "O(3)": _of_space}
    if str(group.name) not in readers or frequency > MAX_FREQUENCY:
        raise NotARepresentation(
            f"A representation of escnn's group {group.name} with frequencies up to {frequency} was asked for; "
            f"finite groups, SO(2), O(2), SO(3) and O(3) are read, up to frequency {MAX_FREQUENCY}."
        )
    return readers[str(group.name)](representation, group, frequency)


def _of_finite(representation: Any, group: Any) -> Representation:
    import numpy as np

    if group.order() > MAX_ELEMENTS:
        raise TooLarge(
            f"{group.name} of order {group.order()} was asked for; at most {MAX_ELEMENTS} elements are read."
        )
    elements, generators = list(group.elements), list(group.generators)
    maps = {f"g{i}": [elements.index(g @ x) for x in elements] for i, g in enumerate(generators)}
    images = {
        f"g{i}": recognised(np.asarray(representation(g), dtype=float), group.order()) for i, g in enumerate(generators)
    }
    return Representation(Group.permutations(maps), images)


def _of_plane(representation: Any, group: Any, frequency: int) -> LieRepresentation:
    from catcore.equivariance.families.classical import SO, O

    reflects = str(group.name) == "O(2)"

    def at(flip: int, t: float) -> Any:
        return representation(group.element((flip, t) if reflects else t, "radians"))

    J = _derivative(lambda t: at(0, t), frequency)
    r = {"r": recognised(at(1, math.pi), 1)} if reflects else {}
    made = LieRepresentation((O if reflects else SO)(2), {"J1": recognised(J, 1), **r})
    if reflects and made.matrix("r") * made.matrix("J1") != -made.matrix("J1") * made.matrix("r"):
        raise _no_brackets("r J1 r = -J1")
    return made


def _of_space(representation: Any, group: Any, frequency: int) -> LieRepresentation:
    import numpy as np

    from catcore.equivariance.families.classical import SO, O

    reflects = str(group.name) == "O(3)"

    def at(flip: int, *axis: float) -> Any:
        turn = np.array(axis)
        return representation(group.element((flip, turn) if reflects else turn, "EV"))

    Z, X = _derivative(lambda t: at(0, 0, 0, t), frequency), _derivative(lambda t: at(0, t, 0, 0), frequency)
    return _rotations((O if reflects else SO)(3), Z, X, r=at(1, math.pi, 0, 0) if reflects else None)


def _rotations(group: LieGroup, J1: Any, J2: Any, r: Any) -> LieRepresentation:
    """The representation with these turns of x to y and of y to z, and this reflection in x, checked exactly."""
    further = {} if r is None else {"r": recognised(r, 1)}
    made = LieRepresentation(group, {"J1": recognised(J1, 1), "J2": recognised(J2, 1), **further})
    a, b = made.exact("J1"), made.exact("J2")
    c = a * b - b * a
    laws = {"[J2, [J1, J2]] = J1": b * c - c * b - a, "[[J1, J2], J1] = J2": c * a - a * c - b}
    if further:
        s = made.exact("r")
        laws |= {"r J1 = -J1 r": s * a + a * s, "r J2 = J2 r": s * b - b * s}
    for relation, difference in laws.items():
        if not difference.is_zero_matrix:
            raise _no_brackets(relation)
    return made


def _no_brackets(relation: str) -> NotARepresentation:
    return NotARepresentation(
        f"A representation of rotations was read and the relation {relation} is broken, so the matrices found are "
        "not one; check that it was made in double precision."
    )


def _derivative(f: Callable[[float], Any], degree: int) -> NDArray[Any]:
    """The derivative at 0 of a trigonometric polynomial of this degree."""
    import numpy as np

    n = 2 * degree + 1
    steps = 2 * math.pi * np.arange(1, n) / n
    weights = np.where(np.arange(1, n) % 2, 1.0, -1.0) / (2 * np.sin(steps / 2))
    values = np.array([f(float(t)) for t in steps], dtype=float)
    zero = np.zeros_like(np.asarray(f(0.0), dtype=float))
    return np.einsum("j,jab->ab", weights, values) if n > 1 else zero


# Numbers ----------------------------------------------------------------------------------------------------------


def recognised(matrix: Any, order: int) -> list[list[Any]]:
    """The matrix with every entry as an algebraic number: rationals, sums of square roots, cosines of parts of a turn.

    ``order`` says which parts: the group's order.  Raises ``InexactNumber`` for an entry that is none of these.
    """
    import numpy as np

    known: dict[float, Any] = {}

    def number(x: float, place: tuple[int, int]) -> Any:
        key = round(abs(x), 9)
        if key not in known:
            known[key] = _number(abs(x), order)
        if known[key] is None:
            raise InexactNumber(
                f"An exact matrix was asked for and entry {place} is {x!r}, which is not recognised as an algebraic "
                "number; give the matrix by exact strings, such as '-sqrt(2)/2' or 'cos(2*pi/7)'."
            )
        return known[key] if x >= 0 else -known[key]

    return [[number(float(x), (i, j)) for j, x in enumerate(row)] for i, row in enumerate(np.asarray(matrix))]


def _number(x: float, order: int) -> Any:
    """The simplest algebraic number of the kinds known within the tolerance of x ≥ 0; None without."""
    for find in (_rational, _root, _cosine, _sum_of_roots, _sum_of_cosines):
        if (found := find(x, order)) is not None and abs(float(found) - x) < TOLERANCE:
            return found
    return None


def _rational(x: float, order: int, largest: int = 64) -> Any:
    found = sp.Rational(x).limit_denominator(largest)
    return found if abs(float(found) - x) < TOLERANCE else None


def _root(x: float, order: int) -> Any:
    square = _rational(x * x, order, 256)
    return None if square is None else sp.sqrt(square)


def _cosine(x: float, order: int) -> Any:
    """A cosine or sine of a part of a turn, perhaps with a small factor."""
    for factor in (sp.Integer(1), sp.Rational(1, 2), sp.Integer(2), *(sp.sqrt(sp.Rational(2, n)) for n in (order,))):
        ratio = x / float(factor)
        for n in (order, 2 * order, 4 * order):
            k = round(math.acos(min(ratio, 1.0)) * n / (2 * math.pi))
            if ratio <= 1 and abs(math.cos(2 * math.pi * k / n) - ratio) < TOLERANCE:
                return factor * sp.cos(2 * sp.pi * sp.Rational(k, n))
    return None


def _sum_of_roots(x: float, order: int) -> Any:
    """A rational combination of 1 and a few square roots."""
    bases = ([sp.Integer(1), *map(sp.sqrt, roots)] for roots in RADICALS)
    return _combination(x, bases)


def _sum_of_cosines(x: float, order: int) -> Any:
    """A rational combination of cosines, or of sines, of the parts of a turn, where few of them are independent."""
    parts = [n for n in (order, order // 2) if n > 4 and sp.totient(n) <= 2 * MAX_COSINES]
    turns = [[2 * sp.pi * sp.Rational(k, n) for k in range(1, int(sp.totient(n)) // 2 + 1)] for n in parts]
    return _combination(x, ([f(t) for t in some] for some in turns for f in (sp.cos, sp.sin)))


def _combination(x: float, bases: Iterable[list[Any]]) -> Any:
    """A combination with small rational coefficients in one of these bases, by an integer relation; None without."""
    from mpmath import mp, mpf

    with mp.workdps(15):
        for basis in bases:
            values = [mpf(x), *(mpf(float(b)) for b in basis)]
            relation = mp.pslq(values, tol=mpf(10) ** -11, maxcoeff=64, maxsteps=2000)
            if relation and relation[0]:
                return -sum((c * b for c, b in zip(relation[1:], basis, strict=True)), sp.Integer(0)) / relation[0]
    return None
