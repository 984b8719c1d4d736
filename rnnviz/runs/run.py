"""Run = experiment + frames: what was measured, ready to be read, saved and loaded."""

import bisect
import dataclasses
import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import is_whole
from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.runs.view import RunView
from rnnviz.specs.branch import Branch, Training
from rnnviz.specs.experiment import Experiment

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from rnnviz.runs.continuation import Continuation
    from rnnviz.runs.translation import Decoding, Translation


class Run:
    """What was measured while an experiment ran. It grows frame by frame until it is complete.

    start: the step of another training from which this one went on, a branch; None: it began with first weights.
    """

    def __init__(self, experiment: Experiment, frames: Iterable[Frame] = (), start: Branch | None = None) -> None:
        self.experiment = experiment
        self.start = start
        self.frames: list[Frame] = []
        self.nbytes = 0
        self._views: dict[int, RunView] = {}  # number of frames → the run as it was then
        for frame in frames:
            self.append(frame)

    def append(self, frame: Frame) -> None:
        """Add the next frame; one that the run already has (by its step) is dropped."""
        if self.frames and frame.step <= self.frames[-1].step:
            return
        self.nbytes += frame.nbytes
        self.frames.append(frame)

    @property
    def training(self) -> Training:
        """The experiment and where it starts."""
        return Training(self.experiment, self.start)

    @property
    def key(self) -> str:
        """What names its training: the experiment's key; of a branch another one (`specs.branch.key_of`)."""
        return self.training.key

    @property
    def complete(self) -> bool:
        """Whether the last frame is that of the last training step."""
        return bool(self.frames) and self.frames[-1].step == self.experiment.training.steps

    @property
    def steps(self) -> tuple[int, ...]:
        """The training steps of the frames so far."""
        return tuple(frame.step for frame in self.frames)

    @property
    def ended(self) -> dict[str, str]:
        """Label → when and why a model's training ended early, in a sentence."""
        return dict(self.frames[-1].ended) if self.frames else {}

    def at(self, step: int = -1) -> RunView:
        """The run at the frame of a training step: the last one for -1, else the last at or before `step`.

        Raises:
            LookupError: there is no frame yet.
            ExperimentError: the step is no whole number.
        """
        if not is_whole(step, -math.inf, math.inf):
            raise ExperimentError("step", "a whole number, a training step or -1 for the last", step)
        if not self.frames:
            raise LookupError("this run has no frames yet")
        count = len(self.frames)
        if step >= 0:
            count = max(1, bisect.bisect_right(self.frames, step, key=lambda frame: frame.step))
        if count not in self._views:
            self._views[count] = RunView.of(self.experiment, tuple(self.frames[:count]))
        return self._views[count]

    def frame(self, step: int = -1) -> Frame:
        """The frame of a training step, as for `at`.

        Raises:
            LookupError: there is no frame yet.
            ExperimentError: the step is no whole number.
        """
        return self.at(step).frame

    def model_frame(self, model: str, step: int = -1) -> ModelFrame:
        """What was measured on one model at a step; for a model that has ended, at its last frame.

        Raises:
            LookupError: no such model, or no frame yet.
        """
        return self.at(step).model(model)

    def losses(self) -> "pd.DataFrame":
        """One row per frame and model: step, model, loss, score, grad_norm (before clipping), clipped."""
        import pandas as pd

        columns = ("loss", "score", "grad_norm", "clipped")
        rows = [
            {"step": frame.step, "model": label, **{name: measured[name] for name in columns}}
            for frame in self.frames
            for label, measured in frame.models.items()
        ]
        return pd.DataFrame(rows, columns=["step", "model", *columns])

    def history(self) -> "pd.DataFrame":
        """One row per training step and model: step, model, loss, grad_norm (before clipping), clipped."""
        import pandas as pd

        clip = self.experiment.training.clip
        parts = []
        for label in self.experiment.labels:
            measured = [(frame.step, frame.models[label]) for frame in self.frames if label in frame.models]
            for step, model in measured:
                norms = model.grad_norms
                part = {
                    "step": np.arange(step - len(norms) + 1, step + 1),
                    "model": label,
                    "loss": model.losses,
                    "grad_norm": norms,
                    "clipped": np.zeros(len(norms), bool) if clip is None else norms > clip,
                }
                parts.append(pd.DataFrame(part))
        empty = pd.DataFrame(columns=["step", "model", "loss", "grad_norm", "clipped"])
        return pd.concat(parts, ignore_index=True) if parts else empty

    def trace(self, model: str, step: int = -1) -> "xr.Dataset":
        """States and gates of the probe sequences as `model` read them at a training step.

        Dimensions (layer, direction, time, sample, unit), with a `token` coordinate (time, sample).

        Kept as float16: about three significant digits.
        """
        from rnnviz.runs.datasets import probe_trace

        return probe_trace(self.experiment, model, self.model_frame(model, step))

    def translate(
        self,
        text: str,
        model: str,
        step: int = -1,
        beam: int = 1,
        *,
        how: "Decoding | None" = None,
    ) -> "Translation":
        """What `model` writes to an input of one's own, under the weights it had at a step.

        text: the input as it is written, such as "14. März 2026".
        beam: how many beginnings of the output are followed side by side; 1 takes the likeliest symbol at every step.
        how:  a `rnnviz.runs.translation.Decoding`: attention forced or taken away, symbols drawn by chance; for beam 1.

        Returns:
            The output, a `str` with `attention(output_time, input_time)` and more as attributes.

        Raises:
            ExperimentError: the task is not answered by sequences, the text is no such input, the model's numbers
                overflow on it, or step, beam or how is none.
            LookupError: there is no such model, or no frame yet.
        """
        from rnnviz.nn.decode.writing import translate

        return translate(self.experiment, model, self.model_frame(model, step).weights, text, beam, how)

    def write(
        self,
        model: str,
        prefix: str,
        length: int = 100,
        step: int = -1,
        *,
        temperature: float = 0.0,
        seed: int = 0,
        top_k: int | None = None,
    ) -> "Continuation":
        """What `model` writes after a beginning, reading each symbol that it wrote (one-to-many).

        prefix:      what it reads first: at least one symbol that the task knows.
        length:      how many symbols are written.
        step:        under the weights it had at this training step, as for `at`.
        temperature: 0 for the likeliest symbol at every step; else symbols are drawn from softmax(answers /
                     temperature).
        seed:        of these draws: the same one writes the same text.
        top_k:       so many of the likeliest symbols can be drawn; None for all.

        Returns:
            What was written, a `str` with `tokens`, their `probabilities` and the `answers` of all classes.

        Raises:
            ExperimentError: the task's answer is no next symbol, the prefix holds what the task does not know, or
                length, temperature, seed, top_k or step is out of range.
            LookupError: there is no such model, or no frame yet.
        """
        from rnnviz.nn.decode.writing import write

        weights = self.model_frame(model, step).weights
        return write(self.experiment, model, weights, prefix, length, temperature, seed, top_k)

    def gradients(self, model: str, layer: int = -1, direction: str = "forward") -> "xr.Dataset":
        """How the gradient by the states of one layer went over training.

        Returns:
            Dataset with `hidden_grad_norm(step, time)`: the Frobenius norm over the training batch and the units of
            the total derivative of the loss by h_t; for an LSTM `cell_grad_norm(step, time)` too;
            `grad_norm(step)` of all weights before clipping; `singular_values(step, gate, rank)` of W_hh.
        """
        from rnnviz.runs.datasets import gradient_history

        return gradient_history(self.experiment, self.frames, model, layer, direction)

    def measured(self, model: str, name: str) -> "xr.DataArray":
        """One measured value at every frame that holds it: (step, and the dims that its line names).

        name: as in `rnnviz.specs.schema`, such as "update_ratio" or "trace/hidden".

        Raises:
            LookupError: there is no such model, or it has no such value for each frame.
        """
        from rnnviz.runs.datasets import over_training

        return over_training(self.experiment, self.frames, model, name)

    def thin(self, count: int) -> "Run":
        """The same run with about `count` of its frames, the first and the last among them.

        Also kept is the last frame of every model that ended. The losses of single steps stay complete: those of a
        dropped frame move to the next that is kept.
        """
        last = len(self.frames) - 1
        kept = {round(last * i / max(1, count - 1)) for i in range(count)} | {last}
        kept |= {max((i for i, f in enumerate(self.frames) if label in f.models), default=0) for label in self.ended}
        thinned, dropped = Run(self.experiment, start=self.start), list[Frame]()
        for place, frame in enumerate(self.frames):
            if place in kept:
                thinned.append(_merged(dropped, frame))
                dropped = []
            else:
                dropped.append(frame)
        return thinned

    def save(self, path: str | Path) -> None:
        """Write the run as a safetensors file, with the experiment and versions in its metadata."""
        from rnnviz.runs.storage import save

        save(self.experiment, self.frames, Path(path), self.start)

    @classmethod
    def load(cls, path: str | Path) -> "Run":
        """Read a run that `save` wrote.

        Raises:
            RunFileError: the file is no run, is damaged, or holds a damaged experiment.
        """
        from rnnviz.runs.storage import load

        return cls(*load(Path(path)))


def _merged(dropped: list[Frame], frame: Frame) -> Frame:
    """`frame` with the losses and gradient norms of the steps of the `dropped` frames before it."""
    models = {}
    for label, model in frame.models.items():
        before = [f.models[label] for f in dropped if label in f.models]
        losses = np.concatenate([*(m.losses for m in before), model.losses])
        norms = np.concatenate([*(m.grad_norms for m in before), model.grad_norms])
        models[label] = model.replace(losses=losses, grad_norms=norms)
    return dataclasses.replace(frame, models=models)
