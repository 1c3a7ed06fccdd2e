"""Parametric maps on arrays: one copy of the parameters serves all rows of the batch (THEORY T4.2, T4.5).

A compiled parametric map is called with its parameters and with a batch: ``run(params, x)``.  One parameter is given as
itself, several as a tuple in the order of ``params``; their arrays have no batch axis.

>>> import numpy as np
>>> from catcore.categories.smooth import smooth
>>> from catcore.objects import R
>>> from catcore.para import ParaMap
>>> from catcore_backends import compile_arrow
>>> layer = ParaMap(R(2, 2), smooth("matmul", R(2, 2) * R(2))) >> ParaMap(R(2), smooth("add", R(2) * R(2)))
>>> run = compile_arrow(layer)
>>> bias, weight = np.array([10.0, 20.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
>>> run((bias, weight), np.array([[1.0, 0.0], [0.0, 1.0]])).tolist()
[[11.0, 23.0], [12.0, 24.0]]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catcore.arrows import Arrow
from catcore.errors import NotInterpreted, ShapeMismatch
from catcore.para import ParaMap
from catcore.para.actegories import Cartesian, nest
from catcore.para.maps import described
from catcore.para.recursion import bundled
from catcore_backends.compiler.compiling import MISSING, Compiled
from catcore_backends.compiler.direct import MAP, PLAIN, Form
from catcore_backends.libraries.failures import counted, explained, too_deep


class CompiledMap(Compiled):
    """A compiled parametric map, a function of parameters and of a batch.

    Raises:
        NotInterpreted: when its parameters do not act by ×.
        TooLarge: when there are many hundreds of them.
    """

    def __init__(
        self,
        map: ParaMap,
        backend: str = "numpy",
        shapes: Mapping[Any, Any] | None = None,
        generators: Mapping[str, Any] | None = None,
        dtype: str | None = None,
        device: Any = None,
        check_bounds: bool = True,
    ) -> None:
        if not isinstance(map.actegory, Cartesian) or not isinstance(map.arrow, Arrow):
            raise NotInterpreted(
                f"Array code for {map} was asked for, and its parameters act by {map.actegory}; arrays are for terms "
                "whose parameters act by ×."
            )
        self.map = map
        self._last: tuple[Any, Any] = (MISSING, None)  # the last parameters, and the element that they make up
        try:
            arrow = bundled(map).arrow if map.params else map.arrow
        except RecursionError:
            raise too_deep() from None
        super().__init__(arrow, backend, shapes, generators, dtype, bool(map.params), device, check_bounds)

    def __call__(self, params: Any = MISSING, x: Any = MISSING, /, *more: Any, batch: int = 1) -> Any:
        """Apply the map: ``run(params, x)``, or ``run(x)`` when there are no parameters.

        Args:
            params: the parameters, or the pair of them and the batch; the batch when there are no parameters.
            x: the batch.
            more: none.
            batch: the number of rows; read only when the domain holds no array.

        Raises:
            ShapeMismatch: when there are other parameters than the map has, or arrays of other shapes.
        """
        if not self._asked:
            self._call_directly()
        last, whole = self._last
        if params is last and x is not MISSING and not more:
            x = (whole, x)
            if self._direct is not None:
                self._direct.keep(params, whole)
        else:
            x = self._element(tuple(part for part in (params, x, *more) if part is not MISSING))
        try:
            return self._run(x, batch if batch == 1 else counted(batch))
        except Exception as error:
            raise explained(error, x, self.backend.release)  # noqa: B904 — it knows whether the error is a cause

    @property
    def _form(self) -> Form:
        return MAP if self.map.params else PLAIN

    def _element(self, given: tuple[Any, ...]) -> Any:
        """The element of the domain that a call is about."""
        if not self.map.params:
            return given[-1] if given else ()
        pair = given[0] if len(given) == 1 else given
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise ShapeMismatch(
                f"A compiled map with {described(self.map)} takes its parameters and a batch, run(params, x), and "
                f"{len(given)} arguments were given."
            )
        whole = self._whole(pair[0])
        self._last = (pair[0], whole) if type(pair[0]) is tuple or whole is pair[0] else (MISSING, None)
        return whole, pair[1]

    def _whole(self, params: Any) -> Any:
        """The parameters as one element of the product that they make up; the last tuple of them is remembered."""
        count = len(self.map.params)
        if count == 1:
            return params
        if not isinstance(params, tuple | list) or len(params) != count:
            found = f"{len(params)}" if isinstance(params, tuple | list) else type(params).__name__
            raise ShapeMismatch(
                f"A compiled map with {described(self.map)} takes a tuple of {count} of them, and {found} was given."
            )
        return nest(params)

    def __reduce__(self) -> tuple[Any, ...]:
        return (CompiledMap, (self.map, *self.options[:4], *self.options[5:]))

    def __repr__(self) -> str:
        return super().__repr__().replace(repr(self.arrow), repr(self.map), 1)
