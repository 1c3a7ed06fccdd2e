"""Pointer execution: words that name the word to go to next (THEORY T7.2, after Thomm and others).

A word is two letters, perhaps a digit, and two letters more.  One starts at a word and goes on to the word whose first
letters are the last letters of the present one, as long as there is one.  The walk is an unfold, the answer a fold of
it, and both together a hylomorphism; that keys differ makes it recursive unless it comes back to where it was.

*Pointer execution* writes the words that are visited, its *verbose* form each with its right neighbour.  *Pointer
execution of neighbours* (PEN) walks on every second word and writes the right neighbours alone; these carry words that
look as if the walk went on there: a chain of their own, and doubles of the right words that differ in the digit.
*Reverse multicount* (PERM) writes the visited words in reverse, each with its number i (from 1) times the number of
steps to the left among the first i − 1 steps.

>>> print(WALK.solve("ab3cd ef0gh cd1ef"))
ab3cd cd1ef ef0gh
>>> print(NEIGHBOURS.solve("ab3cd xx0xx ef0gh yy1yy cd1ef zz2zz"))
xx0xx zz2zz yy1yy
>>> print(MULTICOUNT.solve("efgh cdef abcd | abcd"))
efgh.6 cdef.2 abcd.0
"""

from __future__ import annotations

import itertools as it
import string
from collections.abc import Callable, Iterator, Sequence
from random import Random

from catcore.arrows import generator
from catcore.categories.finite_sets import Injected
from catcore.datatypes.hylomorphisms import answers, hylo
from catcore.errors import BadSpecification
from catcore.functors import Id
from catcore.objects import atoms
from catcore.reasoning.task import Sample, Task, size, sizes, text

_WORDS, _VISITED = atoms("Words Visited")
_LAYER = _WORDS + _WORDS * Id
_WALK = hylo(
    _LAYER, generator("visited", _WORDS + _WORDS * _VISITED, _VISITED), generator("next", _WORDS, _LAYER(_WORDS))
)


def walk(start: int, words: Sequence[str]) -> list[int]:
    """The places of the words that are visited from one of them.

    Raises:
        BadSpecification: when two words have the same first letters, or there is no such place to start from.
        NotRecursive: when the walk comes back to where it was.
    """
    size(start, "place to start from", largest=len(words) - 1)
    places = {text(word, "A word")[:2]: place for place, word in enumerate(words)}
    if len(places) < len(words):
        raise BadSpecification(f"Words to walk on begin differently, and {' '.join(words)[:80]} do not.")

    def onward(place: int) -> Injected:
        to = places.get(words[place][-2:])
        return Injected("inl", place) if to is None else Injected("inr", (place, to))

    def visited(layer: Injected) -> tuple[int, ...]:
        return (layer.value,) if layer.side == "inl" else (layer.value[0], *layer.value[1])

    return list(answers(_WALK, visited, onward, start)[start])


# Solvers ----------------------------------------------------------------------------------------------------------


def _walked(question: str) -> str:
    words = _words(question)
    return " ".join(words[place] for place in walk(0, words))


def _verbose(question: str) -> str:
    words = _beside(question)
    return " ".join(f"{words[2 * place]} {words[2 * place + 1]}" for place in walk(0, words[::2]))


def _neighbours(question: str) -> str:
    words = _beside(question)
    return " ".join(words[2 * place + 1] for place in walk(0, words[::2]))


def _counted(question: str) -> list[str]:
    """The visited words in order, each with its number times the steps to the left that led there."""
    words, start = _started(question)
    visited = walk(start, words)
    lefts = [0]
    for here, there in it.pairwise(visited):
        lefts.append(lefts[-1] + (there < here))
    return [f"{words[place]}.{i * left}" for i, (place, left) in enumerate(zip(visited, lefts, strict=True), start=1)]


def _reversed_walk(question: str) -> str:
    words, start = _started(question)
    return " ".join(words[place] for place in reversed(walk(start, words)))


def _words(question: str) -> list[str]:
    words = question.split()
    if not words:
        raise BadSpecification("A question is a row of words, and an empty one was given.")
    return words


def _beside(question: str) -> list[str]:
    """Words with a neighbour each."""
    words = _words(question)
    if len(words) % 2:
        raise BadSpecification(f"Every word has a neighbour here, and {words[-1][:60]!r} at the end has none.")
    return words


def _started(question: str) -> tuple[list[str], int]:
    before, bar, start = question.partition("|")
    words = before.split()
    if not bar or start.strip() not in words:
        raise BadSpecification(f"A question ends in '| START' with one of its words, and {question[-40:]!r} was found.")
    return words, words.index(start.strip())


# Samples ----------------------------------------------------------------------------------------------------------


