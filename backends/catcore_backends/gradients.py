"""Gradients with respect to shared parameters: one value a row, one gradient for the batch (THEORY T5.4).

What the inputs should hear is there too, row by row, and for trees a forest of the covectors of their labels.

What stands inside a branch of a case distinction is differentiated on the rows of that branch alone.  A value that is
bound before it is computed on every row: where its derivative is infinite on a row whose branch does not read it, as
that of a square root at 0, the gradient is NaN, as PyTorch's is.  Compute it inside the branch.

>>> import numpy as np
>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> energy = smooth("matmul", R(1, 2) * R(2)) >> smooth("square", R(1)) >> smooth("sum", R(1))
>>> values, slope = gradient(energy)((np.asarray([[1.0, 2.0]]), np.asarray([[1.0, 0.0], [1.0, 1.0]])))
>>> values.tolist(), slope.tolist()
([1.0, 9.0], [[8.0, 6.0]])
"""

from __future__ import annotations

import functools as ft
from collections.abc import Mapping
from typing import Any

from array_api_compat import array_namespace, is_dask_namespace, is_jax_namespace, is_torch_namespace

from catcore.arrows import Arrow, needed_arrow, terminal
from catcore.categories.smooth import constant
from catcore.errors import IllTyped
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Ob, One, Product, R
from catcore.tracing import trace
from catcore_backends.batches import mapped
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.operations import is_cupy
from catcore_backends.compiler.simplification import simplified
from catcore_backends.compiler.totals import total
from catcore_backends.compiler.values import Both, Types, Value
from catcore_backends.elements import Entrance, Guarded
from catcore_backends.installed import library
from catcore_backends.libraries.conversion import library_of, widest
from catcore_backends.libraries.failures import explained
from catcore_backends.libraries.jax_backend import by_operations
from catcore_backends.library import Library, Run
from catcore_backends.recursion.forests import Forest
from catcore_backends.recursion.shared_folds import with_shared_folds
from catcore_backends.recursion.shared_hylos import with_shared_hylos


def gradient(
    arrow: Arrow,
    backend: str = "numpy",
    *,
    alpha: Arrow | None = None,
    shapes: Mapping[Any, Any] | None = None,
    generators: Mapping[str, Any] | None = None,
    dtype: str | None = None,
    inputs: bool = False,
    check_bounds: bool = True,
) -> Gradient:
    """The values of ``P × A → ℝ`` on a batch of A, and the gradient of their sum with respect to P.

    Args:
        arrow: the term; it may hold case distinctions and folds over data.
        backend: as for :func:`~catcore_backends.compile_arrow`.
        alpha: the covector of each value, an arrow ``ℝ → ℝ``; by default 1, which makes it the gradient.
        shapes: what the atoms are.
        generators: what the generators are.
        dtype: the name of the dtype of constants; gradients have the dtypes of the reals that they belong to.
        inputs: whether the gradients with respect to A are wanted as well, a third part of the answer.
        check_bounds: as for :func:`~catcore_backends.compile_arrow`.

    Raises:
        IllTyped: when the arrow does not go from a product to the real numbers.
        NotInterpreted: for a term without a reverse derivative, or without a meaning in arrays.
        BackendMissing: when the library or its device is not here.
    """
    return Gradient(arrow, backend, alpha, shapes, generators, dtype, inputs=inputs, check_bounds=check_bounds)


