"""Runs of operations entry by entry: the same numbers in fewer calls, and kernels that compilers take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catcore.arrows import case, fst, ident, pair, snd
from catcore.categories.smooth import smooth
from catcore.learning import reverse_derivative
from catcore.objects import R
from catcore.para.architectures import feed_forward
from catcore_backends import compile_arrow
from catcore_backends.compiler.c_expressions import in_c
from catcore_backends.compiler.fusion import MOST_ARRAYS, MOST_OPERATIONS, Run, with_runs
from catcore_backends.compiler.linking import link
from catcore_backends.compiler.program import Program, written
from catcore_backends.compiler.symbolic import Array, Extent, Namespace
from catcore_backends.libraries.cuda.kernels import parameters
from tests.backends import cupy_stand_in as cupy
from tests.backends.cuda_compilers import compilers, kernel_source
from tests.backends.host_kernels import COMPILER, compiled

V = R(3)
ADD, TANH = smooth("add", V * V), smooth("tanh", V)
STEP = pair(ident(V), smooth("sin", V)) >> ADD >> TANH
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C++ compiler is installed")


def chain(rounds):
    term = STEP
    for _ in range(rounds - 1):
        term = term >> STEP
    return term


TERMS = {
    "chain": chain(4),
    "activations": smooth("sigmoid", V) >> smooth("softplus", V) >> smooth("relu", V),
    "two results": pair(STEP >> smooth("exp", V), STEP >> smooth("square", V)),
    "softmax": smooth("softmax", V) >> TANH,
    "slopes": reverse_derivative(chain(2)),
    "a choice": case(TANH >> smooth("exp", V), smooth("abs", V) >> smooth("sqrt", V)),
    "products": pair(smooth("multiply", V * V) >> TANH, fst(V, V) >> TANH) >> ADD >> smooth("sigmoid", V),
}


def batch_of(ob, rng):
    if ob is V:
        return rng.normal(size=(5, 3))
    if type(ob).__name__ == "Coproduct":
        return np.arange(5) % 2, batch_of(ob.left, rng), batch_of(ob.right, rng)
    return batch_of(ob.left, rng), batch_of(ob.right, rng)


def close(found, expected, *, rtol):
    if isinstance(expected, tuple):
        for a, b in zip(found, expected, strict=True):
            close(a, b, rtol=rtol)
    else:
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol)


def on_device(x):
    return tuple(map(on_device, x)) if isinstance(x, tuple) else cupy.put(x)


def on_host(x):
    return tuple(map(on_host, x)) if isinstance(x, tuple) else x.get()


@pytest.mark.parametrize("name", TERMS)
def test_the_numbers_are_those_of_the_program_as_it_was(name):
    import array_api_compat.numpy as xp

    code = compile_arrow(TERMS[name]).code
    x = batch_of(TERMS[name].dom, np.random.default_rng(0))

    assert "run0(" in code.source("cupy")
    close(link(code.fused, xp)(x, 5), link(code.general, xp)(x, 5), rtol=0)


@needs_compiler
@pytest.mark.parametrize("name", TERMS)
def test_the_kernels_give_the_same_numbers(name):
    """On the stand-in for the device, which has the kernels' source compiled for the host."""
    x = batch_of(TERMS[name].dom, np.random.default_rng(1))
    with cupy.installed() as machine:
        found = on_host(compile_arrow(TERMS[name], "cupy")(on_device(x)))
        kernels = [event for event in machine.words("launch") if event[1].startswith("catcore_run")]

    assert kernels
    close(found, compile_arrow(TERMS[name])(x), rtol=1e-12)


@needs_compiler
def test_a_chain_is_one_launch():
    x = np.ones((4, 3))
    with cupy.installed() as machine:
        run = compile_arrow(chain(8), "cupy")
        given = cupy.put(x)
        machine.log.clear()
        run(given)
        assert [event[1] for event in machine.words("launch")] == ["catcore_run0"]
        machine.log.clear()
        run(cupy.put(x.astype(np.float16)))
        assert len(machine.words("launch")) == 24, "half precision is left to the library"


@needs_compiler
def test_several_dtypes_are_left_to_the_library():
    term = ADD >> TANH
    x, y = np.ones((4, 3), np.float32), np.full((4, 3), 0.1)
    with cupy.installed():
        found = compile_arrow(term, "cupy")((cupy.put(x), cupy.put(y))).get()

    assert found.dtype == np.float64
    np.testing.assert_allclose(found, np.tanh(x + y), rtol=1e-15)


def test_a_network_is_as_many_runs_as_it_has_nonlinear_layers():
    code = compile_arrow(feed_forward(3, 5, 5, 2)).code
    runs = [f for f in code.fused.apart if isinstance(f, Run)]

    assert [len(run.statements) for run in runs] == [4, 4]  # bias, sign, zeros, choice
    assert {len(run.results) for run in runs} == {1}


@pytest.mark.parametrize("library", ["numpy", "torch", "jax", "dask", "auto"])
def test_programs_for_other_libraries_stay_as_they_are(library):
    assert "run0" not in compile_arrow(chain(3)).code.source(library)


