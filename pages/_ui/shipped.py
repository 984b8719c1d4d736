"""The finished run that comes with the app, for those who have not trained yet."""

import functools

import streamlit as st

from pages._ui import prose
from pages._ui.keys import Key
from pages._ui.state import AppState
from rnnviz.experiment import Experiment
from rnnviz.runs import Run

PATH = prose.ASSETS / "runs" / "default.safetensors"


@functools.cache
def load() -> Run:
    """The shipped run of the default experiment."""
    return Run.load(PATH)


def prepare(state: AppState) -> None:
    """What the task asks and what will happen when it is trained."""
    task = state.experiment.task
    with st.container(key="task", border=True):
        st.markdown(f"#### {task.title}\n\n{task.about}")
        st.code(task.example(), language=None, wrap_lines=True)
        st.markdown(prose.text("what_will_happen"))


def introduce(state: AppState) -> Run:
    """Say that the shipped run is shown, and of what; returns it."""
    if state.experiment == Experiment():
        said = "a finished run of this experiment, shipped with the app.** Press **Train** to run it yourself."
    else:
        said = (
            f"a finished run of the default experiment ({Experiment().task.title.lower()}), shipped with the app.** "
            "Press **Train** to run your own."
        )
    with st.container(key=Key.SHIPPED):
        st.info(f"Shown below: **{said}")
    return load()
