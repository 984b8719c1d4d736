"""What the gradient laboratory knows about a moment of a run: asked of the worker, kept for all who look."""

import dataclasses
import functools
from collections.abc import Callable, Hashable

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, answer, asked
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.engine import questions
from rnnviz.engine.questions import Call
from rnnviz.runs.frames import Frame

CHUNK = 500_000  # weights, and
FRAMES = 6  # moments of training, that one question holds
MOMENTS = 40  # of a whole training at which the memory horizon is found, at most


@dataclasses.dataclass(frozen=True)
class Measurement:
    """One model at one moment: `step`, the training step at which it was measured, and what was found."""

    step: int
    found: Answer


def measurement(shown: Shown, label: str, probe: int) -> Measurement:
    """What is found of a model at the moment that is shown; waits for the answer.

    Raises:
        ValueError: the model cannot be measured.
        EngineError: no answer came.
    """
    step = shown.measured_at(label)
    return Measurement(step, answer(_ask(shown, label, probe, step)))


def prefetch(shown: Shown, probe: int) -> None:
    """Ask about all models at once, so that the worker need not wait for the page."""
    for label in measured(shown):
        _ask(shown, label, probe, shown.measured_at(label))


def measured(shown: Shown) -> list[str]:
    """The labels of the models that have been measured so far, and whose gradients go back through their states."""
    return [label for label in shown.at.measured if shown.run.experiment.built(label).recurrent]


def ask_horizons(shown: Shown, label: str, probe: int) -> list[tuple[list[int], Waiting]]:
    """Questions for a model's memory horizons over the training of a run that is over: training steps, answer."""
    frames = _spread([frame for frame in shown.run.frames if label in frame.models])
    weights = sum(array.size for array in frames[0].models[label].weights.values()) if frames else 1
    size = max(1, min(FRAMES, CHUNK // weights))
    found, experiment = [], shown.run.experiment
    for begin in range(0, len(frames), size):
        part = frames[begin : begin + size]
        steps = [frame.step for frame in part]
        key = (_run(shown), label, probe, "horizons", tuple(steps))
        args = (experiment.model(label), experiment.task, [frame.models[label].weights for frame in part], probe)
        found.append((steps, _asked().ask(key, _question(questions.HORIZONS(*args)), later=True)))
    return found


def _spread(frames: list[Frame]) -> list[Frame]:
    """At most `MOMENTS` frames, the first and the last among them."""
    last, count = len(frames) - 1, min(MOMENTS, len(frames))
    return [frames[round(last * i / max(1, count - 1))] for i in range(count)]


def _ask(shown: Shown, label: str, probe: int, step: int) -> Waiting:
    experiment = shown.run.experiment
    weights = shown.run.frame(step).models[label].weights
    question = _question(questions.GRADIENTS(experiment.model(label), experiment.task, weights, probe))
    return _asked().ask(_key(shown, label, probe, step), question)


def _question(call: Call[Answer]) -> Callable[[], Answer]:
    return functools.partial(engine().ask, call, timeout=PATIENCE)


def _key(shown: Shown, label: str, probe: int, step: int) -> Hashable:
    return _run(shown), label, probe, step


def _run(shown: Shown) -> Hashable:
    return shown.run.key, shown.shipped


def _asked() -> Asked:
    return asked("gradient answers", limits.GRADIENT_ANSWER_BYTES_KEPT)
