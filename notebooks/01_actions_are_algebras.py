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
# # Actions are algebras
#
# A layer of a network that treats all pixels alike is a convolution. Where does that come from, and what do you get
# when the symmetry is another one, or is not a symmetry at all? One short equation answers both, and this notebook
# walks up to it and past it:
#
# 1. a group that moves pixels is an **action**, and an action is an **algebra** of a monad;
# 2. a layer that respects it is a **homomorphism** of algebras;
# 3. for linear layers that says $W\rho_\text{in} = \rho_\text{out}W$, which **ties weights**;
# 4. nothing in this needs inverses, so it goes on **beyond groups**.
#
# You need linear algebra and Python. Every claim is either proved or refuted as we go, by `verify`.

# %%
from IPython.display import SVG

from catcore import (
    Action,
    ActionMonad,
    Algebra,
    FinSet,
    Homomorphism,
    Monoid,
    Representation,
    cyclic,
    dihedral,
    equivariant_functions,
    equivariant_maps,
    finite_map,
    free_monoid,
    symmetric,
)
from catcore.drawing import pixels_svg, tying_svg
from catcore_proofs import verify

# %% [markdown]
# ## Two pixels
#
# The smallest image has two pixels, and the smallest thing that can happen to it is that they are swapped. Swapping
# twice is doing nothing. So there is a group with two elements, $e$ and $s$ with $s\,s = e$, and it *acts* on the
# set $\{0, 1\}$ of pixels.
#
# We say where the generator $s$ sends each pixel: 0 goes to 1, and 1 goes to 0.

# %%
Z2 = cyclic(2)
swap = Action(Z2, 2, {"s": [1, 0]})

# %% [markdown]
# What makes this an action? Write $g \triangleright x$ for "$g$ moves $x$". Two equations have to hold for all group
# elements $g, h$ and all pixels $x$:
#
# $$e \triangleright x = x \qquad\qquad g \triangleright (h \triangleright x) = (g\,h) \triangleright x.$$
#
# Doing nothing does nothing, and doing one thing after another is doing their product. Saying so is cheap; here is
# the check, over all elements and all pixels.

# %%
print(verify(swap))

# %% [markdown]
# ## Why "unit" and "associativity"?
#
# The report calls the two equations by names that you may know from somewhere else. That is no accident. Take the
# operation that turns a set $X$ into the set $M \times X$ of pairs *(what will be done, to what)*. It comes with two
# maps:
#
# $$x \mapsto (e, x) \qquad\qquad (g, (h, x)) \mapsto (g\,h, x).$$
#
# The first says "do nothing to $x$". The second takes "do $g$ to the result of doing $h$ to $x$" and makes one deed
# of two. An operation on sets with two such maps is a **monad** when the maps satisfy the laws below. It is the same
# structure with which programmers keep a log.

# %%
print(verify(ActionMonad(Z2)))

# %% [markdown]
# That was one monoid. The laws of the monad follow from the laws of *any* monoid, and since nothing was used but
# those, we may ask for all monoids at once: `M` below is an unknown one. No list of examples could settle this, so
# what comes back is a proof, and `proved` means that a small independent kernel has replayed it.

# %%
M = Monoid.variable("M")
print(verify(ActionMonad(M)))

# %% [markdown]
# Now the point. An **algebra** of the monad is a set $X$ and one map $a : M \times X \to X$ which actually carries
# the deeds out. It has to agree with the monad's two maps:
#
# ```
#          (e, −)                                 M × a
#      X ─────────▶ M × X              M × (M × X) ─────▶ M × X
#        ╲            │                    │                │
#          ╲          │ a           mult   │                │ a
#       id   ╲        ▼                    ▼                ▼
#              ╲───▶  X                  M × X ──────────▶  X
#                                                  a
# ```
#
# Chase an element through both: the triangle says $e \triangleright x = x$, the square says
# $g \triangleright (h \triangleright x) = (g\,h) \triangleright x$. **An action is an algebra of the action monad**,
# word for word. So let us say it that way, with $a$ written as a table: the rows are $e$ and $s$, the columns the
# pixels.

