"""Of a task with many classes: how many of the answers that it marks are right."""

import streamlit as st

from pages._ui.run.shown import Shown
from pages._ui.words import by_class
from rnnviz.analysis.by_class import MOST_CLASSES
from rnnviz.tasks import Task


def fits(task: Task) -> bool:
    """Whether a task marks answers, and `by_class` does not say how many of them are right."""
    return task.marks and len(task.classes) > MOST_CLASSES


def show(shown: Shown) -> None:
    """The section; nothing where it was not measured."""
    name = shown.run.experiment.task.marked_name
    if said := by_class.marked(shown):
        st.markdown(f"### {name[0].upper()}{name[1:]}\n{said}")
