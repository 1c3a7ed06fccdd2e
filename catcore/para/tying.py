"""Weight tying is reparametrisation (THEORY T4.3; CDL §3.1).

To tie the weights of a parametric map is to pull it back along an arrow ``r : P' → P``: along the diagonal, so that
several places share one parameter; along a permutation or a projection; or along a linear map ``θ ↦ Σ θ_k B_k`` onto
the solutions of an equivariance constraint, so that a dense matrix becomes a convolution.  The result of :func:`tie` is
the 2-cell; its target is the tied map and its ``counts()`` say what was saved.

>>> from catcore.arrows import generator
>>> from catcore.categories.smooth import smooth
>>> from catcore.equivariance import Representation, cyclic, equivariant_maps
>>> from catcore.objects import R, atoms
>>> from catcore.para.maps import ParaMap, parametric
>>> P, A = atoms("P A")
>>> f = ParaMap(P, generator("f", P * A, A))
>>> tie(f >> f, [0, 0]).target.params                  # one copy of P for both places
(Atom('P'),)

The same operation ties a dense layer of four pixels to a circular convolution (T1.12 b):

>>> dense = ParaMap(R(4, 4), smooth("matmul", R(4, 4) * R(4)))
>>> turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
>>> convolution = tie(dense, equivariant_maps(turn, turn))
>>> print(convolution.target.signature, convolution.counts())
ℝ[4] → ℝ[4] with parameter ℝ[4] (16, 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catcore.arrows import Arrow, ident
from catcore.categories.class_sums import class_stages, class_sums
from catcore.categories.smooth import Operation, Primitive, register
from catcore.errors import IllTyped, ShapeMismatch
from catcore.objects import Ob, R
from catcore.para.actegories import Params
from catcore.para.cells import TwoCell
from catcore.para.maps import ParaMap, needed

if TYPE_CHECKING:
    from catcore.equivariance import HomSpace


def tie(f: ParaMap, how: Any, *, at: int | None = None) -> TwoCell:
    """The 2-cell that ties the parameters of a map.

    Args:
        f: the map.
        how: a pattern, an arrow, or a hom space.  A pattern has one number for each parameter of f, that of the new
            parameter to use there: ``[0, 0]`` is Δ, ``[1, 0]`` a permutation, ``[0, 1, 0]`` ties first and last.
            An arrow ``r : P' → P`` leads from the new parameters to the old ones.  A hom space stands for
            ``θ ↦ Σ θ_k B_k``.
        at: the place of the one parameter that an arrow or a hom space is for; all of them when left out.

    Raises:
        IllTyped: when a pattern ties parameters of different types, or an arrow does not end at the old parameters.
        ShapeMismatch: when a hom space and the parameter differ in shape.
    """
    f = needed(f)
    if isinstance(how, Arrow):
        return _along(f, how, at)
    if isinstance(how, Sequence) and not isinstance(how, str):
        return _by_pattern(f, how)
    if hasattr(how, "rho_in"):
        return _along(f, combination(how), _place(f, how) if at is None else at)
    raise IllTyped(f"tie takes a pattern such as [0, 0], an arrow of parameters or a hom space, and {how!r} was given.")


def _by_pattern(f: ParaMap, pattern: Sequence[Any]) -> TwoCell:
    if len(pattern) != len(f.params) or not all(type(i) is int and i >= 0 for i in pattern):
        raise IllTyped(
            f"A tying pattern for the parameters {f.actegory.written(f.params)} is a list of {len(f.params)} numbers ≥ "
            f"0, and {list(pattern)} was given."
        )
    found: dict[int, Any] = {}
    for place, i in enumerate(pattern):
        if found.setdefault(i, f.params[place]) != f.params[place]:
            raise IllTyped(
                f"The pattern {list(pattern)} uses one parameter at places of types {found[i]} and {f.params[place]}; "
                "only places of one type can share it."
            )
    if sorted(found) != list(range(len(found))):
        raise IllTyped(f"The pattern {list(pattern)} numbers the new parameters with gaps; use 0 … {len(found) - 1}.")
    new = tuple(found[i] for i in range(len(found)))
    return TwoCell(f.actegory.shuffle(new, pattern), f, new)


def _along(f: ParaMap, r: Arrow, at: int | None) -> TwoCell:
    if at is None:
        return TwoCell(r, f, r.dom)
    if type(at) is not int or not 0 <= at < len(f.params):
        raise IllTyped(f"Parameter number {at!r} was to be tied, and {f.signature} has {len(f.params)} of them.")
    old = f.params
    new = (*old[:at], r.dom, *old[at + 1 :])
    return TwoCell(_at_place(f, r, at, new), f, new)


def _at_place(f: ParaMap, r: Arrow, at: int, new: Params) -> Any:
    """``id ⊗ r ⊗ id``."""
    of, old = f.actegory, f.params
    if r.cod is not old[at]:
        raise IllTyped(
            f"Parameter number {at} is {old[at]}, and the arrow {r.dom} → {r.cod} was given to tie it; it must end at "
            f"{old[at]}."
        )
    before, after = old[:at], old[at + 1 :]
    right = of.tensor(r, ident(of.whole(after)), ((r.dom,), (r.cod,), after, after))
    return of.tensor(ident(of.whole(before)), right, (before, before, new[at:], old[at:]))


def _place(f: ParaMap, space: HomSpace) -> int:
    """The place of the one parameter of the shape of a hom space."""
    found = [i for i, p in enumerate(f.params) if p is R(*space.shape)]
    if len(found) != 1:
        raise ShapeMismatch(
            f"A hom space of shape {space.shape} ties a parameter R{space.shape}, and {f.signature} has "
            f"{len(found) or 'none'} of that shape. Say which one with at=, or give another space."
        )
    return found[0]


def copies(params: Any, count: int) -> Arrow:
    """The diagonal ``Δ : P → P ⊗ … ⊗ P``, for two copies the comultiplication of the only comonoid on a set (T4.7)."""
    from catcore.para.actegories import CARTESIAN

    given = CARTESIAN.params(params)
    return CARTESIAN.shuffle(given, [i for _ in range(count) for i in range(len(given))])


def combination(space: HomSpace) -> Arrow:
    """The linear map ``θ ↦ Σ θ_k B_k : R(dim) → R(m, n)`` onto a space of homomorphisms (T1.11)."""
    return Combination("combine", R(space.dim), space)


# ---- the primitive behind it -------------------------------------------------------------------------------------


class Combination(Primitive):
    """The linear map onto a space of homomorphisms; see :func:`combination`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"combination({self.parameters[0]!r})"


