"""What is changed by hand: which gate of which units at which time steps, and where the state is reset."""

import streamlit as st

from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from pages._ui.widgets.values import segments, standing, within
from rnnviz import analysis
from rnnviz.analysis.clamping import MOST_OPEN, Clamp, most_open
from rnnviz.cells import Block, title
from rnnviz.core.names import listed
from rnnviz.runs.datasets import place_of
from rnnviz.specs.models import ModelSpec

ALL, MOST, ONE = "All units", f"The {MOST_OPEN} most open", "One unit"


def show(shown: Shown, label: str, choice: Choice) -> Clamp:
    """Draw the controls; the change that they stand at."""
    experiment = shown.run.experiment
    spec, steps = experiment.model(label), analysis.analysed_steps(experiment, choice.probe)
    layer, direction = place_of(experiment, label, choice.layer, choice.direction)
    gates = _gates(spec)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="gates-where"):
        units = _units(shown, label, choice) if gates else None
        first, last = _steps(steps) if gates else (1, 1)
    reset = _reset(steps)
    return Clamp(layer, direction, gates, units, first - 1, last - 1, reset)


def _gates(spec: ModelSpec) -> tuple[tuple[str, float], ...]:
    """The gates that are held, each with its value; nothing of a cell without gates."""
    offered = [gate.name for gate in spec.kind.gates]
    if not offered:
        st.caption(f"There are no gates in {spec.kind.one}: its state can be reset, and its units silenced.")
        return ()
    key = f"gates.held.{spec.kind.name}"
    begin = [spec.kind.keeps.name] if spec.kind.keeps else offered[:1]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="gates-held"):
        held = st.pills(
            "Gates that are held",
            offered,
            selection_mode="multi",
            default=standing(key, begin),
            format_func=title,
            key=key,
            persist_state="session",
        )
        return tuple((gate.name, _value(gate)) for gate in spec.kind.gates if gate.name in held)


def _value(gate: Block) -> float:
    """What a gate is held at."""
    key, (low, high) = f"gates.value.{gate.name}", gate.legend
    said = f"{gate.title.capitalize()}: 0 {low}, 1 {high}"
    return float(st.slider(said, 0.0, 1.0, standing(key, 0.0), 0.05, key=key, width=240, persist_state="session"))


def _units(shown: Shown, label: str, choice: Choice) -> tuple[int, ...] | None:
    """The units whose gate is held, from 0; None for all."""
    spec = shown.run.experiment.model(label)
    keeps = spec.kind.keeps
    ways = [ALL, *([MOST] if keeps else []), ONE]
    way = segments("Of which units", "gates.units", ways)
    if way == ALL or spec.hidden == 1:
        return None
    if way == MOST and keeps:
        traced = analysis.trace(shown.at, label, choice.probe, choice.layer, choice.direction)
        found = most_open(traced[keeps.name])
        st.caption(f"Units {listed([str(unit + 1) for unit in found])}: their {keeps.title} is most open here.")
        return found
    key = "gates.unit"
    return (int(st.slider("Unit", 1, spec.hidden, within(key, 1, 1, spec.hidden), key=key, width=240)) - 1,)


def _steps(steps: int) -> tuple[int, int]:
    """From and to which time step, from 1."""
    if steps == 1:
        return 1, 1
    key, middle = "gates.steps", (steps + 1) // 2
    first, last = within(key, (middle, middle), 1, steps)
    chosen = st.slider("Time steps, from and to", 1, steps, (first, last), key=key, width=420)
    return int(chosen[0]), int(chosen[1])


def _reset(steps: int) -> int | None:
    """Before which time step the state is set to 0, from 0; None for never."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="gates-reset"):
        key = "gates.reset"
        if not st.toggle("Reset the state", standing(key, False), key=key, persist_state="session") or steps == 1:
            return None
        at = "gates.reset_at"
        begin = within(at, (steps + 1) // 2, 1, steps)
        return int(st.slider("to 0 before time step", 1, steps, begin, key=at, width=420)) - 1
