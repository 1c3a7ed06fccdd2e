"""The proof script: the kernel's replay of a certificate, written down step by step.

The script follows the certificate.  A case distinction becomes ``destruct``, a rewrite becomes one explicit instance of
congruence, an intermediate element becomes transitivity, and where both sides have the same normal form Rocq computes.
Nothing is searched for: whatever the kernel looked up while it computed (which case a neutral element is in) is named
in the script.  The script is written even when the two sides do not agree; it is Rocq that must refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.kernel import Equation, aligned, component
from catcore_proofs.rocq.closing import destruct
from catcore_proofs.rocq.coinduction import Sides, Stated
from catcore_proofs.rocq.expressions import Tree, factors
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.measures import Measured
from catcore_proofs.rocq.normal_forms import hollow, occurs, replace
from catcore_proofs.rocq.observation import Effort
from catcore_proofs.syntax import UNIT, Normal, Type, Value, filled, flat, freeze, injections, need, packed

PASSES = 20

#: The steps of a coinduction that lead to layers that are alike, no more.
LASTING = frozenset(("rewrite", "split", "fact", "absurd", "unsplit", "layers"))


class Script(Measured):
    """Writes the proofs of one certificate; arguments as for :class:`Closing`."""

    # ---- whole proofs ---------------------------------------------------------------------------------------------

    def stated(self, statement: Any) -> Stated:
        """An equation between terms."""
        return Stated(self.equation(statement), lambda parts: self.expressions.sides(statement, parts))

    def claim(self, stated: Stated) -> str:
        """``forall x …, lhs = rhs``: an equation at every element of every argument.

        The factors of a product are quantified one by one, as the kernel does; an element of the unit needs no name.
        """
        kinds = stated.goal.kinds
        variables: list[Tree] = ["tt" if kind == "1" else self.names.fresh() for kind in kinds]
        left, right = stated.sides(variables)
        return f"{self.expressions.forall(zip(variables, kinds, strict=True))}{left} = {right}"

    def proved(self, name: str, stated: Stated, proof: Any, *, word: str = "Lemma") -> list[str]:
        """A lemma with its proof."""
        return [f"{word} {name} : {self.claim(stated)}.", "Proof.", *self.script(stated, proof), "Qed."]

    def script(self, stated: Stated, proof: Any) -> list[str]:
        """The lines of the proof of an equation on generic elements."""
        self.lines, self.context, goal = [], [], stated.goal
        self.declare(goal.kinds)
        sides = self.opened(goal, 0), self.opened(goal, 1)
        match freeze(proof):
            case ("measure", element, inner):
                self.descend(goal, element, inner, sides)
            case ("mutual", int(which), inner, others):
                self.mutual(stated, (which, inner), others)
            case ("induct", int(which), inner):
                self.induct(goal, which, inner, sides)
            case ("coinduct", inner):
                self.coinduct(stated, inner, sides)
            case plain:
                self.introduce(goal)
                self.step(plain, sides, goal.cod)
        return self.lines

    def introduce(self, goal: Equation) -> None:
        """Name the variables of an equation."""
        patterns = [self.pattern(kind) for kind in goal.kinds]
        self.writer.trees[:] = [tree for _, tree in patterns]
        named = [pattern for (pattern, _), kind in zip(patterns, goal.kinds, strict=True) if kind != "1"]
        if named:
            self.say(f"intros {' '.join(named)}.")

    def opened(self, goal: Equation, number: int) -> Callable[[], Value]:
        """One side of an equation on the variables of the context."""
        return lambda: goal.evaluate(number, [self.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

    def stated_between(self, kinds: tuple[Type, ...], cod: Type, *ends: Normal) -> Stated:
        """An equation between normal forms in variables."""

        def written(parts: list[Tree]) -> tuple[str, str]:
            kept, self.context[:] = list(self.context), kinds
            self.writer.trees[:] = parts
            left, right = (self.writer.text(end, cod) for end in ends)
            self.context[:] = kept
            return left, right

        return Stated(self.between(kinds, cod, *ends), written)

    def induct(self, goal: Equation, which: int, proof: Any, sides: Sides) -> None:
        """Take the constructor off a variable; the induction hypothesis is a rule like others."""
        name = self.names.fresh("IH")
        self.say(f"fix {name} {_place(goal.kinds, which)}.")
        with self.mutually([(goal, which)]):
            self.rules.append(name)
            self.taken_apart(goal, which, proof, sides)
            self.rules.pop()

    def mutual(self, stated: Stated, step: tuple[int, Any], others: Any) -> None:
        """Prove several equations by one induction: each holds where a variable of it is a part."""
        goals = [stated, *(self.stated_between(*other[:4]) for other in others)]
        steps = [step, *((other[4], other[5]) for other in others)]
        names = [self.names.fresh("IH") for _ in goals]
        further = [f"({n} {self.structural(g, s[0])})" for n, g, s in zip(names, goals, steps, strict=True)][1:]
        self.say(f"fix {names[0]} {_place(stated.goal.kinds, step[0])} with {' '.join(further)}.")
        with self.mutually([(each.goal, which) for each, (which, _) in zip(goals, steps, strict=True)]):
            self.rules += names
            for each, (which, proof) in zip(goals, steps, strict=True):
                sides = self.at_variables(each.goal)
                with self.block():
                    self.taken_apart(each.goal, which, proof, (sides[0], sides[1]))
            del self.rules[-len(names) :]

    def structural(self, stated: Stated, which: int) -> str:
        """An equation at every element of every argument, by recursion on one of them."""
        kinds = stated.goal.kinds
        variables: list[Tree] = ["tt" if kind == "1" else self.names.fresh() for kind in kinds]
        left, right = stated.sides(variables)
        binders = " ".join(f"({x} : {self.names.type(k)})" for x, k in zip(variables, kinds, strict=True) if k != "1")
        return f"{binders} {{struct {variables[which]}}} : {left} = {right}"

    def taken_apart(self, goal: Equation, which: int, proof: Any, sides: Sides) -> None:
        """The proof of an equation whose variable is a constructor on a layer."""
        kind = goal.kinds[which]
        layer = filled(kind[1], kind)
        self.introduce(goal)
        with self.opening(("v", which), inducted=True):
            pattern, tree = self.pattern(layer)
            self.say(f"destruct {self.expressions.text(self.writer.trees[which])} as [{pattern}].")
            self.writer.trees += factors(layer, tree)
            self.writer.trees[which] = f"(in{self.names.least(kind)} {self.expressions.text(tree)})"
            self.step(proof, sides, goal.cod)

    def placed(self, number: int) -> int:
        """The place of an equation, counted from the first one, also of those that are proved together with another."""
        return self.joint - 1 - number if number < -1 and self.joint is not None else number

    def open(self, neutral: Normal, proof: Callable[[], None]) -> None:
        """Take the constructor off a neutral element, and go on."""
        (tree, kind), name = self.writer.neutral(neutral), self.names.fresh("E")
        layer = filled(kind[1], kind)
        pattern, inside = self.pattern(layer)
        made = f"(in{self.names.least(kind)} {self.expressions.text(inside)})"
        self.say(destruct(self.expressions.text(tree), [pattern], "" if neutral[0] == "v" else name))
        with self.opening(neutral), self.knowing(neutral, name, made):
            self.writer.trees += factors(layer, inside)
            proof()

    def step(self, proof: Any, sides: Sides, cod: Type, goal: Equation | None = None) -> None:
        """Write the proof that two values are equal; with the goal of a coinduction, that they are layers alike."""
        while proof[0] == "rewrite":  # a long chain is no deep recursion
            which, number, point, forward, proof = proof[1:]
            number = self.placed(number)
            changed = self.rewrite((which, number, point, forward), sides, cod)
            fresh = [*sides]
            fresh[which] = lambda changed=changed: self.revalue(changed)  # type: ignore[misc]
            sides = (fresh[0], fresh[1])
        if goal is not None and proof[0] not in LASTING:
            self.say("apply alike_equal.")
            goal = None
        match proof:
            case ("same",):
                self.unchanged(cod, sides)
            case ("split", neutral, proofs):
                self.split(neutral, proofs, lambda inner: self.step(inner, sides, cod, goal))
            case ("layers", ends) if goal is not None:
                self.layers(ends, sides, goal)
            case ("via", middle, one, two):
                self.check(middle, cod)
                self.say(f"apply (through_left {self.writer.text(middle, cod)}).")
                for i, inner in enumerate((one, two)):
                    with self.block():
                        if i == 0:
                            self.say("symmetry.")
                        self.step(inner, (lambda: self.revalue(middle), sides[i]), cod)
            case ("parts", *proofs):
                need(cod[0] == "*", "the components of something that is no pair")
                self.say("apply both_equal.")
                for i, inner in zip((1, 2), proofs, strict=True):
                    with self.block():
                        self.step(inner, (component(sides[0], i), component(sides[1], i)), cod[i])
            case ("under", inner):
                self.under(inner, sides, cod)
            case ("open", neutral, inner):
                self.open(neutral, lambda: self.step(inner, sides, cod))
            case ("inside", inner):
                self.within(inner, sides, cod)
            case ("unsplit", inner):
                with self.leaving_sums():
                    self.step(inner, sides, cod, goal)
            case ("fact", number, point, forward, inner):
                self.learn(self.placed(number), point, forward, lambda: self.step(inner, sides, cod, goal))
            case ("absurd", number, point):
                number = self.placed(number)
                ends, effort = self.observe(lambda: self.instance(self.equations[number], point))
                name, kind = self.names.fresh("H"), self.equations[number].cod
                proof = self.instantiated(number, point, ends, kind, effort)
                left, right = (self.writer.text(end, kind) for end in ends)
                self.say(f"assert ({name} : {left} = {right}) by exact {proof}.")
                self.say(f"discriminate {name}.")
            case ("apply", inner):
                self.at_generic_argument(inner, sides, cod)
            case _:
                raise Unexportable("A proof step is malformed.")

    def at_generic_argument(self, proof: Any, sides: Sides, cod: Type) -> None:
        """Two functions are equal when they are at a new generic argument."""
        need(cod[0] == "^", "the application of something that is no function")
        self.extensional = True
        with self.generic(cod[2], "apply functional_extensionality.") as start:
            self.step(proof, (self.applied(sides[0], cod[2], start), self.applied(sides[1], cod[2], start)), cod[1])

    def under(self, proof: Any, sides: Sides, cod: Type) -> None:
        """The same element bound to two bodies, which are equal at a new generic element."""
        with self.assuming({}), self.kept_trees():
            ends = []
            for which in (0, 1):
                normal, effort = self.observe(lambda which=which: self.reify(sides[which](), cod))  # type: ignore[misc]
                self.show(which, normal, cod, effort)
                ends.append(normal)
            bodies, inner = self.bodies(ends[0], ends[1], cod)
            kind = self.synthesise(ends[0][1])[2]
            pattern, tree = self.pattern(kind)
            self.writer.trees += factors(kind, tree)
            self.say(self.bodies_apart(cod))
            with self.block():
                self.say("reflexivity.")
            with self.block():
                self.say(f"intros {pattern}.")
                self.step(proof, (bodies[0], bodies[1]), inner)

    def within(self, proof: Any, sides: Sides, cod: Type) -> None:
        """Two elements of one form are equal when what is inside is, by congruence."""
        ends = []
        for which in (0, 1):
            normal, effort = self.observe(lambda which=which: self.reify(sides[which](), cod))  # type: ignore[misc]
            self.show(which, normal, cod, effort)
            ends.append(normal)
        contents, inner = self.inside(sides, cod)
        z = self.names.fresh("z")
        self.writer.holes[0] = z, inner
        motive = self.writer.text(hollow(ends[0], ends[1]), cod)
        self.say(f"refine (f_equal (fun {z} : {self.names.type(inner)} => {motive}) _).")
        self.step(proof, (contents[0], contents[1]), inner)

    # ---- case distinctions ----------------------------------------------------------------------------------------

    def split(self, neutral: Normal, proofs: Any, write: Callable[[Any], None]) -> None:
        """Distinguish the cases of a neutral element, and write a proof for each."""
        tree, kind = self.writer.neutral(neutral)
        ways, name = injections(self.synthesise(neutral)), self.names.fresh("E")
        need(len(ways) == len(proofs), "a split with the wrong number of proofs")
        payloads = [self.pattern(payload) if payload else ("", "") for payload, _ in ways]
        self.say(destruct(self.expressions.text(tree), [p for p, _ in payloads], "" if neutral[0] == "v" else name))
        for i, ((payload, inject), inner) in enumerate(zip(ways, proofs, strict=True)):
            with self.assuming({}), self.knowing(neutral, name, self._injected(kind, i, payloads[i][1])), self.block():
                start, saved, value = len(self.context), self.smaller, UNIT
                if payload is not None:
                    value = packed(payload, iter(self.declare(flat(payload))))
                    self.writer.trees += factors(payload, payloads[i][1])
                if self.part(neutral):
                    self.smaller |= frozenset(range(start, len(self.context)))
                self.known = {**self.known, neutral: inject(value)}
                write(inner)
                self.smaller = saved

    def _injected(self, kind: Type, way: int, payload: Tree) -> Tree:
        if kind[0] == "f":
            return self.names.element(kind[1], way)
        return (self.expressions.inl, self.expressions.inr)[way](kind, payload)

    @contextmanager
    def knowing(self, neutral: Normal, name: str, value: Tree) -> Iterator[None]:
        """Use what Rocq knows of a neutral element: a variable is replaced, anything else has a named equation."""
        trees, facts = list(self.writer.trees), self.facts
        if neutral[0] == "v":
            self.writer.trees[neutral[1]] = value
        else:
            self.facts = {**facts, neutral: name}
        yield
        self.writer.trees[:], self.facts = trees, facts

    def learn(self, number: int, point: Any, forward: bool, proof: Callable[[], None]) -> None:
        """Go on with what an instance of an equation says about neutral elements."""
        equation = self.equations[number]

        def ends() -> tuple[dict[Normal, Value], Normal, Normal]:
            facts = self.tells(equation, point, forward)
            with self.leaving_sums():
                left, right = (self.reify(value, equation.cod) for value in self.values(equation, point))
                return facts, left, right

        (facts, left, right), effort = self.observe(ends)
        with self.leaving_sums():
            known = self.instantiated(number, point, (left, right), equation.cod, effort)
        sides = (left, right) if forward else (right, left)
        paths = _components(*sides, known if forward else f"(eq_sym {known})")
        self._learned([(neutral, facts[neutral], *rest) for neutral, *rest in paths if neutral in facts], proof)

    def _learned(self, facts: list[tuple[Normal, Value, Normal, str]], proof: Callable[[], None]) -> None:
        if not facts:
            return proof()
        (neutral, value, normal, known), *rest = facts
        name, kind = self.names.fresh("E"), self.synthesise(neutral)
        with self.leaving_sums():
            left, right = (self.writer.text(end, kind) for end in (neutral, normal))
        self.say(f"assert ({name} : {left} = {right}) by exact {known}.")
        if neutral[0] == "v":
            self.say(f"subst {left}.")
        with self.assuming({neutral: value}), self.knowing(neutral, name, right):
            self._learned(rest, proof)

    # ---- rewrites -------------------------------------------------------------------------------------------------

    def rewrite(self, step: Any, sides: Sides, cod: Type) -> Normal:
        """Replace an instance of an equation's one side in one side of the goal; the new normal form of that side."""
        which, number, point, forward = step
        current, effort = self.observe(lambda: self.reify(sides[which](), cod))
        self.show(which, current, cod, effort)
        equation = self.equations[number]
        (left, right), effort = self.observe(lambda: self.instance(equation, point))
        old, new = (left, right) if forward else (right, left)
        changed: Normal = self.replaced(current, cod, (old, new), equation.cod)
        if changed == current:
            return changed
        proof = self.instantiated(number, point, (left, right), equation.cod, effort)
        proof = proof if forward else f"(eq_sym {proof})"
        exchanges = list({p: (p, v, _at(path, proof), equation.cod) for p, v, path in _paths(old, new, ())}.values())
        for _ in range(PASSES):
            current = self.exchange(which, current, exchanges, cod)
            if current == changed:
                return changed
        raise Unexportable("A rewrite does not come to an end when it is carried out step by step.")

    def instantiated(self, number: int, point: Any, ends: tuple[Normal, Normal], kind: Type, effort: Effort) -> str:
        """A proof of an instance of an equation between normal forms."""
        kinds = self.equations[number].kinds
        if self.equations[number].measure is not None:
            return self.normalised(self.at_part(self.equations[number], point), ends, kind, effort)
        values = (self.writer.text(p, k) for p, k in zip(point, kinds, strict=True) if k != "1")
        proof = f"({' '.join((self.rules[number], *values))})" if any(k != "1" for k in kinds) else self.rules[number]
        return self.normalised(proof, ends, kind, effort)

    def normalised(self, proof: str, ends: tuple[Normal, Normal], kind: Type, effort: Effort) -> str:
        """A proof that two normal forms are equal, from one that what computes to them is."""
        if not effort:
            return proof
        name = self.names.fresh("R")
        left, right = (self.writer.text(end, kind) for end in ends)
        self.say(f"assert ({name} : {left} = {right}).")
        with self.block():
            self.say(f"refine (eq_trans _ (eq_trans {proof} _)).")
            for end in ends:
                with self.block():
                    self.close_goal(end, kind, effort)
        return name

    def exchange(self, which: int, current: Normal, exchanges: list[Any], cod: Type) -> Normal:
        """Exchange all occurrences of some parts at once, by congruence; the normal form that this leads to."""
        present = [exchange for exchange in exchanges if occurs(current, exchange[0])]
        holes = {part: ("hole", i) for i, (part, *_) in enumerate(present)}
        marked = replace(current, holes)
        for i, (part, _, proof, at) in enumerate(present):
            z, kind = self.names.fresh("z"), at if part[0] == "in" else self.writer.neutral(part)[1]
            self.writer.holes[i] = z, kind
            filled = {holes[p]: v if j < i else p for j, (p, v, *_) in enumerate(present) if j != i}
            motive = self.writer.text(replace(marked, filled), cod)
            step = f"f_equal (fun {z} : {self.names.type(kind)} => {motive}) {proof}"
            self.say(f"refine (through_{('left', 'right')[which]} _ ({step}) _).")
        plugged = replace(marked, {hole: value for hole, (_, value, *_) in zip(holes.values(), present, strict=True)})
        found, effort = self.observe(lambda: self.reify(self.revalue(plugged), cod))
        self.show(which, found, cod, effort)
        return found  # type: ignore[no-any-return]

    def show(self, which: int, normal: Normal, cod: Type, effort: Effort) -> None:
        """Put one side of the goal in normal form, where computation alone does not."""
        if effort:
            self.say(f"apply ({('through_left', 'through_right')[which]} {self.writer.text(normal, cod)}).")
            with self.block():
                self.close_goal(normal, cod, effort)


