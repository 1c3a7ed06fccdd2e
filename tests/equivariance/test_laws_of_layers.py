"""Laws of layers where numbers are complex, finite, or a user's own functions: each with layers that hold and break it
(T1.15; mutants of a law are layers for which the same check has to fail)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

from catcore.equivariance import SL, SO, SU, Group, Monoid, Representation, Sp, U, cyclic, equivariant_maps, symmetric
from catcore.equivariance.networks import (
    Attention,
    Gated,
    Linear,
    MessagePassing,
    Norm,
    Pointwise,
    Polynomial,
    Sequential,
)
from catcore.equivariance.networks.commuting import UNDEFINED, motions
from catcore.equivariance.networks.functions import FUNCTIONS, Function, Property
from catcore.errors import IllTyped, UnknownName
from catcore_proofs import verify

PHASE = Representation.lie({"x": [["I"]]}, field="C")
STRETCH = Representation.lie({"x": [[2]]}, field="C")
MIXED = Representation.lie({"x": [["I", 0], [0, 1]]}, field="C")
FREE = Monoid.presentation("s")
MOD_TWO = Representation(FREE, {"s": [[1, 1], [0, 1]]}, field="GF(2)")
MOD_FIVE = Representation(cyclic(4), {"s": [[2]]}, field="GF(5)")


# Compact complex groups -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rho", [U(1).defining, U(1).defining.dual, PHASE, MIXED, SU(2).defining], ids=str)
@pytest.mark.parametrize("sigma", ["abs", "relu", "leaky_relu", "tanh", "cube"])
def test_functions_do_not_commute_with_phases(sigma, rho):
    layer = Pointwise(sigma, rho)
    failure = layer.failure()

    assert failure is not None
    assert not verify(Sequential(layer)).ok
    assert failure.mapped_after != failure.mapped_before


def test_a_modulus_along_a_phase_is_shown_by_its_derivative():
    """d/dt |e^{it} x| = 0, and i |x| is not."""
    failure = Pointwise("abs", PHASE).failure()

    assert failure is not None
    assert failure.mapped_after == (0,)
    assert failure.mapped_before == (sp.I * abs(failure.vector[0]),)


def test_a_function_of_real_numbers_is_undefined_at_others():
    failure = Pointwise("relu", PHASE).failure()

    assert failure is not None
    assert failure.mapped_after == (UNDEFINED,)


@pytest.mark.parametrize("sigma", ["abs", "relu", "identity"])
def test_positive_scalings_over_the_complex_numbers_still_commute(sigma):
    assert verify(Pointwise(sigma, STRETCH)).ok
    assert verify(Pointwise("identity", PHASE)).ok


@pytest.mark.parametrize("group", [U(1), U(2), SU(2), SU(3), U(1) * U(2)], ids=str)
def test_norms_commute_with_compact_groups(group):
    rho = group.defining if hasattr(group, "defining") else U(1).defining.outer(U(2).defining)

    for features in (rho, rho.dual, rho @ rho.dual):
        assert verify(Norm("tanh", features)).ok


@pytest.mark.parametrize("rho", [SL(2).defining, Sp(2).defining, STRETCH, MIXED, SO(1, 1).defining], ids=str)
def test_norms_do_not_commute_with_groups_that_stretch(rho):
    assert not verify(Norm("tanh", rho)).ok


@pytest.mark.parametrize("rho", [U(2).defining, SU(3).defining.dual, U(1).defining.outer(SU(2).defining)], ids=str)
def test_generators_of_a_compact_group_are_skew_hermitian(rho):
    moved = list(motions(rho))

    assert len(moved) == len(rho.monoid.generators)
    assert all(-g.matrix == g.matrix.H and any(g.matrix) for g in moved)


def test_products_keep_which_factor_is_compact():
    """SU(2) × SL(2): the second factor stretches, and its generator is the one that is named."""
    layer = Norm("tanh", SU(2).defining.outer(SL(2).defining))
    cases = dict(layer.settle())
    held = [case for case, verdict in cases.items() if verdict is True]

    assert len(held) == 2
    assert len(cases) == 4
    assert all("·(" in case or " - " in case for case in held)


@pytest.mark.parametrize(
    ("rho", "holds"),
    [
        (U(1).defining, False),
        (SU(2).defining, False),
        (Representation(cyclic(4), {"s": [["I"]]}, field="C"), False),
        (SO(3).defining, True),
        (symmetric(3).defining, True),
    ],
    ids=str,
)
def test_messages_need_a_bilinear_form_and_not_a_hermitian_one(rho, holds):
    """(ρ A ρᵀ)(ρ X) = ρ (A X) asks for ρᵀ ρ = 1, which a phase does not obey."""
    layer = MessagePassing(rho, (1, 1))

    assert (layer.failure() is None) == holds == verify(layer).ok


# Finite fields ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made",
    [
        lambda: Pointwise("relu", MOD_FIVE),
        lambda: Norm("tanh", MOD_FIVE),
        lambda: Gated("tanh", [Representation.trivial(FREE), MOD_TWO]),
        lambda: MessagePassing(MOD_FIVE, (1, 1)),
        lambda: Attention(MOD_FIVE, (1, 1), width=1),
        lambda: Pointwise("relu", Representation.permutation(cyclic(2), {"s": [1, 0]}, field="GF(3)")),
    ],
)
def test_functions_of_real_numbers_are_refused_over_a_finite_field(made):
    with pytest.raises(IllTyped, match=r"real or complex numbers, and .* is over GF\(\d\)"):
        made()


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_polynomials_over_a_finite_field_are_compared_modulo_its_characteristic(degree):
    assert verify(Polynomial(MOD_TWO, MOD_TWO, degree)).ok


def test_a_wrong_power_over_a_finite_field_is_refuted():
    layer = Polynomial(MOD_TWO, MOD_TWO, 2)
    layer.power = Representation(FREE, {"s": [[1, 0, 0], [0, 1, 0], [1, 0, 1]]}, field="GF(2)")

    assert layer.failure() is not None


def test_linear_laws_hold_over_a_finite_field_and_arrays_are_refused():
    space = equivariant_maps(MOD_TWO, MOD_TWO)
    theta: Any = np.ones(space.dim)

    assert verify(Sequential(Linear(MOD_TWO, MOD_TWO))).ok
    for asked in (lambda: space.apply(theta, np.ones(2)), space.layer, Sequential(Linear(MOD_TWO, MOD_TWO)).network):
        with pytest.raises(IllTyped, match=r"over GF\(2\)"):
            asked()


# A user's functions -----------------------------------------------------------------------------------------------


def _flagged(flag: str, exact: Any) -> Function:
    return Function("mine", exact, **{flag: True})


@pytest.mark.parametrize(
    ("flag", "exact", "rho"),
    [
        ("odd", lambda x: x**2, Representation.sign(symmetric(3))),
        ("linear", lambda x: x**2, Representation.sign(symmetric(3))),
        ("linear", lambda x: x + 1, Representation(Group.presentation("s", []), {"s": [[2]]})),
        ("homogeneous", lambda x: x**3, Representation(Group.presentation("s", []), {"s": [[2]]})),
        ("homogeneous", lambda x: x**3, STRETCH),
    ],
)
def test_declared_properties_that_are_false_prove_nothing(flag, exact, rho):
    layer = Pointwise(_flagged(flag, exact), rho)

    assert layer.failure() is not None
    assert not verify(layer).ok


@pytest.mark.parametrize(
    ("flag", "exact", "rho"),
    [
        ("odd", lambda x: x**5 - x, Representation.sign(symmetric(3))),
        ("linear", lambda x: 3 * x, SO(2).defining),
        ("homogeneous", lambda x: sp.Max(x, x / 5), Representation(Group.presentation("s", []), {"s": [[2]]})),
        ("homogeneous", lambda x: x if x > 0 else x / 5, STRETCH),
    ],
)
def test_declared_properties_that_follow_from_the_formula_are_used(flag, exact, rho):
    report = verify(Pointwise(_flagged(flag, exact), rho))

    assert report.ok
    assert next(iter(report)).evidence == "symbolic"


def test_a_property_that_is_not_proved_makes_a_sampled_verdict():
    near = _flagged("odd", lambda x: x if x < 100 else x + 1 if x.is_number else sp.Function("h")(x))
    report = verify(Pointwise(near, Representation.sign(symmetric(3))))

    assert report.ok
    assert next(iter(report)).evidence == "sampled"


def test_every_property_of_the_named_functions_is_proved():
    flags: tuple[Property, ...] = ("odd", "homogeneous", "linear")
    declared = [(f, flag) for f in FUNCTIONS.values() for flag in flags if getattr(f, flag)]

    assert len(declared) == 9
    assert all(f.has(flag) for f, flag in declared)


@pytest.mark.parametrize("name", ["gelu", 3, None, []])
def test_functions_have_names(name):
    with pytest.raises(UnknownName, match="was asked for, and there are identity"):
        Pointwise(name, SO(2).defining)


def test_a_polynomial_of_too_high_a_degree_is_refused_by_name():
    with pytest.raises(IllTyped, match=r"polynomial layer of degree 30 on .* go up to 24"):
        Polynomial(symmetric(3).defining, symmetric(3).defining, 30)
