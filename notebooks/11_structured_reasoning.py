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
# # Structured reasoning
#
# What does it take to follow a rule, instead of fitting its examples? Three families of tasks from the literature, each
# with an exact solver that is a composite of folds, unfolds and machines; shortcuts that are right as far as they have
# seen; and a count of what a composite costs a learner who knows its parts.

# %%
from catcore.reasoning import Sample, composed, hypothesis, memorising, samples_needed
from catcore.reasoning.arithmetic import PRODUCT, adding, scaling
from catcore.reasoning.numerals import SUCCESSOR, applied, carries, number, numeral, shortcut, successor
from catcore.reasoning.pointers import MULTICOUNT, NEIGHBOURS
from catcore.reasoning.sums import HIGHEST, TRACE
from catcore.reasoning.traversals import ORDERS, steps

# %% [markdown]
# ## Recursion and its shortcuts
#
# Binary numerals with the least digit outermost are the data type $\mu X.\, 1 + X + X$. The successor is
# $s(H) = O\,H$, $s(O\,b) = I\,b$, $s(I\,b) = O\,s(b)$: a paramorphism, since one clause takes its branch as it is. The
# term has one solution by initiality, whatever was seen of it.

# %%
print(successor.signature)
for sample in SUCCESSOR.samples(4, seed=1):
    print(sample)

# %% [markdown]
# A shortcut of depth $d$ unrolls the clauses $d$ times and then forgets the carry: it is a term without recursion. It is
# right on most numbers, for most have few carries. Where is it wrong?

# %%
three = shortcut(3)
wrong = [n for n in range(1, 200) if number(applied(three, numeral(n))) != n + 1]
print(f"{1 - len(wrong) / 199:.0%} right; wrong at", wrong)
print("their carries:", [carries(numeral(n)) for n in wrong])

# %% [markdown]
# A dense network that has seen numerals with at most three carries does just that: it answers all of those, and none of
# the others. Of numerals of all kinds, half of them seen, it answers nearly all of the other half. Is recursion harder
# than a symmetry? Not in this experiment: the same network answers translated and reflected signals where it has seen
# signals like them, and fails at places it has not seen, too (`python -m tests.learning.tasks learnable` splits all three
# tasks in the same two ways). What it learns are samples; structure that must hold beyond them has to be built in.
#
# ## Syntax and steps
#
# A fold can be taken in small steps: a constructor whose branches are values is replaced by its clause. A task may ask for
# the whole, or for one step.

# %%
print(*steps("N(1, N(2, L, L), N(3, L, L))", ORDERS["inorder"]), sep="\n")

# %% [markdown]
# ## Pointers
#
# Words name the word to go to next. The walk is an unfold, the answer a fold, and both together a hylomorphism. In PEN
# one walks on every second word and writes down the right neighbours, which look as if the walk went on there. In PERM
# the visited words are written in reverse, each with its number times the steps to the left so far.

# %%
for task in (NEIGHBOURS, MULTICOUNT):
    (sample,) = task.samples(1)
    print(
        task,
        "\n ",
        sample.question,
        "\n ↦",
        sample.answer,
        "\n  solver agrees:",
        task.solve(sample.question) == sample.answer,
    )

# %% [markdown]
# ## Sums and products
#
# The highest sum of numbers that are no neighbours is dynamic programming: its table is a sub-task. Products are long
# multiplication: a fold of one factor, whose steps are two Mealy machines that carry.

# %%
print(HIGHEST.solve("3 2 5 10 7"), "from the table", TRACE.solve("3 2 5 10 7"))
print("adding has", len(adding().states), "states, multiplying by 7 has", len(scaling(7).states))
print("123456 · 654321 =", PRODUCT.solve("123456*654321"))

# %% [markdown]
# ## What does a composite cost?
#
# A learner knows all parts. How many further samples does the whole take: a constant number (H1), as many as the hardest
# part (H2), as many as all parts (H3), or more (H4)? For a learner that memorises, the way in which the whole is composed
# says which. One that composes what it has, tied and frozen, takes none.

# %%
f = {f"f{n}": f"g{(7 * n + 3) % 40}" for n in range(40)}
g = {f"g{n}": f"h{9 * n % 40}" for n in range(40)}
wholes = {
    "f ; g": {q: g[a] for q, a in f.items()},
    "[f, g]": f | g,
    "f × g": {f"{p} {q}": f"{f[p]} {g[q]}" for p in f for q in g},
}
table = {name: [Sample(q, a) for q, a in whole.items()] for name, whole in wholes.items()}
parts = {name: samples_needed(memorising, [Sample(*e) for e in t.items()]) for name, t in {"f": f, "g": g}.items()}
print("parts", parts)
for name, samples in table.items():
    needed = samples_needed(memorising, samples)
    print(f"{name:7} memorising: {needed:5}  {hypothesis(needed, parts)}")
needed = samples_needed(composed(f.get, g.get), table["f ; g"])
print(f"f ; g   composing:  {needed:5}  {hypothesis(needed, parts)}")

# %% [markdown]
# Thomm and others report that language models which know all parts learn such wholes as H4 says, and prove that gradient
# descent on networks that memorise can be exponentially inefficient. These are claims of the literature, and nothing
# here reproduces them.
#
# ## Exercises
#
# 1. How many of the numbers below $2^n$ does the shortcut of depth $d$ get wrong? Count for $n = 10$, then find the formula.
# 2. Which machine halves a number, read from its highest digit? Build it with `mealy`, and minimise it.
# 3. A learner that memorises takes $38 \cdot 40$ samples for $f \times g$, not $38 \cdot 38$. Why?
