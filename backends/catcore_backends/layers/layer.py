"""Layers with tied weights: a space of equivariant maps applied to batches (THEORY T1.12, T1.15).

A hom space of dimension d is the set of matrices ``W(θ) = Σ θ_k B_k``, θ ∈ ℝᵈ.  With c_in input and c_out output
channels there is one θ for each pair of channels.  How W is applied is chosen when the layer is built, by a fixed model
of costs (:mod:`catcore_backends.layers.methods`): as diagrams, by Fourier transforms, by a few gathers, block by block,
or as one dense product.  However that is, the layer commutes with the representations because W does.  Integer arrays
stay integers, so that equivariance can be checked exactly.
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import Any, Protocol

from catcore.equivariance.spaces.homspace import HomSpace
from catcore.errors import IllTyped, ShapeMismatch, WrongDtype
from catcore_backends.installed import library
from catcore_backends.layers.methods import Choice, Method, Price, choose, costs
from catcore_backends.layers.methods.choosing import Candidates
from catcore_backends.layers.methods.keeping import Kept, keepable
from catcore_backends.layers.methods.method import is_dask
from catcore_backends.layers.over_blocks import applied_in_blocks, pulled_in_blocks
from catcore_backends.libraries.admission import Door, numbers_at
from catcore_backends.libraries.cuda.devices import beside
from catcore_backends.libraries.dask_blocks import standard
from catcore_backends.libraries.failures import explained, explaining, settled

_explained = explaining("A layer")


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
    ``(…, c_out, n_out)``.  The dtype is that of θ and x.  ``layer.method`` names the way in which W is applied and
    ``layer.costs`` what every way that fits was priced at, for ``"auto"`` on NumPy's arrays.  What follows from θ alone
    is kept while θ has the same values, so W is written out once for many batches; not on a GPU, where a look at the
    values would wait for the device: there ``layer.apply(layer.matrix(theta), x)`` writes W out once.

    Args:
        space: the space of equivariant maps.
        channels: (c_in, c_out).
        bias: whether there is a bias, an invariant vector for each output channel.
        backend: ``"numpy"``, ``"cupy"``, ``"torch"``, ``"jax"`` or ``"auto"``.
        method: ``"dense"``, ``"diagrams"``, ``"convolution"``, ``"taps"`` or ``"blocks"`` instead of the cheapest.

    Raises:
        IllTyped: when ``channels`` is not a pair of positive integers, the space is over a finite field, or it is not
            of the form that the method needs.
        BackendMissing: when the library or its device is not here.
    """

    def __init__(
        self,
        space: Space,
        *,
        channels: tuple[int, int] = (1, 1),
        bias: bool = False,
        backend: str = "auto",
        method: str | None = None,
    ) -> None:
        if len(channels) != 2 or any(type(c) is not int or c < 1 for c in channels):
            raise IllTyped(f"A layer has channels=(c_in, c_out), two integers ≥ 1, and {channels!r} was given.")
        if isinstance(space, HomSpace):
            space.require_numbers()
        self.space = space
        self.channels = channels
        self.backend = backend
        self._asked_for = method
        self._source = library(backend)
        self._fixed = None if backend == "auto" else standard(self._source.namespace())
        self._choices: dict[costs.Prices, Choice] = {}
        self._choice = self._chosen(self._fixed or self._source.namespace())
        self._bias = Layer(space.bias, channels=(1, channels[1]), backend=backend, method="dense") if bias else None
        self._kept: Kept | None = None
        self._door = Door("A layer")
        #: The shape of θ: (dim, c_out, c_in).
        self.parameters_shape: tuple[int, int, int] = (space.dim, channels[1], channels[0])

    @property
    def method(self) -> str:
        """The way in which W is applied."""
        return self._choice.method.name

    @property
    def costs(self) -> dict[str, Price]:
        """What each way that fits was priced at, forward and in training, in nanoseconds a sample of a large batch."""
        return dict(self._choice.costs)

    @property
    def bias_shape(self) -> tuple[int, int] | None:
        """The shape of β: (bias.dim, c_out), or None without a bias."""
        return None if self._bias is None else (self._bias.space.dim, self.channels[1])

    def __call__(self, theta: Any, x: Any, beta: Any = None) -> Any:
        """``W(θ) x``, with the bias added where β is given.

        Raises:
            ShapeMismatch: when an array has the wrong shape; the sentence names both.
            WrongDtype: when one is no array of the library, or holds no numbers.
            OutOfMemory: when there is no room; what was computed is released.
            MixedDevices: when the arrays live on several devices.
        """
        y = None
        try:
            kept = self._kept
            if kept is not None and kept.serves(theta, x):
                xp, method, ready = kept.way
                y = method.apply(xp, ready, x) if x.ndim == 3 else self.applied(xp, method, ready, x)
                return y if beta is None else self._biased(xp, y, beta)
            return self._entered(theta, x, beta)
        except Exception as error:
            y = ready = None  # the error that is raised keeps this frame
            raise explained(error, (theta, x, beta), self.release, "A layer")  # noqa: B904 — it knows what is a cause

    def _entered(self, theta: Any, x: Any, beta: Any) -> Any:
        """``W(θ) x`` for arrays that are yet to be looked at."""
        theta, x = self._checked(theta, x)
        xp = self._namespace(theta, x)
        if beta is not None:
            (beta,) = self._door.admit(xp, {"beta": beta})
        if 0 in x.shape[:-2]:
            return _zeros(xp, (*x.shape[:-2], self.channels[1], self.space.shape[0]), theta, x)
        if is_dask(xp):
            y = applied_in_blocks(self._host, *_alike(xp, *map(xp.asarray, (theta, x))))
            return y if beta is None else y + self.bias_vector(xp.asarray(beta))
        with beside(xp, theta, x, beta):
            theta, x = _alike(xp, theta, x)
            y = self.applied(*self._way(theta, x), x)
            return settled(y if beta is None else self._biased(xp, y, beta))

    @_explained
    def vjp(self, theta: Any, x: Any, ybar: Any) -> tuple[Any, ...]:
        """The reverse derivative: (θ̄, x̄), and β̄ too for a layer with a bias, of a covector ȳ at the output.

        ``θ̄[k, o, c] = Σ ȳ_o · B_k x_c`` over the batch, ``x̄_c = Σ_o W(θ)[o, c]ᵀ ȳ_o``, and β̄ is the sum of
        ``b_kᵀ ȳ_o``; transposes are not conjugated.

        Raises:
            ShapeMismatch: when an array has the wrong shape.
            WrongDtype, OutOfMemory, MixedDevices: as when the layer is applied.
        """
        theta, x = self._checked(theta, x)
        (ybar,) = self._door.admit(self._namespace(theta, x), {"ybar": ybar})
        expected = (*x.shape[:-2], self.channels[1], self.space.shape[0])
        _check("ybar", ybar, tuple(expected), "(…, c_out, n_out)")
        xp = self._namespace(theta, x)
        if 0 in x.shape[:-2]:
            shapes = (self.parameters_shape, tuple(x.shape), self.bias_shape)
            return tuple(_zeros(xp, shape, theta, x) for shape in shapes if shape is not None)
        if is_dask(xp):
            return pulled_in_blocks(self._host, *_alike(xp, *map(xp.asarray, (theta, x, ybar))))
        with beside(xp, theta, x, ybar):
            theta, x, ybar = _alike(xp, theta, x, ybar)
            return settled(self.pulled(*self._way(theta, x), x, ybar))  # type: ignore[no-any-return]

    def pulled(self, xp: Any, method: Method, ready: Any, x: Any, ybar: Any) -> tuple[Any, ...]:
        """The reverse derivative by a method, from what it prepared; see :meth:`vjp`."""
        out = self._batch(xp, ybar)
        theta_bar, x_bar = method.pull(xp, ready, self._batch(xp, x), out)
        found = theta_bar, xp.reshape(x_bar, tuple(x.shape))
        return found if self._bias is None else (*found, self._pull_bias(xp, out))

    def applied(self, xp: Any, method: Method, ready: Any, x: Any) -> Any:
        """``W(θ) x`` by a method, from what it prepared."""
        return self._split(xp, method.apply(xp, ready, self._batch(xp, x)), x)

    def _pull_bias(self, xp: Any, out: Any) -> Any:
        assert self._bias is not None
        ones = xp.ones((1, 1, 1), dtype=out.dtype, device=getattr(out, "device", None))
        total = xp.sum(out, axis=0, keepdims=True, dtype=out.dtype)
        zero = xp.zeros(self._bias.parameters_shape, dtype=out.dtype, device=getattr(out, "device", None))
        return self._bias.vjp(zero, ones, total)[0][:, :, 0]

    @_explained
    def matrix(self, theta: Any) -> Any:
        """The tied matrix W(θ), of shape (c_out, n_out, c_in, n_in), written out."""
        xp = self._namespace(theta)
        (theta,) = _alike(xp, *self._door.admit(xp, {"theta": theta}))
        _check("theta", theta, self.parameters_shape, "(dim, c_out, c_in)")
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        with beside(xp, theta):
            return settled(xp.reshape(self._dense.prepare(xp, theta), (c_out, n_out, c_in, n_in)))

    @_explained
    def apply(self, matrix: Any, x: Any, beta: Any = None) -> Any:
        """A matrix made by :meth:`matrix` applied to x, with the bias added where β is given."""
        xp = self._namespace(x)
        matrix, x = self._door.admit(xp, {"matrix": matrix, "x": x})
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        _check("matrix", matrix, (c_out, n_out, c_in, n_in), "(c_out, n_out, c_in, n_in)")
        self._check_input(x)
        with beside(xp, matrix, x, beta):
            matrix, x = _alike(xp, matrix, x)
            tied = xp.reshape(matrix, (prod(matrix.shape[:2]), prod(matrix.shape[2:])))
            y = self.applied(xp, self._dense, tied, x)
            return settled(y if beta is None else self._biased(xp, y, beta))

    def _biased(self, xp: Any, y: Any, beta: Any) -> Any:
        vector = self.bias_vector(beta)
        with beside(xp, y, vector):
            return y + vector

    def bias_vector(self, beta: Any) -> Any:
        """The invariant vectors b(β), of shape (c_out, n_out).

        Raises:
            ShapeMismatch: when the layer has no bias, or β has another shape.
        """
        if self._bias is None or self.bias_shape is None:
            raise ShapeMismatch("A bias was given to a layer without one. Build it with bias=True, or leave beta out.")
        xp = self._namespace(beta)
        (beta,) = self._door.admit(xp, {"beta": beta})
        _check("beta", beta, self.bias_shape, "(bias.dim, c_out)")
        with beside(xp, beta):
            return self._bias.matrix(beta[:, :, None])[:, :, 0, 0]

    def release(self) -> None:
        """Give memory that the library keeps, and no array uses, back to the device."""
        self._source.release()

    # ---- how -----------------------------------------------------------------------------------------------------

    def _namespace(self, *arrays: Any) -> Any:
        return self._fixed or self._source.namespace(*arrays)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self.space)

    @property
    def _dense(self) -> Method:
        return self._candidates.dense

    @cached_property
    def _host(self) -> Layer:
        """The layer that Dask calls on every block."""
        return Layer(
            self.space, channels=self.channels, bias=self._bias is not None, backend="numpy", method=self._asked_for
        )

    def _way(self, theta: Any, x: Any) -> tuple[Any, Method, Any]:
        """The namespace, the method, and what it prepares from θ, which is kept while θ has the same values."""
        kept = self._kept
        if kept is not None and kept.holds(theta, x):
            kept.meets(x)
            return kept.way
        xp = self._namespace(theta, x)
        method = self.method_for(xp, x)
        if not keepable(xp, theta):
            return xp, method, method.prepare(xp, theta)
        self._kept = kept = Kept(xp, method, theta, x)
        return kept.way

    def _chosen(self, xp: Any, like: Any = None) -> Choice:
        """The choice for arrays of a library, on the device of one of them."""
        prices = costs.prices(xp, like)
        if prices not in self._choices:
            self._choices[prices] = choose(self._candidates, self.channels, prices, self._asked_for)
        return self._choices[prices]

    def method_for(self, xp: Any, x: Any) -> Method:
        """The chosen method, or the dense product where it needs real numbers of single precision and these are not."""
        method = self._chosen(xp, x).method
        if method.floating and not (xp.isdtype(x.dtype, "real floating") and xp.finfo(x.dtype).bits >= 32):
            return self._dense
        return method

    def _batch(self, xp: Any, x: Any) -> Any:
        return x if x.ndim == 3 else xp.reshape(x, (prod(x.shape[:-2]), *x.shape[-2:]))

    def _split(self, xp: Any, y: Any, x: Any) -> Any:
        return y if x.ndim == 3 else xp.reshape(y, (*x.shape[:-2], *y.shape[-2:]))

    def _checked(self, theta: Any, x: Any) -> tuple[Any, Any]:
        """θ and x as arrays that the library computes with, of the right shapes."""
        theta, x = self._door.admit(self._namespace(theta, x), {"theta": theta, "x": x})
        if tuple(theta.shape) != self.parameters_shape:
            _check("theta", theta, self.parameters_shape, "(dim, c_out, c_in)")
        self._check_input(x)
        return theta, x

    def _check_input(self, x: Any) -> None:
        n_in, c_in = self.space.shape[1], self.channels[0]
        if tuple(x.shape[-2:]) != (c_in, n_in):
            raise ShapeMismatch(
                f"This layer takes x of shape (…, {c_in}, {n_in}), that is (…, c_in, n_in), and {tuple(x.shape)} was "
                "given. Reshape it; one channel is an axis of extent 1."
            )

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.space, self.channels, self._bias is not None, self.backend, self._asked_for))

    def __repr__(self) -> str:
        (n_out, n_in), (c_in, c_out) = self.space.shape, self.channels
        return (
            f"<layer (…, {c_in}, {n_in}) → (…, {c_out}, {n_out}), θ of shape {self.parameters_shape}, {self.backend}>"
        )


