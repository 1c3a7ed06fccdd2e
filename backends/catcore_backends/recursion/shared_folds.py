"""Folds of parametric cells whose branches stand in data, such as the lists of a rose tree (THEORY T4.5).

A parametric fold is a fold into functions of the parameters.  Where a branch is a part of the layer, the emitter knows
each of these functions at the one element of the parameters that there is; inside data, functions have no arrays.  Such
a fold is written by its algebra ``a : P × F A → A`` instead, which sees data of values: as P is the same for all nodes,
this is the same map.

>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> from catcore.functors import functor
>>> from catcore.structures.lists import LIST
>>> A, P, S = atoms("A P S")
>>> rose = functor(lambda x: A * LIST(x))
>>> cell = generator("cell", P * rose(S), S)
>>> from catcore.datatypes.parametric import parametric_fold
>>> print(with_shared_folds(parametric_fold(Mu(rose.body), cell)))
⟨π₁, π₂⟩ ; fold(cell)
"""

from __future__ import annotations

from collections.abc import Sequence

from catcore.arrows import Arrow, Composite, Ev, Fold, Pair, compose, ident, pair, sorted_by_parts
from catcore.datatypes.monomials import monomials
from catcore.datatypes.parametric import shared_algebra
from catcore.errors import CatError, NotInterpreted
from catcore.functors import Functor
from catcore.learning.covectors import covectors
from catcore.learning.data import BackwardData
from catcore.learning.folds import BackwardFold
from catcore.objects import Exponential, Mu, Ob
from catcore.terms import factors
from catcore_backends.compiler.emitter import Emitter, rule
from catcore_backends.compiler.values import Both, Value


class SharedFold(Arrow):
    """The parametric fold ``P × μF → A`` of an algebra ``P × F A → A``; ``args`` are ``μF`` and the algebra."""

    __slots__ = ()
    constructor = "shared_fold"
    doctrine = "inductive"

    def _build(self) -> None:
        fixed, algebra = self.args
        self._type(algebra.dom.left * fixed, algebra.cod)

    @property
    def name(self) -> str:
        """How it is written."""
        return f"fold({self.args[1]})"


class SharedBackward(Arrow):
    """What the parameters of such a fold hear, or the labels, ``(P × μF) × A' → P'`` or ``(μF)'``.

    The arguments are the fold, its algebra as the term had it, in a tuple, and whether labels hear.
    """

    __slots__ = ()
    constructor = "shared_backward"
    doctrine = "inductive"

    def _build(self) -> None:
        of, _, labels = self.args
        parameters, fixed = of.dom.args
        self._type(of.dom * covectors(of.cod), covectors(fixed if labels else parameters))

    @property
    def carrier(self) -> Ob:
        """The object A."""
        found: Ob = self.args[0].cod
        return found

    @property
    def step(self) -> Arrow:
        """The algebra ``P × F A → A``."""
        found: Arrow = self.args[1][0]
        return found


def with_shared_folds(term: Arrow) -> Arrow:
    """The term with the parametric folds replaced whose branches stand in data, forwards and backwards."""
    parts = list(sorted_by_parts(term))
    if not any(_in_data(part) for part in parts):
        return term
    known: dict[Arrow, Arrow] = {}
    for part in parts:
        known[part] = _rewritten(part, known)
    return known[term]


def _in_data(part: Arrow) -> bool:
    if not isinstance(part, Fold) or not isinstance(part.args[0], Mu) or not isinstance(part.cod, Exponential):
        return False
    try:
        return any(kind.nested for kind in monomials(Functor(1, part.args[0].body)))
    except CatError:
        return False


def _shared(part: Arrow) -> SharedFold | None:
    """A fold into functions by the algebra that made it, where its branches stand in data."""
    algebra = shared_algebra(part) if isinstance(part, Fold) and _in_data(part) else None
    return None if algebra is None else SharedFold(part.args[0], with_shared_folds(algebra))


def _rewritten(term: Arrow, known: dict[Arrow, Arrow]) -> Arrow:
    """A term whose parts are known."""
    if isinstance(term, BackwardFold | BackwardData) and (of := _shared(term.args[0])) is not None:
        return SharedBackward(of, (term.step,), isinstance(term, BackwardData))
    if not isinstance(term, Composite):
        args = tuple(known.get(arg, arg) if isinstance(arg, Arrow) else arg for arg in term.args)
        return term if args == term.args else type(term)(*args)
    found: list[Arrow] = []
    left = list(term.args)
    while left:
        read = _read(left, known)
        found.append(known[left[0]] if read is None else read)
        del left[: 1 if read is None else 2]
    return compose(ident(term.dom), *found)


def _read(parts: Sequence[Arrow], known: dict[Arrow, Arrow]) -> Arrow | None:
    """``⟨d ; fold, p⟩ ; ev`` as ``⟨p, d⟩ ; h``, where the branches of the fold stand in data and h is shared."""
    match parts:
        case [Pair(args=(function, parameters)), Ev(), *_]:
            *data, last = factors(function) or (function,)
            of = _shared(last)
            if of is not None:
                return pair(known[parameters], compose(ident(function.dom), *(known[f] for f in data))) >> of
    return None


@rule(SharedFold)
def _shared_fold(emitter: Emitter, term: SharedFold, value: Both) -> Value:
    single = emitter.narrow(value.left)
    if single is None:
        raise NotInterpreted(
            f"Array code for a fold of {term.args[0]} was asked for, and its parameters differ from row to row. "
            "Compile the arrow with shared=True, and give one element of the parameters for the whole batch."
        )
    word = emitter.program.constant(("fold", term), ("fold", emitter.levels(term)), "f")
    (text, operands), (tree, names) = emitter.expression(single), emitter.expression(value.right)
    result = emitter.program.let(f"{word}({text}, {tree})", *operands, *names, remark="fold", pure=False)
    return emitter.read(term.cod, "{}", (result,))
