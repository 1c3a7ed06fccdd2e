"""The formers of terms: one class for each way to build an arrow (THEORY T1.1).

Composition is associative and unital on the nose, because a composite is kept as the list of its factors: terms are the
arrows of a free category with structure.  A former checks its types when it is built, and names the doctrine that it
belongs to.  What users type to build terms is in :mod:`catcore.arrows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from catcore.errors import IllTyped, NotComposable, NotParallel
from catcore.expressions import Expression, _separated, _Text
from catcore.objects import Applied, Mu, Nu, Ob, One, Product, Zero, finite_size, instantiate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catcore.functors import Functor
    from catcore.laws import Law


class Arrow(Expression):
    """A morphism ``dom → cod`` as a term."""

    __slots__ = ("cod", "dom")
    doctrine: ClassVar[str] = "category"
    dom: Ob
    cod: Ob

    def _type(self, dom: Ob, cod: Ob) -> None:
        self._set("dom", dom)
        self._set("cod", cod)

    def __rshift__(self, other: Arrow) -> Arrow:
        """Diagrammatic composition: first ``self``, then ``other``."""
        return compose(self, other) if isinstance(other, Arrow) else NotImplemented

    def __mul__(self, other: Arrow) -> Arrow:
        """``f * g : A × B → C × D``, acting on both components."""
        if not isinstance(other, Arrow):
            return NotImplemented
        return Pair(Fst(self.dom, other.dom) >> self, Snd(self.dom, other.dom) >> other)

    def __add__(self, other: Arrow) -> Arrow:
        """``f + g : A + B → C + D``, acting on both summands."""
        if not isinstance(other, Arrow):
            return NotImplemented
        return Case(self >> Inl(self.cod, other.cod), other >> Inr(self.cod, other.cod))

    def __matmul__(self, other: Arrow) -> Arrow:
        """The monoidal product ``f ⊗ g``."""
        return Tensor(self, other) if isinstance(other, Arrow) else NotImplemented

    def __call__(self, *values: object) -> Any:
        """Apply the arrow to a generic element inside a traced function; see :mod:`catcore.tracing`."""
        from catcore.tracing import apply

        return apply(self, values)

    def rewrite(
        self,
        rule: Law,
        *,
        at: Iterable[int] | None = None,
        backwards: bool = False,
        forall: Iterable[Expression] = (),
    ) -> Arrow:
        """The arrow after one use of a rule, at a path or at the first place that it matches.

        See :func:`catcore.rewriting.rewrites`, which also gives the proof.

        Raises:
            MoveRefused: where nothing matches.
        """
        from catcore.rewriting import rewrite

        return rewrite(self, rule, at=at, backwards=backwards, forall=forall)

    def normal(self, *, prover: str = "catcore_proofs") -> Arrow:
        """The normal form by generic elements, as an arrow.

        Arrows that are equal without axioms have one normal form, where no case distinctions intervene.

        Raises:
            ProverMissing: when no prover is installed.
            MissingDoctrine: when the term cannot be evaluated on generic elements of sets.
        """
        from catcore.provers import prover as named

        found: Arrow = named(prover).normal(self)
        return found

    def __str__(self) -> str:
        from catcore.printing import shown

        return shown(self, latex=False)

    def latex(self) -> str:
        """The term as LaTeX."""
        from catcore.printing import shown

        return shown(self, latex=True)

    @property
    def signature(self) -> str:
        """The term with its type, as one would introduce it: ``f : A → B``."""
        return f"{self} : {self.dom} → {self.cod}"


def needed_arrow(value: object) -> Arrow:
    """``value`` if it is an arrow; raises ``IllTyped`` otherwise."""
    if not isinstance(value, Arrow):
        raise IllTyped(
            f"An arrow is needed here, and {value!r} was given. Build one with generator(…) or @arrow(A, B)."
        )
    return value


class Identity(Arrow):
    """The identity ``id : A → A``."""

    __slots__ = ()
    constructor = "ident"

    def _build(self) -> None:
        self._type(self.args[0], self.args[0])


class Composite(Arrow):
    """A composite of at least two factors, none of them an identity or a composite."""

    __slots__ = ()

    def _build(self) -> None:
        self._type(self.args[0].dom, self.args[-1].cod)

    def _pieces(self) -> list[Any]:
        if len(self.args) > 50:  # Python reads a long call, but not a long chain of operators
            return [_Text("compose("), *_separated(self.args, ", "), _Text(")")]
        return [_Text("("), *_separated(self.args, " >> "), _Text(")")]


class Generator(Arrow):
    """A named arrow without a definition."""

    __slots__ = ()
    constructor = "generator"

    def _build(self) -> None:
        name, dom, cod = self.args
        if not isinstance(name, str) or not name or not name.isprintable() or len(name) > 80:
            raise IllTyped(f"A generator is named by a short printable string, and {name!r} was given.")
        self._type(dom, cod)

    @property
    def name(self) -> str:
        """The name of the generator."""
        return str(self.args[0])


class Terminal(Arrow):
    """The unique arrow ``! : A → 1``."""

    __slots__ = ()
    constructor = "terminal"
    doctrine = "cartesian"

    def _build(self) -> None:
        self._type(self.args[0], One)


class Pair(Arrow):
    """The pairing ``⟨f, g⟩ : A → B × C`` of two arrows out of ``A``."""

    __slots__ = ()
    constructor = "pair"
    doctrine = "cartesian"

    def _build(self) -> None:
        f, g = map(needed_arrow, self.args)
        if f.dom is not g.dom:
            raise NotParallel(
                f"⟨f, g⟩ was asked for with {f.signature} and {g.signature}: both must leave the same object, and "
                f"{f.dom} is not {g.dom}. For a map on pairs write f * g."
            )
        self._type(f.dom, f.cod * g.cod)


class _Projection(Arrow):
    __slots__ = ()
    doctrine = "cartesian"


class Fst(_Projection):
    """The first projection ``A × B → A``."""

    __slots__ = ()
    constructor = "fst"

    def _build(self) -> None:
        self._type(self.args[0] * self.args[1], self.args[0])


class Snd(_Projection):
    """The second projection ``A × B → B``."""

    __slots__ = ()
    constructor = "snd"

    def _build(self) -> None:
        self._type(self.args[0] * self.args[1], self.args[1])


class Initial(Arrow):
    """The unique arrow ``0 → A``."""

    __slots__ = ()
    constructor = "initial"
    doctrine = "bicartesian"

    def _build(self) -> None:
        self._type(Zero, self.args[0])


class Inl(Arrow):
    """The left injection ``A → A + B``."""

    __slots__ = ()
    constructor = "inl"
    doctrine = "bicartesian"

    def _build(self) -> None:
        self._type(self.args[0], self.args[0] + self.args[1])


class Inr(Arrow):
    """The right injection ``B → A + B``."""

    __slots__ = ()
    constructor = "inr"
    doctrine = "bicartesian"

    def _build(self) -> None:
        self._type(self.args[1], self.args[0] + self.args[1])


class Case(Arrow):
    """The copairing ``[f, g] : A + B → C`` of two arrows into ``C``."""

    __slots__ = ()
    constructor = "case"
    doctrine = "bicartesian"

    def _build(self) -> None:
        f, g = map(needed_arrow, self.args)
        if f.cod is not g.cod:
            raise NotParallel(
                f"[f, g] was asked for with {f.signature} and {g.signature}: both must reach the same object, and "
                f"{f.cod} is not {g.cod}. For a map on sums write f + g."
            )
        self._type(f.dom + g.dom, f.cod)


class Distribute(Arrow):
    """The distributivity ``A × (B + C) → A × B + A × C`` of sets; vector spaces do not have it."""

    __slots__ = ()
    constructor = "distribute"
    doctrine = "distributive"

    def _build(self) -> None:
        a, b, c = self.args
        self._type(a * (b + c), a * b + a * c)


class Curry(Arrow):
    """The transpose ``A → C^B`` of ``f : A × B → C``."""

    __slots__ = ()
    constructor = "curry"
    doctrine = "closed"

    def _build(self) -> None:
        (f,) = map(needed_arrow, self.args)
        if not isinstance(f.dom, Product):
            raise IllTyped(f"curry needs an arrow out of a product A × B, and {f.signature} leaves {f.dom}.")
        self._type(f.dom.left, f.cod**f.dom.right)


class Ev(Arrow):
    """Evaluation ``B^A × A → B``; the arguments are ``A`` and ``B``."""

    __slots__ = ()
    constructor = "ev"
    doctrine = "closed"

    def _build(self) -> None:
        a, b = self.args
        self._type(b**a * a, b)


class Tensor(Arrow):
    """The monoidal product ``f ⊗ g : A ⊗ C → B ⊗ D``."""

    __slots__ = ()
    constructor = "tensor"
    doctrine = "monoidal"

    def _build(self) -> None:
        f, g = map(needed_arrow, self.args)
        self._type(f.dom @ g.dom, f.cod @ g.cod)


class Braid(Arrow):
    """The symmetry ``A ⊗ B → B ⊗ A``."""

    __slots__ = ()
    constructor = "braid"
    doctrine = "monoidal"

    def _build(self) -> None:
        a, b = self.args
        self._type(a @ b, b @ a)


class FiniteMap(Arrow):
    """A map of finite sets by its table: element number i of ``dom`` goes to element number ``values[i]`` of ``cod``.

    Elements are numbered lexicographically: ``(a, b)`` of ``A × B`` is ``a·|B| + b``, and ``A + B`` lists ``A`` first.
    """

    __slots__ = ()
    constructor = "finite_map"

    def _build(self) -> None:
        dom, cod, values = self.args
        n, m = finite_size(dom), finite_size(cod)
        if len(values) != n:
            raise IllTyped(f"finite_map from {dom} needs {n} values, one an element, and {len(values)} were given.")
        wrong = next((v for v in values if type(v) is not int or not 0 <= v < m), None)
        if wrong is not None:
            raise IllTyped(f"finite_map into {cod} takes values 0 … {m - 1}, and {wrong!r} was given.")
        self._type(dom, cod)


class Action(Arrow):
    """The action ``F(f, …)`` of a functor on arrows."""

    __slots__ = ()

    def _build(self) -> None:
        functor, *arrows = self.args
        self._type(functor(*(f.dom for f in arrows)), functor(*(f.cod for f in arrows)))

    @property
    def functor(self) -> Functor:
        """The functor that acts."""
        return self.args[0]  # type: ignore[no-any-return]

    def expanded(self) -> Arrow:
        """The action written with the other term formers; see :meth:`catcore.functors.Functor.act`."""
        return self.functor.act(*self.args[1:])

    def __repr__(self) -> str:
        return f"{self.args[0]!r}({', '.join(map(repr, self.args[1:]))})"


class Strength(Arrow):
    """The strength ``A × T B → T(A × B)`` of an arbitrary strong functor; ``args`` are its symbol, A and B (T4.4)."""

    __slots__ = ()

    def _build(self) -> None:
        symbol, a, b = self.args
        if not symbol.strong:
            raise IllTyped(f"The strength of {symbol} was asked for, which is not declared strong; say strong=True.")
        self._type(a * Applied(symbol, b), Applied(symbol, a * b))

    def __repr__(self) -> str:
        return f"strength{self.args!r}"


class Component(Arrow):
    """The component ``α_A : F(A) → G(A)`` of an arbitrary natural transformation; ``args`` are α and A."""

    __slots__ = ()

    def _build(self) -> None:
        symbol, at = self.args
        self._type(symbol.source(at), symbol.target(at))

    def __repr__(self) -> str:
        return f"{self.args[0]!r}[{self.args[1]!r}]"


class In(Arrow):
    """The structure map ``F(μF) → μF`` of the initial algebra."""

    __slots__ = ()
    constructor = "in_"
    doctrine = "inductive"

    def _build(self) -> None:
        (fixed,) = self.args
        if not isinstance(fixed, Mu):
            raise IllTyped(f"in_ belongs to a least fixed point mu(F), and {fixed} is none.")
        self._type(fixed.unrolled(), fixed)


class Fold(Arrow):
    """The unique algebra homomorphism ``μF → A`` given by an algebra ``F(A) → A`` (THEORY T2.3)."""

    __slots__ = ()
    constructor = "fold"
    doctrine = "inductive"

    def _build(self) -> None:
        fixed, algebra = self.args
        if not isinstance(fixed, Mu):
            raise IllTyped(f"fold leaves a least fixed point mu(F), and {fixed} is none.")
        _check_structure("fold", fixed, algebra, algebra.dom, algebra.cod)
        self._type(fixed, algebra.cod)


class Out(Arrow):
    """The structure map ``νF → F(νF)`` of the terminal coalgebra."""

    __slots__ = ()
    constructor = "out"
    doctrine = "inductive"

    def _build(self) -> None:
        (fixed,) = self.args
        if not isinstance(fixed, Nu):
            raise IllTyped(f"out belongs to a greatest fixed point nu(F), and {fixed} is none.")
        self._type(fixed, fixed.unrolled())


class Unfold(Arrow):
    """The unique coalgebra homomorphism ``A → νF`` given by a coalgebra ``A → F(A)`` (THEORY T3.1)."""

    __slots__ = ()
    constructor = "unfold"
    doctrine = "inductive"

    def _build(self) -> None:
        fixed, coalgebra = self.args
        if not isinstance(fixed, Nu):
            raise IllTyped(f"unfold reaches a greatest fixed point nu(F), and {fixed} is none.")
        _check_structure("unfold", fixed, coalgebra, coalgebra.cod, coalgebra.dom)
        self._type(coalgebra.dom, fixed)


def _check_structure(word: str, fixed: Mu | Nu, structure: Arrow, layer: Ob, carrier: Ob) -> None:
    expected = instantiate(fixed.body, (carrier,))
    if layer is not expected:
        raise IllTyped(
            f"{word} over {fixed} with {structure.signature} was asked for: with the carrier {carrier} one layer is "
            f"{expected}, and {layer} was found. Give a structure map on {expected}."
        )


def compose(*arrows: Arrow) -> Arrow:
    """The composite in diagrammatic order: first arrow first (THEORY 0.1).

    Raises:
        NotComposable: when a codomain is not the next domain; the sentence names both ends.
    """
    found: list[Arrow] = []
    before = needed_arrow(arrows[0])
    for position, f in enumerate(map(needed_arrow, arrows)):
        if position and before.cod is not f.dom:
            raise NotComposable(
                f"Cannot compose {before.signature} with {f.signature}: the first ends in {before.cod} and the second "
                f"starts in {f.dom}. Put an arrow {before.cod} → {f.dom} between them."
            )
        found.extend(factors(f))
        before = f
    if not found:
        return arrows[0]
    return found[0] if len(found) == 1 else Composite(*found)


def factors(f: Arrow) -> tuple[Arrow, ...]:
    """The factors of a composite, first one first; none for an identity."""
    return f.args if isinstance(f, Composite) else () if isinstance(f, Identity) else (f,)
