"""One layer of one model on one sequence, state by state, in double precision: what the Anatomy page asks for."""

from collections.abc import Mapping

import numpy as np
import torch

from rnnviz.nn.cells.stepping import stacked
from rnnviz.nn.cells.unfolding import Unfolded, outputs, unfold
from rnnviz.nn.cells.weights import earlier
from rnnviz.nn.decode.decoding import decoded_steps, longest
from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.model import restored, restored_translator
from rnnviz.runs.states import DIRECTIONS
from rnnviz.runs.translation import Decoding
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.translating import Translating

Found = dict[str, torch.Tensor]


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
    model = restored(spec, task, weights).double().eval()
    module, x, _ = model.reading(torch.tensor(inputs))
    layers = unfold(module, x)
    found = _of_one(layers[layer][DIRECTIONS.index(direction)])
    found["read"] = outputs(layers[-1])
    if (answers := model.direct_answers(found["read"])) is not None:
        found["answers"] = answers
    return {name: values[:, 0].numpy() for name, values in found.items()}


@torch.no_grad()
def writing(
    spec: ModelSpec, task: Translating, weights: Mapping[str, np.ndarray], inputs: np.ndarray, layer: int
) -> dict[str, np.ndarray]:
    """Every output step of one layer of a decoder that is fed what it writes, all in float64.

    weights: of a frame.
    inputs:  symbols (T_in, 1).
    layer:   0 is the lowest, -1 the top.

    Returns:
        As `step`, with T the output steps, and `places` (T,), the classes written. `read` is what the readout
        multiplies: the top states, with attention joined with the context. With attention also `top` (T, H), those
        states, `scores` and `weights` (T, T_in), `memory` (T_in, M), the encoder's states, and `context` (T, M).
    """
    model: EncoderDecoder = restored_translator(spec, task, weights).double()
    reading = model.encode(torch.tensor(inputs))
    places, steps = zip(*decoded_steps(model, reading, longest(task, inputs[:, 0]), Decoding()), strict=True)
    first = reading.first
    layers = unfold(model.decoder, torch.stack([one.fed for one in steps]), stacked(first))
    found = _of_one(layers[layer][0])
    found["read"] = outputs(layers[-1])
    if model.attention is not None:
        found["top"] = found["read"]
        found["context"] = torch.stack([one.context for one in steps])
        found["read"] = model.combined(found["top"], found["context"])
        found["weights"] = torch.stack([one.weights for one in steps])
        top = layers[-1][0]
        looking = earlier(top.h, top.h0) if model.looks_first else found["top"]
        found["scores"] = model.attention.scores(looking.transpose(0, 1), reading.keys).transpose(0, 1)  # type: ignore[operator]
        found["memory"] = reading.memory.transpose(0, 1)
    found["answers"] = model.readout(found["read"])
    return {name: values[:, 0].numpy() for name, values in found.items()} | {"places": np.array(places)}


def _of_one(one: Unfolded) -> Found:
    """What a layer's equations are about."""
    found, before = one.variables() | {"x": one.aligned(one.x)}, one.before()
    found["before"] = one.aligned(before.pop("hidden"))
    return found | {f"{name}_before": one.aligned(values) for name, values in before.items()}
