"""The main job, run once as users run it, and what it says when something is missing or wrong."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from catcore.equivariance import load
from catcore_backends import demo
from catcore_proofs import verify

FILES = ["circular.safetensors", "circular.svg", "causal.safetensors", "causal.svg"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """What the demo told, its facts, and the folder it wrote to."""
    folder = tmp_path_factory.mktemp("out")
    return *demo.run(verify, folder), folder


@pytest.mark.slow
def test_all_of_the_main_job_is_done(done):
    _, facts, folder = done

    assert facts["ok"] is True
    assert facts["images"] == 1797
    for name in ("circular", "causal"):
        part = facts[name]
        assert (part["laws"], part["evidence"]) == ("holds", "exhaustive")
        assert (part["dim"], part["dense_parameters"]) == (64, 4096)
        assert (part["different"], part["compared"]) == (0, 64 * 1797 * 4 * 64)
        assert part["different_untied"] > 0
    assert facts["broken"]["law"] == "associativity"
    assert facts["broken"]["counterexample"].startswith("down ▶ (down^7 ▶ pixel (0, 0)) = pixel (7, 0), but (")
    assert facts["files"] == [str(folder / name) for name in FILES]


@pytest.mark.slow
def test_it_is_told_in_under_25_lines(done):
    lines, _, folder = done

    assert len(lines) < 25
    assert all(len(line.replace(str(folder), "out")) <= 120 for line in lines)


@pytest.mark.slow
def test_weights_and_pictures_read_back(done):
    _, _, folder = done
    circular, causal = (load(folder / name) for name in FILES[::2])

    assert circular.theta.shape == causal.theta.shape == (64, 4, 1)
    labels = np.asarray(causal.space.labels)
    assert np.array_equal(labels, np.tril(labels))
    for name in FILES[1::2]:
        assert len([e for e in ElementTree.parse(folder / name).iter() if e.get("data-class")]) == 64


def test_shifts_move_images_as_they_say():
    image = np.arange(1, 65).reshape(1, 64)

    assert demo.roll(image, (1, 0))[0, :9].tolist() == [*range(57, 65), 1]
    assert demo.fill(image, (1, 0))[0, :9].tolist() == [0] * 8 + [1]
    assert demo.fill(image, (0, 7)).reshape(8, 8)[:, 7].tolist() == list(range(1, 65, 8))
    assert np.array_equal(demo.fill(image, (0, 0)), image)


def test_without_scikit_learn_there_is_a_remedy(run, files, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)

    assert "pip install 'catcore[demo]'" in run("demo").refused()
    assert files() == set()


def test_an_unwritable_folder_is_said_before_the_work(run, put):
    put("file", "")

    assert run("demo", "--out", "file/out").refused().startswith("The folder file/out cannot be made")


def test_something_that_does_not_hold_is_status_1(run, monkeypatch):
    monkeypatch.setattr(demo, "run", lambda *_: (["Something that should hold does not."], {"ok": False}))

    assert run("demo").status == 1


def test_a_layer_that_does_not_commute_is_noticed():
    """The comparison itself, with the shift of the other action: the group's layer on images filled with zeros."""
    images = np.random.default_rng(0).integers(0, 17, size=(3, 1, 64))
    part = demo._layer(verify, images, "circular", *demo.translations(), demo.fill)

    assert part["ok"] is False
    assert part["different"] > 0


def test_a_lawless_report_is_noticed():
    class Lawless(list):
        ok, status = False, "fails"

    images = np.random.default_rng(0).integers(0, 17, size=(1, 1, 64))
    part = demo._layer(lambda _: Lawless(), images, "circular", *demo.translations(), demo.roll)

    assert (part["ok"], part["different"]) == (False, 0)
