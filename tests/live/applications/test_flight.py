"""The picture of a throw: what is told is the simulation's own, what moves is the model's."""

import json

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.live import moment, pack, scene
from rnnviz.live.applications.flight import sure_from
from rnnviz.live.view import View
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.throws import Throws
from tests.live.reader import unpack
from tests.live.runs import experiment, run


def test_what_is_told_is_what_the_camera_saw_and_what_can_be_known() -> None:
    chosen = experiment("throws")
    task, told = chosen.task, scene(chosen, "compare")["pictures"]
    assert isinstance(task, Throws)
    batch = task.probes().batch
    assert [picture["kind"] for picture in told] == ["flight"] * len(chosen.labels)
    for probe, throw in enumerate(told[0]["throws"]):
        asked = batch.targets[:, probe] != PAD
        assert throw["asked"] == asked.sum() and throw["goesIn"] == batch.targets[0, probe]
        np.testing.assert_allclose(throw["seen"], task.metres(batch.inputs)[:, probe, :2], atol=0.00051)
        np.testing.assert_allclose(throw["known"], task.known(probe)[asked], atol=0.00051)


def test_chances_are_the_softmax_of_what_the_readout_gave() -> None:
    done = run("throws")
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    asked = int((done.experiment.task.probes().batch.targets[:, 1] != PAD).sum())
    for label, model in done.frames[-1].models.items():
        logits = model.outputs[:asked, 1].astype(np.float64)
        chances = np.exp(logits[:, 1]) / np.exp(logits).sum(axis=1)
        np.testing.assert_allclose(sent["models"][label]["own"]["chances"], chances, atol=1e-6)
        assert not sent["models"][label]["values"], "hidden states are on the page States"


@pytest.mark.parametrize(
    ("chances", "goes_in", "since"),
    [
        ([0.5, 0.95, 0.8, 0.91, 0.99], True, 3),
        ([0.95, 0.95], True, 0),
        ([0.95, 0.89], True, None),
        ([0.5, 0.2, 0.05], False, 2),
        ([0.5, 0.2, float("nan")], False, None),
    ],
)
def test_known_is_what_is_sure_and_right_to_the_end(chances: list[float], goes_in: bool, since: int | None) -> None:
    assert sure_from(np.array(chances), goes_in) == since


@pytest.mark.parametrize("params", [{"distance": 8.0, "camera_error": 10.0}, {"distance": 3.0, "camera_error": 0.0}])
def test_the_furthest_and_the_nearest_can_be_told(params: dict[str, float]) -> None:
    assert len(json.dumps(scene(rv.Experiment(rv.task("throws", **params)), "compare"))) < 100_000
