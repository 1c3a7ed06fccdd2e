"""Classical groups: diagrams against the null space of the generators, known dimensions, the law of composition."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catcore.equivariance import GL, SL, SO, SU, O, Representation, Sp, U, classical_group, equivariant_maps
from catcore.equivariance.diagrams import counting
from catcore.equivariance.diagrams.brauer import Form, TensorDiagram
from catcore.equivariance.diagrams.schur_weyl import ClassicalSpan
from catcore.equivariance.families.classical import ClassicalGroup
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.errors import ShapeMismatch, TooLarge
from catcore_proofs import verify

GROUPS = (
    *(SO(1), SO(2), SO(3), SO(4), O(1), O(2), O(3), SO(1, 1), SO(1, 2), SO(1, 3), O(1, 1), O(2, 1)),
    *(Sp(2), Sp(4), SU(1), SU(2), SU(3), U(1), U(2), SL(2), SL(3), GL(1), GL(2)),
)
LEGS = st.lists(st.booleans(), max_size=3)


def product(group: ClassicalGroup, duals: list[bool]) -> Representation:
    """A product of copies of the defining representation and its dual."""
    V = group.defining
    return functools.reduce(lambda x, y: x @ y, [V.dual if d else V for d in duals], Representation.trivial(group))


def plain(rho: Representation) -> Representation:
    """The same matrices, without a memory of what they are made of."""
    source: Any = rho.monoid
    matrices = {x: rho.matrix(x) for x in source.generators}
    flat = {x: matrices.pop(x) for x in source.infinitesimal}
    return Representation.lie(flat, matrices, group=source)


def powers(group: ClassicalGroup, k: int, l: int) -> HomSpace:
    """The maps from the k-th to the l-th tensor power."""
    return equivariant_maps(group.defining.tensor(k), group.defining.tensor(l))


@given(st.sampled_from(GROUPS), LEGS, LEGS)
def test_diagrams_agree_with_the_null_space_of_the_generators(
    group: ClassicalGroup, source: list[bool], target: list[bool]
) -> None:
    """Dimension by tableaux = number of independent diagrams = exact nullity of the equations, also with duals."""
    assume(group.n ** (len(source) + len(target)) <= 260 and group.generators)
    space = equivariant_maps(product(group, source), product(group, target))
    solved = equivariant_maps(plain(product(group, source)), plain(product(group, target)))

    assert space.method == f"diagrams of {group}"
    assert "diagrams" not in solved.method
    assert isinstance(space.span, ClassicalSpan)
    assert space.span.independent()
    assert space.dim == solved.dim == len(space.span.elements)
    assert space.checked
    assert all(solved.contains(b) for b in space.basis)


@pytest.mark.parametrize(
    ("group", "k", "l", "dim"),
    [
        # T1.12 q
        *((SO(3), k, l, d) for k, l, d in [(1, 1, 1), (2, 0, 1), (2, 1, 1), (2, 2, 3), (3, 0, 1), (3, 1, 3)]),
        # T1.12 r
        *((O(3), k, l, d) for k, l, d in [(1, 1, 1), (2, 1, 0), (2, 2, 3), (3, 0, 0), (3, 1, 3)]),
        # T1.12 s
        *((SO(2), k, l, d) for k, l, d in [(1, 1, 2), (2, 2, 6), (2, 0, 2)]),
        *((O(2), k, l, d) for k, l, d in [(1, 1, 1), (2, 2, 3), (2, 0, 1)]),
        # Riordan numbers: invariants of so(3) in the k-th tensor power
        *((SO(3), k, 0, d) for k, d in enumerate([1, 0, 1, 1, 3, 6, 15, 36, 91, 232, 603])),
        # Catalan numbers: invariants of SU(2) = Sp(2), and of SL(2)
        *((g, 2 * k, 0, d) for g in (SU(2), Sp(2), SL(2)) for k, d in enumerate([1, 1, 2, 5, 14, 42])),
        # three-dimensional Catalan numbers: invariants of SL(3)
        *((SU(3), 3 * k, 0, d) for k, d in enumerate([1, 1, 5, 42])),
        # permutations of k letters without a decreasing subsequence longer than n
        *((U(2), k, k, d) for k, d in enumerate([1, 1, 2, 5, 14, 42])),
        *((GL(3), k, k, d) for k, d in enumerate([1, 1, 2, 6, 23, 103])),
        *((SO(1, 3), 3, 3, 25), (SO(1, 3), 4, 4, 196), (O(1, 3), 4, 4, 105), (SO(4), 4, 4, 196)),
        *((SU(3), 3, 3, 6), (Sp(4), 3, 3, 14), (SO(3), 5, 5, 603), (O(3), 4, 4, 91), (U(3), 2, 3, 0)),
    ],
)
def test_known_dimensions(group: ClassicalGroup, k: int, l: int, dim: int) -> None:
    assert powers(group, k, l).dim == dim


@pytest.mark.parametrize(
    ("group", "k", "l"),
    [(SO(3), 4, 4), (O(3), 4, 4), (SO(1, 3), 3, 3), (SU(3), 3, 3), (Sp(4), 3, 3), (SU(2), 4, 2), (SL(3), 5, 2)],
)
def test_bases_are_multiplied_out(group: ClassicalGroup, k: int, l: int) -> None:
    space = powers(group, k, l)

    assert isinstance(space.span, ClassicalSpan)
    assert space.span.independent()
    assert space.checked


def test_the_cross_product_and_complex_numbers() -> None:
    """T1.12 q: SO(3) has the one map ε_ijk from 2 to 1; T1.12 s: SO(2) commutes with the complex numbers."""
    cross = powers(SO(3), 2, 1)

    assert cross.apply([1], np.kron([1, 2, 3], [-4, 0, 5])).tolist() == np.cross([1, 2, 3], [-4, 0, 5]).tolist()
    assert powers(SO(2), 1, 1).pattern == [[1, 2], [-2, 1]]


# Diagrams ---------------------------------------------------------------------------------------------------------


@st.composite
def diagrams(draw: st.DrawFn, form: Form, outputs: int, inputs: int) -> TensorDiagram:
    """A perfect matching of the places."""
    matchings = list(counting.matchings(outputs + inputs))
    return TensorDiagram(draw(st.sampled_from(matchings))[0], outputs, inputs, form)


def dense(diagram: TensorDiagram) -> Any:
    """The matrix of a diagram, entry by entry, from the form's matrix."""
    form, n = diagram.form, diagram.n
    g = np.zeros((n, n), dtype=int)
    g[np.arange(n), form.partner()] = form.signs()
    entries = []
    for index in itertools.product(range(n), repeat=diagram.outputs + diagram.inputs):
        factors = [
            int(index[a] == index[b]) if diagram.straight(a, b) else g[index[a], index[b]] for a, b in diagram.pairs
        ]
        entries.append(int(np.prod(factors)))
    return np.array(entries).reshape(n**diagram.outputs, n**diagram.inputs)


