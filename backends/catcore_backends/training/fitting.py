"""``fit``: learn the parameters of a parametric map from samples (THEORY T5.8).

A run is a fold of the supervised step over batches, epoch after epoch.  It is determined by its seed: the order of the
samples depends on the seed and the number of the epoch alone, so a run that goes on from a checkpoint computes the
numbers that it would have computed.

>>> import numpy as np
>>> from catcore.categories.smooth import smooth
>>> from catcore.learning.losses import quadratic
>>> from catcore.learning.optimisers import momentum
>>> from catcore.objects import R
>>> from catcore.para import ParaMap
>>> model = ParaMap(R(1, 3), smooth("matmul", R(1, 3) * R(3)))
>>> x = np.random.default_rng(0).normal(size=(64, 3))
>>> run = fit(model, (x, x @ [[1.0], [2.0], [3.0]]), quadratic, momentum, rate=-0.05, epochs=40, batch=16)
>>> run.weights.round(2).tolist()
[[1.0, 2.0, 3.0]]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from catcore.datatypes.data import Data
from catcore.errors import BadSpecification, IllTyped, NotFinite, ShapeMismatch
from catcore.files import need_writable
from catcore.objects import Ob, One, Product
from catcore.para.actegories import flat, nest
from catcore_backends.batches import arrays, mapped
from catcore_backends.compiler.compiling import compile_arrow
from catcore_backends.installed import library
from catcore_backends.libraries.failures import explained, together
from catcore_backends.recursion.forests import Forest, forest
from catcore_backends.training import checkpoints
from catcore_backends.training.diagnosis import culprit, outcome
from catcore_backends.training.meanings import meanings
from catcore_backends.training.progress import Progress
from catcore_backends.training.starting import checked, initial_weights
from catcore_backends.training.steps import Problem, Step, problem


@dataclass(frozen=True)
class Trained:
    """What training gives.

    Args:
        problem: model, loss, rate and optimiser.
        weights: the parameters, nested as the model's parameters are, on the backend they were trained on.
        history: for each epoch its mean loss, and the loss of the validation samples where there are some.
        backend: the name of the backend.
        dtype: the name of the dtype.
        generators: what generators of the model mean.
    """

    problem: Problem
    weights: Any
    history: tuple[Mapping[str, float], ...]
    backend: str
    dtype: str
    generators: Mapping[str, Any] | None = None

    def __call__(self, x: Any) -> Any:
        """The predictions for a batch of inputs."""
        run = _predictor(self.problem, self.backend, self.dtype, self.generators)
        return run((self.weights, _tabled(_moved(library(self.backend), x, self.dtype), self.dtype)))

    @property
    def losses(self) -> list[float]:
        """The mean loss of each epoch."""
        return [h["loss"] for h in self.history]


def fit(
    model: Any,
    data: tuple[Any, Any],
    loss: Any,
    optimiser: Any,
    *,
    rate: Any = -1,
    epochs: int = 10,
    batch: int = 32,
    seed: int = 0,
    weights: Any = None,
    validation: tuple[Any, Any] | None = None,
    patience: int | None = None,
    checkpoint: str | Path | None = None,
    backend: str = "numpy",
    dtype: str = "float64",
    generators: Mapping[str, Any] | None = None,
    progress: bool | None = None,
) -> Trained:
    """Train a parametric map on samples.

    Args:
        model: a parametric map ``P × A → Y``.
        data: inputs and labels, batches of equally many rows.
        loss: a loss for Y, or a function such as ``quadratic`` that makes it.
        optimiser: an optimiser for P, or a function such as ``adam`` that makes it.
        rate: the learning rate: a number, or a lens ``(L, L') → (1, 1)``.  It is negative for optimisers that add.
        epochs: how often all samples are seen.
        batch: how many of them a step sees; the last step of an epoch sees what is left.
        seed: what the first weights and the order of samples depend on.
        weights: where to start, nested as the parameters of the model.
        validation: inputs and labels on which the loss is measured after each epoch.
        patience: stop after so many epochs without a better loss (on the validation samples, if there are any), and
            return the best weights.
        checkpoint: a file ending in ``.safetensors`` that holds the run after each epoch; where it is there already,
            the run goes on from it, if it is the same run: on the same backend, of the same model, with generators
            that mean the same.  Of what a library defines only the name is compared.
        backend: ``"numpy"``, ``"torch"``, ``"jax"``, …. With ``"dask"`` the samples may be larger than memory, and each
            step runs on NumPy's arrays of those that it sees.
        dtype: the dtype of weights and data.
        generators: what generators of the model mean, as for ``compile_arrow``.
        progress: whether to show a line of progress; by default on a terminal.

    Raises:
        IllTyped: when model, loss and optimiser do not fit, or a number makes no sense.
        ShapeMismatch: when the samples do not fit the model.
        WrongDtype, OutOfMemory: as when an arrow is applied.
        MixedDevices: when samples and weights, which start on the default device, live on several devices.
        NotFinite: when a loss or a weight is not finite any more; names the step and the term.
        BadSpecification: when the checkpoint is damaged, or of another run.
    """
    _check_numbers(epochs=epochs, batch=batch, patience=patience, seed=seed)
    if dtype not in ("float32", "float64"):
        raise IllTyped(f"fit trains in 'float32' or 'float64', and {dtype!r} was given.")
    run = _Run(problem(model, loss, optimiser, rate), batch, seed, backend, dtype, generators)
    run.load_data(data, validation)
    run.begin(weights, None if checkpoint is None else _path(checkpoint))
    return run.train(epochs, patience, progress)


def _path(checkpoint: Any) -> Path:
    if not isinstance(checkpoint, str | os.PathLike):
        raise BadSpecification(f"A checkpoint is the name of a file, and {checkpoint!r:.60} was given.")
    return Path(checkpoint)


def _check_numbers(**numbers: int | None) -> None:
    for name, number in numbers.items():
        least = int(name not in ("epochs", "seed"))
        if number is not None and (type(number) is not int or number < least):
            raise IllTyped(f"fit takes a whole number for {name}, from {least} on, and {number!r} was given.")


class _Run:
    """A training run under way."""

    def __init__(
        self, of: Problem, batch: int, seed: int, backend: str, dtype: str, generators: Mapping[str, Any] | None
    ) -> None:
        self.of, self.batch, self.seed = of, batch, seed
        self.store = library(backend)  # which holds the samples
        self.backend = self.store.for_steps()
        self.names = (self.backend.name, dtype, generators)
        self.steps: dict[int, Step] = {}
        self.epoch, self.history = 0, list[dict[str, float]]()
        self.best: tuple[float, int, Any] = (np.inf, 0, None)

    # ---- before the first step -----------------------------------------------------------------------------------

    def load_data(self, data: tuple[Any, Any], validation: tuple[Any, Any] | None) -> None:
        self.data = self._samples(data, "data")
        self.count = _rows(self.data, "data")
        self.validation = None if validation is None else self._samples(validation, "validation")
        if self.validation is not None:
            _rows(self.validation, "validation")

    def _samples(self, given: Any, where: str) -> tuple[Any, Any]:
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise ShapeMismatch(
                f"fit takes a pair of inputs and labels as {where}, and {type(given).__name__} was given."
            )
        x, y = (_moved(self.store, part, self.names[1]) for part in given)
        return x, y

    def begin(self, weights: Any, path: Path | None) -> None:
        need_writable(path, (".safetensors",))
        self.path, parameters = path, self.of.model.whole
        first = initial_weights(parameters, self.seed) if weights is None else checked(parameters, weights)
        start = compile_arrow(self.of.optimiser.start, dtype="float64")((), batch=1)
        self.state = (self._one_row(start, lead=False), self._one_row(first))
        self.best = (np.inf, 0, self.state[1])
        if self.store is self.backend:
            together((self.data, self.validation or (), self.state), "A step of training")
        if path is not None:
            self.identity = self._identity(None if weights is None else first)
            if path.exists():
                self._resume(path)

    def _one_row(self, values: Any, *, lead: bool = True) -> Any:
        def row(x: Any) -> Any:
            return self._own(np.asarray(x)[None, ...] if lead else x)

        return mapped(row, values)

    def _own(self, x: Any) -> Any:
        """An array of the backend with memory of its own: constants and files are not to be written to."""
        return self.backend.asarray(np.array(x), dtype=self.names[1])

    def _identity(self, weights: Any) -> dict[str, Any]:
        of = self.of
        return {
            "backend": self.names[0],
            "dtype": self.names[1],
            "meaning of the generators": meanings(self.names[2]),
            "model": checkpoints.digest(of.model.arrow),
            "loss": checkpoints.digest(of.loss.arrow),
            "optimiser": checkpoints.digest(of.optimiser.lens.get, of.optimiser.lens.put),
            "rate": checkpoints.digest(of.rate.put),
            "data": _fingerprint(self.data),
            "validation": self.validation and _fingerprint(self.validation),
            "first weights": None if weights is None else checkpoints.digest(*arrays(weights)),
            "batch": self.batch,
            "seed": self.seed,
        }

    def _resume(self, path: Path) -> None:
        saved = checkpoints.read(path, self.identity)
        groups = (("state", self.state[0]), ("weights", self.state[1]), ("best", self.state[1]))
        state, weights, best = (self._filled(saved, name, like, path) for name, like in groups)
        self.state, self.epoch, self.history = (state, weights), saved.epoch, saved.history
        self.best = (*saved.best, best)

    def _filled(self, saved: checkpoints.Saved, name: str, like: Any, path: Path) -> Any:
        """The arrays of a checkpoint, nested as those of the run."""
        found, wanted = list(saved.tensors.get(name, [])), list(arrays(like))
        shapes = [[(tuple(a.shape), str(a.dtype).rpartition(".")[2]) for a in part] for part in (found, wanted)]
        if shapes[0] != shapes[1]:
            raise BadSpecification(
                f"The {name} in the checkpoint {path} do not fit the model; remove it to start anew."
            )
        rest = iter(found)
        return mapped(lambda _: self._own(next(rest)), like)

    # ---- training ------------------------------------------------------------------------------------------------

    def train(self, epochs: int, patience: int | None, progress: bool | None) -> Trained:
        line = Progress(epochs, -(-self.count // self.batch), progress)
        while self.epoch < epochs and not self._waited(patience):
            self._pass(line)
            self._save()
        line.close()
        final = self.state[1] if patience is None or not self.history else self.best[2]
        _, dtype, generators = self.names
        weights = mapped(lambda w: w[0, ...], final)
        if self.store is not self.backend:
            weights = mapped(self.store.asarray, weights)
        return Trained(self.of, weights, tuple(self.history), self.store.name, dtype, generators)

    def _waited(self, patience: int | None) -> bool:
        return patience is not None and self.epoch - self.best[1] >= patience and self.epoch > 0

    def _pass(self, line: Progress) -> None:
        """One epoch: all samples once, in an order that the seed and the number of the epoch determine."""
        self.epoch += 1
        order = np.random.default_rng([self.seed, self.epoch]).permutation(self.count)
        total = 0.0
        for number, start in enumerate(range(0, self.count, self.batch), 1):
            chosen = order[start : start + self.batch]
            loss = self._step(chosen, number)
            total += loss * len(chosen)
            line.step(self.epoch, number, loss)
        self._note(total / self.count)

    def _step(self, chosen: Any, number: int) -> float:
        sample, before = _tabled(self._taken(chosen), self.names[1]), self.state
        step = self._compiled(len(chosen))
        with np.errstate(all="ignore"):
            value, self.state = step(sample, before)
            try:
                loss, finite = outcome(self.backend.namespace(value), value[0], self.state)
            except Exception as error:  # of JAX, which computes while Python goes on
                value, self.state = None, before
                raise explained(error, (before, sample), self.backend.release, "A step of training")  # noqa: B904
            if not finite:
                self._refuse(step, sample, before, loss, number)
        return loss

    def _taken(self, chosen: Any) -> Any:
        """Some of the samples, on the backend of the steps."""
        taken = _taken(self.store, self.data, chosen)
        return taken if self.store is self.backend else _moved(self.backend, taken, self.names[1])

    def _compiled(self, n: int) -> Step:
        if n not in self.steps:
            self.steps[n] = self.of.compiled(n, *self.names)
        return self.steps[n]

    def _refuse(self, step: Step, sample: Any, before: Any, loss: float, number: int) -> None:
        where = culprit(step.program, self.backend.namespace(*arrays(before)), step.arguments(sample, before))
        what = "the loss is not finite" if not np.isfinite(loss) else "the weights are not finite any more"
        raise NotFinite(
            f"Training stopped in epoch {self.epoch}, step {number}: {what}, and the first value that is not comes "
            f"from {where}. Take smaller steps, or look at these samples."
        )

    def _note(self, loss: float) -> None:
        entry = {"loss": loss}
        if self.validation is not None:
            entry["validation"] = self._measured()
            if not np.isfinite(entry["validation"]):
                raise NotFinite(
                    f"Training stopped after epoch {self.epoch}: the loss of the validation samples is not finite. "
                    "Take smaller steps, or look at these samples."
                )
        self.history.append(entry)
        judged = entry.get("validation", loss)
        if judged < self.best[0]:
            self.best = (judged, self.epoch, self.state[1])

    def _measured(self) -> float:
        assert self.validation is not None
        _, dtype, generators = self.names
        x, y = _tabled(self.validation, dtype)
        weights = mapped(lambda w: w[0, ...], self.state[1])
        predictions = _predictor(self.of, self.store.name, dtype, generators)((weights, x))
        losses = compile_arrow(self.of.loss.arrow, self.store.name, dtype=dtype)((y, predictions))
        return float(array_namespace(losses).mean(losses))

    def _save(self) -> None:
        if self.path is None:
            return
        state, weights = self.state
        metadata = {
            "run": self.identity,
            "epoch": self.epoch,
            "history": self.history,
            "best": [self.best[0], self.best[1]],
        }
        checkpoints.write(self.path, {"state": state, "weights": weights, "best": self.best[2]}, metadata)


# ---- samples -----------------------------------------------------------------------------------------------------


def _moved(backend: Any, x: Any, dtype: str) -> Any:
    """Samples as arrays of the backend, reals in the dtype of the run; lists of trees stay as they are."""
    if isinstance(x, Forest):
        return x.typed(dtype)
    if isinstance(x, list) and x and isinstance(x[0], Data):
        return x
    if isinstance(x, tuple):
        return tuple(_moved(backend, part, dtype) for part in x)
    try:
        array = x if hasattr(x, "dtype") else np.asarray(x)
    except ValueError:
        raise ShapeMismatch("fit takes arrays of numbers as data, and rows of different lengths were given.") from None
    if not any(kind in str(array.dtype) for kind in ("int", "float", "bool")):
        raise ShapeMismatch(f"fit takes arrays of numbers as data, and an array of {array.dtype} was given.")
    if not len(array.shape):
        raise ShapeMismatch("fit takes arrays with a row for each sample as data, and a single number was given.")
    if "int" in str(array.dtype) and "uint8" not in str(array.dtype):
        return backend.asarray(array)
    return backend.asarray(array, dtype=dtype)


def _fingerprint(samples: tuple[Any, Any]) -> str:
    """A digest of samples, of every digit of every number in them."""
    with np.printoptions(threshold=sys.maxsize, floatmode="unique"):
        return checkpoints.digest(*(a for part in samples for a in _digestible(part)))


def _digestible(x: Any) -> list[Any]:
    if isinstance(x, tuple):
        return [a for part in x for a in _digestible(part)]
    if isinstance(x, Forest):
        found = ((g.constructor, g.start, g.stop, *g.branches, *arrays(g.labels)) for g in x.groups)
        return [x.roots, *(a for group in found for part in group for a in _digestible(part))]
    return [repr(x)] if isinstance(x, list | slice | int) else [np.asarray(x)]


def _leading(x: Any) -> list[int]:
    if isinstance(x, tuple):
        return [n for part in x for n in _leading(part)]
    return [len(x)] if isinstance(x, list) else [(x.roots if isinstance(x, Forest) else x).shape[0]]


def _rows(samples: tuple[Any, Any], where: str) -> int:
    counts = {n for part in samples for n in _leading(part)}
    if len(counts) != 1 or not counts or 0 in counts:
        raise ShapeMismatch(
            f"fit takes equally many inputs and labels as {where}, at least one, and {sorted(counts)} were given."
        )
    return counts.pop()


def _tabled(samples: Any, dtype: str) -> Any:
    """Samples with lists of trees as forests."""
    if isinstance(samples, tuple):
        return tuple(_tabled(part, dtype) for part in samples)
    return forest(samples).typed(dtype) if isinstance(samples, list) else samples


def _taken(backend: Any, samples: Any, chosen: Any) -> Any:
    if isinstance(samples, tuple):
        return tuple(_taken(backend, part, chosen) for part in samples)
    if isinstance(samples, list):
        return [samples[i] for i in chosen.tolist()]
    if isinstance(samples, Forest):
        return samples[chosen]
    if backend.name in ("numpy", "auto"):
        return samples[chosen]
    return array_namespace(samples).take(samples, backend.asarray(chosen), axis=0)


def _predictor(of: Problem, backend: str, dtype: str, generators: Any) -> Callable[[Any], Any]:
    """The model as a function of weights without a batch axis and a batch of inputs."""
    from catcore.arrows import Arrow
    from catcore.tracing import trace

    count, whole = len(of.model.params), of.model.whole
    dom: Ob = of.model.dom
    arrow: Arrow = trace(lambda x: of.model.arrow(nest([*flat(x[0], count), x[1]])), Product(whole, dom), of.model.cod)
    return compile_arrow(arrow, backend, dtype=dtype, generators=generators, shared=whole is not One)
