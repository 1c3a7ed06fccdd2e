"""What the elements of an object look like while a term is being compiled.

Compiling runs the term once on *symbolic* elements: an element of ``R(*shape)``, of an atom or of a finite set is the
name of an array in the program; an element of ``A * B`` is a pair; an element of ``A + B`` is a tag with a payload on
each side; an element of ``B ** A`` is an arrow together with the values it has captured.  Pairs, tags known in advance
and functions therefore cost nothing at run time: β-reduction happens here.

Values are frozen and hashable, so that the emitter can remember what a term gave on a value and share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeVar, dataclass_transform

from catcore.arrows import Arrow, Fold
from catcore.categories.finite_sets import listed
from catcore.datatypes.monomials import monomials
from catcore.errors import IllTyped, NotInterpreted
from catcore.functors import Functor
from catcore.objects import (
    Atom,
    Coproduct,
    Exponential,
    FinSet,
    Mu,
    Ob,
    One,
    Product,
    R,
    Zero,
    as_object,
    occurring,
    substitute,
)
from catcore.objects import Tensor as TensorObject
from catcore_backends.batches import MAX_TABLE

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def hashed_once(kind: type[T]) -> type[T]:
    """A frozen class of values that know their hashes when they are made, since they share parts and nest deeply."""

    def remember(self: Any) -> None:
        self.__dict__["_hash"] = of(self)

    kind.__post_init__ = remember  # type: ignore[attr-defined]
    made = dataclass(frozen=True)(kind)
    of: Callable[[Any], int] = made.__hash__
    made.__hash__ = lambda self: self.__dict__["_hash"]  # type: ignore[method-assign]
    return made


@hashed_once
class Leaf:
    """A batch of arrays, by its name in the program; where ``shared``, one row that is the same for all."""

    name: str
    shared: bool = False


@hashed_once
class Point:
    """The element of ``1``; it also stands for the elements of ``0``, which are never live."""


@hashed_once
class Both:
    """An element of a product."""

    left: Value
    right: Value


@hashed_once
class Tagged:
    """An element of a sum: in each row the right side is live where ``tag`` is true, the left side elsewhere.

    ``tag`` is the name of a boolean array, or True or False where it is the same in every row; then the side that is
    live nowhere is None.
    """

    tag: str | bool
    left: Value | None
    right: Value | None


@hashed_once
class Closure:
    """An element of ``B ** A``: an arrow ``C × A → B`` and the element of ``C`` that it has captured."""

    body: Arrow
    captured: Value


@hashed_once
class Chosen:
    """An element of ``B ** A`` that is ``right`` in the rows where ``tag`` is true and ``left`` elsewhere."""

    tag: str
    left: Value
    right: Value


@hashed_once
class Harmless:
    """An element of ``B ** A`` that is live nowhere."""

    ob: Ob


@hashed_once
class Folded:
    """The functions that a fold into ``A ^ P`` gives for a batch of trees."""

    term: Fold
    trees: Value


@hashed_once
class Known:
    """An element of ``B ** A`` of which one value is known: the ``result`` at ``argument``."""

    argument: Value
    result: Value


Value = Leaf | Point | Both | Tagged | Closure | Chosen | Harmless | Folded | Known


def listed_size(ob: Ob) -> int | None:
    """The number of elements of a finite set, None for other objects."""
    elements = listed(ob)
    return None if elements is None else len(elements)


class Types:
    """The objects as the compiler sees them: atoms replaced by what the user says they are.

    Args:
        shapes: what the atoms are.
        check_bounds: whether the numbers of elements of finite sets are looked at.
    """

    def __init__(self, shapes: Mapping[Any, Any] | None, *, check_bounds: bool = True) -> None:
        self.check_bounds = check_bounds
        if not isinstance(shapes or {}, Mapping):
            raise IllTyped(f'shapes= says what each atom is, as {{"A": (3,)}}, and {shapes!r} was given.')
        self.table = {_atom_name(key): _meaning(key, value) for key, value in (shapes or {}).items()}

    def resolve(self, ob: Ob) -> Ob:
        """The object, or what stands for it when it is an atom that the user gave a meaning."""
        while isinstance(ob, Atom) and ob.name in self.table:
            ob = self.table[ob.name]
        return ob

    def concrete(self, ob: Ob) -> Ob:
        """The object with all atoms in it that have a meaning replaced by that."""
        return substitute(ob, {Atom(name): meaning for name, meaning in self.table.items()}) if self.table else ob

    def shape(self, ob: Ob) -> tuple[int, ...]:
        """The shape of one element of an atom, of ``R(…)`` or of a finite set.

        Raises:
            NotInterpreted: when nothing says how large an atom is.
        """
        if isinstance(ob, R):
            return ob.shape
        if isinstance(ob, FinSet):
            return ()
        raise NotInterpreted(
            f"An array for the atom {ob} is needed, and shapes={set(self.table) or '{}'} does not say its shape. "
            f'Give it as shapes={{"{ob}": (3,)}}.'
        )

    def tabled(self, ob: Ob) -> Ob | None:
        """``B × … × B`` for a function object ``B ** E`` out of a small finite set, whose elements are tables."""
        ob = self.resolve(ob)
        if not isinstance(ob, Exponential) or (size := listed_size(self.resolve(ob.exponent))) is None:
            return None
        return (reduce(Product, [ob.base] * size) if size else One) if size <= MAX_TABLE else None

    def check(self, ob: Ob, where: str) -> None:
        """Refuse an object whose elements no array holds.

        Raises:
            NotInterpreted: naming the part and what to do.
        """
        ob = self.resolve(ob)
        match ob:
            case Product() | Coproduct():
                self.check(ob.left, where)
                self.check(ob.right, where)
            case Exponential() if self.tabled(ob) is not None:
                self.check(ob.base, where)
            case Exponential():
                raise NotInterpreted(
                    f"Arrays for {ob} were asked for, {where}: a function is no array. "
                    "Apply it inside the term (ev), or curry and evaluate it in one arrow."
                )
            case TensorObject():
                self.check_monoidal(ob, where)
            case FinSet() | R() | Atom():
                pass
            case Mu():
                monomials(Functor(1, ob.body))  # refuses what no table holds
            case _ if ob is One or ob is Zero:
                pass
            case _:
                raise NotInterpreted(
                    f"Arrays for {ob} were asked for, {where}: greatest fixed points and arbitrary functors have none. "
                    "Compile a term between products and sums of R(…), FinSet(n), atoms and least fixed points."
                )

    def check_monoidal(self, ob: TensorObject, where: str) -> None:
        """Refuse ``A ⊗ B`` unless both are finite sets, where ⊗ is × (THEORY T1.1)."""
        if occurring(ob, R) or occurring(ob, Atom):
            raise NotInterpreted(
                f"Arrays for {ob} were asked for, {where}: in ⊗ of real tensors an element is no pair. "
                "Write * for pairs, or R(m, n) for the tensor product of R(m) and R(n)."
            )
        self.check(ob.left, where)
        self.check(ob.right, where)


def _atom_name(key: Any) -> str:
    return key.name if isinstance(key, Atom) else str(key)


def _meaning(key: Any, value: Any) -> Ob:
    if isinstance(value, tuple | list):
        return R(*(int(n) if hasattr(n, "__index__") else n for n in value))
    meaning = as_object(value)
    if any(part.name == _atom_name(key) for part in occurring(meaning, Atom) if isinstance(part, Atom)):
        raise NotInterpreted(
            f"shapes says that the atom {key} is {meaning}, which contains it. Give a shape such as (3,)."
        )
    return meaning


def is_leaf(ob: Ob) -> bool:
    """Whether an element of the (resolved) object is one array, or one forest."""
    return isinstance(ob, R | FinSet | Atom | Mu)


def leaves(value: Value | None) -> Iterator[str]:
    """The names of the arrays in a value, tags included."""
    match value:
        case Leaf():
            yield value.name
        case Both():
            yield from leaves(value.left)
            yield from leaves(value.right)
        case Tagged() | Chosen():
            if isinstance(value.tag, str):
                yield value.tag
            yield from leaves(value.left)
            yield from leaves(value.right)
        case Closure():
            yield from leaves(value.captured)


def shared_leaves(value: Value) -> Iterator[bool]:
    """For each array in an element of a product of tensors whether it is one row that stands for all."""
    match value:
        case Leaf():
            yield value.shared
        case Both():
            yield from shared_leaves(value.left)
            yield from shared_leaves(value.right)
