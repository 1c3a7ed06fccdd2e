"""Layers between features: linear with tied weights, and nonlinear ones, each with the law that makes it equivariant.

Every layer has a source and a target, and says for each generator whether ``f(ρ(g) x) = τ(g) f(x)``.  Building one
never fails for want of equivariance, so that a wrong layer can be stated and refuted; running it does.

>>> from catcore.equivariance import Representation, cyclic
>>> turn = Representation(cyclic(4), {"s": [[0, -1], [1, 0]]})
>>> print(Pointwise("tanh", turn).failure(), "|", Pointwise("relu", turn).failure())  # T1.15
None | at x = (1/2, 1) and generator s, f(ρ(g) x) = (0, 1/2) and ρ(g) f(x) = (-1, 1/2)
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from catcore.equivariance.networks import commuting
from catcore.equivariance.networks.commuting import Failure
from catcore.equivariance.networks.features import Features
from catcore.equivariance.networks.functions import Function, function
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import MAX_POWER
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.equivariance.strategies.solver import equivariant_maps
from catcore.errors import IllTyped, LawViolated
from catcore.laws import PointwiseLaw

Verdict = bool | Failure | None


class NetworkLayer(ABC):
    """A map of features that ought to commute with what acts on them."""

    source: Features
    target: Features

    @abstractmethod
    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """The cases of the law, each with a verdict: true, a counterexample, or None where neither was found."""

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the free parameters by their names."""
        return {}

    @cached_property
    def _cases(self) -> tuple[tuple[str, Verdict], ...]:
        return tuple(self.settle())

    def failure(self) -> Failure | None:
        """The first counterexample, or None."""
        return next((v for _, v in self._cases if isinstance(v, Failure)), None)

    def law(self, name: str) -> PointwiseLaw:
        """The law of this layer: *symbolic* where every case is decided by the form of the matrices, else *sampled*."""
        undecided = any(v is None for _, v in self._cases)
        points = tuple(_Case(case, v if isinstance(v, Failure) else None) for case, v in self._cases)
        return PointwiseLaw(name, points, _Case.after, _Case.before, "sampled" if undecided else "symbolic")

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """``f(ρ(g) x) = τ(g) f(x)`` for every generator."""
        return (self.law(str(self)),)

    def require_lawful(self, where: str) -> None:
        """Raise ``LawViolated``, naming the layer and the counterexample, unless the law holds."""
        found = self.failure()
        if found is not None:
            raise LawViolated(
                f"{where} ({self}) does not commute with {self.source.monoid}: {found}. Use a layer whose law holds, "
                "such as a norm or a gated nonlinearity, or another representation."
            )


class _Case:
    """A case of a law as a point of its range."""

    def __init__(self, name: str, failure: Failure | None) -> None:
        self.name, self.failure = name, failure

    def after(self) -> Any:
        return self.failure.mapped_after if self.failure else ()

    def before(self) -> Any:
        return self.failure.mapped_before if self.failure else ()

    def __str__(self) -> str:
        return self.name if self.failure is None else f"{self.name}, {self.failure}"

    __repr__ = __str__


class Linear(NetworkLayer):
    """All linear maps that commute: a block of tied weights for each pair of summands, and an invariant bias.

    Parameters are ``weight.j.i`` of shape (dim, m_out, m_in) for the map from summand i to summand j, and ``bias.j`` of
    shape (dim, m_out).  Blocks of dimension 0 have none.
    """

    def __init__(self, source: Any, target: Any, *, bias: bool = True) -> None:
        self.source, self.target = Features.of(source), Features.of(target)
        self.spaces: dict[tuple[int, int], HomSpace] = {
            (j, i): equivariant_maps(rho, tau)
            for j, (tau, _) in enumerate(self.target.summands)
            for i, (rho, _) in enumerate(self.source.summands)
        }
        trivial = Representation.trivial(self.source.monoid, 1)
        targets = enumerate(self.target.summands) if bias else ()
        self.biases: dict[int, HomSpace] = {j: equivariant_maps(trivial, tau) for j, (tau, _) in targets}

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the weights and biases."""
        inside, outside = self.source.shapes, self.target.shapes
        weights = {
            f"weight.{j}.{i}": (s.dim, outside[j][0], inside[i][0]) for (j, i), s in self.spaces.items() if s.dim
        }
        return weights | {f"bias.{j}": (s.dim, outside[j][0]) for j, s in self.biases.items() if s.dim}

    @property
    def dense_parameters(self) -> int:
        """Numbers to learn in an untied layer of the same shape, with its bias."""
        outside = sum(m * n for m, n in self.target.shapes)
        return outside * sum(m * n for m, n in self.source.shapes) + (outside if self.biases else 0)

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Every basis matrix and every bias multiplied out exactly against every generator."""
        for (j, i), space in self.spaces.items():
            yield f"block {j}.{i}", _checked(space)
        for j, space in self.biases.items():
            yield f"bias {j}", _checked(space)

    def __str__(self) -> str:
        return f"linear: {self.source} → {self.target}"


