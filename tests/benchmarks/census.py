"""Counts: how many structures of each kind there are, against the listed numbers.

``python -m tests.benchmarks.census`` asks each question anew and compares; what is listed only scores.  ``--quick``
leaves out the sizes that take more than a second; ``--full`` adds those that take minutes.  Sizes that are listed and
not searched are named under "left out".
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from catcore import FinSet, Id, Monad, Monoid, cyclic, pointwise
from catcore.functors import Const
from catcore.structures.standard import exceptions, maybe, reader, state, writer
from catcore.theories import Theory, commutative_monoid, group, monoid, semigroup, semilattice
from catcore_proofs.census import (
    Count,
    Finding,
    admits_distributive_law,
    admits_monad,
    complete_system,
    count_algebras,
    count_categories,
    count_comonads,
    count_distributive_laws,
    count_elements,
    count_models,
    count_monads,
    count_transformations,
    distributive_law_is_unique,
    every_model_satisfies,
    is_commutative,
    one_sorted,
    unit_is_mono,
)
from tests.benchmarks import Row, arguments, finish, table

X = Id
COLUMNS = ("id", "question", "ours", "listed", "seconds", "evidence", "verdict", "left out")
QUICK, USUAL, FULL = 0, 1, 2
Z2, Z3 = cyclic(2), cyclic(3)
#: The monoid {1, e} with e e = e.
IDEMPOTENT = Monoid.from_table([[0, 1], [1, 1]])


def id_plus_reader() -> Monad:
    """The monad ``X + X^2``: the unit is the left summand, and two readers read the same place."""
    two = FinSet(2)

    def inner(f: Any) -> Any:
        return lambda s: f(s).case(inl=lambda a: a, inr=lambda g: g(s))

    def mult(e: Any) -> Any:
        from catcore import inr

        return e.case(inl=lambda x: x, inr=lambda f: inr(inner(f)))

    from catcore import inl

    return Monad(X + X**two, unit=lambda a: inl(a, a**two), mult=pointwise(mult))


def _associativity() -> tuple[int, Any, Any]:
    return 3, lambda s, x, y, z: s.mult(s.mult(x, y), z), lambda s, x, y, z: s.mult(x, s.mult(y, z))


def lower_semilattice() -> Theory:
    """Semilattices without a unit: the algebras of nonempty finite sets."""
    return one_sorted(
        "semilattice without unit", {"mult": 2},
        {
            "associativity": _associativity(),
            "idempotence": (1, lambda s, x: s.mult(x, x), lambda s, x: x),
            "commutativity": (2, lambda s, x, y: s.mult(x, y), lambda s, x, y: s.mult(y, x)),
        },
    )  # fmt: skip


def interchange(*, unital: bool) -> Theory:
    """Two binary operations, each a homomorphism for the other; with units where asked."""
    equations: dict[str, Any] = {
        "interchange": (
            4, lambda s, a, b, c, d: s.f(s.g(a, b), s.g(c, d)), lambda s, a, b, c, d: s.g(s.f(a, c), s.f(b, d))
        ),
    }  # fmt: skip
    operations = {"f": 2, "g": 2}
    if unital:
        operations |= {"u": 0, "v": 0}
        equations |= {
            "left unit of f": (1, lambda s, x: s.f(s.u, x), lambda s, x: x),
            "right unit of f": (1, lambda s, x: s.f(x, s.u), lambda s, x: x),
            "left unit of g": (1, lambda s, x: s.g(s.v, x), lambda s, x: x),
            "right unit of g": (1, lambda s, x: s.g(x, s.v), lambda s, x: x),
        }
    return one_sorted("interchanging pair", operations, equations)


LENS = Theory(
    "well-behaved lens",
    ("S", "V"),
    lambda s, v: {"get": (s, v), "put": (s * v, s)},
    lambda o: {
        "get put": (o.carriers[0], lambda s: o.put(s, o.get(s)), lambda s: s, o.carriers[0]),
        "put get": (o.carriers[0] * o.carriers[1], lambda p: o.get(o.put(p[0], p[1])), lambda p: p[1], o.carriers[1]),
    },
)


def put_put(o: Any) -> Any:
    """The last put wins."""
    s, v = o.carriers
    return s * v * v, lambda t: o.put(o.put(t[0][0], t[0][1]), t[1]), lambda t: o.put(t[0][0], t[1]), s


def commutativity(o: Any) -> Any:
    """``x y = y x``."""
    (m,) = o.carriers
    return m * m, lambda p: o.mult(p[0], p[1]), lambda p: o.mult(p[1], p[0]), m


@dataclass(frozen=True)
class Question:
    """A listed row: cases in order, each with the run it belongs to, and how the answer is read off a count."""

    id: str
    text: str
    listed: Sequence[int]
    cases: Sequence[tuple[int, Callable[[], Count]]]
    classes: bool = False
    left_out: str = ""


def _upto(theory: Theory, sizes: Sequence[int], slow: Sequence[int] = ()) -> list[tuple[int, Callable[[], Count]]]:
    usual = [(USUAL if n >= 6 else QUICK, n) for n in sizes]
    return [
        (when, lambda n=n: count_models(theory, n, up_to_isomorphism=True))  # type: ignore[misc]
        for when, n in [*usual, *((FULL, n) for n in slow)]
    ]


def _each(
    function: Callable[..., Count], *cases: Any, slow: Sequence[int] = ()
) -> list[tuple[int, Callable[[], Count]]]:
    return [
        (USUAL if i in slow else QUICK, lambda c=c: function(*c) if isinstance(c, tuple) else function(c))  # type: ignore[misc]
        for i, c in enumerate(cases)
    ]


def questions() -> list[Question]:
    """The listed rows."""
    return [*_tables(), *_functors(), *_laws(), *_words()]


def _tables() -> list[Question]:
    w = count_algebras
    rectangular = [(USUAL if n > 5 else QUICK, lambda n=n: w(reader(FinSet(2)), n)) for n in range(1, 7)]
    return [
        Question("C01", "monoid tables on n points", (1, 4, 33, 624, 20610), _upto(monoid, range(1, 6))),
        Question("C01", "monad structures on n X", (1, 4, 33, 624),
                 _each(count_monads, 1 * X, 2 * X, 3 * X, 4 * X, slow=(3,))),
        Question("C02", "monoids up to isomorphism", (1, 2, 7, 35, 228, 2237, 31559), _upto(monoid, range(1, 7), (7,)),
                 True, "n = 8, 9: millions of classes"),
        Question("C03", "semigroup tables", (1, 8, 113, 3492, 183732), _upto(semigroup, range(1, 6))),
        Question("C04", "commutative monoid tables", (1, 4, 27, 376), _upto(commutative_monoid, range(1, 5))),
        Question("C05", "semilattices with 0, tables", (1, 2, 6, 36), _upto(semilattice, range(1, 5))),
        Question("C05", "… up to isomorphism", (1, 1, 1, 2, 5, 15), _upto(semilattice, range(1, 7)), True),
        Question("C06", "semilattices, tables", (1, 2, 9, 76), _upto(lower_semilattice(), range(1, 5))),
        Question("C08", "algebras of X^2 on n points", (1, 2, 2, 8, 2, 122), rectangular),
        Question("C10", "algebras of Writer Z2", (1, 2, 4, 10), _each(w, *((writer(Z2), n) for n in range(1, 5)))),
        Question("C10", "algebras of Writer {1,e}", (1, 3, 10, 41),
                 _each(w, *((writer(IDEMPOTENT), n) for n in range(1, 5)))),
        Question("C10", "algebras of Writer Z3", (1, 1, 3), _each(w, *((writer(Z3), n) for n in range(1, 4)))),
        Question("C11", "algebras of k + X on n points, k, n = 1..3", (1, 2, 3, 1, 4, 9, 1, 8, 27),
                 _each(w, *((exceptions(FinSet(k)), n) for k in range(1, 4) for n in range(1, 4)))),
        Question("C20", "categories with n morphisms up to isomorphism", (1, 1, 3, 11, 55, 329, 2858, 36440),
                 [(QUICK if n < 6 else USUAL if n < 7 else FULL, lambda n=n: count_categories(n)) for n in range(8)],  # type: ignore[misc]
                 True, "n = 8, 9: millions of classes"),
        Question("C31", "interchanging pairs on 2 points; both unital", (90, 4),
                 _each(count_models, (interchange(unital=False), 2), (interchange(unital=True), 2))),
    ]  # fmt: skip


def _functors() -> list[Question]:
    m = count_monads
    return [
        Question("C12", "monad structures on 1+X, 2+X, 3+X, X^2, X^3, X^4", (1,) * 6,
                 _each(m, 1 + X, 2 + X, 3 + X, X**2, X**3, X**4)),
        Question("C13", "monad structures on 1+kX", (1, 6, 75), _each(m, 1 + X, 1 + 2 * X, 1 + 3 * X)),
        Question("C15", "monad structures on X+X^2, 2X+X^2, 1+X+X^2", (15, 264, 16),
                 _each(m, X + X**2, 2 * X + X**2, 1 + X + X**2, slow=(1,))),
        Question("P12", "monad structures on X^2+X^3", (114,), [(FULL, lambda: m(X**2 + X**3))]),
        Question("C17", "monad structures on 1+X^2, 2+X^2, 1+X^3", (0, 0, 0), _each(m, 1 + X**2, 2 + X**2, 1 + X**3)),
        Question("C18", "comonad structures on X^n", (1, 4, 33), _each(count_comonads, X, X**2, X**3)),
        Question("C29", "natural transformations", (4, 9, 2, 6, 5),
                 _each(count_transformations, (X**2, X**2), (X**3, X**2), (1 + X, 1 + X), (1 + X + X**2, 1 + X),
                       (1 + X**2, 1 + X**2))),
    ]  # fmt: skip


def _laws() -> list[Question]:
    d = count_distributive_laws
    two, reader2 = exceptions(FinSet(2)), reader(FinSet(2))
    w2, w3, we = writer(Z2), writer(Z3), writer(IDEMPOTENT)
    over = (maybe(), two, w2, we, reader2, id_plus_reader())
    pairs = ((w2, w2), (w2, we), (we, w2), (we, we), (w3, w2), (w2, w3))
    return [
        Question("C21", "distributive laws of 1+X over six monads", (1,) * 6, _each(d, *((maybe(), s) for s in over))),
        Question("C22", "distributive laws of Writer M over k+X", (1, 2, 1, 3),
                 _each(d, *((w, s) for w in (w2, we) for s in (maybe(), two)))),
        Question("C23", "distributive laws of Writer M over Writer N", (1, 2, 2, 3, 2, 2), _each(d, *pairs)),
        Question("C25", "distributive laws of X^2 over six monads", (0, 0, 2, 2, 1, 4),
                 _each(d, *((reader2, s) for s in over))),
    ]  # fmt: skip


def _words() -> list[Question]:
    relations = ["a A = 1", "A a = 1", "b B = 1", "B b = 1", "a a = 1", "b b b = 1", "(a b)^4 = 1"]
    return [
        Question("C32", "rules of the complete system of groups", (10,), [(QUICK, lambda: complete_system(group))]),
        Question("C33", "elements of the presented monoid", (24,),
                 [(QUICK, lambda: count_elements(Monoid.presentation("a A b B", relations)))]),
    ]  # fmt: skip


def claims() -> list[tuple[str, str, Callable[[], Finding]]]:
    """Claims that finite searches settle: row, expected status, and how to ask."""
    two, w2 = FinSet(2), writer(Z2)
    return [
        ("R14", "fails", lambda: admits_monad(1 + X**2)),
        ("R15", "fails", lambda: admits_monad(2 + X**2)),
        ("R15", "fails", lambda: admits_monad(1 + X**3)),
        ("R16", "fails", lambda: admits_monad((1 + X)(X**two))),
        ("R18", "fails", lambda: admits_distributive_law(id_plus_reader(), maybe())),
        ("R23", "fails", lambda: admits_monad(Const(1) + X**two)),
        ("R25", "fails", lambda: is_commutative(state(two))),
        ("R26", "fails", lambda: is_commutative(exceptions(two))),
        ("R27", "fails", lambda: every_model_satisfies(monoid, "commutativity", commutativity, range(1, 5))),
        ("R38", "fails", lambda: every_model_satisfies(LENS, "put put", put_put, _squares(3))),
        ("R48", "fails", lambda: admits_monad(Const(2))),
        ("R49", "fails", lambda: unit_is_mono(Monad(Const(1), *_terminal()))),
        ("R50", "fails", lambda: is_commutative(state(two))),
        ("R52", "fails", lambda: distributive_law_is_unique(w2, exceptions(two))),
        ("R56", "fails", lambda: every_model_satisfies(group, "commutativity", commutativity, range(1, 7))),
        ("R14'", "holds", lambda: admits_monad(1 + X)),
        ("R18'", "holds", lambda: admits_distributive_law(maybe(), id_plus_reader())),
        ("R26'", "holds", lambda: is_commutative(maybe())),
        ("R56'", "holds", lambda: every_model_satisfies(group, "commutativity", commutativity, range(1, 6))),
    ]


def _squares(largest: int) -> list[tuple[int, int]]:
    sizes = [(s, v) for s in range(1, largest + 1) for v in range(1, largest + 1)]
    return sorted(sizes, key=lambda p: (p[0] + p[1], p))


def _terminal() -> tuple[Any, Any]:
    from catcore.arrows import terminal
    from catcore.objects import One

    return terminal, lambda x: terminal(One)


def main(argv: Sequence[str] | None = None) -> int:
    """Ask every question; exit status 1 when a count is wrong."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--full", action="store_true", help="also the sizes that take minutes")
    options = parser.parse_args(argv)
    reach = QUICK if options.quick else FULL if options.full else USUAL
    rows = [_row(q, reach) for q in questions()] + [_claim(*c) for c in claims()]
    print(table(rows, COLUMNS))
    wrong = sum(row["verdict"] == "WRONG" for row in rows)
    return finish(rows, {"rows": len(rows), "wrong": wrong}, options.json, passed=not wrong)