def _paths(old: Normal, new: Normal, path: tuple[str, ...]) -> Iterator[tuple[Normal, Normal, tuple[str, ...]]]:
    """The neutral parts of a normal form beside what stands there in another one, as the kernel aligns them."""
    if old[0] == new[0] and old[0] in ("*", "l", "r"):
        steps = {"*": ("f_equal first", "f_equal second"), "l": ("inl_equal",), "r": ("inr_equal",)}[old[0]]
        for step, a, b in zip(steps, old[1:], new[1:], strict=True):
            yield from _paths(a, b, (*path, step))
    elif old[0] in ("in", "unfold") and not path:
        yield old, new, path  # a whole constructor, or an unfold
    else:
        for a, b in aligned(old, new):
            yield a, b, path


def _components(old: Normal, new: Normal, proof: str) -> Iterator[tuple[Normal, Normal, str]]:
    """The components of a pair beside those of another one, with the proofs that they are equal."""
    if old[0] == new[0] == "*":
        for step, a, b in zip(("f_equal first", "f_equal second"), old[1:], new[1:], strict=True):
            yield from _components(a, b, _at((step,), proof))
    else:
        yield old, new, proof


def _place(kinds: tuple[Type, ...], which: int) -> int:
    """The place of a variable among those that have a name, counted from 1."""
    return 1 + sum(1 for kind in kinds[:which] if kind != "1")


def _at(path: tuple[str, ...], proof: str) -> str:
    for step in path:
        proof = f"({step} {proof})"
    return proof
