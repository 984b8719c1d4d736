"""Saturated and dead units and stuck gates: of runs and of any traced model, and none where all is well."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import findings as told
from rnnviz.findings import Finding, findings
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task
from tests.support.runs import at, deep_run, small_run

KINDS = {"saturated", "dead", "stuck_gates"}


def _of(run: rv.Run, step: int = -1) -> list[Finding]:
    return [finding for finding in findings(run, step) if finding.kind in KINDS]


def _trained(model: ModelSpec) -> rv.Run:
    return rv.run(Experiment(task("adding", length=12), (model,), TrainingSpec(steps=1, batch=4)))


def _noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.9, 0.9, shape).astype(np.float16)


def _traced(which: int, value: float, name: str = "hidden") -> dict[str, np.ndarray]:
    """Noise, but for the first units, which always have one value: (1, 1, 9, 3, 8)."""
    values = _noise(1, 1, 9, 3, 8)
    values[..., :which] = value
    return {"hidden": _noise(1, 1, 9, 3, 8), name: values}


@pytest.mark.parametrize("run", [small_run(), small_run("recall"), small_run("waves"), deep_run()])
def test_healthy_runs_are_not_diagnosed(run: rv.Run) -> None:
    for step in run.steps:
        assert not _of(run, step)


def test_units_far_out_on_tanh() -> None:
    (finding,) = told.of_states("the RNN", "rnn", "tanh", _traced(3, -0.995))[:1]
    assert finding.text == (
        "3 of the RNN’s 8 units are saturated. On the probes they are nearly always beyond ±0.99, where tanh passes "
        "hardly any gradient on."
    )
    assert finding.evidence == {"the RNN: saturated": 3, "the RNN: units": 8}
    assert finding.view == "states"
    assert told.saturated("the RNN", "rnn", "tanh", _traced(1, 0.995)) is None
    assert told.saturated("the RNN", "rnn", "tanh", _traced(3, 0.98)) is None
    assert told.saturated("the RNN", "rnn", "relu", _traced(3, 5.0)) is None


def test_both_ends_of_a_sigmoid_and_the_cells_of_an_lstm() -> None:
    for value in (0.001, 0.999):
        low = {name: np.abs(values) for name, values in _traced(4, value).items()}
        finding = told.saturated("the RNN", "rnn", "sigmoid", low)
        assert finding is not None and "below 0.01 or above 0.99, where σ passes" in finding.text
    finding = told.saturated("the LSTM", "lstm", "tanh", _traced(4, 3.0, "cell"))
    assert finding is not None and "tanh of their cell state is nearly always beyond ±0.99" in finding.text
    assert told.saturated("the LSTM", "lstm", "tanh", _traced(4, 2.0, "cell")) is None
    assert told.saturated("the GRU", "gru", "tanh", _traced(8, 1.0)) is None


def test_the_shipped_rnn_does_not_saturate() -> None:
    run = rv.Run.load(Path(__file__).parents[2] / "assets" / "runs" / "default.safetensors")
    assert not _of(run, 0) and not _of(run)


@pytest.mark.slow
def test_an_rnn_that_takes_larger_steps_saturates_as_it_trains() -> None:
    run = rv.run(Experiment.from_query("lr=0.01&steps=1200&models=rnn"))
    assert not _of(run, 0)
    (finding,) = _of(run)
    assert finding.kind == "saturated" and "of the RNN’s 32 units are saturated" in finding.text


def test_dead_units_of_a_relu() -> None:
    assert told.dead("the RNN", "rnn", "relu", {"hidden": np.abs(_traced(1, 0.0)["hidden"])}) is None
    traced = {"hidden": np.abs(_traced(2, 0.0)["hidden"])}
    finding = told.dead("the RNN", "rnn", "relu", traced)
    assert finding is not None
    assert finding.text == "2 of the RNN’s 8 units are dead: 0 at every time step of the probes."
    real = _of(_trained(ModelSpec("rnn", 32, activation="relu", init="scaled", sigma_max=0.5)), 0)
    assert "dead" in {one.kind for one in real}


def test_units_that_hardly_change() -> None:
    finding = told.dead("this GRU", "gru", "tanh", _traced(5, 0.25), "what you entered")
    assert finding is not None
    assert finding.text == "5 of this GRU’s 8 units hardly change at any time step of what you entered."
    assert told.dead("the GRU", "gru", "tanh", _traced(1, 0.25)) is None


def test_a_single_unit_is_told_of_as_one() -> None:
    """It may hardly change on three probes and yet answer others: it is not dead."""
    single = {"hidden": np.full((1, 1, 9, 3, 1), 0.25, np.float16)}
    finding = told.dead("the LSTM", "lstm", "tanh", single)
    assert (
        finding is not None
        and finding.text == "The only unit of the LSTM hardly changes at any time step of the probes."
    )
    finding = told.saturated("the RNN", "rnn", "tanh", {"hidden": np.full((1, 1, 9, 3, 1), 0.995, np.float16)})
    assert finding is not None and finding.text.startswith("The only unit of the RNN is saturated. On the probes it is")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.97, "forget gate is stuck open (0.97 on average): it forgets next to nothing."),
        (0.02, "forget gate is stuck shut (0.02 on average): it keeps next to nothing."),
    ],
)
def test_gates_that_are_stuck(value: float, words: str) -> None:
    (finding,) = told.stuck_gates("the LSTM", _traced(8, value, "forget_gate"))
    assert finding.text == f"The LSTM’s {words}"
    assert finding.view == "gates"
    assert not told.stuck_gates("the LSTM", _traced(8, 0.9, "forget_gate"))


def test_gates_that_are_stuck_in_half_of_the_units() -> None:
    (finding,) = told.stuck_gates("the GRU", _traced(5, 0.97, "update_gate"))
    assert finding.text == (
        "The GRU’s update gate is stuck open in 62 % of its units, at all times above 0.95: there it keeps the old "
        "state and takes next to nothing in."
    )
    assert not told.stuck_gates("the GRU", _traced(3, 0.97, "update_gate"))


def test_a_real_lstm_with_a_large_forget_bias_forgets_nothing() -> None:
    (finding,) = _of(_trained(ModelSpec("lstm", 8, forget_bias=6.0)), 0)
    assert finding.text.startswith("The LSTM’s forget gate is stuck open (1.00 on average)")
    assert not _of(_trained(ModelSpec("lstm", 8, forget_bias=1.0)), 0)


def test_every_gate_has_its_words_and_any_module_can_be_judged() -> None:
    import torch

    for kind, gates in ((torch.nn.LSTM, 3), (torch.nn.GRU, 2)):
        for end, bias in (("open", 50.0), ("shut", -50.0)):
            module = kind(3, 4)
            with torch.no_grad():
                module.bias_ih_l0[: 4 * gates if gates == 2 else 16] += bias
            traced = rv.trace(module, torch.randn(6, 2, 3))
            arrays = {str(name): traced[name].values for name in traced.data_vars}
            cell = kind.__name__.lower()
            stuck = [one for one in told.of_states("this layer", cell, "tanh", arrays) if one.kind == "stuck_gates"]
            assert len(stuck) == gates and all(f"stuck {end}" in one.text for one in stuck)


@pytest.mark.parametrize(("part", "told_of"), [(1.0, False), (0.01, True)])
def test_gates_that_are_not_to_be_read_are_not_read(part: float, told_of: bool) -> None:
    run = small_run()
    model = run.frames[-1].models["lstm"]
    shut = model.trace | {"input_gate": np.zeros_like(model.trace["input_gate"])}
    score = part * run.experiment.task.baseline
    found = {one.kind for one in findings(at(run, 12, lstm={"trace": shut, "score": score}))}
    assert ("stuck_gates" in found) == told_of
