"""A compiled arrow as one CUDA graph: for static shapes a whole program is a single launch.

What a program launches depends on the shapes of its batch alone, because nothing is decided while the numbers are
computed.  So it is recorded once, on arrays of its own, and replayed: a batch is copied into these, the graph is
launched, and the results are copied out.  The arrays that it computes with are taken from a memory pool of the graph's
own, so that nothing else is ever put in their place.

CuPy records kernels, and no call of cuBLAS; what is recorded multiplies by a kernel of its own
(:mod:`~catcore_backends.libraries.cuda.products`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catcore.datatypes.data import Data
from catcore.errors import CatError, NotInterpreted
from catcore_backends.batches import arrays, mapped
from catcore_backends.libraries.cuda.devices import device_of
from catcore_backends.libraries.cuda.pool import separate
from catcore_backends.libraries.cuda.products import for_recording
from catcore_backends.recursion.forests import Forest

if TYPE_CHECKING:
    from catcore_backends.compiler.compiling import Compiled


class Captured:
    """A compiled arrow captured for the shapes of an example; batches of other shapes are captured anew.

    It is called as the arrow is, on any stream: calls wait for each other, because they share their arrays.

    Args:
        run: the arrow, compiled for CuPy.
        given: what it is called with.
        batch: the number of rows, where the domain holds no array.

    Attributes:
        inputs: the arrays that the graph reads.  A batch of these very arrays is not copied: write to them in place.

    Raises:
        NotInterpreted: where the program multiplies large matrices, has a function that calls cuBLAS, or looks at
            values on the host while it runs, as folds of data do.
    """

    def __init__(self, run: Compiled, given: tuple[Any, ...], batch: int) -> None:
        self.run = run
        self._like: Any = None  # what the graph was recorded for
        self._done: Any = None  # the end of the last call
        self._capture(given, batch)

    def __call__(self, *given: Any, batch: int = 1, copy: bool = True) -> Any:
        """Apply the arrow.

        Args:
            given: what the arrow takes.
            batch: the number of rows; read only when the domain holds no array.
            copy: whether the results are arrays of their own; otherwise the next call overwrites them.
        """
        if (_kind(given), batch) != self._like:
            self._capture(given, batch)
        from cupy.cuda import get_current_stream

        with self._device:
            stream = get_current_stream()
            stream.wait_event(self._done)
            for place, array in zip(arrays(self.inputs), arrays(given), strict=True):
                if array is not place:
                    place[...] = array
            self._graph.launch(stream=stream)
            found = mapped(lambda a: a.copy(), self._outputs) if copy else self._outputs
            self._done = stream.record()
        return found

    def _capture(self, given: tuple[Any, ...], batch: int) -> None:
        """Record the program on copies of what is given; the capture of before stays where that fails."""
        from cupy.cuda import Stream, get_current_stream, using_allocator

        _refuse_host(self.run, given)
        given = _tupled(given)
        self.run(*given, batch=batch)  # what is wrong is refused, and constants are made where they may stay
        device = device_of(given)
        with device:
            pool, stream = separate(), Stream(non_blocking=True)
            inputs = mapped(lambda a: a.copy(), given)
            stream.wait_event(get_current_stream().record())
            with stream, using_allocator(pool.malloc), for_recording():
                self.run(*inputs, batch=batch)  # the pool holds the arrays, and every kernel is compiled
                stream.synchronize()
                with _recording(stream) as graphs:
                    outputs = self.run(*inputs, batch=batch)
            done = stream.record()
        self.inputs, self._outputs, self._graph = inputs, outputs, graphs[0]
        self._pool, self._device, self._done = pool, device, done
        self._like = _kind(given), batch

    def __repr__(self) -> str:
        return f"{self.run!r}.captured(…)"


@contextlib.contextmanager
def _recording(stream: Any) -> Iterator[list[Any]]:
    """Record what is launched on a stream; the list holds the graph afterwards.  A failure leaves the stream usable."""
    from cupy.cuda import runtime

    graphs: list[Any] = []
    stream.begin_capture()
    try:
        yield graphs
        graphs.append(stream.end_capture())
    except BaseException as error:
        if stream.is_capturing():
            with contextlib.suppress(runtime.CUDARuntimeError):  # it is broken already, and so ends here
                stream.end_capture()
        if isinstance(error, CatError) or not isinstance(error, Exception):
            raise
        if isinstance(error, NotImplementedError):
            raise _refused(
                f"a function that it was given calls cuBLAS, of which CuPy records nothing ({error})"
            ) from error
        raise _on_host(f"it does while it is recorded ({type(error).__name__}: {str(error)[:120]})") from error


def _refuse_host(run: Compiled, given: tuple[Any, ...]) -> None:
    if any(kind == "fold" for kind, *_ in run.code.program.constants.values()):
        raise _on_host("it folds data, whose shapes say how many steps there are")
    for a in arrays(given):
        if isinstance(a, Forest | Data):
            raise _on_host("it takes data, whose shapes differ from batch to batch")


def _on_host(why: str) -> NotInterpreted:
    return _refused(f"the arrow has to look at its values on the host: {why}")


def _refused(why: str) -> NotInterpreted:
    return NotInterpreted(
        f"A CUDA graph of a compiled arrow was asked for, and {why}. Call it without capturing, or capture the parts "
        "around that step."
    )


def _kind(x: Any) -> Any:
    """What a graph is recorded for: how arrays are nested, and the shape, dtype and device of each."""
    if isinstance(x, tuple | list):
        return tuple(map(_kind, x))
    return getattr(x, "shape", None), getattr(x, "dtype", None), str(getattr(x, "device", None)), type(x)


def _tupled(x: Any) -> Any:
    return tuple(map(_tupled, x)) if isinstance(x, tuple | list) else x
