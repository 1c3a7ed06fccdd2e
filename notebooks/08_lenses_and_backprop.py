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
# 5. `fit` runs the compiled step over batches, and gradients go backwards through **lists and trees**;
# 6. on **real tasks** structure is what makes the difference.
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
# A larger one is written at an element, with a name for whatever is used twice. Here is all of backpropagation through
# a network of two layers, weights and biases with later layers first:

# %%
from catcore.para.architectures import dense as layer

print(reverse_derivative((layer(3, 4, "tanh") >> layer(4, 2)).arrow))

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
from catcore_backends.recursion.forests import forest_of_lists

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
# The items of the lists can hear too, which is what a decoder of lists or a dream about trees needs:

# %%
_, _, heard = gradient(recurrent >> smooth("square", state) >> smooth("sum", state), inputs=True)((parameters, batch))
print(heard)

# %% [markdown]
# ## Real tasks
#
# *One component at a time.* Six optimisers and four losses, each with each; nothing else changes. The entries are the
# loss of one sample after five small steps; before the first one it is in the line above.

# %%
from catcore.learning.losses import absolute
from catcore.learning.optimisers import descent

losses = {
    "quadratic": quadratic,
    "cross-entropy": softmax_cross_entropy,
    "dot product": dot_product,
    "absolute": absolute,
}
steppers = {
    "descent": (descent, 0.05), "ascent": (ascent, -0.05), "momentum": (momentum, -0.01), "nesterov": (nesterov, -0.01),
    "adagrad": (lambda p: adagrad(p, step=0.05), -1), "adam": (lambda p: adam(p, step=0.05), -1),
}  # fmt: skip


# %% [markdown]
# A step is compiled from the four parts, and taken five times:

# %%
sample, first = (np.asarray([[0.5, -1.0]]), np.asarray([[0.0, 1.0, 0.0]])), rng.normal(size=(1, 3, 2))


def loss_at(make, at):
    prediction = compile_arrow(dense.arrow)((at, sample[0]))
    return compile_arrow(make(R(3)).arrow)((sample[1], prediction)).item()


def after(optimiser, rate, make):
    made = optimiser(R(3, 2))
    step = compile_arrow(supervised_step(dense, make(R(3)), constant_rate(rate), made).arrow)
    state = (compile_arrow(made.start, dtype="float64")((), batch=1), first)
    for _ in range(5):
        state = step((sample, state))
    return loss_at(make, state[1])


# %%
print(f"{'':12}" + "".join(f"{name:>15}" for name in losses))
print(f"{'before':12}" + "".join(f"{loss_at(make, first):15.3f}" for make in losses.values()))
signs = {name: -1 if name == "dot product" else 1 for name in losses}  # the dot product is to grow
for name, (optimiser, rate) in steppers.items():
    row = [after(optimiser, signs[loss] * rate, make) for loss, make in losses.items()]
    print(f"{name:12}" + "".join(f"{value:15.3f}" for value in row))

# %% [markdown]
# *Exclusive or*, by a path of layers whose shapes are checked when it is built, with the parameters first layer first:

# %%
from catcore.learning import path
from catcore.learning.graded import bias, linear, relu

