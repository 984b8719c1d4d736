"""What the worker finds of one model with a change made by hand, kept for all who look."""

from collections.abc import Hashable

from pages._ui.run.shown import Shown
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, answer, answered, asked
from pages._ui.session.server import engine
from rnnviz.analysis.clamping import Clamp
from rnnviz.core import limits
from rnnviz.engine import questions
from rnnviz.engine.questions import Call


def clamped(shown: Shown, label: str, probe: int, clamp: Clamp) -> Answer:
    """What `nn.measure.changed.clamping` finds at the training step that is looked at.

    Raises:
        EngineError: no answer came.
    """
    experiment = shown.run.experiment
    call = questions.CLAMPED(experiment.model(label), experiment.task, _weights(shown, label), probe, clamp)
    waiting = _ask(shown, label, call, (probe, clamp))
    return answered([waiting], "The model reads the sequence again …", lambda: answer(waiting))


def silenced(shown: Shown, label: str) -> Answer:
    """What `nn.measure.changed.silencing` finds then.

    Raises:
        EngineError: no answer came.
    """
    experiment = shown.run.experiment
    call = questions.SILENCED(experiment.model(label), experiment.task, _weights(shown, label))
    waiting = _ask(shown, label, call, ())
    return answered([waiting], "Each unit is silenced in turn …", lambda: answer(waiting))


def kept() -> Asked:
    """The answers so far."""
    return asked("gates answers", limits.GATES_ANSWER_BYTES_KEPT)


def _weights(shown: Shown, label: str) -> Answer:
    return shown.run.frame(shown.measured_at(label)).models[label].weights


def _ask(shown: Shown, label: str, call: Call[Answer], options: tuple[Hashable, ...]) -> Waiting:
    key = (shown.run.key, shown.shipped, label, shown.measured_at(label), call.function, options)
    return kept().ask(key, lambda: engine().ask(call, timeout=PATIENCE))
