"""The picture of students: what is told is the simulation's own, what moves is the model's."""

import json

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.tasks.flags import sigmoid
from rnnviz.tasks.learners.task import Learners
from tests.live.reader import unpack
from tests.live.runs import experiment, run


def learners(chosen: rv.Experiment) -> Learners:
    assert isinstance(chosen.task, Learners)
    return chosen.task


def test_what_is_told_is_the_simulation_and_the_exact_filter() -> None:
    chosen = experiment("learners")
    task, told = learners(chosen), scene(chosen, "compare")["pictures"]
    batch, steps, count = task.probes().batch, task.steps, len(task.names)
    assert [picture["kind"] for picture in told] == ["mastery"] * len(chosen.labels)
    for probe, student in enumerate(told[0]["students"]):
        skills, right = np.array(student["skills"]), np.array(student["right"])
        assert len(skills) == len(right) == steps + 1, "the last one is asked, never read"
        read, answered = task.practised(batch.inputs[:, probe])
        np.testing.assert_array_equal(skills[:-1], read)
        np.testing.assert_array_equal(right[:-1], answered)
        assert batch.targets[-1, probe, skills[-1]] == right[-1]
        assert set(student["mastered"]) <= {0, 1} and len(student["mastered"]) == (steps + 1) * count
        ideal = np.array(student["ideal"]).reshape(steps, count)
        np.testing.assert_allclose(ideal / 100, task.foreseen(batch.inputs)[:, probe], atol=0.00501)
        belief = np.array(student["belief"]).reshape(steps, count)
        np.testing.assert_allclose(belief / 100, task.mastery(batch.inputs)[:, probe], atol=0.00501)


def test_the_curves_are_what_the_readout_gave() -> None:
    done = run("learners")
    task, last = learners(done.experiment), done.frames[-1]
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    for label, model in last.models.items():
        own = sent["models"][label]["own"]
        chances = sigmoid(model.outputs[:, 1].astype(np.float64))
        np.testing.assert_allclose(own["chances"], chances.ravel(), atol=1e-6)
        ideal = task.foreseen(task.probes().batch.inputs)[:, 1]
        assert own["off"] == pytest.approx(100 * np.abs(chances - ideal).mean())
    assert not sent["models"]["lstm"]["values"], "hidden states are on the page States"


@pytest.mark.parametrize("params", [{"length": 400, "skills": 10}, {"length": 4, "skills": 2}])
def test_the_longest_and_the_shortest_can_be_told(params: dict[str, int]) -> None:
    told = scene(rv.Experiment(rv.task("learners", **params)), "compare")["pictures"]
    assert len(json.dumps(told)) < 600_000
