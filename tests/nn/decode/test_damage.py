"""What is lost without attention, over all held-out sequences."""

import dataclasses

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.nn.decode.damage import damage
from rnnviz.nn.decode.decoding import translate
from rnnviz.runs.translation import Decoding
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.translating import END
from tests.support.tasks import task

TASK = task("reverse")
SPEC = rv.ModelSpec("gru", hidden=16, attention="additive", bidirectional=True)


@pytest.fixture(scope="module")
def run() -> rv.Run:
    experiment = rv.Experiment(TASK, (SPEC,), rv.TrainingSpec(steps=150, batch=64, lr=0.01, device="cpu"))
    return rv.run(experiment)


def test_normal_is_the_score_of_the_frame(run: rv.Run) -> None:
    frame = run.model_frame("gru")
    found = damage(SPEC, TASK, frame.weights)
    assert set(found) == {"normal", "even", "away"}
    assert float(found["normal"]) == pytest.approx(frame.score)
    assert all(0 <= float(value) <= 100 for value in found.values())


@pytest.mark.parametrize("what", ["even", "away"])
def test_it_is_what_one_sequence_after_another_gives(run: rv.Run, what: str) -> None:
    """Padding has no share of what is spread evenly."""
    weights, batch = run.model_frame("gru").weights, TASK.held_out()
    exact = []
    for source, target in zip(batch.inputs.T, batch.targets.T, strict=True):
        codes = source[source != PAD]
        even = (1 / len(codes),) * len(codes)
        forced = Decoding(take_away=True) if what == "away" else Decoding(tuple((t, even) for t in range(len(target))))
        classes = translate(SPEC, TASK, weights, codes, forced)["classes"]
        wanted = target[target != PAD]
        exact.append(np.array_equal(classes, wanted) and classes[-1] == END)
    assert float(damage(SPEC, TASK, weights)[what]) == pytest.approx(100 * np.mean(exact))


def test_a_model_without_attention_has_none_to_lose(run: rv.Run) -> None:
    with pytest.raises(rv.ExperimentError, match="attention"):
        damage(dataclasses.replace(SPEC, attention=None), TASK, run.model_frame("gru").weights)
