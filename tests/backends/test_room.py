"""No room, at every door and on every library: one sentence, and the arrays of the failed call are let go.

What is asked for is 2⁴⁵ bytes and more, from arrays of a few megabytes, so it is refused at once.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from catcore.arrows import case, fold, generator
from catcore.categories.smooth import constant, smooth
from catcore.equivariance import Representation, cyclic, equivariant_maps
from catcore.errors import OutOfMemory
from catcore.functors import Id
from catcore.learning.losses import quadratic
from catcore.learning.optimisers import descent
from catcore.objects import R, mu
from catcore.para import ParaMap
from catcore_backends import compile_arrow
from catcore_backends.gradients import gradient
from catcore_backends.recursion.forests import forest_of_lists
from catcore_backends.training.fitting import fit

N = 2**22
V = R(2)
OUTER = smooth("matmul", R(N, 1) * R(1, N))
LOSS = OUTER >> smooth("tanh", R(N, N)) >> smooth("sum", R(N, N))
SWAP = Representation.permutation(cyclic(2), {"s": [1, 0]})
LISTS = mu(1 + R() * Id)
ALGEBRA = case(constant(0), generator("g", R() * R(), R()))


def _whole(library: Any, values: Any) -> Any:
    """Numbers as an array of the library, in one block where it has blocks."""
    return library.xp.from_array(values, chunks=-1) if library.name == "dask" else library.array(values)


def _huge(library: Any) -> Callable[..., Any]:
    """A function of users that asks for 2⁵⁰ bytes; the blocks of Dask's arrays are NumPy's."""
    xp = np if library.name == "dask" else library.xp
    return lambda x: xp.ones((2**47,), dtype=xp.float64)


def _program(library: Any, column: Any, row: Any) -> Any:
    return compile_arrow(OUTER, library.backend)((column[None, ...], row))


def _auto(library: Any, column: Any, row: Any) -> Any:
    return compile_arrow(OUTER, "auto")((column[None, ...], row))


def _shared(library: Any, column: Any, row: Any) -> Any:
    return compile_arrow(OUTER, library.backend, shared=True)((column, row))


def _map(library: Any, column: Any, row: Any) -> Any:
    return compile_arrow(ParaMap(R(N, 1), OUTER), library.backend)(column, row)


def _gradient(library: Any, column: Any, row: Any) -> Any:
    return gradient(LOSS, library.backend)((column, row))


def _fold(library: Any, column: Any, row: Any) -> Any:
    run = compile_arrow(fold(LISTS, ALGEBRA), library.backend, generators={"g": _huge(library)})
    return run(forest_of_lists(LISTS, np.ones((1, 2))))


def _layer(library: Any, column: Any, row: Any) -> Any:
    layer = equivariant_maps(SWAP, SWAP).layer(backend=library.backend, channels=(1, N), method="dense")
    return layer(_whole(library, np.ones((2, N, 1), "float32")), library.xp.reshape(row, (N // 2, 1, 2)))


def _training(library: Any, column: Any, row: Any) -> Any:
    model = ParaMap(R(N, 1), LOSS)
    options: dict[str, Any] = {"weights": np.ones((N, 1)), "epochs": 1, "dtype": "float32"}
    return fit(model, (row, library.array(np.ones(1))), quadratic, descent, backend=library.backend, **options)


DOORS = (_program, _auto, _shared, _map, _gradient, _fold, _layer, _training)


def _computed(answer: Any) -> None:
    for part in answer if isinstance(answer, tuple) else (answer,):
        if hasattr(part, "compute"):
            part.compute()


@pytest.mark.parametrize("door", DOORS, ids=lambda f: f.__name__.strip("_"))
def test_no_room_is_one_sentence_and_the_arrays_are_let_go(door, library):
    if library.name == "numpy-readonly":
        pytest.skip("it has the memory of NumPy")
    if (library.name, door) == ("jax", _gradient):
        pytest.skip("a small answer is not waited for: JAX's own error comes when it is read, as its backend says")
    seen = [weakref.ref(a) for a in _tried(door, library)]
    gc.collect()
    assert [ref() is None for ref in seen] == [True, True]


def _tried(door: Any, library: Any) -> tuple[Any, Any]:
    """The arrays that a door was given, which nothing else may keep."""
    column, row = (_whole(library, np.ones(shape, "float32")) for shape in ((N, 1), (1, 1, N)))
    with pytest.raises(OutOfMemory, match=r"was applied to .* there was no room .* Give fewer rows at a time"):
        _computed(door(library, column, row))
    return column, row


def test_the_sentence_keeps_no_array_of_what_was_computed(library):
    made = []

    def seen(x: Any) -> Any:
        y = x + 1
        if x.shape[0]:  # Dask asks with no rows what an answer looks like, and keeps that
            made.append(weakref.ref(y))
        return y

    arrow = generator("f", V, V) >> generator("g", V, V)
    run = compile_arrow(arrow, "auto", generators={"f": seen, "g": _huge(library)})
    for _ in range(2):
        with pytest.raises(OutOfMemory) as caught:
            _computed(run(library.array(np.ones((3, 2)))))
        gc.collect()
        assert made
        assert all(ref() is None for ref in made), "the exception, still held, keeps an array"
        assert caught.value.__cause__ is None
