"""Elements of least fixed points as values (THEORY T2.3).

An element of ``μF`` is one layer, an element of ``F(μF)``, whose places hold further elements: a finite tree, whose
branches may be shared.  The point is ``()``, a pair a tuple, an element of a sum
:class:`~catcore.categories.finite_sets.Injected`, a function out of a finite set
:class:`~catcore.categories.finite_sets.Graph`.  Nothing here recurses over a tree, so a list of a million elements is
built, compared, hashed, printed and pickled like any other; a tree with shared branches costs what its distinct
branches cost.

>>> from catcore.categories.finite_sets import Injected
>>> from catcore.objects import atoms, mu
>>> (A,) = atoms("A")
>>> List = mu(lambda X: 1 + A * X)
>>> nil = Data(List, Injected("inl", ()))
>>> print(Data(List, Injected("inr", (3, nil))))
[3]
>>> Data(List, Injected("inr", (3, nil))) == Data(List, Injected("inr", (3, nil)))
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from catcore.categories.finite_sets import Graph, Injected, listed
from catcore.datatypes.shapes import varies
from catcore.errors import IllTyped, NotInterpreted
from catcore.objects import (
    Coproduct,
    Exponential,
    Mu,
    Nu,
    Ob,
    Product,
    Tensor,
    instantiate,
    occurring,
    parts,
    substitute,
)


class Data:
    """An element of ``mu(F)``: a constructor applied to a layer; a frozen value.

    Args:
        of: the least fixed point.
        layer: an element of ``F(mu(F))``; it is taken as it is, :class:`~catcore.datatypes.Datatype` checks.

    Equality is that of trees; ``height`` is 1 for a tree without branches, ``size`` counts constructors of every type
    in it, shared branches as often as they occur.
    """

    __slots__ = ("__weakref__", "_hash", "height", "layer", "of", "size")
    of: Mu
    layer: Any
    height: int
    size: int
    _hash: int | None

    def __init__(self, of: Mu, layer: Any) -> None:
        if not isinstance(of, Mu):
            raise IllTyped(f"An element of a least fixed point mu(F) was asked for, and {of} is none.")
        below = children(layer)
        set_ = object.__setattr__
        set_(self, "of", of)
        set_(self, "layer", layer)
        set_(self, "height", 1 + max((d.height for d in below), default=0))
        set_(self, "size", 1 + sum(d.size for d in below))
        try:
            set_(self, "_hash", hash((of, layer)))  # the branches have their hashes already
        except TypeError:  # a label that cannot be hashed, such as an array
            set_(self, "_hash", None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"An element of {self.of} is a value and cannot change; {name} was assigned.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data):
            return NotImplemented
        return _equal(self, other)

    def __hash__(self) -> int:
        if self._hash is None:
            raise TypeError("unhashable: a label in this element has no hash")
        return self._hash

    def __reduce__(self) -> tuple[Callable[..., Data], tuple[Any, ...]]:
        order = postorder(self)
        place = {id(node): _Place(i) for i, node in enumerate(order)}
        rows = [(node.of, exchanged(node.layer, lambda d: place[id(d)])) for node in order]
        return _from_rows, (tuple(rows),)

    def __str__(self) -> str:
        from catcore.datatypes.notation import written

        return written(self)

    def __repr__(self) -> str:
        return f"<{self.of}: {self}>" if self.size <= 1000 else f"<{self.of}: {self.size} constructors>"


def children(layer: Any) -> list[Data]:
    """The elements of fixed points that a layer directly holds, in order."""
    found: list[Data] = []
    todo = [layer]
    while todo:  # asked at each of a million constructors, so no generators inside generators
        part = todo.pop()
        if isinstance(part, Data):
            found.append(part)
        elif isinstance(part, tuple):
            todo += part[::-1]
        elif isinstance(part, Injected):
            todo.append(part.value)
        elif isinstance(part, Graph):
            todo += [value for _, value in reversed(part.pairs)]
    return found


def exchanged(layer: Any, change: Callable[[Any], Any], what: type = Data) -> Any:
    """The layer with each element of a fixed point that it directly holds, or each ``what``, replaced."""
    match layer:
        case _ if isinstance(layer, what):
            return change(layer)
        case tuple():
            return tuple(exchanged(part, change, what) for part in layer)
        case Injected():
            return Injected(layer.side, exchanged(layer.value, change, what))
        case Graph():
            return Graph(tuple((at, exchanged(value, change, what)) for at, value in layer.pairs))
    return layer


def postorder(*roots: Data, below: Callable[[Data], Iterable[Data]] | None = None) -> list[Data]:
    """All elements inside the given ones, themselves included, each once and after its branches."""
    branches = below or (lambda node: children(node.layer))
    order: list[Data] = []
    done = set[int]()
    todo: list[tuple[Data, bool]] = [(root, False) for root in reversed(roots)]
    while todo:
        node, visited = todo.pop()
        if id(node) in done:
            continue
        if visited:
            done.add(id(node))
            order.append(node)
        else:
            todo.append((node, True))
            todo += [(branch, False) for branch in reversed([*branches(node)])]
    return order


def fold_data(value: Data, algebra: Callable[[Any], Any], carrier: Ob) -> Any:
    """The value of the fold of ``algebra``, a Python function on layers ``F(A)``, at an element of ``μF``.

    Branches of other fixed points on the way, such as the list of branches of a rose tree, keep their shape and hold
    what their own branches gave; ``carrier`` is the object A, for their types.  Each distinct branch is folded once;
    branches behind a function out of an infinite set are folded when it is applied.
    """
    fixed = value.of
    relevant = {value.of: True}

    def holds(node: Data) -> bool:
        if node.of not in relevant:
            relevant[node.of] = fixed in parts({node.of})
        return relevant[node.of]

    def again(branch: Data) -> Any:
        return fold_data(branch, algebra, carrier)

    results: dict[int, Any] = {}
    functions = bool(occurring(fixed.body, Exponential))
    for node in postorder(value, below=lambda node: filter(holds, children(node.layer))):
        layer = exchanged(node.layer, lambda d: results.get(id(d), d))
        if node.of is fixed:
            results[id(node)] = algebra(_behind_functions(fixed.body, layer, again, carrier) if functions else layer)
        else:
            results[id(node)] = Data(_carried(node.of, fixed, carrier), layer)
    return results[id(value)]


def _behind_functions(body: Ob, layer: Any, change: Callable[[Any], Any], carrier: Ob) -> Any:
    """The layer with the values of its functions changed at the places of the functor's variable."""
    match body:
        case Product() | Tensor():
            return tuple(_behind_functions(b, x, change, carrier) for b, x in zip(body.args, layer, strict=True))
        case Coproduct():
            side = body.left if layer.side == "inl" else body.right
            return Injected(layer.side, _behind_functions(side, layer.value, change, carrier))
        case Exponential() if not isinstance(layer, Graph) and varies(body.base):
            return lambda y: mapped(body.base, change, layer(y), (carrier,))
    return layer


