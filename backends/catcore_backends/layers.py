"""Layers with tied weights: a space of equivariant maps applied to batches (THEORY T1.12, T1.15).

A hom space of dimension d is the set of matrices ``W(θ) = Σ θ_k B_k``, θ ∈ ℝᵈ.  With c_in input and c_out output
channels there is one θ for each pair of channels.  Where the basis is a tying pattern, entry (i, j) of W is ``±θ_k`` or
0 with ``pattern[i, j] = ±k`` or 0, and W is read off θ by one gather; otherwise W is contracted from the dense basis.
Either way the layer commutes with the representations because W does.  Integer arrays stay integers, so that
equivariance can be checked exactly.
"""

from __future__ import annotations

from typing import Any, Protocol

from catcore.errors import IllTyped, ShapeMismatch
from catcore_backends.backend import get_backend


class Space(Protocol):
    """What a layer asks of a space of equivariant maps, as :class:`catcore.equivariance.HomSpace` answers it."""

    @property
    def shape(self) -> tuple[int, int]:
        """(n_out, n_in)."""

    @property
    def dim(self) -> int:
        """The number of free parameters of one pair of channels."""

    @property
    def labels(self) -> Any:
        """The tying pattern as integers (n_out, n_in): ±k for ±θ_k, counted from 1, 0 for a forced 0; or None."""

    @property
    def bias(self) -> Space:
        """The space of invariant vectors of the output, of shape (n_out, 1)."""

    def basis_array(self, dtype: Any) -> Any:
        """The basis as an array (dim, n_out, n_in)."""


