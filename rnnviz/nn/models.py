"""A model: recurrent layers and a linear readout, with weights from an explicit generator."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.experiment import ModelSpec
from rnnviz.nn.cells.gru import GRU
from rnnviz.nn.cells.gru_before import ResetBeforeGRU
from rnnviz.nn.cells.lstm import LSTM
from rnnviz.nn.cells.rnn import RNN
from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.initial import draw_weights
from rnnviz.tasks import Task


class SequenceModel(nn.Module):
    """Reads sequences x (T, B, I); answers once, (B, O), or at every step, (T, B, O)."""

    def __init__(self, spec: ModelSpec, task: Task) -> None:
        super().__init__()
        self.answers_once = task.answers == "last"
        self.recurrent = make_recurrent(spec, task.input_size)
        self.readout = nn.Linear(spec.hidden * spec.directions, task.output_size)
        self.dropout = spec.dropout

    def forward(self, x: Tensor, masks: Masks | None = None) -> Tensor:
        """x (T, B, I) → answers (B, O) or (T, B, O); dropout acts only where its masks are given."""
        return self.answer(self.recurrent(x, masks=masks)[0])

    def masks(self, x: Tensor, generator: torch.Generator) -> Masks | None:
        """Fresh masks for one training step on x (T, B, I), or None where there is no dropout.

        They are drawn on the CPU, so that a GPU drops the same units.
        """
        if not self.dropout:
            return None
        kept, module = 1 - self.dropout, self.recurrent
        width = module.hidden_size * (2 if module.bidirectional else 1)
        drawn = torch.empty(module.num_layers - 1, *x.shape[:2], width, dtype=x.dtype)
        return drawn.bernoulli_(kept, generator=generator).div_(kept).to(x.device).unbind(0)

    def answer(self, states: Tensor) -> Tensor:
        """The readout of the top layer's states (T, B, directions·H)."""
        return self.readout(self.read(states))

    def read(self, states: Tensor) -> Tensor:
        """The states that are read: of all steps, or, in each direction, of the last step read."""
        if not self.answers_once:
            return states
        if not self.recurrent.bidirectional:
            return states[-1]
        size = self.recurrent.hidden_size
        return torch.cat([states[-1, :, :size], states[0, :, size:]], -1)


def make_recurrent(spec: ModelSpec, inputs: int) -> nn.RNNBase:
    """The recurrent layers of a spec, under torch's names; their weights are not yet set."""
    more = {"bidirectional": spec.bidirectional, "skip": spec.skip}
    if spec.cell == "rnn":
        return RNN(inputs, spec.hidden, spec.layers, activation=spec.activation, **more)
    if spec.cell == "gru":
        kind = ResetBeforeGRU if spec.reset == "before" else GRU
        return kind(inputs, spec.hidden, spec.layers, **more)
    return LSTM(inputs, spec.hidden, spec.layers, **more)


def make_model(spec: ModelSpec, task: Task, seed: int) -> SequenceModel:
    """A model with its first weights, from a generator of its own.

    Models of the same shape start from the same weights, so that what differs between them is what was changed.
    """
    with torch.random.fork_rng(devices=[]):  # torch's constructors draw from the global generator
        model = SequenceModel(spec, task)
    draw_weights(model.recurrent, model.readout, spec, torch.Generator().manual_seed(seed))
    return model


def restored(spec: ModelSpec, task: Task, weights: Mapping[str, np.ndarray]) -> SequenceModel:
    """A model with the weights of a frame, in their own precision."""
    with torch.random.fork_rng(devices=[]):
        model = SequenceModel(spec, task)
    model.load_state_dict({name: torch.tensor(weight) for name, weight in weights.items()}, assign=True)
    return model


def pick_device(wanted: str) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`.

    Raises:
        ExperimentError: cuda is wanted where torch finds none.
    """
    from rnnviz.errors import ExperimentError

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ExperimentError("training.device", "auto or cpu on this machine, where torch finds no GPU", wanted)
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)
