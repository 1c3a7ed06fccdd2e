"""From catcore's terms to the kernel's language.

Products and monoidal products of sets are the kernel's products; functor actions are written out; objects that the
kernel does not compute with (tensors of numbers, fixed points) become arbitrary sets with a name of their own.  What
cannot be said in the kernel's language raises :class:`Untranslatable` with the reason, and the verdict is ``unknown``.
"""

from __future__ import annotations

import itertools as it
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from catcore import arrows as ar
from catcore import objects as ob
from catcore.categories.smooth import Primitive
from catcore.datatypes.hylomorphisms import Hylo
from catcore.functors import FunctorSymbol, MonadSymbol, MultSymbol, UnitSymbol
from catcore.laws import Law

#: How large an equation and its hypotheses may be as trees.
FORMERS = 200_000


class Untranslatable(Exception):
    """A term former that the kernel does not have; the message says which."""


@lru_cache(maxsize=4096)
def kind(thing: ob.Ob) -> Any:
    """The kernel's type for an object."""
    match thing:
        case ob.Product() | ob.Tensor():
            return ("*", kind(thing.left), kind(thing.right))
        case ob.Coproduct():
            return ("+", kind(thing.left), kind(thing.right))
        case ob.Exponential():
            return ("^", kind(thing.base), kind(thing.exponent))
        case ob.FinSet():
            return ("f", thing.size)
        case ob.Mu() | ob.Nu():
            return ("μ" if isinstance(thing, ob.Mu) else "ν", kind(thing.body))
        case ob.Applied():
            return ("T", thing.args[0].name, kind(thing.args[1]))
        case ob.Bound():
            return ("h", thing.args[0])
        case ob.Atom():
            return ("a", thing.name)
    if thing is ob.Zero or thing is ob.One:
        return str(thing)
    if isinstance(thing, ob.R):
        return ("a", f"{thing!r}\n")  # the names of atoms are printable, so no atom is mistaken for it
    raise Untranslatable(f"{thing} is outside of what generic elements decide so far")


class Translator:
    """Translates terms and remembers the generators it met."""

    def __init__(self) -> None:
        self.signature: dict[str, Any] = {}
        self.functors: dict[str, str] = {}
        self.names: dict[ar.Arrow, str] = {}
        self._terms: dict[ar.Arrow, tuple[Any, int]] = {}
        self._formers = 0

    def term(self, f: ar.Arrow) -> Any:
        """The kernel's term for an arrow."""
        known = self._terms.get(f)
        if known is None:
            before = self._formers
            self._formers += 1
            term = self._term(f)
            known = self._terms[f] = term, self._formers - before
        else:  # the kernel's terms are trees: what catcore shares is counted every time
            self._formers += known[1]
        if self._formers > FORMERS:
            raise Untranslatable(f"the equation has more than {FORMERS} term formers, written out without sharing")
        return known[0]

    def _term(self, f: ar.Arrow) -> Any:
        match f:
            case ar.Identity():
                return ("id",)
            case ar.Composite():
                return (";", *(self.term(g) for g in f.args))
            case ar.Terminal():
                return ("!",)
            case ar.Pair():
                return ("<>", self.term(f.args[0]), self.term(f.args[1]))
            case ar.Case():
                return ("[]", self.term(f.args[0]), self.term(f.args[1]))
            case ar.Fst() | ar.Snd():
                return ("p1",) if isinstance(f, ar.Fst) else ("p2",)
            case ar.Inl():
                return ("i1", kind(f.args[1]))
            case ar.Inr():
                return ("i2", kind(f.args[0]))
            case ar.Initial():
                return ("0", kind(f.cod))
            case ar.Distribute():
                return ("dist",)
            case ar.Curry():
                return ("cur", kind(f.args[0].dom.right), self.term(f.args[0]))
            case ar.Ev():
                return ("ev",)
            case ar.Braid():
                return ("<>", ("p2",), ("p1",))
            case ar.Tensor():
                g, h = map(self.term, f.args)
                return ("<>", (";", ("p1",), g), (";", ("p2",), h))
            case ar.FiniteMap():
                return ("fin", kind(f.dom), kind(f.cod), f.args[2])
            case ar.In():
                return ("in", kind(f.args[0]))
            case ar.Fold() if ar.is_out(f):
                return ("out", kind(f.args[0]))
            case ar.Fold():
                return ("fold", kind(f.args[0]), kind(f.cod), self.term(f.args[1]))
            case ar.Out():
                return ("out", kind(f.args[0]))
            case ar.Unfold():
                return ("unfold", kind(f.args[0]), self.term(f.args[1]), kind(f.dom))
            case ar.Action() if isinstance(f.functor.body, ob.Applied) and f.functor.body.args[1] is ob.Bound(0):
                return ("map", self.functor(f.functor.body.args[0]), self.term(f.args[1]))
            case ar.Action():
                return self.term(f.expanded())
            case ar.Strength():
                return ("st", self.functor(f.args[0]))
            case ar.Component() if isinstance(f.args[0], UnitSymbol):
                head = "join" if isinstance(f.args[0], MultSymbol) else "unit"
                return (head, self.functor(f.args[0].args[0]))
            case Hylo() if not isinstance(f.algebra, ar.In):
                return self.term(f.executed)
            case ar.Generator() | Hylo() | Primitive():  # of these only what hypotheses say is known
                return ("gen", self.name(f))
        raise Untranslatable(f"{f} is outside of what generic elements decide so far")

    def functor(self, symbol: FunctorSymbol) -> str:
        """The kernel's name of an arbitrary functor."""
        role = "monad" if isinstance(symbol, MonadSymbol) else "functor"
        if self.functors.setdefault(symbol.name, role) != role:
            raise Untranslatable(f"{symbol.name} is a functor and a monad in one equation; give them different names")
        return symbol.name

    @property
    def generators(self) -> dict[str, ar.Arrow]:
        """The generators met so far, by the kernel's names."""
        return {name: f for f, name in self.names.items()}

    @property
    def recursions(self) -> dict[Any, ar.Arrow]:
        """The folds and unfolds met so far, by the kernel's terms."""
        return {term: f for f, (term, _) in self._terms.items() if isinstance(f, ar.Fold | ar.Unfold)}

    def name(self, f: ar.Generator | Hylo | Primitive) -> str:
        """The kernel's name of a generator."""
        if f not in self.names:
            # Generators of one name and different types are different arrows.
            candidates = (f"{f.name}#{n}" if n else f.name for n in it.count())
            name = next(c for c in candidates if c not in self.signature)
            self.names[f] = name
            self.signature[name] = (kind(f.dom), kind(f.cod))
        return self.names[f]


