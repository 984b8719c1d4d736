"""The box for a sequence of one's own on the Anatomy page, into which other pages may type."""

from pages._ui.live import stage
from pages._ui.widgets.values import put, stored
from rnnviz.core.errors import ExperimentError
from rnnviz.runs.continuation import writes
from rnnviz.tasks import Task

MODE, TRAINED, BY_HAND = "anatomy.mode", "Trained model", "By hand"  # the parts of the Anatomy page
_TAKEN = "anatomy.own.taken"  # how often something was typed by the stage


def key_of(task: Task) -> str:
    """The key of the box: each task has a text of its own."""
    return f"anatomy.input.{task.name}"


def time_key(steps: int) -> str:
    """The key under which the chosen time step of a sequence of so many stands, from 1."""
    return f"anatomy.own.time.{steps}"


def offer(task: Task) -> None:
    """Let the stage type what a model wrote into it: at its last symbol the trained cell is taken apart."""
    if writes(task):
        told = {"kind": "typed", "key": "typed", "taken": stored(_TAKEN, 0)}
        stage.part("typed", told, lambda text: _type(task, text))


def _type(task: Task, text: str) -> None:
    put(key_of(task), text)
    put(MODE, TRAINED)
    put(_TAKEN, stored(_TAKEN, 0) + 1)
    try:
        steps = len(task.encode(text)[1])
    except ExperimentError:  # the page says why
        return
    put(time_key(steps), steps)
