"""Whether a device trains the same: losses and norms of gradients against those of the CPU, in single and double."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch

from rnnviz.nn.cells.lookup import KINDS
from rnnviz.nn.precision import true_float32
from rnnviz.nn.threads import on_one_thread
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.trainer import LEARNERS
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ATTENTIONS, ModelSpec, TrainingSpec
from rnnviz.tasks import task

STEPS = 5  # updates after which it is looked once more
FIRST, LATER = 1e-5, 5e-4  # off at most, relative, at training step 0 and after the updates


class Course(NamedTuple):
    """Losses and norms of the gradient at training steps 0 to `STEPS`, (step,) float64 each."""

    losses: np.ndarray
    norms: np.ndarray

    def off(self, other: "Course", step: int) -> tuple[float, float]:
        """By how much both are off another's at a training step, relative to that."""
        pairs = ((self.losses, other.losses), (self.norms, other.norms))
        loss, norm = (float(abs(mine[step] - theirs[step]) / abs(theirs[step])) for mine, theirs in pairs)
        return loss, norm


def course(experiment: Experiment, device: torch.device, dtype: torch.dtype = torch.float32) -> Course:
    """The first training steps of the only model of an experiment."""
    kind, _ = LEARNERS[architectures.of(experiment.task).name]
    (spec,) = experiment.models
    with on_one_thread(), true_float32():
        learner = kind(spec, experiment, device, dtype)
        for _, batch in zip(range(STEPS + 1), Batches(experiment, device), strict=False):
            exact = batch.targets.to(dtype) if batch.targets.is_floating_point() else batch.targets
            learner.train(batch.inputs, exact, batch.known)
        learner.settle()
        state = learner.state()
    return Course(state.losses, state.grad_norms)


def cases() -> Iterator[tuple[str, Experiment]]:
    """Every implementation of a cell on its own, the first of each cell with more to it, and every attention."""
    training = TrainingSpec(batch=16, clip=1.0)
    for cell, kinds in KINDS.items():
        for kind in kinds:
            named = ", ".join([cell, *(f"{name} {value}" for name, value in kind.options.items())])
            yield named, _waves(ModelSpec(cell, 24, **kind.options), training)
        yield f"{cell}, 2 layers", _waves(ModelSpec(cell, 24, 2), training)
        if not kinds[0].description.recurrent:
            continue
        yield f"{cell}, identity", _waves(ModelSpec(cell, 24, init="identity"), training)
        both = ModelSpec(cell, 24, bidirectional=True)
        yield f"{cell}, both directions", Experiment(task("adding", length=30), (both,), training)
        for attention in (None, *ATTENTIONS):
            model = ModelSpec(cell, 24, attention=attention)
            yield f"{cell}, attention {attention}", Experiment(task("reverse"), (model,), training)


def _waves(model: ModelSpec, training: TrainingSpec) -> Experiment:
    return Experiment(task("waves", length=30), (model,), training)


def compare_parity(device: torch.device) -> None:
    """Print how far all cases are off."""
    cpu = torch.device("cpu")
    print(f"Relative difference of loss and of the gradient's norm, at training step 0 and after {STEPS} updates,")
    print(f"to the CPU in single and in double precision; at most {FIRST:.0e} and {LATER:.0e} are expected\n")
    print("| model | step 0, single | step 0, double | later, single | later, double |\n|---|---|---|---|---|")
    for name, experiment in cases():
        mine = course(experiment, device)
        others = [course(experiment, cpu), course(experiment, cpu, torch.float64)]
        offs = [(mine.off(other, step), most) for step, most in ((0, FIRST), (STEPS, LATER)) for other in others]
        print(f"| {name} | {' | '.join(_cell(*off) for off in offs)} |", flush=True)
    print()


def _cell(off: tuple[float, float], most: float) -> str:
    """Both numbers, marked where one is more than expected."""
    return f"{off[0]:.1e} {off[1]:.1e}{' (!)' if max(off) > most else ''}"
