"""Silence a unit: the score on the held-out sequences without each unit, as a ranking."""

import numpy as np
import streamlit as st

from pages._ui.gates import asking
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import standing
from rnnviz import charts
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted
from rnnviz.findings import score_text
from rnnviz.findings.clamping import loss_said, worse_by
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

_TOGGLE = "gates.silence"


def show(shown: Shown, label: str) -> None:
    """The ranking, when it is wanted and the training is over."""
    st.markdown("#### Silence a unit: what was it for?")
    wanted = st.toggle(
        "Silence each unit of the top layer in turn",
        standing(_TOGGLE, False),
        key=_TOGGLE,
        help="Its state is 0 after every time step, for the readout and for the next one.",
        persist_state="session",
    )
    if not wanted:
        st.caption("The held-out sequences are read once for each unit, with that unit at 0.")
    elif shown.moving:
        st.caption("It is measured when the run is over.")
    else:
        with st.container(key="gates-silenced"):
            _ranking(shown, label)


def _ranking(shown: Shown, label: str) -> None:
    task, spec = shown.run.experiment.task, shown.run.experiment.model(label)
    try:
        found = asking.silenced(shown, label)
    except ValueError as error:  # refused, whoever asks
        st.caption(escaped(str(error)))
        return
    whole, scores = float(found["whole"]), found["score"]
    if not np.isfinite(whole) or not np.isfinite(scores).all():
        st.caption("Nothing can be told: the numbers of this model overflow.")
        return
    worse = worse_by(task, whole, scores)
    order = np.argsort(-worse, kind="stable")
    names = [_name(spec, int(found["unit"][at])) for at in order]
    st.markdown(f"**{escaped(_verdict(task, names[0], whole, scores[order[0]], float(worse[order[0]])))}**")
    said = [loss_said(task, float(worse[at])) for at in order]
    place(charts.silenced(label, names, worse[order], said, _title(task)), f"gates.silenced.{label}")
    st.caption(escaped(_measured(task, label, spec, found)))


def _verdict(task: Task, name: str, whole: float, score: float, worse: float) -> str:
    """Which unit matters most; that none does, where that is so."""
    if worse <= 0:
        return f"No unit is missed: without any one of them the score stays at {score_text(task, whole)} or better."
    before, after = score_text(task, whole), score_text(task, score)
    return f"The most important is {name}: without it {after}, with it {before} {task.score_name}."


def _measured(task: Task, label: str, spec: ModelSpec, found: dict[str, np.ndarray]) -> str:
    """On how many sequences, and which units were left out."""
    sequences, silenced = int(found["sequences"]), len(found["unit"])
    of = task.held_out_size
    part = (
        f"{sequences:,} of {counted(of, 'held-out sequence')}" if sequences < of else counted(of, "held-out sequence")
    )
    every = spec.hidden * spec.directions
    rest = " Back: of the backward direction." if spec.bidirectional else ""
    if spec.reach is not None:
        rest += " A unit here is a channel, silenced at all places."
    elif silenced < every:
        rest += f" Silenced were {silenced} of {every} units: those whose state varies most."
    return f"{style_of(label).name}, measured on {part}.{rest}"


def _name(spec: ModelSpec, unit: int) -> str:
    direction, at = divmod(unit, spec.hidden)
    return f"unit {at + 1}{' back' if direction else ''}"


def _title(task: Task) -> str:
    if task.score_unit:
        return f"percentage points {'lost' if task.higher_is_better else 'added'}"
    what, unit = "score lost" if task.higher_is_better else "error added", task.answers.of.unit
    return f"{what} ({unit})" if unit else what
