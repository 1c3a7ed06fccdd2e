"""Every door and every odd thing that may be brought to it: an answer or a sentence, on every library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from catcore.arrows import case, fold, ident
from catcore.categories.smooth import constant, smooth
from catcore.datatypes.semirings import MIN_PLUS
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.equivariance.networks import Linear, Sequential
from catcore.errors import CatError, IllTyped, ShapeMismatch, WrongDtype
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import FinSet, R, mu
from catcore.para import ParaMap
from catcore_backends import compile_arrow, get_backend
from catcore_backends.gradients import gradient
from catcore_backends.layers.networks import Network
from catcore_backends.layers.orbits import orbit_labels
from catcore_backends.recurrences import Option, Recurrence
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.training.fitting import fit

V = R(2)
PRODUCT = smooth("matmul", R(1, 2) * V)
MODEL = ParaMap(R(1, 2), PRODUCT)
SWAP = Representation.permutation(cyclic(2), {"s": [1, 0]})
NETWORK = Sequential(Linear(SWAP, SWAP))
LISTS = mu(1 + R() * Id)
TOTAL = fold(LISTS, case(constant(0), smooth("add", R() * R())))
STEPS = Recurrence(lambda i: [Option(0, when=i == 0), Option(1, [(i - 1,)], when=i > 0)], (5,))

Doors = dict[str, Callable[[Any], Any]]


def _programs(library: Any) -> Doors:
    backend, array = library.backend, library.array
    rows, w, tags = array(np.ones((3, 2))), array(np.ones((1, 2))), array([0, 1, 0])
    add, places = compile_arrow(smooth("add", V * V), backend), compile_arrow(ident(FinSet(3)), backend)
    cases = compile_arrow(case(smooth("square", V), ident(V)), backend)
    shared, map_ = compile_arrow(PRODUCT, backend, shared=True), compile_arrow(MODEL, backend)
    slopes = gradient(PRODUCT >> smooth("sum", R(1)), backend)
    total = compile_arrow(TOTAL, backend)
    return {
        "arrow": compile_arrow(smooth("square", V), backend),
        "the first of two": lambda odd: add((odd, rows)),
        "the second of two": lambda odd: add((rows, odd)),
        "places": places,
        "tags": lambda odd: cases((odd, rows, rows)),
        "a side of a sum": lambda odd: cases((tags, rows, odd)),
        "shared parameters": lambda odd: shared((odd, rows)),
        "rows beside parameters": lambda odd: shared((w, odd)),
        "parameters of a map": lambda odd: map_(odd, rows),
        "rows of a map": lambda odd: map_(w, odd),
        "a gradient": slopes,
        "parameters of a gradient": lambda odd: slopes((odd, rows)),
        "rows of a gradient": lambda odd: slopes((w, odd)),
        "a fold": total,
        "lists": lambda odd: total(forest_of_lists(LISTS, odd)),
    }


def _layers(library: Any) -> Doors:
    backend, array = library.backend, library.array
    layer, network = equivariant_maps(SWAP, SWAP).layer(backend=backend, bias=True), Network(NETWORK, backend=backend)
    theta, x = array(np.ones((2, 1, 1))), array(np.ones((3, 1, 2)))
    given = {name: array(np.ones(shape)) for name, shape in network.parameters.items()}
    name, matrix = next(iter(given)), layer.matrix(theta)
    return {
        "θ": lambda odd: layer(odd, x),
        "x": lambda odd: layer(theta, odd),
        "θ of a reverse derivative": lambda odd: layer.vjp(odd, x, x),
        "x of a reverse derivative": lambda odd: layer.vjp(theta, odd, x),
        "ȳ of a reverse derivative": lambda odd: layer.vjp(theta, x, odd),
        "θ of a matrix": layer.matrix,
        "a matrix": lambda odd: layer.apply(odd, x),
        "x beside a matrix": lambda odd: layer.apply(matrix, odd),
        "β": layer.bias_vector,
        "a parameter of a network": lambda odd: network({**given, name: odd}, x),
        "all parameters of a network": lambda odd: network(odd, x),
        "x of a network": lambda odd: network(given, odd),
        "a parameter, backwards": lambda odd: network.vjp({**given, name: odd}, x, x),
        "x of a network, backwards": lambda odd: network.vjp(given, odd, x),
        "ȳ of a network": lambda odd: network.vjp(given, x, odd),
    }


def _others(library: Any) -> Doors:
    backend, rows, labels = library.backend, library.array(np.ones((3, 2))), library.array(np.ones((3, 1)))

    def trained(data: Any, **options: Any) -> Any:
        return fit(MODEL, data, quadratic, descent, epochs=1, backend=backend, **options)

    predicted = trained((rows, labels))
    late = (
        {}
        if library.name == "jax"
        else {  # a step is compiled before these are met, which takes JAX long
            "first weights": lambda odd: trained((rows, labels), weights=odd),
            "inputs of the validation": lambda odd: trained((rows, labels), validation=(odd, labels)),
        }
    )
    return late | {
        "a state": lambda odd: STEPS.solve(odd, MIN_PLUS, backend=backend),
        "columns of states": lambda odd: STEPS.solve((odd,), MIN_PLUS, backend=backend),
        "all samples": trained,
        "inputs": lambda odd: trained((odd, labels)),
        "labels": lambda odd: trained((rows, odd)),
        "a trained model": predicted,
        "an array": get_backend(backend).asarray,
        "an index map": lambda odd: orbit_labels([odd], backend=backend),
    }


def _odd(library: Any) -> Iterator[tuple[str, Any]]:
    """What is nowhere a batch, or one of other rows or of another dtype than most doors take."""
    yield from {"None": None, "a text": "abc", "bytes": b"ab", "a number": 1.5, "a huge integer": 10**30}.items()
    yield from {"ragged lists": [[1.0], [1.0, 2.0]], "arrays of several lengths": [np.ones(2), np.ones(3)]}.items()
    yield from {"ragged tuples": ([1], [1, 2]), "no parts": (), "no list": [], "a dictionary": {"a": 1}}.items()
    yield from {"a set": {1, 2}, "a function": len, "a type": int, "texts in a tuple": ("a", "b")}.items()
    yield from {kind: np.ones((3, 2)).astype(kind) for kind in ("<U1", "object", "M8[s]")}.items()
    yield "a masked array", np.ma.masked_array(np.ones((3, 2)), np.eye(3, 2) > 0)
    yield "records", np.zeros((3, 2), [("a", float)])
    for kind in ("complex128", "bool", "int8", "uint8"):
        yield kind, library.array(np.ones((3, 2), kind))
    for shape in ((), (3,), (0, 2), (3, 5), (1, 1, 1, 1)):
        yield f"shape {shape}", library.array(np.ones(shape))
    yield "numbers that are no places", library.array([0, -1, 9])
    if library.name not in ("torch", "jax"):
        torch = pytest.importorskip("torch", reason="the extra torch is not installed")
        for kind in ("float64", "bfloat16"):
            yield f"{kind} of PyTorch", torch.ones((3, 2), dtype=getattr(torch, kind))


def _raw(door: Callable[[Any], Any], odd: Any) -> str:
    """What gets out that is no sentence of ours; empty where nothing does."""
    try:
        _forced(door(odd))
    except CatError as sentence:
        return "" if len(str(sentence)) > 40 and "." in str(sentence) else f"says only {str(sentence)!r}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:80]}"
    return ""


def _forced(answer: Any) -> None:
    for part in answer if isinstance(answer, tuple) else answer.values() if isinstance(answer, dict) else ():
        _forced(part)
    if hasattr(answer, "compute"):
        answer.compute()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("doors", [_programs, _layers, _others], ids=lambda f: f.__name__.strip("_"))
def test_no_door_lets_an_error_of_a_library_out(doors, library):
    if library.name == "numpy-readonly":
        pytest.skip("what is refused is so as with arrays that may be written to")
    out = {
        (place, name): found
        for place, door in doors(library).items()
        for name, odd in _odd(library)
        if (found := _raw(door, odd))
    }
    assert out == {}


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ([[1.0], [1.0, 2.0]], r"list was given, of which NumPy makes no array.*equally long"),
        ((np.ones(2, int), np.ones(3, int)), r"the columns have shapes \(2,\), \(3,\)\. Give as many numbers"),
    ],
)
def test_columns_of_states_are_equally_long(start, words):
    with pytest.raises(ShapeMismatch, match=words):
        STEPS.solve(start, MIN_PLUS)


def test_a_matrix_and_parameters_of_another_kind_are_named():
    layer, network = equivariant_maps(SWAP, SWAP).layer(backend="numpy"), Network(NETWORK, backend="numpy")
    x = np.ones((3, 1, 2))
    with pytest.raises(ShapeMismatch, match=r"matrix of shape \(1, 2, 1, 2\).* and \(3, 2\) was given.*its matrix"):
        layer.apply(np.ones((3, 2)), x)
    with pytest.raises(IllTyped, match=r"dictionary of arrays by name, and ndarray was given; initial\(\) makes one"):
        network(x, x)


def test_labels_of_trees_are_numbers_on_every_library(library):
    trees = forest_of_lists(LISTS, np.asarray([["a", "b"]]))
    with pytest.raises(WrongDtype, match=r"dtype .*U1"):
        library.numpy(compile_arrow(TOTAL, library.backend)(trees))


def test_orbits_and_training_on_every_library(library):
    found = orbit_labels([[1, 0, 2], library.array([0, 1, 2])], backend=library.backend)
    assert library.numpy(found).tolist() == [0, 0, 2]

    x = np.random.default_rng(0).normal(size=(8, 2))
    samples = tuple(map(library.array, (x, x @ [[1.0], [2.0]])))
    options: dict[str, Any] = {"rate": -0.1, "epochs": 2, "batch": 4, "validation": samples}
    here = fit(MODEL, samples, quadratic, descent, backend=library.backend, **options)
    alone = fit(MODEL, (x, x @ [[1.0], [2.0]]), quadratic, descent, **options | {"validation": None})
    np.testing.assert_allclose(library.numpy(here.weights), alone.weights, atol=1e-10)
