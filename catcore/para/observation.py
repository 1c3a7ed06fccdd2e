"""What a cell says: the finite observations of an unfolding (THEORY T4.5).

An unfolding network, a Mealy machine and a Moore machine unfold for ever.  What they say in so many steps is a map with
one copy of the parameters, in two forms.  :func:`outputs` is for a fixed number of steps, its inputs and outputs
right-nested tuples ``i₁ × (i₂ × …)``, first step first.  :func:`transduction` is for inputs in a list of any length;
its term does not grow with them.  On arrays ``catcore_backends.recursion.machines`` runs the step that both are made
of.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> I, O, P, S = atoms("I O P S")
>>> print(outputs(ParaMap(P, generator("c", P * S, O * S)), 3).signature)
S → O × (O × O) with parameter P
>>> print(outputs(ParaMap(P, generator("m", P * S, (O * S) ** I)), 2).signature)
S × (I × I) → O × O with parameter P
>>> print(outputs(ParaMap(P, generator("n", P * S, O * S ** I)), 2).signature)
S × (I × I) → O × (O × O) with parameter P
>>> print(transduction(ParaMap(P, generator("m", P * S, (O * S) ** I))).signature)
S × (μX. 1 + I × X) → μX. 1 + O × X with parameter P
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import ident, inl, inr
from catcore.datatypes.accumulations import accumulate
from catcore.errors import IllTyped
from catcore.objects import Exponential, Ob, One, Product
from catcore.para.actegories import CARTESIAN, flat, nest
from catcore.para.maps import ParaMap, needed
from catcore.points import at
from catcore.structures.lists import LIST, cons, nil, single
from catcore.tracing import trace


@dataclass(frozen=True)
class Machine:
    """A cell that is run step by step, taken apart.

    Args:
        cell: the cell.
        kind: ``"stream"`` for ``S → O × S``, ``"mealy"`` for ``S → (O × S)^I``, ``"moore"`` for ``S → O × S^I``.
        output: the object O.
        given: the object I; 1 for a stream.
    """

    cell: ParaMap
    kind: str
    output: Ob
    given: Ob

    @property
    def state(self) -> Ob:
        """The object S."""
        return self.cell.dom  # type: ignore[no-any-return]

    @property
    def step(self) -> ParaMap:
        """``S × I → O × S``: what is said and the state after one input."""
        source = CARTESIAN.act(self.cell.params, self.state * self.given)
        step = trace(self._stepped, source, self.output * self.state)
        return ParaMap(self.cell.params, at(step, ident(source)))  # inputs go into the functions that wait for them

    def _stepped(self, x: Any) -> Any:
        *params, (state, read) = flat(x, len(self.cell.params) + 1)
        found = self.cell.arrow(nest([*params, state]))
        if self.kind == "moore":
            return found[0], found[1](read)
        return found(read) if self.kind == "mealy" else found

    @property
    def said(self) -> ParaMap:
        """``S → O``: what a stream or a Moore machine says in a state."""
        source = CARTESIAN.act(self.cell.params, self.state)
        return ParaMap(self.cell.params, trace(lambda x: self.cell.arrow(x)[0], source, self.output))


def machine(given: Any) -> Machine:
    """A cell ``S → O × S``, ``S → (O × S)^I`` or ``S → O × S^I`` as what is run step by step.

    Raises:
        IllTyped: when the cell is none of these.
    """
    cell = needed(given)
    state = cell.dom
    match cell.cod:
        case Product(args=(output, after)) if after is state:
            return Machine(cell, "stream", output, One)
        case Exponential(args=(Product(args=(output, after)), read)) if after is state:
            return Machine(cell, "mealy", output, read)
        case Product(args=(output, Exponential(args=(after, read)))) if after is state:
            return Machine(cell, "moore", output, read)
    raise IllTyped(
        f"A cell S → O × S, S → (O × S)^I or S → O × S^I is run step by step, and {cell.signature} was given."
    )


def outputs(cell: ParaMap, steps: int) -> ParaMap:
    """The outputs of so many steps of a coalgebra: of ``S → O × S``, of ``S → (O × S)^I`` or of ``S → O × S^I``.

    A Moore machine says something before its first input, so it has one output more than inputs.

    Raises:
        IllTyped: when the cell is none of these, or the number of steps is not at least 1.
    """
    if type(steps) is not int or steps < 1:
        raise IllTyped(f"A cell is run for at least one step, and {steps!r} was asked for.")
    of = machine(cell)
    count, step = len(cell.params), of.step
    reads = of.given is not One
    source = of.state * CARTESIAN.whole((of.given,) * steps) if reads else of.state

    def body(x: Any) -> Any:
        *params, last = flat(x, count + 1)
        state, read = (last[0], flat(last[1], steps)) if reads else (last, [()] * steps)
        said = []
        for i in read:
            output, state = step.arrow(nest([*params, (state, i)]))
            said.append(output)
        return nest([*said, of.said.arrow(nest([*params, state]))] if of.kind == "moore" else said)

    target = CARTESIAN.whole((of.output,) * (steps + (of.kind == "moore")))
    return ParaMap(cell.params, trace(body, CARTESIAN.act(cell.params, source), target))


def transduction(cell: ParaMap) -> ParaMap:
    """What a Mealy or Moore machine says to a list of inputs: ``S × List(I) → List(O)``, a term of fixed size.

    It is the accumulation whose accumulator is the state, with the parameters beside it; all layers read one copy.

    Raises:
        IllTyped: when the cell is none of these, or reads nothing.
    """
    of = machine(cell)
    if of.kind == "stream":
        raise IllTyped(
            f"A machine that reads inputs is needed, and {cell.signature} reads none; say steps, outputs(cell, n)."
        )
    step, said = of.step, of.said if of.kind == "moore" else None
    count, whole, result = len(cell.params), CARTESIAN.act(cell.params, of.state), LIST(of.output)

    def stepped(x: Any, read: Any) -> Any:
        *params, state = flat(x, count + 1)
        return step.arrow(nest([*params, (state, read)]))

    def layer(t: Any) -> Any:
        def end(_: Any) -> Any:
            return nil(of.output) if said is None else single(of.output)(said.arrow(t[0]))

        return t[1].case(inl=end, inr=lambda c: cons(of.output)(stepped(t[0], c[0])[0], c[1]))

    def hand_down(rest: Ob) -> Any:
        def handed(t: Any) -> Any:
            *params, _ = flat(t[0], count + 1)

            def item(c: Any) -> Any:
                return inr((c[0], (nest([*params, stepped(t[0], c[0])[1]]), c[1])))

            return t[1].case(inl=inl, inr=item)

        return trace(handed, whole * (1 + of.given * rest), 1 + of.given * (whole * rest))

    algebra = trace(layer, whole * (1 + of.given * result), result)
    run = accumulate(LIST(of.given), algebra, hand_down)

    def regrouped(x: Any) -> Any:
        *params, (state, read) = flat(x, count + 1)
        return run(nest([*params, state]), read)

    source = CARTESIAN.act(cell.params, of.state * LIST(of.given))
    return ParaMap(cell.params, trace(regrouped, source, result))
