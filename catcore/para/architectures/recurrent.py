"""Recurrent cells, and the five recurrent networks of the talk's Figure 1 (THEORY T4.5; CDL App. I, J).

A *step* is a parametric map ``A × S → S``.  Folding lists is an algebra of Para(1 + A × −), unfolding streams a
coalgebra of Para(O × −), Mealy and Moore machines are coalgebras of Para((O × −)^I) and Para(O × (−)^I).

>>> [step(10, 20).count() for step in (rnn_cell, gru_cell, lstm_cell)]
[620, 1860, 2480]
>>> print(folding(rnn_cell(10, 20)).signature)
1 + ℝ[10] × ℝ[20] → ℝ[20] with parameters (ℝ[20×10], ℝ[20×20], ℝ[20])
"""

from __future__ import annotations

from typing import Any

from catcore.arrows import Arrow, fst, ident, pair, snd
from catcore.categories.smooth import constant, smooth
from catcore.errors import IllTyped
from catcore.objects import Ob, One, Product, R
from catcore.para.architectures.elements import apply, on, plus, slices
from catcore.para.architectures.layers import linear
from catcore.para.combinators import cases, curried, fork
from catcore.para.maps import ParaMap, needed, parametric


def rnn_cell(inputs: int, state: int, sigma: str = "tanh") -> ParaMap:
    """The vanilla step ``(a, s) ↦ σ(W a + U s + b)`` (Elman 1990); h i + h² + h parameters."""
    i, h = inputs, state

    @parametric((R(h, i), R(h, h), R(h)), R(i) * R(h), R(h))
    def step(w: Any, u: Any, b: Any, x: Any) -> Any:
        return on(sigma, plus(apply(w, x[0]), b, apply(u, x[1])))

    return step


def gru_cell(inputs: int, state: int, *, reset: str = "before") -> ParaMap:
    """The gated recurrent unit; 3 (h i + h² + h) parameters.

    ``r = σ(…)``, ``z = σ(…)``, ``n = tanh(W a + b + U (r ⊙ s))`` and ``s' = (1 − z) ⊙ n + z ⊙ s`` (Cho et al. 2014).
    With ``reset="after"`` it is ``n = tanh(W a + b + r ⊙ (U s + c))``, as in cuDNN and PyTorch, with h more parameters.
    Rows of the weights are stacked in the order r, z, n.

    Raises:
        IllTyped: when ``reset`` is neither ``"before"`` nor ``"after"``.
    """
    if reset not in ("before", "after"):
        raise IllTyped(f'A GRU resets "before" or "after" the recurrent product, and {reset!r} was given.')
    return _gru_after(inputs, state) if reset == "after" else _gru_before(inputs, state)


def _gru_before(i: int, h: int) -> ParaMap:
    @parametric((R(3 * h, i), R(3 * h, h), R(3 * h)), R(i) * R(h), R(h))
    def step(w: Any, u: Any, b: Any, x: Any) -> Any:
        r, z, n = slices(plus(apply(w, x[0]), b), 3)
        u_r, u_z, u_n = slices(u, 3)
        reset, keep = on("sigmoid", plus(r, apply(u_r, x[1]))), on("sigmoid", plus(z, apply(u_z, x[1])))
        return _mixed(keep, on("tanh", plus(n, apply(u_n, on("multiply", reset, x[1])))), x[1])

    return step


def _gru_after(i: int, h: int) -> ParaMap:
    @parametric((R(3 * h, i), R(3 * h, h), R(3 * h), R(h)), R(i) * R(h), R(h))
    def step(w: Any, u: Any, b: Any, c: Any, x: Any) -> Any:
        r, z, n = slices(plus(apply(w, x[0]), b), 3)
        s_r, s_z, s_n = slices(apply(u, x[1]), 3)
        reset, keep = on("sigmoid", plus(r, s_r)), on("sigmoid", plus(z, s_z))
        return _mixed(keep, on("tanh", plus(n, on("multiply", reset, plus(s_n, c)))), x[1])

    return step


