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
PASS = 0.6  # one number read or written by an entrywise operation or a sum
GATHER = 1.8  # one number fetched through an index
TRANSFORM = 0.25  # one number and one level of a Fourier transform
CALL = 4.0  # calling one array operation, spread over the batch

#: A structured method has to promise this much less than the dense product before it is preferred.
MARGIN = 0.7


def transform(length: int) -> float:
    """A real Fourier transform of so many numbers."""
    return TRANSFORM * length * max(1.0, log2(max(length, 1))) + CALL
