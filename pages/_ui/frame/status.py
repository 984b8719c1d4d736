"""How a job is doing, in words."""

import streamlit as st

from pages._ui.session.state import AppState
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from rnnviz.engine import Job


def show(state: AppState, job: Job | None) -> None:
    """The line on top of every page."""
    with st.container(key=Key.STATUS):
        st.markdown(sentence(state, job))
    if job is not None and job.status == "failed":
        st.error(escaped(job.message))


def sentence(state: AppState, job: Job | None) -> str:
    """The status in one line, such as "step 240 of 600 · 410 steps/s · 1 s left"."""
    if job is None:
        if state.left:
            return "You have left this run; others go on with it. Press **Train** to join them again."
        if state.refusal:
            return f"Nothing to train yet. {escaped(state.refusal)}"
        return "Not trained yet. Press **Train** to run it."
    return " · ".join(part for part in (_state(state, job), pace(job), _company(job)) if part)


def _state(state: AppState, job: Job) -> str:
    progress = job.progress()
    at = f"step {progress.step:,} of {progress.steps:,}"
    if job.status == "training" and job.wants(state.visitor) == "pause":
        return f"your picture is paused while others go on: {at}"
    seconds = f" after {_seconds(progress.seconds)} of computing" if progress.seconds else ""
    return {
        "queued": f"waiting to start, {at}",
        "training": at,
        "paused": f"paused at {at}",
        "finished": f"**finished**{'' if job.run.complete else ' early'}: {at}{seconds}",
        "stopped": f"stopped at {at}. {job.message}",
        "failed": f"failed at {at}",
    }[job.status]


def pace(job: Job) -> str:
    """Steps per second and time left, or the place in the queue; "" where neither is known."""
    progress = job.progress()
    if job.status == "queued" and progress.queue_position:
        return f"number {progress.queue_position} in the queue"
    if progress.steps_per_second is None or progress.seconds_left is None:
        return ""
    speed = progress.steps_per_second
    return f"{speed:,.{0 if speed >= 9.5 else 1}f} steps/s · {_seconds(progress.seconds_left)} left"


def _company(job: Job) -> str:
    return f"{job.watchers} watching" if job.watchers > 1 else ""


def _seconds(seconds: float) -> str:
    if seconds >= 5400:
        return f"{seconds / 3600:.0f} h"
    if seconds >= 90:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
