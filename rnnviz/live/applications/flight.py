"""A ball in flight at a basket: where the camera saw it, and how likely a model finds it after each frame to go in."""

from typing import Any

import numpy as np

from rnnviz.charts.scales import Scale
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.throws import Throws, flight
from rnnviz.tasks.throws.task import SURE

CHANCE = Scale("viridis", 0.0, 1.0, "0 misses", "1 goes in")


def told(experiment: Experiment, _label: str) -> dict[str, Any]:
    """The basket in metres, and every probe.

    Of each: seen (frame, 2) forward and up, how many frames are asked, how it ends, the chances for who knows the laws
    of flight, and from which frame on these are sure.
    """
    task = experiment.task
    assert isinstance(task, Throws)
    scale = {
        "palette": CHANCE.scheme,
        "low": 0.0,
        "high": 1.0,
        "lowName": CHANCE.low_name,
        "highName": CHANCE.high_name,
    }
    return {
        "timed": True,
        "rate": flight.FRAMES,
        "sure": SURE,
        "ball": flight.BALL,
        "ring": {"x": task.distance, "y": flight.RING, "radius": flight.RING_RADIUS},
        "board": {"x": task.distance + flight.BOARD, "low": flight.BOARD_LOW, "high": flight.BOARD_HIGH},
        "hand": flight.RELEASE,
        "scale": scale,
        "throws": [_throw(task, probe) for probe in range(len(task.probes().names))],
    }


def _throw(task: Throws, probe: int) -> dict[str, Any]:
    batch = task.probes().batch
    asked = int((batch.targets[:, probe] != PAD).sum())
    known, goes_in = task.known(probe)[:asked], bool(batch.targets[0, probe])
    return {
        "seen": np.round(task.metres(batch.inputs)[:, probe, :2].astype(float), 3).tolist(),
        "asked": asked,
        "goesIn": goes_in,
        "known": np.round(known, 3).tolist(),
        "knownFrom": sure_from(known, goes_in),
    }


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """Chances that the ball goes in (frame,) float32, as far as it is asked, and from which frame on they are sure."""
    targets = at.experiment.task.probes().batch.targets[:, view.probe]
    asked = int((targets != PAD).sum())
    outputs = at.model(label).outputs[:asked, view.probe].astype(np.float64)
    chances = 1.0 / (1.0 + np.exp(np.clip(outputs[:, 0] - outputs[:, 1], -60.0, 60.0)))
    return {"chances": chances.astype(np.float32), "from": sure_from(chances, bool(targets[0]))}


def sure_from(chances: np.ndarray, goes_in: bool) -> int | None:
    """The first frame from which on the right outcome is sure to the end; None if it never is."""
    right = chances if goes_in else 1.0 - chances
    unsure = np.flatnonzero(~(right >= SURE))
    first = int(unsure[-1]) + 1 if unsure.size else 0
    return first if first < len(chances) else None
