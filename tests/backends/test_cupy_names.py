"""Array code uses nothing that CuPy lacks: read off the sources, for machines without a device."""

from __future__ import annotations

import pytest

from tests.backends import cupy_stand_in
from tests.backends.cupy_names import (
    DEVICE,
    KNOWN_DEVICE,
    all_uses,
    device_imports,
    device_signature,
    known,
    offered,
    refusal,
    uses,
)

NAMES = known()


def test_cupy_has_every_name_and_takes_every_call() -> None:
    found = all_uses()

    assert len({use.name for use in found}) > 30
    assert [why for use in found if (why := refusal(use, NAMES))] == []


@pytest.mark.parametrize(
    ("source", "said"),
    {
        "a name of another library": ("xp.relu(x)", "code:1 uses xp.relu, which the namespace does not have."),
        "a name of an extension": ("xp.fft.dct(x)", "code:1 uses xp.fft.dct, which the namespace does not have."),
        "a keyword of another library": ("xp.take(x, i, dim=1)", "got an unexpected keyword argument 'dim'."),
        "too few arguments": ("xp.matmul(x)", "missing a required argument: 'x2'."),
    }.values(),
)
def test_a_use_that_cupy_cannot_serve_is_named(source: str, said: str) -> None:
    (use,) = uses(source, "code")

    assert str(refusal(use, NAMES)).endswith(said)


def test_the_names_kept_here_are_those_of_the_library() -> None:
    pytest.importorskip("cupy", exc_type=ImportError)
    import array_api_compat.cupy as xp

    assert NAMES.items() <= offered(xp).items()


def test_code_imports_only_what_cupy_has() -> None:
    rooms = {name.rpartition(".")[0] for name in DEVICE}

    assert device_imports() <= {*DEVICE, *rooms}


def test_the_stand_in_offers_what_cupy_does_and_nothing_else() -> None:
    names = known(KNOWN_DEVICE)
    with cupy_stand_in.installed():
        import cupy

        assert {name: device_signature(name, cupy) for name in names} == names
        for kind in (cupy.cuda.Stream, cupy.cuda.MemoryPool, cupy.cuda.Graph, cupy.cuda.Device):
            words = {word for word in vars(kind) if not word.startswith("_")}
            assert {f"cuda.{kind.__name__}.{word}" for word in words} <= names.keys()


def test_the_names_of_the_device_kept_here_are_those_of_the_library() -> None:
    cupy = pytest.importorskip("cupy", exc_type=ImportError)

    assert {name: device_signature(name, cupy) for name in DEVICE} == known(KNOWN_DEVICE)
