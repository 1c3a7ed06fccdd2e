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
# # Beyond groups: monoids
#
# Symmetries can be undone. Much of what happens to data cannot: time moves on and the oldest sample is lost, an image
# is made coarser, a program takes a step, two categories are merged. None of this forms a group. It does form a
# **monoid**: things can be done one after another, and doing nothing is one of them. That is all that the equation
#
# $$W\,\rho_\text{in}(m) \;=\; \rho_\text{out}(m)\,W \qquad\text{for all } m \tag{$*$}$$
#
# of notebook 02 needs. Here we solve it where nothing can be inverted, see what is tied then, and where the usual
# methods break.

# %%
from IPython.display import HTML

from catcore import Monoid, Representation, equivariant_maps
from catcore.drawing import tying_svg
from catcore.errors import NotAGroup, NotARepresentation


def show(*spaces, titles=None, block=None, axes=("in →", "out ↓")):
    """Tying patterns side by side: one colour is one weight, an empty entry is zero."""
    titles = titles or [None] * len(spaces)
    drawn = [tying_svg(s, title=t, block=block, axes=axes) for s, t in zip(spaces, titles)]
    row = f"display:flex; align-items:flex-start; zoom:{1 if len(spaces) < 3 else 0.72}"
    return HTML(f'<div style="{row}">{"".join(drawn)}</div>')


# %% [markdown]
# ## Once is enough
#
# The smallest deed that cannot be undone is one that may be repeated without effect: rounding, sorting, projecting.
# As a monoid it is one letter $p$ with $p\,p = p$; as a matrix it is an *idempotent*. Let it forget the second of two
# numbers. A layer that respects this may not mix what is kept with what is forgotten.

# %%
once = Monoid.presentation("p", ["p p = p"])
forget = Representation(once, {"p": [[1, 0], [0, 0]]})
show(equivariant_maps(forget, forget))

# %% [markdown]
# The relation $p\,p = p$ was checked. A matrix that breaks it is refused, with both sides shown:

# %%
try:
    Representation(once, {"p": [[1, 1], [0, 1]]})
except NotARepresentation as error:
    print(error)

# %% [markdown]
# ## Coarse-graining
#
# Replace each of two neighbours by their mean: the image becomes coarser, and doing so again changes nothing. What
# commutes with it?

# %%
from catcore.equivariance.families.shifts import causal_shift, coarsening, dilations

means = coarsening(4, 2)
coarse = equivariant_maps(means, means)
print(means.matrix("m"))
show(coarse, block=2)

# %% [markdown]
# Eight weights instead of sixteen, and a clear pattern: within each $2 \times 2$ block the entries are swapped. The
# reason shows in other coordinates. Write the signal as block means, which coarsening keeps, and differences within
# blocks, which it deletes. This is one step of the Haar wavelet transform. There the same eight weights are two full
# blocks: **coarse talks to coarse, detail to detail**, and neither to the other.

# %%
import sympy as sp

haar = sp.Matrix([[1, 1, 0, 0], [0, 0, 1, 1], [1, -1, 0, 0], [0, 0, 1, -1]])
in_haar = haar * means.matrix("m") * haar.inv()
wavelet = Representation(means.monoid, {"m": in_haar.tolist()})
show(equivariant_maps(wavelet, wavelet), block=2)

# %% [markdown]
# ## Time: causal convolution
#
# Delay a signal by one sample. If time wraps round, as on a ring, this is a group and we get circular convolution. If
# it does not, the newest place is filled with zero and the oldest sample is gone; after $n$ delays nothing is left.

# %%
from catcore import cyclic

delay, turn = causal_shift(6), cyclic(6).defining
causal, circular = equivariant_maps(delay, delay), equivariant_maps(turn, turn)
show(circular, causal, titles=["time wraps round", "time is lost"])

# %% [markdown]
# The same filter slides along the diagonal, but everything above it is **zero**: an entry there would let the present
# depend on the future. Nobody asked for causality. Commuting with delays *is* causal convolution.
#
# Is it true of signals, and not only of patterns? Filter and delay, in either order:

# %%
import numpy as np

signal = np.array([3, 1, 4, 1, 5, 9])
weights = np.array([2, -1, 0, 1, 0, 0])
later = np.array(delay.matrix("s").tolist(), dtype=int)
causal.apply(weights, later @ signal), later @ causal.apply(weights, signal)

# %% [markdown]
# Images have two directions, and an autoregressive model paints them pixel by pixel. Let both shifts fill with zeros,
# and the solver gives a convolution that looks up and to the left only, from each of $3 \times 3$ pixels.

# %%
step, stay = delay.matrix("s")[:3, :3], sp.eye(3)
down, right = sp.kronecker_product(step, stay), sp.kronecker_product(stay, step)
steps = Monoid.presentation("down right", ["down right = right down"])
plane = Representation(steps, {"down": down.tolist(), "right": right.tolist()})
show(equivariant_maps(plane, plane), block=3)

