"""Statements of pure equational logic: groups, monoids, magmas, and what does not follow in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catcore.theories import group
from catcore_proofs.census import every_model_satisfies
from catcore_proofs.tptp import Clause, Problem, Written
from tests.benchmarks.challenges.monads import commutative_operation
from tests.benchmarks.challenges.rows import challenge

#: Axioms, as text.
MONOID = ("m(e,X) = X", "m(X,e) = X", "m(m(X,Y),Z) = m(X,m(Y,Z))")
GROUP = ("m(e,X) = X", "m(i(X),X) = e", "m(m(X,Y),Z) = m(X,m(Y,Z))")


def equation(text: str) -> tuple[Written, Written]:
    """An equation written as text: ``m(e,X) = X``; names that start with a capital letter are variables.

    >>> equation("m(e,X) = X")
    (('m', ('e',), ('X',)), ('X',))
    """
    lhs, rhs = text.replace(" ", "").split("=")
    return _term(lhs)[0], _term(rhs)[0]


def _term(text: str) -> tuple[Written, str]:
    end = next((i for i, c in enumerate(text) if c in "(),"), len(text))
    name, rest = text[:end], text[end:]
    if not rest.startswith("("):
        return (name,), rest
    arguments: list[Written] = []
    while rest[0] in "(,":
        argument, rest = _term(rest[1:])
        arguments.append(argument)
    return (name, *arguments), rest[1:]


def follows(goal: str, axioms: Sequence[str]) -> Problem:
    """The claim that an equation follows from others; the goal's variables become constants."""
    problem = Problem()
    for n, text in enumerate(axioms):
        problem.add(Clause(f"axiom_{n}", "axiom", *equation(text), True), "the statement")
    lhs, rhs = (_constant(side) for side in equation(goal))
    problem.add(Clause("goal", "negated_conjecture", lhs, rhs, False), "the statement")
    return problem


def _constant(t: Written) -> Written:
    if len(t) == 1 and t[0][0].isupper():
        return (f"c_{t[0].lower()}",)
    return (t[0], *map(_constant, t[1:]))


def all_follow(goals: Sequence[str], axioms: Sequence[str]) -> list[Problem]:
    """One problem for each goal."""
    return [follows(goal, axioms) for goal in goals]


@challenge("P46", "Eckmann–Hilton: unital operations with interchange agree, commute and associate", quick=True)
def eckmann_hilton() -> Any:
    return all_follow(ECKMANN_HILTON, (*UNITS, "f(g(A,B),g(C,D)) = g(f(A,C),f(B,D))"))


UNITS = ("f(u,X) = X", "f(X,u) = X", "g(v,X) = X", "g(X,v) = X")
ECKMANN_HILTON = ("f(X,Y) = g(X,Y)", "f(X,Y) = f(Y,X)", "f(f(X,Y),Z) = f(X,f(Y,Z))")


@eckmann_hilton.twin("without the units of the second operation")
def _() -> Any:
    return all_follow(ECKMANN_HILTON, (*UNITS[:2], "f(g(A,B),g(C,D)) = g(f(A,C),f(B,D))"))


@challenge(
    "P47", "groups from a left identity and left inverses: right inverses, i(i x) = x, i(x y) = i y i x", quick=True
)
def group_laws() -> Any:
    return all_follow(("m(X,i(X)) = e", "i(i(X)) = X", "i(m(X,Y)) = m(i(Y),i(X))"), GROUP)


@group_laws.twin("i(x y) = i x i y")
def _() -> Any:
    return follows("i(m(X,Y)) = m(i(X),i(Y))", GROUP)


@challenge("P48", "groups with x x = e are abelian")
def involutions() -> Any:
    return follows("m(X,Y) = m(Y,X)", (*GROUP, "m(X,X) = e"))


@involutions.twin("groups with x x x x = e")
def _() -> Any:
    return follows("m(X,Y) = m(Y,X)", (*GROUP, "m(X,m(X,m(X,X))) = e"))


