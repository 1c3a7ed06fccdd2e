"""Actions of a monoid on finite sets: Eilenberg-Moore algebras of the monad ``M × -`` (T1.5, T1.6).

A left action sends each generator to a self-map of ``{0 .. n-1}`` so that ``e▶x = x`` and ``g▶(h▶x) = (gh)▶x``.  The
functor
``k[-]`` carries it to a permutation representation.  An action is *not* checked when it is built, so that a lawless one
can be stated and refuted: ``broken_law`` finds the first relation and point where it fails.

>>> from catcore.equivariance.groups.group import cyclic, symmetric
>>> len(actions(cyclic(2), 4)), len(actions(symmetric(3), 3))
(10, 10)
>>> Action(cyclic(3), 2, {"s": [1, 0]}).broken_law()
'(s^3)▶0 = 1 but 0 = 0'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from catcore.arrows import Arrow, FiniteMap, finite_map
from catcore.equivariance.groups import words
from catcore.equivariance.groups.monoid import Monoid, index_map
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.errors import NotARepresentation, ShapeMismatch, TooLarge, UnknownName
from catcore.laws import Law, PointwiseLaw
from catcore.objects import FinSet, finite_size
from catcore.structures.algebras import Algebra
from catcore.structures.standard import ActionMonad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CANDIDATES = 5_000_000
MAX_RELATED = 2000  # elements of a monoid whose relations are read off its Cayley graph


@dataclass(frozen=True, init=False)
class Action:
    """A monoid acting on ``points`` points; ``maps`` lists the image of each point under each generator, in order.

    Raises ``ShapeMismatch`` for maps of another length or out of range, ``UnknownName`` for other generators.
    """

    monoid: Monoid
    points: int
    maps: tuple[tuple[int, ...], ...]

    def __init__(self, monoid: Monoid, points: int, maps: Mapping[str, Sequence[int]]) -> None:
        if set(maps) != set(monoid.generators):
            raise UnknownName(
                f"An action of {monoid} needs maps for {', '.join(monoid.generators)} and "
                f"{', '.join(maps) or 'none'} were given."
            )
        read = tuple(index_map(maps[name], points, points, f"generator {name}") for name in monoid.generators)
        for name, value in (("monoid", monoid), ("points", points), ("maps", read)):
            object.__setattr__(self, name, value)

    @cached_property
    def images(self) -> dict[str, tuple[int, ...]]:
        """The self-map of each generator."""
        return dict(zip(self.monoid.generators, self.maps, strict=True))

    def act(self, letters: words.Word | str, point: int) -> int:
        """Where a word moves a point; the last letter acts first."""
        return self._map(self.monoid.read_word(letters) if isinstance(letters, str) else letters)[point]

    def _map(self, letters: words.Word) -> tuple[int, ...]:
        return words.value(
            letters, self.images, lambda f, g: tuple(f[i] for i in g), tuple(range(self.points)), _inverse
        )

    def broken_law(self) -> str | None:
        """The first relation of the monoid that fails, at the first point where it does; None for a lawful action."""
        for left, right in relations_of(self.monoid):
            f, g = self._map(left), self._map(right)
            for point in range(self.points):
                if f[point] != g[point]:
                    shown = f"({words.show_word(right)})▶{point}" if right else str(point)
                    return f"({words.show_word(left)})▶{point} = {f[point]} but {shown} = {g[point]}"
        return None

    def linearise(self) -> PermutationRepresentation:
        """The permutation representation k[X]: the functor from sets with an action (T1.5); raises
        ``NotARepresentation``."""
        if (broken := self.broken_law()) is not None:
            raise NotARepresentation(
                f"The linear form of an action of {self.monoid} was asked for and it is not an action: {broken}."
            )
        return Representation.permutation(self.monoid, self.images, points=self.points)

    def algebra(self) -> Algebra:
        """The same data as a map ``M × X → X``: an algebra of the action monad, if it is an action (T1.6).

        Raises ``TooLarge`` when the elements of the monoid cannot be listed.
        """
        monoid, points = self.monoid, FinSet(self.points)
        table = [image for i in range(len(monoid.elements)) for image in self._map(monoid.word_of(i))]
        return Algebra(ActionMonad(monoid), finite_map(monoid.carrier * points, points, table))

    @staticmethod
    def from_algebra(monoid: Monoid, structure: Arrow) -> Action:
        """The action of the generators under a map ``M × X → X``, the inverse of :meth:`algebra`.

        Raises ``ShapeMismatch`` unless the map is a table on ``M × FinSet(n)``.
        """
        points = finite_size(structure.cod)
        if structure.dom is not monoid.carrier * structure.cod or not isinstance(structure, FiniteMap):
            raise ShapeMismatch(
                f"An action of {monoid} on {points} points was asked for and {structure.signature} was given; give a "
                f"finite_map from {monoid.carrier} × X to X."
            )
        place = {monoid.word_of(i): i for i in range(len(monoid.elements))}
        rows = {g: place[words.word(g)] * points for g in monoid.generators}
        return Action(monoid, points, {g: structure.args[2][row : row + points] for g, row in rows.items()})

    def laws(self) -> tuple[Law | PointwiseLaw, ...]:
        """The laws of an algebra of the action monad, or the relations of the monoid where it cannot be listed."""
        try:
            return self.algebra().laws()
        except TooLarge:
            return tuple(self._relation_law(relation) for relation in self.monoid.relations)

    def _relation_law(self, relation: words.Relation) -> PointwiseLaw:
        left, right = map(self._map, relation)
        name = words.show_relation(relation)
        return PointwiseLaw(name, range(self.points), left.__getitem__, right.__getitem__, "exhaustive")

    def __str__(self) -> str:
        return f"action of {self.monoid} on {self.points} points"

    def __repr__(self) -> str:
        return f"Action({self.monoid!r}, {self.points}, { {name: list(f) for name, f in self.images.items()} })"


def _inverse(f: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(f)) != len(f):
        raise NotARepresentation(f"The inverse of the map {list(f)} was asked for and it is no permutation.")
    return tuple(sorted(range(len(f)), key=f.__getitem__))


def relations_of(monoid: Monoid) -> Sequence[words.Relation]:
    """Relations that present the monoid: its own, or those read off its Cayley graph; raises ``TooLarge`` without
    either."""
    if monoid.relations:
        return monoid.relations
    found = monoid.cayley_relations(MAX_RELATED)
    if found is None:
        raise TooLarge(
            f"Relations of {monoid} were asked for and it has more than {MAX_RELATED} elements; give "
            "it by a presentation."
        )
    return found


def actions(monoid: Monoid, points: int) -> tuple[Action, ...]:
    """Every left action of a finite monoid on ``points`` labelled points, in lexicographic order (T1.6).

    These are the algebras of ``M × -`` on that set.  Raises ``TooLarge`` when there are too many candidates.
    """
    import numpy as np

    generators = monoid.generators
    relations = list(relations_of(monoid))
    functions = _all_functions(points, points)
    if monoid.is_group:
        functions = functions[(np.sort(functions, axis=1) == np.arange(points)).all(axis=1)]
    found: Any = np.zeros((1, 0, points), dtype=np.int64)
    for k, name in enumerate(generators):
        known = set(generators[: k + 1])
        due = [r for r in relations if _letters(r) <= known and (k == 0 or name in _letters(r))]
        own = [r for r in due if _letters(r) <= {name}]
        fitting = functions[_hold(own, {name: functions}, points)]
        if len(found) * len(fitting) > MAX_CANDIDATES:
            raise TooLarge(
                f"Actions of {monoid} on {points} points were asked for: {len(found) * len(fitting)} "
                "candidates; use fewer points."
            )
        found = np.concatenate(
            [np.repeat(found, len(fitting), axis=0), np.tile(fitting, (len(found), 1))[:, None, :]], axis=1
        )
        found = found[_hold(due, {g: found[:, i] for i, g in enumerate(generators[: k + 1])}, points)]
    return tuple(Action(monoid, points, dict(zip(generators, maps.tolist(), strict=True))) for maps in found)


def _letters(relation: words.Relation) -> set[str]:
    return {name for side in relation for name, _ in side}


def _all_functions(domain: int, codomain: int) -> NDArray[np.int64]:
    import numpy as np

    if codomain**domain > MAX_CANDIDATES:
        raise TooLarge(f"All {codomain}^{domain} functions were asked for, above {MAX_CANDIDATES}; use fewer points.")
    if not domain:
        return np.zeros((1, 0), dtype=np.int64)
    return np.indices((codomain,) * domain).reshape(domain, -1).T.astype(np.int64)


def _hold(relations: Sequence[words.Relation], maps: Mapping[str, NDArray[np.int64]], points: int) -> NDArray[np.bool_]:
    """For each row of candidate maps whether every relation holds."""
    import numpy as np

    rows = len(next(iter(maps.values())))
    one = np.broadcast_to(np.arange(points), (rows, points))

    def compose(f: Any, g: Any) -> Any:
        return np.take_along_axis(f, g, axis=1)

    fine = np.ones(rows, dtype=bool)
    for left, right in relations:
        sides = [words.value(side, maps, compose, one, lambda f: np.argsort(f, axis=1)) for side in (left, right)]
        fine &= (sides[0] == sides[1]).all(axis=1)
    return fine


def equivariant_functions(source: Action, target: Action) -> tuple[tuple[int, ...], ...]:
    """Every function with ``f(g▶x) = g▶f(x)``, as tuples of images: the algebra homomorphisms (T1.6).

    Raises ``NotARepresentation`` when the actions are of different monoids, ``TooLarge`` for too many functions.
    """
    import numpy as np

    if source.monoid != target.monoid:
        raise NotARepresentation(
            f"Homomorphisms from an action of {source.monoid} to one of {target.monoid} were asked for; use one monoid."
        )
    functions = _all_functions(source.points, target.points)
    fine = np.ones(len(functions), dtype=bool)
    for before, after in zip(source.maps, target.maps, strict=True):
        fine &= (functions[:, list(before)] == np.asarray(after, dtype=np.int64)[functions]).all(axis=1)
    return tuple(tuple(f) for f in functions[fine].tolist())
