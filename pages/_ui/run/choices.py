"""What of a run is looked at: which probe, layer and direction."""

import dataclasses

from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs.experiment import Experiment


@dataclasses.dataclass(frozen=True)
class Choice:
    """A probe by its number, a layer (-1 for the top) and a direction."""

    probe: int = 0
    layer: int = -1
    direction: str = "forward"


def fitting(experiment: Experiment, probe: int, layer: int, direction: str) -> Choice:
    """A choice of which what the experiment lacks falls back to the first sequence, the top layer, forward."""
    deepest = max(model.layers for model in experiment.models)
    ways = max(model.directions for model in experiment.models)
    return Choice(
        probe if 0 <= probe < len(experiment.task.probes().names) else 0,
        layer if deepest > 1 and -1 <= layer < deepest else -1,
        direction if direction in DIRECTIONS[:ways] else DIRECTIONS[0],
    )


def has(experiment: Experiment, label: str, choice: Choice) -> bool:
    """Whether a model has the chosen layer and direction."""
    spec = experiment.model(label)
    return choice.layer < spec.layers and choice.direction in DIRECTIONS[: spec.directions]
