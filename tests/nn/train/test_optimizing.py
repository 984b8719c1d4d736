"""The optimizer is torch's Adam after torch's clipping."""

import copy

import pytest
import torch
from torch import nn

from rnnviz.nn.train.optimizing import Optimizer
from tests.nn.reference import numbers


@pytest.mark.parametrize("clip", [None, 0.05])
def test_updates_are_torchs_bit_for_bit(clip: float | None) -> None:
    ours = nn.Linear(3, 41, bias=False)  # one matrix: rounding depends on where a vector ends
    theirs = copy.deepcopy(ours)
    mine = Optimizer(ours, lr=1e-2, clip=clip)
    adam = torch.optim.Adam(theirs.parameters(), lr=1e-2, fused=True)
    for seed in range(20):
        x = numbers(8, 3, seed=seed, dtype=torch.float32)
        norm, _ = mine.differentiate(ours(x).square().mean())
        mine.update(norm)
        adam.zero_grad()
        theirs(x).square().mean().backward()
        theirs_norm = nn.utils.clip_grad_norm_(theirs.parameters(), clip or float("inf"))
        assert norm == pytest.approx(theirs_norm.item(), rel=1e-5)
        adam.step()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0 if clip is None else 1e-6)
