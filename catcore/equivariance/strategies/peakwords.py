"""Kernels of algebra elements that vectors can be drawn from, so that their images under a homomorphism are few.

An element A of the algebra that the generators make acts as B on the other module, and ``W A = B W``; so for any
polynomial f a vector in the kernel of f(A) goes to the kernel of f(B).  For a random A and a root f of its
characteristic polynomial these kernels are about as large as one irreducible constituent occurs in either module, and
the product of the two is what the constituent adds to the dimension of the space of homomorphisms: A is nearly a
peakword (Lux, Müller and Ringe, *Peakword condensation and submodule lattices*, 1994).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from catcore.equivariance.linear_algebra.modular import Array, PrimeField
    from catcore.equivariance.strategies.spinning import Module, Pairs

Factor = list[int]  # coefficients of a polynomial, the constant one first

TRIES = 4  # random elements drawn for one that has an eigenvalue in the prime field


def combination(F: PrimeField, pairs: Pairs, rng: np.random.Generator) -> tuple[Array, Array]:
    """A random linear combination of the generators, the same in both modules."""
    coefficients = F.random((len(pairs),), rng)
    A = _weighted(F, [a for a, _ in pairs], coefficients)
    return A, A if all(a is b for a, b in pairs) else _weighted(F, [b for _, b in pairs], coefficients)


def _weighted(F: PrimeField, family: Sequence[Any], coefficients: Array) -> Array:
    import numpy as np

    total = np.zeros(family[0].shape)
    for x, a in zip(coefficients, family, strict=True):
        total = F.reduce(total + x * (a.toarray() if hasattr(a, "toarray") else a))
    return total


def element(F: PrimeField, pairs: Pairs, rng: np.random.Generator) -> tuple[Array, Array]:
    """A random element of the algebra, of degree two in the generators, acting in both modules."""
    (a, b), (c, d), (e, f) = (combination(F, pairs, rng) for _ in range(3))
    A = F.reduce(a + F.multiply(c, e))
    return A, A if a is b else F.reduce(b + F.multiply(d, f))


def kernels(F: PrimeField, pairs: Pairs, module: Module, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Vectors that enlarge the submodule, with a basis of the space that their images lie in, until it is all.

    The caller adds the vectors before it asks for more.
    """
    while module.rank < module.n:
        A, B, factors = _with_small_factor(F, pairs, module, rng)
        for factor in _alive(F, A, factors, module, rng):
            yield from _primary(F, A, B, factor, module, rng)


def _primary(
    F: PrimeField, A: Array, B: Array, factor: Factor, module: Module, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Vectors of the smallest kernel of a power of f(A) that leads out of the submodule."""
    f_a = on_a = _at(F, factor, A)
    power = 1
    while not module.remainder(kernel := F.null_space(f_a)).any():
        f_a, power = F.multiply(f_a, on_a), power + 1
    images = kernel if A is B else F.null_space(_power(F, _at(F, factor, B), power))
    if power == len(factor) - 1 == 1:
        yield kernel, images
        return
    while module.remainder(kernel).any():  # here one vector may bring others with it
        yield F.multiply(kernel, F.random((kernel.shape[1], 1), rng)), images


def _power(F: PrimeField, B: Array, power: int) -> Array:
    result = B
    for _ in range(power - 1):
        result = F.multiply(result, B)
    return result


def _with_small_factor(
    F: PrimeField, pairs: Pairs, module: Module, rng: np.random.Generator
) -> tuple[Array, Array, list[tuple[int, Factor]]]:
    """A random algebra element with factors of its characteristic polynomial modulo the submodule: those of degree one
    by multiplicity, where there are any; else the smallest factor that was met."""
    best: tuple[tuple[int, int], Array, Array, Factor] | None = None
    for _ in range(TRIES):
        A, B = element(F, pairs, rng)
        factors = _factors(F, _quotient(F, A, module))
        if linear := sorted((multiplicity, f) for f, multiplicity in factors if len(f) == 2):
            return A, B, linear
        multiplicity, f = min(((m, f) for f, m in factors), key=lambda found: (len(found[1]), found[0]))
        if best is None or (len(f), multiplicity) < best[0]:
            best = (len(f), multiplicity), A, B, f
    assert best is not None
    return best[1], best[2], [(best[0][1], best[3])]


def _alive(
    F: PrimeField, A: Array, factors: list[tuple[int, Factor]], module: Module, rng: np.random.Generator
) -> Iterator[Factor]:
    """The factors whose primary part of a random vector lies outside the submodule, as it grows."""
    import numpy as np

    yield factors[0][1]
    if len(factors) == 1 or module.rank == module.n:
        return
    parts = _primary_parts(F, A, [f for _, f in factors], rng)
    for k, (_, factor) in enumerate(factors):
        if np.any(module.remainder(parts[:, k : k + 1])):
            yield factor


def _primary_parts(F: PrimeField, A: Array, factors: Sequence[Factor], rng: np.random.Generator) -> Array:
    """A random vector y split along linear factors of the characteristic polynomial of A: column k is g_k(A) y, g_k
    what is left of the polynomial without factor k."""
    import flint
    import numpy as np

    n = len(A)
    powers = np.empty((n + 1, n))
    powers[0] = F.random((n,), rng)
    for i in range(n):
        powers[i + 1] = F.multiply(A, powers[i])
    chi = _characteristic(F, A)
    coefficients = np.zeros((len(factors), n + 1))
    for k, factor in enumerate(factors):
        cofactor, f = chi, flint.nmod_poly(factor, F.p)
        while not cofactor % f:
            cofactor //= f
        coefficients[k, : cofactor.degree() + 1] = [int(c) for c in cofactor.coeffs()]
    return F.multiply(F.reduce(coefficients), powers).T


def _quotient(F: PrimeField, A: Array, module: Module) -> Array:
    """The matrix of A modulo the submodule, on the coordinates without a pivot."""
    import numpy as np

    free = np.setdiff1d(np.arange(module.n), module.pivots)
    return module.remainder(A[:, free])[free]


def _factors(F: PrimeField, matrix: Array) -> list[tuple[Factor, int]]:
    """The irreducible factors of the characteristic polynomial, with multiplicities."""
    _, factors = _characteristic(F, matrix).factor()
    return [([int(c) for c in f.coeffs()], int(multiplicity)) for f, multiplicity in factors]


def _characteristic(F: PrimeField, matrix: Array) -> Any:
    import flint

    entries = list(map(int, (matrix % F.p).ravel().tolist()))
    return flint.nmod_mat(len(matrix), len(matrix), entries, F.p).charpoly()


def _at(F: PrimeField, polynomial: Factor, A: Array) -> Array:
    """The polynomial of a matrix, by Horner's rule."""
    import numpy as np

    one = np.eye(len(A))
    value = F.reduce(polynomial[-1] * one)
    for c in reversed(polynomial[:-1]):
        value = F.reduce(F.multiply(value, A) + c * one)
    return value


__all__ = ["combination", "element", "kernels"]
