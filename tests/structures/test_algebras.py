"""Algebras, coalgebras, adjunctions and distributive laws, by counts and by proof (THEORY T1.6–T1.10)."""

from __future__ import annotations

import itertools as it

import pytest

from catcore import (
    ActionMonad,
    Algebra,
    Coalgebra,
    DistributiveLaw,
    FinSet,
    Group,
    Homomorphism,
    Id,
    Law,
    Monad,
    MonadMorphism,
    Monoid,
    Representation,
    actions,
    atoms,
    case,
    curry,
    cyclic,
    equivariant_functions,
    equivariant_maps,
    ev,
    finite_map,
    free_algebra,
    generator,
    ident,
    inl,
    pointwise,
    semidirect,
    symmetric,
)
from catcore.equivariance import Action
from catcore.errors import IllTyped, NotParallel
from catcore.objects import One, finite_size
from catcore.structures.standard import (
    action_over,
    coreader,
    exceptions,
    exceptions_over,
    identity_monad,
    maybe,
    product_exponential,
    reader,
    state,
    store,
    traced,
    writer,
)
from catcore_proofs import prove, verify

A, E, R, S, X, Y = atoms("A E R S X Y")
M = Monoid.variable("M")
ZERO_ONE = Monoid.from_table([[0, 0], [0, 1]], unit=1)


def tables(dom, cod):
    """All maps between two finite sets."""
    for values in it.product(range(finite_size(cod)), repeat=finite_size(dom)):
        yield finite_map(dom, cod, values)


def algebras(monad, points):
    """All algebras on a set of so many points, found by trying every map."""
    carrier = FinSet(points)
    return [a for a in (Algebra(monad, f, carrier) for f in tables(monad(carrier), carrier)) if verify(a).ok]


# ---- T1.6 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("monoid", "points", "count"),
    [(cyclic(2), 2, 2), (cyclic(2), 3, 4), (ZERO_ONE, 2, 3), (ZERO_ONE, 3, 10), (cyclic(3), 2, 1), (cyclic(3), 3, 3)],
)
def test_algebras_of_the_monad_of_a_monoid_are_its_actions(monoid, points, count):
    """T1.6: trying every map M × X → X finds exactly the actions; the unit law leaves |X|^(|X|(|M|−1)) to try."""
    carrier, e = FinSet(points), monoid.identity
    others = [g for g in range(finite_size(monoid.carrier)) if g != e]
    found = set()
    for images in it.product(it.product(range(points), repeat=points), repeat=len(others)):
        rows = {e: tuple(range(points)), **dict(zip(others, images, strict=True))}
        values = [v for g in range(len(rows)) for v in rows[g]]
        algebra = Algebra(ActionMonad(monoid), finite_map(monoid.carrier * carrier, carrier, values))
        if verify(algebra).ok:
            found.add(algebra.structure)

    assert len(found) == count
    assert found == {action.algebra().structure for action in actions(monoid, points)}


@pytest.mark.parametrize(
    ("monoid", "points", "count"), [(cyclic(2), 4, 10), (symmetric(3), 3, 10), (ZERO_ONE, 3, 10), (cyclic(3), 3, 3)]
)
def test_every_counted_action_satisfies_the_laws_of_an_algebra(monoid, points, count):
    """T1.6: 10 involutions of four points, 10 actions of S3 on three, 10 idempotent maps."""
    found = actions(monoid, points)

    assert len(found) == count
    assert all(verify(action.algebra()).ok for action in found)


@pytest.mark.parametrize("monoid", [cyclic(2), cyclic(3), symmetric(3)], ids=str)
@pytest.mark.parametrize("points", [1, 2, 3])
def test_group_actions_and_algebras_are_equally_many(monoid, points):
    """T1.6: e ▶ x = x and g ▶ (h ▶ x) = (g h) ▶ x, tried on every family of bijections, against the counted actions."""
    n, table, bijections = finite_size(monoid.carrier), monoid.table, list(it.permutations(range(points)))
    found = []
    for images in it.product(bijections, repeat=n - 1):
        act = [tuple(range(points)), *images]
        if all(act[table[g][h]] == tuple(act[g][x] for x in act[h]) for g in range(n) for h in range(n)):
            found.append(Algebra(ActionMonad(monoid), finite_map(n * FinSet(points), FinSet(points), sum(act, ()))))

    assert monoid.identity == 0
    assert all(verify(algebra).ok for algebra in found)
    assert {a.structure for a in found} == {action.algebra().structure for action in actions(monoid, points)}