model = path(linear(4, 2), bias(4), relu(4), linear(2, 4), bias(2))
print(model)
points, labels = np.asarray([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.asarray([[1.0, 0], [0, 1], [0, 1], [1, 0]])
run = fit(
    model.map(), (points, labels), softmax_cross_entropy, lambda p: adam(p, step=0.05), epochs=200, batch=4, seed=2
)
print(np.argmax(run(points), axis=1))

# %% [markdown]
# *Irises*, as in the literature on lenses, and the same flowers as four bits, told apart by a Boolean circuit: one weight
# for each of the sixteen inputs, so one epoch of exclusive ors is enough.

# %%
from sklearn.datasets import load_iris

iris = load_iris()
lengths, kinds = (iris.data - iris.data.mean(0)) / iris.data.std(0), iris.target
flowers = fit(
    layer(4, 10, "tanh") >> layer(10, 3),
    (lengths, np.eye(3)[kinds]),
    softmax_cross_entropy,
    lambda p: adam(p, step=0.02),
    epochs=40,
    batch=15,
    seed=1,
)
print("at least 0.95 of the flowers:", (np.argmax(flowers(lengths), axis=1) == kinds).mean() >= 0.95)


# %%
def table(*v):
    total = 0 * v[0]
    for number in range(16):
        term = v[number]
        for i in range(4):
            term = term * (v[16 + i] + (number >> i & 1) + 1)
        total = total + term
    return total


# %% [markdown]
# The step is made as before, and each flower is shown once:

# %%
sixteen = polynomial_map(32, lambda *v: tuple(v[i] + v[16 + i] for i in range(16)))
chooser = ParaMap(16, Lens(Z2).reverse(polynomial_map(20, table)), LensAction(Lens(Z2)))
table_step = polynomial_step(chooser, boolean(1), identity_rate(1), LensMap(Z2.identity(16), sixteen, Z2))
bits, setosa, entries = (lengths > 0).astype(int).tolist(), (kinds == 0).astype(int).tolist(), (0,) * 16
for a, b in zip(bits, setosa, strict=True):
    entries = table_step(*a, b, *entries)
right = [polynomial_map(20, table)(*entries, *a)[0] == b for a, b in zip(bits, setosa, strict=True)]
print(f"{sum(right) / len(right):.3f} of the flowers from four bits")

# %% [markdown]
# *Digits at places never seen.* Three kinds of handwritten digits, four by four pixels, lie on a torus of eight by eight.
# Both networks see them at four places, and are asked about all others. One is tied by the translations: its layers are
# solutions of an equation, found by the solver of the notebook on weight tying.

# %%
from sklearn.datasets import load_digits

from catcore import Representation, equivariant_maps, free_monoid, ident, pair
from catcore.para import tie

digits = load_digits()
chosen = np.isin(digits.target, (0, 1, 4))
small = digits.images[chosen].reshape(-1, 4, 2, 4, 2).mean((2, 4)) / 16
which = np.searchsorted((0, 1, 4), digits.target[chosen])


def placed(images, r, c):
    canvas = np.zeros((len(images), 8, 8))
    canvas[:, :4, :4] = images
    return np.roll(canvas, (r, c), (1, 2)).reshape(len(images), -1)


# %% [markdown]
# A channel of the tied network is a layer with the weights that the translations leave free, and a sum over all places:

# %%
places = np.arange(64).reshape(8, 8)
shift = Representation.permutation(
    free_monoid("r", "c"), {"r": np.roll(places, -1, 0).ravel().tolist(), "c": np.roll(places, -1, 1).ravel().tolist()}
)
pixels = R(64)
convolution = tie(ParaMap(R(64, 64), smooth("matmul", R(64, 64) * pixels)), equivariant_maps(shift, shift)).target
pooled = smooth("square", pixels) >> smooth("sum", pixels) >> smooth("reshape", R(), (1,))
channel = convolution >> smooth("relu", pixels) >> pooled
tied = channel
for count in range(1, 6):
    tied = pair(ident(pixels), ident(pixels)) >> (tied * channel) >> smooth("concat", R(count) * R(1), 0)
tied = tied >> layer(6, 3)
# %% [markdown]
# Trained alike, on half of the digits at the four places, and asked about the other half at the sixty others:

# %%
half, seen = len(small) // 2, [(0, 0), (0, 1), (1, 0), (1, 1)]
inputs, wanted = np.concatenate([placed(small[:half], *p) for p in seen]), np.tile(np.eye(3)[which[:half]], (4, 1))
for name, network in (("tied", tied), ("dense", layer(64, 16, "relu") >> layer(16, 3))):
    learned = fit(network, (inputs, wanted), softmax_cross_entropy, lambda p: adam(p, step=0.01), epochs=8, batch=64)
    unseen = [(r, c) for r in range(8) for c in range(8) if (r, c) not in seen]
    found = [(np.argmax(learned(placed(small[half:], *p)), axis=1) == which[half:]).mean() for p in unseen]
    print(f"{name:6} {network.count():5} weights; nine of ten digits at unseen places:", np.mean(found) > 0.9)

# %% [markdown]
# What the dense network has lost it lost before the first layer, when the picture became a list: flattening does not
# commute with a step to the right, and the prover shows the pixel where it does not.

# %%
from catcore import Law, finite_map
from catcore.objects import FinSet

grid, line = FinSet(3) * FinSet(4), FinSet(12)
flat = finite_map(grid, line, range(12))
right_step = finite_map(grid, grid, [i * 4 + (j + 1) % 4 for i in range(3) for j in range(4)])
next_one = finite_map(line, line, [(i + 1) % 12 for i in range(12)])
(verdict,) = verify(Law("flattening commutes with a step to the right", right_step >> flat, flat >> next_one))
print(verdict.status, verdict.counterexample)

# %% [markdown]
# *Parity of lists.* A folding network sees lists of up to six bits, and is asked about lists of seven to eleven. What it
# learns is one cell.

# %%
from catcore.categories.finite_sets import Injected
from catcore.datatypes import Data, datatype
from catcore_backends.recursion.forests import forest

width = 8
memory, bit_lists = R(width), mu(1 + R(1) * Id)
square = R(width, width)
plus, bend = smooth("add", memory * memory), smooth("tanh", memory)
reads, keeps = smooth("matmul", R(width, 1) * R(1)), smooth("matmul", square * memory)
cell_weights = memory * (R(width, 1) * (square * memory))


@arrow(cell_weights * (1 + R(1) * memory), memory)
def parity_cell(x):
    start, (u, (w, b)) = x[0]
    return bend(x[1].case(inl=lambda _: start, inr=lambda item: plus(plus(reads(u, item[0]), keeps(w, item[1])), b)))


# %% [markdown]
# Lists of random bits with their parities, and what a network gets right of those it saw and of larger ones:


# %%
def bit_list(bits):
    found = Data(bit_lists, Injected("inl", ()))
    for bit in bits:
        found = Data(bit_lists, Injected("inr", (np.asarray([2.0 * bit - 1]), found)))
    return found


def even_or_odd(count, low, high):
    rows = [rng.integers(0, 2, size=rng.integers(low, high)) for _ in range(count)]
    return [bit_list(row) for row in rows], np.asarray([[(-1.0) ** row.sum()] for row in rows])


def scores(network, seen, larger):
    learned = fit(network, seen, quadratic, lambda p: adam(p, step=0.02), epochs=40, batch=50)
    return ["over 0.8" if (np.sign(learned(forest(x))) == y).mean() > 0.8 else "less" for x, y in (seen, larger)]


# %%
reader = ParaMap(cell_weights, parametric_fold(bit_lists, parity_cell)) >> layer(width, 1)
print(scores(reader, even_or_odd(300, 1, 7), even_or_odd(200, 7, 12)))

# %% [markdown]
# *Values of formulas.* A recursive network has an operation for each constructor of the data type: a vector for each bit,
# an affine map for *not*, one of two vectors for *and* and for *or*. It sees formulas of up to nine constructors, and is
# asked about formulas of twenty to thirty-nine.

# %%
formulas = datatype(FinSet(2) + (Id + (Id * Id + Id * Id)), "Bit", "Not", "And", "Or")
binary = square * (square * memory)
truth = finite_map(FinSet(2), 1 + FinSet(1), [0, 1])
operations = (memory * memory) * ((square * memory) * (binary * binary))


def joined(w, c):
    return plus(plus(keeps(w[0], c[0]), keeps(w[1][0], c[1])), w[1][1])


# %%
@arrow(operations * (FinSet(2) + (memory + (memory * memory + memory * memory))), memory)
def formula_cell(x):
    (no, yes), ((n, b), (conjunction, disjunction)) = x[0]
    return bend(
        x[1].case(
            inl=lambda bit: truth(bit).case(inl=lambda _: no, inr=lambda _: yes),
            inr=lambda rest: rest.case(
                inl=lambda s: plus(keeps(n, s), b),
                inr=lambda two: two.case(inl=lambda c: joined(conjunction, c), inr=lambda c: joined(disjunction, c)),
            ),
        )
    )


# %% [markdown]
# Formulas are random, written as text and read as elements of the data type:


# %%
def formula(size):
    if size == 1:
        bit = int(rng.integers(2))
        return f"Bit({bit})", bit
    if size == 2 or rng.random() < 0.25:
        inside, value = formula(size - 1)
        return f"Not({inside})", 1 - value
    left = int(rng.integers(1, size - 1))
    (a, p), (b, q) = formula(left), formula(size - 1 - left)
    return (f"And({a}, {b})", p & q) if rng.integers(2) else (f"Or({a}, {b})", p | q)


def true_or_false(count, low, high):
    made = [formula(int(rng.integers(low, high))) for _ in range(count)]
    return [formulas.read(text) for text, _ in made], np.asarray([[2.0 * value - 1] for _, value in made])


# %%
print(formula(7))
evaluator = ParaMap(operations, parametric_fold(formulas.fixed, formula_cell)) >> layer(width, 1)
print(scores(evaluator, true_or_false(300, 1, 10), true_or_false(200, 20, 40)))

# %% [markdown]
# None of the cells above mentions a derivative: an architecture is a term, and learning is a functor out of terms. Where
# these maps come from, and why one copy of the weights serves all places, is told in the notebooks on parametric maps.
