"""What each model of a run remembers, read from its states."""

from typing import Any

import numpy as np
import pytest
import torch

from pages._ui.session import shipped
from rnnviz.analysis import readouts
from rnnviz.analysis.readouts import Span
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.measure.remembering import SEED, remembering
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, Task, task

ADDING = task("adding", length=12)


def _weights(spec: ModelSpec, chosen: Task, seed: int = 1) -> dict[str, Any]:
    return {name: value.numpy() for name, value in make_model(spec, chosen, seed).state_dict().items()}


def _shipped(label: str, state: str = "hidden") -> tuple[dict[str, Any], Span | None]:
    run = shipped.load()
    assert run is not None
    found = remembering(run.experiment.model(label), run.experiment.task, run.frames[-1].models[label].weights)
    return found, readouts.span(found["lags"], found[state], float(found["chance"]))


def test_the_shipped_rnn_loses_it_whatever_its_colours() -> None:
    found, span = _shipped("rnn")
    assert span == Span(first=0, last=6, to_end=False, gaps=False)
    assert (found["lags"][0], found["lags"][-1]) == (-readouts.BEFORE, 49)
    assert found["hidden"][found["lags"] > 12].max() < 0.25


@pytest.mark.parametrize(
    ("label", "state", "least"), [("lstm", "hidden", 0.45), ("lstm", "cell", 0.7), ("gru", "hidden", 0.9)]
)
def test_the_shipped_lstm_and_gru_keep_it_to_the_end(label: str, state: str, least: float) -> None:
    found, span = _shipped(label, state)
    assert span == Span(first=0, last=49, to_end=True, gaps=False)
    assert found[state][found["lags"] >= 0].min() > least


@pytest.mark.parametrize("label", ["rnn", "lstm", "gru"])
def test_before_it_was_read_nobody_knows_it(label: str) -> None:
    found, _ = _shipped(label)
    before = found["hidden"][found["lags"] < 0]
    assert len(before) == readouts.BEFORE
    np.testing.assert_allclose(before, 0.0, atol=0.06)


def test_scores_are_those_of_the_states_that_the_model_has() -> None:
    """Against the model's own states, one lag at a time, without pieces and without lags."""
    spec = ModelSpec("gru", 5)
    weights = _weights(spec, ADDING)
    found = remembering(spec, ADDING, weights)
    batch = ADDING.sample(np.random.default_rng(SEED), int(found["sequences"]))
    with torch.inference_mode():
        states = restored(spec, ADDING, weights).states(torch.tensor(batch.inputs)).numpy()
    first = batch.inputs[:, :, 1].argmax(0)
    for lag, score in zip(found["lags"], found["hidden"], strict=True):
        has = np.flatnonzero((first + lag >= 0) & (first + lag < 12))
        x, y = states[first[has] + lag, has].astype(float), batch.inputs[first[has], has, 0].astype(float)
        design = np.concatenate([x[0::2], np.ones((len(x[0::2]), 1))], 1)
        penalty = len(design) * readouts.PENALTY * np.diag([1.0] * 5 + [0.0])
        weight = np.linalg.solve(design.T @ design + penalty, design.T @ y[0::2])
        off = x[1::2] @ weight[:-1] + weight[-1] - y[1::2]
        assert score == pytest.approx(1 - (off**2).mean() / y[1::2].var(), abs=1e-6)


def test_the_same_is_found_again() -> None:
    spec = ModelSpec("lstm", 4)
    first, again = (remembering(spec, ADDING, _weights(spec, ADDING)) for _ in range(2))
    assert set(first) == {"lags", "hidden", "cell", "chance", "classes", "sequences"}
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])


@pytest.mark.parametrize("name", ["adding", "recall"])
def test_from_a_saturated_rnn_nothing_can_be_read(name: str) -> None:
    """Each unit keeps its colour, from the first time step on and whatever it reads."""
    chosen, spec = task(name), ModelSpec("rnn", 16)
    weights = _weights(spec, chosen)
    weights["recurrent.bias_ih_l0"] = np.where(np.arange(16) % 2, 9, -9).astype(np.float32)
    found = remembering(spec, chosen, weights)
    assert readouts.span(found["lags"], found["hidden"], float(found["chance"])) is None
    np.testing.assert_allclose(found["hidden"], float(found["chance"]), atol=0.05)


def test_a_window_knows_it_as_long_as_it_sees_it() -> None:
    spec = ModelSpec("window", 32, window=3)
    found = remembering(spec, task("recall"), _weights(spec, task("recall")))
    assert readouts.span(found["lags"], found["hidden"], float(found["chance"])) == Span(0, 2, False, False)


@pytest.mark.parametrize("name", [name for name, one in TASKS.items() if one.remembers])
def test_every_default_model_of_a_task_with_something_to_remember_is_asked(name: str) -> None:
    chosen = task(name)
    for spec in architectures.of(chosen).default_models(chosen):
        found = remembering(spec, chosen, _weights(spec, chosen))
        after = found["lags"] == 0
        chance = float(found["chance"])
        assert found["hidden"][after].item() > readouts.threshold(chance)  # untrained, it has just been read
        assert np.isfinite(found["hidden"]).any() and found["sequences"] >= 128


def test_who_has_read_all_is_not_asked() -> None:
    spec = ModelSpec("gru", 4, layers=2, bidirectional=True)
    assert not readouts.causal(spec) and readouts.causal(ModelSpec("gru", 4, bidirectional=True))
    with pytest.raises(ExperimentError, match="layers must be 1 where a model reads in both directions; got 2"):
        remembering(spec, ADDING, _weights(spec, ADDING))


def test_a_task_without_one_thing_to_remember_is_refused() -> None:
    spec, chosen = ModelSpec("rnn", 4), task("brackets")
    with pytest.raises(ExperimentError, match="task must be one that has one thing to remember; got 'brackets'"):
        remembering(spec, chosen, _weights(spec, chosen))


def test_a_large_model_reads_fewer_sequences() -> None:
    small, large = ModelSpec("rnn", 8), ModelSpec("rnn", 128)
    found = {spec: remembering(spec, ADDING, _weights(spec, ADDING))["sequences"] for spec in (small, large)}
    assert found[small] == 4_096 and 128 <= found[large] <= 4_096
