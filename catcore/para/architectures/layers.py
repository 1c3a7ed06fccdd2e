"""Feed-forward networks and convolutions: composites of linear maps, biases and activations (THEORY T4.2, T4.8).

>>> network = linear(2, 4) >> bias(4) >> activation("relu", 4) >> linear(4, 2) >> bias(2) >> activation("relu", 2)
>>> [p.shape for p in network.params_in_layer_order()], network.count()
([(4, 2), (4,), (2, 4), (2,)], 22)
>>> network.params == feed_forward(2, 4, 2, final="relu").params
True
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from catcore.categories.smooth import smooth
from catcore.errors import IllTyped
from catcore.objects import R
from catcore.para.maps import ParaMap
from catcore.para.tying import tie

if TYPE_CHECKING:
    from catcore.equivariance import HomSpace, Representation


def linear(n: int, m: int) -> ParaMap:
    """``(W, x) ↦ W x : ℝⁿ → ℝᵐ`` with ``W`` in ``R(m, n)``."""
    return ParaMap(R(m, n), smooth("matmul", R(m, n) * R(n)))


def bias(*shape: int) -> ParaMap:
    """``(b, x) ↦ b + x``."""
    return ParaMap(R(*shape), smooth("add", R(*shape) * R(*shape)))


def activation(name: str, *shape: int) -> ParaMap:
    """A smooth primitive entry by entry; it has no parameters."""
    return ParaMap((), smooth(name, R(*shape)))


def dense(n: int, m: int, sigma: str | None = None) -> ParaMap:
    """``x ↦ σ(W x + b)``; without an activation the affine map."""
    affine = linear(n, m) >> bias(m)
    return affine >> activation(sigma, m) if sigma else affine


def feed_forward(*widths: int, sigma: str = "relu", final: str | None = None) -> ParaMap:
    """Dense layers from width to width, with an activation between them and, if named, after the last.

    Raises:
        IllTyped: for fewer than two widths.
    """
    if len(widths) < 2:
        raise IllTyped(f"A feed-forward network goes through at least two widths, and {widths} was given.")
    layers = [dense(n, m, sigma if k < len(widths) - 2 else final) for k, (n, m) in enumerate(pairwise(widths))]
    network = layers[0]
    for layer in layers[1:]:
        network = network >> layer
    return network


def convolution(
    source: Representation, target: Representation | None = None, *, channels: tuple[int, int] | None = None
) -> ParaMap:
    """The linear layer that an action forces: a dense one tied to the space of equivariant maps (T1.11, T1.12 b).

    For a group of translations it is the convolution, for permutations of nodes the layer of Deep Sets.

    Args:
        source: how the group or monoid acts on the input, ``R(n)``.
        target: how it acts on the output, ``R(m)``; as on the input, when left out.
        channels: how many copies of both there are, each an axis in front: the layer goes ``R(c, n) → R(d, m)`` and has
            c · d times the parameters (T1.11).

    Raises:
        IllTyped: for anything else than representations, or fewer than one channel.
    """
    from catcore.equivariance import Representation, equivariant_maps

    if not isinstance(source, Representation) or not isinstance(target or source, Representation):
        raise IllTyped(f"A convolution is forced by representations, and {source!r} and {target!r} were given.")
    if channels is None:
        return _tied(equivariant_maps(source, target or source))
    c, d = _positive(channels)
    space = equivariant_maps(c * source, d * (target or source))
    m, n = space.shape[0] // d, space.shape[1] // c
    layer = smooth("reshape", R(c, n), (c * n,)) >> _tied(space) >> smooth("reshape", R(d * m), (d, m))
    assert isinstance(layer, ParaMap)
    return layer


def _tied(space: HomSpace) -> ParaMap:
    rows, columns = space.shape
    return tie(linear(columns, rows), space).target  # type: ignore[no-any-return]


def _positive(channels: tuple[int, int]) -> tuple[int, int]:
    found = tuple(channels) if isinstance(channels, tuple | list) else ()
    if len(found) != 2 or not all(type(n) is int and n > 0 for n in found):
        raise IllTyped(f"Channels are two numbers of copies, (before, after), at least 1 each; {channels!r} was given.")
    return found
