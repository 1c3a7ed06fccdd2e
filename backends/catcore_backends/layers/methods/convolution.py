"""Convolutions: matrices whose entry depends on a difference of positions, applied by Fourier transforms.

``W[i, j] = f(s i − j)`` on a grid, where along each axis the difference is taken modulo the length (a circulant, T1.12
b, c; strided where s > 1, T1.12 u) or is not (a Toeplitz matrix, such as a causal convolution, T2.1).  Several copies
of the grid side by side are channels.  All of this is read off the pattern and checked at every entry; the group that
the pattern came from plays no part.
"""

from __future__ import annotations

import functools as ft
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from catcore_backends.compiler.operations import operations
from catcore_backends.layers.methods import costs
from catcore_backends.layers.methods.entries import TiedEntries
from catcore_backends.layers.methods.lengths import next_quick, quick
from catcore_backends.layers.methods.method import Channels, Method, Task

MAX_AXES = 3
MAX_GRIDS = 64  # ways to lay out the coordinates that are looked at
CHUNK = 2**18  # entries looked at together


@dataclass(frozen=True)
class Axis:
    """One axis of a grid: extents of output and input, the stride, and whether differences wrap around.

    Where they do and the extent has a large prime factor, the axis is taken as one that does not, with a longer
    transform that is quicker.
    """

    n_out: int
    n_in: int
    stride: int
    wraps: bool

    @property
    def length(self) -> int:
        """The length of the Fourier transforms: all differences are different modulo it."""
        return self.n_in if self.wraps else next_quick(self.stride * (self.n_out - 1) + self.n_in)

    def differences(self) -> Any:
        """``(s i − j) mod length`` for every i and j."""
        return (self.stride * np.arange(self.n_out)[:, None] - np.arange(self.n_in)[None, :]) % self.length


