"""``fit``: training runs that repeat, go on where they were stopped, and stop with a sentence where they must."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catcore import R, arrow, case, fst, generator, ident, inl, pair, smooth, snd
from catcore.errors import BadSpecification, IllTyped, NotFinite, ShapeMismatch, Unwritable, WrongDtype
from catcore.learning.losses import quadratic, softmax_cross_entropy
from catcore.learning.optimisers import adam, ascent, momentum
from catcore.objects import One
from catcore.para import ParaMap
from catcore_backends import fit
from catcore_backends.compiler.linking import Code
from catcore_backends.recursion.forests import forest
from catcore_backends.training import checkpoints
from catcore_backends.training.meanings import meanings
from catcore_backends.training.progress import Progress
from catcore_backends.training.steps import problem
from tests.learning.random_folds import reals, refilled
from tests.learning.running import flat
from tests.learning.tasks.structures import folding_network, lists_of_bits

ROOT = Path(__file__).parents[2]


def dense(m, n, activation="tanh"):
    layer = smooth("add", R(m) * R(m)) >> smooth(activation, R(m))
    return ParaMap(
        R(m, n) * R(m),
        arrow((R(m, n) * R(m)) * R(n), R(m))(lambda x: layer(smooth("matmul", R(m, n) * R(n))(x[0][0], x[1]), x[0][1])),
    )


NETWORK = dense(6, 3) >> dense(2, 6)
rng = np.random.default_rng(5)
X = rng.normal(size=(50, 3))
Y = np.tanh(X[:, :2] * X[:, 1:])


def quickly(p):
    return adam(p, step=0.02)


def same(a, b):
    return all(np.array_equal(x, y) for x, y in zip(flat(a), flat(b), strict=True))


def test_a_network_is_trained_and_predicts():
    run = fit(NETWORK, (X, Y), quadratic, quickly, epochs=60, batch=16)
    error = ((run(X) - Y) ** 2).sum(1).mean() / 2

    assert run.losses[-1] < run.losses[0] / 5
    assert np.isclose(error, run.losses[-1], rtol=0.2)
    assert [a.shape for a in flat(run.weights)] == [(2, 6), (2,), (6, 3), (6,)]


def test_a_step_is_the_step_by_hand():
    """One batch of plain descent: p + α times the mean gradient."""
    w = (rng.normal(size=(2, 3)), rng.normal(size=2))
    run = fit(dense(2, 3), (X, Y), quadratic, ascent, rate=-0.5, epochs=1, batch=50, weights=w)
    predicted = np.tanh(X @ w[0].T + w[1])
    slope = (predicted - Y) * (1 - predicted**2)

    assert np.allclose(run.weights[0], w[0] - 0.5 * slope.T @ X / 50, rtol=1e-12)
    assert np.allclose(run.weights[1], w[1] - 0.5 * slope.mean(0), rtol=1e-12)
    assert np.isclose(run.losses[0], ((predicted - Y) ** 2).sum(1).mean() / 2)


def test_runs_repeat_and_depend_on_their_seed():
    one, again, other = (fit(NETWORK, (X, Y), quadratic, quickly, epochs=2, batch=7, seed=s) for s in (3, 3, 4))

    assert same(one.weights, again.weights)
    assert one.history == again.history
    assert one.history != other.history


def split_map():
    """w x on the left and −w x on the right: samples of both kinds in one batch."""
    scaled, both = smooth("multiply", R() * R()), R() + R()
    return ParaMap(
        R(),
        arrow(R() * both, R())(
            lambda x: x[1].case(inl=lambda a: scaled(x[0], a), inr=lambda b: smooth("negative", R())(scaled(x[0], b)))
        ),
    )


TAGS, VALUES = np.arange(20) % 2, rng.normal(size=20)
SPLIT = ((TAGS, VALUES, VALUES), np.where(TAGS == 0, 3 * VALUES, -3 * VALUES))
MODELS: dict[str, Any] = {
    "smooth": lambda: (NETWORK, (X, Y)),
    "case distinction": lambda: (split_map(), SPLIT),
    "lists": lambda: (folding_network(4), lists_of_bits(40, (1, 6), np.random.default_rng(0))),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("backend", ["torch", "jax", "dask"])
def test_other_libraries_learn_the_same(backend, model):
    library = pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
    network, data = MODELS[model]()
    options: Any = {"epochs": 2, "batch": 16, "dtype": "float32"}
    ours = fit(network, data, quadratic, quickly, **options)
    try:
        theirs = fit(network, data, quadratic, quickly, backend=backend, **options)
    except ImportError:
        pytest.skip(f"the installed catcore does not offer the backend {backend}")

    assert type(flat(theirs.weights)[0]).__module__.startswith((backend, library.__name__))
    for a, b in zip(flat(ours.weights), flat(theirs.weights), strict=True):
        assert np.allclose(a, np.asarray(b), atol=1e-4)
    for one, other in zip(ours.history, theirs.history, strict=True):
        assert np.isclose(one["loss"], other["loss"], rtol=1e-3)


@pytest.mark.parametrize("model", ["smooth", "case distinction"])
def test_a_step_on_jax_is_compiled(model, monkeypatch):
    """The program of the step is Python: JAX runs it while it traces the step, and not at every step."""
    pytest.importorskip("jax", reason="the extra jax is not installed")
    runs, linked = [], Code.linked

    def counting(*given, **options):
        program = linked(*given, **options)

        def counted(x, batch):
            runs.append(batch)
            return program(x, batch)

        return counted

    monkeypatch.setattr(Code, "linked", counting)
    network, (x, y) = MODELS[model]()
    fit(network, (x, y), quadratic, quickly, epochs=6, batch=len(y), backend="jax", dtype="float32")

    assert len(runs) <= 2  # of six steps; the state that comes out of the first may be of another kind


def test_a_model_with_a_case_distinction_is_trained_row_by_row():
    inputs, labels = SPLIT
    run = fit(split_map(), SPLIT, quadratic, momentum, rate=-0.1, epochs=60, batch=5)

    assert np.isclose(float(run.weights), 3, atol=1e-3)
    assert np.allclose(run(inputs), labels, atol=1e-2)


def test_steps_with_cases_and_folds_are_one_program():
    """Forwards, backwards, the sum over rows and the optimiser, in one source."""
    for network, _ in (MODELS["case distinction"](), MODELS["lists"]()):
        source = problem(network, quadratic, quickly, -1).compiled(16, "numpy", "float64", None).program.source
        assert source.count("def program") == 1
        assert "# sqrt" in source or "sqrt(" in source  # Adam's
    assert "# fold backwards" in source


def test_row_by_row_and_in_one_program_is_the_same():
    model = dense(2, 3)
    detour = ParaMap(
        model.params[0],
        pair(ident(model.arrow.dom), ident(model.arrow.dom))
        >> (fst(model.whole, R(3)) * snd(model.whole, R(3)))
        >> inl(model.arrow.dom, One)
        >> case(ident(model.arrow.dom), generator("never", One, model.arrow.dom))
        >> model.arrow,
    )
    one, rows = (fit(m, (X, Y), quadratic, ascent, rate=-0.5, epochs=2, batch=20) for m in (model, detour))

    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(flat(one.weights), flat(rows.weights), strict=True))


def test_validation_and_early_stopping_return_the_best_weights():
    run = fit(
        NETWORK, (X[:30], Y[:30]), quadratic, quickly, epochs=500, batch=10, validation=(X[30:], Y[30:]), patience=5
    )
    best = int(np.argmin([h["validation"] for h in run.history]))

    assert len(run.history) == best + 1 + 5 < 500
    assert np.isclose(((run(X[30:]) - Y[30:]) ** 2).sum(1).mean() / 2, run.history[best]["validation"])


# ---- checkpoints -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["numpy", "torch", "jax", "dask"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_run_goes_on_to_the_same_numbers(tmp_path, backend, dtype):
    """Bit for bit, with the best weights so far, on every backend in both precisions."""
    library = pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
    file = tmp_path / "run.safetensors"

    def run(epochs, checkpoint=None):
        given = {"validation": (X[:9], Y[:9]), "patience": 9, "backend": backend, "dtype": dtype}
        return fit(NETWORK, (X, Y), quadratic, quickly, epochs=epochs, batch=16, checkpoint=checkpoint, **given)

    with library.enable_x64(dtype == "float64") if backend == "jax" else contextlib.nullcontext():
        whole = run(6)
        for epochs in (1, 2, 5):
            run(epochs, file)
        resumed = run(6, file)

    assert same(*(tuple(map(np.asarray, flat(r.weights))) for r in (whole, resumed)))
    assert whole.history == resumed.history


@pytest.mark.parametrize("kind", ["a list of trees", "a forest"])
def test_a_run_over_trees_goes_on_to_the_same_numbers(tmp_path, kind):
    """Other trees than before are seen, however little they differ."""
    model, (trees, labels) = folding_network(2), lists_of_bits(12, (1, 4), np.random.default_rng(0))
    file, made = tmp_path / "run.safetensors", forest if kind == "a forest" else list

    def run(epochs, samples=trees, checkpoint=None):
        return fit(model, (made(samples), labels), quadratic, quickly, epochs=epochs, batch=5, checkpoint=checkpoint)

    whole = run(4)
    run(2, checkpoint=file)
    assert same(whole.weights, run(4, checkpoint=file).weights)
    almost = [refilled(trees[0], (a + 1e-12 for a in reals(trees[0]))), *trees[1:]]
    with pytest.raises(BadSpecification, match="another data"):
        run(4, almost, file)


KILLED = """
import os, sys
import numpy as np
from catcore_backends.training import fitting
from catcore.learning.losses import quadratic
from tests.backends.test_training import NETWORK, X, Y, quickly
from catcore_backends import fit
steps = 0
class Dying(fitting._Run):
    def _step(self, chosen, number):
        global steps
        steps += 1
        if steps == 11:
            os._exit(9)
        return super()._step(chosen, number)
