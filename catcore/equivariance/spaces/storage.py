"""Tied weights on disk: the free parameters, and the tie that they stand for, in one checked file.

A ``.safetensors`` or ``.npz`` file holds ``theta`` (and ``bias``), the signed labels of the pattern where there is
one, and as
metadata the specification of both representations and an exact basis otherwise.  Nothing in it can run code.  Loading
believes nothing: the tie is solved again from the stated generators and compared.  Writing goes to a temporary file in
the same folder, which is then renamed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from catcore.equivariance.certificates import checks
from catcore.equivariance.linear_algebra import matrices
from catcore.equivariance.linear_algebra.matrix_family import MatrixFamily
from catcore.equivariance.spaces import specification
from catcore.equivariance.spaces.homspace import HomSpace
from catcore.equivariance.strategies import intertwining, orbits
from catcore.equivariance.strategies.null_space import Basis
from catcore.equivariance.strategies.solver import equivariant_maps
from catcore.equivariance.strategies.system import System
from catcore.errors import BadSpecification, CatError, ShapeMismatch
from catcore.exact import exact_number
from catcore.files import write

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Tensors = Mapping[str, NDArray[np.generic]]

FORMAT = "catcore tie 1"
MAX_BYTES = 4 * 2**30
MAX_METADATA = 64 * 2**20


class Tied(NamedTuple):
    """What a file of tied weights holds: the free parameters, the space that they belong to, and bias parameters or
    None."""

    theta: NDArray[np.floating[Any]]
    space: HomSpace
    bias: NDArray[np.floating[Any]] | None


def save(W: HomSpace, path: str | Path, theta: Any = None, *, bias: Any = None) -> Path:
    """Write the free parameters and the tie to ``.safetensors`` or ``.npz``; returns the path.

    ``theta`` has shape (dim,) or (dim, c_out, c_in), zeros if None; ``bias`` belongs to ``W.bias`` likewise.
    Raises ``ShapeMismatch`` for another shape, ``BadSpecification`` for another ending, ``Unwritable`` if writing
    fails.
    """
    import numpy as np

    target = Path(path)
    encode = _encoder(target)
    tensors: dict[str, Any] = {"theta": _parameters(np.zeros(W.dim) if theta is None else theta, W.dim, "theta")}
    if bias is not None:
        tensors["bias"] = _parameters(bias, W.bias.dim, "bias")
    metadata = {
        "format": FORMAT,
        "specification": specification.to_mapping(W),
        "dim": W.dim,
        "shape": list(W.shape),
        "method": W.method,
    }
    if W.labels is not None:
        tensors["labels"] = W.labels.astype(_label_type(W.dim))
    else:
        metadata["basis"] = _written_basis(W)
    write(target, encode(tensors, json.dumps(metadata)))
    return target


def _parameters(values: Any, dim: int, name: str) -> Any:
    import numpy as np

    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise ShapeMismatch(
            f"Real numbers were asked for in {name} and {array.dtype} was found; save real and imaginary parts apart."
        )
    array = np.ascontiguousarray(array if array.dtype.kind == "f" else array.astype(float))
    if array.ndim not in (1, 3 if name == "theta" else 2) or array.shape[0] != dim:
        raise ShapeMismatch(
            f"{name} with first axis {dim} was asked for and shape {array.shape} was found; it has one entry "
            "(or one block of channels) for each free parameter."
        )
    return array


def _label_type(dim: int) -> Any:
    import numpy as np

    return next(t for t in (np.int8, np.int16, np.int32) if dim <= np.iinfo(t).max)


def _written_basis(W: HomSpace) -> list[list[Any]]:
    return [
        [k, i, j, str(W.field.expression(x))]
        for k, matrix in enumerate(W._exact_basis)
        for (i, j), x in sorted(matrix.to_dok().items())
    ]


def _encoder(path: Path) -> Callable[[Tensors, str], bytes]:
    encoders: dict[str, Callable[[Tensors, str], bytes]] = {".safetensors": _safetensors, ".npz": _npz}
    if path.suffix not in encoders:
        raise BadSpecification(f"Weights in a file named {path.name!r} were asked for; name it .safetensors or .npz.")
    return encoders[path.suffix]


def _safetensors(tensors: Tensors, metadata: str) -> bytes:
    from safetensors.numpy import save as encode

    return encode(dict(tensors), {"catcore": metadata})


def _npz(tensors: Tensors, metadata: str) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    arrays: dict[str, Any] = {**tensors, "catcore": np.frombuffer(metadata.encode(), dtype=np.uint8)}
    np.savez(buffer, **arrays)
    return buffer.getvalue()


# Loading ----------------------------------------------------------------------------------------------------------


def load(path: str | Path) -> Tied:
    """Read tied weights back, checking shapes, and that the tie is the one that the stated generators force.

    Raises ``BadSpecification`` with what is wrong when the file is not one that :func:`save` wrote, or was changed.
    """
    source = Path(path)
    _encoder(source)
    try:
        if source.stat().st_size > MAX_BYTES:
            raise BadSpecification(f"{source} has more than {MAX_BYTES} bytes; it is not read.")
        tensors, text = (_read_npz if source.suffix == ".npz" else _read_safetensors)(source)
    except OSError as error:
        raise BadSpecification(
            f"The weights {source} were asked for and cannot be read: {error.strerror or error}; check the name."
        ) from None
    metadata = _metadata(text, source)
    try:
        return _checked(tensors, metadata, source)
    except BadSpecification:
        raise
    except (CatError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadSpecification(f"The tie in {source} does not hold together: {error}") from None


def _read_safetensors(path: Path) -> tuple[dict[str, Any], str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, (file.metadata() or {}).get("catcore", "")  # noqa: SIM118
    except SafetensorError as error:
        raise BadSpecification(f"A safetensors file was asked for and {path} is not one: {error}.") from None


def _read_npz(path: Path) -> tuple[dict[str, Any], str]:
    import numpy as np

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise BadSpecification(f"{path} unpacks to more than {MAX_BYTES} bytes; it is not read.")
        with np.load(path, allow_pickle=False) as archive:
            tensors = {name: archive[name] for name in archive.files}
        return tensors, bytes(np.asarray(tensors.pop("catcore", np.zeros(0)), dtype=np.uint8)).decode()
    except (zipfile.BadZipFile, ValueError, EOFError, UnicodeDecodeError, AttributeError) as error:
        raise BadSpecification(f"An npz file was asked for and {path} is not one: {error}.") from None


def _metadata(text: str, path: Path) -> dict[str, Any]:
    try:
        data = json.loads(text) if len(text) <= MAX_METADATA else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadSpecification(
            f"Tied weights were asked for and {path} says nothing of the format {FORMAT!r}; write it with save."
        )
    return data


def _checked(tensors: Mapping[str, Any], metadata: Mapping[str, Any], path: Path) -> Tied:
    W = equivariant_maps(*specification.from_mapping(metadata["specification"]))
    if metadata["shape"] != list(W.shape):
        raise BadSpecification(
            f"The tie in {path} says shape {metadata['shape']} and its generators act on {list(W.shape)}."
        )
    if "labels" in tensors:
        _check_labels(tensors["labels"], W, path)
    else:
        W = _with_basis(metadata["basis"], W, path)
    theta = _parameters(tensors["theta"], W.dim, "theta")
    bias = _parameters(tensors["bias"], W.bias.dim, "bias") if "bias" in tensors else None
    return Tied(theta, W, bias)


def _check_labels(labels: Any, W: HomSpace, path: Path) -> None:
    import numpy as np

    if labels.shape != W.shape or labels.dtype.kind != "i":
        raise BadSpecification(
            f"Labels of shape {W.shape} were asked for and {labels.dtype} of shape {labels.shape} was found in {path}."
        )
    lawful = checks.verify_solution(orbits.Pattern(labels, W.dim), W.rho_in, W.rho_out, W.field)
    if not lawful or W.labels is None or not np.array_equal(labels, W.labels):
        broken = (
            "breaks the equation W ρ_in = ρ_out W" if not lawful else "is not the pattern that the generators force"
        )
        raise BadSpecification(f"The tying pattern in {path} {broken}; the file was changed after it was written.")


def _with_basis(entries: Any, W: HomSpace, path: Path) -> HomSpace:
    """The space with the basis of the file, which the parameters belong to."""
    shape, found = W.shape, [dict[tuple[int, int], Any]() for _ in range(W.dim)]
    for k, i, j, text in entries:
        if not (0 <= k < W.dim and 0 <= i < shape[0] and 0 <= j < shape[1]):
            raise BadSpecification(
                f"The basis in {path} has an entry at ({k}, {i}, {j}), outside {W.dim} matrices of shape {shape}."
            )
        number = exact_number(
            text, field="C" if not W.field.characteristic else W.field, where=f"basis entry ({k}, {i}, {j})"
        )
        found[k][i, j] = W.field.element(number)
    basis = [matrices.sparse(matrix, shape, W.field) for matrix in found]
    family = MatrixFamily.of_matrices(basis, shape, W.field)
    if not intertwining.holds(family, System(checks.exact_pairs(W.rho_in, W.rho_out, W.field), W.field)):
        raise BadSpecification(
            f"The basis in {path} breaks the equation W ρ_in = ρ_out W; the file was changed after it was written."
        )
    if all(a.to_dok() == b.to_dok() for a, b in zip(basis, W._exact_basis, strict=True)):
        return W
    if family.rank() < W.dim:
        raise BadSpecification(f"The basis in {path} is not independent; the file was changed after it was written.")
    return HomSpace(W.rho_in, W.rho_out, W.method, lambda: Basis(family))
