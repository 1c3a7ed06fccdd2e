"""Checkpoints: the state of a training run in one safetensors file, from which it goes on to the same numbers.

The tensors are the weights, the state of the optimiser and the best weights so far; the metadata hold the place in the
run, its history, and what the run is, so that a file of another run is refused.  Files are written beside their place
and renamed: a run that is killed while it writes leaves the file before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catcore import files
from catcore.errors import BadSpecification
from catcore_backends.batches import arrays

FORMAT = "catcore training 1"


@dataclass(frozen=True)
class Saved:
    """What a checkpoint holds: named lists of arrays, and metadata."""

    tensors: Mapping[str, list[Any]]
    metadata: Mapping[str, Any]


def digest(*things: Any) -> str:
    """A short fingerprint of terms, numbers and arrays."""
    found = hashlib.sha256()
    for thing in things:
        if isinstance(thing, np.ndarray):
            found.update(str((thing.dtype, thing.shape)).encode())
            found.update(np.ascontiguousarray(thing).tobytes())
        else:
            found.update(repr(thing).encode())
    return found.hexdigest()[:16]


def write(path: Path, tensors: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
    """Write a checkpoint; each tensor is named by where it belongs and its number there.

    Raises:
        Unwritable: when the file cannot be written; what was there stays.
    """
    from safetensors.numpy import save

    flat = {
        f"{name}.{i}": np.ascontiguousarray(np.asarray(x))
        for name, part in tensors.items()
        for i, x in enumerate(arrays(part))
    }
    files.write(path, save(flat, {"catcore": json.dumps({"format": FORMAT, **metadata})}))


def read(path: Path, run: Mapping[str, Any]) -> Saved:
    """The checkpoint of a run.

    Raises:
        BadSpecification: when the file is no checkpoint, is damaged, or belongs to another run.
    """
    tensors, text = _tensors(path)
    try:
        metadata = json.loads(text)
        if metadata["format"] != FORMAT:
            raise KeyError
        found, _, _ = metadata["run"], metadata["epoch"], metadata["history"]
    except (ValueError, KeyError, TypeError):
        raise BadSpecification(
            f"The checkpoint {path} was not written by fit; give another name, or remove it."
        ) from None
    different = next((what for what in run if found.get(what) != run[what]), None)
    if different is not None:
        raise BadSpecification(
            f"The checkpoint {path} belongs to a run with another {different} ({found.get(different)}, and here "
            f"{run[different]}); give another name, or train as it did."
        )
    return Saved(_grouped(tensors, path), metadata)


def _tensors(path: Path) -> tuple[dict[str, Any], str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, (file.metadata() or {}).get("catcore", "")  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise BadSpecification(
            f"The checkpoint {path} is damaged or no safetensors file ({error}); remove it to start anew."
        ) from None


def _grouped(tensors: Mapping[str, Any], path: Path) -> dict[str, list[Any]]:
    found: dict[str, dict[int, Any]] = {}
    for name, x in tensors.items():
        group, _, number = name.rpartition(".")
        if not number.isdigit():
            raise BadSpecification(f"The checkpoint {path} holds a tensor {name!r} of no run; remove it to start anew.")
        found.setdefault(group, {})[int(number)] = x
    return {group: [parts[i] for i in sorted(parts)] for group, parts in found.items()}
