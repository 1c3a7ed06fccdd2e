"""What functions that are given for generators answer, checked: elements of the codomain, one for each row.

A function in ``generators={"f": …}`` is a stranger in the program.  An array of another shape would be broadcast or
mixed up somewhere later, so each answer is looked at where it is given, and refused in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore.errors import ShapeMismatch
from catcore.objects import Coproduct, FinSet, Ob, Product, R
from catcore_backends.batches import arrays


class Answering:
    """A function on batches with its answers checked.

    Args:
        function: the function.
        signature: the generator that it is meant for, as text.
        cod: the codomain of that generator, with the atoms replaced by what they are.
    """

    def __init__(self, function: Callable[..., Any], signature: str, cod: Ob) -> None:
        self.function, self.signature, self.cod = function, signature, cod

    def __call__(self, x: Any) -> Any:
        """The answer to a batch.

        Raises:
            ShapeMismatch: when it is no batch of elements of the codomain with as many rows.
        """
        y = self.function(x)
        self._check(self.cod, y, next((a.shape[0] for a in arrays(x) if getattr(a, "shape", ())), None), "")
        return y

    def _check(self, ob: Ob, y: Any, rows: int | None, where: str) -> None:
        match ob:
            case R() | FinSet():
                self._array(ob.shape if isinstance(ob, R) else (), y, rows, where)
            case Product() | Coproduct():
                first = int(isinstance(ob, Coproduct))
                if not isinstance(y, tuple | list) or len(y) != 2 + first:
                    self._refuse("a triple (tag, left, right)" if first else "a pair", y, where)
                if first:
                    self._array((), y[0], rows, f"{where}[0]")
                self._check(ob.left, y[first], rows, f"{where}[{first}]")
                self._check(ob.right, y[first + 1], rows, f"{where}[{first + 1}]")

    def _array(self, shape: tuple[int, ...], y: Any, rows: int | None, where: str) -> None:
        found = getattr(y, "shape", None)
        if not found or tuple(found[1:]) != shape or (rows is not None and found[0] != rows):
            wanted = ", ".join(map(str, ("batch" if rows is None else rows, *shape)))
            self._refuse(f"an array of shape ({wanted}{'' if shape else ','})", y, where)

    def _refuse(self, wanted: str, y: Any, where: str) -> None:
        shape = getattr(y, "shape", None)
        what = type(y).__name__ if shape is None else f"an array of shape {tuple(shape)}"
        at = f" at {where}" if where else ""
        raise ShapeMismatch(
            f"The function given for the generator {self.signature} is to answer with {wanted}{at}, and {what} came. "
            "Let it return one row for each row that it is given."
        )
