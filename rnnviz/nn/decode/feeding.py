"""What a decoder reads at each step: the right answer, what it wrote itself, or now one and now the other.

Teacher forcing feeds the right symbol; running free feeds the likeliest one just written; scheduled sampling flips a
coin for every symbol (Bengio et al. 2015, section 2.4; lecture 000, "Teacher Forcing" and "Curriculum Learning").
"""

from typing import NamedTuple

import torch
from torch import Tensor

from rnnviz.nn.cells.stack import Masks
from rnnviz.nn.models.encoder_decoder import Encoded, EncoderDecoder


class FreeRun(NamedTuple):
    """What a model writes by itself: classes (T, B), logits (T, B, C), weights (T, B, T_in) or None."""

    classes: Tensor
    answers: Tensor
    weights: Tensor | None


@torch.no_grad()
def run_free(model: EncoderDecoder, reading: Encoded, steps: int) -> FreeRun:
    """The likeliest symbol at every step, each fed back; it goes on after an end, as what follows does not count."""
    states = reading.first
    fed = torch.full((len(reading.memory),), model.start, device=reading.memory.device)
    answers, classes, weights = [], [], []
    for _ in range(steps):
        one = model.step(reading, model.target(fed), states)
        states, fed = one.states, one.answer.argmax(-1)
        answers.append(one.answer)
        classes.append(fed)
        weights.append(one.weights)
    looked = None if weights[0] is None else torch.stack(weights)  # type: ignore[arg-type]
    return FreeRun(torch.stack(classes), torch.stack(answers), looked)


@torch.no_grad()
def fed_by_coins(
    model: EncoderDecoder, reading: Encoded, targets: Tensor, right: Tensor, masks: Masks | None = None
) -> Tensor:
    """What the decoder reads where it is fed the right symbol only where `right` (T, B) says so: (T, B).

    The first row is the start in any case; `right[t]` is about what is read at step t.
    masks: those of the pass that is to come, so that what is fed back is what that pass writes.
    """
    true, states = model.fed_right(targets), reading.first
    fed = [true[0]]
    for t in range(1, len(targets)):
        now = None if masks is None else [mask[t - 1] for mask in masks]
        one = model.step(reading, model.target(fed[-1]), states, masks=now)
        states = one.states
        fed.append(torch.where(right[t], true[t], one.answer.argmax(-1)))
    return torch.stack(fed)


def coins(shape: torch.Size, probability: float, generator: torch.Generator) -> Tensor:
    """A coin for every symbol: true with `probability`. Drawn on the CPU, so that a GPU flips the same ones."""
    return torch.rand(shape, generator=generator) < probability


def detached(reading: Encoded) -> Encoded:
    """The same reading apart from its graph."""
    states = type(reading.first)(*(tuple(part.detach() for part in row) for row in reading.first))
    keys = None if reading.keys is None else reading.keys.detach()
    return Encoded(reading.memory.detach(), keys, reading.real, states)
