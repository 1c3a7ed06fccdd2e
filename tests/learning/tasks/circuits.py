"""Boolean circuits that learn over Z₂: all functions of one bit, and irises as four bits (T5.10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catcore import LensMap
from catcore.learning import Lens, LensAction, PolynomialMap, PolyZ2, polynomial_map, polynomial_step
from catcore.learning.losses import boolean, identity_rate
from catcore.para import ParaMap
from tests.learning.tasks.flowers import flowers

Z2 = PolyZ2()
#: ``p₀ + p₁ a``, which is any function of one bit.
AFFINE = polynomial_map(3, lambda p0, p1, a: p0 + p1 * a)


def step_of(circuit: PolynomialMap, weights: int) -> Any:
    """The step of learning of a circuit whose first variables are its weights."""
    count = len(circuit.outputs)
    model = ParaMap(weights, Lens(Z2).reverse(circuit), LensAction(Lens(Z2)))
    together = polynomial_map(2 * weights, lambda *x: tuple(x[i] + x[weights + i] for i in range(weights)))
    add = LensMap(Z2.identity(weights), together, Z2)
    return polynomial_step(model, boolean(count), identity_rate(count), add)


def learned(circuit: PolynomialMap, weights: Sequence[int], samples: Sequence[tuple[Sequence[int], int]]) -> Any:
    """The weights after all samples have been seen once."""
    step = step_of(circuit, len(weights))
    found = tuple(weights)
    for inputs, label in samples:
        found = step(*inputs, label, *found)
    return found


def one_bit() -> int:
    """How many of the four functions of one bit are learned from every start in two epochs."""
    right = 0
    for target in ((0, 0), (0, 1), (1, 0), (1, 1)):
        samples = [((a,), target[a]) for a in (0, 1)] * 2
        ends = [learned(AFFINE, start, samples) for start in ((0, 0), (0, 1), (1, 0), (1, 1))]
        right += all(tuple(AFFINE(*p, a)[0] for a in (0, 1)) == target for p in ends)
    return right


def table(inputs: int) -> PolynomialMap:
    """``Σ_T p_T Π (a_i + T_i + 1)``: one weight for each of the 2ⁿ inputs; it is any function of n bits."""
    size = 2**inputs

    def entries(*v: Any) -> Any:
        return sum((_entry(v[number], v[size:], number) for number in range(size)), start=0 * v[0])

    return polynomial_map(size + inputs, entries)


def _entry(weight: Any, inputs: Sequence[Any], number: int) -> Any:
    for i, a in enumerate(inputs):
        weight = weight * (a + (number >> i & 1) + 1)
    return weight


def bits() -> float:
    """The share of flowers that a table tells apart as setosa or not, from whether each length is above its mean."""
    x, kinds = flowers()
    samples = list(zip((x > 0).astype(int).tolist(), (kinds == 0).astype(int).tolist(), strict=True))
    circuit = table(4)
    weights = learned(circuit, (0,) * 16, samples)
    return sum(circuit(*weights, *a)[0] == b for a, b in samples) / len(samples)