@challenge("P49", "a homomorphism of monoids between groups keeps inverses; semidirect products are groups")
def homomorphisms() -> Any:
    second = tuple(t.replace("m(", "n(").replace("i(", "j(").replace("e", "d") for t in GROUP)
    kept = follows("h(i(X)) = j(h(X))", (*GROUP, *second, "h(m(X,Y)) = n(h(X),h(Y))", "h(e) = d"))
    return [kept, *semidirect()]


@homomorphisms.twin("the semidirect product along maps that are no homomorphisms")
def _() -> Any:
    return semidirect(homomorphic=False)


def semidirect(*, homomorphic: bool = True) -> list[Problem]:
    """The group laws of pairs ``(x, g)`` with the product ``(x · g▷y, g h)``, component by component."""
    acting = tuple(t.replace("m(", "n(").replace("i(", "j(").replace("e", "d") for t in GROUP)
    action = ["a(d,X) = X", "a(n(G,H),X) = a(G,a(H,X))"]
    if homomorphic:
        action.append("a(G,m(X,Y)) = m(a(G,X),a(G,Y))")
    axioms = (*GROUP, *acting, *action)
    associativity = "m(m(X,a(G,Y)),a(n(G,H),Z)) = m(X,a(G,m(Y,a(H,Z))))"
    inverse = "m(a(j(G),i(X)),a(j(G),X)) = e"
    return all_follow((associativity, "m(e,a(d,X)) = X", inverse), axioms)


# ---- claims that do not follow ---------------------------------------------------------------------------------------


@challenge("R41", "groups with x x x = e are abelian")
def exponent_three() -> Any:
    return follows("m(X,Y) = m(Y,X)", (*GROUP, "m(X,m(X,X)) = e"))


@exponent_three.twin("groups with x x = e")
def _() -> Any:
    return involutions.statement()


@challenge("R42", "in a monoid p q = 1 implies q p = 1", quick=True)
def one_sided_inverses() -> Any:
    return follows("m(q,p) = e", (*MONOID, "m(p,q) = e"))


@one_sided_inverses.twin("in a monoid where p also has a left inverse")
def _() -> Any:
    return follows("m(q,p) = e", (*MONOID, "m(p,q) = e", "m(r,p) = e"))


@challenge("R54", "left identities are right identities, and six more of the kind: ab mono implies a epi", quick=True)
def cancellation() -> Any:
    return cancels("a", "epi")


@cancellation.twin("ab mono implies a mono, with composition in that order")
def _() -> Any:
    return cancels("a", "mono")


def cancels(which: str, how: str) -> Problem:
    """In a monoid, if ``a b`` is left cancellable, which is said by an operation that undoes it, then so is …

    Being mono is an implication; a left inverse of ``a b`` up to its kernel is not equational, so the statement is for
    the monoid generated: cancelling operations ``k(m(m(a,b),X)) = X``.
    """
    axioms = (*MONOID, "k(m(X,m(a,b))) = X")
    goals = {"mono": "k(m(m(X,a),b)) = X", "epi": "k(m(a,m(b,X))) = X"}
    return follows(goals[how], axioms)


@challenge("R55", "central groupoids: x = (y x)(x z) implies x x = x (x x)", quick=True)
def central_groupoids() -> Any:
    return follows("m(X,X) = m(X,m(X,X))", ("X = m(m(Y,X),m(X,Z))",))


@central_groupoids.twin("x x = (x (x x)) ((x x) x)")
def _() -> Any:
    return follows("X = m(m(X,X),m(X,X))", ("X = m(m(Y,X),m(X,Z))",))


@challenge("R56", "groups are abelian", quick=True)
def groups_are_abelian() -> Any:
    return every_model_satisfies(group, "commutativity", commutative_operation, range(1, 7))


@groups_are_abelian.twin("groups with x x = e")
def _() -> Any:
    return involutions.statement()
