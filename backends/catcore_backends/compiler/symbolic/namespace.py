"""An array-API namespace whose functions write a program.

>>> from catcore_backends.compiler.symbolic import Array, Extent, Namespace
>>> program = Program()
>>> x = Array(Namespace(program), program.door("x"), (Extent("batch"), 3))
>>> y = (lambda xp, x: xp.exp(x) / xp.sum(xp.exp(x), axis=-1, keepdims=True))(Namespace(program), x)
>>> print(program.source("{}", (y.name,)), end="")
def program(x, batch):
    v0 = x
    v1 = xp.exp(v0)
    v2 = xp.sum(v1, axis=(1,), keepdims=True)
    v3 = v1 / v2
    return v3
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from catcore_backends.compiler.operations import tensordot
from catcore_backends.compiler.program import Program
from catcore_backends.compiler.symbolic.arrays import OPERATORS, Array, Fact, common_dtype, text_of
from catcore_backends.compiler.symbolic.shapes import Dtype, Extent, Size, Unwritten, broadcast, completed, indexed

#: Functions of one array that act entry by entry.
UNARY = frozenset(
    "abs acos acosh asin asinh atan atanh ceil conj cos cosh exp expm1 floor log log1p log2 log10 negative round sign "
    "sin sinh sqrt square tan tanh trunc".split()
)
#: Functions of two arrays, or of an array and a number, that act entry by entry.
BINARY = frozenset("add atan2 divide hypot logaddexp maximum minimum multiply pow subtract".split())
#: Functions of one or two arrays whose values are truth values.
TESTS = frozenset(
    "equal greater greater_equal isfinite isinf isnan less less_equal logical_and logical_not logical_or".split()
)
#: Functions that leave out axes.
REDUCTIONS = frozenset("all any argmax argmin max mean min prod std sum var".split())


#: Functions entry by entry that do the same to a number of Python and to one of the common dtype.
_OF_NUMBERS = frozenset("add subtract multiply divide maximum minimum".split())
#: The numbers below this bound have all floating point dtypes but those of 16 bits.
_LARGE = 1e38


class Namespace:
    """An array-API namespace whose functions write a program.

    ``facts`` holds what is known of each name: the array, the function that it is the value of entry by entry, and
    whether it looks at the memory of another.
    """

    __name__ = "symbolic"

    def __init__(self, program: Program) -> None:
        self.program = program
        self.facts: dict[str, Fact] = {}
        self.common: Dtype | None = None  # the dtype of all reals, where they are known to have one
        self.floating = False  # whether what was written is right for floating point numbers only
        self.product = "{} @ {}"
        self.fft = _Fourier(self)
        self.linalg = _Unknown("linalg")

    def __getattr__(self, name: str) -> Any:
        if name in UNARY:
            return lambda x: self.entrywise(name, f"xp.{name}({{}})", x)
        if name in BINARY:
            sign = OPERATORS.get(name)
            template = f"{{}} {sign} {{}}" if sign else f"xp.{name}({{}}, {{}})"
            return lambda x, y: self.entrywise(name, template, x, y)
        if name in TESTS:
            return lambda *xs: self.entrywise("", f"xp.{name}({', '.join('{}' for _ in xs)})", *xs)
        if name in REDUCTIONS:
            return lambda x, **options: self._reduced(name, x, **options)
        if name in ("float32", "float64", "complex64", "complex128", "int8", "int32", "int64", "bool"):
            return Dtype(f"xp.{name}")
        raise Unwritten(f"xp.{name}")

    # ---- writing -------------------------------------------------------------------------------------------------

    def written(
        self,
        template: str,
        operands: Sequence[Any],
        shape: Sequence[Size],
        *,
        dtype: Dtype | None = None,
        real: bool | None = None,
        function: str = "",
        view: bool = False,
    ) -> Array:
        """The array that an expression gives, with a hole for each operand: an array, a dtype, an extent, a number."""
        texts, names = [], []
        for operand in operands:
            text, found = text_of(operand)
            texts.append(text)
            names += found
        arrays = [a for a in operands if isinstance(a, Array)]
        all_real = all(a.real for a in arrays) if real is None else real
        name = self.program.let(template.format(*texts), *names)
        if name not in self.facts:
            kept = dtype or common_dtype(arrays, template)
            self.facts[name] = Fact(Array(self, name, shape, kept, real=all_real), function, view)
        return self.facts[name].array

    def entrywise(self, function: str, template: str, *xs: Any) -> Array:
        """A function applied entry by entry; ``function`` is its name where the result has the dtype of the arrays."""
        arrays = [x for x in xs if isinstance(x, Array)]
        if not arrays:
            raise Unwritten("a function of numbers")
        shape = _together(arrays)
        small = [self._source(x) if isinstance(x, Array) else x for x in xs]
        if any(a is not b for a, b in zip(small, xs, strict=True)):  # what is repeated is repeated afterwards
            value = self.entrywise(function, template, *small)
            return value if value.shape == shape else self.broadcast_to(value, shape)
        xs = self._unrepeated(xs, shape)
        if self.common is not None and function in _OF_NUMBERS and all(a.real for a in arrays):
            xs = tuple(x if isinstance(x, Array) else self.number(x) if abs(x) < _LARGE else x for x in xs)
        return self.written(template, xs, shape, real=None if function else False, function=function)

    def _source(self, x: Array) -> Array:
        """What an array is the repetition of along its axes; the array itself where it is none."""
        made = self.program.statement(x.name)
        if not made.template.startswith("xp.broadcast_to({}, ") or made.operands[0] not in self.facts:
            return x
        return self.facts[made.operands[0]].array

    def number(self, value: float) -> Any:
        """A number as an array of the common dtype, which NumPy reads sooner than one of Python's."""
        return self.written("xp.asarray({}, dtype={})", (value, self.common), (), dtype=self.common, real=True)

    def _unrepeated(self, xs: Sequence[Any], shape: tuple[Size, ...]) -> tuple[Any, ...]:
        """The operands with what is one row for all as it is, which broadcasting repeats."""
        bare = [self.one_row(x) if isinstance(x, Array) else None for x in xs]
        whole = any(b is None and isinstance(x, Array) and x.shape == shape for x, b in zip(xs, bare, strict=True))
        return tuple(b if whole and b is not None else x for x, b in zip(xs, bare, strict=True))

    def one_row(self, x: Array) -> Array | None:
        """The array without the axis for rows of which an array is one row, or the repetition of one."""
        made = self.program.statement(x.name)
        if made.template == "rows({}, {})" and made.operands[0] in self.facts:
            source = self.facts[made.operands[0]].array
            bare = self.one_row(source)
            return source if bare is None else bare
        if made.template == "{}[None, ...]" and made.operands[0] in self.facts:
            return self.facts[made.operands[0]].array
        return None

    def picked(self, x: Array, index: tuple[Any, ...]) -> Array:
        """A part of an array by slices and numbers, a view."""
        row = self.one_row(x)
        if row is not None and row.ndim < x.ndim and index in ((0, Ellipsis), (0,)):
            return row
        shape, text = indexed(x.shape, index)
        if text == "...":
            return x
        return self.written(f"{{}}[{text}]", [x], shape, view=True)

    # ---- functions of the array API ------------------------------------------------------------------------------

    def where(self, condition: Any, x: Any, y: Any) -> Array:
        """Entries of one array or another."""
        shape = _together([a for a in (condition, x, y) if isinstance(a, Array)])
        values = [a for a in (x, y) if isinstance(a, Array)]
        real = bool(values) and all(a.real for a in values)
        return self.written(
            "xp.where({}, {}, {})", (condition, x, y), shape, dtype=common_dtype(values, "+"), real=real
        )

    def clip(self, x: Array, low: Array, high: Array) -> Array:
        """Entries no less and no greater than bounds, which are numbers as arrays; for NumPy."""
        return self.written("xp.clip({}, {}, {})", (x, low, high), x.shape, function="clip")

    def matmul(self, a: Array, b: Array) -> Array:
        """The product of (stacks of) matrices."""
        if a.ndim < 1 or b.ndim < 1:
            raise Unwritten("a product with a number")
        left, right = (a.shape[:-1], b.shape[:-2] + b.shape[-1:]) if b.ndim > 1 else (a.shape[:-1], ())
        if b.ndim == 1 or a.ndim == 1:
            shape: tuple[Size, ...] = (*left, *right[max(0, len(right) - 1) :])
        else:
            shape = (*broadcast(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1])
        return self.written(self.product, (a, b), shape, function="matmul")

    def matrix_transpose(self, x: Array) -> Array:
        """The last two axes exchanged."""
        if x.ndim == 2:
            return x.T
        return self.written("xp.matrix_transpose({})", [x], (*x.shape[:-2], x.shape[-1], x.shape[-2]), view=True)

    def permute_dims(self, x: Array, axes: Sequence[int]) -> Array:
        """The axes in another order."""
        axes = tuple(axes)
        if axes == tuple(range(x.ndim)):
            return x
        return self.written(f"xp.permute_dims({{}}, {axes})", [x], [x.shape[a] for a in axes], view=True)

    def reshape(self, x: Array, shape: Sequence[Size]) -> Array:
        """The same entries in another shape."""
        whole = completed(x.shape, tuple(shape))
        if whole == x.shape:
            return x
        return self.written("xp.reshape({}, {})", (x, whole), whole, view=True)

    def broadcast_to(self, x: Array, shape: Sequence[Size]) -> Array:
        """The array repeated along axes, a view."""
        whole = tuple(shape)
        return x if whole == x.shape else self.written("xp.broadcast_to({}, {})", (x, whole), whole, view=True)

    def expand_dims(self, x: Array, axis: int) -> Array:
        """A new axis of extent 1."""
        place = axis % (x.ndim + 1)
        return self.picked(x, (*(slice(None),) * place, None, Ellipsis))

    def squeeze(self, x: Array, axis: int) -> Array:
        """The array without an axis of extent 1."""
        return self.picked(x, (*(slice(None),) * (axis % x.ndim), 0, Ellipsis))

    def flip(self, x: Array, axis: int) -> Array:
        """The array backwards along an axis."""
        return self.written(f"xp.flip({{}}, axis={axis})", [x], x.shape, view=True)

    def concat(self, xs: Sequence[Array], axis: int = 0) -> Array:
        """Arrays one after the other."""
        xs = tuple(xs)
        place = axis % xs[0].ndim
        extents = [x.shape[place] for x in xs]
        if not all(isinstance(n, int) for n in extents):
            raise Unwritten("rows after rows")
        shape = (*xs[0].shape[:place], sum(map(int, extents)), *xs[0].shape[place + 1 :])
        holes = ", ".join("{}" for _ in xs) + ("," if len(xs) == 1 else "")
        return self.written(f"xp.concat(({holes}), axis={place})", xs, shape)

    def stack(self, xs: Sequence[Array], axis: int = 0) -> Array:
        """Arrays along a new axis."""
        xs = tuple(xs)
        place = axis % (xs[0].ndim + 1)
        shape = (*xs[0].shape[:place], len(xs), *xs[0].shape[place:])
        holes = ", ".join("{}" for _ in xs) + ("," if len(xs) == 1 else "")
        return self.written(f"xp.stack(({holes}), axis={place})", xs, shape)

    def take(self, x: Array, index: Array, axis: int) -> Array:
        """Entries along an axis, by their numbers."""
        place = axis % x.ndim
        shape = (*x.shape[:place], *index.shape, *x.shape[place + 1 :])
        text = f"xp.take({{}}, {{}}, axis={place})"
        return self.written(text, (x, index), shape, dtype=x._dtype, real=x.real)

    def tensordot(self, a: Array, b: Array, axes: Any = 2) -> Array:
        """Sums over axes of two arrays joined, as one product of matrices."""
        found: Array = tensordot(self, a, b, axes, size=_product)
        return found

    def _reduced(self, name: str, x: Array, **options: Any) -> Array:
        axis, keep = options.pop("axis", None), options.pop("keepdims", False)
        given = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        axes = tuple(a % x.ndim for a in given)
        shape = [1 if i in axes else n for i, n in enumerate(x.shape) if keep or i not in axes]
        dtype = options.pop("dtype", None)
        if x.real and self.common is not None and dtype == self.common:
            dtype = None
        if options:
            raise Unwritten(f"xp.{name} with {', '.join(options)}")
        where: Any = axes[0] if name.startswith("arg") else axes
        text = f"axis={where}" + (", keepdims=True" if keep else "") + (", dtype={}" if dtype is not None else "")
        operands = (x, dtype) if dtype is not None else (x,)
        numbers = name in ("max", "min", "mean", "prod", "sum", "std", "var")
        return self.written(f"xp.{name}({{}}, {text})", operands, shape, dtype=dtype, real=None if numbers else False)

    def astype(self, x: Array, dtype: Dtype, copy: bool = True) -> Array:
        """The array in another dtype."""
        same = x._dtype is not None and x._dtype == dtype
        return (
            x if same else self.written("xp.astype({}, {})", (x, dtype), x.shape, dtype=dtype, real=self._real(dtype))
        )

    def _real(self, dtype: Any) -> bool:
        """Whether a dtype is that of an array of reals."""
        if self.common is not None and dtype == self.common:
            return True
        if not isinstance(dtype, Dtype) or dtype.template != "{}":
            return False
        of = self.program.statement(dtype.operands[0])
        return of.template == "{}.dtype" and of.operands[0] in self.facts and self.facts[of.operands[0]].array.real

    # ---- from nothing --------------------------------------------------------------------------------------------

    def zeros_like(self, x: Array, dtype: Dtype | None = None) -> Array:
        """Zeros of the same shape."""
        return self._alike("zeros_like", x, dtype)

    def ones_like(self, x: Array, dtype: Dtype | None = None) -> Array:
        """Ones of the same shape."""
        return self._alike("ones_like", x, dtype)

    def _alike(self, name: str, x: Array, dtype: Dtype | None) -> Array:
        if dtype is None:
            return self.written(f"xp.{name}({{}})", [x], x.shape)
        return self.written(f"xp.{name}({{}}, dtype={{}})", (x, dtype), x.shape, dtype=dtype, real=self._real(dtype))

    def full_like(self, x: Array, value: Any) -> Array:
        """One number everywhere."""
        return self.written("xp.full_like({}, {})", (x, value), x.shape)

    def zeros(self, shape: Any, dtype: Dtype | None = None, device: Any = None) -> Array:
        """Zeros."""
        return self._filled("zeros", shape, dtype, device)

    def ones(self, shape: Any, dtype: Dtype | None = None, device: Any = None) -> Array:
        """Ones."""
        return self._filled("ones", shape, dtype, device)

    def _filled(self, name: str, shape: Any, dtype: Dtype | None, device: Any) -> Array:
        whole = (shape,) if isinstance(shape, int | Extent) else tuple(shape)
        text = f"xp.{name}({{}}, dtype={{}}, device={{}})"
        return self.written(text, (whole, dtype, device), whole, dtype=dtype, real=self._real(dtype))

    def arange(self, stop: int, device: Any = None) -> Array:
        """The numbers below ``stop``."""
        text = "xp.arange({}, device={})"
        return self.written(text, (stop, device), (stop,), dtype=Dtype("xp.int64"), real=False)

    def asarray(self, values: Any, dtype: Dtype | None = None, device: Any = None) -> Array:
        """A constant of the program."""
        if isinstance(values, Array):
            return values if dtype is None else self.astype(values, dtype)
        found = np.asarray(values)
        if found.dtype.kind not in "biuf":
            raise Unwritten("a constant that holds no numbers")
        name = self.program.constant(("values", found.dtype.str, found.shape, found.tobytes()), ("values", found))
        if dtype is None:
            return self.written(name, [], found.shape, real=False, view=True)
        text = f"xp.asarray({name}, dtype={{}})"
        return self.written(text, [dtype], found.shape, dtype=dtype, real=self._real(dtype), view=True)

    def result_type(self, *xs: Any) -> Dtype:
        """The dtype that arrays have in common."""
        found = {x.dtype if isinstance(x, Array) else x for x in xs}
        if len(found) != 1:
            raise Unwritten("arrays of several dtypes")
        return found.pop()

    def isdtype(self, dtype: Any, kind: Any) -> bool:
        """Refused: what is asked is not known while compiling."""
        raise Unwritten("a decision depends on a dtype")


