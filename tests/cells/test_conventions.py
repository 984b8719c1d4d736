"""The two readings of the update gate are one model: a reference written in the other one computes the same."""

import numpy as np
import pytest
import xarray as xr

import rnnviz as rv
from rnnviz.cells.gru import conventions
from rnnviz.runs.datasets import probe_trace

SPECS = {reset: rv.ModelSpec("gru", 5, layers=2, reset=reset) for reset in ("after", "before")}


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def z_updates_gru(weights: dict[str, np.ndarray], x: np.ndarray, layer: int, reset: str) -> dict[str, np.ndarray]:
    """A GRU as lectures 001 and 003 write it: x (T, B, I) → states and update gates (T, B, H)."""
    ih, hh = weights[f"recurrent.weight_ih_l{layer}"], weights[f"recurrent.weight_hh_l{layer}"]
    b_ih, b_hh = weights[f"recurrent.bias_ih_l{layer}"], weights[f"recurrent.bias_hh_l{layer}"]
    h = np.zeros((x.shape[1], hh.shape[1]))
    found: dict[str, list[np.ndarray]] = {"hidden": [], "update_gate": []}
    for x_t in x:
        x_r, x_z, x_n = np.split(x_t @ ih.T + b_ih, 3, -1)
        w_r, w_z, w_n = np.split(hh, 3)
        b_r, b_z, b_n = np.split(b_hh, 3)
        r = sigmoid(x_r + h @ w_r.T + b_r)
        z = sigmoid(x_z + h @ w_z.T + b_z)
        inner = (r * h) @ w_n.T + b_n if reset == "before" else r * (h @ w_n.T + b_n)
        h = (1 - z) * h + z * np.tanh(x_n + inner)
        found["hidden"].append(h)
        found["update_gate"].append(z)
    return {name: np.stack(values) for name, values in found.items()}


@pytest.fixture(scope="module", params=SPECS)
def traced(request: pytest.FixtureRequest) -> tuple[str, dict[str, np.ndarray], np.ndarray, xr.Dataset]:
    """Where the reset gate acts, the weights of a model, what it reads, and its trace."""
    from rnnviz.nn.models.model import make_model

    task = rv.task("adding", length=12)
    model, x = make_model(SPECS[request.param], task, 3).double(), task.probes().batch.inputs.astype(np.float64)
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    return request.param, weights, x, rv.trace(model.recurrent, x)


def test_a_gru_in_the_other_convention_computes_the_same(
    traced: tuple[str, dict[str, np.ndarray], np.ndarray, xr.Dataset],
) -> None:
    reset, weights, x, trace = traced
    turned, expected = conventions.with_z_updates(weights), conventions.z_updates(trace)
    for layer in range(2):
        found = z_updates_gru(turned, x, layer, reset)
        for name, values in found.items():
            np.testing.assert_allclose(values, expected[name].isel(layer=layer, direction=0), rtol=0, atol=1e-12)
        x = found["hidden"]


def test_both_ways_and_back_again(traced: tuple[str, dict[str, np.ndarray], np.ndarray, xr.Dataset]) -> None:
    _, weights, _, trace = traced
    back = conventions.with_z_updates(conventions.with_z_updates(weights))
    assert all(np.array_equal(back[name], weights[name]) for name in weights) and list(back) == list(weights)
    np.testing.assert_allclose(conventions.z_updates(conventions.z_updates(trace)).update_gate, trace.update_gate)


def test_only_the_update_gate_changes(traced: tuple[str, dict[str, np.ndarray], np.ndarray, xr.Dataset]) -> None:
    _, weights, _, trace = traced
    turned, renamed = conventions.with_z_updates(weights), conventions.z_updates(trace)
    for name, weight in weights.items():
        same = turned[name] == weight
        block = len(weight) // 3
        assert same.all() if name.startswith("readout") else same[:block].all() and same[2 * block :].all()
    for name in ("hidden", "reset_gate", "candidate"):
        np.testing.assert_array_equal(renamed[name], trace[name])
    assert trace.update_gate.attrs["long_name"].endswith("1 keeps") and "update gate" in renamed.update_gate.long_name
    assert renamed.update_gate.long_name.endswith("0 keeps, 1 replaces") and renamed.hidden.equation.startswith(
        "h_t = (1 −"
    )


def test_plain_arrays_work_too() -> None:
    arrays = {"hidden": np.zeros(3), "update_gate": np.array([0.0, 0.25, 1.0])}
    np.testing.assert_array_equal(conventions.z_updates(arrays)["update_gate"], [1.0, 0.75, 0.0])
    assert arrays["update_gate"][0] == 0


def test_what_has_no_update_gate_is_refused() -> None:
    with pytest.raises(ValueError, match="with an update_gate; got hidden"):
        conventions.z_updates({"hidden": np.zeros(3)})
    with pytest.raises(ValueError, match="weight_ih_l0 must have three blocks of rows, as in a GRU; got 4 rows"):
        conventions.with_z_updates({"weight_ih_l0": np.zeros((4, 2))})


@pytest.mark.parametrize(
    ("reset", "inside"), [("after", "r_t ⊙ (W_hn h_(t-1) + b_hn)"), ("before", "W_hn (r_t ⊙ h_(t-1))")]
)
def test_a_trace_says_which_equation_it_follows(reset: str, inside: str) -> None:
    experiment = rv.Experiment(
        rv.task("adding", length=5), (SPECS[reset],), rv.TrainingSpec(steps=1, batch=2, device="cpu")
    )
    trace = probe_trace(experiment, "gru", next(rv.train(experiment)).models["gru"])
    assert inside in trace.candidate.attrs["equation"]
