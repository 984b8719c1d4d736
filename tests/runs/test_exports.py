"""A trace as a file: read back, it is the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.runs import exports

TOKENS = np.array([["a", "é"], ["\n", "=1+1"], ["", "漢"]])


def traced() -> xr.Dataset:
    torch.manual_seed(0)
    return rv.trace(torch.nn.LSTM(2, 3, 2, bidirectional=True), torch.randn(3, 2, 2), tokens=TOKENS)


def test_netcdf_gives_the_same_dataset_back(tmp_path: Path) -> None:
    dataset = traced()
    (tmp_path / "trace.nc").write_bytes(exports.netcdf(dataset))
    with xr.open_dataset(tmp_path / "trace.nc") as found:
        xr.testing.assert_identical(found.load(), dataset)
        assert list(found.direction.values) == ["forward", "backward"]
        assert found.token.values.tolist() == TOKENS.tolist()


def test_csv_is_tidy(tmp_path: Path) -> None:
    dataset = traced()
    (tmp_path / "trace.csv").write_bytes(exports.csv(dataset))
    table = pd.read_csv(tmp_path / "trace.csv", keep_default_na=False)
    assert list(table)[:6] == ["layer", "direction", "time", "sample", "unit", "token"]
    assert len(table) == dataset.hidden.size == 2 * 2 * 3 * 2 * 3
    one = table[(table.layer == 1) & (table.direction == "backward") & (table.time == 2) & (table["sample"] == 1)]
    np.testing.assert_allclose(one.forget_gate, dataset.forget_gate[1, 1, 2, 1], rtol=1e-6)
    assert set(table[table["time"] == 1].token) == {"\n", "'=1+1"}


def test_gradients_by_step_alone_are_left_out_of_the_table() -> None:
    dataset = rv.gradient_flow(torch.nn.GRU(2, 3), torch.zeros(4, 1, 2), lambda y: y.sum())
    header = exports.csv(dataset).decode().split("\n")[0]
    assert header.endswith("hidden,reset_gate,update_gate,candidate,hidden_grad")


def test_a_table_that_would_be_too_long() -> None:
    steps = limits.MOST_CSV_ROWS // 100 + 1
    dataset = rv.trace(torch.nn.RNN(1, 100), torch.zeros(steps, 1, 1))
    with pytest.raises(ExperimentError, match="trace must be at most 300,000 rows as CSV; netCDF takes more"):
        exports.csv(dataset)
    assert len(exports.netcdf(dataset)) > 4 * dataset.hidden.size
