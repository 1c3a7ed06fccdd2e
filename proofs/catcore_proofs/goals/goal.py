"""``Goal``: a statement, what remains to be shown of it, and the moves that show it.

>>> from catcore import Law, One, atoms, case, ident, inl, inr
>>> from catcore_proofs import Goal
>>> swap = case(inr(One, One), inl(One, One))
>>> goal = Goal(swap >> swap, ident(One + One), name="swapping twice")
>>> print(goal)
swapping twice : 1 + 1 → 1 + 1   (1 to show)
<BLANKLINE>
▸ subgoal 1 of 1
  let: x ∈ 1 + 1
  next: distinguish the cases of x
  ⊢ case x of ι₁ ⇒ ι₁ | ι₂ ⇒ ι₂
  = case x of ι₁ ⇒ ι₁ | ι₂ ⇒ ι₂
>>> goal.split("x").verdict()
Verdict(law='swapping twice', status='holds', evidence='proved', ...)

Every move gives a new goal and leaves the old one as it was.  A goal holds a proof of the kernel with holes; a move
fills one hole and the kernel checks it on the spot, and when no hole is left :meth:`Goal.verdict` has a fresh kernel
replay the whole.  A move that does not apply raises :class:`~catcore.errors.MoveRefused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from catcore.arrows import Arrow
from catcore.errors import MoveRefused
from catcore.laws import Law
from catcore_proofs import terms
from catcore_proofs.evaluation import Rejected, filled
from catcore_proofs.goals import moves
from catcore_proofs.goals.display import Board, Subgoal
from catcore_proofs.goals.holes import HOLE, HYPOTHESIS, IH, Proof, holes, renumbered
from catcore_proofs.goals.lemmas import Lemma, certified, middle_equation, pruned, taken_over, title
from catcore_proofs.goals.notation import Notation, notation, spelled
from catcore_proofs.goals.pausing import Hole
from catcore_proofs.goals.rewrites import Request, rewritten
from catcore_proofs.goals.workbench import Workbench
from catcore_proofs.kernel import replay
from catcore_proofs.prover import stated, verdict_on
from catcore_proofs.search import Unsettled
from catcore_proofs.syntax import freeze
from catcore_proofs.translation import Untranslatable, statement, usable
from catcore_proofs.verdicts import Verdict

_ALIASES = {"IH": HYPOTHESIS}


@dataclass(frozen=True)
class Move:
    """A move that applies: its call, how many subgoals it leaves in place of one, and the goal after it."""

    call: str
    leaves: int
    goal: Goal = field(repr=False)

    def __str__(self) -> str:
        return f"{self.call}  leaves {self.leaves or 'nothing'}"


@dataclass(frozen=True, init=False, repr=False)
class Goal:
    """A statement with what remains to be shown.

    Args:
        lhs: a law, or the left side.
        rhs: the right side, when ``lhs`` is an arrow.
        given: hypotheses.
        name: what the statement is called.
        names: how objects, generators and recursive arrows are written, ``{"++": append, "L": List(A)}``.

    Raises:
        NotParallel: when the two sides differ in domain or codomain.
        MoveRefused: when the statement cannot be said to the kernel.
    """

    law: Law
    lemmas: tuple[Lemma, ...]
    proof: Proof
    number: int
    calls: tuple[str, ...]
    names: tuple[tuple[str, Any], ...]
    statement: Mapping[str, Any] = field(compare=False)
    before: Goal | None = field(compare=False)

    def __init__(
        self,
        lhs: Arrow | Law,
        rhs: Arrow | None = None,
        *,
        given: Iterable[Law] = (),
        name: str = "equation",
        names: Mapping[str, Any] | None = None,
    ) -> None:
        law = stated(lhs, rhs, given=given, name=name)
        try:
            said = statement(law)
        except Untranslatable as error:
            raise MoveRefused(f"The goal {law.name!r} cannot be stated: {error}.") from None
        start = {"law": law, "lemmas": (), "proof": HOLE, "number": 0, "calls": (), "before": None}
        start |= {"names": tuple((names or {}).items()), "statement": said}
        for key, value in start.items():
            object.__setattr__(self, key, value)

    # ---- what a goal says ----------------------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether nothing remains to be shown."""
        return holes(self.proof) == 0

    @property
    def subgoals(self) -> tuple[Subgoal, ...]:
        """What remains to be shown, in the order of the proof."""
        return self.board.subgoals

    def certificate(self) -> dict[str, Any]:
        """The finished proof, as a certificate that the kernel has replayed.

        Raises:
            MoveRefused: when subgoals remain.
            Rejected: when the kernel refuses it.
        """
        if not self.done:
            raise MoveRefused(
                f"The certificate of {self.law.name!r} was asked for, and {_remaining(self.proof)}; "
                "finish them first, or see them with print(goal)."
            )
        own = self._given + len(self.lemmas)
        proof = renumbered(self.proof, lambda number: own if number == IH else number)
        found = {
            "format": "catcore-certificate-1",
            "statement": dict(self.statement),
            "lemmas": [dict(lemma.body) for lemma in self.lemmas],
            "proof": proof,
        }
        replay(found)
        return found

    def verdict(self) -> Verdict:
        """The verdict: ``proved`` once nothing remains and the kernel has replayed the proof, ``unknown`` before."""
        if not self.done:
            return Verdict(self.law.name, "unknown", "", str(self.law), reason=_remaining(self.proof))
        try:
            return verdict_on(self.law, "holds", "proved", certificate=self.certificate())
        except Rejected as error:
            return Verdict(self.law.name, "unknown", "", str(self.law), reason=f"the kernel refused: {error}")

    def script(self, *, law: str | None = None, names: str | None = None) -> str:
        """Python that makes the same moves.

        Args:
            law: a variable that holds the statement; without it the statement is written out.
            names: a variable that holds the names, which are otherwise written out as well.
        """
        lines = [] if law else ["from catcore import *", "from catcore_proofs import Goal", "", f"law = {self.law!r}"]
        said = names or (repr(dict(self.names)) if self.names else "")
        lines.append(f"goal = Goal({law or 'law'}{said and f', names={said}'})")
        return "\n".join([*lines, *(f"goal = goal.{call}" for call in self.calls), ""])

    @property
    def expression(self) -> str:
        """The goal as one Python expression."""
        names = f", names={dict(self.names)!r}" if self.names else ""
        return ".".join([f"Goal({self.law!r}{names})", *self.calls])

    def __str__(self) -> str:
        return str(self.board)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.board.to_html()

    # ---- moves ---------------------------------------------------------------------------------------------------

    def split(self, element: str | None = None) -> Goal:
        """Distinguish the cases of an element of a sum, named as the subgoal shows it, or of the one it waits for."""
        return self._tactic(lambda bench, hole: moves.split(bench, hole, element), _call("split", element))

    def ext(self) -> Goal:
        """Extensionality: functions at a new argument, pairs by components, the same element bound on both sides."""
        return self._tactic(moves.extended, "ext()")

    def simp(self) -> Goal:
        """Rewrite both sides by every rule that makes them smaller."""
        return self._tactic(moves.simplified, "simp()")

    def rewrite(
        self, rule: Any, *, at: Any = None, backwards: bool = False, where: Mapping[str, str] | None = None
    ) -> Goal:
        """Rewrite by an equation, at the first place that matches.  Equal subterms of the side change together.

        Args:
            rule: the name of a hypothesis or a lemma, ``"induction hypothesis"`` (or ``"IH"``), or a law, a verdict or
                a finished goal, which becomes a lemma unless it is one.
            at: ``"left"``, ``"right"``, a path such as ``("left", 0, 1)``, or a subterm as the subgoal shows it.
            backwards: from right to left.
            where: values for variables of the rule that the place does not determine.
        """
        goal = self if isinstance(rule, str) else self._knowing(rule)
        name = _ALIASES.get(rule, rule) if isinstance(rule, str) else title(rule)
        equations = goal.equations(name)
        keywords = {"at": at, "backwards": backwards or None, "where": dict(where) if where else None}
        request = Request(equations, at, backwards, dict(where or {}))
        call = _call("rewrite", name, **keywords)
        after = goal._tactic(lambda bench, hole: rewritten(bench, hole, request), call)
        return replace_goal(after, before=self)

    def via(self, middle: Arrow) -> Goal:
        """Go through a third arrow: what remains is that it equals the left side, and that it equals the right side.

        Args:
            middle: an arrow with the type of the statement, in the generators of the statement; in new ones where
                there are maps of their types on all sets.
        """
        self._needs_subgoal("via(…)")
        said, equation = middle_equation(self.law, middle, self.statement)
        goal = replace_goal(self, statement=said)
        after = goal._tactic(lambda bench, hole: moves.through(bench, hole, equation), f"via({middle!r})")
        return replace_goal(after, before=self)

    def induct(self, variable: str | None = None) -> Goal:
        """Induction on a variable of a least fixed point, one subgoal for each constructor; a proof starts with it."""
        board = self._first_step("Induction")
        bench = self.workbench()
        kinds, names = bench.goal.kinds, [name for name, _ in board.subgoals[0].variables]
        spots = [i for i, kind in enumerate(kinds) if kind[0] == "μ"]
        named = dict(zip((i for i, kind in enumerate(kinds) if kind != "1"), names, strict=False))
        chosen = [i for i in spots if variable is None or spelled(named[i]) == spelled(variable)]
        if not chosen:
            known = f"there are {', '.join(named[i] for i in spots)}" if spots else "this goal has none"
            raise MoveRefused(
                f"Induction on {variable or 'a variable'} was asked for, and it needs a variable of a least fixed "
                f"point; {known}."
            )
        cases = moves.constructors(filled(kinds[chosen[0]][1], kinds[chosen[0]]), len(kinds))
        return self._after(
            bench, bench.tidied(("induct", chosen[0], cases), 0, holes(cases)), _call("induct", variable)
        )

    def coinduct(self) -> Goal:
        """Coinduction: compare the first layers, where the equation itself may be used for what lies below."""
        bench = self.workbench()
        if self.proof == HOLE:
            if bench.goal.cod[0] != "ν":
                raise MoveRefused(
                    f"Coinduction was asked for, and both sides are elements of {self._notation.kind(bench.goal.cod)}, "
                    "which is no greatest fixed point."
                )
            begun = replace_goal(self, proof=("coinduct", HOLE))
            try:
                proof = bench.moved(begun.proof, 0, lambda hole: moves.layered(bench, hole))
            except MoveRefused:  # the layers have to be rewritten first
                proof = begun.proof
            return begun._after(bench, proof, "coinduct()", before=self)
        if not self._subgoal.layers:
            raise MoveRefused(
                "Coinduction was asked for in the middle of a proof; it is a first step. Use undo() to go back."
            )
        return self._tactic(moves.layered, "coinduct()")

    def auto(self) -> Goal:
        """Let the search finish the subgoal, with lemmas and completion where they are needed."""
        self._needs_subgoal("auto()")
        bench = self.workbench()
        try:
            proof = bench.searched(self.proof, self.number)
        except (Unsettled, Rejected, RecursionError) as error:
            found = f"{error}{_rest(error, bench)}"
            raise MoveRefused(f"auto found no proof of subgoal {self.number + 1}: {found}.") from None
        return self._after(bench, freeze(proof), "auto()")

    def lemma(self, known: Law | Verdict | Goal | Mapping[str, Any]) -> Goal:
        """Add an equation that is proved, for rewriting: a law, which is proved now, a verdict, a finished goal, or a
        certificate.

        Raises:
            MoveRefused: when it is not proved, or rests on hypotheses that this goal does not have.
        """
        name, certificate, text = certified(known, self.law)
        if name in self.rules:
            raise MoveRefused(f"A lemma {name!r} was added, and a rule of that name is there already; rename the law.")
        said, added = taken_over(certificate, self.statement, len(self.lemmas), name)
        return replace_goal(
            self, statement=said, lemmas=(*self.lemmas, *added), calls=(*self.calls, f"lemma({text})"), before=self
        )

    def focus(self, number: int) -> Goal:
        """Work on another subgoal; they are numbered from 1, as shown."""
        count = holes(self.proof)
        if not isinstance(number, int) or not 1 <= number <= count:
            raise MoveRefused(f"Subgoal {number!r} was asked for, and there are {count}, numbered from 1.")
        return replace_goal(self, number=number - 1, calls=(*self.calls, f"focus({number})"), before=self)

    def undo(self) -> Goal:
        """The goal before the last move."""
        if self.before is None:
            raise MoveRefused("There is no move to undo; this is where the proof starts.")
        return self.before

    def applicable(self, *, at: Any = None) -> tuple[Move, ...]:
        """The moves that apply, at a chosen subterm or anywhere; those that leave the fewest subgoals come first."""
        self._needs_subgoal("applicable()")
        from catcore_proofs.goals.choices import choices

        return choices(self, at)

    # ---- inside --------------------------------------------------------------------------------------------------

    @cached_property
    def board(self) -> Board:
        """What is shown of the goal."""
        from catcore_proofs.goals.views import board

        return board(self)

    @property
    def _subgoal(self) -> Subgoal:
        return self.board.subgoals[self.number]

    @property
    def _given(self) -> int:
        return len(self.statement["given"])

    @cached_property
    def _notation(self) -> Notation:
        return notation(self.law, self.statement["signature"], dict(self.names))

    def workbench(self) -> Workbench:
        """A kernel with the lemmas of this goal, to look at its subgoals and to make moves."""
        return Workbench(self.statement, tuple(lemma.body for lemma in self.lemmas), self._notation)

    @property
    def rules(self) -> list[str]:
        """The names of the hypotheses and lemmas."""
        return [h.name for h in usable(self.law.given)] + [lemma.name for lemma in self.lemmas]

    def equations(self, name: str) -> tuple[int, ...]:
        """The numbers of the equations of a name."""
        if name == HYPOTHESIS:
            if not self._subgoal.hypotheses:
                raise MoveRefused(
                    "The induction hypothesis was asked for, and this subgoal has none; start with induct(…), and "
                    "split until a smaller element is there."
                )
            return (IH,)
        found = tuple(number for number, each in enumerate(self.rules) if each == name)
        if not found:
            names = [*dict.fromkeys(self.rules), *[HYPOTHESIS] * bool(self._subgoal.hypotheses)]
            known = f"there are {', '.join(names)}" if names else "there is none; add one with lemma(…)"
            raise MoveRefused(f"The rule {name!r} was asked for, and this subgoal has no rule of that name; {known}.")
        return found

    def _knowing(self, rule: Any) -> Goal:
        """The goal with a law, verdict or goal among its rules."""
        known = rule in usable(self.law.given) if isinstance(rule, Law) else False
        return self if known or title(rule) in [lemma.name for lemma in self.lemmas] else self.lemma(rule)

    def _first_step(self, what: str) -> Board:
        if self.proof != HOLE:
            raise MoveRefused(
                f"{what} was asked for in the middle of a proof; it is a first step. Use undo() to go back, or prove "
                "what remains as a goal of its own and bring it in with lemma(…)."
            )
        return self.board

    def _needs_subgoal(self, what: str) -> None:
        if self.done:
            raise MoveRefused(f"{what} was asked for, and nothing remains to be shown; see verdict().")

    def _tactic(self, tactic: Callable[[Workbench, Hole], Proof], call: str) -> Goal:
        self._needs_subgoal(call)
        bench = self.workbench()
        try:
            proof = bench.moved(self.proof, self.number, lambda hole: tactic(bench, hole))
        except (Rejected, RecursionError) as error:
            reason = "it would be nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise MoveRefused(f"{call} was asked for, and the kernel refuses it: {reason}.") from None
        return self._after(bench, proof, call)

    def _after(self, bench: Workbench, proof: Proof, call: str, *, before: Goal | None = None) -> Goal:
        """The goal with another proof and the lemmas that were found for it."""
        count = len(self.lemmas)
        found = tuple(Lemma("", body) for body in bench.system.lemmas()[count:])
        proof, lemmas = pruned(freeze(proof), (*self.lemmas, *found), self._given, count)
        lemmas = tuple(Lemma(lemma.name or f"lemma {i + 1}", lemma.body) for i, lemma in enumerate(lemmas))
        number = min(self.number, max(holes(proof) - 1, 0))
        return replace_goal(
            self, proof=proof, lemmas=lemmas, number=number, calls=(*self.calls, call), before=before or self
        )


def replace_goal(goal: Goal, **changes: Any) -> Goal:
    """The goal with some fields changed."""
    new = object.__new__(Goal)
    for name in Goal.__dataclass_fields__:
        object.__setattr__(new, name, changes.get(name, getattr(goal, name)))
    return new


def _remaining(proof: Proof) -> str:
    count = holes(proof)
    return "one subgoal remains" if count == 1 else f"{count} subgoals remain"


def _call(method: str, *values: Any, **keywords: Any) -> str:
    """A call as Python writes it; what is None is left out."""
    said = [repr(value) for value in values if value is not None]
    said += [f"{key}={value!r}" for key, value in keywords.items() if value is not None]
    return f"{method}({', '.join(said)})"


def _rest(error: Exception, bench: Workbench) -> str:
    """Where a search got stuck, as a clause."""
    if not isinstance(error, Unsettled) or error.stuck is None:
        return ""
    with bench.system.outside(error.kinds):
        writer = bench.writer()
        try:
            left, right = (writer.text(terms.thawed(normal), error.cod) for normal in error.stuck)
        except (Rejected, LookupError, TypeError):
            return ""
    return f". It got as far as {left} = {right}; split, rewrite, or bring in a lemma"
