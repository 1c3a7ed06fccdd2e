"""A cell with an external memory: a Mealy coalgebra whose state is a controller beside a memory (THEORY T2.8, T3.2).

>>> cell = memory_cell(3, 4, slots=5, width=2)
>>> print(cell.dom, "→", cell.cod)
ℝ[4] × ℝ[5×2] → (ℝ[2] × (ℝ[4] × ℝ[5×2]))^ℝ[3]
"""

from __future__ import annotations

from typing import Any

from catcore.objects import R
from catcore.para.architectures.elements import apply, on, plus
from catcore.para.architectures.recurrent import mealy
from catcore.para.maps import ParaMap, parametric


def memory_cell(inputs: int, state: int, *, slots: int, width: int) -> ParaMap:
    """A controller that reads and writes a memory by soft addresses (after Graves, Wayne and Danihelka 2014).

    From the state h it makes a key k and a value v; the address is ``w = softmax(M k)``, it reads ``r = Mᵀ w``, writes
    ``M' = M + w vᵀ``, and goes on with ``h' = tanh(W x + U h + R r)``; what it read is the output.  It is a coalgebra
    of Para((O × −)^I) with the states h and M.
    """
    i, h, n, m = inputs, state, slots, width

    @parametric((R(m, h), R(m, h), R(h, i), R(h, h), R(h, m)), (R(h) * R(n, m)) * R(i), R(m) * (R(h) * R(n, m)))
    def step(key: Any, value: Any, w: Any, u: Any, back: Any, t: Any) -> Any:
        (s, memory), x = t
        address = on("softmax", apply(memory, apply(key, s)))
        read = apply(on("permute_dims", memory, at=((1, 0),)), address)
        column = on("reshape", address, at=((n, 1),))
        row = on("reshape", apply(value, s), at=((1, m),))
        written = plus(memory, on("matmul", column, row))
        return read, (on("tanh", plus(apply(w, x), apply(u, s), apply(back, read))), written)

    return mealy(step)
