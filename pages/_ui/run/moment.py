"""Which moment of training is looked at: the latest, until the visitor moves the slider."""

import streamlit as st

from pages._ui.session.state import AppState, get_state
from pages._ui.widgets.keys import Key
from pages._ui.widgets.values import put, stored, told
from rnnviz.runs import Run

NOTHING = -1  # no step: what pushes out the steps that were told longest ago


def choose(state: AppState, run: Run, live: bool, between: bool = False) -> int:
    """Draw the slider over training; returns the step of the frame to show.

    between: whether what is shown besides may be newer than that frame.
    """
    last = run.frames[-1].step
    if last == 0:
        return 0
    _remember(state, last, live)
    put(Key.STEP, last if state.step is None else min(state.step, run.experiment.training.steps))
    row = st.container(horizontal=True, vertical_alignment="bottom", key="moment")
    row.slider(
        "Training step shown",
        0,
        run.experiment.training.steps,
        key=Key.STEP,
        on_change=_move,
        help="Drag it back to look at an earlier moment of training. What is shown was measured at that step.",
    )
    if state.step is not None:
        row.button("Back to live" if live else "Latest", on_click=_latest)
    step = run.frame(stored(Key.STEP)).step
    _caption(step, last, between)
    return step


def at(state: AppState, run: Run) -> int:
    """The step of the frame to show, where the slider has been drawn elsewhere on the page."""
    return run.frames[-1].step if state.step is None else run.frame(state.step).step


def _remember(state: AppState, last: int, live: bool) -> None:
    """Keep what the slider is told while it follows; once it was moved, forget it as the browser catches up."""
    if state.step is None:
        state.followed.append(last)
    elif not live:
        state.followed.clear()
    else:
        state.followed.append(NOTHING)


def _caption(step: int, last: int, between: bool) -> None:
    """Which moment that is: not every step is measured."""
    if between:
        st.caption(
            f"Live: measured last at step {step:,}. In between, what the models write is found again and again; "
            "each says after how many steps."
        )
        return
    which = "the last moment that was measured" if step == last else "measured nearest to where the slider stands"
    st.caption(f"Shown: step {step:,}, {which}.")


def _move() -> None:
    """The visitor moved the slider, unless it says what it was just told while following: the browser is a bit late."""
    state, said = get_state(), told(Key.STEP)
    if said is not None and said not in state.followed:
        state.step = said


def _latest() -> None:
    get_state().go_live()
