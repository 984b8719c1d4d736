"""One layer of one model on one sequence, state by state, in double precision: what the Anatomy page asks for."""

from collections.abc import Mapping

import numpy as np
import torch

from rnnviz.experiment import ModelSpec
from rnnviz.nn.cells import lstm
from rnnviz.nn.encoding import restored_encoder
from rnnviz.nn.models import restored
from rnnviz.nn.unfolding import outputs, unfold
from rnnviz.nn.weights import earlier
from rnnviz.states import DIRECTIONS
from rnnviz.tasks import Task


@torch.no_grad()
def step(
    spec: ModelSpec, task: Task, weights: Mapping[str, np.ndarray], inputs: np.ndarray, layer: int, direction: str
) -> dict[str, np.ndarray]:
    """Every time step of one sequence in one layer and direction, all in float64 and in the order of the input.

    weights: of a frame.
    inputs:  (T, 1, I); for an encoder–decoder, whose encoder this is about, symbols (T, 1).
    layer:   0 is the lowest, -1 the top.

    Returns:
        The variables of a trace, such as `hidden` and `forget_gate`, each (T, H); `x` (T, what the layer reads);
        `before` (T, H), the hidden state that a step starts from, for an LSTM `cell_before` too; `read` (T,
        directions·H), what the top layer hands to the readout; `answers` (times, outputs), times being 1 if the model
        answers once. An encoder answers nothing: `x` of its lowest layer are embeddings, and `read` is handed to the
        decoder.
    """
    if task.answers == "sequence":
        layers, model = unfold(*restored_encoder(spec, task, weights, inputs)), None
    else:
        model = restored(spec, task, weights).double().eval()
        layers = unfold(model.recurrent, torch.tensor(inputs, dtype=torch.float64))
    one = layers[layer][DIRECTIONS.index(direction)]
    found = one.variables() | {"x": one.aligned(one.x), "before": one.aligned(earlier(one.h, one.h0))}
    if isinstance(one.gates, lstm.Gates):
        found["cell_before"] = one.aligned(one.gates.before)
    found["read"] = outputs(layers[-1])
    if model is not None:
        answers = model.answer(found["read"])
        found["answers"] = answers[None] if model.answers_once else answers
    return {name: values[:, 0].numpy() for name, values in found.items()}
