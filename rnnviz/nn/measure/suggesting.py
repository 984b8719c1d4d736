"""What a model suggests after a beginning, and which of its words it had suggested: what the Compare page asks for."""

import numpy as np
import torch

from rnnviz.nn.models.model import restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]


@torch.inference_mode()
def suggest(spec: ModelSpec, task: Task, weights: Arrays, inputs: np.ndarray) -> Arrays:
    """A model with the weights of a frame on one sequence of symbols (T, 1), of a task that asks for the next one.

    Returns:
        "next" (class,) float32: the probability of every symbol after the last;
        "ranks" (T − 1,) int64: of every symbol but the first, which candidate it was when it came, from 1.
    """
    with on_one_thread():
        answers = restored(spec, task, weights)(torch.tensor(inputs))[:, 0].double()
    shares = answers.softmax(-1)
    came = shares[:-1].gather(1, torch.tensor(inputs[1:]))
    ranks = 1 + (shares[:-1] > came).sum(-1)
    return {"next": shares[-1].float().numpy(), "ranks": ranks.numpy()}
