"""Diagonal form modulo a prime: eigenvalues in the field, and bases of the eigenspaces.

The first linear relation between v, h v, h² v, ... for a random vector v is the minimal polynomial f of h.  Where f has
as many different roots in GF(p) as its degree, h is diagonal in some basis, the projection to the eigenspace of λ is a
polynomial in h, and what it makes of random vectors spans that space.  A vector without luck gives a proper divisor of
f; then eigenvalues are missing, which is seen when the spaces are put back.

>>> import numpy as np
>>> F, h = PrimeField(8388593), np.array([[2.0, 1.0], [1.0, 2.0]])
>>> sorted(eigenvalues(F, [h], np.random.default_rng(0)))
[1, 3]
>>> eigenvalues(F, [np.array([[0.0, 1.0], [0.0, 0.0]])], np.random.default_rng(0)) is None
True
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra.modular import PrimeField

if TYPE_CHECKING:
    import numpy as np

    from catcore.equivariance.linear_algebra.modular import Array

MAX_VALUES = 1024
WIDTH = 16  # random vectors that are projected at once
SPARE = 8  # random combinations of equations beyond the unknowns


def eigenvalues(F: PrimeField, blocks: Sequence[Any], rng: np.random.Generator) -> list[int] | None:
    """The eigenvalues of a block-diagonal matrix, at most :data:`MAX_VALUES`; None unless they are all in the field and
    the matrix is diagonal in some basis."""
    import flint

    coefficients = _minimal_polynomial(F, blocks, rng)
    if coefficients is None:
        return None
    f, x = flint.nmod_poly(coefficients, F.p), flint.nmod_poly([0, 1], F.p)
    if x.pow_mod(F.p, f) != x % f:
        return None  # f divides x^p - x exactly when it is a product of different linear factors
    return [int(root) for root, _ in f.roots()]


def _minimal_polynomial(F: PrimeField, blocks: Sequence[Any], rng: np.random.Generator) -> list[int] | None:
    """That of the whole on a random vector, the constant coefficient first; None for a degree above the bound."""
    import numpy as np

    powers = [[F.random((h.shape[0], 1), rng)] for h in blocks]
    width = 2
    while width <= 2 * MAX_VALUES:
        for h, known in zip(blocks, powers, strict=True):
            while len(known) < width:
                known.append(F.multiply(h, known[-1]))
        seen = [F.multiply(F.random((width + SPARE, len(known[0])), rng), np.hstack(known)) for known in powers]
        found = F.echelon(F.reduce(sum(seen)))
        if (degree := found.rank) < width:
            return [int(-c) % F.p for c in found.rows[:, degree]] + [1]
        width *= 2
    return None


def eigenbasis(F: PrimeField, h: Any, values: Sequence[int], rng: np.random.Generator) -> list[Array] | None:
    """A basis of each eigenspace, as columns, for these eigenvalues; None where they are not all."""
    import numpy as np

    n, k = h.shape[0], len(values)
    projections = F.inverse(_powers(F, values))  # row l: the coefficients of the polynomial that projects to space l
    bases = [np.zeros((0, n)) for _ in values]
    growing = np.arange(k)
    while len(growing):
        power = F.random((n, WIDTH), rng)
        stack = np.empty((k, n, WIDTH))
        for j in range(k):
            stack[j] = power
            power = F.multiply(h, power)
        images = F.multiply(projections[growing], stack.reshape(k, n * WIDTH)).reshape(len(growing), n, WIDTH)
        full = []
        for l, image in zip(growing.tolist(), images, strict=True):
            known = len(bases[l])
            bases[l] = F.echelon(np.vstack([bases[l], image.T])).rows
            full.append(len(bases[l]) < known + WIDTH)
        growing = growing[~np.array(full)]
    once = np.repeat(F.reduce(np.array(values, dtype=float)), [len(basis) for basis in bases])
    whole = np.vstack(bases).T
    holds = whole.shape[1] == n and not F.reduce(F.multiply(h, whole) - whole * once).any()
    return [basis.T for basis in bases] if holds else None


def _powers(F: PrimeField, values: Sequence[int]) -> Array:
    """Row j: the j-th powers."""
    import numpy as np

    once = F.reduce(np.array(values, dtype=float))
    rows = [np.ones(len(values))]
    for _ in range(len(values) - 1):
        rows.append(F.reduce(rows[-1] * once))
    return np.array(rows)


__all__ = ["MAX_VALUES", "eigenbasis", "eigenvalues"]
