"""A fixed model of what array operations cost, by which a layer chooses how to apply its matrix.

A method counts its work (:class:`Work`); a library has a price for each kind of work (:class:`Prices`), in nanoseconds
for one sample of a batch of 1024 in single precision on two cores of a common processor.  Only ratios matter, and a
choice made by them is the same everywhere.  Prices were fitted once to the times that every method takes at many
shapes; those of ``"device"``, for arrays on a graphics processor, follow from the rates of arithmetic and memory that
such processors are sold with, and were not measured.  Assign to :data:`PRICES` to choose by prices of your own.

>>> PRICES["numpy"].of(Work(product=1000) + 3 * Work(call=1))
17.9
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import prod
from typing import Any

from catcore_backends.layers.methods.lengths import prime_factors
from catcore_backends.layers.methods.method import is_torch

#: Numbers a sample beyond which a batch of arrays no longer fits a cache.
NEAR = 2048
#: What one of many short transforms costs beside its own, in numbers and levels.
LINE = 60


@dataclass(frozen=True)
class Work:
    """How much of each kind there is to do, for one sample; a call is one for the whole batch."""

    product: float = 0.0  # multiplications and additions inside a large matrix product
    small: float = 0.0  # the same inside many small ones
    mixed: float = 0.0  # the same of complex numbers
    rows: float = 0.0  # rows of the results of small products
    summed: float = 0.0  # numbers read by a sum along an axis
    passed: float = 0.0  # numbers read or written entry by entry
    far: float = 0.0  # the same where the arrays fit no cache
    moved: float = 0.0  # numbers copied into another order of axes
    gathered: float = 0.0  # numbers fetched through an index
    fourier: float = 0.0  # numbers in a real Fourier transform, times its levels
    tied: float = 0.0  # entries of a matrix written from θ and summed into its gradient
    call: float = 0.0  # calls of array operations

    def __add__(self, other: Work) -> Work:
        return Work(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Work)))

    def __rmul__(self, times: float) -> Work:
        return Work(*(times * getattr(self, f.name) for f in fields(Work)))


class Prices(Work):
    """Nanoseconds for each kind of work."""

    def of(self, work: Work) -> float:
        """The price of some work."""
        return float(sum(getattr(self, f.name) * getattr(work, f.name) for f in fields(Work)))


PRICES = {
    "numpy": Prices(
        product=0.0107, small=0.02, mixed=0.2, rows=3.0, summed=0.22, passed=0.036, far=0.12, moved=0.22, gathered=0.75,
        fourier=0.16, tied=0.0014, call=2.4,
    ),
    "torch": Prices(
        product=0.0112, small=0.02, mixed=0.14, rows=6.5, summed=0.03, passed=0.02, far=0.07, moved=0.15, gathered=0.5,
        fourier=0.075, tied=0.0014, call=4.0,
    ),
    "device": Prices(
        product=4e-5, small=1e-4, mixed=3e-4, rows=0.02, summed=0.0015, passed=0.0015, far=0.0015, moved=0.002,
        gathered=0.002, fourier=4e-4, tied=6e-6, call=6.0,
    ),
}  # fmt: skip

#: A structured method has to promise this much less than the dense product before it is preferred.
MARGIN = 0.75


def prices(xp: Any, like: Any = None) -> Prices:
    """The prices for a library, and for the device of an array."""
    device = getattr(like, "device", None)
    if "cupy" in xp.__name__ or getattr(device, "type", "cpu") != "cpu":
        return PRICES["device"]
    return PRICES["torch" if is_torch(xp) or "jax" in xp.__name__ else "numpy"]


def passes(numbers: float, times: float = 1.0) -> Work:
    """So many numbers a sample read or written entry by entry, so many times."""
    return times * (Work(far=numbers) if numbers > NEAR else Work(passed=numbers))


def transform(lengths: tuple[int, ...], channels: int) -> Work:
    """Real Fourier transforms of so many channels, along axes of these lengths."""
    size = prod(lengths)
    levels = sum(map(levels_of, lengths)) + sum(LINE / n for n in lengths if len(lengths) > 1)
    return channels * (Work(fourier=size * levels) + passes(size, 2)) + Work(call=1)


def levels_of(length: int) -> float:
    """The levels of a transform: log₂ of a power of two; more where there are larger prime factors."""
    return sum(p / 2 if p <= 5 else 0.55 * p for p in prime_factors(length))
