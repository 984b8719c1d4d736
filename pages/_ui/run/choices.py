"""What of a run is looked at: which probe, layer and direction."""

import dataclasses

import streamlit as st

from pages._ui.widgets.keys import Key
from pages._ui.widgets.values import select, stored
from rnnviz.experiment import Experiment
from rnnviz.states import DIRECTIONS


@dataclasses.dataclass(frozen=True)
class Choice:
    """A probe by its number, a layer (-1 for the top) and a direction."""

    probe: int = 0
    layer: int = -1
    direction: str = "forward"


def choose(experiment: Experiment, probes: bool = True, ways: bool = True) -> Choice:
    """Controls for all there is to choose; what has one value only is not asked for.

    probes, ways: whether a probe, and a direction, is to be chosen at all.
    """
    deepest = max(model.layers for model in experiment.models)
    two_ways = ways and any(model.bidirectional for model in experiment.models)
    with st.container(horizontal=True, key="choices"):
        probe = _probe(experiment) if probes else 0
        layer = _layer(deepest) if deepest > 1 else -1
        direction = _direction() if two_ways else "forward"
    return Choice(probe, layer, direction)


def chosen(experiment: Experiment) -> Choice:
    """What the controls stand at, where they have been drawn elsewhere on the page."""
    probe = stored(Key.PROBE, 0)
    found = Choice(
        probe if probe < len(experiment.task.probes().names) else 0,
        stored(Key.LAYER, -1),
        stored(Key.DIRECTION, DIRECTIONS[0]),
    )
    deepest = max(model.layers for model in experiment.models)
    two_ways = any(model.bidirectional for model in experiment.models)
    layer = found.layer if deepest > 1 and found.layer < deepest else -1
    return dataclasses.replace(found, layer=layer, direction=found.direction if two_ways else DIRECTIONS[0])


def has(experiment: Experiment, label: str, choice: Choice) -> bool:
    """Whether a model has the chosen layer and direction."""
    spec = experiment.model(label)
    return choice.layer < spec.layers and choice.direction in DIRECTIONS[: spec.directions]


def _probe(experiment: Experiment) -> int:
    names = experiment.task.probes().names
    chosen: int = select("Sequence all models read", Key.PROBE, range(len(names)), names.__getitem__, 360)
    return chosen


def _layer(deepest: int) -> int:
    chosen: int = select("Layer", Key.LAYER, [-1, *range(deepest)], _layer_named, 200)
    return chosen


def _layer_named(layer: int) -> str:
    return "top" if layer < 0 else f"{layer + 1} (from below)"


def _direction() -> str:
    chosen: str = select("Direction", Key.DIRECTION, DIRECTIONS, str, 200)
    return chosen
