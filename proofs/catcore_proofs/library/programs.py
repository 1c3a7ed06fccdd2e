"""Free monads and programs with memory: interpretation is a bijection, and the laws of state (THEORY T2.7, T2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from catcore.arrows import generator
from catcore.datatypes.free import extension, free_monad, restriction
from catcore.datatypes.handlers import addressed_memory, memory, state_handler, state_laws
from catcore.functors import Functor, Id
from catcore.laws import Law
from catcore.objects import atoms
from catcore.structures.algebras import Algebra, Homomorphism
from catcore_proofs.library.theorem import Theorem

A, B, C, S, Z = atoms("A B C S Z")


def algebras_of_the_free_monad(layer: Functor) -> tuple[Law, ...]:
    """An algebra of the functor gives one of its free monad, comes back, and keeps its homomorphisms (CDL B.8)."""
    a, b = (Algebra(layer, generator(name, layer(x), x)) for name, x in (("a", A), ("b", B)))
    f = generator("f", A, B)
    respects = Law("f is a homomorphism", a.structure >> f, layer(f) >> b.structure)
    whole = extension(a)
    return (
        *whole.laws(),
        Law("there and back", restriction(layer, whole).structure, a.structure),
        *Homomorphism(whole, extension(b), f, (respects,)).laws(),
    )


def theorems() -> Iterator[Theorem]:
    """Free monads of functors with products and powers, and the state handler."""
    memories = {"programs with a memory": memory(S), "programs with addresses": addressed_memory(C, S)}
    for name, layer in {"lists": 1 + C * Id, "trees": C + Id * Id, **memories}.items():
        yield Theorem(f"free monad of {name}", "T2.7", partial(free_monad, layer))
        yield Theorem(f"algebras of the free monad of {name}", "T2.7", partial(algebras_of_the_free_monad, layer))
    yield Theorem("laws of state", "T2.8", lambda: state_laws(S, Z, state_handler(S, Z)))
