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
# # Data types and folds
#
# Groups move pixels about. But a sentence grows by a word, a program by an instruction, an expression by an operator:
# such data is *built*, and what a network does with it is recursion. Category theory says what recursion is in one
# equation, and everything in this notebook follows from it:
#
# 1. a **functor** $F$ says how one layer of the data looks;
# 2. the data type $\mu F$ is its **initial algebra**: layers of layers, down to the bottom;
# 3. a **fold** is the only homomorphism out of it, so a recursive function is given by one layer;
# 4. uniqueness proves things: two passes become one, **fusion**.
#
# Folds and homomorphisms of notebook 01 are one notion, with $F$ in place of a group.

# %%
from IPython.display import SVG

from catcore import FinSet, Id, R, atoms, case, fold, generator, ident, in_, mu, out, pair, snd
from catcore.datatypes import banana_split, datatype, fuse, initial_chain, para, polynomial
from catcore.drawing import tree_svg
from catcore.structures.lists import LIST
from catcore_proofs import prove

A, B, N = atoms("A B N")

# %% [markdown]
# ## One layer says everything
#
# A binary tree is a leaf with a label, or a node with two trees. Read "a tree" as a variable $X$, and what remains is
# a functor: $F(X) = N + X \times X$. Its summands are the constructors, and their factors the arguments.

# %%
Tree = datatype(N + Id * Id, "Leaf", "Node")
tree = Tree.read("Node(Node(Leaf(2), Leaf(5)), Node(Leaf(7), Node(Leaf(1), Leaf(3))))")
print(Tree, tree.size, tree.height)
SVG(tree_svg(tree, Tree))

# %% [markdown]
# Nothing was written for trees. Lists, numerals and the terms of any language come about in the same way, also types
# whose branches stand in lists, or that need each other.

# %%
List = datatype(1 + N * Id, "Nil", "Cons")
Rose = datatype(lambda X: N * LIST(X), "Rose")
rose = Rose.from_nested(("Rose", 1, [("Rose", 2, []), ("Rose", 3, [("Rose", 4, []), ("Rose", 5, [])])]))
print(List.list_of([3, 1, 4]), "   ", Rose.show(rose))
SVG(tree_svg(rose, Rose))

# %% [markdown]
# Where does the type come from? Start with nothing and apply $F$ again and again: $0, F0, F^20, \dots$ are the trees
# of height below $0, 1, 2, \dots$, and $\mu F$ is all of them. With one label there are this many trees, and with two
# letters this many words:

# %%
print(initial_chain(FinSet(1) + Id * Id, 6))
print(initial_chain(1 + FinSet(2) * Id, 6))

# %% [markdown]
# Taking off the top layer and putting it back on changes nothing, in either order. That is **Lambek's lemma**, true
# for every functor; here is the certificate that it holds for trees, replayed by the kernel.

# %%
print(prove(out(Tree.fixed) >> in_(Tree.fixed), ident(Tree.fixed)))
print(prove(in_(Tree.fixed) >> out(Tree.fixed), ident(Tree.functor(Tree.fixed))))

# %% [markdown]
# ## A fold is a homomorphism
#
# An algebra $a : F(A) \to A$ says what one layer gives, once its branches have given something. The fold of $a$ is
# the function $f : \mu F \to A$ with
#
# $$\text{in} \mathbin{;} f \;=\; F(f) \mathbin{;} a,$$
#
# which is a square like that of an equivariant map. Below each box is what $f$ gives there. We fold with
# $l - 2r$; read it from the leaves upwards.

# %%
clauses = {"Leaf": lambda a: a, "Node": lambda l, r: l - 2 * r}
print(Tree.fold(**clauses)(tree))
SVG(tree_svg(tree, Tree, fold=clauses))

# %% [markdown]
# Other algebras, other functions. Their recursion is always the same one, and it always ends, since it only goes down.

# %%
folds = {
    "sum": {"Leaf": lambda a: a, "Node": lambda l, r: l + r},
    "largest": {"Leaf": lambda a: a, "Node": max},
    "depth": {"Leaf": lambda a: 0, "Node": lambda l, r: 1 + max(l, r)},
    "leaves": {"Leaf": lambda a: 1, "Node": lambda l, r: l + r},
    "in order": {"Leaf": lambda a: [a], "Node": lambda l, r: l + r},
}
for name, algebra in folds.items():
    print(f"{name:9}", Tree.fold(**algebra)(tree))

# %% [markdown]
# ## There is only one
#
# Why *the* fold? Take lists of at most two bits, and a remainder modulo 3 for each: there are $3^7 = 2187$ functions.
# Ask that $f(\text{nil}) = 2$ and $f(a : x) = a + 2f(x) + 1$. How many are left?

# %%
from itertools import product

words = [w for n in range(3) for w in product((0, 1), repeat=n)]


def step(w, f):
    return 2 if not w else (w[0] + 2 * f[w[1:]] + 1) % 3


functions = [dict(zip(words, values)) for values in product(range(3), repeat=7)]
len(functions), sum(all(f[w] == step(w, f) for w in words) for f in functions)

# %% [markdown]
# One. For all lists at once, and for an arbitrary algebra, this is a theorem: whatever satisfies the square is the fold.

# %%
from catcore import Law

L = LIST(A)
a, k = generator("a", 1 + A * B, B), generator("k", L, B)
square = Law("k is a homomorphism", in_(L) >> k, (1 + A * Id)(k) >> a)
print(prove(k, fold(L, a), given=[square]))