fitting._Run = Dying
fit(NETWORK, (X, Y), quadratic, quickly, epochs=6, batch=16, checkpoint=sys.argv[1])
"""


def test_a_killed_run_goes_on_to_the_same_numbers(tmp_path):
    """The process dies in the third epoch; the file holds the second."""
    file, script = tmp_path / "run.safetensors", tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED))
    path = os.pathsep.join(str(ROOT / part) for part in ("", "backends", "proofs"))
    done = subprocess.run([sys.executable, script, file], env={**os.environ, "PYTHONPATH": path}, timeout=120)
    resumed = fit(NETWORK, (X, Y), quadratic, quickly, epochs=6, batch=16, checkpoint=file)
    whole = fit(NETWORK, (X, Y), quadratic, quickly, epochs=6, batch=16)

    assert done.returncode == 9
    assert same(whole.weights, resumed.weights)
    assert whole.history == resumed.history


def test_a_damaged_checkpoint_is_refused_and_kept(tmp_path):
    file = tmp_path / "run.safetensors"
    fit(NETWORK, (X, Y), quadratic, quickly, epochs=1, checkpoint=file)
    content = file.read_bytes()
    for damaged in (content[:100], b"", b"no tensors", content[:-8]):
        file.write_bytes(damaged)
        with pytest.raises(BadSpecification, match="is damaged or no safetensors file"):
            fit(NETWORK, (X, Y), quadratic, quickly, epochs=2, checkpoint=file)
        assert file.read_bytes() == damaged


def test_a_single_changed_bit_is_refused_and_kept(tmp_path):
    """In the numbers as well, where the file stays a good one of tensors: the checksum tells."""
    file = tmp_path / "run.safetensors"
    fit(NETWORK, (X, Y), quadratic, quickly, epochs=1, checkpoint=file)
    content = file.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(content), 60).tolist():
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        file.write_bytes(damaged)
        with pytest.raises(BadSpecification, match="damaged"):
            fit(NETWORK, (X, Y), quadratic, quickly, epochs=2, checkpoint=file)
        assert file.read_bytes() == damaged


NONSENSE: dict[str, list[Any]] = {
    "epoch": ["1", -1, 0.5, None, True, 2, 10**30],
    "history": ["abc", [1], [{"a": "b"}], [{"validation": 1.0}], [], None],
    "best": [None, ["a", 1], [1.0], [1.0, 2], 3],
    "run": ["x", None, [1], {}],
    "format": [3],
}


@pytest.mark.parametrize("wrong", [{key: value} for key, values in NONSENSE.items() for value in values], ids=str)
def test_metadata_that_make_no_sense_are_refused_and_kept(tmp_path, wrong):
    """Also where whoever wrote the file knew how to make its checksum."""
    from safetensors import safe_open
    from safetensors.numpy import load_file, save

    file = tmp_path / "run.safetensors"
    fit(NETWORK, (X, Y), quadratic, quickly, epochs=1, checkpoint=file)
    tensors = load_file(file)
    with safe_open(file, framework="numpy") as opened:
        text = json.dumps({**json.loads(opened.metadata()["catcore"]), **wrong})
    file.write_bytes(save(tensors, {"catcore": text, "checksum": checkpoints._checksum(tensors, text)}))
    content = file.read_bytes()

    with pytest.raises(BadSpecification, match=r"no run of this version|belongs to a run with another"):
        fit(NETWORK, (X, Y), quadratic, quickly, epochs=2, checkpoint=file)
    assert file.read_bytes() == content


def test_the_checkpoint_of_another_run_is_refused_and_kept(tmp_path):
    file = tmp_path / "run.safetensors"
    fit(NETWORK, (X, Y), quadratic, quickly, epochs=1, checkpoint=file)
    content, started = file.read_bytes(), fit(NETWORK, (X, Y), quadratic, quickly, epochs=1).weights
    other = (
        ("model", lambda: fit(dense(2, 3), (X, Y), quadratic, quickly, checkpoint=file)),
        ("loss", lambda: fit(NETWORK, (X, Y), softmax_cross_entropy, quickly, checkpoint=file)),
        ("optimiser", lambda: fit(NETWORK, (X, Y), quadratic, momentum, checkpoint=file)),
        ("rate", lambda: fit(NETWORK, (X, Y), quadratic, quickly, rate=-2, checkpoint=file)),
        ("data", lambda: fit(NETWORK, (X + 1, Y), quadratic, quickly, checkpoint=file)),
        ("batch", lambda: fit(NETWORK, (X, Y), quadratic, quickly, batch=9, checkpoint=file)),
        ("seed", lambda: fit(NETWORK, (X, Y), quadratic, quickly, seed=1, checkpoint=file)),
        ("dtype", lambda: fit(NETWORK, (X, Y), quadratic, quickly, dtype="float32", checkpoint=file)),
        ("validation", lambda: fit(NETWORK, (X, Y), quadratic, quickly, validation=(X, Y), checkpoint=file)),
        ("first weights", lambda: fit(NETWORK, (X, Y), quadratic, quickly, weights=started, checkpoint=file)),
    )
    for what, run in other:
        with pytest.raises(BadSpecification, match=f"belongs to a run with another {what}"):
            run()
    assert file.read_bytes() == content


LINE = R()
UNKNOWN = generator("unknown", LINE, LINE)
SCALED = ParaMap(LINE, arrow(LINE * LINE, LINE)(lambda x: UNKNOWN(smooth("multiply", LINE * LINE)(x[0], x[1]))))


class Scaling:
    """A function that is an object."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return self.factor * x


