"""Fusion: two passes over data become one, with the proof that they do the same (THEORY T2.4, T3.4; Malcolm 1990).

If ``a ; h = F(h) ; b`` then ``fold a ; h = fold b``.  Given h and a, :func:`fuse` looks for b: it writes ``a ; h`` in
normal form, and factors that through ``F(h)``.  What it finds is only a proposal; the premise is proved by a prover,
and so is, for arbitrary a, b and h, that the conclusion follows.  Where h forgets what ``a ; h`` needs there is no b,
and two layers that h cannot tell apart show it.

>>> from catcore.arrows import case, fold, generator, ident, snd
>>> from catcore.objects import atoms
>>> from catcore.structures.lists import LIST
>>> A, B, N = atoms("A B N")
>>> length = fold(LIST(B), case(generator("zero", 1, N), snd(B, N) >> generator("succ", N, N)))
>>> mapped = LIST(generator("f", A, B))
>>> print(fuse(length, mapped))
⦇[ι₁, ⟨π₁ ; f, π₂⟩ ; ι₂] ; in⦈ ; ⦇[zero, π₂ ; succ]⦈ = ⦇[zero, π₂ ; succ]⦈   (proved)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from catcore.arrows import Arrow, Fold, Pair, Unfold, case, fold, fst, generator, ident, inl, inr, pair, snd
from catcore.categories.finite_sets import FiniteModel
from catcore.datatypes.fusion.factoring import Either, extension, lifted, lifting
from catcore.datatypes.fusion.indistinct import Indistinct, indistinct
from catcore.datatypes.fusion.polynomials import polynomial_extension
from catcore.datatypes.hylomorphisms import Hylo, planned
from catcore.datatypes.schemes import para
from catcore.errors import CatError, IllTyped, MissingDoctrine
from catcore.functors import Functor
from catcore.laws import EVIDENCE, Law, fresh_atoms
from catcore.objects import Coproduct, Mu, Ob, Product
from catcore.provers import DEFAULT, prover
from catcore.structures.algebras import Algebra
from catcore.terms import Action, factors, needed_arrow

#: How many forms of ``a ; h``, rewritten by the hypotheses, are looked at.
FORMS = 60

RECURSIVE = "the coalgebra is recursive"


@dataclass(frozen=True)
class Fusion:
    """A fusion that was found: ``law`` says ``before = after``, and can be used to rewrite larger terms.

    Args:
        law: the equation of the two passes with the one.
        structure: the algebra b, or the coalgebra, of the one pass.
        premise: the verdict on the premise, such as ``a ; h = F(h) ; b``.
        theorem: the verdict on 'the premise implies the conclusion', for arbitrary arrows or else for these.
        condition: the hypothesis of both in words, where there is one.
    """

    law: Law
    structure: Arrow
    premise: Any
    theorem: Any
    condition: str = ""

    @property
    def before(self) -> Arrow:
        """Two passes."""
        return self.law.lhs

    @property
    def after(self) -> Arrow:
        """One pass."""
        return self.law.rhs

    @property
    def evidence(self) -> str:
        """The weaker evidence of the two verdicts; empty where one of them is missing."""
        kinds = [verdict.evidence for verdict in (self.premise, self.theorem) if verdict is not None]
        return max(kinds, key=EVIDENCE.index) if len(kinds) == 2 and all(kinds) else ""

    @property
    def certificates(self) -> tuple[Any, ...]:
        """The certificates of the premise and of the theorem, where there are such."""
        return tuple(v.certificate for v in (self.premise, self.theorem) if v is not None and v.certificate)

    def __str__(self) -> str:
        how = self.evidence or f"if fusion holds there; the premise is {self.premise.evidence}"
        return f"{self.before} = {self.after}   ({how}{f', where {self.condition}' if self.condition else ''})"


@dataclass(frozen=True)
class NoFusion:
    """Why nothing was fused; it counts as false.

    Args:
        reason: a sentence.
        pair: two layers that h cannot tell apart though the result has to; None where none was found.
    """

    reason: str
    pair: Indistinct | None = None

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.reason


def fuse(
    h: Arrow,
    recursion: Arrow | Algebra,
    *,
    given: Iterable[Law] = (),
    section: Arrow | None = None,
    prover_name: str = DEFAULT,
) -> Fusion | NoFusion:
    """The one pass that a recursion and the arrow h after it are, or why there is none.

    ======================  ==================================  ======================================
    recursion               before = after                      premise
    ======================  ==================================  ======================================
    ``fold a``, an algebra  ``fold a ; h = fold b``             ``a ; h = F(h) ; b``
    ``para a``              ``para a ; h = para b``             ``a ; h = F(id × h) ; b``
    ``hylo(a, c)``          ``hylo(a, c) ; h = hylo(b, c)``     ``a ; h = F(h) ; b``, c recursive
    ``hylo(a, c)``          ``h ; hylo(a, c) = hylo(a, d)``     ``h ; c = d ; F(h)``, both recursive
    ``unfold c``            ``h ; unfold c = unfold d``         ``h ; c = d ; F(h)``
    ======================  ==================================  ======================================

    Args:
        h: the arrow, after the recursion, or before it in the case of unfold.
        recursion: one of the above; an algebra stands for its fold.
        given: hypotheses on the generators; they are used as rewriting rules as well.
        section: an arrow with ``section ; h = id``, from which b is read off where nothing else helps.
        prover_name: who proves the premise.

    Raises:
        IllTyped: when h does not fit, or the recursion is none of the above.
        ProverMissing: when no prover is installed.
    """
    laws = tuple(given)
    needed_arrow(h)
    for law in laws:
        if not isinstance(law, Law):
            raise IllTyped(f"The hypotheses of fusion are laws, and {law!r} was given.")
    if isinstance(recursion, Algebra):
        recursion = fold(Mu(recursion.functor.body), recursion.structure)
    elif isinstance(recursion, Action):
        recursion = recursion.expanded()
    match recursion:
        case Unfold():
            return _before_unfold(h, recursion, laws, prover_name)
        case Fold():
            task = _Task(h, recursion.args[1], Functor(1, recursion.args[0].body), laws, section, prover_name)
            return task.fused(recursion, lambda b: fold(recursion.args[0], b))
        case Hylo() if h.dom is not recursion.cod and h.cod is recursion.dom:
            return _before_hylo(h, recursion, laws, prover_name)
        case Hylo():
            task = _Task(h, recursion.algebra, recursion.functor, laws, section, prover_name)
            return task.fused(recursion, lambda b: Hylo(recursion.functor, b, recursion.coalgebra))
    found = _paramorphism(recursion)
    if found is None:
        raise IllTyped(
            f"A fold, a paramorphism, a hylomorphism or an unfold was to be fused, and {recursion} is none of them. "
            "Give fold(mu(F), a), para(mu(F), a), hylo(F, a, c) or unfold(nu(F), c)."
        )
    return _after_para(h, *found, laws, section, prover_name)


def banana_split(f: Arrow, *, prover_name: str = DEFAULT) -> Fusion | NoFusion:
    """``⟨fold a, fold b⟩ = fold ⟨F π₁ ; a, F π₂ ; b⟩``: two folds of the same data in one pass (Fokkinga 1992).

    Raises:
        IllTyped: when f is no pair of two folds over one data type.
    """
    sides = f.args if isinstance(f, Pair) else ()
    if not all(isinstance(side, Fold) for side in sides) or len({side.args[0] for side in sides}) != 1:
        raise IllTyped(f"A pair of two folds over one data type was to become one fold, and {f} is none.")
    (fixed, a), (_, b) = (side.args for side in sides)
    layer = Functor(1, fixed.body)
    both = pair(layer(fst(a.cod, b.cod)) >> a, layer(snd(a.cod, b.cod)) >> b)
    law = Law("banana split", f, fold(fixed, both))
    verdict = prover(prover_name).prove(law)
    if verdict.status != "holds":
        return NoFusion(f"Banana split was to be proved for {fixed}, and the prover says: {verdict}.")
    return Fusion(law, both, verdict, verdict)


# ---- folds and hylomorphisms -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Task:
    """The equation ``a ; h = F(h) ; b``, to be solved for b."""

    h: Arrow
    a: Arrow
    layer: Functor
    given: tuple[Law, ...]
    section: Arrow | None
    prover_name: str

    def fused(self, before: Arrow, after: Callable[[Arrow], Arrow]) -> Fusion | NoFusion:
        """The fusion of a recursion with this algebra, or why there is none."""
        _need_end("after", self.h.dom, self.a.cod, self.h)
        tried = ""
        for b in self.proposals():
            law = Law("premise", self.a >> self.h, self.layer(self.h) >> b, self.given)
            verdict = prover(self.prover_name).prove(_checkable(law))
            if verdict.status == "holds":
                conclusion = Law("fusion", before >> self.h, after(b), self.given)
                if isinstance(before, Hylo):
                    theorem = _hylo_theorem(self.layer, self.prover_name)
                    return Fusion(planned(conclusion), b, verdict, theorem, RECURSIVE)
                return Fusion(conclusion, b, verdict, _theorem(self.layer, self.prover_name))
            tried = tried or f" The proposal {b} could not be proved: {verdict.status}."
        return self.refusal(tried)

    def refusal(self, tried: str) -> NoFusion:
        """Why there is no b."""
        wanted = f"An algebra b with {self.a} ; h = F(h) ; b was asked for, where h is {self.h}"
        found = indistinct(self.layer.act(self.h), self.a >> self.h, self.given)
        if found is None:
            return NoFusion(f"{wanted}; none was found, and no two layers that exclude one.{tried}")
        return NoFusion(f"{wanted}; there is none: {found}", found)

    def proposals(self) -> Iterator[Arrow]:
        """Arrows b that may do."""
        for way in (self._by_factoring, self._by_polynomials, self._by_table, self._by_section):
            try:
                b = way()
            except CatError:
                continue
            if b is not None:
                yield b

    def _by_factoring(self) -> Arrow | None:
        """Each summand on its own: its normal form, factored through the functor on h."""
        h, layer = self.h, self.layer

        def solved(body: Ob, before: Arrow) -> Arrow | None:
            if isinstance(body, Coproduct):
                assert isinstance(before.dom, Coproduct)
                ends = (before.dom.left, before.dom.right)
                left = solved(body.left, inl(*ends) >> before)
                right = left and solved(body.right, inr(*ends) >> before)
                return case(left, right) if left and right else None
            moved = lifted(body, h, Functor(1, body)(h), self._normal)
            forms = _forms(before, self.given, self._normal)
            return next((b for form in forms if (b := extension(form, moved)) is not None), None)

        return solved(layer.body, self.a >> h)

    def _by_polynomials(self) -> Arrow | None:
        return polynomial_extension(self.layer(self.h), self.a >> self.h)

    def _by_table(self) -> Arrow | None:
        """Maps of given finite sets: b where F(h) reaches, and the first element elsewhere."""
        through, wanted = self.layer(self.h), self.a >> self.h
        return _table_extension(through, wanted)

    def _by_section(self) -> Arrow | None:
        if self.section is None:
            return None
        return self._normal(self.layer(self.section) >> self.a >> self.h)

    def _normal(self, f: Arrow) -> Arrow:
        return _normal(f, self.prover_name)


def _normal(f: Arrow, prover_name: str) -> Arrow:
    try:
        found: Arrow = prover(prover_name).normal(f)
    except MissingDoctrine:
        return f
    return found


def _forms(f: Arrow, given: tuple[Law, ...], normal: Callable[[Arrow], Arrow]) -> Iterator[Arrow]:
    """The normal form of an arrow, and what the hypotheses make of it, in either direction; breadth first."""
    from catcore.rewriting import rewrites

    seen = [normal(f)]
    known = set(seen)
    rules = given + tuple(Law(law.name, normal(law.lhs), normal(law.rhs), law.given) for law in given)
    for form in seen:  # grows while it is walked
        yield form
        for law in dict.fromkeys(rules):
            for backwards in (False, True):
                if not factors(law.rhs if backwards else law.lhs):
                    continue
                for step in rewrites(form, law, backwards=backwards):
                    after = normal(step.after)
                    if after not in known and len(known) < FORMS:
                        known.add(after)
                        seen.append(after)


def _table_extension(through: Arrow, wanted: Arrow) -> Arrow | None:
    from catcore.arrows import finite_map

    model = FiniteModel()
    elements = model.elements(through.dom)
    images, values = model.apply(through, elements).tolist(), model.apply(wanted, elements).tolist()
    table = dict(zip(images, values, strict=True))
    if any(table[image] != value for image, value in zip(images, values, strict=True)):
        return None
    size = model.size(through.cod)
    if len(table) < size and not model.size(wanted.cod):
        return None
    return finite_map(through.cod, wanted.cod, [table.get(i, 0) for i in range(size)])


def _checkable(law: Law) -> Any:
    """The premise as the prover is asked: polynomials are compared as such."""
    from catcore.datatypes.fusion.polynomials import polynomial_law

    return polynomial_law(law) or law


@cache
def _theorem(layer: Functor, prover_name: str) -> Any:
    """The verdict on fusion itself, over one functor and for arbitrary a, b and h (T2.4)."""
    x, y = fresh_atoms(2, layer)
    a, b, h = generator("a", layer(x), x), generator("b", layer(y), y), generator("h", x, y)
    fixed = Mu(layer.body)
    premise = Law("premise", a >> h, layer(h) >> b)
    return prover(prover_name).prove(Law("fusion", fold(fixed, a) >> h, fold(fixed, b), (premise,)))


@cache
def _hylo_theorem(layer: Functor, prover_name: str) -> Any:
    """The verdict on fusion after a hylomorphism, for arbitrary a, b and h and a recursive coalgebra (T3.4)."""
    x, y, s = fresh_atoms(3, layer)
    a, b, h = generator("a", layer(x), x), generator("b", layer(y), y), generator("h", x, y)
    c = generator("c", s, layer(s))
    premise = Law("premise", a >> h, layer(h) >> b)
    return prover(prover_name).prove(planned(Law("fusion", Hylo(layer, a, c) >> h, Hylo(layer, b, c), (premise,))))


def _need_end(word: str, found: Ob, wanted: Ob, h: Arrow) -> None:
    if found is not wanted:
        raise IllTyped(
            f"An arrow {word} a recursion with carrier {wanted} was to be fused with it, and {h.signature} was given."
        )


# ---- paramorphisms ---------------------------------------------------------------------------------------------------


def _paramorphism(f: Arrow) -> tuple[Mu, Arrow] | None:
    """The data type and the algebra of an arrow made by ``para``."""
    run = factors(f)
    if len(run) != 2 or not isinstance(run[0], Fold) or not isinstance(run[0].args[1], Pair):
        return None
    fixed, algebra = run[0].args[0], run[0].args[1].args[1]
    try:
        return (fixed, algebra) if para(fixed, algebra) is f else None
    except IllTyped:
        return None


def _after_para(
    h: Arrow, fixed: Mu, a: Arrow, given: tuple[Law, ...], section: Arrow | None, prover_name: str
) -> Fusion | NoFusion:
    """``para a`` is ``fold ⟨copy, a⟩ ; π₂``, so this is fusion of that fold with ``id × h``."""
    _need_end("after", h.dom, a.cod, h)
    layer = Functor(1, fixed.body)
    enriched = _Task(h, a, Functor(1, _beside(layer, fixed).body), given, section, prover_name)
    found = enriched.fused(para(fixed, a), lambda b: para(fixed, b))
    if isinstance(found, NoFusion):
        return found
    b = found.structure
    step = Law(
        "premise", _copying(fixed, a) >> (ident(fixed) * h), layer(ident(fixed) * h) >> _copying(fixed, b), given
    )
    verdict = prover(prover_name).prove(_checkable(step))
    if verdict.status != "holds":
        return NoFusion(f"The paramorphism of {b} was to replace {found.before}, and the prover says: {verdict}.")
    return Fusion(found.law, b, verdict, _theorem(layer, prover_name))


def _beside(layer: Functor, fixed: Mu) -> Functor:
    from catcore.functors import functor

    beside: Functor = functor(lambda x: layer(fixed * x))
    return beside


def _copying(fixed: Mu, a: Arrow) -> Arrow:
    """The algebra of the fold that a paramorphism is."""
    return para(fixed, a).args[0].args[1]  # type: ignore[no-any-return]


# ---- unfolds ---------------------------------------------------------------------------------------------------------


def _before_unfold(h: Arrow, recursion: Unfold, given: tuple[Law, ...], prover_name: str) -> Fusion | NoFusion:
    fixed, c = recursion.args
    _need_end("before", h.cod, c.dom, h)
    layer = Functor(1, fixed.body)
    theorem = partial(_unfold_theorem, layer, prover_name)
    return _lifted(h, c, layer, given, prover_name, lambda d: (Law("", h >> recursion, Unfold(fixed, d)), theorem()))


def _before_hylo(h: Arrow, recursion: Hylo, given: tuple[Law, ...], prover_name: str) -> Fusion | NoFusion:
    layer, a, c = recursion.args
    theorem = partial(_before_theorem, layer, prover_name)
    found = _lifted(h, c, layer, given, prover_name, lambda d: (Law("", h >> recursion, Hylo(layer, a, d)), theorem()))
    if isinstance(found, NoFusion):
        return found
    return replace(found, law=planned(found.law), condition="both coalgebras are recursive")


def _lifted(
    h: Arrow, c: Arrow, layer: Functor, given: tuple[Law, ...], prover_name: str,
    conclude: Callable[[Arrow], tuple[Law, Any]],
) -> Fusion | NoFusion:  # fmt: skip
    """The fusion with the coalgebra d with ``h ; c = d ; F(h)``, if one is found; ``conclude`` says what it gives."""

    def normal(f: Arrow) -> Arrow:
        return _normal(f, prover_name)

    moved = _whole(layer, h, normal)
    wanted = f"A coalgebra d with h ; {c} = d ; F(h) was asked for, where h is {h}"
    for form in _forms(h >> c, given, normal):
        d = lifting(form, moved, normal)
        if d is None:
            continue
        law = Law("premise", h >> c, d >> layer(h), given)
        verdict = prover(prover_name).prove(law)
        if verdict.status == "holds":
            equation, theorem = conclude(d)
            conclusion = replace(equation, name="fusion", given=given)
            return Fusion(conclusion, d, verdict, _settled(theorem, conclusion, prover_name))
    return NoFusion(f"{wanted}; none was found. It exists where every state after one of h's is again one of h's.")


def _whole(layer: Functor, h: Arrow, normal: Callable[[Arrow], Arrow]) -> Any:
    def moved(body: Ob) -> Any:
        if isinstance(body, Coproduct):
            return Either(moved(body.left), moved(body.right))
        return lifted(body, h, Functor(1, body)(h), normal)

    return moved(layer.body)


def _settled(theorem: Any, conclusion: Law, prover_name: str) -> Any:
    """The verdict on fusion for arbitrary arrows or, where there is none, on this conclusion."""
    return theorem if theorem.status == "holds" else prover(prover_name).prove(conclusion)


@cache
def _before_theorem(layer: Functor, prover_name: str) -> Any:
    """The verdict on fusion before a hylomorphism, for arbitrary arrows and recursive coalgebras (T3.4)."""
    x, y, s = fresh_atoms(3, layer)
    c, d, h = generator("c", y, layer(y)), generator("d", x, layer(x)), generator("h", x, y)
    a, premise = generator("a", layer(s), s), Law("premise", h >> c, d >> layer(h))
    return prover(prover_name).prove(planned(Law("fusion", h >> Hylo(layer, a, c), Hylo(layer, a, d), (premise,))))


@cache
def _unfold_theorem(layer: Functor, prover_name: str) -> Any:
    """The verdict on fusion before an unfold, over one functor and for arbitrary arrows (T3.3, dual of T2.4)."""
    from catcore.arrows import unfold
    from catcore.objects import Nu

    x, y = fresh_atoms(2, layer)
    c, d, h = generator("c", y, layer(y)), generator("d", x, layer(x)), generator("h", x, y)
    fixed = Nu(layer.body)
    premises = tuple(_components(Law("premise", h >> c, d >> layer(h))))
    return prover(prover_name).prove(Law("fusion", h >> unfold(fixed, c), unfold(fixed, d), premises))


def _components(law: Law) -> Iterator[Law]:
    """An equation between pairs as the equations between their components, which say the same."""
    if not isinstance(law.lhs.cod, Product):
        yield law
        return
    for projection in (fst(*law.lhs.cod.args), snd(*law.lhs.cod.args)):
        yield from _components(Law(law.name, law.lhs >> projection, law.rhs >> projection, law.given))