# %% [markdown]
# ## Fusion: two passes become one
#
# Uniqueness is a tool. If $h$ is a homomorphism from $a$ to some $b$, that is $a \mathbin{;} h = F(h) \mathbin{;} b$,
# then folding with $a$ and applying $h$ is folding with $b$: no list in between. `fuse` finds $b$ and proves it. The
# length of a list does not depend on what is done to its items:

# %%
length = fold(LIST(B), case(generator("zero", 1, N), snd(B, N) >> generator("succ", N, N)))
mapped = LIST(generator("f", A, B))
found = fuse(length, mapped)
print(found)

# %% [markdown]
# Both verdicts are kept: that of the premise, and that fusion itself holds for arbitrary $a$, $b$ and $h$.

# %%
print(found.premise)
print(found.theorem)

# %% [markdown]
# With numbers: twice the sum of a list is one fold, with $(a, x) \mapsto 2a + x$. The answer was not guessed; a
# Gröbner basis tells whether $2(a + x)$ is a polynomial in $a$ and $2x$.

# %%
import sympy as sp

from catcore import inr
from catcore.categories.smooth import constant
from catcore.datatypes.fusion.polynomials import values

number = R()
total = fold(mu(1 + number * Id), case(constant(0), polynomial(number * number, number, lambda a, x: a + x)))
twice = fuse(polynomial(number, number, lambda x: 2 * x), total)
print(values(inr(1, number * number) >> twice.structure, sp.symbols("a x")), "  ", twice.evidence)

# %% [markdown]
# And the *square* of a sum? There is no such fold: $x$ and $-x$ have one square, but $(a + x)^2$ tells them apart.

# %%
square_of_sum = fuse(polynomial(number, number, lambda x: x**2), total)
print(bool(square_of_sum), "\n", square_of_sum, sep="")

# %% [markdown]
# Two folds over the same data become one that carries a pair, **banana split**. The mean of a list is its sum and its
# length in one pass.

# %%
sums, counts = generator("sum", 1 + A * N, N), generator("count", 1 + A * B, B)
print(banana_split(pair(fold(L, sums), fold(L, counts))))

# %% [markdown]
# ## When a fold is not enough
#
# Sometimes a clause needs the branches themselves and not only what they gave. Adding one to a binary numeral, least
# digit first, is such a case: $s(2b) = 2b + 1$ uses $b$ untouched. It is a **paramorphism**, a fold that copies
# its argument on the side.

# %%
from catcore import fst
from catcore.categories import PythonValues

Binary = datatype(1 + (Id + Id), "One", "Twice", "TwicePlusOne")
one, even, odd = (c.arrow for c in Binary.constructors)
bits = Binary.fixed
successor = para(bits, case(one >> even, case(fst(bits, bits) >> odd, snd(bits, bits) >> even)))
eleven = Binary.read("TwicePlusOne(TwicePlusOne(Twice(One)))")
twelve = PythonValues().apply(successor, eleven)
print(Binary.show(twelve), Binary.fold(One=lambda: 1, Twice=lambda n: 2 * n, TwicePlusOne=lambda n: 2 * n + 1)(twelve))

# %% [markdown]
# ## Step by step
#
# The reducer uses up one constructor at a time, the leftmost whose branches are done. As many steps as constructors,
# and the last line is the value.

# %%
from catcore.datatypes import reduction_steps

print(reduction_steps(Tree.read("Node(Leaf(5), Node(Leaf(1), Leaf(3)))"), Tree, **clauses))

# %% [markdown]
# ## Nothing but well-formed terms
#
# A grammar is a functor too, with a variable for each nonterminal, and derivations are its data. A decoder chooses a
# production for each hole. Since it can only choose productions *of that nonterminal*, all it can write is well
# formed, however badly it is trained. Here the scores are random.

# %%
from random import Random

from catcore.datatypes import grammar

arithmetic = grammar({"Sum": ["Sum + Term", "Term"], "Term": ["Term * Atom", "Atom"], "Atom": ["( Sum )", "x", "1"]})


def scores(depth):
    return [0.4, 0.6, 0.3, 0.7, 0.5, 0.3, 0.3]


def grow(depth, production):
    return [depth + 1] * len(production.arguments)


for seed in range(4):
    derivation = arithmetic.sample("Sum", 0, scores=scores, step=grow, height=8, random=Random(seed))
    print(arithmetic.text(derivation))

# %% [markdown]
# ## Exercises
#
# **1.** Give the clause for `Node` that mirrors a tree, so that folding twice gives back the tree.

# %%
leaf, node = Tree.constructors


def answer_1(l, r):
    return node(l, r)


mirror = Tree.fold(Leaf=leaf, Node=answer_1)
print("right" if mirror(mirror(tree)) == tree != mirror(tree) else "not yet")

# %% [markdown]
# **2.** The product of a list is a fold with $(a, x) \mapsto ax$. Which $b$ makes its *square* one fold?

# %%
times = fold(mu(1 + number * Id), case(constant(1), polynomial(number * number, number, lambda a, x: a * x)))
answer_2 = polynomial(number * number, number, lambda a, x: a * x)
both = sp.symbols("a x")
fused = fuse(polynomial(number, number, lambda x: x**2), times).structure
print("right" if values(inr(1, number * number) >> fused, both) == values(answer_2, both) else "not yet")

# %% [markdown]
# ### Answers
#
# **1** `node(r, l)`. **2** $(a, x) \mapsto a^2 x$.
