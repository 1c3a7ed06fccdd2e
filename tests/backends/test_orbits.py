"""Orbits by connected components on arrays, beside SciPy's components and beside the solver's own patterns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from catcore.equivariance import Representation, cyclic, dihedral, equivariant_maps, symmetric
from catcore.errors import IllTyped, NotInterpreted, ShapeMismatch, TooLarge, WrongDtype
from catcore_backends import get_backend, orbit_labels
from catcore_backends.layers.orbits import components, tying_labels
from tests.backends import cupy_stand_in as cupy


def by_scipy(maps, n):
    """The smallest point of each component, as SciPy finds components."""
    start, end = np.tile(np.arange(n), len(maps)), np.concatenate([np.empty(0, int), *maps])
    graph = csr_array((np.ones(len(start)), (start, end.astype(int))), shape=(n, n))
    _, names = connected_components(graph, directed=False)
    return np.unique(names, return_index=True)[1][names]


@given(st.integers(1, 40), st.integers(0, 4), st.integers(0, 10**6), st.booleans())
def test_components_are_those_of_scipy(n, count, seed, permutations):
    rng = np.random.default_rng(seed)
    maps = [rng.permutation(n) if permutations else rng.integers(n, size=n) for _ in range(count)]

    np.testing.assert_array_equal(orbit_labels(maps, n), by_scipy(maps, n))


@pytest.mark.parametrize("backend", ["numpy", "torch", "jax", "array-api-strict"])
def test_on_every_library(backend):
    rng = np.random.default_rng(0)
    maps = [np.where(rng.random(300) < 0.4, rng.integers(300, size=300), np.arange(300)) for _ in range(2)]
    if backend == "array-api-strict":
        strict = pytest.importorskip("array_api_strict")
        with strict.ArrayAPIStrictFlags(data_dependent_shapes=False, boolean_indexing=False, enabled_extensions=()):
            found = orbit_labels(maps, backend=backend)
    else:
        pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
        found = orbit_labels(maps, backend=backend)
        assert type(found) is type(get_backend(backend).asarray([1]))

    np.testing.assert_array_equal(np.asarray(found), by_scipy(maps, 300))


@pytest.mark.parametrize("order", ["up", "down", "random", "bits"])
def test_a_path_takes_few_rounds(order):
    """A path of 2¹² points takes as many rounds as a logarithm says, however its points are numbered."""
    n = 2**12
    bits = np.array([int(f"{k:012b}"[::-1], 2) for k in range(n)])
    orders = {"up": np.arange(n), "down": np.arange(n)[::-1], "random": np.random.default_rng(0).permutation(n)}
    names = (orders | {"bits": bits})[order]
    rounds = []

    def edges():
        rounds.append(1)
        yield names[:-1].copy(), names[1:].copy()

    found = components(get_backend("numpy").namespace(), np.arange(n), edges)

    assert not found.any()
    assert len(rounds) <= 2 * 12 + 1


def test_a_star_of_smaller_points_around_the_largest():
    n = 1000
    centre = np.full(n, n - 1)

    assert not orbit_labels([centre]).any()


def test_no_points_and_no_generators():
    assert orbit_labels([], 0).shape == (0,)
    assert orbit_labels([np.empty(0, int)]).shape == (0,)
    assert orbit_labels([], 3).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("maps", "n", "error", "words"),
    [
        ([], None, ShapeMismatch, "n= where there is no generator"),
        ([[0, 1], [0, 1, 2]], None, ShapeMismatch, r"shape \(2,\), \(3,\) were given"),
        ([[0, 1]], 3, ShapeMismatch, r"shape \(2,\), \(3,\)"),
        ([[[0, 1]]], None, ShapeMismatch, r"\(1, 2\)"),
        ([[0, 2]], None, ShapeMismatch, r"0, …, 1, and one leads to 0 … 2\. Number points from 0"),
        ([[-1, 0]], None, ShapeMismatch, "leads to -1"),
        ([[0.0, 1.0]], None, WrongDtype, "maps of integers, and one of dtype float64"),
        ([], True, IllTyped, "a number n of points, and True"),
        ([], -1, IllTyped, "and -1 was given"),
    ],
)
def test_what_are_no_maps_is_refused(maps, n, error, words):
    with pytest.raises(error, match=words):
        orbit_labels(maps, n)


def test_narrow_integers_are_refused_rather_than_overflow():
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    n = 50_000
    with jax.enable_x64(False), pytest.raises(WrongDtype, match=r"int32 does not hold the square.*jax_enable_x64"):
        orbit_labels([np.roll(np.arange(n), 1)], backend="jax")
    with jax.enable_x64(True):
        assert not orbit_labels([np.roll(np.arange(n), 1)], backend="jax").any()


# ---- tying patterns ----------------------------------------------------------------------------------------------

TURN = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
SPACES = {
    "signs": lambda: equivariant_maps(TURN.tensor(2), TURN.tensor(2)),
    "signs that vanish": lambda: equivariant_maps(TURN, cyclic(4).defining),
    "an alternating line": lambda: equivariant_maps(dihedral(3).defining.tensor(2), Representation.sign(dihedral(3))),
    "circulant": lambda: equivariant_maps(cyclic(12).defining, cyclic(12).defining),
    "graphs": lambda: equivariant_maps(dihedral(6).defining.tensor(2), dihedral(6).defining.tensor(2)),
    "rectangular": lambda: equivariant_maps(cyclic(9).defining.tensor(2), cyclic(9).defining),
}


@pytest.mark.parametrize("backend", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("name", SPACES)
def test_patterns_are_those_of_the_solver(name, backend):
    """T1.11, with signs and forced zeros."""
    pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
    space = SPACES[name]()
    found = space.labels_on(backend)

    assert type(found) is type(get_backend(backend).asarray([1]))
    np.testing.assert_array_equal(np.asarray(found), space.labels)


def test_on_the_device_that_was_asked_for():
    """On the stand-in for a GPU: everything is computed on the second device."""
    with cupy.installed(devices=2) as machine:
        found = SPACES["circulant"]().labels_on("cupy", device="cuda:1")
        orbits = orbit_labels([[1, 0, 2]], backend="cupy", device=1)
        assert {event[2] for event in machine.words("launch")} == {1}
        assert (found.device.id, orbits.device.id) == (1, 1)
        np.testing.assert_array_equal(found.get(), SPACES["circulant"]().labels)


def test_spaces_without_orbits_are_refused():
    space = equivariant_maps(symmetric(7).defining, symmetric(7).defining)
    with pytest.raises(NotInterpreted, match=r"found by set-partition diagrams\. Use labels or basis of the space"):
        tying_labels(space)


def test_a_pattern_too_large_is_refused_with_its_size():
    space = equivariant_maps(cyclic(20_000).defining, cyclic(20_000).defining)
    with pytest.raises(TooLarge, match="400000000 labels"):
        space.labels_on("numpy")
