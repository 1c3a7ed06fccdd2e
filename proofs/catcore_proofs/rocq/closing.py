"""The ends of a proof: two expressions with one normal form are equal.

Mostly Rocq sees this by computing.  Where the cases of neutral elements are known, it rewrites by them in between, and
where the normal form distinguishes cases under a binder, the proof goes along the normal form: functions are equal when
they are at every argument, and an element that is neither case is taken apart there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from catcore_proofs.rocq.expressions import Expressions, Tree, paired
from catcore_proofs.rocq.fixed_points import Unexportable
from catcore_proofs.rocq.names import Names
from catcore_proofs.rocq.normal_forms import Bound, Writer
from catcore_proofs.rocq.observation import Effort, Observed
from catcore_proofs.syntax import Normal, Type, filled, flat, injections


class Closing(Observed):
    """Writes the proofs that two expressions have one normal form.

    Args:
        signature: as for the kernel.
        names: the names of the section, and which functors are arbitrary.
        steps: as for the kernel.
    """

    def __init__(self, signature: dict[str, Any], names: Names, steps: int = 20_000_000) -> None:
        super().__init__(signature, steps, names.roles)
        self.names = names
        self.expressions = Expressions(names, signature)
        self.writer = Writer(self.expressions, lambda: self.context)
        self.rules: list[str] = []  # the Rocq names of the equations
        self.facts: dict[Normal, str] = {}  # the Rocq names of what is known about compound neutral elements
        self.extensional = bool(names.roles)
        self.lines: list[str] = []
        self._indent = 1

    # ---- layout ---------------------------------------------------------------------------------------------------

    def say(self, line: str) -> None:
        """Write one line."""
        self.lines.append("  " * self._indent + line)

    @contextmanager
    def block(self) -> Iterator[None]:
        """Write the proof of one subgoal."""
        self.say("{")
        self._indent += 1
        yield
        self._indent -= 1
        self.say("}")

    def pattern(self, kind: Type) -> tuple[str, Tree]:
        """A pattern that takes an element apart into its factors, and the element made of them."""
        names = ["tt" if k == "1" else self.names.fresh() for k in flat(kind)]
        parts: list[Tree] = list(names)
        return _pattern(kind, iter(names)), paired(kind, parts)

    # ---- equal normal forms ---------------------------------------------------------------------------------------

    def close_goal(self, normal: Normal, kind: Type, effort: Effort) -> None:
        """Prove that two sides are equal which have the given normal form."""
        if effort.plain:
            self.simplify(effort)
            self.say("reflexivity.")
        else:
            self.walk(normal, kind, (), effort)

    def simplify(self, effort: Effort) -> None:
        """Compute, and use what is known of the cases of neutral elements."""
        if not effort:
            return
        known = [neutral for neutral in effort.facts if neutral in self.facts]
        ways = [f"rewrite {self.facts[neutral]}" for neutral in known]
        ways += [self.found(neutral, effort) for neutral in known if not effort.settles(neutral)]
        ways += [f"rewrite {self.expressions.unfold(term)}_layer" for term in effort.layers]
        if effort.functors:
            monads = [short for name, short in self.names.functors.items() if self.names.roles[name] == "monad"]
            ways += [f"rewrite {short}_left" for short in monads]
            ways += [f"rewrite {short}_{law}" for short in self.names.functors.values() for law in ("twice", "right")]
        again = f"; repeat (first [{' | '.join(ways)}]; calculate)" if ways else ""
        self.say(f"calculate{again}{'; units' if effort.units else ''}.")

    def found(self, neutral: Normal, effort: Effort) -> str:
        """A tactic that uses a fact about an operation where computation does not bring its argument in normal form."""
        tree, kind = self.writer.neutral(neutral)
        value, name = self.at_argument(neutral), self.names.fresh("H")
        inner = effort.known(tuple(n for n in effort.facts if n != neutral))
        tactic = self.recorded(lambda: self.walk(neutral, kind, (), inner))
        claim = f"assert ({name} : {value('a')} = {self.expressions.text(tree)}) by ({tactic})"
        use = f"rewrite {name} {self.facts[neutral]}; clear {name}"
        return f"match goal with |- context [{value('?a')}] => {claim}; {use} end"

    def at_argument(self, neutral: Normal) -> Callable[[str], str]:
        """How a neutral element is written, as a function of the last argument in it."""
        match neutral:
            case ("g", name, _):
                head = self.names.operations[name]
            case ("@", function, _):
                head = self.expressions.text(self.writer.neutral(function)[0])
            case (("fold" | "unfold") as which, term, _):
                head = self.expressions.fold(term) if which == "fold" else self.expressions.unfold(term)
            case ("out", element):
                above, (_, kind) = self.at_argument(element), self.writer.neutral(element)
                return lambda argument: self.expressions.out(kind, above(argument))
            case (("p1" | "p2") as projection, pair):
                inner, word = self.at_argument(pair), "first" if projection == "p1" else "second"
                return lambda argument: f"({word} {inner(argument)})"
            case _:
                raise Unexportable("A case distinction depends on an element that is no value of a function.")
        return lambda argument: f"({head} {argument})"

    def recorded(self, write: Callable[[], None]) -> str:
        """What is written, as one tactic."""
        kept, self.lines = self.lines, []
        write()
        kept, self.lines = self.lines, kept
        return _as_tactic([line.strip() for line in kept])

    def walk(self, normal: Normal, kind: Type, bound: Bound, effort: Effort) -> None:
        """Prove two sides equal along their normal form, going under binders."""
        self.simplify(effort)
        if effort.settles(normal):
            self.say("reflexivity.")
            return
        match normal[0]:
            case "1":
                self.say("apply unit_unique.")
            case "*":
                self.say("apply both_equal; calculate.")
                for part, inner in zip(normal[1:], kind[1:], strict=True):
                    with self.block():
                        self.walk(part, inner, bound, effort)
            case "η":
                self.say("apply f_equal.")
                self.walk(normal[1], kind[2], bound, effort)
            case "bind" | "map":
                self._walk_bodies(normal, kind, bound, effort)
            case "in":
                self.say("apply f_equal.")
                self.walk(normal[1], filled(kind[1], kind), bound, effort)
            case "l" | "r":
                self.say("apply f_equal.")
                self.walk(normal[1], kind[1 if normal[0] == "l" else 2], bound, effort)
            case "λ":
                self.extensional = True
                pattern, tree = self.pattern(kind[2])
                self.say("apply functional_extensionality.")
                self.say(f"intros {pattern}.")
                self.walk(normal[1], kind[1], ((tree, kind[2]), *bound), effort)
            case "case" | "switch":
                self._walk_cases(normal, kind, bound, effort)
            case _:
                self._walk_neutral(normal, bound, effort)

    def _walk_bodies(self, normal: Normal, kind: Type, bound: Bound, effort: Effort) -> None:
        source = self.writer.neutral(normal[1], bound)[1]
        pattern, tree = self.pattern(source[2])
        self.say(self.bodies_apart(kind))
        with self.block():
            self._walk_neutral(normal[1], bound, effort)
        with self.block():
            self.say(f"intros {pattern}.")
            inner = kind if normal[0] == "bind" else kind[2]
            self.walk(normal[2], inner, ((tree, source[2]), *bound), effort)

    def bodies_apart(self, kind: Type) -> str:
        """The tactic that compares what elements of a functor are bound to."""
        short = self.names.functors[kind[1]]
        ways = (f"apply {short}_{lemma}" for lemma in ("bodies", "body_right", "body_left", "no_body"))
        return f"first [{' | '.join(ways)}]."

    def _walk_cases(self, normal: Normal, kind: Type, bound: Bound, effort: Effort) -> None:
        tree, over = self.writer.neutral(normal[1], bound)
        name, ways = self.names.fresh("E"), injections(over)
        payloads = [self.pattern(payload) if payload else ("", "") for payload, _ in ways]
        self.say(destruct(self.expressions.text(tree), [p for p, _ in payloads], name))
        facts, local = self.facts, (normal[1][0], name)
        self.facts = {**facts, local: name}
        known = effort.known((*effort.facts, local))
        for (payload, _), (_, inner), branch in zip(ways, payloads, normal[2:], strict=True):
            with self.block():
                self.walk(branch, kind, bound if payload is None else ((inner, payload), *bound), known)
        self.facts = facts

    def _walk_neutral(self, normal: Normal, bound: Bound, effort: Effort) -> None:
        if effort.settles(normal):
            self.simplify(effort)
            self.say("reflexivity.")
            return
        match normal[0]:
            case "p1" | "p2":
                self.say(f"apply (f_equal {('first', 'second')[normal[0] == 'p2']}).")
                self._walk_neutral(normal[1], bound, effort)
            case "@":
                self.say("apply apply_equal.")
                with self.block():
                    self._walk_neutral(normal[1], bound, effort)
                with self.block():
                    self.walk(normal[2], self.writer.neutral(normal[1], bound)[1][2], bound, effort)
            case "g":
                self.say("apply f_equal.")
                self.walk(normal[2], self.signature[normal[1]][0], bound, effort)
            case "fold" | "unfold":
                self.say("apply f_equal.")
                self.walk(normal[2], normal[1][1 if normal[0] == "fold" else 3], bound, effort)
            case "out":
                kind, z = self.writer.neutral(normal[1], bound)[1], self.names.fresh("z")
                self.say(f"apply (f_equal (fun {z} : {self.names.type(kind)} => {self.expressions.out(kind, z)})).")
                self._walk_neutral(normal[1], bound, effort)
            case _:
                self.say("reflexivity.")


def _as_tactic(lines: list[str]) -> str:
    """Sentences, ending perhaps with one block for each goal that is left, as one tactic."""
    sentences: list[str] = []
    blocks: list[list[str]] = []
    depth = 0
    for line in lines:
        depth -= line == "}"
        if depth:
            blocks[-1].append(line)
        elif line == "{":
            blocks.append([])
        elif line != "}":
            sentences += line.removesuffix(".").split(". ")
        depth += line == "{"
    ends = [f"[ {' | '.join(map(_as_tactic, blocks))} ]"] if blocks else []
    return "; ".join(sentences + ends)


def destruct(text: str, payloads: list[str], name: str) -> str:
    """The case distinction with a pattern for each case; where there is a name, the equation is kept."""
    pattern = f" as [{' | '.join(payloads)}]" if payloads else ""
    return f"destruct {text}{pattern}{f' eqn:{name}' if name and payloads else ''}."


def _pattern(kind: Type, names: Iterator[str]) -> str:
    if kind[0] == "*":
        return f"[{_pattern(kind[1], names)} {_pattern(kind[2], names)}]"
    name = next(names)
    return "[]" if kind == "1" else name
