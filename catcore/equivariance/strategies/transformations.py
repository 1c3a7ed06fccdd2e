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

from catcore.equivariance.linear_algebra import short_equations
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbit_spans import OrbitSpan
from catcore.equivariance.strategies.orbits import Side

if TYPE_CHECKING:
    from catcore.equivariance.representations.permutations import PermutationRepresentation

MAX_ENTRIES = 2**22  # of W


def solve(rho_in: PermutationRepresentation, rho_out: PermutationRepresentation) -> Basis | None:
    """The reduced echelon basis; None where no generator permutes the outputs or too many parameters are left."""
    import numpy as np
    from scipy.sparse import vstack

    names, shape = rho_in.monoid.generators, (rho_out.degree, rho_in.degree)
    permuting = [name for name in names if len(np.unique(rho_out.index_map(name))) == rho_out.degree]
    field = rho_in.field.join(rho_out.field)
    if not permuting or field.generators or shape[0] * shape[1] > MAX_ENTRIES:
        return None
    source, target = (Side.maps([rho.index_map(name) for name in permuting], rho.degree) for rho in (rho_in, rho_out))
    span = OrbitSpan(source, target, (field.domain.one,), (1,))
    labels = span.materialise(field).labels - 1  # type: ignore[union-attr]
    others = [name for name in names if name not in permuting]
    rows = [_equations(labels, span.count, rho_in.index_map(name), rho_out.index_map(name)) for name in others]
    solved = short_equations.solve(vstack(rows), field)
    if solved is None:
        return None
    how = f"{span.count} orbits of the permutations, then {solved}"
    return Basis(solved.pulled_back(labels.ravel()).family(shape, field), how)


def _equations(labels: Any, count: int, s: Any, t: Any) -> Any:
    """The equations of one generator between the parameters: ``W s - t W = 0``, an entry of W a row."""
    import numpy as np
    from scipy.sparse import coo_array

    n_out, n_in = labels.shape
    places = np.arange(n_out * n_in).reshape(n_out, n_in)
    rows = np.concatenate([places.ravel(), places[t].ravel()])
    columns = np.concatenate([labels[:, s].ravel(), labels.ravel()])
    signs = np.repeat([1, -1], n_out * n_in)
    return coo_array((signs, (rows, columns)), shape=(n_out * n_in, count))
