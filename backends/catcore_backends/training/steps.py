"""A step of training as one program: batch and state go in, loss and new state come out.

Where the model is made of smooth primitives the whole step, model forwards and backwards, loss and optimiser, is one
arrow on the batch (:mod:`catcore.learning.batching`), compiled for its size, with one product of matrices for the
gradient of each matrix.  Other models, with case distinctions or folds in them, are differentiated row by row, the
gradients of the rows are added up, level by level in folds, and the optimiser sees their mean: also one program
(:mod:`~catcore_backends.training.row_by_row`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, ident, pair, terminal
from catcore.errors import IllTyped, NotInterpreted
from catcore.learning.batching import batched_loss, batched_map
from catcore.learning.lenses import LensMap
from catcore.learning.losses import constant_rate
from catcore.learning.optimisers import Optimiser
from catcore.learning.supervised import loss_of_step, supervised_step
from catcore.objects import Ob, Product, R
from catcore.para.actegories import flat, nest
from catcore.para.maps import ParaMap, needed
from catcore.tracing import trace
from catcore_backends.batches import mapped
from catcore_backends.compiler.compiling import Compiled, compile_arrow
from catcore_backends.training.row_by_row import RowByRow


@dataclass(frozen=True)
class Problem:
    """What is learned: model, loss, rate and optimiser, with parameters as one object.

    Args:
        model: ``P × A → Y``.
        loss: ``Y × Y → ℝ``, label first.
        rate: a learning rate.
        optimiser: an optimiser for P.
    """

    model: ParaMap
    loss: ParaMap
    rate: LensMap
    optimiser: Optimiser

    def compiled(self, n: int, backend: str, dtype: str, generators: Mapping[str, Any] | None) -> Step:
        """The step for batches of n samples."""
        try:
            arrow = self._one_program(n)
        except NotInterpreted:
            return _ByRows(self, backend, dtype, generators)
        return _Whole(compile_arrow(arrow, backend, dtype=dtype, generators=generators))

    def _one_program(self, n: int) -> Arrow:
        model, loss = batched_map(self.model, n), batched_loss(self.loss, n)
        step = supervised_step(model, loss, self.rate, self.optimiser)
        return pair(loss_of_step(model, loss, self.optimiser), step.arrow)


def problem(model: Any, loss: Any, optimiser: Any, rate: Any) -> Problem:
    """The problem, from what users give: losses and optimisers may be functions of the object that they are for.

    Raises:
        IllTyped: when something else is given.
    """
    f = needed(model)
    made = loss(f.cod) if callable(loss) else loss
    chosen = optimiser(f.whole) if callable(optimiser) else optimiser
    if not f.params:
        raise IllTyped(f"fit trains parameters, and {f.signature} was given. Give a map P × A → Y as ParaMap(P, …).")
    if not isinstance(made, ParaMap) or not isinstance(chosen, Optimiser):
        raise IllTyped(
            f"fit takes a loss and an optimiser, and {loss!r} and {optimiser!r} were given. Use one of "
            "catcore.learning.losses and of catcore.learning.optimisers, such as quadratic and adam."
        )
    return Problem(f, made, rate if isinstance(rate, LensMap) else constant_rate(rate), chosen)


class Step:
    """A compiled step: ``(batch of (A × Y), (s, p)) ↦ (loss, (s, p))``; states have one row."""

    program: Compiled | RowByRow

    def __call__(self, sample: Any, state: Any) -> tuple[Any, Any]:
        """The loss of the batch and the state after the step."""
        raise NotImplementedError

    def arguments(self, sample: Any, state: Any) -> Any:
        """What the program is given."""
        raise NotImplementedError


class _Whole(Step):
    def __init__(self, program: Compiled) -> None:
        self.program = program

    def __call__(self, sample: Any, state: Any) -> tuple[Any, Any]:
        loss, after = self.program(self.arguments(sample, state))
        return loss, after

    def arguments(self, sample: Any, state: Any) -> Any:
        return mapped(_one_row, sample), state


class _ByRows(Step):
    def __init__(self, of: Problem, backend: str, dtype: str, generators: Mapping[str, Any] | None) -> None:
        self.program = RowByRow(loss_of_a_sample(of), _alpha(of.rate), of.optimiser, backend, dtype, generators)

    def __call__(self, sample: Any, state: Any) -> tuple[Any, Any]:
        loss, after = self.program(self.arguments(sample, state))
        return loss, after

    def arguments(self, sample: Any, state: Any) -> Any:
        return mapped(lambda w: w[0, ...], state), sample


def _one_row(x: Any) -> Any:
    return x[None, ...]


def loss_of_a_sample(of: Problem) -> Arrow:
    """``(p, (a, y)) ↦ e(y, f(p, a))`` for one sample."""
    whole, count = of.model >> of.loss, len(of.model.params)
    sample = Product(of.model.dom, of.loss.whole)
    dom = Product(of.model.whole, sample)
    return trace(lambda x: whole.arrow(nest([x[1][1], *flat(x[0], count), x[1][0]])), dom, R())


def _alpha(rate: LensMap) -> Arrow:
    """The arrow ``L → L'`` of a learning rate."""
    ends: Ob = rate.dom.forward
    put: Arrow = rate.put
    return pair(ident(ends), terminal(ends)) >> put
