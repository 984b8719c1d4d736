"""How a page places a chart, and one column per model."""

from collections.abc import Iterator

import streamlit as st

from pages._ui.run.choices import Choice, has
from pages._ui.run.shown import Shown
from pages._ui.session.state import get_state
from pages._ui.widgets import keys
from rnnviz.charts import Drawing
from rnnviz.charts.theme import style_of
from rnnviz.specs.experiment import Experiment

ACROSS = 3  # models beside each other
UNCHAINED = "This model hands no state on, so no state has a derivative by the one before."
AT_ONCE = "This model's encoder reads all places at once and hands no state on, so none has a derivative by another."


def place(drawing: Drawing, key: str) -> None:
    """A chart that is updated in place: the same key and structure keep the same picture on the page."""
    drawn = get_state().drawn
    spec = drawing.after(drawn.get(key)).spec
    drawn[key] = drawing
    st.vega_lite_chart(spec=spec, alt=drawing.alt, key=f"chart.{key}", width="stretch")


def columns(shown: Shown, view: str, choice: Choice, chained: bool = False, across: int = ACROSS) -> Iterator[str]:
    """Enter one container per model, `<view>-<label>`, side by side; yields the labels that have something to show.

    chained: whether it is about what goes from state to state.
    across:  how many stand beside each other.
    """
    experiment = shown.run.experiment
    for begin in range(0, len(experiment.labels), across):
        labels = experiment.labels[begin : begin + across]
        for label, column in zip(labels, st.columns(min(across, len(experiment.labels)), gap="medium"), strict=False):
            with column, st.container(key=keys.container(view, label)):
                heading(label, experiment.title(label))
                if not has(experiment, label, choice):
                    st.caption("This model has no such layer or direction.")
                elif chained and not experiment.built(label).recurrent:
                    st.caption(unchained(experiment))
                else:
                    yield label


def unchained(experiment: Experiment) -> str:
    """Why no gradient goes from state to state in a model of which no state is handed on."""
    return AT_ONCE if experiment.task.at_once else UNCHAINED


def heading(label: str, title: str) -> None:
    """A model's title in its colour; hollow where another model of its cell is filled."""
    look = style_of(label)
    _, filled = look.mark
    fill = f"background:{look.colour}" if filled else f"box-shadow:inset 0 0 0 3px {look.colour}"
    st.html(f'<h3 class="cell"><span style="{fill}"></span>{title}</h3>')
