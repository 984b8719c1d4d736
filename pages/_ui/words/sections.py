"""What stands below the stage of Compare, where a task is answered by classes."""

from pages._ui.run.shown import Shown
from pages._ui.session.trouble import guarded
from pages._ui.words import apart, by_class, typing, word_by_word
from rnnviz.tasks import Task

SECTIONS = (typing, apart, by_class, word_by_word)


def fit(task: Task) -> bool:
    """Whether there is any section for a task."""
    return any(section.fits(task) for section in SECTIONS)


def show(shown: Shown) -> None:
    """Each section that fits the task."""
    task = shown.run.experiment.task
    for section in SECTIONS:
        if section.fits(task):
            with guarded():
                section.show(shown)
