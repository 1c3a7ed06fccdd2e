"""Normal forms as arrows: a term is evaluated on generic elements and read back.

An element of ``A × B`` is generic as a pair of variables, and a normal form in those variables is read as an arrow out
of ``A × B``: a variable is a projection, an operation follows its argument's arrow, a function is a curried arrow.  A
fold or an unfold stays as it is written.  Equal normal forms are read as the same arrow, so arrows that are equal by β
and η for products, functions and the unit have the same ``normal()``.  Where evaluation waits for a case distinction,
the cases are read in the order in which they are met; case distinctions in another order may then give another arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore import arrows as ar
from catcore import objects as ob
from catcore.errors import CatError, IllTyped, MissingDoctrine, TooLarge
from catcore.functors import Functor, FunctorSymbol, MultSymbol, UnitSymbol
from catcore.terms import compose, factors
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, filled, flat, injections, packed
from catcore_proofs.kernel import Kernel
from catcore_proofs.syntax import member
from catcore_proofs.translation import Translator, Untranslatable, kind

#: How many evaluation steps a normal form may take.
STEPS = 2_000_000


def normal(f: ar.Arrow) -> ar.Arrow:
    """The normal form of an arrow.

    Raises:
        MissingDoctrine: when the term has no generic elements in sets, as with the monoidal product.
        TooLarge: when it takes too many steps or is nested too deeply.

    >>> from catcore import atoms, curry, ev, fst, generator, ident, pair, snd
    >>> A, B, C = atoms("A B C")
    >>> f = generator("f", A * B, C)
    >>> print(normal((curry(f) * generator("b", A, B)) >> ev(B, C)))
    ⟨π₁, π₂ ; b⟩ ; f
    >>> normal(pair(snd(A, B), fst(A, B)) >> pair(snd(B, A), fst(B, A))) is ident(A * B)
    True
    """
    tensors = [t for t in ar.subterms(f) if ob.occurring(t.dom, ob.Tensor) or ob.occurring(t.cod, ob.Tensor)]
    if tensors:
        raise _unreadable(f, f"{tensors[-1].signature} belongs to the monoidal doctrine, which has no elements")
    translator = Translator()
    try:
        term = translator.term(f)
        return _Reader(translator, f).read_term(term, f.dom, f.cod)
    except Untranslatable as error:
        raise _unreadable(f, str(error)) from None
    except (Rejected, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise TooLarge(f"The normal form of an arrow {f.dom} → {f.cod} was asked for, and {reason}.") from None


def _unreadable(f: ar.Arrow, reason: str) -> CatError:
    text = str(f) if len(str(f)) < 80 else f"an arrow {f.dom} → {f.cod}"
    return MissingDoctrine(f"The normal form of {text} by generic elements was asked for, and {reason}.")


class _LazyKernel(Kernel):
    """A kernel that leaves elements of sums as they are, unless a case distinction needs to know them."""

    def reify(self, x: Value, kind: Type) -> Normal:
        """The normal form of a value; η for sums is left out."""
        if kind[0] in "+f0" and (newest := self.newest(x))[0] == "?":
            return newest[1]  # type: ignore[no-any-return]
        return super().reify(x, kind)

    def apply(self, term: Any, x: Value) -> Value:
        """The value of a term; a table at an unknown element is neutral, and a table after a table is one table."""
        if term[0] != "fin":
            return super().apply(term, x)
        argument = self.reify(x, term[1])
        if argument[0] == "fin":
            first = argument[1]
            term = ("fin", first[1], term[2], tuple(term[3][i] for i in first[3]))
            argument = argument[2]
        try:
            return member(term[2], term[3][self.number(term[1], x)])
        except Split:
            return self.reflect(("fin", term, argument), term[2])

    def synthesise(self, neutral: Normal, bound: tuple[Type, ...] = ()) -> Type:
        """The type of a neutral element, tables included."""
        return neutral[1][2] if neutral[0] == "fin" else super().synthesise(neutral, bound)


@dataclass(frozen=True)
class _Scope:
    """Where a normal form is read: the domain, and the arrows out of it that the variables are, free and bound."""

    dom: ob.Ob
    free: tuple[tuple[int, ar.Arrow], ...]
    bound: tuple[ar.Arrow, ...] = ()

    def along(self, before: ar.Arrow) -> _Scope:
        """The same variables after another arrow."""
        free = tuple((i, before >> arrow) for i, arrow in self.free)
        return _Scope(before.dom, free, tuple(before >> arrow for arrow in self.bound))

    def binding(self, kind: ob.Ob) -> _Scope:
        """The scope with one more bound variable."""
        inner = self.along(ar.fst(self.dom, kind))
        return _Scope(inner.dom, inner.free, (ar.snd(self.dom, kind), *inner.bound))


class _Reader:
    def __init__(self, translator: Translator, f: ar.Arrow) -> None:
        self.kernel = _LazyKernel(translator.signature, STEPS, translator.functors)
        self.generators, self.recursions = translator.generators, translator.recursions
        met = {thing for t in ar.subterms(f) for thing in (t.dom, t.cod)}
        self.leaves = {kind(leaf): leaf for leaf in ob.parts(met) if isinstance(leaf, ob.R)}
        self.symbols = {
            thing.args[0].name: thing.args[0] for each in met for thing in ob.occurring(each, ob.Applied)
        }  # fmt: skip

    # ---- objects -----------------------------------------------------------------------------------------------------

    def object(self, of: Type) -> ob.Ob:
        """The object that a type is; where two are one type it is the product."""
        if of in self.leaves:
            return self.leaves[of]
        if isinstance(of, str):
            return ob.One if of == "1" else ob.Zero
        head, *parts = of
        match head:
            case "a":
                return ob.Atom(parts[0])
            case "f":
                return ob.FinSet(parts[0])
            case "h":
                return ob.Bound(parts[0])
            case "T":
                return ob.Applied(self.symbols[parts[0]], self.object(parts[1]))
        formers: dict[str, Any] = {"*": ob.Product, "+": ob.Coproduct, "^": ob.Exponential, "μ": ob.Mu, "ν": ob.Nu}
        found: ob.Ob = formers[head](*map(self.object, parts))
        return found

    # ---- elements ----------------------------------------------------------------------------------------------------

    def read_term(self, term: Any, dom: ob.Ob, cod: ob.Ob) -> ar.Arrow:
        kinds = flat(kind(dom))
        scope = _Scope(dom, tuple(enumerate(_components(dom, ar.ident(dom)))))
        self.kernel.context.extend(kinds)

        def value() -> Value:
            return self.kernel.apply(term, self._generic(kind(dom), 0))

        return self.cases(value, kind(cod), scope)

    def _generic(self, of: Type, start: int) -> Value:
        return packed(of, (self.kernel.reflect(("v", start + i), k) for i, k in enumerate(flat(of))))

    def cases(self, value: Callable[[], Value], of: Type, scope: _Scope) -> ar.Arrow:
        """A value, read with the case distinctions that it waits for."""
        kernel = self.kernel
        try:
            found = kernel.reify(value(), of)
        except Split as split:
            whole = self.read(split.neutral, split.kind, scope)
            if split.kind[0] == "0":
                return whole >> ar.initial(self.object(of))
            scopes = self._branches(whole, scope)
            ways = []
            for (payload, inject), (inner, element) in zip(injections(split.kind), scopes, strict=True):
                with kernel.assuming({}):
                    start = len(kernel.context)
                    kernel.context.extend(flat(payload))
                    known = inject(self._generic(payload, start))
                    places = enumerate(_components(element.cod, element), start)
                    kernel.known = {**kernel.known, split.neutral: known}
                    ways.append(self.cases(value, of, _Scope(inner.dom, (*inner.free, *places), inner.bound)))
            return _case_at(whole, scope.dom, ways[0], ways[1])
        return self.read(found, of, scope)

    def _branches(self, whole: ar.Arrow, scope: _Scope) -> list[tuple[_Scope, ar.Arrow]]:
        """For each case of an element of a sum the scope of that case, and what the element holds."""
        if not isinstance(whole.cod, ob.Coproduct):
            raise IllTyped(f"A case distinction on an element of {whole.cod} cannot be written as an arrow.")
        found = []
        for payload in (whole.cod.left, whole.cod.right):
            if whole is ar.ident(scope.dom):
                found.append((_Scope(payload, ()), ar.ident(payload)))
            elif isinstance(scope.dom, ob.Product) and whole is ar.snd(scope.dom.left, scope.dom.right):
                kept = ar.fst(scope.dom.left, scope.dom.right)
                found.append((_moved(scope, kept, payload), ar.snd(scope.dom.left, payload)))
            else:
                found.append((scope.along(ar.fst(scope.dom, payload)), ar.snd(scope.dom, payload)))
        return found

    # ---- form forms ------------------------------------------------------------------------------------------------

    def read(self, form: Normal, of: Type, scope: _Scope) -> ar.Arrow:
        """A form form of a type as an arrow out of the scope's domain."""
        match form:
            case ("v", index):
                return dict(scope.free)[index]
            case ("b", index):
                return scope.bound[index]
            case ("1",):
                return _terminal(scope.dom)
            case ("*", a, b):
                return _paired(self.read(a, of[1], scope), self.read(b, of[2], scope))
            case (("l" | "r") as side, payload):
                inject: ar.Arrow = (ar.inl if side == "l" else ar.inr)(self.object(of[1]), self.object(of[2]))
                return self.read(payload, of[1 if side == "l" else 2], scope) >> inject
            case ("n", number):
                return _terminal(scope.dom) >> ar.finite_map(1, self.object(of), [number])
            case ("in", layer):
                return self.read(layer, filled(of[1], of), scope) >> ar.in_(self.object(of))
            case ("λ", body):
                return self._function(body, of, scope)
            case ("case", neutral, *branches):
                return self._case(neutral, branches, of, scope)
            case ("switch", _, *_):
                raise Rejected("it distinguishes the elements of a finite set under a binder")
            case ("η", a):
                return self.read(a, of[2], scope) >> self._unit(of)
            case ("bind" | "map", _, _):
                return self._bound(form, of, scope)
        return self._neutral(form, scope)

    def _neutral(self, form: Normal, scope: _Scope) -> ar.Arrow:
        def inner(part: Normal, kind: Type) -> ar.Arrow:
            return self.read(part, kind, scope)

        match form:
            case (("p1" | "p2") as which, pair):
                of = self._kind(pair, scope)
                project = ar.fst if which == "p1" else ar.snd
                return inner(pair, of) >> project(self.object(of[1]), self.object(of[2]))
            case ("@", function, argument):
                of = self._kind(function, scope)
                together = _paired(inner(function, of), inner(argument, of[2]))
                return together >> ar.ev(self.object(of[2]), self.object(of[1]))
            case ("g", name, argument):
                generator = self.generators[name]
                return inner(argument, kind(generator.dom)) >> generator
            case ("fin", (_, source, target, values), argument):
                return inner(argument, source) >> ar.finite_map(self.object(source), self.object(target), values)
            case ("fold" | "unfold", term, argument):
                return inner(argument, kind(self.recursions[term].dom)) >> self.recursions[term]
            case ("out", element):
                of = self._kind(element, scope)
                return inner(element, of) >> ar.out(self.object(of))
        raise Rejected(f"{form[0]!r} heads no form form")

    def _kind(self, neutral: Normal, scope: _Scope) -> Type:
        return self.kernel.synthesise(neutral, tuple(kind(arrow.cod) for arrow in scope.bound))

    def _function(self, body: Normal, of: Type, scope: _Scope) -> ar.Arrow:
        """A function: curried, or what it applies when it does nothing else."""
        if body[0] == "@" and (function := _lowered(body[1])) is not None:
            inner = scope.binding(self.object(of[2]))
            if self.read(body[2], of[2], inner) is inner.bound[0]:
                return self.read(function, of, scope)
        return ar.curry(self.read(body, of[1], scope.binding(self.object(of[2]))))

    def _case(self, neutral: Normal, branches: Any, of: Type, scope: _Scope) -> ar.Arrow:
        whole = self.read(neutral, self._kind(neutral, scope), scope)
        if isinstance(whole.cod, ob.ZeroObject):
            return whole >> ar.initial(self.object(of))
        ways = [
            self.read(branch, of, _Scope(inner.dom, inner.free, (element, *inner.bound)))
            for branch, (inner, element) in zip(branches, self._branches(whole, scope), strict=True)
        ]
        return _case_at(whole, scope.dom, ways[0], ways[1])

    # ---- arbitrary functors and monads -------------------------------------------------------------------------------

    def _unit(self, of: Type) -> ar.Arrow:
        return ar.Component(UnitSymbol(self.symbols[of[1]]), self.object(of[2]))

    def _bound(self, form: Normal, of: Type, scope: _Scope) -> ar.Arrow:
        """An element of a functor or a monad, with what is done to the elements that it holds."""
        head, element, body = form
        source, symbol = self._kind(element, scope), self.symbols[of[1]]
        held, functor = self.object(source[2]), Functor(1, ob.Applied(symbol, ob.Bound(0)))
        if head == "bind" and body[0] == "η":
            head, body = "map", body[1]
        image = of[2] if head == "map" else of
        start, within = self._within(element, source, body, held, symbol, scope)
        function = self.read(body, image, within)
        done = start if function is ar.ident(function.dom) else start >> functor(function)
        return done if head == "map" else done >> ar.Component(MultSymbol(symbol), self.object(of[2]))

    def _within(
        self, element: Normal, of: Type, body: Normal, held: ob.Ob, symbol: FunctorSymbol, scope: _Scope
    ) -> tuple[ar.Arrow, _Scope]:
        """The element, with its surroundings by the strength where the body uses them, and the scope of the body."""
        arrow = self.read(element, of, scope)
        if not _open(body, 0):
            return arrow, _Scope(held, (), (ar.ident(held),))
        both = ar.pair(ar.ident(scope.dom), arrow) >> ar.strength(symbol, scope.dom, held)
        return both, scope.binding(held)


