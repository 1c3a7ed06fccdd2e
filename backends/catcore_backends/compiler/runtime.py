"""The few array operations that emitted programs call besides the primitives, for one array namespace.

Rows of a batch that a branch does not concern are *dead*.  Before the branch they are overwritten by a copy of a row
that it does concern (or by 1 where there is none), so the branch is not evaluated outside its domain and neither its
values nor its gradients see NaN; afterwards ``pick`` throws them away.  This is ``[f, g] : A + B → C`` on arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.errors import NotInterpreted, ShapeMismatch, WrongDtype
from catcore_backends.compiler.operations import lasting
from catcore_backends.libraries.admission import always, is_native, native, taken, unnumbered, unreal
from catcore_backends.libraries.conversion import Refusal, dtype_named, library_of, strided, widest, widest_real

Kind = tuple[Any, Any] | None


class Runtime:
    """Row operations over the array-API namespace ``xp``; ``dtype``, if given, is that of reals made from nothing."""

    NAMES = tuple(
        "parts leaf places one place bare alike kind device_of device tag index first only only_index only_one pick "
        "pick_index joined joined_within into spread ones zeros flags rows own match lookup added total outer_total "
        "apart".split()
    )

    def __init__(self, xp: Any, dtype: Any = None) -> None:
        self.xp = xp
        self.dtype = _numeric(xp, dtype) if isinstance(dtype, str) else dtype
        self._int64 = None if library_of(xp) == "jax" else xp.int64
        self._types: set[type] = set()  # of arrays that are taken as they are
        self._tensors: set[type] = set()  # the same of PyTorch, where they are no sparse ones
        self._numeric: set[Any] = set()  # dtypes that were found right before
        self._integral: set[Any] = set()
        self._kinds: dict[Any, tuple[Any, Any]] = {}  # what was asked before, for a library with one device

    @property
    def _index_dtype(self) -> Any:
        """That of elements of finite sets: the widest integers, which for JAX depend on how it is set now."""
        return self._int64 or widest(self.xp, "int64")

    def names(self) -> dict[str, Any]:
        """The operations by the names that emitted source uses."""
        return {name: getattr(self, name) for name in self.NAMES} | {"s_": _SLICES}

    # ---- the door ------------------------------------------------------------------------------------------------

    def parts(self, x: Any, size: int, where: str) -> Any:
        """A pair or a triple of the input, once it is known to be one.

        Raises:
            ShapeMismatch: naming the part of the input and what it is.
        """
        if not isinstance(x, (tuple, list)) or len(x) != size:
            wanted = "a pair" if size == 2 else "a triple (tag, left, right)"
            what = f"{len(x)} parts were" if isinstance(x, (tuple, list)) else f"{type(x).__name__} was"
            raise ShapeMismatch(
                f"A compiled arrow takes {wanted} at {where}, and {what} given. Group the arrays as the domain is."
            )
        return x

    def leaf(self, x: Any, shape: tuple[int, ...] | None, batch: int | None, where: str) -> Any:
        """An array of the input, once its shape is known to be right, and that it holds numbers if the shape is known.

        Raises:
            ShapeMismatch: naming the part of the input, what it must be and what it is.
            WrongDtype: when it holds other things than numbers.
        """
        if type(x) not in self._types:
            x = self._taken(x, "an array of real numbers", where)
        found = getattr(x, "shape", None)
        if not found or found[1:] != shape or (batch is not None and found[0] != batch):
            _check_shape(found, shape, batch, where, x)
        return x if shape is None or x.dtype in self._numeric else self._checked_numbers(x, where)

    def places(self, x: Any, batch: int | None, where: str) -> Any:
        """An array of elements of a finite set, or of tags.

        Raises:
            ShapeMismatch: naming the part of the input, what it must be and what it is.
            WrongDtype: when it holds other things than integers.
        """
        if type(x) not in self._types:
            x = self._taken(x, "an array of integers", where)
        found = getattr(x, "shape", None)
        if not found or len(found) != 1 or (batch is not None and found[0] != batch):
            _check_shape(found, (), batch, where, x)
        return self._integers(x, where)

    def one(self, x: Any, shape: tuple[int, ...] | None, where: str) -> Any:
        """An array of the shared part of the input as a batch of one row.

        Raises:
            ShapeMismatch: naming the part of the input, what it must be and what it is.
            WrongDtype: when it holds other things than numbers.
        """
        return self.bare(x, shape, where)[None, ...]

    def place(self, x: Any, where: str) -> Any:
        """An element of a finite set, or a tag, of the shared part of the input as a batch of one row."""
        return self._integers(self.bare(x, (), where, numbers=False), where)[None, ...]

    def bare(self, x: Any, shape: tuple[int, ...] | None, where: str, *, numbers: bool = True) -> Any:
        """An array of the shared part of the input as it is; see :meth:`one`."""
        if type(x) not in self._types:
            x = self._taken(x, "an array of real numbers" if numbers else "an array of integers", where)
        found = getattr(x, "shape", None)
        if found is None or (shape is not None and tuple(found) != shape):
            wanted = "an array" if shape is None else f"an array of shape {shape}"
            what = type(x).__name__ if found is None else f"one of shape {tuple(found)}"
            raise ShapeMismatch(
                f"An arrow compiled with shared parameters takes {wanted} at {where}, and {what} was given. Parameters "
                "have no batch axis: give one element for all rows."
            )
        return self._checked_numbers(x, where) if numbers and shape is not None else x

    def _taken(self, x: Any, wanted: str, where: str) -> Any:
        """An array as the library computes with it; what is no array at all is left to be refused for its shape."""
        if (type(x) in self._tensors and strided(x)) or not _has_shape(x):
            return x
        found = taken(self.xp, x)
        if isinstance(found, Refusal):
            library = library_of(self.xp)
            raise WrongDtype(
                f"A compiled arrow takes {wanted} of {library} at {where}, and {found.found} was given. {found.remedy}"
            )
        if found is x:
            (self._types if always(self.xp) else self._tensors).add(type(x))
        return found

    def _checked_numbers(self, x: Any, where: str) -> Any:
        return self._checked(x, unreal, self._numeric, "real numbers", where)

    def _integers(self, x: Any, where: str) -> Any:
        return x if x.dtype in self._integral else self._checked(x, unnumbered, self._integral, "integers", where)

    def _checked(self, x: Any, wrong: Callable[[Any, Any], str | None], known: set[Any], words: str, where: str) -> Any:
        try:
            why = wrong(self.xp, x.dtype)
        except (AttributeError, TypeError, ValueError):  # what the library has no dtype for
            library = library_of(self.xp)
            raise WrongDtype(
                f"A compiled arrow takes an array of {words} of {library} at {where}, and one of dtype {x.dtype} was "
                f"given, of {type(x).__module__}. Convert it first, as get_backend({library!r}).asarray(x) does."
            ) from None
        if why is not None:
            raise WrongDtype(
                f"A compiled arrow takes an array of {words} at {where}, and one of dtype {x.dtype} was given{why}. "
                "Convert it first, as with xp.astype."
            )
        if is_native(x.dtype):
            known.add(x.dtype)
        return native(x)

    def alike(self, kind: Kind, first: Any, *others: Any) -> Kind:
        """The dtype and the device that arrays have in common, and the kind where one is given.

        None where they have several dtypes, or other numbers than floating point ones; the same tuple every time.
        """
        dtype = first.dtype
        kind = kind or self._kinds.get(dtype) or self._floating(first)
        return kind if kind and kind[0] is dtype and all(x.dtype is dtype for x in others) else None

    def _floating(self, x: Any) -> Kind:
        if not self.xp.isdtype(x.dtype, "real floating") or not is_native(x.dtype):
            return None
        if self.dtype is not None and x.dtype != self.dtype:
            return None
        return self._kinds.setdefault(x.dtype, (x.dtype, getattr(x, "device", None)))

    def device(self, x: Any) -> Any:
        """The device of an array; None where the library has no such thing."""
        return getattr(x, "device", None)

    def kind(self, *found: Any) -> Kind:
        """The dtype of what is made beside arrays and forests, and their device: the widest of reals, else the first.

        It is None beside forests without reals alone.
        """
        trees = [x.over(self.xp) if hasattr(x, "roots") else x for x in found]
        device = getattr(getattr(trees[0], "roots", trees[0]), "device", None)
        dtypes = [x.dtype for x in trees if x.dtype is not None]
        return widest_real(self.xp, dtypes) or next(iter(dtypes), None), device

    def device_of(self, x: Any) -> Kind:
        """The device of an array, with no opinion on the dtype of reals."""
        return None, getattr(x, "device", None)

    def tag(self, x: Any) -> Any:
        """A tag as a boolean array; 0 is left, anything else right."""
        return self.xp.astype(x, self.xp.bool, copy=False)

    def index(self, x: Any) -> Any:
        """Elements of a finite set, wide enough to be multiplied."""
        return self.xp.astype(x, self._index_dtype, copy=False)

    # ---- dead rows -----------------------------------------------------------------------------------------------

    def first(self, live: Any) -> Any:
        """The number of a live row and whether there is one, both as arrays of extent 1; None for an empty batch."""
        if live.shape[0] == 0:
            return None
        xp = self.xp
        row = xp.argmax(xp.astype(live, xp.int8), axis=0, keepdims=True)
        return row, xp.any(live, axis=0, keepdims=True)

    def only(self, live: Any, first: Any, x: Any) -> Any:
        """Reals with every dead row replaced by a live one, or by 1 where none is live."""
        return self._only(live, first, x, self.xp.ones_like)

    def only_index(self, live: Any, first: Any, x: Any) -> Any:
        """The same for elements of finite sets and tags, with 0 where none is live."""
        return self._only(live, first, x, self.xp.zeros_like)

    def _only(self, live: Any, first: Any, x: Any, otherwise: Any) -> Any:
        if first is None:
            return x
        xp = self.xp
        row = xp.take(x, first[0], axis=0)
        row = xp.where(_stand(first[1], row), row, otherwise(row))
        return xp.where(_stand(live, x), x, row)

    def only_one(self, live: Any, x: Any) -> Any:
        """A row that is the same for all, or 1 where it concerns none."""
        return self.xp.where(self.xp.any(live), x, self.xp.ones_like(x))

    def pick(self, tag: Any, left: Any, right: Any) -> Any:
        """``right`` in the rows where ``tag`` is true, ``left`` elsewhere."""
        return self.xp.where(_stand(tag, left), right, left)

    def pick_index(self, tag: Any, left: Any, right: Any) -> Any:
        """The same for elements of finite sets, either of which may be an integer."""
        zero = self.xp.zeros_like(tag, dtype=self._index_dtype)
        return self.xp.where(tag, zero + right, zero + left)

    # ---- branches on their live rows alone, in NumPy ----------------------------------------------------------------

    def joined(self, batch: int, at: Any, left: Any, there: Any, right: Any) -> Any:
        """The rows of both sides of a choice, each at the places of its own."""
        found = self.xp.empty((batch, *left.shape[1:]), dtype=self._of_both(left, right))
        found[at] = left
        found[there] = right
        return found

    def joined_within(self, batch: int, at: Any, left: Any, there: Any, right: Any) -> Any:
        """The same within a branch; rows outside of it are safe."""
        found = self._safe_rows(batch, left, self._of_both(left, right))
        found[at] = left
        found[there] = right
        return found

    def into(self, x: Any, at: Any, rows: Any) -> Any:
        """An array of the program's own with some rows written over."""
        x = x if x.dtype == rows.dtype else self.xp.astype(x, self._of_both(x, rows))
        x[at] = rows
        return x

    def spread(self, batch: int, at: Any, x: Any) -> Any:
        """The rows of a branch at their places; the others are safe."""
        found = self._safe_rows(batch, x, x.dtype)
        found[at] = x
        return found

    def _safe_rows(self, batch: int, like: Any, dtype: Any) -> Any:
        make = self.xp.ones if self.xp.isdtype(dtype, "real floating") else self.xp.zeros
        return make((batch, *like.shape[1:]), dtype=dtype)

    def _of_both(self, x: Any, y: Any) -> Any:
        return x.dtype if x.dtype == y.dtype else self.xp.result_type(x, y)

    # ---- from nothing --------------------------------------------------------------------------------------------

    def ones(self, shape: tuple[int, ...], batch: int, kind: Kind) -> Any:
        """A batch of safe real tensors."""
        return self.xp.ones((batch, *shape), dtype=self._real(kind), device=kind and kind[1])

    def zeros(self, batch: int, kind: Kind) -> Any:
        """A batch of elements number 0 of a finite set."""
        return self.xp.zeros((batch,), dtype=self._index_dtype, device=kind and kind[1])

    def flags(self, value: Any, batch: int, kind: Kind) -> Any:
        """A tag that is the same in every row."""
        return self.xp.full((batch,), value, dtype=self.xp.bool, device=kind and kind[1])

    def rows(self, x: Any, batch: int) -> Any:
        """One row repeated, where ``x`` has one; ``x`` where it is a batch already."""
        return x if x.shape[0] == batch else self.xp.broadcast_to(x, (batch, *x.shape[1:]))

    def own(self, x: Any) -> Any:
        """A copy, which the caller may write to."""
        return self.xp.asarray(x, copy=True)

    def match(self, constant: Any, kind: Kind) -> Any:
        """A constant in the dtype and on the device of the batch; a fraction stays one beside integers."""
        xp, dtype = self.xp, self._real(kind)
        if constant.dtype == dtype and (kind is None or kind[1] is None or constant.device == kind[1]):
            return constant
        if not xp.isdtype(dtype, "integral"):
            constant = xp.astype(constant, dtype, copy=False)
        elif xp.isdtype(constant.dtype, "integral"):
            constant = self._fitting(constant, dtype)
        if kind is None or kind[1] is None or constant.device == kind[1]:
            return constant
        from array_api_compat import to_device

        return to_device(constant, kind[1])

    def _fitting(self, constant: Any, dtype: Any) -> Any:
        """Integers in another integral dtype.

        Raises:
            WrongDtype: when one of them is too large for it.
        """
        xp = self.xp
        with lasting(xp):
            fitting = xp.astype(constant, dtype, copy=False)
            wrapped = xp.iinfo(dtype).bits < xp.iinfo(constant.dtype).bits and bool(xp.any(fitting != constant))
        if wrapped:
            raise WrongDtype(
                f"A compiled arrow was applied to a batch of dtype {dtype}, and one of its constants does not fit that "
                "dtype. Convert the arrays first, as to float64 with xp.astype."
            )
        return fitting

    def lookup(self, table: Any, index: Any) -> Any:
        """The entries of the table of a map of finite sets."""
        return self.xp.take(table, index, axis=0)

    def added(self, x: Any, values: Any, places: Any) -> Any:
        """An array with values added at some places."""
        if hasattr(x, "at"):
            return x.at[places].add(values)
        x = self.xp.asarray(x, copy=True)
        x[places] = x[places] + values
        return x

    # ---- totals --------------------------------------------------------------------------------------------------

    def total(self, x: Any) -> Any:
        """The sum over the rows, as one row."""
        return self.xp.sum(x, axis=0, keepdims=True)

    def outer_total(self, v: Any, x: Any) -> Any:
        """The sum over the rows of the outer products ``v xᵀ``, as one row: one product of matrices."""
        return self.xp.matmul(self.xp.matrix_transpose(v), x)[None, ...]

    def apart(self, total: Any) -> Any:
        """Refused: what was computed as a total over the rows is wanted for each row.

        Raises:
            NotInterpreted: always.
        """
        raise NotInterpreted(
            "The gradient of a fold with shared parameters was asked for row by row, and it is computed as a total "
            "over the batch. Use catcore_backends.gradient, or give one tree at a time."
        )

    def _real(self, kind: Kind) -> Any:
        if self.dtype is not None:
            return self.dtype
        return widest(self.xp, "float64") if kind is None or kind[0] is None else kind[0]


