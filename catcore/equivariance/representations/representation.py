"""Representations: a monoid acting by exact matrices, or by index maps.

A representation sends each generator of a monoid to a linear map, ``ρ(g h) = ρ(g) ρ(h)``, so it is a functor from the
one-object category into vector spaces (T1.5).  ``W`` is a homomorphism when ``W ρ_in(m) = ρ_out(m) W``.  A permutation
representation keeps index maps (basis vector j goes to basis vector ``map[j]``) and never a matrix, also through ``+``,
``@`` and tensor powers, which stay unevaluated until a solver asks.

>>> from catcore.equivariance.groups.group import cyclic
>>> swap = Representation.permutation(cyclic(2), {"s": [1, 0]})
>>> (swap + swap @ swap).degree
6
>>> Representation(cyclic(2), {"s": [[0, 1], [1, 1]]})
Traceback (most recent call last):
...
catcore.errors.NotARepresentation: A representation of C2 was asked for and the relation s^2 = 1 is broken: its left
side \
is [[1, 1], [1, 2]] and its right side is [[1, 0], [0, 1]]; change the generators or the relation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from catcore.equivariance.groups import words
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.groups.models import Maps
from catcore.equivariance.groups.monoid import Monoid, index_map
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.representations.validation import (
    Source,
    check,
    in_order,
    law,
    need_inverses,
    one_size,
    power_order,
    require_same_source,
    word_matrix,
)
from catcore.errors import BadSpecification, NotARepresentation, TooLarge, UnknownName
from catcore.exact import RATIONALS, Field, read_field

if TYPE_CHECKING:
    from catcore.equivariance.groups.homomorphisms import MonoidHomomorphism
    from catcore.equivariance.representations.permutations import PermutationRepresentation
    from catcore.laws import PointwiseLaw

MAX_POINTS = 2**24
REPR_LIMIT = 4000


class Representation:
    """A monoid acting by exact square matrices, ``ρ(g h) = ρ(g) ρ(h)``.

    ``Representation(monoid, {generator: rows})`` with integers, fractions, exact strings such as ``"-sqrt(2)/2"`` or
    SymPy
    numbers; ``field`` names the field (``"Q"``, ``"Q(sqrt(2))"``, ``"GF(5)"``, ``"C"``), by default the smallest
    that will do.

    Raises ``ShapeMismatch`` for matrices that are not square or not of one size, ``UnknownName`` for generators that
    are
    not the monoid's, ``NotARepresentation`` for a broken relation, ``InexactNumber`` for a float.
    """

    __slots__ = ("_cache", "_images", "_key", "degree", "expression", "field", "monoid")
    monoid: Source
    degree: int
    field: Field
    expression: Any  # the text that makes this value, or a function that writes it
    _key: Any
    _images: Any
    _cache: dict[str, Any]

    def __init__(self, monoid: Source, generators: Mapping[str, Any], *, field: str | Field | None = None) -> None:
        named = in_order(monoid, generators)
        declared = read_field(field)
        rows = {name: matrices.read_square(given, f"generator {name}", declared) for name, given in named.items()}
        degree = one_size({name: len(r) for name, r in rows.items()})
        found = matrices.smallest_field(list(rows.values())) if declared is None or not declared.closed else declared
        images = {name: matrices.from_rows(r, found) for name, r in rows.items()}
        key = tuple((name, tuple(map(tuple, r))) for name, r in rows.items())
        extra = f", field={(field if isinstance(field, str) else declared.name)!r}" if declared is not None else ""

        def expression() -> str:
            shown = {n: [[int(x) if x.is_Integer else str(x) for x in row] for row in r] for n, r in rows.items()}
            return f"{type(self).__name__}({monoid!r}, {shown}{extra})"

        self._set(monoid, degree, found, ("matrices", key, found.name), images.__getitem__, expression)
        check(self)

    def _set(
        self, monoid: Source, degree: int, field: Field, key: Any, images: Callable[[str], Any], expression: Any
    ) -> None:
        for name, value in zip(
            ("monoid", "degree", "field", "_key", "_images", "expression", "_cache"),
            (monoid, degree, field, key, images, expression, {}),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def _make(
        cls, monoid: Source, degree: int, field: Field, key: Any, images: Callable[[str], Any], expression: str
    ) -> Any:
        made = object.__new__(cls)
        made._set(monoid, degree, field, key, images, expression)
        return made

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"A representation is a value and cannot change; {name} was assigned.")

    def __reduce__(self) -> tuple[Any, ...]:
        if self._key[0] in _REBUILT:  # what was made by a construction is stored as its parts, not as matrices
            return _construct, (self.monoid, self._key)
        return _rebuild, (self.monoid, type(self), self.degree, self.field, self._key, self._all(), repr(self))

    def _all(self) -> dict[str, Any]:
        """Every generator's image in a form that pickles: elements of SymPy's finite fields do not."""
        return {name: self.matrix(name).tolist() for name in self.monoid.generators}

    @staticmethod
    def _restore(image: Any, field: Field) -> Any:
        return matrices.from_rows(image, field)

    # Constructors -------------------------------------------------------------------------------------------------

    @staticmethod
    def permutation(
        monoid: Source,
        maps: Mapping[str, Sequence[int]],
        *,
        points: int | None = None,
        field: str | Field | None = None,
    ) -> PermutationRepresentation:
        """The representation that moves basis vector j to basis vector ``maps[g][j]``; for a monoid maps need not
        invert.

        ``points`` is needed only when there are no generators.  Raises ``ShapeMismatch`` for maps of different
        lengths, out of
        range, or that do not invert in a group; ``NotARepresentation`` for a broken relation.
        """
        from catcore.equivariance.representations.permutations import as_array, make_permutation

        named = in_order(monoid, maps)
        n = points if points is not None else one_size({name: len(images) for name, images in named.items()})
        read = {name: index_map(images, n, n, f"generator {name}") for name, images in named.items()}
        for name, images in read.items():
            if monoid.is_group and len(set(images)) != n:
                raise NotARepresentation(
                    f"A representation of {monoid} was asked for and generator {name} is no permutation, so it has "
                    "no inverse; use a Monoid (kind = 'monoid') if nothing is inverted."
                )
        declared = read_field(field)
        extra = f", points={n}" if not read else ""
        extra += f", field={(field if isinstance(field, str) else declared.name)!r}" if declared is not None else ""
        made = make_permutation(
            monoid,
            n,
            ("permutation", tuple(read.items()), n, declared),
            lambda name: as_array(read[name]),
            lambda: f"Representation.permutation({monoid!r}, { {k: list(v) for k, v in read.items()} }{extra})",
            declared or RATIONALS,
        )
        check(made)
        return made

    @staticmethod
    def lie(
        generators: Mapping[str, Any],
        components: Mapping[str, Any] | None = None,
        *,
        group: LieGroup | None = None,
        field: str | Field | None = None,
    ) -> LieRepresentation:
        """Matrices ``dρ(X)`` of Lie algebra generators, and ``ρ(r)`` of one element for each further component (T1.11).

        ``Representation.lie({"J": [[0, -1], [1, 0]]}, {"r": [[1, 0], [0, -1]]})`` is O(2) on the plane.
        """
        further = dict(components or {})
        source = group or LieGroup(tuple(generators), tuple(further))
        return LieRepresentation(source, {**generators, **further}, field=field)

    @staticmethod
    def trivial(monoid: Source, n: int = 1) -> Representation:
        """Every element acts as the identity of an n-dimensional space."""
        if isinstance(monoid, LieGroup):
            flat, one = matrices.sparse({}, (n, n), RATIONALS), matrices.identity(n, RATIONALS)
            made: Representation = LieRepresentation._make(
                monoid,
                n,
                RATIONALS,
                ("trivial", n),
                lambda name: flat if name in monoid.infinitesimal else one,
                f"Representation.trivial({monoid!r}, {n})",
            )
            return made
        from catcore.equivariance.representations.permutations import as_array, make_permutation

        return make_permutation(
            monoid, n, ("trivial", n), lambda _: as_array(range(n)), lambda: f"Representation.trivial({monoid!r}, {n})"
        )

    @staticmethod
    def sign(group: Monoid) -> Representation:
        """The one-dimensional representation by the sign of a group's permutations; raises ``UnknownName`` without
        permutations."""
        maps = group.defining_maps
        if maps is None and isinstance(group.model, Maps):
            maps = tuple(images for _, images in group.model.generators)
        if maps is None or not group.is_group:
            raise UnknownName(
                f"The sign of {group.name} was asked for and it is not given by permutations; write Representation(G, "
                "{generator: [[-1]], ...}) instead."
            )
        images = dict(zip(group.generators, maps, strict=True))
        made: Representation = Representation._make(
            group,
            1,
            RATIONALS,
            ("sign",),
            lambda name: matrices.from_rows([[_sign(images[name])]], RATIONALS),
            f"Representation.sign({group!r})",
        )
        return made

    @staticmethod
    def regular(monoid: Monoid) -> PermutationRepresentation:
        """A finite monoid acting on itself by ``x ↦ g x``; basis vectors follow :attr:`Monoid.elements` (T1.12 p)."""
        table = monoid.table
        place = {letters: i for i in range(len(table)) if len(letters := monoid.word_of(i)) == 1 and letters[0][1] == 1}
        maps = {
            name: table[place[((name, 1),)]] if ((name, 1),) in place else tuple(range(len(table)))
            for name in monoid.generators
        }
        return Representation.permutation(monoid, maps, points=len(table))

    @staticmethod
    def cosets(inclusion: MonoidHomomorphism) -> PermutationRepresentation:
        """The quotient representation ``k[G/H]``: G permuting the left cosets of the subgroup that an inclusion gives.

        Raises ``NotAGroup`` for monoids, ``TooLarge`` for too many cosets.
        """
        from catcore.equivariance.representations.induction import coset_permutations

        return coset_permutations(inclusion)

    # Reading ------------------------------------------------------------------------------------------------------

    def _image(self, name: str) -> Any:
        if name not in self._cache:
            if name not in self.monoid.generators:
                raise UnknownName(
                    f"Generator {name!r} of {self.monoid} was asked for; there are {', '.join(self.monoid.generators)}."
                )
            if self.degree > MAX_POINTS:
                raise TooLarge(
                    f"Generator {name} of a representation of degree {self.degree} was asked for; at most {MAX_POINTS} "
                    "basis vectors are written out.  The value itself is lazy: solve with a smaller n or order."
                )
            self._cache[name] = self._images(name)
        return self._cache[name]

    def exact(self, name: str, field: Field | None = None) -> Any:
        """The exact sparse matrix of a generator over ``field`` (this representation's own if None)."""
        matrix = self._image(name)
        return matrix if field is None else matrices.change_field(matrix, self.field, field)

    def matrix(self, name: str) -> Any:
        """The SymPy matrix ρ(g) of a generator; column j is the image of basis vector j."""
        return matrices.to_sympy(self.exact(name), self.field)

    def of(self, letters: words.Word | str) -> Any:
        """The SymPy matrix of a word in the generators, such as ``"r s"``; ρ is multiplicative."""
        if isinstance(letters, str):
            letters = words.read_word(letters, self.monoid.generators, inverses=self.monoid.is_group)
        return matrices.to_sympy(word_matrix(self, letters), self.field)

    def laws(self) -> tuple[PointwiseLaw, ...]:
        """That ρ is multiplicative: the monoid's relations hold between the images of its generators.

        The evidence is 'exhaustive' where all relations were multiplied out.  For large groups of permutations without
        stated relations it may be 'sampled'; see :mod:`~catcore.equivariance.representations.unstated`.
        """
        return (law(self),)

    @property
    def construction(self) -> tuple[Any, ...]:
        """How this value was made, for strategies that follow it: the name of the construction and its parts.

        ``("+", ρ, τ)``, ``("@", ρ, τ)``, ``("*", n, ρ)``, ``("tensor", k, ρ)``, ``("sym", k, ρ)``, ``("alt", k, ρ)``,
        ``("dual", ρ)``, ``("restrict", φ, ρ)``, ``("induce", φ, σ)``, ``("cosets", φ)``, ``("trivial", n)``,
        ``("sign",)``; otherwise ``("matrices", ...)`` or ``("permutation", ...)`` with what was given.
        """
        found: tuple[Any, ...] = self._key
        return found

    # Algebra ------------------------------------------------------------------------------------------------------

    def __add__(self, other: Representation) -> Representation:
        """The direct sum ρ ⊕ τ on stacked vectors."""
        return self._with(other, "+", self.degree + other.degree, matrices.direct_sum, matrices.direct_sum)

    def __matmul__(self, other: Representation) -> Representation:
        """The tensor product ρ ⊗ τ; basis vector (i, j) is number ``i·n + j``."""
        return self._with(other, "@", self.degree * other.degree, matrices.kronecker, matrices.leibniz)

    def _with(self, other: Representation, sign: str, degree: int, rule: Any, infinitesimal: Any) -> Representation:
        require_same_source(self, other)
        field = self.field.join(other.field)

        def image(name: str) -> Any:
            chosen = infinitesimal if self._infinitesimal(name) else rule
            return chosen(self.exact(name, field), other.exact(name, field), field)

        kind = LieRepresentation if isinstance(self.monoid, LieGroup) else Representation
        made: Representation = kind._make(
            self.monoid, degree, field, (sign, self, other), image, f"({self!r} {sign} {other!r})"
        )
        return made

    def _infinitesimal(self, name: str) -> bool:
        return isinstance(self.monoid, LieGroup) and name in self.monoid.infinitesimal

    def _derived(self, key: tuple[Any, ...], shown: str, degree: int, image: Callable[[str], Any]) -> Representation:
        kind = LieRepresentation if isinstance(self.monoid, LieGroup) else Representation
        made: Representation = kind._make(self.monoid, degree, self.field, key, image, shown)
        return made

    @property
    def dual(self) -> Representation:
        """The dual ρ*(g) = ρ(g⁻¹)ᵀ (−dρ(X)ᵀ for a Lie algebra element); raises ``NotAGroup`` for a monoid."""
        need_inverses(self)

        def image(name: str) -> Any:
            matrix = self.exact(name)
            return -matrix.transpose() if self._infinitesimal(name) else matrix.inv().transpose()

        return self._derived(("dual", self), f"{self!r}.dual", self.degree, image)

    def tensor(self, k: int) -> Representation:
        """The k-th tensor power, unevaluated until asked; of order 0 it is the trivial representation."""
        power_order(k)
        return self._derived(
            ("tensor", k, self),
            f"{self!r}.tensor({k})",
            self.degree**k,
            lambda name: matrices.tensor_power(
                self.exact(name), k, self.field, infinitesimal=self._infinitesimal(name)
            ),
        )

    def sym(self, k: int) -> Representation:
        """The k-th symmetric power, on monomials of degree k."""
        power_order(k)
        return self._derived(
            ("sym", k, self),
            f"{self!r}.sym({k})",
            math.comb(self.degree + k - 1, k) if self.degree else int(k == 0),
            lambda name: matrices.symmetric_power(
                self.exact(name), k, self.field, infinitesimal=self._infinitesimal(name)
            ),
        )

    def alt(self, k: int) -> Representation:
        """The k-th alternating power, on ``e_i ∧ e_j ∧ ...`` with i < j < ... ."""
        power_order(k)
        return self._derived(
            ("alt", k, self),
            f"{self!r}.alt({k})",
            math.comb(self.degree, k),
            lambda name: matrices.alternating_power(
                self.exact(name), k, self.field, infinitesimal=self._infinitesimal(name)
            ),
        )

    def __rmul__(self, n: int) -> Representation:
        """``n * ρ`` is the direct sum of n copies of ρ: channels are multiplicities (T1.11)."""
        if isinstance(n, bool) or not isinstance(n, int):
            return NotImplemented
        if n < 0:
            raise BadSpecification(f"{n} copies of a representation were asked for; the number is at least 0.")
        return self._copies(n)

    def _copies(self, n: int) -> Representation:
        return self._derived(
            ("*", n, self),
            f"{n} * {self!r}",
            n * self.degree,
            lambda name: matrices.copies(self.exact(name), n, self.field),
        )

    def restrict(self, along: MonoidHomomorphism) -> Representation:
        """The representation ``φ*ρ`` of the source of a homomorphism φ, ``(φ*ρ)(x) = ρ(φ(x))``; see
        :func:`~catcore.equivariance.groups.homomorphisms.subgroup`.

        Raises ``NotARepresentation`` unless φ arrives at the monoid that is represented.
        """
        require_same_source(self, along, "target")
        return self._restricted(along)

    def _restricted(self, along: MonoidHomomorphism) -> Representation:
        kind = LieRepresentation if isinstance(along.source, LieGroup) else Representation
        flat = set(along.source.infinitesimal) if isinstance(along.source, LieGroup) else set()

        def image(name: str) -> Any:
            if name not in flat:
                return word_matrix(self, along.words[name])
            inner = along.words[name]
            return self.exact(inner[0][0]) if inner else matrices.sparse({}, (self.degree,) * 2, self.field)

        made: Representation = kind._make(
            along.source, self.degree, self.field, ("restrict", along, self), image, f"{self!r}.restrict({along!r})"
        )
        return made

    def induce(self, inclusion: MonoidHomomorphism) -> Representation:
        """The representation of the whole group that this one of a subgroup induces, over the cosets; see
        :mod:`~catcore.equivariance.representations.induction`.

        Raises ``NotARepresentation`` unless the inclusion starts at this group, ``TooLarge`` for too many cosets.
        """
        from catcore.equivariance.representations.induction import induced

        require_same_source(self, inclusion, "source")
        return induced(self, inclusion)

    def outer(self, other: Representation) -> Representation:
        """The outer tensor product ρ ⊠ τ, a representation of the product of the two groups; either may be Lie."""
        from catcore.equivariance.groups.homomorphisms import projections

        first, second = projections(self.monoid, other.monoid)
        return self.restrict(first) @ other.restrict(second)

    # Value semantics ----------------------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Representation):
            return NotImplemented
        return type(self) is type(other) and (self.monoid, self._key) == (other.monoid, other._key)

    def __hash__(self) -> int:
        return hash((self.monoid, self.degree, self._key[0]))

    def __repr__(self) -> str:
        text = self.expression() if callable(self.expression) else self.expression
        return text if len(text) <= REPR_LIMIT else f"<{type(self).__name__} of {self.monoid}, degree {self.degree}>"

    def __str__(self) -> str:
        return f"{self.monoid} on {self.field.name}^{self.degree}"


class LieRepresentation(Representation):
    """A Lie group acting through infinitesimal generators ``dρ(X)`` and the matrices of its components' elements."""

    __slots__ = ()


def _rebuild(
    monoid: Source, kind: type[Representation], degree: int, field: Field, key: Any, images: dict[str, Any], text: str
) -> Any:
    return kind._make(monoid, degree, field, key, lambda name: kind._restore(images[name], field), text)


_REBUILT: dict[str, Callable[..., Any]] = {
    "+": lambda _, a, b: a + b,
    "@": lambda _, a, b: a @ b,
    "*": lambda _, n, a: n * a,
    "tensor": lambda _, k, a: a.tensor(k),
    "sym": lambda _, k, a: a.sym(k),
    "alt": lambda _, k, a: a.alt(k),
    "dual": lambda _, a: a.dual,
    "restrict": lambda _, along, a: a.restrict(along),
    "induce": lambda _, along, a: a.induce(along),
    "cosets": lambda _, along: Representation.cosets(along),
    "sign": lambda monoid: Representation.sign(monoid),
    "trivial": lambda monoid, n: Representation.trivial(monoid, n),
}


def _construct(monoid: Source, key: tuple[Any, ...]) -> Any:
    return _REBUILT[key[0]](monoid, *key[1:])


def _sign(images: Sequence[int]) -> int:
    """(-1)^(points - cycles)."""
    seen: set[int] = set()
    cycles = 0
    for start in range(len(images)):
        cycles += start not in seen
        while start not in seen:
            seen.add(start)
            start = images[start]
    return -1 if (len(images) - cycles) % 2 else 1
