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
# # Proving things
#
# A unit test tries a few inputs. A law, such as "averaging after shuffling is averaging", is about *all* inputs, of
# all types, and often about all networks of some kind. This notebook shows how to state a law, how to let it be
# settled, how to read what comes back, and how to prove one yourself, step by step:
#
# 1. a law is an equation between two **arrows**, and `verify` proves it or refutes it;
# 2. a refutation is the **smallest counterexample**;
# 3. a proof takes a **generic element**, distinguishes **cases**, uses **hypotheses**, or goes by **induction**;
# 4. a `Goal` is a proof under construction, and it prints the Python that repeats it;
# 5. a finished proof is a **certificate** which others can check, in another system if they like.
#
# You need Python and a willingness to read equations. The words of category theory are explained where they occur.

# %%
from catcore import (
    Id,
    Law,
    Monad,
    Monoid,
    One,
    arrow,
    atoms,
    case,
    fst,
    generator,
    ident,
    inl,
    inr,
    pair,
    snd,
    terminal,
)
from catcore_proofs import Goal, prove, refute, replay, verify

# %% [markdown]
# ## Stating a law
#
# `atoms` gives sets about which nothing is known. An *arrow* is a function from one to another; `generator` makes one
# about which nothing is known either, and `f >> g` does `f` first and then `g`. From these, larger arrows are built:
# `pair(f, g)` gives both results, `fst` and `snd` take one of two.

# %%
A, B, C = atoms("A B C")
f, g = generator("f", A, B), generator("g", A, C)

law = Law("keeping the first result", pair(f, g) >> fst(B, C), f)
print(law)

# %% [markdown]
# Read `⟨f, g⟩ ; π₁ = f`: computing both and keeping the first is computing the first. Since nothing is known about `A`,
# `B`, `C`, `f` and `g`, this claims something about all sets and all functions.

# %%
print(verify(law))

# %% [markdown]
# `holds (proved)`. The word in brackets is the *evidence*, and it never says more than was done: `proved` means that a
# proof was found **and** that a small program of its own, the kernel, replayed it. For maps between given finite sets
# every element is tried, and the evidence is `exhaustive`.
#
# Long arrows are easier to write as Python functions. `@arrow(A, B)` runs the function once, on a *generic element*
# which stands for any element, and writes down what it did.


# %%
@arrow(A * B, B * A)
def swap(p):
    return p[1], p[0]


@arrow(B * A, A * B)
def back(p):
    return p[1], p[0]


print(swap)
print(prove(swap >> back, ident(A * B), name="swapping back"))

# %% [markdown]
# ## Reading a counterexample
#
# Here is something false. Swapping the two parts of a pair of *equal* type changes nothing, says the claim:


# %%
@arrow(A * A, A * A)
def flip(p):
    return p[1], p[0]


print(verify(Law("flipping does nothing", flip, ident(A * A))))

# %% [markdown]
# From left to right: take a set `A` with two elements, 0 and 1, and the pair `(0, 1)`. The left side gives `(1, 0)` and
# the right side `(0, 1)`, and they differ in component 0. The element is the smallest there is: on a set with one
# element the law would hold. `refute` looks for a counterexample only, and its `None` is no proof.

# %%
wrong = refute(flip, ident(A * A))
wrong.element, wrong.lhs, wrong.rhs, dict(wrong.sizes)

# %% [markdown]
# A structure with several laws gets a verdict for each. *Maybe*, the type of results that may be missing, is a
# **monad**: it comes with a way to make a plain value a result (`unit`) and to flatten a result of a result (`mult`),
# which obey five laws. Flatten wrongly, forgetting the value, and two of them fail.

# %%
maybe = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: case(inl(One, X), ident(One + X)))
forgetful = Monad(1 + Id, unit=lambda X: inr(One, X), mult=lambda X: terminal(1 + (1 + X)) >> inl(One, X))
verify(forgetful)

