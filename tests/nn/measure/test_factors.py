"""What each step does to the gradient of a sequence, against autograd through the recurrence written out."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rnnviz.nn.cells.unfolding import sweep_back, unfold
from rnnviz.nn.cells.weights import weights_of
from rnnviz.nn.measure.paths import factors
from tests.nn.reference import CARRYING, NAMED, make_module, numbers, one_step

RTOL = 1e-8


def found_by(module: Any, x: Tensor, dy: Tensor, place: tuple[int, int] = (-1, 0)) -> dict[str, np.ndarray]:
    layers = unfold(module, x)
    layer, direction = place
    swept = sweep_back(layers, dy)[layer][direction]
    return {name: values.numpy() for name, values in factors(layers[layer][direction], swept).items()}


def by_autograd(cell: str, module: Any, x: Tensor, dy: Tensor) -> dict[str, np.ndarray]:
    """The same of one layer that reads forwards, from total gradients and one step at a time, by autograd alone."""
    kind, w = NAMED[cell], weights_of(module, 0, 0)
    state: tuple[Tensor, ...] = (x.new_zeros(x.shape[1], module.hidden_size),) * len(kind.description.states)
    kept = []
    for t in range(len(x)):
        state = one_step(kind, w, x[t], tuple(part.requires_grad_() for part in state))
        for part in state:
            part.retain_grad()
        kept.append(state)
    sum((one[0] * direct).sum() for one, direct in zip(kept, dy, strict=True)).backward()
    totals = [[part.grad if part.grad is not None else torch.zeros_like(part) for part in one] for one in kept]
    found: dict[str, list[float]] = {name: [float("nan")] for name in ("hidden", "cell", "both")}
    for t in range(1, len(x)):
        before = [part.detach().requires_grad_() for part in kept[t - 1]]
        after = one_step(kind, w, x[t], tuple(before))
        if len(before) == 1:
            (arrives,) = torch.autograd.grad(after[0], before, totals[t][0])
            found["hidden"].append(float(arrives.norm() / totals[t][0].norm()))
            continue
        h, c = after
        (keep,) = torch.autograd.grad(c, before[1], totals[t][1], retain_graph=True)
        through_output = torch.autograd.grad(h, c, totals[t][0], retain_graph=True)[0]
        own = totals[t][1] - through_output
        by_h, _ = torch.autograd.grad((h, c), before, (totals[t][0], own))
        earlier = [part.detach().requires_grad_() for part in kept[t - 2]] if t > 1 else [torch.zeros_like(h)] * 2
        earlier = [part.detach().requires_grad_() for part in earlier]
        h_before, c_before = one_step(kind, w, x[t - 1], tuple(earlier))
        (into,) = torch.autograd.grad(h_before, c_before, by_h)
        found["hidden"].append(float(by_h.norm() / totals[t][0].norm()))
        found["cell"].append(float(keep.norm() / totals[t][1].norm()))
        found["both"].append(float((keep + into).norm() / totals[t][1].norm()))
    names = {"hidden": "hidden_factor", "cell": "cell_factor", "both": "cell_both_factor"}
    return {names[name]: np.array(values) for name, values in found.items() if len(values) == len(x)}


@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("cell", CARRYING)
def test_each_factor_is_what_autograd_finds(cell: str, at_end: bool) -> None:
    module, x, dy = make_module(cell, inputs=3, hidden=5), numbers(8, 2, 3), numbers(8, 2, 5, seed=4)
    dy = dy * (torch.arange(8) == 7)[:, None, None] if at_end else dy
    found, expected = found_by(module, x, dy), by_autograd(cell, module, x, dy)
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, err_msg=name, rtol=RTOL)


@pytest.mark.parametrize("cell", CARRYING)
def test_with_one_loss_at_the_end_they_multiply_to_the_ratio_of_gradients(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=5), numbers(9, 1, 3)
    dy = torch.zeros(9, 1, 5, dtype=torch.float64)
    dy[-1] = numbers(1, 5, seed=2)
    swept = sweep_back(unfold(module, x), dy)[0][0]
    found = found_by(module, x, dy)
    ends = {"hidden_factor": swept.hidden, "cell_both_factor": swept.cell}
    for name, gradient in ends.items():
        if gradient is not None:
            ratio = float(gradient[0].norm() / gradient[-1].norm())
            np.testing.assert_allclose(np.nanprod(found[name][1:]), ratio, err_msg=name, rtol=RTOL)


def test_along_the_cell_a_factor_lies_between_the_least_and_the_most_open_forget_gate() -> None:
    module, x = make_module("lstm", inputs=2, hidden=4), numbers(7, 1, 2)
    gates = unfold(module, x)[0][0].gates.f[1:, 0].numpy()
    found = found_by(module, x, numbers(7, 1, 4, seed=3))["cell_factor"][1:]
    assert (gates.min(1) <= found).all() and (found <= gates.max(1)).all()


def test_a_gradient_too_small_for_its_square_has_factors_and_one_that_is_not_there_has_none() -> None:
    module, x = make_module("gru", inputs=2, hidden=3), numbers(6, 1, 2)
    dy = numbers(6, 1, 3, seed=1)
    np.testing.assert_allclose(
        found_by(module, x, dy * 1e-200)["hidden_factor"], found_by(module, x, dy)["hidden_factor"]
    )
    assert np.isnan(found_by(module, x, dy * 0)["hidden_factor"]).all()


def test_below_a_loss_in_the_middle_of_two_layers_in_both_directions() -> None:
    module = make_module("lstm", inputs=2, hidden=3, num_layers=2, bidirectional=True)
    dy = torch.zeros(6, 1, 6, dtype=torch.float64)
    dy[3] = 1
    found = found_by(module, numbers(6, 1, 2), dy)["hidden_factor"]
    assert np.isnan(found[[0, 4, 5]]).all() and np.isfinite(found[1:4]).all()
    assert np.isfinite(found_by(module, numbers(6, 1, 2), dy, (0, 1))["cell_factor"][1:]).all()
