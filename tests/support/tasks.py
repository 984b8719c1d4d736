"""Tasks by name, for tests of what one kind alone has: `rnnviz.tasks.task` promises no more than a `Task`."""

from collections.abc import Callable
from typing import Any

from rnnviz import tasks

task: Callable[..., Any] = tasks.task
