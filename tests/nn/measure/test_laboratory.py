"""The laboratory's answers agree with the library's own, survive weights that diverged, and cross a pipe."""

import pickle
from typing import Any

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.analysis.diagnoses import HORIZON
from rnnviz.nn.measure import laboratory
from rnnviz.nn.measure.laboratory import analyse, horizons, measure
from rnnviz.nn.models.losses import loss_of
from rnnviz.nn.models.model import make_model, restored
from rnnviz.nn.models.recurrent import make_recurrent
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task, task

SPECS = {
    "rnn": ModelSpec("rnn", 6),
    "relu": ModelSpec("rnn", 6, activation="relu"),
    "lstm": ModelSpec("lstm", 6, layers=2, bidirectional=True),
    "gru": ModelSpec("gru", 6, layers=2),
    "before": ModelSpec("gru", 6, reset="before"),
    "skip": ModelSpec("gru", 6, layers=3, skip=True),
}
TASKS = {"adding": task("adding", length=9), "waves": task("waves", length=9), "recall": task("recall")}


def weights_of(spec: ModelSpec, to_learn: Task) -> dict[str, np.ndarray]:
    """The first weights, as a frame holds them."""
    return {name: weight.numpy() for name, weight in make_model(spec, to_learn, seed=1).state_dict().items()}


def _probed(spec: ModelSpec, to_learn: Task, probe: int) -> tuple[Any, torch.Tensor, torch.Tensor]:
    model = restored(spec, to_learn, weights_of(spec, to_learn)).double()
    batch = to_learn.probes().batch
    targets = torch.tensor(batch.targets)
    one = slice(probe, probe + 1)
    return model, torch.tensor(batch.inputs[:, one]), targets[one] if to_learn.answers.at_end else targets[:, one]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("name", TASKS)
