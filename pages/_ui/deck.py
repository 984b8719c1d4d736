"""Train, Pause, Resume, Stop, and how far it is."""

import streamlit as st

from pages._ui import status, visits
from pages._ui.live import is_live
from pages._ui.marks import escaped
from pages._ui.state import AppState, get_state
from rnnviz.engine import Job

LIVE = 1.5  # seconds between two looks at the progress
IDLE = 4.0  # seconds between two looks whether somebody else has started this experiment


def show(state: AppState) -> None:
    """Draw the buttons and the progress below the experiment's controls."""
    if state.refusal:
        st.error(escaped(state.refusal))
    job = visits.current(state)
    live = is_live(job)
    with st.container(horizontal=True, key="deck"):
        if job is not None and live:
            _drive(state, job)
        else:
            st.button("Train", type="primary", disabled=bool(state.refusal), on_click=_train, width="stretch")
    st.fragment(_progress, run_every=LIVE if live else IDLE)(live)


def _drive(state: AppState, job: Job) -> None:
    if job.wants(state.visitor) == "pause":
        st.button("Resume", type="primary", on_click=_resume, width="stretch")
    else:
        st.button("Pause", on_click=_pause, width="stretch")
    st.button("Stop", on_click=_stop, width="stretch")


def _progress(was_live: bool) -> None:
    job = visits.current(get_state())
    if is_live(job) != was_live:
        st.rerun()
    if job is None or not was_live:
        return
    progress = job.progress()
    st.progress(progress.step / progress.steps, text=status.pace(job) or None)


def _train() -> None:
    state = get_state()
    state.touched = True
    if visits.train(state).status == "finished":
        st.toast(
            "This run is finished: the same experiment gives the same numbers. Change something, such as the seed."
        )


def _pause() -> None:
    state = get_state()
    state.touched = True
    if job := visits.current(state):
        job.pause(state.visitor)
        if job.status != "paused" and job.run.frames:
            state.step = job.run.frames[-1].step  # others go on; this picture stands still


def _resume() -> None:
    state = get_state()
    state.touched = True
    state.go_live()
    if job := visits.current(state):
        job.resume(state.visitor)


def _stop() -> None:
    state = get_state()
    state.touched = True
    if job := visits.current(state):
        visits.stop(state, job)