class Layer:
    """The layer ``y = W(θ) x (+ b(β))`` on arrays.

    Shapes: x is ``(…, c_in, n_in)``, θ is ``(dim, c_out, c_in)``, β is ``(bias.dim, c_out)`` and y is
    ``(…, c_out, n_out)``.  The dtype is that of θ and x.  ``layer(theta, x)`` builds W and applies it; where one θ
    serves many batches, build it once with ``W = layer.matrix(theta)`` and use ``layer.apply(W, x)``.

    Args:
        space: the space of equivariant maps.
        channels: (c_in, c_out).
        bias: whether there is a bias, an invariant vector for each output channel.
        backend: ``"numpy"``, ``"cupy"`` or ``"auto"``.

    Raises:
        IllTyped: when ``channels`` is not a pair of positive integers.
        BackendMissing: when the library or its device is not here.
    """

    def __init__(
        self, space: Space, *, channels: tuple[int, int] = (1, 1), bias: bool = False, backend: str = "auto"
    ) -> None:
        if len(channels) != 2 or any(type(c) is not int or c < 1 for c in channels):
            raise IllTyped(f"A layer has channels=(c_in, c_out), two integers ≥ 1, and {channels!r} was given.")
        self.space = space
        self.channels = channels
        self.backend = backend
        self._source = get_backend(backend)
        self._bias = Layer(space.bias, channels=(1, channels[1]), backend=backend) if bias else None
        self._index, self._ready = _gather_index(space)
        self._cache: dict[Any, Any] = {}

    @property
    def parameters_shape(self) -> tuple[int, int, int]:
        """The shape of θ: (dim, c_out, c_in)."""
        return (self.space.dim, self.channels[1], self.channels[0])

    @property
    def bias_shape(self) -> tuple[int, int] | None:
        """The shape of β: (bias.dim, c_out), or None without a bias."""
        return None if self._bias is None else (self._bias.space.dim, self.channels[1])

    def __call__(self, theta: Any, x: Any, beta: Any = None) -> Any:
        """``W(θ) x``, with the bias added where β is given.

        Raises:
            ShapeMismatch: when an array has the wrong shape; the sentence names both.
        """
        return self.apply(self.matrix(theta), x, beta)

    def matrix(self, theta: Any) -> Any:
        """The tied matrix W(θ), of shape (c_out, n_out, c_in, n_in)."""
        _check("theta", theta, self.parameters_shape, "(dim, c_out, c_in)")
        xp = self._source.namespace(theta)
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        if self._index is None:
            entries = xp.tensordot(theta, self._basis(xp, theta), axes=((0,), (0,)))  # (c_out, c_in, n_out, n_in)
            return xp.permute_dims(entries, (0, 2, 1, 3))
        entries = xp.take(self._signed(xp, theta), self._indices(xp, theta), axis=0)
        return xp.permute_dims(xp.reshape(entries, (n_out, n_in, c_out, c_in)), (2, 0, 3, 1))

    def apply(self, matrix: Any, x: Any, beta: Any = None) -> Any:
        """A matrix made by :meth:`matrix` applied to x, with the bias added where β is given."""
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        if tuple(x.shape[-2:]) != (c_in, n_in):
            raise ShapeMismatch(
                f"This layer takes x of shape (…, {c_in}, {n_in}), that is (…, c_in, n_in), and {tuple(x.shape)} was "
                "given. Reshape it; one channel is an axis of extent 1."
            )
        xp = self._source.namespace(x)
        flat = xp.reshape(x, (*x.shape[:-2], c_in * n_in))
        tied = xp.reshape(matrix, (c_out * n_out, c_in * n_in))
        y = xp.reshape(xp.matmul(flat, xp.matrix_transpose(tied)), (*x.shape[:-2], c_out, n_out))
        return y if beta is None else y + self.bias_vector(beta)

    def bias_vector(self, beta: Any) -> Any:
        """The invariant vectors b(β), of shape (c_out, n_out).

        Raises:
            ShapeMismatch: when the layer has no bias, or β has another shape.
        """
        if self._bias is None or self.bias_shape is None:
            raise ShapeMismatch("A bias was given to a layer without one. Build it with bias=True, or leave beta out.")
        _check("beta", beta, self.bias_shape, "(bias.dim, c_out)")
        return self._bias.matrix(beta[:, :, None])[:, :, 0, 0]

    # ---- θ to W --------------------------------------------------------------------------------------------------

    def _signed(self, xp: Any, theta: Any) -> Any:
        """θ with what else the pattern points at: first 0, then θ, then −θ, as far as it occurs."""
        zero, minus = self._ready
        parts = [theta]
        if zero:
            parts.insert(0, xp.zeros((1, *theta.shape[1:]), dtype=theta.dtype, device=getattr(theta, "device", None)))
        if minus:
            parts.append(-theta)
        return xp.concat(parts, axis=0) if len(parts) > 1 else theta

    def _indices(self, xp: Any, theta: Any) -> Any:
        device = getattr(theta, "device", None)
        key = (xp, str(device))
        if key not in self._cache:
            self._cache[key] = xp.asarray(self._index, device=device)
        return self._cache[key]

    def _basis(self, xp: Any, theta: Any) -> Any:
        if not xp.isdtype(theta.dtype, ("real floating", "complex floating")):
            raise IllTyped(
                f"theta of dtype {theta.dtype} was given, and the basis of this space is no 0/±1 pattern, so W would "
                "not be made of integers. Use floating point numbers."
            )
        device = getattr(theta, "device", None)
        key = (xp, str(device), theta.dtype)
        if key not in self._cache:
            widest = "complex128" if xp.isdtype(theta.dtype, "complex floating") else "float64"
            basis = xp.asarray(self.space.basis_array(widest), device=device)
            self._cache[key] = xp.astype(basis, theta.dtype, copy=False)
        return self._cache[key]

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.space, self.channels, self._bias is not None, self.backend))

    def __repr__(self) -> str:
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        return (
            f"<layer (…, {c_in}, {n_in}) → (…, {c_out}, {n_out}), θ of shape {self.parameters_shape}, {self.backend}>"
        )


def _rebuild(space: Space, channels: tuple[int, int], bias: bool, backend: str) -> Layer:
    return Layer(space, channels=channels, bias=bias, backend=backend)


def _gather_index(space: Space) -> tuple[Any, tuple[bool, bool]]:
    """Where each entry of W is found in (0, θ, −θ), and whether 0 and −θ are needed; None without a pattern."""
    labels = space.labels
    if labels is None:
        return None, (False, False)
    import numpy as np

    flat = np.asarray(labels, dtype=np.int64).reshape(-1)
    zero, minus = bool((flat == 0).any()) or space.dim == 0, bool((flat < 0).any())
    index = np.where(flat < 0, space.dim - flat, flat)
    return (index if zero else index - 1), (zero, minus)


def _check(name: str, array: Any, shape: tuple[int, ...], words: str) -> None:
    if tuple(array.shape) != shape:
        raise ShapeMismatch(
            f"{name} of shape {shape}, that is {words}, is needed, and {tuple(array.shape)} was given. "
            "Make it with the layer's parameters_shape or bias_shape."
        )
