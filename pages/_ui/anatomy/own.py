"""A sequence of the visitor's own, taken apart below the stage: the stage's are those that were measured."""

import streamlit as st

from pages._ui.anatomy import cut, decoder, numbers
from pages._ui.anatomy.sequence import DECODER, ShownSequence, typed
from pages._ui.anatomy.trained import Looked, cell, converted, looked, where
from pages._ui.run import sequence_input
from pages._ui.run.choices import has
from pages._ui.run.own_sequence import time_key
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.session.trouble import guarded
from pages._ui.widgets.values import standing
from rnnviz.anatomy import missing
from rnnviz.anatomy.step import Anatomy
from rnnviz.charts import Drawing
from rnnviz.tasks.translating import Translating


def draw(shown: Shown) -> None:
    """The box, and what the model that is looked at makes of what is in it."""
    now = looked(shown)
    if now.label not in shown.at.frame.models or not has(shown.run.experiment, now.label, now.choice):
        return
    if (sequence := _choose(shown, now)) is None:
        return
    with guarded(), st.container(key="own"):
        spec = shown.run.experiment.built(now.label)
        found = cut.cut(shown, now.label, sequence, now.choice, converted(cell(spec, sequence)))
        _taken_apart(shown, found, now, sequence, _time(found.steps))


def _choose(shown: Shown, now: Looked) -> ShownSequence | None:
    task = shown.run.experiment.task
    if not isinstance(task, Translating):
        return typed(task, now.choice.probe)
    if not st.toggle("A sequence of your own, which the decoder answers by itself", key="anatomy.own"):
        return None
    half = decoder.half(shown)
    given = sequence_input.choose(task)
    return ShownSequence(given.codes[:, None], given.tokens, -1, half)


def _time(steps: int) -> int:
    """Which time step, from 0."""
    if steps == 1:
        return 0
    key = time_key(steps)
    return int(st.slider("Time step of your sequence", 1, steps, standing(key, 2), key=key)) - 1


def _taken_apart(shown: Shown, found: Anatomy, now: Looked, sequence: ShownSequence, time: int) -> None:
    task, unit = shown.run.experiment.task, None if now.unit is None else min(now.unit, found.spec.hidden - 1)
    where(found, now.label, task, sequence, time)
    left, right = st.columns([5, 3], gap="large")
    with left, st.container(key="own-diagram"):
        if cut.drawable(found):
            place(_diagram(shown, found, now.label, sequence, time, unit), f"diagram-{now.label}")
        else:
            st.caption(missing.diagram(found.spec.kind))
        st.caption("Means over all units." if unit is None else f"Values of unit {unit + 1}.")
    with right, st.container(key="own-vectors"):
        place(cut.strips(found, now.label, time, unit), f"strips-{now.label}")
        numbers.answers(found, task, time, sequence, unit)
    if unit is not None:
        with st.expander("Equations, with these numbers"):
            numbers.show(found, time, unit)


def _diagram(shown: Shown, found: Anatomy, label: str, sequence: ShownSequence, time: int, unit: int | None) -> Drawing:
    task = shown.run.experiment.task
    read = f"layer {found.layer}" if found.layer else sequence.tokens[min(time, len(sequence.tokens) - 1)]
    if sequence.half == DECODER and found.layer == 0:
        read = decoder.fed(found, task, time)
    return cut.diagram(found, label, time, unit, read, cut.answer(found, time, task.classes))