# %% [markdown]
# ## A proof with cases, by hand
#
# How does one prove that flattening a three-fold *maybe* from the outside is flattening it from the inside? Take *any*
# element, and look. A `Goal` is a statement together with what remains to be shown. Printed, it reads as on a board:

# %%
goal = Goal(maybe.laws()[-1])
print(goal)

# %% [markdown]
# `x` is the generic element. A three-fold *maybe* is either missing (`ι₁`, "left in the sum") or there (`ι₂`), and
# neither side can go on before it knows which: "distinguish the cases of x". So do it. The case of the missing one
# closes at once, because both sides compute to the same thing, and a new element is left to be distinguished.

# %%
goal = goal.split("x")
print(goal)

# %% [markdown]
# Two more, and nothing remains. `verdict()` hands the proof to the kernel.

# %%
goal = goal.split().split()
print(goal.verdict())

# %% [markdown]
# Every move gives a *new* goal, so nothing is lost by trying: keep the old one, or call `undo()`. A wrong move says what
# is wrong with it.

# %%
from catcore.errors import MoveRefused

try:
    Goal(maybe.laws()[-1]).split("y")
except MoveRefused as refusal:
    print(refusal)

# %% [markdown]
# ## Hypotheses
#
# Most laws hold because others do. Say that `M` is any **monoid**: a set with a product `·` that associates and a
# neutral element `e`. Its laws go in as hypotheses, with `given=`.

# %%
M = Monoid.variable("M")
print("\n".join(f"{axiom.name:14} {axiom.lhs}  =  {axiom.rhs}" for axiom in M.laws()))

# %% [markdown]
# A **group** also has inverses, and it is an old exercise that a left unit and left inverses are enough: right inverses
# come for free. Nobody tells `prove` how.

# %%
(G,) = atoms("G")
times, inverse, unit = generator("mul", G * G, G), generator("inv", G, G), generator("e", One, G)
e = terminal(G) >> unit
dot = {"·": times}  # how to write it

group = [
    Law(
        "associativity",
        arrow(G * G * G, G)(lambda t: times(times(t[0][0], t[0][1]), t[1])),
        arrow(G * G * G, G)(lambda t: times(t[0][0], times(t[0][1], t[1]))),
    ),
    Law("left unit", arrow(G, G)(lambda x: times(e(x), x)), ident(G)),
    Law("left inverse", arrow(G, G)(lambda x: times(inverse(x), x)), e),
]
right = Law("right inverse", arrow(G, G)(lambda x: times(x, inverse(x))), e)
print(prove(right, given=group))

# %% [markdown]
# The method is **completion** (Knuth and Bendix, 1970): each hypothesis is turned into a rule that makes terms simpler,
# and where two rules can be applied to the same term and disagree, what they disagree about is a new equation. Such
# equations become lemmas of the proof. A goal shows those that were needed:

# %%
print(Goal(right, given=group, names=dot).auto())

# %% [markdown]
# The textbook proof is shorter and needs an idea: insert the inverse of the inverse. Which rules apply at the left
# side? Those that leave the least to show come first.

# %%
goal = Goal(right, given=group, names=dot)
goal = goal.rewrite("left unit", at="g · inv(g)", backwards=True)
print("\n".join(map(str, goal.applicable(at="e · (g · inv(g))"))))

# %% [markdown]
# None of these is the idea. The idea is to write the `e` as `inv(inv(g)) · inv(g)`. Used backwards, "left inverse" does
# not say which element it is about, so we say it with `where`. The place is given by a path this time: part 0 of part 0
# of the left side, that is, the first argument of its product.

# %%
goal = goal.rewrite("left inverse", at=("left", 0, 0), backwards=True, where={"g": "inv(g)"})
goal = goal.rewrite("associativity")
goal = goal.rewrite("associativity", at="inv(g) · (g · inv(g))", backwards=True)
goal

# %% [markdown]
# From here on things only get simpler, which is what `simp()` is for.

