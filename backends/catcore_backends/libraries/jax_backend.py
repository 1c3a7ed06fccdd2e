"""JAX: arrays that are traced, differentiated and compiled.  Needs the extra ``jax``.

``compile_arrow(f, "jax")`` and ``gradient(f, "jax")`` give functions under ``jax.jit``, except where states are
unfolded, which looks at their numbers, and on data, whose levels are compiled each for itself; ``"auto"`` runs the same
program operation by operation on JAX arrays, for use inside a ``jax.jit`` or a ``jax.grad`` of one's own.  NumPy's
arrays of 64 bits are cut to 32, as everywhere in JAX, unless ``jax.config.update("jax_enable_x64", True)``; a
``dtype=`` of 64 bits is refused then.

JAX computes while Python goes on, and what fails there is told to who reads the answer.  So that a lack of room is told
in our sentence, by the call itself, the answers of what runs operation by operation are waited for: compiled arrows
with ``"auto"``, folds over trees, layers, networks.  Under ``jax.jit`` an arrow or a gradient is weighed when JAX
traces it for new shapes: once it makes arrays of 64 mebibytes together, its answers are waited for.  In smaller ones,
and inside a ``jax.jit`` of one's own, JAX's own error ``RESOURCE_EXHAUSTED`` comes when the answer is read.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from math import prod
from typing import Any

import numpy as np

from catcore.errors import BackendMissing, NotInterpreted
from catcore.objects import One
from catcore_backends.backend import Backend
from catcore_backends.batches import arrays
from catcore_backends.elements import Entrance, Guarded
from catcore_backends.libraries.conversion import NO_NUMBERS, Followed, misread
from catcore_backends.libraries.failures import settled
from catcore_backends.libraries.jax_programs import looking
from catcore_backends.library import Link, Run

#: The answers of a program are waited for that makes arrays of so many bytes together: it computes for so long that the
#: wait does not count.
_LARGE = 2**26


class JaxBackend(Backend):
    """JAX with its compiler."""

    def executable(self, link: Link, *, shared: bool = False, totals: tuple[int, ...] = ()) -> Run:
        """The program under ``jax.jit``, compiled once for each shape of its batch; large ones are waited for.

        Where states are unfolded, which the first call finds out, it runs operation by operation.
        """
        xp = self.namespace()
        from jax import Array, jit
        from jax.core import Tracer

        program = link(xp)
        guarded = program if isinstance(program, Guarded) else Guarded(program, Entrance(One))
        traced = jit(guarded.noting, static_argnums=1)
        large = unfolds = False

        def weighed(x: Any, batch: int) -> Any:  # runs when JAX meets new shapes, and never else
            nonlocal large
            large = large or _made(traced.trace(x, batch).jaxpr) >= _LARGE
            return traced(x, batch)

        compiled = jit(weighed, static_argnums=1)

        def run(x: Any, batch: int) -> Any:
            nonlocal unfolds
            if unfolds:
                return by_operations(program, xp)(x, batch)
            if not all(isinstance(a, Array) or _plain(a) for a in arrays(x)):
                return settled(program(x, batch))  # a forest has a loop of its own; anything else is for the door
            x, rows = guarded.entrance.look(x)  # jax.jit does not know the numbers
            try:
                found, wrong = compiled(x, batch)
            except Followed:
                unfolds = True
                return run(x, batch)
            except looking() as error:
                raise NotInterpreted(
                    "A generator of this arrow looks at the numbers it is given, which jax.jit does not know while it "
                    f"compiles ({type(error).__name__}). Write it with jax.numpy, or compile with backend='auto'."
                ) from error
            if large:
                settled(found)
            if rows is None and wrong is not None and not isinstance(wrong, Tracer):
                return program(x, batch) if bool(wrong) else found  # one by one, the answers are refused
            return guarded.marked(found, rows, wrong)

        return run

    def device(self, name: Any) -> Any:
        """JAX's device of a name such as ``"cpu"`` or ``"gpu:1"``."""
        self.namespace()
        import jax

        if not isinstance(name, str):
            return name
        platform, _, number = name.partition(":")
        try:
            return jax.devices(platform)[int(number or 0)]
        except (RuntimeError, ValueError, IndexError) as error:
            here = ", ".join(sorted({f"'{d.platform}:{d.id}'" for d in jax.devices()}))
            raise BackendMissing(f"The device {name!r} was asked for, and JAX has {here}. Use one of these.") from error

    def on(self, device: Any) -> AbstractContextManager[Any]:
        """A context in which arrays made from nothing lie on this device."""
        import jax

        found: AbstractContextManager[Any] = jax.default_device(device)
        return found


def _made(program: Any) -> int:
    """How many bytes the arrays have together that a program of JAX makes, those of programs within it among them.

    It is more than the program needs: XLA fuses operations, and frees what it has read.  What a loop makes counts once.
    """
    program = getattr(program, "jaxpr", program)
    own = sum(_bytes(v.aval) for operation in program.eqns for v in operation.outvars)
    return own + sum(_made(p) for operation in program.eqns for p in arrays([*operation.params.values()]) if _runs(p))


def _runs(x: Any) -> bool:
    """Whether a parameter of an operation is a program."""
    return hasattr(x, "eqns") or hasattr(x, "jaxpr")


def _bytes(kind: Any) -> int:
    """The bytes of an array as JAX describes it; other things have none."""
    return prod(kind.shape) * kind.dtype.itemsize if hasattr(kind, "shape") else 0


def by_operations(program: Run, xp: Any) -> Run:
    """A program that runs operation by operation, on NumPy's arrays as well."""
    return lambda x, batch: settled(program(_moved(x, xp), batch))


def _moved(x: Any, xp: Any) -> Any:
    """A batch with NumPy's arrays as JAX's, as ``jax.jit`` takes them; trees and odd things stay as they are."""
    if isinstance(x, tuple | list):
        return type(x)(_moved(part, xp) for part in x)
    numbers = isinstance(x, np.ndarray | np.generic) and x.dtype.kind not in NO_NUMBERS and misread(x) is None
    return xp.asarray(x) if numbers else x


def _plain(x: Any) -> bool:
    """Whether something is an array of NumPy's that JAX reads as it is."""
    return type(x) is np.ndarray and x.dtype.kind in "biuf" and x.dtype.itemsize <= 8 and x.dtype.isnative


backend = JaxBackend("jax", "jax.numpy", "Install it with: pip install 'catcore[jax]'")
