"""Sequences to learn, numpy only. A task is added by adding its file (or package) here; nothing else lists tasks."""

import importlib
import inspect
import pkgutil
from typing import Any

from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import describe
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch


def _found() -> dict[str, type[Task]]:
    """Name → every task of this package's modules, in the order of their places."""
    found = set[type[Task]]()
    for file in pkgutil.iter_modules(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(file.name)).values():
            if isinstance(value, type) and issubclass(value, Task) and not inspect.isabstract(value):
                found.add(value)
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.place)}


TASKS: dict[str, type[Task]] = _found()


def task(name: str, **params: Any) -> Task:
    """The task called `name`, such as `task("recall", lag=20)`.

    Raises:
        ExperimentError: there is no such task or parameter, or a value is out of range.
    """
    if not isinstance(name, str) or name not in TASKS:
        raise ExperimentError("task", "one of " + ", ".join(TASKS), name)
    known = {meaning.name for meaning in describe(TASKS[name])}
    for param in params:
        if param not in known:
            raise ExperimentError(f"task.{param}", f"a parameter of {name} ({', '.join(sorted(known))})", params[param])
    try:
        return TASKS[name](**params)
    except ExperimentError as error:
        raise error.inside("task") from None


__all__ = ["TASKS", "Batch", "Defaults", "Probes", "Task", "task"]
