"""Categories with structure as typed equational problems: objects are arguments of composition, identity and functors.

An arrow ``f : A → B`` is a term that ``h(A,B,f)`` leaves as it is.  Composition, written ``c(A,B,C,f,g)`` with ``f``
first, looks at its arguments through ``h``, so that no step is made with an ill-typed arrow: in a category with one
more, undefined, arrow every equation below holds for all values of its variables.
"""

from __future__ import annotations

from typing import Any

from catcore_proofs.tptp import Problem
from tests.benchmarks.challenges.equational import follows
from tests.benchmarks.challenges.rows import challenge

CATEGORY = (
    "c(A,A,B,id(A),F) = h(A,B,F)",
    "c(A,B,B,F,id(B)) = h(A,B,F)",
    "c(A,C,D,c(A,B,C,F,G),K) = c(A,B,D,F,c(B,C,D,G,K))",
    "h(A,A,id(A)) = id(A)",
    "h(A,C,c(A,B,C,F,G)) = c(A,B,C,F,G)",
    "c(A,B,C,h(A,B,F),G) = c(A,B,C,F,G)",
    "c(A,B,C,F,h(B,C,G)) = c(A,B,C,F,G)",
)

#: A Kleisli triple: an object ``t(A)``, a unit ``u(A) : A → t(A)`` and extensions ``x(A,B,F)`` of ``F : A → t(B)``.
TYPES = (
    "h(A,t(A),u(A)) = u(A)",
    "h(t(A),t(B),x(A,B,F)) = x(A,B,F)",
    "x(A,B,h(A,t(B),F)) = x(A,B,F)",
)
TRIPLE = {
    "right unit": "x(A,A,u(A)) = id(t(A))",
    "left unit": "c(A,t(A),t(B),u(A),x(A,B,F)) = h(A,t(B),F)",
    "associativity": "c(t(A),t(B),t(C),x(A,B,F),x(B,C,G)) = x(A,C,c(A,t(B),t(C),F,x(B,C,G)))",
}


def triple_gives_monad(without: str = "") -> list[Problem]:
    """The equations of the monad with ``T f = (f ; η)*`` and ``μ = id*``, from those of the triple."""
    axioms = (
        *CATEGORY, *TYPES, *(law for name, law in TRIPLE.items() if name != without),
        "f(A,B,F) = x(A,B,c(A,B,t(B),F,u(B)))",
        "n(A) = x(t(A),A,id(t(A)))",
        "h(a,b,ff) = ff",
        "h(b,d,gg) = gg",
    )  # fmt: skip
    goals = (
        "f(a,a,id(a)) = id(t(a))",
        "f(a,d,c(a,b,d,ff,gg)) = c(t(a),t(b),t(d),f(a,b,ff),f(b,d,gg))",
        "c(a,b,t(b),ff,u(b)) = c(a,t(a),t(b),u(a),f(a,b,ff))",
        "c(t(t(a)),t(t(b)),t(b),f(t(a),t(b),f(a,b,ff)),n(b)) = c(t(t(a)),t(a),t(b),n(a),f(a,b,ff))",
        "c(t(a),t(t(a)),t(a),u(t(a)),n(a)) = id(t(a))",
        "c(t(a),t(t(a)),t(a),f(a,t(a),u(a)),n(a)) = id(t(a))",
        "c(t(t(t(a))),t(t(a)),t(a),f(t(t(a)),t(a),n(a)),n(a)) = c(t(t(t(a))),t(t(a)),t(a),n(t(a)),n(a))",
    )
    return [follows(goal, axioms) for goal in goals]


#: A functor ``t`` on arrows, ``f(A,B,F)``, with a monad's unit and multiplication.
FUNCTOR = (
    "h(t(A),t(B),f(A,B,F)) = f(A,B,F)",
    "f(A,B,h(A,B,F)) = f(A,B,F)",
    "f(A,A,id(A)) = id(t(A))",
    "f(A,C,c(A,B,C,F,G)) = c(t(A),t(B),t(C),f(A,B,F),f(B,C,G))",
)
MONAD = (
    "h(A,t(A),u(A)) = u(A)",
    "h(t(t(A)),t(A),n(A)) = n(A)",
    "c(A,B,t(B),F,u(B)) = c(A,t(A),t(B),u(A),f(A,B,F))",
    "c(t(t(A)),t(t(B)),t(B),f(t(A),t(B),f(A,B,F)),n(B)) = c(t(t(A)),t(A),t(B),n(A),f(A,B,F))",
    "c(t(A),t(t(A)),t(A),u(t(A)),n(A)) = id(t(A))",
    "c(t(A),t(t(A)),t(A),f(A,t(A),u(A)),n(A)) = id(t(A))",
    "c(t(t(t(A))),t(t(A)),t(A),f(t(t(A)),t(A),n(A)),n(A)) = c(t(t(t(A))),t(t(A)),t(A),n(t(A)),n(A))",
)


@challenge("P54", "a monad is idempotent, μ iso, exactly when T η = η T")
def idempotent_monads() -> Any:
    return [_iso_gives_equal(inverse="both"), *_equal_gives_iso(equal=True)]


@idempotent_monads.twin("μ has a right inverse, which every monad's has")
def _() -> Any:
    return _equal_gives_iso(equal=False)


def _iso_gives_equal(inverse: str) -> Problem:
    """If every ``n(A)`` has a two-sided inverse ``v(A)``, then ``T η = η T``."""
    axioms = (
        *CATEGORY, *FUNCTOR, *MONAD,
        "h(t(A),t(t(A)),v(A)) = v(A)",
        "c(t(t(A)),t(A),t(t(A)),n(A),v(A)) = id(t(t(A)))",
        "c(t(A),t(t(A)),t(A),v(A),n(A)) = id(t(A))",
    )  # fmt: skip
    return follows("f(a,t(a),u(a)) = u(t(a))", axioms)


def _equal_gives_iso(*, equal: bool) -> list[Problem]:
    """If ``T η = η T``, then it is the inverse of μ."""
    axioms = (*CATEGORY, *FUNCTOR, *MONAD, *(["f(A,t(A),u(A)) = u(t(A))"] if equal else []))
    return [
        follows("c(t(t(a)),t(a),t(t(a)),n(a),u(t(a))) = id(t(t(a)))", axioms),
        follows("c(t(a),t(t(a)),t(a),u(t(a)),n(a)) = id(t(a))", axioms),
    ]