class Gradient:
    """A compiled gradient: ``(p, batch) ↦ (values, total of p')``, or ``(values, total of p', a')``.

    Parameters have no batch axis.
    """

    def __init__(
        self,
        arrow: Arrow,
        backend: str,
        alpha: Arrow | None,
        shapes: Mapping[Any, Any] | None,
        generators: Mapping[str, Any] | None,
        dtype: str | None,
        *,
        inputs: bool = False,
        check_bounds: bool = True,
    ) -> None:
        dom = needed_arrow(arrow).dom
        if not isinstance(dom, Product) or arrow.cod is not R():
            raise IllTyped(f"gradient takes an arrow P × A → ℝ, and {arrow.signature} was given.")
        self.arrow, self.dtype, self.inputs = arrow, dtype, inputs
        self.options = (alpha, shapes, generators, dtype)
        self.check_bounds = check_bounds
        self.backend = library(backend)
        self.backend.namespace()  # which says if the library is missing
        whole = value_and_slopes(arrow, alpha or terminal(R()) >> constant(1), inputs=inputs)
        types = Types(shapes, check_bounds=check_bounds)
        self._rows, self.code = _emit(whole, arrow.dom, types, generators or {}, dtype)
        self._entrance = Entrance(types.concrete(arrow.dom), check_bounds=check_bounds)
        self.source = self.code.source(backend)
        self._runs: dict[Any, Run] = {}
        self._run: Run = self._follow

    def __call__(self, x: Any) -> tuple[Any, ...]:
        """The values on a batch, the total of the gradients of parameters, and those of inputs if they are wanted."""
        try:
            return _of_inputs(self._run(x, 1), x)
        except Exception as error:
            raise explained(error, x, self.backend.release)  # noqa: B904 — it knows whether the error is a cause

    def _follow(self, x: Any, batch: int) -> Any:
        """The first answer on a library, and every one where the arrays decide which that is."""
        if self.backend.name != "auto":
            self._run = self._executable(self.backend)
            return self._run(x, batch)
        from catcore_backends.compiler.compiling import namespace_of

        xp = namespace_of(self.backend, x)
        if xp not in self._runs:
            own = is_dask_namespace(xp) or is_cupy(xp) or is_torch_namespace(xp) or is_jax_namespace(xp)
            self._runs[xp] = self._executable(library(library_of(xp))) if own else self._guarded(self.code, xp)
        return self._runs[xp](x, batch)

    def _executable(self, backend: Library) -> Run:
        """What runs the program on a library; over blocks each gives its share of the totals, as one row."""
        if backend.name == "jax" and self.backend.name == "auto":  # for a jax.jit or jax.grad of one's own
            xp = backend.namespace()
            program = self._guarded(self.code, xp)
            return by_operations(lambda x, batch: _of_inputs(program(x, batch), x), xp)
        if backend.name != "dask":
            return backend.executable(ft.partial(self._guarded, self.code), shared=True)
        run = backend.executable(ft.partial(self._guarded, self._rows), shared=True, totals=(1,))

        def in_blocks(x: Any, batch: int) -> tuple[Any, ...]:
            values, slopes, *heard = run(x, batch)
            return values, mapped(lambda g: g[0, ...], slopes), *heard

        return in_blocks

    def _guarded(self, code: Code, xp: Any) -> Run:
        """A program over a namespace, with what is looked at before."""
        program, answers = code.linked(xp, self.dtype), code.answers_numbers
        return Guarded(program, self._entrance, answers=answers) if self._entrance.places or answers else program

    def __reduce__(self) -> tuple[Any, ...]:
        made = ft.partial(Gradient, inputs=self.inputs, check_bounds=self.check_bounds)
        return made, (self.arrow, self.backend.name, *self.options)


def _of_inputs(answer: tuple[Any, ...], x: Any) -> tuple[Any, ...]:
    """An answer whose gradients have the dtypes of what they are gradients of."""
    value, *slopes = answer
    return value, *(_narrowed(slope, part) for slope, part in zip(slopes, x, strict=False))


def _narrowed(slope: Any, given: Any) -> Any:
    """Reals in the dtypes of other reals; what is grouped otherwise, and what has none, is left as it is."""
    if isinstance(slope, tuple):
        alike = isinstance(given, tuple | list) and len(given) == len(slope)
        return tuple(map(_narrowed, slope, given)) if alike else slope
    wanted, found = getattr(given, "dtype", None), getattr(slope, "dtype", None)
    if wanted is None or found is None or wanted == found or isinstance(slope, Forest):
        return slope
    xp = array_namespace(slope)
    if not xp.isdtype(wanted, "real floating"):
        return slope
    name = getattr(wanted, "name", None) or str(wanted).rpartition(".")[2]
    return xp.astype(slope, widest(xp, name), copy=False)


def _emit(arrow: Arrow, dom: Ob, types: Types, generators: Mapping[str, Any], dtype: str | None) -> tuple[Code, Code]:
    """The program whose totals are one row each, and the same with totals that have no axis of rows."""
    emitter = Emitter(types, generators, precise=dtype is not None)
    value, slopes, heard = parted(
        emitter.run(simplified(with_shared_folds(with_shared_hylos(arrow))), emitter.input(dom, shared=True))
    )
    answers = [emitter.whole(R(), value), total(emitter, slopes)]
    if arrow.cod.args[1].args[1] is not One:
        answers.append(emitter.whole(arrow.cod.args[1].args[1], heard))
    (value_text, *texts), names = zip(*map(emitter.expression, answers), strict=True)
    operands = tuple(name for found in names for name in found)
    bare = texts[0].replace("{}", "{}[0, ...]")
    rows, totals = (f"({', '.join((value_text, slope, *texts[1:]))})" for slope in (texts[0], bare))
    program, branches = emitter.program, emitter.branches.safe
    return Code(program, rows, operands, branches), Code(program, totals, operands, branches)


def parted(value: Value) -> tuple[Value, Value, Value]:
    """The three parts of a value ``(y, (p', a'))``."""
    assert isinstance(value, Both)
    assert isinstance(value.right, Both)
    return value.left, value.right.left, value.right.right


def value_and_slopes(arrow: Arrow, alpha: Arrow, *, inputs: bool = False) -> Arrow:
    """``(p, a) ↦ (f(p, a), (p', a'))`` with the covector ``α(f(p, a))``; without inputs a' is the point."""
    back = reverse_derivative(arrow)
    assert isinstance(back.cod, Product)
    slope, heard = back.cod.left, back.cod.right if inputs else One

    def both(x: Any) -> Any:
        value = arrow(x)
        found = back(x, alpha(value))
        return value, (found[0], found[1] if inputs else ())

    return trace(both, arrow.dom, R() * (slope * heard))