# %%
by_hand = goal.simp()
print(by_hand.verdict())

# %% [markdown]
# ## Induction
#
# Lists have no largest one, so trying cases does not end. A list of elements of `A` is *nothing, or an element and
# a list*: the least solution of `L = 1 + A × L`, written `mu`. A function out of it is given by what it does to
# nothing, and to an element and *the result for the rest*: a **fold**. Appending is a fold whose results are functions,
# which wait for the second list:

# %%
from catcore import fold, functor, in_, mu, nu

List = functor(lambda X: mu(lambda L: 1 + X * L))
L = List(A)
nil, cons = inl(One, A * L) >> in_(L), inr(One, A * L) >> in_(L)


@arrow(1 + A * L**L, L**L)
def append_step(layer):
    return layer.case(inl=lambda _: lambda ys: ys, inr=lambda p: lambda ys: cons(p[0], p[1](ys)))


@arrow(L * L, L)
def append(p):
    return fold(L, append_step)(p[0])(p[1])


# %% [markdown]
# To reverse `a :: xs`, reverse `xs` and append `a`.


# %%
@arrow(1 + A * L, L)
def reverse_step(layer):
    return layer.case(inl=lambda u: nil(u), inr=lambda p: append(p[1], cons(p[0], (terminal(A) >> nil)(p[0]))))


reverse = fold(L, reverse_step)
names = {"++": append, "reverse": reverse, "L": L}

# %% [markdown]
# Does reversing twice give the list back? An **induction** shows it for the empty list, and for `a :: xs` under the
# *induction hypothesis* that it holds for `xs`. `names` says how to write the functions; without it they would be Greek
# letters with a legend.

# %%
twice = Law("reversing twice", reverse >> reverse, ident(L))
goal = Goal(twice, names=names).induct("xs")
goal

# %% [markdown]
# The empty list was closed already. In the other case the hypothesis does not fit: there is something appended inside
# the outer `reverse`. One would need to know what `reverse` does to `++`. That is a **lemma**, and a guess:

# %%
lemma = Law("reverse and append", append >> reverse, arrow(L * L, L)(lambda p: append(reverse(p[1]), reverse(p[0]))))
print(prove(lemma))

# %% [markdown]
# True, and proved by inductions of its own. Note the order of `p[1]` and `p[0]`; the guess that keeps it is refuted by
# two lists of one element each:

# %%
print(prove(append >> reverse, arrow(L * L, L)(lambda p: append(reverse(p[0]), reverse(p[1]))), name="a wrong guess"))

# %% [markdown]
# With the lemma, the hypothesis fits.

# %%
goal = goal.rewrite(lemma)
goal

# %%
goal = goal.rewrite("induction hypothesis")
print(goal.verdict())

# %% [markdown]
# Of course `prove` finds this alone; it guesses lemmas by looking at where it got stuck.

# %%
print(prove(twice))

# %% [markdown]
# **Streams** are the mirror image. They never end, so there is nothing to start an induction from; but two streams are
# equal when their heads are and their tails are equal *again*. That is **coinduction**.

# %%
Stream = functor(lambda X: nu(lambda S: X * S))
h = generator("h", B, C)
print(Goal(Stream(f >> h), Stream(f) >> Stream(h), name="mapping twice").coinduct().verdict())

# %% [markdown]
# ## The script
#
# A proof that was clicked together is worth little if it cannot be repeated. `script()` prints the Python of a goal.
# Given the names of variables that hold the statement and the notation, it is short; without them it writes everything
# out and runs on its own.

# %%
print(by_hand.script(law="right.under(group)", names="dot"))

# %%
scope = {}
exec(goal.script(), scope)
print(scope["goal"].certificate() == goal.certificate())

# %% [markdown]
# ## Certificates
#
# A certificate is plain data: the statement, the lemmas, and the steps that computation cannot find again by itself. It
# can be kept in a file, sent to someone who does not trust us, and replayed. The kernel is some hundreds of lines and
# shares nothing with what found the proof.

