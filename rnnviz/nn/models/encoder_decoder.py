"""Encoder and decoder: one recurrent network reads a sequence, another writes one (lectures 000 and 003).

Without attention all that the decoder gets is the encoder's last state, as its own first one (Sutskever, Vinyals & Le
2014). With attention it also gets, at every step t, a context_t of all encoder states (see `attention`):

    additive       s_t = cell([embedding of y_{t-1}, context_t], s_{t-1})            Bahdanau et al. 2015
    dot, general   s_t = cell(embedding of y_{t-1}, s_{t-1}), then context_t          Luong et al. 2015
    both           answer_t = W_o tanh(W_c [s_t, context_t] + b_c) + b_o              Luong et al. 2015, equation 5
    without        answer_t = W_o s_t + b_o

Sequences of whole numbers (T, B); `PAD` stands behind each.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from rnnviz.nn.arrays import sent
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.stack import Extent, Masks, extent_of
from rnnviz.nn.cells.stepping import States, stacked, step_all
from rnnviz.nn.cells.weights import State, input_product, weights_of
from rnnviz.nn.models.attention import AdditiveLoop, make_attention, weights_of_scores
from rnnviz.nn.models.padded import run_padded
from rnnviz.nn.models.recurrent import make_recurrent
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.translator_sizes import decoder_of, decoder_reads
from rnnviz.tasks import Task
from rnnviz.tasks.batch import PAD


class Encoded(NamedTuple):
    """What the encoder hands over.

    memory: (B, T, M), its states at every step; 0 on padding.
    keys:   (B, T, H), what of the attention's scores depends on them alone; None without attention.
    real:   (B, T) bool, which steps are no padding.
    first:  the decoder's states before its first step.
    """

    memory: Tensor
    keys: Tensor | None
    real: Tensor
    first: States


class DecoderStep(NamedTuple):
    """One output step.

    answer:  (B, C), a logit for every class.
    weights: (B, T), how much of each encoder state is in the context; None without attention.
    context: (B, M); None without attention.
    states:  the decoder's, after it.
    fed:     (B, I), what its lowest layer has read.
    """

    answer: Tensor
    weights: Tensor | None
    context: Tensor | None
    states: States
    fed: Tensor


class EncoderDecoder(nn.Module):
    """Reads sequences (T, B) of symbols and answers with sequences of classes."""

    def __init__(self, spec: ModelSpec, task: Task) -> None:
        super().__init__()
        size, memory = spec.hidden, spec.hidden * spec.directions
        self.start = task.output_size  # what the decoder reads first: one symbol more than it writes
        self.source, self.encoder = self.make_reader(spec, task)
        self.target = nn.Embedding(task.output_size + 1, size)
        self.readout = nn.Linear(size, task.output_size)
        self.attention = make_attention(spec.attention, size, memory)
        self.decoder = make_recurrent(decoder_of(spec), decoder_reads(spec))
        self.combine = nn.Linear(size + memory, size) if self.attention else None
        self.bridge_h = self.bridge_c = None
        if spec.decoder is not None or spec.bidirectional:
            self.bridge_h = nn.ModuleList(nn.Linear(memory, size) for _ in range(spec.layers))
            if kind_of(self.decoder).description.has_cell_state:
                self.bridge_c = nn.ModuleList(nn.Linear(memory, size) for _ in range(spec.layers))
        self.dropout = spec.dropout

    def make_reader(self, spec: ModelSpec, task: Task) -> tuple[nn.Module, nn.RNNBase]:
        """What turns each step of the input into a vector, and the layers that read these."""
        return nn.Embedding(task.input_size, spec.hidden), make_recurrent(spec, spec.hidden)

    @property
    def handing_on(self) -> nn.RNNBase:
        """The layers whose W_hh is measured: those that read."""
        return self.encoder

    @property
    def looks_first(self) -> bool:
        """Whether the decoder looks at the input before its step, so that the step reads the context."""
        return self.attention is not None and self.attention.before_step  # type: ignore[return-value]

    def forward(self, sources: Tensor, fed: Tensor, masks: tuple[Masks, Masks] | None = None) -> Tensor:
        """Answers (T_out, B, C) to sources (T_in, B), where the decoder reads `fed` (T_out, B)."""
        return self.write(self.encode(sources, masks and masks[0]), fed, masks and masks[1])[0]

    # The encoder

    def reading(self, inputs: Tensor) -> tuple[nn.RNNBase, Tensor, Extent]:
        """The layers that read, what their lowest layer reads, and how far each sequence (T_in, B) goes."""
        return self.encoder, *self.embedded(inputs)

    def direct_answers(self, states: Tensor) -> None:
        """None: a decoder stands between the states that are read and the answers."""
        return

    def embedded(self, sources: Tensor) -> tuple[Tensor, Extent]:
        """What the encoder reads, (T, B, H), and how far each sequence goes."""
        return self.source(sources.clamp(min=0)), extent_of(sources != PAD)

    def encode(self, sources: Tensor, masks: Masks | None = None) -> Encoded:
        """Run the encoder over sources (T, B)."""
        x, extent = self.embedded(sources)
        memory, last = run_padded(self.encoder, x, extent, masks)
        return self.handed_over(memory, last, extent)

    def handed_over(self, memory: Tensor, last: State, extent: Extent) -> Encoded:
        """What the decoder gets of the encoder's outputs (T, B, M) and last states (layers·directions, B, H)."""
        memory = memory.masked_fill(~extent.real[..., None], 0).transpose(0, 1).contiguous()
        keys = None if self.attention is None else self.attention.keys(memory)  # type: ignore[operator]
        return Encoded(memory, keys, extent.real.t(), self._first(last))

    def _first(self, last: State) -> States:
        """The decoder's first states: the encoder's last ones, through a layer where they do not fit as they are."""
        if self.bridge_h is None:
            return States(*(part.unbind(0) for part in last))
        h_rows, c_rows = (_by_layer(part, len(self.bridge_h)) for part in (last[0], last[-1]))
        first = tuple(torch.tanh(bridge(row)) for bridge, row in zip(self.bridge_h, h_rows, strict=True))
        if self.bridge_c is None:
            return States(first)
        return States(first, tuple(bridge(row) for bridge, row in zip(self.bridge_c, c_rows, strict=True)))

    # The decoder

    def fed_right(self, targets: Tensor) -> Tensor:
        """What the decoder reads where it is fed the right answer: targets (T, B) one step later, a start in front."""
        return torch.cat([torch.full_like(targets[:1], self.start), targets[:-1].clamp(min=0)])

    def write(self, reading: Encoded, fed: Tensor, masks: Masks | None = None) -> tuple[Tensor, Tensor | None]:
        """Answers (T, B, C) and weights (T, B, T_in), where the decoder reads `fed` (T, B)."""
        if self.looks_first:
            return self._write_looking_first(reading, fed, masks)
        states = self._run(self.target(fed), reading.first, masks)
        if self.attention is None:
            return self.readout(states), None
        weights, context = self.attend(reading, states.transpose(0, 1))
        return self.answer(states, context.transpose(0, 1)), weights.transpose(0, 1)

    def _write_looking_first(self, reading: Encoded, fed: Tensor, masks: Masks | None) -> tuple[Tensor, Tensor]:
        """All steps of a decoder whose steps read the context; through one loop where it has a single layer."""
        cell = kind_of(self.decoder).pair
        if cell is None or self.decoder.num_layers > 1 or fed.is_cuda:
            steps = list(self.decode_steps(reading, fed, masks))
            return torch.stack([one.answer for one in steps]), torch.stack([one.weights for one in steps])  # type: ignore[misc]
        w, size, look, first = weights_of(self.decoder, 0, 0), self.decoder.hidden_size, self.attention, reading.first
        x, c = input_product(w.ih[:, :size], w.b_ih, self.target(fed)), first.c[0] if first.c else None
        of_cell, of_look = (w.ih[:, size:], w.hh, w.b_hh), (look.state.weight, look.v.weight[0])  # type: ignore[union-attr, index]
        keeps, read = torch.is_grad_enabled(), (reading.memory, reading.keys, reading.real)
        given = (keeps, cell, x, first.h[0], c, *read, *of_cell, *of_look)
        states, context, weights = AdditiveLoop.apply(*given)  # type: ignore[no-untyped-call]
        return self.answer(states, context), weights

    def _run(self, x: Tensor, first: States, masks: Masks | None) -> Tensor:
        """All steps of a decoder that looks at the input afterwards: x (T, B, H) → its top states (T, B, H)."""
        state = stacked(first)
        states: Tensor = self.decoder(x, state if len(state) > 1 else state[0], masks=masks)[0]
        return states

    def decode_steps(self, reading: Encoded, fed: Tensor, masks: Masks | None = None) -> Iterator[DecoderStep]:
        """The same step by step: yields a `DecoderStep` for every row of `fed` (T, B)."""
        states = reading.first
        for t, x in enumerate(self.target(fed)):
            one = self.step(reading, x, states, masks=None if masks is None else [mask[t] for mask in masks])
            states = one.states
            yield one

    def step(
        self,
        reading: Encoded,
        x: Tensor,
        before: States,
        weights: Tensor | None = None,
        masks: Masks | None = None,
    ) -> DecoderStep:
        """One output step: x (B, H), the embedding of what the decoder is fed, and its states before.

        weights: (B, T), looked at in place of what the attention finds; all zeros take the attention away.
        """
        context = None
        if self.looks_first:
            weights, context = self._looked(reading, before.h[-1], weights)
            x = torch.cat([x, context], -1)
        top, states = step_all(self.decoder, x, before, masks)
        if self.attention is None:
            return DecoderStep(self.readout(top), None, None, states, x)
        if context is None:
            weights, context = self._looked(reading, top, weights)
        return DecoderStep(self.answer(top, context), weights, context, states, x)

    def _looked(self, reading: Encoded, state: Tensor, weights: Tensor | None) -> tuple[Tensor, Tensor]:
        """Weights (B, T) and context (B, M) for one decoder state (B, H)."""
        if weights is None:
            found, context = self.attend(reading, state[:, None])
            return found[:, 0], context[:, 0]
        return weights, (weights[:, None] @ reading.memory)[:, 0]

    def attend(self, reading: Encoded, states: Tensor) -> tuple[Tensor, Tensor]:
        """Weights (B, S, T) and contexts (B, S, M) for decoder states (B, S, H)."""
        scores = self.attention.scores(states, reading.keys)  # type: ignore[union-attr, operator]
        weights = weights_of_scores(scores, reading.real)
        return weights, weights @ reading.memory

    def answer(self, states: Tensor, context: Tensor) -> Tensor:
        """Logits from decoder states (…, H) and contexts (…, M)."""
        logits: Tensor = self.readout(self.combined(states, context))
        return logits

    def combined(self, states: Tensor, context: Tensor) -> Tensor:
        """What the readout multiplies where there is attention, (…, H)."""
        return torch.tanh(self.combine(torch.cat([states, context], -1)))  # type: ignore[misc]

    # Dropout

    def masks(self, sources: Tensor, targets: Tensor, generator: torch.Generator) -> tuple[Masks, Masks] | None:
        """Fresh masks of both halves for one training step, or None where there is no dropout; drawn on the CPU."""
        if not self.dropout:
            return None
        kept, rows = 1 - self.dropout, self.encoder.num_layers - 1
        widths = (self.encoder.hidden_size * (2 if self.encoder.bidirectional else 1), self.decoder.hidden_size)
        drawn = [torch.empty(rows, *of.shape[:2], width) for of, width in zip((sources, targets), widths, strict=True)]
        made = [mask.bernoulli_(kept, generator=generator).div_(kept) for mask in drawn]
        one, two = (sent(mask, sources.device).unbind(0) for mask in made)
        return one, two


def _by_layer(states: Tensor, layers: int) -> Tensor:
    """Last states (layers·directions, B, H) with both directions of a layer beside each other: (layers, B, M)."""
    rows = states.unflatten(0, (layers, -1))
    joined: Tensor = rows.transpose(1, 2).flatten(2)
    return joined
