"""The map of the paper: each numbered item has a place that exists, or a stated omission (FEATURES 3)."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ITEMS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("paper.toml").read_text("utf-8"))["item"]
ANCHORS = [*(f"1.{k}" for k in range(1, 6)), *(f"2.{k}" for k in range(1, 16)), *"BCDEFGHIJ"]


def found(name: str) -> Any:
    """The module, or what is in it, of a dotted name.

    Raises ``LookupError`` when there is none.
    """
    parts = name.split(".")
    for k in range(len(parts), 0, -1):
        try:
            thing: Any = import_module(".".join(parts[:k]))
        except ModuleNotFoundError:
            continue
        for part in parts[k:]:
            if not hasattr(thing, part):
                raise LookupError(name)
            thing = getattr(thing, part)
        return thing
    raise LookupError(name)


def test_every_item_of_the_paper_is_there_once_and_in_order():
    assert [item["anchor"] for item in ITEMS] == ANCHORS
    assert [item for item in ITEMS if bool(item.get("place")) == bool(item.get("omitted"))] == []


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["anchor"])
def test_its_place_exists(item):
    assert all(found(name) is not None for name in item.get("place", ()))


@pytest.mark.parametrize("name", ["catcore.no_such", "catcore.functors.Funktor", "nowhere.at.all"])
def test_a_wrong_place_is_caught(name):
    with pytest.raises(LookupError, match="\\."):
        found(name)
