"""Sequences to learn, one file per task, numpy only. A task is added by adding its class to `TASKS`."""

from typing import Any

from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import describe
from rnnviz.tasks.adding import Adding
from rnnviz.tasks.base import Batch, Defaults, Probes, Task
from rnnviz.tasks.brackets import Brackets
from rnnviz.tasks.dates import Dates
from rnnviz.tasks.pairs import Pairs
from rnnviz.tasks.phrases import Phrases
from rnnviz.tasks.recall import Recall
from rnnviz.tasks.reverse import Reverse
from rnnviz.tasks.sorting import Sort
from rnnviz.tasks.text import Text
from rnnviz.tasks.waves import Waves

__all__ = ["TASKS", "Batch", "Defaults", "Probes", "Task", "task"]

TASKS: dict[str, type[Task]] = {
    kind.name: kind for kind in (Adding, Recall, Brackets, Waves, Text, Dates, Reverse, Sort, Phrases, Pairs)
}


def task(name: str, **params: Any) -> Task:
    """The task called `name`, such as `task("recall", lag=20)`.

    Raises:
        ExperimentError: there is no such task or parameter, or a value is out of range.
    """
    if not isinstance(name, str) or name not in TASKS:
        raise ExperimentError("task", "one of " + ", ".join(TASKS), name)
    known = {meaning.name for meaning in _parameters(name)}
    for param in params:
        if param not in known:
            raise ExperimentError(f"task.{param}", f"a parameter of {name} ({', '.join(sorted(known))})", params[param])
    try:
        return TASKS[name](**params)
    except ExperimentError as error:
        raise error.inside("task") from None


def _parameters(name: str) -> tuple[Any, ...]:
    return describe(TASKS[name])