# %%
pixels = FinSet(2)
table = [
    0, 1,  # e ▶ 0, e ▶ 1
    1, 0,  # s ▶ 0, s ▶ 1
]  # fmt: skip
same_swap = Algebra(ActionMonad(Z2), finite_map(Z2.carrier * pixels, pixels, table))
print(verify(same_swap))

# %% [markdown]
# ## A claim that is false
#
# A definition is worth something when it excludes things. Let the group $C_3$, in which $s\,s\,s = e$, swap two
# pixels. Three swaps are one swap, and one swap is not nothing, so this cannot be an action. Will it be noticed?

# %%
not_an_action = Action(cyclic(3), 2, {"s": [1, 0]})
print(verify(not_an_action))

# %% [markdown]
# It is, and the report names the place. Number the elements $0 = e$, $1 = s$, $2 = s^2$. At $(1, (2, 0))$ the square
# asks for $s \triangleright (s^2 \triangleright 0)$ on one side, which is three swaps of pixel 0 and gives 1, and for
# $(s\,s^2) \triangleright 0 = e \triangleright 0$ on the other, which is 0. A law that fails always comes with an
# element at which its two sides part.
#
# ## Layers are homomorphisms
#
# A layer takes an image with an action and gives an image with an action. It *respects* them when moving first and
# mapping then is the same as mapping first and moving then:
#
# $$f(g \triangleright x) = g \triangleright f(x).$$
#
# In pictures, the square
#
# ```
#             M × f
#     M × X ─────────▶ M × Y
#       │                │
#     ▶ │                │ ▶
#       ▼                ▼
#       X ─────────────▶ Y
#                f
# ```
#
# commutes. Maps between algebras that make it commute are called **homomorphisms**; people who train networks call
# them **equivariant**. Here four pixels stand in a ring that $C_4$ turns, and $f$ colours them like a chessboard, in
# two colours that $C_4$ swaps.

# %%
C4 = cyclic(4)
ring = Action(C4, 4, {"s": [1, 2, 3, 0]})
colours = Action(C4, 2, {"s": [1, 0]})
chessboard = finite_map(FinSet(4), FinSet(2), [0, 1, 0, 1])
print(verify(Homomorphism(ring.algebra(), colours.algebra(), chessboard)))

# %% [markdown]
# Give the first two pixels one colour instead, and it is over: a turn carries a boundary between colours to a place
# where there was none.

# %%
halves = finite_map(FinSet(4), FinSet(2), [0, 0, 1, 1])
print(verify(Homomorphism(ring.algebra(), colours.algebra(), halves)))

# %% [markdown]
# There are $2^4 = 16$ ways to colour the ring. How many respect the turning? The ring has one orbit, so where pixel 0
# goes decides the rest.

# %%
equivariant_functions(ring, colours)

# %% [markdown]
# ## The linear case: weights get tied
#
# Layers map *images*, not pixels: a number on each pixel, a vector in $\mathbb{R}^n$. Moving pixels moves the
# numbers along, and this is linear, so each group element $g$ becomes a matrix $\rho(g)$. That is what
# `linearise` does, and $\rho$ is called a **representation**.

# %%
rho = swap.linearise()
rho.matrix("s")

# %% [markdown]
# A linear layer is a matrix $W$. That it is a homomorphism now reads
#
# $$W\,\rho_\text{in}(g) = \rho_\text{out}(g)\,W,$$
#
# which is a system of linear equations for the entries of $W$. It is enough to ask it for the generators. Solve it
# exactly:

# %%
W = equivariant_maps(rho, rho)
W.matrix()

# %% [markdown]
# Four weights became two. The symmetry has *tied* them: the entries that share a letter are one parameter. In colour:


# %%
def show(space, **how):
    """The tying pattern of a space of homomorphisms, drawn."""
    return SVG(tying_svg(space, **how))


