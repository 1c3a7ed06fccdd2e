"""One CUDA kernel for a run of operations: CuPy compiles its source when it is first needed, once for each dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catcore_backends.compiler.fusion import Run

#: The dtypes that a kernel is compiled for; others are left to the library, operation by operation.
REALS = ("float32", "float64")


def launched(run: Run, plain: Callable[..., Any]) -> Callable[..., Any]:
    """The run as one launch; ``plain`` takes what the kernel is not for: integers, half precision, several dtypes."""
    from cupy import ElementwiseKernel

    given, results = parameters(run)
    kernel = ElementwiseKernel(given, results, run.operation, name=f"catcore_{run.name}")
    kinds = run.kinds[0]

    def call(*arrays: Any) -> Any:
        found = {(kind, a.dtype.name) for kind, a in zip(kinds, arrays, strict=True)}
        reals = [name for kind, name in found if kind == "T"]
        fits = len(reals) == 1 and reals[0] in REALS and all(name == "bool" for kind, name in found if kind == "bool")
        return kernel(*arrays) if fits else plain(*arrays)

    return call


def parameters(run: Run) -> tuple[str, str]:
    """The arguments and results of a run, as CuPy wants them declared."""
    sides = zip((run.arguments, run.results), run.kinds, strict=True)
    given, results = (", ".join(f"{k} {n}" for k, n in zip(kinds, names, strict=True)) for names, kinds in sides)
    return given, results
