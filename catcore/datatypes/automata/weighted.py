"""Weighted automata over a field: linear machines, compared, mapped and minimised exactly (THEORY T2.1).

A weighted automaton is a row vector ``initial``, a matrix for each letter and a column vector ``final``; the weight of
a word ``ab…z`` is ``initial · A_a · A_b ⋯ A_z · final``, the first letter read first.  It is a representation of the
free monoid with two vectors, over the rationals, a number field or a finite field (Schützenberger 1961).  Two automata
weigh all words alike exactly when their difference weighs every word by 0, and it is enough to look at a basis of the
reachable vectors (Tzeng 1992), so equivalence is decided by exact elimination, and a difference comes with a shortest
word.

>>> fibonacci = WeightedAutomaton([1, 0], {"a": [[1, 1], [1, 0]]}, [1, 0])
>>> [int(fibonacci.weight("a" * n)) for n in range(8)]
[1, 1, 2, 3, 5, 8, 13, 21]
>>> golden = WeightedAutomaton(["(5+sqrt(5))/10", "(5-sqrt(5))/10"],
...                            {"a": [["(1+sqrt(5))/2", 0], [0, "(1-sqrt(5))/2"]]}, [1, 1])
>>> fibonacci.difference(golden) is None
True
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catcore.datatypes.automata import dot
from catcore.datatypes.automata.machines import WORD, Label, Moore
from catcore.datatypes.given import graph_of, is_name_in, items, one_of
from catcore.errors import BadSpecification, ShapeMismatch, UnknownName
from catcore.exact import exact_number, read_field
from catcore.laws import PointwiseLaw
from catcore.number_fields import Field, field_of

#: Elements of the field's domain, which add, multiply and divide exactly.
Vector = tuple[Any, ...]
Matrix = tuple[Vector, ...]


@dataclass(frozen=True, init=False)
class WeightedAutomaton:
    """A weighted automaton over a field.

    Args:
        initial: the weights with which a word begins in each state.
        steps: for each letter the matrix of weights, from the row's state to the column's.
        final: the weights with which a word ends in each state.
        field: the field, such as ``"Q"`` or ``"GF(5)"``; the smallest number field with all weights when left out.

    Raises:
        ShapeMismatch: when the sizes do not agree.
        InexactNumber: for a floating point number.
        NotANumber: for a weight that is no number of the field.
    """

    initial: Vector
    steps: Mapping[str, Matrix]
    final: Vector
    field: Field

    def __init__(
        self,
        initial: Sequence[Any],
        steps: Mapping[str, Any],
        final: Sequence[Any],
        *,
        field: str | Field | None = None,
    ) -> None:
        n, known = len(items(initial, "The initial weights")), read_field(field)
        one_of(steps, Mapping, "A weighted automaton has a matrix for each letter; a dict")
        read = {x: [_numbers(row, n, f"a row of letter {x}", known) for row in _rows(m)] for x, m in steps.items()}
        for letter, rows in read.items():
            if len(rows) != n:
                raise ShapeMismatch(f"Letter {letter} needs {n} rows of weights, and {len(rows)} were given.")
        start = _numbers(initial, n, "the initial weights", known)
        end = _numbers(final, n, "the final weights", known)
        everything = [*start, *end, *(x for rows in read.values() for row in rows for x in row)]
        named = known is not None and (known.closed or known.characteristic)
        chosen = known if known is not None and named else field_of(everything)
        self._set(
            tuple(map(chosen.element, start)),
            {x: tuple(tuple(map(chosen.element, row)) for row in rows) for x, rows in read.items()},
            tuple(map(chosen.element, end)),
            chosen,
        )

    def _set(self, initial: Vector, steps: Mapping[str, Matrix], final: Vector, field: Field) -> None:
        for name, value in (("initial", initial), ("steps", steps), ("final", final), ("field", field)):
            object.__setattr__(self, name, value)

    @classmethod
    def _make(cls, initial: Vector, steps: Mapping[str, Matrix], final: Vector, field: Field) -> WeightedAutomaton:
        made = object.__new__(cls)
        made._set(initial, steps, final, field)
        return made

    @classmethod
    def of(cls, machine: Moore, start: Label, *, field: str | Field | None = None) -> WeightedAutomaton:
        """A Moore machine whose outputs are numbers, or truth values, as a weighted automaton: a word weighs what the
        state shows in which it leaves the machine."""
        n = len(machine)
        here = machine.number(start)
        columns = list(zip(*machine.successors, strict=True)) if n else [()] * len(machine.inputs)
        steps = {str(x): [_unit(t, n) for t in row] for x, row in zip(machine.inputs, columns, strict=True)}
        outputs: list[Any] = [int(o) if isinstance(o, bool) else o for o in machine.observations]
        return cls(_unit(here, n), steps, outputs, field=field)

    def __len__(self) -> int:
        return len(self.initial)

    def __hash__(self) -> int:
        return hash((self.initial, tuple(self.steps.items()), self.final))

    def weight(self, word: Iterable[str]) -> Any:
        """The weight of a word, an exact number; a text is a word of one-character letters.

        Raises:
            UnknownName: for a letter without a matrix.
        """
        row = self.initial
        for letter in items(word, WORD):
            row = self._times(row, self._step(letter))
        return self.field.expression(self._dot(row, self.final))

    def matrix(self, letter: str) -> Any:
        """The weights of a letter as a SymPy matrix, from the row's state to the column's; raises as :meth:`weight`."""
        import sympy as sp

        return sp.ImmutableMatrix([[self.field.expression(x) for x in row] for row in self._step(letter)])

    @property
    def representation(self) -> Any:
        """The letters as a representation of the free monoid, which moves columns of weights forward."""
        from catcore.equivariance import Representation, free_monoid

        matrices = {x: self.matrix(x).T.tolist() for x in self.steps}
        return Representation(free_monoid(*matrices), matrices, field=self.field)

    def _step(self, letter: str) -> Matrix:
        if not is_name_in(letter, self.steps):
            raise UnknownName(f"The automaton reads {', '.join(self.steps)}, and the letter {letter!r} was given.")
        return self.steps[letter]

    # Graphs ---------------------------------------------------------------------------------------------------------

    def to_networkx(self) -> Any:
        """The automaton as a directed multigraph of ``networkx``: ``initial`` and ``final`` on the nodes 0, 1, …,
        ``letter`` and ``weight`` on the edges; edges of weight 0 are left out."""
        import networkx

        graph = networkx.MultiDiGraph(letters=tuple(self.steps), field=self.field)
        number = self.field.expression
        for s, (start, end) in enumerate(zip(self.initial, self.final, strict=True)):
            graph.add_node(s, initial=number(start), final=number(end))
        for letter, s, t, weight in self._edges():
            graph.add_edge(s, t, letter=letter, weight=number(weight))
        return graph

    def _edges(self) -> Iterator[tuple[str, int, int, Any]]:
        for letter, rows in self.steps.items():
            for s, row in enumerate(rows):
                yield from ((letter, s, t, weight) for t, weight in enumerate(row) if weight)

    @classmethod
    def from_networkx(cls, graph: Any, *, field: str | Field | None = None) -> WeightedAutomaton:
        """The automaton of a directed graph as made by :meth:`to_networkx`; weights that are missing are 0, and those
        of parallel edges add up.  Raises as the class does."""
        graph = graph_of(graph)
        number = {node: i for i, node in enumerate(graph.nodes)}
        known = field if field is not None else graph.graph.get("field")
        letters = graph.graph.get("letters") or dict.fromkeys(x for *_, x in graph.edges(data="letter"))
        steps: dict[str, list[list[Any]]] = {x: [[0] * len(number) for _ in number] for x in letters}
        for s, t, data in graph.edges(data=True):
            row = steps[data["letter"]][number[s]]
            row[number[t]] = row[number[t]] + exact_number(data["weight"], field=known, where="an edge")
        ends = [[data.get(end, 0) for _, data in graph.nodes(data=True)] for end in ("initial", "final")]
        return cls(ends[0], steps, ends[1], field=known)

    def dot(self) -> str:
        """The automaton in the DOT language of Graphviz: each state with its initial and final weight, which
        :meth:`from_dot` reads back."""
        number = self.field.expression
        lines = ["digraph {", f"  graph [rankdir=LR, letters={dot.written(tuple(self.steps))}];"]
        for s, (start, end) in enumerate(zip(self.initial, self.final, strict=True)):
            weights = f"initial={dot.quoted(str(number(start)))}, final={dot.quoted(str(number(end)))}"
            lines.append(f"  s{s} [label={dot.quoted(f'{s}: {number(start)} / {number(end)}')}, {weights}];")
        for letter, s, t, weight in self._edges():
            exact = f"letter={dot.written(letter)}, weight={dot.quoted(str(number(weight)))}"
            lines.append(f"  s{s} -> s{t} [label={dot.quoted(f'{letter} : {number(weight)}')}, {exact}];")
        return "\n".join([*lines, "}"])

    @classmethod
    def from_dot(cls, text: str, *, field: str | Field | None = None) -> WeightedAutomaton:
        """The automaton of a digraph in DOT as :meth:`dot` writes it: ``initial`` and ``final`` at the nodes,
        ``letter`` and ``weight`` at the edges; weights are numbers of the field, and those that are missing are 0.

        Raises:
            BadSpecification: when the text is no digraph, or an edge has no letter or no weight.
        """
        nodes, edges, graph = dot.parsed(text)
        for s, t, data in edges:
            if not {"letter", "weight"} <= data.keys():
                raise BadSpecification(f"The edge from {s} to {t} needs the attributes letter and weight.")
        number = {node: i for i, node in enumerate(nodes)}
        letters = dot.read(graph.get("letters", "()"))
        named = [str(dot.read(data["letter"])) for *_, data in edges]
        steps = {x: [[0] * len(number) for _ in number] for x in dict.fromkeys([*map(str, letters), *named])}
        for letter, (s, t, data) in zip(named, edges, strict=True):
            row: list[Any] = steps[letter][number[s]]
            row[number[t]] = row[number[t]] + exact_number(data["weight"], field=field, where="an edge")
        ends = [[data.get(end, "0") for data in nodes.values()] for end in ("initial", "final")]
        return cls(ends[0], steps, ends[1], field=field)

    # Comparing ------------------------------------------------------------------------------------------------------

    def minus(self, other: WeightedAutomaton) -> WeightedAutomaton:
        """The automaton that weighs a word by the difference; its states are those of both.

        Raises:
            UnknownName: when the two read different letters.
            NotANumber: when no field holds the weights of both.
        """
        left, right = self._beside(other)
        n, m, zero = len(left), len(right), left.field.domain.zero
        blocks = {
            x: (*(row + (zero,) * m for row in a), *((zero,) * n + row for row in right.steps[x]))
            for x, a in left.steps.items()
        }
        start = (*left.initial, *(-w for w in right.initial))
        return self._make(start, blocks, (*left.final, *right.final), left.field)

    def _beside(self, other: WeightedAutomaton) -> tuple[WeightedAutomaton, WeightedAutomaton]:
        """Both automata over one field."""
        one_of(other, WeightedAutomaton, "Two weighted automata are compared; one")
        if set(self.steps) != set(other.steps):
            raise UnknownName(
                f"Two automata are compared when they read the same letters; they read {', '.join(self.steps)} and "
                f"{', '.join(other.steps)}."
            )
        if self.field == other.field:
            return self, other
        both = self.field.join(other.field)
        return self._over(both), other._over(both)

    def _over(self, field: Field) -> WeightedAutomaton:
        def moved(row: Vector) -> Vector:
            return tuple(field.element(self.field.expression(x)) for x in row)

        steps = {x: tuple(map(moved, rows)) for x, rows in self.steps.items()}
        return self._make(moved(self.initial), steps, moved(self.final), field)

    def difference(self, other: WeightedAutomaton) -> tuple[str, ...] | None:
        """A shortest word that the two automata weigh differently; None when there is none, which is then proved.

        Raises as :meth:`minus`.
        """
        return self.minus(other).nonzero()

    def nonzero(self) -> tuple[str, ...] | None:
        """A shortest word of weight other than 0, or None: the final vector vanishes on all reachable vectors."""
        for word, row in self.reachable():
            if self._dot(row, self.final):
                return word
        return None

    def reachable(self) -> Iterable[tuple[tuple[str, ...], Vector]]:
        """A basis of the vectors ``initial · A_w``, each with a shortest word, shorter words first."""
        basis = _Basis(self.field)
        waiting: deque[tuple[tuple[str, ...], Vector]] = deque([((), self.initial)])
        while waiting:
            word, row = waiting.popleft()
            if basis.add(row):
                yield word, row
                waiting.extend(((*word, x), self._times(row, matrix)) for x, matrix in self.steps.items())

    def minimal(self) -> WeightedAutomaton:
        """An automaton with the same weights and as few states as possible."""
        return self.forward().reversed().forward().reversed()

    def forward(self) -> WeightedAutomaton:
        """The automaton on the space of reachable vectors."""
        rows = [row for _, row in self.reachable()]
        basis = _Basis(self.field)
        for row in rows:
            basis.add(row)
        steps = {
            x: tuple(tuple(basis.coordinates(self._times(row, matrix))) for row in rows)
            for x, matrix in self.steps.items()
        }
        K = self.field.domain
        start = tuple(K.one if i == 0 else K.zero for i in range(len(rows)))
        return self._make(start, steps, tuple(self._dot(row, self.final) for row in rows), self.field)

    def reversed(self) -> WeightedAutomaton:
        """The automaton that weighs a word as this one weighs it read backwards."""
        steps = {x: tuple(zip(*matrix, strict=True)) for x, matrix in self.steps.items()}
        return self._make(self.final, steps, self.initial, self.field)

    # Mapping --------------------------------------------------------------------------------------------------------

    def homomorphism(self, other: WeightedAutomaton) -> Any:
        """A matrix W with ``initial · W = initial'``, ``A_x · W = W · A'_x`` and ``final = W · final'``, or None.

        Both automata then weigh all words alike.  Rows are states of this automaton, columns of the other one.

        Raises as :meth:`minus`.
        """
        import sympy as sp

        from catcore.equivariance import equivariant_maps

        left, right = self._beside(other)
        if not len(left) or not len(right):
            return None if any(right.initial) or any(left.final) else sp.ImmutableMatrix.zeros(len(left), len(right))
        space = equivariant_maps(left.representation, right.representation)  # m × n: columns move from the left
        theta = sp.symbols(f"t0:{space.dim}")
        W = sum((t * b for t, b in zip(theta, space.basis, strict=True)), sp.zeros(*space.shape)).T
        ends = [[sp.Matrix([list(map(a.field.expression, v))]) for v in (a.initial, a.final)] for a in (left, right)]
        (start, end), (start_, end_) = ends
        equations = [sp.expand(e) for e in (*(start * W - start_), *(W * end_.T - end.T))]
        return _solution(W, equations, theta, left.field)

    def intertwiner_laws(self, matrix: Sequence[Sequence[Any]], other: WeightedAutomaton) -> tuple[PointwiseLaw, ...]:
        """The laws of a homomorphism ``W`` to another automaton (T2.1), rows acted on from the right.

        ``initial · W = initial'``, ``A_x · W = W · A'_x`` for every letter, and ``final = W · final'``; equal weights
        of all words follow.

        Raises as :meth:`minus`, and ``ShapeMismatch`` when the matrix does not go from these states to those.
        """
        left, right = self._beside(other)
        rows = _rows(matrix)
        if len(rows) != len(left):
            raise ShapeMismatch(
                f"A homomorphism from {len(left)} states needs as many rows, and {len(rows)} were given."
            )
        numbers = [_numbers(row, len(right), "a row of the homomorphism", None) for row in rows]
        over = left.field.join(field_of([x for row in numbers for x in row]))
        left, right = left._over(over), right._over(over)
        w = tuple(tuple(map(over.element, row)) for row in numbers)
        return (
            PointwiseLaw(
                "initial", (0,), lambda _: left._times(left.initial, w), lambda _: right.initial, "exhaustive"
            ),
            PointwiseLaw(
                "letters",
                tuple(left.steps),
                lambda x: tuple(left._times(row, w) for row in left.steps[x]),
                lambda x: tuple(right._times(row, right.steps[x]) for row in w),
                "exhaustive",
            ),
            PointwiseLaw(
                "final",
                (0,),
                lambda _: left.final,
                lambda _: tuple(right._dot(row, right.final) for row in w),
                "exhaustive",
            ),
        )

    # Arithmetic -----------------------------------------------------------------------------------------------------

    def _dot(self, row: Vector, column: Vector) -> Any:
        return sum((a * b for a, b in zip(row, column, strict=True) if a and b), self.field.domain.zero)

    def _times(self, row: Vector, matrix: Matrix) -> Vector:
        total = [self.field.domain.zero] * (len(matrix[0]) if matrix else 0)
        for a, line in zip(row, matrix, strict=True):
            if a:
                total = [t + a * b for t, b in zip(total, line, strict=True)]
        return tuple(total)


def _solution(W: Any, equations: Sequence[Any], theta: Sequence[Any], field: Field) -> Any:
    """The matrix at one solution of linear equations, the free unknowns being 0; None when there is none."""
    import sympy as sp
    from sympy.polys.matrices import DomainMatrix

    n, K = len(theta), field.domain
    rows = [[*(e.coeff(t) for t in theta), -e.subs(dict.fromkeys(theta, 0))] for e in equations]
    system = DomainMatrix([[field.element(x) for x in row] for row in rows], (len(rows), n + 1), K)
    reduced, pivots = system.rref()
    if n in pivots:
        return None
    solved = reduced.to_Matrix()
    found = {theta[p]: solved[i, n] for i, p in enumerate(pivots)}
    chosen = W.subs({t: found.get(t, 0) for t in theta})
    return sp.ImmutableMatrix(chosen.applyfunc(lambda x: field.expression(field.element(sp.expand(x)))))


def _unit(place: int, n: int) -> list[int]:
    return [int(i == place) for i in range(n)]


def _rows(matrix: Any) -> list[Any]:
    return list(matrix.tolist() if hasattr(matrix, "tolist") else matrix)


def _numbers(values: Any, n: int, what: str, field: Field | None) -> list[Any]:
    values = list(values)
    if len(values) != n:
        raise ShapeMismatch(f"{n} numbers were asked for as {what}, and {len(values)} were given.")
    return [exact_number(value, field=field, where=what) for value in values]


class _Basis:
    """Vectors kept in echelon form, each with its coordinates in the vectors added."""

    def __init__(self, field: Field) -> None:
        self.field = field.domain
        self.rows: list[tuple[int, Vector, list[Any]]] = []  # place of the leading 1, row, coordinates

    def add(self, vector: Vector) -> bool:
        """Add a vector; whether it is independent of those before it."""
        rest, coordinates = self._reduced(vector)
        lead = next((i for i, x in enumerate(rest) if x), None)
        if lead is None:
            return False
        scale = rest[lead]
        own = [-c / scale for c in coordinates] + [self.field.one / scale]
        self.rows.append((lead, tuple(x / scale for x in rest), own))
        return True

    def coordinates(self, vector: Vector) -> list[Any]:
        """The coordinates of a vector of the span in the vectors added."""
        return self._reduced(vector)[1]

    def _reduced(self, vector: Vector) -> tuple[list[Any], list[Any]]:
        rest, coordinates = list(vector), [self.field.zero] * len(self.rows)
        for lead, row, own in self.rows:
            factor = rest[lead]
            if factor:
                rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
                for i, c in enumerate(own):
                    coordinates[i] += factor * c
        return rest, coordinates
