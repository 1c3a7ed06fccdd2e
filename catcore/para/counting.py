"""How many numbers parameters are, and what they take to store (FEATURES 45, 55, 56).

>>> from catcore.objects import R
>>> scalars(R(4, 2) * R(4))
12
>>> print(storage_text(4 * 175 * 10**9))
700.0 GB
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from catcore.errors import IllTyped, UnknownName
from catcore.objects import Atom, Exponential, FinSet, Ob, One, Product, R, Tensor, as_object, finite_size

#: Bytes of one number, by the name of its type.
BYTES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}


def scalars(ob: Any, shapes: Mapping[Any, Any] | None = None) -> int:
    """The number of reals in an element of an object; a dimension is its own number.

    Args:
        ob: an object made of ``R(…)``, atoms and finite sets by products and finite powers.
        shapes: what atoms are, as for ``compile_arrow``.

    Raises:
        IllTyped: when elements differ in size, or an atom has no shape.
    """
    match ob:
        case int():
            return ob
        case R():
            return prod(ob.shape)
        case Product():
            return scalars(ob.left, shapes) + scalars(ob.right, shapes)
        case Tensor():
            return scalars(ob.left, shapes) * scalars(ob.right, shapes)
        case Exponential():
            return finite_size(ob.exponent) * scalars(ob.base, shapes)
        case FinSet():
            return 1
        case Atom():
            return scalars(_shape(ob, shapes or {}), shapes)
    if ob is One:
        return 0
    raise IllTyped(f"The number of scalars in an element of {ob} was asked for, and elements of it differ in size.")


def _shape(atom: Atom, shapes: Mapping[Any, Any]) -> Ob:
    given = shapes.get(atom, shapes.get(atom.name))
    if given is None:
        raise IllTyped(
            f"The number of scalars in {atom} was asked for, and nothing says its shape. Give "
            f'shapes={{"{atom}": (3,)}}.'
        )
    return R(*given) if isinstance(given, tuple | list) else as_object(given)


def storage(count: int, dtype: str = "float32") -> int:
    """The bytes of so many numbers of a type.

    Raises:
        UnknownName: for a type that is not in :data:`BYTES`.
    """
    if dtype not in BYTES:
        raise UnknownName(f"Numbers of type {dtype!r} were asked for, and those known are {', '.join(BYTES)}.")
    return count * BYTES[dtype]


def storage_text(size: int) -> str:
    """Bytes in decimal units, as storage is sold: kB, MB, GB, TB."""
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        if size >= 1000**power:
            return f"{size / 1000**power:.1f} {unit}"
    return f"{size} B"
