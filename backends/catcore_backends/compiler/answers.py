"""What functions that are given for generators answer, checked: elements of the codomain, one for each row.

A function in ``generators={"f": …}`` is a stranger in the program.  An array of another shape would be broadcast or
mixed up somewhere later, one of another dtype cut to fit, one of another library or device refused or taken over by
whatever meets it first, and a number that is no element of a finite set read from the wrong end of a table.  So each
answer is looked at where it is given, and refused in one sentence.  A function that is given no array, as for a
generator out of 1, answers with one row, which is the same for the whole batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from catcore.errors import CatError, MixedDevices, ShapeMismatch, WrongDtype
from catcore.objects import Coproduct, Exponential, FinSet, Ob, Product, R
from catcore_backends.batches import arrays
from catcore_backends.elements import Unknown, as_table, note, one_of, outside, places_in
from catcore_backends.libraries.admission import always, is_native, taken, unnumbered, unreal
from catcore_backends.libraries.conversion import Refusal, computes_with, library_of
from catcore_backends.libraries.cuda.devices import current

#: Why a dtype is none of the numbers that are wanted; see :mod:`~catcore_backends.libraries.admission`.
Wrong = Callable[[Any, Any], str | None]


class Answering:
    """A function on batches with its answers checked.

    Args:
        xp: the namespace of the arrays that it is given and has to answer with.
        function: the function.
        signature: the generator that it is meant for, as text.
        cod: the codomain of that generator, with the atoms replaced by what they are.
        check_bounds: whether numbers of elements of finite sets are looked at.
    """

    def __init__(
        self, xp: Any, function: Callable[..., Any], signature: str, cod: Ob, check_bounds: bool = True
    ) -> None:
        self.xp, self.function, self.signature, self.cod = xp, function, signature, cod
        self.places = tuple(places_in(cod)) if check_bounds else ()
        self._right: set[tuple[type, Any, Wrong]] = set()  # types and dtypes that were found right before
        self._devices = library_of(xp) in ("cupy", "torch")

    def __call__(self, x: Any) -> Any:
        """The answer to a batch.

        Raises:
            ShapeMismatch: when it is no batch of elements of the codomain with as many rows.
            WrongDtype: when an array holds no numbers, or one of elements of a finite set no integers, or is of another
                library.
            MixedDevices: when an array is on another device.
        """
        y = self.function(x)
        given = next((a for a in arrays(x) if getattr(a, "shape", ())), None)
        self._check(self.cod, y, 1 if given is None else given.shape[0], "")
        if self._devices:
            self._beside(given, y)
        return self._in_range(y) if self.places else y

    def _in_range(self, y: Any) -> Any:
        """Refuse a number that is no element of its set, or note that where the numbers are not known."""
        try:
            found = outside(self.places, y)
        except Unknown as unknown:
            note(unknown)
            return unknown.batch
        if found is not None:
            place, entry = found
            wanted = f"elements of a set of {place.size}, {one_of(place.size)},"
            raise self._refused(wanted, place.shown(), str(entry), "Number elements from 0.")
        return y

    def _check(self, ob: Ob, y: Any, rows: int, where: str) -> None:
        match ob:
            case R():
                self._array(ob.shape, unreal, y, rows, where)
            case FinSet():
                self._array((), unnumbered, y, rows, where)
            case Product() | Coproduct():
                first = int(isinstance(ob, Coproduct))
                if not isinstance(y, tuple | list) or len(y) != 2 + first:
                    raise self._misshapen("a triple (tag, left, right)" if first else "a pair", y, where)
                if first:
                    self._array((), unnumbered, y[0], rows, f"{where}[0]")
                self._check(ob.left, y[first], rows, f"{where}[{first}]")
                self._check(ob.right, y[first + 1], rows, f"{where}[{first + 1}]")
            case Exponential() if (table := as_table(ob)) is not None:
                self._check(table, y, rows, where)

    def _array(self, shape: tuple[int, ...], wrong: Wrong, y: Any, rows: int, where: str) -> None:
        found = getattr(y, "shape", None)
        if not found or tuple(found) != (rows, *shape):
            wanted = ", ".join(map(str, (rows, *shape)))
            raise self._misshapen(f"an array of shape ({wanted}{'' if shape else ','})", y, where)
        if (type(y), y.dtype, wrong) not in self._right:
            self._numbers(wrong, y, where)

    def _numbers(self, wrong: Wrong, y: Any, where: str) -> None:
        """Refuse an array that the library does not compute with, or whose dtype is a wrong one."""
        if not computes_with(self.xp, y):
            raise self._foreign(y, where)
        found = taken(self.xp, y)
        if isinstance(found, Refusal):
            raise self._refused("an array", where, found.found, found.remedy, WrongDtype)
        if isinstance(y, np.ndarray) and type(y) is not np.ndarray:
            raise self._refused("a plain array", where, *_subclass(y), WrongDtype)
        if not is_native(y.dtype):
            what, remedy = f"one of dtype {y.dtype}", "Convert it, as x.astype(x.dtype.newbyteorder('=')) does."
            raise self._refused("an array in the byte order of the processor", where, what, remedy, WrongDtype)
        why = wrong(self.xp, y.dtype)
        if why is not None:
            wanted = f"an array of {'integers' if wrong is unnumbered else 'real numbers'}"
            raise self._refused(wanted, where, f"one of dtype {y.dtype}{why}", "Convert it.", WrongDtype)
        if always(self.xp):
            self._right.add((type(y), y.dtype, wrong))

    def _beside(self, given: Any, y: Any) -> None:
        """Refuse an answer on another device than that of what was given, or where nothing was, the current one."""
        here = current(self.xp) if given is None else given.device
        found = (getattr(a, "device", here) for a in arrays(y))  # data are on no device
        there = {str(device) for device in found if device != here and here is not None}
        if there:
            wanted, what = f"arrays on the device {here}", f"one on {' and '.join(sorted(there))}"
            raise self._refused(wanted, "", what, "Move it there, or compute it from what is given.", MixedDevices)

    def _foreign(self, y: Any, where: str) -> CatError:
        return self._refused(*_of_another_library(self.xp, y, where), WrongDtype)

    def _misshapen(self, wanted: str, y: Any, where: str) -> CatError:
        shape = getattr(y, "shape", None)
        what = type(y).__name__ if shape is None else f"an array of shape {tuple(shape)}"
        if isinstance(y, tuple):
            what = f"a group of {len(y)}"
        return self._refused(
            wanted, where, what, "Let it return one row for each row that it is given, and one where it is given none."
        )

    def _refused(
        self, wanted: str, where: str, what: str, remedy: str, kind: type[CatError] = ShapeMismatch
    ) -> CatError:
        at = f" at {where}" if where else ""
        return kind(
            f"The function given for the generator {self.signature} is to answer with {wanted}{at}, and {what} came. "
            f"{remedy}"
        )


def _subclass(y: Any) -> tuple[str, str]:
    return (
        f"one of {type(y).__module__}.{type(y).__qualname__}",
        "Answer with a plain array, as numpy.asarray(x) makes.",
    )


def _of_another_library(xp: Any, y: Any, where: str = "") -> tuple[str, str, str, str]:
    """What was wanted, where, what came, and what to do, where an answer is no array of the program's library."""
    library, kind = library_of(xp), f"{type(y).__module__}.{type(y).__qualname__}".removeprefix("builtins.")
    remedy = f"Compute with the functions of {library}, or convert the answer with its asarray."
    return f"an array of {library}", where, kind if kind == type(y).__qualname__ else f"one of {kind}", remedy


class Ruled:
    """The array rule of a primitive, bound to a namespace; what it answers with has to be of that library.

    Args:
        xp: the namespace.
        rule: the rule, ``(xp, x, *parameters, *constants) ↦ y``.
        parameters: those of the primitive.
        name: the name of the primitive.
    """

    def __init__(self, xp: Any, rule: Callable[..., Any], parameters: tuple[Any, ...], name: str) -> None:
        self.xp, self.rule, self.parameters, self.name = xp, rule, parameters, name
        self._right: set[type] = set()

    def __call__(self, x: Any, *constants: Any) -> Any:
        """The answer to a batch.

        Raises:
            WrongDtype: when an array of it is of another library, or none.
        """
        y = self.rule(self.xp, x, *self.parameters, *constants)
        for part in (y,) if type(y) in self._right else arrays(y):
            if type(part) not in self._right:
                self._check(part)
        return y

    def _check(self, y: Any) -> None:
        if not computes_with(self.xp, y):
            wanted, _, what, remedy = _of_another_library(self.xp, y)
            raise WrongDtype(
                f"The array rule of the primitive {self.name!r} is to answer with {wanted}, and {what} came. {remedy}"
            )
        self._right.add(type(y))