def mapped(body: Ob, function: Callable[[Any], Any], x: Any, carriers: tuple[Ob, ...]) -> Any:
    """The functor with a given body on a Python function, at an element: it is applied at every place of the variable.

    ``carriers`` says what the bound variables stand for in the result, the innermost first and the functor's own last;
    it types the elements of further fixed points that hold such places.

    Raises:
        NotInterpreted: where the place is inside a greatest fixed point.
    """
    if not varies(body, len(carriers) - 1):
        return x
    match body:
        case Product() | Tensor():
            return mapped(body.left, function, x[0], carriers), mapped(body.right, function, x[1], carriers)
        case Coproduct():
            side = body.left if x.side == "inl" else body.right
            return Injected(x.side, mapped(side, function, x.value, carriers))
        case Exponential() if isinstance(x, Graph):
            return Graph(tuple((at, mapped(body.base, function, value, carriers)) for at, value in x.pairs))
        case Exponential():
            return lambda y: mapped(body.base, function, x(y), carriers)
        case Mu():
            return _mapped_data(body, function, x, carriers)
        case Nu():
            raise NotInterpreted(f"The places of a functor stand inside {body}, whose elements are not finite.")
    return function(x)


def _mapped_data(body: Mu, function: Callable[[Any], Any], value: Data, carriers: tuple[Ob, ...]) -> Data:
    of = instantiate(body, carriers)
    done: dict[int, Data] = {}
    for node in spine(value):
        layer = mapped(body.body, function, node.layer, (of, *carriers))
        done[id(node)] = Data(of, exchanged(layer, lambda d: done.get(id(d), d)))  # type: ignore[arg-type]
    return done[id(value)]


def spine(value: Data) -> list[Data]:
    """The elements of one type that an element is made of, each after its branches."""
    return postorder(value, below=lambda node: (d for d in children(node.layer) if d.of is value.of))


def _carried(kind: Mu, fixed: Mu, carrier: Ob) -> Mu:
    return substitute(kind, {fixed: carrier})  # type: ignore[return-value]


def stored(ob: Ob, x: Any) -> Any:
    """An element as it is kept in data: functions out of finite sets as their graphs, so that they can be compared."""
    match ob:
        case Product() | Tensor():
            return stored(ob.left, x[0]), stored(ob.right, x[1])
        case Coproduct():
            return Injected(x.side, stored(ob.left if x.side == "inl" else ob.right, x.value))
        case Exponential():
            arguments = listed(ob.exponent)
            return x if arguments is None else Graph(tuple((a, stored(ob.base, x(a))) for a in arguments))
    return x


class _Place:
    """Where in the table of a pickled element a branch stands."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


def _from_rows(rows: tuple[tuple[Mu, Any], ...]) -> Data:
    made: list[Data] = []
    for of, layer in rows:
        made.append(Data(of, exchanged(layer, lambda place: made[place.number], _Place)))
    return made[-1]


def _equal(left: Data, right: Data) -> bool:
    todo: list[tuple[Any, Any]] = [(left, right)]
    seen = set[tuple[int, int]]()
    while todo:
        a, b = todo.pop()
        if a is b:
            continue
        match a, b:
            case Data(), Data():
                if (id(a), id(b)) in seen:
                    continue
                seen.add((id(a), id(b)))  # both stay alive inside the two elements
                if a.of is not b.of or a.size != b.size or a._hash != b._hash:
                    return False
                todo.append((a.layer, b.layer))
            case tuple(), tuple() if len(a) == len(b):
                todo += zip(reversed(a), reversed(b), strict=True)
            case Injected(), Injected() if a.side == b.side:
                todo.append((a.value, b.value))
            case Graph(), Graph() if len(a.pairs) == len(b.pairs):
                todo += zip(a.pairs, b.pairs, strict=True)
            case _:
                if not _same_label(a, b):
                    return False
    return True


def _same_label(a: Any, b: Any) -> bool:
    same = type(a) is type(b) and a == b
    return same if isinstance(same, bool) else bool(same.all())
