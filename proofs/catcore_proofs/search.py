"""The search for a certificate: generic elements, case splits, rewriting, induction and coinduction.

Both sides of an equation are normalised on a generic element.  When evaluation is stuck on an element of a sum, the
search splits on it and goes on in each branch.  When the normal forms still differ, they are rewritten by the
hypotheses, by their consequences, and by induction hypotheses.  Where an induction gets stuck, what remains is
generalised and proved first, as a lemma.  The search itself proves nothing: what it returns is a certificate, and
:func:`catcore_proofs.kernel.replay` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, filled, flat, injections, packed, same
from catcore_proofs.generalisation import Conjecture, conjectures
from catcore_proofs.kernel import Equation, Kernel, component
from catcore_proofs.rewriting import REWRITES, RewriteSystem
from catcore_proofs.specimens import differs

Sides = tuple[Callable[[], Value], Callable[[], Value]]


class Unsettled(Exception):
    """The search found no proof; ``stuck`` holds the two normal forms where it stopped, if it came that far."""

    def __init__(
        self,
        reason: str,
        stuck: tuple[Normal, Normal] | None = None,
        kinds: tuple[Type, ...] = (),
        cod: Type = "1",
        hypotheses: tuple[tuple[Normal, Normal], ...] = (),
    ) -> None:
        super().__init__(reason)
        self.stuck, self.kinds, self.cod, self.hypotheses = stuck, kinds, cod, hypotheses


#: How many leaves a proof by case splits may have, how deeply lemmas may rest on lemmas, and how many may be tried.
LEAVES, DEPTH, LEMMAS = 20_000, 3, 40

#: How many evaluation steps a search may take.
STEPS = 5_000_000

#: How many rewrites an induction hypothesis may make from its smaller to its greater side.
BACKWARDS = 30


def certificate(
    statement: dict[str, Any], *, leaves: int = LEAVES, steps: int = STEPS, depth: int = DEPTH
) -> dict[str, Any]:
    """A certificate of a statement.

    Args:
        statement: see :func:`catcore_proofs.translation.statement`.
        leaves: how many cases a proof may have.
        steps: how many evaluation steps may be taken.
        depth: how many lemmas may rest on each other; 0 for none.

    Raises:
        Unsettled: when no proof was found; the message says what was tried.
    """
    try:
        search = Search(statement, leaves, steps)
        proof = search.settle(search.goal, depth)
    except Rejected as error:
        raise Unsettled(f"generic elements: {error}") from None
    except RecursionError:
        raise Unsettled("generic elements: the term is nested too deeply") from None
    return {"format": "catcore-certificate-1", "statement": statement, "lemmas": search.system.lemmas(), "proof": proof}


def holds_functions(kind: Type) -> bool:
    """Whether a type is one of functions, or of pairs with a function in them."""
    return kind[0] == "^" or (kind[0] == "*" and any(map(holds_functions, kind[1:])))


class Search:
    """The search for a proof of one statement.

    Args:
        statement: see :func:`catcore_proofs.translation.statement`.
        leaves: how many cases a proof may have.
        steps: how many evaluation steps may be taken.
        kernel: the kind of kernel that follows the search.
    """

    def __init__(
        self, statement: dict[str, Any], leaves: int = LEAVES, steps: int = STEPS, kernel: type[Kernel] = Kernel
    ) -> None:
        self.kernel = kernel(statement["signature"], steps, statement.get("functors"))
        self.kernel.equations = [self.kernel.equation(given) for given in statement["given"]]
        self.system = RewriteSystem(self.kernel)
        self.goal = self.kernel.equation(statement)
        self.leaves, self.lemmas = leaves, LEMMAS
        self.refused: dict[Any, int] = {}

    # ---- tactics -------------------------------------------------------------------------------------------------

    def settle(self, goal: Equation, depth: int) -> Any:
        """A proof of an equation; lemmas are proved on the way, at most ``depth`` of them resting on each other."""
        while True:
            stuck: list[Unsettled] = []
            for tactic in self.tactics(goal):
                try:
                    return tactic()
                except Unsettled as error:
                    stuck.append(error)
            if len(stuck) == 1 or depth == 0 or not any(self.lemma(error, depth) for error in stuck[1:]):
                raise stuck[-1]

    def tactics(self, goal: Equation) -> Iterator[Callable[[], Any]]:
        """The ways to prove an equation, the plainest first."""
        yield lambda: self.plainly(goal)
        for which, kind in enumerate(goal.kinds):
            if kind[0] == "μ":
                yield lambda which=which: self.induct(goal, which)  # type: ignore[misc]
        if goal.cod[0] == "ν":
            yield lambda: self.coinduct(goal)

    def open(self, goal: Equation) -> Sides:
        """Both sides of an equation on generic elements."""
        kernel = self.kernel
        kernel.context.clear()
        kernel.declare(goal.kinds)

        def side(number: int) -> Callable[[], Value]:
            return lambda: goal.evaluate(number, [kernel.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

        return side(0), side(1)

    def plainly(self, goal: Equation) -> Any:
        """A proof by evaluation, splits and rewriting."""
        return self.attempt(self.open(goal), goal.cod)

    def induct(self, goal: Equation, which: int) -> Any:
        """A proof by induction on a variable."""
        sides = self.open(goal)
        with self.kernel.inducting(goal, which):
            return ("induct", which, self.attempt(sides, goal.cod))

    def coinduct(self, goal: Equation) -> Any:
        """A proof by coinduction."""
        left, right = self.open(goal)
        kernel = self.kernel
        layers = (lambda: kernel.out(left())), (lambda: kernel.out(right()))
        return ("coinduct", self.layers(layers, goal))

    def lemma(self, error: Unsettled, depth: int) -> bool:
        """Prove a generalisation of what remained of an attempt; whether a new lemma was found."""
        if error.stuck is None:
            return False
        for conjecture in conjectures(error.stuck, error.kinds, error.cod, error.hypotheses, self.kernel):
            if self.refused.get(conjecture.key, -1) >= depth or self.lemmas == 0:
                continue
            self.refused[conjecture.key] = depth if self.plausible(conjecture) else DEPTH
            if self.refused[conjecture.key] != depth:
                continue
            self.lemmas -= 1
            try:
                proof = self.settle(self.equation(conjecture), depth - 1)
            except (Unsettled, Rejected):
                continue
            self.system.prepare()
            self.system.establish({**conjecture.statement(), "proof": proof})
            return True
        return False

    def plausible(self, conjecture: Conjecture) -> bool:
        """Whether a conjecture holds at small elements with generic labels."""
        equation = self.equation(conjecture)

        def different(values: list[Value]) -> bool:
            try:
                one, two = (self.kernel.reify(equation.evaluate(i, values), equation.cod) for i in (0, 1))
            except Split:
                return False
            ends = [self.system.normalise(normal, equation.cod)[1] for normal in (one, two)]
            return not same(ends[0], ends[1])

        self.system.local = []
        with self.system.outside(()):
            return differs(equation.kinds, different, self.kernel) is None

    def equation(self, conjecture: Conjecture) -> Equation:
        """A conjecture as an equation that can be evaluated."""
        bodies = conjecture.closed()
        return Equation(
            conjecture.kinds, conjecture.cod, lambda side, values: self.kernel.revalue(bodies[side], tuple(values))
        )

    # ---- one branch ----------------------------------------------------------------------------------------------

    def attempt(self, sides: Sides, cod: Type) -> Any:
        """A proof that two values are equal, under what is known."""
        kernel = self.kernel
        try:
            left, right = (kernel.reify(side(), cod) for side in sides)
        except Split as split:
            return self.split(split, lambda: self.attempt(sides, cod))
        self.leaf()
        if same(left, right):
            return ("same",)
        if kernel.equations and holds_functions(cod):  # rewriting does not reach under binders, so they are opened
            return self.opened(sides, cod)
        if kernel.equations and left[0] == right[0] and left[0] in ("bind", "map") and same(left[1], right[1]):
            with kernel.assuming({}):
                (one, other), kind = kernel.bodies(left, right, cod)
                return ("under", self.attempt((one, other), kind))
        return self.rewrite(left, right, cod)

    def leaf(self) -> None:
        """Count a leaf of the proof."""
        self.leaves -= 1
        if self.leaves < 0:
            raise Unsettled("generic elements: too many cases")

    def opened(self, sides: Sides, cod: Type) -> Any:
        """A proof by components, and at a generic argument for functions."""
        kernel = self.kernel
        if cod[0] == "*":
            return ("parts", *(self.attempt((component(sides[0], i), component(sides[1], i)), cod[i]) for i in (1, 2)))
        with kernel.assuming({}):
            start = len(kernel.context)
            kernel.declare(flat(cod[2]))
            one, other = (kernel.applied(side, cod[2], start) for side in sides)
            return ("apply", self.attempt((one, other), cod[1]))

    def split(self, split: Split, proof: Callable[[], Any]) -> Any:
        """A proof by cases on a neutral element."""
        kernel, proofs = self.kernel, []
        for payload, inject in injections(split.kind):
            with kernel.assuming({}):
                start, saved = len(kernel.context), kernel.smaller
                value = ("1",) if payload is None else packed(payload, iter(kernel.declare(flat(payload))))
                if kernel.part(split.neutral):
                    kernel.smaller |= frozenset(range(start, len(kernel.context)))
                kernel.known = {**kernel.known, split.neutral: inject(value)}
                try:
                    proofs.append(proof())
                finally:
                    kernel.smaller = saved
        return ("split", split.neutral, proofs)

    def rewrite(self, left: Normal, right: Normal, cod: Type) -> Any:
        """A proof by rewriting both sides to a common normal form."""
        kernel, system = self.kernel, self.system
        if not kernel.equations:
            raise self.unsettled("generic elements", (left, right), cod)
        system.prepare()
        last = len(kernel.equations) - 1
        system.local = system.hypotheses(last) if kernel.equations[last].inductive is not None else []
        proof, ends = self._join(left, right, cod)
        if proof is None and system.local:
            hypotheses = system.local
            system.local = [backwards for rule in hypotheses if (backwards := rule.backwards()) is not None]
            proof, _ = self._join(left, right, cod, BACKWARDS)
            system.local = hypotheses
        elif proof is None and system.complete():
            proof, ends = self._join(left, right, cod)
        if proof is None:
            raise self.unsettled("rewriting by the hypotheses", ends, cod)
        return proof

    def unsettled(self, how: str, ends: tuple[Normal, Normal], cod: Type) -> Unsettled:
        """The failure of a branch, with what remained of it."""
        hypotheses = tuple((rule.lhs, rule.rhs) for rule in self.system.local)
        reason = f"{how}: the two sides have different normal forms"
        return Unsettled(reason, ends, tuple(self.kernel.context), cod, hypotheses)

    def _join(self, left: Normal, right: Normal, cod: Type, limit: int = REWRITES) -> tuple[Any, tuple[Normal, Normal]]:
        """A proof that both sides rewrite to one normal form, or none; and the two normal forms."""
        chains: list[Any] = []
        ends: list[Normal] = []
        for which, side in enumerate((left, right)):
            steps, end = self.system.normalise(side, cod, limit)
            chains += [("rewrite", which, *step) for step in steps]
            ends.append(end)
        proof: Any = ("same",)
        for step in reversed(chains):
            proof = (*step, proof)
        return proof if same(ends[0], ends[1]) else None, (ends[0], ends[1])

    # ---- coinduction ---------------------------------------------------------------------------------------------

    def layers(self, layers: Sides, goal: Equation, *, rewritten: bool = False) -> Any:
        """A proof that two layers are equal, given that the two sides of the goal are."""
        kernel, (body, whole) = self.kernel, (goal.cod[1], goal.cod)
        try:
            with kernel.assuming({}):
                pairs = list(kernel.corresponding(body, whole, *(layer() for layer in layers)))
                self.leaf()
                return ("layers", [self.end(pair, goal) for pair in pairs])
        except Split as split:
            return self.split(split, lambda: self.layers(layers, goal, rewritten=rewritten))
        except Rejected as error:
            proof = None if rewritten else self.rewritten(layers, goal)
            if proof is None:
                raise Unsettled(f"coinduction: {error}") from None
            return proof

    def rewritten(self, layers: Sides, goal: Equation) -> Any:
        """A proof that two layers are equal once the hypotheses have rewritten them; none when they rewrite nothing."""
        kernel, system, kind = self.kernel, self.system, filled(goal.cod[1], goal.cod)
        system.prepare()
        chains: list[Any] = []
        ends: list[Normal] = []
        for which, layer in enumerate(layers):
            steps, end = system.normalise(kernel.reify(layer(), kind), kind)
            chains += [("rewrite", which, *step) for step in steps]
            ends.append(end)
        if not chains:
            return None
        left, right = ends
        proof = self.layers((lambda: kernel.revalue(left), lambda: kernel.revalue(right)), goal, rewritten=True)
        for step in reversed(chains):
            proof = (*step, proof)
        return proof

    def end(self, pair: tuple[Value, Value], goal: Equation) -> Any:
        """A proof that two parts of layers are equal, or the goal at another point."""
        kernel = self.kernel
        normals = tuple(kernel.reify(value, goal.cod) for value in pair)
        if same(normals[0], normals[1]):
            return ("equal", ("same",))
        point = self.point(normals, goal)
        if point is None:
            return ("equal", self.rewrite(normals[0], normals[1], goal.cod))
        proofs = []
        for number, value in enumerate(pair):
            other = goal.evaluate(number, [kernel.revalue(p) for p in point])
            proofs.append(self.attempt((lambda value=value: value, lambda other=other: other), goal.cod))  # type: ignore[misc]
        return ("again", point, *proofs)

    def point(self, normals: tuple[Normal, ...], goal: Equation) -> tuple[Normal, ...] | None:
        """The point at which one of the goal's sides has the given normal form."""
        kernel = self.kernel
        with self.system.outside(goal.kinds):
            variables = [kernel.reflect(("v", i), k) for i, k in enumerate(goal.kinds)]
            try:
                patterns = [kernel.reify(goal.evaluate(side, variables), goal.cod) for side in (0, 1)]
            except Split:
                return None
        for pattern, normal in zip(patterns, normals, strict=True):
            values = terms.match(pattern, terms.frozen(normal), {})
            if values is not None and len(values) == len(goal.kinds):
                return tuple(terms.thawed(values[i]) for i in range(len(goal.kinds)))
        return None
