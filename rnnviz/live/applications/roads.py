"""A network of motorways: speeds that came, speeds that a model foretold, how far it was off, and what it remembers."""

from typing import Any

import numpy as np

from rnnviz.charts.scales import Scale
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.traffic import Traffic, typing
from rnnviz.tasks.traffic.network import ROADS
from rnnviz.tasks.traffic.simulation import EVERY
from rnnviz.tasks.traffic.speeds import AHEAD, MEASURES
from rnnviz.tasks.traffic.task import NOW, UNASKED, USUAL

SCALES = {
    "speed": Scale("viridis", 0.0, 110.0, "0", "110 km/h"),
    "error": Scale("plasma", 0.0, 40.0, "0", "40 km/h"),
    "state": Scale("viridis", 0.0, 1.0, "|h| = 0", "1"),
}
NAMES = {NOW: "as now", USUAL: "as usual"}


def told(experiment: Experiment, label: str) -> dict[str, Any]:
    """The network, and what was measured on it.

    sensors: of each its name, road and place on the map in km; `links` are pairs of them, along the traffic.
    routes:  road → the sensors on the way along it, from where it begins to where traffic leaves the network.
    ahead:   minutes; every: minutes of a step; unasked: steps at the beginning after which nothing is asked.
    placed:  whether the model has states of its own at every sensor.
    simple:  of the forecasts that need no network their name and, by how far ahead, what `measures` are.
    probes:  of each the time of day of every step up to what is asked last, and the speeds then (step, sensor), km/h.
    """
    task = _traffic(experiment)
    network = task.network
    return {
        "timed": True,
        "sensors": [
            {"name": name, "road": one.road, "lanes": one.lanes, "x": one.x, "y": one.y}
            for name, one in network.stretches.items()
        ],
        "links": [[network.names.index(name) for name in link] for link in network.links],
        "roads": ROADS,
        "routes": {road: [network.names.index(name) for name in network.route(road)] for road in ROADS},
        "ahead": [EVERY * ahead for ahead in AHEAD],
        "every": EVERY,
        "unasked": UNASKED,
        "placed": experiment.model(label).reach is not None,
        "measures": list(MEASURES),
        "simple": [
            [NAMES[name], {of: np.round(found[of].astype(float), 2).tolist() for of in MEASURES}]
            for name, found in task.simple.items()
        ],
        "scales": {
            name: {
                "palette": of.scheme,
                "low": of.low,
                "high": of.high,
                "lowName": of.low_name,
                "highName": of.high_name,
            }
            for name, of in SCALES.items()
        },
        "probes": [_probe(task, probe) for probe in range(len(task.probes().names))],
    }


def _probe(task: Traffic, probe: int) -> dict[str, Any]:
    seen, start = task.seen(probe), int(task.shown[1][probe])
    return {
        "clock": [typing.clock(start + step) for step in range(len(seen))],
        "seen": np.rint(seen).astype(int).ravel().tolist(),
    }


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model foretells at every step of a probe, and how far it is off on all days that are held out.

    forecast: (time, sensor, ahead) float32, row by row, km/h.
    state:    (time, sensor) float32, the mean of |h| over the units of each sensor; empty where units belong to none.
    mae, rmse, mape: (ahead,) float32, see `Speeds.by_ahead`.
    """
    frame, task = at.model(label), _traffic(at.experiment)
    found = task.answers.of.quantities(frame.outputs[:, view.probe].astype(np.float64)).astype(np.float32)
    state = np.empty(0, np.float32)
    if at.experiment.model(label).reach is not None:
        layers = frame.trace["hidden"]
        hidden = layers[min(view.layer, len(layers) - 1), 0, :, view.probe].astype(np.float32)
        state = np.abs(hidden).reshape(len(hidden), len(task.network.names), -1).mean(-1).ravel()
    return {"forecast": found.ravel(), "state": state, **{name: frame[f"by_ahead/{name}"] for name in MEASURES}}


def _traffic(experiment: Experiment) -> Traffic:
    assert isinstance(experiment.task, Traffic)
    return experiment.task