def test_a_run_ends_where_something_else_reads_it():
    """The sum reads the exponentials, so the quotient cannot be in their run; what it reads of them is given back."""
    code = compile_arrow(smooth("softmax", V) >> TANH).code
    runs = [f for f in code.fused.apart if isinstance(f, Run)]

    assert [len(run.statements) for run in runs] == [2, 2]
    assert runs[0].results[0] in runs[1].arguments


def test_runs_are_bounded():
    code = compile_arrow(chain(MOST_OPERATIONS)).code
    runs = [f for f in code.fused.apart if isinstance(f, Run)]

    assert sum(len(run.statements) for run in runs) == 3 * MOST_OPERATIONS
    assert all(len(run.statements) <= MOST_OPERATIONS for run in runs)
    assert all(len(run.arguments) + len(run.results) <= MOST_ARRAYS for run in runs)


@pytest.mark.parametrize("count", [MOST_ARRAYS // 2, MOST_ARRAYS, 2 * MOST_ARRAYS + 5])
def test_a_run_with_too_many_results_is_cut_and_not_lost(count):
    """One result for each of many names: a launch takes a bounded number of arrays, so there are several."""
    import array_api_compat.numpy as xp

    steps = [STEP]
    for _ in range(count - 1):
        steps.append(steps[-1] >> STEP)
    whole = steps[0]
    for step in steps[1:]:
        whole = pair(whole, step)
    code = compile_arrow(whole).code
    runs = [f for f in code.fused.apart if isinstance(f, Run)]
    x = np.random.default_rng(0).normal(size=(4, 3))

    assert sum(len(run.statements) for run in runs) == 3 * count, "every operation is in a run"
    assert all(len(run.arguments) + len(run.results) <= MOST_ARRAYS for run in runs)
    assert (len(runs) > 1) == (count + 1 > MOST_ARRAYS)
    close(link(code.fused, xp)(x, 4), link(code.general, xp)(x, 4), rtol=0)


# ---- any program -------------------------------------------------------------------------------------------------

OPERATIONS = ("sin", "+", "*", "maximum", "where", "sum", "flip", "row")


def drawn(choices):
    """A program of drawn operations on two batches and a row, with what it returns."""
    program = Program()
    xp = Namespace(program)
    names = [program.door(f"x[{k}]") for k in range(3)]
    shapes = ((Extent("batch"), 3), (Extent("batch"), 3), (3,))
    arrays = [Array(xp, name, shape) for name, shape in zip(names, shapes, strict=True)]
    for array in arrays:
        xp.facts[array.name] = type("Fact", (), {"array": array, "function": "", "view": True})()
    for word, i, j in choices:
        a, b = arrays[i % len(arrays)], arrays[j % len(arrays)]
        arrays.append(
            {
                "sin": lambda a, b: xp.sin(a),
                "+": lambda a, b: a + b,
                "*": lambda a, b: a * 0.5 + b * b,
                "maximum": lambda a, b: xp.maximum(a, b),
                "where": lambda a, b: xp.where(a > b, a, -b),
                "sum": lambda a, b: xp.sum(a, axis=-1, keepdims=True) * 0.1,
                "flip": lambda a, b: xp.flip(a, axis=-1),
                "row": lambda a, b: a[..., :1] + b,
            }[word](a, b)
        )
    return program, xp, tuple(dict.fromkeys(a.name for a in arrays[-3:]))


CHOICES = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 30), st.integers(0, 30))


@given(st.lists(CHOICES, min_size=3, max_size=25))
def test_any_program_computes_the_same(choices):
    import array_api_compat.numpy as xp

    program, symbolic, results = drawn(choices)
    statements = program.needed(results)
    fused, runs = with_runs(statements, symbolic.facts, results)
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=3)]
    found = []
    for lines, functions in ((statements, []), (fused, runs)):
        names: dict[str, Any] = {"xp": xp}
        holes = ", ".join("{}" for _ in results)
        text = "\n".join([*(f.source for f in functions), written("program(x, batch)", lines, f"({holes},)", results)])
        exec(text, names)
        found.append(names["program"](x, 4))

    assert len(fused) + sum(len(run.statements) - 1 for run in runs) == len(statements)
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a, b)
    assert_runs_are_entrywise(runs, symbolic)


def assert_runs_are_entrywise(runs, symbolic):
    for run in runs:
        assert len({symbolic.facts[s.name].array.shape for s in run.statements}) == 1
        assert all("sum" not in s.template and "flip" not in s.template for s in run.statements)


# ---- C -----------------------------------------------------------------------------------------------------------

