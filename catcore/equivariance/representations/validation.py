"""What must hold before generators' images are called a representation, and the sentences when it does not.

The generators named are the monoid's, all act on one space, the monoid's relations hold as equations between exact
matrices (or index maps), and a group's generators invert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from catcore.equivariance.groups import words
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.groups.models import Maps
from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.linear_algebra import matrices
from catcore.errors import BadSpecification, NotAGroup, NotARepresentation, ShapeMismatch, UnknownName
from catcore.laws import PointwiseLaw

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from catcore.equivariance.representations.representation import Representation

Source = Monoid | LieGroup
CAYLEY_LIMIT = 200  # a monoid without relations of up to this order is checked against its Cayley graph
MAX_POWER = 24  # of a tensor, symmetric or exterior power


def in_order(monoid: Source, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given generators in the monoid's order; raises ``UnknownName`` unless the names are exactly the monoid's."""
    if set(given) != set(monoid.generators):
        raise UnknownName(
            f"Generators {', '.join(monoid.generators) or '(none)'} of {monoid} were asked for and "
            f"{', '.join(map(str, given)) or 'none'} were found; give each generator once."
        )
    return {name: given[name] for name in monoid.generators}


def one_size(sizes: Mapping[str, int]) -> int:
    """The one size that all generators have; raises ``ShapeMismatch`` when they differ."""
    if len(set(sizes.values())) != 1:
        found = ", ".join(f"{name}: {n}" for name, n in sizes.items()) or "no generators"
        raise ShapeMismatch(f"Generators of one size were asked for and {found} were found; they act on one space.")
    return next(iter(sizes.values()))


def need_inverses(rho: Representation) -> None:
    """Raise ``NotAGroup`` unless the monoid is a group."""
    if not rho.monoid.is_group:
        raise NotAGroup(
            f"The dual of a representation of {rho.monoid} was asked for and a monoid need not have inverses; "
            "use a Group, or transpose to represent the opposite monoid."
        )


def require_same_source(rho: Representation, other: Any, end: str = "monoid") -> None:
    """Raise ``NotARepresentation`` unless both are about one monoid, with the same generators; ``end`` says where the
    other has it."""
    theirs = getattr(other, end)
    if rho.monoid != theirs:
        raise NotARepresentation(
            f"Two representations of one monoid were asked for and {rho.monoid} with generators "
            f"{', '.join(rho.monoid.generators)} and {theirs} with generators {', '.join(theirs.generators)} were "
            "found; build both on the same monoid."
            if end == "monoid"
            else f"A homomorphism whose {end} is {rho.monoid} was asked for and {other} was found; start from the "
            "group that the representation is of."
        )


def power_order(k: int) -> None:
    """Raise ``BadSpecification`` unless k is a small order of a power."""
    if isinstance(k, bool) or not isinstance(k, int) or not 0 <= k <= MAX_POWER:
        raise BadSpecification(
            f"A power of order {k!r} of a representation was asked for; orders are integers from 0 to {MAX_POWER}."
        )


def word_matrix(rho: Representation, letters: words.Word) -> Any:
    """The exact matrix of a word, ρ(g h) = ρ(g) ρ(h)."""
    images = {name: rho.exact(name) for name in rho.monoid.generators}
    return words.value(letters, images, lambda x, y: x * y, matrices.identity(rho.degree, rho.field), lambda x: x.inv())


def word_map(rho: Any, letters: words.Word) -> NDArray[np.int64]:
    """The index map of a word."""
    import numpy as np

    images = {name: rho.index_map(name) for name in rho.monoid.generators}
    return words.value(letters, images, lambda x, y: x[y], np.arange(rho.degree), lambda x: np.argsort(x))


def check(rho: Representation) -> str:
    """The relations that the monoid carries hold, and a group's generators invert; raises ``NotARepresentation``.

    A monoid of maps without relations is asked for those of its Cayley graph, or where it is large for those of
    :mod:`~catcore.equivariance.representations.unstated`.  Returns the kind of evidence: 'exhaustive' where all
    relations were multiplied out, 'sampled' otherwise.
    """
    relations = _relations(rho.monoid)
    for relation in _short_relations(rho.monoid) if relations is None else relations:
        sides = [
            word_map(rho, side).tolist() if hasattr(rho, "index_map") else word_matrix(rho, side) for side in relation
        ]
        if sides[0] != sides[1]:
            shown = [_shown(rho, side) for side in sides]
            raise NotARepresentation(
                f"A representation of {rho.monoid} was asked for and the relation "
                f"{words.show_relation(relation)} is broken: its left side "
                f"is {shown[0]} and its right side is {shown[1]}; change the generators or the relation."
            )
    if rho.monoid.is_group and not hasattr(rho, "index_map"):
        for name in rho.monoid.generators:
            if not rho._infinitesimal(name) and rho.exact(name).rank() < rho.degree:
                raise NotARepresentation(
                    f"A representation of {rho.monoid} was asked for and generator {name} is singular, so it has no "
                    "inverse; use a Monoid (kind = 'monoid') if nothing is inverted."
                )
    if isinstance(rho.monoid, LieGroup):
        return _check_lie(rho)
    if relations is not None or not isinstance(getattr(rho.monoid, "model", None), Maps):
        return "exhaustive"
    from catcore.equivariance.representations.unstated import check_by_chain

    return check_by_chain(rho) if rho.monoid.is_group else "sampled"


def _check_lie(rho: Representation) -> str:
    from catcore.equivariance.families.classical import ClassicalGroup
    from catcore.equivariance.representations.brackets import check_brackets

    return check_brackets(rho) if isinstance(rho.monoid, ClassicalGroup) else "exhaustive"


def law(rho: Representation) -> PointwiseLaw:
    """That the relations of the monoid hold, as :func:`check` finds it, with its kind of evidence."""
    try:
        evidence, broken = check(rho), ""
    except NotARepresentation as refusal:
        evidence, broken = "exhaustive", str(refusal)
    return PointwiseLaw("relations", [str(rho.monoid)], lambda _: broken, lambda _: "", evidence)


def _short_relations(monoid: Any) -> Iterable[words.Relation]:
    from catcore.equivariance.representations.unstated import short_relations

    return short_relations(monoid) if isinstance(monoid.model, Maps) else ()


def _relations(source: Source) -> Sequence[words.Relation] | None:
    """The relations stated, or those of a small Cayley graph; None where it is large."""
    if source.relations or isinstance(source, LieGroup):
        return source.relations
    return source.cayley_relations(CAYLEY_LIMIT)


def _shown(rho: Representation, side: Any) -> str:
    text = str(side if isinstance(side, list) else matrices.to_sympy(side, rho.field).tolist())
    return text if len(text) <= 120 else text[:117] + "..."
