"""All models of an experiment in training, side by side, on the same batches."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.nn.measure.measuring import Instruments
from rnnviz.nn.measure.measuring_translation import TranslationInstruments
from rnnviz.nn.models.initial import set_own_biases
from rnnviz.nn.models.model import pick_device
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Ended, Learner
from rnnviz.nn.train.translators import TranslationLearner
from rnnviz.runs.frames import Frame, GlimpsePoint, ModelFrame
from rnnviz.runs.trainer_state import TrainerState
from rnnviz.specs import architectures
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name
from rnnviz.specs.planning import planned_steps

LEARNERS: dict[str, tuple[Any, Any]] = {  # architecture → who trains its models, and what measures them
    "recurrent": (Learner, Instruments),
    "encoder_decoder": (TranslationLearner, TranslationInstruments),
    "captioner": (TranslationLearner, TranslationInstruments),
}


class Trainer:
    """Trains from first weights, or goes on from the `state` of a training from which the experiment can branch.

    step: updates done.

    Raises:
        ExperimentError: the experiment asks for a device that is not there.
    """

    def __init__(self, experiment: Experiment, state: TrainerState | None = None) -> None:
        self._experiment, self._device = experiment, pick_device(experiment.training.device, experiment)
        architecture = architectures.of(experiment.task)
        self._glimpses = architecture.writes
        self._planned = frozenset(planned_steps(experiment))
        self.step, self._ended = (state.step, dict(state.ended)) if state else (0, {})
        self._last_end = self.step  # the training step at which a model ended last
        place = (state.batches, state.taken) if state else ()
        self._batches = Batches(experiment, self._device, *place)
        kind, self._instruments = LEARNERS[architecture.name]
        specs = zip(experiment.labels, experiment.models, strict=True)
        self._learners = {
            label: kind(spec, experiment, self._device) for label, spec in specs if label not in self._ended
        }
        if state is not None:
            self._restore(state)

    def _restore(self, state: TrainerState) -> None:
        """Give all learners their part of a state; where a branch changes the bias of forget gates, set it."""
        for label, learner in self._learners.items():
            learner.restore(state.models[label])
            before, wanted = (one.model(label).forget_bias for one in (state.experiment, self._experiment))
            if wanted is not None and wanted != before:
                set_own_biases(learner.model, self._experiment.model(label))

    def ticks(self) -> Iterator[Frame | GlimpsePoint | None]:
        """Train to the end; yields None after each step of a model, a `Frame` at every planned step.

        Where the task is answered by sequences also a `GlimpsePoint` after every training step that has no frame.
        """
        instruments = self._instruments(self._experiment.task, self._device)
        while self._learners and self.step <= self._experiment.training.steps:
            step, measured = self.step, dict[str, ModelFrame]()
            for label, frame in self._advance(instruments):
                if frame is not None:
                    measured[label] = frame
                yield None
            if self._glimpses and self._learners and step not in self._planned:
                yield GlimpsePoint(self.step, self._weights)
            if step in self._planned or not self._learners:
                yield Frame(step if self._learners else self._last_end, measured, dict(self._ended))

    def replay(self, step: int) -> Iterator[None]:
        """Train up to `step` without measuring; yields after each step of a model."""
        while self._learners and self.step < step:
            for _ in self._advance(None):
                yield None
        self.step = step

    def _advance(self, instruments: Any) -> Iterator[tuple[str, ModelFrame | None]]:
        """The next training step, one model after the other, with what was measured on each at a planned step.

        The last training step is always planned, so that whatever is not measured is updated.
        """
        step, last, watched = self.step, self._experiment.training.steps, self.step in self._planned
        batch = next(self._batches)
        for label, learner in list(self._learners.items()):
            frame, ended = None, learner.differentiate(*batch, watched=True) if watched else learner.train(*batch)
            if ended is not None:
                self._end(label, ended, step)
            elif watched:
                frame = learner.measure(instruments, batch.inputs, batch.targets) if instruments else None
                learner.begin_frame()
                if step < last:
                    learner.update()
            yield label, frame
        self.step += 1

    def _end(self, label: str, ended: Ended, step: int) -> None:
        """Let a model go whose training ended, as was found out at a training step."""
        at = step - ended.ago
        self._ended[label] = f"{model_name(label)} ended at training step {at}: {ended.why}."
        self._last_end = max(self._last_end, at)
        del self._learners[label]

    def state(self, start: Branch | None = None) -> TrainerState:
        """What a training needs to go on from here, between two steps and not after the last one.

        start: where this training itself started.
        """
        for label, learner in list(self._learners.items()):
            if (ended := learner.settle()) is not None:
                self._end(label, ended, self.step - 1)
        models = {label: learner.state() for label, learner in self._learners.items()}
        return TrainerState(self._experiment, self.step, start, models, dict(self._ended), *self._batches.place)

    def _weights(self) -> dict[str, dict[str, np.ndarray]]:
        return {label: learner.weights() for label, learner in self._learners.items()}
