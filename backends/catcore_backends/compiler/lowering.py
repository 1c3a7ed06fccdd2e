"""From primitives to array operations: the last steps of the compiler.

A program that was emitted calls primitives.  Here the array rule of each is run on symbolic arrays, so that the program
is made of operations of the array library alone and equal ones are shared across primitives.  A rule that cannot be
written down stays a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from catcore.objects import Ob, Product, R
from catcore_backends.compiler.contracting import Chains, Leaf, chained
from catcore_backends.compiler.fusion import with_runs
from catcore_backends.compiler.hoisting import COMMON, Apart, constants_apart, parameters_apart
from catcore_backends.compiler.memory import owned, reusing
from catcore_backends.compiler.numpy_forms import NUMPY_FORMS, Door, of_one_dtype, quick_door
from catcore_backends.compiler.program import Applied, Program, Statement, read, with_deaths, written
from catcore_backends.compiler.symbolic import Array, Dtype, Extent, Fact, Namespace, Unwritten
from catcore_backends.compiler.tied import applied as tied_applied

#: Row operations whose result has the dtype of these operands.
_KEEPING = {"only": (2,), "only_one": (1,), "pick": (1, 2), "rows": (0,)} | {
    "joined": (2, 4), "joined_within": (2, 4), "into": (0, 2), "spread": (2,), "{}.take": (0,)
}  # fmt: skip
#: What a rule of a user raises when it is given arrays without numbers: it looks at them, or hands them to a library.
_UNREADABLE = (
    Unwritten,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Lowered:
    """A program of array operations.

    Args:
        program: where the statements are from, and the constants.
        statements: those of ``program(x, batch)``, in order.
        apart: the functions that are called by it and remember what they gave.
        result: a Python expression with holes for the operands.
        operands: the names that the result is made of.
        lasting: the function of those global names that are computed once for a dtype, where there are any.
        single: whether it is a program for one dtype, which leaves other batches to ``other``.
        quick: by their names, the doors that let through at once what fits.
    """

    program: Program
    statements: list[Statement]
    apart: list[Apart]
    result: str
    operands: tuple[str, ...]
    lasting: Apart | None = None
    single: bool = False
    quick: Mapping[str, Door] = field(default_factory=dict)

    @property
    def peak(self) -> int:
        """The largest number of names alive at once, aside from constants."""
        alive = peak = 0
        for _, dead in with_deaths(self.statements, self.operands):
            alive += 1
            peak = max(peak, alive)
            alive -= len(dead)
        return peak

    @property
    def source(self) -> str:
        """The Python source of ``program``, after that of the global names and functions that it reads."""
        if self.lasting is None:
            return self.functions
        return f"{self.lasting.source}\n\n{', '.join(self.lasting.results)} = constants()\n\n\n{self.functions}"

    @cached_property
    def functions(self) -> str:
        """The Python source of ``program``, after that of the functions that it calls."""
        body = written("program(x, batch)", self.statements, self.result, self.operands, self.program.doors)
        return "\n\n".join([*(function.source for function in self.apart), body])


def lowered(
    program: Program, result: str, operands: tuple[str, ...], *, numpy: bool = False, fused: bool = False
) -> Lowered:
    """The program in array operations.

    For NumPy it takes the short forms and is for real arrays of one floating point dtype, so that arrays can be written
    over and constants made before.  Where ``fused``, each run of operations entry by entry is one call
    (:mod:`~catcore_backends.compiler.fusion`).
    """
    needed = program.needed((*operands, program.batch))
    lowering = _Lowering(program, Chains(program, needed, operands), numpy=numpy)
    if fused:
        lowering.xp.product = "xp.matmul({}, {})"  # what a graph can hold is for the library to say
    lowering.doors([s for s in needed if s.name in program.doors])
    for statement in needed:
        if statement.name not in program.doors:
            lowering.add(statement)
    new, single = lowering.program, lowering.single
    final = tuple(lowering.names.get(name, name) for name in operands)
    statements, constants = constants_apart(new.needed(final), new, final, lasting=single)
    lasting, constants = (constants, None) if single and constants and not constants.arguments else (None, constants)
    if single:
        statements, final = reusing(statements, lowering.xp.facts, final)
    statements, parameters = parameters_apart(read(statements, final), new, final)
    statements, runs = with_runs(statements, lowering.xp.facts, final) if fused else (statements, [])
    made = constants or lasting
    statements, final = owned(statements, lowering.xp.facts, final, made.results if made else ())
    apart = [f for f in (constants, parameters, *runs) if f is not None]
    return Lowered(new, statements, apart, result, final, lasting, single, lowering.quick)


class _Lowering:
    """Adds statement after statement to a new program."""

    def __init__(self, old: Program, chains: Chains, *, numpy: bool) -> None:
        self.old, self.chains, self.numpy = old, chains, numpy
        self.program = Program()
        self.program.constants = dict(old.constants)
        self.program.constant_names = dict(old.constant_names)
        self.xp = Namespace(self.program)
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}  # by their old names, values that are pairs of arrays
        self.single = False  # whether the program is for one dtype
        self.quick: dict[str, Door] = {}  # by their new names, the doors that let through at once what fits

    def doors(self, statements: list[Statement]) -> None:
        """The input, and for NumPy the one dtype of its reals."""
        for statement in statements:
            operands = tuple(self.names[name] for name in statement.operands)
            bare = statement.template.startswith("one(") and statement.name in self.old.reals
            template = f"bare{statement.template[3:]}" if bare else statement.template
            quick = None
            if self.numpy and statement.name not in self.old.given:
                quick = quick_door(statement.template, self.old.shapes.get(statement.name))
            if quick is not None:
                template = quick.template
                part = () if quick.part == "x" else (self.program.door(quick.part, operands[0]),)
                operands = (*part, *operands[len(part) :])
            name = self.program.door(template, *operands)
            if quick is not None:
                self.quick[name] = quick
            if statement.name == self.old.batch:
                self.program.batch = name
            if statement.name in self.old.reals:
                self.program.reals.append(name)
            if statement.name in self.old.given:
                self.program.given.add(name)
            self.names[statement.name] = self._one_row(name, statement) if bare else name
        if self.numpy and self.program.reals:
            self._of_one_dtype()

    def _of_one_dtype(self) -> None:
        """Let the program be for reals of one dtype, and leave others to another."""
        given = [name for name in self.program.reals if name in self.program.given]
        rows = [name for name in self.program.reals if name not in self.program.given]
        known = self.program.door(f"alike(None, {', '.join('{}' for _ in given)})", *given) if given else None
        self.program.given.update([known] if known else [])
        text, names = of_one_dtype(rows, known)
        self.program.check(text, *names)
        self.single, self.xp.common = True, Dtype("dtype")

    def _one_row(self, name: str, statement: Statement) -> str:
        """What is one element for all rows, with an axis for rows; arrays of unknown shape keep it."""
        shape = self.old.shapes[statement.name]
        self.xp.facts[name] = Fact(Array(self.xp, name, shape), "", True)
        return self.xp.facts[name].array[None, ...].name

    def add(self, statement: Statement) -> None:
        """Lower one statement."""
        value = self._inlined(statement) if statement.applied is not None else self._projected(statement)
        if value is None:
            self._kept(statement)
        elif isinstance(value, Array):
            self.names[statement.name] = self._remarked(value.name, statement.remark)
        else:
            self.values[statement.name] = value

    def _kept(self, statement: Statement) -> None:
        """The statement as it is, of the new names; one dtype is that of all reals where there is only one."""
        operands = tuple(self._name(name) for name in statement.operands)
        if self.single and statement.template.startswith("kind(") and all(map(self._real, operands)):
            self.names[statement.name] = COMMON
        else:
            self.names[statement.name] = self.program.again(statement, *operands)

    def _name(self, old: str) -> str:
        """The new name of an operand; a pair of arrays is put together again."""
        if old in self.values:
            texts, names = _packed(self.values[old])
            return self.program.let(texts, *names)
        return self.names.get(old, old)

    def _projected(self, statement: Statement) -> Any:
        """A part of a value that is known as a pair of arrays."""
        if len(statement.operands) != 1 or statement.operands[0] not in self.values:
            return None
        value = self.values[statement.operands[0]]
        for place in re.findall(r"\[(\d)\]", statement.template):
            value = value[int(place)]
        return value

    def _inlined(self, statement: Statement) -> Any:
        """What the array rule of a primitive gives on symbolic arrays; None where it cannot be written down."""
        applied = statement.applied
        assert applied is not None
        for special in (self._tied, self._chain):
            found = special(statement)
            if found is not None:
                return found
        rule = NUMPY_FORMS.get(applied.name, applied.rule) if self.numpy else applied.rule
        try:
            x, rest = self._operands(applied, statement.operands)
            value = rule(self.xp, x, *applied.parameters, *rest)
        except _UNREADABLE:
            return None
        return value if _are_arrays(value) else None

    def _tied(self, statement: Statement) -> Array | None:
        """``W(θ) x`` or ``W(θ) X`` for one θ, in its structured form; None where the statement is something else."""
        if statement.applied is None or statement.applied.name != "matmul" or not statement.applied.single[0]:
            return None
        weights = self.old.statement(statement.operands[0])
        if weights.applied is None or weights.applied.name != "combine" or statement.applied.single[1]:
            return None
        (space,) = weights.applied.parameters
        right = statement.applied.dom.right  # type: ignore[attr-defined]
        try:
            theta = self._array(weights.operands[0], R(space.dim), single=True)
            x = self._array(statement.operands[1], right, single=False)
            return tied_applied(self.xp, space, theta[0, ...], x, numpy=self.numpy)
        except Unwritten:
            return None

    def _chain(self, statement: Statement) -> Array | None:
        """A tree of linear maps as one contraction; None where the statement is something else."""
        found = self.chains.leaves(statement)
        if found is None:
            return None
        try:
            return chained(self.xp, *found, self._tensor)
        except Unwritten:
            return None

    def _tensor(self, leaf: Leaf) -> Array:
        """A tensor of a contraction, without an axis for rows where it is one for all."""
        if leaf.ob is None:
            return self._constant(leaf.name)
        array = self._array(leaf.name, leaf.ob, single=leaf.single)
        return array[0, ...] if leaf.single else array

    def _operands(self, applied: Applied, operands: tuple[str, ...]) -> tuple[Any, list[Array]]:
        names, rows = iter(operands), iter(applied.single)
        x = self._nested(applied.dom, names, rows)
        return x, [self._constant(name) for name in names]

    def _nested(self, ob: Ob, names: Iterator[str], rows: Iterator[bool]) -> Any:
        if isinstance(ob, Product):
            return self._nested(ob.left, names, rows), self._nested(ob.right, names, rows)
        return self._array(next(names), ob, single=next(rows)) if isinstance(ob, R) else ()

    def _array(self, old: str, ob: R, *, single: bool) -> Array:
        """An operand as a symbolic array."""
        name = self._name(old)
        if name in self.xp.facts:
            return self.xp.facts[name].array
        made = self.program.statement(name)
        rows: Any = 1 if single else Extent("{}", (self._rows(old),))
        array = Array(self.xp, name, (rows, *ob.shape), real=self._is_real(made))
        self.xp.facts[name] = Fact(array, "", not made.template.startswith("{}.take("))
        return array

    def _rows(self, old: str) -> str:
        """The name of the number of rows of an array."""
        if old not in self.old.rows:
            return self.program.batch
        return self.program.let("{}.shape[0]", self.names[self.old.rows[old]])

    def _is_real(self, made: Statement) -> bool:
        word = made.template.partition("(")[0]
        if word in _KEEPING:
            return all(self._real(made.operands[i]) for i in _KEEPING[word])
        return made.name in self.program.reals or word == "ones"

    def _real(self, name: str) -> bool:
        fact = self.xp.facts.get(name)
        return fact.array.real if fact is not None else self._is_real(self.program.statement(name))

    def _constant(self, old: str) -> Array:
        """A constant of a primitive."""
        name = self._name(old) if old in self.names else self.program.let(old)
        word = next(iter(re.findall(r"k\d+", self.program.statement(name).template)))
        shape = _extents(self.program.constants[word][1])
        if name not in self.xp.facts:
            self.xp.facts[name] = Fact(Array(self.xp, name, shape), "", True)
        return self.xp.facts[name].array

    def _remarked(self, name: str, remark: str) -> str:
        """The last operation of a primitive says which it belongs to."""
        made = self.program.statement(name)
        if remark and not made.remark:
            self.program.statements[int(name[1:])] = replace(made, remark=remark)
        return name


def _are_arrays(value: Any) -> bool:
    return all(map(_are_arrays, value)) if isinstance(value, tuple) else isinstance(value, Array)


def _packed(value: Any) -> tuple[str, tuple[str, ...]]:
    if isinstance(value, Array):
        return "{}", (value.name,)
    parts = [_packed(part) for part in value]
    return f"({''.join(text + ', ' for text, _ in parts)})", tuple(name for _, names in parts for name in names)


def _extents(entries: Any) -> tuple[int, ...]:
    return (len(entries), *(_extents(entries[0]) if entries else ())) if isinstance(entries, list) else ()
