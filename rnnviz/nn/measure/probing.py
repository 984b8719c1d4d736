"""One of a task's probes, for whoever measures a model with the weights of a frame on it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.models.model import restored
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Probes, Task


def probe_of(task: Task, probe: int) -> Probes:
    """The task's probes, among which there is this one.

    Raises:
        ValueError: there is not.
    """
    probes = task.probes()
    if not 0 <= probe < len(probes.names):
        raise ValueError(f"probe must be from 0 to {len(probes.names) - 1}; got {probe}.")
    return probes


def targets_of(task: Task, probe: int) -> Tensor:
    """What is right on a probe, with one sample, over the steps that it has."""
    batch, one = task.probes().batch, slice(probe, probe + 1)
    targets = task.answers.take(batch.targets, one)
    return torch.tensor(targets if task.answers.at_end else targets[: batch.lengths[probe]])


@contextlib.contextmanager
def of_this_model() -> Iterator[None]:
    """Say in our words that weights are not a model's."""
    try:
        yield
    except RuntimeError as error:  # torch's word for a shape or a name that does not fit
        raise ValueError("weights must be those of this model; got others.") from error


def exact_model(
    spec: ModelSpec, task: Task, weights: dict[str, np.ndarray], probe: int
) -> tuple[Any, nn.RNNBase, Tensor]:
    """The model in double precision, its layers that read, and what they read of a probe's own symbols: (T, 1, I).

    Raises:
        ValueError: there is no such probe, or the weights are not this model's.
    """
    batch = probe_of(task, probe).batch
    with of_this_model():
        model = restored(spec, task, weights).double().requires_grad_(False)
        module, x, _ = model.reading(torch.tensor(batch.inputs[: batch.lengths[probe], probe : probe + 1]))
    return model, module, x
