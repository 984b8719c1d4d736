"""A model: recurrent layers and a linear readout, or an encoder–decoder; with weights from an explicit generator."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import Masks, run_stack
from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.initial import draw_weights
from rnnviz.nn.models.recurrent import make_recurrent
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Weights = Mapping[str, np.ndarray]
M = TypeVar("M", bound=nn.Module)


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
        return self.answer(self.states(x, masks))

    def states(self, x: Tensor, masks: Masks | None = None, taps: Sequence[Tensor] = ()) -> Tensor:
        """x (T, B, I) → what the recurrent layers hand on (T, B, directions·H); `taps` as in `run_stack`."""
        if not taps:
            return self.recurrent(x, masks=masks)[0]
        return run_stack(self.recurrent, kind_of(self.recurrent), x, None, masks, taps)[0]

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


def make_model(spec: ModelSpec, task: Task, seed: int) -> Any:
    """A model with its first weights, from a generator of its own: `EncoderDecoder` or `SequenceModel`.

    Models of the same shape start from the same weights, so that what differs between them is what was changed.
    """
    with torch.random.fork_rng(devices=[]):  # torch's constructors draw from the global generator
        model = (EncoderDecoder if task.answers == "sequence" else SequenceModel)(spec, task)
    draw_weights(model, spec, torch.Generator().manual_seed(seed))
    return model


def restored(spec: ModelSpec, task: Task, weights: Weights) -> SequenceModel:
    """A model with the weights of a frame, in their own precision."""
    with torch.random.fork_rng(devices=[]):
        return _with(SequenceModel(spec, task), weights)


def restored_translator(spec: ModelSpec, task: Task, weights: Weights) -> EncoderDecoder:
    """The same for an encoder–decoder."""
    with torch.random.fork_rng(devices=[]):
        return _with(EncoderDecoder(spec, task), weights)


def _with(model: M, weights: Weights) -> M:
    model.load_state_dict({name: torch.tensor(weight) for name, weight in weights.items()}, assign=True)
    return model


def pick_device(wanted: str) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`.

    Raises:
        ExperimentError: cuda is wanted where torch finds none.
    """
    from rnnviz.core.errors import ExperimentError

    if wanted == "cuda" and not torch.cuda.is_available():
        raise ExperimentError("training.device", "auto or cpu on this machine, where torch finds no GPU", wanted)
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)
