"""Counts: tables, algebras, structures on polynomial functors, distributive laws, and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore import FinSet, Id, Monoid, cyclic
from catcore.structures.standard import exceptions, maybe, reader, writer
from catcore.theories import commutative_monoid, group, monoid, semigroup, semilattice
from catcore_proofs.census import (
    complete_system,
    count_algebras,
    count_categories,
    count_comonads,
    count_distributive_laws,
    count_elements,
    count_models,
    count_monads,
    count_transformations,
)  # fmt: skip
from catcore_proofs.free_models import free_model_monad
from tests.benchmarks.challenges.rows import Challenge, Quantity, challenge

X = Id
Z2, Z3 = cyclic(2), cyclic(3)
#: The monoid {1, e} with e e = e.
IDEMPOTENT = Monoid.from_table([[0, 1], [1, 1]])


def quantity(id: str, what: str, entries: dict[str, Callable[[], Any]], *, quick: bool = False) -> Challenge:
    """A count with its entries."""
    return challenge(id, what, quick=quick)(lambda: Quantity(what, {k: _number(f) for k, f in entries.items()}))


def _number(search: Callable[[], Any]) -> Callable[[], int]:
    def found() -> int:
        count = search()
        return int(count.count if count.up_to_isomorphism is None else count.up_to_isomorphism)

    return found


def models(theory: Any, sizes: range, *, classes: bool = False) -> dict[str, Callable[[], Any]]:
    """Models on so many points."""
    return {
        f"{theory.name}, n={n}": lambda n=n: count_models(theory, n, up_to_isomorphism=classes)  # type: ignore[misc]
        for n in sizes
    }


def algebras(name: str, monad: Any, sizes: range) -> dict[str, Callable[[], Any]]:
    """Algebras of a monad on so many points."""
    return {f"{name}, n={n}": lambda n=n: count_algebras(monad, n) for n in sizes}  # type: ignore[misc]


def each(search: Callable[..., Any], cases: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """One search for each case."""
    return {
        name: lambda case=case: search(*case) if isinstance(case, tuple) else search(case)  # type: ignore[misc]
        for name, case in cases.items()
    }


def over(name: str, inner: Any, outers: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Distributive laws of one monad over several."""
    return {
        f"{name} over {other}": lambda outer=outer: count_distributive_laws(inner, outer)  # type: ignore[misc]
        for other, outer in outers.items()
    }


def outers() -> dict[str, Any]:
    """The monads of two rows."""
    from tests.benchmarks.challenges.refutations import value_or_pair

    return {
        "1+X": maybe(), "2+X": exceptions(FinSet(2)), "Writer Z2": writer(Z2), "Writer {1,e}": writer(IDEMPOTENT),
        "X^2": reader(FinSet(2)), "X+X^2": value_or_pair(),
    }  # fmt: skip


quantity("C01", "monoid tables, and monad structures on n X",
         {**models(monoid, range(1, 6)), **each(count_monads, {f"{n} X": n * X for n in (1, 2, 3)})})  # fmt: skip
quantity("C02", "monoids up to isomorphism", models(monoid, range(1, 7), classes=True))
quantity("C03", "semigroup tables", models(semigroup, range(1, 6)))
quantity("C04", "algebras of finite multisets: commutative monoid tables",
         algebras("bags", free_model_monad(commutative_monoid), range(1, 5)), quick=True)  # fmt: skip
quantity("C05", "algebras of finite sets: semilattices with 0",
         algebras("finite sets", free_model_monad(semilattice), range(1, 5)), quick=True)  # fmt: skip


def semilattice_without_unit() -> Any:
    """Algebras of non-empty finite sets: the idempotent commutative semigroups."""
    from catcore_proofs.census import with_equation

    def commutes(s: Any) -> Any:
        (m,) = s.carriers
        return m * m, lambda p: s.mult(p[0], p[1]), lambda p: s.mult(p[1], p[0]), m

    def repeats(s: Any) -> Any:
        (m,) = s.carriers
        return m, lambda x: s.mult(x, x), lambda x: x, m

    return with_equation(with_equation(semigroup, "commutativity", commutes), "idempotence", repeats)


