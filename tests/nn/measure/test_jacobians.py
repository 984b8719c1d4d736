"""Jacobians, their singular values and their products equal those of `torch.func.jacrev` on the written-out step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import rnnviz as rv
from rnnviz.nn.cells.lookup import kind_of
from rnnviz.nn.cells.weights import weights_of
from tests.nn.reference import CARRYING, NAMED, make_module, numbers, one_step

BOUNDED = [name for name, kind in NAMED.items() if kind.steepest is not None]
SIZES = st.fixed_dictionaries(
    {
        "inputs": st.integers(1, 4),
        "hidden": st.integers(1, 5),
        "num_layers": st.integers(1, 2),
        "bidirectional": st.booleans(),
    }
)


def states_of(module: nn.RNNBase, x: Tensor) -> list[list[tuple[Tensor, Tensor, Callable[[Tensor, Tensor], Tensor]]]]:
    """For every layer·direction and step read: x_t (I,), the state before it (S,), and the step x_t, state → state."""
    found, size = [], module.hidden_size
    directions = 2 if module.bidirectional else 1
    kind = kind_of(module)
    for layer in range(module.num_layers):
        outputs = []
        for direction in range(directions):
            w = weights_of(module, layer, direction)

            def step(x_t: Tensor, state: Tensor, w: Any = w) -> Tensor:
                return torch.cat(one_step(kind, w, x_t[None], state[None].split(size, -1)), -1)[0]

            state, taken, hidden = x.new_zeros(size * len(kind.description.states)), [], []
            for x_t in x.flip(0) if direction else x:
                taken.append((x_t, state, step))
                state = step(x_t, state)
                hidden.append(state[:size])
            found.append(taken)
            outputs.append(torch.stack(hidden[:: -1 if direction else 1]))
        x = torch.cat(outputs, -1)
    return found


def _close(found: Any, expected: Tensor, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(found), expected.detach().double().numpy(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("cell", NAMED)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@given(sizes=SIZES, time=st.integers(1, 6))
def test_every_step_and_every_product_equal_jacrevs(
    cell: str, dtype: torch.dtype, sizes: dict[str, Any], time: int
) -> None:
    module, x = make_module(cell, dtype, **sizes), numbers(time, 2, sizes["inputs"], dtype=dtype)
    found = rv.jacobians(module, x, matrices=True)
    size, tolerance = sizes["hidden"], 1e-9 if dtype == torch.float64 else 1e-5
    with torch.no_grad():
        taken = states_of(module, x[:, 1])
    traced = rv.trace(module, x)
    for row, steps in enumerate(taken):
        layer, direction = divmod(row, 2 if sizes["bidirectional"] else 1)
        place = {"layer": layer, "direction": direction, "sample": 1}
        here = found.isel(place)
        product = torch.eye(steps[0][1].numel(), dtype=dtype)
        for lag, (x_t, before, step) in enumerate(reversed(steps)):
            _close(here.lag_norm[lag], torch.linalg.matrix_norm(product[:size, :size], 2), tolerance)
            exact = torch.func.jacrev(lambda state, x_t=x_t, step=step: step(x_t, state))(before)
            t = lag if direction else time - 1 - lag
            _close(here.jacobian[t], exact[:size, :size], tolerance)
            _close(here.singular_values[t], torch.linalg.svdvals(exact[:size, :size]), tolerance)
            if cell == "lstm":
                c, o = (traced[name].isel(place).values[t] for name in ("cell", "output_gate"))
                through_h = product[:size, :size] * torch.tensor(o * (1 - np.tanh(c) ** 2), dtype=dtype)
                total = torch.linalg.matrix_norm(product[:size, size:] + through_h, 2)
                _close(here.cell_lag_norm[lag], total, tolerance)
                _close(here.cell_singular_values[t], torch.linalg.svdvals(exact[size:, size:]), tolerance)
                _close(here.hidden_by_cell[t], exact[:size, size:], tolerance)
                _close(here.cell_by_hidden[t], exact[size:, :size], tolerance)
                _close(here.cell_by_cell[t], exact[size:, size:], tolerance)
            product = product @ exact


@pytest.mark.parametrize("cell", NAMED)
def test_the_chain_equals_the_derivative_of_the_whole_way(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4), numbers(7, 1, 3)
    steps = states_of(module, x[:, 0])[0]

    def from_there(state: Tensor, start: int) -> Tensor:
        for x_t, _, step in steps[start:]:
            state = step(x_t, state)
        return state

    found = rv.jacobians(module, x).isel(layer=0, direction=0, sample=0)
    for lag in range(1, 7):
        whole = torch.func.jacrev(from_there)(steps[7 - lag][1], 7 - lag)
        _close(found.lag_norm[lag], torch.linalg.matrix_norm(whole[:4, :4], 2), 1e-9)


@pytest.mark.parametrize("cell", BOUNDED)
@given(scale=st.floats(0.01, 2.0), time=st.integers(2, 12))
def test_no_product_exceeds_its_bound(cell: str, scale: float, time: int) -> None:
    found = rv.jacobians(make_module(cell, scale=scale, inputs=2, hidden=5), numbers(time, 2, 2))
    assert bool((found.lag_norm <= found.bound * (1 + 1e-9)).all())
    largest = float(found.bound[0, 0, 1])
    np.testing.assert_allclose(found.bound[0, 0], largest ** np.arange(time), rtol=1e-9)


def test_singular_values_of_the_cell_are_the_forget_gate() -> None:
    module, x = make_module("lstm", inputs=3, hidden=5, num_layers=2, bidirectional=True), numbers(6, 2, 3)
    found, traced = rv.jacobians(module, x), rv.trace(module, x)
    np.testing.assert_allclose(found.cell_singular_values, -np.sort(-traced.forget_gate.values, axis=-1), rtol=1e-12)


@pytest.mark.parametrize("cell", CARRYING)
def test_a_first_state_counts(cell: str) -> None:
    module, x = make_module(cell, inputs=3, hidden=4, num_layers=2), numbers(5, 2, 3)
    first = numbers(2, 2, 4, seed=9)
    given_state = (first, numbers(2, 2, 4, seed=10))[: len(NAMED[cell].description.states)]
    found = rv.jacobians(module, x, given_state)
    assert not np.allclose(found.singular_values[:, :, 0], rv.jacobians(module, x).singular_values[:, :, 0])


def test_dims_tokens_and_meanings() -> None:
    tokens = np.array([["a", "b"]] * 5)
    module = make_module("lstm", inputs=3, hidden=4, num_layers=2, bidirectional=True, batch_first=True)
    found = rv.jacobians(module, numbers(2, 5, 3), tokens=tokens)
    assert found.singular_values.dims == ("layer", "direction", "time", "sample", "rank")
    assert found.singular_values.shape == (2, 2, 5, 2, 4)
    assert found.lag_norm.dims == ("layer", "direction", "lag", "sample")
    assert list(found.direction.values) == ["forward", "backward"]
    assert found.token.dims == ("time", "sample")
    assert "bound" not in found and "jacobian" not in found
    assert all(variable.attrs["long_name"] for variable in found.data_vars.values())
    np.testing.assert_allclose(found.lag_norm.sel(lag=0), 1.0)


def test_weights_that_are_no_numbers_give_none() -> None:
    module = make_module("gru", inputs=3, hidden=4)
    with torch.no_grad():
        module.weight_hh_l0[0, 0] = torch.nan
    found = rv.jacobians(module, numbers(5, 2, 3))
    assert bool(np.isnan(found.singular_values[0, 0, 1:]).all())
    assert bool(np.isnan(found.lag_norm[0, 0, 2:]).all())


def test_what_does_not_fit_is_refused_as_by_trace() -> None:
    with pytest.raises(ValueError, match=r"module must be a torch\.nn\.RNN, LSTM or GRU; got Linear"):
        rv.jacobians(nn.Linear(3, 3), numbers(5, 2, 3))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="inputs must be of shape"):
        rv.jacobians(nn.GRU(3, 4), numbers(5, 2, 2))
