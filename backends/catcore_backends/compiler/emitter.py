"""From a term to a straight-line program, by running the term once on symbolic elements (DESIGN: running).

The emitter is an interpretation of the term language like any other: each term former has one rule, which turns the
value of the domain into the value of the codomain and adds statements where arrays have to be computed.  Pairs and
functions are values of the emitter, so their β-laws cost nothing at run time; a case distinction whose tag is known
takes its branch, and any other evaluates both branches on masked rows and picks
(:mod:`~catcore_backends.compiler.branches`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import reduce
from typing import Any, TypeVar

from catcore.arrows import Arrow, Fold, finite_map, finite_size
from catcore.datatypes.monomials import of_table
from catcore.errors import IllTyped, NotInterpreted
from catcore.objects import Atom, Coproduct, Exponential, FinSet, Mu, Ob, One, Product, R
from catcore.objects import Tensor as TensorObject
from catcore_backends.compiler.branches import Branches
from catcore_backends.compiler.doors import Doors
from catcore_backends.compiler.linking import Code
from catcore_backends.compiler.program import Applied, Program
from catcore_backends.compiler.values import (
    Both,
    Chosen,
    Closure,
    Folded,
    Harmless,
    Known,
    Leaf,
    Point,
    Tagged,
    Types,
    Value,
    is_leaf,
    shared_leaves,
)

#: A rule that asks for what a term gives on a value, by yielding both, and is sent that.
Steps = Generator[tuple[Arrow, Value], Value, Value]
Rule = Callable[["Emitter", Any, Any], Value | Steps]
#: The name of a primitive, its array rule and the parameters of the rule.
PureRule = tuple[str, Any, tuple[Any, ...]]
Ruling = TypeVar("Ruling", bound=Rule)
RULES: dict[type[Arrow], Rule] = {}
STRUCTURAL: set[type[Arrow]] = set()  # formers that only move elements about, those of dead rows too


def rule(*formers: type[Arrow], structural: bool = False) -> Callable[[Ruling], Ruling]:
    """Decorator: the function is the rule of these term formers."""

    def add(function: Ruling) -> Ruling:
        RULES.update(dict.fromkeys(formers, function))
        if structural:
            STRUCTURAL.update(formers)
        return function

    return add


class Emitter(Doors):
    """Runs a term on symbolic elements, writing a program.

    Args:
        types: what the atoms are.
        generators: what the generators are, by name.
        precise: whether constants have their dtype already, or take it from the batch.
    """

    def __init__(self, types: Types, generators: Mapping[str, Any], *, precise: bool = False) -> None:
        self.types = types
        if not isinstance(generators, Mapping):
            raise IllTyped(
                f'generators= says what each generator is, as {{"f": function}}, and {generators!r} was given.'
            )
        self.generators = generators
        self.precise = precise
        self.program = Program()
        self.memo: dict[tuple[str | None, Arrow, Value], Value] = {}
        self.branches = Branches(self.program)
        self.reals: list[str] = []
        self.numbers: list[str] = []
        self.totalled: dict[str, str] = {}  # names of totals over the batch, by the name of what would be rows
        self.single: dict[str, str] = {}  # names of one row that was repeated, by the name of the batch made of it

    # ---- input and output ----------------------------------------------------------------------------------------

    def read(self, ob: Ob, text: str, operands: tuple[str, ...]) -> Value:
        """The batch of elements that a Python expression stands for, taken apart."""
        ob = self.types.resolve(ob)
        let = self.program.let
        match ob:
            case Product() | TensorObject():
                return Both(self.read(ob.left, f"{text}[0]", operands), self.read(ob.right, f"{text}[1]", operands))
            case Coproduct():
                tag = let("tag({})", let(f"{text}[0]", *operands))
                left, right = self.read(ob.left, f"{text}[1]", operands), self.read(ob.right, f"{text}[2]", operands)
                return Tagged(tag, left, right)
            case Exponential() if (table := self.types.tabled(ob)) is not None:
                return Closure(of_table(ob.base, self.types.resolve(ob.exponent)), self.read(table, text, operands))
            case _ if is_leaf(ob):
                return Leaf(operands[0] if text == "{}" else let(text, *operands))
        return Point()

    def kind(self) -> str:
        """A name for the dtype and device of new elements, or ``None``."""
        if self.reals:
            return self.program.let(f"kind({', '.join('{}' for _ in self.reals)})", *self.reals)
        return self.program.let("device_of({})", self.numbers[0]) if self.numbers else self.program.let("None")

    def whole(self, ob: Ob, value: Value) -> Value:
        """The value with nothing left out: constant tags, missing sides and shared rows become arrays of the batch."""
        ob = self.types.resolve(ob)
        match ob, value:
            case _, Leaf(_, True):
                return self.repeat(value)
            case ((Product() | TensorObject()), Both()):
                return Both(self.whole(ob.left, value.left), self.whole(ob.right, value.right))
            case Coproduct(), Tagged():
                sides = [
                    self._whole_side(part, side or self.safe(part), value.tag, right=right)
                    for part, side, right in ((ob.left, value.left, False), (ob.right, value.right, True))
                ]
                return Tagged(self.tag_name(value.tag), *sides)
            case Exponential(), _ if (table := self.types.tabled(ob)) is not None:
                return self.whole(table, self._table(ob, value))
        return value

    def _whole_side(self, ob: Ob, value: Value, tag: str | bool, *, right: bool) -> Value:
        """The same for a payload; functions in it are applied in the rows where it is live alone."""
        if isinstance(tag, bool):
            return self.whole(ob, value)
        with self.branches.within(tag, side=right):
            return self.whole(ob, value)

    def _table(self, ob: Exponential, function: Value) -> Value:
        """All values of a function out of a finite set, left-nested."""
        exponent = self.types.resolve(ob.exponent)
        if isinstance(function, Closure) and function.body is of_table(ob.base, exponent):
            return function.captured
        points = (finite_map(One, exponent, [i]) for i in range(finite_size(exponent)))
        values = [self.call(function, self.run(point, Point()), ob) for point in points]
        return reduce(Both, values) if values else Point()

    def tag_name(self, tag: str | bool) -> str:
        """The name of a tag, made an array if it is the same in every row."""
        return tag if isinstance(tag, str) else self.program.let(f"flags({tag}, {{}}, {{}})", self.batch, self.kind())

    def expression(self, value: Value) -> tuple[str, tuple[str, ...]]:
        """A whole value as a Python expression with its operands."""
        match value:
            case Leaf():
                return "{}", (value.name,)
            case Both():
                parts = [self.expression(part) for part in (value.left, value.right)]
                return f"({parts[0][0]}, {parts[1][0]})", parts[0][1] + parts[1][1]
            case Tagged(
                tag, Leaf() | Both() | Tagged() | Point() as left, Leaf() | Both() | Tagged() | Point() as right
            ):
                parts = [self.expression(part) for part in (left, right)]
                return f"({{}}, {parts[0][0]}, {parts[1][0]})", (str(tag), *parts[0][1], *parts[1][1])
        return "()", ()

    # ---- running terms -------------------------------------------------------------------------------------------

    def run(self, term: Arrow, value: Value) -> Value:
        """The value of the codomain that a term gives on a value of its domain; remembered, so shared."""
        key = (self.branches.here, term, value)
        if key not in self.memo:
            self.memo[key] = self._driven(self._begun(term, value))
        return self.memo[key]

    def _begun(self, term: Arrow, value: Value) -> Value | Steps:
        """What the rule of a term gives; in a branch it sees masked rows, unless it only moves elements about."""
        if self.branches.here is not None and type(term) not in STRUCTURAL:
            value = self.masked(value, term.dom)
        return self._rule(term)(self, term, value)

    def _driven(self, steps: Value | Steps) -> Value:
        """The value that a rule gives, once what it asks for is known; Python's stack holds one rule at a time."""
        if not isinstance(steps, Generator):
            return steps
        under_way: list[tuple[Any, Steps]] = [((), steps)]
        known: Value | None = None
        while True:
            try:
                asked = under_way[-1][1].send(known)  # type: ignore[arg-type]  # None starts one
            except StopIteration as end:
                known = end.value
                key, _ = under_way.pop()
                if not under_way:
                    return known
                self.memo[key] = known
                continue
            key = (self.branches.here, *asked)
            known = self.memo.get(key)
            if known is None:
                found = self._begun(*asked)
                if isinstance(found, Generator):
                    under_way.append((key, found))
                else:
                    known = self.memo[key] = found

    def _rule(self, term: Arrow) -> Rule:
        for former in type(term).__mro__:
            if former in RULES:
                return RULES[former]
        raise NotInterpreted(
            f"Array code for {term.signature} was asked for, and the array interpretation has no rule for it."
        )

    def call(self, function: Value, argument: Value, ob: Exponential) -> Value:
        """A function value applied to an argument: β-reduction."""
        match function:
            case Closure():
                return self.run(function.body, Both(function.captured, argument))
            case Chosen(tag, below, above) if tag in self.branches.decided:
                return self.call(above if self.branches.decided[tag] else below, argument, ob)
            case Chosen(tag, below, above):
                with self.branches.within(tag, side=False):
                    left = self.call(below, argument, ob)
                with self.branches.within(tag, side=True):
                    right = self.call(above, argument, ob)
                return self.merge(tag, left, right)
            case Folded(fold, trees):
                return self.folded(fold, trees, argument)
            case Known(known, result):
                if known != argument:
                    raise NotInterpreted(
                        f"Array code for a fold into {ob} was asked for, whose algebra hands other parameters to the "
                        "branches than it is given. Use parametric_fold, which shares one copy of them."
                    )
                return result
        return self.safe(ob.base)

    def folded(self, fold: Fold, trees: Value, argument: Value) -> Value:
        """The values at one shared argument of the functions that a fold into ``A ^ P`` gives.

        Raises:
            NotInterpreted: when the argument is not the same for all trees.
        """
        single = self.narrow(argument)
        self.masked(trees, fold.dom)
        if single is None:
            raise NotInterpreted(
                f"Array code for a fold into {fold.cod} was asked for, and its parameters differ from row to row. "
                "Compile the arrow with shared=True, and give one element of the parameters for the whole batch."
            )
        word = self.program.constant(("fold", fold), ("fold", self.levels(fold)), "f")
        (text, operands), (tree, names) = self.expression(single), self.expression(trees)
        result = self.program.let(f"{word}({text}, {tree})", *operands, *names, remark="fold", pure=False)
        assert isinstance(fold.cod, Exponential)
        return self.read(fold.cod.base, "{}", (result,))

    def piece(self, term: Arrow) -> Code:
        """The program of a term inside this one, which sees the same atoms and generators."""
        inner = Emitter(self.types, self.generators, precise=self.precise)
        self.types.check(term.dom, f"before {term}")
        self.types.check(term.cod, f"after {term}")
        value = inner.run(term, inner.input(term.dom))
        return Code(inner.program, *inner.expression(inner.whole(term.cod, value)))

    def levels(self, fold: Any) -> Any:
        """The compiled fold, which sees the same atoms and generators."""
        from catcore_backends.recursion.levels import Levels  # the level engine runs terms itself

        return Levels(fold, self.types, self.generators)

    def narrow(self, value: Value | None) -> Value | None:
        """The value with one row for the whole batch; None where it differs from row to row."""
        match value:
            case Leaf(name, shared):
                return value if shared else Leaf(self.single[name], True) if name in self.single else None
            case Both():
                left, right = self.narrow(value.left), self.narrow(value.right)
                return Both(left, right) if left and right else None
            case Tagged(str() as tag, left, right):
                below, above = self.narrow(left), self.narrow(right)
                return Tagged(self.single[tag], below, above) if tag in self.single and below and above else None
            case Point():
                return value
        return None

    def compute(
        self, word: str, dom: Ob, cod: Ob, value: Value, *extra: str, remark: str = "", rule: PureRule | None = None
    ) -> Value:
        """The value that the global callable ``word`` gives on a value, taken apart again.

        ``rule`` is the name of a primitive with its array rule and parameters, where it is one.
        """
        self.types.check(dom, f"before {remark}")
        self.types.check(cod, f"after {remark}")
        single = self.narrow(value)
        given = single or self.whole(dom, value)
        text, operands = self.expression(given)
        text = ", ".join((text, *("{}" for _ in extra)))
        applied = rule and Applied(*rule, self.concrete(dom), tuple(shared_leaves(given)))
        name = self.program.let(
            f"{word}({text})", *operands, *extra, remark=remark, applied=applied, pure=rule is not None
        )
        result = self.read(cod, "{}", (name,))
        return result if single is None else self.share(result)

    def compute_with(self, word: str, first: Value, term: Arrow, second: Value, rule: PureRule) -> Value:
        """The value of a primitive of two arguments whose first is one row that stands for all."""
        assert isinstance(term.dom, Product)
        given = Both(first, self.narrow(second) or self.whole(term.dom.right, second))
        text, names = self.expression(given)
        applied = Applied(*rule, self.concrete(term.dom), tuple(shared_leaves(given)))
        name = self.program.let(f"{word}({text})", *names, remark=rule[0], applied=applied)
        result = self.read(term.cod, "{}", (name,))
        return result if self.narrow(second) is None else self.share(result)

    def share(self, value: Value) -> Value:
        """A value computed for one row that stands for all."""
        match value:
            case Leaf(name):
                return Leaf(name, shared=True)
            case Both():
                return Both(self.share(value.left), self.share(value.right))
            case Closure(body, captured):
                return Closure(body, self.share(captured))
        return self.repeat(value)

    def repeat(self, value: Value) -> Value:
        """A value computed without an input, one row of it for each row of the batch."""
        match value:
            case Leaf():
                repeated = self.program.let("rows({}, {})", value.name, self.batch)
                self.single.setdefault(repeated, value.name)
                return Leaf(repeated)
            case Both():
                return Both(self.repeat(value.left), self.repeat(value.right))
            case Tagged(str() as single, left, right):
                tag = self.program.let("rows({}, {})", single, self.batch)
                self.single.setdefault(tag, single)
                return Tagged(tag, left and self.repeat(left), right and self.repeat(right))
            case Closure(body, captured):
                return Closure(body, self.repeat(captured))
        return value

    # ---- sums ----------------------------------------------------------------------------------------------------

    def safe(self, ob: Ob) -> Value:
        """An element that is live in no row."""
        ob = self.types.resolve(ob)
        match ob:
            case Product() | TensorObject():
                return Both(self.safe(ob.left), self.safe(ob.right))
            case Coproduct():
                return Tagged(self.tag_name(False), self.safe(ob.left), self.safe(ob.right))
            case Exponential():
                return Harmless(ob)
            case FinSet():
                return Leaf(self.program.let("zeros({}, {})", self.batch, self.kind()))
            case R() | Atom():
                return Leaf(self.program.let(f"ones({self.types.shape(ob)}, {{}}, {{}})", self.batch, self.kind()))
        return Point()

    def masked(self, value: Value, ob: Ob) -> Value:
        """The value as the branch under way takes it: its dead rows overwritten by a live one, unless they are so."""
        ob, here = self.types.resolve(ob), self.branches.here
        match ob, value:
            case (Mu(), Leaf(name)) if here is not None and not self.branches.holds(name):
                raise NotInterpreted(
                    f"Array code for a branch that takes an element of {ob} was asked for, and rows of a forest cannot "
                    "be left out. Fold it before the case distinction."
                )
            case _, Leaf(name, True):
                return Leaf(self.branches.only("only_one", name), shared=True)
            case _, Leaf(name):
                word = "only_index" if isinstance(ob, FinSet) else "only"
                return value if name in self.single else Leaf(self.branches.only(word, name))
            case ((Product() | TensorObject()), Both()):
                return Both(self.masked(value.left, ob.left), self.masked(value.right, ob.right))
            case Coproduct(), Tagged():
                left = value.left and self.masked(value.left, ob.left)
                return Tagged(self._masked_tag(value.tag), left, value.right and self.masked(value.right, ob.right))
            case Exponential(), Known(argument, result):
                return Known(self.masked(argument, ob.exponent), self.masked(result, ob.base))
            case _, Closure(body, captured) if isinstance(body.dom, Product):
                return Closure(body, self.masked(captured, body.dom.left))
            case _, Chosen(tag, below, above):
                return Chosen(str(self._masked_tag(tag)), self.masked(below, ob), self.masked(above, ob))
            case _, Folded(fold, trees):
                return Folded(fold, self.masked(trees, fold.dom))
        return value

    def _masked_tag(self, tag: str | bool) -> str | bool:
        return tag if isinstance(tag, bool) or tag in self.single else self.branches.only("only_index", tag)

    def merge(self, tag: str, left: Value, right: Value) -> Value:
        """The value that is ``right`` in the rows where ``tag`` is true and ``left`` elsewhere."""
        if left == right:
            return left
        match left, right:
            case Leaf(), Leaf():
                return Leaf(self.branches.pick(tag, left.name, right.name))
            case Both(), Both():
                return Both(self.merge(tag, left.left, right.left), self.merge(tag, left.right, right.right))
            case Tagged(), Tagged():
                merged = self.merge_tags(tag, left.tag, right.tag)
                return Tagged(merged, self._side(tag, left.left, right.left), self._side(tag, left.right, right.right))
        return Chosen(tag, left, right)

    def _side(self, tag: str, left: Value | None, right: Value | None) -> Value | None:
        if left is None or right is None:
            return right if left is None else left
        return self.merge(tag, left, right)

    def merge_tags(self, tag: str, left: str | bool, right: str | bool) -> str | bool:
        """The tag of a choice between two elements of a sum."""
        let = self.program.let
        match left, right:
            case (False, True) | (True, False):
                return tag if right else self.negate(tag)
            case bool(), bool():
                return left
            case bool(), str():
                return let("{} | {}", self.negate(tag), right) if left else let("{} & {}", tag, right)
            case str(), bool():
                return let("{} | {}", left, tag) if right else let("{} & {}", left, self.negate(tag))
        return self.branches.pick(tag, str(left), str(right))

    def negate(self, tag: str) -> str:
        """The rows where a tag is false."""
        return self.program.let("~{}", tag)

    # ---- types ---------------------------------------------------------------------------------------------------

    def concrete(self, ob: Ob) -> Ob:
        """The object with the atoms that have a meaning replaced by it."""
        return self.types.concrete(ob)
