"""The picture of a road network: what is told is what the sensors measured, what moves is the model's."""

import json

import numpy as np

import rnnviz as rv
from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.tasks.traffic import Traffic
from rnnviz.tasks.traffic.speeds import AHEAD, MEASURES
from tests.live.reader import unpack
from tests.live.runs import experiment, run

MODELS = (rv.ModelSpec("gru", 40, reset="before", reach=1), rv.ModelSpec("gru", 4))


def test_what_is_told_is_what_was_measured_and_the_forecasts_that_need_no_network() -> None:
    chosen = experiment("traffic", MODELS)
    task, told = chosen.task, scene(chosen, "compare")["pictures"]
    assert isinstance(task, Traffic)
    assert [picture["kind"] for picture in told] == ["roads"] * 2 and [one["placed"] for one in told] == [True, False]
    names = [sensor["name"] for sensor in told[0]["sensors"]]
    assert names == list(task.network.names)
    assert {(names[a], names[b]) for a, b in told[0]["links"]} == set(task.network.links)
    assert [names[at] for at in told[0]["routes"]["N"]] == ["N1", "N2", "N3", "N4", "M5", "M6", "M7", "M8", "M9"]
    for probe, one in enumerate(told[0]["probes"]):
        assert len(one["clock"]) == task.length + AHEAD[-1]
        np.testing.assert_array_equal(np.reshape(one["seen"], (-1, len(names))), np.rint(task.seen(probe)))
    assert [name for name, _ in told[0]["simple"]] == ["as now", "as usual"]
    np.testing.assert_allclose(told[0]["simple"][0][1]["mae"], task.simple["now"]["mae"], atol=0.0051)
    assert len(json.dumps(told)) < 150_000


def test_speeds_are_what_the_readout_gave_and_states_are_those_of_each_sensor() -> None:
    done = run("traffic", MODELS)
    sent = unpack(pack(moment(done, View("compare", 1), len(done.frames) - 1)))
    for label, model in done.frames[-1].models.items():
        own, of = sent["models"][label]["own"], done.experiment.task.answers.of
        np.testing.assert_allclose(own["forecast"], of.quantities(model.outputs[:, 1]).ravel(), rtol=1e-5)
        for name in MEASURES:
            np.testing.assert_array_equal(own[name], model[f"by_ahead/{name}"])
    states = np.reshape(sent["models"]["gru-dc"]["own"]["state"], (-1, 20))
    hidden = done.frames[-1].models["gru-dc"].trace["hidden"][-1, 0, :, 1].astype(np.float32)
    np.testing.assert_allclose(states[:, 3], np.abs(hidden[:, 6:8]).mean(-1), rtol=1e-5)
    assert not len(sent["models"]["gru"]["own"]["state"])
