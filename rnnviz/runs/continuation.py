"""What a model writes after a beginning, and how it came about."""

import math
import numbers

import numpy as np

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.fields import is_whole
from rnnviz.runs.translation import LARGEST_TEMPERATURE
from rnnviz.tasks import Task

USUAL_LENGTH = 120  # symbols that are written on a page


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


def writes(task: Task) -> bool:
    """Whether models of a task go on writing by themselves: an answer can be read as the next input."""
    return task.predicts_next and bool(task.classes)


def usual_length(task: Task) -> int:
    """How many symbols are written on a page: where sequences have an end, as many as the longest has."""
    return USUAL_LENGTH if task.equally_long else task.steps


def usual_prefix(task: Task) -> str:
    """What is read first where nobody chose it: the first symbol of the first sequence that is looked at."""
    return task.written(task.probes().batch.inputs[:1, 0])


def seed_of(seed: int, step: int, model: int, draw: int = 0) -> int:
    """The seed of what a model writes at a moment: the same experiment writes the same.

    seed: of the training; step: of it; model: its place among all; draw: which of several texts.
    """
    return int(np.random.SeedSequence((seed, step, model, draw)).generate_state(1)[0] >> 1)


def drawn_from(answers: np.ndarray, temperature: float, top_k: int | None = None) -> np.ndarray:
    """The probabilities (…, class) float64 from which a symbol is drawn.

    answers:     (…, class), logits or logarithms of probabilities.
    temperature: they are divided by it before the softmax; 0 leaves the likeliest alone.
    top_k:       only so many of the likeliest can be drawn; None for all. Of equals the first ones.
    """
    shares = shares_of(answers, temperature, top_k)
    found: np.ndarray = shares / shares.sum(-1, keepdims=True)
    return found


def shares_of(answers: np.ndarray, temperature: float, top_k: int | None = None) -> np.ndarray:
    """The same up to a factor: the largest is 1."""
    scores = answers.astype(np.float64)
    scores -= scores.max(-1, keepdims=True)  # however large they were, they stay finite
    if temperature:
        scores /= temperature
    if temperature == 0 or (top_k is not None and top_k < scores.shape[-1]):
        places = np.argsort(-scores, -1, kind="stable")[..., top_k if temperature else 1 :]
        np.put_along_axis(scores, places, -np.inf, -1)
    found: np.ndarray = np.exp(scores, out=scores)
    return found


def check_prefix(task: Task, prefix: object, name: str = "prefix", most: int = limits.LONGEST_TYPED) -> None:
    """Refuse what cannot be read first.

    name: of the field, as it is called where it is refused.
    most: characters.

    Raises:
        ExperimentError: it is no text, an empty one, too long, or holds what the task does not know.
    """
    if not isinstance(prefix, str) or not prefix:
        raise ExperimentError(name, "a text of at least one symbol", prefix)
    if len(prefix) > most:
        raise ExperimentError(name, f"at most {most:,} characters", Words(f"{len(prefix):,} characters"))
    try:
        task.encode(prefix)
    except ExperimentError as error:  # the task calls all that is typed its input
        raise ExperimentError(name, error.allowed, error.received) from error


def check_top_k(top_k: object) -> None:
    """Refuse what is none.

    Raises:
        ExperimentError: it is no whole number of at least 1, nor None.
    """
    if top_k is not None and not is_whole(top_k, 1, limits.MOST_CANDIDATES):
        allowed = f"a whole number from 1 to {limits.MOST_CANDIDATES:,}, or none for all symbols"
        raise ExperimentError("top_k", allowed, top_k)


def check_temperature(temperature: object) -> None:
    """Refuse what is none.

    Raises:
        ExperimentError: it is below 0, too large, or no number.
    """
    number = isinstance(temperature, numbers.Real) and not isinstance(temperature, bool)
    if not number or not math.isfinite(temperature) or not 0 <= temperature <= LARGEST_TEMPERATURE:  # type: ignore[arg-type, operator]
        allowed = f"0 for the likeliest symbol, or more, up to {LARGEST_TEMPERATURE:g}"
        raise ExperimentError("temperature", allowed, temperature)