# %% [markdown]
# ## Why averaging fails
#
# For a finite group there is a famous short cut: take any matrix and average $\rho(g)\,W\rho(g)^{-1}$ over the group.
# What comes out commutes, and everything that commutes comes out. With a monoid there is no $\rho(m)^{-1}$. It is
# tempting to leave it away, and wrong. For $\{1, p\}$ that forgets a number:

# %%
W = sp.Matrix([[1, 2], [3, 4]])
p = forget.matrix("p")
averaged = (W + p * W * p) / 2
print("p W = W p after averaging?", p * averaged == averaged * p)
print("in the space of solutions?", equivariant_maps(forget, forget).contains(averaged))

# %% [markdown]
# So catcore refuses to average, to count by characters, or to form duals over a monoid, and says why:

# %%
attempts = lambda: causal.reynolds(sp.eye(6)), causal.independent_dimension, lambda: delay.dual
for attempt in attempts:
    try:
        attempt()
    except NotAGroup as error:
        print(error, "\n")

# %% [markdown]
# Another habit that breaks: for a group of permutations the transpose of a solution is a solution. The transpose of a
# causal filter looks into the future.

# %%
[space.contains(space.basis[1].T) for space in (circular, causal)]

# %% [markdown]
# ## Machines
#
# A finite automaton reads letters, and each letter moves every state to a next one. The letters generate a monoid of
# self-maps, and a matrix that commutes with all of them can be applied before or after any input whatever.
#
# A counter modulo 4 is a ring again. Give it a reset button, and what commutes collapses to multiples of the
# identity: after a reset nothing is left to be equivariant to.

# %%
from catcore.datatypes import WeightedAutomaton
from catcore.equivariance.automata import transition_monoid

counter = transition_monoid({"tick": [1, 2, 3, 0]})
resettable = transition_monoid({"tick": [1, 2, 3, 0], "reset": [0, 0, 0, 0]})
print("elements:", counter.order, "and", resettable.order)
states = counter.defining, resettable.defining
show(*(equivariant_maps(rho, rho) for rho in states))

# %% [markdown]
# Between *different* machines, solutions of $(*)$ translate states. A counter modulo 4 that accepts odd numbers
# simulates a parity bit; asking also that starts go to starts and readings agree leaves one matrix. Then both give
# the same weight to every word.

# %%
around = np.roll(np.eye(4, dtype=int), 1, axis=1).tolist()
by_four = WeightedAutomaton([1, 0, 0, 0], {"a": around}, [0, 1, 0, 1])
by_two = WeightedAutomaton([1, 0], {"a": [[0, 1], [1, 0]]}, [0, 1])
translation = by_four.homomorphism(by_two)
print([(by_four.weight("a" * n), by_two.weight("a" * n)) for n in range(6)])
translation

# %% [markdown]
# Here is one with six bits of memory: one letter rotates the bits, the other clears the lowest. That makes 64 states
# and 4096 unknown weights, and clearing has no inverse. Each bit falls apart into what clearing keeps and what it
# deletes, so one weight remains for each *necklace* of six beads in two colours. Counting necklaces is another
# matter altogether, and agrees.

# %%
rotate, clear = [x << 1 & 63 | x >> 5 for x in range(64)], [x & ~1 for x in range(64)]
memory = transition_monoid({"rotate": rotate, "clear": clear}).defining
necklaces = {min(b[i:] + b[:i] for i in range(6)) for b in (f"{x:06b}" for x in range(64))}
equivariant_maps(memory, memory).dim, len(necklaces)

# %% [markdown]
# ## All self-maps of a set
#
# Permuting the members of a set gave DeepSets: two weights. Now allow members to be *merged* as well, so that the
# monoid has all $n^n$ self-maps, and values that land on one member are added.

# %%
from catcore import free_monoid, full_transformation_monoid, symmetric

S4, T4 = symmetric(4).defining, full_transformation_monoid(4).defining
permuting, merging = equivariant_maps(S4, S4), equivariant_maps(T4, T4)
show(permuting, merging, titles=["permutations of 4", "all self-maps of 4"])

# %% [markdown]
# The weight for "everybody else" is gone: it counts members, and merging changes how many there are. On pairs of
# members fifteen weights shrink to four, one for each map from two places to two places.

# %%
print("n   S_n   T_n   S_n on pairs   T_n on pairs")
for n in (2, 3, 4):
    S, T = symmetric(n).defining, full_transformation_monoid(n).defining
    spaces = [equivariant_maps(rho, rho) for rho in (S, T, S.tensor(2), T.tensor(2))]
    print("{}   {:3}   {:3}   {:12}   {:12}".format(n, *(space.dim for space in spaces)))

