"""Which classes a model takes for which, over all sequences that are held out: what the Compare page asks for."""

import numpy as np
import torch

from rnnviz.nn.models.model import restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

Arrays = dict[str, np.ndarray]


@torch.inference_mode()
def by_class(spec: ModelSpec, task: Task, weights: Arrays) -> Arrays:
    """A model with the weights of a frame on the held-out sequences of a task that is answered by classes.

    Returns:
        "confusion" (class, class) int64: how often the row was right and the column answered.
    """
    answers = _answers(spec, task, weights)
    right, asked = task.held_out().targets, task.held_out().targets != PAD
    confusion = np.zeros((task.output_size, task.output_size), np.int64)
    np.add.at(confusion, (right[asked], answers[asked]), 1)
    return {"confusion": confusion}


def _answers(spec: ModelSpec, task: Task, weights: Arrays) -> np.ndarray:
    """The classes that are answered to the held-out sequences, of the shape of their targets."""
    with on_one_thread():
        found: np.ndarray = restored(spec, task, weights)(torch.tensor(task.held_out().inputs)).argmax(-1).numpy()
    return found