def scaling(factor, *, by=lambda a, x: a * x):
    return lambda x: by(factor, x)


@pytest.mark.parametrize(
    ("meaning", "another"),
    [
        (lambda x: 2 * x, lambda x: 3 * x),
        (lambda x: x + x, lambda x: x - x),
        (scaling(2.0), scaling(3.0)),
        (scaling(2.0), scaling(2.0, by=lambda a, x: a + x)),
        (scaling(np.asarray([2.0])), scaling(np.asarray([3.0]))),
        (Scaling(2.0), Scaling(3.0)),
        (Scaling(2.0).__call__, Scaling(3.0).__call__),
        (functools.partial(np.multiply, 2.0), functools.partial(np.multiply, 3.0)),
        (np.sin, np.cos),
        ("sin", "cos"),
        (smooth("sin", LINE), smooth("cos", LINE)),
    ],
)
def test_a_checkpoint_is_refused_where_a_generator_means_something_else(tmp_path, meaning, another):
    file, x = tmp_path / "run.safetensors", np.linspace(-1, 1, 8)

    def run(epochs, given, where):
        generators = {"unknown": given, "R[unknown]": lambda p: p[1]}
        return fit(SCALED, (x, x), quadratic, ascent, rate=-0.1, epochs=epochs, checkpoint=where, generators=generators)

    whole = run(4, meaning, None)
    run(2, meaning, file)
    with pytest.raises(BadSpecification, match="another meaning of the generators"):
        run(4, another, file)
    assert same(run(4, meaning, file).weights, whole.weights)


