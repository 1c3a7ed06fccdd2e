"""The input of a program: the generic element of its domain, with the statements that check what is given.

Each array of the input has a name, and a statement that refuses what does not fit in one sentence: a pair where one is
needed, the shape of a row, the same number of rows everywhere, numbers or places in a finite set.
"""

from __future__ import annotations

import functools as ft

from catcore.datatypes.monomials import of_table
from catcore.errors import IllTyped, NotInterpreted
from catcore.objects import Coproduct, Exponential, FinSet, Mu, Ob, Product, R
from catcore.objects import Tensor as TensorObject
from catcore_backends.compiler.program import WHOLE, Program
from catcore_backends.compiler.values import Both, Closure, Leaf, Point, Tagged, Types, Value, is_leaf
from catcore_backends.recursion.forests import tabled as tabled_as


class Doors:
    """What an emitter does before it runs a term: it names the parts of the input."""

    types: Types
    program: Program
    reals: list[str]  # the names of what has reals: arrays of them, and forests with labels
    numbers: list[str]  # those of elements of finite sets
    single: dict[str, str]

    @property
    def batch(self) -> str:
        """The name of the number of rows; empty before the input is known."""
        return self.program.batch

    def input(self, ob: Ob, *, shared: bool = False) -> Value:
        """The generic element of the domain: names for the arrays of the input, checked when the program runs.

        Where ``shared``, the domain is ``P × A``, and the element of P has one row for the whole batch of A.

        Raises:
            IllTyped: when the domain is no product although one factor of it is shared.
        """
        if not shared:
            value = self._enter(ob, "x", (), "x")
            self.program.count_rows("batch")
            return value
        ob = self.types.resolve(ob)
        if not isinstance(ob, Product):
            raise IllTyped(
                f"An arrow with shared parameters leaves a product P × A, and {ob} was found. Compile it without "
                "shared=True, or give it parameters."
            )
        whole = (self.program.door(WHOLE),)
        right = self._enter(ob.right, "{}[1]", whole, "x[1]")
        self.program.count_rows("batch")
        return Both(self._enter(ob.left, "{}[0]", whole, "x[0]", shared=True), right)

    def look_at_first(self) -> None:
        """Let constants alone read the dtype of the first reals only, where the program is told the dtype of all."""
        self.reals = self.reals[:1]

    def _enter(self, ob: Ob, text: str, operands: tuple[str, ...], where: str, *, shared: bool = False) -> Value:
        ob = self.types.resolve(ob)
        if is_leaf(ob):
            return self._shared(ob, text, operands, where) if shared else Leaf(self._door(ob, text, operands, where))
        if isinstance(ob, Exponential) and (table := self.types.tabled(ob)) is not None:
            values = self._enter(table, text, operands, where, shared=shared)
            return Closure(of_table(ob.base, self.types.resolve(ob.exponent)), values)
        if not isinstance(ob, Product | TensorObject | Coproduct):
            return Point()
        first = int(isinstance(ob, Coproduct))
        whole = (self.program.door(f"parts({text}, {2 + first}, '{where}')", *operands),)
        if shared:
            self.program.given.add(whole[0])
        tag = self._tag(whole, where, shared=shared) if first else ""
        left = self._enter(ob.left, f"{{}}[{first}]", whole, f"{where}[{first}]", shared=shared)
        right = self._enter(ob.right, f"{{}}[{first + 1}]", whole, f"{where}[{first + 1}]", shared=shared)
        return Tagged(tag, left, right) if first else Both(left, right)

    def _tag(self, whole: tuple[str, ...], where: str, *, shared: bool) -> str:
        found = self._enter(FinSet(2), "{}[0]", whole, f"{where}[0]", shared=shared)
        assert isinstance(found, Leaf)
        tag = self.program.let("tag({})", found.name)
        if shared:
            self.single[tag] = self.single[found.name]
        return tag

    def _door(self, ob: Ob, text: str, operands: tuple[str, ...], where: str) -> str:
        """The statement that checks and names one array of the input."""
        if isinstance(ob, Mu):
            tabled = self.program.constant(("tabled", ob), ("call", ft.partial(tabled_as, fixed=ob, where=where)), "t")
            name = self.program.door(f"{tabled}({text})", *operands)
            self.program.count_rows("{}.shape[0]", name)
            self.reals.append(name)
            return name
        batch = (self.batch,) if self.batch else ()
        rows = "{}" if batch else None
        is_set = isinstance(ob, FinSet)
        check = (
            f"places({text}, {rows}, '{where}')" if is_set else f"leaf({text}, {self._shape(ob)}, {rows}, '{where}')"
        )
        name = self.program.door(check, *operands, *batch)
        self.program.count_rows("{}.shape[0]", name)
        self._remember_kind(ob, name)
        return name

    def _shared(self, ob: Ob, text: str, operands: tuple[str, ...], where: str) -> Leaf:
        """One array of the shared part of the input, as one row; places and tags are repeated."""
        if isinstance(ob, Mu):
            raise NotInterpreted(
                f"Array code with the shared parameter {ob} at {where} was asked for: a tree is no array. Compile the "
                "arrow without shared=True, and give one tree a row."
            )
        is_set = isinstance(ob, FinSet)
        check = f"place({text}, '{where}')" if is_set else f"one({text}, {self._shape(ob)}, '{where}')"
        name = self.program.door(check, *operands)
        self.program.given.add(name)
        self._remember_kind(ob, name)
        if not isinstance(ob, FinSet):
            return Leaf(name, shared=True)
        repeated = self.program.let("rows({}, {})", name, self.batch)
        self.single[repeated] = name
        return Leaf(repeated)

    def _shape(self, ob: Ob) -> tuple[int, ...] | None:
        return self.types.shape(ob) if isinstance(ob, R | FinSet) else None

    def _remember_kind(self, ob: Ob, name: str) -> None:
        if isinstance(ob, R):
            self.program.reals.append(name)
            self.program.shapes[name] = ob.shape
        (self.numbers if isinstance(ob, FinSet) else self.reals).append(name)
