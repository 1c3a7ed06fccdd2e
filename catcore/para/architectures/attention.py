"""Attention and transformers: attention itself has no parameters (THEORY T4.8, T1.14; Gavranović 7.17).

``Attend(Q, K, V) = softmax(Q Kᵀ / √k) V`` is an arrow without parameters; what is learned are the linear maps before
and after it.  With a causal mask, the first tokens of the result do not depend on later ones at all.

>>> attention(5, 5, 4, 3).params
()
>>> transformer_block(5, 8, heads=2).count() == 12 * 8**2
True
>>> gpt2 = language_model(layers=24, width=1024, heads=16, vocabulary=50257, context=1024)
>>> gpt2.count()
354501632
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import ident
from catcore.categories.smooth import smooth
from catcore.errors import ShapeMismatch
from catcore.objects import R
from catcore.para.architectures.elements import on, plus, shape_of, slices
from catcore.para.combinators import fork
from catcore.para.maps import ParaMap, parametric
from catcore.para.tying import tie


def attention(queries: int, tokens: int, k: int, v: int, *, causal: bool = False) -> ParaMap:
    """``softmax(Q Kᵀ / √k) V`` from queries, keys and values, ``ℝ^{q×k} × (ℝ^{s×k} × ℝ^{s×v}) → ℝ^{q×v}``.

    Args:
        queries: how many queries.
        tokens: how many keys and values.
        k: the width of queries and keys.
        v: the width of values.
        causal: whether query number i sees the keys 0 … i only.
    """

    @parametric((), R(queries, k) * (R(tokens, k) * R(tokens, v)), R(queries, v))
    def attend(x: Any) -> Any:
        q, (keys, values) = x
        return attended(q, keys, values, causal=causal)

    return attend


def attended(q: Any, keys: Any, values: Any, *, causal: bool) -> Any:
    """Attention on elements."""
    k = shape_of(q).args[1]
    scores = on("times", on("matmul", q, on("permute_dims", keys, at=((1, 0),))), at=(f"sqrt({k})/{k}" if k else "1",))
    return on("matmul", on("softmax", on("masked", scores) if causal else scores), values)


def self_attention(tokens: int, width: int, *, heads: int = 1, causal: bool = False) -> ParaMap:
    """``X ↦ [head₁, …] W_O`` with ``head = Attend(X W_Q, X W_K, X W_V)``; 4 d² parameters (Vaswani et al. 2017).

    Raises:
        ShapeMismatch: when the heads do not divide the width.
    """
    if heads < 1 or width % heads:
        raise ShapeMismatch(f"A width of {width} should be cut into {heads} heads of equal width, and it cannot be.")
    d = width

    @parametric((R(d, d),) * 4, R(tokens, d), R(tokens, d))
    def layer(w_q: Any, w_k: Any, w_v: Any, w_o: Any, x: Any) -> Any:
        q, k, v = (slices(on("matmul", x, w), heads, axis=1) for w in (w_q, w_k, w_v))
        found = [attended(*head, causal=causal) for head in zip(q, k, v, strict=True)]
        joined = found[0]
        for head in found[1:]:
            joined = on("concat", joined, head, at=(1,))
        return on("matmul", joined, w_o)

    return layer


def tokenwise(tokens: int, *widths: int, sigma: str = "relu") -> ParaMap:
    """The same two linear maps for every token, with an activation between: ``X ↦ σ(X W) V``; no biases."""
    n, hidden, m = widths

    @parametric((R(n, hidden), R(hidden, m)), R(tokens, n), R(tokens, m))
    def layer(w: Any, v: Any, x: Any) -> Any:
        return on("matmul", on(sigma, on("matmul", x, w)), v)

    return layer


def normalised(tokens: int, width: int) -> ParaMap:
    """Each token brought to mean 0 and variance 1, without parameters (Ba, Kiros and Hinton 2016)."""

    @parametric((), R(tokens, width), R(tokens, width))
    def layer(x: Any) -> Any:
        def mean(y: Any) -> Any:
            return on("repeat", on("times", on("sum", y, at=(1,)), at=(f"1/{max(width, 1)}",)), at=(1, width))

        centred = on("subtract", x, mean(x))
        spread = on("sqrt", on("shift", mean(on("square", centred)), at=("1/100000",)))
        return on("divide", centred, spread)

    return layer


def residual(f: ParaMap) -> ParaMap:
    """``x ↦ x + f(x)``."""
    return fork(ParaMap((), ident(f.dom)), f) >> smooth("add", f.dom * f.dom)


def transformer_block(tokens: int, width: int, *, heads: int = 1, causal: bool = True, sigma: str = "relu") -> ParaMap:
    """``x + attention``, then ``x + two token-wise layers`` of width 4 d, each normalised before; 12 d² parameters."""
    norm = normalised(tokens, width)
    attend = residual(norm >> self_attention(tokens, width, heads=heads, causal=causal))
    return attend >> residual(norm >> tokenwise(tokens, width, 4 * width, width, sigma=sigma))


def language_model(
    *, layers: int, width: int, heads: int, vocabulary: int, context: int, tokens: int | None = None
) -> ParaMap:
    """A decoder-only transformer: tokens in one-hot rows to scores of the next token; 12 L d² + (V + C) d parameters.

    The embedding is tied: the scores are read with the weights that embed (Press and Wolf 2017), by a reparametrisation
    along Δ.  ``tokens`` is how many there are in the input, by default as many as the context holds.
    """
    t, d = tokens or context, width
    network = _embedding(t, d, vocabulary, context)
    block = transformer_block(t, d, heads=heads)
    for _ in range(layers):
        network = network >> block
    whole = network >> _reading(t, d, vocabulary)
    places = len(whole.params)
    # the reading comes last, so its weights are first; the embedding's are first of the first layer, so last but one
    pattern = [0, *range(1, places - 2), 0, places - 2]
    return tie(whole, pattern).target  # type: ignore[no-any-return]


def _embedding(tokens: int, width: int, vocabulary: int, context: int) -> ParaMap:
    @parametric((R(vocabulary, width), R(context, width)), R(tokens, vocabulary), R(tokens, width))
    def embed(words: Any, places: Any, x: Any) -> Any:
        return plus(on("matmul", x, words), on("narrow", places, at=(0, 0, tokens)))

    return embed


def _reading(tokens: int, width: int, vocabulary: int) -> ParaMap:
    @parametric(R(vocabulary, width), R(tokens, width), R(tokens, vocabulary))
    def read(words: Any, x: Any) -> Any:
        return on("matmul", x, on("permute_dims", words, at=((1, 0),)))

    return read
