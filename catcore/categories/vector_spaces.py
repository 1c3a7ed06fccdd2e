"""Finite-dimensional vector spaces with exact matrices (THEORY T1.1, 0.4).

Objects are dimensions, an arrow ``n → m`` is an ``m × n`` matrix acting on columns; ``f ; g`` is the product ``G F``.
The product and the coproduct of two spaces are both the direct sum ⊕, and ⊗ is the Kronecker product; there are no
function objects among the terms and no distributivity, because ⊕ is a biproduct and 0 ≅ 1.

>>> V = FVect()
>>> V.compose(V.arrow([[1, 2], [0, 1]]), V.arrow([[1, 1]]))
Matrix([[1, 3]])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import sympy as sp

from catcore import arrows as ar
from catcore import objects as ob
from catcore.categories.category import Category
from catcore.errors import BadSpecification, NotInterpreted, ShapeMismatch
from catcore.laws import PointwiseLaw


@dataclass(frozen=True)
class FVect(Category):
    """Vector spaces over ℚ and its extensions, or over 𝔽_p.

    Args:
        modulus: 0 for exact numbers; a prime p for 𝔽_p.
        dimensions: what atoms of terms stand for.
        matrices: what generators of terms stand for.
    """

    modulus: int = 0
    dimensions: Mapping[ob.Ob, int] = field(default_factory=dict, hash=False)
    matrices: Mapping[ar.Arrow, Any] = field(default_factory=dict, hash=False)

    has = frozenset({"category", "monoidal", "cartesian", "bicartesian", "left-additive"})

    def __post_init__(self) -> None:
        if self.modulus and not sp.isprime(self.modulus):
            raise BadSpecification(
                f"Vector spaces modulo {self.modulus} were asked for, which is no prime; choose a prime or 0."
            )

    def arrow(self, rows: Sequence[Sequence[Any]]) -> sp.ImmutableMatrix:
        """The arrow with the given matrix, row by row."""
        return self._reduced(sp.ImmutableMatrix(rows))

    def identity(self, a: int) -> sp.ImmutableMatrix:
        """The identity matrix."""
        return sp.ImmutableMatrix(sp.eye(a))

    def dom(self, f: Any) -> int:
        """The number of columns."""
        return int(f.shape[1])

    def cod(self, f: Any) -> int:
        """The number of rows."""
        return int(f.shape[0])

    def _composite(self, f: Any, g: Any) -> sp.ImmutableMatrix:
        return self._reduced(g * f)

    def _equal(self, f: Any, g: Any) -> bool:
        difference = (f - g).applyfunc(sp.expand)
        return all(self._entry(x) == 0 for x in difference)

    def add(self, f: Any, g: Any) -> sp.ImmutableMatrix:
        """The sum of two parallel arrows; composition is bilinear.

        Raises:
            ShapeMismatch: when they are not parallel.
        """
        if f.shape != g.shape:
            raise ShapeMismatch(
                f"A sum of matrices of shapes {f.shape} and {g.shape} was asked for; add parallel arrows."
            )
        return self._reduced(f + g)

    def _reduced(self, matrix: Any) -> sp.ImmutableMatrix:
        return sp.ImmutableMatrix(matrix.applyfunc(self._entry))

    def _entry(self, x: Any) -> Any:
        if not self.modulus:
            return x
        terms = sp.Poly(x, *sorted(x.free_symbols, key=str), modulus=self.modulus) if x.free_symbols else None
        return terms.as_expr() if terms is not None else sp.Integer(_mod(x, self.modulus))

    def interpret(self, term: ar.Arrow) -> sp.ImmutableMatrix:
        """The matrix of a term; products and coproducts are direct sums, ⊗ is the Kronecker product.

        Raises:
            MissingDoctrine: for distributivity, functions and fixed points.
            NotInterpreted: when an atom has no dimension or a generator no matrix.
        """
        self.require(term)
        return self._reduced(self._matrix(term))

    def dimension(self, thing: ob.Ob) -> int:
        """The dimension that an object stands for; raises ``NotInterpreted`` when it has none."""
        match thing:
            case ob.Product() | ob.Coproduct():
                return self.dimension(thing.left) + self.dimension(thing.right)
            case ob.Tensor():
                return self.dimension(thing.left) * self.dimension(thing.right)
            case ob.R() if len(thing.shape) == 1:
                return thing.shape[0]
            case ob.ZeroObject() | ob.OneObject():
                return 0
            case _ if thing in self.dimensions:
                return self.dimensions[thing]
        raise NotInterpreted(f"{thing} has no dimension in {self}; give dimensions={{{thing}: n}} for its atoms.")

    def _matrix(self, f: ar.Arrow) -> Any:
        match f:
            case ar.Identity():
                return sp.eye(self.dimension(f.dom))
            case ar.Composite():
                return reduce(lambda a, b: b * a, map(self._matrix, f.args))
            case ar.Pair():
                return sp.Matrix.vstack(*map(self._matrix, f.args))
            case ar.Case():
                return sp.Matrix.hstack(*map(self._matrix, f.args))
            case ar.Fst() | ar.Snd():
                n, m = map(self.dimension, f.args)
                return _block(n, m, first=isinstance(f, ar.Fst))
            case ar.Inl() | ar.Inr():
                n, m = map(self.dimension, f.args)
                return _block(n, m, first=isinstance(f, ar.Inl)).T
            case ar.Terminal() | ar.Initial():
                return sp.zeros(self.dimension(f.cod), self.dimension(f.dom))
            case ar.Tensor():
                return sp.kronecker_product(*map(self._matrix, f.args))
            case ar.Braid():
                n, m = map(self.dimension, f.args)
                return sp.Matrix(n * m, n * m, lambda i, j: int(j == (i % n) * m + i // n))
            case ar.Action() if not f.functor.symbols:
                return self._matrix(f.expanded())
            case _ if f in self.matrices:
                return sp.Matrix(self.matrices[f])
        raise NotInterpreted(f"{f.signature} has no matrix in {self}; give matrices={{{f}: […]}}.")

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """The laws of a category, bilinearity, the biproduct and the interchange of ⊗, on matrices of letters.

        Entries are letters, so one check holds for all values; the shapes are examples, which ``symbolic`` says.
        """
        triples = [tuple(_letters(*shape) for shape in shapes) for shapes in _SHAPES]
        category = self.laws_over(triples, "symbolic")
        return (*category, self._bilinearity(), self._interchange(), self._biproduct())

    def _law(self, name: str, points: Sequence[Any], lhs: Any, rhs: Any) -> PointwiseLaw:
        return PointwiseLaw(
            name, points, lambda p: self._expanded(lhs(*p)), lambda p: self._expanded(rhs(*p)), "symbolic"
        )

    def _expanded(self, matrix: Any) -> sp.ImmutableMatrix:
        return self._reduced(matrix.applyfunc(sp.expand))

    def _bilinearity(self) -> PointwiseLaw:
        points = [(_letters("a", 2, 3), _letters("b", 2, 3), _letters("c", 2, 2))]
        both = (
            (lambda f, g, h: self.compose(self.add(f, g), h)),
            (lambda f, g, h: self.add(self.compose(f, h), self.compose(g, h))),
        )
        return self._law("composition is bilinear", points, *both)

    def _interchange(self) -> PointwiseLaw:
        points = [(_letters("a", 2, 1), _letters("b", 1, 2), _letters("c", 1, 2), _letters("d", 2, 1))]
        return self._law(
            "interchange of ⊗",
            points,
            lambda f, g, h, k: sp.kronecker_product(h, k) * sp.kronecker_product(f, g),
            lambda f, g, h, k: sp.kronecker_product(h * f, k * g),
        )

    def _biproduct(self) -> PointwiseLaw:
        # π₁ ; ι₁ + π₂ ; ι₂ = id
        points = [(n, m) for n in range(3) for m in range(3)]

        def total(n: int, m: int) -> Any:
            first, second = _block(n, m, first=True), _block(n, m, first=False)
            return first.T * first + second.T * second

        return self._law("biproduct", points, total, lambda n, m: sp.eye(n + m))

    def __str__(self) -> str:
        return f"FVect(𝔽{self.modulus})" if self.modulus else "FVect"


_SHAPES = [
    (("a", 2, 2), ("b", 2, 2), ("c", 2, 2)),
    (("a", 2, 3), ("b", 1, 2), ("c", 3, 1)),
    (("a", 3, 1), ("b", 2, 3), ("c", 1, 2)),
]


def _letters(name: str, rows: int, columns: int) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix(rows, columns, lambda i, j: sp.Symbol(f"{name}{i}{j}"))


def _block(n: int, m: int, *, first: bool) -> Any:
    """The projection of a direct sum of dimensions ``n`` and ``m`` onto one summand."""
    size, offset = (n, 0) if first else (m, n)
    return sp.Matrix(size, n + m, lambda i, j: int(j == i + offset))


def _mod(x: Any, p: int) -> int:
    numerator, denominator = sp.fraction(sp.nsimplify(x, rational=True))
    if denominator % p == 0:
        raise ShapeMismatch(f"The entry {x} has no meaning modulo {p}: its denominator is a multiple of {p}.")
    return int(numerator * pow(int(denominator), -1, p) % p)
