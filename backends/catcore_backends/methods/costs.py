"""A fixed model of what array operations cost, by which a layer chooses how to apply its matrix.

Numbers are nanoseconds for one sample of a batch of 1024 in single precision on two cores of a common processor; only
their ratios matter, and a choice made by them is the same everywhere.  They were measured once with NumPy: a product
of large matrices, a sum of two arrays that do not fit the cache, ``take`` along the last axis, and a real Fourier
transform of length 4096.
"""

from __future__ import annotations

from math import log2

PRODUCT = 0.02  # one multiplication and addition inside a large matrix product
SMALL_PRODUCT = 0.06  # the same inside many small ones
PASS = 0.4  # one number read or written by an entrywise operation or a sum
GATHER = 3.0  # one number fetched through an index
TRANSFORM = 0.2  # one number and one level of a Fourier transform
WRITTEN = 0.005  # writing out one entry of W from θ, and taking its gradient back, spread over the batch
SHORT = 16  # sums over an axis as short as this cost twice as much a number
CALL = 4.0  # calling one array operation, spread over the batch

#: A structured method has to promise this much less than the dense product before it is preferred.
MARGIN = 0.85


def transform(length: int) -> float:
    """A real Fourier transform of so many numbers."""
    return TRANSFORM * length * max(1.0, log2(max(length, 1))) + CALL
