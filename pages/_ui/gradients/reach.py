"""How far back a state can be felt: at one moment of training against the lag, and as one number over the training."""

import math

import pandas as pd
import streamlit as st

from pages._ui.gradients import drawings as drawn
from pages._ui.gradients import laboratory
from pages._ui.gradients.knobs import fate
from pages._ui.gradients.known import Known, sorry, unchained
from pages._ui.run.choices import Choice, has
from pages._ui.run.place import place
from pages._ui.run.place import unchained as why
from pages._ui.run.shown import Shown
from pages._ui.session.asking import answer
from rnnviz import analysis
from rnnviz.cells import CELLS
from rnnviz.charts.theme import style_of
from rnnviz.engine import EngineError
from rnnviz.runs.datasets import place_of


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
        "This curve: how strongly the last state depends on an earlier state (one sequence). The curve on top: the "
        "loss gradient (whole training batch)."
    )
    for label, most in bounds.items():
        name = style_of(label).name
        st.caption(f"The {name}’s bound is × {most:.2f} for each time step, σ\\_max(W\\_hh) · max φ′: {fate(most)}.")


def horizon(shown: Shown, choice: Choice) -> None:
    """The memory horizon over the training of a run that is over; waits for it, and says how far that is."""
    st.markdown("### The memory horizon over training")
    if shown.moving:
        st.caption("It is measured when the run is over.")
        return
    labels = [label for label in laboratory.measured(shown) if has(shown.run.experiment, label, choice)]
    asked = {label: laboratory.ask_horizons(shown, label, choice.probe) for label in labels}
    progress, rows = st.progress(0.0, "Measuring …"), list[tuple[int, str, float]]()
    missing = dict.fromkeys(unchained(shown, choice), why(shown.run.experiment))
    parts = [(label, steps, waiting) for label, all_parts in asked.items() for steps, waiting in all_parts]
    for done, (label, steps, waiting) in enumerate(parts):
        progress.progress(done / len(parts), "Measuring …")
        try:
            found = answer(waiting)["horizon"]
        except (ValueError, EngineError) as error:
            missing[label] = str(error)
            continue
        place_of_it = place_of(shown.run.experiment, label, choice.layer, choice.direction)
        values = [float(one[place_of_it]) for one in found]
        rows += [(s, label, value if value >= 0 else math.nan) for s, value in zip(steps, values, strict=True)]
    progress.empty()
    table = pd.DataFrame(rows, columns=["step", "label", "value"])
    if labels:
        place(drawn.memory_horizon(shown, table, choice), "horizon")
        _now(shown, table, choice)
    sorry(missing)


def _now(shown: Shown, table: pd.DataFrame, choice: Choice) -> None:
    """The horizon at the moment that is shown."""
    last, said = analysis.analysed_steps(shown.run.experiment, choice.probe) - 1, []
    for label in shown.run.experiment.labels:
        rows = table[(table["label"] == label) & (table["step"] <= shown.step)].dropna()
        if len(rows):
            steps = int(rows["value"].iloc[-1])
            said.append(f"{style_of(label).name} {steps}{' (all)' if steps == last else ''}")
    now = f" Now, of {last} time steps: {', '.join(said)}." if said else ""
    two = " or ".join(cell.one for cell in CELLS.values() if cell.has_cell_state)
    st.caption(f"The largest lag at which the norm (of {two} by h or by c) is {drawn.SHARE} or more.{now}")
