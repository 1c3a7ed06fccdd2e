"""The same programs elsewhere: what a test computes with NumPy is computed by another library too, and agrees.

Inside :func:`also_on` each call of a compiled arrow or parametric map, a gradient, a tied layer or a network on arrays
of NumPy is made on arrays of the library as well.  What comes out must be arrays of that library, of the same shapes
and dtypes, and agree: to 1e-10 in double precision, to 1e-4 in single precision, integers and truth values exactly.
The test goes on with NumPy's answers, so that whatever else it asserts is asserted of the library's answers up to that.
"""

from __future__ import annotations

import contextlib
import functools as ft
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from catcore.arrows import Arrow
from catcore_backends.compiler.compiling import Compiled
from catcore_backends.compiler.parametric_maps import CompiledMap
from catcore_backends.gradients import Gradient
from catcore_backends.layers.layer import Layer
from catcore_backends.layers.networks import Network
from catcore_backends.recursion.forests import Forest

#: In double precision and in single precision, relative and absolute.
DOUBLE, SINGLE = 1e-10, 1e-4
#: How many calls of one test are made elsewhere, so that many random samples do not take long where programs are
#: compiled for every shape.
CALLS = 3
#: What is called, and how it is made for another backend.
CALLED: dict[tuple[Any, str], Callable[[Any, str], Any]] = {
    (Compiled, "__call__"): lambda run, backend: _compiled(run, backend),
    (CompiledMap, "__call__"): lambda run, backend: _compiled(run, backend),
    (Gradient, "__call__"): lambda run, backend: _gradient(run, backend),
    **{(Layer, name): lambda run, backend: _layer(run, backend) for name in ("__call__", "vjp", "matrix")},
    **{(Network, name): lambda run, backend: _network(run, backend) for name in ("__call__", "vjp")},
}


def assert_agree(library: Any, found: Any, wanted: Any, where: str = "") -> None:
    """Answers of a library are its own arrays, and what NumPy's are."""
    if isinstance(wanted, Forest):
        assert_agree(library, _tables(found), _tables(wanted), f"{where}.tables")
    elif isinstance(wanted, dict):
        assert list(found) == list(wanted), where
        assert_agree(library, tuple(found.values()), tuple(wanted.values()), where)
    elif isinstance(wanted, tuple):
        assert isinstance(found, tuple), where
        assert len(found) == len(wanted), where
        for i, (ours, theirs) in enumerate(zip(found, wanted, strict=True)):
            assert_agree(library, ours, theirs, f"{where}[{i}]")
    elif isinstance(wanted, np.ndarray):
        assert type(found) is type(library.array(np.zeros(1))), f"{where}: {type(found)}"
        here = library.numpy(found)
        assert (here.shape, here.dtype) == (wanted.shape, wanted.dtype), where
        np.testing.assert_allclose(here, wanted, **_tolerance(wanted.dtype), err_msg=where)


def _tolerance(dtype: Any) -> dict[str, Any]:
    if dtype.kind not in "fc":
        return {"rtol": 0, "atol": 0}
    size = DOUBLE if np.finfo(dtype).bits >= 64 else SINGLE
    return {"rtol": size, "atol": size}


def _tables(forest: Forest) -> Any:
    """A forest as nested arrays."""
    return forest.roots, tuple(
        (tuple(b for b in g.branches if not isinstance(b, slice)), tuple(g.labels)) for g in forest.groups
    )


@contextlib.contextmanager
def also_on(library: Any) -> Iterator[None]:
    """Within it, what is called on arrays of NumPy is called on those of the library too."""
    budget = [CALLS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "_call_directly", lambda run: None)  # later calls would pass by what is patched here
        for (kind, name), elsewhere in CALLED.items():
            patch.setattr(kind, name, _twice(vars(kind)[name], elsewhere, library, budget))
        yield


def _twice(call: Any, elsewhere: Callable[[Any, str], Any], library: Any, budget: list[int]) -> Any:
    """A method that is called on arrays of a library as well; calls inside one another count once."""
    made: dict[int, Any] = {}

    @ft.wraps(call)
    def both(run: Any, *given: Any, **options: Any) -> Any:
        left, budget[0] = budget[0], 0
        try:
            answer = call(run, *given, **options)
            if left and _of_numpy((given, options)) and _of_numpy(answer):
                if id(run) not in made:
                    made[id(run)] = run, elsewhere(run, library.backend)  # run is kept, so that its id stays its own
                other = made[id(run)][1]
                if other is not None:
                    left -= 1
                    assert_agree(library, call(other, *_moved(library, given), **_moved(library, options)), answer)
            return answer
        finally:
            budget[0] = left

    return both


def _of_numpy(x: Any) -> bool:
    """Whether all arrays are NumPy's, and of numbers."""
    if isinstance(x, tuple | list):
        return all(map(_of_numpy, x))
    if isinstance(x, dict):
        return all(map(_of_numpy, x.values()))
    if isinstance(x, np.ndarray):
        return x.dtype in (np.float64, np.float32, np.int64, np.int32, np.bool_)
    return not hasattr(x, "__array_namespace__") and not type(x).__module__.startswith(("torch", "jax", "dask"))


def _moved(library: Any, x: Any) -> Any:
    if isinstance(x, tuple | list):
        return type(x)(_moved(library, part) for part in x)
    if isinstance(x, dict):
        return {key: _moved(library, part) for key, part in x.items()}
    if isinstance(x, Forest):
        return x.over(library.xp)
    return library.array(x) if isinstance(x, np.ndarray) else x


# ---- the same for another backend ---------------------------------------------------------------------------------


def _portable(generators: Any) -> bool:
    """Whether what generators mean is said by terms, and not by functions of NumPy."""
    return all(isinstance(meaning, str | Arrow) for meaning in (generators or {}).values())


def _compiled(run: Any, backend: str) -> Any:
    kind, (term, own, shapes, generators, *rest) = run.__reduce__()
    if own not in ("numpy", "auto") or not _portable(generators):
        return None
    return kind(term, backend, shapes, generators, *rest)


def _gradient(run: Any, backend: str) -> Any:
    kind, (term, own, alpha, shapes, generators, dtype) = run.__reduce__()
    if own not in ("numpy", "auto") or not _portable(generators):
        return None
    return kind(term, backend, alpha, shapes, generators, dtype)


def _layer(run: Layer, backend: str) -> Any:
    if run.backend not in ("numpy", "auto"):
        return None
    bias, method = run.bias_shape is not None, run._asked_for
    return Layer(run.space, channels=run.channels, bias=bias, backend=backend, method=method)


def _network(run: Network, backend: str) -> Any:
    return Network(run.described, backend=backend) if run.backend in ("numpy", "auto") else None
