"""Training as a generator of frames: all models of an experiment side by side, on the same batches."""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.measure.measuring import Instruments
from rnnviz.nn.measure.measuring_translation import TranslationInstruments
from rnnviz.nn.models.model import pick_device
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.translators import TranslationLearner, weights_now
from rnnviz.runs.frames import Frame, Moment
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import model_name
from rnnviz.specs.planning import planned_steps

SAMPLED_AT_ONCE = 256  # sequences; drawing several batches together costs less than one by one


def train(experiment: Experiment) -> Iterator[Frame]:
    """Train all models of an experiment; yields a `Frame` at every planned step.

    The planned steps depend on the experiment alone, never on the clock.

    Raises:
        ExperimentError: the experiment asks for a device that is not there.
    """
    return (tick for tick in ticks(experiment) if isinstance(tick, Frame))


def run(experiment: Experiment) -> Run:
    """Train to the end and return everything that was measured."""
    return Run(experiment, train(experiment))


def ticks(experiment: Experiment) -> Iterator[Frame | Moment | None]:
    """As `train`, but yields None after every small slice of work, so that others may take turns.

    Where the task is answered by sequences it also yields a `Moment` after every training step that has no frame, from
    which a glimpse of all models may be taken.

    On one thread: models this small are slower on several, and their last bits would depend on how many there are.
    """
    slices = _slices(experiment)
    while True:
        with on_one_thread():
            try:
                tick = next(slices)
            except StopIteration:
                return
        yield tick


def _slices(experiment: Experiment) -> Iterator[Frame | Moment | None]:
    device = pick_device(experiment.training.device)
    translates = experiment.task.answers == "sequence"
    instruments: Any = (TranslationInstruments if translates else Instruments)(experiment.task, device)  # type: ignore[arg-type]
    specs = zip(experiment.labels, experiment.models, strict=True)
    kind = TranslationLearner if translates else Learner
    learners = {label: kind(spec, experiment, device) for label, spec in specs}
    planned = frozenset(planned_steps(experiment))
    last, ended = experiment.training.steps, dict[str, str]()
    for step, (inputs, targets) in enumerate(batches(experiment, device)):
        measured = {}
        for label, learner in list(learners.items()):
            why = learner.differentiate(inputs, targets, watched=step in planned)
            if why is None and step in planned:
                measured[label] = learner.measure(instruments, inputs, targets)
            if why is None and step < last:
                learner.update()
            if why is not None:
                ended[label] = f"{model_name(label)} ended at step {step}: {why}."
                del learners[label]
            yield None
        if translates and learners and step not in planned:
            yield Moment(step + 1, functools.partial(_glimpsed, learners))
        if step in planned or not learners:
            yield Frame(step, measured, dict(ended))
        if step == last or not learners:
            return


def _glimpsed(learners: dict[str, Learner]) -> dict[str, dict[str, np.ndarray]]:
    return {label: weights_now(learner) for label, learner in learners.items()}


def batches(experiment: Experiment, device: torch.device) -> Iterator[tuple[Tensor, Tensor]]:
    """The training batches in their order, without end: inputs (T, B, I), targets as the task gives them."""
    training, task = experiment.training, experiment.task
    rng = np.random.default_rng(training.seed)
    together = max(1, SAMPLED_AT_ONCE // training.batch)
    while True:
        drawn = task.sample(rng, training.batch * together)
        parts = [slice(i * training.batch, (i + 1) * training.batch) for i in range(together)]
        for part in parts:
            targets = drawn.targets[part] if task.answers == "last" else drawn.targets[:, part]
            yield torch.tensor(drawn.inputs[:, part], device=device), torch.tensor(targets, device=device)
