"""The GRU with its reset gate before the product equals its own equations, step by step, gradients and all."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.nn.bench.without_torch import plain_loop
from rnnviz.nn.cells.gru import Gru
from rnnviz.nn.cells.gru_before import GruBefore, ResetBeforeGRU
from rnnviz.nn.cells.unfolding import sweep_back, unfold
from rnnviz.nn.cells.weights import Weights, earlier, weights_of
from tests.nn.cells.test_cells import SIZES
from tests.nn.reference import make_module, numbers, one_step, unrolled

TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}


def written_out(w: Weights, x: Tensor, h: Tensor) -> Tensor:
    """One step as the paper writes it, with none of our helpers."""
    size = h.shape[-1]
    r = torch.sigmoid(w.ih[:size] @ x + w.b_ih[:size] + w.hh[:size] @ h + w.b_hh[:size])
    both = slice(size, 2 * size)
    z = torch.sigmoid(w.ih[both] @ x + w.b_ih[both] + w.hh[both] @ h + w.b_hh[both])
    new = slice(2 * size, None)
    n = torch.tanh(w.ih[new] @ x + w.b_ih[new] + w.hh[new] @ (r * h) + w.b_hh[new])
    return z * h + (1 - z) * n


def weights(inputs: int, hidden: int) -> Weights:
    rows = 3 * hidden
    shapes = ((rows, inputs), (rows, hidden), (rows,), (rows,))
    return Weights(*(numbers(*shape, seed=i) for i, shape in enumerate(shapes)))


def test_the_step_is_the_papers() -> None:
    w, x, h = weights(3, 4), numbers(5, 3, seed=7), numbers(5, 4, seed=8)
    expected = torch.stack([written_out(w, *pair) for pair in zip(x, h, strict=True)])
    torch.testing.assert_close(one_step(GruBefore(), w, x, (h,))[0], expected, rtol=0, atol=1e-12)


def test_it_is_another_model_than_torchs() -> None:
    w, x, h = weights(3, 4), numbers(5, 3, seed=7), numbers(5, 4, seed=8)
    assert (one_step(GruBefore(), w, x, (h,))[0] - one_step(Gru(), w, x, (h,))[0]).abs().max() > 0.01


@pytest.mark.parametrize("dtype", TOLERANCE)
@given(sizes=SIZES, time=st.integers(1, 9), batch=st.integers(1, 4))
def test_layers_equal_the_loop(dtype: torch.dtype, sizes: dict[str, Any], time: int, batch: int) -> None:
    module = make_module("gru_before", dtype, 0.4, **sizes)
    rows = sizes["num_layers"] * (1 + sizes["bidirectional"])
    found = []
    for fast in (True, False):
        x = numbers(time, batch, sizes["inputs"], dtype=dtype).requires_grad_()
        h0 = numbers(rows, batch, sizes["hidden"], seed=6, dtype=dtype).requires_grad_()
        if fast:
            output, final = module(x.transpose(0, 1) if sizes["batch_first"] else x, h0)
            output = output.transpose(0, 1) if sizes["batch_first"] else output
        else:
            output, states = unrolled(module, x, h0=h0)
            backward = [sizes["bidirectional"] and row % 2 for row in range(rows)]
            final = torch.stack([row[0 if b else -1] for row, b in zip(states["hidden"], backward, strict=True)])
        loss = (output * numbers(*output.shape, seed=1, dtype=dtype)).mean() + final.square().mean()
        found.append([output, final, *torch.autograd.grad(loss, [x, h0, *module.parameters()])])
    for mine, expected in zip(*found, strict=True):
        torch.testing.assert_close(mine, expected, rtol=0, atol=TOLERANCE[dtype])


@given(inputs=st.integers(1, 5), hidden=st.integers(1, 6), time=st.integers(1, 7), batch=st.integers(1, 4))
def test_gates_rebuilt_from_the_states_are_those_on_the_way(inputs: int, hidden: int, time: int, batch: int) -> None:
    w, x, h0 = weights(inputs, hidden), numbers(time, batch, inputs), numbers(batch, hidden, seed=9)
    h, inside = GruBefore().states(w, x, (h0,))
    for mine, expected in zip(inside, GruBefore().gates(w, x, earlier(h, h0), (h0,)), strict=True):
        torch.testing.assert_close(mine, expected, rtol=0, atol=1e-12)


@given(sizes=SIZES, time=st.integers(1, 8), last_only=st.booleans())
def test_traces_and_gradient_flow_are_exact(sizes: dict[str, Any], time: int, last_only: bool) -> None:
    sizes = sizes | {"batch_first": False}
    module, x = make_module("gru_before", **sizes), numbers(time, 3, sizes["inputs"])

    def loss_fn(output: Tensor) -> Tensor:
        return (output[-1] if last_only else output).square().sum()

    flow = rv.gradient_flow(module, x, loss_fn)
    output, states = unrolled(module, x)
    loss_fn(output).backward()
    shape = (sizes["num_layers"], -1, time, 3, sizes["hidden"])
    hidden = torch.stack([torch.stack(row) for row in states["hidden"]]).detach().view(shape)
    np.testing.assert_allclose(flow.hidden, hidden, rtol=0, atol=1e-12)
    grads = [torch.stack([torch.zeros_like(h) if h.grad is None else h.grad for h in row]) for row in states["hidden"]]
    np.testing.assert_allclose(flow.hidden_grad, torch.stack(grads).view(shape), rtol=1e-7, atol=1e-12)
    for d in range(flow.sizes["direction"]):
        one = flow.isel(direction=d, time=slice(None, None, -1 if d else 1))
        before = one.hidden.shift(time=1, fill_value=0.0)
        kept = one.update_gate * before + (1 - one.update_gate) * one.candidate
        np.testing.assert_allclose(one.hidden, kept, atol=1e-12)


def test_a_sweep_gives_the_weights_gradients_too() -> None:
    module, x = make_module("gru_before", inputs=3, hidden=4), numbers(6, 2, 3)
    dy = numbers(6, 2, 4, seed=2)
    expected = torch.autograd.grad(module(x)[0], list(module.parameters()), dy)
    layers = unfold(module, x)
    one = layers[0][0]
    found = sweep_back(layers, dy)[0][0].weight_gradients(one.x, one.h, one.h0)
    for mine, wanted in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("batch_first", [False, True])
def test_one_sequence_without_a_batch(batch_first: bool) -> None:
    module = make_module("gru_before", inputs=3, hidden=4, num_layers=2, bidirectional=True, batch_first=batch_first)
    x, h0 = numbers(5, 3), numbers(4, 4, seed=3)
    output, final = module(x, h0)
    expected, _ = unrolled(module, x.unsqueeze(1), h0=h0.unsqueeze(1))
    torch.testing.assert_close(output, expected.squeeze(1))
    assert final.shape == h0.shape and output.shape == (5, 8)


def test_state_dicts_move_both_ways_with_torchs_gru() -> None:
    stock, ours = make_module("gru", inputs=3, hidden=4, num_layers=2), ResetBeforeGRU(3, 4, 2).double()
    assert list(ours.state_dict()) == list(stock.state_dict())
    ours.load_state_dict(stock.state_dict())
    stock.load_state_dict(ours.state_dict())


def test_what_it_does_not_read_is_refused() -> None:
    module = ResetBeforeGRU(2, 3)
    with pytest.raises(ValueError, match="sequences of 2 numbers; got PackedSequence"):
        module(nn.utils.rnn.pack_sequence([torch.zeros(4, 2)]))
    with pytest.raises(ValueError, match=r"sequences of 2 numbers; got shape \(4, 1, 5\)"):
        module(torch.zeros(4, 1, 5))
    with pytest.raises(RuntimeError, match="Expected hidden size"):
        module(torch.zeros(4, 2, 2), torch.zeros(1, 1, 3))


def test_a_run_trains_it_and_measures_it_whole() -> None:
    spec = rv.ModelSpec("gru", 5, layers=2, bidirectional=True, reset="before")
    training = rv.TrainingSpec(steps=3, batch=4, device="cpu")
    frame = rv.run(rv.Experiment(rv.task("adding", length=7), (spec,), training)).frames[-1].models["gru"]
    assert frame.trace["reset_gate"].shape == (2, 2, 7, 3, 5)
    assert frame.hidden_grad_norm.shape == (2, 2, 7) and frame.hidden_grad_norm.min() > 0


def test_the_loop_of_the_benchmark_computes_the_same() -> None:
    module = ResetBeforeGRU(2, 3)
    x = numbers(5, 4, 2, dtype=torch.float32)
    torch.testing.assert_close(plain_loop(module.kind, weights_of(module, 0, 0), x), module(x)[0])
