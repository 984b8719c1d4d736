"""Which time step is changed, and to what: ready-made choices, or any step and symbol."""

import numpy as np
import streamlit as st

from pages._ui.widgets.values import segments, select, standing, within
from rnnviz.analysis import changing
from rnnviz.analysis.changing import Change
from rnnviz.tasks import Task

_OWN = "a time step of my choice"


def choose(task: Task, inputs: np.ndarray, probe: int) -> Change:
    """Draw the controls for a sequence (time, …), the probe of that number; returns what is chosen."""
    ready = changing.pair(task, inputs)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="states-change-what"):
        if ready is None:
            at = _step(len(inputs))
        else:
            ways = dict(zip((task.counts, task.ignores), ready, strict=True))
            way = segments("What is changed", f"change.way.{task.name}", [*ways, _OWN])
            at = ways[way] if way in ways else _step(len(inputs))
        return Change(at, _other(task, inputs, probe, at))


def _step(steps: int) -> int:
    if steps == 1:
        return 0
    key = "change.step"
    begin = within(key, 1, 1, steps)
    return int(st.slider("Time step", 1, steps, begin, key=key, width=300, persist_state="session")) - 1


def _other(task: Task, inputs: np.ndarray, probe: int, at: int) -> float:
    """What stands there instead."""
    now, first = float(changing.read_of(task, inputs)[at]), changing.another(task, inputs, at)
    key = f"change.to.{task.name}.{probe}.{at}"
    if task.amount is None:
        others = [place for place in range(len(task.alphabet)) if place != int(now)]
        others.sort(key=lambda place: place != int(first))  # that one comes first
        return float(select("Read instead", key, others, task.alphabet.__getitem__, 220))
    low, high = changing.span(task)
    begin = min(max(standing(key, first), low), high)
    step = 10.0**-task.amount.digits
    said = f"Read instead of {changing.said(task, now)}"
    return float(st.slider(said, low, high, begin, step, key=key, width=260, persist_state="session"))
