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
# # Coalgebras and automata
#
# A fold takes data apart until nothing is left. Turn its arrow round, $S \to F(S)$, and you have a **coalgebra**: a
# state shows something and moves on, for ever if need be. Streams, automata, recurrent cells and controllers with
# memory are coalgebras; only $F$ differs.
#
# | functor | coalgebra |
# |---|---|
# | $O \times X$ | stream system |
# | $O \times X^I$ | Moore machine; an automaton if $O$ says yes or no |
# | $(O \times X)^I$ | Mealy machine |
#
# Folds were unique *out of* an initial algebra, and proofs about them were inductions. Behaviour is unique *into* a
# terminal coalgebra, and proofs about it are **bisimulations**.

# %%
from IPython.display import SVG

from catcore.datatypes import WeightedAutomaton, automaton, compare, mealy, minimal, moore, streams, terminal_chain
from catcore.drawing import automaton_svg
from catcore_proofs import verify

# %% [markdown]
# ## A machine that adds
#
# Add two numbers digit by digit, the least digit first. All that has to be remembered is the carry, so there are two
# states. Reading a pair of bits gives a digit and the next carry: a Mealy machine.

# %%
BITS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def add(carry, bits):
    total = carry + sum(bits)
    return total % 2, total // 2


adder = mealy(range(2), BITS, add)
SVG(automaton_svg(adder, 0))

# %% [markdown]
# Eleven and six, 1011 and 0110, least digit first:

# %%
digits = adder.run(0, [(1, 0), (1, 1), (0, 1), (1, 0), (0, 0)])
digits, sum(d << i for i, d in enumerate(digits))

# %% [markdown]
# It is a coalgebra in the sense of the table, a term like any other:

# %%
print(adder.functor)
print(adder.coalgebra.structure.signature)

# %% [markdown]
# A Moore machine shows its output first and reads afterwards. The two kinds convert into each other up to one step of
# delay, so a run over $n$ letters shows $n + 1$ outputs.

# %%
delayed = adder.to_moore()
print(adder.run(0, BITS), delayed.run((0, None), BITS))

# %% [markdown]
# ## What can be seen
#
# Two states may have different names and still do the same for ever. How many behaviours can be told apart in
# $0, 1, 2, \dots$ steps? Apply $F$ to one point again and again. Two outputs and two inputs give

# %%
from catcore import FinSet, Id

two = FinSet(2)
print("streams", terminal_chain(two * Id, 6))
print("Mealy  ", terminal_chain((two * Id) ** two, 4))
print("Moore  ", terminal_chain(two * Id**two, 5))

# %% [markdown]
# ## Minimisation
#
# A counter modulo 4 that shows only whether its number is odd remembers too much. Start with what is seen, and split
# classes until each input leads each class into one class. Colours are classes.

# %%
counter = moore(range(4), [0, 1], lambda s, x: (s + x) % 4, lambda s: s % 2)
quotient = minimal(counter)
print(quotient.classes)
SVG(automaton_svg(counter, 0, quotient=quotient))

# %%
SVG(automaton_svg(quotient.image, 0))

# %% [markdown]
# The map to the classes is a homomorphism of coalgebras. That is checked at every state, and a map that merges the
# wrong states is refused with the state at which it fails.

# %%
from dataclasses import replace

print(verify(quotient))
print(verify(replace(quotient, labels=(0, 0, 1, 1))))

# %% [markdown]
# Splitting always looks at the smaller part, so $n$ states take about $n \log n$ steps. Here are a hundred thousand:

# %%
large = streams(range(100_000), lambda s: (s % 3 == 0, (s + 1) % 100_000 if s < 99_998 else 0))
print(minimal(large))

# %% [markdown]
# ## Proof by coinduction
#
# To prove that two states behave alike, give a relation that holds them and is closed under steps: a bisimulation.
# `compare` finds one, or a shortest word that tells the states apart.

# %%
parity = moore(range(2), [0, 1], lambda s, x: (s + x) % 2, lambda s: s)
proof = compare(counter, 0, parity, 0)
print(proof.pairs)
print(verify(proof))

