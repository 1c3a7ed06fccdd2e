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
# # Weight tying from equations
#
# A dense layer has one weight for each pair of an input and an output. Convolutions, DeepSets, graph networks and
# their relatives have far fewer, because many entries of their matrix are *the same* weight. Who decided which?
#
# In each case it was one equation. If a symmetry $g$ moves the inputs by a matrix $\rho_\text{in}(g)$ and the outputs
# by $\rho_\text{out}(g)$, a linear layer $W$ respects it when moving and mapping can be done in either order:
#
# $$W\,\rho_\text{in}(g) \;=\; \rho_\text{out}(g)\,W \qquad\text{for all } g. \tag{$*$}$$
#
# This notebook states symmetries, solves $(*)$, and looks at what comes out. Nothing about convolutions or graphs is
# put in. You need linear algebra, Python, and to have seen a neural network.

# %%
from IPython.display import HTML

from catcore import SO, Group, Representation, cyclic, dihedral, equivariant_maps, symmetric
from catcore.drawing import tying_svg


def show(*spaces, titles=None, block=None, axes=("in →", "out ↓")):
    """Tying patterns side by side: one colour is one weight, an empty entry is zero."""
    titles = titles or [None] * len(spaces)
    drawn = [tying_svg(s, title=t, block=block, axes=axes) for s, t in zip(spaces, titles)]
    row = f"display:flex; align-items:flex-start; zoom:{1 if len(spaces) < 3 else 0.72}"
    return HTML(f'<div style="{row}">{"".join(drawn)}</div>')


# %% [markdown]
# ## The smallest case, by hand and by machine
#
# Two pixels may be swapped. Then $\rho(s) = \begin{pmatrix}0&1\\1&0\end{pmatrix}$, and $(*)$ says of
# $W = \begin{pmatrix}p&q\\r&t\end{pmatrix}$
#
# $$\begin{pmatrix}q&p\\t&r\end{pmatrix} = \begin{pmatrix}r&t\\p&q\end{pmatrix},$$
#
# so $q = r$ and $p = t$: four weights have become two. The machine does the same, with fractions and never with
# rounded numbers.

# %%
Z2 = cyclic(2)
swap = Representation.permutation(Z2, {"s": [1, 0]})
W = equivariant_maps(swap, swap)
print(W.free_parameters, "weights instead of", W.dense_parameters)
show(W)

# %% [markdown]
# The two sides of $(*)$ need not be the same. Let the output not move at all, and the layer is *invariant*; let the
# swap turn the output's sign, and it compares.

# %%
still, flips = Representation.trivial(Z2, 1), Representation(Z2, {"s": [[-1]]})
to_one = [equivariant_maps(swap, sign) for sign in (still, flips)]
show(*to_one, titles=["invariant: the sum", "the difference"])

# %% [markdown]
# ## Convolution
#
# Put seven pixels in a ring and let $s$ turn it by one place. It is enough to ask $(*)$ for $s$, since the equation
# for $s\,s$ follows by using it twice.

# %%
ring = cyclic(7).defining
circulant = equivariant_maps(ring, ring)
mirrored = dihedral(7).defining
symmetric_filters = equivariant_maps(mirrored, mirrored)
show(circulant, symmetric_filters, titles=["turns", "turns and mirror images"])

# %% [markdown]
# On the left each row is the row above it, moved: one filter slides round the ring. This **is** circular convolution,
# and the equation says more than that convolutions commute with turns: *nothing else does*. With mirror images as
# well the filter has to be symmetric.
#
# In two dimensions the picture is a matrix of blocks, so look at the filter alone: the weights with which the
# middle pixel of a $7 \times 7$ image listens to all others, drawn as an image.
# Translations leave every weight free. Quarter turns and mirrors fold the filter.

# %%
import numpy as np

from catcore.equivariance.families.grids import p4, p4m, torus
from catcore.equivariance.strategies.orbits import number_by_appearance


