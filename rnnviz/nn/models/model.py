"""A model: recurrent layers and a linear readout, or an encoder–decoder; with weights from an explicit generator."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.arrays import sent
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.placed import PlacedReadout
from rnnviz.nn.cells.stack import Extent, Masks, extent_of, run_stack, taps_of
from rnnviz.nn.models.captioner import Captioner
from rnnviz.nn.models.devices import faster_on_gpu
from rnnviz.nn.models.encoder_decoder import EncoderDecoder
from rnnviz.nn.models.initial import draw_weights
from rnnviz.nn.models.padded import run_padded
from rnnviz.nn.models.recurrent import make_placed, make_recurrent
from rnnviz.specs import architectures
from rnnviz.specs.architectures.recurrent import embeds, read_size
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD

Weights = Mapping[str, np.ndarray]
DEVICE = "RNNVIZ_DEVICE"  # environment variable: what `auto` takes, cpu or cuda


class SequenceModel(nn.Module):
    """Reads sequences, (T, B, I) features or (T, B) symbols; answers once, (B, O), or at every step, (T, B, O).

    Symbols are turned into learned vectors of the width of the layers; `PAD` stands behind each sequence, which is read
    as if it were alone.
    """

    def __init__(self, spec: ModelSpec, task: Task) -> None:
        super().__init__()
        self.answers_once = task.answers.at_end
        self.embedding = nn.Embedding(task.input_size, spec.hidden) if embeds(task) else None
        self.recurrent: nn.RNNBase
        self.readout: nn.Linear | PlacedReadout
        if spec.reach is None:
            self.recurrent = make_recurrent(spec, read_size(spec, task))
            self.readout = nn.Linear(spec.hidden * spec.directions, task.output_size)
        else:
            self.recurrent, self.readout = make_placed(spec, task)
        self.dropout = spec.dropout

    def forward(self, inputs: Tensor, masks: Masks | None = None) -> Tensor:
        """Inputs (T, B, I) or (T, B) → answers (B, O) or (T, B, O); dropout acts only where its masks are given."""
        return self.answer(self.states(inputs, masks), self.extent(inputs))

    def embedded(self, inputs: Tensor) -> Tensor:
        """What the lowest layer reads of inputs (T, B, I) or (T, B): (T, B, I) or (T, B, H)."""
        if self.embedding is None:
            return inputs.to(self.readout.weight.dtype)
        vectors: Tensor = self.embedding(inputs.clamp(min=0))
        return vectors

    def extent(self, inputs: Tensor) -> Extent | None:
        """How far each sequence goes; None where all are equally long."""
        return None if self.embedding is None else extent_of(inputs != PAD)

    def reading(self, inputs: Tensor) -> tuple[nn.RNNBase, Tensor, Extent | None]:
        """The layers that read, what their lowest layer reads, and how far each sequence goes."""
        return self.recurrent, self.embedded(inputs), self.extent(inputs)

    def states(self, inputs: Tensor, masks: Masks | None = None, taps: Sequence[Tensor] = ()) -> Tensor:
        """Inputs (T, B, I) or (T, B) → hidden states of the top layer (T, B, directions·H).

        taps: as in `run_stack`. States on padding mean nothing.
        """
        module, x, extent = self.reading(inputs)
        if extent is not None:
            return run_padded(module, x, extent, masks)[0]
        if not taps:
            hidden: Tensor = self.recurrent(x, masks=masks)[0]
            return hidden
        return run_stack(self.recurrent, kind_of(self.recurrent), x, None, masks, taps)[0]

    def taps(self, inputs: Tensor) -> list[Tensor]:
        """Those of `taps_of`; none for sequences of different lengths."""
        return taps_of(self.recurrent, inputs) if self.embedding is None else []

    def masks(self, inputs: Tensor, generator: torch.Generator) -> Masks | None:
        """Fresh masks for one training step on inputs (T, B, …), or None where there is no dropout.

        They are drawn on the CPU, so that a GPU drops the same units.
        """
        if not self.dropout:
            return None
        kept, module = 1 - self.dropout, self.recurrent
        width = module.hidden_size * (2 if module.bidirectional else 1)
        drawn = torch.empty(module.num_layers - 1, *inputs.shape[:2], width, dtype=self.readout.weight.dtype)
        made = drawn.bernoulli_(kept, generator=generator).div_(kept)
        return sent(made, inputs.device).unbind(0)

    def answer(self, states: Tensor, extent: Extent | None = None) -> Tensor:
        """The readout of the top layer's states (T, B, directions·H)."""
        logits: Tensor = self.readout(self.readout_states(states, extent))
        return logits

    def readout_states(self, states: Tensor, extent: Extent | None = None) -> Tensor:
        """The states that are read: of all steps, or, in each direction, of the last step read."""
        if not self.answers_once:
            return states
        last = states[-1] if extent is None else extent.at_last(states)
        if not self.recurrent.bidirectional:
            return last
        size = self.recurrent.hidden_size
        return torch.cat([last[:, :size], states[0, :, size:]], -1)

    def direct_answers(self, states: Tensor) -> Tensor | None:
        """Answers (times, B, O) to one sequence from the top layer's states (T, B, directions·H).

        None where a decoder stands between states and readout.
        """
        answers = self.answer(states)
        return answers[None] if self.answers_once else answers


MODELS: dict[str, type[nn.Module]] = {  # architecture → its networks
    "recurrent": SequenceModel,
    "encoder_decoder": EncoderDecoder,
    "captioner": Captioner,
}


def make_model(spec: ModelSpec, task: Task, seed: int) -> Any:
    """A model of the task's architecture with its first weights, from a generator of its own.

    Models of the same shape start from the same weights, so that what differs between them is what was changed.
    """
    model = _bare(spec, task)
    draw_weights(model, spec, torch.Generator().manual_seed(seed))
    return model


def _bare(spec: ModelSpec, task: Task) -> Any:
    with torch.random.fork_rng(devices=[]):  # torch's constructors draw from the global generator
        return MODELS[architectures.of(task).name](spec, task)


def restored(spec: ModelSpec, task: Task, weights: Weights) -> Any:
    """A model of the task's architecture with the weights of a frame, in their own precision."""
    model = _bare(spec, task)
    model.load_state_dict({name: torch.tensor(weight) for name, weight in weights.items()}, assign=True)
    return model


def restored_translator(spec: ModelSpec, task: Task, weights: Weights) -> EncoderDecoder:
    """The same, of a task that encoder–decoders learn."""
    model: EncoderDecoder = restored(spec, task, weights)
    return model


def pick_device(wanted: str, experiment: Experiment | None = None) -> torch.device:
    """The device for `auto`, `cpu` or `cuda`.

    `auto` takes what the environment variable RNNVIZ_DEVICE says. Else it takes a GPU if there is one, where it trains
    the `experiment` clearly faster than a CPU does (see `devices`).

    Raises:
        ExperimentError: cuda is wanted where torch finds none, or the variable says something else.
    """
    found = torch.cuda.is_available()
    if wanted == "auto":
        gpu = found and (experiment is None or faster_on_gpu(experiment))
        wanted = os.environ.get(DEVICE, "").strip() or ("cuda" if gpu else "cpu")
        if wanted not in ("cpu", "cuda"):
            raise ExperimentError(DEVICE, "cpu or cuda", wanted)
    if wanted == "cuda" and not found:
        raise ExperimentError("training.device", "auto or cpu on this machine, where torch finds no GPU", wanted)
    return torch.device(wanted)
