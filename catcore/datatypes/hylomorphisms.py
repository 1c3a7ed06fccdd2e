"""Hylomorphisms: coalgebra-to-algebra morphisms, the shape of dynamic programming (THEORY T3.4).

Given ``c : S → F S`` and ``a : F A → A``, a map ``h : S → A`` with ``h = c ; F h ; a`` unfolds a state into the states
of its subproblems and puts their answers together.  The coalgebra is *recursive* if every algebra has exactly one such
map; on the states reached from a given one it is as soon as no state leads back to itself.  The states and what they
lead to form a graph; each state is answered once, so shared subproblems cost nothing (memoisation changes no value).
With ``in`` for the algebra the answer is the *plan*, the tree of all subproblems, and folding it is the execution.

>>> from catcore.arrows import generator, doctrines
>>> from catcore.functors import Id
>>> from catcore.objects import atoms
>>> N, = atoms("N")
>>> F = N + Id * Id
>>> fib = hylo(F, generator("add", N + N * N, N), generator("split", N, N + N * N))
>>> print(fib.signature)
hylo(add, split) : N → N
"""

from __future__ import annotations

import itertools as it
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import Any

from catcore.arrows import Arrow, fold, generator, in_
from catcore.categories.finite_sets import Graph, shown
from catcore.datatypes.data import mapped, spine, stored
from catcore.datatypes.shapes import varies
from catcore.errors import CatError, IllTyped, NotRecursive
from catcore.functors import Functor
from catcore.functors import functor as read_functor
from catcore.laws import Law
from catcore.objects import Bound, Coproduct, Exponential, FinSet, Mu, Ob, Product, Tensor
from catcore.terms import needed_arrow


class Hylo(Arrow):
    """The coalgebra-to-algebra morphism ``S → A``; ``args`` are the functor, the algebra and the coalgebra."""

    __slots__ = ()
    constructor = "hylo"
    doctrine = "inductive"

    def _build(self) -> None:
        functor, algebra, coalgebra = self.args
        for word, given, layer, carrier in (
            ("an algebra F(A) → A", algebra, algebra.dom, algebra.cod),
            ("a coalgebra S → F(S)", coalgebra, coalgebra.cod, coalgebra.dom),
        ):
            if functor(carrier) is not layer:
                raise IllTyped(
                    f"hylo over F = {functor} takes {word}, and {given.signature} was given: with the carrier "
                    f"{carrier} one layer is {functor(carrier)}, and {layer} was found."
                )
        self._type(coalgebra.dom, algebra.cod)

    @property
    def functor(self) -> Functor:
        """The functor F."""
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def algebra(self) -> Arrow:
        """What puts answers together."""
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def coalgebra(self) -> Arrow:
        """What unfolds states."""
        return self.args[2]  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        """How it is written."""
        return f"hylo({self.algebra}, {self.coalgebra})"

    @property
    def equation(self) -> Law:
        """``h = c ; F h ; a``, which determines h when c is recursive."""
        return Law("hylo", self, self.coalgebra >> self.functor(self) >> self.algebra)

    @property
    def plan(self) -> Hylo:
        """The same with the constructor for the algebra: a state gives the tree of its subproblems, in ``μF``.

        The coalgebra is recursive if there is such a map p with ``p = c ; F p ; in``; then ``h = p ; fold a``.
        """
        return Hylo(self.functor, in_(Mu(self.functor.body)), self.coalgebra)

    @property
    def executed(self) -> Arrow:
        """The plan, and then its execution: ``p ; fold a``, which is the hylomorphism where there is a plan."""
        return self.plan >> fold(self.plan.cod, self.algebra)

    @property
    def recursive(self) -> Law:
        """The hypothesis that the coalgebra is recursive, said of its plan."""
        return replace(self.plan.equation, name=f"{self.coalgebra} is recursive")


def hylo(functor: Any, algebra: Arrow, coalgebra: Arrow) -> Hylo:
    """The coalgebra-to-algebra morphism of ``coalgebra : S → F S`` and ``algebra : F A → A``.

    Raises:
        IllTyped: when one of the two does not have its type.
    """
    return Hylo(read_functor(functor), needed_arrow(algebra), needed_arrow(coalgebra))


def planned(law: Law) -> Law:
    """The law under the hypotheses that the coalgebras of the hylomorphisms in it are recursive."""
    found = [h for h in law.parts() if isinstance(h, Hylo)]
    equations = {(h.lhs, h.rhs) for h in law.given}
    plans = dict.fromkeys(h.recursive for h in found)
    return law.under(plan for plan in plans if (plan.lhs, plan.rhs) not in equations)


def says_recursive(law: Law) -> bool:
    """Whether a law is the hypothesis that some coalgebra is recursive."""
    return isinstance(law.lhs, Hylo) and (law.lhs.recursive.lhs, law.lhs.recursive.rhs) == (law.lhs, law.rhs)


