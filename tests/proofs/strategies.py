"""Random small objects and parallel terms, and an independent search through finite models of a law."""

from __future__ import annotations

import itertools as it
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from catcore import (
    FinSet,
    Law,
    One,
    Zero,
    atoms,
    case,
    curry,
    distribute,
    ev,
    fst,
    generator,
    ident,
    initial,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore.arrows import Arrow
from catcore.categories.finite_sets import FiniteModel
from catcore.errors import TooLarge
from catcore.objects import Coproduct, Exponential, Ob, Product

A, B = atoms("A B")
LEAVES = (A, A, B, One, One, Zero, FinSet(2))
F, G, M, E, H = (
    generator("f", A, A),
    generator("g", A, B),
    generator("m", A * A, A),
    generator("e", One, A),
    generator("h", A, One + One),
)
SIGNATURE = (F, G, M, E, H)


def objects(depth: int = 2) -> st.SearchStrategy[Ob]:
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.one_of(
            st.builds(lambda a, b: a * b, inner, inner),
            st.builds(lambda a, b: a + b, inner, inner),
            st.builds(lambda a, b: b**a, inner, st.sampled_from(LEAVES)),
        ),
        max_leaves=depth + 1,
    )


def choices(dom: Ob, cod: Ob, depth: int) -> list[str]:
    """The ways to build an arrow ``dom → cod``, simple ones first."""
    found = ["identity"] if dom is cod else []
    found += ["generator"] if any((g.dom, g.cod) == (dom, cod) for g in SIGNATURE) else []
    found += ["unit"] if cod is One else []
    found += ["absurd"] if dom is Zero else []
    if depth:
        found += ["pair"] * 2 if isinstance(cod, Product) else []
        found += ["inl", "inr"] if isinstance(cod, Coproduct) else []
        found += ["curry"] * 2 if isinstance(cod, Exponential) else []
        found += ["case"] * 2 if isinstance(dom, Coproduct) else []
        found += ["fst", "snd"] if isinstance(dom, Product) else []
        if isinstance(dom, Product) and isinstance(dom.right, Coproduct):
            found += ["distribute"] * 2
        if isinstance(dom, Product) and isinstance(dom.left, Exponential) and dom.left.exponent is dom.right:
            found += ["apply"] * 3
        found += ["then"]
    return found or ["fresh"]


@st.composite
def terms(draw: Any, dom: Any, cod: Any, depth: int = 3) -> Arrow:
    """A term of a given type; where nothing fits, a generator of its own name."""
    recur = lambda a, b: draw(terms(a, b, depth - 1))  # noqa: E731
    match draw(st.sampled_from(choices(dom, cod, depth))):
        case "identity":
            return ident(dom)
        case "generator":
            return draw(st.sampled_from([g for g in SIGNATURE if (g.dom, g.cod) == (dom, cod)]))
        case "unit":
            return terminal(dom)
        case "absurd":
            return initial(cod)
        case "pair":
            return pair(recur(dom, cod.left), recur(dom, cod.right))
        case "inl":
            return recur(dom, cod.left) >> inl(cod.left, cod.right)
        case "inr":
            return recur(dom, cod.right) >> inr(cod.left, cod.right)
        case "curry":
            return curry(recur(dom * cod.exponent, cod.base))
        case "case":
            return case(recur(dom.left, cod), recur(dom.right, cod))
        case "fst":
            return fst(dom.left, dom.right) >> recur(dom.left, cod)
        case "snd":
            return snd(dom.left, dom.right) >> recur(dom.right, cod)
        case "distribute":
            a, b, c = dom.left, dom.right.left, dom.right.right
            return distribute(a, b, c) >> case(recur(a * b, cod), recur(a * c, cod))
        case "apply":
            return ev(dom.right, dom.left.base) >> recur(dom.left.base, cod)
        case "then":
            middle = draw(st.sampled_from([g for g in SIGNATURE if g.dom is dom] or [ident(dom)]))
            return middle >> recur(middle.cod, cod)
    return generator(f"x{draw(st.integers(0, 1))}", dom, cod)


def expand(ob: Ob) -> Arrow:
    """The identity of an object, written with its η law."""
    match ob:
        case Product():
            return pair(fst(ob.left, ob.right) >> expand(ob.left), snd(ob.left, ob.right) >> expand(ob.right))
        case Coproduct():
            return case(expand(ob.left) >> inl(ob.left, ob.right), expand(ob.right) >> inr(ob.left, ob.right))
        case Exponential():
            return curry(ev(ob.exponent, ob.base))
    return terminal(One) if ob is One else ident(ob)


@st.composite
def parallel(draw: Any) -> tuple[Arrow, Arrow]:
    """Two parallel terms: unrelated, or one an expanded form of the other."""
    dom, cod = draw(objects()), draw(objects())
    one = draw(terms(dom, cod))
    if draw(st.booleans()):
        return one, draw(terms(dom, cod))
    return one, expand(dom) >> one >> expand(cod)


SWAP = pair(snd(A, A), fst(A, A))
HYPOTHESES = {
    "nothing": (),
    "commutative": (Law("commutative", SWAP >> M, M),),
    "left unit": (Law("left unit", pair(terminal(A) >> E, ident(A)) >> M, ident(A)),),
    "idempotent": (Law("idempotent", F >> F, F),),
    "involution": (Law("involution", F >> F, ident(A)),),
    "at most one": (Law("at most one", fst(A, A), snd(A, A)),),
    "contradiction": (Law("contradiction", inl(One, One), inr(One, One)),),
    "vacuous": (Law("vacuous", fst(A, Zero) >> F, fst(A, Zero)),),
    "over another set": (Law("over another set", fst(A, B) >> F, fst(A, B)),),
    "constant": (Law("constant", F, terminal(A) >> E),),
    "decided": (Law("decided", H, terminal(A) >> inl(One, One)),),
    "projection": (Law("projection", M, fst(A, A)), Law("other projection", M, snd(A, A))),
}


def models(law: Law, largest: int = 2, limit: int = 300) -> Iterator[FiniteModel]:
    """Finite models of the hypotheses of a law, smallest first."""
    obs, generators = law.symbols()
    looked = 0
    for counts in sorted(it.product(range(largest + 1), repeat=len(obs)), key=sum):
        model = FiniteModel(dict(zip(obs, counts, strict=True)))
        try:
            ends = [(model.size(g.dom), model.size(g.cod)) for g in generators]
        except TooLarge:
            continue
        if any(n > 64 or m > 1_000 for n, m in ends):
            continue
        few = [it.islice(it.product(range(m), repeat=n), limit) for n, m in ends]
        for tables in it.product(*few):
            looked += 1
            if looked > limit:
                return
            chosen = FiniteModel(model.sizes, dict(zip(generators, tables, strict=True)))
            if all(agree(h.lhs, h.rhs, chosen) for h in law.given):
                yield chosen


def agree(lhs: Arrow, rhs: Arrow, model: FiniteModel) -> bool:
    """Whether two arrows are equal on every element of a model; where there are too many, yes."""
    if model.size(lhs.dom) > 2_000:
        return True
    x = model.elements(lhs.dom)
    return x.shape[0] == 0 or bool((model.apply(lhs, x) == model.apply(rhs, x)).all())
