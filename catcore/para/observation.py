"""What a cell says in so many steps: the finite observations of an unfolding, as maps that run on arrays (THEORY T4.5).

An unfolding network, a Mealy machine and a Moore machine unfold for ever; a batch of states, with a batch of inputs, is
run for a number of steps with one copy of the parameters.  Inputs and outputs are right-nested tuples,
``i₁ × (i₂ × …)``, first step first.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> I, O, P, S = atoms("I O P S")
>>> print(outputs(ParaMap(P, generator("c", P * S, O * S)), 3).signature)
S → O × (O × O) with parameter P
>>> print(outputs(ParaMap(P, generator("m", P * S, (O * S) ** I)), 2).signature)
S × (I × I) → O × O with parameter P
>>> print(outputs(ParaMap(P, generator("n", P * S, O * S ** I)), 2).signature)
S × (I × I) → O × (O × O) with parameter P
"""

from __future__ import annotations

from typing import Any

from catcore.errors import IllTyped
from catcore.objects import Exponential, Ob, Product
from catcore.para.actegories import CARTESIAN, flat, nest
from catcore.para.maps import ParaMap
from catcore.tracing import trace


def outputs(cell: ParaMap, steps: int) -> ParaMap:
    """The outputs of so many steps of a coalgebra: of ``S → O × S``, of ``S → (O × S)^I`` or of ``S → O × S^I``.

    A Moore machine says something before its first input, so it has one output more than inputs.

    Raises:
        IllTyped: when the cell is none of these, or the number of steps is not at least 1.
    """
    if type(steps) is not int or steps < 1:
        raise IllTyped(f"A cell is run for at least one step, and {steps!r} was asked for.")
    state = cell.dom
    match cell.cod:
        case Product(args=(output, after)) if after is state:
            return _run(cell, steps, None, output, _stream)
        case Exponential(args=(Product(args=(output, after)), given)) if after is state:
            return _run(cell, steps, given, output, _mealy)
        case Product(args=(output, Exponential(args=(after, given)))) if after is state:
            return _run(cell, steps, given, output, _moore)
    raise IllTyped(
        f"A cell S → O × S, S → (O × S)^I or S → O × S^I is run step by step, and {cell.signature} was given."
    )


def _run(cell: ParaMap, steps: int, given: Ob | None, output: Ob, run: Any) -> ParaMap:
    count = len(cell.params)
    inputs = () if given is None else (given,) * steps
    source = cell.dom if given is None else cell.dom * CARTESIAN.whole(inputs)

    def body(x: Any) -> Any:
        *params, last = flat(x, count + 1)
        state, read = (last, []) if given is None else (last[0], flat(last[1], steps))
        return nest(run(lambda s: cell.arrow(nest([*params, s])), state, read, steps))

    said = steps + (run is _moore)
    return ParaMap(cell.params, trace(body, CARTESIAN.act(cell.params, source), CARTESIAN.whole((output,) * said)))


def _stream(step: Any, state: Any, read: list[Any], steps: int) -> list[Any]:
    said = []
    for _ in range(steps):
        output, state = step(state)
        said.append(output)
    return said


def _mealy(step: Any, state: Any, read: list[Any], steps: int) -> list[Any]:
    said = []
    for i in read:
        output, state = step(state)(i)
        said.append(output)
    return said


def _moore(step: Any, state: Any, read: list[Any], steps: int) -> list[Any]:
    said = []
    for i in read:
        output, following = step(state)
        said.append(output)
        state = following(i)
    return [*said, step(state)[0]]