def _numeric(xp: Any, name: str) -> Any:
    """The dtype of that name, for constants.

    Raises:
        WrongDtype: when the library has none, or it is not one of real numbers.
    """
    dtype = dtype_named(xp, name)
    if (why := unreal(xp, dtype)) is not None:
        raise WrongDtype(
            f"An arrow was to be compiled with constants of dtype {name!r}{why or ', which has no real numbers'}. Give "
            "one of float32, float64, int32 or int64."
        )
    return dtype


def _check_shape(found: Any, shape: tuple[int, ...] | None, batch: int | None, where: str, x: Any) -> None:
    """Refuse what is no batch of elements of a shape; ``None`` stands for whatever there is."""
    rows = found is not None and len(found) > 0 and (batch is None or found[0] == batch)
    if rows and (shape is None or tuple(found[1:]) == shape):
        return
    first = "batch" if batch is None else batch
    wanted = f"({first}, …)" if shape is None else f"({', '.join(map(str, (first, *shape)))}{'' if shape else ','})"
    what = f"an array of shape {tuple(found)}" if found is not None else f"{type(x).__name__}"
    raise ShapeMismatch(
        f"A compiled arrow takes an array of shape {wanted} at {where}, and {what} was given. "
        "Give one row for each sample, the same number everywhere."
    )


def _has_shape(x: Any) -> bool:
    """Whether there is a shape; that of PyTorch's nested tensors cannot be asked for."""
    return hasattr(type(x), "shape") or hasattr(x, "shape")


class _Slices:
    """``s_[1:2, ...]`` is the index that is written in the brackets."""

    def __getitem__(self, index: Any) -> Any:
        return index


_SLICES = _Slices()


def _stand(flags: Any, like: Any) -> Any:
    """Flags, one a row, with axes appended so that they broadcast against a batch of tensors."""
    return flags[(...,) + (None,) * (like.ndim - 1)]
