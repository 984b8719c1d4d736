"""What the decoder is fed: the right symbol, its own, or by the throw of a coin."""

import math
from typing import Any

import pytest
import torch

from rnnviz.nn.decode.feeding import coins, detached, fed_by_coins, run_free
from rnnviz.nn.models.model import make_model
from rnnviz.nn.train.translators import TranslationLearner
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.forcing import probability
from rnnviz.specs.models import ModelSpec, TrainingSpec
from tests.nn.models.plain import TASK, both, named, one_by_one, some_batch

SPECS = [
    ModelSpec("gru", 6, 2, True, attention="additive"),
    ModelSpec("lstm", 6, attention="dot"),
    ModelSpec("rnn", 6, 2, decoder="lstm", attention="general"),
    ModelSpec("lstm", 6, 2, True, decoder="gru"),
]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("chance", [0.0, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0])
def test_coins_fall_as_often_as_they_are_said_to(chance: float) -> None:
    thrown = coins(torch.Size((400, 500)), chance, generator())
    expected, spread = chance * 200_000, math.sqrt(200_000 * chance * (1 - chance))
    assert thrown.dtype == torch.bool and abs(int(thrown.sum()) - expected) <= 5 * spread


def test_the_same_generator_throws_the_same_coins_and_each_throw_is_its_own() -> None:
    shape, one, two = torch.Size((9, 30)), generator(3), generator(3)
    first = coins(shape, 0.5, one)
    assert torch.equal(first, coins(shape, 0.5, two))
    assert not torch.equal(first, coins(shape, 0.5, one))
    many = torch.stack([coins(shape, 0.5, one) for _ in range(200)]).double()
    assert (many.mean(0) - 0.5).abs().max() < 0.2  # no place always falls the same way
    beside = ((many[:, :, 1:] - 0.5) * (many[:, :, :-1] - 0.5)).mean() * 4
    assert abs(beside) < 5 / math.sqrt(200 * 9 * 29)


@pytest.mark.parametrize("schedule", [None, "linear", "exponential", "inverse_sigmoid"])
def test_over_a_training_the_share_of_right_symbols_follows_the_schedule(
    schedule: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = TrainingSpec(steps=40, batch=16, teacher_forcing=0.9, schedule=schedule, device="cpu")
    experiment = Experiment(TASK, (ModelSpec("gru", 2),), training)
    learner, seen = TranslationLearner(experiment.models[0], experiment, torch.device("cpu")), []

    def keep(*of: Any) -> Any:
        seen.append(coins(*of))
        return seen[-1]

    monkeypatch.setattr("rnnviz.nn.train.translators.coins", keep)
    sources, targets = (part.repeat(1, 100) for part in some_batch())
    for _ in range(40):
        learner.given(sources, targets)
    for step, right in enumerate(seen):
        chance, of = probability(training, step), right.numel()
        assert abs(int(right.sum()) - of * chance) <= 5 * math.sqrt(of * chance * (1 - chance)) + 1e-9


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_running_free_feeds_the_plain_models_own_symbols_back(spec: ModelSpec) -> None:
    model, plain = both(spec)
    sources, _ = some_batch(5)
    free = run_free(model, model.encode(sources), 7)
    assert free.classes.shape == (7, 5) and free.answers.shape == (7, 5, 4) and not free.answers.requires_grad
    fed = torch.full((1, 5), model.start)
    for t in range(7):
        answers = torch.stack([one.answers for one in one_by_one(plain, sources, fed)], 1)
        torch.testing.assert_close(free.answers[t], answers[t], rtol=1e-9, atol=1e-11)
        assert torch.equal(free.classes[t], answers[t].argmax(-1))
        fed = torch.cat([fed, free.classes[t : t + 1]])
    answers, weights = model.write(model.encode(sources), fed[:-1])
    torch.testing.assert_close(free.answers, answers, rtol=1e-9, atol=1e-11)
    assert (free.weights is None) == (weights is None)
    if weights is not None:
        torch.testing.assert_close(free.weights, weights, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_all_right_is_teacher_forcing_and_none_is_running_free(spec: ModelSpec) -> None:
    model, _ = both(spec)
    sources, targets = some_batch(6)
    reading = model.encode(sources)
    right = torch.ones(targets.shape, dtype=torch.bool)
    assert torch.equal(fed_by_coins(model, reading, targets, right), model.fed_right(targets))
    free = run_free(model, reading, len(targets)).classes
    fed = fed_by_coins(model, reading, targets, ~right)
    assert torch.equal(fed[0], model.fed_right(targets)[0]) and torch.equal(fed[1:], free[:-1])
    right[0] = False  # there is nothing of its own to read at the first step
    assert torch.equal(fed_by_coins(model, reading, targets, right), model.fed_right(targets))


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("spec", SPECS, ids=named)
def test_every_coin_counts_where_it_falls(spec: ModelSpec, dropout: float) -> None:
    """Where it says so the right symbol stands; elsewhere what this very pass has written the step before."""
    model, _ = both(spec)
    sources, targets = some_batch(6)
    model.dropout = dropout if spec.layers > 1 else 0.0
    drawn = model.masks(sources, targets, generator(1))
    one, two = (None, None) if drawn is None else ([m.double() for m in half] for half in drawn)
    reading, right = model.encode(sources, one), coins(targets.shape, 0.5, generator(5))
    fed = fed_by_coins(model, detached(reading), targets, right, two)
    written = model.write(reading, fed, two)[0].argmax(-1)
    true = model.fed_right(targets)
    assert torch.equal(fed[0], true[0])
    assert torch.equal(fed[1:], torch.where(right[1:], true[1:], written[:-1]))
    assert not fed.requires_grad


def test_a_detached_reading_has_the_same_numbers_and_no_graph() -> None:
    model = make_model(ModelSpec("lstm", 4, 2, True, attention="general"), TASK, 0)
    reading = model.encode(some_batch()[0])
    apart = detached(reading)
    assert reading.memory.requires_grad and not apart.memory.requires_grad
    for a, b in zip((reading.memory, reading.keys, *reading.first.h, *reading.first.c),
                    (apart.memory, apart.keys, *apart.first.h, *apart.first.c), strict=True):  # fmt: skip
        assert a is not None and b is not None and torch.equal(a, b) and not b.requires_grad
