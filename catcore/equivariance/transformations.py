"""Index maps that do not all permute the outputs: orbits of those that do, and then a small system for the others.

The generators that permute leave one parameter for each orbit of pairs.  A generator that merges outputs says that
``W[i, s j]`` is the sum of the ``W[i', j]`` over the points i' that it sends to i: an equation between the few
parameters.  Full transformation monoids and the maps of automata with resets are of this kind (T2.1).

>>> from catcore.equivariance import full_transformation_monoid
>>> pairs = full_transformation_monoid(4).defining.tensor(2)
>>> solve(pairs, pairs).matrices.size
4
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catcore.equivariance.matrix_family import MatrixFamily
from catcore.equivariance.null_space import Basis
from catcore.equivariance.orbit_spans import OrbitSpan
from catcore.equivariance.orbits import Side

if TYPE_CHECKING:
    from catcore.equivariance.permutations import PermutationRepresentation

MAX_ENTRIES = 2**22  # of W
MAX_NUMBERS = 2**25  # of one generator's equations, before equal ones are dropped


def solve(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> Basis | None:
    """The reduced echelon basis; None where no generator permutes the outputs or too many parameters are left."""
    import numpy as np

    names, shape = rho_in.monoid.generators, (rho_out.degree, rho_in.degree)
    permuting = [name for name in names if len(np.unique(rho_out.index_map(name))) == rho_out.degree]
    field = rho_in.field.join(rho_out.field)
    if not permuting or field.generators or shape[0] * shape[1] > MAX_ENTRIES:
        return None
    source, target = (Side.maps([rho.index_map(name) for name in permuting], rho.degree) for rho in (rho_in, rho_out))
    span = OrbitSpan(source, target, (field.domain.one,), (1,))
    if shape[0] * shape[1] * span.count > MAX_NUMBERS:
        return None
    labels = span.materialise(field).labels - 1  # type: ignore[union-attr]
    others = [name for name in names if name not in permuting]
    rows = [_equations(labels, span.count, rho_in.index_map(name), rho_out.index_map(name)) for name in others]
    vectors = _null_space(np.vstack([np.zeros((1, span.count), np.int64), *rows]), field)
    flat = labels.ravel()
    members = [np.flatnonzero(flat == k).tolist() for k in range(span.count)]
    found = [{u: x for k, x in vector.items() for u in members[k]} for vector in vectors]
    return Basis(MatrixFamily.of(found, shape, field), f"{span.count} orbits of the permutations, then elimination")


def _equations(labels: Any, count: int, s: Any, t: Any) -> Any:
    """The different equations of one generator between the parameters: ``W s - t W = 0``."""
    import numpy as np

    n_out, n_in = labels.shape
    rows = np.zeros((n_out * n_in, count), np.int64)
    places = np.arange(n_out * n_in).reshape(n_out, n_in)
    np.add.at(rows, (places, labels[:, s]), 1)
    np.subtract.at(rows, (places[t], labels), 1)
    return np.unique(rows, axis=0)


def _null_space(rows: Any, field: Any) -> list[dict[int, Any]]:
    """The reduced echelon basis of the vectors that integer rows annihilate, over Q or GF(p)."""
    from sympy.polys.matrices import DomainMatrix

    entries = {(i, j): field.domain(int(rows[i, j])) for i, j in zip(*map(list, rows.nonzero()), strict=True)}
    system = DomainMatrix.from_dok({p: x for p, x in entries.items() if x}, rows.shape, field.domain)
    basis, _ = system.nullspace().rref()
    found: dict[int, dict[int, Any]] = {}
    for (k, j), x in basis.to_dok().items():
        found.setdefault(k, {})[j] = x
    return [found[k] for k in sorted(found)]
