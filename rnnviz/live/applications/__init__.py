"""Pictures of a task's own field, in place of hidden states: a ball in flight, a forecast, what a student has mastered.

A task names the kind of its picture (`Task.picture`). The module of that name here tells what is drawn, a class
in assets/stage/applications draws it.
"""

import importlib
from typing import Any, Protocol, cast

from rnnviz.live import pictures
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task


class Application(Protocol):
    """What a module of this package has."""

    def told(self, experiment: Experiment, label: str) -> dict[str, Any]:
        """What the picture of one model shows at every moment, of all probes: told once.

        With "timed" it says that the picture shows what happens at each time step, so that these can be played.
        """

    def moment(self, at: RunView, label: str, view: View) -> dict[str, Any]:
        """What it shows of one moment, on the probe that is looked at: what `wire.pack` takes."""


def of(task: Task) -> Application | None:
    """That of a task; None where it has none and its states are shown."""
    if not task.picture:
        return None
    return cast(Application, importlib.import_module(f"{__name__}.{task.picture}"))


def applied(experiment: Experiment, key: str) -> list[dict[str, Any]]:
    """Pictures of the task's own field, one for each model, told once; the task has such a picture.

    key: what the pictures' keys begin with, as in "states-lstm".
    """
    application = of(experiment.task)
    assert application is not None
    return [
        pictures.headed(experiment, label, experiment.task.picture, key) | application.told(experiment, label)
        for label in experiment.labels
    ]
