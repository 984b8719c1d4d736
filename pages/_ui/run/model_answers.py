"""What the worker finds of each model at the moment that is shown, kept for all who look."""

import dataclasses
from collections.abc import Callable, Collection
from typing import Any

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, answer, answered, asked
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.engine.questions import Question
from rnnviz.specs.models import ModelSpec

_ASKING = "The models are asked …"


@dataclasses.dataclass(frozen=True)
class Of:
    """What was found of one model: `step`, after how many updates of its weights, and the arrays."""

    step: int
    found: Answer


def _every(_spec: ModelSpec) -> bool:
    return True


def of_all(
    shown: Shown,
    question: Question[..., Answer],
    *options: Any,
    of: Callable[[ModelSpec], bool] = _every,
    among: Collection[str] | None = None,
) -> dict[str, Of]:
    """Label → what a question about a model, its task and its weights finds, of all that have been measured so far.

    All models are asked before the first answer is waited for; one that ended early is asked as it was last.

    options: further arguments of the question.
    of:      which models are asked,
    among:   and the labels of those; None for all.

    Raises:
        EngineError: no answer came.
    """
    labels = [label for label in _measured(shown) if of(shown.run.experiment.model(label))]
    labels = [label for label in labels if among is None or label in among]
    waiting = {label: _ask(shown, label, question, options) for label in labels}

    def found() -> dict[str, Of]:
        return {label: Of(shown.measured_at(label), answer(one)) for label, one in waiting.items()}

    return answered(waiting.values(), _ASKING, found)


def kept() -> Asked:
    """The questions that were asked, with their answers."""
    return asked("answers of models", limits.MODEL_ANSWER_BYTES_KEPT)


def _ask(shown: Shown, label: str, question: Question[..., Answer], options: tuple[Any, ...]) -> Waiting:
    experiment, step = shown.run.experiment, shown.measured_at(label)
    weights = shown.run.frame(step).models[label].weights
    call = question(experiment.model(label), experiment.task, weights, *options)
    named = tuple(option.tobytes() if hasattr(option, "tobytes") else option for option in options)
    key = (shown.run.key, shown.shipped, label, step, question.function, named)
    return kept().ask(key, lambda: engine().ask(call, timeout=PATIENCE))


def _measured(shown: Shown) -> list[str]:
    """Labels of the models that have been measured so far."""
    frames = [frame for frame in shown.run.frames if frame.step <= shown.step]
    return [label for label in shown.run.experiment.labels if any(label in frame.models for frame in frames)]
