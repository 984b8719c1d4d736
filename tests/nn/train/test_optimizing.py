"""The optimizer is torch's Adam after torch's clipping."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.nn.models.model import make_model
from rnnviz.nn.train.optimizing import Optimizer
from tests.nn.reference import numbers


@pytest.mark.parametrize("read", [True, False], ids=["norms that are read", "norms on the device"])
@pytest.mark.parametrize("together", [True, False], ids=["one vector", "each alone"])
@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("clip", [None, 0.05])
def test_updates_are_torchs_bit_for_bit(clip: float | None, decay: float, together: bool, read: bool) -> None:
    ours = nn.Linear(3, 41, bias=False)  # one matrix: rounding depends on where a vector ends
    theirs = copy.deepcopy(ours)
    mine = Optimizer(ours, 1e-2, clip, decay, together)
    kind = torch.optim.AdamW if decay else torch.optim.Adam
    adam = kind(theirs.parameters(), lr=1e-2, weight_decay=decay, fused=True)
    for seed in range(20):
        x = numbers(8, 3, seed=seed, dtype=torch.float32)
        found, _ = mine.differentiate(ours(x).square().mean())
        norm = found.item()
        mine.update(norm if read else found)
        adam.zero_grad()
        theirs(x).square().mean().backward()
        theirs_norm = nn.utils.clip_grad_norm_(theirs.parameters(), clip or float("inf"))
        assert norm == pytest.approx(theirs_norm.item(), rel=1e-5)
        adam.step()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0 if clip is None else 1e-6)


@pytest.mark.parametrize("decay", [0.0, 2.0])
@pytest.mark.parametrize("clip", [None, 0.05])
@pytest.mark.parametrize("name", ["adding", "reverse"])
def test_the_ratio_of_an_update_is_that_of_the_update_that_is_made(name: str, clip: float | None, decay: float) -> None:
    experiment = rv.Experiment(rv.task(name))
    model = make_model(experiment.models[-1], experiment.task, 0)
    optimizer = Optimizer(model, 1e-2, clip, decay)
    for seed in range(1, 5):
        weights = {key: weight.clone() for key, weight in model.state_dict().items()}
        loss = sum((p - numbers(*p.shape, seed=seed, dtype=p.dtype)).square().sum() for p in model.parameters())
        norm = optimizer.differentiate(loss)[0].item()
        found = optimizer.measure(norm)
        assert found["grad_norm"] == norm and found["clipped"] == (clip is not None)
        optimizer.update(norm)
        changed = [(now - weights[key]).norm() / weights[key].norm() for key, now in model.state_dict().items()]
        np.testing.assert_allclose(found["update_ratio"], torch.stack(changed), rtol=2e-4)  # type: ignore[call-overload]


def test_weights_of_zero_change_without_bounds() -> None:
    layer = nn.Linear(2, 2)
    nn.init.zeros_(layer.bias)
    optimizer = Optimizer(layer, lr=1e-2, clip=None)
    norm = optimizer.differentiate(layer(torch.ones(1, 2)).sum())[0].item()
    ratios = optimizer.measure(norm)["update_ratio"]
    assert np.isfinite(ratios).tolist() == [True, False]  # type: ignore[call-overload]
