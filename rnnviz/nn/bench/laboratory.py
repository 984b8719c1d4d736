"""How long the gradient laboratory takes to analyse all cells, in training steps of the same models."""

import statistics
from collections.abc import Callable

import torch

from rnnviz.nn.bench.timing import taking_turns, timed
from rnnviz.nn.measure.laboratory import measure
from rnnviz.nn.models.model import make_model
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Learner
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

LENGTH, HIDDEN, BATCH = 100, 64, 32
AT_MOST = 1.0
MODELS = tuple(ModelSpec(cell, hidden=HIDDEN) for cell in timed())


def compare_laboratory(steps: int, runs: int) -> None:
    """Print the time of `look` at one probe by all cells against that of `steps` bare training steps of them."""
    print(f"The laboratory's look at one probe, T={LENGTH} H={HIDDEN}, all cells, against {steps} training steps")
    print(f"of the same models at batch {BATCH} without frames, median seconds\n")
    print("| task | training | look | look / training | at most |\n|---|---|---|---|---|")
    for name in ("adding", "waves"):  # one loss at the end, one at every step
        training = TrainingSpec(batch=BATCH, device="cpu")
        experiment = Experiment(task(name, length=LENGTH), MODELS, training)
        functions = [_training(experiment, steps), _looks(experiment)]
        theirs, mine = (statistics.median(row) for row in taking_turns(functions, runs))
        print(f"| {name} | {theirs:.2f} | {mine:.2f} | {mine / theirs:.2f} | {AT_MOST} |")
    print()


def _training(experiment: Experiment, steps: int) -> Callable[[], None]:
    device = torch.device("cpu")

    def train() -> None:
        learners = [Learner(spec, experiment, device) for spec in experiment.models]
        for _, batch in zip(range(steps), Batches(experiment, device), strict=False):
            for learner in learners:
                learner.train(*batch)

    return train


def _looks(experiment: Experiment) -> Callable[[], None]:
    models = [(spec, make_model(spec, experiment.task, seed=0).state_dict()) for spec in experiment.models]
    weights = [(spec, {name: weight.numpy() for name, weight in state.items()}) for spec, state in models]

    def looks() -> None:
        for spec, found in weights:
            measure(spec, experiment.task, found)

    return looks
