"""Groups of permutations without stated relations: wrong images are refused with a relation that they break."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st

from catcore.equivariance import Group, Monoid, Representation, rubik
from catcore.equivariance.linear_algebra.modular import primes
from catcore.equivariance.representations import unstated
from catcore.errors import NotARepresentation
from catcore_proofs import verify

S6 = Group.permutations({"a": [1, 2, 3, 4, 5, 0], "b": [1, 0, 2, 3, 4, 5]})  # order 720, above the Cayley limit


def matrices(rho: Any) -> dict[str, list[list[int]]]:
    return {g: rho.matrix(g).tolist() for g in rho.monoid.generators}


def conjugated(images: dict[str, Any]) -> dict[str, Any]:
    """The same representation in another basis, with denominators."""
    n = len(next(iter(images.values())))
    change = sp.eye(n) + sp.SparseMatrix(n, n, {(i, i + 1): sp.Rational(i + 1, 3) for i in range(n - 1)})
    return {g: (change * sp.Matrix(M) * change.inv()).tolist() for g, M in images.items()}


def test_right_images_are_accepted() -> None:
    assert Representation(S6, {"a": [[-1]], "b": [[-1]]}).degree == 1  # the sign
    assert Representation(S6, matrices(S6.defining)) is not None
    cube = rubik()
    assert Representation.permutation(cube, {g: cube.defining.index_map(g).tolist() for g in cube.generators})


@pytest.mark.parametrize(
    ("images", "relation"), [({"a": [[-1]], "b": [[1]]}, "a b a b a b a b a b"), ({"a": [[1]], "b": [[2]]}, "b^2")]
)
def test_short_relations_refuse_with_both_sides(images: dict[str, Any], relation: str) -> None:
    with pytest.raises(NotARepresentation, match=re.escape(f"the relation {relation} = 1 is broken")):
        Representation(S6, images)


def test_turns_of_opposite_faces_exchanged_are_no_representation() -> None:
    cube = rubik()
    maps = {g: cube.defining.index_map(g).tolist() for g in cube.generators}
    first, second = list(maps)[:2]
    maps[first], maps[second] = maps[second], maps[first]
    with pytest.raises(NotARepresentation, match=r"relation .* is broken"):
        Representation.permutation(cube, maps)


@pytest.fixture
def by_chain_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unstated, "SHORT", 1)


def evidence(rho: Any) -> str:
    verdict = verify(rho)["relations"]
    assert verdict.status == "holds"
    return str(verdict.evidence)


def test_acceptance_is_exact_or_says_that_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matrices and index maps are multiplied out; what would take too long is put to random vectors and said so."""
    cube = rubik()
    hidden = Representation(S6, conjugated(matrices(S6.defining)))
    for rho in (hidden, S6.defining, cube.defining, Representation.trivial(cube, 3), hidden.alt(2)):
        assert evidence(rho) == "exhaustive"
    monkeypatch.setattr(unstated, "MAX_WORK", 1000)
    assert evidence(hidden) == "sampled"
    monkeypatch.setattr(unstated, "CHAIN_POINTS", 5)
    assert evidence(S6.defining) == "sampled"


@pytest.mark.usefixtures("by_chain_alone")
@pytest.mark.parametrize("power", [1, 2, 3])
def test_what_holds_modulo_the_primes_alone_is_refused(power: int) -> None:
    """A unipotent matrix that is 1 modulo the largest primes would pass for the identity there."""
    product = math.prod(itertools.islice(primes(), power))
    with pytest.raises(NotARepresentation, match="is the identity of the group"):
        Representation(S6, {"a": [[1, product], [0, 1]], "b": [[1, 0], [0, 1]]})


@pytest.mark.usefixtures("by_chain_alone")
@pytest.mark.parametrize("wrong", [[[-1]], [["1/2"]], [["sqrt(2)"]]], ids=str)
def test_the_chain_alone_finds_a_relation(wrong: Any) -> None:
    """The word shown is the identity of the group, and its image is not."""
    with pytest.raises(NotARepresentation, match="is the identity of the group") as refusal:
        Representation(S6, {"a": wrong, "b": [[1]]})
    shown = re.search(r"the relation (.*) = 1 is broken", str(refusal.value))
    assert shown is not None
    letters = S6.read_word(shown[1])
    assert sum(k for g, k in letters if g == "a") != 0
    images = {"a": (1, 2, 3, 4, 5, 0), "b": (1, 0, 2, 3, 4, 5)}
    value = list(range(6))
    for name, k in reversed(letters):
        step = images[name] if k > 0 else tuple(np.argsort(images[name]))
        for _ in range(abs(k)):
            value = [step[i] for i in value]
    assert value == list(range(6))


@given(st.lists(st.permutations(range(7)), min_size=2, max_size=2), st.permutations(range(7)))
def test_renamed_points_represent_and_exchanged_images_rarely_do(maps: list[list[int]], rename: list[int]) -> None:
    """Conjugation is a representation; other images are one exactly when the pairs generate as many elements."""
    f, g = maps
    group = Group.permutations({"f": f, "g": g})
    back = np.argsort(rename)
    renamed = {n: [rename[m[back[i]]] for i in range(7)] for n, m in (("f", f), ("g", g))}
    assert Representation.permutation(group, renamed).degree == 7
    swapped = {"f": g, "g": f}
    together = {n: [*group.defining.index_map(n).tolist(), *(7 + i for i in swapped[n])] for n in ("f", "g")}
    extends = Group.permutations(together).order == group.order
    try:
        Representation.permutation(group, swapped)
    except NotARepresentation:
        assert not extends
    else:
        assert extends
        assume(group.order > 200)


def test_monoids_of_maps_are_asked_for_short_relations() -> None:
    """T5 has 3125 elements; a merging map is idempotent-like, which a wrong image is not (T2.1)."""
    t5 = Monoid.transformations(5, {"s": [1, 0, 2, 3, 4], "c": [1, 2, 3, 4, 0], "m": [0, 0, 2, 3, 4]})
    assert Representation(t5, matrices(t5.defining)).degree == 5
    with pytest.raises(NotARepresentation, match=re.escape("m^2 = m is broken")):
        Representation(t5, {"s": sp.eye(2).tolist(), "c": sp.eye(2).tolist(), "m": [[2, 0], [0, 1]]})