def _checked(space: HomSpace) -> Verdict:
    return True if space.checked else Failure("one of the generators", (), ("W ρ(g)",), ("τ(g) W",))


class Untied(NetworkLayer):
    """Every linear map between the spaces: what is left when features are flattened and their action forgotten.

    It is equivariant only where every matrix is (FEATURES 42).
    """

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = Features.of(source), Features.of(target)

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """One dense matrix over all summands and channels."""
        return {"weight": tuple(sum(m * n for m, n in f.shapes) for f in (self.target, self.source))}

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Each pair of summands: a matrix with a single entry 1 that does not commute, where there is one."""
        pairs = itertools.product(self.source.summands, self.target.summands)
        for (rho, _), (tau, _) in pairs:
            for name in self.source.monoid.generators:
                yield f"generator {name}", _single_entry(rho, tau, name)

    def __str__(self) -> str:
        return f"untied: {self.source} → {self.target}"


class Flatten(Untied):
    """Features flattened to a list of numbers, then any dense layer: :class:`Untied` by another name."""

    def __str__(self) -> str:
        return f"flatten: {self.source} → {self.target}"


def _single_entry(rho: Representation, tau: Representation, name: str) -> Verdict:
    """All ``E_ij ρ(g) = τ(g) E_ij`` hold exactly when ρ(g) and τ(g) are the same multiple of the identity."""
    import sympy as sp

    a, b = rho.matrix(name), tau.matrix(name)
    if a == a[0, 0] * sp.eye(a.rows) and b == a[0, 0] * sp.eye(b.rows):
        return True
    for i, j in itertools.product(range(b.rows), range(a.rows)):
        unit = sp.zeros(b.rows, a.rows)
        unit[i, j] = 1
        column = next((k for k in range(a.rows) if unit * a[:, k] != b * unit[:, k]), None)
        if column is not None:
            x = tuple(int(k == column) for k in range(a.rows))
            return Failure(name, x, tuple(unit * a[:, column]), tuple(b * unit[:, column]))
    return None


class Pointwise(NetworkLayer):
    """One function applied to every number: lawful for permutations, and as far as its symmetries go (T1.15).

    Raises ``IllTyped`` over a finite field, whose elements are no real numbers; so do all nonlinear layers but
    polynomials.
    """

    def __init__(self, sigma: str | Function, features: Any) -> None:
        self.sigma, self.source = function(sigma), Features.of(features).of_numbers("A pointwise nonlinearity")
        self.target = self.source

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Each summand and generator, by the form of its matrix."""
        for rho, _ in self.source.summands:
            for g in commuting.motions(rho):
                yield f"generator {g.name} on {rho}", commuting.pointwise(self.sigma, g)

    def __str__(self) -> str:
        return f"pointwise {self.sigma} on {self.source}"


