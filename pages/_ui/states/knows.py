"""What does it know? From when to when the thing to be remembered can be read from the states of each model."""

import math

import numpy as np
import streamlit as st

from pages._ui.run import model_answers
from pages._ui.run.model_answers import Of
from pages._ui.run.place import place
from pages._ui.run.shown import Shown
from pages._ui.session.state import get_state
from pages._ui.widgets.marks import escaped
from rnnviz import charts
from rnnviz.analysis import readouts
from rnnviz.cells.block import State
from rnnviz.charts.readable import Curve
from rnnviz.charts.theme import style_of
from rnnviz.core.names import listed, number, percent
from rnnviz.engine import questions
from rnnviz.findings import remembering as told
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task

TITLE = "What does it know?"
_ALWAYS, _MEAN = "chance: always the most frequent", "chance: always the mean"
_FIRST = "hidden"  # the state whose line is not dashed


def fits(task: Task) -> bool:
    """Whether a task has one thing to remember."""
    return bool(task.remembers)


def show(shown: Shown) -> None:
    """The section: what a readout finds in the states of all models, in sentences and as a chart."""
    experiment = shown.run.experiment
    if not fits(experiment.task):
        return
    _head(experiment.task)
    try:
        found = model_answers.of_all(shown, questions.REMEMBERING, of=readouts.causal)
    except ValueError as error:  # refused, whoever asks
        st.caption(escaped(str(error)))
        return
    left_out = [style_of(label).name for label in experiment.labels if not readouts.causal(experiment.model(label))]
    if left_out:
        st.caption(f"{escaped(listed(left_out))}: each state of the top layer has read the whole sequence.")
    if not found:
        st.caption("No model has been measured yet.")
        return
    beside, chart = st.columns([1, 3], gap="medium")
    beside.markdown("\n\n".join(_said(experiment, found)))
    if any(np.isfinite(one.found[_FIRST]).any() for one in found.values()):
        with chart:
            place(_drawn(experiment, found), "knows")
    st.caption(" ".join(_measured(shown, found)))


def pointer() -> str:
    """Where on the page it is told what a colour that stays is; "" where it is not."""
    return f" Below, *{TITLE}* tells which." if fits(get_state().experiment.task) else ""


def empty() -> None:
    """The section before there is a run."""
    task = get_state().experiment.task
    if fits(task):
        _head(task)
        st.caption("Train the models; then it is measured here.")


def _head(task: Task) -> None:
    st.markdown(f"### {TITLE}")
    st.markdown(
        f"To be remembered: **{task.remembers}**. At each time step, a linear readout tries to read it from the state."
    )


def _said(experiment: Experiment, found: dict[str, Of]) -> list[str]:
    """One line for each state of each model, and what follows for the colours on the stage."""
    lines, lost, chance = [], False, _chance(found)
    for label, one in found.items():
        for state in experiment.model(label).kind.states:
            name = _name(experiment, label, state)
            scores = one.found[state.name]
            if not np.isfinite(scores).any():
                lines.append(f"**{escaped(name)}**: not measured: there are too few sequences.")
                continue
            span = readouts.span(one.found["lags"], scores, chance)
            lost |= span is None or not span.to_end
            lines.append(f"**{escaped(name)}**: {told.readable(span)}")
    return [*lines, told.NOWHERE] if lost else lines


def _name(experiment: Experiment, label: str, state: State) -> str:
    """Whose state it is: "LSTM", "LSTM, cell state"; of a model in both directions "GRU, read forwards"."""
    which = ["" if state.name == _FIRST else state.title, "read forwards" * experiment.model(label).bidirectional]
    return ", ".join(filter(None, [style_of(label).name, *which]))


def _drawn(experiment: Experiment, found: dict[str, Of]) -> charts.Drawing:
    of_classes, chance = _of_classes(found), _chance(found)
    curves = {
        name: {n: Curve(one.found["lags"], one.found[name]) for n, one in found.items() if name in one.found}
        for name in (_FIRST, "cell")
    }
    mark = (chance, _ALWAYS if of_classes else _MEAN)
    labels = experiment.labels
    return charts.readable(curves[_FIRST], curves["cell"], labels, mark, readouts.threshold(chance), of_classes)


def _measured(shown: Shown, found: dict[str, Of]) -> list[str]:
    """How it was measured, and after how much training."""
    experiment, chance = shown.run.experiment, _chance(found)
    limit = readouts.threshold(chance)
    sizes = sorted({int(one.found["sequences"]) for one in found.values()})
    steps = sorted({one.step for one in found.values()})
    said = [
        f"Measured at training step {_range(steps)}.",
        *(["Pause, or move along the time line, to measure another moment."] if shown.moving else []),
        "Time step 0 is the state right after it came in.",
        f"Readable: at least {percent(100 * limit)} right, halfway from chance ({percent(100 * chance)}) to all right."
        if _of_classes(found)
        else f"Readable: R² of at least {number(limit, 1)}, halfway from chance (0) to perfect (1).",
        f"Readout: ridge regression, penalty {readouts.PENALTY:g}.",
        f"Fitted on half of {_range(sizes)} new sequences and scored on the other half.",
    ]
    every = int(np.diff(next(iter(found.values())).found["lags"]).min(initial=10**9))
    if 1 < every < 10**9:
        said.append(f"Measured was one of every {every} time steps.")
    if architectures.of(experiment.task).writes:
        said.append("The states are those of the encoder; a decoder with attention looks at all of them.")
    if any(spec.bidirectional for spec in experiment.models):
        said.append("Read backwards, the beginning comes last.")
    return said


def _of_classes(found: dict[str, Of]) -> bool:
    return any(one.found["classes"] for one in found.values())


def _chance(found: dict[str, Of]) -> float:
    """What who reads no state scores, on average over the models: they may have read different numbers of sequences."""
    return math.fsum(float(one.found["chance"]) for one in found.values()) / len(found)


def _range(values: list[int]) -> str:
    return f"{values[0]:,}" if len(values) == 1 else f"{values[0]:,} to {values[-1]:,}"
