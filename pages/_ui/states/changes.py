"""Change one symbol: what one other symbol does to the states and the answers of all models."""

import numpy as np
import streamlit as st

from pages._ui.run import model_answers
from pages._ui.run.choices import Choice, has
from pages._ui.run.model_answers import Of
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.run.shown import choice as choice_of
from pages._ui.session.state import get_state
from pages._ui.states import changing
from pages._ui.widgets import tables
from pages._ui.widgets.marks import escaped
from rnnviz import analysis, charts
from rnnviz.analysis import changing as changes
from rnnviz.analysis.changing import Change
from rnnviz.charts.theme import style_of
from rnnviz.core.names import listed
from rnnviz.engine import questions
from rnnviz.findings import changing as told
from rnnviz.runs.datasets import place_of
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task

TITLE = "Change one symbol"
_HEAD = ("model", "before", "after", "difference")


def show(shown: Shown) -> None:
    """The section: the change, a verdict for each model, the difference of the states, and the answers."""
    task, choice = shown.run.experiment.task, choice_of(get_state())
    _head(task)
    if not changes.fits(task):
        st.caption(escaped(changes.why_not(task)))
        return
    original = _read(task, choice.probe)
    change = changing.choose(task, original, choice.probe)
    changed = changes.changed(task, original, change)
    try:
        found = _asked(shown, choice, original, changed)
    except ValueError as error:  # refused, whoever asks
        st.caption(escaped(str(error)))
        return
    said = [told.done(task, original, change), told.right(task, choice.probe, original, changed)]
    st.markdown(f"**{escaped(' '.join(filter(None, said)))}**")
    if not found:
        st.caption("No model has been measured yet.")
        return
    with st.container(key="states-change"):
        _verdicts(task, choice, found, change)
        _pictures(shown.run.experiment, choice, found, changed, change)
    st.caption(" ".join(_measured(shown, choice, found)))


def empty() -> None:
    """The section before there is a run."""
    task = get_state().experiment.task
    _head(task)
    st.caption("Train the models; then it is measured here." if changes.fits(task) else escaped(changes.why_not(task)))


def _head(task: Task) -> None:
    st.markdown(f"### {TITLE}")
    if changes.fits(task):
        what = "symbol" if task.amount is None else task.amount.name
        st.markdown(
            f"Every model reads the sequence on the stage twice, once with one {what} changed. "
            "Shown is the difference: changed less original."
        )


def _read(task: Task, probe: int) -> np.ndarray:
    """The sequence on the stage, (time, …), without what stands behind its end."""
    batch = task.probes().batch
    return np.ascontiguousarray(batch.inputs[: batch.lengths[probe], probe])


def _asked(shown: Shown, choice: Choice, original: np.ndarray, changed: np.ndarray) -> dict[str, Of]:
    """What is found of each model that has the layer and direction that are looked at."""
    experiment, found = shown.run.experiment, dict[str, Of]()
    there = [label for label in experiment.labels if has(experiment, label, choice)]
    places = {label: place_of(experiment, label, choice.layer, choice.direction) for label in there}
    for at in sorted(set(places.values())):
        labels = {label for label in there if places[label] == at}
        found |= model_answers.of_all(shown, questions.DIFFERENCE, original, changed, *at, among=labels)
    return {label: found[label] for label in experiment.labels if label in found}


def _verdicts(task: Task, choice: Choice, found: dict[str, Of], change: Change) -> None:
    """In sentences on the left, the one answer as a table on the right."""
    backward = choice.direction != "forward"
    lines = [
        f"**{escaped(style_of(label).name)}**: "
        f"{escaped(told.verdict(task, choice.probe, one.found, change.at, backward))}"
        for label, one in found.items()
    ]
    rows = {label: told.answers_of(task, choice.probe, one.found) for label, one in found.items()}
    beside = {label: row for label, row in rows.items() if row is not None}
    if not beside:
        st.markdown("\n\n".join(lines))
        return
    left, right = st.columns((1, 1), gap="medium")
    left.markdown("\n\n".join(lines))
    with right:
        written = [(tables.safe(style_of(label).name), [*map(tables.safe, row)]) for label, row in beside.items()]
        tables.table(_HEAD, written, "states-change-answers", about="The answer before and after the change")


def _pictures(
    experiment: Experiment, choice: Choice, found: dict[str, Of], changed: np.ndarray, change: Change
) -> None:
    labels, mark = experiment.labels, change.at + 1
    norms = {
        state: {label: one.found[state] for label, one in found.items() if state in one.found}
        for state in ("hidden_norm", "cell_norm")
    }
    place(charts.difference_norms(norms["hidden_norm"], norms["cell_norm"], labels, mark), "change.norms")
    tokens = list(analysis.tokens(experiment, choice.probe)[: len(changed)])
    if tokens[change.at]:
        tokens[change.at] = changes.said(experiment.task, change.to)
    bounded = all(analysis.is_bounded(experiment, label) for label in labels)
    apart = {label: one.found["hidden"] for label, one in found.items()}
    place(charts.difference_states(apart, tokens, mark, bounded), "change.states")


def _measured(shown: Shown, choice: Choice, found: dict[str, Of]) -> list[str]:
    """How it was measured, and after how much training."""
    experiment = shown.run.experiment
    steps = sorted({one.step for one in found.values()})
    said = [f"Measured at training step {steps[-1]:,}, on the sequence on the stage.", told.GONE]
    said.append("‖Δh‖: norm of the difference of the hidden state, ‖Δc‖: of the cell state.")
    said.append("Orange: a unit’s state is larger than before, blue: smaller.")
    if shown.moving:
        said.append("Pause, or move along the time line, to measure another moment.")
    if architectures.of(experiment.task).writes:
        said.append("The states are those of the encoder.")
    if any(spec.bidirectional for spec in experiment.models):
        said.append(
            f"Shown is the {choice.direction} direction; who reads from both ends may differ before the change."
        )
    missing = [style_of(label).name for label in shown.at.steps if label not in found]
    if missing:
        said.append(f"{escaped(listed(missing))}: no such layer or direction.")
    return said
