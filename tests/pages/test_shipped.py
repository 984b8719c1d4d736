"""The run that the app ships is the app's own: made again here, it comes out the same."""

import numpy as np
import pytest

import rnnviz as rv
from tests.benchmarks.shipped import PATH

MOST_BYTES = 10_000_000
EARLY = 20  # training steps over which machines that differ in the last bits stay close


@pytest.fixture(scope="module")
def shipped() -> rv.Run:
    return rv.Run.load(PATH)


def test_it_is_a_finished_run_of_the_default_experiment(shipped: rv.Run) -> None:
    assert shipped.experiment == rv.Experiment(), "a default changed: run `python -m tests.benchmarks.shipped`"
    assert shipped.complete
    assert PATH.stat().st_size < MOST_BYTES


def test_made_again_its_beginning_is_the_same_within_rounding(shipped: rv.Run) -> None:
    steps = [step for step in shipped.steps if step <= EARLY]
    assert len(steps) >= 2
    for frame in rv.train(shipped.experiment):
        if frame.step > EARLY:
            break
        if frame.step in steps:
            _assert_close(frame, shipped.frame(frame.step))


def test_made_again_its_end_tells_the_same_story(shipped: rv.Run) -> None:
    again = rv.run(shipped.experiment)
    for run in (shipped, again):
        scores = {label: run.model_frame(label).score for label in run.experiment.labels}
        assert scores["lstm"] < 0.01
        assert scores["gru"] < 0.01
        assert scores["rnn"] > 0.1


def _assert_close(made: rv.Frame, kept: rv.Frame) -> None:
    assert made.models.keys() == kept.models.keys()
    for label, model in made.models.items():
        other = kept.models[label]
        assert model.loss == pytest.approx(other.loss, rel=1e-3)
        assert model.score == pytest.approx(other.score, rel=1e-3)
        for name, weights in model.weights.items():
            np.testing.assert_allclose(weights, other.weights[name], atol=1e-3, err_msg=f"{label} {name}")
        for name, values in model.trace.items():
            np.testing.assert_allclose(
                values.astype(float), other.trace[name].astype(float), atol=5e-3, err_msg=f"{label} {name}"
            )
