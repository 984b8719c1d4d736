"""By class: precision, recall and F1 of each model, and what it takes for what, on held-out sequences."""

import numpy as np
import streamlit as st

from pages._ui.run import confusion, model_answers
from pages._ui.run.choices import Choice
from pages._ui.run.place import columns
from pages._ui.run.shown import Shown
from pages._ui.widgets import tables
from rnnviz.analysis import marked_score
from rnnviz.analysis.by_class import HEAD, MOST_CLASSES, report
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, listed, percent
from rnnviz.engine import questions
from rnnviz.tasks import Task, batch


def fits(task: Task) -> bool:
    """Whether there are few enough classes, asked once or at every step."""
    return 2 <= len(task.classes) <= MOST_CLASSES and (task.answers.at_end or task.answers.at_every_step)


def show(shown: Shown) -> None:
    """The section: what is marked by the task, then a report and a confusion matrix of every model."""
    task = shown.run.experiment.task
    st.markdown("### By class")
    found = model_answers.of_all(shown, questions.BY_CLASS)
    if not found:
        st.caption("No model has been measured yet.")
        return
    if said := marked(shown):
        st.markdown(said)
    for label in columns(shown, "by-class", Choice(), across=3 if len(task.classes) <= confusion.NARROW else 2):
        if label in found:
            _report(label, found[label].found["confusion"], task)
        else:
            st.caption("Not measured yet.")
    steps = sorted({one.step for one in found.values()})
    asked = "answers at every time step of" if task.answers.at_every_step else "one answer to each of"
    st.caption(
        f"On {asked} {counted(task.held_out_size, 'held-out sequence')}, measured after "
        f"{counted(steps[-1], 'training step')}. Rows of the lower tables are what is right, columns what is answered. "
        "The darker a cell, the larger its share of the row. Precision: of the answers that name the class, how many "
        "are right. Recall: of what is of the class, how much is named. F1: their harmonic mean."
    )


def marked(shown: Shown) -> str:
    """Accuracy on the held-out answers that the task marks, left to right, in both directions, and by guessing.

    "" where the task marks none, and in a run that was saved before it was measured.
    """
    experiment, task = shown.run.experiment, shown.run.experiment.task
    scores = {label: marked_score(shown.at.model(label)) for label in shown.at.steps} if task.marks else {}
    parts = []
    for both, way in ((False, "from left to right"), (True, "in both directions")):
        labels = [label for label in scores if experiment.model(label).bidirectional == both]
        said = [f"the {style_of(label).name} {percent(scores[label])}" for label in labels if scores[label] >= 0]
        if said:
            parts.append(f"read {way}, {listed(said)}")
    if not parts:
        return ""
    total, (guess, guessing) = int(batch.marked(task).sum()), task.marked_guess
    return f"Of {total:,} held-out {task.marked_name} are right: {'; '.join(parts)}; {guessing}, {percent(guess)}."


def _report(label: str, counts: np.ndarray, task: Task) -> None:
    found, names = report(counts), [tables.safe(name) for name in task.classes]
    about = f"Precision, recall and F1 of the {style_of(label).name}"
    tables.table(HEAD, found.rows(names), f"words-report-{label}", about=about)
    confusion.show(label, counts, task.classes, f"words-confusion-{label}")