FORMS = st.sampled_from([Form(1), Form(2), Form(3), Form(3, 1), Form(2, 1), Form(2, symplectic=True)])


@given(st.data(), FORMS, st.sampled_from([(1, 1, 1), (2, 0, 2), (0, 2, 2), (2, 2, 0), (2, 2, 2), (1, 3, 1), (3, 1, 1)]))
def test_diagrams_compose_with_a_factor_n_for_each_loop(
    data: st.DataObject, form: Form, sizes: tuple[int, int, int]
) -> None:
    """``D_π D_σ = ±n^loops D_{π∘σ}``, with a sign for the symplectic form only (T1.12)."""
    l, m, k = sizes
    upper, lower = data.draw(diagrams(form, l, m)), data.draw(diagrams(form, m, k))
    composite, factor = upper.compose(lower)

    assert np.array_equal(dense(upper) @ dense(lower), factor * dense(composite))
    assert form.symplectic or factor > 0


@given(st.data(), FORMS, st.sampled_from([(1, 1), (2, 0), (0, 2), (2, 2), (1, 3), (3, 1), (0, 4), (4, 0)]))
def test_diagrams_act_without_their_matrices(data: st.DataObject, form: Form, sizes: tuple[int, int]) -> None:
    diagram = data.draw(diagrams(form, *sizes))
    x = np.arange(2 * form.n**diagram.inputs).reshape(2, -1) ** 2

    assert np.array_equal(diagram.apply(x), x @ dense(diagram).T)