def _mixed(z: Any, new: Any, old: Any) -> Any:
    """``(1 − z) ⊙ new + z ⊙ old``, with one product."""
    return plus(new, on("multiply", z, on("subtract", old, new)))


def lstm_cell(inputs: int, state: int) -> ParaMap:
    """Long short-term memory with the state ``(h, c)`` (Hochreiter and Schmidhuber 1997); 4 (h i + h² + h) parameters.

    ``c' = f ⊙ c + i ⊙ g`` and ``h' = o ⊙ tanh c'``; rows of the weights are stacked in the order i, f, g, o.
    """
    i, h = inputs, state

    @parametric((R(4 * h, i), R(4 * h, h), R(4 * h)), R(i) * (R(h) * R(h)), R(h) * R(h))
    def step(w: Any, u: Any, b: Any, x: Any) -> Any:
        a, (s, c) = x
        enter, forget, new, leave = slices(plus(apply(w, a), b, apply(u, s)), 4)
        kept = on("multiply", on("sigmoid", forget), c)
        memory = plus(kept, on("multiply", on("sigmoid", enter), on("tanh", new)))
        return on("multiply", on("sigmoid", leave), on("tanh", memory)), memory

    return step


# ---- what cells are algebras and coalgebras of -------------------------------------------------------------------


def folding(step: ParaMap, start: Any = "zeros") -> ParaMap:
    """The folding RNN of a step ``A × S → S``: the algebra ``1 + A × S → S`` of Para(1 + A × −).

    Args:
        step: the step.
        start: the state of the empty list: ``"zeros"``, ``"learned"`` for one more parameter, a parametric map
            ``1 → S``, or the entries of a tensor.

    Raises:
        IllTyped: when the step does not go from ``A × S`` to S.
    """
    step = needed(step)
    if not isinstance(step.dom, Product) or step.dom.right is not step.cod:
        raise IllTyped(f"A step of a folding network goes A × S → S, and {step.signature} was given.")
    return cases(_start(start, step.cod), step)


def _start(given: Any, state: Ob) -> ParaMap:
    if isinstance(given, ParaMap):
        return given
    if given == "learned":
        return ParaMap(state, fst(state, One))
    return ParaMap((), zeros(state) if given == "zeros" else constant(given))


def zeros(state: Ob) -> Arrow:
    """The point of a product of tensors whose entries are all 0."""
    if isinstance(state, Product):
        return pair(zeros(state.left), zeros(state.right))
    if not isinstance(state, R):
        raise IllTyped(f"Zeros are made for products of R(…), and {state} was given; say start= for other states.")
    flat: Any = 0
    for extent in reversed(state.shape):
        flat = [flat] * extent
    return constant(flat) if 0 not in state.shape else constant(0) >> smooth("fill", R(), state.shape)


def unfolding(output: ParaMap, step: ParaMap) -> ParaMap:
    """The unfolding RNN of an output ``S → O`` and a step ``S → S``: a coalgebra ``S → O × S`` of Para(O × −)."""
    return fork(output, step)


def mealy(step: ParaMap) -> ParaMap:
    """The full RNN of a step ``S × I → O × S``: a coalgebra ``S → (O × S)^I`` of Para((O × −)^I), a Mealy cell."""
    return curried(step)


def moore(output: ParaMap, step: ParaMap) -> ParaMap:
    """The Moore cell of ``S → O`` and a step ``S × I → S``: a coalgebra ``S → O × S^I`` of Para(O × (−)^I)."""
    return fork(output, curried(step))


def recurrent_machine(inputs: int, state: int, outputs: int) -> ParaMap:
    """The step ``(s, i) ↦ (V s', s')`` of a full recurrent network, with ``s' = tanh(W i + U s + b)``."""
    i, h, o = inputs, state, outputs
    cell = rnn_cell(i, h)
    read = linear(h, o)
    return _swapped(R(h), R(i)) >> cell >> fork(read, ParaMap((), ident(R(h))))


def _swapped(a: Ob, b: Ob) -> Arrow:
    return pair(snd(a, b), fst(a, b))
