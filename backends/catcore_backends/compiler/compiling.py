"""``compile_arrow``: a term becomes array code for a batch of elements (DESIGN: running).

An element of ``R(*shape)`` is an array ``(batch, *shape)``; of ``A * B`` a pair; of ``1`` the empty tuple; of
``FinSet(n)`` an integer array ``(batch,)`` of numbers 0 … n − 1, which are looked at where the processor can read them
(:mod:`~catcore_backends.elements`); of ``A + B`` a triple (tag, payload of A, payload of B), the tag being 0 or 1 for
each row; of ``μF`` a :class:`~catcore_backends.recursion.forests.Forest`, which folds run over level by level.  Equal
subterms on equal elements are computed once, each array is dropped after its last use, and nothing is decided while the
numbers are computed.

>>> import numpy as np
>>> from catcore.arrows import ident, pair
>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> double = compile_arrow(pair(ident(R(2)), ident(R(2))) >> smooth("add", R(2) * R(2)))
>>> double(np.asarray([[1.0, 2.0]])).tolist()
[[2.0, 4.0]]
>>> print(double.source)
def program(x, batch):
    v0 = x if type(x) is ndarray and x.ndim == 2 and x.shape[1] == 2 else leaf(x, (2,), None, 'x')
    if v0.dtype is not dtype: return other(x, batch, alike(None, v0))
    v3 = v0 + v0  # add
    return v3
<BLANKLINE>
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, overload

from catcore.arrows import Arrow
from catcore.datatypes.data import Data
from catcore.errors import IllTyped
from catcore.para import ParaMap
from catcore_backends.batches import arrays
from catcore_backends.compiler import (  # the rules of the term formers register themselves
    rules,
)
from catcore_backends.compiler.direct import ARROW, Form
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.linking import Code, Direct
from catcore_backends.compiler.simplification import simplified
from catcore_backends.compiler.values import Types
from catcore_backends.elements import Entrance, Guarded
from catcore_backends.installed import library, over
from catcore_backends.libraries.failures import counted, explained, too_deep
from catcore_backends.libraries.placing import placed
from catcore_backends.library import Library, Run
from catcore_backends.recursion import (  # the rules of the term formers register themselves
    backward,
    backward_states,
    shared_hylos,
)
from catcore_backends.recursion.forests import Forest
from catcore_backends.recursion.shared_folds import with_shared_folds
from catcore_backends.recursion.shared_hylos import with_shared_hylos

if TYPE_CHECKING:
    from catcore_backends.compiler.parametric_maps import CompiledMap

#: What stands for an argument that is not given.
MISSING = object()
_ASKING = Lock()

__all__ = ["MISSING", "Compiled", "backward", "backward_states", "compile_arrow", "rules", "shared_hylos"]


@overload
def compile_arrow(
    arrow: Arrow,
    backend: str = ...,
    *,
    shapes: Mapping[Any, Any] | None = ...,
    generators: Mapping[str, Any] | None = ...,
    dtype: str | None = ...,
    shared: bool = ...,
    device: Any = ...,
    check_bounds: bool = ...,
) -> Compiled: ...
@overload
def compile_arrow(
    arrow: ParaMap,
    backend: str = ...,
    *,
    shapes: Mapping[Any, Any] | None = ...,
    generators: Mapping[str, Any] | None = ...,
    dtype: str | None = ...,
    shared: bool = ...,
    device: Any = ...,
    check_bounds: bool = ...,
) -> CompiledMap: ...
def compile_arrow(
    arrow: Arrow | ParaMap,
    backend: str = "numpy",
    *,
    shapes: Mapping[Any, Any] | None = None,
    generators: Mapping[str, Any] | None = None,
    dtype: str | None = None,
    shared: bool = False,
    device: Any = None,
    check_bounds: bool = True,
) -> Compiled:
    """The function on batches of elements that a term stands for.

    Args:
        arrow: the term, or a parametric map (:mod:`~catcore_backends.compiler.parametric_maps`).  Its domain and
            codomain are made of ``R(…)``, finite sets and atoms by ×, + and 1; functions may occur inside, where they
            are applied while compiling.
        backend: ``"numpy"``, ``"cupy"``, ``"torch"``, ``"jax"`` (under ``jax.jit``), ``"dask"`` (block by
            block; operation by operation where shared parameters are cut into blocks themselves), or
            ``"auto"`` to follow the arrays that are given.
        shapes: what the atoms are, a shape such as ``{"A": (3,)}`` or an object such as ``{"A": FinSet(3)}``.
        generators: what the generators are: functions on batches, names of smooth primitives, or arrows.
        dtype: the name of the dtype of constants and safe values.  By default a constant takes that of the reals that
            it is combined with; alone, the widest of the reals given, with parameters, labels and states among them;
            and without any, ``float64`` (in JAX, what it has in its place).  Reals of several dtypes combine to the
            widest, and integers stay integers; these beside reals combine as the library does, if it does.
        shared: whether the domain is ``P × A`` and one element of P, whose arrays have no batch axis, is meant for all
            rows of the batch of A, as the parameters of a parametric map are.
        device: where the batches will be, such as ``"cuda:1"``; by default the program runs wherever they are.
        check_bounds: whether numbers of elements of finite sets are looked at, in the batch and in what functions for
            generators answer.  On a GPU that waits for one truth value a call; without it, a number out of range gives
            whatever the library reads there.  Inside a ``jax.jit`` of one's own numbers are not known, and a row with
            one out of range answers NaN or the least integer.

    Raises:
        NotInterpreted: for a term or an object without a meaning in arrays.
        IllTyped: when ``arrow`` is no arrow, or a generator's meaning does not fit its type.
        WrongDtype: when the library has no dtype of that name.
        TooLarge: when products, sums or case distinctions are nested hundreds deep.
        BackendMissing: when the library or its device is not here.
    """
    if isinstance(arrow, ParaMap):
        from catcore_backends.compiler.parametric_maps import CompiledMap

        return CompiledMap(arrow, backend, shapes, generators, dtype, device, check_bounds=check_bounds)
    return Compiled(arrow, backend, shapes, generators, dtype, shared, device, check_bounds=check_bounds)


class Compiled:
    """A compiled arrow: a function on batches that shows its source and pickles as the term it came from."""

    def __init__(
        self,
        arrow: Arrow,
        backend: str = "numpy",
        shapes: Mapping[Any, Any] | None = None,
        generators: Mapping[str, Any] | None = None,
        dtype: str | None = None,
        shared: bool = False,
        device: Any = None,
        check_bounds: bool = True,
    ) -> None:
        if not isinstance(arrow, Arrow):
            raise IllTyped(f"compile_arrow takes an arrow, and {arrow!r} was given. Build one with @arrow(A, B).")
        self.arrow = arrow
        self.options = (backend, shapes, generators, dtype, shared, device, check_bounds)
        self._types = Types(shapes, check_bounds=check_bounds)
        try:
            self.code = _emit(arrow, self._types, generators or {}, precise=dtype is not None, shared=shared)
        except RecursionError:
            raise too_deep() from None
        self._entrance = Entrance(self._types.concrete(arrow.dom), check_bounds=check_bounds)
        self.source = self.code.source(backend)
        self._runs: dict[Any, Callable[[Any, int], Any]] = {}
        self._run = self._executable(library(backend)) or self._follow
        self._direct: Direct | None = None
        self._asked = False  # whether there is a direct form of the program is asked at the first call

    def _executable(self, backend: Library) -> Run | None:
        """What runs the arrow on a backend; None where the arrays decide."""
        shared, device = self.options[4:6]
        if device is not None:
            return placed(backend, device, self._guarded, shared=shared)
        return None if backend.name == "auto" else backend.executable(self._guarded, shared=shared)

    def _guarded(self, xp: Any) -> Run:
        """The program over one array namespace, with what is looked at before."""
        program = self.linked(xp)
        answers = self.code.answers_numbers
        return Guarded(program, self._entrance, answers=answers) if self._entrance.places or answers else program

    @property
    def dtype(self) -> str | None:
        """The name of the dtype of constants, where one was asked for."""
        return self.options[3]

    @property
    def peak(self) -> int:
        """The largest number of names alive at once."""
        return self.code.peak

    def __call__(self, x: Any = (), *, batch: int = 1) -> Any:
        """Apply the arrow to a batch of elements of its domain.

        Args:
            x: the batch.
            batch: the number of rows; read only when the domain holds no array, as ``1`` does.

        Raises:
            ShapeMismatch: when the batch is not one of elements of the domain, or a generator's answer not one of its
                codomain.
            WrongDtype: when an array holds no numbers, is of another library, or several dtypes do not go together.
            OutOfMemory: when there is no room; what was computed is released.
            MixedDevices: when the arrays of the batch live on several devices.
        """
        if not self._asked:
            self._call_directly()
        try:
            return self._run(x, batch if batch == 1 else counted(batch))
        except Exception as error:
            raise explained(error, x, self.backend.release)  # noqa: B904 — it knows whether the error is a cause

    def _call_directly(self) -> None:
        """Let calls from now on enter the program at once, where it is one for NumPy.

        Python looks for ``__call__`` in a class, so this arrow gets one of its own.  A class of users that has another
        ``__call__`` keeps it.
        """
        with _ASKING:
            if self._asked:
                return
            found, kind = getattr(self._run, "direct", None), type(self)
            owner = next(c for c in kind.__mro__ if "__call__" in vars(c))
            self._direct = found(self._form, kind.__call__, MISSING) if found and "_form" in vars(owner) else None
            if self._direct is not None:
                self._direct.call.__qualname__ = kind.__call__.__qualname__
                words = {"__call__": self._direct.call, "__module__": kind.__module__, "__doc__": kind.__doc__}
                self.__class__ = type(kind.__name__, (kind,), words)
            self._asked = True

    @property
    def _form(self) -> Form:
        return ARROW

    def captured(self, *example: Any, batch: int = 1) -> Any:
        """The arrow as one CUDA graph for batches of the shapes of an example: ``run.captured(x)(x)`` is ``run(x)``.

        Where a program is many small launches, this saves the time between them.  Nothing has run on a GPU so far.

        Args:
            example: what the arrow is called with; its numbers do not matter.
            batch: the number of rows; read only when the domain holds no array.

        Returns:
            A :class:`~catcore_backends.libraries.cuda.graphs.Captured`, to be called as the arrow is; a batch of other
            shapes or dtypes is captured anew.

        Raises:
            NotInterpreted: when the backend is not CuPy, or the program multiplies matrices, which CuPy does not
                record, or looks at values on the host, as folds do.
        """
        return self.backend.captured(self, example or ((),), batch)

    @property
    def backend(self) -> Library:
        """The library that the arrow was compiled for."""
        return library(self.options[0])

    def _follow(self, x: Any, batch: int) -> Any:
        """The result where the arrays decide what runs the arrow."""
        xp = namespace_of(library("auto"), x)
        if xp not in self._runs:
            self._runs[xp] = over(self._guarded, xp, shared=self.options[4])
        return self._runs[xp](x, batch)

    def linked(self, xp: Any, dtype: Any = None) -> Callable[[Any, int], Any]:
        """The emitted source as a Python function ``(x, batch) ↦ y`` over one array namespace.

        ``dtype`` is that of reals made from nothing, by default the one asked for when compiling.
        """
        return self.code.linked(xp, self.dtype if dtype is None else dtype)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Compiled, (self.arrow, *self.options))

    def __repr__(self) -> str:
        words = {"backend": "numpy", "shapes": None, "generators": None, "dtype": None, "shared": False, "device": None}
        words |= {"check_bounds": True}
        pairs = zip(words, self.options, strict=True)
        given = "".join(f", {word}={value!r}" for word, value in pairs if value != words[word])
        return f"compile_arrow({self.arrow!r}{given})"


def namespace_of(backend: Library, x: Any) -> Any:
    """The array namespace of a backend for a batch that may hold trees."""
    found = (a.roots if isinstance(a, Forest) else a for a in arrays(x))
    return backend.namespace(*(a for a in found if not isinstance(a, Data)))


def _emit(arrow: Arrow, types: Types, generators: Mapping[str, Any], *, precise: bool, shared: bool) -> Code:
    types.check(arrow.dom, "in the domain of the arrow")
    types.check(arrow.cod, "in the codomain of the arrow")
    emitter = Emitter(types, generators, precise=precise)
    value = emitter.run(
        simplified(with_shared_folds(with_shared_hylos(arrow))), emitter.input(arrow.dom, shared=shared)
    )
    return Code(emitter.program, *emitter.expression(emitter.whole(arrow.cod, value)), emitter.branches.safe)
