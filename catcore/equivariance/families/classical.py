"""The classical groups O(n), SO(n), O(p, q), SO(p, q), Sp(2m), U(n), SU(n), GL(n) and SL(n), by few generators.

A group is given by generators of its Lie algebra on the defining representation and an element for each further
component.  U(n) and SU(n) are given by generators of their complexified Lie algebras, since a complex linear map
commutes with the one exactly when it commutes with the other; so their spaces of maps have complex dimensions.  Maps
that are not linear are held against the compact groups themselves, by ``e - f``, ``i (e + f)`` and ``i d``.

>>> SO(3).defining.degree, O(1, 3).components, classical_group("SO(1,3)") == SO(1, 3)
(3, ('r', 't'), True)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catcore.equivariance.diagrams.brauer import Form
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.representation import LieRepresentation
from catcore.errors import ShapeMismatch
from catcore.exact import RATIONALS, Field

COMPLEX = Field(imaginary=True)
MAX_NAMED = 256  # n of a group read from a name


@dataclass(frozen=True)
class ClassicalGroup(LieGroup):
    """A classical group of n×n matrices: ``family`` is O, SO, Sp, U, SU, GL or SL, ``minus`` the negative squares."""

    family: str = "SO"
    n: int = 1
    minus: int = 0

    @property
    def form(self) -> Form:
        """The bilinear form that the group preserves; the trivial one where there is none."""
        return Form(self.n, self.minus, self.family == "Sp")

    @property
    def linear(self) -> bool:
        """Whether no form is preserved, so that vectors and covectors differ."""
        return self.family in ("U", "SU", "GL", "SL")

    @property
    def special(self) -> bool:
        """Whether the volume is preserved and nothing else asks for it, so that there are ε vertices."""
        return self.family in ("SO", "SU", "SL")

    @cached_property
    def defining(self) -> LieRepresentation:
        """The group acting on column vectors by its own matrices."""

        def image(name: str) -> Any:
            if name in self.components:
                flips = {0} if name == "r" else {self.n - 1} if name == "t" else {0, self.n - 1}
                entries = {(i, i): field.domain.one * (-1 if i in flips else 1) for i in range(self.n)}
            else:
                entries = {place: field.domain.one * x for place, x in self._element(name).items()}
            return matrices.sparse(entries, (self.n, self.n), field)

        field = COMPLEX if self.family in ("SU", "U") else RATIONALS
        made: LieRepresentation = LieRepresentation._make(
            self, self.n, field, ("defining",), image, f"{self!r}.defining"
        )
        return made

    def _element(self, name: str) -> dict[tuple[int, int], int]:
        """The entries of a Lie algebra generator, whose name is a letter and a number."""
        letter, i = name[0], int(name[1:]) - 1
        if letter == "J":  # a rotation or a boost in the plane of axes i and i + 1
            signs = [1 if a < self.n - self.minus else -1 for a in (i, i + 1)]
            return {(i + 1, i): signs[0], (i, i + 1): -signs[1]}
        if letter == "d":
            return {(0, 0): 1}
        m = self.n // 2
        if self.family != "Sp":
            entries = {(i, i + 1): 1}
        elif i == m - 1:
            entries = {(i, i + m): 1}
        else:
            entries = {(i, i + 1): 1, (m + i + 1, m + i): -1}
        return entries if letter == "e" else {(b, a): x for (a, b), x in entries.items()}

    def __str__(self) -> str:
        size = f"{self.n - self.minus},{self.minus}" if self.minus else str(self.n)
        return f"{self.family}({size})"

    def __repr__(self) -> str:
        return str(self).replace(",", ", ")


def _size(n: int, family: str) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ShapeMismatch(f"{family}({n!r}) was asked for; n is an integer and at least 1.")


def _orthogonal(family: str, p: int, q: int) -> ClassicalGroup:
    _size(p, family)
    if q:
        _size(q, family)
    n = p + q
    further = ("r", "t")[: 1 + bool(q)] if family == "O" else ("rt",) if q else ()
    relations = tuple((((name, 2),), ()) for name in further)
    turns = tuple(f"J{i}" for i in range(1, n))
    return ClassicalGroup(turns, further, relations, family, family=family, n=n, minus=q)


def SO(p: int, q: int = 0) -> ClassicalGroup:
    """The special orthogonal group SO(n), or SO(p, q) of p positive and q negative squares, with both components.

    Raises ``ShapeMismatch`` unless the sizes are positive integers.

    >>> SO(1, 3).defining.matrix("J1")
    Matrix([
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 0]])
    """
    return _orthogonal("SO", p, q)


def O(p: int, q: int = 0) -> ClassicalGroup:  # noqa: E743
    """The orthogonal group O(n) or O(p, q): SO with a reflection ``r`` (and, of a negative square, ``t``)."""
    return _orthogonal("O", p, q)


def _linear(family: str, n: int) -> ClassicalGroup:
    _size(n, family)
    names = tuple(f"{letter}{i}" for letter in "ef" for i in range(1, n))
    further = () if family in ("SU", "SL") else ("d1",)
    compact = family in ("SU", "U")
    pairs = [(f"e{i}", f"f{i}") for i in range(1, n)] + [(name, name) for name in further]
    adjoints = tuple(pairs) if compact else ()
    return ClassicalGroup((*names, *further), name=family, adjoints=adjoints, family=family, n=n)


def SL(n: int) -> ClassicalGroup:
    """The special linear group on Q^n, by the generators ``e_i = E_{i,i+1}`` and ``f_i = E_{i+1,i}`` of sl(n)."""
    return _linear("SL", n)


def GL(n: int) -> ClassicalGroup:
    """The general linear group on Q^n, by generators of gl(n): those of :func:`SL` and ``d1 = E_11``."""
    return _linear("GL", n)


def SU(n: int) -> ClassicalGroup:
    """The special unitary group on C^n, by generators of its complexified Lie algebra sl(n, C)."""
    return _linear("SU", n)


def U(n: int) -> ClassicalGroup:
    """The unitary group on C^n, by generators of its complexified Lie algebra gl(n, C)."""
    return _linear("U", n)


def Sp(n: int) -> ClassicalGroup:
    """The symplectic group of n×n matrices with ``gᵀ J g = J`` for ``J = [[0, 1], [-1, 0]]``; n is even.

    Raises ``ShapeMismatch`` for odd n.  The compact group of the same name has the same complex dimensions.
    """
    _size(n, "Sp")
    if n % 2:
        raise ShapeMismatch(f"Sp({n}) was asked for; a symplectic form needs an even dimension, such as Sp({n + 1}).")
    names = tuple(f"{letter}{i}" for letter in "ef" for i in range(1, n // 2 + 1))
    return ClassicalGroup(names, name="Sp", family="Sp", n=n)


def classical_group(name: str) -> ClassicalGroup | None:
    """The group that a name such as ``SO3``, ``SO(1,3)``, ``SU 2`` or ``Sp(4)`` stands for; None for other names.

    Raises ``ShapeMismatch`` for a size that the family does not have, such as ``Sp3`` or ``SU0``.
    """
    match = re.fullmatch(r"(SO|O|Sp|SU|U|SL|GL)[ _]?\(?(\d{1,3})(?: ?, ?(\d{1,3}))?\)?", name.strip())
    if match is None or (match[3] is not None and match[1] not in ("SO", "O")):
        return None
    sizes = [int(match[2])] + ([int(match[3])] if match[3] else [])
    if sum(sizes) > MAX_NAMED:
        raise ShapeMismatch(f"{name.strip()} was asked for; at most {MAX_NAMED} dimensions are known by name.")
    families: dict[str, Any] = {"SO": SO, "O": O, "Sp": Sp, "SU": SU, "U": U, "SL": SL, "GL": GL}
    group: ClassicalGroup = families[match[1]](*sizes)
    return group
