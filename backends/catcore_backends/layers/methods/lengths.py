"""Lengths of Fourier transforms: which are quick, and the next one that is."""

from __future__ import annotations

from collections.abc import Iterator

LARGEST = 11  # prime factor that a quick transform may have


def prime_factors(n: int) -> Iterator[int]:
    """The prime factors of a number ≥ 1, with repetition, increasing."""
    p = 2
    while p * p <= n:
        while n % p == 0:
            yield p
            n //= p
        p += 1
    if n > 1:
        yield n


def quick(n: int) -> bool:
    """Whether a transform of that length has only small prime factors."""
    return max(prime_factors(n), default=1) <= LARGEST


def next_quick(n: int) -> int:
    """The next length whose transform is quick."""
    import scipy.fft

    return int(scipy.fft.next_fast_len(n, real=True))