quantity("C06", "algebras of non-empty finite sets: semilattices", algebras(
    "non-empty finite sets", free_model_monad(semilattice_without_unit()), range(1, 5),
), quick=True)  # fmt: skip
quantity("C08", "algebras of X^2", algebras("X^2", reader(FinSet(2)), range(1, 6)))
quantity("C10", "algebras of Writer Z2, {1,e}, Z3", {
    **algebras("Z2", writer(Z2), range(1, 5)), **algebras("{1,e}", writer(IDEMPOTENT), range(1, 5)),
    **algebras("Z3", writer(Z3), range(1, 4)),
})  # fmt: skip
quantity("C11", "algebras of k + X", {
    name: search for k in (1, 2, 3) for name, search in algebras(f"k={k}", exceptions(FinSet(k)), range(1, 4)).items()
}, quick=True)  # fmt: skip
quantity("C12", "monad structures", each(count_monads, {
    "1+X": 1 + X, "2+X": 2 + X, "3+X": 3 + X, "X^2": X**2, "X^3": X**3, "X^4": X**4,
}))  # fmt: skip
quantity("C13", "monad structures on 1 + k X", each(count_monads, {"k=1": 1 + X, "k=2": 1 + 2 * X, "k=3": 1 + 3 * X}))
quantity("C15", "monad structures", each(count_monads, {
    "X+X^2": X + X**2, "2X+X^2": 2 * X + X**2, "1+X+X^2": 1 + X + X**2,
}))  # fmt: skip
quantity("C17", "monad structures", each(count_monads, {"1+X^2": 1 + X**2, "2+X^2": 2 + X**2, "1+X^3": 1 + X**3}))
quantity("C18", "comonad structures on X^n", each(count_comonads, {"n=1": X, "n=2": X**2, "n=3": X**3}))
quantity("C20", "categories with n morphisms up to isomorphism",
         {f"n={n}": lambda n=n: count_categories(n) for n in range(6)})  # type: ignore[misc]  # fmt: skip
quantity("C21", "distributive laws of 1 + X", {
    f"1+X over {n}": lambda n=n: count_distributive_laws(maybe(), outers()[n])  # type: ignore[misc]
    for n in ("1+X", "2+X", "Writer Z2", "Writer {1,e}", "X^2", "X+X^2")
}, quick=True)  # fmt: skip
quantity("C22", "distributive laws of Writer M over k + X", {
    **over("Z2", writer(Z2), {"1+X": maybe(), "2+X": exceptions(FinSet(2))}),
    **over("{1,e}", writer(IDEMPOTENT), {"1+X": maybe(), "2+X": exceptions(FinSet(2))}),
}, quick=True)  # fmt: skip
quantity("C23", "distributive laws of Writer M over Writer N", {
    **over("Z2", writer(Z2), {"Z2": writer(Z2), "{1,e}": writer(IDEMPOTENT)}),
    **over("{1,e}", writer(IDEMPOTENT), {"Z2": writer(Z2), "{1,e}": writer(IDEMPOTENT)}),
    **over("Z3", writer(Z3), {"Z2": writer(Z2)}),
    **over("Z2", writer(Z2), {"Z3": writer(Z3)}),
})  # fmt: skip
quantity("C25", "distributive laws of X^2", {
    f"X^2 over {n}": lambda n=n: count_distributive_laws(reader(FinSet(2)), outers()[n])  # type: ignore[misc]
    for n in ("1+X", "2+X", "Writer Z2", "Writer {1,e}", "X^2", "X+X^2")
})  # fmt: skip
quantity("C29", "natural transformations", each(count_transformations, {
    "X^2→X^2": (X**2, X**2), "X^3→X^2": (X**3, X**2), "1+X→1+X": (1 + X, 1 + X),
    "1+X+X^2→1+X": (1 + X + X**2, 1 + X), "1+X^2→1+X^2": (1 + X**2, 1 + X**2),
}), quick=True)  # fmt: skip


def interchange(*, unital: bool) -> Any:
    """Two binary operations, each a homomorphism for the other one."""
    from catcore_proofs.census import one_sorted

    equations: dict[str, Any] = {
        "interchange": (4, lambda s, a, b, c, d: s.f(s.g(a, b), s.g(c, d)),
                        lambda s, a, b, c, d: s.g(s.f(a, c), s.f(b, d))),
    }  # fmt: skip
    operations = {"f": 2, "g": 2}
    if unital:
        operations |= {"u": 0, "v": 0}
        for operation, unit in (("f", "u"), ("g", "v")):
            equations |= {
                f"left unit of {operation}": (1, lambda s, x, o=operation, e=unit: getattr(s, o)(getattr(s, e), x),
                                              lambda s, x: x),
                f"right unit of {operation}": (1, lambda s, x, o=operation, e=unit: getattr(s, o)(x, getattr(s, e)),
                                               lambda s, x: x),
            }  # fmt: skip
    return one_sorted("interchanging pair", operations, equations)


quantity("C31", "interchanging pairs of operations on 2 points", {
    "any": lambda: count_models(interchange(unital=False), 2),
    "both unital": lambda: count_models(interchange(unital=True), 2),
}, quick=True)  # fmt: skip
quantity("C32", "rules of the complete system of groups", {"rules": lambda: complete_system(group)}, quick=True)
quantity("C33", "elements of a presented monoid", {
    "elements": lambda: count_elements(Monoid.presentation(
        "a A b B", ["a A = 1", "A a = 1", "b B = 1", "B b = 1", "a a = 1", "b b b = 1", "(a b)^4 = 1"],
    )),
}, quick=True)  # fmt: skip
