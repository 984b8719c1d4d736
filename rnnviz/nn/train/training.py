"""Training as a generator of frames: all models of an experiment side by side, on the same batches."""

import contextlib
from collections.abc import Iterator

import torch

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.precision import true_float32
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.resuming import replayed
from rnnviz.nn.train.trainer import Trainer
from rnnviz.runs.frames import Frame, GlimpsePoint, Replayed
from rnnviz.runs.run import Run
from rnnviz.runs.trainer_state import TrainerState
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment

Start = TrainerState | Branch | None
Tick = Frame | GlimpsePoint | Replayed | None


def train(experiment: Experiment, start: Start = None) -> Iterator[Frame]:
    """Train all models of an experiment; yields a `Frame` at every planned step.

    The planned steps depend on the experiment alone, never on the clock.

    start: the state from which training goes on (see `resume`), or the branch that says how to come by it; the frames
           are then those of the planned steps from there on. For the same experiment they are bit for bit those of
           training through. Another one branches off: what may differ stands in `rnnviz.specs.branching`.

    Raises:
        ExperimentError: the experiment asks for a device that is not there, or cannot go on from `start`.
    """
    return (tick for tick in ticks(experiment, start) if isinstance(tick, Frame))


def run(experiment: Experiment, start: Start = None) -> Run:
    """Train to the end, as `train` does, and return everything that was measured; a branch says so in `run.start`.

    Raises:
        ExperimentError: the experiment asks for a device that is not there, or cannot go on from `start`.
    """
    return Run(experiment, train(experiment, start), _branch(start))


def ticks(experiment: Experiment, start: Start = None) -> Iterator[Tick]:
    """As `train`, but yields None after every small slice of work, so that others may take turns.

    A branch first says how far the way to its start is (`Replayed`). Where the task is answered by sequences this also
    yields a `GlimpsePoint` after every training step without a frame, from which a glimpse of all models may be taken.

    On one thread: models this small are slower on several, and their last bits would depend on how many there are.

    Raises:
        ExperimentError: the experiment is too large for its data, or cannot go on from `start`; at once, not at the
            first tick.
    """
    branch = _branch(start)
    experiment.checked()
    if branch is not None:
        branch.check(experiment)
    return _exactly(_slices(experiment, start))


def _branch(start: Start) -> Branch | None:
    if isinstance(start, TrainerState):
        return start.branch
    if start is not None and not isinstance(start, Branch):
        raise ExperimentError("start", "a state of a trainer, such as resume(run, step)", start)
    return start


def _exactly(slices: Iterator[Tick]) -> Iterator[Tick]:
    """On one thread, and on a GPU in true single precision; whoever takes turns has settings of their own."""
    precision = true_float32 if torch.cuda.is_available() else contextlib.nullcontext
    while True:
        with on_one_thread(), precision():
            try:
                tick = next(slices)
            except StopIteration:
                return
        yield tick


def _slices(experiment: Experiment, start: Start) -> Iterator[Tick]:
    trainer = Trainer(experiment, (yield from replayed(start)) if isinstance(start, Branch) else start)
    yield from trainer.ticks()
