"""Grammars as functors: decoders that can emit nothing but well-formed terms (FEATURES 62; Goguen et al. 1977).

A context-free grammar is a polynomial functor on families of sets: the nonterminal N goes to the sum of its
productions, each a product of the nonterminals in it.  Derivation trees are its initial algebra, a data type for each
nonterminal.  A decoder is a coalgebra: to a state that is to become an N it gives a production *of N*, and a state for
each nonterminal in it.  Whatever it does, it unfolds a derivation tree, so its text is in the language.

>>> sums = grammar({"Sum": ["Sum + Term", "Term"], "Term": ["( Sum )", "x", "1"]})
>>> print(sums.functors["Sum"])
Id1 × Id2 + Id2
>>> def decide(sort, n, options):
...     chosen = options[0 if n else -1]
...     return chosen, [max(n - 1, 0), 0][: len(chosen.arguments)]
>>> sums.text(sums.emit("Sum", 3, decide))
'1 + 1 + 1 + 1'
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from catcore.categories.finite_sets import shown
from catcore.datatypes.data import Data, children
from catcore.datatypes.datatype import Datatype, datatype
from catcore.datatypes.given import count, function, is_name_in, items, one_of
from catcore.datatypes.mutual import solved
from catcore.datatypes.parsing import Parser
from catcore.datatypes.shapes import chosen
from catcore.errors import BadSpecification, IllTyped, NotANumber, ShapeMismatch, TooLarge, UnknownName
from catcore.functors import Functor
from catcore.objects import Mu, Ob, One, Zero, abstract, as_object, unknown

#: Above this many productions in one term a decoder is taken to run on for ever; of sorts that need each other.
MAX_PRODUCTIONS, MAX_TOGETHER = 200_000, 12

WORDS, SYMBOLS = "The words of a nonterminal", "The symbols of a word"

Decide = Callable[[str, Any, "tuple[Production, ...]"], "tuple[Production, Sequence[Any]]"]


@dataclass(frozen=True)
class Production:
    """One production of a nonterminal.

    Args:
        sort: the nonterminal.
        number: its number among all productions of the grammar, in order.
        symbols: the word that it stands for, terminals and nonterminals.
        arguments: the nonterminals in it.
        height: the least height of a derivation that begins with it.
    """

    sort: str
    number: int
    symbols: tuple[str, ...]
    arguments: tuple[str, ...]
    height: int

    def __str__(self) -> str:
        return f"{self.sort} → {' '.join(self.symbols) or 'ε'}"


@dataclass(frozen=True)
class Grammar:
    """A context-free grammar.

    Args:
        rules: for each nonterminal the words that it may become.

    Raises:
        BadSpecification: when a nonterminal has no production, or none that ever ends.
    """

    rules: Mapping[str, tuple[tuple[str, ...], ...]]

    def __post_init__(self) -> None:
        endless = [sort for sort in self.rules if sort not in self._heights]
        if not self.rules or endless:
            raise BadSpecification(
                f"A grammar was asked for, and {', '.join(endless) or 'it'} has no word of finite length; give each "
                "nonterminal a production that ends."
            )

    def __hash__(self) -> int:
        return hash(tuple(self.rules.items()))

    # What it says --------------------------------------------------------------------------------------------------

    @cached_property
    def productions(self) -> tuple[Production, ...]:
        """All productions, numbered in order; a decoder's scores are read in this order."""
        found: list[Production] = []
        for sort, words in self.rules.items():
            for word in words:
                arguments = tuple(symbol for symbol in word if symbol in self.rules)
                height = 1 + max((self._heights[s] for s in arguments if s in self._heights), default=0)
                found.append(Production(sort, len(found), word, arguments, height))
        return tuple(found)

    @cached_property
    def of_sort(self) -> Mapping[str, tuple[Production, ...]]:
        """The productions of each nonterminal."""
        return {sort: tuple(p for p in self.productions if p.sort == sort) for sort in self.rules}

    @cached_property
    def _heights(self) -> Mapping[str, int]:
        """The least height of a derivation from each nonterminal; those without one are missing."""
        found: dict[str, int] = {}
        for height in range(1, len(self.rules) + 1):
            for sort, words in self.rules.items():
                if sort not in found and any(
                    all(found.get(s, height) < height for s in word if s in self.rules) for word in words
                ):
                    found[sort] = height
        return found

    @cached_property
    def functors(self) -> Mapping[str, Functor]:
        """For each nonterminal its functor, of as many variables as there are nonterminals, in order."""
        return {sort: self._functor(sort) for sort in self.rules}

    def _functor(self, sort: str) -> Functor:
        holes = tuple(unknown() for _ in self.rules)
        body = as_object(self._sum(sort, dict(zip(self.rules, holes, strict=True))))
        return Functor(len(holes), abstract(body, holes))

    def _sum(self, sort: str, at: Mapping[str, Any]) -> Any:
        total: Any = Zero
        for place, production in enumerate(self.of_sort[sort]):
            term: Any = One
            for k, argument in enumerate(production.arguments):
                term = at[argument] if k == 0 else term * at[argument]
            total = term if place == 0 else total + term
        return total

    @cached_property
    def datatypes(self) -> Mapping[str, Datatype]:
        """For each nonterminal the data type of its derivations, one constructor for each production.

        Raises:
            TooLarge: when more than twelve nonterminals need each other.
        """
        from sympy.utilities.iterables import strongly_connected_components

        known: dict[str, Ob] = {}
        edges = [(p.sort, a) for p in self.productions for a in p.arguments]
        for together in strongly_connected_components((list(self.rules), edges)):
            if len(together) > MAX_TOGETHER:
                raise TooLarge(
                    f"The data types of {len(together)} nonterminals that need each other were asked for; at most "
                    f"{MAX_TOGETHER} are solved together. Split the grammar."
                )
            known |= dict(zip(together, self._solved(together, known), strict=True))
        return {sort: datatype(known[sort], *self._names(sort)) for sort in self.rules}

    def _names(self, sort: str) -> tuple[str, ...]:
        name = "".join(c if c.isalnum() else "_" for c in sort)
        return tuple(f"{name if name[:1].isalpha() else f'N{name}'}_{k}" for k in range(len(self.of_sort[sort])))

    def _solved(self, together: Sequence[str], known: Mapping[str, Ob]) -> tuple[Mu, ...]:
        def bodies(*obs: Ob) -> tuple[Ob, ...]:
            at = {**known, **dict(zip(together, obs, strict=True))}
            return tuple(as_object(self._sum(sort, at)) for sort in together)

        return solved(len(together), bodies)

    @cached_property
    def _sorts(self) -> Mapping[Mu, tuple[str, ...]]:
        """For each data type the nonterminals whose derivations are its elements."""
        found: dict[Mu, tuple[str, ...]] = {}
        for sort, kind in self.datatypes.items():
            found[kind.fixed] = (*found.get(kind.fixed, ()), sort)
        return found

    def sort(self, tree: Data, sort: str | None = None) -> str:
        """The nonterminal that a derivation begins with.

        Args:
            tree: the derivation.
            sort: the nonterminal, where those of several have equal data types, as ``A → a`` and ``B → b`` have.

        Raises:
            IllTyped: when the tree is no derivation of this grammar, or it has to be said of which nonterminal.
        """
        sorts = self._sorts.get(tree.of, ()) if isinstance(tree, Data) else ()
        if not sorts or (sort is not None and sort not in sorts):
            raise IllTyped(
                f"A derivation of {sort or ', '.join(self.rules)} was asked for, and {shown(tree)[:80]} is none."
            )
        if sort is None and len(sorts) > 1:
            raise IllTyped(
                f"A derivation was to be read whose data type is that of the nonterminals {', '.join(sorts)}; say "
                "which with sort=."
            )
        return sort or sorts[0]

    def production(self, tree: Data, *, sort: str | None = None) -> Production:
        """The production at the root of a derivation; raises as :meth:`sort`."""
        return self.of_sort[self.sort(tree, sort)][chosen(tree.of.body, tree.layer)[0]]

    def _below(self, tree: Data, sort: str) -> list[tuple[Data, str]]:
        """The derivations below the root, each with its nonterminal."""
        return list(zip(children(tree.layer), self.production(tree, sort=sort).arguments, strict=True))

    # What is done with derivations ---------------------------------------------------------------------------------

    def fold(self, tree: Data, clause: Callable[..., Any], *, sort: str | None = None) -> Any:
        """The value of a derivation: ``clause(production, *values of its nonterminals)`` at each production.

        A part that occurs several times is looked at once.  Raises as :meth:`sort`.
        """
        function(clause, "The clause of a fold")
        values: dict[tuple[int, str], Any] = {}
        todo = [(tree, self.sort(tree, sort), False)]
        while todo:
            part, of, visited = todo.pop()
            if (id(part), of) in values:
                continue
            below = self._below(part, of)
            if visited:
                found = [values[id(branch), s] for branch, s in below]
                values[id(part), of] = clause(self.production(part, sort=of), *found)
            else:
                todo.append((part, of, True))
                todo += [(branch, s, False) for branch, s in reversed(below)]
        return values[id(tree), self.sort(tree, sort)]

    def text(self, tree: Data, *, between: str = " ", sort: str | None = None) -> str:
        """The word that a derivation derives; raises as :meth:`sort`."""
        return between.join(self._tokens(tree, self.sort(tree, sort)))

    def _tokens(self, tree: Data, sort: str) -> Iterator[str]:
        todo: list[Any] = [(tree, sort)]
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                yield part
                continue
            below = iter(self._below(*part))
            symbols = self.production(part[0], sort=part[1]).symbols
            todo += reversed([next(below) if symbol in self.rules else symbol for symbol in symbols])

    @cached_property
    def _parser(self) -> Parser:
        return Parser(self.of_sort)

    def parse(self, text: str, sort: str, *, spaces: bool = True, ambiguous: bool = False) -> Data:
        """The derivation of a text; :meth:`text` of it is the text again, up to spaces.

        Args:
            text: the text.
            sort: the nonterminal that it is to be derived from.
            spaces: whether spaces and new lines may stand between terminals.
            ambiguous: whether any derivation will do where there are several.

        Raises:
            BadSpecification: when the text has no derivation, with the place where it breaks off and what may stand
                there; or several, with a part of it that has.
            UnknownName: when there is no such nonterminal.
            IllTyped: when no text is given.
            TooLarge: when more than a million states of the parser are needed.
        """
        self._need(sort, None)
        one_of(text, str, "A text to be parsed")
        return self._built(self._parser.derivation(text, sort, spaces=spaces, ambiguous=ambiguous))

    # Decoders ------------------------------------------------------------------------------------------------------

    def emit(self, sort: str, state: Any, decide: Decide, *, height: int | None = None) -> Data:
        """The derivation that a decoder unfolds from a state.

        Args:
            sort: the nonterminal to begin with.
            state: the state to begin with.
            decide: the coalgebra: it takes a nonterminal, a state and the productions that it may choose from, and
                gives one of them with a state for each nonterminal in it.
            height: where given, only productions that can still end in time are offered, so the derivation is at most
                so high, and decoding ends whatever the decoder does.

        Raises:
            IllTyped: when the decoder gives anything else than a production that was offered, and its states.
            TooLarge: when there are more than 200 000 productions.
            BadSpecification: when no derivation is so low.
        """
        self._need(sort, height)
        function(decide, "A decoder")
        nodes: list[tuple[Production, list[int]]] = []
        holes: list[tuple[str, Any, int | None, tuple[int, int] | None]] = [(sort, state, height, None)]
        while holes:
            of, at, room, parent = holes.pop()
            options = tuple(p for p in self.of_sort[of] if room is None or p.height <= room)
            production, states = self._checked(of, at, options, decide(of, at, options))
            if parent is not None:
                nodes[parent[0]][1][parent[1]] = len(nodes)
            if len(nodes) >= MAX_PRODUCTIONS:
                raise TooLarge(
                    f"A decoder of {sort} has emitted {MAX_PRODUCTIONS} productions and is not done; bound it with "
                    "height=."
                )
            below = None if room is None else room - 1
            here = len(nodes)
            nodes.append((production, [0] * len(states)))
            holes += [
                (s, x, below, (here, k)) for k, (s, x) in enumerate(zip(production.arguments, states, strict=True))
            ]
        return self._built(nodes)

    def sample(
        self,
        sort: str,
        state: Any,
        *,
        scores: Callable[[Any], Sequence[float]],
        step: Callable[[Any, Production], Sequence[Any]],
        height: int,
        random: Random,
    ) -> Data:
        """A derivation drawn from a model that scores productions, such as a network's logits.

        Args:
            sort: the nonterminal to begin with.
            state: the state to begin with.
            scores: one logit for each production of the grammar, in order; those of other nonterminals count for
                nothing.
            step: the states of the nonterminals in a production.
            height: the derivation is at most so high.
            random: a source of randomness.

        Raises:
            ShapeMismatch: when there are not as many scores as productions.
            NotANumber: when a score is not a number, or infinite.
        """

        def decide(_: str, at: Any, options: tuple[Production, ...]) -> tuple[Production, Sequence[Any]]:
            logits = scores(at)
            if len(logits) != len(self.productions):
                raise ShapeMismatch(
                    f"A score for each of the {len(self.productions)} productions was asked for, and {len(logits)} "
                    "were given."
                )
            offered = [float(logits[p.number]) for p in options]
            if any(math.isnan(x) or x == math.inf for x in offered):
                raise NotANumber(f"Scores of productions are numbers or −∞, and {offered} was found.")
            top = max(offered)
            weights = [
                math.exp(x - top) if top > -math.inf else 1.0 for x in offered
            ]  # all forbidden: none is preferred
            (production,) = random.choices(options, weights)
            return production, step(at, production)

        return self.emit(sort, state, decide, height=height)

    def _need(self, sort: str, height: int | None) -> None:
        if not is_name_in(sort, self.rules):
            raise UnknownName(f"The grammar has no nonterminal {sort!r}; there are {', '.join(self.rules)}.")
        if height is not None and count(height, "The height of a derivation") < self._heights[sort]:
            raise BadSpecification(
                f"A derivation of {sort} of height at most {height} was asked for, and the lowest has height "
                f"{self._heights[sort]}."
            )

    def _checked(self, sort: str, state: Any, options: tuple[Production, ...], given: Any) -> Any:
        production, states = given if isinstance(given, tuple) and len(given) == 2 else (given, ())
        if production not in options or len(states) != len(production.arguments):
            offered = "; ".join(map(str, options))
            raise IllTyped(
                f"A decoder was to turn the state {shown(state)[:60]} into a {sort}, and it gave "
                f"{str(production)[:60]} with {len(states)} state(s). It may choose from {offered}, with a "
                "state for each nonterminal."
            )
        return production, tuple(states)

    def _built(self, nodes: list[tuple[Production, list[int]]]) -> Data:
        done: dict[int, Data] = {}
        for here in range(len(nodes) - 1, -1, -1):  # what stands below has come later
            production, below = nodes[here]
            kind = self.datatypes[production.sort]
            number = production.number - self.of_sort[production.sort][0].number
            done[here] = Data(kind.fixed, kind.kinds[number].inject(tuple(done.pop(k) for k in below)))
        return done[0]


def grammar(rules: Mapping[str, Sequence[str | Sequence[str]]]) -> Grammar:
    """The grammar with the given rules: for each nonterminal its words, symbols separated by spaces or in a list.

    A symbol is a nonterminal if it has rules, and a terminal otherwise.

    Raises:
        BadSpecification: when a nonterminal has no production, or none that ever ends.
    """
    one_of(rules, Mapping, "A grammar has words for each nonterminal; a dict")
    if not all(isinstance(sort, str) and sort for sort in rules):
        raise BadSpecification(f"Nonterminals are named by texts, and {list(rules)!r} was given.")
    return Grammar({sort: tuple(map(_symbols, items(words, WORDS))) for sort, words in rules.items()})


def _symbols(word: str | Sequence[str]) -> tuple[str, ...]:
    found = word.split() if isinstance(word, str) else items(word, SYMBOLS)
    return tuple(one_of(symbol, str, "A symbol of a grammar; a text") for symbol in found)
