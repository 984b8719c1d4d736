"""What flows through the networks unrolled in time at one measured moment: how large it is at every step."""

from typing import Any

import numpy as np

from rnnviz.live.anatomy_numbers import inputs_of
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.tasks import Task
from rnnviz.tasks.batch import length_of


def numbers(at: RunView, label: str, probe: int) -> dict[str, Any]:
    """One model at one moment, on one probe.

    parts:     for each stack of recurrent layers x (time,), the norm of what its lowest layer reads; h and c (layer,
               direction, time), norms of the states; dh and dc likewise, norms of the loss's gradient by them, which
               are of the training batch. NaN where there is no such value; a name is missing where there is no such
               state.
    said:      what is answered at every answer, by a decoder while it is fed the right symbols; "" for no question.
    sure:      (answer,) the probability of it; NaN for numbers.
    loss:      (answer,) (binary) cross-entropy in nats or squared error; NaN for no question.
    right:     whether each is right; of numbers nothing.
    attention: (output_time, input_time) weights, row by row, where there is attention.
    All arrays are float32.
    """
    task, frame = at.experiment.task, at.model(label)
    times = _times(task, probe)
    parts = zip(inputs_of(at, label, probe), times, strict=True)
    found: dict[str, Any] = {"parts": [_part(frame, x, own, probe) for x, own in parts]}
    found |= _answers(task, frame, probe)
    if "attention" in frame.translated:
        read, written = (own.stop - own.start for own in times)
        found["attention"] = frame.translated["attention"][probe, :written, :read].astype(np.float32)
    return found


def _times(task: Task, probe: int) -> list[slice]:
    """Where on the time axis of a frame each stack of layers has its steps of a probe."""
    batch = task.probes().batch
    read = slice(0, int(batch.lengths[probe]))
    if not architectures.of(task).writes:
        return [read]
    begin = len(batch.inputs)
    return [read, slice(begin, begin + int(length_of(batch.targets)[probe]))]


def _part(frame: ModelFrame, x: np.ndarray, own: slice, probe: int) -> dict[str, np.ndarray]:
    found = {"x": _norm(x)}
    for letter, name in (("h", "hidden"), ("c", "cell")):
        if name in frame.trace:
            found[letter] = _norm(frame.trace[name][:, :, own, probe])
        gradient = frame.get(f"{name}_grad_norm")
        if gradient is not None:
            found[f"d{letter}"] = gradient[:, :, own].astype(np.float32)
    return found


def _norm(values: np.ndarray) -> np.ndarray:
    norms: np.ndarray = np.linalg.norm(values.astype(np.float32), axis=-1).astype(np.float32)
    return norms


def _answers(task: Task, frame: ModelFrame, probe: int) -> dict[str, Any]:
    """What is answered, how sure that is, and its loss."""
    batch, of = task.probes().batch, task.answers.of
    targets = task.answers.take(batch.targets, slice(probe, probe + 1))
    outputs = frame.outputs[:, probe].astype(np.float64)
    if task.answers.at_end:
        targets = targets[None]
    elif architectures.of(task).writes:
        targets = targets[: int(length_of(batch.targets)[probe])]
    else:
        targets = targets[: batch.lengths[probe]]
    judged = of.judged(outputs[: len(targets)], targets[:, 0])
    return {"said": judged.said, "sure": judged.sure, "loss": judged.loss, "right": judged.right}