UNARY = "abs acos acosh asin asinh atan atanh ceil conj cos cosh exp expm1 floor log log1p log2 log10 negative round"
UNARY += " sign sin sinh sqrt square tan tanh trunc ones_like zeros_like"
EXPRESSIONS = [f"xp.{word}(v0)" for word in UNARY.split()]
EXPRESSIONS += [f"xp.{word}(v0, v1)" for word in "atan2 hypot logaddexp maximum minimum pow divide".split()]
EXPRESSIONS += ["v0 + v1", "v0 - 2", "-3.5 * v0", "1 / v0", "v0 ** 2", "v0 ** 3", "v0 ** 1.5", "2 ** v0", "-v0"]
EXPRESSIONS += ["xp.where(v0 < v1, v0, 0)", "xp.where(v2, float('-inf'), v1)", "xp.where(~v2 & (v0 >= 1e-05), v0, v1)"]
EXPRESSIONS += ["v0 <= v1", "v0 != v1", "xp.isfinite(v0)", "xp.isnan(v0)", "xp.isinf(v0)", "v2 | (v0 == v1)"]
EXPRESSIONS += [
    "xp.logical_and(v2, xp.greater(v0, v1))",
    "xp.logical_not(v2)",
    "float('inf') + v0",
    "v0 * 123456789.25",
]
ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, 1e-30, -1e30, np.inf, -np.inf, np.nan)


@needs_compiler
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_c_says_what_numpy_computes_also_of_infinity_and_of_no_number(dtype):
    import array_api_compat.numpy as xp

    values = np.asarray([(a, b, c) for a in ODD for b in ODD for c in (0, 1)])
    given = values[:, 0].astype(dtype), values[:, 1].astype(dtype), values[:, 2].astype(bool)
    names = {"v0": given[0], "v1": given[1], "v2": given[2], "xp": xp}
    terms: list[Any] = [in_c(text, {"v0": "T", "v1": "T", "v2": "bool"}) for text in EXPRESSIONS]
    lines = [f"r{k} = {term[0]};" for k, term in enumerate(terms)]
    results = ", ".join(f"{term[1]} r{k}" for k, term in enumerate(terms))
    found = compiled("T v0, T v1, bool v2", results, "\n".join(lines))(given)
    for text, a in zip(EXPRESSIONS, found, strict=True):
        with np.errstate(all="ignore"):
            expected = eval(text, names)
        assert a.dtype == expected.dtype, text
        np.testing.assert_allclose(a, expected, rtol=1e-6 if dtype == "float32" else 1e-14, err_msg=text)


OTHERS = "xp.sum(v0); v0 @ v1; v0[0]; v0.T; xp.flip(v0, axis=0); v3 + v0; 2 + 3; v2 + v0; ~v0; v0 & v2; v0 % v1; "
OTHERS += "xp.where(v0, v0, v1); xp.where(v2, 1, 2); xp.sin(v0, v1); xp.pow(v0); xp.erf(v0); v0 < v1 < v0; 'a' * v0; "
OTHERS += "v0 + 9007199254740993; float('nan') + v0; xp.maximum(xp.sin(v0), v1)"


@pytest.mark.parametrize("text", OTHERS.split("; "))
def test_what_does_not_act_entry_by_entry_has_no_c(text):
    assert in_c(text, {"v0": "T", "v1": "T", "v2": "bool"}) is None


@pytest.fixture(params=["NVRTC", "nvcc"])
def assembly(request):
    """What one of CUDA's compilers makes of a source."""
    found = compilers().get(request.param)
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    return found


def entries(assembly, sources):
    """The code of each kernel; all are in one source, since a compiler takes long to start."""
    named = [source.replace(" kernel(", f" kernel{k}(") for k, source in enumerate(sources)]
    code = assembly("\n".join(f"namespace n{k} {{\n{source}\n}}" for k, source in enumerate(named)))
    found = {part.partition("(")[0]: part for part in code.split(".visible .entry ")[1:]}
    return [found[f"kernel{k}"] for k in range(len(sources))]


@pytest.mark.parametrize("real", ["float", "double"])
def test_cuda_compiles_the_kernels(assembly, real):
    runs = [f for term in TERMS.values() for f in compile_arrow(term).code.fused.apart if isinstance(f, Run)]
    found = entries(assembly, [kernel_source(*parameters(run), run.operation, real) for run in runs])

    assert all("st.global" in code for code in found)


@pytest.mark.parametrize("real", ["float", "double"])
def test_cuda_compiles_every_expression(assembly, real):
    terms: list[Any] = [in_c(text, {"v0": "T", "v1": "T", "v2": "bool"}) for text in EXPRESSIONS]
    given = "T v0, T v1, bool v2"
    found = entries(assembly, [kernel_source(given, f"{kind} r", f"r = {term};", real) for term, kind in terms])
    for text, code in zip(EXPRESSIONS, found, strict=True):
        turns = any(word in text for word in ("sin(", "cos(", "tan("))  # CUDA reduces large angles in doubles
        assert real == "double" or turns or ".f64" not in code, f"{text} is computed in double precision"


def test_cuda_refuses_what_it_does_not_know(assembly):
    with pytest.raises(AssertionError, match="no_such_function"):
        assembly(kernel_source("T v0", "T r", "r = no_such_function(v0);", "float"))


def test_projections_are_no_operations():
    assert "run0" not in compile_arrow(pair(snd(V, V), fst(V, V))).code.source("cupy")
