"""A state that is no number gives gradients and Jacobians that are none: never zero, which would read as vanished."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import rnnviz as rv
from tests.nn.reference import CARRYING, make_module, numbers


def broken(time: int = 5, batch: int = 1, at: int = 1) -> Tensor:
    """Inputs of which one time step of the first sequence is no number."""
    x = numbers(time, batch, 3)
    x[at, 0] = np.nan
    return x


@pytest.mark.parametrize("cell", CARRYING)
@pytest.mark.parametrize("layers", [1, 2])
def test_jacobians(cell: str, layers: int) -> None:
    module = make_module(cell, inputs=3, hidden=4, num_layers=layers)
    found = rv.jacobians(module, broken(batch=2), matrices=True)
    for name in found.data_vars:
        if name == "bound":
            continue
        sick, well = found[name].isel(sample=0), found[name].isel(sample=1)
        assert np.isfinite(well).all(), name
        gone = sick if "lag" in sick.dims else sick.isel(time=slice(1, None))
        assert np.isnan(gone).all(), name
    assert np.isfinite(found.singular_values.isel(sample=0, time=0)).all(), "before it all is well"


def test_jacobians_of_the_example() -> None:
    module = nn.RNN(3, 4, nonlinearity="relu")
    assert np.isnan(rv.jacobians(module, broken()).lag_norm).all()
    assert np.isnan(rv.jacobians(module, broken(at=4)).lag_norm).all(), "the last state itself"
    assert np.isnan(rv.jacobians(module, numbers(5, 1, 3), torch.full((1, 1, 4), np.nan)).lag_norm).all()


@pytest.mark.parametrize("cell", CARRYING)
@pytest.mark.parametrize("read", ["all", "first", "last"])
def test_gradients(cell: str, read: str) -> None:
    module, part = make_module(cell, inputs=3, hidden=4, num_layers=2), {"all": slice(None), "first": 0, "last": -1}
    flow = rv.gradient_flow(module, broken(batch=2), lambda output: output[part[read]].square().sum())
    for name in [str(name) for name in flow.data_vars if str(name).endswith("grad")]:
        assert np.isnan(flow[name].isel(sample=0, time=slice(1, None))).all(), name
        assert np.isfinite(flow[name].isel(sample=1)).all(), name
        assert np.isnan(flow[f"{name}_norm"].isel(time=slice(1, None))).all(), name


@pytest.mark.parametrize("cell", CARRYING)
def test_influence(cell: str) -> None:
    module = make_module(cell, inputs=3, hidden=4)
    found = rv.influence(module, broken(batch=2), lambda output: output.square().sum((1, 2)), vectors=True)
    assert np.isnan(found.influence.isel(time=slice(1, None))).all()
    assert np.isnan(found.influence_vectors.isel(sample=0, time=slice(1, None))).all()
    assert np.isfinite(found.influence_vectors.isel(sample=1)).all()


@pytest.mark.parametrize("cell", CARRYING)
def test_bidirectional_and_packed(cell: str) -> None:
    module = make_module(cell, inputs=3, hidden=4, bidirectional=True)
    x = broken(5, 2, at=2)
    packed = nn.utils.rnn.pack_sequence([x[:, 0], x[:3, 1]])
    for inputs in (x, packed):
        found = rv.jacobians(module, inputs)
        assert np.isnan(found.lag_norm.isel(sample=0)).all()
        assert np.isfinite(found.lag_norm.isel(sample=1, lag=slice(0, 3))).all()


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_recorded(kind: Any) -> None:
    module = kind(3, 4) if kind is not nn.RNN else nn.RNN(3, 4, nonlinearity="relu")
    with rv.recording(module, every=1) as recorder:
        module(broken().float())[0][0].sum().backward()
    found = recorder.dataset().isel(step=0, layer=0, direction=0)
    assert np.isnan(found.hidden_grad_norm[1:]).all() and np.isnan(found.hidden[1:]).all()
    assert not recorder.notes
