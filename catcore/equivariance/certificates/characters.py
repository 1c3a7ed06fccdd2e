"""Characters by construction: the trace of a sum, product, power or dual from the traces of what it is made of.

A representation is a tree of constructions over leaves.  With ``χ_j = χ(gʲ)`` of every leaf, the character of the whole
follows: χ(ρ⊕τ) = χ(ρ)+χ(τ), χ(ρ⊗τ) = χ(ρ)χ(τ), χ(ρ*)(g) = χ(ρ)(g⁻¹), and Newton's identities for symmetric and
exterior powers, ``k h_k = Σ p_j h_{k-j}`` with ``p_j = χ(gʲ)`` (Fulton and Harris, *Representation Theory*, §2.1).  No
matrix of the whole is ever formed, so that characters cost the same for any tensor power.

Values may be integers, residues, or Laurent polynomials of weights: anything that adds, multiplies and divides by k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catcore.equivariance.representations.representation import Representation

Trace = Callable[[Representation, int], Any]  # the trace of the j-th power of the element on a leaf
INNER = {"+", "@", "*", "tensor", "sym", "alt", "dual"}


def leaves(rho: Representation) -> Iterator[Representation]:
    """What a representation is made of, repetitions included; trivial summands have nothing to tell."""
    kind, *parts = rho.construction
    if kind in INNER:
        for part in parts:
            if isinstance(part, Representation):
                yield from leaves(part)
    elif kind != "trivial":
        yield rho


def with_small_leaves(rho: Representation) -> Representation:
    """The same representation, with restrictions carried out on what it is made of: ``φ*(ρ ⊗ τ) = φ*ρ ⊗ φ*τ``."""
    kind, *parts = rho.construction
    if kind in INNER:
        return _made(kind, [with_small_leaves(p) if isinstance(p, Representation) else p for p in parts])
    if kind == "restrict" and (inner := parts[1].construction)[0] in INNER:
        along, (of, *rest) = parts[0], inner
        return _made(of, [with_small_leaves(p.restrict(along)) if isinstance(p, Representation) else p for p in rest])
    return rho


def _made(kind: str, parts: list[Any]) -> Representation:
    """The sum, product or power of this kind."""
    made: Representation
    if kind in ("+", "@"):
        made = parts[0] + parts[1] if kind == "+" else parts[0] @ parts[1]
    elif kind == "*":
        made = parts[0] * parts[1]
    elif kind == "dual":
        made = parts[0].dual
    else:
        made = getattr(parts[1], kind)(parts[0])
    return made


def degree_in_leaves(rho: Representation) -> int:
    """The degree of the character as a polynomial in the eigenvalues of its leaves."""
    kind, *parts = rho.construction
    if kind == "trivial":
        return 0
    if kind in ("tensor", "sym", "alt"):
        return int(parts[0]) * degree_in_leaves(parts[1])
    inner = [degree_in_leaves(p) for p in parts if isinstance(p, Representation)] if kind in INNER else [1]
    return sum(inner) if kind == "@" else max(inner)


@dataclass(frozen=True)
class Arithmetic:
    """Where characters take their values: what an integer is there, and how to divide by a small one."""

    of: Callable[[int], Any] = int
    divide: Callable[[Any, int], Any] = lambda x, k: x // k


INTEGERS = Arithmetic()


def character(rho: Representation, trace: Trace, values: Arithmetic = INTEGERS, j: int = 1) -> Any:
    """The trace of the j-th power of an element on ρ, from its traces on the leaves; j may be negative."""
    kind, *parts = rho.construction
    if kind == "trivial":
        return values.of(rho.degree)
    if kind == "+":
        return character(parts[0], trace, values, j) + character(parts[1], trace, values, j)
    if kind == "@":
        return character(parts[0], trace, values, j) * character(parts[1], trace, values, j)
    if kind == "*":
        return values.of(parts[0]) * character(parts[1], trace, values, j)
    if kind == "dual":
        return character(parts[0], trace, values, -j)
    if kind == "tensor":
        return _power(character(parts[1], trace, values, j), parts[0], values)
    if kind in ("sym", "alt"):
        return _newton(parts[1], parts[0], trace, values, j, -1 if kind == "alt" else 1)
    return trace(rho, j)


def _power(x: Any, k: int, values: Arithmetic) -> Any:
    result = values.of(1)
    for _ in range(k):
        result = result * x
    return result


def _newton(rho: Representation, k: int, trace: Trace, values: Arithmetic, j: int, sign: int) -> Any:
    """Newton's identities: complete symmetric functions of the eigenvalues for sign 1, elementary ones for -1."""
    p = [character(rho, trace, values, j * i) for i in range(1, k + 1)]
    h = [values.of(1)]
    for m in range(1, k + 1):
        total = values.of(0)
        for i in range(1, m + 1):
            total = total + values.of(sign ** (i - 1)) * p[i - 1] * h[m - i]
        h.append(values.divide(total, m))
    return h[k]
