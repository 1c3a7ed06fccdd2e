"""Autoregressive decoding: two coalgebras with one behaviour, with and without a cache (THEORY T4.8, T3.3).

A decoder that attends to all it has said is a coalgebra of Para(O × −).  Its states may be the *prefix*, a token and
the earlier ones, for which keys and values are computed anew at every step; or a *cache*, a token and the keys and
values of the earlier ones.  The map from prefix to cache, :meth:`Decoder.caching`, is a homomorphism of coalgebras, so
both give the same stream from corresponding states.

>>> decoder = arbitrary()
>>> print(decoder.prefix.signature)
X × (μY. 1 + X × Y) → X × (X × (μY. 1 + X × Y)) with parameter P
>>> [law.name for law in decoder.laws()]
['the cache follows the prefix']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catcore.arrows import Arrow, generator, ident, in_, inl, inr
from catcore.functors import Id
from catcore.laws import Law
from catcore.objects import Mu, Ob, R, atoms, mu, nu
from catcore.para.architectures.elements import on, plus
from catcore.para.architectures.recurrent import zeros
from catcore.para.cells import TwoCell
from catcore.para.lifts import Lift
from catcore.para.maps import ParaMap, parametric
from catcore.para.recursion import fold, unfold
from catcore.para.tying import tie
from catcore.tracing import trace


@dataclass(frozen=True)
class Decoder:
    """A decoder: what is remembered of a token, and what comes next.

    Args:
        remember: ``(P, X → M)``, the key and the value of a token.
        answer: ``(P, X × List(M) → X)``, the next token from the last one and from what is remembered of all, the last
            one first; attention to the keys is one.

    The two share their parameters P.
    """

    remember: ParaMap
    answer: ParaMap

    @property
    def tokens(self) -> Mu:
        """Lists of tokens."""
        return _lists(self.remember.dom)

    @property
    def memories(self) -> Mu:
        """Lists of what is remembered."""
        return _lists(self.remember.cod)

    @property
    def prefix(self) -> ParaMap:
        """The coalgebra ``X × List(X) → X × (X × List(X))`` that remembers tokens."""
        x, tokens = self.remember.dom, self.tokens
        recall = self._recall()

        @parametric(self.remember.whole, x * tokens, x * (x * tokens))
        def step(p: Any, state: Any) -> Any:
            whole = in_(tokens)(inr((state[0], state[1])))
            following = self.answer.arrow(p, (state[0], recall.arrow(p, whole)))
            return following, (following, whole)

        return step

    @property
    def cached(self) -> ParaMap:
        """The coalgebra ``X × List(M) → X × (X × List(M))`` that remembers keys and values."""
        x, memories = self.remember.dom, self.memories

        @parametric(self.remember.whole, x * memories, x * (x * memories))
        def step(p: Any, state: Any) -> Any:
            cache = in_(memories)(inr((self.remember.arrow(p, state[0]), state[1])))
            following = self.answer.arrow(p, (state[0], cache))
            return following, (following, cache)

        return step

    @property
    def caching(self) -> ParaMap:
        """The map from prefixes to caches, which remembers every token but the last."""
        x, recall = self.remember.dom, self._recall()

        @parametric(self.remember.whole, x * self.tokens, x * self.memories)
        def convert(p: Any, state: Any) -> Any:
            return state[0], recall.arrow(p, state[1])

        return convert

    def _recall(self) -> ParaMap:
        """``remember`` at every item of a list, with one copy of the parameters."""
        memories, x = self.memories, self.remember.dom

        @parametric(self.remember.whole, 1 + x * memories, memories)
        def layer(p: Any, t: Any) -> Any:
            return in_(memories)(t.case(inl=lambda _: inl(()), inr=lambda c: inr((self.remember.arrow(p, c[0]), c[1]))))

        return fold(self.tokens, layer)

    @property
    def homomorphism(self) -> TwoCell:
        """The square of :attr:`caching`, with all copies of the parameters tied by Δ: its two sides are equal."""
        outputs = Lift(self.remember.dom * Id)
        one = tie(self.prefix >> outputs(self.caching), [0, 0]).target
        other = tie(self.caching >> self.cached, [0, 0]).target
        return TwoCell(ident(self.remember.whole), one, other)

    def laws(self) -> tuple[Law, ...]:
        """The square of the homomorphism."""
        (law,) = self.homomorphism.laws()
        assert isinstance(law, Law)
        return (Law("the cache follows the prefix", law.lhs, law.rhs, law.given),)

    def same_streams(self) -> Law:
        """Both coalgebras unfold to one stream: ``unfold(prefix) = caching ; unfold(cached)`` at equal parameters."""
        streams = nu(self.remember.dom * Id)
        cached = tie(self.caching >> unfold(streams, self.cached), [0, 0]).target
        return Law("equal streams", unfold(streams, self.prefix).arrow, cached.arrow)


def _lists(items: Ob) -> Mu:
    return mu(lambda rest: 1 + items * rest)


def arbitrary() -> Decoder:
    """A decoder of arbitrary parts: laws about it hold for every decoder."""
    p, x, m = atoms("P X M")
    memories = _lists(m)
    remember: Arrow = generator("remember", p * x, m)
    return Decoder(ParaMap(p, remember), ParaMap(p, generator("answer", p * (x * memories), x)))


def attending(k: int, v: int) -> Arrow:
    """Attention of a query to a list of keys and values as a fold: ``ℝᵏ × List(ℝᵏ × ℝᵛ) → ℝᵛ``.

    The weighted sum and the sum of the weights grow together over the list, ``(n, d) ↦ (n + e^{q·k} v, d + e^{q·k})``;
    their quotient is ``softmax(q Kᵀ) V``.
    """
    memories, sums = _lists(R(k) * R(v)), R(v) * R()
    start = zeros(sums)

    @parametric(R(k), 1 + (R(k) * R(v)) * sums, sums)
    def add(query: Any, layer: Any) -> Any:
        def item(c: Any) -> Any:
            (key, value), (total, weights) = c
            weight = on("exp", on("sum", on("multiply", query, key)))
            return plus(total, on("scale", weight, value)), plus(weights, weight)

        return layer.case(inl=lambda _: start(()), inr=item)

    whole = fold(memories, add)

    def quotient(x: Any) -> Any:
        total, weights = whole.arrow(x[0], x[1])
        return on("divide", total, on("fill", weights, at=((v,),)))

    return trace(quotient, R(k) * memories, R(v))
