"""Machines with finitely many states: coalgebras of the four functors of THEORY T3.2.

A stream system is a coalgebra of ``O × −``, a Moore machine of ``O × (−)^I``, a Mealy machine of ``(O × −)^I``; a
deterministic automaton is a Moore machine whose outputs say whether a state accepts.  All are tables: what can be
observed of a state in one step, and where each input leads.  What a state does for ever, its image in the terminal
coalgebra, is told apart and compared in :mod:`~catcore.datatypes.automata.bisimulation` and
:mod:`~catcore.datatypes.automata.minimisation`.

>>> from catcore.datatypes import mealy
>>> adder = mealy(range(2), [(a, b) for a in (0, 1) for b in (0, 1)],
...               lambda carry, ab: ((carry + sum(ab)) % 2, (carry + sum(ab)) // 2))
>>> adder.run(0, [(1, 0), (1, 1), (0, 1), (1, 0), (0, 0)])         # 11 + 6, least digit first
[1, 0, 0, 0, 1]
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from catcore.arrows import Arrow, curry, finite_map, pair
from catcore.datatypes.automata import dot
from catcore.datatypes.given import count, function, graph_of, is_name_in, items, one_of
from catcore.errors import IllTyped, UnknownName
from catcore.functors import Functor, Id
from catcore.objects import FinSet
from catcore.structures.algebras import Coalgebra

Label = Hashable

#: What a machine reads, in sentences.
WORD = "The letters of a word"


@dataclass(frozen=True)
class Machine:
    """What all machines have in common.

    Args:
        inputs: the letters that the machine reads.
        states: the names of its states.
        observations: for each state, what one step shows of it.
        successors: for each state, the number of the next state for each letter.
    """

    inputs: tuple[Label, ...]
    states: tuple[Label, ...]
    observations: tuple[Label, ...]
    successors: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        n, k = len(self.states), len(self.inputs)
        for what, names in (("states", self.states), ("inputs", self.inputs), ("observations", self.observations)):
            recognised(what, names)
        if len(set(self.states)) != n or len(set(self.inputs)) != k:
            raise IllTyped("The states of a machine need different names, and so do its inputs.")
        if len(self.observations) != n or len(self.successors) != n:
            raise IllTyped(
                f"A machine with {n} states needs {n} observations and {n} rows of successors, and "
                f"{len(self.observations)} and {len(self.successors)} were given."
            )
        for state, row in zip(self.states, self.successors, strict=True):
            if len(row) != k or not all(0 <= t < n for t in row):
                raise IllTyped(
                    f"State {state!r} needs one next state for each of the {k} inputs, numbered 0 to {n - 1}, and "
                    f"{row!r} was given. A machine is total: add a state for failure."
                )

    def __len__(self) -> int:
        return len(self.states)

    @cached_property
    def _state_numbers(self) -> Mapping[Label, int]:
        return {name: i for i, name in enumerate(self.states)}

    @cached_property
    def _input_numbers(self) -> Mapping[Label, int]:
        return {name: i for i, name in enumerate(self.inputs)}

    def number(self, state: Label) -> int:
        """The number of a state.

        Raises:
            UnknownName: when there is none of that name.
        """
        if not is_name_in(state, self._state_numbers):
            raise UnknownName(f"The machine has no state {state!r}; there are {some(self.states)}.")
        return self._state_numbers[state]

    def letter(self, input: Label) -> int:
        """The number of an input; raises ``UnknownName`` when there is none of that name."""
        if not is_name_in(input, self._input_numbers):
            raise UnknownName(f"The machine has no input {input!r}; there are {some(self.inputs)}.")
        return self._input_numbers[input]

    def after(self, state: Label, word: Iterable[Label]) -> Label:
        """The state in which a word leaves the machine."""
        s = self.number(state)
        for input in items(word, WORD):
            s = self.successors[s][self.letter(input)]
        return self.states[s]

    def path(self, state: Label, word: Iterable[Label]) -> Iterator[tuple[int, int]]:
        """The pairs (number of the state, number of the letter) on the way."""
        s = self.number(state)
        for input in items(word, WORD):
            i = self.letter(input)
            yield s, i
            s = self.successors[s][i]

    def reachable(self, *starts: Label) -> Self:
        """The part of the machine that some states lead to."""
        order = [self.number(s) for s in starts]
        seen = set(order)
        for s in order:  # grows while it is walked
            fresh = [t for t in dict.fromkeys(self.successors[s]) if t not in seen]
            seen.update(fresh)
            order += fresh
        return self.restricted(sorted(seen))

    def restricted(self, kept: list[int]) -> Self:
        """The machine on some of its states, which have to be closed under its steps."""
        place = {s: i for i, s in enumerate(kept)}
        return type(self)(
            self.inputs,
            tuple(self.states[s] for s in kept),
            tuple(self.observations[s] for s in kept),
            tuple(tuple(place[t] for t in self.successors[s]) for s in kept),
        )

    def product(self, other: Self) -> Self:
        """Both machines side by side on the same input; states and outputs are pairs.

        Raises:
            IllTyped: when they are of different kinds, or read different inputs.
        """
        one_of(other, Machine, "A machine beside this one")
        if type(self) is not type(other) or self.inputs != other.inputs:
            raise IllTyped(
                f"A product of two machines of one kind that read one alphabet was asked for, and a "
                f"{type(self).__name__} reading {some(self.inputs)} and a {type(other).__name__} reading "
                f"{some(other.inputs)} were given."
            )
        m = len(other)
        return type(self)(
            self.inputs,
            tuple((a, b) for a in self.states for b in other.states),
            tuple(self._together(o, p) for o in self.observations for p in other.observations),
            tuple(
                tuple(s * m + t for s, t in zip(row, below, strict=True))
                for row in self.successors
                for below in other.successors
            ),
        )

    def _together(self, one: Any, other: Any) -> Label:
        """What a pair of states shows."""
        return one, other

    @property
    def outputs(self) -> tuple[Label, ...]:
        """The outputs that occur, in the order in which they first do."""
        return tuple(dict.fromkeys(self.observations))

    @property
    def functor(self) -> Functor:
        """The functor that the machine is a coalgebra of, over finite sets of inputs and outputs."""
        raise NotImplementedError

    def structure(self) -> Arrow:
        """The structure map ``S → F(S)`` as a term."""
        raise NotImplementedError

    @property
    def coalgebra(self) -> Coalgebra:
        """The machine as a coalgebra of :attr:`functor`."""
        return Coalgebra(self.functor, self.structure())

    def _next(self) -> Arrow:
        """The steps ``S × I → S`` as a table."""
        n, k = len(self.states), len(self.inputs)
        return finite_map(FinSet(n) * FinSet(k), FinSet(n), [t for row in self.successors for t in row])

    def to_networkx(self) -> Any:
        """The machine as a directed multigraph of ``networkx``: ``observation`` on nodes, ``input`` on edges."""
        import networkx

        graph = networkx.MultiDiGraph(kind=type(self).__name__, inputs=self.inputs)
        for name, seen in zip(self.states, self.observations, strict=True):
            graph.add_node(name, observation=seen)
        for name, row in zip(self.states, self.successors, strict=True):
            for input, t in zip(self.inputs, row, strict=True):
                graph.add_edge(name, self.states[t], input=input)
        return graph

    @classmethod
    def from_networkx(cls, graph: Any) -> Self:
        """The machine that a graph as made by :meth:`to_networkx` describes.

        Raises:
            IllTyped: when some state has no edge for some input, or two.
        """
        graph = graph_of(graph)
        letters = graph.graph.get("inputs") or tuple(dict.fromkeys(x for *_, x in graph.edges(data="input")))
        steps = {s: [(x, t) for _, t, x in graph.out_edges(s, data="input")] for s in graph.nodes}
        return cls._assembled(tuple(letters), {s: graph.nodes[s].get("observation") for s in graph.nodes}, steps)

    @classmethod
    def _assembled(
        cls, letters: tuple[Label, ...], seen: Mapping[Label, Label], steps: Mapping[Label, list[tuple[Label, Label]]]
    ) -> Self:
        """The machine with these observations, and for each state its steps, an input with the next state each."""
        number = {s: i for i, s in enumerate(seen)}
        rows = []
        for state in seen:
            found = steps.get(state, [])
            if sorted(map(repr, letters)) != sorted(repr(x) for x, _ in found):
                raise IllTyped(
                    f"State {state!r} needs exactly one edge for each of the inputs {some(letters)}, and it has edges "
                    f"for {some([x for x, _ in found])}."
                )
            table = {x: number[t] for x, t in found}
            rows.append(tuple(table[x] for x in letters))
        return cls(letters, tuple(seen), tuple(seen.values()), tuple(rows))

    def dot(self) -> str:
        """The machine in the DOT language of Graphviz; :meth:`from_dot` reads it back."""
        lines = ["digraph {", f"  graph [rankdir=LR, inputs={dot.written(self.inputs)}];"]
        for i, (name, seen) in enumerate(zip(self.states, self.observations, strict=True)):
            shape = "doublecircle" if seen is True else "circle"
            label = dot.quoted(self._node_label(name, seen))
            exact = f"state={dot.written(name)}, observation={dot.written(seen)}"
            lines.append(f"  s{i} [label={label}, shape={shape}, {exact}];")
        for i, row in enumerate(self.successors):
            for t in dict.fromkeys(row):
                places = [k for k, to in enumerate(row) if to == t]
                letters = tuple(self.inputs[k] for k in places)
                label = dot.quoted(", ".join(self._edge_label(i, k) for k in places))
                lines.append(f"  s{i} -> s{t} [label={label}, inputs={dot.written(letters)}];")
        return "\n".join([*lines, "}"])

    def _node_label(self, name: Label, seen: Label) -> str:
        return str(name) if isinstance(seen, bool) else f"{name} / {self.shown(seen)}"

    def _edge_label(self, s: int, k: int) -> str:
        return str(self.inputs[k])

    @classmethod
    def from_dot(cls, text: str) -> Self:
        """The machine that a digraph in DOT describes, such as :meth:`dot` writes.

        Elsewhere a node is a state, named by its label or itself; what it shows stands after a slash in the label, or
        else it accepts when its shape is ``doublecircle``.  The label of an edge lists the inputs, separated by commas,
        for a Mealy machine each with its output after a slash.  Names and outputs that are Python numbers, texts or
        tuples come back as such.

        Raises:
            BadSpecification: when the text is no digraph.
            IllTyped: when some state has no edge for some input, or two.
        """
        nodes, edges, graph = dot.parsed(text)
        names = {node: _state(node, data) for node, data in nodes.items()}
        if len(set(names.values())) != len(names):
            raise IllTyped("The states of a machine need different names, and two nodes of the digraph share one.")
        steps: dict[Label, list[tuple[Label, Label]]] = {name: [] for name in names.values()}
        outputs: dict[Label, dict[Label, Label]] = {name: {} for name in names.values()}
        for s, t, data in edges:
            read = _letters(data)
            steps[names[s]] += [(x, names[t]) for x, _ in read]
            outputs[names[s]] |= dict(read)
        letters = dot.read(graph["inputs"]) if "inputs" in graph else None
        if not isinstance(letters, tuple):
            letters = tuple(dict.fromkeys(x for row in steps.values() for x, _ in row))
        seen = {names[node]: cls._observed(data, letters, outputs[names[node]]) for node, data in nodes.items()}
        return cls._assembled(letters, seen, steps)

    @classmethod
    def _observed(cls, data: Mapping[str, str], letters: tuple[Label, ...], outputs: Mapping[Label, Label]) -> Label:
        """What the state shows that a node of a digraph is."""
        if "observation" in data:
            return _hashable(dot.read(data["observation"]))
        _, slash, seen = data.get("label", "").partition(" / ")
        return _hashable(dot.read(seen)) if slash else data.get("shape") == "doublecircle"

    def shown(self, observation: Label) -> str:
        """An observation as text."""
        return str(observation)


def _state(node: str, data: Mapping[str, str]) -> Label:
    """The name of the state that a node of a digraph is."""
    if "state" in data:
        return _hashable(dot.read(data["state"]))
    return _hashable(dot.read(data.get("label", node).split(" / ")[0]))


def _letters(data: Mapping[str, str]) -> list[tuple[Label, Label]]:
    """The inputs at an edge of a digraph, each with the output after the slash, where there is one."""
    exact = dot.read(data["inputs"]) if "inputs" in data else None
    if isinstance(exact, tuple):
        return [(x, None) for x in exact]
    pairs = [part.partition("/") for part in data.get("label", "").split(",")]
    return [(_hashable(dot.read(x.strip())), _hashable(dot.read(o.strip()))) for x, _, o in pairs]


def _hashable(value: Any) -> Label:
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]


def some(names: Iterable[Label]) -> str:
    """A few names in words."""
    listed = [repr(name) for name in names]
    return ", ".join(listed if len(listed) <= 8 else [*listed[:8], f"… {len(listed)} in all"]) or "none"


class Moore(Machine):
    """A Moore machine, a coalgebra of ``O × (−)^I``: an output now, and a next state for each input."""

    @property
    def functor(self) -> Functor:
        """``O × (−)^I``."""
        layer: Functor = FinSet(len(self.outputs)) * Id ** FinSet(len(self.inputs))
        return layer

    def structure(self) -> Arrow:
        """``⟨output, Λ next⟩ : S → O × S^I``."""
        numbers = {o: i for i, o in enumerate(self.outputs)}
        output = finite_map(FinSet(len(self)), FinSet(len(self.outputs)), [numbers[o] for o in self.observations])
        return pair(output, curry(self._next()))

    def run(self, state: Label, word: Iterable[Label]) -> list[Label]:
        """The outputs while a word is read: one more than there are letters."""
        letters = items(word, WORD)
        seen = [self.observations[s] for s, _ in self.path(state, letters)]
        return [*seen, self.observations[self.number(self.after(state, letters))]]

    def accepts(self, state: Label, word: Iterable[Label]) -> bool:
        """Whether the state in which a word leaves the machine has a true output."""
        return bool(self.observations[self.number(self.after(state, word))])

    def relabelled(self, change: Callable[[Label], Label]) -> Moore:
        """The machine with its outputs changed, such as the conjunction of a pair."""
        changed = tuple(map(function(change, "A change of outputs"), self.observations))
        return Moore(self.inputs, self.states, changed, self.successors)

    def to_mealy(self) -> Mealy:
        """The Mealy machine that outputs what the next state shows: the same run without its first output."""
        rows = tuple(tuple(self.observations[t] for t in row) for row in self.successors)
        return Mealy(self.inputs, self.states, rows, self.successors)


class Streams(Moore):
    """A stream system, a coalgebra of ``O × −``: a Moore machine that reads nothing."""

    @property
    def functor(self) -> Functor:
        """``O × −``."""
        layer: Functor = FinSet(len(self.outputs)) * Id
        return layer

    def structure(self) -> Arrow:
        """``⟨output, next⟩ : S → O × S``."""
        numbers = {o: i for i, o in enumerate(self.outputs)}
        output = finite_map(FinSet(len(self)), FinSet(len(self.outputs)), [numbers[o] for o in self.observations])
        return pair(output, finite_map(FinSet(len(self)), FinSet(len(self)), [row[0] for row in self.successors]))

    def take(self, state: Label, n: int) -> list[Label]:
        """The first n outputs."""
        return self.run(state, [()] * count(n, "How many outputs are taken"))[:n]


class Mealy(Machine):
    """A Mealy machine, a coalgebra of ``(O × −)^I``: each input gives an output and a next state.

    The observation of a state is the tuple of its outputs, one for each input.
    """

    @property
    def outputs(self) -> tuple[Label, ...]:
        """The outputs that occur."""
        return tuple(dict.fromkeys(o for row in self.observations for o in row))  # type: ignore[attr-defined]

    @property
    def functor(self) -> Functor:
        """``(O × −)^I``."""
        layer: Functor = (FinSet(len(self.outputs)) * Id) ** FinSet(len(self.inputs))
        return layer

    def structure(self) -> Arrow:
        """``Λ⟨output, next⟩ : S → (O × S)^I``."""
        n, k, numbers = len(self), len(self.inputs), {o: i for i, o in enumerate(self.outputs)}
        table = [numbers[o] for row in self.observations for o in row]  # type: ignore[attr-defined]
        return curry(pair(finite_map(FinSet(n) * FinSet(k), FinSet(len(numbers)), table), self._next()))

    def run(self, state: Label, word: Iterable[Label]) -> list[Label]:
        """The outputs while a word is read, one for each letter."""
        return [self.observations[s][i] for s, i in self.path(state, word)]  # type: ignore[index]

    def _together(self, one: Any, other: Any) -> Label:
        return tuple(zip(one, other, strict=True))

    def then(self, other: Mealy) -> Mealy:
        """This machine, whose outputs another one reads: the composite of what they do to words.

        Raises:
            UnknownName: when an output is no input of the other machine.
        """
        one_of(other, Mealy, "A Mealy machine that reads the outputs")
        m, letter = len(other), {o: other.letter(o) for o in self.outputs}
        rows, seen = [], []
        for shown, row in zip(self.observations, self.successors, strict=True):
            read = [letter[o] for o in shown]  # type: ignore[attr-defined]
            for t, below in enumerate(other.successors):
                rows.append(tuple(s * m + below[k] for s, k in zip(row, read, strict=True)))
                seen.append(tuple(other.observations[t][k] for k in read))  # type: ignore[index]
        return Mealy(self.inputs, tuple((a, b) for a in self.states for b in other.states), tuple(seen), tuple(rows))

    def to_moore(self, first: Label = None) -> Moore:
        """The Moore machine whose states remember the last output; ``first`` is the one before anything is read.

        Its states are pairs, and its run from ``(s, first)`` is ``first`` followed by the run of ``s``.
        """
        outputs = list(dict.fromkeys([first, *self.outputs]))
        place = {o: i for i, o in enumerate(outputs)}
        k = len(outputs)
        rows = [
            tuple(t * k + place[o] for o, t in zip(seen, row, strict=True))  # type: ignore[call-overload]
            for seen, row in zip(self.observations, self.successors, strict=True)
        ]
        return Moore(
            self.inputs,
            tuple((s, o) for s in self.states for o in outputs),
            tuple(outputs) * len(self),
            tuple(row for row in rows for _ in outputs),
        )

    def _node_label(self, name: Label, seen: Label) -> str:
        return str(name)

    def _edge_label(self, s: int, k: int) -> str:
        observed: Any = self.observations[s]
        return f"{self.inputs[k]} / {observed[k]}"

    @classmethod
    def _observed(cls, data: Mapping[str, str], letters: tuple[Label, ...], outputs: Mapping[Label, Label]) -> Label:
        """The outputs of the state that a node of a digraph is."""
        if "observation" in data:
            return _hashable(dot.read(data["observation"]))
        return tuple(outputs.get(x) for x in letters)

    def shown(self, observation: Any) -> str:
        """The outputs of a state as text, one for each input."""
        return " ".join(map(str, observation))


def recognised(what: str, names: Iterable[Label]) -> tuple[Label, ...]:
    """Names that can be told apart; raises ``IllTyped`` for others."""
    given = items(names, f"The {what} of a machine")
    for name in given:
        try:
            hash(name)
        except TypeError:
            raise IllTyped(
                f"The {what} of a machine are numbers, texts, tuples and the like, and {name!r} has no hash."
            ) from None
    return given
