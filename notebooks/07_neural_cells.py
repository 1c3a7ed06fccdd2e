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
# # Neural cells
#
# *Weight sharing happens automatically.* A recurrent cell is an **algebra** or a **coalgebra** of a functor lifted to
# parametric maps; unrolling it is the (co)recursion that every such cell has. This notebook
#
# 1. builds the five networks of the talk's Figure 1 and recomputes their numbers;
# 2. shows where the shared weights come from: the 2-cell of the unrolling is $\Delta$;
# 3. makes a cell for a data type of one's own in three lines;
# 4. goes on to attention, transformers and decoding with a cache.

# %%
import numpy as np

from catcore import Id, ParaMap, R, atoms, fold, generator, mu, nu, parametric
from catcore.datatypes import datatype
from catcore.para import Lift, StrongFunctor, cases, explain, tie, unrolled, unrolling
from catcore.para import architectures as arch
from catcore.para.architectures.elements import apply, on, plus
from catcore_backends import compile_arrow
from catcore_proofs import prove, verify

A, P, S = atoms("A P S")

# %% [markdown]
# ## Strength: the parameter goes everywhere
#
# Under a functor $F$ a parameter has to get inside, $\sigma : P \times F(X) \to F(P \times X)$. For trees, $A + X^2$,
# it is copied into both branches: this is where sharing starts. Every functor made of sums, products, powers and data
# types has one, and it is lawful.

# %%
print(StrongFunctor(A + Id * Id).at(P, S))
print(verify(StrongFunctor(A + Id * Id)))
print(verify(Lift(A + Id * Id)))

# %% [markdown]
# ## The folding network
#
# A cell for lists is an algebra of $\text{Para}(1 + A \times -)$: one map for the empty list, one for a letter and
# a state. Its fold is the recurrent network. Note the single parameter $P$.

# %%
L = mu(1 + A * Id)
cell = ParaMap(P, generator("cell", P * (1 + A * S), S))
rnn = fold(L, cell)
print(rnn.signature)

# %% [markdown]
# With numbers: $h' = \tanh(w_x a + w_h h + b)$ on the list $[1, -2, 0.5]$, from $h_0 = 0.1$.


# %%
@parametric((R(), R(), R()), R() * R(), R())
def step(wx, wh, b, x):
    return on("tanh", plus(on("multiply", wx, x[0]), on("multiply", wh, x[1]), b))


Lists = datatype(1 + R() * Id, "Nil", "Cons")
network = fold(Lists.fixed, arch.folding(step, 0.1))
weights = tuple(map(np.array, (0.5, -0.3, 0.2)))
print(compile_arrow(network)(weights, [Lists.list_of([1.0, -2.0, 0.5])]))

# %% [markdown]
# ## Where the sharing comes from
#
# Unroll the list with *independent* weights for each of its nodes: four copies. Tying them all is the network above,
# which is a theorem about every cell.

# %%
free = unrolled(Lists.list_of([1.0, -2.0, 0.5]), ParaMap(P, generator("cell", P * (1 + R() * S), S)))
tied = tie(free, [0, 0, 0, 0])
print(free.params, "→", tied.target.params)
tied

# %% [markdown]
# In general: the square that makes the fold a homomorphism has the parameters $P \otimes P$ on one side and $P$ on
# the other. The 2-cell that fills it is $\Delta = \langle \text{id}, \text{id} \rangle$. For every functor:

# %%
for shape in (1 + A * Id, A + Id * Id, 1 + A * (Id * Id)):
    square = unrolling(mu(shape), ParaMap(P, generator("cell", P * shape(S), S)))
    print(f"{shape!s:22}", square.r, verify(square)["2-cell"])

# %% [markdown]
# Coalgebras are the same story backwards: decoders, Mealy machines (full recurrent networks) and Moore machines.

# %%
O, I = atoms("O I")
for shape in (O * Id, (O * Id) ** I, O * Id**I):
    square = unrolling(nu(shape), ParaMap(P, generator("cell", P * S, shape(S))))
    print(f"{shape!s:22}", square.r, verify(square)["2-cell"])

# %% [markdown]
# ## Named cells
#
# The cells that everybody uses are one line each, and count their parameters.

# %%
for make in (arch.rnn_cell, arch.gru_cell, arch.lstm_cell):
    print(f"{make.__name__:10}", make(10, 20).signature, make(10, 20).count())
arch.rnn_cell(10, 20)

# %% [markdown]
# A cell says what it does with each constructor.

# %%
print(explain(arch.tree_cell(3, 4)))

# %% [markdown]
# ## Your own data type
#
# Ternary trees: a functor, a map for each constructor, a fold. It runs on batches, and its 2-cell is proved, although
# nothing in the library knows ternary trees.

# %%
shape = R(2) + R(2) * (Id * (Id * Id))
ternary = datatype(shape, "Tip", "Fork")


@parametric((R(3, 2), R(3, 9)), R(2) * (R(3) * (R(3) * R(3))), R(3))
def node(u, w, x):
    a, (first, (second, third)) = x
    return on("tanh", plus(apply(u, a), apply(w, on("concat", first, on("concat", second, third)))))


mine = cases(arch.linear(2, 3), node)
rng = np.random.default_rng(0)
tip, fork = ternary.constructors
a, b = rng.normal(size=(2, 2))
theta = tuple(rng.normal(size=p.shape) for p in mine.params)
print(compile_arrow(fold(ternary.fixed, mine))(theta, [fork(a, tip(b), tip(a), fork(b, tip(a), tip(a), tip(b)))]).shape)
print(verify(unrolling(ternary.fixed, mine)))

# %% [markdown]
# ## Attention has no parameters
#
# $\text{softmax}(QK^\top / \sqrt k)\, V$ is a plain arrow. What is learned are the matrices around it. With a causal
# mask the first tokens do not see the later ones, *exactly*.

# %%
block = arch.transformer_block(6, 8, heads=2)
print(arch.attention(6, 6, 4, 4).params, block.count(), 12 * 8**2)
run, params = compile_arrow(block), tuple(rng.normal(size=p.shape) / 2 for p in block.params)
x = rng.normal(size=(1, 6, 8))
y = x.copy()
y[:, 3:] = rng.normal(size=(1, 3, 8))
print(np.abs(run(params, x) - run(params, y)).max(axis=(0, 2)).round(3))

# %% [markdown]
# The sizes of the talk's slides are counted on the real thing: a term with 96 layers.

# %%
gpt2 = arch.language_model(layers=24, width=1024, heads=16, vocabulary=50257, context=1024)
gpt3 = arch.language_model(layers=96, width=12288, heads=96, vocabulary=50257, context=2048)
print(gpt2.count(), gpt3.count(), f"{gpt3.storage() / 1e9:.0f} GB")

# %% [markdown]
# ## A cache is a homomorphism
#
# A decoder may keep all it has said, the *prefix*, or only keys and values, the *cache*. Both are coalgebras; the map
# from prefix to cache is a homomorphism, so both say the same for ever, by coinduction.

# %%
from catcore.para.architectures.autoregressive import arbitrary

decoder = arbitrary()
print(verify(decoder))
print(prove(decoder.same_streams()))

# %% [markdown]
# ## Exercises
#
# 1. Give the folding network a *learned* first state, `arch.folding(step, "learned")`. Which constructor uses it?
# 2. A bidirectional network folds a list and its reverse. Say it with `fork`.
# 3. `arch.memory_cell` is a Mealy cell whose state holds a memory. What are its inputs and outputs?
# 4. Fold rose trees, $A \times \text{List}(X)$. Which strength is needed?
