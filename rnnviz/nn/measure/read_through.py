"""What a model holds while it reads a whole text: what the States page asks for."""

import numpy as np
import torch

from rnnviz.nn.cells.unfolding import unfold
from rnnviz.nn.models.model import SequenceModel, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]


@torch.inference_mode()
def read_through(spec: ModelSpec, task: Task, weights: Arrays, text: str) -> Arrays:
    """A model with the weights of a frame on one text, from its first character to its last without a break.

    task: one that reads a running text (`corpora.Running`).

    Returns:
        name of each state, "hidden" and of an LSTM "cell" → (T, layers·units) float16, the lowest layer first, after
        each character was read; "right" (T,): how likely the model held the character that came next, NaN at the end.
    """
    with on_one_thread():
        model: SequenceModel = restored(spec, task, weights)
        inputs = torch.from_numpy(task.read(text))  # type: ignore[attr-defined]
        layers = [row[0] for row in unfold(model.recurrent, model.embedded(inputs))]
        found = {
            state.name: np.concatenate([one.variables()[state.name][:, 0].numpy() for one in layers], -1)
            for state in spec.kind.states
        }
        shares = model(inputs)[:-1, 0].softmax(-1)
        following = inputs[1:, 0].argmax(-1)
        right = shares[torch.arange(len(following)), following].numpy()
    return {name: values.astype(np.float16) for name, values in found.items()} | {
        "right": np.append(right, np.nan).astype(np.float32)
    }
