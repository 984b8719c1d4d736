"""What is asked at every step of one sequence and what every model answers, for tasks that ask at every step."""

import contextlib

import streamlit as st

from pages._ui.run import drawings, words
from pages._ui.run.choices import Choice
from pages._ui.run.live import Shown
from pages._ui.run.place import place
from pages._ui.widgets.keys import Key
from rnnviz.charts.theme import look
from rnnviz.tasks.translating import Translating


def drawn(shown: Shown, choice: Choice) -> None:
    """Numbers as curves; nothing for other tasks."""
    task = shown.run.experiment.task
    if task.answers == "every" and task.kind == "numbers":
        with st.container(key=Key.ANSWERS):
            place(drawings.answers(shown, choice), "answers")


def in_full(shown: Shown, choice: Choice) -> None:
    """Numbers as curves, classes as lines of symbols under each other; nothing for tasks that ask once.

    Sequences stand as they are read and written.
    """
    task = shown.run.experiment.task
    if task.answers == "sequence":
        with st.container(key=Key.ANSWERS):
            st.code(_written(shown, choice), language=None, wrap_lines=True)
    elif task.answers == "every" and task.kind == "classes":
        with st.container(key=Key.ANSWERS):
            st.code(_lines(shown, choice), language=None)
    else:
        drawn(shown, choice)


def _written(shown: Shown, choice: Choice) -> str:
    """What was read, what was right and what every model writes by itself, line under line."""
    experiment, task = shown.run.experiment, shown.run.experiment.task
    assert isinstance(task, Translating)
    _, read, right = task.examples()[choice.probe]
    rows = {"read": read, "right": right}
    for label in experiment.labels:
        with contextlib.suppress(LookupError):  # it ended before its first frame
            frame = shown.run.model_frame(label, shown.step)
            rows[look(label).name] = words.answered(task, frame, choice.probe)
    width = max(map(len, rows))
    return "\n".join(f"{name:<{width}}  {said}".rstrip() for name, said in rows.items())


def _lines(shown: Shown, choice: Choice) -> str:
    """What was read, what was right and what every model answered, step under step."""
    experiment = shown.run.experiment
    task = experiment.task
    rows = {"read": [str(token) for token in task.probes().tokens[:, choice.probe]], "right": task.asked(choice.probe)}
    for label in experiment.labels:
        outputs = shown.run.model_frame(label, shown.step).outputs
        rows[look(label).name] = task.answered(outputs, choice.probe)
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    return "\n".join(
        f"{name:<8}" + " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for name, row in rows.items()
    )
