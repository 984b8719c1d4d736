"""One pass through encoder and decoder in which every state, gate and gradient can be looked at."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.arrays import half, single
from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.cells.stepping import stacked
from rnnviz.nn.cells.unfolding import last_states, outputs, sweep_back, unfold
from rnnviz.nn.models.encoder_decoder import DecoderStep, EncoderDecoder
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.specs.layer_sizes import variables_of
from rnnviz.specs.models import ModelSpec

NAN = float("nan")


class Flow:
    """One pass through both halves, of a batch and of probes behind it.

    sources: (T_in, B), fed: (T_out, B), what the decoder reads. Of the samples after the first `batch`, the probes,
    nothing counts in a loss and nothing is dropped.
    """

    def __init__(self, model: EncoderDecoder, sources: Tensor, fed: Tensor, batch: int = 0, masks: Any = None) -> None:
        self.model, self.batch = model, batch
        probes = sources.shape[1] - batch
        encoder, decoder = (None, None) if masks is None else (_beside(one, probes) for one in masks)
        with torch.no_grad():
            x, self.extent = model.embedded(sources)
            self.layers = unfold(model.encoder, x, masks=encoder, extent=self.extent)
            self.memory, self.last = outputs(self.layers[-1]), last_states(self.layers)
        self._heads = [part.requires_grad_() for part in (self.memory, *self.last)]
        with torch.enable_grad():
            self.reading = model.handed_over(self.memory, self.last, self.extent)
            self.steps: list[DecoderStep] = list(model.decode_steps(self.reading, fed, decoder))

    @property
    def answers(self) -> Tensor:
        """Logits (T_out, B, C)."""
        return torch.stack([one.answer for one in self.steps])

    @property
    def attention(self) -> Tensor | None:
        """The weights (B, T_out, T_in); None without attention."""
        weights = [one.weights for one in self.steps if one.weights is not None]
        return torch.stack(weights, 1) if weights else None

    def gradient_norms(self, targets: Tensor) -> tuple[np.ndarray, np.ndarray | None]:
        """‖∂L/∂h_t‖ and ‖∂L/∂c_t‖ over samples and units: (layer, direction, time), time through both halves.

        Total derivatives of the loss of the batch by targets (T_out, batch), through every later step and through the
        attention. NaN where a half has no such direction or no cell state; None if neither half has one.
        """
        loss = sequence_loss(self.answers[:, : self.batch], targets)
        h = [part for one in self.steps for part in one.states.h]
        c = [part for one in self.steps for part in one.states.c]
        wanted = [*self._heads, *h, *c]
        reached = torch.autograd.grad(loss, wanted, allow_unused=True)
        found = [torch.zeros_like(of) if g is None else g for g, of in zip(reached, wanted, strict=True)]
        memory, *last = found[: len(self._heads)]
        behind = found[len(self._heads) :]
        swept = sweep_back(self.layers, memory, tuple(last))
        hidden = self._joined([[one.hidden for one in row] for row in swept], behind[: len(h)])
        if swept[0][0].cell is None and not c:
            return hidden, None
        return hidden, self._joined([[one.cell for one in row] for row in swept], behind[len(h) :])

    def _joined(self, encoder: list[list[Tensor | None]], decoder: list[Tensor]) -> np.ndarray:
        """Norms of both halves behind each other: (layer, direction, time)."""
        rows = [
            torch.stack([_norms(one, part) for one, part in zip(row, parts, strict=True)])
            for row, parts in zip(self.layers, encoder, strict=True)
        ]
        read = torch.stack(rows)
        written = read.new_full((*read.shape[:2], len(self.steps)), NAN)
        if decoder:
            norms = torch.stack([torch.linalg.vector_norm(part) for part in decoder])
            written[:, 0] = norms.view(len(self.steps), -1).t()
        return single(torch.cat([read, written], -1))

    @torch.no_grad()
    def variables(self, spec: ModelSpec) -> dict[str, Tensor]:
        """States and gates of the probes: name → (layer, direction, time, sample, unit), time through both halves."""
        chosen = slice(self.batch, None)
        real = self.extent.real[:, chosen, None]
        encoder = [[one.variables() for one in row] for row in self.layers]
        fed = torch.stack([one.fed for one in self.steps])[:, chosen]
        first = tuple(part[:, chosen] for part in stacked(self.reading.first))
        decoder = unfold(self.model.decoder, fed, first)
        width, directions = spec.hidden, spec.directions
        found = {}
        for name in variables_of(spec):
            blank = fed.new_full((spec.layers, directions, len(real) + len(fed), real.shape[1], width), NAN)
            for layer, row in enumerate(encoder):
                for direction, one in enumerate(row):
                    if name in one:
                        blank[layer, direction, : len(real)] = one[name][:, chosen].masked_fill(~real, NAN)
            for layer, (only,) in enumerate(decoder):
                if name in (variables := only.variables()):
                    blank[layer, 0, len(real) :] = variables[name]
            found[name] = blank
        return found

    def trace(self, spec: ModelSpec, targets: Tensor) -> dict[str, np.ndarray]:
        """The same as float16, NaN also where the right output (T_out, probe) is over."""
        over = torch.cat([torch.zeros_like(self.extent.real[:, self.batch :]), targets < 0])[..., None]
        return {name: half(values.masked_fill(over, NAN)) for name, values in self.variables(spec).items()}


def _norms(one: Any, values: Tensor | None) -> Tensor:
    """The norm at every time step (T,) over samples and units, in the order of the input."""
    if values is None:
        missing: Tensor = one.h.new_full((len(one.h),), NAN)
        return missing
    norms: Tensor = torch.linalg.vector_norm(one.aligned(values), dim=(1, 2))
    return norms


def _beside(masks: Masks, samples: int) -> Masks:
    """Masks of a batch, (T, B, N) each, widened by ones for the probes."""
    return [torch.cat([mask, mask.new_ones(len(mask), samples, mask.shape[2])], dim=1) for mask in masks]
