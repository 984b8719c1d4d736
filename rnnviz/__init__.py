"""Recurrent networks, measured while they learn. Names load when they are first used: importing this is cheap."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnviz.core.errors import CheckpointError as CheckpointError
    from rnnviz.core.errors import ExperimentError as ExperimentError
    from rnnviz.core.errors import RunFileError as RunFileError
    from rnnviz.core.errors import TextNeeded as TextNeeded
    from rnnviz.nn.checkpoints.opening import open_checkpoint as open_checkpoint
    from rnnviz.nn.measure.gradients import gradient_flow as gradient_flow
    from rnnviz.nn.measure.influence import influence as influence
    from rnnviz.nn.measure.jacobians import jacobians as jacobians
    from rnnviz.nn.measure.tracing import Edit as Edit
    from rnnviz.nn.measure.tracing import trace as trace
    from rnnviz.nn.record.recording import recording as recording
    from rnnviz.nn.train.resuming import resume as resume
    from rnnviz.nn.train.training import run as run
    from rnnviz.nn.train.training import train as train
    from rnnviz.runs.frames import Frame as Frame
    from rnnviz.runs.run import Run as Run
    from rnnviz.specs.experiment import Experiment as Experiment
    from rnnviz.specs.models import ModelSpec as ModelSpec
    from rnnviz.specs.models import TrainingSpec as TrainingSpec
    from rnnviz.tasks import task as task
    from rnnviz.tasks.forecast.reading import read_series as read_series
    from rnnviz.tasks.music.reading import read_melody as read_melody
    from rnnviz.tasks.sentiment.reading import read_reviews as read_reviews

from rnnviz.core.version import VERSION

__version__ = VERSION

_HOMES = {
    "CheckpointError": "rnnviz.core.errors",
    "Edit": "rnnviz.nn.measure.tracing",
    "Experiment": "rnnviz.specs.experiment",
    "ExperimentError": "rnnviz.core.errors",
    "Frame": "rnnviz.runs.frames",
    "ModelSpec": "rnnviz.specs.experiment",
    "Run": "rnnviz.runs.run",
    "RunFileError": "rnnviz.core.errors",
    "TextNeeded": "rnnviz.core.errors",
    "TrainingSpec": "rnnviz.specs.experiment",
    "gradient_flow": "rnnviz.nn.measure.gradients",
    "influence": "rnnviz.nn.measure.influence",
    "jacobians": "rnnviz.nn.measure.jacobians",
    "open_checkpoint": "rnnviz.nn.checkpoints.opening",
    "read_melody": "rnnviz.tasks.music.reading",
    "read_reviews": "rnnviz.tasks.sentiment.reading",
    "read_series": "rnnviz.tasks.forecast.reading",
    "recording": "rnnviz.nn.record.recording",
    "resume": "rnnviz.nn.train.resuming",
    "run": "rnnviz.nn.train.training",
    "task": "rnnviz.tasks",
    "trace": "rnnviz.nn.measure.tracing",
    "train": "rnnviz.nn.train.training",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rnnviz' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
