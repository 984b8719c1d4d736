"""A trace is what torch computed, and its gates satisfy their own equations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import rnnviz as rv
from rnnviz.cells import CELLS
from tests.nn.cells.test_cells import SIZES
from tests.nn.reference import make_module, numbers

TOLERANCE = {torch.float32: 1e-6, torch.float64: 1e-12}


def _shaped(sizes: dict[str, Any], time: int, batch: int, dtype: torch.dtype) -> torch.Tensor:
    return numbers(*((batch, time) if sizes["batch_first"] else (time, batch)), sizes["inputs"], dtype=dtype)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@given(sizes=SIZES, time=st.integers(1, 9), batch=st.integers(1, 4))
def test_trace_equals_torch(cell: str, dtype: torch.dtype, sizes: dict[str, Any], time: int, batch: int) -> None:
    module = make_module(cell, dtype, **sizes)
    x = _shaped(sizes, time, batch, dtype)
    traced = rv.trace(module, x)
    output, final = module(x)
    tolerance = TOLERANCE[dtype]
    assert set(traced.data_vars) == set(CELLS[cell].variables)
    top = traced.hidden.isel(layer=-1).transpose("time", "sample", "direction", "unit").values
    wanted = output.transpose(0, 1) if sizes["batch_first"] else output
    np.testing.assert_allclose(top.reshape(wanted.shape), wanted.detach(), rtol=0, atol=tolerance)
    for name, state in zip(("hidden", "cell"), final if cell == "lstm" else (final,), strict=False):
        np.testing.assert_allclose(_final(traced[name]), state.detach(), rtol=0, atol=tolerance)


def _final(values: xr.DataArray) -> np.ndarray:
    """The state that is read last, (layers·directions, B, H): at the end forward, at the start backward."""
    ends = [values.isel(direction=d, time=0 if d else -1) for d in range(values.sizes["direction"])]
    return np.stack([end.isel(layer=layer).values for layer in range(values.sizes["layer"]) for end in ends])


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@given(sizes=SIZES, time=st.integers(2, 9))
def test_gates_satisfy_their_equations(cell: str, sizes: dict[str, Any], time: int) -> None:
    module = make_module(cell, **sizes)
    t = rv.trace(module, _shaped(sizes, time, 3, torch.float64))
    for d in range(t.sizes["direction"]):
        one = t.isel(direction=d, time=slice(None, None, -1 if d else 1))
        before = one.shift(time=1, fill_value=0.0)
        if cell == "lstm":
            c = one.forget_gate * before.cell + one.input_gate * one.cell_candidate
            np.testing.assert_allclose(one.cell, c, atol=1e-12)
            np.testing.assert_allclose(one.hidden, one.output_gate * np.tanh(one.cell), atol=1e-12)
        else:
            h = one.update_gate * before.hidden + (1 - one.update_gate) * one.candidate
            np.testing.assert_allclose(one.hidden, h, atol=1e-12)


def test_dims_are_named() -> None:
    traced = rv.trace(make_module("gru", inputs=2, hidden=3, num_layers=2, bidirectional=True), numbers(4, 5, 2))
    assert traced.hidden.dims == ("layer", "direction", "time", "sample", "unit")
    assert list(traced.direction.values) == ["forward", "backward"]
    assert dict(traced.sizes) == {"layer": 2, "direction": 2, "time": 4, "sample": 5, "unit": 3}


def test_tokens_stand_on_the_time_axis() -> None:
    tokens = np.array([["h"], ["e"], ["l"]])
    traced = rv.trace(make_module("rnn", inputs=2, hidden=3), numbers(3, 1, 2), tokens=tokens)
    assert list(traced.token.isel(sample=0).values) == ["h", "e", "l"]


def test_first_state_unbatched_and_numpy_inputs() -> None:
    module = make_module("lstm", inputs=2, hidden=3)
    x, state = numbers(4, 2), (numbers(1, 3, seed=1), numbers(1, 3, seed=2))
    traced = rv.trace(module, x.numpy(), state)
    np.testing.assert_allclose(traced.hidden.values[0, 0, :, 0], module(x, state)[0].detach(), atol=1e-12)


def test_tracing_changes_nothing() -> None:
    module = nn.LSTM(2, 3, num_layers=2, dropout=0.5)
    before = {name: weight.clone() for name, weight in module.state_dict().items()}
    module.train()
    traced = rv.trace(module, torch.zeros(4, 1, 2))
    assert module.training and all(torch.equal(before[name], w) for name, w in module.state_dict().items())
    assert all(weight.grad is None for weight in module.parameters())
    np.testing.assert_array_equal(traced.hidden, rv.trace(module.eval(), torch.zeros(4, 1, 2)).hidden)


@pytest.mark.parametrize(
    ("module", "inputs", "message"),
    [
        (nn.Linear(2, 3), torch.zeros(4, 1, 2), "torch.nn.RNN, LSTM or GRU; got Linear"),
        (nn.LSTM(2, 3, proj_size=2), torch.zeros(4, 1, 2), "proj_size 2"),
        (nn.GRU(2, 3), torch.zeros(4, 1, 5), r"got shape \(4, 1, 5\)"),
        (nn.GRU(2, 3), torch.zeros(0, 1, 2), "not empty"),
        (nn.GRU(2, 3, batch_first=True), torch.zeros(2), "sample, time"),
        (nn.GRU(2, 3), nn.utils.rnn.pack_sequence([torch.zeros(4, 5)]), r"packed .* of 2 numbers .*; got .* \(4, 5\)"),
        (nn.GRU(2, 3, device="meta"), torch.zeros(4, 2), "module must hold numbers; got the meta device"),
        (nn.GRU(2, 3, dtype=torch.complex64), torch.zeros(4, 2), "module must be of real numbers; got complex64"),
    ],
)
def test_what_cannot_be_traced_is_refused(module: nn.Module, inputs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rv.trace(module, inputs)  # type: ignore[arg-type]


def test_states_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"state must be of shape \(1, 2, 3\)"):
        rv.trace(nn.GRU(2, 3), torch.zeros(4, 2, 2), torch.zeros(1, 2, 4))
    with pytest.raises(ValueError, match="state must be"):
        rv.trace(nn.LSTM(2, 3), torch.zeros(4, 2, 2), torch.zeros(1, 2, 3))


NO_NUMBERS: list[tuple[Any, str]] = [
    (None, "an array or a tensor of numbers; got None"),
    ("abc", "an array or a tensor of numbers; got 'abc'"),
    ([[1, 2], [3]], r"an array or a tensor of numbers; got \[\[1, 2\], \[3\]\]"),
    ([[10**400, 1]], "an array or a tensor of numbers"),
    (np.array([["a", "b"]]), "an array or a tensor of numbers"),
    (np.zeros((4, 2), complex), "of real numbers; got complex128"),
    (torch.zeros(4, 2, device="meta"), "the meta device"),
    (torch.zeros(4, 2).to_sparse(), "dense; got a sparse tensor"),
]
LOOKS: list[Callable[..., Any]] = [
    rv.trace,
    rv.jacobians,
    lambda module, x, **more: rv.gradient_flow(module, x, lambda output: output.sum(), **more),
    lambda module, x, **more: rv.influence(module, x, lambda output: output.sum(-1), **more),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("inputs", "message"), NO_NUMBERS)
def test_what_is_no_array_of_numbers_is_refused_by_every_look(look: Any, inputs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"inputs must .*{message}"):
        look(nn.GRU(2, 3), inputs)
    if inputs is not None and not isinstance(inputs, list):  # a list is taken as (h, c)
        with pytest.raises(ValueError, match=f"state must .*{message}"):
            look(nn.GRU(2, 3), torch.zeros(4, 2), state=inputs)


@pytest.mark.parametrize("look", LOOKS[:3])
@pytest.mark.parametrize("tokens", ["abcd", list("abcd"), np.full((1, 4), "a"), [["a"], ["b", "c"]], 5])
def test_tokens_that_do_not_fit_are_refused(look: Any, tokens: Any) -> None:
    with pytest.raises(ValueError, match=r"tokens must be one .* of shape \(4, 1\); got shape"):
        look(nn.GRU(2, 3), torch.zeros(4, 2), tokens=tokens)


@pytest.mark.parametrize("look", [rv.gradient_flow, rv.influence])
def test_a_loss_that_is_no_function_or_not_real_is_refused(look: Any) -> None:
    for loss_fn in (None, "mse"):
        with pytest.raises(ValueError, match="loss_fn must be a function of the module's output; got"):
            look(nn.GRU(2, 3), torch.zeros(4, 2), loss_fn)
    with pytest.raises(ValueError, match=r"loss_fn must return .* real .*; got complex64 of shape"):
        look(nn.GRU(2, 3), torch.zeros(4, 2), lambda output: (1j * output).sum(-1)[:1])


def test_a_reversed_array_is_read_as_it_stands() -> None:
    module, x = make_module("gru", inputs=2, hidden=3), numbers(4, 2).numpy()[::-1]
    np.testing.assert_array_equal(rv.trace(module, x).hidden, rv.trace(module, x.copy()).hidden)