def test_functions_that_are_written_alike_mean_the_same():
    assert meanings({"g": scaling(2.0)}) == meanings({"g": scaling(2.0)})
    assert meanings({"g": Scaling(2.0)}) == meanings({"g": Scaling(2.0)})
    assert meanings({"g": np.sin}) != meanings({"f": np.sin})
    assert meanings({}) is meanings(None) is None


def test_the_meaning_of_a_function_is_the_same_in_another_process():
    text = (
        "import numpy as np\nfrom catcore_backends.training.meanings import meanings\n"
        "print(meanings({'g': lambda x: np.sin(x) if x.ndim in {1, 2, 'a', 'b'} else [y for y in x]}))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", text],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": h},
        ).stdout
        for h in "12"
    }
    assert len(found) == 1


def test_a_checkpoint_of_another_backend_is_refused(tmp_path):
    pytest.importorskip("torch")
    file = tmp_path / "run.safetensors"
    fit(NETWORK, (X, Y), quadratic, quickly, epochs=1, checkpoint=file)
    with pytest.raises(BadSpecification, match=r"another backend \(numpy, and here torch\)"):
        fit(NETWORK, (X, Y), quadratic, quickly, epochs=2, backend="torch", checkpoint=file)


def test_weights_of_another_program_are_no_checkpoint(tmp_path):
    from safetensors.numpy import save_file

    file = tmp_path / "run.safetensors"
    save_file({"w": np.ones(3)}, file)
    with pytest.raises(BadSpecification, match="was not written by fit"):
        fit(NETWORK, (X, Y), quadratic, quickly, checkpoint=file)


