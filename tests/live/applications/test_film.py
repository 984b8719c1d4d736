"""The picture of a film: what is told is the film, what moves are the model's own answers, gates and states."""

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.nn.models.model import restored
from rnnviz.tasks.motion import films
from tests.live.reader import unpack
from tests.live.runs import run

MODELS = (
    rv.ModelSpec("lstm", 128, reach=1),
    rv.ModelSpec("lstm", 3),
    rv.ModelSpec("gru", 64, reach=0),
    rv.ModelSpec("rnn", 2),
)


@pytest.mark.parametrize("name", ["motion", "frames"])
def test_what_is_told_is_the_film_and_where_units_have_places(name: str) -> None:
    chosen = run(name, MODELS).experiment
    pictures, batch = scene(chosen, "compare")["pictures"], chosen.task.probes().batch
    assert [one["kind"] for one in pictures] == ["film"] * 4
    assert [one["channels"] for one in pictures] == [2, 0, 1, 0]
    assert [len(one["variables"]) for one in pictures] == [6, 6, 4, 1]
    assert [one["symbol"] for one in pictures[0]["variables"]] == ["iₜ", "fₜ", "c̃ₜ", "oₜ", "cₜ", "hₜ"]
    for probe, film in enumerate(pictures[0]["films"]):
        seen = np.array([[int(digit, 16) for digit in frame] for frame in film]).reshape(-1, 16, 16) / 15
        np.testing.assert_allclose(seen[:14], films.as_frames(batch.inputs)[:, probe], atol=1e-6)
        if name == "frames":
            np.testing.assert_allclose(seen[1:], films.as_frames(batch.targets)[:, probe], atol=1e-6)
        else:
            assert pictures[0]["kinds"][pictures[0]["right"][probe]] == chosen.task.probes().names[probe]
    weights = run(name, MODELS).frames[-1].models
    for one in pictures:
        assert one["parameters"] == sum(weight.size for weight in weights[one["label"]].weights.values())


@pytest.mark.parametrize("name", ["motion", "frames"])
def test_images_of_units_are_the_trace(name: str) -> None:
    done = run(name, MODELS)
    sent = unpack(pack(moment(done, View("compare", 2), len(done.frames) - 1)))
    for label, model in done.frames[-1].models.items():
        units = sent["models"][label]["own"]["units"]
        assert set(units) == set(model.trace)
        for variable, values in units.items():
            np.testing.assert_array_equal(values, model.trace[variable][0, 0, :, 2].ravel())


def test_frames_that_are_foreseen_are_what_the_readout_gave() -> None:
    done = run("frames", MODELS)
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    wanted = done.experiment.task.probes().batch.targets[:, 1]
    for label, model in done.frames[-1].models.items():
        own = sent["models"][label]["own"]
        np.testing.assert_array_equal(own["frames"], films.as_frames(model.outputs[:, 1]).ravel())
        errors = np.square(model.outputs[:, 1].astype(float) - wanted).mean(-1)
        np.testing.assert_allclose(own["errors"], errors, rtol=1e-5)


def test_chances_at_a_frame_are_those_of_a_film_that_ends_there() -> None:
    """Read from states and weights: as if a shorter film had been read."""
    done = run("motion", (*MODELS[:3], rv.ModelSpec("lstm", 3, layers=2, skip=True)))
    sent = unpack(pack(moment(done, View("compare", 0), len(done.frames) - 1)))
    task, inputs = done.experiment.task, done.experiment.task.probes().batch.inputs
    for label in done.experiment.labels:
        chances = np.asarray(sent["models"][label]["own"]["chances"]).reshape(14, 7)
        model = restored(done.experiment.model(label), task, done.frames[-1].models[label].weights)
        for time in (3, 13):
            with torch.no_grad():
                logits = model(torch.tensor(inputs[: time + 1, :1])).numpy().reshape(-1).astype(float)
            np.testing.assert_allclose(chances[time], np.exp(logits) / np.exp(logits).sum(), atol=2e-3)
    assert len(task.classes) == 7


def test_who_reads_from_the_end_says_nothing_before_it() -> None:
    done = run("motion", (rv.ModelSpec("gru", 3, bidirectional=True),))
    own = moment(done, View("compare", 0), len(done.frames) - 1)["models"]["gru"]["own"]
    assert np.isnan(own["chances"][:-1]).all() and own["chances"][-1].sum() == pytest.approx(1.0, abs=1e-5)
