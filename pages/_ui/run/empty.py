"""What a page shows of an experiment that nobody has trained yet."""

import streamlit as st

from pages._ui.run import shipped
from pages._ui.run.task_card import example
from pages._ui.session import link
from pages._ui.session.state import AppState
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from rnnviz.experiment import Experiment
from rnnviz.tasks import Task


def show(state: AppState, with_example: bool) -> None:
    """Say what is missing, what is to come, and where a finished run can be seen."""
    with st.container(key=Key.EMPTY):
        if state.refusal:
            st.info(escaped(state.refusal))
        elif not state.wanted:
            _promise(state.experiment.task)
            if with_example:
                example(state.experiment.task)
        offered = shipped.nearest(state.experiment.task)
        if offered is None:
            return
        of = "the default experiment" if offered == Experiment() else f"“{offered.task.title}”"
        if st.button(f"See a finished run of {of}", type="tertiary", icon=":material/arrow_forward:"):
            link.turn_to(state, offered)
            st.rerun()


def _attention(task: Task) -> str:
    return ", attention" if task.answers == "sequence" else ""


def _promise(task: Task) -> None:
    st.info(
        f"Nobody has trained “{escaped(task.title)}” with these settings yet. Press **Train** and the "
        f"curves, states, gates{_attention(task)} and gradients of every model appear here while it learns."
    )
