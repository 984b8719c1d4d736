"""A run at one step: what is drawn and said of a moment rests on this."""

import dataclasses
from collections.abc import Mapping
from typing import Self

from rnnviz.runs.frames import Frame, ModelFrame
from rnnviz.specs.experiment import Experiment


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RunView:
    """A run as it was at one of its frames (`Run.at`); without frames as it is before the first.

    experiment: that of the run.
    past:       the frames up to that one, which is the last.
    measured:   label → what was measured last on each model, in the experiment's order; of one that has ended at its
                last frame, of one that ended before its first frame nothing.
    steps:      label → the training step at which that was.
    """

    experiment: Experiment
    past: tuple[Frame, ...]
    measured: Mapping[str, ModelFrame]
    steps: Mapping[str, int]

    @classmethod
    def of(cls, experiment: Experiment, past: tuple[Frame, ...] = ()) -> Self:
        """The view of these frames, the last of which is looked at."""
        last = {}
        for label in experiment.labels:
            frame = next((frame for frame in reversed(past) if label in frame.models), None)
            if frame is not None:
                last[label] = frame
        measured = {label: frame.models[label] for label, frame in last.items()}
        return cls(experiment, past, measured, {label: frame.step for label, frame in last.items()})

    @property
    def frame(self) -> Frame:
        """The frame that is looked at: it holds the models that are still in training.

        Raises:
            LookupError: there is none yet.
        """
        if not self.past:
            raise LookupError("this run has no frames yet")
        return self.past[-1]

    @property
    def step(self) -> int:
        """Its training step."""
        return self.frame.step

    @property
    def ended(self) -> dict[str, str]:
        """Label → when and why a model's training had ended, in a sentence."""
        return self.frame.ended

    def model(self, label: str) -> ModelFrame:
        """What was measured last on one model.

        Raises:
            LookupError: no such model, or it ended before its first frame.
        """
        if label not in self.experiment.labels:
            raise LookupError(f"model must be one of {', '.join(self.experiment.labels)}; got {label!r}")
        if label not in self.measured:
            raise LookupError(f"{label} ended before its first frame: {self.ended.get(label, '')}")
        return self.measured[label]

    def history(self, label: str) -> dict[int, ModelFrame]:
        """Training step → what was measured on one model, up to here."""
        return {frame.step: frame.models[label] for frame in self.past if label in frame.models}