@given(st.sampled_from(GROUPS), LEGS, LEGS, st.integers(0, 2**32 - 1))
def test_combinations_act_as_their_matrices(
    group: ClassicalGroup, source: list[bool], target: list[bool], seed: int
) -> None:
    """Also with ε vertices and with covectors."""
    assume(group.n ** (len(source) + len(target)) <= 260)
    space = equivariant_maps(product(group, source), product(group, target))
    random = np.random.default_rng(seed)
    theta, x = random.integers(-9, 9, space.dim), random.integers(-9, 9, (3, space.shape[1]))

    assert np.array_equal(space.apply(theta, x), x @ np.tensordot(theta, space.basis_array(int), 1).T)


# What is refused --------------------------------------------------------------------------------------------------


def test_the_checker_rejects_generators_that_preserve_no_form() -> None:
    """The boost of SO(1, 1) is no rotation, a reflection has no volume, and U(2) does not preserve it either."""
    for right, wrong in ((SO(2), SO(1, 1)), (SO(2), O(2)), (SU(2), U(2)), (Sp(2), GL(2))):
        span, rho = ClassicalSpan(right, 1, 1), wrong.defining
        assert span.lawful(right.defining, right.defining)
        assert not span.lawful(rho, rho)


def test_dependent_diagrams_are_not_called_independent() -> None:
    """All 105 pairings of eight places span only 91 dimensions for n = 3."""

    class Spanning(ClassicalSpan):
        @property
        def elements(self) -> tuple[TensorDiagram, ...]:
            return tuple(self._diagram(pairs) for pairs, _ in counting.matchings(self.places))

        @property
        def count(self) -> int:
            return len(self.elements)

    assert ClassicalSpan(O(3), 4, 4).independent()
    assert Spanning(O(4), 4, 4).independent()
    assert not Spanning(O(3), 4, 4).independent()


def test_names_and_sizes() -> None:
    for name, group in {"SO3": SO(3), "SO(1,3)": SO(1, 3), "O 2": O(2), "Sp(4)": Sp(4), "SU2": SU(2)}.items():
        assert classical_group(name) == group
    assert eval(repr(SO(1, 3))) == SO(1, 3)
    assert all(classical_group(name) is None for name in ("S3", "SO", "SU(1,2)", "E8", "SO3x"))
    with pytest.raises(ShapeMismatch, match=r"Sp\(3\) was asked for; a symplectic form needs an even dimension"):
        classical_group("Sp3")
    with pytest.raises(ShapeMismatch, match="n is an integer and at least 1"):
        SU(0)
    with pytest.raises(ShapeMismatch, match="at most 256 dimensions"):
        classical_group("SO999")


def test_what_is_too_large_stays_lazy() -> None:
    space = powers(SO(200), 2, 2)

    assert (space.dim, space.checked) == (3, True)
    x = np.arange(200**2)
    assert np.array_equal(space.apply([0, 0, 1], x).reshape(200, 200), x.reshape(200, 200).T)
    with pytest.raises(TooLarge, match="or only the dimension, which counts them without writing any"):
        _ = powers(SO(3), 8, 8).solution
    with pytest.raises(TooLarge, match="dim counts them"):
        _ = ClassicalSpan(SO(3), 10, 10).elements
    cap = TensorDiagram(((0, 1),), 0, 2, Form(2))
    with pytest.raises(ShapeMismatch, match="diagrams compose when the places between them"):
        cap.compose(cap)


def test_a_law_that_is_too_large_is_unknown_and_the_others_stand() -> None:
    """Brauer's diagrams between eighth powers of R³ are counted, as Weyl's formula has it, and not listed."""
    V = SO(3).defining
    verdicts = {v.law: v for v in verify(equivariant_maps(V.tensor(8), V.tensor(8))).verdicts}
    count = next(v for name, v in verdicts.items() if name.startswith("dimension"))

    assert verdicts["independence"].status == "unknown"
    assert "dim counts them" in verdicts["independence"].reason
    assert count.status == "holds"
