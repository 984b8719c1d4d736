"""How far back a state can be felt: at one moment of training against the lag, and as one number over the training."""

import dataclasses

import pandas as pd
import streamlit as st

from pages._ui.gradients import drawings as drawn
from pages._ui.gradients import laboratory
from pages._ui.gradients.knobs import fate
from pages._ui.gradients.known import COMING, Known, sorry
from pages._ui.run.choices import Choice, has
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from rnnviz import analysis
from rnnviz.charts.theme import look
from rnnviz.engine import EngineError


@dataclasses.dataclass(frozen=True)
class _Horizons:
    """The memory horizons known: step, label, value; why some are not; and how much of all that is, up to 1."""

    table: pd.DataFrame
    missing: dict[str, str]
    share: float


def reach(shown: Shown, known: Known, choice: Choice) -> None:
    """‖∂h_T/∂h_t‖ against the lag, with the bound."""
    st.markdown("### How far back the last state reaches")
    with st.container(key="lags"):
        if known.looks:
            place(drawn.lags(shown, known.looks, choice), "lags")
            _explained(shown, known, choice)
        sorry(known.missing)


def _explained(shown: Shown, known: Known, choice: Choice) -> None:
    """What the curve is of, and the bound for one step."""
    bounds = {
        n: float(drawn.of(shown, n, one, "bound", choice)[1])
        for n, one in known.looks.items()
        if "bound" in one.found and analysis.analysed_steps(shown.run.experiment, choice.probe) > 1
    }
    st.caption(
        "Not the curve on top: that is the loss’s gradient over the training batch; this is what the last state itself "
        "still owes to an earlier one, on the one sequence shown."
    )
    for label, most in bounds.items():
        name = look(label).name
        st.caption(f"The {name}’s bound is × {most:.2f} for each step, σ\\_max(W\\_hh) · max φ′: {fate(most)}.")


def horizon(shown: Shown, choice: Choice) -> bool:
    """The horizon as far as it is known; returns whether more of a run that stands still is being measured."""
    known = _horizons(shown, choice)
    _draw_horizon(shown, choice, known)
    if coming := known.share < 1 and not shown.moving:
        st.progress(known.share, COMING)
    return coming


def _horizons(shown: Shown, choice: Choice) -> _Horizons:
    """What is known by now of all models that have the chosen layer and direction."""
    rows, missing, done = [], {}, 0
    labels = [label for label in laboratory.measured(shown) if has(shown.run.experiment, label, choice)]
    for label in labels:
        try:
            found, complete = laboratory.horizons(shown, label, choice.probe, choice.layer, choice.direction)
            rows += [(step, label, float(steps) if steps >= 0 else float("nan")) for step, steps in found]
            done += len(shown.run.frames) if complete else len(found)
        except (ValueError, EngineError) as error:
            missing[label] = str(error)
            done += len(shown.run.frames)
    table = pd.DataFrame(rows, columns=["step", "label", "value"])
    return _Horizons(table, missing, done / max(1, len(labels) * len(shown.run.frames)))


def _draw_horizon(shown: Shown, choice: Choice, known: _Horizons) -> None:
    st.markdown("### The memory horizon over training")
    with st.container(key="horizon"):
        place(drawn.memory_horizon(shown, known.table, choice), "horizon")
        _now(shown, known.table, choice)
        sorry(known.missing)


def _now(shown: Shown, table: pd.DataFrame, choice: Choice) -> None:
    """The horizon at the moment that is shown."""
    last, said = analysis.analysed_steps(shown.run.experiment, choice.probe) - 1, []
    for label in shown.run.experiment.labels:
        rows = table[(table["label"] == label) & (table["step"] <= shown.step)].dropna()
        if len(rows):
            steps = int(rows["value"].iloc[-1])
            said.append(f"{look(label).name} {steps}{' (all)' if steps == last else ''}")
    now = f" Now, of {last} steps: {', '.join(said)}." if said else ""
    st.caption(f"The largest lag at which the norm (of an LSTM by h or by c) is {drawn.SHARE} or more.{now}")
