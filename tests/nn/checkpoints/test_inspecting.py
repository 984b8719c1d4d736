"""What the inspect page asks, and that no file takes a worker down."""

import itertools
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

import rnnviz as rv
from rnnviz.checkpoints.brought import Layer
from rnnviz.core import limits
from rnnviz.core.errors import CheckpointError, ExperimentError
from rnnviz.engine import Engine
from rnnviz.nn.checkpoints import inspecting
from rnnviz.nn.models.model import make_model
from tests.support.checkpoints import HOSTILE, tagger, torch_file
from tests.support.refusals import is_one_clear_sentence, refused


@pytest.fixture(scope="module")
def worker() -> Iterator[Engine]:
    """A real engine with one worker."""
    engine = Engine(workers=1)
    engine.start()
    yield engine
    engine.stop()


def test_no_file_takes_the_worker_down(worker: Engine) -> None:
    worker.ask("rnnviz.nn.questions:versions", timeout=90)
    before = worker.stats()
    for name, data, why in HOSTILE:
        with pytest.raises(CheckpointError) as caught:
            worker.ask("rnnviz.nn.checkpoints.inspecting:contents", data, name, timeout=30)
        assert why in str(caught.value) and is_one_clear_sentence(caught.value), name
    after = worker.stats()
    assert (after.worker_pids, after.starts) == (before.worker_pids, before.starts)
    assert not Path("/tmp/rnnviz-was-here").exists()
    found = worker.ask(
        "rnnviz.nn.checkpoints.inspecting:contents", torch_file(tagger().state_dict()), "good.pt", timeout=30
    )
    assert [layer.title for layer in found.layers] == ["LSTM, 2 layers in both directions, 6 inputs, 8 units"]


def test_the_error_survives_the_pipe() -> None:
    error = refused(lambda: inspecting.contents(b"", "a.pt"), CheckpointError)
    assert (
        str(pickle.loads(pickle.dumps(error))) == str(error) == "'a.pt' cannot be opened as a checkpoint: it is empty."
    )


def test_a_bare_window_is_told_from_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "window.pt"
    torch.save(make_model(rv.ModelSpec("window", 4, window=3), rv.task("adding"), 0).state_dict(), path)
    error = refused(lambda: inspecting.contents(path.read_bytes(), "window.pt"), CheckpointError)
    assert str(error) == (
        "'window.pt' cannot be opened as a checkpoint: 'recurrent' has weights by its input alone (weight_ih_l0 4 × 6, "
        "bias_ih_l0 4) and no weight_hh, as a feed-forward window, which hands no state on; what can be read are "
        "recurrent layers (RNN, GRU or LSTM), which have both."
    )


def test_of_a_run_only_what_hands_a_state_on_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    window, gru = rv.ModelSpec("window", 4, window=3), rv.ModelSpec("gru", 4)
    for models in ((window, gru), (window,)):
        rv.run(rv.Experiment(rv.task("recall", lag=5), models, rv.TrainingSpec(steps=2, batch=4))).save(path)
        assert rv.open_checkpoint(path)["window"].weight_ih_l0.shape == (4, 3 * 16)
        if gru in models:
            found = inspecting.contents(path.read_bytes(), "run.safetensors")
            assert [layer.name for layer in found.layers] == ["gru"] and found.aside == ("window",)
    error = refused(lambda: inspecting.contents(path.read_bytes(), "run.safetensors"), CheckpointError)
    assert str(error) == (
        "'run.safetensors' cannot be opened as a checkpoint: it holds no recurrent layer, as window hands no state on."
    )


def brought(module: nn.RNNBase) -> Layer:
    return inspecting.described("it", module)


MODULES = [
    nn.LSTM(3, 4, 2, bidirectional=True),
    nn.GRU(3, 4, bias=False),
    nn.RNN(3, 4, nonlinearity="relu"),
]


