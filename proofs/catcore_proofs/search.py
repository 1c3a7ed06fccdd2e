"""The search for a certificate: generic elements, case splits on demand, and rewriting by the hypotheses.

Both sides of an equation are normalised on a generic element.  When evaluation is stuck on an element of a sum, the
search splits on it and goes on in each branch.  When the normal forms still differ, they are rewritten by the
hypotheses and by the consequences that completion drew from them.  The search itself proves nothing: what it returns is
a certificate, and :func:`catcore_proofs.kernel.replay` decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catcore_proofs.evaluation import Normal, Rejected, Split, Type, Value, flat, injections, packed, same
from catcore_proofs.kernel import Kernel, component
from catcore_proofs.rewriting import RewriteSystem


class Unsettled(Exception):
    """The search found no proof; ``stuck`` holds the two normal forms where it stopped, if it came that far."""

    def __init__(self, reason: str, stuck: tuple[Normal, Normal] | None = None) -> None:
        super().__init__(reason)
        self.stuck = stuck


#: How many leaves a proof by case splits may have.
LEAVES = 20_000


def certificate(statement: dict[str, Any], *, leaves: int = LEAVES, steps: int = 5_000_000) -> dict[str, Any]:
    """A certificate of a statement.

    Raises:
        Unsettled: when no proof was found; the message says what was tried.
    """
    try:
        search = _Search(statement, leaves, steps)
        proof = search.prove()
    except Rejected as error:
        raise Unsettled(f"generic elements: {error}") from None
    except RecursionError:
        raise Unsettled("generic elements: the term is nested too deeply") from None
    return {"format": "catcore-certificate-1", "statement": statement, "lemmas": search.system.lemmas(), "proof": proof}


def holds_functions(kind: Type) -> bool:
    """Whether a type is one of functions, or of pairs with a function in them."""
    return kind[0] == "^" or (kind[0] == "*" and any(map(holds_functions, kind[1:])))


class _Search:
    def __init__(self, statement: dict[str, Any], leaves: int, steps: int) -> None:
        self.kernel = Kernel(statement["signature"], steps)
        self.kernel.equations = [self.kernel.equation(given) for given in statement["given"]]
        self.system = RewriteSystem(self.kernel)
        self.goal = self.kernel.equation(statement)
        self.leaves = leaves

    def prove(self) -> Any:
        kernel, goal = self.kernel, self.goal
        kernel.context.clear()
        kernel.declare(goal.kinds)

        def side(number: int) -> Callable[[], Value]:
            return lambda: goal.evaluate(number, [kernel.reflect(("v", i), k) for i, k in enumerate(goal.kinds)])

        return self.attempt((side(0), side(1)), goal.cod)

    def attempt(self, sides: tuple[Callable[[], Value], Callable[[], Value]], cod: Type) -> Any:
        """A proof that two values are equal, under what is known."""
        kernel = self.kernel
        try:
            left, right = (kernel.reify(side(), cod) for side in sides)
        except Split as split:
            return self.split(split, sides, cod)
        self.leaves -= 1
        if self.leaves < 0:
            raise Unsettled("generic elements: too many cases")
        if same(left, right):
            return ("same",)
        if kernel.equations and holds_functions(cod):  # rewriting does not reach under binders, so they are opened
            return self.opened(sides, cod)
        return self.rewrite(left, right, cod)

    def opened(self, sides: tuple[Callable[[], Value], Callable[[], Value]], cod: Type) -> Any:
        """A proof by components, and at a generic argument for functions."""
        kernel = self.kernel
        if cod[0] == "*":
            return ("parts", *(self.attempt((component(sides[0], i), component(sides[1], i)), cod[i]) for i in (1, 2)))
        with kernel.assuming({}):
            start = len(kernel.context)
            kernel.declare(flat(cod[2]))
            one, other = (kernel.applied(side, cod[2], start) for side in sides)
            return ("apply", self.attempt((one, other), cod[1]))

    def split(self, split: Split, sides: Any, cod: Type) -> Any:
        """A proof by cases on a neutral element."""
        kernel, proofs = self.kernel, []
        for payload, inject in injections(split.kind):
            with kernel.assuming({}):
                value = ("1",) if payload is None else packed(payload, iter(kernel.declare(flat(payload))))
                kernel.known = {**kernel.known, split.neutral: inject(value)}
                proofs.append(self.attempt(sides, cod))
        return ("split", split.neutral, proofs)

    def rewrite(self, left: Normal, right: Normal, cod: Type) -> Any:
        """A proof by rewriting both sides to a common normal form."""
        if not self.kernel.equations:
            raise Unsettled("generic elements: the two sides have different normal forms", (left, right))
        self.system.prepare()
        proof, ends = self._join(left, right, cod)
        if proof is None and self.system.complete():
            proof, ends = self._join(left, right, cod)
        if proof is None:
            raise Unsettled("rewriting by the hypotheses: the two sides have different normal forms", ends)
        return proof

    def _join(self, left: Normal, right: Normal, cod: Type) -> tuple[Any, tuple[Normal, Normal]]:
        """A proof that both sides rewrite to one normal form, or none; and the two normal forms."""
        chains: list[Any] = []
        ends: list[Normal] = []
        for which, side in enumerate((left, right)):
            steps, end = self.system.normalise(side, cod)
            chains += [("rewrite", which, *step) for step in steps]
            ends.append(end)
        proof: Any = ("same",)
        for step in reversed(chains):
            proof = (*step, proof)
        return proof if same(ends[0], ends[1]) else None, (ends[0], ends[1])
