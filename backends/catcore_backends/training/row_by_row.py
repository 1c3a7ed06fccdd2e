"""The step of a model that treats samples differently, as one program over a batch (THEORY T4.6, T5.8).

The program looks at the weights through the get of the optimiser, computes loss and gradient of every sample, adds the
gradients up, and hands their mean to the put of the optimiser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catcore.arrows import Arrow
from catcore.learning.optimisers import Optimiser
from catcore.objects import Product, R
from catcore.tracing import trace
from catcore_backends.compiler.compiling import namespace_of
from catcore_backends.compiler.emitter import Emitter
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.simplification import simplified
from catcore_backends.compiler.totals import total
from catcore_backends.compiler.values import Both, Leaf, Types, Value
from catcore_backends.gradients import parted, value_and_slopes
from catcore_backends.installed import library
from catcore_backends.libraries.failures import explained
from catcore_backends.recursion.shared_folds import with_shared_folds
from catcore_backends.recursion.shared_hylos import with_shared_hylos


class RowByRow:
    """The compiled step ``((s, p), batch of (A × Y)) ↦ (loss, (s, p))``; the state has no batch axis going in.

    Args:
        loss: the loss of one sample, ``P × (A × Y) → ℝ``.
        alpha: the covector of a loss, ``ℝ → ℝ``.
        optimiser: an optimiser for P.
        backend: the name of the backend; JAX compiles the program for each shape, unless there are trees in the batch.
        dtype: the name of the dtype of constants.
        generators: what the generators are.
    """

    def __init__(
        self,
        loss: Arrow,
        alpha: Arrow,
        optimiser: Optimiser,
        backend: str,
        dtype: str,
        generators: Mapping[str, Any] | None,
    ) -> None:
        self.backend, self.dtype = library(backend), dtype
        self.code = _emit(loss, alpha, optimiser, generators or {})
        self.source = self.code.source(backend)
        self._runs: dict[Any, Callable[[Any, int], Any]] = {}

    def __call__(self, x: Any) -> Any:
        """The loss of the batch and the state after the step."""
        xp = namespace_of(self.backend, x)
        if xp not in self._runs:
            self._runs[xp] = self.backend.executable(self.linked, shared=True)
        try:
            return self._runs[xp](x, 1)
        except Exception as error:
            raise explained(error, x, self.backend.release)  # noqa: B904 — it knows whether the error is a cause

    def linked(self, xp: Any) -> Callable[[Any, int], Any]:
        """The emitted program over one array namespace."""
        return self.code.linked(xp, self.dtype)


def _emit(loss: Arrow, alpha: Arrow, optimiser: Optimiser, generators: Mapping[str, Any]) -> Code:
    emitter = Emitter(Types(None), generators, precise=True)
    state = optimiser.lens.dom.forward
    assert isinstance(loss.dom, Product)
    both = value_and_slopes(loss, alpha)
    seen = trace(lambda x: both(optimiser.lens.get(x[0]), x[1]), state * loss.dom.right, both.cod)
    given = emitter.input(seen.dom, shared=True)
    assert isinstance(given, Both)
    value, slopes, _ = parted(emitter.run(simplified(with_shared_folds(with_shared_hylos(seen))), given))
    mean = _mean(emitter, emitter.whole(R(), value))
    after = emitter.run(optimiser.lens.put, Both(given.left, _mean(emitter, slopes)))
    return Code(emitter.program, *emitter.expression(Both(mean, after)))


def _mean(emitter: Emitter, value: Value) -> Value:
    """The mean over the rows of the batch, as one row."""
    return _divided(emitter, total(emitter, value))


def _divided(emitter: Emitter, value: Value) -> Value:
    match value:
        case Leaf():
            return Leaf(emitter.program.let("{} / {}", value.name, emitter.batch), shared=True)
        case Both():
            return Both(_divided(emitter, value.left), _divided(emitter, value.right))
    return value
