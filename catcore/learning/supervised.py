"""The supervised step as a composite (THEORY T5.8, T5.9).

The parametric lens of a model, followed by that of a loss and by a learning rate, is *closed*: it ends in (1, 1), so
its put takes parameters, an input and a label, and returns what each of them should hear.  Reparametrise the parameters
by an optimiser, and the put is the step of learning,

    p̄ = U(s, p);  (t', y') = R[e](t, f(p̄, a), α(e));  (p', a') = R[f](p̄, a, y');  return U*(s, p, p').

The step is itself a parametric map ``S × P → S × P`` with the sample as its parameter: its n-fold composite is an
epoch, the fold over the list of samples.  With the optimiser on the input instead the model is fixed and the input
learns, which is deep dreaming.

>>> from catcore.categories.smooth import smooth
>>> from catcore.learning.losses import constant_rate, quadratic
>>> from catcore.learning.optimisers import ascent
>>> from catcore.objects import R
>>> model = ParaMap(R(), smooth("multiply", R() * R()))
>>> step = supervised_step(model, quadratic(R()), constant_rate("-1/10"), ascent(R()))
>>> print(step.signature)
1 × ℝ → 1 × ℝ with parameter ℝ × ℝ
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import Arrow, case, fold, ident
from catcore.errors import IllTyped
from catcore.functors import Id
from catcore.learning.lenses import TERMS, Lens, LensMap, Port
from catcore.learning.optimisers import Optimiser
from catcore.learning.parametric import LensAction, parametric_lens
from catcore.objects import Mu, mu
from catcore.para.actegories import flat, nest
from catcore.para.maps import ParaMap
from catcore.points import at
from catcore.tracing import trace


def learner_lens(f: Any) -> ParaMap:
    """A parametric lens as itself, and any other parametric map or arrow by its reverse derivative."""
    if isinstance(f, ParaMap) and isinstance(f.actegory, LensAction):
        return f
    return parametric_lens(f)


def closed(model: Any, loss: Any, rate: LensMap) -> ParaMap:
    """Model, loss and learning rate as one parametric lens ``(A, A') → (1, 1)`` with parameters (label, weights).

    Raises:
        NotComposable: when the loss does not take the model's predictions, or the rate the loss's values.
    """
    f = learner_lens(model)
    if not isinstance(rate, LensMap) or rate.cod != Lens(rate.base).unit():
        raise IllTyped(
            f"A learning rate is a lens (L, L') → (1, 1), and {rate} was given. Make one with constant_rate(-0.1) or "
            "rate(α) for an arrow α : L → L'."
        )
    return f >> learner_lens(loss) >> ParaMap((), rate, f.actegory)


def supervised_step(model: Any, loss: Any, rate: LensMap, optimiser: Optimiser) -> ParaMap:
    """One step of learning, a parametric map ``S × P → S × P`` whose parameter is a sample ``A × Y``.

    Args:
        model: a parametric map ``P × A → Y``, or a parametric lens.
        loss: a parametric map of labels and predictions, or its lens; see :mod:`catcore.learning.losses`.
        rate: a learning rate.
        optimiser: an optimiser for all parameters of the model.

    Raises:
        NotComposable: when model, loss and rate do not fit.
        IllTyped: when the optimiser is for other parameters.
    """
    put, (label, parameters, point) = _optimised(closed(model, loss, rate), optimiser)
    return ParaMap(point.forward * label.forward, _step_of(put, (label, parameters, point)))


def polynomial_step(model: ParaMap, loss: ParaMap, rate: LensMap, optimiser: LensMap) -> Any:
    """One step of learning in any category: the arrow ``(A × Y) × P → P``; Boolean circuits learn by it.

    Args:
        model: a parametric lens.
        loss: the lens of a loss.
        rate: a learning rate.
        optimiser: a lens ``(P, P) → (P, P')``.
    """
    whole = closed(model, loss, rate)
    label, parameters = whole.params[0], whole.params[1:]
    of = whole.actegory
    moved = whole.reparametrised((label, optimiser.dom), _beside(of, label, parameters, optimiser))
    return _extracted(optimiser.base, moved.arrow.put, (label, optimiser.dom, whole.dom))


def _optimised(whole: ParaMap, optimiser: Optimiser) -> tuple[Any, tuple[Port, Port, Port]]:
    """The put of the closed lens with its weights reparametrised by an optimiser, and its ports."""
    label, weights, of = whole.params[0], whole.params[1:], whole.actegory
    needed = of.whole(weights)
    if optimiser.lens.cod != needed:
        raise IllTyped(
            f"An optimiser for the parameters {needed.forward} is needed, and {optimiser.name} for "
            f"{optimiser.parameters} was given. Make it for the parameters of the model, later layers first."
        )
    moved = whole.reparametrised((label, optimiser.lens.dom), _beside(of, label, weights, optimiser.lens))
    return moved.arrow.put, (label, optimiser.lens.dom, whole.dom)


def _beside(of: Any, label: Port, weights: Any, lens: LensMap) -> LensMap:
    ends = ((label,), (label,), (lens.dom,), tuple(weights))
    found: LensMap = of.tensor(of.category.identity(label), lens, ends)
    return found


def _extracted(c: Any, put: Any, ports: tuple[Port, Port, Port]) -> Any:
    """``((a, y), p) ↦ p`` out of ``((y, (p, a)), ()) ↦ (y', (p, a'))``."""
    label, parameters, point = ports
    a, y, p = point.forward, label.forward, parameters.forward
    sample = c.product(a, y)
    given, weights = c.first(sample, p), c.second(sample, p)
    taken = c.pair(c.compose(given, c.second(a, y)), c.pair(weights, c.compose(given, c.first(a, y))))
    at_nothing = c.pair(taken, Lens(c).discarded(c.product(sample, p)))
    inner = c.product(parameters.backward, point.backward)
    kept = c.compose(c.second(label.backward, inner), c.first(parameters.backward, point.backward))
    return c.compose(c.compose(at_nothing, put), kept)


def _step_of(put: Arrow, ports: tuple[Port, Port, Port]) -> Arrow:
    found = _extracted(TERMS, put, ports)
    return at(found, ident(found.dom))


def dreaming_step(model: Any, loss: Any, rate: LensMap, optimiser: Optimiser) -> ParaMap:
    """One step of deep dreaming, a parametric map ``S × A → S × A`` with weights and label as its parameter.

    The optimiser is for inputs; weights stay as they are.

    Raises:
        IllTyped: when the optimiser is for something else than inputs.
    """
    whole = closed(model, loss, rate)
    if optimiser.lens.cod != whole.dom:
        raise IllTyped(
            f"Deep dreaming optimises the input {whole.dom.forward}, and {optimiser.name} for {optimiser.parameters} "
            "was given."
        )
    dream = ParaMap((), optimiser.lens, whole.actegory) >> whole
    label, weights = whole.params[0], whole.actegory.whole(whole.params[1:])
    return ParaMap(weights.forward * label.forward, _dream_of(dream, label, weights, optimiser.lens.dom))


def _dream_of(dream: ParaMap, label: Port, weights: Port, point: Port) -> Arrow:
    count = len(dream.params) - 1
    put = dream.arrow.put

    def moved(x: Any) -> Any:
        (w, y), a = x
        found = put(nest([y, *flat(w, count), a]), ())
        return flat(found, count + 2)[-1]

    return trace(moved, (weights.forward * label.forward) * point.forward, point.backward)


def loss_of_step(model: ParaMap, loss: ParaMap, optimiser: Optimiser) -> Arrow:
    """The loss that a step sees, ``((a, y), (s, p)) ↦ e(y, f(U(s, p), a))``."""
    whole = model >> loss
    count = len(model.params)

    def value(x: Any) -> Any:
        (a, y), state = x
        return whole.arrow(nest([y, *flat(optimiser.lens.get(state), count), a]))

    found = trace(value, (model.dom * loss.whole) * optimiser.lens.dom.forward, whole.cod)
    return at(found, ident(found.dom))


# ---- iteration ---------------------------------------------------------------------------------------------------


def samples(step: ParaMap) -> Mu:
    """The lists of samples, ``μX. 1 + (A × Y) × X``."""
    found: Mu = mu(1 + step.whole * Id)
    return found


def epoch(step: ParaMap, start: Arrow) -> Arrow:
    """The fold over a list of samples that learns from the last one first, from a given start ``1 → S × P``.

    Law: ``epoch([]) = start`` and ``epoch(x :: xs) = step(x, epoch(xs))``; see :mod:`catcore.datatypes`.

    Raises:
        IllTyped: when the start is no element of what the step changes.
    """
    if start.cod is not step.dom:
        raise IllTyped(f"An epoch starts with an element of {step.dom}, and {start.signature} was given.")
    return fold(samples(step), case(start, step.arrow))
