"""Decoding with prefix and with cache: a homomorphism of coalgebras, and equal streams (T4.8, T3.3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from catcore import ParaMap, R, TwoCell, atoms, generator, nu, unfold
from catcore.categories import PythonValues
from catcore.categories.finite_sets import Injected
from catcore.datatypes import datatype
from catcore.datatypes.data import Data
from catcore.functors import Id
from catcore.laws import Law
from catcore.para import parametric, tie
from catcore.para.architectures.autoregressive import Decoder, arbitrary, attending
from catcore_backends import compile_arrow
from catcore_proofs import prove, verify

P, X, M = atoms("P X M")


def test_t4_8_the_cache_follows_the_prefix():
    verdict = verify(arbitrary())["the cache follows the prefix"]
    assert verdict.evidence == "proved"
    assert verdict.certificate


def test_t3_3_both_give_one_stream():
    verdict = prove(arbitrary().same_streams())
    assert verdict.evidence == "proved"
    assert verdict.certificate


def test_a_cache_that_forgets_the_last_token_is_refused():
    decoder = arbitrary()
    memories = decoder.memories

    @parametric(P, X * memories, X * (X * memories))
    def stale(p, state):
        following = decoder.answer.arrow(p, (state[0], state[1]))
        return following, (following, state[1])

    square = decoder.homomorphism
    wrong = tie(decoder.caching >> stale, [0, 0]).target
    assert verify(TwoCell(square.r, square.source, wrong)).status != "holds"
    streams = tie(decoder.caching >> unfold(nu(X * Id), stale), [0, 0]).target
    assert prove(Law("stale", unfold(nu(X * Id), decoder.prefix).arrow, streams.arrow)).status != "holds"


def test_streams_of_numbers_are_equal_and_the_cache_computes_less():
    calls = []
    decoder = Decoder(
        ParaMap(P, generator("remember", P * X, M)),
        ParaMap(P, generator("answer", P * (X * arbitrary().memories), X)),
    )

    def remember(x):
        calls.append(x[1])
        return x[0] * x[1] % 101

    def answer(x):
        total, rest = x[1][0], x[1][1]
        while rest.layer.side == "inr":
            total, rest = total + rest.layer.value[0], rest.layer.value[1]
        return (x[0] * total + 1) % 101

    values = PythonValues({decoder.remember.arrow: remember, decoder.answer.arrow: answer})
    outputs, costs = [], []
    for machine, kind in ((decoder.prefix, decoder.tokens), (decoder.cached, decoder.memories)):
        state, said, before = (5, Data(kind, Injected("inl", ()))), [], len(calls)
        for _ in range(12):
            token, state = values.apply(machine.arrow, (7, state))
            said.append(token)
        outputs.append(said)
        costs.append(len(calls) - before)
    assert outputs[0] == outputs[1]
    assert len(set(outputs[0])) > 5
    # a prefix of n tokens is remembered anew, so n (n + 1) / 2 times in all; a cache remembers each token once
    assert costs[0] % (12 * 13 // 2) == 0
    assert costs[1] % 12 == 0
    assert costs[0] > 4 * costs[1]


@pytest.mark.usefixtures("everywhere")
@pytest.mark.parametrize("count", [1, 5])
def test_attention_is_a_fold(count):
    rng = np.random.default_rng(0)
    pairs = datatype(1 + (R(3) * R(2)) * Id, "Nil", "Cons")
    keys, values, query = rng.normal(size=(count, 3)), rng.normal(size=(count, 2)), rng.normal(size=3)
    run = compile_arrow(ParaMap(R(3), attending(3, 2)))
    found = run(query, [pairs.list_of(list(zip(keys, values, strict=True)))])
    weights = np.exp(keys @ query)
    assert np.allclose(found[0], weights @ values / weights.sum())


def test_decoders_are_values():
    assert replace(arbitrary()) == arbitrary()
