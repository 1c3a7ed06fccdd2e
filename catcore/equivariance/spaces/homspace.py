"""The space of homomorphisms between two representations: an exact basis, and the weight tying that it forces.

``Hom(ρ_in, ρ_out) = {W : W ρ_in(m) = ρ_out(m) W}`` is a linear space, ``W = Σ θ_k B_k``; its coordinates θ are the free
parameters of an equivariant layer (T1.11).  Where the basis can be chosen with entries 0 and ±1 and disjoint
supports, the space *is* a tying pattern: entry (i, j) is ± parameter ``|pattern[i][j]|``, and 0 is a forced zero.

>>> from catcore.equivariance import Representation, cyclic, equivariant_maps
>>> swap = Representation.permutation(cyclic(2), {"s": [1, 0]})
>>> W = equivariant_maps(swap, swap)
>>> W.matrix(), W.pattern
(Matrix([
[a, b],
[b, a]]), [[1, 2], [2, 1]])
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import sympy as sp

from catcore import plugins
from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.spaces.spans import Span
from catcore.equivariance.strategies import intertwining, null_space
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.orbits import MAX_ENTRIES, Pattern
from catcore.errors import IllTyped, ShapeMismatch, TooLarge
from catcore.exact import Field, exact_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.certificates.counts import Count
    from catcore.laws import PointwiseLaw

SHOWN_ENTRIES = 10_000
DENSE_ENTRIES = 50_000_000
MULTIPLIED_ENTRIES = 1_000_000
MULTIPLIED_NUMBERS = 200_000_000


@dataclass(frozen=True, repr=False)
class HomSpace:
    """The linear maps ``W`` with ``W ρ_in(m) = ρ_out(m) W`` for every m; solved when first asked.

    A value: two are equal when their representations are.  ``W[row, column]`` acts on column vectors, so W has
    ``ρ_out.degree`` rows and ``ρ_in.degree`` columns.
    """

    rho_in: Representation
    rho_out: Representation
    method: str = field(compare=False)
    _solve: Callable[[], Basis | Pattern | Span] = field(compare=False)

    def __reduce__(self) -> tuple[Any, tuple[Representation, Representation]]:
        # what was solved is a function of the two representations, so these alone are stored
        from catcore.equivariance.strategies.solver import equivariant_maps

        return equivariant_maps, (self.rho_in, self.rho_out)

    # The solution -------------------------------------------------------------------------------------------------

    @cached_property
    def field(self) -> Field:
        """The field that the basis lies in."""
        return self.rho_in.field.join(self.rho_out.field)

    @cached_property
    def _found(self) -> Basis | Pattern | Span:
        return self._solve()

    @property
    def span(self) -> Span | None:
        """The basis as a rule (diagrams, orbits), where it is known by one: nothing as large as W is formed."""
        return self._found if isinstance(self._found, Span) else None

    @cached_property
    def solution(self) -> Basis | Pattern:
        """The basis written out: labels of a pattern, or exact basis matrices.

        Raises ``TooLarge``, with the size, where they would not fit; ``span`` is the lazy way.
        """
        found = self._found.materialise(self.field) if isinstance(self._found, Span) else self._found
        if isinstance(found, Basis) and self.shape[0] * self.shape[1]:
            return null_space.as_pattern(found, self.shape[1], self.shape[0], self.field) or found
        return found

    @property
    def how(self) -> str:
        """How the solution was found, beyond :attr:`method`: what was spun, the unknowns left and the primes used."""
        return (isinstance(self._found, Basis) and self._found.how) or self.method

    @cached_property
    def checked(self) -> bool:
        """Whether ``W ρ_in(s) = ρ_out(s) W`` holds exactly for the whole basis and every generator s.

        Both sides are multiplied out; only where the basis is a rule and large (above a million entries of W, or 2·10⁸
        of all basis matrices) it is checked instead that the generators preserve what the rule is made of, such as
        equality of indices or a form.
        """
        if self.span is not None and not self.span.lawful(self.rho_in, self.rho_out):
            return False
        if self.span is not None and (self.span.entrywise or not self.multiplied):
            return True
        return checks.verify_solution(self.solution, self.rho_in, self.rho_out, self.field)

    @property
    def multiplied(self) -> bool:
        """Whether :attr:`checked` multiplies both sides out, and does not only look at what a rule is made of."""
        size = self.dense_parameters
        few = size <= MULTIPLIED_ENTRIES and size * self.dim <= MULTIPLIED_NUMBERS
        return self.span is None or self.span.entrywise or few

    @property
    def exact(self) -> bool:
        """Always true: no floating point number takes part."""
        return True

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of W: ``(ρ_out.degree, ρ_in.degree)``."""
        return (self.rho_out.degree, self.rho_in.degree)

    @property
    def dim(self) -> int:
        """The dimension of the space, which is the number of free parameters."""
        found = self._found
        return len(found.matrices) if isinstance(found, Basis) else found.count

    @property
    def free_parameters(self) -> int:
        """Numbers to learn once tied; with channels this many for each pair of channels."""
        return self.dim

    @property
    def dense_parameters(self) -> int:
        """Numbers to learn in an untied matrix of the same shape."""
        return self.shape[0] * self.shape[1]

    # Ways to see it -----------------------------------------------------------------------------------------------

    @property
    def labels(self) -> NDArray[np.int32] | None:
        """The pattern as an integer array, signed and 1-based, 0 a forced zero; None where there is no pattern."""
        found = self.solution
        if not isinstance(found, Pattern):
            return None
        found.labels.flags.writeable = False
        return found.labels

    @property
    def pattern(self) -> list[list[int]] | None:
        """The same as a nested list, numbered as first seen row by row; None where there is no 0/±1 pattern.

        Raises ``TooLarge`` above 10 000 entries, where ``labels`` is the way.
        """
        self._shown("pattern", "labels")
        return None if self.labels is None else [list(map(int, row)) for row in self.labels.tolist()]

    @property
    def basis(self) -> BasisSequence:
        """The basis as a sequence of SymPy matrices, each made when it is asked for."""
        return BasisSequence(self)

    @cached_property
    def _exact_basis(self) -> Sequence[Any]:
        if isinstance(self.solution, Basis):
            return self.solution.matrices
        if self.dense_parameters > DENSE_ENTRIES // 10:
            raise TooLarge(
                f"The basis matrices of a {self.shape[0]}×{self.shape[1]} space were asked for; use "
                "labels, which hold them all."
            )
        return checks.pattern_basis(self.solution, self.field)

    @property
    def symbols(self) -> tuple[Any, ...]:
        """A letter for each free parameter: a, b, c, ..., or t1, t2, ... when there are more than 26."""
        names = string.ascii_lowercase if self.dim <= 26 else [f"t{k}" for k in range(1, self.dim + 1)]
        return tuple(sp.Symbol(name) for name in names[: self.dim])

    def matrix(self) -> Any:
        """The general equivariant matrix in letters, such as [[a, b], [b, a]].

        Raises ``TooLarge`` above 10 000 entries, where ``labels`` and ``basis`` are the lazy ways.
        """
        self._shown("matrix()", "labels, or basis[k] for one basis matrix")
        return self.combine(self.symbols)

    def _shown(self, what: str, lazy: str) -> None:
        if self.dense_parameters > SHOWN_ENTRIES:
            raise TooLarge(
                f"{what} of a {self.shape[0]}×{self.shape[1]} space was asked for, above {SHOWN_ENTRIES} entries; "
                f"use {lazy}, which stays lazy."
            )

    def combine(self, theta: Sequence[Any]) -> Any:
        """The exact matrix ``Σ θ_k B_k`` of numbers or symbols; raises ``ShapeMismatch`` for another number of them."""
        values = [t if isinstance(t, sp.Expr) else exact_number(t, where=f"theta[{k}]") for k, t in enumerate(theta)]
        if len(values) != self.dim:
            raise ShapeMismatch(
                f"{self.dim} parameters were asked for and {len(values)} were given; theta has one "
                "number a basis matrix."
            )
        entries: dict[tuple[int, int], Any] = {}
        for value, matrix in zip(values, self._exact_basis, strict=True):
            for place, x in matrix.to_dok().items():
                entries[place] = entries.get(place, 0) + value * self.field.expression(x)
        return sp.ImmutableMatrix(sp.SparseMatrix(*self.shape, entries))

    def require_numbers(self) -> None:
        """Raise ``IllTyped`` over a finite field, where arrays of numbers would be added without reduction."""
        if self.field.characteristic:
            raise IllTyped(
                f"Hom({self.rho_in}, {self.rho_out}) is over {self.field.name}, whose elements are no real numbers, "
                "and arrays compute with real or complex ones; use combine, which gives exact matrices, or basis_array "
                f"and reduce modulo {self.field.characteristic} yourself."
            )

    def basis_array(self, dtype: Any = float) -> NDArray[Any]:
        """The basis as a dense array of shape (dim, n_out, n_in); raises ``TooLarge`` above 5·10⁷ numbers."""
        import numpy as np

        if self.dim * self.dense_parameters > DENSE_ENTRIES:
            raise TooLarge(
                f"A dense basis of {self.dim}×{self.shape[0]}×{self.shape[1]} numbers was asked for; "
                "use labels, or basis[k]."
            )
        if self.labels is not None:
            number = np.arange(1, self.dim + 1)[:, None, None]
            signs = (self.labels == number).astype(np.int8) - (self.labels == -number).astype(np.int8)
            return np.asarray(signs, dtype=dtype)
        numeric = complex if np.issubdtype(np.dtype(dtype), np.complexfloating) else float
        family = MatrixFamily.of_matrices(self._exact_basis, self.shape, self.field)
        numbers = [numeric(sp.N(self.field.expression(x), 20)) for x in family.values]
        array: NDArray[Any] = family.dense(np.array(numbers, dtype=dtype))
        return array

    def apply(self, theta: Any, x: Any) -> NDArray[Any]:
        """``(Σ θ_k B_k) x`` on an array x of shape (..., n_in); where the basis is a rule, W is not formed.

        Raises ``ShapeMismatch`` for another number of parameters or another last axis, ``IllTyped`` over a finite
        field.
        """
        import numpy as np

        self.require_numbers()
        weights, array = np.asarray(theta), np.asarray(x)
        if weights.shape != (self.dim,) or array.shape[-1:] != (self.shape[1],):
            raise ShapeMismatch(
                f"Parameters of shape ({self.dim},) and an array (..., {self.shape[1]}) were asked for, and shapes "
                f"{weights.shape} and {array.shape} were found."
            )
        if self.span is not None:
            return self.span.apply(weights, array)
        if self.labels is not None:
            signed = np.concatenate([np.zeros(1, weights.dtype), weights, -weights[::-1]])
            return np.asarray(array @ signed[self.labels].T)
        return np.asarray(array @ np.tensordot(weights, self.basis_array(weights.dtype), 1).T)

    # What it is good for ------------------------------------------------------------------------------------------

    def contains(self, matrix: Any) -> bool:
        """Whether an exact matrix is equivariant; raises ``ShapeMismatch`` for a matrix of another shape."""
        rows = matrices.read_rows(matrix, "the matrix", None)
        if (len(rows), len(rows[0]) if rows else 0) != self.shape:
            raise ShapeMismatch(
                f"A {self.shape[0]}×{self.shape[1]} matrix was asked for and one of {len(rows)} rows was found."
            )
        K = self.field.join(matrices.smallest_field([rows])) if not self.field.characteristic else self.field
        return intertwining.one_holds(matrices.from_rows(rows, K), checks.exact_pairs(self.rho_in, self.rho_out, K))

    @property
    def bias(self) -> HomSpace:
        """The vectors ``b`` with ``ρ_out(m) b = b``, as homomorphisms from the trivial representation (T1.11)."""
        from catcore.equivariance.strategies.solver import equivariant_maps

        return equivariant_maps(Representation.trivial(self.rho_out.monoid, 1), self.rho_out)

    @cached_property
    def count(self) -> Count | None:
        """The dimension counted without the solver, and how: ``Count(dim, how)``; None where there is no such count.

        See :mod:`~catcore.equivariance.certificates.counts`; where these know none, the nullity of a small system
        modulo a prime.
        """
        from catcore.equivariance.certificates.laws import counted

        return counted(self)

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """What makes this the space of all homomorphisms: its basis commutes, is independent and is large enough; see
        :mod:`~catcore.equivariance.certificates.laws`."""
        from catcore.equivariance.certificates.laws import laws

        return laws(self)

    def independent_dimension(self) -> int:
        """The dimension counted by characters or Burnside, without the solver; see
        :mod:`catcore.equivariance.certificates.checks`."""
        return checks.independent_dimension(self.rho_in, self.rho_out)

    def reynolds(self, matrix: Any) -> Any:
        """The average of a matrix over a finite group, which lies in this space; see
        :mod:`catcore.equivariance.certificates.checks`."""
        return checks.reynolds(matrix, self.rho_in, self.rho_out)

    def layer(
        self,
        backend: str = "numpy",
        channels: tuple[int, int] = (1, 1),
        bias: bool = False,
        method: str | None = None,
    ) -> Any:
        """A layer ``y = layer(theta, x)`` on arrays, made by the backend registered under this name (DESIGN §5).

        ``channels`` are (c_in, c_out): theta has shape (dim, c_out, c_in), x (..., c_in, n_in), y (..., c_out, n_out).
        ``method`` overrides the way in which the matrix is applied, which is otherwise the cheapest.
        Raises ``BackendMissing`` when no package offers the backend, ``IllTyped`` over a finite field.
        """
        self.require_numbers()
        return plugins.backend(backend).layer(self, channels=channels, bias=bias, method=method)

    def labels_on(self, backend: str, *, device: Any = None) -> Any:
        """The :attr:`labels` as an array of a backend, computed there by connected components of pairs of points.

        For permutations and signs only; on a GPU this is for patterns of many millions of entries.
        """
        return plugins.backend(backend).tying_labels(self, device=device)

    # Printing -----------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"equivariant_maps({self.rho_in!r}, {self.rho_out!r})"

    def __str__(self) -> str:
        head = f"Hom({self.rho_in}, {self.rho_out}), dimension {self.dim} of {self.dense_parameters}"
        return head if self.dense_parameters > 400 else f"{head}\n{sp.pretty(self.matrix())}"

    def _repr_html_(self) -> str | None:
        """The tying in colour; None where the basis is no tying pattern, and the LaTeX form is shown."""
        from catcore.drawing import tying_svg

        if 0 in self.shape or self.dense_parameters > MAX_ENTRIES:
            return None
        return tying_svg(self) if self.labels is not None else None

    def _repr_latex_(self) -> str:
        if self.dense_parameters > 400:
            rows, columns = self.shape
            space = rf"\mathbb{{F}}^{{{self.dim}}} \subset \mathbb{{F}}^{{{rows} \times {columns}}}"
            return rf"$\operatorname{{Hom}} \cong {space}$"
        return f"$\\displaystyle {sp.latex(self.matrix())}$"


class BasisSequence(Sequence[Any]):
    """The basis matrices of a hom space, made one at a time."""

    def __init__(self, space: HomSpace) -> None:
        self._space = space

    def __len__(self) -> int:
        return self._space.dim

    @overload
    def __getitem__(self, k: int) -> Any: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, k: int | slice) -> Any:
        """Basis matrix k (from 0), or a tuple of them."""
        if isinstance(k, slice):
            return tuple(self[i] for i in range(*k.indices(len(self))))
        if not -len(self) <= k < len(self):
            raise IndexError(k)
        return matrices.to_sympy(self._space._exact_basis[k % len(self)], self._space.field)

    def __iter__(self) -> Iterator[Any]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        return f"({', '.join(str(b.tolist()) for b in self[:4])}{', ...' if len(self) > 4 else ''})"


__all__ = ["BasisSequence", "HomSpace"]
