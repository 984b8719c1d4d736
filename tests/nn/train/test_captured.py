"""Training steps that are recorded and replayed: on a GPU where there is one, elsewhere without the graph itself."""

import dataclasses
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.train import captured, learner
from rnnviz.nn.train.captured import CapturedStep, Given, captures
from rnnviz.specs.planning import planned_steps
from tests.nn.train.test_on_a_gpu import LONG, THERE, WRITING, read_at_frames
from tests.nn.train.test_training import assert_same

DROPPING = rv.Experiment(
    rv.task("recall", lag=4),
    (rv.ModelSpec("lstm", 5, layers=2, dropout=0.4), rv.ModelSpec("gru", 5, reset="before")),
    rv.TrainingSpec(steps=60, batch=4, clip=0.1, weight_decay=0.2, device="cpu"),
)
FORCED = dataclasses.replace(
    WRITING, training=dataclasses.replace(WRITING.training, teacher_forcing=0.95, steps=60, batch=2)
)
GAPS = rv.Experiment(
    rv.task("traffic", length=18), (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=120, batch=2, device="cpu")
)
EXPERIMENTS = {"clipped": LONG, "writing": WRITING, "coins": FORCED, "dropout": DROPPING, "gaps": GAPS}

Step = Callable[[], Tensor]


def again(step: Step) -> Step:
    """In place of a graph: the step itself, over the same places and into the same place, as a replay is."""
    told = step().clone()

    def replay() -> Tensor:
        return told.copy_(step())

    return replay


@pytest.fixture
def capturing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Step], Step]], list[CapturedStep]]:
    """Lets all steps be recorded by something; returns what records them."""

    def begin(record: Callable[[Step], Step]) -> list[CapturedStep]:
        made: list[CapturedStep] = []

        def make(step: Any, changed: Any) -> CapturedStep:
            made.append(CapturedStep(step, changed, record))
            return made[-1]

        read_at_frames(monkeypatch)
        monkeypatch.setattr(learner, "captures", lambda device: True)
        monkeypatch.setattr(learner, "CapturedStep", make)
        return made

    return begin


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_replayed_steps_train_as_the_usual_ones_bit_for_bit(name: str, capturing: Any) -> None:
    """Whatever a step reads is copied to where it was recorded, and whatever it changes is found there."""
    experiment = EXPERIMENTS[name]
    wanted = rv.run(experiment)
    made, taken = capturing(again), list[object]()
    call = CapturedStep.__call__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CapturedStep, "__call__", lambda self, given: taken.append(call(self, given)) or taken[-1])
        assert_same(rv.run(experiment), wanted)
    between = experiment.training.steps + 1 - len(planned_steps(experiment))
    assert len(made) == len(experiment.models) and len(taken) == len(made) * between > 0
    assert not any(told is None for told in taken), "every step between frames was replayed"
    assert {len(one._graphs) for one in made} == {2 if name == "coins" else 1}


def test_a_training_goes_on_from_a_state_among_replayed_steps(capturing: Any) -> None:
    wanted = rv.resume(rv.Run(DROPPING), 37)
    capturing(again)
    found = rv.resume(rv.Run(dataclasses.replace(DROPPING)), 37)
    frames = [*rv.train(DROPPING, start=found)]
    for label, other in wanted.models.items():
        for name, weight in other.weights.items():
            np.testing.assert_array_equal(found.models[label].weights[name], weight)
    assert frames[-1].step == 60


def refuse(step: Step) -> Step:
    """A step that cannot be recorded; half of it was done."""
    step()
    raise RuntimeError("operation not permitted when stream is capturing\nmore of it")


def wrong(step: Step) -> Step:
    """A graph that goes another way than it should."""
    return lambda: step().add_(1e-3)


@pytest.mark.parametrize(
    ("record", "why"),
    [(refuse, "operation not permitted when stream is capturing"), (wrong, "a training step gives other numbers")],
    ids=["refused", "wrong"],
)
def test_what_cannot_be_replayed_is_trained_as_usual_and_said_once(
    record: Any, why: str, capturing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = rv.run(DROPPING)
    made = capturing(record)
    with caplog.at_level(logging.WARNING):
        assert_same(rv.run(DROPPING), wanted)
    said = [record.message for record in caplog.records if record.name == "rnnviz.nn"]
    assert len(said) == len(made) == 2 and all(one.startswith("No CUDA graph is used") and why in one for one in said)


def test_batches_of_too_many_shapes_are_trained_on_as_usual() -> None:
    weight, taken = torch.zeros(1), list[int]()

    def step(given: Given) -> Tensor:
        taken.append(len(given.inputs))
        weight.add_(1)
        return torch.zeros(2)

    steps = CapturedStep(step, [weight], again)
    told = [steps(Given(torch.zeros(n), torch.zeros(1), None, ())) for n in (1, 2, 3, 4, 5, 2, 6)]
    assert [one is None for one in told] == [False, False, False, False, True, False, True]
    assert weight.item() == 5 and {5, 6}.isdisjoint(taken), "one update for each step that was taken"


def test_recording_is_off_unless_asked_for_and_on_a_gpu_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, gpu = torch.device("cpu"), torch.device("cuda")
    monkeypatch.delenv(captured.SWITCH, raising=False)
    assert not captures(cpu) and not captures(gpu)
    monkeypatch.setenv(captured.SWITCH, "1")
    assert not captures(cpu) and captures(gpu)
    monkeypatch.setenv(captured.SWITCH, "0")
    assert not captures(gpu)
    monkeypatch.setenv(captured.SWITCH, "yes")
    with pytest.raises(ExperimentError, match="RNNVIZ_CUDA_GRAPHS must be 0 or 1; got 'yes'"):
        captures(gpu)


@THERE
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_graphs_train_as_the_usual_steps_do_on_a_gpu(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given = EXPERIMENTS[name]
    experiment = dataclasses.replace(given, training=dataclasses.replace(given.training, device="cuda"))
    wanted = rv.run(experiment)
    monkeypatch.setenv(captured.SWITCH, "1")
    found = rv.run(experiment)
    assert not [record.message for record in caplog.records if record.name == "rnnviz.nn"], "graphs are used"
    for mine, other in zip(found.frames, wanted.frames, strict=True):
        for label in other.models:
            few = slice(0, 20)  # of the first steps, before what is rounded otherwise has grown
            np.testing.assert_allclose(mine.models[label].losses[few], other.models[label].losses[few], rtol=1e-3)
