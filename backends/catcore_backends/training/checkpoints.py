"""Checkpoints: the state of a training run in one safetensors file, from which it goes on to the same numbers.

The tensors are the weights, the state of the optimiser and the best weights so far; the metadata hold the place in the
run, its history, and what the run is, so that a file of another run is refused, and a checksum of all of it, so that a
file in which a single bit has changed is refused as well.  Files are written beside their place and renamed: a run that
is killed while it writes leaves the file before.
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

FORMAT = "catcore training 3"


@dataclass(frozen=True)
class Saved:
    """What a checkpoint holds.

    Args:
        tensors: named lists of arrays.
        epoch: how many epochs are done.
        history: the losses of each of them.
        best: the best loss, and the epoch that it was that of.
    """

    tensors: Mapping[str, list[Any]]
    epoch: int
    history: list[dict[str, float]]
    best: tuple[float, int]


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
    text = json.dumps({"format": FORMAT, **metadata})
    files.write(path, save(flat, {"catcore": text, "checksum": _checksum(flat, text)}))


def _checksum(tensors: Mapping[str, Any], text: str) -> str:
    named = (thing for name in sorted(tensors) for thing in (name, tensors[name]))
    return digest(text, *named)


def read(path: Path, run: Mapping[str, Any]) -> Saved:
    """The checkpoint of a run.

    Raises:
        BadSpecification: when the file is no checkpoint, is damaged, or belongs to another run.
    """
    tensors, about = _tensors(path)
    if about.get("checksum") != _checksum(tensors, about.get("catcore", "")):
        raise BadSpecification(
            f"The checkpoint {path} was not written by fit, or is damaged; give another name, or remove it."
        )
    found, saved = _understood(path, about["catcore"], tensors)
    different = next((what for what in run if found.get(what) != run[what]), None)
    if different is not None:
        raise BadSpecification(
            f"The checkpoint {path} belongs to a run with another {different} ({found.get(different)}, and here "
            f"{run[different]}); give another name, or train as it did."
        )
    return saved


def _understood(path: Path, text: str, tensors: Mapping[str, Any]) -> tuple[dict[str, Any], Saved]:
    """What run a checkpoint is of, and what it holds, once that is known to be of the right kinds."""
    try:
        metadata = json.loads(text)
        found, epoch, history, (best, at) = (metadata[k] for k in ("run", "epoch", "history", "best"))
        losses = [float(loss) for entry in history for loss in entry.values()]
        fits = metadata["format"] == FORMAT and isinstance(found, dict) and len(losses) >= len(history) == epoch
        if fits and type(epoch) is type(at) is int and 0 <= at <= epoch and all("loss" in e for e in history):
            return found, Saved(_grouped(tensors), epoch, [dict(e) for e in history], (float(best), at))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise BadSpecification(f"The checkpoint {path} holds no run of this version; give another name, or remove it.")


def _tensors(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise BadSpecification(
            f"The checkpoint {path} is damaged or no safetensors file ({error}); remove it to start anew."
        ) from None


def _grouped(tensors: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, dict[int, Any]] = {}
    for name, x in tensors.items():
        group, _, number = name.rpartition(".")
        found.setdefault(group, {})[int(number)] = x
    return {group: [parts[i] for i in sorted(parts)] for group, parts in found.items()}
