"""Encoder and decoder on one time axis: tables, datasets, files and diagnoses, where a half has less than the other."""

import functools
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from rnnviz import analysis, charts
from rnnviz.analysis import diagnoses
from rnnviz.cli import main
from rnnviz.nn.measure import anatomy as anatomy_of
from rnnviz.nn.measure import laboratory
from rnnviz.runs import exports
from rnnviz.runs.datasets import probe_trace
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task

MODELS = (
    ModelSpec("lstm", 4, decoder="gru", attention="dot"),
    ModelSpec("gru", 3, layers=2, bidirectional=True, decoder="lstm", attention="general"),
    ModelSpec("rnn", 3, bidirectional=True),
)
READ, WRITTEN = 10, 11  # steps of the halves
PROBE = 3, 4  # those of the first probe


@functools.cache
def run() -> Run:
    from rnnviz.nn.train.training import run as train

    return train(Experiment(task("reverse"), MODELS, TrainingSpec(steps=3, batch=4)))


def test_of_one_probe_only_the_steps_with_a_symbol_are_shown() -> None:
    experiment = run().experiment
    for probe, (_, read, written) in enumerate(experiment.task.examples()):
        tokens = analysis.tokens(experiment, probe)
        assert "".join(tokens) == f"{read}{written}■" and analysis.probe_read_steps(experiment, probe) == len(read)
        for label in experiment.labels:
            traced = analysis.trace(run().at(), label, probe=probe)
            assert all(values.shape[0] == len(tokens) for values in traced.values())
            assert np.isfinite(traced["hidden"]).all()
    assert analysis.probe_read_steps(Experiment()) == 0


def test_gradients_are_blank_where_no_sequence_of_the_batch_is_that_long() -> None:
    norms = np.array([1, 0, 2, 0, 0, 3, 4, 0], np.float32)
    found = analysis.within(norms, 5)
    np.testing.assert_array_equal(found, [1, 0, 2, np.nan, np.nan, 3, 4, np.nan])
    np.testing.assert_array_equal(analysis.within(np.stack([norms] * 2, 1), 5), np.stack([found] * 2, 1))
    np.testing.assert_array_equal(analysis.within(norms, 0), norms)
    gone = np.array([0, 0, 1, 0], np.float32)
    np.testing.assert_array_equal(analysis.within(gone, 2), [0, 0, 1, np.nan])  # vanished, not over


def test_what_a_half_does_not_have_is_nan_in_tables_and_breaks_the_line() -> None:
    assert run().experiment.labels == ("lstm", "gru", "rnn-without")
    assert analysis.gate_names(run().experiment, "lstm") == (
        "forget_gate", "input_gate", "output_gate", "reset_gate", "update_gate",
    )  # fmt: skip
    means = analysis.gate_means(analysis.trace(run().at(), "lstm")).pivot(index="time", columns="gate", values="value")
    read, written = PROBE
    assert means["forget_gate"].isna().tolist() == [False] * read + [True] * written
    assert means["reset_gate"].isna().tolist() == [True] * read + [False] * written
    assert analysis.read_steps(run().experiment) == READ and analysis.analysed_steps(run().experiment, 0) == 3


def test_gradients_by_both_halves() -> None:
    cells = analysis.cell_gradient_norms(run().at()).pivot(index="time", columns="label", values="value")
    assert np.isfinite(cells["lstm"][:READ]).all() and np.isnan(cells["lstm"][READ:]).all()
    assert np.isnan(cells["gru"][:READ]).all() and np.isfinite(cells["gru"][READ:]).all()
    back = analysis.gradient_histories(run(), direction="backward")
    assert set(back) == {"gru", "rnn-without"}
    assert np.isfinite(back["gru"][0]).all() and np.isnan(back["gru"][READ:]).all()
    assert (back["gru"][:READ] != 0).all()


def test_charts_mark_where_reading_ends() -> None:
    experiment = run().experiment
    trace, tokens = analysis.trace(run().at(), "gru"), analysis.tokens(experiment)
    table, cells = analysis.gradient_norms(run().at()), analysis.cell_gradient_norms(run().at())
    drawn = [
        charts.states("gru", trace, tokens, read=PROBE[0]),
        charts.gates("gru", trace, tokens, read=PROBE[0]),
        charts.gate_means("gru", analysis.gate_means(trace), analysis.gate_names(experiment, "gru"), 7, PROBE[0]),
        charts.gradient_norm(table, experiment.labels, 21, cells, READ),
    ]
    for drawing, read in zip(drawn, [PROBE[0]] * 3 + [READ], strict=True):
        assert set(drawing.tables["halves"]["at"]) == {read + 0.5}
        assert drawing.tables["halves"]["before"][-1] == "reads"
        drawing.chart.to_dict()
    assert {"LSTM cell", "GRU cell"} <= set(drawn[-1].tables["lines"]["series"])
    for drawing in drawn[:2]:  # the rule is seen on dark and on bright pictures alike
        rules = [layer["mark"] for layer in drawing.structure.spec["layer"] if layer["data"]["name"] == "halves"]
        assert [mark["color"] for mark in rules if mark["type"] == "rule"] == ["white", "black"]
    history = charts.gradient_history(analysis.gradient_histories(run()), 3, READ)
    first = history.tables["between"]["middle"][0]
    picture = history.tables["pictures"]
    assert (first - picture["top"][0]) / (picture["bottom"][0] - picture["top"][0]) == pytest.approx(WRITTEN / 21)


def test_nothing_warns_about_nan(recwarn: pytest.WarningsRecorder) -> None:
    for direction in ("forward", "backward"):
        traced = analysis.trace(run().at(), "gru", layer=0, direction=direction)
        charts.states("gru", traced, analysis.tokens(run().experiment), read=PROBE[0])
        analysis.gate_means(traced)
    assert not [one for one in recwarn if "NaN" in str(one.message) or issubclass(one.category, RuntimeWarning)]


