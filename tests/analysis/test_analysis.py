"""Tables and arrays for charts, held against the frames they come from."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import analysis
from rnnviz.analysis import curves, gradients, per_step_factor
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from tests.support.runs import at, deep_run, norms, small_run


def test_a_short_training_keeps_the_loss_of_every_step() -> None:
    run = small_run()
    found, told = analysis.loss_curve(run), run.history()
    assert found["step"].tolist() == told["step"].tolist()
    assert found["label"].tolist() == told["model"].tolist()
    np.testing.assert_allclose(found["value"], told["loss"].to_numpy(float))


def test_a_long_training_is_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "MOST_POINTS", 4)  # 13 losses, four at a time
    run = small_run()
    of_rnn = run.history().query("model == 'rnn'")
    losses, grads = of_rnn["loss"].to_numpy(float), of_rnn["grad_norm"].to_numpy(float)
    found = analysis.loss_curve(run).query("label == 'rnn'")
    assert found["step"].tolist() == [1.5, 5.5, 9.5, 12.0]
    np.testing.assert_allclose(found["value"], [losses[i : i + 4].mean() for i in (0, 4, 8, 12)])
    largest = analysis.grad_norm_curve(run).query("label == 'rnn'")
    np.testing.assert_allclose(largest["value"], [grads[i : i + 4].max() for i in (0, 4, 8, 12)])


def test_an_empty_run_gives_empty_tables() -> None:
    run = Run(small_run().experiment)
    for table in (analysis.loss_curve(run), analysis.score_curve(run), analysis.grad_norm_curve(run)):
        assert list(table.columns) == ["step", "label", "value"]
        assert table.empty
    assert analysis.gradient_histories(run) == {}
    assert analysis.largest_singular_value(run) == 0.0


def test_scores_of_every_frame() -> None:
    run = small_run()
    found, told = analysis.score_curve(run), run.losses()
    assert found[["step", "label", "value"]].to_numpy().tolist() == told[["step", "model", "score"]].to_numpy().tolist()


def test_the_trace_is_that_of_the_dataset() -> None:
    run = deep_run()
    place = {"layer": 0, "direction": 1, "sample": 2}
    told = run.trace("lstm-2", 2).isel(place)
    found = analysis.trace(run.at(2), "lstm-2", probe=2, layer=0, direction="backward")
    assert set(found) == set(told.data_vars)
    for name, values in found.items():
        assert values.shape == (9, 6)
        np.testing.assert_array_equal(values, told[name].transpose("time", "unit"))


def test_the_top_layer_is_looked_at_unless_told_otherwise() -> None:
    run = deep_run()
    top, below = analysis.trace(run.at(), "lstm-2"), analysis.trace(run.at(), "lstm-2", layer=0)
    np.testing.assert_array_equal(top["hidden"], analysis.trace(run.at(), "lstm-2", layer=1)["hidden"])
    assert not np.array_equal(top["hidden"], below["hidden"])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"label": "gru-2"}, "model must be one of lstm, lstm-2, gru; got 'gru-2'."),
        ({"layer": 1}, "layer must be from 0 to 0, or -1 for the top; got 1."),
        ({"direction": "backward"}, "direction must be forward for gru; got 'backward'."),
        ({"probe": 3}, "probe must be from 0 to 2; got 3."),
    ],
)
def test_what_is_not_there_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(LookupError) as error:
        analysis.trace(deep_run().at(), **{"label": "gru", **wrong})
    assert message in str(error.value)


def test_gate_means_lie_between_shut_and_open() -> None:
    traced = analysis.trace(small_run().at(), "lstm")
    found = analysis.gate_means(traced)
    assert set(found["gate"]) == {"forget_gate", "input_gate", "output_gate"} == set(_gates("lstm"))
    assert found["value"].between(0, 1).all()
    forget = found.query("gate == 'forget_gate'")
    assert forget["time"].tolist() == list(range(1, 13))
    np.testing.assert_allclose(forget["value"], traced["forget_gate"].mean(axis=1))


def test_names_of_gates_and_blocks() -> None:
    assert _gates("rnn") == ()
    assert _gates("gru") == ("reset_gate", "update_gate")
    assert analysis.block_names(small_run().experiment, "rnn") == ("hidden",)
    assert len(analysis.block_names(small_run().experiment, "lstm")) == 4


def _gates(label: str) -> tuple[str, ...]:
    return analysis.gate_names(small_run().experiment, label)


def test_gradients_of_all_models_that_have_the_direction() -> None:
    run = deep_run()
    assert set(analysis.gradient_norms(run.at())["label"]) == {"lstm", "lstm-2", "gru"}
    assert set(analysis.gradient_norms(run.at(), direction="backward")["label"]) == {"lstm-2"}
    assert set(analysis.gradient_histories(run, layer=1)) == {"lstm-2"}
    found = analysis.gradient_norms(run.at(2)).query("label == 'lstm-2'")
    np.testing.assert_array_equal(found["value"], run.model_frame("lstm-2", 2).hidden_grad_norm[-1, 0])


def test_the_history_shows_the_nearest_frame_and_nothing_of_the_future() -> None:
    run = small_run()
    so_far = Run(run.experiment, run.frames[:7])  # steps 0 to 6 of 12
    history = analysis.gradient_histories(so_far)["gru"]
    columns = gradients.HISTORY_COLUMNS
    assert history.shape == (12, columns)
    half = columns // 2
    assert not np.isnan(history[:, :half]).any()
    assert np.isnan(history[:, half:]).all()
    for column in (0, 17, half - 1):
        step = round((column + 0.5) / columns * 12)
        np.testing.assert_array_equal(history[:, column], run.model_frame("gru", step).hidden_grad_norm[0, 0])


def test_a_model_that_ended_is_shown_as_it_was_last() -> None:
    run = small_run()
    ended = Run(run.experiment, [run.frame(0), at(run, 5, {"rnn": "RNN ended at step 3: …"}, rnn=None).frames[0]])
    np.testing.assert_array_equal(
        analysis.trace(ended.at(), "rnn")["hidden"], analysis.trace(run.at(0), "rnn")["hidden"]
    )
    history = analysis.gradient_histories(ended)["rnn"]
    assert np.isnan(history[:, 1:]).all()


def test_tokens_and_range() -> None:
    experiment = small_run().experiment
    assert len(analysis.tokens(experiment, 1)) == 12
    assert all(analysis.is_bounded(experiment, label) for label in experiment.labels)


@given(st.floats(0.3, 1.5), st.integers(2, 60), st.floats(1e-3, 1e3))
def test_the_factor_of_a_gradient_that_shrinks_evenly(factor: float, times: int, size: float) -> None:
    back = size * factor ** np.arange(times)
    assert per_step_factor(back[::-1]) == pytest.approx(factor, rel=1e-6)


def test_the_factor_is_measured_before_the_gradient_underflows() -> None:
    back = np.array([1.0, 0.5, 0.25, 0.125, 0.0, 0.0, 0.0])
    assert per_step_factor(back[::-1]) == pytest.approx(0.5)


@pytest.mark.parametrize("values", [[0.0, 0.0, 1.0], [1.0, 0.0], [math.nan, 1.0], [1.0], []])
def test_no_factor_without_two_steps(values: list[float]) -> None:
    assert math.isnan(per_step_factor(np.array(values)))


def test_the_largest_singular_value_is_that_of_all_models() -> None:
    run = small_run()
    told = max(float(m.singular_values.max()) for frame in run.frames for m in frame.models.values())
    assert analysis.largest_singular_value(run) == told
    curve = analysis.singular_curve(run, "gru")
    assert set(curve["label"]) == set(analysis.block_names(run.experiment, "gru"))
    assert curve["value"].max() <= told


def test_norms_of_a_bent_run() -> None:
    run = at(small_run(), 3, gru=norms(*range(12)))
    assert analysis.gradient_norm(run.at(), "gru").tolist() == list(range(12))


def test_answers_stand_beside_what_is_asked() -> None:
    run = small_run("waves")
    found = analysis.answers(run.at(), probe=1)
    assert list(found["label"].unique()) == ["rnn", "lstm", "gru", "asked"]
    asked = found.query("label == 'asked'")
    assert list(asked["time"]) == list(range(1, 13))
    np.testing.assert_array_equal(asked["value"], run.experiment.task.probes().batch.targets[:, 1, 0])
    np.testing.assert_array_equal(found.query("label == 'gru'")["value"], run.frames[-1].models["gru"].outputs[:, 1, 0])


def test_a_single_answer_stands_at_the_last_time_step() -> None:
    assert set(analysis.answers(small_run().at())["time"]) == {12}


def test_answers_that_are_no_numbers_make_no_curve() -> None:
    with pytest.raises(ValueError, match="answers must be numbers; those of recall are not"):
        analysis.answers(small_run("recall").at())
    with pytest.raises(LookupError, match="probe must be from 0 to 2; got 3"):
        analysis.answers(small_run("waves").at(), probe=3)


@pytest.mark.parametrize(("steps", "width", "levels"), [(19, 20, 0), (40, 20, 2), (49, 20, 2), (600, 25, 24)])
def test_shares_of_clipped_steps_are_of_many_updates(steps: int, width: int, levels: int) -> None:
    short = small_run()
    training = dataclasses.replace(short.experiment.training, steps=steps, clip=1.0)
    norms = np.where(np.arange(steps + 1) % 2 == 0, 2.0, 0.5).astype(np.float32)
    models = {"rnn": short.model_frame("rnn").replace(grad_norms=norms)}
    run = Run(dataclasses.replace(short.experiment, training=training), [Frame(steps, models, {})])
    assert analysis.steps_per_share(run) == width
    table = analysis.clipped_curve(run)
    assert list(table["step"]) == [at for n in range(levels) for at in (n * width, (n + 1) * width)]
    assert all(abs(share - 50) <= 100 / width for share in table["value"])


def test_where_no_sentence_of_a_batch_is_that_long_there_is_no_gradient() -> None:
    import rnnviz as rv
    from rnnviz.tasks import task

    whole = rv.run(rv.Experiment(task("tagging"), (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=1, batch=2)))
    norms = analysis.gradient_norms(whole.at(0))["value"].to_numpy()
    longest = int(np.isfinite(norms).sum())
    assert 3 <= longest < whole.experiment.task.steps and (norms[:longest] > 0).all()
