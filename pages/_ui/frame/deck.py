"""On top of every page: Train, Pause, Resume, Stop, how far it is, and the way back to a run that is out of view."""

import streamlit as st

from pages._ui.frame import status
from pages._ui.run.live import drawn, interval, is_live
from pages._ui.session import link, visits
from pages._ui.session.state import AppState, get_state
from pages._ui.widgets.marks import escaped
from rnnviz.engine import Job

IDLE = 4.0  # seconds between two looks whether somebody else has started this experiment
OVER = "This experiment has run to its end: change a setting or the seed to train again."


def show(state: AppState, own_model: bool = False) -> None:
    """Draw the buttons, the status beside them, and below both what else the visitor has running.

    own_model: whether the page shows no run; then there are buttons only for one that is under way.
    """
    job = visits.current(state)
    if own_model and not is_live(job):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top"):
        with st.container(horizontal=True, width=220, gap="small", key="deck"):
            if job is not None and is_live(job):
                _drive(state, job)
            else:
                _start(state, job)
        with st.container(key="progress", gap="xsmall", width="stretch"):
            st.fragment(_progress, run_every=interval(job) or IDLE)(drawn(job))
    if (kept := visits.kept(state)) is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="kept"):
            st.fragment(_kept, run_every=interval(kept))(is_live(kept))
            st.button("Back to that run", on_click=_back)


def _start(state: AppState, job: Job | None) -> None:
    """Train can always be pressed: what was typed just before may make it possible. Else it says why it is not."""
    ready = not (state.refusal or state.wanted or (job is not None and job.status == "finished"))
    st.button("Train", type="primary" if ready else "secondary", on_click=_train, width="stretch")


def _drive(state: AppState, job: Job) -> None:
    if job.wants(state.visitor) == "pause":
        st.button("Resume", type="primary", on_click=_resume, width="stretch")
    else:
        st.button("Pause", on_click=_pause, width="stretch")
    st.button("Stop", on_click=_stop, width="stretch")


def _progress(before: tuple[int, bool]) -> None:
    state = get_state()
    job = visits.current(state)
    if drawn(job) != before:
        st.rerun()  # the whole page: only that changes the buttons
    status.show(state, job)
    if job is not None and job.status == "finished":
        st.caption(OVER)
    elif job is not None:
        progress = job.progress()
        st.progress(progress.step / progress.steps)


def _kept(was_live: bool) -> None:
    job = visits.kept(get_state())
    if job is None or is_live(job) != was_live:
        st.rerun()
    title = escaped(job.experiment.task.title)
    at = f"step {job.progress().step:,} of {job.progress().steps:,}"
    doing = f"is still {job.status} ({at})" if is_live(job) else "is finished"
    st.markdown(f"Your run of *{title}* with other settings {doing}.")


def _train() -> None:
    state = get_state()
    state.touched = state.pressed = True


def carry_out(state: AppState) -> None:
    """Begin to train if Train was pressed: a setting that was typed just before comes with the same click."""
    if not state.pressed:
        return
    state.pressed = False
    if why := "The text that the link names is still missing." if state.wanted else state.refusal:
        st.toast(escaped(why))
        return
    if state.notice:  # a bad address gives way to the experiment that is run instead
        state.notice = state.linked = ""
    if visits.train(state).status == "finished":
        st.toast(OVER)


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


def _back() -> None:
    state = get_state()
    if state.mine is not None:
        link.turn_to(state, state.mine)
