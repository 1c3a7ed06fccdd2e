"""Arrows: the term language of morphisms (THEORY T1.1).

A morphism is a term.  Terms are built from identities, composition ``f >> g`` (f first), generators, pairing and
projections, injections and case distinction, currying and evaluation, the monoidal product ``f @ g``, functor action,
and the structure maps of fixed points.  Composition is associative and unital on the nose, because a composite is kept
as the list of its factors: terms are the arrows of a free category with structure.

>>> from catcore.objects import atoms
>>> A, B = atoms("A B")
>>> f = generator("f", A, B)
>>> print(pair(ident(A), f) >> snd(A, B))
⟨id, f⟩ ; π₂
>>> (ident(A) >> f) is f
True

Each former belongs to a doctrine (``category``, ``monoidal``, ``cartesian``, ``bicartesian``, ``distributive``,
``closed``, ``inductive``); :func:`doctrines` lists those that a term uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import index
from typing import Any

from catcore.errors import IllTyped
from catcore.objects import Applied, Mu, Ob, as_object
from catcore.objects import finite_size as finite_size
from catcore.terms import Action as Action
from catcore.terms import Arrow as Arrow
from catcore.terms import Braid as Braid
from catcore.terms import Case as Case
from catcore.terms import Component as Component
from catcore.terms import Composite as Composite
from catcore.terms import Curry as Curry
from catcore.terms import Distribute as Distribute
from catcore.terms import Ev as Ev
from catcore.terms import FiniteMap as FiniteMap
from catcore.terms import Fold as Fold
from catcore.terms import Fst as Fst
from catcore.terms import Generator as Generator
from catcore.terms import Identity as Identity
from catcore.terms import In as In
from catcore.terms import Initial as Initial
from catcore.terms import Inl as Inl
from catcore.terms import Inr as Inr
from catcore.terms import Out as Out
from catcore.terms import Pair as Pair
from catcore.terms import Snd as Snd
from catcore.terms import Strength as Strength
from catcore.terms import Tensor as Tensor
from catcore.terms import Terminal as Terminal
from catcore.terms import Unfold as Unfold
from catcore.terms import compose as compose
from catcore.terms import factors as factors
from catcore.terms import needed_arrow as needed_arrow


def ident(a: object) -> Arrow:
    """The identity arrow of an object."""
    return Identity(as_object(a))


def generator(name: str, dom: object, cod: object) -> Arrow:
    """A named arrow without a definition, such as an arbitrary ``f : A → B``."""
    return Generator(name, as_object(dom), as_object(cod))


def terminal(a: object) -> Arrow:
    """The unique arrow ``A → 1``."""
    return Terminal(as_object(a))


def initial(a: object) -> Arrow:
    """The unique arrow ``0 → A``."""
    return Initial(as_object(a))


def pair(f: Arrow, g: Arrow) -> Arrow:
    """The pairing ``⟨f, g⟩``; law: ``⟨f, g⟩ ; π₁ = f`` and ``⟨f, g⟩ ; π₂ = g``, uniquely."""
    return Pair(f, g)


def fst(a: object, b: object) -> Arrow:
    """The first projection ``A × B → A``."""
    return Fst(as_object(a), as_object(b))


def snd(a: object, b: object) -> Arrow:
    """The second projection ``A × B → B``."""
    return Snd(as_object(a), as_object(b))


def inl(*args: Any) -> Any:
    """``inl(A, B)`` is the left injection ``A → A + B``; ``inl(x)`` injects a value inside a traced function."""
    return _injection(Inl, args)


def inr(*args: Any) -> Any:
    """``inr(A, B)`` is the right injection ``B → A + B``; ``inr(x)`` injects a value inside a traced function."""
    return _injection(Inr, args)


def _injection(former: type[Arrow], args: tuple[Any, ...]) -> Any:
    if len(args) == 2:
        return former(as_object(args[0]), as_object(args[1]))
    if len(args) == 1:
        from catcore.tracing import Injection

        return Injection(former, args[0])
    name = former.constructor
    raise IllTyped(
        f"{name} takes two objects, {name}(A, B), or one value inside a traced function; {len(args)} were given."
    )


def case(f: Arrow, g: Arrow) -> Arrow:
    """The copairing ``[f, g]``; law: ``ι₁ ; [f, g] = f`` and ``ι₂ ; [f, g] = g``, uniquely."""
    return Case(f, g)


def distribute(a: object, b: object, c: object) -> Arrow:
    """The isomorphism ``A × (B + C) → A × B + A × C``."""
    return Distribute(as_object(a), as_object(b), as_object(c))


def curry(f: Arrow) -> Arrow:
    """The transpose ``A → C^B`` of ``f : A × B → C``; law: ``(curry f × id) ; ev = f``, uniquely."""
    return Curry(f)


def ev(a: object, b: object) -> Arrow:
    """Evaluation ``B^A × A → B``."""
    return Ev(as_object(a), as_object(b))


def tensor(f: Arrow, g: Arrow) -> Arrow:
    """The monoidal product ``f ⊗ g``, also written ``f @ g``."""
    return Tensor(f, g)


def braid(a: object, b: object) -> Arrow:
    """The symmetry ``A ⊗ B → B ⊗ A``."""
    return Braid(as_object(a), as_object(b))


def finite_map(dom: object, cod: object, values: Any) -> Arrow:
    """The map of finite sets with the given table; see :class:`FiniteMap`.

    >>> print(finite_map(2, 2, [1, 0]))
    [1 0]
    """
    try:
        table = tuple(index(v) for v in values)
    except TypeError:
        raise IllTyped(
            f"finite_map from {dom} to {cod} takes a list of integers, the numbers of the images, and {values!r} was "
            "given."
        ) from None
    return FiniteMap(as_object(dom), as_object(cod), table)


def strength(symbol: Any, a: object, b: object) -> Arrow:
    """The strength ``A × T B → T(A × B)`` of an arbitrary strong functor, or of its symbol (THEORY T4.4)."""
    body = getattr(symbol, "body", None)
    return Strength(body.args[0] if isinstance(body, Applied) else symbol, as_object(a), as_object(b))


def fold(fixed: Ob, algebra: Arrow) -> Arrow:
    """The unique homomorphism from the initial algebra ``mu(F)`` to ``algebra : F(A) → A``."""
    return Fold(fixed, needed_arrow(algebra))


def unfold(fixed: Ob, coalgebra: Arrow) -> Arrow:
    """The unique homomorphism from ``coalgebra : A → F(A)`` to the terminal coalgebra ``nu(F)``."""
    return Unfold(fixed, needed_arrow(coalgebra))


def in_(fixed: Ob) -> Arrow:
    """The constructor ``F(μF) → μF``."""
    return In(fixed)


def out(fixed: Ob) -> Arrow:
    """The destructor ``νF → F(νF)``; for a least fixed point, the inverse of the constructor (Lambek)."""
    if isinstance(fixed, Mu):
        from catcore.functors import Functor

        return Fold(fixed, Functor(1, fixed.body).act(In(fixed)))
    return Out(fixed)


@lru_cache(maxsize=1024)
def is_out(f: Arrow) -> bool:
    """Whether a fold is the destructor of its fixed point, which by Lambek's lemma takes off one constructor."""
    return isinstance(f, Fold) and f is out(f.args[0])


