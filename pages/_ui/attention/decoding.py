"""What the models write to one input, asked of the worker once for all who look.

Of a run that stands still the answer is waited for. While a run is in training the weights change several times a
second: what is shown is the last answer there is, and the next is already on its way.
"""

import dataclasses
import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from pages._ui.run.shown import Shown
from pages._ui.session.asking import Answer, Asked, Waiting
from pages._ui.session.server import engine
from rnnviz.engine import Engine, EngineError
from rnnviz.translating_analysis import measured
from rnnviz.translation import Decoding

TRANSLATE, SEARCH = "rnnviz.nn.decoding:translate", "rnnviz.nn.beam:search"
DAMAGE = "rnnviz.nn.damage:damage"
PATIENCE = 20.0  # seconds for one answer; others may have asked before
MOST_LATEST = 500  # questions about runs in training that are kept, with their last answer

_lock = threading.Lock()
_all: "weakref.WeakKeyDictionary[Engine, _Kept]" = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was found of one model: `step`, after how many updates of its weights, and the arrays."""

    step: int
    found: Answer


class _Kept:
    """What one engine has answered; of a run in training, the last answer to each question asked of late.

    newest: the step and the future of the question under way, those asked last at the end.
    latest: the same of the last that was answered or refused.
    """

    def __init__(self) -> None:
        self.asked = Asked()
        self.latest: dict[Hashable, tuple[int, Waiting]] = {}
        self.newest: dict[Hashable, tuple[int, Waiting]] = {}


def decoded(shown: Shown, label: str, codes: np.ndarray, how: Decoding | None = None) -> Seen | None:
    """What `nn.decoding.translate` finds of one model; None while the first answer about a run in training is awaited.

    Raises:
        ExperimentError: the input or what is forced does not fit the task or the weights.
        EngineError: no answer came.
    """
    return _seen(shown, label, TRANSLATE, codes, how or Decoding())


def searched(shown: Shown, label: str, codes: np.ndarray, width: int) -> Seen | None:
    """The same for `nn.beam.search`."""
    return _seen(shown, label, SEARCH, codes, width)


def damaged(shown: Shown, label: str) -> Seen | None:
    """The same for `nn.damage.damage`: what the model loses without its attention, over all held-out sequences."""
    return _seen(shown, label, DAMAGE)


def writers(shown: Shown) -> list[str]:
    """Labels of the models that can be asked: one that ended before its first frame has no weights."""
    return list(measured(shown.run, shown.step))


def weights_at(shown: Shown, label: str) -> tuple[int, dict[str, np.ndarray]]:
    """The newest weights of a model that may be shown, and after how many updates: of a glimpse, or of a frame.

    Raises:
        LookupError: it is none of the `writers`.
    """
    weights = shown.run.model_frame(label, shown.step).weights
    return max(f.step for f in shown.run.frames if label in f.models and f.step <= shown.step), weights


def _seen(shown: Shown, label: str, function: str, *options: Any) -> Seen | None:
    kept, experiment = _kept(), shown.run.experiment
    step, weights = weights_at(shown, label)
    about = (experiment.key, shown.shipped, label, function, *map(_hashable, options))

    def ask() -> Answer:
        args = (experiment.model(label), experiment.task, weights, *options)
        answer: Answer = engine().ask(function, *args, timeout=PATIENCE)
        return answer

    if not shown.moving:
        return Seen(step, kept.asked.ask((*about, step), ask).result(PATIENCE))
    return _latest(kept, about, step, lambda: kept.asked.ask((*about, step), ask))


def _latest(kept: _Kept, about: Hashable, step: int, ask: Callable[[], Waiting]) -> Seen | None:
    """The last answer to a question about a run in training; asks again when the one before has come.

    Other weights may answer what these refused, so that is asked again, too.
    """
    with _lock:
        asked_at, waiting = kept.newest.pop(about, (-1, None))
        if waiting is not None and waiting.done() and not isinstance(waiting.exception(), EngineError):
            kept.latest[about] = asked_at, waiting
        if waiting is None or (waiting.done() and asked_at != step):
            asked_at, waiting = step, ask()
        kept.newest[about] = asked_at, waiting
        while len(kept.newest) > MOST_LATEST:
            old = next(iter(kept.newest))
            del kept.newest[old]
            kept.latest.pop(old, None)
        last = kept.latest.get(about)
    return None if last is None else Seen(last[0], last[1].result())


def _hashable(option: Any) -> Hashable:
    return option.tobytes() if isinstance(option, np.ndarray) else option


def _kept() -> _Kept:
    with _lock:
        return _all.setdefault(engine(), _Kept())