def _row(question: Question, reach: int) -> Row:
    start = time.perf_counter()
    asked = [ask for when, ask in question.cases if when <= reach]
    counts = [ask() for ask in asked]
    ours = [c.up_to_isomorphism if question.classes else c.count for c in counts]
    listed = [n for n, (when, _) in zip(question.listed, question.cases, strict=True) if when <= reach]
    rest = len(question.cases) - len(asked)
    left = "; ".join(filter(None, (f"{rest} larger" if rest else "", question.left_out)))
    return {
        "id": question.id, "question": question.text, "ours": _listed(ours), "listed": _listed(listed),
        "seconds": time.perf_counter() - start, "evidence": "exhaustive" if counts else None,
        "verdict": "right" if ours == listed else "WRONG", "left out": left or None,
        "statements": [str(c) for c in counts],
    }  # fmt: skip


def _claim(name: str, expected: str, ask: Callable[[], Finding]) -> Row:
    start = time.perf_counter()
    found = ask()
    return {
        "id": name, "question": found.claim, "ours": found.status, "listed": expected,
        "seconds": time.perf_counter() - start, "evidence": found.evidence,
        "verdict": "right" if found.status == expected else "WRONG", "left out": None, "statements": [str(found)],
    }  # fmt: skip


def _listed(numbers: Sequence[int | None]) -> str:
    return ", ".join(map(str, numbers))


if __name__ == "__main__":
    sys.exit(main())
