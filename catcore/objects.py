"""Object expressions: what arrows go between (THEORY T1.1, T2.2).

Objects are built from ``Zero``, ``One``, named atoms, finite sets and real tensors by product ``A * B``, coproduct
``A + B``, monoidal product ``A @ B``, exponential ``B ** A`` (functions from ``A`` to ``B``), least fixed points
``mu(F)`` and greatest fixed points ``nu(F)``.  Objects are equal when they are written alike: ``(A * B) * C`` and
``A * (B * C)`` are isomorphic, not equal (THEORY 0.6).

>>> A, S = atoms("A S")
>>> print(1 + A * S ** A)
1 + A × S^A
>>> (1 + A) is (1 + A)
True
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from catcore.errors import IllTyped
from catcore.expressions import Expression, escape


class Ob(Expression):
    """An object expression."""

    __slots__ = ()
    precedence: ClassVar[int] = 9

    def __add__(self, other: object) -> Any:
        return _binary(Coproduct, self, other)

    def __radd__(self, other: object) -> Any:
        return _binary(Coproduct, other, self)

    def __mul__(self, other: object) -> Any:
        return _binary(Product, self, other)

    def __rmul__(self, other: object) -> Any:
        return _binary(Product, other, self)

    def __matmul__(self, other: object) -> Any:
        return _binary(Tensor, self, other)

    def __rmatmul__(self, other: object) -> Any:
        return _binary(Tensor, other, self)

    def __pow__(self, other: object) -> Any:
        return _binary(Exponential, self, other)

    def __rpow__(self, other: object) -> Any:
        return _binary(Exponential, other, self)

    def __str__(self) -> str:
        return _show(self, _UNICODE, _names(self), [])

    def latex(self) -> str:
        """The object as LaTeX."""
        return _show(self, _LATEX, _names(self), [])

    def __repr__(self) -> str:
        return _show(self, _PYTHON, _names(self), [])


def _binary(former: type[Ob], left: object, right: object) -> Any:
    try:
        return former(as_object(left), as_object(right))
    except _NotAnObject:
        return NotImplemented


class _NotAnObject(IllTyped):
    pass


def as_object(value: object) -> Ob:
    """``value`` as an object: objects are themselves, 0 is ``Zero``, 1 is ``One`` and n > 1 is ``FinSet(n)``.

    Raises:
        IllTyped: for anything else.
    """
    if isinstance(value, Ob):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Zero if value == 0 else One if value == 1 else FinSet(value)
    raise _NotAnObject(
        f"An object is needed, and {value!r} was given. Use atoms(…), One, FinSet(n), R(n), or 0, 1, 2, …."
    )


class Atom(Ob):
    """An arbitrary object, known by its name only."""

    __slots__ = ()

    def _build(self) -> None:
        (name,) = self.args
        if not isinstance(name, str) or not name or not name.isprintable() or len(name) > 80:
            raise IllTyped(f"An atom is named by a short printable string, and {name!r} was given.")

    @property
    def name(self) -> str:
        """The name of the atom."""
        return str(self.args[0])


class ZeroObject(Ob):
    """The initial object 0, the empty set."""

    __slots__ = ()


class OneObject(Ob):
    """The terminal object 1, the one-point set."""

    __slots__ = ()


class FinSet(Ob):
    """A finite set: ``FinSet(n)`` has the elements 0 … n−1; ``FinSet("e", "s")`` names its elements."""

    __slots__ = ()

    def _build(self) -> None:
        named = bool(self.args) and all(isinstance(a, str) for a in self.args)
        sized = len(self.args) == 1 and type(self.args[0]) is int and self.args[0] >= 0
        if not (named or sized):
            raise IllTyped(f"FinSet takes a size n ≥ 0 or the names of its elements, and {self.args!r} was given.")
        if named and len(set(self.args)) < len(self.args):
            raise IllTyped(f"The elements of FinSet{self.args!r} must have different names.")

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.args[0] if isinstance(self.args[0], int) else len(self.args)

    @property
    def labels(self) -> tuple[str, ...]:
        """How the elements are written, in order."""
        return tuple(map(str, range(self.size))) if isinstance(self.args[0], int) else self.args


class R(Ob):
    """Real tensors of a given shape: ``R(3)`` are vectors, ``R(2, 3)`` matrices, ``R()`` numbers."""

    __slots__ = ()

    def _build(self) -> None:
        if not all(type(n) is int and n >= 0 for n in self.args):
            raise IllTyped(f"A shape is made of integers ≥ 0, and R{self.args!r} was asked for.")

    @property
    def shape(self) -> tuple[int, ...]:
        """The extents of the axes."""
        return self.args


class _Binary(Ob):
    __slots__ = ()

    def _build(self) -> None:
        if not all(isinstance(a, Ob) for a in self.args) or len(self.args) != 2:
            raise IllTyped(f"{type(self).__name__} is made of two objects, and {self.args!r} was given.")

    @property
    def left(self) -> Ob:
        """The first argument."""
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def right(self) -> Ob:
        """The second argument."""
        return self.args[1]  # type: ignore[no-any-return]


class Product(_Binary):
    """The cartesian product ``A * B``."""

    __slots__ = ()
    precedence = 2


class Coproduct(_Binary):
    """The coproduct ``A + B``, a disjoint union of sets."""

    __slots__ = ()
    precedence = 1


class Tensor(_Binary):
    """The monoidal product ``A @ B``."""

    __slots__ = ()
    precedence = 2


class Exponential(_Binary):
    """The exponential ``B ** A``: the functions from ``A`` to ``B``."""

    __slots__ = ()
    precedence = 3

    @property
    def base(self) -> Ob:
        """Where the functions go to."""
        return self.left

    @property
    def exponent(self) -> Ob:
        """Where the functions come from."""
        return self.right


class Bound(Ob):
    """A bound variable of ``mu``, ``nu`` or ``functor``, counted from the innermost binder (de Bruijn index)."""

    __slots__ = ()


class Unknown(Ob):
    """A placeholder for an object while a Python lambda is being read; never part of a finished object."""

    __slots__ = ()


class Letter(Ob):
    """A bare name standing for a variable while a functor is printed; never part of a finished object."""

    __slots__ = ()


class Applied(Ob):
    """An abstract functor applied to an object, ``T(A)``; ``args`` are its symbol and the object."""

    __slots__ = ()


class _Binder(Ob):
    __slots__ = ()
    precedence = 0

    def _build(self) -> None:
        (body,) = self.args
        if not _positive(body, 0, True):
            shown = _show(body, _UNICODE, _names(body), ["X"])
            raise IllTyped(
                f"A fixed point of {shown} was asked for, but its variable stands on the left of an exponential, "
                "so it is no functor. Use the variable in positive places only."
            )

    @property
    def body(self) -> Ob:
        """The object under the binder, with ``Bound(0)`` for the variable."""
        return self.args[0]  # type: ignore[no-any-return]

    def unrolled(self) -> Ob:
        """``F(μF)`` for ``μF``, and ``F(νF)`` for ``νF``."""
        return instantiate(self.body, (self,))


class Mu(_Binder):
    """The least fixed point ``mu(F)``, the carrier of the initial ``F``-algebra (THEORY T2.3)."""

    __slots__ = ()


class Nu(_Binder):
    """The greatest fixed point ``nu(F)``, the carrier of the terminal ``F``-coalgebra (THEORY T3.1)."""

    __slots__ = ()


Zero = ZeroObject()
One = OneObject()
_FRESH = it.count()


def atoms(names: str) -> tuple[Atom, ...]:
    """Arbitrary objects with the given names.

    >>> A, B = atoms("A B")
    >>> A == B
    False
    """
    if not isinstance(names, str):
        raise IllTyped(f'atoms takes the names in one text, atoms("A B"), and {names!r} was given.')
    return tuple(Atom(name) for name in names.replace(",", " ").split())


def unknown() -> Unknown:
    """A fresh placeholder; see :class:`Unknown`."""
    return Unknown(next(_FRESH))


def mu(functor: Callable[[Any], object]) -> Mu:
    """The least fixed point of a functor, given as a ``Functor`` of one variable or as a Python function on objects.

    >>> (A,) = atoms("A")
    >>> print(mu(lambda X: 1 + A * X))
    μX. 1 + A × X
    """
    return Mu(_body(functor))


def nu(functor: Callable[[Any], object]) -> Nu:
    """The greatest fixed point of a functor, given as for :func:`mu`."""
    return Nu(_body(functor))


def _body(functor: Callable[[Any], object]) -> Ob:
    if not callable(functor):
        raise IllTyped(f"mu and nu take a functor, or a Python function on objects, and {functor!r} was given.")
    hole = unknown()
    value = functor(hole)
    # `1 + A * Id` is a functor already; a function that ignores objects may hand one back.
    return abstract(as_object(value), (hole,))


def children(ob: Ob) -> tuple[Ob, ...]:
    """The objects that ``ob`` is directly made of."""
    return tuple(a for a in ob.args if isinstance(a, Ob))


def rebuild(ob: Ob, parts: tuple[Ob, ...]) -> Ob:
    """``ob`` with its direct parts replaced by ``parts``, in order."""
    replacement = iter(parts)
    return type(ob)(*(next(replacement) if isinstance(a, Ob) else a for a in ob.args))


def substitute(ob: Ob, table: Mapping[Ob, Ob]) -> Ob:
    """``ob`` with the atoms or placeholders that are keys of ``table`` replaced; the values must be closed."""
    if ob in table:
        return table[ob]
    parts = children(ob)
    return rebuild(ob, tuple(substitute(p, table) for p in parts)) if parts else ob


def abstract(ob: Ob, unknowns: tuple[Ob, ...], depth: int = 0) -> Ob:
    """``ob`` with each placeholder turned into the bound variable of its place: the first one becomes index 0."""
    if ob in unknowns:
        return Bound(depth + unknowns.index(ob))
    below = depth + isinstance(ob, _Binder)
    parts = children(ob)
    return rebuild(ob, tuple(abstract(p, unknowns, below) for p in parts)) if parts else ob


def instantiate(body: Ob, values: tuple[Ob, ...], depth: int = 0) -> Ob:
    """``body`` with ``Bound(i)`` replaced by ``values[i]``; the values must be closed."""
    if isinstance(body, Bound):
        index = body.args[0] - depth
        return values[index] if 0 <= index < len(values) else body
    below = depth + isinstance(body, _Binder)
    parts = children(body)
    return rebuild(body, tuple(instantiate(p, values, below) for p in parts)) if parts else body


def _positive(ob: Ob, index: int, sign: bool) -> bool:
    """Whether ``Bound(index)`` occurs in positive places only."""
    if isinstance(ob, Bound):
        return sign or ob.args[0] != index
    if isinstance(ob, Exponential):
        return _positive(ob.base, index, sign) and _positive(ob.exponent, index, not sign)
    below = index + isinstance(ob, _Binder)
    return all(_positive(p, below, sign) for p in children(ob))


def occurring(ob: Ob, kind: type[Ob]) -> set[Ob]:
    """All parts of ``ob`` of the given kind, itself included."""
    return {part for part in parts({ob}) if isinstance(part, kind)}


def parts(obs: Iterable[Ob]) -> set[Ob]:
    """The objects themselves and everything that they are made of."""
    seen = set(obs)
    todo = list(seen)
    while todo:
        fresh = [part for part in children(todo.pop()) if part not in seen]
        seen.update(fresh)
        todo += fresh
    return seen


def finite_size(ob: Ob) -> int:
    """The number of elements of an object built from ``Zero``, ``One`` and ``FinSet`` by ×, ⊗, + and exponentials.

    Raises:
        IllTyped: when some part has no stated size.
    """
    match ob:
        case FinSet():
            return ob.size
        case Product() | Tensor():
            return finite_size(ob.left) * finite_size(ob.right)
        case Coproduct():
            return finite_size(ob.left) + finite_size(ob.right)
        case Exponential():
            exponent, base = finite_size(ob.exponent), finite_size(ob.base)
            if base > 1 and exponent > 64:
                raise IllTyped(f"{ob} has {base}^{exponent} elements, too many to number.")
            return int(base**exponent)
    if ob is Zero or ob is One:
        return int(ob is One)
    raise IllTyped(f"{ob} is not a finite set of known size; use FinSet(n) and its products, sums and powers.")


# ---- printing ------------------------------------------------------------------------------------------------------

_UNICODE = {Product: " × ", Coproduct: " + ", Tensor: " ⊗ ", Mu: "μ{}. {}", Nu: "ν{}. {}", Exponential: "{}^{}"}
_LATEX = {
    Product: r" \times ", Coproduct: " + ", Tensor: r" \otimes ", Mu: r"\mu {}.\, {}", Nu: r"\nu {}.\, {}",
    Exponential: "{{{}}}^{{{}}}",
}  # fmt: skip
_PYTHON = {
    Product: " * ", Coproduct: " + ", Tensor: " @ ", Mu: "mu(lambda {}: {})", Nu: "nu(lambda {}: {})",
    Exponential: "{} ** {}",
}  # fmt: skip


def _names(ob: Ob) -> Any:
    """Names for bound variables that no atom of ``ob`` bears, enough for all its binders."""
    taken = {a.name for a in occurring(ob, Atom) if isinstance(a, Atom)}
    letters = it.chain("XYZWUV", (f"X{i}" for i in it.count(1)))
    return list(it.islice((name for name in letters if name not in taken), len(occurring(ob, _Binder)) + 1))


def _show(ob: Ob, style: dict[type[Ob], str], names: Any, bound: list[str]) -> str:
    python = style is _PYTHON

    def wrap(part: Ob, limit: int) -> str:
        text = _show(part, style, names, bound)
        return f"({text})" if part.precedence < limit else text

    match ob:
        case Product() | Coproduct() | Tensor():
            return f"{wrap(ob.left, ob.precedence)}{style[type(ob)]}{wrap(ob.right, ob.precedence + 1)}"
        case Exponential():
            exponent = _show(ob.exponent, style, names, bound) if style is _LATEX else wrap(ob.exponent, 3)
            return style[Exponential].format(wrap(ob.base, 4), exponent)
        case _Binder():
            name = names[len(bound)]
            return style[type(ob)].format(name, _show(ob.body, style, names, [name, *bound]))
        case Bound():
            index = ob.args[0]
            return bound[index] if index < len(bound) else f"Bound({index})"
        case Applied():
            symbol = repr(ob.args[0]) if python else escape(str(ob.args[0])) if style is _LATEX else str(ob.args[0])
            return f"{symbol}({_show(ob.args[1], style, names, bound)})"
        case _:
            return _leaf(ob, style)


def _leaf(ob: Ob, style: dict[type[Ob], str]) -> str:
    if isinstance(ob, Letter):
        return str(ob.args[0])
    if style is _PYTHON:
        fixed = {Zero: "Zero", One: "One"}
        return fixed.get(ob) or Expression.__repr__(ob)
    match ob:
        case Atom():
            return escape(ob.name) if style is _LATEX else ob.name
        case FinSet():
            if isinstance(ob.args[0], int):
                return rf"\mathbf{{{ob.size}}}" if style is _LATEX else str(ob.size)
            inner = ", ".join(ob.labels)
            return rf"\{{{escape(inner)}\}}" if style is _LATEX else f"{{{inner}}}"
        case R():
            shape = (r" \times " if style is _LATEX else "×").join(map(str, ob.shape)) or "0"
            return rf"\mathbb{{R}}^{{{shape}}}" if style is _LATEX else f"ℝ[{shape}]" if ob.shape else "ℝ"
        case Unknown():
            return f"?{ob.args[0]}"
        case _:
            return "0" if ob is Zero else "1"
