"""What the models write to one input, asked of the worker once for all who look at the same weights."""

import dataclasses
from collections.abc import Hashable
from typing import Any

import numpy as np

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, answer, answered, asked
from pages._ui.session.server import engine
from rnnviz.core import limits
from rnnviz.engine import questions
from rnnviz.engine.questions import Question
from rnnviz.runs.translation import Decoding

ASKING = "The model is asked …"


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was found of one model: `step`, after how many updates of its weights, and the arrays."""

    step: int
    found: Answer


def decoded(shown: Shown, label: str, codes: np.ndarray, how: Decoding | None = None) -> Seen:
    """What `nn.decoding.translate` finds of one model.

    Raises:
        ExperimentError: the input or what is forced does not fit the task or the weights.
        EngineError: no answer came.
    """
    return _seen(shown, label, questions.TRANSLATE, codes, how or Decoding())


def searched(shown: Shown, label: str, codes: np.ndarray, width: int) -> Seen:
    """The same for `nn.beam.search`."""
    return _seen(shown, label, questions.BEAM_SEARCH, codes, width)


def damaged(shown: Shown, label: str) -> Seen:
    """The same for `nn.damage.damage`: what the model loses without its attention, over all held-out sequences."""
    return _seen(shown, label, questions.DAMAGE)


def writers(shown: Shown) -> list[str]:
    """Labels of the models that can be asked: one that ended before its first frame has no weights."""
    return list(shown.at.measured)


def _seen(shown: Shown, label: str, question: Question[..., Answer], *options: Any) -> Seen:
    """The answer to a question, for which a word stands as long as it is waited for."""
    experiment, weights = shown.run.experiment, shown.at.model(label).weights
    step = shown.measured_at(label)

    def ask() -> Answer:
        return engine().ask(question(experiment.model(label), experiment.task, weights, *options), timeout=PATIENCE)

    key = (shown.run.key, shown.shipped, label, question.function, *map(_hashable, options), step)
    waiting = _asked().ask(key, ask)
    return answered([waiting], ASKING, lambda: Seen(step, answer(waiting)))


def _hashable(option: Any) -> Hashable:
    return option.tobytes() if isinstance(option, np.ndarray) else option


def _asked() -> Asked:
    return asked("attention answers", limits.ATTENTION_ANSWER_BYTES_KEPT)
