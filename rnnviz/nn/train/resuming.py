"""The trainer's state at any step of a training, found by training up to there once more: the same bits every time."""

from collections.abc import Generator, Iterator

from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import is_whole
from rnnviz.nn.precision import true_float32
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.trainer import Trainer
from rnnviz.runs.frames import Replayed
from rnnviz.runs.run import Run
from rnnviz.runs.trainer_state import TrainerState
from rnnviz.specs.branch import Branch, first_step, key_of


def resume(run: Run, step: int) -> TrainerState:
    """The trainer's state at a training step of a run, from which `train` and `run` go on.

    A run keeps the weights of some steps, but neither Adam's moments nor the states of generators. So its training is
    done again from where it started, or from a state found shortly before, up to the step, without measuring anything.
    The run need not have come that far.

    step: updates done, from 0 (or where the run itself started) to `training.steps`; it need not have a frame.

    Raises:
        ExperimentError: there is no such step, or the experiment asks for a device that is not there.
    """
    first, last = first_step(run.start), run.experiment.training.steps
    if not is_whole(step, first, last):
        raise ExperimentError("step", f"a whole number from {first:,} to {last:,}, a training step of the run", step)
    slices = replayed(Branch(run.experiment, step, run.start))
    with on_one_thread(), true_float32():
        while True:
            try:
                next(slices)
            except StopIteration as end:
                state: TrainerState = end.value
                return state


def replayed(branch: Branch) -> Generator[Replayed, None, TrainerState]:
    """Train a branch's parent up to its step; says after small slices of work how far, and returns the state.

    Raises:
        ExperimentError: the parent asks for a device that is not there.
    """
    key = key_of(branch.parent, branch.start)
    state = _remembered.nearest(key, branch.step)
    if state is not None and state.step == branch.step:
        return state
    if state is None and branch.start is not None:
        state = yield from replayed(branch.start)
    trainer = Trainer(branch.parent, state)
    yield from _told(trainer, branch.step)
    state = trainer.state(branch.start)
    _remembered.keep(key, state)
    return state


def _told(trainer: Trainer, step: int) -> Iterator[Replayed]:
    for _ in trainer.replay(step):
        yield Replayed(trainer.step, step)


class Remembered:
    """The states that were found last, as far as their bytes fit. Safe to use from many threads."""

    def __init__(self, budget: int) -> None:
        self._kept: Cache[tuple[str, int], TrainerState] = Cache("trainer states", budget)

    def nearest(self, key: str, step: int) -> TrainerState | None:
        """The last state at or before a step of a training."""
        found = max((kept for of, kept in self._kept if of == key and kept <= step), default=None)
        return None if found is None else self._kept.find((key, found))

    def keep(self, key: str, state: TrainerState) -> None:
        """Remember a state of a training, and forget those that nobody asked for longest."""
        self._kept.put((key, state.step), state)


_remembered = Remembered(limits.WORKER_STATE_BYTES_KEPT)
