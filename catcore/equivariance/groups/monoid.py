"""Monoids: a set with an associative multiplication and a unit, given by generators.

Only generators, relations and (where there is one) a model of the elements are stored; the elements, the Cayley table
and the order are computed when asked.  A table is *not* checked when the monoid is built, so that a lawless one can be
stated and refuted: the NAND magma below is not associative at ``(0, 0, 1)`` (T1.5).

>>> nand = Monoid.from_table([[1, 1], [1, 0]])
>>> nand.multiply(nand.multiply(0, 0), 1), nand.multiply(0, nand.multiply(0, 1))
(0, 1)
>>> full_transformation_monoid(3).order
27
>>> free_monoid("a", "b").order
oo
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import sympy as sp

from catcore import theories
from catcore.arrows import Arrow, finite_map
from catcore.equivariance.groups import models, words
from catcore.equivariance.groups.words import Relation, Word
from catcore.errors import BadSpecification, ShapeMismatch, TooLarge, UnknownName
from catcore.laws import Law
from catcore.objects import FinSet, One
from catcore.theories import Model

if TYPE_CHECKING:
    from catcore.equivariance.representations.permutations import PermutationRepresentation

MAX_TABLE = 4096


@dataclass(frozen=True, repr=False)
class Monoid:
    """A monoid with named generators; a :class:`~catcore.equivariance.groups.group.Group` is one whose elements invert.

    ``relations`` are pairs of words that hold; ``model`` holds the concrete elements (None: a symbol only).
    Elements are
    referred to by their place in :attr:`elements`, where the identity comes first, except that a monoid given by a
    table keeps the numbers of that table in :meth:`multiply`, :attr:`table` and :attr:`identity`.
    """

    name: str
    generators: tuple[str, ...]
    relations: tuple[Relation, ...] = ()
    model: Any = field(default=None, compare=True)
    expression: str = field(default="", compare=False)
    defining_maps: tuple[tuple[int, ...], ...] | None = field(default=None, compare=False)
    known_order: Any = field(default=None, compare=False)

    is_group: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for name in self.generators:
            if not re.fullmatch(r"[^\W\d]\w*'*", name):
                raise BadSpecification(
                    f"A generator named {name!r} was found; names are letters, digits and _, such as 's' or 'r1'."
                )
        if len(set(self.generators)) != len(self.generators):
            raise BadSpecification(
                f"The generators {', '.join(self.generators)} are not different; give each its own name."
            )

    # Constructors -------------------------------------------------------------------------------------------------

    @classmethod
    def from_table(cls, table: Sequence[Sequence[int]], *, unit: int = 0, names: Sequence[str] | None = None) -> Self:
        """The magma on ``{0 .. n-1}`` with ``x y = table[x][y]``; its laws are *not* assumed to hold (T1.5).

        Raises ``ShapeMismatch`` unless the table is square with entries in range and the unit is an element.
        """
        rows = tuple(tuple(int(x) for x in row) for row in table)
        n = len(rows)
        if not n or any(len(row) != n for row in rows) or not all(0 <= x < n for row in rows for x in row):
            raise ShapeMismatch(
                f"A multiplication table was asked for and rows of lengths {[len(r) for r in rows]} were found; "
                f"give n rows of n entries between 0 and n-1."
            )
        if not 0 <= unit < n or n > MAX_TABLE:
            raise ShapeMismatch(
                f"Unit {unit} of a table with {n} elements was asked for; units lie in 0, ..., n-1 "
                f"and n <= {MAX_TABLE}."
            )
        labels = tuple(names) if names is not None else tuple(f"x{i}" for i in range(n))
        if len(labels) != n:
            raise ShapeMismatch(f"{len(labels)} names were given for {n} elements; name each element once.")
        generators = tuple(label for i, label in enumerate(labels) if i != unit)
        letter = [() if i == unit else ((label, 1),) for i, label in enumerate(labels)]
        relations = tuple(
            (words.word(*letter[x], *letter[y]), letter[rows[x][y]])
            for x in range(n)
            for y in range(n)
            if unit not in (x, y)
        )
        extra = f", names={labels!r}" if names is not None else ""
        listed = [list(row) for row in rows]
        return cls(
            f"table of {n}",
            generators,
            relations,
            models.Table(rows, unit, labels),
            f"{cls.__name__}.from_table({listed}, unit={unit}{extra})",
            known_order=n,
        )

    @classmethod
    def transformations(cls, points: int, maps: Mapping[str, Sequence[int]]) -> Self:
        """The monoid generated by self-maps of ``{0 .. points-1}``, composed as functions: ``(f g)(x) = f(g(x))``.

        Raises ``ShapeMismatch`` for a map of another length or out of range.
        """
        checked = tuple((name, index_map(images, points, points, f"generator {name}")) for name, images in maps.items())
        shown = {name: list(images) for name, images in checked}
        return cls(
            f"{cls.__name__.lower()} of maps on {points} points",
            tuple(maps),
            (),
            models.Maps(points, checked),
            f"{cls.__name__}.transformations({points}, {shown})",
            tuple(m for _, m in checked),
        )

    @classmethod
    def presentation(cls, generators: str | Iterable[str], relations: Iterable[str | Relation] = ()) -> Self:
        """The monoid with these generators and relations, such as ``Monoid.presentation("a b", ["a a = a"])``.

        In a group letters may be inverted: ``Group.presentation("r s", ["r^4", "s^2", "s r s r"])``.
        """
        letters = tuple(generators.split() if isinstance(generators, str) else generators)
        read = tuple(
            words.read_relation(r, letters, inverses=cls.is_group) if isinstance(r, str) else r for r in relations
        )
        signed = tuple((x, sign) for x in letters for sign in ((1, -1) if cls.is_group else (1,)))
        shown = [words.show_relation(r) for r in read]
        name = f"⟨{' '.join(letters)} | {', '.join(shown)}⟩" if shown else f"⟨{' '.join(letters)}⟩"
        free = sp.oo if letters and not read else None
        return cls(
            name,
            letters,
            read,
            models.NormalForms(signed, read),
            f"{cls.__name__}.presentation({' '.join(letters)!r}, {shown})",
            known_order=free,
        )

    # The elements -------------------------------------------------------------------------------------------------

    @cached_property
    def _enumeration(self) -> models.Enumeration:
        if self.known_order is sp.oo or (isinstance(self.model, models.NormalForms) and self.order is sp.oo):
            raise TooLarge(
                f"The elements of {self.name} were asked for and there are infinitely many; use its generators."
            )
        if self.model is None:
            raise UnknownName(
                f"The elements of {self.name} were asked for and it is only a symbol; use its generators."
            )
        return models.enumerate_elements(self.model)

    @property
    def elements(self) -> tuple[Any, ...]:
        """Every element of a finite monoid, identity first; raises ``TooLarge`` where they cannot be listed."""
        return self._enumeration.elements

    @property
    def identity(self) -> int:
        """The place of the identity."""
        return self.model.one if isinstance(self.model, models.Table) else 0

    @cached_property
    def order(self) -> Any:
        """How many elements there are: an int, ``oo``, or None where that could not be found out."""
        return self._listed_order()

    def _listed_order(self) -> Any:
        if self.known_order is not None:
            return self.known_order
        try:
            if isinstance(self.model, models.NormalForms):
                return sp.oo if self.model.order is None else self.model.order
            return len(self.elements)
        except (TooLarge, UnknownName):
            return None

    @cached_property
    def table(self) -> tuple[tuple[int, ...], ...]:
        """The Cayley table: ``table[i][j]`` is the place of ``elements[i] elements[j]``."""
        if isinstance(self.model, models.Table):
            return self.model.rows
        if len(self.elements) > MAX_TABLE:
            raise TooLarge(
                f"The table of {self.name} has {len(self.elements)}² entries; use multiply, or the generators."
            )
        index, times = self._enumeration.index, self.model.multiply
        return tuple(tuple(index[times(x, y)] for y in self.elements) for x in self.elements)

    def multiply(self, i: int, j: int) -> int:
        """The place of the product of the elements at places ``i`` and ``j``."""
        if isinstance(self.model, models.Table):
            return self.model.rows[i][j]
        product = self.model.multiply(self.elements[i], self.elements[j])
        return self._enumeration.index[product]

    def word_of(self, i: int) -> Word:
        """A shortest word in the generators for the element at place ``i``."""
        if isinstance(self.model, models.Table):
            return self._enumeration.words[i]
        return self._enumeration.words[self.elements[i]]

    def read_word(self, text: str) -> Word:
        """Read a word in the generators, such as ``"r s r^2"``."""
        return words.read_word(text, self.generators, inverses=self.is_group)

    def cayley_relations(self, limit: int) -> tuple[Relation, ...] | None:
        """Relations that present the monoid, read off its Cayley graph; None beyond ``limit`` elements."""
        if self.model is None or isinstance(self.model, models.NormalForms | models.Table):
            return self.relations
        try:
            listed = models.enumerate_elements(self.model, limit=limit)
        except TooLarge:
            return None
        pairs = ((x, name, self.model.multiply(x, g)) for x in listed.elements for name, g in self.model.images.items())
        relations = ((words.word(*listed.words[x], name), listed.words[y]) for x, name, y in pairs)
        return tuple((left, right) for left, right in relations if left != right)

    # In the term language -----------------------------------------------------------------------------------------

    @staticmethod
    def variable(name: str) -> Model:
        """An arbitrary monoid, whose equations become hypotheses of what is built from it."""
        return theories.monoid.variable(name)

    @cached_property
    def carrier(self) -> FinSet:
        """The finite set of elements; raises ``TooLarge`` where they cannot be listed."""
        return FinSet(len(self.elements))

    @cached_property
    def unit(self) -> Arrow:
        """The unit as an arrow ``1 → M``."""
        return finite_map(One, self.carrier, [self.identity])

    @cached_property
    def mult(self) -> Arrow:
        """The multiplication as an arrow ``M × M → M``."""
        return finite_map(self.carrier * self.carrier, self.carrier, [x for row in self.table for x in row])

    def laws(self) -> tuple[Law, ...]:
        """The equations of a monoid at this table (T1.5)."""
        return theories.theory_laws(theories.monoid, (self.carrier,), {"unit": self.unit, "mult": self.mult})

    # Combining ----------------------------------------------------------------------------------------------------

    def __mul__(self, other: Monoid) -> Monoid:
        """The direct product; generators that share a name are numbered 1 and 2."""
        from catcore.equivariance.groups.group import Group

        if not isinstance(other, Monoid):
            return NotImplemented
        left, right = separate_names(self.generators, other.generators)
        relations = _renamed(self, left) + _renamed(other, right)
        relations += tuple((words.word(a, b), words.word(b, a)) for a in left for b in right)
        kind = Group if self.is_group and other.is_group else Monoid
        return kind(
            f"{self.name}×{other.name}",
            left + right,
            relations,
            models.Pairs(self.model, other.model, (left, right)) if self.model and other.model else None,
            f"{self!r} * {other!r}",
            _product_maps(self, other),
            _product_order(self, other),
        )

    @property
    def defining_degree(self) -> int:
        """On how many points the defining maps act; without generators their model alone says it."""
        return len(self.defining_maps[0]) if self.defining_maps else models.points(self.model)

    @property
    def defining(self) -> PermutationRepresentation:
        """The defining permutation representation of a monoid of maps, such as S_n on n points."""
        from catcore.equivariance.representations.permutations import as_array, make_permutation

        if self.defining_maps is None:
            raise UnknownName(f"{self.name} has no defining representation; give one with Representation.permutation.")
        maps = dict(zip(self.generators, self.defining_maps, strict=True))
        points = self.defining_degree
        key = (
            "permutation",
            tuple(maps.items()),
            points,
            None,
        )  # the relations hold: these are the elements themselves
        return make_permutation(self, points, key, lambda name: as_array(maps[name]), lambda: f"{self!r}.defining")

    def __repr__(self) -> str:
        return self.expression or f"{type(self).__name__}({self.name!r}, {self.generators!r})"

    def __str__(self) -> str:
        return self.name


def index_map(images: Sequence[int], domain: int, codomain: int, where: str) -> tuple[int, ...]:
    """The map as a tuple of ints, once its length and range are checked; raises ``ShapeMismatch``."""
    try:
        checked = tuple(int(i) for i in images if not isinstance(i, float | str | bool))
    except (TypeError, ValueError):
        checked = ()
    if len(checked) != len(images) or len(checked) != domain:
        raise ShapeMismatch(
            f"An index map on {domain} points was asked for and {len(images)} entries, {len(checked)} of them "
            f"integers, were found at {where}; list the image of each point, an integer."
        )
    for point, image in enumerate(checked):
        if not 0 <= image < codomain:
            raise ShapeMismatch(
                f"An index map into 0, ..., {codomain - 1} was asked for and entry {point} is {image} at {where}, "
                "which is out of range; points are numbered from 0."
            )
    return checked


def separate_names(left: Sequence[str], right: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names with 1 or 2 appended to each that both sides use."""
    shared, taken = set(left) & set(right), set(left) | set(right)

    def fresh(name: str, side: str) -> str:
        candidate = name + side
        while candidate in taken or keyword.iskeyword(candidate):
            candidate += "_"
        taken.add(candidate)
        return candidate

    return tuple(fresh(x, "1") if x in shared else x for x in left), tuple(
        fresh(x, "2") if x in shared else x for x in right
    )