def test_an_action_is_an_algebra_and_back_on_all_involutions_of_four_points():
    """T1.6: the ten actions of Z2 on four points survive the round trip."""
    found = actions(cyclic(2), 4)

    assert len(found) == 10
    for action in found:
        algebra = action.algebra()
        assert verify(algebra).ok
        assert Action.from_algebra(cyclic(2), algebra.structure) == action


def test_on_two_points_every_map_was_tried():
    """The unit law is not assumed: of all 16 maps 2 × 2 → 2 two are actions of Z2, three of ({0, 1}, ×)."""
    assert len(algebras(ActionMonad(cyclic(2)), 2)) == 2
    assert len(algebras(ActionMonad(ZERO_ONE), 2)) == 3


@pytest.mark.parametrize("points", [0, 1, 2, 3])
def test_algebras_of_maybe_are_pointed_sets(points):
    """T1.6: n of them on n points."""
    found = algebras(maybe(), points)

    assert len(found) == points
    assert sorted(a.structure.args[2][0] for a in found) == list(range(points))


def test_equivariant_self_maps_of_the_swap_and_of_the_free_set():
    """T1.6: 2 of the swap on two points, 3 of Z3 acting on itself; by solving and by checking every map."""
    swap = Action(cyclic(2), 2, {"s": [1, 0]})
    regular = Action(cyclic(3), 3, {"s": [1, 2, 0]})

    for action, count in ((swap, 2), (regular, 3)):
        algebra, carrier = action.algebra(), FinSet(action.points)
        homs = [f.args[2] for f in tables(carrier, carrier) if verify(Homomorphism(algebra, algebra, f)).ok]
        assert len(homs) == count
        assert sorted(homs) == sorted(equivariant_functions(action, action))


@pytest.mark.parametrize("points", [1, 2])
def test_homomorphisms_out_of_a_free_algebra_are_maps_of_generators(points):
    """T1.6: Hom(free X, (A, a)) ≅ Set(X, A), counted for every action of Z2 on at most three points."""
    monad, generators = ActionMonad(cyclic(2)), FinSet(points)
    free = free_algebra(monad, generators)
    assert verify(free).ok

    for size in (1, 2, 3):
        for target in actions(cyclic(2), size):
            algebra = target.algebra()
            homs = [f for f in tables(free.carrier, FinSet(size)) if verify(Homomorphism(free, algebra, f)).ok]
            assert len(homs) == size**points


def test_free_algebras_of_arbitrary_monoids_are_algebras():
    for monad in (ActionMonad(M), maybe(), state(S), reader(R)):
        assert {v.evidence for v in verify(free_algebra(monad, X))} == {"proved"}


def shifts(order):
    """How S3 moves the eight two-valued functions on itself: (g ▶ φ)(h) is φ at ``order(g, h)``."""
    group = symmetric(3)
    functions = list(it.product(range(2), repeat=6))
    place = {f: i for i, f in enumerate(functions)}
    values = [place[tuple(f[order(group, g, h)] for h in range(6))] for g in range(6) for f in functions]
    points = FinSet(len(functions))
    return Algebra(ActionMonad(group), finite_map(group.carrier * points, points, values))


def test_the_right_action_on_functions_is_refused_and_the_left_one_accepted():
    """T1.6, pitfall: φ(g h) is a right action of S3; φ(g⁻¹ h) is a left one (CDL C.3)."""
    left = verify(shifts(lambda s3, g, h: s3.multiply(s3.inverse[g], h)))
    wrong = verify(shifts(lambda s3, g, h: s3.multiply(g, h)))

    assert left.ok
    assert wrong["unit"].status == "holds"
    assert wrong["associativity"].status == "fails"
    found = wrong["associativity"].counterexample
    assert found is not None
    g, (h, _) = found.element
    assert symmetric(3).multiply(g, h) != symmetric(3).multiply(h, g)


def test_homomorphisms_compose_and_know_their_ends():
    action = Action(cyclic(2), 2, {"s": [1, 0]}).algebra()
    other = Action(cyclic(2), 2, {"s": [0, 1]}).algebra()
    flip = Homomorphism(action, action, finite_map(2, 2, [1, 0]))

    assert verify(flip >> flip).ok
    assert (flip >> flip).map.dom is FinSet(2)
    with pytest.raises(NotParallel, match="compose when the first ends at the algebra where the second starts"):
        _ = flip >> Homomorphism(other, other, ident(2))
    with pytest.raises(NotParallel, match="source and target are Algebra of 2 × Id and Algebra of 1 \\+ Id"):
        Homomorphism(action, algebras(maybe(), 1)[0], ident(2))
    with pytest.raises(IllTyped, match=r"A homomorphism from 2 to 2 is needed, and id : 3 → 3 was given"):
        Homomorphism(action, action, ident(3))
    with pytest.raises(IllTyped, match="An arrow is needed here, and 7 was given"):
        Homomorphism(action, action, 7)


