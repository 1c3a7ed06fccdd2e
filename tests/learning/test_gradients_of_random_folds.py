"""Gradients of random folds over random data types, of parameters and of labels, against JAX, PyTorch and differences.

The standard is the fold computed node by node, one tree at a time, over the other library (T4.6, T5.3).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catcore.learning import reverse_derivative
from catcore.learning.numbers import numerically
from catcore_backends import gradient
from catcore_backends.recursion.forests import forest
from tests.learning.random_folds import FUNCTORS, NESTED, Case, cases, from_root, reals, there, value
from tests.learning.running import flat

#: Data whose branches are parts of its layers, and data whose branches stand in other data.
EVERYTHING = cases({**FUNCTORS, **NESTED})


def labels_of(case: Case) -> list[Any]:
    """All labels of all trees, in the order of :func:`reals`."""
    return [a for tree in case.trees for a in reals(tree)]


def by_levels(case: Case) -> tuple[Any, list[Any], list[Any]]:
    """The energies, the gradients of the parameters, and what the labels hear, tree by tree from the root down."""
    values, slopes, *labels = gradient(case.energy, inputs=True)((case.weights, forest(case.trees)))
    if not labels:  # nothing varies in them
        return values, flat(slopes), []
    (heard,) = labels
    return values, flat(slopes), [a for row in range(len(case.trees)) for a in from_root(heard, int(heard.roots[row]))]


def matched(case: Case, found: list[Any]) -> list[Any]:
    """The covectors of labels that are there; those of the other sides of choices are zero."""
    here = [yes for tree in case.trees for yes in there(tree)]
    assert not any(np.any(v) for v, yes in zip(found, here, strict=True) if not yes)
    return [v for v, yes in zip(found, here, strict=True) if yes]


def close(ours: Any, theirs: Any) -> bool:
    return all(np.allclose(a, np.asarray(b), rtol=1e-10, atol=1e-10) for a, b in zip(ours, theirs, strict=True))


@settings(max_examples=25, deadline=None)
@given(EVERYTHING)
def test_gradients_agree_with_jax(case: Case) -> None:
    jax = pytest.importorskip("jax", reason="the extra jax is not installed")
    values, slopes, heard = by_levels(case)
    with jax.enable_x64(True):
        own = jax.tree.map(jax.numpy.asarray, (case.weights, labels_of(case)))
        total, (by_weights, by_labels) = jax.value_and_grad(lambda x: value(case, jax.numpy, *x))(own)

    assert close([values.sum()], [total])
    assert close(slopes, flat(by_weights))
    assert close(matched(case, heard), by_labels)


@settings(max_examples=25, deadline=None)
@given(EVERYTHING)
def test_gradients_agree_with_pytorch(case: Case) -> None:
    torch = pytest.importorskip("torch", reason="the extra torch is not installed")
    namespace = pytest.importorskip("array_api_compat.torch")
    _, slopes, heard = by_levels(case)

    def varying(x: Any) -> Any:
        return tuple(map(varying, x)) if isinstance(x, tuple) else torch.tensor(x, requires_grad=True)

    weights, labels = varying(case.weights), [varying(a) for a in labels_of(case)]
    value(case, namespace, weights, labels).backward()

    def slope(x: Any) -> Any:
        return np.zeros(tuple(x.shape)) if x.grad is None else x.grad.numpy()

    assert close(slopes, [slope(x) for x in flat(weights)])
    assert close(matched(case, heard), [slope(x) for x in labels])


@settings(max_examples=15, deadline=None)
@given(EVERYTHING, st.integers(0, 2**32 - 1))
def test_gradients_agree_with_differences(case: Case, seed: int) -> None:
    """Along a random direction of all parameters and labels together; this needs no other library."""
    _, slopes, heard = by_levels(case)
    rng, labels = np.random.default_rng(seed), labels_of(case)
    weights = flat(case.weights)
    turns = [rng.normal(size=a.shape) for a in (*weights, *labels)]

    def along(step: float) -> Any:
        moved = [a + step * d for a, d in zip((*weights, *labels), turns, strict=True)]
        from array_api_compat import numpy as xp

        return value(case, xp, (moved[0], (moved[1], moved[2])), moved[3:])

    wanted = (along(1e-6) - along(-1e-6)) / 2e-6
    found = sum((a * d).sum() for a, d in zip((*slopes, *matched(case, heard)), turns, strict=True))
    assert np.isclose(found, wanted, rtol=1e-5, atol=1e-6)


@settings(max_examples=10, deadline=None)
@given(EVERYTHING)
def test_the_levels_compute_what_the_terms_say(case: Case) -> None:
    """The reverse derivative as folds into functions, one tree at a time, and by levels."""
    back = reverse_derivative(case.energy)
    alone = [numerically(back, ((case.weights, tree), np.asarray(1.0))) for tree in case.trees]
    _, slopes, heard = by_levels(case)

    assert all(
        np.allclose(sum(parts), whole, rtol=1e-11)
        for parts, whole in zip(zip(*(flat(p) for p, _ in alone), strict=True), slopes, strict=True)
    )
    term = [a for _, t in alone for a in reals(t) if not isinstance(a, tuple)]
    assert all(np.allclose(a, b, rtol=1e-11) for a, b in zip(term, heard, strict=True))
