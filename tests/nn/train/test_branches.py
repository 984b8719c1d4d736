"""A branch is the training that one gets by changing something by hand at its step, and nothing else."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.translators import TranslationLearner
from rnnviz.specs.branch import Branch
from tests.engine.helpers import same

CPU = torch.device("cpu")
STEPS, AT = 20, 7
CELLS = (rv.ModelSpec("rnn", 5, 2, dropout=0.3), rv.ModelSpec("lstm", 4, forget_bias=1.0), rv.ModelSpec("gru", 4))
WRITERS = (rv.ModelSpec("gru", 5, 2, True, attention="additive", dropout=0.2), rv.ModelSpec("lstm", 4, decoder="gru"))


def trained(**given: Any) -> rv.TrainingSpec:
    return rv.TrainingSpec(**{"steps": STEPS, "batch": 24, "lr": 1e-2, "clip": 0.5, "seed": 3, "device": "cpu"} | given)  # type: ignore[arg-type]


def parent(**training: Any) -> rv.Experiment:
    return rv.Experiment(rv.task("recall", lag=6), CELLS, trained(**training))


def writing(**training: Any) -> rv.Experiment:
    return rv.Experiment(rv.task("reverse", length=5, letters=3), WRITERS, trained(**training))


def changed(experiment: rv.Experiment, place: int | None = None, **values: Any) -> rv.Experiment:
    """An experiment with another training, or with another model at a place."""
    if place is None:
        return dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, **values))
    models = list(experiment.models)
    models[place] = dataclasses.replace(models[place], **values)
    return dataclasses.replace(experiment, models=tuple(models))


def branched(before: rv.Experiment, after: rv.Experiment, step: int = AT) -> rv.Run:
    return rv.run(after, start=rv.resume(rv.Run(before), step))


Change = Callable[[Learner], object]


def by_hand(before: rv.Experiment, change: Change, steps: int = STEPS) -> dict[str, tuple[list[float], Any]]:
    """Label → losses from the branch on and the last weights, of learners that go on after `change` at its step."""
    kind = TranslationLearner if before.task.answers.name == "sequence" else Learner
    found = {}
    for label in before.labels:
        learner, losses = kind(before.model(label), before, CPU), []
        for step, (inputs, targets, _) in enumerate(itertools.islice(Batches(before, CPU), steps + 1)):
            if step == AT:
                change(learner)
            learner.differentiate(inputs, targets)
            losses.append(learner._losses[-1])
            if step < steps:
                learner.update()
        found[label] = losses[AT:], learner.weights()
    return found


def assert_is(run: rv.Run, expected: dict[str, tuple[list[float], Any]]) -> None:
    for label, (losses, weights) in expected.items():
        told = np.concatenate([frame.models[label].losses for frame in run.frames])[-len(losses) :]
        assert np.array_equal(told, np.array(losses, np.float32)), label
        assert same(run.frames[-1].models[label].weights, weights), label


def optimizer(**values: Any) -> Change:
    return lambda learner: [setattr(learner._optimizer, name, value) for name, value in values.items()] and None


def trained_as(training: rv.TrainingSpec) -> Change:
    return lambda learner: setattr(learner, "_training", training)


@pytest.mark.parametrize("before", [parent(), writing(teacher_forcing=0.8)], ids=["recall", "reverse"])
@pytest.mark.parametrize("values", [{"lr": 3e-2}, {"clip": None}, {"clip": 0.01, "lr": 1e-3}], ids=str)
def test_learning_rate_and_clipping_hold_from_the_step_on(before: rv.Experiment, values: dict[str, Any]) -> None:
    run = branched(before, changed(before, **values))
    assert_is(run, by_hand(before, optimizer(**values)))
    assert run.steps[0] == AT and run.complete


@pytest.mark.parametrize(
    "values", [{"teacher_forcing": 0.2}, {"schedule": "linear"}, {"schedule": "exponential"}], ids=str
)
def test_so_does_the_probability_of_teacher_forcing(values: dict[str, Any]) -> None:
    before = writing()
    after = changed(before, **values)
    assert_is(branched(before, after), by_hand(before, trained_as(after.training)))


@pytest.mark.parametrize("dropout", [0.0, 0.7])
def test_and_dropout(dropout: float) -> None:
    before = parent()
    run = branched(before, changed(before, 0, dropout=dropout))
    untouched = by_hand(before, lambda learner: None)
    expected = by_hand(before, lambda learner: setattr(learner.model, "dropout", dropout))
    assert_is(run, {"rnn": expected["rnn"], "lstm": untouched["lstm"]})


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_another_learning_rate_agrees_with_a_plain_loop_of_torch(cell: str) -> None:
    spec, kinds = rv.ModelSpec(cell, 6), {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    training = rv.TrainingSpec(steps=40, batch=8, lr=1e-2, clip=0.5, seed=3, device="cpu")
    before = rv.Experiment(rv.task("adding", length=10), (spec,), training)
    run = branched(before, changed(before, lr=1e-3), 15)
    recurrent, readout = kinds[cell](2, 6), nn.Linear(6, 1)
    first = rv.resume(rv.Run(before), 0).models[cell].weights
    for name, module in (("recurrent", recurrent), ("readout", readout)):
        module.load_state_dict({n: torch.tensor(first[f"{name}.{n}"]) for n in module.state_dict()})
    weights = [*recurrent.parameters(), *readout.parameters()]
    adam, losses, norms = torch.optim.Adam(weights, lr=1e-2), [], []
    for step, (x, targets, _) in enumerate(itertools.islice(Batches(before, CPU), 41)):
        adam.param_groups[0]["lr"] = 1e-2 if step < 15 else 1e-3
        adam.zero_grad()
        loss = nn.functional.mse_loss(readout(recurrent(x)[0][-1]), targets)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(weights, 0.5).item())
        losses.append(loss.item())
        adam.step()
    history = run.history()
    assert list(history.step) == list(range(15, 41))
    np.testing.assert_allclose(history.loss, losses[15:], rtol=1e-3)
    np.testing.assert_allclose(history.grad_norm, norms[15:], rtol=1e-2)


def test_more_steps_carry_a_training_on_and_fewer_end_it_sooner() -> None:
    through = rv.run(parent(steps=40))
    more = branched(parent(steps=STEPS), parent(steps=40), STEPS)
    assert more.complete and more.steps == tuple(range(STEPS, 41))
    for frame in more.frames:
        assert same(frame, through.frame(frame.step))
    fewer = branched(parent(steps=40), parent(steps=STEPS))
    assert same(fewer.frames, [frame for frame in through.frames if AT <= frame.step <= STEPS])
    assert branched(parent(), parent(steps=AT)).steps == (AT,)


def test_a_forget_bias_at_the_first_step_is_that_of_first_weights() -> None:
    for bias, before in ((-2.0, parent()), (3.0, changed(parent(), 1, forget_bias=None))):
        after = changed(before, 1, forget_bias=bias)
        assert same(branched(before, after, 0).frames, rv.run(after).frames)


@pytest.mark.parametrize(
    "before", [parent(), dataclasses.replace(writing(), models=(WRITERS[1],))], ids=["recall", "reverse"]
)
def test_a_forget_bias_later_replaces_what_was_learned(before: rv.Experiment) -> None:
    (place,) = (place for place, model in enumerate(before.models) if "lstm" in model.cells)
    state = rv.resume(rv.Run(before), AT)
    run = rv.run(changed(before, place, forget_bias=4.0), start=state)
    for label in before.labels:
        now, then = run.frames[0].models[label].weights, state.models[label].weights
        other = [name for name in now if not same(now[name], then[name])]
        assert len(other) == (2 if label.startswith("lstm") else 0)
        width = before.model(label).hidden
        for name in other:
            forget = slice(width, 2 * width)
            assert (now[name][forget] == (4.0 if "bias_ih" in name else 0.0)).all()
            assert np.array_equal(np.delete(now[name], forget), np.delete(then[name], forget))


def test_a_longer_task_is_read_from_the_step_on() -> None:
    before = parent()
    after = dataclasses.replace(before, task=rv.task("recall", lag=15))
    state = rv.resume(rv.Run(before), AT)
    run = rv.run(after, start=state)
    batches = Batches(after, CPU, state.batches, state.taken)
    for label in before.labels:
        assert same(run.frames[0].models[label].weights, dict(state.models[label].weights))
        assert run.frames[0].models[label].trace["hidden"].shape[2] == 16
        learner = Learner(after.model(label), after, CPU)
        learner.restore(state.models[label])
        for inputs, targets, _ in itertools.islice(Batches(after, CPU, *batches.place), STEPS - AT):
            assert inputs.shape[0] == 16 and learner.differentiate(inputs, targets) is None
            learner.update()
        assert same(run.frames[-1].models[label].weights, learner.weights())
    asked = next(Batches(before, CPU, state.batches, state.taken))[1], next(batches)[1]
    assert torch.equal(*asked), "the letters to recall are drawn first, from the same random numbers"


def test_longer_strings_to_write_too() -> None:
    before = writing(teacher_forcing=0.5)
    run = branched(before, dataclasses.replace(before, task=rv.task("reverse", length=9, letters=3)))
    assert run.complete and not run.ended


def test_a_run_says_that_it_is_a_branch_and_so_does_each_of_its_kind() -> None:
    before, after = parent(), parent(lr=1e-3)
    run = branched(before, after)
    assert run.start == Branch(before, AT) and run.thin(3).start == run.start
    assert rv.run(before).start is None
    assert same(run.frames, list(rv.train(after, start=run.start)))


def test_what_cannot_go_on_is_refused_before_anything_is_trained() -> None:
    state = rv.resume(rv.Run(parent()), AT)
    with pytest.raises(rv.ExperimentError) as caught:
        rv.train(changed(parent(), 0, hidden=6), start=state)
    assert caught.value.field == "models[0].hidden"
    with pytest.raises(rv.ExperimentError):
        rv.run(parent(batch=8), start=state.branch)
