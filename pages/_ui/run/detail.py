"""One variable of one model with every value to point at, when nothing moves."""

import streamlit as st

from pages._ui.run import drawings
from pages._ui.run.choices import Choice, has
from pages._ui.run.live import Shown
from pages._ui.run.place import place
from pages._ui.widgets.values import select
from rnnviz.charts import MOST_CELLS
from rnnviz.charts.theme import look
from rnnviz.names import VARIABLES


def one_by_one(shown: Shown, choice: Choice, only_gates: bool = False) -> None:
    """Choose a model and a variable; every value of it can be pointed at."""
    if shown.moving:
        return
    st.markdown("### Value by value")
    offered = [label for label in shown.run.experiment.labels if has(shown.run.experiment, label, choice)]
    traces = {label: _names(shown, label, choice, only_gates) for label in offered}
    traces = {label: names for label, names in traces.items() if names}
    if not traces:
        return
    with st.container(horizontal=True):
        label = select("Model", "detail.model", list(traces), lambda label: look(label).name)
        name = select("Variable", f"detail.{label}.name", traces[label], VARIABLES.__getitem__)
    units = shown.run.experiment.model(label).hidden
    fitting = min(units, MOST_CELLS // len(drawings.tokens(shown, choice)))
    with st.container(key="detail"):
        place(drawings.cells(shown, label, name, fitting, choice), "detail")
    part = (
        ""
        if fitting == units
        else f" Shown are the first {fitting} of {units} units: at most {MOST_CELLS:,} cells can be pointed at."
    )
    st.caption(f"Point at a cell to read its value.{part}")


def _names(shown: Shown, label: str, choice: Choice, only_gates: bool) -> list[str]:
    names = drawings.trace(shown, label, choice)
    return [name for name in names if name not in ("hidden", "cell")] if only_gates else list(names)
