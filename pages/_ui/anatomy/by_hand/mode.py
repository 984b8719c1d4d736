"""The "By hand" mode of the Anatomy page: a network small enough to calculate, every number open to change.

It needs no run and no worker: `rnnviz.byhand` is numpy alone.
"""

import streamlit as st

from pages._ui.anatomy.by_hand import back, controls, forward, gates, learn, numbers
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.run.own_sequence import BY_HAND, MODE
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets import prose
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import segments, standing, stored
from rnnviz import byhand
from rnnviz.byhand import ForwardPass, gated
from rnnviz.cells import CELLS
from rnnviz.core.sums import six

_CELLS = {byhand.CELL: "Simple RNN"} | {name: CELLS[name].title for name in gated.offered()}
_FORWARD, _BACK = "Forward pass", "Backward pass"


def chosen() -> bool:
    """Whether the Anatomy page stands at this mode."""
    return bool(stored(MODE) == BY_HAND)


def show() -> None:
    """The whole mode."""
    with st.container(key="hand-intro"):
        if stored("hand.cell", byhand.CELL) == byhand.CELL:  # the diagram of a gated cell has the room instead
            st.markdown(prose.text("pages/byhand/byhand"))
    _show()
    prose.lesson("pages/byhand/byhand_more", "The equations, and how to read this page")


def _show() -> None:
    with guarded():
        work = get_state().own(HandWork)
        standing("hand.cell", work.cell)
        work.cell = segments("Which cell", "hand.cell", tuple(_CELLS), _CELLS.__getitem__, titled=False)
        if work.cell != byhand.CELL:
            gates.show(work)
            return
        controls.show(work)
        read = byhand.forward(work.hand)
        way = forward if _look(work) == _FORWARD else back
        way.picture(work, read)
        _result(read)
        numbers.show(work)
        way.show(work, read)
        st.markdown("#### One training step downhill")
        learn.show(work, read)


def _result(read: ForwardPass) -> None:
    """What the numbers come to."""
    steps = len(read.steps)
    said = escaped("".join(step.said for step in read.steps))
    wanted = escaped("".join(step.target for step in read.steps))
    with st.container(key="hand-result"):
        st.markdown(
            f"Loss of the word: **{six(read.loss)}**, the sum over its letters (mean {six(read.loss / steps)}).  \n"
            f"Predicted: **{said}**. Right is **{wanted}**: {read.right} of {steps} letters are right."
        )


def _look(work: HandWork) -> str:
    """Which way to look, and at which time step."""
    with st.container(horizontal=True, vertical_alignment="center", key="hand-look"):
        standing("hand.way", work.way)
        work.way = segments("Which way", "hand.way", (_FORWARD, _BACK), titled=False)
        _stepper(work)
    return work.way


def _stepper(work: HandWork) -> None:
    last = len(work.hand.read) - 1
    key = f"hand.at.{work.editions['at']}.{last}"
    at = standing(key, work.at)
    st.button("Previous", on_click=_move, args=(-1,), disabled=at <= 0, shortcut="Left", key="hand-before")
    work.at = segments("Time step", key, range(last + 1), lambda t: f"{t + 1}: {work.hand.read[t]}", titled=False)
    st.button("Next", on_click=_move, args=(1,), disabled=at >= last, shortcut="Right", key="hand-after")


def _move(by: int) -> None:
    """Look at another time step."""
    work = get_state().own(HandWork)
    work.at = min(max(work.at + by, 0), len(work.hand.read) - 1)
    work.editions["at"] += 1
