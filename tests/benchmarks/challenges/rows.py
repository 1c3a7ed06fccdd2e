"""What a challenge is: a statement in code, and a mutated twin.

A module states its challenges with :func:`challenge` as a decorator of the function that builds the statement, and the
twin with the decorator's ``twin``.

>>> from catcore import ident, Law
>>> @challenge("X01", "identities are identities")
... def identities():
...     return Law("identity", ident(1) >> ident(1), ident(1))
>>> identities.title
'identities are identities'
>>> del CHALLENGES["X01"]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Statement = Callable[[], Any]


@dataclass
class Challenge:
    """A statement with a name; ``quick`` marks those that take a moment only.

    Args:
        id: the row's name; its first letter says what is asked (P: prove, R: refute, C: count).
        title: what is asked, in words.
        statement: builds the statement.
        quick: whether it belongs to a quick run.
        mutant: builds the twin, if there is one.
        change: what is different in the twin, in words.
    """

    id: str
    title: str
    statement: Statement
    quick: bool = False
    mutant: Statement | None = field(default=None, repr=False)
    change: str = ""

    def twin(self, change: str) -> Callable[[Statement], Statement]:
        """Decorator: the statement with one thing changed."""

        def keep(build: Statement) -> Statement:
            self.mutant, self.change = build, change
            return build

        return keep


CHALLENGES: dict[str, Challenge] = {}


def challenge(id: str, title: str, *, quick: bool = False) -> Callable[[Statement], Challenge]:
    """Decorator: add a challenge to the table of all challenges."""

    def keep(build: Statement) -> Challenge:
        assert id not in CHALLENGES, f"two challenges are called {id}"
        CHALLENGES[id] = Challenge(id, title, build, quick)
        return CHALLENGES[id]

    return keep


@dataclass(frozen=True)
class Exists:
    """The claim that a finite search finds some, or exactly one; ``search`` gives the number of things found."""

    what: str
    search: Callable[[], int]
    unique: bool = False

    def __str__(self) -> str:
        return f"there is {'exactly one' if self.unique else 'a'} {self.what}"


@dataclass(frozen=True)
class Quantity:
    """Numbers to be counted: the names of the entries, and how each one is found."""

    what: str
    entries: dict[str, Callable[[], Any]]

    def __str__(self) -> str:
        return f"{self.what} for {', '.join(self.entries)}"


@dataclass(frozen=True)
class Diagrams:
    """The claim that two diagrams are equal by interchange and the rules of a presentation.

    A ``theorem`` carries its own proof, which is replayed; a proof ``by`` other diagrams is looked for in legs.
    """

    name: str
    lhs: Any
    rhs: Any
    rules: tuple[Any, ...] = ()
    steps: int = 2000
    symmetric: bool = False
    growth: int = 2
    theorem: Any = None
    by: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.lhs} = {self.rhs}"
