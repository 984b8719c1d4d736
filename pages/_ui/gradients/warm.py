"""What the first visitor of the gradient laboratory would wait for."""

from pages._ui.gradients import drawings as measured
from pages._ui.gradients import laboratory
from pages._ui.run.choices import Choice
from pages._ui.run.shown import Shown


def warm(shown: Shown) -> None:
    """Every chart, as it is seen first; waits until the worker has started.

    Raises:
        EngineError: no answer came.
    """
    choice = Choice()
    for label in laboratory.measured(shown):
        measured.singular_values(shown, label, choice)
    _measure(shown, choice)


def _measure(shown: Shown, choice: Choice) -> None:
    """What is asked of the worker first, and its charts."""
    labels = laboratory.measured(shown)
    laboratory.prefetch(shown, choice.probe)
    looks = {label: laboratory.measurement(shown, label, choice.probe) for label in labels}
    measured.lags(shown, looks, choice)
    measured.influence(shown, looks, choice)
    for label, look in looks.items():
        measured.jacobian_values(shown, label, looks, choice)
        if "cell_jacobian_values" in look.found:
            measured.cell_jacobian_values(shown, label, looks, choice)
            measured.path_shares(shown, label, look, choice)