def filter_of(group, n=7):
    """The tied filter: the row of the middle pixel as an image, its weights numbered from 1."""
    labels = equivariant_maps(group.defining, group.defining).labels
    middle = labels[n * (n // 2) + n // 2].reshape(n, n)
    return number_by_appearance(middle.copy())


filters, counts = zip(*(filter_of(group) for group in (torus(7, 7), p4(7), p4m(7))))
names = ("translations", "and quarter turns", "and mirrors")
titles = [f"{name}: {count} weights" for name, count in zip(names, counts)]
show(*filters, titles=titles, axes=("→", "↓"))

# %% [markdown]
# ## Sets: DeepSets
#
# If the inputs are the members of a set, their order means nothing, and *every* permutation has to be respected. Two
# weights remain, one for "myself" and one for "everybody else": $y_i = a\,x_i + b\sum_{j \ne i} x_j$.

# %%
members = symmetric(6).defining
sets = equivariant_maps(members, members)
pooling = equivariant_maps(members, Representation.trivial(symmetric(6), 1))
show(sets, pooling, titles=["set to set", "set to number"])

# %% [markdown]
# The answer does not depend on how many members there are, and neither does the work. For a million of them the
# matrix would have $10^{12}$ entries; it is never written down, and the layer is a sum:

# %%
million = symmetric(10**6).defining
deep_sets = equivariant_maps(million, million)
x = np.arange(10**6)
y = deep_sets.apply(np.array([3, 2]), x)
deep_sets.dim, np.array_equal(y, 3 * x + 2 * (x.sum() - x))

# %% [markdown]
# ## Pairs: fifteen ways to look at a graph
#
# An adjacency matrix has an entry for each *pair* of vertices, and renumbering the vertices moves rows and columns
# together. A layer from pairs to pairs is a matrix with $n^4$ entries. How many weights may it have?

# %%
points = symmetric(4).defining
pairs = points.tensor(2)
layers = equivariant_maps(pairs, pairs)
show(layers, block=4)

# %% [markdown]
# Fifteen, for every $n \ge 4$. A weight connects the output pair $(i, j)$ to the input pair $(k, l)$, and all that a
# renumbering cannot change is *which of the four are equal*. There are 15 partitions of a set of four, which is the
# fourth Bell number. When $n = 3$, four indices cannot all differ, and one of them is gone.

# %%
for n in (1, 2, 3, 4, 5, 10**6):
    rho = symmetric(n).defining
    powers = [rho.tensor(order) for order in (0, 1, 2)]
    print(f"n = {n}:", [[equivariant_maps(a, b).dim for b in powers] for a in powers])

# %% [markdown]
# Each block of such a table is a layer of an *invariant graph network*: rows are inputs of order 0, 1, 2, columns are
# outputs. Take pairs to points, 5 weights, and see what each of the five computes from an adjacency matrix. These are
# the features that a graph network may know of a vertex after one linear layer.

# %%
adjacency = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]])
looks = equivariant_maps(pairs, points)
for orbit, unit in zip(looks.span.elements, np.eye(looks.dim, dtype=int)):
    print(orbit, looks.apply(unit, adjacency.ravel()))

# %% [markdown]
# An orbit $(a, b, c)$ says which of output $i$ and input $(k, l)$ are equal: $(0, 0, 1)$ is $i = k \ne l$, the degree
# of vertex $i$; $(0, 1, 1)$ is $k = l \ne i$, the loops elsewhere; $(0, 1, 2)$ counts edges that avoid $i$, each from
# both ends.
#
# ## Groups: group convolution
#
# Let a group move *itself*, $g$ sending $h$ to $g\,h$. Its six elements for $S_3$ give a $6 \times 6$ matrix, and the
# tying is the table of the elements $h^{-1} g$ in colour. This is **group convolution**,
# $(f \star k)(g) = \sum_h f(h)\,k(h^{-1}g)$; for $C_6$ it is the circulant we know.

# %%
regular = [Representation.regular(group) for group in (symmetric(3), cyclic(6))]
show(*(equivariant_maps(rho, rho) for rho in regular), titles=["S3 on itself", "C6 on itself"])

# %% [markdown]
# ## One graph: its automorphisms
#
# A molecule or a road network is *one* graph, and a layer on it needs to respect only the permutations that keep its
# edges. NetworkX describes the graph, `automorphism_group` finds them.

# %%
import networkx as nx

from catcore.equivariance.families.graphs import automorphism_group

square, star, path = nx.cycle_graph(4), nx.star_graph(3), nx.path_graph(4)
vertices = [automorphism_group(graph).defining for graph in (square, star, path)]
spaces = [equivariant_maps(rho, rho) for rho in vertices]
names = ("square", "star", "path")
show(*spaces, titles=[f"{name}: {space.dim} weights" for name, space in zip(names, spaces)])