def _renamed(monoid: Monoid, names: Sequence[str]) -> tuple[Relation, ...]:
    new = dict(zip(monoid.generators, names, strict=True))
    return tuple((words.rename(left, new), words.rename(right, new)) for left, right in monoid.relations)


def _product_order(left: Monoid, right: Monoid) -> Any:
    known = left.known_order, right.known_order
    return None if None in known else sp.sympify(known[0]) * known[1] if sp.oo in known else known[0] * known[1]


def _product_maps(left: Monoid, right: Monoid) -> tuple[tuple[int, ...], ...] | None:
    """The product acting on pairs of points, as two translations act on a torus; pair (i, j) is point i·n + j."""
    if left.defining_maps is None or right.defining_maps is None:
        return None
    m, n = left.defining_degree, right.defining_degree
    first = tuple(tuple(f[i] * n + j for i in range(m) for j in range(n)) for f in left.defining_maps)
    return first + tuple(tuple(i * n + g[j] for i in range(m) for j in range(n)) for g in right.defining_maps)


def free_monoid(*names: str) -> Monoid:
    """The free monoid on these generators: all words, multiplied by concatenation."""
    made = Monoid.presentation(names)
    return Monoid(
        f"{{{','.join(names)}}}*",
        names,
        (),
        made.model,
        f"free_monoid({', '.join(map(repr, names))})",
        known_order=sp.oo if names else 1,
    )


def full_transformation_monoid(n: int) -> Monoid:
    """All self-maps of n points, generated by a transposition ``s``, a cycle ``c`` and a merging ``m`` of 0 and 1
    (T2.1)."""
    if n < 1:
        raise ShapeMismatch(f"Self-maps of {n} points were asked for; n is at least 1.")
    maps = {"s": (1, 0, *range(2, n))} if n > 1 else {}
    if n > 2:
        maps["c"] = (*range(1, n), 0)
    if n > 1:
        maps["m"] = (0, 0, *range(2, n))
    return Monoid(
        f"T{n}",
        tuple(maps),
        (),
        models.Maps(n, tuple(maps.items())),
        f"full_transformation_monoid({n})",
        tuple(maps.values()),
        n**n,
    )
