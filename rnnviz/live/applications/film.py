"""A film, what a model makes of it, and its gates and states: as images where they have places, else as strips."""

import math
from typing import Any

import numpy as np

from rnnviz import cells
from rnnviz.charts.scales import Scale
from rnnviz.live import pictures
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.specs.architectures import placed
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.layer_sizes import variables_of
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.motion import films
from rnnviz.tasks.motion.filmed import Filmed
from rnnviz.tasks.motion.paths import SIGNS

GREY = Scale("grey", 0.0, 1.0, "0", "1")
OFF = Scale("blueorange", -0.5, 0.5, "−0.5", "0.5")  # of what is foreseen, minus what came
CHANCE = Scale("viridis", 0.0, 1.0, "0", "1")


def told(experiment: Experiment, label: str) -> dict[str, Any]:
    """The films, and what stands in each image.

    side, places: pixels and places of a frame, down and across.
    films:     of each probe its frames, 256 hexadecimal digits each, row by row; one more where the next is asked.
    kinds:     what a film may show, with `signs`, and `right`, of each probe its place there, or none of it.
    variables: what is shown of the units: as `pictures.band` tells, with its symbol.
    parameters: weights and biases of the model.
    channels:  units at each place; 0 where they have none, then `units` says how many there are.
    pixels, off, chance: colours of pixels, of differences between them, of probabilities.
    """
    task, spec = _task(experiment), experiment.model(label)
    batch = task.probes().batch
    seen = films.as_frames(batch.inputs)
    if task.answers.at_every_step:
        seen = np.concatenate([seen, films.as_frames(batch.targets)[-1:]])
    shapes = architectures.of(task).weight_shapes(spec, task)
    bounded = spec.kind.is_bounded(spec)
    return {
        "timed": True,
        "side": films.SIDE,
        "places": films.PLACES,
        "films": [
            ["".join(f"{shade:x}" for shade in frame) for frame in _shades(seen[:, probe])]
            for probe in range(seen.shape[1])
        ],
        "kinds": list(task.classes),
        "signs": [SIGNS.get(name, name) for name in task.classes],
        "right": [] if task.answers.at_every_step else [int(target) for target in batch.targets],
        "variables": [pictures.band(name, bounded) | {"symbol": cells.part(name).symbol} for name in _variables(spec)],
        "units": spec.hidden,
        "parameters": sum(math.prod(shape) for shape in shapes.values()),
        "channels": 0 if spec.reach is None else placed.channels_of(spec, task),
        "pixels": _scale(GREY),
        "off": _scale(OFF),
        "chance": _scale(CHANCE),
    }


def _variables(spec: ModelSpec) -> tuple[str, ...]:
    """What is shown of a model, in the order in which it is computed: gates and candidate, then the states."""
    names = dict.fromkeys([*(block.name for block in spec.kind.blocks), "cell", "hidden"])
    there = variables_of(spec)
    return tuple(name for name in names if name in there)


def _shades(frames: np.ndarray) -> list[list[int]]:
    found: list[list[int]] = np.rint(films.SHADES * frames).astype(int).reshape(len(frames), -1).tolist()
    return found


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "palette": scale.scheme,
        "low": scale.low,
        "high": scale.high,
        "lowName": scale.low_name,
        "highName": scale.high_name,
    }


def moment(at: RunView, label: str, view: View) -> dict[str, Any]:
    """What a model makes of the film that is looked at.

    units:   variable → (time, unit) float16, of the layer and direction that are looked at.
    frames:  where the next frame is asked (time, row, column) float16, after each frame the one that is foreseen;
    errors:  (time,) float32, the mean squared error of each.
    chances: else (time, kind) float32, the probability of each kind if the film ended after that frame; NaN where a
             model cannot say, since it also reads from the end.
    """
    task = _task(at.experiment)
    found: dict[str, Any] = {"units": pictures.values(at, label, view, _variables(at.experiment.model(label)))}
    if not task.answers.at_every_step:
        return found | {"chances": _chances(at, label, view.probe)}
    outputs = at.model(label).outputs[:, view.probe]
    wanted = task.probes().batch.targets[:, view.probe]
    errors = np.square(outputs.astype(np.float64) - wanted).mean(-1)
    return found | {"frames": films.as_frames(outputs), "errors": errors.astype(np.float32)}


def _chances(at: RunView, label: str, probe: int) -> np.ndarray:
    """The readout of the states after every frame: what the model says of a film that ends there."""
    task, spec, frame = at.experiment.task, at.experiment.model(label), at.model(label)
    logits = np.full((task.steps, task.output_size), np.nan)
    if not spec.bidirectional:
        weights = architectures.of(task).dense(spec, task, frame.weights)
        hidden = frame.trace["hidden"][:, 0, :, probe].astype(np.float64)
        states = hidden.sum(0) if spec.skip else hidden[-1]  # with skip connections each layer adds to what it reads
        logits = states @ weights["readout.weight"].T.astype(np.float64) + weights["readout.bias"]
    logits[-1] = frame.outputs[-1, probe]
    found = np.exp(logits - logits.max(-1, keepdims=True))
    chances: np.ndarray = (found / found.sum(-1, keepdims=True)).astype(np.float32)
    return chances


def _task(experiment: Experiment) -> Filmed:
    assert isinstance(experiment.task, Filmed)
    return experiment.task
