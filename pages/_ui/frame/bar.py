"""The bar of a page that shows a run, and what was pressed on it."""

import streamlit as st

from pages._ui.frame import branching, registry
from pages._ui.live import stage
from pages._ui.session import link, shipped, visits
from pages._ui.session.state import AppState
from pages._ui.widgets.marks import escaped
from rnnviz.core import limits


def show(state: AppState, spec: registry.PageSpec) -> None:
    """Carry out what was pressed, which may change the run that the bar names; draw it and take in what it says."""
    while state.presses:
        if act := _ACTS.get(state.presses.pop(0)):
            act(state)
    titles = {one.view: one.title for one in registry.pages().values()}
    reports = spec.reports and spec.reports_of(state.experiment.task)
    with st.container(key="transport"):
        said = stage.bar(state, spec.view, titles, reports, branching.full(state.training))
    state.looked, state.way = said["at"] or state.looked or link.looked(), said["way"]
    with st.container(key="carrier"):
        if state.way:
            stage.carry(state)


def _train(state: AppState) -> None:
    if not _can_train(state):
        return
    if state.notice:  # a bad address gives way to the experiment that is run instead
        state.notice = state.linked = ""
        link.write(state)
    if state.mine not in (None, state.training):
        state.last = state.mine
    visits.train(state)


def _again(state: AppState) -> None:
    """Train from the next seed, live also where somebody did so before; the run in view stays as a ghost."""
    if visits.current(state) is None and shipped.of(state.training) is None:  # a setting was typed just before
        _train(state)
        return
    if not _can_train(state):
        return
    state.last = state.training
    link.turn_to(state, state.experiment.seeded((state.experiment.training.seed + 1) % (limits.LARGEST_SEED + 1)))
    visits.train(state, again=True)
    st.rerun()


def _can_train(state: AppState) -> bool:
    why = "The text that the link names is still missing." if state.wanted else state.refusal
    if why:
        st.toast(escaped(why))
    return not why


def _pause(state: AppState) -> None:
    if job := visits.current(state):
        job.pause(state.visitor)


def _resume(state: AppState) -> None:
    if job := visits.current(state):
        job.resume(state.visitor)
    else:  # who had stopped it while others went on joins them again
        _train(state)


def _stop(state: AppState) -> None:
    if job := visits.current(state):
        visits.stop(state, job)
        if not job.over:
            st.toast("Others go on with this run. Press Resume to join them again.")


_ACTS = {
    "Train": _train,
    "Train again": _again,
    "Train from step 0": branching.from_first_weights,
    "Pause": _pause,
    "Resume": _resume,
    "Stop": _stop,
    "Branch": branching.open_panel,
    "Back to the original": branching.back,
}
