"""The models and the training that a task asks for where an experiment leaves them out."""

import dataclasses

from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import Task


def default_models(task: Task) -> tuple[ModelSpec, ...]:
    """The three cells at the width the task asks for; for sequences to sequences, a GRU with and without attention."""
    hidden, bias = task.defaults.hidden, task.defaults.forget_bias
    if task.answers == "sequence":
        attending = ModelSpec("gru", hidden, bidirectional=True, attention="additive")
        return attending, dataclasses.replace(attending, attention=None)
    return (ModelSpec("rnn", hidden), ModelSpec("lstm", hidden, forget_bias=bias), ModelSpec("gru", hidden))


def default_training(task: Task) -> TrainingSpec:
    """The training with which the task shows its point."""
    chosen = task.defaults
    return TrainingSpec(steps=chosen.steps, batch=chosen.batch, lr=chosen.lr, clip=chosen.clip)
