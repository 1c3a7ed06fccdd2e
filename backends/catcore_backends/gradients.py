"""Gradients with respect to shared parameters: one value a row, one gradient for the batch (THEORY T5.4).

What the inputs should hear is there too, row by row, and for trees a forest of the covectors of their labels.

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
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from catcore.arrows import Arrow, needed_arrow, terminal
from catcore.categories.smooth import constant
from catcore.errors import IllTyped
from catcore.learning.reverse import reverse_derivative
from catcore.objects import Ob, One, Product, R
from catcore.tracing import trace
from catcore_backends.batches import mapped
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.simplification import simplified
from catcore_backends.compiler.totals import total
from catcore_backends.compiler.values import Both, Types, Value
from catcore_backends.elements import Entrance, Guarded
from catcore_backends.installed import library, over
from catcore_backends.libraries.cuda.devices import beside
from catcore_backends.libraries.failures import explained
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
        dtype: the name of the dtype of constants.
        inputs: whether the gradients with respect to A are wanted as well, a third part of the answer.
        check_bounds: as for :func:`~catcore_backends.compile_arrow`.

    Raises:
        IllTyped: when the arrow does not go from a product to the real numbers.
        NotInterpreted: for a term without a reverse derivative, or without a meaning in arrays.
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
        whole = value_and_slopes(arrow, alpha or terminal(R()) >> constant(1), inputs=inputs)
        types = Types(shapes, check_bounds=check_bounds)
        self.code = _emit(whole, arrow.dom, types, generators or {}, dtype)
        self._entrance = Entrance(types.concrete(arrow.dom), check_bounds=check_bounds)
        self.source = self.code.source(backend)
        self._runs: dict[Any, Callable[[Any, int], Any]] = {}

    def __call__(self, x: Any) -> tuple[Any, ...]:
        """The values on a batch, the total of the gradients of parameters, and those of inputs if they are wanted."""
        from catcore_backends.compiler.compiling import namespace_of

        xp = namespace_of(self.backend, x)
        given = _moved(x, xp) if self.backend.name == "jax" else x
        try:
            values, slopes, *heard = self.linked(xp)(given, 1)
        except Exception as error:
            raise explained(error, x, self.backend.release)  # noqa: B904 — it knows whether the error is a cause
        with beside(xp, slopes):
            return values, mapped(lambda g: g[0, ...], slopes), *heard

    def linked(self, xp: Any) -> Callable[[Any, int], Any]:
        """The emitted program over one array namespace, or over the blocks of Dask's arrays, each giving its share."""
        if xp not in self._runs:
            self._runs[xp] = over(self._guarded, xp, shared=True, totals=(1,))
        return self._runs[xp]

    def _guarded(self, xp: Any) -> Callable[[Any, int], Any]:
        """The program, with what is looked at before; the gradients of the parameters are one row."""
        return Guarded(self.code.linked(xp, self.dtype), self._entrance, answers=self.code.answers_numbers)

    def __reduce__(self) -> tuple[Any, ...]:
        made = ft.partial(Gradient, inputs=self.inputs, check_bounds=self.check_bounds)
        return made, (self.arrow, self.backend.name, *self.options)


def _moved(x: Any, xp: Any) -> Any:
    """A batch with NumPy's arrays as JAX's, as ``jax.jit`` takes them; trees stay as they are."""
    if isinstance(x, tuple | list):
        return type(x)(_moved(part, xp) for part in x)
    return xp.asarray(x) if isinstance(x, np.ndarray | np.generic) else x


def _emit(arrow: Arrow, dom: Ob, types: Types, generators: Mapping[str, Any], dtype: str | None) -> Code:
    emitter = Emitter(types, generators, precise=dtype is not None)
    value, slopes, heard = parted(
        emitter.run_whole(simplified(with_shared_folds(with_shared_hylos(arrow))), emitter.input(dom, shared=True))
    )
    answers = [emitter.whole(R(), value), total(emitter, slopes)]
    if arrow.cod.args[1].args[1] is not One:
        answers.append(emitter.whole(arrow.cod.args[1].args[1], heard))
    texts = [emitter.expression(answer) for answer in answers]
    return Code(emitter.program, f"({', '.join(text for text, _ in texts)})", tuple(n for _, ns in texts for n in ns))


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
