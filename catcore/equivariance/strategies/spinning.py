"""Homomorphisms by spinning, modulo a prime: the images of a few generating vectors determine a homomorphism.

If the vectors v₁, ..., v_c generate the module V_in, then ``W a = b W`` fixes W as soon as W v₁, ..., W v_c are known:
every basis vector is found as ``a_s u`` from an earlier one, and ``W a_s u = b_s W u``.  That leaves c·m unknowns in
place of m·n, and fewer where v_i lies in the kernel of an element A of the algebra, for then W v_i lies in the kernel
of the corresponding B.  What remains is to ask of these W that they commute on further vectors, which are drawn at
random until they say nothing new.  Nothing is inverted in the module, so monoids, singular matrices and Lie algebra
generators are treated as groups are (Parker's MeatAxe; Lux and Szőke, *Computing homomorphism spaces between modules
over finite dimensional algebras*, 2003).

All W that commute are among those found, whatever was drawn; a draw without luck leaves some that do not, and the
exact check of the caller finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catcore.equivariance.linear_algebra.modular import PrimeField
from catcore.equivariance.strategies import peakwords
from catcore.errors import TooLarge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.linear_algebra.modular import Array

Pairs = Sequence[tuple[Any, Any]]  # matrices modulo p, dense or sparse

SMALL = 2**22  # numbers in the images of all basis vectors, for which any generating vectors will do
FEW_ENOUGH = 2**24  # numbers for which the other side of the equation is not tried
MAX_NUMBERS = 2**26  # numbers in the images of all basis vectors: 512 MiB
MANY, FEW = 6, 4  # of more generators than MANY, so many random combinations are spun instead
CONFIRMING_BITS = 40  # a space with a W that does not commute passes unseen once in 2^40
SEED = 20211  # of the generator of residues, so that answers repeat


@dataclass
class Module:
    """A submodule under construction: its echelon basis, and the recipe of the basis vectors found so far."""

    F: PrimeField
    generators: Sequence[Any]
    n: int
    echelon: Array = field(init=False)
    pivots: NDArray[np.int64] = field(init=False)
    vectors: list[Array] = field(default_factory=list)  # blocks of columns
    recipe: list[tuple[int, NDArray[np.int64]]] = field(default_factory=list)  # generator (-1: given) and parents

    def __post_init__(self) -> None:
        import numpy as np

        self.echelon, self.pivots = np.zeros((0, self.n)), np.zeros(0, dtype=np.int64)

    @property
    def rank(self) -> int:
        """The dimension so far."""
        return len(self.pivots)

    @property
    def basis(self) -> Array:
        """The basis vectors as columns, in the order of the recipe."""
        import numpy as np

        return np.hstack(self.vectors) if self.vectors else np.zeros((self.n, 0))

    def remainder(self, columns: Array) -> Array:
        """The columns modulo the submodule; those of its members vanish."""
        if not self.rank:
            return columns
        return self.F.reduce(columns - self.F.multiply(self.echelon.T, columns[self.pivots]))

    def _independent(self, columns: Array) -> NDArray[np.int64]:
        """Which columns are taken so that all are spanned; the submodule grows by them."""
        import numpy as np

        found = self.F.echelon(self.remainder(columns).T)
        if found.rank:
            if self.rank:
                below = self.F.multiply(self.echelon[:, found.pivots], found.rows)
                self.echelon = np.vstack([self.F.reduce(self.echelon - below), found.rows])
            else:
                self.echelon = found.rows
            self.pivots = np.concatenate([self.pivots, found.pivots])
        return np.sort(found.sources)

    def _take(self, columns: Array, generator: int, parents: NDArray[np.int64]) -> None:
        if columns.shape[1]:
            self.vectors.append(columns)
            self.recipe.append((generator, parents))

    def add(self, seeds: Array) -> NDArray[np.int64]:
        """Add vectors and all that the generators make of them; says which of the vectors were new."""
        import numpy as np

        taken = self._independent(seeds)
        frontier, first = seeds[:, taken], self.rank - len(taken)
        self._take(frontier, -1, taken)
        while frontier.shape[1] and self.rank < self.n:
            count = frontier.shape[1]
            images = np.hstack([self.F.multiply(a, frontier) for a in self.generators])
            new = self._independent(images)
            for s in range(len(self.generators)):
                mine = new[(new >= s * count) & (new < (s + 1) * count)]
                self._take(images[:, mine], s, first + mine - s * count)
            frontier, first = images[:, new], first + count
        return taken


@dataclass(frozen=True)
class Seeding:
    """A module with the generating vectors' possible images: for each block of them a basis of where each may go."""

    module: Module
    targets: tuple[tuple[int, Array], ...]  # (number of vectors, basis of the space of images as columns)

    @property
    def unknowns(self) -> int:
        """Coordinates of the images of all generating vectors."""
        return sum(count * basis.shape[1] for count, basis in self.targets)


