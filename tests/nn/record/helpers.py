"""A model as somebody writes it, and its training."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


class Tagger(nn.Module):
    """A model as somebody writes it: an embedding, two recurrent layers of different kinds, a readout."""

    def __init__(self, **more: Any) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 5)
        self.parts = nn.ModuleDict({"encoder": nn.LSTM(5, 6, 2, bidirectional=True, batch_first=True, **more)})
        self.decoder = nn.GRU(12, 7)
        self.readout = nn.Linear(7, 3)

    def forward(self, tokens: Tensor) -> Tensor:
        states, _ = self.parts["encoder"](self.embedding(tokens))
        return self.readout(self.decoder(states.transpose(0, 1))[0])


def first_model(**more: Any) -> Tagger:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Tagger(**more)


def train(model: nn.Module, steps: int, begin: Callable[[], None] = lambda: None) -> nn.Module:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    generator = torch.Generator().manual_seed(1)
    for _ in range(steps):
        begin()
        tokens = torch.randint(11, (4, 9), generator=generator)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(tokens).flatten(0, 1), (tokens.t() % 3).flatten()).backward()
        optimizer.step()
    return model


def hooks(model: nn.Module) -> int:
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_forward_hooks_with_kwargs")
    return sum(len(getattr(module, kind)) for module in model.modules() for kind in kinds)