def statement(law: Law) -> dict[str, Any]:
    """A law as a statement of the kernel.

    Raises:
        Untranslatable: when some part of it has no counterpart there.
    """
    return named_statement(law)[0]


def arbitrary(names: dict[ar.Arrow, str]) -> bool:
    """Whether all generators of a statement are arbitrary maps, so that any choice of them may refute it."""
    return all(isinstance(g, ar.Generator) for g in names)


def named_statement(law: Law) -> tuple[dict[str, Any], dict[ar.Arrow, str]]:
    """A law as a statement of the kernel, and the kernel's names of its generators."""
    translator = Translator()
    body = _equation(translator, law)
    given = [_equation(translator, hypothesis) for hypothesis in usable(law.given)]
    _note_functors(law, translator)
    said = {
        **body,
        "functors": translator.functors,
        "signature": translator.signature,
        "given": given,
        "name": law.name,
        "text": str(law),
    }
    return said, translator.names


def with_schemes(
    law: Law, schemes: Sequence[Law], instances: Sequence[tuple[int, Mapping[Any, Any]]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A law with instances of schemes among its hypotheses as a statement, whose hypotheses come without them.

    Args:
        law: the law; its last hypotheses are the instances.
        schemes: hypotheses about every set and map.
        instances: for each of the last hypotheses the number of its scheme, and what stands for what it quantifies.

    Returns:
        The statement, with its schemes, and the instances as lemmas without proofs of their conditions.
    """
    translator = Translator()
    body = _equation(translator, law)
    given = [_equation(translator, hypothesis) for hypothesis in law.given]
    _note_functors(law, translator)
    lemmas: list[dict[str, Any]] = [
        {
            "scheme": number,
            "types": {str(x): kind(value) for x, value in chosen.items() if isinstance(x, ob.Atom)},
            "terms": {x: translator.term(value) for x, value in chosen.items() if isinstance(x, ar.Generator)},
        }
        for number, chosen in instances
    ]
    signature = set(translator.signature)
    for scheme in schemes:
        _note_functors(scheme, translator)
    said = [_scheme(translator, scheme) for scheme in schemes]
    # what only schemes quantify is none of the maps that there are
    free = {g for scheme in schemes for g in Law("", law.lhs, law.rhs, (scheme,)).symbols()[1]}
    signature |= {name for g, name in translator.names.items() if g in free}
    for lemma in lemmas:
        lemma["terms"] = {translator.names[x]: term for x, term in lemma["terms"].items()}
    statement = {
        **body,
        "functors": translator.functors,
        "signature": {name: ends for name, ends in translator.signature.items() if name in signature},
        "given": given[: len(given) - len(instances)],
        "schemes": said,
        "name": law.name,
        "text": str(law),
    }
    return statement, lemmas


def _scheme(translator: Translator, law: Law) -> dict[str, Any]:
    return {
        **_equation(translator, law),
        "conditions": [_equation(translator, condition) for condition in law.given],
        "atoms": [str(each) for each in law.every if isinstance(each, ob.Atom)],
        "arrows": {
            translator.name(each): (kind(each.dom), kind(each.cod))
            for each in law.every
            if isinstance(each, ar.Generator)
        },
        "name": law.name,
    }


def _note_functors(law: Law, translator: Translator) -> None:
    """Note the arbitrary functors that occur in types only."""
    for equation in (law, *law.given):
        for term in (*ar.subterms(equation.lhs), *ar.subterms(equation.rhs)):
            for thing in ob.occurring(term.dom, ob.Applied) | ob.occurring(term.cod, ob.Applied):
                translator.functor(thing.args[0])


def usable(given: tuple[Law, ...]) -> list[Law]:
    """The hypotheses without conditions, and those whose conditions are among the usable ones.

    Of hypotheses about every map only instances are used: there may be no such map.  A condition about every set or map
    is met by no equation about one of them.
    """
    given = tuple(h for h in given if not any(isinstance(e, ar.Generator) for e in h.every))
    found: list[Law] = []
    while True:
        equations = {(h.lhs, h.rhs) for h in found}
        met = [all(not c.every and (c.lhs, c.rhs) in equations for c in h.given) for h in given]
        more = [h for h, usable_now in zip(given, met, strict=True) if usable_now and h not in found]
        if not more:
            return [h for h in given if h in found]
        found += more


def _equation(translator: Translator, law: Law) -> dict[str, Any]:
    return {
        "dom": kind(law.lhs.dom),
        "cod": kind(law.lhs.cod),
        "lhs": translator.term(law.lhs),
        "rhs": translator.term(law.rhs),
    }
