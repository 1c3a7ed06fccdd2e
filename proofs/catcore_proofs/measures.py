"""The parts of a layer, with their places: where an induction along a measure may use its hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

from catcore_proofs import terms
from catcore_proofs.evaluation import Normal, Split, Type, Value, flat, packed
from catcore_proofs.kernel import Kernel
from catcore_proofs.patterns import relative

#: Components 1 and 2 of pairs, and arguments of functions.
Place = tuple[int | Normal, ...]


def standing(kernel: Kernel, kind: Type, layer: Value) -> list[tuple[Place, Normal, tuple[Type, ...]]]:
    """The parts of a layer of a least fixed point as far as it is known, with their places.

    Arguments of functions are new variables, which follow those of the context; their types come with the part.  Where
    it depends on the argument whether there is a part, it is looked for at the arguments at which this is known.
    """

    def walk(body: Type, value: Value, place: Place, arguments: tuple[Type, ...]) -> None:
        match body[0]:
            case "h":
                found.append((place, kernel.reify(value, kind), arguments))
            case "*":
                for i in (1, 2):
                    walk(body[i], value[i], (*place, i), arguments)
            case "+" if (value := kernel.newest(value))[0] in ("l", "r"):
                walk(body[1 if value[0] == "l" else 2], value[1], place, arguments)
            case "^":
                with kernel.assuming({}):
                    start = len(kernel.context)
                    argument = packed(body[2], iter(kernel.declare(flat(body[2]))))
                    written = kernel.reify(argument, body[2])
                    try:
                        walk(body[1], value[1](argument), (*place, written), (*arguments, *flat(body[2])))
                    except Split as split:
                        blocked.append(split.neutral)
                    special = list(_arguments(kernel, blocked, written, start))
                for given in special:
                    walk(body[1], value[1](kernel.revalue(given)), (*place, given), arguments)
            case "+" if value[0] == "?":
                blocked.append(value[1])

    blocked: list[Normal] = []  # what would have to be decided
    found: list[tuple[Place, Normal, tuple[Type, ...]]] = []
    walk(kind[1], layer, (), ())
    return found


def _arguments(kernel: Kernel, blocked: list[Normal], argument: Normal, start: int) -> Iterator[Normal]:
    """The arguments at which questions are answered that depend on a generic argument."""
    seen = set[Normal]()
    while blocked:
        pattern = relative(blocked.pop(), start)
        for known in kernel.known:
            values = terms.match(pattern, terms.frozen(known), {})
            given = None if values is None else terms.thawed(terms.substitute(relative(argument, start), values))
            if given is not None and given not in seen and all(i < start for i in terms.variables(given)):
                seen.add(given)
                yield given
