"""Machines on arrays: a batch of states is run over a batch of inputs, one step after the other (THEORY T4.5, T3.2).

The step of a cell is compiled once; what is said at each step is stacked, and the parameters are held once.  The
program does not grow with the number of steps.

>>> import numpy as np
>>> from catcore.objects import R
>>> from catcore.para import ParaMap, parametric
>>> from catcore.para.architectures import mealy
>>> from catcore.para.architectures.elements import on, plus
>>> @parametric(R(), R() * R(), R() * R())
... def sums(w, x):                                      # the state is the weighted sum of all inputs
...     new = plus(x[0], on("multiply", w, x[1]))
...     return new, new
>>> run = compile_machine(mealy(sums))
>>> said, last = run(np.array(2.0), np.zeros(1), np.array([[1.0, 2.0, 3.0]]))
>>> said.tolist(), last.tolist()
([[2.0, 6.0, 12.0]], [12.0])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catcore.errors import ShapeMismatch
from catcore.objects import One
from catcore.para import ParaMap
from catcore.para.observation import machine
from catcore_backends.batches import arrays, picked
from catcore_backends.compiler.compiling import compile_arrow
from catcore_backends.installed import library
from catcore_backends.libraries.failures import explaining, settled


def compile_machine(
    cell: ParaMap,
    backend: str = "numpy",
    *,
    shapes: Mapping[Any, Any] | None = None,
    generators: Mapping[str, Any] | None = None,
    dtype: str | None = None,
) -> CompiledMachine:
    """The function that runs a cell ``S → O × S``, ``S → (O × S)^I`` or ``S → O × S^I`` on batches.

    The options are those of :func:`~catcore_backends.compile_arrow`.

    Raises:
        IllTyped: when the cell is none of these.
        NotInterpreted: when the cell has no meaning in arrays.
    """
    return CompiledMachine(cell, backend, shapes, generators, dtype)


class CompiledMachine:
    """A compiled machine: ``run(params, states, inputs)`` gives all that is said, and the last states."""

    def __init__(
        self,
        cell: ParaMap,
        backend: str = "numpy",
        shapes: Mapping[Any, Any] | None = None,
        generators: Mapping[str, Any] | None = None,
        dtype: str | None = None,
    ) -> None:
        self.machine = machine(cell)
        self.options = (backend, shapes, generators, dtype)
        given: dict[str, Any] = {"shapes": shapes, "generators": generators, "dtype": dtype}
        self.step = compile_arrow(self.machine.step, backend, **given)
        self.said = compile_arrow(self.machine.said, backend, **given) if self.machine.kind == "moore" else None

    @explaining("A machine")
    def __call__(self, *given: Any, steps: int | None = None) -> tuple[Any, Any]:
        """Run the machine.

        Args:
            given: the parameters, as for a compiled parametric map and left out where there are none, a batch of
                states, and a batch of inputs of shape ``(batch, length, …)``, in the groups that I is made of.
            steps: how many steps a machine that reads nothing takes.

        Returns:
            The outputs, of shape ``(batch, length, …)``, for a Moore machine one more than inputs, and the last states.

        Raises:
            ShapeMismatch: when there are other arguments, or inputs of several lengths.
            WrongDtype, OutOfMemory, MixedDevices: as when an arrow is applied.
        """
        reads = self.machine.given is not One
        wanted = bool(self.machine.cell.params) + 1 + reads
        if len(given) != wanted or (steps is None) != reads:
            names = ["params"] * bool(self.machine.cell.params) + ["states"] + ["inputs" if reads else "steps=n"]
            raise ShapeMismatch(
                f"A machine {self.machine.cell.signature} is run as run({', '.join(names)}), and {len(given)} "
                f"arguments {'with' if steps is not None else 'without'} steps= were given."
            )
        params, state = given[: bool(self.machine.cell.params)], given[-1 - reads]
        length = _length(given[-1]) if reads else _counted(steps)
        said = []
        for i in range(length):
            read = picked(given[-1], (slice(None), i, ...)) if reads else ()
            output, state = self.step(*params, (state, read))
            said.append(output)
        if self.said is not None:
            said.append(self.said(*params, state))
        xp = library(self.options[0]).namespace(*arrays(state))
        return settled((_stacked(xp, said), state))  # type: ignore[no-any-return]

    def release(self) -> None:
        """Give memory that the library keeps, and no array uses, back to the device."""
        self.step.backend.release()

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.machine.cell, *self.options))

    def __repr__(self) -> str:
        return f"compile_machine({self.machine.cell!r}, {self.options[0]!r})"


def _length(inputs: Any) -> int:
    shapes = [tuple(getattr(x, "shape", ())) for x in arrays(inputs)]
    found: set[Any] = {shape[1] if len(shape) > 1 else None for shape in shapes}
    if len(found) != 1 or None in found:
        raise ShapeMismatch(
            "Inputs of shape (batch, length, …) are needed, of one length in every array, and "
            f"{', '.join(map(str, shapes))} were given."
        )
    return int(found.pop())


def _counted(steps: Any) -> int:
    if type(steps) is not int or steps < 1:
        raise ShapeMismatch(f"A machine that reads nothing takes at least one step, and steps={steps!r} was given.")
    return steps


def _stacked(xp: Any, said: Sequence[Any]) -> Any:
    """Outputs of all steps, with the steps on axis 1."""
    if not said:
        raise ShapeMismatch(
            "A machine was to be run over inputs of length 0, and says nothing. Give one input or more."
        )
    if isinstance(said[0], tuple):
        return tuple(_stacked(xp, [x[i] for x in said]) for i in range(len(said[0])))
    return xp.stack(list(said), axis=1)