show(W)

# %% [markdown]
# Believe it or compute it: the two products agree whatever $a$ and $b$ are.

# %%
W.matrix() * rho.matrix("s") - rho.matrix("s") * W.matrix()

# %% [markdown]
# ## A ring of pixels: convolution
#
# Let $C_5$ turn a ring of five pixels. Nobody mentions convolution in the next cell.

# %%
ring5 = cyclic(5).defining
show(equivariant_maps(ring5, ring5))

# %% [markdown]
# Each row is the row above it moved by one: a *circulant* matrix. Its first row is a filter, and applying $W$ slides
# the filter round the ring. **Circular convolution is what commuting with translations means**, and there are no
# other linear maps that do.
#
# Ask for more symmetry and more weights are tied. If mirror images have to be respected as well, the filter must be
# symmetric; if all $5! = 120$ permutations have to be, there is room for "myself" and "everyone else" only.

# %%
mirrored = dihedral(5).defining
show(equivariant_maps(mirrored, mirrored))

# %%
shuffled = symmetric(5).defining
show(equivariant_maps(shuffled, shuffled))

# %% [markdown]
# ## Two dimensions
#
# An image has two directions. Its translations, with opposite edges glued, form the product $C_n \times C_n$, and
# the square becomes a torus. Three by three pixels give a 9 × 9 matrix, drawn here with a gap after each image row:
# blocks repeat along diagonals, and so do entries within each block.

# %%
torus3 = (cyclic(3) * cyclic(3)).defining
show(equivariant_maps(torus3, torus3), block=3)

# %% [markdown]
# Eight by eight pixels are the size of the digits below. The dense layer has 4096 weights, the tied one 64.

# %%
torus = (cyclic(8) * cyclic(8)).defining
circular = equivariant_maps(torus, torus)
show(circular, block=8)

# %% [markdown]
# ## Beyond groups
#
# Time does not wrap round. When a signal of four samples is delayed by one, the oldest sample leaves for good and a
# zero comes in:

# %%
delay = [
    [0, 0, 0, 0],
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
]

# %% [markdown]
# This matrix has no inverse, so no group contains it. Averaging over a group, the usual way to make a layer
# equivariant, is out of the question. But look at what we used so far: a product, a unit, and two equations. An
# action of a *monoid* is an algebra of the same monad, the square of homomorphisms is the same square, and
# $W\rho = \rho W$ is as linear as before. So just solve it.

# %%
time = free_monoid("s")  # s, s s, s s s, …: delays can be repeated, not undone
signal = Representation(time, {"s": delay})
causal = equivariant_maps(signal, signal)
show(causal)

# %% [markdown]
# An entry above the diagonal would let the present depend on the future. Nobody forbade that; the equation did.
# **Commuting with delays is causal convolution**, and the empty corner is forced.
#
# ## On real images
#
# Here are the digits: 1797 images, each 8 × 8 pixels with integers from 0 to 16.

# %%
import numpy as np
from sklearn.datasets import load_digits

digits = load_digits().data.astype(int).reshape(-1, 1, 64)  # images, channels, pixels
SVG(pixels_svg(digits[:8].reshape(8, 8, 8), size=9))

# %% [markdown]
# The tied layer takes one number for each class of entries and an array of images. We choose integers as weights:
# then equality below means equality, not "up to rounding". A filter that takes from each pixel the one above it shows
# where strokes begin and end: ink that appears is blue, ink that disappears is orange.

# %%
layer = circular.layer(backend="numpy", channels=(1, 1))
into = circular.labels[8]  # the classes of the weights into pixel 8, which is below pixel 0
theta = np.zeros((64, 1, 1), dtype=int)
theta[into[8] - 1] = 1  # from itself
theta[into[0] - 1] = -1  # from the pixel above
edges = layer(theta, digits)

examples = np.concatenate([digits[:4], edges[:4]]).reshape(8, 8, 8)
SVG(pixels_svg(examples, captions=[f"digit {k}" for k in range(4)] + [f"edges {k}" for k in range(4)], size=9))