def subterms(f: Arrow) -> Iterator[Arrow]:
    """The term itself and all terms inside it, outermost first and each one once."""
    todo, seen = [f], set[Arrow]()
    while todo:
        term = todo.pop()
        if term not in seen:
            seen.add(term)
            yield term
            todo += [arg for arg in reversed(term.args) if isinstance(arg, Arrow)]


def formers(f: Arrow) -> int:
    """How many term formers the term is written with; shared parts count as often as they occur."""
    counts: dict[Arrow, int] = {}
    for term in sorted_by_parts(f):
        counts[term] = 1 + sum(counts[arg] for arg in term.args if isinstance(arg, Arrow))
    return counts[f]


def nesting(f: Arrow) -> int:
    """How deeply terms are nested in a term; a composite of any length counts as one level."""
    depths: dict[Arrow, int] = {}
    for term in sorted_by_parts(f):
        depths[term] = 1 + max((depths[arg] for arg in term.args if isinstance(arg, Arrow)), default=0)
    return depths[f]


def sorted_by_parts(f: Arrow) -> Iterator[Arrow]:
    """The terms of :func:`subterms`, each after all its parts."""
    todo, done = [(f, False)], set[Arrow]()
    while todo:
        term, visited = todo.pop()
        if term in done:
            continue
        if visited:
            done.add(term)
            yield term
        else:
            todo.append((term, True))
            todo += [(arg, False) for arg in term.args if isinstance(arg, Arrow)]


def doctrines(f: Arrow) -> frozenset[str]:
    """The doctrines that the term uses.

    >>> sorted(doctrines(pair(ident(1), ident(1))))
    ['cartesian', 'category']
    """
    used = {term.doctrine for term in subterms(f)}
    for term in subterms(f):
        if isinstance(term, Action):
            used |= doctrines(term.expanded()) if not term.functor.symbols else set()
    return frozenset(used)
