"""Autoencoders and generative adversarial networks: two networks that share something (THEORY T4.8).

An autoencoder is ``enc ; dec``; its decoder is tied when ``W_dec = W_encᵀ``, a linear reparametrisation.  In a GAN the
discriminator judges what is generated and what is real with the same parameters: Δ_Q (Gavranović 7.15).

>>> autoencoder(6, 2).count(), autoencoder(6, 2, tied=True).count()
(24, 12)
>>> from catcore.arrows import generator
>>> from catcore.objects import atoms
>>> L, P, Q, X, Z = atoms("L P Q X Z")
>>> print(gan(ParaMap(P, generator("g", P * Z, X)), ParaMap(Q, generator("d", Q * X, L))).signature)
Z × X → L × L with parameters (Q, P)
"""

from __future__ import annotations

from catcore.arrows import Arrow, ident
from catcore.categories.smooth import smooth
from catcore.errors import NotComposable
from catcore.objects import R
from catcore.para.architectures.layers import activation, linear
from catcore.para.maps import ParaMap, needed
from catcore.para.tying import tie


def autoencoder(n: int, code: int, *, sigma: str | None = None, tied: bool = False) -> ParaMap:
    """``x ↦ V σ(W x)`` through a code of a smaller width; with ``tied``, ``V = Wᵀ`` and half the parameters."""
    encoder = linear(n, code) >> activation(sigma, code) if sigma else linear(n, code)
    whole = encoder >> linear(code, n)
    if not tied:
        return whole
    transposed = tie(whole, smooth("permute_dims", R(code, n), (1, 0)), at=0).target
    return tie(transposed, [0, 0]).target  # type: ignore[no-any-return]


def gan(generator: ParaMap, discriminator: ParaMap) -> ParaMap:
    """``(g × id) ; (d × d)`` with both copies of d tied: ``Z × X → L × L`` with the parameters ``Q ⊗ P``.

    Raises:
        NotComposable: when the generator does not end where the discriminator starts.
    """
    g, d = needed(generator), needed(discriminator)
    if g.cod is not d.dom:
        raise NotComposable(
            f"A GAN of a generator {g.signature} and a discriminator {d.signature} was asked for: what is generated is "
            f"in {g.cod}, and what is judged in {d.dom}."
        )
    real: Arrow = ident(d.dom)
    q, p = len(d.params), len(g.params)
    whole = (g * real) >> (d * d)
    return tie(whole, [*range(q), *range(q), *range(q, q + p)]).target  # type: ignore[no-any-return]
