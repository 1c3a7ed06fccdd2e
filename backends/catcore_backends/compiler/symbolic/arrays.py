"""Arrays that stand for a name in a program: an operation on them writes a statement."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catcore_backends.compiler.symbolic.shapes import Dtype, Extent, Size, Unwritten

if TYPE_CHECKING:
    from catcore_backends.compiler.symbolic.namespace import Namespace

OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "pow": "**"}
COMPARISONS = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">=", "__eq__": "==", "__ne__": "!="}


class Array:
    """An array of the program: its name and what is known of it.

    Args:
        xp: the namespace that writes the program.
        name: its name there.
        shape: its extents.
        dtype: its dtype as an expression of the program; by default read off the array.
        real: whether its dtype is the one that all real inputs have, if they have one.
    """

    def __init__(
        self, xp: Namespace, name: str, shape: Sequence[Size], dtype: Dtype | None = None, *, real: bool = True
    ) -> None:
        self.xp, self.name, self.shape, self.real = xp, name, tuple(shape), real
        self._dtype = dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def dtype(self) -> Dtype:
        """The dtype, an expression of the program."""
        if self.real and self.xp.common is not None:
            return self.xp.common
        if self._dtype is None:
            self._dtype = Dtype("{}", (self.xp.program.let("{}.dtype", self.name),))
        return self._dtype

    @property
    def device(self) -> Any:
        """The device, an expression of the program."""
        return Dtype("{}", (self.xp.program.let("device({})", self.name),))

    @property
    def T(self) -> Array:
        """The transpose of a matrix."""
        if self.ndim != 2:
            raise Unwritten("the transpose of what is no matrix")
        return self.xp.written("{}.T", [self], self.shape[::-1], view=True)

    @property
    def mT(self) -> Array:
        """The last two axes exchanged."""
        transposed: Array = self.xp.matrix_transpose(self)
        return transposed

    def __getitem__(self, index: Any) -> Array:
        return self.xp.picked(self, index if isinstance(index, tuple) else (index,))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise Unwritten("an array is written to")

    @property
    def at(self) -> Places:
        """The places of the array, as JAX has them: ``x.at[index].add(y)`` is another array."""
        return Places(self)

    def __neg__(self) -> Array:
        return self.xp.entrywise("negative", "-{}", self)

    def __invert__(self) -> Array:
        return self.xp.entrywise("", "~{}", self)

    def __matmul__(self, other: Any) -> Array:
        return self.xp.matmul(self, other)

    def _refused(self, *_: Any) -> Any:
        raise Unwritten("a decision depends on the numbers in an array")

    __bool__ = __int__ = __float__ = __index__ = __len__ = __iter__ = _refused
    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Places:
    """An array whose places are picked to be added to; ``index`` are slices and numbers."""

    array: Array
    index: tuple[Any, ...] = ()

    def __getitem__(self, index: Any) -> Places:
        return Places(self.array, index if isinstance(index, tuple) else (index,))

    def add(self, values: Array) -> Array:
        """The array with values added at these places."""
        text = self.array.xp.picked(self.array, self.index)
        made = self.array.xp.program.statement(text.name).template
        return self.array.xp.written(f"added({{}}, {{}}, s_[{made[3:-1]}])", (self.array, values), self.array.shape)


def _operator(name: str, sign: str, *, swapped: bool = False) -> Callable[[Array, Any], Any]:
    def apply(self: Array, other: Any) -> Any:
        if not isinstance(other, Array | int | float):
            return NotImplemented
        if name == "add" and type(other) is int and other == 0:
            return self  # as the sum of a list begins
        a, b = (other, self) if swapped else (self, other)
        return self.xp.entrywise(name, f"{{}} {sign} {{}}", a, b)

    return apply


for _name, _sign in OPERATORS.items():
    _magic = {"divide": "truediv", "multiply": "mul", "subtract": "sub"}.get(_name, _name)
    setattr(Array, f"__{_magic}__", _operator(_name, _sign))
    setattr(Array, f"__r{_magic}__", _operator(_name, _sign, swapped=True))
for _magic, _sign in COMPARISONS.items():
    setattr(Array, _magic, _operator("", _sign))
for _magic, _sign in {"__and__": "&", "__or__": "|"}.items():
    setattr(Array, _magic, _operator("", _sign))


@dataclass(frozen=True)
class Fact:
    """What is known of a name: the array, the function entry by entry, and whether it may share memory."""

    array: Array
    function: str
    view: bool


def text_of(operand: Any) -> tuple[str, list[str]]:
    """An operand as text with holes, and the names in them."""
    match operand:
        case Array():
            return "{}", [operand.name]
        case Extent() | Dtype():
            return operand.template, list(operand.operands)
        case tuple():
            parts = [text_of(part) for part in operand]
            inside = ", ".join(text for text, _ in parts) + ("," if len(parts) == 1 else "")
            return f"({inside})", [name for _, names in parts for name in names]
        case float() if not math.isfinite(operand):
            return f"float('{operand}')", []
        case bool() | int() | float() | None:
            return (f"({operand!r})" if isinstance(operand, int | float) and operand < 0 else repr(operand)), []
    raise Unwritten(f"{type(operand).__name__} as an operand")


def common_dtype(arrays: Sequence[Array], template: str) -> Dtype | None:
    """The dtype of a result of ``+ − ×`` or of moving entries about, where all arrays are known to have it."""
    found = {a._dtype for a in arrays}
    keeps = len(found) == 1 and "/" not in template and ("xp." not in template or "xp.reshape" in template)
    compares = any(f" {sign} " in template for sign in COMPARISONS.values())
    return found.pop() if keeps and not compares else None