# %% [markdown]
# Direction matters too. Adding up is *push-forward*; reading values at the image, $x \mapsto x \circ f$, is
# *pull-back*, and reverses the order of composition. Over a group the two are the same. Over all self-maps, a sum is
# invariant in one direction, and in the other nothing is.

# %%
maps = {name: T4.matrix(name) for name in T4.monoid.generators}
forward = Representation(free_monoid(*maps), {name: m.tolist() for name, m in maps.items()})
backward = Representation(free_monoid(*maps), {name: m.T.tolist() for name, m in maps.items()})
number = Representation.trivial(free_monoid(*maps), 1)
[equivariant_maps(rho, number).dim for rho in (forward, backward)]

# %% [markdown]
# ## Biases
#
# A layer $x \mapsto W x + b$ respects the action when $b$ is fixed: $\rho(m)\,b = b$. On a ring the constant signals
# are. A delay fills with zero, and the only signal that it does not change is zero, so **a causal layer has no bias**.
# With pull-backs constants come back.

# %%
spaces = {"ring": circular, "delay": causal, "coarsening": coarse, "self-maps, forward": merging}
spaces["self-maps, backward"] = equivariant_maps(backward, backward)
{name: space.bias.dim for name, space in spaces.items()}

# %% [markdown]
# ## Scale
#
# Zooming into a signal by 2 reads every second sample. Together with translations it obeys $d\,s^2 = s\,d$: two steps
# and then zooming out is zooming out and then one step. On a ring of 6 samples zooming by 2 loses half of them, and
# by 5 none, since 5 has an inverse modulo 6.

# %%
lossy, invertible = dilations(6, 2), dilations(6, 5)
both = [equivariant_maps(rho, rho) for rho in (lossy, invertible)]
show(*both, titles=[f"zoom by {k}: {space.dim} weights" for k, space in zip((2, 5), both)])

# %% [markdown]
# Scale by a factor that loses nothing, and a symmetric filter survives, just as with mirrors: modulo 6, zooming by 5
# *is* a mirror. Scale by a factor that loses samples, and there is hardly a filter left that treats all scales alike.
# That is why scale-equivariant networks keep a stack of scales instead of one signal.
#
# ## What is checked
#
# Without inverses there is no second count to compare with. What is certain is still exact: each basis element is put
# back into $(*)$ for every generator, and that there are no others is the rank of the equations over the fractions.

# %%
for name, space in spaces.items():
    print(f"{name:20} {space.dense_parameters} → {space.dim}   {space.method}   checked: {space.checked}")

# %% [markdown]
# ## Exercises
#
# **1. Stride.** A layer that reads 6 samples on a ring and gives 3, moving by two inputs for each output, satisfies
# $W\,T_6^2 = T_3\,W$. How many weights has it?

# %%
from catcore.equivariance.families.shifts import strided

answer_1 = 18
print("right" if equivariant_maps(*strided(6, 2)).dim == answer_1 else "not yet")

# %% [markdown]
# **2. An idempotent to order.** Write a $3 \times 3$ idempotent $p \ne 0, 1$ such that what commutes with it has
# dimension 5. (Think of what it keeps and what it deletes.)

# %%
answer_2 = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
rho = Representation(once, {"p": answer_2})
print("right" if equivariant_maps(rho, rho).dim == 5 else "not yet")

# %% [markdown]
# **3. A machine that forgets nothing and ties everything.** Give two letters that *permute* three states such that
# only two weights remain.

# %%
answer_3 = {"a": [1, 2, 0], "b": [2, 0, 1]}
rho = transition_monoid(answer_3).defining
permute = all(sorted(letter) == [0, 1, 2] for letter in answer_3.values())
print("right" if permute and equivariant_maps(rho, rho).dim == 2 else "not yet")

# %% [markdown]
# **4. A bias.** Which signals of four samples does coarsening by two leave alone? Give one that is not constant.

# %%
answer_4 = [1, 2, 3, 4]
left_alone = coarse.bias.contains([[b] for b in answer_4])
print("right" if left_alone and len(set(answer_4)) > 1 else "not yet")

# %% [markdown]
# ### Answers
#
# **1** Each output hears all six inputs, and the others are moved copies. **2** It keeps a plane or a line:
# $2^2 + 1^2 = 5$. **3** A rotation and a swap generate all permutations of three. **4** Any signal that is constant on
# blocks.

# %%
kept = Representation(once, {"p": [[1, 0, 0], [0, 1, 0], [0, 0, 0]]})
swaps = transition_monoid({"a": [1, 2, 0], "b": [1, 0, 2]}).defining
(
    equivariant_maps(*strided(6, 2)).dim == 6,
    equivariant_maps(kept, kept).dim == 5,
    equivariant_maps(swaps, swaps).dim == 2,
    coarse.bias.contains([[1], [1], [5], [5]]),
)
