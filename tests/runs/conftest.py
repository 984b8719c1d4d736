"""A small run, and one of whose models one ended."""

import pytest

from rnnviz.nn.train.training import run as train_to_the_end
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec
from rnnviz.tasks import task
from tests.runs.helpers import MODELS, STEPS, WHY, ended


@pytest.fixture(scope="module")
def run() -> Run:
    """Three small models on a task that answers once, so that one may be bidirectional."""
    return train_to_the_end(Experiment(task("recall", lag=4), MODELS, TrainingSpec(steps=STEPS, batch=4)))


@pytest.fixture(scope="module")
def with_an_end(run: Run) -> Run:
    """The same with an RNN that ended at step 5."""
    return Run(run.experiment, [ended(frame, "rnn", WHY) if frame.step >= 5 else frame for frame in run.frames])
