# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---
# %% [markdown]
# # Para and weight sharing
#
# A neural network is a function with knobs. Category theory takes the knobs seriously: a **parametric map** from $A$
# to $B$ is a pair $(P, f)$ of parameters $P$ and a function $f : P \times A \to B$. This notebook shows
#
# 1. how parametric maps compose, and that this is a 2-category, **Para**;
# 2. that its 2-cells are **reparametrisations**, and that all weight tying is one of them;
# 3. that a convolution and a recurrent network are tied by the same operation;
# 4. that sharing needs a comonoid, and that lax algebras force one.
#
# Every law below is proved, with a certificate that a small kernel replays.

# %%
from catcore import FinSet, Para, ParaMap, R, Representation, TwoCell, atoms, cyclic, equivariant_maps, generator
from catcore.para import architectures as arch
from catcore.para import explain, layer_order, tie
from catcore_proofs import verify

P, Q, A, B, C, X = atoms("P Q A B C X")

# %% [markdown]
# ## Chaining
#
# Inputs come from the left, parameters from above. To chain two maps is to put one after the other; the composite
# needs both parameters. The later layer's come first, $Q \otimes P$, as in $g \circ f$.

# %%
f = ParaMap(P, generator("f", P * A, B))
g = ParaMap(Q, generator("g", Q * B, C))
print((f >> g).signature)
f >> g

# %% [markdown]
# The picture is read off the term, and says all that the term says. Parameters are a flat tuple, so that composing
# is associative on the nose. What has to be checked is an equation of functions, at arbitrary maps:

# %%
print(verify(Para()))

# %% [markdown]
# If parameters are kept as one bracketed object instead, three layers have the parameters $R \times (Q \times P)$ or
# $(R \times Q) \times P$. These are isomorphic and *not equal*; what relates them is an invertible 2-cell, and what
# holds is a pentagon.

# %%
h = ParaMap(R(), generator("h", R() * C, A))
loose = Para(strict=False)
left, right = loose.compose(loose.compose(f, g), h), loose.compose(f, loose.compose(g, h))
print(left.whole, "   ", right.whole, "   equal:", loose.equal(left, right))
print(verify(loose))

# %% [markdown]
# ## Reparametrisation
#
# A 2-cell $(P, f) \Rightarrow (P', f')$ is a function $r : P' \to P$ of parameters, *backwards*, with
# $f'(p', x) = f(r(p'), x)$. It is drawn above the dashed line.

# %%
alpha = TwoCell(generator("r", X, P), f, X)
print(verify(g @ alpha))
g @ alpha

# %% [markdown]
# Given the wrong way round, it is refused, with both types.

# %%
try:
    TwoCell(generator("r", P, X), f, X)
except TypeError as error:
    print(error)

# %% [markdown]
# ## Tying is Δ
#
# Take one cell three times: three parameters. To share them is to pull back along the copy $\Delta : P \to P \otimes P
# \otimes P$. A dot is where the wire branches.

# %%
cell = ParaMap(P, generator("cell", P * A, A))
tied = tie(cell >> cell >> cell, [0, 0, 0])
print(verify(tied))
tied

# %% [markdown]
# A pattern says which parameter goes where: `[0, 1, 0]` shares the first and the last, `[1, 0]` exchanges. Reading
# the layers from first to last is such a permutation, too.

# %%
back = ParaMap(P, generator("k", P * C, B))
partly = tie(f >> g >> back, [0, 1, 0])
print(partly.target.params, layer_order(f >> g >> back).target.params)
partly

# %% [markdown]
# ## Symmetry ties in the same way
#
# A dense layer on four pixels has 16 weights. If it has to commute with turning the pixels round, its matrix is
# $\sum_k \theta_k B_k$ for four matrices $B_k$. The linear map $\theta \mapsto \sum_k \theta_k B_k$ is a
# reparametrisation like any other: **a convolution is a tied dense layer**.

# %%
turn = Representation.permutation(cyclic(4), {"s": [1, 2, 3, 0]})
space = equivariant_maps(turn, turn)
convolution = tie(arch.linear(4, 4), space)
print(space.pattern, convolution.counts())
convolution

# %% [markdown]
# And it explains itself: what it is made of, what is shared, what it takes to store.

# %%
step = arch.dense(4, 4, "tanh")
print(explain(tie(step >> step, [0, 1, 0, 1])))

# %% [markdown]
# ## Copying is a comonoid
#
# To share a parameter one must copy it and be able to drop it: $P$ has to be a **comonoid**. On a set there is only
# one, the diagonal. On vector spaces with $\otimes$ there are others, and it is an assumption to have one.

# %%
from sympy import Matrix

from catcore.para import Comonoid, Kronecker, comonoids

print([len(list(comonoids(FinSet(n)))) for n in (1, 2, 3)])
drop, copy = Matrix([[1, 0]]), Matrix([[1, 0], [0, 1], [0, 1], [0, 0]])
dual_numbers = Comonoid(2, drop, copy, Kronecker())
print(verify(dual_numbers))

# %% [markdown]
# ## Lax algebras force it
#
# A monad $T$ lifts to Para. A *lax algebra* of it is a parametric map $a : P \times T A \to A$ with 2-cells where an
# algebra has equations. The theorem (CDL G.10): its coherence makes $P$ a comonoid. Here it is for **every** strong
# monad and every lax algebra, proved.

# %%
from catcore.para.lax import arbitrary

print(arbitrary())
print(verify(arbitrary().comonoid))

# %% [markdown]
# Coherence is needed. For Maybe on two points with two parameters, 34 pairs of a map and a "copy" satisfy the
# equations of the 2-cells alone; four of them are coherent, and these are the families of two ordinary algebras.

# %%
from catcore.para.enumeration import count
from catcore.structures.standard import maybe

print(count(maybe(), FinSet(2), FinSet(2)))

# %% [markdown]
# ## Exercises
#
# 1. Why is the 2-cell backwards? Draw $f$ with a wire $P'$ that turns into $P$.
# 2. Tie `cell >> cell` along a function that is no diagonal, and find a map that tells the two apart.
# 3. `Para(Cocartesian())` takes + for ×. Which objects can be parameters of a lax algebra there?
# 4. Tie the convolution above once more, so that its kernel is symmetric. How many parameters are left?
