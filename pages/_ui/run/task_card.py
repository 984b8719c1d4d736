"""What the task asks: in full before the first run, one click away beside a run."""

import re

import streamlit as st

from pages._ui.run import introduction, measured
from pages._ui.session import visits
from pages._ui.session.state import AppState, get_state
from pages._ui.widgets import prose
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.tables import safe
from rnnviz.tasks import Task


def show() -> None:
    """On Compare at all times: what the app is, as long as nothing has been trained, and what the task is."""
    state = get_state()
    with st.container(key=Key.CARD):
        if visits.current(state) is None:
            if state.mine is None:
                st.markdown(introduction.introduction(state.experiment))
            _whole(state)
        else:
            with st.expander(f"Task: {_in_short(state.experiment.task)}"):
                _asked(state.experiment.task)
                st.markdown(f"**The models.** {introduction.of_models(state.experiment)}")
                if said := _measured(state.experiment.task):
                    st.markdown(f"**What we measured.** {escaped(said)}")
                _others(state.experiment.task)


def _whole(state: AppState) -> None:
    task = state.experiment.task
    with st.container(border=True):
        st.markdown(f"#### {task.title}")
        _asked(task)
        st.markdown(prose.text("what_will_happen"))
        if said := _measured(task):
            with st.expander("What we measured (it tells the answer)"):
                st.markdown(escaped(said))
                _others(task)


def _others(task: Task) -> None:
    """Links to the same task under settings that surprise; what came of them is on the page of all tasks."""
    _, *others = measured.settings().get(task.name, [{}])
    if others:
        links = (f'<a href="./?{safe(one["link"])}" target="_self">{safe(one["title"])}</a>' for one in others)
        st.html(f"<p><b>Other settings.</b> {' · '.join(links)}</p>")


def _asked(task: Task) -> None:
    st.markdown(escaped(task.asks))
    example(task)


def _measured(task: Task) -> str:
    """What was measured on the task as it comes; of what somebody brought nothing is known."""
    return "" if task.brought else measured.paragraph(task.name)


def example(task: Task) -> None:
    """One worked example, as it stands."""
    st.text(task.example())  # a block of code would bring 1.5 MB of highlighting with it


def _in_short(task: Task) -> str:
    """The title with the example on one line, as Markdown."""
    title = task.title[0].lower() + task.title[1:]
    lines = [re.sub(r"^(read|answer) +", "", line) for line in task.example().split("\n")]
    line = re.sub(r"\s+", " ", " → ".join(lines))
    return f"{escaped(title)} · {escaped(line)}"