class Norm(NetworkLayer):
    """``x ↦ σ(|x|) x`` for every channel of every summand: lawful where the action preserves lengths."""

    def __init__(self, sigma: str | Function, features: Any) -> None:
        self.sigma, self.source = function(sigma), Features.of(features).of_numbers("A norm nonlinearity")
        self.target = self.source

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Each summand and generator: is it unitary?"""
        for rho, _ in self.source.summands:
            for g in commuting.motions(rho):
                yield f"generator {g.name} on {rho}", commuting.norm_preserving(g)

    def __str__(self) -> str:
        return f"norm nonlinearity {self.sigma} on {self.source}"


class Gated(NetworkLayer):
    """``(s, x) ↦ σ(s) x``: the first summand holds an invariant gate for each channel of the others.

    Lawful for any representation, since ρ(g) is linear and the gates do not move.  Raises ``IllTyped`` unless there are
    as many gates, of degree 1, as channels.
    """

    def __init__(self, sigma: str | Function, features: Any) -> None:
        self.sigma, self.source = function(sigma), Features.of(features).of_numbers("A gated nonlinearity")
        (gate, gates), *gated = self.source.summands
        channels = sum(m for _, m in gated)
        if gate.degree != 1 or not gated or gates != channels:
            raise IllTyped(
                f"A gated nonlinearity takes one gate of degree 1 for each of {channels} channels, first, and the "
                f"first summand has degree {gate.degree} and multiplicity {gates}."
            )
        self.target = Features(tuple(gated))

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """Each generator: does it leave the gates alone?"""
        gate = self.source.summands[0][0]
        for name in gate.monoid.generators:
            yield f"generator {name} on the gates", commuting.trivial(gate, name)

    def __str__(self) -> str:
        return f"gated nonlinearity {self.sigma} on {self.source}"


class Polynomial(NetworkLayer):
    """Equivariant homogeneous polynomials ``x ↦ W(θ) x^d`` of degree d, with ``W ∈ Hom(Sym^d ρ, τ)``.

    ``x^d`` lies in the symmetric power: its coordinate at a monomial is that monomial of x times a multinomial
    coefficient, so that ``Sym^d ρ(g) (x^d) = (ρ(g) x)^d``.  One summand on each side; raises ``IllTyped`` otherwise.
    """

    def __init__(self, source: Any, target: Any, degree: int) -> None:
        self.source, self.target, self.degree = Features.of(source), Features.of(target), degree
        if not (self.source.single and self.target.single) or type(degree) is not int or degree < 1:
            raise IllTyped(
                f"A polynomial layer maps one summand to one summand with a degree of at least 1, and {self.source}, "
                f"{self.target} and {degree!r} were given."
            )
        if degree > MAX_POWER:
            raise IllTyped(
                f"A polynomial layer of degree {degree} on {self.source} was asked for; degrees go up to {MAX_POWER}."
            )
        self.power = self.source.summands[0][0].sym(degree)
        self.space = equivariant_maps(self.power, self.target.summands[0][0])

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """The shape of θ: (dim, m_out, m_in)."""
        return {"weight": (self.space.dim, self.target.shapes[0][0], self.source.shapes[0][0])}

    @cached_property
    def monomials(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """The coordinates of Sym^d: the variables of each monomial and its multinomial coefficient."""
        from math import factorial, prod

        variables = itertools.combinations_with_replacement(range(self.source.shapes[0][1]), self.degree)
        return tuple((m, factorial(self.degree) // prod(factorial(m.count(i)) for i in set(m))) for m in variables)

    def settle(self) -> Iterator[tuple[str, Verdict]]:
        """The linear part, exactly, and the powers of a vector of letters."""
        yield "linear part", _checked(self.space)
        for name in self.source.monoid.generators:
            yield f"powers under generator {name}", self._powers_agree(name)

    def _powers_agree(self, name: str) -> Verdict:
        """``Sym^d ρ(g) (x^d) = (ρ(g) x)^d`` as polynomials in the coordinates of x; by Leibniz for a Lie generator."""
        import sympy as sp

        rho = self.source.summands[0][0]
        x = sp.Matrix(sp.symbols(f"x0:{rho.degree}"))
        lifted = self.power.matrix(name) * self._lift(x)
        if commuting.is_infinitesimal(rho, name):
            t = sp.Symbol("t")
            moved = self._lift(x + t * rho.matrix(name) * x).diff(t).subs(t, 0)
        else:
            moved = self._lift(rho.matrix(name) * x)
        p = rho.field.characteristic
        if all(sp.Poly(side, *x, modulus=p).is_zero if p else sp.expand(side) == 0 for side in lifted - moved):
            return True
        return Failure(name, tuple(x), tuple(moved), tuple(lifted))

    def _lift(self, x: Any) -> Any:
        import sympy as sp

        return sp.Matrix([c * sp.prod([x[i] for i in m]) for m, c in self.monomials])

    def __str__(self) -> str:
        return f"polynomial of degree {self.degree}: {self.source} → {self.target}"
