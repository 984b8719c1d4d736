"""What a model writes after a beginning, and how it came about."""

import math
import numbers

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.runs.translation import LARGEST_TEMPERATURE
from rnnviz.tasks import Task


class Continuation(str):
    """The text that was written: a text like any other, with what was measured while it was written.

    prefix:        what was read first.
    tokens:        (time,) the symbols that were written, as they are shown.
    probabilities: (time,) float32, of each symbol written, at temperature 1.
    answers:       (time, class) float32, probabilities of all classes.
    """

    prefix: str
    tokens: tuple[str, ...]
    probabilities: np.ndarray
    answers: np.ndarray


def continuation(task: Task, found: dict[str, np.ndarray]) -> Continuation:
    """What `nn.decode.generating` found, with words in place of numbers."""
    classes = found["classes"]
    written = Continuation(task.written(task.reads.given(classes)))
    written.prefix = task.written(task.reads.given(found["prefix"]))
    written.tokens = tuple(task.classes[place] for place in classes)
    written.answers = found["answers"]
    written.probabilities = found["answers"][np.arange(len(classes)), classes]
    return written


def check_temperature(temperature: object) -> None:
    """Refuse what is none.

    Raises:
        ExperimentError: it is below 0, too large, or no number.
    """
    number = isinstance(temperature, numbers.Real) and not isinstance(temperature, bool)
    if not number or not math.isfinite(temperature) or not 0 <= temperature <= LARGEST_TEMPERATURE:  # type: ignore[arg-type, operator]
        allowed = f"0 for the likeliest symbol, or more, up to {LARGEST_TEMPERATURE:g}"
        raise ExperimentError("temperature", allowed, temperature)