def test_bad_places_are_refused_before_any_work(tmp_path):
    with pytest.raises(BadSpecification, match="its name ends in"):
        fit(NETWORK, (X, Y), quadratic, quickly, checkpoint=tmp_path / "run.pt")
    with pytest.raises(Unwritable, match="cannot be written"):
        fit(NETWORK, (X, Y), quadratic, quickly, checkpoint=tmp_path / "none" / "run.safetensors")


# ---- failures ----------------------------------------------------------------------------------------------------


def test_a_loss_that_is_no_number_stops_with_the_step_and_the_term(tmp_path):
    logarithm = ParaMap(R(2, 3), smooth("matmul", R(2, 3) * R(3)) >> smooth("log", R(2)))
    file = tmp_path / "run.safetensors"
    with pytest.raises(NotFinite, match=r"epoch 1, step 1: the loss is not finite, .* from the term log"):
        fit(logarithm, (X, Y), quadratic, quickly, checkpoint=file)
    assert not file.exists()


def test_weights_that_explode_stop_the_run():
    with pytest.raises(NotFinite, match=r"epoch \d+, step \d+: .* from the term"):
        fit(dense(2, 3, "square"), (X, Y), quadratic, ascent, rate=-100, epochs=50)


def test_validation_samples_whose_loss_is_no_number_stop_the_run():
    with pytest.raises(NotFinite, match="after epoch 1: the loss of the validation samples is not finite"):
        fit(NETWORK, (X, Y), quadratic, quickly, validation=(X * np.nan, Y))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (([[1.0, 2.0, 3.0], [1.0]], Y[:2]), "rows of different lengths"),
        ((1.0, 2.0), "a single number"),
        ((X * 1j, Y), "complex128"),
        (({"a": 1}, Y), "object"),
    ],
)
def test_data_of_other_kinds_is_refused(data, sentence):
    with pytest.raises(ShapeMismatch, match=sentence):
        fit(NETWORK, data, quadratic, quickly)