# %%
print(compare(counter, 0, parity, 1))
print(compare(adder, 0, adder, 1))

# %% [markdown]
# A relation that is no bisimulation is refused, with the pair that breaks it:

# %%
print(verify(replace(proof, pairs=((0, 0), (1, 0)))))

# %% [markdown]
# ## Languages
#
# An automaton is a Moore machine that shows whether it accepts; two circles do. This one accepts words over $a, b$
# that do not change letters, and has one state of failure.

# %%
steps = {"ε": {"a": "a", "b": "b"}, "a": {"a": "a", "b": "†"}, "b": {"a": "†", "b": "b"}}
steps["†"] = {"a": "†", "b": "†"}
constant = automaton(["ε", "a", "b", "†"], "ab", lambda s, x: steps[s][x], ["ε", "a", "b"])
SVG(automaton_svg(constant, "ε"))

# %% [markdown]
# Run two automata side by side and combine their outputs: the product gives intersections, unions and differences.

# %%
even = automaton("01", "ab", lambda s, x: "10"[int(s)], "0")
both = constant.product(even).relabelled(lambda seen: seen == (True, True))
from itertools import product

words = ["".join(w) for n in range(5) for w in product("ab", repeat=n)]
[w for w in words if both.accepts(("ε", "0"), w)]

# %% [markdown]
# ## Weights
#
# Let a letter be a matrix, the start a row and the end a column. A word then has a weight, the product. Fibonacci's
# numbers are such weights, and so are they over the field with $\sqrt5$ in it, with a diagonal matrix: Binet's formula.
# Equal weights of *all* words are decided by linear algebra.

# %%
fibonacci = WeightedAutomaton([1, 0], {"a": [[1, 1], [1, 0]]}, [1, 0])
phi, psi = "(1+sqrt(5))/2", "(1-sqrt(5))/2"
binet = WeightedAutomaton(["(5+sqrt(5))/10", "(5-sqrt(5))/10"], {"a": [[phi, 0], [0, psi]]}, [1, 1])
print([int(fibonacci.weight("a" * n)) for n in range(10)], fibonacci.difference(binet))
fibonacci.homomorphism(binet)

# %% [markdown]
# The matrix is a homomorphism: it carries one machine to the other, step by step. Where weights differ, there is a
# shortest word that shows it, and what is superfluous can be removed.

# %%
lucas = WeightedAutomaton([2, -1], {"a": [[1, 1], [1, 0]]}, [1, 0])
doubled = fibonacci.minus(WeightedAutomaton([0, 0], {"a": [[1, 1], [1, 0]]}, [1, 0]))
print(fibonacci.difference(lucas), len(doubled), "states, needed:", len(doubled.minimal()))

# %% [markdown]
# ## To other tools
#
# Machines become graphs of `networkx` and text for Graphviz, and come back.

# %%
Moore = type(counter)
print(Moore.from_networkx(counter.to_networkx()) == Moore.from_dot(counter.dot()) == counter)
print(parity.dot())

# %% [markdown]
# ## Exercises
#
# **1.** A machine that shows whether the number read so far, binary and highest digit first, is divisible by 3. Give
# the step.

# %%
remainders = range(3)


def answer_1(remainder, bit):
    return remainder


by_three = automaton(remainders, [0, 1], answer_1, [0])
print("right" if all(by_three.accepts(0, map(int, f"{n:b}")) == (n % 3 == 0) for n in range(99)) else "not yet")

# %% [markdown]
# **2.** How many states does the smallest machine for divisibility by 6 have? Guess, and compare.

# %%
answer_2 = 6
by_six = automaton(range(6), [0, 1], lambda r, bit: (2 * r + bit) % 6, [0])
print("right" if len(minimal(by_six).classes) == answer_2 else "not yet")

# %% [markdown]
# ### Answers
#
# **1** `(2 * remainder + bit) % 3`. **2** Four: 1 and 4 lead to the same remainders, and so do 2 and 5.
