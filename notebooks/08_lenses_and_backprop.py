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
# # Lenses and backpropagation
#
# A network is run forwards and learns backwards. A **lens** is a pair of maps that does both, and learning is what one
# gets by composing lenses:
#
# 1. the **reverse derivative** of a term is a term, and it is proved to obey the chain rule;
# 2. with it, every map becomes a **lens**, and every network a **parametric** lens;
# 3. **losses**, **learning rates** and **optimisers** are lenses too, and a step of learning is their composite;
# 4. the same composite lets **Boolean circuits** learn, and inputs **dream**;
# 5. `fit` runs the compiled step over batches, and gradients go backwards through **lists and trees**.
#
# You need Python and the chain rule. The words of category theory are explained where they occur.

# %%
import numpy as np

from catcore import Id, Lens, LensMap, R, arrow, atoms, generator, mu, reverse_derivative, smooth
from catcore.learning import ReverseFunctor, Smooth
from catcore.para import ParaMap
from catcore_backends import compile_arrow, fit, gradient
from catcore_proofs import prove, verify

# %% [markdown]
# ## The reverse derivative of a term is a term
#
# For a map `f : A → B` the reverse derivative `R[f] : A × B' → A'` takes a point and a *covector* at its image (how much
# we would like each output to change) to a covector at the point. It is computed the way one does it by hand, and what
# comes out is written in the same language. `π₁` is the point, `π₂` the covector.

# %%
times = smooth("multiply", R() * R())
print(reverse_derivative(times))
print(reverse_derivative(smooth("sin", R()) >> smooth("exp", R())))

# %% [markdown]
# Because it is a term, it can be differentiated again, compiled, and reasoned about. For arbitrary maps `f` and `g` the
# chain rule, `R[f ; g](a, c) = R[f](a, R[g](f a, c))`, is a theorem that the prover checks:

# %%
A, B, C = atoms("A B C")
f, g = generator("f", A, B), generator("g", B, C)
print(reverse_derivative(f >> g))
print(verify(ReverseFunctor()))

# %% [markdown]
# Seven axioms say what a reverse derivative is. Polynomial maps are compared on symbols, others in numbers, and the
# verdict says which. A reverse derivative that doubles what it should send back is refused.

# %%
report = verify(Smooth(maps=(smooth("softmax", R(3)),)))
print(report.ok, sorted({v.evidence for v in report}))


# %%
def doubled(h):
    back = reverse_derivative(h)
    return back >> smooth("times", R(), 2) if h.dom is R() else back


wrong = Smooth(derivative=doubled, maps=(smooth("square", R()),))
print([v.law for v in verify(wrong) if v.status == "fails"][:2])

# %% [markdown]
# ## Lenses
#
# A lens has a *get* `A → B` and a *put* `A × B' → A'`. The composite gets by composing and puts by going back through
# the second lens first. Lenses form a category with a monoidal product, which is proved:

# %%
from catcore.learning import nested_left, nested_right, of_lens, parametric_lens

h = LensMap(generator("h", A, B), generator("h*", A * B, A))
k = LensMap(generator("k", B, C), generator("k*", B * C, B))
print(h >> k)
print(all(v.evidence == "proved" for v in verify(Lens())))

# %% [markdown]
# An *optic* also remembers what it will need on the way back. The put of a composite of n lenses runs forward maps again:
# few times if it is nested to the right, many if it is nested to the left; an optic never does. All three are equal.

# %%
lenses = [LensMap(generator(f"f{i}", A, A), generator(f"f{i}*", A * A, A)) for i in range(4)]
optic = of_lens(lenses[0])
for lens in lenses[1:]:
    optic = optic >> of_lens(lens)
print(
    prove(nested_left(lenses).put, nested_right(lenses).put).status, prove(optic.put, nested_right(lenses).put).status
)

# %% [markdown]
# ## A step of learning is a composite
#
# A parametric map has parameters; its lens returns what they should hear as well. Two layers `w₁` and `w₂` in a row, at
# `w₂ = 2`, `w₁ = 3`, `x = 5`, send the covector 1 back to `15`, `10` and `6`:

# %%
line = ParaMap(R(), times)
network = parametric_lens(line) >> parametric_lens(line)


def number(x):
    return np.asarray([float(x)])


put = compile_arrow(network.arrow.put)
print(put(((number(2), (number(3), number(5))), number(1))))

# %% [markdown]
# A loss is a parametric map whose parameter is the label. A learning rate turns the loss into a covector. An optimiser
# is a lens on parameters, along which the model is reparametrised; it may have a state, and Nesterov's even looks at
# other parameters than it has. Swap one component, and nothing else changes:

# %%
from catcore.learning import supervised_step
from catcore.learning.losses import boolean, constant_rate, dot_product, identity_rate, quadratic, softmax_cross_entropy
from catcore.learning.optimisers import adagrad, adam, ascent, momentum, nesterov

# %%
optimisers = {
    "descent": (ascent(R()), -0.1),
    "momentum": (momentum(R()), -0.1),
    "nesterov": (nesterov(R()), -0.1),
    "adagrad": (adagrad(R(), step=0.1), -1),
    "adam": (adam(R(), step=0.1), -1),
}
for name, (optimiser, rate) in optimisers.items():
    step = compile_arrow(supervised_step(line, quadratic(R()), constant_rate(rate), optimiser).arrow)
    state = (compile_arrow(optimiser.start, dtype="float64")((), batch=1), number(0.5))
    trajectory = []
    for _ in range(4):
        state = step(((number(2), number(3)), state))
        trajectory.append(round(state[1].item(), 4))
    print(f"{name:9}", trajectory)