def _keys(random: Random, count: int) -> list[str]:
    """So many different pairs of letters."""
    letters = string.ascii_lowercase
    if count > len(letters) ** 2:
        raise BadSpecification(
            f"Words begin and end with {len(letters) ** 2} pairs of letters, and {count} different ones were needed; "
            "ask for fewer words."
        )
    return [letters[k // 26] + letters[k % 26] for k in random.sample(range(26 * 26), count)]


def _digit(random: Random) -> str:
    return str(random.randrange(8))


def _chain(random: Random, hops: int, count: int, infix: Callable[[Random], str]) -> tuple[list[str], list[str]]:
    """A chain of words, and others up to so many, none of which leads into the chain's end or out of it."""
    keys = _keys(random, hops + 2 + 2 * (count - hops - 1))
    chain = [a + infix(random) + b for a, b in it.pairwise(keys[: hops + 2])]
    rest = iter(keys[hops + 2 :])
    return chain, [a + infix(random) + b for a, b in zip(rest, rest, strict=True)]


def _shuffled(random: Random, first: Sequence[str], others: Sequence[str]) -> list[str]:
    """The first word first, and all others in random order."""
    later = [*first[1:], *others]
    random.shuffle(later)
    return [first[0], *later]


def _decoys(random: Random, words: Sequence[str]) -> Iterator[str]:
    """A word beside each: its double with another digit for half of them, and links of a chain of their own."""
    own, _ = _chain(random, len(words) - 1, len(words), _digit)
    random.shuffle(own)
    for word, link in zip(words, own, strict=True):
        other = str((int(word[2]) + random.randrange(1, 8)) % 8)
        yield word[:2] + other + word[3:] if random.random() < 0.5 else link


def _drawn(
    random: Random, length: Sequence[int], hops: Sequence[int], infix: Callable[[Random], str]
) -> tuple[list[str], list[str]]:
    count = random.choice(length)
    return _chain(random, min(random.choice(hops), count - 1), count, infix)


def _interleaved(length: Sequence[int], hops: Sequence[int], *, verbose: bool) -> Callable[[Random], Sample]:
    def draw(random: Random) -> Sample:
        chain, others = _drawn(random, length, hops, _digit)
        words = _shuffled(random, chain, others)
        beside = dict(zip(words, _decoys(random, words), strict=True))
        question = " ".join(f"{word} {beside[word]}" for word in words)
        return Sample(question, " ".join((f"{w} " if verbose else "") + beside[w] for w in chain))

    return draw


def _plain(length: Sequence[int], hops: Sequence[int]) -> Callable[[Random], Sample]:
    def draw(random: Random) -> Sample:
        chain, others = _drawn(random, length, hops, _digit)
        return Sample(" ".join(_shuffled(random, chain, others)), " ".join(chain))

    return draw


def _marked(length: Sequence[int], hops: Sequence[int], *, count: bool, back: bool) -> Callable[[Random], Sample]:
    def draw(random: Random) -> Sample:
        chain, others = _drawn(random, length, hops, lambda _: "")
        words = _shuffled(random, chain, others)
        random.shuffle(words)
        place, lefts, said = {word: k for k, word in enumerate(words)}, 0, []
        for i, word in enumerate(chain):
            lefts += bool(i) and place[word] < place[chain[i - 1]]
            said.append(f"{word}.{(i + 1) * lefts}" if count else word)
        return Sample(f"{' '.join(words)} | {chain[0]}", " ".join(reversed(said) if back else said))

    return draw


def _copied(length: Sequence[int], *, back: bool) -> Callable[[Random], Sample]:
    def draw(random: Random) -> Sample:
        keys = iter(_keys(random, 2 * random.choice(length)))
        words = [a + _digit(random) + b for a, b in zip(keys, keys, strict=True)]
        return Sample(" ".join(words), " ".join(reversed(words) if back else words))

    return draw


def walking(length: Sequence[int] = range(40, 51), hops: Sequence[int] = range(10, 21)) -> Task:
    """Pointer execution on so many words, of which so many steps are walked."""
    _checked(length, hops)
    return Task("pointer execution", _plain(length, hops), _walked)


def copying(length: Sequence[int] = range(40, 51), *, back: bool = False) -> Task:
    """To repeat the words, or to repeat them backwards."""
    sizes(length, "number of words", smallest=1)
    order = -1 if back else 1
    name = "reverse copy" if back else "copy"
    return Task(name, _copied(length, back=back), lambda question: " ".join(_words(question)[::order]))


def neighbouring(pairs: Sequence[int] = range(20, 26), hops: Sequence[int] = range(10, 21)) -> Task:
    """Pointer execution of neighbours (PEN) on so many words with a neighbour each."""
    _checked(pairs, hops)
    verbose = Task("verbose pointer execution", _interleaved(pairs, hops, verbose=True), _verbose)
    parts = (copying(), copying(back=True), walking(), verbose)
    return Task("PEN", _interleaved(pairs, hops, verbose=False), _neighbours, parts)


def multicounting(length: Sequence[int] = range(10, 21), hops: Sequence[int] = range(5, 15)) -> Task:
    """Reverse multicount (PERM) on so many words, with its parts: walking, counting, and walking in reverse."""
    _checked(length, hops)
    counted = Task(
        "multicount", _marked(length, hops, count=True, back=False), lambda question: " ".join(_counted(question))
    )
    backwards = Task("reverse execution", _marked(length, hops, count=False, back=True), _reversed_walk)
    parts = (walking(length, hops), counted, backwards)
    return Task(
        "PERM",
        _marked(length, hops, count=True, back=True),
        lambda question: " ".join(reversed(_counted(question))),
        parts,
    )


def _checked(length: Sequence[int], hops: Sequence[int]) -> None:
    sizes(length, "number of words", smallest=1)
    sizes(hops, "number of steps")


#: The tasks with the sizes of the paper.
WALK, NEIGHBOURS, MULTICOUNT = walking(), neighbouring(), multicounting()

__all__ = ["MULTICOUNT", "NEIGHBOURS", "WALK", "copying", "multicounting", "neighbouring", "walk", "walking"]