def test_the_dataset_says_which_half_and_where_the_decoder_looks() -> None:
    for label in ("lstm", "gru"):
        found = run().trace(label)
        assert found.half.values.tolist() == ["encoder"] * READ + ["decoder"] * WRITTEN
        weights = found.attention
        assert weights.dims == ("sample", "output_time", "input_time") and weights.dtype == np.float32
        np.testing.assert_allclose(weights.sum("input_time"), 1, atol=2e-3)
        blank = found.input_token == ""
        assert blank.any() and (weights.where(blank, 0) == 0).all()
        assert {"long_name", "equation", "units", "source"} <= set(weights.attrs)
        tokens = found.token.values
        np.testing.assert_array_equal(found.input_token, tokens[:READ])
        np.testing.assert_array_equal(found.output_token, tokens[READ:])
    assert "attention" not in run().trace("rnn-without")
    assert "encoder: h_t = o_t" in run().trace("lstm").hidden.attrs["equation"]


def test_the_dataset_as_a_file(tmp_path: Path) -> None:
    dataset = run().trace("gru")
    (tmp_path / "a.nc").write_bytes(exports.netcdf(dataset))
    with xr.open_dataset(tmp_path / "a.nc") as found:
        np.testing.assert_array_equal(found.attention, dataset.attention)
        assert found.output_token.values.tolist() == dataset.output_token.values.tolist()
    lines = exports.csv(dataset).decode().splitlines()
    assert len(lines) == 1 + dataset.hidden.size and "half" in lines[0]


@pytest.mark.parametrize("label", ["lstm", "gru", "rnn-without"])
def test_gradients_as_a_dataset(label: str) -> None:
    found = run().gradients(label)
    assert found.hidden_grad_norm.shape == (4, READ + WRITTEN) and "half" in found.coords
    assert ("cell_grad_norm" in found) == (label != "rnn-without")


def test_a_frame_before_the_weights_were_kept_has_no_attention() -> None:
    frame = run().model_frame("gru").replace(translated={})
    assert "attention" not in probe_trace(run().experiment, "gru", frame)


def test_what_is_not_there_counts_in_no_diagnosis() -> None:
    full = np.random.default_rng(0).uniform(-1, 1, (1, 1, 6, 3, 4))
    blank = np.full((1, 1, 5, 3, 4), np.nan)
    for values in (full, np.sign(full), np.zeros_like(full), 0.5 + 0 * full):
        wide = np.concatenate([values, blank], axis=2)
        for judge in (lambda v: diagnoses.saturated(v, "tanh"), diagnoses.dead, diagnoses.constant):
            np.testing.assert_array_equal(judge(wide), judge(values))
        gate, more = np.abs(values), np.abs(wide)
        assert (diagnoses.stuck(more) or "")[:1] == (diagnoses.stuck(gate) or "")[:1]
    for judge in (lambda v: diagnoses.saturated(v, "tanh"), diagnoses.dead, diagnoses.constant):
        assert not judge(blank).any()
    assert diagnoses.stuck(blank) is None and diagnoses.fate(np.array([1.0, np.nan])) is None


@pytest.mark.parametrize("label", ["lstm", "gru", "rnn-without"])
def test_the_laboratory_analyses_the_encoder_as_it_would_any_module(label: str) -> None:
    spec, chosen = run().experiment.model(label), run().experiment.task
    weights = run().model_frame(label).weights
    found = laboratory.measure(spec, chosen, weights, 0)
    assert found["jacobian_values"].shape == (spec.layers, spec.directions, 3, spec.hidden)
    felt = laboratory.horizons(spec, chosen, [weights] * 2, 0)
    np.testing.assert_allclose(felt["lag_norm"][1], found["lag_norm"])
    np.testing.assert_array_equal(felt["horizon"][0], found["horizon"])
    with pytest.raises(ValueError, match="probe must be from 0 to 2"):
        laboratory.measure(spec, chosen, weights, 3)
    with pytest.raises(ValueError, match="weights must be those of this model"):
        laboratory.measure(spec, chosen, {}, 0)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_anatomy_of_an_encoder_is_what_the_trace_holds(direction: str) -> None:
    spec, chosen = run().experiment.model("gru"), run().experiment.task
    weights, symbols = run().model_frame("gru").weights, chosen.read("gcf")[:, None]
    found = anatomy_of.step(spec, chosen, weights, symbols, 1, direction)
    assert "answers" not in found and found["read"].shape == (3, 6)
    traced = analysis.trace(run().at(), "gru", direction=direction)
    for name in ("hidden", "reset_gate", "update_gate"):
        np.testing.assert_allclose(found[name], traced[name][:3], atol=2e-3)


def test_flags_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "a.run"
    models = "gru:hidden=3:attention=additive,lstm:hidden=2:decoder=gru:attention=none"
    flags = ["--task", "sort", "--models", models, "--schedule", "linear", "--teacher_forcing", "0.5"]
    assert main(["train", *flags, "--steps", "2", "--batch", "2", "-o", str(path)]) == 0
    experiment = Run.load(path).experiment
    assert experiment.models == (ModelSpec("gru", 3, attention="additive"), ModelSpec("lstm", 2, decoder="gru"))
    assert (experiment.training.schedule, experiment.training.teacher_forcing) == ("linear", 0.5)
    assert Experiment.from_query(experiment.to_query()) == experiment
    again = tmp_path / "b.run"
    assert main(["train", "--query", experiment.to_query(), "--schedule", "none", "-o", str(again)]) == 0
    assert Run.load(again).experiment.training.schedule is None