def rounds(h: Hylo, model: Any) -> int | None:
    """How long it takes until all states of a finite set have their answers; None where some state never has.

    Args:
        h: the hylomorphism.
        model: what its coalgebra is (:class:`catcore.categories.finite_sets.FiniteModel`).
    """
    xp, states, reached = model.namespace, model.elements(h.dom), generator(f"reached[{h.name}]", h.dom, FinSet(2))
    asked = h.coalgebra >> h.functor(reached)
    everywhere = model.extended({reached: states * 0 + 1}).apply(asked, states)
    found = states * 0
    for number in it.count():
        if bool(xp.all(found == 1)):
            return number
        more = model.extended({reached: found}).apply(asked, states) == everywhere
        if bool(xp.all(more == (found == 1))):
            return None
        found = xp.where(more, states * 0 + 1, states * 0)
    raise AssertionError


def table(h: Hylo, model: Any) -> Any:
    """The values of a hylomorphism at all elements of a finite set; arguments as for :func:`rounds`.

    Raises:
        NotRecursive: when some state leads back to itself.
    """
    count, states, answer = rounds(h, model), model.elements(h.dom), generator(f"answer[{h.name}]", h.dom, h.cod)
    if count is None:
        raise NotRecursive(f"The answers of {h} were asked for, and some state of {h.coalgebra} leads back to itself.")
    values = states * 0
    for _ in range(count):
        values = model.extended({answer: values}).apply(h.coalgebra >> h.functor(answer) >> h.algebra, states)
    return values


def answers(h: Hylo, algebra: Callable[[Any], Any], coalgebra: Callable[[Any], Any], start: Hashable) -> dict[Any, Any]:
    """The answers of all states reached from one, the two structure maps being Python functions on layers.

    Each state is asked once, and answered after those it leads to.

    Raises:
        NotRecursive: when a state leads back to itself, with the states on the way.
        IllTyped: when a state cannot be hashed, or what the coalgebra gives is no layer.
    """
    body, carriers = h.functor.body, (h.cod,)

    def ask(state: Any) -> tuple[Any, list[Any]]:
        given = coalgebra(state)
        try:
            layer = stored(h.coalgebra.cod, given)
            return layer, list(states(body, layer))
        except CatError:
            raise
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            raise IllTyped(
                f"The coalgebra was to give an element of {h.coalgebra.cod} at the state {shown(state)[:80]}, and it "
                f"gave {shown(given)[:80]}."
            ) from error

    def answer(layer: Any, found: dict[Any, Any]) -> Any:
        return algebra(mapped(body, found.__getitem__, layer, carriers))

    return memoised(start, ask, answer)


def memoised(
    start: Hashable, ask: Callable[[Any], tuple[Any, list[Any]]], answer: Callable[[Any, dict[Any, Any]], Any]
) -> dict[Any, Any]:
    """The answers of all states reached from one, each asked once and answered after those it leads to.

    Args:
        start: the state.
        ask: from a state to its layer, and the states in the layer.
        answer: from a layer and the answers known so far, those of its states among them, to the answer.

    Raises:
        NotRecursive: when a state leads back to itself, with the states on the way.
        IllTyped: when a state cannot be hashed.
    """
    found: dict[Any, Any] = {}
    layers: dict[Any, Any] = {}  # of the states being answered, in order
    todo: list[tuple[Any, bool]] = [(_hashable(start), False)]
    while todo:
        state, visited = todo.pop()
        if state in found:
            continue
        if visited:
            found[state] = answer(layers.pop(state), found)
            continue
        if state in layers:
            raise NotRecursive(_cycle(state, list(layers)))
        layers[state], below = ask(state)
        todo.append((state, True))
        todo += [(_hashable(s), False) for s in reversed(below)]
    return found


def _hashable(state: Any) -> Any:
    try:
        hash(state)
    except TypeError:
        raise IllTyped(
            f"A recursion over states was asked for, and the state {shown(state)[:80]} has no hash, so it cannot be "
            "recognised when it comes again. Make states of numbers, texts and tuples."
        ) from None
    return state


def _cycle(state: Any, path: list[Any]) -> str:
    way = [*path[path.index(state) :], state]
    steps = " → ".join(shown(s) if s != ... else "…" for s in (way if len(way) <= 12 else [*way[:6], ..., *way[-5:]]))
    return (
        f"A recursion over states was asked for, and the coalgebra is not recursive: {steps} leads back to itself. Add "
        "what decreases to the state, such as the number of steps left."
    )


def states(body: Ob, layer: Any, depth: int = 0) -> Iterator[Any]:
    """The states in a layer, left to right: what stands at the places of the functor's variable."""
    if not varies(body, depth):
        return
    match body:
        case Bound():
            yield layer
        case Product() | Tensor():
            yield from states(body.left, layer[0], depth)
            yield from states(body.right, layer[1], depth)
        case Coproduct():
            yield from states(body.left if layer.side == "inl" else body.right, layer.value, depth)
        case Exponential() if isinstance(layer, Graph):
            for _, value in layer.pairs:
                yield from states(body.base, value, depth)
        case Mu():
            for node in reversed(spine(layer)):
                yield from states(body.body, node.layer, depth + 1)
        case _:
            raise IllTyped(f"The states in a layer were asked for, and {body} may hold infinitely many.")
