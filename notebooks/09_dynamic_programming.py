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
# # Dynamic programming
#
# Unfold a problem into subproblems, solve those, and put the answers together. The first half is a coalgebra
# $c : S \to F(S)$, the second an algebra $a : F(A) \to A$, and the answer is a map $h : S \to A$ with
#
# $$h \;=\; c \mathbin{;} F(h) \mathbin{;} a,$$
#
# a **coalgebra-to-algebra morphism**. Notebook 04 had algebras, notebook 05 coalgebras; here they meet. Along the way:
#
# 1. the *plan* is data that can be drawn, and executing it is a fold;
# 2. one statement of a problem gives the best value, the number of solutions and the solutions themselves: it is solved
#    in different **semirings**;
# 3. a round of message passing in a graph network is one step of the same recursion.

# %%
from IPython.display import SVG

from catcore import Id, atoms, generator, hylo
from catcore.datatypes import Choice, Problem
from catcore.datatypes.semirings import BOOLEAN, COUNTING, LOG_SUM_EXP, MAX_PLUS, MIN_PLUS
from catcore.drawing import plan_svg

# %% [markdown]
# ## The plan
#
# Fibonacci's numbers: the state $n$ leads to $n - 1$ and $n - 2$, and answers are added. The states and what they lead
# to form a graph. How many questions are asked for $n = 10$? Let each cost one and add up all costs: 177, if one asks
# naively. Each state need be asked only once, which is 11 questions.

# %%
fibonacci = Problem(lambda n: [Choice(1)] if n < 2 else [Choice(1, (n - 1, n - 2))])
print(fibonacci.solve(10, MIN_PLUS), "questions, or", len(fibonacci.answers(10, MIN_PLUS)))
SVG(plan_svg(fibonacci, 5, MIN_PLUS, say=lambda choice: ""))

# %% [markdown]
# The equation for $h$ is the term below. It has one solution whenever no state leads back to itself, and then the
# coalgebra is called *recursive*. A cycle is not looped on but reported.

# %%
N, S = atoms("N S")
h = hylo(N + Id * Id, generator("add", N + N * N, N), generator("split", S, N + S * S))
print(h.equation)

# %%
from catcore.errors import NotRecursive

try:
    Problem(lambda n: [Choice(0, ((n + 1) % 3,))]).solve(0, MIN_PLUS)
except NotRecursive as error:
    print(error)

# %% [markdown]
# ## Edit distance
#
# How many letters have to be inserted, deleted or exchanged to turn one word into another? A state is a pair of
# positions, and its choices are said once:

# %%
PAIRS = [("kitten", "sitting"), ("flaw", "lawn"), ("saturday", "sunday")]


def edits(a, b):
    def choices(state):
        i, j = state
        if state == (len(a), len(b)):
            yield Choice(0)
        if i < len(a):
            yield Choice(1, ((i + 1, j),), f"−{a[i]}")
        if j < len(b):
            yield Choice(1, ((i, j + 1),), f"+{b[j]}")
        if i < len(a) and j < len(b):
            yield Choice(int(a[i] != b[j]), ((i + 1, j + 1),), a[i] if a[i] == b[j] else f"{a[i]}→{b[j]}")

    return Problem(choices)


[edits(*pair).solve((0, 0), MIN_PLUS) for pair in PAIRS]

# %% [markdown]
# In min-plus, ⊕ is the minimum and ⊗ is addition. Below each state stands its answer; a best solution is red.

# %%
SVG(plan_svg(edits("owl", "low"), (0, 0), MIN_PLUS))

# %% [markdown]
# ## One problem, many questions
#
# Nothing in the statement says *minimum*. Exchange the semiring, and the same choices answer other questions: is
# there a solution, how many are there, what do all of them weigh together?

# %%
words = edits("kitten", "sitting")
for semiring in (MIN_PLUS, BOOLEAN, COUNTING, LOG_SUM_EXP):
    print(f"{semiring!s:12}", words.solve((0, 0), semiring))

# %% [markdown]
# And with weights that carry their history, ⊕ keeps the best few: the solutions themselves, traced back.

# %%
for cost, steps in words.best((0, 0), MIN_PLUS, count=3):
    print(cost, " ".join(steps))

# %% [markdown]
# A semiring is a value that lists its laws. They are what makes sharing of subproblems right: without distributivity,
# solving a subproblem first loses solutions. So they are checked, and a wrong one is refused.

# %%
from dataclasses import replace

from catcore.datatypes import lawful
from catcore.errors import LawViolated
from catcore_proofs import verify

print(verify(MIN_PLUS).ok)
try:
    lawful(replace(MIN_PLUS, name="mean-plus", add=lambda x, y: (x + y) / 2))
except LawViolated as error:
    print(error)

# %% [markdown]
# ## Choices with two subproblems
#
# Multiply four matrices. The result does not depend on the brackets, but the work does. A state is a stretch of the
# product, and a choice says where the last multiplication is made, at what cost.