# ---- arrows ----------------------------------------------------------------------------------------------------------


def _components(whole: ob.Ob, before: ar.Arrow) -> Iterator[ar.Arrow]:
    """The factors of an arrow into a product type, left to right."""
    if isinstance(whole, ob.Product):
        yield from _components(whole.left, before >> ar.fst(whole.left, whole.right))
        yield from _components(whole.right, before >> ar.snd(whole.left, whole.right))
    else:
        yield before


def _terminal(dom: ob.Ob) -> ar.Arrow:
    return ar.ident(dom) if dom is ob.One else ar.terminal(dom)


def _paired(f: ar.Arrow, g: ar.Arrow) -> ar.Arrow:
    """The pairing, or what both are projections of."""
    for one, other, first in ((f, g, True), (g, f, False)):
        projection = factors(one)[-1:]
        if not projection or not isinstance(projection[0], ar.Fst if first else ar.Snd):
            continue
        left, right = projection[0].args
        before = compose(ar.ident(f.dom), *factors(one)[:-1])
        wanted = before >> (ar.snd(left, right) if first else ar.fst(left, right))
        if other is wanted or (other is _terminal(f.dom) and wanted.cod is ob.One):
            return before
    return ar.pair(f, g)


def _moved(scope: _Scope, kept: ar.Arrow, payload: ob.Ob) -> _Scope:
    """The scope of a case of the second component: what came through the first component stays."""
    before = ar.fst(kept.cod, payload)
    free = tuple((i, before >> rest) for i, arrow in scope.free if (rest := _after(kept, arrow)) is not None)
    bound = (_after(kept, arrow) for arrow in scope.bound)
    # what is distinguished is not spoken of again, so any arrow keeps its place
    gone = ar.ident(before.dom)
    return _Scope(before.dom, free, tuple(gone if rest is None else before >> rest for rest in bound))


