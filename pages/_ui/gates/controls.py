"""What is changed by hand: which gate of which units at which time steps, and where the state is reset."""

import streamlit as st

from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown
from pages._ui.widgets.values import put, segments, select, standing, within
from rnnviz import analysis
from rnnviz.analysis.carrying import CARRIERS, carriers
from rnnviz.analysis.clamping import Clamp
from rnnviz.cells import Block, title
from rnnviz.core.names import listed
from rnnviz.runs.datasets import place_of
from rnnviz.specs.models import ModelSpec

_MODEL = "gates.model"  # which one is changed
ALL, MOST, ONE = "All units", f"The {CARRIERS} that carry most", "One unit"


def model(shown: Shown) -> str:
    """Which model is changed; those with gates come first."""
    experiment = shown.run.experiment
    offered = [label for label in experiment.labels if label in shown.at.measured]
    gated = [label for label in offered if experiment.model(label).kind.gates]
    ordered = [*gated, *(label for label in offered if label not in gated)]
    return str(select("Model", _MODEL, ordered, experiment.title, 220))


def of_stage(shown: Shown, label: str) -> str:
    """The model of the stage; where it has gates, `model` then offers it first elsewhere."""
    if shown.run.experiment.model(label).kind.gates:
        put(_MODEL, label)
    return label


def gates(spec: ModelSpec) -> tuple[tuple[str, float], ...]:
    """The gates that are held, each with its value; nothing of a cell without gates."""
    offered = [gate.name for gate in spec.kind.gates]
    if not offered:
        return ()
    key = f"gates.held.{spec.kind.name}"
    begin = [spec.kind.keeps.name] if spec.kind.keeps else offered[:1]
    held = st.pills(
        "Gates that are held",
        offered,
        selection_mode="multi",
        default=standing(key, begin),
        format_func=title,
        key=key,
        width="content",
        persist_state="session",
    )
    return tuple((gate.name, _value(gate)) for gate in spec.kind.gates if gate.name in held)


def change(
    shown: Shown, label: str, choice: Choice, held: tuple[tuple[str, float], ...], time: int | None = None
) -> Clamp:
    """Of which units and at which steps; where the state is reset.

    time: the time step of the stage, from 0, where a hold begins; None where the stage shows all of them.
    """
    experiment = shown.run.experiment
    steps = analysis.analysed_steps(experiment, choice.probe)
    layer, direction = place_of(experiment, label, choice.layer, choice.direction)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="gates-where"):
        units = _units(shown, label, choice) if held else None
        first, last = _steps(steps, time) if held else (1, 1)
        reset = _reset(steps)
    return Clamp(layer, direction, held, units, first - 1, last - 1, reset)


def _value(gate: Block) -> float:
    """What a gate is held at."""
    key, (low, high) = f"gates.value.{gate.name}", gate.legend
    said = f"{gate.title.capitalize()}: 0 {low}, 1 {high}"
    return float(st.slider(said, 0.0, 1.0, standing(key, 0.0), 0.05, key=key, width=200, persist_state="session"))


def _units(shown: Shown, label: str, choice: Choice) -> tuple[int, ...] | None:
    """The units whose gate is held, from 0; None for all."""
    spec = shown.run.experiment.model(label)
    keeps = spec.kind.keeps
    ways = [ALL, *([MOST] if keeps else []), ONE]
    way = segments("Of which units", "gates.units", ways)
    if way == ALL or spec.hidden == 1:
        return None
    if way == MOST and keeps:
        found = carriers(shown.at, label, choice.layer, choice.direction)
        units = listed([str(unit + 1) for unit in found])
        st.caption(f"Units {units}: most of what varies in their state is left at the end.", width=240)
        return found
    key = "gates.unit"
    return (
        int(
            st.slider(
                "Unit", 1, spec.hidden, within(key, 1, 1, spec.hidden), key=key, width=200, persist_state="session"
            )
        )
        - 1,
    )


def _steps(steps: int, time: int | None) -> tuple[int, int]:
    """From and to which time step, from 1."""
    if steps == 1:
        return 1, 1
    key, begin = "gates.steps", (steps + 1) // 2 if time is None else min(time + 1, steps)
    first, last = within(key, (begin, begin), 1, steps)
    chosen = st.slider("Time steps, from and to", 1, steps, (first, last), key=key, width=300, persist_state="session")
    if time is not None and not int(chosen[0]) <= begin <= int(chosen[1]):
        st.button(f"Hold at time step {begin}, as on the stage", on_click=put, args=(key, (begin, begin)))
    return int(chosen[0]), int(chosen[1])


def _reset(steps: int) -> int | None:
    """Before which time step the state is set to 0, from 0; None for never."""
    key, at = "gates.reset", "gates.reset_at"
    if not st.toggle("Reset the state", standing(key, False), key=key, persist_state="session") or steps == 1:
        return None
    begin = within(at, (steps + 1) // 2, 1, steps)
    return (
        int(st.slider("State set to 0 before time step", 1, steps, begin, key=at, width=300, persist_state="session"))
        - 1
    )
