"""A run: what it answers, what it gives as datasets, how it is thinned."""

from typing import Any

import numpy as np
import pytest

from rnnviz.nn.train.training import run as train_to_the_end
from rnnviz.runs.run import Run
from rnnviz.specs import architectures
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.schema import held_by
from rnnviz.specs.sizes import bytes_per_frame
from rnnviz.tasks import TASKS, task
from tests.benchmarks.shipped import FOLDER
from tests.runs.helpers import STEPS, WHY, assert_same

# What a run answers


def test_a_run_grows_and_drops_what_it_has(run: Run) -> None:
    grown = Run(run.experiment)
    assert not grown.complete
    assert grown.ended == {}
    with pytest.raises(LookupError):
        grown.frame()
    for frame in run.frames:
        grown.append(frame)
        grown.append(run.frames[0])
        grown.append(frame)
    assert_same(grown, run)
    assert grown.complete
    assert grown.nbytes == sum(frame.nbytes for frame in run.frames)


def test_a_frame_has_the_size_that_the_schedule_reckons_with(run: Run) -> None:
    for frame in run.frames:
        losses = sum(m.losses.nbytes + m.grad_norms.nbytes for m in frame.models.values())
        assert frame.nbytes - losses == bytes_per_frame(run.experiment)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_s_frames_have_the_size_and_weights_that_are_reckoned_with(name: str) -> None:
    experiment = Experiment(task(name), [ModelSpec("gru", 3, 2), ModelSpec("lstm", 2)], TrainingSpec(1, batch=2))
    frame = train_to_the_end(experiment).frame()
    losses = sum(m.losses.nbytes + m.grad_norms.nbytes for m in frame.models.values())
    assert frame.nbytes - losses == bytes_per_frame(experiment)
    for label, model in frame.models.items():
        shapes = {name: weight.shape for name, weight in model.weights.items()}
        assert shapes == architectures.of(experiment.task).weight_shapes(experiment.model(label), experiment.task)


def test_the_frame_of_a_step_is_the_last_one_until_then(run: Run) -> None:
    assert run.frame().step == STEPS
    assert run.frame(5).step == 5
    assert run.frame(STEPS + 100).step == STEPS
    assert run.thin(3).frame(STEPS - 1).step == 6


def test_a_model_that_ended_answers_with_its_last_frame(with_an_end: Run) -> None:
    assert with_an_end.ended == {"rnn": WHY}
    assert with_an_end.model_frame("rnn") is with_an_end.frames[4].models["rnn"]
    assert with_an_end.model_frame("gru") is with_an_end.frames[-1].models["gru"]
    with pytest.raises(LookupError, match="model must be one of rnn, lstm, gru; got 'elman'"):
        with_an_end.model_frame("elman")


def test_losses_have_a_row_per_frame_and_model(with_an_end: Run) -> None:
    table = with_an_end.losses()
    assert list(table.columns) == ["step", "model", "loss", "score", "grad_norm", "clipped"]
    assert dict(table.model.value_counts()) == {"rnn": 5, "lstm": STEPS + 1, "gru": STEPS + 1}
    last = table[(table.step == STEPS) & (table.model == "gru")].iloc[0]
    assert last.loss == with_an_end.frame().models["gru"].loss
    assert Run(with_an_end.experiment).losses().empty


def test_history_has_a_row_per_step_and_model(run: Run, with_an_end: Run) -> None:
    table = run.history()
    for label in run.experiment.labels:
        rows = table[table.model == label]
        assert list(rows.step) == list(range(STEPS + 1))
        np.testing.assert_array_equal(rows.clipped, rows.grad_norm > run.experiment.training.clip)
    assert (with_an_end.history().model == "rnn").sum() == 5
    assert Run(run.experiment).history().empty


# Datasets


@pytest.mark.parametrize("label", ["rnn", "lstm", "gru"])
def test_a_trace_names_its_dims_and_says_what_it_holds(run: Run, label: str) -> None:
    found, spec, probes = run.trace(label, 3), run.experiment.model(label), run.experiment.task.probes()
    assert set(found.data_vars) == set(spec.kind.variables)
    assert found.hidden.dims == ("layer", "direction", "time", "sample", "unit")
    assert found.hidden.shape == (spec.layers, spec.directions, 5, len(probes.names), spec.hidden)
    assert list(found.direction.values) == ["forward", "backward"][: spec.directions]
    assert found.token.dims == ("time", "sample")
    assert list(found.token.values[:, 0]) == list(probes.tokens[:, 0])
    assert tuple(found.probe.values) == probes.names
    for name, variable in found.data_vars.items():
        assert {"long_name", "equation", "range", "units"} <= set(variable.attrs), name
        kept = run.frame(3).models[label].trace[str(name)]
        np.testing.assert_array_equal(variable.values, kept.astype(np.float32))


def test_the_states_of_a_trace_follow_from_its_gates(run: Run) -> None:
    lstm, gru = run.trace("lstm"), run.trace("gru")
    np.testing.assert_allclose(lstm.hidden, lstm.output_gate * np.tanh(lstm.cell), atol=2e-3)
    before = gru.hidden.shift(time=1, fill_value=0)
    np.testing.assert_allclose(gru.hidden, gru.update_gate * before + (1 - gru.update_gate) * gru.candidate, atol=2e-3)