def test_structure_maps_of_the_wrong_type_are_refused():
    with pytest.raises(IllTyped, match=r"algebra of 1 \+ Id on A goes from 1 \+ A to A, and id : A → A was given"):
        Algebra(maybe(), ident(A))
    with pytest.raises(IllTyped, match="needs its carrier: write carrier=A"):
        Algebra(maybe(), pointwise(lambda x: x))
    with pytest.raises(IllTyped, match="An arrow is needed here, and 3 was given"):
        Algebra(maybe(), 3, carrier=A)
    with pytest.raises(IllTyped, match=r"coalgebra of 1 \+ Id on A goes from A to 1 \+ A"):
        Coalgebra(1 + Id, ident(A))


def test_algebras_of_a_mere_functor_have_no_laws_but_homomorphisms_have_one():
    F = 1 + Id
    zero, succ = generator("zero", One, A), generator("succ", A, A)
    algebra = Algebra(F, case(zero, succ))

    assert algebra.laws() == ()
    assert verify(Homomorphism(algebra, algebra, ident(A))).ok
    assert verify(Homomorphism(algebra, algebra, succ))["homomorphism"].status == "fails"


# ---- T1.7 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("states", "positions", "count"), [(1, 1, 1), (2, 1, 1), (2, 2, 2), (4, 2, 12), (3, 2, 0)])
def test_coalgebras_of_the_store_are_lawful_lenses(states, positions, count):
    """T1.7: get(put(s, a)) = a, put(s, get s) = s, put(put(s, a), b) = put(s, b); counted on both sides.

    On four states a lens that gets one of two values is a choice of two states and a matching with the other two:
    6 · 2 = 12. On three there is none.
    """
    s, a = range(states), range(positions)

    def lawful(get, put) -> bool:
        return all(get[put[x][v]] == v for x in s for v in a) and all(
            put[put[x][v]][w] == put[x][w] for x in s for v in a for w in a
        )

    rows = list(it.product(s, repeat=positions))
    comonad, carrier = store(FinSet(positions)), FinSet(states)
    layer = comonad(carrier)
    place = {row: i for i, row in enumerate(rows)}
    lenses, coalgebras = [], []
    for get in it.product(a, repeat=states):
        for put in it.product(*([row for row in rows if row[get[x]] == x] for x in s)):
            structure = finite_map(carrier, layer, [get[x] * len(rows) + place[put[x]] for x in s])
            lenses += [(get, put)] if lawful(get, put) else []
            coalgebras += [(get, put)] if verify(Coalgebra(comonad, structure, carrier)).ok else []

    assert len(lenses) == count
    assert coalgebras == lenses


def test_an_arbitrary_lawful_lens_is_a_coalgebra_of_the_store():
    """T1.7: the three lens laws, as hypotheses, prove the two laws of a coalgebra."""
    get, put = generator("get", S, A), generator("put", S * A, S)
    laws = (
        Law("put get", put >> get, _traced(S * A, A, lambda p: p[1])),
        Law("get put", _traced(S, S, lambda s: put(s, get(s))), ident(S)),
        Law("put put", _traced(S * A * A, S, lambda t: put(put(t[0][0], t[0][1]), t[1])),
            _traced(S * A * A, S, lambda t: put(t[0][0], t[1]))),
    )  # fmt: skip
    lens = Coalgebra(store(A), pointwise(lambda s: (get(s), lambda a: put(s, a))), S, laws)

    assert {v.evidence for v in verify(lens)} == {"proved"}, str(verify(lens))


def test_a_learning_lens_is_no_coalgebra_of_the_store():
    """T1.7, pitfall: a put that returns a gradient breaks the laws, and that is no error of the lens."""
    get, put = generator("get", S, A), generator("put", S * A, S)
    lens = Coalgebra(store(A), pointwise(lambda s: (get(s), lambda a: put(s, a))), S)

    assert {v.status for v in verify(lens)} == {"fails"}


def _traced(dom, cod, function):
    from catcore.tracing import trace

    return trace(function, dom, cod)


@pytest.mark.parametrize("points", [1, 2, 3])
def test_coalgebras_of_the_coreader_are_maps_to_the_context(points):
    """T1.7: ``x ↦ (label x, x)``; two labels on n points make 2^n."""
    comonad, carrier = coreader(2), FinSet(points)
    found = [f for f in tables(carrier, comonad(carrier)) if verify(Coalgebra(comonad, f, carrier)).ok]

    assert len(found) == 2**points
    assert all(value % points == x for f in found for x, value in enumerate(f.args[2]))


