"""The Anatomy page's first mode: one time step of a trained model, or of all of them side by side."""

import streamlit as st

from pages._ui.anatomy import cut, decoder, numbers, steps
from pages._ui.anatomy import sequence as anatomy_sequence
from pages._ui.anatomy.sequence import DECODER, Sequence
from pages._ui.run import words
from pages._ui.run.choices import Choice, has
from pages._ui.run.place import columns, place
from pages._ui.run.shown import Shown
from pages._ui.run.shown import choice as choice_of
from pages._ui.session.state import get_state
from pages._ui.session.trouble import guarded
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, segments, standing, told
from rnnviz import sizes
from rnnviz.anatomy import Anatomy
from rnnviz.charts import Drawing
from rnnviz.charts.theme import look
from rnnviz.experiment import ModelSpec
from rnnviz.tasks import Task

ALL = "side by side"
UNIT = "anatomy.unit"
ONE_UNIT, MEAN = "one unit", "mean of all units"
_NOT_FOR_MEANS = "The equations hold for a unit, not for means: choose *one unit* to see them with its numbers."
KEEPS, UPDATES = "z keeps (PyTorch, lecture 000)", "z updates (lectures 001, 003)"


def draw(shown: Shown) -> None:
    """Everything that a time step of the chosen model shows."""
    experiment = shown.run.experiment
    words.ended(shown)
    if experiment.task.answers == "sequence":
        sequence = decoder.choose(shown)
        choice = choice_of(get_state())
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            choice = choice_of(get_state())
        with right:
            sequence = anatomy_sequence.choose(experiment.task, choice)
    measured = {label for frame in shown.run.frames for label in frame.models}
    labels = [label for label in experiment.labels if label in measured]
    options = [*labels, ALL] if len(labels) > 1 else labels
    with st.container(horizontal=True, key="models"):
        label = segments("Model", "anatomy.model", options, lambda one: one if one == ALL else look(one).name)
        unit, mean = _unit(max(experiment.model(one).hidden for one in (labels if label == ALL else [label])))
    _stepped(shown, label, sequence, choice, unit, mean)


def _stepped(shown: Shown, label: str, sequence: Sequence, choice: Choice, unit: int, mean: bool) -> None:
    """All that changes from one time step to the next: stepping draws this again and nothing else."""
    with guarded():
        tokens = sequence.tokens
        if sequence.half == DECODER:
            tokens = decoder.tokens(shown, [] if label == ALL else [label], sequence, choice)
        time = steps.choose(tokens)
        if label == ALL:
            _all(shown, sequence, choice, time, unit, mean)
        else:
            _one(shown, label, sequence, choice, time, unit, mean)


def _unit(units: int) -> tuple[int, bool]:
    """Which unit, from 0, and whether the diagram shows means instead."""
    mean = segments("Wires show", "anatomy.shown", [ONE_UNIT, MEAN]) == MEAN
    key, begin = f"{UNIT}.{units}", min(standing(UNIT, 1), units)
    if standing(key, begin) != begin:  # in models of another width another unit was chosen since
        put(key, begin)
    title = f"Unit (1 to {units})"
    number = st.number_input(title, 1, units, begin, key=key, width=150, disabled=mean, on_change=_take, args=(key,))
    return int(number) - 1, mean


def _take(key: str) -> None:
    if (unit := told(key)) is not None:
        put(UNIT, unit)


def _one(shown: Shown, label: str, sequence: Sequence, choice: Choice, time: int, unit: int, mean: bool) -> None:
    spec = shown.run.experiment.model(label)
    if not has(shown.run.experiment, label, choice):
        st.caption("This model has no such layer or direction.")
        return
    found = cut.cut(shown, label, sequence, choice, _cell(spec, sequence) == "gru" and _z_updates())
    _where(found, label, shown.run.experiment.task, sequence, time)
    with st.container(key="diagram"):
        place(_diagram(shown, found, label, sequence, time, None if mean else unit), f"diagram-{label}")
        _legend(unit, mean)
    left, right = st.columns([5, 3], gap="large")
    with left, st.container(key="equations"):
        if mean:
            st.markdown("#### Readout")
            st.caption(_NOT_FOR_MEANS)
        else:
            st.markdown(f"#### Equations, with the numbers of unit {unit + 1}")
            numbers.show(found, time, unit)
        numbers.answers(found, shown.run.experiment.task, time, sequence, None if mean else unit)
    with right, st.container(key="vectors"):
        st.markdown("#### Vectors")
        place(cut.strips(found, label, time, None if mean else unit), f"strips-{label}")
        task = shown.run.experiment.task
        st.markdown(f"**Parameters:** {sizes.formula_of(spec, task)}")
    if not mean:
        numbers.terms(found, time, unit, label)


