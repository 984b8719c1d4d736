"""Of a task with many classes: how many of the answers that it marks are right."""

import streamlit as st

from pages._ui.run.shown import Shown
from pages._ui.words import answers, by_class
from rnnviz.analysis.by_class import MOST_CLASSES
from rnnviz.core.names import percent
from rnnviz.tasks import Task


def fits(task: Task) -> bool:
    """Whether a task marks answers, and `by_class` does not say how many of them are right."""
    return bool(task.marked_name) and len(task.classes) > MOST_CLASSES and task.answers.at_every_step


def show(shown: Shown) -> None:
    """The section; nothing where the task marks none of its answers after all."""
    experiment = shown.run.experiment
    found = answers.marked(shown)
    if said := by_class.marked(experiment, found):
        name = experiment.task.marked_name
        st.markdown(f"### {name[0].upper()}{name[1:]}")
        st.markdown(f"{said} {_guessed(experiment.task)}")


def _guessed(task: Task) -> str:
    held_out = task.held_out()
    marked = task.marked(held_out)
    right = (task.guess(held_out).argmax(-1) == held_out.targets)[marked]
    guessing = task.guessing
    return f"{guessing[0].upper()}{guessing[1:]} is right at {percent(100.0 * float(right.mean()))} of them."
