"""The models and the training that a task asks for where an experiment leaves them out."""

from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import Task


def default_models(task: Task) -> tuple[ModelSpec, ...]:
    """The models with which a task shows its point, by its architecture."""
    return architectures.of(task).default_models(task)


def default_training(task: Task) -> TrainingSpec:
    """The training with which the task shows its point."""
    chosen = task.defaults
    return TrainingSpec(steps=chosen.steps, batch=chosen.batch, lr=chosen.lr, clip=chosen.clip)
