"""Programs that read and write memory, and their handlers (THEORY T2.8; Plotkin and Pretnar 2009).

A program over a memory of type S puts a value and goes on, or gets one and goes on with it: the signature is
``F(X) = S × X + X^S``, and programs with results in Z are its free monad.  A handler is an algebra of F: what the two
operations do.  The four laws of state are equations of the handler and not of the signature, so they hold for
:func:`state_handler` and fail for :func:`logging_handler`, which keeps everything that was ever put.

>>> from catcore.objects import atoms
>>> S, Z = atoms("S Z")
>>> print(memory(S))
S × Id + Id^S
>>> [law.name for law in state_laws(S, Z, state_handler(S, Z))]
['put put', 'put get', 'get put', 'get get']
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.arrows import Arrow, in_, inl, inr
from catcore.datatypes.free import free_monad, interpretation, operation
from catcore.functors import Functor, Id
from catcore.laws import Law
from catcore.objects import Ob, as_object
from catcore.structures.algebras import Algebra
from catcore.structures.lists import LIST
from catcore.tracing import pointwise, trace


def memory(s: object) -> Functor:
    """The signature of a memory of type S: ``put`` and ``get``, ``F(X) = S × X + X^S``."""
    layer: Functor = as_object(s) * Id + Id ** as_object(s)
    return layer


def addressed_memory(addresses: object, values: object) -> Functor:
    """The signature of a memory with addresses: ``F(X) = Addr × Val × X + Addr × X^Val``."""
    at, v = as_object(addresses), as_object(values)
    layer: Functor = at * v * Id + at * Id**v
    return layer


def state_handler(s: Ob, z: Ob) -> tuple[Algebra, Arrow]:
    """The standard handler on ``(Z × S)^S``, from a memory to a result and a memory; and what a result does there."""
    carrier = (z * s) ** s
    algebra = Algebra(
        memory(s),
        pointwise(
            lambda op: op.case(
                inl=lambda put: lambda _: put[1](put[0]),
                inr=lambda get: lambda now: get(now)(now),
            )
        ),
        carrier,
    )
    return algebra, trace(lambda result: lambda now: (result, now), z, carrier)


def logging_handler(s: Ob, z: Ob) -> tuple[Algebra, Arrow]:
    """The handler on ``(List S × Z)^S`` that also lists everything that is put, in order; it breaks put after put."""
    logs = LIST(s)
    carrier = (logs * z) ** s

    def put(pair: Any) -> Callable[[Any], Any]:
        def run(_: Any) -> Any:
            rest = pair[1](pair[0])
            return in_(logs)(inr((pair[0], rest[0]))), rest[1]

        return run

    algebra = Algebra(
        memory(s), pointwise(lambda op: op.case(inl=put, inr=lambda get: lambda now: get(now)(now))), carrier
    )
    return algebra, trace(lambda result: lambda _: (in_(logs)(inl(())), result), z, carrier)


def state_laws(s: Ob, z: Ob, handler: tuple[Algebra, Arrow]) -> tuple[Law, ...]:
    """The four laws of state, each between two programs with an arbitrary continuation, under a handler (Plotkin and
    Power 2002): put t after put s is put t; get after put s gives s; putting what was got does nothing; two gets
    agree."""
    algebra, result = handler
    layer = memory(s)
    programs = free_monad(layer)(z)
    run, make = interpretation(algebra, result), operation(layer, z)

    def put(value: Any, rest: Any) -> Any:
        return make(inl((value, rest)))

    def get(rest: Callable[[Any], Any]) -> Any:
        return make(inr(rest))

    reading, twice = programs**s, programs ** (s * s)

    def law(name: str, dom: Ob, lhs: Callable[[Any], Any], rhs: Callable[[Any], Any]) -> Law:
        return Law(name, trace(lhs, dom, programs) >> run, trace(rhs, dom, programs) >> run)

    return (
        law("put put", s * (s * programs), lambda x: put(x[0], put(x[1][0], x[1][1])), lambda x: put(x[1][0], x[1][1])),
        law("put get", s * reading, lambda x: put(x[0], get(lambda now: x[1](now))), lambda x: put(x[0], x[1](x[0]))),
        law("get put", programs, lambda k: get(lambda now: put(now, k)), lambda k: k),
        law(
            "get get",
            twice,
            lambda k: get(lambda a: get(lambda b: k((a, b)))),
            lambda k: get(lambda a: k((a, a))),
        ),
    )


__all__ = ["addressed_memory", "logging_handler", "memory", "state_handler", "state_laws"]
