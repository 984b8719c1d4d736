"""What of a run is looked at: which probe, layer and direction."""

import dataclasses

import streamlit as st

from pages._ui.keys import Key
from rnnviz.experiment import Experiment
from rnnviz.states import DIRECTIONS


@dataclasses.dataclass(frozen=True)
class Choice:
    """A probe by its number, a layer (-1 for the top) and a direction."""

    probe: int = 0
    layer: int = -1
    direction: str = "forward"


def choose(experiment: Experiment, probes: bool = True) -> Choice:
    """Controls for all there is to choose; what has one value only is not asked for."""
    deepest = max(model.layers for model in experiment.models)
    two_ways = any(model.bidirectional for model in experiment.models)
    with st.container(horizontal=True, key="choices"):
        probe = _probe(experiment) if probes else 0
        layer = _layer(deepest) if deepest > 1 else -1
        direction = _direction() if two_ways else "forward"
    return Choice(probe, layer, direction)


def has(experiment: Experiment, label: str, choice: Choice) -> bool:
    """Whether a model has the chosen layer and direction."""
    spec = experiment.model(label)
    return choice.layer < spec.layers and choice.direction in DIRECTIONS[: spec.directions]


def _probe(experiment: Experiment) -> int:
    names = experiment.task.probes().names
    if st.session_state.get(Key.PROBE, 0) not in range(len(names)):
        st.session_state[Key.PROBE] = 0
    chosen: int = st.selectbox(
        "Sequence all models read", range(len(names)), format_func=names.__getitem__, key=Key.PROBE, width=360
    )
    return chosen


def _layer(deepest: int) -> int:
    options = [-1, *range(deepest)]
    if st.session_state.get(Key.LAYER, -1) not in options:
        st.session_state[Key.LAYER] = -1
    chosen: int = st.selectbox(
        "Layer", options, format_func=lambda n: "top" if n < 0 else f"{n + 1} (from below)", key=Key.LAYER, width=200
    )
    return chosen


def _direction() -> str:
    chosen: str = st.selectbox("Direction", DIRECTIONS, key=Key.DIRECTION, width=200)
    return chosen
