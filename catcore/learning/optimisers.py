"""Optimisers: lenses along which parameters are reparametrised (THEORY T5.7).

An optimiser for parameters P with state S is a lens ``(S × P, S × P) → (P, P')``.  Its get says at which parameters the
gradient is wanted, its put makes the new state and parameters out of the old ones and the covector p'.

=============  ==========  ===========  ====================================================================
optimiser      state       get          put
=============  ==========  ===========  ====================================================================
``ascent``     1           p            ``p + p'``
``descent``    1           p            ``p − p'``
``momentum``   P           p            ``s' = γ s + p'``; ``(s', p + s')``
``nesterov``   P           ``p + γ s``  the same
``adagrad``    P           p            ``g' = g + p'²``; ``(g', p + ε / (δ + √g') p')``
``adam``       ℝ × P × P   p            ``t' = t + 1``, ``m' = β₁ m + (1 − β₁) p'``, ``v' = β₂ v + (1 − β₂) p'²``;
                                        ``p + ε m̂ / (δ + √v̂)``, ``m̂ = m' / (1 − β₁^t')``, ``v̂ = v' / (1 − β₂^t')``
``gda``        1           (p, q)       ``(p − p', q + q')``
=============  ==========  ===========  ====================================================================

All but ``descent`` add, so with them the learning rate carries the minus sign; ``adagrad`` and ``adam`` have a step
size ε of their own and take a rate of ∓1.  The variants ``…_as_printed`` are what the literature prints, momentum with
``s' = −γ s + p'`` and Adam storing its corrected moments; they follow other trajectories (THEORY §8).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, pair, terminal
from catcore.errors import IllTyped
from catcore.learning.lenses import LensMap, Port
from catcore.learning.spaces import leafwise, op, space, zeros_of
from catcore.objects import Ob, One, Product, R
from catcore.tracing import trace


@dataclass(frozen=True)
class Optimiser:
    """An optimiser for one object of parameters.

    Args:
        name: what it is called.
        lens: the lens ``(S × P, S × P) → (P, P')``.
        start: the state before the first step, an arrow out of 1.
    """

    name: str
    lens: LensMap
    start: Arrow

    @property
    def state(self) -> Ob:
        """The object S."""
        return self.start.cod

    @property
    def parameters(self) -> Ob:
        """The object P."""
        found: Ob = self.lens.cod.forward
        return found

    def __matmul__(self, other: Optimiser) -> Optimiser:
        """Both side by side: ``(S × S', P × P')``, the tensor of the lenses with states and parameters regrouped."""
        (s, p), (t, q) = (self.state, self.parameters), (other.state, other.parameters)
        whole, parted = Product(s * t, p * q), Product(s * p, t * q)
        both = self.lens @ other.lens
        regroup = trace(lambda x: ((x[0][0], x[1][0]), (x[0][1], x[1][1])), whole, parted)
        back = trace(lambda x: ((x[0][0], x[1][0]), (x[0][1], x[1][1])), parted, whole)
        lens = LensMap(
            regroup >> both.get,
            trace(lambda x: back(both.put(regroup(x[0]), x[1])), Product(whole, both.cod.backward), whole),
        )
        return Optimiser(f"{self.name} ⊗ {other.name}", lens, pair(self.start, other.start))

    def __str__(self) -> str:
        return f"{self.name} with state {self.state}"


def _made(name: str, p: Ob, state: Ob, start: Arrow, put: Any, get: Any = None) -> Optimiser:
    """The optimiser with the given put ``(s, p, p') ↦ (s', p)`` and get ``(s, p) ↦ p``, both on elements."""
    whole = state * space(p)
    looked = trace((lambda x: get(x[0], x[1])) if get else (lambda x: x[1]), whole, p)
    made = trace(lambda x: put(x[0][0], x[0][1], x[1]), whole * p, whole)
    return Optimiser(name, LensMap(looked, made), start)


def _plus(p: Ob, x: Any, y: Any) -> Any:
    return leafwise(p, lambda a, b: op("add", a, b), x, y)


def ascent(p: Ob) -> Optimiser:
    """``p + p'``: the learning rate says which way is up."""
    return _made("ascent", p, One, terminal(One), lambda s, x, d: ((), _plus(p, x, d)))


def descent(p: Ob) -> Optimiser:
    """``p − p'``."""
    return _made("descent", p, One, terminal(One), lambda s, x, d: ((), leafwise(p, _minus, x, d)))


def _minus(x: Any, y: Any) -> Any:
    return op("subtract", x, y)


def momentum(p: Ob, *, gamma: Any = 0.9) -> Optimiser:
    """The state remembers the last steps: ``s' = γ s + p'``, ``p + s'``."""
    return _heavy("momentum", p, gamma, gamma, look=None)


def nesterov(p: Ob, *, gamma: Any = 0.9) -> Optimiser:
    """Momentum that asks for the gradient where the last step leads, ``p + γ s``."""
    return _heavy("nesterov", p, gamma, gamma, look=gamma)


def momentum_as_printed(p: Ob, *, gamma: Any = 0.9) -> Optimiser:
    """The variant with ``s' = −γ s + p'``, which brakes instead."""
    return _heavy("momentum as printed", p, gamma, _negated(gamma), look=None)


def nesterov_as_printed(p: Ob, *, gamma: Any = 0.9) -> Optimiser:
    """The variant with ``s' = −γ s + p'`` that looks ahead along ``+γ s``."""
    return _heavy("nesterov as printed", p, gamma, _negated(gamma), look=gamma)


def _negated(number: Any) -> Any:
    return f"-({number})" if isinstance(number, str) else -number


def _heavy(name: str, p: Ob, gamma: Any, kept: Any, *, look: Any) -> Optimiser:
    def put(s: Any, x: Any, d: Any) -> Any:
        new = leafwise(p, lambda a, b: op("add", op("times", a, kept), b), s, d)
        return new, _plus(p, x, new)

    def ahead(s: Any, x: Any) -> Any:
        return leafwise(p, lambda a, b: op("add", b, op("times", a, look)), s, x)

    return _made(name, p, p, zeros_of(p), put, None if look is None else ahead)


def adagrad(p: Ob, *, step: Any = 0.1, delta: Any = 1e-7) -> Optimiser:
    """Coordinates that moved much move less: ``g' = g + p'²``, ``p + ε / (δ + √g') p'``."""

    def leaf(g: Any, x: Any, d: Any) -> tuple[Any, Any]:
        seen = op("add", g, op("square", d))
        scaled = op("divide", op("times", d, step), op("shift", op("sqrt", seen), delta))
        return seen, op("add", x, scaled)

    def put(g: Any, x: Any, d: Any) -> Any:
        return _unzipped(p, leafwise(p, leaf, g, x, d), 2)

    return _made("adagrad", p, p, zeros_of(p), put)


def _unzipped(p: Ob, tuples: Any, count: int) -> tuple[Any, ...]:
    """Tuples at the leaves as a tuple of elements."""
    if isinstance(p, R):
        return tuple(tuples)
    if p is One:
        return ((),) * count
    assert isinstance(p, Product)
    left, right = _unzipped(p.left, tuples[0], count), _unzipped(p.right, tuples[1], count)
    return tuple(zip(left, right, strict=True))


def adam(p: Ob, *, step: Any = 0.001, beta1: float = 0.9, beta2: float = 0.999, delta: Any = 1e-8) -> Optimiser:
    """Means of gradients and of their squares, corrected for their start at zero (Kingma and Ba).

    The state holds the number of steps and the uncorrected means.

    Raises:
        IllTyped: when a β is not between 0 and 1.
    """
    return _adam("adam", p, step, (beta1, beta2), delta, lambda plain, corrected: plain)


def adam_as_printed(
    p: Ob, *, step: Any = 0.001, beta1: float = 0.9, beta2: float = 0.999, delta: Any = 1e-8
) -> Optimiser:
    """The variant that keeps the corrected means as its state, and so corrects them again in every step."""
    return _adam("adam as printed", p, step, (beta1, beta2), delta, lambda plain, corrected: corrected)


def _adam(
    name: str, p: Ob, step: Any, betas: tuple[float, float], delta: Any, kept: Callable[[Any, Any], Any]
) -> Optimiser:
    if not all(isinstance(b, float) and 0 < b < 1 for b in betas):
        raise IllTyped(f"Adam takes β₁ and β₂ between 0 and 1, and {betas} were given.")

    def put(s: Any, x: Any, d: Any) -> Any:
        (t, m), v = s
        time = op("shift", t, 1)
        weights = [_correction(time, beta) for beta in betas]

        def leaf(m: Any, v: Any, x: Any, d: Any) -> tuple[Any, Any, Any]:
            first, second = _mean(betas[0], m, d), _mean(betas[1], v, op("square", d))
            right = [op("scale", w, mean) for w, mean in zip(weights, (first, second), strict=True)]
            towards = op("scale", op("times", weights[0], step), first)  # the step is a factor of one number only
            move = op("divide", towards, op("shift", op("sqrt", right[1]), delta))
            return kept(first, right[0]), kept(second, right[1]), op("add", x, move)

        first, second, new = _unzipped(p, leafwise(p, leaf, m, v, x, d), 3)
        return ((time, first), second), new

    state = Product(R() * space(p), p)
    return _made(name, p, state, pair(pair(zeros_of(R()), zeros_of(p)), zeros_of(p)), put)


def _mean(beta: float, old: Any, new: Any) -> Any:
    return op("add", op("times", old, beta), op("times", new, 1 - beta))


def _correction(time: Any, beta: float) -> Any:
    """``1 / (1 − β^t)``."""
    return op("reciprocal", op("shift", op("negative", op("exp", op("times", time, math.log(beta)))), 1))


def gda(p: Ob, q: Ob) -> Optimiser:
    """Gradient descent and ascent: p goes down and q goes up, as in a game of two players."""
    whole = Product(space(p), space(q))

    def put(s: Any, x: Any, d: Any) -> Any:
        return (), (leafwise(p, _minus, x[0], d[0]), _plus(q, x[1], d[1]))

    return _made("gda", whole, One, terminal(One), put)


def custom(name: str, lens: LensMap, start: Arrow) -> Optimiser:
    """An optimiser of one's own, once its lens is known to be ``(S × P, S × P) → (P, P')``.

    Raises:
        IllTyped: when it is not.
    """
    port = lens.dom
    good = isinstance(port.forward, Product) and port == Port(port.forward, port.forward)
    if not good or port.forward.left is not start.cod or port.forward.right is not lens.cod.forward:
        raise IllTyped(
            f"The optimiser {name!r} is a lens (S × P, S × P) → (P, P') with the start 1 → S, and {lens.dom} → "
            f"{lens.cod} with {start.signature} was given."
        )
    return Optimiser(name, lens, start)
