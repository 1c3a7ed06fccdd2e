"""Random objects, functors and arrows of every former."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from catcore import (
    Const,
    FinSet,
    Functor,
    Id,
    NaturalTransformation,
    One,
    R,
    Zero,
    atoms,
    braid,
    case,
    curry,
    distribute,
    ev,
    finite_map,
    fold,
    fst,
    functor,
    generator,
    ident,
    in_,
    initial,
    inl,
    inr,
    mu,
    nu,
    out,
    pair,
    snd,
    terminal,
    unfold,
)
from catcore.arrows import Arrow
from catcore.objects import Atom, Mu, Nu, Ob, Product

NAMES = st.sampled_from(["A", "B", "X", "Y", "_0", "_X", "f'", "A_1", "α", "x^2", "100 %", "{", "\\", "Id", '"', "'"])
LEAVES = st.one_of(
    st.builds(Atom, NAMES),
    st.sampled_from([Zero, One, FinSet(0), FinSet(3), FinSet("e", "s"), FinSet("a_b", "#"), R(), R(2), R(2, 3)]),
)


def grown(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a, b: a * b, inner, inner),
            st.builds(lambda a, b: a + b, inner, inner),
            st.builds(lambda a, b: a @ b, inner, inner),
            st.builds(lambda a, b: a**b, inner, LEAVES),
        ),
        max_leaves=4,
    )


@st.composite
def fixed_points(draw: Any) -> Ob:
    """Fixed points, also inside one another."""
    former = draw(st.sampled_from([mu, nu]))
    other, inner = draw(st.sampled_from([mu, nu])), draw(LEAVES)
    match draw(st.integers(0, 3)):
        case 0:
            return former(1 + inner * Id)
        case 1:
            return former(lambda X: inner + other(lambda Y: X * Y + 1))
        case 2:
            return former(lambda X: (1 + X) ** inner)
    return former(lambda X: other(lambda Y: former(lambda Z: X + Y * Z)))


OBJECTS = grown(st.one_of(LEAVES, fixed_points()))
VARIABLES = st.builds(lambda name, strong: Functor.variable(name, strong=strong), NAMES, st.booleans())
FUNCTORS = st.one_of(
    grown(st.one_of(st.just(Id), st.builds(Const, LEAVES))),
    VARIABLES,
    st.builds(lambda T, F: T(F), VARIABLES, grown(st.one_of(st.just(Id), st.builds(Const, LEAVES)))),
    st.builds(lambda a: functor(lambda X: mu(lambda Y: 1 + a * X * Y)), LEAVES),
    st.builds(lambda a: functor(lambda X: a ** (a**X)), LEAVES),
    st.builds(lambda a: functor(lambda X: nu(lambda Y: (X * Y) ** a)), LEAVES),
)
SEVERAL = st.sampled_from(
    [
        functor(lambda X, Y: 1 + X * Y),
        functor(lambda X, Y, Z: (X + Y) ** FinSet(2) * Z),
        functor(lambda X, Y: mu(lambda Z: X + Y * nu(lambda W: Z * W))),
    ]
)


def transformations() -> st.SearchStrategy[NaturalTransformation]:
    return st.one_of(
        st.builds(NaturalTransformation.variable, NAMES, FUNCTORS, FUNCTORS),
        st.builds(lambda a: NaturalTransformation(Id, Id + a, lambda X: inl(X, a), "left"), LEAVES),
        st.builds(lambda a: NaturalTransformation(Id * a, Id, lambda X: fst(X, a)), LEAVES),
        st.builds(lambda F: NaturalTransformation(F, F, lambda X: ident(F(X)), "same"), FUNCTORS),
        st.builds(lambda F: NaturalTransformation(Id * Id, Id, lambda X: fst(X, X)), FUNCTORS),
    )


def _base(a: Ob, b: Ob, name: str) -> list[Arrow]:
    return [
        ident(a), generator(name, a, b), terminal(a), initial(a), fst(a, b), snd(a, b), inl(a, b), inr(a, b), ev(a, b),
        braid(a, b), distribute(a, b, a), finite_map(2, 3, [2, 0]), finite_map(0, 3, []),
    ]  # fmt: skip


@st.composite
def base(draw: Any) -> Arrow:
    a, b = draw(OBJECTS), draw(LEAVES)
    choices = _base(a, b, draw(NAMES))
    if isinstance(a, Mu):
        choices += [in_(a), out(a), fold(a, generator("alg", Functor(1, a.body)(b), b))]
    if isinstance(a, Nu):
        choices += [out(a), unfold(a, generator("coalg", b, Functor(1, a.body)(b)))]
    return draw(st.sampled_from(choices))


def _bigger(f: Arrow, g: Arrow, F: Functor, G: Functor, alpha: NaturalTransformation, name: str) -> list[Arrow]:
    found = [
        f * g, f + g, f @ g, f >> generator(name, f.cod, g.dom) >> g, pair(f, generator(name, f.dom, g.cod)),
        case(f, generator(name, g.dom, f.cod)), F(f), alpha[f.dom] >> G(f) if alpha.target is G else alpha[f.dom],
        functor(lambda X, Y: X + Y * X)(f, g),
    ]  # fmt: skip
    return [*found, curry(f)] if isinstance(f.dom, Product) else found


@st.composite
def _step(draw: Any, inner: st.SearchStrategy[Arrow]) -> Arrow:
    made = _bigger(draw(inner), draw(inner), draw(FUNCTORS), draw(FUNCTORS), draw(transformations()), draw(NAMES))
    return draw(st.sampled_from(made))


ARROWS = st.recursive(base(), _step, max_leaves=4)
A, B, C, X = atoms("A B C X")
