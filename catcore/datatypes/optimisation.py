"""Dynamic programming problems: the choices at each state, stated once and solved in any semiring (THEORY T3.4).

A problem is a coalgebra ``S → List(C × List S)``: a state offers choices, and a choice leaves subproblems.  A semiring
gives the algebra: ⊕ over the choices of the weight of the choice ⊗ the answers of its subproblems.  So one statement
gives the optimum in min-plus, whether there is a solution in the Boolean semiring, how many in the counting one, and
the choices of the best ones where weights carry witnesses.

>>> from catcore.datatypes.semirings import COUNTING, MAX_PLUS, MIN_PLUS
>>> steps = Problem(lambda n: [Choice(k * k, (n - k,), label=k) for k in (1, 2) if k <= n] if n else [Choice(0)])
>>> steps.solve(5, MIN_PLUS), steps.solve(5, COUNTING)
(5, 8)
>>> steps.best(3, MAX_PLUS)
[(5, (1, 2))]
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from catcore import plugins
from catcore.arrows import generator, in_
from catcore.categories.finite_sets import shown
from catcore.datatypes.data import Data
from catcore.datatypes.datatype import datatype
from catcore.datatypes.hylomorphisms import Hylo, answers, hylo, memoised
from catcore.datatypes.semirings import Semiring, witnessed
from catcore.errors import IllTyped, NotANumber
from catcore.functors import functor
from catcore.objects import Mu, atoms, mu

_STATES, _CHOICES, _ANSWERS = atoms("States Choices Answers")
_LAYER = functor(lambda X: mu(lambda Y: 1 + (_CHOICES * mu(lambda Z: 1 + X * Z)) * Y))
_OPTIONS, _SUBPROBLEMS = datatype(_LAYER(_STATES)), datatype(mu(lambda Z: 1 + _STATES * Z))


@dataclass(frozen=True)
class Choice:
    """One choice at a state: what it costs, the subproblems it leaves, and its label in a solution.

    A choice without label is not named in solutions.

    Raises:
        IllTyped: when what it leaves is no tuple.
        NotANumber: when the cost is not a number.
    """

    cost: Any
    leaves: tuple[Hashable, ...] = ()
    label: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.leaves, tuple | list):
            raise IllTyped(
                f"A choice leaves a tuple of subproblems, and {shown(self.leaves)[:80]} was given; write "
                "leaves=(state,)."
            )
        if isinstance(self.cost, float) and math.isnan(self.cost):
            raise NotANumber(f"The cost of a choice is to be compared, and it is not a number: {self!r}.")


@dataclass(frozen=True)
class Problem:
    """A problem, given by the choices of each state; a state without choices has no solution.

    Args:
        choices: a Python function from states to choices, defined at every state that is reached.
    """

    choices: Callable[[Any], Iterable[Choice]]

    def __post_init__(self) -> None:
        if not callable(self.choices):
            raise IllTyped(f"A problem is a function from states to choices, and {self.choices!r} was given.")

    @property
    def arrow(self) -> Hylo:
        """The coalgebra-to-algebra morphism, for an arbitrary algebra; its ``plan`` is the tree of all choices."""
        algebra = generator("algebra", _LAYER(_ANSWERS), _ANSWERS)
        return hylo(_LAYER, algebra, generator("choices", _STATES, _LAYER(_STATES)))

    def solve(self, start: Hashable, semiring: Semiring, *, backend: str | None = None) -> Any:
        """The answer at a state; each state reached is asked once.

        Args:
            start: the state.
            semiring: what answers are added and multiplied in.
            backend: where answers are computed, such as ``"numpy"`` or ``"torch"``: by the level engine, with all
                states of one height at a time, in the numbers of that library.  By default they are exact.

        Raises:
            NotRecursive: when a state leads back to itself.
            IllTyped: when the choices of a state are no choices, a state cannot be hashed, or a cost is no element of
                the semiring.
            BackendMissing: when no package offers the backend.
            BadSpecification: when the semiring has no operations on arrays.
            TooLarge: when a count exceeds the integers of the backend.
        """
        return self.answers(start, semiring, backend=backend)[start]

    def answers(self, start: Hashable, semiring: Semiring, *, backend: str | None = None) -> dict[Any, Any]:
        """The answers at all states reached from one, each after those it leads to; as :meth:`solve`."""
        if not isinstance(semiring, Semiring):
            raise IllTyped(f"A problem is solved in a semiring such as MIN_PLUS, and {semiring!r} was given.")
        if backend is None:
            return memoised(start, self._asked, partial(_answer, semiring))
        options = memoised(start, self._asked, lambda asked, _: asked[1])
        return dict(zip(options, plugins.backend(backend).answers(options, semiring), strict=True))

    def best(self, start: Hashable, semiring: Semiring, *, count: int = 1) -> list[tuple[Any, tuple[Any, ...]]]:
        """The best solutions, each with its value and the labels of its choices in order; fewer where there are fewer.

        Raises:
            BadSpecification: when ⊕ does not choose one of its arguments.
        """
        found = self.solve(start, witnessed(semiring, count=count))
        return [(value, _labelled(labels)) for value, labels in found]

    def plan(self, start: Hashable) -> Data:
        """All choices that can be made from a state, as one tree with shared subtrees."""
        of = Mu(_LAYER.body)
        arrow = Hylo(_LAYER, in_(of), self.arrow.coalgebra)
        found: Data = answers(arrow, lambda layer: Data(of, layer), self._layer, start)[start]
        return found

    def _asked(self, state: Any) -> tuple[tuple[Any, list[Choice]], list[Any]]:
        options = self._choices(state)
        return (state, options), [left for option in options for left in option.leaves]

    def _choices(self, state: Any) -> list[Choice]:
        try:
            offered = self.choices(state)
        except LookupError as error:
            raise IllTyped(
                f"The choices at the state {shown(state)[:80]} were asked for, and there are none: {error!r}. A "
                "problem is defined at every state reached; give no choices where nothing can be done."
            ) from error
        options = list(offered) if isinstance(offered, Iterable) else [offered]
        for option in options:
            if not isinstance(option, Choice):
                raise IllTyped(
                    f"The choices at the state {shown(state)[:80]} were asked for, and {shown(option)[:80]} was found. "
                    "A problem is defined at every state reached: give an iterable of Choice, an empty one where "
                    "nothing can be done."
                )
        return options

    def _layer(self, state: Any) -> Data:
        return _OPTIONS.list_of([(c, _SUBPROBLEMS.list_of(c.leaves)) for c in self._choices(state)])


def _answer(semiring: Semiring, asked: tuple[Any, list[Choice]], found: dict[Any, Any]) -> Any:
    """``⊕`` over the options of the cost ``⊗`` the answers of what is left."""
    state, options = asked
    try:
        return semiring.sum(
            semiring.product([semiring.weight(c.cost, c.label), *(found[left] for left in c.leaves)]) for c in options
        )
    except IllTyped as error:
        raise IllTyped(f"The state {shown(state)[:80]} was to be answered from its choices: {error}") from error


def _labelled(solution: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(label for label in solution if label is not None)