@dataclass(frozen=True)
class Found:
    """The solutions modulo p: one row each, W read row by row, in no particular basis; and how they were found."""

    rows: Array
    vectors: int
    unknowns: int
    transposed: bool

    def __str__(self) -> str:
        side = "dual outputs" if self.transposed else "inputs"
        return f"spinning {self.vectors} vectors of the {side}, {self.unknowns} unknowns"


def solve(F: PrimeField, pairs: Pairs, n_in: int, n_out: int) -> Found:
    """All W modulo p with ``W a = b W``; raises ``TooLarge`` where the images of a basis would not fit."""
    return plan(F, pairs, n_in, n_out).found()


def plan(F: PrimeField, pairs: Pairs, n_in: int, n_out: int) -> Plan:
    """Generating vectors of V_in or, where those are fewer, of V_out*; raises ``TooLarge`` as :func:`solve` does."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    transposed = [(_transposed(b), _transposed(a)) for a, b in pairs]
    return _cheaper([Plan(F, pairs, n_in, n_out, rng), Plan(F, transposed, n_out, n_in, rng, dual=True)])


def _transposed(matrix: Any) -> Any:
    return matrix.T.tocsr() if hasattr(matrix, "tocsr") else matrix.T


def _cheaper(plans: Sequence[Plan]) -> Plan:
    """The first plan that is small; else the one of fewest unknowns once peakwords have had their say."""
    first, second = plans
    for rounds in (2, 8):
        for plan in plans:
            if plan.by_random_vectors(rounds) and plan.size <= SMALL:
                return plan
    first.by_peakwords()
    if first.size > FEW_ENOUGH:
        second.by_peakwords()
    best = min(plans, key=lambda plan: (not plan.complete, plan.size))
    if best.size > MAX_NUMBERS:
        least = "" if best.complete else "at least "
        raise TooLarge(
            f"A {best.m}×{best.n} homomorphism was asked for; its generating vectors leave {least}"
            f"{best.seeding.unknowns} unknowns, and {best.size} numbers ({best.size >> 17} MiB) where {MAX_NUMBERS} "
            "are kept; solve direct summands one by one, or give permutations as index maps and classical groups by "
            "name, which are lazy."
        )
    return best


class Plan:
    """Generating vectors of the module on the left of ``W a = b W``, and the solution that they lead to."""

    def __init__(
        self, F: PrimeField, pairs: Pairs, n: int, m: int, rng: np.random.Generator, *, dual: bool = False
    ) -> None:
        self.F, self.pairs, self.n, self.m, self.rng, self.dual = F, pairs, n, m, rng, dual
        self.few = [peakwords.combination(F, pairs, rng) for _ in range(FEW)] if len(pairs) > MANY else pairs
        self.seeding = Seeding(self._module(), ())

    def _module(self) -> Module:
        return Module(self.F, [a for a, _ in self.few], self.n)

    @property
    def complete(self) -> bool:
        """Whether the vectors generate the module."""
        return self.seeding.module.rank == self.n

    @property
    def size(self) -> int:
        """Numbers in the images of all basis vectors."""
        return self.n * self.m * self.seeding.unknowns

    @property
    def work(self) -> int:
        """The multiplications modulo a prime that are left: the images of all basis vectors, turned to the basis of
        V_in, and what commuting asks of the unknowns."""
        return self.size * (self.n + self.seeding.unknowns)

    def by_random_vectors(self, most: int) -> bool:
        """Try so many random vectors, with images anywhere, as far as these are kept."""
        import numpy as np

        module, targets = self.seeding.module, list(self.seeding.targets)
        most = min(most, MAX_NUMBERS // (self.n * self.m**2))
        while len(targets) < most and module.rank < self.n:
            if len(module.add(self.F.random((self.n, 1), self.rng))):
                targets.append((1, np.eye(self.m)))
        self.seeding = Seeding(module, tuple(targets))
        return self.complete

    def by_peakwords(self) -> None:
        """Vectors in the kernels of algebra elements, until they generate or are too many; kept where that leaves fewer
        unknowns."""
        module = self._module()
        targets: list[tuple[int, Array]] = []
        found = Seeding(module, ())
        for vectors, images in peakwords.kernels(self.F, self.few, module, self.rng):
            if len(taken := module.add(vectors)):
                targets.append((len(taken), images))
            found = Seeding(module, tuple(targets))
            if self.n * self.m * found.unknowns > MAX_NUMBERS:
                break
        if not self.complete or (module.rank == self.n and found.unknowns < self.seeding.unknowns):
            self.seeding = found

    def found(self) -> Found:
        """The solutions, as maps from V_in to V_out."""
        space = self.solve()
        if self.dual:
            space = space.reshape(len(space), self.m, self.n).transpose(0, 2, 1)
        vectors = sum(count for count, _ in self.seeding.targets)
        rows = space.reshape(len(space), self.n * self.m)
        return Found(rows, vectors, self.seeding.unknowns, self.dual)

    def solve(self) -> Array:
        """The W that commute, one a row, read row by row."""
        X, inverse = self._images(), self.F.inverse(self.seeding.module.basis)
        kernel = self._commuting(X, inverse)
        n, m, d = self.n, self.m, kernel.shape[1]
        W = self.F.multiply(X.reshape(n * m, -1), kernel).reshape(n, m * d)
        turned = self.F.multiply(inverse.T, W)  # W u = x is W = x u⁻¹
        return turned.reshape(n, m, d).transpose(2, 1, 0).reshape(d, m * n)

    def _images(self) -> Array:
        """The images of the basis vectors: m coordinates, each linear in the unknowns."""
        import numpy as np

        X = np.zeros((self.n, self.m, self.seeding.unknowns))
        targets = iter(self.seeding.targets)
        done = unknown = 0
        for generator, parents in self.seeding.module.recipe:
            if generator < 0:
                count, basis = next(targets)
                for i in range(count):
                    X[done + i, :, unknown : unknown + basis.shape[1]] = basis
                    unknown += basis.shape[1]
            else:
                X[done : done + len(parents)] = self._apply(self.few[generator][1], X[parents])
            done += len(parents)
        return X

    def _apply(self, b: Any, X: Array) -> Array:
        """b on each of several matrices."""
        import numpy as np
        from scipy.sparse import issparse

        if not issparse(b):
            return self.F.multiply(b, X)
        return np.stack([self.F.multiply(b, x) for x in X])

    def _commuting(self, X: Array, inverse: Array) -> Array:
        """The unknowns for which W commutes with the generators on random vectors, as soon as these say nothing new."""
        import numpy as np

        basis, flat = self.seeding.module.basis, X.reshape(self.n, -1)
        kernel = np.eye(X.shape[2])
        confirm = -(-CONFIRMING_BITS // self.F.p.bit_length())
        while kernel.shape[1]:
            z = self.F.random((self.n, confirm), self.rng)
            Wz = self.F.multiply(z.T, flat).reshape(confirm, self.m, -1)
            equations = []
            for a, b in self._equations():
                moved = self.F.multiply(inverse, self.F.multiply(a, self.F.multiply(basis, z)))
                Waz = self.F.multiply(moved.T, flat).reshape(Wz.shape)
                equations.append(self.F.reduce(Waz - self._apply(b, Wz)).reshape(-1, X.shape[2]))
            restricted = self.F.null_space(self.F.multiply(np.vstack(equations), kernel))
            if restricted.shape[1] == kernel.shape[1]:
                break
            kernel = self.F.multiply(kernel, restricted)
        return kernel

    def _equations(self) -> Pairs:
        """The generators, or one random combination where they are many."""
        return self.pairs if len(self.pairs) <= MANY else [peakwords.combination(self.F, self.pairs, self.rng)]


__all__ = ["Found", "Plan", "plan", "solve"]