def _codomain(dom: Ob, space: Any) -> Ob:
    if not hasattr(space, "rho_in") or dom is not R(space.dim):
        raise IllTyped(f"combine leaves R(dim) of a hom space, and {dom} with {space!r} was given.")
    return R(*space.shape)


def _combine(xp: Any, theta: Any, space: HomSpace) -> Any:
    """The weights of a batch of parameters: looked up where the basis is a pattern, summed otherwise."""
    if space.labels is not None:
        signed = xp.concat([xp.zeros_like(theta[:, :1]), theta, -xp.flip(theta, axis=1)], axis=1)
        index = xp.asarray(space.labels % (2 * space.dim + 1), dtype=xp.int64)
        return xp.reshape(xp.take(signed, xp.reshape(index, (-1,)), axis=1), (theta.shape[0], *space.shape))
    return xp.tensordot(theta, xp.asarray(space.basis_array(), dtype=theta.dtype), axes=1)


def _shares(dom: Ob, space: Any) -> Ob:
    if not hasattr(space, "rho_in") or dom is not R(*space.shape):
        raise IllTyped(f"collect leaves the matrices of a hom space, and {dom} with {space!r} was given.")
    return R(space.dim)


def _collect(xp: Any, v: Any, space: HomSpace) -> Any:
    """``⟨v, B_k⟩`` for each basis matrix: a tied gradient is the sum of the untied ones (T4.3)."""
    if space.labels is None:
        return xp.tensordot(v, xp.asarray(space.basis_array(), dtype=v.dtype), axes=((1, 2), (1, 2)))
    entries = xp.reshape(v, (v.shape[0], space.shape[0] * space.shape[1]))
    if space.dim == 0:
        return entries[:, :0]
    stages, signed = _stages(space)
    sums = class_sums(xp, entries, stages, axis=1)
    return sums[:, : space.dim] - sums[:, space.dim :] if signed else sums


@lru_cache(maxsize=64)
def _stages(space: HomSpace) -> tuple[tuple[Any, ...], bool]:
    """How the entries of each label are summed, those of −k as class dim + k, and whether there are such."""
    labels = space.labels.ravel().astype(int)  # type: ignore[union-attr]
    signed = bool((labels < 0).any())
    labels[labels < 0] = space.dim - labels[labels < 0]
    return class_stages(labels, space.dim * (1 + signed)), signed


def _collected(f: Any, x: Arrow, v: Arrow) -> Arrow:
    return v >> Primitive("collect", f.cod, *f.parameters)


def _combined(f: Any, x: Arrow, v: Arrow) -> Arrow:
    return v >> Combination("combine", f.cod, *f.parameters)


# two linear maps, each the transpose of the other
register(Operation("combine", _codomain, _combine, linear=True, derivative=_collected))
register(Operation("collect", _shares, _collect, linear=True, derivative=_combined))
