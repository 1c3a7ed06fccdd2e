"""Statements of the kernel read in finite sets, written without any code of the kernel or of catcore.

Elements are Python values: ``()`` for the point, pairs, ``("l", x)`` and ``("r", x)``, numbers for atoms and finite
sets, and for functions the tuple of all pairs of argument and value.
"""

from __future__ import annotations

import itertools as it
import json
from collections.abc import Iterator
from typing import Any


def as_json(value: Any) -> Any:
    """The value after a journey through JSON text."""
    return json.loads(json.dumps(value))


def elements(kind: Any, sizes: dict[str, int]) -> list[Any]:
    match kind:
        case "0":
            return []
        case "1":
            return [()]
        case ["a", name]:
            return list(range(sizes[name]))
        case ["f", n]:
            return list(range(n))
        case ["*", a, b]:
            return list(it.product(elements(a, sizes), elements(b, sizes)))
        case ["+", a, b]:
            return [("l", x) for x in elements(a, sizes)] + [("r", y) for y in elements(b, sizes)]
        case ["^", b, a]:
            arguments, values = elements(a, sizes), elements(b, sizes)
            if len(values) ** len(arguments) > 5_000:
                raise OverflowError
            return [tuple(zip(arguments, v, strict=True)) for v in it.product(values, repeat=len(arguments))]
    raise AssertionError(kind)


def run(term: Any, x: Any, sizes: dict[str, int], tables: dict[str, dict[Any, Any]]) -> Any:
    match term:
        case ["id"]:
            return x
        case [";", *parts]:
            for part in parts:
                x = run(part, x, sizes, tables)
            return x
        case ["!"]:
            return ()
        case ["<>", f, g]:
            return run(f, x, sizes, tables), run(g, x, sizes, tables)
        case ["p1"]:
            return x[0]
        case ["p2"]:
            return x[1]
        case ["i1", _]:
            return ("l", x)
        case ["i2", _]:
            return ("r", x)
        case ["[]", f, g]:
            return run(f if x[0] == "l" else g, x[1], sizes, tables)
        case ["dist"]:
            return (x[1][0], (x[0], x[1][1]))
        case ["cur", argument, f]:
            return tuple((y, run(f, (x, y), sizes, tables)) for y in elements(argument, sizes))
        case ["ev"]:
            return dict(x[0])[x[1]]
        case ["gen", name]:
            return tables[name][x]
        case ["fin", source, target, values]:
            return elements(target, sizes)[values[elements(source, sizes).index(x)]]
    raise AssertionError(term)


def holds(equation: Any, sizes: dict[str, int], tables: dict[str, dict[Any, Any]]) -> bool:
    return all(
        run(equation["lhs"], x, sizes, tables) == run(equation["rhs"], x, sizes, tables)
        for x in elements(equation["dom"], sizes)
    )


def names(kind: Any) -> set[str]:
    if isinstance(kind, list) and kind and kind[0] == "a":
        return {kind[1]}
    return set().union(*(names(part) for part in kind)) if isinstance(kind, list) else set()


def models(statement: Any, largest: int, limit: int) -> Iterator[tuple[dict[str, int], dict[str, dict[Any, Any]]]]:
    """Models of the hypotheses of a statement, smallest sets first."""
    signature = statement["signature"]
    atoms = sorted(names([[d, c] for d, c in signature.values()]) | names(_types(statement)))
    looked = 0
    for counts in sorted(it.product(range(largest + 1), repeat=len(atoms)), key=sum):
        sizes = dict(zip(atoms, counts, strict=True))
        try:
            choices = [
                [
                    dict(zip(elements(d, sizes), values, strict=True))
                    for values in it.islice(it.product(elements(c, sizes), repeat=len(elements(d, sizes))), limit)
                ]
                for d, c in signature.values()
            ]
        except OverflowError:
            continue
        for chosen in it.product(*choices):
            looked += 1
            if looked > limit:
                return
            tables = dict(zip(signature, chosen, strict=True))
            try:
                if all(holds(h, sizes, tables) for h in statement["given"]):
                    yield sizes, tables
            except OverflowError:
                continue


def _types(statement: Any) -> Any:
    found = [statement["dom"], statement["cod"]]
    for equation in [statement, *statement["given"]]:
        found += [equation["dom"], equation["cod"], *_inside(equation["lhs"]), *_inside(equation["rhs"])]
    return found


def _inside(term: Any) -> list[Any]:
    """The types written inside a term."""
    match term:
        case [("i1" | "i2" | "0"), kind]:
            return [kind]
        case ["cur", kind, f]:
            return [kind, *_inside(f)]
        case [_, *parts]:
            return [kind for part in parts if isinstance(part, list) for kind in _inside(part)]
    return []


def refuted(statement: Any, largest: int = 2, limit: int = 400) -> Any:
    """A finite model in which the statement is false, or None."""
    for sizes, tables in models(statement, largest, limit):
        try:
            if not holds(statement, sizes, tables):
                return sizes, tables
        except OverflowError:
            continue
    return None
