"""A training that goes on from a state gives the bits of training through, wherever it is taken up."""

import dataclasses
import itertools
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.engine.answering import plain
from rnnviz.nn.train import resuming
from rnnviz.nn.train.resuming import Remembered
from rnnviz.runs.trainer_state import TrainerState
from rnnviz.specs.branch import Branch, key_of
from rnnviz.specs.models import SCHEDULES
from rnnviz.specs.planning import planned_steps
from rnnviz.tasks import TASKS
from rnnviz.tasks.places import AtPlaces
from tests.engine.helpers import same

STEPS = 24
PLACES = (0, 1, 2, 5, 8, 11, 14, 17, 21, STEPS)
SHORT = (0, 1, 2, 3, 5, 6, 7, 9, 11, 12)  # of every task
BETWEEN = (
    rv.ModelSpec("rnn", 5, 2, dropout=0.3),
    rv.ModelSpec("lstm", 4, 2, bidirectional=True, dropout=0.5, forget_bias=1.0),
    rv.ModelSpec("gru", 4, 3, reset="before", dropout=0.2),
)
WRITERS = (
    rv.ModelSpec("gru", 5, 2, True, attention="additive", dropout=0.3),
    rv.ModelSpec("lstm", 4, attention="dot", decoder="rnn"),
)


