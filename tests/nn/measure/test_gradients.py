"""Total derivatives by every state equal autograd's on the recurrence written out step by step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from tests.nn.cells.test_cells import SIZES
from tests.nn.reference import make_module, numbers, unrolled


def _stacked(states: list[list[Tensor]], module: nn.RNNBase) -> np.ndarray:
    rows = [[torch.zeros_like(s) if s.grad is None else s.grad for s in row] for row in states]
    grads = torch.stack([torch.stack(row) for row in rows])
    return grads.view(module.num_layers, -1, *grads.shape[1:]).numpy()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@given(sizes=SIZES, time=st.integers(1, 8), last_only=st.booleans())
def test_total_derivatives_equal_autograds(cell: str, sizes: dict[str, Any], time: int, last_only: bool) -> None:
    sizes = sizes | {"batch_first": False}
    module, x = make_module(cell, **sizes), numbers(time, 3, sizes["inputs"])

    def loss_fn(output: Tensor) -> Tensor:
        picked = output[-1] if last_only else output
        return (picked * numbers(*picked.shape, seed=5)).sum() + picked.square().mean()

    flow = rv.gradient_flow(module, x, loss_fn)
    output, states = unrolled(module, x)
    loss = loss_fn(output)
    loss.backward()
    assert flow.attrs["loss"] == pytest.approx(loss.item(), rel=1e-9)
    for name in ("hidden", "cell") if cell == "lstm" else ("hidden",):
        expected = _stacked(states[name], module)
        np.testing.assert_allclose(flow[f"{name}_grad"], expected, rtol=1e-7, atol=1e-12)
        norm = np.sqrt(np.square(expected).sum((-2, -1)))
        np.testing.assert_allclose(flow[f"{name}_grad_norm"], norm, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_single_precision_is_within_1e_5(cell: str) -> None:
    sizes: dict[str, Any] = {"inputs": 4, "hidden": 32, "num_layers": 2, "bidirectional": True}
    module, x = make_module(cell, torch.float32, 0.2, **sizes), numbers(20, 3, 4, dtype=torch.float32)
    flow = rv.gradient_flow(module, x, lambda output: output[-1].square().sum())
    exact = rv.gradient_flow(module.double(), x.double(), lambda output: output[-1].square().sum())
    scale = float(abs(exact.hidden_grad).max())
    assert float(abs(flow.hidden_grad - exact.hidden_grad).max()) < 1e-5 * scale


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_other_activations(activation: str) -> None:
    from rnnviz.nn.cells.rnn import RNN

    module, x = RNN(3, 5, 2, activation=activation, bidirectional=True).double(), numbers(6, 2, 3)
    flow = rv.gradient_flow(module, x, lambda output: output.square().sum())
    output, states = unrolled(module, x)
    output.square().sum().backward()
    np.testing.assert_allclose(flow.hidden_grad, _stacked(states["hidden"], module), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_losses_of_the_final_state(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True), numbers(5, 2, 3)

    def loss_fn(output: Tensor, state: Any) -> Tensor:
        parts = state if isinstance(state, tuple) else (state,)
        return output[0].sum() + sum(p.square().sum() for p in parts)

    flow = rv.gradient_flow(module, x, loss_fn)
    output, states = unrolled(module, x)
    # the state read last stands at the end of an even row (forward), at the start of an odd one (backward)
    kept = ("hidden", "cell") if cell == "lstm" else ("hidden",)
    final = [torch.stack([row[0 if i % 2 else -1] for i, row in enumerate(states[name])]) for name in kept]
    loss_fn(output, tuple(final)).backward()
    np.testing.assert_allclose(flow.hidden_grad, _stacked(states["hidden"], module), rtol=1e-9, atol=1e-12)
    if cell == "lstm":
        np.testing.assert_allclose(flow.cell_grad, _stacked(states["cell"], module), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("batch_first", [False, True])
def test_loss_sees_the_modules_own_layout(batch_first: bool) -> None:
    module = make_module("gru", inputs=3, hidden=4, batch_first=batch_first)
    shapes = []

    def loss_fn(output: Tensor) -> Tensor:
        shapes.append(tuple(output.shape))
        return output.sum()

    rv.gradient_flow(module, numbers(5, 2, 3), loss_fn)
    assert shapes == [(5, 2, 4)]


def test_losses_that_do_not_fit_are_refused() -> None:
    module, x = make_module("gru", inputs=3, hidden=4), numbers(5, 2, 3)
    wrong: list[Callable[[Tensor], Any]] = [lambda output: output, lambda output: 1.0, lambda output: torch.zeros(())]
    for loss_fn in wrong:
        with pytest.raises(ValueError, match="loss_fn must return a real scalar"):
            rv.gradient_flow(module, x, loss_fn)
