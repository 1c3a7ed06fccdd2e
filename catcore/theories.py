"""Theories: operations with equations, and their models (THEORY T1.5).

A theory names its sorts, the arities of its operations, and equations between terms in them.  A model gives each sort
an object and each operation an arrow; its laws are the equations, read at those arrows.  ``theory.variable("M")`` is an
arbitrary model: its operations are generators and its equations are hypotheses that proofs may use.

>>> M = monoid.variable("M")
>>> [law.name for law in M.given]
['left unit', 'right unit', 'associativity']
>>> print(M.mult.signature)
M.mult : M × M → M
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from catcore.arrows import Arrow, generator
from catcore.errors import IllTyped, UnknownName
from catcore.laws import Law
from catcore.objects import Atom, Ob, One, as_object
from catcore.tracing import component, pointwise, trace

#: An equation: the object its variables form, and its two sides as functions of a generic element of it.
Equation = tuple[Ob, Callable[[Any], Any], Callable[[Any], Any], Ob]


@dataclass(frozen=True)
class Theory:
    """A signature with equations.

    Args:
        name: what a model is called.
        sorts: the names of the sorts, in order.
        operations: from the carriers, the domain and codomain of each operation.
        equations: from the carriers and the operations, each equation as (object of the variables, lhs, rhs, codomain).
    """

    name: str
    sorts: tuple[str, ...]
    operations: Callable[..., Mapping[str, tuple[Ob, Ob]]]
    equations: Callable[[Any], Mapping[str, Equation]]

    def model(self, *carriers: object, given: tuple[Law, ...] = (), **operations: Any) -> Model:
        """The model with the given carriers and operations; nothing is checked but types, ``verify`` does the rest.

        Operations are arrows, or functions on elements wrapped in ``pointwise``.

        Raises:
            UnknownName: when an operation is missing or not in the signature.
            IllTyped: when an operation does not have its type.
        """
        obs = self._carriers(carriers)
        arities = self.operations(*obs)
        if set(arities) != set(operations):
            wrong = sorted(set(arities) ^ set(operations))
            raise UnknownName(
                f"A model of the theory of a {self.name} was asked for with the operations {sorted(operations)}, and "
                f"{', '.join(wrong)} is missing or unknown. The operations are {', '.join(arities)}."
            )
        arrows = {
            name: component(operations[name], obs[0], *arities[name], f"The operation {name} of a {self.name}")
            for name in arities
        }
        return Model(self, obs, arrows, given)

    def variable(self, *names: str) -> Model:
        """An arbitrary model, whose sorts bear the given names."""
        obs = self._carriers(tuple(Atom(n) for n in names))
        operations = {name: generator(f"{names[0]}.{name}", *type_) for name, type_ in self.operations(*obs).items()}
        free = Model(self, obs, operations, ())
        return Model(self, obs, operations, free.laws())

    def _carriers(self, carriers: tuple[object, ...]) -> tuple[Ob, ...]:
        if len(carriers) != len(self.sorts):
            raise IllTyped(
                f"A model of the theory of a {self.name} has {len(self.sorts)} carrier(s), {', '.join(self.sorts)}, "
                f"and {len(carriers)} were given."
            )
        return tuple(map(as_object, carriers))


@dataclass(frozen=True)
class Model:
    """A model of a theory; its operations are attributes, and ``given`` are the hypotheses it lives under."""

    theory: Theory
    carriers: tuple[Ob, ...]
    operations: Mapping[str, Arrow] = field(hash=False)
    given: tuple[Law, ...] = ()

    @property
    def carrier(self) -> Ob:
        """The first carrier."""
        return self.carriers[0]

    def __getattr__(self, name: str) -> Arrow:
        operations = self.__dict__.get("operations", {})
        if name in operations:
            return operations[name]  # type: ignore[no-any-return]
        raise AttributeError(f"{self.__dict__.get('theory', self)!r} has no operation {name!r}.")

    def laws(self) -> tuple[Law, ...]:
        """The equations of the theory at these operations."""
        return theory_laws(self.theory, self.carriers, self.operations, self.given)

    def __str__(self) -> str:
        return f"{self.theory.name} on {', '.join(map(str, self.carriers))}"

    def __repr__(self) -> str:
        return f"<{self}>"


def theory_laws(
    theory: Theory, carriers: tuple[Ob, ...], operations: Mapping[str, Arrow], given: tuple[Law, ...] = ()
) -> tuple[Law, ...]:
    """The equations of a theory at given carriers and operations, under hypotheses."""
    reading = SimpleNamespace(carriers=carriers, **operations)
    return tuple(
        Law(name, trace(lhs, dom, cod), trace(rhs, dom, cod), given)
        for name, (dom, lhs, rhs, cod) in theory.equations(reading).items()
    )


def _associativity(m: Any, op: Arrow) -> Equation:
    def left(t: Any) -> Any:
        (a, b), c = t
        return op(op(a, b), c)

    def right(t: Any) -> Any:
        (a, b), c = t
        return op(a, op(b, c))

    return (m * m * m, left, right, m)


def _commutativity(m: Any, op: Arrow) -> Equation:
    return (m * m, lambda p: op(p[0], p[1]), lambda p: op(p[1], p[0]), m)


def _units(m: Any, op: Arrow, unit: Arrow) -> dict[str, Equation]:
    return {
        "left unit": (m, lambda x: op(unit, x), lambda x: x, m),
        "right unit": (m, lambda x: op(x, unit), lambda x: x, m),
    }


def _monoid_equations(s: Any) -> dict[str, Equation]:
    (m,) = s.carriers
    return {**_units(m, s.mult, s.unit), "associativity": _associativity(m, s.mult)}


def _group_equations(s: Any) -> dict[str, Equation]:
    (m,) = s.carriers
    return {
        **_monoid_equations(s),
        "left inverse": (m, lambda x: s.mult(s.inverse(x), x), lambda x: s.unit, m),
        "right inverse": (m, lambda x: s.mult(x, s.inverse(x)), lambda x: s.unit, m),
    }


def _commutative_monoid_equations(s: Any) -> dict[str, Equation]:
    (m,) = s.carriers
    return {**_monoid_equations(s), "commutativity": _commutativity(m, s.mult)}


def _semilattice_equations(s: Any) -> dict[str, Equation]:
    (m,) = s.carriers
    return {**_commutative_monoid_equations(s), "idempotence": (m, lambda x: s.mult(x, x), lambda x: x, m)}


def _action_equations(s: Any) -> dict[str, Equation]:
    m, x = s.carriers

    def twice(t: Any) -> Any:
        (g, h), point = t
        return s.act(g, s.act(h, point))

    def product(t: Any) -> Any:
        (g, h), point = t
        return s.act(s.mult(g, h), point)

    return {
        **_monoid_equations(SimpleNamespace(carriers=(m,), unit=s.unit, mult=s.mult)),
        "unit acts as the identity": (x, lambda p: s.act(s.unit, p), lambda p: p, x),
        "product acts as the composite": (m * m * x, twice, product, x),
    }


def _semiring_equations(s: Any) -> dict[str, Equation]:
    (m,) = s.carriers
    add = {f"{k} of +": e for k, e in _units(m, s.add, s.zero).items()}
    mul = {f"{k} of ·": e for k, e in _units(m, s.mult, s.one).items()}

    def at(f: Callable[[Any, Any, Any], Any]) -> Callable[[Any], Any]:
        return lambda t: f(t[0][0], t[0][1], t[1])

    triple = m * m * m
    left = (
        triple,
        at(lambda a, b, c: s.mult(a, s.add(b, c))),
        at(lambda a, b, c: s.add(s.mult(a, b), s.mult(a, c))),
        m,
    )
    right = (
        triple,
        at(lambda a, b, c: s.mult(s.add(a, b), c)),
        at(lambda a, b, c: s.add(s.mult(a, c), s.mult(b, c))),
        m,
    )
    return {
        **add,
        "associativity of +": _associativity(m, s.add),
        "commutativity of +": _commutativity(m, s.add),
        **mul,
        "associativity of ·": _associativity(m, s.mult),
        "left distributivity": left,
        "right distributivity": right,
        "zero on the left": (m, lambda x: s.mult(s.zero, x), lambda x: s.zero, m),
        "zero on the right": (m, lambda x: s.mult(x, s.zero), lambda x: s.zero, m),
    }


def _monoid_operations(m: Ob) -> dict[str, tuple[Ob, Ob]]:
    return {"unit": (One, m), "mult": (m * m, m)}


monoid = Theory("monoid", ("M",), _monoid_operations, _monoid_equations)
commutative_monoid = Theory("commutative monoid", ("M",), _monoid_operations, _commutative_monoid_equations)
semilattice = Theory("semilattice", ("M",), _monoid_operations, _semilattice_equations)
semigroup = Theory(
    "semigroup",
    ("M",),
    lambda m: {"mult": (m * m, m)},
    lambda s: {"associativity": _associativity(s.carriers[0], s.mult)},
)
group = Theory("group", ("G",), lambda g: {**_monoid_operations(g), "inverse": (g, g)}, _group_equations)
action = Theory("action", ("M", "X"), lambda m, x: {**_monoid_operations(m), "act": (m * x, x)}, _action_equations)
semiring = Theory(
    "semiring", ("R",),
    lambda r: {"zero": (One, r), "add": (r * r, r), "one": (One, r), "mult": (r * r, r)},
    _semiring_equations,
)  # fmt: skip

__all__ = [
    "Equation", "Model", "Theory", "action", "commutative_monoid", "group", "monoid", "pointwise", "semigroup",
    "semilattice", "semiring", "theory_laws",
]  # fmt: skip
