r"""A certificate as a proof to read: LaTeX for mathematicians.

The proof is retold as it is replayed: a case distinction names the element and its cases, a rewriting chain shows every
expression on the way with the hypothesis or lemma that leads to the next one, an induction says what it may assume.
Lemmas come first, numbered.  What is long is cut, and the text says how much was left out.  Names come from a file, so
everything but plain letters and digits is escaped; the text is ASCII and needs no package beyond the AMS ones.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from catcore.errors import BadSpecification
from catcore.files import write
from catcore_proofs.kernel import Equation, Kernel, component
from catcore_proofs.schemes import scheme
from catcore_proofs.syntax import UNIT, Normal, Rejected, Split, Type, Value, filled, flat, freeze, injections, packed

#: How many sentences and chains of a proof are shown, how many nested levels and how many entries of a table.
STEPS, LEVELS, ENTRIES = 400, 12, 12
_RECURSION = 20_000

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}", "\n": " ",
    "η": r"\ensuremath{\eta}", "μ": r"\ensuremath{\mu}", "ε": r"\ensuremath{\varepsilon}", "λ": r"\ensuremath{\lambda}",
    "δ": r"\ensuremath{\delta}", "σ": r"\ensuremath{\sigma}",
}  # fmt: skip
WORDS = {
    "id": r"\mathrm{id}", "!": "{!}", "p1": r"\pi_1", "p2": r"\pi_2", "i1": r"\iota_1", "i2": r"\iota_2",
    "0": r"\text{!`}", "dist": r"\mathrm{dist}", "ev": r"\mathrm{ev}", "in": r"\mathrm{in}", "out": r"\mathrm{out}",
    "unit": r"\eta", "join": r"\mu", "st": r"\mathrm{st}", "η": r"\eta", "bind": r"\mathrel{\gg\!=}", "map": r"\rhd",
}  # fmt: skip
BINDERS = {"μ": r"\mu", "ν": r"\nu", "*": r"\times", "+": "+"}
HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,amsthm}
\newtheorem{theorem}{Theorem}
\newtheorem{lemma}{Lemma}
\allowdisplaybreaks
\setlength{\emergencystretch}{3em}
\begin{document}
"""


def escape(text: str) -> str:
    """Any text as LaTeX text: no command, no character outside ASCII."""
    return "".join(
        SPECIAL.get(c, c if c.isascii() and c.isprintable() else rf"\texttt{{U+{ord(c):04X}}}") for c in text
    )


