"""Training as a generator of frames: all models of an experiment side by side, on the same batches."""

import contextlib
import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from rnnviz.experiment import Experiment, ModelSpec
from rnnviz.frames import Frame, ModelFrame, planned_steps
from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.losses import loss_of
from rnnviz.nn.measuring import Instruments
from rnnviz.nn.models import make_model, pick_device
from rnnviz.nn.optimizing import Optimizer
from rnnviz.runs import Run

SAMPLED_AT_ONCE = 256  # sequences; drawing several batches together costs less than one by one


def train(experiment: Experiment) -> Iterator[Frame]:
    """Train all models of an experiment; yields a `Frame` at every planned step.

    The planned steps depend on the experiment alone, never on the clock.

    Raises:
        ExperimentError: the experiment asks for a device that is not there.
    """
    return (frame for frame in ticks(experiment) if frame is not None)


def run(experiment: Experiment) -> Run:
    """Train to the end and return everything that was measured."""
    return Run(experiment, train(experiment))


def ticks(experiment: Experiment) -> Iterator[Frame | None]:
    """As `train`, but yields None after every small slice of work, so that others may take turns.

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


@contextlib.contextmanager
def on_one_thread() -> Iterator[None]:
    """Torch on one CPU thread for a while."""
    threads = torch.get_num_threads()
    if threads != 1:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        if threads != 1:
            torch.set_num_threads(threads)


def _slices(experiment: Experiment) -> Iterator[Frame | None]:
    device = pick_device(experiment.training.device)
    instruments = Instruments(experiment.task, device)
    specs = zip(experiment.labels, experiment.models, strict=True)
    learners = {label: Learner(spec, experiment, device) for label, spec in specs}
    planned = frozenset(planned_steps(experiment))
    last, ended = experiment.training.steps, dict[str, str]()
    for step, (inputs, targets) in enumerate(batches(experiment, device)):
        measured = {}
        for label, learner in list(learners.items()):
            why = learner.differentiate(inputs, targets)
            if why is None and step in planned:
                measured[label] = learner.measure(instruments, inputs, targets)
            if why is None and step < last:
                learner.update()
            if why is not None:
                ended[label] = f"{label.upper()} ended at step {step}: {why}."
                del learners[label]
            yield None
        if step in planned or not learners:
            yield Frame(step, measured, dict(ended))
        if step == last or not learners:
            return


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


class Learner:
    """One model in training, with what it has gone through since its last frame."""

    def __init__(self, spec: ModelSpec, experiment: Experiment, device: torch.device) -> None:
        training = experiment.training
        self.cell, self.kind = spec.cell, experiment.task.kind
        self.model = make_model(spec, experiment.task, training.seed).to(device)
        self._optimizer = Optimizer(self.model, training.lr, training.clip)
        self._generator = torch.Generator().manual_seed(_dropout_seed(training.seed))
        self._masks: Masks | None = None
        self._losses: list[float] = []
        self._norms: list[float] = []
        self._norm = 0.0

    def differentiate(self, inputs: Tensor, targets: Tensor) -> str | None:
        """Loss and gradient on a batch; returns why the training must end, or None."""
        self._masks = self.model.masks(inputs, self._generator)
        loss = loss_of(self.kind, self.model(inputs, self._masks), targets)
        value, norm = loss.item(), self._optimizer.differentiate(loss)
        self._norm = norm
        if not math.isfinite(value) or not math.isfinite(norm):
            what, found = ("its loss", value) if not math.isfinite(value) else ("the norm of its gradient", norm)
            return f"{what} became {'not a number' if math.isnan(found) else 'infinite'}"
        self._losses.append(value)
        self._norms.append(norm)
        return None

    def update(self) -> None:
        """One step of the optimizer along the gradient found last."""
        self._optimizer.update(self._norm)

    def measure(self, instruments: Instruments, inputs: Tensor, targets: Tensor) -> ModelFrame:
        """Everything a frame holds, under the weights on which loss and gradient were just found."""
        norm, clip = self._norm, self._optimizer.clip
        frame = ModelFrame(
            loss=self._losses[-1],
            score=instruments.score(self.model),
            grad_norm=norm,
            clipped=clip is not None and norm > clip,
            losses=np.array(self._losses, np.float32),
            grad_norms=np.array(self._norms, np.float32),
            **instruments.look(self.model, self.cell, inputs, targets, self._masks),  # type: ignore[arg-type]
        )
        self._losses, self._norms = [], []
        return frame


def _dropout_seed(seed: int) -> int:
    """A seed for dropout from that of the training, so that the masks do not repeat the numbers of the weights."""
    return int(np.random.SeedSequence((seed, 1)).generate_state(1)[0])
