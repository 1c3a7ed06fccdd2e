"""Data types: a least fixed point with named constructors (THEORY T2.2, T2.3; CDL Ex. 2.9, 2.10).

The functor says everything: the constructors are its summands, their arguments the factors, and folds, printing,
reading and checking follow from it.  Nothing is written for one type.

>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> (A,) = atoms("A")
>>> Tree = datatype(A + Id * Id, "Leaf", "Node")
>>> Leaf, Node = Tree.constructors
>>> t = Node(Leaf(2), Node(Leaf(7), Leaf(1)))
>>> print(Tree.show(t))
Node(Leaf(2), Node(Leaf(7), Leaf(1)))
>>> Tree.read("Node(Leaf(2), Node(Leaf(7), Leaf(1)))") == t
True
>>> Tree.fold(Leaf=lambda a: a, Node=lambda l, r: l - 2 * r)(t)
-8
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from catcore.arrows import Arrow, compose, in_, inl, inr
from catcore.categories.finite_sets import Graph, Injected, listed
from catcore.datatypes import data_graphs, notation
from catcore.datatypes.conversions import Conversion
from catcore.datatypes.data import Data, fold_data
from catcore.datatypes.shapes import Summand, chosen, is_list, summands, unpacked
from catcore.errors import BadSpecification, IllTyped, UnknownName
from catcore.functors import Functor
from catcore.objects import Atom, Coproduct, Exponential, FinSet, Mu, Ob, One, Product, R, mu


@dataclass(frozen=True)
class Datatype:
    """A least fixed point whose constructors have names.

    Args:
        fixed: ``mu(F)``.
        names: one name for each summand of F, left to right.
    """

    fixed: Mu
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        count = len(summands(self.fixed.body))
        if len(self.names) != count or len(set(self.names)) != count or not all(map(str.isidentifier, self.names)):
            raise IllTyped(
                f"{self.fixed} has {count} constructors, and {list(self.names)} was given; name each one, with "
                "different names made of letters and digits."
            )

    # Constructors -------------------------------------------------------------------------------------------------

    @cached_property
    def functor(self) -> Functor:
        """The functor F."""
        return Functor(1, self.fixed.body)

    @cached_property
    def kinds(self) -> tuple[Summand, ...]:
        """The summands of ``F(μF)``."""
        return summands(self.fixed.unrolled())

    @cached_property
    def constructors(self) -> tuple[Constructor, ...]:
        """The constructors as functions on values, in order: ``Leaf, Node = Tree.constructors``."""
        return tuple(Constructor(self, number) for number in range(len(self.names)))

    def apply(self, name: str, arguments: tuple[Any, ...]) -> Data:
        """The constructor of that name applied to values.

        Raises:
            UnknownName: when there is no such constructor.
            IllTyped: when there are too many or too few arguments, or one has the wrong type.
        """
        if name not in self.names:
            raise UnknownName(f"{name!r} is no constructor of {self}; they are {', '.join(self.names)}.")
        return self.constructors[self.names.index(name)](*arguments)

    # Values -------------------------------------------------------------------------------------------------------

    def show(self, value: Data, *, beside: Iterable[Datatype] = ()) -> str:
        """An element as text, with the names of the constructors; ``beside`` names those of further data types."""
        return notation.written(self.checked(value), {kind.fixed: kind.names for kind in (self, *beside)})

    def read(self, text: str, *, beside: Iterable[Datatype] = ()) -> Data:
        """The element that a text stands for, written as :meth:`show` does.

        Raises:
            BadSpecification: naming the character at which the text cannot be read.
            UnknownName: for a name that is no constructor.
            IllTyped: when a constructor is given arguments of the wrong type.
        """
        reading = replace(self._conversion(beside), element=lambda ob, x, where: element(ob, notation.plain(x), where))
        try:
            return reading.from_nested(self.fixed, notation.parsed(text, self))
        except RecursionError:
            raise BadSpecification(
                f"An element of {self} was to be read, and a label in it is nested too deeply."
            ) from None

    def list_of(self, items: Iterable[Any]) -> Data:
        """A Python list as an element; the functor has to be ``1 + A × X``.

        Raises:
            IllTyped: when this is no type of lists, or an item has the wrong type.
        """
        self._need_lists()
        if not isinstance(items, Iterable):
            raise IllTyped(f"The items of an element of {self} were asked for, and {items!r} was given.")
        label = self.kinds[1].payload.args[0]
        made = Data(self.fixed, Injected("inl", ()))
        for item in reversed(list(items)):
            made = Data(self.fixed, Injected("inr", (element(label, item, "an item of a list"), made)))
        return made

    def to_list(self, value: Data) -> list[Any]:
        """The items of a list."""
        self._need_lists()
        self.checked(value)
        items = []
        while value.layer.side == "inr":
            item, value = value.layer.value
            items.append(item)
        return items

    def _need_lists(self) -> None:
        if not is_list(self.fixed.body):
            raise IllTyped(f"A Python list was to be an element of {self}; only μX. 1 + A × X has lists as elements.")

    def _conversion(self, beside: Iterable[Datatype]) -> Conversion:
        return Conversion({kind.fixed: kind.names for kind in (self, *beside)}, element)

    def nested(self, value: Data, *, beside: Iterable[Datatype] = ()) -> tuple[Any, ...]:
        """An element as nested Python tuples, the name of the constructor first; lists in it are Python lists.

        Args:
            value: the element.
            beside: further data types whose constructors have names.
        """
        return self._conversion(beside).nested(self.checked(value))  # type: ignore[no-any-return]

    def from_nested(self, nested: Any, *, beside: Iterable[Datatype] = ()) -> Data:
        """The element that nested Python tuples and lists stand for; the inverse of :meth:`nested`.

        Raises:
            UnknownName: for a name that is no constructor.
            IllTyped: for arguments that do not fit.
        """
        return self._conversion(beside).from_nested(self.fixed, nested)

    def to_networkx(self, value: Data, *, beside: Iterable[Datatype] = ()) -> Any:
        """An element as a directed graph of ``networkx``: nodes bear ``constructor`` and ``labels``, edges ``place``.

        Shared branches are one node; node 0 is the root.  Branches in a list hang directly below; where a branch stands
        inside a label, the label has ``...`` there.
        """
        return data_graphs.to_networkx(self._conversion(beside), self.checked(value))

    def nodes(self, value: Data, *, beside: Iterable[Datatype] = ()) -> list[Data]:
        """The elements inside an element that become the nodes 0, 1, … of :meth:`to_networkx`."""
        return data_graphs.nodes(self._conversion(beside), self.checked(value))

    def from_networkx(self, graph: Any, *, beside: Iterable[Datatype] = ()) -> Data:
        """The element that a directed graph stands for, such as one of :meth:`to_networkx` or any rooted tree.

        A node says its ``constructor``, unless the number of its branches does, and its ``labels``, or its one
        ``label``; a node without labels is its own.  Branches come in the order of the edges' ``place``, or in that of
        the edges.

        Raises:
            IllTyped: when there is not one root, a cycle, or a node that fits no constructor.
            UnknownName: for a name that is no constructor.
        """
        return data_graphs.from_networkx(self._conversion(beside), self.fixed, graph)

    # Folds on values ----------------------------------------------------------------------------------------------

    def fold(self, **clauses: Callable[..., Any]) -> Callable[[Data], Any]:
        """The fold with one Python function for each constructor (T2.3): ``f(C(x, …)) = clause_C(x, f(…), …)``.

        Raises:
            UnknownName: when a clause is missing, or names no constructor.
        """
        if set(clauses) != set(self.names):
            wrong = sorted(set(clauses) ^ set(self.names))
            raise UnknownName(
                f"A fold over {self} needs one clause for each of {', '.join(self.names)}; {', '.join(wrong)} is "
                "missing or unknown."
            )
        for name, clause in clauses.items():
            if not callable(clause):
                raise IllTyped(f"The clause of a fold for {name} is a Python function, and {clause!r} was given.")
        carrier = Atom("result")

        def algebra(layer: Any) -> Any:
            number, payload = chosen(self.fixed.body, layer)
            return clauses[self.names[number]](*unpacked(self.kinds[number].payload, payload))

        return lambda value: fold_data(self.checked(value), algebra, carrier)

    def checked(self, value: Any) -> Data:
        """The value, if it is an element of this type.

        Raises:
            IllTyped: otherwise.
        """
        if not isinstance(value, Data) or value.of is not self.fixed:
            found = f"an element of {value.of}" if isinstance(value, Data) else repr(value)[:80]
            raise IllTyped(f"An element of {self} was asked for, and {found} was given.")
        return value

    def __str__(self) -> str:
        return str(self.fixed)


@dataclass(frozen=True)
class Constructor:
    """One constructor of a data type: a function on values, and an arrow ``Fᵢ(μF) → μF``."""

    of: Datatype
    number: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.of.names[self.number]

    @property
    def arrow(self) -> Arrow:
        """The arrow from the summand to the data type."""
        whole, steps = self.of.fixed.unrolled(), []
        for side in self.of.kinds[self.number].path:
            assert isinstance(whole, Coproduct)
            steps.append((inl if side == "inl" else inr)(whole.left, whole.right))
            whole = whole.left if side == "inl" else whole.right
        return compose(*reversed(steps), in_(self.of.fixed))

    def __call__(self, *arguments: Any) -> Data:
        """The constructor applied to values; raises ``IllTyped`` for values that do not fit."""
        kind = self.of.kinds[self.number]
        if len(arguments) != len(kind.factors):
            raise IllTyped(
                f"The constructor {self.name} of {self.of} takes {len(kind.factors)} argument(s), and {len(arguments)} "
                "were given."
            )
        where = f"an argument of {self.name}"
        return Data(
            self.of.fixed,
            kind.inject(tuple(element(ob, a, where) for ob, a in zip(kind.factors, arguments, strict=True))),
        )

    def __str__(self) -> str:
        return self.name


def datatype(functor: Any, *names: str) -> Datatype:
    """The data type of a functor of one variable, or of a least fixed point, with names for its constructors.

    >>> from catcore.objects import FinSet
    >>> print(datatype(lambda X: 1 + FinSet(2) * X, "Nil", "Cons"))
    μX. 1 + 2 × X
    """
    fixed = functor if isinstance(functor, Mu) else mu(functor)
    return Datatype(fixed, names or notation.default_names(len(summands(fixed.body))))


def element(ob: Ob, value: Any, where: str) -> Any:
    """A Python value as an element of an object, functions out of finite sets written out.

    Raises:
        IllTyped: when it is none; the sentence says where.
    """
    found: Any = None
    match ob:
        case Product() if isinstance(value, tuple) and len(value) == 2:
            return element(ob.left, value[0], where), element(ob.right, value[1], where)
        case Coproduct() if isinstance(value, Injected):
            return Injected(value.side, element(ob.left if value.side == "inl" else ob.right, value.value, where))
        case Exponential() if callable(value) or isinstance(value, tuple | list):
            return _function(ob, value, where)
        case FinSet() if _is_member(ob, value):
            return value
        case Mu() if isinstance(value, Data) and value.of is ob:
            return value
        case Atom() | R():
            return value
    if ob is One and value == ():
        return value
    found = f"an element of {value.of}" if isinstance(value, Data) else repr(value)[:80]
    raise IllTyped(f"An element of {ob} was asked for as {where}, and {found} was given.")


def _is_member(ob: FinSet, value: Any) -> bool:
    labels = ob.labels if not isinstance(ob.args[0], int) else range(ob.size)
    return type(value) in (int, str) and value in labels


def _function(ob: Exponential, value: Any, where: str) -> Any:
    """A function out of a finite set as its graph; any other function stays what it is."""
    arguments = listed(ob.exponent)
    if arguments is None:
        return value
    images = [value(a) for a in arguments] if callable(value) else list(value)
    if len(images) != len(arguments):
        raise IllTyped(
            f"A function out of {ob.exponent} was asked for as {where}, and {len(images)} values were given."
        )
    return Graph(tuple((a, element(ob.base, image, where)) for a, image in zip(arguments, images, strict=True)))