def _product(extents: Iterable[Size]) -> Size:
    whole: Size = 1
    for extent in extents:
        whole = extent * whole
    return whole


def _together(arrays: Sequence[Array]) -> tuple[Size, ...]:
    """The shape of arrays that are combined entry by entry."""
    return reduce(broadcast, [x.shape for x in arrays])


class _Unknown:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        raise Unwritten(f"xp.{self._name}.{name}")


class _Fourier(_Unknown):
    """The Fourier transforms of real arrays."""

    def __init__(self, xp: Namespace) -> None:
        super().__init__("fft")
        self._xp = xp

    def rfft(self, x: Array, n: int, axis: int) -> Array:
        """The transform of so many real numbers along one axis."""
        return self._along_one("rfft", x, n, axis, n // 2 + 1)

    def irfft(self, x: Array, n: int, axis: int) -> Array:
        """The inverse of :meth:`rfft`."""
        return self._along_one("irfft", x, n, axis, n)

    def _along_one(self, name: str, x: Array, n: int, axis: int, length: int) -> Array:
        place = axis % x.ndim
        shape = (*x.shape[:place], length, *x.shape[place + 1 :])
        return self._xp.written(f"xp.fft.{name}({{}}, n={n}, axis={place})", [x], shape, real=False)

    def rfftn(self, x: Array, s: Any = None, axes: Any = None) -> Array:
        """The transform of real numbers along axes."""
        places = tuple(a % x.ndim for a in axes)
        shape = list(x.shape)
        for place, n in zip(places, s or [x.shape[p] for p in places], strict=True):
            shape[place] = n
        shape[places[-1]] = shape[places[-1]] // 2 + 1
        return self._xp.written(f"xp.fft.rfftn({{}}, s={_plain_tuple(s)}, axes={places})", [x], shape, real=False)

    def irfftn(self, x: Array, s: Any = None, axes: Any = None) -> Array:
        """The inverse of :meth:`rfftn`."""
        places, sizes = tuple(a % x.ndim for a in axes), _plain_tuple(s)
        if sizes is None:
            raise Unwritten("an inverse transform of unknown length")
        shape = list(x.shape)
        for place, n in zip(places, sizes, strict=True):
            shape[place] = n
        return self._xp.written(f"xp.fft.irfftn({{}}, s={sizes}, axes={places})", [x], shape, real=False)


def _plain_tuple(s: Any) -> tuple[int, ...] | None:
    return None if s is None else tuple(int(n) for n in s)
