"""Which arrays a library computes with as they are, and what is to be done about the others.

An array that merely looks like one of the library would give a wrong answer without a word: ``*`` of two of NumPy's
matrices is their product, the missing entries of a masked array count where an operation overlooks the mask, and a
sparse one is read by some operations and not by others.  Subclasses of NumPy's array are taken as the plain arrays that
they are; masked and sparse arrays, and those of other libraries, are refused with what makes them arrays of this one.

>>> import numpy as np
>>> type(taken(np, np.ones(2).view(np.recarray))).__name__
'ndarray'
>>> taken(np, np.ma.masked_array([1.0, 2.0], mask=[0, 1]))
Refusal(found='a masked array', remedy='Fill its missing entries first, as x.filled(0) does.')
"""

from __future__ import annotations

import functools as ft
from collections.abc import Mapping
from typing import Any

import numpy as np
from array_api_compat import is_jax_namespace

from catcore.errors import WrongDtype
from catcore_backends.libraries.conversion import Refusal, computes_with, library_of, misread

#: Integers of fewer bits wrap round in products of two of them that are quite small.
_LEAST_BITS = 32


def taken(xp: Any, x: Any) -> Any:
    """An array as the namespace computes with it, or a :class:`Refusal`."""
    if not computes_with(xp, x):
        return _foreign(xp, x)
    if (refusal := misread(x)) is not None:
        return refusal
    if isinstance(x, np.ndarray):
        x = x if type(x) is np.ndarray else np.asarray(x)
        if is_jax_namespace(xp) and x.dtype.kind in "iuf" and x.dtype.itemsize <= 8:
            return xp.asarray(native(x))
        return x
    return x


class Door:
    """Where arrays come in, by their names: types that are always taken are looked at once.

    Args:
        what: what takes the arrays, as the subject of a sentence.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._types: set[type] = set()

    def admit(self, xp: Any, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arrays as the namespace computes with them.

        Raises:
            WrongDtype: when one is none of the library, or would be misread.
        """
        found = tuple(given.values())
        if self._types.issuperset(map(type, found)):
            return found
        found = tuple(self._one(xp, name, array) for name, array in given.items())
        if always(xp):
            self._types.update(map(type, found))
        return found

    def _one(self, xp: Any, name: str, array: Any) -> Any:
        found = taken(xp, array)
        if isinstance(found, Refusal):
            raise WrongDtype(
                f"{self.what} takes {name} as an array of {library_of(xp)}, and {found.found} was given. {found.remedy}"
            )
        return found


def numbers_at(what: str, xp: Any, dtype: Any) -> None:
    """Refuse a dtype in which nothing is multiplied, or products wrap round; complex numbers are taken.

    Raises:
        WrongDtype: naming it.
    """
    if (why := _no_numbers(xp, dtype)) is not None:
        raise WrongDtype(
            f"{what} takes real or complex numbers, and numbers of dtype {dtype} were to be multiplied{why}. "
            "Convert them first, as to float64 with xp.astype."
        )


@ft.lru_cache(maxsize=256)
def _no_numbers(xp: Any, dtype: Any) -> str | None:
    return None if xp.isdtype(dtype, "complex floating") else unreal(xp, dtype)


def always(xp: Any) -> bool:
    """Whether the type of an array says if it is taken; PyTorch's sparse tensors have the type of all others."""
    return library_of(xp) != "torch"


def is_native(dtype: Any) -> bool:
    """Whether numbers of a dtype lie in memory as the processor reads them; NumPy has dtypes that are turned round."""
    return bool(getattr(dtype, "isnative", True))


def native(x: Any) -> Any:
    """An array whose numbers lie in memory as the processor reads them, as those of some files do not."""
    return x if is_native(x.dtype) else x.astype(x.dtype.newbyteorder("="))


def _foreign(xp: Any, x: Any) -> Refusal:
    if (refusal := misread(x)) is not None:
        return refusal
    library, module, kind = library_of(xp), type(x).__module__, type(x).__qualname__
    of = f"one of dtype {x.dtype} was given, of {module}" if hasattr(x, "dtype") else f"{kind} of {module}"
    return Refusal(of, f"Convert it first, as get_backend({library!r}).asarray(x) does.")


def unreal(xp: Any, dtype: Any) -> str | None:
    """Why a dtype is none of real numbers, as a relative clause that may be empty; None where it is one.

    The negatives of unsigned integers wrap round, and so do products of integers of 8 or 16 bits.

    Raises:
        TypeError, ValueError, AttributeError: when the library has no such dtype.
    """
    if xp.isdtype(dtype, "real floating"):
        return None
    if xp.isdtype(dtype, "signed integer"):
        return None if xp.iinfo(dtype).bits >= _LEAST_BITS else ", whose products wrap round"
    if xp.isdtype(dtype, "complex floating"):
        return ", which has no order and no place in ℝ"
    return ", whose negatives wrap round" if xp.isdtype(dtype, "unsigned integer") else ""


def unnumbered(xp: Any, dtype: Any) -> str | None:
    """The same for elements of finite sets, which are integers or truth values."""
    return None if xp.isdtype(dtype, ("integral", "bool")) else ""