# %%
SIZES = [40, 20, 30, 10, 30]


def chain(sizes):
    def choices(stretch):
        i, j = stretch
        if j - i < 2:
            return [Choice(0)]
        return [Choice(sizes[i] * sizes[k] * sizes[j], ((i, k), (k, j)), k) for k in range(i + 1, j)]

    return Problem(choices)


matrices = chain(SIZES)
print(matrices.best((0, 4), MIN_PLUS), "  bracketings:", matrices.solve((0, 4), COUNTING))
SVG(plan_svg(matrices, (0, 4), MIN_PLUS, say=lambda choice: str(choice.cost)))

# %% [markdown]
# Packing a knapsack is the same with max-plus: leave an item, or take it and have less room.

# %%
WEIGHTS, VALUES = (1, 3, 4, 5), (1, 4, 5, 7)


def knapsack(weights, values):
    def choices(state):
        i, room = state
        if i == len(weights):
            return [Choice(0)]
        take = [Choice(values[i], ((i + 1, room - weights[i]),), f"item {i}")] if weights[i] <= room else []
        return [Choice(0, ((i + 1, room),)), *take]

    return Problem(choices)


items = knapsack(WEIGHTS, VALUES)
print(items.best((0, 7), MAX_PLUS, count=2), items.solve((0, 7), COUNTING), "ways to pack")

# %% [markdown]
# ## Shortest paths, and graph networks
#
# On a graph with cycles, asking for the distance of a node leads back to itself. Counting hops makes the states
# $(v, k)$ recursive; that is the algorithm of Bellman and Ford.

# %%
from math import inf

EDGES = [(0, 1, 4), (0, 2, 2), (2, 1, 1), (1, 3, 5), (2, 3, 8), (3, 4, 3)]


def paths(state):
    node, hops = state
    if hops == 0:
        return [Choice(0)] if node == 0 else []
    return [Choice(0, ((node, hops - 1),)), *(Choice(w, ((u, hops - 1),), u) for u, v, w in EDGES if v == node)]


for hops in range(5):
    print(hops, [Problem(paths).solve((node, hops), MIN_PLUS) for node in range(5)])

# %% [markdown]
# One round is a **polynomial span**: values are pulled back along edges, combined with ⊗ into messages, and pushed
# forward to their targets with ⊕. That is message passing. The span knows nothing of the semiring: with
# $(\min, +)$ it takes a Bellman–Ford step, with $(\lor, \land)$ a step of reachability, and with $(+, \times)$
# it counts walks.

# %%
from catcore.datatypes import integral_transform
from catcore.datatypes.spans import edge_span

span = edge_span(5, [(u, v) for u, v, _ in EDGES])
distances, reached, walks = [0, *[inf] * 4], [True, *[False] * 4], [1, 0, 0, 0, 0]
for _ in range(3):
    distances = integral_transform(span, MIN_PLUS, [*distances, *(w for _, _, w in EDGES), *[0] * 5])
    reached = integral_transform(span, BOOLEAN, [*reached, *[True] * 11])
    walks = integral_transform(span, COUNTING, [*walks, *[1] * 11])
print(distances, reached, walks, sep="\n")

# %% [markdown]
# ## Messages out of order
#
# May messages be sent in any order? A node that answers a message with a message is asynchronous safely when it obeys
# the law of a **cocycle**: two messages at once, or one after the other, make it say the same. Answering with the
# whole state breaks one law; answering only with what is new obeys both.

# %%
from catcore.datatypes.asynchrony import eager, lazy

for cocycle in (eager(MIN_PLUS), lazy(MIN_PLUS)):
    print(*(f"{v.law}: {v.status}" for v in verify(cocycle)), sep="; ")

# %% [markdown]
# ## Exercises
#
# **1.** Stairs of $n$ steps are climbed by one, two or three steps at a time. In how many ways are ten climbed?

# %%
stairs = Problem(lambda n: [Choice(k, (n - k,), k) for k in (1, 2, 3) if k <= n] if n else [Choice(0)])
answer_1 = 89
print("right" if stairs.solve(10, COUNTING) == answer_1 else "not yet")

# %% [markdown]
# **2.** A message passes each link with some probability. Give the semiring in which the answer is the probability of
# the most reliable way from a to d.

# %%
from fractions import Fraction as Q

links = {"a": {"b": Q(1, 2), "c": Q(2, 3)}, "b": {"d": Q(3, 4)}, "c": {"d": Q(1, 2)}}
ways = Problem(lambda s: [Choice(p, (t,), t) for t, p in links[s].items()] if s in links else [Choice(1)])
answer_2 = replace(MAX_PLUS, name="Viterbi", one=1, zero=0, samples=(Q(0), Q(1, 3), Q(1, 2), Q(1)))
print("right" if verify(answer_2).ok and ways.solve("a", answer_2) == Q(3, 8) else "not yet")

# %% [markdown]
# ### Answers
#
# **1** 274. **2** Replace also `mul` by multiplication: the best way is the greatest product.
