"""One rule for each term former: what it does to symbolic elements (THEORY T1.1).

The rules are the equations that define the formers: ``⟨f, g⟩(x) = (f x, g x)``, ``[f, g](ι₁ x) = f x``,
``δ(a, ι₁ b) = ι₁ (a, b)``, ``ev(Λf c, a) = f (c, a)``.  Further term formers get an array meaning by adding a rule.
"""

from __future__ import annotations

from typing import Any, NoReturn

from catcore import arrows
from catcore.arrows import Arrow, finite_size
from catcore.categories.smooth import Primitive
from catcore.errors import IllTyped, NotInterpreted
from catcore.objects import Coproduct, Exponential, FinSet, Ob, Product
from catcore.objects import Tensor as TensorObject
from catcore_backends.compiler.emitter import Emitter, Steps, rule
from catcore_backends.compiler.values import Both, Closure, Folded, Leaf, Point, Tagged, Value


@rule(arrows.Identity, structural=True)
def _identity(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return value


@rule(arrows.Composite, structural=True)
def _composite(emitter: Emitter, term: Arrow, value: Value) -> Steps:
    for factor in term.args:
        value = yield factor, value
    return value


@rule(arrows.Terminal, structural=True)
def _terminal(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return Point()


@rule(arrows.Initial)
def _initial(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return emitter.safe(term.cod)


@rule(arrows.Pair, structural=True)
def _pair(emitter: Emitter, term: Arrow, value: Value) -> Steps:
    left = yield term.args[0], value
    right = yield term.args[1], value
    return Both(left, right)


@rule(arrows.Fst, structural=True)
def _fst(emitter: Emitter, term: Arrow, value: Both) -> Value:
    return value.left


@rule(arrows.Snd, structural=True)
def _snd(emitter: Emitter, term: Arrow, value: Both) -> Value:
    return value.right


@rule(arrows.Inl, structural=True)
def _inl(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return Tagged(False, value, None)


@rule(arrows.Inr, structural=True)
def _inr(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return Tagged(True, None, value)


@rule(arrows.Case, structural=True)
def _case(emitter: Emitter, term: Arrow, value: Tagged) -> Steps:
    (f, g), tag, left, right = term.args, value.tag, value.left, value.right
    side = emitter.branches.decided.get(tag) if isinstance(tag, str) and left and right else right is not None
    if side is not None:
        return (yield (g, right) if side else (f, left))  # type: ignore[misc]
    assert isinstance(tag, str)
    with emitter.branches.within(tag, side=False):
        below = yield f, left  # type: ignore[misc]
    with emitter.branches.within(tag, side=True):
        above = yield g, right  # type: ignore[misc]
    return emitter.merge(tag, below, above)


@rule(arrows.Distribute, structural=True)
def _distribute(emitter: Emitter, term: Arrow, value: Both) -> Value:
    a, choice = value.left, value.right
    assert isinstance(choice, Tagged)
    return Tagged(choice.tag, choice.left and Both(a, choice.left), choice.right and Both(a, choice.right))


@rule(arrows.Curry, structural=True)
def _curry(emitter: Emitter, term: Arrow, value: Value) -> Value:
    return Closure(term.args[0], value)


@rule(arrows.Ev, structural=True)
def _ev(emitter: Emitter, term: Arrow, value: Both) -> Value:
    assert isinstance(term.dom, Product)
    return emitter.call(value.left, value.right, term.dom.left)  # type: ignore[arg-type]


@rule(arrows.Tensor, structural=True)
def _tensor(emitter: Emitter, term: Arrow, value: Both) -> Value:
    _pairs(emitter, term)
    return Both(emitter.run(term.args[0], value.left), emitter.run(term.args[1], value.right))


@rule(arrows.Braid, structural=True)
def _braid(emitter: Emitter, term: Arrow, value: Both) -> Value:
    _pairs(emitter, term)
    return Both(value.right, value.left)


def _pairs(emitter: Emitter, term: Arrow) -> None:
    for ob in (term.dom, term.cod):
        assert isinstance(ob, TensorObject)
        emitter.types.check_monoidal(ob, "in a tensor product of arrows")


@rule(arrows.Action, structural=True)
def _action(emitter: Emitter, term: arrows.Action, value: Value) -> Value:
    if term.functor.symbols:
        raise NotInterpreted(
            f"Array code for {term} was asked for, and {term.functor} is an arbitrary functor, which has no arrays. "
            "Use a concrete functor such as 1 + A * Id."
        )
    return emitter.run(term.expanded(), value)


@rule(arrows.Component)
def _component(emitter: Emitter, term: Arrow, value: Value) -> Value:
    raise NotInterpreted(
        f"Array code for {term} was asked for, a component of an arbitrary natural transformation. "
        "Use a natural transformation with a definition."
    )


@rule(arrows.Fold)
def _fold(emitter: Emitter, term: arrows.Fold, value: Value) -> Value:
    if arrows.is_out(term):
        raise NotInterpreted(
            f"Array code for the destructor of {term.dom} was asked for, whose results are trees of many shapes. Fold "
            "with an algebra that needs the first layer only, as para and histo do."
        )
    if term.args[1] is arrows.In(term.args[0]):
        return value  # by reflection; the plan of a recursion is the forest of its states
    if isinstance(emitter.types.resolve(term.cod), Exponential) and emitter.types.tabled(term.cod) is None:
        return Folded(term, value)
    word = emitter.program.constant(("fold", term), ("fold", emitter.levels(term)), "f")
    return emitter.compute(word, term.dom, term.cod, value, remark="fold")


@rule(arrows.Out, arrows.Unfold)
def _recursion(emitter: Emitter, term: Arrow, value: Value) -> Value:
    built_outside(term)


def built_outside(term: Arrow) -> NoReturn:
    """Refuse to build data in a program."""
    raise NotInterpreted(
        f"Array code for {term} was asked for, and elements of {term.cod if term.dom.args else term.dom} are built "
        "outside of compiled programs: make a forest with catcore_backends.forest and fold it."
    )


# ---- maps of finite sets -----------------------------------------------------------------------------------------


@rule(arrows.FiniteMap)
def _finite_map(emitter: Emitter, term: Arrow, value: Value) -> Value:
    if finite_size(term.dom) == 0:
        return emitter.safe(term.cod)
    for ob in (term.dom, term.cod):
        emitter.types.check(ob, "in a finite map")
    return _decode(emitter, term.cod, list(term.args[2]), _number(emitter, term.dom, value))


def _number(emitter: Emitter, ob: Ob, value: Value) -> str | int:
    """The number of an element of a finite set, in lexicographic order: an array's name, or the same for all rows."""
    let = emitter.program.let
    match ob, value:
        case FinSet(), Leaf():
            return let("index({})", value.name)
        case ((Product() | TensorObject()), Both()):
            a, b = _number(emitter, ob.left, value.left), _number(emitter, ob.right, value.right)
            return _affine(emitter, a, finite_size(ob.right), b)
        case Coproduct(), Tagged(tag, left, right):
            offset = finite_size(ob.left)
            below = 0 if left is None or not offset else _number(emitter, ob.left, left)
            above = 0 if right is None or not finite_size(ob.right) else _number(emitter, ob.right, right)
            above = _affine(emitter, offset, 1, above)
            if isinstance(tag, bool):
                return above if tag else below
            texts = ["{}" if isinstance(n, str) else str(n) for n in (below, above)]
            names = [n for n in (below, above) if isinstance(n, str)]
            return let(f"pick_index({{}}, {texts[0]}, {texts[1]})", tag, *names)
    return 0


def _affine(emitter: Emitter, a: str | int, factor: int, b: str | int) -> str | int:
    """``a · factor + b``."""
    let = emitter.program.let
    a = a * factor if isinstance(a, int) else a if factor == 1 else let(f"{{}} * {factor}", a)
    if isinstance(a, str) and isinstance(b, str):
        return let("{} + {}", a, b)
    if isinstance(a, str):
        return let(f"{{}} + {b}", a) if b else a
    return a + b if isinstance(b, int) else let(f"{{}} + {a}", b) if a else b


def _decode(emitter: Emitter, ob: Ob, values: list[int], index: str | int) -> Value:
    """The element whose number is ``values[index]``: one table for each array that it is made of."""
    match ob:
        case FinSet():
            return Leaf(_lookup(emitter, values, index, "index"))
        case Product() | TensorObject():
            size = finite_size(ob.right)
            left = _decode(emitter, ob.left, [v // size for v in values], index)
            return Both(left, _decode(emitter, ob.right, [v % size for v in values], index))
        case Coproduct():
            size = finite_size(ob.left)
            tags = [v >= size for v in values] if isinstance(index, str) else [values[index] >= size]
            below, above = [0 if v >= size else v for v in values], [max(v - size, 0) for v in values]
            if all(tags):
                return Tagged(True, None, _decode(emitter, ob.right, above, index))
            if not any(tags):
                return Tagged(False, _decode(emitter, ob.left, below, index), None)
            tag = _lookup(emitter, [int(v >= size) for v in values], index, "tag")
            return Tagged(tag, _decode(emitter, ob.left, below, index), _decode(emitter, ob.right, above, index))
    return Point()


def _lookup(emitter: Emitter, values: list[int], index: str | int, kind: str) -> str:
    program = emitter.program
    if isinstance(index, int):
        table = program.constant((kind, values[index]), (kind, [values[index]]))
        return program.let(f"rows({table}, {{}})", emitter.batch)
    if kind == "index" and values == list(range(len(values))):
        return index
    return program.let(f"lookup({program.constant((kind, tuple(values)), (kind, values))}, {{}})", index)


# ---- primitives and generators -----------------------------------------------------------------------------------


@rule(Primitive)
def _primitive(emitter: Emitter, term: Primitive, value: Value) -> Value:
    program, operation, parameters = emitter.program, term.operation, term.parameters
    constants = term.constants()
    if constants is None:
        key = (operation, repr(parameters))
        if operation.shared is not None and isinstance(value, Both) and (first := emitter.narrow(value.left)):
            word = program.constant(("shared", *key), ("rule", operation.shared, parameters, term.name), "g")
            return emitter.compute_with(word, first, term, value.right, (term.name, operation.shared, parameters))
        word = program.constant(("rule", *key), ("rule", operation.rule, parameters, term.name), "g")
        rule = term.name, operation.rule, parameters
        return emitter.compute(word, term.dom, term.cod, value, remark=term.name, rule=rule)
    arrays = [program.constant((term, i), ("array", entries)) for i, entries in enumerate(constants)]
    if not emitter.precise:
        names = emitter.expression(emitter.narrow(value) or emitter.whole(term.dom, value))[1]
        kind = program.let("kind({})", _source(emitter, names[0])) if names else emitter.kind()
        arrays = [program.let(f"match({name}, {{}})", kind) for name in arrays]
    word = program.constant(("rule", operation), ("rule", operation.rule, (), term.name), "g")
    rule = term.name, operation.rule, ()
    return emitter.compute(word, term.dom, term.cod, value, *arrays, remark=term.name, rule=rule)


def _source(emitter: Emitter, name: str) -> str:
    """The name that a chain of constant matrices starts from, whose dtype is that of the whole chain."""
    made = emitter.program.statement(name)
    while made.applied is not None and made.applied.name == "matrix":
        made = emitter.program.statement(made.operands[0])
    return made.name


@rule(arrows.Generator)
def _generator(emitter: Emitter, term: arrows.Generator, value: Value) -> Value:
    meaning = emitter.generators.get(term.name)
    match meaning:
        case None:
            known = ", ".join(map(repr, emitter.generators)) or "nothing"
            raise NotInterpreted(
                f"Array code for {term.signature} was asked for, and generators= says what {known} is. "
                f'Add generators={{"{term.name}": function on batches}}, or the name of a smooth primitive.'
            )
        case Arrow():
            return emitter.run(_fitting(emitter, term, meaning), value)
        case str():
            return emitter.run(_fitting(emitter, term, Primitive(meaning, emitter.concrete(term.dom))), value)
        case _ if callable(meaning):
            answers = "answers", meaning, term.signature, emitter.concrete(term.cod), emitter.types.check_bounds
            word = emitter.program.constant(("call", term.name), answers, "g")
            return emitter.compute(word, term.dom, term.cod, value, remark=term.name)
    raise IllTyped(f"generators= maps {term.name!r} to {meaning!r}: give a function, a primitive's name or an arrow.")


def _fitting(emitter: Emitter, term: Arrow, meaning: Any) -> Any:
    dom, cod = emitter.concrete(term.dom), emitter.concrete(term.cod)
    if (emitter.concrete(meaning.dom), emitter.concrete(meaning.cod)) != (dom, cod):
        raise IllTyped(
            f"generators= gives {meaning.signature} for {term.signature}, which with the shapes given is an arrow "
            f"{dom} → {cod}. Give an arrow of that type, or other shapes."
        )
    return meaning
