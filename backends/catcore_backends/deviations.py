"""Measured equivariance: how far a map on arrays is from commuting with an action, as numbers (FEATURES 67).

For an element g and a batch of inputs x the deviation is ``f(ρ_in(g) x) - ρ_out(g) f(x)``.  It vanishes for
homomorphisms, exactly where g permutes and f moves numbers without adding them in another order, and else up to
rounding.  A measurement is numeric evidence: it refutes equivariance, and never proves it; that a layer commutes is
proved by what it is made of (:mod:`catcore.equivariance.networks`).

>>> import numpy as np
>>> from catcore.equivariance import cyclic
>>> points, x = cyclic(4).defining, np.arange(8.0).reshape(2, 4)
>>> deviation(np.tanh, points, points, x).worst
('s', 0.0)
>>> deviation(lambda x: x - x[..., :1], points, points, x).worst[1] > 1
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catcore.equivariance.groups import words
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import require_same_source
from catcore.errors import NoInstance, ShapeMismatch

Array = Any
Action = Callable[[Array], Array]
ANGLE = 1.0  # of a one-parameter subgroup whose element stands for an infinitesimal generator
RANDOM_WORDS, LETTERS = 4, 4  # words beside the generators, and their length


@dataclass(frozen=True)
class Deviation:
    """Deviations by element, and what they are to be compared with.

    Args:
        by_element: for each word g, the root of the mean square of the entries of ``f(ρ_in(g) x) - ρ_out(g) f(x)``.
        scale: the root of the mean square of the entries of ``f(x)``.
        stability: the largest ``‖f(ρ_in(g) x) - ρ_out(g) f(x)‖ / ‖x‖`` over all inputs and elements.
    """

    by_element: Mapping[str, float]
    scale: float
    stability: float

    @property
    def worst(self) -> tuple[str, float]:
        """The element with the largest deviation, and that."""
        word = max(self.by_element, key=self.by_element.__getitem__, default="")
        return word, self.by_element.get(word, 0.0)

    @property
    def relative(self) -> float:
        """The largest deviation over the scale; 0 where nothing deviates."""
        largest = self.worst[1]
        return largest / self.scale if largest else 0.0

    def __str__(self) -> str:
        word, largest = self.worst
        return f"deviation {largest:.3g} at {word or 'no element'}, {self.relative:.3g} of the outputs (numeric)"


def deviation(
    f: Callable[[Array], Array],
    rho_in: Representation,
    rho_out: Representation,
    x: Array,
    *,
    elements: Sequence[str] | None = None,
    seed: int = 0,
) -> Deviation:
    """Measure f on a batch x of shape (..., n_in), which it maps to one of shape (..., n_out).

    ``elements`` are words such as ``"r s"``; by default the generators and a few random words.  An infinitesimal
    generator X of a Lie group stands for ``exp(X)``.

    Raises ``NotARepresentation`` unless both represent one monoid, ``ShapeMismatch`` for arrays of another last axis,
    ``UnknownName`` for a word in other letters, ``NoInstance`` in positive characteristic.
    """
    require_same_source(rho_in, rho_out)
    inputs = np.asarray(x)
    _need(inputs, rho_in.degree, "Inputs")
    outputs = np.asarray(f(inputs))
    _need(outputs, rho_out.degree, "Outputs")
    chosen = _words(rho_in.monoid, seed) if elements is None else list(elements)
    sides = (_Actions(rho_in), _Actions(rho_out))
    found, stability = {}, 0.0
    for word in chosen:
        act_in, act_out = (side.of(word) for side in sides)
        defect = np.asarray(f(act_in(inputs))) - act_out(outputs)
        found[word] = _rms(defect)
        stability = max(stability, _largest_ratio(defect, inputs))
    return Deviation(found, _rms(outputs), stability)


def _need(array: Array, degree: int, what: str) -> None:
    if array.shape[-1:] != (degree,):
        raise ShapeMismatch(f"{what} of shape (..., {degree}) were asked for and {array.shape} was found.")


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(np.abs(array) ** 2))) if array.size else 0.0


def _largest_ratio(defect: Array, inputs: Array) -> float:
    """The largest ratio of norms over the batch, whose inputs stand along the first axis; zeros say nothing."""
    count = len(inputs) if inputs.ndim > 1 else 1
    norms, sizes = (np.linalg.norm(a.reshape(count, -1), axis=1) for a in (defect, inputs))
    ratios = np.divide(norms, sizes, out=np.zeros_like(norms), where=sizes > 0)
    return float(ratios.max(initial=0.0))


def _words(monoid: Any, seed: int) -> list[str]:
    """The generators, and some random words in them."""
    rng, names = np.random.default_rng(seed), monoid.generators
    drawn = [" ".join(rng.choice(names, LETTERS).tolist()) for _ in range(RANDOM_WORDS if len(names) > 1 else 0)]
    return list(dict.fromkeys([*names, *drawn]))


class _Actions:
    """The generators of a representation as maps of arrays, each made once."""

    def __init__(self, rho: Representation) -> None:
        self.rho = rho
        self._made: dict[tuple[str, int], Action] = {}

    def of(self, word: str) -> Action:
        """How a word acts: its last letter first."""
        monoid = self.rho.monoid
        letters = words.read_word(word, monoid.generators, inverses=monoid.is_group)
        steps = [self._letter(name, sign) for name, k in reversed(letters) for sign in [1 if k > 0 else -1] * abs(k)]

        def act(x: Array) -> Array:
            for step in steps:
                x = step(x)
            return x

        return act

    def _letter(self, name: str, sign: int) -> Action:
        if (name, sign) not in self._made:
            self._made[name, sign] = _action(self.rho, name, sign)
        return self._made[name, sign]


def _action(rho: Representation, name: str, sign: int) -> Action:
    if isinstance(rho, PermutationRepresentation) and rho.bijective:
        images = np.asarray(rho.index_map(name))
        places = images if sign < 0 else np.argsort(images)
        return lambda x: x[..., places]
    matrix = numeric_matrix(rho, name)
    if isinstance(rho.monoid, LieGroup) and name in rho.monoid.infinitesimal:
        from scipy.linalg import expm

        matrix = expm(sign * ANGLE * matrix)
    elif sign < 0:
        matrix = np.linalg.inv(matrix)
    return lambda x: x @ matrix.T


def numeric_matrix(rho: Representation, name: str) -> Array:
    """The matrix by which a generator acts, in floating point, real where it can be.

    Raises ``NoInstance`` in positive characteristic.
    """
    if rho.field.characteristic:
        raise NoInstance(f"{rho} was to act on arrays of numbers; give a representation in characteristic 0.")
    family = MatrixFamily.of_matrices([rho.exact(name)], (rho.degree, rho.degree), rho.field)
    numbers = np.array([complex(rho.field.expression(x).evalf(20)) for x in family.values], dtype=complex)
    array = family.dense(numbers)[0]
    return array if array.imag.any() else array.real


__all__ = ["Deviation", "deviation", "numeric_matrix"]