# ---- T1.8 ----------------------------------------------------------------------------------------------------------


def test_state_and_store_come_from_one_adjunction():
    """T1.8: (S × −) ⊣ (−)^S induces the hand-written monad and comonad, up to the identity morphism."""
    adjunction = product_exponential(S)
    monad, comonad = adjunction.monad(), adjunction.comonad()

    assert {v.evidence for v in verify(adjunction)} == {"proved"}
    assert {v.evidence for v in verify(monad)} == {"proved"}
    assert {v.evidence for v in verify(comonad)} == {"proved"}
    assert monad.functor is state(S).functor
    assert comonad.functor is store(S).functor
    same = MonadMorphism(monad, state(S), lambda X: ident(state(S)(X)))
    assert {v.evidence for v in verify(same)} == {"proved"}
    assert prove(comonad.counit[X], store(S).counit[X]).evidence == "proved"
    assert prove(comonad.comult[X], store(S).comult[X]).evidence == "proved"


def test_a_wrong_counit_breaks_the_triangles():
    from catcore import Adjunction, fst

    right = product_exponential(S)
    wrong = Adjunction(
        Id * S, Id**S, unit=pointwise(lambda x: lambda p: (x, p)), counit=lambda X: fst(X**S, S) >> _at_point(X)
    )

    assert verify(right).ok
    assert verify(wrong)["right triangle"].status == "fails"


def _at_point(X):
    """Apply a function at one fixed place."""
    return _traced(X**S, X, lambda f: f(generator("here", One, S)))


@pytest.mark.parametrize("monoid", [cyclic(2), cyclic(3), ZERO_ONE], ids=str)
def test_actions_are_also_coalgebras(monoid):
    """T1.8: a(m, x) = c(x)(m) turns a map M × 2 → 2 into one 2 → 2^M, a coalgebra exactly when it is an action."""
    carrier, m = FinSet(2), monoid.carrier
    comonad, lawful = traced(monoid), 0
    for f in tables(m * carrier, carrier):
        c = curry(_traced(carrier * m, carrier, lambda p, f=f: f(p[1], p[0])))
        back = _traced(m * carrier, carrier, lambda p, c=c: c(p[1])(p[0]))
        assert prove(back, f).status == "holds"
        is_algebra = verify(Algebra(ActionMonad(monoid), f, carrier)).ok
        assert verify(Coalgebra(comonad, c, carrier)).ok == is_algebra
        lawful += is_algebra

    assert lawful == len(actions(monoid, 2))


def test_the_round_trip_between_actions_and_coalgebras_is_proved_for_every_monoid():
    """T1.8: for an arbitrary action of an arbitrary monoid."""
    act = generator("act", M.carrier * X, X)
    acts = Algebra(ActionMonad(M), act, X).laws()
    hypotheses = tuple(Law(h.name, h.lhs, h.rhs) for h in acts)
    coalgebra = Coalgebra(traced(M), pointwise(lambda x: lambda m: act(m, x)), X, hypotheses)

    assert {v.evidence for v in verify(coalgebra)} == {"proved"}, str(verify(coalgebra))
    assert verify(Coalgebra(traced(M), coalgebra.structure, X))["counit"].status == "fails"


# ---- T1.9 ----------------------------------------------------------------------------------------------------------


def test_kleisli_arrows_are_homomorphisms_of_free_algebras():
    """T1.9: 9 maps 2 → 1 + 2, and 9 homomorphisms between free Maybe algebras; extension is the bijection."""
    monad, two = maybe(), FinSet(2)
    free = free_algebra(monad, two)
    kleisli = list(tables(two, monad(two)))
    homs = [f for f in tables(free.carrier, free.carrier) if verify(Homomorphism(free, free, f)).ok]
    extended = [monad.extend(f, two) for f in kleisli]

    assert len(kleisli) == len(homs) == 9
    assert all(sum(prove(e, h).status == "holds" for h in homs) == 1 for e in extended)
    assert all(sum(prove(e, h).status == "holds" for e in extended) == 1 for h in homs)


def test_the_laws_of_kleisli_composition_are_proved():
    """T1.9: units and associativity of ``f ; T(g) ; μ`` for arbitrary arrows of the state monad."""
    B, C = atoms("B C")
    monad = state(S)
    f, g, h = generator("f", X, monad(Y)), generator("g", Y, monad(B)), generator("h", B, monad(C))

    assert prove(monad.unit[X] >> monad.extend(f, Y), f).evidence == "proved"
    assert prove(f >> monad.extend(monad.unit[Y], Y), f).evidence == "proved"
    lhs = f >> monad.extend(g, B) >> monad.extend(h, C)
    assert prove(lhs, f >> monad.extend(g >> monad.extend(h, C), C)).evidence == "proved"