# %% [markdown]
# Now for the equation itself, on all images. Move them down by 3 and right by 2, round the torus, before the layer
# or after it:


# %%
def moved(images):
    """The images moved round the torus."""
    square = images.reshape(-1, 8, 8)
    return np.roll(square, (3, 2), axis=(1, 2)).reshape(images.shape)


np.array_equal(layer(theta, moved(digits)), moved(layer(theta, digits)))

# %% [markdown]
# All 115 008 numbers agree. A dense layer that somebody trained would have to *learn* this, and would learn it about;
# here it cannot be otherwise, whatever the weights are.
#
# The causal layer runs just as well. Read each row of a digit as a signal of eight samples, from left to right, and
# delay all of them by three:

# %%
row_signal = Representation(time, {"s": np.eye(8, k=-1, dtype=int).tolist()})
row_layer = equivariant_maps(row_signal, row_signal).layer(backend="numpy", channels=(1, 1))
rows = digits.reshape(-1, 8, 1, 8)  # images, rows, channels, samples
weights = np.arange(8, 0, -1).reshape(8, 1, 1)


def delayed(signals):
    """The signals three samples later, with zeros at the start."""
    return np.concatenate([np.zeros_like(signals[..., :3]), signals[..., :-3]], axis=-1)


np.array_equal(row_layer(weights, delayed(rows)), delayed(row_layer(weights, rows)))

# %% [markdown]
# ## Exercises
#
# Each starts with an answer that is wrong. Change it until `verify` agrees; when it does not, read the counterexample.
#
# **1. A quarter turn.** The pixels of a 2 × 2 image are numbered `0 1` in the upper row and `2 3` in the lower one.
# Where does a clockwise quarter turn send each?

# %%
answer_1 = [1, 2, 3, 3]
print(verify(Action(cyclic(4), 4, {"s": answer_1})))

# %% [markdown]
# **2. A homomorphism.** $C_6$ turns a ring of six pixels, and three colours. Colour the ring so that the two agree.
# How many answers are there?

# %%
answer_2 = [0, 1, 2, 2, 1, 0]
C6 = cyclic(6)
ring6, three = Action(C6, 6, {"s": [1, 2, 3, 4, 5, 0]}), Action(C6, 3, {"s": [1, 2, 0]})
print(verify(Homomorphism(ring6.algebra(), three.algebra(), finite_map(FinSet(6), FinSet(3), answer_2))))

# %% [markdown]
# **3. No group at all.** A monoid with one generator $p$ and the relation $p\,p = p$: doing it twice is doing it once,
# as with rounding, sorting or projecting. Let it act on four points so that something moves.

# %%
answer_3 = [1, 2, 2, 3]
once = Monoid.presentation("p", ["p p = p"])
print(verify(Action(once, 4, {"p": answer_3})))

# %% [markdown]
# **4. Count first.** All permutations of four pixels act on *pairs* of pixels, such as the entries of a 4 × 4
# adjacency matrix. How many parameters has a linear layer from pairs to single pixels? Think of which coincidences a
# permutation cannot change.

# %%
answer_4 = 16
S4 = symmetric(4).defining
print("right" if equivariant_maps(S4.tensor(2), S4).dim == answer_4 else "not yet")

# %% [markdown]
# ### Answers
#
# One each; the third exercise has many.

# %%
quarter_turn = Action(cyclic(4), 4, {"s": [1, 3, 0, 2]})
colouring = Homomorphism(ring6.algebra(), three.algebra(), finite_map(FinSet(6), FinSet(3), [0, 1, 2, 0, 1, 2]))
rounding = Action(once, 4, {"p": [0, 0, 3, 3]})
count = 5  # of pixels i, j and k: all equal, i = j, i = k, j = k, or all different

all(verify(claim).ok for claim in (quarter_turn, colouring, rounding)), equivariant_maps(S4.tensor(2), S4).dim == count