class Convolution(Method):
    """``y = f * x``, sampled with a stride, on ``copies = (b, a)`` output and input copies of a grid."""

    name = "convolution"
    floating = True

    def __init__(self, axes: tuple[Axis, ...], copies: tuple[int, int], kernel: Any, dim: int) -> None:
        super().__init__()
        self.axes, self.copies = axes, copies
        self.entries = TiedEntries(kernel, dim)  # over (b, a, lengths)

    @ft.cached_property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of the transforms."""
        return tuple(axis.length for axis in self.axes)

    def work(self, channels: Channels) -> Task:
        """A transform a channel on each side, and a complex product a frequency."""
        c_in, c_out = channels[0] * self.copies[1], channels[1] * self.copies[0]
        size, pairs = prod(self.lengths), c_in * c_out
        source, target = costs.transform(self.lengths, c_in), costs.transform(self.lengths, c_out)
        mixing = costs.passes(size, 2) + costs.Work(call=2)
        outer = costs.passes(size, 3) + costs.Work(summed=size, call=3)
        if pairs > 1:
            mixing = costs.Work(mixed=pairs * size / 2, rows=size, moved=2 * (c_in + c_out) * size, call=6)
            outer = mixing
        cut = costs.Work(moved=c_out * prod(a.n_out for a in self.axes) if self._cut else 0.0)
        turned = costs.Work(moved=c_in * prod(a.n_in for a in self.axes) if self._cut else 0.0)
        forward = source + mixing + target + cut
        back = target + source + mixing + source + turned + outer + costs.passes(c_out * size, 2.0 * self._cut)
        return Task(forward, forward + back + self.entries.work(pairs * size))

    @ft.cached_property
    def _cut(self) -> bool:
        """Whether only a part of what is transformed back is kept."""
        return any(a.stride > 1 or not a.wraps for a in self.axes)

    # Forward ------------------------------------------------------------------------------------------------------

    def prepare(self, xp: Any, theta: Any) -> Any:
        """The transform of the kernel, of shape (c_out·b, c_in·a, frequencies)."""
        b, a = self.copies
        c_out, c_in = theta.shape[1:]
        kernel = xp.reshape(self.entries.read(xp, theta), (b, a, prod(self.lengths), c_out, c_in))
        kernel = xp.reshape(xp.permute_dims(kernel, (3, 0, 4, 1, 2)), (c_out * b, c_in * a, *self.lengths))
        return self._transform(xp, kernel)

    def apply(self, xp: Any, ready: Any, x: Any) -> Any:
        """Multiply in the frequencies, transform back, keep every s-th place."""
        kept = self._back(xp, _channels(xp, ready, self._forward(xp, x)))
        if self._cut:
            kept = kept[(slice(None), slice(None), *(slice(0, a.stride * a.n_out, a.stride) for a in self.axes))]
        return xp.reshape(kept, (x.shape[0], -1, self.copies[0] * prod(a.n_out for a in self.axes)))

    def _forward(self, xp: Any, x: Any) -> Any:
        grid = xp.reshape(x, (x.shape[0], x.shape[1] * self.copies[1], *(a.n_in for a in self.axes)))
        return self._transform(xp, grid)

    # Reverse ------------------------------------------------------------------------------------------------------

    def pull(self, xp: Any, ready: Any, x: Any, ybar: Any) -> tuple[Any, Any]:
        """Correlations with the kernel and with x."""
        out, source = self._transform(xp, self._spread(xp, ybar)), self._forward(xp, x)
        back = self._back(xp, _channels(xp, xp.conj(xp.permute_dims(ready, (1, 0, *range(2, ready.ndim)))), out))
        xbar = back[(slice(None), slice(None), *(slice(0, a.n_in) for a in self.axes))]
        kernel = self._back(xp, _outer(xp, out, xp.conj(source)))
        return self.entries.collect(xp, self._by_entry(xp, kernel)), xp.reshape(xbar, x.shape)

    def _by_entry(self, xp: Any, kernel: Any) -> Any:
        b, a = self.copies
        kernel = xp.reshape(kernel, (kernel.shape[0] // b, b, kernel.shape[1] // a, a, prod(self.lengths)))
        return xp.reshape(xp.permute_dims(kernel, (1, 3, 4, 0, 2)), (-1, kernel.shape[0], kernel.shape[2]))

    def _spread(self, xp: Any, ybar: Any) -> Any:
        """The covector on the grid of the input, zeros between the places that a stride keeps."""
        grid = xp.reshape(ybar, (ybar.shape[0], ybar.shape[1] * self.copies[0], *(a.n_out for a in self.axes)))
        for number, axis in enumerate(self.axes):
            if axis.stride > 1:
                zeros = xp.zeros_like(grid)
                at = 3 + number
                grid = xp.stack([grid, *[zeros] * (axis.stride - 1)], axis=at)
                grid = xp.reshape(grid, (*grid.shape[: at - 1], -1, *grid.shape[at + 1 :]))
        return grid

    # Transforms ---------------------------------------------------------------------------------------------------

    def _transform(self, xp: Any, x: Any) -> Any:
        return self._fourier(xp, "rfft", x)

    def _back(self, xp: Any, x: Any) -> Any:
        return self._fourier(xp, "irfft", x)

    def _fourier(self, xp: Any, name: str, x: Any) -> Any:
        """A transform along all axes; along a single one by the name that does less before it begins."""
        transforms = operations(xp).fft
        if len(self.axes) == 1:
            return getattr(transforms, name)(x, n=self.lengths[0], axis=2)
        return getattr(transforms, name + "n")(x, s=self.lengths, axes=tuple(range(2, 2 + len(self.axes))))


def _channels(xp: Any, weights: Any, x: Any) -> Any:
    """``Σ_c weights[o, c, f] x[b, c, f]`` for every frequency f."""
    (c_out, c_in), batch = weights.shape[:2], x.shape[0]
    if c_in == c_out == 1:
        return x * weights[0, ...]
    frequencies = x.shape[2:]
    flat = xp.permute_dims(xp.reshape(x, (batch, c_in, -1)), (2, 0, 1))
    mixing = xp.permute_dims(xp.reshape(weights, (c_out, c_in, -1)), (2, 1, 0))
    return xp.reshape(xp.permute_dims(xp.matmul(flat, mixing), (1, 2, 0)), (batch, c_out, *frequencies))


def _outer(xp: Any, out: Any, source: Any) -> Any:
    """``Σ_b out[b, o, f] source[b, c, f]`` for every frequency f."""
    c_out, c_in, frequencies = out.shape[1], source.shape[1], out.shape[2:]
    if c_in == c_out == 1:
        return xp.sum(out * source, axis=0, keepdims=True)
    left = xp.permute_dims(xp.reshape(out, (out.shape[0], c_out, -1)), (2, 1, 0))
    right = xp.permute_dims(xp.reshape(source, (source.shape[0], c_in, -1)), (2, 0, 1))
    return xp.reshape(xp.permute_dims(xp.matmul(left, right), (1, 2, 0)), (c_out, c_in, *frequencies))


# ---- recognising ------------------------------------------------------------------------------------------------


def recognise(labels: Any, dim: int) -> Convolution | None:
    """The convolution that a pattern is, with the fewest copies of a grid; None for a pattern that is none."""
    for copies, axes in _layouts(*labels.shape):
        kernel = _kernel(labels, copies, axes)
        if kernel is not None:
            return Convolution(axes, copies, kernel, dim)
    return None


def _layouts(n_out: int, n_in: int) -> Iterator[tuple[tuple[int, int], tuple[Axis, ...]]]:
    """Grids of few copies first, then those of few axes, and wrapping ones before others."""
    found = 0
    shared = np.gcd(n_out, n_in)
    for a in (c for c in range(1, n_in + 1) if n_in % c == 0 and n_in // c > 2):
        for b in (c for c in range(1, n_out + 1) if n_out % c == 0 and (c == a or n_out == n_in or shared > 1)):
            for axes in _grids(n_out // b, n_in // a):
                yield (b, a), axes
                found += 1
                if found >= MAX_GRIDS:
                    return


def _grids(n_out: int, n_in: int) -> Iterator[tuple[Axis, ...]]:
    for count in range(1, MAX_AXES + 1):
        for columns in _factors(n_in, count):
            if n_in % n_out == 0:
                for strides in _factors(n_in // n_out, count, smallest=1):
                    if all(c % s == 0 for c, s in zip(columns, strides, strict=True)):
                        yield tuple(Axis(c // s, c, s, quick(c)) for c, s in zip(columns, strides, strict=True))
            if n_in == n_out:
                yield tuple(Axis(c, c, 1, False) for c in columns)
    if n_in != n_out and n_out > 2:
        yield (Axis(n_out, n_in, 1, False),)


def _factors(n: int, count: int, smallest: int = 2) -> Iterator[tuple[int, ...]]:
    if count == 1:
        if n >= smallest:
            yield (n,)
        return
    for first in (d for d in range(smallest, n + 1) if n % d == 0):
        yield from ((first, *rest) for rest in _factors(n // first, count - 1, smallest))


def _kernel(labels: Any, copies: tuple[int, int], axes: tuple[Axis, ...]) -> Any:
    """The label of each difference, over (b, a, lengths); None unless every entry has the label of its difference."""
    b, a = copies
    count = len(axes)
    table = labels.reshape(b, *(x.n_out for x in axes), a, *(x.n_in for x in axes))
    table = np.moveaxis(table, 1 + count, 1)  # (b, a, rows, columns)
    kernel = np.zeros((b, a, *(x.length for x in axes)), dtype=labels.dtype)
    for edges in itertools.product(*(_edges(axis) for axis in axes)):
        rows, columns = [e[0] for e in edges], [e[1] for e in edges]
        kernel[_places(axes, rows, columns)] = table[(slice(None), slice(None), *rows, *columns)]
    full = [slice(None)] * (2 * count - 1)
    step = max(1, CHUNK * axes[0].n_out // table.size)
    for start in range(0, axes[0].n_out, step):
        rows = [slice(start, start + step), *full[: count - 1]]
        found = kernel[_places(axes, rows, full[:count])]
        if not np.array_equal(found, table[(slice(None), slice(None), *rows, *full[:count])]):
            return None
    return kernel


def _edges(axis: Axis) -> list[tuple[slice, slice]]:
    """Rows and columns that meet every difference: the first row, and the first columns too where nothing wraps."""
    first, every = slice(0, 1), slice(None)
    return [(first, every)] if axis.wraps else [(first, every), (every, slice(0, axis.stride))]


def _places(axes: tuple[Axis, ...], rows: list[slice], columns: list[slice]) -> tuple[Any, ...]:
    """The places in the kernel of a block of rows and columns, rows of all axes before columns of all axes."""
    count = len(axes)
    places: list[Any] = [slice(None), slice(None)]
    for k, axis in enumerate(axes):
        differences = axis.differences()[rows[k], columns[k]]
        shape = [1] * (2 * count)
        shape[k], shape[count + k] = differences.shape
        places.append(differences.reshape(shape))
    return tuple(places)
