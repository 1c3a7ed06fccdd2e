"""Index maps that merge outputs: orbits of those that permute and a small system, against elimination (T2.1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import Representation, equivariant_maps, free_monoid, full_transformation_monoid
from tests.equivariance.groups_at_work import by_null_space, dense_nullity


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([None, "GF(2)", "GF(5)"]), st.data())
def test_mixed_index_maps_agree_with_elimination(n: int, m: int, field: str | None, data: st.DataObject) -> None:
    """One generator permutes the outputs and the other need not; over Q and where 2 or 5 vanishes."""
    monoid = free_monoid("a", "b")

    def functions(k: int) -> list[int]:
        return data.draw(st.lists(st.integers(0, k - 1), min_size=k, max_size=k))

    rho = Representation.permutation(monoid, {"a": functions(n), "b": functions(n)}, field=field)
    permutation = list(data.draw(st.permutations(range(m))))
    tau = Representation.permutation(monoid, {"a": permutation, "b": functions(m)}, field=field)
    space, eliminated = equivariant_maps(rho, tau), by_null_space(rho, tau)

    assert space.dim == eliminated.dim
    assert list(space.basis) == list(eliminated.basis)
    assert space.checked
    if field is None:
        assert space.dim == dense_nullity(rho, tau)


def test_full_transformation_monoids() -> None:
    """T2.1: only multiples of one on points; four maps from pairs to pairs, which no group would leave so few."""
    for n in (2, 3, 5):
        points = full_transformation_monoid(n).defining
        assert equivariant_maps(points, points).dim == 1
    pairs = full_transformation_monoid(10).defining.tensor(2)
    space = equivariant_maps(pairs, pairs)
    assert (space.dim, space.checked) == (4, True)
    assert "orbits of the permutations" in space.how
