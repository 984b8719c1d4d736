"""Learning by heart: told of a real model that does so, and of no other."""

import dataclasses
import functools
import re

import numpy as np
import pytest

from rnnviz import findings as told
from rnnviz.findings import findings
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks import task
from tests.support.runs import small_run

WORDS = "the of and to in is you that it he was for on are as with his they at be this from have or by one had not but"


@functools.cache
def _text(steps: int = 200) -> Run:
    """A GRU that learns a short text of words in random order, which can only be learned by heart."""
    from rnnviz.nn.train.training import run

    text = " ".join(np.random.default_rng(1).choice(WORDS.split(), 200))
    training = TrainingSpec(steps=steps, lr=2e-2)
    return run(Experiment(task("text", corpus="own", text=text, length=15), (ModelSpec("gru", 24),), training))


def _bent(scores: list[float], losses: list[float]) -> Run:
    """A run as it was saved before the held-out loss was measured, with these scores and training losses."""
    run, frames = _text(1), []
    for place, (score, loss) in enumerate(zip(scores, losses, strict=True)):
        first = run.frames[0].models["gru"]
        model = first.replace(score=score, losses=np.full(50 if place else 1, loss, np.float32), held_out_loss=None)
        frames.append(Frame(50 * place, {"gru": model}, {}))
    return Run(run.experiment, frames)


def test_a_real_model_that_learns_by_heart() -> None:
    (finding,) = told.overfitting(_text().at())
    assert re.fullmatch(
        r"The GRU overfits since training step \d+\. Its training loss has fallen from [\d.]+ to [\d.]+\. Its loss on "
        r"held-out sequences has risen from [\d.]+ to [\d.]+\.",
        finding.text,
    )
    assert finding in findings(_text())


def test_the_loss_falls_and_the_score_gets_worse() -> None:
    (finding,) = told.overfitting(_bent([5, 50, 60, 55, 54, 53], [3.0, 2.0, 1.5, 1.0, 0.8, 0.6]).at())
    assert finding.text == (
        "The GRU overfits since training step 100. Its training loss has fallen from 1.5 to 0.6. Its score on held-out "
        "sequences has fallen from 60 % to 53 %."
    )
    assert finding.evidence == pytest.approx({"gru at 100": 60, "gru": 53, "loss then": 1.5, "loss now": 0.6})


@pytest.mark.parametrize(
    ("scores", "losses"),
    [
        ([5, 50, 60, 61, 62, 63], [3.0, 2.0, 1.5, 1.0, 0.8, 0.6]),  # it gets better
        ([5, 50, 60, 55, 54, 53], [3.0, 2.0, 1.5, 1.5, 1.6, 1.7]),  # it forgets what it trains on, too
        ([5, 50, 60, 59, 59, 53], [3.0, 2.0, 1.5, 1.0, 0.8, 0.6]),  # one bad moment
        ([60, 50, 40, 41, 42, 40], [3.0, 2.0, 1.5, 1.0, 0.8, 0.6]),  # the best was luck before training
    ],
)
def test_no_overfitting(scores: list[float], losses: list[float]) -> None:
    assert not told.overfitting(_bent(scores, losses).at())


def test_few_sequences_are_learned_by_heart_where_endless_ones_are_not() -> None:
    """Of any task whose sequences are made."""
    from rnnviz.nn.train.training import run

    experiment = Experiment(task("recall", lag=8), (ModelSpec("gru", 16),), TrainingSpec(300, 16, 1e-2, sequences=16))
    (finding,) = told.overfitting(run(experiment).at())
    assert "Its loss on held-out sequences has risen" in finding.text
    endless = dataclasses.replace(experiment, training=TrainingSpec(300, 16, 1e-2))
    assert not told.overfitting(run(endless).at())


def test_where_every_sequence_is_new_nobody_can_learn_by_heart() -> None:
    for name in ("adding", "recall", "waves", "brackets"):
        run = small_run(name)
        assert all(not told.overfitting(run.at(step)) for step in run.steps)


def _known(score: float, loss: float, held: float, step: int = 50) -> Run:
    """The GRU after some steps: its held-out score, and its loss on what is trained on and on what is held out."""
    run = _text(1)
    models = run.frames[0].models["gru"]
    before = models.replace(losses=np.full(1, 3.0, np.float32), held_out_loss=held)
    after = models.replace(score=score, losses=np.full(step, loss, np.float32), held_out_loss=held)
    return Run(run.experiment, [Frame(0, {"gru": before}, {}), Frame(step, {"gru": after}, {})])


def test_who_knows_the_training_sequences_and_nothing_else_is_not_said_to_have_learned_nothing() -> None:
    run = _known(0.0, 0.6, 3.0)
    (finding,) = told.overfitting(run.at())
    guessing, _ = run.experiment.task.loss_of_guessing
    assert finding.text.startswith(
        "The GRU has learned its training sequences by heart. On new sequences its score is "
    )
    assert finding.text.endswith(f" than guessing. Its training loss is 0.6, that of guessing {guessing:.2g}.")
    assert told.unread_gates(run.at()) is None


@pytest.mark.parametrize(
    ("score", "loss", "held", "step"),
    [(0.0, 3.0, 3.5, 50), (0.0, 0.6, 0.6, 50), (0.0, 0.6, 3.0, 10), (0.0, 0.6, float("nan"), 50)],
)
def test_nothing_is_known_by_heart_where_training_is_no_better_either(
    score: float, loss: float, held: float, step: int
) -> None:
    run = _known(score, loss, held, step)
    assert not any("by heart" in one.text for one in findings(run))
    assert told.unread_gates(run.at()) is not None
