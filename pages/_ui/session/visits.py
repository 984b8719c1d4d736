"""Who watches which job: a visitor follows at most one, and is gone when their tab is."""

import streamlit as st

from pages._ui.session.server import engine
from pages._ui.session.state import AppState
from rnnviz.engine import Job
from rnnviz.specs.branch import Training


class Visit:
    """One visitor's presence at the engine, as long as the tab is open."""

    def __init__(self, visitor: str) -> None:
        self.visitor = visitor
        self.job: Job | None = None

    def follow(self, job: Job | None) -> None:
        """Watch this job, and no longer the one before it."""
        if job is self.job:
            return
        if self.job is not None:
            self.job.leave(self.visitor)
        self.job = job
        if job is not None:
            job.watch(self.visitor)

    def end(self) -> None:
        """The tab was closed, or its connection broke for a moment: the engine waits before it forgets."""
        self.follow(None)


@st.cache_resource(scope="session", on_release=Visit.end, show_spinner=False)
def _visit(visitor: str) -> Visit:
    return Visit(visitor)


def current(state: AppState) -> Job | None:
    """The job of the session's experiment, which the visitor now watches; None if nobody runs it.

    A job that this visitor stopped and others go on with is shown no longer. While nothing runs the session's
    experiment, the visitor goes on watching the run that was in view before it.
    """
    job = _found(state, None if _invalid(state) else state.training)
    if job is not None:
        state.mine = job.training
    _visit(state.visitor).follow(job or kept(state))
    return job


def kept(state: AppState) -> Job | None:
    """The visitor's run that is out of view because the settings were changed; None if it did not get anywhere."""
    if state.mine is None or (state.mine == state.training and not _invalid(state)):
        return None
    job = _found(state, state.mine)
    return None if job is None or job.status in ("stopped", "failed") else job


def _invalid(state: AppState) -> bool:
    """Whether what the visitor asks for is no experiment, so that the session's is an older one."""
    return bool(state.wanted or state.refusal)


def _found(state: AppState, training: Training | None) -> Job | None:
    job = None if training is None else _seen(state, training) or engine().find(training.key)
    return None if job is not None and state.left == job.key else job


def _seen(state: AppState, training: Training) -> Job | None:
    """The run that the visitor has in view; it stays there when somebody else trains the same experiment again."""
    known = engine().job(state.attempt) if state.attempt else _visit(state.visitor).job
    fits = known is not None and known.key == training.key and known.status not in ("stopped", "failed")
    return known if fits else None


def attempt(state: AppState) -> str:
    """The id of the run of the session's experiment that the visitor trains again; "" for the one all see first."""
    job = engine().job(state.attempt) if state.attempt else None
    return state.attempt if job is not None and job.key == state.training.key else ""


def train(state: AppState, again: bool = False) -> Job:
    """Run the session's experiment from its start, or join those who already do.

    again: whether a run that is finished is to be made anew, beside the old one that others may look at.
    """
    state.left = ""
    job = engine().submit(state.experiment, state.visitor, again, start=state.start)
    state.attempt = job.id if again else ""
    state.mine = job.training
    _visit(state.visitor).follow(job)
    return job


def stop(state: AppState, job: Job) -> None:
    """Leave a job for good; it stops if nobody else wants it."""
    visit = _visit(state.visitor)
    visit.job = None
    job.stop(state.visitor)
    state.left = "" if job.over else job.key
    if job.over:
        visit.follow(job)
