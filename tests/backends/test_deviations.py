"""Measured equivariance: 0 for homomorphisms, positive for what does not commute (FEATURES 67)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.equivariance import (
    SO,
    Representation,
    causal_shift,
    cyclic,
    dihedral,
    equivariant_maps,
    full_transformation_monoid,
    hyperoctahedral,
    symmetric,
    torus,
)
from catcore.errors import NoInstance, NotARepresentation, ShapeMismatch, UnknownName
from catcore_backends.deviations import deviation

REPRESENTATIONS = {
    "points": symmetric(4).defining,
    "pairs": symmetric(3).defining.tensor(2),
    "pixels": torus(3, 4).defining,
    "signed axes": hyperoctahedral(3).natural,
    "a plane": Representation(cyclic(3), {"s": [["-1/2", "-sqrt(3)/2"], ["sqrt(3)/2", "-1/2"]]}),
    "space": SO(3).defining + SO(3).defining.tensor(2),
    "self-maps": full_transformation_monoid(3).defining,
    "a shift that fills with zeros": causal_shift(5),
}


@pytest.mark.parametrize("name", REPRESENTATIONS)
@pytest.mark.parametrize("channels", [(), (2,)])
def test_tied_layers_do_not_deviate_and_others_do(name: str, channels: tuple[int, ...]) -> None:
    rho = REPRESENTATIONS[name]
    W, rng = equivariant_maps(rho, rho), np.random.default_rng(0)
    x = rng.normal(size=(6, *channels, rho.degree))
    theta, untied = rng.normal(size=W.dim), rng.normal(size=(rho.degree, rho.degree))
    tied = deviation(lambda y: W.apply(theta, y), rho, rho, x)
    broken = deviation(lambda y: y @ untied.T, rho, rho, x)

    assert tied.relative < 1e-12
    assert tied.stability < 1e-10
    assert broken.relative > 0.1
    assert broken.stability > 0.1
    assert set(rho.monoid.generators) <= set(tied.by_element)


@given(st.sampled_from(["points", "pairs", "pixels"]), st.integers(0, 2**31))
def test_pointwise_maps_of_permutations_do_not_deviate_at_all(name: str, seed: int) -> None:
    """Exactly 0: numbers change places, and nothing is added (T1.15)."""
    rho = REPRESENTATIONS[name]
    x = np.random.default_rng(seed).normal(size=(3, rho.degree))

    assert deviation(np.tanh, rho, rho, x).worst[1] == 0.0
    assert deviation(np.tanh, rho, rho, x).relative == 0.0
    weights = np.arange(rho.degree)
    assert deviation(lambda y: np.tanh(weights * y), rho, rho, x).worst[1] > 0


def test_the_numbers_are_those_of_the_definition() -> None:
    """f = (x₀, 0) on the swap of two pixels: f(s x) - s f(x) = (x₁, -x₀) (T1.12 a)."""
    swap = cyclic(2).defining
    x = np.array([[3.0, 4.0], [0.0, 2.0]])
    found = deviation(lambda y: y * np.array([1.0, 0.0]), swap, swap, x, elements=["s", "s s"])

    assert found.by_element["s"] == pytest.approx(math.sqrt((25 + 4) / 4))
    assert found.by_element["s s"] == 0.0
    assert found.scale == pytest.approx(math.sqrt(9 / 4))
    assert found.worst == ("s", found.by_element["s"])
    assert found.stability == pytest.approx(1.0)
    assert str(found) == "deviation 2.69 at s, 1.8 of the outputs (numeric)"


def test_words_act_from_the_right_and_invert() -> None:
    """On D_5, which does not commute: the last letter of a word acts first."""
    rho, x = dihedral(5).defining, np.random.default_rng(1).normal(size=(2, 5))

    def first(y: np.ndarray) -> np.ndarray:
        return y[..., :1] * np.eye(5)[0]

    found = deviation(first, rho, rho, x, elements=["r s", "s r^-1", "r^-1", "r^4", "r r^-1"])
    assert found.by_element["r s"] == pytest.approx(found.by_element["s r^-1"])  # one element, r s = s r^-1
    assert found.by_element["r^-1"] == found.by_element["r^4"]
    assert found.by_element["r r^-1"] == 0.0


def test_rotations_stand_for_their_generators() -> None:
    """exp(X) is a rotation by one radian: lengths do not deviate, the first coordinate does."""
    space, x = SO(3).defining, np.random.default_rng(2).normal(size=(50, 3))
    line = Representation.trivial(SO(3), 1)

    assert deviation(lambda y: np.linalg.norm(y, axis=-1, keepdims=True), space, line, x).relative < 1e-14
    assert deviation(lambda y: y[..., :1], space, line, x, elements=["J1"]).worst[1] > 0.1
    assert deviation(np.tanh, space, space, x).relative > 0.01  # T1.15: pointwise maps do not commute with rotations


def test_refusals() -> None:
    points = symmetric(3).defining
    with pytest.raises(ShapeMismatch, match=r"Inputs of shape \(..., 3\) were asked for and \(2, 4\) was found"):
        deviation(np.tanh, points, points, np.zeros((2, 4)))
    with pytest.raises(ShapeMismatch, match=r"Outputs of shape \(..., 3\)"):
        deviation(lambda y: y[..., :2], points, points, np.zeros((2, 3)))
    with pytest.raises(NotARepresentation, match="Two representations of one monoid"):
        deviation(np.tanh, points, symmetric(4).defining, np.zeros((2, 3)))
    with pytest.raises(UnknownName, match="is no generator"):
        deviation(np.tanh, points, points, np.zeros((2, 3)), elements=["t"])
    finite = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")
    with pytest.raises(NoInstance, match="give a representation in characteristic 0"):
        deviation(np.tanh, finite, finite, np.zeros((2, 1)))