def test_gradients_over_training(run: Run) -> None:
    found = run.gradients("lstm", layer=0, direction="backward")
    assert found.hidden_grad_norm.dims == found.cell_grad_norm.dims == ("step", "time")
    assert found.singular_values.dims == ("step", "gate", "rank")
    assert list(found.gate.values) == ["input_gate", "forget_gate", "cell_candidate", "output_gate"]
    assert list(found.step.values) == list(run.steps)
    kept = run.frame(7).models["lstm"]
    np.testing.assert_array_equal(found.hidden_grad_norm.sel(step=7), kept.hidden_grad_norm[0, 1])
    np.testing.assert_array_equal(found.cell_grad_norm.sel(step=7), kept.cell_grad_norm[0, 1])
    np.testing.assert_array_equal(found.singular_values.sel(step=7), kept.singular_values[0, 1])
    assert float(found.grad_norm.sel(step=7)) == kept.grad_norm
    assert all(variable.attrs["long_name"] for variable in found.data_vars.values())
    assert run.gradients("lstm").attrs["layer"] == 1


@pytest.mark.parametrize(("label", "gates"), [("rnn", ["hidden"]), ("gru", ["reset_gate", "update_gate", "candidate"])])
def test_gates_are_named_in_torch_s_order(run: Run, label: str, gates: list[str]) -> None:
    found = run.gradients(label)
    assert list(found.gate.values) == gates
    assert "cell_grad_norm" not in found
    hidden = run.experiment.model(label).hidden
    block = run.frame().models[label].weights["recurrent.weight_hh_l0"][-hidden:]
    np.testing.assert_allclose(found.singular_values[-1, -1], np.linalg.svd(block, compute_uv=False), rtol=1e-5)


def test_gradients_stop_where_a_model_ended(with_an_end: Run) -> None:
    assert list(with_an_end.gradients("rnn").step.values) == [0, 1, 2, 3, 4]
    assert with_an_end.gradients("gru").sizes["step"] == STEPS + 1
    empty = Run(with_an_end.experiment).gradients("lstm")
    assert dict(empty.sizes) == {"step": 0, "time": 5, "gate": 4, "rank": 3}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("elman",), "model must be one of rnn, lstm, gru; got 'elman'."),
        (("lstm", 2), "layer must be from 0 to 1, or -1 for the top; got 2."),
        (("lstm", -3), "layer must be from 0 to 1, or -1 for the top; got -3."),
        (("gru", 0, "backward"), "direction must be forward for gru; got 'backward'."),
    ],
)
def test_gradients_of_what_is_not_there(run: Run, asked: tuple[Any, ...], said: str) -> None:
    with pytest.raises(LookupError) as caught:
        run.gradients(*asked)
    assert caught.value.args == (said,)


def test_any_value_over_training_names_its_dims(run: Run) -> None:
    for label in run.experiment.labels:
        for name, (value, shape, _) in held_by(run.experiment.model(label), run.experiment.task).items():
            if not value.each_step:
                found = run.measured(label, name)
                assert found.dims[0] == "step" and found.shape == (STEPS + 1, *shape)
                assert found.dtype == value.kind and found.name == name
                assert found.attrs == {"long_name": value.meaning, "units": value.unit}
                np.testing.assert_array_equal(found.sel(step=7), run.model_frame(label, 7)[name])
    ratios = run.measured("lstm", "update_ratio")
    assert ratios.weight.values.tolist() == list(run.model_frame("lstm").weights)
    assert run.measured("lstm", "cell_grad_norm").direction.values.tolist() == ["forward", "backward"]
    assert run.measured("gru", "weights/readout.bias").dims == ("step", "row")


def test_a_value_over_training_that_a_file_does_not_have_or_no_model(run: Run) -> None:
    shipped = Run.load(FOLDER / "reverse.safetensors")
    assert shipped.measured("gru", "update_ratio").shape == (0, len(shipped.model_frame("gru").weights))
    assert shipped.measured("gru", "translated/alignment").statistic.values.tolist() == ["entropy", "peak"]
    with pytest.raises(LookupError, match=r"name must be one of loss, score, .* for rnn; got 'cell_grad_norm'"):
        run.measured("rnn", "cell_grad_norm")
    with pytest.raises(LookupError, match="got 'losses'"):
        run.measured("rnn", "losses")
    with pytest.raises(LookupError, match="model must be one of rnn, lstm, gru; got 'elman'"):
        run.measured("elman", "loss")


# Thinning


@pytest.mark.parametrize("count", [1, 2, 3, 5, STEPS, STEPS + 1, 100])
def test_a_thinned_run_keeps_first_and_last_frame_and_every_loss(run: Run, count: int) -> None:
    thin = run.thin(count)
    assert thin.steps[0] == 0 or count == 1
    assert thin.steps[-1] == STEPS
    assert len(thin.frames) <= max(2, count)
    assert thin.history().equals(run.history())
    assert set(thin.steps) <= set(run.steps)
    assert thin.complete


def test_thinning_keeps_the_last_frame_of_a_model_that_ended(with_an_end: Run) -> None:
    thin = with_an_end.thin(2)
    assert thin.steps == (0, 4, STEPS)
    assert thin.history().equals(with_an_end.history())
    assert thin.ended == with_an_end.ended
    assert Run(with_an_end.experiment).thin(5).frames == []