def _all(shown: Shown, sequence: Sequence, choice: Choice, time: int, unit: int, mean: bool) -> None:
    """The same step of every model: its diagram and what makes its new state."""
    experiment = shown.run.experiment
    z_updates = any(_cell(spec, sequence) == "gru" for spec in experiment.models) and _z_updates()
    _legend(unit, mean)
    if mean:
        st.caption(_NOT_FOR_MEANS)
    for label in columns(shown, "anatomy", choice):
        spec = experiment.model(label)
        found = cut.cut(shown, label, sequence, choice, _cell(spec, sequence) == "gru" and z_updates)
        if time >= found.steps:
            st.caption(f"Its output is over after {found.steps} symbols: choose an earlier step.")
            continue
        if found.spec.cell != spec.cell:
            st.caption(f"Its decoder is of another kind than its encoder: {found.spec.cell.upper()}.")
        own = min(unit, spec.hidden - 1)
        place(_diagram(shown, found, label, sequence, time, None if mean else own), f"diagram-{label}")
        if not mean:
            last = ", its last" if own != unit else ""
            st.markdown(f"**With the numbers of unit {own + 1}{last}**")
            numbers.short(found, time, own)
        numbers.answers(found, experiment.task, time, sequence, None)


def _cell(spec: ModelSpec, sequence: Sequence) -> str:
    """Which cell is taken apart."""
    return spec.cells[1] if sequence.half == DECODER else spec.cell


def _z_updates() -> bool:
    """Which of the two conventions a GRU's update gate is told in."""
    chosen = segments("Update gate of the GRU", "anatomy.z", [KEEPS, UPDATES])
    st.caption("The same model under another name: where one says z, the other says 1 − z.")
    return bool(chosen == UPDATES)


def _where(found: Anatomy, label: str, task: Task, sequence: Sequence, time: int) -> None:
    """What this step is, in a sentence."""
    spec, name = found.spec, f"encoder of the {look(label).name}" if found.encodes else look(label).name
    if found.decodes:
        st.markdown(decoder.where(found, label, task, time))
        return
    if found.layer:
        reads = f"layer {found.layer + 1} of the {name} reads what layer {found.layer} hands on"
    else:
        reads = f"the {name} reads **{escaped(sequence.tokens[time])}**"
    way = " It reads the sequence from its end, so the state before is that of the next step." * found.backward
    cell = {"gru": f" (reset gate {spec.reset} the matrix product)", "rnn": f" ({spec.activation})"}.get(spec.cell, "")
    st.markdown(f"Step {time + 1} of {found.steps}: {reads}{cell}.{way}")


def _diagram(shown: Shown, found: Anatomy, label: str, sequence: Sequence, time: int, unit: int | None) -> Drawing:
    task = shown.run.experiment.task
    read = f"layer {found.layer}" if found.layer else sequence.tokens[min(time, len(sequence.tokens) - 1)]
    if found.decodes and found.layer == 0:
        read = decoder.fed(found, task, time)
    answer = cut.answer(found, time, task.classes)
    return cut.diagram(found, label, time, unit, read, answer)


def _legend(unit: int, mean: bool) -> None:
    """What the values in the diagram are of."""
    of = "means over all units" if mean else f"those of unit {unit + 1}"
    also = " Sums and products hold unit by unit, not for means." if mean else ""
    st.caption(
        f"Values are {of}. Grey wires carry whole vectors, of which "
        f"each unit and the readout take their own sums.{also}"
    )