# %% [markdown]
# For the square the three weights are the identity, the neighbours, and the opposite corner: $W = aI + bA + c(J-I-A)$
# with $A$ the adjacency matrix and $J$ all ones, which is a graph convolution. The star keeps its hub apart from its
# leaves. The path has little symmetry, and little tying.

# %%
A = nx.to_numpy_array(square, dtype=int)
J, I = np.ones_like(A), np.eye(4, dtype=int)
graph_convolution = 5 * I - 2 * A + 7 * (J - I - A)
[spaces[0].contains(matrix.tolist()) for matrix in (I, A, J, graph_convolution)]

# %% [markdown]
# ## Simplices: gradient, curl and the Laplacians come out
#
# A mesh has vertices, edges and triangles, and flows along edges have a *direction*: going back along an edge is minus
# going along it. So permuting the corners of a triangle moves edges up to signs. Hatched entries carry a minus.
#
# Ask for all equivariant maps between corners $C_0$, edges $C_1$ and faces $C_2$ of one triangle.

# %%
from catcore.equivariance.families.complexes import CellComplex

triangle = CellComplex.simplicial([(0, 1, 2)])
C0, C1, C2 = (triangle.chains(k) for k in range(3))
[[equivariant_maps(a, b).dim for b in (C0, C1, C2)] for a in (C0, C1, C2)]

# %%
up, curl = equivariant_maps(C0, C1), equivariant_maps(C1, C2)
flows = equivariant_maps(C1, C1)
show(up, curl, flows, titles=["corners → edges", "edges → face", "edges → edges"])

# %% [markdown]
# From corners to edges there is one map up to scale: the difference of the two ends. That is the **gradient**. From
# edges to the face there is one: the sum around it, the **curl**. They are the transposed boundary matrices
# $B_1^\mathsf{T}$ and $B_2^\mathsf{T}$ of topology, and nobody told the solver. From edges to edges there are two,
# and the halves of the **Hodge Laplacian**, $B_1^\mathsf{T}B_1$ and $B_2B_2^\mathsf{T}$, span them.

# %%
import sympy as sp

B1, B2 = (sp.Matrix(triangle.boundary(k).tolist()) for k in (1, 2))
halves = [B1.T * B1, B2 * B2.T]
spanned = sp.Matrix([list(half) for half in halves]).rank()
up.contains(B1.T), curl.contains(B2.T), [flows.contains(half) for half in halves], spanned

# %% [markdown]
# A simplicial network is built of exactly these maps. There is no map from corners to the face: the face turns its
# sign when two corners are exchanged, and a sum over corners cannot.
#
# ## Space: rotations, and the cross product
#
# Rotations of space are infinitely many, but three infinitesimal ones generate them, and $(*)$ becomes
# $W\,X_\text{in} = X_\text{out}\,W$ for these. From vectors to vectors only multiples of the identity remain. From
# *pairs* of vectors to vectors, $\mathbb{R}^{3 \times 3} \to \mathbb{R}^3$:

# %%
from catcore.equivariance.families.classical import O

vector = SO(3).defining
cross = equivariant_maps(vector.tensor(2), vector)
show(cross, titles=["one map, up to scale"])

# %% [markdown]
# Column 5 is the pair $(1, 2)$ and column 7 is $(2, 1)$, so the first row says $a\,(u_1 v_2 - u_2 v_1)$. This is the
# **cross product**. A mirror reverses it, so among the maps that respect mirrors too there is none.

# %%
u, v = np.array([1, 2, 3]), np.array([-1, 0, 2])
found = cross.apply(np.array([1]), np.outer(u, v).ravel())
mirror = O(3).defining
print("applied:", found, "  numpy.cross:", np.cross(u, v))
print("with mirrors:", equivariant_maps(mirror.tensor(2), mirror).dim)

# %% [markdown]
# For tensors of higher order the solver counts matchings and lists diagrams instead of eliminating unknowns. A layer
# from $3 \times 3$ to $3 \times 3$ matrices may use the trace, the matrix and its transpose:

# %%
tensors = equivariant_maps(vector.tensor(2), vector.tensor(2))
stress = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
for unit in np.eye(tensors.dim, dtype=int):
    print(tensors.apply(unit, stress.ravel()).reshape(3, 3).tolist())

# %% [markdown]
# ## Before and after
#
# Every space above, with the number of weights of a dense layer beside it.

# %%
everything = {
    "two pixels, swapped": W, "ring of 7": circulant, "sets of 6": sets,
    "pairs of 4 points": layers, "pairs to points": looks, "square": spaces[0],
    "edges of a triangle": flows, "pairs of vectors to vectors": cross,
    "matrices to matrices": tensors, "a set of a million": deep_sets,
}  # fmt: skip
print(f"{'':28} {'dense':>13} {'tied':>5}   method")
for name, space in everything.items():
    print(f"{name:28} {space.dense_parameters:13} {space.free_parameters:5}   {space.method}")

# %% [markdown]
# ## Why believe it?
#
# Two things could be wrong with an answer: an element of the basis that does *not* respect the symmetry, or a layer
# that does and was *missed*. The first is settled by multiplying out $(*)$ for every basis element and every
# generator, exactly. For the second there is a count that never looks at the solver's work: for a finite group that
# permutes inputs and outputs, Burnside's, the average number of fixed pairs.

# %%
finite = ("two pixels, swapped", "ring of 7", "sets of 6", "pairs of 4 points", "square")
print(f"{'':20} checked  solved  counted")
for name in (*finite, "edges of a triangle"):
    space = everything[name]
    print(f"{name:20} {space.checked!s:7} {space.dim:7} {space.independent_dimension():8}")

# %% [markdown]
# And a claim that is false is refused. Spoil one entry of a circulant matrix, and it is no longer in the space; average
# it over the group, and it is again.

# %%
spoiled = circulant.basis[1].as_mutable()
spoiled[0, 0] = 1
repaired = circulant.reynolds(spoiled)
[circulant.contains(matrix) for matrix in (circulant.basis[1], spoiled, repaired)]

# %% [markdown]
# ## Exercises
#
# Each starts with a wrong answer. Change it until the cell says `right`.
#
# **1. Predict.** $C_{12}$ turns a ring of twelve pixels; the output has three numbers that it turns round. How many
# weights has a layer from the ring to the three?

# %%
answer_1 = 36
C12 = cyclic(12)
three = Representation.permutation(C12, {"s": [1, 2, 0]})
print("right" if equivariant_maps(C12.defining, three).dim == answer_1 else "not yet")

# %% [markdown]
# **2. A layer by hand.** Write a $3 \times 3$ matrix with no zero in it that commutes with every permutation of
# three.

# %%
answer_2 = [[1, 2, 3], [3, 1, 2], [2, 3, 1]]
S3 = symmetric(3).defining
commutes = equivariant_maps(S3, S3).contains(answer_2)
print("right" if commutes and all(map(all, answer_2)) else "not yet")

# %% [markdown]
# **3. A symmetry with this tying.** Find a permutation of four pixels such that the layers that commute with it have
# exactly 10 weights.

# %%
answer_3 = [1, 2, 3, 0]
rho = Group.permutations({"g": answer_3}).defining
print("right" if equivariant_maps(rho, rho).dim == 10 else "not yet")

# %% [markdown]
# **4. Triples.** How many weights has a layer from triples of points to triples, for a hundred points? The matrix has
# $10^{12}$ entries, so count instead.

# %%
answer_4 = 15
triples = symmetric(100).defining.tensor(3)
print("right" if equivariant_maps(triples, triples).dim == answer_4 else "not yet")

# %% [markdown]
# ### Answers
#
# **1** The ring falls into pairs of a pixel and a number, 36 of them, in orbits of twelve: 3. **2** Any
# $aI + b(J - I)$. **3** One swap: fixed pairs are 16 and 4, and their mean is 10. **4** The sixth Bell number.

# %%
rho = Group.permutations({"g": [1, 0, 2, 3]}).defining
(
    equivariant_maps(C12.defining, three).dim == 3,
    equivariant_maps(S3, S3).contains([[5, 2, 2], [2, 5, 2], [2, 2, 5]]),
    equivariant_maps(rho, rho).dim == 10,
    equivariant_maps(triples, triples).dim == 203 == sp.bell(6),
)