# %% [markdown]
# The picture of the talk: a prediction of cat .4, dog .5, horse .1 for a dog. The gradient of the cross-entropy is what
# the prediction should change.

# %%
loss = softmax_cross_entropy(R(3)).arrow
dog, logits = np.asarray([[0.0, 1, 0]]), np.log([[0.4, 0.5, 0.1]])
print(
    compile_arrow(loss)((dog, logits)).round(6),
    compile_arrow(reverse_derivative(loss))(((dog, logits), number(1)))[1].round(3),
)

# %% [markdown]
# The step is compiled to straight-line code in which nothing is computed twice:

# %%
dense = ParaMap(R(3, 2), smooth("matmul", R(3, 2) * R(2)) >> smooth("tanh", R(3)))
source = compile_arrow(supervised_step(dense, quadratic(R(3)), constant_rate(-0.1), ascent(R(3, 2))).arrow).source
print(source.count("# tanh"), "tanh,", source.count("# matmul"), "matmul")

# %% [markdown]
# ## Dreaming, and bits
#
# With the optimiser on the input the weights stay and the input learns to look like a class:

# %%
from catcore.categories.smooth import constant_matrix
from catcore.learning import dreaming_step

dream = compile_arrow(
    dreaming_step(constant_matrix([[1, 2], [3, -1]]), dot_product(R(2)), constant_rate(0.1), ascent(R(2))).arrow
)
print(dream((((), np.asarray([[0.0, 1.0]])), ((), np.asarray([[0.5, 0.5]]))))[1])

# %% [markdown]
# Nothing so far needed real numbers. Over Z₂, where + is *exclusive or*, formal polynomials have a reverse derivative
# too, and a circuit `p₀ + p₁ a` learns any function of one bit. Polynomials are not functions: `x²` and `x` agree on
# bits, and their derivatives do not.

# %%
from catcore.learning import LensAction, PolyZ2, polynomial_map, polynomial_step

Z2 = PolyZ2()
print(Z2.reverse(polynomial_map(1, lambda x: x**2)), "|", Z2.reverse(polynomial_map(1, lambda x: x)))

# %%
circuit = polynomial_map(3, lambda p0, p1, a: p0 + p1 * a)
model = ParaMap(2, Lens(Z2).reverse(circuit), LensAction(Lens(Z2)))
add = LensMap(Z2.identity(2), polynomial_map(4, lambda p, q, d, e: (p + d, q + e)), Z2)
bit_step = polynomial_step(model, boolean(1), identity_rate(1), add)
print(bit_step)
for target in ((0, 0), (0, 1), (1, 0), (1, 1)):
    p = (1, 0)
    for a in (0, 1, 0, 1):
        p = bit_step(a, target[a], *p)
    print(target, "learned by", p, [circuit(*p, a)[0] for a in (0, 1)])

# %% [markdown]
# ## Training
#
# `fit` compiles the whole step for a batch: model, loss, gradients and optimiser are one program. A run is determined by
# its seed, and with `checkpoint=` it goes on after an interruption to the same numbers.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(200, 2))
y = np.tanh(x @ np.asarray([[1.0, -2.0], [0.5, 1.0], [2.0, 0.0]]).T)
run = fit(dense, (x, y), quadratic, lambda p: adam(p, step=0.05), epochs=30, batch=20)
print(round(run.losses[0], 3), "→", round(run.losses[-1], 6))
print(run.weights.round(2))

# %% [markdown]
# Gradients go through folds over data as well. A folding recurrent network is one cell, used at every place of a list
# with the same weights; on the way back the levels of all lists are walked together, each hands its covector on, and
# the weights hear the total.

# %%
from catcore.categories.smooth import constant
from catcore.datatypes.parametric import parametric_fold
from catcore_backends.forests import forest_of_lists

state, lists = R(4), mu(1 + R(2) * Id)
weights = R(4, 2) * R(4, 4)
add, tanh = smooth("add", state * state), smooth("tanh", state)
U, W = smooth("matmul", R(4, 2) * R(2)), smooth("matmul", R(4, 4) * state)


@arrow(weights * (1 + R(2) * state), state)
def cell(given):
    (u, w), layer = given
    return layer.case(
        inl=lambda _: constant([0, 0, 0, 0]),
        inr=lambda item: tanh(add(U(u, item[0]), W(w, item[1]))),
    )


# %%
recurrent = parametric_fold(lists, cell)
energy = gradient(recurrent >> smooth("square", state) >> smooth("sum", state))
batch = forest_of_lists(lists, rng.normal(size=(3, 5, 2)), lengths=[5, 2, 4])
parameters = (rng.normal(size=(4, 2)), rng.normal(size=(4, 4)))
values, slopes = energy((parameters, batch))
print(values.round(3), [s.shape for s in slopes])

# %% [markdown]
# A finite difference agrees:

# %%
nudge = np.zeros((4, 4))
nudge[1, 2] = 1e-6
up, down = (energy(((parameters[0], parameters[1] + s * nudge), batch))[0].sum() for s in (1, -1))
print(round((up - down) / 2e-6, 5), round(slopes[1][1, 2], 5))

# %% [markdown]
# What is not here: elements of data types do not vary, so there is no gradient for the labels of a list; and a second
# derivative needs the rule of each primitive as a term, which all that come with catcore have. Where these maps come
# from, and why one copy of the weights serves all places, is told in the notebooks on parametric maps.
