"""Folds in small steps (FEATURES 132): a reducer that shows how the value of a fold comes about.

A fold is computed by the rule ``fold(C(x, …)) → clause_C(x, value, …)``, which may be used at a constructor once its
branches are values.  The reducer always takes the leftmost such constructor, so each constructor is used up by exactly
one step, and the last state is the value of the fold (T2.3: ``in ; fold a = F(fold a) ; a``).

>>> from catcore.datatypes import datatype
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> (A,) = atoms("A")
>>> Tree = datatype(A + Id * Id, "Leaf", "Node")
>>> print(reduction_steps(Tree.read("Node(Leaf(5), Leaf(1))"), Tree, Leaf=lambda a: a, Node=lambda l, r: l - 2 * r))
   Node(Leaf(5), Leaf(1))
→  Node(5, Leaf(1))          by Leaf
→  Node(5, 1)                by Leaf
→  3                         by Node
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catcore.datatypes.data import Data, fold_data
from catcore.datatypes.datatype import Datatype
from catcore.datatypes.shapes import chosen, unpacked
from catcore.errors import IllTyped, TooLarge
from catcore.objects import parts

MAX_STEPS = 2_000  # every state is as long as the element, so a trace is quadratic


@dataclass(frozen=True)
class Redex:
    """A constructor that still waits for a step: its name, and its arguments, which are values or wait themselves."""

    name: str
    arguments: tuple[Any, ...]

    def __str__(self) -> str:
        pieces: list[str] = []
        todo: list[Any] = [self]  # long lists are deep, so this does not recurse
        while todo:
            part: Any = todo.pop()
            if isinstance(part, Redex) and part.arguments:
                between = [piece for argument in part.arguments for piece in (", ", argument)][1:]
                todo += reversed([f"{part.name}(", *between, ")"])
            else:
                pieces.append(part.name if isinstance(part, Redex) else str(part))
        return "".join(pieces)


@dataclass(frozen=True)
class Reduction:
    """A fold in small steps.

    Args:
        states: the element, and what it is after each step; the last one is the value of the fold.
        rules: for each step the constructor whose clause was used.
    """

    states: tuple[Any, ...]
    rules: tuple[str, ...]

    @property
    def value(self) -> Any:
        """The value of the fold."""
        return self.states[-1]

    def __len__(self) -> int:
        return len(self.rules)

    def __str__(self) -> str:
        texts = [str(state) for state in self.states]
        width = max(map(len, texts))
        after = zip(texts[1:], self.rules, strict=True)
        return "\n".join([f"   {texts[0]}", *(f"→  {text:<{width}}    by {rule}" for text, rule in after)])


def reduction_steps(value: Data, of: Datatype, /, **clauses: Callable[..., Any]) -> Reduction:
    """The fold of an element in small steps, leftmost innermost; there are as many as constructors of the type.

    Args:
        value: an element of the data type.
        of: the data type; its branches stand directly at the arguments of its constructors.
        clauses: one Python function for each constructor, as for :meth:`~catcore.datatypes.Datatype.fold`.

    Raises:
        UnknownName: when a clause is missing, or names no constructor.
        IllTyped: when the value is of another type, or branches stand inside functions or further fixed points.
        TooLarge: when the element has more than 2 000 constructors.
    """
    of.fold(**clauses)  # refuses wrong clauses
    if of.checked(value).size > MAX_STEPS:
        raise TooLarge(
            f"A reduction was asked for of an element of {of} with {value.size} constructors, and each is a step; take "
            f"one with at most {MAX_STEPS}, or use Datatype.fold."
        )
    state = _waiting(value, of)
    states, rules = [state], []
    while isinstance(state, Redex):
        state, rule = _step(state, clauses)
        states.append(state)
        rules.append(rule)
    return Reduction(tuple(states), tuple(rules))


def _waiting(value: Data, of: Datatype) -> Redex:
    """An element with every constructor waiting."""
    for kind in of.kinds:
        for factor in kind.factors:
            if factor is not of.fixed and of.fixed in parts({factor}):
                raise IllTyped(
                    f"A reduction was asked for over {of}, and branches stand inside its argument {factor}; only "
                    "branches that are arguments themselves are reduced in steps."
                )

    def layer(x: Any) -> Redex:
        number, payload = chosen(of.fixed.body, x)
        return Redex(of.names[number], unpacked(of.kinds[number].payload, payload))

    return fold_data(value, layer, of.fixed)  # type: ignore[no-any-return]


def _step(state: Redex, clauses: Mapping[str, Callable[..., Any]]) -> tuple[Any, str]:
    """The state after the leftmost innermost step, and the constructor that was used up."""
    path, node = [], state
    while (place := next((i for i, a in enumerate(node.arguments) if isinstance(a, Redex)), None)) is not None:
        path.append((node, place))
        node = node.arguments[place]
    after = clauses[node.name](*node.arguments)
    for parent, i in reversed(path):
        after = Redex(parent.name, (*parent.arguments[:i], after, *parent.arguments[i + 1 :]))
    return after, node.name


__all__ = ["Redex", "Reduction", "reduction_steps"]