# %%
verdict = goal.verdict()
certificate = verdict.certificate
print(sorted(certificate), len(certificate["lemmas"]), "lemmas")
replay(certificate)  # raises when anything is wrong

# %% [markdown]
# Does the kernel notice? Tell it that the same proof shows something else, namely that reversing *once* gives the list
# back:

# %%
from catcore_proofs.evaluation import Rejected

once = Goal(Law("reversing once", reverse, ident(L))).statement
try:
    replay({**certificate, "statement": dict(once)})
except Rejected as refusal:
    print("refused:", refusal)

# %% [markdown]
# Those who trust neither us nor our kernel can have the proof as a file for **Rocq** (also called Coq), a proof
# assistant with a kernel of its own. It needs no knowledge of catcore. And for a paper there is LaTeX.

# %%
from catcore_proofs.latex import latex
from catcore_proofs.rocq import export

cases = Goal(maybe.laws()[-1], name="flattening").auto().certificate()
print("\n".join(export(cases).splitlines()[-22:]))

# %%
article = latex(by_hand.certificate())
print(article[article.index(r"\begin{proof}") :])

# %% [markdown]
# ## Arrows, rewritten
#
# The same two ideas are methods of arrows. `normal()` computes on a generic element and reads the result back, so
# arrows that are equal by computation get the same normal form. `rewrite` uses a law at a place of the term.

# %%
tangled = pair(f, g) >> pair(snd(B, C), fst(B, C)) >> snd(C, B)
print(tangled, " is ", tangled.normal())

# %%
fuse = Law("fuse", f >> h, g)
print(pair(f >> h, f >> h).rewrite(fuse, at=(1,)))

# %% [markdown]
# ## Limits
#
# No program decides all laws, so `unknown` is an honest answer, and it says what was tried. Limits count steps and not
# seconds, so that the answer is the same on every machine. Here is a claim about *all* functions `k` from lists to
# lists that is neither a consequence of anything nor has it a counterexample among the few that were tried:

# %%
k = generator("k", L, L)
idempotent = Law("k twice is k", k >> k, k)
print(prove(reverse >> k, k >> reverse, given=[idempotent], name="reverse and k commute"))

# %% [markdown]
# It is false, as it happens: let `k` forget everything but the first element. Searching for functions on lists is not
# among the things that `refute` does. When you meet an `unknown`: state a lemma, try a special case, or open a `Goal` and
# look where it gets stuck.
#
# ## Exercises
#
# Each starts with something that does not work. Change it until it does.
#
# **1.** Which way round is it? Mapping over an appended list is appending …

# %%
u = generator("u", A, A)
answer_1 = Law("map and append", append >> List(u), arrow(L * L, L)(lambda p: append(List(u)(p[1]), List(u)(p[0]))))
print(prove(answer_1))

# %% [markdown]
# **2.** Finish this goal with moves of your own, without `auto`.

# %%
answer_2 = Goal(
    Law("append nothing", arrow(L, L)(lambda xs: append(xs, (terminal(L) >> nil)(xs))), ident(L)), names=names
)
print(answer_2)

# %% [markdown]
# **3.** In a group, `inv(inv(x))` is `x`. One of the three hypotheses is not used below. Is it needed?

# %%
answer_3 = prove(arrow(G, G)(lambda x: inverse(inverse(x))), ident(G), given=group[:2], name="inverse of inverse")
print(answer_3)

# %% [markdown]
# ### Answers

# %%
straight = Law("map and append", append >> List(u), arrow(L * L, L)(lambda p: append(List(u)(p[0]), List(u)(p[1]))))
both = Law("inverse of inverse", arrow(G, G)(lambda x: inverse(inverse(x))), ident(G))

prove(straight).ok, answer_2.induct().rewrite("IH").verdict().ok, prove(both, given=group).ok
