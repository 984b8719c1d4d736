"""Tasks by name, for tests of what one kind alone has: `rnnviz.tasks.task` promises no more than a `Task`."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from rnnviz import tasks
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

task: Callable[..., Any] = tasks.task


def fitting(models: Sequence[ModelSpec], chosen: Task) -> tuple[ModelSpec, ...]:
    """Models for a task: where all is read at once, the same in one direction and with one cell."""
    if not chosen.at_once:
        return tuple(models)
    return tuple(dataclasses.replace(model, bidirectional=False, decoder=None) for model in models)
