"""What `rv.recording` costs a training loop: while it is off, and with every 50th step recorded."""

import contextlib
import statistics
from collections.abc import Callable

import torch
from torch import nn

from rnnviz.nn.bench.timing import B, H, I, T, taking_turns, timed
from rnnviz.nn.record.recording import recording

EVERY = 50
AT_MOST = 1.10


class Regressor(nn.Module):
    """A stock layer of torch and a readout, as a user writes them."""

    def __init__(self, kind: Callable[..., nn.RNNBase]) -> None:
        super().__init__()
        self.recurrent, self.readout = kind(I, H), nn.Linear(H, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.readout(self.recurrent(x)[0][-1])
        return logits


def compare_recording(rounds: int) -> None:
    """Print the time of a training loop after a recording and inside of one, against the same loop without.

    The three loops take turns step by step; every 50 steps of the last one hold one that is recorded.
    """
    print(f"rv.recording: {EVERY} training steps of torch's own layer, median ms of {rounds}\n")
    print(f"| layer | without | after the block | ratio | recorded every {EVERY} | ratio | at most |")
    print("|---|---|---|---|---|---|---|")
    for kind in (one.torchs.module for one in timed().values()):
        with contextlib.ExitStack() as stack:
            models = [Regressor(kind) for _ in range(3)]
            with recording(models[1], EVERY):
                pass
            stack.enter_context(recording(models[2], EVERY))
            times = taking_turns([_step(model) for model in models], rounds * EVERY)
        blocks = [[sum(row[i : i + EVERY]) for i in range(0, len(row), EVERY)] for row in times]
        plain, off, on = (statistics.median(row) * 1e3 for row in blocks)
        less, more = (statistics.median(b / a for a, b in zip(blocks[0], row, strict=True)) for row in blocks[1:])
        print(f"| {kind.__name__} | {plain:.1f} | {off:.1f} | {less:.2f} | {on:.1f} | {more:.2f} | {AT_MOST} |")
    print()


def _step(model: nn.Module) -> Callable[[], None]:
    """The plainest training loop, one step of it at every call."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    generator = torch.Generator().manual_seed(0)
    x, targets = torch.randn(T, B, I, generator=generator), torch.randn(B, 1, generator=generator)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), targets).backward()
        optimizer.step()

    return step
