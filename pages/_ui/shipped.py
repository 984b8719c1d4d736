"""The finished run that comes with the app, for those who have not trained yet."""

import functools

import streamlit as st

from pages._ui import prose
from pages._ui.keys import Key
from pages._ui.state import AppState
from rnnviz.runs import Run

PATH = prose.ASSETS / "runs" / "default.safetensors"


@functools.cache
def load() -> Run:
    """The shipped run of the default experiment."""
    return Run.load(PATH)


def suits(state: AppState) -> bool:
    """Whether the shipped run is one of the session's experiment."""
    return state.experiment == load().experiment and not state.refusal and not state.wanted


def introduce() -> Run:
    """Say that the shipped run is shown; returns it."""
    with st.container(key=Key.SHIPPED):
        st.info(
            "Shown below: **a finished run of this experiment, shipped with the app.** "
            "Press **Train** to run it yourself."
        )
    return load()
