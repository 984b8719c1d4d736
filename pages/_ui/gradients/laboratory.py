"""What the gradient laboratory knows about a moment of a run: asked of the worker, kept for all who look.

A run that stands still is measured where it is looked at, and over the whole training. One that is being trained is
measured now and then in the background, and what is shown is the last answer there is.
"""

import dataclasses
import functools
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import TimeoutError as Late

from pages._ui.run.shown import Shown
from pages._ui.session.asking import Answer, Asked, Waiting
from pages._ui.session.server import engine
from rnnviz.datasets import place_of
from rnnviz.engine import Engine, EngineError

LOOK, HORIZONS = "rnnviz.nn.laboratory:look", "rnnviz.nn.laboratory:horizons"
PATIENCE = 20.0  # seconds for one answer; others may have asked before
PAUSE = 4.0  # times as long as an answer took passes before a run in training is measured again,
LEAST = 1.0  # and at least so many seconds: training goes first
CHUNK = 500_000  # weights, and
FRAMES = 6  # moments of training, that one question holds

_lock = threading.Lock()
_all: "weakref.WeakKeyDictionary[Engine, _Kept]" = weakref.WeakKeyDictionary()


@dataclasses.dataclass(frozen=True)
class Look:
    """One model at one moment: `step`, the training step at which it was measured, and what was found."""

    step: int
    found: Answer


class _Kept:
    """What one engine has answered."""

    def __init__(self) -> None:
        self.asked = Asked()
        self.due: dict[Hashable, float] = {}  # when a run in training may be measured again

    def rest(self, run: Hashable, began: float) -> None:
        """Let a run train on for a while after it has been measured."""
        now = time.monotonic()
        self.due[run] = now + max(LEAST, PAUSE * (now - began))
        for old in [key for key, when in self.due.items() if when < now]:
            del self.due[old]


def look(shown: Shown, label: str, probe: int) -> Look | None:
    """What is known of a model; None while the first answer about a run in training is on its way.

    Raises:
        ValueError: the model cannot be measured.
        EngineError: no answer came.
    """
    step = measured_at(shown, label)
    return _latest(shown, label, probe, step) if shown.moving else Look(step, _answer(_ask(shown, label, probe, step)))


def measured_at(shown: Shown, label: str) -> int:
    """The training step of the frame that is shown of a model: an earlier one if its training has ended."""
    return max(frame.step for frame in shown.run.frames if label in frame.models and frame.step <= shown.step)


def prefetch(shown: Shown, probe: int) -> None:
    """Ask about all models at once, so that the worker need not wait for the page."""
    for label in measured(shown):
        _ask(shown, label, probe, measured_at(shown, label))


def measured(shown: Shown) -> list[str]:
    """The labels of the models that have been measured so far."""
    return [
        label
        for label in shown.run.experiment.labels
        if any(label in frame.models for frame in shown.run.frames if frame.step <= shown.step)
    ]


def horizons(shown: Shown, label: str, probe: int, layer: int, direction: str) -> tuple[list[tuple[int, int]], bool]:
    """What is known by now of a model's memory horizon at every frame, and whether that is all; it does not wait.

    Of a run in training, that of the moments which have been looked at.

    Returns:
        (training step, time steps) for each frame, −1 time steps where it is no number.

    Raises:
        ValueError: the model cannot be measured.
        EngineError: no answer came.
    """
    place = place_of(shown.run.experiment, label, layer, direction)
    if shown.moving:
        steps = [frame.step for frame in shown.run.frames if label in frame.models]
        seen = [(step, _kept().asked.find(_key(shown, label, probe, step))) for step in steps]
        there = [(step, one) for step, one in seen if one is not None and one.done() and one.exception() is None]
        return [(step, int(one.result()["horizon"][place])) for step, one in there], False
    asked = ask_horizons(shown, label, probe)
    done = [(steps, one.result()["horizon"]) for steps, one in asked if one.done()]
    found = [(step, int(horizon[place])) for steps, frames in done for step, horizon in zip(steps, frames, strict=True)]
    return found, len(done) == len(asked)


def ask_horizons(shown: Shown, label: str, probe: int) -> list[tuple[list[int], Waiting]]:
    """Questions for the horizons of a run that stands still, some frames in each: training steps, answer."""
    frames = [frame for frame in shown.run.frames if label in frame.models]
    weights = sum(array.size for array in frames[0].models[label].weights.values()) if frames else 1
    size = max(1, min(FRAMES, CHUNK // weights))
    asked, experiment = [], shown.run.experiment
    for begin in range(0, len(frames), size):
        part = frames[begin : begin + size]
        steps = [frame.step for frame in part]
        key = (_run(shown), label, probe, "horizons", tuple(steps))
        args = (experiment.model(label), experiment.task, [frame.models[label].weights for frame in part], probe)
        asked.append((steps, _kept().asked.ask(key, _question(HORIZONS, *args), later=True)))
    return asked


def _latest(shown: Shown, label: str, probe: int, step: int) -> Look | None:
    """The answer about the moment nearest before `step` that there is; asks about `step` itself if it is time."""
    kept = _kept()
    known = [frame.step for frame in shown.run.frames if frame.step <= step]
    found = {at: kept.asked.find(_key(shown, label, probe, at)) for at in known}
    if not any(waiting is not None and not waiting.done() for waiting in found.values()):
        group = (_run(shown), label, probe)
        if found[step] is None and time.monotonic() >= kept.due.get(group, 0.0):
            began = time.monotonic()
            _ask(shown, label, probe, step).add_done_callback(lambda _: kept.rest(group, began))
    for at in reversed(known):
        waiting = found[at]
        if waiting is not None and waiting.done():
            return Look(at, _answer(waiting))
    return None


def _ask(shown: Shown, label: str, probe: int, step: int) -> Waiting:
    experiment = shown.run.experiment
    weights = shown.run.frame(step).models[label].weights
    question = _question(LOOK, experiment.model(label), experiment.task, weights, probe)
    return _kept().asked.ask(_key(shown, label, probe, step), question)


def _question(function: str, *args: object) -> Callable[[], Answer]:
    return functools.partial(engine().ask, function, *args, timeout=PATIENCE)


def _answer(waiting: Waiting) -> Answer:
    try:
        return waiting.result(PATIENCE)
    except Late:
        raise EngineError(f"The answer took longer than {PATIENCE:g} seconds. Try again in a moment.") from None


def _key(shown: Shown, label: str, probe: int, step: int) -> Hashable:
    return _run(shown), label, probe, step


def _run(shown: Shown) -> Hashable:
    return shown.run.experiment.key, shown.shipped


def _kept() -> _Kept:
    with _lock:
        return _all.setdefault(engine(), _Kept())
