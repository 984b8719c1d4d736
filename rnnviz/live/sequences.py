"""The sequences that all models read, with what is asked of them: what stands under a picture's time axis."""

import math
from typing import Any

import numpy as np

from rnnviz import analysis
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.runs.frames import ModelFrame
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating

CLOSE = 0.1  # of what guessing is off by, typically: an answer in numbers that is off by less counts as right
_sequences: Cache[str, list[dict[str, Any]]] = Cache("sequences", limits.SEQUENCE_BYTES_KEPT)


def sequences(experiment: Experiment) -> list[dict[str, Any]]:
    """One for each probe, told once: what is read and what is right.

    name, tokens (one for each time step, "" for nothing to read), asked (one answer, or one for each time step), read
    (time steps of an encoder, which come first; 0 for any other model), and for answers in numbers at every step their
    right values, null where one is missing.
    """
    return _sequences.get(experiment.key, lambda: _made(experiment))


def _made(experiment: Experiment) -> list[dict[str, Any]]:
    task = experiment.task
    probes = task.probes()
    found = []
    for probe, name in enumerate(probes.names):
        one: dict[str, Any] = {
            "name": name,
            "tokens": list(analysis.tokens(experiment, probe)),
            "asked": list(task.asked(probe)),
            "read": analysis.probe_read_steps(experiment, probe),
        }
        if task.answers.as_curve:
            one["values"] = _listed(task.answers.of.shown(probes.batch.targets[:, probe]))
        found.append(one)
    return found


def _listed(values: np.ndarray) -> list[float | None]:
    return [round(float(value), 4) if math.isfinite(value) else None for value in values]


def answer(task: Task, frame: ModelFrame, probe: int) -> dict[str, Any]:
    """What a model answers to a probe: in words, which of them are right, and the whole in a line."""
    if isinstance(task, Translating):
        written = task.write(frame.translated["written"][:, probe])
        return {"answered": [written], "right": [written == task.asked(probe)[0]], "said": ""}
    found: dict[str, Any] = {
        "answered": list(task.answered(frame.outputs, probe)),
        "right": _right(task, frame, probe),
        "said": "" if task.answers.at_end else task.describe_answer(frame.outputs, probe),
    }
    if task.answers.as_curve:
        found["values"] = task.answers.of.shown(frame.outputs[:, probe]).astype(np.float32)
    return found


def _right(task: Task, frame: ModelFrame, probe: int) -> list[bool]:
    if not task.answers.of.is_number:
        return [a == b for a, b in zip(task.answered(frame.outputs, probe), task.asked(probe), strict=True)]
    of = task.answers.of
    wanted = of.shown(task.probes().batch.targets[..., probe, :]).reshape(-1)
    off = np.abs(of.shown(frame.outputs[:, probe].astype(np.float64)) - wanted)
    return [bool(error <= CLOSE * of.usual_error(task.baseline)) for error in off]