@pytest.fixture(autouse=True)
def few_frames(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Frames at few steps, so that most lie between two, and nothing remembered from other tests."""
    monkeypatch.setattr(limits, "ANYHOW_FRAMES", 5)
    monkeypatch.setattr(resuming, "_remembered", Remembered(limits.WORKER_STATE_BYTES_KEPT))
    yield


def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resuming, "_remembered", Remembered(0))


def assert_goes_on(run: rv.Run, places: tuple[int, ...] = PLACES) -> None:
    """Taken up at any of these steps, a training gives all later frames bit for bit."""
    assert len(planned_steps(run.experiment)) < run.experiment.training.steps
    for step in places:
        state = rv.resume(run, step)
        frames = list(rv.train(run.experiment, start=state))
        assert [frame.step for frame in frames] == [frame.step for frame in run.frames if frame.step >= step]
        assert same(frames, run.frames[len(run.frames) - len(frames) :]), step


@pytest.mark.parametrize("name", TASKS)
def test_every_task_goes_on_bit_for_bit(name: str) -> None:
    usual = rv.Experiment(rv.task(name))
    places = usual.task.reads.count if isinstance(usual.task.reads, AtPlaces) else 8
    models = [dataclasses.replace(model, hidden=8 if model.reach is None else places) for model in usual.models]
    training = dataclasses.replace(usual.training, steps=SHORT[-1], batch=24, device="cpu")
    assert_goes_on(rv.run(rv.Experiment(usual.task, models, training)), SHORT)


def test_so_do_the_masks_of_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_remembered(monkeypatch)
    training = rv.TrainingSpec(steps=STEPS, batch=40, lr=1e-2, clip=0.5, device="cpu")
    assert_goes_on(rv.run(rv.Experiment(rv.task("recall", lag=5), BETWEEN, training)))


@pytest.mark.parametrize("schedule", [None, *SCHEDULES])
def test_so_do_the_coins_of_scheduled_sampling(schedule: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_remembered(monkeypatch)
    training = rv.TrainingSpec(
        steps=STEPS, batch=16, lr=1e-2, seed=3, device="cpu", teacher_forcing=0.7, schedule=schedule
    )
    assert_goes_on(rv.run(rv.Experiment(rv.task("reverse", length=5, letters=3), WRITERS, training)), (2, 11, 21))


def test_a_batch_that_is_drawn_alone_too() -> None:
    training = rv.TrainingSpec(steps=7, batch=200, device="cpu")
    models = (rv.ModelSpec("gru", 3),)
    assert_goes_on(rv.run(rv.Experiment(rv.task("adding", length=6), models, training)), (0, 3, 7))


def small(**training: Any) -> rv.Experiment:
    return rv.Experiment(
        rv.task("adding", length=8),
        (rv.ModelSpec("rnn", 4), rv.ModelSpec("lstm", 4, forget_bias=1.0), rv.ModelSpec("gru", 4)),
        rv.TrainingSpec(**({"steps": STEPS, "batch": 8, "device": "cpu", "seed": 5} | training)),  # type: ignore[arg-type]
    )


def diverging() -> rv.Experiment:
    wild = rv.ModelSpec("rnn", 32, activation="relu")
    training = rv.TrainingSpec(steps=40, batch=4, lr=1.0, clip=None, device="cpu")
    return rv.Experiment(rv.task("adding", length=100), (wild, rv.ModelSpec("gru", 4)), training)


def test_models_that_have_ended_stay_ended() -> None:
    run = rv.run(diverging())
    assert list(run.ended) == ["rnn"] and run.complete
    assert_goes_on(run, (0, 1, 2, 3, 5, 10, 20, 39, 40))
    state = rv.resume(run, 40)
    assert state.ended == run.ended and list(state.models) == ["gru"]


def test_when_all_have_ended_nothing_more_comes() -> None:
    experiment = diverging()
    run = rv.run(dataclasses.replace(experiment, models=experiment.models[:1]))
    end = run.steps[-1]
    assert 0 < end < 40 and run.ended
    assert_goes_on(run, (0, end - 1, end))
    assert list(rv.train(run.experiment, start=rv.resume(run, end + 1))) == []
    assert rv.resume(run, 40).models == {}


# The state


def test_pickling_changes_nothing_and_brings_no_torch() -> None:
    run = rv.run(small())
    state = rv.resume(run, 9)
    back = pickle.loads(pickle.dumps(state))
    assert same(back, state) and isinstance(back, TrainerState)
    assert same(list(rv.train(run.experiment, start=back)), list(rv.train(run.experiment, start=state)))
    code = "import pickle, sys; pickle.loads(sys.stdin.buffer.read()); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], input=plain(state), check=True)


def test_it_holds_exactly_what_a_frame_says_and_more() -> None:
    run = rv.run(small())
    step = run.steps[3]
    state = rv.resume(run, step)
    assert (state.step, state.experiment, state.start, state.ended) == (step, run.experiment, None, {})
    gap = step - run.steps[2]
    for label, model in state.models.items():
        assert same(dict(model.weights), run.frames[3].models[label].weights)
        shapes = {name: weight.shape for name, weight in model.weights.items()}
        for moments in (model.means, model.squares):
            assert {name: one.shape for name, one in moments.items()} == shapes
            assert all(one.dtype == np.float32 and one.any() for one in moments.values())
        assert model.updates == step and set(model.generators) == {"masks"}
        assert len(model.losses) == len(model.grad_norms) == gap - 1
    weights = sum(weight.nbytes for model in state.models.values() for weight in model.weights.values())
    assert 3 * weights < state.nbytes < 3 * weights + 3 * 6_000 + 1_000


@pytest.mark.parametrize("step", [-1, STEPS + 1, 2.5, True, "3", None, float("nan")])
def test_a_step_that_is_none_is_refused(step: Any) -> None:
    with pytest.raises(rv.ExperimentError, match=f"step must be a whole number from 0 to {STEPS}, a training step"):
        rv.resume(rv.Run(small()), step)


def test_a_run_without_frames_and_a_step_of_numpy_will_do() -> None:
    whole = rv.run(small())
    state = rv.resume(rv.Run(small()), np.int64(10))  # type: ignore[arg-type]
    assert same(list(rv.train(small(), start=state)), [frame for frame in whole.frames if frame.step >= 10])


def test_what_is_no_state_is_refused() -> None:
    run = rv.run(small())
    with pytest.raises(rv.ExperimentError, match=r"start must be a state of a trainer, such as resume\(run, step\)"):
        rv.train(small(), start=run.frames[0])  # type: ignore[arg-type]


def test_resuming_leaves_torchs_threads_and_generator_alone() -> None:
    import torch

    torch.manual_seed(5)
    expected, threads = torch.rand(3), torch.get_num_threads()
    torch.manual_seed(5)
    rv.resume(rv.Run(small()), 5)
    assert torch.equal(torch.rand(3), expected) and torch.get_num_threads() == threads


# What is remembered


def test_a_state_remembered_and_one_found_from_the_start_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    run = rv.Run(small())
    on_the_way = [rv.resume(run, step) for step in (4, 9, 15, 15, 6)]
    nothing_remembered(monkeypatch)
    afresh = [rv.resume(run, step) for step in (4, 9, 15, 15, 6)]
    assert same(on_the_way, afresh)


def test_the_nearest_is_found_and_the_oldest_forgotten() -> None:
    run, other = rv.Run(small()), rv.Run(small(seed=6))
    states = [rv.resume(run, step) for step in (3, 7, 12)]
    kept = Remembered(int(2.5 * states[0].nbytes))
    key = key_of(run.experiment, None)
    for state in states[:2]:
        kept.keep(key, state)
    assert kept.nearest(key, 2) is None and kept.nearest(key_of(other.experiment, None), 9) is None
    assert kept.nearest(key, 7) is states[1] and kept.nearest(key, 6) is states[0]
    kept.keep(key, states[2])
    assert [kept.nearest(key, step) for step in (3, 8, 20)] == [states[0], states[0], states[2]]
    Remembered(10).keep(key, states[0])


# Branches of branches


def test_a_branch_is_resumed_as_a_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    first = rv.run(small())
    second = rv.run(small(lr=2e-2), start=rv.resume(first, 9))
    third = rv.run(small(lr=2e-2, clip=0.1), start=rv.resume(second, 15))
    assert third.start == Branch(small(lr=2e-2), 15, Branch(small(), 9))
    nothing_remembered(monkeypatch)
    for run, places in ((second, (9, 12, 15, 24)), (third, (15, 16, 24))):
        assert_goes_on(run, places)
        assert same(rv.run(run.experiment, start=run.start).frames, run.frames)
    with pytest.raises(rv.ExperimentError, match="step must be a whole number from 15 to 24"):
        rv.resume(third, 14)


def test_carrying_on_by_and_by_is_training_through() -> None:
    through = rv.run(small())
    run = rv.run(small(), start=rv.resume(through, 1))
    for step in range(2, STEPS):
        run = rv.run(small(), start=rv.resume(run, step))
    assert run.start == Branch(small(), STEPS - 1)
    assert same(run.frames, through.frames[-1:])


def test_training_does_not_change_the_state_it_starts_from() -> None:
    state = rv.resume(rv.Run(small()), 9)
    before = pickle.dumps(state)
    for _ in itertools.islice(rv.train(small(lr=0.1), start=state), 3):
        pass
    assert pickle.dumps(state) == before