def latex(certificate: Any, *, steps: int = STEPS) -> str:
    """A certificate as an article of its own.

    Args:
        certificate: what :func:`catcore_proofs.kernel.replay` takes; it is replayed while it is told.
        steps: how many steps of the proofs are shown.

    Raises:
        BadSpecification: when it proves nothing.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        body = _article(certificate, steps)
    except (Rejected, Split) as error:
        raise BadSpecification(f"A proof to read was asked for and the certificate proves nothing: {error}.") from error
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadSpecification(
            f"A proof to read was asked for and the certificate is malformed ({type(error).__name__})."
        ) from error
    finally:
        sys.setrecursionlimit(before)
    return HEAD + "\n\n".join(body) + "\n\\end{document}\n"


def write_latex(certificate: Any, path: str | Path, *, steps: int = STEPS) -> None:
    """Write :func:`latex` to a file, which appears whole or not at all."""
    write(Path(path), latex(certificate, steps=steps))


# ---- statements ----------------------------------------------------------------------------------------------------


def name(text: str) -> str:
    """The name of a set or an operation, in a formula."""
    if re.fullmatch(r"[A-Za-z]", text):
        return text
    return rf"\textit{{{escape(text if len(text) <= 60 else text[:60] + ' ...')}}}"


def kind_text(kind: Type, inside: bool = False) -> str:
    """A type as a set."""
    if kind in ("0", "1"):
        return str(kind)
    head, *parts = kind
    match head:
        case "a":
            return name(parts[0])
        case "f" | "h":
            return str(parts[0]) if head == "f" else f"X_{{{parts[0]}}}"
        case "μ" | "ν":
            return rf"({BINDERS[head]} X.\, {kind_text(parts[0])})"
        case "T":
            return f"{name(parts[0])}({kind_text(parts[1])})"
        case "^":
            return f"{{{kind_text(parts[0], True)}}}^{{{kind_text(parts[1])}}}"
    text = f"{kind_text(parts[0], True)} {BINDERS[head]} {kind_text(parts[1], True)}"
    return f"({text})" if inside else text


def arrow(term: Any, levels: int = LEVELS) -> str:
    """An arrow, composition from left to right."""
    if levels == 0:
        return r"\cdots"
    head, *parts = term

    def inner(part: Any) -> str:
        return arrow(part, levels - 1)

    match head:
        case ";":
            return r" \mathbin{;} ".join(map(inner, parts)) or WORDS["id"]
        case "<>":
            return rf"\langle {inner(parts[0])}, {inner(parts[1])} \rangle"
        case "[]":
            return f"[{inner(parts[0])}, {inner(parts[1])}]"
        case "cur":
            return rf"\Lambda({inner(parts[1])})"
        case "gen":
            return name(parts[0])
        case "fin":
            more = r"\ \ldots" if len(parts[2]) > ENTRIES else ""
            return "[" + r"\ ".join(map(str, parts[2][:ENTRIES])) + more + "]"
        case "map":
            return f"{name(parts[0])}({inner(parts[1])})"
        case "unit" | "join" | "st":
            return f"{WORDS[head]}_{{{name(parts[0])}}}"
        case "fold":
            return rf"\mathrm{{fold}}({inner(parts[2])})"
        case "unfold":
            return rf"\mathrm{{unfold}}({inner(parts[1])})"
    return WORDS[head]


def _equation(equation: Any) -> str:
    ends = rf"{kind_text(freeze(equation['dom']))} \to {kind_text(freeze(equation['cod']))}"
    return rf"{arrow(equation['lhs'])} = {arrow(equation['rhs'])} : {ends}"


def normal_text(normal: Normal, bound: tuple[str, ...] = (), levels: int = LEVELS) -> str:
    """A normal form, as an expression in the variables of the proof."""
    if levels == 0:
        return r"\cdots"

    def inner(part: Normal, *new: str) -> str:
        return normal_text(part, (*new, *bound), levels - 1)

    fresh = f"y_{{{len(bound) + 1}}}"
    match normal:
        case ("v", index):
            return f"x_{{{index + 1}}}"
        case ("b", index):
            return bound[index]
        case ("1",):
            return r"\ast"
        case ("n", number):
            return str(number)
        case ("*", a, b):
            return f"({inner(a)}, {inner(b)})"
        case (("l" | "r") as side, a):
            return rf"\iota_{1 if side == 'l' else 2}({inner(a)})"
        case ("λ", body):
            return rf"(\lambda {fresh}.\, {inner(body, fresh)})"
        case (("case" | "switch") as head, neutral, *branches):
            more = (fresh,) if head == "case" else ()
            to = rf"{fresh} \mapsto " if more else ""
            ways = r";\ ".join(to + inner(branch, *more) for branch in branches)
            return rf"\mathrm{{case}}({inner(neutral)};\ {ways})"
        case (("p1" | "p2") as which, pair):
            return rf"\pi_{which[1]}({inner(pair)})"
        case ("@", function, argument):
            return f"{inner(function)}({inner(argument)})"
        case ("g", operation, argument):
            text = inner(argument)
            return name(operation) + ("" if argument == UNIT else text if argument[0] == "*" else f"({text})")
        case (("bind" | "map") as word, element, body):
            return rf"({inner(element)} {WORDS[word]} \lambda {fresh}.\, {inner(body, fresh)})"
        case (("in" | "out" | "η") as word, argument):
            return f"{WORDS[word]}({inner(argument)})"
        case (("fold" | "unfold"), term, argument):
            return f"{arrow(term, 3)}({inner(argument)})"
    raise Rejected(f"{normal[0]!r} heads no normal form")


# ---- proofs --------------------------------------------------------------------------------------------------------

Sides = tuple[Callable[[], Value], ...]
Chain = list[tuple[str, str]]  # expressions, each with what it follows from


class _Teller(Kernel):
    """A kernel that tells what it replays: one paragraph for each sentence or chain."""

    def __init__(self, signature: dict[str, Any], functors: dict[str, str] | None) -> None:
        super().__init__(signature, 20_000_000, functors)
        self.labels: list[str] = []
        self.told: list[str] = []

    def tell(self, text: str) -> None:
        self.told.append(text)

    def specialise(self, lemma: Any) -> None:
        parts = [f"{name(x)} := {kind_text(freeze(kind))}" for x, kind in lemma["types"].items()]
        parts += [f"{name(x)} := {arrow(term)}" for x, term in lemma["terms"].items()]
        self.tell(f"This is (S{lemma['scheme'] + 1}) for ${', '.join(parts)}$.")
        super().specialise(lemma)

    def prove(self, goal: Equation, proof: Any) -> None:
        self.context.clear()
        kinds = ", ".join(rf"$x_{{{i + 1}}} \in {kind_text(kind)}$" for i, kind in enumerate(goal.kinds))
        self.tell(f"Let {kinds} be arbitrary." if kinds else "There is nothing to choose.")
        super().prove(goal, proof)

    def replay(self, proof: Any, sides: Sides, cod: Type, coinductive: Equation | None = None, where: str = "") -> None:
        chains: tuple[Chain, Chain] = ([], [])
        while proof[0] == "rewrite":
            sides, proof = self._rewrite(proof, sides, cod, chains)
        if proof[0] != "same":
            for side, chain in zip(("left", "right"), chains, strict=True):
                self._show(chain, f"The {side} side:")
        match proof:
            case ("same",):
                super().replay(proof, sides, cod)
                self._show(_joined(*chains), "Indeed:")
                if not any(chains):
                    self.tell(f"Both sides are ${normal_text(self.reify(sides[0](), cod))}$.")
            case ("split", neutral, proofs):
                self._split(neutral, proofs, sides, cod, coinductive, where)
            case ("via", middle, first, second):
                self.check(middle, cod)
                self._via(middle, (first, second), sides, cod, where)
            case ("parts", *proofs) if cod[0] == "*":
                self.tell("Pairs are equal when their components are, first the left and then the right ones.")
                for i, inner in zip((1, 2), proofs, strict=True):
                    self.replay(inner, tuple(component(side, i) for side in sides), cod[i], None, where)
            case _:
                if proof[0] == "apply":
                    self.tell("Functions are equal when they are at a new variable.")
                if proof[0] == "under":
                    self.tell("The same element is bound on both sides, so it is enough to compare the bodies.")
                if proof[0] == "open":
                    layer = self._generic(self._layer(proof[1]), len(self.context))
                    self.tell(rf"Let ${normal_text(proof[1])} = \mathrm{{in}}({layer})$.")
                if proof[0] == "inside":
                    self.tell("Both sides have the same form, so it is enough to compare what is inside.")
                if proof[0] == "fact":
                    self._tell_fact(*proof[1:4])
                if proof[0] == "absurd":
                    self.tell(f"By {self._label(proof[1])} two different cases would be equal, so this case is none.")
                if proof[0] == "coinduct":
                    self.tell("By coinduction it is enough to compare the first layers.")
                if proof[0] == "layers":
                    self.tell("Both layers have the same shape, and at each place where the type itself occurs:")
                super().replay(proof, sides, cod, coinductive)

    def _rewrite(self, proof: Any, sides: Sides, cod: Type, chains: Any) -> tuple[Sides, Any]:
        _, which, number, point, forward, inner = proof
        current = self.reify(sides[which](), cod)
        equation = self.named(number)
        left, right = self.instance(equation, point)
        changed = self.replaced(current, cod, (left, right) if forward else (right, left), equation.cod)
        if not chains[which]:
            chains[which].append((normal_text(current), ""))
        label = self._label(number)
        chains[which].append((normal_text(changed), label if forward else f"{label}, backwards"))
        step = [*sides]
        step[which] = lambda: self.revalue(changed)
        return tuple(step), inner

    def _label(self, number: int) -> str:
        """What an equation is called."""
        return self.labels[number] if 0 <= number < len(self.labels) else "the induction hypothesis"

    def _tell_fact(self, number: int, point: Any, forward: bool) -> None:
        equation = self.named(number)
        for neutral, value in self.tells(equation, point, forward).items():
            with self.leaving_sums():
                found = normal_text(self.reify(value, self.synthesise(neutral)))
            self.tell(rf"Here ${normal_text(neutral)} = {found}$ by {self._label(number)}.")

    def _via(self, middle: Normal, proofs: tuple[Any, Any], sides: Sides, cod: Type, where: str) -> None:
        """Both sides are led to from one element; where rewrites alone lead there, this is one chain."""
        starts = [(lambda: self.revalue(middle), side) for side in sides]
        if not all(map(_plain, proofs)):
            self.tell(f"Both sides are equal to ${normal_text(middle)}$, first the left and then the right one.")
            for start, inner in zip(starts, proofs, strict=True):
                self.replay(inner, start, cod, None, where)
            return
        found: list[Chain] = []
        for start, inner in zip(starts, proofs, strict=True):
            chain: Chain = [(normal_text(middle), "")]
            now: Sides = start
            while inner[0] == "rewrite":
                now, inner = self._rewrite(inner, now, cod, (chain, []))
            super().replay(inner, now, cod)
            found.append(chain)
        self._show([*_backwards(found[0]), *found[1][1:]], "Indeed:")

    def _show(self, chain: Chain, opening: str) -> None:
        if chain:
            first, *rest = chain
            lines = [rf"&\phantom{{=}} {first[0]}", *(rf"&= {text} && \text{{by {why}}}" for text, why in rest)]
            body = " \\\\\n".join(lines)
            self.tell(f"{opening}\n\\begin{{align*}}\n{body}\n\\end{{align*}}")

    def _split(self, neutral: Normal, proofs: Any, sides: Sides, cod: Type, goal: Any, where: str) -> None:
        kind = self.synthesise(neutral)
        ways = injections(kind)
        if len(ways) != len(proofs):
            raise Rejected("a split with the wrong number of proofs")
        if not ways:
            self.tell(f"There is no ${normal_text(neutral)}$, so there is nothing to prove.")
        for i, ((payload, inject), inner) in enumerate(zip(ways, proofs, strict=True)):
            with self.assuming({}):
                start, saved, value = len(self.context), self.smaller, UNIT
                if payload is not None:
                    value = packed(payload, iter(self.declare(flat(payload))))
                if self.part(neutral):
                    self.smaller |= frozenset(range(start, len(self.context)))
                case = inject(value)
                shown = str(i) if payload is None else rf"\iota_{i + 1}({self._generic(payload, start)})"
                number = f"{where}{i + 1}"
                self.tell(rf"\noindent\textbf{{Case {number}.}} ${normal_text(neutral)} = {shown}$.")
                self.known = {**self.known, neutral: case}
                self.replay(inner, sides, cod, goal, f"{number}.")
                self.smaller = saved

    def _generic(self, kind: Type, start: int) -> str:
        names = ((r"\ast" if k == "1" else f"x_{{{start + i + 1}}}") for i, k in enumerate(flat(kind)))
        return _paired(kind, names)

    def _layer(self, neutral: Normal) -> Type:
        kind = self.synthesise(neutral)
        return filled(kind[1], kind)

    def mutually(self, goals: list[tuple[Equation, int]]) -> Any:
        if len(goals) > 1:
            places = ", ".join(rf"$x_{{{which + 1}}}$" for _, which in goals)
            self.tell(
                f"By one induction on this equation and {len(goals) - 1} more, each on its own variable, {places}: "
                "each is assumed where a part of the layer takes the place of its variable."
            )
        return super().mutually(goals)

    def descending(self, goal: Equation, element: Normal) -> Any:
        self.tell(
            rf"By induction along the measure ${normal_text(element)}$: assume the equation for all values of the "
            "variables whose measure is a part of the layer of this one."
        )
        return super().descending(goal, element)

    def inducting(self, goal: Equation, which: int) -> Any:
        layer = filled(goal.kinds[which][1], goal.kinds[which])
        element = self._generic(layer, len(self.context))
        self.tell(
            rf"By induction on $x_{{{which + 1}}}$: let it be $\mathrm{{in}}({element})$, and assume the equation, for "
            rf"all values of the other variables, where a part of that layer takes the place of $x_{{{which + 1}}}$."
        )
        return super().inducting(goal, which)

    def end(self, end: Any, left: Value, right: Value, other: Type | None, goal: Equation) -> None:
        if end[0] == "again":
            values = ", ".join(rf"x_{{{i + 1}}} := {normal_text(value)}" for i, value in enumerate(freeze(end[1])))
            self.tell(f"The parts are the two sides of the equation itself at ${values or '*'}$, by coinduction:")
        else:
            self.tell("The parts are equal:")
        super().end(end, left, right, other, goal)


def _plain(proof: Any) -> bool:
    """Whether a proof rewrites the left side only and ends there."""
    while proof[0] == "rewrite" and proof[1] == 0:
        proof = proof[5]
    return bool(proof == ("same",))


def _backwards(chain: Chain) -> Chain:
    """A chain read from its end."""
    if not chain:
        return []
    texts, reasons = [text for text, _ in chain], [why for _, why in chain]
    return list(zip(reversed(texts), ["", *reversed(reasons[1:])], strict=True))


def _joined(left: Chain, right: Chain) -> Chain:
    """Two chains with one end, from the beginning of the one to the beginning of the other."""
    back = _backwards(right)
    return [*left, *back[1:]] if left else back


def _paired(kind: Type, names: Iterable[str]) -> str:
    supply = iter(names)

    def written(part: Type) -> str:
        return f"({written(part[1])}, {written(part[2])})" if part[0] == "*" else next(supply)

    return written(kind)


def _article(certificate: Any, steps: int) -> list[str]:
    statement = certificate["statement"]
    teller = _Teller(statement["signature"], statement.get("functors"))
    sections: list[tuple[str, str, str, list[str]]] = []
    for i, hypothesis in enumerate(statement["given"]):
        teller.equations.append(teller.equation(hypothesis))
        teller.labels.append(f"(H{i + 1})")
    teller.schemes = list(map(scheme, statement.get("schemes", ())))
    for i, lemma in enumerate(certificate["lemmas"]):
        teller.told = []
        teller.lemma(lemma)
        teller.labels.append(f"Lemma {i + 1}")
        if "scheme" in lemma:
            put = ({x: freeze(v) for x, v in lemma[part].items()} for part in ("types", "terms"))
            instance = teller.schemes[lemma["scheme"]].instance(*put)
            sections.append(("lemma", "", _equation(instance[1][-1]), teller.told))
            continue
        sides = (normal_text(freeze(lemma[side])) for side in ("lhs", "rhs"))
        sections.append(("lemma", "", " = ".join(sides), teller.told))
    teller.told = []
    teller.prove(teller.equation(statement), freeze(certificate["proof"]))
    sections.append(("theorem", str(statement.get("name", "")), _equation(statement), teller.told))
    return [*_opening(statement), *_shown(sections, steps)]


def _opening(statement: Any) -> list[str]:
    """The operations and the hypotheses."""
    operations = [
        rf"${name(n)} : {kind_text(freeze(dom))} \to {kind_text(freeze(cod))}$"
        for n, (dom, cod) in statement["signature"].items()
    ]
    hypotheses = [f"\\item[(H{i + 1})] ${_equation(h)}$" for i, h in enumerate(statement["given"])]
    hypotheses += [f"\\item[(S{i + 1})] {_scheme(s)}" for i, s in enumerate(statement.get("schemes", ()))]
    found = [f"Let {', '.join(operations)} be given."] if operations else []
    if hypotheses:
        found.append("\n".join(["Assume", r"\begin{description}", *hypotheses, r"\end{description}"]))
    return found


def _scheme(said: Any) -> str:
    """A hypothesis about every set and map, in words."""
    every = [f"${name(x)}$" for x in said["atoms"]]
    every += [
        rf"${name(n)} : {kind_text(freeze(dom))} \to {kind_text(freeze(cod))}$"
        for n, (dom, cod) in said["arrows"].items()
    ]
    conditions = [f"${_equation(condition)}$" for condition in said["conditions"]]
    under = f" with {' and '.join(conditions)}" if conditions else ""
    return f"for all {', '.join(every)}{under}: ${_equation(said)}$"


def _shown(sections: list[tuple[str, str, str, list[str]]], steps: int) -> list[str]:
    """The lemmas and the theorem with their proofs, as far as the steps last; the theorem is always stated."""
    found, hidden = [], 0
    for environment, title, equation, told in sections:
        if environment == "lemma" and steps <= 0:
            hidden += 1
            continue
        heading = f"[{{{escape(title)}}}]" if title else ""
        found.append(f"\\begin{{{environment}}}{heading}\n\\[ {equation} \\]\n\\end{{{environment}}}")
        left_out = len(told) - max(steps, 0)
        cut = [f"The remaining {left_out} steps are left out; the certificate has them."] if left_out > 0 else []
        found.append("\n\n".join([r"\begin{proof}", *told[: max(steps, 0)], *cut, r"\end{proof}"]))
        steps -= len(told)
    if hidden:
        found.insert(-2, f"A further {hidden} lemmas are left out; the certificate has them.")
    return found