@pytest.mark.parametrize("module", MODULES, ids=["lstm", "gru", "rnn"])
def test_what_is_traced_is_what_the_module_does(module: nn.RNNBase) -> None:
    layer, x = brought(module), np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    assert layer.parameters == sum(p.numel() for p in module.parameters())
    wanted = rv.trace(module, x[:, None])
    for level, direction in itertools.product(range(layer.layers), range(layer.directions)):
        found = inspecting.traced(layer, x, level, direction)
        assert {*found} == {*wanted}
        for name, values in found.items():
            np.testing.assert_allclose(values, wanted[name][level, direction, :, 0], atol=1e-6)


def test_models_of_a_run_keep_what_torch_cannot_say(tmp_path: Path) -> None:
    models = (
        rv.ModelSpec("gru", 3, reset="before", layers=2, skip=True),
        rv.ModelSpec("rnn", 3, activation="sigmoid"),
    )
    run = rv.run(rv.Experiment(rv.task("adding", length=6), models, rv.TrainingSpec(steps=2, batch=2)))
    run.save(tmp_path / "run.safetensors")
    found = inspecting.contents((tmp_path / "run.safetensors").read_bytes(), "run.safetensors")
    x = run.experiment.task.probes().batch.inputs[:, 0]
    for layer in found.layers:
        states = inspecting.traced(layer, x, layer.layers - 1, 0)["hidden"]
        np.testing.assert_allclose(states, run.trace(layer.name, -1).hidden[-1, 0, :, 0], atol=1e-3)


def test_the_analysis_is_that_of_the_laboratory() -> None:
    module, x = nn.GRU(2, 3), torch.randn(6, 1, 2)
    found = inspecting.analysed(brought(module), x[:, 0].numpy(), 0, 0)
    wanted = rv.jacobians(module.double(), x.double())
    np.testing.assert_allclose(found["jacobian_values"], wanted.singular_values[0, 0, :, 0], atol=1e-5)
    np.testing.assert_allclose(found["lag_norm"], wanted.lag_norm[0, 0, :, 0], atol=1e-5)


@pytest.mark.parametrize(
    ("x", "why"),
    [
        (np.zeros((4, 2), np.float32), "input must be 3 numbers at each time step; got 4 × 2 numbers."),
        (np.zeros((0, 3), np.float32), "got 0 × 3 numbers"),
        (np.zeros((401, 3), np.float32), "at most 400 time steps long"),
        (np.full((4, 3), np.nan, np.float32), "finite"),
    ],
    ids=range(4),
)
def test_inputs_that_do_not_fit(x: np.ndarray, why: str) -> None:
    for ask in (inspecting.analysed, inspecting.traced):
        error = refused(lambda ask=ask: ask(brought(MODULES[0]), x, 0, 0), ExperimentError)  # type: ignore[misc]
        assert why in str(error)


def test_a_wide_layer_may_be_traced_further_than_analysed() -> None:
    hidden = limits.WIDEST_CHECKPOINT
    layer = Layer(
        "it", "lstm", 1, hidden, 1, 1, False, {"weight_hh_l0": np.broadcast_to(np.float32(0), (4 * hidden, hidden))}
    )
    assert 400 >= layer.longest > 100 > layer.longest_analysed >= 1
    narrow = brought(nn.GRU(3, 64))
    assert narrow.longest == narrow.longest_analysed == 400
    error = refused(lambda: inspecting.analysed(layer, np.zeros((50, 1), np.float32), 0, 0), ExperimentError)
    assert "time steps long for the Jacobians of LSTM" in str(error)


def test_the_whole_trace_as_a_file(tmp_path: Path) -> None:
    layer = brought(MODULES[0])
    x, tokens = np.ones((3, 3), np.float32), ("a", "", "\n")
    (tmp_path / "trace.nc").write_bytes(inspecting.exported(layer, x, tokens, "netcdf"))
    with xr.open_dataset(tmp_path / "trace.nc") as found:
        assert dict(found.sizes) == {"layer": 2, "direction": 2, "time": 3, "sample": 1, "unit": 4}
        assert found.token.values[:, 0].tolist() == ["a", "", "\n"] and found.attrs["cell"] == "lstm"
    table = inspecting.exported(layer, x, tokens, "csv").decode()
    assert table.startswith("layer,direction,time,sample,unit,token,hidden,") and table.count("forward") == 24
