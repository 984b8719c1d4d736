"""The finished runs that come with the app, for those who have not trained yet."""

import functools
import logging
from typing import Any

from pages._ui.widgets import prose
from rnnviz.core import limits
from rnnviz.core.cache import Cache, kept_in
from rnnviz.core.errors import RunFileError
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.branch import Training
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task, task

FOLDER = prose.ASSETS / "runs"
DEFAULT = "default"
OF_TASK = {"adding": DEFAULT, "dates": "dates", "reverse": "reverse"}  # task → the file of its default experiment

log = logging.getLogger("rnnviz.pages")
_loaded: Cache[Any, Run | None] = Cache("shipped runs", limits.SHIPPED_BYTES_KEPT)


def load(name: str = DEFAULT) -> Run | None:
    """A shipped run; None, said once in the log, if its file is missing or cannot be read."""
    return _load(name)


@kept_in(_loaded)
def _load(name: str) -> Run | None:
    try:
        return Run.load(FOLDER / f"{name}.safetensors")
    except (OSError, RunFileError) as error:
        log.error("A shipped run is not there: %s", error)
        return None


def of(training: Training) -> Run | None:
    """The shipped run of a training, if there is one: never of a branch."""
    return find(training.experiment) if training.start is None else None


def find(experiment: Experiment) -> Run | None:
    """The shipped run of an experiment from its first weights, if there is one."""
    name = OF_TASK.get(experiment.task.name)
    return load(name) if name is not None and experiment == _default(experiment.task.name) else None


def nearest(chosen: Task) -> Experiment | None:
    """The experiment of the shipped run that is most like a task; None if there is none or it is missing."""
    alike = (name for name in OF_TASK if architectures.of(task(name)) is architectures.of(chosen))
    name = chosen.name if chosen.name in OF_TASK else next(alike, None)
    return None if name is None or find(_default(name)) is None else _default(name)


@functools.cache
def _default(task_name: str) -> Experiment:
    return Experiment(task(task_name))