def test_weights_and_places_of_other_kinds_are_refused():
    odd: Any = 3
    with pytest.raises(BadSpecification, match="name of a file, and 3"):
        fit(NETWORK, (X, Y), quadratic, quickly, checkpoint=odd)
    with pytest.raises(WrongDtype, match="real numbers is needed at weights, and one of object"):
        fit(ParaMap(R(3), smooth("multiply", R(3) * R(3))), (X, X), quadratic, quickly, weights=np.array([None] * 3))


def test_data_that_is_no_number_is_named():
    bad = X.copy()
    bad[3, 1] = np.nan
    with pytest.raises(NotFinite, match="from the data or the weights that went in"):
        fit(NETWORK, (bad, Y), quadratic, quickly)


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"data": (X, Y[:-1])}, ShapeMismatch, "equally many inputs and labels as data"),
        ({"data": X}, ShapeMismatch, "fit takes a pair of inputs and labels as data"),
        ({"data": (X[:0], Y[:0])}, ShapeMismatch, "at least one"),
        ({"data": (X[:, :2], Y)}, ShapeMismatch, "takes an array of shape"),
        ({"loss": 3}, IllTyped, "fit takes a loss and an optimiser"),
        ({"optimiser": "adam"}, IllTyped, "fit takes a loss and an optimiser"),
        ({"epochs": -1}, IllTyped, "a whole number for epochs, from 0 on"),
        ({"batch": 0}, IllTyped, "a whole number for batch, from 1 on"),
        ({"patience": 1.5}, IllTyped, "a whole number for patience"),
        ({"weights": (1, 2, 3)}, ShapeMismatch, "A pair is needed at weights"),
        (
            {"weights": ((np.ones((2, 5)), 0), (0, 0))},
            ShapeMismatch,
            r"of shape \(2, 6\) is needed at weights\[0\]\[0\]",
        ),
        ({"model": 3}, IllTyped, "A parametric map is needed here"),
        ({"model": smooth("tanh", R(2))}, IllTyped, "fit trains parameters, and"),
        ({"dtype": "int8"}, IllTyped, "fit trains in 'float32' or 'float64'"),
        ({"seed": -1}, IllTyped, "a whole number for seed, from 0 on"),
        ({"data": ("ab", "cd")}, ShapeMismatch, "arrays of numbers as data"),
        ({"data": (np.asarray([None] * 50), Y)}, ShapeMismatch, "arrays of numbers as data"),
    ],
)
def test_refusals(change, error, sentence):
    given: dict[str, Any] = {"model": NETWORK, "data": (X, Y), "loss": quadratic, "optimiser": quickly, "epochs": 1}
    with pytest.raises(error, match=sentence):
        fit(**{**given, **change})


def test_no_epochs_leave_the_first_weights():
    run = fit(NETWORK, (X, Y), quadratic, quickly, epochs=0)

    assert run.history == ()
    assert same(run.weights, fit(NETWORK, (X, Y), quadratic, momentum, epochs=0).weights)


def test_progress_is_shown_on_a_terminal_only():
    quiet, loud = io.StringIO(), io.StringIO()
    for stream, show in ((quiet, None), (loud, True)):
        line = Progress(3, 4, show, stream)
        line.step(1, 4, 0.5)
        line.close()

    assert quiet.getvalue() == ""
    assert "epoch 1/3" in loud.getvalue()
    assert "loss 0.5" in loud.getvalue()


def test_the_gradient_in_the_program_is_one_product_of_matrices():
    step = problem(dense(4, 3), quadratic, ascent, -0.1).compiled(20, "numpy", "float64", None)

    assert step.program.source.count("# matmul") == 2


@pytest.mark.slow
def test_the_benchmark_computes_what_pytorch_does():
    pytest.importorskip("torch", reason="the extra torch is not installed")
    from tests.benchmarks.training import main

    assert main(["--quick"]) == 0