# ---- T1.10 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        exceptions_over(E, reader(R)),
        exceptions_over(E, state(S)),
        exceptions_over(E, writer(M)),
        exceptions_over(E, maybe()),
        exceptions_over(E, identity_monad()),
        action_over(M, reader(R)),
        action_over(M, maybe()),
        action_over(M, exceptions(E)),
        action_over(M, state(S)),
    ],
    ids=lambda d: f"{d.inner.functor} over {d.outer.functor}",
)
def test_distributive_laws_are_proved_and_so_are_their_composites(law):
    """T1.10 (i), (ii): exceptions and actions distribute over monads, and the composites are monads."""
    assert {v.evidence for v in verify(law)} == {"proved"}, str(verify(law))
    assert {v.evidence for v in verify(law.composite())} == {"proved"}


def test_a_mutant_of_a_distributive_law_is_refuted():
    """A law that loses the exception respects one unit and not the other."""
    S2 = writer(M)
    mutant = DistributiveLaw(
        maybe(), S2, lambda X: case(inl(1, X) >> S2.unit[1 + X], S2(_traced(X, 1 + X, lambda x: inl(()))))
    )
    report = verify(mutant)

    assert report.status == "fails"
    assert report["inner unit"].status == "fails"
    assert report["outer unit"].status == "holds" or report["outer unit"].counterexample is not None


def test_the_composite_of_a_false_law_is_no_monad():
    def forgetful(X):
        return _traced(M.carrier * (1 + X), 1 + M.carrier * X, lambda p: p[1].case(
            inl=lambda e: inl(()), inr=lambda x: _inr((M.unit, x))))  # fmt: skip

    false = DistributiveLaw(writer(M), maybe(), forgetful)

    assert verify(false).status == "fails"
    assert verify(false.composite()).status == "fails"


def _inr(value):
    from catcore import inr

    return inr(value)


@pytest.mark.parametrize(("n", "dimension"), [(4, 3), (5, 3), (6, 4)])
def test_the_semidirect_product_of_translations_and_a_reflection(n, dimension):
    """T1.10 (iv): |Z_n ⋊ Z_2| = 2n, it is dihedral, and its equivariant maps of ℝⁿ have dimension ⌊n/2⌋ + 1."""
    translations, reflection = cyclic(n), Group.permutations({"f": [1, 0]})
    dihedral = semidirect(translations, reflection, {"f": {"s": f"s^{n - 1}"}})
    maps = {"s": [*range(1, n), 0], "f": [-i % n for i in range(n)]}
    acts = Representation.permutation(dihedral, maps)

    assert dihedral.order == 2 * n
    assert verify(dihedral).ok
    assert equivariant_maps(acts, acts).dim == dimension == n // 2 + 1
    assert equivariant_maps(*[Representation.permutation(translations, {"s": maps["s"]})] * 2).dim == n


def test_a_semidirect_product_is_a_distributive_law_of_the_two_action_monads():
    """T1.10 (iv): Z3 under negation; the composite monad multiplies as the semidirect product does."""
    n, g = cyclic(3), cyclic(2)
    inner, outer = ActionMonad(g), ActionMonad(n)
    twist = finite_map(g.carrier * n.carrier, n.carrier, [0, 1, 2, 0, 2, 1])
    law = DistributiveLaw(inner, outer, pointwise(lambda p: (twist(p[0], p[1][0]), (p[0], p[1][1]))))
    assert verify(law).ok
    assert verify(law.composite()).ok

    bad = finite_map(g.carrier * n.carrier, n.carrier, [0, 1, 2, 1, 0, 2])  # moves the unit: no automorphism
    mutant = DistributiveLaw(inner, outer, pointwise(lambda p: (bad(p[0], p[1][0]), (p[0], p[1][1]))))
    assert not verify(mutant).ok


def test_monads_that_are_given_by_an_arbitrary_functor_are_stated():
    """A claimed monad on a constant functor is one only on the terminal object."""
    from catcore import Const, terminal

    trivial = Monad(Const(One), terminal, lambda X: ident(One))
    claimed = Monad(Const(A), lambda X: terminal(X) >> generator("a", One, A), lambda X: ident(A))

    assert verify(trivial).ok
    assert verify(claimed)["left unit"].status == "fails"
    assert ev(A, A).dom is (A**A) * A