def test_a_look_says_what_the_library_says(spec: ModelSpec, name: str) -> None:
    to_learn = TASKS[name]
    found = measure(spec, to_learn, weights_of(spec, to_learn), 1)
    model, x, targets = _probed(spec, to_learn, 1)
    flow = rv.gradient_flow(
        model.recurrent, x, lambda output: loss_of(to_learn.answers.of, model.answer(output), targets)
    )
    np.testing.assert_allclose(found["hidden_grad_norm"], flow.hidden_grad_norm, rtol=1e-9)
    assert found["loss"].mean() == pytest.approx(flow.attrs["loss"])
    exact = rv.jacobians(model.recurrent, x).isel(sample=0)
    np.testing.assert_allclose(found["jacobian_values"], exact.singular_values, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(found["lag_norm"], exact.lag_norm, rtol=1e-9)
    assert ("bound" in found) == ("bound" in exact) == (spec.cell == "rnn")
    if spec.cell == "lstm":
        np.testing.assert_allclose(found["cell_grad_norm"], flow.cell_grad_norm, rtol=1e-9)
        np.testing.assert_allclose(found["cell_jacobian_values"], exact.cell_singular_values, rtol=1e-9)
        np.testing.assert_allclose(found["forget_mean"], flow.forget_gate.mean(("sample", "unit")), rtol=1e-9)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_influence_is_that_of_every_step_alone(spec: ModelSpec) -> None:
    to_learn = TASKS["waves"]
    found = measure(spec, to_learn, weights_of(spec, to_learn), 2)
    model, x, targets = _probed(spec, to_learn, 2)

    def losses(output: torch.Tensor) -> torch.Tensor:
        return (model.answer(output) - targets).square().mean((1, 2))

    for layer in range(spec.layers):
        expected = rv.influence(model.recurrent, x, losses, layer)
        np.testing.assert_allclose(found["influence"][layer, 0], expected.influence, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found["loss"], expected.loss, rtol=1e-9)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("name", TASKS)
def test_shapes_are_as_promised_and_cross_a_pipe(spec: ModelSpec, name: str) -> None:
    to_learn = TASKS[name]
    found = pickle.loads(pickle.dumps(measure(spec, to_learn, weights_of(spec, to_learn))))
    place, time = (spec.layers, spec.directions), to_learn.steps
    losses = time if to_learn.answers.at_every_step else 1
    shapes = {"jacobian_values": (*place, time, 6), "lag_norm": (*place, time), "influence": (*place, losses, time)}
    shapes |= {"horizon": place, "every": (), "loss": (losses,), "loss_times": (losses,)}
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[spec.cell]
    shapes |= {"hidden_factor": (*place, time), "hidden_grad_norm": (*place, time), "sigma_max": (*place, blocks)}
    own = {
        "rnn": ("bound", "slope_mean"),
        "lstm": (
            "cell_lag_norm",
            "cell_grad_norm",
            "additive_share",
            "gate_share",
            "forget_mean",
            "cell_factor",
            "cell_both_factor",
        ),
        "gru": ("update_mean",),
    }
    shapes |= dict.fromkeys(own[spec.cell], (*place, time))
    shapes |= {"cell_jacobian_values": (*place, time, 6)} if spec.cell == "lstm" else {}
    assert {name: values.shape for name, values in found.items()} == shapes
    np.testing.assert_allclose(found["lag_norm"][..., 0], 1)


def test_shares_add_to_1_but_where_nothing_arrives() -> None:
    spec = ModelSpec("lstm", 6, bidirectional=True)
    found = measure(spec, TASKS["waves"], weights_of(spec, TASKS["waves"]))
    whole = found["additive_share"] + found["gate_share"]
    np.testing.assert_allclose(whole[:, 0, :-1], 1)
    np.testing.assert_allclose(whole[:, 1, 1:], 1)
    assert np.isnan(whole[:, 0, -1]).all() and np.isnan(whole[:, 1, 0]).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_weights_that_diverged_give_no_numbers_and_no_error(spec: ModelSpec, bad: float) -> None:
    weights = weights_of(spec, TASKS["waves"])
    weights = weights | {"recurrent.weight_hh_l0": np.full_like(weights["recurrent.weight_hh_l0"], bad)}
    found = measure(spec, TASKS["waves"], weights)
    assert np.isnan(found["lag_norm"][0, 0, 1:]).all()
    assert found["horizon"][0, 0] == -1
    assert horizons(spec, TASKS["waves"], [weights])["horizon"][0, 0, 0] == -1


def test_horizons_over_training() -> None:
    spec, to_learn = SPECS["gru"], TASKS["adding"]
    first = weights_of(spec, to_learn)
    small = {name: weight * np.float32(0.01) for name, weight in first.items()}
    found = horizons(spec, to_learn, [first, small], factor=0.3)
    assert found["lag_norm"].shape == (2, 2, 1, 9) and found["horizon"].shape == (2, 2, 1)
    np.testing.assert_allclose(found["lag_norm"][0], measure(spec, to_learn, first)["lag_norm"])
    assert (found["horizon"][1] == 1).all()  # z is 1/2 and nothing else remains: 0.5 at lag 1, 0.25 at lag 2
    none = horizons(spec, to_learn, [])
    assert none["lag_norm"].shape == (0, 2, 1, 9) and none["horizon"].shape == (0, 2, 1)


def test_an_lstm_remembers_with_its_cell_state() -> None:
    spec, to_learn = ModelSpec("lstm", 6, forget_bias=8.0), TASKS["adding"]
    weights = weights_of(spec, to_learn)
    found = measure(spec, to_learn, weights)
    factor = float(found["lag_norm"][0, 0, 1:].max()) * 1.001  # by its hidden state alone nothing would be felt
    assert (found["cell_lag_norm"][0, 0] > factor).all()
    assert horizons(spec, to_learn, [weights], factor=factor)["horizon"].tolist() == [[[8]]]
    np.testing.assert_array_equal(horizons(spec, to_learn, [weights])["horizon"][0], found["horizon"])


def test_large_models_are_measured_here_and_there(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, to_learn = SPECS["lstm"], TASKS["waves"]
    weights = weights_of(spec, to_learn)
    whole = measure(spec, to_learn, weights)
    monkeypatch.setattr(laboratory, "MOST_ANALYSED", 2 * 2 * 9 * 4 * 70**3 // 3)
    monkeypatch.setattr(laboratory, "MOST_SWEPT", 100_000)
    thin = measure(spec, to_learn, weights)
    assert thin["every"] == 3
    np.testing.assert_array_equal(np.isfinite(thin["lag_norm"][0, 0]), [1, 0, 0, 1, 0, 0, 1, 0, 1])
    np.testing.assert_array_equal(np.isfinite(thin["jacobian_values"][0, 0, :, 0]), [0, 0, 1] * 3)
    np.testing.assert_array_equal(np.isfinite(thin["jacobian_values"][0, 1, :, 0]), [1, 0, 0] * 3)
    for name, values in thin.items():
        kept = np.isfinite(values)
        if name not in ("every", "horizon"):
            np.testing.assert_allclose(values[kept], whole[name][kept], rtol=1e-9, atol=1e-300)
    assert np.isnan(thin["influence"]).any() and np.isfinite(thin["influence"][..., -1, :]).all()


def test_any_module_can_be_analysed_and_stays_as_it_was() -> None:
    module, x = torch.nn.LSTM(3, 5, num_layers=2, bidirectional=True), torch.randn(7, 1, 3)
    found = analyse(module, x)
    assert found["jacobian_values"].shape == (2, 2, 7, 5) and found["horizon"].shape == (2, 2)
    assert module.weight_hh_l0.dtype == torch.float32 and module.weight_hh_l0.requires_grad
    exact = rv.jacobians(module.double(), x.double())
    np.testing.assert_allclose(found["lag_norm"], exact.lag_norm[..., 0], rtol=1e-9)


def test_one_layer_in_one_direction_alone() -> None:
    module, x = torch.nn.LSTM(3, 5, num_layers=2, bidirectional=True), torch.randn(7, 1, 3)
    whole, part = analyse(module, x), analyse(module, x, (1, 0))
    for name, values in part.items():
        np.testing.assert_allclose(values, whole[name][1:, :1] if values.ndim > 1 else whole[name])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_usual_sizes_are_measured_at_every_step(cell: str) -> None:
    assert laboratory.analyse(make_recurrent(ModelSpec(cell, 64), 2), torch.zeros(100, 1, 2))["every"] == 1


def test_one_time_step() -> None:
    found = analyse(torch.nn.GRU(2, 3), torch.ones(1, 1, 2))
    assert found["lag_norm"].tolist() == [[[1.0]]] and found["horizon"].tolist() == [[0]]


def test_what_is_not_there_is_refused() -> None:
    spec, to_learn = SPECS["gru"], TASKS["adding"]
    weights = weights_of(spec, to_learn)
    with pytest.raises(ValueError, match="probe must be from 0 to 2; got 3"):
        measure(spec, to_learn, weights, 3)
    with pytest.raises(ValueError, match="weights must be those of this model"):
        measure(SPECS["lstm"], to_learn, weights)


def test_the_horizon_is_where_the_norm_falls_for_good() -> None:
    from rnnviz.analysis.diagnoses import horizon

    assert HORIZON < 1
    assert horizon(np.array([1, 0.5, 0.1, 0.02, 0.001]), 0.02) == 3
    assert horizon(np.array([1, 0.001, 0.5, 0.001, 0.001]), 0.1) == 2
    assert horizon(np.array([1, 3.0, 9.0])) == 2
    assert horizon(np.array([1, np.nan, 0.5, np.nan, 0.001]), 0.1) == 2
    assert horizon(np.array([1, np.nan, np.nan])) == -1
    assert horizon(np.array([1.0])) == 0
