"""Recurrent networks, measured while they learn. Names load when they are first used: importing this is cheap."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnviz.errors import CheckpointError as CheckpointError
    from rnnviz.errors import ExperimentError as ExperimentError
    from rnnviz.errors import RunFileError as RunFileError
    from rnnviz.errors import TextNeeded as TextNeeded
    from rnnviz.experiment import Experiment as Experiment
    from rnnviz.experiment import ModelSpec as ModelSpec
    from rnnviz.experiment import TrainingSpec as TrainingSpec
    from rnnviz.frames import Frame as Frame
    from rnnviz.nn.checkpoints import open_checkpoint as open_checkpoint
    from rnnviz.nn.gradients import gradient_flow as gradient_flow
    from rnnviz.nn.influence import influence as influence
    from rnnviz.nn.jacobians import jacobians as jacobians
    from rnnviz.nn.recording import recording as recording
    from rnnviz.nn.tracing import trace as trace
    from rnnviz.nn.training import run as run
    from rnnviz.nn.training import train as train
    from rnnviz.runs import Run as Run
    from rnnviz.tasks import task as task

__version__ = "0.1.0"

_HOMES = {
    "CheckpointError": "rnnviz.errors",
    "Experiment": "rnnviz.experiment",
    "ExperimentError": "rnnviz.errors",
    "Frame": "rnnviz.frames",
    "ModelSpec": "rnnviz.experiment",
    "Run": "rnnviz.runs",
    "RunFileError": "rnnviz.errors",
    "TextNeeded": "rnnviz.errors",
    "TrainingSpec": "rnnviz.experiment",
    "gradient_flow": "rnnviz.nn.gradients",
    "influence": "rnnviz.nn.influence",
    "jacobians": "rnnviz.nn.jacobians",
    "open_checkpoint": "rnnviz.nn.checkpoints",
    "recording": "rnnviz.nn.recording",
    "run": "rnnviz.nn.training",
    "task": "rnnviz.tasks",
    "trace": "rnnviz.nn.tracing",
    "train": "rnnviz.nn.training",
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
