"""The ``tie`` specification: a pair of representations written in TOML, read with every number exact.

::

    kind = "group"                  # or "monoid": nothing is inverted; or "lie": generators are Lie-algebra elements
    relations = ["s s"]             # optional, checked
    [generators.s]
    input  = [[0, 1], [1, 0]]       # a matrix of integers and exact strings ...
    output = [1, 0]                 # ... or an index map: basis vector j goes to basis vector map[j]

Instead of generators, ``group = "S5"`` (or A n, C n, D n, O n, SO n, SO(p,q), Sp n, U n, SU n, GL n, SL n) with tables
``[input]`` and ``[output]`` saying ``tensor = k``.  A file from a stranger cannot run code, and its sizes are bounded
before anything is allocated.

>>> rho_in, rho_out = read_specification('group = "S3"\\n[input]\\ntensor = 1\\n[output]\\ntensor = 1')
>>> from catcore.equivariance.strategies.solver import equivariant_maps
>>> summary(equivariant_maps(rho_in, rho_out))["pattern"]
[[1, 2, 2], [2, 1, 2], [2, 2, 1]]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catcore.equivariance.groups import words
from catcore.equivariance.groups.group import Group, named_group
from catcore.equivariance.groups.lie import LieGroup
from catcore.equivariance.groups.monoid import Monoid
from catcore.equivariance.representations.permutations import PermutationRepresentation
from catcore.equivariance.representations.representation import Representation
from catcore.equivariance.representations.validation import Source
from catcore.equivariance.spaces.homspace import SHOWN_ENTRIES, HomSpace
from catcore.errors import BadSpecification, TooLarge
from catcore.exact import Field, read_field

MAX_BYTES = 16 * 2**20
MAX_GENERATORS = 1000
KINDS = ("group", "monoid", "lie")
KEYS = {"kind", "relations", "field", "generators", "components", "group", "input", "output"}


def read_specification(source: str | Path) -> tuple[Representation, Representation]:
    """Read ``(ρ_in, ρ_out)`` from a TOML file, or from its text when the string has a newline or ``=`` in it.

    Raises ``BadSpecification`` for a file that cannot be read or is not such a specification, and the errors of
    :class:`Representation` (``ShapeMismatch``, ``NotARepresentation``, ``InexactNumber``, ...) for what it says.
    """
    try:
        data = tomllib.loads(_text(source))
    except tomllib.TOMLDecodeError as error:
        raise BadSpecification(
            f"A TOML specification was asked for and the text is not TOML: {error}; catcore tie --help shows one."
        ) from None
    except RecursionError:
        raise BadSpecification(
            "A TOML specification was asked for and it nests too deep to read; write it flat."
        ) from None
    return from_mapping(data)


def _text(source: str | Path) -> str:
    if isinstance(source, str) and ("\n" in source or "=" in source):
        return _bounded(source, len(source), "The text")
    path = Path(source)
    try:
        _bounded("", path.stat().st_size, f"The file {path}")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadSpecification(f"A TOML specification was asked for and {path} is not UTF-8 text.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadSpecification(
            f"The specification {path} was asked for and cannot be read: {why}; check the name."
        ) from None


def _bounded(text: str, size: int, what: str) -> str:
    if size > MAX_BYTES:
        raise BadSpecification(
            f"{what} has {size} bytes and at most {MAX_BYTES} are read; use index maps instead of matrices."
        )
    return text


def from_mapping(data: Mapping[str, Any]) -> tuple[Representation, Representation]:
    """The pair of representations that a parsed specification describes; raises as :func:`read_specification` does."""
    unknown = sorted(map(str, set(data) - KEYS))
    if unknown:
        raise BadSpecification(
            f"The key {unknown[0]!r} was found in a specification; the keys known are {', '.join(sorted(KEYS))}."
        )
    if "group" in data:
        return _named(data)
    kind = data.get("kind")
    if kind not in KINDS:
        raise BadSpecification(
            f"A kind was asked for and {kind!r} was found; write kind = 'group', 'monoid' or 'lie', or name a group."
        )
    for key in ("input", "output"):
        if key in data:
            raise BadSpecification(
                f"The table [{key}] was found without a named group; it goes with a line such as group = 'S5'."
            )
    field = _field(data)
    generators = _sides(data, "generators")
    components = _sides(data, "components") if kind == "lie" else {}
    if kind != "lie" and "components" in data:
        raise BadSpecification(f"Components were found beside kind = {kind!r}; they go with kind = 'lie'.")
    if not generators:
        raise BadSpecification("Generators were asked for and none were found; write tables such as [generators.s].")
    source = _source(kind, list(generators), list(components), _relations(data))
    both = generators | components
    return _side(source, both, "input", field), _side(source, both, "output", field)


def _field(data: Mapping[str, Any]) -> Field | None:
    name = data.get("field")
    if name is not None and not isinstance(name, str):
        raise BadSpecification(
            f"A field was asked for and {name!r} was found; write a string such as field = 'Q' or 'GF(5)'."
        )
    return read_field(name)


def _relations(data: Mapping[str, Any]) -> list[str]:
    relations = data.get("relations", [])
    if (
        not isinstance(relations, list)
        or not all(isinstance(r, str) for r in relations)
        or len(relations) > 10 * MAX_GENERATORS
    ):
        raise BadSpecification(
            "Relations were asked for and something else was found; write a list of words such as ['s s', 'a b = b a']."
        )
    return relations


def _sides(data: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """The input and output of each generator; both sides must name the same ones."""
    tables = data.get(key, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise BadSpecification(
            f"Tables [{key}.NAME] were asked for and {str(tables)[:60]!r} was found; each has an input and an output."
        )
    if len(tables) > MAX_GENERATORS:
        raise BadSpecification(
            f"{len(tables)} {key} were found and at most {MAX_GENERATORS} are read; a few generators are enough."
        )
    for name, table in tables.items():
        extra = sorted(map(str, set(table) - {"input", "output"}))
        if extra:
            raise BadSpecification(
                f"The key {extra[0]!r} was found in [{key}.{name}]; a generator has an input and an output."
            )
    named = {side: [name for name, table in tables.items() if side in table] for side in ("input", "output")}
    if named["input"] != named["output"] or len(named["input"]) != len(tables):
        found = " and ".join(f"{side} names {', '.join(names) or 'nothing'}" for side, names in named.items())
        raise BadSpecification(
            f"The same {key} were asked for on both sides and {found}; give each one an input and an output."
        )
    return tables


def _source(kind: str, generators: list[str], components: list[str], relations: list[str]) -> Source:
    if kind == "lie":
        read = tuple(words.read_relation(r, [*generators, *components], inverses=True) for r in relations)
        return LieGroup(tuple(generators), tuple(components), read)
    return (Group if kind == "group" else Monoid).presentation(generators, relations)


def _side(source: Source, tables: Mapping[str, Mapping[str, Any]], side: str, field: Field | None) -> Representation:
    given = {name: table[side] for name, table in tables.items()}
    for name, value in given.items():
        if not isinstance(value, list) or not value:
            raise BadSpecification(
                f"The {side} of {name} was asked for and {str(value)[:60]!r} was found; write a matrix or an index map."
            )
    maps = {name: _is_index_map(value, f"{side} of {name}") for name, value in given.items()}
    if isinstance(source, LieGroup):
        flat = [name for name in source.infinitesimal if maps[name]]
        if flat:
            raise BadSpecification(
                f"The {side} of {flat[0]} is an index map; a Lie-algebra element is a matrix, write its rows."
            )
        rows = {name: _as_rows(value) if maps[name] else value for name, value in given.items()}
        return Representation.lie(
            {x: rows[x] for x in source.infinitesimal},
            {x: rows[x] for x in source.components},
            group=source,
            field=field,
        )
    if all(maps.values()):
        return Representation.permutation(source, given, field=field)
    return Representation(source, {name: _as_rows(v) if maps[name] else v for name, v in given.items()}, field=field)


def _is_index_map(value: Sequence[Any], where: str) -> bool:
    nested = [isinstance(x, list) for x in value]
    if any(nested) and not all(nested):
        raise BadSpecification(f"The {where} mixes rows and numbers; write a matrix [[..], [..]] or an index map [..].")
    return not nested[0]


def _as_rows(images: Sequence[Any]) -> list[list[int]]:
    """The 0/1 matrix of an index map that stands beside matrices."""
    from catcore.equivariance.groups.monoid import index_map
    from catcore.equivariance.linear_algebra.matrices import MAX_NONZERO

    n = len(images)
    if n * n > MAX_NONZERO:
        raise TooLarge(f"An index map on {n} points stands beside matrices; write every generator as an index map.")
    checked = index_map(images, n, n, "an index map")
    return [[int(image == i) for image in checked] for i in range(n)]


# Named groups -----------------------------------------------------------------------------------------------------


def _named(data: Mapping[str, Any]) -> tuple[Representation, Representation]:
    name = data["group"]
    for key in ("generators", "components", "relations"):
        if key in data:
            raise BadSpecification(
                f"Both group = {name!r} and {key} were found; a named group brings its own, leave one out."
            )
    if data.get("kind", "group") != "group" or not isinstance(name, str):
        raise BadSpecification(
            f"A named group was asked for and kind = {data.get('kind')!r}, group = {name!r} was "
            "found; write group = 'S5'."
        )
    group = named_group(name)
    _over(group, _field(data))
    orders = {side: _order(data, side) for side in ("input", "output")}
    rho = group.defining
    return rho.tensor(orders["input"]), rho.tensor(orders["output"])


def _over(group: Group | LieGroup, field: Field | None) -> None:
    """Refuse a field that a named group has no matrices over; where it has, its space of maps has one basis for all."""
    if field is not None and field.characteristic and isinstance(group, LieGroup):
        raise BadSpecification(
            f"The group {group} over {field.name} was asked for; classical groups are known in characteristic 0, so "
            "leave the field out, or give a finite group by its generators."
        )


def _order(data: Mapping[str, Any], side: str) -> int:
    table = data.get(side, {"tensor": 1})
    if not isinstance(table, dict) or set(table) - {"tensor"}:
        raise BadSpecification(f"A table [{side}] with tensor = k was asked for and {str(table)[:60]!r} was found.")
    order = table.get("tensor", 1)
    if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order <= 24:
        raise BadSpecification(
            f"A tensor order was asked for in [{side}] and {order!r} was found; write an integer from 0 to 24."
        )
    return order


# Writing ----------------------------------------------------------------------------------------------------------


def to_mapping(W: HomSpace) -> dict[str, Any]:
    """A specification of the same pair of representations, for TOML or JSON; :func:`from_mapping` reads it back.

    A group without generators is written with one that acts as the identity, which ties nothing.  Raises
    ``BadSpecification`` where one side has dimension 0.
    """
    if 0 in W.shape:
        raise BadSpecification(
            f"A specification of {W.shape[0]}×{W.shape[1]} matrices was asked for, which have no entries; there is "
            "nothing to store."
        )
    source = W.rho_in.monoid
    lie = isinstance(source, LieGroup) and bool(source.infinitesimal)
    kind = "lie" if lie else "group" if source.is_group else "monoid"
    tables = {
        name: {"input": _written(W.rho_in, name), "output": _written(W.rho_out, name)} for name in source.generators
    } or {"e": {"input": list(range(W.shape[1])), "output": list(range(W.shape[0]))}}
    data: dict[str, Any] = {"kind": kind, "relations": [words.show_relation(r) for r in source.relations]}
    if W.field.closed or W.field.imaginary:
        data["field"] = "C" if W.field.imaginary and not W.field.closed else W.field.name
    components = source.components if isinstance(source, LieGroup) and lie else ()
    data["generators"] = {x: table for x, table in tables.items() if x not in components}
    if components:
        data["components"] = {x: tables[x] for x in components}
    return data


def _written(rho: Representation, name: str) -> list[Any]:
    if isinstance(rho, PermutationRepresentation):
        images: list[int] = rho.index_map(name).tolist()
        return images
    return [[int(x) if x.is_Integer else str(x) for x in row] for row in rho.matrix(name).tolist()]


def summary(W: HomSpace) -> dict[str, Any]:
    """What ``catcore tie --json`` prints: dimension, shape, parameter counts, method, and a small 0/±1 pattern.

    ``checked`` says that the basis commutes with the generators, and ``multiplied`` that both sides were multiplied
    out for it; otherwise the generators were seen to preserve what the basis is made of.
    """
    found: dict[str, Any] = {
        "dim": W.dim,
        "shape": list(W.shape),
        "free_parameters": W.free_parameters,
        "dense_parameters": W.dense_parameters,
        "method": W.method,
        "exact": W.exact,
        "checked": W.checked,
        "multiplied": W.multiplied,
    }
    if W.dense_parameters <= SHOWN_ENTRIES and W.pattern is not None:
        found["pattern"] = W.pattern
    return found
