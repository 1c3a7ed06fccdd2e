"""What functions that are given for generators answer, checked: elements of the codomain, one for each row.

A function in ``generators={"f": …}`` is a stranger in the program.  An array of another shape would be broadcast or
mixed up somewhere later, one of another dtype cut to fit, and a number that is no element of a finite set read from the
wrong end of a table.  So each answer is looked at where it is given, and refused in one sentence.  A function that is
given no array, as for a generator out of 1, answers with one row, which is the same for the whole batch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.errors import CatError, ShapeMismatch, WrongDtype
from catcore.objects import Coproduct, Exponential, FinSet, Ob, Product, R
from catcore_backends.batches import arrays
from catcore_backends.elements import as_table, one_of, outside, places_in

_INTEGERS = ("bool", "int", "uint")
_NUMBERS = ("int", "float", "bfloat", "complex")


class Answering:
    """A function on batches with its answers checked.

    Args:
        function: the function.
        signature: the generator that it is meant for, as text.
        cod: the codomain of that generator, with the atoms replaced by what they are.
    """

    def __init__(self, function: Callable[..., Any], signature: str, cod: Ob) -> None:
        self.function, self.signature, self.cod = function, signature, cod
        self.places = tuple(places_in(cod))
        self._right: set[tuple[Any, tuple[str, ...]]] = set()  # dtypes that were found right before

    def __call__(self, x: Any) -> Any:
        """The answer to a batch.

        Raises:
            ShapeMismatch: when it is no batch of elements of the codomain with as many rows.
            WrongDtype: when an array holds no numbers, or one of elements of a finite set no integers.
        """
        y = self.function(x)
        self._check(self.cod, y, next((a.shape[0] for a in arrays(x) if getattr(a, "shape", ())), 1), "")
        found = outside(self.places, y) if self.places else None
        if found is not None:
            place, entry = found
            wanted = f"elements of a set of {place.size}, {one_of(place.size)},"
            raise self._refused(wanted, place.shown(), str(entry), "Number elements from 0.")
        return y

    def _check(self, ob: Ob, y: Any, rows: int, where: str) -> None:
        match ob:
            case R():
                self._array(ob.shape, _NUMBERS, y, rows, where)
            case FinSet():
                self._array((), _INTEGERS, y, rows, where)
            case Product() | Coproduct():
                first = int(isinstance(ob, Coproduct))
                if not isinstance(y, tuple | list) or len(y) != 2 + first:
                    raise self._misshapen("a triple (tag, left, right)" if first else "a pair", y, where)
                if first:
                    self._array((), _INTEGERS, y[0], rows, f"{where}[0]")
                self._check(ob.left, y[first], rows, f"{where}[{first}]")
                self._check(ob.right, y[first + 1], rows, f"{where}[{first + 1}]")
            case Exponential() if (table := as_table(ob)) is not None:
                self._check(table, y, rows, where)

    def _array(self, shape: tuple[int, ...], kinds: tuple[str, ...], y: Any, rows: int, where: str) -> None:
        found = getattr(y, "shape", None)
        if not found or tuple(found) != (rows, *shape):
            wanted = ", ".join(map(str, (rows, *shape)))
            raise self._misshapen(f"an array of shape ({wanted}{'' if shape else ','})", y, where)
        if (y.dtype, kinds) not in self._right:
            if not str(y.dtype).rpartition(".")[2].startswith(kinds):
                wanted = f"an array of {'integers' if kinds is _INTEGERS else 'real numbers'}"
                raise self._refused(wanted, where, f"one of dtype {y.dtype}", "Convert it.", WrongDtype)
            self._right.add((y.dtype, kinds))

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
