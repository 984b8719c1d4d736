"""What the worker finds of each model at the moment that is shown, kept for all who look."""

import dataclasses
from typing import Any

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, answer, answered, asked
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.engine import questions
from rnnviz.engine.questions import Question

_ASKING = "The models are asked …"


@dataclasses.dataclass(frozen=True)
class Of:
    """What was found of one model: `step`, after how many updates of its weights, and the arrays."""

    step: int
    found: Answer


def by_class(shown: Shown) -> dict[str, Of]:
    """Label → what `nn.measure.by_class` finds.

    Raises:
        EngineError: no answer came.
    """
    return _of_all(shown, questions.BY_CLASS, ())


def word_by_word(shown: Shown, inputs: Any, at: int) -> dict[str, Of]:
    """Label → what `nn.measure.word_by_word` finds on one sequence of symbols (T, 1).

    Raises:
        EngineError: no answer came.
    """
    return _of_all(shown, questions.WORD_BY_WORD, (inputs, at))


def suggested(shown: Shown, inputs: Any) -> dict[str, Of]:
    """Label → what `nn.measure.suggesting` finds after one sequence of symbols (T, 1).

    Raises:
        EngineError: no answer came.
    """
    return _of_all(shown, questions.SUGGEST, (inputs,))


def _of_all(shown: Shown, question: Question[..., Answer], options: tuple[Any, ...]) -> dict[str, Of]:
    """All models are asked before the first answer is waited for; one that ended early is asked as it was last."""
    waiting = {label: _ask(shown, label, question, options) for label in _measured(shown)}

    def found() -> dict[str, Of]:
        return {label: Of(shown.measured_at(label), answer(one)) for label, one in waiting.items()}

    return answered(waiting.values(), _ASKING, found)


def _ask(shown: Shown, label: str, question: Question[..., Answer], options: tuple[Any, ...]) -> Waiting:
    experiment, step = shown.run.experiment, shown.measured_at(label)
    weights = shown.run.frame(step).models[label].weights
    call = question(experiment.model(label), experiment.task, weights, *options)
    named = tuple(option.tobytes() if hasattr(option, "tobytes") else option for option in options)
    key = (shown.run.key, shown.shipped, label, step, question.function, named)
    return _asked().ask(key, lambda: engine().ask(call, timeout=PATIENCE))


def _measured(shown: Shown) -> list[str]:
    """Labels of the models that have been measured so far."""
    frames = [frame for frame in shown.run.frames if frame.step <= shown.step]
    return [label for label in shown.run.experiment.labels if any(label in frame.models for frame in frames)]


def _asked() -> Asked:
    return asked("word answers", limits.WORD_ANSWER_BYTES_KEPT)
