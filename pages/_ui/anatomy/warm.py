"""What the first visitor of the Anatomy page would wait for."""

from pages._ui.anatomy import cut, sequence
from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown


def warm(shown: Shown) -> None:
    """What is asked of the worker first.

    Raises:
        EngineError: no answer came.
    """
    read = sequence.of_probe(shown.run.experiment.task, 0)
    for label in shown.run.experiment.labels:
        cut.cut(shown, label, read, Choice(), False)