def _after(before: ar.Arrow, arrow: ar.Arrow) -> ar.Arrow | None:
    """What follows another arrow in an arrow; None when the arrow does something else before."""
    first, *rest = factors(arrow) or (arrow,)
    if first is before:
        return compose(ar.ident(before.cod), *rest)
    if isinstance(first, ar.Terminal):
        return compose(_terminal(before.cod), *rest)
    if isinstance(first, ar.Pair):
        one, other = (_after(before, part) for part in first.args)
        return None if one is None or other is None else compose(_paired(one, other), *rest)
    return None


def _case_at(whole: ar.Arrow, dom: ob.Ob, left: ar.Arrow, right: ar.Arrow) -> ar.Arrow:
    """The arrow that distinguishes the cases of ``whole``, as :meth:`_Reader._branches` has set them out."""
    assert isinstance(whole.cod, ob.Coproduct)
    a, b = whole.cod.left, whole.cod.right
    if whole is ar.ident(dom):
        one, other = factors(left), factors(right)
        if one[:1] == (ar.inl(a, b),) and other == (ar.inr(a, b), *one[1:]):
            return compose(whole, *one[1:])  # the cases are not needed
        return ar.case(left, right)
    if isinstance(dom, ob.Product) and whole is ar.snd(dom.left, dom.right):
        return ar.distribute(dom.left, a, b) >> ar.case(left, right)
    alone = _after(ar.snd(dom, a), left), _after(ar.snd(dom, b), right)
    if alone[0] is not None and alone[1] is not None:
        return whole >> ar.case(alone[0], alone[1])
    return ar.pair(ar.ident(dom), whole) >> ar.distribute(dom, a, b) >> ar.case(left, right)