def _alike(xp: Any, *arrays: Any) -> tuple[Any, ...]:
    """Arrays in the dtype that they have in common."""
    if all(a.dtype == arrays[0].dtype for a in arrays):
        numbers_at("A layer", xp, arrays[0].dtype)
        return arrays
    try:
        dtype = xp.result_type(*arrays)
    except TypeError as error:
        found = " and ".join(str(a.dtype) for a in arrays)
        raise WrongDtype(
            f"A layer takes arrays of numbers that go together, and arrays of the dtypes {found} were given. Convert "
            "them first, as with xp.astype."
        ) from error
    numbers_at("A layer", xp, dtype)
    return tuple(xp.astype(a, dtype, copy=False) for a in arrays)


def _zeros(xp: Any, shape: tuple[int, ...], theta: Any, x: Any) -> Any:
    """What a layer gives where there are no samples."""
    kind = {"dtype": xp.result_type(theta, x), "device": getattr(x, "device", None)}
    # Dask divides by the number of entries when it makes zeros
    return xp.zeros(shape, **kind) if prod(shape) else xp.broadcast_to(xp.zeros((), **kind), shape)


def _rebuild(space: Space, channels: tuple[int, int], bias: bool, backend: str, method: str | None) -> Layer:
    return Layer(space, channels=channels, bias=bias, backend=backend, method=method)


def _check(name: str, array: Any, shape: tuple[int, ...], words: str) -> None:
    if tuple(array.shape) != shape:
        raise ShapeMismatch(
            f"{name} of shape {shape}, that is {words}, is needed, and {tuple(array.shape)} was given. "
            "Give it the layer's parameters_shape or bias_shape, or make it with its matrix."
        )
