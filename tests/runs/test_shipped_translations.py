"""The shipped runs of encoder–decoders: finished, of their tasks' own defaults, and they show what is said of them."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.analysis.alignment import mass_near_antidiagonal
from rnnviz.analysis.translating import groups
from rnnviz.findings.translation import long_inputs, longer_inputs
from rnnviz.tasks.batch import PAD, length_of
from tests.benchmarks.shipped import FOLDER

MOST_BYTES = {"dates": 12_500_000, "reverse": 5_500_000}


@pytest.fixture(scope="module", params=MOST_BYTES)
def run(request: pytest.FixtureRequest) -> rv.Run:
    return rv.Run.load(FOLDER / f"{request.param}.safetensors")


def test_it_is_a_finished_run_of_the_tasks_default_experiment(run: rv.Run) -> None:
    name = run.experiment.task.name
    assert run.experiment == rv.Experiment(rv.task(name)), "a default changed: `python -m tests.benchmarks.shipped`"
    assert run.complete
    assert (FOLDER / f"{name}.safetensors").stat().st_size < MOST_BYTES[name]


def test_attention_weights_are_a_share_of_the_input_and_nothing_lies_on_padding(run: rv.Run) -> None:
    probes = run.experiment.task.probes().batch
    weights = run.trace("gru")["attention"].values
    np.testing.assert_allclose(weights.sum(-1), 1, atol=2e-3)
    for sample, length in enumerate(length_of(probes.inputs)):
        assert not weights[sample, :, length:].any()


def test_with_attention_it_writes_what_is_right_more_often_than_without(run: rv.Run) -> None:
    scores = {label: run.model_frame(label).score for label in run.experiment.labels}
    assert scores["gru"] > 90
    assert scores["gru"] > scores["gru-without"] + 30


def test_what_is_said_by_length_leaves_no_length_out_around_the_longest_that_is_trained_on(run: rv.Run) -> None:
    trained_to = run.experiment.task.length_trained  # type: ignore[attr-defined]
    ends = [(group.low, group.high) for group in groups(run.at(), "gru")]
    assert not [one for one in ends if one[0] <= trained_to < one[1]]
    trained, longer = long_inputs(run.at()), longer_inputs(run.at())
    assert trained is not None and f" to {trained_to} characters" in trained.text
    assert (longer is not None) == (ends[-1][1] > trained_to)
    assert longer is None or f"{trained_to + 1} to {2 * trained_to} characters" in longer.text


def test_held_out_dates_are_written_without_a_mistake() -> None:
    run = rv.Run.load(FOLDER / "dates.safetensors")
    assert run.model_frame("gru").score >= 99


def test_whoever_reverses_looks_along_the_antidiagonal() -> None:
    run = rv.Run.load(FOLDER / "reverse.safetensors")
    probes, weights = run.experiment.task.probes().batch, run.trace("gru")["attention"].values
    masses = []
    for sample, length in enumerate(length_of(probes.inputs)):
        written = int((probes.targets[:, sample] != PAD).sum()) - 1  # the end looks nowhere in particular
        masses.append(mass_near_antidiagonal(weights[sample, :written, :length]))
    assert np.mean(masses) >= 0.8, masses