# ---- bound variables -------------------------------------------------------------------------------------------------


def _binders(normal: Normal, depth: int) -> Iterator[tuple[Any, int]]:
    """The parts of a normal form, each with the number of binders around it."""
    match normal:
        case ("λ", body):
            yield body, depth + 1
        case ("bind" | "map", element, body):
            yield element, depth
            yield body, depth + 1
        case ("case", neutral, *branches):
            yield neutral, depth
            yield from ((branch, depth + 1) for branch in branches)
        case ("fold" | "unfold" | "fin", _, argument):
            yield argument, depth
        case _:
            yield from ((part, depth) for part in normal[1:] if isinstance(part, tuple))


def _open(normal: Normal, depth: int) -> bool:
    """Whether a body uses a variable other than the innermost bound one."""
    if normal[0] == "v" or (normal[0] == "b" and normal[1] > depth):
        return True
    return normal[0] not in ("b", "n") and any(_open(part, inner) for part, inner in _binders(normal, depth))


def _lowered(normal: Normal, depth: int = 0) -> Normal | None:
    """A normal form outside of the binder around it; None when it uses the bound variable."""
    if normal[0] == "b":
        return None if normal[1] == depth else ("b", normal[1] - (normal[1] > depth))
    if normal[0] in ("v", "n", "1"):
        return normal
    parts = iter([_lowered(part, inner) for part, inner in _binders(normal, depth)])
    fixed = 2 if normal[0] in ("fold", "unfold", "fin", "g") else 1
    found = (*normal[:fixed], *parts)
    return None if None in found else found
